"""Official accounts of the library, and the authors who post on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bot.refusal import Mistake


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficialAccount:
    """A library account on a platform, from the registry. Its editors are people's grants."""

    id: UUID
    library: UUID
    platform: str
    name: str
    url: str = ""
    closed_on: date | None = None

    @property
    def label(self) -> str:
        """How people see it: ``Facebook · Chicopee Public Library``."""
        return f"{self.platform} · {self.name}"


def tidy_handle(handle: str) -> str:
    """The handle as kept: without a leading @, folded to lower case, so that one author is one author.

    :raises Mistake: nothing is left, or it is longer than any platform allows (100 characters)
    """
    tidy = handle.strip().lstrip("@").strip().casefold()
    if not tidy:
        raise Mistake("A handle is the author's name on the platform, for example @reader42.")
    if len(tidy) > 100:  # noqa: PLR2004 - the longest handle any platform we know of allows is 100
        raise Mistake("A handle has at most 100 characters. Put the text of the post in the text field.")
    return tidy


@dataclass(frozen=True, kw_only=True, slots=True)
class Author:
    """A handle on a platform. Who is behind it is not asked; handles may be linked instead."""

    id: UUID
    library: UUID
    platform: str
    handle: str

    @property
    def label(self) -> str:
        """How people with authority see it: ``@reader42 on Facebook``."""
        return f"@{self.handle} on {self.platform}"


class Confidence(StrEnum):
    """How sure the library is that two handles are one person."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, kw_only=True, slots=True)
class HandleLink:
    """Two handles held to be one person, with the basis; undone by a later act, never erased."""

    id: UUID
    library: UUID
    first: UUID
    second: UUID
    confidence: Confidence
    basis: str
    linked_by: UUID
    linked_at: datetime
    undone_by: UUID | None = None
    undone_at: datetime | None = None
    undone_because: str = ""

    @property
    def stands(self) -> bool:
        """Test whether the link has not been undone."""
        return self.undone_at is None


def one_person(author: UUID, links: Iterable[HandleLink], *, suspected: bool = False) -> frozenset[UUID]:
    """Every handle held to be the same person as this one, itself included.

    Links that stand are followed from handle to handle; suspected ones only when asked for.
    """
    standing = [link for link in links if link.stands and (suspected or link.confidence is Confidence.CONFIRMED)]
    known = {author}
    while True:
        more = {
            other
            for link in standing
            for one, other in ((link.first, link.second), (link.second, link.first))
            if one in known
        }
        if more <= known:
            return frozenset(known)
        known |= more
