"""Undoing what was reversed on appeal: line by line, on each account, by its editors, until nothing is left."""

from datetime import date
from typing import Any

import pytest

from bot.cards import Button
from bot.cases.block import Done, in_force_on
from bot.cases.clock import ClockState
from tests.appealing import REASON, a_block_appealed, a_removal_appealed, answers, offered, opens_answer, the_letter
from tests.features.test_docket import chooses
from tests.people import HANDLE, PLEA, TODAY, House, facts, shown

REVERSED = "The decision is reversed"
BOTH = f"Facebook: {HANDLE}\nInstagram: {HANDLE}"


async def reversed_removal(house: House, **removal: Any) -> tuple[str, str]:  # noqa: ANN401 - the answers of a form
    """A removal that was reversed on appeal: (the appeal, the report)."""
    appeal = await a_removal_appealed(house, **removal)
    await answers(house, appeal, REVERSED)
    return appeal, house.sam.ref


async def reversed_block(house: House) -> tuple[str, str]:
    """A block in force on two accounts that was reversed on appeal: (the appeal, the block)."""
    block = await house.sam.asks_for_block(accounts=("Facebook", "Instagram"), handles=BOTH)
    await house.dana.approves(block)
    await house.sam.confirms(block, account="Facebook")
    await house.sam.confirms(block, account="Instagram")
    appeal = await house.robin.files_appeal(block)
    await answers(house, appeal, REVERSED)
    return appeal, block


async def undoes(house: House, user: str, ref: str, label: str) -> None:
    await house.somebody(user).says("home")
    await house.somebody(user).presses(label, case=ref)


async def test_a_reversed_removal_counts_no_more_from_that_day(house: House) -> None:
    _, ref = await reversed_removal(house)

    incident = await house.incident(ref)
    assert not incident.sustained
    await house.dana.says(f"show {ref}")
    assert "removed on 2 March 2026, overturned on 2 March 2026" in facts(house.dana.reply)["Status"]
    await house.sam.says(f"history {HANDLE}")
    assert "overturned removals do not count" in shown(house.sam.reply)
    block = await house.sam.asks_for_block()
    await house.dana.says(f"show {block}")
    assert "missing: Any confirmed removal of an item by these handles." in shown(house.dana.reply)


async def test_a_decision_that_stands_goes_on_counting_and_asks_nobody_to_undo_it(house: House) -> None:
    appeal = await a_removal_appealed(house)
    await answers(house, appeal)

    assert (await house.incident(house.sam.ref)).sustained
    assert "restore" not in dict(await house.tasks(house.sam.ref))


async def test_the_editor_of_the_account_is_asked_by_the_next_open_day_and_daily_until_it_is_done(house: House) -> None:
    _, ref = await reversed_removal(house)
    [task] = [one for one in await house.look(lambda s: s.tasks.of_case(ref)) if one.kind.value == "restore"]
    assert (task.due, task.account) == (date(2026, 3, 3), await house.account("Facebook"))

    await house.pass_days(4)
    said = [card for posted in house.channel("social-media") for card in posted.cards if card.title.startswith("Due")]
    assert sum("Undo what was reversed" in repr(card) for card in said) == 4
    await undoes(house, "sam", ref, "Undone today")
    await house.pass_days(3)
    said = [card for posted in house.channel("social-media") for card in posted.cards if card.title.startswith("Due")]
    assert sum("Undo what was reversed" in repr(card) for card in said) == 4


async def test_undoing_a_removal_is_kept_with_who_and_when_and_the_card_shows_it(house: House) -> None:
    appeal, ref = await reversed_removal(house)
    await house.dana.says(f"show {appeal}")
    assert facts(house.dana.reply)["Still to undo: Facebook · Chicopee Public Library"] == "by 3 March 2026"

    await house.sam.says(f"show {ref}")
    await house.sam.presses("Undone today")

    [line] = await house.look(lambda shelves: shelves.appeals.restorations(appeal))
    assert (line.target, line.done_on, line.cannot) == (ref, TODAY, "")
    assert await house.look(lambda shelves: shelves.blocks.executions(ref)) == ()
    assert "Undone on Facebook · Chicopee Public Library, 2 March 2026." in house.sam.reply.headline
    await house.dana.says(f"show {appeal}")
    assert facts(house.dana.reply)["Undone: Facebook · Chicopee Public Library"] == "2 March 2026"
    assert (await house.incident(ref)).removal is not None, "what was done stays on file"


