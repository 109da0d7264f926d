"""Cook Memorial's tracks: answers in two business days as necessary, three kinds of them, and no dispute."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cases.follow_up import FollowUpKind
from bot.policy.shelf import read_pack
from tests.features.test_five_policies import Desk
from tests.features.under import days, opens, sees, under
from tests.people import HANDLE, LINK, WHY, WORDS, shown
from tests.policy.holds import holds


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    return await under("cook_memorial", tmp_path)


async def a_question(desk: Desk, number: int = 1) -> str:
    return await desk.somebody("robin").reports(track="Question", links=f"{LINK}/{number}")


async def answers(
    desk: Desk, ref: str, *, kind: str = "A fact", words: str = "We open at nine.", more: str = ""
) -> str:
    sam = desk.somebody("sam")
    await opens(sam, ref, "Answered, or none needed")
    await sam.fills(kind=kind)
    await sam.fills(words=words, litigation="no", **({"open": more} if more else {}))
    return sees(sam)


@holds("cook_memorial:K05")
async def test_a_question_is_due_in_two_business_days_and_the_policys_as_necessary_is_shown(desk: Desk) -> None:
    ref = await a_question(desk)

    clock = (await desk.house.clocks(ref))["reply_by"]
    assert clock.due.isoformat() == "2026-03-04"
    await opens(desk.somebody("sam"), ref, "Answered, or none needed")
    assert "The policy adds: as necessary, in the library's business hours." in sees(desk.somebody("sam"))
    assert "source: " not in clock.proof


@holds("cook_memorial:K05")
async def test_the_two_days_skip_the_days_on_which_the_library_is_closed(desk: Desk) -> None:
    await desk.house.pass_days(4)
    ref = await a_question(desk)

    clock = (await desk.house.clocks(ref))["reply_by"]
    assert (clock.happened_on.isoformat(), clock.due.isoformat()) == ("2026-03-06", "2026-03-10")


@holds("cook_memorial:K05")
async def test_a_question_cannot_be_closed_while_its_answer_is_owed(desk: Desk) -> None:
    ref = await a_question(desk)
    sam = desk.somebody("sam")
    await sam.says(f"show {ref}")
    assert not sam.sees("Close")

    await sam.says(f"close {ref}")

    assert "waits for an answer, due on 4 March 2026" in sees(sam)
    assert "source: A question or comment that needs an answer" in sees(sam)
    assert (await desk.house.incident(ref)).closed_on is None


@holds("cook_memorial:K05")
async def test_that_no_answer_is_necessary_is_kept_with_its_reason_and_ends_the_time(desk: Desk) -> None:
    ref = await a_question(desk)
    sam = desk.somebody("sam")
    await opens(sam, ref, "Answered, or none needed")
    await sam.fills(kind="No answer")
    await sam.fills(why="")
    assert sam.reply.page is not None
    await sam.fills(why="Another patron answered it already.")

    kept = await desk.house.incident(ref)
    assert (kept.text, kept.closed_on is not None) == ("", True)
    assert (await desk.house.clocks(ref))["reply_by"].state.value == "void"
    assert "Another patron answered it already." in sees(sam)


@holds("cook_memorial:K05")
async def test_an_answer_ends_the_time_and_what_the_patron_wrote_is_not_kept(desk: Desk) -> None:
    ref = await a_question(desk)
    read = await answers(desk, ref)

    kept = await desk.house.incident(ref)
    assert (kept.text, kept.evidence, kept.link) == ("", (), f"{LINK}/1")
    assert (await desk.house.clocks(ref))["reply_by"].state.value == "met"
    assert [state for _, state in await desk.house.tasks(ref)] == ["done"]
    assert WORDS not in read
    assert "Answered, 2 March 2026: We open at nine." in read


@holds("cook_memorial:K05")
async def test_an_unanswered_question_is_reminded_of_in_the_channel(desk: Desk) -> None:
    ref = await a_question(desk)
    await desk.house.pass_days(4)

    reminded = [posted.card for posted in desk.house.messenger.posts if posted.to.channel == "social-media"]
    rows = [row.cells for card in reminded if card.table for row in card.table.rows]
    assert ("4 March 2026, overdue", "Reply by", ref) in rows


async def test_an_answer_is_a_fact_a_department_or_where_to_ask_and_nothing_else(desk: Desk) -> None:
    ref = await a_question(desk)
    sam = desk.somebody("sam")
    await opens(sam, ref, "Answered, or none needed")

    [kind, *_] = sam.page.page.fields
    assert [option.value for option in kind.options] == ["fact", "department", "resource", "none"]
    assert "source: An answer gives a fact" in "\n".join(f"source: {note.text}" for note in sam.page.page.notes)


async def test_an_answer_that_comes_back_and_back_is_advised_against(desk: Desk) -> None:
    ref = await a_question(desk)
    for _ in range(2):
        await answers(desk, ref, more="yes")
        assert "Rather than go on here" not in sees(desk.somebody("sam"))
    await opens(desk.somebody("sam"), ref, "Answered, or none needed")

    assert "answered 2 times already. Rather than go on here" in sees(desk.somebody("sam"))
    assert "does not argue with the person" in sees(desk.somebody("sam"))


@holds("cook_memorial:K06")
async def test_an_answer_is_asked_for_while_the_library_is_open_and_on_no_closed_day(desk: Desk) -> None:
    ref = await a_question(desk)
    library = await desk.house.look(lambda shelves: shelves.registry.library())
    seen = len(desk.house.messenger.posts)
    await days(desk, 12)

    zone = ZoneInfo(library.zone)
    asked = [
        one.at.astimezone(zone)
        for one in desk.house.messenger.posts[seen:]
        if one.card.table and any(ref in row.cells and "Reply by" in row.cells for row in one.card.table.rows)
    ]
    assert asked
    assert all(at.time() >= library.opens_at for at in asked)
    assert not [at for at in asked if at.weekday() in library.closed_weekdays or at.date() in library.closures]


@holds("cook_memorial:K40")
async def test_courtesy_is_no_ground_to_take_anything_down(desk: Desk) -> None:
    assert "K40" not in {ground.rule for ground in read_pack("cook_memorial").grounds}
    sam = desk.somebody("sam")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    sent = sam.sending(clauses="Spam", observations="insults a person")
    await sam.sends(replace(sent, values={**sent.values, "clauses": ("courtesy",)}))

    assert "clauses" in sam.page.errors
    assert await desk.house.look(lambda shelves: shelves.incidents.recent(5)) == ()


@holds("cook_memorial:K10", "cook_memorial:K23")
async def test_what_would_stay_if_it_were_praise_stays(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed", host_post="Story hour")
    await sam.fills(clauses="Not related", observations="does not speak", why=WHY, handles=HANDLE)
    assert "Would it come down if it praised the library?" in sees(sam)
    await sam.answers_first(praised="no")

    assert "It stays up: it would come down for its opinion only" in sees(sam)
    assert "source: Praise and criticism are accepted alike" in sees(sam)
    assert await desk.house.look(lambda shelves: shelves.incidents.recent(5)) == ()


@holds("cook_memorial:K10", "cook_memorial:K26")
async def test_off_topic_needs_the_post_what_it_misses_and_the_same_answer_for_praise(desk: Desk) -> None:
    ref = await desk.somebody("sam").removes(
        clauses="Off topic under", observations="does not speak", why=WHY, item={"host_post": "Story hour"}
    )

    kept = await desk.house.look(lambda shelves: shelves.papers.follow_ups(ref))
    by_kind = {one.kind: dict(one.particulars) for one in kept}
    assert set(by_kind) == {FollowUpKind.ASKED_FIRST, FollowUpKind.REPORTED_UP}
    assert by_kind[FollowUpKind.ASKED_FIRST]["Would it come down if it praised the library?"] == "yes"
    await desk.somebody("sam").says(f"show {ref}")
    assert "Would it come down if it praised the library?: yes" in sees(desk.somebody("sam"))
    assert "warning: Courts have struck off-topic rules" in sees(desk.somebody("sam"))


@holds("cook_memorial:K26")
async def test_correcting_a_rule_to_off_topic_asks_for_the_post_and_what_exactly_it_misses(desk: Desk) -> None:
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="Spam", done_on="2026-03-02")
    await sam.says(f"correct {ref}")
    await sam.fills(detail="The rule it breaks")
    await sam.fills(value="Off topic under", reason="the wrong one was ticked")
    assert "What exactly does it miss?" in sees(sam)
    await sam.fills(host_post="Story hour", misses="flibber: it speaks of a car sale")
    await sam.answers_first()

    kept = await desk.house.incident(ref)
    assert (kept.clauses, kept.host_post.title) == (("off_topic_here",), "Story hour")
    assert kept.reason is not None
    assert "flibber: it speaks of a car sale" in kept.reason.words


@holds("cook_memorial:K43")
async def test_nothing_offers_to_edit_what_a_patron_wrote(desk: Desk) -> None:
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="Spam", done_on="2026-03-02")
    await sam.says(f"correct {ref}")
    [detail] = sam.page.page.fields
    assert not {option.value for option in detail.options} & {"text", "words", "evidence"}

    await sam.says(f"show {ref}")
    assert not sam.sees("Edit")
    assert (await desk.house.incident(ref)).text == WORDS


@holds("cook_memorial:K43")
async def test_our_own_post_is_put_right_with_both_wordings_kept(desk: Desk) -> None:
    ref = await desk.somebody("robin").reports(track="Error in our own post")
    sam = desk.somebody("sam")
    await opens(sam, ref, "It was put right")
    await sam.fills(before="We open at eight.", after="We open at nine.")

    read = sees(sam)
    assert "It said: We open at eight.; It says now: We open at nine." in read
    assert "source: Editors check facts, name sources and put mistakes right" in read
    assert [task for task in await desk.house.tasks(ref) if task[1] == "open"] == []


@holds("cook_memorial:K46")
async def test_of_two_rules_that_pull_apart_both_are_shown_and_which_was_applied_and_why_is_kept(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.says("block")
    await sam.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds="Broke the policy or a law")
    read = sees(sam)
    assert "Two rules pull apart: A block after more than one breach" in read
    assert "Who broke the policy more than once" in read
    assert "Access may be denied at any time" in read
    await sam.fills(reason=WHY, tie_1="Access may be denied", tie_why_1="flibber: it names a child's school")

    ref = sam.ref
    [kept] = await desk.house.look(lambda shelves: shelves.papers.follow_ups(ref))
    assert (kept.kind, kept.words) == (FollowUpKind.RULE_CHOSEN, "flibber: it names a child's school")
    assert kept.particulars["Applied"] == "K47"
    await desk.somebody("dana").says(f"show {ref}")
    assert "flibber: it names a child's school" in sees(desk.somebody("dana"))


@holds("cook_memorial:K46")
async def test_a_removal_that_only_protected_somebody_does_not_count_towards_a_block(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.removes(clauses="Spam", links=f"{LINK}/1", done_on="2026-03-02")
    await sam.removes(
        track="Personal information", clauses="Spam", links=f"{LINK}/2", done_on="2026-03-02", observations="names"
    )
    await sam.says("block")
    await sam.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds="Broke the policy more")
    await sam.fills(reason=WHY, tie_1="Who broke", tie_why_1="twice")

    assert "needs 2 confirmed violations on file; there are 1" in sees(sam)
    await sam.says(f"history {HANDLE}")
    assert "Of these not counted, as they protected somebody: 1" in sees(sam)


@holds("cook_memorial:K17", "cook_memorial:K56")
async def test_of_a_personal_account_of_staff_nothing_is_kept_and_the_clause_is_shown(desk: Desk) -> None:
    ref = await desk.somebody("robin").reports_conduct(where="On the person's own account", public_concern="Yes")

    kept = await desk.house.incident(ref)
    assert (kept.text, kept.link, kept.evidence) == ("", "", ())
    assert "The library does not watch the private accounts of its staff" in sees(desk.somebody("robin"))


@holds("cook_memorial:K56")
async def test_speech_on_public_matters_is_asked_about_first_and_not_referred(desk: Desk) -> None:
    ref = await desk.somebody("robin").reports_conduct()
    dana = desk.somebody("dana")
    await opens(dana, ref, "Look at it")
    await dana.fills(public_concern="Yes", unit="No", representative="There is no unit")
    assert "Ask counsel before anything follows" in sees(dana)
    await dana.fills(found="quibble: it speaks of the budget", step="Referred")

    assert "the policy leaves it alone" in sees(dana)
    assert "Staff may speak on public matters like anybody else" in shown(dana.reply)
    assert (await desk.house.incident(ref)).closed_on is None


@holds("cook_memorial:K20", "cook_memorial:K21")
async def test_a_report_on_several_trustees_shows_the_open_meetings_rule_and_goes_to_the_chair(desk: Desk) -> None:
    robin = desk.somebody("robin")
    await robin.begins_report("Conduct of a trustee")
    for label in ("Trustees keep the open-meetings law in mind", "Several trustees do not discuss library business"):
        assert label in sees(robin)
    ref = await robin.reports_conduct(track="Conduct of a trustee", several="yes")
    await desk.house.rounds.run()

    told = [posted for posted in desk.house.messenger.posts if ref in repr(posted.card)]
    assert {posted.to.user for posted in told} == {"terry"}
    await desk.somebody("terry").says(f"show {ref}")
    assert "Several trustees: yes" in sees(desk.somebody("terry"))
    await desk.somebody("dana").says(f"show {ref}")
    assert "opens only to those who work on it" in sees(desk.somebody("dana"))


# -- what comes down -------------------------------------------------------------------------------------------------


@holds("cook_memorial:K44")
async def test_an_editor_says_who_found_it_and_the_director_takes_note(desk: Desk) -> None:
    ref = await desk.somebody("sam").removes(clauses="Spam", done_on="2026-03-02")
    await desk.house.rounds.run()

    told = [one.card.body for one in desk.house.messenger.posts if one.to.user == "dana"]
    assert told == ["It is said that you found this to break the policy."]
    dana = desk.somebody("dana")
    await opens(dana, ref, "I have taken note")
    assert "Found to break the policy by: Dana Whitfield" in sees(dana)
    assert "source: The Director or a designee removes what breaks the policy" in sees(dana)
    assert [task for task in await desk.house.tasks(ref) if task[0] == "acknowledge"] == [("acknowledge", "done")]


@holds("cook_memorial:K44")
async def test_a_designee_whom_the_director_named_finds_it_too_and_nobody_else_is_offered(desk: Desk) -> None:
    dana, sam = desk.somebody("dana"), desk.somebody("sam")
    await dana.says("delegate")
    await dana.fills(person="Kim", until="2026-03-31", document="letter of 1 March 2026")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await sam.fills(clauses="Spam", observations="sells", handles=HANDLE, done_on="2026-03-02")

    [found_by] = [asked for asked in sam.page.page.fields if asked.name == "found_by"]
    assert {option.label for option in found_by.options} == {"Dana Whitfield", "Kim Abara"}


@holds("cook_memorial:K44")
async def test_without_a_director_nothing_is_found_to_break_the_policy(desk: Desk) -> None:
    alex, sam = desk.somebody("alex"), desk.somebody("sam")
    await alex.says("setup")
    await alex.presses("Give or end a role")
    await alex.fills(person="Dana Whitfield", role="Library Director", what="End it")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await sam.fills(clauses="Spam", observations="sells", handles=HANDLE, done_on="2026-03-02")

    assert "only they find that something comes down" in sees(sam)
    assert await desk.house.look(lambda shelves: shelves.incidents.recent(5)) == ()


@holds("cook_memorial:K27")
@pytest.mark.parametrize("outcome", ["Removed", "Hidden", "Declined to publish"])
async def test_what_comes_down_is_kept_with_a_reason_about_it_and_no_period_is_invented(
    desk: Desk, outcome: str
) -> None:
    sam = desk.somebody("sam")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text="", outcome=outcome)
    await sam.fills(clauses="Spam", observations=(), handles=HANDLE, done_on="2026-03-02")
    assert "Tick what you saw" in sam.page.errors["observations"]
    await sam.fills(observations="sells")
    await sam.answers_first()
    assert "A removal needs a copy of what was removed." in sees(sam)
    await sam.fills(text=WORDS)
    await sam.fills()
    await sam.answers_first()

    kept = await desk.house.incident(sam.ref)
    assert kept.text == WORDS
    assert "retain_through" not in await desk.house.clocks(sam.ref)


@holds("cook_memorial:K28")
async def test_what_could_show_abuse_of_a_child_is_not_copied_although_other_removals_are(desk: Desk) -> None:
    robin = desk.somebody("robin")
    await robin.says("report")
    await robin.fills(track="May break a rule", child_abuse="yes")
    assert {asked.name for asked in robin.page.page.fields} == {"account", "links", "posted_on"}
    await robin.fills(account="Facebook", links=LINK)

    kept = await desk.house.incident(robin.ref)
    assert (kept.text, kept.evidence, kept.removal) == ("", (), None)


@holds("cook_memorial:K36", "cook_memorial:K39")
async def test_no_page_asks_for_a_persons_contact_details_or_device(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.removes(clauses="Spam", done_on="2026-03-02")
    await sam.reports(track="Threat", links=f"{LINK}/2")

    asked = " ".join(
        f"{one.name} {one.label}" for reply in sam.seen if reply.page for one in reply.page.page.fields
    ).casefold()
    assert not [word for word in ("phone", "e-mail", "email", "address", "computer", "device") if word in asked]


@holds("cook_memorial:K50")
async def test_no_day_is_invented_by_which_an_appeal_is_filed(desk: Desk) -> None:
    ref = await desk.somebody("sam").removes(clauses="Spam", done_on="2026-03-02")

    assert "appeal_by" not in await desk.house.clocks(ref)
    await desk.somebody("sam").says(f"show {ref}")
    assert "sets no day by which to file it" in sees(desk.somebody("sam"))
