"""What only a database can get wrong: time, plans of queries, many processes, and a disk that will not."""

import asyncio
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Select, event, make_url
from sqlalchemy.dialects import sqlite

from bot.ports import Shelves, Stale, Sweep
from bot.records.ledger import verify
from bot.refusal import Refusal
from storage import clocks, engines, messages
from storage.store import SqlStore
from storage.trouble import NotSaved, PerhapsSaved
from tests.builders import (
    BIRCH,
    ELM,
    NOON,
    a_clock,
    a_correction,
    a_decided_block,
    a_message,
    a_notice,
    a_requested_block,
    an_entry,
    an_incident,
)
from tests.conftest import with_libraries


@pytest.fixture
async def store(database_url: str) -> SqlStore:
    opened = SqlStore.open(database_url, patience=0.3)
    await with_libraries(opened)
    return opened


async def test_a_moment_without_a_zone_is_never_kept(store: SqlStore) -> None:
    naive = a_correction(at=datetime(2026, 3, 3, 12, 0))  # noqa: DTZ001 - what this is about

    with pytest.raises(Exception, match="without a zone"):
        await store.act(ELM.id, lambda kept: kept.papers.put_correction(naive))

    await store.close()


async def test_moments_come_back_in_utc_wherever_they_were_said(store: SqlStore) -> None:
    said = datetime(2026, 11, 1, 1, 30, 0, 1, tzinfo=timezone(timedelta(hours=-4)))
    await store.act(ELM.id, lambda kept: kept.papers.put_notice(a_notice(at=said)))

    (kept,) = await store.ask(ELM.id, lambda kept: kept.papers.notices("I-2026-0001"))

    assert (kept.at, kept.at.tzinfo) == (said, UTC)
    await store.close()


async def test_two_programs_on_one_block_make_one_decision(store: SqlStore, database_url: str) -> None:
    other = SqlStore.open(database_url)
    asked = a_requested_block()
    await store.act(ELM.id, lambda kept: kept.blocks.put(asked))

    async def press(by: SqlStore, n: int) -> bool:
        decided = a_decided_block(asked, version=2, reason=f"Press {n}.")

        def decide(kept: Shelves) -> None:
            kept.blocks.put(decided)
            kept.book.append(an_entry(kept.book.head(), case=asked.ref))

        try:
            await by.act(ELM.id, decide)
        except Stale:
            return False
        return True

    wins = await asyncio.gather(*(press((store, other)[n % 2], n) for n in range(32)))

    assert wins.count(True) == 1
    assert len(await store.ask(ELM.id, lambda kept: kept.book.of_case(asked.ref))) == 1
    await other.close()
    await store.close()


async def test_two_programs_make_one_unbroken_chain(store: SqlStore, database_url: str) -> None:
    other = SqlStore.open(database_url)

    async def append(by: SqlStore) -> None:
        await by.act(ELM.id, lambda kept: kept.book.append(an_entry(kept.book.head())))

    await asyncio.gather(*(append(by) for by in (store, other) for _ in range(20)))

    head, flaw = await other.chain(ELM.id, verify)
    assert (head.seq, flaw) == (40, None)
    await other.close()
    await store.close()


async def test_an_ask_sees_one_moment_throughout(store: SqlStore) -> None:
    began, acted = threading.Event(), threading.Event()

    def look(kept: Shelves) -> tuple[int, int]:
        first = kept.book.head().seq
        began.set()
        assert acted.wait(10)
        return first, len(kept.book.entries(after=0, limit=9))

    asking = asyncio.create_task(store.ask(ELM.id, look))
    await asyncio.to_thread(began.wait, 10)
    await store.act(ELM.id, lambda kept: kept.book.append(an_entry()))
    acted.set()

    assert await asking == (0, 0)
    await store.close()


