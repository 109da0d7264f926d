"""Make a backup while the program runs: one moment of everything, on either database, and the files it names.

Nothing is written to the database, and nobody who works waits. First the tables are read in one read transaction, then
the files they name are copied: a file's bytes never change, and one that comes later is in no row that was read. A
file that was released in between is named as missing; its case keeps its link and outcome. The backup is read again
from end to end before it gets its name.
"""

import os
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlmodel import SQLModel

from bot.records.ledger import START
from bot.refusal import Mistake, Refusal
from storage import engines, migrations
from storage.backup_format import FORMAT, MANIFEST, Chain, Kept, Manifest, Shape, examine, lines, shape_of
from storage.registry import Registers
from storage.store import READ_ONLY, SqlShelves
from storage.trouble import said_plainly
from storage.vault import FolderVault, flush

__all__ = ["Taken", "back_up"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A backup that was made and read again.

    ``altered`` are files that are no longer what they were on disk; ``lost`` those the record still names and that are
    not there at all. The others that are missing were released while the backup was made.
    """

    manifest: Manifest
    altered: tuple[Kept, ...]
    lost: tuple[Kept, ...]


@dataclass(kw_only=True, slots=True)
class _Gathered:
    """What is learnt while the tables are read."""

    files: dict[Kept, None]
    names: dict[UUID, str]
    ends: dict[UUID, tuple[int, str]]


def back_up(url: str, vault: FolderVault, file: Path, *, at: datetime, program: str) -> Taken:
    """Write everything into a new file.

    ``at`` is the moment that is written on it, ``program`` the version of this program.

    :raises Refusal: the file exists, cannot be written, or the database is not one of this version; or something in
        the record does not verify
    """
    if file.exists():
        raise Refusal(f"{file} exists already, and a backup replaces nothing. Choose another name.")
    unfinished = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as written:
            with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
                altered = _write(archive, url, vault, at=at, program=program)
            written.flush()
            os.fsync(written.fileno())
        manifest = _whole(unfinished)
        unfinished.rename(file)
        flush(file.absolute().parent)
    except OSError as wrong:
        raise Refusal(f"{file} cannot be written: {wrong.strerror}. There is no backup.") from wrong
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    gone = tuple(kept for kept in manifest.missing if kept not in altered)
    return Taken(manifest=manifest, altered=altered, lost=_still_named(url, gone))


def _whole(unfinished: Path) -> Manifest:
    """Look through what was just written; what is wrong with it is wrong with the record.

    :raises Refusal: something is, in the record's name and not in that of a file that is about to go
    """
    try:
        return examine(unfinished)
    except Refusal as no:
        raise Refusal(
            no.why.replace(str(unfinished), "this record").replace("Nothing was changed", "No backup was made")
        ) from no


def _write(archive: zipfile.ZipFile, url: str, vault: FolderVault, *, at: datetime, program: str) -> tuple[Kept, ...]:
    seen = _Gathered(files={}, names={}, ends={})
    with _reading(url) as conn:
        step = migrations.step(conn)
        if step != migrations.HEAD:
            raise Refusal(
                "This database was last used by another version of the program. Make the backup with that version, "
                "or start this one once, which brings the database up to date."
            )
        shapes = [_write_table(archive, conn, shape_of(table), seen) for table in SQLModel.metadata.sorted_tables]
    copied, missing, altered = _write_files(archive, vault, tuple(seen.files))
    manifest = Manifest(
        format=FORMAT,
        program=program,
        schema_step=step,
        taken_at=at,
        libraries=tuple(
            Chain(id=library, name=name, entries=entries, head=head)
            for library, name in seen.names.items()
            for entries, head in [seen.ends.get(library, (0, START.hex()))]
        ),
        tables=tuple(shapes),
        files=copied,
        missing=missing,
    )
    archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return altered


def _still_named(url: str, files: tuple[Kept, ...]) -> tuple[Kept, ...]:
    """Those of the files that the record names now."""
    if not files:
        return ()
    with _reading(url) as conn:
        shelves = {kept.library: SqlShelves(conn, kept.library, Registers()) for kept in files}
        return tuple(
            kept
            for kept in files
            if shelves[kept.library].incidents.uses_file(kept.sha256)
            or shelves[kept.library].appeals.uses_file(kept.sha256)
        )


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    """A connection that cannot write and sees one moment throughout."""
    engine = _engine(url)
    try:
        with (
            said_plainly("There is no backup"),
            engine.connect().execution_options(**READ_ONLY[engine.dialect.name]) as conn,
        ):
            yield conn
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    address = engines.parsed(url)
    if address.get_backend_name() != "postgresql":
        return engines.sqlite_engine(address, patience=5, writes=False)
    engine = engines.postgres_engine(address, patience=5)
    engines.reached(engine)
    return engine


def _write_table(archive: zipfile.ZipFile, conn: Connection, shape: Shape, seen: _Gathered) -> Shape:
    """Write a table row for row, and note the files it names."""
    whole, rows = sha256(), 0
    columns = list(shape.columns)
    holders = [columns.index(name) for name, kind in shape.columns.items() if kind == "json"]
    with archive.open(shape.member, "w", force_zip64=True) as member:
        for line, row in lines(conn, shape):
            member.write(line)
            whole.update(line)
            rows += 1
            for at in holders:
                found = dict.fromkeys(_named(row[at]))
                seen.files.update((Kept(library=row[columns.index("library_id")], sha256=sha), None) for sha in found)
            if shape.name == "library":
                seen.names[row[columns.index("id")]] = row[columns.index("name")]
            elif shape.name == "ledger":
                end = row[columns.index("seq")], row[columns.index("hash")].hex()
                seen.ends[row[columns.index("library_id")]] = end
    return shape.model_copy(update={"rows": rows, "sha256": whole.hexdigest()})


def _named(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """The retained files that are named in a value of a record, wherever in it."""
    if isinstance(value, dict):
        if {"sha256", "media_type", "kept_at"} <= value.keys():
            yield value["sha256"]
        for one in value.values():
            yield from _named(one)
    elif isinstance(value, list):
        for one in value:
            yield from _named(one)


def _write_files(
    archive: zipfile.ZipFile, vault: FolderVault, files: tuple[Kept, ...]
) -> tuple[tuple[Kept, ...], tuple[Kept, ...], tuple[Kept, ...]]:
    """Copy the files; returns those copied, those not there, and those of them that are there and altered."""
    copied, missing, altered = [], [], []
    for kept in files:
        try:
            raw, _ = vault.read(kept.library, kept.sha256)
        except Mistake:
            missing.append(kept)
            altered += [kept] if vault.has(kept.library, kept.sha256) else []
            continue
        archive.writestr(zipfile.ZipInfo(kept.member), raw)  # pictures do not get smaller
        copied.append(kept)
    return tuple(copied), tuple(missing), tuple(altered)
