"""Dates with their proof: from a rule, an event and a calendar to the day it comes to, each step in words.

The rules of counting (see ``docs/clocks.md``): the event's local date is day 0; the last day counts and runs to local
midnight; days are calendar days; months and years keep the day number, else the last day of the month; a period of
retention keeps through its last day; nothing rolls off a closed day unless a labelled practice says so. Counting is on
dates, never on blocks of 24 hours.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

from bot.clocks.calendar import ONE_DAY, Calendar, available_zones, federal_calendar, long_date, short_date
from bot.policy.book import Practice
from bot.policy.pack import ClockRule, Pack
from bot.policy.terms import ClockKind, Event, Modality, Stance, Unit
from bot.refusal import Citation, Mistake, Refusal

HOURS_A_DAY = 24
MONTHS_A_YEAR = 12
LAST_YEAR = date.max.year - 1
ROLLED = "Library practice, not in policy: a last day that is closed moves to the next open day"

HAPPENED: dict[Event, str] = {
    Event.CONTENT_REMOVED: "the content was removed",
    Event.CONTENT_HIDDEN: "the content was hidden",
    Event.CONTENT_PARTLY_REMOVED: "part of the content was removed",
    Event.PUBLICATION_DECLINED: "publication was declined",
    Event.BLOCK_APPLIED: "the block was applied",
    Event.NOTICE_SENT: "the notice was sent",
    Event.APPEAL_RECEIVED: "the appeal was received",
    Event.CONCERN_RECEIVED: "the concern was received",
    Event.QUESTION_RECEIVED: "the question was received",
    Event.BOARD_CONSULTED: "the Board was consulted",
    Event.APPEAL_DECIDED: "the appeal was decided",
    Event.REINSTATEMENT_REQUESTED: "reinstatement was asked for",
    Event.COPYRIGHT_NOTICE_RECEIVED: "the copyright notice was received",
    Event.COUNTER_NOTICE_RECEIVED: "the counter-notice was received",
}
"""Each event in the words of a proof, after "the day"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DueDate:
    """The day a clock comes to, with the proof of its arithmetic.

    ``clock`` is the name with its level. ``due`` is the last day that counts (for an opening: the first). It is a
    local date; ``open_until_utc`` is the instant that day ends, and ``None`` for an opening. ``stated`` is true where
    the policy itself states the period, and false where a law it follows does or the library chose it.
    ``closed_day`` says why the day counted to is closed, else empty; ``rolled_to`` is set only where a labelled
    practice moved the date off it, and then equals ``due``.
    """

    clock: str
    event: Event
    happened_on: date
    due: date
    open_until_utc: datetime | None
    kind: ClockKind
    stated: bool
    assumed: tuple[str, ...]
    rule: str
    label: str
    source: str
    verb: Modality
    qualifier: str
    closed_day: str
    rolled_to: date | None
    proof: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """A clock that gets no date, and why: the policy states none, or a stated one cannot be counted yet.

    ``stance`` is the policy's; ``stated`` means the calendar lacks what the rule counts (Board meetings).
    """

    clock: str
    event: Event
    why: str
    stance: Stance


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """Where a count came to, how it is said (``15 calendar days later``), and what had to be explained on the way."""

    day: date
    said: str
    steps: tuple[str, ...] = ()


def due_date(
    rule: ClockRule, *, event: Event, on: date, pack: Pack, calendar: Calendar, roll_practice: bool = False
) -> DueDate:
    """Count one period and prove it: the policy's own, or that of an outside law the policy follows.

    :param on: the local date of the event in the library's zone, which is day 0
    :param calendar: the library's own; a rule counted on the federal calendar uses that one, in the library's zone
    :param roll_practice: the library's labelled practice that a last day on a closed day moves to the next open day;
        it never moves an opening or a retention
    :raises Refusal: the rule has no period, the calendar lacks a Board meeting, or the date is beyond the year
        9998
    """
    if rule.n is None or rule.unit is None:
        raise Refusal(f"{pack.about.name}'s policy sets no date for {rule.name}: {rule.why}.")
    cited = pack.cite(rule.rule)
    if rule.stance is Stance.DELEGATED:
        cited = replace(cited, source=f"{cited.source}; {rule.authority}")
    return _prove(rule, rule.n, rule.unit, cited, event=event, on=on, calendar=calendar, roll=roll_practice)


