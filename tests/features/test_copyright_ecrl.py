"""ECRL's track of copyright notices: what a notice has to say, what follows from it, and what is put back."""

from pathlib import Path

import pytest

from bot.cases.follow_up import FollowUpKind
from tests.features.test_five_policies import Desk
from tests.features.under import opens, sees, under
from tests.people import HANDLE, LINK, WORDS
from tests.policy.holds import holds

WHOLE = ("Signed", "Says what came", "States under", "Gives name", "Consents", "Accepts court papers")
SIX = ("Signed", "Says which work", "Says what is to come", "Says how", "States the good", "States that it is")


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    return await under("ecrl", tmp_path)


async def follow_ups(desk: Desk, ref: str) -> list[FollowUpKind]:
    return [one.kind for one in await desk.house.look(lambda shelves: shelves.papers.follow_ups(ref))]


async def a_notice_taken_down(desk: Desk) -> str:
    return await desk.somebody("sam").removes(
        track="Copyright notice", clauses="Copyright complaint", observations="copies", done_on="2026-03-02"
    )


@holds("ecrl:E16")
async def test_what_a_copyright_notice_lacks_is_said_and_nothing_is_decided_by_it(desk: Desk) -> None:
    ref = await desk.somebody("robin").reports(track="Copyright notice")
    sam = desk.somebody("sam")
    await opens(sam, ref, "Read the notice")
    assert len(sam.page.page.fields[0].options) == 6
    await sam.fills(holds=SIX[:5], who="quibble: the photographer")

    assert "Missing: states that it is accurate" in sees(sam)
    assert "Now somebody decides whether it comes down." in sees(sam)
    kept = await desk.house.incident(ref)
    assert (kept.removal, kept.closed_on) == (None, None)
    assert ("look", "open") in await desk.house.tasks(ref)


@holds("ecrl:E16")
async def test_a_whole_notice_lacks_nothing_and_still_decides_nothing(desk: Desk) -> None:
    ref = await desk.somebody("robin").reports(track="Copyright notice")
    sam = desk.somebody("sam")
    await opens(sam, ref, "Read the notice")
    await sam.fills(holds=SIX)

    assert "It holds all six." in sees(sam)
    assert (await desk.house.incident(ref)).removal is None


@holds("ecrl:E16")
async def test_a_counter_notice_starts_ten_to_fourteen_business_days_on_the_federal_calendar(desk: Desk) -> None:
    ref = await a_notice_taken_down(desk)
    sam = desk.somebody("sam")
    await opens(sam, ref, "A counter-notice came in")
    await sam.fills(holds=WHOLE, forwarded="yes")

    clocks = await desk.house.clocks(ref)
    assert clocks["restore_content_from"].due.isoformat() == "2026-03-16"
    assert clocks["restore_content_by"].due.isoformat() == "2026-03-20"
    assert ("put_back", "open") in await desk.house.tasks(ref)


@holds("ecrl:E16")
@pytest.mark.parametrize("lacking", range(-1, 6))
async def test_a_counter_notice_that_lacks_something_starts_no_days_and_what_it_lacks_is_asked_for(
    desk: Desk, lacking: int
) -> None:
    ref = await a_notice_taken_down(desk)
    sam = desk.somebody("sam")
    await opens(sam, ref, "A counter-notice came in")
    await sam.fills(holds=tuple(WHOLE[at] for at in range(6) if at != lacking and lacking >= 0), forwarded="no")

    assert "Ask whoever sent it; no days run before it is complete." in sees(sam)
    assert not [name for name in await desk.house.clocks(ref) if "restore" in name]
    assert "put_back" not in {kind for kind, _ in await desk.house.tasks(ref)}
    assert (await follow_ups(desk, ref))[-1] is FollowUpKind.COUNTER_NOTICE
    await opens(sam, ref, "A counter-notice came in")
    await sam.fills(holds=WHOLE, forwarded="yes")
    assert (await desk.house.clocks(ref))["restore_content_from"].due.isoformat() == "2026-03-16"


@holds("ecrl:E16")
@pytest.mark.parametrize("track", ["Copyright notice", "May break a rule"])
async def test_nothing_comes_down_on_a_copyright_complaint_before_its_notice_was_read(desk: Desk, track: str) -> None:
    sam = desk.somebody("sam")
    await sam.begins_report(track)
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await sam.fills(clauses="Copyright complaint", observations="copies", handles=HANDLE, done_on="2026-03-02")
    await sam.answers_first(notice_read="no")
    assert "Read it first" in sam.page.errors["notice_read"]
    assert await desk.house.look(lambda shelves: shelves.incidents.recent(5)) == ()
    await sam.fills(notice_read="yes", holds=SIX[:5])

    read = next(
        one
        for one in await desk.house.look(lambda s: s.papers.follow_ups(sam.ref))
        if one.kind is FollowUpKind.NOTICE_CHECKED
    )
    assert (read.kind, read.particulars["Missing"][:27]) == (FollowUpKind.NOTICE_CHECKED, "states that it is accurate ")


@holds("ecrl:E16")
async def test_a_notice_that_was_read_before_is_not_asked_for_again(desk: Desk) -> None:
    ref, sam = await desk.somebody("robin").reports(track="Copyright notice"), desk.somebody("sam")
    await opens(sam, ref, "Read the notice")
    await sam.fills(holds=SIX)
    await opens(sam, ref, "Say what was done")
    await sam.fills(outcome="Removed", child_abuse="no")
    await sam.fills(clauses="Copyright complaint", observations="copies", handles=HANDLE, done_on="2026-03-02")

    assert (await desk.house.incident(ref)).sustained


@holds("ecrl:E16")
async def test_the_copyright_ground_does_not_count_against_its_author_on_the_ordinary_track_either(desk: Desk) -> None:
    ref = await desk.somebody("sam").removes(clauses="Copyright complaint", observations="copies", done_on="2026-03-02")
    await desk.somebody("sam").says(f"history {HANDLE}")

    assert "Of these not counted, as they protected somebody: 1" in sees(desk.somebody("sam"))
    await desk.somebody("sam").says(f"show {ref}")
    assert "It does not count against the author" in sees(desk.somebody("sam"))


@holds("ecrl:E16")
async def test_content_is_put_back_within_its_days_or_kept_down_for_a_court_action(desk: Desk) -> None:
    ref = await a_notice_taken_down(desk)
    sam = desk.somebody("sam")
    await opens(sam, ref, "A counter-notice came in")
    await sam.fills(holds=WHOLE, forwarded="yes")
    await opens(sam, ref, "Put back, or not")
    await sam.fills(what="It was put back", on="2026-03-02")
    assert "The statute's days open on 16 March 2026" in sees(sam)
    await sam.fills(what="Not put back: a court", on="2026-03-02")

    assert "Because: a court action was filed" in sees(sam)
    states = {name: clock.state.value for name, clock in (await desk.house.clocks(ref)).items() if "restore" in name}
    assert states == {"restore_content_from": "void", "restore_content_by": "void"}


@holds("ecrl:E16")
async def test_a_removal_on_a_copyright_notice_does_not_count_against_its_author(desk: Desk) -> None:
    await a_notice_taken_down(desk)
    await desk.somebody("sam").says(f"history {HANDLE}")

    assert "Of these not counted, as they protected somebody: 1" in sees(desk.somebody("sam"))
