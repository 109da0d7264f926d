"""An appeal that ends without an answer: about nothing of ours, taken back, or none at all."""

from dataclasses import replace
from datetime import date

import pytest

from bot.cards import Button
from bot.cases.appeal import Answer
from bot.cases.clock import ClockState
from tests.appealing import a_removal_appealed, decided, heard, opens_answer, the_letter
from tests.features.test_docket import chooses, on_the_list
from tests.people import PLEA, House, shown

WHY = "flibber: no post of ours has ever had such a comment"
DUTY = "decide_appeal_by"


async def opens_ending(house: House, ref: str) -> None:
    await house.dana.says(f"show {ref}")
    await house.dana.presses("End it without an answer")


async def ends(house: House, ref: str, ending: str, *, reason: str = WHY) -> None:
    await opens_ending(house, ref)
    await house.dana.fills(ending=ending, reason=reason)
    assert house.dana.reply.page is None, shown(house.dana.reply)


async def open_tasks(house: House, ref: str) -> list[str]:
    return [kind for kind, state in await house.tasks(ref) if state == "open"]


async def test_one_about_nothing_of_ours_ends_and_the_person_is_told(house: House) -> None:
    ref = await house.robin.files_appeal()

    await ends(house, ref, "It is about nothing of ours")

    assert (await decided(house, ref)).answer is Answer.NOT_OURS
    assert (await house.clocks(ref))[DUTY].state is ClockState.ENDED
    assert await open_tasks(house, ref) == ["send_notice"]
    letter = await the_letter(house, ref)
    assert "found nothing of yours" in letter
    assert WHY in letter
    await house.dana.fills(how="Letter")
    assert "the person was told on 2 March 2026" in shown(house.dana.reply)
    assert (await house.clocks(ref))[DUTY].state is ClockState.ENDED, "ended is not met"


async def test_what_nobody_could_match_keeps_the_disposal_list_no_longer_once_it_ended(house: House) -> None:
    await house.sam.removes()
    await house.sam.tells_nobody(house.sam.ref)
    stray = await house.robin.files_appeal()
    await house.jump_to(date(2027, 3, 3))
    await house.dana.says(f"why kept {house.sam.ref}")
    assert f"the appeal {stray} has yet to be matched" in shown(house.dana.reply)

    await ends(house, stray, "It is about nothing of ours")

    await house.dana.says(f"why kept {house.sam.ref}")
    assert stray not in shown(house.dana.reply)
    await house.dana.says("docket")
    assert house.sam.ref in shown(house.dana.reply)


async def test_one_that_was_taken_back_is_confirmed_to_whoever_wrote_it(house: House) -> None:
    ref = await a_removal_appealed(house)
    second = await house.robin.files_appeal(house.sam.ref)

    await ends(house, ref, "Withdrawn in writing", reason="flibber: their e-mail of today")

    assert "You have since written that you take it back" in await the_letter(house, ref)
    found = await house.look(lambda shelves: shelves.appeals.by_ref(second))
    assert found is not None
    assert getattr(found, "second_of", None) == "", "the next one about the same act is the first now"
    assert (await house.clocks(second))[DUTY].state is ClockState.RUNNING
    assert "decide_appeal" in await open_tasks(house, second)
    assert (await house.incident(house.sam.ref)).sustained


async def test_one_put_on_file_by_mistake_asks_for_no_letter(house: House) -> None:
    ref = await house.robin.files_appeal()

    await ends(house, ref, "Logged by mistake")

    assert await open_tasks(house, ref) == []
    await house.dana.says(f"notice {ref}")
    assert "there is nobody to write to" in shown(house.dana.reply)
    await house.dana.says(f"show {ref}")
    assert PLEA in shown(house.dana.reply)
    assert WHY in shown(house.dana.reply)


async def test_what_is_matched_to_an_act_of_ours_is_not_said_to_be_about_nothing(house: House) -> None:
    ref = await a_removal_appealed(house)
    await opens_ending(house, ref)
    sent = house.dana.sending(ending="Withdrawn", reason=WHY)

    await house.dana.sends(replace(sent, values={**sent.values, "ending": ("not_ours",)}))

    assert (await house.clocks(ref))[DUTY].state is ClockState.RUNNING
    assert ("decide_appeal", "open") in await house.tasks(ref)


@pytest.mark.parametrize("user", ["robin", "kim", "sam", "alex", "terry"])
async def test_nobody_but_whoever_answers_ends_one(house: House, user: str) -> None:
    ref = await house.robin.files_appeal()

    await house.somebody(user).press(Button(label="", intent="appeal.end", subject=ref, opens_form=True))

    assert "Only the Library Director can" in shown(house.somebody(user).reply)
    assert (await house.clocks(ref))[DUTY].state is ClockState.RUNNING


async def test_an_ending_is_no_answer_and_needs_a_reason(house: House) -> None:
    ref = await a_removal_appealed(house)
    await opens_answer(house, ref)
    sent = house.dana.sending(reason=WHY, not_consulted="yes", why_not_consulted="flibber: no time")
    await house.dana.sends(replace(sent, values={**sent.values, "answer": ("withdrawn",)}))
    assert (await house.clocks(ref))[DUTY].state is ClockState.RUNNING

    await opens_ending(house, ref)
    await house.dana.fills(ending="Withdrawn", reason=" ")

    assert "reason" in house.dana.page.errors


async def test_the_channel_hears_that_it_ended_and_not_why(house: House) -> None:
    ref = await house.robin.files_appeal()
    await ends(house, ref, "It is about nothing of ours")
    await house.deliver()

    assert "ended: it is about nothing of ours" in str(house.channel("decisions"))
    assert WHY not in heard(house, "dana")
    await house.check()


async def test_a_letter_about_nothing_of_ours_is_disposed_of_when_the_librarys_own_period_is_over(house: House) -> None:
    stray = await house.robin.files_appeal()
    await ends(house, stray, "It is about nothing of ours")
    await the_letter(house, stray)
    await house.dana.fills(how="Letter")
    await house.jump_to(date(2028, 3, 3))
    assert stray not in await on_the_list(house)
    await house.dana.says("docket")
    assert f"{stray} | appeal | settled on 2 March 2026" in shown(house.dana.reply), (
        "without a period, it is only named"
    )

    await chooses(house, "Time a record is kept", "2 years")
    await house.dana.says(f"why kept {stray}")
    assert "Kept at least through: 2 March 2028" in shown(house.dana.reply)
    assert await on_the_list(house) == [stray]
    proposal = await house.dana.proposes_disposal(stray)
    await house.kim.confirms_disposal(proposal)

    await house.kim.says(f"show {stray}")
    assert f"{stray} was disposed of" in shown(house.kim.reply)
    assert await house.look(lambda shelves: shelves.appeals.by_ref(stray)) is None
    assert PLEA not in str(await house.since())
    await house.check()


async def test_a_hold_keeps_a_letter_about_nothing_of_ours_from_the_list(house: House) -> None:
    stray = await house.robin.files_appeal()
    await ends(house, stray, "Withdrawn")
    await the_letter(house, stray)
    await house.dana.fills(how="Letter")
    await chooses(house, "Time a record is kept", "2 years")
    await house.kim.holds(stray)
    await house.jump_to(date(2028, 3, 3))

    assert await on_the_list(house) == []
    await house.dana.says(f"why kept {stray}")
    assert "holds it since 2 March 2026" in shown(house.dana.reply)
