"""The ledger of one library, and what makes repeats harmless, to rows and back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from psycopg import Connection as PgConnection
from sqlalchemy import Connection, bindparam, delete, select, type_coerce
from sqlalchemy.types import NullType

from bot.ports import Draft, Handled, Stale
from bot.records.ledger import Entry, Head
from storage.asking import Asking
from storage.rows import Shelf, flat, insert, insert_new, library, upsert
from storage.tables import (
    CounterRow,
    DraftRow,
    HandledRow,
    LedgerPayloadRow,
    LedgerRow,
    ReleasedFileRow,
    table,
)

T = TypeVar("T")

LEDGER = table(LedgerRow)
PAYLOAD = table(LedgerPayloadRow)
COUNTER = table(CounterRow)
RELEASED = table(ReleasedFileRow)
DRAFT = flat(DraftRow, Draft)
HANDLED = flat(HandledRow, Handled)

HEAD = (
    select(LEDGER.c.seq, LEDGER.c.hash).where(LEDGER.c.library_id == library()).order_by(LEDGER.c.seq.desc()).limit(1)
)
WITH_PAYLOADS = (
    select(
        LEDGER.c.library_id.label("library"),
        LEDGER.c.seq,
        LEDGER.c.case,
        LEDGER.c.header,
        LEDGER.c.commitment,
        LEDGER.c.hash,
        PAYLOAD.c.payload,
        PAYLOAD.c.salt,
    )
    .join(PAYLOAD, (PAYLOAD.c.library_id == LEDGER.c.library_id) & (PAYLOAD.c.seq == LEDGER.c.seq), isouter=True)
    .where(LEDGER.c.library_id == library())
    .order_by(LEDGER.c.seq)
)
OF_CASE = WITH_PAYLOADS.where(LEDGER.c.case == bindparam("ref"))
AFTER = WITH_PAYLOADS.where(LEDGER.c.seq > bindparam("after")).limit(bindparam("most"))
AS_THE_DRIVER_GIVES_THEM = (type_coerce(LEDGER.c[name], NullType()) for name in ("header", "commitment", "hash"))
"""Both drivers give bytes as bytes; asking each value once more whether it is takes a third of walking a chain."""
CHAIN = select(LEDGER.c.seq, *AS_THE_DRIVER_GIVES_THEM).where(LEDGER.c.library_id == library()).order_by(LEDGER.c.seq)
BATCH = 2_000
"""How many entries are fetched at a time when a chain is walked."""

THE_DRAFT = DRAFT.select().where(DRAFT.c.token == bindparam("token"))
DROP_DRAFT = delete(DRAFT.table).where(DRAFT.c.library_id == library(), DRAFT.c.token == bindparam("token"))
OLD_DRAFTS = delete(DRAFT.table).where(DRAFT.c.library_id == library(), DRAFT.c.touched_at < bindparam("before"))
OLD_HANDLED = delete(HANDLED.table).where(HANDLED.c.library_id == library(), HANDLED.c.at < bindparam("before"))
THE_HANDLED = HANDLED.select().where(HANDLED.c.key == bindparam("key"))
LAST_NUMBER = select(COUNTER.c.number).where(
    COUNTER.c.library_id == library(), COUNTER.c.kind == bindparam("kind"), COUNTER.c.year == bindparam("year")
)
RELEASED_FILES = (
    select(RELEASED.c.sha256).where(RELEASED.c.library_id == library()).order_by(RELEASED.c.at, RELEASED.c.sha256)
)
FORGET = delete(RELEASED).where(RELEASED.c.library_id == library(), RELEASED.c.sha256 == bindparam("file"))


class BookShelf(Shelf):
    """The ledger of one library, and what makes repeats harmless."""

    def __init__(self, conn: Asking, library: UUID) -> None:
        super().__init__(conn, library)
        self._head: Head | None = None
        self._waiting: list[Entry] = []

    def head(self) -> Head:
        """The end of the chain. Acts of one library run one after another, so it is read once a transaction."""
        if self._head is None:
            found = self._conn.execute(HEAD, {"library": self._library}).first()
            self._head = Head() if found is None else Head(seq=found.seq, hash=found.hash)
        return self._head

    def forget(self) -> None:
        """Read the head anew: what was appended since a savepoint has been undone."""
        self._head = None
        self._waiting.clear()

    def append(self, entry: Entry) -> None:
        """Append an entry. Those of one transaction are written together, before anything reads them or commits.

        :raises Stale: it does not follow the head
        :raises ValueError: it is another library's, or has no payload to keep
        """
        if entry.library != self._library:
            raise ValueError("an entry of another library's chain cannot be kept here")
        if entry.payload is None or entry.salt is None:
            raise ValueError("an entry is appended with its payload and salt")
        if entry.seq != self.head().seq + 1:
            raise Stale(f"entry {entry.seq} does not follow entry {self.head().seq}")
        self._waiting.append(entry)
        self._head = Head(seq=entry.seq, hash=entry.hash)

    def write(self) -> None:
        """Write what was appended and waits."""
        if not self._waiting:
            return
        keys = [{"library_id": entry.library, "seq": entry.seq} for entry in self._waiting]
        links = [
            {"case": entry.case, "header": entry.header, "commitment": entry.commitment, "hash": entry.hash}
            for entry in self._waiting
        ]
        payloads = [{"payload": entry.payload, "salt": entry.salt} for entry in self._waiting]
        self._conn.execute(insert(LEDGER, self._dialect), [key | link for key, link in zip(keys, links, strict=True)])
        self._conn.execute(
            insert(PAYLOAD, self._dialect), [key | said for key, said in zip(keys, payloads, strict=True)]
        )
        self._waiting.clear()

    def of_case(self, ref: str) -> tuple[Entry, ...]:
        """Every entry about a case, in order."""
        self.write()
        found = self._conn.execute(OF_CASE, {"library": self._library, "ref": ref}).mappings()
        return tuple(Entry(**row) for row in found)

    def entries(self, *, after: int, limit: int) -> tuple[Entry, ...]:
        """The entries that follow a place in the chain, in order."""
        self.write()
        asked = {"library": self._library, "after": after, "most": limit}
        return tuple(Entry(**row) for row in self._conn.execute(AFTER, asked).mappings())

    def draft(self, token: str) -> Draft | None:
        """A form somebody has begun."""
        return self._one(DRAFT, THE_DRAFT, token=token)

    def put_draft(self, draft: Draft) -> None:
        """Keep a form as filled in so far."""
        self._put(DRAFT, replace(draft, values=dict(draft.values)))

    def drop_draft(self, token: str) -> None:
        """Forget a form."""
        self._run(DROP_DRAFT, token=token)

    def expire_drafts(self, before: datetime) -> int:
        """Drop the drafts nobody has touched since; returns how many. A draft is no record."""
        return self._run(OLD_DRAFTS, before=before)

    def handled(self, key: str) -> Handled | None:
        """What came of something already handled."""
        return self._one(HANDLED, THE_HANDLED, key=key)

    def expire_handled(self, before: datetime) -> int:
        """Forget what was handled earlier; returns how many. A key is no record, and what it led to stays."""
        return self._run(OLD_HANDLED, before=before)

    def put_handled(self, handled: Handled) -> None:
        """Keep what came of something.

        :raises Stale: it was handled before
        """
        if not self._put_new(HANDLED, handled):
            raise Stale(f"{handled.key} was handled before")

    def next_number(self, kind: str, year: int) -> int:
        """The next number of a reference such as ``I-2026-0042``; never given twice.

        A number that was given in an act which was undone is given again: nobody has seen it.
        """
        asked = {"library": self._library, "kind": kind, "year": year}
        last: int = self._conn.execute(LAST_NUMBER, asked).scalar_one_or_none() or 0
        row = {"library_id": self._library, "kind": kind, "year": year, "number": last + 1}
        self._conn.execute(upsert(COUNTER, self._dialect), row)
        return last + 1

    def release_file(self, sha256: str, at: datetime) -> None:
        """Note that a report no longer retains this file; the round removes it if nothing else does."""
        row = {"library_id": self._library, "sha256": sha256, "at": at}
        self._conn.execute(insert_new(RELEASED, self._dialect), row)

    def released_files(self) -> tuple[str, ...]:
        """Files some report no longer retains, in the order they were released."""
        return tuple(self._conn.execute(RELEASED_FILES, {"library": self._library}).scalars())

    def forget_released(self, sha256: str) -> None:
        """Note that a released file has been dealt with."""
        self._run(FORGET, file=sha256)


def chain(conn: Connection, library: UUID, check: Callable[[Iterator[tuple[int, bytes, bytes, bytes]]], T]) -> T:
    """Stream a whole chain through ``check``, a batch at a time.

    PostgreSQL is asked by its driver alone, for bytes as they are: written out as text, as SQLAlchemy asks for them, a
    million entries take half as long again.
    """
    if conn.dialect.name == "postgresql":
        driver: PgConnection[Any] = conn.connection.driver_connection  # type: ignore[assignment]  # the dialect's driver is psycopg
        asked = str(CHAIN.compile(dialect=conn.dialect))
        with driver.cursor("chain", binary=True) as cursor:
            cursor.itersize = BATCH
            return check(iter(cursor.execute(asked.encode(), {"library": library})))
    found = conn.execute(CHAIN, {"library": library}, execution_options={"yield_per": BATCH})
    return check(iter(found))
