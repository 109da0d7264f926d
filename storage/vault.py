"""Vault: evidence by content hash, in a folder for each library.

``vault/<library>/<first two of the hash>/<hash>`` holds what a case retains; ``quarantine/<library>`` holds files that
belong to an unfinished form. What a file is, is told from its bytes, never from its name. A file is complete under its
name or not there at all: it is written under another name, flushed to disk, renamed, and the folder flushed.
"""

import os
import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from bot.cases.incident import Evidence
from bot.refusal import Mistake

MOST = 20 * 1024 * 1024
"""The largest file that is taken, in bytes: 20 MB."""

SIGNATURES = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"%PDF-"), "application/pdf"),
)
"""How the kinds of file that are taken begin."""

TAKEN = "Pictures (PNG, JPEG, GIF, WebP) and PDF files are taken."
EXPIRED = "That file is no longer here, because the form was left for too long. Please add it again."
NOT_KEPT = "That file is not kept here."

TOKEN = re.compile(r"[0-9a-f]{32}\.[0-9a-f]{64}")
HASH = re.compile(r"[0-9a-f]{64}")


CALENDAR = re.compile(rb"(?:\xef\xbb\xbf)?\s*BEGIN:VCALENDAR", re.IGNORECASE)


def checked(raw: bytes, *, calendar: bool = False) -> str:
    """The media type of a file that may be kept.

    :param calendar: a calendar file is asked for, and no picture

    :raises Mistake: it is empty, too large, or no kind of file that is taken
    """
    if not raw:
        raise Mistake(f"The file is empty. {TAKEN}")
    if len(raw) > MOST:
        raise Mistake("The file is larger than 20 MB. A smaller copy, or a screenshot, will do.")
    if calendar:
        if CALENDAR.match(raw):
            return "text/calendar"
        raise Mistake("That is no calendar file. Export the closed days as iCalendar (.ics).")
    for begins, media_type in SIGNATURES:
        if begins.match(raw):
            return media_type
    raise Mistake(f"That is no picture or PDF file. {TAKEN} A screenshot of anything else will do.")


class FolderVault:
    """Keeps evidence in a folder.

    ``now`` is asked when a file is put into quarantine, so that it expires by the program's calendar.
    """

    def __init__(self, folder: Path, *, now: Callable[[], datetime]) -> None:
        self._kept = folder / "vault"
        self._waiting = folder / "quarantine"
        self._now = now

    def quarantine(self, library: UUID, raw: bytes, name: str, *, calendar: bool = False) -> str:
        """Keep a file apart and return the token a draft refers to it by.

        :raises Mistake: it is empty, too large, or not what is asked for: a picture or a PDF file, or a calendar file
        """
        checked(raw, calendar=calendar)
        token = f"{secrets.token_hex(16)}.{sha256(raw).hexdigest()}"
        folder = self._waiting / str(library)
        _write(folder / f"{token}.name", name.encode(errors="replace"))
        _write(folder / token, raw)
        moment = self._now().timestamp()
        os.utime(folder / token, (moment, moment))
        return token

    def opened(self, library: UUID, token: str) -> bytes:
        """The bytes of a quarantined file, for what is read once and not kept.

        :raises Mistake: the file has expired; it must be added again
        """
        waiting = self._waiting / str(library) / token
        if not TOKEN.fullmatch(token) or not waiting.exists():
            raise Mistake(EXPIRED)
        raw = waiting.read_bytes()
        if sha256(raw).hexdigest() != token.partition(".")[2]:
            raise Mistake(EXPIRED)
        return raw

    def promote(self, library: UUID, token: str, at: datetime) -> Evidence:
        """Keep a quarantined file as evidence.

        It also stays in quarantine until it expires or is removed, so that an act that was undone can be repeated.

        :raises Mistake: the file has expired; it must be added again
        """
        raw = self.opened(library, token)
        name = (self._waiting / str(library) / f"{token}.name").read_text()
        sha = sha256(raw).hexdigest()
        _write(self._path(library, sha), raw)
        return Evidence(sha256=sha, media_type=checked(raw), name=name, size=len(raw), kept_at=at)

    def read(self, library: UUID, sha256: str) -> tuple[bytes, str]:
        """The bytes of a retained file and its media type.

        :raises Mistake: it is not kept, or no longer what was kept
        """
        path = self._path(library, sha256)
        if not path.exists():
            raise Mistake(NOT_KEPT)
        raw = path.read_bytes()
        if _hash(raw) != sha256:
            raise Mistake("That file has been altered on disk since it was kept. Restore it from the backup.")
        return raw, checked(raw)

    def has(self, library: UUID, sha256: str) -> bool:
        """Test whether there is a file of this name, altered or not."""
        return self._path(library, sha256).exists()

    def put_back(self, library: UUID, raw: bytes) -> str:
        """Keep a file of a backup under its hash, which is returned."""
        sha = _hash(raw)
        _write(self._path(library, sha), raw)
        return sha

    def remove(self, library: UUID, sha256: str) -> None:
        """Remove a file from the vault, and from quarantine. Removing what is not kept changes nothing."""
        self._path(library, sha256).unlink(missing_ok=True)
        for waiting in (self._waiting / str(library)).glob(f"*.{sha256}"):
            _forget(waiting)

    def expire(self, before: datetime) -> int:
        """Remove quarantined files older than this; returns how many."""
        old = [
            path
            for path in self._waiting.glob("*/*")
            if TOKEN.fullmatch(path.name) and datetime.fromtimestamp(path.stat().st_mtime, tz=UTC) < before
        ]
        for path in old:
            _forget(path)
        return len(old)

    def _path(self, library: UUID, sha: str) -> Path:
        if not HASH.fullmatch(sha):
            raise Mistake(NOT_KEPT)
        return self._kept / str(library) / sha[:2] / sha


def _hash(raw: bytes) -> str:
    return sha256(raw).hexdigest()


def _forget(waiting: Path) -> None:
    waiting.unlink(missing_ok=True)
    waiting.with_name(f"{waiting.name}.name").unlink(missing_ok=True)


def _write(path: Path, raw: bytes) -> None:
    """Write a file so that, whatever happens, it is whole under its name or not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    flush(path.parent)


def flush(folder: Path) -> None:
    """Flush a folder's list of names to disk, so that a rename in it stays."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
