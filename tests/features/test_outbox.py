"""Messages: told once, never lost, and what nobody can know is said to be unknown."""

from bot.ports import Message, MessageState, NotPosted, OutcomeUnknown, TryLater
from bot.rounds import LEASE_SECONDS
from tests.people import House, said, shown


async def the_message(house: House, ref: str, channel: str = "social-media") -> Message:
    """The message that shows a case in a channel."""
    found = await house.look(lambda shelves: shelves.messages.by_key(f"case:{ref}:{channel}"))
    assert found is not None
    return found


async def quiet(house: House) -> None:
    """Deliver everything that is waiting so far."""
    await house.deliver()
    house.messenger.posts.clear()


async def reported(house: House) -> str:
    await quiet(house)
    return await house.robin.reports(outcome="Please look")


async def test_a_platform_that_asks_us_to_wait_is_waited_for(house: House) -> None:
    ref = await reported(house)
    house.messenger.will_answer(TryLater(300))

    await house.rounds.deliver()
    assert house.channel("social-media") == []
    house.time.later(seconds=299)
    await house.rounds.deliver()
    assert house.channel("social-media") == []
    house.time.later(seconds=2)
    await house.rounds.deliver()

    assert [posted.card.title for posted in house.channel("social-media")] == [f"Report {ref}"]
    assert (await the_message(house, ref)).state is MessageState.SENT


async def test_an_attempt_that_certainly_posted_nothing_is_not_looked_for(house: House) -> None:
    ref = await reported(house)
    house.messenger.blind = True
    for _ in range(2):
        house.messenger.will_answer(TryLater(1))
        await house.rounds.deliver()
        house.time.later(seconds=2)
    await house.rounds.deliver()

    assert (await the_message(house, ref)).state is MessageState.SENT
    assert house.messenger.asked == []


async def test_an_attempt_that_broke_off_after_one_that_posted_nothing_is_in_doubt(house: House) -> None:
    ref = await reported(house)
    house.messenger.blind = True
    house.messenger.will_answer(TryLater(1))
    await house.rounds.deliver()
    house.time.later(seconds=2)
    house.messenger.will_answer(PowerCutError(), posted=True)
    try:
        await house.rounds.deliver()
    except PowerCutError:
        house.open()
    house.time.later(seconds=LEASE_SECONDS + 1)
    await house.rounds.deliver()

    assert (await the_message(house, ref)).state is MessageState.UNKNOWN
    assert [posted.card.title for posted in house.posted if ref in posted.card.title] == [f"Report {ref}"]


async def test_a_message_that_is_refused_for_good_fails_and_the_administrator_sees_it(house: House) -> None:
    ref = await reported(house)
    house.messenger.will_answer(NotPosted("The channel was archived."))
    await house.rounds.deliver()
    house.time.later(days=1)
    await house.rounds.deliver()

    assert (await the_message(house, ref)).state is MessageState.FAILED
    assert [posted for posted in house.posted if ref in posted.card.title] == []
    await house.alex.says("home")
    assert "Messages that did not arrive" in shown(house.alex.reply)
    assert "The channel was archived." in shown(house.alex.reply)
    await house.alex.says("setup")
    assert "Undelivered messages: 1" in shown(house.alex.reply)
    await house.robin.says("home")
    assert "archived" not in shown(house.robin.reply)


async def test_an_outcome_nobody_knows_is_looked_up_and_found(house: House) -> None:
    ref = await reported(house)
    house.messenger.will_answer(OutcomeUnknown(), posted=True)

    await house.rounds.deliver()

    assert (await the_message(house, ref)).state is MessageState.SENT
    assert [posted.card.title for posted in house.posted] == [f"Report {ref}"]
    assert house.messenger.asked == [f"case:{ref}:social-media"]


async def test_an_outcome_that_cannot_be_looked_up_is_unknown_and_never_posted_twice(house: House) -> None:
    ref = await reported(house)
    house.messenger.blind = True
    house.messenger.will_answer(OutcomeUnknown(), posted=True)
    await house.rounds.deliver()
    house.messenger.blind = False
    await house.pass_days(5)

    assert (await the_message(house, ref)).state is MessageState.UNKNOWN
    assert [posted.card.title for posted in house.posted if posted.card.title == f"Report {ref}"] == [f"Report {ref}"]
    await house.alex.says("home")
    assert "It may or may not have arrived." in shown(house.alex.reply)


async def test_an_unknown_outcome_that_was_looked_up_and_is_not_there_is_not_posted_blindly(house: House) -> None:
    ref = await reported(house)
    house.messenger.will_answer(OutcomeUnknown(), posted=False)
    await house.rounds.deliver()
    await house.pass_days(2)

    state = (await the_message(house, ref)).state
    posted = [one for one in house.posted if one.card.title == f"Report {ref}"]
    assert len(posted) == (1 if state is MessageState.SENT else 0)
    assert state in {MessageState.SENT, MessageState.UNKNOWN}


async def test_a_crash_after_posting_and_before_keeping_it_posts_nothing_again(house: House) -> None:
    ref = await reported(house)
    house.messenger.will_answer(PowerCutError(), posted=True)
    try:
        await house.rounds.deliver()
    except PowerCutError:
        house.open()
    house.time.later(seconds=LEASE_SECONDS + 1)
    await house.rounds.deliver()

    assert (await the_message(house, ref)).state is MessageState.SENT
    assert [posted.card.title for posted in house.posted] == [f"Report {ref}"]


