"""``duenotice backup`` and ``restore`` as somebody at a terminal meets them."""

import asyncio
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

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
    """A data folder where Chicopee has a removal with a picture."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "duenotice.sqlite")

    async def begin() -> None:
        async with chicopee(SqlStore.open(f"sqlite:///{folder / 'duenotice.sqlite'}"), folder) as house:
            await house.sam.begins_report()
            picture = await house.sam.attaches()
            await house.sam.fills(account="Facebook", text=WORDS, no_link="yes", outcome="Removed", pictures=picture)
            await house.sam.fills(clauses="Advertising", observations=("sells or advertises",), handles="@one")

    asyncio.run(begin())
    return folder


@pytest.fixture
def run(data: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on a data folder, by default on that one."""
    for name in ("DUENOTICE_DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)

    def command(*words: object, on: Path = data, url: str = "") -> Result:
        env = {"DUENOTICE_DATA": str(on), "DUENOTICE_DATABASE_URL": url, "COLUMNS": "160"}
        return CliRunner().invoke(app, [str(word) for word in words], env=env)

    return command


def no(came: Result) -> str:
    """Why a command refused."""
    assert isinstance(came.exception, Refusal), came.output
    return came.exception.why


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_library_is_carried_to_another_place_with_two_commands(
    run: Run, tmp_path: Path, to: str, request: pytest.FixtureRequest
) -> None:
    url = "" if to == "sqlite" else request.getfixturevalue("empty_postgres_url")
    there = tmp_path / "there"

    backed_up = run("backup", tmp_path / "backup.zip")
    restored = run("restore", tmp_path / "backup.zip", on=there, url=url)
    verified = run("verify", on=there, url=url)

    assert backed_up.exit_code == 0, backed_up.output
    assert "read again from end to end. Seal: " in backed_up.output
    assert "1 retained file.\n" in backed_up.output
    assert restored.exit_code == 0, restored.output
    assert "tells the administrators and the records channel, once, and repeats nothing" in restored.output
    assert verified.exit_code == 0, verified.output
    sha = sha256(PICTURE).hexdigest()
    assert (there / "vault" / str(LIBRARY) / sha[:2] / sha).read_bytes() == PICTURE


def test_a_backup_is_not_made_over_a_file_nor_of_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_text("mine")

    assert "exists already" in no(run("backup", tmp_path / "mine.zip"))
    assert "There is no record here yet." in no(run("backup", tmp_path / "new.zip", on=tmp_path / "empty"))
    assert (tmp_path / "mine.zip").read_text() == "mine"
    assert not (tmp_path / "new.zip").exists()


def test_a_restore_over_a_record_is_refused_and_leaves_it(run: Run, tmp_path: Path) -> None:
    run("backup", tmp_path / "backup.zip")

    assert "is not empty" in no(run("restore", tmp_path / "backup.zip"))
    assert run("verify").exit_code == 0


def test_a_file_that_is_not_there_is_said_kindly(run: Run, tmp_path: Path) -> None:
    assert "There is no file" in no(run("restore", tmp_path / "nothing.zip", on=tmp_path / "there"))


def test_an_altered_file_is_named_and_the_backup_is_made_without_it(run: Run, data: Path, tmp_path: Path) -> None:
    sha = sha256(PICTURE).hexdigest()
    (data / "vault" / str(LIBRARY) / sha[:2] / sha).write_bytes(PICTURE + b"!")

    came = run("backup", tmp_path / "backup.zip")

    assert sha in no(came)
    assert "was altered on disk and is not in the backup" in no(came)
    assert "Put these files back from an older backup" in no(came)
    assert run("restore", tmp_path / "backup.zip", on=tmp_path / "there").exit_code == 0


def test_a_file_that_is_lost_is_named_and_the_backup_is_made_without_it(run: Run, data: Path, tmp_path: Path) -> None:
    sha = sha256(PICTURE).hexdigest()
    (data / "vault" / str(LIBRARY) / sha[:2] / sha).unlink()

    came = run("backup", tmp_path / "backup.zip")

    assert f"The file {sha} is named in the record and is not in the vault." in no(came)
    assert (tmp_path / "backup.zip").exists()
