"""Put a backup back into an empty database, of either kind, all of it or nothing.

What the program from which the backup was taken did afterwards is unknown here: messages that were waiting may have
been sent, and reminders that fell due told. So they are kept as "may or may not have arrived" and moved on, never told
again; the core says so once, in ``settle``. Numbers of cases go on a hundred further, because one given meanwhile may
stand in somebody's letter. All this is in the transaction that puts the rows back.
"""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, Engine, func, insert, inspect, literal, select, update
from sqlalchemy import table as named

from bot.cases.clock import Clock
from bot.ports import MessageKind, MessageState, Shelves, Sweep
from bot.records.ledger import verify
from bot.refusal import Refusal
from storage import book, clocks, engines, migrations
from storage.backup_format import BATCH, Chain, Manifest, Shape, digest, examine, rows, seal
from storage.registry import Registers
from storage.rows import upsert
from storage.store import SqlShelves
from storage.tables import CounterRow, MessageRow, table
from storage.trouble import said_plainly
from storage.vault import FolderVault

AHEAD = 100
"""How many numbers of cases are left out, so that none is given a second time."""
PATIENCE = 5
CLOCKS = 500

MESSAGE = table(MessageRow)
COUNTER = table(CounterRow)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settling:
    """What the core says and does about one library that was put back.

    ``plan`` moves clocks on that fell due meanwhile, and ``catch_up`` queues what a day's routine would tell. Whatever
    is queued then is parked, with ``doubt`` beside it. ``settle`` is called last, with how many messages that are.
    """

    doubt: str
    plan: Callable[[Sequence[Clock], Callable[[UUID], Shelves]], Sweep]
    catch_up: Callable[[Shelves], None]
    settle: Callable[[Shelves, int], None]


def restore(
    file: Path, url: str, vault: FolderVault, *, now: datetime, settling: Callable[[Manifest, str], Settling]
) -> Manifest:
    """Check a backup, then put it back. ``settling`` is given its manifest and the manifest's hash.

    :raises Refusal: the backup is not whole or newer than this program, or the database is not empty; nothing changed
    """
    manifest = examine(file)
    if manifest.schema_step > migrations.HEAD:
        raise Refusal(f"{file} was made by a newer version of the program. Install that version, then restore it.")
    told = settling(manifest, seal(file))
    engine = _engine(url)
    try:
        with (
            said_plainly("Nothing was restored"),
            zipfile.ZipFile(file) as archive,
            engine.begin() as conn,
        ):
            _check_empty(conn, manifest)
            for kept in manifest.files:
                if vault.put_back(kept.library, archive.read(kept.member)) != kept.sha256:
                    raise Refusal(f"{kept.member} in {file} was altered. Nothing was restored.")
            _put_back(conn, archive, manifest)
            migrations.bring_to(conn, "head")
            _settle(conn, manifest, told, now)
    finally:
        engine.dispose()
    return manifest


def _engine(url: str) -> Engine:
    address = engines.parsed(url)
    if address.get_backend_name() == "postgresql":
        engine = engines.postgres_engine(address, patience=PATIENCE)
        engines.reached(engine)
        return engine
    engines.prepare_file(address, patience=PATIENCE)
    return engines.sqlite_engine(address, patience=PATIENCE, writes=True)


def _check_empty(conn: Connection, manifest: Manifest) -> None:
    """Make sure that nothing is there that could be mixed up with the backup.

    :raises Refusal: there is
    """
    where = conn.engine.url.render_as_string(hide_password=True)
    there = inspect(conn).get_table_names()
    ours = "alembic_version" in there
    full = [
        one
        for one in there
        if one != "alembic_version" and conn.execute(select(literal(1)).select_from(named(one)).limit(1)).first()
    ]
    if full or (there and not ours):
        raise Refusal(f"{where} is not empty. A backup is restored into an empty database only; nothing was changed.")
    if there and migrations.step(conn) != manifest.schema_step:
        raise Refusal(
            f"{where} has tables of another version already. Name a database without any; nothing was changed."
        )


def _put_back(conn: Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Make the tables as they were, fill them, and compare what is there now with what was backed up.

    :raises Refusal: it is not the same
    """
    if migrations.step(conn) != manifest.schema_step:
        migrations.bring_to(conn, manifest.schema_step)
    for shape in manifest.tables:
        _fill(conn, archive, shape)
    for shape in manifest.tables:
        if digest(conn, shape) != (shape.rows, shape.sha256):
            raise Refusal(f"The table {shape.name} did not come out as it was backed up. Nothing was restored.")
    for chain in manifest.libraries:
        head, flaw = book.chain(conn, chain.id, verify)
        if flaw or (head.seq, head.hash.hex()) != (chain.entries, chain.head):
            raise Refusal(f"The ledger of {chain.name} did not come out as it was backed up. Nothing was restored.")


def _fill(conn: Connection, archive: zipfile.ZipFile, shape: Shape) -> None:
    found = rows(archive, shape)
    statement = insert(shape.table())
    while batch := list(islice(found, BATCH)):
        conn.execute(statement, batch)


def _settle(conn: Connection, manifest: Manifest, told: Settling, now: datetime) -> None:
    """Leave nothing that would be told twice, and let the core say what it makes of that."""
    registers = Registers()
    begun = {chain.id: SqlShelves(conn, chain.id, registers) for chain in manifest.libraries}
    _skip_numbers(conn, range(manifest.taken_at.year - 1, now.year + 1))
    while clocks.sweep(conn, now, CLOCKS, told.plan, begun.__getitem__):
        pass
    for chain in manifest.libraries:
        told.catch_up(begun[chain.id])
        told.settle(begun[chain.id], _doubt(conn, chain, told.doubt))
        begun[chain.id].finish()


def _doubt(conn: Connection, chain: Chain, doubt: str) -> int:
    """Park what was waiting to be told; returns how many messages.

    To bring a posted card up to date tells nothing again, so that still happens.
    """
    waiting = (
        update(MESSAGE)
        .where(
            MESSAGE.c.library_id == chain.id,
            MESSAGE.c.state == MessageState.QUEUED,
            MESSAGE.c.kind != MessageKind.UPDATE,
        )
        .values(state=MessageState.UNKNOWN, trouble=doubt)
    )
    return conn.execute(waiting).rowcount


def _skip_numbers(conn: Connection, years: Iterable[int]) -> None:
    """Have the numbers of cases go on further than any that may have been given meanwhile."""
    kinds = conn.execute(select(COUNTER.c.library_id, COUNTER.c.kind).where(COUNTER.c.year > 0).distinct()).all()
    for library, kind in kinds:
        for year in years:
            of = (COUNTER.c.library_id == library, COUNTER.c.kind == kind, COUNTER.c.year == year)
            last = conn.execute(select(func.max(COUNTER.c.number)).where(*of)).scalar() or 0
            row = {"library_id": library, "kind": kind, "year": year, "number": last + AHEAD}
            conn.execute(upsert(COUNTER, conn.dialect.name), row)
