"""What a second report brings to the first, and the copies that are kept of an item."""

from tests.people import HANDLE, LINK, WORDS, House, shown


async def test_a_second_report_that_asks_somebody_to_look_brings_its_words(house: House) -> None:
    ref = await house.robin.reports()

    assert await house.kim.reports(outcome="Please look") == ref
    assert (await house.incident(ref)).text == WORDS


async def test_two_items_without_a_link_are_two_whatever_stands_in_its_place(house: House) -> None:
    first = await house.sam.removes(links="", item={"no_link": "yes"})

    assert await house.sam.removes(links="", item={"no_link": "yes"}, text="snollygoster hats") != first


async def test_spam_with_its_words_kept_does_not_say_that_there_is_no_copy(house: House) -> None:
    await house.sam.says("spam")
    await house.sam.fills(account="Facebook", observations="sells", text=WORDS)

    assert f"What was posted: {WORDS}" in shown(house.sam.reply)
    assert "No copy because" not in shown(house.sam.reply)


async def test_a_picture_on_a_page_that_was_sent_back_is_there_the_next_day(house: House) -> None:
    await house.robin.begins_report()
    picture = await house.robin.attaches()
    await house.robin.fills(account="Facebook", links=LINK, outcome="Removed", pictures=picture)
    await house.robin.fills(clauses="Advertising", observations="sells", handles="@")
    await house.pass_days(1)

    await house.robin.fills(handles=HANDLE)

    assert len((await house.incident(house.robin.ref)).evidence) == 1
