"""Contact with the authorities: which one, when, by whom, and what they were given. It decides nothing."""

from collections.abc import Mapping

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import Incident
from bot.features.following_up import cited, keep, rules_of
from bot.people import WALLED, Power
from bot.policy.terms import Track
from bot.views import cases
from bot.work import Work

AUTHORITIES: Mapping[str, str] = {
    "police": "Police (911 or the station)",
    "ncmec": "NCMEC CyberTipline",
    "fbi": "FBI",
    "protective": "Child or adult protective services",
    "other": "Another authority",
}
DUTY = "authorities"


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which authority, when, its number, and what it was given."""
    incident = _opens(sent.subject, work)
    given = Field(
        name="given",
        label="What were they given?",
        kind=FieldKind.LONG_TEXT,
        required=True,
        hint="For example the link and a copy of the text. Nothing of child safety is described here.",
        max_length=1000,
    )
    link = Field(
        name="given",
        label="What were they given?",
        kind=FieldKind.CHOICE,
        required=True,
        options=(
            Option(value="The link", label="The link"),
            Option(value="The link and the account's name", label="The link and the account's name"),
            Option(value="Nothing in writing", label="Nothing in writing"),
        ),
    )
    unspoken = incident.track is Track.CHILD_SAFETY
    return (
        Page(
            title=f"Who was told of {incident.ref}?",
            fields=(
                Field(
                    name="authority",
                    label="Which authority?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(Option(value=value, label=label) for value, label in AUTHORITIES.items()),
                ),
                Field(name="named", label="Its name, and who answered", max_length=200),
                Field(
                    name="on",
                    label="On which day?",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
                Field(name="time", label="At what time?", max_length=20, hint="For example 9:40 pm"),
                Field(name="number", label="Their number for it", max_length=80),
                link if unspoken else given,
            ),
            notes=(
                *cited(DUTY, work),
                Note(text="While they look into it, a hold keeps what is on file: “hold” places one."),
            ),
        ),
    )


def record(sent: Submission, work: Work) -> Reply:
    """Keep that an authority was told; what becomes of the item and of its author is decided elsewhere."""
    incident = _opens(sent.subject, work)
    keep(
        FollowUpKind.AUTHORITY_TOLD,
        incident.ref,
        work,
        particulars={
            "Which": AUTHORITIES.get(sent.text("authority"), ""),
            "Named": sent.text("named"),
            "At": sent.text("time"),
            "Their number": sent.text("number"),
            "Given": sent.text("given"),
        },
        rules=rules_of(DUTY, work=work),
        on=sent.day("on"),
    )
    return Reply(
        cards=cases.private(incident.ref, work),
        headline="Kept: which authority was told, when, by whom, and what it was given.",
        about=incident.ref,
    )


def _opens(subject: str, work: Work) -> Incident:
    """A report the actor may open; one behind the wall is entered by whoever it opens to."""
    incident = work.incident(subject.strip().upper())
    if incident.track not in WALLED:
        work.require(Power.FOLLOW_UP)
    return incident
