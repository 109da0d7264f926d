"""A patron's written appeal is put on file the day it comes in, and matched to what it challenges.

Its clock runs from the day it was received, whether or not anybody knows yet what it is about. One that is late, or the
second about the same act, is kept and put before whoever decides; nothing turns it away by itself.
"""

from uuid import uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.cases.appeal import Appeal, DecidedAppeal, ReceivedAppeal, Writing, received
from bot.cases.block import DecidedBlock, Decision
from bot.cases.incident import ConfirmedRemoval
from bot.cases.task import TaskKind
from bot.clocks.calendar import short_date
from bot.features import appeal_levels, appeal_order, consult_board, late_appeals, while_open, who_appeals
from bot.features.holds import check_not_held
from bot.features.papers import paper_fields, writing
from bot.features.silences import no_rule
from bot.people import Power, deciders
from bot.policy.terms import Action, Channel, ClockName, Event, Stance
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
    roles, _ = appeal_levels.answered_by(appeal, work)
    role = appeal_levels.asked_of(roles)
    appeal_levels.ask_for_answer(appeal, answer_by, work)
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
    if appeal.against:
        check_not_held(appeal, work)  # to say what an appeal is about for the first time moves no hold off it
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
    matched = appeal.match(against, challenged(against, work), by=work.actor.id)
    appeal_order.look_again(against, work, joining=matched)
    work.end_tasks(appeal.ref, TaskKind.MATCH_APPEAL)
    work.touch(against)
    if appeal.against not in {"", against}:
        appeal_order.look_again(appeal.against, work)
        while_open.about_something_else(appeal.against, work)
    known = work.shelves.appeals.by_ref(appeal.ref)
    kept = received(known) if known is not None else matched
    while_open.begin(kept, work)
    return kept


def show_list(sent: Submission, work: Work) -> Reply:
    """The appeals somebody may open, newest first."""
    del sent
    work.require(Power.SEE_LISTS)
    return Reply(cards=(appeals.listed(work),))