def practice_date(
    rule: ClockRule, practice: Practice, *, event: Event, on: date, calendar: Calendar, roll_practice: bool = False
) -> DueDate:
    """Count the period a library chose where its policy is silent; ``stated`` is false and the proof says whose it is.

    :param rule: the recorded silence, which still says what kind of clock it is
    :param practice: its value is a number and a unit, as in ``30 days`` or ``2 business days``
    :raises Refusal: the policy is not silent here, so there is nothing to choose; or the date cannot be counted
    :raises Mistake: the value is not a period
    """
    if rule.stance is not Stance.SILENT:
        raise Refusal(f"The policy is not silent about {rule.name}, so a practice of the library cannot stand for it.")
    n, unit = parse_period(practice.value)
    cited = Citation(
        rule=practice.key, label=f"The library's period: {practice.value}", source=practice.label, practice=True
    )
    return _prove(rule, n, unit, cited, event=event, on=on, calendar=calendar, roll=roll_practice)


def _prove(
    rule: ClockRule, n: int, unit: Unit, cited: Citation, *, event: Event, on: date, calendar: Calendar, roll: bool
) -> DueDate:
    used = federal_calendar(calendar.zone) if rule.calendar == "federal" else calendar
    counted = add(n, unit, _plain(on), used)
    closed = used.why_closed(counted.day)
    rolls = roll and bool(closed) and rule.kind not in {ClockKind.OPENS, ClockKind.RETENTION}
    due = used.next_open(counted.day) if rolls else counted.day
    return DueDate(
        clock=rule.name,
        event=event,
        happened_on=on,
        due=due,
        open_until_utc=None if rule.kind is ClockKind.OPENS else used.end_of(due),
        kind=rule.kind,
        stated=rule.stance is Stance.STATED,
        assumed=rule.assumed,
        rule=cited.rule,
        label=cited.label,
        source=cited.source,
        verb=rule.verb,
        qualifier=rule.qualifier,
        closed_day=closed,
        rolled_to=due if rolls else None,
        proof=(
            f"Day 0 is {long_date(on)}, the day {HAPPENED[event]}.",
            *_whose_period(rule, cited),
            *([] if rule.calendar == "library" else ["Counted on the federal calendar, which the statute uses."]),
            *counted.steps,
            f"{counted.said} is {long_date(counted.day)}; {_what_it_means(rule.kind, used.zone)}.",
            *_about_a_closed_day(closed, counted.day, rolled_to=due if rolls else None),
        ),
    )


def due_dates(
    event: Event,
    *,
    on: date,
    pack: Pack,
    calendar: Calendar,
    roll_practice: bool = False,
    practices: Mapping[str, Practice] | None = None,
) -> tuple[tuple[DueDate, ...], tuple[Silence, ...]]:
    """Every date an event starts under a pack, and every clock it leaves without one, in the pack's order.

    A stated period that the calendar cannot count yet (no Board meeting entered) is returned as a silence whose
    stance is ``stated``, so that one missing date never hides the others.

    :param on: the local date of the event in the library's zone
    :param practices: what the library chose where its policy is silent; a clock's key is ``clock.`` and its name
    """
    dated: list[DueDate] = []
    silent: list[Silence] = []
    for rule in pack.clocks_on(event):
        chosen = (practices or {}).get(f"clock.{rule.name}")
        try:
            if rule.has_length:
                found = due_date(rule, event=event, on=on, pack=pack, calendar=calendar, roll_practice=roll_practice)
            elif rule.stance is Stance.SILENT and chosen:
                found = practice_date(rule, chosen, event=event, on=on, calendar=calendar, roll_practice=roll_practice)
            else:
                silent.append(Silence(clock=rule.name, event=event, why=rule.why, stance=rule.stance))
                continue
            dated.append(found)
        except Refusal as cannot:
            silent.append(Silence(clock=rule.name, event=event, why=cannot.why, stance=rule.stance))
    return tuple(dated), tuple(silent)


