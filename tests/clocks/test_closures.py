"""Closed days from a calendar file."""

from datetime import date

import pytest

from bot.clocks.closures import LARGEST, Imported, read_ics
from bot.refusal import Mistake


def a_calendar(*events: str, name: str = "") -> bytes:
    named = f"X-WR-CALNAME:{name}\n" if name else ""
    begun = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Elm//Closed days//EN\n"
    held = "".join(f"BEGIN:VEVENT\nUID:{number}@elm\n{event}\nEND:VEVENT\n" for number, event in enumerate(events))
    return f"{begun}{named}{held}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def closed(raw: bytes, *years: int) -> dict[date, str]:
    return read_ics(raw, years or (2026,)).closures


def test_a_whole_day_that_says_closed_is_a_closure() -> None:
    raw = a_calendar("DTSTART;VALUE=DATE:20260416\nSUMMARY:Library closed: staff day")

    assert closed(raw) == {date(2026, 4, 16): "Library closed: staff day"}


def test_the_end_of_an_event_is_the_day_after_its_last() -> None:
    raw = a_calendar("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\nSUMMARY:Closed for Christmas")

    assert list(closed(raw)) == [date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26)]


def test_a_closure_that_comes_every_year_is_followed_with_its_exceptions() -> None:
    raw = a_calendar(
        "DTSTART;VALUE=DATE:20200704\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20270704\nSUMMARY:Holiday: 4 July"
    )

    assert list(closed(raw, 2026, 2027, 2028)) == [date(2026, 7, 4), date(2028, 7, 4)]


def test_one_day_of_many_that_was_moved_or_called_off_is() -> None:
    raw = a_calendar(
        "DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=MONTHLY;COUNT=4\nSUMMARY:Closed",
    ).replace(
        b"END:VCALENDAR",
        b"BEGIN:VEVENT\r\nUID:0@elm\r\nRECURRENCE-ID;VALUE=DATE:20260205\r\nDTSTART;VALUE=DATE:20260206\r\n"
        b"SUMMARY:Closed\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:0@elm\r\nRECURRENCE-ID;VALUE=DATE:20260305\r\n"
        b"DTSTART;VALUE=DATE:20260305\r\nSTATUS:CANCELLED\r\nSUMMARY:Closed\r\nEND:VEVENT\r\nEND:VCALENDAR",
    )

    assert list(closed(raw)) == [date(2026, 1, 5), date(2026, 2, 6), date(2026, 4, 5)]


def test_an_early_closing_is_no_closed_day_and_is_told() -> None:
    found = read_ics(a_calendar("DTSTART:20261231T150000\nDTEND:20261231T200000\nSUMMARY:Closing at 3"), [2026])

    assert found == Imported(left_out=("Closing at 3: it has a time of day; only whole days are closed.",))


def test_a_whole_day_that_does_not_say_closed_waits_for_a_person() -> None:
    raw = a_calendar(
        "DTSTART;VALUE=DATE:20260601\nDTEND;VALUE=DATE:20260603\nSUMMARY:Summer reading begins",
        "DTSTART;VALUE=DATE:20260602\nSUMMARY:Closed for repairs",
    )

    found = read_ics(raw, [2026])

    assert found.others == {date(2026, 6, 1): "Summer reading begins"}
    assert found.closures == {date(2026, 6, 2): "Closed for repairs"}


def test_in_a_calendar_of_closures_every_whole_day_is_one() -> None:
    raw = a_calendar("DTSTART;VALUE=DATE:20260525\nSUMMARY:Memorial Day", name="Library closures")

    assert closed(raw) == {date(2026, 5, 25): "Memorial Day"}


def test_other_years_stay_out() -> None:
    raw = a_calendar("DTSTART;VALUE=DATE:20251230\nDTEND;VALUE=DATE:20260103\nSUMMARY:Closed")

    assert list(closed(raw, 2026)) == [date(2026, 1, 1), date(2026, 1, 2)]
    assert read_ics(raw, []) == Imported()


def test_an_event_of_years_is_left_out_and_told() -> None:
    found = read_ics(a_calendar("DTSTART;VALUE=DATE:20200101\nDTEND;VALUE=DATE:20300101\nSUMMARY:Closed"), [2026])

    assert found == Imported(left_out=("Closed: it lasts more than 366 days.",))


@pytest.mark.parametrize("raw", [b"", b"Closed on Monday", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\x89PNG\0\0"])
def test_what_is_no_calendar_is_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(Mistake, match=r"^This is no calendar file that can be read\."):
        read_ics(raw, [2026])


def test_a_file_that_is_far_too_large_is_not_read() -> None:
    with pytest.raises(Mistake, match="larger than 5 MB"):
        read_ics(b"B" * (LARGEST + 1), [2026])


def test_what_repeats_every_second_is_refused() -> None:
    with pytest.raises(Mistake, match="repeats more often than daily"):
        read_ics(a_calendar("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=SECONDLY\nSUMMARY:Closed"), [2026])


def test_a_long_or_empty_name_is_made_fit() -> None:
    long = a_calendar(f"DTSTART;VALUE=DATE:20260101\nSUMMARY:Closed {'so ' * 60}")
    nameless = a_calendar("DTSTART;VALUE=DATE:20260101", name="Closures")

    assert len(closed(long)[date(2026, 1, 1)]) == 80
    assert closed(nameless) == {date(2026, 1, 1): "closed"}
