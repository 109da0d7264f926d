"""When the library is closed, and where its days begin and end.

Three calendars stay apart: the library's own (its weekly closed days and its closures, edited by the library), the
legal calendar of a statute (:func:`federal_calendar`) and the Board's (``Calendar.meetings``). Both of the library's
go on by rule beyond what it has entered, so that a date far ahead is counted as one of next week; it then says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

import holidays

from bot.refusal import Mistake

ONE_DAY = timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKEND = frozenset({6, 7})
FEDERAL_YEARS = range(1990, 2100)
SEEDED_YEARS = 3
"""For how many years, this one included, a library's public holidays are entered for it to edit."""


def long_date(day: date) -> str:
    """Write a date the way a letter does: ``Friday 16 January 2026``."""
    return f"{day:%A} {short_date(day)}"


def short_date(day: date) -> str:
    """Write a date without its weekday: ``16 January 2026``."""
    return f"{day.day} {day:%B} {day.year}"


class MeetingsByRule(Protocol):
    """The regular meetings of the Board as rules, which go on for ever."""

    def meetings(self, years: Iterable[int]) -> tuple[date, ...]:
        """Every regular meeting of these years, in order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """The open and closed days of one library in its own time zone, and the regular meetings of its Board.

    ``closed_weekdays`` are ISO weekdays (Monday 1 to Sunday 7). ``closures`` names single closed days.
    ``opens_at`` and ``closes_at`` are local times of day. Days are local; instants are UTC.

    What was entered ends some day. The closed days of the years after ``known_through`` are the public holidays of
    ``state`` (none where it is empty), with ``closures`` on top; after the ``meetings`` come those of ``board``.

    :raises Mistake: the zone does not exist, every weekday is closed, a weekday is not one of 1 to 7, or the library
        closes before it opens; every mistake is in the sentence
    """

    zone: str
    closed_weekdays: frozenset[int] = WEEKEND
    closures: Mapping[date, str] = field(default_factory=dict)
    meetings: tuple[date, ...] = ()
    state: str = ""
    known_through: int = 0
    board: MeetingsByRule | None = None
    opens_at: time = time(9)
    closes_at: time = time(17)

    def __post_init__(self) -> None:
        mistakes = []
        if self.zone not in available_zones():
            mistakes.append(f"there is no time zone called {self.zone!r}; write it like America/New_York")
        if not self.closed_weekdays <= set(range(1, 8)):
            mistakes.append("weekdays are numbered 1 (Monday) to 7 (Sunday)")
        elif len(self.closed_weekdays) > len(WEEKDAYS) - 1:
            mistakes.append("every day of the week is closed; leave at least one open")
        if self.opens_at >= self.closes_at:
            mistakes.append("the library closes before it opens; give the two times of one day")
        if mistakes:
            raise Mistake(f"This calendar cannot be used: {'; '.join(mistakes)}.")

    def why_closed(self, day: date) -> str:
        """Why a local day is closed: the closure's name, else the weekday's; empty when it is open."""
        named = self.closure(day)
        if named is not None:
            return named
        return WEEKDAYS[day.weekday()] if day.isoweekday() in self.closed_weekdays else ""

    def closure(self, day: date) -> str | None:
        """What a single closed day is called; ``None`` where the day is none: it is open, or closed every week."""
        if day in self.closures:
            return self.closures[day] or "closed that day"
        return _holidays_of(self.state, day.year).get(day) if self.goes_by_rule(day) else None

    def goes_by_rule(self, day: date) -> bool:
        """Test whether the closed days of a day's year are the state's holidays, which nobody here has checked."""
        return bool(self.state) and day.year > self.known_through

    def meetings_from(self, day: date, *, years: int = 2) -> tuple[date, ...]:
        """The regular meetings on and after a local day: all that are entered, and by rule those of so many years."""
        by_rule = self.board.meetings(range(day.year, min(day.year + years, date.max.year))) if self.board else ()
        return tuple(sorted({held for held in (*self.meetings, *by_rule) if held >= day}))

    def next_open(self, day: date) -> date:
        """The first open day on or after a day."""
        while self.why_closed(day):
            day += ONE_DAY
        return day

    def previous_open(self, day: date) -> date:
        """The last open day on or before a day."""
        while self.why_closed(day):
            day -= ONE_DAY
        return day

    def local_date(self, at: datetime) -> date:
        """The library's date at an instant."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def end_of(self, day: date) -> datetime:
        """The instant (UTC) at which a local day is over: the next local midnight.

        Where clocks are put back across midnight a date's last stretch comes twice; the day ends after the second.
        """
        midnight = datetime.combine(day + ONE_DAY, time(), tzinfo=ZoneInfo(self.zone))
        first, second = midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)
        comes_again = second > first and self.local_date(second - timedelta.resolution) <= day
        return second if comes_again else first

    def moment(self, day: date, at: time) -> datetime:
        """The instant (UTC) of a local time of day.

        A time that the clocks skip in spring is moved later by as much as they skip (02:30 becomes 03:30); a time
        that comes twice in autumn means the first.
        """
        return datetime.combine(day, at, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def next_opening(self, at: datetime) -> datetime:
        """The first instant after ``at`` at which the library opens (UTC)."""
        day = self.local_date(at)
        while (opening := self.moment(self.next_open(day), self.opens_at)) <= at:
            day += ONE_DAY
        return opening

    def is_open(self, at: datetime) -> bool:
        """Test whether the library is open at an instant: an open day, from ``opens_at`` until before ``closes_at``."""
        local = at.astimezone(ZoneInfo(self.zone))
        return not self.why_closed(local.date()) and self.opens_at <= local.time() < self.closes_at


@lru_cache(maxsize=1)
def available_zones() -> frozenset[str]:
    """Every time zone name that can be used; reading them from disk is slow, so it is done once."""
    return frozenset(available_timezones())


def seeded_closures(state: str, years: Iterable[int]) -> dict[date, str]:
    """The public holidays of a US state or territory, observed days too, for a library to edit.

    A seed, not the truth: no package knows when one library stays closed.

    :param state: two letters, as in ``MA``
    :raises Mistake: there is no such state or territory
    """
    if state not in holidays.country_holidays("US").subdivisions:
        raise Mistake(f"There is no US state or territory called {state!r}; write two letters, as in MA.")
    return dict(sorted(holidays.country_holidays("US", subdiv=state, years=years, observed=True).items()))


def federal_calendar(zone: str) -> Calendar:
    """The legal calendar of a federal statute: Saturdays, Sundays and federal holidays (5 U.S.C. 6103) do not count.

    Days are local to the library's zone. Holidays are known for the years 1990 to 2099.
    """
    return Calendar(zone=zone, closures=_federal_holidays())


@lru_cache(maxsize=256)
def _holidays_of(state: str, year: int) -> Mapping[date, str]:
    return seeded_closures(state, (year,))


@lru_cache(maxsize=1)
def _federal_holidays() -> dict[date, str]:
    return dict(holidays.country_holidays("US", years=FEDERAL_YEARS, observed=True))
