"""The workspaces the app is installed in: one by its token, or many by their installations."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from aiohttp import ClientSession

from adapters.slack.outbound import Workspace, call, exchange, web_client
from bot.ports import NotPosted, OutcomeUnknown, TryLater

if TYPE_CHECKING:
    from adapters.slack.platform import SlackSettings

log = logging.getLogger("duenotice.slack")

EARLY = 1800.0
"""Seconds before a token expires at which it is exchanged; Slack's rotating tokens live twelve hours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Install:
    """One installation: the bot's token, and with rotation the token that gets the next one.

    ``expires`` counts seconds since 1970; zero means never.
    """

    team: str
    name: str
    token: str = field(repr=False)
    bot_user: str
    bot_id: str = ""
    refresh: str = field(default="", repr=False)
    expires: float = 0.0
    installer: str = ""
    enterprise: bool = False


class Installs(Protocol):
    """Where installations are kept, sealed."""

    def wall(self) -> float:
        """Seconds since 1970."""

    async def find(self, team: str) -> Install | None:
        """The installation in a workspace."""

    async def keep(self, install: Install) -> None:
        """Keep it, instead of an older one."""

    async def drop(self, team: str) -> None:
        """Forget its tokens; the library's records stay."""


class Workspaces:
    """Finds the workspace of a delivery or a message, with a token that is still good."""

    def __init__(
        self,
        settings: "SlackSettings",
        *,
        library_of: Callable[[str], Awaitable[str]],
        http: ClientSession,
        installs: Installs | None,
    ) -> None:
        self._settings = settings
        self._library_of = library_of
        self._http = http
        self._installs = installs
        self._known: dict[str, Workspace] = {}
        self._renewing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, team: str) -> Workspace | None:
        """The workspace; ``None`` when the app is not installed in it or it has no library."""
        known = self._known.get(team)
        if known is not None and (self._installs is None or self._settings.bot_token):
            return known
        install = await self._install(team)
        if install is None:
            return None
        if known is not None and known.token == install.token:
            return known
        library = await self._library_of(team)
        if not library:
            return None
        self._known[team] = Workspace(
            team=team,
            library=library,
            token=install.token,
            client=web_client(install.token, api=self._settings.api, session=self._http),
            bot_user=install.bot_user,
            bot_id=install.bot_id,
            enterprise=install.enterprise,
        )
        return self._known[team]

    async def known(self) -> list[Workspace]:
        """The workspaces anything was heard of or sent to since the start; with one token, its own."""
        if self._settings.bot_token and not self._known and (own := await self.own()):
            await self.of(own.team)
        return list(self._known.values())

    async def uninstalled(self, team: str) -> None:
        """Forget the tokens of a workspace that removed the app; its records stay."""
        self._known.pop(team, None)
        if self._installs is not None:
            await self._installs.drop(team)
        log.warning("the app was removed from workspace %s; its records stay", team)

    async def _install(self, team: str) -> Install | None:
        if self._settings.bot_token:
            own = await self.own()
            return own if own is not None and own.team == team else None
        if self._installs is None:
            return None
        install = await self._installs.find(team)
        if install is None or not self._expires(install, self._installs):
            return install
        async with self._renewing[team]:  # a refresh token works once
            install = await self._installs.find(team)
            if install is None or not self._expires(install, self._installs):
                return install
            return await self._rotated(install, self._installs)

    def _expires(self, install: Install, installs: Installs) -> bool:
        return bool(install.expires) and install.expires - EARLY <= installs.wall()

    async def own(self) -> Install | None:
        """The installation of the one token in the environment, as Slack tells it."""
        client = web_client(self._settings.bot_token, api=self._settings.api, session=self._http)
        try:
            said = await call(client.auth_test())
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("Slack did not confirm the bot's token: %s", str(lost) or "no answer")
            return None
        return Install(
            team=str(said["team_id"]),
            name=str(said.get("team", "")),
            token=self._settings.bot_token,
            bot_user=str(said.get("user_id", "")),
            bot_id=str(said.get("bot_id", "")),
            enterprise=bool(said.get("enterprise_id")),
        )

    async def _rotated(self, install: Install, installs: Installs) -> Install:
        """Exchange a token that is about to expire; reminders need this as much as deliveries do."""
        try:
            said = await exchange(
                self._settings.api,
                self._http,
                client_id=self._settings.client_id,
                client_secret=self._settings.client_secret,
                grant_type="refresh_token",
                refresh_token=install.refresh,
            )
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("the token of %s was not renewed: %s", install.team, str(lost) or "no answer")
            return install
        renewed = replace(
            install,
            token=str(said["access_token"]),
            refresh=str(said.get("refresh_token", "")),
            expires=installs.wall() + float(said.get("expires_in", 0)) if said.get("expires_in") else 0.0,
        )
        await installs.keep(renewed)
        return renewed
