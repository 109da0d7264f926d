"""An appeal as people see it: privately in full, in a channel without the patron's name or words."""

from bot.cards import Button, Card, Fact, Image, Note, Quote, Row, Table, Tone
from bot.cases.appeal import ANSWERS, FORMS, Answer, Appeal, DecidedAppeal, ReceivedAppeal, received
from bot.cases.block import in_force_from
from bot.cases.incident import OUTCOMES, ConfirmedRemoval
from bot.cases.notice import Telling
from bot.cases.task import TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.people import Power
from bot.policy.terms import Action, Role, Stance
from bot.views import appeal_notes, appeal_practices, consultations, follow_ups, late_appeals, waiting
from bot.views.documents import of_appeal
from bot.views.parts import (
    account_label,
    corrections,
    dates,
    fact,
    next_date,
    notices,
    open_case,
    policy_label,
    version_of,
)
from bot.views.tasks import all_task_buttons, my_task_buttons
from bot.work import Work

LISTED = 50


def act_label(ref: str, work: Work) -> str:
    """What was done there, in one line without handle, words or reason; the reference alone when nothing was."""
    incident = work.shelves.incidents.by_ref(ref) if ref.startswith("I-") else None
    if incident is not None and isinstance(incident.removal, ConfirmedRemoval):
        where = account_label(incident.account, work)
        return f"{ref}: {OUTCOMES[incident.outcome]} on {short_date(incident.removal.done_on)}, {where}"
    since = in_force_from(work.shelves.blocks.executions(ref)) if ref.startswith("B-") else None
    return f"{ref}: block in force from {short_date(since)}" if since else ref


def status(appeal: Appeal, work: Work) -> str:
    """Where an appeal stands: waiting, or answered, and whether the answer was sent."""
    if not isinstance(appeal, DecidedAppeal):
        return "waiting for an answer" if appeal.against else "waiting: nobody has said yet what it is about"
    ruling = appeal.ruling
    told = [one for one in work.shelves.papers.notices(appeal.ref) if one.telling is Telling.TOLD]
    sent = next((one for one in told if one.at >= ruling.at), None)
    said = f"{ANSWERS[appeal.answer]}, by {work.name(ruling.by)} on {short_date(ruling.on)}"
    if appeal.answer is Answer.MISTAKE:
        return said
    if appeal.ended:
        return f"{said}; the person was told on {short_date(sent.on)}" if sent else f"{said}; nobody has written yet"
    return f"{said}; answer sent on {short_date(sent.on)}" if sent else f"{said}; the answer has not been sent yet"


def pushed(appeal: Appeal, work: Work) -> Card:
    """An appeal as a channel or a direct message shows it: nothing of the patron, no words, no reason."""
    came = received(appeal)
    return Card(
        title=f"Appeal {appeal.ref}",
        facts=(
            Fact(label="Status", value=status(appeal, work)),
            *fact("About", act_label(came.against, work) if came.against else ""),
            Fact(label="Came in", value=short_date(came.writing.received_on)),
            *fact("After the last day", _lateness(came)),
            *fact("Earlier appeal", came.second_of),
            *fact("Level", came.level.replace("_", " ")),
            *fact("Not answered in time", appeal_notes.missed(appeal, work)),
            *next_date(work.shelves.clocks.of_case(appeal.ref)),
        ),
        buttons=(*all_task_buttons(appeal.ref, work), open_case(appeal.ref)),
    )


def private(appeal: Appeal, work: Work) -> Card:
    """Everything on file about an appeal, for somebody who may open it."""
    came = received(appeal)
    paper = came.writing
    facts, quotes, notes = consultations.on_card(appeal, work)
    said = [Quote(label="What the patron wrote", text=paper.words)] if paper.words else []
    if isinstance(appeal, DecidedAppeal):
        label = "Why it ended" if appeal.ended else "Reasons of the answer"
        said.append(Quote(label=label, text=appeal.reason))
    return Card(
        title=f"Appeal {appeal.ref}",
        facts=(
            Fact(label="Status", value=status(appeal, work)),
            *fact("About", act_label(came.against, work) if came.against else ""),
            Fact(label="Came in", value=f"{short_date(paper.received_on)} ({FORMS[paper.form]})"),
            *fact("Sent on", short_date(paper.sent_on) if paper.sent_on else ""),
            *fact("After the last day", _lateness(came)),
            *fact("Earlier appeal", came.second_of),
            *fact("Level", came.level.replace("_", " ")),
            *fact("From", paper.sender),
            Fact(label="Put on file by", value=work.name(came.logged_by)),
            *_decision(appeal, work),
            *facts,
            *_checklist(appeal, work),
            *dates(appeal.ref, work),
        ),
        quotes=(*said, *quotes, *follow_ups.quotes(appeal.ref, work)),
        notes=(
            *_what_to_know(came, work),
            *(appeal_notes.while_it_waits(appeal, work) if isinstance(appeal, ReceivedAppeal) else ()),
            *waiting.notes(appeal.ref, work),
            *notes,
            *follow_ups.notes(appeal.ref, work),
            *notices(appeal.ref, work),
            *corrections(appeal.ref, work),
        ),
        images=(
            *(
                Image(case=appeal.ref, sha256=scan.sha256, alt=f"What the patron wrote: {scan.name}")
                for scan in paper.scans
            ),
            *consultations.images(appeal, work),
        ),
        documents=(*of_appeal(appeal, work), *consultations.documents(appeal, work)),
        buttons=(*_buttons(appeal, work), *consultations.buttons(appeal, work)),
    )


