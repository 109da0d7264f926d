"""Backups: made while people work, of everything, each in one moment; what is not whole gets none."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import SQLModel
from typing_extensions import override

from bot.records.ledger import verify
from bot.refusal import Mistake, Refusal
from bot.training import LIBRARY
from storage.backup import back_up
from storage.backup_format import TYPES, seal, shape_of
from storage.restore import AHEAD
from storage.store import SqlStore
from storage.vault import FolderVault
from tests.people import PICTURE, WORDS, House, chicopee, shown
from tests.records.taken import taken
from tests.storage.backups import (
    SHA,
    a_full_record,
    backs_up,
    goes_on,
    restores,
    restores_silently,
    same_rows,
)
from tests.storage.whole_record import PASSES, a_whole_record

# -- everything comes back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
async def test_every_row_every_file_and_every_export_comes_back_the_same_on_either_database(
    house: House, database_url: str, tmp_path: Path, to: str, elsewhere: str, request: pytest.FixtureRequest
) -> None:
    cases = await a_whole_record(house)
    exports = {case: (await taken(house.dana, case)).raw for case in cases}
    target = elsewhere if to == "sqlite" else request.getfixturevalue("empty_postgres_url")
    first = backs_up(database_url, tmp_path / "data", tmp_path / "first.zip", at=house.time())
    assert {shape.name for shape in first.manifest.tables if not shape.rows} == PASSES

    restores_silently(tmp_path / "first.zip", target, tmp_path / "restored", at=house.time())
    again = backs_up(target, tmp_path / "restored", tmp_path / "second.zip", at=house.time())

    assert same_rows(first.manifest, again.manifest, without=frozenset({"message", "counter"}))
    assert again.manifest.libraries == first.manifest.libraries
    assert again.manifest.files == first.manifest.files
    assert len(again.manifest.files) > 1
    assert FolderVault(tmp_path / "restored", now=house.time).read(LIBRARY, SHA) == (PICTURE, "image/png")
    assert {shape.name for shape in again.manifest.tables} == set(SQLModel.metadata.tables)
    restored = goes_on(house, target, tmp_path / "restored")
    try:
        assert {case: (await taken(restored.dana, case)).raw for case in cases} == exports
        _, flaw = await restored.store.chain(LIBRARY, verify)
        assert flaw is None
    finally:
        await restored.store.close()


async def test_a_restored_library_goes_on_with_its_chain_its_cases_and_its_people(
    house: House, database_url: str, tmp_path: Path, elsewhere: str
) -> None:
    block = await a_full_record(house)
    backs_up(database_url, tmp_path / "data", tmp_path / "backup.zip", at=house.time())
    house.time.later(hours=2)

    restores(tmp_path / "backup.zip", elsewhere, tmp_path / "restored", at=house.time())
    restored = goes_on(house, elsewhere, tmp_path / "restored")
    try:
        await restored.dana.says(block)
        assert "in force from 2 March 2026" in shown(restored.dana.reply)
        ref = await restored.sam.removes(text="another text", links="https://facebook.com/another")
        head, flaw = await restored.store.chain(LIBRARY, verify)
    finally:
        await restored.store.close()

    assert flaw is None
    assert head.seq > 0
    assert int(ref.rpartition("-")[2]) == 2 + AHEAD, "no number is given a second time"


def test_every_column_of_every_table_has_a_way_into_a_backup() -> None:
    kinds = {kind for table in SQLModel.metadata.sorted_tables for kind in shape_of(table).columns.values()}

    assert kinds == set(TYPES)


# -- while people work -----------------------------------------------------------------------------------------------


async def test_a_backup_made_while_people_work_is_one_moment_and_stops_nobody(
    house: House, database_url: str, tmp_path: Path, elsewhere: str
) -> None:
    before = await house.mark()
    done: list[str] = []
    going = True

    async def work() -> None:
        while going:
            number = len(done)
            done.append(await house.robin.reports(links=f"https://facebook.com/{number}", text=f"text {number}"))

    working = asyncio.create_task(work())
    try:
        taken = []
        for name in ("one.zip", "two.zip", "three.zip"):
            acknowledged = len(done)
            await asyncio.sleep(0.05)
            made = await asyncio.to_thread(backs_up, database_url, tmp_path / "data", tmp_path / name, at=house.time())
            taken.append((acknowledged, made.manifest))
    finally:
        going = False
        await working
    after = await house.mark()

    assert taken[0][0] < len(done), "people went on working"
    for acknowledged, manifest in taken:
        entries = next(chain.entries for chain in manifest.libraries if chain.id == LIBRARY)
        kept = next(shape.rows for shape in manifest.tables if shape.name == "incident")
        assert before <= entries <= after
        assert acknowledged <= kept <= len(done) + 2
    restores(tmp_path / "three.zip", elsewhere, tmp_path / "restored", at=house.time())
    restored = goes_on(house, elsewhere, tmp_path / "restored")
    try:
        reports = await restored.look(lambda shelves: shelves.incidents.recent(10_000))
        begun = {
            event.header["case"]
            for event in await restored.since()
            if event.what == "incident.report incident" and not event.payload["before"]
        }
    finally:
        await restored.store.close()
    assert {report.ref for report in reports} == begun, "no act is there by half"


async def test_a_backup_changes_nothing_in_the_record(small: House, sqlite_url: str, tmp_path: Path) -> None:
    await a_full_record(small)
    mark = await small.mark()

    first = backs_up(sqlite_url, tmp_path / "data", tmp_path / "first.zip", at=small.time())
    second = backs_up(sqlite_url, tmp_path / "data", tmp_path / "second.zip", at=small.time())

    assert await small.mark() == mark
    assert same_rows(first.manifest, second.manifest, without=frozenset())
    assert seal(tmp_path / "first.zip") == seal(tmp_path / "second.zip")


# -- files -----------------------------------------------------------------------------------------------------------


async def test_a_file_that_is_released_while_the_backup_is_made_is_missing_and_not_lost(
    small: House, sqlite_url: str, tmp_path: Path, elsewhere: str
) -> None:
    await small.robin.begins_report()
    picture = await small.robin.attaches()
    await small.robin.fills(account="Facebook", text=WORDS, no_link="yes", outcome="Please look", pictures=picture)
    ref = small.robin.ref
    here = asyncio.get_running_loop()

    async def leave_up() -> None:
        await small.sam.says(f"close {ref}")
        await small.pass_days(1)  # the round removes what nobody retains

    class Watched(FolderVault):
        """A vault during whose reading the report is closed: the tables have been read by then."""

        @override
        def read(self, library: UUID, sha256: str) -> tuple[bytes, str]:
            asyncio.run_coroutine_threadsafe(leave_up(), here).result()
            return super().read(library, sha256)

    vault = Watched(tmp_path / "data", now=small.time)
    taken = await asyncio.to_thread(
        back_up, sqlite_url, vault, tmp_path / "backup.zip", at=small.time(), program="the tests"
    )

    assert [(one.library, one.sha256) for one in taken.manifest.missing] == [(LIBRARY, SHA)]
    assert (taken.altered, taken.lost, taken.manifest.files) == ((), (), ())
    restores(tmp_path / "backup.zip", elsewhere, tmp_path / "restored", at=small.time())
    with pytest.raises(Mistake, match="not kept here"):
        FolderVault(tmp_path / "restored", now=small.time).read(LIBRARY, SHA)


async def test_a_file_that_the_record_names_and_the_vault_lacks_is_lost(
    small: House, sqlite_url: str, tmp_path: Path
) -> None:
    await a_full_record(small)
    small.vault.remove(LIBRARY, SHA)

    taken = backs_up(sqlite_url, tmp_path / "data", tmp_path / "backup.zip", at=small.time())

    assert [one.sha256 for one in taken.lost] == [SHA]


async def test_a_file_that_was_altered_on_disk_is_not_taken_for_the_original(
    small: House, sqlite_url: str, tmp_path: Path
) -> None:
    await a_full_record(small)
    (tmp_path / "data" / "vault" / str(LIBRARY) / SHA[:2] / SHA).write_bytes(PICTURE + b"!")

    taken = backs_up(sqlite_url, tmp_path / "data", tmp_path / "backup.zip", at=small.time())

    assert [one.sha256 for one in taken.altered] == [SHA]
    assert taken.manifest.files == ()


# -- what is refused ----------------------------------------------------------------------------------------------


def lying_in(folder: Path) -> list[Path]:
    """What lies in a folder."""
    return list(folder.iterdir())


async def test_a_backup_replaces_no_file_and_leaves_no_half_one(small: House, sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_text("mine")

    with pytest.raises(Refusal, match="exists already"):
        backs_up(sqlite_url, tmp_path / "data", tmp_path / "mine.zip", at=small.time())
    with pytest.raises(Refusal, match="cannot be written"):
        backs_up(sqlite_url, tmp_path / "data", tmp_path / "mine.zip" / "backup.zip", at=small.time())

    assert (tmp_path / "mine.zip").read_text() == "mine"
    assert not [path for path in lying_in(tmp_path) if path.suffix == ".part"]


def test_a_backup_is_for_this_user_alone_to_read(a_backup: Path) -> None:
    assert stat.S_IMODE(a_backup.stat().st_mode) == 0o600


async def test_a_record_that_does_not_verify_gets_no_backup_that_looks_whole(sqlite_url: str, tmp_path: Path) -> None:
    async with chicopee(SqlStore.open(sqlite_url), tmp_path / "data") as house:
        await house.sam.removes()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as database:
        for trigger in [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute("UPDATE ledger SET header = CAST(replace(header, 'role', 'rule') AS BLOB) WHERE seq = 3")
        database.commit()

    with pytest.raises(Refusal, match=r"The ledger in this record is broken: entry 3 was altered.* No backup was made"):
        backs_up(sqlite_url, tmp_path / "data", tmp_path / "backup.zip", at=house.time())

    assert not [path for path in lying_in(tmp_path) if path.name.startswith("backup")]
