"""From a patron's letter to its end over a web socket: what is answered down it is what HTTP would carry."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.test_appeal_to_restoration import (
    test_an_appeal_goes_through_the_board_to_a_reversal_and_is_undone_on_each_account,
)
from tests.journeys.test_whole_chain import (
    test_from_the_comment_to_the_certificate_with_every_date_and_every_reminder_once,
)
from tests.people import House
from tests.platforms.slack_wire import chicopee_over_slack

__all__ = [
    "test_an_appeal_goes_through_the_board_to_a_reversal_and_is_undone_on_each_account",
    "test_from_the_comment_to_the_certificate_with_every_date_and_every_reminder_once",
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite, as over HTTP."""
    return sqlite_url


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Chicopee's library, reached down a socket of Slack only."""
    async with chicopee_over_slack(database_url, tmp_path, socket=True) as ready:
        yield ready
