"""Upkeep: what the policy asks the library to keep up at one place, such as a statement on an account.

Somebody confirms on a day that it is so, and it is asked again after a time. How often is library practice, not in
policy: no policy we know says it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from bot.cases.account import OfficialAccount
from bot.policy.pack import Pack
from bot.policy.terms import Modality, Role
from bot.refusal import Refusal

YEAR, WEEK = 365, 7
FIRST_DAYS = 14
"""How many days there are to confirm something for the first time. Library practice."""
STATEMENT = "statement."
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
"""The duties of a pack that are kept up, by their code. Every other duty is done when there is an occasion."""

POSTED: Mapping[Where, Kept] = {
    Where.ACCOUNT: Kept(place=Where.ACCOUNT, role=Role.EDITOR),
    Where.WEBSITE: Kept(place=Where.WEBSITE, role=Role.ADMINISTRATOR),
}
"""How a statement that the policy wants posted is kept up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a pack asks to be kept up at one kind of place.

    ``practice`` says that the policy only tells us something: to post it is then the library's choice.
    """

    code: str
    label: str
    rule: str
    kept: Kept
    practice: bool = False


def wanted(pack: Pack) -> tuple[Wanted, ...]:
    """Everything a pack asks to be kept up, statements first."""
    posted = [
        Wanted(
            code=f"{STATEMENT}{statement.code}",
            label=statement.label,
            rule=statement.rule,
            kept=POSTED[Where(where)],
            practice=pack.rule(statement.rule).modality is Modality.INFORMS,
        )
        for statement in pack.statements
        for where in statement.where
    ]
    done = [
        Wanted(code=duty.code, label=duty.label, rule=duty.rule, kept=DUTIES[duty.code])
        for duty in pack.duties
        if duty.code in DUTIES
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

    def again_on(self, every: int) -> date:
        """The local day on which it is asked again: ``every`` calendar days after the day it was confirmed for."""
        return self.on + timedelta(days=every)
