"""What the core needs from the world, in the core's own words."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from bot.cards import Card, Identity, Turn, Values
from bot.cases.absence import Absence
from bot.cases.account import Author, HandleLink, OfficialAccount
from bot.cases.appeal import Appeal, ReceivedAppeal, Restoration
from bot.cases.block import Block, Execution, RequestedBlock
from bot.cases.checked_post import CheckedPost
from bot.cases.clock import Clock, Snooze
from bot.cases.consultation import Advice, Consultation, Memo, View
from bot.cases.correction import Correction
from bot.cases.disposal import Disposal, ProposedDisposal, Tombstone
from bot.cases.follow_up import FollowUp, FollowUpKind
from bot.cases.hold import Hold
from bot.cases.incident import Evidence, Incident
from bot.cases.library import Library
from bot.cases.notice import Notice
from bot.cases.permission import Permission
from bot.cases.reinstatement import Reinstatement, RequestedReinstatement
from bot.cases.standard_reply import StandardReply
from bot.cases.task import Task
from bot.cases.upkeep import Attestation, Upkeep
from bot.people import Person
from bot.policy.book import Practice
from bot.policy.terms import Channel, Track
from bot.records.ledger import Entry, Head

__all__ = ["Card", "Identity", "Turn", "Values"]

T = TypeVar("T")


class Stale(Exception):  # noqa: N818 - a fact about a version, caught by the desk
    """The case that is being saved has been saved by somebody else meanwhile."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A form somebody has begun: it survives restarts, and its token is the key of what it will create."""

    token: str
    library: UUID
    person: UUID
    intent: str
    subject: str
    version_seen: int | None
    page: int
    values: Values
    begun_at: datetime
    touched_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Handled:
    """What came of something already handled: a reference, never personal data. Repeats are answered from it."""

    library: UUID
    key: str
    about: str
    by: UUID | None
    at: datetime


class MessageKind(StrEnum):
    """What a message is."""

    CASE = "case"
    STEP = "step"
    UPDATE = "update"
    DAILY = "daily"
    DIRECT = "direct"
    HEAD = "head"
    TROUBLE = "trouble"
    WORD = "word"
    MEMO = "memo"
    DOCKET = "docket"
    VACANCY = "vacancy"
    OFFICE = "office"


