"""What a report sets going on its track: whom it is reported to, who answers or deals with it, and by when.

Where the policy has a time to reply, that is the clock; everywhere else the time of a task is library practice, so that
no report stays open, with a patron's words in it, until somebody happens to remember.
"""

from collections.abc import Mapping
from uuid import UUID

from bot.cases.clock import ClockState
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import Incident, Outcome
from bot.cases.task import TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.clocks.counting import add
from bot.features.duty_rota import on_duty
from bot.features.following_up import keep, stop
from bot.people import Person
from bot.policy.pack import Duty
from bot.policy.terms import ClockName, Event, Role, Stance, Track
from bot.refusal import Refusal
from bot.views.follow_ups import waits_as_complaint
from bot.work import Work

ANSWERED = frozenset({Track.COMPLAINT, Track.QUESTION, Track.CONCERN})
"""Tracks on which somebody is answered."""

ASKED: Mapping[Track, tuple[TaskKind, Role]] = {
    Track.COMPLAINT: (TaskKind.ANSWER, Role.EDITOR),
    Track.QUESTION: (TaskKind.ANSWER, Role.EDITOR),
    Track.CONCERN: (TaskKind.ANSWER, Role.DIRECTOR),
    Track.COPYRIGHT_NOTICE: (TaskKind.CHECK_NOTICE, Role.EDITOR),
    Track.THREAT: (TaskKind.DEAL_WITH, Role.DUTY_PERSON),
    Track.PERSONAL_INFORMATION: (TaskKind.DEAL_WITH, Role.DUTY_PERSON),
    Track.IMPOSTOR: (TaskKind.TELL_PLATFORM, Role.EDITOR),
    Track.CORRECTION: (TaskKind.CORRECT_POST, Role.EDITOR),
}
"""What is asked of whom where the item stays up, unless the policy names somebody else. Library practice."""

STARTS: Mapping[Track, Event] = {
    Track.QUESTION: Event.QUESTION_RECEIVED,
    Track.COMPLAINT: Event.QUESTION_RECEIVED,
    Track.CONCERN: Event.CONCERN_RECEIVED,
    Track.COPYRIGHT_NOTICE: Event.COPYRIGHT_NOTICE_RECEIVED,
}
"""What the policy's time to reply runs from. A complaint is a comment, and is answered like a question."""

OURS = (
    *(TaskKind.ANSWER, TaskKind.CHECK_NOTICE, TaskKind.DEAL_WITH, TaskKind.TELL_PLATFORM, TaskKind.CORRECT_POST),
    *(TaskKind.REVIEW_CONDUCT, TaskKind.REVIEW_CONDUCT_AS_CHAIR),
)
"""The tasks that end when a report is closed."""


def begin(incident: Incident, work: Work) -> None:
    """Start the clock of a report that was just made, and ask whoever its track asks.

    What somebody is still to look at, or what came down, has its tasks already.
    """
    event = STARTS.get(incident.track)
    if event is not None:
        work.start_clocks(event, case=incident.ref, on=incident.judged_on)
    if incident.removal is None and incident.outcome is not Outcome.PLEASE_LOOK and incident.closed_on is None:
        ask(incident, work)


def ask(incident: Incident, work: Work) -> None:
    """Ask whoever the track names; a running time to reply reminds of it already."""
    if incident.track not in ASKED:
        return
    kind, role = ASKED[incident.track]
    named = next((one for one in _duties(work) if one.on is incident.track and _answers(one)), None)
    if named is not None:
        role = named.to[0]
    reply_by = next(
        (
            clock.due
            for clock in work.shelves.clocks.of_case(incident.ref)
            if clock.name == ClockName.REPLY_BY and clock.next_at is not None
        ),
        None,
    )
    account = incident.account if role is Role.EDITOR else None
    due, under = reply_by, None
    if due is None and named is not None and named.within is not None:
        due = add(named.within.n, named.within.unit, incident.judged_on, work.calendar).day
        under = work.book.cite(named.rule, on=work.today)
    work.ask_for(kind, case=incident.ref, role=role, account=account, due=due, reminds=reply_by is None, under=under)


def _duties(work: Work) -> tuple[Duty, ...]:
    return tuple(one for one in work.pack.duties if one.stance is Stance.STATED)


def _answers(duty: Duty) -> bool:
    return bool(duty.to) and not duty.code.startswith("report_")


