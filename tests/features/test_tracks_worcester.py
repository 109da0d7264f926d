"""Worcester's tracks: silence is said and filled by nothing, opinions stay, staff speech and unions come first."""

from pathlib import Path

import pytest

from tests.features.test_five_policies import Desk
from tests.features.under import opens, sees, under
from tests.people import HANDLE, LINK, WHY, WORDS
from tests.policy.holds import holds


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    return await under("worcester", tmp_path)


@holds("worcester:W46")
async def test_where_the_policy_has_no_rule_for_blocks_that_is_said_with_what_may_be_chosen_and_who_signs(
    desk: Desk,
) -> None:
    sam = desk.somebody("sam")
    await sam.says(f"block {HANDLE}")

    read = sees(sam)
    assert "Worcester Public Library's policy has no rule for blocking" in read
    assert "Until it is chosen who decides one, and who approved that, nobody can be blocked here." in read
    assert "As its practice the library may choose: who decides a block" in read
    assert "The Board, or whom it names, signs what is chosen; an administrator or the Director enters it" in read
    assert sam.reply.page is None
    assert "source: The policy has no rule on blocks" in read


@holds("worcester:W46")
@pytest.mark.parametrize("words", ["appeal log", "appeal", "reinstate", "reinstate B-2026-0001", "come back"])
async def test_where_the_policy_has_no_rule_for_appeals_or_coming_back_none_is_invented(desk: Desk, words: str) -> None:
    sam = desk.somebody("sam")
    await sam.says(words)

    read = sees(sam)
    assert "policy has no rule for" in read
    assert "As its practice the library may choose: who" in read
    assert "The Board, or whom it names, signs what is chosen" in read
    assert "days" not in read
    assert sam.reply.page is None


@holds("worcester:W46")
async def test_while_there_is_no_rule_for_blocks_nothing_offers_one(desk: Desk) -> None:
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="Spam", done_on="2026-03-02")
    for words in ("home", f"show {ref}", f"history {HANDLE}"):
        await sam.says(words)
        assert not sam.sees("Ask for a block"), words
    await block_by_practice(desk)
    for words in ("home", f"show {ref}", f"history {HANDLE}"):
        await sam.says(words)
        assert sam.sees("Ask for a block"), words


async def block_by_practice(desk: Desk, who: str = "Executive Director") -> None:
    """The Board says who decides a block, and an administrator enters that."""
    alex = desk.somebody("alex")
    await alex.says("setup")
    await alex.presses("Library practice")
    await alex.fills(key="Who decides a block")
    await alex.fills(value=who, approved_by="Board of Directors")


PRACTICE = "The library's own choice, approved by Board of Directors, 2 March 2026 (library practice, not in policy)"


@holds("worcester:W46")
@pytest.mark.parametrize(("who", "user"), [("Executive Director", "dana"), ("Board chair", "terry")])
async def test_a_block_by_practice_works_and_says_everywhere_that_it_is_no_policy(
    desk: Desk, who: str, user: str
) -> None:
    await block_by_practice(desk, who)
    sam, decider = desk.somebody("sam"), desk.somebody(user)
    await sam.says(f"block Facebook: {HANDLE}")
    assert "policy has no rule for blocking. What is done here is library practice, not in policy" in sees(sam)
    await sam.fills(accounts="Facebook", grounds="Library practice: the policy states no ground")
    assert PRACTICE in sees(sam)
    await sam.fills(**{**sam.says_which(), "reason": WHY})
    ref = sam.ref
    assert PRACTICE in sees(sam)
    await decider.approves(ref)

    assert "approved by" in sees(decider)
    assert PRACTICE in sees(decider)
    await sam.confirms(ref)
    assert "in force from 2 March 2026" in sees(sam)
    await sam.says(f"notice {ref}")
    assert PRACTICE in sam.page.values["text"][0]
    await desk.house.deliver()
    posted = desk.house.messenger.in_channel("decisions", tenant="worcester")
    cards = [one.card for one in posted if ref in one.card.title]
    assert cards
    assert PRACTICE in repr(cards[0])
    await desk.somebody("robin").says("reinstate")
    assert desk.somebody("robin").reply.page is not None, "now there is something to come back from"


@holds("worcester:W46")
async def test_no_number_of_days_is_counted_that_the_policy_does_not_give(desk: Desk) -> None:
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="Spam", done_on="2026-03-02")
    question = await sam.reports(track="Question", links=f"{LINK}/2")

    assert await desk.house.clocks(ref) == {}
    assert await desk.house.clocks(question) == {}
    await sam.says(f"show {ref}")
    assert "the policy gives no date. The policy does not speak of appeals" in sees(sam)


