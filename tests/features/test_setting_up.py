"""Setting a library up: the checklist, people and roles, closures, practice, and who is who."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.training import TITLES
from tests.people import BIRCH, TODAY, House, facts, shown, title


async def opens(house: House, label: str) -> None:
    await house.alex.says("setup")
    await house.alex.presses(label)


def checklist(house: House) -> dict[str, tuple[str, ...]]:
    """The lines of the checklist by what they are about."""
    [card, *_] = house.alex.reply.cards
    assert card.table is not None
    return {row.cells[0]: row.cells[1:] for row in card.table.rows}


async def test_the_checklist_shows_what_is_set_and_what_is_missing(house: House) -> None:
    await house.alex.says("setup")

    lines = checklist(house)
    assert lines["Policy"][1] == "chicopee 2023-03-06"
    assert lines["Time zone"][1] == "America/New_York"
    assert lines["#decisions"][1] == "practice decisions"
    assert "approved by the practice desk, for training, 2 March 2026" in lines["After a block"][1]
    assert "missing" not in {state for state, _ in lines.values()}


async def test_an_office_nobody_holds_is_missing(house: House) -> None:
    await opens(house, "Give or end a role")
    await house.alex.fills(person="Kim Abara", role="Records officer", what="End it")
    await house.alex.says("setup")

    assert checklist(house)["Records officer"] == ("missing", "not set yet")
    await house.dana.says("who")
    assert "Nobody is records officer today." in shown(house.dana.reply)


async def test_who_shows_everybody_and_what_they_are_today(house: House) -> None:
    await house.robin.says("who")

    [card] = house.robin.reply.cards
    assert card.table is not None
    who = {row.cells[0]: row.cells[1] for row in card.table.rows}
    assert who["Dana Whitfield"] == "Library Director, member of staff"
    assert who["Jo Lindgren"] == "editor of Instagram · chicopeelibrary, member of staff"
    assert len(who) == len(TITLES)


async def test_delegating_is_refused_with_the_clause_where_the_policy_has_no_designee(house: House) -> None:
    mark = await house.mark()
    await house.dana.says("delegate")

    assert "lets nobody decide in the Director's place" in title(house.dana.reply)
    assert "source: Only the Director decides on a block" in shown(house.dana.reply)
    assert house.dana.reply.page is None
    [event] = await house.since(mark)
    assert (event.header["action"], event.header["rule"]) == ("refused", "C31")


async def test_a_person_is_added_and_can_act_at_once(house: House) -> None:
    await opens(house, "Add a person")
    await house.alex.fills(name="Lee Park", user="lee", role="Member of staff")

    lee = house.somebody("lee")
    await lee.reports(outcome="Please look")
    assert facts(lee.reply)["Reported by"] == "Lee Park, 2 March 2026"


async def test_an_account_belongs_to_one_person(house: House) -> None:
    await opens(house, "Add a person")
    await house.alex.fills(name="Sam Again", user="sam", role="Editor")

    assert "Use “setup” to give that person a role." in house.alex.page.errors["user"]


async def test_a_role_begins_and_ends_on_its_days(house: House) -> None:
    await opens(house, "Give or end a role")
    await house.alex.fills(
        person="Robin Hale", role="Editor", what="Give it", since="2026-03-04", until="2026-03-05", accounts="Facebook"
    )
    ref = await house.kim.removes()
    for day, may in ((2, False), (4, True), (5, True), (6, False)):
        await house.go_to(date(2026, 3, day)) if day > 2 else None
        await house.robin.says("home")
        assert house.robin.sees("Done today", case=ref) is may, day


async def test_what_somebody_was_before_stays_on_file(house: House) -> None:
    await opens(house, "Give or end a role")
    await house.alex.fills(person="Sam Okafor", role="Editor", what="End it")

    sam = await house.person("Sam")
    assert [(grant.role.value, grant.until) for grant in sam.grants if grant.role.value == "editor"] == [
        ("editor", TODAY - timedelta(days=1))
    ]
    assert [event.what for event in await house.since()][-1] == "setup.role person"


async def test_a_role_does_not_end_before_it_begins(house: House) -> None:
    await opens(house, "Give or end a role")
    await house.alex.fills(person="Robin Hale", role="Editor", since="2026-03-04", until="2026-03-03")

    assert "Choose a day after the first" in house.alex.page.errors["until"]


# -- the calendar ----------------------------------------------------------------------------------------------------


async def test_a_closure_added_later_moves_the_reminder_and_keeps_the_date(house: House) -> None:
    ref = await house.sam.removes()
    await opens(house, "Closed day")
    await house.alex.fills(day="2026-03-17", name="Water main")

    assert house.alex.reply.headline == "Kept. No running date moved."
    clock = (await house.clocks(ref))["appeal_by"]
    assert clock.due == date(2026, 3, 17)
    await house.alex.says(f"due show {ref}")
    assert "is a closed day (Water main); the date stays" in shown(house.alex.reply)


async def test_with_the_practice_to_roll_a_closure_proves_the_date_again_and_tells_whom_it_moved(house: House) -> None:
    await opens(house, "Library practice")
    await house.alex.fills(key="A last day on which")
    await house.alex.fills(value="rolls", approved_by="Board of Trustees")
    ref = await house.sam.removes()
    await house.deliver()

    await opens(house, "Closed day")
    await house.alex.fills(day="2026-03-17", name="Water main")
    await house.deliver()

    assert (await house.clocks(ref))["appeal_by"].due == date(2026, 3, 18)
    assert f"{ref}: 17 March 2026 → 18 March 2026" in house.alex.reply.headline
    assert [posted.card.title for posted in house.channel("records") if ref in posted.card.title]
    await house.alex.says(f"due show {ref}")
    assert "Water main" in shown(house.alex.reply)
    assert "practice" in shown(house.alex.reply)


async def test_a_closure_taken_back_never_shortens_a_date_somebody_was_told(house: House) -> None:
    await opens(house, "Library practice")
    await house.alex.fills(key="A last day on which")
    await house.alex.fills(value="rolls", approved_by="Board of Trustees")
    await opens(house, "Closed day")
    await house.alex.fills(day="2026-03-17", name="Water main")
    ref = await house.sam.removes()
    await house.sam.says(f"notice {ref}")
    await house.sam.fills(how="Letter")

    await opens(house, "Closed day")
    await house.alex.fills(day="2026-03-17", name="")

    assert (await house.clocks(ref))["appeal_by"].due == date(2026, 3, 18)


async def test_a_closed_day_has_no_head_and_its_reminder_comes_the_open_day_before(house: House) -> None:
    await opens(house, "Closed day")
    await house.alex.fills(day="2026-03-13", name="Snow day")
    ref = await house.sam.removes()
    await house.go_to(date(2026, 3, 16))

    assert "Record of 13 March 2026" not in house.cards("records")
    [told] = [p.card for p in house.channel("records") if p.key == "daily:records:2026-03-12"]
    assert told.table is not None
    assert [row.cells[2] for row in told.table.rows] == [ref]


async def test_the_boards_meetings_are_entered_as_a_rule_and_as_dates(house: House) -> None:
    await opens(house, "Name, time zone and closed days")
    await house.alex.fills(meetings="third Tuesday, except July\n2026-12-08 instead of 2026-12-15")

    meetings = (await house.calendar()).meetings
    assert date(2026, 3, 17) in meetings
    assert date(2028, 3, 21) in meetings
    assert date(2026, 12, 8) in meetings
    assert not {date(2026, 7, 21), date(2026, 12, 15)} & set(meetings)
    await opens(house, "Name, time zone and closed days")
    assert "2026-12-08" in house.alex.page.values["meetings"][0]


async def test_a_line_of_the_boards_calendar_that_cannot_be_read_is_named_and_nothing_is_lost(house: House) -> None:
    before = await house.calendar()
    await opens(house, "Name, time zone and closed days")
    await house.alex.fills(meetings="third Tuesday\nwhenever it suits", name="Elm House")

    assert "whenever it suits" in house.alex.page.errors["meetings"]
    assert house.alex.page.values["name"] == ("Elm House",)
    assert await house.calendar() == before


CALENDAR_FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Elm//Days//EN
BEGIN:VEVENT
UID:1@elm
DTSTART;VALUE=DATE:20260317
SUMMARY:Closed: water main
END:VEVENT
BEGIN:VEVENT
UID:2@elm
DTSTART;VALUE=DATE:20260418
SUMMARY:Book sale
END:VEVENT
BEGIN:VEVENT
UID:3@elm
DTSTART:20260420T120000
SUMMARY:Closing early
END:VEVENT
END:VCALENDAR
"""


