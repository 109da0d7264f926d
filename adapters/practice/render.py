"""Cards and pages of forms as HTML that works without a script.

Every text is plain text: it is escaped, its invisible and direction-turning characters are shown as what they are,
and nothing in it becomes a link. Somebody else's words are defanged as well.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from adapters import inert
from adapters.inert import defanged, harmless
from adapters.practice.inbound import FIELD
from adapters.practice.outbound import Line, OpenForm
from bot.cards import Card, Field, FieldKind, OpenPage

LONG_TEXT = 1500
"""Characters of one text that are shown in a conversation; the whole is one press away."""
LONG_LABEL = 160
"""The same for titles, labels and buttons."""
MANY_ROWS = 25
"""Rows of a table that are shown in a conversation."""
RADIOS = 14
"""A choice with more answers than this is a drop-down list."""


def cut(text: str, most: int = LONG_TEXT) -> str:
    """The beginning of a text, at a word's end where one is near."""
    return inert.cut(text, most)


def is_cut(card: Card) -> bool:
    """Test whether a conversation shows less than the whole card."""
    texts = [card.body, *(fact.value for fact in card.facts), *(quote.text for quote in card.quotes)]
    texts += [note.text for note in card.notes]
    labels = [card.title, *(fact.label for fact in card.facts), *(quote.label for quote in card.quotes)]
    buttons = [button.label for button in card.buttons]
    if card.table:
        labels += [*card.table.columns]
        texts += [cell for row in card.table.rows for cell in row.cells]
        buttons += [button.label for row in card.table.rows for button in row.buttons]
        if len(card.table.rows) > MANY_ROWS:
            return True
    return any(len(text) > LONG_TEXT for text in texts) or any(len(text) > LONG_LABEL for text in (*labels, *buttons))


def exact(text: str) -> Markup:
    """A value that must come back as it went out: escaped, and otherwise left alone."""
    return escape(text)


def input_id(name: str) -> str:
    """A field's id in the page."""
    return "field-" + re.sub(r"[^A-Za-z0-9_-]", "-", name)


def control(asked: Field) -> str:
    """How a field is asked."""
    match asked.kind:
        case FieldKind.CHOICE if len(asked.options) <= RADIOS:
            return "radios"
        case FieldKind.CHOICE | FieldKind.PERSON:
            return "select"
        case FieldKind.CHOICES:
            return "checkboxes"
        case FieldKind.YES_NO:
            return "yes_no"
        case FieldKind.TEXT | FieldKind.LONG_TEXT | FieldKind.DATE | FieldKind.FILE:
            return asked.kind.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody the page can be."""

    user: str
    name: str
    title: str
    unread: int

    @property
    def initials(self) -> str:
        """Two letters for the round mark beside what they say."""
        words = [word for word in self.name.split() if word[:1].isalnum()] or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A conversation in the list: a channel, or one's own with the bot (``channel`` is empty)."""

    channel: str
    unread: int
    here: bool

    @property
    def path(self) -> str:
        """Its address."""
        return place_path(self.channel)


def place_path(channel: str) -> str:
    """The address of a conversation."""
    return f"/channel/{channel}" if channel else "/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """The lines of one local day."""

    day: date
    lines: tuple[Line, ...]

    @property
    def label(self) -> str:
        """How the day is written."""
        return f"{self.day:%A %-d %B %Y}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Everything one page shows."""

    library: str
    zone: ZoneInfo
    now: datetime
    me: Person
    people: Sequence[Person]
    places: Sequence[Place]
    channel: str
    aside: Sequence[OpenForm]
    nonce: str
    stamp: str
    lines: Sequence[Line] = ()
    earlier: int | None = None
    latest_shown: bool = True
    page: OpenPage | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    toast: str = ""

    @property
    def days(self) -> tuple[Day, ...]:
        """The lines, grouped by the local day of the newest word of each."""
        days: list[tuple[date, list[Line]]] = []
        for line in self.lines:
            day = self._local(line.replies[-1].at if line.replies else line.at).date()
            if not days or days[-1][0] != day:
                days.append((day, []))
            days[-1][1].append(line)
        return tuple(Day(day=day, lines=tuple(lines)) for day, lines in days)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    @property
    def path(self) -> str:
        """The address of the conversation."""
        return place_path(self.channel)

    def clock(self, at: datetime, day: date | None = None) -> str:
        """A time in the library's zone, with its day where that is not the day it stands under."""
        local = self._local(at)
        return f"{local:%H:%M}" if local.date() == day else f"{local:%a %-d %b, %H:%M}"

    @property
    def today(self) -> str:
        """The practice calendar's day in the library's zone."""
        return f"{self._local(self.now):%a %-d %b %Y}"

    @property
    def time(self) -> str:
        """The practice calendar's time in the library's zone."""
        return f"{self._local(self.now):%H:%M}"

    @property
    def stray_errors(self) -> tuple[str, ...]:
        """What is wrong with the form, and belongs to no field of its page."""
        if self.page is None:
            return ()
        asked = {each.name for each in self.page.page.fields}
        return tuple(said for name, said in self.page.errors.items() if name not in asked)

    def first_to_answer(self) -> str:
        """The name of the field the cursor belongs in: the first that is wrong, else the first."""
        if self.page is None:
            return ""
        names = [each.name for each in self.page.page.fields]
        return next((name for name in names if name in self.page.errors), names[0] if names else "")


class Pages:
    """The pages of the practice desk."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_shown,
        )
        self._environment.filters.update(
            defanged=defanged, cut=cut, exact=exact, input_id=input_id, control=control, is_cut=is_cut
        )
        self._environment.globals.update(LONG_TEXT=LONG_TEXT, LONG_LABEL=LONG_LABEL, MANY_ROWS=MANY_ROWS, FIELD=FIELD)

    def desk(self, scene: Scene) -> str:
        """A conversation, and the open form over it."""
        return self._environment.get_template("desk.html").render(scene=scene)

    def whole(self, scene: Scene, line: Line) -> str:
        """One message without anything cut."""
        return self._environment.get_template("whole.html").render(scene=scene, line=line)

    def problem(self, title: str, words: str, *, back: str = "/") -> str:
        """A page that says kindly why something was not done."""
        return self._environment.get_template("problem.html").render(title=title, words=words, back=back)


def _shown(value: object) -> object:
    """Make every text of a template harmless; what is markup already has been through here."""
    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value
