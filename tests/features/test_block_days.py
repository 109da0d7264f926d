"""A block that is made on several accounts, on different days: which of its dates runs from which day."""

from datetime import date
from typing import Any

from tests.people import HANDLE, House, facts, shown

BOTH: dict[str, Any] = {"accounts": ("Facebook", "Instagram"), "handles": f"Facebook: {HANDLE}\nInstagram: {HANDLE}"}
READ = "the time to appeal is counted from the last of them"


async def made_on_two_days(house: House) -> str:
    ref = await house.sam.asks_for_block(**BOTH)
    await house.dana.approves(ref)
    await house.sam.confirms(ref, account="Facebook")
    await house.go_to(date(2026, 3, 10))
    await house.sam.confirms(ref, account="Instagram")
    return ref


async def test_the_time_to_appeal_runs_from_the_last_account_and_the_way_back_from_the_first(house: House) -> None:
    ref = await made_on_two_days(house)

    clocks = await house.clocks(ref)
    assert (clocks["appeal_by"].happened_on, clocks["appeal_by"].due) == (date(2026, 3, 10), date(2026, 3, 25))
    assert clocks["reinstatement_from"].happened_on == date(2026, 3, 2)
    assert READ in " ".join(clocks["appeal_by"].assumed)
    await house.dana.says(f"show {ref}")
    assert READ in "".join(facts(house.dana.reply).values())
    await house.go_to(date(2026, 3, 20))
    appeal = await house.robin.files_appeal(ref)
    assert "After the last day" not in facts(house.robin.reply), shown(house.robin.reply)
    assert appeal.startswith("A-")


async def test_a_second_account_on_the_same_day_changes_nothing(house: House) -> None:
    ref = await house.sam.asks_for_block(**BOTH)
    await house.dana.approves(ref)
    await house.sam.confirms(ref, account="Facebook")
    before = await house.clocks(ref)

    await house.sam.confirms(ref, account="Instagram")

    assert await house.clocks(ref) == before


async def test_a_closed_day_entered_later_keeps_each_date_on_its_own_day(house: House) -> None:
    ref = await made_on_two_days(house)
    before = {name: clock.happened_on for name, clock in (await house.clocks(ref)).items()}

    await house.alex.says("setup")
    await house.alex.presses("Closed day")
    await house.alex.fills(day="2026-03-25", name="Water main")

    clocks = await house.clocks(ref)
    assert {name: clock.happened_on for name, clock in clocks.items()} == before
    assert READ in " ".join(clocks["appeal_by"].assumed)
