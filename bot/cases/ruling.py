"""Ruling: who answered a case, in which office, when, and under what."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bot.refusal import Citation


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """The answer's own frame: the office held that day, the local day, where the power stands, the pack in force."""

    by: UUID
    role: str
    at: datetime
    on: date
    under: Citation | None
    pack: str
