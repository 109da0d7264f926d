"""The Board's calendar as a library writes it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clocks.calendar import Calendar
from bot.clocks.counting import add
from bot.clocks.meetings import LAST, BoardCalendar, MeetingRule, on_closed_days, parse_meetings
from bot.policy.terms import Unit
from bot.refusal import Mistake

RULES = st.builds(
    MeetingRule,
    nth=st.sampled_from([1, 2, 3, 4, 5, LAST]),
    weekday=st.integers(1, 7),
    months=st.frozensets(st.integers(1, 12), min_size=1),
)
YEARS = range(2024, 2041)


def by_leafing(rule: MeetingRule, year: int) -> list[date]:
    """Every meeting of a year, found by looking at each day of it."""
    found: list[date] = []
    for month in sorted(rule.months):
        day, same = date(year, month, 1), []
        while day.month == month:
            if day.isoweekday() == rule.weekday:
                same.append(day)
            day += timedelta(days=1)
        if rule.nth == LAST:
            found.append(same[-1])
        elif rule.nth <= len(same):
            found.append(same[rule.nth - 1])
    return found


@settings(max_examples=200, deadline=None)
@given(rule=RULES, year=st.sampled_from(list(YEARS)))
def test_a_rule_gives_the_days_that_leafing_through_a_calendar_gives(rule: MeetingRule, year: int) -> None:
    assert list(BoardCalendar(rules=(rule,)).meetings([year])) == by_leafing(rule, year)


@settings(max_examples=200, deadline=None)
@given(
    rules=st.lists(RULES, max_size=3, unique=True),
    dates=st.frozensets(st.dates(date(2024, 1, 1), date(2040, 12, 31)), max_size=3),
    called_off=st.frozensets(st.dates(date(2024, 1, 1), date(2040, 12, 31)), max_size=3),
)
def test_a_calendar_that_is_written_out_is_read_again(
    rules: list[MeetingRule], dates: frozenset[date], called_off: frozenset[date]
) -> None:
    calendar = BoardCalendar(rules=tuple(rules), dates=dates - called_off, called_off=called_off)

    assert parse_meetings(calendar.said) == calendar


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("third Tuesday", "third Tuesday"),
        ("The 3rd Tuesday of each month", "third Tuesday"),
        ("every last Thursday, except July and August", "last Thursday, except July, August"),
        ("second and fourth Mondays", "second Monday\nfourth Monday"),
        ("first Wednesday, only Jan, Apr, Jul & Oct", "first Wednesday, only January, April, July, October"),
        ("2026-03-17", "2026-03-17"),
        ("2026-03-17, 2026-06-16 and 2026-09-15", "2026-03-17\n2026-06-16\n2026-09-15"),
        ("not 2026-07-21", "not 2026-07-21"),
        ("2026-12-08 instead of 2026-12-15", "2026-12-08\nnot 2026-12-15"),
        ("", ""),
    ],
)
def test_a_line_is_read_however_people_write_it(line: str, says: str) -> None:
    assert parse_meetings(line).said == says


def test_a_meeting_that_was_moved_is_held_on_its_new_day_only() -> None:
    calendar = parse_meetings("third Tuesday, except July\n2026-12-08 instead of 2026-12-15")

    assert [day for day in calendar.meetings([2026]) if day.month in {6, 7, 8, 12}] == [
        date(2026, 6, 16),
        date(2026, 8, 18),
        date(2026, 12, 8),
    ]


def test_a_month_without_a_fifth_such_day_has_no_meeting() -> None:
    fifth = parse_meetings("fifth Monday").meetings([2026])

    assert [day.month for day in fifth] == [3, 6, 8, 11]


def test_every_line_that_cannot_be_read_is_told_at_once_with_how_to_write_it() -> None:
    with pytest.raises(Mistake) as refused:
        parse_meetings(
            "third Tuesday\nwhen the moon is full\n2026-13-01\nthird Tuesday, except Brumaire\nnow 2026-01-02"
        )

    why = refused.value.why
    for number in (2, 3, 4, 5):
        assert f"line {number}," in why
    assert "line 1," not in why
    assert "“brumaire” is no month" in why
    assert why.endswith("or a date, as in 2026-03-17.")


@pytest.mark.parametrize(
    "line", ["Tuesday", "third", "third third", "third Tuesday, except", "2026-12-08 instead of then"]
)
def test_half_a_rule_is_no_rule(line: str) -> None:
    with pytest.raises(Mistake):
        parse_meetings(line)


def test_a_meeting_on_a_closed_day_is_shown_and_not_moved() -> None:
    meetings = parse_meetings("third Monday").meetings([2026])

    told = on_closed_days(meetings, {date(2026, 1, 19): "Martin Luther King Jr. Day", date(2026, 2, 1): ""})

    assert told == ("Monday 19 January 2026 (Martin Luther King Jr. Day)",)
    assert date(2026, 1, 19) in meetings


def test_a_period_in_meetings_is_counted_by_the_rule_when_no_later_date_is_entered() -> None:
    board = parse_meetings("third Tuesday, except July")
    calendar = Calendar(zone="America/New_York", meetings=board.meetings([2026]), board=board)

    assert add(2, Unit.MEETINGS, date(2026, 12, 20), calendar).day == date(2027, 2, 16)
    assert add(1, Unit.MEETINGS, date(2031, 6, 20), calendar).day == date(2031, 8, 19)
    assert add(30, Unit.MEETINGS, date(2026, 12, 20), calendar).day == date(2029, 9, 18)