@holds("worcester:W46")
async def test_a_practice_that_was_chosen_is_shown_as_practice_and_as_nothing_else(desk: Desk) -> None:
    alex, sam = desk.somebody("alex"), desk.somebody("sam")
    await alex.says("setup")
    await alex.presses("Library practice")
    await alex.fills(key="Time to reply")
    await alex.fills(value="3 days", approved_by="Board of Directors")
    ref = await sam.reports(track="Question")
    await sam.says(f"due show {ref}")

    read = sees(sam)
    assert "5 March 2026" in read
    assert "library practice, not in policy (approved by Board of Directors, 2 March 2026)" in read
    assert "source:" not in read


@holds("worcester:W30")
async def test_an_opinion_on_the_library_stays_unless_it_would_come_down_as_praise_too(desk: Desk) -> None:
    sam = desk.somebody("sam")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    await sam.fills(clauses="Inappropriate", observations="insults", why=WHY, handles=HANDLE)
    read = sees(sam)
    assert "A court has struck a rule against what is “inappropriate”" in read
    assert "Two rules pull apart: Patrons may give opinions" in read
    await sam.fills(praised="no", tie_1="Inappropriate", tie_why_1="it is rude")

    assert "It stays up: it would come down for its opinion only" in sees(sam)
    assert await desk.house.look(lambda shelves: shelves.incidents.recent(5)) == ()


@holds("worcester:W30")
async def test_which_of_two_rules_was_applied_to_an_opinion_is_kept_with_why(desk: Desk) -> None:
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="Inappropriate", observations="insults", why=WHY, done_on="2026-03-02")

    kept = await desk.house.look(lambda shelves: shelves.papers.follow_ups(ref))
    assert {one.particulars.get("Applied"): one.words for one in kept} == {None: "", "W30": WHY}


@holds("worcester:W05", "worcester:W47")
async def test_staff_are_referred_only_after_the_union_and_speech_questions_were_answered(desk: Desk) -> None:
    ref = await desk.somebody("robin").reports_conduct()
    dana = desk.somebody("dana")
    await opens(dana, ref, "Look at it")
    read = sees(dana)
    assert "What unions have agreed for their members stays untouched" in read
    assert "Staff may speak on public matters like anybody else" in read
    await dana.fills()
    assert set(dana.page.errors) == {"public_concern", "unit", "representative"}
    await dana.fills(public_concern="No", unit="Yes", representative="Not yet")
    await dana.fills(found="quibble: it mocked a patron", step="Referred")
    assert "A referral waits until one was offered" in dana.page.errors["representative"]
    await dana.fills(representative="Yes")
    await dana.fills()

    kept = await desk.house.incident(ref)
    assert kept.closed_on is not None
    assert "Bargaining unit: Yes; Representative offered: Yes; Next step: Referred" in sees(dana)


@holds("worcester:W47")
async def test_a_report_on_staff_begins_with_whether_it_speaks_of_a_public_matter(desk: Desk) -> None:
    robin = desk.somebody("robin")
    await robin.begins_report("Conduct of staff")
    await robin.fills(where="On an account", about_director="no")

    assert set(robin.page.errors) == {"public_concern"}


@holds("worcester:W22")
async def test_a_personal_account_of_staff_is_left_alone_with_the_clause_that_says_so(desk: Desk) -> None:
    robin = desk.somebody("robin")
    await robin.begins_report("Conduct of staff")
    await robin.fills(where="On the person's own account", about_director="no", public_concern="No")

    kept = await desk.house.incident(robin.ref)
    assert (kept.text, kept.link, kept.evidence) == ("", "", ())
    assert "The library does not watch the personal accounts of its staff" in sees(robin)
    assert "so no words, link or picture were kept" in sees(robin)


@holds("worcester:W01", "worcester:W42")
@pytest.mark.parametrize("track", ["May break a rule", "Complaint", "Question", "Threat"])
async def test_no_report_asks_for_a_library_card_or_which_device_a_post_came_from(desk: Desk, track: str) -> None:
    robin = desk.somebody("robin")
    await robin.begins_report(track)
    await robin.fills(account="Facebook", links=LINK, text=WORDS, outcome="Left up" if track != "Threat" else "Removed")

    asked = " ".join(
        f"{field.name} {field.label} {field.hint}"
        for reply in robin.seen
        if reply.page
        for field in reply.page.page.fields
    ).casefold()
    assert "library card" not in asked
    assert not [word for word in ("card number", "barcode", "computer", "device", "session") if word in asked]


async def test_whoever_decides_is_called_in_setup_what_this_library_calls_them(desk: Desk) -> None:
    alex = desk.somebody("alex")
    await alex.says("setup")
    await alex.presses("Library practice")
    await alex.fills(key="Who decides a block")
    assert [option.label for option in alex.page.page.fields[0].options] == [
        "Executive Director",
        "Librarian in Charge",
        "Board chair",
    ]
    await alex.fills(value="Executive Director", approved_by="Board of Directors")

    await alex.says("setup")
    assert "Who decides a block | ✓ | Executive Director; library practice" in sees(alex)
    await alex.says("policy")
    assert "Who decides a block: Executive Director, library practice" in sees(alex)
