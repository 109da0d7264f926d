"""A library whose every word, press and page goes through the practice page, for journeys that know nothing of it.

What a journey sends becomes the form a browser would send, as the page drew it; each person has a browser of their own.
The journey gets the desk's own answer back, once the page that follows has shown it.
"""

import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from html import unescape
from itertools import count
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

from aiohttp import ClientResponse, ClientSession, CookieJar, FormData
from aiohttp.test_utils import TestServer
from typing_extensions import override

from adapters.inert import defanged
from adapters.practice import app as page
from adapters.practice.app import Player, build
from adapters.practice.outbound import PracticeMessenger
from bot.cards import Card, File, Identity, Page, Reply, Submission, Turn
from bot.desk import Desk
from bot.founding import Charter
from bot.ports import Address, Messenger
from bot.refusal import Refusal
from bot.training import CHARTER, PLAYERS
from storage.store import SqlStore
from tests.messenger import FakeMessenger
from tests.people import Time, chicopee
from tests.platforms import wires
from tests.platforms.practice_fakes import Form, read
from tests.platforms.wires import Behind, HouseOver, said_the_same

CHANNEL = "social-media"
MOST_SHOWN = 8
"""Messages on one page: drawing sixty of a year's hundreds after every press would take most of the test."""
MORE = re.compile(r'href="(/message/\d+)">Show all')
TAGS = re.compile(r"<[^>]*>")
PRESS = '<form class="press"'
DOWNLOAD = re.compile('<a class="button" download href="([^"]+)"')
SHEET = '<dialog open class="sheet"'


class Inner(Behind):
    """The desk behind the page; of what is asked several times at once, each may have any of the answers."""

    def __init__(self, desk: Desk, tenant: str) -> None:
        super().__init__(desk, tenant)
        self.answers: dict[str, list[tuple[Submission, Reply]]] = defaultdict(list)

    @override
    async def __call__(self, sent: Submission) -> Reply:
        reply = await super().__call__(sent)
        self.answers[same(sent)].append((sent, reply))
        return reply


def same(sent: Submission) -> str:
    """What was sent by whom, but for what was filled in; a page also says which channel lies behind it."""
    where = "" if sent.page else sent.surface
    return json.dumps([sent.actor.user, sent.intent, sent.token or sent.subject, sent.page, sent.turn, where])


class Window:
    """The browser of one person: what it last drew, and every page of a form and every download it ever drew."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self.html = ""
        self.open: Form | None = None
        self.offered: set[str] = set()
        self.sheets: dict[tuple[str, int], tuple[Form, dict[str, set[str]]]] = {}

    async def post(self, path: str, data: object) -> str:
        """Send a form, and go where it leads."""
        origin = {"Origin": self._url}
        async with self._http.post(self._url + path, data=data, headers=origin, allow_redirects=False) as answer:
            assert answer.status == 303, (answer.status, await answer.text())
            return answer.headers["Location"].partition("#")[0]

    async def get(self, path: str = "/") -> str:
        """Draw a page."""
        async with self._http.get(self._url + path) as answer:
            assert answer.status == 200, (answer.status, await answer.text())
            self.html = await answer.text()
        self.offered |= set(DOWNLOAD.findall(self.html))
        self.open = None
        if SHEET in self.html:
            drawn = read(self.html[self.html.index(SHEET) :])
            self.open = next(form for form in drawn.forms if form.action == "/page")
            offered: dict[str, set[str]] = defaultdict(set)
            asked = ""
            for tag, given in drawn.attributes:
                asked = given.get("name", "") if tag == "select" else asked
                if tag == "option":
                    offered[asked].add(given["value"])
                elif given.get("type") in {"radio", "checkbox"}:
                    offered[given["name"]].add(given["value"])
                elif given.get("type") == "file":
                    offered.pop(given["name"], None)  # beside what was added before, more can be
            self.sheets[self.open.value("token"), int(self.open.value("page"))] = (self.open, offered)
        return self.html

    async def fetch(self, path: str) -> tuple[ClientResponse, bytes]:
        """Download something."""
        async with self._http.get(self._url + path) as answer:
            return answer, await answer.read()

    async def puts_aside(self) -> None:
        """Put the form that lies over the desk aside; nothing typed is lost."""
        if self.open is not None:
            await self.post("/page", _multipart([*self.open.sends, ("turn", "aside")]))
            await self.get()

    def button(self, sends: dict[str, str]) -> dict[str, str]:
        """The form of a button as it was drawn; one that hangs in an older page sends the same."""
        for drawn in self.html.split(PRESS)[1:]:
            for form in read(f"{PRESS}{drawn}").forms[:1]:
                if form.action == "/press" and sends.items() <= dict(form.sends).items():
                    return dict(form.sends)
        return sends


def _words_of(reply: Reply) -> list[str]:
    """The beginning of everything an answer says."""
    sheets = [reply.page.page] if reply.page else []
    both: list[Card | Page] = [*reply.cards, *sheets]
    said: list[str] = []
    for each in both:
        said += [each.title, *(note.text for note in each.notes), *(defanged(quote.text) for quote in each.quotes)]
        said += [words for fact in each.facts for words in (fact.label, fact.value)]
    for card in reply.cards:
        rows = card.table.rows if card.table else ()
        said += [card.body, *(words for row in rows for words in row.cells)]
        said += [button.label for button in (*card.buttons, *(button for row in rows for button in row.buttons))]
    for sheet in sheets:
        said += [sheet.intro, *(words for asked in sheet.fields for words in (asked.label, asked.hint))]
        said += [words for asked in sheet.fields for one in asked.options for words in (one.label, one.hint)]
    return [" ".join(words.split())[:60] for words in said]


def _said(html: str) -> str:
    """Everything a page says."""
    return " ".join(unescape(TAGS.sub(" ", html)).split())


def _multipart(fields: list[tuple[str, str]]) -> FormData:
    data = FormData(default_to_multipart=True, quote_fields=False)
    for name, value in fields:
        data.add_field(name, value)
    return data


class HouseCalendar:
    """The journey's own time; the page shows it and does not move it."""

    def __init__(self, time: Time, zone: str) -> None:
        self.zone = zone
        self.now = time

    async def move(self, days: int, *, away: bool) -> str:
        raise AssertionError(f"the journey lets {days} days pass itself, away or not ({away})")


