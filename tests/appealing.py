"""What people do about an appeal, in the language of ``tests.people``; shared by the tests of what follows from one."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

from bot.cards import Identity
from bot.cases.appeal import DecidedAppeal
from bot.people import Grant, Person
from bot.policy.terms import Role
from bot.training import LIBRARY
from tests.people import TODAY, House, shown

REASON = "flibbertigibbet: the comment sold something, and we took down nothing else of yours"


async def a_removal_appealed(house: House, **removal: Any) -> str:  # noqa: ANN401 - the answers of a form
    """An appeal of a removal that the editor reported and took down."""
    await house.sam.removes(item={"posted_on": "2026-03-01"}, **removal)
    return await house.robin.files_appeal(house.sam.ref, sent_on="2026-03-01")


async def a_block_appealed(house: House, **block: Any) -> str:  # noqa: ANN401 - as above
    """An appeal of a block that the Director approved and the editor made."""
    ref = await house.sam.asks_for_block(**block)
    await house.dana.approves(ref)
    await house.sam.confirms(ref)
    return await house.robin.files_appeal(ref)


async def the_board_was_asked(house: House, ref: str) -> None:
    """The Director records what the Board advised at a meeting today."""
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Record the consultation")
    await house.dana.fills(
        way="At a regular meeting", held_on=TODAY.isoformat(), trustees="Terry Nowak", advised="flibber: let it stand"
    )
    assert "Kept" in house.dana.reply.headline, shown(house.dana.reply)


async def opens_answer(house: House, ref: str) -> None:
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Answer it")


def offered(house: House) -> list[str]:
    """The answers the Director is offered."""
    [field] = [one for one in house.dana.page.page.fields if one.name == "answer"]
    return [option.value for option in field.options]


async def answers(house: House, ref: str, answer: str = "The decision stands", **more: str) -> None:
    """The Director answers it, after the Board was asked or with what is said instead."""
    if "not_consulted" not in more:
        await the_board_was_asked(house, ref)
    await opens_answer(house, ref)
    await house.dana.fills(**{**house.dana.says_which(), "answer": answer, "reason": REASON, **more})
    assert house.dana.reply.page is None, shown(house.dana.reply)


async def decided(house: House, ref: str) -> DecidedAppeal:
    found = await house.look(lambda shelves: shelves.appeals.by_ref(ref))
    assert isinstance(found, DecidedAppeal)
    return found


async def the_letter(house: House, ref: str) -> str:
    """Open what is to be sent; returns the draft."""
    await house.dana.says(f"notice {ref}")
    return house.dana.page.values["text"][0]


async def sits_on_the_board(house: House, name: str, *, user: str = "") -> Person:
    """A further trustee; without a user, in no chat."""
    identities = (Identity(platform="practice", tenant=str(LIBRARY), user=user),) if user else ()
    trustee = Person(
        id=uuid4(), library=LIBRARY, name=name, identities=identities, grants=(Grant(role=Role.TRUSTEE, since=TODAY),)
    )
    await house.store.act(house.library, lambda shelves: shelves.registry.put_person(trustee))
    return trustee


async def the_board_meets(house: House, *days: date, state: str = "MA") -> None:
    """Enter the regular meetings of the Board."""
    await house.store.act(
        house.library,
        lambda shelves: shelves.registry.put_library(
            replace(
                shelves.registry.library(), meetings=days, state=state, version=shelves.registry.library().version + 1
            )
        ),
    )


async def asks_the_board(house: House, ref: str, way: str, **more: str) -> None:
    """The Director chooses how the Board is asked."""
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Ask the Board")
    await house.dana.fills(way=way, **more)


def heard(house: House, user: str) -> str:
    """Everything one person was told in person."""
    return "\n".join(repr(card) for posted in house.told(user) for card in posted.cards)
