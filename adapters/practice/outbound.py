"""The chat of the practice desk: a file of its own beside the record, and posting to it.

The file is a window, never the record: deleting it loses what was said on the page and nothing that was decided.
"""

import json
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter
from typing_extensions import override

from bot.cards import Card, Values
from bot.ports import Address, Messenger, NotPosted, TryLater

PLATFORM = "practice"
CARDS: TypeAdapter[tuple[Card, ...]] = TypeAdapter(tuple[Card, ...])
BUSY = 5.0
"""Seconds to wait for another writer of the file."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS line (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    cards BLOB NOT NULL,
    origin TEXT NOT NULL,
    key TEXT,
    thread INTEGER REFERENCES line (id),
    at TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 0,
    UNIQUE (conversation, key)
);
CREATE INDEX IF NOT EXISTS line_thread ON line (thread);
CREATE INDEX IF NOT EXISTS line_conversation ON line (conversation, kind, id);
CREATE TABLE IF NOT EXISTS mark (
    player TEXT NOT NULL, conversation TEXT NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (player, conversation)
);
CREATE TABLE IF NOT EXISTS form (
    player TEXT NOT NULL, token TEXT NOT NULL, intent TEXT NOT NULL, subject TEXT NOT NULL, title TEXT NOT NULL,
    number INTEGER NOT NULL, pages INTEGER NOT NULL, aside INTEGER NOT NULL DEFAULT 0, errors TEXT NOT NULL,
    unsent TEXT NOT NULL, PRIMARY KEY (player, token)
);
CREATE TABLE IF NOT EXISTS file (value TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS toast (player TEXT PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (key TEXT PRIMARY KEY, led_to TEXT NOT NULL);
"""


