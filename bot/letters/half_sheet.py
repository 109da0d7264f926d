"""The half-sheet: what somebody who objects at the desk is handed. How to appeal, where, and until when.

The day is that of the act they object to, where it is known; otherwise the policy's own period is said. Where the
policy gives no day none is invented.
"""

from bot.cases.clock import ClockState
from bot.clocks.calendar import long_date
from bot.letters.notice import PLACEHOLDER
from bot.policy.pack import AppealRule
from bot.policy.terms import ClockName
from bot.work import Work

WAYS: dict[str, str] = {"letter": "a letter", "email": "an e-mail", "message": "a message"}


def paragraphs(ref: str, work: Work) -> tuple[str, ...]:
    """What to hand over; ``ref`` is the removal or the block, or empty when nobody knows which."""
    rule = work.pack.appeal
    to = work.title(rule.filed_with) if rule.filed_with else "library"
    address = work.book.practice("appeal.address")
    how = " or ".join(WAYS[form] for form in rule.forms)
    asked = f"Write to the {to}, as {how}," if how else f"Write to the {to}"
    return (
        f"You may ask the library to look at its decision again. {asked} and say which decision you mean and why.",
        f"Where to: {address.value if address else PLACEHOLDER}",
        _until(ref, rule, work),
        "If you cannot write yourself, tell us: somebody will write it down for you and read it back to you.",
    )


def _until(ref: str, rule: AppealRule, work: Work) -> str:
    clocks = [one for one in work.shelves.clocks.of_case(ref) if ref and one.state is not ClockState.VOID]
    until = next((one for one in clocks if one.name.startswith(ClockName.APPEAL_BY)), None)
    if until is not None:
        practice = "" if until.stated else " The policy names no last day; this one is the library's practice."
        return f"Until when: {long_date(until.due)}, counted from {long_date(until.happened_on)}.{practice}"
    if rule.deadline and not ref:
        return f"Until when: the policy says {rule.deadline}. The library can tell you the day for your case."
    return "Until when: the policy names no last day."
