"""The Board is asked for advice: on day 0, by memos that go one way, at a meeting, and what is put on file of it."""

from dataclasses import replace
from datetime import date

from bot.cases.consultation import Way
from tests.appealing import a_removal_appealed, asks_the_board, heard, the_board_meets
from tests.people import TODAY, WHY, House, facts, shown, title

VIEW = "flibber: leave it down, it is an advertisement"


# -- day 0 -----------------------------------------------------------------------------------------------------------


async def test_on_the_day_it_comes_in_the_director_hears_of_a_meeting_inside_the_time_and_its_posting(
    house: House,
) -> None:
    await the_board_meets(house, date(2026, 3, 10), date(2026, 4, 14))
    ref = await a_removal_appealed(house)
    await house.deliver()

    said = heard(house, "dana")
    assert "The regular meeting of Tuesday 10 March 2026 falls inside the time" in said
    assert "which ends on Tuesday 17 March 2026" in said
    assert "Its notice is posted by Friday 6 March 2026" in said
    assert "G.L. c. 30A, s. 20(b)" in said
    assert ("consult", "open") in await house.tasks(ref)


async def test_on_the_day_it_comes_in_the_director_hears_that_no_meeting_falls_inside_the_time(house: House) -> None:
    await the_board_meets(house, date(2026, 4, 14))
    await a_removal_appealed(house)
    await house.deliver()

    said = heard(house, "dana")
    assert "No regular meeting is on file before Tuesday 17 March 2026, when the answer is due." in said
    assert "The next is on Tuesday 14 April 2026." in said
    assert "by memos, or at a special meeting" in said


async def test_where_the_law_of_the_state_is_not_known_no_posting_day_is_invented(house: House) -> None:
    await the_board_meets(house, date(2026, 3, 10), state="OH")
    await a_removal_appealed(house)
    await house.deliver()

    said = heard(house, "dana")
    assert "By when its notice is posted is not known here for “OH”: ask the clerk or counsel." in said
    assert "posted by" not in said
    assert "30A" not in said


async def test_choosing_a_meeting_keeps_its_day_and_its_posting_and_sends_no_memo(house: House) -> None:
    await the_board_meets(house, date(2026, 3, 10))
    ref = await a_removal_appealed(house)

    await asks_the_board(house, ref, "At the regular meeting of 10 March 2026")

    [asked] = await house.look(lambda shelves: shelves.appeals.consultations(ref))
    assert (asked.way, asked.meeting_on, asked.post_by) == (Way.MEETING, date(2026, 3, 10), date(2026, 3, 6))
    assert ("consult", "done") in await house.tasks(ref)
    assert "at a regular meeting on 10 March 2026" in facts(house.dana.reply)["The Board is asked"]
    await house.deliver()
    assert house.told("terry") == []


async def test_every_meeting_inside_the_time_is_offered_with_its_posting_and_none_after_it(house: House) -> None:
    await the_board_meets(house, date(2026, 3, 1), date(2026, 3, 10), date(2026, 3, 17), date(2026, 3, 18))
    ref = await a_removal_appealed(house)
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Ask the Board")

    [way] = [field for field in house.dana.page.page.fields if field.name == "way"]
    assert [option.label for option in way.options] == [
        "At the regular meeting of 10 March 2026",
        "At the regular meeting of 17 March 2026",
        "By a memo to each trustee",
        "At a special meeting",
    ]
    assert "posted by Friday 13 March 2026" in way.options[1].hint


async def test_where_nobody_is_on_file_as_a_trustee_no_memo_is_offered_and_advice_names_nobody(house: House) -> None:
    terry = await house.person("Terry")
    await house.store.act(house.library, lambda shelves: shelves.registry.put_person(replace(terry, grants=())))
    ref = await a_removal_appealed(house)
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Ask the Board")
    assert "memos" not in {option.value for field in house.dana.page.page.fields for option in field.options}

    await house.dana.says(f"show {ref}")
    await house.dana.presses("Record the consultation")
    await house.dana.fills(way="At a regular meeting", held_on=TODAY.isoformat(), advised=VIEW)
    [advice] = await house.look(lambda shelves: shelves.appeals.advice(ref))
    assert advice.trustees == ()


