"""What a library chose where its policy is silent: followed or shown where it bears, and always labelled."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.features.practice_values import QUESTIONS
from bot.policy.lint import CHOOSE, LEFT_TO_PEOPLE, lint
from bot.policy.practices import FILLS
from bot.policy.shelf import pack_names, read_pack
from tests.features.keeping_up import WHERE, duties_of, opens
from tests.features.test_five_policies import Desk
from tests.features.under import sees
from tests.people import TODAY, House


async def chooses(desk: Desk | House, key: str, value: str) -> None:
    alex = desk.alex if isinstance(desk, House) else desk.somebody("alex")
    await alex.says("setup")
    await alex.presses("Library practice")
    await alex.fills(key=key)
    await alex.fills(value=value, approved_by="Board of Trustees")
    assert "Kept as library practice" in alex.reply.headline


async def test_who_finds_that_something_comes_down_is_asked_where_the_library_chose_it(house: House) -> None:
    await chooses(house, "Who finds that something", "Library Director")
    await reports_advertising(house)

    asked = {field.name: field for field in house.sam.page.page.fields}
    assert "The library's practice leaves that to them" in asked["found_by"].hint
    notes = " ".join(note.text for note in house.sam.page.page.notes)
    assert "library practice, not in policy (approved by Board of Trustees" in notes
    await house.sam.fills(found_by=(await house.person("Dana")).name)
    await house.dana.says("home")
    assert "Take note of what was reported to you" in sees(house.dana)


async def test_nobody_is_asked_who_found_it_while_neither_the_policy_nor_the_library_names_anybody(
    house: House,
) -> None:
    await reports_advertising(house)

    assert not house.sam.reply.page or "found_by" not in {field.name for field in house.sam.page.page.fields}


async def test_a_practice_that_names_an_office_nobody_holds_stops_no_removal(house: House) -> None:
    await chooses(house, "Who finds that something", "Board chair")
    await house.alex.says("setup")
    await house.alex.presses("Give or end a role")
    await house.alex.fills(person=(await house.person("Terry")).name, role="Board chair", what="End it")

    ref = await house.sam.removes()

    assert (await house.incident(ref)).outcome.value == "removed"


async def reports_advertising(house: House) -> None:
    await house.sam.begins_report()
    await house.sam.fills(account="Facebook", links=WHERE, text="Buy now", outcome="Removed")
    await house.sam.fills(
        clauses="Advertising", observations="sells or advertises", handles="quibble", done_on="2026-03-02"
    )


async def test_what_was_chosen_of_appeals_stands_on_the_appeal_and_on_the_page_of_rules(house: House) -> None:
    await chooses(house, "An appeal by a minor", "is made by a guardian")
    ref = await house.sam.removes()
    appeal = await house.robin.files_appeal(ref)

    await house.dana.says(f"show {appeal}")
    said = "An appeal by a minor: is made by a guardian. Library practice, not in policy (approved by Board"
    assert said.casefold() in sees(house.dana).casefold()
    await house.robin.says("appeal")
    assert said.casefold() in sees(house.robin).casefold()


async def test_nothing_is_said_of_what_nobody_chose(house: House) -> None:
    ref = await house.sam.removes()
    appeal = await house.robin.files_appeal(ref)
    await house.dana.says(f"show {appeal}")

    assert "by a minor" not in sees(house.dana)


async def test_how_often_something_is_confirmed_again_follows_the_librarys_own_time(tmp_path: Path) -> None:
    desk = await duties_of("chicopee", tmp_path)
    await chooses(desk, "How often is confirmed: a statement", "6 months")
    sam = desk.somebody("sam")
    await opens(sam, "Official-account line", "Facebook")

    assert "It is asked for again after 6 months: library practice, not in policy" in " ".join(
        note.text for note in sam.page.page.notes
    )
    await sam.fills(link=WHERE)

    assert "Asked again by 2 September 2026" in sam.reply.headline
    assert date(2026, 9, 2) - TODAY > timedelta(days=180)


async def test_a_time_that_is_no_period_is_refused_beside_its_field(house: House) -> None:
    await house.alex.says("setup")
    await house.alex.presses("Library practice")
    await house.alex.fills(key="How often is confirmed: a statement")
    await house.alex.fills(value="now and then", approved_by="Board of Trustees")

    assert "15 days" in house.alex.page.errors["value"]


async def test_what_repeatedly_means_is_shown_to_whoever_asks_for_a_block(house: House) -> None:
    await chooses(house, "What “repeatedly” means", "three removals in a year")
    await house.sam.says("block request")
    await house.sam.fills(handles="Facebook: quibble", accounts="Facebook", grounds="Repeated breaches")

    shown = " ".join(f"{note.text}" for note in house.sam.page.page.notes) + str(house.sam.page.page)
    assert "“Repeatedly” means three removals in a year: library practice, not in policy" in shown


@pytest.mark.parametrize("name", pack_names())
def test_lint_offers_practice_exactly_where_setup_has_a_question_for_it(name: str) -> None:
    silences = [one for one in lint(read_pack(name), today=TODAY) if one.code.startswith("silence.")]
    assert silences
    for one in silences:
        key = FILLS.get(one.code.removeprefix("silence."), "")
        assert one.remedy == (CHOOSE if key else LEFT_TO_PEOPLE), one.code


def test_every_practice_value_lint_speaks_of_can_be_chosen_in_setup() -> None:
    assert set(FILLS.values()) <= QUESTIONS.keys()
