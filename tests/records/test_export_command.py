"""``duenotice export`` as somebody at a terminal meets it."""

import asyncio
import json
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.refusal import Refusal
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.people import PICTURE, WORDS, chicopee

Run = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder with Chicopee and Birch in it, where Chicopee has a removal with a picture."""
    folder = tmp_path / "data"
    folder.mkdir()
    record = folder / "duenotice.sqlite"
    shutil.copyfile(sqlite_template, record)

    async def begin() -> None:
        async with chicopee(SqlStore.open(f"sqlite:///{record}"), folder) as house:
            await house.sam.begins_report()
            picture = await house.sam.attaches()
            await house.sam.fills(account="Facebook", text=WORDS, no_link="yes", outcome="Removed", pictures=picture)
            await house.sam.fills(clauses="Advertising", observations=("sells or advertises",), handles="@one")

    asyncio.run(begin())
    return folder


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on that folder."""
    for name in ("DUENOTICE_DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DUENOTICE_DATA", str(data))
    return lambda *words: CliRunner().invoke(app, ["export", *map(str, words)], catch_exceptions=True)


def exported(data: Path) -> list[dict[str, Any]]:
    """What the ledger has of exports."""

    async def read() -> list[dict[str, Any]]:
        store = SqlStore.open(f"sqlite:///{data / 'duenotice.sqlite'}")
        try:
            entries = await store.ask(LIBRARY, lambda shelves: shelves.book.entries(after=0, limit=10_000))
        finally:
            await store.close()
        opened = [(json.loads(entry.header), json.loads(entry.payload or b"{}")) for entry in entries]
        return [header | payload for header, payload in opened if header["action"] == "case.exported"]

    return asyncio.run(read())


def no(came: Result) -> str:
    """Why a command refused."""
    assert isinstance(came.exception, Refusal), came.output
    return came.exception.why


def test_the_folder_is_written_says_where_to_begin_and_checks_itself(run: Run, tmp_path: Path) -> None:
    came = run("i-2026-0001", tmp_path / "out", "--library", "Chicopee Public Library")

    assert came.exit_code == 0, came.output
    assert "The file of I-2026-0001 of Chicopee Public Library is in" in came.output
    sha = sha256(PICTURE).hexdigest()
    assert (tmp_path / "out" / "originals" / f"{sha}.png").read_bytes() == PICTURE
    checked = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(tmp_path / "out" / "verify.py")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
    assert list(tmp_path.glob("*.part")) == []


def test_the_ledger_has_the_seal_that_the_command_and_the_script_print(run: Run, data: Path, tmp_path: Path) -> None:
    came = run("I-2026-0001", tmp_path / "out", "--library", "Chicopee Public Library")

    seal = sha256((tmp_path / "out" / "manifest.sha256").read_bytes()).hexdigest()
    (event,) = exported(data)
    assert (event["case"], event["how"], event["seal"]) == ("I-2026-0001", "export", seal)
    assert seal in came.output


def test_a_second_export_of_the_same_case_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert run("I-2026-0001", tmp_path / name, "--library", "Chicopee Public Library").exit_code == 0

    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("first", "second")
    )
    assert first == second


def test_nobody_but_this_user_reads_what_was_written(run: Run, tmp_path: Path) -> None:
    run("I-2026-0001", tmp_path / "out", "--library", "Chicopee Public Library")

    others = stat.S_IRWXG | stat.S_IRWXO
    assert [path for path in (tmp_path / "out").rglob("*") if path.stat().st_mode & others] == []


def test_a_folder_with_something_in_it_is_left_alone(run: Run, data: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")

    assert "is not empty" in no(run("I-2026-0001", tmp_path / "out"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]
    assert exported(data) == []


def test_an_empty_folder_is_used(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    assert run("I-2026-0001", tmp_path / "out", "--library", "Chicopee Public Library").exit_code == 0
    assert (tmp_path / "out" / "index.html").exists()


def test_a_case_there_is_not_and_a_case_of_two_libraries_are_said_kindly(run: Run, data: Path, tmp_path: Path) -> None:
    assert "There is no case I-2030-0001 here." in no(run("I-2030-0001", tmp_path / "out"))
    assert "There is no case I-2026-0001 in Oak here." in no(run("I-2026-0001", tmp_path / "out", "--library", "Oak"))
    several = no(run("I-2026-0001", tmp_path / "out"))
    assert "Birch Public Library, Chicopee Public Library" in several
    assert "--library" in several
    assert not (tmp_path / "out").exists()
    assert exported(data) == []


def test_a_place_that_cannot_be_written_keeps_nothing_half(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")

    said = no(run("I-2026-0001", tmp_path / "file" / "out", "--library", "Chicopee Public Library"))

    assert "cannot be written" in said
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == ["file"]


def test_the_library_that_is_named_is_the_one_whose_case_is_taken_out(run: Run, tmp_path: Path) -> None:
    run("I-2026-0001", tmp_path / "out", "--library", "Birch Public Library")

    page = (tmp_path / "out" / "index.html").read_text()
    assert "Birch Public Library" in page
    assert "Chicopee" not in page
