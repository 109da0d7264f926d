"""Disposal: two people's word, an authority, and what is left of a record that went."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.cases.disposal import Certificate, DeclinedDisposal, ProposedDisposal
from bot.ports import Shelves
from tests.features.test_docket import A_YEAR_LATER, a_removal, on_the_list
from tests.people import House, Somebody, shown, title

AUTHORITY = "RCB-2027-14"


async def a_proposal(house: House) -> tuple[str, str]:
    """A removal whose time is up, proposed by the Director; returns both references."""
    ref = await a_removal(house)
    await house.jump_to(A_YEAR_LATER)
    return ref, await house.dana.proposes_disposal(ref, authority=AUTHORITY)


async def certificate(house: House, ref: str) -> Certificate:
    found = await house.look(lambda shelves: shelves.docket.by_ref(ref))
    assert isinstance(found, Certificate), found
    return found


async def on_file(house: House, ref: str) -> bool:
    return await house.look(lambda shelves: shelves.incidents.by_ref(ref)) is not None


async def refusals(house: House, mark: int) -> int:
    return (await house.acts_since(mark)).count("refused")


# -- proposing -------------------------------------------------------------------------------------------------------


async def test_the_custodian_proposes_and_nothing_is_removed_by_it(house: House) -> None:
    ref, proposal = await a_proposal(house)
    await house.deliver()

    assert await on_file(house, ref)
    kept = await house.look(lambda shelves: shelves.docket.by_ref(proposal))
    assert isinstance(kept, ProposedDisposal)
    assert (kept.records, kept.authority, kept.proposed_as) == ((ref,), AUTHORITY, "director,reporter")
    assert kept.under is not None
    assert kept.under.rule == "C45"
    assert f"Disposal proposed, {proposal}" in house.cards("records")
    for user in ("kim", "terry"):
        assert [told for told in house.told(user) if proposal in told.card.title], user
    assert not [told for told in house.told("dana") if proposal in told.card.title]


@pytest.mark.parametrize("user", ["kim", "terry", "robin", "sam", "pat", "alex"])
async def test_only_the_custodian_the_policy_names_proposes(house: House, user: str) -> None:
    ref = await a_removal(house)
    await house.jump_to(A_YEAR_LATER)
    mark = await house.mark()

    await house.somebody(user).says(f"dispose {ref}")

    assert title(house.somebody(user).reply) == "Records are proposed for disposal by the Library Director"
    assert "Social Media Policy" in shown(house.somebody(user).reply)
    assert await refusals(house, mark) == 1


async def test_nothing_is_proposed_before_its_time(house: House) -> None:
    ref = await a_removal(house)
    await house.jump_to(A_YEAR_LATER - timedelta(days=1))
    mark = await house.mark()

    await house.dana.says(f"dispose {ref}")
    assert title(house.dana.reply) == f"{ref} is not on the disposal list: it is kept at least through 2 March 2027"
    await house.dana.says("dispose")
    assert "Nothing is on the disposal list today" in title(house.dana.reply)

    assert await refusals(house, mark) == 2
    assert await house.look(lambda shelves: shelves.docket.waiting()) == ()


async def test_what_was_ticked_and_is_held_meanwhile_is_not_proposed_and_what_was_typed_waits(house: House) -> None:
    ref = await a_removal(house)
    await house.jump_to(A_YEAR_LATER)
    await house.dana.says("dispose")
    sent = house.dana.sending(records=ref, authority=AUTHORITY, reason="time is up")
    hold = await house.kim.holds(ref)
    mark = await house.mark()

    await house.dana.sends(sent)

    assert f"{ref} is not on the disposal list: {hold} holds it" in title(house.dana.reply)
    assert await refusals(house, mark) == 1
    await house.kim.releases(hold)
    await house.dana.presses("Back to what I typed")
    assert house.dana.page.values["authority"] == (AUTHORITY,)


async def test_a_reference_nobody_offered_is_not_taken(house: House) -> None:
    ref = await a_removal(house)
    early = await a_removal(house, links="https://example.org/2", text="tatter 2", done_on="2026-03-01")
    await house.jump_to(A_YEAR_LATER - timedelta(days=1))
    await house.dana.says("dispose")
    asked = house.dana.sending(records=early, authority=AUTHORITY, reason="time is up")
    for forged in ((ref,), (early, ref), ("I-2026-0099",), ("D-2026-0001",), ("",)):
        await house.dana.sends(replace(asked, values={**asked.values, "records": forged}))

    assert await house.look(lambda shelves: shelves.docket.waiting()) == ()
    assert await on_file(house, ref)


async def test_a_record_waits_in_one_proposal_at_a_time(house: House) -> None:
    ref, proposal = await a_proposal(house)

    await house.dana.says(f"dispose {ref}")
    assert title(house.dana.reply) == f"{ref} is proposed already, in {proposal}"
    await house.dana.says("docket")
    assert f"{ref} | removed on 2 March 2026 | 2 March 2027 | {proposal}" in shown(house.dana.reply)
    assert not house.dana.sees("Propose disposal")


# -- the second person -----------------------------------------------------------------------------------------------


async def test_a_second_person_confirms_and_the_record_goes_with_a_certificate(house: House) -> None:
    ref, proposal = await a_proposal(house)
    await house.kim.confirms_disposal(proposal)

    assert house.kim.reply.headline == f"{proposal} is carried out."
    kept = await certificate(house, proposal)
    [removed] = kept.removed
    assert (removed.ref, removed.kind, removed.kept_through) == (ref, "report", date(2027, 3, 2))
    assert removed.entries > 5
    assert kept.left_out == ()
    assert not await on_file(house, ref)
    said = shown(house.kim.reply)
    assert f"Authority: {AUTHORITY}" in said
    assert "Confirmed by: Kim Abara (records officer, member of staff), 3 March 2027" in said
    assert "Proposed by: Dana Whitfield (Library Director, member of staff), 3 March 2027" in said
    assert removed.digest in said
    assert not [secret for secret in ("quibble", "snolly", "flibber", "tatter") if secret in said.casefold()]


async def test_the_board_chair_may_be_the_second_person(house: House) -> None:
    ref, proposal = await a_proposal(house)
    await house.terry.confirms_disposal(proposal)

    assert (await certificate(house, proposal)).confirmed_as == "board_chair,trustee"
    await house.terry.says(f"show {ref}")
    assert title(house.terry.reply) == f"{ref} was disposed of"


async def test_whoever_proposed_it_never_confirms_it(house: House) -> None:
    ref, proposal = await a_proposal(house)
    mark = await house.mark()

    await house.dana.confirms_disposal(proposal)

    assert title(house.dana.reply) == "You proposed this disposal, so somebody else has to confirm it"
    assert await refusals(house, mark) == 1
    assert await on_file(house, ref)


@pytest.mark.parametrize("merged", ["proposer into second", "second into proposer"])
async def test_nor_does_the_same_human_under_another_account(house: House, merged: str) -> None:
    ref, proposal = await a_proposal(house)
    dana, kim = await house.person("Dana"), await house.person("Kim")
    one, other = (dana, kim) if merged == "proposer into second" else (kim, dana)
    grants = (*other.grants, *one.grants)

    def merge(shelves: Shelves) -> None:
        shelves.registry.put_person(replace(one, same_as=other.id))
        shelves.registry.put_person(replace(other, grants=grants))

    await house.store.act(house.library, merge)

    for user in (house.kim, house.dana):
        await user.confirms_disposal(proposal)
        assert title(user.reply) == "You proposed this disposal, so somebody else has to confirm it"
    assert await on_file(house, ref)


@pytest.mark.parametrize("user", ["robin", "sam", "jo", "pat", "alex"])
async def test_nobody_else_confirms_it(house: House, user: str) -> None:
    ref, proposal = await a_proposal(house)
    await house.deliver()
    mark = await house.mark()

    await house.somebody(user).presses_in("records", "Confirm", about=proposal)

    assert "A disposal is confirmed by the records officer" in title(house.somebody(user).reply)
    assert await refusals(house, mark) == 1
    assert await on_file(house, ref)


async def test_without_having_seen_the_authority_nothing_goes(house: House) -> None:
    ref, proposal = await a_proposal(house)
    await house.kim.confirms_disposal(proposal, seen="no")

    assert "Look at the authority first" in shown(house.kim.reply)
    assert await on_file(house, ref)
    await house.kim.fills(seen="yes")
    assert not await on_file(house, ref)


async def test_it_is_carried_out_once_and_the_second_to_press_is_told(house: House) -> None:
    _, proposal = await a_proposal(house)
    await house.terry.says(f"show {proposal}")
    await house.terry.presses("Confirm")
    late = house.terry.sending(seen="yes")
    await house.kim.confirms_disposal(proposal)
    mark = await house.mark()

    await house.terry.sends(late)

    said = shown(house.terry.reply)
    assert "carried out on 3 March 2027, confirmed by Kim Abara" in said
    assert "case.disposed tombstone" not in await house.acts_since(mark)


async def test_a_hold_placed_in_between_stops_the_whole_act(house: House) -> None:
    ref = await a_removal(house)
    other = await a_removal(house, links="https://example.org/2", text="tatter 2", handles="@second")
    await house.jump_to(A_YEAR_LATER)
    proposal = await house.dana.proposes_disposal(ref, other)
    await house.kim.says(f"show {proposal}")
    await house.kim.presses("Confirm")
    sent = house.kim.sending(seen="yes")
    hold = await house.dana.holds(ref)
    mark = await house.mark()

    await house.kim.sends(sent)

    assert title(house.kim.reply).startswith(f"{ref} is on hold: {hold} holds it since")
    assert await refusals(house, mark) == 1
    assert await on_file(house, ref)
    assert await on_file(house, other)

    await house.kim.confirms_disposal(proposal)
    assert [gone.ref for gone in (await certificate(house, proposal)).removed] == [other]
    assert await on_file(house, ref)
    assert not await on_file(house, other)


async def test_a_held_record_that_is_ticked_all_the_same_stops_it(house: House) -> None:
    ref, proposal = await a_proposal(house)
    await house.dana.holds(ref)
    mark = await house.mark()

    await house.kim.confirms_disposal(proposal, records=ref)

    assert "is on hold" in title(house.kim.reply)
    assert await refusals(house, mark) == 1
    assert await on_file(house, ref)


async def test_a_record_that_got_a_new_case_drops_out_with_a_word(house: House) -> None:
    ref = await a_removal(house)
    other = await a_removal(house, links="https://example.org/2", text="tatter 2", handles="@second")
    await house.jump_to(A_YEAR_LATER)
    proposal = await house.dana.proposes_disposal()
    await house.kim.says(f"show {proposal}")
    await house.kim.presses("Confirm")
    sent = house.kim.sending(records=(ref, other), seen="yes")
    appeal = await house.robin.files_appeal(ref)

    await house.kim.sends(sent)

    kept = await certificate(house, proposal)
    assert [gone.ref for gone in kept.removed] == [other]
    [left_out] = kept.left_out
    assert left_out.ref == ref
    assert f"the appeal {appeal} waits for its answer" in left_out.why
    assert f"{ref} was left out: " in shown(house.kim.reply)
    assert await on_file(house, ref)


async def test_what_the_second_person_does_not_tick_stays(house: House) -> None:
    ref = await a_removal(house)
    other = await a_removal(house, links="https://example.org/2", text="tatter 2", handles="@second")
    await house.jump_to(A_YEAR_LATER)
    proposal = await house.dana.proposes_disposal()

    await house.kim.confirms_disposal(proposal, records=ref)

    kept = await certificate(house, proposal)
    assert [(one.ref, one.why) for one in kept.left_out] == [(other, "the second person did not confirm it")]
    assert await on_the_list(house) == [other]


async def test_when_nothing_is_left_to_remove_nothing_is_carried_out(house: House) -> None:
    ref, proposal = await a_proposal(house)
    await house.kim.says(f"show {proposal}")
    await house.kim.presses("Confirm")
    sent = house.kim.sending(seen="yes")
    await house.robin.files_appeal(ref)

    await house.kim.sends(sent)

    assert title(house.kim.reply) == f"Nothing of {proposal} can be disposed of now"
    assert isinstance(await house.look(lambda shelves: shelves.docket.by_ref(proposal)), ProposedDisposal)
    assert await on_file(house, ref)


@pytest.mark.parametrize("user", ["dana", "kim", "terry"])
async def test_a_proposal_is_put_aside_with_a_reason_and_everything_stays(house: House, user: str) -> None:
    ref, proposal = await a_proposal(house)
    who: Somebody = house.somebody(user)
    await who.says(f"show {proposal}")
    await who.presses("Put aside")
    await who.fills(because="the auditor comes in May")

    declined = await house.look(lambda shelves: shelves.docket.by_ref(proposal))
    assert isinstance(declined, DeclinedDisposal)
    assert await on_file(house, ref)
    assert await on_the_list(house) == [ref]
    await house.kim.says(f"show {proposal}")
    assert "Why the records stay: the auditor comes in May" in shown(house.kim.reply)
    assert not house.kim.sees("Confirm")
