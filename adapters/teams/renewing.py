"""Answers in somebody's own chat, brought up to date once one of their buttons has acted."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from adapters.teams import render
from adapters.teams.chats import Chats
from adapters.teams.inbound import Sender
from adapters.teams.places import KnownPlaces
from bot.cards import Reply, Submission
from bot.refusal import Refusal

__all__ = ["Renewing"]


class Visit(Protocol):
    """Who came, to which library."""

    @property
    def library(self) -> str:
        """The library."""

    @property
    def sender(self) -> Sender:
        """The person."""


@dataclass(frozen=True, slots=True)
class Renewing:
    """Replaces the message a button was pressed on."""

    desk: Callable[[Submission], Awaitable[Reply]]
    chats: Chats
    places: KnownPlaces

    async def renewed(
        self, visit: Visit, posted: str, origin: render.Origin, reply: Reply, sent: Submission | None
    ) -> None:
        """After an act, bring the answer it was pressed on up to date, so that it offers no more what is done.

        What came of the act stands in its place when it is about the same case, and below it otherwise; of a form
        (nothing ``sent`` with a button) its dialog has told it.
        """
        intent, subject = origin
        same = origin == ("say", reply.about)
        if same and await self.chats.renews(visit.sender, posted, reply, sent):
            return
        if sent is not None:
            await self.chats.tell(visit.sender, reply, sent)
        if same:
            return
        says = visit.sender.says(visit.library, subject)
        asks = says if intent == "say" else visit.sender.sends(visit.library, intent, subject=subject)
        try:
            fresh = await self.places.in_names(visit.sender.tenant, await self.desk(asks))
        except Refusal:  # the record could not be reached; the act is on file and was told
            return
        if fresh.cards:
            await self.chats.renews(visit.sender, posted, fresh, asks)
