"""An act is answered once: what can be answered to a second letter, and to what the library leaves to its policy."""

from dataclasses import replace

from bot.cases.appeal import Answer
from bot.cases.clock import ClockState
from tests.appealing import REASON, a_removal_appealed, answers, decided, offered, opens_answer, the_letter
from tests.features.test_docket import chooses
from tests.people import House, shown, title


async def test_while_the_first_waits_only_the_first_is_answered(house: House) -> None:
    first = await a_removal_appealed(house)
    await house.dana.says(f"show {first}")
    stale = house.dana.button("Answer it")
    second = await house.robin.files_appeal(house.sam.ref)

    await house.dana.says(f"show {second}")
    assert not house.dana.sees("Answer it")
    await house.dana.press(replace(stale, subject=second, version=0))

    assert f"{first} about the same act came in first and waits for its answer" in shown(house.dana.reply)
    assert ("send_notice", "open") in await house.tasks(second)


async def test_after_a_final_answer_a_second_letter_is_only_told_so(house: House) -> None:
    first = await a_removal_appealed(house)
    await answers(house, first)
    second = await house.robin.files_appeal(house.sam.ref, form="E-mail")

    await opens_answer(house, second)

    assert offered(house) == ["not_heard"]
    assert "Your earlier appeal was answered on Monday 2 March 2026." in house.dana.page.values["reason"][0]
    assert "why_not_consulted" not in {field.name for field in house.dana.page.page.fields}
    await house.dana.fills()
    assert (await decided(house, second)).answer is Answer.NOT_HEARD
    letter = await the_letter(house, second)
    assert letter.startswith("Your e-mail came in on")
    assert letter.count("final") == 1


async def test_a_second_letter_cannot_say_that_a_reversed_decision_stands(house: House) -> None:
    first = await a_removal_appealed(house)
    await answers(house, first, "The decision is reversed")
    second = await house.robin.files_appeal(house.sam.ref)
    await opens_answer(house, second)
    assert "This was reversed on appeal on 2 March 2026." in shown(house.dana.reply)

    sent = house.dana.sending(reason=REASON)
    await house.dana.sends(replace(sent, values={**sent.values, "answer": ("affirmed",)}))

    found = await house.look(lambda shelves: shelves.appeals.by_ref(second))
    assert not hasattr(found, "answer")
    assert not (await house.incident(house.sam.ref)).sustained


async def test_an_acknowledgement_calls_what_came_in_what_it_was(house: House) -> None:
    await a_removal_appealed(house)
    second = await house.robin.files_appeal(house.sam.ref, form="Message")

    letter = await the_letter(house, second)

    assert letter.startswith("Your message came in on Monday 2 March 2026.")
    assert "letter" not in letter


async def test_what_the_library_leaves_to_the_policy_is_answered_with_it_and_asks_no_board(house: House) -> None:
    await chooses(house, "An appeal of something hidden", "answered with")
    await house.sam.removes(outcome="Hidden")
    ref = await house.robin.files_appeal(house.sam.ref)
    assert not [state for kind, state in await house.tasks(ref) if kind == "consult" and state == "open"]
    assert "The advice of the" not in shown(house.robin.reply)

    await opens_answer(house, ref)

    assert offered(house) == ["affirmed", "reversed", "not_heard"]
    assert house.dana.page.values["answer"] == ("not_heard",)
    assert "so it is not heard as an appeal" in house.dana.page.values["reason"][0]
    await house.dana.fills()
    assert house.dana.reply.page is None, shown(house.dana.reply)
    assert (await decided(house, ref)).answer is Answer.NOT_HEARD
    assert "Why: The policy names what can be appealed" in await the_letter(house, ref)
    assert (await house.clocks(ref))["decide_appeal_by"].state is ClockState.RUNNING, "until the letter is sent"


async def test_one_of_something_hidden_that_was_matched_late_asks_no_board_any_more(house: House) -> None:
    await chooses(house, "An appeal of something hidden", "answered with")
    await house.sam.removes(outcome="Hidden")
    ref = await house.robin.files_appeal()
    assert ("consult", "open") in await house.tasks(ref)

    await house.dana.says(f"show {ref}")
    await house.dana.presses("Say what it is about")
    await house.dana.fills(against=house.sam.ref)

    assert ("consult", "void") in await house.tasks(ref)
    assert title(house.dana.reply) == f"Appeal {ref}"


async def test_while_the_library_has_chosen_nothing_a_hidden_item_is_heard(house: House) -> None:
    await house.sam.removes(outcome="Hidden")
    ref = await house.robin.files_appeal(house.sam.ref)

    await opens_answer(house, ref)

    assert offered(house) == ["affirmed", "reversed"]
    assert "why_not_consulted" in {field.name for field in house.dana.page.page.fields}
