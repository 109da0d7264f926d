"""Restoring: what was altered is refused, nothing is told twice, and everything goes on."""

import shutil
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.ports import MessageState
from bot.records.ledger import verify
from bot.refusal import Refusal
from bot.training import LIBRARY
from storage import migrations
from storage.backup_format import examine, seal
from storage.restore import AHEAD, Settling, restore
from storage.store import SqlStore
from storage.vault import FolderVault
from tests.people import PICTURE, House, shown
from tests.storage.backups import (
    AT,
    as_of,
    backs_up,
    closed,
    goes_on,
    opened,
    refitted,
    restores,
)

# -- nothing is told twice -------------------------------------------------------------------------------------------


async def in_trouble(house: House) -> set[tuple[str, MessageState]]:
    return {(one.key, one.state) for one in await house.look(lambda shelves: shelves.messages.in_trouble())}


async def test_what_was_waiting_and_was_sent_since_is_not_sent_again_and_is_said_to_be_in_doubt(
    house: House, database_url: str, tmp_path: Path, elsewhere: str
) -> None:
    await house.deliver()
    ref = await house.robin.reports(outcome="Please look")
    backs_up(database_url, tmp_path / "data", tmp_path / "backup.zip", at=house.time())
    await house.deliver()
    assert f"Report {ref}" in house.cards("social-media")
    told = [(one.to, one.key) for one in house.messenger.posts]

    house.time.later(hours=1)
    restores(tmp_path / "backup.zip", elsewhere, tmp_path / "restored", at=house.time())
    restored = goes_on(house, elsewhere, tmp_path / "restored")
    try:
        await restored.deliver()
        now_told = [one for one in house.messenger.posts if (one.to, one.key) not in told]
        assert {one.card.title for one in now_told} == {"This record was restored from a backup"}
        assert sorted(one.to.channel or one.to.user for one in now_told) == [
            "alex",
            "birch-admin",
            "birch-records",
            "records",
        ]
        assert (f"case:{ref}:social-media", MessageState.UNKNOWN) in await in_trouble(restored)
        await restored.alex.says("home")
        assert "whether this had been told by then is not known here" in shown(restored.alex.reply)
        await restored.deliver()
        assert len(house.messenger.posts) == len(told) + 4
    finally:
        await restored.store.close()


async def test_reminders_that_fell_due_meanwhile_are_listed_once_and_the_next_ones_are_told(
    house: House, database_url: str, tmp_path: Path, elsewhere: str
) -> None:
    ref = await house.sam.removes()
    await house.deliver()
    backs_up(database_url, tmp_path / "data", tmp_path / "backup.zip", at=house.time())
    await house.pass_days(8)  # the copy that is lost reminds of what falls due
    lost = [(one.to, one.key, one.card.title) for one in house.posted]
    reminded = [one for one in house.posted if ref in repr(one.card.table)]
    assert reminded, "something fell due in those days"

    house.time.later(hours=1)
    restores(tmp_path / "backup.zip", elsewhere, tmp_path / "restored", at=house.time())
    restored = goes_on(house, elsewhere, tmp_path / "restored")
    try:
        count = len(house.posted)
        await restored.deliver()
        [record] = [one for one in house.posted[count:] if one.to.channel == "records"]
        assert {one.to.user for one in house.posted[count:]} == {"", "alex"}
        assert record.card.table is not None
        assert [row.cells[2] for row in record.card.table.rows] == [ref] * len(record.card.table.rows)
        await restored.pass_days(10)
        later = [(one.to, one.key, one.card.title) for one in house.posted[count:]]
    finally:
        await restored.store.close()

    assert not set(later) & set(lost), "nothing of what was told is told again"
    assert any(title.startswith(("Due, ", "The week")) for _, _, title in later), "and it goes on"


async def test_the_seal_and_the_week_that_were_posted_this_morning_are_not_posted_again(
    small: House, sqlite_url: str, tmp_path: Path, elsewhere: str
) -> None:
    small.time.local(date(2026, 3, 9), 7)
    backs_up(sqlite_url, tmp_path / "data", tmp_path / "backup.zip", at=small.time())
    small.time.local(date(2026, 3, 9), 9, 2)
    await small.deliver()
    titles = [one.card.title for one in small.posted]
    assert "Record of 9 March 2026" in titles

    small.time.local(date(2026, 3, 9), 11)
    restores(tmp_path / "backup.zip", elsewhere, tmp_path / "restored", at=small.time())
    restored = goes_on(small, elsewhere, tmp_path / "restored")
    try:
        await restored.deliver()
        assert {one.card.title for one in small.posted[len(titles) :]} == {"This record was restored from a backup"}
        await restored.pass_days(1)
        assert "Record of 10 March 2026" in [one.card.title for one in small.posted[len(titles) :]]
    finally:
        await restored.store.close()


