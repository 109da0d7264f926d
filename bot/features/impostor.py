"""An account that pretends to be the library's: the platform is told, and what it answered is kept."""

from bot.cards import Field, FieldKind, Page, Reply, Submission
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import Incident
from bot.cases.task import TaskKind
from bot.features.following_up import keep
from bot.people import Power
from bot.policy.terms import Role, Track
from bot.refusal import Refusal
from bot.views import cases
from bot.work import Work


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which platform was told, when, and under which number."""
    _impostor(sent.subject, work)
    return (
        Page(
            title="The platform was told",
            fields=(
                Field(name="platform", label="Which platform?", required=True, max_length=80),
                Field(
                    name="on",
                    label="On which day?",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
                Field(name="number", label="Its number for the report", max_length=80),
                Field(name="answer", label="What did it answer?", kind=FieldKind.LONG_TEXT, max_length=1000),
            ),
        ),
    )


def record(sent: Submission, work: Work) -> Reply:
    """Keep that the platform was told; the report stays open until the account is gone or somebody closes it."""
    incident = _impostor(sent.subject, work)
    keep(
        FollowUpKind.PLATFORM_TOLD,
        incident.ref,
        work,
        words=sent.text("answer"),
        particulars={"Platform": sent.text("platform"), "Its number": sent.text("number")},
        on=sent.day("on"),
    )
    work.end_tasks(incident.ref, TaskKind.TELL_PLATFORM)
    if incident.closed_on is None:
        work.ask_for(TaskKind.LOOK, case=incident.ref, role=Role.LIBRARIAN_IN_CHARGE)
    said = "Kept. The Librarian in Charge is asked to look whether it is gone."
    return Reply(cards=cases.private(incident.ref, work), headline=said, about=incident.ref)


def _impostor(subject: str, work: Work) -> Incident:
    work.require(Power.FOLLOW_UP)
    incident = work.incident(subject.strip().upper())
    if incident.track is not Track.IMPOSTOR:
        raise Refusal(f"{incident.ref} is about no account that pretends to be ours.")
    return incident
