"""Open a report or a block, privately, with the look logged."""

from bot.cards import Reply, Submission
from bot.refusal import Mistake
from bot.views import cases
from bot.work import Work


def show(sent: Submission, work: Work) -> Reply:
    """Show everything on file about a case to somebody who may see it."""
    ref = sent.subject.strip().upper()
    if not ref:
        raise Mistake("Which one? Write its reference, for example “show I-2026-0001”.")
    cards = cases.private(ref, work)
    work.look(ref)
    return Reply(cards=cards, about=ref)
