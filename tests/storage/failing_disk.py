"""A disk that loses power: SQLite under SQLAlchemy on files of which only what was flushed is sure to be left.

The store, its statements and SQLAlchemy run unchanged; only the driver is another one (``apsw``, with an SQLite of its
own), because the standard library's sqlite3 lets nobody stand between SQLite and its files. Two settings differ from
the program's: the writer locks the file for itself (``locking_mode=EXCLUSIVE``), because a file system written in
Python has no shared memory for the write-ahead log's index, and in half of the rounds the log is checkpointed every few
pages, so that power is also lost in the middle of that. What is left on the disk is opened by the real program with
the real sqlite3.

Of every write since the last flush of its file each 512 bytes are, by chance, written, left out, or torn: written
up to the middle and noise from there. A file that was never flushed may be missing. Flushed bytes stay.
"""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import apsw
from typing_extensions import override

SECTOR = 512


class PowerLost(Exception):  # noqa: N818 - what happened
    """The power went; nothing is written any more."""


@dataclass
class File:
    """What a program reads of a file, what is sure to be on the disk, and the writes between the two."""

    content: bytearray = field(default_factory=bytearray)
    flushed: bytes | None = None
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)

    def write(self, data: bytes, offset: int) -> None:
        _write(self.content, data, offset)
        self.waiting.append((offset, bytes(data)))

    def cut(self, size: int) -> None:
        del self.content[size:]
        self.waiting.append((size, None))

    def flush(self) -> None:
        self.flushed = bytes(self.content)
        self.waiting.clear()

    def after_power_loss(self, chance: random.Random) -> bytes | None:
        """What is found of the file when the power is back; ``None`` when it is missing."""
        if self.flushed is None and chance.random() < 0.5:
            return None
        left = bytearray(self.flushed or b"")
        for offset, data in self.waiting:
            if data is None:
                if chance.random() < 0.5:
                    del left[offset:]
                continue
            for start in range(0, len(data), SECTOR):
                sector = data[start : start + SECTOR]
                fate = chance.random()
                if fate < 0.5:
                    _write(left, sector, offset + start)
                elif fate < 0.65:
                    half = len(sector) // 2
                    _write(left, sector[:half] + chance.randbytes(len(sector) - half), offset + start)
        return bytes(left)


def _write(content: bytearray, data: bytes, offset: int) -> None:
    content.extend(bytes(max(0, offset + len(data) - len(content))))
    content[offset : offset + len(data)] = data


class Disk:
    """Files by name, and how many more times something is written or flushed before the power goes."""

    def __init__(self, chance: random.Random, *, holds: int) -> None:
        self.files: dict[str, File] = {}
        self._chance = chance
        self._holds = holds
        self._left: dict[str, bytes] | None = None

    @property
    def dark(self) -> bool:
        """Whether the power has gone."""
        return self._left is not None

    def work(self) -> None:
        """Do one thing to a file.

        :raises PowerLost: the power has gone
        """
        self._holds -= 1
        if self._holds < 0:
            self.lose_power()
            raise PowerLost

    def lose_power(self) -> None:
        """Decide, once, what is left of every file."""
        if self._left is None:
            found = {name: file.after_power_loss(self._chance) for name, file in self.files.items()}
            self._left = {name: raw for name, raw in found.items() if raw is not None}

    def leave_in(self, folder: Path) -> None:
        """Put what is left where the real program can open it."""
        self.lose_power()
        for name, raw in (self._left or {}).items():
            (folder / Path(name).name).write_bytes(raw)


