"""What hangs on a meeting, and what is counted back, against a second way of counting: one day at a time."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.clocks.arithmetic import DueDate, due_date, due_dates, practice_date, term_end
from bot.clocks.calendar import Calendar
from bot.clocks.counting import back, count, last_day_for
from bot.policy.book import Practice
from bot.policy.pack import ClockRule, Cutoff, DaysRule, Sanction, Span
from bot.policy.terms import Action, ClockKind, ClockName, Ends, Event, Stance, Term, Unit
from bot.refusal import Refusal
from tests.clocks.packs import ELM, a_period, a_silence
from tests.clocks.test_counting import DAYS, ONE, calendars, ends_a_month, walk
from tests.policy.sixth import JUNIPER

OFFSETS = st.sampled_from([unit for unit in Unit if unit is not Unit.MEETINGS])
SPANS = st.builds(Span, n=st.integers(1, 60), unit=OFFSETS)
CUTOFFS = st.one_of(
    st.builds(Cutoff, day=st.integers(1, 31), months_before=st.integers(0, 3)), st.builds(Cutoff, before=SPANS)
)
MONTHLY = tuple(date(2026, month, 10) for month in range(1, 13))
CALENDAR = Calendar(zone="America/New_York", meetings=MONTHLY)


def retreat(n: int, unit: Unit, day: date, calendar: Calendar) -> date:
    """Count back slowly: step over single days and ask of each whether it is one that counts."""
    start, left = day, n
    if unit is Unit.WEEKS:
        left = 7 * n
    if unit is Unit.HOURS:
        left = sum(1 for hour in range(n) if hour % 24 == 0)
    while left:
        day -= ONE
        match unit:
            case Unit.MONTHS:
                left -= ends_a_month(start, day)
            case Unit.YEARS:
                left -= ends_a_month(start, day) and day.month == start.month
            case Unit.BUSINESS_DAYS:
                left -= day.isoweekday() not in calendar.closed_weekdays and day not in calendar.closures
            case _:
                left -= 1
    return day


def last_day_in(meeting: date, cutoff: Cutoff, calendar: Calendar) -> date:
    """The last day that counts for a meeting, found by turning the leaves of a calendar back from it."""
    if cutoff.before:
        return retreat(cutoff.before.n, cutoff.before.unit, meeting, calendar)
    day = meeting
    while (day + ONE).day != 1:
        day += ONE
    for _ in range(cutoff.months_before):
        while day.day != 1:
            day -= ONE
        day -= ONE
    assert cutoff.day is not None
    while day.day > cutoff.day:
        day -= ONE
    return day


def a_meeting(n: int, cutoff: Cutoff | None = None, after: Span | None = None, before: Span | None = None) -> ClockRule:
    rule = a_period(n, Unit.MEETINGS).model_dump()
    return ClockRule.model_validate({**rule, "cutoff": cutoff, "after_that": after, "before_that": before})


@settings(max_examples=200, deadline=None)
@given(span=SPANS, day=DAYS, calendar=calendars())
def test_a_span_counted_back_comes_out_as_when_counted_one_by_one(span: Span, day: date, calendar: Calendar) -> None:
    assert back(span, day, calendar).day == retreat(span.n, span.unit, day, calendar)


@settings(max_examples=200, deadline=None)
@given(cutoff=CUTOFFS, meeting=DAYS, calendar=calendars())
def test_the_last_day_for_a_meeting_is_the_one_the_leaves_of_a_calendar_show(
    cutoff: Cutoff, meeting: date, calendar: Calendar
) -> None:
    assert last_day_for(meeting, cutoff, calendar) == last_day_in(meeting, cutoff, calendar)


@settings(max_examples=300, deadline=None)
@given(
    n=st.integers(1, 4),
    cutoff=st.none() | CUTOFFS,
    after=st.none() | SPANS,
    before=st.none() | SPANS,
    day=DAYS,
    calendar=calendars(),
)
def test_what_hangs_on_a_meeting_comes_out_as_when_looked_up_by_hand(
    *, n: int, cutoff: Cutoff | None, after: Span | None, before: Span | None, day: date, calendar: Calendar
) -> None:
    assume(not (after and before))
    rule = a_meeting(n, cutoff, after, before)
    taking = sorted(
        {
            meeting
            for meeting in calendar.meetings
            if meeting > day and (cutoff is None or last_day_in(meeting, cutoff, calendar) >= day)
        }
    )
    if len(taking) < n:
        with pytest.raises(Refusal, match="calendar lists"):
            count(rule, day, calendar)
        return
    expected = taking[n - 1]
    if after:
        expected = walk(after.n, after.unit, expected, calendar)
    if before:
        expected = retreat(before.n, before.unit, expected, calendar)

    assert count(rule, day, calendar).day == expected


@settings(max_examples=200, deadline=None)
@given(
    n=st.integers(0, 60),
    unit=OFFSETS,
    after=st.none() | SPANS,
    before=st.none() | SPANS,
    day=DAYS,
    calendar=calendars(),
)
def test_a_period_with_one_more_after_or_before_it_is_counted_in_two_goes(
    *, n: int, unit: Unit, after: Span | None, before: Span | None, day: date, calendar: Calendar
) -> None:
    assume(not (after and before))
    rule = ClockRule.model_validate(
        {**a_period(n, unit).model_dump(), "after_that": after, "before_that": before},
    )
    expected = walk(n, unit, day, calendar)
    if after:
        expected = walk(after.n, after.unit, expected, calendar)
    if before:
        expected = retreat(before.n, before.unit, expected, calendar)

    counted = count(rule, day, calendar)

    assert counted.day == expected
    assert any("before day 0" in step for step in counted.steps) == (before is not None and expected < day)


@settings(max_examples=100, deadline=None)
@given(
    length=SPANS,
    term=st.sampled_from([Term.FIXED, Term.MINIMUM, Term.MAXIMUM]),
    ends=st.sampled_from([Ends.BY_ITSELF, Ends.ON_REQUEST]),
    day=DAYS,
    calendar=calendars(),
)
def test_a_sanction_has_run_its_time_on_the_day_counted_one_by_one(
    *, length: Span, term: Term, ends: Ends, day: date, calendar: Calendar
) -> None:
    step = a_step(term, length, ends)

    due = term_end(step, on=day, pack=ELM, calendar=calendar)

    assert isinstance(due, DueDate)
    assert due.due == walk(length.n, length.unit, day, calendar)
    assert (due.clock, due.kind, due.open_until_utc) == ("block_ends.step_2", ClockKind.OPENS, None)


def a_step(term: Term, length: Span | None, ends: Ends | None = None) -> Sanction:
    return Sanction(
        code="step_2",
        label="A while off the pages",
        rule="R01",
        action=Action.BLOCK,
        occasion=2,
        term=term,
        length=length,
        ends=ends,
    )


def test_the_proof_of_a_second_level_names_the_meeting_that_is_missed_and_the_one_that_takes_it() -> None:
    rule = a_meeting(1, Cutoff(day=20, months_before=1), after=Span(n=10, unit=Unit.DAYS))

    due = due_date(rule, event=Event.APPEAL_RECEIVED, on=date(2026, 2, 21), pack=ELM, calendar=CALENDAR)

    assert due.due == date(2026, 4, 20)
    assert due.proof == (
        "Day 0 is Saturday 21 February 2026, the day the appeal was received.",
        "Regular Board meetings after day 0: 10 March 2026, 10 April 2026.",
        "To come before a meeting it has to be in by day 20 of the month before.",
        "The meeting of 10 March 2026 takes what is in by 20 February 2026, so not this.",
        "The meeting of 10 April 2026 takes what is in by 20 March 2026, so this as well.",
        "Meeting number 1 that takes it is Friday 10 April 2026.",
        (
            "10 calendar days after that is Monday 20 April 2026; the last day counts and runs to midnight in "
            "America/New_York."
        ),
    )


def test_papers_are_due_so_many_days_before_the_meeting() -> None:
    rule = a_meeting(1, before=Span(n=7, unit=Unit.DAYS))

    due = due_date(rule, event=Event.APPEAL_RECEIVED, on=date(2026, 2, 21), pack=ELM, calendar=CALENDAR)

    assert due.due == date(2026, 3, 3)
    assert due.proof[-2:] == (
        "Regular Board meeting number 1 after that is Tuesday 10 March 2026.",
        (
            "7 calendar days before that is Tuesday 3 March 2026; the last day counts and runs to midnight in "
            "America/New_York."
        ),
    )


def test_papers_that_were_due_before_the_appeal_came_are_said_to_be() -> None:
    rule = a_meeting(1, before=Span(n=7, unit=Unit.DAYS))

    due = due_date(rule, event=Event.APPEAL_RECEIVED, on=date(2026, 3, 5), pack=ELM, calendar=CALENDAR)

    assert due.due == date(2026, 3, 3)
    assert (
        "Tuesday 3 March 2026 is before day 0: by this rule the day was over when it began. Ask who set it."
        in due.proof
    )


def test_the_day_of_the_cutoff_still_counts() -> None:
    rule = a_meeting(1, Cutoff(before=Span(n=14, unit=Unit.DAYS)))

    assert count(rule, date(2026, 2, 24), CALENDAR).day == date(2026, 3, 10)
    assert count(rule, date(2026, 2, 25), CALENDAR).day == date(2026, 4, 10)


def test_a_month_without_the_day_of_the_cutoff_ends_on_its_last() -> None:
    assert last_day_for(date(2026, 3, 10), Cutoff(day=31, months_before=1), CALENDAR) == date(2026, 2, 28)
    assert last_day_for(date(2028, 3, 10), Cutoff(day=30, months_before=1), CALENDAR) == date(2028, 2, 29)
    assert last_day_for(date(2026, 1, 10), Cutoff(day=20, months_before=2), CALENDAR) == date(2025, 11, 20)


def test_a_least_period_says_in_its_proof_that_it_may_be_longer() -> None:
    rule = a_period(3, Unit.YEARS, ClockKind.RETENTION).model_copy(update={"bound": "at_least"})

    due = due_date(rule, event=Event.APPEAL_RECEIVED, on=date(2026, 1, 16), pack=ELM, calendar=CALENDAR)

    assert due.proof[-1] == "The policy says at least so long: it may be longer."


def test_what_lasts_for_good_or_no_time_has_no_end() -> None:
    for_good = term_end(a_step(Term.PERMANENT, None), on=date(2026, 1, 16), pack=ELM, calendar=CALENDAR)
    a_warning = term_end(a_step(Term.NONE, None), on=date(2026, 1, 16), pack=ELM, calendar=CALENDAR)

    assert not isinstance(for_good, DueDate)
    assert not isinstance(a_warning, DueDate)
    assert (for_good.stance, a_warning.stance) == (Stance.UNLIMITED, Stance.NONE)


def test_a_block_whose_time_has_run_is_lifted_by_a_person() -> None:
    step = a_step(Term.FIXED, Span(n=30, unit=Unit.DAYS), Ends.BY_ITSELF)

    due = term_end(step, on=date(2026, 1, 16), pack=ELM, calendar=CALENDAR)

    assert isinstance(due, DueDate)
    assert due.proof[-2].endswith("the block has run its time that day, and a person lifts it.")
    assert due.qualifier == "it ends by itself, and a person lifts it on the accounts"


def test_a_policy_can_move_a_closed_last_day_and_then_no_practice_is_needed() -> None:
    moves = ELM.model_copy(update={"days": DaysRule(rule="R01", closed_last_day="next_open")})
    rule = a_period(15, Unit.DAYS)

    due = due_date(rule, event=Event.APPEAL_RECEIVED, on=date(2026, 1, 16), pack=moves, calendar=CALENDAR)

    assert (due.due, due.rolled_to) == (date(2026, 2, 2), date(2026, 2, 2))
    assert due.proof[-1] == (
        "Saturday 31 January 2026 is a closed day (Saturday). The policy (Social Media Policy, Section 1): a last day "
        "that is closed moves to the next open day, Monday 2 February 2026."
    )


def test_where_the_policy_says_that_a_last_day_stays_no_practice_moves_it() -> None:
    stays = ELM.model_copy(update={"days": DaysRule(rule="R01", closed_last_day="stays")})
    rule = a_period(15, Unit.DAYS)

    due = due_date(
        rule, event=Event.APPEAL_RECEIVED, on=date(2026, 1, 16), pack=stays, calendar=CALENDAR, roll_practice=True
    )

    assert (due.due, due.rolled_to) == (date(2026, 1, 31), None)


def test_a_practice_never_takes_over_the_shape_of_another_period() -> None:
    practice = Practice(key="clock.x", value="2 weeks", approved_by="Board", approved_on=date(2026, 1, 1))

    due = practice_date(a_silence(), practice, event=Event.APPEAL_RECEIVED, on=date(2026, 1, 16), calendar=CALENDAR)

    assert due.due == date(2026, 1, 16) + timedelta(days=14)


def test_a_clock_of_a_second_level_runs_only_at_that_level() -> None:
    def names(event: Event, level: str = "") -> list[str]:
        dues, silences = due_dates(event, on=date(2026, 1, 16), pack=JUNIPER, calendar=CALENDAR, level=level)
        return [due.clock for due in dues] + [silence.clock for silence in silences]

    assert names(Event.APPEAL_RECEIVED) == ["decide_appeal_by"]
    assert names(Event.APPEAL_RECEIVED, "board") == ["decide_appeal_by.board", "papers_by.board"]
    assert names(Event.APPEAL_DECIDED) == ["appeal_by.board"]
    assert names(Event.APPEAL_DECIDED, "board") == []
    assert names(Event.NOTICE_SENT) == ["appeal_by"]


def test_a_policy_of_one_level_runs_every_clock_it_has() -> None:
    dues, silences = due_dates(Event.APPEAL_RECEIVED, on=date(2026, 1, 16), pack=ELM, calendar=CALENDAR)

    names = [*(due.clock for due in dues), *(silence.clock for silence in silences)]
    assert names == ["decide_appeal_by", "decide_appeal_by.board"]
    assert ClockName.DECIDE_APPEAL_BY.value == dues[0].clock
