"""Putting a slip right: a new event with a reason; dates are proved again, and nobody's is taken away."""

from datetime import date

from bot.cases.clock import ClockState
from tests.people import HANDLE, LINK, House, facts, shown

WHY = "flibber: it was after midnight"


async def corrects(house: House, ref: str, detail: str, value: str, *, reason: str = WHY) -> None:
    await house.sam.says(f"correct {ref}")
    await house.sam.fills(detail=detail)
    await house.sam.fills(value=value, reason=reason)


async def tells(house: House, ref: str) -> None:
    await house.sam.says(f"notice {ref}")
    await house.sam.fills(how="Letter")


async def test_a_corrected_day_proves_the_dates_again_and_both_days_are_shown(house: House) -> None:
    ref = await house.sam.removes()
    mark = await house.mark()

    await corrects(house, ref, "The day it was done", "2026-02-28")

    clocks = await house.clocks(ref)
    assert {name: clock.due for name, clock in clocks.items()} == {
        "appeal_by": date(2026, 3, 15),
        "retain_through": date(2027, 2, 28),
    }
    assert clocks["appeal_by"].proof[0] == "Day 0 is Saturday 28 February 2026, the day the content was removed."
    read = shown(house.sam.reply)
    assert f"The day it was done was 2026-03-02, is 2026-02-28. {WHY}" in read.replace("the day it", "The day it")
    assert "Corrected by Sam Okafor" in read
    assert await house.acts_since(mark, case=ref) == [
        "case.correct incident",
        "case.correct correction",
        "case.correct clock",
        "case.correct clock",
    ]


async def test_nothing_is_edited_away(house: House) -> None:
    ref = await house.sam.removes()
    before = await house.since()

    await corrects(house, ref, "The day it was done", "2026-02-28")

    assert (await house.since())[: len(before)] == before
    [event] = [one for one in await house.since(len(before)) if one.header["record"] == "correction"]
    assert event.payload["after"]["before"] == "2026-03-02"
    assert event.payload["after"]["after"] == "2026-02-28"
    assert event.payload["after"]["reason"] == WHY


async def test_a_date_somebody_was_told_is_never_shortened_and_both_are_shown(house: House) -> None:
    ref = await house.sam.removes()
    await tells(house, ref)

    await corrects(house, ref, "The day it was done", "2026-02-25")

    clock = (await house.clocks(ref))["appeal_by"]
    assert (clock.due, clock.told_due) == (date(2026, 3, 17), date(2026, 3, 17))
    await house.sam.says(f"due show {ref}")
    assert "Told before: Tuesday 17 March 2026. Counted again: Thursday 12 March 2026." in shown(house.sam.reply)


async def test_a_later_date_counts_even_when_an_earlier_one_was_told(house: House) -> None:
    await house.pass_days(2)
    ref = await house.sam.removes(done_on="2026-03-02")
    await tells(house, ref)

    await corrects(house, ref, "The day it was done", "2026-03-04")

    assert (await house.clocks(ref))["appeal_by"].due == date(2026, 3, 19)
    await house.sam.says(f"due show {ref}")
    assert "Told before: Tuesday 17 March 2026. Counted again: Thursday 19 March 2026." in shown(house.sam.reply)


async def test_a_reminder_that_went_out_counts_as_told(house: House) -> None:
    ref = await house.sam.removes()
    await house.go_to(date(2026, 3, 13))

    await corrects(house, ref, "The day it was done", "2026-02-20")

    assert (await house.clocks(ref))["appeal_by"].due == date(2026, 3, 17)


