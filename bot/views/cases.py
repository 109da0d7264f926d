"""A case by its reference: privately in full, or as a channel shows it."""

from bot.cards import Card
from bot.people import Power
from bot.reading import no_such
from bot.views import appeals, blocks, docket, holds, incidents, permissions, reinstatements, upkeeps
from bot.work import Work


def private(ref: str, work: Work) -> tuple[Card, ...]:
    """Everything on file about a case, for somebody who may open it.

    :raises Refusal: they may not
    :raises Mistake: there is no such case
    """
    if stone := work.shelves.docket.tombstone(ref):
        if not work.may(Power.SEE_DOCKET):
            work.require(Power.SEE_LISTS)
        return (docket.tombstone(stone, work),)
    if ref.startswith("I-"):
        return (incidents.private(work.incident(ref), work),)
    if ref.startswith("B-"):
        return (blocks.private(work.block(ref), work),)
    if ref.startswith("A-"):
        return (appeals.private(work.appeal(ref), work),)
    if ref.startswith("R-"):
        return (reinstatements.private(work.reinstatement(ref), work),)
    if ref.startswith(("U-", "P-", "D-", "H-")):
        return (_of_the_library(ref, work),)
    raise no_such(ref)


def pushed(ref: str, work: Work) -> Card:
    """A case as a channel or a direct message shows it: nothing of the author, the content or the reason.

    :raises Mistake: there is no such case
    """
    shelves = work.shelves
    if incident := shelves.incidents.by_ref(ref):
        card = incidents.pushed(incident, work)
    elif block := shelves.blocks.by_ref(ref):
        card = blocks.pushed(block, work)
    elif appeal := shelves.appeals.by_ref(ref):
        card = appeals.pushed(appeal, work)
    elif request := shelves.reinstatements.by_ref(ref):
        card = reinstatements.pushed(request, work)
    elif disposal := shelves.docket.by_ref(ref):
        card = docket.pushed(disposal, work)
    elif hold := holds.called(ref, work):
        card = holds.pushed(hold, work)
    elif stone := shelves.docket.tombstone(ref):
        card = docket.tombstone(stone, work)
    elif ref.startswith("U-"):
        card = upkeeps.pushed(upkeeps.called(ref, work), work)
    elif ref.startswith("P-"):
        card = permissions.pushed(permissions.called(ref, work))
    else:
        raise no_such(ref)
    return card


def _of_the_library(ref: str, work: Work) -> Card:
    """What is kept up, a permission, a disposal or a hold."""
    if ref.startswith("U-"):
        return upkeeps.private(upkeeps.called(ref, work), work)
    if ref.startswith("P-"):
        return permissions.private(permissions.called(ref, work), work)
    work.require(Power.SEE_DOCKET)
    if disposal := work.shelves.docket.by_ref(ref):
        return docket.private(disposal, work)
    if hold := holds.called(ref, work):
        return holds.private(hold, work)
    raise no_such(ref)