def add(n: int, unit: Unit, day: date, calendar: Calendar) -> Counted:
    """Count ``n`` units on from a local day, which is day 0.

    ``business_days`` skip the closed days of the calendar; ``meetings`` counts the regular Board meetings after the
    day; ``months`` and ``years`` keep the day number, else take the last day of the month; ``hours`` are counted in
    dates like everything else, each begun 24 hours as one calendar day, because only the local date is kept.

    :raises Refusal: the calendar does not list that many meetings, or the date is beyond the year 9998
    """
    try:
        counted = _add(n, unit, day, calendar)
    except (OverflowError, ValueError):
        counted = None
    if counted is None or counted.day.year > LAST_YEAR:
        raise Refusal(
            f"{n:,} {unit.value} after {short_date(day)} is beyond the year {LAST_YEAR}. Use a shorter period."
        )
    return counted


def _add(n: int, unit: Unit, day: date, calendar: Calendar) -> Counted:
    match unit:
        case Unit.DAYS | Unit.WEEKS | Unit.HOURS:
            return _days(n, unit, day)
        case Unit.BUSINESS_DAYS:
            return _business_days(n, day, calendar)
        case Unit.MONTHS:
            return _months(n, day, said=f"{_many(n, 'month')} later")
        case Unit.YEARS:
            return _months(MONTHS_A_YEAR * n, day, said=f"{_many(n, 'year')} later")
        case Unit.MEETINGS:
            return _meetings(n, day, calendar)
        case _:
            assert_never(unit)


