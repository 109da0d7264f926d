"""Messages that were refused come once what kept them from arriving is mended: cards first, their lines under them."""

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
