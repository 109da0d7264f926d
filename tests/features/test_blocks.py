"""Asking for a block, deciding it, and what editors confirm."""

from datetime import date, timedelta

import pytest

from bot.cards import Tone
from bot.cases.block import DecidedBlock, Decision, RequestedBlock
from tests.people import HANDLE, TODAY, WHY, House, facts, shown, title


async def test_each_ground_shows_what_supports_it_and_what_is_not_on_file(house: House) -> None:
    await house.sam.removes()
    ref = await house.sam.asks_for_block(
        grounds=("Repeated spam, or off-topic", "Would not do what staff", "Goes on online with what staff asked"),
        support_repeated_off_topic="flibber: three times in May",
        instruction_refused_instructions="flibber: Pat asked on 3 May to stop",
    )

    await house.dana.says(f"show {ref}")
    [card] = house.dana.reply.cards
    quotes = {quote.label: quote.text for quote in card.quotes}
    assert (
        quotes["Repeated spam, or off-topic posts of no relevance to the library: what supports it"]
        == "flibber: three times in May"
    )
    assert quotes["Would not do what staff asked: the instruction that was refused"].startswith("flibber: Pat asked")
    missing = [note.text for note in card.notes if note.tone is Tone.MISSING]
    assert [text.partition("”: ")[2] for text in missing] == [
        "other, appropriate contributions.",
        "what supports it.",
        "what supports it.",
        "the offline incident.",
    ]
    assert "On file: 1 confirmed removal of items by these handles (I-2026-0001)." in shown(house.dana.reply)
    assert "source: Only the Director decides on a block" in shown(house.dana.reply)


async def test_what_is_not_on_file_stops_nothing_where_the_policy_does_not(house: House) -> None:
    ref = await house.sam.asks_for_block(grounds="Repeated breaches")

    assert isinstance(await house.block(ref), RequestedBlock)
    await house.dana.approves(ref)
    assert "approved" in facts(house.dana.reply)["Status"]


async def test_a_ground_the_policy_does_not_list_says_so(house: House) -> None:
    ref = await house.sam.asks_for_block(grounds="Other repeated")

    await house.dana.says(f"show {ref}")
    assert "warning: “Other repeated or significantly inappropriate conduct” is not listed in the policy." in shown(
        house.dana.reply
    )


async def test_the_offline_incident_is_read_by_the_director_and_whoever_asked(house: House) -> None:
    ref = await house.robin.asks_for_block(
        grounds="Goes on online with what staff asked",
        offline_incident_offline_behavior="flibber: report 12 of 1 February",
    )

    for user, reads in {"robin": True, "dana": True, "sam": False, "pat": False, "kim": False}.items():
        await house.somebody(user).says(f"show {ref}")
        assert ("report 12" in shown(house.somebody(user).reply)) is reads, user
    assert "the Director can read it" in shown(house.sam.reply)


async def test_a_clerk_may_ask_and_sees_the_request(house: House) -> None:
    ref = await house.robin.asks_for_block()

    assert facts(house.robin.reply)["Status"] == "waiting for the decision"
    assert facts(house.robin.reply)["Asked by"] == "Robin Hale, 2 March 2026"
    await house.robin.says("blocks")
    assert ref in shown(house.robin.reply)
    await house.alex.says("blocks")
    assert title(house.alex.reply) == "No blocks"


async def test_the_director_opens_one_on_her_own_motion_and_it_says_so(house: House) -> None:
    ref = await house.dana.asks_for_block()
    assert facts(house.dana.reply)["Asked by"] == "Dana Whitfield, 2 March 2026, on own motion"

    await house.dana.approves(ref)

    assert "approved by Dana Whitfield" in facts(house.dana.reply)["Status"]
    assert "on own motion" in facts(house.dana.reply)["Asked by"]


async def test_whoever_asked_is_told_what_was_decided(house: House) -> None:
    ref = await house.robin.asks_for_block()
    await house.dana.says("home")
    await house.dana.presses("Deny", case=ref)
    await house.dana.fills(reason="flibber: one comment is not a pattern")
    await house.deliver()

    assert [posted.card.body for posted in house.told("robin")] == ["Denied by Dana Whitfield."]
    assert "flibber" not in repr(house.told("robin"))
    assert await house.tasks(ref) == [("decide_block", "done")]
    assert await house.clocks(ref) == {}
    await house.robin.says(f"show {ref}")
    assert facts(house.robin.reply)["Status"] == "denied by Dana Whitfield on 2 March 2026"
    assert "Reason of the decision: flibber: one comment is not a pattern" in shown(house.robin.reply)


