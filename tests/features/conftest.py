"""The small rules are tried on the store in memory; the journeys try them on the databases.

What holds a rule of a policy is made a second time through the practice page, with the record in SQLite.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from bot.training import CHARTER
from tests.features.ways import WAYS, by_practice
from tests.people import House, chicopee
from tests.policy.coverage import needs_test

DESK, PRACTICE = "desk", "practice"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make what holds a rule both ways."""
    if getattr(metafunc.function, "held_rules", ()):
        metafunc.parametrize("way", [DESK, PRACTICE], indirect=True)


@pytest.hookimpl(tryfirst=True)  # before those of the long run are left out
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Go through the practice page once for every rule; what holds only rules that were held waits for the long run."""
    held: set[str] = set()
    again: dict[Callable[..., Any], bool] = {}
    for item in items:
        marked: Iterable[str] = getattr(getattr(item, "function", None), "held_rules", ())
        if isinstance(item, pytest.Function) and marked and item.callspec.params["way"] == PRACTICE:
            rules = {rule for rule in marked if needs_test(rule)}
            if again.setdefault(item.function, rules <= held):
                item.add_marker(pytest.mark.torture)
            held |= rules


@pytest.fixture(autouse=True)
def way(request: pytest.FixtureRequest) -> str:
    """How the libraries of this test are reached."""
    chosen: str = getattr(request, "param", DESK)
    if chosen == PRACTICE:
        request.getfixturevalue("through_the_practice_page")
    return chosen


@pytest.fixture
async def through_the_practice_page(sqlite_url: str) -> AsyncIterator[None]:
    """Reach every library of this test through the practice page."""
    async with by_practice(sqlite_url):
        yield


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Chicopee's library, with Birch's beside it; checked when the test ends."""
    way = WAYS[-1]
    async with chicopee(way.store(), tmp_path, kind=way.kind) as ready:
        await way.reach(ready, tmp_path, CHARTER)
        yield ready
