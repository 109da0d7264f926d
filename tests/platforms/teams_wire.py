"""A library whose every word, press, page and picture goes through Teams, for journeys that know nothing of it.

What a journey sends becomes an activity with a real token; what the desk answers is drawn, and refused by the small
Teams if real Teams would refuse it. The journey gets the desk's own answer back, so that it can look closer than at a
payload.
"""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - Microsoft's own clock dates its tokens
from typing import Any
from uuid import UUID

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from typing_extensions import override

from adapters.inert import cut
from adapters.teams import forms, render
from adapters.teams.forms import Memory
from adapters.teams.outbound import TeamsMessenger
from adapters.teams.places import CHANNEL, Places
from adapters.teams.platform import Limits, Teams
from bot.cards import Button, Card, Field, FieldKind, File, Identity, OpenPage, Reply, Standing, Submission, Turn
from bot.catalogue import FEATURES
from bot.desk import Desk
from bot.ports import Address, Conversation, Messenger
from bot.rounds import Rounds
from bot.training import CHARTER, LIBRARY
from storage.store import SqlStore
from tests.messenger import FakeMessenger
from tests.people import House, chicopee
from tests.platforms import fake_teams
from tests.platforms.fake_entra import TENANT, FakeEntra, Thing
from tests.platforms.fake_teams import FakeTeams, Post, running
from tests.platforms.teams_house import teams_settings
from tests.platforms.teams_people import TeamsPerson, object_id, read
from tests.platforms.teams_rules import parts

PATIENCE = 60.0
"""Seconds: a journey looks at what is said, and other tests at what is said when the record is slow."""
DRAWN = 60
"""Messages and dialogs that are looked through for an answer, the newest first."""


class Inner:
    """The desk behind Teams: hears what Teams made of an activity, as the account the journey knows."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.heard: dict[str, list[tuple[Submission, Reply]]] = defaultdict(list)
        self.pages: dict[tuple[str, int], OpenPage] = {}
        self.accounts: dict[str, str] = {}
        self.kept: list[str] = []

    def _here(self, account: Identity) -> Identity:
        user = self.accounts.get(account.user, account.user)
        return Identity(platform="practice", tenant=str(LIBRARY), user=user)

    async def __call__(self, sent: Submission) -> Reply:
        reply = await self.desk(replace(sent, actor=self._here(sent.actor)))
        self.heard[sent.delivery_id].append((sent, reply))
        if reply.page:
            self.pages[reply.page.token, reply.page.number] = reply.page
        return reply

    async def takes_files(self, library: str, token: str) -> bool:
        return await self.desk.takes_files(library, token)

    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        self.kept.append(await self.desk.keep_file(library, token, raw, name))
        return self.kept[-1]

    async def was_answered(self, library: str, delivery: str) -> bool:
        return await self.desk.was_answered(library, delivery)

    async def answered(self, library: str, delivery: str) -> None:
        await self.desk.answered(library, delivery)

    async def account_is(self, library: str, account: Identity, standing: Standing) -> None:
        await self.desk.account_is(library, self._here(account), standing)

    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        return await self.desk.picture(library, self._here(actor), case, sha256)

    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        return await self.desk.document(library, self._here(actor), case, name)


class PlacesInMemory(Places):
    """The conversations the bot is in, for as long as a journey lasts."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Conversation] = {}

    @override
    async def conversation(self, platform: str, tenant: str, name: str) -> Conversation | None:
        return self._known.get((tenant, name))

    @override
    async def conversations(self, platform: str, tenant: str) -> tuple[Conversation, ...]:
        return tuple(known for known in self._known.values() if known.tenant == tenant)

    @override
    async def keep_conversation(self, conversation: Conversation) -> None:
        self._known[conversation.tenant, conversation.name] = conversation

    @override
    async def drop_conversation(self, platform: str, tenant: str, name: str) -> None:
        self._known.pop((tenant, name), None)


