"""A library's calendar: closed days, openings, and where its days begin and end."""

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clocks.calendar import Calendar, federal_calendar, seeded_closures
from bot.refusal import Refusal

UNITED_STATES = ("US", "PR", "VI", "GU", "AS", "MP", "UM")
US_ZONES = tuple(
    row.split("\t")[2]
    for row in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    if row.startswith(UNITED_STATES)
)
"""Every zone that the time zone database lists for the United States and their territories."""
MIDNIGHT_MOVES = ("America/Santiago", "America/Havana", "Asia/Beirut", "Africa/Cairo", "Atlantic/Azores", "Asia/Gaza")
EASTERN = Calendar(zone="America/New_York", closures={date(2026, 1, 19): "Martin Luther King Jr. Day"})
DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))


def test_the_zones_of_every_state_and_territory_are_tried_the_split_ones_too() -> None:
    assert len(US_ZONES) == len(set(US_ZONES)) >= 36
    split = {"America/Indiana/Tell_City", "America/Kentucky/Monticello", "America/North_Dakota/Beulah", "America/Nome"}
    assert split <= set(US_ZONES)


def test_a_closed_day_is_closed_for_the_name_it_was_given_and_a_weekend_for_its_weekday() -> None:
    assert EASTERN.why_closed(date(2026, 1, 19)) == "Martin Luther King Jr. Day"
    assert EASTERN.why_closed(date(2026, 1, 18)) == "Sunday"
    assert EASTERN.why_closed(date(2026, 1, 20)) == ""


def test_a_closure_without_a_name_is_closed_all_the_same() -> None:
    assert Calendar(zone="UTC", closures={date(2026, 1, 20): ""}).why_closed(date(2026, 1, 20)) == "closed that day"


def test_the_next_and_the_previous_open_day_include_the_day_itself() -> None:
    assert EASTERN.next_open(date(2026, 1, 16)) == EASTERN.previous_open(date(2026, 1, 16)) == date(2026, 1, 16)
    assert EASTERN.next_open(date(2026, 1, 17)) == date(2026, 1, 20)
    assert EASTERN.previous_open(date(2026, 1, 19)) == date(2026, 1, 16)


def test_a_calendar_that_never_opens_is_refused_and_every_mistake_is_told() -> None:
    with pytest.raises(Refusal) as refused:
        Calendar(zone="Chicopee", closed_weekdays=frozenset(range(1, 8)), opens_at=time(17), closes_at=time(9))

    assert "no time zone called 'Chicopee'" in refused.value.why
    assert "leave at least one open" in refused.value.why
    assert "closes before it opens" in refused.value.why


def test_a_weekday_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refusal, match="1 \\(Monday\\) to 7 \\(Sunday\\)"):
        Calendar(zone="UTC", closed_weekdays=frozenset({0}))


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 1, 31), datetime(2026, 2, 1, 5, tzinfo=UTC)),
        (date(2026, 3, 7), datetime(2026, 3, 8, 5, tzinfo=UTC)),
        (date(2026, 3, 8), datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (date(2026, 10, 31), datetime(2026, 11, 1, 4, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 11, 2, 5, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_local_midnight_also_when_the_clocks_change(day: date, ends: datetime) -> None:
    assert EASTERN.end_of(day) == ends
    assert EASTERN.end_of(day).tzinfo is UTC


@settings(max_examples=200, deadline=None)
@given(day=DAYS, zone=st.sampled_from(US_ZONES + MIDNIGHT_MOVES))
def test_the_end_of_a_day_is_the_first_minute_after_which_the_date_never_comes_again(day: date, zone: str) -> None:
    local = ZoneInfo(zone)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    minutes = [noon + timedelta(minutes=5 * step) for step in range(-12 * 27, 12 * 39)]
    last = max(minute for minute in minutes if minute.astimezone(local).date() <= day)

    assert Calendar(zone=zone).end_of(day) == last + timedelta(minutes=5)


@pytest.mark.parametrize("zone", MIDNIGHT_MOVES)
def test_midnights_that_the_clocks_skip_or_repeat_still_end_the_day(zone: str) -> None:
    calendar = Calendar(zone=zone)
    for day in (date(2023, 1, 1) + timedelta(days=n) for n in range(3 * 366)):
        end = calendar.end_of(day)
        assert calendar.local_date(end - timedelta(seconds=1)) == day
        assert calendar.local_date(end) == calendar.local_date(end + timedelta(hours=2)) == day + timedelta(days=1)


def test_a_day_whose_last_stretch_comes_twice_ends_after_the_second() -> None:
    newfoundland = Calendar(zone="America/St_Johns")  # until 2011 its clocks went back from 00:01 to 23:01

    assert newfoundland.end_of(date(2010, 11, 6)) == datetime(2010, 11, 7, 3, 30, tzinfo=UTC)


def test_a_local_time_that_spring_skips_is_moved_later_and_one_that_autumn_repeats_is_the_first() -> None:
    assert EASTERN.moment(date(2026, 3, 8), time(2, 30)) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert EASTERN.moment(date(2026, 11, 1), time(1, 30)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_the_local_date_of_an_instant_is_the_library_s() -> None:
    assert EASTERN.local_date(datetime(2026, 1, 17, 4, 59, tzinfo=UTC)) == date(2026, 1, 16)
    assert EASTERN.local_date(datetime(2026, 1, 17, 5, tzinfo=UTC)) == date(2026, 1, 17)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2026, 1, 16, 13, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 16, 14, tzinfo=UTC), True),
        (datetime(2026, 1, 16, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 1, 16, 22, tzinfo=UTC), False),
        (datetime(2026, 1, 19, 15, tzinfo=UTC), False),
        (datetime(2026, 7, 16, 13, tzinfo=UTC), True),
    ],
)
def test_the_library_is_open_from_its_opening_time_until_before_its_closing_time(
    *, at: datetime, is_open: bool
) -> None:
    assert EASTERN.is_open(at) is is_open


def test_closures_are_seeded_for_the_state_with_its_own_holidays_and_the_observed_days() -> None:
    massachusetts = seeded_closures("MA", [2026, 2027])

    assert massachusetts[date(2026, 4, 20)] == "Patriots' Day"
    assert massachusetts[date(2027, 7, 5)] == "Independence Day (observed)"
    assert date(2026, 4, 20) not in seeded_closures("IL", [2026])
    assert {day.year for day in massachusetts} == {2026, 2027}


def test_a_state_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Refusal, match="no US state or territory called 'XX'"):
        seeded_closures("XX", [2026])


def test_a_statute_counts_on_federal_holidays_and_not_on_those_of_the_state() -> None:
    federal = federal_calendar("America/New_York")

    assert federal.why_closed(date(2026, 10, 12)) == "Columbus Day"
    assert federal.why_closed(date(2026, 7, 3)) == "Independence Day (observed)"
    assert federal.why_closed(date(2026, 4, 20)) == ""
    assert federal.why_closed(date(2021, 12, 31)) == "New Year's Day (observed)"
    assert federal.why_closed(date(2026, 4, 19)) == "Sunday"
