"""The answer to a second appeal of the same act: that it came in, and that the first answer is the last word.

Where the first one still waits, it says that both are read together. The finality is said only where the policy says
so. Patrons never read "incident", "case" or "subject".
"""

from bot.cases.appeal import DecidedAppeal, ReceivedAppeal
from bot.clocks.calendar import long_date
from bot.work import Work


def text(appeal: ReceivedAppeal, work: Work) -> str:
    """The text to send about a second appeal."""
    first = work.shelves.appeals.by_ref(appeal.second_of)
    came = long_date(appeal.writing.received_on)
    lines = [f"Your letter came in on {came}. Thank you for writing; it is kept with what you wrote before."]
    if isinstance(first, DecidedAppeal):
        level = first.received.level
        rule = work.book.on(first.received.writing.received_on).appeal
        answered = f"Your earlier appeal was answered on {long_date(first.ruling.on)}."
        lines.append(answered)
        if rule.at(level).final:
            cited = work.book.cite(rule.rule_of("final", level=level), on=first.received.writing.received_on)
            lines.append(f"That answer is final under the policy: {cited.sentence or cited.label} ({cited.source}).")
    else:
        to = work.book.on(appeal.writing.received_on).appeal.filed_with
        who = f"The {work.title(to)}" if to else "The library"
        lines.append(f"{who} reads both letters together and answers them at once.")
    return "\n\n".join(lines)
