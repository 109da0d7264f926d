"""Every policy answers appeals in its own way: who, by when, with whose advice, and whether it is the last word."""

from pathlib import Path

import pytest

from bot.cards import Button
from bot.cases.clock import ClockState
from bot.policy.shelf import pack_names, read_pack
from bot.policy.terms import Action, Stance
from tests.appealing import REASON, decided
from tests.features.test_five_policies import library_under
from tests.people import LINK, WHY, Somebody, facts, shown

GIVES_AN_APPEAL = [name for name in pack_names() if read_pack(name).appeal.stance is Stance.STATED]


async def _removal(sam: Somebody, name: str) -> str:
    clause = read_pack(name).grounds[0].code
    return await sam.removes(clauses=clause, links=LINK, why=WHY, item={"host_post": "Story hour"})


@pytest.mark.parametrize("name", GIVES_AN_APPEAL)
async def test_where_a_policy_gives_an_appeal_its_decider_answers_it_in_its_own_way(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    robin, sam, dana = (desk.somebody(user) for user in ("robin", "sam", "dana"))
    rule = read_pack(name).appeal
    ref = await robin.files_appeal(await _removal(sam, name))
    await dana.says(f"show {ref}")
    await dana.presses("Answer it")

    assert ("not_consulted" in {field.name for field in dana.page.page.fields}) is (rule.consult == "board")
    assert dana.sees("Ask the Board") is False
    more = {"not_consulted": "yes", "why_not_consulted": "flibber: no time"} if rule.consult else {}
    await dana.fills(answer="The decision stands", reason=REASON, **more, **dana.says_which())
    assert "the decision stands, by Dana Whitfield" in shown(dana.reply)

    await dana.says(f"notice {ref}")
    text = dana.page.values["text"][0]
    assert ("This answer is final" in text) is bool(rule.final)
    assert ("consulted" in text) is (rule.consult == "board")
    required = read_pack(name).notice(Action.APPEAL).duty == "required"
    assert (dana.page.page.title == "Tell the person") is required
    await dana.fills(text=text, how="Letter")
    assert (await desk.house.clocks(ref))["decide_appeal_by"].state is ClockState.MET


async def test_where_a_policy_leaves_telling_open_a_decision_not_to_tell_meets_no_date_and_ends_it(
    tmp_path: Path,
) -> None:
    desk = await library_under("cook_memorial", tmp_path)
    robin, sam, dana = (desk.somebody(user) for user in ("robin", "sam", "dana"))
    ref = await robin.files_appeal(await _removal(sam, "cook_memorial"))
    await dana.says(f"show {ref}")
    await dana.presses("Answer it")
    await dana.fills(answer="The decision stands", reason=REASON, **dana.says_which())
    await dana.says(f"notice {ref}")
    await dana.fills(telling="No, and here is why", why_not="flibber: no address was given")

    assert (await desk.house.clocks(ref))["decide_appeal_by"].state is ClockState.VOID
    assert "the answer has not been sent yet" in facts(dana.reply)["Status"]


async def test_where_the_answer_is_not_the_last_word_an_acknowledgement_of_a_second_appeal_meets_no_date(
    tmp_path: Path,
) -> None:
    desk = await library_under("cook_memorial", tmp_path)
    robin, sam, dana = (desk.somebody(user) for user in ("robin", "sam", "dana"))
    removal = await _removal(sam, "cook_memorial")
    first = await robin.files_appeal(removal)
    await dana.says(f"show {first}")
    await dana.presses("Answer it")
    await dana.fills(answer="The decision stands", reason=REASON, **dana.says_which())
    second = await robin.files_appeal(removal)
    await dana.says(f"notice {second}")
    await dana.fills(text="Thank you for writing.", how="Letter")

    assert (await desk.house.clocks(second))["decide_appeal_by"].state is ClockState.RUNNING
    await dana.says(f"show {second}")
    await dana.presses("Answer it")
    await dana.fills(answer="The decision is reversed", reason=REASON, **dana.says_which())
    assert "the answer has not been sent yet" in facts(dana.reply)["Status"], "what was sent before was no answer"
    assert not (await desk.house.incident(removal)).sustained


async def test_where_the_answer_is_not_the_last_word_one_that_waited_behind_it_is_asked_for_once_it_is_given(
    tmp_path: Path,
) -> None:
    desk = await library_under("cook_memorial", tmp_path)
    robin, sam, dana = (desk.somebody(user) for user in ("robin", "sam", "dana"))
    removal = await _removal(sam, "cook_memorial")
    first, second = await robin.files_appeal(removal), await robin.files_appeal(removal)
    await dana.says(f"notice {second}")
    await dana.fills(how="Letter")
    assert (await desk.house.clocks(second))["decide_appeal_by"].state is ClockState.VOID
    await dana.says(f"show {first}")
    await dana.presses("Answer it")
    await dana.fills(answer="The decision stands", reason=REASON, **dana.says_which())

    assert (await desk.house.clocks(second))["decide_appeal_by"].state is ClockState.RUNNING
    await dana.says("home")
    await dana.presses("Answer it", case=second)
    await dana.fills(answer="Not heard", reason=REASON, **dana.says_which())
    assert dana.reply.headline.startswith("Kept: not heard"), shown(dana.reply)


@pytest.mark.parametrize("name", sorted(set(pack_names()) - set(GIVES_AN_APPEAL)))
async def test_where_a_policy_gives_no_appeal_nobody_answers_one_until_the_library_names_somebody(
    name: str, tmp_path: Path
) -> None:
    desk = await library_under(name, tmp_path)
    robin, sam, dana, alex = (desk.somebody(user) for user in ("robin", "sam", "dana", "alex"))
    removal = await _removal(sam, name)
    await dana.press(Button(label="Answer it", intent="appeal.decide", subject="A-2026-0001", opens_form=True))
    assert "The policy does not say who decides this" in shown(dana.reply)
    assert "does not speak of this step" in shown(dana.reply)

    await alex.says("setup")
    await alex.presses("Library practice")
    await alex.fills(key="Who answers an appeal")
    await alex.fills(value=read_pack(name).about.executive, approved_by="Board of Trustees")
    ref = await robin.files_appeal(removal)
    await dana.says(f"show {ref}")
    await dana.presses("Answer it")
    assert "not_consulted" not in {field.name for field in dana.page.page.fields}, "no consultation is invented"
    await dana.fills(answer="The decision is reversed", reason=REASON, **dana.says_which())

    kept = await decided(desk.house, ref)
    assert kept.ruling.under is not None
    assert kept.ruling.under.practice
    assert await desk.house.clocks(ref) == {}, "no day is invented"
    running = await desk.house.look(lambda shelves: shelves.clocks.of_case(ref))
    assert "task.send_notice" in {clock.name for clock in running}, "no date of the policy reminds of the letter"
    await dana.says(f"notice {ref}")
    assert "final" not in dana.page.values["text"][0]
