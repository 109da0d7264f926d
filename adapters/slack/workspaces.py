"""The workspaces the app is installed in: one by its token, or many by their installations."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError

from adapters.slack.outbound import Workspace, call, exchange, web_client
from bot.ports import NotPosted, OutcomeUnknown, TryLater
from bot.refusal import Refusal

if TYPE_CHECKING:
    from adapters.slack.platform import SlackSettings

log = logging.getLogger("duenotice.slack")

EARLY = 1800.0
"""Seconds before a token expires at which it is exchanged; Slack's rotating tokens live twelve hours."""
LAST = 60.0
"""Seconds before it expires from which it is not used any more."""
FRESH = 60.0
"""Seconds after which an installation is read again, beside the delivery: another process may have renewed it."""
DEAD = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
"""What Slack answers to a token that is good for nothing any more."""


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

    async def teams(self) -> tuple[str, ...]:
        """Every workspace the app is installed in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A workspace as it was read, at a moment (``now``'s seconds), and when its token ends (since 1970; 0: never)."""

    workspace: Workspace
    read: float
    expires: float


class Workspaces:
    """Finds the workspace of a delivery or a message, with a token that is still good.

    Once found it is held in memory: Slack waits three seconds for a form, and the record may be slower than that. It
    is read again beside the deliveries, each minute and as soon as its token comes near its end.
    """

    def __init__(
        self,
        settings: "SlackSettings",
        *,
        library_of: Callable[[str], Awaitable[str]],
        http: ClientSession,
        installs: Installs | None,
        now: Callable[[], float],
    ) -> None:
        """``now`` counts seconds (a monotonic clock)."""
        self._settings = settings
        self._library_of = library_of
        self._http = http
        self._installs = installs
        self._now = now
        self._known: dict[str, Held] = {}
        self._reading: dict[str, asyncio.Task[Workspace | None]] = {}
        self._renewing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, team: str) -> Workspace | None:
        """The workspace; ``None`` when the app is not installed in it or it has no library."""
        known = self._known.get(team)
        if known is None:
            return await asyncio.shield(self._again(team))
        if self._installs is None or self._settings.bot_token:
            return known.workspace
        left = known.expires - self._installs.wall() if known.expires else EARLY + 1
        if left <= LAST:
            return await asyncio.shield(self._again(team))
        if left <= EARLY or self._now() - known.read >= FRESH:
            self._again(team)
        return known.workspace

    def _again(self, team: str) -> "asyncio.Task[Workspace | None]":
        """Read a workspace anew, once however many ask for it."""
        reading = self._reading.get(team)
        if reading is None:
            reading = self._reading[team] = asyncio.ensure_future(self._read(team))
            reading.add_done_callback(lambda done: self._was_read(team, done))
        return reading

    def _was_read(self, team: str, done: "asyncio.Task[Workspace | None]") -> None:
        self._reading.pop(team, None)
        if not done.cancelled() and (trouble := done.exception()) is not None and team in self._known:
            log.warning("the installation of %s could not be read again: %s", team, type(trouble).__name__)

    async def _read(self, team: str) -> Workspace | None:
        known = self._known.get(team)
        install = await self._install(team)
        library = await self._library_of(team) if install is not None else ""
        if install is None or not library:
            self._known.pop(team, None)
            return None
        if known is not None and (known.workspace.token, known.workspace.library) == (install.token, library):
            self._known[team] = Held(workspace=known.workspace, read=self._now(), expires=install.expires)
            return known.workspace
        workspace = Workspace(
            team=team,
            library=library,
            token=install.token,
            client=web_client(install.token, api=self._settings.api, session=self._http),
            bot_user=install.bot_user,
            bot_id=install.bot_id,
            enterprise=install.enterprise,
        )
        self._known[team] = Held(workspace=workspace, read=self._now(), expires=install.expires)
        return workspace

    @property
    def held(self) -> list[Workspace]:
        """The workspaces that are in memory."""
        return [held.workspace for held in self._known.values()]

    def forget(self, team: str) -> None:
        """Read a workspace again before anything else is done in it: the app was installed there just now."""
        self._known.pop(team, None)

    async def known(self) -> list[Workspace]:
        """Every workspace that is installed and has a library, as far as it can be told just now."""
        if self._settings.bot_token:
            if not self._known and (own := await self.own()):
                await self.of(own.team)
        elif self._installs is not None:
            for team in await self._installs.teams():
                await self.of(team)
        return self.held

    async def uninstalled(self, team: str) -> None:
        """Forget the tokens of a workspace that removed the app; its records stay.

        Slack's word may come late, after the app was installed again, so Slack is asked whether the token is dead.

        :raises Refusal: Slack did not say; it brings its word again
        """
        install = await self._install(team)
        if install is not None and not await self._dead(install):
            log.info("workspace %s has installed the app again since it removed it", team)
            self._known.pop(team, None)
            return
        self._known.pop(team, None)
        if self._installs is not None:
            await self._installs.drop(team)
        log.warning("the app was removed from workspace %s; its records stay", team)

    async def _dead(self, install: Install) -> bool:
        """Test whether Slack takes a token no more."""
        try:
            await web_client(install.token, api=self._settings.api, session=self._http).auth_test()
        except SlackApiError as refused:
            code = refused.response.get("error", "") if hasattr(refused.response, "get") else ""
            return code in DEAD
        except (ClientError, TimeoutError, ValueError) as lost:
            raise Refusal("Slack did not say whether the app is still installed.") from lost
        return False

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
