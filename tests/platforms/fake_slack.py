"""Slack, small and strict, on a real socket: it checks tokens, scopes, payloads, triggers, paces, and fails on order.

It keeps what a person would see. ``complaints`` is everything Slack would have refused or the person would have missed.
"""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from tests.platforms.fake_slack_files import GroupsAndFiles
from tests.platforms.fake_slack_files import no as _no
from tests.platforms.slack_rules import wrong_with_message, wrong_with_post, wrong_with_view

TEAM = "T0CHICOPEE"
TOKEN = "xoxb-chicopee"  # noqa: S105 - of no real workspace
APP_TOKEN = "xapp-chicopee"  # noqa: S105 - as above
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # noqa: S105 - as above
BOT = "U0BOT"
TRIGGER_LIFE = 3.0
Thing = dict[str, Any]

SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.open": "im:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "conversations.info": "channels:read",
    "users.info": "users:read",
    "files.info": "files:read",
    "files.list": "files:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
}
ALL_SCOPES = frozenset(SCOPES.values()) | {
    "commands",
    "app_mentions:read",
    "im:history",
    "groups:history",
    "groups:read",
}


@dataclass
class Installed:
    """What Slack knows of the app in one workspace."""

    team: str
    token: str
    channels: set[str]
    scopes: frozenset[str] = ALL_SCOPES
    bot: str = BOT
    revoked: bool = False


@dataclass
class Fault:
    """How one call is answered badly: before it is carried out, or after."""

    kind: str
    method: str
    after: bool = False
    seconds: float = 1.0


