"""The Home tab: published when somebody opens it, and again soon after anything was done while it is likely open.

Who has opened it is kept outside this process too: a tab stays open over a restart, and another process may be the one
that was pressed, or the one whose round tells of it.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from adapters.slack import render
from adapters.slack.inbound import Sender
from adapters.slack.outbound import Workspace, patiently
from bot.cards import Reply
from bot.ports import NotPosted, OutcomeUnknown, TryLater

log = logging.getLogger("duenotice.slack")

OPEN_FOR = 3600.0
"""Seconds after which a Home tab is taken to be closed; opening it publishes it anew."""
MOST = 30
"""Home tabs of one workspace that are kept up to date; the latest opened ones."""
GATHER = 1.5
"""Seconds in which several changes become one."""

KEPT_AGAIN = 600.0
"""Seconds after which it is kept anew that somebody has their tab open."""

Ask = Callable[[Workspace, Sender], Awaitable[Reply]]


class OpenedHomes(Protocol):
    """Where it is kept who opened their Home tab."""

    async def opened(self, team: str, user: str) -> None:
        """Keep that somebody opened it just now."""

    async def lately(self, team: str, seconds: float) -> tuple[str, ...]:
        """Who opened it in the last so many seconds, the latest last."""


class Homes:
    """Keeps the Home tabs that are likely open up to date."""

    def __init__(
        self,
        ask: Ask,
        now: Callable[[], float],
        later: Callable[[Coroutine[Any, Any, None]], object],
        kept: OpenedHomes | None,
    ) -> None:
        self._ask = ask
        self._now = now
        self._later = later
        self._kept = kept
        self._noted: dict[tuple[str, str], float] = {}
        self._open: dict[tuple[str, str], tuple[float, Sender]] = {}
        self._shown: dict[tuple[str, str], str] = {}
        self._gathering: set[str] = set()
        self.gather = GATHER

    async def opened(self, workspace: Workspace, sender: Sender) -> None:
        """Somebody opened their Home tab."""
        key = (workspace.team, sender.user)
        self._open.pop(key, None)
        self._open[key] = (self._now() + OPEN_FOR, sender)
        self._shown.pop(key, None)
        await self._publish(workspace, sender)
        if self._kept is not None and self._noted.get(key, 0.0) <= self._now():
            await self._kept.opened(*key)
            self._noted[key] = self._now() + KEPT_AGAIN

    def changed(self, workspace: Workspace) -> None:
        """Something was done in this workspace."""
        nobody = self._kept is None and not any(team == workspace.team for team, _ in self._open)
        if nobody or workspace.team in self._gathering:
            return
        self._gathering.add(workspace.team)
        self._later(self._all(workspace))

    async def _all(self, workspace: Workspace) -> None:
        await asyncio.sleep(self.gather)
        self._gathering.discard(workspace.team)
        now = self._now()
        for key, (until, _) in list(self._open.items()):
            if until < now:
                del self._open[key]
        for sender in (await self._those_of(workspace.team))[-MOST:]:
            await self._publish(workspace, sender)

    async def _those_of(self, team: str) -> list[Sender]:
        """Who has their tab open, the latest last, also those who opened it before this process began."""
        mine = {user: sender for (of, user), (_, sender) in self._open.items() if of == team}
        if self._kept is None:
            return list(mine.values())
        known = await self._kept.lately(team, OPEN_FOR)
        return [mine.get(user) or Sender(team=team, user=user) for user in dict.fromkeys((*known, *mine))]

    async def _publish(self, workspace: Workspace, sender: Sender) -> None:
        view = render.home(await self._ask(workspace, sender))
        key = (workspace.team, sender.user)
        looks = hashlib.sha256(json.dumps(view).encode()).hexdigest()
        if self._shown.get(key) == looks:
            return
        try:
            await patiently(lambda: workspace.client.views_publish(user_id=sender.user, view=view))
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("a Home tab was not published: %s", str(lost) or "no answer")
            return
        self._shown[key] = looks
