"""By when the notice of a Board meeting has to be posted, under the open-meeting law of the library's state.

Only laws that were looked up are here. For any other state no day is invented: the town clerk or counsel knows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.clocks.calendar import ONE_DAY, WEEKEND, seeded_closures


@dataclass(frozen=True, kw_only=True, slots=True)
class PostingRule:
    """How long before a meeting its notice is posted: ``days`` of 24 hours, without weekends and legal holidays."""

    days: int
    said: str
    source: str


RULES: Mapping[str, PostingRule] = {
    "MA": PostingRule(
        days=2,
        said="48 hours before the meeting, without Saturdays, Sundays and legal holidays",
        source="Massachusetts open-meeting law, G.L. c. 30A, s. 20(b)",
    ),
}
"""By state. An emergency meeting has rules of its own, which are not counted here."""


def post_by(meeting: date, state: str) -> date | None:
    """The last local day to post the notice of a meeting, at the latest at the meeting's hour; ``None`` if unknown.

    Only the day of the meeting is known, not its hour. Where that day itself does not count, the hours end with the
    last day before it that does, so the notice is posted a full day earlier.
    """
    rule = RULES.get(state)
    if rule is None:
        return None
    left = rule.days + (0 if _counts(meeting, state) else 1)
    day = meeting
    while left:
        day -= ONE_DAY
        left -= _counts(day, state)
    return day


def earliest_meeting(today: date, state: str) -> date | None:
    """The first day on which a meeting can be held if its notice is posted today; ``None`` if the law is unknown."""
    day = today + ONE_DAY
    while (posted := post_by(day, state)) is not None:
        if posted >= today and _counts(day, state):
            return day
        day += ONE_DAY
    return None


def _counts(day: date, state: str) -> bool:
    return day.isoweekday() not in WEEKEND and day not in _legal_holidays(state, day.year)


@lru_cache(maxsize=64)
def _legal_holidays(state: str, year: int) -> frozenset[date]:
    return frozenset(seeded_closures(state, (year,)))
