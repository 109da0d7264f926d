"""Holds, disposals and tombstones to rows and back, and the removal of everything about a record."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlmodel import SQLModel

from bot.cases.disposal import Certificate, DeclinedDisposal, Disposal, ProposedDisposal, Tombstone, proposal_of
from bot.cases.hold import Hold, Scope
from bot.ports import MessageKind, Stale
from storage.rows import Shelf, flat, library, names, whole
from storage.tables import (
    AdviceRow,
    AppealRow,
    AuthorRow,
    BlockAuthorRow,
    BlockRow,
    ClockRow,
    ConsultationRow,
    CorrectionRow,
    DisposalRow,
    DraftRow,
    ExecutionRow,
    FollowUpRow,
    HandledRow,
    HandleLinkRow,
    HoldRow,
    IncidentRow,
    LedgerPayloadRow,
    LedgerRow,
    MemoRow,
    MessageRow,
    NoticeRow,
    PostedCardRow,
    ReinstatementRow,
    ReminderRow,
    RestorationRow,
    RetainedFileRow,
    ScanRow,
    SnoozeRow,
    TaskRow,
    TombstoneRow,
    ViewRow,
    table,
)

PROPOSED = names(ProposedDisposal, "library", "version")
"""Fields of a proposal that are columns of the same name."""

ANSWER = (
    *("proposed_version", "removed", "left_out"),
    *("answered_by", "answered_as", "answered_at", "answered_on", "because"),
)
"""Columns that are null until the proposal is answered."""


def to_row(disposal: Disposal) -> dict[str, Any]:
    """Flatten a proposal and what became of it."""
    proposal = proposal_of(disposal)
    row = {name: getattr(proposal, name) for name in PROPOSED} | dict.fromkeys(ANSWER)
    row |= {"library_id": proposal.library, "version": disposal.version}
    match disposal:
        case ProposedDisposal():
            return row
        case Certificate():
            return row | {
                "proposed_version": proposal.version,
                "removed": disposal.removed,
                "left_out": disposal.left_out,
                "answered_by": disposal.confirmed_by,
                "answered_as": disposal.confirmed_as,
                "answered_at": disposal.confirmed_at,
                "answered_on": disposal.confirmed_on,
            }
        case DeclinedDisposal():
            return row | {
                "proposed_version": proposal.version,
                "answered_by": disposal.declined_by,
                "answered_at": disposal.declined_at,
                "answered_on": disposal.declined_on,
                "because": disposal.because,
            }
        case _:
            assert_never(disposal)


def from_row(row: Any) -> Disposal:  # noqa: ANN401 - a row of DisposalRow
    """Rebuild the disposal a row stands for, in the state it is in."""
    answered = row.proposed_version is not None
    proposal = ProposedDisposal(
        library=row.library_id,
        version=row.proposed_version if answered else row.version,
        **{name: getattr(row, name) for name in PROPOSED},
    )
    if not answered:
        return proposal
    if row.removed is None:
        return DeclinedDisposal(
            proposed=proposal,
            version=row.version,
            declined_by=row.answered_by,
            declined_at=row.answered_at,
            declined_on=row.answered_on,
            because=row.because,
        )
    return Certificate(
        proposed=proposal,
        version=row.version,
        removed=row.removed,
        left_out=row.left_out,
        confirmed_by=row.answered_by,
        confirmed_as=row.answered_as,
        confirmed_at=row.answered_at,
        confirmed_on=row.answered_on,
    )


HOLD = flat(HoldRow, Hold)
DISPOSAL = whole(DisposalRow, to_row, from_row)
TOMBSTONE = flat(TombstoneRow, Tombstone)
CLOCK, INCIDENT, BLOCK = table(ClockRow), table(IncidentRow), table(BlockRow)
APPEAL, REQUEST = table(AppealRow), table(ReinstatementRow)
LEDGER, PAYLOAD = table(LedgerRow), table(LedgerPayloadRow)

HOLDS = HOLD.select().order_by(HOLD.c.placed_at, HOLD.c.ref)
BY_REF = DISPOSAL.select().where(DISPOSAL.c.ref == bindparam("ref"))
OLDEST = DISPOSAL.select().order_by(DISPOSAL.c.proposed_at, DISPOSAL.c.ref)
WAITING = OLDEST.where(DISPOSAL.c.proposed_version.is_(None))
NEWEST = DISPOSAL.select().order_by(DISPOSAL.c.proposed_at.desc(), DISPOSAL.c.ref.desc()).limit(bindparam("most"))
THE_TOMBSTONE = TOMBSTONE.select().where(TOMBSTONE.c.ref == bindparam("ref"))

RUN: ColumnElement[str] = literal_column("'run'")
"""Repeated as the partial index says it, or the index is not used."""
RETENTION = CLOCK.c.kind == literal_column("'retention'")
RAN = (
    select(CLOCK.c.case)
    .where(CLOCK.c.library_id == library(), CLOCK.c.state == RUN, RETENTION)
    .group_by(CLOCK.c.case)
    .order_by(func.min(CLOCK.c.due), CLOCK.c.case)
)


def _without_clock(case: Any, settled: ColumnElement[date], *more: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a table in, a select out
    clocks = select(CLOCK.c.id).where(
        CLOCK.c.library_id == library(),
        CLOCK.c.case == case.c.ref,
        RETENTION,
        CLOCK.c.state.in_((RUN, literal_column("'running'"))),
    )
    return select(case.c.ref, settled.label("settled")).where(
        case.c.library_id == library(), settled.is_not(None), ~clocks.exists(), *more
    )


SETTLED = union_all(
    _without_clock(INCIDENT, func.coalesce(INCIDENT.c.confirmed_done_on, INCIDENT.c.closed_on)),
    _without_clock(BLOCK, BLOCK.c.decided_on),
    _without_clock(APPEAL, APPEAL.c.decided_on, APPEAL.c.against == ""),
    _without_clock(REQUEST, REQUEST.c.decided_on, REQUEST.c.block == ""),
).subquery()
WITHOUT_CLOCK = (
    select(SETTLED.c.ref, SETTLED.c.settled).order_by(SETTLED.c.settled, SETTLED.c.ref).limit(bindparam("most"))
)

REFS: BindParameter[Any] = bindparam("refs", expanding=True)
IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def _of(row: type[SQLModel], column: str, value: Any) -> Delete:  # noqa: ANN401 - a parameter or a select
    rows = table(row)
    return delete(rows).where(rows.c.library_id == library(), rows.c[column].in_(value))


def _ids(row: type[SQLModel], column: str = "ref") -> Any:  # noqa: ANN401 - a select of ids
    rows = table(row)
    return select(rows.c.id).where(rows.c.library_id == library(), rows.c[column].in_(REFS))


ENTRIES = select(LEDGER.c.seq).where(LEDGER.c.library_id == library(), LEDGER.c.case.in_(REFS))
DRAFT = table(DraftRow)
MESSAGE = table(MessageRow)

ERASE: tuple[Delete, ...] = (
    _of(SnoozeRow, "clock", _ids(ClockRow, "case")),
    _of(ReminderRow, "case", REFS),
    _of(ClockRow, "case", REFS),
    _of(TaskRow, "case", REFS),
    _of(NoticeRow, "case", REFS),
    _of(CorrectionRow, "case", REFS),
    _of(FollowUpRow, "case", REFS),
    _of(RetainedFileRow, "incident", _ids(IncidentRow)),
    _of(IncidentRow, "ref", REFS),
    _of(BlockAuthorRow, "block", _ids(BlockRow)),
    _of(ExecutionRow, "block", REFS),
    _of(BlockRow, "ref", REFS),
    _of(ScanRow, "paper", _ids(AppealRow)),
    _of(ScanRow, "paper", _ids(ViewRow, "appeal")),
    _of(ScanRow, "paper", _ids(ReinstatementRow)),
    *(_of(row, "appeal", REFS) for row in (RestorationRow, ConsultationRow, MemoRow, ViewRow, AdviceRow)),
    _of(AppealRow, "ref", REFS),
    _of(ReinstatementRow, "ref", REFS),
    _of(MessageRow, "about", REFS),
    _of(HandledRow, "about", REFS),
    _of(LedgerPayloadRow, "seq", ENTRIES),
)
"""What is removed of a case, in an order the foreign keys allow. Where its cards were posted stays, to correct them."""

POSTED = select(table(PostedCardRow).c.id).where(
    table(PostedCardRow).c.library_id == library(), table(PostedCardRow).c.about.in_(REFS)
)
UPDATES = _of(MessageRow, "about", bindparam("posted", expanding=True)).where(MESSAGE.c.kind == MessageKind.UPDATE)
OF_TASKS = select(table(TaskRow).c.id).where(table(TaskRow).c.library_id == library(), table(TaskRow).c.case.in_(REFS))
DRAFTS = delete(DRAFT).where(
    DRAFT.c.library_id == library(), or_(func.upper(DRAFT.c.subject).in_(REFS), DRAFT.c.subject.in_(IDS))
)
HELD = select(HOLD.c.ref).where(
    HOLD.c.library_id == library(),
    HOLD.c.subject.in_(IDS),
    HOLD.c.scope.in_((Scope.CASE, Scope.AUTHOR)),
    HOLD.c.released_at.is_not(None),
)
RELEASED = _of(HoldRow, "ref", REFS)
OF_THE_LIBRARY = select(LEDGER.c.seq).where(LEDGER.c.library_id == library(), LEDGER.c.case == literal_column("''"))


class DocketShelf(Shelf):
    """Holds, disposals and tombstones of one library."""

    def holds(self) -> tuple[Hold, ...]:
        """Every hold, released ones too, oldest first."""
        return self._all(HOLD, HOLDS)

    def put_hold(self, hold: Hold) -> None:
        """Keep a hold; its version must follow the one kept by one, and the first is 1.

        :raises Stale: it does not
        """
        if not self._follow(HOLD, hold, version=hold.version):
            raise Stale(f"{hold.ref} has been saved by somebody else meanwhile")

    def by_ref(self, ref: str) -> Disposal | None:
        """Fetch a proposal or a certificate by its reference."""
        return self._one(DISPOSAL, BY_REF, ref=ref)

    def put(self, disposal: Disposal) -> None:
        """Keep a disposal; its version must follow the one kept by one, and the first is 1.

        :raises Stale: it does not
        """
        if not self._follow(DISPOSAL, disposal, version=disposal.version):
            raise Stale(f"{disposal.ref} has been saved by somebody else meanwhile")

    def waiting(self) -> tuple[ProposedDisposal, ...]:
        """Proposals nobody has answered, oldest first."""
        return tuple(proposal_of(disposal) for disposal in self._all(DISPOSAL, WAITING))

    def recent(self, limit: int) -> tuple[Disposal, ...]:
        """Newest first."""
        return self._all(DISPOSAL, NEWEST, most=limit)

    def tombstone(self, ref: str) -> Tombstone | None:
        """What stays of a record that was disposed of."""
        return self._one(TOMBSTONE, THE_TOMBSTONE, ref=ref)

    def put_tombstone(self, tombstone: Tombstone) -> None:
        """Keep what stays of a record."""
        self._put(TOMBSTONE, tombstone)

    def ran(self) -> tuple[str, ...]:
        """Cases with a retention clock that has run, longest ago first."""
        return tuple(self._conn.execute(RAN, {"library": self._library}).scalars())

    def without_clock(self, limit: int) -> tuple[tuple[str, date], ...]:
        """Settled records on which no retention clock was started, with the local day they were settled; oldest first.

        A patron's paper is a record of its own where nobody found what it is about.
        """
        found = self._conn.execute(WITHOUT_CLOCK, {"library": self._library, "most": limit})
        return tuple((row.ref, row.settled) for row in found)

    def erase(self, refs: Collection[str]) -> Mapping[str, int]:
        """Remove every row about these records, and what the ledger's entries about them say; the entries stay.

        Forms that were begun about them go too. Where their cards were posted stays on file, so that those can be
        brought up to date.
        """
        asked = {"library": self._library, "refs": list(refs)}
        counted = _Counted()
        tasks = [str(task) for task in self._conn.execute(OF_TASKS, asked).scalars()]
        posted = [str(one) for one in self._conn.execute(POSTED, asked).scalars()]
        counted.add(DRAFTS, self._run(DRAFTS, refs=list(refs), ids=[*tasks, *refs]))
        counted.add(UPDATES, self._run(UPDATES, posted=posted))
        self._released(counted, refs)
        for statement in ERASE:
            counted.add(statement, self._run(statement, refs=list(refs)))
        return counted.rows

    def erase_authors(self, authors: Collection[UUID], links: Collection[UUID]) -> Mapping[str, int]:
        """Remove handles and links, holds on them that were released, and what the ledger's entries say of them."""
        counted = _Counted()
        ids = [str(author) for author in authors]
        counted.add(DRAFTS, self._run(DRAFTS, refs=[], ids=ids))
        self._released(counted, ids)
        for row, known in ((HandleLinkRow, links), (AuthorRow, authors)):
            statement = _of(row, "id", IDS)
            counted.add(statement, self._run(statement, ids=list(known)))
        for one in (*authors, *links):
            naming = OF_THE_LIBRARY.join(
                PAYLOAD, (PAYLOAD.c.library_id == LEDGER.c.library_id) & (PAYLOAD.c.seq == LEDGER.c.seq)
            )
            statement = _of(LedgerPayloadRow, "seq", naming.where(self._holds(str(one).encode())))
            counted.add(statement, self._run(statement))
        return counted.rows

    def _released(self, counted: "_Counted", subjects: Collection[str]) -> None:
        """Remove released holds on these subjects, with what the ledger says of them."""
        asked = {"library": self._library, "ids": list(subjects)}
        holds = list(self._conn.execute(HELD, asked).scalars())
        payloads = _of(LedgerPayloadRow, "seq", ENTRIES)
        counted.add(payloads, self._run(payloads, refs=holds))
        counted.add(RELEASED, self._run(RELEASED, refs=holds))

    def _holds(self, needle: bytes) -> ColumnElement[bool]:
        """The condition that a payload holds these bytes."""
        if self._dialect == "postgresql":
            return PAYLOAD.c.payload.op("LIKE", is_comparison=True)(b"%" + needle + b"%")
        return func.instr(PAYLOAD.c.payload, needle) > 0


class _Counted:
    """How many rows were removed, by table."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}

    def add(self, statement: Delete, rows: int) -> None:
        if rows:
            name = str(statement.table)
            self.rows[name] = self.rows.get(name, 0) + rows
