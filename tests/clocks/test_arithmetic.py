"""Due dates with their proof: what each rule of arithmetic comes to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.clocks.arithmetic import (
    DueDate,
    due_date,
    due_dates,
    later_of,
    parse_happening,
    parse_period,
    practice_date,
)
from bot.clocks.calendar import Calendar, seeded_closures
from bot.clocks.counting import add
from bot.policy.book import Practice
from bot.policy.terms import ClockKind, Event, Modality, Stance, Unit
from bot.refusal import Mistake, Refusal
from tests.clocks.packs import ELM, a_period, a_period_of_a_law, a_silence

CALENDAR = Calendar(zone="America/New_York", closures=seeded_closures("MA", [2026, 2027]))
MEETINGS = (date(2026, 3, 10), date(2026, 1, 13), date(2026, 2, 10), date(2026, 2, 10))
A_FRIDAY = date(2026, 1, 16)


def counted(n: int, unit: Unit, day: date = A_FRIDAY, calendar: Calendar = CALENDAR) -> date:
    return add(n, unit, day, calendar).day


def a_due_date(n: int = 15, unit: Unit = Unit.DAYS, kind: ClockKind = ClockKind.DUTY, *, roll: bool = False) -> DueDate:
    rule = a_period(n, unit, kind)
    return due_date(rule, event=Event.APPEAL_RECEIVED, on=A_FRIDAY, pack=ELM, calendar=CALENDAR, roll_practice=roll)


def test_the_day_of_the_event_is_day_0_and_the_last_day_counts_to_local_midnight() -> None:
    due = a_due_date(15)

    assert due.due == date(2026, 1, 31)
    assert due.open_until_utc == datetime(2026, 2, 1, 5, tzinfo=UTC)
    assert due.proof == (
        "Day 0 is Friday 16 January 2026, the day the appeal was received.",
        (
            "15 calendar days later is Saturday 31 January 2026; the last day counts and runs to midnight in "
            "America/New_York."
        ),
        "Saturday 31 January 2026 is a closed day (Saturday); the date stays, as no rule or practice moves it.",
    )


def test_a_due_date_says_what_it_rests_on() -> None:
    (appeal, retain), silent = due_dates(Event.CONTENT_REMOVED, on=A_FRIDAY, pack=ELM, calendar=CALENDAR)

    assert (appeal.clock, appeal.kind, appeal.verb) == ("appeal_by", ClockKind.RIGHT, Modality.MAY)
    assert (appeal.rule, appeal.label) == ("R02", "A patron may appeal")
    assert appeal.source == "Social Media Policy, Section 2, item 4"
    assert appeal.stated
    assert appeal.assumed == ("the policy does not say from when the days run; the day of the act was taken",)
    assert (appeal.event, appeal.happened_on) == (Event.CONTENT_REMOVED, A_FRIDAY)
    assert (retain.clock, retain.due) == ("retain_through", date(2027, 1, 16))
    assert silent == ()


@pytest.mark.parametrize(
    ("n", "unit", "day", "due"),
    [
        (1, Unit.MONTHS, date(2026, 1, 31), date(2026, 2, 28)),
        (1, Unit.MONTHS, date(2028, 1, 31), date(2028, 2, 29)),
        (1, Unit.MONTHS, date(2026, 2, 28), date(2026, 3, 28)),
        (3, Unit.MONTHS, date(2025, 11, 30), date(2026, 2, 28)),
        (12, Unit.MONTHS, date(2026, 12, 31), date(2027, 12, 31)),
        (6, Unit.MONTHS, date(2026, 8, 31), date(2027, 2, 28)),
        (1, Unit.YEARS, date(2028, 2, 29), date(2029, 2, 28)),
        (4, Unit.YEARS, date(2028, 2, 29), date(2032, 2, 29)),
        (1, Unit.YEARS, date(2027, 2, 28), date(2028, 2, 28)),
        (2, Unit.WEEKS, date(2026, 2, 20), date(2026, 3, 6)),
        (15, Unit.DAYS, date(2028, 2, 20), date(2028, 3, 6)),
        (15, Unit.DAYS, date(2026, 2, 28), date(2026, 3, 15)),
        (15, Unit.DAYS, date(2026, 10, 25), date(2026, 11, 9)),
        (1, Unit.HOURS, date(2026, 2, 28), date(2026, 3, 1)),
        (24, Unit.HOURS, date(2026, 2, 28), date(2026, 3, 1)),
        (25, Unit.HOURS, date(2026, 2, 28), date(2026, 3, 2)),
    ],
)
def test_periods_end_where_the_calendar_says(n: int, unit: Unit, day: date, due: date) -> None:
    assert counted(n, unit, day) == due


@pytest.mark.parametrize("unit", list(Unit))
def test_a_period_of_nothing_ends_on_the_day_itself(unit: Unit) -> None:
    assert counted(0, unit) == A_FRIDAY


def test_a_month_without_the_day_ends_on_its_last_and_the_proof_says_so() -> None:
    due = due_date(
        a_period(1, Unit.MONTHS), event=Event.APPEAL_RECEIVED, on=date(2026, 1, 31), pack=ELM, calendar=CALENDAR
    )

    assert "February 2026 has no day 31, so its last day is taken." in due.proof


def test_business_days_skip_weekends_and_closures_and_the_proof_lists_them() -> None:
    due = a_due_date(2, Unit.BUSINESS_DAYS)

    assert due.due == date(2026, 1, 21)
    assert "skipped: 2 weekly closed days, Martin Luther King Jr. Day (Monday 19 January 2026)." in due.proof[1]


def test_business_days_from_a_closed_day_begin_to_count_on_the_next_open_day() -> None:
    assert counted(1, Unit.BUSINESS_DAYS, date(2026, 1, 17)) == date(2026, 1, 20)


def test_a_library_that_opens_on_saturdays_counts_them_as_business_days() -> None:
    sundays_off = Calendar(zone="America/New_York", closed_weekdays=frozenset({7}))

    assert counted(1, Unit.BUSINESS_DAYS, calendar=sundays_off) == date(2026, 1, 17)


def test_meetings_are_counted_from_the_day_after_and_each_day_once() -> None:
    board = Calendar(zone="America/New_York", meetings=MEETINGS)

    assert counted(1, Unit.MEETINGS, date(2026, 1, 12), board) == date(2026, 1, 13)
    assert counted(1, Unit.MEETINGS, date(2026, 1, 13), board) == date(2026, 2, 10)
    assert counted(2, Unit.MEETINGS, date(2026, 1, 13), board) == date(2026, 3, 10)


def test_a_date_that_needs_meetings_the_calendar_lacks_is_refused_with_what_to_do() -> None:
    with pytest.raises(Refusal, match=r"2 regular Board meetings after 16 January 2026.* lists none\. Add the Board's"):
        counted(2, Unit.MEETINGS)
    with pytest.raises(Refusal, match="lists only 2"):
        counted(3, Unit.MEETINGS, calendar=replace(CALENDAR, meetings=MEETINGS))


def test_a_missing_meeting_does_not_hide_the_dates_that_can_be_counted() -> None:
    dated, silent = due_dates(Event.APPEAL_RECEIVED, on=A_FRIDAY, pack=ELM, calendar=CALENDAR)

    assert [due.clock for due in dated] == ["decide_appeal_by"]
    assert [(one.clock, one.stance) for one in silent] == [("decide_appeal_by.board", Stance.STATED)]
    assert "Add the Board's meeting dates" in silent[0].why


def test_an_opening_opens_on_the_day_and_has_no_end() -> None:
    (_, _, opens), _ = due_dates(Event.BLOCK_APPLIED, on=A_FRIDAY, pack=ELM, calendar=CALENDAR)

    assert (opens.clock, opens.due, opens.open_until_utc) == ("reinstatement_from", date(2026, 7, 16), None)
    assert opens.proof[-1] == "6 months later is Thursday 16 July 2026; it opens that day."


def test_a_record_is_kept_through_the_anniversary() -> None:
    (_, retain), _ = due_dates(Event.CONTENT_REMOVED, on=A_FRIDAY, pack=ELM, calendar=CALENDAR)

    assert retain.due == date(2027, 1, 16)
    assert retain.open_until_utc == datetime(2027, 1, 17, 5, tzinfo=UTC)
    assert "kept through that day" in retain.proof[1]


def test_a_statute_is_counted_on_the_federal_calendar_whatever_the_library_closes_for() -> None:
    snowed_in = {date(2026, 10, 1) + timedelta(days=n): "Snow" for n in range(30)}
    calendar = Calendar(zone="America/New_York", closures=snowed_in)

    (opens, by), _ = due_dates(Event.COUNTER_NOTICE_RECEIVED, on=date(2026, 10, 1), pack=ELM, calendar=calendar)

    assert (opens.due, by.due) == (date(2026, 10, 16), date(2026, 10, 22))
    assert "Columbus Day (Monday 12 October 2026)" in by.proof[2]
    assert by.proof[1] == "Counted on the federal calendar, which the statute uses."


def test_a_period_of_a_law_the_policy_follows_is_counted_and_never_shown_as_the_policy_s_own() -> None:
    law = a_period_of_a_law(14, Unit.BUSINESS_DAYS)

    due = due_date(law, event=Event.COUNTER_NOTICE_RECEIVED, on=date(2026, 10, 1), pack=ELM, calendar=CALENDAR)

    assert (due.due, due.stated) == (date(2026, 10, 22), False)
    assert due.source == "Social Media Policy, Section 1; 17 U.S.C. 512(g)(2)(C)"
    assert due.assumed == ("the days are the statute's",)
    assert due.proof[1] == (
        "The period is not the policy's own: 17 U.S.C. 512(g)(2)(C) sets it (the policy follows the statute)."
    )


def test_a_law_that_is_followed_without_a_period_gives_no_date() -> None:
    with pytest.raises(Refusal, match="sets no date"):
        due_date(a_silence(Stance.DELEGATED), event=Event.APPEAL_RECEIVED, on=A_FRIDAY, pack=ELM, calendar=CALENDAR)


def test_what_the_policy_leaves_open_gets_no_date_and_keeps_its_reason() -> None:
    dated, silent = due_dates(Event.REINSTATEMENT_REQUESTED, on=A_FRIDAY, pack=ELM, calendar=CALENDAR)

    assert dated == ()
    assert [(one.clock, one.event, one.why, one.stance) for one in silent] == [
        (
            "decide_reinstatement_by",
            Event.REINSTATEMENT_REQUESTED,
            "no time for an answer is given",
            Stance.SILENT,
        )
    ]


def test_an_event_nobody_asks_about_starts_nothing() -> None:
    assert due_dates(Event.NOTICE_SENT, on=A_FRIDAY, pack=ELM, calendar=CALENDAR) == ((), ())


def test_a_silent_clock_cannot_be_given_a_date() -> None:
    with pytest.raises(Refusal, match="sets no date for decide_appeal_by: no time for an answer is given"):
        due_date(a_silence(), event=Event.APPEAL_RECEIVED, on=A_FRIDAY, pack=ELM, calendar=CALENDAR)


def test_an_instant_is_no_local_date_and_is_not_counted_from() -> None:
    with pytest.raises(TypeError, match=r"Calendar\.local_date"):
        due_dates(Event.CONTENT_REMOVED, on=datetime(2026, 1, 16, tzinfo=UTC), pack=ELM, calendar=CALENDAR)


@pytest.mark.parametrize("unit", [Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS, Unit.HOURS])
def test_a_period_beyond_all_calendars_is_refused(unit: Unit) -> None:
    with pytest.raises(Refusal, match="beyond the year 9998"):
        counted(10**12, unit)


def test_business_days_beyond_all_calendars_are_refused() -> None:
    with pytest.raises(Refusal, match="beyond the year 9998"):
        counted(300, Unit.BUSINESS_DAYS, date(9998, 12, 1))


def test_the_last_day_of_all_calendars_has_no_end_and_is_refused() -> None:
    with pytest.raises(Refusal, match="beyond the year 9998"):
        counted(1, Unit.DAYS, date(9999, 12, 30))


def test_nothing_rolls_off_a_closed_day_unless_a_practice_says_so() -> None:
    due = a_due_date(15)

    assert (due.due, due.closed_day, due.rolled_to) == (date(2026, 1, 31), "Saturday", None)


def test_the_roll_practice_moves_a_closed_last_day_and_shows_both_dates_and_that_it_is_practice() -> None:
    due = a_due_date(15, roll=True)

    assert (due.due, due.rolled_to, due.closed_day) == (date(2026, 2, 2), date(2026, 2, 2), "Saturday")
    assert due.open_until_utc == datetime(2026, 2, 3, 5, tzinfo=UTC)
    assert "Saturday 31 January 2026" in due.proof[-1]
    assert "Library practice, not in policy" in due.proof[-1]
    assert "Monday 2 February 2026" in due.proof[-1]


def test_the_roll_practice_leaves_an_open_last_day_alone() -> None:
    due = a_due_date(14, roll=True)

    assert (due.due, due.closed_day, due.rolled_to) == (date(2026, 1, 30), "", None)


@pytest.mark.parametrize("kind", [ClockKind.OPENS, ClockKind.RETENTION])
def test_the_roll_practice_never_moves_an_opening_or_a_retention(kind: ClockKind) -> None:
    due = a_due_date(15, kind=kind, roll=True)

    assert (due.due, due.rolled_to) == (date(2026, 1, 31), None)


def a_practice(value: str) -> Practice:
    return Practice(
        key="clock.decide_reinstatement_by", value=value, approved_by="the Board", approved_on=date(2025, 9, 9)
    )


def test_a_period_the_library_chose_where_the_policy_is_silent_is_labelled_practice() -> None:
    practice = a_practice("30 days")

    (due,), silent = due_dates(
        Event.REINSTATEMENT_REQUESTED, on=A_FRIDAY, pack=ELM, calendar=CALENDAR, practices={practice.key: practice}
    )

    assert (due.due, due.stated, silent) == (date(2026, 2, 15), False, ())
    assert due.source == "library practice, not in policy (approved by the Board, 9 September 2025)"
    assert "The policy is silent (no time for an answer is given)" in due.proof[1]
    assert "library practice, not in policy" in due.proof[1]


def test_a_practice_that_is_no_period_gives_no_date_and_says_why() -> None:
    practice = a_practice("soon")

    dated, (silence,) = due_dates(
        Event.REINSTATEMENT_REQUESTED, on=A_FRIDAY, pack=ELM, calendar=CALENDAR, practices={practice.key: practice}
    )

    assert dated == ()
    assert "'soon' is not a period" in silence.why


@pytest.mark.parametrize("stance", [Stance.NONE, Stance.DELEGATED, Stance.UNLIMITED])
def test_a_practice_never_stands_where_the_policy_has_answered(stance: Stance) -> None:
    with pytest.raises(Refusal, match="The policy is not silent about decide_appeal_by"):
        practice_date(
            a_silence(stance), a_practice("30 days"), event=Event.APPEAL_RECEIVED, on=A_FRIDAY, calendar=CALENDAR
        )


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("30 days", (30, Unit.DAYS)),
        (" 1 year ", (1, Unit.YEARS)),
        ("2 Business  days", (2, Unit.BUSINESS_DAYS)),
        ("1 meeting", (1, Unit.MEETINGS)),
    ],
)
def test_a_period_is_read_as_a_library_writes_it(text: str, period: tuple[int, Unit]) -> None:
    assert parse_period(text) == period


@pytest.mark.parametrize("text", ["", "days", "thirty days", "-3 days", "30", "30 s", "30 fortnights"])
def test_what_is_no_period_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(Mistake, match="as in 30 days"):
        parse_period(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-16", date(2026, 1, 16)),
        (" 2026-01-16 ", date(2026, 1, 16)),
        ("2026-01-16T23:30-05:00", date(2026, 1, 16)),
        ("2026-01-16T23:30", date(2026, 1, 16)),
        ("2026-01-17T04:30Z", date(2026, 1, 16)),
        ("2026-01-17T05:00Z", date(2026, 1, 17)),
        ("2026-07-17T03:59:59Z", date(2026, 7, 16)),
        ("2026-07-17T04:00:00Z", date(2026, 7, 17)),
        ("2026-03-08T02:30", date(2026, 3, 8)),
        ("2026-11-01T01:30-04:00", date(2026, 11, 1)),
        ("2026-01-16T20:30-09:00", date(2026, 1, 17)),
    ],
)
def test_what_happened_is_dated_in_the_library_s_zone(text: str, day: date) -> None:
    assert parse_happening(text, "America/New_York") == day


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "16/01/2026", "2026-01-16T25:00", "0001-01-01T00:00Z"])
def test_what_is_no_date_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(Mistake, match="Write it as 2026-01-16"):
        parse_happening(text, "America/New_York")


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(Mistake, match="no time zone called 'Chicopee'"):
        parse_happening("2026-01-16", "Chicopee")


def test_a_date_somebody_was_told_is_never_shortened_and_both_are_shown() -> None:
    reproved = a_due_date(15)

    kept = later_of(date(2026, 2, 4), reproved, calendar=CALENDAR)

    assert kept.due == date(2026, 2, 4)
    assert kept.open_until_utc == datetime(2026, 2, 5, 5, tzinfo=UTC)
    assert (kept.closed_day, kept.rolled_to) == ("", None)
    assert kept.proof == (
        *reproved.proof,
        (
            "Told before: Wednesday 4 February 2026. Counted again: Saturday 31 January 2026. The later counts: "
            "Wednesday 4 February 2026, because a date somebody was told is never shortened."
        ),
    )


def test_a_correction_that_gives_more_time_counts_and_both_are_shown() -> None:
    reproved = a_due_date(15)

    kept = later_of(a_due_date(10), reproved, calendar=CALENDAR)

    assert (kept.due, kept.open_until_utc) == (reproved.due, reproved.open_until_utc)
    assert "Told before: Monday 26 January 2026. Counted again: Saturday 31 January 2026." in kept.proof[-1]


def test_a_told_date_is_kept_as_it_was_told_and_not_as_one_that_rolled() -> None:
    kept = later_of(date(2026, 2, 8), a_due_date(15, roll=True), calendar=CALENDAR)

    assert (kept.due, kept.closed_day, kept.rolled_to) == (date(2026, 2, 8), "Sunday", None)


def test_the_same_date_again_changes_nothing() -> None:
    assert later_of(date(2026, 1, 31), a_due_date(15), calendar=CALENDAR) == a_due_date(15)


def test_an_opening_that_was_told_for_later_stays_open_ended() -> None:
    kept = later_of(date(2026, 3, 2), a_due_date(kind=ClockKind.OPENS), calendar=CALENDAR)

    assert (kept.due, kept.open_until_utc) == (date(2026, 3, 2), None)
