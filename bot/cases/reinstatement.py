"""Reinstatement: a blocked patron's request to come back.

A request that comes before its day is kept and comes back on that day; nobody has to write again. Nothing lifts by
itself: being allowed to ask is not being reinstated.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self
from uuid import UUID

from bot.cases.appeal import Writing
from bot.cases.ruling import Ruling
from bot.refusal import Mistake


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestedReinstatement:
    """A request waiting for an answer.

    ``block`` is empty until somebody has matched it. ``eligible_on`` is the local day from which the patron may ask,
    where the policy names one. ``appeal`` is the reference of the appeal it was taken for as well, or "no" once the
    Director said that it is none.
    """

    id: UUID
    library: UUID
    ref: str
    version: int
    writing: Writing
    logged_by: UUID
    logged_at: datetime
    block: str = ""
    matched_by: UUID | None = None
    eligible_on: date | None = None
    appeal: str = ""

    @property
    def early(self) -> bool:
        """Test whether it came before the day from which the patron may ask."""
        return self.eligible_on is not None and self.writing.received_on < self.eligible_on

    def match(self, block: str, *, by: UUID, eligible_on: date | None) -> Self:
        """Say which block it is about."""
        return replace(self, block=block, matched_by=by, eligible_on=eligible_on)

    def nothing_to_lift(self, *, reason: str, ruling: Ruling) -> "DecidedReinstatement":
        """Answer that no block keeps them out: it was lifted or overturned, or there never was one.

        :raises Mistake: no reason is given
        """
        return self._answered(None, reason=reason, ruling=ruling, conditions="")

    def decide(
        self,
        accounts: tuple[UUID, ...],
        *,
        reason: str,
        ruling: Ruling,
        conditions: str = "",
    ) -> "DecidedReinstatement":
        """Answer it: granted on the named accounts, declined when there is none.

        It may be granted before the day from which it can be asked for, but not declined: nobody has used a right that
        has not opened.

        :raises Mistake: no reason is given, it belongs to no block yet, or it is declined before its day
        """
        if not self.block:
            raise Mistake("It has to be matched first: say which block it is about.")
        if not accounts and self.eligible_on is not None and ruling.on < self.eligible_on:
            comes_back = f"It can be asked for from {self.eligible_on:%-d %B %Y} on, and comes back that day."
            raise Mistake("It cannot be declined before its day.", beside={"answer": comes_back})
        return self._answered(accounts, reason=reason, ruling=ruling, conditions=conditions)

    def _answered(
        self, accounts: tuple[UUID, ...] | None, *, reason: str, ruling: Ruling, conditions: str
    ) -> "DecidedReinstatement":
        if not reason.strip():
            raise Mistake("An answer needs its reasons.", beside={"reason": "Write why, for the patron to read."})
        return DecidedReinstatement(
            requested=self,
            version=self.version,
            granted_on=accounts,
            conditions=conditions.strip(),
            reason=reason.strip(),
            ruling=ruling,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedReinstatement:
    """An answered request.

    ``granted_on`` are the accounts the patron may come back to; empty means declined, and ``None`` that there was no
    block to lift.
    """

    requested: RequestedReinstatement
    version: int
    granted_on: tuple[UUID, ...] | None
    conditions: str
    reason: str
    ruling: Ruling

    @property
    def id(self) -> UUID:
        """The id it was requested under."""
        return self.requested.id

    @property
    def library(self) -> UUID:
        """The library it came to."""
        return self.requested.library

    @property
    def ref(self) -> str:
        """The reference it was requested under."""
        return self.requested.ref


Reinstatement = RequestedReinstatement | DecidedReinstatement


def requested(request: Reinstatement) -> RequestedReinstatement:
    """The request as it came in, whether or not it was answered."""
    return request.requested if isinstance(request, DecidedReinstatement) else request