async def test_a_reversed_block_is_undone_on_each_account_it_is_in_force_on_and_lifted_there_only(house: House) -> None:
    appeal, ref = await reversed_block(house)
    instagram = await house.account("Instagram")

    await undoes(house, "sam", ref, "Undone today on Facebook")

    done = await house.look(lambda shelves: shelves.blocks.executions(ref))
    assert in_force_on(done) == {instagram}
    assert (done[-1].done, done[-1].done_on) == (Done.LIFTED, TODAY)
    await undoes(house, "jo", ref, "Undone today on Instagram")
    assert in_force_on(await house.look(lambda shelves: shelves.blocks.executions(ref))) == frozenset()
    assert len(await house.look(lambda shelves: shelves.appeals.restorations(appeal))) == 2
    await house.dana.says(f"show {ref}")
    assert "since lifted; reversed on appeal on 2 March 2026" in facts(house.dana.reply)["Status"]


async def test_a_second_appeal_of_a_reversed_block_asks_no_editor_twice(house: House) -> None:
    appeal, ref = await reversed_block(house)
    second = await house.robin.files_appeal(ref)
    await opens_answer(house, second)
    assert offered(house) == ["not_heard"]
    await house.dana.fills()

    assert [state for kind, state in await house.tasks(ref) if kind == "restore"] == ["open", "open"]
    await undoes(house, "sam", ref, "Undone today on Facebook")
    assert len(await house.look(lambda shelves: shelves.appeals.restorations(appeal))) == 1


async def test_a_reversed_block_that_is_yet_to_be_made_is_not_made(house: House) -> None:
    block = await house.sam.asks_for_block(accounts=("Facebook", "Instagram"), handles=BOTH)
    await house.dana.approves(block)
    await house.sam.confirms(block, account="Facebook")
    await house.sam.says("home")
    make = house.sam.button("Done today on Instagram", case=block)
    appeal = await house.robin.files_appeal(block)
    await answers(house, appeal, REVERSED)

    await house.sam.press(make)

    assert "no longer to be done" in shown(house.sam.reply)
    assert len(await house.look(lambda shelves: shelves.blocks.executions(block))) == 1
    restore = [state for kind, state in await house.tasks(block) if kind == "restore"]
    assert restore == ["open"], "Facebook only: nothing was made on Instagram"
    assert ("make_block", "void") in await house.tasks(block)


async def test_nobody_is_told_any_more_from_when_they_may_ask_to_come_back_from_a_reversed_block(house: House) -> None:
    appeal = await a_block_appealed(house)
    await answers(house, appeal, REVERSED)

    clocks = await house.clocks("B-2026-0001")
    assert clocks["reinstatement_from"].state is ClockState.VOID
    assert clocks["appeal_by"].state is ClockState.RUNNING


async def test_what_cannot_be_undone_needs_a_word_why_and_closes_the_line(house: House) -> None:
    appeal, ref = await reversed_removal(house)
    await undoes(house, "sam", ref, "Cannot be undone")
    await house.sam.fills(why=" ")
    assert house.sam.page.errors["why"] == "Please answer this."
    await house.sam.fills(why="flibber: the platform deletes for good")

    [line] = await house.look(lambda shelves: shelves.appeals.restorations(appeal))
    assert line.cannot == "flibber: the platform deletes for good"
    assert ("restore", "done") in await house.tasks(ref)
    await house.deliver()
    assert "it cannot be undone" in house.told("dana")[-1].card.body
    assert "flibber" not in repr(house.posted)
    await house.dana.says(f"show {appeal}")
    assert "cannot be undone: flibber" in facts(house.dana.reply)["Undone: Facebook · Chicopee Public Library"]


async def test_a_block_that_cannot_be_lifted_is_still_in_force(house: House) -> None:
    _, ref = await reversed_block(house)
    await undoes(house, "sam", ref, "Cannot be undone on Instagram")
    await house.sam.fills(why="flibber: the page is gone")

    assert await house.account("Instagram") in in_force_on(await house.look(lambda s: s.blocks.executions(ref)))


async def test_it_is_undone_on_a_day_after_it_was_done(house: House) -> None:
    appeal, ref = await reversed_removal(house, done_on="2026-03-01")
    await house.pass_days(2)
    await undoes(house, "sam", ref, "Undone earlier")
    await house.sam.fills(done_on="2026-02-27")
    assert "It was done on 1 March 2026" in house.sam.page.errors["done_on"]
    await house.sam.fills(done_on="2026-03-03")

    [line] = await house.look(lambda shelves: shelves.appeals.restorations(appeal))
    assert line.done_on == date(2026, 3, 3)


