"""Rows. A row is a shape on disk, never a thing with rules.

Every key begins with the library, so that no finder can forget whose records it is looking through. Scalars and
whatever is searched for have typed columns; small lists of values (grounds, grants, a clock's proof) are JSON. The
column types hand back exactly what the core works with: aware moments in UTC, words of its enumerations, tuples.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import Field, SQLModel
from typing_extensions import override

from bot.cases.account import Confidence
from bot.cases.appeal import Answer, Form
from bot.cases.block import ChosenStep, Decision, Done, GroundClaim, MadeEarly, Vote
from bot.cases.clock import ClockState
from bot.cases.consultation import Way
from bot.cases.disposal import LeftOut, Removed
from bot.cases.follow_up import FollowUpKind
from bot.cases.hold import Cause, Scope
from bot.cases.incident import Evidence, JoinedReport, Outcome
from bot.cases.library import Place
from bot.cases.notice import Telling
from bot.cases.permission import Consent, For
from bot.cases.task import TaskKind, TaskState
from bot.cases.upkeep import Where
from bot.people import Grant, Standing
from bot.policy.terms import Action, Channel, ClockKind, Event, Role, Track
from bot.ports import MessageKind, MessageState
from bot.refusal import Citation

E = TypeVar("E", bound=StrEnum)


class Utc(TypeDecorator[datetime]):
    """A moment, to the microsecond. It goes in aware and comes out aware, in UTC, on both databases.

    :raises ValueError: a moment without a zone is being kept
    """

    impl = DateTime
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone cannot be kept: {value}")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[E]):
    """A word of one of the core's enumerations, kept as the word itself."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    @override
    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else value.value

    @override
    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.words(value)


class Json(TypeDecorator[Any]):
    """A small value of the core (a tuple, a mapping, one nested record) kept as JSON; ``None`` is a database null."""

    impl = JSON
    cache_ok = True

    def __init__(self, shape: Any) -> None:  # noqa: ANN401 - whatever pydantic can describe
        super().__init__(none_as_null=True)
        self.shape = shape

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        """Made when the first value passes: to make all of them takes longer than most commands."""
        return TypeAdapter(self.shape)

    @override
    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self._adapter.dump_python(value, mode="json")

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self._adapter.validate_python(value)


def _moment(*, nullable: bool = False) -> Any:  # noqa: ANN401 - SQLModel's Field is declared so
    return Field(sa_column=Column(Utc(), nullable=nullable))


def _word(words: type[StrEnum], *, nullable: bool = False) -> Any:  # noqa: ANN401 - as above
    return Field(sa_column=Column(Word(words), nullable=nullable))


def _json(shape: Any, *, nullable: bool = False) -> Any:  # noqa: ANN401 - as above
    return Field(sa_column=Column(Json(shape), nullable=nullable))


def _where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, for both databases. Queries repeat its literals, or it is not used."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class LibraryRow(SQLModel, table=True):
    """One tenant."""

    __tablename__ = "library"

    id: UUID = Field(primary_key=True)
    name: str
    zone: str
    state: str
    packs: tuple[str, ...] = _json(tuple[str, ...])
    channels: Mapping[Channel, Place] = _json(dict[Channel, Place])
    closed_weekdays: frozenset[int] = _json(frozenset[int])
    closures: Mapping[date, str] = _json(dict[date, str])
    closures_through: int | None
    meetings: tuple[date, ...] = _json(tuple[date, ...])
    meeting_lines: str | None
    opens_at: time
    closes_at: time
    version: int


class InstallationRow(SQLModel, table=True):
    """Which library a workspace or tenant belongs to."""

    __tablename__ = "installation"

    platform: str = Field(primary_key=True)
    tenant: str = Field(primary_key=True)
    library_id: UUID = Field(foreign_key="library.id")


class SealedTokenRow(SQLModel, table=True):
    """The tokens of an installation, sealed before they come here; dropped when the app is removed."""

    __tablename__ = "sealed_token"

    platform: str = Field(primary_key=True)
    tenant: str = Field(primary_key=True)
    sealed: bytes


