"""Portsmouth's tracks: complaints are answered and reported up, never taken down; staff reports go to the Director."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.cases.follow_up import FollowUpKind
from tests.features.test_five_policies import Desk
from tests.features.under import opens, sees, under
from tests.people import HANDLE, LINK, WHY, WORDS
from tests.policy.holds import holds

STATEMENT = "flibber: it names a child and where she goes to school, in the middle of a complaint."


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    return await under("portsmouth", tmp_path)


async def a_complaint(desk: Desk) -> str:
    return await desk.somebody("robin").reports(track="Complaint")


def told(desk: Desk, user: str) -> list[str]:
    return [posted.card.body for posted in desk.house.messenger.posts if posted.to.user == user]


async def put_on_the_rota(desk: Desk, who: str, *, role: str = "Librarian in Charge") -> None:
    alex = desk.somebody("alex")
    await alex.says("rota")
    await alex.presses("Enter a duty")
    await alex.fills(person=who, role=role, since="2026-03-02", until="2026-03-03")


# -- complaints ------------------------------------------------------------------------------------------------------


@holds("portsmouth:P18")
async def test_a_complaint_offers_nothing_that_would_take_it_down(desk: Desk) -> None:
    ref = await a_complaint(desk)
    sam = desk.somebody("sam")
    await sam.says(f"show {ref}")
    assert sam.sees("Answered, or none needed")
    assert not [
        label for label in ("Say what was done", "Ask for a block", "It breaks another rule") if sam.sees(label)
    ]


@holds("portsmouth:P18")
@pytest.mark.parametrize("outcome", ["Removed", "Hidden", "Removed in part", "Declined to publish"])
async def test_a_complaint_reported_again_as_a_breach_is_still_not_taken_down(desk: Desk, outcome: str) -> None:
    ref = await a_complaint(desk)
    sam = desk.somebody("sam")
    part = {"part": "the end"} if outcome == "Removed in part" else {}
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome=outcome)
    await sam.fills(clauses="Spam", observations="sells", handles=HANDLE, **part)
    await sam.answers_first()

    assert "is a complaint, and the policy says complaints stay up" in sees(sam)
    assert "source: A complaint or negative comment" in sees(sam)
    kept = await desk.house.incident(ref)
    assert (kept.removal, kept.track.value) == (None, "complaint")


@holds("portsmouth:P18")
async def test_nobody_is_blocked_for_a_complaint(desk: Desk) -> None:
    ref = await a_complaint(desk)
    sam = desk.somebody("sam")
    await sam.says(f"block {ref}")

    assert "nobody is blocked for one" in sees(sam)
    assert await desk.house.look(lambda shelves: shelves.blocks.recent(5)) == ()


@holds("portsmouth:P18")
async def test_a_block_shows_the_open_complaints_and_stands_on_none_of_them(desk: Desk) -> None:
    complaint = await a_complaint(desk)
    sam = desk.somebody("sam")

    async def asks(**answers: str) -> str:
        await sam.says(f"block Facebook: {HANDLE}")
        await sam.fills(accounts="Facebook", grounds="Posts what is objectionable")
        assert f"Open complaints, by this author or with no author on file: {complaint}." in sees(sam)
        await sam.fills(**{**sam.says_which(), "reason": WHY, **answers})
        return sees(sam)

    assert "Nobody is blocked for a complaint" in await asks(rests_on_complaint="yes")
    assert "nobody is blocked for one" in await asks(reason=f"flibber: see {complaint.lower()}")
    assert "nobody is blocked for one" in await asks(support_objectionable=f"flibber: {complaint}")
    assert await desk.house.look(lambda shelves: shelves.blocks.recent(5)) == ()
    assert "waiting for the decision" in await asks()

    await desk.somebody("dana").says("home")
    await opens(sam, complaint, "Answered, or none needed")
    await sam.fills(kind=sam.page.page.fields[0].options[0].value)
    if sam.reply.page is not None:
        await sam.fills(words="Thank you; we have asked for quieter carts.")
    await sam.says(f"block Facebook: {HANDLE}2")
    await sam.fills(accounts="Facebook", grounds="Posts what is objectionable")
    assert "rests_on_complaint" not in {one.name for one in sam.page.page.fields}


@holds("portsmouth:P18")
async def test_only_the_director_overrides_with_another_ground_and_a_statement(desk: Desk) -> None:
    ref = await a_complaint(desk)
    sam, dana = desk.somebody("sam"), desk.somebody("dana")
    await opens(dana, ref, "It breaks another rule")
    page = dana.page
    await sam.sends(
        type(dana.sending())(library="", intent="incident.override", actor=sam.identity, subject=ref, page=0)
    )
    assert "Only the Library Director can say that a complaint breaks another rule" in sees(sam)

    assert "Overridden so far: 0." in "\n".join(note.text for note in page.page.notes)
    await dana.fills(clauses="Spam", observations="names somebody", why=WHY, statement="too short")
    assert dana.reply.page is not None
    if "statement" not in dana.page.errors:
        await dana.answers_first()
    assert "Say in a sentence or two" in dana.page.errors["statement"]
    await dana.fills(statement=STATEMENT)
    await dana.answers_first()

    kept = await desk.house.incident(ref)
    assert (kept.track.value, kept.outcome.value, kept.clauses) == ("violation", "removed", ("spam",))
    assert "override number 1" in sees(dana)
    assert STATEMENT in sees(dana)
    assert ("confirm_removal", "open") in await desk.house.tasks(ref)


@holds("portsmouth:P18")
async def test_what_the_constitutions_protect_is_not_taken_down_by_an_override_either(desk: Desk) -> None:
    ref = await a_complaint(desk)
    dana = desk.somebody("dana")
    await opens(dana, ref, "It breaks another rule")
    await dana.fills(clauses="Spam", observations="names somebody", why=WHY, statement=STATEMENT)
    await dana.answers_first(protected="yes")

    assert "does not apply to speech that the law protects" in sees(dana)
    assert (await desk.house.incident(ref)).removal is None


@holds("portsmouth:P18")
async def test_overrides_are_counted_where_history_is_shown(desk: Desk) -> None:
    ref = await a_complaint(desk)
    dana, sam = desk.somebody("dana"), desk.somebody("sam")
    await sam.removes(clauses="Spam", links=f"{LINK}/other", text="flibber hats", done_on="2026-03-02")
    await sam.says(f"history {HANDLE}")
    assert "Complaints overridden" not in sees(sam)
    await opens(dana, ref, "It breaks another rule")
    await dana.fills(clauses="Spam", observations="names somebody", why=WHY, statement=STATEMENT)
    await dana.answers_first()
    await sam.says(f"history {HANDLE}")

    assert "Complaints overridden: 0 of this author, 1 in all" in sees(sam)


@holds("portsmouth:P19")
async def test_a_complaint_goes_to_the_librarian_in_charge_whom_the_rota_names(desk: Desk) -> None:
    await put_on_the_rota(desk, "Kim")
    ref = await a_complaint(desk)
    await desk.house.rounds.run()

    assert "This was reported to you, as the policy asks." in told(desk, "kim")
    assert "This was reported to you, as the policy asks." not in told(desk, "pat")
    kim = desk.somebody("kim")
    await kim.says("home")
    await kim.presses("I have taken note", case=ref)
    kinds = [one.kind for one in await desk.house.look(lambda shelves: shelves.papers.follow_ups(ref))]
    assert kinds == [FollowUpKind.REPORTED_UP, FollowUpKind.ACKNOWLEDGED]
    assert ("acknowledge", "done") in await desk.house.tasks(ref)


@holds("portsmouth:P19")
async def test_taking_note_is_reminded_of_and_is_nobody_elses_to_do(desk: Desk) -> None:
    ref = await a_complaint(desk)
    [task] = [one for one in await desk.house.look(lambda s: s.tasks.of_case(ref)) if one.kind.value == "acknowledge"]
    robin = desk.somebody("robin")
    await robin.says(f"show {ref}")
    assert not robin.sees("I have taken note")
    await desk.house.pass_days(3)
    assert any(
        "Take note of what was reported to you" in row.cells
        for posted in desk.house.messenger.posts
        if posted.card.table
        for row in posted.card.table.rows
    )
    sam = desk.somebody("sam")
    await sam.says("home")
    sent = sam._submission("incident.acknowledge", subject=str(task.id), version_seen=1)  # noqa: SLF001 - a forged press
    await sam.sends(sent)
    assert "brought to somebody else" in sees(sam)


@holds("portsmouth:P18", "portsmouth:P19")
async def test_a_complaint_left_up_is_answered_and_then_closed_without_its_words(desk: Desk) -> None:
    ref = await a_complaint(desk)
    sam = desk.somebody("sam")
    await opens(sam, ref, "Answered, or none needed")
    await sam.fills(kind="Which department")
    await sam.fills(words="Please call the circulation desk.")

    kept = await desk.house.incident(ref)
    assert (kept.text, kept.closed_on is not None, kept.outcome.value) == ("", True, "left_up")
    assert [state for kind, state in await desk.house.tasks(ref) if kind == "acknowledge"] == ["open"]


@holds("portsmouth:P18")
async def test_a_complaint_is_not_closed_before_it_was_taken_up(desk: Desk) -> None:
    ref = await a_complaint(desk)
    sam = desk.somebody("sam")
    await sam.says(f"show {ref}")
    assert not sam.sees("Close")
    await sam.says(f"close {ref}")

    assert "the policy has complaints taken up" in sees(sam)
    assert (await desk.house.incident(ref)).closed_on is None
    await opens(sam, ref, "Answered, or none needed")
    await sam.fills(kind="No answer")
    await sam.fills(why="The patron asked for none.")
    assert (await desk.house.incident(ref)).closed_on is not None


# -- staff -----------------------------------------------------------------------------------------------------------


@holds("portsmouth:P23")
async def test_a_report_on_staff_reaches_the_director_at_once_and_says_how_long_after_it_was_seen(desk: Desk) -> None:
    before = desk.house.time()
    ref = await desk.somebody("robin").reports_conduct(posted_on="2026-02-27")
    await desk.house.rounds.run()
    assert {one.at - before < timedelta(hours=1) for one in desk.house.messenger.to_user("dana")} == {True}

    assert told(desk, "dana") == ["A confidential report is waiting for you."]
    assert {posted.to.user for posted in desk.house.messenger.posts if ref in repr(posted.card)} == {"dana"}
    await desk.somebody("dana").says(f"show {ref}")
    read = sees(desk.somebody("dana"))
    assert "Seen on: 27 February 2026, 3 days before it was reported" in read
    assert "source: Staff who believe that a message breaks a policy tell the Director at once" in read


@holds("portsmouth:P24")
async def test_each_report_on_staff_is_looked_at_on_its_own_and_no_step_is_suggested(desk: Desk) -> None:
    await desk.somebody("robin").reports_conduct(item={"links": f"{LINK}/1"})
    ref = await desk.somebody("robin").reports_conduct(item={"links": f"{LINK}/2"})
    dana = desk.somebody("dana")
    await opens(dana, ref, "Look at it")
    await dana.fills(public_concern="No", unit="No", representative="There is no unit")

    [step] = [asked for asked in dana.page.page.fields if asked.name == "step"]
    assert step.initial == ()
    assert "Each breach by staff is looked at on its own" in sees(dana)
    assert "2 " not in "".join(note.text for note in dana.page.page.notes)
    await dana.fills(found="quibble: it was a slip", step="Talked about")
    assert (await desk.house.incident(ref)).closed_on is not None


@holds("portsmouth:P21")
async def test_of_a_personal_account_only_the_one_reported_post_is_kept(desk: Desk) -> None:
    robin = desk.somebody("robin")
    await robin.begins_report("Conduct of staff")
    await robin.fills(where="On the person's own account", about_director="no", public_concern="No")
    assert "nobody's own account is watched" in sees(robin)
    await robin.fills()
    assert "Give the link of the one post" in robin.page.errors["text"]
    await robin.fills(links=LINK)

    kept = await desk.house.incident(robin.ref)
    assert (kept.link, kept.evidence) == (LINK, ())


@holds("portsmouth:P25")
async def test_nothing_comes_down_before_somebody_says_that_the_law_does_not_protect_it(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await sam.fills(clauses="Spam", observations="sells", handles=HANDLE, done_on="2026-03-02")
    assert "Does the law protect it as free speech?" in sees(sam)
    await sam.answers_first(protected="yes")
    assert "does not apply to speech that the law protects" in sees(sam)
    assert "source: Speech that the constitutions protect" in sees(sam)
    assert await desk.house.look(lambda shelves: shelves.incidents.recent(5)) == ()


@holds("portsmouth:P25")
async def test_nobody_is_blocked_for_what_the_law_protects(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.says("block")
    await sam.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds="Posts what")
    await sam.fills(reason=WHY, protected="yes")

    assert "does not apply to speech that the law protects" in sees(sam)
    assert await desk.house.look(lambda shelves: shelves.blocks.recent(5)) == ()


@holds("portsmouth:P26")
async def test_what_the_policy_is_silent_on_is_said_with_what_may_be_chosen_and_who_signs(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.says("appeal log")

    read = sees(sam)
    assert "policy has no rule for appeals" in read
    assert "As its practice the library may choose: who answers an appeal" in read
    assert "The Board, or whom it names, signs what is chosen" in read
    assert sam.reply.page is None


@holds("portsmouth:P26")
async def test_where_the_policy_is_silent_no_date_runs_nobody_has_to_be_told_and_nobody_comes_back_by_a_rule(
    desk: Desk,
) -> None:
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="Spam", done_on="2026-03-02")
    assert await desk.house.clocks(ref) == {}
    await sam.says(f"show {ref}")
    assert "the policy gives no date. The policy does not speak of appeals" in sees(sam)
    assert "the policy gives no date. The policy does not say that records are kept" in sees(sam)
    assert not sam.sees("Put an appeal on file")

    await sam.says("reinstate")
    assert "policy has no rule for" in sees(sam)
    await sam.says("policy")
    assert "Undated: the document gives no day" in sees(sam)
