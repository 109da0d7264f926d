"""A patron's written appeal is put on file the day it comes in, and matched to what it challenges.

Its clock runs from the day it was received, whether or not anybody knows yet what it is about. One that is late, or the
second about the same act, is kept and put before whoever decides; nothing turns it away by itself.
"""

from dataclasses import replace
from datetime import date
from uuid import uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.cases.appeal import Appeal, DecidedAppeal, ReceivedAppeal, Writing, received
from bot.cases.block import DecidedBlock, Decision
from bot.cases.clock import ClockState
from bot.cases.incident import ConfirmedRemoval
from bot.cases.task import TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features import appeal_levels, consult_board, late_appeals, while_open, who_appeals
from bot.features.papers import paper_fields, writing
from bot.features.silences import no_rule
from bot.people import Power, deciders
from bot.policy.terms import Action, Channel, ClockName, Event, Role, Stance
from bot.refusal import Mistake, Refusal
from bot.views import appeals, cases, fields
from bot.views.incidents import act_of
from bot.work import Work

SHOWN = 25
"""How many removals and blocks are offered to choose from; any other is named by its reference."""


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What the patron wrote, when it came in, and what it is about if that is known."""
    work.require(Power.LOG_PAPER)
    speaks_of_appeals(work)
    known = sent.subject.strip().upper()
    return (
        Page(
            title="An appeal came in",
            intro="Its time runs from the day it came in. If you don't know what it is about, leave that empty.",
            fields=(
                *paper_fields(work),
                *who_appeals.fields(work),
                fields.reference("against", known, hint="A report or a block."),
            ),
            notes=(*_what_the_policy_says(work), *who_appeals.clauses(work)),
            submit="Put it on file",
        ),
    )


def _what_the_policy_says(work: Work) -> tuple[Note, ...]:
    rule = work.pack.appeal
    return (Note.of(work.book.cite(rule.rule, on=work.today)),) if rule.stance is Stance.STATED else ()


def speaks_of_appeals(work: Work) -> None:
    """Refuse where nobody would answer: the policy gives no appeal, and the library named nobody as its practice.

    :raises Refusal: in the words of the recorded silence, and with what can be done instead
    """
    roles, _ = deciders(Action.APPEAL, on=work.today, book=work.book)
    if work.pack.appeal.stance is Stance.STATED or roles:
        return
    instead = "Report what came in as a concern, so that it reaches the Director."
    raise no_rule("appeals", work.pack.appeal, ("decider.appeal", "clock.appeal_by"), work, instead=instead)


def log(sent: Submission, work: Work) -> Reply:
    """Keep what the patron wrote, start its clock, and put it before whoever answers it."""
    work.require(Power.LOG_PAPER)
    speaks_of_appeals(work)
    against = sent.text("against").upper()
    if against:
        challenged(against, work)  # a wrong reference is said before anything is kept
    appeal = keep(writing(sent, work), against, work)
    who_appeals.keep(appeal, sent, work)
    return Reply(cards=cases.private(appeal.ref, work), headline=f"Kept as {appeal.ref}.", about=appeal.ref)


def keep(paper: Writing, against: str, work: Work) -> ReceivedAppeal:
    """Keep an appeal with its clock and its tasks; ``against`` may be empty.

    Whoever answers it is told at once, and asked how the Board is consulted where the policy wants that.

    :raises Mistake: nothing was done there that could be appealed
    """
    appeal = work.save(
        ReceivedAppeal(
            id=uuid4(),
            library=work.library.id,
            ref=work.next_ref("A"),
            version=0,
            writing=paper,
            logged_by=work.actor.id,
            logged_at=work.now,
        )
    )
    dues, _ = work.start_clocks(Event.APPEAL_RECEIVED, case=appeal.ref, on=paper.received_on)
    answer_by = next((due.due for due in dues if due.clock.startswith(ClockName.DECIDE_APPEAL_BY)), None)
    roles, _ = deciders(Action.APPEAL, on=paper.received_on, book=work.book)
    role = min(roles, default=Role.DIRECTOR)
    _ask_for_answer(appeal, answer_by, role, work)
    if against:
        appeal = _matched(appeal, against, work)
    else:
        work.ask_for(TaskKind.MATCH_APPEAL, case=appeal.ref, role=role)
    headline = "An appeal came in."
    if appeal.late_since:
        headline = f"An appeal came in after the last day, {short_date(appeal.late_since)}."
    if appeal.second_of:
        headline = f"A second appeal came in, after {appeal.second_of}."
    work.tell(Channel.DECISIONS, about=appeal.ref, headline=headline)
    for decider in sorted(roles or {role}):
        work.tell_role(decider, about=appeal.ref, headline=headline)
    if not appeal.second_of:
        consult_board.ask_whether(appeal, work)
    late_appeals.tell_who_may_waive(appeal, work)
    return appeal


def _ask_for_answer(appeal: ReceivedAppeal, answer_by: date | None, role: Role, work: Work) -> None:
    work.ask_for(TaskKind.DECIDE_APPEAL, case=appeal.ref, role=role, due=answer_by, reminds=answer_by is None)


def match_pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What the appeal is about, among what was taken down and the blocks in force."""
    appeal = _open(sent, work)
    known = received(appeal).against
    return (
        Page(
            title="What is it about?",
            intro=f"Matched to {known} so far." if known else "",
            fields=(
                Field(
                    name="chosen",
                    label="Which act of the library?",
                    kind=FieldKind.CHOICE,
                    options=tuple(_offered(work)),
                ),
                fields.reference("against", "", hint="If it is not in the list."),
            ),
            submit="Match",
        ),
    )


