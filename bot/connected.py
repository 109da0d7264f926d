"""The bot connected to chat: one record, one desk, one round, and every platform there are credentials for."""

import asyncio
import base64
import contextlib
import dataclasses
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from aiohttp import web
from cryptography.fernet import Fernet, InvalidToken

from adapters.slack.oauth import Installer
from adapters.slack.outbound import API
from adapters.slack.platform import Slack, SlackSettings
from adapters.slack.workspaces import Install
from adapters.teams.settings import TeamsSettings, government, public
from bot.desk import Desk
from bot.founding import Charter, Member, found_bare
from bot.policy.terms import Role
from bot.ports import Conversation, Messenger
from bot.refusal import Refusal
from bot.rounds import Rounds
from bot.settings import Settings
from storage.store import SqlStore
from storage.vault import FolderVault

log = logging.getLogger("duenotice")

PLATFORM = "slack"
HOME = "home"
"""The kind of conversation a Home tab is; its title is when it was opened (UTC)."""
ROUND_SECONDS = 15


def slack_settings(settings: Settings) -> SlackSettings:
    """The settings of Slack, as its adapter takes them."""
    said = settings.slack
    api = said.get("SLACK_API_URL") or API
    return SlackSettings(
        bot_token=said.get("SLACK_BOT_TOKEN", ""),
        signing_secret=said.get("SLACK_SIGNING_SECRET", ""),
        app_token=said.get("SLACK_APP_TOKEN", ""),
        client_id=said.get("SLACK_CLIENT_ID", ""),
        client_secret=said.get("SLACK_CLIENT_SECRET", ""),
        api=api if api.endswith("/") else f"{api}/",
    )


