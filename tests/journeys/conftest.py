"""Journeys are made on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import SqlStore
from tests.people import House, chicopee


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Chicopee's library on a database, with Birch's beside it; checked when the test ends."""
    async with chicopee(SqlStore.open(database_url), tmp_path) as ready:
        yield ready
