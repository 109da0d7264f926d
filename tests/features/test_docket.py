"""The disposal list: whose time is up, from which day, and what keeps a record all the same."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.cases.clock import ClockState
from tests.people import TODAY, WHY, House, shown, title

A_YEAR_LATER = date(2027, 3, 3)
"""The day after 2 March 2027, through which a removal of 2 March 2026 is kept."""


async def a_removal(house: House, **said: Any) -> str:  # noqa: ANN401 - as the person's own words are typed
    """A removal of today about which nothing is left to do."""
    ref = await house.sam.removes(why=WHY, **said)
    await house.sam.tells_nobody(ref)
    return ref


async def a_block(house: House, **said: Any) -> str:  # noqa: ANN401 - as above
    """A block in force from today about which nothing is left to do."""
    ref = await house.sam.asks_for_block(**said)
    await house.dana.approves(ref)
    await house.sam.confirms(ref)
    await house.sam.tells_nobody(ref)
    return ref


async def chooses(house: House, what: str, value: str) -> None:
    """Choose a library practice in setup."""
    await house.alex.says("setup")
    await house.alex.presses("Library practice")
    await house.alex.fills(key=what)
    await house.alex.fills(value=value, approved_by="Board of Trustees", approved_on="2026-03-02")


async def on_the_list(house: House) -> list[str]:
    """What the disposal list has today, as the Director sees it."""
    await house.dana.says("disposal list")
    table = house.dana.reply.cards[0].table
    return [row.cells[0] for row in table.rows] if table else []


async def kept_by(house: House, ref: str) -> str:
    """Why a record is not on the list, as the records officer reads it."""
    await house.kim.says(f"why kept {ref}")
    return {fact.label: fact.value for fact in house.kim.reply.cards[0].facts}["On the disposal list"]


async def test_a_record_is_on_the_list_from_the_day_after_its_last_day(house: House) -> None:
    ref = await a_removal(house)
    await house.jump_to(A_YEAR_LATER - timedelta(days=1))
    assert await on_the_list(house) == []
    assert await kept_by(house, ref) == "no: it is kept at least through 2 March 2027"

    await house.jump_to(A_YEAR_LATER)

    assert await on_the_list(house) == [ref]
    said = shown(house.dana.reply)
    assert f"{ref} | removed on 2 March 2026 | 2 March 2027 | " in said
    assert "1 record: the time is up, and nothing else keeps it." in said
    await house.dana.presses("Why")
    said = shown(house.dana.reply)
    assert "On the disposal list: yes" in said
    assert "Day 0 is Monday 2 March 2026, the day the content was removed." in said
    assert "1 year later is Tuesday 2 March 2027; kept through that day" in said
    assert "Social Media Policy" in said


async def test_whatever_is_still_asked_of_somebody_keeps_a_record(house: House) -> None:
    ref = await house.sam.removes()
    await house.jump_to(A_YEAR_LATER)

    assert await on_the_list(house) == []
    assert await kept_by(house, ref) == f"no: somebody is still asked: tell the person, or decide not to ({ref})"
    await house.sam.tells_nobody(ref)
    assert await on_the_list(house) == [ref]


async def test_a_running_appeal_keeps_the_record_until_its_letter_is_sent(house: House) -> None:
    ref = await a_removal(house)
    appeal = await house.robin.files_appeal(ref)
    await house.jump_to(A_YEAR_LATER)
    assert f"the appeal {appeal} waits for its answer" in await kept_by(house, ref)

    await house.dana.says(f"show {appeal}")
    await house.dana.presses("Answer it")
    await house.dana.fills(
        answer="The decision stands", reason=WHY, not_consulted="yes", why_not_consulted="a year has passed"
    )
    assert "somebody is still asked: tell the person" in await kept_by(house, ref)
    assert await on_the_list(house) == []
    await house.dana.says(f"notice {appeal}")
    await house.dana.fills(how="Letter", text=house.dana.page.values["text"][0].replace("[…]", "17 March 2026"))

    assert await on_the_list(house) == [f"{ref} with {appeal}"]


async def test_an_appeal_nobody_has_matched_yet_keeps_everything_it_could_be_about(house: House) -> None:
    ref = await a_removal(house)
    await house.jump_to(A_YEAR_LATER)
    appeal = await house.robin.files_appeal()

    assert await on_the_list(house) == []
    assert await kept_by(house, ref) == f"no: the appeal {appeal} has yet to be matched, and could be about it"


async def test_a_block_asked_for_or_in_force_keeps_the_authors_records(house: House) -> None:
    ref = await a_removal(house)
    block = await house.sam.asks_for_block()
    await house.jump_to(A_YEAR_LATER)
    assert f"the block {block} waits for its decision" in await kept_by(house, ref)

    await house.dana.approves(block)
    await house.sam.confirms(block)
    assert f"the block {block} is in force" in await kept_by(house, ref)
    assert await on_the_list(house) == []
    assert "it is in force" in await kept_by(house, block)


async def test_a_block_that_relies_on_a_record_keeps_it_even_when_it_was_denied(house: House) -> None:
    ref = await a_removal(house)
    await house.sam.says(f"block {ref}")
    await house.sam.fills(accounts="Facebook", grounds="Repeated breaches")
    await house.sam.fills(reason=WHY)
    block = house.sam.ref
    await house.dana.approves(block, label="Deny")
    await house.jump_to(A_YEAR_LATER)

    assert await kept_by(house, ref) == f"no: the block {block} relies on it and is still on file"
    assert await on_the_list(house) == []


async def test_a_block_of_another_author_keeps_nothing(house: House) -> None:
    ref = await a_removal(house)
    await a_block(house, handles="Facebook: @somebodyelse")
    await house.jump_to(A_YEAR_LATER)

    assert await on_the_list(house) == [ref]


async def test_where_the_policy_is_silent_nothing_lists_a_record_until_the_library_chooses_a_period(
    house: House,
) -> None:
    hidden = await a_removal(house, outcome="Hidden")
    left_up = await house.robin.reports(links="https://example.org/tatter2", text="tatter")
    denied = await house.sam.asks_for_block(handles="Facebook: @quibbler")
    await house.dana.approves(denied, label="Deny")
    await house.jump_to(date(2031, 3, 3))

    assert await on_the_list(house) == []
    [_, silent] = house.dana.reply.cards
    assert silent.title == "No period: 3"
    assert {row.cells[0] for row in silent.table.rows} == {hidden, left_up, denied}  # type: ignore[union-attr]  # shown
    assert "whether the year for deleted posts goes for it too" in await kept_by(house, hidden)

    await chooses(house, "Time a record is kept", "3 years")
    assert set(await on_the_list(house)) == {hidden, left_up, denied}
    assert "library practice, not in policy" in shown(house.dana.reply)
    await house.kim.says(f"why kept {hidden}")
    said = shown(house.kim.reply)
    assert "Kept at least through: 2 March 2029" in said
    assert "3 years later is Friday 2 March 2029" in said


async def test_the_librarys_own_period_is_counted_from_the_day_a_record_was_settled(house: House) -> None:
    await chooses(house, "Time a record is kept", "2 years")
    hidden = await a_removal(house, outcome="Hidden")
    removed = await a_removal(house, links="https://example.org/tatter2", text="tatter two")
    await house.jump_to(A_YEAR_LATER)
    assert await on_the_list(house) == [removed]

    await house.jump_to(date(2028, 3, 3))

    assert set(await on_the_list(house)) == {removed, hidden}


async def test_a_record_outlives_the_time_to_appeal_and_to_answer_however_short_its_period(house: House) -> None:
    await chooses(house, "Time to appeal", "30 days")
    await chooses(house, "Time a record is kept", "10 days")
    hidden = await a_removal(house, outcome="Hidden")
    await house.jump_to(TODAY + timedelta(days=12))
    assert await on_the_list(house) == []
    assert (await kept_by(house, hidden)).startswith("no: it is kept at least through 16 April 2026; a date of")
    assert "An appeal of the last day is answered by then: 16 April 2026" in shown(house.kim.reply)

    await house.jump_to(TODAY + timedelta(days=46))

    assert await on_the_list(house) == [hidden]


async def test_a_corrected_day_moves_the_record_on_the_list_with_it(house: House) -> None:
    ref = await house.sam.removes(done_on="2026-02-20")
    await house.sam.tells_nobody(ref)
    await house.sam.says(f"correct {ref}")
    await house.sam.fills(detail="The day it was done")
    await house.sam.fills(value="2026-02-26", reason="flibber: it was Thursday")

    await house.jump_to(date(2027, 2, 26))
    assert await on_the_list(house) == []
    await house.jump_to(date(2027, 3, 1))

    assert await on_the_list(house) == [ref]


async def test_no_round_removes_a_record_however_long_it_waits(house: House) -> None:
    ref = await a_removal(house)
    for year in range(2027, 2037):
        await house.jump_to(date(year, 3, 3))

    kept = await house.incident(ref)
    assert kept.text
    assert (await house.clocks(ref))["retain_through"].state is ClockState.RUN
    assert await on_the_list(house) == [ref]


async def test_what_was_left_up_and_is_still_open_is_never_listed(house: House) -> None:
    await chooses(house, "Time a record is kept", "1 year")
    ref = await house.robin.reports(outcome="Please look")
    await house.jump_to(A_YEAR_LATER)

    assert await on_the_list(house) == []
    assert "it is not settled yet" in await kept_by(house, ref)


# -- who sees it, and who is told ------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["robin", "sam", "jo", "pat", "alex"])
async def test_the_list_opens_to_the_custodian_and_record_keepers_only(house: House, user: str) -> None:
    await a_removal(house)
    mark = await house.mark()

    for words in ("docket", "why kept I-2026-0001", "holds", "show D-2026-0001"):
        await house.somebody(user).says(words)
        assert "The disposal list opens to the custodian" in title(house.somebody(user).reply)

    assert await house.acts_since(mark) == ["refused"] * 4


@pytest.mark.parametrize("user", ["dana", "kim", "terry"])
async def test_a_look_at_the_list_is_in_the_ledger(house: House, user: str) -> None:
    mark = await house.mark()

    await house.somebody(user).says("docket")

    assert title(house.somebody(user).reply) == "Disposal list, Monday 2 March 2026"
    assert await house.acts_since(mark) == ["case.viewed"]


async def test_the_months_list_goes_to_the_records_channel_and_the_custodian_once(house: House) -> None:
    ref = await a_removal(house)
    await house.go_to(date(2026, 4, 3))
    assert [card for card in house.cards("records") if card.startswith("Disposal list")] == []

    await house.jump_to(A_YEAR_LATER)
    assert [card for card in house.cards("records") if card.startswith("Disposal list")] == [
        "Disposal list of March 2027"
    ]
    await house.go_to(date(2027, 4, 6))

    lists = [card for card in house.cards("records") if card.startswith("Disposal list")]
    assert lists == ["Disposal list of March 2027", "Disposal list of April 2027"]
    [first, _] = [posted for posted in house.channel("records") if posted.card.title.startswith("Disposal list")]
    said = repr(first.card)
    assert ref in said
    assert "2 March 2027" in said
    assert [posted.card.title for posted in house.told("dana") if posted.card.title.startswith("Disposal")] == lists
    assert [posted.card.title for posted in house.told("kim") if posted.card.title.startswith("Disposal")] == []


async def test_the_month_is_told_on_its_first_open_day_and_on_no_other(house: House) -> None:
    await a_removal(house)
    await house.jump_to(A_YEAR_LATER)
    await house.go_to(date(2027, 5, 4))

    days = [posted.at.date() for posted in house.channel("records") if posted.card.title.startswith("Disposal list")]
    assert days == [A_YEAR_LATER, date(2027, 4, 1), date(2027, 5, 3)]


async def test_what_comes_up_within_a_month_is_told_with_the_next_one(house: House) -> None:
    ref = await a_removal(house)
    await house.jump_to(date(2027, 2, 26))
    await house.go_to(date(2027, 3, 31))
    assert await on_the_list(house) == [ref]
    assert not [card for card in house.cards("records") if card.startswith("Disposal list")]

    await house.go_to(date(2027, 4, 1))

    assert [card for card in house.cards("records") if card.startswith("Disposal list")] == [
        "Disposal list of April 2027"
    ]


async def test_a_confidential_record_is_counted_in_the_channel_and_not_named(house: House) -> None:
    await chooses(house, "Time a record is kept", "1 year")
    await house.robin.reports_conduct(about_director="no", item={"text": "tatter"})
    walled = house.robin.ref
    assert walled, shown(house.robin.reply)
    await house.dana.says(f"show {walled}")
    await house.dana.presses("Close this report")
    await house.jump_to(A_YEAR_LATER)

    [card] = [posted.card for posted in house.channel("records") if posted.card.title.startswith("Disposal list")]
    assert walled not in repr(card)
    assert "1 record of the list: confidential" in repr(card)
    assert walled in await on_the_list(house)
    await house.kim.says("docket")
    assert walled not in shown(house.kim.reply)
    await house.kim.says(f"why kept {walled}")
    assert "opens only to those who work on it" in title(house.kim.reply)


async def test_a_hold_on_a_confidential_report_names_it_to_nobody_else(house: House) -> None:
    await house.robin.reports_conduct(about_director="no", item={"text": "tatter"})
    walled = house.robin.ref
    hold = await house.dana.holds(walled)
    await house.deliver()

    assert [posted for posted in house.channel("records") if hold in posted.card.title]
    assert not [posted for posted in house.channel("records") if walled in repr(posted.card)]
    await house.kim.says("holds")
    assert "one case: a confidential report" in shown(house.kim.reply)
    assert walled not in shown(house.kim.reply)
    await house.dana.says("holds")
    assert f"one case: {walled}" in shown(house.dana.reply)