class Wire(wires.Wire):
    """The desk as a journey sees it; between the two lies the practice page."""

    def __init__(self, plain: Desk, chat: Path, now: Time, stack: AsyncExitStack, charter: Charter) -> None:
        self.inner = Inner(plain, charter.tenant)
        self._plain = plain
        self._charter = charter
        self._chat = chat
        self._now = now
        self._stack = stack
        self._windows: dict[str, Window] = {}
        self._files: dict[str, tuple[bytes, str]] = {}
        self._nonces = count(1)
        self.url = ""

    async def start(self, zone: str) -> TestServer:
        """Serve the page."""
        app = build(
            self.inner,
            library=str(self._charter.id),
            library_name=self._charter.name,
            players=[
                Player(identity=self._identity(user), name=user.title(), title=title) for user, title in PLAYERS.items()
            ],
            channels=[channel.value for channel in self._charter.channels],
            calendar=HouseCalendar(self._now, zone),
            chat=self._chat,
        )
        server = TestServer(app)
        await server.start_server()
        self.url = f"http://127.0.0.1:{server.port}"
        return server

    def _identity(self, user: str) -> Identity:
        return Identity(platform="practice", tenant=self._charter.tenant, user=user)

    @override
    def use(self, plain: Desk) -> None:
        self._plain = self.inner.desk = plain

    @override
    def messenger(self, memory: FakeMessenger) -> Messenger:
        def now() -> datetime:
            return self._now()

        return BothMessenger(memory, PracticeMessenger(self._chat, now), finds=True, tenant=self._charter.tenant)

    async def window(self, user: str) -> Window:
        """The browser of somebody, who chose in it who they are."""
        if user not in self._windows:
            http = await self._stack.enter_async_context(ClientSession(cookie_jar=CookieJar(unsafe=True)))
            window = self._windows[user] = Window(http, self.url)
            await window.post("/player", {"player": user})
            await window.get()
        return self._windows[user]

    @override
    async def __call__(self, sent: Submission) -> Reply:
        """Send it as a browser does, and return what the desk answered.

        Birch's people, and whoever is nobody of the page, go straight to the desk.
        """
        user = sent.actor.user
        if UUID(sent.library) != self._charter.id or user not in PLAYERS:
            return await self._plain(sent)
        window = await self.window(user)
        if sent.page:
            path: str = "/page"
            data: object = await self._filled(window, sent)
        else:
            await window.puts_aside()
            path, data = self._words_or_button(window, sent)
        led_to = await window.post(path, data)
        heard, reply = self.inner.answers[same(sent)].pop()
        said_the_same(sent, heard, files=self._files)
        await window.get(led_to)
        await self._drawn(reply, window)
        return reply

    def _words_or_button(self, window: Window, sent: Submission) -> tuple[str, object]:
        place = CHANNEL if sent.surface == "channel" else ""
        hidden = {"as": sent.actor.user, "place": place, "nonce": f"n{next(self._nonces)}"}
        if sent.intent == "say":
            return "/say", {"text": sent.text("text"), **hidden}
        button = {
            "intent": sent.intent,
            "subject": sent.subject,
            "version": str(sent.version_seen or 0),
            "token": sent.token,
        }
        return "/press", {**window.button(button), **hidden}

    async def _filled(self, window: Window, sent: Submission) -> FormData:
        """The page of a form with these answers, each one of those it offers."""
        if (sent.token, sent.page) not in window.sheets:  # it waits above the composer
            await self(replace(sent, page=0, turn=Turn.NEXT, values={}))
        sheet, offered = window.sheets[sent.token, sent.page]
        fields = [(name, value) for name, value in sheet.sends if not name.startswith("f.")]
        fields = [("nonce", f"n{next(self._nonces)}") if name == "nonce" else (name, value) for name, value in fields]
        data = _multipart([*fields, ("turn", sent.turn)])
        for name, given in sent.values.items():
            asked = f"f.{name}"
            for value in given:
                if value in self._files:
                    raw, called = self._files[value]
                    data.add_field(asked, raw, filename=called, content_type="application/octet-stream")
                else:
                    drawn = not value or asked not in offered or value in offered[asked]
                    assert drawn or self._forged(sent, name, value), f"{name} offers no {value!r}"
                    data.add_field(asked, value)
        return data

    def _forged(self, sent: Submission, name: str, value: str) -> bool:
        """Test whether the desk offered no such answer either, so that the page had none to draw."""
        asked = next(one for one in self.inner.pages[sent.token, sent.page].page.fields if one.name == name)
        return bool(asked.options) and value not in {option.value for option in asked.options}

    async def _drawn(self, reply: Reply, window: Window) -> None:
        """The person was shown all of it: over the desk, as the newest of their conversation, or behind "Show all"."""
        said = _said(window.html)
        missing = [words for words in _words_of(reply) if words not in said]
        for whole in MORE.findall(window.html)[-1:] if missing else ():
            _, raw = await window.fetch(whole)
            said = _said(raw.decode())
        assert not [words for words in missing if words not in said], missing

    @override
    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        """Choose the file in the browser; it goes along when the page is sent."""
        made = f"file {next(self._nonces)}"
        self._files[made] = (raw, name)
        return made

    @override
    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        answer, raw = await (await self.window(actor.user)).fetch(f"/picture/{case}/{sha256}")
        if answer.status != 200:
            raise Refusal(raw.decode())
        return raw, answer.content_type

    @override
    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        window, path = await self.window(actor.user), f"/document/{case}/{name}"
        answer, raw = await window.fetch(path)
        if answer.status != 200:
            assert answer.content_disposition is None, "a refusal is read and not saved"
            raise Refusal(unescape(raw.decode()))
        assert path in window.offered, "what is handed over was drawn for them"
        assert answer.content_disposition is not None
        return File(name=str(answer.content_disposition.filename), media_type=answer.content_type, raw=raw)


