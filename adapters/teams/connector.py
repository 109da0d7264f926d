"""The Bot Connector's REST interface, version 3, asked over our own connections.

Nothing is retried here: a message that may have arrived is never sent again blindly. The one exception repeats nothing,
because a token that is refused posts nothing. Source: Azure Bot Service, "Bot Framework REST API reference"; Teams,
"Optimize your bot with rate limiting".
"""

import asyncio
import json
import logging
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any
from urllib.parse import quote

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout

from adapters.teams.credentials import Credentials, NoToken
from adapters.teams.settings import TeamsSettings
from bot.ports import NotPosted, OutcomeUnknown, TryLater

__all__ = ["Connector", "NoMember", "Pace"]

log = logging.getLogger("duenotice.teams")

LIMITS: tuple[tuple[float, int], ...] = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
"""Messages a bot may send to one conversation within so many seconds."""
UNREACHABLE = 30.0
"""Seconds until the next attempt when nothing reached Teams."""
NO_TOKEN = 60.0
"""The same when Microsoft gives the bot no token."""
PART = 10 * 1024 * 1024
"""Bytes of a file that are sent at a time; OneDrive takes multiples of 320 KiB, and less than 60 MiB."""
UPLOAD = ClientTimeout(total=120.0, sock_connect=5.0)
"""Seconds for one part: it takes longer than a call."""
UNAUTHORIZED, PRECONDITION, RATE_LIMITED, SERVER_ERROR = 401, 412, 429, 500
SAID = {
    "MessageWritesBlocked": "the bot may not write there: it was removed or blocked, or the team is archived",
    "ConversationBlockedByUser": "that person has blocked the bot",
    "BotNotInConversationRoster": "the bot is not in that conversation; add the app to that team or chat",
    "BotDisabledByAdmin": "an administrator of Teams has blocked the app",
    "ForbiddenOperationException": "that person does not have the app; install it for them",
    "InvalidBotApiHost": "Teams refuses the address the bot wrote to",
    "ConversationNotFound": "Teams knows no such conversation, or the bot was removed from it",
    "ActivityNotFoundInConversation": "the message was deleted",
    "MemberNotFoundInConversation": "Teams knows no such member there",
    "MessageSizeTooBig": "the message is too large for Teams",
    "BadArgument": "Teams knows no such person or channel",
}
NOBODY = frozenset({"MemberNotFoundInConversation", "MemberNotFound"})


class NoMember(NotPosted):
    """Teams knows nobody of this name in a conversation."""


class Pace:
    """Keeps to what Teams takes in one conversation, so that it does not have to say so."""

    def __init__(self, now: Callable[[], float], limits: tuple[tuple[float, int], ...] = LIMITS) -> None:
        """``now`` counts seconds (a monotonic clock)."""
        self._now = now
        self._limits = limits
        self._longest = max((seconds for seconds, _ in limits), default=0.0)
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._going: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, conversation: str, *, at_most: float) -> AsyncIterator[None]:
        """Wait for a message's turn in a conversation, and send it inside; it counts from when its answer is there.

        :raises TryLater: its turn is more than ``at_most`` seconds away
        """
        waited = 0.0
        while (wait := self._wait(conversation)) > 0:
            if waited + wait > at_most:
                raise TryLater(wait)
            waited += wait
            await asyncio.sleep(wait)
        self._going[conversation] += 1
        try:
            yield
        finally:
            self._going[conversation] -= 1
            self._sent[conversation].append(self._now())

    def _wait(self, conversation: str) -> float:
        """Seconds until a conversation takes one more; what is on its way may arrive any moment."""
        now = self._now()
        sent = self._sent[conversation]
        while sent and now - sent[0] > self._longest:
            sent.popleft()
        times = (*sent, *(now,) * self._going[conversation])
        return max((times[-most] + seconds - now for seconds, most in self._limits if len(times) >= most), default=0.0)


