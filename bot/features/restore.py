"""Undo what was reversed on appeal: one line for each account, until an editor undid it or says why it cannot be.

The letter to the patron never waits for this, and nothing is undone by itself.
"""

from datetime import date
from uuid import UUID, uuid4

from bot.cards import Card, Field, FieldKind, Page, Reply, Submission
from bot.cases.appeal import Answer, DecidedAppeal, Restoration
from bot.cases.block import Done, Execution, in_force_from, in_force_on
from bot.cases.clock import ClockState
from bot.cases.incident import ConfirmedRemoval
from bot.cases.task import Task, TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features import block_term, reinstatement
from bot.features.look_into import open_task
from bot.people import deciders
from bot.policy.terms import Action, Channel, ClockName, Role
from bot.reading import no_such
from bot.refusal import Mistake, Refusal
from bot.views import blocks, cases
from bot.views.parts import account_label
from bot.work import Work


def begin(appeal: DecidedAppeal, work: Work) -> None:
    """Open the checklist of a reversal: the act stops counting, and editors are asked to undo it on each account.

    A block that an editor was still asked to make is no longer to be made.
    """
    ref = appeal.received.against
    if ref.startswith("I-"):
        _begin_item(ref, work)
    else:
        _begin_block(ref, work)


def _begin_item(ref: str, work: Work) -> None:
    incident = work.shelves.incidents.by_ref(ref)
    if incident is None or not incident.sustained:
        return
    work.save(incident.overturn(on=work.today), before=incident)
    work.end_tasks(ref, TaskKind.WARN_PERSON, state=TaskState.VOID)
    work.ask_for(TaskKind.RESTORE, case=ref, role=Role.EDITOR, account=incident.account)
    work.tell(Channel.SOCIAL_MEDIA, about=ref, headline="Reversed on appeal: an editor is asked to undo it.")
    for block in work.shelves.blocks.of_authors((incident.author,) if incident.author else ()):
        in_force = in_force_on(work.shelves.blocks.executions(block.ref))
        if in_force and ref in {one.ref for one in blocks.reversed_since(block, work)}:
            _say_what_it_rests_on(block.ref, work)


def _say_what_it_rests_on(block: str, work: Work) -> None:
    """A block in force rests on what was reversed: whoever decides blocks hears of it; nothing is lifted by that."""
    roles, _ = deciders(Action.BLOCK, on=work.today, book=work.book)
    for role in sorted(roles):
        work.tell_role(role, about=block, headline="A removal that this block rests on was reversed on appeal.")
    work.touch(block)


def _begin_block(ref: str, work: Work) -> None:
    work.end_tasks(ref, TaskKind.MAKE_BLOCK, TaskKind.LIFT_BLOCK, state=TaskState.VOID)
    asked = {task.account for task in work.shelves.tasks.of_case(ref) if _is_open(task)}
    for account in sorted(in_force_on(work.shelves.blocks.executions(ref)) - asked, key=str):
        work.ask_for(TaskKind.RESTORE, case=ref, role=Role.EDITOR, account=account)
    for clock in work.shelves.clocks.of_case(ref):
        if clock.name.startswith(ClockName.REINSTATEMENT_FROM) and clock.state is ClockState.RUNNING:
            work.save(clock.stop(ClockState.VOID), before=clock)
    block_term.overturned(ref, work)
    reinstatement.judge_again(ref, work)
    work.tell(Channel.SOCIAL_MEDIA, about=ref, headline="Reversed on appeal: editors are asked to undo it.")


def _is_open(task: Task) -> bool:
    return task.kind is TaskKind.RESTORE and task.state is TaskState.OPEN


def done_today(sent: Submission, work: Work) -> Reply:
    """The editor undid it today."""
    return _undone(_task(sent, work), work.today, work)


