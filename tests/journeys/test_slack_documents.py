"""Documents in Slack: made for whoever may have them, on file first, in their own conversation, gone within an hour."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from adapters.slack.oauth import SCOPES
from storage.store import SqlStore
from tests.journeys.test_slack import events_of, the_ref
from tests.people import HANDLE, LINK, PATRON, PLEA, WORDS
from tests.platforms.fake_slack import TOKEN
from tests.platforms.fake_slack_files import SlackFile
from tests.platforms.slack_people import SlackHouse, SlackPerson, chicopee_in_slack
from tests.platforms.slack_reading import find_button, read

EXPORT = "Export the file"
SHEET = "Print the half-sheet"
LEAKS = ("quibble", "snolly", "tatter")


@pytest.fixture(params=[False, True], ids=["http", "socket"])
async def house(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> AsyncIterator[SlackHouse]:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_slack(store, tmp_path, socket=request.param) as opened:
        yield opened
    await store.close()


async def removed(house: SlackHouse) -> str:
    """A removal that was confirmed; returns its reference."""
    await house.robin.types("/incident")
    await house.robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    page = {"On which": "Facebook", "Link to it": LINK, "What it says": WORDS, "What became of it?": "Removed"}
    await house.robin.fills(page)
    await house.robin.fills(
        {"Which rule": "Advertising", "What does this": ["sells or advertises"], "Author's handle": HANDLE}
    )
    ref = the_ref(house.robin.sees, "I")
    await house.sam.opens_home()
    await house.sam.presses_home("Done today", about=ref)
    return ref


def files_of(house: SlackHouse, person: SlackPerson) -> list[SlackFile]:
    """The files in somebody's conversation with the bot."""
    there = house.slack.sent_files.values()
    return [file for file in there if file.channel == f"D{person.user}" and not file.deleted]


def sent_anywhere_else(house: SlackHouse, *people: SlackPerson) -> list[str]:
    """Where files stand that are not in the conversations of these people."""
    theirs = {f"D{person.user}" for person in people}
    return [file.channel for file in house.slack.sent_files.values() if file.channel not in theirs]


async def test_the_director_takes_out_the_whole_file_alone_and_the_ledger_knows_it_first(house: SlackHouse) -> None:
    ref = await removed(house)
    assert await events_of(house, "case.exported") == 0
    await house.dana.types("/incident", f"show {ref}")
    await house.dana.presses_told(EXPORT, about=ref)

    [file] = files_of(house, house.dana)
    assert ref in file.name
    with ZipFile(BytesIO(file.raw)) as folder:
        inside = b"\n".join(folder.read(name) for name in folder.namelist())
    assert WORDS.encode() in inside
    assert "It is a copy, taken back within an hour" in house.dana.told[-1]
    assert "That you were given it is on file" in house.dana.told[-1]
    assert await events_of(house, "case.exported") == 1
    assert sent_anywhere_else(house, house.dana) == []
    assert not any(leak in file.name.casefold() for leak in LEAKS)


async def test_a_press_in_a_channel_is_answered_in_the_persons_own_conversation(house: SlackHouse) -> None:
    ref = await removed(house)
    await house.dana.types("/incident", f"show {ref}", channel="social-media")
    button = next(found for one in house.slack.ephemeral["UDANA"] if (found := find_button(one["blocks"], EXPORT)))
    await house.dana.press(button, channel="social-media")

    assert len(files_of(house, house.dana)) == 1
    assert sent_anywhere_else(house, house.dana) == []
    said = "\n".join(read(one) for one in house.slack.messages["social-media"]).casefold()
    assert not any(leak in said for leak in LEAKS)


async def test_no_card_in_a_channel_offers_a_document(house: SlackHouse) -> None:
    await removed(house)
    await house.sam.types("/appeal", "log")
    await house.sam.fills({"Its words": PLEA, "From whom": PATRON})
    await house.deliver()

    drawn = json.dumps([house.slack.messages[name] for name in ("social-media", "decisions", "records")])
    assert "A-2026-0001" in drawn
    assert "document:" not in drawn
    assert not any(leak in drawn.casefold() for leak in LEAKS)


