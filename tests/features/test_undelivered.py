"""Messages that were refused come once what kept them from arriving is mended: cards first, their lines under them."""

import pytest

from bot.cli.records import examine_library
from bot.ports import MessageState, NotPosted, OutcomeUnknown
from tests.features.test_outbox import quiet, the_message
from tests.people import House, said, shown

NOT_THERE = NotPosted("The bot is not in that channel; invite it there.")


async def refused(house: House) -> str:
    """A report whose card the channel did not take; its reference."""
    await quiet(house)
    ref = await house.robin.removes()
    house.messenger.will_answer(NOT_THERE)
    await house.rounds.deliver()
    assert (await the_message(house, ref)).state is MessageState.FAILED
    return ref


def about(house: House, ref: str) -> list[tuple[str, str]]:
    """What stands of a case in its channel: the title, and the message it stands under."""
    return [(one.card.title, one.under) for one in house.channel("social-media") if ref in one.card.title]


async def test_a_card_that_was_refused_comes_when_the_case_is_next_told_and_its_lines_stand_under_it(
    house: House,
) -> None:
    ref = await refused(house)
    await house.sam.confirms(ref)
    await house.deliver()
    house.time.later(minutes=5)
    await house.deliver()

    [card, *lines] = [one for one in house.channel("social-media") if ref in one.card.title]
    assert card.under == ""
    assert "removed" in said(card.card), "the card shows the case as it stands, not as it was refused"
    assert lines
    assert {line.under for line in lines} == {card.id}
    assert house.messenger.asked == [], "what was refused was not posted, so nobody looks for it"


async def test_a_line_whose_card_was_refused_does_not_stand_alone(house: House) -> None:
    await quiet(house)
    ref = await house.robin.removes()
    await house.sam.confirms(ref)
    house.messenger.will_answer(NOT_THERE)
    for _ in range(3):
        await house.deliver()

    assert about(house, ref) == []
    await house.alex.says("home")
    assert "The card it belongs under did not arrive" in shown(house.alex.reply)


async def test_an_administrator_sends_what_was_refused_again_and_it_comes_once_in_its_order(house: House) -> None:
    ref = await refused(house)
    await house.alex.says("home")
    await house.alex.presses("Send again")
    assert "on the way once more" in shown(house.alex.reply)
    await house.deliver()
    await house.deliver()

    assert len(about(house, ref)) == 1
    assert (await the_message(house, ref)).state is MessageState.SENT
    await house.alex.says("home")
    assert "did not arrive" not in shown(house.alex.reply)
    await house.alex.says("send again")
    assert "Nothing waits to be sent again" in shown(house.alex.reply)


async def test_only_an_administrator_sends_again(house: House) -> None:
    ref = await refused(house)
    await house.robin.says("send again")
    await house.deliver()

    assert (await the_message(house, ref)).state is MessageState.FAILED
    assert about(house, ref) == []


async def test_what_may_have_arrived_is_never_sent_again(house: House) -> None:
    await quiet(house)
    ref = await house.robin.removes()
    house.messenger.blind = True
    house.messenger.will_answer(OutcomeUnknown(), posted=True)
    await house.rounds.deliver()
    await house.pass_days(1)
    assert (await the_message(house, ref)).state is MessageState.UNKNOWN
    house.messenger.blind = False

    await house.alex.says("send again")
    await house.deliver()

    assert len(about(house, ref)) == 1


async def in_doubt(house: House) -> str:
    """A report whose card may stand in its channel or not; its reference."""
    await quiet(house)
    ref = await house.robin.removes()
    house.messenger.blind = True
    house.messenger.will_answer(OutcomeUnknown(), posted=True)
    await house.rounds.deliver()
    assert (await the_message(house, ref)).state is MessageState.UNKNOWN
    return ref


@pytest.mark.parametrize(
    ("button", "state", "action"),
    [("It arrived", MessageState.SENT, "undelivered.arrived"), ("Leave it", MessageState.LEFT, "undelivered.left")],
)
async def test_an_administrator_settles_a_message_that_may_have_arrived_and_it_is_on_file(
    house: House, button: str, state: MessageState, action: str
) -> None:
    ref = await in_doubt(house)
    await house.alex.says("home")
    await house.alex.presses("Settle each")
    assert f"the card about {ref}" in shown(house.alex.reply)
    assert "#social-media" in shown(house.alex.reply)
    assert "Look there" in shown(house.alex.reply)
    mark, once = await house.mark(), house.alex.button(button)
    await house.alex.press(once)

    assert (await the_message(house, ref)).state is state
    assert [event.header["action"] for event in await house.since(mark, case=ref)] == [action]
    await house.alex.press(once)
    assert "settled already" in shown(house.alex.reply)
    await house.deliver()
    assert len(about(house, ref)) == 1, "nothing was posted again"
    await house.alex.says("home")
    assert "did not arrive" not in shown(house.alex.reply)


async def test_a_message_that_somebody_looked_for_in_vain_is_sent_again_once(house: House) -> None:
    ref = await in_doubt(house)
    house.messenger.posts.clear()
    house.messenger.asked.clear()
    house.messenger.blind = False
    await house.alex.says("messages")
    once = house.alex.button("Send it again")
    await house.alex.press(once)
    await house.alex.press(once)
    assert "on its way once more" in shown(house.alex.reply)
    await house.deliver()

    assert len(about(house, ref)) == 1
    assert (await the_message(house, ref)).state is MessageState.SENT
    assert house.messenger.asked == [], "a person looked, so nobody else does"


async def test_nobody_but_an_administrator_sees_or_settles_what_did_not_arrive(house: House) -> None:
    ref = await in_doubt(house)
    await house.alex.says("messages")
    button = house.alex.button("It arrived")
    for somebody in (house.robin, house.sam):
        await somebody.says("messages")
        assert ref not in shown(somebody.reply)
        await somebody.press(button)
        assert (await the_message(house, ref)).state is MessageState.UNKNOWN


async def test_the_doctor_names_each_message_with_its_place_its_case_and_what_to_do(house: House) -> None:
    ref = await in_doubt(house)
    told = [(what, wrong) for what, wrong, _ in await house.look(examine_library) if "message" in what]
    assert len(told) == 1
    what, wrong = told[0]
    assert what.endswith("message for #social-media")
    assert ref in wrong
    assert "Look there, then say which, or send it again" in wrong
    assert "snolly" not in wrong

    await house.alex.says("messages")
    await house.alex.presses("It arrived")
    assert [(wrong, fine) for what, wrong, fine in await house.look(examine_library) if "message" in what] == [
        ("", "all delivered or on their way")
    ]


async def test_another_channel_gets_what_the_one_before_did_not_take_and_no_other_is_sent_anything(
    house: House,
) -> None:
    ref = await refused(house)
    mark = len(house.posted)
    await house.alex.says("setup")
    await house.alex.presses("Channel")
    await house.alex.fills(which="#social-media", channel="the-new-one")
    assert "sent again" in shown(house.alex.reply)
    await house.deliver()

    came = [(one.to.channel, one.card.title) for one in house.posted[mark:] if ref in one.card.title]
    assert came == [("the-new-one", f"Report {ref}")]
