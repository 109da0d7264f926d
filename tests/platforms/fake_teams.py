"""Teams, small and strict, on a real socket: it checks tokens, rosters, cards, sizes and paces, and fails on order.

It keeps what a person would see. ``complaints`` is everything Teams would have refused or shown otherwise. The paths
are those of the Bot Connector's REST interface, version 3.
"""

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from time import time  # noqa: TID251 - Microsoft's own clock dates its tokens
from typing import Any
from urllib.parse import quote, unquote

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.platforms.fake_entra import APP_ID, OTHER_TENANT, TENANT, FakeEntra, Thing
from tests.platforms.teams_rules import ADAPTIVE, wrong_with_message

BOT = f"28:{APP_ID}"
THREAD_LIMITS: tuple[tuple[float, int], ...] = ((1, 7), (2, 8), (30, 60), (3600, 1800))
"""Messages a bot may send to one thread, within so many seconds."""
PERSONAL, GROUP, CHANNEL = "personal", "groupChat", "channel"

BLOCKED = '{\r\n  "subCode": "MessageWritesBlocked",\r\n  "details": "Thread is blocked from message writes."\r\n}'
REFUSALS: dict[str, tuple[int, Thing]] = {
    "MessageWritesBlocked": (403, {"errorCode": 209, "message": BLOCKED}),
    "ConversationBlockedByUser": (403, {}),
    "BotNotInConversationRoster": (403, {}),
    "BotDisabledByAdmin": (403, {}),
    "ForbiddenOperationException": (403, {}),
    "ConversationNotFound": (404, {}),
    "ActivityNotFoundInConversation": (404, {}),
    "MemberNotFoundInConversation": (404, {}),
    "PreconditionFailed": (412, {}),
    "MessageSizeTooBig": (413, {}),
    "BadSyntax": (400, {}),
    "BadArgument": (400, {}),
    "Throttled": (429, {}),
    "Unauthorized": (401, {}),
}


@dataclass
class Account:
    """Somebody, as Teams knows them."""

    object_id: str
    name: str
    tenant: str = TENANT
    role: str = "user"
    installed: bool = True
    blocked: bool = False

    @property
    def id(self) -> str:
        """What the bot knows them by; another bot knows them by another."""
        return f"29:{self.object_id}"

    def seen(self) -> Thing:
        """As a roster shows them."""
        return {
            "id": self.id,
            "name": self.name,
            "aadObjectId": self.object_id,
            "objectId": self.object_id,
            "tenantId": self.tenant,
            "userRole": self.role,
            "userPrincipalName": f"{self.object_id}@library.example",
        }


@dataclass
class Post:
    """One message as it stands: ``versions`` are everything it has shown, the newest last."""

    id: str
    under: str
    versions: list[Thing]

    @property
    def said(self) -> Thing:
        """What it shows now."""
        return self.versions[-1]


@dataclass
class Conversation:
    """A chat or a channel. ``archived`` is a channel whose team is read only; ``roster`` says the bot is in it."""

    id: str
    kind: str
    tenant: str
    name: str = ""
    team: str = ""
    posts: list[Post] = field(default_factory=list)
    roster: bool = True
    archived: bool = False
    members: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    """What people wrote in a channel, by id: it can be replied to."""


@dataclass
class Fault:
    """How one call is answered badly: before it is carried out, or after."""

    kind: str
    call: str
    after: bool = False
    seconds: float = 1.0


