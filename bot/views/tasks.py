"""What can be pressed to do a task. Who may is checked at the press."""

from collections.abc import Callable, Mapping

from bot.cards import Button, Style
from bot.cases.incident import ACTIONS, Incident
from bot.cases.task import ASKED, Task, TaskKind, TaskState
from bot.policy.terms import Action, Role
from bot.views.parts import account_label, version_of
from bot.work import Work


def asked_of_me(task: Task, work: Work) -> bool:
    """Test whether the actor holds the role a task is asked of; an editor, on the task's account."""
    if task.role is Role.EDITOR and task.account is not None:
        return work.actor.edits(task.account, on=work.today)
    return work.actor.has(task.role, on=work.today)


def my_task_buttons(ref: str, work: Work) -> tuple[Button, ...]:
    """What the actor can press to do the open tasks of a case that are theirs."""
    return tuple(
        button
        for task in work.shelves.tasks.of_case(ref)
        if task.state is TaskState.OPEN and asked_of_me(task, work)
        for button in task_buttons(task, work)
    )


def all_task_buttons(ref: str, work: Work) -> tuple[Button, ...]:
    """What can be pressed for every open task of a case, as its channel shows it."""
    return tuple(
        button
        for task in work.shelves.tasks.of_case(ref)
        if task.state is TaskState.OPEN
        for button in task_buttons(task, work)
    )


def task_buttons(task: Task, work: Work) -> tuple[Button, ...]:
    """What can be pressed to do a task. Who may is checked at the press."""
    return BUTTONS[task.kind](task, work)


def _look(task: Task, work: Work) -> tuple[Button, ...]:
    return (
        Button(label="I'll look", intent="incident.claim", subject=task.case, version=version_of(task.case, work)),
        Button(label="Say what was done", intent="incident.settle", subject=task.case, opens_form=True),
    )


def _confirm_removal(task: Task, _work: Work) -> tuple[Button, ...]:
    subject = str(task.id)
    return (
        Button(label="Done today", intent="incident.done_today", subject=subject, version=1, style=Style.PRIMARY),
        Button(label="Done earlier", intent="incident.done_earlier", subject=subject, opens_form=True),
        Button(label="Something else", intent="incident.settle", subject=task.case, opens_form=True),
    )


def _carry_out_block(task: Task, work: Work) -> tuple[Button, ...]:
    subject, where = str(task.id), _on_account(task, work)
    done = f"Done today{where}"
    return (
        Button(label=done, intent="block.done_today", subject=subject, version=1, style=Style.PRIMARY),
        Button(label=f"Done earlier{where}", intent="block.done_earlier", subject=subject, opens_form=True),
    )


def _restore(task: Task, work: Work) -> tuple[Button, ...]:
    """A line of the checklist: undone today, undone earlier, or it cannot be."""
    subject, where = str(task.id), _on_account(task, work)
    undone = f"Undone today{where}"
    return (
        Button(label=undone, intent="restore.done_today", subject=subject, version=1, style=Style.PRIMARY),
        Button(label=f"Undone earlier{where}", intent="restore.done_earlier", subject=subject, opens_form=True),
        Button(label=f"Cannot be undone{where}", intent="restore.cannot", subject=subject, opens_form=True),
    )


def _for_now(label: str) -> Callable[[Task, Work], tuple[Button, ...]]:
    """Undo something for now, or do it again: one press."""

    def buttons(task: Task, work: Work) -> tuple[Button, ...]:
        said = f"{label}{_on_account(task, work)}"
        return (Button(label=said, intent="appeal.for_now", subject=str(task.id), version=1, style=Style.PRIMARY),)

    return buttons


def _acknowledge(task: Task, _work: Work) -> tuple[Button, ...]:
    return (Button(label="I have taken note", intent="incident.acknowledge", subject=str(task.id), version=1),)


def _tell(task: Task, work: Work) -> tuple[Button, ...]:
    label = "Tell the person" if must_be_told(task.case, work) else "Tell the person, or not"
    return _opens(label, "notice.settle")(task, work)


def asked(task: Task, work: Work) -> str:
    """What is asked, in words; not to tell somebody is offered only where the policy leaves it open."""
    must = task.kind is TaskKind.SEND_NOTICE and must_be_told(task.case, work)
    return "Tell the person" if must else ASKED[task.kind]


def must_be_told(ref: str, work: Work) -> bool:
    """Test whether the policy in force requires that the person be told of what was done in a case."""
    if ref.startswith("I-"):
        incident = work.shelves.incidents.by_ref(ref)
        act = ACTIONS.get(incident.outcome) if isinstance(incident, Incident) else None
    else:
        act = {"A-": Action.APPEAL, "R-": Action.REINSTATE, "B-": Action.BLOCK}.get(ref[:2])
    return act is not None and work.pack.notice(act).duty == "required"