async def test_a_button_somebody_else_got_hold_of_gives_nothing_and_the_refusal_is_kept(house: SlackHouse) -> None:
    ref = await removed(house)
    await house.dana.types("/incident", f"show {ref}")
    button = next(found for one in house.slack.ephemeral["UDANA"] if (found := find_button(one["blocks"], EXPORT)))
    for person in (house.terry, house.robin, house.nobody):
        await person.press(button, channel=f"D{person.user}")
    house.slack.people["UKIM"] = {"id": "UKIM", "is_restricted": True}
    await house.kim.press(button, channel="DUKIM")

    assert house.slack.sent_files == {}
    assert "The whole file of a case is taken out by the Director and record keepers." in house.robin.told[-1]
    assert "guest" in house.kim.told[-1]
    said = "".join([*house.terry.told, house.robin.told[-1], *house.nobody.told, *house.kim.told]).casefold()
    assert not any(leak in said for leak in LEAKS)
    assert await events_of(house, "case.exported") == 0
    assert await events_of(house, "refused") == 3


async def test_the_half_sheet_needs_no_case_and_is_handed_over_as_a_file(house: SlackHouse) -> None:
    await removed(house)
    await house.robin.types("/appeal", "half-sheet")
    await house.robin.presses_told(SHEET)

    [file] = files_of(house, house.robin)
    assert (file.name, file.raw[:5]) == ("how to appeal.pdf", b"%PDF-")
    assert await events_of(house, "appeal.half_sheet") == 2, "told at the desk, and printed"
    assert sent_anywhere_else(house, house.robin) == []


@pytest.mark.parametrize(
    "value",
    ["", "{}", "[]", "null", '{"c":"I-2026-0001","n":"payroll.pdf"}', '{"c":"I-2026-0999","n":"file.zip"}'],
)
async def test_a_document_that_there_is_not_is_refused_kindly(house: SlackHouse, value: str) -> None:
    await removed(house)
    button = {"type": "button", "action_id": "document:0", "value": value, "text": {"type": "plain_text", "text": "x"}}
    before = len(house.dana.told)
    await house.dana.press(button, channel="DUDANA")

    assert house.slack.sent_files == {}
    [said] = house.dana.told[before:]
    assert "Open the case again" in said or "There is no" in said or "open the card again" in said, said


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("500", "files.getUploadURLExternal"),
        ("500", "files.completeUploadExternal"),
        ("429", "conversations.open"),
    ],
)
async def test_a_document_slack_does_not_take_is_said_to_be_so_and_can_be_asked_for_again(
    house: SlackHouse, kind: str, method: str
) -> None:
    await house.robin.types("/appeal", "half-sheet")
    house.slack.fails(kind, method)
    await house.robin.presses_told(SHEET)
    assert "Slack did not take the document" in house.robin.told[-1]
    assert files_of(house, house.robin) == []

    await house.robin.presses_told(SHEET)
    assert len(files_of(house, house.robin)) == 1


async def test_without_the_permission_to_give_files_the_person_hears_whom_to_ask(house: SlackHouse) -> None:
    house.slack.teams[TOKEN].scopes = frozenset(SCOPES) - {"files:write"}
    await house.robin.types("/appeal", "half-sheet")
    await house.robin.presses_told(SHEET)

    assert "Slack did not take the document" in house.robin.told[-1]
    assert "install it again with the manifest's scopes (files:write)" in house.robin.told[-1]
    assert house.slack.sent_files == {}


async def test_no_copy_of_a_document_outlives_the_program(house: SlackHouse) -> None:
    await house.robin.types("/appeal", "half-sheet")
    await house.robin.presses_told(SHEET)
    await house.stop()
    assert files_of(house, house.robin) == []
    await house.start()
