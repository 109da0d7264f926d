"""Where two rules of the policy pull apart in the answer of an appeal, and which of them the answer follows.

A pair counts when the answer rests on one of the two. Two kinds of pairs pull apart only sometimes: the advice of the
Board and the time to answer do when the advice is not on file; who decides first and who answers do when it is one and
the same person.
"""

from bot.cases.appeal import ReceivedAppeal
from bot.features import two_rules
from bot.policy.pack import Tie
from bot.policy.terms import ClockName, Stance
from bot.views import consultations, first_decision
from bot.work import Work

VALUES = ("decided_by", "written", "final", "late", "hearing", "same_decider")
"""What of a level of appeal an answer rests on."""


def followed(appeal: ReceivedAppeal, work: Work) -> str:
    """The rule that whoever answers follows by answering: the one that says who decides."""
    return work.book.on(appeal.writing.received_on).appeal.rule_of("decided_by", level=appeal.level)


def apart(appeal: ReceivedAppeal, work: Work) -> tuple[Tie, ...]:
    """The pairs that pull apart when the actor answers; without that of advice and time, which is asked of its own."""
    law = work.book.on(appeal.writing.received_on)
    rests_on = _answering(appeal, work) | {law.appeal.rule_of(one, level=appeal.level) for one in VALUES}
    return tuple(tie for tie in two_rules.touched_by(rests_on, law) if _meets(tie, appeal, work))


def _answering(appeal: ReceivedAppeal, work: Work) -> set[str]:
    """The rules that say who answers and by when."""
    law = work.book.on(appeal.writing.received_on)
    times = {one.rule for one in law.clocks if one.clock is ClockName.DECIDE_APPEAL_BY and one.level == appeal.level}
    return {followed(appeal, work)} | times


def _meets(tie: Tie, appeal: ReceivedAppeal, work: Work) -> bool:
    law = work.book.on(appeal.writing.received_on)
    if _is_of_advice(tie, appeal, work):
        return False
    others = set(tie.rules) - _answering(appeal, work)
    decides = {one.rule for one in law.deciders if one.stance is Stance.STATED and one.rule} - {followed(appeal, work)}
    if not others & decides:
        return True
    of_the_act = law.decider(appeal.act).rule if appeal.act else ""
    return of_the_act in others and work.actor.id in first_decision.took_it(appeal, work)


def _is_of_advice(tie: Tie, appeal: ReceivedAppeal, work: Work) -> bool:
    asked = work.book.on(appeal.writing.received_on).appeal.rule_of("consult", level=appeal.level)
    return consultations.is_asked(appeal, work) and asked in tie.rules and bool(set(tie.rules) - {asked})


def keep_unconsulted(appeal: ReceivedAppeal, why: str, work: Work) -> None:
    """Keep that the time to answer was applied and not the rule of advice, where the policy's two pull apart."""
    law = work.book.on(appeal.writing.received_on)
    for tie in two_rules.touched_by(_answering(appeal, work), law):
        if _is_of_advice(tie, appeal, work):
            applied = next(rule for rule in tie.rules if rule in _answering(appeal, work))
            two_rules.keep_one(appeal.ref, tie, applied, why, work, on=appeal.writing.received_on)
