"""The Home tab tells the truth: also after a restart, and after a decision made in another process."""

import pytest

from bot.cards import Identity, Submission
from bot.training import LIBRARY
from tests.journeys.test_slack import asks_for_block, asks_for_removal, confirms_from_home
from tests.people import WHY
from tests.platforms.fake_slack import TEAM
from tests.platforms.slack_people import SlackHouse
from tests.platforms.slack_reading import find_button


@pytest.fixture
def house(slack_house: SlackHouse) -> SlackHouse:
    return slack_house


async def a_block_waits(house: SlackHouse) -> str:
    """A block the Director sees on her open Home tab."""
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()
    await house.dana.opens_home()
    assert offers_approval(house)
    return block


def offers_approval(house: SlackHouse) -> bool:
    """Test whether the Director's Home tab, as it stands, offers to approve."""
    return find_button(house.slack.homes["UDANA"]["blocks"], "Approve") is not None


async def denies_elsewhere(house: SlackHouse, block: str) -> None:
    """The Director denies it through a process that knows nothing of this one's Home tabs."""
    asked = Submission(
        library=str(LIBRARY),
        intent="block.deny",
        actor=Identity(platform="slack", tenant=TEAM, user="UDANA"),
        subject=block,
    )
    page = (await house.desk(asked)).page
    assert page
    sent = Submission(
        library=asked.library,
        intent=asked.intent,
        actor=asked.actor,
        token=page.token,
        page=1,
        values={"reason": (WHY,)},
    )
    assert (await house.desk(sent)).cards


async def test_a_home_tab_opened_before_a_restart_changes_when_its_case_does(house: SlackHouse) -> None:
    block = await a_block_waits(house)
    await house.stop()
    await house.start()
    await house.dana.presses_home("Approve", about=block)
    await house.dana.fills({"The request's reasons are mine": "Yes"})
    await house.deliver()

    assert not offers_approval(house)


@pytest.mark.parametrize("restart", [False, True])
async def test_a_decision_made_in_another_process_changes_the_home_tab(house: SlackHouse, *, restart: bool) -> None:
    block = await a_block_waits(house)
    if restart:
        await house.stop()
        await house.start()
    await denies_elsewhere(house, block)
    await house.deliver()

    assert not offers_approval(house)


async def test_a_home_tab_nobody_has_looked_at_for_long_is_left_alone(house: SlackHouse) -> None:
    block = await a_block_waits(house)
    await house.stop()
    await house.start()
    house.time.later(hours=2)
    await denies_elsewhere(house, block)
    before = house.slack.calls.count("views.publish")
    await house.deliver()

    assert house.slack.calls.count("views.publish") == before
    await house.dana.opens_home()
    assert not offers_approval(house), "opening it publishes it anew"