async def test_the_one_message_says_when_from_when_and_names_nobody_and_nothing(
    small: House, sqlite_url: str, tmp_path: Path, elsewhere: str
) -> None:
    await small.sam.removes()
    backs_up(sqlite_url, tmp_path / "data", tmp_path / "backup.zip", at=small.time())
    small.time.later(days=1)
    restores(tmp_path / "backup.zip", elsewhere, tmp_path / "restored", at=small.time())
    restored = goes_on(small, elsewhere, tmp_path / "restored")
    try:
        await restored.deliver()
        [told] = [one for one in small.posted if one.to.channel == "records" and "restored" in one.card.title]
        event = next(one for one in await restored.since() if one.what == "library.restored")
        await restored.check()
    finally:
        await restored.store.close()

    assert "It is as it was on 2 March 2026 at 10:0" in told.card.body
    assert event.payload["seal"] == seal(tmp_path / "backup.zip")
    assert event.payload["numbers_left_out"] == AHEAD


async def test_a_card_that_stands_in_a_channel_is_still_brought_up_to_date_after_a_restore(
    small: House, sqlite_url: str, tmp_path: Path, elsewhere: str
) -> None:
    ref = await small.robin.reports(outcome="Please look")
    await small.deliver()
    await small.sam.says("home")
    await small.sam.presses("I'll look", case=ref)  # the update waits when the backup is made
    backs_up(sqlite_url, tmp_path / "data", tmp_path / "backup.zip", at=small.time())
    restores(tmp_path / "backup.zip", elsewhere, tmp_path / "restored", at=small.time())
    restored = goes_on(small, elsewhere, tmp_path / "restored")
    try:
        await restored.deliver()
    finally:
        await restored.store.close()

    [card] = [one for one in small.channel("social-media") if ref in one.card.title]
    assert {fact.label: fact.value for fact in card.card.facts}["Status"] == "somebody is looking at it"


async def test_what_is_decided_otherwise_after_a_restore_is_told_beside_what_the_lost_copy_told(
    small: House, sqlite_url: str, tmp_path: Path, elsewhere: str
) -> None:
    block = await small.sam.asks_for_block()
    await small.deliver()
    backs_up(sqlite_url, tmp_path / "data", tmp_path / "backup.zip", at=small.time())
    await small.kim.says(
        f"show {block}"
    )  # one entry, as the restore makes one: the ledgers go on with the same numbers
    await small.dana.approves(block, label="Deny")
    await small.deliver()
    count = len(small.posted)

    restores(tmp_path / "backup.zip", elsewhere, tmp_path / "restored", at=small.time())
    restored = goes_on(small, elsewhere, tmp_path / "restored")
    try:
        await restored.dana.approves(block)
        await restored.deliver()
        since = [one for one in small.posted[count:] if one.to.channel == "decisions"]
        assert [one.card.title for one in since] == [f"{block}: Approved by Dana Whitfield."]
        await restored.check()
    finally:
        await restored.store.close()


# -- what is refused -------------------------------------------------------------------------------------------------


def is_empty(url: str) -> bool:
    """Test whether a database of SQLite has no table."""
    path = Path(url.removeprefix("sqlite:///"))
    return not path.exists() or b"CREATE TABLE" not in path.read_bytes()


