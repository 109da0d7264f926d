"""A letter that is drafted from the longest reasons that can be written is a letter that can be kept."""

from bot.cases.clock import ClockState
from tests.appealing import opens_answer, the_letter
from tests.people import House, shown


async def test_the_answer_to_an_appeal_with_every_reason_at_its_longest_can_be_kept(house: House) -> None:
    block = await house.sam.asks_for_block(accounts=("Facebook",), reason="flibber " + "a" * 2900)
    await house.dana.approves(block, reason="flibber " + "b" * 2900)
    await house.sam.confirms(block)
    appeal = await house.robin.files_appeal(block)
    await opens_answer(house, appeal)
    reasons = {field.name: field.max_length for field in house.dana.page.page.fields}
    await house.dana.fills(
        answer="The decision stands",
        reason="flibber " + "c" * (reasons["reason"] - 8),
        not_consulted="yes",
        why_not_consulted="flibber " + "d" * (reasons["why_not_consulted"] - 8),
        **house.dana.says_which(),
    )

    letter = await the_letter(house, appeal)
    assert len(letter) > 8000
    await house.dana.fills(how="Letter")

    assert house.dana.reply.page is None, shown(house.dana.reply)
    assert (await house.clocks(appeal))["decide_appeal_by"].state is ClockState.MET
