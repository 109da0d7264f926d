"""People picked from Teams' own list, as the core reads several people: one a line, their id and then their name.

Teams' list answers with Entra object ids and no names ("People Picker in Adaptive Cards"). Who they are is asked in the
channels and chats the bot is in, because without Microsoft Graph it can ask nowhere else; whoever is in none of them
gets a line without a name, and the page comes back with the lines to be completed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.teams.connector import Connector
from adapters.teams.inbound import FilledPage, Sender
from adapters.teams.places import KnownPlaces
from bot.cards import Reply
from bot.ports import NotPosted, OutcomeUnknown, TryLater

__all__ = ["Picked", "told_of"]

AT_ONCE = 8
"""People asked about at the same time."""
MOST_PLACES = 10
"""Channels and chats in which somebody is looked for."""
NOBODY = "Nobody of them is a member of this organisation; guests cannot act."


@dataclass(frozen=True, slots=True)
class Picked:
    """Turns who was picked into people with their names."""

    connector: Connector
    places: KnownPlaces

    async def gather(self, page: FilledPage, sender: Sender) -> FilledPage:
        """The page with people as a text holds them. Guests are left out."""
        values = dict(page.values)
        for name in page.memory.people:
            picked = [one.strip() for text in values.get(name, ()) for one in text.split(",") if one.strip()]
            lines = await self._lines(tuple(dict.fromkeys(picked)), sender)
            values[name] = ("\n".join(lines),) if lines else ()
        return replace(page, values=values)

    async def _lines(self, users: Sequence[str], sender: Sender) -> list[str]:
        shared = [name for name, _ in await self.places.shared(sender.tenant)][:MOST_PLACES] if users else []
        turn = asyncio.Semaphore(AT_ONCE)

        async def line(user: str) -> str:
            async with turn:
                member = await self._member(user, shared, sender)
            if str(member.get("userRole") or "").lower() in {"guest", "anonymous"}:
                return ""
            return f"{user} {' '.join(str(member.get('name') or '').split())}".strip()

        return [one for one in await asyncio.gather(*map(line, users)) if one]

    async def _member(self, user: str, shared: Sequence[str], sender: Sender) -> Mapping[str, Any]:
        """What Teams says of somebody in the first place they share with the bot; nothing where there is none."""
        for place in shared:
            try:
                return await self.connector.member(sender.service_url, place, user)
            except (NotPosted, TryLater, OutcomeUnknown):
                continue
        return {}


def told_of(before: FilledPage, after: FilledPage, reply: Reply) -> Reply:
    """The page that comes back, saying why where nobody who was picked is left."""
    shown = reply.page
    lost = [name for name in before.memory.people if before.values.get(name) and not after.values.get(name)]
    if shown is None or not lost:
        return reply
    return replace(reply, page=replace(shown, errors={**shown.errors, **dict.fromkeys(lost, NOBODY)}))
