"""The pictures in docs/teams.md are drawn from what the bot really sends."""

import re
from pathlib import Path

from tests.platforms.drawn import DOCS, wrong
from tests.platforms.teams_people import read
from tests.platforms.teams_pictures import taken
from tests.platforms.teams_rules import wrong_with_card


async def test_every_picture_of_the_docs_is_there_small_and_one_that_is_drawn(tmp_path: Path) -> None:
    named = set(re.findall(r"\]\(teams/([\w-]+)\.png\)", (DOCS / "teams.md").read_text(encoding="utf-8")))
    pages = await taken(tmp_path)

    assert named == set(pages) == {one.stem for one in (DOCS / "teams").glob("*.png")}
    for page in pages.values():
        assert wrong_with_card(page["card"], dialog=page["kind"] == "dialog") == []
    assert wrong("teams", {name: read(page) for name, page in pages.items()}) == {}
