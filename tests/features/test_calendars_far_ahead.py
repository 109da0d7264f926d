"""A date years ahead: the public holidays and the Board's meetings go on by rule, and whoever reads it is told so."""

from datetime import date
from pathlib import Path

import pytest

from bot.policy import shelf
from tests.features.test_five_policies import library_under
from tests.features.under import sees, under
from tests.people import House, Somebody
from tests.policy.sixth import FOLDER


async def opens(alex: Somebody, label: str) -> None:
    """Open setup and press a button on it."""
    await alex.says("setup")
    await alex.presses(label)


async def test_a_holiday_of_a_year_nobody_has_entered_yet_is_no_business_day_and_the_date_says_what_was_counted(
    tmp_path: Path,
) -> None:
    desk = await under("cook_memorial", tmp_path)
    robin = desk.somebody("robin")
    await desk.house.jump_to(date(2029, 1, 12))

    asked = await robin.reports(track="Question")

    clock = (await desk.house.clocks(asked))["reply_by"]
    assert clock.due == date(2029, 1, 17)
    assert "Martin Luther King" in " ".join(clock.proof)
    assert clock.assumed[-1] == (
        "The library has not checked its closed days of 2029 yet; the public holidays of IL are counted."
    )
    await robin.says(f"show {asked}")
    assert "has not checked its closed days of 2029" in sees(robin)


async def test_a_date_in_a_year_that_is_entered_says_nothing_of_the_calendar(tmp_path: Path) -> None:
    desk = await under("cook_memorial", tmp_path)
    asked = await desk.somebody("robin").reports(track="Question")

    clock = (await desk.house.clocks(asked))["reply_by"]
    assert not [taken for taken in clock.assumed if "checked" in taken]


async def test_a_year_that_was_entered_and_edited_is_counted_as_the_library_has_it(tmp_path: Path) -> None:
    desk = await under("cook_memorial", tmp_path)
    robin, alex = desk.somebody("robin"), desk.somebody("alex")
    await opens(alex, "Closed day")
    await alex.fills(checked="2029")
    assert alex.reply.headline.startswith("Entered through 2029.")
    await opens(alex, "Closed day")
    await alex.fills(day="2029-01-15", name="")
    await desk.house.jump_to(date(2029, 1, 12))

    asked = await robin.reports(track="Question")

    clock = (await desk.house.clocks(asked))["reply_by"]
    assert clock.due == date(2029, 1, 16)
    assert not [taken for taken in clock.assumed if "checked" in taken]


async def test_a_holiday_reopened_in_a_later_year_stays_open_and_the_others_of_that_year_stay_closed(
    house: House,
) -> None:
    await opens(house.alex, "Closed day")
    await house.alex.fills(day="2030-04-15", name="")

    calendar = await house.calendar()
    assert calendar.closure(date(2030, 4, 15)) is None
    assert calendar.closure(date(2030, 7, 4)) == "Independence Day"
    assert calendar.closure(date(2029, 4, 16)) == "Patriots' Day"
    assert calendar.closure(date(2031, 4, 21)) == "Patriots' Day"


async def test_the_checklist_still_knows_the_next_closed_day_when_what_was_entered_has_run_out(house: House) -> None:
    await house.jump_to(date(2031, 7, 2))
    await house.alex.says("setup")

    assert "4 July 2031" in sees(house.alex)


async def test_another_state_takes_the_holidays_of_the_old_one_away_and_keeps_what_the_library_did_itself(
    house: House,
) -> None:
    await opens(house.alex, "Name, time zone and closed days")
    await house.alex.fills(state="IL")
    await opens(house.alex, "Closed day")
    await house.alex.fills(day="2026-10-30", name="Staff day")
    await opens(house.alex, "Closed day")
    await house.alex.fills(day="2026-07-03", name="")
    pulaski = date(2026, 3, 2)
    assert "Pulaski" in (await house.calendar()).closures[pulaski]

    await opens(house.alex, "Name, time zone and closed days")
    await house.alex.fills(state="MA")

    after = (await house.calendar()).closures
    assert pulaski not in after
    assert after[date(2026, 4, 20)] == "Patriots' Day"
    assert after[date(2026, 10, 30)] == "Staff day"
    assert date(2026, 7, 3) not in after


async def test_a_state_that_is_not_known_is_said_beside_its_field_and_nothing_typed_is_lost(house: House) -> None:
    before = await house.calendar()
    await opens(house.alex, "Name, time zone and closed days")
    await house.alex.fills(state="ZZ", name="Elm House")

    assert "no US state" in house.alex.page.errors["state"]
    assert house.alex.page.values["name"] == ("Elm House",)
    assert await house.calendar() == before


async def test_the_rule_of_the_boards_meetings_goes_on_after_the_years_it_was_entered_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "OWN", [FOLDER.parent])
    desk = await library_under("juniper", tmp_path)
    alex = desk.somebody("alex")
    await opens(alex, "Name, time zone and closed days")
    await alex.fills(meetings="third Tuesday, except July")

    calendar = await desk.house.calendar()
    assert date(2033, 3, 15) not in calendar.meetings
    assert date(2033, 3, 15) in calendar.meetings_from(date(2033, 3, 1))
    assert date(2033, 7, 19) not in calendar.meetings_from(date(2033, 3, 1))
    await opens(alex, "Name, time zone and closed days")
    assert alex.page.values["meetings"] == ("third Tuesday, except July",)
