"""An error in a post of our own: what it said, what it says now, or why it was left as it is.

Only what the library wrote itself is ever edited. Words of a patron are never: nothing here, or anywhere, offers it.
"""

from bot.cards import Field, FieldKind, Page, Reply, Submission
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import Incident, Outcome
from bot.cases.task import TaskKind
from bot.features.following_up import cited, keep, rules_of
from bot.features.holds import held
from bot.features.look_into import stays_up
from bot.people import Power
from bot.policy.terms import Track
from bot.refusal import Mistake, Refusal
from bot.views import cases
from bot.work import Work

DUTY = "correct_errors"


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What our post said, and what it says now."""
    incident = _ours(sent.subject, work)
    return (
        Page(
            title=f"Our post of {incident.ref}",
            intro="Leave “now” empty if it was left as it is, and say why.",
            fields=(
                Field(name="before", label="What our post said", kind=FieldKind.LONG_TEXT, max_length=3000),
                Field(name="after", label="What it says now", kind=FieldKind.LONG_TEXT, max_length=3000),
                Field(
                    name="on",
                    label="Put right on",
                    kind=FieldKind.DATE,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
                Field(name="why", label="Anything to add?", max_length=500),
            ),
            notes=cited(DUTY, work),
        ),
    )


def record(sent: Submission, work: Work) -> Reply:
    """Keep both wordings of our own post, and close the report.

    :raises Mistake: neither a new wording nor a reason is given, or the new one comes without the old
    """
    incident = _ours(sent.subject, work)
    before, after, why = sent.text("before"), sent.text("after"), sent.text("why")
    if after and not before:
        raise Mistake("What did it say?", beside={"before": "Both wordings are kept, so that anybody can compare."})
    if not after and not why:
        raise Mistake("What was done?", beside={"after": "Say what it says now, or below why it was left as it is."})
    keep(
        FollowUpKind.POST_CORRECTED if after else FollowUpKind.POST_NOT_CORRECTED,
        incident.ref,
        work,
        words=why,
        particulars={"It said": before, "It says now": after},
        rules=rules_of(DUTY, work=work),
        on=sent.day("on"),
    )
    work.end_tasks(incident.ref, TaskKind.CORRECT_POST, TaskKind.LOOK)
    if incident.closed_on is None and not held(incident, work):
        stays_up(incident, Outcome.LEFT_UP, work)
    return Reply(cards=cases.private(incident.ref, work), headline="Kept, with both wordings.", about=incident.ref)


def _ours(subject: str, work: Work) -> Incident:
    incident = work.incident(subject.strip().upper())
    if incident.account is not None:
        work.require(Power.CONFIRM, account=incident.account)
    else:
        work.require(Power.FOLLOW_UP)
    if incident.track is not Track.CORRECTION:
        raise Refusal(f"{incident.ref} is about no post of our own. What a patron wrote is never edited.")
    return incident
