"""A letter that was matched to the wrong act, and what follows for it and for the one it came after."""

from datetime import date

from bot.cases.appeal import received
from bot.cases.clock import ClockState
from tests.appealing import answers
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


async def says_what_it_is_about(house: House, ref: str, act: str) -> None:
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Say what it is about")
    await house.dana.fills(against=act)


async def duties(house: House, *refs: str) -> list[tuple[date, ClockState]]:
    clocks = [(await house.clocks(ref))[DUTY] for ref in refs]
    return [(clock.due, clock.state) for clock in clocks]


async def test_the_letter_that_came_in_first_is_the_first_although_it_was_matched_second(house: House) -> None:
    act = await house.sam.removes()
    early = await house.robin.files_appeal()
    await house.go_to(date(2026, 3, 10))
    late = await house.robin.files_appeal(act)

    await says_what_it_is_about(house, early, act)

    assert [await second_of(house, ref) for ref in (early, late)] == ["", early]
    assert await duties(house, early, late) == [
        (date(2026, 3, 17), ClockState.RUNNING),
        (date(2026, 3, 25), ClockState.VOID),
    ]
    assert {"decide_appeal", "consult"} <= await asked(house, early)
    assert await asked(house, late) == {"send_notice"}
    await house.deliver()
    assert f"{early} about the same act came in before it and is answered first." in str(house.channel("decisions"))


async def test_a_letter_put_on_file_late_with_an_earlier_day_is_answered_first(house: House) -> None:
    act = await house.sam.removes(done_on="2026-02-20")
    one = await house.robin.files_appeal(act)
    earlier = await house.robin.files_appeal(act, received_on="2026-02-23")

    assert [await second_of(house, ref) for ref in (one, earlier)] == [earlier, ""]
    assert await duties(house, earlier, one) == [
        (date(2026, 3, 10), ClockState.RUNNING),
        (date(2026, 3, 17), ClockState.VOID),
    ]


async def test_a_corrected_day_puts_two_letters_about_one_act_in_their_order(house: House) -> None:
    act = await house.sam.removes(done_on="2026-02-20")
    one = await house.robin.files_appeal(act, received_on="2026-02-25")
    other = await house.robin.files_appeal(act)
    assert await second_of(house, other) == one

    await house.robin.says(f"correct {other}")
    await house.robin.fills(value="2026-02-23", reason="flibber: the stamp says Monday")

    assert [await second_of(house, ref) for ref in (one, other)] == [other, ""]
    assert await duties(house, other, one) == [
        (date(2026, 3, 10), ClockState.RUNNING),
        (date(2026, 3, 12), ClockState.VOID),
    ]
    assert "decide_appeal" in await asked(house, other)
    assert "decide_appeal" not in await asked(house, one)


async def test_an_earlier_date_than_that_of_the_letter_that_was_answered_goes_on_running(house: House) -> None:
    act = await house.sam.removes(done_on="2026-02-20")
    early = await house.robin.files_appeal(received_on="2026-02-23")
    late = await house.robin.files_appeal(act)
    await answers(house, late)

    await says_what_it_is_about(house, early, act)

    assert await second_of(house, early) == late
    assert await duties(house, early, late) == [
        (date(2026, 3, 10), ClockState.RUNNING),
        (date(2026, 3, 17), ClockState.RUNNING),
    ]
    assert "decide_appeal" in await asked(house, early)
