"""Block: a case against an author on named official accounts.

Requested, then decided by whom the policy names; in force and lifted are never states of the case but derived from
what editors confirmed on each account.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bot.policy.pack import BlockGround
from bot.refusal import Citation, Mistake, Refusal


class Decision(StrEnum):
    """How a request was answered."""

    APPROVED = "approved"
    DENIED = "denied"


@dataclass(frozen=True, kw_only=True, slots=True)
class GroundClaim:
    """One ground a request stands on, and what supports it. Empty answers are shown as "not on file"."""

    code: str
    support: str = ""
    instruction: str = ""
    offline_incident: str = ""
    good_contributions: str = ""
    investigation: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeEarly:
    """A block an editor had already made on an account before anybody decided it."""

    account: UUID
    on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestedBlock:
    """A request waiting for the decision."""

    id: UUID
    library: UUID
    ref: str
    version: int
    authors: tuple[UUID, ...]
    accounts: tuple[UUID, ...]
    grounds: tuple[GroundClaim, ...]
    reason: str
    requested_by: UUID
    requested_at: datetime
    requested_on: date
    own_motion: bool = False
    made_early: tuple[MadeEarly, ...] = ()
    incidents: tuple[str, ...] = ()

    def decide(
        self,
        decision: Decision,
        *,
        by: UUID,
        role: str,
        reason: str,
        at: datetime,
        on: date,
        under: Citation | None,
        pack: str,
    ) -> "DecidedBlock":
        """Answer the request, in the day's law.

        :raises Mistake: no reason is given
        """
        if not reason.strip():
            raise Mistake(
                "A decision needs a reason.",
                beside={"reason": "Write the reason, or tick that the request's reasons are yours."},
            )
        return DecidedBlock(
            requested=self,
            version=self.version,
            decision=decision,
            reason=reason.strip(),
            decided_by=by,
            decided_as=role,
            decided_at=at,
            decided_on=on,
            under=under,
            pack=pack,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedBlock:
    """An answered request. It cannot be decided again; what the request said cannot be lost."""

    requested: RequestedBlock
    version: int
    decision: Decision
    reason: str
    decided_by: UUID
    decided_as: str
    decided_at: datetime
    decided_on: date
    under: Citation | None
    pack: str

    @property
    def id(self) -> UUID:
        """The id it was requested under."""
        return self.requested.id

    @property
    def library(self) -> UUID:
        """The library it was requested in."""
        return self.requested.library

    @property
    def ref(self) -> str:
        """The reference it was requested under."""
        return self.requested.ref


Block = RequestedBlock | DecidedBlock


def request_of(block: Block) -> RequestedBlock:
    """The request, whether or not it was answered."""
    return block.requested if isinstance(block, DecidedBlock) else block


class Done(StrEnum):
    """What an editor did on an account."""

    MADE = "made"
    LIFTED = "lifted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Execution:
    """What an editor confirmed having done on one account, on which local day."""

    id: UUID
    library: UUID
    block: str
    account: UUID
    done: Done
    done_on: date
    confirmed_by: UUID
    confirmed_at: datetime


LATER_ACCOUNT = "It was made on another account later; the time to appeal is counted from the last of them."
"""How a policy is read that does not say from which of several accounts the time to appeal a block runs."""


def in_force_from(executions: Iterable[Execution]) -> date | None:
    """The day the block was first made on any account; ``None`` while no editor has confirmed it."""
    made = [execution.done_on for execution in executions if execution.done is Done.MADE]
    return min(made) if made else None


def in_force_on(executions: Iterable[Execution]) -> frozenset[UUID]:
    """The accounts it is in force on: made there, and not lifted since (the last word confirmed counts)."""
    last: dict[UUID, Done] = {}
    for execution in sorted(executions, key=lambda execution: execution.confirmed_at):
        last[execution.account] = execution.done
    return frozenset(account for account, done in last.items() if done is Done.MADE)


def check_gates(
    claims: Iterable[GroundClaim], grounds: dict[str, BlockGround], *, occasions: int, under: dict[str, Citation]
) -> None:
    """Refuse a request that lacks what the policy makes a condition; what it only weighs never stops one.

    ``occasions`` is the number of confirmed removals of the author's items that were not overturned.

    :raises Mistake: no ground, or one the policy does not list
    :raises Refusal: too few occasions, or no investigation on file, where the policy asks for them
    """
    claimed = tuple(claims)
    if not claimed:
        raise Mistake("Choose the ground of the block.", beside={"grounds": "Choose at least one ground."})
    for claim in claimed:
        ground = grounds.get(claim.code)
        if ground is None:
            raise Mistake(f"The policy lists no ground called {claim.code!r}. Choose from the list.")
        if occasions < ground.occasions:
            raise Refusal(
                f"“{ground.label}” needs {ground.occasions} confirmed violations on file; there are {occasions}.",
                under=under[claim.code],
            )
        if ground.investigation and not claim.investigation:
            raise Refusal(f"“{ground.label}” needs an investigation on file first.", under=under[claim.code])
