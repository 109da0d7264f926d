"""The real program, killed as a power cut would: what Slack was answered is on disk, and a repeat changes nothing."""

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
from time import monotonic, time  # noqa: TID251 - Slack's own clock signs its requests

from aiohttp import ClientError, ClientSession
from typing_extensions import override

from adapters.slack.platform import SlackSettings
from bot.desk import Desk
from bot.founding import found
from bot.records.ledger import verify
from bot.training import LIBRARY
from storage.store import SqlStore
from storage.vault import FolderVault
from tests.journeys.test_slack import asks_for_block, asks_for_removal, confirms_from_home
from tests.people import WHY, Time
from tests.platforms.fake_slack import SECRET, TOKEN, FakeSlack, Thing, running
from tests.platforms.slack_people import SLACK_CHARTER, SlackHouse, encoded, signed

ROOT = Path(__file__).parents[2]


@dataclass
class Bot:
    """`duenotice run` as a child process, connected to the small Slack."""

    folder: Path
    slack: FakeSlack
    port: int = 0
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUENOTICE", "SLACK"))}
        ours = {
            "DUENOTICE_DATA": str(self.folder),
            "DUENOTICE_PORT": str(self.port),
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"{self.slack.url}/api/",
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

    async def send(self, kind: str, payload: Thing) -> Thing:
        raw, content = encoded(kind, payload)
        async with (
            ClientSession() as http,
            http.post(f"{self.url}/slack/events", data=raw, headers={"Content-Type": content, **signed(raw)}) as answer,
        ):
            assert answer.status == 200
            text = await answer.text()
            said: Thing = json.loads(text) if text.startswith("{") else {}
            return said


@asynccontextmanager
async def a_bot(folder: Path) -> AsyncIterator[tuple[Bot, SlackHouse]]:
    """The program at work, and the people who use it."""
    store = SqlStore.open(f"sqlite:///{folder / 'duenotice.sqlite'}")
    now = datetime.fromtimestamp(time(), UTC)
    vault = FolderVault(folder, now=lambda: now)
    await found(SLACK_CHARTER, store=store, vault=vault, now=now)
    async with running(FakeSlack(now=monotonic)) as slack:
        bot = Bot(folder, slack)

        async with ClientSession() as http:
            house = HouseOfBot(
                slack=slack,
                store=store,
                vault=vault,
                time=Time(),
                desk=Desk(store=store, vault=vault, clock=lambda: now),
                http=http,
                settings=SlackSettings(),
            )
            house.bot = bot
            try:
                await bot.start()
                yield bot, house
            finally:
                await bot.end(signal.SIGTERM)
                await store.close()
        assert slack.complaints == []


@dataclass
class HouseOfBot(SlackHouse):
    """The people of a library whose program is a process of its own."""

    bot: Bot = field(init=False, repr=False)

    @override
    async def send(self, kind: str, payload: Thing) -> Thing:
        return await self.bot.send(kind, payload)

    @override
    async def settle(self) -> None:
        calls = -1
        while calls != len(self.slack.calls):  # until the program asks nothing of Slack any more
            calls = len(self.slack.calls)
            await asyncio.sleep(0.4)


async def test_a_decision_slack_was_answered_survives_a_kill_and_its_repeat_decides_nothing_again(
    tmp_path: Path,
) -> None:
    async with a_bot(tmp_path) as (bot, house):
        await confirms_from_home(house.sam, await asks_for_removal(house.robin))
        block = await asks_for_block(house.sam)
        await house.dana.opens_home()
        await house.dana.presses_home("Approve", about=block)
        body = house.dana.submission({"The request's reasons are mine": "No", "Your reason": WHY})

        answer = await bot.send("interactive", body)
        await bot.end(signal.SIGKILL)
        assert "approved by Dana Whitfield" in json.dumps(answer)
        await bot.start()
        again = await bot.send("interactive", body)

        assert "You did this already" in json.dumps(again)
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
            if any(block in said for said in house.channel("decisions")):
                break
            await asyncio.sleep(0.3)
        keys = [
            one["metadata"]["event_payload"]["key"]
            for said in house.slack.messages.values()
            for one in said
            if "metadata" in one
        ]
        assert keys
        assert len(keys) == len(set(keys))
