"""Home: what others did last on my cases, and a button for everything; each only for those who may see it."""

import pytest

from tests.appealing import answers, the_letter
from tests.features.coming_back import DAY, asks_back, blocked, names_decider
from tests.features.coming_back import answers as replies
from tests.people import HANDLE, House, shown


async def lately(house: House, user: str) -> list[tuple[str, ...]]:
    """The lines of the list on somebody's home page."""
    somebody = getattr(house, user)
    await somebody.says("home")
    found = [card for card in somebody.reply.cards if card.title == "Lately on your cases"]
    return [row.cells for card in found if card.table for row in card.table.rows]


async def test_whoever_reported_sees_what_became_of_it_by_whom_and_when(house: House) -> None:
    ref = await house.robin.removes()
    assert await lately(house, "robin") == []
    await house.sam.confirms(ref)

    [(when, who, now, case)] = await lately(house, "robin")
    assert (who, now, case) == ("Sam Okafor", "removed on 2 March 2026", ref)
    assert when.startswith("2 March 2026, 10:0")
    await house.robin.presses("Open", case=ref)
    assert house.robin.ref == ref


async def test_the_newest_stands_first_and_each_case_once(house: House) -> None:
    await house.sam.removes()
    blocks = [await house.sam.asks_for_block(handles=f"Facebook: {handle}") for handle in (HANDLE, "@other")]
    for ref in blocks:
        await house.dana.approves(ref)
        await house.sam.confirms(ref)

    shown_to_dana = await lately(house, "dana")
    assert [row[3] for row in shown_to_dana] == blocks[::-1]
    assert {row[1] for row in shown_to_dana} == {"Sam Okafor"}
    assert all("in force from 2 March 2026" in row[2] for row in shown_to_dana)


async def test_a_look_and_a_refusal_are_no_acts(house: House) -> None:
    ref = await house.robin.removes()
    await house.dana.says(f"show {ref}")
    await house.terry.says(f"show {ref}")

    assert await lately(house, "robin") == []


async def test_nothing_shows_of_a_case_that_closed_to_me_nor_of_another_library(house: House) -> None:
    ref = await house.robin.removes()
    await house.sam.confirms(ref)
    await house.alex.says("home")

    assert await lately(house, "alex") == []
    assert await lately(house, "kim") == []
    assert await lately(house, "robin") != []
    assert HANDLE not in shown(house.robin.reply)
    assert "irch" not in shown(house.robin.reply)


async def test_whoever_logged_an_appeal_sees_its_answer_and_whoever_may_not_open_it_sees_nothing(house: House) -> None:
    block = await blocked(house)
    ref = await house.robin.files_appeal(block)
    assert ref not in {row[3] for row in await lately(house, "robin")}
    await answers(house, ref)
    await the_letter(house, ref)
    await house.dana.fills(how="Letter")

    [(_, who, now, case)] = await lately(house, "robin")
    assert (who, case) == ("Dana Whitfield", ref)
    assert now == "the decision stands, by Dana Whitfield on 2 March 2026; answer sent on 2 March 2026"
    assert ref not in {row[3] for row in await lately(house, "sam")}
    assert "atter" not in shown(house.robin.reply)
    await house.robin.presses("Open", case=ref)
    assert house.robin.ref == ref


async def test_whoever_logged_a_request_to_come_back_sees_what_became_of_it(house: House) -> None:
    await names_decider(house)
    ref = await asks_back(house.robin, await blocked(house))
    assert ref not in {row[3] for row in await lately(house, "robin")}
    await house.go_to(DAY)
    await replies(house.dana, ref, answer="The block stays")

    [(_, who, now, case)] = await lately(house, "robin")
    assert (who, case) == ("Dana Whitfield", ref)
    assert now == "declined, by Dana Whitfield on 16 April 2026; the answer has not been sent yet"
    assert ref not in {row[3] for row in await lately(house, "sam")}


@pytest.mark.parametrize(
    ("user", "offered", "kept_back"),
    [
        ("robin", {"Reports", "Blocks", "Who is who", "Policy", "Appeals"}, {"Setup", "Name a designee"}),
        ("alex", {"Reports", "Setup"}, {"Name a designee"}),
        ("dana", {"Reports", "Setup", "Name a designee"}, set()),
        ("terry", set(), {"Reports", "Setup", "Name a designee"}),
    ],
)
async def test_everything_somebody_can_ask_for_has_a_button_on_home(
    house: House, user: str, offered: set[str], kept_back: set[str]
) -> None:
    somebody = getattr(house, user)
    await somebody.says("home")
    found = {button.label for card in somebody.reply.cards for button in card.buttons}

    assert found >= offered
    assert found.isdisjoint(kept_back)
    for label in sorted(offered):
        await somebody.says("home")
        await somebody.presses(label)
        assert somebody.reply.page or somebody.reply.cards
