"""Library: one tenant, with its policy, calendar and channels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID

from bot.policy.terms import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where one of the three channels is: the platform and its own name for the channel."""

    platform: str
    tenant: str
    channel: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Library:
    """One tenant. ``packs`` are the policy versions it adopted, oldest first, by name and hash.

    ``closures`` are the single closed days as the library has them, through the year ``closures_through``; ``state``
    gives the public holidays of every later year, until it has checked those too. ``meeting_lines`` is the Board's
    calendar as it was written, ``meetings`` its dates for the years that were then entered.
    """

    id: UUID
    name: str
    zone: str
    state: str = ""
    packs: tuple[str, ...] = ()
    channels: Mapping[Channel, Place] = field(default_factory=dict)
    closed_weekdays: frozenset[int] = frozenset({6, 7})
    closures: Mapping[date, str] = field(default_factory=dict)
    closures_through: int = 0
    meetings: tuple[date, ...] = ()
    meeting_lines: str = ""
    opens_at: time = time(9)
    closes_at: time = time(17)
    version: int = 1
