"""Notices, corrections, follow-ups and agreed replies to rows and back."""

from sqlalchemy import bindparam

from bot.cases.correction import Correction
from bot.cases.follow_up import FollowUp, FollowUpKind
from bot.cases.notice import Notice
from bot.cases.standard_reply import StandardReply
from storage.rows import Shelf, flat
from storage.tables import CorrectionRow, FollowUpRow, NoticeRow, StandardReplyRow

NOTICE = flat(NoticeRow, Notice)
CORRECTION = flat(CorrectionRow, Correction)
FOLLOW_UP = flat(FollowUpRow, FollowUp)
REPLY = flat(StandardReplyRow, StandardReply)

NOTICES = NOTICE.select().where(NOTICE.c.case == bindparam("ref")).order_by(NOTICE.c.at, NOTICE.c.id)
CORRECTIONS = (
    CORRECTION.select().where(CORRECTION.c.case == bindparam("ref")).order_by(CORRECTION.c.at, CORRECTION.c.id)
)

FOLLOW_UPS = FOLLOW_UP.select().order_by(FOLLOW_UP.c.at, FOLLOW_UP.c.id)
OF_CASE = FOLLOW_UPS.where(FOLLOW_UP.c.case == bindparam("ref"))
OF_KIND = FOLLOW_UPS.where(FOLLOW_UP.c.kind == bindparam("kind"))
REPLIES = REPLY.select().order_by(REPLY.c.title, REPLY.c.id)


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

    def follow_ups(self, ref: str) -> tuple[FollowUp, ...]:
        """What was done about a case, oldest first."""
        return self._all(FOLLOW_UP, OF_CASE, ref=ref)

    def follow_ups_of(self, kind: FollowUpKind) -> tuple[FollowUp, ...]:
        """Everything of one kind that was ever done, oldest first."""
        return self._all(FOLLOW_UP, OF_KIND, kind=kind)

    def put_follow_up(self, follow_up: FollowUp) -> None:
        """Keep what was done."""
        self._put(FOLLOW_UP, follow_up)

    def replies(self) -> tuple[StandardReply, ...]:
        """The agreed replies, retired ones too, by their title."""
        return self._all(REPLY, REPLIES)

    def put_reply(self, reply: StandardReply) -> None:
        """Keep an agreed reply."""
        self._put(REPLY, reply)
