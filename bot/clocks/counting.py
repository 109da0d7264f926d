"""Counting on from a day, and back from one: every unit, the Board's meetings, and what hangs on a meeting.

Counting is on dates, never on blocks of 24 hours. The rules are in ``docs/clocks.md``.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, assert_never

from bot.clocks.calendar import ONE_DAY, Calendar, long_date, short_date
from bot.policy.pack import ClockRule, Cutoff, Span
from bot.policy.terms import Unit
from bot.refusal import Refusal

HOURS_A_DAY = 24
MONTHS_A_YEAR = 12
LAST_YEAR = date.max.year - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """Where a count came to, how it is said (``15 calendar days later``), and what had to be explained on the way."""

    day: date
    said: str
    steps: tuple[str, ...] = ()


def count(rule: ClockRule, day: date, calendar: Calendar) -> Counted:
    """Count a whole period on from a local day, which is day 0: its units, its cutoff, and what is later or earlier.

    :param rule: one that has a length
    :raises Refusal: the rule has no length, the calendar does not list enough meetings, or the date is beyond the
        year 9998
    """
    if rule.n is None or rule.unit is None:
        raise Refusal(f"The policy sets no date for {rule.name}: {rule.why}.")
    first = meeting(rule.n, day, calendar, rule.cutoff) if rule.cutoff else add(rule.n, rule.unit, day, calendar)
    if rule.after_that:
        return _from_there(first, add(rule.after_that.n, rule.after_that.unit, first.day, calendar), "after that")
    if rule.before_that:
        return _early(_from_there(first, back(rule.before_that, first.day, calendar), "before that"), day)
    return first


def add(n: int, unit: Unit, day: date, calendar: Calendar) -> Counted:
    """Count ``n`` units on from a local day, which is day 0.

    ``business_days`` skip the closed days of the calendar; ``meetings`` counts the regular Board meetings after the
    day; ``months`` and ``years`` keep the day number, else take the last day of the month; ``hours`` are counted in
    dates like everything else, each begun 24 hours as one calendar day, because only the local date is kept.

    :raises Refusal: the calendar does not list that many meetings, or the date is beyond the year 9998
    """
    return _within_the_calendar(
        lambda: _count(n, unit, day, calendar, forward=True), n, unit, f"after {short_date(day)}"
    )


def back(span: Span, day: date, calendar: Calendar) -> Counted:
    """Count a length of time back from a local day, which itself does not count.

    :raises Refusal: the date is before the year 1
    """
    n, unit = span.n, span.unit
    return _within_the_calendar(
        lambda: _count(n, unit, day, calendar, forward=False), n, unit, f"before {short_date(day)}"
    )


def meeting(n: int, day: date, calendar: Calendar, cutoff: Cutoff) -> Counted:
    """The n-th regular Board meeting that still takes what came in on a local day.

    A meeting takes it if it is after the day and the cutoff has not passed; the day of the cutoff itself still counts.

    :raises Refusal: the calendar does not list that many meetings
    """
    later = _later_meetings(n, day, calendar)
    taking = [one for one in later if last_day_for(one, cutoff, calendar) >= day]
    if len(taking) < n:
        raise _too_few(n, day, len(taking), whose=" that take what came in that day")
    chosen = taking[n - 1]
    missed = [one for one in later if one < taking[0]]
    in_by = {one: short_date(last_day_for(one, cutoff, calendar)) for one in (*missed[-1:], taking[0])}
    steps = [f"The meeting of {short_date(one)} takes what is in by {in_by[one]}, so not this." for one in missed[-1:]]
    return Counted(
        day=chosen,
        said=f"Meeting number {n} that takes it",
        steps=(
            f"Regular Board meetings after day 0: {', '.join(short_date(one) for one in later if one <= chosen)}.",
            f"To come before a meeting it has to be in by {cutoff.said}.",
            *steps,
            f"The meeting of {short_date(taking[0])} takes what is in by {in_by[taking[0]]}, so this as well.",
        ),
    )


def last_day_for(held: date, cutoff: Cutoff, calendar: Calendar) -> date:
    """The last local day on which something can be in, to come before the meeting held on a day."""
    if cutoff.before:
        return back(cutoff.before, held, calendar).day
    month = held.year * MONTHS_A_YEAR + held.month - 1 - cutoff.months_before
    return _in_month(month, cutoff.day or held.day)


def _from_there(first: Counted, second: Counted, direction: str) -> Counted:
    said = second.said.removesuffix("later").removesuffix("earlier").strip()
    step = f"{first.said} is {long_date(first.day)}."
    return Counted(day=second.day, said=f"{said} {direction}", steps=(*first.steps, step, *second.steps))


def _early(counted: Counted, day: date) -> Counted:
    if counted.day >= day:
        return counted
    step = f"{long_date(counted.day)} is before day 0: by this rule the day was over when it began. Ask who set it."
    return Counted(day=counted.day, said=counted.said, steps=(*counted.steps, step))


def _within_the_calendar(make: Callable[[], Counted], n: int, unit: Unit, where: str) -> Counted:
    try:
        counted = make()
    except (OverflowError, ValueError):
        counted = None
    if counted is None or counted.day.year > LAST_YEAR:
        edge = f"beyond the year {LAST_YEAR}" if where.startswith("after") else "before the year 1"
        raise Refusal(f"{n:,} {unit.value} {where} is {edge}. Use a shorter period.")
    return counted


def _count(n: int, unit: Unit, day: date, calendar: Calendar, *, forward: bool) -> Counted:
    way = "later" if forward else "earlier"
    sign = 1 if forward else -1
    match unit:
        case Unit.DAYS | Unit.WEEKS | Unit.HOURS:
            return _days(n, unit, day, way=way, sign=sign)
        case Unit.BUSINESS_DAYS:
            return _business_days(n, day, calendar, sign=sign, said=f"{many(n, 'business day')} {way}")
        case Unit.MONTHS:
            return _months(sign * n, day, said=f"{many(n, 'month')} {way}")
        case Unit.YEARS:
            return _months(sign * MONTHS_A_YEAR * n, day, said=f"{many(n, 'year')} {way}")
        case Unit.MEETINGS:
            return _meetings(n, day, calendar)
        case _:
            assert_never(unit)


def _days(n: int, unit: Literal[Unit.DAYS, Unit.WEEKS, Unit.HOURS], day: date, *, way: str, sign: int) -> Counted:
    if unit is Unit.WEEKS:
        return Counted(day=day + sign * timedelta(weeks=n), said=f"{many(n, 'week')} {way}")
    if unit is Unit.DAYS:
        return Counted(day=day + sign * timedelta(days=n), said=f"{many(n, 'calendar day')} {way}")
    days = -(-n // HOURS_A_DAY)
    step = f"Hours are counted in dates, each begun {HOURS_A_DAY} as one calendar day: {many(n, 'hour')}."
    return Counted(day=day + sign * timedelta(days=days), said=f"{many(days, 'calendar day')} {way}", steps=(step,))


def _business_days(n: int, day: date, calendar: Calendar, *, sign: int, said: str) -> Counted:
    weekly, named, left = 0, [], n
    while left:
        day += sign * ONE_DAY
        if not calendar.why_closed(day):
            left -= 1
        elif named_day := calendar.closure(day):
            named.append(f"{named_day} ({long_date(day)})")
        else:
            weekly += 1
    skipped = [*([f"{many(weekly, 'weekly closed day')}"] if weekly else []), *named]
    steps = (f"Closed days do not count; skipped: {', '.join(skipped)}.",) if skipped else ()
    return Counted(day=day, said=said, steps=steps)


def _months(n: int, day: date, *, said: str) -> Counted:
    landed = _in_month(day.year * MONTHS_A_YEAR + day.month - 1 + n, day.day)
    if landed.day == day.day:
        return Counted(day=landed, said=said)
    step = f"{landed:%B} {landed.year} has no day {day.day}, so its last day is taken."
    return Counted(day=landed, said=said, steps=(step,))


def _in_month(month: int, number: int) -> date:
    """The day with a number in a month (counted from the year 0), or the month's last day where it has none."""
    year, month = divmod(month, MONTHS_A_YEAR)
    return date(year, month + 1, min(number, monthrange(year, month + 1)[1]))


