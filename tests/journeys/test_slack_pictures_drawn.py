"""The pictures in docs/slack.md are drawn from what the bot really sends, as it is now."""

import pytest

from adapters.slack import groups
from tests.platforms.drawn import wrong
from tests.platforms.slack_people import SlackHouse
from tests.platforms.slack_pictures import taken
from tests.platforms.slack_reading import read


async def test_every_picture_of_the_docs_is_there_small_and_drawn_with_todays_words(
    slack_house: SlackHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "PATIENCE", 30.0)  # a form goes without groups where Slack is slow to name them
    pages = await taken(slack_house)

    assert wrong("slack", {name: read(page) for name, page in pages.items()}) == {}
