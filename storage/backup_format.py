"""What a backup is made of: one zip file that either database can be read into and written from.

``tables/<name>.jsonl`` has a table, a row a line, in the order of its key; ``files/<library>/<sha256>`` a retained
file; ``manifest.json`` what there is, with the kind of every column, so that an older program's backup can be read
without its code. Every part is known by its SHA-256.
"""

import base64
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Time,
    Uuid,
    select,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import AutoString

from bot.records.ledger import payload_holds, verify
from bot.refusal import Refusal
from storage.tables import Json, Utc, Word

FORMAT = 1
"""The number of this format. A newer one is refused."""
MANIFEST = "manifest.json"
BATCH = 1000

DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, LookupError, RuntimeError)
"""What reading a zip file raises that is none, or not whole."""

TYPES: Mapping[str, TypeEngine[Any]] = {
    "uuid": Uuid(),
    "moment": Utc(),
    "date": Date(),
    "time": Time(),
    "json": JSON(none_as_null=True),
    "bytes": LargeBinary(),
    "yes_no": Boolean(),
    "number": Integer(),
    "text": String(),
}
"""The kinds of columns there are, and what each is to a database."""

KINDS: tuple[tuple[type[Any], str], ...] = (
    (Utc, "moment"),
    (Word, "text"),
    (Json, "json"),
    (Uuid, "uuid"),
    (Date, "date"),
    (Time, "time"),
    (LargeBinary, "bytes"),
    (Boolean, "yes_no"),
    (Integer, "number"),
    (AutoString, "text"),
)
"""Which kind each type of the program's tables is."""

WRITTEN: Mapping[str, Callable[[Any], Any]] = {
    "uuid": str,
    "moment": datetime.isoformat,
    "date": date.isoformat,
    "time": time.isoformat,
    "bytes": lambda raw: base64.b64encode(raw).decode(),
}
READ: Mapping[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "moment": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "bytes": base64.b64decode,
}


class Part(BaseModel):
    """What every part of the manifest is: exactly what is named here."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shape(Part):
    """One table: the kind of each column, and the columns of its key."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]
    rows: int = 0
    sha256: str = ""

    @property
    def member(self) -> str:
        """Where the zip file has it."""
        return f"tables/{self.name}.jsonl"

    def table(self) -> Table:
        """The table as a database is told of it: plain types, so that a row goes in as it came out."""
        columns = (Column(name, TYPES[kind], primary_key=name in self.key) for name, kind in self.columns.items())
        return Table(self.name, MetaData(), *columns)


class Chain(Part):
    """One library and the end of its ledger."""

    id: UUID
    name: str
    entries: int
    head: str


class Kept(Part):
    """One retained file."""

    library: UUID
    sha256: str

    @property
    def member(self) -> str:
        """Where the zip file has it."""
        return f"files/{self.library}/{self.sha256}"