class ConversationRow(SQLModel, table=True):
    """A conversation the bot is in, for a platform that answers only where it has been; dropped when it leaves."""

    __tablename__ = "conversation"

    platform: str = Field(primary_key=True)
    tenant: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    kind: str
    address: str
    service: str
    title: str
    awaits: str


class _Row(SQLModel):
    """What belongs to one library."""

    model_config = {"defer_build": True}  # rows are written with Core: nothing is validated here

    library_id: UUID = Field(primary_key=True, foreign_key="library.id")


class PersonRow(_Row, table=True):
    """One human."""

    __tablename__ = "person"

    id: UUID = Field(primary_key=True)
    name: str
    grants: tuple[Grant, ...] = _json(tuple[Grant, ...])
    standing: Standing = _word(Standing)
    same_as: UUID | None


class IdentityRow(_Row, table=True):
    """One chat account of a person."""

    __tablename__ = "identity"
    __table_args__ = (ForeignKeyConstraint(["library_id", "person"], ["person.library_id", "person.id"]),)

    platform: str = Field(primary_key=True)
    tenant: str = Field(primary_key=True)
    user: str = Field(primary_key=True)
    person: UUID
    place: int


class AccountRow(_Row, table=True):
    """An official account."""

    __tablename__ = "account"

    id: UUID = Field(primary_key=True)
    platform: str
    name: str
    url: str
    closed_on: date | None


class PackRow(_Row, table=True):
    """An adopted pack, byte for byte."""

    __tablename__ = "pack"

    name: str = Field(primary_key=True)
    number: int
    raw: bytes
    sha256: str


class PracticeRow(_Row, table=True):
    """A practice value; the highest number of a key is the one in force."""

    __tablename__ = "practice"

    key: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    value: str
    approved_by: str
    approved_on: date


class SentenceRow(_Row, table=True):
    """The exact sentence of a rule in the library's own document."""

    __tablename__ = "sentence"

    version: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    sentence: str
    document_sha256: str


class AuthorRow(_Row, table=True):
    """A handle on a platform."""

    __tablename__ = "author"
    __table_args__ = (Index("author_handle", "library_id", "handle"),)

    id: UUID = Field(primary_key=True)
    platform: str
    handle: str


class HandleLinkRow(_Row, table=True):
    """Two handles held to be one person."""

    __tablename__ = "handle_link"

    id: UUID = Field(primary_key=True)
    first: UUID
    second: UUID
    confidence: Confidence = _word(Confidence)
    basis: str
    linked_by: UUID
    linked_at: datetime = _moment()
    undone_by: UUID | None
    undone_at: datetime | None = _moment(nullable=True)
    undone_because: str


class IncidentRow(_Row, table=True):
    """One reported item, with its removal in the columns that begin with asked and confirmed.

    ``searched`` holds what a search looks through, case folded, because the databases fold letters beyond A to Z
    differently or not at all.
    """

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("library_id", "ref"),
        Index("incident_fingerprint", "library_id", "fingerprint"),
        Index("incident_author", "library_id", "author"),
        Index("incident_reported", "library_id", "reported_at"),
        Index("incident_track", "library_id", "track"),
    )

    id: UUID = Field(primary_key=True)
    ref: str
    version: int
    track: Track = _word(Track)
    outcome: Outcome = _word(Outcome)
    account: UUID | None
    reported_by: UUID
    reported_at: datetime = _moment()
    reported_on: date
    fingerprint: str
    batch: UUID
    link: str
    text: str
    text_sha256: str
    evidence: tuple[Evidence, ...] = _json(tuple[Evidence, ...])
    copy_impossible: str
    host_title: str
    host_link: str
    posted_on: date | None
    author: UUID | None
    words: str
    claimed_by: UUID | None
    about_director: bool
    joined: tuple[JoinedReport, ...] = _json(tuple[JoinedReport, ...])
    closed_on: date | None
    searched: str
    asked_outcome: Outcome | None = _word(Outcome, nullable=True)
    asked_clauses: tuple[str, ...] = _json(tuple[str, ...], nullable=True)
    asked_observations: tuple[str, ...] = _json(tuple[str, ...], nullable=True)
    asked_words: str | None
    asked_by: UUID | None
    asked_at: datetime | None = _moment(nullable=True)
    asked_done_on: date | None
    asked_part: str | None
    confirmed_done_on: date | None
    confirmed_by: UUID | None
    confirmed_at: datetime | None = _moment(nullable=True)
    confirmed_overturned_on: date | None


