"""The whole life of an author under a policy nobody programmed anything for: Juniper's, on a database.

A warning, thirty days, six months, a request to come back that is refused and asked again, for good by the Board, an
appeal to the Director and to the Board, and the disposal of what was kept three years. Its pack is all there is of it.
It goes through the practice page.
"""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.cases.appeal import received
from bot.cases.block import DecidedBlock, in_force_on
from bot.cases.clock import ClockState
from bot.policy import shelf
from bot.records.ledger import verify
from tests.features.coming_back import answers, asks_back
from tests.features.juniper import with_meetings
from tests.features.test_five_policies import Desk, library_under
from tests.features.ways import by_practice
from tests.people import HANDLE, LINK, WHY, facts, shown
from tests.policy.sixth import FOLDER

GROUND = "Two breaches or more within a year"
REASON = "flibber: it sold something once more"


@pytest.fixture
async def juniper(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Juniper behind the practice page, with a Board that meets every third Tuesday."""
    monkeypatch.setattr(shelf, "OWN", [FOLDER.parent])
    async with by_practice(sqlite_url):
        yield await with_meetings(await library_under("juniper", tmp_path))


async def on(desk: Desk, day: date) -> None:
    """Go to the afternoon of a day, and make its round."""
    desk.house.time.local(day, 14)
    await desk.house.deliver()


async def breach(desk: Desk, number: int, *, handle: str = HANDLE) -> str:
    """A removal done today; whoever is in charge takes note, and the person is told of it in a letter."""
    sam, pat = desk.somebody("sam"), desk.somebody("pat")
    today = desk.house.time.at.date().isoformat()
    ref = await sam.removes(
        clauses="advertising",
        links=f"{LINK}{number}",
        text=f"snollygoster {number}",
        why=WHY,
        done_on=today,
        handles=handle,
    )
    await pat.says("home")
    await pat.presses("I have taken note", case=ref)
    await sam.says(f"notice {ref}")
    await sam.fills(
        text="Dear reader, we took it down; you may appeal.", how="Letter", otherwise=("The reason", "How to appeal")
    )
    return ref


async def block(desk: Desk, step: str, decider: str, **met: str) -> str:
    """A block at the step that was reached, decided, made on both accounts' platform and told of in a letter."""
    sam, who = desk.somebody("sam"), desk.somebody(decider)
    ref = await sam.asks_for_block(grounds=GROUND)
    assert facts(sam.reply)["Step of the ladder"] == step
    await who.says("home")
    await who.presses("Approve", case=ref)
    await who.fills(reason=REASON, **met)
    await sam.confirms(ref)
    await sam.says(f"notice {ref}")
    text = sam.page.values["text"][0]
    await sam.fills(text=text, how="Letter")
    return ref


async def answered(desk: Desk, removal: str, who: str, **more: str) -> str:
    """An appeal, answered with "the decision stands"; its letter was sent."""
    answerer, dana = desk.somebody(who), desk.somebody("dana")
    appeal = await desk.somebody("robin").files_appeal(removal)
    await answerer.says(f"show {appeal}")
    await answerer.presses("Answer it")
    await answerer.fills(answer="The decision stands", reason=REASON, **more)
    await dana.says(f"notice {appeal}")
    await dana.fills(text=dana.page.values["text"][0], how="Letter")
    return appeal


async def answered_by_the_board(juniper: Desk, good: str) -> str:
    """A second appeal, which the Board answers at its meeting of March."""
    terry, dana = juniper.somebody("terry"), juniper.somebody("dana")
    appeal = await juniper.somebody("robin").files_appeal(good)
    await on(juniper, date(2027, 3, 17))
    await terry.says(f"show {appeal}")
    await terry.presses("Answer it")
    await terry.fills(answer="The decision stands", reason=REASON, met_on="2027-03-16")
    await dana.says(f"notice {appeal}")
    assert "This answer is final" in dana.page.values["text"][0]
    await dana.fills(text=dana.page.values["text"][0], how="Letter")
    return appeal


async def warned(juniper: Desk) -> str:
    """The first breach: a warning, given by the librarian in charge."""
    pat = juniper.somebody("pat")
    first = await breach(juniper, 1)
    assert ("warn_person", "open") in await juniper.house.tasks(first)
    await pat.says("home")
    await pat.presses("Warn the person", case=first)
    await pat.fills(text=pat.page.values["text"][0], how="Direct message")
    assert ("warn_person", "done") in await juniper.house.tasks(first)
    return first


async def blocked_for_thirty_days(juniper: Desk) -> tuple[str, str]:
    """The second: thirty days, by the Director. They are an opening, and an editor lifts the block."""
    house, sam = juniper.house, juniper.somebody("sam")
    second = await breach(juniper, 2)
    thirty = await block(juniper, "Thirty days off the pages", "dana")
    assert (await house.clocks(thirty))["block_ends.thirty_days"].due == date(2026, 4, 8)
    await on(juniper, date(2026, 4, 7))
    assert ("lift_block", "open") not in await house.tasks(thirty)
    await on(juniper, date(2026, 4, 8))
    assert ("lift_block", "open") in await house.tasks(thirty)
    assert await house.look(lambda shelves: bool(in_force_on(shelves.blocks.executions(thirty))))
    await sam.confirms(thirty)
    assert "since lifted" in facts(sam.reply)["Status"]
    return second, thirty


async def back_after_six_months(juniper: Desk) -> tuple[str, str]:
    """The third: six months at least, then on asking; refused once, and asked again after ninety days."""
    house = juniper.house
    sam, dana, robin = (juniper.somebody(user) for user in ("sam", "dana", "robin"))
    third = await breach(juniper, 3)
    six = await block(juniper, "Six months or more, then on asking", "dana")
    assert (await house.clocks(six))["block_ends.six_months"].due == date(2026, 10, 20)
    await on(juniper, date(2026, 10, 20))
    assert ("lift_block", "open") not in await house.tasks(six), "it ends on asking"
    request = await asks_back(robin, six)
    await answers(dana, request, answer="The block stays", reason=REASON)
    await dana.says(f"notice {request}")
    assert "You may ask again from 18 January 2027 on." in dana.page.values["text"][0]
    await dana.fills(text=dana.page.values["text"][0], how="Letter")
    early = await asks_back(robin, six)
    assert "18 January 2027" in shown(robin.reply), "it came before its day, is kept, and comes back on it"
    await on(juniper, date(2027, 1, 19))
    await answers(dana, early, answer="granted", reason=REASON)
    await dana.says(f"notice {early}")
    await dana.fills(text=dana.page.values["text"][0], how="Letter")
    await sam.confirms(six)
    assert "since lifted" in facts(sam.reply)["Status"]
    return third, six


async def blocked_for_good(juniper: Desk) -> str:
    """The fourth within a year: for good, which is the Board's; appealed to the Director, then to the Board."""
    house = juniper.house
    await breach(juniper, 4)
    good = await block(juniper, "Off the pages until the Board lifts it", "terry", met_on="2027-02-01")
    decided = await house.block(good)
    assert isinstance(decided, DecidedBlock)
    assert (decided.met_on, decided.decided_as) == (date(2027, 2, 1), "board_chair")
    assert not [name for name in await house.clocks(good) if name.startswith("block_ends")]
    assert (await house.clocks(good))["appeal_by"].due == date(2027, 2, 16)
    await answered(juniper, good, "dana")
    await on(juniper, date(2027, 2, 8))
    further = await answered_by_the_board(juniper, good)
    kept = await house.look(lambda shelves: shelves.appeals.by_ref(further))
    assert kept is not None
    assert received(kept).level == "board"
    assert (await house.clocks(further))["decide_appeal_by.board"].state is ClockState.MET
    return good


async def test_a_policy_of_its_own_runs_the_whole_chain_without_a_line_of_python(juniper: Desk) -> None:
    house, kim, dana = juniper.house, juniper.somebody("kim"), juniper.somebody("dana")
    once = await breach(juniper, 9, handle="@quibbler-the-other")
    await juniper.somebody("pat").says(f"warn {once}")
    await juniper.somebody("pat").fills(how="Letter")
    first = await warned(juniper)
    await on(juniper, date(2026, 3, 9))
    second, thirty = await blocked_for_thirty_days(juniper)
    await on(juniper, date(2026, 4, 20))
    third, six = await back_after_six_months(juniper)
    await on(juniper, date(2027, 2, 1))
    good = await blocked_for_good(juniper)
    known = [once, first, second, third, thirty, six, good]

    # Three years on: what has ended is on the disposal list, and two people let it go under an authority.
    await on(juniper, date(2030, 6, 3))
    proposal = await kim.proposes_disposal(authority="CO-2030-7")
    await dana.confirms_disposal(proposal)
    gone = await house.look(lambda shelves: [one for one in known if shelves.docket.tombstone(one)])
    assert gone == [once, thirty, six], "while one block of an author is in force, what led to it stays"
    _, flaw = await house.store.chain(house.library, verify)
    assert flaw is None