def _days(n: int, unit: Literal[Unit.DAYS, Unit.WEEKS, Unit.HOURS], day: date) -> Counted:
    if unit is Unit.WEEKS:
        return Counted(day=day + timedelta(weeks=n), said=f"{_many(n, 'week')} later")
    if unit is Unit.DAYS:
        return Counted(day=day + timedelta(days=n), said=f"{_many(n, 'calendar day')} later")
    days = -(-n // HOURS_A_DAY)
    step = f"Hours are counted in dates, each begun {HOURS_A_DAY} as one calendar day: {_many(n, 'hour')}."
    return Counted(day=day + timedelta(days=days), said=f"{_many(days, 'calendar day')} later", steps=(step,))


def _business_days(n: int, day: date, calendar: Calendar) -> Counted:
    weekly, named, left = 0, [], n
    while left:
        day += ONE_DAY
        if not calendar.why_closed(day):
            left -= 1
        elif day in calendar.closures:
            named.append(f"{calendar.why_closed(day)} ({long_date(day)})")
        else:
            weekly += 1
    skipped = [*([f"{_many(weekly, 'weekly closed day')}"] if weekly else []), *named]
    steps = (f"Closed days do not count; skipped: {', '.join(skipped)}.",) if skipped else ()
    return Counted(day=day, said=f"{_many(n, 'business day')} later", steps=steps)


def _months(n: int, day: date, *, said: str) -> Counted:
    years, month = divmod(day.month - 1 + n, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    landed = date(year, month, min(day.day, monthrange(year, month)[1]))
    if landed.day == day.day:
        return Counted(day=landed, said=said)
    step = f"{landed:%B} {landed.year} has no day {day.day}, so its last day is taken."
    return Counted(day=landed, said=said, steps=(step,))


def _meetings(n: int, day: date, calendar: Calendar) -> Counted:
    if not n:
        return Counted(day=day, said="0 regular Board meetings later")
    later = sorted({meeting for meeting in calendar.meetings if meeting > day})
    if len(later) < n:
        listed = f"only {len(later)}" if later else "none"
        raise Refusal(
            f"This date needs {_many(n, 'regular Board meeting')} after {short_date(day)}, and the library's calendar "
            f"lists {listed}. Add the Board's meeting dates to the calendar."
        )
    return Counted(
        day=later[n - 1],
        said=f"Regular Board meeting number {n} after that",
        steps=(f"Regular Board meetings after day 0: {', '.join(short_date(meeting) for meeting in later[:n])}.",),
    )


def later_of(told: DueDate | date, reproved: DueDate, *, calendar: Calendar) -> DueDate:
    """Keep a date that somebody was told: after a correction or a closure, the later of the two counts.

    The proof of what is returned ends with both dates. The same date twice changes nothing.

    :param told: the date somebody was told (local), or the due date it came with
    :param reproved: the date as it is counted now
    :param calendar: the library's own, for the end of the day
    """
    day = _plain(told.due if isinstance(told, DueDate) else told)
    if day == reproved.due:
        return reproved
    both = f"Told before: {long_date(day)}. Counted again: {long_date(reproved.due)}. The later counts: "
    if day < reproved.due:
        return replace(reproved, proof=(*reproved.proof, f"{both}{long_date(reproved.due)}."))
    return replace(
        reproved,
        due=day,
        open_until_utc=None if reproved.kind is ClockKind.OPENS else calendar.end_of(day),
        closed_day=calendar.why_closed(day),
        rolled_to=None,
        proof=(*reproved.proof, f"{both}{long_date(day)}, because a date somebody was told is never shortened."),
    )


def parse_happening(text: str, zone: str) -> date:
    """The library's local date of something that happened, from a date or a date with a time.

    ``2026-01-16`` is that day. ``2026-01-16T23:30-05:00`` and ``2026-01-17T04:30Z`` are turned into the library's
    zone first. A time without an offset is local already.

    :raises Mistake: it is neither, or there is no such zone
    """
    if zone not in available_zones():
        raise Mistake(f"There is no time zone called {zone!r}; write it like America/New_York.")
    written = text.strip()
    try:
        return date.fromisoformat(written)
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(written)
        return (at if at.tzinfo is None else at.astimezone(ZoneInfo(zone))).date()
    except (ValueError, OverflowError) as unreadable:
        raise Mistake(
            f"{text!r} is not a date. Write it as 2026-01-16, or with a time as 2026-01-16T23:30-05:00."
        ) from unreadable


def parse_period(text: str) -> tuple[int, Unit]:
    """A period as a library writes it: a number and a unit, as in ``30 days``, ``1 year`` or ``2 business days``.

    :raises Mistake: it is not one
    """
    number, _, what = text.strip().partition(" ")
    named = "_".join(what.lower().split())
    unit = next((unit for unit in Unit if named in {unit.value, unit.value.removesuffix("s")}), None)
    if unit is None or not (number.isascii() and number.isdecimal()):
        units = ", ".join(unit.value.replace("_", " ") for unit in Unit)
        raise Mistake(f"{text!r} is not a period. Write a number and one of {units}, as in 30 days.")
    return int(number), unit


def _plain(day: date) -> date:
    if isinstance(day, datetime):
        raise TypeError("clocks count on local dates; turn the instant into one with Calendar.local_date first")
    return day


def _many(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n:,} {what}s"


def _what_it_means(kind: ClockKind, zone: str) -> str:
    match kind:
        case ClockKind.OPENS:
            return "it opens that day"
        case ClockKind.RETENTION:
            return f"kept through that day, to midnight in {zone}, and nothing is deleted by itself after it"
        case ClockKind.DUTY | ClockKind.RIGHT | ClockKind.TASK:
            return f"the last day counts and runs to midnight in {zone}"
        case _:
            assert_never(kind)


def _whose_period(rule: ClockRule, cited: Citation) -> tuple[str, ...]:
    if rule.stance is Stance.DELEGATED:
        return (f"The period is not the policy's own: {rule.authority} sets it ({rule.why}).",)
    return (f"The policy is silent ({rule.why}); the period is {cited.source}.",) if cited.practice else ()


def _about_a_closed_day(closed: str, day: date, *, rolled_to: date | None) -> tuple[str, ...]:
    if not closed:
        return ()
    if rolled_to is None:
        return (f"{long_date(day)} is a closed day ({closed}); the date stays, as no rule or practice moves it.",)
    return (f"{long_date(day)} is a closed day ({closed}). {ROLLED}, {long_date(rolled_to)}.",)
