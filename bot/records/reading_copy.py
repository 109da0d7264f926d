"""What a person reads of an exported file: one page to read and print, and a table for each kind of record.

A patron's words stand there as they were written and do nothing: the page has no script, allows none, and makes no
links but to the folder's own files. In a table a cell that a spreadsheet would take for a formula begins with an
apostrophe.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from io import StringIO
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.cases.incident import OBSERVATIONS, Evidence
from bot.clocks.calendar import short_date
from bot.records.case_file import LEFT_OUT, MACHINERY, CaseFile, Chapter, Link, evidences, incomplete, original, plain
from bot.refusal import Citation

FORMULA = ("=", "+", "-", "@", "\t", "\r")
SILENT = frozenset({"id", "library", "version", "batch", "fingerprint", "text_sha256", "task"})
"""Fields that tell a reader nothing; they are in ``file.json``."""
CODED = frozenset({"clauses", "code", "name", "observations"})
"""Fields that hold codes of the policy, of the form, or of a date."""

DEEDS = {
    "case.viewed": "looked at it",
    "case.exported": "took out the file",
    "case.show": "looked at it",
    "refused": "was refused something",
    "told.case": "told a channel of it",
    "told.step": "told a channel what happened",
    "told.direct": "told somebody in person",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the page: a label, what is on file, and the folder's file it leads to, if any."""

    label: str
    value: str
    leads_to: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """One entry of the ledger in words."""

    seq: int
    when: str
    who: str
    role: str
    what: str
    case: str


class Words:
    """How ids, codes and moments of one file are written for a reader."""

    def __init__(self, file: CaseFile) -> None:
        self._file = file
        self._zone = ZoneInfo(file.library.zone)
        self._codes = {**OBSERVATIONS, **file.codes}

    def lines(self, kind: str, record: Any, *, of: str) -> Iterator[Line]:  # noqa: ANN401 - any record
        """Everything a record of a case says, a line for each thing, but for which case it is."""
        hidden = self._file.left_out.get(kind, frozenset())
        said = self._inside(record, (), hidden, SILENT | MACHINERY.get(kind, frozenset()))
        return (line for line in said if line.value != of)

    def _inside(
        self,
        value: Any,  # noqa: ANN401 - as above
        path: tuple[str, ...],
        hidden: frozenset[str],
        silent: frozenset[str],
    ) -> Iterator[Line]:
        for each in fields(value):
            found = getattr(value, each.name)
            if each.name in silent or found in (None, "", (), False) or found == {}:
                continue
            where = (*path, each.name.replace("_", " "))
            if each.name in hidden:
                yield Line(label=_label(where), value=LEFT_OUT)
            else:
                yield from self._one(each.name, found, where, hidden)

    def _one(self, name: str, value: Any, path: tuple[str, ...], hidden: frozenset[str]) -> Iterator[Line]:  # noqa: ANN401 - as above
        if isinstance(value, Evidence):
            missing = self._file.originals.get(value.sha256) is None
            said = f"{value.name} ({value.media_type}, {value.size} bytes), kept {self.moment(value.kept_at)}"
            yield Line(
                label=_label(path),
                value=f"{said}; no longer kept" if missing else said,
                leads_to="" if missing else original(value),
            )
        elif isinstance(value, Citation):
            yield Line(label=_label(path), value=str(value))
        elif is_dataclass(value):
            yield from self._inside(value, path, hidden, SILENT)
        elif isinstance(value, Mapping):
            for key, one in value.items():
                yield from self._one(name, one, (*path, str(key)), hidden)
        elif isinstance(value, tuple | frozenset) and any(is_dataclass(one) for one in value):
            for number, one in enumerate(value, 1):
                yield from self._one(name, one, (*path, str(number)) if len(value) > 1 else path, hidden)
        elif isinstance(value, tuple | frozenset):
            yield Line(label=_label(path), value="\n".join(self._said(name, one) for one in value))
        else:
            yield Line(label=_label(path), value=self._said(name, value))

    def _said(self, name: str, value: Any) -> str:  # noqa: ANN401 - any scalar
        match value:
            case bool():
                return "yes" if value else "no"
            case Enum():
                return str(value.value).replace("_", " ")
            case UUID():
                return self.name(str(value))
            case datetime():
                return self.moment(value)
            case date():
                return short_date(value)
            case _:
                return self._codes.get(str(value), str(value)) if name in CODED else str(value)

    def by_kind(self, chapter: Chapter) -> dict[str, list[list[Line]]]:
        """The records of a case under the heading of their kind, in the order they came."""
        found: dict[str, list[list[Line]]] = {}
        for kind, record in chapter.records:
            found.setdefault(self._file.kinds[kind], []).append(list(self.lines(kind, record, of=chapter.ref)))
        return found

    def name(self, one: str) -> str:
        """Who or what an id stands for."""
        return self._file.names.get(one, f"not named here ({one})")

    def moment(self, at: datetime) -> str:
        """A moment as the library's own clocks show it."""
        local = at.astimezone(self._zone)
        return f"{short_date(local.date())}, {local:%H:%M} {local:%Z}"

    def happened(self, link: Link) -> Happened:
        """One entry of the ledger in words."""
        header = json.loads(link.entry.header)
        deed = DEEDS.get(header["action"], header["action"].replace(".", ": ").replace("_", " "))
        about = f" ({header['record']})" if header["record"] else ""
        return Happened(
            seq=link.entry.seq,
            when=self.moment(datetime.fromisoformat(header["at"])),
            who=self.name(header["actor"]) if header["actor"] else "the program",
            role=header["role"].replace("_", " ").replace(",", ", "),
            what=f"{deed}{about}",
            case=header["case"],
        )


