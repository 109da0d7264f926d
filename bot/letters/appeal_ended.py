"""The letter about an appeal that ended without an answer: nothing of ours was meant, or it was taken back.

Patrons never read "incident", "case" or "subject".
"""

from bot.cases.appeal import Answer, DecidedAppeal
from bot.clocks.calendar import long_date
from bot.letters.acknowledgement import FORMS
from bot.refusal import Refusal
from bot.work import Work


def text(appeal: DecidedAppeal, work: Work) -> str:
    """The text to send.

    :raises Refusal: it was put on file by mistake, so there is nobody to write to
    """
    paper = appeal.received.writing
    came = f"Your {FORMS[paper.form]} came in on {long_date(paper.received_on)}."
    if appeal.answer is Answer.NOT_OURS:
        found = f"We looked for what you wrote about, and found nothing of yours that {work.library.name} took down"
        lines = [
            f"{came} {found}, and no block.",
            f"Why: {appeal.reason}",
            "If you meant something else, please write again and say what it was, where it stood and when.",
        ]
    elif appeal.answer is Answer.WITHDRAWN:
        lines = [f"{came} You have since written that you take it back, so it is not answered. Both stay on file."]
    else:
        raise Refusal(f"{appeal.ref} was put on file by mistake, so there is nobody to write to.")
    return "\n\n".join(lines)
