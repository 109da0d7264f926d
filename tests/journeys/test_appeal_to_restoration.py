"""From a patron's letter to the last account where it is undone, on the databases, with every date."""

import asyncio
from datetime import date

from bot.cases.appeal import Answer, DecidedAppeal
from bot.cases.block import in_force_on
from bot.cases.clock import ClockState
from bot.cases.consultation import Way
from tests.appealing import REASON, asks_the_board, sits_on_the_board, the_board_meets
from tests.people import HANDLE, PLEA, House, facts, shown

BOTH = f"Facebook: {HANDLE}\nInstagram: {HANDLE}"


async def the_board_advises(house: House, ref: str) -> None:
    """One trustee answers in the chat, one on paper; the Director puts on file what was advised."""
    [memo] = house.told("terry")
    await house.terry.press(memo.card.buttons[1])
    await house.terry.fills(words="flibber: too long a block")
    await house.pat.says(f"show {ref}")
    await house.pat.presses("Enter a trustee's answer")
    await house.pat.fills(trustee="Quinn Adler", given_on="2026-03-11", scans=await house.pat.attaches())
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Record the consultation")
    await house.dana.fills(advised="flibber: both find it too long")
    [advice] = await house.look(lambda shelves: shelves.appeals.advice(ref))
    assert (advice.way, advice.held_on, len(advice.trustees)) == (Way.MEMOS, date(2026, 3, 12), 2)


async def reversed_once(house: House, ref: str, block: str) -> None:
    """The Director reverses the block from sixteen sessions at once; editors are asked once."""
    sessions = []
    for _ in range(16):
        await house.dana.says(f"show {ref}")
        await house.dana.presses("Answer it")
        why = house.dana.says_which()
        sessions.append(house.dana.sending(answer="The decision is reversed", reason=REASON, **why))
    replies = await asyncio.gather(*(house.dana.sends(sent) for sent in sessions))
    assert sum(reply.headline.startswith("Kept: the decision is reversed") for reply in replies) == 1
    kept = await house.look(lambda shelves: shelves.appeals.by_ref(ref))
    assert isinstance(kept, DecidedAppeal)
    assert (kept.answer, kept.ruling.on, kept.own_decision) == (Answer.REVERSED, date(2026, 3, 16), True)
    assert (await house.clocks(block))["reinstatement_from"].state is ClockState.VOID
    restore = [task for task in await house.look(lambda s: s.tasks.of_case(block)) if task.kind.value == "restore"]
    assert [task.due for task in restore] == [date(2026, 3, 17)] * 2


async def test_an_appeal_goes_through_the_board_to_a_reversal_and_is_undone_on_each_account(house: House) -> None:
    # Monday 2 March: blocked on both accounts; a trustee is in no chat; the Board does not meet in time.
    await the_board_meets(house, date(2026, 4, 14))
    await sits_on_the_board(house, "Quinn Adler")
    block = await house.sam.asks_for_block(accounts=("Facebook", "Instagram"), handles=BOTH)
    await house.dana.approves(block)
    await house.sam.confirms(block, account="Facebook")
    await house.sam.confirms(block, account="Instagram")

    # Monday 9 March: the letter comes in, posted on the 6th.
    await house.go_to(date(2026, 3, 9))
    ref = await house.robin.files_appeal(block, sent_on="2026-03-06")
    await house.deliver()
    assert (await house.clocks(ref))["decide_appeal_by"].due == date(2026, 3, 24)
    assert any("No regular meeting is on file before Tuesday 24 March 2026" in p.card.body for p in house.told("dana"))
    await asks_the_board(house, ref, "By a memo to each trustee")

    # Thursday 12 March: one answers in the chat, one on paper; the Director puts it on file.
    await house.go_to(date(2026, 3, 12))
    await the_board_advises(house, ref)

    # Monday 16 March: reversed, from sixteen sessions of the Director's at once.
    await house.go_to(date(2026, 3, 16))
    await reversed_once(house, ref, block)

    # Wednesday 18 March: the letter leaves before everything is undone, and meets the date.
    await house.go_to(date(2026, 3, 18))
    await house.sam.says("home")
    await house.sam.presses("Undone today on Facebook", case=block)
    await house.dana.says("home")
    await house.dana.presses("Tell the person", case=ref)
    text = house.dana.page.values["text"][0]
    assert "the Board of Trustees was asked for its advice, in writing on 12 March 2026." in text
    assert "Quinn" not in text
    await house.dana.fills(text=text, how="Letter")
    clock = (await house.clocks(ref))["decide_appeal_by"]
    assert (clock.state, clock.due) == (ClockState.MET, date(2026, 3, 24))
    assert in_force_on(await house.look(lambda s: s.blocks.executions(block))) == {await house.account("Instagram")}

    # Friday 20 March: the last account; nothing is left to nag about.
    await house.go_to(date(2026, 3, 20))
    await house.jo.says("home")
    await house.jo.presses("Undone today on Instagram", case=block)
    before = len(house.channel("social-media"))
    await house.pass_days(7)
    since = [card for posted in house.channel("social-media")[before:] for card in posted.cards]
    assert "Undo what was reversed" not in repr(since)
    await house.kim.says(f"show {ref}")
    said = facts(house.kim.reply)
    assert said["Undone: Facebook · Chicopee Public Library"] == "18 March 2026"
    assert said["Undone: Instagram · chicopeelibrary"] == "20 March 2026"
    assert "answer sent on 18 March 2026" in said["Status"]
    assert PLEA in shown(house.kim.reply)