def _meetings(n: int, day: date, calendar: Calendar) -> Counted:
    if not n:
        return Counted(day=day, said="0 regular Board meetings later")
    later = _later_meetings(n, day, calendar)
    if len(later) < n:
        raise _too_few(n, day, len(later))
    return Counted(
        day=later[n - 1],
        said=_which_meeting(n),
        steps=(f"Regular Board meetings after day 0: {', '.join(short_date(one) for one in later[:n])}.",),
    )


def _later_meetings(n: int, day: date, calendar: Calendar) -> list[date]:
    """The meetings after a day; by rule for as many years as one that meets once a year would need, and two more."""
    return list(calendar.meetings_from(day + ONE_DAY, years=n + 2))


def _which_meeting(n: int) -> str:
    return f"Regular Board meeting number {n} after that"


def _too_few(n: int, day: date, listed: int, *, whose: str = "") -> Refusal:
    known = f"only {listed}" if listed else "none"
    return Refusal(
        f"This date needs {many(n, 'regular Board meeting')} after {short_date(day)}{whose}, and the library's "
        f"calendar lists {known}. Add the Board's meeting dates to the calendar."
    )


def many(n: int, what: str) -> str:
    """A number with its noun: ``1 month``, ``1,000 calendar days``."""
    return f"{n} {what}" if n == 1 else f"{n:,} {what}s"
