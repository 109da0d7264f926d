"""Whoever the policy names answers an appeal: the decision stands, or it is reversed, with reasons, in writing.

Deciding opens what has to be undone and asks for the letter; only the letter's recorded sending meets the date. The
procedure is that of the policy in force on the day the appeal came in.
"""

from datetime import date

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission, Tone
from bot.cases.appeal import ANSWERS, Answer, DecidedAppeal, ReceivedAppeal
from bot.cases.block import DecidedBlock
from bot.cases.clock import Clock, ClockState
from bot.cases.incident import ConfirmedRemoval
from bot.cases.ruling import Ruling
from bot.cases.task import Task, TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features import appeal_levels, appeal_order, restore
from bot.features.decide_block import office
from bot.policy.terms import Channel, ClockName
from bot.refusal import Mistake
from bot.views import cases, consultations
from bot.views.appeals import act_label
from bot.work import Work

UNHEARD = "Only for one that came late, or for the second of the same act"


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The answer and its reasons; where nobody was consulted although the policy asks for it, why."""
    appeal = appeal_levels.waiting(sent, work)
    _is_matched(appeal)
    asks_why = _not_consulted_yet(appeal, work)
    choices = [Answer.AFFIRMED, Answer.REVERSED, *([Answer.NOT_HEARD] if _may_stay_unheard(appeal) else [])]
    return (
        Page(
            title="Answer the appeal",
            intro=f"About {act_label(appeal.against, work)}. It came in on {short_date(appeal.writing.received_on)}.",
            notes=(*_hand_notes(appeal, work), *_lateness(appeal, work), *_consultation_notes(appeal, work)),
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
                ),
                Field(
                    name="reason",
                    label="Why?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint="The patron reads it. A draft of the letter is made from it.",
                    max_length=5000,
                ),
                *(_why_not_consulted() if asks_why else ()),
                *_meeting(appeal, work),
            ),
            submit="Answer",
        ),
    )


def _meeting(appeal: ReceivedAppeal, work: Work) -> tuple[Field, ...]:
    """The day of the meeting, where a body decides and somebody records it."""
    if not appeal.level or appeal_levels.rule_at(appeal, work).body is None:
        return ()
    return (
        Field(
            name="met_on",
            label="At which meeting was it decided?",
            kind=FieldKind.DATE,
            required=True,
            latest=work.today,
        ),
    )


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


def _may_stay_unheard(appeal: ReceivedAppeal) -> bool:
    return appeal.late_since is not None or bool(appeal.second_of)


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
    """That whoever answers had a hand in what is challenged; it hinders nobody, and the file says so."""
    notes = []
    if did := _hand_in(appeal, work):
        notes.append(
            Note(
                text=f"You made the original decision: you {' and '.join(did)}. The policy names you all the same; "
                "the file will say so.",
                tone=Tone.WARNING,
            )
        )
    incident = work.shelves.incidents.by_ref(appeal.against) if appeal.against.startswith("I-") else None
    if incident is not None and incident.about_director:
        notes.append(Note(text="What was taken down is about the Director. The file says so.", tone=Tone.WARNING))
    return tuple(notes)


def _hand_in(appeal: ReceivedAppeal, work: Work) -> tuple[str, ...]:
    """What the actor did in the act that is challenged."""
    done = []
    if appeal.against.startswith("I-"):
        incident = work.shelves.incidents.by_ref(appeal.against)
        if incident is not None and isinstance(incident.removal, ConfirmedRemoval):
            removal = incident.removal
            done = [("asked for it", removal.asked.asked_by), ("confirmed it", removal.confirmed_by)]
    else:
        block = work.shelves.blocks.by_ref(appeal.against)
        if isinstance(block, DecidedBlock):
            done = [("asked for it", block.requested.requested_by), ("decided it", block.decided_by)]
            done += [("made it", one.confirmed_by) for one in work.shelves.blocks.executions(block.ref)]
    return tuple(dict.fromkeys(what for what, by in done if work.person(by).id == work.actor.id))


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
    appeal = appeal_levels.waiting(sent, work)
    _is_matched(appeal)
    answer = Answer(sent.text("answer"))
    why_not = _why_nobody_was_asked(appeal, answer, sent, work)
    roles, under = appeal_levels.answered_by(appeal, work)
    decided = appeal.decide(
        answer,
        reason=sent.text("reason"),
        ruling=Ruling(
            by=work.actor.id,
            role=office(roles, work),
            at=work.now,
            on=work.today,
            under=under,
            pack=work.book.on(appeal.writing.received_on).version,
        ),
        not_consulted=why_not,
        own_decision=bool(_hand_in(appeal, work)),
        met_on=_met_on(appeal, sent, work),
    )
    kept = work.save(decided, before=appeal)
    work.end_tasks(kept.ref, TaskKind.DECIDE_APPEAL)
    work.end_tasks(kept.ref, TaskKind.CONSULT, state=TaskState.VOID)
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
