"""The composition root: the only clock, and the only place that knows every part."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from adapters.practice import app as practice_page
from adapters.practice.outbound import PracticeMessenger
from bot import settings as environment
from bot.cards import Identity
from bot.clocks.calendar import Calendar
from bot.desk import Desk
from bot.founding import found
from bot.policy.shelf import read_pack
from bot.reading import calendar_of
from bot.refusal import Refusal
from bot.rounds import Rounds
from bot.settings import Settings
from bot.training import CHARTER, LIBRARY, PLATFORM, PLAYERS, PracticeCalendar, practised
from storage.store import SqlStore
from storage.vault import FolderVault

ROUND_SECONDS = 15
log = logging.getLogger("duenotice")


def clock() -> datetime:
    """Read the clock; nothing else in the program does."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


@contextlib.asynccontextmanager
async def practice(settings: Settings) -> AsyncIterator[web.Application]:
    """The practice desk, ready to serve: its own record, vault, chat and calendar."""
    folder = settings.practice
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise Refusal(f"The folder {folder} cannot be written: {wrong.strerror}. Set DUENOTICE_DATA.") from wrong
    store = SqlStore.open(settings.practice_url)
    try:
        yield await _practice_app(folder, store)
    finally:
        await store.close()


async def _practice_app(folder: Path, store: SqlStore) -> web.Application:
    begins = Calendar(zone=read_pack(CHARTER.pack).about.zone)
    time_file = folder / "days"
    before = PracticeCalendar(path=time_file, real=clock, library=begins)
    vault = FolderVault(folder, now=before.now)
    charter = practised()
    await found(charter, store=store, vault=vault, now=before.now())
    library = await store.ask(LIBRARY, lambda shelves: shelves.registry.library())
    calendar = PracticeCalendar(path=time_file, real=clock, library=calendar_of(library))
    chat = folder / "chat.sqlite"
    rounds = Rounds(store=store, vault=vault, messengers=(PracticeMessenger(chat, calendar.now),), clock=calendar.now)
    calendar.run_round = rounds.run
    players = [
        practice_page.Player(
            identity=Identity(platform=PLATFORM, tenant=CHARTER.tenant, user=user),
            name=next(member.name for member in charter.members if member.user == user),
            title=title,
        )
        for user, title in PLAYERS.items()
    ]
    app = practice_page.build(
        Desk(store=store, vault=vault, clock=calendar.now),
        library=str(LIBRARY),
        library_name=library.name,
        players=players,
        channels=[channel.value for channel in CHARTER.channels],
        calendar=calendar,
        chat=chat,
        deliver=rounds.deliver,
    )
    app.cleanup_ctx.append(lambda _: _every(ROUND_SECONDS, rounds))
    return app


async def _every(seconds: float, rounds: Rounds) -> AsyncIterator[None]:
    """Make the round again and again while the application runs; a failed one is logged and made again."""

    async def go_round() -> None:
        while True:
            try:
                await rounds.run()
            except Exception:
                log.exception("A round failed; it is made again in %s seconds.", seconds)
            await asyncio.sleep(seconds)

    running = asyncio.create_task(go_round())
    yield
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def serve(app: web.Application, *, host: str, port: int) -> None:
    """Serve until told to stop, by Ctrl+C or by the SIGTERM of whatever keeps services running.

    :raises Refusal: the port is taken
    """
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as wrong:
        await runner.cleanup()
        raise Refusal(
            f"Port {port} on {host} cannot be used: {wrong.strerror}. Set DUENOTICE_PORT to another one."
        ) from wrong
    told = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows has no such signal
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    try:
        await told.wait()
    finally:
        await runner.cleanup()


def main() -> None:
    """Run the `duenotice` command."""
    from bot.cli import main as command  # noqa: PLC0415 - the command line imports this module

    command()


if __name__ == "__main__":
    main()

__all__ = ["clock", "environment", "practice", "serve"]
