"""The practice desk in a real browser: keys, focus, dialogs, narrow windows, and life without scripts."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web

from adapters.practice.outbound import PracticeMessenger
from bot.cards import Button, Card, Fact, Image, Quote, Reply, Row, Table
from bot.ports import Address
from tests.journeys.browser import Browser, chromium, missing
from tests.platforms.practice_fakes import LIBRARY, SOME_PICTURE, PaperCalendar, SmallDesk, a_practice_desk

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "Chromium is here")

FULL = Card(
    title="Report I-2026-0001",
    facts=(Fact(label="Under our post", value="w" * 400),),
    quotes=(Quote(label="What was posted", text="https://evil.example.com/" + "x" * 300),),
    table=Table(
        columns=("Case", "Due"),
        rows=(Row(cells=("I-2026-0001", "today"), buttons=(Button(label="Open it", intent="case.show"),)),),
    ),
    images=(Image(case="I-2026-0001", sha256="a" * 64, alt="Retained copy"),),
    buttons=tuple(Button(label=f"Something to do {number}", intent="x") for number in range(6)),
)


@dataclass(frozen=True)
class Desk:
    """A practice desk that runs, and where."""

    url: str
    behind: SmallDesk
    messenger: PracticeMessenger


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[Browser]:
    async with chromium(tmp_path / "profile") as browser:
        yield browser


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    behind, calendar = SmallDesk(pictures={"a" * 64: (SOME_PICTURE, "image/png")}), PaperCalendar()
    runner = web.AppRunner(a_practice_desk(tmp_path / "chat.sqlite3", behind, calendar))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield Desk(f"http://127.0.0.1:{port}", behind, PracticeMessenger(tmp_path / "chat.sqlite3", calendar.now))
    await runner.cleanup()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
async def test_a_report_is_made_in_a_browser(browser: Browser, desk: Desk, tmp_path: Path, *, script: bool) -> None:
    picture = tmp_path / "shot.png"
    picture.write_bytes(SOME_PICTURE)
    await browser.size(390, 844, script=script)
    await browser.open(desk.url)

    await browser.go("Report")
    await browser.press("Complaint")
    await browser.press("Next")
    await browser.see("Please answer this.")
    await browser.type("What was posted?", "They closed early.")
    await browser.press("Next")
    await browser.see("Page 2 of 2")
    await browser.attach("Pictures of it", picture)
    await browser.press("Send the report")

    await browser.see("It is kept.")
    assert desk.behind.done == [
        {"track": ("complaint",), "words": ("They closed early.",), "copies": ("quarantine-1",), "note": ("",)}
    ]
    assert desk.behind.kept == [("shot.png", SOME_PICTURE)]


async def test_the_keyboard_alone_writes_and_puts_a_form_aside(browser: Browser, desk: Desk) -> None:
    await browser.open(desk.url)
    await browser.type("Write to Due Notice", "report")
    await browser.key("Enter", code=13)
    await browser.see("Page 1 of 2")
    await browser.type("What was posted?", "half a sen")
    await browser.key("Escape", code=27)
    await browser.see("Unfinished: Report an item, page 1 of 2")

    await browser.go("Continue")

    assert await browser.tell("document.querySelector('[name=\"f.words\"]').value") == "half a sen"
    assert desk.behind.done == []


async def test_the_cursor_stands_in_the_first_answer_that_is_wrong(browser: Browser, desk: Desk) -> None:
    await browser.open(desk.url)
    await browser.go("Report")
    await browser.press("Complaint")
    await browser.press("Next")
    await browser.see("Please answer this.")

    assert await browser.tell("document.activeElement.name") == "f.words"
    assert await browser.tell("document.querySelector('dialog').matches(':modal')") is True


@pytest.mark.parametrize(("width", "height"), [(360, 640), (390, 844), (768, 1024), (1280, 860)])
async def test_nothing_is_wider_than_the_window(browser: Browser, desk: Desk, width: int, height: int) -> None:
    desk.behind.says = lambda _: Reply(cards=(FULL,), headline="y" * 300)
    await browser.size(width, height)
    await browser.open(desk.url)
    await browser.go("Home")
    await browser.see("I-2026-0001")

    assert await browser.tell("[innerWidth, document.documentElement.scrollWidth]") == [width, width]
    talk = "document.getElementById('talk')"
    assert await browser.tell(f"{talk}.scrollWidth <= {talk}.clientWidth") is True
    assert await browser.tell("document.documentElement.scrollHeight") == height


async def test_everything_to_press_on_a_phone_is_large_enough(browser: Browser, desk: Desk) -> None:
    desk.behind.says = lambda _: Reply(cards=(FULL,))
    await browser.size(360, 640)
    await browser.open(desk.url)
    await browser.go("Home")

    small = await browser.tell(
        "[...document.querySelectorAll('button, nav a, summary')].filter((e) => e.checkVisibility())"
        ".filter((e) => e.getBoundingClientRect().height < 36).map((e) => e.textContent)"
    )

    assert small == []


async def test_a_retained_picture_is_not_fetched_before_it_is_opened(browser: Browser, desk: Desk) -> None:
    desk.behind.says = lambda _: Reply(cards=(FULL,))
    await browser.open(desk.url)
    await browser.press("Robin Okafor")
    await browser.go("Dana Whitfield")
    await browser.go("Home")
    await browser.see("Covered until you open it")
    assert desk.behind.pictures_shown == []

    await browser.press("Retained copy")

    assert (
        await browser.tell("new Promise((done) => setTimeout(() => done(document.images[0].naturalWidth), 300))") == 1
    )
    assert desk.behind.pictures_shown == ["a" * 64]


async def test_what_others_are_told_appears_without_a_reload(browser: Browser, desk: Desk) -> None:
    await browser.open(f"{desk.url}/channel/decisions")
    await browser.see("Nothing has been posted here yet.")

    await desk.messenger.post(
        Address(platform="practice", tenant=LIBRARY, channel="decisions"), Card(title="Block B-2026-0001"), key="k"
    )

    await browser.see("Block B-2026-0001")


async def test_the_page_breaks_none_of_its_own_rules(browser: Browser, desk: Desk) -> None:
    desk.behind.says = lambda _: Reply(cards=(FULL,))
    await browser.open(desk.url)
    await browser.go("Home")
    await browser.tell(
        "window.broken = []; "
        "document.addEventListener('securitypolicyviolation', (e) => broken.push(e.violatedDirective))"
    )

    await browser.press("Retained copy")
    await browser.press("More")
    assert await browser.tell("window.broken") == []

    await browser.tell(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'https://evil.example/x'}))"
    )
    assert await browser.tell("new Promise((done) => setTimeout(() => done(broken), 200))") == ["img-src"]
