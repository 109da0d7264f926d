"""A small desk that works, players and a calendar, for trying the page without the library behind it."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

from aiohttp import ClientResponse, FormData, web
from aiohttp.test_utils import TestClient, TestServer
from typing_extensions import override

from adapters.practice.app import Player, build
from bot.cards import (
    Card,
    Field,
    FieldKind,
    File,
    Identity,
    OpenPage,
    Option,
    Page,
    Reply,
    Submission,
    Turn,
    Values,
)
from bot.refusal import Mistake, Refusal

LIBRARY = "8c0f4f2e-6f0e-4e7e-9d55-0c9b1c0a2a11"
SOME_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
    "0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def player(user: str, name: str, title: str) -> Player:
    return Player(identity=Identity(platform="practice", tenant=LIBRARY, user=user), name=name, title=title)


ROBIN = player("robin", "Robin Okafor", "circulation clerk")
DIRECTOR = player("dana", "Dana Whitfield", "Library Director")
PLAYERS = (ROBIN, DIRECTOR)
CHANNELS = ("social-media", "decisions", "records")

TWO_PAGES = (
    Page(
        title="Report an item",
        submit="Next",
        fields=(
            Field(
                name="track",
                label="What is it?",
                kind=FieldKind.CHOICE,
                required=True,
                options=(
                    Option(value="violation", label="May break a rule"),
                    Option(value="complaint", label="Complaint"),
                ),
            ),
            Field(
                name="words", label="What was posted?", kind=FieldKind.LONG_TEXT, required=True, hint="Word for word."
            ),
        ),
    ),
    Page(
        title="Report an item",
        submit="Send the report",
        fields=(
            Field(name="copies", label="Pictures of it", kind=FieldKind.FILE, most=3),
            Field(name="note", label="Anything else?"),
        ),
    ),
)


@dataclass
class SmallDesk:
    """A desk with forms and nothing behind them: drafts live, pages turn, and the last one is kept in ``done``."""

    forms: Mapping[str, tuple[Page, ...]] = field(default_factory=lambda: {"incident.report": TWO_PAGES})
    says: Callable[[Submission], Reply] | None = None
    heard: list[Submission] = field(default_factory=list)
    done: list[Values] = field(default_factory=list)
    kept: list[tuple[str, bytes]] = field(default_factory=list)
    drafts: dict[str, tuple[Submission, int, Values]] = field(default_factory=dict)
    pictures: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    asked_for_files: asyncio.Event = field(default_factory=asyncio.Event)
    pictures_shown: list[str] = field(default_factory=list)
    documents: dict[str, File] = field(default_factory=dict)
    fails: bool = False

    async def __call__(self, sent: Submission) -> Reply:
        self.heard.append(sent)
        if sent.intent == "say" and sent.text("text") == "report":
            sent = replace(sent, intent="incident.report", values={})
        if self.fails and sent.page:
            return Reply(cards=(Card(title="Something went wrong here", body="Nothing was saved."),))
        if sent.intent in self.forms:
            return self._form(sent)
        if self.says:
            return self.says(sent)
        return Reply(cards=(Card(title=f"You asked for {sent.text('text') or sent.intent}"),))

    def _form(self, sent: Submission) -> Reply:
        if not sent.token:
            token = secrets.token_urlsafe(8)
            self.drafts[token] = (sent, 1, {})
            return self._opened(token)
        if sent.token not in self.drafts:
            return Reply(cards=(Card(title="This form is no longer open"),))
        if sent.turn is Turn.CANCEL:
            del self.drafts[sent.token]
            return Reply(headline="Cancelled. Nothing was saved.")
        return self._turned(sent) if sent.page else self._opened(sent.token)

    def _turned(self, sent: Submission) -> Reply:
        pages = self.forms[sent.intent]
        first, _, values = self.drafts[sent.token]
        asked = pages[sent.page - 1].fields
        values = {**values, **{each.name: sent.values.get(each.name, ()) for each in asked}}
        missing = {each.name: "Please answer this." for each in asked if each.required and not any(values[each.name])}
        if sent.turn is Turn.BACK or missing:
            number = max(1, sent.page - 1) if sent.turn is Turn.BACK else sent.page
            self.drafts[sent.token] = (first, number, values)
            return self._opened(sent.token, {} if sent.turn is Turn.BACK else missing)
        if sent.page < len(pages):
            self.drafts[sent.token] = (first, sent.page + 1, values)
            return self._opened(sent.token)
        del self.drafts[sent.token]
        self.done.append(values)
        return Reply(cards=(Card(title="Report I-2026-0001", body="It is kept."),), about="I-2026-0001")

    def _opened(self, token: str, errors: Mapping[str, str] | None = None) -> Reply:
        first, number, values = self.drafts[token]
        pages = self.forms[first.intent]
        page = pages[number - 1]
        return Reply(
            page=OpenPage(
                token=token,
                intent=first.intent,
                subject=first.subject,
                page=page,
                number=number,
                of=len(pages),
                values={asked.name: values.get(asked.name, asked.initial) for asked in page.fields},
                errors=errors or {},
            )
        )

    async def takes_files(self, library: str, token: str) -> bool:
        self.asked_for_files.set()
        if library != LIBRARY or token not in self.drafts:
            return False
        first, number, _ = self.drafts[token]
        return self.forms[first.intent][number - 1].takes_files

    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        if not await self.takes_files(library, token) or not raw.startswith(SOME_PICTURE[:8]):
            raise Mistake("This is no picture. Add a screenshot instead.")
        self.kept.append((name, raw))
        return f"quarantine-{len(self.kept)}"

    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        if library != LIBRARY or actor != DIRECTOR.identity or sha256 not in self.pictures:
            raise Refusal(f"Only the Library Director may open {case}.")
        self.pictures_shown.append(sha256)
        return self.pictures[sha256]

    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        if library != LIBRARY or actor != DIRECTOR.identity or f"{case}/{name}" not in self.documents:
            raise Refusal(f"Only the Library Director may take {name} of {case}.")
        return self.documents[f"{case}/{name}"]


@dataclass
class PaperCalendar:
    """A calendar that moves and notes how."""

    at: datetime = datetime(2026, 3, 9, 14, 30, tzinfo=UTC)
    zone: str = "America/New_York"
    moves: list[tuple[int, bool]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    async def move(self, days: int, *, away: bool) -> str:
        self.at += timedelta(days=days)
        self.moves.append((days, away))
        return f"{days} days have passed."


async def _nothing_queued() -> None:
    """A desk that tells nobody anything."""


def a_practice_desk(
    chat: Path,
    desk: SmallDesk | None = None,
    calendar: PaperCalendar | None = None,
    deliver: Callable[[], Awaitable[object]] = _nothing_queued,
) -> web.Application:
    return build(
        desk or SmallDesk(),
        library=LIBRARY,
        library_name="Elm Street Library",
        players=PLAYERS,
        channels=CHANNELS,
        calendar=calendar or PaperCalendar(),
        chat=chat,
        deliver=deliver,
    )


class _Reader(HTMLParser):
    """Reads a page the way a browser does: elements in order, forms with what they would send, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, dict[str, str]]] = []
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._area = ""
        self._form: Form | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, tuple(sorted(given))))
        self.attributes.append((tag, given))
        if tag == "form":
            self._form = Form(action=given.get("action", ""), words=[])
            self.forms.append(self._form)
        if (form := self._form) is None:
            return
        if tag == "input" and given.get("type") not in {"radio", "checkbox", "file"}:
            form.sends.append((given.get("name", ""), given.get("value", "")))
        if tag == "input" and given.get("type") in {"radio", "checkbox"} and "checked" in given:
            form.sends.append((given["name"], given.get("value", "on")))
        if tag == "textarea":
            self._area = given.get("name", "")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area
        self._form = None if tag == "form" else self._form

    @override
    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._form:
            self._form.words.append(data)
            if self._area:
                self._form.sends.append((self._area, data.removeprefix("\n")))