async def test_closed_days_of_a_calendar_file_prove_running_dates_again_and_what_is_not_closed_is_left(
    house: House,
) -> None:
    await opens(house, "Library practice")
    await house.alex.fills(key="A last day on which")
    await house.alex.fills(value="rolls", approved_by="Board of Trustees")
    ref = await house.sam.removes()
    known = (await house.calendar()).closures
    await opens(house, "Closed day")
    await house.alex.fills(calendar=CALENDAR_FILE)

    said = house.alex.reply.headline
    assert said.startswith("1 closed day taken.")
    assert f"{ref}: 17 March 2026 → 18 March 2026" in said
    assert "18 April 2026 Book sale" in said
    assert "Closing early" in said
    assert (await house.calendar()).closures == {**known, date(2026, 3, 17): "Closed: water main"}


@pytest.mark.parametrize(
    "pasted", ["closed on Friday", "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//E//E//EN\nEND:VCALENDAR"]
)
async def test_what_is_no_calendar_file_or_holds_no_day_changes_nothing_and_stays_typed(
    house: House, pasted: str
) -> None:
    before = await house.calendar()
    await opens(house, "Closed day")
    await house.alex.fills(calendar=pasted)

    assert house.alex.page.errors["calendar"]
    assert house.alex.page.values["calendar"] == (pasted,)
    assert await house.calendar() == before


