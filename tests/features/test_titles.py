"""What the Director is called: the title the policy gives, wherever staff or patrons read it."""

from pathlib import Path

import pytest

from bot.cards import Button
from tests.features.test_five_policies import library_under
from tests.features.under import sees
from tests.people import House


@pytest.mark.parametrize("name", ["worcester", "ecrl"])
async def test_staff_read_the_title_their_own_policy_gives_the_director(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    dana, alex, robin = desk.somebody("dana"), desk.somebody("alex"), desk.somebody("robin")

    await dana.says("home")
    assert "Executive Director" in sees(dana)
    assert "Library Director" not in sees(dana)
    await alex.says("setup")
    assert "Executive Director" in sees(alex)
    chosen = "the Library Director at the library's street address"
    assert "Library Director" not in sees(alex).replace(chosen, ""), "what the library typed itself stays as typed"
    await robin.says("report")
    await robin.fills(track="Conduct of staff", child_abuse="no")
    assert "Is it about the Executive Director?" in repr(robin.page.page)


async def test_a_refusal_names_whoever_decides_by_their_title(tmp_path: Path) -> None:
    desk = await library_under("worcester", tmp_path)
    sam = desk.somebody("sam")

    await sam.press(Button(label="Name", intent="speaker.end", subject="P-2026-0001", opens_form=True))

    assert "Library Director" not in sees(sam)


async def test_a_letter_names_the_director_by_the_title_of_the_policy(tmp_path: Path) -> None:
    desk = await library_under("worcester", tmp_path)
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="Spam")
    await sam.says(f"notice {ref}")

    assert "Library Director" not in sees(sam)
    assert "Library Director" not in sam.page.values["text"][0]


async def test_where_the_policy_says_library_director_everybody_reads_that(house: House) -> None:
    await house.dana.says("home")

    assert "Library Director" in sees(house.dana)
