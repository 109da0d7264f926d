"""Appeals to rows and back, with their consultation and what was restored after a reversal."""

from collections.abc import Iterable
from typing import Any, assert_never
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from bot.cases.appeal import Appeal, DecidedAppeal, ReceivedAppeal, Restoration, Writing, received
from bot.cases.consultation import Advice, Consultation, Memo, View
from bot.cases.incident import Evidence
from bot.cases.ruling import Ruling
from bot.ports import Stale
from storage.rows import Shelf, flat, insert, library, names, whole
from storage.tables import (
    AdviceRow,
    AppealRow,
    ConsultationRow,
    MemoRow,
    RestorationRow,
    ScanRow,
    ViewRow,
    table,
)

CAME = names(ReceivedAppeal, "library", "version", "writing")
"""Fields of an appeal as it came in that are columns of the same name."""

WROTE = names(Writing)
"""Fields of what a patron wrote, which are columns of the same name."""

ANSWER = (
    *("received_version", "answer", "answer_reason", "decided_by", "decided_as", "decided_at", "decided_on"),
    *("decided_under", "decided_pack", "not_consulted", "own_decision", "met_on"),
)
"""Columns that are null until the appeal is answered."""


def ruling_to_row(ruling: Ruling) -> dict[str, Any]:
    """Flatten who answered, in which office, when and under what."""
    return {
        "decided_by": ruling.by,
        "decided_as": ruling.role,
        "decided_at": ruling.at,
        "decided_on": ruling.on,
        "decided_under": ruling.under,
        "decided_pack": ruling.pack,
    }


def ruling_from_row(row: Any) -> Ruling:  # noqa: ANN401 - a row of an answered case
    """Rebuild who answered, in which office, when and under what."""
    return Ruling(
        by=row.decided_by,
        role=row.decided_as,
        at=row.decided_at,
        on=row.decided_on,
        under=row.decided_under,
        pack=row.decided_pack,
    )


def to_row(appeal: Appeal) -> dict[str, Any]:
    """Flatten an appeal and its answer."""
    came = received(appeal)
    row = {name: getattr(came, name) for name in CAME} | {name: getattr(came.writing, name) for name in WROTE}
    row |= {"library_id": came.library, "version": appeal.version}
    match appeal:
        case ReceivedAppeal():
            return row | dict.fromkeys(ANSWER)
        case DecidedAppeal():
            return row | {
                "received_version": came.version,
                "answer": appeal.answer,
                "answer_reason": appeal.reason,
                **ruling_to_row(appeal.ruling),
                "not_consulted": appeal.not_consulted,
                "own_decision": appeal.own_decision,
                "met_on": appeal.met_on,
            }
        case _:
            assert_never(appeal)


def from_row(row: Any) -> Appeal:  # noqa: ANN401 - a row of AppealRow
    """Rebuild the appeal a row stands for, in the state it is in."""
    answered = row.answer is not None
    came = ReceivedAppeal(
        library=row.library_id,
        version=row.received_version if answered else row.version,
        writing=Writing(**{name: getattr(row, name) for name in WROTE}),
        **{name: getattr(row, name) for name in CAME},
    )
    if not answered:
        return came
    return DecidedAppeal(
        received=came,
        version=row.version,
        answer=row.answer,
        reason=row.answer_reason,
        ruling=ruling_from_row(row),
        not_consulted=row.not_consulted,
        own_decision=row.own_decision,
        met_on=row.met_on,
    )


APPEAL = whole(AppealRow, to_row, from_row)
RESTORATION = flat(RestorationRow, Restoration)
CONSULTATION = flat(ConsultationRow, Consultation)
MEMO = flat(MemoRow, Memo)
VIEW = flat(ViewRow, View)
ADVICE = flat(AdviceRow, Advice)
SCAN = table(ScanRow)

