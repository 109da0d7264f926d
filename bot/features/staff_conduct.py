"""Conduct of staff and trustees, looked at by whom it was brought to: what the law protects is asked first.

Each report is looked at on its own. There is no table of measures and nothing follows by itself; of what comes after a
referral nothing is kept here.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission, Tone
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import Incident
from bot.cases.task import TaskKind
from bot.features.following_up import cited, duty, keep, rules_of
from bot.people import keeps_walled
from bot.policy.terms import Role, Track
from bot.policy.values import Rule
from bot.refusal import Mistake, Refusal
from bot.views import cases
from bot.work import Work

UNSURE = {"yes": "Yes", "no": "No", "unsure": "Not sure"}
OFFERED = {"yes": "Yes", "not_needed": "There is no unit, or none is needed", "no": "Not yet"}
STEPS: Mapping[str, str] = {
    "nothing": "Nothing further",
    "talked": "Talked about, and settled",
    "referred": "Referred under the library's personnel rules",
}
BARGAINING, CASE_BY_CASE, CONFIDENTIAL = "bargaining", "case_by_case", "confidential"
"""Duties of a policy: to leave union agreements alone, to look at each on its own, what it calls confidential."""
SPEECH = ("staff_speech", "protected_speech")
"""Duties to leave protected speech alone: that of staff, or of anybody."""

REVIEWS = (TaskKind.REVIEW_CONDUCT, TaskKind.REVIEW_CONDUCT_AS_CHAIR)


def ask_to_review(incident: Incident, work: Work) -> None:
    """Ask the Director to look at it, or the Board chair where it is about the Director or a trustee."""
    chair = incident.about_director or incident.track is Track.TRUSTEE_CONDUCT
    kind, role = (REVIEWS[1], Role.BOARD_CHAIR) if chair else (REVIEWS[0], Role.DIRECTOR)
    work.ask_for(kind, case=incident.ref, role=role)


def public_concern() -> Field:
    """The question that comes before anything else about what somebody said."""
    return Field(
        name="public_concern",
        label="Does it speak of a matter of public concern?",
        kind=FieldKind.CHOICE,
        required=True,
        options=tuple(Option(value=value, label=label) for value, label in UNSURE.items()),
        hint="For example how a public body works, or an election. Staff and trustees may speak of that like anybody.",
    )


def rules_on_conduct(track: Track, work: Work) -> tuple[Rule, ...]:
    """The rules of the policy that a report on staff, or on a trustee, can name."""
    bound = "trustees" if track is Track.TRUSTEE_CONDUCT else "staff"
    return tuple(rule for rule in work.pack.rules if rule.conduct and bound in rule.audience)


def which_rule(track: Track, work: Work) -> tuple[Field, ...]:
    """Ask which rule it could break, where the policy has any; nobody has to say, and it decides nothing."""
    known = rules_on_conduct(track, work)
    if not known:
        return ()
    options = tuple(Option(value=rule.id, label=rule.label[:75], hint=rule.source) for rule in known)
    return (
        Field(
            name="conduct_rules",
            label="Which rule could it break?",
            kind=FieldKind.CHOICES,
            options=options,
            hint="Leave it empty if you are not sure. Whoever looks at it decides.",
        ),
    )


def speech(work: Work) -> tuple[Note, ...]:
    """Where the policy leaves protected speech alone."""
    return tuple(note for code in SPEECH for note in cited(code, work))


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What the law protects; then what was found, and the next step."""
    incident = _brought(sent.subject, work)
    staff = incident.track is Track.STAFF_CONDUCT
    union = (
        Field(
            name="unit",
            label="Is the person in a bargaining unit?",
            kind=FieldKind.CHOICE,
            required=True,
            options=tuple(Option(value=value, label=label) for value, label in UNSURE.items()),
        ),
        Field(
            name="representative",
            label="Was a representative offered?",
            kind=FieldKind.CHOICE,
            required=True,
            options=tuple(Option(value=value, label=label) for value, label in OFFERED.items()),
        ),
    )
    first = Page(
        title="First",
        intro="Before anything is found about it.",
        fields=(public_concern(), *(union if staff else ())),
        notes=(*speech(work), *cited(CONFIDENTIAL, work), *cited(BARGAINING, work)),
        submit="Next",
    )
    if not sent.text("public_concern"):
        return (first,)
    warned = sent.text("public_concern") != "no"
    said = "Speech on public matters is protected. Ask counsel before anything follows from it."
    return first, Page(
        title=f"What was found of {incident.ref}",
        intro="It is looked at on its own. Measures against a person are not kept here.",
        fields=(
            Field(name="found", label="What was found?", kind=FieldKind.LONG_TEXT, required=True, max_length=3000),
            Field(
                name="step",
                label="What is the next step?",
                kind=FieldKind.CHOICE,
                required=True,
                options=tuple(Option(value=value, label=label) for value, label in STEPS.items()),
            ),
        ),
        notes=(*((Note(text=said, tone=Tone.WARNING),) if warned else ()), *cited(CASE_BY_CASE, work)),
    )


def review(sent: Submission, work: Work) -> Reply:
    """Keep what was asked first and what was found, and close the report.

    :raises Refusal: it would be referred although the policy leaves such speech alone
    :raises Mistake: it would be referred before a representative was offered
    """
    incident = _brought(sent.subject, work)
    referred = sent.text("step") == "referred"
    protects = next((found for code in SPEECH if (found := duty(code, work))), None)
    if referred and sent.text("public_concern") == "yes" and protects:
        raise Refusal(
            "Speech on a matter of public concern is not referred: the policy leaves it alone. Ask counsel first.",
            under=work.book.cite(protects.rule, on=work.today),
        )
    if referred and sent.text("representative") == "no" and sent.text("unit") != "no":
        raise Mistake(
            "Offer a representative first.",
            beside={"representative": "A referral waits until one was offered, or none is needed."},
        )
    asked = {
        "Public concern": UNSURE.get(sent.text("public_concern"), ""),
        "Bargaining unit": UNSURE.get(sent.text("unit"), ""),
        "Representative offered": OFFERED.get(sent.text("representative"), ""),
        "Next step": STEPS.get(sent.text("step"), ""),
    }
    keep(
        FollowUpKind.CONDUCT_REVIEWED,
        incident.ref,
        work,
        words=sent.text("found"),
        particulars=asked,
        rules=rules_of(*SPEECH, BARGAINING, CASE_BY_CASE, work=work),
    )
    work.end_tasks(incident.ref, *REVIEWS)
    closed = work.save(replace(incident, closed_on=work.today), before=incident)
    return Reply(cards=cases.private(closed.ref, work), headline="Kept, and closed.", about=closed.ref)


def _brought(subject: str, work: Work) -> Incident:
    incident = work.incident(subject.strip().upper())
    if incident.track not in {Track.STAFF_CONDUCT, Track.TRUSTEE_CONDUCT}:
        raise Refusal(f"{incident.ref} is about nobody's conduct.")
    if not keeps_walled(work.actor, track=incident.track, about_director=incident.about_director, on=work.today):
        raise Refusal("This report is looked at by those it was brought to. Nothing was changed.")
    if incident.closed_on is not None:
        raise Refusal(f"{incident.ref} is closed already.")
    return incident