def match(sent: Submission, work: Work) -> Reply:
    """Say what an appeal is about; whether it came in time is known from then on."""
    appeal = _open(sent, work)
    against = (sent.text("against") or sent.text("chosen")).upper()
    if not against:
        raise Mistake("Which one?", beside={"chosen": "Choose one, or write its reference below."})
    kept = _matched(appeal, against, work)
    return Reply(cards=cases.private(kept.ref, work), headline=f"Matched to {against}.", about=kept.ref)


def _open(sent: Submission, work: Work) -> ReceivedAppeal:
    """An appeal that still waits for its answer, for somebody who may open it."""
    appeal: Appeal = work.appeal(sent.subject.upper())
    if isinstance(appeal, DecidedAppeal):
        raise Refusal(f"{appeal.ref} was answered on {short_date(appeal.ruling.on)}, so it stays as it is.")
    return appeal


def _offered(work: Work) -> list[Option]:
    """What could be appealed, newest first, for somebody who may see it."""
    removals = [one for one in work.shelves.incidents.recent(SHOWN * 4) if one.sustained and work.may_see(one)]
    found = [Option(value=one.ref, label=appeals.act_label(one.ref, work)) for one in removals[:SHOWN]]
    if work.may(Power.SEE_HISTORY):
        blocks = [one for one in work.shelves.blocks.recent(SHOWN) if isinstance(one, DecidedBlock)]
        found += [
            Option(value=one.ref, label=appeals.act_label(one.ref, work))
            for one in blocks
            if one.decision is Decision.APPROVED and work.shelves.blocks.executions(one.ref)
        ]
    return found


def challenged(ref: str, work: Work) -> Action:
    """Which act of the library a reference stands for.

    :raises Mistake: nothing was done there that could be appealed
    """
    if ref.startswith("I-"):
        incident = work.shelves.incidents.by_ref(ref)
        if incident is not None and isinstance(incident.removal, ConfirmedRemoval):
            return act_of(incident)
    if ref.startswith("B-"):
        block = work.shelves.blocks.by_ref(ref)
        if isinstance(block, DecidedBlock) and work.shelves.blocks.executions(ref):
            return Action.BLOCK
    why = "Write the reference of a removal that was confirmed or of a block that was made, or leave it empty."
    raise Mistake(f"Nothing that could be appealed is kept as {ref}.", beside={"against": why})


