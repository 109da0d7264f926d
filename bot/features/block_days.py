"""From which day the dates of a block run: its own from the first account, the time to appeal from the last.

Whoever finds out only by the second account that they are blocked has the whole time from then. No policy speaks of it;
the date says that this is our reading, and a later account never shortens anything.
"""

from datetime import date

from bot.cases.block import LATER_ACCOUNT, Done
from bot.features import appeal_order
from bot.policy.terms import ClockName, Event
from bot.work import Work


def count_again(ref: str, work: Work) -> None:
    """Count every date of a block anew, after it was made on an account or such a day was put right."""
    made = days(ref, work)
    if made is None:
        return
    first, last = made
    rules = [rule for day in made for rule in work.book.on(day).clocks_on(Event.BLOCK_APPLIED)]
    to_appeal = {rule.name for rule in rules if rule.clock is ClockName.APPEAL_BY}
    later = last > first
    work.start_clocks(Event.BLOCK_APPLIED, case=ref, on=first, without=to_appeal if later else ())
    if later:
        counted = (clock for clock in work.shelves.clocks.of_case(ref) if clock.event is Event.BLOCK_APPLIED)
        others = {clock.name for clock in counted} - to_appeal
        work.start_clocks(Event.BLOCK_APPLIED, case=ref, on=last, without=others, reading=LATER_ACCOUNT)
    appeal_order.look_again(ref, work)


def days(ref: str, work: Work) -> tuple[date, date] | None:
    """The first and the last day on which a block was made; ``None`` while it was made nowhere."""
    made = [one.done_on for one in work.shelves.blocks.executions(ref) if one.done is Done.MADE]
    return (min(made), max(made)) if made else None
