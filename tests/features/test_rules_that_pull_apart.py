"""Each pair of rules of the five policies that pulls apart: both are shown; which one was applied is kept, and why."""

from pathlib import Path

import pytest

from bot.cards import Button
from bot.cases.follow_up import FollowUp, FollowUpKind
from tests.appealing import REASON, a_block_appealed, a_removal_appealed, answers, decided, opens_answer, the_letter
from tests.features.test_five_policies import Desk
from tests.features.under import opens, sees, under
from tests.people import HANDLE, LINK, WHY, House, Somebody, shown
from tests.policy.holds import holds


def applied(kept: list[FollowUp]) -> list[tuple[str, str]]:
    """Which rule was applied, and why, pair by pair."""
    return [(one.particulars["Applied"], one.words) for one in kept if one.kind is FollowUpKind.RULE_CHOSEN]


async def kept_of(house: House, ref: str) -> list[FollowUp]:
    return list(await house.look(lambda shelves: shelves.papers.follow_ups(ref)))


async def removes(desk: Desk, ground: str, **more: str) -> tuple[str, str]:
    """Take something down under a ground, and say of two rules the second; returns the reference, and what was read."""
    sam = desk.somebody("sam")
    await sam.begins_report()
    await sam.fills(account="Facebook", links=LINK, text="snollygoster", outcome="Removed", **more)
    await sam.fills(clauses=ground, observations=("sells or advertises",), handles=HANDLE, why=WHY)
    read = shown(sam.reply)
    [pair] = [field for field in sam.page.page.fields if field.name == "tie_1"]
    await sam.answers_first(tie_1=pair.options[1].value, tie_why_1="flibber: it is the nearer one")
    assert sam.reply.page is None, shown(sam.reply)
    return sam.ref, read


async def asks_block(desk: Desk, ground: str, *, first: bool = True, **support: str) -> tuple[str, str, Somebody]:
    """Ask for a block under a ground, with the reasons of every pair; returns the reference, and what was read."""
    sam = desk.somebody("sam")
    await sam.says("block")
    await sam.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds=ground)
    read = shown(sam.reply)
    await sam.fills(**{**sam.says_which(), "reason": WHY, **support})
    return (sam.ref if first else ""), read, sam


# -- Chicopee --------------------------------------------------------------------------------------------------------


@holds("chicopee:C27", "chicopee:C51")
async def test_a_copy_is_kept_and_what_is_shared_is_not(house: House) -> None:
    ref = await house.sam.removes()
    await house.sam.says(f"show {ref}")
    read = shown(house.sam.reply)
    assert "Two rules pull apart: A copy of what is removed is kept" in read
    assert "A copy is kept of what is removed" in read
    assert "What patrons share is not kept or put to another use" in read
    assert "Nobody has said which of the two goes for this copy." in read

    await house.sam.presses("Say which rule goes for the copy")
    assert house.sam.page.values["tie_1"] == ("C27",), "the copy is kept, and that is what is offered"
    await house.sam.fills(tie_why_1="flibber: it may be appealed")

    assert applied(await kept_of(house, ref)) == [("C27", "flibber: it may be appealed")]
    read = shown(house.sam.reply)
    assert "Applied: C27; It says: A copy is kept of what is removed" in read
    assert "Nobody has said" not in read
    assert (await house.incident(ref)).text, "nothing is thrown away by it"


async def test_whoever_applies_the_other_rule_is_told_that_a_copy_goes_with_its_record_only(house: House) -> None:
    ref = await house.sam.removes()
    await opens_copy(house.sam, ref)
    await house.sam.fills(tie_1="What patrons share", tie_why_1="flibber: it is of no use to us")

    assert "The copy itself goes with its record only" in house.sam.reply.headline
    assert applied(await kept_of(house, ref)) == [("C51", "flibber: it is of no use to us")]
    assert (await house.incident(ref)).text


