"""Slack's Web API in the core's words, and posting cards with it.

The SDK's own retries post twice when a connection breaks after the message was taken, so none are used: the outbox
tries again, and only where nothing can have been posted.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from typing_extensions import override

from adapters.slack import render
from bot.cards import Card
from bot.ports import AccountGone, Address, Messenger, NotPosted, OutcomeUnknown, TryLater

log = logging.getLogger("duenotice.slack")

PLATFORM = "slack"
API = "https://slack.com/api/"
PATIENCE = 10
"""Seconds to wait for an answer of Slack."""
PACE = 1.0
"""Seconds between two messages to one channel; Slack takes about one a second."""
UNREACHABLE = 30.0
"""Seconds until the next attempt when nothing reached Slack."""
WAITS = 2
"""Times an answer waits as long as Slack asks, if that is shorter than an unreachable Slack is waited for."""
KEY = "duenotice_message"
"""The type of our message metadata; its payload holds the message's key."""
DIRECT_LIFE = 3600.0
"""Seconds for which a conversation with a person is known; then Slack is asked whether they are still there."""
LOOKED_BACK = 10
"""Pages of a conversation that are searched for a message; a key is looked for soon after it was sent."""
THREADS = 20
"""Threads that are searched, those with the latest replies."""
MOST_BYTES = 10 * 1024 * 1024
"""What one file may weigh, in bytes; Slack's own limit for files given in a form."""
FILE_HOSTS = ("files.slack.com", "files.slack-gov.com")

RATE_LIMITED = 429
SERVER_ERROR = 500
TRANSIENT = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
"""Answers after which nobody can say whether the message stands."""
WAITING = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org"})
CHECKED = "The administrator has to look: "
SAID = {
    "not_in_channel": "the bot is not in that channel; invite it there",
    "channel_not_found": "Slack knows no such channel, or the bot was removed from it",
    "is_archived": "that channel is archived",
    "account_inactive": "the bot was removed from the workspace",
    "invalid_auth": "Slack does not accept the bot's token",
    "not_authed": "Slack was given no token",
    "token_revoked": "the bot's token was revoked",
    "token_expired": "the bot's token has expired",
    "missing_scope": "the app lacks a permission; install it again with the manifest's scopes",
    "restricted_action": "the workspace does not let the bot post there",
    "user_not_found": "Slack knows no such user",
    "cannot_dm_bot": "a bot cannot be written to",
    "user_disabled": "that account is deactivated",
    "message_not_found": "the message was deleted",
    "cant_update_message": "the message is not the bot's",
    "edit_window_closed": "the workspace no longer lets that message be changed",
}


async def call(asked: Awaitable[Any]) -> dict[str, Any]:
    """Ask Slack, and say in our words how it ended.

    :raises TryLater: Slack asks to wait, or could not be reached at all
    :raises NotPosted: Slack refused it
    :raises OutcomeUnknown: the answer was lost
    """
    try:
        answer = await asked
    except SlackApiError as error:
        raise _meant(error) from error
    except ClientConnectorError as error:
        raise TryLater(UNREACHABLE) from error
    except (ClientError, TimeoutError, ValueError) as error:
        raise OutcomeUnknown from error
    data = answer.data
    return data if isinstance(data, dict) else {}


