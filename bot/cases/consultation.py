"""Consultation: advice asked of the Board before an appeal is answered. Advice, never a vote.

Memos go one way, to each trustee alone; what a trustee answers goes to the Director only. What was advised is put on
file once, by the Director or for the Director, before the answer.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bot.cases.incident import Evidence


class Way(StrEnum):
    """How the Board is asked."""

    MEETING = "meeting"
    SPECIAL_MEETING = "special_meeting"
    MEMOS = "memos"


WAYS: dict[Way, str] = {
    Way.MEETING: "at a regular meeting",
    Way.SPECIAL_MEETING: "at a special meeting",
    Way.MEMOS: "by a memo to each trustee",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Consultation:
    """The way the Director chose to ask the Board about an appeal.

    ``meeting_on`` is the day of the meeting and ``post_by`` the last day to post its notice (local days), where it is
    one. The last choice made is the one that counts.
    """

    id: UUID
    library: UUID
    appeal: str
    way: Way
    opened_by: UUID
    opened_at: datetime
    meeting_on: date | None = None
    post_by: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Memo:
    """One memo to one trustee: sent by a message of this program, or handed over on paper by a named person.

    ``text`` is what it said, as it was sent: it may be a public record.
    """

    id: UUID
    library: UUID
    appeal: str
    trustee: UUID
    sent_on: date
    sent_by: UUID
    sent_at: datetime
    text: str
    on_paper: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What one trustee answered to a memo, entered by the trustee or by a named person from a signed paper."""

    id: UUID
    library: UUID
    appeal: str
    trustee: UUID
    words: str
    given_on: date
    entered_by: UUID
    entered_at: datetime
    scans: tuple[Evidence, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Advice:
    """The consultation as it is on file: how, on which local day, with whom, and what was advised."""

    id: UUID
    library: UUID
    appeal: str
    way: Way
    held_on: date
    trustees: tuple[UUID, ...]
    advised: str
    recorded_by: UUID
    recorded_at: datetime
