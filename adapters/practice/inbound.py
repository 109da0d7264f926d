"""What the browser sends, as submissions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Protocol

from aiohttp import BodyPartReader, MultipartReader
from typing_extensions import override

from adapters import sender
from bot.cards import File, Identity, Reply, Submission, Turn, Values
from bot.refusal import Mistake, Refusal

MOST_BYTES = 25 * 1024 * 1024
"""What the files of one page may weigh together, in bytes."""
MOST_IN_ALL = 4 * MOST_BYTES
"""Beyond this, in bytes, reading stops altogether; up to it, what is too much is passed over and the words are kept."""
MOST_WORDS = 1024 * 1024
"""What one field without a file may weigh, in bytes."""
MOST_PARTS = 1000
FIELD = "f."
"""In front of the name of every field of a form, so that none is taken for one of the page's own."""
ASIDE = "aside"

TOO_MUCH = "The files of a page may weigh 25 MB together. This one was not kept; add smaller ones."
UNKNOWN = "The page sent something this desk does not know. Please reload it and try again."
NO_FILE_HERE = "This page takes no file. Nothing of it was read."


class Desk(Protocol):
    """What this adapter asks of the desk."""

    async def __call__(self, sent: Submission) -> Reply:
        """Answer what was sent."""

    async def takes_files(self, library: str, token: str) -> bool:
        """Test whether the page a draft stands on takes a file."""

    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        """Keep a file apart and return what its field then holds.

        :raises Mistake: it cannot be used, and why
        """

    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        """A retained picture and its media type.

        :raises Refusal: this person may not see it
        """

    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        """A document about a case, made now.

        :raises Refusal: this person may not have it, or there is none
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender(sender.Sender):
    """Who sends, and from which conversation: a channel's name, or empty for their own with the bot."""

    library: str
    actor: Identity
    channel: str = ""
    delivery: str = ""

    @property
    @override
    def identity(self) -> Identity:
        """Whoever the page is."""
        return self.actor

    @property
    @override
    def alone(self) -> bool:
        """Test whether it came from their own conversation with the bot."""
        return not self.channel


def said(words: str, sender: Sender) -> Submission:
    """Words typed to the bot."""
    return sender.says(sender.library, _lines(words))


def pressed(sent: Mapping[str, str], sender: Sender) -> Submission:
    """A button of a card, exactly as it was drawn.

    :raises Refusal: the browser sent something no button of ours sends
    """
    intent, version = sent.get("intent", ""), sent.get("version", "0")
    if not intent or not version.isdecimal():
        raise Refusal(UNKNOWN)
    return sender.sends(
        sender.library,
        intent,
        subject=_lines(sent.get("subject", "")),
        version_seen=int(version),
        token=sent.get("token", ""),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class FilledPage:
    """One page of a form as the browser sent it. ``wrong`` is what could not be kept, by field."""

    control: Mapping[str, str]
    values: Values
    wrong: Mapping[str, str]
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def aside(self) -> bool:
        """Test whether the person put the form aside instead of sending it."""
        return self.control.get("turn") == ASIDE

    @property
    def page(self) -> int:
        """The number of the page, from 1.

        :raises Refusal: the browser sent none
        """
        number = self.control.get("page", "")
        if not number.isdecimal() or int(number) < 1:
            raise Refusal(UNKNOWN)
        return int(number)

    def submission(self, sender: Sender) -> Submission:
        """The page as a submission.

        :raises Refusal: the browser sent something no form of ours sends
        """
        turn = self.control.get("turn", "")
        if turn not in set(Turn) or not self.control.get("intent") or not self.control.get("token"):
            raise Refusal(UNKNOWN)
        return sender.sends(
            sender.library,
            self.control["intent"],
            subject=_lines(self.control.get("subject", "")),
            values=self.values,
            token=self.control["token"],
            page=self.page,
            turn=Turn(turn),
        )


async def read_page(parts: MultipartReader, desk: Desk, library: str) -> FilledPage:
    """Read a page of a form; before the first byte of a file the desk is asked whether the page takes any.

    :raises Mistake: a file was sent to a page that takes none, or far too much was sent
    """
    reader = _PageReader(desk, library)
    for _ in range(MOST_PARTS):
        part = await parts.next()
        if part is None:
            return FilledPage(control=reader.control, values=reader.values, wrong=reader.wrong, files=reader.files)
        if not isinstance(part, BodyPartReader):
            raise Mistake(UNKNOWN)
        if part.filename is None:
            await reader.words(part)
        elif part.filename:
            await reader.file(part, PurePath(part.filename.replace("\\", "/")).name[:200])
        elif await _read(part, 0) is None:  # a file field left empty is sent without a name and without a byte
            raise Mistake(NO_FILE_HERE)
    raise Mistake(UNKNOWN)


class _PageReader:
    """The answers of a page, as its parts go by."""

    def __init__(self, desk: Desk, library: str) -> None:
        self._desk = desk
        self._library = library
        self._left = MOST_IN_ALL
        self._left_for_files = MOST_BYTES
        self.control: dict[str, str] = {}
        self.values: dict[str, tuple[str, ...]] = {}
        self.wrong: dict[str, str] = {}
        self.files: dict[str, str] = {}

    async def words(self, part: BodyPartReader) -> None:
        """Take an answer in words, or one of the page's own values."""
        raw = await _read(part, min(self._left, MOST_WORDS))
        if raw is None:
            raise Mistake("That is more text than one field can take. Please shorten it.")
        self._left -= len(raw)
        answer = _lines(raw.decode(errors="replace"))
        if (part.name or "").startswith(FIELD):
            self._add(part, answer)
        else:
            self.control[part.name or ""] = answer

    async def file(self, part: BodyPartReader, called: str) -> None:
        """Have a file kept, if the page takes one."""
        token = self.control.get("token", "")
        if not await self._desk.takes_files(self._library, token):
            raise Mistake(NO_FILE_HERE)
        raw = await _read(part, min(self._left, self._left_for_files))
        if raw is None:
            self._left -= await _pass_over(part, self._left)
            self.wrong[_field(part)] = f"{called}: {TOO_MUCH}"
            return
        self._left -= len(raw)
        self._left_for_files -= len(raw)
        try:
            value = await self._desk.keep_file(self._library, token, raw, called)
        except Refusal as no:
            self.wrong[_field(part)] = f"{called}: {no.why}"
            return
        self.files[value] = called
        self._add(part, value)

    def _add(self, part: BodyPartReader, answer: str) -> None:
        self.values[_field(part)] = (*self.values.get(_field(part), ()), answer)


def _field(part: BodyPartReader) -> str:
    return (part.name or "").removeprefix(FIELD)


async def _read(part: BodyPartReader, most: int) -> bytes | None:
    """The bytes of a part; ``None`` as soon as there are more than ``most``."""
    raw = bytearray()
    while chunk := await part.read_chunk():
        raw += chunk
        if len(raw) > most:
            return None
    return bytes(raw)


async def _pass_over(part: BodyPartReader, most: int) -> int:
    """Let the rest of a part go by, unkept, and return how many bytes that was."""
    passed = 0
    while chunk := await part.read_chunk():
        passed += len(chunk)
        if passed > most:
            raise Mistake("That was far too much at once, and nothing of it was kept. Add smaller files.")
    return passed


def _lines(text: str) -> str:
    """Undo what browsers do to line ends."""
    return text.replace("\r\n", "\n")


def number(text: str) -> int | None:
    """A whole number of the page's own making, or ``None`` for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None
