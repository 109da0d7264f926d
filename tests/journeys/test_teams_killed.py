"""The real program, killed as a power cut would: what Teams was answered is on disk, and a repeat changes nothing."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - Microsoft's own clock dates its tokens
from unittest.mock import sentinel

from aiohttp import ClientError, ClientSession

from bot.founding import found
from bot.records.ledger import verify
from bot.training import LIBRARY
from storage.store import SqlStore
from storage.vault import FolderVault
from tests.journeys.test_teams import APPROVAL, asks_for_block, asks_for_removal, confirms_from_home, stands_in
from tests.people import Time
from tests.platforms.fake_entra import APP_ID, APP_SECRET, TENANT
from tests.platforms.fake_teams import FakeTeams, running
from tests.platforms.teams_house import TEAMS_CHARTER, TeamsHouse, settled
from tests.platforms.teams_people import read

ROOT = Path(__file__).parents[2]


@dataclass
class Bot:
    """`duenotice run` as a child process, connected to the small Teams."""

    folder: Path
    teams: FakeTeams
    port: int = 0
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        strange = ("DUENOTICE", "SLACK", "MICROSOFT")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
        ours = {
            "DUENOTICE_DATA": str(self.folder),
            "DUENOTICE_PORT": str(self.port),
            "MICROSOFT_APP_ID": APP_ID,
            "MICROSOFT_APP_PASSWORD": APP_SECRET,
            "MICROSOFT_APP_TENANT_ID": TENANT,
            "MICROSOFT_OPENID_METADATA_URL": self.teams.entra.metadata_url,
            "MICROSOFT_LOGIN_URL": self.teams.entra.login_url,
        }
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=ROOT,
            env=kept | ours,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
        )
        async with ClientSession() as session:
            for _ in range(300):
                assert self.process.returncode is None, "it ended"
                with contextlib.suppress(ClientError):
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.ok:
                            return
                await asyncio.sleep(0.1)
        raise AssertionError("it never answered")

    async def end(self, how: signal.Signals) -> None:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(how)
            await asyncio.wait_for(self.process.wait(), 30)


@asynccontextmanager
async def a_bot(folder: Path) -> AsyncIterator[tuple[Bot, TeamsHouse]]:
    """The program at work, and the people who use it."""
    store = SqlStore.open(f"sqlite:///{folder / 'duenotice.sqlite'}")
    now = datetime.fromtimestamp(time(), UTC)
    vault = FolderVault(folder, now=lambda: now)
    await found(TEAMS_CHARTER, store=store, vault=vault, now=now)
    async with running(FakeTeams(now=monotonic)) as teams, ClientSession() as http:
        settled(teams)
        bot = Bot(folder, teams)

        async def quiet() -> None:
            """Wait until the program asks nothing of Teams any more."""
            calls = -1
            while calls != len(teams.calls):
                calls = len(teams.calls)
                await asyncio.sleep(0.4)

        house = TeamsHouse(
            teams=teams,
            store=store,
            vault=vault,
            time=Time(),
            platform=sentinel.nowhere,
            rounds=sentinel.nowhere,
            desk=sentinel.nowhere,
            url="",
            http=http,
            quiet=quiet,
        )
        try:
            await bot.start()
            house.url = bot.url
            await house.alex.installs(teams.channel("social-media"))
            yield bot, house
        finally:
            await bot.end(signal.SIGTERM)
            await store.close()
        house.check()


async def test_a_decision_teams_was_answered_survives_a_kill_and_its_repeat_decides_nothing_again(
    tmp_path: Path,
) -> None:
    async with a_bot(tmp_path) as (bot, house):
        await confirms_from_home(house.sam, await asks_for_removal(house.robin))
        block = await asks_for_block(house.sam)
        await house.dana.opens_home()
        await house.dana.presses_told("Approve", about=block)
        body = house.dana.sending(APPROVAL)

        answer = await house.send(body)
        await bot.end(signal.SIGKILL)
        assert "approved by Dana Whitfield" in read(answer["task"]["value"])
        await bot.start()
        house.url = bot.url
        again = await house.send(body)

        assert "You did this already" in read(again["task"]["value"])
        entries = await house.store.ask(LIBRARY, lambda shelves: shelves.book.entries(after=0, limit=10_000))
        decided = [
            entry
            for entry in entries
            if (header := json.loads(entry.header))["action"] == "block.approve" and header["record"] == "block"
        ]
        assert len(decided) == 1
        _, flaw = await house.store.chain(LIBRARY, verify)
        assert flaw is None
        for _ in range(100):
            if any(block in said for said in stands_in(house.teams, "decisions")):
                break
            await asyncio.sleep(0.3)
        for channel in ("social-media", "decisions"):
            said = stands_in(house.teams, channel)
            assert said
            assert len(said) == len(set(said)), "nothing was told twice"
