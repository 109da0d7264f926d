"""The whole way in a real browser against the real program: a nasty comment, the block, the notice, the reminders."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.clocks.calendar import short_date
from tests.journeys.browser import chromium, missing
from tests.journeys.program import Program, practising
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "Chromium is here")

LINK = "https://www.facebook.com/chicopeelibraryma/posts/1?comment_id=2"
WORDS = "You are all idiots & <b>thieves</b>, see http://evil.example/x"
HANDLE = "@rudereader"


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    async with practising(tmp_path / "data") as program:
        yield program


@pytest.fixture
async def visitor(program: Program, tmp_path: Path) -> AsyncIterator[Visitor]:
    async with chromium(tmp_path / "profile") as browser:
        await browser.size(390, 844)
        visitor = Visitor(browser, program.url)
        await visitor.arrives()
        yield visitor


async def test_a_nasty_comment_becomes_a_block_in_force_with_its_notice_and_its_reminders(
    program: Program, visitor: Visitor
) -> None:
    today = datetime.strptime(await visitor.today(), "%a %d %b %Y").date()  # noqa: DTZ007 - a local day has no zone
    report, block = f"I-{today.year}-0001", f"B-{today.year}-0001"

    await a_clerk_reports_it(visitor, report)
    await the_editor_takes_it_down(visitor, report, today)
    await the_person_is_told(visitor, report, today)
    await the_editor_asks_for_a_block(visitor, block)
    await the_director_decides(visitor)
    await the_editor_makes_it(visitor, block, today)
    await its_author_is_looked_up_and_linked(visitor, report, block)
    await a_slip_is_put_right(visitor, report, today)
    await the_calendar_moves(visitor)
    await the_library_is_set_up(visitor, today + timedelta(days=70))
    await it_was_all_kept(program, report, block, today)


async def a_clerk_reports_it(visitor: Visitor, report: str) -> None:
    """A circulation clerk reports it and asks for it to be taken down."""
    await visitor.becomes("Robin Hale")
    await visitor.goes("Report")
    await visitor.ticks("May break a rule", "No")
    assert "The item" in await visitor.goes("Next")
    await visitor.ticks("Facebook", "Removed")
    await visitor.browser.type("Link to it", LINK)
    await visitor.browser.type("What it says", WORDS)
    await visitor.browser.type("Our post it stands under", "Summer reading kick-off")
    assert "Why it should be removed" in await visitor.goes("Continue")
    await visitor.ticks("Personal attack, insult, threat or defamation")
    assert "the title of a rule alone is no reason" in await visitor.goes("Save")
    await visitor.ticks("insults a person")
    await visitor.browser.type("Author's handle", HANDLE)
    assert "Would it come down if it praised the library?" in await visitor.goes("Save")
    await visitor.ticks("Yes")
    await visitor.browser.type("Protected: Whatever people post", "an answer was tried first")
    shown = await visitor.goes("Save")
    assert f"Saved as {report}." in shown
    assert "hxxp://evil[.]example/x" in shown
    assert "an editor has yet to do it" in shown


async def the_editor_takes_it_down(visitor: Visitor, report: str, today: date) -> None:
    """The editor of that account says what was done; the clerk cannot."""
    channel = await visitor.visits("social-media")
    assert report in channel
    assert HANDLE not in channel
    assert "idiots" not in channel
    assert "Nothing was changed." in await visitor.goes("Done today")
    await visitor.becomes("Sam Okafor")
    assert "Confirm what was done" in await visitor.goes("Home")
    shown = await visitor.goes("Done today")
    assert f"removed on {short_date(today)}" in shown
    assert short_date(today + timedelta(days=15)) in shown
    assert "It insults a person." in shown


async def the_person_is_told(visitor: Visitor, report: str, today: date) -> None:
    """The person is told, with the text to send."""
    assert "Was the person told?" in await visitor.goes("Tell the person, or not")
    letter = await visitor.typed("Text that was sent")
    assert f"until {short_date(today + timedelta(days=15))}" in letter
    assert "incident" not in letter.lower()
    assert report not in letter
    await visitor.ticks("Reply under the post")
    assert "Kept: the person was told." in await visitor.goes("Save")


async def the_editor_asks_for_a_block(visitor: Visitor, block: str) -> None:
    """The editor asks for a block, and says what supports it."""
    assert "Ask for a block" in await visitor.asks(f"block {HANDLE}")
    await visitor.ticks("Facebook", "One serious breach", "Would not do what staff asked")
    assert "not on file" in await visitor.goes("Next")
    await visitor.browser.type("What supports “One serious breach", "Called a member of staff a thief by name.")
    await visitor.browser.type("Why should this author be blocked?", "It insulted staff by name and would not stop.")
    shown = await visitor.goes("Ask the Director")
    assert f"Saved as {block}." in shown
    assert "the instruction that was refused" in shown


async def the_director_decides(visitor: Visitor) -> None:
    """Only the Director decides; the refusal of anybody else is kept."""
    channel = await visitor.visits("decisions")
    assert HANDLE not in channel
    refused = await visitor.goes("Approve")
    assert "Only the Library Director can decide this" in refused
    assert "Only the Director decides on a block" in refused
    await visitor.becomes("Dana Whitfield")
    assert "Approve the block" in await visitor.goes("Approve")
    assert "Write the reason" in await visitor.goes("Approve")
    await visitor.ticks("Yes")
    assert "not in force" in await visitor.goes("Approve")


async def the_editor_makes_it(visitor: Visitor, block: str, today: date) -> None:
    """The editor makes it on the platform and says so; from then on it is in force."""
    await visitor.becomes("Sam Okafor")
    assert "Make an approved block" in await visitor.goes("Home")
    shown = await visitor.goes("Done today on Facebook")
    assert f"in force from {short_date(today)}" in shown
    assert short_date(today + timedelta(days=45)) in shown
    await visitor.goes("Tell the person, or not")
    letter = await visitor.typed("Text that was sent")
    assert f"come back from {short_date(today + timedelta(days=45))}" in letter
    assert block not in letter
    await visitor.ticks("Letter")
    assert "Kept: the person was told." in await visitor.goes("Save")


async def its_author_is_looked_up_and_linked(visitor: Visitor, report: str, block: str) -> None:
    """What is on file about a handle; a second one is linked on a stated basis, and unlinked."""
    history = await visitor.asks(f"history {HANDLE}")
    assert report in history
    assert block in history
    assert report in await visitor.asks("search thieves")
    await visitor.asks(f"link {HANDLE}")
    await visitor.browser.type("The other handle", "Facebook: @ruderreader")
    assert "Please answer this." in await visitor.goes("Link")
    await visitor.browser.type("What shows it?", "The same words in the same minute.")
    assert "suspected, by Sam Okafor" in await visitor.goes("Link")
    await visitor.goes("Undo the link to")
    await visitor.browser.type("Why does it no longer stand?", "A quotation.")
    await visitor.goes("Undo the link")
    assert "link undone" in await visitor.asks(f"history {HANDLE}")
    await visitor.becomes("Terry Nowak")
    assert "thieves" not in await visitor.asks(f"show {report}")
    assert report not in await visitor.asks("search thieves")
    await visitor.becomes("Sam Okafor")


async def a_slip_is_put_right(visitor: Visitor, report: str, today: date) -> None:
    """The date of the removal was a slip: it is put right with a reason, and the date depends on the right day."""
    earlier = today - timedelta(days=2)
    await visitor.asks(f"correct {report}")
    await visitor.ticks("The day it was done")
    assert f"Now: {today.isoformat()}" in await visitor.goes("Next")
    await visitor.browser.fill("It was done on", earlier.isoformat())
    await visitor.browser.type("Why was it wrong?", "It was removed two days before.")
    assert f"removed on {short_date(earlier)}" in await visitor.goes("Correct")


async def the_calendar_moves(visitor: Visitor) -> None:
    """The calendar moves: the last day to appeal and the day to come back are announced, and no name is ever there."""
    await visitor.becomes("Dana Whitfield")
    assert "7 days passed" in await visitor.goes("+7")
    assert "7 days passed" in await visitor.goes("+7")
    social = await visitor.visits("social-media")
    assert "Appeal possible until" in social
    assert "30 days passed" in await visitor.goes("+30")
    assert "1 day passed" in await visitor.goes("+1")
    assert "1 day passed" in await visitor.goes("+1")
    decisions = await visitor.visits("decisions")
    for channel in (social, decisions, await visitor.visits("social-media"), await visitor.visits("records")):
        assert HANDLE not in channel
        assert "idiots" not in channel
    assert "May ask to come back from" in decisions


async def the_library_is_set_up(visitor: Visitor, closed: date) -> None:
    """The administrator sees what is set up and closes the library for a day."""
    await visitor.becomes("Alex Rivera")
    assert "Everything needed is set up." in await visitor.asks("setup")
    await visitor.goes("Closed day")
    await visitor.browser.fill("Day", closed.isoformat())
    await visitor.browser.type("Why", "Burst pipe")
    await visitor.goes("Save")
    assert "Burst pipe" in await visitor.goes("Closed day")
    await visitor.goes("Cancel")


async def it_was_all_kept(program: Program, report: str, block: str, today: date) -> None:
    """What was kept, asked of the program from outside while it runs."""
    assert "Chicopee Public Library" in await program.ask("verify")
    kept = await program.kept(report)
    assert kept["case"]["text"] == WORDS
    assert kept["case"]["removal"]["done_on"] == (today - timedelta(days=2)).isoformat()
    dates = {clock["name"]: (clock["due"], clock["state"]) for clock in kept["clocks"]}
    told = (today + timedelta(days=15)).isoformat()
    assert dates["appeal_by"] == (told, "passed")  # told to the person, so the correction does not shorten it
    [correction] = kept["corrections"]
    assert correction["reason"] == "It was removed two days before."
    [notice] = kept["notices"]
    assert (notice["telling"], notice["how"]) == ("told", "Reply under the post")
    kept = await program.kept(block)
    assert kept["case"]["decision"] == "approved"
    assert [(done["done"], done["done_on"]) for done in kept["executions"]] == [("made", today.isoformat())]
    dates = {clock["name"]: (clock["due"], clock["state"]) for clock in kept["clocks"]}
    assert dates["reinstatement_from"] == ((today + timedelta(days=45)).isoformat(), "opened")
    assert dates["appeal_by"] == (told, "passed")
    acts = [(entry["action"], entry["role"], entry["rule"]) for entry in kept["ledger"]]
    assert ("refused", "editor,reporter", "C31") in acts  # Sam's press on Approve, with the clause
    assert ("block.approve", "director,reporter", "") in acts
