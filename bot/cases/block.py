"""Block: a case against an author on named official accounts.

Requested, then decided by whom the policy names; in force and lifted are never states of the case but derived from
what editors confirmed on each account.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from bot.policy.pack import BlockGround, Sanction, SanctionRule, Span
from bot.policy.terms import Action, Ends, Role, Term, Unit
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
class ChosenStep:
    """The step of the policy's ladder that a person chose for a request.

    ``n`` and ``unit`` are how long it is to last; both are empty where it is for good. ``why`` says why it is another
    step than the breaches on file lead to, and ``bypass`` names the rule by which it goes past steps.
    """

    code: str
    n: int | None = None
    unit: Unit | None = None
    why: str = ""
    bypass: str = ""

    @property
    def length(self) -> Span | None:
        """How long it is to last; ``None`` where it is for good."""
        return Span(n=self.n, unit=self.unit) if self.n and self.unit else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Vote:
    """What one member of a panel said of a request, for the seat they hold on it."""

    by: UUID
    seat: Role
    said: Decision
    reason: str
    at: datetime
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
    step: ChosenStep | None = None
    votes: tuple[Vote, ...] = ()

    def vote(self, vote: Vote) -> Self:
        """Add what a member of the panel said; a seat speaks once, and so does a person.

        :raises Mistake: no reason is given
        :raises Refusal: the seat or the person has voted
        """
        _has_reason(vote.reason)
        if any(vote.by == one.by for one in self.votes):
            raise Refusal(f"You have voted on {self.ref} already. Each member of the panel votes once.")
        if any(vote.seat is one.seat for one in self.votes):
            raise Refusal(f"Somebody has voted on {self.ref} for this seat already.")
        return replace(self, votes=(*self.votes, replace(vote, reason=vote.reason.strip())))

    def tally(self, *, seats: int, needed: int) -> Decision | None:
        """What the panel has decided; ``None`` while both answers are still possible.

        :param seats: how many sit on the panel
        :param needed: how many of them have to agree to a block
        """
        agreed = sum(one.said is Decision.APPROVED for one in self.votes)
        if agreed >= needed:
            return Decision.APPROVED
        refused = len(self.votes) - agreed
        return Decision.DENIED if refused > seats - needed else None

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
        _has_reason(reason)
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


def _has_reason(reason: str) -> None:
    if not reason.strip():
        raise Mistake(
            "A decision needs a reason.",
            beside={"reason": "Write the reason, or tick that the request's reasons are yours."},
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedBlock:
    """An answered request. It cannot be decided again; what the request said cannot be lost.

    ``met_on`` is the local day of the meeting, where a body decided it.
    """

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
    met_on: date | None = None

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


def length_of(block: Block) -> Span | None:
    """How long a block is asked for; ``None`` where it has no end, or the policy knows no lengths."""
    step = request_of(block).step
    return step.length if step else None


def check_gates(
    claims: Iterable[GroundClaim],
    grounds: Mapping[str, BlockGround],
    *,
    occasions: Mapping[str, int],
    warned: bool = False,
    under: Mapping[str, Citation],
) -> None:
    """Refuse a request that lacks what the policy makes a condition; what it only weighs never stops one.

    :param occasions: by ground, the number of confirmed removals of the author's items that were not overturned and
        lie within how far back the ground looks
    :param warned: whether a warning of the author is on file
    :raises Mistake: no ground, or one the policy does not list
    :raises Refusal: too few occasions, no warning or no investigation on file, where the policy asks for them
    """
    claimed = tuple(claims)
    if not claimed:
        raise Mistake("Choose the ground of the block.", beside={"grounds": "Choose at least one ground."})
    for claim in claimed:
        ground = grounds.get(claim.code)
        if ground is None:
            raise Mistake(f"The policy lists no ground called {claim.code!r}. Choose from the list.")
        counted = occasions.get(claim.code, 0)
        if counted < ground.occasions and not ground.severe:
            within = f" of the last {ground.look_back.said}" if ground.look_back else ""
            raise Refusal(
                f"“{ground.label}” needs {ground.occasions} confirmed violations on file{within}; there are {counted}.",
                under=under[claim.code],
            )
        if ground.warned and not warned:
            raise Refusal(f"“{ground.label}” needs a warning of the person on file first.", under=under[claim.code])
        if ground.investigation and not claim.investigation:
            raise Refusal(f"“{ground.label}” needs an investigation on file first.", under=under[claim.code])


def steps_of(ladder: SanctionRule) -> tuple[Sanction, ...]:
    """The steps of a ladder a block can be asked for; a warning is given otherwise."""
    return tuple(step for step in ladder.steps if step.action is not Action.WARN)


def choose_step(
    ladder: SanctionRule,
    code: str,
    *,
    breaches: int,
    severe: bool,
    length: Span | None,
    why: str,
    under: Citation,
) -> ChosenStep:
    """Choose a step of the ladder: the one that was reached, a lower one, or by the policy's own leave a higher one.

    :param breaches: how many breaches count within the ladder's look-back
    :param severe: whether a ground of the request is one for a severe case
    :param length: how long, where the step leaves that open; its own length if left out
    :param under: where the ladder stands in the policy
    :raises Mistake: no such step, a length the step does not allow, or another step without a reason
    :raises Refusal: the step is not reached, and no rule lets this case go past steps
    """
    step = next((one for one in steps_of(ladder) if one.code == code), None)
    if step is None:
        raise Mistake("Which step of the ladder?", beside={"step": "Choose one of the steps."})
    reached = ladder.step_for(breaches)
    past = step.occasion > breaches
    if past and not (ladder.bypass and severe):
        leave = " Only a severe case may go past steps, and none of its grounds is chosen." if ladder.bypass else ""
        count = "1 breach counts" if breaches == 1 else f"{breaches} breaches count"
        raise Refusal(f"“{step.label}” comes with breach {step.occasion}; {count} here.{leave}", under=under)
    if step is not reached and not why.strip():
        usual = f"“{reached.label}”" if reached else "no step at all"
        raise Mistake(
            "Why this step?", beside={"step_why": f"The breaches on file lead to {usual}. Write why it is another."}
        )
    chosen = _length(step, length)
    return ChosenStep(
        code=step.code,
        n=chosen.n if chosen else None,
        unit=chosen.unit if chosen else None,
        why=why.strip() if step is not reached else "",
        bypass=ladder.bypass if past else "",
    )


def _length(step: Sanction, length: Span | None) -> Span | None:
    """The length of a step, or the one that was chosen where it states only the least or the most.

    :raises Mistake: the chosen one is too short or too long, or the step leaves nothing to choose
    """
    if length is None or step.length is None or length == step.length:
        if length is not None and step.length is None:
            raise Mistake(
                "This step has no length.", beside={"step_length": f"Leave it empty: “{step.label}” has no length."}
            )
        return step.length
    wrong = {
        Term.FIXED: f"“{step.label}” lasts {step.length.said}; leave it empty.",
        Term.MINIMUM: f"At least {step.length.said}." if length.about_days < step.length.about_days else "",
        Term.MAXIMUM: f"At most {step.length.said}." if length.about_days > step.length.about_days else "",
    }.get(step.term, "")
    if wrong:
        raise Mistake("That is not how long this step lasts.", beside={"step_length": wrong})
    return length


def is_lifted_at_its_end(step: Sanction) -> bool:
    """Test whether people are asked to lift a block once its time has run: not where it ends otherwise."""
    return step.length is not None and (
        step.ends is Ends.BY_ITSELF or (step.ends is None and step.term in {Term.FIXED, Term.MAXIMUM})
    )
