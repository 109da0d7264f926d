"""An editor looks at a reported item and says what was done."""

from dataclasses import replace
from uuid import UUID

from bot.cards import Field, FieldKind, Page, Reply, Submission
from bot.cases.incident import OUTCOMES, AskedRemoval, Incident, Outcome
from bot.cases.task import Task, TaskKind, TaskState
from bot.features import attorney_approval, before_removal
from bot.features.child_safety import drop_files, to_child_safety
from bot.features.complaints_on_file import check_no_complaint
from bot.features.holds import check_not_held
from bot.features.link_handles import author_named, unlink_reported_together
from bot.features.removals import confirm_removal, reason_given
from bot.features.report_pages import STAYS_UP
from bot.features.what_follows import ANSWERED, ask, drop_tasks
from bot.people import WALLED, Power
from bot.policy.terms import Channel
from bot.records.kept import text_hash
from bot.refusal import Mistake, Refusal
from bot.views import cases, fields
from bot.work import Work


def claim(sent: Submission, work: Work) -> Reply:
    """An editor of the account takes a "please look"."""
    incident = _mine(sent.subject, work)
    claimed = work.save(incident.claim(work.actor.id), before=incident)
    work.tell(Channel.SOCIAL_MEDIA, about=claimed.ref, headline=f"{work.actor.name} is looking at it.")
    return Reply(cards=cases.private(claimed.ref, work), headline="It is yours.", about=claimed.ref)


def done_today(sent: Submission, work: Work) -> Reply:
    """An editor confirms a removal that was asked for, done today."""
    incident = _asked(sent.subject, work)
    confirm_removal(incident, done_on=work.today, work=work)
    return Reply(
        cards=cases.private(incident.ref, work),
        headline=f"Kept: {OUTCOMES[incident.outcome]} today.",
        about=incident.ref,
    )


