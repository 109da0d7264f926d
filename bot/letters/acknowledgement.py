"""The answer to a second appeal of the same act: that it came in, and that the first answer is the last word.

Where the first one still waits, it says that both are read together. The finality is said only where the policy says
so. Patrons never read "incident", "case" or "subject".
"""

from bot.cases.appeal import DecidedAppeal, Form, ReceivedAppeal
from bot.clocks.calendar import long_date
from bot.work import Work

FORMS: dict[Form, str] = {
    Form.LETTER: "letter",
    Form.EMAIL: "e-mail",
    Form.MESSAGE: "message",
    Form.DICTATED: "appeal that we wrote down for you",
}
"""How what came in is called in letters to whoever wrote it."""


def text(appeal: ReceivedAppeal, work: Work) -> str:
    """The text to send about a second appeal."""
    first = work.shelves.appeals.by_ref(appeal.second_of)
    came, form = long_date(appeal.writing.received_on), FORMS[appeal.writing.form]
    lines = [f"Your {form} came in on {came}. Thank you for writing; it is kept with what you wrote before."]
    if isinstance(first, DecidedAppeal):
        lines += answered(first, work)
    else:
        to = work.book.on(appeal.writing.received_on).appeal.filed_with
        who = f"The {work.title(to)}" if to else "The library"
        lines.append(f"{who} reads both together and answers them at once.")
    return "\n\n".join(lines)


def is_final(first: DecidedAppeal, work: Work) -> bool:
    """Test whether the policy says that an answer is the last word."""
    day = first.received.writing.received_on
    return bool(work.book.on(day).appeal.at(first.received.level).final)


def answered(first: DecidedAppeal, work: Work) -> list[str]:
    """That the first was answered, and that this is final where the policy says so."""
    level, day = first.received.level, first.received.writing.received_on
    lines = [f"Your earlier appeal was answered on {long_date(first.ruling.on)}."]
    if is_final(first, work):
        cited = work.book.cite(work.book.on(day).appeal.rule_of("final", level=level), on=day)
        lines.append(f"That answer is final under the policy: {cited.sentence or cited.label} ({cited.source}).")
    return lines
