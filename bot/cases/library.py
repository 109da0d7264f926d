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
    """One tenant. ``packs`` are the policy versions it adopted, oldest first, by name and hash."""

    id: UUID
    name: str
    zone: str
    state: str = ""
    packs: tuple[str, ...] = ()
    channels: Mapping[Channel, Place] = field(default_factory=dict)
    closed_weekdays: frozenset[int] = frozenset({6, 7})
    closures: Mapping[date, str] = field(default_factory=dict)
    meetings: tuple[date, ...] = ()
    opens_at: time = time(9)
    closes_at: time = time(17)
    version: int = 1