class MessageState(StrEnum):
    """Where a message stands. ``unknown`` means it may have been posted and nobody can say.

    Of a failed or unknown one a person says that it arrived (``sent``), is sent again, or is ``left`` as it is.
    """

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message to a channel or a person, queued in the transaction that caused it.

    ``key`` is unique per library, so a message is queued once. ``rendered`` is the card as JSON, fixed at the first
    attempt. ``next_at`` (UTC) is when to try; a claim moves it a lease ahead and raises ``attempts``.
    """

    id: UUID
    library: UUID
    key: str
    kind: MessageKind
    about: str
    next_at: datetime
    channel: Channel | None = None
    person: UUID | None = None
    headline: str = ""
    attempts: int = 0
    state: MessageState = MessageState.QUEUED
    rendered: bytes | None = None
    sent_at: datetime | None = None
    trouble: str = ""

    @property
    def in_doubt(self) -> bool:
        """Test whether an earlier attempt may have posted it although nobody saw that end."""
        return self.attempts > 1 and self.trouble != posted_nothing(self.attempts - 1)

    def again(self, now: datetime) -> "Message":
        """The same message, waiting once more after it was refused; a card is drawn as its case stands then."""
        lives = self.kind in {MessageKind.CASE, MessageKind.DIRECT}
        return replace(
            self,
            state=MessageState.QUEUED,
            next_at=now,
            trouble=posted_nothing(self.attempts),
            rendered=None if lives else self.rendered,
        )


def posted_nothing(attempt: int) -> str:
    """What a waiting message says of an attempt that certainly posted nothing, so that nobody needs to look for it."""
    return f"Attempt {attempt} posted nothing; it waits for the next."


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """Where a message goes on a platform: a channel, or a user."""

    platform: str
    tenant: str
    channel: str = ""
    user: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PostedCard:
    """One copy of a card that stands in a channel or a direct conversation, so that it can be brought up to date."""

    id: UUID
    library: UUID
    about: str
    kind: MessageKind
    address: Address
    message: str
    key: str
    channel: Channel | None = None
    person: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """One step of a clock's ladder, told once: ``key`` (clock, step, recipient, the day when daily) is unique.

    ``message`` is the key of the message that carries it.
    """

    library: UUID
    key: str
    clock: UUID
    case: str
    name: str
    step: str
    message: str
    day: date
    due: date
    late: bool = False


class Incidents(Protocol):
    """The reports of one library."""

    def by_ref(self, ref: str) -> Incident | None: ...
    def put(self, incident: Incident) -> None:
        """Keep it; its version must follow the one kept by one.

        :raises Stale: it does not
        """

    def with_fingerprint(self, fingerprint: str) -> Incident | None:
        """The oldest report with this (non-empty) fingerprint."""

    def of_authors(self, authors: Collection[UUID]) -> tuple[Incident, ...]: ...
    def on_track(self, track: Track) -> tuple[Incident, ...]:
        """Every report on this track, oldest first."""

    def recent(self, limit: int) -> tuple[Incident, ...]:
        """Newest first."""

    def search(self, words: str, limit: int) -> tuple[Incident, ...]:
        """Reports whose reference, link, host post, kept words or author's handle contain the words (no case).

        The link of a child safety report is never searched.
        """

    def uses_file(self, sha256: str) -> bool:
        """Test whether any report still retains this file."""


class Blocks(Protocol):
    """The blocks of one library."""

    def by_ref(self, ref: str) -> Block | None: ...
    def put(self, block: Block) -> None:
        """Keep it; its version must follow the one kept by one.

        :raises Stale: it does not
        """

    def undecided(self) -> tuple[RequestedBlock, ...]:
        """Oldest first."""

    def with_a_step(self) -> tuple[Block, ...]:
        """Those that were asked for as a step of a ladder of sanctions, oldest first."""

    def of_authors(self, authors: Collection[UUID]) -> tuple[Block, ...]: ...
    def recent(self, limit: int) -> tuple[Block, ...]: ...
    def put_execution(self, execution: Execution) -> None: ...
    def executions(self, ref: str) -> tuple[Execution, ...]:
        """In the order they were confirmed."""


class Appeals(Protocol):
    """The appeals of one library, with their consultations and what was restored after a reversal."""

    def by_ref(self, ref: str) -> Appeal | None: ...
    def put(self, appeal: Appeal) -> None:
        """Keep it; its version must follow the one kept by one.

        :raises Stale: it does not
        """

    def undecided(self) -> tuple[ReceivedAppeal, ...]:
        """Oldest first."""

    def against(self, ref: str) -> tuple[Appeal, ...]:
        """The appeals that challenge a case, oldest first."""

    def recent(self, limit: int) -> tuple[Appeal, ...]:
        """Newest first."""

    def put_restoration(self, restoration: Restoration) -> None: ...
    def restorations(self, ref: str) -> tuple[Restoration, ...]:
        """In the order they were confirmed."""

    def put_consultation(self, consultation: Consultation) -> None: ...
    def consultations(self, ref: str) -> tuple[Consultation, ...]:
        """Oldest first; the last one counts."""

    def put_memo(self, memo: Memo) -> None: ...
    def memos(self, ref: str) -> tuple[Memo, ...]: ...
    def put_view(self, view: View) -> None: ...
    def views(self, ref: str) -> tuple[View, ...]: ...
    def put_advice(self, advice: Advice) -> None: ...
    def advice(self, ref: str) -> tuple[Advice, ...]: ...
    def uses_file(self, sha256: str) -> bool:
        """Test whether any paper of a patron or a trustee is kept as this file."""


class Reinstatements(Protocol):
    """The requests of one library's blocked patrons to come back."""

    def by_ref(self, ref: str) -> Reinstatement | None: ...
    def put(self, request: Reinstatement) -> None:
        """Keep it; its version must follow the one kept by one.

        :raises Stale: it does not
        """

    def undecided(self) -> tuple[RequestedReinstatement, ...]:
        """Oldest first."""

    def of_block(self, ref: str) -> tuple[Reinstatement, ...]: ...
    def recent(self, limit: int) -> tuple[Reinstatement, ...]:
        """Newest first."""


class Authors(Protocol):
    """Handles, and the links between them."""

    def get(self, author: UUID) -> Author | None: ...
    def named(self, handle: str, platform: str = "") -> tuple[Author, ...]:
        """Authors with this tidy handle, on one platform or on any."""

    def put(self, author: Author) -> None: ...
    def links(self) -> tuple[HandleLink, ...]: ...
    def put_link(self, link: HandleLink) -> None: ...


class Tasks(Protocol):
    """What people have been asked to do."""

    def get(self, task: UUID) -> Task | None: ...
    def put(self, task: Task) -> None: ...
    def open(self) -> tuple[Task, ...]:
        """Every open task, earliest due first."""

    def of_case(self, ref: str) -> tuple[Task, ...]: ...


