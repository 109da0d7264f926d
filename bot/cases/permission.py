"""Permission: somebody asked to do what the policy lets nobody do unasked, and who agreed.

To open an account, to speak for the library, to speak on a lawsuit, to look into a page for a cause, to have somebody
assigned to an account. It is asked first and answered by each person who has to agree; one refusal refuses it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from bot.policy.terms import Role
from bot.refusal import Refusal


class For(StrEnum):
    """What permission is asked for. The value is the code of the duty that asks for it."""

    OPEN_ACCOUNT = "account_opening"
    SPEAK = "permission_to_speak"
    LITIGATION = "attorney_approval"
    INSPECT = "inspection"
    ASSIGN = "assignment"


ASKED: Mapping[For, str] = {
    For.OPEN_ACCOUNT: "To open an official account",
    For.SPEAK: "To speak for the library",
    For.LITIGATION: "To speak on a lawsuit involving the library",
    For.INSPECT: "To look into a page for a cause",
    For.ASSIGN: "To assign somebody to an account",
}
"""What people read for each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """One person's answer, in the office it was given in.

    ``by`` is who entered it. Where somebody outside the chat answered on paper, ``signed_by`` names them and
    ``document`` says what the paper is, its date included, and where it is kept.
    """

    role: Role
    agreed: bool
    by: UUID
    at: datetime
    on: date
    words: str = ""
    signed_by: str = ""
    document: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """What was asked, and the answers so far. ``needs`` are the offices that must agree, each by another person.

    ``about`` says in our own words what for; ``particulars`` are what was filled in, by what was asked. It holds from
    ``since`` to ``until``, both included and local; without an end it holds until it is ended. An inspection needs
    nobody's answer: it is the Director's own act, and its result is entered when it is over.
    """

    id: UUID
    library: UUID
    ref: str
    asks: For
    asked_by: UUID
    asked_at: datetime
    asked_on: date
    about: str
    version: int = 0
    needs: tuple[Role, ...] = ()
    person: UUID | None = None
    account: UUID | None = None
    case: str = ""
    particulars: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    answers: tuple[Consent, ...] = ()
    ended_by: UUID | None = None
    ended_on: date | None = None
    ended_because: str = ""

    @property
    def refused(self) -> bool:
        """Test whether somebody who has to agree refused."""
        return any(not answer.agreed for answer in self.answers)

    @property
    def granted(self) -> bool:
        """Test whether everybody who has to agree did."""
        return not self.refused and not self.waits_for

    @property
    def waits_for(self) -> tuple[Role, ...]:
        """The offices that have not answered; none once somebody refused."""
        given = {answer.role for answer in self.answers}
        return () if self.refused else tuple(role for role in self.needs if role not in given)

    def holds_on(self, day: date) -> bool:
        """Test whether it was given and covers that day; a day it was ended on is no longer covered."""
        begun = self.since is None or self.since <= day
        over = (self.until is not None and self.until < day) or (self.ended_on is not None and self.ended_on <= day)
        return self.granted and begun and not over

    def check_answers(self, person: UUID) -> None:
        """Refuse a second answer of one person: each office is answered for by somebody else.

        :raises Refusal: the person has answered already
        """
        if any(earlier.by == person and not earlier.signed_by for earlier in self.answers):
            raise Refusal("Two people have to agree, and you have answered already. Somebody else answers now.")

    def answer(self, answer: Consent) -> Self:
        """Agree, or refuse.

        :raises Refusal: that office has answered, nobody is asked any more, or the same person answered for another
        """
        if answer.role not in self.waits_for:
            raise Refusal("This was answered already. Nothing was changed.")
        self.check_answers(answer.by)
        return replace(self, answers=(*self.answers, answer))

    def end(self, *, by: UUID, on: date, because: str) -> Self:
        """Take it back, or enter how it ended.

        :raises Refusal: it has ended before, or was never given
        """
        if not self.granted:
            raise Refusal("It was not given, so there is nothing to end.")
        if self.ended_on is not None:
            raise Refusal("It has ended already.")
        return replace(self, ended_by=by, ended_on=on, ended_because=because)
