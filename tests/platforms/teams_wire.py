"""A library whose every word, press, page and picture goes through Teams, for journeys that know nothing of it.

What a journey sends becomes an activity with a real token; what the desk answers is drawn, and refused by the small
Teams if real Teams would refuse it. The journey gets the desk's own answer back, so that it can look closer than at a
payload.
"""

import json
import mimetypes
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
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
from adapters.teams.places import CHANNEL, Places
from adapters.teams.platform import Limits, Teams
from bot.cards import Button, Document, Field, FieldKind, File, Identity, Image, Reply, Submission, Turn
from bot.catalogue import FEATURES
from bot.desk import Desk
from bot.ports import Address, Conversation, Messenger
from bot.refusal import Refusal
from bot.training import CHARTER, LIBRARY
from storage.store import SqlStore
from tests.messenger import FakeMessenger
from tests.people import SECRETS, chicopee
from tests.platforms import fake_teams, wires
from tests.platforms.fake_entra import TENANT, FakeEntra, Thing
from tests.platforms.fake_teams import FakeTeams, Post, running
from tests.platforms.teams_house import teams_settings
from tests.platforms.teams_people import TeamsPerson, object_id, read
from tests.platforms.teams_rules import MESSAGE_SIZE, parts, size
from tests.platforms.wires import Behind, HouseOver, said_the_same

PATIENCE = 60.0
"""Seconds: a journey looks at what is said, and other tests at what is said when the record is slow."""
WRITTEN = (*SECRETS, "zyzzyva")
"""Everything a patron, a trustee or a decider wrote in these stories begins with one of these."""
DRAWN = 60
"""Messages and dialogs that are looked through for an answer, the newest first."""


class Inner(Behind):
    """The desk behind Teams."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.accounts: dict[str, str] = {}
        self.kept: list[str] = []

    @override
    def user(self, account: Identity) -> str:
        return self.accounts.get(account.user, account.user)

    @override
    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        self.kept.append(await super().keep_file(library, token, raw, name))
        return self.kept[-1]


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


class Wire(wires.Wire):
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

    @override
    def use(self, plain: Desk) -> None:
        self._plain = self.inner.desk = plain

    @override
    def messenger(self, memory: FakeMessenger) -> Messenger:
        return BothMessenger(memory, self)

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
        said_the_same(sent, heard, files=self._pictures)
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

    @override
    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        """Press the button beside it, take it, and find it in the person's drive."""
        name, raw = await self._taken(actor, render.MESSAGE.picture(Image(case=case, sha256=sha256, alt="x")))
        return raw, f"image/{name.rpartition('.')[2]}"

    @override
    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        """Press its button, take it, and find it in the person's drive."""
        called, raw = await self._taken(actor, render.MESSAGE.document(Document(case=case, name=name, label="x")))
        return File(name=called, media_type=mimetypes.guess_type(called)[0] or "", raw=raw)

    async def _taken(self, actor: Identity, button: Thing | None) -> tuple[str, bytes]:
        assert button is not None, "longer than a button can carry"
        drawn = (part for card in self.teams.payloads for part in parts(card))
        assert any(part.get("data") == button["data"] for part in drawn), "no such button was drawn for anybody"
        person = self.person(actor.user)
        before, drive = len(person.offered), dict(self.teams.drive)
        await person.press(button)
        if len(person.offered) == before:
            assert self.teams.drive == drive, "a refusal is read and not saved"
            raise Refusal(person.answer)
        name = person.offered[-1].said["attachments"][0]["name"]
        self.teams.drive.pop(name, None)
        await person.takes_file()
        return name, self.teams.drive[name]

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


class BothMessenger(wires.BothMessenger):
    """Tells everything in Teams too, which checks it."""

    def __init__(self, memory: FakeMessenger, wire: Wire) -> None:
        super().__init__(memory, wire.platform.messenger, finds=False)
        self._wire = wire

    @override
    async def there(self, to: Address) -> Address:
        if to.channel:
            channel = (await self._wire.channel(to.channel)).id
            return Address(platform="teams", tenant=TENANT, channel=channel, user="")
        return Address(platform="teams", tenant=TENANT, user=self._wire.person(to.user).account.object_id)


class HouseOverTeams(HouseOver[Wire]):
    """Chicopee's library over Teams, and Birch's beside it."""


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
            assert max(map(size, teams.payloads)) < MESSAGE_SIZE
            shown = in_channels(teams)
            assert [word for word in WRITTEN if word in shown] == []
        finally:
            await wire.platform.close()
            await server.close()
