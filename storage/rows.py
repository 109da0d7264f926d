"""Records to rows and back: what every shelf shares."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from operator import attrgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Executable,
    Insert,
    Select,
    String,
    Table,
    TableValuedAlias,
    Update,
    bindparam,
    cast,
    column,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from storage.asking import Asking
from storage.tables import table

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Kept(Generic[R]):
    """How one kind of record is kept: its table, and the two ways between record and row."""

    table: Table
    columns: tuple[Column[Any], ...]
    to_row: Callable[[R], dict[str, Any]]
    from_row: Callable[[Any], R]

    @property
    def c(self) -> Any:  # noqa: ANN401 - SQLAlchemy's columns are looked up by name
        """The table's columns, by name."""
        return self.table.c

    def select(self) -> Select[Any]:
        """Select whole records of the library named by the parameter ``library``."""
        return select(*self.columns).where(self.c.library_id == library())


def names(kind: type[Any], *without: str) -> tuple[str, ...]:
    """The names of a record's fields, but for those that are kept in a way of their own."""
    return tuple(field.name for field in fields(kind) if field.name not in without)


def library() -> Any:  # noqa: ANN401 - SQLAlchemy's bound parameters take the type of what they stand beside
    """The parameter that keeps every statement inside one library."""
    return bindparam("library")


def flat(row: type[SQLModel], kind: type[R]) -> Kept[R]:
    """A record whose fields are the table's columns, one to one (``library`` is the column ``library_id``)."""
    kept = table(row)
    own = names(kind)
    keys = tuple("library_id" if name == "library" else name for name in own)
    values = attrgetter(*own)

    def to_row(record: R) -> dict[str, Any]:
        return dict(zip(keys, values(record), strict=True))

    def from_row(found: Any) -> R:  # noqa: ANN401 - a row of these columns
        return kind(**dict(zip(own, found, strict=True)))

    return Kept(table=kept, columns=tuple(kept.c[key] for key in keys), to_row=to_row, from_row=from_row)


def whole(row: type[SQLModel], to_row: Callable[[R], dict[str, Any]], from_row: Callable[[Any], R]) -> Kept[R]:
    """A record with a mapping of its own; ``from_row`` is given all columns by name."""
    kept = table(row)
    return Kept(table=kept, columns=tuple(kept.c), to_row=to_row, from_row=from_row)


@lru_cache(maxsize=256)
def insert(kept: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    """The INSERT that knows about conflicts; both databases say it the same way, in modules of their own."""
    return postgresql.insert(kept) if dialect == "postgresql" else sqlite.insert(kept)


@lru_cache(maxsize=256)
def insert_new(kept: Table, dialect: str) -> Insert:
    """Insert what does not exist yet; the row count says whether it was inserted."""
    return insert(kept, dialect).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@lru_cache(maxsize=256)
def upsert(kept: Table, dialect: str) -> Insert:
    """Insert, or replace everything but the key."""
    statement = insert(kept, dialect)
    rest = {column.name: statement.excluded[column.name] for column in kept.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=list(kept.primary_key.columns), set_=rest)


@lru_cache(maxsize=16)
def follow(kept: Table) -> Update:
    """Replace the version before this one, and no other."""
    c = kept.c
    return update(kept).where(c.library_id == library(), c.id == bindparam("known"), c.version == bindparam("before"))


def put_many_new(conn: Connection, kept: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert many rows at once; those whose key exists are left as they are."""
    if not rows:
        return
    if conn.dialect.name != "postgresql":
        conn.execute(insert_new(kept, conn.dialect.name), rows)
        return
    conn.execute(_insert_given(kept, tuple(rows[0])), {"rows": as_json(rows)})


@lru_cache(maxsize=16)
def _insert_given(kept: Table, keys: tuple[str, ...]) -> Insert:
    rows = given({key: kept.c[key] for key in keys})
    return postgresql.insert(kept).from_select(keys, select(*rows.c)).on_conflict_do_nothing()


def given(columns: Mapping[str, Column[Any]]) -> TableValuedAlias:
    """Rows that come as one JSON parameter, ``rows``: PostgreSQL is told of ten thousand fastest in one statement.

    Not for columns that hold JSON themselves.
    """
    rows = func.json_to_recordset(cast(bindparam("rows", type_=String()), postgresql.JSON()))
    return rows.table_valued(*(column(name, of.type) for name, of in columns.items()), name="given").render_derived(
        with_types=True
    )


def as_json(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as :func:`given` takes them."""
    return json.dumps(rows, default=lambda value: f"\\x{value.hex()}" if isinstance(value, bytes) else str(value))


class Shelf:
    """What every shelf is made of: a connection inside a transaction, and whose library it is."""

    def __init__(self, conn: Asking, library: UUID) -> None:
        self._conn = conn
        self._library = library
        self._dialect = conn.dialect.name

    def _all(self, kept: Kept[R], statement: Executable, **values: Any) -> tuple[R, ...]:  # noqa: ANN401 - parameters
        question = statement, tuple(tuple(one) if isinstance(one, list) else one for one in values.values())
        records = self._conn.known(question)
        if records is None:
            found = self._conn.execute(statement, {"library": self._library, **values})
            records = tuple(map(kept.from_row, found))
            self._conn.note(question, records)
        return records

    def _one(self, kept: Kept[R], statement: Executable, **values: Any) -> R | None:  # noqa: ANN401 - parameters
        return next(iter(self._all(kept, statement, **values)), None)

    def _run(self, statement: Executable, **values: Any) -> int:  # noqa: ANN401 - parameters
        return self._conn.execute(statement, {"library": self._library, **values}).rowcount

    def _put(self, kept: Kept[R], record: R) -> None:
        self._conn.execute(upsert(kept.table, self._dialect), self._row(kept, record))

    def _put_new(self, kept: Kept[R], record: R) -> bool:
        return self._conn.execute(insert_new(kept.table, self._dialect), self._row(kept, record)).rowcount == 1

    def _follow(self, kept: Kept[R], record: R, *, version: int) -> bool:
        """Keep the version that follows the one kept; ``False`` when that is not the one before."""
        row = self._row(kept, record)
        if version == 1:
            return self._conn.execute(insert_new(kept.table, self._dialect), row).rowcount == 1
        known = {"library": row.pop("library_id"), "known": row.pop("id"), "before": version - 1}
        return self._conn.execute(follow(kept.table), row | known).rowcount == 1

    def _row(self, kept: Kept[R], record: R) -> dict[str, Any]:
        """The record's row.

        :raises ValueError: the record belongs to another library
        """
        row = kept.to_row(record)
        if row["library_id"] != self._library:
            raise ValueError("a record of another library cannot be kept here")
        return row
