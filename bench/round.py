"""A round over a million running clocks, beside the bare claim: ``python -m bench.round [--size CLOCKS]``.

One clock in a hundred is due. The round reminds of each once; the floor only claims the same clocks, batch by batch,
and moves each on.
"""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import Engine, bindparam, func, literal_column, select, text, update

from bench.ground import MORNING, Ground, arguments, chosen, grounds, progress, report, timed
from bot.cases.clock import Clock, ClockState
from bot.founding import found
from bot.policy.terms import ClockKind, Event
from bot.reminding import plan
from bot.rounds import BATCH
from bot.training import CHARTER, LIBRARY
from storage.clocks import CLOCK
from storage.store import SqlStore
from storage.tables import ReminderRow, table
from storage.vault import FolderVault

AIM = 2.0
TURNS = 3
ONE_IN = 100
DUE = date(2026, 3, 4)
c = CLOCK.table.c


def due_clock(number: int) -> Clock:
    """A clock with a reminder this morning: a right two days before its end, or a task on its day."""
    task = number % 2 == 0
    return Clock(
        id=UUID(int=number + 1),
        library=LIBRARY,
        case=f"I-2026-{number:06}",
        name="task.send_notice" if task else "appeal_by",
        event=None if task else Event.CONTENT_REMOVED,
        happened_on=date(2026, 2, 17),
        kind=ClockKind.TASK if task else ClockKind.RIGHT,
        due=MORNING.date() if task else DUE,
        proof=("Removed on 17 February 2026.", "15 days later is 4 March 2026."),
        started_at=MORNING - timedelta(days=13),
        pack="chicopee/2023-03-06",
        next_at=MORNING,
    )


RESTING = {
    "sqlite": """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :more)
        INSERT INTO clock ({columns}) SELECT {values} FROM clock, n WHERE clock.id = :one""",
    "postgresql": """INSERT INTO clock ({columns}) SELECT {values} FROM clock, generate_series(1, :more)
        WHERE clock.id = :one""",
}
NEW_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}


def fill(engine: Engine, size: int) -> None:
    """Write the clocks: those that are due one by one, the resting ones as copies of one that falls due next year."""
    due = [CLOCK.to_row(due_clock(number)) for number in range(size // ONE_IN)]
    later = replace(due_clock(size), due=date(2027, 3, 4), next_at=MORNING + timedelta(days=360))
    with engine.begin() as connection:
        connection.execute(CLOCK.table.insert(), [*due, CLOCK.to_row(later)])
        progress(f"  {engine.dialect.name}: {len(due):,} due clocks written; the resting ones follow")
        names = [f'"{column.name}"' for column in CLOCK.table.columns]
        values = [NEW_ID[engine.dialect.name] if name == '"id"' else f"clock.{name}" for name in names]
        statement = RESTING[engine.dialect.name].format(columns=", ".join(names), values=", ".join(values))
        one = later.id if engine.dialect.name == "postgresql" else later.id.hex
        connection.execute(text(statement), {"more": size - len(due) - 1, "one": one})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def begin_again(engine: Engine) -> None:
    """Make the same clocks due once more, and forget that they were reminded of."""
    with engine.begin() as connection:
        ids = [UUID(int=number + 1) for number in range(connection.execute(COUNT).scalar_one() // ONE_IN)]
        first = {"next_at": MORNING, "last_step": "", "told_due": None, "state": ClockState.RUNNING}
        connection.execute(update(CLOCK.table).where(c.id.in_(ids)).values(first))
        connection.execute(table(ReminderRow).delete())
        connection.execute(text("DELETE FROM message"))


COUNT = select(func.count()).select_from(CLOCK.table)
CLAIM = (
    select(c.library_id, c.id, c.attempts)
    .where(c.state == literal_column("'running'"), c.next_at <= bindparam("now"))
    .order_by(c.next_at)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)
MOVE = (
    update(CLOCK.table)
    .where(c.library_id == bindparam("of"), c.id == bindparam("clock"))
    .values(next_at=bindparam("to"), attempts=bindparam("held"))
)


def bare(engine: Engine) -> int:
    """Claim and move on, a batch a transaction."""
    moved = 0
    to = MORNING + timedelta(days=1)
    while True:
        with engine.begin() as connection:
            claimed = connection.execute(CLAIM, {"now": MORNING}).all()
            if not claimed:
                return moved
            connection.execute(
                MOVE, [{"of": one.library_id, "clock": one.id, "to": to, "held": one.attempts + 1} for one in claimed]
            )
            moved += len(claimed)


async def drain(store: SqlStore) -> int:
    """What the round does with due clocks."""
    reminded = 0
    while claimed := await store.sweep(MORNING, BATCH, lambda due, shelves: plan(due, shelves, MORNING)):
        reminded += claimed
    return reminded


async def measure(ground: Ground, folder: Path, size: int) -> None:
    """Round and bare claim in turn, on the same clocks."""
    store = SqlStore.open(ground.url("round"))
    await found(CHARTER, store=store, vault=FolderVault(folder, now=lambda: MORNING), now=MORNING)
    engine = ground.engine("round")
    fill(engine, size)
    ours: list[float] = []
    floor: list[float] = []
    for turn in range(TURNS):
        progress(f"  {ground.name}: turn {turn + 1} of {TURNS}")
        begin_again(engine)
        with timed(floor):
            moved = bare(engine)
        begin_again(engine)
        with timed(ours):
            reminded = await drain(store)
        assert moved == reminded == size // ONE_IN, (moved, reminded)
    engine.dispose()
    await store.close()
    name = f"round, {size:,} clocks, {size // ONE_IN:,} due, {ground.name}"
    report(name, ours, floor, aim=AIM, floor_is="claim and update")


def main() -> None:
    """Measure on every database asked for."""
    asked = arguments(__doc__ or "", size=1_000_000, of="running clocks")
    with grounds(chosen(asked)) as bases, TemporaryDirectory() as folder:
        for ground in bases:
            asyncio.run(measure(ground, Path(folder), asked.size))


if __name__ == "__main__":
    main()
