"""Portsmouth's complaints stay up under whatever name the same item is reported again."""

from pathlib import Path

import pytest

from bot.cases.follow_up import FollowUpKind
from tests.features.test_five_policies import Desk
from tests.features.under import opens, sees, under
from tests.people import HANDLE, LINK, WORDS, Answer, Somebody
from tests.policy.holds import holds

OTHER = f"{LINK}/another"
ELSEWHERE = "A wholly different comment on the story hour."


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    return await under("portsmouth", tmp_path)


async def asks_to_remove(person: Somebody, *, links: str, text: str, **item: Answer) -> None:
    await person.begins_report()
    await person.fills(account="Facebook", links=links, text=text, outcome="Removed", **item)
    await person.fills(clauses="Spam", observations="sells", handles=HANDLE, done_on="2026-03-02")
    await person.answers_first()


async def on_file(desk: Desk) -> int:
    return len(await desk.house.look(lambda shelves: shelves.incidents.recent(9)))


@holds("portsmouth:P18")
@pytest.mark.parametrize(
    ("links", "text", "item"),
    [
        (f"{LINK}?ref=share", ELSEWHERE, {}),
        (f"{LINK}/?utm_source=app&fbclid=1", ELSEWHERE, {}),
        ("", WORDS, {"no_link": "yes"}),
        (OTHER, f"  {WORDS.upper()} ", {}),
    ],
)
async def test_the_same_complaint_is_not_taken_down_under_another_link_or_without_one(
    desk: Desk, links: str, text: str, item: dict[str, Answer]
) -> None:
    ref = await desk.somebody("robin").reports(track="Complaint")
    await asks_to_remove(desk.somebody("sam"), links=links, text=text, **item)

    assert f"{ref} has the same words or the same link\nIt is a complaint" in sees(desk.somebody("sam"))
    assert "source: A complaint or negative comment" in sees(desk.somebody("sam"))
    assert await on_file(desk) == 1


@holds("portsmouth:P18")
async def test_a_complaint_that_was_answered_and_closed_is_still_known_by_its_words(desk: Desk) -> None:
    ref, sam = await desk.somebody("robin").reports(track="Complaint"), desk.somebody("sam")
    await opens(sam, ref, "Answered, or none needed")
    await sam.fills(kind="Which department")
    await sam.fills(words="Please call the circulation desk.")
    await asks_to_remove(sam, links=OTHER, text=WORDS)

    assert "complaints stay up" in sees(sam)
    assert await on_file(desk) == 1


@holds("portsmouth:P18")
async def test_an_editor_who_was_asked_to_look_does_not_take_a_complaint_down_either(desk: Desk) -> None:
    robin, sam = desk.somebody("robin"), desk.somebody("sam")
    await robin.reports(track="Complaint")
    ref = await robin.reports(outcome="Please look", links=OTHER)
    await opens(sam, ref, "Say what was done")
    await sam.fills(outcome="Removed", child_abuse="no")
    await sam.fills(clauses="Spam", observations="sells", handles=HANDLE, done_on="2026-03-02")
    await sam.answers_first()

    assert "complaints stay up" in sees(sam)
    assert (await desk.house.incident(ref)).removal is None


async def test_another_comment_is_taken_down_although_a_complaint_stands_beside_it(desk: Desk) -> None:
    await desk.somebody("robin").reports(track="Complaint", links=f"{LINK}?comment=1")
    ref = await desk.somebody("sam").removes(clauses="Spam", links=f"{LINK}?comment=2", text=ELSEWHERE)

    assert (await desk.house.incident(ref)).outcome.value == "removed"


@holds("portsmouth:P18")
@pytest.mark.parametrize(("links", "text"), [(LINK, WORDS), (f"{LINK}?ref=share", ELSEWHERE), (OTHER, WORDS)])
async def test_a_removal_that_was_asked_for_is_suspended_by_a_complaint(desk: Desk, links: str, text: str) -> None:
    robin, sam = desk.somebody("robin"), desk.somebody("sam")
    ref = await robin.removes(clauses="Spam")
    assert await sam.reports(track="Complaint", links=links, text=text) == ref
    await desk.house.rounds.run()

    kept = await desk.house.incident(ref)
    assert (kept.track.value, kept.outcome.value, kept.removal, kept.author) == ("complaint", "left_up", None, None)
    tasks = await desk.house.tasks(ref)
    assert ("confirm_removal", "void") in tasks
    assert ("answer", "open") in tasks
    assert ("acknowledge", "open") in tasks
    assert "The removal that was asked for is suspended, as this is a complaint" in sees(sam)
    assert not sam.sees("Done today")
    kinds = [one.kind for one in await desk.house.look(lambda shelves: shelves.papers.follow_ups(ref))]
    assert FollowUpKind.REMOVAL_SUSPENDED in kinds
    said = [one.card.body for one in desk.house.messenger.posts if one.to.user == "robin"]
    assert "The removal you asked for is suspended: it was reported as a complaint." in said


@pytest.mark.parametrize("track", ["Threat", "Personal information"])
async def test_what_comes_down_to_protect_somebody_is_not_put_up_again_by_a_complaint(desk: Desk, track: str) -> None:
    ref = await desk.somebody("robin").removes(track=track, clauses="Spam")
    await desk.somebody("sam").reports(track="Complaint")

    kept = await desk.house.incident(ref)
    assert (kept.track.value, kept.removal is None) == (track.lower().replace(" ", "_"), False)
    assert ("confirm_removal", "open") in await desk.house.tasks(ref)


@holds("portsmouth:P18")
async def test_what_was_left_up_as_something_else_is_protected_once_it_is_a_complaint(desk: Desk) -> None:
    robin, sam = desk.somebody("robin"), desk.somebody("sam")
    ref = await robin.reports()
    assert await robin.reports(track="Complaint") == ref
    await asks_to_remove(sam, links=LINK, text=WORDS)

    assert "is a complaint, and the policy says complaints stay up" in sees(sam)
    assert (await desk.house.incident(ref)).removal is None


async def test_a_complaint_on_what_came_down_already_reaches_the_director_and_changes_no_record(desk: Desk) -> None:
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="Spam", done_on="2026-03-02")
    await desk.somebody("robin").reports(track="Complaint")
    await desk.house.rounds.run()

    assert (await desk.house.incident(ref)).sustained
    said = [one.card.body for one in desk.house.messenger.posts if one.to.user == "dana"]
    assert "What came down was then reported as a complaint." in said