class RetainedFileRow(_Row, table=True):
    """Which reports retain which file: the evidence lists of the reports, the other way round."""

    __tablename__ = "retained_file"
    __table_args__ = (
        ForeignKeyConstraint(["library_id", "incident"], ["incident.library_id", "incident.id"]),
        Index("retained_file_incident", "library_id", "incident"),
    )

    sha256: str = Field(primary_key=True)
    incident: UUID = Field(primary_key=True)


class BlockRow(_Row, table=True):
    """A block request, and its answer in the columns that are null until then."""

    __tablename__ = "block"
    __table_args__ = (
        UniqueConstraint("library_id", "ref"),
        Index("block_undecided", "library_id", "requested_at", **_where("decision IS NULL")),
        Index("block_requested", "library_id", "requested_at"),
        Index("block_with_a_step", "library_id", "requested_at", **_where("step IS NOT NULL")),
    )

    id: UUID = Field(primary_key=True)
    ref: str
    version: int
    authors: tuple[UUID, ...] = _json(tuple[UUID, ...])
    accounts: tuple[UUID, ...] = _json(tuple[UUID, ...])
    grounds: tuple[GroundClaim, ...] = _json(tuple[GroundClaim, ...])
    reason: str
    requested_by: UUID
    requested_at: datetime = _moment()
    requested_on: date
    own_motion: bool
    made_early: tuple[MadeEarly, ...] = _json(tuple[MadeEarly, ...])
    incidents: tuple[str, ...] = _json(tuple[str, ...])
    requested_version: int | None
    decision: Decision | None = _word(Decision, nullable=True)
    decision_reason: str | None
    decided_by: UUID | None
    decided_as: str | None
    decided_at: datetime | None = _moment(nullable=True)
    decided_on: date | None
    decided_under: Citation | None = _json(Citation, nullable=True)
    decided_pack: str | None
    met_on: date | None
    step: ChosenStep | None = _json(ChosenStep, nullable=True)
    votes: tuple[Vote, ...] | None = _json(tuple[Vote, ...], nullable=True)


class BlockAuthorRow(_Row, table=True):
    """Which blocks are about which author: the author lists of the blocks, the other way round."""

    __tablename__ = "block_author"
    __table_args__ = (
        ForeignKeyConstraint(["library_id", "block"], ["block.library_id", "block.id"]),
        Index("block_author_block", "library_id", "block"),
    )

    author: UUID = Field(primary_key=True)
    block: UUID = Field(primary_key=True)


class ExecutionRow(_Row, table=True):
    """What an editor confirmed having done on one account."""

    __tablename__ = "execution"
    __table_args__ = (Index("execution_block", "library_id", "block"),)

    id: UUID = Field(primary_key=True)
    block: str
    account: UUID
    done: Done = _word(Done)
    done_on: date
    confirmed_by: UUID
    confirmed_at: datetime = _moment()


class NoticeRow(_Row, table=True):
    """What somebody was told, or that they were not."""

    __tablename__ = "notice"
    __table_args__ = (Index("notice_case", "library_id", "case"),)

    id: UUID = Field(primary_key=True)
    case: str
    act: Action = _word(Action)
    telling: Telling = _word(Telling)
    by: UUID
    at: datetime = _moment()
    on: date
    by_practice: bool
    text: str
    how: str
    reason: str


