"""Take out the file of a case: everything on file about it, and about the acts it challenges or rests on.

The file of an appeal or of a request to come back holds the removal or block it is about, and that of a block the
removals that were before whoever decided it: who reads it years later must see what was decided about. A walled report
is named there and never goes along; it has a file of its own, for those it is kept for. What one reader may not read
is left out of their copy, and the copy says so.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any
from uuid import UUID

from bot.cards import File
from bot.cases.appeal import DecidedAppeal, ReceivedAppeal, received
from bot.cases.block import DecidedBlock, RequestedBlock, request_of
from bot.cases.clock import Clock
from bot.cases.hold import Scope
from bot.cases.incident import ConfirmedRemoval, Incident
from bot.cases.reinstatement import DecidedReinstatement, RequestedReinstatement, requested
from bot.people import WALLED, Power
from bot.policy.book import PRACTICE_GROUND
from bot.policy.terms import Role, Track
from bot.ports import Shelves, Vault
from bot.reading import no_such, read_pack
from bot.records.case_file import CaseFile, Chapter, Link, retained
from bot.records.export import NOT_CHANGING, folder, seal, zipped
from bot.records.ledger import START, Entry
from bot.refusal import Mistake
from bot.views.documents import require_file
from bot.views.parts import clock_label
from bot.work import Work


@dataclass(frozen=True, kw_only=True, slots=True)
class Belongs:
    """One kind of record that belongs to the file of a case: its heading, and how it is found by the case."""

    kind: str
    heading: str
    of: Callable[[str, Shelves], Iterable[Any]]


BELONGS: tuple[Belongs, ...] = (
    Belongs(kind="incident", heading="Report", of=lambda ref, on: _one(on.incidents.by_ref(ref))),
    Belongs(kind="block", heading="Block", of=lambda ref, on: _one(on.blocks.by_ref(ref))),
    Belongs(kind="appeal", heading="Appeal", of=lambda ref, on: _one(on.appeals.by_ref(ref))),
    Belongs(
        kind="reinstatement", heading="Request to come back", of=lambda ref, on: _one(on.reinstatements.by_ref(ref))
    ),
    Belongs(kind="tombstone", heading="Disposed of", of=lambda ref, on: _one(on.docket.tombstone(ref))),
    Belongs(kind="execution", heading="Done on the accounts", of=lambda ref, on: on.blocks.executions(ref)),
    Belongs(kind="consultation", heading="How the Board was asked", of=lambda ref, on: on.appeals.consultations(ref)),
    Belongs(kind="memo", heading="Memos to trustees", of=lambda ref, on: on.appeals.memos(ref)),
    Belongs(kind="view", heading="What trustees answered", of=lambda ref, on: on.appeals.views(ref)),
    Belongs(kind="advice", heading="What the Board advised", of=lambda ref, on: on.appeals.advice(ref)),
    Belongs(kind="restoration", heading="Restored after the reversal", of=lambda ref, on: on.appeals.restorations(ref)),
    Belongs(kind="notice", heading="What the person was told", of=lambda ref, on: on.papers.notices(ref)),
    Belongs(kind="follow_up", heading="What was done about it", of=lambda ref, on: on.papers.follow_ups(ref)),
    Belongs(kind="clock", heading="Dates, with how they were counted", of=lambda ref, on: on.clocks.of_case(ref)),
    Belongs(kind="task", heading="Asked of the staff", of=lambda ref, on: on.tasks.of_case(ref)),
    Belongs(kind="correction", heading="Slips put right", of=lambda ref, on: on.papers.corrections(ref)),
)
"""Everything that belongs to the file of a case, in the order it is read. A new kind of record is one line here."""

DIRECTORS: Mapping[str, frozenset[str]] = {
    "block": frozenset({"offline_incident"}),
    "view": frozenset({"words", "scans"}),
}
"""What only the Director reads: an offline incident, and what a single trustee answered."""

UNSPOKEN: Mapping[str, frozenset[str]] = {
    "incident": frozenset({"link", "text", "words", "evidence", "joined"}),
    "correction": frozenset({"before", "after"}),
    "notice": frozenset({"text"}),
    "follow_up": frozenset({"words", "particulars"}),
}
"""What nobody takes out of a child-safety report: whatever could show, describe or lead to the material."""


def _one(found: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a record or nothing
    return () if found is None else (found,)


def rests_on(case: Any, on: Shelves) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any case
    """The cases whose file goes along with this one's, each with why."""
    match case:
        case RequestedBlock() | DecidedBlock():
            yield from ((ref, "a removal it was asked for about") for ref in request_of(case).incidents)
            yield from ((ref, "a removal by these handles, on file when it was decided") for ref in _on_file(case, on))
        case ReceivedAppeal() | DecidedAppeal():
            yield received(case).against, "what the appeal challenges"
        case RequestedReinstatement() | DecidedReinstatement():
            yield requested(case).block, "the block it is about"
        case _:
            pass


