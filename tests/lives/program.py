"""The whole practice program without its page, to be killed: record, desk, rounds and the chat file.

It tells what it is about to send and what was answered over a pipe, as a platform would see it.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import TypeVar
from uuid import UUID

from typing_extensions import override

from adapters.practice.outbound import PracticeMessenger
from bot.cards import Card, Reply, Submission
from bot.desk import Desk
from bot.founding import found
from bot.ports import Address, Shelves
from bot.rounds import Rounds
from bot.training import CHARTER, LIBRARY
from storage.store import SqlShelves, SqlStore
from storage.vault import FolderVault
from tests.lives.world import MONDAY, STAFF, Who

T = TypeVar("T")

PACE = 6 * 60 * 60
"""Seconds that pass in the library while one passes here."""

SAM, ROBIN, DANA = (next(who for who in STAFF if who.user == user) for user in ("sam", "robin", "dana"))


class Breakage(Enum):
    """How the program may be broken, so that the test can be seen to notice."""

    NONE = "as it is"
    HASTY = "it answers before what it says is on disk"
    BLIND = "it delivers again without looking whether the message arrived"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where the program lives, and since when."""

    folder: Path
    began: float
    breakage: Breakage = Breakage.NONE

    def now(self) -> datetime:
        """The library's time, which goes on while the program is dead."""
        return MONDAY + timedelta(seconds=(time.monotonic() - self.began) * PACE)

    def open(self) -> SqlStore:
        """The record."""
        kind = HastyStore if self.breakage is Breakage.HASTY else SqlStore
        return kind.open(f"sqlite:///{self.folder / 'record.sqlite'}")

    def vault(self, now: Callable[[], datetime]) -> FolderVault:
        """The evidence."""
        return FolderVault(self.folder, now=now)

    def messenger(self, now: Callable[[], datetime]) -> PracticeMessenger:
        """The chat."""
        kind = BlindMessenger if self.breakage is Breakage.BLIND else PracticeMessenger
        return kind(self.folder / "chat.sqlite", now)


class HastyStore(SqlStore):
    """Answers before the commit."""

    @override
    async def act(self, library: UUID, work: Callable[[Shelves], T]) -> T:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()

        def transaction() -> None:
            with self._writer.begin() as conn:
                shelves = SqlShelves(conn, library, self._registers)
                came = work(shelves)
                shelves.finish()
                loop.call_soon_threadsafe(answer.set_result, came)
                time.sleep(0.1)

        self._writing.submit(transaction)
        return await answer


class BlindMessenger(PracticeMessenger):
    """Posts to a chat that does not know its keys, and never looks."""

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        posted = await super().post(to, card, key=f"{key}#{time.monotonic_ns()}", under=under)
        await asyncio.sleep(0.02)
        return posted

    @override
    async def find(self, to: Address, key: str) -> str | None:
        return None


@dataclass(frozen=True)
class Sending:
    """A submission that leaves for the desk. ``word`` stands in it and in no other."""

    word: str
    sent: Submission


@dataclass(frozen=True)
class Answered:
    """The desk's answer to it arrived."""

    word: str
    about: str


def begin(setting: Setting) -> None:
    """Begin the library."""

    async def beginning() -> None:
        store = SqlStore.open(f"sqlite:///{setting.folder / 'record.sqlite'}")
        await found(CHARTER, store=store, vault=setting.vault(lambda: MONDAY), now=MONDAY)
        await store.close()

    asyncio.run(beginning())


def live(setting: Setting, platform: Connection, unanswered: tuple[Sending, ...], seed: int) -> None:
    """Live until killed: send again what was not answered, then go on reporting while the rounds are made."""
    asyncio.run(_live(setting, platform, unanswered, seed))


async def _live(setting: Setting, platform: Connection, unanswered: tuple[Sending, ...], seed: int) -> None:
    store = setting.open()
    vault = setting.vault(setting.now)
    desk = Desk(store=store, vault=vault, clock=setting.now)
    rounds = Rounds(store=store, vault=vault, messengers=(setting.messenger(setting.now),), clock=setting.now)
    await asyncio.gather(_go_round(rounds), _report(desk, platform, unanswered, seed))


async def _go_round(rounds: Rounds) -> None:
    while True:
        await rounds.run()
        await asyncio.sleep(0.002)


async def _report(desk: Desk, platform: Connection, unanswered: tuple[Sending, ...], seed: int) -> None:
    for sending in unanswered:
        reply = await desk(sending.sent)
        platform.send(Answered(sending.word, reply.about))
    whim = Random(seed)
    number = 0
    while True:
        number += 1
        word = f"w{seed}x{number}w"
        who, intent = whim.choice(((SAM, "incident.spam"), (ROBIN, "incident.spam"), (ROBIN, "incident.look")))
        page = (await desk(asked(who, intent))).page
        if page is None:
            raise AssertionError(intent)
        account = page.page.fields[0].options[0].value
        filled = {
            **page.values,
            "account": (account,),
            "observations": ("sells",),
            "text": (f"{word} is cheap here",),
            "links": (f"https://fb.example/{word}",),
        }
        sent = Submission(
            library=str(LIBRARY), intent=intent, actor=who.identity, token=page.token, page=1, values=filled
        )
        platform.send(Sending(word, sent))
        reply = await desk(sent)
        platform.send(Answered(word, reply.about))


def asked(who: Who, intent: str) -> Submission:
    """A press on the button that asks for something."""
    return Submission(library=str(LIBRARY), intent=intent, actor=who.identity)


__all__ = ["DANA", "Answered", "Breakage", "Reply", "Sending", "Setting", "begin", "live"]