def day_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Ask for the day it was undone."""
    task = _task(sent, work)
    return (
        Page(
            title="Undone earlier",
            intro=f"{task.case} was reversed on appeal. On {account_label(task.account, work)}:",
            fields=(
                Field(name="done_on", label="On which day?", kind=FieldKind.DATE, required=True, latest=work.today),
            ),
        ),
    )


def done_earlier(sent: Submission, work: Work) -> Reply:
    """The editor undid it on an earlier day."""
    task = _task(sent, work)
    day = sent.day("done_on") or work.today
    since = _since(task, work)
    if since is not None and day < since:
        raise Mistake(
            "It cannot have been undone before it was done.",
            beside={"done_on": f"It was done on {short_date(since)}; choose that day or a later one."},
        )
    return _undone(task, day, work)


def cannot_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Ask why it cannot be undone."""
    task = _task(sent, work)
    return (
        Page(
            title="It cannot be undone",
            intro=f"{task.case} was reversed on appeal. This closes the line of {account_label(task.account, work)}.",
            fields=(
                Field(
                    name="why",
                    label="Why can it not be undone?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint="For example: the platform deleted it for good. It stays on file.",
                    max_length=1000,
                ),
            ),
        ),
    )


def cannot(sent: Submission, work: Work) -> Reply:
    """The editor says why it cannot be undone there; the line is closed and the reason stays on file."""
    task = _task(sent, work)
    if not sent.text("why"):
        raise Mistake("Why not?", beside={"why": "Write why it cannot be undone."})
    return _close(task, work.today, work, why=sent.text("why"))


def _undone(task: Task, day: date, work: Work) -> Reply:
    if task.case.startswith("B-") and task.account is not None:
        work.save(
            Execution(
                id=uuid4(),
                library=work.library.id,
                block=task.case,
                account=task.account,
                done=Done.LIFTED,
                done_on=day,
                confirmed_by=work.actor.id,
                confirmed_at=work.now,
            )
        )
    return _close(task, day, work)


def _close(task: Task, day: date, work: Work, *, why: str = "") -> Reply:
    appeal = _reversal(task.case, work)
    work.save(
        Restoration(
            id=uuid4(),
            library=work.library.id,
            appeal=appeal.ref,
            target=task.case,
            account=task.account,
            done_on=day,
            confirmed_by=work.actor.id,
            confirmed_at=work.now,
            cannot=why,
        )
    )
    work.end_task(task)
    label = account_label(task.account, work)
    headline = f"On {label} it cannot be undone." if why else f"Undone on {label}, {short_date(day)}."
    work.tell(Channel.SOCIAL_MEDIA, about=task.case, headline=headline)
    work.tell(Channel.DECISIONS, about=appeal.ref, headline=headline)
    if why:
        work.tell_people([work.person(appeal.ruling.by)], about=appeal.ref, headline=headline)
    return Reply(cards=_card(task.case, work), headline=headline, about=task.case)


def _card(ref: str, work: Work) -> tuple[Card, ...]:
    """The case that was undone, if the editor may open it."""
    try:
        return cases.private(ref, work)
    except Refusal:
        return ()


def _task(sent: Submission, work: Work) -> Task:
    return open_task(sent.subject, work, TaskKind.RESTORE)


def _since(task: Task, work: Work) -> date | None:
    """The day the act was done on the task's account."""
    if task.case.startswith("I-"):
        incident = work.shelves.incidents.by_ref(task.case)
        removal = incident.removal if incident else None
        return removal.done_on if isinstance(removal, ConfirmedRemoval) else None
    return in_force_from(_made_on(task.case, task.account, work))


def _made_on(ref: str, account: UUID | None, work: Work) -> list[Execution]:
    return [one for one in work.shelves.blocks.executions(ref) if one.account == account]


def _reversal(ref: str, work: Work) -> DecidedAppeal:
    """The appeal on which an act was reversed.

    :raises Mistake: there is none
    """
    for appeal in work.shelves.appeals.against(ref):
        if isinstance(appeal, DecidedAppeal) and appeal.answer is Answer.REVERSED:
            return appeal
    raise no_such(ref)