async def test_a_time_zone_that_does_not_exist_is_refused_and_nothing_is_lost(house: House) -> None:
    await opens(house, "Name, time zone and closed days")
    await house.alex.fills(zone="America/Chicopee")

    assert "there is no time zone called 'America/Chicopee'" in shown(house.alex.reply)
    library = await house.look(lambda shelves: shelves.registry.library())
    assert library.zone == "America/New_York"


async def test_a_library_closed_on_every_day_is_refused(house: House) -> None:
    await opens(house, "Name, time zone and closed days")
    await house.alex.fills(closed=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))

    assert "leave at least one open" in shown(house.alex.reply)


# -- practice --------------------------------------------------------------------------------------------------------


async def test_practice_names_who_approved_it_and_is_labelled_where_it_is_used(house: House) -> None:
    await opens(house, "Library practice")
    await house.alex.fills(key="After a block")
    await house.alex.fills(value="The person is not told")
    assert house.alex.page.errors == {"approved_by": "Please answer this."}

    await house.alex.fills(approved_by="Board of Trustees, item 7", approved_on="2026-02-27")

    await house.alex.says("setup")
    assert "approved by Board of Trustees, item 7, 27 February 2026" in checklist(house)["After a block"][1]
    await house.robin.says("policy")
    assert "practice" in shown(house.robin.reply)


async def test_practice_cannot_name_a_decider_where_the_policy_does(house: House) -> None:
    await opens(house, "Library practice")

    offered = [option.label for option in house.alex.page.page.fields[0].options]
    assert "Who decides a block" not in offered


@pytest.mark.parametrize("value", ["told", "director", "maybe"])
async def test_a_practice_nobody_offered_is_not_kept(house: House, value: str) -> None:
    await opens(house, "Library practice")
    sent = house.alex.sending(key="After a block")
    values = {**sent.values, "key": ("decider.block",), "value": (value,)}
    await house.alex.sends(replace(sent, values=values))

    assert house.alex.page.errors["key"] == "Choose from the list."


async def test_every_act_of_setup_is_in_the_ledger(house: House) -> None:
    mark = await house.mark()
    await opens(house, "Official account")
    await house.alex.fills(platform="YouTube", name="Chicopee films")
    await opens(house, "Channel")
    await house.alex.fills(which="#records", channel="records-2026")
    await opens(house, "Closed day")
    await house.alex.fills(day="2026-03-17", name="Snow day")

    assert await house.acts_since(mark) == [
        "setup.account account",
        "setup.channel library",
        "setup.closure library",
    ]
    await house.deliver()
    assert "Record of 2 March 2026" in house.cards("records-2026")


async def test_nothing_of_setup_reaches_another_library(house: House) -> None:
    director = house.somebody("birch-director", library=BIRCH)
    await opens(house, "Official account")
    await house.alex.fills(platform="YouTube", name="Films")

    await director.says("setup")
    assert "YouTube" not in shown(director.reply)
    await director.says("who")
    assert "Dana" not in shown(director.reply)


async def test_another_librarys_policy_can_be_chosen_while_nothing_is_on_file(house: House) -> None:
    await opens(house, "Policy")
    await house.alex.fills(pack="Worcester")

    await house.alex.says("policy")
    assert title(house.alex.reply).endswith("Worcester Public Library")


async def test_another_librarys_policy_cannot_take_over_cases_on_file(house: House) -> None:
    ref = await house.robin.reports()
    await opens(house, "Policy")
    await house.alex.fills(pack="Worcester")

    assert "Cases are on file" in shown(house.alex.reply)
    await house.alex.says("policy")
    assert title(house.alex.reply).endswith("Chicopee Public Library")
    assert (await house.incident(ref)).ref == ref


async def test_a_closed_day_entered_before_the_mornings_round_loses_no_reminder(house: House) -> None:
    ref = await house.sam.removes()
    await house.go_to(date(2026, 3, 12))
    house.time.local(date(2026, 3, 13), 9)
    await opens(house, "Closed day")
    await house.alex.fills(day="2026-06-01", name="Painting")

    await house.deliver()

    [told] = [p.card for p in house.channel("records") if p.card.title == "Due, Friday 13 March 2026"]
    assert told.table is not None
    assert [row.cells[2] for row in told.table.rows] == [ref]
