"""Notice: what a patron is told of a removal or a block, or the recorded decision not to tell."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bot.policy.terms import Action


class Telling(StrEnum):
    """Whether the person was told."""

    TOLD = "told"
    NOT_TOLD = "not_told"


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One notice of one act. ``by_practice`` says the library's standing practice decided, not a person that day."""

    id: UUID
    library: UUID
    case: str
    act: Action
    telling: Telling
    by: UUID
    at: datetime
    on: date
    by_practice: bool = False
    text: str = ""
    how: str = ""
    reason: str = ""