async def test_a_corrected_block_day_moves_what_hangs_on_it(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.approves(ref)
    await house.sam.confirms(ref)

    await corrects(house, ref, "The day it was made", "2026-02-27")

    assert {name: clock.due for name, clock in (await house.clocks(ref)).items()} == {
        "appeal_by": date(2026, 3, 14),
        "reinstatement_from": date(2026, 4, 13),
    }
    assert "in force from 27 February 2026" in facts(house.sam.reply)["Status"]


async def test_a_corrected_handle_moves_the_removal_to_the_other_history(house: House) -> None:
    ref = await house.sam.removes()
    await corrects(house, ref, "The author's handle", "@quibbleright")

    await house.dana.says("history @quibbleright")
    assert facts(house.dana.reply)["Confirmed removals that stand"] == "1"
    await house.dana.says(f"history {HANDLE}")
    assert "Nothing is on file" in shown(house.dana.reply)


async def test_what_stays_up_has_no_author_to_correct(house: House) -> None:
    ref = await house.robin.reports()
    await house.sam.says(f"correct {ref}")

    offered = [option.label for option in house.sam.page.page.fields[0].options]
    assert "The author's handle" not in offered
    assert "The day it was done" not in offered
    assert "The link" in offered


async def test_a_correction_needs_a_reason_and_a_difference(house: House) -> None:
    ref = await house.sam.removes()
    await corrects(house, ref, "The day it was done", "2026-03-02", reason="")
    assert house.sam.page.errors == {"reason": "Please answer this."}

    await house.sam.fills(reason=WHY)
    assert house.sam.page.errors["value"] == "Nothing would change."
    assert await house.look(lambda shelves: shelves.papers.corrections(ref)) == ()


async def test_a_correction_cannot_lie_ahead(house: House) -> None:
    ref = await house.sam.removes()
    await corrects(house, ref, "The day it was done", "2026-03-03")

    assert house.sam.page.errors["value"] == "Choose 2 March 2026 or an earlier day."


async def test_the_channel_shows_the_corrected_day_and_not_the_reason(house: House) -> None:
    ref = await house.sam.removes()
    await house.deliver()
    await corrects(house, ref, "The day it was done", "2026-02-28")
    await house.deliver()

    [card] = [posted.card for posted in house.channel("social-media") if posted.card.title == f"Report {ref}"]
    assert ("Status", "removed on 28 February 2026") in [(fact.label, fact.value) for fact in card.facts]


async def test_a_right_that_passed_under_a_wrong_day_runs_again(house: House) -> None:
    ref = await house.sam.removes(done_on="2026-02-01")
    await house.go_to(date(2026, 3, 4))
    assert (await house.clocks(ref))["appeal_by"].state is ClockState.PASSED

    await corrects(house, ref, "The day it was done", "2026-03-01")

    clock = (await house.clocks(ref))["appeal_by"]
    assert (clock.state, clock.due) == (ClockState.RUNNING, date(2026, 3, 16))


async def test_a_corrected_link_is_shown_with_what_it_was(house: House) -> None:
    ref = await house.robin.reports()
    await corrects(house, ref, "The link", f"{LINK}/right")

    assert (await house.incident(ref)).link == f"{LINK}/right"
    assert f"was {LINK}, is {LINK}/right" in shown(house.sam.reply)


async def test_a_date_that_was_moved_is_reminded_of_anew(house: House) -> None:
    ref = await house.sam.removes()
    await house.go_to(date(2026, 3, 16))
    await corrects(house, ref, "The day it was done", "2026-03-16")
    assert (await house.clocks(ref))["appeal_by"].due == date(2026, 3, 31)

    await house.go_to(date(2026, 4, 1))

    told = [p.card for p in house.channel("records") if p.card.title.startswith("Due, ")]
    assert [card.table and [row.cells[0] for row in card.table.rows] for card in told] == [
        ["17 March 2026"],
        ["31 March 2026"],
        ["31 March 2026"],
    ]


async def test_a_second_report_joins_by_the_link_as_corrected(house: House) -> None:
    ref = await house.sam.removes()
    await corrects(house, ref, "The link", f"{LINK}/2")

    assert await house.kim.reports(links=f"{LINK}/2") == ref
    assert await house.kim.reports() != ref