class CorrectionRow(_Row, table=True):
    """A slip put right."""

    __tablename__ = "correction"
    __table_args__ = (Index("correction_case", "library_id", "case"),)

    id: UUID = Field(primary_key=True)
    case: str
    detail: str
    before: str
    after: str
    reason: str
    by: UUID
    at: datetime = _moment()


class AppealRow(_Row, table=True):
    """What a patron wrote against a removal or a block, and its answer in the columns that are null until then."""

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("library_id", "ref"),
        Index("appeal_undecided", "library_id", "logged_at", **_where("answer IS NULL")),
        Index("appeal_against", "library_id", "against"),
        Index("appeal_logged", "library_id", "logged_at"),
    )

    id: UUID = Field(primary_key=True)
    ref: str
    version: int
    form: Form = _word(Form)
    received_on: date
    sent_on: date | None
    words: str
    scans: tuple[Evidence, ...] = _json(tuple[Evidence, ...])
    sender: str
    logged_by: UUID
    logged_at: datetime = _moment()
    against: str
    act: Action | None = _word(Action, nullable=True)
    matched_by: UUID | None
    late_since: date | None
    second_of: str
    level: str
    received_version: int | None
    answer: Answer | None = _word(Answer, nullable=True)
    answer_reason: str | None
    decided_by: UUID | None
    decided_as: str | None
    decided_at: datetime | None = _moment(nullable=True)
    decided_on: date | None
    decided_under: Citation | None = _json(Citation, nullable=True)
    decided_pack: str | None
    not_consulted: str | None
    own_decision: bool | None
    met_on: date | None


class RestorationRow(_Row, table=True):
    """One line of carrying out a reversal."""

    __tablename__ = "restoration"
    __table_args__ = (Index("restoration_appeal", "library_id", "appeal"),)

    id: UUID = Field(primary_key=True)
    appeal: str
    target: str
    account: UUID | None
    done_on: date
    confirmed_by: UUID
    confirmed_at: datetime = _moment()
    cannot: str


class ConsultationRow(_Row, table=True):
    """The way the Director chose to ask the Board."""

    __tablename__ = "consultation"
    __table_args__ = (Index("consultation_appeal", "library_id", "appeal"),)

    id: UUID = Field(primary_key=True)
    appeal: str
    way: Way = _word(Way)
    opened_by: UUID
    opened_at: datetime = _moment()
    meeting_on: date | None
    post_by: date | None


class MemoRow(_Row, table=True):
    """One memo to one trustee."""

    __tablename__ = "memo"
    __table_args__ = (Index("memo_appeal", "library_id", "appeal"),)

    id: UUID = Field(primary_key=True)
    appeal: str
    trustee: UUID
    sent_on: date
    sent_by: UUID
    sent_at: datetime = _moment()
    text: str
    on_paper: bool


class ViewRow(_Row, table=True):
    """What one trustee answered."""

    __tablename__ = "view"
    __table_args__ = (Index("view_appeal", "library_id", "appeal"),)

    id: UUID = Field(primary_key=True)
    appeal: str
    trustee: UUID
    words: str
    given_on: date
    entered_by: UUID
    entered_at: datetime = _moment()
    scans: tuple[Evidence, ...] = _json(tuple[Evidence, ...])


class AdviceRow(_Row, table=True):
    """The consultation as it is on file."""

    __tablename__ = "advice"
    __table_args__ = (Index("advice_appeal", "library_id", "appeal"),)

    id: UUID = Field(primary_key=True)
    appeal: str
    way: Way = _word(Way)
    held_on: date
    trustees: tuple[UUID, ...] = _json(tuple[UUID, ...])
    advised: str
    recorded_by: UUID
    recorded_at: datetime = _moment()


