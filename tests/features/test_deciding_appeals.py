"""Answering an appeal, the letter that follows, and what only its sending settles."""

from dataclasses import replace
from datetime import date

import pytest

from bot.cards import Button, Tone
from bot.cases.appeal import Answer
from bot.cases.clock import ClockState
from bot.cases.notice import Telling
from bot.policy.shelf import pack_bytes
from bot.ports import Shelves
from tests.appealing import (
    REASON,
    a_block_appealed,
    a_removal_appealed,
    answers,
    asks_the_board,
    decided,
    opens_answer,
    the_board_meets,
    the_board_was_asked,
    the_letter,
)
from tests.people import LINK, PLEA, TODAY, House, facts, shown, title
from tests.policy.holds import holds

# -- deciding --------------------------------------------------------------------------------------------------------


async def test_the_director_answers_with_reasons_and_the_file_says_in_which_office_and_under_which_rule(
    house: House,
) -> None:
    ref = await a_removal_appealed(house)
    await answers(house, ref)

    kept = await decided(house, ref)
    assert (kept.answer, kept.reason, kept.ruling.role, kept.ruling.on) == (
        Answer.AFFIRMED,
        REASON,
        "director",
        TODAY,
    )
    assert kept.ruling.under is not None
    assert kept.ruling.under.rule == "C43"
    assert (kept.not_consulted, kept.own_decision) == ("", False)
    assert dict(await house.tasks(ref)) == {"decide_appeal": "done", "consult": "done", "send_notice": "open"}
    assert "the decision stands, by Dana Whitfield on 2 March 2026" in facts(house.dana.reply)["Status"]


async def test_deciding_alone_does_not_meet_the_date_and_the_sending_does(house: House) -> None:
    ref = await a_removal_appealed(house)
    await house.pass_days(3)
    await answers(house, ref, not_consulted="yes", why_not_consulted="flibber: no quorum before the 17th")

    clocks = await house.look(lambda shelves: shelves.clocks.of_case(ref))
    assert {clock.name: clock.state for clock in clocks if clock.state is ClockState.RUNNING} == {
        "decide_appeal_by": ClockState.RUNNING
    }, "the policy's own date reminds of the letter"
    text = await the_letter(house, ref)
    await house.dana.fills(text=text, how="Letter", sent_on="2026-03-05")

    clock = (await house.clocks(ref))["decide_appeal_by"]
    assert (clock.state, clock.next_at) == (ClockState.MET, None)
    assert ("send_notice", "done") in await house.tasks(ref)
    assert "answer sent on 5 March 2026" in facts(house.dana.reply)["Status"]
    before = len(house.channel("decisions"))
    await house.pass_days(20)
    since = [card for posted in house.channel("decisions")[before:] for card in posted.cards]
    assert since, "the week's message still goes out"
    assert [card for card in since if "Answer the appeal by" in repr(card)] == []


async def test_an_answer_that_is_not_sent_is_overdue_whatever_was_decided(house: House) -> None:
    ref = await a_removal_appealed(house)
    await answers(house, ref)
    await house.pass_days(17)

    told = [card for posted in house.told("dana") for card in posted.cards]
    assert [card for card in told if "overdue" in repr(card) and ref in repr(card)]
    assert (await house.clocks(ref))["decide_appeal_by"].state is ClockState.RUNNING


async def test_an_answer_is_not_said_to_have_been_sent_before_it_was_given(house: House) -> None:
    ref = await a_removal_appealed(house)
    await house.pass_days(1)
    await answers(house, ref, not_consulted="yes", why_not_consulted="flibber: no time")

    text = await the_letter(house, ref)
    await house.dana.fills(text=text, how="Letter", sent_on="2026-03-02")
    assert house.dana.page.errors["sent_on"] == "It was answered on 3 March 2026; choose that day or a later one."
    assert (await house.clocks(ref))["decide_appeal_by"].state is ClockState.RUNNING


async def test_where_the_policy_wants_the_answer_told_nobody_can_decide_not_to(house: House) -> None:
    ref = await a_removal_appealed(house)
    await answers(house, ref)

    await the_letter(house, ref)
    page = house.dana.page.page
    assert page.title == "Tell the person"
    assert [note.text for note in page.notes if note.tone is Tone.PRACTICE] == [], "the practice of removals is another"
    [telling] = [field for field in page.fields if field.name == "telling"]
    assert [option.value for option in telling.options] == ["told"]
    await house.dana.sends(house.dana.sending(how="Letter"))
    assert [one.telling for one in await house.look(lambda shelves: shelves.papers.notices(ref))] == [Telling.TOLD]


