"""Clock: a duty or right of a case that runs to a date, with the proof of its arithmetic.

A duty runs until it is met or void, overdue or not; a right passes; an opening opens; a retention has run. A date
somebody was told is never shortened: where a correction or a closure would, both are shown and the later counts.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from bot.policy.terms import ClockKind, Event


class ClockState(StrEnum):
    """Where a clock stands."""

    RUNNING = "running"
    MET = "met"
    VOID = "void"
    PASSED = "passed"
    OPENED = "opened"
    RUN = "run"
    ENDED = "ended"


REACHED: dict[ClockKind, ClockState] = {
    ClockKind.RIGHT: ClockState.PASSED,
    ClockKind.OPENS: ClockState.OPENED,
    ClockKind.RETENTION: ClockState.RUN,
}
"""What a clock becomes after its last reminder; a duty and a task keep running until somebody acts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """One running date of a case.

    ``next_at`` (UTC) is when the next step of its ladder is due; ``attempts`` rises with every claim, and whoever
    finishes must still hold that number. ``told_due`` is the latest date somebody was told.
    """

    id: UUID
    library: UUID
    case: str
    name: str
    event: Event | None
    happened_on: date
    kind: ClockKind
    due: date
    proof: tuple[str, ...]
    started_at: datetime
    pack: str = ""
    rule: str = ""
    source: str = ""
    stated: bool = True
    assumed: tuple[str, ...] = ()
    state: ClockState = ClockState.RUNNING
    task: UUID | None = None
    told_due: date | None = None
    last_step: str = ""
    next_at: datetime | None = None
    attempts: int = 0

    def stop(self, state: ClockState) -> Self:
        """End the clock: met by a recorded act, void, or ended because there is nothing left to do."""
        return replace(self, state=state, next_at=None, attempts=self.attempts + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Snooze:
    """One person asked not to be shown a clock until after a day. The clock itself does not move."""

    library: UUID
    person: UUID
    clock: UUID
    until: date
