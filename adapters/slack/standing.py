"""What Slack says of an account. Only members of the workspace are served; the others are told so kindly."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from adapters.slack.inbound import PLATFORM, Sender
from adapters.slack.outbound import Workspace, call
from bot.cards import Identity, Standing
from bot.ports import NotPosted, OutcomeUnknown, TryLater

LIFE = 300.0
"""Seconds for which Slack's word is believed."""
PATIENCE = 0.7
"""Seconds to wait for it; without it the library's own list of people decides, as it does in any case."""

REFUSED: dict[Standing, str] = {
    Standing.GUEST: "You are a guest of this workspace, and cases are for the library's own staff. "
    "Please ask a colleague.",
    Standing.STRANGER: "You are from another organisation, and cases are for the library's own staff. Please ask them.",
    Standing.BOT: "Only people act on cases.",
    Standing.DEACTIVATED: "This account is deactivated.",
}

Tell = Callable[[str, Identity, Standing], Awaitable[None]]
"""Tells the record of a library how an account stands."""


class Standings:
    """Asks Slack who an account is, remembers it for a while, and tells the record."""

    def __init__(self, now: Callable[[], float], tell: Tell) -> None:
        self._now = now
        self._tell = tell
        self._known: dict[tuple[str, str], tuple[float, Standing]] = {}

    async def refusal(self, workspace: Workspace, sender: Sender) -> str:
        """Why this account is not served; empty when it is."""
        if sender.own_team and sender.own_team != sender.team and not workspace.enterprise:
            return REFUSED[Standing.STRANGER]
        until, standing = self._known.get((workspace.team, sender.user), (0.0, Standing.MEMBER))
        if self._now() >= until:
            try:
                async with asyncio.timeout(PATIENCE):
                    answer = await call(workspace.client.users_info(user=sender.user))
            except (TryLater, NotPosted, OutcomeUnknown, TimeoutError):
                return ""
            standing = await self.changed(workspace, answer.get("user") or {"id": sender.user})
        return REFUSED.get(standing, "")

    async def changed(self, workspace: Workspace, user: Mapping[str, Any]) -> Standing:
        """Take what Slack says of an account now, and tell the record."""
        standing = standing_of(user)
        account = Identity(platform=PLATFORM, tenant=workspace.team, user=str(user.get("id", "")))
        await self._tell(workspace.library, account, standing)
        self._known[workspace.team, account.user] = (self._now() + LIFE, standing)
        return standing


def standing_of(user: Mapping[str, Any]) -> Standing:
    """How an account stands, by Slack's own description of it (https://docs.slack.dev/reference/objects/user-object)."""
    if user.get("deleted"):
        return Standing.DEACTIVATED
    if user.get("is_bot"):
        return Standing.BOT
    if user.get("is_stranger"):
        return Standing.STRANGER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER
