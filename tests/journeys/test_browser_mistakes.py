"""What goes wrong at a counter: things left out, pressed twice, gone back to, two windows, and a program that dies."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.browser import chromium, missing
from tests.journeys.program import Program, practising
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "Chromium is here")

POST = "https://www.facebook.com/chicopeelibraryma/posts/7"


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


async def item_page(visitor: Visitor) -> None:
    """Open a report and fill what its second page asks, as a clerk who thinks it should come down."""
    await visitor.goes("Report")
    await visitor.ticks("May break a rule", "No")
    await visitor.goes("Next")
    await visitor.ticks("Facebook", "Removed")
    await visitor.browser.type("Link to it", POST)
    await visitor.browser.type("What it says", "Buy\nfollowers “here” & now")
    await visitor.browser.type("Our post it stands under", "Closed on Monday")


def references(page: str) -> list[str]:
    """The references of the reports on a page."""
    return sorted(set(re.findall(r"I-\d{4}-\d{4}", page)))


async def test_what_is_missing_is_said_beside_its_field_and_everything_typed_is_still_there(visitor: Visitor) -> None:
    await item_page(visitor)
    await visitor.goes("Continue")
    await visitor.browser.type("In your own words", "Sells followers")
    await visitor.browser.type("Author's handle", "@followers4u")

    shown = await visitor.goes("Save")

    assert re.search(r"Which rule does it break\?\s+▲ Please answer this\.", shown)
    assert shown.count("▲") == 1
    assert await visitor.typed("In your own words") == "Sells followers"
    assert await visitor.typed("Author's handle") == "@followers4u"
    await visitor.goes("Back")
    assert await visitor.typed("What it says") == "Buy\nfollowers “here” & now"
    assert await visitor.typed("Our post it stands under") == "Closed on Monday"
    assert await visitor.chosen() == ["Facebook · Chicopee Public Library", "No", "Removed"]


async def test_a_double_click_makes_one_report(program: Program, visitor: Visitor) -> None:
    await visitor.asks("complaint")
    await visitor.ticks("Facebook")

    await visitor.browser.tell(
        "const form = document.querySelector('dialog form'), save = form.querySelector('.primary');"
        "save.click(); save.click(); delete form.dataset.sent; save.click()"
    )
    await visitor.browser.see("Saved as")

    assert len(references(await visitor.asks("reports"))) == 1
    assert (await program.ask("cases", "list")).count("complaint") == 1


async def test_going_back_to_a_form_that_was_sent_makes_nothing_twice(program: Program, visitor: Visitor) -> None:
    await visitor.asks("complaint")
    await visitor.ticks("Facebook")
    await visitor.goes("Save")
    await visitor.browser.see("Saved as")

    await visitor.browser.tell("history.back()")
    await visitor.browser.see("Saved as")  # the page behind is asked for anew: its form is finished
    assert await visitor.browser.tell("document.querySelector('dialog') === null") is True
    await visitor.browser.tell("history.forward()")
    await visitor.browser.see("Saved as")

    assert len(references(await visitor.asks("reports"))) == 1
    assert (await program.ask("cases", "list")).count("complaint") == 1


async def test_a_stale_button_shows_what_happened_since_and_does_nothing(program: Program, visitor: Visitor) -> None:
    await item_page(visitor)
    await visitor.goes("Continue")
    await visitor.ticks("Advertising or spam", "sells or advertises something")
    await visitor.goes("Save")
    await visitor.becomes("Sam Okafor")
    await visitor.goes("Home")
    await visitor.goes("Done today")
    [ref] = references(await visitor.asks("reports"))
    kept = await program.kept(ref)

    shown = await visitor.goes_to_oldest("Done today")

    assert "You did this already" in shown
    assert (await program.kept(ref))["case"] == kept["case"]


async def test_whoever_reports_the_abuse_of_a_child_cannot_close_the_report(program: Program, visitor: Visitor) -> None:
    await visitor.goes("Report")
    await visitor.ticks("Yes")
    assert "Do not copy, download, forward or describe it." in await visitor.goes("Next")
    assert await visitor.browser.tell("document.querySelectorAll('dialog [type=file], dialog textarea').length") == 0
    await visitor.ticks("Facebook")
    shown = await visitor.goes("Tell the Director now")
    assert "Saved as I-" in shown
    assert "Close this report" not in shown
    [ref] = references(shown)

    assert "closed by those it was brought to" in await visitor.asks(f"close {ref}")

    assert (await program.kept(ref))["case"]["closed_on"] is None
    assert ref not in await visitor.visits("social-media")
    await visitor.becomes("Dana Whitfield")
    assert "Child safety: please act now." in await visitor.answer()
    await visitor.goes("Open")
    assert "closed on" in await visitor.goes("Close this report")


async def test_two_windows_of_one_person_finish_one_form_once(program: Program, visitor: Visitor) -> None:
    await visitor.asks("complaint")
    async with visitor.browser.another() as window:
        second = Visitor(window, program.url)
        await second.arrives()
        assert "Criticism stays up." in await second.answer()
        await second.ticks("Instagram")
        assert "Saved as" in await second.goes("Save")

        await visitor.ticks("Facebook")
        await visitor.goes("Save")

        assert len(references(await visitor.asks("reports"))) == 1
        assert (await program.ask("cases", "list")).count("complaint") == 1

        await second.becomes("Dana Whitfield")
        await visitor.goes("Due")
        assert "You are Dana Whitfield now" in await visitor.browser.text()


async def test_a_form_outlives_the_program(program: Program, visitor: Visitor) -> None:
    await item_page(visitor)
    await visitor.goes("Continue")
    await visitor.ticks("Advertising or spam", "sells or advertises something")
    await visitor.goes("Back")
    await visitor.goes("Continue")

    await program.kill()
    await program.start()
    await visitor.arrives()

    assert "Why it should be removed" in await visitor.answer()
    assert await visitor.chosen() == ["Advertising or spam", "sells or advertises something", "No answer"]
    await visitor.goes("Back")
    assert await visitor.typed("What it says") == "Buy\nfollowers “here” & now"
    await visitor.goes("Continue")
    await visitor.browser.type("In your own words", "Followers by the thousand.")
    await program.kill()
    await program.start()
    shown = await visitor.goes("Save")  # on the page that was open all the while
    assert "It sells or advertises something. Followers by the thousand." in shown
    assert len(references(await visitor.asks("reports"))) == 1
    assert "Chicopee Public Library" in await program.ask("verify")
