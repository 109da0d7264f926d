"""One transaction, in which the same question is put to the database once."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Column, Connection, CursorResult, Executable, NestedTransaction, Select, Table
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ClauseElement

Records = tuple[Any, ...]
Question = tuple[Executable, tuple[Any, ...]]


class Asking:
    """A connection inside a transaction that remembers what it answered, until what it answered from is written to.

    A card, the page before it and the authority behind both ask the same of the same case, many times over. Nobody else
    writes meanwhile: acts of one library run one after another, and a reader sees one moment throughout.
    """

    def __init__(self, conn: Connection) -> None:
        self.dialect = conn.dialect
        self._conn = conn
        self._known: dict[Question, Records] = {}

    def known(self, question: Question) -> Records | None:
        """The records that answered this very question before, if nothing they came from was written to since."""
        return self._known.get(question)

    def note(self, question: Question, records: Records) -> None:
        """Remember the answer to a question."""
        self._known[question] = records

    def execute(
        self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[Any]:
        """Run a statement; one that writes makes everything forgotten that came from its table."""
        if isinstance(statement, UpdateBase):
            written = statement.table
            self._known = {
                question: records for question, records in self._known.items() if written not in _tables(question[0])
            }
        elif not isinstance(statement, Select):
            self._known.clear()
        return self._conn.execute(statement, values)

    def begin_nested(self) -> NestedTransaction:
        """A part of the transaction that can be undone by itself."""
        return self._conn.begin_nested()

    def forget(self) -> None:
        """Ask everything anew: something was undone."""
        self._known.clear()


@lru_cache(maxsize=1024)
def _tables(statement: Executable) -> frozenset[object]:
    """The tables a question looks into, those of its subqueries too."""
    found = (
        part.table if isinstance(part, Column) else part for part in visitors.iterate(cast("ClauseElement", statement))
    )
    return frozenset(one for one in found if isinstance(one, Table))
