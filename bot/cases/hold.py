"""Hold: nothing it covers may be disposed of, edited, or closed in a way that deletes what is kept of it.

A hold that a person places stands until a person releases it, each with a reason. What a running appeal, block or
request keeps is worked out anew each time and is never a record of its own.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Self
from uuid import UUID

from bot.refusal import Mistake, Refusal

SHORTEST_TOPIC = 3
"""Letters of a topic at least; fewer stand in almost everything."""


class Scope(StrEnum):
    """What a hold is placed on."""

    CASE = "case"
    AUTHOR = "author"
    ACCOUNT = "account"
    TOPIC = "topic"


SCOPES: Mapping[Scope, str] = {
    Scope.CASE: "one case",
    Scope.AUTHOR: "everything of one author",
    Scope.ACCOUNT: "everything on one account",
    Scope.TOPIC: "everything on a topic",
}


class Cause(StrEnum):
    """Why something is held."""

    LITIGATION = "litigation"
    RECORDS_REQUEST = "records_request"
    POLICE = "police"
    AUDIT = "audit"
    OTHER = "other"


CAUSES: Mapping[Cause, str] = {
    Cause.LITIGATION: "a lawsuit, or one that is expected",
    Cause.RECORDS_REQUEST: "a public-records request",
    Cause.POLICE: "a request of the police or a court",
    Cause.AUDIT: "an audit",
    Cause.OTHER: "another reason",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Covered:
    """What a hold is held against: a case with everything that goes with it.

    ``authors`` are its authors and every handle confirmed to be theirs. ``words`` is everything that is written on
    file about it, as :func:`written` gives it.
    """

    refs: frozenset[str]
    authors: frozenset[UUID] = frozenset()
    accounts: frozenset[UUID] = frozenset()
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """One hold, placed by a named person for a reason. Days are local.

    ``subject`` is a case's reference, an author's or an account's id, or the words of a topic.
    """

    id: UUID
    library: UUID
    ref: str
    version: int
    scope: Scope
    subject: str
    cause: Cause
    reason: str
    placed_by: UUID
    placed_at: datetime
    placed_on: date
    released_by: UUID | None = None
    released_at: datetime | None = None
    released_on: date | None = None
    released_because: str = ""

    @property
    def stands(self) -> bool:
        """Test whether it has not been released."""
        return self.released_at is None

    def covers(self, one: Covered) -> bool:
        """Test whether it stands and covers a case.

        A topic covers whatever its words stand in as they were written, in upper or lower case, across line breaks.
        """
        if not self.stands:
            return False
        match self.scope:
            case Scope.CASE:
                return self.subject in one.refs
            case Scope.AUTHOR:
                return self.subject in {str(author) for author in one.authors}
            case Scope.ACCOUNT:
                return self.subject in {str(account) for account in one.accounts}
            case Scope.TOPIC:
                return tidy(self.subject) in one.words

    def release(self, *, by: UUID, at: datetime, on: date, because: str) -> Self:
        """End it.

        :raises Refusal: it was released before
        :raises Mistake: no reason is given
        """
        if not self.stands:
            raise Refusal(f"{self.ref} was released before.")
        if not because.strip():
            raise Mistake("Releasing a hold needs a reason.", beside={"because": "Write why it may end."})
        return replace(self, released_by=by, released_at=at, released_on=on, released_because=because.strip())


def check_topic(words: str) -> str:
    """The words of a topic as kept.

    :raises Mistake: they are too few to mean anything
    """
    if len(tidy(words)) < SHORTEST_TOPIC:
        raise Mistake(
            "Those words stand in almost everything.",
            beside={"words": f"Write a word or a phrase of at least {SHORTEST_TOPIC} letters."},
        )
    return " ".join(words.split())


def tidy(words: str) -> str:
    """Words as they are compared: case folded, with single spaces."""
    return " ".join(words.casefold().split())


def written(records: Iterable[object]) -> str:
    """Everything that is written in records, tidy, one text after another: what a topic is looked for in.

    Names of choices and ids are not words; moments and days are not either.
    """
    return "\n".join(tidy(text) for record in records for text in _texts(record))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Enum):
        return
    if isinstance(value, str):
        if value:
            yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _texts(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, Collection) and not isinstance(value, bytes):
        for one in value:
            yield from _texts(one)
