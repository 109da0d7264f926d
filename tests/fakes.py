"""Working stand-ins that keep everything in memory; held to the same contract as the real ones."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any, Protocol, TypeVar
from uuid import UUID

from bot.cards import Identity
from bot.cases.absence import Absence
from bot.cases.account import Author, HandleLink, OfficialAccount
from bot.cases.appeal import Appeal, DecidedAppeal, ReceivedAppeal, Restoration, received
from bot.cases.block import Block, DecidedBlock, Execution, RequestedBlock, request_of
from bot.cases.checked_post import CheckedPost
from bot.cases.clock import Clock, ClockState, Snooze
from bot.cases.consultation import Advice, Consultation, Memo, View
from bot.cases.correction import Correction
from bot.cases.disposal import Disposal, ProposedDisposal, Tombstone, proposal_of
from bot.cases.follow_up import FollowUp, FollowUpKind
from bot.cases.hold import Hold, Scope
from bot.cases.incident import ConfirmedRemoval, Evidence, Incident
from bot.cases.library import Library
from bot.cases.notice import Notice
from bot.cases.permission import Permission
from bot.cases.reinstatement import DecidedReinstatement, Reinstatement, RequestedReinstatement, requested
from bot.cases.standard_reply import StandardReply
from bot.cases.task import Task, TaskState
from bot.cases.upkeep import Attestation, Upkeep
from bot.people import Person
from bot.policy.book import Practice
from bot.policy.terms import ClockKind, Track
from bot.ports import Draft, Handled, Message, MessageKind, MessageState, PostedCard, Reminder, Shelves, Stale, Sweep
from bot.records.ledger import Entry, Head
from bot.refusal import Mistake, Refusal
from storage.vault import EXPIRED, NOT_KEPT, checked

T = TypeVar("T")
Kept = dict[Any, Any]


class OfLibrary(Protocol):
    @property
    def library(self) -> UUID: ...


class Identified(OfLibrary, Protocol):
    @property
    def id(self) -> UUID: ...


class Versioned(Identified, Protocol):
    @property
    def ref(self) -> str: ...
    @property
    def version(self) -> int: ...


@dataclass
class Memory:
    """Everything kept, by (library, key), in the order it was first kept."""

    libraries: Kept = field(default_factory=dict)
    installations: Kept = field(default_factory=dict)
    incidents: Kept = field(default_factory=dict)
    blocks: Kept = field(default_factory=dict)
    executions: Kept = field(default_factory=dict)
    appeals: Kept = field(default_factory=dict)
    restorations: Kept = field(default_factory=dict)
    consultations: Kept = field(default_factory=dict)
    memos: Kept = field(default_factory=dict)
    views: Kept = field(default_factory=dict)
    advice: Kept = field(default_factory=dict)
    reinstatements: Kept = field(default_factory=dict)
    absences: Kept = field(default_factory=dict)
    authors: Kept = field(default_factory=dict)
    links: Kept = field(default_factory=dict)
    tasks: Kept = field(default_factory=dict)
    clocks: Kept = field(default_factory=dict)
    snoozes: Kept = field(default_factory=dict)
    reminders: Kept = field(default_factory=dict)
    notices: Kept = field(default_factory=dict)
    corrections: Kept = field(default_factory=dict)
    follow_ups: Kept = field(default_factory=dict)
    replies: Kept = field(default_factory=dict)
    people: Kept = field(default_factory=dict)
    accounts: Kept = field(default_factory=dict)
    practices: Kept = field(default_factory=dict)
    packs: Kept = field(default_factory=dict)
    sentences: Kept = field(default_factory=dict)
    messages: Kept = field(default_factory=dict)
    posted: Kept = field(default_factory=dict)
    ledger: Kept = field(default_factory=dict)
    drafts: Kept = field(default_factory=dict)
    handled: Kept = field(default_factory=dict)
    counters: Kept = field(default_factory=dict)
    released: Kept = field(default_factory=dict)
    holds: Kept = field(default_factory=dict)
    disposals: Kept = field(default_factory=dict)
    tombstones: Kept = field(default_factory=dict)
    upkeeps: Kept = field(default_factory=dict)
    attestations: Kept = field(default_factory=dict)
    checked_posts: Kept = field(default_factory=dict)
    permissions: Kept = field(default_factory=dict)

    def copy(self) -> "Memory":
        return Memory(**{one.name: dict(getattr(self, one.name)) for one in fields(self)})

    def become(self, other: "Memory") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(other, one.name))


class FakeShelf:
    def __init__(self, memory: Memory, library: UUID, *, writes: bool) -> None:
        self._memory = memory
        self._library = library
        self._writes = writes

    def _of(self, kept: Kept, key: Callable[[Any], Any] | None = None, *, reverse: bool = False) -> list[Any]:
        own = [value for (library, *_), value in kept.items() if library == self._library]
        return sorted(own, key=key, reverse=reverse) if key else own

    def _set(self, kept: Kept, *key: object, value: object, library: UUID | None = None) -> None:
        self._check(library or self._library)
        kept[self._library, *key] = value

    def _put(self, kept: Kept, record: Identified) -> None:
        self._set(kept, record.id, value=record, library=record.library)

    def _put_new(self, kept: Kept, key: object, record: OfLibrary) -> bool:
        if (self._library, key) in kept:
            self._check(record.library)
            return False
        self._set(kept, key, value=record, library=record.library)
        return True

    def _follow(self, kept: Kept, record: Versioned) -> None:
        self._check(record.library)
        before = kept.get((self._library, record.id))
        same_ref = any(one.ref == record.ref and one.id != record.id for one in self._of(kept))
        if same_ref or record.version != (before.version + 1 if before else 1):
            raise Stale(f"{record.ref} has been saved by somebody else meanwhile")
        self._put(kept, record)

    def _check(self, library: UUID) -> None:
        if not self._writes:
            raise PermissionError("an ask cannot write; make it an act")
        if library != self._library:
            raise ValueError("a record of another library cannot be kept here")


class FakeIncidents(FakeShelf):
    def by_ref(self, ref: str) -> Incident | None:
        return next((one for one in self._of(self._memory.incidents) if one.ref == ref), None)

    def put(self, incident: Incident) -> None:
        self._follow(self._memory.incidents, incident)

    def with_fingerprint(self, fingerprint: str) -> Incident | None:
        same = (one for one in self._oldest() if fingerprint and one.fingerprint == fingerprint)
        return next(same, None)

    def of_authors(self, authors: Collection[UUID]) -> tuple[Incident, ...]:
        return tuple(one for one in self._oldest() if one.author in authors)

    def on_track(self, track: Track) -> tuple[Incident, ...]:
        return tuple(one for one in self._oldest() if one.track is track)

    def recent(self, limit: int) -> tuple[Incident, ...]:
        return tuple(self._oldest()[::-1][:limit])

    def search(self, words: str, limit: int) -> tuple[Incident, ...]:
        return tuple(one for one in self._oldest()[::-1] if words.casefold() in self._searched(one))[:limit]

    def uses_file(self, sha256: str) -> bool:
        return any(kept.sha256 == sha256 for one in self._oldest() for kept in one.evidence)

    def _oldest(self) -> list[Incident]:
        return self._of(self._memory.incidents, lambda one: (one.reported_at, one.ref))

    def _searched(self, one: Incident) -> str:
        author = self._memory.authors.get((self._library, one.author))
        host = one.host_post
        link = "" if one.track is Track.CHILD_SAFETY else one.link
        parts = (one.ref, link, host.title, host.link, one.text, one.words, author.handle if author else "")
        return "\n".join(parts).casefold()


class FakeBlocks(FakeShelf):
    def by_ref(self, ref: str) -> Block | None:
        return next((one for one in self._of(self._memory.blocks) if one.ref == ref), None)

    def put(self, block: Block) -> None:
        self._follow(self._memory.blocks, block)

    def undecided(self) -> tuple[RequestedBlock, ...]:
        return tuple(one for one in self._oldest() if isinstance(one, RequestedBlock))

    def with_a_step(self) -> tuple[Block, ...]:
        return tuple(one for one in self._oldest() if request_of(one).step is not None)

    def of_authors(self, authors: Collection[UUID]) -> tuple[Block, ...]:
        return tuple(one for one in self._oldest() if not set(authors).isdisjoint(request_of(one).authors))

    def recent(self, limit: int) -> tuple[Block, ...]:
        return tuple(self._oldest()[::-1][:limit])

    def put_execution(self, execution: Execution) -> None:
        self._put(self._memory.executions, execution)

    def executions(self, ref: str) -> tuple[Execution, ...]:
        ordered = self._of(self._memory.executions, lambda one: (one.confirmed_at, one.id))
        return tuple(one for one in ordered if one.block == ref)

    def _oldest(self) -> list[Block]:
        return self._of(self._memory.blocks, lambda one: (request_of(one).requested_at, one.ref))


class FakeAppeals(FakeShelf):
    def by_ref(self, ref: str) -> Appeal | None:
        return next((one for one in self._of(self._memory.appeals) if one.ref == ref), None)

    def put(self, appeal: Appeal) -> None:
        self._follow(self._memory.appeals, appeal)

    def undecided(self) -> tuple[ReceivedAppeal, ...]:
        return tuple(one for one in self._oldest() if isinstance(one, ReceivedAppeal))

    def against(self, ref: str) -> tuple[Appeal, ...]:
        return tuple(one for one in self._oldest() if received(one).against == ref)

    def recent(self, limit: int) -> tuple[Appeal, ...]:
        return tuple(self._oldest()[::-1][:limit])

    def put_restoration(self, restoration: Restoration) -> None:
        self._put(self._memory.restorations, restoration)

    def restorations(self, ref: str) -> tuple[Restoration, ...]:
        return self._beside(self._memory.restorations, ref, lambda one: (one.confirmed_at, one.id))

    def put_consultation(self, consultation: Consultation) -> None:
        self._put(self._memory.consultations, consultation)

    def consultations(self, ref: str) -> tuple[Consultation, ...]:
        return self._beside(self._memory.consultations, ref, lambda one: (one.opened_at, one.id))

    def put_memo(self, memo: Memo) -> None:
        self._put(self._memory.memos, memo)

    def memos(self, ref: str) -> tuple[Memo, ...]:
        return self._beside(self._memory.memos, ref, lambda one: (one.sent_at, one.id))

    def put_view(self, view: View) -> None:
        self._put(self._memory.views, view)

    def views(self, ref: str) -> tuple[View, ...]:
        return self._beside(self._memory.views, ref, lambda one: (one.entered_at, one.id))

    def put_advice(self, advice: Advice) -> None:
        self._put(self._memory.advice, advice)

    def advice(self, ref: str) -> tuple[Advice, ...]:
        return self._beside(self._memory.advice, ref, lambda one: (one.recorded_at, one.id))

    def uses_file(self, sha256: str) -> bool:
        papers = (
            *(received(one).writing for one in self._of(self._memory.appeals)),
            *(requested(one).writing for one in self._of(self._memory.reinstatements)),
            *self._of(self._memory.views),
        )
        return any(scan.sha256 == sha256 for paper in papers for scan in paper.scans)

    def _beside(self, kept: Kept, ref: str, key: Callable[[Any], Any]) -> tuple[Any, ...]:
        return tuple(one for one in self._of(kept, key) if one.appeal == ref)

    def _oldest(self) -> list[Appeal]:
        return self._of(self._memory.appeals, lambda one: (received(one).logged_at, one.ref))


class FakeReinstatements(FakeShelf):
    def by_ref(self, ref: str) -> Reinstatement | None:
        return next((one for one in self._of(self._memory.reinstatements) if one.ref == ref), None)

    def put(self, request: Reinstatement) -> None:
        self._follow(self._memory.reinstatements, request)

    def undecided(self) -> tuple[RequestedReinstatement, ...]:
        return tuple(one for one in self._oldest() if isinstance(one, RequestedReinstatement))

    def of_block(self, ref: str) -> tuple[Reinstatement, ...]:
        return tuple(one for one in self._oldest() if requested(one).block == ref)

    def recent(self, limit: int) -> tuple[Reinstatement, ...]:
        return tuple(self._oldest()[::-1][:limit])

    def _oldest(self) -> list[Reinstatement]:
        return self._of(self._memory.reinstatements, lambda one: (requested(one).logged_at, one.ref))


class FakeAuthors(FakeShelf):
    def get(self, author: UUID) -> Author | None:
        return self._memory.authors.get((self._library, author))

    def named(self, handle: str, platform: str = "") -> tuple[Author, ...]:
        ordered = self._of(self._memory.authors, lambda one: (one.platform, one.id))
        return tuple(one for one in ordered if one.handle == handle and platform in {"", one.platform})

    def put(self, author: Author) -> None:
        self._put(self._memory.authors, author)

    def links(self) -> tuple[HandleLink, ...]:
        return tuple(self._of(self._memory.links, lambda one: (one.linked_at, one.id)))

    def put_link(self, link: HandleLink) -> None:
        self._put(self._memory.links, link)


class FakeTasks(FakeShelf):
    def get(self, task: UUID) -> Task | None:
        return self._memory.tasks.get((self._library, task))

    def put(self, task: Task) -> None:
        self._put(self._memory.tasks, task)

    def open(self) -> tuple[Task, ...]:
        return tuple(one for one in self._ordered() if one.state is TaskState.OPEN)

    def of_case(self, ref: str) -> tuple[Task, ...]:
        return tuple(one for one in self._ordered() if one.case == ref)

    def _ordered(self) -> list[Task]:
        return self._of(self._memory.tasks, lambda one: (one.due, one.opened_at, one.id))


class FakeClocks(FakeShelf):
    def get(self, clock: UUID) -> Clock | None:
        return self._memory.clocks.get((self._library, clock))

    def put(self, clock: Clock) -> None:
        self._put(self._memory.clocks, clock)

    def of_case(self, ref: str) -> tuple[Clock, ...]:
        return tuple(one for one in self._ordered() if one.case == ref)

    def running(self, limit: int) -> tuple[Clock, ...]:
        return tuple(one for one in self._ordered() if one.state is ClockState.RUNNING)[:limit]

    def put_snooze(self, snooze: Snooze) -> None:
        self._set(self._memory.snoozes, snooze.person, snooze.clock, value=snooze, library=snooze.library)

    def snoozed(self, person: UUID, day: date) -> frozenset[UUID]:
        snoozes = self._of(self._memory.snoozes)
        return frozenset(one.clock for one in snoozes if one.person == person and day <= one.until)

    def reminders(self, message: str) -> tuple[Reminder, ...]:
        ordered = self._of(self._memory.reminders, lambda one: (one.due, one.case, one.key))
        return tuple(one for one in ordered if one.message == message)

    def put_reminder(self, reminder: Reminder) -> bool:
        return self._put_new(self._memory.reminders, reminder.key, reminder)

    def _ordered(self) -> list[Clock]:
        return self._of(self._memory.clocks, lambda one: (one.due, one.name, one.id))


class FakePapers(FakeShelf):
    def notices(self, ref: str) -> tuple[Notice, ...]:
        return tuple(one for one in self._of(self._memory.notices, lambda one: (one.at, one.id)) if one.case == ref)

    def put_notice(self, notice: Notice) -> None:
        self._put(self._memory.notices, notice)

    def corrections(self, ref: str) -> tuple[Correction, ...]:
        ordered = self._of(self._memory.corrections, lambda one: (one.at, one.id))
        return tuple(one for one in ordered if one.case == ref)

    def put_correction(self, correction: Correction) -> None:
        self._put(self._memory.corrections, correction)

    def follow_ups(self, ref: str) -> tuple[FollowUp, ...]:
        return tuple(one for one in self._followed() if one.case == ref)

    def follow_ups_of(self, kind: FollowUpKind) -> tuple[FollowUp, ...]:
        return tuple(one for one in self._followed() if one.kind is kind)

    def put_follow_up(self, follow_up: FollowUp) -> None:
        self._put(self._memory.follow_ups, follow_up)

    def replies(self) -> tuple[StandardReply, ...]:
        return tuple(self._of(self._memory.replies, lambda one: (one.title, one.id)))

    def put_reply(self, reply: StandardReply) -> None:
        self._put(self._memory.replies, reply)

    def _followed(self) -> list[FollowUp]:
        return self._of(self._memory.follow_ups, lambda one: (one.at, one.id))


class FakeRegistry(FakeShelf):
    def library(self) -> Library:
        if (self._library,) not in self._memory.libraries:
            raise Refusal("There is no such library here. Begin one with “duenotice init”.")
        kept: Library = self._memory.libraries[self._library,]
        return kept

    def put_library(self, library: Library) -> None:
        self._set(self._memory.libraries, value=library, library=library.id)

    def people(self) -> tuple[Person, ...]:
        return tuple(self._of(self._memory.people, lambda one: (one.name, one.id)))

    def person(self, person: UUID) -> Person | None:
        return self._memory.people.get((self._library, person))

    def by_identity(self, identity: Identity) -> Person | None:
        return next((one for one in self._of(self._memory.people) if identity in one.identities), None)

    def put_person(self, person: Person) -> None:
        for identity in person.identities:
            holder = self.by_identity(identity)
            if holder is not None and holder.id != person.id:
                raise Mistake(f"That {identity.platform} account already belongs to {holder.name}.")
        self._put(self._memory.people, person)

    def absences(self) -> tuple[Absence, ...]:
        return tuple(self._of(self._memory.absences, lambda one: (one.since, one.id)))

    def put_absence(self, absence: Absence) -> None:
        self._put(self._memory.absences, absence)

    def accounts(self) -> tuple[OfficialAccount, ...]:
        return tuple(self._of(self._memory.accounts, lambda one: (one.platform, one.name, one.id)))

    def put_account(self, account: OfficialAccount) -> None:
        self._put(self._memory.accounts, account)

    def practices(self) -> tuple[Practice, ...]:
        last = {one.key: one for one in self._of(self._memory.practices)}
        return tuple(last[key] for key in sorted(last))

    def put_practice(self, practice: Practice) -> None:
        self._set(self._memory.practices, len(self._memory.practices), value=practice)

    def packs(self) -> tuple[tuple[str, bytes], ...]:
        return tuple((name, raw) for (library, name), raw in self._memory.packs.items() if library == self._library)

    def adopt(self, name: str, raw: bytes) -> None:
        if self._memory.packs.get((self._library, name), raw) != raw:
            raise Refusal(f"{name} was adopted before with other words.")
        self._set(self._memory.packs, name, value=raw)

    def sentences(self) -> Mapping[tuple[str, str], str]:
        kept = self._memory.sentences.items()
        return {(version, rule): said for (library, version, rule), said in kept if library == self._library}

    def put_sentences(self, version: str, sentences: Mapping[str, str], document_sha256: str) -> None:  # noqa: ARG002 - the port's
        for key in [key for key in self._memory.sentences if key[:2] == (self._library, version)]:
            del self._memory.sentences[key]
        for rule, sentence in sentences.items():
            self._set(self._memory.sentences, version, rule, value=sentence)


class FakeMessages(FakeShelf):
    def queue(self, message: Message) -> bool:
        if self.by_key(message.key):
            return False
        return self._put_new(self._memory.messages, message.id, message)

    def by_key(self, key: str) -> Message | None:
        return next((one for one in self._of(self._memory.messages) if one.key == key), None)

    def put(self, message: Message) -> None:
        self._put(self._memory.messages, message)

    def in_trouble(self) -> tuple[Message, ...]:
        trouble = {MessageState.FAILED, MessageState.UNKNOWN}
        return tuple(one for one in self._of(self._memory.messages) if one.state in trouble)

    def posted(self, about: str) -> tuple[PostedCard, ...]:
        def where(one: PostedCard) -> tuple[str | UUID, ...]:
            return (one.address.platform, one.address.tenant, one.address.channel, one.address.user, one.id)

        return tuple(one for one in self._of(self._memory.posted, where) if one.about == about)

    def posted_by_id(self, posted: UUID) -> PostedCard | None:
        return self._memory.posted.get((self._library, posted))

    def put_posted(self, posted: PostedCard) -> None:
        self._put(self._memory.posted, posted)


class FakeBook(FakeShelf):
    def head(self) -> Head:
        chain = self._of(self._memory.ledger)
        return Head(seq=chain[-1].seq, hash=chain[-1].hash) if chain else Head()

    def append(self, entry: Entry) -> None:
        if entry.payload is None or entry.salt is None:
            raise ValueError("an entry is appended with its payload and salt")
        self._check(entry.library)
        if entry.seq != self.head().seq + 1:
            raise Stale(f"entry {entry.seq} does not follow entry {self.head().seq}")
        self._set(self._memory.ledger, entry.seq, value=entry, library=entry.library)

    def of_case(self, ref: str) -> tuple[Entry, ...]:
        return tuple(one for one in self._of(self._memory.ledger) if one.case == ref)

    def entries(self, *, after: int, limit: int) -> tuple[Entry, ...]:
        return tuple(one for one in self._of(self._memory.ledger) if one.seq > after)[:limit]

    def draft(self, token: str) -> Draft | None:
        return self._memory.drafts.get((self._library, token))

    def put_draft(self, draft: Draft) -> None:
        self._set(self._memory.drafts, draft.token, value=draft, library=draft.library)

    def drop_draft(self, token: str) -> None:
        self._check(self._library)
        self._memory.drafts.pop((self._library, token), None)

    def expire_drafts(self, before: datetime) -> int:
        self._check(self._library)
        drafts = self._memory.drafts
        old = [key for key, one in drafts.items() if key[0] == self._library and one.touched_at < before]
        for key in old:
            del drafts[key]
        return len(old)

    def expire_handled(self, before: datetime) -> int:
        self._check(self._library)
        handled = self._memory.handled
        old = [key for key, one in handled.items() if key[0] == self._library and one.at < before]
        for key in old:
            del handled[key]
        return len(old)

    def handled(self, key: str) -> Handled | None:
        return self._memory.handled.get((self._library, key))

    def put_handled(self, handled: Handled) -> None:
        if not self._put_new(self._memory.handled, handled.key, handled):
            raise Stale(f"{handled.key} was handled before")

    def next_number(self, kind: str, year: int) -> int:
        number: int = self._memory.counters.get((self._library, kind, year), 0) + 1
        self._set(self._memory.counters, kind, year, value=number)
        return number

    def release_file(self, sha256: str, at: datetime) -> None:
        if (self._library, sha256) not in self._memory.released:
            self._set(self._memory.released, sha256, value=(at, sha256))

    def released_files(self) -> tuple[str, ...]:
        return tuple(sha for _, sha in sorted(self._of(self._memory.released)))

    def forget_released(self, sha256: str) -> None:
        self._check(self._library)
        self._memory.released.pop((self._library, sha256), None)


class FakeDocket(FakeShelf):
    def holds(self) -> tuple[Hold, ...]:
        return tuple(self._of(self._memory.holds, lambda one: (one.placed_at, one.ref)))

    def put_hold(self, hold: Hold) -> None:
        self._follow(self._memory.holds, hold)

    def by_ref(self, ref: str) -> Disposal | None:
        return next((one for one in self._of(self._memory.disposals) if one.ref == ref), None)

    def put(self, disposal: Disposal) -> None:
        self._follow(self._memory.disposals, disposal)

    def waiting(self) -> tuple[ProposedDisposal, ...]:
        return tuple(one for one in self._oldest() if isinstance(one, ProposedDisposal))

    def recent(self, limit: int) -> tuple[Disposal, ...]:
        return tuple(self._oldest()[::-1][:limit])

    def tombstone(self, ref: str) -> Tombstone | None:
        return self._memory.tombstones.get((self._library, ref))

    def put_tombstone(self, tombstone: Tombstone) -> None:
        self._set(self._memory.tombstones, tombstone.ref, value=tombstone, library=tombstone.library)

    def ran(self) -> tuple[str, ...]:
        run = [one for one in self._retentions() if one.state is ClockState.RUN]
        return tuple(dict.fromkeys(one.case for one in sorted(run, key=lambda one: (one.due, one.case))))

    def without_clock(self, limit: int) -> tuple[tuple[str, date], ...]:
        clocked = {one.case for one in self._retentions() if one.state in {ClockState.RUN, ClockState.RUNNING}}
        settled = [(one.ref, _settled(one)) for one in self._of(self._memory.incidents)]
        settled += [(one.ref, one.decided_on) for one in self._of(self._memory.blocks) if isinstance(one, DecidedBlock)]
        settled += [
            (one.ref, one.ruling.on)
            for one in self._of(self._memory.appeals)
            if isinstance(one, DecidedAppeal) and not one.received.against
        ]
        settled += [
            (one.ref, one.ruling.on)
            for one in self._of(self._memory.reinstatements)
            if isinstance(one, DecidedReinstatement) and not one.requested.block
        ]
        found = [(day, ref) for ref, day in settled if day is not None and ref not in clocked]
        return tuple((ref, day) for day, ref in sorted(found))[:limit]

    def erase(self, refs: Collection[str]) -> Mapping[str, int]:
        memory = self._memory
        clocks = {one.id for one in self._of(memory.clocks) if one.case in refs}
        named = {*refs, *(str(one.id) for one in self._of(memory.tasks) if one.case in refs)}
        cards = {str(one.id) for one in self._of(memory.posted) if one.about in refs}
        counted: Counter[str] = Counter()
        counted["draft"] = self._drop(memory.drafts, lambda one: {one.subject.upper(), one.subject} & named)
        counted["message"] = self._drop(
            memory.messages, lambda one: one.about in refs or (one.kind is MessageKind.UPDATE and one.about in cards)
        )
        self._drop_holds(counted, refs)
        counted["snooze"] = self._drop(memory.snoozes, lambda one: one.clock in clocks)
        for name, kept in (("reminder", memory.reminders), ("clock", memory.clocks), ("task", memory.tasks)):
            counted[name] = self._drop(kept, lambda one: one.case in refs)
        beside = (("notice", memory.notices), ("correction", memory.corrections), ("follow_up", memory.follow_ups))
        for name, kept in beside:
            counted[name] = self._drop(kept, lambda one: one.case in refs)
        counted["execution"] = self._drop(memory.executions, lambda one: one.block in refs)
        for name in ("restorations", "consultations", "memos", "views", "advice"):
            counted[name.removesuffix("s")] = self._drop(getattr(memory, name), lambda one: one.appeal in refs)
        for name in ("incident", "block", "appeal", "reinstatement"):
            counted[name] = self._drop(getattr(memory, f"{name}s"), lambda one: one.ref in refs)
        counted["handled"] = self._drop(memory.handled, lambda one: one.about in refs)
        counted["ledger_payload"] += self._empty(lambda one: one.case in refs)
        return {name: rows for name, rows in counted.items() if rows}

    def erase_authors(self, authors: Collection[UUID], links: Collection[UUID]) -> Mapping[str, int]:
        memory = self._memory
        ids = {str(author) for author in authors}
        counted: Counter[str] = Counter()
        counted["draft"] = self._drop(memory.drafts, lambda one: one.subject in ids)
        self._drop_holds(counted, ids)
        counted["handle_link"] = self._drop(memory.links, lambda one: one.id in links)
        counted["author"] = self._drop(memory.authors, lambda one: one.id in authors)
        for one in (*authors, *links):
            naming = str(one).encode()
            counted["ledger_payload"] += self._empty(partial(_names, naming=naming))
        return {name: rows for name, rows in counted.items() if rows}

    def _drop_holds(self, counted: Counter[str], subjects: Collection[str]) -> None:
        scopes = {Scope.CASE, Scope.AUTHOR}
        gone = {
            one.ref
            for one in self._of(self._memory.holds)
            if one.subject in subjects and one.scope in scopes and not one.stands
        }
        counted["ledger_payload"] += self._empty(lambda entry: entry.case in gone)
        counted["hold"] += self._drop(self._memory.holds, lambda one: one.ref in gone)

    def _drop(self, kept: Kept, gone: Callable[[Any], object]) -> int:
        self._check(self._library)
        keys = [key for key, one in kept.items() if key[0] == self._library and gone(one)]
        for key in keys:
            del kept[key]
        return len(keys)

    def _empty(self, gone: Callable[[Any], object]) -> int:
        ledger = self._memory.ledger
        found = [(key, one) for key, one in ledger.items() if key[0] == self._library and one.payload is not None]
        emptied = {key: replace(one, payload=None, salt=None) for key, one in found if gone(one)}
        ledger.update(emptied)
        return len(emptied)

    def _retentions(self) -> list[Clock]:
        return [one for one in self._of(self._memory.clocks) if one.kind is ClockKind.RETENTION]

    def _oldest(self) -> list[Disposal]:
        return self._of(self._memory.disposals, lambda one: (proposal_of(one).proposed_at, one.ref))


def _names(entry: Entry, *, naming: bytes) -> bool:
    return not entry.case and entry.payload is not None and naming in entry.payload


def _settled(incident: Incident) -> date | None:
    removal = incident.removal
    return removal.done_on if isinstance(removal, ConfirmedRemoval) else incident.closed_on


class FakeDuties(FakeShelf):
    def upkeeps(self) -> tuple[Upkeep, ...]:
        return tuple(self._of(self._memory.upkeeps, lambda one: one.ref))

    def put_upkeep(self, upkeep: Upkeep) -> None:
        self._put(self._memory.upkeeps, upkeep)

    def attestations(self) -> tuple[Attestation, ...]:
        return tuple(self._of(self._memory.attestations, lambda one: (one.at, one.id)))

    def put_attestation(self, attestation: Attestation) -> None:
        self._put(self._memory.attestations, attestation)

    def checked_posts(self, limit: int) -> tuple[CheckedPost, ...]:
        ordered = sorted(self._of(self._memory.checked_posts, lambda one: one.id), key=lambda one: one.at, reverse=True)
        return tuple(ordered[:limit])

    def put_checked_post(self, post: CheckedPost) -> None:
        self._put(self._memory.checked_posts, post)

    def permissions(self) -> tuple[Permission, ...]:
        return tuple(self._of(self._memory.permissions, lambda one: one.ref))

    def put_permission(self, permission: Permission) -> None:
        self._follow(self._memory.permissions, permission)


class FakeShelves:
    def __init__(self, memory: Memory, library: UUID, *, writes: bool) -> None:
        self._memory = memory
        self.incidents = FakeIncidents(memory, library, writes=writes)
        self.blocks = FakeBlocks(memory, library, writes=writes)
        self.appeals = FakeAppeals(memory, library, writes=writes)
        self.reinstatements = FakeReinstatements(memory, library, writes=writes)
        self.authors = FakeAuthors(memory, library, writes=writes)
        self.tasks = FakeTasks(memory, library, writes=writes)
        self.clocks = FakeClocks(memory, library, writes=writes)
        self.papers = FakePapers(memory, library, writes=writes)
        self.registry = FakeRegistry(memory, library, writes=writes)
        self.messages = FakeMessages(memory, library, writes=writes)
        self.book = FakeBook(memory, library, writes=writes)
        self.docket = FakeDocket(memory, library, writes=writes)
        self.duties = FakeDuties(memory, library, writes=writes)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        before = self._memory.copy()
        try:
            yield
        except BaseException:
            self._memory.become(before)
            raise


class FakeStore:
    """Keeps everything in memory. Each call works on a copy and puts it in place when it is done."""

    def __init__(self) -> None:
        self.memory = Memory()

    async def act(self, library: UUID, work: Callable[[Shelves], T]) -> T:
        if (library,) not in self.memory.libraries:
            raise Refusal("There is no such library here. Begin one with “duenotice init”.")
        memory = self.memory.copy()
        came = work(FakeShelves(memory, library, writes=True))
        self.memory = memory
        return came

    async def ask(self, library: UUID, look: Callable[[Shelves], T]) -> T:
        return look(FakeShelves(self.memory.copy(), library, writes=False))

    async def libraries(self) -> tuple[UUID, ...]:
        ordered = sorted(self.memory.libraries.values(), key=lambda library: (library.name, library.id))
        return tuple(library.id for library in ordered)

    async def library_for(self, platform: str, tenant: str) -> UUID | None:
        return self.memory.installations.get((platform, tenant))

    async def found(self, library: Library, *, platform: str, tenant: str) -> None:
        self.memory.libraries.setdefault((library.id,), library)
        self.memory.installations.setdefault((platform, tenant), library.id)

    async def sweep(
        self, now: datetime, limit: int, plan: Callable[[Sequence[Clock], Callable[[UUID], Shelves]], Sweep]
    ) -> int:
        memory = self.memory.copy()
        claimed = _due((one for one in memory.clocks.values() if one.state is ClockState.RUNNING), now, limit)
        if not claimed:
            return 0
        planned = plan(claimed, lambda library: FakeShelves(memory, library, writes=True))
        for clock in (*claimed, *planned.clocks):
            memory.clocks[clock.library, clock.id] = clock
        for reminder in planned.reminders:
            memory.reminders.setdefault((reminder.library, reminder.key), reminder)
        for message in planned.messages:
            FakeMessages(memory, message.library, writes=True).queue(message)
        self.memory = memory
        return len(claimed)

    async def claim_messages(self, now: datetime, *, lease_seconds: int, limit: int) -> tuple[Message, ...]:
        queued = (one for one in self.memory.messages.values() if one.state is MessageState.QUEUED)
        claimed = _due(queued, now, limit)
        for one in claimed:
            leased = replace(one, next_at=now + timedelta(seconds=lease_seconds))
            self.memory.messages[one.library, one.id] = leased
        return claimed

    async def hold_message(self, message: Message, now: datetime, *, lease_seconds: int) -> bool:
        kept = self.memory.messages[message.library, message.id]
        if kept.state is not MessageState.QUEUED or kept.attempts != message.attempts:
            return False
        held = replace(kept, next_at=now + timedelta(seconds=lease_seconds))
        self.memory.messages[message.library, message.id] = held
        return True

    async def finish_message(self, message: Message) -> bool:
        kept = self.memory.messages[message.library, message.id]
        if kept.state is not MessageState.QUEUED or kept.attempts != message.attempts:
            return False
        self.memory.messages[message.library, message.id] = message
        return True

    async def chain(self, library: UUID, check: Callable[[Iterator[tuple[int, bytes, bytes, bytes]]], T]) -> T:
        chain = (one for (of, _), one in self.memory.ledger.items() if of == library)
        return check((one.seq, one.header, one.commitment, one.hash) for one in chain)

    async def close(self) -> None:
        """Nothing to let go of."""


def _due(waiting: Iterable[Any], now: datetime, limit: int) -> tuple[Any, ...]:
    due = sorted((one for one in waiting if one.next_at and one.next_at <= now), key=lambda one: one.next_at)
    return tuple(replace(one, attempts=one.attempts + 1) for one in due[:limit])


class FakeVault:
    """Keeps files in memory."""

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._waiting: dict[tuple[UUID, str], tuple[bytes, str, datetime]] = {}
        self._kept: dict[tuple[UUID, str], bytes] = {}

    def quarantine(self, library: UUID, raw: bytes, name: str, *, calendar: bool = False) -> str:
        checked(raw, calendar=calendar)
        token = f"{len(self._waiting):032x}.{sha256(raw).hexdigest()}"
        self._waiting[library, token] = (raw, name, self._now())
        return token

    def opened(self, library: UUID, token: str) -> bytes:
        if (library, token) not in self._waiting:
            raise Mistake(EXPIRED)
        return self._waiting[library, token][0]

    def promote(self, library: UUID, token: str, at: datetime) -> Evidence:
        if (library, token) not in self._waiting:
            raise Mistake(EXPIRED)
        raw, name, _ = self._waiting[library, token]
        sha = sha256(raw).hexdigest()
        self._kept[library, sha] = raw
        return Evidence(sha256=sha, media_type=checked(raw), name=name, size=len(raw), kept_at=at)

    def read(self, library: UUID, sha256: str) -> tuple[bytes, str]:
        if (library, sha256) not in self._kept:
            raise Mistake(NOT_KEPT)
        raw = self._kept[library, sha256]
        return raw, checked(raw)

    def remove(self, library: UUID, sha256: str) -> None:
        self._kept.pop((library, sha256), None)
        for key in [key for key in self._waiting if key[0] == library and key[1].endswith(sha256)]:
            del self._waiting[key]

    def expire(self, before: datetime) -> int:
        old = [key for key, (_, _, at) in self._waiting.items() if at < before]
        for key in old:
            del self._waiting[key]
        return len(old)
