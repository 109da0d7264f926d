"""What follows a removal or a block when somebody challenges it: the periods of the policies, with none added."""

from datetime import date
from pathlib import Path

import pytest

from tests.features.under import sees, under
from tests.people import HANDLE, LINK, PLEA, WORDS, House, shown
from tests.policy.holds import holds


@holds("chicopee:C05")
async def test_what_stands_on_an_account_that_is_not_ours_is_an_impostors_and_nothing_comes_down_there(
    house: House,
) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="An account that is not ours", links=LINK, text=WORDS)

    kept = await house.incident(house.robin.ref)
    assert (kept.track.value, kept.account, kept.removal) == ("impostor", None, None)


@holds("chicopee:C40", "chicopee:C41", "chicopee:C43")
@pytest.mark.parametrize("what", ["removal", "block"])
async def test_a_removal_and_a_block_are_appealed_within_fifteen_days_and_answered_in_fifteen(
    house: House, what: str
) -> None:
    ref = await house.sam.removes(done_on="2026-03-02")
    if what == "block":
        ref = await house.sam.asks_for_block()
        await house.dana.approves(ref)
        await house.sam.confirms(ref, account="Facebook")
    assert (await house.clocks(ref))["appeal_by"].due == date(2026, 3, 17)
    appeal = await house.robin.files_appeal(ref, words=PLEA)

    clock = (await house.clocks(appeal))["decide_appeal_by"]
    assert (clock.due, clock.kind.value, clock.stated) == (date(2026, 3, 17), "duty", True)
    await house.pass_days(14)
    reminded = {posted.to.channel for posted in house.posted if appeal in repr(posted.card.table)}
    assert "decisions" in reminded


@holds("chicopee:C45")
async def test_a_removed_post_is_kept_for_a_year_and_nothing_goes_by_itself_after_it(house: House) -> None:
    ref = await house.sam.removes(done_on="2026-03-02")
    assert (await house.clocks(ref))["retain_through"].due == date(2027, 3, 2)
    await house.jump_to(date(2027, 4, 1))
    await house.pass_days(2)

    assert (await house.incident(ref)).text == WORDS


@holds("chicopee:C46")
async def test_on_the_forty_fifth_day_somebody_may_ask_to_come_back_and_the_block_stands_until_then_and_after(
    house: House,
) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.approves(ref)
    await house.sam.confirms(ref, account="Facebook")
    assert (await house.clocks(ref))["reinstatement_from"].due == date(2026, 4, 16)
    await house.go_to(date(2026, 4, 16))

    told = [posted for posted in house.told("dana") if ref in repr(posted.card)]
    assert told
    done = await house.look(lambda shelves: shelves.blocks.executions(ref))
    assert [one.done.value for one in done] == ["made"]
    await house.dana.says(f"show {ref}")
    assert "in force" in shown(house.dana.reply)


@holds("cook_memorial:K52")
async def test_an_answer_within_thirty_days_is_reminded_of_and_nothing_is_decided_when_they_pass(
    tmp_path: Path,
) -> None:
    desk = await under("cook_memorial", tmp_path)
    ref = await desk.somebody("sam").removes(clauses="Spam", done_on="2026-03-02")
    appeal = await desk.somebody("robin").files_appeal(ref, words=PLEA)
    assert (await desk.house.clocks(appeal))["decide_appeal_by"].due == date(2026, 4, 1)
    await desk.house.jump_to(date(2026, 4, 8))
    await desk.house.pass_days(2)

    told = [one for one in desk.house.messenger.posts if appeal in repr(one.card) and "overdue" in repr(one.card)]
    for day in (8, 9, 10):
        heard = {one.to.channel or one.to.user for one in told if one.at.date() == date(2026, 4, day)}
        assert heard >= {"decisions", "dana", "alex", "terry"}, day
    assert (await desk.house.clocks(appeal))["decide_appeal_by"].state.value == "running"
    assert appeal in {one.ref for one in await desk.house.look(lambda shelves: shelves.appeals.undecided())}
    assert (await desk.house.incident(ref)).sustained


@holds("cook_memorial:K49")
async def test_a_removed_post_is_disposed_of_by_no_date_of_our_own(tmp_path: Path) -> None:
    desk = await under("cook_memorial", tmp_path)
    kim = desk.somebody("kim")
    ref = await desk.somebody("sam").removes(clauses="Spam", done_on="2026-03-02", handles=HANDLE)
    assert "retain_through" not in await desk.house.clocks(ref)
    await desk.house.jump_to(date(2029, 3, 5))
    await kim.says("dispose")

    assert "Nothing is on the disposal list today" in sees(kim)
    assert (await desk.house.incident(ref)).text == WORDS