def _label(path: tuple[str, ...]) -> str:
    joined = " · ".join(path)
    return joined[:1].upper() + joined[1:]


def page(file: CaseFile) -> bytes:
    """The page that is read and printed."""
    words = Words(file)
    environment = Environment(
        loader=PackageLoader("bot.records", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    last = file.links[-1].entry if file.links else None
    said = environment.get_template("file.html").render(
        file=file,
        words=words,
        history=[words.happened(link) for link in file.links],
        through=words.moment(datetime.fromisoformat(json.loads(last.header)["at"])) if last else "",
        last=last,
        incomplete=incomplete(file),
        originals=[(one, original(one)) for one in evidences(file) if file.originals.get(one.sha256) is not None],
    )
    return said.encode(errors="backslashreplace")


def tables(file: CaseFile) -> dict[str, bytes]:
    """A table for each kind of record, and one of everything that happened."""
    words = Words(file)
    rows: dict[str, list[dict[str, str]]] = {"history": [], "retained-files": []}
    for link in file.links:
        one = words.happened(link)
        at = json.loads(link.entry.header)["at"]
        said = {"entry": str(one.seq), "at_utc": at, "local": one.when, "who": one.who, "as": one.role}
        rows["history"].append({**said, "what": one.what, "case": one.case})
    for evidence in evidences(file):
        kept = file.originals.get(evidence.sha256) is not None
        rows["retained-files"].append(
            {
                "sha256": evidence.sha256,
                "name": evidence.name,
                "media_type": evidence.media_type,
                "bytes": str(evidence.size),
                "kept_at_utc": evidence.kept_at.isoformat(),
                "file": original(evidence) if kept else "no longer kept",
            }
        )
    for chapter in file.chapters:
        for kind, record in chapter.records:
            flat = {"case": chapter.ref, **dict(_flat(plain(kind, record, file.left_out)))}
            rows.setdefault(kind, []).append(flat)
    return {f"tables/{kind}.csv": _csv(found) for kind, found in sorted(rows.items())}


def _flat(value: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Nested JSON as one row: inner fields by their path, lists as JSON."""
    for name, one in value.items():
        if isinstance(one, dict):
            yield from _flat(one, f"{before}{name}.")
        elif isinstance(one, list):
            yield f"{before}{name}", json.dumps(one, ensure_ascii=False) if one else ""
        else:
            yield f"{before}{name}", "" if one is None else str(one)


def _csv(rows: list[dict[str, str]]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_inert(row.get(name, "")) for name in columns])
    return b"\xef\xbb\xbf" + written.getvalue().encode(errors="backslashreplace")


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
