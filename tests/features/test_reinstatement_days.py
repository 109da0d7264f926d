"""The day from which somebody may ask to come back is put right: what waits follows it."""

from datetime import timedelta

from bot.cases.reinstatement import requested
from bot.cases.task import TaskKind, TaskState
from tests.features.coming_back import DAY, asks_back, blocked, names_decider, request, sends_letter
from tests.people import HANDLE, TODAY, House


async def test_a_block_made_earlier_elsewhere_brings_the_day_forward_unless_the_person_was_told_it(
    house: House,
) -> None:
    await names_decider(house)
    handles = f"Facebook: {HANDLE}\nInstagram: {HANDLE}"
    block = await house.sam.asks_for_block(handles=handles, accounts=("Facebook", "Instagram"))
    await house.dana.approves(block)
    await house.pass_days(3)
    await house.sam.confirms(block, account="Facebook")
    ref = await asks_back(house.robin, block)
    assert requested(await request(house, ref)).eligible_on == DAY + timedelta(days=3)

    await house.jo.confirms(block, on=TODAY + timedelta(days=1), account="Instagram")

    assert requested(await request(house, ref)).eligible_on == DAY + timedelta(days=1)
    [due] = [
        task.due
        for task in await house.look(lambda shelves: shelves.tasks.of_case(ref))
        if (task.kind, task.state) == (TaskKind.DECIDE_REINSTATEMENT, TaskState.OPEN)
    ]
    assert due == DAY + timedelta(days=1)
    await sends_letter(house.dana, ref)
    await house.sam.says(f"correct {block}")
    await house.sam.fills(detail="The day it was made on Instagram")
    await house.sam.fills(value="2026-03-02", reason="flibber: it was Monday")
    assert requested(await request(house, ref)).eligible_on == DAY + timedelta(days=1)


async def test_a_request_whose_day_is_put_right_is_no_longer_early(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    await house.go_to(DAY + timedelta(days=1))
    ref = await asks_back(house.robin, block, received_on="2026-04-15")
    assert ("send_notice", "open") in await house.tasks(ref)

    await house.robin.says(f"correct {ref}")
    await house.robin.fills(value=DAY.isoformat(), reason="flibber: the stamp says so")

    assert not requested(await request(house, ref)).early
    assert ("send_notice", "void") in await house.tasks(ref)
    assert (await house.tasks(ref)).count(("decide_reinstatement", "open")) == 1