async def test_nothing_is_sent_before_it_is_answered(house: House) -> None:
    ref = await a_removal_appealed(house)

    await house.dana.says(f"notice {ref}")
    assert "has not been answered yet" in shown(house.dana.reply)
    assert "send_notice" not in dict(await house.tasks(ref))


async def test_the_second_to_answer_is_told_who_did_and_when_and_changes_nothing(house: House) -> None:
    ref = await a_removal_appealed(house)
    await the_board_was_asked(house, ref)
    await opens_answer(house, ref)
    second = house.dana.sending(answer="The decision is reversed", reason="flibber: the other way")
    await opens_answer(house, ref)
    await house.dana.fills(answer="The decision stands", reason=REASON)
    mark = await house.mark()

    await house.dana.sends(second)

    assert "You answered this on 2 March 2026 at 10:" in shown(house.dana.reply)
    assert "the decision stands" in shown(house.dana.reply)
    assert (await decided(house, ref)).answer is Answer.AFFIRMED
    assert await house.acts_since(mark, case=ref) == ["refused"]
    assert "restore" not in dict(await house.tasks(house.sam.ref))


@pytest.mark.parametrize("user", ["robin", "sam", "pat", "terry", "alex", "kim"])
async def test_nobody_but_the_director_answers_and_who_tries_learns_nothing(house: House, user: str) -> None:
    ref = await a_removal_appealed(house)
    mark = await house.mark()

    await house.somebody(user).press(Button(label="Answer it", intent="appeal.decide", subject=ref, opens_form=True))

    assert title(house.somebody(user).reply) == "Only the Library Director can decide this"
    assert "A written answer within 15 days" in shown(house.somebody(user).reply)
    assert PLEA not in shown(house.somebody(user).reply)
    assert await house.acts_since(mark) == ["refused"]


async def test_an_answer_needs_its_reasons_and_what_it_is_about(house: House) -> None:
    ref = await house.robin.files_appeal()
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Answer it")
    assert "Say first which removal or block it is about" in shown(house.dana.reply)

    matched = await a_removal_appealed(house)
    await opens_answer(house, matched)
    await house.dana.fills(answer="The decision stands", reason="  ", not_consulted="yes", why_not_consulted="x")
    assert house.dana.page.errors["reason"] == "Please answer this."


# -- the Board -------------------------------------------------------------------------------------------------------


@holds("chicopee:C42", "chicopee:C43")
async def test_without_the_boards_advice_both_rules_are_shown_and_it_takes_a_word_why(house: House) -> None:
    ref = await a_removal_appealed(house)
    await opens_answer(house, ref)
    said = shown(house.dana.reply)
    assert "The Director asks the Board's advice before deciding an appeal (Social Media Policy" in said
    assert "A written answer within 15 days of the day the appeal came in (Social Media Policy" in said
    assert "The answer is due on 17 March 2026." in said

    await house.dana.fills(answer="The decision stands", reason=REASON)
    assert "Record it on the card of the appeal; or answer yes" in house.dana.page.errors["not_consulted"]
    await house.dana.fills(answer="The decision stands", reason=REASON, not_consulted="yes")
    assert "Write why" in house.dana.page.errors["why_not_consulted"]
    assert house.dana.page.values["reason"] == (REASON,), "what was typed is kept"
    await house.dana.fills(why_not_consulted="flibber: three seats are vacant")

    kept = await decided(house, ref)
    assert kept.not_consulted == "flibber: three seats are vacant"
    assert facts(house.dana.reply)["Not consulted"] == "flibber: three seats are vacant"
    assert ("consult", "void") in await house.tasks(ref)
    assert "was not consulted before this answer" in await the_letter(house, ref)


async def test_once_the_advice_is_on_file_nobody_is_asked_why_there_is_none(house: House) -> None:
    ref = await a_removal_appealed(house)
    await the_board_was_asked(house, ref)
    await opens_answer(house, ref)

    assert "not_consulted" not in {field.name for field in house.dana.page.page.fields}
    assert "The Board was consulted at a regular meeting, 2 March 2026; with Terry Nowak" in shown(house.dana.reply)


async def test_an_answered_appeal_is_not_consulted_about_any_more(house: House) -> None:
    await the_board_meets(house, date(2026, 3, 10))
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.deliver()
    advice = house.dana.button("Record the consultation")
    await answers(house, ref, not_consulted="yes", why_not_consulted="flibber: no time")

    await house.terry.press(house.told("terry")[0].card.buttons[1])
    assert "advice comes too late for it" in shown(house.terry.reply)
    await house.dana.press(advice)
    assert "changed since that card was drawn" in house.dana.reply.headline
    assert not house.dana.sees("Record the consultation")


