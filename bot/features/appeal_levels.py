"""Levels of appeal: at which one an appeal is, which dates run there, and who answers it.

The answer of one level can be taken to the next where the policy has one. What a patron writes about an act whose
appeal was answered is then an appeal to that next level, and not a second one. What a body decides is recorded by the
person the policy names or by the Director, with the day of its meeting.
"""

from collections.abc import Sequence
from datetime import date

from bot.cards import Submission
from bot.cases.appeal import ANSWERS, Answer, Appeal, DecidedAppeal, ReceivedAppeal, received
from bot.cases.clock import ClockState
from bot.cases.follow_up import FollowUpKind
from bot.cases.task import TaskKind, TaskState
from bot.people import Power, deciders
from bot.policy.pack import AppealRule, FurtherLevel
from bot.policy.terms import Action, ClockName, Event, Role, Unit
from bot.reading import no_such
from bot.refusal import Citation, Refusal
from bot.views import consultations
from bot.work import Work


def rule_at(appeal: ReceivedAppeal, work: Work) -> AppealRule | FurtherLevel:
    """What the policy of the day it came in says about the level an appeal is at."""
    return work.book.on(appeal.writing.received_on).appeal.at(appeal.level)


def level_after(appeal: ReceivedAppeal, earlier: Sequence[Appeal], work: Work) -> str:
    """The level at which something new about the same act is heard; empty for the first, and where there is no next.

    What came in before an answer was given does not challenge that answer.

    :param earlier: the appeals of the act that are answered in their own right, in the order they came in
    """
    last = earlier[-1] if earlier else None
    if not isinstance(last, DecidedAppeal) or last.answer is Answer.REVERSED:
        return ""
    if appeal.writing.received_on < last.ruling.on:
        return ""
    following = work.book.on(appeal.writing.received_on).appeal.after(last.received.level)
    return following.level if following else ""


def last_day(against: str, level: str, work: Work) -> date | None:
    """The last day to appeal an act at a level; ``None`` where no date runs."""
    further = {one.level for one in work.pack.appeal.further}

    def is_of(name: str) -> bool:
        clock, _, suffix = name.partition(".")
        return clock == ClockName.APPEAL_BY and (suffix == level if level else suffix not in further)

    clocks = work.shelves.clocks.of_case(against)
    return max((one.due for one in clocks if is_of(one.name) and one.state is not ClockState.VOID), default=None)


def heard_at(appeal: ReceivedAppeal, before: str, work: Work) -> None:
    """It turned out to be at another level than was taken: the dates of that one run, and whoever answers is asked."""
    law = work.book.on(appeal.writing.received_on)
    wanted = {rule.name for rule in law.clocks_on(Event.APPEAL_RECEIVED, level=appeal.level)}
    for clock in work.shelves.clocks.of_case(appeal.ref):
        if clock.event is not Event.APPEAL_RECEIVED:
            continue
        if clock.name not in wanted and clock.state is ClockState.RUNNING:
            work.save(clock.stop(ClockState.VOID), before=clock)
        elif clock.name in wanted and clock.state is ClockState.VOID:
            work.run_again(clock)
    dues, _ = work.start_clocks(Event.APPEAL_RECEIVED, case=appeal.ref, on=came_on(appeal, work), level=appeal.level)
    if before != appeal.level and not consultations.is_asked(appeal, work):
        work.end_tasks(appeal.ref, TaskKind.CONSULT, state=TaskState.VOID)
    if before != appeal.level:
        by = next((due.due for due in dues if due.clock.startswith(ClockName.DECIDE_APPEAL_BY)), None)
        work.end_tasks(appeal.ref, TaskKind.DECIDE_APPEAL, state=TaskState.VOID)
        ask_for_answer(appeal, by, work)
        roles, _ = answered_by(appeal, work)
        for role in sorted(roles - {Role.DIRECTOR}):
            work.tell_role(role, about=appeal.ref, headline="An appeal came to you at the next level.")


