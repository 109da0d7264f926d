"""Forms and presses: once, never lost, never on an outdated card."""

import asyncio
from dataclasses import replace

import pytest

from bot.cards import Turn
from bot.cases.block import DecidedBlock, Decision
from bot.rounds import DRAFT_LIFE
from tests.people import LINK, WHY, WORDS, House, facts, shown, title


async def test_a_press_on_an_outdated_card_shows_the_case_instead_of_acting(house: House) -> None:
    ref = await house.robin.reports(outcome="Please look")
    for editor in (house.sam, house.pat):
        await editor.says("home")
    await house.sam.says("home")
    look = house.sam.button("I'll look", case=ref)
    await house.kim.reports(words="flibber: another report makes it a newer version")
    mark = await house.mark()

    await house.sam.press(look)

    assert "this has changed since that card was drawn" in house.sam.reply.headline.casefold()
    assert f"Report {ref}" in shown(house.sam.reply)
    assert (await house.incident(ref)).claimed_by is None
    assert await house.acts_since(mark) == ["case.viewed"]


async def test_a_form_opened_from_an_outdated_card_shows_the_case(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.says("home")
    old = house.dana.button("Approve", case=ref)
    await house.dana.press(old)
    await house.dana.fills(reason=WHY)

    await house.dana.press(old)

    assert house.dana.reply.page is None
    assert "approved by Dana Whitfield" in shown(house.dana.reply)


async def test_a_double_press_is_done_once_and_says_who_did_it_and_when(house: House) -> None:
    ref = await house.robin.removes()
    await house.sam.says("home")
    done = house.sam.button("Done today", case=ref)
    await house.sam.press(done)
    mark, dates = await house.mark(), await house.clocks(ref)

    await house.sam.press(done)

    assert "already" in shown(house.sam.reply)
    assert "2 March 2026 at 10:0" in shown(house.sam.reply)
    assert await house.clocks(ref) == dates
    assert set(await house.acts_since(mark)) <= {"case.viewed", "refused"}


async def test_another_editors_press_on_the_same_button_is_told_who_did_it(house: House) -> None:
    ref = await house.robin.removes(account="Instagram")
    for editor in (house.sam, house.jo):
        await editor.says("home")
    await house.sam.presses("Done today", case=ref)

    await house.jo.presses("Done today", case=ref)

    assert "Sam Okafor did this already, on 2 March 2026 at 10:0" in shown(house.jo.reply)


@pytest.mark.parametrize("times", [2, 5])
async def test_a_redelivered_last_page_makes_one_report(house: House, times: int) -> None:
    await house.robin.begins_report()
    sent = house.robin.sending(account="Facebook", links=LINK, text=WORDS, outcome="Please look")
    for number in range(times):
        await house.robin.sends(replace(sent, delivery_id=f"again-{number}"))

    assert house.robin.reply.headline.startswith("You did this already, on 2 March 2026 at 10:0")
    assert f"Report {house.robin.ref}" in shown(house.robin.reply)
    await house.robin.says("reports")
    assert await house.tasks("I-2026-0001") == [("look", "open")]
    assert (await house.incident("I-2026-0001")).joined == ()
    await house.kim.says("reports")
    assert facts(house.kim.reply)["Shown"] == "1"


async def test_a_redelivered_earlier_page_loses_nothing(house: House) -> None:
    await house.robin.says("report")
    first = house.robin.sending(track="May break a rule", child_abuse="no")
    await house.robin.sends(first)
    await house.robin.sends(first)

    assert house.robin.page.number == 2
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS)
    assert house.robin.reply.headline.startswith("Saved as I-2026-0001")


async def test_a_second_draft_of_the_same_decision_gets_the_winners_answer(house: House) -> None:
    ref = await house.sam.asks_for_block()
    tablet = house.somebody("dana")
    await house.dana.says("home")
    approve, deny = house.dana.button("Approve", case=ref), house.dana.button("Deny", case=ref)
    await house.dana.press(approve)
    approving = house.dana.sending(reason=WHY)
    await tablet.press(deny)
    denying = tablet.sending(reason="flibber: no")

    await house.dana.sends(approving)
    mark = await house.mark()
    await tablet.sends(denying)

    assert title(tablet.reply).startswith("You approved this on 2 March 2026 at 10:0")
    decided = await house.block(ref)
    assert isinstance(decided, DecidedBlock)
    assert (decided.decision, decided.reason) == (Decision.APPROVED, WHY)
    assert await house.acts_since(mark) == ["refused"]


