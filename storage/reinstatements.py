"""Requests to come back, to rows and back."""

from typing import Any, assert_never

from sqlalchemy import bindparam

from bot.cases.appeal import Writing
from bot.cases.reinstatement import DecidedReinstatement, Reinstatement, RequestedReinstatement, requested
from bot.ports import Stale
from storage.appeals import WROTE, PatronPaperShelf, ruling_from_row, ruling_to_row
from storage.rows import names, whole
from storage.tables import ReinstatementRow

ASKED = names(RequestedReinstatement, "library", "version", "writing")
"""Fields of a request that are columns of the same name."""

ANSWER = (
    *("requested_version", "granted_on", "conditions", "answer_reason", "decided_by", "decided_as", "decided_at"),
    *("decided_on", "decided_under", "decided_pack"),
)
"""Columns that are null until the request is answered."""


def to_row(request: Reinstatement) -> dict[str, Any]:
    """Flatten a request and its answer."""
    asked = requested(request)
    row = {name: getattr(asked, name) for name in ASKED} | {name: getattr(asked.writing, name) for name in WROTE}
    row |= {"library_id": asked.library, "version": request.version}
    match request:
        case RequestedReinstatement():
            return row | dict.fromkeys(ANSWER)
        case DecidedReinstatement():
            return row | {
                "requested_version": asked.version,
                "granted_on": request.granted_on,
                "conditions": request.conditions,
                "answer_reason": request.reason,
                **ruling_to_row(request.ruling),
            }
        case _:
            assert_never(request)


def from_row(row: Any) -> Reinstatement:  # noqa: ANN401 - a row of ReinstatementRow
    """Rebuild the request a row stands for, in the state it is in."""
    answered = row.answer_reason is not None
    asked = RequestedReinstatement(
        library=row.library_id,
        version=row.requested_version if answered else row.version,
        writing=Writing(**{name: getattr(row, name) for name in WROTE}),
        **{name: getattr(row, name) for name in ASKED},
    )
    if not answered:
        return asked
    return DecidedReinstatement(
        requested=asked,
        version=row.version,
        granted_on=row.granted_on,
        conditions=row.conditions,
        reason=row.answer_reason,
        ruling=ruling_from_row(row),
    )


REINSTATEMENT = whole(ReinstatementRow, to_row, from_row)

c = REINSTATEMENT.c
BY_REF = REINSTATEMENT.select().where(c.ref == bindparam("ref"))
OLDEST = REINSTATEMENT.select().order_by(c.logged_at, c.ref)
NEWEST = REINSTATEMENT.select().order_by(c.logged_at.desc(), c.ref.desc()).limit(bindparam("most"))
UNDECIDED = OLDEST.where(c.answer_reason.is_(None))
OF_BLOCK = OLDEST.where(c.block == bindparam("ref"))


class ReinstatementShelf(PatronPaperShelf):
    """The requests of one library's blocked patrons to come back."""

    def by_ref(self, ref: str) -> Reinstatement | None:
        """Fetch a request by its reference."""
        return self._one(REINSTATEMENT, BY_REF, ref=ref)

    def put(self, request: Reinstatement) -> None:
        """Keep a request; its version must follow the one kept by one, and the first is 1.

        :raises Stale: it does not
        """
        if not self._follow(REINSTATEMENT, request, version=request.version):
            raise Stale(f"{request.ref} has been saved by somebody else meanwhile")
        self._keep_scans(request.id, requested(request).writing.scans)

    def undecided(self) -> tuple[RequestedReinstatement, ...]:
        """Requests waiting for an answer, oldest first."""
        return tuple(requested(request) for request in self._all(REINSTATEMENT, UNDECIDED))

    def of_block(self, ref: str) -> tuple[Reinstatement, ...]:
        """The requests about a block, oldest first."""
        return self._all(REINSTATEMENT, OF_BLOCK, ref=ref)

    def recent(self, limit: int) -> tuple[Reinstatement, ...]:
        """Newest first."""
        return self._all(REINSTATEMENT, NEWEST, most=limit)