class Manifest(Part):
    """What a backup holds. ``missing`` are files the record names that were not there to be copied."""

    format: int
    program: str
    schema_step: str
    taken_at: datetime
    libraries: tuple[Chain, ...]
    tables: tuple[Shape, ...]
    files: tuple[Kept, ...]
    missing: tuple[Kept, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(shape.rows for shape in self.tables)


def shape_of(table: Table) -> Shape:
    """How a table of the program is kept."""
    columns = {column.name: _kind(column) for column in table.c}
    return Shape(name=table.name, columns=columns, key=tuple(column.name for column in table.primary_key))


def _kind(column: Column[Any]) -> str:
    for of, kind in KINDS:
        if isinstance(column.type, of):
            return kind
    raise TypeError(f"there is no way to keep {column.table.name}.{column.name} in a backup")


def lines(conn: Connection, shape: Shape) -> Iterator[tuple[bytes, tuple[Any, ...]]]:
    """The rows of a table, each as its line and as it is, in the order of the key; a batch is read at a time.

    Both databases give the same order: text is compared byte by byte.
    """
    table = shape.table()
    plain = conn.dialect.name != "postgresql"
    order = [c if plain or shape.columns[c.name] != "text" else c.collate("C") for c in table.primary_key]
    writers = [WRITTEN.get(kind) for kind in shape.columns.values()]
    found = conn.execute(select(table).order_by(*order), execution_options={"yield_per": BATCH})
    for row in found:
        values = [
            value if value is None or write is None else write(value) for value, write in zip(row, writers, strict=True)
        ]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n", tuple(row)


def digest(conn: Connection, shape: Shape) -> tuple[int, str]:
    """How many rows a table has, and the hash of all of them."""
    whole, rows = sha256(), 0
    for line, _ in lines(conn, shape):
        whole.update(line)
        rows += 1
    return rows, whole.hexdigest()


def rows(archive: zipfile.ZipFile, shape: Shape) -> Iterator[dict[str, Any]]:
    """The rows of a table as they were, one after another."""
    readers = [READ.get(kind) for kind in shape.columns.values()]
    with archive.open(shape.member) as written:
        for line in written:
            values = [
                value if value is None or read is None else read(value)
                for value, read in zip(json.loads(line), readers, strict=True)
            ]
            yield dict(zip(shape.columns, values, strict=True))


def examine(file: Path) -> Manifest:
    """Check a backup from end to end: every part against its hash, every ledger and what is in it.

    :raises Refusal: it is no backup, or not whole, or of a newer format; with what is wrong
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive, file)
            _check_parts(archive, manifest)
            _check_chains(archive, manifest)
    except FileNotFoundError as error:
        raise Refusal(f"There is no file {file}.") from error
    except DAMAGED as error:
        raise Refusal(
            f"{file} is no backup of this program, or it is damaged ({error}). Nothing was changed."
        ) from error
    return manifest


def seal(file: Path) -> str:
    """The hash of a backup's manifest, which holds the hashes of everything else."""
    with zipfile.ZipFile(file) as archive:
        return sha256(archive.read(MANIFEST)).hexdigest()


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    said = json.loads(archive.read(MANIFEST))
    if isinstance(said, dict) and isinstance(said.get("format"), int) and said["format"] > FORMAT:
        raise Refusal(f"{file} was made by a newer version of the program. Install that version, then restore it.")
    return Manifest.model_validate(said)


def _check_parts(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Compare every part with its hash, and make sure that there is nothing else."""
    expected = {shape.member: shape.sha256 for shape in manifest.tables}
    expected |= {kept.member: kept.sha256 for kept in manifest.files}
    present = archive.namelist()
    if len(present) != len(set(present)):
        raise Refusal(f"{archive.filename} has a part twice, so it was altered. Nothing was changed.")
    for name in sorted({*present, *expected} - {MANIFEST}):
        if name not in expected or name not in present:
            wrong = "is in it and is not listed" if name in present else "is listed and is missing"
            raise Refusal(f"{name} {wrong}, so {archive.filename} was altered. Nothing was changed.")
        whole = sha256()
        with archive.open(name) as part:
            while chunk := part.read(1 << 20):
                whole.update(chunk)
        if whole.hexdigest() != expected[name]:
            raise Refusal(f"{name} in {archive.filename} was altered. Nothing was changed.")


def _check_chains(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Walk every ledger, with what its entries say beside it."""
    shapes = {shape.name: shape for shape in manifest.tables}
    said = rows(archive, shapes["ledger_payload"])
    ends: dict[UUID, tuple[int, str]] = {}
    waiting = next(said, None)

    def walked(entries: Iterable[dict[str, Any]]) -> Iterator[tuple[int, bytes, bytes, bytes]]:
        nonlocal waiting
        for entry in entries:
            if waiting and (waiting["library_id"], waiting["seq"]) == (entry["library_id"], entry["seq"]):
                if not payload_holds(commitment=entry["commitment"], payload=waiting["payload"], salt=waiting["salt"]):
                    raise Refusal(f"What entry {entry['seq']} of a ledger says was altered. Nothing was changed.")
                waiting = next(said, None)
            yield entry["seq"], entry["header"], entry["commitment"], entry["hash"]

    for library, entries in groupby(rows(archive, shapes["ledger"]), key=lambda entry: entry["library_id"]):
        head, flaw = verify(walked(entries))
        if flaw:
            raise Refusal(f"The ledger in {archive.filename} is broken: {flaw.what}. Nothing was changed.")
        ends[library] = (head.seq, head.hash.hex())
    if waiting is not None:
        raise Refusal(f"{archive.filename} has words of entries that are in no ledger. Nothing was changed.")
    if ends != {chain.id: (chain.entries, chain.head) for chain in manifest.libraries if chain.entries}:
        raise Refusal(f"A ledger in {archive.filename} does not end where its list says. Nothing was changed.")