@dataclass
class Form:
    """A form of a page: where it goes, what it says, and what it would send."""

    action: str
    words: list[str]
    sends: list[tuple[str, str]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return " ".join("".join(self.words).split())

    def value(self, name: str) -> str:
        return next(value for named, value in self.sends if named == name)


@dataclass
class Seen:
    """A page somebody got."""

    status: int
    url: str
    html: str
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        return " ".join("".join(self.read().words).split())

    def read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.html)
        reader.close()
        return reader

    def form(self, label: str) -> Form:
        """The form whose button says this."""
        return next(form for form in self.read().forms if form.label == label)

    def sheet(self) -> Form:
        """The form that is open over the desk."""
        return [form for form in self.read().forms if form.action == "/page"][-1]


class Visitor:
    """A browser without scripts: keeps cookies, follows redirects, and says where it comes from."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self._client = client
        self.origin = str(client.make_url("/")).rstrip("/")

    async def get(self, path: str = "/", headers: Mapping[str, str] | None = None) -> Seen:
        async with self._client.get(path, headers=headers) as answer:
            return await self._seen(answer)

    async def post(self, path: str, data: object, headers: Mapping[str, str] | None = None) -> Seen:
        sent = {"Origin": self.origin} if headers is None else headers
        async with self._client.post(path, data=data, headers=sent) as answer:
            return await self._seen(answer)

    async def press(self, seen: Seen, label: str) -> Seen:
        form = seen.form(label)
        return await self.post(form.action, dict(form.sends))

    async def say(self, words: str, *, place: str = "") -> Seen:
        return await self.post("/say", {"text": words, "place": place})

    async def be(self, someone: Player) -> Seen:
        return await self.post("/player", {"player": someone.identity.user})

    async def send(self, seen: Seen, turn: str = "next", **answers: str | tuple[bytes, str]) -> Seen:
        """Send the open page with these answers over the ones it holds; a file is (bytes, name)."""
        data = FormData(default_to_multipart=True, quote_fields=False)
        for name, value in seen.sheet().sends:
            if name.removeprefix("f.") not in answers or isinstance(answers[name.removeprefix("f.")], tuple):
                data.add_field(name, value)
        data.add_field("turn", turn)
        for name, answer in answers.items():
            if isinstance(answer, tuple):
                data.add_field(f"f.{name}", answer[0], filename=answer[1], content_type="application/octet-stream")
            else:
                data.add_field(f"f.{name}", answer)
        return await self.post("/page", data)

    async def _seen(self, answer: ClientResponse) -> Seen:
        return Seen(
            status=answer.status, url=answer.url.path, html=await answer.text(errors="replace"), headers=answer.headers
        )


@asynccontextmanager
async def visiting(app: web.Application) -> AsyncIterator[Visitor]:
    async with TestClient(TestServer(app)) as client:
        yield Visitor(client)


def read(html: str) -> _Reader:
    return Seen(status=200, url="", html=html, headers={}).read()
