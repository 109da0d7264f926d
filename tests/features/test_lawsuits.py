"""What touches a lawsuit is neither answered nor taken down before the library's attorney agreed (Cook Memorial)."""

from pathlib import Path

from tests.features.test_duties_permissions import PAPER, answers_permission, asks_attorney, fills_answer
from tests.features.test_five_policies import library_under
from tests.people import Somebody, shown
from tests.policy.holds import holds


@holds("cook_memorial:K18")
async def test_an_answer_says_whether_it_touches_a_lawsuit_and_waits_although_nobody_asked_yet(tmp_path: Path) -> None:
    desk = await library_under("cook_memorial", tmp_path)
    robin, sam, dana, kim = (desk.somebody(user) for user in ("robin", "sam", "dana", "kim"))
    question = await robin.reports(track="Question", text="What of the lawsuit?")
    answered = {"kind": "A fact", "words": "It is before the court."}
    await sam.says(f"show {question}")
    await sam.presses("Answered, or none needed")
    await fills_answer(sam, **answered)
    assert "litigation" in sam.page.errors
    await sam.fills(litigation="yes")
    assert f"“attorney {question}” asks for the approval" in shown(sam.reply)
    assert "Staff say nothing on a lawsuit" in shown(sam.reply)
    assert (await desk.house.incident(question)).closed_on is None

    request = await asks_attorney(desk, question)
    await desk.house.rounds.run()
    told = [one.card.body for one in desk.house.messenger.to_user("kim")]
    assert "It touches a lawsuit. A hold would keep what is on file." in told
    await answers_permission(dana, request, "Agreed", signed_by="Lee Duarte", dated="2026-03-02", document=PAPER)
    await sam.says(f"show {question}")
    await sam.presses("Answered, or none needed")
    await fills_answer(sam, **answered, litigation="yes")
    assert (await desk.house.incident(question)).text == "What of the lawsuit?"
    assert "Should it be held?" in shown(sam.reply)
    assert not sam.sees("Place a hold")
    await kim.holds(question)
    await kim.says(f"show {question}")
    assert "On hold since 2 March 2026" in shown(kim.reply)


@holds("cook_memorial:K18")
async def test_what_touches_a_lawsuit_is_not_taken_down_before_the_attorney_agreed(tmp_path: Path) -> None:
    desk = await library_under("cook_memorial", tmp_path)
    robin, sam, dana = desk.somebody("robin"), desk.somebody("sam"), desk.somebody("dana")
    await sam.begins_report()
    await sam.fills(account="Facebook", links="https://facebook.com/x/1", text="on the suit", outcome="Removed")
    await sam.fills(clauses="Obscene", observations="insults", handles="@flibber", done_on="2026-03-02")
    assert "Does it touch a lawsuit involving the library?" in shown(sam.reply)
    await sam.answers_first(litigation="yes")
    assert "the attorney has not agreed" in shown(sam.reply)
    assert await desk.house.look(lambda shelves: shelves.incidents.recent(5)) == ()

    ref = await robin.reports(outcome="Please look", links="https://facebook.com/x/1")
    request = await asks_attorney(desk, ref)
    for clauses in ("Spam", "Obscene"):
        await _takes_down(sam, ref, clauses)
        assert f"The attorney's approval, {request}: waits for counsel" in shown(sam.reply)
        assert (await desk.house.incident(ref)).removal is None
    await answers_permission(dana, request, "Agreed", signed_by="Lee Duarte", dated="2026-03-02", document=PAPER)
    await _takes_down(sam, ref, "Obscene")
    assert (await desk.house.incident(ref)).sustained


async def _takes_down(sam: Somebody, ref: str, clauses: str) -> None:
    await sam.says(f"show {ref}")
    await sam.presses("Say what was done")
    await sam.fills(outcome="Removed", child_abuse="no")
    await sam.fills(clauses=clauses, observations="insults", handles="@flibber", done_on="2026-03-02")
    await sam.answers_first()