async def patiently(asks: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
    """Ask Slack, and once or twice again after as long as it asks to wait: for what no outbox repeats.

    :raises TryLater: Slack asks to wait longer than anybody would, or could not be reached at all
    :raises NotPosted: Slack refused it
    :raises OutcomeUnknown: the answer was lost
    """
    for _ in range(WAITS):
        try:
            return await call(asks())
        except TryLater as later:
            if later.seconds >= UNREACHABLE:
                raise
            await asyncio.sleep(later.seconds)
    return await call(asks())


def _meant(error: SlackApiError) -> Exception:
    response = error.response
    status = getattr(response, "status_code", 0) or getattr(response, "status", 0)
    data = getattr(response, "data", None)
    code = data.get("error", "") if isinstance(data, dict) else ""
    if status == RATE_LIMITED or code in WAITING:
        return TryLater(_seconds(getattr(response, "headers", {}).get("Retry-After")))
    if status >= SERVER_ERROR or code in TRANSIENT or not code:
        return OutcomeUnknown()
    needed = data.get("needed", "") if isinstance(data, dict) else ""
    said = SAID.get(code, f"Slack answered {code}")
    return NotPosted(f"{said[0].upper()}{said[1:]}{f' ({needed})' if needed else ''}.")


def _seconds(said: object) -> float:
    try:
        return max(1.0, float(str(said)))
    except ValueError:
        return UNREACHABLE


@dataclass(kw_only=True)
class Workspace:
    """One workspace the app is installed in: the library it belongs to, and a client with its token."""

    team: str
    library: str
    token: str = field(repr=False)
    client: AsyncWebClient = field(repr=False)
    enterprise: bool = False
    bot_user: str = ""
    bot_id: str = ""


def web_client(token: str, *, api: str = API, session: ClientSession | None = None) -> AsyncWebClient:
    """A client that never retries by itself."""
    return AsyncWebClient(token=token, base_url=api, timeout=PATIENCE, session=session, retry_handlers=[])


async def exchange(api: str, http: ClientSession, **said: str) -> dict[str, Any]:
    """Exchange a code, or a token that is about to expire, for tokens.

    :raises TryLater, NotPosted, OutcomeUnknown: as ``call``
    """
    return await call(web_client("", api=api, session=http).api_call("oauth.v2.access", data=said))


def session(patience: float = PATIENCE) -> ClientSession:
    """Connections that are kept open between calls; ``patience`` is how many seconds one may take."""
    return ClientSession(timeout=ClientTimeout(total=patience))


WorkspaceOf = Callable[[str], Awaitable[Workspace | None]]


class SlackMessenger(Messenger):
    """Posts cards in the workspaces the app is installed in."""

    platform = PLATFORM
    settles = True

    def __init__(self, workspace_of: WorkspaceOf, now: Callable[[], float], *, pace: float = PACE) -> None:
        """``now`` counts seconds (a monotonic clock); ``pace`` is the time between two messages to a channel."""
        self._pace = pace
        self._workspace_of = workspace_of
        self._now = now
        self._next: dict[tuple[str, str], float] = {}
        self._direct: dict[tuple[str, str], tuple[float, str]] = {}

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        """Post a card and return its ``ts``; the key goes with it as metadata, so that it can be found again."""
        workspace = await self._workspace(to)
        channel = await self._channel(workspace, to)
        await self._in_turn(to.tenant, channel)
        metadata = {"event_type": KEY, "event_payload": {"key": key}}
        told = render.message((card,))
        said = told if not under else told | {"thread_ts": under}
        try:
            answer = await call(workspace.client.chat_postMessage(channel=channel, metadata=metadata, **said))
        finally:  # counted from the answer, because a message may have been long on its way
            place = (to.tenant, channel)
            self._next[place] = max(self._next.get(place, 0.0), self._now() + self._pace)
        if not answer.get("ts"):
            raise OutcomeUnknown
        return str(answer["ts"])

    @override
    async def update(self, to: Address, message: str, card: Card) -> None:
        """Show another card in its place."""
        workspace = await self._workspace(to)
        channel = await self._channel(workspace, to)
        told = render.message((card,))
        await call(workspace.client.chat_update(channel=channel, ts=message, text=told["text"], blocks=told["blocks"]))

    @override
    async def find(self, to: Address, key: str) -> str | None:
        """The ``ts`` of the message posted with this key, in the channel or one of its threads."""
        workspace = await self._workspace(to)
        try:
            channel = await self._channel(workspace, to)
            return await self._look_for(workspace, channel, key)
        except (TryLater, NotPosted) as cannot:
            raise OutcomeUnknown from cannot

    async def _look_for(self, workspace: Workspace, channel: str, key: str) -> str | None:
        """Look through a conversation, then through its threads, those with the latest replies first."""
        threads: list[dict[str, Any]] = []
        async for one in _messages(workspace.client.conversations_history, channel=channel):
            if _key_of(one) == key:
                return str(one["ts"])
            if one.get("reply_count"):
                threads.append(one)
        threads.sort(key=lambda root: str(root.get("latest_reply", "")), reverse=True)
        for root in threads[:THREADS]:
            async for one in _messages(workspace.client.conversations_replies, channel=channel, ts=root["ts"]):
                if _key_of(one) == key:
                    return str(one["ts"])
        return None

    async def _workspace(self, to: Address) -> Workspace:
        workspace = await self._workspace_of(to.tenant)
        if workspace is None:
            raise NotPosted("The bot is not installed in that workspace; install it again.")
        return workspace

    async def _channel(self, workspace: Workspace, to: Address) -> str:
        if to.channel:
            return to.channel
        until, known = self._direct.get((to.tenant, to.user), (0.0, ""))
        if self._now() >= until:
            try:
                if (await call(workspace.client.users_info(user=to.user))).get("user", {}).get("deleted"):
                    raise AccountGone(f"{SAID['user_disabled'].capitalize()}.")
                answer = await call(workspace.client.conversations_open(users=to.user))
            except OutcomeUnknown as lost:  # nothing is posted by opening a conversation
                raise TryLater(UNREACHABLE) from lost
            known = str(answer["channel"]["id"])
            self._direct[to.tenant, to.user] = (self._now() + DIRECT_LIFE, known)
        return known

    async def _in_turn(self, team: str, channel: str) -> None:
        """Keep the pace of one message a second to a channel.

        :raises TryLater: it is not this message's turn; others go first
        """
        now = self._now()
        free = self._next.get((team, channel), 0.0)
        if free > now:
            wait = free - now
            if wait > self._pace:
                raise TryLater(wait)
            self._next[team, channel] = free + self._pace
            await asyncio.sleep(wait)
        else:
            self._next[team, channel] = now + self._pace


async def _messages(asked: Callable[..., Awaitable[Any]], **where: str) -> AsyncIterator[dict[str, Any]]:
    """The messages of a conversation or a thread, page after page."""
    cursor = ""
    for _ in range(LOOKED_BACK):
        page = await call(asked(**where, limit=200, include_all_metadata=True, cursor=cursor))
        for one in page.get("messages", ()):
            yield one
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def _key_of(message: dict[str, Any]) -> str:
    """The key a message was posted with; empty for one that is not ours."""
    metadata = message.get("metadata") or {}
    return str((metadata.get("event_payload") or {}).get("key", "")) if metadata.get("event_type") == KEY else ""


async def fetch_file(http: ClientSession, workspace: Workspace, url: str, hosts: tuple[str, ...]) -> bytes:
    """Read a file from Slack's own hosts, with the bot's token and no redirect.

    :raises NotPosted: it stands elsewhere, is too large, or Slack does not give it
    """
    address = urlsplit(url)
    if address.scheme != "https" and address.hostname != "127.0.0.1":
        raise NotPosted("That file is not fetched: its address is not secure.")
    if address.netloc not in hosts:
        raise NotPosted("That file does not stand in Slack, so it is not fetched. Add it in the form.")
    headers = {"Authorization": f"Bearer {workspace.token}"}
    try:
        async with http.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status != 200:  # noqa: PLR2004 - the only answer with a file in it
                raise NotPosted("Slack did not give that file. Add it again.")
            raw = await answer.content.read(MOST_BYTES + 1)
            while len(raw) <= MOST_BYTES and (more := await answer.content.read(MOST_BYTES + 1 - len(raw))):
                raw += more
    except (ClientError, TimeoutError) as lost:
        raise NotPosted("Slack did not give that file in time. Add it again.") from lost
    if len(raw) > MOST_BYTES:
        raise NotPosted("That file is larger than 10 MB. Add a smaller one.")
    return raw
