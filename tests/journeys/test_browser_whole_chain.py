"""The whole chain in a real browser: from a comment to the certificate that says its record was disposed of.

It reads, and runs, like the story it is: what a dozen people do at the practice desk in the fifteen months between.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.clocks.calendar import long_date, short_date
from tests.journeys.browser import chromium, missing
from tests.journeys.program import Program, practising
from tests.journeys.test_what_is_kept import found_in_rows
from tests.journeys.visitor import Visitor
from tests.people import PICTURE

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "Chromium is here")

LINK = "https://www.facebook.com/chicopeelibraryma/posts/1?comment_id=2"
WORDS = "snollygoster: you are all idiots and thieves"
HANDLE = "@quibbleworth"
WHY = "flibber: it would not stop"
PATRON = "Tatterdemalion Jones, 3 Elm Street"
PLEA = "quibbling is no crime: I was angry about a fine"
SORRY = "snollygoster: I am sorry, and would like to come back"
ADVICE = ("flibber: let it stand, it named a clerk", "flibber: a shorter one would do")
SECRETS = ("quibbl", "snolly", "flibber", "tatter")
"""What the patron and the trustees wrote begins like this; none of it may stand in a channel, or stay for good."""

REPORT, BLOCK, APPEAL, REQUEST, DISPOSAL = "IBARD"


class Story:
    """What is remembered from one scene to the next: the days, and what each paper is filed under."""

    def __init__(self, today: date, folder: Path) -> None:
        self.began = today
        self.folder = folder

    def ref(self, letter: str, on: date | None = None) -> str:
        """The reference of the first case of a kind, numbered in the year it came in."""
        return f"{letter}-{(on or self.began).year}-0001"

    def day(self, number: int) -> date:
        """The day so many days after the comment."""
        return self.began + timedelta(days=number)

    def file(self, name: str, raw: bytes) -> Path:
        """A file to upload."""
        path = self.folder / name
        path.write_bytes(raw)
        return path


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    async with practising(tmp_path / "data") as program:
        yield program


@pytest.fixture
async def visitor(program: Program, tmp_path: Path) -> AsyncIterator[Visitor]:
    async with chromium(tmp_path / "profile") as browser:
        visitor = Visitor(browser, program.url)
        await visitor.arrives()
        yield visitor


@pytest.mark.timeout(300)
async def test_from_a_nasty_comment_to_the_certificate_of_its_disposal(
    program: Program, visitor: Visitor, tmp_path: Path
) -> None:
    today = datetime.strptime(await visitor.today(), "%a %d %b %Y").date()  # noqa: DTZ007 - a local day has no zone
    story = Story(today, tmp_path)

    await a_clerk_reports_a_comment_and_the_editor_takes_it_down(visitor, story)
    await the_editor_asks_for_a_block_and_the_director_approves_it(visitor, story)
    await the_editor_makes_it_and_the_person_is_told(visitor, story)
    await the_person_objects_at_the_desk_and_gets_the_half_sheet(visitor, story)
    await the_next_day_a_letter_comes_in(visitor, story)
    await the_director_asks_the_board_by_memos(visitor, story)
    await the_trustees_answer_each_alone(visitor, story)
    await the_decision_stands_and_the_letter_meets_the_date(visitor, story)
    await a_request_to_come_back_is_too_early_and_waits_for_its_day(visitor, story)
    await on_its_day_it_is_granted_and_the_editor_lifts_the_block(visitor, story)
    await a_year_passes_and_the_records_stand_on_the_disposal_list(visitor, story)
    await the_file_is_taken_out_and_checks_out(program, visitor, story)
    await one_proposes_the_disposal_and_another_confirms_it(visitor, story)
    await what_stays_is_the_tombstone_and_an_unbroken_chain(program, visitor, story)


async def a_clerk_reports_a_comment_and_the_editor_takes_it_down(visitor: Visitor, story: Story) -> None:
    """Robin at the circulation desk saw it; Sam edits the page."""
    report, today = story.ref(REPORT), story.began
    await visitor.becomes("Robin Hale")
    await visitor.goes("Report")
    await visitor.ticks("May break a rule", "No")
    await visitor.goes("Next")
    await visitor.ticks("Facebook", "Removed")
    await visitor.browser.type("Link to it", LINK)
    await visitor.browser.type("What it says", WORDS)
    await visitor.browser.type("Our post it stands under", "Summer reading kick-off")
    await visitor.goes("Continue")
    await visitor.ticks("Personal attack, insult, threat or defamation", "insults a person")
    await visitor.browser.type("Author's handle", HANDLE)
    assert "Would it come down if it praised the library?" in await visitor.goes("Save")
    await visitor.ticks("Yes")
    await visitor.browser.type("Protected: Whatever people post", "an answer was tried first")
    assert f"Saved as {report}." in await visitor.goes("Save")

    await visitor.becomes("Sam Okafor")
    await visitor.goes("Home")
    shown = await visitor.goes("Done today")
    assert f"removed on {short_date(today)}" in shown
    await visitor.goes("Tell the person, or not")
    assert f"until {short_date(story.day(15))}" in await visitor.typed("Text that was sent")
    await visitor.ticks("Reply under the post")
    assert "Kept: the person was told." in await visitor.goes("Save")


async def the_editor_asks_for_a_block_and_the_director_approves_it(visitor: Visitor, story: Story) -> None:
    """Sam asks, with what supports it; only Dana, the Director, decides."""
    await visitor.asks(f"block {HANDLE}")
    await visitor.ticks("Facebook", "One serious breach")
    await visitor.goes("Next")
    await visitor.browser.type("What supports “One serious breach", "flibber: called a clerk a thief by name.")
    await visitor.browser.type("Why should this author be blocked?", WHY)
    assert f"Saved as {story.ref(BLOCK)}." in await visitor.goes("Ask the Director")

    await visitor.becomes("Dana Whitfield")
    await visitor.goes("Home")
    await visitor.goes("Approve")
    await visitor.ticks("Yes")
    assert "not in force" in await visitor.goes("Approve")


async def the_editor_makes_it_and_the_person_is_told(visitor: Visitor, story: Story) -> None:
    """Approved is not yet in force: Sam makes it on Facebook, says so, and the person gets a letter."""
    await visitor.becomes("Sam Okafor")
    await visitor.goes("Home")
    assert f"in force from {short_date(story.began)}" in await visitor.goes("Done today on Facebook")
    await visitor.goes("Tell the person, or not")
    letter = await visitor.typed("Text that was sent")
    assert f"come back from {short_date(story.day(45))}" in letter
    await visitor.ticks("Letter")
    assert "Kept: the person was told." in await visitor.goes("Save")


async def the_person_objects_at_the_desk_and_gets_the_half_sheet(visitor: Visitor, story: Story) -> None:
    """Said at the desk is no appeal yet: one press says how, where and until when, and the Director hears of it."""
    sheet = await visitor.goes("Somebody objects at the desk")
    assert "Hand this over" in sheet
    assert "director@library.example" in sheet
    assert short_date(story.day(15)) in sheet


async def the_next_day_a_letter_comes_in(visitor: Visitor, story: Story) -> None:
    """Robin opens the post and puts it on file with a scan; its time runs from that day."""
    await visitor.goes("Next day")
    await visitor.becomes("Robin Hale")
    assert "An appeal came in" in await visitor.asks("appeal log")
    await visitor.browser.fill("Postmark, or the day it was sent", story.began.isoformat())
    await visitor.browser.type("From whom, and where to answer", PATRON)
    await visitor.browser.type("Its words", PLEA)
    await visitor.browser.attach("Scan or picture of it", story.file("letter.png", PICTURE))
    await visitor.browser.type("Reference of what it is about", story.ref(BLOCK))
    shown = await visitor.goes("Put it on file")
    assert f"Kept as {story.ref(APPEAL, story.day(1))}." in shown
    assert short_date(story.day(16)) in shown


async def the_director_asks_the_board_by_memos(visitor: Visitor, story: Story) -> None:
    """Dana was told on day 0 how the time lies, and sends each trustee a memo alone; one gets it on paper."""
    appeal = story.ref(APPEAL, story.day(1))
    await visitor.becomes("Dana Whitfield")
    await visitor.goes("Home")
    page = await visitor.goes("Ask the Board")
    assert "The Board of Trustees is asked for advice before the answer." in page
    assert long_date(story.day(16)) in page
    await visitor.ticks("By a memo to each trustee")
    shown = await visitor.goes("Choose")
    assert "Kept: 2 sent, each alone. In no chat, so print theirs and hand it over: Quinn Adler." in shown
    assert appeal in shown


async def the_trustees_answer_each_alone(visitor: Visitor, story: Story) -> None:
    """Terry and Lou answer in the chat and see nothing of each other; Pat enters what Quinn wrote on paper."""
    await visitor.goes("Next day")
    for name, advice, other in (("Terry Nowak", *ADVICE), ("Lou Castellan", *reversed(ADVICE))):
        await visitor.becomes(name)
        memo = await visitor.goes("Read the memo")
        assert "This memo and your answer may be public records." in memo
        assert WHY in memo
        assert PATRON not in memo
        await visitor.goes("Give my view")
        await visitor.browser.type("What do you advise?", advice)
        assert "the Director has been told that you answered" in await visitor.goes("Send to the Director")
        refused = await visitor.asks(f"show {story.ref(APPEAL, story.day(1))}")
        assert other not in refused + await visitor.browser.text()
    await visitor.becomes("Pat Moreau")
    await visitor.asks(f"show {story.ref(APPEAL, story.day(1))}")
    await visitor.goes("Enter a trustee's answer")
    await visitor.ticks("Quinn Adler")
    await visitor.browser.attach("Scan or picture of it", story.file("quinn.png", PICTURE + b"flibber on paper"))
    shown = await visitor.goes("Save")
    assert "Kept." in shown
    assert not [one for one in ADVICE if one in shown]


async def the_decision_stands_and_the_letter_meets_the_date(visitor: Visitor, story: Story) -> None:
    """A week later Dana puts on file what was advised, answers, and records that the letter was sent."""
    appeal = story.ref(APPEAL, story.day(1))
    await visitor.becomes("Dana Whitfield")
    await visitor.goes("+7")
    shown = await visitor.asks(f"show {appeal}")
    assert all(one in shown for one in ADVICE)
    await visitor.goes("Answer it")
    await visitor.ticks("The decision stands")
    await visitor.browser.type("Why?", "flibber: the comment called a clerk a thief by name.")
    await visitor.browser.type("Why that one?", "flibber: the Board named nobody else.")
    assert "The consultation of the Board is not on file." in await visitor.goes("Answer")
    await visitor.goes("Cancel")
    await visitor.asks(f"show {appeal}")
    await visitor.goes("Record the consultation")
    assert not await visitor.typed("What was advised?"), "single views are not copied into the file"
    await visitor.browser.type("What was advised?", "flibber: both find a word with the patron enough.")
    assert "Kept: the Board was consulted." in await visitor.goes("Keep it")
    page = await visitor.goes("Answer it")
    assert "You made the original decision" in page
    await visitor.ticks("The decision stands")
    await visitor.browser.type("Why?", "flibber: the comment called a clerk a thief by name.")
    await visitor.browser.type("Why that one?", "flibber: the Board named nobody else.")
    shown = await visitor.goes("Answer")
    assert "Kept: the decision stands. The letter is next; its sending meets the date." in shown
    assert short_date(story.day(16)) in shown
    await visitor.goes("Tell the person")
    letter = await visitor.typed("Text that was sent")
    assert "the Board of Trustees was asked for its advice" in letter
    assert not re.search(r"[IBA]-\d{4}-|incident|subject|Quinn|shorter", letter)
    await visitor.ticks("Letter")
    assert "answer sent" in await visitor.goes("Save")


async def a_request_to_come_back_is_too_early_and_waits_for_its_day(visitor: Visitor, story: Story) -> None:
    """The patron writes again, weeks before the day; Robin files it, and Dana tells them not to write a third time."""
    request = story.ref(REQUEST, story.day(9))
    await visitor.becomes("Robin Hale")
    await visitor.asks(f"reinstate {story.ref(BLOCK)}")
    await visitor.browser.type("From whom, and where to answer", PATRON)
    await visitor.browser.type("Its words", SORRY)
    shown = await visitor.goes("Put it on file")
    assert f"Kept as {request}; it comes back on {short_date(story.day(45))}." in shown
    await visitor.becomes("Dana Whitfield")
    await visitor.asks(f"show {request}")
    await visitor.goes("Tell the person, or not")
    letter = await visitor.typed("Text that was sent")
    assert long_date(story.day(45)) in letter
    await visitor.ticks("Letter")
    assert "Kept: the person was told." in await visitor.goes("Save")
    assert f"{short_date(story.day(45))}\tAnswer a request to come back" in await visitor.goes("Home")


async def on_its_day_it_is_granted_and_the_editor_lifts_the_block(visitor: Visitor, story: Story) -> None:
    """Forty-five days after the block it is back on Dana's desk by itself; nothing is lifted by itself."""
    request = story.ref(REQUEST, story.day(9))
    await visitor.goes("+30")
    for _ in range(6):
        await visitor.goes("Next day")
    assert await visitor.today() == f"{story.day(45):%a %-d %b %Y}"
    await visitor.goes("Home")
    await visitor.goes("Answer it")
    await visitor.ticks("They may come back")
    await visitor.browser.type("Conditions", "Speak of posts, not of staff.")
    await visitor.browser.type("Your reasons", "flibber: the letter shows that they understood.")
    shown = await visitor.goes("Answer")
    assert "Kept: granted on Facebook · Chicopee Public Library. The letter is next." in shown
    await visitor.goes("Tell the person, or not")
    assert "Speak of posts, not of staff." in await visitor.typed("Text that was sent")
    await visitor.ticks("Letter")
    assert "answer sent" in await visitor.goes("Save")
    assert f"in force from {short_date(story.began)}" in await visitor.asks(f"show {story.ref(BLOCK)}")
    await visitor.becomes("Sam Okafor")
    await visitor.goes("Home")
    assert "lifted" in await visitor.goes("Done today on Facebook")
    assert request in await visitor.asks(f"show {story.ref(BLOCK)}")