def to_report(track: Track, work: Work) -> Duty | None:
    """The policy's duty to report something on this track to somebody; ``None`` where it has none.

    What the policy says of breaches in general holds for those of staff as well, unless it says something of its own.
    """
    duties = [one for one in _duties(work) if one.code.startswith("report_") and one.on is not None]
    own = next((one for one in duties if one.on is track), None)
    told = work.pack.complaints
    if own is None and track is Track.COMPLAINT and told.report_to:
        return Duty(code="report_complaint", label="Report a complaint", rule=told.rule, on=track, to=told.report_to)
    if own is None and track in {Track.STAFF_CONDUCT, Track.THREAT}:
        own = next((one for one in duties if one.on is Track.VIOLATION), None)
    return own


def report_up(incident: Incident, supervisor: str, work: Work, *, seen: str = "") -> tuple[Person, ...]:
    """Bring a report to whom the policy names, ask them to take note of it, and say who that was.

    ``supervisor`` is whom the reporter named, where the policy says "a supervisor" and no office. A confidential report
    is not reminded of in any channel, so taking note of it is part of looking at it.
    """
    found = to_report(incident.track, work)
    if found is None or incident.about_director:
        return ()
    people = (work.person(UUID(supervisor)),) if supervisor else _whom(found, work)
    if work.actor.id in {person.id for person in people}:
        people = (work.actor,)
    confidential = incident.track is Track.STAFF_CONDUCT
    within = f", within {found.within.said}" if found.within else ""
    within += f", {found.qualifier}" if found.qualifier else ""
    when = f"{f' {found.when}' if found.when else ''}{within}"
    for person in people:
        keep(
            FollowUpKind.REPORTED_UP,
            incident.ref,
            work,
            particulars={"Brought to": person.name, "The policy says": f"{found.label}{when}", "Seen on": seen},
            rules=(found.rule,),
            to=person.id,
        )
    if people == (work.actor,):
        return people
    if confidential:
        work.tell_people(people, about=incident.ref, headline="A confidential report is waiting for you.")
        return people
    work.tell_people(people, about=incident.ref, headline="This was reported to you, as the policy asks.")
    role = next((role for role in _offices(found) if on_duty(role, work)), Role.DIRECTOR)
    span = found.within
    due = add(span.n, span.unit, incident.judged_on, work.calendar).day if span else None
    under = work.book.cite(found.rule, on=work.today) if span else None
    work.ask_for(TaskKind.ACKNOWLEDGE, case=incident.ref, role=role, due=due, under=under)
    return people


def _whom(duty: Duty, work: Work) -> tuple[Person, ...]:
    """Who is told: of several offices the one on the rota today; where the policy names none, the one in charge."""
    return next((people for role in _offices(duty) if (people := on_duty(role, work))), ())


def _offices(duty: Duty) -> tuple[Role, ...]:
    """The offices it may be reported to, the Director's last, who is told of a complaint in any case."""
    return tuple(sorted(duty.to or (Role.LIBRARIAN_IN_CHARGE, Role.DIRECTOR), key=lambda role: role is Role.DIRECTOR))


def seen_on(incident: Incident) -> str:
    """The day the reporter saw it, and how long before they reported it; empty when they did not say."""
    if incident.posted_on is None:
        return ""
    passed = (incident.reported_on - incident.posted_on).days
    after = (
        "the day it was reported"
        if passed <= 0
        else f"{passed} {'day' if passed == 1 else 'days'} before it was reported"
    )
    return f"{short_date(incident.posted_on)}, {after}"


def check_answered(incident: Incident, work: Work) -> None:
    """Refuse to close what the policy, or the library's practice, wants answered in a certain time, or at all.

    :raises Refusal: with the clause; saying that no answer is needed, and why, is an answer to that
    """
    if waits_as_complaint(incident, work):
        raise Refusal(
            f"{incident.ref} is a complaint, and the policy has complaints taken up. Answer it, or say that no answer "
            "is needed and why; that closes it.",
            under=work.book.cite(work.pack.complaints.rule, on=work.today),
        )
    for clock in work.shelves.clocks.of_case(incident.ref):
        if clock.name == ClockName.REPLY_BY and clock.state is ClockState.RUNNING:
            raise Refusal(
                f"{incident.ref} waits for an answer, due on {clock.due:%-d %B %Y}. Answer it, or say that no answer "
                "is needed and why; that closes it.",
                under=work.book.cite(clock.rule, on=clock.happened_on) if clock.stated else None,
            )


def drop_tasks(incident: Incident, work: Work, *kinds: TaskKind) -> None:
    """End what is still asked about a report that is closed, and the time to reply to it."""
    work.end_tasks(incident.ref, *OURS, *kinds, state=TaskState.VOID)
    stop(incident.ref, work, ClockName.REPLY_BY, state=ClockState.VOID)