def _on_file(block: RequestedBlock | DecidedBlock, on: Shelves) -> Iterator[str]:
    """The removals that whoever decided a block had before them: confirmed by then, of items by its authors."""
    for incident in on.incidents.of_authors(request_of(block).authors):
        if isinstance(incident.removal, ConfirmedRemoval) and (
            not isinstance(block, DecidedBlock) or incident.removal.confirmed_at <= block.decided_at
        ):
            yield incident.ref


def leads_to(ref: str, case: Any, on: Shelves) -> Iterator[str]:  # noqa: ANN401 - as above
    """The cases that came of this one or before it, and the holds on it: named, with a file of their own."""
    yield from (appeal.ref for appeal in on.appeals.against(ref))
    yield from (request.ref for request in on.reinstatements.of_block(ref))
    yield from (hold.ref for hold in on.docket.holds() if hold.scope is Scope.CASE and hold.subject == ref)
    match case:
        case Incident(author=UUID() as author):
            blocks = on.blocks.of_authors((author,))
            yield from (block.ref for block in blocks if ref in {one for one, _ in rests_on(block, on)})
        case ReceivedAppeal() | DecidedAppeal():
            yield received(case).second_of
        case RequestedReinstatement() | DecidedReinstatement():
            yield requested(case).appeal
        case _:
            pass


def whole_file(case: str, _which: str, work: Work) -> File:
    """The file of a case as one zip file.

    :raises Mistake: there is no such case
    :raises Refusal: whoever asks may not take it out
    """
    require(case, work)
    complete = work.actor.has(Role.DIRECTOR, on=work.today)
    files = folder(gather(case, work.shelves, work.vault, complete=complete))
    name = f"{case} file"
    return File(name=f"{name}.zip", media_type="application/zip", raw=zipped(files, name), seal=seal(files))


def require(case: str, work: Work) -> None:
    """Refuse unless the actor may open the case and take its file out.

    :raises Mistake: there is no such case
    :raises Refusal: with who may
    """
    match case[:2]:
        case "I-":
            require_file(work.incident(case), work)
            return
        case "B-":
            work.block(case)
        case "A-":
            work.appeal(case)
        case "R-":
            work.reinstatement(case)
        case _:
            raise no_such(case)
    work.require(Power.EXPORT)


def is_case(ref: str, shelves: Shelves) -> bool:
    """Test whether anything is on file under this reference."""
    return any(True for kind in BELONGS for _ in kind.of(ref, shelves))


def gather(case: str, shelves: Shelves, vault: Vault, *, complete: bool) -> CaseFile:
    """Everything the file of a case holds; ``complete`` says that what only the Director reads goes along.

    :raises Mistake: there is no such case
    """
    chapters, see_also = _chapters(case, shelves)
    records = [record for chapter in chapters for _, record in chapter.records]
    reports = [record for record in records if isinstance(record, Incident)]
    left_out = {} if complete else dict(DIRECTORS)
    if any(report.track is Track.CHILD_SAFETY for report in reports):
        left_out |= UNSPOKEN
    entries = sorted((entry for chapter in chapters for entry in shelves.book.of_case(chapter.ref)), key=_seq)
    while entries and _header(entries[-1])["action"] in NOT_CHANGING:
        entries.pop()
    headers = [_header(entry) for entry in entries]
    packs = dict(shelves.registry.packs())
    library = shelves.registry.library()
    ids = {one for record in records for one in _ids(record)}
    ids |= {UUID(header["actor"]) for header in headers if header["actor"]}
    ids -= {report.reported_by for report in reports if report.about_director}
    return CaseFile(
        ref=case,
        library=library,
        chapters=chapters,
        see_also=see_also,
        kinds={one.kind: one.heading for one in BELONGS},
        links=tuple(_linked(entries, shelves)),
        names=_names(ids, shelves),
        codes=_codes(packs) | {clock.name: clock_label(clock.name) for clock in records if isinstance(clock, Clock)},
        originals=_originals(chapters, left_out, library.id, vault),
        packs={version: raw for version, raw in packs.items() if version in {header["pack"] for header in headers}},
        left_out=left_out,
    )