class Clocks(Protocol):
    """The clock table."""

    def get(self, clock: UUID) -> Clock | None: ...
    def put(self, clock: Clock) -> None: ...
    def of_case(self, ref: str) -> tuple[Clock, ...]: ...
    def running(self, limit: int) -> tuple[Clock, ...]:
        """Running policy and task clocks (no routines), earliest due first."""

    def put_snooze(self, snooze: Snooze) -> None: ...
    def snoozed(self, person: UUID, day: date) -> frozenset[UUID]:
        """The clocks this person asked not to be shown on that day."""

    def reminders(self, message: str) -> tuple[Reminder, ...]:
        """What a message reminds of, earliest due first."""

    def put_reminder(self, reminder: Reminder) -> bool:
        """Keep it; ``False`` when the same step was reminded of already."""


class Papers(Protocol):
    """What stands beside a case: notices, corrections, and what was done about it; and the library's agreed replies."""

    def notices(self, ref: str) -> tuple[Notice, ...]: ...
    def put_notice(self, notice: Notice) -> None: ...
    def corrections(self, ref: str) -> tuple[Correction, ...]: ...
    def put_correction(self, correction: Correction) -> None: ...
    def follow_ups(self, ref: str) -> tuple[FollowUp, ...]:
        """What was done about a case, oldest first."""

    def follow_ups_of(self, kind: FollowUpKind) -> tuple[FollowUp, ...]:
        """Everything of one kind that was ever done, oldest first."""

    def put_follow_up(self, follow_up: FollowUp) -> None: ...
    def replies(self) -> tuple[StandardReply, ...]:
        """The agreed replies, retired ones too, by their title."""

    def put_reply(self, reply: StandardReply) -> None: ...


class Registry(Protocol):
    """The library itself: its people, accounts, packs and practice values."""

    def library(self) -> Library: ...
    def put_library(self, library: Library) -> None: ...
    def people(self) -> tuple[Person, ...]: ...
    def person(self, person: UUID) -> Person | None: ...
    def by_identity(self, identity: Identity) -> Person | None: ...
    def put_person(self, person: Person) -> None: ...
    def absences(self) -> tuple[Absence, ...]:
        """Every absence that was entered, cancelled ones included, by their first day."""

    def put_absence(self, absence: Absence) -> None: ...
    def accounts(self) -> tuple[OfficialAccount, ...]: ...
    def put_account(self, account: OfficialAccount) -> None: ...
    def practices(self) -> tuple[Practice, ...]:
        """The value in force for each key."""

    def put_practice(self, practice: Practice) -> None:
        """Keep a new value; the older ones stay on file."""

    def packs(self) -> tuple[tuple[str, bytes], ...]:
        """The adopted packs as (version, the file's bytes), in the order they were adopted."""

    def adopt(self, version: str, raw: bytes) -> None: ...
    def sentences(self) -> Mapping[tuple[str, str], str]:
        """(pack version, rule id) to the exact sentence of the library's own document, where bound."""

    def put_sentences(self, version: str, sentences: Mapping[str, str], document_sha256: str) -> None: ...


class Duties(Protocol):
    """What the policy asks of the library itself: what is kept up, and what was agreed to."""

    def upkeeps(self) -> tuple[Upkeep, ...]:
        """Everything that was ever taken up, ended ones too, by reference."""

    def put_upkeep(self, upkeep: Upkeep) -> None: ...
    def attestations(self) -> tuple[Attestation, ...]:
        """Every attestation, oldest first."""

    def put_attestation(self, attestation: Attestation) -> None: ...
    def checked_posts(self, limit: int) -> tuple[CheckedPost, ...]:
        """The newest posts of our own that were checked, newest first."""

    def put_checked_post(self, post: CheckedPost) -> None: ...
    def permissions(self) -> tuple[Permission, ...]:
        """Everything permission was ever asked for, by reference."""

    def put_permission(self, permission: Permission) -> None:
        """Keep it; its version must follow the one kept by one.

        :raises Stale: it does not
        """


class Messages(Protocol):
    """The outbox, and where the copies of cards stand."""

    def queue(self, message: Message) -> bool:
        """Queue it; ``False`` when one with the same key was queued before."""

    def by_key(self, key: str) -> Message | None: ...
    def put(self, message: Message) -> None: ...
    def in_trouble(self) -> tuple[Message, ...]:
        """Failed and unknown messages."""

    def posted(self, about: str) -> tuple[PostedCard, ...]: ...
    def posted_by_id(self, posted: UUID) -> PostedCard | None: ...
    def put_posted(self, posted: PostedCard) -> None: ...


