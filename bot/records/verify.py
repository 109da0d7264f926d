"""Check that this folder is as it was exported. It needs Python 3 and nothing else: ``python3 verify.py``.

Every file is compared with the list in manifest.sha256, and every entry of ledger.json with the seal it carries. What
is changed, missing or extra is named. Somebody who changes a file and the list alike is found only by comparing the
hash of the list, which is printed, with the one the library has on file for this export.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MANIFEST = "manifest.sha256"
LEDGER = "ledger.json"
LINE = re.compile("([0-9a-f]{64})  (.+)")


def sha256(raw: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(raw).hexdigest()


def files_in(folder: Path) -> set[str]:
    """Every file below a folder, and every link, by its path with slashes."""
    found = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return {path.relative_to(folder).as_posix() for path in found}


def check_files(folder: Path) -> Iterator[str]:
    """What is wrong with the files, one sentence each."""
    listed = {}
    lines = (folder / MANIFEST).read_bytes().decode("utf-8").split("\n")
    if tail := lines.pop():
        yield f"CHANGED  {MANIFEST}: {tail!r} is no whole line"
    for line in lines:
        match = LINE.fullmatch(line)
        if match is None or match[2] in listed:
            yield f"CHANGED  {MANIFEST}: {line!r} is no line of such a list"
        else:
            listed[match[2]] = match[1]
    present = files_in(folder) - {MANIFEST}
    for name in sorted(present | set(listed)):
        if name not in present:
            yield f"MISSING  {name}"
        elif name not in listed:
            yield f"EXTRA    {name}"
        elif (folder / name).is_symlink() or sha256((folder / name).read_bytes()) != listed[name]:
            yield f"CHANGED  {name}"


def check_entry(entry: dict[str, Any], before: dict[str, Any] | None) -> Iterator[str]:
    """What is wrong with one entry of the ledger, and with its place behind the one before, one sentence each."""
    name = f"entry {entry['seq']}"
    header = entry["header"].encode("utf-8")
    says = json.loads(header)
    if sha256(bytes.fromhex(entry["previous"]) + header + bytes.fromhex(entry["commitment"])) != entry["hash"]:
        yield f"BROKEN   {name}: its seal does not fit what it says"
    if (says["seq"], says["case"], says["library"]) != (entry["seq"], entry["case"], entry["library"]):
        yield f"BROKEN   {name}: it is listed as something else than it says"
    if entry["seq"] == 1 and entry["previous"] != "0" * 64:
        yield f"BROKEN   {name}: the first entry follows nothing"
    if before is not None and (before["library"], before["seq"] < entry["seq"]) != (entry["library"], True):
        yield f"BROKEN   {name}: it does not belong behind entry {before['seq']}"
    if before is not None and before["seq"] + 1 == entry["seq"] and before["hash"] != entry["previous"]:
        yield f"BROKEN   {name}: it does not follow entry {before['seq']}"
    if entry["payload"] is not None:
        salted = bytes.fromhex(entry["salt"]) + entry["payload"].encode("utf-8")
        if sha256(salted) != entry["commitment"]:
            yield f"BROKEN   {name}: its content is not what was sealed"


def check_ledger(folder: Path) -> tuple[list[str], int]:
    """What is wrong with the entries of the ledger, and how many there are."""
    wrong: list[str] = []
    try:
        entries = json.loads((folder / LEDGER).read_bytes().decode("utf-8"))["entries"]
        before = None
        for entry in entries:
            wrong += check_entry(entry, before)
            before = entry
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        return [*wrong, f"BROKEN   {LEDGER} cannot be read to its end ({type(error).__name__}: {error})"], 0
    return wrong, len(entries)


def say(line: str) -> None:
    """Print a line on any terminal."""
    sys.stdout.write(line.encode("ascii", "backslashreplace").decode("ascii") + "\n")


def main(folder: Path) -> int:
    """Say what is wrong with a folder, or that nothing is; returns the exit code."""
    try:
        wrong = list(check_files(folder))
        seal = sha256((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        say(f"CHANGED  {MANIFEST} cannot be read ({error}), so nothing can be checked.")
        return 1
    broken, entries = check_ledger(folder)
    for line in wrong + broken:
        say(line)
    if wrong or broken:
        say("This folder is not as it was exported.")
        return 1
    say(f"OK: {len(files_in(folder)) - 1} files are as listed, and {entries} entries of the ledger fit their seals.")
    say(f"Compare the SHA-256 of {MANIFEST} with the one on file: {seal}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent))