def day_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Ask for the day it was done."""
    incident = _asked(sent.subject, work)
    said = incident.removal.said_done_on if isinstance(incident.removal, AskedRemoval) else None
    return (
        Page(
            title="Done earlier",
            intro="The clocks start on the day it was done.",
            fields=(
                Field(
                    name="done_on",
                    label="On which day?",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(said.isoformat(),) if said else (),
                ),
            ),
        ),
    )


def done_earlier(sent: Submission, work: Work) -> Reply:
    """An editor confirms a removal that was asked for, done on an earlier day."""
    incident = _asked(sent.subject, work)
    confirm_removal(incident, done_on=sent.day("done_on") or work.today, work=work)
    return Reply(cards=cases.private(incident.ref, work), headline="Kept.", about=incident.ref)


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What the editor found: it stays, or what was done and why."""
    incident = _mine(sent.subject.upper(), work)
    day = incident.judged_on
    outcomes = [Outcome.LEFT_UP, Outcome.GONE]
    if incident.track not in STAYS_UP:
        outcomes = [Outcome.LEFT_UP, *(o for o in Outcome if o.removes), Outcome.GONE]
    first = Page(
        title=f"What was done about {incident.ref}?",
        fields=(
            fields.outcome(outcomes),
            fields.child_abuse(),
        ),
        submit="Continue",
    )
    if sent.yes("child_abuse"):
        return (first,)
    if not Outcome(sent.text("outcome") or Outcome.LEFT_UP).removes:
        return (first,)
    part = (Field(name="part", label="Which part?", required=True),)
    host_post = incident.host_post.title or sent.text("host_post")
    asked = before_removal.pages_after(sent, work, host_post=host_post, pack=work.book.on(day))
    return (
        first,
        Page(
            title="Why",
            fields=(
                fields.clauses(work.book.on(day)),
                fields.observations(),
                Field(name="why", label="In your own words", kind=FieldKind.LONG_TEXT, max_length=2000),
                *(() if incident.host_post.title else (fields.host_post(),)),
                *(part if sent.text("outcome") == Outcome.REMOVED_IN_PART else ()),
                fields.handles(),
                Field(
                    name="done_on",
                    label="Done on",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
                *(() if incident.has_copy or incident.copy_impossible else _copy_fields()),
            ),
        ),
        *asked,
    )


def _copy_fields() -> tuple[Field, ...]:
    return (
        Field(name="text", label="What it said", kind=FieldKind.LONG_TEXT, max_length=20_000),
        Field(name="pictures", label="Picture of it", kind=FieldKind.FILE),
        Field(name="no_copy", label="No copy is possible because", max_length=300),
    )


def settle(sent: Submission, work: Work) -> Reply:
    """Keep what the editor found and did."""
    incident = _mine(sent.subject.upper(), work)
    if sent.yes("child_abuse"):
        drop_files(sent, work)
        return to_child_safety(incident, work)
    outcome = Outcome(sent.text("outcome"))
    if not outcome.removes:
        answered = incident.track in ANSWERED and outcome is Outcome.LEFT_UP
        return _to_be_answered(incident, work) if answered else stays_up(incident, outcome, work)
    day = incident.judged_on
    host_post = incident.host_post.title or sent.text("host_post")
    reason = reason_given(sent, sent.chosen("clauses"), host_post=host_post, pack=work.book.on(day))
    before_removal.check(sent, sent.chosen("clauses"), work.book.on(day), work, ref=incident.ref)
    check_no_complaint(incident.link, incident.text or sent.text("text"), work, but=incident.ref)
    account = work.account(incident.account) if incident.account else None
    handles = sent.lines("handles")
    author = author_named(handles[0], account.platform, work) if handles and account else None
    text = incident.text or sent.text("text")
    kept = tuple(work.keep_file(token) for token in sent.chosen("pictures"))
    fuller = replace(
        incident,
        text=text,
        text_sha256=text_hash(text),
        host_post=replace(incident.host_post, title=host_post),
        evidence=(*incident.evidence, *kept),
        copy_impossible=incident.copy_impossible or sent.text("no_copy"),
        author=author.id if author else incident.author,
        removal=None,
    )
    asked = AskedRemoval(
        outcome=outcome,
        reason=reason,
        asked_by=work.actor.id,
        asked_at=work.now,
        said_done_on=sent.day("done_on"),
        part=sent.text("part"),
    )
    taken = work.save(fuller.take_down(asked), before=incident)
    before_removal.keep_answers(taken.ref, sent, sent.chosen("clauses"), work.book.on(day), work)
    confirm_removal(taken, done_on=sent.day("done_on") or work.today, work=work)
    offered = attorney_approval.offer_hold(taken.ref, work) if sent.yes("litigation") else ()
    return Reply(cards=(*cases.private(taken.ref, work), *offered), headline="Kept.", about=taken.ref)


def _to_be_answered(incident: Incident, work: Work) -> Reply:
    """The item stays, and somebody still waits for an answer; until then the report is open."""
    check_not_held(incident, work)
    open_still = work.save(replace(incident, outcome=Outcome.LEFT_UP, removal=None, closed_on=None), before=incident)
    work.end_tasks(open_still.ref, TaskKind.LOOK)
    ask(open_still, work)
    work.tell(Channel.SOCIAL_MEDIA, about=open_still.ref, headline="It stays up, and waits for an answer.")
    return Reply(
        cards=cases.private(open_still.ref, work),
        headline="It stays up. Now it waits for an answer.",
        about=incident.ref,
    )


def stays_up(incident: Incident, outcome: Outcome, work: Work) -> Reply:
    """The item stays, or is gone by itself: nothing of it is kept but its link and what became of it.

    :raises Refusal: a hold stands on it, so what is kept has to stay
    """
    check_not_held(incident, work)
    for kept in incident.evidence:
        work.shelves.book.release_file(kept.sha256, work.now)
    closed = work.save(replace(incident.leave_up(on=work.today), outcome=outcome), before=incident)
    unlink_reported_together(closed.ref, work)
    work.end_tasks(closed.ref, TaskKind.LOOK)
    drop_tasks(closed, work, TaskKind.CONFIRM_REMOVAL)
    work.tell(Channel.SOCIAL_MEDIA, about=closed.ref, headline=f"Settled: {OUTCOMES[outcome]}.")
    return Reply(cards=cases.private(closed.ref, work), headline=f"Kept: {OUTCOMES[outcome]}.", about=closed.ref)


def _mine(ref: str, work: Work) -> Incident:
    """A report on an account the actor edits.

    :raises Refusal: the actor is no editor of it, or the report has gone behind the wall, where nothing is copied
    """
    incident = work.incident(ref)
    if incident.track in WALLED:
        raise Refusal(f"{ref} is confidential: those it was brought to deal with it. Nothing was changed.")
    if incident.account is not None:
        work.require(Power.CONFIRM, account=incident.account)
    else:
        work.require(Power.CORRECT)
    return incident


def _asked(task: str, work: Work) -> Incident:
    """The report behind a task to confirm a removal.

    :raises Refusal: somebody did it already, or the actor is no editor of the account
    """
    return work.incident(open_task(task, work, TaskKind.CONFIRM_REMOVAL).case)


def open_task(task: str, work: Work, *kinds: TaskKind) -> Task:
    """An open task of one of these kinds, for somebody who may do it.

    :raises Mistake: there is none with this id
    :raises Refusal: it is done already, or is somebody else's to do
    """
    try:
        found = work.shelves.tasks.get(UUID(task))
    except ValueError:
        found = None
    if found is None or found.kind not in kinds:
        raise Mistake("I can't find that task any more. “tasks” lists what you are asked to do.")
    work.require(Power.CONFIRM, account=found.account)
    if found.state is not TaskState.OPEN:
        when = work.local(found.ended_at) if found.ended_at else work.now
        if found.state is TaskState.VOID:
            raise Refusal(
                f"{work.name(found.ended_by)} settled this already, on {when:%-d %B %Y at %H:%M}. "
                "It is no longer to be done."
            )
        raise Refusal(f"{work.name(found.ended_by)} did this already, on {when:%-d %B %Y at %H:%M}.")
    return found
