"""The Board is asked for advice before an appeal is answered, where the policy asks for that.

On the day the appeal comes in the Director hears whether a regular meeting falls inside the time. The Director chooses
the way: a regular meeting, a special one, or one memo to each trustee; and puts on file what was advised.
"""

from datetime import date
from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission, Tone
from bot.cases.appeal import ReceivedAppeal
from bot.cases.consultation import WAYS, Advice, Consultation, Memo, View, Way
from bot.cases.task import TaskKind
from bot.clocks.calendar import long_date, short_date
from bot.clocks.open_meetings import earliest_meeting, post_by
from bot.features.appeal_levels import waiting
from bot.letters import memo
from bot.people import Person, deciders
from bot.policy.terms import Action, Event, Role
from bot.refusal import Mistake, Refusal
from bot.views import cases, consultations
from bot.work import Work


def ask_whether(appeal: ReceivedAppeal, work: Work) -> None:
    """On the day an appeal comes in: tell the Director how the time lies, and ask how the Board is consulted.

    Nothing happens where the policy of that day asks for no consultation.
    """
    if not consultations.is_wanted(appeal, work):
        return
    roles, _ = deciders(Action.APPEAL, on=appeal.writing.received_on, book=work.book)
    role = min(roles, default=Role.DIRECTOR)
    work.ask_for(TaskKind.CONSULT, case=appeal.ref, role=role)
    work.tell_role(role, about=appeal.ref, headline=consultations.first_line(appeal, work))


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The ways to ask the Board, with their dates."""
    appeal = _to_consult(sent, work)
    before = work.shelves.appeals.consultations(appeal.ref)
    again = (
        (Note(text=f"Chosen before: {WAYS[before[-1].way]}. The new choice counts.", tone=Tone.WARNING),)
        if before
        else ()
    )
    return (
        Page(
            title="How is the Board asked?",
            intro=consultations.first_line(appeal, work),
            notes=(*again, *consultations.clause(appeal, work)),
            fields=(
                Field(
                    name="way",
                    label="How?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=_ways(appeal, work),
                ),
                Field(
                    name="meeting_on",
                    label="Day of a special meeting",
                    kind=FieldKind.DATE,
                    hint=f"Only for a special meeting. {_special(work)}".strip(),
                ),
            ),
            submit="Choose",
        ),
    )


def _ways(appeal: ReceivedAppeal, work: Work) -> tuple[Option, ...]:
    due = consultations.answer_due(appeal, work)
    inside = consultations.meetings_inside(appeal, work)[: 1 if due is None else None]
    regular = tuple(
        Option(
            value=f"{Way.MEETING.value} {day.isoformat()}",
            label=f"At the regular meeting of {short_date(day)}",
            hint=consultations.posting(day, work),
        )
        for day in inside
    )
    seated = consultations.trustees(work)
    memos = (
        Option(
            value=Way.MEMOS.value,
            label="By a memo to each trustee",
            hint=f"One to each of {len(seated)}, alone; what they answer goes only to whoever answers.",
        ),
    )
    return (
        *regular,
        *(memos if seated else ()),
        Option(value=Way.SPECIAL_MEETING.value, label="At a special meeting"),
    )


def _special(work: Work) -> str:
    """The first day a special meeting can be held on, where the state's law is known."""
    first = earliest_meeting(work.today, work.library.state)
    return f"The first day for which a notice posted today is early enough: {long_date(first)}." if first else ""


def choose(sent: Submission, work: Work) -> Reply:
    """Keep how the Board is asked; memos go out at once, one to each trustee."""
    appeal = _to_consult(sent, work)
    word, _, day = sent.text("way").partition(" ")
    way = Way(word)
    meeting = date.fromisoformat(day) if day else sent.day("meeting_on") if way is Way.SPECIAL_MEETING else None
    if way is Way.SPECIAL_MEETING and (meeting is None or meeting <= work.today):
        raise Mistake("When is the special meeting?", beside={"meeting_on": "Choose a day after today."})
    if way is Way.MEMOS and not appeal.against:
        raise Mistake(
            "A memo has to say what the appeal is about.",
            beside={"way": "Say first which removal or block it is about, on the card of the appeal."},
        )
    work.save(
        Consultation(
            id=uuid4(),
            library=work.library.id,
            appeal=appeal.ref,
            way=way,
            opened_by=work.actor.id,
            opened_at=work.now,
            meeting_on=meeting,
            post_by=post_by(meeting, work.library.state) if meeting else None,
        )
    )
    work.end_tasks(appeal.ref, TaskKind.CONSULT)
    said = _send_memos(appeal, work) if way is Way.MEMOS else ""
    if meeting is not None:
        said = f"Kept: the Board is asked {WAYS[way]} on {short_date(meeting)}. {consultations.posting(meeting, work)}"
        said += _after_the_time(appeal, meeting, work)
    return Reply(cards=cases.private(appeal.ref, work), headline=said, about=appeal.ref)


