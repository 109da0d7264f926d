"""A second appeal of an act that was answered for good: telling the person so is the end of it."""

from datetime import date, timedelta

from bot.cases.appeal import Answer, ReceivedAppeal
from bot.cases.clock import ClockState
from tests.appealing import a_removal_appealed, answers, decided, the_letter
from tests.people import TODAY, House, facts, shown

FINAL = "That answer is final under the policy"
TOGETHER = "reads both together and answers them at once"
DUTY = "decide_appeal_by"


async def open_tasks(house: House, ref: str) -> list[str]:
    return [kind for kind, state in await house.tasks(ref) if state == "open"]


async def sends(house: House, ref: str, **more: str) -> str:
    """The Director records that the text about an appeal was sent; returns it."""
    text = await the_letter(house, ref)
    await house.dana.fills(text=text, how="Letter", **more)
    assert house.dana.reply.page is None, shown(house.dana.reply)
    return text


async def an_answered_removal(house: House) -> str:
    """A removal whose appeal was answered, with the answer sent; returns the appeal."""
    first = await a_removal_appealed(house)
    removal = house.sam.ref
    await house.sam.tells_nobody(removal)
    await answers(house, first)
    await sends(house, first)
    return first


async def test_telling_the_person_that_the_first_answer_is_final_ends_it_and_it_keeps_no_record(house: House) -> None:
    first = await an_answered_removal(house)
    removal = house.sam.ref
    second = await house.robin.files_appeal(removal)
    assert await open_tasks(house, second) == ["send_notice"]
    await house.jump_to(date(2027, 3, 3))
    await house.dana.says(f"why kept {removal}")
    assert f"the appeal {second} waits for its answer" in shown(house.dana.reply)

    await house.dana.says(f"notice {second}")
    assert f"{first} about the same act was answered, and that is final" in shown(house.dana.reply)
    assert FINAL in await sends(house, second)

    kept = await decided(house, second)
    assert (kept.answer, kept.received.second_of, kept.ruling.role) == (Answer.NOT_HEARD, first, "director")
    assert kept.ruling.on == date(2027, 3, 3)
    assert FINAL in kept.reason
    assert "answer sent on 3 March 2027" in facts(house.dana.reply)["Status"]
    assert await open_tasks(house, second) == []
    assert (await house.clocks(second))[DUTY].state is ClockState.VOID, "no time of its own was ever met"
    await house.dana.says(f"why kept {removal}")
    assert "waits for its answer" not in shown(house.dana.reply)
    assert "On the disposal list: yes" in shown(house.dana.reply)
    assert (await house.incident(removal)).sustained
    await house.deliver()
    assert f"the answer to {first} is final, so it is not heard" in str(house.channel("decisions"))


async def test_one_that_was_to_be_read_with_the_first_is_told_of_its_answer_before_it_ends(house: House) -> None:
    first = await a_removal_appealed(house)
    second = await house.robin.files_appeal(house.sam.ref)
    assert TOGETHER in await sends(house, second)
    assert await open_tasks(house, second) == []
    assert isinstance(await house.look(lambda shelves: shelves.appeals.by_ref(second)), ReceivedAppeal)

    await answers(house, first)

    assert await open_tasks(house, second) == ["send_notice"], "nobody has told them of the answer"
    assert isinstance(await house.look(lambda shelves: shelves.appeals.by_ref(second)), ReceivedAppeal)
    assert FINAL in await sends(house, second)
    assert (await decided(house, second)).answer is Answer.NOT_HEARD
    assert await open_tasks(house, second) == []


async def test_what_was_sent_before_the_answer_did_not_say_that_it_is_final(house: House) -> None:
    first = await a_removal_appealed(house)
    second = await house.robin.files_appeal(house.sam.ref)
    house.time.later(days=1)
    await answers(house, first)

    await sends(house, second, sent_on=TODAY.isoformat())

    assert isinstance(await house.look(lambda shelves: shelves.appeals.by_ref(second)), ReceivedAppeal)
    assert await open_tasks(house, second) == ["send_notice"]
    await sends(house, second, sent_on=(TODAY + timedelta(days=1)).isoformat())
    assert (await decided(house, second)).answer is Answer.NOT_HEARD


async def test_a_third_one_stands_behind_the_first_and_not_behind_what_was_not_heard(house: House) -> None:
    first = await an_answered_removal(house)
    await sends(house, await house.robin.files_appeal(house.sam.ref))

    third = await house.robin.files_appeal(house.sam.ref)

    found = await house.look(lambda shelves: shelves.appeals.by_ref(third))
    assert isinstance(found, ReceivedAppeal)
    assert found.second_of == first
    assert await open_tasks(house, third) == ["send_notice"]
