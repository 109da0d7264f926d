"""Absence: the days somebody is away, so that nothing waits for them unnoticed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """Somebody is away from one local day to another, both included. A cancelled one stays on file."""

    id: UUID
    library: UUID
    person: UUID
    since: date
    until: date
    entered_by: UUID
    entered_at: datetime
    why: str = ""
    cancelled_at: datetime | None = None

    def covers(self, day: date) -> bool:
        """Test whether the person is away that day."""
        return self.cancelled_at is None and self.since <= day <= self.until
