"""What Slack brings twice, late or in another order: done once, answered once, also when the program began anew."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys.test_slack import asks_for_block, asks_for_removal, confirms_from_home, events_of
from tests.people import LINK, WHY, WORDS
from tests.platforms.slack_people import SlackHouse, SlackPerson, chicopee_in_slack
from tests.platforms.slack_reading import find_button, read


@pytest.fixture(params=["http", "socket"])
async def house(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> AsyncIterator[SlackHouse]:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_slack(store, tmp_path, socket=request.param == "socket") as opened:
        yield opened
    await store.close()


async def begins_anew(house: SlackHouse) -> None:
    """End the program and start it again over what is on disk."""
    await house.stop()
    await house.start()


@pytest.mark.parametrize("channel", ["", "social-media"])
async def test_words_that_slack_brings_again_after_a_restart_are_answered_once(house: SlackHouse, channel: str) -> None:
    words = "<@U0BOT> due" if channel else "due"
    await house.robin.writes(words, event="Ev-again", channel=channel)
    first = list(house.robin.told)
    await begins_anew(house)
    await house.robin.writes(words, event="Ev-again", channel=channel)

    assert house.robin.told == first
    assert len(first) == 1
    await house.robin.writes(words, event="Ev-other", channel=channel)
    assert len(house.robin.told) == 2


async def test_an_answer_that_slack_did_not_take_is_given_when_the_words_come_again(house: SlackHouse) -> None:
    house.slack.fails("token_revoked", "chat.postMessage")
    await house.robin.writes("due", event="Ev-lost")
    assert house.robin.told == []
    await begins_anew(house)
    await house.robin.writes("due", event="Ev-lost")

    assert "Nothing is due" in house.robin.told[-1]


async def test_a_page_that_comes_again_after_a_restart_makes_one_report(house: SlackHouse) -> None:
    robin = house.robin
    await robin.types("/incident")
    await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    body = robin.submission({"On which": "Facebook", "Link to it": LINK, "What it says": WORDS})
    await robin.submits(body)
    await begins_anew(house)
    again = await robin.submits(body)

    assert "You did this already, on 2 March 2026" in read(again["view"])
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(10))
    assert len(found) == 1


async def test_a_button_that_comes_again_after_a_restart_is_pressed_once(house: SlackHouse) -> None:
    report = await asks_for_removal(house.robin)
    await house.deliver()
    card = next(one for one in house.slack.messages["social-media"] if report in read(one))
    button = find_button(card["blocks"], "Done today")
    assert button
    await house.sam.press(button, channel="social-media")
    before = await events_of(house, "incident.done_today")
    await begins_anew(house)
    await house.sam.press(button, channel="social-media")

    assert "You did this already, on 2 March 2026" in house.sam.told[-1]
    assert await events_of(house, "incident.done_today") == before


async def test_a_second_page_that_overtakes_the_first_loses_nothing(house: SlackHouse) -> None:
    robin = house.robin
    await robin.types("/incident")
    first = robin.submission({"What is it?": "Complaint", "Could this show": "No"})
    await robin.submits(first)
    second = robin.submission({"On which": "Facebook", "Link to it": LINK, "What it says": WORDS})
    await robin.submits(second)
    late = {**first, "trigger_id": house.slack.trigger("UROBIN")}
    answer = await robin.submits(late)

    assert "You did this already" in read(answer["view"])
    assert await events_of(house, "incident.report", record="incident") == 1


async def test_events_in_another_order_come_to_the_same(house: SlackHouse) -> None:
    """An approval whose page was opened before, and sent after, somebody else denied it."""
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.dana.opens_home()
    await house.dana.presses_home("Approve", about=block)
    approval = house.dana.submission({"The request's reasons are mine": "No", "Your reason": WHY})
    await house.dana.presses_home("Deny", about=block)
    await house.dana.fills({"Your reason": WHY})
    approval["trigger_id"] = house.slack.trigger("UDANA")
    answer = await house.dana.submits(approval)

    assert "denied" in read(answer["view"])
    assert await events_of(house, "block.approve", record="block") == 0
    assert await events_of(house, "block.deny", record="block") == 1


async def test_what_is_written_in_a_thread_is_answered_in_it(house: SlackHouse) -> None:
    await house.robin.writes("due")
    root = house.slack.messages["DUROBIN"][-1]["ts"]
    said = {"type": "message", "channel_type": "im", "user": "UROBIN", "text": "help", "channel": "DUROBIN"}
    await SlackPerson(house, "UROBIN").sends_event({**said, "thread_ts": root, "ts": "2.0"})

    assert house.slack.messages["DUROBIN"][-1]["thread_ts"] == root
