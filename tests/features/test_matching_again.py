"""A letter that was matched to the wrong act, and what follows for it and for the one it came after."""

from datetime import date

from bot.cases.appeal import received
from bot.cases.clock import ClockState
from tests.people import LINK, House

DUTY = "decide_appeal_by"


async def matches(house: House, ref: str, act: str) -> None:
    await house.dana.says(f"show {ref}")
    await house.dana.presses("It is about something else")
    await house.dana.fills(against=act)


async def second_of(house: House, ref: str) -> str:
    found = await house.look(lambda shelves: shelves.appeals.by_ref(ref))
    assert found is not None
    return received(found).second_of


async def asked(house: House, ref: str) -> set[str]:
    """What somebody is still asked to do about a case."""
    return {kind for kind, state in await house.tasks(ref) if state == "open"}


async def test_one_taken_for_a_second_runs_from_its_own_day_once_it_is_matched_to_what_it_is_about(
    house: House,
) -> None:
    one, other = await house.sam.removes(), await house.sam.removes(links=f"{LINK}-two")
    first = await house.robin.files_appeal(one)
    letter = await house.robin.files_appeal(one)
    assert (await house.clocks(letter))[DUTY].state is ClockState.VOID
    await house.go_to(date(2026, 3, 5))

    await matches(house, letter, other)

    assert await second_of(house, letter) == ""
    clock = (await house.clocks(letter))[DUTY]
    assert (clock.due, clock.state) == (date(2026, 3, 17), ClockState.RUNNING)
    assert {"decide_appeal", "consult"} <= await asked(house, letter)
    assert "send_notice" not in await asked(house, letter)
    assert (await house.clocks(first))[DUTY].state is ClockState.RUNNING


async def test_when_the_first_turns_out_to_be_about_something_else_the_second_is_the_first(house: House) -> None:
    one, other = await house.sam.removes(), await house.sam.removes(links=f"{LINK}-two")
    first = await house.robin.files_appeal(one)
    letter = await house.robin.files_appeal(one)
    third = await house.robin.files_appeal(one)

    await matches(house, first, other)

    assert [await second_of(house, ref) for ref in (first, letter, third)] == ["", "", letter]
    assert [(await house.clocks(ref))[DUTY].state for ref in (first, letter, third)] == [
        ClockState.RUNNING,
        ClockState.RUNNING,
        ClockState.VOID,
    ]
    assert "decide_appeal" in await asked(house, letter)
    assert "decide_appeal" not in await asked(house, third)
