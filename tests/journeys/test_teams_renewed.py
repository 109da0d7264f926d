"""Answers in Teams are brought up to date where they stand, and people are picked from Teams' own list."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys.test_teams import (
    APPROVAL,
    asks_for_block,
    asks_for_removal,
    begins,
    confirms_from_home,
    keeps_faith,
)
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams
from tests.platforms.teams_people import find_button, object_id, read


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    """Chicopee in Teams; whatever happens, the chain holds and no channel tells."""
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as opened:
        yield opened
        await keeps_faith(opened)
    await store.close()


async def test_what_was_done_from_home_is_offered_there_no_more_and_the_rest_of_home_stays(house: TeamsHouse) -> None:
    first = await asks_for_removal(house.robin)
    await house.sam.opens_home()
    home = next(post for post in house.sam.chat.posts if "Done today" in read(post.said))
    await house.sam.presses_told("Done today", about=first)

    assert "removed" in house.sam.answer.casefold()
    [card] = house.sam.cards(home)
    assert find_button(card, "Done today") is None
    assert find_button(card, "Spam, already removed"), "it is home, as before"


async def test_what_was_done_from_the_opened_case_is_offered_there_no_more(house: TeamsHouse) -> None:
    report = await asks_for_removal(house.robin)
    await house.sam.writes(f"show {report}")
    [shown] = [post for post in house.sam.chat.posts if report in read(post.said)]
    before = len(house.sam.chat.posts)
    await house.sam.presses_told("Done today", about=report)

    [card] = house.sam.cards(shown)
    assert find_button(card, "Done today") is None
    assert "removed on 2 March 2026" in read(card)
    assert len(house.sam.chat.posts) == before, "once, in its place"


async def test_when_teams_does_not_take_the_card_again_what_came_of_the_act_is_said_below(house: TeamsHouse) -> None:
    report = await asks_for_removal(house.robin)
    await house.sam.writes(f"show {report}")
    house.teams.fails("refused", "update")
    await house.sam.presses_told("Done today", about=report)
    assert "removed on 2 March 2026" in read(house.sam.chat.posts[-1].said)


async def test_several_people_are_picked_from_teams_own_list_and_get_the_role_with_their_names(
    house: TeamsHouse,
) -> None:
    alex, lee, mo = house.alex, house.lee, house.mo
    guest = house.somebody("visitor", role="guest")
    await alex.writes("setup")
    await alex.presses_told("Add several people")
    assert "their id on this platform" not in alex.sees
    picked = [one.account.object_id for one in (lee, mo, guest)]
    await alex.fills({"Who?": picked, "Role": "Member of staff"})

    assert "Put on file as member of staff: Lee, Mo." in alex.sees
    await begins(mo, "report")
    assert mo.sees.startswith("Report an item")
    people = await house.store.ask(LIBRARY, lambda shelves: shelves.registry.people())
    assert not [one for one in people if one.name == "Visitor"], "a guest cannot act"


async def test_whom_teams_does_not_name_is_named_by_the_administrator_and_guests_alone_are_nobody(
    house: TeamsHouse,
) -> None:
    alex, guest = house.alex, house.somebody("visitor", role="guest")
    await alex.writes("setup")
    await alex.presses_told("Add several people")
    await alex.fills({"Who?": [guest.account.object_id]})
    assert "guests cannot act" in alex.sees
    unknown, lee = object_id("nobody-knows"), house.lee.account.object_id
    await alex.fills({"Who?": [unknown, lee]})
    assert "add a space and their name" in alex.sees
    assert f"{lee} Lee" in alex.sees, "who was named stays"
    await alex.fills({"Who?": f"{unknown} Noor Aziz\n{lee} Lee"})
    assert "Put on file as member of staff: Noor Aziz, Lee." in alex.sees


async def test_what_was_decided_from_home_is_offered_there_no_more(house: TeamsHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.dana.opens_home()
    home = house.dana.chat.posts[-1]
    await house.dana.presses_told("Approve", about=block)
    before = len(house.dana.chat.posts)
    await house.dana.fills(APPROVAL)

    [card] = house.dana.cards(home)
    assert find_button(card, "Approve") is None
    assert find_button(card, "Report an item"), "it is home, as before"
    assert len(house.dana.chat.posts) == before, "the dialog said what came of it"