def _chapters(case: str, shelves: Shelves) -> tuple[tuple[Chapter, ...], tuple[str, ...]]:
    """The cases that make up a file, the one asked for first; and the ones that are only named."""
    chapters: dict[str, Chapter] = {}
    named: dict[str, None] = {}
    waiting = [(case, "")]
    while waiting:
        ref, why = waiting.pop(0)
        records = tuple((kind.kind, record) for kind in BELONGS for record in kind.of(ref, shelves))
        if not records or ref in chapters:
            continue
        main = records[0][1]
        if chapters and isinstance(main, Incident) and (main.track in WALLED or main.about_director):
            named[ref] = None
            continue
        chapters[ref] = Chapter(ref=ref, why=why, records=records)
        named |= dict.fromkeys(leads_to(ref, main, shelves))
        waiting += rests_on(main, shelves)
    if not chapters:
        raise no_such(case)
    return tuple(chapters.values()), tuple(sorted(ref for ref in named if "-" in ref and ref not in chapters))


def _linked(entries: Iterable[Entry], shelves: Shelves) -> Iterator[Link]:
    """Each entry with the hash of the one it follows."""
    before: Entry | None = None
    for entry in entries:
        if entry.seq == 1:
            previous = START
        elif before is not None and before.seq == entry.seq - 1:
            previous = before.hash
        else:
            previous = shelves.book.entries(after=entry.seq - 2, limit=1)[0].hash
        yield Link(entry=entry, previous=previous)
        before = entry


def _ids(record: Any) -> Iterator[UUID]:  # noqa: ANN401 - any record
    """Every id a record names, wherever in it."""
    if isinstance(record, UUID):
        yield record
    elif isinstance(record, tuple):
        for one in record:
            yield from _ids(one)
    elif is_dataclass(record):
        for each in fields(record):
            yield from _ids(getattr(record, each.name))


def _names(ids: Iterable[UUID], shelves: Shelves) -> dict[str, str]:
    """What the people, accounts and authors among these ids are called; merged people by the name they have now."""
    people = {person.id: person for person in shelves.registry.people()}
    accounts = {account.id: account.label for account in shelves.registry.accounts()}
    names = {}
    for one in ids:
        person = people.get(one)
        author = None if person or one in accounts else shelves.authors.get(one)
        if person is not None:
            names[str(one)] = people.get(person.same_as or person.id, person).name
        elif one in accounts:
            names[str(one)] = accounts[one]
        elif author is not None:
            names[str(one)] = author.label
    return names


def _codes(packs: Mapping[str, bytes]) -> dict[str, str]:
    """What the grounds of the library's policies are called; the newest words for each."""
    codes: dict[str, str] = {PRACTICE_GROUND: "Library practice"}
    for version, raw in packs.items():
        pack = read_pack(version.rpartition(" ")[0], raw)
        codes |= {ground.code: ground.label for ground in pack.block_grounds}
        codes |= {ground.code: ground.label for ground in pack.grounds}
    return codes


def _originals(
    chapters: Iterable[Chapter], left_out: Mapping[str, frozenset[str]], library: UUID, vault: Vault
) -> dict[str, bytes | None]:
    """The retained files; ``None`` for one that is no longer kept, or no longer as it was kept."""
    found: dict[str, bytes | None] = {}
    for chapter in chapters:
        for kind, record in chapter.records:
            for evidence in retained(record, without=left_out.get(kind, frozenset())):
                try:
                    found[evidence.sha256] = vault.read(library, evidence.sha256)[0]
                except Mistake:
                    found[evidence.sha256] = None
    return found


def _seq(entry: Entry) -> int:
    return entry.seq


def _header(entry: Entry) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(entry.header)
    return header