def came_on(appeal: ReceivedAppeal, work: Work) -> date:
    """The local day on which it came to the level it is at: when it came in, or was taken further unanswered."""
    further = [
        one.on
        for one in work.shelves.papers.follow_ups(appeal.ref)
        if one.kind is FollowUpKind.TAKEN_FURTHER and appeal.level
    ]
    return max(further, default=appeal.writing.received_on)


def count_from_meetings(work: Work) -> None:
    """The Board's meetings were entered: the appeals whose dates hang on one, and had none so far, get theirs."""
    for appeal in work.shelves.appeals.undecided():
        day = came_on(appeal, work)
        rules = work.book.on(day).clocks_on(Event.APPEAL_RECEIVED, level=appeal.level)
        if not appeal.second_of and any(rule.unit is Unit.MEETINGS for rule in rules):
            work.start_clocks(Event.APPEAL_RECEIVED, case=appeal.ref, on=day, level=appeal.level)


def ask_for_answer(appeal: ReceivedAppeal, answer_by: date | None, work: Work) -> None:
    """Ask whoever answers it, by its date where one runs; else by a task's own."""
    roles, _ = answered_by(appeal, work)
    work.ask_for(
        TaskKind.DECIDE_APPEAL, case=appeal.ref, role=asked_of(roles), due=answer_by, reminds=answer_by is None
    )


def asked_of(roles: frozenset[Role]) -> Role:
    """Of several who may answer, the one who is asked: the Director before anybody outside the staff."""
    return Role.DIRECTOR if Role.DIRECTOR in roles else min(roles, default=Role.DIRECTOR)


def answered_by(appeal: ReceivedAppeal, work: Work) -> tuple[frozenset[Role], Citation | None]:
    """Who may answer it, and under what; for a body whoever records its decision, or the Director on its behalf."""
    if not appeal.level:
        return deciders(Action.APPEAL, on=appeal.writing.received_on, book=work.book)
    day = appeal.writing.received_on
    return work.answer_roles(appeal), work.book.cite(
        work.book.on(day).appeal.rule_of("decided_by", level=appeal.level), on=day
    )


def require_answerer(appeal: Appeal | None, work: Work) -> None:
    """Refuse unless the actor answers appeals of this level.

    :raises Refusal: with who does, and the clause
    """
    if appeal is None or not received(appeal).level:
        work.require(Power.DECIDE_APPEAL, law=received(appeal).writing.received_on if appeal else None)
        return
    roles, under = answered_by(received(appeal), work)
    if not work.actor.has(*roles, on=work.today):
        who = " or the ".join(sorted(work.title(role) for role in roles))
        raise Refusal(f"Only the {who} can answer this. Nothing was changed.", under=under)


def waiting(sent: Submission, work: Work) -> ReceivedAppeal:
    """The appeal, for whoever may answer it; the winner's answer when it was answered meanwhile.

    :raises Refusal: the actor may not answer it, or somebody has
    """
    appeal: Appeal | None = work.shelves.appeals.by_ref(sent.subject.upper())
    require_answerer(appeal, work)  # before anything about the case is said
    if appeal is None:
        raise no_such(sent.subject)
    if isinstance(appeal, DecidedAppeal):
        when = work.local(appeal.ruling.at)
        who = "You" if appeal.ruling.by == work.actor.id else work.name(appeal.ruling.by)
        raise Refusal(
            f"{who} answered this on {when:%-d %B %Y at %H:%M}: {ANSWERS[appeal.answer]}. It is answered once."
        )
    return appeal


def opens_next(decided: DecidedAppeal, work: Work) -> None:
    """An answer was given that can be taken further: the time to do so runs on what was challenged."""
    came = decided.received
    if decided.answer is not Answer.REVERSED and came.against:
        work.start_clocks(Event.APPEAL_DECIDED, case=came.against, on=decided.ruling.on, level=came.level)
