"""Editors confirm what they did on each account; only that puts a block in force or lifts it."""

from datetime import date
from uuid import uuid4

from bot.cards import Field, FieldKind, Page, Reply, Submission
from bot.cases.block import DecidedBlock, Done, Execution, request_of
from bot.cases.task import Task, TaskKind
from bot.clocks.calendar import short_date
from bot.features import block_days, block_term, reinstatement
from bot.features.look_into import open_task
from bot.features.notices import notice_after
from bot.policy.terms import Action, Channel
from bot.reading import no_such
from bot.refusal import Mistake, Refusal
from bot.views import cases
from bot.work import Work


def done_today(sent: Submission, work: Work) -> Reply:
    """The editor did it today."""
    return _confirm(_task(sent, work), work.today, work)


def day_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Ask for the day it was done."""
    task = _task(sent, work)
    block = work.shelves.blocks.by_ref(task.case)
    made = [early.on for early in request_of(block).made_early if early.account == task.account] if block else []
    return (
        Page(
            title="Done earlier",
            intro="The block is in force from the day it was first made.",
            fields=(
                Field(
                    name="done_on",
                    label="On which day?",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(made[0].isoformat(),) if made and task.kind is TaskKind.MAKE_BLOCK else (),
                ),
            ),
        ),
    )


def done_earlier(sent: Submission, work: Work) -> Reply:
    """The editor did it on an earlier day."""
    day = sent.day("done_on") or work.today
    if day > work.today:
        raise Mistake("That day has not come yet.", beside={"done_on": "Choose today or an earlier day."})
    return _confirm(_task(sent, work), day, work)


def _task(sent: Submission, work: Work) -> Task:
    return open_task(sent.subject, work, TaskKind.MAKE_BLOCK, TaskKind.LIFT_BLOCK)


def _confirm(task: Task, day: date, work: Work) -> Reply:
    block = work.shelves.blocks.by_ref(task.case)
    if block is None or task.account is None:
        raise no_such(task.case)
    if not isinstance(block, DecidedBlock):
        raise Refusal(f"{task.case} has not been decided yet.")
    done = Done.MADE if task.kind is TaskKind.MAKE_BLOCK else Done.LIFTED
    before = block_days.days(block.ref, work)
    work.save(
        Execution(
            id=uuid4(),
            library=work.library.id,
            block=block.ref,
            account=task.account,
            done=done,
            done_on=day,
            confirmed_by=work.actor.id,
            confirmed_at=work.now,
        )
    )
    work.end_task(task)
    if done is Done.MADE and block_days.days(block.ref, work) != before:
        block_days.count_again(block.ref, work)
        if before is None:
            notice_after(block.ref, Action.BLOCK, account=task.account, work=work)
    block_term.lifted(block.ref, work)
    reinstatement.judge_again(block.ref, work)
    label = work.account(task.account).label
    headline = f"{'Made' if done is Done.MADE else 'Lifted'} on {label}, {short_date(day)}."
    for channel in (Channel.SOCIAL_MEDIA, Channel.DECISIONS):
        work.tell(channel, about=block.ref, headline=headline)
    return Reply(cards=cases.private(block.ref, work), headline=headline, about=block.ref)
