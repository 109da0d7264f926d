"""The script that goes along with the file of a case: what was altered is found and named."""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.records.export import MANIFEST
from tests.people import PICTURE, House
from tests.records.taken import (
    VERIFY,
    a_block,
    a_removal,
    checked,
    file_of,
    listed_anew,
    put,
)

# -- finding what was altered ----------------------------------------------------------------------------------------


@pytest.fixture
async def a_file(house: House) -> dict[str, bytes]:
    """The file of a block in force."""
    block, _ = await a_block(house)
    return await file_of(house.dana, block)


async def test_the_folder_checks_itself(a_file: dict[str, bytes], tmp_path: Path) -> None:
    folder = put(a_file, tmp_path / "taken-out")

    code, said = checked(folder, folder / "verify.py")

    entries = len(json.loads(a_file["ledger.json"])["entries"])
    seal = sha256(a_file[MANIFEST]).hexdigest()
    assert code == 0, said
    assert f"OK: {len(a_file) - 1} files are as listed, and {entries} entries of the ledger fit their seals." in said
    assert seal in said


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not here")
def test_the_list_of_files_can_be_checked_with_the_usual_tool(a_file: dict[str, bytes], tmp_path: Path) -> None:
    folder = put(a_file, tmp_path / "taken-out")

    usual = subprocess.run(  # noqa: S603 - the tool people have
        [str(shutil.which("sha256sum")), "-c", "--strict", MANIFEST], cwd=folder, capture_output=True, check=False
    )

    assert usual.returncode == 0


async def test_one_changed_byte_in_any_file_is_found_and_its_file_named(
    a_file: dict[str, bytes], tmp_path: Path
) -> None:
    folder = put(a_file, tmp_path / "taken-out")
    assert len(a_file) > 12, sorted(a_file)
    for name, raw in a_file.items():
        for at in {0, len(raw) // 2, len(raw) - 1}:
            flipped = bytearray(raw)
            flipped[at] ^= 1
            (folder / name).write_bytes(flipped)
            code, said = checked(folder)
            assert code == 1, f"{name} at byte {at}: {said}"
            assert name in said or name == MANIFEST, said
            assert "OK:" not in said
        (folder / name).write_bytes(raw)
    assert checked(folder)[0] == 0


async def test_a_missing_an_extra_and_a_linked_file_are_named(a_file: dict[str, bytes], tmp_path: Path) -> None:
    folder = put(a_file, tmp_path / "taken-out")
    (folder / "tables" / "block.csv").unlink()
    (folder / "originals" / "one more.png").write_bytes(PICTURE)
    (folder / "file.json").rename(tmp_path / "file.json")
    (folder / "file.json").symlink_to(tmp_path / "file.json")

    code, said = checked(folder)

    assert code == 1
    assert said.splitlines()[:3] == [
        "CHANGED  file.json",
        "EXTRA    originals/one more.png",
        "MISSING  tables/block.csv",
    ]


async def test_a_folder_without_its_list_cannot_be_checked_and_says_so(tmp_path: Path) -> None:
    code, said = checked(tmp_path)

    assert (code, MANIFEST in said) == (1, True)


SEAL, CONTENT, PLACE = "its seal does not fit", "its content is not what was sealed", "it is listed as something else"
ALTERED: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "its header": (lambda one: one.update(header=one["header"].replace('"role":"', '"role":"x')), SEAL),
    "its payload": (lambda one: one.update(payload=one["payload"].replace('"', "'", 2)), CONTENT),
    "its salt": (lambda one: one.update(salt="00" * 16), CONTENT),
    "what it follows": (lambda one: one.update(previous="11" * 32), SEAL),
    "its commitment": (lambda one: one.update(commitment="11" * 32), SEAL),
    "its hash": (lambda one: one.update(hash="11" * 32), SEAL),
    "no hash": (lambda one: one.update(hash=None), SEAL),
    "its case": (lambda one: one.update(case="B-2026-9999"), PLACE),
    "its number": (lambda one: one.update(seq=one["seq"] + 1), PLACE),
    "no header": (lambda one: one.pop("header"), "cannot be read to its end"),
    "nonsense": (lambda one: one.update(commitment="not hexadecimal"), "cannot be read to its end"),
}
"""What is done to an entry, and what the script says of it."""


@pytest.mark.parametrize("what", ALTERED)
async def test_an_altered_entry_is_found_although_the_list_was_made_to_fit(
    a_file: dict[str, bytes], tmp_path: Path, what: str
) -> None:
    alter, found = ALTERED[what]
    ledger = json.loads(a_file["ledger.json"])
    alter(ledger["entries"][3])
    files = listed_anew({**a_file, "ledger.json": json.dumps(ledger).encode()})

    code, said = checked(put(files, tmp_path / "altered"))

    assert (code, found in said) == (1, True), said


async def test_an_entry_moved_to_another_place_is_found(a_file: dict[str, bytes], tmp_path: Path) -> None:
    ledger = json.loads(a_file["ledger.json"])
    ledger["entries"][2], ledger["entries"][3] = ledger["entries"][3], ledger["entries"][2]
    files = listed_anew({**a_file, "ledger.json": json.dumps(ledger).encode()})

    code, said = checked(put(files, tmp_path / "taken-out"))

    assert (code, "it does not belong behind entry" in said) == (1, True), said


async def test_entries_that_follow_each_other_hang_together(house: House, tmp_path: Path) -> None:
    ref = await a_removal(house)
    files = await file_of(house.dana, ref)
    entries = json.loads(files["ledger.json"])["entries"]
    chained = [(before, entry) for before, entry in pairwise(entries) if before["seq"] + 1 == entry["seq"]]

    assert chained
    assert all(entry["previous"] == before["hash"] for before, entry in chained)
    assert checked(put(files, tmp_path / "taken"))[0] == 0


def test_the_script_is_short_and_needs_nothing_but_python() -> None:
    source = VERIFY.read_text()
    imported = {
        (node.module or "").partition(".")[0] if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert len(source.splitlines()) < 150
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("tail", [b"tail without a line's end", b"0" * 64 + b"  extra.txt", b"\n", b" "])
async def test_whatever_is_added_to_the_end_of_the_list_is_found(
    a_file: dict[str, bytes], tmp_path: Path, tail: bytes
) -> None:
    folder = put(a_file, tmp_path / "taken-out")
    manifest = folder / MANIFEST
    manifest.write_bytes(manifest.read_bytes() + tail)

    code, said = checked(folder)

    assert code != 0
    assert MANIFEST in said or "extra.txt" in said


async def test_a_list_without_its_last_lines_end_is_found(a_file: dict[str, bytes], tmp_path: Path) -> None:
    folder = put(a_file, tmp_path / "taken-out")
    manifest = folder / MANIFEST
    manifest.write_bytes(manifest.read_bytes()[:-1])

    assert checked(folder)[0] != 0