async def a_year_passes_and_the_records_stand_on_the_disposal_list(visitor: Visitor, story: Story) -> None:
    """The comment's year and the block's are over; nothing went by itself, and Kim sees both on the list."""
    await visitor.lets_pass(365)
    assert await visitor.today() == f"{story.day(410):%a %-d %b %Y}"
    for channel in ("social-media", "decisions", "records"):
        said = await visitor.visits(channel)
        assert not [secret for secret in SECRETS if secret in said.casefold()]
    await visitor.becomes("Kim Abara")
    shown = await visitor.asks("docket")
    assert story.ref(REPORT) in shown
    assert story.ref(BLOCK) in shown
    assert "No record goes by itself" in shown


async def the_file_is_taken_out_and_checks_out(program: Program, visitor: Visitor, story: Story) -> None:
    """Before anything goes the files are taken out; the script that lies in them checks them without the program."""
    assert "Export the file" in await visitor.asks(f"show {story.ref(BLOCK)}")
    for ref, words in ((story.ref(APPEAL, story.day(1)), PLEA), (story.ref(REQUEST, story.day(9)), SORRY)):
        folder = story.folder / ref
        await program.ask("export", ref, str(folder))
        page = (folder / "index.html").read_text()
        assert words in page
        assert WHY in page  # the file of an appeal holds the block it challenges
        assert await checked(folder)


