"""An obvious act is quick in Slack too: taps and required typing, from the bot's first answer."""

import pytest

from bot.training import LIBRARY
from tests.journeys.test_slack import asks_for_block, asks_for_removal, confirms_from_home
from tests.platforms.slack_people import SlackHouse


@pytest.fixture
def house(slack_house: SlackHouse) -> SlackHouse:
    return slack_house


async def outcome(house: SlackHouse) -> str:
    """The outcome of the newest report."""
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(1))
    return found[0].outcome.value


async def test_spam_already_deleted_takes_four_taps_and_no_typing(house: SlackHouse) -> None:
    await house.sam.opens_home()
    await house.sam.presses_home("Spam, already removed")
    await house.sam.fills({"On which": "Facebook", "What does this": ["sells or advertises"]})
    assert house.sam.taps == 4
    assert await outcome(house) == "removed"


async def test_please_look_takes_three_taps(house: SlackHouse) -> None:
    await house.robin.opens_home()
    await house.robin.presses_home("Please look")
    await house.robin.fills({"On which": "Facebook"})
    assert house.robin.taps == 3
    assert await outcome(house) == "please_look"


async def test_a_complaint_left_up_takes_three_taps_and_the_director_is_told(house: SlackHouse) -> None:
    await house.robin.opens_home()
    await house.robin.presses_home("Complaint, left up")
    await house.robin.fills({"On which": "Facebook"})
    assert house.robin.taps == 3
    await house.deliver()
    assert any("A complaint was reported. It stays up." in said for said in house.dana.told)


async def test_an_editor_confirms_with_one_tap_in_the_channel(house: SlackHouse) -> None:
    report = await asks_for_removal(house.robin)
    await house.deliver()
    await house.sam.presses_in("social-media", "Done today", about=report)
    assert house.sam.taps == 1
    assert "removed on 2 March 2026" in house.sam.told[-1]


async def test_the_director_decides_with_four_taps_at_most_and_no_typing_if_the_reasons_are_hers(
    house: SlackHouse,
) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()
    await house.dana.presses_in("decisions", "Approve", about=block)
    await house.dana.fills({"The request's reasons": "Yes"})
    assert house.dana.taps <= 4
    assert "approved by Dana Whitfield" in house.dana.sees