class BothMessenger(wires.BothMessenger):
    """Tells everything on the page too."""

    @override
    async def there(self, to: Address) -> Address:
        return to


class HouseOverPractice(HouseOver[Wire]):
    """A library over the practice page."""


@asynccontextmanager
async def through_practice(house: HouseOverPractice, folder: Path, charter: Charter) -> AsyncIterator[None]:
    """From here on whatever the people of this library do goes through the practice page."""
    async with AsyncExitStack() as stack:
        stack.enter_context(patch.object(page, "MOST_SHOWN", MOST_SHOWN))
        chat = folder.parent / f"{folder.name} chat" / "chat.sqlite"  # the page's own, and no part of the record
        wire = Wire(house.desk, chat, house.time, stack, charter)
        server = await wire.start((await house.calendar()).zone)
        stack.push_async_callback(server.close)
        house.through(wire)
        yield


@asynccontextmanager
async def chicopee_over_practice(url: str, folder: Path) -> AsyncIterator[HouseOverPractice]:
    """Chicopee's library, begun; from then on whatever its people do goes through the practice page."""
    async with chicopee(SqlStore.open(url), folder, kind=HouseOverPractice) as house:
        assert isinstance(house, HouseOverPractice)
        async with through_practice(house, folder, CHARTER):
            yield house
