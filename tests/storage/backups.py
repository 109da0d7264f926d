"""Making and restoring backups in tests, as the commands do."""

import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, inspect

from bot.ports import Sweep
from bot.restored import DOUBT, Restored
from storage import migrations
from storage.backup import Taken, back_up
from storage.backup_format import MANIFEST, Manifest
from storage.restore import AHEAD, Settling, restore
from storage.store import SqlStore
from storage.vault import FolderVault
from tests.people import PICTURE, WORDS, House

AT = datetime(2026, 3, 2, 16, tzinfo=UTC)
"""When backups are made and restored, where it does not matter."""
SHA = sha256(PICTURE).hexdigest()
"""The file that a full record retains."""


def backs_up(url: str, folder: Path, file: Path, *, at: datetime) -> Taken:
    """Make a backup of a database and the vault in a folder."""
    return back_up(url, FolderVault(folder, now=lambda: at), file, at=at, program="the tests")


def restores(file: Path, url: str, folder: Path, *, at: datetime) -> Manifest:
    """Restore a backup as the command does."""
    vault = FolderVault(folder, now=lambda: at)

    def settling(manifest: Manifest, seal: str) -> Settling:
        once = Restored(taken_at=manifest.taken_at, seal=seal, now=at, left_out=AHEAD, vault=vault)
        return Settling(doubt=DOUBT, plan=once.plan, catch_up=once.catch_up, settle=once.settle)

    return restore(file, url, vault, now=at, settling=settling)


def restores_silently(file: Path, url: str, folder: Path, *, at: datetime) -> Manifest:
    """Restore a backup without a word of the core's, to see what was put back and nothing else."""

    def settling(_manifest: Manifest, _seal: str) -> Settling:
        return Settling(doubt="", plan=lambda *_: Sweep(), catch_up=lambda _: None, settle=lambda *_: None)

    return restore(file, url, FolderVault(folder, now=lambda: at), now=at, settling=settling)


def goes_on(house: House, url: str, folder: Path) -> House:
    """The library as the restored program has it: the same people and chat, at the same time, on another record."""
    return house.elsewhere(SqlStore.open(url), FolderVault(folder, now=house.time))


def opened(file: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The manifest and the parts of a backup."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return json.loads(parts.pop(MANIFEST)), parts


def closed(file: Path, manifest: Mapping[str, Any], parts: Mapping[str, bytes]) -> Path:
    """A backup put together by hand, whatever is wrong with it."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
        archive.writestr(MANIFEST, json.dumps(manifest))
    return file


def as_of(file: Path, at: Path, newest: str, folder: Path) -> Path:
    """A copy of a backup as the program made it when its tables had taken the steps up to one of them, and no more."""
    engine = create_engine(f"sqlite:///{folder / 'older.sqlite'}")
    with engine.begin() as conn:
        migrations.bring_to(conn, newest)
        looked = inspect(conn)
        had = {name: {one["name"] for one in looked.get_columns(name)} for name in looked.get_table_names()}
    engine.dispose()
    manifest, parts = opened(file)
    shapes = [shape for shape in manifest["tables"] if shape["name"] in had]
    for shape in manifest["tables"]:
        raw = parts.pop(f"tables/{shape['name']}.jsonl", b"")
        if shape not in shapes:
            continue
        columns, known = shape["columns"], had[shape["name"]]
        rows = [
            [cell for cell, name in zip(json.loads(line), columns, strict=True) if name in known]
            for line in raw.splitlines()
        ]
        lines = _lines(rows)
        parts[f"tables/{shape['name']}.jsonl"] = lines
        shape["columns"] = {name: kind for name, kind in columns.items() if name in known}
        shape["sha256"] = sha256(lines).hexdigest()
    return closed(at, {**manifest, "schema_step": newest, "tables": shapes}, parts)


def _lines(rows: list[list[Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows)


def refitted(file: Path, at: Path, name: str, alter: Callable[[list[Any]], object]) -> Path:
    """A copy of a backup with one table altered, and its list made to fit: every hash in it is right."""
    manifest, parts = opened(file)
    rows = [json.loads(line) for line in parts[f"tables/{name}.jsonl"].splitlines()]
    alter(rows)
    raw = _lines(rows)
    parts[f"tables/{name}.jsonl"] = raw
    for shape in manifest["tables"]:
        if shape["name"] == name:
            shape |= {"rows": len(rows), "sha256": sha256(raw).hexdigest()}
    return closed(at, manifest, parts)


def same_rows(first: Manifest, second: Manifest, *, without: frozenset[str]) -> bool:
    """Test whether two backups hold the same rows, but for some tables."""
    kept = [{shape.name: shape for shape in one.tables if shape.name not in without} for one in (first, second)]
    return kept[0] == kept[1]


async def a_full_record(house: House) -> str:
    """Every kind of thing a library keeps day by day; returns a block in force."""
    await house.sam.begins_report()
    picture = await house.sam.attaches()
    await house.sam.fills(
        account="Facebook", text=f"{WORDS} “漢字” \U0001f600", no_link="yes", outcome="Removed", pictures=picture
    )
    await house.sam.fills(clauses="Advertising", observations=("sells or advertises",), handles="@one")
    await house.robin.says("report")
    block = await house.sam.asks_for_block()
    await house.dana.approves(block)
    await house.sam.confirms(block)
    await house.deliver()
    return block