def _on_account(task: Task, work: Work) -> str:
    return f" on {account_label(task.account, work)}" if task.account else ""


def _opens_about(label: str, intent: str) -> Callable[[Task, Work], tuple[Button, ...]]:
    """One button that opens a form about what is kept up, which has no versions."""

    def buttons(task: Task, _work: Work) -> tuple[Button, ...]:
        return (Button(label=label, intent=intent, subject=task.case, style=Style.PRIMARY, opens_form=True),)

    return buttons


def _decide_block(task: Task, work: Work) -> tuple[Button, ...]:
    return decision_buttons(task.case, work, adopt=task.kind is TaskKind.ADOPT_OR_LIFT)


def _opens(label: str, intent: str, *, style: Style = Style.PLAIN) -> Callable[[Task, Work], tuple[Button, ...]]:
    """One button that opens a form about the task's case, as it stands now."""

    def buttons(task: Task, work: Work) -> tuple[Button, ...]:
        version = version_of(task.case, work)
        return (Button(label=label, intent=intent, subject=task.case, version=version, style=style, opens_form=True),)

    return buttons


BUTTONS: Mapping[TaskKind, Callable[[Task, Work], tuple[Button, ...]]] = {
    TaskKind.LOOK: _look,
    TaskKind.CONFIRM_REMOVAL: _confirm_removal,
    TaskKind.MAKE_BLOCK: _carry_out_block,
    TaskKind.LIFT_BLOCK: _carry_out_block,
    TaskKind.SUSPEND: _for_now("Undone for now"),
    TaskKind.RESUME: _for_now("Done again"),
    TaskKind.ADOPT_OR_LIFT: _decide_block,
    TaskKind.DECIDE_BLOCK: _decide_block,
    TaskKind.SEND_NOTICE: _tell,
    TaskKind.MATCH_APPEAL: _opens("Say what it is about", "appeal.match"),
    TaskKind.CONSULT: _opens("Ask the Board", "appeal.consult"),
    TaskKind.DECIDE_APPEAL: _opens("Answer it", "appeal.decide", style=Style.PRIMARY),
    TaskKind.RESTORE: _restore,
    TaskKind.MATCH_REINSTATEMENT: _opens("Say what it is about", "reinstatement.match"),
    TaskKind.ALSO_APPEAL: _opens("Is it also an appeal?", "reinstatement.appeal"),
    TaskKind.DECIDE_REINSTATEMENT: _opens("Answer it", "reinstatement.decide", style=Style.PRIMARY),
    TaskKind.ANSWER: _opens("Answered, or none needed", "incident.answer", style=Style.PRIMARY),
    TaskKind.ACKNOWLEDGE: _acknowledge,
    TaskKind.CHECK_NOTICE: _opens("Read the notice", "copyright.check"),
    TaskKind.PUT_BACK: _opens("Put back, or not", "copyright.put_back", style=Style.PRIMARY),
    TaskKind.DEAL_WITH: _opens("The authorities were told", "authority.told"),
    TaskKind.TELL_PLATFORM: _opens("The platform was told", "impostor.told"),
    TaskKind.CORRECT_POST: _opens("It was put right, or not", "own_post.corrected"),
    TaskKind.REVIEW_CONDUCT: _opens("Look at it", "conduct.review"),
    TaskKind.REVIEW_CONDUCT_AS_CHAIR: _opens("Look at it", "conduct.review"),
    TaskKind.ATTEST: _opens_about("Confirm it", "duty.confirm"),
    TaskKind.AGREE: _opens("Agree or refuse", "permission.answer", style=Style.PRIMARY),
    TaskKind.REGISTER_ACCOUNT: _opens("Register it", "account.register", style=Style.PRIMARY),
    TaskKind.WARN_PERSON: _opens("Warn the person", "incident.warn"),
    TaskKind.ENTER_FINDING: _opens("Enter what was found", "inspection.end"),
}
"""What each kind of task offers."""


def decision_buttons(ref: str, work: Work, *, adopt: bool) -> tuple[Button, ...]:
    """Approve and deny; for a block an editor had already made, adopt and lift."""
    version = version_of(ref, work)
    yes, no = ("Adopt the block", "Lift the block") if adopt else ("Approve", "Deny")
    return (
        Button(label=yes, intent="block.approve", subject=ref, version=version, style=Style.DANGER, opens_form=True),
        Button(label=no, intent="block.deny", subject=ref, version=version, opens_form=True),
    )
