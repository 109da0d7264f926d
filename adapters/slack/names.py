"""What Slack says of people: asked for a few at a time and remembered for a while, also when Slack asks to wait."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from adapters.slack.outbound import Workspace, call
from bot.ports import NotPosted, OutcomeUnknown, TryLater

LIFE = 300.0
"""Seconds for which Slack's word of somebody is believed."""
AT_ONCE = 5
"""People asked for at a time."""

User = Mapping[str, Any]


class Names:
    """Asks Slack who people are."""

    def __init__(self, now: Callable[[], float]) -> None:
        """``now`` counts seconds (a monotonic clock)."""
        self._now = now
        self._known: dict[tuple[str, str], tuple[float, User]] = {}

    async def users(self, workspace: Workspace, users: Iterable[str]) -> list[User]:
        """Everybody as Slack describes them, in this order; those it said before it asked to wait are remembered.

        :raises TryLater, NotPosted, OutcomeUnknown: Slack did not say
        """
        turn = asyncio.Semaphore(AT_ONCE)

        async def described(user: str) -> User:
            until, known = self._known.get((workspace.team, user), (0.0, {}))
            if self._now() < until:
                return known
            async with turn:
                answer = await call(workspace.client.users_info(user=user))
            found: User = answer.get("user") or {}
            self._known[workspace.team, user] = (self._now() + LIFE, found)
            return found

        found = await asyncio.gather(*(described(user) for user in users), return_exceptions=True)
        for one in found:
            if isinstance(one, BaseException):
                raise one
        return [one for one in found if not isinstance(one, BaseException)]

    async def names(self, workspace: Workspace, users: Iterable[str], *, within: float) -> dict[str, str]:
        """The names of those Slack tells of in so many seconds, by id."""
        asked = list(dict.fromkeys(users))
        try:
            async with asyncio.timeout(within):
                found = await self.users(workspace, asked)
        except (TryLater, NotPosted, OutcomeUnknown, TimeoutError):
            found = []
        known = [user for of in asked if (user := self._known.get((workspace.team, of), (0.0, {}))[1])]
        return {str(user["id"]): name_of(user) for user in (*known, *found) if named(user)}


def named(user: User) -> bool:
    """Test whether Slack says more of somebody than their id."""
    return bool(user.get("id")) and name_of(user) != user["id"]


def name_of(user: User) -> str:
    """What people call somebody, in one line."""
    said = user.get("real_name") or (user.get("profile") or {}).get("real_name") or user.get("name") or user["id"]
    return " ".join(str(said).split())
