"""From a block to coming back, over restarts: the early letter, the day, the answer, and what editors lift."""

from datetime import date

from bot.cases.block import DecidedBlock, RequestedBlock, in_force_on
from bot.cases.reinstatement import DecidedReinstatement
from tests.features.coming_back import DAY, SORRY, answers, asks_back, blocked, names_decider, sends_letter
from tests.features.test_absences import away
from tests.people import TODAY, House, facts, shown


async def test_a_block_of_2_march_an_early_request_and_the_way_back_from_16_april(house: House) -> None:
    await names_decider(house, clock="14 days")
    block = await blocked(house, both=True)
    await house.go_to(date(2026, 3, 9))
    ref = await asks_back(house.robin, block, received_on="2026-03-06", sent_on="2026-03-04")
    assert house.robin.reply.headline == f"Kept as {ref}; it comes back on 16 April 2026."
    house.open()
    await house.dana.says("home")
    await house.dana.presses("Is it also an appeal?", case=ref)
    await house.dana.fills(also="Yes")
    appeal = (await house.clocks("A-2026-0001"))["decide_appeal_by"]
    assert (appeal.happened_on, appeal.due) == (date(2026, 3, 6), date(2026, 3, 21))
    assert "Thursday 16 April 2026" in await sends_letter(house.dana, ref)

    await house.go_to(DAY)
    house.open()
    dana = (await house.person("Dana")).id
    [reminder] = [posted.card for posted in house.told("dana") if posted.key == f"daily:{dana}:2026-04-16"]
    assert reminder.table is not None
    assert ("16 April 2026", "Answer a request to come back", ref) in [row.cells for row in reminder.table.rows]
    await answers(house.dana, ref, answer="They may come back", accounts=("Instagram",), conditions="No adverts")
    assert (await house.clocks(ref))["decide_reinstatement_by"].due == date(2026, 4, 30)
    await sends_letter(house.dana, ref)
    await house.jo.confirms(block, account="Instagram")

    house.open()
    await house.dana.says(f"show {ref}")
    assert facts(house.dana.reply)["Status"] == (
        "granted on Instagram · chicopeelibrary, by Dana Whitfield on 16 April 2026; answer sent on 16 April 2026"
    )
    assert f"What the patron wrote: {SORRY}" in shown(house.dana.reply)
    kept = await house.look(lambda shelves: shelves.reinstatements.by_ref(ref))
    assert isinstance(kept, DecidedReinstatement)
    executions = await house.look(lambda shelves: shelves.blocks.executions(block))
    assert in_force_on(executions) == {await house.account("Facebook")}
    assert (await house.clocks(ref))["decide_reinstatement_by"].state.value == "met"


async def test_three_weeks_without_a_director_and_the_boards_acting_director_decides(house: House) -> None:
    await away(house.dana, TODAY, date(2026, 3, 20))
    block = await house.sam.asks_for_block()
    await house.go_to(date(2026, 3, 9))
    house.open()
    await house.deliver()

    told = [posted.key.split(":")[1] for posted in house.told("terry") if posted.key.startswith("vacancy:")]
    assert told == ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09"]
    assert isinstance(await house.block(block), RequestedBlock)
    await house.terry.says("acting director")
    await house.terry.fills(
        person="Pat Moreau",
        until="2026-03-20",
        dated="2026-03-08",
        signed_by="Terry Nowak",
        document="letter of the chair, in the Board's binder",
    )
    await house.pat.approves(block)

    decided = await house.block(block)
    assert isinstance(decided, DecidedBlock)
    assert (decided.decided_as, decided.decided_on) == ("acting_director", date(2026, 3, 9))
    await house.go_to(date(2026, 3, 23))
    later = await house.sam.asks_for_block(handles="Instagram: @somebodyelse", accounts="Instagram")
    await house.pat.says("home")
    assert not house.pat.sees("Approve", case=later)
    await house.dana.approves(later)
    assert isinstance(await house.block(later), DecidedBlock)
