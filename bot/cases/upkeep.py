"""Upkeep: what the policy asks the library to keep up at one place, such as a statement on an account.

Somebody confirms on a day that it is so, and it is asked again after a time: the policy's own, where it states one.
Else how often is library practice, not in policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from bot.cases.account import OfficialAccount
from bot.policy.content import Duty
from bot.policy.pack import Pack
from bot.policy.terms import Modality, Role
from bot.policy.values import Span
from bot.refusal import Refusal

YEAR, WEEK = 365, 7
FIRST_DAYS = 14
"""How many days there are to confirm something for the first time. Library practice."""
STATEMENT = "statement."
POST_STATEMENTS = "post_statements"
"""The duty to post the statements, where a rule of its own asks for it."""
ACCOUNT_LIST = f"{STATEMENT}account_list"
CREDENTIALS, CONTINUITY, MONITOR = "credentials", "continuity", "monitor"

CLOSED_PLATFORMS: Mapping[str, date] = {
    "google+": date(2019, 4, 2),
    "google plus": date(2019, 4, 2),
    "periscope": date(2021, 3, 31),
    "vine": date(2017, 1, 17),
}
"""Platforms that closed for everybody, and when: nothing is asked for an account on one of them."""


class Where(StrEnum):
    """Where something is kept up: on each account, on the website, or in the library as a whole."""

    ACCOUNT = "account"
    WEBSITE = "website"
    LIBRARY = "library"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """How a duty is kept up: where, by whom, and after how many calendar days it is looked at again (practice)."""

    place: Where
    role: Role
    every: int = YEAR


DUTIES: Mapping[str, Kept] = {
    CREDENTIALS: Kept(place=Where.ACCOUNT, role=Role.EDITOR),
    CONTINUITY: Kept(place=Where.ACCOUNT, role=Role.EDITOR),
    "registry_check": Kept(place=Where.ACCOUNT, role=Role.EDITOR),
    MONITOR: Kept(place=Where.LIBRARY, role=Role.EDITOR, every=WEEK),
    "policy_review": Kept(place=Where.LIBRARY, role=Role.DIRECTOR),
}
"""How the duties we know are kept up, by their code. Another that comes again is kept up in the library as a whole."""

POSTED: Mapping[Where, Kept] = {
    Where.ACCOUNT: Kept(place=Where.ACCOUNT, role=Role.EDITOR),
    Where.WEBSITE: Kept(place=Where.WEBSITE, role=Role.ADMINISTRATOR),
}
"""How a statement that the policy wants posted is kept up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a pack asks to be kept up at one kind of place.

    ``practice`` says that the policy only tells us something: to post it is then the library's choice. ``assumed`` is
    what the pack took for what the policy leaves open; ``stated`` is how often the policy itself asks.
    ``asked_by`` is the rule that wants a statement posted, where that is another than the one with its words.
    """

    code: str
    label: str
    rule: str
    kept: Kept
    practice: bool = False
    assumed: tuple[str, ...] = ()
    stated: Span | None = None
    asked_by: str = ""


def is_kept_up(duty: Duty) -> bool:
    """Test whether a duty is kept up and looked at again; every other is done when there is an occasion."""
    return duty.code in DUTIES or duty.every is not None


def wanted(pack: Pack) -> tuple[Wanted, ...]:
    """Everything a pack asks to be kept up, statements first."""
    asked_by = next((duty.rule for duty in pack.duties if duty.code == POST_STATEMENTS), "")
    posted = [
        Wanted(
            code=f"{STATEMENT}{statement.code}",
            label=statement.label,
            rule=statement.rule,
            kept=POSTED[Where(where)],
            practice=practice,
            asked_by="" if practice else asked_by,
        )
        for statement in pack.statements
        for practice in (pack.rule(statement.rule).modality is Modality.INFORMS,)
        for where in statement.where
    ]
    done = [
        Wanted(
            code=duty.code,
            label=duty.label,
            rule=duty.rule,
            kept=DUTIES.get(duty.code) or Kept(place=Where.LIBRARY, role=duty.to[0] if duty.to else Role.DIRECTOR),
            assumed=duty.assumed,
            stated=duty.every,
        )
        for duty in pack.duties
        if is_kept_up(duty)
    ]
    return (*posted, *done)


def is_alive(account: OfficialAccount) -> bool:
    """Test whether an account can be kept up at all: neither it nor its platform is closed."""
    return account.closed_on is None and account.platform.strip().casefold() not in CLOSED_PLATFORMS


@dataclass(frozen=True, kw_only=True, slots=True)
class Upkeep:
    """One thing that is kept up at one place, from the local day on which the library took it up.

    ``account`` is set where it is kept up on an account. It ends when the account closes or the policy asks no more.
    """

    id: UUID
    library: UUID
    ref: str
    code: str
    place: Where
    begun_by: UUID
    begun_at: datetime
    begun_on: date
    account: UUID | None = None
    ended_on: date | None = None

    @property
    def key(self) -> tuple[str, Where, UUID | None]:
        """What is kept up where."""
        return self.code, self.place, self.account

    def end(self, on: date) -> Self:
        """Ask for it no more.

        :raises Refusal: it has ended before
        """
        if self.ended_on is not None:
            raise Refusal("This is not asked for any more.")
        return replace(self, ended_on=on)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attestation:
    """Somebody's word that something is as the policy asks, since a local day.

    ``seen`` is the very text that was confirmed, where there is one. ``names`` are the people it names, such as the
    two administrators of an account. It never holds a password.
    """

    id: UUID
    library: UUID
    upkeep: str
    on: date
    by: UUID
    at: datetime
    words: str = ""
    link: str = ""
    seen: str = ""
    names: tuple[UUID, ...] = ()