async def checked(folder: Path) -> str:
    """What the script that lies in a file taken out says of it.

    :raises AssertionError: it finds something wrong
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(folder / "verify.py")), stdout=asyncio.subprocess.PIPE, cwd=folder
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed.decode()
    return printed.decode()


async def one_proposes_the_disposal_and_another_confirms_it(visitor: Visitor, story: Story) -> None:
    """The Director is the custodian under the policy and proposes; Kim, the second person, looks and confirms."""
    disposal = story.ref(DISPOSAL, story.day(410))
    await visitor.becomes("Dana Whitfield")
    await visitor.asks("dispose")
    await visitor.browser.type("Number of the authority", "RCB-1 of 14 March")
    await visitor.browser.type("Why are they disposed of?", "Their time is up.")
    assert f"{disposal} waits for a second person." in await visitor.goes("Propose")
    assert "so somebody else has to confirm it" in await visitor.goes("Confirm")
    await visitor.becomes("Kim Abara")
    await visitor.asks(f"show {disposal}")
    await visitor.goes("Confirm")
    await visitor.ticks("Yes")
    shown = await visitor.goes("Dispose of them")
    assert f"{disposal} is carried out." in shown
    assert f"Certificate of disposal {disposal}" in shown


async def what_stays_is_the_tombstone_and_an_unbroken_chain(program: Program, visitor: Visitor, story: Story) -> None:
    """Nothing the patron, the staff or the trustees wrote stands anywhere; that there was a record still does."""
    for ref in (story.ref(REPORT), story.ref(BLOCK), story.ref(APPEAL, story.day(1)), story.ref(REQUEST, story.day(9))):
        shown = await visitor.asks(f"show {ref}")
        assert f"{ref} was disposed of" in shown
        assert "RCB-1 of 14 March" in shown
        assert not [secret for secret in SECRETS if secret in shown.casefold()]
    assert len(program.pictures()) == 2
    await visitor.goes("+7")
    assert program.pictures() == []
    record = f"sqlite:///{story.folder / 'data' / 'practice' / 'record.sqlite'}"
    assert not [found for secret in SECRETS for found in found_in_rows(record, secret)]
    assert "Chicopee Public Library" in await program.ask("verify")
    for ref in (story.ref(APPEAL, story.day(1)), story.ref(REQUEST, story.day(9))):
        assert await checked(story.folder / ref)
