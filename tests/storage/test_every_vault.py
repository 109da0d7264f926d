"""What every vault promises."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from bot.ports import Vault
from bot.refusal import Mistake
from storage.vault import MOST, FolderVault
from tests.builders import BIRCH, ELM, NOON
from tests.fakes import FakeVault

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture"
LATER = NOON + timedelta(hours=1)

KINDS = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0 a picture",
    "image/gif": b"GIF89a a picture",
    "image/webp": b"RIFF\x00\x01\n\x03WEBPVP8 a picture",
    "application/pdf": b"%PDF-1.7 a letter",
}


class Now:
    """A calendar that can be moved on."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture(params=["fake", "folder"])
def vault(request: pytest.FixtureRequest, tmp_path: Path, now: Callable[[], datetime]) -> Vault:
    return FakeVault(now=now) if request.param == "fake" else FolderVault(tmp_path, now=now)


def sha(raw: bytes) -> str:
    return sha256(raw).hexdigest()


@pytest.mark.parametrize(("media_type", "raw"), KINDS.items())
def test_a_kept_file_comes_back_as_it_was_with_what_it_is(vault: Vault, media_type: str, raw: bytes) -> None:
    evidence = vault.promote(ELM.id, vault.quarantine(ELM.id, raw, "Été 2026.html"), LATER)

    assert vault.read(ELM.id, evidence.sha256) == (raw, media_type)
    assert (evidence.sha256, evidence.media_type, evidence.name) == (sha(raw), media_type, "Été 2026.html")
    assert (evidence.size, evidence.kept_at) == (len(raw), LATER)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(PNG + bytes(MOST), "larger than 20 MB", id="too large"),
        pytest.param(b"<svg onload='alert(1)'/>", "PNG, JPEG, GIF, WebP", id="a drawing that can run"),
        pytest.param(b"MZ a program", "PNG, JPEG, GIF, WebP", id="a program"),
        pytest.param(b"text \x89PNG\r\n\x1a\n", "PNG, JPEG, GIF, WebP", id="a picture further in"),
    ],
)
def test_a_file_that_is_not_taken_is_refused_with_what_is(vault: Vault, raw: bytes, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        vault.quarantine(ELM.id, raw, "screen.png")


def test_a_file_of_exactly_the_largest_size_is_taken(vault: Vault) -> None:
    raw = PNG + bytes(MOST - len(PNG))

    assert vault.promote(ELM.id, vault.quarantine(ELM.id, raw, "big.png"), LATER).size == MOST


def test_a_quarantined_file_is_not_evidence_yet(vault: Vault) -> None:
    vault.quarantine(ELM.id, PNG, "screen.png")

    with pytest.raises(Mistake):
        vault.read(ELM.id, sha(PNG))


def test_one_library_reads_nothing_of_another(vault: Vault) -> None:
    token = vault.quarantine(ELM.id, PNG, "screen.png")
    vault.promote(ELM.id, token, LATER)

    with pytest.raises(Mistake):
        vault.read(BIRCH.id, sha(PNG))
    with pytest.raises(Mistake):
        vault.promote(BIRCH.id, token, LATER)


def test_what_one_library_removes_another_keeps(vault: Vault) -> None:
    for library in (ELM, BIRCH):
        vault.promote(library.id, vault.quarantine(library.id, PNG, "screen.png"), LATER)

    vault.remove(ELM.id, sha(PNG))

    assert vault.read(BIRCH.id, sha(PNG)) == (PNG, "image/png")


def test_a_file_can_be_kept_again_after_an_act_that_was_undone(vault: Vault) -> None:
    token = vault.quarantine(ELM.id, PNG, "screen.png")

    assert vault.promote(ELM.id, token, LATER) == vault.promote(ELM.id, token, LATER)


def test_a_removed_file_is_gone_everywhere(vault: Vault) -> None:
    token = vault.quarantine(ELM.id, PNG, "screen.png")
    vault.promote(ELM.id, token, LATER)

    vault.remove(ELM.id, sha(PNG))

    with pytest.raises(Mistake):
        vault.read(ELM.id, sha(PNG))
    with pytest.raises(Mistake):
        vault.promote(ELM.id, token, LATER)


def test_removing_what_is_not_kept_changes_nothing(vault: Vault) -> None:
    vault.promote(ELM.id, vault.quarantine(ELM.id, PNG, "screen.png"), LATER)

    vault.remove(ELM.id, sha(b"something else"))

    assert vault.read(ELM.id, sha(PNG)) == (PNG, "image/png")


def test_only_quarantined_files_that_are_old_expire(vault: Vault, now: Now) -> None:
    kept = vault.promote(ELM.id, vault.quarantine(ELM.id, PNG, "kept.png"), NOON)
    old = vault.quarantine(ELM.id, KINDS["image/gif"], "old.gif")
    now.at = LATER
    new = vault.quarantine(BIRCH.id, PNG, "new.png")

    assert vault.expire(LATER) == 2

    with pytest.raises(Mistake, match="add it again"):
        vault.promote(ELM.id, old, LATER)
    assert vault.promote(BIRCH.id, new, LATER).name == "new.png"
    assert vault.read(ELM.id, kept.sha256) == (PNG, "image/png")


@pytest.mark.parametrize("token", ["", "..", "../../etc/passwd", "a" * 32, f"{'0' * 32}.{'0' * 64}", "\x00"])
def test_a_token_that_was_never_given_finds_nothing(vault: Vault, token: str) -> None:
    vault.quarantine(ELM.id, PNG, "screen.png")

    with pytest.raises(Mistake):
        vault.promote(ELM.id, token, LATER)


@pytest.mark.parametrize("name", ["", "..", "../vault", "A" * 64, "\x00"])
def test_what_is_no_hash_finds_nothing(vault: Vault, name: str) -> None:
    with pytest.raises(Mistake):
        vault.read(ELM.id, name)


def test_a_file_altered_on_disk_is_not_shown(folder_vault: FolderVault, tmp_path: Path) -> None:
    evidence = folder_vault.promote(ELM.id, folder_vault.quarantine(ELM.id, PNG, "screen.png"), LATER)
    (path,) = (tmp_path / "vault").glob(f"*/*/{evidence.sha256}")
    path.write_bytes(PNG + b"!")

    with pytest.raises(Mistake, match="altered"):
        folder_vault.read(ELM.id, evidence.sha256)


def test_files_lie_by_library_and_hash_and_open_to_nobody_else(folder_vault: FolderVault, tmp_path: Path) -> None:
    evidence = folder_vault.promote(ELM.id, folder_vault.quarantine(ELM.id, PNG, "../../name.png"), LATER)

    path = tmp_path / "vault" / str(ELM.id) / evidence.sha256[:2] / evidence.sha256
    assert path.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.rglob("*.part"))
    assert not list(tmp_path.rglob("*name.png"))


def test_a_file_that_cannot_be_written_leaves_nothing_half_written(folder_vault: FolderVault, tmp_path: Path) -> None:
    token = folder_vault.quarantine(ELM.id, PNG, "screen.png")
    blocked = tmp_path / "vault" / str(ELM.id) / sha(PNG)[:2] / sha(PNG)
    blocked.mkdir(parents=True)

    with pytest.raises(IsADirectoryError):
        folder_vault.promote(ELM.id, token, LATER)

    assert not list(tmp_path.rglob("*.part"))


def test_a_calendar_file_is_taken_only_where_one_is_asked_for_and_can_be_read_while_it_waits(vault: Vault) -> None:
    raw = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"

    token = vault.quarantine(ELM.id, raw, "closed.ics", calendar=True)

    assert vault.opened(ELM.id, token) == raw
    with pytest.raises(Mistake, match="no picture"):
        vault.quarantine(ELM.id, raw, "closed.ics")
    with pytest.raises(Mistake, match="no calendar file"):
        vault.quarantine(ELM.id, PNG, "screen.png", calendar=True)
    with pytest.raises(Mistake, match="no longer here"):
        vault.opened(BIRCH.id, token)
