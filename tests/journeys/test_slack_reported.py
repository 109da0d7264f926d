"""“Report this message”: what it says, quotes and carries comes along, with names, and nothing is left out unsaid."""

import pytest

from bot.training import LIBRARY
from tests.people import PICTURE
from tests.platforms.fake_slack import TEAM, Thing
from tests.platforms.slack_people import SlackHouse

POST = "https://facebook.com/tatter/9"
MESSAGE: Thing = {
    "type": "message",
    "user": "UJO",
    "ts": "1700000000.000200",
    "thread_ts": "1699999999.000100",
    "text": "<@UDANA> look, <@UGONE> saw it <!here> &lt;b&gt;",
    "attachments": [
        {"text": "Patron wrote: <@UDANA> buy pills", "author_name": "@quibble", "from_url": POST},
        {"fallback": "[no text]", "title_link": POST},
    ],
}


@pytest.fixture
def house(slack_house: SlackHouse) -> SlackHouse:
    slack_house.slack.people |= {
        "UJO": {"id": "UJO", "team_id": TEAM, "real_name": "Jo  Lindgren"},
        "UDANA": {"id": "UDANA", "team_id": TEAM, "profile": {"real_name": "Dana Whitfield"}},
    }
    return slack_house


async def reports(house: SlackHouse, **more: object) -> str:
    """Report the message, up to the page of the item; what the person then sees."""
    where = {"id": "C1", "name": "x"}
    await house.robin.uses_shortcut("message:incident.report", message={**MESSAGE, **more}, channel=where)
    await house.robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    return house.robin.sees


async def test_whom_it_mentions_are_named_and_unknown_ones_keep_their_id_and_its_author_is_not_named(
    house: SlackHouse,
) -> None:
    seen = await reports(house)

    assert "Reported from Slack: chicopee.slack.com/archives/C1/p1700000000000200" in seen
    assert "Jo" not in seen, "a colleague who passed it on is nothing for the record"
    assert "@Dana Whitfield look, @UGONE saw it !here <b>" in seen
    assert "UJO" not in seen
    assert "UDANA" not in seen


async def test_what_is_attached_comes_along_and_its_address_is_taken_for_the_items(house: SlackHouse) -> None:
    seen = await reports(house)

    assert "@quibble: Patron wrote: @Dana Whitfield buy pills" in seen
    assert seen.count(POST) == 1, "once, as the address of what is reported"
    [link] = [
        block["element"].get("initial_value")
        for block in house.robin.modal["blocks"]
        if block["type"] == "input" and block["label"]["text"].startswith("Link to it")
    ]
    assert link == POST


async def test_a_message_in_a_thread_is_named_with_it(house: SlackHouse) -> None:
    assert "p1700000000000200?thread_ts=1699999999.000100&cid=C1" in await reports(house)
    assert "?thread_ts" not in await reports(house, thread_ts=MESSAGE["ts"]), "the first of a thread stands alone"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (1, "1 file of the message will be added."),
        (5, "5 files of the message will be added."),
        (6, "5 files of the message will be added. 1 more is left out."),
        (8, "5 files of the message will be added. 3 more are left out."),
    ],
)
async def test_the_files_that_come_along_and_those_that_do_not_are_counted(
    house: SlackHouse, files: int, said: str
) -> None:
    names = [f"F{number}" for number in range(files)]
    house.slack.files |= dict.fromkeys(names, PICTURE)
    assert said in await reports(house, files=[{"id": name} for name in names])
    assert house.slack.fetched == []

    await house.robin.fills({"On which": "Facebook", "What became of it?": "Please look"})

    assert house.slack.fetched == names[:5]
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(1))
    assert found


async def test_a_slack_that_names_nobody_in_time_holds_no_form_up(house: SlackHouse) -> None:
    for _ in range(5):
        house.slack.fails("hang", "users.info", seconds=2.0)
    seen = await reports(house)
    assert "@UDANA look" in seen