class ReinstatementRow(_Row, table=True):
    """A request to come back, and its answer in the columns that are null until then."""

    __tablename__ = "reinstatement"
    __table_args__ = (
        UniqueConstraint("library_id", "ref"),
        Index("reinstatement_undecided", "library_id", "logged_at", **_where("answer_reason IS NULL")),
        Index("reinstatement_block", "library_id", "block"),
        Index("reinstatement_logged", "library_id", "logged_at"),
    )

    id: UUID = Field(primary_key=True)
    ref: str
    version: int
    form: Form = _word(Form)
    received_on: date
    sent_on: date | None
    words: str
    scans: tuple[Evidence, ...] = _json(tuple[Evidence, ...])
    sender: str
    logged_by: UUID
    logged_at: datetime = _moment()
    block: str
    matched_by: UUID | None
    eligible_on: date | None
    appeal: str
    requested_version: int | None
    granted_on: tuple[UUID, ...] | None = _json(tuple[UUID, ...], nullable=True)
    conditions: str | None
    answer_reason: str | None
    decided_by: UUID | None
    decided_as: str | None
    decided_at: datetime | None = _moment(nullable=True)
    decided_on: date | None
    decided_under: Citation | None = _json(Citation, nullable=True)
    decided_pack: str | None


class ScanRow(_Row, table=True):
    """Which paper of a patron or a trustee is kept as which file."""

    __tablename__ = "scan"
    __table_args__ = (Index("scan_paper", "library_id", "paper"),)

    sha256: str = Field(primary_key=True)
    paper: UUID = Field(primary_key=True)


class AbsenceRow(_Row, table=True):
    """The days somebody is away."""

    __tablename__ = "absence"

    id: UUID = Field(primary_key=True)
    person: UUID
    since: date
    until: date
    why: str
    entered_by: UUID
    entered_at: datetime = _moment()
    cancelled_at: datetime | None = _moment(nullable=True)


class TaskRow(_Row, table=True):
    """Something a person is asked to do."""

    __tablename__ = "task"
    __table_args__ = (
        Index("task_case", "library_id", "case"),
        Index("task_open", "library_id", "due", **_where("state = 'open'")),
    )

    id: UUID = Field(primary_key=True)
    case: str
    kind: TaskKind = _word(TaskKind)
    role: Role = _word(Role)
    opened_at: datetime = _moment()
    due: date
    account: UUID | None
    urgent: bool
    version: int
    state: TaskState = _word(TaskState)
    ended_by: UUID | None
    ended_at: datetime | None = _moment(nullable=True)


class ClockRow(_Row, table=True):
    """One running date of a case. The table is the queue: ``next_at`` is when its next reminder is due."""

    __tablename__ = "clock"
    __table_args__ = (
        Index("clock_case", "library_id", "case"),
        Index("clock_running", "library_id", "due", **_where("state = 'running'")),
        Index("clock_next", "next_at", **_where("state = 'running' AND next_at IS NOT NULL")),
        Index("clock_run", "library_id", "due", **_where("state = 'run'")),
    )

    id: UUID = Field(primary_key=True)
    case: str
    name: str
    event: Event | None = _word(Event, nullable=True)
    happened_on: date
    kind: ClockKind = _word(ClockKind)
    due: date
    proof: tuple[str, ...] = _json(tuple[str, ...])
    started_at: datetime = _moment()
    pack: str
    rule: str
    source: str
    stated: bool
    assumed: tuple[str, ...] = _json(tuple[str, ...])
    state: ClockState = _word(ClockState)
    task: UUID | None
    told_due: date | None
    last_step: str
    next_at: datetime | None = _moment(nullable=True)
    attempts: int


class ReminderRow(_Row, table=True):
    """One step of a clock's ladder, told once."""

    __tablename__ = "reminder"
    __table_args__ = (Index("reminder_message", "library_id", "message"),)

    key: str = Field(primary_key=True)
    clock: UUID
    case: str
    name: str
    step: str
    message: str
    day: date
    due: date
    late: bool


class SnoozeRow(_Row, table=True):
    """One person's quiet about one clock."""

    __tablename__ = "snooze"

    person: UUID = Field(primary_key=True)
    clock: UUID = Field(primary_key=True)
    until: date


