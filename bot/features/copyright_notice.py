"""Copyright notices: what a notice has to hold, the counter-notice, and when the content is put back.

17 U.S.C. 512(c)(3) lists six things a notice says, 512(g)(3) what a counter-notice says, and 512(g)(2)(C) that the
content is put back not less than 10 and not more than 14 business days after a counter-notice, unless a court action is
filed first. What is missing is said; nothing is decided by it. On another company's platform the statute may bind that
company alone.
"""

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission, Tone
from bot.cases.clock import ClockState
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import Incident
from bot.cases.task import TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features.following_up import cited, keep, rules_of, stop
from bot.people import Power
from bot.policy.terms import Channel, ClockName, Event, Role, Stance, Track
from bot.refusal import Mistake, Refusal
from bot.views import cases
from bot.views.copyright_elements import COUNTER, ELEMENTS, PROCEDURE, missing, ticks
from bot.work import Work


def check_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The six things, as a list to tick."""
    incident = _notice(sent.subject, work)
    return (
        Page(
            title=f"The notice of {incident.ref}",
            intro="Tick what it holds. What is missing is said to whoever complained; nothing is decided by it.",
            fields=(ticks(ELEMENTS), _who("Who complains, and how they can be reached")),
            notes=_policy_says(work),
        ),
    )


def check(sent: Submission, work: Work) -> Reply:
    """Keep what the notice holds and what it lacks."""
    incident = _notice(sent.subject, work)
    lacking = missing(ELEMENTS, sent)
    keep(
        FollowUpKind.NOTICE_CHECKED,
        incident.ref,
        work,
        words=sent.text("who"),
        particulars={"Missing": "; ".join(lacking) or "nothing"},
        rules=rules_of(PROCEDURE, work=work),
    )
    work.end_tasks(incident.ref, TaskKind.CHECK_NOTICE)
    looking = any(
        task.kind is TaskKind.LOOK and task.state is TaskState.OPEN for task in work.shelves.tasks.of_case(incident.ref)
    )
    if incident.removal is None and incident.closed_on is None and not looking:
        work.ask_for(TaskKind.LOOK, case=incident.ref, role=Role.EDITOR, account=incident.account)
    said = f"Missing: {'; '.join(lacking)}." if lacking else "It holds all six."
    return Reply(
        cards=cases.private(incident.ref, work),
        headline=f"Kept. {said} Now somebody decides whether it comes down.",
        about=incident.ref,
    )


def counter_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """When the counter-notice came in, and what it holds."""
    incident = _taken_down(sent.subject, work)
    return (
        Page(
            title=f"Counter-notice to {incident.ref}",
            intro="The days run from when it came in complete. Send a copy to whoever complained.",
            fields=(
                Field(
                    name="received_on",
                    label="Came in on",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
                ticks(COUNTER),
                Field(
                    name="forwarded",
                    label="Was a copy sent to whoever complained?",
                    kind=FieldKind.YES_NO,
                    required=True,
                ),
            ),
            notes=_policy_says(work),
        ),
    )


def counter(sent: Submission, work: Work) -> Reply:
    """Keep the counter-notice; a complete one starts the days after which the content is put back.

    The statute's days run from a counter-notice as it describes it (17 U.S.C. 512(g)(2)(C) and (3)), so one that lacks
    something starts nothing: what it lacks is asked for.
    """
    incident = _taken_down(sent.subject, work)
    day = sent.day("received_on") or work.today
    lacking = missing(COUNTER, sent)
    keep(
        FollowUpKind.COUNTER_NOTICE,
        incident.ref,
        work,
        particulars={
            "Missing": "; ".join(lacking) or "nothing",
            "Copy sent to whoever complained": sent.text("forwarded"),
        },
        rules=rules_of(PROCEDURE, work=work),
        on=day,
    )
    if lacking:
        work.tell(Channel.SOCIAL_MEDIA, about=incident.ref, headline="A counter-notice came in that lacks something.")
        headline = f"Kept. It lacks: {'; '.join(lacking)}. Ask whoever sent it; no days run before it is complete."
        return Reply(cards=cases.private(incident.ref, work), headline=headline, about=incident.ref)
    dues, silences = work.start_clocks(Event.COUNTER_NOTICE_RECEIVED, case=incident.ref, on=day)
    by = next((due.due for due in dues if due.clock == ClockName.RESTORE_CONTENT_BY), None)
    asked = (TaskKind.PUT_BACK,)
    if not any(task.kind in asked for task in work.shelves.tasks.of_case(incident.ref)):
        account = incident.account
        work.ask_for(TaskKind.PUT_BACK, case=incident.ref, role=Role.EDITOR, account=account, due=by, reminds=not by)
    work.tell(Channel.SOCIAL_MEDIA, about=incident.ref, headline="A counter-notice came in.")
    said = [f"Put it back by {short_date(by)}, unless a court action is filed first." if by else ""]
    said += [silence.why + "." for silence in silences[:1]]
    return Reply(
        cards=cases.private(incident.ref, work), headline=" ".join(["Kept.", *filter(None, said)]), about=incident.ref
    )


def put_back_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Put back and when, or not and why."""
    incident = _taken_down(sent.subject, work)
    return (
        Page(
            title=f"After the counter-notice to {incident.ref}",
            fields=(
                Field(
                    name="what",
                    label="What was done?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=(
                        Option(value="back", label="It was put back"),
                        Option(value="court", label="Not put back: a court action was filed"),
                        Option(value="other", label="Not put back, for another reason"),
                    ),
                ),
                Field(name="on", label="On which day?", kind=FieldKind.DATE, required=True, latest=work.today),
                Field(name="why", label="In a few words", kind=FieldKind.LONG_TEXT, max_length=1000),
            ),
            notes=_policy_says(work),
        ),
    )


