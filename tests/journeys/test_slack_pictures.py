"""Retained pictures in Slack: a copy for one person who may see it, on file before it is sent, gone within an hour."""

import pytest

from adapters.slack.copies import LIFE
from tests.journeys.test_slack import events_of, the_ref
from tests.people import LINK, PICTURE, WORDS
from tests.platforms.slack_people import SlackHouse
from tests.platforms.slack_reading import find_button

SHOW = "Show the picture"


@pytest.fixture
def house(slack_house: SlackHouse) -> SlackHouse:
    return slack_house


async def reports_with_a_picture(house: SlackHouse) -> str:
    """Report something with a picture of it; returns the reference."""
    house.slack.files["F1"] = PICTURE
    await house.robin.types("/incident")
    await house.robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    answers = {"On which": "Facebook", "Link to it": LINK, "What it says": WORDS, "What became of it?": "Please look"}
    await house.robin.fills({**answers, "Picture of it": ["F1"]})
    return the_ref(house.robin.sees, "I")


async def looks(house: SlackHouse, ref: str) -> None:
    """The editor opens the case and asks to see its picture."""
    await house.sam.types("/incident", f"show {ref}")
    await house.sam.presses_told(SHOW)


async def test_whoever_may_open_the_case_sees_its_picture_and_the_look_is_on_file(house: SlackHouse) -> None:
    ref = await reports_with_a_picture(house)
    before = await events_of(house, "case.viewed")
    await looks(house, ref)

    assert house.slack.given_to("USAM") == [PICTURE]
    assert "It is a copy, taken back within an hour" in house.sam.told[-1]
    assert await events_of(house, "case.viewed") == before + 2
    assert [house.slack.given_to(user) for user in ("UROBIN", "UDANA", "UTERRY")] == [[], [], []]
    assert not any(file.channel in {"", "social-media"} for file in house.slack.sent_files.values())


async def test_no_card_in_a_channel_offers_a_picture(house: SlackHouse) -> None:
    await reports_with_a_picture(house)
    await house.deliver()

    assert house.slack.messages["social-media"]
    for said in house.slack.messages.values():
        assert not any(find_button(one.get("blocks", []), SHOW) for one in said)


async def test_a_button_somebody_else_got_hold_of_shows_nothing_and_the_refusal_is_kept(house: SlackHouse) -> None:
    ref = await reports_with_a_picture(house)
    await house.sam.types("/incident", f"show {ref}")
    button = next(found for one in house.slack.ephemeral["USAM"] if (found := find_button(one["blocks"], SHOW)))
    for person in (house.terry, house.nobody):
        await person.press(button, channel=f"D{person.user}")
        assert house.slack.given_to(person.user) == []
    house.slack.people["UKIM"] = {"id": "UKIM", "is_restricted": True}
    await house.kim.press(button, channel="DUKIM")

    assert "guest" in house.kim.told[-1]
    assert ref in house.terry.told[-1]
    assert "snolly" not in "".join(house.terry.told + house.nobody.told + house.kim.told).casefold()
    assert house.slack.sent_files == {}
    assert await events_of(house, "refused") == 2


@pytest.mark.parametrize("value", ["", "{}", '{"c":"I-2026-0001","h":"' + "0" * 64 + '","a":""}', "null", "[]"])
async def test_a_picture_that_is_not_kept_is_not_sent(house: SlackHouse, value: str) -> None:
    await reports_with_a_picture(house)
    button = {"type": "button", "action_id": "picture:0", "value": value, "text": {"type": "plain_text", "text": "x"}}
    await house.sam.press(button, channel="DUSAM")

    assert house.slack.sent_files == {}
    assert len(house.sam.told) == 1


async def test_the_copy_is_taken_back_when_its_time_is_up(house: SlackHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    await looks(house, await reports_with_a_picture(house))
    copies, known = house.platform.desk.copies, await house.platform.workspaces.known()
    await copies.tidy(known)
    assert house.slack.given_to("USAM") == [PICTURE]

    now = house.platform.desk.now() + LIFE
    monkeypatch.setattr(copies, "_now", lambda: now)
    house.slack.fails("500", "files.delete")
    await copies.tidy(known)
    assert house.slack.given_to("USAM") == [PICTURE]
    await copies.tidy(known)

    assert house.slack.given_to("USAM") == []
    assert copies.standing == ()


async def test_no_copy_outlives_the_program(house: SlackHouse) -> None:
    await looks(house, await reports_with_a_picture(house))
    await house.stop()
    assert house.slack.given_to("USAM") == []
    await house.start()


async def test_a_copy_left_by_a_program_that_was_killed_is_taken_back_by_the_next(house: SlackHouse) -> None:
    await looks(house, await reports_with_a_picture(house))
    for copy in house.platform.desk.copies.standing:
        house.platform.desk.copies._copies.remove(copy)  # noqa: SLF001 - what a killed program no longer knows
    await house.stop()
    assert house.slack.given_to("USAM") == [PICTURE]
    await house.start()

    await house.platform.desk.copies.tidy(await house.platform.workspaces.known())

    assert house.slack.given_to("USAM") == []


async def test_a_copy_another_program_gave_just_now_is_left_to_it_until_its_hour_is_over(house: SlackHouse) -> None:
    await looks(house, await reports_with_a_picture(house))
    for file in house.slack.sent_files.values():
        file.created = house.time().timestamp()
    house.platform.desk.copies._copies.clear()  # noqa: SLF001 - it is another program's
    copies, known = house.platform.desk.copies, await house.platform.workspaces.known()

    await copies.tidy(known)
    assert house.slack.given_to("USAM") == [PICTURE]

    house.time.later(hours=1)
    await copies.tidy(known)
    assert house.slack.given_to("USAM") == []


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("missing_scope", "files.getUploadURLExternal"),
        ("500", "files.getUploadURLExternal"),
        ("500", "files.completeUploadExternal"),
        ("429", "conversations.open"),
    ],
)
async def test_a_picture_slack_does_not_take_is_said_to_be_so(house: SlackHouse, kind: str, method: str) -> None:
    ref = await reports_with_a_picture(house)
    house.slack.fails(kind, method)
    await looks(house, ref)

    assert "Slack did not take the picture" in house.sam.told[-1]
    assert house.slack.given_to("USAM") == []


async def test_a_picture_is_sent_to_slacks_own_hosts_only(house: SlackHouse) -> None:
    ref = await reports_with_a_picture(house)
    house.slack.upload_host = "http://localhost:1"
    await looks(house, ref)

    assert "an address that is not its own" in house.sam.told[-1]
    assert [file.raw for file in house.slack.sent_files.values()] == [b""]
