"""The small rules are tried on the store in memory; the journeys try them on the databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes import FakeStore
from tests.people import House, chicopee


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Chicopee's library, in memory, with Birch's beside it; checked when the test ends."""
    async with chicopee(FakeStore(), tmp_path) as ready:
        yield ready
