"""The file of a case is the same on every store; the rules of what is in it are tried in memory."""

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