async def test_a_crash_before_posting_posts_it_later_once(house: House) -> None:
    ref = await reported(house)
    house.messenger.will_answer(PowerCutError(), posted=False)
    try:
        await house.rounds.deliver()
    except PowerCutError:
        house.open()
    await house.rounds.deliver()
    assert house.posted == [], "the lease still holds"
    house.time.later(seconds=LEASE_SECONDS + 1)
    await house.rounds.deliver()

    assert [posted.card.title for posted in house.posted] == [f"Report {ref}"]


async def test_a_copy_is_brought_up_to_date_and_no_further_one_is_posted(house: House) -> None:
    ref = await reported(house)
    await house.deliver()
    await house.sam.says("home")
    await house.sam.presses("Say what was done", case=ref)
    await house.sam.fills(child_abuse="no")
    await house.deliver()

    [root, *thread] = [one for one in house.posted if ref in one.card.title]
    assert ("Status", "left up") in [(fact.label, fact.value) for fact in root.card.facts]
    assert all(one.under == root.id for one in thread)
    assert [one.card.title for one in thread] == [f"{ref}: Settled: left up."]


async def test_an_update_of_a_message_somebody_deleted_fails_and_changes_nothing_on_file(house: House) -> None:
    ref = await reported(house)
    await house.deliver()
    house.messenger.posts.clear()
    await house.sam.says("home")
    await house.sam.presses("I'll look", case=ref)
    await house.deliver()

    assert (await house.incident(ref)).claimed_by is not None
    await house.alex.says("home")
    assert "Messages that did not arrive" in shown(house.alex.reply)


async def test_a_person_outside_the_chat_is_told_on_paper(house: House) -> None:
    await house.alex.says("setup")
    await house.alex.presses("Add a person")
    await house.alex.fills(name="Morgan Vale", user="", role="Duty person")
    await house.robin.reports(track="Threat", outcome="Please look")
    await house.deliver()

    await house.alex.says("home")
    assert "Morgan Vale is in none of the connected chats and has to be told on paper." in shown(house.alex.reply)
    assert len(house.told("pat")) == 1


async def test_every_message_that_arrived_is_in_the_ledger_with_where_it_went(house: House) -> None:
    mark = await house.mark()
    ref = await reported(house)
    await house.deliver()

    [told] = [event for event in await house.since(mark, case=ref) if event.header["action"] == "told.case"]
    assert told.payload["key"] == f"case:{ref}:social-media"
    assert told.payload["to"] == ["practice", "social-media", ""]
    assert told.header["actor"] == ""


async def test_two_rounds_at_once_tell_everything_once(house: House) -> None:
    import asyncio  # noqa: PLC0415 - only here

    for number in range(5):
        await house.robin.reports(links=f"https://facebook.com/tatter/{number}", outcome="Please look")
    house.time.later(minutes=5)
    other = type(house.rounds)(store=house.store, vault=house.vault, messengers=(house.messenger,), clock=house.time)

    await asyncio.gather(house.rounds.run(), other.run(), house.rounds.run())

    titles = [posted.card.title for posted in house.channel("social-media") if posted.card.title.startswith("Report")]
    assert sorted(titles) == [f"Report I-2026-000{number}" for number in range(1, 6)]


class PowerCutError(Exception):
    """The program ends right here."""


async def test_an_update_that_was_held_up_does_not_put_back_what_was_true_before(house: House) -> None:
    ref = await reported(house)
    await house.deliver()
    for post in ("Summer reading", "Story hour"):
        await house.sam.says(f"correct {ref}")
        await house.sam.fills(detail="Our post it stands under")
        await house.sam.fills(value=post, reason="a slip")
        if post == "Summer reading":
            house.messenger.will_answer(TryLater(300))
        await house.rounds.deliver()
    house.time.later(seconds=400)
    await house.rounds.deliver()

    [card] = [posted.card for posted in house.channel("social-media") if posted.card.title == f"Report {ref}"]
    assert ("Under our post", "Story hour") in [(fact.label, fact.value) for fact in card.facts]


async def test_an_update_whose_end_nobody_saw_is_made_again(house: House) -> None:
    ref = await house.robin.removes()
    await house.deliver()
    await house.sam.confirms(ref)
    for _ in range(4):
        house.messenger.will_answer(OutcomeUnknown(), posted=True)
    for _ in range(3):
        await house.deliver()

    assert "removed on 2 March 2026" in said(house.channel("social-media")[0].card)
    assert await house.store.ask(house.library, lambda shelves: shelves.messages.in_trouble()) == ()


async def test_an_administrator_hears_once_a_day_of_a_place_that_cannot_be_reached(house: House) -> None:
    await house.deliver()
    await house.robin.reports(outcome="Please look")
    await house.robin.reports(outcome="Please look", links="https://facebook.com/another", text="other words")
    for _ in range(2):
        house.messenger.will_answer(NotPosted("The bot is not in the channel."))
    await house.deliver()

    [told] = [posted.card for posted in house.messenger.to_user("alex") if "did not arrive" in posted.card.title]
    assert told.body.startswith("For #social-media: The bot is not in the channel.")
    assert house.messenger.to_user("robin") == []
