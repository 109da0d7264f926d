"""A request to come back is answered: by whom, on which accounts, in what time; nothing is lifted by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.cases.clock import ClockState
from bot.cases.reinstatement import DecidedReinstatement, RequestedReinstatement
from bot.policy import shelf
from tests.features.coming_back import (
    DAY,
    SORRY,
    answers,
    asks_back,
    blocked,
    in_force,
    missing,
    names_decider,
    request,
    sends_letter,
)
from tests.people import HANDLE, TODAY, WHY, Answer, House, facts, shown, title

# -- the answer ------------------------------------------------------------------------------------------------------


async def test_the_policy_names_nobody_so_nobody_answers_until_the_library_has_chosen(house: House) -> None:
    block = await blocked(house)
    ref = await asks_back(house.robin, block)
    await house.go_to(DAY)
    await house.dana.says("home")
    await house.dana.presses("Answer it", case=ref)
    assert "The policy does not say who decides this" in shown(house.dana.reply)
    assert "“setup”" in shown(house.dana.reply)
    await house.dana.says(f"show {ref}")
    assert any(text.startswith("Who answers it: ") for text in missing(house.dana))

    await names_decider(house)
    await answers(house.dana, ref, answer="They may come back")

    assert isinstance(await request(house, ref), DecidedReinstatement)
    assert "practice: Who decides: Library Director (library practice, not in policy (approved by" in shown(
        house.dana.reply
    )


async def test_only_whom_the_library_named_answers_it(house: House) -> None:
    await names_decider(house)
    ref = await asks_back(house.robin, await blocked(house))
    await house.dana.says(f"show {ref}")
    button = house.dana.button("Answer it")

    for user in ("robin", "sam", "pat", "alex", "kim", "terry"):
        await house.somebody(user).press(button)
        assert "Only the Library Director can decide this" in shown(house.somebody(user).reply), user
        assert SORRY not in shown(house.somebody(user).reply)
    assert isinstance(await request(house, ref), RequestedReinstatement)


async def test_granted_on_one_account_with_conditions_only_that_ones_editors_are_asked_to_lift_it(house: House) -> None:
    await names_decider(house)
    block = await blocked(house, both=True)
    facebook, instagram = await house.account("Facebook"), await house.account("Instagram")
    await house.go_to(DAY)
    ref = await asks_back(house.robin, block)

    await answers(house.dana, ref, answer="They may come back", accounts=("Instagram",), conditions="No more adverts")

    assert house.dana.reply.headline.startswith("Kept: granted on Instagram")
    assert facts(house.dana.reply)["Status"].endswith("; the answer has not been sent yet")
    assert (await house.tasks(block)).count(("lift_block", "open")) == 1
    assert await in_force(house, block) == {facebook, instagram}
    text = await sends_letter(house.dana, ref)
    assert "You may come back to: Instagram · chicopeelibrary." in text
    assert "The conditions: No more adverts" in text
    assert "You stay blocked from: Facebook · Chicopee Public Library." in text
    assert "Why: flibber: the letter shows they understood" in text

    await house.jo.confirms(block, account="Instagram")
    assert await in_force(house, block) == {facebook}
    assert ("lift_block", "done") in await house.tasks(block)


async def test_nothing_is_lifted_by_itself_however_long_nobody_acts(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    ref = await asks_back(house.robin, block)
    before = await in_force(house, block)

    await house.go_to(DAY + timedelta(days=20))
    assert await in_force(house, block) == before
    assert isinstance(await request(house, ref), RequestedReinstatement)

    await answers(house.dana, ref, answer="They may come back")
    await house.pass_days(20)
    assert await in_force(house, block) == before


async def test_where_nobody_has_made_the_block_yet_a_yes_means_that_nobody_makes_it(house: House) -> None:
    await names_decider(house)
    block = await house.sam.asks_for_block(
        handles=f"Facebook: {HANDLE}\nInstagram: {HANDLE}", accounts=("Facebook", "Instagram")
    )
    await house.dana.approves(block)
    await house.sam.confirms(block, account="Facebook")
    await house.go_to(DAY)
    ref = await asks_back(house.robin, block)

    await answers(house.dana, ref, answer="They may come back")

    assert ("make_block", "void") in await house.tasks(block)
    assert ("make_block", "open") not in await house.tasks(block)
    assert (await house.tasks(block)).count(("lift_block", "open")) == 1


async def test_declined_with_reasons_the_letter_says_nothing_about_asking_again_where_the_policy_is_silent(
    house: House,
) -> None:
    await names_decider(house)
    block = await blocked(house)
    await house.go_to(DAY)
    ref = await asks_back(house.robin, block)

    await answers(house.dana, ref, answer="The block stays")

    decided = await request(house, ref)
    assert isinstance(decided, DecidedReinstatement)
    assert decided.granted_on == ()
    assert (await house.tasks(block)).count(("lift_block", "open")) == 0
    text = await sends_letter(house.dana, ref)
    assert "The block stays." in text
    assert "Why: flibber: the letter shows they understood" in text
    assert "again" not in text


@pytest.mark.parametrize(
    ("repeats", "says"), [("true", "You may ask again."), ("false", "The policy lets nobody ask twice")]
)
async def test_where_the_policy_speaks_of_asking_again_the_letter_says_it(
    house: House, repeats: str, says: str
) -> None:
    [(_, raw)] = shelf.versions("chicopee")
    amended = raw.replace(b"since = 2023-03-06", b"since = 2024-01-01")
    amended = amended.replace(b'asked_of = "director"', f'asked_of = "director"\nrepeats = {repeats}'.encode())
    await house.store.act(house.library, lambda shelves: shelves.registry.adopt("chicopee 2024-01-01", amended))
    await names_decider(house)
    block = await blocked(house)
    await house.go_to(DAY)
    ref = await asks_back(house.robin, block)

    await answers(house.dana, ref, answer="The block stays")

    assert says in await sends_letter(house.dana, ref)
    again = await asks_back(house.robin, block)
    before = f"{ref} about the same block was answered on 16 April 2026: declined."
    assert before in shown(house.robin.reply)
    assert ("nobody ask twice; it is kept, and a person decides" in shown(house.robin.reply)) is (repeats == "false")
    assert isinstance(await request(house, again), RequestedReinstatement)


async def test_before_its_day_it_may_be_granted_but_not_declined(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    ref = await asks_back(house.robin, block)
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Answer it")

    said = shown(house.dana.reply)
    assert "It can be asked for from 16 April 2026 on; it came in on 2 March 2026. You may say yes today." in said
    assert "The block stays" not in said
    sent = house.dana.sending(answer="They may come back", reason="flibber: no")
    await house.dana.sends(replace(sent, values={**sent.values, "answer": ("declined",)}))
    assert house.dana.page.errors["answer"] == "Choose from the list."
    assert isinstance(await request(house, ref), RequestedReinstatement)

    await house.dana.fills(answer="They may come back", reason="flibber: yes")
    decided = await request(house, ref)
    assert isinstance(decided, DecidedReinstatement)
    assert (decided.requested.eligible_on, decided.ruling.on) == (DAY, TODAY)
    assert ("lift_block", "open") in await house.tasks(block)
    assert ("also_appeal", "void") in await house.tasks(ref)


async def test_who_decided_the_block_is_told_so_when_answering(house: House) -> None:
    await names_decider(house)
    ref = await asks_back(house.robin, await blocked(house))
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Answer it")

    assert "You made the original decision, on 2 March 2026." in shown(house.dana.reply)


@pytest.mark.parametrize(
    ("answer", "field", "says"),
    [
        ({"answer": "They may come back", "accounts": ()}, "accounts", "Choose an account, or answer no."),
        ({"answer": "The block stays", "conditions": "be kind"}, "conditions", "Take them out, or let them come back."),
        ({"answer": "The block stays", "reason": ""}, "reason", "Please answer this."),
    ],
)
async def test_an_answer_that_says_two_things_or_gives_no_reasons_is_not_kept(
    house: House, answer: dict[str, Answer], field: str, says: str
) -> None:
    await names_decider(house)
    block = await blocked(house)
    await house.go_to(DAY)
    ref = await asks_back(house.robin, block)
    await answers(house.dana, ref, **answer)

    assert house.dana.page.errors[field] == says
    assert isinstance(await request(house, ref), RequestedReinstatement)


async def test_it_is_answered_once_and_the_second_one_is_told_who_did(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    await house.go_to(DAY)
    ref = await asks_back(house.robin, block)
    await house.dana.says(f"show {ref}")
    old = house.dana.button("Answer it")
    await answers(house.dana, ref, answer="They may come back")

    await house.dana.press(replace(old, version=0))
    assert "You answered this on 16 April 2026" in shown(house.dana.reply)
    assert "It is answered once." in shown(house.dana.reply)


async def test_whoever_put_it_on_file_hears_the_answer_but_not_the_reasons(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    await house.go_to(DAY)
    ref = await asks_back(house.robin, block)
    await answers(house.dana, ref, answer="The block stays")
    await house.deliver()

    [told] = [posted.card for posted in house.told("robin") if ref in posted.card.title]
    assert told.body == "Answered by Dana Whitfield: declined."
    assert "flibber" not in repr(told)


# -- the time to answer ----------------------------------------------------------------------------------------------


async def duty(house: House, ref: str) -> tuple[date, ClockState]:
    clock = (await house.clocks(ref))["decide_reinstatement_by"]
    return clock.due, clock.state


async def test_the_policy_sets_no_time_to_answer_so_there_is_no_date_until_the_library_chose_one(house: House) -> None:
    block = await blocked(house)
    assert await house.clocks(await asks_back(house.robin, block)) == {}

    await names_decider(house, clock="14 days")
    await house.go_to(DAY)
    ref = await asks_back(house.robin, block)
    assert await duty(house, ref) == (DAY + timedelta(days=14), ClockState.RUNNING)
    await house.robin.says(f"due show {ref}")
    assert "practice" in shown(house.robin.reply)


async def test_the_time_to_answer_an_early_one_runs_from_its_day(house: House) -> None:
    await names_decider(house, clock="14 days")
    block = await blocked(house)

    ref = await asks_back(house.robin, block)

    assert await duty(house, ref) == (DAY + timedelta(days=14), ClockState.RUNNING)


async def test_only_the_recorded_letter_with_the_answer_meets_the_time(house: House) -> None:
    await names_decider(house, clock="14 days")
    block = await blocked(house)
    ref = await asks_back(house.robin, block)
    await sends_letter(house.dana, ref)
    assert (await duty(house, ref))[1] is ClockState.RUNNING

    await house.go_to(DAY)
    await answers(house.dana, ref, answer="The block stays")
    assert (await duty(house, ref))[1] is ClockState.RUNNING

    await house.dana.says(f"notice {ref}")
    await house.dana.fills(how="Letter", sent_on=(DAY - timedelta(days=1)).isoformat())
    assert house.dana.page.errors["sent_on"] == "It was answered on 16 April 2026; choose that day or a later one."
    await sends_letter(house.dana, ref)
    assert (await duty(house, ref))[1] is ClockState.MET
    await house.dana.says(f"show {ref}")
    assert facts(house.dana.reply)["Status"].endswith("answer sent on 16 April 2026")


async def test_a_decision_to_tell_nobody_meets_no_time_but_ends_it(house: House) -> None:
    await names_decider(house, clock="14 days")
    block = await blocked(house)
    await house.go_to(DAY)
    ref = await asks_back(house.robin, block)
    await answers(house.dana, ref, answer="The block stays")
    await house.dana.says(f"notice {ref}")
    await house.dana.fills(telling="No, and here is why", why_not="flibber: no address")

    assert (await duty(house, ref))[1] is ClockState.VOID
    await house.dana.says(f"show {ref}")
    assert facts(house.dana.reply)["Status"].endswith("the answer has not been sent yet")


# -- two letters, or no block ----------------------------------------------------------------------------------------


async def test_a_second_letter_is_kept_and_one_answer_is_given_to_both(house: House) -> None:
    await names_decider(house, clock="14 days")
    block = await blocked(house)
    first = await asks_back(house.robin, block)
    await house.go_to(DAY)
    second = await asks_back(house.sam, block)

    assert house.sam.reply.headline == (
        f"Kept as {second}. {first} about the same block waits already; one answer is given to both."
    )
    assert ("decide_reinstatement", "open") not in await house.tasks(second)
    await answers(house.dana, first, answer="The block stays")

    one, other = await request(house, first), await request(house, second)
    assert isinstance(one, DecidedReinstatement)
    assert isinstance(other, DecidedReinstatement)
    assert (other.granted_on, other.reason, other.ruling) == (one.granted_on, one.reason, one.ruling)
    await sends_letter(house.dana, first)
    assert {(await duty(house, ref))[1] for ref in (first, second)} == {ClockState.MET}
    await house.dana.says(f"show {second}")
    assert "answer sent on 16 April 2026" in facts(house.dana.reply)["Status"]


async def test_after_an_answer_it_can_be_asked_again_where_the_policy_forbids_nothing(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    await house.go_to(DAY)
    await answers(house.dana, await asks_back(house.robin, block), answer="The block stays")

    again = await asks_back(house.robin, block)

    assert facts(house.robin.reply)["Status"] == "waiting for an answer"
    assert ("decide_reinstatement", "open") in await house.tasks(again)


async def test_of_a_block_that_was_lifted_it_says_so_and_the_answer_is_that_nothing_is_to_lift(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    await house.go_to(DAY)
    await answers(house.dana, await asks_back(house.robin, block), answer="They may come back")
    await house.sam.confirms(block)

    ref = await asks_back(house.robin, block)

    why = f"{block} was lifted on 16 April 2026; it is not in force any more."
    assert house.robin.reply.headline == f"Kept as {ref}. {why}"
    await house.dana.says(f"show {ref}")
    assert f"warning: {why} There is nothing to lift" in shown(house.dana.reply)
    await house.dana.presses("Answer it")
    assert title(house.dana.reply) == "No block to lift"
    assert [field.name for field in house.dana.page.page.fields] == ["reason"]
    await house.dana.fills(reason="flibber: it was lifted in April")

    decided = await request(house, ref)
    assert isinstance(decided, DecidedReinstatement)
    assert decided.granted_on is None
    assert "You are not blocked from our pages." in await sends_letter(house.dana, ref)


async def test_one_about_no_block_of_ours_is_answered_too(house: House) -> None:
    await names_decider(house)
    ref = await asks_back(house.robin)
    await house.dana.says(f"show {ref}")
    await house.dana.presses("There is no block to lift")
    await house.dana.fills(reason="flibber: they mean another library")

    assert "there is no block to lift, by Dana Whitfield" in facts(house.dana.reply)["Status"]
    assert ("match_reinstatement", "done") in await house.tasks(ref)


async def test_of_a_block_that_was_overturned_it_says_so_and_nobody_has_to_ask(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    waiting = await asks_back(house.robin, block)
    appeal = await house.robin.files_appeal(block)
    await house.dana.says(f"show {appeal}")
    await house.dana.presses("Answer it")
    await house.dana.fills(
        answer="The decision is reversed",
        reason=WHY,
        not_consulted="yes",
        why_not_consulted="no meeting in time",
        **house.dana.says_which(),
    )

    ref = await asks_back(house.sam, block)

    why = f"{block} was overturned on 2 March 2026 ({appeal}); nobody has to ask."
    assert house.sam.reply.headline == f"Kept as {ref}. {why}"
    await house.dana.says(f"show {waiting}")
    assert facts(house.dana.reply)["Status"] == "waiting for an answer"
    assert ("decide_reinstatement", "void") in await house.tasks(waiting)
    assert ("decide_reinstatement", "open") in await house.tasks(waiting)
    assert f"warning: {why} There is nothing to lift" in shown(house.dana.reply)
    await house.dana.presses("Answer it")
    assert title(house.dana.reply) == "No block to lift"
    await house.dana.fills(reason="flibber: it was reversed")
    assert ("lift_block", "open") not in await house.tasks(block)
