"""Notices and corrections to rows and back."""

from sqlalchemy import bindparam

from bot.cases.correction import Correction
from bot.cases.notice import Notice
from storage.rows import Shelf, flat
from storage.tables import CorrectionRow, NoticeRow

NOTICE = flat(NoticeRow, Notice)
CORRECTION = flat(CorrectionRow, Correction)

NOTICES = NOTICE.select().where(NOTICE.c.case == bindparam("ref")).order_by(NOTICE.c.at, NOTICE.c.id)
CORRECTIONS = (
    CORRECTION.select().where(CORRECTION.c.case == bindparam("ref")).order_by(CORRECTION.c.at, CORRECTION.c.id)
)


class PaperShelf(Shelf):
    """What stands beside a case."""

    def notices(self, ref: str) -> tuple[Notice, ...]:
        """The notices of a case, oldest first."""
        return self._all(NOTICE, NOTICES, ref=ref)

    def put_notice(self, notice: Notice) -> None:
        """Keep a notice."""
        self._put(NOTICE, notice)

    def corrections(self, ref: str) -> tuple[Correction, ...]:
        """The corrections of a case, oldest first."""
        return self._all(CORRECTION, CORRECTIONS, ref=ref)

    def put_correction(self, correction: Correction) -> None:
        """Keep a correction."""
        self._put(CORRECTION, correction)