async def test_a_special_meeting_needs_its_day_and_says_when_it_is_too_late(house: House) -> None:
    ref = await a_removal_appealed(house)
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Ask the Board")
    assert "early enough: Wednesday 4 March 2026" in shown(house.dana.reply)

    await house.dana.fills(way="At a special meeting")
    assert house.dana.page.errors["meeting_on"] == "Choose a day after today."

    await house.dana.fills(way="At a special meeting", meeting_on="2026-03-20")
    assert "Its notice is posted by Wednesday 18 March 2026" in house.dana.reply.headline
    assert "The answer is due before that, on 17 March 2026." in house.dana.reply.headline

    await house.dana.presses("Ask the Board another way")
    await house.dana.fills(way="At a special meeting", meeting_on="2026-03-03")
    assert "posted by Friday 27 February 2026, which has passed" in house.dana.reply.headline
    kept = await house.look(lambda shelves: shelves.appeals.consultations(ref))
    assert [one.meeting_on for one in kept] == [date(2026, 3, 20), date(2026, 3, 3)], "the earlier choice stays on file"


async def test_the_consultation_is_asked_for_daily_until_a_way_is_chosen(house: House) -> None:
    ref = await a_removal_appealed(house)
    await house.pass_days(4)

    clocks = await house.look(lambda shelves: shelves.clocks.of_case(ref))
    assert {clock.name for clock in clocks} == {"decide_appeal_by", "task.consult"}
    reminded = [card for posted in house.channel("decisions") for card in posted.cards if card.title.startswith("Due")]
    assert sum("Choose how the Board is asked" in shown_card for shown_card in map(repr, reminded)) >= 2


# -- what was advised ------------------------------------------------------------------------------------------------


async def test_the_consultation_is_put_on_file_in_the_deciders_words_and_copies_no_single_view(house: House) -> None:
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.deliver()
    await house.terry.press(house.told("terry")[0].card.buttons[1])
    await house.terry.fills(words=VIEW)

    await house.dana.says(f"show {ref}")
    assert "missing: The advice of the Board of Trustees." in shown(house.dana.reply)
    await house.dana.presses("Record the consultation")
    assert "advised" not in house.dana.page.values or house.dana.page.values["advised"] == ()
    await house.dana.fills(advised="flibber: all of one mind, let it stand")

    for reader, reads in ((house.dana, True), (house.kim, True), (house.pat, False)):
        await reader.says(f"show {ref}")
        assert ("all of one mind" in shown(reader.reply)) is reads
    assert VIEW not in shown(house.kim.reply)
    await house.dana.says(f"show {ref}")
    [advice] = await house.look(lambda shelves: shelves.appeals.advice(ref))
    assert (advice.way, advice.held_on, len(advice.trustees)) == (Way.MEMOS, TODAY, 1)
    assert "missing: The advice" not in shown(house.dana.reply)
    assert facts(house.dana.reply)["The Board was consulted"].startswith("by a memo to each trustee, 2 March 2026")


async def test_the_board_is_not_said_to_have_been_asked_before_the_appeal_came_in(house: House) -> None:
    ref = await a_removal_appealed(house)
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Record the consultation")
    await house.dana.fills(way="At a regular meeting", held_on="2026-03-01", trustees="Terry Nowak", advised=VIEW)

    assert house.dana.page.errors["held_on"] == "It came in on 2 March 2026."
    assert house.dana.page.values["advised"] == (VIEW,)


async def test_only_who_answers_appeals_asks_the_board_or_records_its_advice(house: House) -> None:
    ref = await a_removal_appealed(house)
    await house.dana.says(f"show {ref}")
    buttons = [house.dana.button("Ask the Board"), house.dana.button("Record the consultation")]
    for user in ("robin", "sam", "pat", "terry", "alex", "kim"):
        for button in buttons:
            await house.somebody(user).press(button)
            assert "Only the Library Director can decide this" in shown(house.somebody(user).reply), user
    assert WHY not in shown(house.terry.reply)
    assert title(house.terry.reply) == "Only the Library Director can decide this"
