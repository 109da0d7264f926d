"""What Teams says of an account. Only members of the tenant are served; the others are told so kindly."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from adapters.teams.connector import Connector, NoMember
from adapters.teams.inbound import Sender
from adapters.teams.places import KnownPlaces
from bot.cards import Identity, Standing
from bot.ports import NotPosted, OutcomeUnknown, TryLater

__all__ = ["Standings"]

LIFE = 300.0
"""Seconds for which Teams' word is believed."""
PATIENCE = 0.7
"""Seconds to wait for it; without it the library's own list of people decides, as it does in any case."""
MOST_PLACES = 3
"""Channels and chats in which somebody is looked for who used the message extension where the bot is not."""
MOST = 10_000
"""Accounts that are remembered."""

GUEST = "You are a guest in this organisation, and cases are for the library's own staff. Please ask a colleague."
STRANGER = "You are from another organisation, and cases are for the library's own staff. Please ask them."
ANONYMOUS = "Teams does not say who you are, and cases are for the library's own staff. Please ask them."


Tell = Callable[[str, Identity, Standing], Awaitable[None]]
"""Tells the record of a library how an account stands."""


class Standings:
    """Asks Teams who an account is, remembers it for a while, and tells the record."""

    def __init__(self, connector: Connector, places: KnownPlaces, now: Callable[[], float], tell: Tell) -> None:
        """``now`` counts seconds (a monotonic clock)."""
        self._connector = connector
        self._places = places
        self._now = now
        self._tell = tell
        self._known: dict[tuple[str, str], tuple[float, str]] = {}

    async def refusal(self, library: str, sender: Sender) -> str:
        """Why this account is not served; empty when it is."""
        key = (sender.tenant, sender.user)
        until, why = self._known.get(key, (0.0, ""))
        if self._now() < until:
            return why
        try:
            async with asyncio.timeout(PATIENCE):
                member = await self._member(sender)
        except NoMember:  # where they write they are nobody's member; in their own chat that says nothing
            return "" if sender.alone else STRANGER
        except (TryLater, NotPosted, OutcomeUnknown, TimeoutError):
            return ""
        standing, why = _meant(member, sender)
        if standing is not None:
            await self._tell(library, sender.identity, standing)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = (self._now() + LIFE, why)
        return why

    async def _member(self, sender: Sender) -> Mapping[str, Any]:
        """What Teams says of them where they are; the bot may not be there, so then in a place it shares with them."""
        if not sender.elsewhere:
            return await self._connector.member(sender.service_url, sender.channel, sender.account)
        own = await self._places.find(sender.tenant, sender.user)
        shared = [name for name, _ in await self._places.shared(sender.tenant)]
        for place in [sender.channel, *([own.address] if own else []), *shared[:MOST_PLACES]]:
            with contextlib.suppress(NotPosted):
                return await self._connector.member(sender.service_url, place, sender.account)
        raise NotPosted("They are nowhere the bot is.")


def _meant(member: Mapping[str, Any], sender: Sender) -> tuple[Standing | None, str]:
    """How an account stands, when that is certain, and why it is not served."""
    role = str(member.get("userRole") or "user").lower()
    known = member.get("aadObjectId") or member.get("objectId")
    if role == "anonymous":
        return None, ANONYMOUS
    if known and str(known) != sender.user:
        return None, STRANGER
    if role == "guest":
        return Standing.GUEST, GUEST
    if str(member.get("tenantId") or sender.tenant) != sender.tenant:
        return Standing.STRANGER, STRANGER
    return Standing.MEMBER, ""
