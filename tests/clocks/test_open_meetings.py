"""By when the notice of a meeting is posted: counted where the law is known, never invented."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clocks.calendar import seeded_closures
from bot.clocks.open_meetings import earliest_meeting, post_by

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2032, 12, 31))


@pytest.mark.parametrize(
    ("meeting", "posted"),
    [
        (date(2026, 3, 12), date(2026, 3, 10)),  # Thursday: two days before
        (date(2026, 3, 10), date(2026, 3, 6)),  # Tuesday: Monday counts, the weekend does not
        (date(2026, 3, 9), date(2026, 3, 5)),  # Monday: by Thursday
        (date(2026, 3, 14), date(2026, 3, 11)),  # Saturday does not count itself: Friday and Thursday do
        (date(2026, 4, 21), date(2026, 4, 16)),  # the day after Patriots' Day
        (date(2026, 4, 20), date(2026, 4, 15)),  # on Patriots' Day
        (date(2026, 1, 2), date(2025, 12, 30)),  # over New Year's Day
    ],
)
def test_in_massachusetts_it_is_48_hours_before_without_weekends_and_legal_holidays(
    meeting: date, posted: date
) -> None:
    assert post_by(meeting, "MA") == posted


@pytest.mark.parametrize("state", ["IL", "OH", "MN", "", "XX"])
def test_where_the_law_was_not_looked_up_there_is_no_day(state: str) -> None:
    assert post_by(date(2026, 3, 10), state) is None
    assert earliest_meeting(date(2026, 3, 10), state) is None


@given(meeting=DAYS)
def test_between_posting_and_meeting_there_are_always_two_days_that_count(meeting: date) -> None:
    """Two nights between days that count make 48 hours; a meeting on a day that does not count needs two whole days."""
    posted = post_by(meeting, "MA")
    assert posted is not None
    holidays = seeded_closures("MA", range(posted.year, meeting.year + 1))

    def counts(day: date) -> bool:
        return day.isoweekday() < 6 and day not in holidays

    between = [posted + timedelta(days=n) for n in range(1, (meeting - posted).days)]
    assert counts(posted)
    assert sum(counts(day) for day in between) == (1 if counts(meeting) else 2)


@given(today=DAYS)
def test_the_earliest_meeting_can_still_be_posted_today_and_no_earlier_open_day_could(today: date) -> None:
    earliest = earliest_meeting(today, "MA")
    assert earliest is not None
    posted = post_by(earliest, "MA")
    assert posted is not None
    assert posted >= today
    for days in range(1, (earliest - today).days):
        before = post_by(today + timedelta(days=days), "MA")
        assert before is not None
        weekend_or_holiday = (today + timedelta(days=days)).isoweekday() > 5 or (
            today + timedelta(days=days)
        ) in seeded_closures("MA", (today.year, today.year + 1))
        assert before < today or weekend_or_holiday
