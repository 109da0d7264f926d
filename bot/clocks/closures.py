"""Closed days from a calendar file (iCalendar, RFC 5545), as library systems, towns and Google export them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.clocks.calendar import ONE_DAY
from bot.refusal import Mistake

LARGEST = 5_000_000
"""Bytes of a calendar file that is read."""
LONGEST_NAME = 80
LONGEST_CLOSURE = 366
"""Days of one event; whatever is longer is left out and told."""

_CLOSED = re.compile(r"\bclos(?:ed|ure|ures|ing)\b|\bholidays?\b", re.IGNORECASE)
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What a calendar file holds for the years that were asked for.

    ``closures`` are whole days whose event, or whose whole calendar, says that the library is closed. ``others`` are
    whole days that do not say so, for a person to choose from. ``left_out`` says what was not taken, and why.
    """

    closures: dict[date, str] = field(default_factory=dict)
    others: dict[date, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def read_ics(raw: bytes, years: Iterable[int]) -> Imported:
    """Read the closed days of these years from a calendar file; events that repeat are followed, moved ones moved.

    Only whole days count: an event with a time of day (an early closing) is left out and told, as a day is open or
    closed for counting. The last day of an event that lasts several is the day before its end, as the format has it.

    :raises Mistake: it is no calendar file, it is too large, or it repeats more often than daily
    """
    import recurring_ical_events  # noqa: PLC0415 - loaded only when a calendar is imported
    from icalendar import Calendar  # noqa: PLC0415

    wanted = sorted(set(years))
    if len(raw) > LARGEST:
        raise Mistake(f"This calendar file is larger than {LARGEST // 1_000_000} MB. Export only the closed days.")
    try:
        calendar = Calendar.from_ical(raw)
    except (ValueError, IndexError, KeyError) as broken:
        raise Mistake("This is no calendar file that can be read. Export it again as iCalendar (.ics).") from broken
    whole, left_out = Calendar(), []
    for event in calendar.walk("VEVENT"):
        why = _not_whole_days(event)
        if why:
            left_out.append(f"{_name(event)}: {why}.")
        else:
            whole.add_component(event)
    says_so = bool(_CLOSED.search(str(calendar.get("X-WR-CALNAME", ""))))
    between = (date(wanted[0], 1, 1), date(wanted[-1], 12, 31) + ONE_DAY) if wanted else None
    held = recurring_ical_events.of(whole).between(*between) if between else []
    return _sorted_out(held, set(wanted), left_out, says_so=says_so)


def _sorted_out(events: Iterable[Any], years: set[int], left_out: list[str], *, says_so: bool) -> Imported:
    closures: dict[date, str] = {}
    others: dict[date, str] = {}
    for event in events:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        words = f"{event.get('SUMMARY', '')} {event.get('CATEGORIES', '')} {event.get('DESCRIPTION', '')}"
        days = closures if says_so or _CLOSED.search(words) else others
        for day in _days(event):
            if day.year in years:
                days.setdefault(day, _name(event))
    return Imported(
        closures=dict(sorted(closures.items())),
        others={day: name for day, name in sorted(others.items()) if day not in closures},
        left_out=tuple(dict.fromkeys(left_out)),
    )


def _not_whole_days(event: Any) -> str:  # noqa: ANN401 - a component of icalendar, whose values are of many kinds
    """Why an event is left out; empty when it is whole days."""
    starts = event.get("DTSTART")
    if starts is None:
        return "it has no day"
    if isinstance(starts.dt, datetime):
        return "it has a time of day; only whole days are closed"
    rule = event.get("RRULE") or {}
    if not {str(one).upper() for one in rule.get("FREQ", [])} <= _FREQUENCIES:
        raise Mistake(f"“{_name(event)}” repeats more often than daily. Take it out of the file, and try again.")
    return f"it lasts more than {LONGEST_CLOSURE} days" if len(_days(event)) > LONGEST_CLOSURE else ""


def _days(event: Any) -> list[date]:  # noqa: ANN401
    first = event["DTSTART"].dt
    if "DTEND" in event:
        after = event["DTEND"].dt
    else:
        after = first + (event["DURATION"].dt if "DURATION" in event else ONE_DAY)
    return [first + number * ONE_DAY for number in range(max(1, (after - first).days))]


def _name(event: Any) -> str:  # noqa: ANN401
    return " ".join(str(event.get("SUMMARY", "")).split())[:LONGEST_NAME] or "closed"
