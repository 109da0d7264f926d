"""What can be pressed to do a task. Who may is checked at the press."""

from bot.cards import Button, Style
from bot.cases.task import Task, TaskKind, TaskState
from bot.policy.terms import Role
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
    subject = str(task.id)
    several = task.account is not None and task.kind in {TaskKind.MAKE_BLOCK, TaskKind.LIFT_BLOCK}
    where = f" on {account_label(task.account, work)}" if several else ""
    match task.kind:
        case TaskKind.LOOK:
            return (
                Button(
                    label="I'll look", intent="incident.claim", subject=task.case, version=version_of(task.case, work)
                ),
                Button(label="Say what was done", intent="incident.settle", subject=task.case, opens_form=True),
            )
        case TaskKind.CONFIRM_REMOVAL:
            return (
                Button(
                    label="Done today", intent="incident.done_today", subject=subject, version=1, style=Style.PRIMARY
                ),
                Button(label="Done earlier", intent="incident.done_earlier", subject=subject, opens_form=True),
                Button(label="Something else", intent="incident.settle", subject=task.case, opens_form=True),
            )
        case TaskKind.MAKE_BLOCK | TaskKind.LIFT_BLOCK:
            return (
                Button(
                    label=f"Done today{where}",
                    intent="block.done_today",
                    subject=subject,
                    version=1,
                    style=Style.PRIMARY,
                ),
                Button(label=f"Done earlier{where}", intent="block.done_earlier", subject=subject, opens_form=True),
            )
        case TaskKind.DECIDE_BLOCK | TaskKind.ADOPT_OR_LIFT:
            return decision_buttons(task.case, work, adopt=task.kind is TaskKind.ADOPT_OR_LIFT)
        case TaskKind.SEND_NOTICE:
            return (
                Button(label="Tell the person, or not", intent="notice.settle", subject=task.case, opens_form=True),
            )


def decision_buttons(ref: str, work: Work, *, adopt: bool) -> tuple[Button, ...]:
    """Approve and deny; for a block an editor had already made, adopt and lift."""
    version = version_of(ref, work)
    yes, no = ("Adopt the block", "Lift the block") if adopt else ("Approve", "Deny")
    return (
        Button(label=yes, intent="block.approve", subject=ref, version=version, style=Style.DANGER, opens_form=True),
        Button(label=no, intent="block.deny", subject=ref, version=version, opens_form=True),
    )
