"""Slack put together: workspaces and their tokens, HTTP or Socket Mode, and the messenger for the round."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

from aiohttp import ClientSession, web
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack import app as bolt_app
from adapters.slack.desk import Desk, SlackDesk
from adapters.slack.homes import OpenedHomes
from adapters.slack.names import name_of, named
from adapters.slack.outbound import (
    API,
    FILE_HOSTS,
    PACE,
    PATIENCE,
    SlackMessenger,
    call,
    patiently,
    session,
    web_client,
)
from adapters.slack.workspaces import Install, Installs, Workspaces
from bot.ports import NotPosted, OutcomeUnknown, TryLater

log = logging.getLogger("duenotice.slack")

PING = 10.0
"""Seconds between two signs of life on a socket; Slack closes connections now and then, and they are made again."""
TIDY = 600.0
"""Seconds between two looks at which copies of files have to go."""
REFUSED_WAIT = 60.0
"""Seconds until a socket is asked for again that Slack refused; a token does not mend itself."""
OPEN = "apps.connections.open"
CONNECTIONS = 2
"""Sockets kept open at once, so that one may be replaced without a delivery waiting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackSettings:
    """What the environment says about Slack."""

    bot_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    api: str = API

    @property
    def file_hosts(self) -> tuple[str, ...]:
        """The hosts files may be read from: Slack's, or a server of this computer when the API is one."""
        address = urlsplit(self.api)
        return (address.netloc,) if address.hostname == "127.0.0.1" else FILE_HOSTS


class Slack:
    """The adapter, connected."""

    def __init__(
        self,
        *,
        http: ClientSession,
        workspaces: Workspaces,
        desk: SlackDesk,
        bolt: AsyncApp,
        signing_secret: str,
        api: str,
    ) -> None:
        self._http = http
        self._api = api
        self._bolt = bolt
        self._signing_secret = signing_secret
        self._sockets: list[SocketModeClient] = []
        self._handling: set[asyncio.Task[None]] = set()
        self.workspaces = workspaces
        self.desk = desk
        self.messenger: SlackMessenger

    @classmethod
    def build(  # noqa: PLR0913 - what is wired together here
        cls,
        desk: Desk,
        settings: SlackSettings,
        *,
        library_of: Callable[[str], Awaitable[str]],
        now: Callable[[], float],
        wall: Callable[[], float],
        installs: Installs | None = None,
        opened: OpenedHomes | None = None,
        pace: float = PACE,
        patience: float = PATIENCE,
    ) -> Self:
        """Put it together; nothing is asked of Slack yet.

        ``library_of`` names the library of a workspace, or is empty; ``now`` counts seconds (a monotonic clock),
        ``wall`` those since 1970; ``pace`` and ``patience`` are seconds between two messages to a channel and for one
        call.
        """
        http = session(patience)
        workspaces = Workspaces(settings, library_of=library_of, http=http, installs=installs, now=now)
        slack_desk = SlackDesk(
            desk,
            workspaces.of,
            now=now,
            http=http,
            file_hosts=settings.file_hosts,
            on_uninstalled=workspaces.uninstalled,
            wall=wall,
            opened=opened,
        )
        secret = settings.signing_secret
        bolt = bolt_app.bolt(slack_desk, signing_secret=secret)
        made = cls(
            http=http, workspaces=workspaces, desk=slack_desk, bolt=bolt, signing_secret=secret, api=settings.api
        )
        made.messenger = SlackMessenger(workspaces.of, now, pace=pace)
        return made

    def add_routes(self, app: web.Application) -> None:
        """Serve Slack's requests."""
        app.router.add_routes(bolt_app.routes(self._bolt, signing_secret=self._signing_secret, now=self.desk.now))

    async def name_of_installer(self, install: Install) -> str:
        """What Slack calls whoever installed the app; their office, if it does not say."""
        client = web_client(install.token, api=self._api, session=self._http)
        try:
            answer = await patiently(lambda: client.users_info(user=install.installer))
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("Slack did not say who installed the app: %s", str(lost) or "no answer")
            return "Administrator"
        user = answer.get("user") or {}
        return name_of(user) if named(user) else "Administrator"

    def told_of(self, library: UUID) -> None:
        """Something was told in a library, whoever did it in whichever process: bring its Home tabs up to date."""
        for workspace in self.workspaces.held:
            if workspace.library == str(library):
                self.desk.homes.changed(workspace)

    async def listen(self, settings: SlackSettings) -> None:
        """Open the sockets of Socket Mode; they reconnect by themselves.

        It ends when they are open. As long as Slack does not open one, that is said in the log and tried again.
        """
        for _ in range(CONNECTIONS):
            client = SocketModeClient(
                app_token=settings.app_token,
                logger=logging.getLogger("duenotice.slack.bolt"),
                web_client=web_client("", api=settings.api, session=self._http),
                ping_interval=PING,
            )
            client.socket_mode_request_listeners.append(self._received)
            self._sockets.append(client)
            client.wss_uri = await self._address(settings)
            await client.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped

    async def _address(self, settings: SlackSettings) -> str:
        """Where a socket is opened. The SDK would write a trace each time Slack says no, and never say why."""
        said = ""
        while True:
            try:
                answer = await call(web_client(settings.app_token, api=settings.api, session=self._http).api_call(OPEN))
                return str(answer["url"])
            except NotPosted as no:
                trouble, wait = f"{str(no).rstrip('.')}. Look at SLACK_APP_TOKEN", REFUSED_WAIT
            except (TryLater, OutcomeUnknown):
                trouble, wait = f"{settings.api} cannot be reached", PING
            if trouble != said:
                log.error("Slack opens no connection, so nothing of it arrives: %s; it is tried again", trouble)
                said = trouble
            await asyncio.sleep(wait)

    async def _received(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Handle a delivery beside the others; one that is slow holds nobody up."""
        task = asyncio.create_task(self._handled(client, request))
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)

    async def _handled(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        answer = await run_async_bolt_app(self._bolt, request)
        try:
            await send_async_response(client, request, answer, 0.0)
        except ConnectionError:
            log.warning("the socket closed before an answer; Slack delivers it again")

    async def keep_tidy(self) -> None:
        """Take back copies of files when their time is up; never ends."""
        while True:
            try:
                await self.desk.copies.tidy(await self.workspaces.known())
            except Exception:
                log.exception("copies of files could not be taken back; it is tried again")
            await asyncio.sleep(TIDY)

    async def close(self) -> None:
        """Finish what was begun, take back every copy of a file, then let go."""
        for client in self._sockets:
            await client.close()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
        if self._handling:
            await asyncio.wait(self._handling)
        await self.desk.finish()
        await self.desk.copies.take_back(self.desk.copies.standing)
        await self._http.close()