def _lateness(came: ReceivedAppeal) -> str:
    if came.late_since is None:
        return ""
    posted = "; it was sent while there was time" if came.posted_in_time else ""
    return f"{short_date(came.late_since)} was the last day{posted}"


def _decision(appeal: Appeal, work: Work) -> list[Fact]:
    if not isinstance(appeal, DecidedAppeal):
        return []
    ruling = appeal.ruling
    titles = ", ".join(work.title(Role(role)) for role in ruling.role.split(", ") if role)
    return [
        Fact(label="Decided as", value=titles),
        Fact(label="Policy", value=policy_label(ruling.pack)),
        *fact("Decided at the meeting of", short_date(appeal.met_on) if appeal.met_on else ""),
        *fact("Not consulted", appeal.not_consulted),
        *fact("Of the decider's own decision", "yes" if appeal.own_decision else ""),
    ]


def _checklist(appeal: Appeal, work: Work) -> list[Fact]:
    """What a reversal undoes, line by line, and what became of each."""
    done = [
        Fact(
            label=f"Undone: {account_label(line.account, work)}",
            value=f"cannot be undone: {line.cannot}" if line.cannot else short_date(line.done_on),
        )
        for line in work.shelves.appeals.restorations(appeal.ref)
    ]
    waiting = [
        Fact(label=f"Still to undo: {account_label(task.account, work)}", value=f"by {short_date(task.due)}")
        for task in work.shelves.tasks.of_case(received(appeal).against)
        if task.kind is TaskKind.RESTORE and task.state is TaskState.OPEN
    ]
    return [*done, *waiting]


def _what_to_know(came: ReceivedAppeal, work: Work) -> list[Note]:
    """Where the policy stands on this appeal, and what it leaves silent."""
    day = came.writing.received_on
    rule = work.book.on(day).appeal
    notes = [Note.of(work.book.cite(rule.rule, on=day))] if rule.stance is Stance.STATED else []
    if came.act and came.act not in rule.against:
        practice = work.book.practice("appeal.hidden") if came.act is Action.HIDE else None
        if practice:
            said = "heard like one of a removal" if practice.value == "heard" else "answered with what the policy says"
            notes.append(Note(text=f"An appeal of something hidden is {said}: {practice.label}.", tone=Tone.PRACTICE))
        else:
            why = "The policy does not say that this can be appealed; it is put before whoever answers appeals."
            notes.append(Note(text=why, tone=Tone.MISSING))
    if came.late_since:
        notes += late_appeals.notes(came, work)
    if came.second_of:
        notes.append(Note(text=f"{came.second_of} challenged the same act before.", tone=Tone.WARNING))
    notes += appeal_practices.notes(work)
    return notes


def _buttons(appeal: Appeal, work: Work) -> tuple[Button, ...]:
    buttons = list(my_task_buttons(appeal.ref, work))
    came = received(appeal)
    if came.against:
        buttons.append(Button(label=f"Open {came.against}", intent="case.show", subject=came.against))
    asked = {button.intent for button in buttons}
    if isinstance(appeal, ReceivedAppeal):
        version = version_of(appeal.ref, work)
        buttons.append(Button(label="Correct a slip", intent="case.correct", subject=appeal.ref, opens_form=True))
        if "appeal.match" not in asked:
            label = "It is about something else" if came.against else "Say what it is about"
            buttons.append(
                Button(label=label, intent="appeal.match", subject=appeal.ref, version=version, opens_form=True)
            )
        answers = work.answers(appeal)
        first = work.shelves.appeals.by_ref(came.second_of) if came.second_of else None
        if "appeal.decide" not in asked and answers and not isinstance(first, ReceivedAppeal):
            buttons.append(
                Button(label="Answer it", intent="appeal.decide", subject=appeal.ref, version=version, opens_form=True)
            )
        if answers:
            label = "End it without an answer"
            buttons.append(
                Button(label=label, intent="appeal.end", subject=appeal.ref, version=version, opens_form=True)
            )
        buttons += [*late_appeals.buttons(appeal, work), *appeal_notes.buttons(appeal, work)]
    return tuple(buttons)


def listed(work: Work) -> Card:
    """The appeals somebody may open, newest first."""
    may_read = work.may(Power.SEE_APPEALS) or work.may(Power.DECIDE_APPEAL)
    known = [one for one in work.shelves.appeals.recent(LISTED) if may_read or received(one).logged_by == work.actor.id]
    if not known:
        return Card(title="No appeals", body="An appeal that comes in is put on file with “appeal log”.")
    rows = tuple(
        Row(
            cells=(one.ref, short_date(received(one).writing.received_on), status(one, work)),
            buttons=(open_case(one.ref),),
        )
        for one in known
    )
    return Card(title="Appeals", table=Table(columns=("Appeal", "Came in", "Status"), rows=rows))


def ways_to_appeal(ref: str, work: Work) -> tuple[Button, ...]:
    """On the card of what was done: hand out the half-sheet, put an appeal on file."""
    if work.pack.appeal.stance is not Stance.STATED or not work.may(Power.LOG_PAPER):
        return ()
    return (
        Button(label="Somebody objects at the desk", intent="appeal.half_sheet", subject=ref),
        Button(label="An appeal came in", intent="appeal.log", subject=ref, opens_form=True),
    )


def outcome_of(ref: str, work: Work) -> tuple[Note, ...]:
    """What the card of a removal or a block says about the appeals against it."""
    return tuple(
        Note(
            text=f"{one.ref} challenges this: {status(one, work)}.",
            tone=Tone.WARNING if isinstance(one, ReceivedAppeal) or one.answer is Answer.REVERSED else Tone.INFO,
        )
        for one in work.shelves.appeals.against(ref)
    )
