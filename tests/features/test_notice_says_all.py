"""What a notice has to say where the policy names it, and until when one may appeal where that runs from the notice."""

from pathlib import Path

import pytest

from bot.cases.notice import Telling
from bot.policy import shelf
from tests.features.test_five_policies import Desk, library_under
from tests.features.under import sees
from tests.people import House
from tests.policy.sixth import FOLDER


@pytest.fixture
async def juniper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An invented library whose policy requires that people are told, why, and how to appeal."""
    monkeypatch.setattr(shelf, "OWN", [FOLDER.parent])
    return await library_under("juniper", tmp_path)


async def test_a_notice_that_leaves_out_what_the_policy_wants_said_is_not_settled_and_says_what_is_missing(
    juniper: Desk,
) -> None:
    sam = juniper.somebody("sam")
    ref = await sam.removes(clauses="advertising")
    await sam.says(f"notice {ref}")
    await sam.fills(text="We took it down.", how="Letter")

    assert "Missing: the reason and how to appeal." in sam.page.errors["text"]
    assert sam.page.values["text"] == ("We took it down.",)
    assert await told(juniper, ref) == []


async def test_words_of_ones_own_are_ticked_by_a_person_one_by_one(juniper: Desk) -> None:
    sam = juniper.somebody("sam")
    ref = await sam.removes(clauses="advertising")
    await sam.says(f"notice {ref}")
    await sam.fills(text="It was an advertisement, so it went.", how="Letter", otherwise="The reason")
    assert "Missing: how to appeal." in sam.page.errors["text"]

    await sam.fills(otherwise=("The reason", "How to appeal"))

    assert await told(juniper, ref) == [Telling.TOLD]


async def test_the_proposed_text_says_all_of_it_once_its_gap_is_filled(juniper: Desk) -> None:
    sam = juniper.somebody("sam")
    ref = await sam.removes(clauses="advertising")
    await sam.says(f"notice {ref}")
    proposed = sam.page.values["text"][0]
    await sam.fills(text=proposed.replace("[…]", "1 Elm Street"), how="Letter")

    assert await told(juniper, ref) == [Telling.TOLD]


async def test_where_the_time_to_appeal_runs_from_the_notice_the_letter_says_how_long_it_is(juniper: Desk) -> None:
    sam = juniper.somebody("sam")
    ref = await sam.removes(clauses="advertising")
    await sam.says(f"notice {ref}")

    assert "The time to do so is ten business days from our notice." in sam.page.values["text"][0]
    assert "until" not in sam.page.values["text"][0].partition("You may appeal")[2]


async def test_where_the_time_runs_from_the_act_the_letter_gives_the_day_and_no_measure(house: House) -> None:
    ref = await house.sam.removes()
    await house.sam.says(f"notice {ref}")

    text = house.sam.page.values["text"][0]
    assert "until 17 March 2026." in text
    assert "The time to do so" not in text


async def test_where_telling_is_required_nobody_is_offered_not_to(juniper: Desk) -> None:
    sam = juniper.somebody("sam")
    await sam.removes(clauses="advertising")
    await sam.says("home")

    assert "Tell the person" in sees(sam)
    assert "or decide not to" not in sees(sam)
    assert "or not" not in sees(sam)


async def test_where_the_policy_leaves_it_open_not_to_tell_is_offered(house: House) -> None:
    await house.sam.removes()
    await house.sam.says("home")

    assert "Tell the person, or decide not to" in sees(house.sam)


async def test_the_page_says_how_the_policy_wants_the_person_told(juniper: Desk) -> None:
    sam = juniper.somebody("sam")
    ref = await sam.removes(clauses="advertising")
    await sam.says(f"notice {ref}")

    notes = " ".join(note.text for note in sam.page.page.notes)
    assert "The person is told in writing: " in notes


async def told(desk: Desk, ref: str) -> list[Telling]:
    return [one.telling for one in await desk.house.look(lambda shelves: shelves.papers.notices(ref))]