async def test_the_page_a_block_is_decided_on_says_whom_it_is_about_where_and_what_follows(house: House) -> None:
    await house.sam.removes()
    ref = await house.sam.asks_for_block(
        grounds="Would not do what staff", instruction_refused_instructions="Told to stop"
    )
    await house.dana.says("home")
    mark = await house.mark()

    await house.dana.presses("Approve", case=ref)

    page = house.dana.page.page
    known = {fact.label: fact.value for fact in page.facts}
    assert HANDLE in known["Handles"]
    assert (known["Accounts"], known["Ground"]) == (
        "Facebook · Chicopee Public Library",
        "Would not do what staff asked",
    )
    assert {quote.label: quote.text for quote in page.quotes}["Why"] == WHY
    assert Tone.MISSING in {note.tone for note in page.notes}
    assert page.intro.startswith(f"{ref}. Approved, the editors are asked to make it.")
    assert await house.acts_since(mark, case=ref) == ["case.viewed"]


async def test_nobody_else_sees_the_page_a_block_is_decided_on(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.says("home")
    approve = house.dana.button("Approve", case=ref)

    await house.robin.press(approve)

    assert house.robin.reply.page is None
    assert HANDLE not in repr(house.robin.reply)


async def test_adopting_the_requests_reasons_keeps_them_and_what_she_adds(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.says("home")
    await house.dana.presses("Approve", case=ref)
    await house.dana.fills(mine="yes", reason="flibber: and the letter of May")

    decided = await house.block(ref)
    assert isinstance(decided, DecidedBlock)
    assert decided.reason == f"{WHY}\n\nflibber: and the letter of May"


async def test_a_denial_never_takes_the_requests_reasons(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.says("home")
    await house.dana.presses("Deny", case=ref)

    assert [field.name for field in house.dana.page.page.fields] == ["reason"]


async def test_each_editor_gets_a_task_per_account_and_the_first_day_counts(house: House) -> None:
    ref = await house.sam.asks_for_block(
        handles=f"Facebook: {HANDLE}\nInstagram: {HANDLE}", accounts=("Facebook", "Instagram")
    )
    await house.dana.approves(ref)
    assert await house.tasks(ref) == [("decide_block", "done"), ("make_block", "open"), ("make_block", "open")]
    await house.jo.says("home")
    assert house.jo.sees("Done today on Instagram", case=ref)
    assert not house.jo.sees("Done today on Facebook", case=ref)
    await house.pass_days(3)

    await house.sam.confirms(ref, account="Facebook")
    assert "in force from 5 March 2026" in facts(house.sam.reply)["Status"]
    first = await house.clocks(ref)
    await house.jo.confirms(ref, on=TODAY + timedelta(days=2), account="Instagram")

    assert "in force from 4 March 2026" in facts(house.jo.reply)["Status"]
    second = await house.clocks(ref)
    assert first["reinstatement_from"].due == date(2026, 4, 19)
    assert second["reinstatement_from"].due == date(2026, 4, 18)
    assert {clock.id for clock in first.values()} == {clock.id for clock in second.values()}


async def test_a_later_account_moves_no_date_but_the_one_to_appeal_by(house: House) -> None:
    ref = await house.sam.asks_for_block(
        handles=f"Facebook: {HANDLE}\nInstagram: {HANDLE}", accounts=("Facebook", "Instagram")
    )
    await house.dana.approves(ref)
    await house.sam.confirms(ref, account="Facebook")
    first = await house.clocks(ref)
    await house.pass_days(4)
    await house.jo.confirms(ref, account="Instagram")

    later = await house.clocks(ref)
    assert later["appeal_by"].due == date(2026, 3, 21)
    assert {clock.due for name, clock in later.items() if name != "appeal_by"} == {
        clock.due for name, clock in first.items() if name != "appeal_by"
    }
    assert (await house.tasks(ref)).count(("send_notice", "open")) == 1


async def test_a_block_cannot_be_confirmed_for_a_day_to_come(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.approves(ref)
    await house.sam.confirms(ref, on=TODAY + timedelta(days=1))

    assert house.sam.page.errors["done_on"] == "Choose 2 March 2026 or an earlier day."
    assert await house.clocks(ref) == {}


# -- already made ----------------------------------------------------------------------------------------------------


async def test_a_block_an_editor_had_made_is_the_directors_urgent_task(house: House) -> None:
    ref = await house.sam.asks_for_block(early={"Facebook": "2026-02-27"})

    await house.dana.says("home")
    assert ("2 March 2026, urgent", "Adopt or lift a block already made", ref) in [
        row.cells for card in house.dana.reply.cards if card.table for row in card.table.rows
    ]
    assert not house.dana.sees("Approve", case=ref)
    await house.deliver()
    assert [card for card in house.cards("decisions") if ref in card] == [f"Block to adopt or lift, {ref}"]


async def test_an_adopted_block_is_in_force_from_the_day_it_was_made(house: House) -> None:
    ref = await house.sam.asks_for_block(early={"Facebook": "2026-02-27"})
    await house.dana.approves(ref, label="Adopt the block")
    await house.sam.says("home")
    await house.sam.presses("Done earlier", case=ref)
    assert house.sam.page.values["done_on"] == ("2026-02-27",)
    await house.sam.fills()

    assert "in force from 27 February 2026" in facts(house.sam.reply)["Status"]
    assert (await house.clocks(ref))["reinstatement_from"].due == date(2026, 4, 13)


async def test_a_block_that_is_not_adopted_is_lifted_by_the_editor(house: House) -> None:
    ref = await house.sam.asks_for_block(early={"Facebook": "2026-02-27"})
    await house.dana.approves(ref, label="Lift the block")

    decided = await house.block(ref)
    assert isinstance(decided, DecidedBlock)
    assert decided.decision is Decision.DENIED
    assert await house.tasks(ref) == [("adopt_or_lift", "done"), ("lift_block", "open")]
    await house.sam.confirms(ref)
    assert await house.tasks(ref) == [("adopt_or_lift", "done"), ("lift_block", "done")]
    assert "Lifted on Facebook · Chicopee Public Library: 2 March 2026" in shown(house.sam.reply)
    assert await house.clocks(ref) == {}


# -- what is asked for -----------------------------------------------------------------------------------------------


async def test_the_same_block_is_not_asked_for_twice(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.pat.says("block")
    await house.pat.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds="Repeated breaches")
    await house.pat.fills(reason=WHY)

    assert f"{ref} about one of these handles already waits for a decision" in shown(house.pat.reply)


async def test_a_handle_is_blocked_on_its_own_platform(house: House) -> None:
    await house.sam.says("block")
    await house.sam.fills(handles=f"Facebook: {HANDLE}", accounts=("Facebook", "Instagram"), grounds="One serious")
    await house.sam.fills(reason=WHY)

    assert "None of the handles is on Instagram" in house.sam.page.errors["accounts"]


async def test_a_handle_without_a_platform_is_asked_which(house: House) -> None:
    await house.sam.says("block")
    await house.sam.fills(handles=HANDLE, accounts=("Facebook", "Instagram"), grounds="One serious")
    await house.sam.fills(reason=WHY)

    assert "Say on which platform" in house.sam.page.errors["handles"]


async def test_a_block_asked_for_from_a_report_begins_with_its_author(house: House) -> None:
    await house.sam.removes()
    await house.sam.presses("Ask for a block")

    assert house.sam.page.values["handles"] == (f"Facebook: {HANDLE}",)


async def test_denied_once_it_can_be_asked_for_again(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.approves(ref, label="Deny")

    assert await house.sam.asks_for_block() == "B-2026-0002"


@pytest.mark.parametrize("days", [1, 30])
async def test_an_overdue_decision_escalates_and_never_decides_itself(house: House, days: int) -> None:
    ref = await house.sam.asks_for_block()
    await house.pass_days(1 + days)

    assert isinstance(await house.block(ref), RequestedBlock)
    await house.dana.says("home")
    assert "3 March 2026, overdue" in shown(house.dana.reply)
    assert any(posted.key.startswith("daily:") for posted in house.told("dana"))


async def test_a_block_that_waits_for_its_editor_is_not_asked_for_again(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.approves(ref)

    await house.pat.says("block")
    await house.pat.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds="Repeated breaches")
    await house.pat.fills(reason=WHY)

    assert f"{ref} about one of these handles is already approved and waits for an editor" in shown(house.pat.reply)


async def test_a_clerk_is_not_told_of_the_block_that_stands_in_the_way(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.robin.says("block")
    await house.robin.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds="Repeated breaches")
    await house.robin.fills(reason=WHY)

    assert "already knows" in shown(house.robin.reply)
    assert ref not in shown(house.robin.reply)
