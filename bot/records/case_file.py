"""What the file of a case holds, before it becomes a folder."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from bot.cases.incident import Evidence
from bot.cases.library import Library
from bot.records.kept import dumped
from bot.records.ledger import Entry

LEFT_OUT = "left out of this copy"
"""What stands where something is kept from whoever took the file out."""

MACHINERY: Mapping[str, frozenset[str]] = {"clock": frozenset({"next_at", "attempts", "last_step", "told_due"})}
"""Fields that say where the program stands with its reminders, and nothing about the case.

A reminder changes them and is no entry of the ledger, so a file taken out before it and after it is the same.
"""

ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "application/pdf": "pdf",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """One case of the file with everything that belongs to it, as (kind, record); ``why`` it is in this file."""

    ref: str
    why: str
    records: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One entry of the ledger, with the hash of the entry it follows, whichever case that one is about."""

    entry: Entry
    previous: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFile:
    """What the file of a case holds.

    ``kinds`` are the headings of its kinds of records. ``names`` and ``codes`` say what ids and the policy's codes
    stand for. ``originals`` are the retained files by hash, ``None`` for one that is no longer kept. ``packs`` are the
    adopted policies it names. ``left_out`` names, by kind of record, the fields this copy does without.
    """

    ref: str
    library: Library
    chapters: tuple[Chapter, ...]
    see_also: tuple[str, ...]
    kinds: Mapping[str, str]
    links: tuple[Link, ...]
    names: Mapping[str, str]
    codes: Mapping[str, str]
    originals: Mapping[str, bytes | None]
    packs: Mapping[str, bytes]
    left_out: Mapping[str, frozenset[str]] = field(default_factory=dict)


def evidences(file: CaseFile) -> tuple[Evidence, ...]:
    """Every retained file that is named in the records, each once."""
    found = [
        evidence
        for chapter in file.chapters
        for kind, record in chapter.records
        for evidence in retained(record, without=file.left_out.get(kind, frozenset()))
    ]
    return tuple({evidence.sha256: evidence for evidence in found}.values())


def retained(record: Any, *, without: Collection[str] = ()) -> Iterator[Evidence]:  # noqa: ANN401 - any record
    """Every retained file a record names, wherever in it, but for the fields left out."""
    if isinstance(record, Evidence):
        yield record
    elif isinstance(record, tuple):
        for one in record:
            yield from retained(one, without=without)
    elif is_dataclass(record):
        for each in fields(record):
            if each.name not in without:
                yield from retained(getattr(record, each.name), without=without)


def plain(kind: str, record: Any, left_out: Mapping[str, frozenset[str]]) -> dict[str, Any]:  # noqa: ANN401 - as above
    """A record as JSON, without what this copy leaves out and without the program's own machinery."""
    shown = {name: value for name, value in dumped(record).items() if name not in MACHINERY.get(kind, frozenset())}
    return {name: _without(name, value, left_out.get(kind, frozenset())) for name, value in shown.items()}


def _without(name: str, value: Any, hidden: Collection[str]) -> Any:  # noqa: ANN401 - any JSON
    if name in hidden and value:
        return LEFT_OUT
    if isinstance(value, dict):
        return {inner: _without(inner, one, hidden) for inner, one in value.items()}
    if isinstance(value, list):
        return [_without("", one, hidden) for one in value]
    return value


def original(evidence: Evidence) -> str:
    """Where the folder has a retained file."""
    return f"originals/{evidence.sha256}.{ENDINGS.get(evidence.media_type, 'bin')}"


def holds(value: Any, hidden: Collection[str]) -> bool:  # noqa: ANN401 - any JSON
    """Test whether some JSON says anything under one of these names."""
    if isinstance(value, dict):
        return any((name in hidden and bool(one)) or holds(one, hidden) for name, one in value.items())
    return isinstance(value, list) and any(holds(one, hidden) for one in value)


def incomplete(file: CaseFile) -> bool:
    """Test whether this copy does without anything that is on file."""
    return any(
        holds(dumped(record), file.left_out.get(kind, frozenset()))
        for chapter in file.chapters
        for kind, record in chapter.records
    ) or any(withheld(link, file) for link in file.links)


def withheld(link: Link, file: CaseFile) -> bool:
    """Test whether what an entry of the ledger says is left out of this copy."""
    hidden = file.left_out.get(json.loads(link.entry.header)["record"], frozenset())
    return bool(hidden) and link.entry.payload is not None and holds(json.loads(link.entry.payload), hidden)
