"""Remove what is on file about a record: its rows, what the ledger's entries say, its files, and handles nobody needs.

The entries themselves stay, so the chain still verifies; a tombstone and the certificate say that there was a record.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from bot.cases.account import one_person
from bot.cases.appeal import received
from bot.cases.block import request_of
from bot.cases.disposal import Certificate, Removed, Standing, Tombstone, digest, kind_of
from bot.cases.hold import Scope
from bot.cases.reinstatement import requested
from bot.refusal import Refusal
from bot.work import Work


def remove(going: Sequence[Standing], work: Work) -> tuple[Removed, ...]:
    """Remove records with what goes with each, and say what went. Nothing is checked here but that there is a period.

    Files are left to the round, which removes them unless another record still needs them.

    :raises Refusal: a record has no period
    """
    noted = [removed for one in going for removed in _noted(one, work)]
    authors = {author for one in going for author in _authors(one, work)}
    rows = {one.ref: dict(work.shelves.docket.erase(one.refs)) for one in going}
    if going:
        last = rows[going[-1].ref]
        for table, many in _forget(authors, work).items():
            last[table] = last.get(table, 0) + many
    for sha in {sha for removed in noted for sha in removed.files}:
        work.shelves.book.release_file(sha, work.now)
    return tuple(_finished(removed, rows.get(removed.ref, {}), work) for removed in noted)


def stone_of(removed: Removed, certificate: Certificate) -> Tombstone:
    """What stays of a record that was removed."""
    return Tombstone(
        library=certificate.library,
        ref=removed.ref,
        of=removed.of,
        kind=removed.kind,
        began_on=removed.began_on,
        kept_through=removed.kept_through,
        under=removed.under,
        pack=removed.pack,
        certificate=certificate.ref,
        disposed_on=certificate.confirmed_on,
        entries=removed.entries,
    )


def _noted(one: Standing, work: Work) -> Iterator[Removed]:
    """What a certificate says of a record and of what goes with it, read while it is still there."""
    if one.retention is None:
        raise Refusal(f"{one.ref} has no period, so it cannot be disposed of. Nothing was removed.")
    for ref in one.refs:
        entries = work.shelves.book.of_case(ref)
        yield Removed(
            ref=ref,
            of=one.ref,
            kind=kind_of(ref),
            began_on=_began(ref, one, work),
            kept_through=one.retention.through,
            under=one.retention.under,
            pack=one.retention.pack,
            entries=len(entries),
            digest=digest(entry.commitment for entry in entries),
            files=tuple(sorted(set(_files(ref, work)))),
        )


def _finished(removed: Removed, rows: dict[str, int], work: Work) -> Removed:
    shelves = work.shelves
    needed = tuple(sha for sha in removed.files if shelves.incidents.uses_file(sha) or shelves.appeals.uses_file(sha))
    return replace(removed, kept_files=needed, rows=rows)


def _began(ref: str, one: Standing, work: Work) -> date:
    """The local day a record came on file."""
    if appeal := work.shelves.appeals.by_ref(ref):
        return received(appeal).writing.received_on
    if request := work.shelves.reinstatements.by_ref(ref):
        return requested(request).writing.received_on
    return one.began_on


def _files(ref: str, work: Work) -> Iterator[str]:
    """The files of a record, by hash."""
    shelves = work.shelves
    if incident := shelves.incidents.by_ref(ref):
        yield from (kept.sha256 for kept in incident.evidence)
    if appeal := shelves.appeals.by_ref(ref):
        yield from (scan.sha256 for scan in received(appeal).writing.scans)
    if request := shelves.reinstatements.by_ref(ref):
        yield from (scan.sha256 for scan in requested(request).writing.scans)
    yield from (scan.sha256 for view in shelves.appeals.views(ref) for scan in view.scans)


def _authors(one: Standing, work: Work) -> Iterator[UUID]:
    """The authors of a record: those it names, and those it named before a correction."""
    incident = work.shelves.incidents.by_ref(one.ref)
    if incident is not None and incident.author is not None:
        yield incident.author
    block = work.shelves.blocks.by_ref(one.ref)
    if block is not None:
        yield from request_of(block).authors
    for entry in work.shelves.book.of_case(one.ref):
        if entry.payload is not None:
            yield from _named(json.loads(entry.payload))


def _named(said: Any) -> Iterator[UUID]:  # noqa: ANN401 - whatever an entry holds
    """The authors an entry names."""
    if isinstance(said, list):
        for inner in said:
            yield from _named(inner)
    if not isinstance(said, dict):
        return
    for name, inner in said.items():
        if name in {"author", "authors"}:
            found = inner if isinstance(inner, list) else [inner]
            yield from (UUID(one) for one in found if isinstance(one, str) and one)
        else:
            yield from _named(inner)


def _forget(authors: Iterable[UUID], work: Work) -> dict[str, int]:
    """Remove the handles that nothing refers to any more.

    A handle is still needed while a record is about it, a hold on it stands, or a link that stands leads to one that
    is needed. A link that was undone keeps nobody's handle.
    """
    shelves = work.shelves
    links = shelves.authors.links()
    held = {hold.subject for hold in shelves.docket.holds() if hold.stands and hold.scope is Scope.AUTHOR}
    gone: set[UUID] = set()
    for author in authors:
        same = one_person(author, links, suspected=True)
        needed = shelves.incidents.of_authors(same) or shelves.blocks.of_authors(same)
        if not needed and held.isdisjoint(str(one) for one in same):
            gone |= same
    if not gone:
        return {}
    loose = [link.id for link in links if link.first in gone or link.second in gone]
    return dict(shelves.docket.erase_authors(sorted(gone), loose))