@dataclass
class FakeTeams:
    """The tenants, what stands in them, and how Teams behaves. ``limits`` are off unless a test is about them."""

    now: Callable[[], float]
    entra: FakeEntra = field(default_factory=lambda: FakeEntra(wall=time))
    conversations: dict[str, Conversation] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    fetched: list[tuple[str, bool]] = field(default_factory=list)
    drive: dict[str, bytes] = field(default_factory=dict)
    """What bots put into people's OneDrive, by name; a file of which a part is missing is there as far as it came."""
    faults: list[Fault] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    payloads: list[Thing] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    limits: Sequence[tuple[float, int]] = ()
    throttled: int = 0
    url: str = ""
    _sent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def service_url(self) -> str:
        """Where the bot answers."""
        return f"{self.url}/amer/"

    # -- what stands there -------------------------------------------------------------------------------------------

    def channel(self, name: str, *, tenant: str = TENANT) -> Conversation:
        """A channel of a team in which the bot is installed."""
        team = f"19:team-{tenant[:4]}@thread.tacv2"
        made = Conversation(f"19:{name}@thread.tacv2", CHANNEL, tenant, name, team)
        return self.conversations.setdefault(made.id, made)

    def group(self, name: str, *, tenant: str = TENANT) -> Conversation:
        """A group chat the bot was added to."""
        made = Conversation(f"19:{name}@thread.v2", GROUP, tenant, name)
        return self.conversations.setdefault(made.id, made)

    def account(self, object_id: str, name: str = "", *, tenant: str = TENANT, role: str = "user") -> Account:
        """Somebody of a tenant."""
        return self.accounts.setdefault(object_id, Account(object_id, name or object_id, tenant, role))

    def personal(self, object_id: str) -> Conversation:
        """The chat of somebody with the bot."""
        account = self.accounts[object_id]
        made = Conversation(f"a:{account.tenant[:4]}-{object_id}", PERSONAL, account.tenant, members={object_id})
        return self.conversations.setdefault(made.id, made)

    def fails(self, kind: str, call: str = "post", *, after: bool = False, seconds: float = 1.0) -> None:
        """Answer the next call (``post``, ``update``, ``create``, ``member``, ``picture``) badly."""
        self.faults.append(Fault(kind, call, after=after, seconds=seconds))

    def picture(self, name: str, raw: bytes) -> Thing:
        """A picture pasted into a message: it takes the bot's token to fetch it."""
        self.pictures[name] = raw
        return {"contentType": "image/*", "contentUrl": f"{self.service_url}v3/attachments/{name}/views/original"}

    def upload(self, name: str, raw: bytes) -> Thing:
        """A file sent in a 1:1 chat: its address is all it takes, and the token must not go there."""
        self.pictures[name] = raw
        return {
            "contentType": "application/vnd.microsoft.teams.file.download.info",
            "contentUrl": f"{self.url}/personal/{name}",
            "name": name,
            "content": {
                "downloadUrl": f"{self.url}/download/{name}?tempauth=once",
                "uniqueId": f"U-{name}",
                "fileType": name.rpartition(".")[2],
            },
        }

    def room(self, name: str) -> Thing:
        """Room for a file that somebody took, as the answer to a bot's question names it."""
        return {
            "contentUrl": f"{self.url}/personal/{name}",
            "name": name,
            "uploadUrl": f"{self.url}/upload/{quote(name)}?session=once",
            "uniqueId": f"U-{name}",
            "fileType": name.rpartition(".")[2],
        }

    # -- the connector -----------------------------------------------------------------------------------------------

    async def call(self, request: web.Request, name: str) -> web.StreamResponse:
        """One call: who asks, what goes wrong, what comes of it."""
        self.calls.append(name)
        token = request.headers.get("Authorization", "")
        if not (token.startswith("Bearer ") and self.entra.accepts(token.removeprefix("Bearer "))):
            return refusal("Unauthorized")
        asked = await request.json() if request.can_read_body else {}
        where = {part: unquote(value) for part, value in request.match_info.items()}
        fault = next((one for one in self.faults if one.call == name), None)
        if fault is not None:
            self.faults.remove(fault)
            if fault.after:
                self._carry_out(name, where, asked)
            return await _badly(fault, request)
        return self._carry_out(name, where, asked)

    def _carry_out(self, name: str, where: dict[str, str], asked: Thing) -> web.Response:
        if name in {"create", "channels"}:
            return self._create(asked) if name == "create" else self._channels(where["team"])
        known = self.conversations.get(where["conversation"].partition(";")[0])
        if known is None:
            return refusal("ConversationNotFound")
        if not known.roster:
            return refusal("BotNotInConversationRoster")
        match name:
            case "post":
                return self._post(known, where, asked)
            case "update" | "delete":
                return self._update(known, where["activity"], asked if name == "update" else None)
            case _:
                return self._member(known, where.get("member", ""))

    def _create(self, asked: Thing) -> web.Response:
        """A chat with somebody, or a new thread in a channel."""
        data = asked.get("channelData") or {}
        if "channel" in data:
            return self._create_thread(str(data["channel"]["id"]), asked.get("activity") or {})
        members = asked.get("members") or []
        tenant = asked.get("tenantId") or (data.get("tenant") or {}).get("id")
        if len(members) != 1 or asked.get("isGroup") or not tenant:
            self.complaints.append("create: one member, no group, and the tenant")
            return refusal("BadSyntax")
        account = self.accounts.get(str(members[0]["id"]).removeprefix("29:"))
        if account is None or account.tenant != tenant:
            return refusal("BadArgument")
        if not account.installed:
            return refusal("ForbiddenOperationException")
        return web.json_response({"id": self.personal(account.object_id).id}, status=201)

    def _create_thread(self, channel: str, activity: Thing) -> web.Response:
        known = self.conversations.get(channel)
        if known is None or not known.roster:
            return refusal("ConversationNotFound" if known is None else "BotNotInConversationRoster")
        answer = self._post(known, {"conversation": channel}, activity)
        made = json.loads(answer.text or "{}").get("id")
        if not made:
            return answer
        return web.json_response({"id": f"{channel};messageid={made}", "activityId": made}, status=201)

    def _post(self, known: Conversation, where: dict[str, str], asked: Thing) -> web.Response:
        if (no := self._cannot_write(known)) is not None:
            return no
        if self._too_many(known.id):
            self.throttled += 1
            return refusal("Throttled", {"Retry-After": "1"})
        wrong = wrong_with_message(asked)
        if known.kind != PERSONAL and asked.get("suggestedActions"):
            wrong.append("suggestedActions outside a 1:1 chat")
        if known.kind != PERSONAL and any(one.get("contentType") != ADAPTIVE for one in asked.get("attachments") or []):
            wrong.append("a file outside a 1:1 chat")
        if wrong:
            self.complaints += [f"post: {one}" for one in wrong]
            return refusal("MessageSizeTooBig" if "TooBig" in " ".join(wrong) else "BadSyntax")
        under = where["conversation"].partition(";messageid=")[2] or where.get("activity", "")
        if ";messageid=" in where["conversation"] and known.kind != CHANNEL:
            return refusal("BadSyntax")
        if under and known.kind == CHANNEL and under not in known.written | {post.id for post in known.posts}:
            return refusal("ActivityNotFoundInConversation")
        post = Post(f"17000{next(self._numbers):08}", under if known.kind == CHANNEL else "", [asked])
        known.posts.append(post)
        self.payloads.append(asked)
        return web.json_response({"id": post.id}, status=201)

    def _cannot_write(self, known: Conversation) -> web.Response | None:
        if known.archived:
            return refusal("MessageWritesBlocked")
        if known.kind == PERSONAL:
            account = self.accounts[next(iter(known.members))]
            if account.blocked:
                return refusal("ConversationBlockedByUser")
            if not account.installed:
                return refusal("MessageWritesBlocked")
        return None

    def _too_many(self, thread: str) -> bool:
        sent, now = self._sent[thread], self.now()
        if any(sum(now - at < seconds for at in sent) >= most for seconds, most in self.limits):
            return True
        sent.append(now)
        return False

    def _update(self, known: Conversation, activity: str, asked: Thing | None) -> web.Response:
        post = next((one for one in known.posts if one.id == activity), None)
        if (no := self._cannot_write(known)) is not None:
            return no
        if post is None:
            return refusal("ActivityNotFoundInConversation")
        if asked is None:
            known.posts.remove(post)
            return web.json_response({})
        if wrong := wrong_with_message(asked):
            self.complaints += [f"update: {one}" for one in wrong]
            return refusal("BadSyntax")
        post.versions.append(asked)
        self.payloads.append(asked)
        return web.json_response({"id": activity})

    def _member(self, known: Conversation, member: str) -> web.Response:
        everybody = [one for one in self.accounts.values() if one.tenant == known.tenant or one.role == "guest"]
        if known.kind == PERSONAL:
            everybody = [one for one in everybody if one.object_id in known.members]
        if not member:
            return web.json_response({"members": [one.seen() for one in everybody]})
        found = next((one for one in everybody if member in {one.id, one.object_id}), None)
        return web.json_response(found.seen()) if found else refusal("MemberNotFoundInConversation")

    def _channels(self, team: str) -> web.Response:
        found = [one for one in self.conversations.values() if one.team == team and one.kind == CHANNEL]
        if not found:
            return refusal("ConversationNotFound")
        return web.json_response({"conversations": [{"id": one.id, "name": one.name} for one in found]})

    # -- the rest ----------------------------------------------------------------------------------------------------

    async def give_picture(self, request: web.Request) -> web.StreamResponse:
        """A pasted picture, to whoever has the bot's token."""
        name, token = request.match_info["name"], request.headers.get("Authorization", "")
        self.fetched.append((name, True))
        if not self.entra.accepts(token.removeprefix("Bearer ")):
            return refusal("Unauthorized")
        return web.Response(body=self.pictures[name], content_type="image/png")

    async def give_file(self, request: web.Request) -> web.StreamResponse:
        """An uploaded file, to whoever knows its address."""
        name = request.match_info["name"]
        self.fetched.append((name, False))
        if "Authorization" in request.headers:
            self.complaints.append("the bot's token went to a file server")
        if "tempauth" not in request.query:
            return web.Response(status=401)
        return web.Response(body=self.pictures[name], content_type="application/octet-stream")

    async def lead_elsewhere(self, request: web.Request) -> web.StreamResponse:
        """A place of files that sends whoever asks on to another."""
        raise web.HTTPFound(request.query["to"])

    async def take_file(self, request: web.Request) -> web.StreamResponse:
        """A part of a file, from whoever knows the address; the next part begins where the last one ended."""
        name = request.match_info["name"]
        self.calls.append("upload")
        if "Authorization" in request.headers:
            self.complaints.append("the bot's token went to a file server")
        if "session" not in request.query:
            return web.Response(status=401)
        fault = next((one for one in self.faults if one.call == "upload"), None)
        if fault is not None:
            self.faults.remove(fault)
            return await _badly(fault, request)
        span, _, whole = request.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        begin, _, end = span.partition("-")
        part, there = await request.read(), self.drive.get(name, b"") if begin != "0" else b""
        if not (begin.isdigit() and end.isdigit() and whole.isdigit()) or int(end) - int(begin) + 1 != len(part):
            self.complaints.append(f"upload: {len(part)} bytes as {request.headers.get('Content-Range')}")
            return web.Response(status=400)
        if int(begin) != len(there) or (int(end) + 1 < int(whole) and len(part) % (320 * 1024)):
            self.complaints.append(f"upload: {span} of {whole} after {len(there)} bytes")
            return web.Response(status=416)
        self.drive[name] = there + part
        return web.Response(status=201 if len(self.drive[name]) == int(whole) else 202)


