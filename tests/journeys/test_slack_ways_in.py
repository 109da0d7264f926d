"""Every way into the bot in Slack, everything a card does there, and words that are meant to do harm."""

import json
from pathlib import Path

import pytest

from bot.policy.terms import Channel
from bot.training import LIBRARY
from tests.journeys.test_slack import asks_for_block, asks_for_removal, confirms_from_home, events_of, the_ref
from tests.people import LINK, WHY, WORDS
from tests.platforms.slack_people import SlackHouse
from tests.platforms.slack_reading import find_button, read
from tests.platforms.test_practice_render import HOSTILE

MANIFEST = json.loads((Path(__file__).parents[2] / "manifest/slack.json").read_text(encoding="utf-8"))


@pytest.fixture
def house(slack_house: SlackHouse) -> SlackHouse:
    return slack_house


async def shown_for(house: SlackHouse, command: str, text: str) -> str:
    """What the administrator is shown for a command: a form, or an answer of their own."""
    house.slack.open_view.pop("UALEX", None)
    before = len(house.alex.told)
    await house.alex.types(command, text)
    return house.alex.sees if "UALEX" in house.slack.open_view else house.alex.told[before]


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        ("/incident", "", "Report an item"),
        ("/incident", "look", "Please look"),
        ("/incident", "spam", "Spam"),
        ("/incident", "complaint", "Complaint"),
        ("/incident", "list", "reports"),
        ("/block", "", "Ask for a block"),
        ("/block", "list", "blocks"),
        ("/appeal", "", "ppeal"),
        ("/due", "", "due"),
        ("/policy", "", "Policy"),
        ("/policy", "spam", "spam"),
        ("/duenotice", "", "Chicopee Public Library"),
        ("/duenotice", "help", "What I can do"),
        ("/duenotice", "who", "Who is who"),
        ("/duenotice", "setup", "Setup of Chicopee Public Library"),
        ("/duenotice", "delegate", "delegate"),
        ("/duenotice", "quux", "Chicopee Public Library"),
    ],
)
async def test_every_command_opens_what_it_says(house: SlackHouse, command: str, text: str, said: str) -> None:
    assert said.casefold() in (await shown_for(house, command, text)).casefold()
    assert command in {one["command"] for one in MANIFEST["features"]["slash_commands"]}


async def test_the_global_shortcut_opens_a_report(house: SlackHouse) -> None:
    [shortcut] = [one for one in MANIFEST["features"]["shortcuts"] if one["type"] == "global"]
    await house.robin.uses_shortcut(shortcut["callback_id"])

    assert house.robin.sees.startswith("Report an item")


@pytest.mark.parametrize("prompt", MANIFEST["features"]["agent_view"]["suggested_prompts"], ids=lambda p: p["message"])
async def test_every_suggested_prompt_is_answered(house: SlackHouse, prompt: dict[str, str]) -> None:
    await house.robin.writes(prompt["message"])

    assert "I don't know those words" not in house.robin.told[-1]