async def opens_copy(who: Somebody, ref: str) -> None:
    await who.says(f"show {ref}")
    await who.presses("Say which rule goes for the copy")


async def test_of_what_stays_up_nobody_is_asked_about_a_copy(house: House) -> None:
    ref = await house.sam.reports()
    await house.sam.says(f"show {ref}")
    assert "pull apart" not in shown(house.sam.reply)

    await house.sam.press(
        Button(label="Say which", intent="incident.copy_rule", subject=ref, version=1, opens_form=True)
    )
    assert "No two rules of the policy pull apart about a copy" in shown(house.sam.reply)


@holds("chicopee:C42", "chicopee:C43")
async def test_the_boards_advice_and_the_fifteen_days(house: House) -> None:
    ref = await a_removal_appealed(house)
    await opens_answer(house, ref)
    read = shown(house.dana.reply)
    assert "The Director asks the Board's advice before deciding an appeal" in read
    assert "A written answer within 15 days of the day the appeal came in" in read
    await house.dana.fills(
        answer="The decision stands", reason=REASON, not_consulted="yes", why_not_consulted="flibber: no quorum"
    )

    assert applied(await kept_of(house, ref)) == [("C43", "flibber: no quorum")]
    assert "Applied: C43; It says: A written answer within 15 days" in shown(house.dana.reply)
    letter = await the_letter(house, ref)
    assert "Two of our rules bear on this answer. We applied: A written answer within 15 days" in letter
    assert "The other: The Director asks the Board's advice" in letter


async def test_once_the_board_was_asked_the_two_do_not_pull_apart(house: House) -> None:
    ref = await a_removal_appealed(house)
    await answers(house, ref)

    assert applied(await kept_of(house, ref)) == []
    assert "Two of our rules" not in await the_letter(house, ref)


@holds("chicopee:C31", "chicopee:C43")
async def test_the_director_who_decided_the_block_also_decides_the_appeal(house: House) -> None:
    ref = await a_block_appealed(house)
    await opens_answer(house, ref)
    read = shown(house.dana.reply)
    assert "Two rules pull apart: The Director who decided the block also decides the appeal." in read
    assert "Only the Director decides on a block" in read
    assert house.dana.page.values["tie_1"] == ("C43",), "to answer is to follow it"
    await house.dana.fills(
        answer="The decision stands", reason=REASON, not_consulted="yes", why_not_consulted="flibber: no quorum"
    )
    assert house.dana.page.errors["tie_why_1"] == "Please answer this."
    await house.dana.fills(tie_why_1="flibber: nobody else holds the office")

    assert sorted(applied(await kept_of(house, ref))) == [
        ("C43", "flibber: no quorum"),
        ("C43", "flibber: nobody else holds the office"),
    ]
    assert (await decided(house, ref)).own_decision
    assert "The other: Only the Director decides on a block" in await the_letter(house, ref)


async def test_of_somebody_elses_removal_the_director_is_not_asked_about_it(house: House) -> None:
    ref = await a_removal_appealed(house)
    await opens_answer(house, ref)

    assert "also decides the appeal" not in shown(house.dana.reply)
    assert "tie_1" not in {field.name for field in house.dana.page.page.fields}


# -- Cook ------------------------------------------------------------------------------------------------------------


@pytest.fixture
async def cook(tmp_path: Path) -> Desk:
    return await under("cook_memorial", tmp_path)


@holds("cook_memorial:K46", "cook_memorial:K47")
async def test_more_than_one_breach_and_at_any_time(cook: Desk) -> None:
    ref, read, _ = await asks_block(cook, "Broke the policy or a law")

    assert "Two rules pull apart: A block after more than one breach" in read
    assert "Who broke the policy more than once may be blocked" in read
    assert "Access may be denied at any time" in read
    assert applied(await kept_of(cook.house, ref)) == [("K46", WHY)]