async def test_an_act_in_one_library_of_postgresql_does_not_wait_for_one_in_another(postgres_url: str) -> None:
    store = await with_libraries(SqlStore.open(postgres_url))
    birch_acted = threading.Event()
    slow = asyncio.create_task(store.act(ELM.id, lambda _kept: birch_acted.wait(10)))

    await store.act(BIRCH.id, lambda kept: kept.papers.put_notice(a_notice(library=BIRCH.id)))
    birch_acted.set()

    assert await slow
    await store.close()


async def test_a_sweep_of_postgresql_leaves_out_the_library_somebody_acts_in(postgres_url: str) -> None:
    store = await with_libraries(SqlStore.open(postgres_url))
    await store.act(ELM.id, lambda kept: kept.clocks.put(a_clock()))
    await store.act(ELM.id, lambda kept: kept.messages.queue(a_message()))
    await store.act(BIRCH.id, lambda kept: kept.clocks.put(a_clock(library=BIRCH.id)))
    began, swept = threading.Event(), threading.Event()

    def hold(_kept: Shelves) -> bool:
        began.set()
        return swept.wait(10)

    acting = asyncio.create_task(store.act(ELM.id, hold))
    await asyncio.to_thread(began.wait, 10)

    assert await store.sweep(NOON, 9, lambda _due, _shelves: Sweep()) == 1
    assert await store.claim_messages(NOON, lease_seconds=60, limit=9) == ()
    swept.set()
    await acting

    assert await store.sweep(NOON, 9, lambda _due, _shelves: Sweep()) == 2
    await store.close()


@pytest.mark.parametrize(
    ("due", "index"),
    [
        pytest.param(clocks.DUE, "clock_next", id="clocks"),
        pytest.param(messages.DUE, "message_next", id="messages"),
    ],
)
def test_what_is_due_is_found_through_its_index(sqlite_url: str, due: Select[Any], index: str) -> None:
    asked = str(due.compile(dialect=sqlite.dialect()))
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))

    plan = connection.execute(f"EXPLAIN QUERY PLAN {asked}", [1] * asked.count("?")).fetchall()
    connection.close()

    assert any(f"USING INDEX {index}" in step[3] for step in plan), plan


# -- a disk or a database that will not ------------------------------------------------------------------------------


async def test_a_database_somebody_holds_is_waited_for_and_then_said(sqlite_url: str) -> None:
    store = await with_libraries(SqlStore.open(sqlite_url, patience=0.1))
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(NotSaved, match=r"Nothing was saved: another program holds the database"):
        await store.act(ELM.id, lambda kept: kept.papers.put_notice(a_notice()))

    other.execute("ROLLBACK")
    other.close()
    await store.act(ELM.id, lambda kept: kept.papers.put_notice(a_notice()))
    assert len(await store.ask(ELM.id, lambda kept: kept.papers.notices("I-2026-0001"))) == 1
    await store.close()


async def test_records_somebody_holds_are_waited_for_and_then_said(postgres_url: str) -> None:
    store = await with_libraries(SqlStore.open(postgres_url, patience=0.1))
    other = await with_libraries(SqlStore.open(postgres_url))
    began, done = threading.Event(), threading.Event()

    def hold(_kept: Shelves) -> bool:
        began.set()
        return done.wait(10)

    acting = asyncio.create_task(other.act(ELM.id, hold))
    await asyncio.to_thread(began.wait, 10)

    with pytest.raises(NotSaved, match="another program holds these records"):
        await store.act(ELM.id, lambda kept: kept.papers.put_notice(a_notice()))

    done.set()
    await acting
    assert await store.ask(ELM.id, lambda kept: kept.papers.notices("I-2026-0001")) == ()
    await other.close()
    await store.close()


