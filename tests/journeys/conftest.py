"""Journeys are made on both databases; a module that says so makes them on other surfaces than the desk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import SqlStore
from tests.journeys.surfaces import POSTGRESQL, SQLITE, SURFACES
from tests.people import House
from tests.platforms.slack_people import SlackHouse, chicopee_in_slack


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The surface and the database of a journey; a module with others parametrises this with ``on(…)``."""
    return "desk", request.param


@pytest.fixture
def database_url(way: tuple[str, str], request: pytest.FixtureRequest) -> str:
    """The database of the journey, up to date and empty."""
    url: str = request.getfixturevalue("sqlite_url" if way[1] == SQLITE else "postgres_url")
    return url


@pytest.fixture
async def house(way: tuple[str, str], database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Chicopee's library reached through one surface only, with Birch's beside it; checked when the test ends."""
    async with SURFACES[way[0]](database_url, tmp_path) as ready:
        yield ready


@pytest.fixture(params=["http", pytest.param("socket", marks=pytest.mark.torture)])
async def slack_house(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> AsyncIterator[SlackHouse]:
    """Chicopee's library at work in Slack, over signed HTTP; in the long run down a socket too."""
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_slack(store, tmp_path, socket=request.param == "socket") as opened:
        yield opened
    await store.close()