def _matched(appeal: ReceivedAppeal, against: str, work: Work) -> ReceivedAppeal:
    act = challenged(against, work)
    earlier = [one for one in work.shelves.appeals.against(against) if one.id != appeal.id]
    before = work.shelves.appeals.by_ref(appeal.ref)
    level = appeal_levels.level_after(appeal, earlier, work) or (appeal.level if appeal.against == against else "")
    first = appeal_levels.first_of(earlier) if earlier and not level else None
    kept = work.save(
        appeal.match(
            against,
            act,
            by=work.actor.id,
            late_since=_late_since(appeal, against, level, work),
            second_of=first.ref if first else "",
            level=level,
        ),
        before=before,
    )
    work.end_tasks(kept.ref, TaskKind.MATCH_APPEAL)
    work.touch(against)
    while_open.begin(kept, work)
    if kept.level or appeal.level:
        appeal_levels.heard_at(kept, appeal.level, work)
    if first:
        _second(kept, first, work)
    elif appeal.second_of:
        _first(kept, work)
    if appeal.against not in {"", against}:
        _without(appeal, work)
        while_open.about_something_else(appeal.against, work)
    return kept


def _without(gone: ReceivedAppeal, work: Work) -> None:
    """One turned out to be about something else: whatever was taken for a second after it is looked at again."""
    others = work.shelves.appeals.against(gone.against)
    for place, one in enumerate(others):
        if isinstance(one, ReceivedAppeal) and one.second_of == gone.ref:
            kept = work.save(replace(one, second_of=others[0].ref if place else ""), before=one)
            if not kept.second_of:
                _first(kept, work)


def _first(appeal: ReceivedAppeal, work: Work) -> None:
    """One that was taken for a second is the first of its act after all: its time runs from the day it came in."""
    roles, _ = deciders(Action.APPEAL, on=appeal.writing.received_on, book=work.book)
    work.end_tasks(appeal.ref, TaskKind.SEND_NOTICE, state=TaskState.VOID)
    answer_by = None
    for clock in work.shelves.clocks.of_case(appeal.ref):
        if clock.event is Event.APPEAL_RECEIVED and clock.state is ClockState.VOID:
            work.run_again(clock)
            answer_by = clock.due
    _ask_for_answer(appeal, answer_by, min(roles, default=Role.DIRECTOR), work)
    consult_board.ask_whether(appeal, work)
    work.tell(Channel.DECISIONS, about=appeal.ref, headline="It is the first about this act after all.")


def _late_since(appeal: ReceivedAppeal, against: str, level: str, work: Work) -> date | None:
    """The last day to appeal, when the appeal came in after it."""
    last = appeal_levels.last_day(against, level, work)
    return last if last and appeal.writing.received_on > last else None


def judge_again(against: str, work: Work) -> None:
    """A day was put right: whether the appeals that still wait came in time is looked at again."""
    for appeal in work.shelves.appeals.against(against):
        if isinstance(appeal, ReceivedAppeal):
            late = _late_since(appeal, against, appeal.level, work)
            if late != appeal.late_since:
                work.save(replace(appeal, late_since=late), before=appeal)


def _second(appeal: ReceivedAppeal, first: Appeal, work: Work) -> None:
    """A second appeal of the same act is acknowledged; where the first answer is final, no new time runs."""
    final = work.book.on(appeal.writing.received_on).appeal.at(received(first).level).final
    if isinstance(first, DecidedAppeal) and not final:
        return
    for clock in work.shelves.clocks.of_case(appeal.ref):
        if clock.event is Event.APPEAL_RECEIVED:
            work.save(clock.stop(ClockState.VOID), before=clock)
    work.end_tasks(appeal.ref, TaskKind.DECIDE_APPEAL, TaskKind.CONSULT, state=TaskState.VOID)
    work.ask_for(TaskKind.SEND_NOTICE, case=appeal.ref, role=Role.DIRECTOR)


def show_list(sent: Submission, work: Work) -> Reply:
    """The appeals somebody may open, newest first."""
    del sent
    work.require(Power.SEE_LISTS)
    return Reply(cards=(appeals.listed(work),))
