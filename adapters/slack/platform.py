"""Slack put together: workspaces and their tokens, HTTP or Socket Mode, and the messenger for the round."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from aiohttp import ClientSession, web
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack import app as bolt_app
from adapters.slack.desk import Desk, SlackDesk
from adapters.slack.outbound import API, FILE_HOSTS, PACE, PATIENCE, SlackMessenger, session, web_client
from adapters.slack.workspaces import Installs, Workspaces

log = logging.getLogger("duenotice.slack")

PING = 10.0
"""Seconds between two signs of life on a socket; Slack closes connections now and then, and they are made again."""
TIDY = 600.0
"""Seconds between two looks at which copies of files have to go."""
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
        self, *, http: ClientSession, workspaces: Workspaces, desk: SlackDesk, bolt: AsyncApp, signing_secret: str
    ) -> None:
        self._http = http
        self._bolt = bolt
        self._signing_secret = signing_secret
        self._sockets: list[SocketModeClient] = []
        self._handling: set[asyncio.Task[None]] = set()
        self.workspaces = workspaces
        self.desk = desk
        self.messenger: SlackMessenger

    @classmethod
    def build(
        cls,
        desk: Desk,
        settings: SlackSettings,
        *,
        library_of: Callable[[str], Awaitable[str]],
        now: Callable[[], float],
        installs: Installs | None = None,
        pace: float = PACE,
        patience: float = PATIENCE,
    ) -> Self:
        """Put it together; nothing is asked of Slack yet.

        ``library_of`` names the library of a workspace, or is empty; ``now`` counts seconds (a monotonic clock);
        ``pace`` and ``patience`` are seconds between two messages to a channel and for one call.
        """
        http = session(patience)
        workspaces = Workspaces(settings, library_of=library_of, http=http, installs=installs)
        slack_desk = SlackDesk(
            desk,
            workspaces.of,
            now=now,
            http=http,
            file_hosts=settings.file_hosts,
            on_uninstalled=workspaces.uninstalled,
        )
        secret = settings.signing_secret
        bolt = bolt_app.bolt(slack_desk, workspaces.of, signing_secret=secret)
        made = cls(http=http, workspaces=workspaces, desk=slack_desk, bolt=bolt, signing_secret=secret)
        made.messenger = SlackMessenger(workspaces.of, now, pace=pace)
        return made

    def add_routes(self, app: web.Application) -> None:
        """Serve Slack's requests."""
        app.router.add_routes(bolt_app.routes(self._bolt, signing_secret=self._signing_secret, now=self.desk.now))

    async def listen(self, settings: SlackSettings) -> None:
        """Open the sockets of Socket Mode; they reconnect by themselves."""
        for _ in range(CONNECTIONS):
            client = SocketModeClient(
                app_token=settings.app_token,
                logger=logging.getLogger("duenotice.slack.bolt"),
                web_client=web_client("", api=settings.api, session=self._http),
                ping_interval=PING,
            )
            client.socket_mode_request_listeners.append(self._received)
            await client.connect()  # type: ignore[no-untyped-call]  # the SDK leaves it untyped
            self._sockets.append(client)

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
