"""Whoever the policy names answers an appeal: the decision stands, or it is reversed, with reasons, in writing.

Deciding opens what has to be undone and asks for the letter; only the letter's recorded sending meets the date. The
procedure is that of the policy in force on the day the appeal came in.
"""

from collections.abc import Iterable
from datetime import date

from bot.cards import Field, FieldKind, Note, Option, Page, Quote, Reply, Submission, Tone
from bot.cases.appeal import ANSWERS, Answer, DecidedAppeal, ReceivedAppeal
from bot.cases.clock import Clock, ClockState
from bot.cases.task import Task, TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features import (
    appeal_levels,
    appeal_order,
    counsel_first,
    late_appeals,
    open_answers,
    panels,
    restore,
    rules_of_an_answer,
    two_rules,
    while_open,
    who_appeals,
)
from bot.features.rulings import ruling
from bot.policy.content import Tie
from bot.policy.terms import Channel, ClockName
from bot.refusal import Mistake, Refusal
from bot.views import appeal_notes, cases, consultations, fields, first_decision
from bot.views.appeals import act_label
from bot.work import Work

UNHEARD = "Only for a late one, a second of the same act, or one the policy gives no appeal"


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The answer and its reasons; where nobody was consulted although the policy asks for it, why."""
    appeal = _waiting(sent, work)
    _is_matched(appeal)
    work.look(appeal.ref)
    choices = open_answers.open_answers(appeal, work)
    asks_why = choices != (Answer.NOT_HEARD,) and _not_consulted_yet(appeal, work)
    answer, reason = open_answers.suggested(appeal, work)
    law = work.book.on(appeal.writing.received_on)
    ties = rules_of_an_answer.apart(appeal, work)
    return (
        Page(
            title="Answer the appeal",
            intro=f"About {act_label(appeal.against, work)}. It came in on {short_date(appeal.writing.received_on)}.",
            quotes=_written(appeal),
            notes=_notes(appeal, ties, work),
            fields=(
                Field(
                    name="answer",
                    label="What is the answer?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(
                        Option(
                            value=one.value,
                            label=ANSWERS[one].capitalize(),
                            hint=UNHEARD if one is Answer.NOT_HEARD else "",
                        )
                        for one in choices
                    ),
                    initial=(answer,) if answer else (),
                ),
                Field(
                    name="reason",
                    label="Why?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint="The patron reads it. A draft of the letter is made from it.",
                    initial=(reason,) if reason else (),
                    max_length=5000,
                ),
                *late_appeals.fields(appeal, work),
                *(_why_not_consulted() if asks_why else ()),
                *two_rules.fields(ties, law, applied=rules_of_an_answer.followed(appeal, work)),
                *counsel_first.fields(appeal, work),
                *panels.fields(appeal, work),
                *_meeting(appeal, work),
            ),
            submit="Answer",
        ),
    )


def _notes(appeal: ReceivedAppeal, ties: Iterable[Tie], work: Work) -> tuple[Note, ...]:
    """What whoever answers has to know first, each thing once."""
    notes = (
        *open_answers.notes(appeal, work),
        *_hand_notes(appeal, work),
        *_lateness(appeal, work),
        *who_appeals.notes(appeal, work),
        *_consultation_notes(appeal, work),
        *appeal_notes.hearing(appeal, work),
        *appeal_notes.if_missed(appeal, work),
        *counsel_first.notes(appeal, work),
        *panels.notes(appeal, work),
        *appeal_notes.in_writing(appeal, work),
        *two_rules.notes(ties, work, on=appeal.writing.received_on),
    )
    return tuple(dict.fromkeys(notes))


def _written(appeal: ReceivedAppeal) -> tuple[Quote, ...]:
    words = appeal.writing.words
    return (Quote(label="What the patron wrote", text=words),) if words else ()


def _waiting(sent: Submission, work: Work) -> ReceivedAppeal:
    """The appeal, for whoever may answer this one.

    :raises Refusal: the actor took the first decision, and the policy has somebody else answer
    """
    appeal = appeal_levels.waiting(sent, work)
    if first_decision.bars(appeal, work.actor, work):
        day = appeal.writing.received_on
        rule = work.book.on(day).appeal.rule_of("same_decider", level=appeal.level)
        raise Refusal(
            "You took the first decision, so somebody else answers this appeal. An administrator or the Board chair "
            "can enter who stands in for you, with “acting director”. Nothing was changed.",
            under=work.book.cite(rule, on=day),
        )
    return appeal


def _meeting(appeal: ReceivedAppeal, work: Work) -> tuple[Field, ...]:
    """The day of the meeting, where a body decides and somebody records it."""
    if appeal_levels.rule_at(appeal, work).body is None:
        return ()
    return (fields.met_on(work),)


def _met_on(appeal: ReceivedAppeal, sent: Submission, work: Work) -> date | None:
    """The day of the meeting that decided; ``None`` where one person decides.

    :raises Mistake: it lies before the appeal came in
    """
    day = sent.day("met_on") if _meeting(appeal, work) else None
    if day is not None and day < appeal.writing.received_on:
        came = short_date(appeal.writing.received_on)
        raise Mistake("It had not come in yet.", beside={"met_on": f"It came in on {came}; choose a later meeting."})
    return day


def _is_matched(appeal: ReceivedAppeal) -> None:
    if not appeal.against:
        raise Mistake("Say first which removal or block it is about: “Say what it is about” on its card.")


def _not_consulted_yet(appeal: ReceivedAppeal, work: Work) -> bool:
    """Test whether the policy asks for a consultation and none is on file."""
    return consultations.is_asked(appeal, work) and not work.shelves.appeals.advice(appeal.ref)


def _why_not_consulted() -> tuple[Field, ...]:
    return (
        Field(
            name="not_consulted",
            label="Answer without the Board's advice?",
            kind=FieldKind.YES_NO,
            initial=("no",),
            hint="If it was asked, record the consultation first; it is a button on the card of the appeal.",
        ),
        Field(
            name="why_not_consulted",
            label="Why was the Board not consulted?",
            hint="Kept with the answer, which is marked “not consulted”.",
            max_length=1000,
        ),
    )


def _hand_notes(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """That whoever answers had a hand in what is challenged, or that it is about the Director; the file says so."""
    notes = first_decision.notes(appeal, work)
    incident = work.shelves.incidents.by_ref(appeal.against) if appeal.against.startswith("I-") else None
    if incident is not None and incident.about_director:
        about = Note(text="What was taken down is about the Director. The file says so.", tone=Tone.WARNING)
        return (*notes, about)
    return notes


def _lateness(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """Both days of a late appeal, its postmark, and what the date assumed; and the earlier one of a second."""
    notes = []
    if appeal.late_since is not None:
        came, sent = appeal.writing.received_on, appeal.writing.sent_on
        said = f"It came in on {short_date(came)}; the last day was {short_date(appeal.late_since)}."
        if sent is not None:
            in_time = "while there was time" if appeal.posted_in_time else "after it as well"
            said += f" It was sent on {short_date(sent)}, {in_time}."
        notes.append(Note(text=said, tone=Tone.WARNING))
        clocks = [one for one in work.shelves.clocks.of_case(appeal.against) if one.due == appeal.late_since]
        assumed = [text for one in clocks if one.name.startswith(ClockName.APPEAL_BY) for text in one.assumed]
        notes += [Note(text=text) for text in dict.fromkeys(assumed)]
        notes += late_appeals.clause(appeal, work)
    if appeal.second_of:
        rule = work.book.on(appeal.writing.received_on).appeal
        notes.append(Note(text=f"{appeal.second_of} challenged the same act before.", tone=Tone.WARNING))
        if rule.final:
            day = appeal.writing.received_on
            notes.append(Note.of(work.book.cite(rule.final_rule or rule.rule, on=day)))
    return tuple(notes)


def _consultation_notes(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """The consultation on file; or both rules, where the advice is still out and the time runs."""
    if not consultations.is_asked(appeal, work):
        return ()
    on_file = consultations.advice_lines(appeal, work)
    if on_file:
        return tuple(Note(text=line) for line in on_file)
    day = appeal.writing.received_on
    missing = Note(text=f"The advice of the {work.book.on(day).about.board}.", tone=Tone.MISSING)
    time = [one for one in _answer_clocks(appeal.ref, work) if one.rule and not one.rule.startswith("clock.")]
    return (
        missing,
        *consultations.clause(appeal, work),
        *(Note.of(work.book.cite(one.rule, on=one.happened_on)) for one in time),
        *(Note(text=f"The answer is due on {short_date(one.due)}.") for one in _answer_clocks(appeal.ref, work)),
    )


def _answer_clocks(ref: str, work: Work) -> list[Clock]:
    """The running dates by which an appeal is answered."""
    return [
        one
        for one in work.shelves.clocks.of_case(ref)
        if one.name.startswith(ClockName.DECIDE_APPEAL_BY) and one.state is ClockState.RUNNING
    ]


def decide(sent: Submission, work: Work) -> Reply:
    """Keep the answer, open what has to be undone, and ask for the letter. Nobody else can answer it after that."""
    appeal = _waiting(sent, work)
    _is_matched(appeal)
    answer = Answer(sent.text("answer"))
    open_answers.check(answer, appeal, sent, work)
    ties = rules_of_an_answer.apart(appeal, work)
    two_rules.check(sent, ties)
    counsel_first.check(appeal, answer, sent, work)
    panels.check(appeal, sent, work)
    why_not = _why_nobody_was_asked(appeal, answer, sent, work)
    roles, under = appeal_levels.answered_by(appeal, work)
    decided = appeal.decide(
        answer,
        reason=sent.text("reason"),
        ruling=ruling(roles, under, work, received_on=appeal.writing.received_on),
        not_consulted=why_not,
        own_decision=bool(first_decision.hand_in(appeal, work)),
        met_on=_met_on(appeal, sent, work),
        no_appeal=consultations.left_to_policy(appeal, work) or not who_appeals.may_appeal(appeal, work),
    )
    kept = work.save(decided, before=appeal)
    late_appeals.keep(appeal, answer, sent, work)
    counsel_first.keep(appeal, sent, work)
    panels.keep(appeal, sent, work)
    two_rules.keep(kept.ref, sent, ties, work, on=appeal.writing.received_on)
    if why_not:
        rules_of_an_answer.keep_unconsulted(appeal, why_not, work)
    work.end_tasks(kept.ref, TaskKind.DECIDE_APPEAL)
    work.end_tasks(kept.ref, TaskKind.CONSULT, state=TaskState.VOID)
    while_open.end(kept, work)
    if answer is Answer.REVERSED:
        restore.begin(kept, work)
    appeal_levels.opens_next(kept, work)
    appeal_order.look_again(appeal.against, work)
    work.touch(appeal.against)
    if not any(task.kind is TaskKind.SEND_NOTICE and task.state is TaskState.OPEN for task in _tasks(kept, work)):
        reminded = bool(_answer_clocks(kept.ref, work))
        work.ask_for(TaskKind.SEND_NOTICE, case=kept.ref, role=appeal_levels.asked_of(roles), reminds=not reminded)
    headline = f"Answered by {work.actor.name}: {ANSWERS[answer]}."
    work.tell(Channel.DECISIONS, about=kept.ref, headline=headline)
    logged_by = work.person(appeal.logged_by)
    if logged_by.id != work.actor.id:
        work.tell_people([logged_by], about=kept.ref, headline=headline)
    return Reply(
        cards=cases.private(kept.ref, work),
        headline=f"Kept: {ANSWERS[answer]}. The letter is next; its sending meets the date.",
        about=kept.ref,
    )


def _tasks(appeal: DecidedAppeal, work: Work) -> tuple[Task, ...]:
    return work.shelves.tasks.of_case(appeal.ref)


def _why_nobody_was_asked(appeal: ReceivedAppeal, answer: Answer, sent: Submission, work: Work) -> str:
    """Why it is answered without a consultation that the policy asks for; empty where nothing is missing.

    :raises Mistake: nothing is on file, and nobody said to go on without it and why
    """
    if answer is Answer.NOT_HEARD or not _not_consulted_yet(appeal, work):
        return ""
    if not sent.yes("not_consulted"):
        raise Mistake(
            "The consultation of the Board is not on file.",
            beside={"not_consulted": "Record it on the card of the appeal; or answer yes, and say why, to go on."},
        )
    if not sent.text("why_not_consulted"):
        raise Mistake(
            "Why without the Board?", beside={"why_not_consulted": "Write why it could not be consulted in time."}
        )
    return sent.text("why_not_consulted")