def refusal(code: str, headers: dict[str, str] | None = None) -> web.Response:
    """An error as the connector words it."""
    status, body = REFUSALS[code]
    return web.json_response(body or {"error": {"code": code, "message": f"{code}."}}, status=status, headers=headers)


async def _badly(fault: Fault, request: web.Request) -> web.StreamResponse:  # noqa: PLR0911 - one case a fault
    match fault.kind:
        case "429":
            return refusal("Throttled", {"Retry-After": str(int(fault.seconds))})
        case "429 without a time":
            return refusal("Throttled")
        case "500" | "502" | "503" | "504":
            return web.Response(status=int(fault.kind), text="<html>sorry</html>", content_type="text/html")
        case "hang":
            await asyncio.sleep(fault.seconds)
            return web.Response(status=504)
        case "reset":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        case "no id":
            return web.json_response({}, status=201)
        case code:
            return refusal(code)


@asynccontextmanager
async def running(teams: FakeTeams) -> AsyncIterator[FakeTeams]:
    """The fake on a port of this computer."""
    app = web.Application(client_max_size=61 * 1024 * 1024)
    one = "/amer/v3/conversations/{conversation}"
    routes = {
        "create": ("POST", ["/amer/v3/conversations"]),
        "post": ("POST", [f"{one}/activities", f"{one}/activities/{{activity}}"]),
        "update": ("PUT", [f"{one}/activities/{{activity}}"]),
        "delete": ("DELETE", [f"{one}/activities/{{activity}}"]),
        "channels": ("GET", ["/amer/v3/teams/{team}/conversations"]),
        "member": ("GET", [f"{one}/members/{{member}}", f"{one}/members", f"{one}/pagedmembers"]),
    }
    for name, (method, paths) in routes.items():
        for path in paths:
            app.router.add_route(method, path, _called(teams, name))
    app.router.add_get("/amer/v3/attachments/{name}/views/{view}", teams.give_picture)
    app.router.add_get("/download/{name}", teams.give_file)
    app.router.add_put("/upload/{name}", teams.take_file)
    app.router.add_get("/elsewhere", teams.lead_elsewhere)
    teams.entra.add_routes(app)
    server = TestServer(app)
    await server.start_server()
    teams.url = f"http://127.0.0.1:{server.port}"
    teams.entra.url = teams.url
    for name, tenant in (("social-media", TENANT), ("decisions", TENANT), ("records", TENANT)):
        teams.channel(name, tenant=tenant)
    teams.channel("birch", tenant=OTHER_TENANT)
    try:
        yield teams
    finally:
        await server.close()


def _called(teams: FakeTeams, name: str) -> Any:  # noqa: ANN401 - a handler of aiohttp
    async def handle(request: web.Request) -> web.StreamResponse:
        return await teams.call(request, name)

    return handle
