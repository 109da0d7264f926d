"""Who sends something on a platform, and from where; what they send, as submissions. The same for every platform."""

from abc import ABC, abstractmethod
from typing import Literal

from bot.cards import Identity, Submission, Turn, Values

__all__ = ["Sender"]


class Sender(ABC):
    """Somebody at one moment; each platform says where it reads this from.

    ``channel`` is the conversation something came from; ``delivery`` is the platform's own name of the delivery.
    """

    __slots__ = ()

    channel: str
    delivery: str

    @property
    @abstractmethod
    def identity(self) -> Identity:
        """Their account."""

    @property
    @abstractmethod
    def alone(self) -> bool:
        """Test whether nobody else reads where this came from."""

    def sends(
        self,
        library: str,
        intent: str,
        *,
        subject: str = "",
        version_seen: int | None = None,
        values: Values | None = None,
        token: str = "",
        page: int = 0,
        turn: Turn = Turn.NEXT,
    ) -> Submission:
        """A submission of this sender."""
        surface: Literal["private", "channel"] = "private" if self.alone else "channel"
        return Submission(
            library=library,
            intent=intent,
            actor=self.identity,
            subject=subject,
            version_seen=version_seen,
            values=values or {},
            token=token,
            page=page,
            turn=turn,
            delivery_id=self.delivery,
            surface=surface,
            place=self.channel,
        )

    def says(self, library: str, words: str) -> Submission:
        """Words typed to the bot."""
        return self.sends(library, "say", values={"text": (words,)})
