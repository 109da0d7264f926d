"""What keeping a follow-up takes, and how a duty of the policy is found and shown."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from bot.cards import Note
from bot.cases.clock import ClockState
from bot.cases.follow_up import FollowUp, FollowUpKind
from bot.policy.pack import Duty
from bot.policy.terms import ClockKind, ClockName, Stance
from bot.work import Work


def keep(
    kind: FollowUpKind,
    ref: str,
    work: Work,
    *,
    words: str = "",
    particulars: Mapping[str, str] | None = None,
    rules: tuple[str, ...] = (),
    on: date | None = None,
    to: UUID | None = None,
) -> FollowUp:
    """Keep what the actor did, or was told, about a case; empty answers are left out."""
    return work.save(
        FollowUp(
            id=uuid4(),
            library=work.library.id,
            case=ref,
            kind=kind,
            on=on or work.today,
            by=work.actor.id,
            at=work.now,
            words=words,
            particulars={asked: said for asked, said in (particulars or {}).items() if said},
            rules=tuple(dict.fromkeys(rules)),
            to=to,
        )
    )


def duty(code: str, work: Work) -> Duty | None:
    """A duty the policy in force today states; ``None`` where it has none of this name."""
    return next(
        (one for one in work.pack.duties if one.code == code and one.stance is Stance.STATED and one.rule), None
    )


def cited(code: str, work: Work) -> tuple[Note, ...]:
    """Where a duty stands in the policy; nothing where it has none of this name."""
    found = duty(code, work)
    return (Note.of(work.book.cite(found.rule, on=work.today)),) if found else ()


def rules_of(*codes: str, work: Work) -> tuple[str, ...]:
    """The rules behind these duties, where the policy states them."""
    return tuple(found.rule for found in (duty(code, work) for code in codes) if found)


def stop(ref: str, work: Work, *names: ClockName, state: ClockState) -> None:
    """End the running clocks of these names on a case."""
    for clock in work.shelves.clocks.of_case(ref):
        if clock.state is ClockState.RUNNING and clock.kind is not ClockKind.TASK and clock.name in names:
            work.save(clock.stop(state), before=clock)