class Book(Protocol):
    """The ledger of one library, and what makes repeats harmless."""

    def head(self) -> Head: ...
    def append(self, entry: Entry) -> None: ...
    def of_case(self, ref: str) -> tuple[Entry, ...]: ...
    def entries(self, *, after: int, limit: int) -> tuple[Entry, ...]:
        """The entries that follow a place in the chain, in order."""

    def draft(self, token: str) -> Draft | None: ...
    def put_draft(self, draft: Draft) -> None: ...
    def drop_draft(self, token: str) -> None: ...
    def expire_drafts(self, before: datetime) -> int:
        """Drop the drafts nobody has touched since; returns how many. A draft is no record."""

    def handled(self, key: str) -> Handled | None: ...
    def put_handled(self, handled: Handled) -> None: ...
    def expire_handled(self, before: datetime) -> int:
        """Forget what was handled earlier; returns how many. A key is no record, and what it led to stays."""

    def next_number(self, kind: str, year: int) -> int:
        """The next number of a reference such as ``I-2026-0042``; never given twice."""

    def release_file(self, sha256: str, at: datetime) -> None:
        """Note that a report no longer retains this file; the round removes it if nothing else does."""

    def released_files(self) -> tuple[str, ...]: ...
    def forget_released(self, sha256: str) -> None: ...


class Docket(Protocol):
    """Holds, disposals, and what is left of what was disposed of."""

    def holds(self) -> tuple[Hold, ...]:
        """Every hold, released ones too, oldest first."""

    def put_hold(self, hold: Hold) -> None:
        """Keep it; its version must follow the one kept by one.

        :raises Stale: it does not
        """

    def by_ref(self, ref: str) -> Disposal | None: ...
    def put(self, disposal: Disposal) -> None:
        """Keep it; its version must follow the one kept by one.

        :raises Stale: it does not
        """

    def waiting(self) -> tuple[ProposedDisposal, ...]:
        """Proposals nobody has answered, oldest first."""

    def recent(self, limit: int) -> tuple[Disposal, ...]:
        """Newest first."""

    def tombstone(self, ref: str) -> Tombstone | None: ...
    def put_tombstone(self, tombstone: Tombstone) -> None: ...
    def ran(self) -> tuple[str, ...]:
        """Cases with a retention clock that has run, longest ago first."""

    def without_clock(self, limit: int) -> tuple[tuple[str, date], ...]:
        """Settled records on which no retention clock was started, with the local day they were settled; oldest first.

        A patron's paper is a record of its own where nobody found what it is about.
        """

    def erase(self, refs: Collection[str]) -> Mapping[str, int]:
        """Remove every row about these records: their own, what stands beside them, and copies in messages and forms.

        What the ledger's entries about them say goes with its salt; the entries stay. Returns how many rows, by table.
        """

    def erase_authors(self, authors: Collection[UUID], links: Collection[UUID]) -> Mapping[str, int]:
        """Remove handles and links, holds on them that were released, and what the ledger's entries say of them."""