class Wire(Desk):
    """The desk as a journey sees it; between the two lies Teams."""

    def __init__(self, plain: Desk, teams: FakeTeams, http: ClientSession) -> None:
        self.inner = Inner(plain)
        self.teams = teams
        self._plain = plain
        self._http = http
        self._people: dict[str, TeamsPerson] = {}
        self._dialogs: dict[tuple[str, int], tuple[str, Thing]] = {}
        self._pictures: dict[str, tuple[bytes, str]] = {}
        self.url = ""
        self.places = PlacesInMemory()
        self.platform: Teams

    def use(self, plain: Desk) -> None:
        """Go on with another desk behind Teams, over what is on disk."""
        self._plain = self.inner.desk = plain

    async def start(self) -> TestServer:
        """Serve Teams' requests."""

        async def library_of(tenant: str) -> str:
            return str(LIBRARY) if tenant == TENANT else ""

        self.platform = Teams.build(
            self.inner,
            teams_settings(self.teams),
            library_of=library_of,
            places=self.places,
            now=monotonic,
            wall=time,
            limits=Limits(patience=PATIENCE, slow=PATIENCE, turn=PATIENCE, pace=()),
        )
        for member in CHARTER.members:
            self.person(member.user)
        for name in {*CHARTER.channels.values(), "social-media"}:
            await self.channel(name)
        app = web.Application(client_max_size=1024 * 1024)
        self.platform.add_routes(app)
        server = TestServer(app)
        await server.start_server()
        self.url = f"http://127.0.0.1:{server.port}/api/messages"
        return server

    def person(self, user: str) -> TeamsPerson:
        """An account of the practice desk as one of Teams."""
        if user not in self._people:
            account = self.teams.account(object_id(user), user.title())
            self.inner.accounts[account.object_id] = user
            self._people[user] = TeamsPerson(self.teams, account, self._posts, self.platform.desk.finish, _at_once)
        return self._people[user]

    async def channel(self, name: str) -> fake_teams.Conversation:
        """A channel of the practice desk as one of Teams, with the bot in it."""
        made = self.teams.channel(name)
        await self.places.keep_conversation(
            Conversation(
                platform="teams",
                tenant=TENANT,
                name=made.id,
                kind=CHANNEL,
                address=made.id,
                service=self.teams.service_url,
                title=name,
            )
        )
        return made

    @override
    async def __call__(self, sent: Submission) -> Reply:
        """Send it as Teams does, and return what the desk answered.

        Birch's people, and whatever Teams has no gesture for (dropping a form), go straight to the desk.
        """
        if UUID(sent.library) != LIBRARY or sent.turn is Turn.CANCEL:
            return await self._plain(sent)
        if sent.page and (sent.token, sent.page) not in self._dialogs:  # in a chat a form is a button that opens it
            await self(replace(sent, page=0, turn=Turn.NEXT, values={}))
        person = self.person(sent.actor.user)
        await self._sends_pictures(sent, person)
        activity, post = await self._activity(sent, person)
        answer = await self._posts(activity)
        if activity["type"] == "invoke":
            person.takes(activity, answer, post)
            self._opened(answer, person)
        await person.settle()
        heard, reply = self.inner.heard[activity["id"]][-1]
        self._same(sent, heard)
        self._drawn(reply, answer, person)
        return reply

    @override
    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        """Send the picture in the chat with the bot, which fetches it for the page that stands open."""
        shown = next(
            (sent, reply.page)
            for heard in reversed(self.inner.heard.values())
            for sent, reply in heard
            if reply.page is not None and reply.page.token == token
        )
        user = self.inner.accounts[shown[0].actor.user]
        if (token, shown[1].number) not in self._dialogs:
            account = Identity(platform="practice", tenant=str(LIBRARY), user=user)
            await self(Submission(library=library, intent=shown[1].intent, actor=account, token=token))
        self._pictures[made := await self._sends_picture(self.person(user), raw, name)] = (raw, name)
        return made

    async def _sends_pictures(self, sent: Submission, person: TeamsPerson) -> None:
        """Send what a page is to hold and an earlier draft was given; in Teams a picture joins the open form only."""
        if not sent.page or sent.turn is not Turn.NEXT:
            return
        shown = self.inner.pages[sent.token, sent.page]
        for asked in shown.page.fields:
            there = shown.values.get(asked.name, ())
            for made in sent.values.get(asked.name, ()) if asked.kind is FieldKind.FILE else ():
                if made and made not in there:
                    await self._sends_picture(person, *self._pictures[made])

    async def _sends_picture(self, person: TeamsPerson, raw: bytes, name: str) -> str:
        before = len(self.inner.kept)
        await self._posts(person.message("", attachments=[self.teams.upload(name, raw)]))
        await person.settle()
        assert len(self.inner.kept) == before + 1, "the picture was not taken"
        return self.inner.kept[-1]

    async def _posts(self, activity: Thing) -> Thing:
        """Send an activity as Azure Bot Service does."""
        headers = {"Authorization": f"Bearer {self.teams.entra.token(activity['serviceUrl'])}"}
        async with self._http.post(self.url, json=activity, headers=headers) as answered:
            text = await answered.text()
            assert answered.status == 200, (answered.status, text)
            return dict(json.loads(text)) if text else {}

    async def _activity(self, sent: Submission, person: TeamsPerson) -> tuple[Thing, Post | None]:
        place = await self.channel("social-media") if sent.surface == "channel" else None
        if sent.intent == "say":
            words = sent.text("text").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            return person.message(words, place), None
        if sent.page:
            value = {"data": self._filled(sent), "context": {"theme": "default"}}
            return person.activity("invoke", name="task/submit", value=value), None
        feature = FEATURES.get(sent.intent)
        button = Button(
            label="x",
            intent=sent.intent,
            subject=sent.subject,
            version=sent.version_seen or 0,
            token=sent.token,
            opens_form=feature is not None and feature.form is not None,
        )
        action = render.MESSAGE.action(button)
        assert action is not None, "longer than a button can carry"
        return person.pressing(action, None, place), None

    def _filled(self, sent: Submission) -> Thing:
        """What somebody answers in the dialog's own elements, and the button they send it with."""
        _, card = self._dialogs[sent.token, sent.page]
        page = self.inner.pages[sent.token, sent.page]
        asked = {each.name: each for each in page.page.fields}
        turn = {Turn.NEXT: "next", Turn.BACK: "back", Turn.STAY: "files"}[sent.turn]
        buttons = [part["data"] for part in parts(card) if part["type"] == "Action.Submit" and "data" in part]
        pressed = next(data for data in buttons if data[render.CARRIED].get("turn") == turn)
        kept = Memory.read(pressed[render.CARRIED])
        assert kept is not None
        filled: Thing = dict(pressed)
        for part in parts(card):
            if str(part["type"]).startswith("Input."):
                name = part["id"].removeprefix(forms.FIELD)
                given = tuple(one for one in sent.values.get(name, ()) if one)
                if given and not (name in kept.kept and given == tuple(page.values.get(name, ()))):
                    filled[part["id"]] = _answered(part, asked[name], given)
        return filled

    def _opened(self, answer: Thing, person: TeamsPerson) -> None:
        """Keep the dialog that shows a page, as it was last drawn."""
        task = answer.get("task", {})
        if task.get("type") != "continue":
            return
        card = task["value"]["card"]["content"]
        for action in card.get("actions", []):
            memory = Memory.read(action["data"].get(render.CARRIED, {}))
            if memory is not None:
                user = self.inner.accounts[person.account.object_id]
                self._dialogs[memory.token, memory.page] = (user, card)

    def _same(self, sent: Submission, heard: Submission) -> None:
        """What the desk heard is what the journey sent."""
        assert (heard.intent, heard.token, heard.page, heard.turn) == (sent.intent, sent.token, sent.page, sent.turn)
        if not sent.page:
            assert (heard.subject, heard.surface, heard.version_seen) == (sent.subject, sent.surface, sent.version_seen)
            assert heard.text("text") == sent.text("text").strip()
        if sent.page and sent.turn is Turn.NEXT:
            for name, given in heard.values.items():
                expected = [one.strip() for one in sent.values.get(name, ()) if one.strip()]
                came = [one.strip() for one in given if one.strip()]
                files = [one for one in expected if one in self._pictures]
                assert came == expected or (files == expected and len(came) == len(files)), name

    def _drawn(self, reply: Reply, answer: Thing, person: TeamsPerson) -> None:
        """The person was shown it: in a dialog, or in their own chat with the bot."""
        said = "\n".join([read(answer), _task(answer), *(read(post.said) for post in person.chat.posts[-DRAWN:])])
        titles = [card.title for card in reply.cards] + ([reply.page.page.title] if reply.page else [])
        for title in titles:
            assert cut(render.said(title), 60).removesuffix(" …").removesuffix("…") in said, title


