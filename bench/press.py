"""A committed press through the desk, beside the same rows written alone: ``python -m bench.press [--size PRESSES]``.

The floor writes what the press wrote, statement by statement with SQLAlchemy Core in one transaction, into a copy of
the same database: no form, no reading, no authority, no rendering.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.sql import Delete, Insert, Update
from sqlalchemy.sql.elements import ClauseElement
from typing_extensions import override

from bench.ground import MORNING, Ground, arguments, chosen, grounds, progress, report, timed, who
from bot.cards import Button, Card, Submission
from bot.desk import Desk
from bot.founding import found
from bot.ports import Address, Messenger
from bot.rounds import Rounds
from bot.training import CHARTER, LIBRARY
from storage.store import SqlStore
from storage.vault import FolderVault

AIM = 2.0
WARM = 10
PRESSES = (
    ("“I'll look” on a report", "incident.look", "incident.claim"),
    ("“Done today”", "incident.spam", "incident.done_today"),
)
Written = list[tuple[ClauseElement, Any]]


class Nowhere(Messenger):
    """A chat that takes everything."""

    platform = CHARTER.platform

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        return key

    @override
    async def update(self, to: Address, message: str, card: Card) -> None:
        return None

    @override
    async def find(self, to: Address, key: str) -> str | None:
        return None


def asked(user: str, intent: str, **about: Any) -> Submission:  # noqa: ANN401 - whatever a submission holds
    """A submission of somebody of the practice library."""
    return Submission(library=str(LIBRARY), intent=intent, actor=who(user), **about)


async def prepare(url: str, folder: Path, size: int) -> None:
    """Found the library and report what is then pressed on; its cards stand in the channels."""
    store = SqlStore.open(url)
    vault = FolderVault(folder, now=lambda: MORNING)
    await found(CHARTER, store=store, vault=vault, now=MORNING)
    desk = Desk(store=store, vault=vault, clock=lambda: MORNING)
    for _, intent, _ in PRESSES:
        for number in range(size):
            page = (await desk(asked("robin", intent))).page
            assert page is not None
            account = page.page.fields[0].options[0].value
            words = {"text": (f"Cheap watches, number {number}",), "links": (f"https://fb.example/{intent}/{number}",)}
            values = {**page.values, "account": (account,), "observations": ("sells",), **words}
            kept = await desk(asked("robin", intent, token=page.token, page=1, values=values))
            assert kept.about, kept
            if not number % 100:
                progress(f"  {number:,} of {size:,} reported with {intent}")
    await Rounds(store=store, vault=vault, messengers=(Nowhere(),), clock=lambda: MORNING).run()
    await store.close()


async def buttons(store: SqlStore, intent: str, size: int) -> list[Button]:
    """The buttons that are waiting to be pressed."""

    def look(shelves: Any) -> list[Button]:  # noqa: ANN401 - shelves
        tasks = shelves.tasks.open()
        if intent == "incident.claim":
            refs = [task.case for task in tasks if task.kind.value == "look"]
            return [
                Button(label="", intent=intent, subject=ref, version=shelves.incidents.by_ref(ref).version)
                for ref in refs
            ]
        return [
            Button(label="", intent=intent, subject=str(task.id), version=1)
            for task in tasks
            if task.kind.value == "confirm_removal"
        ]

    return (await store.ask(LIBRARY, look))[:size]


@contextmanager
def noted(engine: Engine, into: Written) -> Iterator[None]:
    """Note every statement that writes."""

    def note(_: Connection, statement: ClauseElement, many: Any, one: Any, __: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        if isinstance(statement, Insert | Update | Delete):
            into.append((statement, list(many) or dict(one)))

    event.listen(engine, "before_execute", note)
    yield
    event.remove(engine, "before_execute", note)


async def measure(ground: Ground, folder: Path, size: int) -> None:
    """Press, and write the same into the copy, in turn."""
    await prepare(ground.url("desk"), folder, size + WARM)
    ground.copy("desk", "bare")
    store = SqlStore.open(ground.url("desk"))
    engine = store._writer  # noqa: SLF001 - to see what it writes
    alone = ground.engine("bare")
    desk = Desk(store=store, vault=FolderVault(folder, now=lambda: MORNING), clock=lambda: MORNING)
    for name, _, intent in PRESSES:
        ours: list[float] = []
        floor: list[float] = []
        rows = 0
        for button in await buttons(store, intent, size + WARM):
            written: Written = []
            sent = asked("sam", intent, subject=button.subject, version_seen=button.version)
            with noted(engine, written), timed(ours):
                reply = await desk(sent)
            assert reply.about, reply
            with timed(floor), alone.begin() as connection:
                for statement, values in written:
                    connection.execute(statement, values)  # type: ignore[call-overload]  # noted as it was executed
            rows += len(written)
        report(
            f"{name}, {ground.name}, {rows / len(ours):.0f} rows",
            ours[WARM:],
            floor[WARM:],
            aim=AIM,
            floor_is="the same rows alone",
        )
    alone.dispose()
    await store.close()


def main() -> None:
    """Measure on every database asked for."""
    given = arguments(__doc__ or "", size=300, of="presses of each kind")
    with grounds(chosen(given)) as bases, TemporaryDirectory() as folder:
        for ground in bases:
            asyncio.run(measure(ground, Path(folder), given.size))


if __name__ == "__main__":
    main()
