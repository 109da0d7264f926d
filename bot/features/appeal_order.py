"""Several appeals of one act: which of them is answered, and whose time runs.

The order is that of the days they came in, whenever somebody said what each is about. The first is answered; one after
it is acknowledged, and has no time of its own unless that would end before the time of the one that is answered: the
earliest date always runs. Once the first is answered, one after it is told so where that is final, and waits for an
answer of its own where it is not.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.cases.appeal import Answer, Appeal, DecidedAppeal, ReceivedAppeal, received
from bot.cases.clock import Clock, ClockState
from bot.cases.follow_up import FollowUpKind
from bot.cases.task import TaskKind, TaskState
from bot.features import appeal_levels, consult_board, second_appeals
from bot.policy.terms import Channel, ClockName, Event, Role
from bot.views import consultations
from bot.work import Work


def in_order(appeals: Iterable[Appeal]) -> list[Appeal]:
    """Appeals of one act by the day each came in; of one day, as they were put on file."""
    return sorted(appeals, key=lambda one: (received(one).writing.received_on, received(one).logged_at, one.ref))


def look_again(against: str, work: Work, *, joining: ReceivedAppeal | None = None) -> None:
    """Put the appeals of an act in order: after one was put on file, matched, put right, answered or taken away.

    :param joining: one that has just been matched to the act, not yet kept so
    """
    on_file = {one.ref: one for one in work.shelves.appeals.against(against)}
    if joining is not None:
        on_file[joining.ref] = joining
    every = in_order(on_file.values())
    heads: list[Appeal] = [one for one in every if _is_head(one)]
    for one in every:
        if isinstance(one, ReceivedAppeal):
            placed = _place(one, heads, work)
            if not placed.second_of:
                heads = in_order([*heads, placed])


def _is_head(one: Appeal) -> bool:
    """Test whether one was answered, or left unheard, in its own right."""
    return isinstance(one, DecidedAppeal) and not (one.ended or one.received.second_of)


def _place(one: ReceivedAppeal, heads: Sequence[Appeal], work: Work) -> ReceivedAppeal:
    """Keep where one stands, let its time run or rest, and ask what has to be asked."""
    before = work.shelves.appeals.by_ref(one.ref)
    known = received(before) if before else one
    further = known.against == one.against and _taken_further(one, work)
    level, first = (one.level, None) if further else _stands(one, heads, work)
    late = _late_since(one, level, work)
    placed = one.place(late_since=late, second_of=first.ref if first else "", level=level)
    if placed != known:
        placed = work.save(placed, before=known)
    if placed.level != known.level or (placed.level and known.against != placed.against):
        appeal_levels.heard_at(placed, known.level, work)
    if first is None:
        _runs(placed, work)
        if consultations.left_to_policy(known, work) and consultations.is_wanted(placed, work):
            consult_board.ask_whether(placed, work)
    elif _ends_before(placed, first, work):
        _runs(placed, work, after=first)
    elif _rests(placed, first, work):
        if not known.second_of and known.against == placed.against:
            headline = f"{first.ref} about the same act came in before it and is answered first."
            work.tell(Channel.DECISIONS, about=placed.ref, headline=headline)
        _is_second(placed, first, work)
    else:
        _runs(placed, work, after=first)
    return placed


def _stands(one: ReceivedAppeal, heads: Sequence[Appeal], work: Work) -> tuple[str, Appeal | None]:
    """At which level one is heard, and which other is answered in its place.

    One that was left unheard answers nothing, so whatever comes after it stands as if it had never come; unless the
    policy has a next level, to which not having been heard can be taken too.
    """
    left = list(heads)
    while left:
        if level := appeal_levels.level_after(one, left, work):
            return level, None
        last = left.pop()
        if not (isinstance(last, DecidedAppeal) and last.answer is Answer.NOT_HEARD):
            return "", last
    return "", None


def _taken_further(one: ReceivedAppeal, work: Work) -> bool:
    """Test whether it went on to its level because it was not answered in time at the one before."""
    return any(paper.kind is FollowUpKind.TAKEN_FURTHER for paper in work.shelves.papers.follow_ups(one.ref))


def _late_since(one: ReceivedAppeal, level: str, work: Work) -> date | None:
    """The last day to appeal, when it came in after that day."""
    last = appeal_levels.last_day(one.against, level, work)
    return last if last and one.writing.received_on > last else None


def _times(one: Appeal, work: Work) -> list[Clock]:
    """The dates that run from the day it came in, at the level at which it is heard."""
    came = received(one)
    law = work.book.on(came.writing.received_on)
    wanted = {rule.name for rule in law.clocks_on(Event.APPEAL_RECEIVED, level=came.level)}
    return [clock for clock in work.shelves.clocks.of_case(one.ref) if clock.name in wanted]


def _answer_by(one: Appeal, work: Work) -> date | None:
    return min(
        (clock.due for clock in _times(one, work) if clock.name.startswith(ClockName.DECIDE_APPEAL_BY)), default=None
    )


def _ends_before(one: ReceivedAppeal, first: Appeal, work: Work) -> bool:
    """Test whether its time ends before that of the one that is answered, so that it must not be voided."""
    _proven(one, work)
    own, other = _answer_by(one, work), _answer_by(first, work)
    return own is not None and other is not None and own < other


def _proven(one: ReceivedAppeal, work: Work) -> None:
    """Count a date that rests from the day it came in, when that day was put right meanwhile."""
    resting = [clock for clock in _times(one, work) if clock.state is ClockState.VOID]
    day = appeal_levels.came_on(one, work)
    if any(clock.happened_on != day for clock in resting):
        for clock in resting:
            work.run_again(clock)
        work.start_clocks(Event.APPEAL_RECEIVED, case=one.ref, on=day, level=one.level)
        _void(one, work)


def _void(one: ReceivedAppeal, work: Work) -> None:
    for clock in _times(one, work):
        if clock.state is ClockState.RUNNING:
            work.save(clock.stop(ClockState.VOID), before=clock)


def _runs(one: ReceivedAppeal, work: Work, *, after: Appeal | None = None) -> None:
    """Its time runs from the day it came in; where it rested until now, whoever answers is asked once more."""
    resting = [clock for clock in _times(one, work) if clock.state is ClockState.VOID]
    for clock in resting:
        work.run_again(clock)
    if resting:
        work.start_clocks(Event.APPEAL_RECEIVED, case=one.ref, on=appeal_levels.came_on(one, work), level=one.level)
    if not consultations.is_wanted(one, work):
        work.end_tasks(one.ref, TaskKind.CONSULT, state=TaskState.VOID)
    if _asked(one, TaskKind.DECIDE_APPEAL, work):
        return
    work.end_tasks(one.ref, TaskKind.SEND_NOTICE, state=TaskState.VOID)
    appeal_levels.ask_for_answer(one, _answer_by(one, work), work)
    if after is None:
        consult_board.ask_whether(one, work)
        work.tell(Channel.DECISIONS, about=one.ref, headline="It is the first about this act after all.")


def _rests(one: ReceivedAppeal, first: Appeal, work: Work) -> bool:
    """Test whether one has no time of its own: the first still waits, or its answer is final under the policy."""
    final = work.book.on(one.writing.received_on).appeal.at(received(first).level).final
    return final or not isinstance(first, DecidedAppeal)


def _is_second(one: ReceivedAppeal, first: Appeal, work: Work) -> None:
    """It is acknowledged, and no new time runs; once the first is answered for good, the person is told so as well."""
    _void(one, work)
    work.end_tasks(one.ref, TaskKind.DECIDE_APPEAL, TaskKind.CONSULT, state=TaskState.VOID)
    if not _asked(one, TaskKind.SEND_NOTICE, work) and not second_appeals.knows(one, first, work):
        work.ask_for(TaskKind.SEND_NOTICE, case=one.ref, role=Role.DIRECTOR)


def _asked(one: ReceivedAppeal, kind: TaskKind, work: Work) -> bool:
    tasks = work.shelves.tasks.of_case(one.ref)
    return any(task.kind is kind and task.state is TaskState.OPEN for task in tasks)
