"""A case by its reference: privately in full, or as a channel shows it."""

from bot.cards import Card
from bot.reading import no_such
from bot.views import blocks, incidents
from bot.work import Work


def private(ref: str, work: Work) -> tuple[Card, ...]:
    """Everything on file about a case, for somebody who may open it.

    :raises Refusal: they may not
    :raises Mistake: there is no such case
    """
    if ref.startswith("I-"):
        return (incidents.private(work.incident(ref), work),)
    if ref.startswith("B-"):
        return (blocks.private(work.block(ref), work),)
    raise no_such(ref)


def pushed(ref: str, work: Work) -> Card:
    """A case as a channel or a direct message shows it: nothing of the author, the content or the reason.

    :raises Mistake: there is no such case
    """
    if ref.startswith("I-") and (incident := work.shelves.incidents.by_ref(ref)):
        return incidents.pushed(incident, work)
    if ref.startswith("B-") and (block := work.shelves.blocks.by_ref(ref)):
        return blocks.pushed(block, work)
    raise no_such(ref)
