"""A chat that may fail in every way a chat fails, and a store whose program may die at any call."""

from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypeVar
from uuid import UUID

from typing_extensions import override

from bot.cards import Card
from bot.cases.clock import Clock
from bot.cases.library import Library
from bot.ports import Address, Message, Messenger, NotPosted, OutcomeUnknown, Shelves, Store, Sweep, TryLater

T = TypeVar("T")


class Crash(BaseException):
    """The program died here."""


class Fault(Enum):
    """What the chat may do to the next message."""

    LATER = "it asks us to wait"
    REFUSED = "it refuses the message for good"
    LOST = "it loses the message and says nothing"
    SILENT = "it posts the message and says nothing"
    DIES = "it posts the message and the program dies"
    BLIND = "it posts the message, says nothing, and cannot be asked"


@dataclass(frozen=True, slots=True)
class Post:
    """A message as it stands in the chat."""

    to: Address
    key: str
    card: Card


class Chat(Messenger):
    """What everybody can read in channels and from the bot; it outlives the program."""

    platform = "practice"

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self.edits: list[Post] = []
        self.faults: list[Fault] = []
        self._blind = False

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        fault = self.faults.pop(0) if self.faults else None
        if fault is Fault.LATER:
            raise TryLater(30)
        if fault is Fault.REFUSED:
            raise NotPosted("no")
        if fault is Fault.LOST:
            raise OutcomeUnknown
        self.posts.append(Post(to, key, card))
        if fault is Fault.DIES:
            raise Crash
        if fault in {Fault.SILENT, Fault.BLIND}:
            self._blind = fault is Fault.BLIND
            raise OutcomeUnknown
        return str(len(self.posts))

    @override
    async def update(self, to: Address, message: str, card: Card) -> None:
        key = self.posts[int(message) - 1].key
        self.edits.append(Post(to, key, card))

    @override
    async def find(self, to: Address, key: str) -> str | None:
        if self._blind:
            self._blind = False
            raise OutcomeUnknown
        found = (place for place, post in enumerate(self.posts, 1) if (post.to, post.key) == (to, key))
        return next((str(place) for place in found), None)


class MortalStore(Store):
    """A store whose program dies at a chosen call, before the transaction or just after its commit."""

    def __init__(self, kept: Store) -> None:
        self.kept = kept
        self.calls_left = 0
        self.after_commit = False

    async def _mortal(self, call: Awaitable[T]) -> T:
        dies = self.calls_left == 1
        self.calls_left = max(0, self.calls_left - 1)
        if dies and not self.after_commit:
            if isinstance(call, Coroutine):
                call.close()
            raise Crash
        came = await call
        if dies:
            raise Crash
        return came

    @override
    async def act(self, library: UUID, work: Callable[[Shelves], T]) -> T:
        return await self._mortal(self.kept.act(library, work))

    @override
    async def ask(self, library: UUID, look: Callable[[Shelves], T]) -> T:
        return await self._mortal(self.kept.ask(library, look))

    @override
    async def libraries(self) -> tuple[UUID, ...]:
        return await self.kept.libraries()

    @override
    async def library_for(self, platform: str, tenant: str) -> UUID | None:
        return await self.kept.library_for(platform, tenant)

    @override
    async def found(self, library: Library, *, platform: str, tenant: str) -> None:
        await self.kept.found(library, platform=platform, tenant=tenant)

    @override
    async def sweep(
        self, now: datetime, limit: int, plan: Callable[[Sequence[Clock], Callable[[UUID], Shelves]], Sweep]
    ) -> int:
        return await self._mortal(self.kept.sweep(now, limit, plan))

    @override
    async def claim_messages(self, now: datetime, *, lease_seconds: int, limit: int) -> tuple[Message, ...]:
        return await self._mortal(self.kept.claim_messages(now, lease_seconds=lease_seconds, limit=limit))

    @override
    async def hold_message(self, message: Message, now: datetime, *, lease_seconds: int) -> bool:
        return await self._mortal(self.kept.hold_message(message, now, lease_seconds=lease_seconds))

    @override
    async def finish_message(self, message: Message) -> bool:
        return await self._mortal(self.kept.finish_message(message))

    @override
    async def chain(self, library: UUID, check: Callable[[Iterator[tuple[int, bytes, bytes, bytes]]], T]) -> T:
        return await self.kept.chain(library, check)

    @override
    async def close(self) -> None:
        await self.kept.close()