def test_one_changed_byte_anywhere_is_found_before_anything_is_restored(
    backup: Path, tmp_path: Path, elsewhere: str
) -> None:
    raw = backup.read_bytes()
    with zipfile.ZipFile(backup) as archive:
        parts = [
            (one.filename, one.header_offset + 30 + len(one.filename) + 20, one.compress_size)
            for one in archive.infolist()
        ]
    wrong = tmp_path / "wrong.zip"
    for name, begins, size in parts:
        if size < 30:
            continue
        flipped = bytearray(raw)
        flipped[begins + size // 2] ^= 1
        wrong.write_bytes(flipped)
        with pytest.raises(Refusal):
            restores(wrong, elsewhere, tmp_path / "restored", at=AT)
        assert is_empty(elsewhere), name
        assert not (tmp_path / "restored" / "vault").exists()
    for length in (0, 10, len(raw) // 2, len(raw) - 5):
        wrong.write_bytes(raw[:length])
        with pytest.raises(Refusal, match="no backup of this program, or it is damaged"):
            examine(wrong)


ALTERED: dict[str, tuple[str, Callable[[list[Any]], object], str]] = {
    "a header": ("ledger", lambda rows: rows[5].__setitem__(3, rows[4][3]), "ledger .* is broken: entry 6 was altered"),
    "a missing entry": ("ledger", lambda rows: rows.pop(5), "ledger .* is broken: entry 6 is missing"),
    "the last entry": ("ledger", lambda rows: rows.pop(), "does not end where its list says|in no ledger"),
    "a payload": ("ledger_payload", lambda rows: rows[5].__setitem__(2, rows[4][2]), "What entry 6 .* altered"),
    "a payload of no entry": (
        "ledger_payload",
        lambda rows: rows.append([rows[-1][0], 9999, *rows[-1][2:]]),
        "in no ledger",
    ),
}
"""What somebody alters who also makes the list of hashes fit, and how it is found."""


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_ledger_is_found_although_the_list_was_made_to_fit(
    backup: Path, tmp_path: Path, elsewhere: str, what: str
) -> None:
    table, alter, found = ALTERED[what]
    wrong = refitted(backup, tmp_path / "wrong.zip", table, alter)

    with pytest.raises(Refusal, match=found):
        restores(wrong, elsewhere, tmp_path / "restored", at=AT)
    assert is_empty(elsewhere)


def test_what_is_in_it_and_not_listed_or_listed_and_not_in_it_is_found(backup: Path, tmp_path: Path) -> None:
    manifest, parts = opened(backup)
    less = {name: raw for name, raw in parts.items() if not name.startswith("files/")}

    with pytest.raises(Refusal, match="files/extra is in it and is not listed"):
        examine(closed(tmp_path / "more.zip", manifest, {**parts, "files/extra": b"x"}))
    with pytest.raises(Refusal, match="is listed and is missing"):
        examine(closed(tmp_path / "less.zip", manifest, less))


@pytest.mark.parametrize(
    "newer", [{"format": 2}, {"format": 2, "what": "nobody knows yet"}, {"schema_step": "9999"}], ids=str
)
def test_a_newer_programs_backup_is_refused_in_words(
    backup: Path, tmp_path: Path, elsewhere: str, newer: dict[str, object]
) -> None:
    manifest, parts = opened(backup)
    wrong = closed(tmp_path / "newer.zip", {**manifest, **newer}, parts)

    with pytest.raises(Refusal, match="newer version of the program"):
        restores(wrong, elsewhere, tmp_path / "restored", at=AT)
    assert is_empty(elsewhere)


@pytest.mark.parametrize("what", ["a picture", "a zip file", "nothing"])
def test_what_is_no_backup_is_refused_in_words(tmp_path: Path, what: str) -> None:
    file = tmp_path / "file"
    if what == "a picture":
        file.write_bytes(PICTURE)
    elif what == "a zip file":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("hello.txt", "hello")

    with pytest.raises(Refusal, match="There is no file" if what == "nothing" else "is no backup of this program"):
        examine(file)


async def test_a_database_with_anything_in_it_is_left_alone(house: House, database_url: str, tmp_path: Path) -> None:
    await house.sam.removes()
    mark = await house.mark()
    backs_up(database_url, tmp_path / "data", tmp_path / "backup.zip", at=house.time())

    with pytest.raises(Refusal, match="is not empty") as no:
        restores(tmp_path / "backup.zip", database_url, tmp_path / "data", at=house.time())

    assert "password" not in no.value.why
    assert await house.mark() == mark


def test_a_database_whose_tables_were_made_and_are_empty_is_used(
    backup: Path, tmp_path: Path, sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "made.sqlite")

    restores(backup, f"sqlite:///{tmp_path / 'made.sqlite'}", tmp_path / "restored", at=AT)


def test_a_restore_that_fails_halfway_leaves_an_empty_database(
    backup: Path, tmp_path: Path, elsewhere: str, empty_postgres_url: str
) -> None:
    for url in (elsewhere, empty_postgres_url):

        def breaks(*_: object) -> Settling:
            def fails(*_: object) -> None:
                raise PowerCutError

            return Settling(doubt="", plan=fails, catch_up=fails, settle=fails)  # type: ignore[arg-type]  # it fails before it answers

        vault = FolderVault(tmp_path / "restored", now=lambda: AT)
        with pytest.raises(PowerCutError):
            restore(backup, url, vault, now=AT + timedelta(days=30), settling=breaks)
        assert restores(backup, url, tmp_path / "restored", at=AT).rows > 0, "it was empty again"


class PowerCutError(Exception):
    """The program ends in the middle of something."""


async def test_an_older_versions_backup_is_restored_and_brought_up_to_date(
    backup: Path, tmp_path: Path, elsewhere: str
) -> None:
    older = as_of(backup, tmp_path / "older.zip", "0002", tmp_path)

    restores(older, elsewhere, tmp_path / "restored", at=AT)

    store = SqlStore.open(elsewhere)
    try:
        assert await store.ask(LIBRARY, lambda shelves: shelves.appeals.recent(5)) == ()
        head, flaw = await store.chain(LIBRARY, verify)
    finally:
        await store.close()
    assert (flaw, head.seq > 10) == (None, True)
    assert migrations.HEAD > "0002"
