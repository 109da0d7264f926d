"""What people see and send back, without a platform in sight.

Adapters branch on the kind of an element, never on an intent. Every text here is plain text: an adapter escapes it,
cuts it to its platform's limits with a way to the whole, and never lets it become a link, a mention or markup.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal, Self

from bot.people import Identity, Standing
from bot.refusal import Citation

__all__ = [
    "Button",
    "Card",
    "Document",
    "Fact",
    "Field",
    "FieldKind",
    "File",
    "Identity",
    "Image",
    "Note",
    "OpenPage",
    "Option",
    "Page",
    "Quote",
    "Reply",
    "Row",
    "Standing",
    "Style",
    "Submission",
    "Table",
    "Tone",
    "Turn",
    "Values",
]

Values = Mapping[str, tuple[str, ...]]
"""What was filled in, by field name. One answer is a tuple of one; nothing chosen is an empty tuple."""


class Style(StrEnum):
    """How a button looks. ``danger`` is for what weighs on somebody's rights, not for what is merely final."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """Something a person can press: what it asks for, about what, and which version of it they were looking at.

    ``opens_form`` says the press is answered with a page of a form. ``token`` resumes a draft that is already begun.
    """

    label: str
    intent: str
    subject: str = ""
    version: int = 0
    style: Style = Style.PLAIN
    opens_form: bool = False
    token: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A label and its value, one line each."""

    label: str
    value: str


class Tone(StrEnum):
    """What kind of remark a note is."""

    INFO = "info"
    WARNING = "warning"
    SOURCE = "source"
    PRACTICE = "practice"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A remark under the facts: where a rule stands, what is not on file, what is practice."""

    text: str
    tone: Tone = Tone.INFO

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """Show where a rule stands."""
        return cls(text=str(citation), tone=Tone.PRACTICE if citation.practice else Tone.SOURCE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """Somebody else's words: hostile until rendered. Adapters show them verbatim, inert, with URLs defanged."""

    label: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """A retained picture of a case, by its hash in the vault; shown privately only, to whoever may open the case."""

    case: str
    sha256: str
    alt: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A file about a case that is made when it is asked for: a letter, the whole file of the case.

    Offered privately only. ``name`` is what the desk knows it by; ``label`` is what people press. An adapter asks the
    desk for the bytes when somebody does, which checks who it is and keeps that they had it.
    """

    case: str
    name: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file that is handed to one person: the name to save it under, its media type and its bytes.

    ``seal`` is a hash that the ledger keeps of it, so that a copy can later be told from an altered one; empty means
    that of the bytes.
    """

    name: str
    media_type: str
    raw: bytes
    seal: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of a table, with what can be done about it."""

    cells: tuple[str, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A list with headings."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A title, some facts, somebody's words, some buttons."""

    title: str
    body: str = ""
    facts: tuple[Fact, ...] = ()
    quotes: tuple[Quote, ...] = ()
    notes: tuple[Note, ...] = ()
    table: Table | None = None
    images: tuple[Image, ...] = ()
    documents: tuple[Document, ...] = ()
    buttons: tuple[Button, ...] = ()


class FieldKind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"
    DATE = "date"
    FILE = "file"
    YES_NO = "yes_no"


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One answer of a choice: what is kept, and what the person reads."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One question of a page.

    Dates are local days, ISO; ``latest`` refuses later ones. A yes/no answers "yes" or "no". ``initial`` is shown
    filled in. ``most`` is the number of files a file field takes, ``takes`` what they are: pictures and PDF files, or a
    calendar file; other kinds ignore both. A text may be the platform's own name of a user or a channel: an adapter
    whose platform can offer a list of them does. A long text of "users" holds several people, one a line: the
    platform's own name of the account, a space, and the person's name. An adapter that can offer people, or groups of
    them, writes these lines itself and leaves out whoever is no member.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    hint: str = ""
    options: tuple[Option, ...] = ()
    initial: tuple[str, ...] = ()
    latest: date | None = None
    max_length: int = 3000
    most: int = 5
    takes: Literal["pictures", "calendar"] = "pictures"
    names: Literal["", "user", "users", "channel"] = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One screen of a form.

    ``facts`` and ``quotes`` stand before the questions: what the answer is about, for whoever has not opened the case.
    A page that has any is a look at the case, and notes it with ``work.look``.
    """

    title: str
    fields: tuple[Field, ...]
    intro: str = ""
    facts: tuple[Fact, ...] = ()
    quotes: tuple[Quote, ...] = ()
    notes: tuple[Note, ...] = ()
    submit: str = "Save"

    @property
    def takes_files(self) -> bool:
        """Test whether an adapter may fetch a file for this page."""
        return any(asked.kind is FieldKind.FILE for asked in self.fields)

    @property
    def takes_calendars(self) -> bool:
        """Test whether the file of this page is a calendar file."""
        return any(asked.kind is FieldKind.FILE and asked.takes == "calendar" for asked in self.fields)


class Turn(StrEnum):
    """What the person did with an open page. To stay keeps what is filled in and shows the same page again."""

    NEXT = "next"
    BACK = "back"
    STAY = "stay"
    CANCEL = "cancel"


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPage:
    """A page of a draft as shown: its number among the pages known so far, what is filled in, what is wrong beside."""

    token: str
    intent: str
    subject: str
    page: Page
    number: int
    of: int
    values: Values
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """What a person sent: which intent, about what, seen at which version, with which values.

    ``intent`` "say" carries words typed to the bot in ``values["text"]``. ``delivery_id`` is the platform's own name
    for this delivery; ``place`` is the conversation it came from and is never where personal data is answered.
    """

    library: str
    intent: str
    actor: Identity
    subject: str = ""
    version_seen: int | None = None
    values: Values = field(default_factory=dict)
    token: str = ""
    page: int = 0
    turn: Turn = Turn.NEXT
    delivery_id: str = ""
    surface: Literal["private", "channel", "home"] = "private"
    place: str = ""

    def text(self, name: str) -> str:
        """The one answer to a field, stripped; empty when there is none."""
        given = self.values.get(name, ())
        return given[0].strip() if given else ""

    def chosen(self, name: str) -> tuple[str, ...]:
        """Every answer to a field with several."""
        return tuple(value for value in self.values.get(name, ()) if value)

    def yes(self, name: str) -> bool:
        """Test whether a yes/no was answered yes."""
        return self.text(name) == "yes"

    def day(self, name: str) -> date | None:
        """The local day a date field holds; ``None`` when empty. Pages have checked its form already."""
        return date.fromisoformat(self.text(name)) if self.text(name) else None

    def lines(self, name: str) -> tuple[str, ...]:
        """The non-empty lines of a long text, stripped, each once, in order."""
        return tuple(dict.fromkeys(line.strip() for line in self.text(name).splitlines() if line.strip()))

    def with_values(self, values: Values, *, intent: str = "", subject: str = "") -> Self:
        """The same submission with other values, once a draft has put its pages together."""
        return replace(self, values=values, intent=intent or self.intent, subject=subject or self.subject)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What the person gets back, privately: cards, or a page of a form.

    ``headline`` is one line for a toast or a first line. ``about`` is the reference of what came of it, kept with the
    handled key so that a repeat can be answered from the record.
    """

    cards: tuple[Card, ...] = ()
    page: OpenPage | None = None
    headline: str = ""
    about: str = ""