@pytest.mark.parametrize("user", ["jo", "robin", "dana", "pat", "terry", "kim", "alex"])
async def test_only_an_editor_of_the_account_says_what_was_undone_on_it(house: House, user: str) -> None:
    appeal, ref = await reversed_removal(house)
    await house.sam.says("home")
    buttons = [house.sam.button(label, case=ref) for label in ("Undone today", "Undone earlier", "Cannot be undone")]
    for button in buttons:
        await house.somebody(user).press(button)
        assert "Only an editor of this account" in shown(house.somebody(user).reply)
    assert await house.look(lambda shelves: shelves.appeals.restorations(appeal)) == ()


async def test_a_line_is_closed_once_and_the_second_press_says_who_did(house: House) -> None:
    appeal, ref = await reversed_removal(house)
    await house.sam.says("home")
    button = house.sam.button("Undone today", case=ref)
    await house.sam.press(button)
    await house.sam.press(button)
    assert "You did this already" in house.sam.reply.headline
    await house.sam.press(Button(label="Cannot", intent="restore.cannot", subject=button.subject, opens_form=True))
    assert "Sam Okafor did this already" in shown(house.sam.reply)

    assert len(await house.look(lambda shelves: shelves.appeals.restorations(appeal))) == 1


async def test_an_editor_learns_what_to_undo_and_nothing_of_the_appeal(house: House) -> None:
    appeal, ref = await reversed_removal(house)
    await house.sam.says(f"show {ref}")
    said = shown(house.sam.reply)
    assert f"{appeal} challenges this: the decision is reversed" in said
    assert PLEA not in said
    assert REASON not in said
    await house.sam.says(f"show {appeal}")
    assert PLEA not in shown(house.sam.reply)


async def test_who_would_still_send_the_notice_of_a_reversed_act_is_told_that_it_was_reversed(house: House) -> None:
    _, ref = await reversed_removal(house)
    await house.sam.says(f"notice {ref}")
    assert "This was reversed on appeal on 2 March 2026." in shown(house.sam.reply)

    other = await house.sam.removes(links="https://facebook.com/tatterdemalion/2", text="snollygoster two")
    await house.sam.says(f"notice {other}")
    assert "reversed on appeal" not in shown(house.sam.reply)


async def test_a_block_that_was_lifted_everywhere_before_is_not_said_to_be_lifted_still(house: House) -> None:
    appeal, ref = await reversed_block(house)
    assert "our editors have been asked to lift the block" in await the_letter(house, appeal)

    await undoes(house, "sam", ref, "Undone today on Facebook")
    await undoes(house, "sam", ref, "Undone today on Instagram")

    assert "the block is lifted on every page it was on" in await the_letter(house, appeal)


async def test_a_reversed_block_whose_lines_are_all_closed_keeps_nothing_any_more(house: House) -> None:
    await chooses(house, "Time a record is kept", "1 year")
    appeal, ref = await reversed_block(house)
    await house.sam.tells_nobody(ref)
    await the_letter(house, appeal)
    await house.dana.fills(how="Letter")
    await undoes(house, "sam", ref, "Undone today on Facebook")
    await house.jump_to(date(2030, 3, 4))
    await house.kim.says(f"why kept {ref}")
    assert "it is in force" in shown(house.kim.reply)

    await undoes(house, "sam", ref, "Cannot be undone on Instagram")
    await house.sam.fills(why="flibber: the platform closed the page")

    await house.kim.says(f"why kept {ref}")
    assert "it is in force" not in shown(house.kim.reply)


async def test_whoever_decides_blocks_hears_that_one_in_force_rests_on_what_was_reversed(house: House) -> None:
    removal = await house.sam.removes()
    block = await house.sam.asks_for_block()
    await house.dana.approves(block)
    await house.sam.confirms(block)
    await house.deliver()
    told = len(house.told("dana"))

    await answers(house, await house.robin.files_appeal(removal), REVERSED)
    await house.deliver()

    said = "A removal that this block rests on was reversed on appeal."
    assert [one for one in house.told("dana")[told:] if one.card.body == said]
    await house.dana.says(f"show {block}")
    assert f"{removal}, on which it rests, was reversed on appeal on 2 March 2026." in shown(house.dana.reply)
    assert "in force from" in facts(house.dana.reply)["Status"], "nothing is lifted by itself"


async def test_a_block_that_was_lifted_or_decided_afterwards_is_not_said_to_rest_on_it(house: House) -> None:
    _, _ = await reversed_removal(house)
    await house.go_to(date(2026, 3, 3))
    block = await house.sam.asks_for_block()
    await house.dana.approves(block)
    await house.sam.confirms(block)

    await house.dana.says(f"show {block}")

    assert "on which it rests" not in shown(house.dana.reply)