def put_back(sent: Submission, work: Work) -> Reply:
    """Keep that the content stands again, or why not; either ends the days.

    :raises Mistake: it was put back before the day from which it may be, or is not put back and nobody says why
    """
    incident = _taken_down(sent.subject, work)
    if incident.account is not None:
        work.require(Power.CONFIRM, account=incident.account)
    back, day = sent.text("what") == "back", sent.day("on") or work.today
    opens = next(
        (one for one in work.shelves.clocks.of_case(incident.ref) if one.name == ClockName.RESTORE_CONTENT_FROM), None
    )
    if back and opens is not None and day < opens.due and not sent.text("why"):
        early = f"The statute's days open on {short_date(opens.due)}. If it was put back earlier, say why below."
        raise Mistake("That is early.", beside={"why": early})
    if sent.text("what") == "other" and not sent.text("why"):
        raise Mistake("Why not?", beside={"why": "Say in a few words why it is not put back."})
    kind = FollowUpKind.PUT_BACK if back else FollowUpKind.NOT_PUT_BACK
    reason = "a court action was filed" if sent.text("what") == "court" else ""
    keep(
        kind,
        incident.ref,
        work,
        words=sent.text("why"),
        particulars={"Because": reason},
        rules=rules_of(PROCEDURE, work=work),
        on=day,
    )
    stop(
        incident.ref,
        work,
        ClockName.RESTORE_CONTENT_FROM,
        ClockName.RESTORE_CONTENT_BY,
        state=ClockState.MET if back else ClockState.VOID,
    )
    work.end_tasks(incident.ref, TaskKind.PUT_BACK)
    headline = "It was put back." if back else "It stays down."
    work.tell(Channel.SOCIAL_MEDIA, about=incident.ref, headline=headline)
    return Reply(cards=cases.private(incident.ref, work), headline=f"Kept. {headline}", about=incident.ref)


def _who(label: str) -> Field:
    return Field(name="who", label=label, kind=FieldKind.LONG_TEXT, max_length=1000)


def _policy_says(work: Work) -> tuple[Note, ...]:
    """Where the procedure stands; or that the policy has none of its own."""
    silent = next(
        (
            one
            for one in work.pack.clocks_on(Event.COUNTER_NOTICE_RECEIVED)
            if one.stance in {Stance.SILENT, Stance.NONE}
        ),
        None,
    )
    return (*cited(PROCEDURE, work), *((Note(text=f"{silent.why}.", tone=Tone.MISSING),) if silent else ()))


def _notice(subject: str, work: Work) -> Incident:
    work.require(Power.FOLLOW_UP)
    incident = work.incident(subject.strip().upper())
    if incident.track is not Track.COPYRIGHT_NOTICE:
        raise Refusal(f"{incident.ref} is no copyright notice.")
    return incident


def _taken_down(subject: str, work: Work) -> Incident:
    incident = _notice(subject, work)
    if not incident.sustained:
        raise Refusal(f"Nothing of {incident.ref} was taken down, so there is nothing to put back.")
    return incident