class KeptHomes:
    """Who opened their Home tab, in our own database beside the other conversations of an installation."""

    def __init__(self, store: SqlStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def opened(self, team: str, user: str) -> None:
        """Keep that somebody opened it just now."""
        at = self._clock().isoformat()
        kept = Conversation(platform=PLATFORM, tenant=team, name=user, kind=HOME, address=user, service="", title=at)
        await self._store.keep_conversation(kept)

    async def lately(self, team: str, seconds: float) -> tuple[str, ...]:
        """Who opened it in the last so many seconds, the latest last."""
        known = [one for one in await self._store.conversations(PLATFORM, team) if one.kind == HOME]
        since = (self._clock() - timedelta(seconds=seconds)).isoformat()
        return tuple(one.name for one in sorted(known, key=lambda one: one.title) if one.title >= since)


class SealedInstalls:
    """Installations in our own database, sealed with the secret key."""

    def __init__(self, store: SqlStore, secret_key: str, clock: Callable[[], datetime]) -> None:
        key = hashlib.sha256(b"duenotice tokens\0" + secret_key.encode()).digest()
        self._seal = Fernet(base64.urlsafe_b64encode(key))
        self._store = store
        self._clock = clock

    def wall(self) -> float:
        """Seconds since 1970."""
        return self._clock().timestamp()

    async def find(self, team: str) -> Install | None:
        """The installation in a workspace; ``None`` when there is none, or another key sealed it."""
        sealed = await self._store.sealed_token(PLATFORM, team)
        if sealed is None:
            return None
        try:
            said: dict[str, Any] = json.loads(self._seal.decrypt(sealed))
        except InvalidToken:
            log.error("the tokens of workspace %s were sealed with another DUENOTICE_SECRET_KEY", team)  # noqa: TRY400 - nothing to trace
            return None
        return Install(**said)

    async def teams(self) -> tuple[str, ...]:
        """Every workspace the app is installed in."""
        return await self._store.sealed_tenants(PLATFORM)

    async def keep(self, install: Install) -> None:
        """Keep it, instead of an older one."""
        sealed = self._seal.encrypt(json.dumps(dataclasses.asdict(install)).encode())
        await self._store.keep_sealed_token(PLATFORM, install.team, sealed)

    async def drop(self, team: str) -> None:
        """Forget its tokens; the library's records stay."""
        await self._store.drop_sealed_token(PLATFORM, team)


def teams_settings(settings: Settings) -> TeamsSettings:
    """The settings of Teams, as its adapter takes them."""
    told = settings.microsoft
    said = {
        "app_id": told.get("MICROSOFT_APP_ID", ""),
        "password": told.get("MICROSOFT_APP_PASSWORD", ""),
        "tenant": told.get("MICROSOFT_APP_TENANT_ID", ""),
        "login": told.get("MICROSOFT_LOGIN_URL", ""),
        "openid": told.get("MICROSOFT_OPENID_METADATA_URL", ""),
    }
    given = {name: value for name, value in said.items() if value}
    cloud = government if told.get("MICROSOFT_CLOUD") == "government" else public
    return replace(cloud(**given), development=bool(told.get("MICROSOFT_DEVELOPMENT")))


@contextlib.asynccontextmanager
async def connected(
    settings: Settings, *, clock: Callable[[], datetime], monotonic: Callable[[], float]
) -> AsyncIterator[web.Application]:
    """The application, ready to serve; the sockets of Socket Mode are opened beside it.

    :raises Refusal: the data folder cannot be written
    """
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as wrong:
        raise Refusal(f"The folder {settings.data} cannot be written: {wrong.strerror}. Set DUENOTICE_DATA.") from wrong
    store = SqlStore.open(settings.database_url)
    try:
        vault = FolderVault(settings.data, now=clock)
        async with _Bot(settings, store, vault, clock, monotonic).running() as app:
            yield app
    finally:
        await store.close()


class _Bot:
    """One record and one desk, and the platforms there are credentials for."""

    def __init__(
        self,
        settings: Settings,
        store: SqlStore,
        vault: FolderVault,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._store = store
        self._vault = vault
        self._clock = clock
        self._monotonic = monotonic
        self._desk = Desk(store=store, vault=vault, clock=clock)
        self._messengers: list[Messenger] = []

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[web.Application]:
        """Serve every platform, and make the round, as long as this lasts."""
        app = web.Application(client_max_size=1024 * 1024)
        app.router.add_get("/healthz", self._healthy)
        app.router.add_get("/readyz", self._ready)
        async with contextlib.AsyncExitStack() as stack:
            chat = self._settings.chat
            slack = self._slack(app) if any(name.startswith("SLACK_") for name in chat) else None
            if slack is not None:
                stack.push_async_callback(slack.close)
                stack.push_async_callback(_ended, asyncio.create_task(slack.keep_tidy()))
            if any(name.startswith("MICROSOFT_") for name in chat):
                stack.push_async_callback(self._teams(app))
            rounds = Rounds(
                store=self._store,
                vault=self._vault,
                messengers=self._messengers,
                clock=self._clock,
                told=slack.told_of if slack else lambda _: None,
            )
            going = asyncio.create_task(_go_round(rounds))
            stack.push_async_callback(_ended, going)
            told = slack_settings(self._settings)
            if slack is not None and told.app_token:
                stack.push_async_callback(_ended, asyncio.create_task(slack.listen(told)))
            yield app

    async def _ready(self, _: web.Request) -> web.Response:
        try:
            await self._store.libraries()
        except Exception as trouble:  # noqa: BLE001 - whatever it is, nothing can be saved just now
            log.warning("not ready: %s", trouble if isinstance(trouble, Refusal) else type(trouble).__name__)
            return web.Response(status=503, text="The record cannot be reached.")
        return web.Response(text="ok")

    async def _healthy(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _library_in(self, platform: str, tenant: str) -> str:
        library = await self._store.library_for(platform, tenant)
        return str(library) if library else ""

    def _slack(self, app: web.Application) -> Slack:
        told = slack_settings(self._settings)
        secret_key = self._settings.secret_key
        installs = SealedInstalls(self._store, secret_key, self._clock) if secret_key else None
        slack = Slack.build(
            self._desk,
            told,
            library_of=partial(self._library_in, PLATFORM),
            now=self._monotonic,
            installs=installs,
            wall=lambda: self._clock().timestamp(),
            opened=KeptHomes(self._store, self._clock),
        )
        self._messengers.append(slack.messenger)
        if not told.app_token:
            slack.add_routes(app)
        if told.client_id and installs is not None:

            async def installed(install: Install) -> None:
                slack.workspaces.forget(install.team)
                charter = _charter(install, await slack.name_of_installer(install))
                await found_bare(charter, store=self._store, vault=self._vault, now=self._clock())

            Installer(told, installs, secret_key, installed=installed).add_routes(app)
        return slack

    def _teams(self, app: web.Application) -> Callable[[], Awaitable[None]]:
        """Serve Teams; gives what lets go of it."""
        from adapters.teams.platform import Teams  # noqa: PLC0415 - botbuilder takes half a second and 22 MB

        teams = Teams.build(
            self._desk,
            teams_settings(self._settings),
            library_of=partial(self._library_in, "teams"),
            places=self._store,
            now=self._monotonic,
            wall=lambda: self._clock().timestamp(),
        )
        self._messengers.append(teams.messenger)
        teams.add_routes(app)
        return teams.close


async def _ended(going: asyncio.Task[None]) -> None:
    going.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await going


def _charter(install: Install, name: str) -> Charter:
    """What a workspace begins with when somebody installs the app: themselves, by their name, as administrator."""
    return Charter(
        id=uuid5(NAMESPACE_URL, f"duenotice:{PLATFORM}:{install.team}"),
        name=install.name or install.team,
        pack="",
        platform=PLATFORM,
        tenant=install.team,
        members=(Member(name=name, user=install.installer, roles=(Role.ADMINISTRATOR, Role.REPORTER)),),
    )


async def _go_round(rounds: Rounds) -> None:
    """Make the round again and again, and deliver what was queued each second between; what fails is tried again."""
    seconds = 0
    while True:
        try:
            await (rounds.deliver() if seconds % ROUND_SECONDS else rounds.run())
        except Exception:
            log.exception("A round failed; it is made again.")
        seconds += 1
        await asyncio.sleep(1)