class MessageRow(_Row, table=True):
    """The outbox. ``number`` is the order in which a library's messages were queued."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("library_id", "key"),
        UniqueConstraint("library_id", "number"),
        Index("message_next", "next_at", **_where("state = 'queued'")),
        Index("message_trouble", "library_id", **_where("state IN ('failed', 'unknown')")),
    )

    id: UUID = Field(primary_key=True)
    key: str
    kind: MessageKind = _word(MessageKind)
    about: str
    next_at: datetime = _moment()
    channel: Channel | None = _word(Channel, nullable=True)
    person: UUID | None
    headline: str
    attempts: int
    state: MessageState = _word(MessageState)
    rendered: bytes | None
    sent_at: datetime | None = _moment(nullable=True)
    trouble: str
    number: int


class PostedCardRow(_Row, table=True):
    """Where one copy of a card stands."""

    __tablename__ = "posted_card"
    __table_args__ = (Index("posted_card_about", "library_id", "about"),)

    id: UUID = Field(primary_key=True)
    about: str
    kind: MessageKind = _word(MessageKind)
    platform: str
    tenant: str
    place: str
    user: str
    message: str
    key: str
    channel: Channel | None = _word(Channel, nullable=True)
    person: UUID | None


class LedgerRow(_Row, table=True):
    """One link of a library's chain. Triggers on both databases refuse to change or remove a row."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ledger_case", "library_id", "case", "seq"),
        # The chain is read in the order of its key, a million rows at a time.
        {"sqlite_with_rowid": False},
    )

    seq: int = Field(primary_key=True)
    case: str
    header: bytes
    commitment: bytes
    hash: bytes


class LedgerPayloadRow(_Row, table=True):
    """What an entry says, apart from the chain, so that it can be disposed of together with its salt."""

    __tablename__ = "ledger_payload"
    __table_args__ = (ForeignKeyConstraint(["library_id", "seq"], ["ledger.library_id", "ledger.seq"]),)

    seq: int = Field(primary_key=True)
    payload: bytes
    salt: bytes


class DraftRow(_Row, table=True):
    """A form somebody has begun."""

    __tablename__ = "draft"

    token: str = Field(primary_key=True)
    person: UUID
    intent: str
    subject: str
    version_seen: int | None
    page: int
    values: Mapping[str, tuple[str, ...]] = _json(dict[str, tuple[str, ...]])
    begun_at: datetime = _moment()
    touched_at: datetime = _moment()


class HandledRow(_Row, table=True):
    """What came of something already handled."""

    __tablename__ = "handled"

    key: str = Field(primary_key=True)
    about: str
    by: UUID | None
    at: datetime = _moment()


class CounterRow(_Row, table=True):
    """The last number given to a kind of reference in a year."""

    __tablename__ = "counter"

    kind: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    number: int


class ReleasedFileRow(_Row, table=True):
    """A file no report may need any more."""

    __tablename__ = "released_file"

    sha256: str = Field(primary_key=True)
    at: datetime = _moment()


class HoldRow(_Row, table=True):
    """A hold somebody placed, and its release in the columns that are null until then."""

    __tablename__ = "hold"
    __table_args__ = (UniqueConstraint("library_id", "ref"),)

    id: UUID = Field(primary_key=True)
    ref: str
    version: int
    scope: Scope = _word(Scope)
    subject: str
    cause: Cause = _word(Cause)
    reason: str
    placed_by: UUID
    placed_at: datetime = _moment()
    placed_on: date
    released_by: UUID | None
    released_at: datetime | None = _moment(nullable=True)
    released_on: date | None
    released_because: str


class DisposalRow(_Row, table=True):
    """A proposal to dispose of records, and what became of it in the columns that are null until then."""

    __tablename__ = "disposal"
    __table_args__ = (
        UniqueConstraint("library_id", "ref"),
        Index("disposal_proposed", "library_id", "proposed_at"),
        Index("disposal_waiting", "library_id", "proposed_at", **_where("proposed_version IS NULL")),
    )

    id: UUID = Field(primary_key=True)
    ref: str
    version: int
    records: tuple[str, ...] = _json(tuple[str, ...])
    authority: str
    reason: str
    proposed_by: UUID
    proposed_as: str
    proposed_at: datetime = _moment()
    proposed_on: date
    under: Citation | None = _json(Citation, nullable=True)
    pack: str
    proposed_version: int | None
    removed: tuple[Removed, ...] | None = _json(tuple[Removed, ...], nullable=True)
    left_out: tuple[LeftOut, ...] | None = _json(tuple[LeftOut, ...], nullable=True)
    answered_by: UUID | None
    answered_as: str | None
    answered_at: datetime | None = _moment(nullable=True)
    answered_on: date | None
    because: str | None


