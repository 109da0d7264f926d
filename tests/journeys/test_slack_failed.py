"""A delivery that fails outside the record's own answers: its sender is told, keeps what they typed, may try again."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards import Submission
from bot.desk import Desk
from bot.refusal import Refusal
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys.test_slack import asks_for_removal, events_of
from tests.people import LINK, WORDS
from tests.platforms.fake_slack import TEAM
from tests.platforms.slack_people import SlackHouse, chicopee_in_slack
from tests.platforms.slack_reading import find_button, read

AWAY = "The record cannot be reached just now."
REFERENCE = re.compile(r"reference [0-9a-f]{8}")
PAGE = {"On which": "Facebook", "Link to it": LINK, "What it says": WORDS}


class Failing:
    """A desk in front of another one, some of whose answers fail as long as it is told to."""

    def __init__(self) -> None:
        self.how: Exception | None = None
        self.what = "account_is"

    def over(self, desk: Desk) -> "Failing":
        """Put it in front of a desk."""
        self.desk = desk
        return self

    def __getattr__(self, name: str) -> object:
        """What the desk has, as it is when it is asked for."""

        async def asked(*given: object) -> object:
            if self.how and name == self.what:
                raise self.how
            return await getattr(self.desk, name)(*given)

        return asked

    async def __call__(self, sent: Submission) -> object:
        if self.how and self.what == "ask":
            raise self.how
        return await self.desk(sent)


@pytest.fixture
def failing() -> Failing:
    return Failing()


@pytest.fixture(params=["http", "socket"])
async def house(
    request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path, failing: Failing
) -> AsyncIterator[SlackHouse]:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_slack(store, tmp_path, socket=request.param == "socket", desk=failing.over) as opened:
        yield opened
    await store.close()


def fails(house: SlackHouse, failing: Failing, how: Exception, what: str) -> None:
    """Let a part of the desk fail from now on, and forget what Slack said of people."""
    failing.how, failing.what = how, what
    house.platform.desk._standings._known.clear()  # noqa: SLF001 - as after five minutes


@pytest.mark.parametrize("what", ["account_is", "ask"])
@pytest.mark.parametrize("how", [RuntimeError("a bug"), Refusal(AWAY)], ids=["a bug", "no record"])
async def test_a_page_that_could_not_be_saved_says_so_and_keeps_what_was_typed(
    house: SlackHouse, failing: Failing, how: Exception, what: str
) -> None:
    robin = house.robin
    await robin.types("/incident")
    await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    body = robin.submission(PAGE)
    fails(house, failing, how, what)

    answer = await robin.submits(body)

    assert answer["response_action"] == "update", "the form did not close as if it had been saved"
    assert "Not saved" in robin.sees
    assert (AWAY in robin.sees) if isinstance(how, Refusal) else REFERENCE.search(robin.sees)
    assert WORDS in robin.sees
    assert await events_of(house, "incident.report", record="incident") == 0

    failing.how = None
    await robin.fills({})
    assert "⚠" not in robin.sees
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(10))
    assert len(found) == 1


async def test_a_delivery_that_failed_is_handled_when_slack_brings_it_again(
    house: SlackHouse, failing: Failing
) -> None:
    robin = house.robin
    await robin.types("/incident")
    await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    body = robin.submission(PAGE)
    fails(house, failing, RuntimeError("a bug"), "account_is")
    await robin.submits(body)
    failing.how = None

    await robin.submits(body)

    assert await events_of(house, "incident.report", record="incident") == 1


@pytest.mark.parametrize("what", ["account_is", "ask"])
@pytest.mark.parametrize("how", [RuntimeError("a bug"), Refusal(AWAY)], ids=["a bug", "no record"])
async def test_whoever_typed_wrote_or_pressed_is_told_that_it_failed(
    house: SlackHouse, failing: Failing, how: Exception, what: str
) -> None:
    report = await asks_for_removal(house.robin)
    await house.deliver()
    card = next(one for one in house.slack.messages["social-media"] if report in read(one))
    button = find_button(card["blocks"], "Done today")
    assert button
    fails(house, failing, how, what)
    said = (lambda told: AWAY in told) if isinstance(how, Refusal) else REFERENCE.search

    await house.sam.types("/due", channel="social-media")
    assert said(house.sam.told[-1])
    await house.sam.writes("due")
    assert said(house.sam.told[-1])
    await house.sam.press(button, channel="social-media")
    assert said(house.sam.told[-1])
    await house.sam.uses_shortcut("incident.report")
    assert said(house.sam.sees)
    assert await events_of(house, "incident.done_today") == 0


async def test_what_concerns_the_whole_workspace_is_not_acknowledged_until_it_is_kept(
    house: SlackHouse, failing: Failing
) -> None:
    event = {"type": "user_change", "user": {"id": "USAM", "deleted": True}}
    body = {"type": "event_callback", "team_id": TEAM, "event_id": "EvGone", "event": event, "api_app_id": "A0"}
    fails(house, failing, Refusal(AWAY), "account_is")
    with pytest.raises((AssertionError, TimeoutError)):  # 503 over HTTP; nothing at all on the socket
        await house.send("events_api", body)
    failing.how = None

    await house.send("events_api", body)

    assert await events_of(house, "account.standing") == 1
