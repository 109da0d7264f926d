"""The pictures in docs/teams.md are drawn from what the bot really sends."""

import re
from pathlib import Path

from tests.platforms.teams_pictures import taken
from tests.platforms.teams_rules import wrong_with_card

DOCS = Path(__file__).parents[2] / "docs"
LARGEST = 60_000
"""Bytes of a picture, so that the page opens on a phone."""


async def test_every_picture_of_the_docs_is_there_small_and_one_that_is_drawn(tmp_path: Path) -> None:
    named = set(re.findall(r"\]\(teams/([\w-]+)\.png\)", (DOCS / "teams.md").read_text(encoding="utf-8")))
    pages = await taken(tmp_path)

    assert named == set(pages) == {one.stem for one in (DOCS / "teams").glob("*.png")}
    for name, page in pages.items():
        assert wrong_with_card(page["card"], dialog=page["kind"] == "dialog") == []
        assert (DOCS / "teams" / f"{name}.png").stat().st_size < LARGEST, name