def a_store_with(setting: str, url: str) -> SqlStore:
    """A store whose writer works under a setting of SQLite's own."""
    writer = engines.sqlite_engine(engines.parsed(url), patience=1, writes=True)

    @event.listens_for(writer, "connect")
    def set_it(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA {setting}")

    reader = engines.sqlite_engine(engines.parsed(url), patience=1, writes=False)
    return SqlStore(writer=writer, reader=reader, writing=ThreadPoolExecutor(1), reading=ThreadPoolExecutor(1))


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        pytest.param("max_page_count = 200", "Nothing was saved: the disk is full", id="a full disk"),
        pytest.param("query_only = ON", "Nothing was saved: the database cannot be written to", id="read only"),
    ],
)
async def test_a_disk_that_will_not_undoes_the_act_and_says_so(sqlite_url: str, setting: str, said: str) -> None:
    healthy = await with_libraries(SqlStore.open(sqlite_url))
    store = a_store_with(setting, sqlite_url)

    def report(kept: Shelves) -> None:
        for _ in range(99):
            kept.incidents.put(an_incident(text="x" * 9_000))

    with pytest.raises(NotSaved, match=said):
        await store.act(ELM.id, report)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.recent(9)) == ()
    await healthy.act(ELM.id, report)
    assert len(await store.ask(ELM.id, lambda kept: kept.incidents.recent(100))) == 99
    await healthy.close()
    await store.close()


def cut_off(url: str) -> None:
    """Cut every other connection to a PostgreSQL database."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_a_connection_lost_during_an_act_undoes_it_and_says_so(postgres_url: str) -> None:
    store = await with_libraries(SqlStore.open(postgres_url))

    def lose(kept: Shelves) -> None:
        kept.papers.put_notice(a_notice())
        cut_off(postgres_url)
        kept.papers.put_notice(a_notice())

    with pytest.raises(NotSaved, match="Nothing was saved"):
        await store.act(ELM.id, lose)

    assert await store.ask(ELM.id, lambda kept: kept.papers.notices("I-2026-0001")) == ()
    await store.close()


async def test_a_connection_lost_during_the_commit_says_that_nobody_knows(postgres_url: str) -> None:
    store = await with_libraries(SqlStore.open(postgres_url))

    def lose(kept: Shelves) -> None:
        kept.papers.put_notice(a_notice())
        cut_off(postgres_url)

    with pytest.raises(PerhapsSaved, match="Look whether it is there"):
        await store.act(ELM.id, lose)

    await store.act(ELM.id, lambda kept: kept.papers.put_notice(a_notice(case="I-2026-0009")))
    assert len(await store.ask(ELM.id, lambda kept: kept.papers.notices("I-2026-0009"))) == 1
    await store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        pytest.param("mysql://localhost/x", "SQLite or PostgreSQL", id="another database"),
        pytest.param("no address", "cannot be read", id="no address"),
        pytest.param("sqlite://", "names no file", id="memory"),
        pytest.param("sqlite:////dev/null/duenotice.db", "Choose a folder", id="no folder"),
        pytest.param("postgresql://nobody@127.0.0.1:1/x?connect_timeout=1", "cannot be reached", id="no server"),
    ],
)
def test_an_address_that_cannot_be_opened_says_what_to_do(url: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        SqlStore.open(url)


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Buy milk. " * 100)

    with pytest.raises(Refusal, match="is not a database"):
        SqlStore.open(f"sqlite:///{path}")

    assert path.read_text() == "Buy milk. " * 100


def test_a_new_database_opens_to_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "new" / "duenotice.db"

    SqlStore.open(f"sqlite:///{path}").let_go()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_password_is_never_said(postgres_url: str) -> None:
    wrong = make_url(postgres_url).set(password="hunter2", database="nowhere")  # noqa: S106 - what this is about

    with pytest.raises(Refusal) as refused:
        SqlStore.open(wrong.render_as_string(hide_password=False))

    assert "hunter2" not in refused.value.why


async def test_what_a_patron_wrote_is_not_in_the_error_of_a_bug(store: SqlStore) -> None:
    with pytest.raises(Exception, match=r"NOT NULL|not-null") as bug:
        await store.act(ELM.id, lambda kept: kept.papers.put_notice(a_notice(text="My address is", reason=None)))

    assert "parameters hidden" in str(bug.value)
    await store.close()