class DiskFile:
    """An open file, as SQLite asks for it."""

    def __init__(self, disk: Disk, file: File) -> None:
        self._disk = disk
        self._file = file

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 - SQLite's name, as are those below
        return bytes(self._file.content[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.work()
        self._file.write(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._disk.work()
        self._file.cut(size)

    def xSync(self, _flags: int) -> None:  # noqa: N802
        self._disk.work()
        self._file.flush()

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._file.content)

    def xLock(self, _level: int) -> None:  # noqa: N802
        """One program, one connection: nobody to keep out."""

    def xUnlock(self, _level: int) -> None:  # noqa: N802
        """As above."""

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xClose(self) -> None:  # noqa: N802
        """Nothing is flushed by closing."""

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return 0

    def xFileControl(self, _operation: int, _pointer: int) -> bool:  # noqa: N802
        return False


class DiskVfs(apsw.VFS):
    """A disk under SQLite's feet."""

    def __init__(self, name: str, disk: Disk) -> None:
        self._disk = disk
        super().__init__(name, base="")

    @override
    def xOpen(self, name: Any, flags: list[int]) -> Any:
        flags[1] = flags[0]
        named = name.filename() if isinstance(name, apsw.URIFilename) else name
        file = File() if named is None else self._disk.files.setdefault(named, File())
        return DiskFile(self._disk, file)

    @override
    def xDelete(self, name: str, _sync: bool) -> None:
        self._disk.work()
        self._disk.files.pop(name, None)

    @override
    def xAccess(self, name: str, _flags: int) -> bool:
        return name in self._disk.files

    @override
    def xFullPathname(self, name: str) -> str:
        return name


class Cursor:
    """An apsw cursor with the manners of Python's database interface."""

    arraysize = 1

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._cursor.exec_trace = self._describe
        self._rows: Iterator[Any] = iter(())
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid = 0

    def execute(self, statement: str, values: Sequence[Any] = ()) -> "Cursor":
        return self.executemany(statement, [values])

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> "Cursor":
        before = self._connection.total_changes()
        found: list[Any] = []
        self.description = None
        try:
            for values in rows:
                self._cursor.execute(statement, tuple(values))
                found += self._cursor.fetchall()
        except apsw.Error as error:
            raise sqlite3.OperationalError(str(error)) from error
        except PowerLost as error:
            raise sqlite3.OperationalError("the power is lost") from error
        self.rowcount = self._connection.total_changes() - before
        self._rows = iter(found)
        return self

    def _describe(self, cursor: apsw.Cursor, _statement: str, _values: object) -> bool:
        """Note the columns while they can be asked for: before the first row, or there may never be one."""
        self.description = [(name, *[None] * 6) for name, _ in cursor.get_description()] or None
        return True

    def fetchone(self) -> Any:  # noqa: ANN401 - a row
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return [row for row, _ in zip(self._rows, range(size), strict=False)]

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def close(self) -> None:
        self._cursor.close(force=True)


class Connected:
    """An apsw connection with the manners of Python's database interface."""

    isolation_level = None

    def __init__(self, path: str, vfs: str, *, checkpoint_pages: int) -> None:
        self._connection = apsw.Connection(path, vfs=vfs)
        self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._connection.execute(f"PRAGMA wal_autocheckpoint={checkpoint_pages}")

    def cursor(self) -> Cursor:
        return Cursor(self._connection)

    def execute(self, statement: str) -> Cursor:
        return self.cursor().execute(statement)

    def commit(self) -> None:
        if not self._connection.get_autocommit():
            self.execute("COMMIT")

    def rollback(self) -> None:
        if not self._connection.get_autocommit():
            self.execute("ROLLBACK")

    def create_function(self, *_said: Any, **_how: Any) -> None:  # noqa: ANN401 - SQLAlchemy's REGEXP, not used
        """The store uses no functions of its own."""

    def close(self) -> None:
        with suppress(PowerLost):  # closing a connection tidies up its files
            self._connection.close(force=True)


def driver(connect: Any) -> SimpleNamespace:  # noqa: ANN401 - how to connect
    """The module SQLAlchemy takes for sqlite3: its exceptions, and another way to connect."""
    return SimpleNamespace(**(vars(sqlite3) | {"connect": connect}))
