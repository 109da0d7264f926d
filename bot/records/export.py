"""The file of a case as a folder of plain files: readable, machine-readable, the originals, the proof.

Pure: what belongs to the file comes in, the bytes of each file go out, and the same record gives the same bytes on any
day. Every time in it is from the record. ``manifest.sha256`` lists every other file and can also be checked with
``sha256sum -c``; ``verify.py`` checks it, and the slice of the ledger, with the standard library alone.
"""

import json
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from importlib import resources
from io import BytesIO
from typing import Any

from bot.records import reading_copy
from bot.records.case_file import LEFT_OUT, CaseFile, Link, evidences, incomplete, original, plain, withheld

MANIFEST = "manifest.sha256"
NOT_CHANGING = frozenset({"case.viewed", "case.exported", "refused"})
"""Events that change nothing of a case. The slice of the ledger ends before the last of them, so that taking the file
out, or looking at it, does not alter it."""


def folder(file: CaseFile) -> dict[str, bytes]:
    """The files of the folder by their path, the list of their hashes last."""
    found = {"verify.py": resources.files("bot.records").joinpath("verify.py").read_bytes()}
    found["file.json"] = _pretty(_as_json(file))
    found["ledger.json"] = _pretty({"case": file.ref, "entries": [_link(one, file) for one in file.links]})
    found |= reading_copy.tables(file)
    found["index.html"] = reading_copy.page(file)
    for evidence in evidences(file):
        raw = file.originals.get(evidence.sha256)
        if raw is not None:
            found[original(evidence)] = raw
    found |= {f"policy/{version.replace(' ', '-')}.toml": raw for version, raw in file.packs.items()}
    found = dict(sorted(found.items()))
    listed = "".join(f"{sha256(raw).hexdigest()}  {name}\n" for name, raw in found.items())
    return {**found, MANIFEST: listed.encode()}


def seal(files: Mapping[str, bytes]) -> str:
    """What the ledger keeps of an export: the SHA-256 of its list of files."""
    return sha256(files[MANIFEST]).hexdigest()


def zipped(files: Mapping[str, bytes], name: str) -> bytes:
    """The folder as one zip file, below a folder of this name; the same files give the same bytes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, raw in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{name}/{path}")  # its date is the earliest a zip can say
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, raw)
    return packed.getvalue()


def _as_json(file: CaseFile) -> dict[str, Any]:
    last = file.links[-1].entry if file.links else None
    return {
        "case": file.ref,
        "library": {"id": str(file.library.id), "name": file.library.name, "zone": file.library.zone},
        "through": {"seq": last.seq, "hash": last.hash.hex()} if last else None,
        "cases": [
            {
                "case": chapter.ref,
                "why": chapter.why,
                "records": [
                    {"kind": kind, "record": plain(kind, record, file.left_out)} for kind, record in chapter.records
                ],
            }
            for chapter in file.chapters
        ],
        "see_also": list(file.see_also),
        "names": dict(sorted(file.names.items())),
        "codes": dict(sorted(file.codes.items())),
        "not_kept": [one.sha256 for one in evidences(file) if file.originals.get(one.sha256) is None],
        "left_out": (
            {kind: sorted(names) for kind, names in sorted(file.left_out.items())} if incomplete(file) else {}
        ),
    }


def _link(link: Link, file: CaseFile) -> dict[str, Any]:
    entry = link.entry
    payload, salt, why = entry.payload, entry.salt, ""
    if payload is None or salt is None:
        payload, salt, why = None, None, "disposed of"
    elif withheld(link, file):
        payload, salt, why = None, None, LEFT_OUT
    return {
        "seq": entry.seq,
        "library": str(entry.library),
        "case": entry.case,
        "previous": link.previous.hex(),
        "header": entry.header.decode(),
        "commitment": entry.commitment.hex(),
        "hash": entry.hash.hex(),
        "payload": None if payload is None else payload.decode(),
        "salt": None if salt is None else salt.hex(),
        "without_payload_because": why,
    }


def _pretty(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode(errors="backslashreplace")