async def test_thirty_two_drafts_sent_at_once_decide_once(house: House) -> None:
    ref = await house.sam.asks_for_block()
    drafts = []
    for number in range(32):
        await house.dana.says("home")
        await house.dana.presses("Approve" if number % 2 else "Deny", case=ref)
        drafts.append(house.dana.sending(reason=f"flibber {number}"))

    replies = await asyncio.gather(*(house.dana.sends(draft) for draft in drafts))

    told = [title(reply) for reply in replies if title(reply).startswith("You ")]
    assert len(told) == 31
    assert all("on 2 March 2026 at 10:" in one for one in told)


async def test_an_expired_draft_says_that_nothing_was_saved(house: House) -> None:
    await house.robin.begins_report()
    sent = house.robin.sending(account="Facebook", links=LINK, text=WORDS)
    house.time.later(days=DRAFT_LIFE.days + 1)
    await house.pass_days(3)
    mark = await house.mark()

    await house.robin.sends(sent)

    assert "no longer open, and nothing was saved with it" in shown(house.robin.reply)
    assert await house.acts_since(mark) == []


async def test_a_draft_that_was_touched_lives_on(house: House) -> None:
    await house.robin.begins_report()
    for _ in range(3):
        await house.pass_days(10)
        await house.robin.turns(Turn.BACK)
        await house.robin.fills(track="May break a rule", child_abuse="no")

    await house.robin.fills(account="Facebook", links=LINK, text=WORDS)

    assert house.robin.reply.headline.startswith("Saved as")


async def test_turning_a_page_writes_no_ledger(house: House) -> None:
    mark = await house.mark()
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await house.robin.fills(clauses="Advertising")

    assert await house.acts_since(mark) == []


async def test_a_mistake_shows_beside_its_field_and_loses_nothing(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(links=LINK, text=WORDS, host_post="Story hour")

    assert house.robin.page.errors == {"account": "Please answer this."}
    assert house.robin.page.values["text"] == (WORDS,)
    assert house.robin.page.values["host_post"] == ("Story hour",)


async def test_an_over_long_text_says_how_long_it_may_be(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text="x" * 20_001)

    assert house.robin.page.errors["text"] == "This takes at most 20,000 characters; there are 20,001."


async def test_a_decision_needs_a_reason(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.says("home")
    await house.dana.presses("Deny", case=ref)

    for reason in ("", "   "):
        await house.dana.fills(reason=reason)
        assert house.dana.page.errors
    assert not isinstance(await house.block(ref), DecidedBlock)


async def test_a_button_of_a_task_that_is_gone_says_so(house: House) -> None:
    ref = await house.robin.removes()
    await house.sam.says("home")
    old = house.sam.button("Done today", case=ref)
    await house.sam.presses("Something else", case=ref)
    await house.sam.fills(outcome="Left up", child_abuse="no")
    mark = await house.mark()

    await house.sam.press(old)

    assert "Sam Okafor settled this already" in shown(house.sam.reply)
    assert "It is no longer to be done." in shown(house.sam.reply)
    assert await house.acts_since(mark) == ["refused"]
    assert await house.clocks(ref) == {}


async def test_two_reports_of_one_item_at_once_become_one(house: House) -> None:
    sent = []
    for somebody in (house.robin, house.kim, house.pat, house.alex):
        await somebody.begins_report()
        sent.append((somebody, somebody.sending(account="Facebook", links=LINK, text=WORDS, outcome="Please look")))

    await asyncio.gather(*(somebody.sends(one) for somebody, one in sent))

    assert len((await house.incident("I-2026-0001")).joined) == 3
    assert await house.tasks("I-2026-0001") == [("look", "open")]


async def test_staying_on_a_page_keeps_what_is_filled_in_and_turns_nothing(house: House) -> None:
    await house.robin.begins_report()
    before = house.robin.page
    await house.robin.turns(Turn.STAY, words=WORDS)

    stays = house.robin.page
    assert (stays.number, stays.token, stays.errors) == (before.number, before.token, {})
    assert stays.values["words"] == (WORDS,)
    await house.robin.turns(Turn.BACK)
    await house.robin.fills()
    assert house.robin.page.values["words"] == (WORDS,)
