"""The Home tab: published when somebody opens it, and again soon after anything was done while it is likely open."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from adapters.slack import render
from adapters.slack.inbound import Sender
from adapters.slack.outbound import Workspace, call
from bot.cards import Reply
from bot.ports import NotPosted, OutcomeUnknown, TryLater

log = logging.getLogger("duenotice.slack")

OPEN_FOR = 3600.0
"""Seconds after which a Home tab is taken to be closed; opening it publishes it anew."""
MOST = 30
"""Home tabs of one workspace that are kept up to date; the latest opened ones."""
GATHER = 1.5
"""Seconds in which several changes become one."""

Ask = Callable[[Workspace, Sender], Awaitable[Reply]]


class Homes:
    """Keeps the Home tabs that are likely open up to date."""

    def __init__(
        self, ask: Ask, now: Callable[[], float], later: Callable[[Coroutine[Any, Any, None]], object]
    ) -> None:
        self._ask = ask
        self._now = now
        self._later = later
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

    def changed(self, workspace: Workspace) -> None:
        """Something was done in this workspace."""
        if workspace.team in self._gathering or not any(team == workspace.team for team, _ in self._open):
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
        mine = [sender for (team, _), (_, sender) in self._open.items() if team == workspace.team]
        for sender in mine[-MOST:]:
            await self._publish(workspace, sender)

    async def _publish(self, workspace: Workspace, sender: Sender) -> None:
        view = render.home(await self._ask(workspace, sender))
        key = (workspace.team, sender.user)
        looks = hashlib.sha256(json.dumps(view).encode()).hexdigest()
        if self._shown.get(key) == looks:
            return
        try:
            await call(workspace.client.views_publish(user_id=sender.user, view=view))
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("a Home tab was not published: %s", str(lost) or "no answer")
            return
        self._shown[key] = looks
