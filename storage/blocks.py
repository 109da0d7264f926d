"""Blocks to rows and back, with what was done about them on each account."""

from collections.abc import Collection
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from bot.cases.block import Block, DecidedBlock, Execution, RequestedBlock, request_of
from bot.ports import Stale
from storage.rows import Shelf, flat, insert, library, names, whole
from storage.tables import BlockAuthorRow, BlockRow, ExecutionRow, table

ASKED = names(RequestedBlock, "library", "version", "votes")
"""Fields of a request that are columns of the same name."""

ANSWER = (
    *("requested_version", "decision", "decision_reason", "decided_by", "decided_as", "decided_at", "decided_on"),
    *("decided_under", "decided_pack", "met_on"),
)
"""Columns that are null until the request is answered."""


def to_row(block: Block) -> dict[str, Any]:
    """Flatten a request and its answer."""
    asked = request_of(block)
    row = {name: getattr(asked, name) for name in ASKED}
    row |= {"library_id": asked.library, "version": block.version, "votes": asked.votes or None}
    match block:
        case RequestedBlock():
            return row | dict.fromkeys(ANSWER)
        case DecidedBlock():
            return row | {
                "requested_version": asked.version,
                "decision": block.decision,
                "decision_reason": block.reason,
                "decided_by": block.decided_by,
                "decided_as": block.decided_as,
                "decided_at": block.decided_at,
                "decided_on": block.decided_on,
                "decided_under": block.under,
                "decided_pack": block.pack,
                "met_on": block.met_on,
            }
        case _:
            assert_never(block)


def from_row(row: Any) -> Block:  # noqa: ANN401 - a row of BlockRow
    """Rebuild the block a row stands for, in the state it is in."""
    answered = row.decision is not None
    asked = RequestedBlock(
        library=row.library_id,
        version=row.requested_version if answered else row.version,
        votes=row.votes or (),
        **{name: getattr(row, name) for name in ASKED},
    )
    if not answered:
        return asked
    return DecidedBlock(
        requested=asked,
        version=row.version,
        decision=row.decision,
        reason=row.decision_reason,
        decided_by=row.decided_by,
        decided_as=row.decided_as,
        decided_at=row.decided_at,
        decided_on=row.decided_on,
        under=row.decided_under,
        pack=row.decided_pack,
        met_on=row.met_on,
    )


BLOCK = whole(BlockRow, to_row, from_row)
EXECUTION = flat(ExecutionRow, Execution)
ABOUT = table(BlockAuthorRow)

c = BLOCK.c
BY_REF = BLOCK.select().where(c.ref == bindparam("ref"))
OLDEST = BLOCK.select().order_by(c.requested_at, c.ref)
NEWEST = BLOCK.select().order_by(c.requested_at.desc(), c.ref.desc()).limit(bindparam("most"))
UNDECIDED = OLDEST.where(c.decision.is_(None))
WITH_A_STEP = OLDEST.where(c.step.is_not(None))
OF_AUTHORS = OLDEST.where(
    c.id.in_(
        select(ABOUT.c.block).where(
            ABOUT.c.library_id == library(), ABOUT.c.author.in_(bindparam("authors", expanding=True))
        )
    )
)
FORGET = delete(ABOUT).where(ABOUT.c.library_id == library(), ABOUT.c.block == bindparam("block"))
EXECUTIONS = (
    EXECUTION.select().where(EXECUTION.c.block == bindparam("ref")).order_by(EXECUTION.c.confirmed_at, EXECUTION.c.id)
)


class BlockShelf(Shelf):
    """The blocks of one library."""

    def by_ref(self, ref: str) -> Block | None:
        """Fetch a block by its reference."""
        return self._one(BLOCK, BY_REF, ref=ref)

    def put(self, block: Block) -> None:
        """Keep a block; its version must follow the one kept by one, and the first is 1.

        :raises Stale: it does not
        """
        if not self._follow(BLOCK, block, version=block.version):
            raise Stale(f"{block.ref} has been saved by somebody else meanwhile")
        if block.version > 1:
            self._run(FORGET, block=block.id)
        authors = dict.fromkeys(request_of(block).authors)
        if authors:
            rows = [{"library_id": self._library, "author": author, "block": block.id} for author in authors]
            self._conn.execute(insert(ABOUT, self._dialect), rows)

    def undecided(self) -> tuple[RequestedBlock, ...]:
        """Requests waiting for the decision, oldest first."""
        return tuple(request_of(block) for block in self._all(BLOCK, UNDECIDED))

    def with_a_step(self) -> tuple[Block, ...]:
        """Every block that was asked for as a step of a ladder of sanctions, oldest first."""
        return self._all(BLOCK, WITH_A_STEP)

    def of_authors(self, authors: Collection[UUID]) -> tuple[Block, ...]:
        """Every block about any of these authors, oldest first."""
        return self._all(BLOCK, OF_AUTHORS, authors=list(authors))

    def recent(self, limit: int) -> tuple[Block, ...]:
        """Newest first."""
        return self._all(BLOCK, NEWEST, most=limit)

    def put_execution(self, execution: Execution) -> None:
        """Keep what an editor confirmed."""
        self._put(EXECUTION, execution)

    def executions(self, ref: str) -> tuple[Execution, ...]:
        """What was confirmed about a block, in the order it was confirmed."""
        return self._all(EXECUTION, EXECUTIONS, ref=ref)
