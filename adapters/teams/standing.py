"""What Teams says of an account. Only members of the tenant are served; the others are told so kindly."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from adapters.teams.connector import Connector
from adapters.teams.inbound import Sender
from bot.ports import NotPosted, OutcomeUnknown, TryLater

__all__ = ["Standings"]

LIFE = 300.0
"""Seconds for which Teams' word is believed."""
PATIENCE = 0.7
"""Seconds to wait for it; without it the library's own list of people decides, as it does in any case."""
MOST = 10_000
"""Accounts that are remembered."""

GUEST = "You are a guest in this organisation, and cases are for the library's own staff. Please ask a colleague."
STRANGER = "You are from another organisation, and cases are for the library's own staff. Please ask them."
ANONYMOUS = "Teams does not say who you are, and cases are for the library's own staff. Please ask them."


class Standings:
    """Asks Teams who an account is, and remembers it for a while."""

    def __init__(self, connector: Connector, now: Callable[[], float]) -> None:
        """``now`` counts seconds (a monotonic clock)."""
        self._connector = connector
        self._now = now
        self._known: dict[tuple[str, str], tuple[float, str]] = {}

    async def refusal(self, sender: Sender) -> str:
        """Why this account is not served; empty when it is."""
        key = (sender.tenant, sender.user)
        until, why = self._known.get(key, (0.0, ""))
        if self._now() < until:
            return why
        try:
            async with asyncio.timeout(PATIENCE):
                member = await self._connector.member(sender.service_url, sender.channel, sender.account)
        except (TryLater, NotPosted, OutcomeUnknown, TimeoutError):
            return ""
        why = _why(member, sender)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = (self._now() + LIFE, why)
        return why


def _why(member: Mapping[str, Any], sender: Sender) -> str:
    role = str(member.get("userRole") or "user").lower()
    known = member.get("aadObjectId") or member.get("objectId")
    if role == "anonymous":
        return ANONYMOUS
    if role == "guest":
        return GUEST
    if str(member.get("tenantId") or sender.tenant) != sender.tenant or (known and str(known) != sender.user):
        return STRANGER
    return ""