async def test_a_copy_of_what_is_prohibited_and_what_may_not_be_copied(cook: Desk) -> None:
    ref, read = await removes(cook, "obscene", host_post="Story hour")

    assert "Two rules pull apart: A copy of what is prohibited is kept" in read
    assert "What comes down is kept as the schedule says" in read
    assert "Obscene, or the sexual abuse of a child" in read
    assert applied(await kept_of(cook.house, ref)) == [("K28", "flibber: it is the nearer one")]


@holds("cook_memorial:K44", "cook_memorial:K52")
async def test_the_director_who_asked_for_the_removal_answers_its_appeal(cook: Desk) -> None:
    sam, dana, robin = (cook.somebody(user) for user in ("sam", "dana", "robin"))
    removal = await dana.removes(clauses="spam", links=LINK, why=WHY)
    await sam.confirms(removal)
    ref = await robin.files_appeal(removal)
    await opens(dana, ref, "Answer it")

    read = sees(dana)
    assert "Two rules pull apart: The appeal is against what staff decided" in read
    assert "The Director or a designee removes what breaks the policy" in read
    assert "The Director may affirm or undo what staff decided" in read
    await dana.fills(answer="The decision stands", reason=REASON, tie_why_1="flibber: I am all there is")
    assert applied(await kept_of(cook.house, ref)) == [("K52", "flibber: I am all there is")]
    letter = await _letter(dana, ref)
    assert "We applied: The Director may affirm or undo what staff decided" in letter


async def _letter(dana: Somebody, ref: str) -> str:
    await dana.says(f"notice {ref}")
    return dana.page.values["text"][0]


# -- East Central, Worcester -----------------------------------------------------------------------------------------


@pytest.fixture
async def ecrl(tmp_path: Path) -> Desk:
    return await under("ecrl", tmp_path)


@holds("ecrl:E20")
async def test_an_investigation_and_people_who_go_on_and_on(ecrl: Desk) -> None:
    ref, read, _ = await asks_block(
        ecrl, "An investigation found", investigation_found_in_breach="flibber: two of us read it"
    )

    assert "Two rules pull apart: A block after an investigation, and a statement" in read
    assert "Two rules pull apart: A block after an investigation, and a ban of who" in read
    assert "Disregards the policies again and again" in read
    assert "Who does it again and again may be banned" in read
    assert applied(await kept_of(ecrl.house, ref)) == [("E20", WHY), ("E20", WHY)]


@holds("ecrl:E20", "ecrl:E14")
async def test_a_ban_of_who_does_it_again_shows_that_a_block_takes_an_investigation(ecrl: Desk) -> None:
    sam = ecrl.somebody("sam")
    for number in range(2):
        await sam.removes(clauses="spam", links=f"{LINK}/{number}", why=WHY)
    ref, read, _ = await asks_block(
        ecrl,
        "Breaks the rule on spam",
        tie_1="E14",
        tie_why_1="flibber: twice in a day",
        investigation_repeat_offender="flibber: read by two",
    )

    assert "A block on one account, once an investigation found a breach" in read
    assert applied(await kept_of(ecrl.house, ref)) == [("E14", "flibber: twice in a day")]


@holds("ecrl:E04", "ecrl:E05")
async def test_other_opinions_are_respected_and_a_post_may_come_down_at_any_time(ecrl: Desk) -> None:
    ref, read = await removes(ecrl, "at_any_time")

    assert "Two rules pull apart: Other opinions are respected" in read
    assert "A post may be declined, or taken down at any time" in read
    assert applied(await kept_of(ecrl.house, ref)) == [("E05", "flibber: it is the nearer one")]


@holds("worcester:W30", "worcester:W09")
async def test_opinions_are_welcome_and_what_is_inappropriate_may_come_down(tmp_path: Path) -> None:
    desk = await under("worcester", tmp_path)
    ground = "inappropriate"
    ref, read = await removes(desk, ground)

    assert "Two rules pull apart: Patrons may give opinions" in read
    assert applied(await kept_of(desk.house, ref)) == [("W09", "flibber: it is the nearer one")]