def _at_once(**much: float) -> None:
    """Let no time pass: the journey says itself how long things take."""


def _task(answer: Thing) -> str:
    value = answer.get("task", {}).get("value", "")
    return read(value) + "\n" + str(value.get("title", "")) if isinstance(value, dict) else str(value)


def _answered(part: Mapping[str, Any], asked: Field, given: tuple[str, ...]) -> str:
    """What Teams sends for one element."""
    if part["type"] == "Input.ChoiceSet" and "choices.data" not in part and asked.kind is not FieldKind.TEXT:
        stands_for = {option.value: forms.option_value(asked, place) for place, option in enumerate(asked.options)}
        drawn = {one["value"] for one in part["choices"]}
        return ",".join(one for one in (stands_for.get(one, one) for one in given) if one in drawn)
    if part["type"] == "Input.Text":
        assert len(given[0]) <= part.get("maxLength", 10**9), "Teams takes no more"
        assert "\n" not in given[0] or part.get("isMultiline"), "lines in a line"
    return given[0]


class BothMessenger(Messenger):
    """Tells everything twice: in memory for the journey to look at, and in Teams, which checks it."""

    platform = "practice"

    def __init__(self, memory: FakeMessenger, wire: Wire) -> None:
        self._memory = memory
        self._wire = wire
        self._teams: TeamsMessenger = wire.platform.messenger
        self._stands: dict[str, str] = {}

    async def _there(self, to: Address) -> Address | None:
        if to.tenant != str(LIBRARY):
            return None
        if to.channel:
            channel = (await self._wire.channel(to.channel)).id
            return Address(platform="teams", tenant=TENANT, channel=channel, user="")
        return Address(platform="teams", tenant=TENANT, user=self._wire.person(to.user).account.object_id)

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        posted = await self._memory.post(to, card, key=key, under=under)
        if address := await self._there(to):
            root = self._stands.get(under, "") if under else ""
            self._stands[posted] = await self._teams.post(address, card, key=key, under=root)
        return posted

    @override
    async def update(self, to: Address, message: str, card: Card) -> None:
        await self._memory.update(to, message, card)
        if (address := await self._there(to)) and message in self._stands:
            await self._teams.update(address, self._stands[message], card)

    @override
    async def find(self, to: Address, key: str) -> str | None:
        return await self._memory.find(to, key)


