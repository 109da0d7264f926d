"""An obvious act is quick: taps from the bot's first answer, and no typing that is required."""

from tests.people import WHY, House, facts, shown


async def test_spam_that_is_already_deleted_takes_four_taps_and_no_typing(house: House) -> None:
    await house.sam.says("home")

    await house.sam.presses("Spam, already removed")
    await house.sam.fills(account="Facebook", observations="sells or advertises")

    assert house.sam.taps == 4
    assert house.sam.typed == []
    assert facts(house.sam.reply)["Status"] == "removed on 2 March 2026"
    assert facts(house.sam.reply)["Reason"] == "It sells or advertises something."


async def test_asking_an_editor_to_look_takes_three_taps_and_no_typing(house: House) -> None:
    await house.robin.says("home")

    await house.robin.presses("Please look")
    await house.robin.fills(account="Instagram")

    assert house.robin.taps == 3
    assert house.robin.typed == []
    assert await house.tasks(house.robin.ref) == [("look", "open")]


async def test_a_complaint_that_stays_up_takes_three_taps_and_the_director_is_told(house: House) -> None:
    await house.robin.says("home")

    await house.robin.presses("Complaint, left up")
    await house.robin.fills(account="Facebook")

    assert house.robin.taps == 3
    assert house.robin.typed == []
    await house.deliver()
    [told] = house.messenger.to_user("dana")
    assert told.card.body == "A complaint was reported. It stays up."


async def test_an_editor_confirms_with_one_tap(house: House) -> None:
    ref = await house.robin.removes()
    await house.sam.says("home")

    await house.sam.presses("Done today", case=ref)

    assert house.sam.taps == 1
    assert house.sam.typed == []
    assert facts(house.sam.reply)["Confirmed by"] == "Sam Okafor"


async def test_an_editor_confirms_from_the_channel_with_one_tap(house: House) -> None:
    ref = await house.robin.removes()
    await house.deliver()

    await house.sam.presses_in("social-media", "Done today", about=ref)

    assert house.sam.taps == 1
    assert facts(house.sam.reply)["Status"] == "removed on 2 March 2026"


async def test_the_director_decides_a_block_with_four_taps_and_one_sentence_at_most(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.deliver()
    await house.dana.says("home")

    await house.dana.presses("Approve", case=ref)
    await house.dana.fills(reason=WHY)

    assert house.dana.taps <= 4
    assert house.dana.typed == ["reason"]
    assert "approved by Dana Whitfield" in shown(house.dana.reply)


async def test_the_director_needs_no_typing_when_the_requests_reasons_are_hers(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.says("home")

    await house.dana.presses("Approve", case=ref)
    await house.dana.fills(mine="yes")

    assert house.dana.taps <= 4
    assert house.dana.typed == []
    assert "approved by Dana Whitfield" in shown(house.dana.reply)


async def test_quick_forms_take_no_file_so_the_question_about_children_is_skipped(house: House) -> None:
    for label in ("Please look", "Spam, already removed", "Complaint, left up"):
        await house.robin.says("home")
        await house.robin.presses(label)

        assert not house.robin.page.page.takes_files
        assert "child_abuse" not in {field.name for field in house.robin.page.page.fields}
