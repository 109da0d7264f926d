"""Libraries to back up, and a backup of one to restore."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.store import SqlStore
from tests.people import House, chicopee
from tests.storage.backups import AT, a_full_record, backs_up


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """Chicopee's library, with Birch's beside it, on either database."""
    async with chicopee(SqlStore.open(database_url), tmp_path / "data") as ready:
        yield ready


@pytest.fixture
async def small(sqlite_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """The same on SQLite, for rules that are no database's."""
    async with chicopee(SqlStore.open(sqlite_url), tmp_path / "data") as ready:
        yield ready


@pytest.fixture
def elsewhere(tmp_path: Path) -> str:
    """An SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path / 'restored' / 'duenotice.sqlite'}"


@pytest.fixture(scope="session")
def a_backup(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A backup of a full record, made once."""
    folder = tmp_path_factory.mktemp("backup")
    shutil.copyfile(sqlite_template, folder / "record.sqlite")
    url = f"sqlite:///{folder / 'record.sqlite'}"

    async def begin() -> None:
        async with chicopee(SqlStore.open(url), folder / "data") as house:
            await a_full_record(house)

    with ThreadPoolExecutor(1) as aside:  # a test's own loop may be about to run here
        aside.submit(asyncio.run, begin()).result()
    backs_up(url, folder / "data", folder / "backup.zip", at=AT)
    return folder / "backup.zip"


@pytest.fixture
def backup(a_backup: Path, tmp_path: Path) -> Path:
    """The same, as a file of this test's own."""
    return Path(shutil.copy(a_backup, tmp_path / "backup.zip"))
