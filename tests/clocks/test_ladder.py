"""Who is reminded of a clock, where, and on which day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clocks.calendar import Calendar
from bot.clocks.ladder import LADDERS, OVERRIDES, Step, ladder_for, next_occurrence, occurrences
from bot.policy.terms import Channel, ClockKind, Role
from tests.clocks.test_calendar import US_ZONES

OPEN_EVERY_DAY = Calendar(zone="America/New_York", closed_weekdays=frozenset())
WEEKDAYS_ONLY = Calendar(zone="America/New_York", closures={date(2026, 1, 19): "Martin Luther King Jr. Day"})
A_SATURDAY = date(2026, 1, 31)
LONG_AFTER = datetime(2026, 2, 12, tzinfo=UTC)


def plan(
    kind: ClockKind, due: date, calendar: Calendar = OPEN_EVERY_DAY, until: datetime = LONG_AFTER
) -> list[tuple[str, date]]:
    return [(one.key, one.day) for one in occurrences(LADDERS[kind], due, calendar, after=None, until=until)]


def test_a_duty_is_remembered_ten_five_two_and_one_day_before_and_on_the_day_then_daily() -> None:
    assert plan(ClockKind.DUTY, A_SATURDAY, until=datetime(2026, 2, 5, tzinfo=UTC)) == [
        ("T-10", date(2026, 1, 21)),
        ("T-5", date(2026, 1, 26)),
        ("T-2", date(2026, 1, 29)),
        ("T-1", date(2026, 1, 30)),
        ("T-0", date(2026, 1, 31)),
        ("overdue:2026-02-01", date(2026, 2, 1)),
        ("overdue:2026-02-02", date(2026, 2, 2)),
        ("overdue-3:2026-02-03", date(2026, 2, 3)),
        ("overdue-3:2026-02-04", date(2026, 2, 4)),
    ]


def test_an_overdue_duty_goes_to_the_director_and_from_the_third_day_to_the_administrator_and_the_board_chair() -> None:
    told = occurrences(LADDERS[ClockKind.DUTY], A_SATURDAY, OPEN_EVERY_DAY, after=None, until=LONG_AFTER)
    on = {one.day: one.step for one in told}

    assert on[date(2026, 1, 31)].also == ()
    assert on[date(2026, 2, 2)].also == (Role.DIRECTOR,)
    assert on[date(2026, 2, 3)].also == (Role.DIRECTOR, Role.ADMINISTRATOR, Role.BOARD_CHAIR)
    assert {step.to for step in on.values()} == {Channel.DECISIONS}


def test_a_right_is_remembered_two_days_before_and_the_day_after_it_has_passed() -> None:
    assert plan(ClockKind.RIGHT, A_SATURDAY) == [("T-2", date(2026, 1, 29)), ("passed", date(2026, 2, 1))]


def test_an_opening_is_told_on_the_day_to_the_decisions_channel_and_the_director() -> None:
    (one,) = occurrences(LADDERS[ClockKind.OPENS], A_SATURDAY, OPEN_EVERY_DAY, after=None, until=LONG_AFTER)

    assert (one.key, one.day, one.step.to, one.step.also) == (
        "opens",
        A_SATURDAY,
        Channel.DECISIONS,
        (Role.DIRECTOR,),
    )


def test_a_retention_that_has_run_is_told_the_day_after_to_the_records_officer() -> None:
    (one,) = occurrences(LADDERS[ClockKind.RETENTION], A_SATURDAY, OPEN_EVERY_DAY, after=None, until=LONG_AFTER)

    assert (one.day, one.step.to, one.step.also) == (date(2026, 2, 1), Channel.RECORDS, (Role.RECORDS_OFFICER,))


def test_a_task_stays_in_its_channel_and_from_the_second_day_also_goes_to_decisions_and_the_director() -> None:
    told = occurrences(LADDERS[ClockKind.TASK], A_SATURDAY, OPEN_EVERY_DAY, after=None, until=LONG_AFTER)

    assert [one.key for one in told[:3]] == ["T-0", "overdue:2026-02-01", "overdue-2:2026-02-02"]
    assert [one.step.channels for one in told[:3]] == [
        (Channel.SOCIAL_MEDIA,),
        (Channel.SOCIAL_MEDIA,),
        (Channel.SOCIAL_MEDIA, Channel.DECISIONS),
    ]
    assert [one.step.also for one in told[1:3]] == [(), (Role.DIRECTOR,)]


def test_a_patron_s_question_is_remembered_where_it_is_answered() -> None:
    assert {step.to for step in ladder_for("reply_by", ClockKind.DUTY)} == {Channel.SOCIAL_MEDIA}
    assert all(Role.BOARD_CHAIR not in step.also for step in ladder_for("reply_by", ClockKind.DUTY))


def test_a_clock_with_a_level_has_the_ladder_of_its_name_and_else_of_its_kind() -> None:
    assert ladder_for("reply_by.branch", ClockKind.DUTY) == ladder_for("reply_by", ClockKind.DUTY)
    assert ladder_for("appeal_by.board", ClockKind.RIGHT) == LADDERS[ClockKind.RIGHT]


@pytest.mark.parametrize("ladder", [*LADDERS.values(), *OVERRIDES.values()])
def test_no_ladder_uses_a_key_twice(ladder: tuple[Step, ...]) -> None:
    assert len({step.key for step in ladder}) == len(ladder)


def test_every_kind_of_clock_has_a_ladder() -> None:
    assert set(LADDERS) == set(ClockKind)


def test_a_step_before_the_due_day_moves_to_the_open_day_before_and_one_after_it_to_the_next() -> None:
    monday_after_a_closed_monday = date(2026, 1, 20)

    assert plan(ClockKind.RIGHT, monday_after_a_closed_monday, WEEKDAYS_ONLY) == [
        ("T-2", date(2026, 1, 16)),
        ("passed", date(2026, 1, 21)),
    ]
    assert plan(ClockKind.RIGHT, date(2026, 1, 16), WEEKDAYS_ONLY) == [
        ("T-2", date(2026, 1, 14)),
        ("passed", date(2026, 1, 20)),
    ]


def test_the_reminder_of_a_due_day_that_is_closed_goes_out_before_it() -> None:
    assert ("T-0", date(2026, 1, 30)) in plan(ClockKind.DUTY, A_SATURDAY, WEEKDAYS_ONLY)


def test_of_two_steps_on_one_day_only_the_later_is_sent() -> None:
    told = plan(ClockKind.DUTY, A_SATURDAY, WEEKDAYS_ONLY)

    assert [key for key, day in told if day == date(2026, 1, 30)] == ["T-0"]
    assert "T-1" not in [key for key, _ in told]


def test_a_daily_step_is_sent_on_every_open_day_and_on_no_other() -> None:
    told = plan(ClockKind.DUTY, A_SATURDAY, WEEKDAYS_ONLY, until=datetime(2026, 2, 10, tzinfo=UTC))

    assert [day for key, day in told if key.startswith("overdue")] == [
        date(2026, 2, 2),
        date(2026, 2, 3),
        date(2026, 2, 4),
        date(2026, 2, 5),
        date(2026, 2, 6),
        date(2026, 2, 9),
    ]


def test_a_step_that_is_no_more_than_once_yields_its_day_to_a_later_daily_one_and_else_takes_it() -> None:
    ladder = (
        Step(key="letter", days=2, to=Channel.RECORDS),
        Step(key="daily", days=1, to=Channel.RECORDS, daily=True),
    )
    told = occurrences(ladder, A_SATURDAY, OPEN_EVERY_DAY, after=None, until=datetime(2026, 2, 4, tzinfo=UTC))

    assert [one.key for one in told] == ["daily:2026-02-01", "letter", "daily:2026-02-03"]


def test_reminders_go_out_when_the_library_opens_in_winter_and_in_summer_time() -> None:
    calendar = Calendar(zone="America/New_York", closed_weekdays=frozenset(), opens_at=time(10, 30))
    ladder = (
        Step(key="winter", days=-1, to=Channel.RECORDS),
        Step(key="summer", days=0, to=Channel.RECORDS),
    )
    told = occurrences(ladder, date(2026, 3, 8), calendar, after=None, until=LONG_AFTER + timedelta(days=60))

    assert [one.at for one in told] == [
        datetime(2026, 3, 7, 15, 30, tzinfo=UTC),
        datetime(2026, 3, 8, 14, 30, tzinfo=UTC),
    ]


def test_what_is_asked_for_after_an_instant_excludes_it_and_until_an_instant_includes_it() -> None:
    opens = datetime(2026, 1, 29, 14, tzinfo=UTC)
    ladder = LADDERS[ClockKind.RIGHT]

    assert occurrences(ladder, A_SATURDAY, OPEN_EVERY_DAY, after=opens, until=opens) == []
    (one,) = occurrences(ladder, A_SATURDAY, OPEN_EVERY_DAY, after=opens - timedelta(seconds=1), until=opens)
    assert (one.key, one.at) == ("T-2", opens)


def test_a_ladder_that_is_not_daily_has_an_end() -> None:
    last = datetime(2026, 2, 1, 14, tzinfo=UTC)
    ladder = LADDERS[ClockKind.RIGHT]

    before = next_occurrence(ladder, A_SATURDAY, OPEN_EVERY_DAY, after=last - timedelta(seconds=1))
    assert before is not None
    assert before.key == "passed"
    assert next_occurrence(ladder, A_SATURDAY, OPEN_EVERY_DAY, after=last) is None


def test_an_overdue_duty_is_still_remembered_years_later() -> None:
    one = next_occurrence(LADDERS[ClockKind.DUTY], A_SATURDAY, WEEKDAYS_ONLY, after=datetime(2031, 5, 3, tzinfo=UTC))

    assert one is not None
    assert (one.key, one.at) == ("overdue-3:2031-05-05", datetime(2031, 5, 5, 13, tzinfo=UTC))


def test_a_clock_that_starts_late_is_not_reminded_of_what_is_past() -> None:
    started = datetime(2026, 1, 28, 20, tzinfo=UTC)
    told = occurrences(LADDERS[ClockKind.DUTY], A_SATURDAY, OPEN_EVERY_DAY, after=started, until=LONG_AFTER)

    assert [one.key for one in told[:3]] == ["T-2", "T-1", "T-0"]


@settings(max_examples=250, deadline=None)
@given(
    ladder=st.sampled_from([*LADDERS.values(), *OVERRIDES.values()]),
    due=st.dates(date(2024, 1, 1), date(2040, 12, 31)),
    zone=st.sampled_from(US_ZONES),
    closed_weekdays=st.sets(st.integers(1, 7), max_size=6),
    closed_for=st.sets(st.integers(-14, 14)),
    started=st.integers(-20, 20),
)
def test_whatever_is_closed_reminders_come_on_open_days_once_a_day_in_order_and_never_late(
    *,
    ladder: tuple[Step, ...],
    due: date,
    zone: str,
    closed_weekdays: set[int],
    closed_for: set[int],
    started: int,
) -> None:
    closures = {due + timedelta(days=day): "Flood" for day in closed_for}
    calendar = Calendar(zone=zone, closed_weekdays=frozenset(closed_weekdays), closures=closures)
    until = calendar.end_of(due + timedelta(days=21))
    every = occurrences(ladder, due, calendar, after=None, until=until)

    assert all(calendar.is_open(one.at) and calendar.local_date(one.at) == one.day for one in every)
    assert all(one.day < later.day for one, later in pairwise(every))
    assert len({one.key for one in every}) == len(every)
    assert all(one.day <= due + timedelta(days=one.step.days) for one in every if one.step.days <= 0)
    assert all(one.day >= due + timedelta(days=one.step.days) for one in every if one.step.days > 0)
    if any(step.days == 0 for step in ladder):
        assert max(one.day for one in every if one.step.days <= 0) == calendar.previous_open(due)
    if any(step.daily for step in ladder):
        first = min(step.days for step in ladder if step.daily)
        from_then_on = [due + timedelta(days=n) for n in range(first, 22)]
        told = [one.day for one in every if one.day >= due + timedelta(days=first)]
        assert told == [day for day in from_then_on if not calendar.why_closed(day)]

    after = calendar.end_of(due + timedelta(days=started))
    assert occurrences(ladder, due, calendar, after=after, until=until) == [one for one in every if one.at > after]
    walked, at = [], after
    while (one := next_occurrence(ladder, due, calendar, after=at)) is not None and one.at <= until:
        walked.append(one)
        at = one.at
    assert walked == [one for one in every if one.at > after]
