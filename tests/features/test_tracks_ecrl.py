"""ECRL's tracks: supervisors, concerns, authorities, duplicates, blocks after an investigation."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from bot.cases.block import request_of
from bot.cases.follow_up import FollowUpKind
from tests.features.test_five_policies import Desk
from tests.features.under import opens, sees, under
from tests.people import HANDLE, LINK, WHY, WORDS
from tests.policy.holds import holds


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    return await under("ecrl", tmp_path)


async def follow_ups(desk: Desk, ref: str) -> list[FollowUpKind]:
    return [one.kind for one in await desk.house.look(lambda shelves: shelves.papers.follow_ups(ref))]


def told(desk: Desk, user: str) -> list[str]:
    return [posted.card.body for posted in desk.house.messenger.posts if posted.to.user == user]


# -- reported to a supervisor ----------------------------------------------------------------------------------------


@holds("ecrl:E28")
async def test_a_breach_is_brought_to_the_supervisor_the_reporter_names_who_takes_note(desk: Desk) -> None:
    robin, kim = desk.somebody("robin"), desk.somebody("kim")
    ref = await robin.reports(outcome="Please look", supervisor="Kim")
    await desk.house.rounds.run()

    assert "This was reported to you, as the policy asks." in told(desk, "kim")
    [card] = [one.card for one in desk.house.messenger.posts if one.to.user == "kim" and ref in one.card.title]
    await kim.press(next(button for button in card.buttons if button.label == "I have taken note"))
    assert await follow_ups(desk, ref) == [FollowUpKind.REPORTED_UP, FollowUpKind.ACKNOWLEDGED]
    assert "source: Staff who learn of a breach" in sees(kim)


@holds("ecrl:E28")
async def test_without_a_named_supervisor_the_librarian_in_charge_is_told(desk: Desk) -> None:
    await desk.somebody("robin").reports(outcome="Please look")
    await desk.house.rounds.run()

    assert "This was reported to you, as the policy asks." in told(desk, "pat")


@holds("ecrl:E28")
async def test_a_report_nobody_took_note_of_is_reminded_of(desk: Desk) -> None:
    ref = await desk.somebody("robin").reports(outcome="Please look", supervisor="Kim")
    await desk.house.pass_days(4)

    rows = [row.cells for one in desk.house.messenger.posts if one.card.table for row in one.card.table.rows]
    assert any("Take note of what was reported to you" in cells and ref in cells for cells in rows)


@holds("ecrl:E28")
async def test_a_supervisor_opens_the_confidential_report_that_was_brought_to_them(desk: Desk) -> None:
    ref = await desk.somebody("robin").reports_conduct(supervisor="Kim")
    await desk.house.rounds.run()
    assert "A confidential report is waiting for you." in told(desk, "kim")
    await desk.somebody("kim").says(f"show {ref}")
    assert WORDS in sees(desk.somebody("kim"))
    await desk.somebody("sam").says(f"show {ref}")
    assert WORDS not in sees(desk.somebody("sam"))


# -- concerns --------------------------------------------------------------------------------------------------------


@holds("ecrl:E22")
async def test_a_concern_is_brought_to_the_director_and_looked_at_by_an_editor_until_it_is_answered(desk: Desk) -> None:
    ref = await desk.somebody("robin").reports(track="Concern")
    await desk.house.rounds.run()

    assert "Concern about what we did was reported." in told(desk, "dana")
    assert await desk.house.tasks(ref) == [("answer", "open")]
    assert "reply_by" not in await desk.house.clocks(ref)
    await desk.house.pass_days(4)
    rows = [row.cells for one in desk.house.messenger.posts if one.card.table for row in one.card.table.rows]
    assert any(ref in cells and "Answer somebody" in cells[1] for cells in rows)
    sam = desk.somebody("sam")
    await opens(sam, ref, "Answered, or none needed")
    await sam.fills(kind="Something else")
    await sam.fills(words="We looked at it again.")
    assert (await desk.house.incident(ref)).text == ""


@holds("ecrl:E04")
async def test_an_opinion_that_would_stay_if_it_were_praise_stays(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await sam.fills(clauses="Offensive", observations="insults", handles=HANDLE)
    await sam.fills(praised="no")

    assert "It stays up: it would come down for its opinion only" in sees(sam)
    assert "source: Other opinions are respected" in sees(sam)


# -- personal information, duplicates, authorities -------------------------------------------------------------------


async def test_a_ground_that_the_policy_does_not_count_is_left_out_of_the_count(tmp_path: Path) -> None:
    desk = await under("ecrl", tmp_path)
    sam = desk.somebody("sam")
    await sam.removes(clauses="Somebody's personal", observations="names somebody", done_on="2026-03-02")
    await sam.removes(clauses="Spam", links=f"{LINK}/2", done_on="2026-03-02")
    await sam.says(f"history {HANDLE}")

    assert "Confirmed removals that stand: 2" in sees(sam)
    assert "Of these not counted, as they protected somebody: 1" in sees(sam)


async def test_the_same_words_from_different_people_are_no_duplicate(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await sam.fills(clauses="The same post again", observations="repeats", handles=HANDLE, done_on="2026-03-02")
    await sam.answers_first(same_person="no", first_post="the one of Monday")
    assert "The same words from different people are no duplicate." in sees(sam)
    await sam.answers_first(same_person="yes", first_post="the one of Monday")

    [kept] = await desk.house.look(lambda shelves: shelves.incidents.recent(5))
    assert kept.clauses == ("duplicate",)


async def test_which_authority_was_told_when_by_whom_and_what_it_was_given_is_kept(desk: Desk) -> None:
    ref = await desk.somebody("robin").reports(track="Threat")
    pat = desk.somebody("pat")
    await opens(pat, ref, "The authorities were told")
    await pat.fills(
        authority="Police", named="Officer Lane", time="9:40 pm", number="26-118", given="flibber: the link and text"
    )

    read = sees(pat)
    assert (
        "Authority told on 2 March 2026 by Pat Moreau. Which: Police (911 or the station); Named: Officer Lane" in read
    )
    assert "Their number: 26-118; Given: flibber: the link and text" in read
    assert "The authorities may be told" in read
    kept = await desk.house.incident(ref)
    assert (kept.removal, kept.closed_on) == (None, None)


async def a_second_account(desk: Desk, platform: str, name: str) -> UUID:
    """Another account of the library on a platform where it has one already."""
    known = await desk.house.look(lambda shelves: shelves.registry.accounts())
    first = next(one for one in known if one.platform == platform)
    second = replace(first, id=uuid4(), name=name, url=f"{first.url}/teens")
    await desk.house.store.act(desk.house.library, lambda shelves: shelves.registry.put_account(second))
    return second.id


# -- blocks ----------------------------------------------------------------------------------------------------------


@holds("ecrl:E20")
@pytest.mark.parametrize(
    ("ground", "code", "tie"),
    [
        ("Breaks the rule on spam", "repeat_offender", "A block after an investigation, and a ban of who breaks"),
        ("Disregards the policies", "continuous_disregard", "A block after an investigation, and a statement"),
    ],
)
async def test_whatever_the_ground_no_block_is_asked_for_without_an_investigation_on_file(
    desk: Desk, ground: str, code: str, tie: str
) -> None:
    sam = desk.somebody("sam")
    await sam.says("block")
    await sam.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds=ground)
    assert f"Two rules pull apart: {tie}" in sees(sam)
    await sam.fills(**{**sam.says_which(), "reason": WHY})
    assert f"investigation_{code}" in sam.page.errors
    assert await desk.house.look(lambda shelves: shelves.blocks.recent(5)) == ()
    await sam.fills(**{f"investigation_{code}": "flibber: two of us read all of it"})

    assert "waiting for the decision" in sees(sam)


@holds("ecrl:E20")
async def test_a_block_needs_an_investigation_and_shows_the_statements_other_standard(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.says("block")
    await sam.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds="An investigation found")
    assert "Two rules pull apart: A block after an investigation" in sees(sam)
    ground = "investigation_found_in_breach"
    chosen = {"tie_1": "A block on one account", "tie_why_1": "two of us read it"}
    await sam.fills(**{**sam.says_which(), **chosen, "reason": WHY})
    assert sam.reply.page is not None
    assert ground in sam.page.errors
    await sam.fills(**{ground: "flibber: two of us read all of it"})

    ref = sam.ref
    assert await follow_ups(desk, ref) == [FollowUpKind.RULE_CHOSEN] * 2
    assert len(request_of(await desk.house.block(ref)).accounts) == 1


@holds("ecrl:E20")
async def test_a_block_is_for_the_named_account_and_not_for_the_others(desk: Desk) -> None:
    sam, alex, dana = (desk.somebody(user) for user in ("sam", "alex", "dana"))
    await alex.says("setup")
    await alex.presses("Library practice")
    await alex.fills(key="Who decides a block")
    await alex.fills(value="Executive Director", approved_by="Board of Trustees")
    first = await desk.house.account("Facebook")
    second = await a_second_account(desk, "Facebook", "Teens of the library")

    ref = await sam.asks_for_block(
        accounts=str(first), grounds="An investigation found", investigation_found_in_breach="flibber: read by two"
    )
    await dana.approves(ref)
    await sam.confirms(ref)

    done = await desk.house.look(lambda shelves: shelves.blocks.executions(ref))
    assert [one.account for one in done] == [first]
    assert [kind for kind, _ in await desk.house.tasks(ref)].count("make_block") == 1
    assert "Teens of the library" not in sees(sam)
    await sam.says(f"notice {ref}")
    assert "Teens of the library" not in sam.page.values["text"][0]

    again = await sam.asks_for_block(
        accounts=str(second), grounds="An investigation found", investigation_found_in_breach="flibber: read by two"
    )
    assert request_of(await desk.house.block(again)).accounts == (second,), "the other account is a case of its own"


@holds("ecrl:E36", "ecrl:E38")
async def test_off_duty_speech_is_only_reported_with_the_harm_it_does_and_nobody_is_watched(desk: Desk) -> None:
    robin = desk.somebody("robin")
    await robin.begins_report("Conduct of staff")
    await robin.fills(where="On the person's own account", about_director="no", public_concern="Not sure")
    assert "Off duty staff may speak freely" in sees(robin)
    assert "The library may watch staff accounts within the law" in sees(robin)
    assert "One post, and no more" in sees(robin)
    await robin.fills(links=LINK)
    assert "harm" in robin.page.errors
    await robin.fills(harm="quibble: it gave away a patron's loan", links=LINK)

    ref = robin.ref
    await desk.somebody("dana").says(f"show {ref}")
    assert "quibble: it gave away a patron's loan" in sees(desk.somebody("dana"))
    assert (await desk.house.incident(ref)).link == LINK
    for words in ("watch", "monitor", "watch Robin Hale"):
        await robin.says(words)
        assert "I don't know those words" in sees(robin)


@holds("ecrl:E40")
async def test_what_the_policy_is_silent_on_is_said_with_what_may_be_chosen(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.says("appeal log")
    assert "policy has no rule for appeals" in sees(sam)
    assert "signs what is chosen" in sees(sam)


async def test_partners_are_told_what_their_posts_have_to_do_with_the_links_to_hand_on(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.says("partners")

    read = sees(sam)
    assert "E30: Partners point back to the library" in read
    assert "https://www.facebook.com/chicopeelibraryma" in read


@holds("ecrl:E40")
async def test_where_the_policy_is_silent_no_date_runs_and_nobody_decides_or_comes_back_by_a_rule(desk: Desk) -> None:
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="Spam", done_on="2026-03-02")
    assert await desk.house.clocks(ref) == {}
    await sam.says(f"show {ref}")
    assert "the policy gives no date. The policy does not speak of appeals" in sees(sam)
    assert "the policy gives no date. The policy does not say that records are kept" in sees(sam)
    assert not sam.sees("Put an appeal on file")
    await sam.says("reinstate")
    assert "policy has no rule for" in sees(sam)


@holds("ecrl:E07")
async def test_earlier_posts_with_the_same_words_by_the_same_or_a_linked_handle_are_found(desk: Desk) -> None:
    sam = desk.somebody("sam")
    words = "Join our flibber club on Friday, all welcome"
    mine = await sam.removes(clauses="Spam", links=f"{LINK}/1", text=words, done_on="2026-03-02")
    linked = await sam.removes(
        clauses="Spam", links=f"{LINK}/2", text=words.upper(), handles="@second", done_on="2026-03-02"
    )
    others = await sam.removes(clauses="Spam", links=f"{LINK}/3", text=words, handles="@third", done_on="2026-03-02")
    await sam.removes(clauses="Spam", links=f"{LINK}/4", text="something else entirely", done_on="2026-03-02")
    await sam.says("link @second")
    await sam.fills(second=f"Facebook: {HANDLE}", confidence="Suspected", basis="the same picture and the same words")

    await sam.begins_report()
    await sam.fills(account="Facebook", links=f"{LINK}/5", text=words, outcome="Removed")
    await sam.fills(clauses="The same post again", observations="repeats", handles=HANDLE, done_on="2026-03-02")
    read = sees(sam)
    assert (
        f"The same words, by this handle or one linked to it: {mine} of 2 March 2026, {linked} of 2 March 2026." in read
    )
    assert f"By another handle, or one that is not known: {others} of 2 March 2026. That is no duplicate." in read
    assert sam.page.values["first_post"] == (mine,)


@holds("ecrl:E07")
async def test_that_no_earlier_post_is_on_file_is_said(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await sam.fills(clauses="The same post again", observations="repeats", handles=HANDLE, done_on="2026-03-02")

    assert "No earlier post with these words is on file" in sees(sam)
    assert sam.page.values.get("first_post", ()) == ()
