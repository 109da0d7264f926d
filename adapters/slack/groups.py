"""Several people at once: from Slack's list of people, or everybody in one of the workspace's user groups.

Slack has no list of user groups to choose from, so they are asked for and offered as options. Who is in a group is
read when the page is sent; the record keeps people, never a group.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from adapters.slack.inbound import FilledPage
from adapters.slack.names import Names, name_of
from adapters.slack.outbound import Workspace, call
from adapters.slack.standing import standing_of
from bot.cards import Option, Page, Standing
from bot.ports import NotPosted, OutcomeUnknown, TryLater

LIFE = 60.0
"""Seconds for which the list of groups is good."""
PATIENCE = 0.7
"""Seconds to wait for it before a form opens without groups."""

LOST = "Slack did not say who these people are. Send the page again."


class LostPeople(Exception):  # noqa: N818 - an answer beside a field
    """Slack did not say who somebody is, or who is in a group."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(said)
        self.beside = {name: said}


class Groups:
    """Offers user groups, and turns what was chosen into people with their names."""

    def __init__(self, now: Callable[[], float], names: Names) -> None:
        self._now = now
        self._names = names
        self._known: dict[str, tuple[float, tuple[Option, ...]]] = {}

    async def offered(self, workspace: Workspace, page: Page) -> tuple[Option, ...]:
        """The workspace's user groups, if a page asks for people; none on a plan without them, or without the scope."""
        if all(asked.names != "users" for asked in page.fields):
            return ()
        until, known = self._known.get(workspace.team, (0.0, ()))
        if self._now() < until:
            return known
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await call(workspace.client.usergroups_list(include_count=True))
        except (TryLater, NotPosted, OutcomeUnknown, TimeoutError):
            return ()
        groups = tuple(
            Option(value=str(group["id"]), label=f"{group.get('name') or group['id']} (@{group.get('handle', '')})")
            for group in answer.get("usergroups") or ()
        )
        self._known[workspace.team] = (self._now() + LIFE, groups)
        return groups

    async def gather(self, workspace: Workspace, page: FilledPage) -> FilledPage:
        """The page with people as a text holds them: one a line, their id and then their name.

        Guests, bots and deactivated accounts are left out.

        :raises LostPeople: Slack did not say who they are, or nobody of them is a member
        """
        values = dict(page.values)
        for name, users in page.users.items():
            chosen = dict.fromkeys(users)
            try:
                for group in page.groups.get(name, ()):
                    answer = await call(workspace.client.usergroups_users_list(usergroup=group))
                    chosen |= dict.fromkeys(str(user) for user in answer.get("users") or ())
                found = await self._names.users(workspace, chosen)
            except (TryLater, OutcomeUnknown) as lost:
                raise LostPeople(name, LOST) from lost
            except NotPosted as no:
                raise LostPeople(name, str(no)) from no
            lines = [f"{user['id']} {name_of(user)}" for user in found if standing_of(user) is Standing.MEMBER]
            if chosen and not lines:
                raise LostPeople(name, "Nobody of them is a member of this workspace; guests and bots cannot act.")
            values[name] = ("\n".join(lines),) if lines else ()
        return replace(page, values=values)
