"""What Slack says of an account. Only members of the workspace are served; the others are told so kindly."""

import asyncio
from collections.abc import Callable
from typing import Any

from adapters.slack.inbound import Sender
from adapters.slack.outbound import Workspace, call
from bot.ports import NotPosted, OutcomeUnknown, TryLater

LIFE = 300.0
"""Seconds for which Slack's word is believed."""
PATIENCE = 0.7
"""Seconds to wait for it; without it the library's own list of people decides, as it does in any case."""

GUEST = "You are a guest of this workspace, and cases are for the library's own staff. Please ask a colleague."
STRANGER = "You are from another organisation, and cases are for the library's own staff. Please ask them."
BOT = "Only people act on cases."
GONE = "This account is deactivated."


class Standings:
    """Asks Slack who an account is, and remembers it for a while."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._known: dict[tuple[str, str], tuple[float, str]] = {}

    async def refusal(self, workspace: Workspace, sender: Sender) -> str:
        """Why this account is not served; empty when it is."""
        if sender.own_team and sender.own_team != sender.team and not workspace.enterprise:
            return STRANGER
        key = (workspace.team, sender.user)
        until, why = self._known.get(key, (0.0, ""))
        if self._now() < until:
            return why
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await call(workspace.client.users_info(user=sender.user))
        except (TryLater, NotPosted, OutcomeUnknown, TimeoutError):
            return ""
        why = _why(answer.get("user") or {})
        self._known[key] = (self._now() + LIFE, why)
        return why


def _why(user: dict[str, Any]) -> str:
    if user.get("deleted"):
        return GONE
    if user.get("is_bot"):
        return BOT
    if user.get("is_stranger"):
        return STRANGER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return GUEST
    return ""
