"""Correction: a slip put right by a new event with its reason. Nothing is edited away."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What one detail of a case was, what it is now, why, and by whom."""

    id: UUID
    library: UUID
    case: str
    detail: str
    before: str
    after: str
    reason: str
    by: UUID
    at: datetime
