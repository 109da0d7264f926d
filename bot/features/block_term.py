"""How long a block lasts: its time runs from the first day in force, and people lift it when it has run.

A timer never lifts anything. On the day the time has run the date is reminded of, and where the policy has the block
end by itself, or sets the time as fixed or the most, editors are asked to lift it.
"""

from datetime import date

from bot.cases.block import Block, DecidedBlock, Decision, in_force_on, is_lifted_at_its_end, request_of
from bot.cases.clock import Clock, ClockState
from bot.cases.task import TaskKind, TaskState
from bot.policy.terms import Channel, ClockName, Role
from bot.work import Work


def lifted(ref: str, work: Work) -> None:
    """Nobody is blocked any more: the time that was set is over, whether it had run or not."""
    if in_force_on(work.shelves.blocks.executions(ref)):
        return
    for clock in _terms(ref, work):
        if clock.state in {ClockState.RUNNING, ClockState.OPENED}:
            work.save(clock.stop(ClockState.MET), before=clock)


def overturned(ref: str, work: Work) -> None:
    """The block was reversed: the time that was set counts no more."""
    for clock in _terms(ref, work):
        if clock.state is ClockState.RUNNING:
            work.save(clock.stop(ClockState.VOID), before=clock)


def ask_to_lift(work: Work) -> None:
    """Ask editors to lift every block whose time has run by today, once for each account it is in force on."""
    for block in work.shelves.blocks.with_a_step():
        if not isinstance(block, DecidedBlock) or block.decision is not Decision.APPROVED:
            continue
        day = ends_on(block, work)
        step = work.step_of(block)
        if day is None or day > work.today or step is None or not is_lifted_at_its_end(step):
            continue
        _ask(block, work)


def _ask(block: DecidedBlock, work: Work) -> None:
    undoes = {TaskKind.LIFT_BLOCK, TaskKind.RESTORE}
    asked = {
        task.account
        for task in work.shelves.tasks.of_case(block.ref)
        if task.kind in undoes and task.state is TaskState.OPEN
    }
    in_force = in_force_on(work.shelves.blocks.executions(block.ref))
    for account in request_of(block).accounts:
        if account in in_force and account not in asked:
            work.ask_for(TaskKind.LIFT_BLOCK, case=block.ref, role=Role.EDITOR, account=account)
            work.tell(Channel.SOCIAL_MEDIA, about=block.ref, headline="Its time has run: editors are asked to lift it.")


def ends_on(block: Block, work: Work) -> date | None:
    """The local day from which a block has run its time; ``None`` where it has no end or is not in force."""
    return next((clock.due for clock in _terms(block.ref, work) if clock.state is not ClockState.VOID), None)


def _terms(ref: str, work: Work) -> list[Clock]:
    return [
        clock
        for clock in work.shelves.clocks.of_case(ref)
        if clock.name.partition(".")[0] == ClockName.BLOCK_ENDS.value
    ]
