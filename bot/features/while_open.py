"""Where the policy suspends a decision while its appeal is open: editors undo it meanwhile, and do it again after.

It is the same decision all the while: what counts, and since when it is in force, does not change by it. A reversal is
carried out like any other; where the decision stands, whatever was undone meanwhile is asked to be done again.
"""

from uuid import UUID

from bot.cards import Reply, Submission
from bot.cases.appeal import Answer, DecidedAppeal, ReceivedAppeal
from bot.cases.block import in_force_on
from bot.cases.follow_up import FollowUpKind
from bot.cases.task import TaskKind, TaskState
from bot.features import following_up
from bot.features.look_into import open_task
from bot.policy.terms import Channel, Role, Track
from bot.views import cases
from bot.views.parts import account_label
from bot.work import Work

ASKED = (TaskKind.SUSPEND, TaskKind.RESUME)
KEPT = {TaskKind.SUSPEND: FollowUpKind.SUSPENDED, TaskKind.RESUME: FollowUpKind.RESUMED}


def begin(appeal: ReceivedAppeal, work: Work) -> None:
    """Ask editors to undo it on each account; nothing where the policy does not suspend it, or it is asked already."""
    rule = work.book.on(appeal.writing.received_on).appeal.at(appeal.level)
    if rule.while_pending != "suspended" or appeal.second_of or not appeal.against:
        return
    undone = _undone(appeal.against, work)
    asked = _asked(appeal.against, work)
    work.end_tasks(appeal.against, TaskKind.RESUME, state=TaskState.VOID)
    accounts = sorted(_done_on(appeal.against, work) - undone - asked, key=str)
    for account in accounts:
        work.ask_for(TaskKind.SUSPEND, case=appeal.against, role=Role.EDITOR, account=account)
    if accounts:
        headline = "An appeal is open, and the policy suspends it meanwhile: an editor undoes it."
        work.tell(Channel.SOCIAL_MEDIA, about=appeal.against, headline=headline)


def end(decided: DecidedAppeal, work: Work) -> None:
    """There is an answer: where the decision stands, whatever was undone meanwhile is asked to be done again."""
    _resume(decided.received.against, work, again=decided.answer is not Answer.REVERSED)


def about_something_else(against: str, work: Work) -> None:
    """The appeal turned out not to be about this: what was undone for it is asked to be done again."""
    if not any(isinstance(one, ReceivedAppeal) for one in work.shelves.appeals.against(against)):
        _resume(against, work, again=True)


def _resume(against: str, work: Work, *, again: bool) -> None:
    work.end_tasks(against, TaskKind.SUSPEND, state=TaskState.VOID)
    undone = sorted(_undone(against, work), key=str) if again else []
    for account in undone:
        work.ask_for(TaskKind.RESUME, case=against, role=Role.EDITOR, account=account)
    if undone:
        headline = "The decision stands: an editor does again what was undone while the appeal was open."
        work.tell(Channel.SOCIAL_MEDIA, about=against, headline=headline)


def done(sent: Submission, work: Work) -> Reply:
    """An editor undid it for now, or did it again; kept with the account and the clause."""
    task = open_task(sent.subject, work, *ASKED)
    label = account_label(task.account, work)
    rule = work.pack.appeal.rule_of("while_pending")
    following_up.keep(KEPT[task.kind], task.case, work, particulars={"On": label}, rules=(rule,))
    work.end_task(task)
    undone = task.kind is TaskKind.SUSPEND
    headline = f"Undone on {label} while an appeal is open." if undone else f"Done again on {label}."
    work.tell(Channel.SOCIAL_MEDIA, about=task.case, headline=headline)
    return Reply(cards=cases.private(task.case, work), headline=headline, about=task.case)


def _asked(case: str, work: Work) -> set[UUID | None]:
    """The accounts on which an editor is asked to undo it already."""
    tasks = work.shelves.tasks.of_case(case)
    return {task.account for task in tasks if task.kind is TaskKind.SUSPEND and task.state is TaskState.OPEN}


def _done_on(against: str, work: Work) -> set[UUID]:
    """The accounts on which the decision is carried out; what must never be shown again is not undone for a while."""
    if against.startswith("B-"):
        return set(in_force_on(work.shelves.blocks.executions(against)))
    incident = work.shelves.incidents.by_ref(against)
    if incident is None or not incident.sustained or incident.track is Track.CHILD_SAFETY:
        return set()
    return {incident.account} if incident.account else set()


def _undone(case: str, work: Work) -> set[UUID]:
    """The accounts on which it was undone meanwhile and has not been done again."""
    last: dict[UUID, TaskKind] = {}
    tasks = (task for task in work.shelves.tasks.of_case(case) if task.kind in ASKED and task.state is TaskState.DONE)
    for task in sorted(tasks, key=lambda one: one.ended_at or one.opened_at):
        if task.account is not None:
            last[task.account] = task.kind
    return {account for account, kind in last.items() if kind is TaskKind.SUSPEND}
