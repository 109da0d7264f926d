"""Answer a complaint, a question or a concern, or say why no answer is needed; the time to reply ends with it.

The program posts nothing: somebody of the library answers where they were asked, and what they said is kept here.
"""

from collections.abc import Mapping
from datetime import date

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission, Tone
from bot.cases.clock import ClockState
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import Incident, Outcome
from bot.cases.task import TaskKind
from bot.features import attorney_approval
from bot.features.following_up import cited, duty, keep, rules_of, stop
from bot.features.holds import held
from bot.features.look_into import stays_up
from bot.features.what_follows import ANSWERED, ask
from bot.people import Power
from bot.policy.terms import Channel, ClockName, Stance, Track
from bot.refusal import Mistake, Refusal
from bot.views import cases
from bot.work import Work

NONE_NEEDED = "none"
KINDS: Mapping[str, str] = {
    "fact": "A fact that was asked for",
    "department": "Which department can help",
    "resource": "Where or how to ask for it",
}
"""The three kinds of answer that a policy may limit its staff to."""
PARENT = ("parent", "Limits on a child: a parent's to enforce, not ours")
PARENTAL_LIMITS = "parental_limits"
"""The duty of a policy that leaves a parent's limits to the parent."""
TO_A_PARENT = (
    "Limits on what a child uses online are set and seen to by a parent or guardian; the library enforces none."
)
FREE = ("other", "Something else")
MOST_ANSWERS = 2
"""After so many answers to one person under one item, going on would be a dispute. Library practice."""


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What kind of answer it was; then its words and day, or why there was none."""
    incident = _waiting(sent.subject, work)
    limited = duty("reply_kinds", work)
    parent = (PARENT,) if duty(PARENTAL_LIMITS, work) else ()
    kinds = dict((*KINDS.items(), *parent, *(() if limited else (FREE,))))
    known = [one for one in work.shelves.papers.replies() if one.retired_on is None]
    offered = Field(
        name="standard",
        label="Begin with an agreed reply?",
        kind=FieldKind.CHOICE,
        options=tuple(Option(value=str(one.id), label=one.title[:75], hint=one.text[:70]) for one in known[:50]),
    )
    first = Page(
        title=f"The answer to {incident.ref}",
        fields=(
            Field(
                name="kind",
                label="What was the answer?",
                kind=FieldKind.CHOICE,
                required=True,
                options=(
                    *(Option(value=value, label=label) for value, label in kinds.items()),
                    Option(value=NONE_NEEDED, label="No answer is needed"),
                ),
            ),
            *((offered,) if known else ()),
        ),
        notes=(*_time(incident, work), *cited("reply_kinds", work), *_nudge(incident, work)),
        submit="Next",
    )
    if not sent.text("kind"):
        return (first,)
    return first, _words_page(sent, work)


def _words_page(sent: Submission, work: Work) -> Page:
    if sent.text("kind") == NONE_NEEDED:
        why = Field(name="why", label="Why is none needed?", kind=FieldKind.LONG_TEXT, required=True, max_length=1000)
        return Page(title="No answer", fields=(why,), notes=cited("reply", work))
    parent = sent.text("kind") == PARENT[0]
    agreed = next((one for one in work.shelves.papers.replies() if str(one.id) == sent.text("standard")), None)
    return Page(
        title="What was answered",
        intro="Answer where you were asked; this keeps what was said. Leave out what the patron wrote.",
        fields=(
            Field(
                name="words",
                label="Our answer",
                kind=FieldKind.LONG_TEXT,
                required=True,
                initial=(agreed.text,) if agreed else (TO_A_PARENT,) if parent else (),
                max_length=3000,
            ),
            Field(
                name="answered_on",
                label="Answered on",
                kind=FieldKind.DATE,
                required=True,
                latest=work.today,
                initial=(work.today.isoformat(),),
            ),
            *attorney_approval.question(work),
            Field(
                name="open",
                label="Is more to come?",
                kind=FieldKind.YES_NO,
                initial=("no",),
                hint="Yes keeps it open and asks again; No closes it, and what the patron wrote is not kept.",
            ),
        ),
        notes=cited(PARENTAL_LIMITS, work) if parent else (),
    )


def _time(incident: Incident, work: Work) -> tuple[Note, ...]:
    """The time the policy gives, in its own measure, or that it gives none."""
    notes: list[Note] = []
    for clock in work.shelves.clocks.of_case(incident.ref):
        if clock.name != ClockName.REPLY_BY or clock.event is None:
            continue
        rule = next((one for one in work.book.on(clock.happened_on).clocks_on(clock.event) if one.n), None)
        said = f" The policy adds: {rule.qualifier}." if rule and rule.qualifier else ""
        notes.append(Note(text=f"Answer by {clock.due:%-d %B %Y}.{said}"))
        if clock.stated:
            notes.append(Note.of(work.book.cite(clock.rule, on=clock.happened_on)))
    return tuple(notes)


def answers_given(ref: str, work: Work) -> int:
    """How often somebody was answered on a report."""
    return sum(one.kind is FollowUpKind.ANSWERED for one in work.shelves.papers.follow_ups(ref))


def _nudge(incident: Incident, work: Work) -> tuple[Note, ...]:
    """A word of caution before an exchange becomes a dispute."""
    given = answers_given(incident.ref, work)
    if given < MOST_ANSWERS:
        return ()
    said = f"This was answered {given} times already. Rather than go on here, offer to talk by phone or in person."
    where = cited("avoid_disputes", work)
    return (Note(text=said, tone=Tone.WARNING if where else Tone.PRACTICE), *where)


def answer(sent: Submission, work: Work) -> Reply:
    """Keep the answer, end the time to reply, and close the report unless more is to come.

    :raises Refusal: it is no report that somebody is answered on, or it is closed
    """
    incident = _waiting(sent.subject, work)
    kind = sent.text("kind")
    if kind == FREE[0] and duty("reply_kinds", work):
        raise Mistake("The policy limits what an answer may be.", beside={"kind": "Choose one of the kinds it names."})
    if kind == NONE_NEEDED:
        why = sent.text("why")
        keep(FollowUpKind.NO_ANSWER_NEEDED, incident.ref, work, words=why, rules=rules_of("reply", work=work))
        stop(incident.ref, work, ClockName.REPLY_BY, state=ClockState.VOID)
        return _close(incident, work, "No answer")
    touches = attorney_approval.check_agreed(incident.ref, sent, work)
    on = _day(sent.day("answered_on"), incident, work)
    said = dict((*KINDS.items(), PARENT, FREE)).get(kind, "")
    rules = rules_of("reply", "reply_kinds", *((PARENTAL_LIMITS,) if kind == PARENT[0] else ()), work=work)
    keep(
        FollowUpKind.ANSWERED,
        incident.ref,
        work,
        words=sent.text("words"),
        particulars={"Kind": said, "Touches a lawsuit": sent.text("litigation")},
        rules=rules,
        on=on,
    )
    stop(incident.ref, work, ClockName.REPLY_BY, state=ClockState.MET)
    if sent.yes("open"):
        work.end_tasks(incident.ref, TaskKind.ANSWER)
        ask(incident, work)
        work.tell(Channel.SOCIAL_MEDIA, about=incident.ref, headline="Answered; more is to come.")
        return Reply(cards=cases.private(incident.ref, work), headline="Kept. It stays open.", about=incident.ref)
    if touches and not held(incident, work):
        work.end_tasks(incident.ref, TaskKind.ANSWER)
        return Reply(
            cards=(*cases.private(incident.ref, work), *attorney_approval.offer_hold(incident.ref, work)),
            headline="Kept. It touches a lawsuit, so its words stay until a hold is placed or somebody closes it.",
            about=incident.ref,
        )
    return _close(incident, work, "Answered")


def _day(given: date | None, incident: Incident, work: Work) -> date:
    """The day of an answer.

    :raises Mistake: it lies before the item, or ahead
    """
    day = given or work.today
    if not incident.judged_on <= day <= work.today:
        raise Mistake(
            "That day does not fit.",
            beside={"answered_on": "Choose a day between when it was posted or reported and today."},
        )
    return day


def _close(incident: Incident, work: Work, said: str) -> Reply:
    work.end_tasks(incident.ref, TaskKind.ANSWER, TaskKind.LOOK)
    if held(incident, work):
        headline = f"Kept: {said.lower()}. A hold stands on the report, so it stays open."
        return Reply(cards=cases.private(incident.ref, work), headline=headline, about=incident.ref)
    outcome = incident.outcome if incident.outcome is Outcome.GONE else Outcome.LEFT_UP
    reply = stays_up(incident, outcome, work)
    return Reply(cards=reply.cards, headline=f"Kept: {said.lower()}. The report is closed.", about=incident.ref)


def _waiting(subject: str, work: Work) -> Incident:
    work.require(Power.FOLLOW_UP)
    incident = work.incident(subject.strip().upper())
    if incident.track not in ANSWERED:
        raise Refusal(f"{incident.ref} is neither a complaint nor a question nor a concern; nobody is answered on it.")
    if incident.removal is not None:
        raise Refusal(f"Something of {incident.ref} was taken down; the person hears of it in a notice.")
    if incident.closed_on is not None:
        raise Refusal(f"{incident.ref} is closed already.")
    return incident


def may_become_appeal(incident: Incident, work: Work) -> bool:
    """Test whether a concern can be put on file as an appeal; a concern is not one by itself."""
    return incident.track is Track.CONCERN and work.pack.appeal.stance is Stance.STATED
