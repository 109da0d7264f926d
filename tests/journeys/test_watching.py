"""A journey in the browser can be watched: in a window, and slowly enough to read along."""

from pathlib import Path
from time import monotonic

import pytest

from tests.journeys.browser import WATCH, chromium, flags, missing, watched


def test_nobody_watches_unless_asked_for() -> None:
    assert watched({}) is watched({WATCH: ""}) is None
    assert "--headless" in flags(None)


def test_a_watched_browser_has_a_window_and_waits() -> None:
    assert watched({WATCH: "0.7"}) == 0.7
    assert "--headless" not in flags(0.7)
    assert set(flags(0.7)) < set(flags(None))


@pytest.mark.parametrize("asked", ["yes", "-1", "1 s", "nan"])
def test_something_else_than_seconds_is_said_to_be_wrong(asked: str) -> None:
    with pytest.raises(AssertionError, match="is a number of seconds"):
        watched({WATCH: asked})


@pytest.mark.skipif(bool(missing()), reason=missing() or "Chromium is here")
async def test_before_each_thing_that_is_done_a_watched_browser_waits(tmp_path: Path) -> None:
    page = "data:text/html,<button onclick='document.title = 1'>Once</button><label>Name <input></label>"
    async with chromium(tmp_path / "profile") as browser:
        await browser.open(page)
        browser.pause = 0.3
        begun = monotonic()
        await browser.press("Once")
        await browser.type("Name", "Robin")
        await browser.key("Tab", code=9)

    assert monotonic() - begun >= 3 * 0.3