class Shelves(Protocol):
    """Everything kept for one library, inside one transaction."""

    @property
    def incidents(self) -> Incidents: ...
    @property
    def blocks(self) -> Blocks: ...
    @property
    def appeals(self) -> Appeals: ...
    @property
    def reinstatements(self) -> Reinstatements: ...
    @property
    def authors(self) -> Authors: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def clocks(self) -> Clocks: ...
    @property
    def papers(self) -> Papers: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def book(self) -> Book: ...
    @property
    def docket(self) -> Docket: ...
    @property
    def duties(self) -> Duties: ...

    def savepoint(self) -> AbstractContextManager[None]:
        """Undo what is done inside when an exception leaves it; the transaction goes on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sweep:
    """What a batch of due clocks comes to: reminders, clocks moved on, messages that carry them."""

    reminders: tuple[Reminder, ...] = ()
    clocks: tuple[Clock, ...] = ()
    messages: tuple[Message, ...] = ()


class Store(Protocol):
    """Where everything is kept. Each call is one transaction; one library never sees another's."""

    async def act(self, library: UUID, work: Callable[[Shelves], T]) -> T:
        """Run ``work`` on the writer and commit; anything it raises undoes everything.

        Acts of one library run one after another.
        """

    async def ask(self, library: UUID, look: Callable[[Shelves], T]) -> T:
        """Run ``look`` on a connection of its own that cannot write."""

    async def libraries(self) -> tuple[UUID, ...]: ...
    async def library_for(self, platform: str, tenant: str) -> UUID | None:
        """The library installed in this workspace or tenant."""

    async def found(self, library: Library, *, platform: str, tenant: str) -> None:
        """Begin a library and note where it is installed. Beginning one that exists changes nothing."""

    async def sweep(
        self, now: datetime, limit: int, plan: Callable[[Sequence[Clock], Callable[[UUID], Shelves]], Sweep]
    ) -> int:
        """Claim up to ``limit`` due clocks of any library, apply the plan made for them, commit. Returns how many.

        ``plan`` is also given the shelves of a library by its id, within the same transaction.
        """

    async def claim_messages(self, now: datetime, *, lease_seconds: int, limit: int) -> tuple[Message, ...]:
        """Claim queued messages of any library that are due; each comes back with its raised ``attempts``."""

    async def hold_message(self, message: Message, now: datetime, *, lease_seconds: int) -> bool:
        """Begin the lease of a claimed message anew; ``False`` when somebody else has claimed or ended it since.

        Asked for just before it is posted: a lease may have ended while the messages before it were slow.
        """

    async def finish_message(self, message: Message) -> bool:
        """Store how a claimed message ended; ``False`` when somebody else has claimed it since."""

    async def chain(self, library: UUID, check: Callable[[Iterator[tuple[int, bytes, bytes, bytes]]], T]) -> T:
        """Stream the whole chain of a library, in order, as (seq, header, commitment, hash)."""

    async def close(self) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """A conversation the bot is in, kept by a platform that only answers where it has been before.

    ``name`` names it to us: a person's account, or a channel's or group chat's id. ``address`` is the platform's own id
    of it, ``service`` where the platform takes messages for it, ``title`` what people call it. ``awaits`` is the draft
    that somebody is sending files for in it.
    """

    platform: str
    tenant: str
    name: str
    kind: str
    address: str
    service: str
    title: str = ""
    awaits: str = ""


class TryLater(Exception):  # noqa: N818 - an answer of the platform
    """The platform asks us to wait; nothing was posted."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


class NotPosted(Exception):  # noqa: N818 - an answer of the platform
    """The platform refused the message for good; nothing was posted. Its text says why, for the administrator."""


class AccountGone(NotPosted):
    """Nothing was posted because the account is deactivated: whoever had it can be reached there no more."""


class OutcomeUnknown(Exception):  # noqa: N818 - an answer of the platform
    """The message may or may not have been posted."""


class Messenger(Protocol):
    """Posts cards on one platform.

    ``settles`` says that ``find`` can be believed: what it does not find was never posted, and may be posted again.
    """

    platform: str
    settles: bool = False

    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        """Post a card (in the thread ``under``, if given) and return the platform's id of it.

        :raises TryLater: nothing was posted
        :raises NotPosted: nothing was posted, and trying again will not help
        :raises AccountGone: as above, because the account is deactivated
        :raises OutcomeUnknown: nobody can say
        """

    async def update(self, to: Address, message: str, card: Card) -> None:
        """Replace a card that was posted.

        :raises TryLater, NotPosted, OutcomeUnknown: as above
        """

    async def find(self, to: Address, key: str) -> str | None:
        """The id of the message posted with this key, if it stands there.

        :raises OutcomeUnknown: the platform cannot be asked
        """


class Vault(Protocol):
    """Evidence by SHA-256, per library. Files come in through quarantine."""

    def quarantine(self, library: UUID, raw: bytes, name: str, *, calendar: bool = False) -> str:
        """Keep a file apart and return the token a draft refers to it by.

        :param calendar: a calendar file is asked for, and no picture
        :raises Mistake: too large, empty, or not what is asked for
        """

    def opened(self, library: UUID, token: str) -> bytes:
        """The bytes of a quarantined file, for what is read once and not kept.

        :raises Mistake: the file has expired; it must be added again
        """

    def promote(self, library: UUID, token: str, at: datetime) -> Evidence:
        """Move a quarantined file into the vault.

        :raises Mistake: the file has expired; it must be added again
        """

    def read(self, library: UUID, sha256: str) -> tuple[bytes, str]:
        """The bytes of a retained file and its media type.

        :raises Mistake: it is not kept
        """

    def remove(self, library: UUID, sha256: str) -> None: ...
    def expire(self, before: datetime) -> int:
        """Remove quarantined files older than this; returns how many."""
