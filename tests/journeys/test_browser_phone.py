"""The real program on a small phone, in the dark, without scripts, by keyboard alone, and with a picture."""

import re
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.journeys.browser import Browser, chromium, missing
from tests.journeys.program import Program, practising
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "Chromium is here")

POST = "https://www.facebook.com/chicopeelibraryma/posts/7"
CONTRAST = """
(() => {
  const paint = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (colour) => {
    paint.clearRect(0, 0, 1, 1); paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92
    : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const back = rgb(getComputedStyle(e).backgroundColor);
      if (back[3] === 255) return back;
    }
    return rgb('Canvas');
  };
  const pale = [];
  const words = document.createTreeWalker(document.querySelector('dialog') || document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const e = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || !e.checkVisibility() || e.closest('.unseen, .skip, [aria-hidden]')) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) pale.push(words.currentNode.data.trim());
  }
  return pale;
})()
"""
"""Words whose contrast with what lies behind them is under 4.5 to 1 (WCAG 2.2, 1.4.3)."""
FOCUS = """
(() => {
  const e = document.activeElement;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  return {
    lost: e === document.body,
    seen: (style.outlineStyle !== 'none' || style.boxShadow !== 'none')
      && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
    says: (e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || e.value || '').trim(),
  };
})()
"""