c = APPEAL.c
BY_REF = APPEAL.select().where(c.ref == bindparam("ref"))
OLDEST = APPEAL.select().order_by(c.logged_at, c.ref)
NEWEST = APPEAL.select().order_by(c.logged_at.desc(), c.ref.desc()).limit(bindparam("most"))
UNDECIDED = OLDEST.where(c.answer.is_(None))
AGAINST = OLDEST.where(c.against == bindparam("ref"))
RESTORATIONS = (
    RESTORATION.select()
    .where(RESTORATION.c.appeal == bindparam("ref"))
    .order_by(RESTORATION.c.confirmed_at, RESTORATION.c.id)
)
CONSULTATIONS = (
    CONSULTATION.select()
    .where(CONSULTATION.c.appeal == bindparam("ref"))
    .order_by(CONSULTATION.c.opened_at, CONSULTATION.c.id)
)
MEMOS = MEMO.select().where(MEMO.c.appeal == bindparam("ref")).order_by(MEMO.c.sent_at, MEMO.c.id)
VIEWS = VIEW.select().where(VIEW.c.appeal == bindparam("ref")).order_by(VIEW.c.entered_at, VIEW.c.id)
ADVICES = ADVICE.select().where(ADVICE.c.appeal == bindparam("ref")).order_by(ADVICE.c.recorded_at, ADVICE.c.id)
USES = select(SCAN.c.paper).where(SCAN.c.library_id == library(), SCAN.c.sha256 == bindparam("sha256")).limit(1)
FORGET = delete(SCAN).where(SCAN.c.library_id == library(), SCAN.c.paper == bindparam("paper"))


class PatronPaperShelf(Shelf):
    """What every shelf of papers with scans is made of."""

    def _keep_scans(self, paper: UUID, scans: Iterable[Evidence]) -> None:
        """Note which files a paper is kept as."""
        self._run(FORGET, paper=paper)
        files = {scan.sha256 for scan in scans}
        if files:
            rows = [{"library_id": self._library, "sha256": file, "paper": paper} for file in sorted(files)]
            self._conn.execute(insert(SCAN, self._dialect), rows)


class AppealShelf(PatronPaperShelf):
    """The appeals of one library."""

    def by_ref(self, ref: str) -> Appeal | None:
        """Fetch an appeal by its reference."""
        return self._one(APPEAL, BY_REF, ref=ref)

    def put(self, appeal: Appeal) -> None:
        """Keep an appeal; its version must follow the one kept by one, and the first is 1.

        :raises Stale: it does not
        """
        if not self._follow(APPEAL, appeal, version=appeal.version):
            raise Stale(f"{appeal.ref} has been saved by somebody else meanwhile")
        self._keep_scans(appeal.id, received(appeal).writing.scans)

    def undecided(self) -> tuple[ReceivedAppeal, ...]:
        """Appeals waiting for an answer, oldest first."""
        return tuple(received(appeal) for appeal in self._all(APPEAL, UNDECIDED))

    def against(self, ref: str) -> tuple[Appeal, ...]:
        """The appeals that challenge a case, oldest first."""
        return self._all(APPEAL, AGAINST, ref=ref)

    def recent(self, limit: int) -> tuple[Appeal, ...]:
        """Newest first."""
        return self._all(APPEAL, NEWEST, most=limit)

    def put_restoration(self, restoration: Restoration) -> None:
        """Keep one line of carrying out a reversal."""
        self._put(RESTORATION, restoration)

    def restorations(self, ref: str) -> tuple[Restoration, ...]:
        """What was restored after an appeal, in the order it was confirmed."""
        return self._all(RESTORATION, RESTORATIONS, ref=ref)

    def put_consultation(self, consultation: Consultation) -> None:
        """Keep the way the Board is asked."""
        self._put(CONSULTATION, consultation)

    def consultations(self, ref: str) -> tuple[Consultation, ...]:
        """The ways chosen for an appeal, oldest first."""
        return self._all(CONSULTATION, CONSULTATIONS, ref=ref)

    def put_memo(self, memo: Memo) -> None:
        """Keep that a trustee was sent a memo."""
        self._put(MEMO, memo)

    def memos(self, ref: str) -> tuple[Memo, ...]:
        """The memos about an appeal, oldest first."""
        return self._all(MEMO, MEMOS, ref=ref)

    def put_view(self, view: View) -> None:
        """Keep what a trustee answered."""
        self._put(VIEW, view)
        self._keep_scans(view.id, view.scans)

    def views(self, ref: str) -> tuple[View, ...]:
        """What trustees answered about an appeal, oldest first."""
        return self._all(VIEW, VIEWS, ref=ref)

    def put_advice(self, advice: Advice) -> None:
        """Keep the consultation as it was held."""
        self._put(ADVICE, advice)

    def advice(self, ref: str) -> tuple[Advice, ...]:
        """The consultations on file about an appeal, oldest first."""
        return self._all(ADVICE, ADVICES, ref=ref)

    def uses_file(self, sha256: str) -> bool:
        """Test whether any paper of a patron or a trustee is kept as this file."""
        found = self._conn.execute(USES, {"library": self._library, "sha256": sha256})
        return found.first() is not None