@dataclass
class HouseOverTeams(House):
    """Chicopee's library over Teams, and Birch's beside it."""

    wire: Wire | None = field(default=None, repr=False)

    @override
    def open(self, messenger: Messenger | None = None) -> None:
        super().open(messenger)
        if self.wire is not None:
            self.through(self.wire)

    def through(self, wire: Wire) -> None:
        """Send everything through Teams from here on, over what is on disk now."""
        self.wire = wire
        wire.use(Desk(store=self.store, vault=self.vault, clock=self.time))
        self.desk = wire
        both = BothMessenger(self.messenger, wire)
        self.rounds = Rounds(store=self.store, vault=self.vault, messengers=(both,), clock=self.time)


def in_channels(teams: FakeTeams) -> str:
    """Everything every channel and group chat ever showed, as it travelled: what is read and what buttons carry."""
    shared = [known for known in teams.conversations.values() if known.kind != fake_teams.PERSONAL]
    return json.dumps([post.versions for known in shared for post in known.posts], ensure_ascii=False).casefold()


@asynccontextmanager
async def chicopee_over_teams(url: str, folder: Path) -> AsyncIterator[HouseOverTeams]:
    """Chicopee's library, begun; from then on whatever its people do goes through the small Teams."""
    async with (
        running(FakeTeams(now=monotonic, entra=FakeEntra(wall=time))) as teams,
        ClientSession() as http,
        chicopee(SqlStore.open(url), folder, kind=HouseOverTeams) as house,
    ):
        assert isinstance(house, HouseOverTeams)
        wire = Wire(house.desk, teams, http)
        server = await wire.start()
        house.through(wire)
        try:
            yield house
            assert teams.complaints == [], "\n".join(teams.complaints)
            assert teams.entra.complaints == []
            assert teams.payloads
        finally:
            await wire.platform.close()
            await server.close()