def _after_the_time(appeal: ReceivedAppeal, meeting: date, work: Work) -> str:
    due = consultations.answer_due(appeal, work)
    return f" The answer is due before that, on {short_date(due)}." if due is not None and due < meeting else ""


def _send_memos(appeal: ReceivedAppeal, work: Work) -> str:
    """One memo to each trustee who has none yet, in a message of their own; on paper to whoever is in no chat."""
    known = {work.person(one.trustee).id for one in work.shelves.appeals.memos(appeal.ref)}
    wanting = [one for one in consultations.trustees(work) if one.id not in known]
    for trustee in wanting:
        work.save(
            Memo(
                id=uuid4(),
                library=work.library.id,
                appeal=appeal.ref,
                trustee=trustee.id,
                sent_on=work.today,
                sent_by=work.actor.id,
                sent_at=work.now,
                text="\n\n".join(memo.paragraphs(appeal, trustee.name, work)),
                on_paper=not consultations.in_chat(trustee),
            )
        )
        if consultations.in_chat(trustee):
            work.send_memo(trustee, about=appeal.ref, key=consultations.memo_key(appeal.ref, trustee))
    paper = [one.name for one in wanting if not consultations.in_chat(one)]
    sent = len(wanting) - len(paper)
    said = [f"Kept: {sent} sent, each alone." if sent else "Kept."]
    if paper:
        said.append(f"In no chat, so print theirs and hand it over: {', '.join(paper)}.")
    return " ".join(said)


def _to_consult(sent: Submission, work: Work) -> ReceivedAppeal:
    """An appeal that waits, for whoever answers it, where the policy asks for the Board's advice."""
    appeal = waiting(sent, work)
    if not consultations.is_asked(appeal, work):
        raise Refusal("The policy asks for no advice of the Board before an appeal is answered.")
    return appeal


def advice_pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """How, when, with whom, and what was advised; what single trustees wrote is not copied into it."""
    appeal = _to_consult(sent, work)
    asked = work.shelves.appeals.consultations(appeal.ref)
    views = work.shelves.appeals.views(appeal.ref)
    seated = consultations.trustees(work)
    last = asked[-1] if asked else None
    held = last.meeting_on if last and last.meeting_on else max((view.given_on for view in views), default=work.today)
    return (
        Page(
            title="Record the consultation",
            intro="Advice, not a vote. The letter says how and when the Board was asked, never who said what.",
            notes=tuple(Note(text=line) for line in consultations.advice_lines(appeal, work)),
            fields=(
                Field(
                    name="way",
                    label="How was the Board asked?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(Option(value=way.value, label=label.capitalize()) for way, label in WAYS.items()),
                    initial=(last.way.value,) if last else (),
                ),
                Field(
                    name="held_on",
                    label="On which day?",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(held.isoformat(),) if held <= work.today else (),
                    hint="The day of the meeting, or of the last answer.",
                ),
                *(_with_whom(seated, views, work) if seated else ()),
                Field(
                    name="advised",
                    label="What was advised?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint="In your own words. Counsel and whoever keeps the file read it; single views they do not.",
                    max_length=8000,
                ),
            ),
            submit="Keep it",
        ),
    )


def _with_whom(seated: tuple[Person, ...], views: tuple[View, ...], work: Work) -> tuple[Field, ...]:
    answered = {work.person(view.trustee).id for view in views}
    return (
        Field(
            name="trustees",
            label="With whom?",
            kind=FieldKind.CHOICES,
            required=True,
            options=tuple(Option(value=str(one.id), label=one.name) for one in seated),
            initial=tuple(str(one.id) for one in seated if one.id in answered),
        ),
    )


def record_advice(sent: Submission, work: Work) -> Reply:
    """Put the consultation on file. The answer can be given from then on."""
    appeal = _to_consult(sent, work)
    held = sent.day("held_on") or work.today
    if held < appeal.writing.received_on:
        raise Mistake(
            "The Board cannot have been asked before the appeal came in.",
            beside={"held_on": f"It came in on {short_date(appeal.writing.received_on)}."},
        )
    work.save(
        Advice(
            id=uuid4(),
            library=work.library.id,
            appeal=appeal.ref,
            way=Way(sent.text("way")),
            held_on=held,
            trustees=tuple(UUID(one) for one in sent.chosen("trustees")),
            advised=sent.text("advised"),
            recorded_by=work.actor.id,
            recorded_at=work.now,
        )
    )
    work.end_tasks(appeal.ref, TaskKind.CONSULT)
    work.start_clocks(Event.BOARD_CONSULTED, case=appeal.ref, on=held, level=appeal.level)
    return Reply(cards=cases.private(appeal.ref, work), headline="Kept: the Board was consulted.", about=appeal.ref)
