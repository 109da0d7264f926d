"""A library whose every word, press and page goes through Slack, for journeys that know nothing of it.

What a journey sends becomes a signed delivery; what the desk answers is drawn, and refused by the small Slack if real
Slack would refuse it. The journey gets the desk's own answer back, so that it can look closer than at a payload.
"""

import json
import mimetypes
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - Slack's own clock dates its files
from uuid import UUID

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from typing_extensions import override

from adapters.slack import forms, render
from adapters.slack.forms import Memory
from adapters.slack.outbound import SlackMessenger
from adapters.slack.platform import Slack, SlackSettings
from bot.cards import Button, Card, Field, File, Identity, OpenPage, Reply, Standing, Submission, Turn
from bot.catalogue import FEATURES
from bot.desk import Desk
from bot.ports import Address, Messenger
from bot.rounds import Rounds
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.messenger import FakeMessenger
from tests.people import House, chicopee
from tests.platforms.fake_slack import APP_TOKEN, SECRET, TEAM, TOKEN, FakeSlack, Thing, running
from tests.platforms.fake_slack_files import SlackFile
from tests.platforms.slack_people import encoded, signed
from tests.platforms.slack_reading import read
from tests.platforms.slack_rules import wrong_with_view


def there(user: str) -> str:
    """An account of the practice desk as one of Slack."""
    return f"U{user.upper()}"


class Inner:
    """The desk behind Slack: hears what Slack made of a delivery, as the account the journey knows."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.heard: dict[str, list[tuple[Submission, Reply]]] = defaultdict(list)
        self.pages: dict[tuple[str, int], OpenPage] = {}

    def _here(self, account: Identity) -> Identity:
        return Identity(platform="practice", tenant=str(LIBRARY), user=account.user.removeprefix("U").lower())

    async def __call__(self, sent: Submission) -> Reply:
        reply = await self.desk(replace(sent, actor=self._here(sent.actor)))
        self.heard[sent.delivery_id].append((sent, reply))
        if reply.page:
            self.pages[reply.page.token, reply.page.number] = reply.page
        return reply

    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        return await self.desk.keep_file(library, token, raw, name)

    async def account_is(self, library: str, account: Identity, standing: Standing) -> None:
        await self.desk.account_is(library, self._here(account), standing)

    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        return await self.desk.picture(library, self._here(actor), case, sha256)

    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        return await self.desk.document(library, self._here(actor), case, name)

    async def was_answered(self, library: str, delivery: str) -> bool:
        return await self.desk.was_answered(library, delivery)

    async def answered(self, library: str, delivery: str) -> None:
        await self.desk.answered(library, delivery)


class Wire(Desk):
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

    def use(self, plain: Desk) -> None:
        """Go on with another desk behind Slack, over what is on disk."""
        self._plain = self.inner.desk = plain

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

        self.platform = Slack.build(self.inner, settings, library_of=library_of, now=monotonic, wall=time, pace=0.0)
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
        self._same(sent, heard)
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
        known = set(self._slack.sent_files)
        await self._sent("interactive", body)
        await self.platform.desk.finish()
        [copy] = [file for key, file in self._slack.sent_files.items() if key not in known]
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

    def _same(self, sent: Submission, heard: Submission) -> None:
        """What the desk heard is what the journey sent."""
        assert (heard.intent, heard.subject if not heard.page else "", heard.token, heard.page, heard.turn) == (
            sent.intent,
            sent.subject if not sent.page else "",
            sent.token,
            sent.page,
            sent.turn,
        )
        if not sent.page:
            assert (heard.surface, heard.version_seen) == (sent.surface, sent.version_seen)
            assert heard.text("text") == sent.text("text")
        if sent.page and sent.turn is Turn.NEXT:
            files = {name for name, given in sent.values.items() if any(one.startswith("F") for one in given)}
            for name, given in heard.values.items():
                expected = tuple(one.strip() for one in sent.values.get(name, ()) if one.strip())
                assert name in files or tuple(one.strip() for one in given if one.strip()) == expected, name

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


class BothMessenger(Messenger):
    """Tells everything twice: in memory for the journey to look at, and in Slack, which checks it."""

    platform = "practice"

    def __init__(self, memory: FakeMessenger, slack: SlackMessenger) -> None:
        self._memory = memory
        self._slack = slack
        self._stands: dict[str, str] = {}

    def _there(self, to: Address) -> Address | None:
        if to.tenant != str(LIBRARY):
            return None
        return Address(platform="slack", tenant=TEAM, channel=to.channel, user=there(to.user) if to.user else "")

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        posted = await self._memory.post(to, card, key=key, under=under)
        if address := self._there(to):
            root = self._stands.get(under, "") if under else ""
            self._stands[posted] = await self._slack.post(address, card, key=key, under=root)
            assert await self._slack.find(address, key) == self._stands[posted]
        return posted

    @override
    async def update(self, to: Address, message: str, card: Card) -> None:
        await self._memory.update(to, message, card)
        if (address := self._there(to)) and message in self._stands:
            await self._slack.update(address, self._stands[message], card)

    @override
    async def find(self, to: Address, key: str) -> str | None:
        return await self._memory.find(to, key)


@dataclass
class HouseOverSlack(House):
    """Chicopee's library over Slack, and Birch's beside it."""

    wire: Wire | None = field(default=None, repr=False)

    @override
    def open(self, messenger: Messenger | None = None) -> None:
        super().open(messenger)
        if self.wire is not None:
            self.through(self.wire)

    def through(self, wire: Wire) -> None:
        """Send everything through Slack from here on, over what is on disk now."""
        self.wire = wire
        wire.use(Desk(store=self.store, vault=self.vault, clock=self.time))
        self.desk = wire
        both = BothMessenger(self.messenger, wire.platform.messenger)
        self.rounds = Rounds(store=self.store, vault=self.vault, messengers=(both,), clock=self.time)


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