class Connector:
    """Calls the connector, and says in our words how it ended."""

    def __init__(self, settings: TeamsSettings, http: ClientSession, credentials: Credentials, pace: Pace) -> None:
        self._settings = settings
        self._http = http
        self._credentials = credentials
        self._pace = pace

    async def post(
        self, service_url: str, conversation: str, activity: Mapping[str, Any], *, at_most: float = UNREACHABLE
    ) -> str:
        """Post an activity and return the id Teams gave it; ``at_most`` is how many seconds it may wait for its turn.

        :raises TryLater: Teams asks to wait, or could not be reached at all
        :raises NotPosted: Teams refused it
        :raises OutcomeUnknown: the answer was lost, or says nothing of what was posted
        """
        async with self._pace.turn(conversation.partition(";")[0], at_most=at_most):
            said = await self._call("POST", service_url, _path("conversations", conversation, "activities"), activity)
        if not said.get("id"):
            raise OutcomeUnknown
        return str(said["id"])

    async def update(
        self,
        service_url: str,
        conversation: str,
        message: str,
        activity: Mapping[str, Any],
        *,
        at_most: float = UNREACHABLE,
    ) -> None:
        """Replace an activity; it takes its turn as a new one does.

        :raises TryLater, NotPosted, OutcomeUnknown: as ``post``
        """
        path = _path("conversations", conversation, "activities", message)
        async with self._pace.turn(conversation.partition(";")[0], at_most=at_most):
            await self._call("PUT", service_url, path, activity)

    async def begin(self, service_url: str, tenant: str, member: str) -> str:
        """Open the 1:1 conversation with a person and return its id; opening one that is open gives the same.

        :raises TryLater, NotPosted: as ``post``
        """
        asked = {
            "bot": {"id": self._settings.bot},
            "isGroup": False,
            "members": [{"id": member}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        try:
            async with self._pace.turn(f"opened in {tenant}", at_most=UNREACHABLE):
                said = await self._call("POST", service_url, _path("conversations"), asked)
        except OutcomeUnknown as lost:  # nothing is posted by opening a conversation
            raise TryLater(UNREACHABLE) from lost
        if not said.get("id"):
            raise TryLater(UNREACHABLE)
        return str(said["id"])

    async def member(self, service_url: str, conversation: str, member: str) -> dict[str, Any]:
        """What Teams says of somebody in a conversation.

        :raises TryLater, NotPosted, OutcomeUnknown: as ``post``
        """
        return await self._call("GET", service_url, _path("conversations", conversation, "members", member))

    async def members(self, service_url: str, conversation: str) -> dict[str, Any]:
        """The first of the members of a conversation, which only who is in it is told.

        :raises TryLater, NotPosted, OutcomeUnknown: as ``post``
        """
        return await self._call("GET", service_url, _path("conversations", conversation, "pagedmembers"))

    async def channels(self, service_url: str, team: str) -> dict[str, Any]:
        """The channels of a team.

        :raises TryLater, NotPosted, OutcomeUnknown: as ``post``
        """
        return await self._call("GET", service_url, _path("teams", team, "conversations"))

    async def fetch(self, url: str, *, most: int, signed: bool) -> bytes:
        """Read a file without following it elsewhere; ``signed`` sends the bot's token along.

        :raises NotPosted: it is too large, or is not given
        """
        headers = {}
        try:
            if signed:
                headers["Authorization"] = f"Bearer {await self._credentials.token()}"
            async with self._http.get(url, headers=headers, allow_redirects=False) as answer:
                if answer.status != 200:  # noqa: PLR2004 - the only answer with a file in it
                    raise NotPosted("Teams did not give that picture. Send it again.")
                raw = bytearray()
                async for part in answer.content.iter_chunked(65536):
                    raw += part
                    if len(raw) > most:
                        raise NotPosted(f"That picture is larger than {most // 1024 // 1024} MB. Send a smaller one.")
        except (ClientError, TimeoutError, NoToken) as lost:
            raise NotPosted("Teams did not give that picture in time. Send it again.") from lost
        return bytes(raw)

    async def upload(self, url: str, raw: bytes) -> None:
        """Put a file where Teams made room for it, part after part; its address is all it takes, so no token goes.

        :raises NotPosted: it is not taken, or only part of it was
        """
        for begin in range(0, len(raw), PART):
            part = BytesIO(raw[begin : begin + PART])
            span = f"bytes {begin}-{min(begin + PART, len(raw)) - 1}/{len(raw)}"
            try:
                async with self._http.put(
                    url, data=part, headers={"Content-Range": span}, allow_redirects=False, timeout=UPLOAD
                ) as answer:
                    if answer.status not in {200, 201, 202}:
                        raise NotPosted(f"the place for a file answered {answer.status}")
            except (ClientError, TimeoutError) as lost:
                raise NotPosted("the place for a file did not answer") from lost

    async def _call(
        self, method: str, service_url: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        if not self._settings.trusts(service_url):
            raise NotPosted("That address is none of Microsoft's, so nothing was sent there.")
        url = f"{service_url.rstrip('/')}/v3/{path}"
        raw = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace") if body is not None else None
        try:
            token = await self._credentials.token()
            status, headers, said = await self._once(method, url, raw, token)
            if status == UNAUTHORIZED and token:  # nothing was done; the token may just have been withdrawn
                self._credentials.refused(token)
                status, headers, said = await self._once(method, url, raw, await self._credentials.token())
        except NoToken as no:
            log.error("Teams cannot be written to: %s", no)  # noqa: TRY400 - one line says it all
            raise TryLater(NO_TOKEN) from no
        except ClientConnectorError as lost:
            raise TryLater(UNREACHABLE) from lost
        except (ClientError, TimeoutError) as lost:
            raise OutcomeUnknown from lost
        return _meant(status, headers, said)

    async def _once(self, method: str, url: str, raw: bytes | None, token: str) -> tuple[int, Mapping[str, str], bytes]:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        async with self._http.request(method, url, data=raw, headers=headers, allow_redirects=False) as answer:
            return answer.status, answer.headers, await answer.read()


def _path(*parts: str) -> str:
    return "/".join(quote(part, safe="") for part in parts)


def _meant(status: int, headers: Mapping[str, str], raw: bytes) -> dict[str, Any]:
    """What an answer comes to.

    :raises TryLater, NotPosted, OutcomeUnknown: it was not done, or nobody can say
    """
    said = _read(raw)
    if status < 300:  # noqa: PLR2004 - done
        return said
    if status == UNAUTHORIZED:
        log.error("Teams does not take the bot's token; `duenotice doctor` looks closer")
        raise TryLater(NO_TOKEN)
    if status == RATE_LIMITED:
        raise TryLater(_seconds(headers.get("Retry-After")))
    if status == PRECONDITION:  # two calls to one conversation met; Teams says that nothing was done
        raise TryLater(1.0)
    if status >= SERVER_ERROR:
        raise OutcomeUnknown
    code = _code(said)
    why = SAID.get(code, f"Teams answered {code or status}")
    raise (NoMember if code in NOBODY else NotPosted)(f"{why[0].upper()}{why[1:]}.")


def _read(raw: bytes) -> dict[str, Any]:
    try:
        said = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _code(said: Mapping[str, Any]) -> str:
    """The name of what went wrong; Teams writes some of them into a message that is itself JSON."""
    error = said.get("error")
    error = error if isinstance(error, dict) else {}
    inner = _read(str(error.get("message") or said.get("message") or "").encode())
    return str(inner.get("subCode") or error.get("code") or "")


def _seconds(said: str | None) -> float:
    try:
        return max(1.0, float(said or ""))
    except ValueError:
        return UNREACHABLE
