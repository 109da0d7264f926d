"""The history of the tables: every database ends up the same, with what was in it."""

import asyncio
import re
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlmodel import SQLModel

from bot.records.ledger import verify
from bot.refusal import Refusal
from storage import engines, migrations, tables
from storage.store import SqlStore
from tests.builders import ELM, a_removed_incident, an_entry
from tests.conftest import with_libraries


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Either database, without a single table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


def engine_of(url: str) -> Engine:
    return create_engine(engines.parsed(url))


def test_the_migrations_make_exactly_the_tables_the_program_works_with(database_url: str) -> None:
    engine = engine_of(database_url)
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "compare_server_default": True})
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()

    assert differences == []


def shape(conn: Connection) -> dict[str, list[str]]:
    """Every table and index of an SQLite database in its own words, in any order."""
    found = conn.execute(text("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql NOT NULL"))
    return {row.name: sorted(re.findall(r"[^(),\s]+", row.sql)) for row in found if row.name != "alembic_version"}


def test_partial_indexes_and_the_ledgers_layout_are_the_same_too(sqlite_url: str, tmp_path: Path) -> None:
    migrated = engine_of(sqlite_url)
    declared = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    SQLModel.metadata.create_all(declared)
    with migrated.connect() as left, declared.connect() as right:
        assert shape(left) == shape(right)
    migrated.dispose()
    declared.dispose()


def test_every_table_carries_the_library_in_its_key() -> None:
    without = {
        name
        for name, table in SQLModel.metadata.tables.items()
        if "library_id" not in {column.name for column in table.primary_key.columns}
    }

    assert without == {"library", "installation", "sealed_token", "conversation"}


def test_the_newest_step_is_the_one_the_program_expects() -> None:
    steps = ScriptDirectory(str(Path(migrations.__file__).parent))

    assert steps.get_current_head() == migrations.HEAD


def test_a_new_database_is_brought_up_to_date_when_it_is_opened(empty_url: str) -> None:
    SqlStore.open(empty_url).let_go()

    engine = engine_of(empty_url)
    assert set(inspect(engine).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}
    engine.dispose()


async def test_opening_an_up_to_date_database_keeps_what_is_in_it(database_url: str) -> None:
    incident, entry = a_removed_incident(), an_entry()
    before = SqlStore.open(database_url)
    await with_libraries(before)
    await before.act(ELM.id, lambda kept: kept.incidents.put(incident))
    await before.act(ELM.id, lambda kept: kept.book.append(entry))
    await before.close()

    after = SqlStore.open(database_url)

    assert await after.ask(ELM.id, lambda kept: kept.incidents.by_ref(incident.ref)) == incident
    assert await after.chain(ELM.id, lambda chain: verify(chain)[0].hash) == entry.hash
    await after.close()


def test_a_newer_database_is_left_alone_with_a_kind_word(database_url: str) -> None:
    engine = engine_of(database_url)
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Refusal, match="newer version of the program"):
        SqlStore.open(database_url)

    with engine.connect() as conn:
        assert conn.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    engine.dispose()


def test_a_step_that_fails_leaves_nothing(empty_url: str) -> None:
    engine = engine_of(empty_url)
    with engine.begin() as conn:
        conn.execute(text("CREATE TABLE handled (mine INTEGER)"))

    with pytest.raises(Exception, match="handled"):
        SqlStore.open(empty_url)

    assert inspect(engine).get_table_names() == ["handled"]
    engine.dispose()


async def test_many_programs_may_start_on_a_new_database_at_once(empty_url: str) -> None:
    stores = await asyncio.gather(*(asyncio.to_thread(SqlStore.open, empty_url) for _ in range(4)))

    for store in stores:
        assert await store.libraries() == ()
        await store.close()


@pytest.mark.parametrize("change", ["UPDATE ledger SET \"case\" = 'x'", "DELETE FROM ledger"])
async def test_the_ledger_cannot_be_changed_even_by_hand(database_url: str, change: str) -> None:
    store = SqlStore.open(database_url)
    await with_libraries(store)
    await store.act(ELM.id, lambda kept: kept.book.append(an_entry()))

    engine = engine_of(database_url)
    with pytest.raises(Exception, match="append-only"), engine.begin() as conn:
        conn.execute(text(change))
    engine.dispose()

    assert await store.chain(ELM.id, lambda chain: verify(chain)[0].seq) == 1
    await store.close()


async def test_what_an_entry_says_can_be_disposed_of_and_the_chain_still_verifies(database_url: str) -> None:
    store = SqlStore.open(database_url)
    await with_libraries(store)
    await store.act(ELM.id, lambda kept: kept.book.append(an_entry(case="I-2026-0001")))
    engine = engine_of(database_url)
    with engine.begin() as conn:
        conn.execute(tables.table(tables.LedgerPayloadRow).delete())
    engine.dispose()

    (left,) = await store.ask(ELM.id, lambda kept: kept.book.of_case("I-2026-0001"))

    assert (left.payload, left.salt) == (None, None)
    assert await store.chain(ELM.id, lambda chain: verify(chain)[1]) is None
    await store.close()


def test_an_interrupted_upgrade_of_sqlite_starts_over(tmp_path: Path) -> None:
    path = tmp_path / "half.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE library (id TEXT)")

    with pytest.raises(Refusal, match="not opened: another program holds"):
        SqlStore.open(f"sqlite:///{path}", patience=0.1)
    other.close()

    SqlStore.open(f"sqlite:///{path}").let_go()