class Kind(StrEnum):
    """What a line of a conversation is: posted by the bot unasked, its reply, words typed, a button pressed."""

    POSTED = "posted"
    REPLY = "reply"
    SAID = "said"
    PRESSED = "pressed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a conversation. ``origin`` names the channel in which a private reply was asked for."""

    id: int
    conversation: str
    kind: Kind
    text: str
    cards: tuple[Card, ...]
    origin: str
    at: datetime
    replies: tuple["Line", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenForm:
    """A form a player has begun: where it stands, what was wrong, and what was typed but not sent to the desk.

    The draft itself is the desk's; this only remembers its token. ``aside`` forms wait above the composer.
    """

    token: str
    intent: str
    subject: str
    title: str
    number: int
    pages: int
    aside: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    unsent: Values = field(default_factory=dict)


def channel(name: str) -> str:
    """The conversation of a channel."""
    return f"channel:{name}"


def with_bot(user: str) -> str:
    """The conversation of one player with the bot."""
    return f"user:{user}"


class Chat:
    """The chat file. Every call is a short transaction of its own; any thread may call."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=BUSY, check_same_thread=False)
        weakref.finalize(self, self._connection.close)
        self._turn = threading.Lock()
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def _file(self) -> Iterator[sqlite3.Connection]:
        with self._turn, self._connection:
            yield self._connection

    def add(
        self,
        conversation: str,
        kind: Kind,
        *,
        at: datetime,
        text: str = "",
        cards: tuple[Card, ...] = (),
        origin: str = "",
        key: str | None = None,
        under: int | None = None,
    ) -> int:
        """Keep a line and return its id; one with the same key in the same conversation is kept once.

        It shows what was kept last: a record restored from a backup goes on in the same chat, and may have other news
        of a case than the copy that was lost.
        """
        with self._file() as file:
            file.execute(
                "INSERT INTO line (conversation, kind, text, cards, origin, key, thread, at) VALUES (?, ?, ?, ?, ?, ?,"
                " (SELECT coalesce(thread, id) FROM line WHERE id = ? AND conversation = ?), ?)"
                " ON CONFLICT (conversation, key) DO UPDATE SET cards = excluded.cards, revision = revision + 1"
                " WHERE cards != excluded.cards",
                (
                    conversation,
                    kind,
                    text,
                    CARDS.dump_json(cards),
                    origin,
                    key,
                    under,
                    conversation,
                    at.isoformat(),
                ),
            )
            row = file.execute(
                "SELECT id FROM line WHERE conversation = ? AND key IS ? ORDER BY id DESC LIMIT 1", (conversation, key)
            ).fetchone()
        return int(row["id"])

    def replace(self, conversation: str, line: int, cards: tuple[Card, ...]) -> bool:
        """Show other cards in a line; ``False`` when there is no such line."""
        with self._file() as file:
            changed = file.execute(
                "UPDATE line SET cards = ?, revision = revision + 1 WHERE id = ? AND conversation = ?",
                (CARDS.dump_json(cards), line, conversation),
            )
        return changed.rowcount == 1

    def find(self, conversation: str, key: str) -> int | None:
        """The id of the line with this key."""
        with self._file() as file:
            row = file.execute("SELECT id FROM line WHERE conversation = ? AND key = ?", (conversation, key)).fetchone()
        return int(row["id"]) if row else None

    def line(self, line: int) -> Line | None:
        """One line, without its replies."""
        with self._file() as file:
            row = file.execute("SELECT * FROM line WHERE id = ?", (line,)).fetchone()
        return _line(row) if row else None

    def lines(self, conversation: str, *, most: int, before: int | None = None) -> tuple[tuple[Line, ...], int | None]:
        """The lines of a conversation with their replies, by their newest word, oldest first.

        The second value asks for earlier ones when given as ``before``; ``None`` when there are none.
        """
        with self._file() as file:
            roots = file.execute(
                "SELECT root.*, coalesce((SELECT max(id) FROM line WHERE thread = root.id), root.id) AS newest"
                " FROM line AS root WHERE conversation = ? AND thread IS NULL AND newest < ?"
                " ORDER BY newest DESC LIMIT ?",
                (conversation, before if before is not None else 1 << 62, most + 1),
            ).fetchall()
            shown = [
                _line(root, file.execute("SELECT * FROM line WHERE thread = ? ORDER BY id", (root["id"],)).fetchall())
                for root in reversed(roots[:most])
            ]
        return tuple(shown), int(roots[most - 1]["newest"]) if len(roots) > most else None

    def unread(self, player: str) -> dict[str, int]:
        """How many posted lines of each conversation a player has not seen."""
        with self._file() as file:
            rows = file.execute(
                "SELECT conversation, count(*) AS unseen FROM line WHERE kind = ? AND id > coalesce("
                " (SELECT line FROM mark WHERE player = ? AND mark.conversation = line.conversation), 0)"
                " GROUP BY conversation",
                (Kind.POSTED, player),
            ).fetchall()
        return {row["conversation"]: row["unseen"] for row in rows}

    def mark_read(self, player: str, conversation: str) -> None:
        """Note that a player has seen everything in a conversation."""
        with self._file() as file:
            file.execute(
                "INSERT INTO mark SELECT ?, ?, coalesce(max(id), 0) FROM line WHERE conversation = ?"
                " ON CONFLICT (player, conversation) DO UPDATE SET line = excluded.line",
                (player, conversation, conversation),
            )

    def stamp(self) -> str:
        """A word that is another one whenever something was said or changed."""
        with self._file() as file:
            row = file.execute("SELECT coalesce(max(id), 0) AS newest, total(revision) AS changes FROM line").fetchone()
        return f"{row['newest']}-{row['changes']:.0f}"

    def keep_form(self, player: str, form: OpenForm) -> None:
        """Remember a form; the player's other open ones are put aside."""
        with self._file() as file:
            file.execute("UPDATE form SET aside = 1 WHERE player = ?", (player,))
            file.execute(
                "REPLACE INTO form VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    player,
                    form.token,
                    form.intent,
                    form.subject,
                    form.title,
                    form.number,
                    form.pages,
                    form.aside,
                    json.dumps(dict(form.errors)),
                    json.dumps(dict(form.unsent)),
                ),
            )

    def forms(self, player: str) -> tuple[OpenForm, ...]:
        """Every form a player has begun, in the order they were first opened or sent."""
        with self._file() as file:
            rows = file.execute("SELECT * FROM form WHERE player = ? ORDER BY rowid", (player,)).fetchall()
        return tuple(_form(row) for row in rows)

    def drop_form(self, player: str, token: str) -> None:
        """Forget a form that is finished or discarded."""
        with self._file() as file:
            file.execute("DELETE FROM form WHERE player = ? AND token = ?", (player, token))

    def name_file(self, value: str, name: str) -> None:
        """Remember what a quarantined file was called, so that the form can list it."""
        with self._file() as file:
            file.execute("REPLACE INTO file VALUES (?, ?)", (value, name))

    def file_name(self, value: str) -> str:
        """What a quarantined file was called."""
        with self._file() as file:
            row = file.execute("SELECT name FROM file WHERE value = ?", (value,)).fetchone()
        return str(row["name"]) if row else "a file added before"

    def toast(self, player: str, text: str) -> None:
        """Leave a sentence for the player's next page."""
        with self._file() as file:
            file.execute("REPLACE INTO toast VALUES (?, ?)", (player, text))

    def take_toast(self, player: str) -> str:
        """The sentence left for this page; it is shown once."""
        with self._file() as file:
            row = file.execute("DELETE FROM toast WHERE player = ? RETURNING text", (player,)).fetchone()
        return str(row["text"]) if row else ""

    def delivered(self, key: str) -> str:
        """Where a delivery led to; empty when it is a new one."""
        with self._file() as file:
            row = file.execute("SELECT led_to FROM delivery WHERE key = ?", (key,)).fetchone()
        return str(row["led_to"]) if row else ""

    def note_delivery(self, key: str, led_to: str) -> None:
        """Remember where a delivery led to, so that its repeat leads there too."""
        with self._file() as file:
            file.execute("INSERT INTO delivery VALUES (?, ?) ON CONFLICT DO NOTHING", (key, led_to))