@dataclass(kw_only=True)
class FakeSlack(GroupsAndFiles):
    """The workspaces, what stands in them, and how Slack behaves."""

    now: Callable[[], float]
    teams: dict[str, Installed] = field(default_factory=dict)
    messages: dict[str, list[Thing]] = field(default_factory=lambda: defaultdict(list))
    ephemeral: dict[str, list[Thing]] = field(default_factory=lambda: defaultdict(list))
    views: dict[str, Thing] = field(default_factory=dict)
    open_view: dict[str, str] = field(default_factory=dict)
    homes: dict[str, Thing] = field(default_factory=dict)
    people: dict[str, Thing] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    away: str = ""
    """How every call is answered badly while Slack is away; empty when it is not."""
    complaints: list[str] = field(default_factory=list)
    payloads: list[Thing] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    pace: float = 0.0
    date: str = ""
    archived: set[str] = field(default_factory=set)
    _triggers: dict[str, tuple[float, str]] = field(default_factory=dict)
    _responses: dict[str, tuple[str, int]] = field(default_factory=dict)
    _last_post: dict[str, float] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _acks: dict[str, asyncio.Future[Thing]] = field(default_factory=dict)
    codes: dict[str, Thing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.install(TEAM, TOKEN, {"social-media", "decisions", "records"})

    def install(self, team: str, token: str, channels: set[str]) -> None:
        """Install the app in a workspace."""
        self.teams[token] = Installed(team, token, channels)

    def trigger(self, user: str) -> str:
        """A trigger as Slack gives it out: it lives three seconds and opens one view."""
        made = f"trigger.{next(self._numbers)}"
        self._triggers[made] = (self.now(), user)
        return made

    def expect(self, trigger: str, user: str) -> None:
        """Take a trigger that somebody else named as one given out now."""
        self._triggers[trigger] = (self.now(), user)

    def response_url(self, user: str) -> str:
        """An address to answer a person at: five times."""
        made = str(next(self._numbers))
        self._responses[made] = (user, 0)
        return f"{self.url}/response/{made}"

    def fails(self, kind: str, method: str, *, after: bool = False, seconds: float = 1.0) -> None:
        """Answer the next call of a method badly."""
        self.faults.append(Fault(kind, method, after=after, seconds=seconds))

    # -- the Web API -------------------------------------------------------------------------------------------------

    async def api(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        method = request.match_info["method"]
        self.calls.append(method)
        asked = await _asked(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if method == "apps.connections.open":
            known = token == APP_TOKEN
            return web.json_response(
                {"ok": True, "url": f"{self.url.replace('http', 'ws')}/socket"} if known else _no("invalid_auth")
            )
        if method == "oauth.v2.access":
            return web.json_response(
                self.codes.get(asked.get("code") or asked.get("refresh_token", ""), _no("invalid_code"))
            )
        if self.away:
            return await self._badly(Fault(self.away, method), request)
        fault = next((one for one in self.faults if one.method == method), None)
        if fault is not None:
            self.faults.remove(fault)
            if fault.after:
                self._carry_out(method, asked, token)
            return await self._badly(fault, request)
        status, answer = self._carry_out(method, asked, token)
        headers = {"Retry-After": "1"} if status == 429 else {}
        if token in self.teams:
            headers["X-OAuth-Scopes"] = ",".join(self.teams[token].scopes)
        if self.date:
            headers["Date"] = self.date
        return web.json_response(answer, status=status, headers=headers)

    async def _badly(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        match fault.kind:
            case "429":
                return web.json_response(
                    _no("ratelimited"), status=429, headers={"Retry-After": str(int(fault.seconds))}
                )
            case "500":
                return web.Response(status=500, text="<html>sorry</html>", content_type="text/html")
            case "hang":
                await asyncio.sleep(fault.seconds)
                return web.json_response(_no("fatal_error"))
            case "reset":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case code:
                return web.json_response(_no(code))

    def _carry_out(self, method: str, asked: Thing, token: str) -> tuple[int, Thing]:
        team = self.teams.get(token)
        if team is None or team.revoked:
            return 200, _no("token_revoked" if team else "invalid_auth")
        needed = SCOPES.get(method)
        if needed and needed not in team.scopes:
            return 200, _no("missing_scope") | {"needed": needed}
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            self.complaints.append(f"no such method here: {method}")
            return 200, _no("unknown_method")
        answer: Thing = handler(asked, team)
        if answer.get("error") == "ratelimited":
            return 429, answer
        return 200, answer

    def _auth_test(self, _: Thing, team: Installed) -> Thing:
        return {
            "ok": True,
            "team_id": team.team,
            "user_id": BOT,
            "bot_id": "B0BOT",
            "team": team.team,
            "url": "https://x",
        }

    def _users_info(self, asked: Thing, team: Installed) -> Thing:
        return {"ok": True, "user": self.people.get(asked["user"], {"id": asked["user"], "team_id": team.team})}

    def _conversations_open(self, asked: Thing, _: Installed) -> Thing:
        if self.people.get(asked["users"], {}).get("deleted"):
            return _no("user_disabled")
        return {"ok": True, "channel": {"id": f"D{asked['users']}"}}

    def _conversations_info(self, asked: Thing, team: Installed) -> Thing:
        member, archived = asked["channel"] in team.channels, asked["channel"] in self.archived
        return {"ok": True, "channel": {"id": asked["channel"], "is_member": member, "is_archived": archived}}

    def _chat_postMessage(self, asked: Thing, team: Installed) -> Thing:  # noqa: N802 - Slack's name
        channel = asked["channel"]
        channel = f"D{channel}" if channel.startswith("U") else channel
        if not channel.startswith("D") and channel not in team.channels:
            return _no("not_in_channel")
        wrong = wrong_with_post(asked)
        if wrong:
            self.complaints += [f"chat.postMessage: {one}" for one in wrong]
            return _no("invalid_blocks")
        if self.pace and self.now() - self._last_post.get(channel, -100.0) < self.pace:
            self.complaints.append(f"too fast for {channel}")
            return _no("ratelimited")
        self._last_post[channel] = self.now()
        self.payloads.append(asked)
        ts = f"17000{next(self._numbers):05}.000100"
        said = {**asked, "ts": ts, "channel": channel, "team": team.team}
        if asked.get("thread_ts"):
            root = next((one for one in self.messages[channel] if one["ts"] == asked["thread_ts"]), None)
            if root is None:
                return _no("thread_not_found")
            root.update(reply_count=root.get("reply_count", 0) + 1, latest_reply=ts)
        self.messages[channel].append(said)
        return {"ok": True, "ts": ts, "channel": channel, "message": said}

    def _chat_postEphemeral(self, asked: Thing, team: Installed) -> Thing:  # noqa: N802 - Slack's name
        if asked["channel"] not in team.channels:
            return _no("not_in_channel")
        return self._told(asked["user"], asked)

    def _chat_update(self, asked: Thing, _: Installed) -> Thing:
        wrong = wrong_with_message(asked)
        if wrong:
            self.complaints += [f"chat.update: {one}" for one in wrong]
            return _no("invalid_blocks")
        self.payloads.append(asked)
        for one in self.messages[asked["channel"]]:
            if one["ts"] == asked["ts"]:
                one.update(text=asked["text"], blocks=asked["blocks"])
                return {"ok": True, "ts": asked["ts"]}
        return _no("message_not_found")

    def _conversations_history(self, asked: Thing, team: Installed) -> Thing:
        if asked["channel"] not in team.channels and not asked["channel"].startswith("D"):
            return _no("not_in_channel")
        roots = [one for one in self.messages[asked["channel"]] if not one.get("thread_ts")]
        return _page([_seen(one, asked) for one in reversed(roots)], asked)

    def _conversations_replies(self, asked: Thing, _: Installed) -> Thing:
        found = [one for one in self.messages[asked["channel"]] if asked["ts"] in {one["ts"], one.get("thread_ts")}]
        return _page([_seen(one, asked) for one in found], asked)

    def _views_open(self, asked: Thing, _: Installed) -> Thing:
        given, user = self._triggers.pop(asked["trigger_id"], (-100.0, ""))
        if not user:
            return _no("exchanged_trigger_id")
        if self.now() - given > TRIGGER_LIFE:
            return _no("expired_trigger_id")
        return self._show(asked["view"], user, f"V{next(self._numbers)}")

    def _views_update(self, asked: Thing, _: Installed) -> Thing:
        known = self.views.get(asked["view_id"])
        if known is None:
            return _no("not_found")
        return self._show(asked["view"], known["user"], asked["view_id"])

    def _views_publish(self, asked: Thing, _: Installed) -> Thing:
        wrong = wrong_with_view(asked["view"])
        if wrong:
            self.complaints += [f"views.publish: {one}" for one in wrong]
            return _no("invalid_arguments")
        self.payloads.append(asked["view"])
        self.homes[asked["user_id"]] = asked["view"]
        return {"ok": True, "view": asked["view"]}

    def _files_info(self, asked: Thing, _: Installed) -> Thing:
        return {"ok": True, "file": self.file(asked["file"])}

    def file(self, name: str) -> Thing:
        """A file as Slack describes it."""
        return {"id": name, "name": f"{name}.png", "url_private": f"{self.url}/files/{name}"}

    def _show(self, view: Thing, user: str, view_id: str) -> Thing:
        wrong = wrong_with_view(view)
        if wrong:
            self.complaints += [f"view: {one}" for one in wrong]
            return _no("invalid_arguments")
        self.payloads.append(view)
        self.views[view_id] = {"view": view, "user": user}
        self.open_view[user] = view_id
        return {"ok": True, "view": {**view, "id": view_id}}

    def show(self, view: Thing, user: str) -> None:
        """What a response action does: the open modal shows another view."""
        assert self._show(view, user, self.open_view[user])["ok"], self.complaints

    def _told(self, user: str, said: Thing) -> Thing:
        wrong = wrong_with_message(said)
        if wrong:
            self.complaints += [f"ephemeral: {one}" for one in wrong]
            return _no("invalid_blocks")
        self.payloads.append(said)
        self.ephemeral[user].append(said)
        return {"ok": True, "message_ts": "1.1"}

    def answered(self, user: str, said: Thing) -> None:
        """A command's own answer."""
        if said.get("text") or said.get("blocks"):
            assert said.get("response_type") == "ephemeral", "an answer everybody would see"
            assert self._told(user, said)["ok"], self.complaints

    # -- the rest ----------------------------------------------------------------------------------------------------

    async def respond(self, request: web.Request) -> web.Response:
        """An answer at a response address."""
        user, used = self._responses[request.match_info["response"]]
        said = await request.json()
        if used >= 5:
            self.complaints.append("a response address used a sixth time")
            return web.Response(status=404)
        self._responses[request.match_info["response"]] = (user, used + 1)
        if said.get("response_type") != "ephemeral":
            self.complaints.append("an answer everybody would see")
        return web.json_response(self._told(user, said))

    async def give_file(self, request: web.Request) -> web.Response:
        """A file, to whoever has a token."""
        name = request.match_info["file"]
        self.fetched.append(name)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.teams:
            return web.Response(status=302, headers={"Location": "https://slack.com/signin"})
        return web.Response(body=self.files[name])

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """A connection of Socket Mode."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets), "debug_info": {}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                with contextlib.suppress(ValueError):
                    said = json.loads(message.data)
                    waiting = self._acks.pop(said.get("envelope_id", ""), None)
                    if waiting is not None and not waiting.done():
                        waiting.set_result(said.get("payload") or {})
        self.sockets.remove(socket)
        return socket

    async def through_socket(self, kind: str, payload: Thing) -> Thing:
        """Send a delivery down the newest connection and wait for its acknowledgement."""
        envelope = f"e{next(self._numbers)}"
        waiting: asyncio.Future[Thing] = asyncio.get_running_loop().create_future()
        self._acks[envelope] = waiting
        while not self.sockets:  # noqa: ASYNC110 - it stands for somebody who tries again
            await asyncio.sleep(0.02)
        await self.sockets[-1].send_json(
            {"envelope_id": envelope, "type": kind, "payload": payload, "accepts_response_payload": True}
        )
        return await asyncio.wait_for(waiting, 3.0)


def _page(messages: list[Thing], asked: Thing) -> Thing:
    """One page of a conversation, and the way to the next."""
    start, limit = int(asked.get("cursor") or 0), int(asked.get("limit") or 100)
    following = str(start + limit) if start + limit < len(messages) else ""
    return {
        "ok": True,
        "messages": messages[start : start + limit],
        "response_metadata": {"next_cursor": following},
    }


def _seen(message: Thing, asked: Thing) -> Thing:
    keep = str(asked.get("include_all_metadata", "")).lower() in {"1", "true"}
    return message if keep else {name: value for name, value in message.items() if name != "metadata"}


async def _asked(request: web.Request) -> Thing:
    asked: Thing = dict(request.query)
    if request.content_type == "application/json":
        asked |= await request.json()
    else:
        asked |= dict(await request.post())
    for name in ("view", "blocks", "metadata", "files"):
        if isinstance(asked.get(name), str):
            asked[name] = json.loads(asked[name])
    return asked


@asynccontextmanager
async def running(slack: FakeSlack) -> AsyncIterator[FakeSlack]:
    """The fake on a port of this computer."""
    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.router.add_route("*", "/api/{method}", slack.api)
    app.router.add_post("/response/{response}", slack.respond)
    app.router.add_get("/files/{file}", slack.give_file)
    app.router.add_post("/upload/{file}", slack.upload)
    app.router.add_get("/socket", slack.socket)
    server = TestServer(app)
    await server.start_server()
    slack.url = f"http://127.0.0.1:{server.port}"
    try:
        yield slack
    finally:
        for socket in list(slack.sockets):
            await socket.close()
        await server.close()
