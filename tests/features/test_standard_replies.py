"""Cook Memorial's set answers: agreed by the Director or a designee, with an owner and a day to look again."""

from bot.cards import Button
from tests.features.test_five_policies import Desk
from tests.features.test_tracks_cook import a_question, answers, desk
from tests.features.under import days, opens, sees
from tests.policy.holds import holds

__all__ = ["desk"]


@holds("cook_memorial:K14")
async def test_agreed_replies_have_an_owner_and_a_day_to_look_again_and_are_offered_with_an_answer(desk: Desk) -> None:
    sam, dana = desk.somebody("sam"), desk.somebody("dana")
    await dana.says("replies")
    await dana.presses("Agree on a reply")
    await dana.fills(title="Opening hours", text="We open at nine.", owner="Sam", review_on="2026-03-09")
    ref = await a_question(desk)
    await opens(sam, ref, "Answered, or none needed")
    await sam.fills(kind="A fact", standard="Opening hours")

    assert sam.page.values["words"] == ("We open at nine.",)
    await sam.fills(litigation="no")
    await sam.says("replies")
    assert "Opening hours | Sam Okafor | 9 March 2026 | 1" in sees(sam)


@holds("cook_memorial:K14")
async def test_the_owner_is_reminded_to_look_at_a_reply_again_once_a_week_until_they_do(desk: Desk) -> None:
    dana = desk.somebody("dana")
    await dana.says("replies")
    await dana.presses("Agree on a reply")
    await dana.fills(title="Opening hours", text="We open at nine.", owner="Sam", review_on="2026-03-09")
    await days(desk, 6)
    told = [one.card.title for one in desk.house.messenger.posts if one.to.user == "sam"]
    assert [title for title in told if "Opening hours" in title] == []
    await days(desk, 4)
    told = [one.card.title for one in desk.house.messenger.posts if one.to.user == "sam"]
    assert len([title for title in told if "Opening hours" in title]) == 1

    await dana.says("replies")
    await dana.presses("Look again")
    await dana.fills(text="We open at ten.", review_on="2027-03-01")
    await days(desk, 14)

    told = [one.card.title for one in desk.house.messenger.posts if one.to.user == "sam"]
    assert len([title for title in told if "Opening hours" in title]) == 1


@holds("cook_memorial:K14")
async def test_a_retired_reply_is_offered_no_more_and_stays_on_file(desk: Desk) -> None:
    sam, dana = desk.somebody("sam"), desk.somebody("dana")
    await dana.says("replies")
    await dana.presses("Agree on a reply")
    await dana.fills(title="Opening hours", text="We open at nine.", owner="Sam")
    await dana.presses("Retire")
    ref = await a_question(desk)
    await opens(sam, ref, "Answered, or none needed")
    assert "Opening hours" not in sees(sam)

    await sam.says("replies")
    assert "retired on 2 March 2026" in sees(sam)


@holds("cook_memorial:K14")
async def test_words_that_were_answered_three_times_are_suggested_as_a_reply(desk: Desk) -> None:
    for number in range(3):
        ref = await a_question(desk, number)
        await answers(desk, ref)
        await desk.somebody("sam").says("replies")
        suggested = "Answered 3 times in these words: We open at nine." in sees(desk.somebody("sam"))
        assert suggested is (number == 2)


@holds("cook_memorial:K14")
async def test_a_set_answer_is_agreed_by_the_director_or_a_designee_and_by_nobody_else(desk: Desk) -> None:
    dana, kim, sam = desk.somebody("dana"), desk.somebody("kim"), desk.somebody("sam")
    for person in (sam, kim):
        await person.says("replies")
        assert not person.sees("Agree on a reply")
        await person.press(Button(label="Agree on a reply", intent="reply.keep", opens_form=True))
        assert "agreed on by the Library Director or the Director's designee" in sees(person).replace("\n", " ")
        assert "source: Set answers are written" in sees(person)
    assert await desk.house.look(lambda shelves: shelves.papers.replies()) == ()

    await dana.says("delegate")
    await dana.fills(person="Kim", until="2026-03-31", document="letter of 1 March 2026")
    await kim.says("replies")
    await kim.presses("Agree on a reply")
    await kim.fills(title="Opening hours", text="We open at nine.", owner="Sam")
    assert [one.title for one in await desk.house.look(lambda shelves: shelves.papers.replies())] == ["Opening hours"]
