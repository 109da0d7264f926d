"""A library whose every word, press and page goes through Slack, for journeys that know nothing of it.

What a journey sends becomes a signed delivery; what the desk answers is drawn, and refused by the small Slack if real
Slack would refuse it. The journey gets the desk's own answer back, so that it can look closer than at a payload.
"""

import json
import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - Slack's own clock dates its files
from uuid import UUID

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from typing_extensions import override

from adapters.slack import forms, render
from adapters.slack.forms import Memory
from adapters.slack.platform import Slack, SlackSettings
from bot.cards import Button, Field, File, Identity, Reply, Submission, Turn
from bot.catalogue import FEATURES
from bot.desk import Desk
from bot.ports import Address, Messenger
from bot.refusal import Refusal
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.messenger import FakeMessenger
from tests.people import House, chicopee
from tests.platforms import wires
from tests.platforms.fake_slack import APP_TOKEN, SECRET, TEAM, TOKEN, FakeSlack, Thing, running
from tests.platforms.fake_slack_files import SlackFile
from tests.platforms.slack_people import encoded, signed
from tests.platforms.slack_reading import read
from tests.platforms.slack_rules import wrong_with_view
from tests.platforms.wires import Behind, HouseOver, said_the_same

PATIENCE = 60.0
"""Seconds: a journey looks at what is said, and other tests at what is said when the record is slow."""


def there(user: str) -> str:
    """An account of the practice desk as one of Slack."""
    return f"U{user.upper()}"


class Inner(Behind):
    """The desk behind Slack."""

    @override
    def user(self, account: Identity) -> str:
        return account.user.removeprefix("U").lower()


