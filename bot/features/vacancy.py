"""A decision with nobody to take it goes to the administrators and the Board chair, once on every open day."""

from dataclasses import replace
from uuid import uuid4

from bot.policy.terms import Channel, Role
from bot.ports import Message, MessageKind
from bot.views.waiting import unattended
from bot.work import Work

TOLD = (Role.ADMINISTRATOR, Role.BOARD_CHAIR)


def tell_of_the_day(work: Work) -> None:
    """Queue the day's list of decisions that nobody is here to take; where there is nobody to tell, for the channel.

    Somebody who is in no chat cannot be told by it; the others are asked to tell them.
    """
    if not work.book.packs or not unattended(work):
        return
    day = work.today.isoformat()
    told = Message(
        id=uuid4(),
        library=work.library.id,
        key=f"vacancy:{day}",
        kind=MessageKind.VACANCY,
        about=day,
        next_at=work.now,
        channel=Channel.DECISIONS,
    )
    people = {person.id for role in TOLD for person in work.holders(role) if person.identities}
    if not people:
        work.shelves.messages.queue(told)
    for person in sorted(people, key=str):
        key = f"vacancy:{day}:{person}"
        work.shelves.messages.queue(replace(told, id=uuid4(), key=key, channel=None, person=person))
