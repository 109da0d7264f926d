"""Complaints: whoever a report was brought to takes note; where the policy protects complaints, they only get answers.

A protected complaint cannot be removed, hidden or blocked for. Only the Director may say that an item breaks another
rule, with that rule and a statement; every such override is counted and shown where history is shown.
"""

from dataclasses import replace
from uuid import UUID

from bot.cards import Field, FieldKind, Note, Page, Reply, Submission, Tone
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import AskedRemoval, Incident, Outcome
from bot.cases.task import TaskKind, TaskState
from bot.features import before_removal
from bot.features.following_up import keep
from bot.features.removals import ask_to_confirm, reason_given
from bot.features.what_follows import drop_tasks
from bot.people import Power
from bot.policy.terms import Role, Track
from bot.records.kept import text_hash
from bot.refusal import Mistake, Refusal
from bot.views import cases, fields
from bot.work import Work

SHORTEST_STATEMENT = 30


def acknowledge(sent: Submission, work: Work) -> Reply:
    """Take note of what was reported: whoever it was brought to, or holds the office it is asked of.

    :raises Refusal: it was brought to somebody else, or was noted already
    """
    try:
        task = work.shelves.tasks.get(UUID(sent.subject))
    except ValueError:
        task = None
    if task is None or task.kind is not TaskKind.ACKNOWLEDGE:
        raise Mistake("I can't find that any more. “tasks” lists what you are asked to do.")
    brought = [one for one in work.shelves.papers.follow_ups(task.case) if one.kind is FollowUpKind.REPORTED_UP]
    mine = any(one.to == work.actor.id for one in brought)
    if not mine and not work.actor.has(task.role, Role.DIRECTOR, on=work.today):
        raise Refusal("This was brought to somebody else, who takes note of it. Nothing was changed.")
    if task.state is not TaskState.OPEN:
        raise Refusal(f"{work.name(task.ended_by)} took note of this already.")
    keep(FollowUpKind.ACKNOWLEDGED, task.case, work, rules=tuple(rule for one in brought for rule in one.rules))
    work.end_task(task)
    return Reply(cards=cases.private(task.case, work), headline="Noted, with your name and the day.", about=task.case)


def protected(incident: Incident, work: Work) -> bool:
    """Test whether the policy in force today protects this report from being taken down."""
    return incident.track is Track.COMPLAINT and work.pack.complaints.protected


def overrides(work: Work) -> int:
    """How many protected complaints were overridden so far."""
    return len(work.shelves.papers.follow_ups_of(FollowUpKind.OVERRIDDEN))


def override_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The other rule it breaks, what it does, and the Director's statement."""
    incident = _protected(sent.subject, work)
    copy = (
        ()
        if incident.has_copy
        else (Field(name="text", label="What it says", kind=FieldKind.LONG_TEXT, required=True, max_length=20_000),)
    )
    first = Page(
        title=f"{incident.ref} breaks another rule",
        intro="It is a complaint. That it complains is no reason; another rule has to be broken by it.",
        fields=(
            fields.clauses(work.book.on(incident.judged_on)),
            fields.observations(),
            Field(name="why", label="In your own words", kind=FieldKind.LONG_TEXT, max_length=2000),
            *(() if incident.host_post.title else (fields.host_post(),)),
            *copy,
            Field(
                name="statement",
                label="Your statement",
                kind=FieldKind.LONG_TEXT,
                required=True,
                hint="Why this has to come down although it is a complaint. It is kept and counted.",
                max_length=3000,
            ),
        ),
        notes=(
            Note.of(work.book.cite(work.pack.complaints.rule, on=work.today)),
            Note(text=f"Overridden so far: {overrides(work)}.", tone=Tone.WARNING),
        ),
        submit="Ask an editor to remove it",
    )
    host_post = incident.host_post.title or sent.text("host_post")
    pack = work.book.on(incident.judged_on)
    return first, *before_removal.pages_after(sent, work, host_post=host_post, pack=pack)


def override(sent: Submission, work: Work) -> Reply:
    """Take a protected complaint for a breach of another rule; an editor is asked to carry it out."""
    incident = _protected(sent.subject, work)
    statement = sent.text("statement")
    if len(statement) < SHORTEST_STATEMENT:
        raise Mistake("The statement is too short.", beside={"statement": "Say in a sentence or two why it must go."})
    pack = work.book.on(incident.judged_on)
    host_post = incident.host_post.title or sent.text("host_post")
    reason = reason_given(sent, sent.chosen("clauses"), host_post=host_post, pack=pack)
    before_removal.check(sent, sent.chosen("clauses"), pack, work, ref=incident.ref)
    asked = AskedRemoval(outcome=Outcome.REMOVED, reason=reason, asked_by=work.actor.id, asked_at=work.now)
    violation = replace(
        incident,
        track=Track.VIOLATION,
        text=incident.text or sent.text("text"),
        text_sha256=incident.text_sha256 or text_hash(sent.text("text")),
        host_post=replace(incident.host_post, title=host_post),
    )
    drop_tasks(incident, work, TaskKind.LOOK)
    saved = work.save(violation.take_down(asked), before=incident)
    keep(
        FollowUpKind.OVERRIDDEN,
        saved.ref,
        work,
        words=statement,
        particulars={"It breaks": "; ".join(pack.ground(code).label for code in reason.clauses)},
        rules=(work.pack.complaints.rule, *(pack.ground(code).rule for code in reason.clauses)),
    )
    before_removal.keep_answers(saved.ref, sent, sent.chosen("clauses"), pack, work)
    ask_to_confirm(saved, work)
    return Reply(
        cards=cases.private(saved.ref, work), headline=f"Kept, as override number {overrides(work)}.", about=saved.ref
    )


def _protected(subject: str, work: Work) -> Incident:
    under = work.book.cite(work.pack.complaints.rule, on=work.today) if work.pack.complaints.rule else None
    if not work.actor.has(Role.DIRECTOR, on=work.today):
        raise Refusal(f"Only the {work.executive} can say that a complaint breaks another rule.", under=under)
    work.require(Power.REPORT)
    incident = work.incident(subject.strip().upper())
    if not protected(incident, work):
        raise Refusal(f"{incident.ref} is no complaint that the policy protects; report what else it breaks.")
    if incident.closed_on is not None:
        raise Refusal(
            f"{incident.ref} is closed, and its words are no longer kept. Report the item again if it stands."
        )
    return incident
