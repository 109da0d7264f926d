"""Every unit against a second way of counting: one day at a time, looking at the wall calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clocks.arithmetic import due_date, later_of, parse_happening
from bot.clocks.calendar import Calendar
from bot.clocks.counting import add
from bot.policy.terms import ClockKind, Event, Unit
from tests.clocks.packs import ELM, a_period
from tests.clocks.test_calendar import US_ZONES

ONE = timedelta(days=1)
DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
ZONES = st.sampled_from(US_ZONES)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """A library that is closed on some weekdays and on some days of its own, and whose Board meets now and then."""
    return Calendar(
        zone=draw(ZONES),
        closed_weekdays=frozenset(draw(st.sets(st.integers(1, 7), max_size=6))),
        closures=dict.fromkeys(draw(st.lists(DAYS, max_size=20)), "Closed"),
        meetings=tuple(draw(st.lists(DAYS, max_size=20))),
    )


def walk(n: int, unit: Unit, day: date, calendar: Calendar) -> date:
    """Count slowly: step over single days and ask of each whether it is one that counts."""
    start, left = day, n
    if unit is Unit.WEEKS:
        left = 7 * n
    if unit is Unit.HOURS:
        left = sum(1 for hour in range(n) if hour % 24 == 0)
    while left:
        day += ONE
        match unit:
            case Unit.MONTHS:
                left -= ends_a_month(start, day)
            case Unit.YEARS:
                left -= ends_a_month(start, day) and day.month == start.month
            case Unit.BUSINESS_DAYS:
                left -= day.isoweekday() not in calendar.closed_weekdays and day not in calendar.closures
            case Unit.MEETINGS:
                left -= day in calendar.meetings
            case _:
                left -= 1
    return day


def ends_a_month(start: date, day: date) -> bool:
    """Test whether this is the one day of its month that has the number, or the last day of a month without it."""
    return day.day == start.day or (day.day < start.day and (day + ONE).day == 1)


@settings(max_examples=150, deadline=None)
@given(
    n=st.integers(0, 400),
    unit=st.sampled_from([Unit.HOURS, Unit.DAYS, Unit.WEEKS, Unit.BUSINESS_DAYS]),
    day=DAYS,
    calendar=calendars(),
)
def test_days_come_out_as_when_counted_one_by_one(n: int, unit: Unit, day: date, calendar: Calendar) -> None:
    assert add(n, unit, day, calendar).day == walk(n, unit, day, calendar)


@settings(max_examples=150, deadline=None)
@given(n=st.integers(0, 60), day=DAYS, calendar=calendars())
def test_months_come_out_as_when_counted_one_by_one(n: int, day: date, calendar: Calendar) -> None:
    assert add(n, Unit.MONTHS, day, calendar).day == walk(n, Unit.MONTHS, day, calendar)


@settings(max_examples=150, deadline=None)
@given(
    n=st.integers(0, 10),
    day=st.one_of(DAYS, st.sampled_from([date(year, 2, 29) for year in range(2024, 2041, 4)])),
    calendar=calendars(),
)
def test_years_come_out_as_when_counted_one_by_one(n: int, day: date, calendar: Calendar) -> None:
    assert add(n, Unit.YEARS, day, calendar).day == walk(n, Unit.YEARS, day, calendar)


@settings(max_examples=150, deadline=None)
@given(day=DAYS, calendar=calendars(), data=st.data())
def test_meetings_come_out_as_when_counted_one_by_one(day: date, calendar: Calendar, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len({meeting for meeting in calendar.meetings if meeting > day})))

    assert add(n, Unit.MEETINGS, day, calendar).day == walk(n, Unit.MEETINGS, day, calendar)


@settings(max_examples=200, deadline=None)
@given(
    n=st.integers(0, 60),
    unit=st.sampled_from([Unit.DAYS, Unit.BUSINESS_DAYS, Unit.WEEKS, Unit.MONTHS]),
    kind=st.sampled_from(list(ClockKind)),
    day=DAYS,
    calendar=calendars(),
    roll=st.booleans(),
)
def test_a_due_date_is_open_to_the_last_second_of_its_local_day_and_rolls_only_by_practice(
    *, n: int, unit: Unit, kind: ClockKind, day: date, calendar: Calendar, roll: bool
) -> None:
    rule = a_period(n, unit, kind)
    due = due_date(rule, event=Event.APPEAL_RECEIVED, on=day, pack=ELM, calendar=calendar, roll_practice=roll)
    plain = walk(n, unit, day, calendar)

    if kind is ClockKind.OPENS:
        assert due.open_until_utc is None
    else:
        assert due.open_until_utc is not None
        assert calendar.local_date(due.open_until_utc - timedelta(seconds=1)) == due.due
        assert calendar.local_date(due.open_until_utc) == due.due + ONE
    assert due.closed_day == calendar.why_closed(plain)
    if due.rolled_to is None:
        assert due.due == plain
    else:
        assert roll
        assert (
            due.due
            == due.rolled_to
            == next(plain + n * ONE for n in range(8000) if not calendar.why_closed(plain + n * ONE))
        )


@settings(max_examples=200, deadline=None)
@given(at=st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31)), zone=ZONES, offset=st.integers(-12, 14))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_an_instant_gives_the_same_local_date_in_whatever_offset_it_is_written(
    at: datetime, zone: str, offset: int
) -> None:
    instant = at.replace(tzinfo=UTC)
    elsewhere = instant.astimezone(ZoneInfo(f"Etc/GMT{-offset:+d}"))

    assert parse_happening(instant.isoformat(), zone) == parse_happening(elsewhere.isoformat(), zone)
    assert parse_happening(instant.isoformat(), zone) == instant.astimezone(ZoneInfo(zone)).date()


@settings(max_examples=150, deadline=None)
@given(told=DAYS, day=DAYS, kind=st.sampled_from(list(ClockKind)))
def test_nobody_s_date_is_ever_shortened(told: date, day: date, kind: ClockKind) -> None:
    calendar = Calendar(zone="America/Chicago")
    reproved = due_date(a_period(15, Unit.DAYS, kind), event=Event.APPEAL_RECEIVED, on=day, pack=ELM, calendar=calendar)

    kept = later_of(told, reproved, calendar=calendar)

    assert kept.due == max(told, reproved.due)
    assert kept.open_until_utc == (None if kind is ClockKind.OPENS else calendar.end_of(kept.due))
