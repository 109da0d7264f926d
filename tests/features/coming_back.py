"""Somebody is blocked, asks to come back and is answered: what the tests of it have in common."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

from bot.cards import Tone
from bot.cases.block import in_force_on
from bot.cases.reinstatement import Reinstatement
from bot.founding import found
from bot.policy.shelf import pack_names, read_pack
from bot.training import CHARTER
from storage.vault import FolderVault
from tests.fakes import FakeStore
from tests.messenger import FakeMessenger
from tests.people import HANDLE, PATRON, Answer, House, Somebody, Time, shown

DAY = date(2026, 4, 16)
"""Forty-five days after a block made on 2 March 2026."""
SORRY = "snollygoster: I am sorry, and would like to come back"


async def names_decider(house: House, *, clock: str = "") -> None:
    """The library says who answers requests, which its policy leaves silent; and in what time, if told."""
    await house.alex.says("setup")
    await house.alex.presses("Library practice")
    await house.alex.fills(key="Who answers a request to come back")
    await house.alex.fills(value="Library Director", approved_by="Board of Trustees")
    if clock:
        await house.alex.says("setup")
        await house.alex.presses("Library practice")
        await house.alex.fills(key="Time to answer somebody who asks to come back")
        await house.alex.fills(value=clock, approved_by="Board of Trustees")


async def blocked(house: House, *, both: bool = False) -> str:
    """A block that was made today, on Facebook or on both accounts."""
    if both:
        handles, accounts = f"Facebook: {HANDLE}\nInstagram: {HANDLE}", ("Facebook", "Instagram")
        ref = await house.sam.asks_for_block(handles=handles, accounts=accounts)
    else:
        ref = await house.sam.asks_for_block()
    await house.dana.approves(ref)
    for account in ("Facebook", "Instagram")[: 2 if both else 1]:
        await house.sam.confirms(ref, account=account)
    return ref


async def asks_back(who: Somebody, block: str = "", *, words: str = SORRY, **more: Answer) -> str:
    """Put a patron's request on file; returns the reference."""
    await who.says(f"reinstate {block}".strip())
    await who.fills(words=words, sender=PATRON, **more)
    assert who.reply.page is None, shown(who.reply)
    return who.ref


async def answers(who: Somebody, ref: str, **answer: Answer) -> None:
    """Answer a request from its card."""
    await who.says(f"show {ref}")
    await who.presses("Answer it")
    await who.fills(**{"reason": "flibber: the letter shows they understood", **answer})


async def sends_letter(who: Somebody, ref: str) -> str:
    """Record that the letter was sent; returns its text."""
    await who.says(f"notice {ref}")
    [text] = who.page.values["text"]
    await who.fills(how="Letter")
    assert who.reply.page is None, shown(who.reply)
    return text


async def request(house: House, ref: str) -> Reinstatement:
    found = await house.look(lambda shelves: shelves.reinstatements.by_ref(ref))
    assert found is not None
    return found


async def in_force(house: House, block: str) -> frozenset[UUID]:
    return in_force_on(await house.look(lambda shelves: shelves.blocks.executions(block)))


def missing(who: Somebody) -> list[str]:
    """What the card before somebody says is not on file or not in the policy."""
    return [note.text for note in who.reply.cards[0].notes if note.tone is Tone.MISSING]


async def library_under(name: str, folder: Path) -> House:
    """A library under one of the five policies, which chose nothing where that is silent on coming back."""
    time, store = Time(), FakeStore()
    vault = FolderVault(folder, now=time)
    library = UUID(int=pack_names().index(name) + 1)
    charter = replace(CHARTER, id=library, tenant=str(library), pack=name, name=read_pack(name).about.name)
    practices = {"decider.block": "director", "notice.block": "told"}
    await found(replace(charter, practices=practices), store=store, vault=vault, now=time())
    return House(store=store, vault=vault, time=time, messenger=FakeMessenger(now=time), library=library)


def staff(house: House, user: str) -> Somebody:
    return house.somebody(user, library=house.library)
