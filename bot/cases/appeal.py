"""Appeal: a patron's written challenge of a removal or a block.

Received, then answered by whom the policy names. Its clock runs from the day it was received, before anybody has
matched it to what it challenges. What came late is kept, flagged and put before whoever decides; nothing decides it by
itself. A reversal is carried out line by line, account by account, and the letter never waits for that.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from bot.cases.incident import Evidence
from bot.cases.ruling import Ruling
from bot.policy.terms import Action
from bot.refusal import Mistake


class Form(StrEnum):
    """How a patron's own words came in. ``dictated`` is an accommodation: written down for them, confirmed by them."""

    LETTER = "letter"
    EMAIL = "email"
    MESSAGE = "message"
    DICTATED = "dictated"


FORMS: dict[Form, str] = {
    Form.LETTER: "letter",
    Form.EMAIL: "e-mail",
    Form.MESSAGE: "message on a platform",
    Form.DICTATED: "written down for the patron, who confirmed it",
}


class Answer(StrEnum):
    """How an appeal is answered. One that came late, or twice, may be left unheard, with the reason."""

    AFFIRMED = "affirmed"
    REVERSED = "reversed"
    NOT_HEARD = "not_heard"


ANSWERS: dict[Answer, str] = {
    Answer.AFFIRMED: "the decision stands",
    Answer.REVERSED: "the decision is reversed",
    Answer.NOT_HEARD: "not heard",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Writing:
    """What a patron wrote: the words, the scan or picture of it, from whom, and its days (local).

    ``received_on`` is the day it reached the library; ``sent_on`` the postmark or the date of the message.
    """

    form: Form
    received_on: date
    sent_on: date | None = None
    words: str = ""
    scans: tuple[Evidence, ...] = ()
    sender: str = ""

    def check(self, *, today: date) -> None:
        """Refuse a paper that says nothing, or days that cannot be.

        :raises Mistake: neither words nor a scan; received in the future; sent after it was received
        """
        if not self.words.strip() and not self.scans:
            raise Mistake(
                "Keep what the patron wrote.", beside={"words": "Paste the words, or add a scan or a picture of them."}
            )
        if self.received_on > today:
            raise Mistake("That day has not come yet.", beside={"received_on": "Choose today or an earlier day."})
        if self.sent_on is not None and self.sent_on > self.received_on:
            raise Mistake(
                "It cannot have been sent after it came in.",
                beside={"sent_on": "Choose the day it came in, or an earlier one."},
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedAppeal:
    """An appeal waiting for an answer.

    ``against`` is the report or the block it challenges, empty until somebody has matched it, and ``act`` what was
    done there. ``late_since`` is the last day to appeal, when it came in after that day. ``second_of`` is the earlier
    appeal of the same act, when there was one. ``level`` is the level of appeal it is at; empty for the first.
    """

    id: UUID
    library: UUID
    ref: str
    version: int
    writing: Writing
    logged_by: UUID
    logged_at: datetime
    against: str = ""
    act: Action | None = None
    matched_by: UUID | None = None
    late_since: date | None = None
    second_of: str = ""
    level: str = ""

    def match(self, against: str, act: Action, *, by: UUID) -> Self:
        """Say what it challenges. Matching again, to something else, puts a slip right."""
        return replace(self, against=against, act=act, matched_by=by)

    def place(self, *, late_since: date | None, second_of: str, level: str) -> Self:
        """Say where it stands among the appeals of its act: late or not, after which other, and at which level."""
        return replace(self, late_since=late_since, second_of=second_of, level=level)

    @property
    def posted_in_time(self) -> bool:
        """Test whether it came in late although it was sent while there was time."""
        sent = self.writing.sent_on
        return self.late_since is not None and sent is not None and sent <= self.late_since

    def decide(
        self,
        answer: Answer,
        *,
        reason: str,
        ruling: Ruling,
        not_consulted: str = "",
        own_decision: bool = False,
        met_on: date | None = None,
    ) -> "DecidedAppeal":
        """Answer it, in the day's law.

        ``not_consulted`` says why nobody was consulted where the policy asks for it; ``own_decision`` that whoever
        decides made the decision that is challenged; ``met_on`` the day of the meeting at which a body decided it.

        :raises Mistake: no reason is given, it challenges nothing yet, or it came in time and is left unheard
        """
        if not reason.strip():
            raise Mistake("An answer needs its reasons.", beside={"reason": "Write why, for the patron to read."})
        if not self.against:
            raise Mistake("It has to be matched first: say which removal or block it is about.")
        if answer is Answer.NOT_HEARD and self.late_since is None and not self.second_of:
            raise Mistake(
                "It came in time, so it has to be heard.", beside={"answer": "Let the decision stand, or reverse it."}
            )
        return DecidedAppeal(
            received=self,
            version=self.version,
            answer=answer,
            reason=reason.strip(),
            ruling=ruling,
            not_consulted=not_consulted.strip(),
            own_decision=own_decision,
            met_on=met_on,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedAppeal:
    """An answered appeal. It cannot be answered again; what the patron wrote cannot be lost."""

    received: ReceivedAppeal
    version: int
    answer: Answer
    reason: str
    ruling: Ruling
    not_consulted: str = ""
    own_decision: bool = False
    met_on: date | None = None

    @property
    def id(self) -> UUID:
        """The id it was received under."""
        return self.received.id

    @property
    def library(self) -> UUID:
        """The library it came to."""
        return self.received.library

    @property
    def ref(self) -> str:
        """The reference it was received under."""
        return self.received.ref


Appeal = ReceivedAppeal | DecidedAppeal


def received(appeal: Appeal) -> ReceivedAppeal:
    """The appeal as it came in, whether or not it was answered."""
    return appeal.received if isinstance(appeal, DecidedAppeal) else appeal


def overturned_on(appeals: Iterable[Appeal]) -> date | None:
    """The local day on which the act that these appeals challenge was first reversed; ``None`` while it stands."""
    reversals = [one for one in appeals if isinstance(one, DecidedAppeal) and one.answer is Answer.REVERSED]
    return min((one.ruling.on for one in reversals), default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Restoration:
    """One line of carrying out a reversal: the item or the block undone on an account, or why it cannot be.

    ``cannot`` is empty when it was done. Its day is local.
    """

    id: UUID
    library: UUID
    appeal: str
    target: str
    account: UUID | None
    done_on: date
    confirmed_by: UUID
    confirmed_at: datetime
    cannot: str = ""