def a_picture() -> bytes:
    """A small PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xb0\x20\x20" * 40) * 30)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    async with practising(tmp_path / "data") as program:
        yield program


@pytest.fixture
async def visitor(program: Program, tmp_path: Path) -> AsyncIterator[Visitor]:
    async with chromium(tmp_path / "profile") as browser:
        visitor = Visitor(browser, program.url)
        await browser.size(360, 640)
        await visitor.arrives()
        yield visitor


async def fits(browser: Browser) -> None:
    """Nothing is wider than the window, and every word can be read."""
    wide = (
        "[document.documentElement, document.getElementById('talk'), document.querySelector('.sheet-body')]"
        ".filter(Boolean).map((e) => e.scrollWidth - e.clientWidth)"
    )
    # what a page tells is an object to mypy
    assert set(map(int, await browser.tell(wide))) == {0}  # type: ignore[call-overload]
    assert await browser.tell(CONTRAST) == []


async def item(visitor: Visitor, outcome: str, *pictures: Path) -> None:
    """Fill the first two pages of a report."""
    await visitor.goes("Report")
    await visitor.ticks("May break a rule", "No")
    await visitor.goes("Next")
    await visitor.ticks("Facebook", outcome)
    await visitor.browser.type("Link to it", POST)
    await visitor.browser.attach("Picture of it", *pictures)
    await visitor.goes("Continue")


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
async def test_a_report_and_its_block_can_be_read_on_a_small_phone(visitor: Visitor, *, dark: bool) -> None:
    browser = visitor.browser
    await browser.size(360, 640, dark=dark)
    await fits(browser)
    await visitor.becomes("Sam Okafor")
    await visitor.asks("spam")
    await visitor.ticks("Facebook", "sells or advertises something")
    await browser.type("Author's handle", "@" + "w" * 80)
    await browser.type("Link to it", POST + "/" + "x" * 200)
    await fits(browser)
    await visitor.goes("Save")
    await fits(browser)
    for words in ("home", "due", "help", "policy spam", "who", "proof I-2026-0001"):
        await visitor.asks(words)
        await fits(browser)
    await browser.type("Write to Due Notice", "block @" + "w" * 80)
    await fits(browser)
    await browser.go("Send")
    await fits(browser)
    await visitor.goes("Next")
    await fits(browser)
    await visitor.goes("Cancel")
    await visitor.visits("social-media")
    await fits(browser)


async def test_everything_works_without_scripts(program: Program, visitor: Visitor) -> None:
    await visitor.browser.size(360, 640, script=False)
    await visitor.arrives()
    await visitor.asks("complaint")
    shown = await visitor.goes("Save")
    assert "Please answer this." in shown
    await visitor.ticks("Facebook")
    assert "Saved as I-" in await visitor.goes("Save")
    await visitor.becomes("Dana Whitfield")
    assert "A complaint was reported. It stays up." in await visitor.answer()
    assert "7 days passed" in await visitor.goes("+7")
    assert (await program.ask("cases", "list")).count("complaint") == 1


async def test_one_whole_report_is_made_with_the_keyboard_alone(program: Program, visitor: Visitor) -> None:
    browser = visitor.browser
    await browser.size(1280, 860)
    await visitor.arrives()

    async def reach(words: str) -> None:
        for _ in range(60):
            await browser.key("Tab", code=9)
            focus = dict(await browser.tell(FOCUS))  # type: ignore[call-overload]
            assert focus["seen"] or focus["lost"], focus
            if str(focus["says"]).startswith(words):
                return
        raise AssertionError(f"Tab never reaches {words!r}")

    await reach("Report")
    await browser.send("Enter", code=13)
    assert dict(await browser.tell(FOCUS))["says"].startswith("May break a rule")  # type: ignore[call-overload]
    await reach("Yes")
    await browser.key("ArrowDown", code=40)
    await reach("Next")
    await browser.send("Enter", code=13)
    await browser.key(" ", code=32)
    await reach("Link to it")
    await browser.do("Input.insertText", text=POST)
    await reach("Left up")
    await browser.key("ArrowDown", code=40)
    await reach("Continue")
    await browser.send(" ", code=32)

    await browser.see("Saved as I-")
    await browser.key("Tab", code=9)
    focus = dict(await browser.tell(FOCUS))  # type: ignore[call-overload]
    assert focus["seen"]
    assert "please look" in await program.ask("cases", "list")


async def test_a_retained_picture_is_shown_privately_and_covered_and_never_in_a_channel(
    program: Program, visitor: Visitor, tmp_path: Path
) -> None:
    picture = tmp_path / "shot.png"
    picture.write_bytes(a_picture())
    await item(visitor, "Removed", picture)
    await visitor.ticks("Advertising or spam", "sells or advertises something")
    shown = await visitor.goes("Save")
    assert "Covered until you open it; the look is logged." in shown
    size = "document.querySelector('.picture img').naturalWidth"
    assert await visitor.browser.tell(size) == 0

    await visitor.browser.press("Retained")
    assert await visitor.browser.tell(f"new Promise((done) => setTimeout(() => done({size}), 500))") == 40

    source = str(await visitor.browser.tell("document.querySelector('.picture img').src"))
    for channel in ("social-media", "decisions", "records"):
        await visitor.visits(channel)
        assert await visitor.browser.tell("document.querySelectorAll('main img, main details.picture').length") == 0
        assert "shot.png" not in await visitor.browser.text()
    async with ClientSession(cookies={"practice_player": "terry"}) as trustee, trustee.get(source) as answer:
        assert answer.status == 403
    ref = source.split("/")[-2]
    kept = await program.kept(ref)
    assert len(kept["case"]["evidence"]) == 1
    assert "case.viewed" in [entry["action"] for entry in kept["ledger"]]


async def test_the_picture_of_what_stays_up_is_gone(program: Program, visitor: Visitor, tmp_path: Path) -> None:
    picture = tmp_path / "shot.png"
    picture.write_bytes(a_picture())
    await item(visitor, "Please look", picture)
    assert "Saved as I-" in await visitor.answer()
    assert program.pictures()

    await visitor.becomes("Sam Okafor")
    await visitor.goes("Home")
    shown = await visitor.goes("Open")
    [ref] = sorted(set(re.findall(r"I-\d{4}-\d{4}", shown)))
    assert "Retained copy: shot.png" in shown
    shown = await visitor.goes("Close: it stays up")
    assert "left up" in shown
    assert "Retained copy" not in shown
    await visitor.goes("+7")
    await visitor.goes("+30")

    assert program.pictures() == []
    kept = await program.kept(ref)
    assert (kept["case"]["link"], kept["case"]["evidence"], kept["case"]["outcome"]) == (POST, [], "left_up")