# -- conflicts, late ones, second ones -------------------------------------------------------------------------------


async def test_who_made_the_original_decision_is_told_so_and_the_file_says_so(house: House) -> None:
    ref = await a_block_appealed(house)
    await opens_answer(house, ref)
    assert "You made the original decision: you decided it." in shown(house.dana.reply)

    await house.dana.fills(
        answer="The decision stands",
        reason=REASON,
        not_consulted="yes",
        why_not_consulted="flibber: no time",
        **house.dana.says_which(),
    )
    assert (await decided(house, ref)).own_decision
    assert facts(house.dana.reply)["Of the decider's own decision"] == "yes"


async def test_who_had_no_hand_in_it_is_told_nothing_of_the_kind(house: House) -> None:
    ref = await a_removal_appealed(house)
    await opens_answer(house, ref)

    assert "original decision" not in shown(house.dana.reply)


async def test_a_late_one_shows_both_days_and_its_postmark_and_may_stay_unheard(house: House) -> None:
    await house.sam.removes()
    await house.pass_days(18)
    ref = await house.robin.files_appeal(house.sam.ref, received_on="2026-03-20", sent_on="2026-03-16")
    await opens_answer(house, ref)

    said = shown(house.dana.reply)
    assert "It came in on 20 March 2026; the last day was 17 March 2026." in said
    assert "It was sent on 16 March 2026, while there was time." in said
    assert "Whether an appeal has to be sent or to arrive by then, the policy does not say" in said
    await house.dana.fills(answer="Not heard", reason="flibber: it came in three days after the last day")

    assert (await decided(house, ref)).answer is Answer.NOT_HEARD
    text = await the_letter(house, ref)
    assert "The last day to appeal was 17 March 2026; yours came in after it. It was sent on 16 March 2026." in text
    assert "we do not look at it again" in text


async def test_one_that_came_in_time_has_to_be_heard(house: House) -> None:
    ref = await a_removal_appealed(house)
    await opens_answer(house, ref)

    [answer] = [field for field in house.dana.page.page.fields if field.name == "answer"]
    assert [option.value for option in answer.options] == ["affirmed", "reversed"]


@holds("chicopee:C44")
async def test_a_second_appeal_is_acknowledged_with_the_finality_and_meets_no_date(house: House) -> None:
    ref = await a_removal_appealed(house)
    await answers(house, ref)
    second = await house.robin.files_appeal(house.sam.ref)

    text = await the_letter(house, second)
    assert "answered on Monday 2 March 2026" in text
    assert "final" in text
    await house.dana.fills(text=text, how="Letter")

    assert (await house.clocks(second))["decide_appeal_by"].state is ClockState.VOID
    assert ("send_notice", "done") in await house.tasks(second)
    assert (await house.clocks(ref))["decide_appeal_by"].state is ClockState.RUNNING, (
        "the first answer is yet to go out"
    )


async def test_an_appeal_is_answered_under_the_policy_of_the_day_it_came_in(house: House) -> None:
    """A later policy that asks for no consultation changes nothing for what came in before it."""
    old = pack_bytes("chicopee")[-1].decode()
    new = (
        old.replace("since = 2023-03-06", "since = 2026-03-04")
        .replace('consult = "board"\nconsult_rule = "C42"\n', "")
        .replace('duty = "required"', 'duty = "optional"')
    )
    assert len(new) < len(old) - 30

    def adopt(shelves: Shelves) -> None:
        shelves.registry.adopt("chicopee 2026-03-04", new.encode())
        library = shelves.registry.library()
        packs = (*library.packs, "chicopee 2026-03-04")
        shelves.registry.put_library(replace(library, packs=packs, version=library.version + 1))

    await house.store.act(house.library, adopt)
    before = await a_removal_appealed(house, links=LINK)
    await house.pass_days(3)
    await house.sam.removes(links=f"{LINK}/other", text="snollygoster once more")
    after = await house.robin.files_appeal(house.sam.ref)

    for ref, asks in {before: True, after: False}.items():
        await opens_answer(house, ref)
        assert ("not_consulted" in {field.name for field in house.dana.page.page.fields}) is asks, ref
        assert ("consult" in dict(await house.tasks(ref))) is asks, ref
    await answers(house, before, not_consulted="yes", why_not_consulted="flibber: no time")
    assert (await decided(house, before)).ruling.pack == "chicopee 2023-03-06"
    await the_letter(house, before)
    assert house.dana.page.page.title == "Tell the person", "it had to be told on that day"
    await house.dana.press(Button(label="Ask", intent="appeal.consult", subject=after, opens_form=True))
    assert "asks for no advice of the Board" in shown(house.dana.reply)