async def test_every_copy_of_a_card_changes_when_the_case_does(house: SlackHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()
    await house.dana.opens_home()
    copies = [
        one for place in ("decisions", "DUDANA") for one in house.slack.messages[place] if find_button_of(one, block)
    ]
    assert {one["channel"] for one in copies} == {"decisions", "DUDANA"}

    await house.dana.presses_home("Approve", about=block)
    await house.dana.fills({"The request's reasons are mine": "Yes"})
    await house.deliver()

    for one in copies:
        assert not find_button_of(one, block), one["channel"]
        assert "approved by Dana Whitfield" in read(one)
    assert "Approve" not in read(house.slack.homes["UDANA"])
    roots = [one for one in house.slack.messages["decisions"] if block in read(one) and "thread_ts" not in one]
    case = next(one for one in roots if f"Block {block}" in read(one))
    lines = [one for one in house.slack.messages["decisions"] if one.get("thread_ts") == case["ts"]]
    assert [read(one) for one in lines] == [f"{block}: Approved by Dana Whitfield."]


def find_button_of(message: dict[str, list[dict[str, object]]], block: str) -> bool:
    """Test whether a message offers to approve this block."""
    return block in read(message) and find_button(message["blocks"], "Approve") is not None


async def test_open_in_a_channel_shows_the_rest_to_those_who_may_and_to_nobody_else(house: SlackHouse) -> None:
    report = await asks_for_removal(house.robin)
    await house.deliver()

    await house.sam.presses_in("social-media", "Open", about=report)
    assert WORDS.split(",", maxsplit=1)[0] in "".join(house.sam.told)
    await house.terry.presses_in("social-media", "Open", about=report)
    assert "opens only to those who work on it" in "".join(house.terry.told)
    assert "snolly" not in "".join(house.terry.told).casefold()
    assert await events_of(house, "refused") == 1


async def test_setup_takes_calendar_closures_and_every_channel_in_slack_itself(house: SlackHouse) -> None:
    async def opens(label: str) -> None:
        await house.alex.types("/duenotice", "setup")
        await house.alex.presses_told(label)

    await opens("Name, time zone")
    await house.alex.fills({"Time zone": "America/Chicago", "Regular meetings": "2026-03-17\n2026-04-21"})
    await opens("Closed day")
    await house.alex.fills({"Day": "2026-03-05", "Why": "Snow"})
    for channel in Channel:
        await opens("Channel")
        await house.alex.fills({"Which one?": f"#{channel.value}", "Its id": f"C{channel.value.upper()}"})
    await opens("Give or end a role")
    await house.alex.fills({"Who?": "Pat Moreau", "Role": "Acting", "Until": "2026-03-31"})
    await house.alex.fills(
        {"Date of the Board": "2026-03-01", "Signed by": "Terry Nowak", "What it is": "Minutes of 1 March 2026"}
    )
    pat = next(one for one in await house.store.ask(LIBRARY, lambda s: s.registry.people()) if one.name == "Pat Moreau")
    assert any(one.role.value == "acting_director" and "Minutes of 1 March" in one.document for one in pat.grants)

    kept = await house.store.ask(LIBRARY, lambda shelves: shelves.registry.library())
    assert kept.zone == "America/Chicago"
    assert [day.isoformat() for day in kept.meetings] == ["2026-03-17", "2026-04-21"]
    assert {day.isoformat(): why for day, why in kept.closures.items()}["2026-03-05"] == "Snow"
    assert {place.channel for place in kept.channels.values()} == {f"C{channel.value.upper()}" for channel in Channel}


async def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(house: SlackHouse) -> None:
    await house.alex.types("/duenotice", "setup")
    await house.alex.presses_told("Name, time zone")
    answer = await house.alex.fills({"Name": "Chicopee Library", "Regular meetings": "17 March"})
    assert answer["response_action"] == "errors", "Slack then keeps what is typed"
    [(beside, said)] = answer["errors"].items()
    assert beside == "1.meetings"
    assert said.startswith("One of the lines cannot be read. The meetings: line 1, “17 March”")
    assert said.endswith("Write a rule, as in “third Tuesday, except July”, or a date, as in 2026-03-17.")

    await house.alex.fills({"Name": "Chicopee Library", "Time zone": "Nowhere/Else"})
    assert "Nowhere/Else" in house.alex.sees, "the draft keeps it where the whole page is wrong"
    await house.alex.fills({"Time zone": "America/New_York"})
    kept = await house.store.ask(LIBRARY, lambda shelves: shelves.registry.library())
    assert (kept.name, kept.zone) == ("Chicopee Library", "America/New_York")


@pytest.mark.parametrize("hostile", [*HOSTILE.values(), "<!channel> <@UDANA> <https://x.example|y> `" * 60])
async def test_hostile_words_in_every_field_of_a_report_and_a_block_break_nothing(
    house: SlackHouse, hostile: str
) -> None:
    words = hostile[:2900]
    robin, sam = house.robin, house.sam
    await robin.writes(hostile)
    await robin.types("/incident", hostile)
    await robin.types("/incident")
    await robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    item = {"On which": "Facebook", "Link to it": LINK, "What it says": words, "Our post": words[:190]}
    await robin.fills({**item, "Anything to add": words[:900], "What became of it?": "Removed"})
    await robin.fills({"Which rule": "Advertising", "In your own words": words[:900], "Author's handle": "@x"})
    report = the_ref(robin.sees, "I") if "I-2026" in robin.sees else ""
    await sam.types("/block")
    await sam.fills({"Handles": "Facebook: @x", "Block on which": ["Facebook"], "On which grounds?": ["Repeated"]})
    await sam.fills({"Why should this author": words[:900] or WHY})
    await house.deliver()
    for person in (robin, sam, house.dana):
        await person.opens_home()
        await person.types("/due")
        await person.types("/incident", f"show {report}")
    house.check()


async def test_a_message_of_a_bot_and_what_is_said_to_others_is_not_heard(house: SlackHouse) -> None:
    before = len(house.slack.calls)
    for said in (
        {"type": "message", "channel_type": "im", "bot_id": "B1", "user": "UROBIN", "text": "due", "channel": "D1"},
        {"type": "message", "channel_type": "channel", "user": "UROBIN", "text": "due", "channel": "social-media"},
        {"type": "app_home_opened", "user": "UROBIN", "tab": "messages", "channel": "D1"},
    ):
        await house.robin.sends_event({**said, "ts": "1.0"})

    assert house.robin.told == []
    assert [call for call in house.slack.calls[before:] if call != "auth.test"] == []
