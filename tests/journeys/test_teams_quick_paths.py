"""An obvious act is quick in Teams too: taps and required typing, from the bot's first answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys.test_teams import asks_for_block, asks_for_removal, confirms_from_home
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as opened:
        yield opened
    await store.close()


async def outcome(house: TeamsHouse) -> str:
    """The outcome of the newest report."""
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(1))
    return found[0].outcome.value


async def test_spam_already_deleted_takes_four_taps_and_no_typing(house: TeamsHouse) -> None:
    await house.sam.opens_home()
    await house.sam.presses_told("Spam, already removed")
    await house.sam.fills({"On which": "Facebook", "What does this": ["sells or advertises"]})
    assert (house.sam.taps, house.sam.typed) == (4, [])
    assert await outcome(house) == "removed"


async def test_please_look_takes_three_taps(house: TeamsHouse) -> None:
    await house.robin.opens_home()
    await house.robin.presses_told("Please look")
    await house.robin.fills({"On which": "Facebook"})
    assert (house.robin.taps, house.robin.typed) == (3, [])
    assert await outcome(house) == "please_look"


async def test_a_complaint_left_up_takes_three_taps_and_the_director_is_told(house: TeamsHouse) -> None:
    await house.robin.opens_home()
    await house.robin.presses_told("Complaint, left up")
    await house.robin.fills({"On which": "Facebook"})
    assert (house.robin.taps, house.robin.typed) == (3, [])
    await house.deliver()
    assert any("A complaint was reported. It stays up." in said for said in house.dana.told)


async def test_an_editor_confirms_with_one_tap_in_the_channel(house: TeamsHouse) -> None:
    report = await asks_for_removal(house.robin)
    await house.deliver()
    await house.sam.presses_in("social-media", "Done today", about=report)
    assert (house.sam.taps, house.sam.typed) == (1, [])
    assert "removed on 2 March 2026" in "\n".join(house.sam.told)


async def test_the_director_decides_with_four_taps_at_most_and_no_typing_if_the_reasons_are_hers(
    house: TeamsHouse,
) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()
    await house.dana.presses_in("decisions", "Approve", about=block)
    await house.dana.fills({"The request's reasons": "Yes"})
    assert house.dana.taps <= 4
    assert house.dana.typed == []
    assert "approved by Dana Whitfield" in house.dana.sees
