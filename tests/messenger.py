"""A chat platform in memory that shows what each channel and person was shown, and answers badly when told to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from typing_extensions import override

from bot.cards import Card
from bot.ports import Address, Messenger, NotPosted, OutcomeUnknown


@dataclass
class Posted:
    """One message as it stands in a conversation; ``cards`` are everything it has shown, the newest last."""

    id: str
    to: Address
    key: str
    under: str
    at: datetime
    cards: list[Card]

    @property
    def card(self) -> Card:
        """What it shows now."""
        return self.cards[-1]


@dataclass
class Trouble:
    """How the platform answers one post or update: what it raises, and whether the message stands there anyway."""

    answer: Exception
    posted: bool = False


@dataclass
class FakeMessenger(Messenger):
    """Keeps every message. It never notices that a key was posted before, as no platform does."""

    now: Callable[[], datetime]
    platform: str = "practice"
    posts: list[Posted] = field(default_factory=list)
    updates: list[tuple[str, Card]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    blind: bool = False
    trouble: list[Trouble] = field(default_factory=list)
    refused: dict[str, Exception] = field(default_factory=dict)

    def refuse_user(self, user: str, answer: Exception) -> None:
        """Answer every message to somebody with this."""
        self.refused[user] = answer

    def will_answer(self, answer: Exception, *, posted: bool = False) -> None:
        """Answer the next post or update with this, before posting or (``posted``) after."""
        self.trouble.append(Trouble(answer, posted))

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble and not trouble.posted:
            raise trouble.answer
        if to.user in self.refused:
            raise self.refused[to.user]
        if under and not any(one.id == under and one.to == to for one in self.posts):
            raise NotPosted(f"There is no thread {under} there.")
        posted = Posted(id=f"m{len(self.posts) + 1}", to=to, key=key, under=under, at=self.now(), cards=[card])
        self.posts.append(posted)
        if trouble:
            raise trouble.answer
        return posted.id

    @override
    async def update(self, to: Address, message: str, card: Card) -> None:
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble and not trouble.posted:
            raise trouble.answer
        standing = next((one for one in self.posts if one.id == message and one.to == to), None)
        if standing is None:
            raise NotPosted(f"There is no message {message} there.")
        standing.cards.append(card)
        self.updates.append((message, card))
        if trouble:
            raise trouble.answer

    @override
    async def find(self, to: Address, key: str) -> str | None:
        self.asked.append(key)
        if self.blind:
            raise OutcomeUnknown
        return next((one.id for one in self.posts if one.to == to and one.key == key), None)

    def in_channel(self, name: str, *, tenant: str = "") -> list[Posted]:
        """What a channel shows, threads included, oldest first."""
        return [one for one in self.posts if one.to.channel == name and tenant in {"", one.to.tenant}]

    def to_user(self, user: str) -> list[Posted]:
        """What one person was sent."""
        return [one for one in self.posts if one.to.user == user]
