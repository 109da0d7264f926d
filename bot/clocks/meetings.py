"""The Board's calendar as a library writes it: rules ("third Tuesday, except July"), single dates, and what was moved.

A :class:`Calendar` only knows dates; :meth:`BoardCalendar.meetings` gives them for as many years as are asked for.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clocks.calendar import ONE_DAY, WEEKDAYS, long_date
from bot.refusal import Mistake

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
EVERY_MONTH = frozenset(range(1, 13))
LAST = 0
"""The ordinal of the last such weekday of a month."""

_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "last": LAST,
}
_SAID = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", LAST: "last"}
_NOT_COUNTED = re.compile(r"\b(?:every|each|the|on|of|month|in)\b|[.]")
_LIST = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*|\s+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HOW = "Write a rule, as in “third Tuesday, except July”, or a date, as in 2026-03-17."


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingRule:
    """The n-th weekday of the months that are named: ``nth`` 1 to 5, or ``LAST``; ``weekday`` Monday 1 to Sunday 7.

    A month that has no fifth such weekday has no meeting by a rule for the fifth.
    """

    nth: int
    weekday: int
    months: frozenset[int] = EVERY_MONTH

    def on(self, year: int, month: int) -> date | None:
        """The meeting in a month, or ``None`` where the rule gives none."""
        if month not in self.months:
            return None
        if self.nth == LAST:
            last = date(year + month // 12, month % 12 + 1, 1) - ONE_DAY
            return last - timedelta(days=(last.isoweekday() - self.weekday) % 7)
        first = date(year, month, 1)
        day = first + timedelta(days=(self.weekday - first.isoweekday()) % 7 + 7 * (self.nth - 1))
        return day if day.month == month else None

    @property
    def said(self) -> str:
        """The rule as it can be written again: ``third Tuesday, except July``."""
        rule = f"{_SAID[self.nth]} {WEEKDAYS[self.weekday - 1]}"
        missing = EVERY_MONTH - self.months
        if not missing:
            return rule
        few, word = (missing, "except") if len(missing) <= len(self.months) else (self.months, "only")
        return f"{rule}, {word} {', '.join(MONTHS[month - 1] for month in sorted(few))}"


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardCalendar:
    """Rules for the Board's regular meetings, single meetings besides, and days on which one was called off."""

    rules: tuple[MeetingRule, ...] = ()
    dates: frozenset[date] = frozenset()
    called_off: frozenset[date] = frozenset()

    def meetings(self, years: Iterable[int]) -> tuple[date, ...]:
        """Every regular meeting of these years, in order; single dates are kept whatever their year."""
        by_rule = {
            day for year in years for month in MONTHS_OF_A_YEAR for rule in self.rules if (day := rule.on(year, month))
        }
        return tuple(sorted((by_rule | self.dates) - self.called_off))

    @property
    def said(self) -> str:
        """The calendar as lines that :func:`parse_meetings` reads again."""
        lines = [rule.said for rule in self.rules]
        lines += [day.isoformat() for day in sorted(self.dates)]
        lines += [f"not {day.isoformat()}" for day in sorted(self.called_off)]
        return "\n".join(lines)


MONTHS_OF_A_YEAR = range(1, 13)


def parse_meetings(text: str) -> BoardCalendar:
    """Read the Board's calendar, one thing to a line.

    ``third Tuesday``, ``second and fourth Monday``, ``last Thursday, except July and August``, ``first Monday, only
    March, June``; a date (``2026-03-17``); ``not 2026-07-21``; ``2026-12-08 instead of 2026-12-15``.

    :raises Mistake: with every line that cannot be read, at once
    """
    rules: list[MeetingRule] = []
    dates: set[date] = set()
    called_off: set[date] = set()
    mistakes: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        written = " ".join(line.split())
        if not written:
            continue
        try:
            if _DATE.search(written):
                more, fewer = _dates(written)
                dates |= more
                called_off |= fewer
            else:
                rules += _rules(written)
        except ValueError as unreadable:
            mistakes.append(f"line {number}, “{written}”: {unreadable}")
    if mistakes:
        raise Mistake(f"The meetings: {' '.join(mistakes)} {_HOW}")
    return BoardCalendar(
        rules=tuple(dict.fromkeys(rules)),
        dates=frozenset(dates - called_off),
        called_off=frozenset(called_off),
    )


def on_closed_days(meetings: Iterable[date], closures: Mapping[date, str]) -> tuple[str, ...]:
    """The meetings that fall on a day the library is closed, for somebody to look at; none is moved by itself."""
    return tuple(f"{long_date(day)} ({closures[day] or 'closed'})" for day in meetings if day in closures)


def _dates(line: str) -> tuple[set[date], set[date]]:
    """The days a line of dates adds, and those it takes away."""
    begins, _, replaced = line.partition("instead of")
    days = {date.fromisoformat(found) for found in _DATE.findall(begins)}
    without = {date.fromisoformat(found) for found in _DATE.findall(replaced)}
    words = _DATE.sub("", begins).replace(",", " ").split()
    if words and words[0].casefold() in {"not", "no"}:
        return set(), days
    if words and set(words) != {"and"}:
        raise ValueError(f"“{' '.join(words)}” is not understood beside a date.")
    if "instead of" in line and not without:
        raise ValueError("it does not say which meeting is replaced.")
    return days, without


def _rules(line: str) -> list[MeetingRule]:
    for word in ("except", "only"):
        if word in line.casefold().split() or f", {word}" in line.casefold():
            head, _, tail = re.split(rf"(\b{word}\b)", line, maxsplit=1, flags=re.IGNORECASE)
            named = _months(tail)
            return _weekdays(head, EVERY_MONTH - named if word == "except" else named)
    return _weekdays(line, EVERY_MONTH)


def _months(text: str) -> frozenset[int]:
    names = [name for name in _LIST.split(_NOT_COUNTED.sub(" ", text.casefold()).strip(" ,")) if name]
    known = {month.casefold(): number for number, month in enumerate(MONTHS, start=1)}
    known |= {month[:3].casefold(): number for number, month in enumerate(MONTHS, start=1)}
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise ValueError(f"“{', '.join(unknown) or text.strip()}” is no month.")
    return frozenset(known[name] for name in names)


def _weekdays(text: str, months: frozenset[int]) -> list[MeetingRule]:
    words = [word for word in _LIST.split(_NOT_COUNTED.sub(" ", text.casefold()).strip(" ,")) if word]
    days = {day.casefold(): number for number, day in enumerate(WEEKDAYS, start=1)}
    ordinals = [word for word in words[:-1] if word in _ORDINALS]
    if not words or words[-1].removesuffix("s") not in days or len(ordinals) != len(words) - 1 or not ordinals:
        raise ValueError("it names no weekday of the month.")
    if not months:
        raise ValueError("it leaves no month.")
    weekday = days[words[-1].removesuffix("s")]
    return [MeetingRule(nth=_ORDINALS[word], weekday=weekday, months=months) for word in ordinals]