class Wire(wires.Wire):
    """The desk as a journey sees it; between the two lies Slack."""

    def __init__(self, plain: Desk, slack: FakeSlack, http: ClientSession, *, socket: bool = False) -> None:
        self.inner = Inner(plain)
        self._plain = plain
        self._slack = slack
        self._http = http
        self._socket = socket
        self._numbers = count(1)
        self.url = ""
        self.platform: Slack

    @override
    def use(self, plain: Desk) -> None:
        self._plain = self.inner.desk = plain

    @override
    def messenger(self, memory: FakeMessenger) -> Messenger:
        return BothMessenger(memory, self.platform.messenger, finds=True)

    async def start(self) -> TestServer:
        """Serve Slack's requests, or open its sockets."""
        settings = SlackSettings(
            bot_token=TOKEN,
            signing_secret=SECRET,
            app_token=APP_TOKEN if self._socket else "",
            api=f"{self._slack.url}/api/",
        )

        async def library_of(team: str) -> str:
            return str(LIBRARY) if team == TEAM else ""

        self.platform = Slack.build(
            self.inner, settings, library_of=library_of, now=monotonic, wall=time, pace=0.0, patience=PATIENCE
        )
        self.platform.desk.homes.gather = 0.0
        app = web.Application()
        self.platform.add_routes(app)
        server = TestServer(app)
        await server.start_server()
        self.url = f"http://127.0.0.1:{server.port}/slack/events"
        if self._socket:
            await self.platform.listen(settings)
        return server

    @override
    async def __call__(self, sent: Submission) -> Reply:
        """Send it as Slack does, and return what the desk answered.

        Birch's people, and whatever Slack has no gesture for (dropping a form that is past its first page), go straight
        to the desk.
        """
        if UUID(sent.library) != LIBRARY or (sent.turn is Turn.CANCEL and sent.page > 1):
            return await self._plain(sent)
        if sent.page and self._view(sent.token, sent.page) is None:  # in a message a form is a button that opens it
            await self(replace(sent, page=0, turn=Turn.NEXT, values={}))
        delivery = f"{next(self._numbers)}.wire"
        kind, body = self._delivery(sent, delivery)
        answer = await self._sent(kind, body)
        if "view" in answer:
            assert wrong_with_view(answer["view"]) == []
            self._slack.views[f"A{delivery}"] = {"view": answer["view"], "user": there(sent.actor.user)}
        await self.platform.desk.finish()
        heard, reply = self.inner.heard[delivery][-1]
        said_the_same(sent, heard, files=self._slack.files)
        self._drawn(reply, answer, there(sent.actor.user))
        return reply

    @override
    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        """Give the file to Slack; the bot fetches it when the page is sent."""
        made = f"F{next(self._numbers)}"
        self._slack.files[made] = raw
        return made

    @override
    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        """Press the button beside it, and take the copy from the person's conversation."""
        copy = await self._handed(actor, {"c": case, "h": sha256})
        return copy.raw, f"image/{copy.name.rpartition('.')[2]}"

    @override
    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        """Press its button, and take the copy from the person's conversation."""
        copy = await self._handed(actor, {"c": case, "n": name})
        return File(name=copy.name, media_type=mimetypes.guess_type(copy.name)[0] or "", raw=copy.raw)

    async def _handed(self, actor: Identity, about: Thing) -> SlackFile:
        user = there(actor.user)
        delivery = f"{next(self._numbers)}.wire"
        self._slack.expect(delivery, user)
        body: Thing = {
            "type": "block_actions",
            "user": {"id": user, "team_id": TEAM},
            "team": {"id": TEAM},
            "api_app_id": "A0",
            "trigger_id": delivery,
            "actions": [self._file_button(about)],
            "channel": {"id": f"D{user}"},
            "response_url": self._slack.response_url(user),
        }
        known, told = set(self._slack.sent_files), len(self._slack.ephemeral[user])
        await self._sent("interactive", body)
        await self.platform.desk.finish()
        copies = [file for key, file in self._slack.sent_files.items() if key not in known]
        if not copies:
            raise Refusal("\n".join(map(read, self._slack.ephemeral[user][told:])))
        [copy] = copies
        assert copy.channel == f"D{user}", "a file goes to whoever asked for it"
        return copy

    def _file_button(self, about: Thing) -> Thing:
        """A button of a picture or a document, as it was drawn for somebody; who presses it is another matter."""
        views = [shown["view"] for shown in self._slack.views.values()]
        messages = [
            one for said in (self._slack.ephemeral, self._slack.messages) for each in said.values() for one in each
        ]
        for drawn in [*views, *messages]:
            for block in drawn.get("blocks", []):
                for one in (*block.get("elements", ()), block.get("accessory") or {}):
                    if str(one.get("action_id", "")).startswith((render.PICTURE, render.DOCUMENT)):
                        carried = json.loads(one["value"])
                        if about.items() <= carried.items():
                            return dict(one)
        raise AssertionError(f"no button of {about} was drawn")

    async def _sent(self, kind: str, body: Thing) -> Thing:
        if self._socket:
            return await self._slack.through_socket(kind, body)
        raw, content = encoded(kind, body)
        async with self._http.post(self.url, data=raw, headers={"Content-Type": content, **signed(raw)}) as answer:
            assert answer.status == 200, await answer.text()
            said: Thing = await answer.json() if "json" in answer.content_type else {}
            return said

    def _delivery(self, sent: Submission, delivery: str) -> tuple[str, Thing]:
        user = there(sent.actor.user)
        if sent.intent == "say":
            words = sent.text("text").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            where = {"channel_type": "im", "channel": f"D{user}", "type": "message"}
            if sent.surface == "channel":
                where, words = {"channel": "social-media", "type": "app_mention"}, f"<@U0BOT> {words}"
            event = {"user": user, "text": words, "ts": "1.0", **where}
            return "events_api", {
                "type": "event_callback",
                "team_id": TEAM,
                "event_id": delivery,
                "event": event,
                "authorizations": [{"team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
            }
        body: Thing = {"user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}, "api_app_id": "A0"}
        self._slack.expect(delivery, user)
        body["trigger_id"] = delivery
        if sent.page == 0:
            return "interactive", body | self._button(sent, user)
        shown = self._view(sent.token, sent.page)
        assert shown is not None, f"no modal shows page {sent.page}"
        view = shown | {"state": {"values": self._state(sent, shown["blocks"])}, "id": f"V{delivery}"}
        if sent.turn is Turn.NEXT:
            return "interactive", body | {"type": "view_submission", "view": view}
        if sent.turn is Turn.CANCEL:
            return "interactive", body | {"type": "view_closed", "view": view}
        back = {"type": "button", "action_id": forms.BACK, "value": forms.BACK}
        self._slack.views[view["id"]] = {"view": view, "user": user}
        return "interactive", body | {"type": "block_actions", "view": view, "actions": [back]}

    def _button(self, sent: Submission, user: str) -> Thing:
        """A button, as it was drawn: in the conversation with the bot, or in a channel."""
        feature = FEATURES.get(sent.intent)
        button = Button(
            label="x",
            intent=sent.intent,
            subject=sent.subject,
            version=sent.version_seen or 0,
            token=sent.token,
            opens_form=feature is not None and feature.form is not None,
        )
        place = "social-media" if sent.surface == "channel" else f"D{user}"
        return {
            "type": "block_actions",
            "actions": [{"type": "button", "action_id": "press:0", "value": render.carried(button)}],
            "channel": {"id": place},
            "response_url": self._slack.response_url(user),
        }

    def _view(self, token: str, page: int) -> Thing | None:
        """The modal that shows a page, as it was last drawn; ``None`` when it was not drawn yet."""
        for shown in reversed(self._slack.views.values()):
            memory = Memory.read(shown["view"].get("private_metadata", ""))
            if (memory.token, memory.page) == (token, page):
                return dict(shown["view"])
        return None

    def _state(self, sent: Submission, blocks: list[Thing]) -> Thing:
        """What somebody answers in the modal's own elements."""
        asked = {each.name: each for each in self.inner.pages[sent.token, sent.page].page.fields}
        state: Thing = {}
        for block in blocks:
            if block["type"] == "input":
                name = forms.field_name(block["block_id"])
                given = tuple(one for one in sent.values.get(name, ()) if one)
                said = _answered(block["element"], asked[name], given, self._slack)
                state[block["block_id"]] = {block["element"]["action_id"]: said}
        return state

    def _drawn(self, reply: Reply, answer: Thing, user: str) -> None:
        """The person was shown it: in a modal, in a message, or in the place of the form."""
        views = [shown["view"] for shown in self._slack.views.values() if shown["user"] == user]
        messages = [*self._slack.ephemeral[user], *self._slack.messages[f"D{user}"]]
        said = "\n".join(map(read, [*views[-40:], *messages[-40:], answer]))
        titles = [card.title for card in reply.cards] + ([reply.page.page.title] if reply.page else [])
        for title in titles:
            assert render.fit(title, 20).removesuffix(" …") in said, title


def _answered(element: Thing, asked: Field, given: tuple[str, ...], slack: FakeSlack) -> Thing:
    """The state of one element."""
    value: Thing = {"type": element["type"]}
    options = {forms.option_value(asked, place): one.value for place, one in enumerate(asked.options)}
    drawn = element.get("options") or [one for group in element.get("option_groups", []) for one in group["options"]]
    chosen = [one for one in drawn if options.get(one["value"], one["value"]) in given]
    match element["type"]:
        case "plain_text_input":
            assert not given or len(given[0]) <= element["max_length"], "Slack takes no more"
            value["value"] = given[0] if given else None
        case "datepicker":
            value["selected_date"] = given[0] if given else None
        case "radio_buttons" | "static_select":
            value["selected_option"] = chosen[0] if chosen else None
        case "checkboxes" | "multi_static_select":
            value["selected_options"] = chosen
        case "file_input":
            value["files"] = [slack.file(one) for one in given if one in slack.files]
        case "users_select":
            value["selected_user"] = given[0] if given else None
        case "conversations_select":
            value["selected_conversation"] = given[0] if given else None
        case kind:
            raise AssertionError(kind)
    return value


class BothMessenger(wires.BothMessenger):
    """Tells everything in Slack too, which checks it."""

    @override
    async def there(self, to: Address) -> Address:
        return Address(platform="slack", tenant=TEAM, channel=to.channel, user=there(to.user) if to.user else "")


class HouseOverSlack(HouseOver[Wire]):
    """Chicopee's library over Slack, and Birch's beside it."""


@asynccontextmanager
async def chicopee_over_slack(url: str, folder: Path, *, socket: bool = False) -> AsyncIterator[House]:
    """Chicopee's library, begun; from then on whatever its people do goes through the small Slack."""
    async with (
        running(FakeSlack(now=monotonic)) as slack,
        ClientSession() as http,
        chicopee(SqlStore.open(url), folder, kind=HouseOverSlack) as house,
    ):
        assert isinstance(house, HouseOverSlack)
        wire = Wire(house.desk, slack, http, socket=socket)
        server = await wire.start()
        house.through(wire)
        try:
            yield house
            assert slack.complaints == []
            assert slack.payloads
        finally:
            await wire.platform.close()
            await server.close()