def _line(row: sqlite3.Row, replies: list[sqlite3.Row] | None = None) -> Line:
    return Line(
        id=row["id"],
        conversation=row["conversation"],
        kind=Kind(row["kind"]),
        text=row["text"],
        cards=CARDS.validate_json(row["cards"]),
        origin=row["origin"],
        at=datetime.fromisoformat(row["at"]),
        replies=tuple(_line(reply) for reply in replies or ()),
    )


def _form(row: sqlite3.Row) -> OpenForm:
    return OpenForm(
        token=row["token"],
        intent=row["intent"],
        subject=row["subject"],
        title=row["title"],
        number=row["number"],
        pages=row["pages"],
        aside=bool(row["aside"]),
        errors=json.loads(row["errors"]),
        unsent={name: tuple(answers) for name, answers in json.loads(row["unsent"]).items()},
    )


class PracticeMessenger(Messenger):
    """Posts cards into the chat file, at the practice calendar's time."""

    platform = PLATFORM

    def __init__(self, chat: Path, now: Callable[[], datetime]) -> None:
        self._chat = Chat(chat)
        self._now = now

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        """Post a card once per key and conversation.

        :raises NotPosted: the address is no place of the practice desk
        :raises TryLater: the file is busy; nothing was posted
        """
        conversation = _conversation(to)
        thread = int(under) if under.isdecimal() else None
        with _waiting():
            line = self._chat.add(conversation, Kind.POSTED, at=self._now(), cards=(card,), key=key, under=thread)
        return str(line)

    @override
    async def update(self, to: Address, message: str, card: Card) -> None:
        """Show another card in its place.

        :raises NotPosted: there is no such message
        :raises TryLater: the file is busy; nothing was changed
        """
        conversation = _conversation(to)
        with _waiting():
            if not message.isdecimal() or not self._chat.replace(conversation, int(message), (card,)):
                raise NotPosted(f"There is no message {message} in {conversation}.")

    @override
    async def find(self, to: Address, key: str) -> str | None:
        """The id of the message posted with this key."""
        conversation = _conversation(to)
        with _waiting():
            line = self._chat.find(conversation, key)
        return None if line is None else str(line)


def _conversation(to: Address) -> str:
    if to.platform != PLATFORM or bool(to.channel) == bool(to.user):
        raise NotPosted("This is no address of the practice desk.")
    return channel(to.channel) if to.channel else with_bot(to.user)


@contextmanager
def _waiting() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as busy:
        raise TryLater(1.0) from busy
