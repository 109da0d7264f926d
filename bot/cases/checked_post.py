"""A post of the library's own that was checked before it went out against what the policy asks of such posts."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedPost:
    """What an editor ticked before posting, on a local day; kept because the editor wanted it kept.

    ``title`` says in the library's own words which post it is. ``done`` and ``not_done`` are the rules that were ticked
    and those that were not; ``words`` says why one was left, or where something was taken from.
    """

    id: UUID
    library: UUID
    account: UUID
    title: str
    done: tuple[str, ...]
    not_done: tuple[str, ...]
    by: UUID
    at: datetime
    on: date
    words: str = ""