class TombstoneRow(_Row, table=True):
    """What stays of a record that was disposed of."""

    __tablename__ = "tombstone"

    ref: str = Field(primary_key=True)
    of: str
    kind: str
    began_on: date
    kept_through: date
    under: Citation = _json(Citation)
    pack: str
    certificate: str
    disposed_on: date
    entries: int


class FollowUpRow(_Row, table=True):
    """Something that was done about a case beside its outcome."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("follow_up_case", "library_id", "case"),
        Index("follow_up_kind", "library_id", "kind"),
    )

    id: UUID = Field(primary_key=True)
    case: str
    kind: FollowUpKind = _word(FollowUpKind)
    on: date
    by: UUID
    at: datetime = _moment()
    words: str
    particulars: Mapping[str, str] = _json(dict[str, str])
    rules: tuple[str, ...] = _json(tuple[str, ...])
    to: UUID | None


class StandardReplyRow(_Row, table=True):
    """A reply the library agreed on."""

    __tablename__ = "standard_reply"

    id: UUID = Field(primary_key=True)
    title: str
    text: str
    owner: UUID
    review_on: date
    kept_by: UUID
    kept_at: datetime = _moment()
    retired_on: date | None


class UpkeepRow(_Row, table=True):
    """Something that is kept up at one place."""

    __tablename__ = "upkeep"
    __table_args__ = (UniqueConstraint("library_id", "ref"),)

    id: UUID = Field(primary_key=True)
    ref: str
    code: str
    place: Where = _word(Where)
    account: UUID | None
    begun_by: UUID
    begun_at: datetime = _moment()
    begun_on: date
    ended_on: date | None


class AttestationRow(_Row, table=True):
    """Somebody's word that something is as the policy asks."""

    __tablename__ = "attestation"

    id: UUID = Field(primary_key=True)
    upkeep: str
    on: date
    by: UUID
    at: datetime = _moment()
    words: str
    link: str
    seen: str
    names: tuple[UUID, ...] = _json(tuple[UUID, ...])


class CheckedPostRow(_Row, table=True):
    """A post of our own, with what was checked before it went out."""

    __tablename__ = "checked_post"
    __table_args__ = (Index("checked_post_newest", "library_id", "at"),)

    id: UUID = Field(primary_key=True)
    account: UUID
    title: str
    done: tuple[str, ...] = _json(tuple[str, ...])
    not_done: tuple[str, ...] = _json(tuple[str, ...])
    by: UUID
    at: datetime = _moment()
    on: date
    words: str


class PermissionRow(_Row, table=True):
    """What was asked to be allowed, and the answers."""

    __tablename__ = "permission"
    __table_args__ = (UniqueConstraint("library_id", "ref"),)

    id: UUID = Field(primary_key=True)
    ref: str
    version: int
    asks: For = _word(For)
    asked_by: UUID
    asked_at: datetime = _moment()
    asked_on: date
    about: str
    needs: tuple[Role, ...] = _json(tuple[Role, ...])
    person: UUID | None
    account: UUID | None
    case: str
    particulars: Mapping[str, str] = _json(dict[str, str])
    since: date | None
    until: date | None
    answers: tuple[Consent, ...] = _json(tuple[Consent, ...])
    ended_by: UUID | None
    ended_on: date | None
    ended_because: str


def table(row: type[SQLModel]) -> Table:
    """The Core table behind a row class."""
    return SQLModel.metadata.tables[str(row.__tablename__)]
