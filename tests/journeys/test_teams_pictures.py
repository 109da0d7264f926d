"""Retained pictures in Teams: offered and taken as documents are, by whoever may open the case and nobody else."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.teams import render
from bot.cards import Card, Image
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys.test_teams import CHANNELS, begins, events_of, keeps_faith, stands_in, the_ref
from tests.people import HANDLE, LINK, PICTURE, SECRETS, WORDS
from tests.platforms.fake_entra import Thing
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams
from tests.platforms.teams_people import TeamsPerson, find_button
from tests.platforms.teams_rules import wrong_with_card

SEND = "Send me the picture: Retained copy: screen.png"


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    """Chicopee in Teams; whatever happens, the chain holds and no channel tells."""
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as opened:
        yield opened
        await keeps_faith(opened)
    await store.close()


async def reports_with_a_picture(house: TeamsHouse) -> str:
    """Report something with a picture of it; returns the reference."""
    robin = house.robin
    await begins(robin, "report")
    await robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    await robin.sends(robin.message("", attachments=[house.teams.upload("screen.png", PICTURE)]))
    await robin.presses_told("Go on")
    answers = {"On which": "Facebook", "Link to it": LINK, "What it says": WORDS, "What became of it?": "Please look"}
    await robin.fills(answers)
    return the_ref(robin.sees, "I")


async def wants_picture(person: TeamsPerson, ref: str) -> None:
    """Ask for the picture of a case, from its card."""
    await person.writes(f"show {ref}")
    await person.presses_told(SEND)


async def asking(house: TeamsHouse, ref: str) -> Thing:
    """The button of the case's picture, as the editor's card carries it and anybody's client could send it."""
    await house.sam.writes(f"show {ref}")
    return next(
        found for post in house.sam.chat.posts for card in house.sam.cards(post) if (found := find_button(card, SEND))
    )


async def test_whoever_may_open_the_case_is_offered_its_picture_and_takes_it_and_both_looks_are_kept(
    house: TeamsHouse,
) -> None:
    ref = await reports_with_a_picture(house)
    await house.sam.writes(f"show {ref}")
    before = await events_of(house.store, "case.viewed")
    await house.sam.presses_told(SEND)

    [asked] = house.sam.offered
    [card] = asked.said["attachments"]
    assert card["name"].startswith(f"{ref} picture ")
    assert card["name"].endswith(".png")
    assert card["content"]["sizeInBytes"] == len(PICTURE)
    assert "You asked for this picture" in card["content"]["description"]
    assert not [secret for secret in SECRETS if secret in json.dumps(card).casefold()]
    assert house.teams.drive == {}
    await house.sam.takes_file()

    assert house.teams.drive == {card["name"]: PICTURE}
    assert (house.sam.saved, house.sam.offered) == ([card["name"]], [])
    assert "This picture is in your OneDrive now" in "\n".join(house.sam.told)
    assert await events_of(house.store, "case.viewed") == before + 2
    for person in (house.kim, house.dana, house.robin):
        assert (person.offered, person.saved) == ([], [])


async def test_no_card_in_a_channel_offers_a_picture_and_none_is_sent_from_there(house: TeamsHouse) -> None:
    ref = await reports_with_a_picture(house)
    await house.deliver()
    await wants_picture(house.sam, ref)
    await house.sam.takes_file(place=house.teams.channel("social-media"))

    assert any(ref in said for said in stands_in(house.teams, "social-media"))
    assert (house.teams.drive, house.sam.saved) == ({}, [])
    for channel in CHANNELS:
        said = json.dumps([post.said for post in house.teams.channel(channel).posts])
        assert "picture" not in said.casefold()
        assert ".png" not in said


async def test_a_button_somebody_else_got_hold_of_sends_nothing_and_the_refusal_is_kept(house: TeamsHouse) -> None:
    ref = await reports_with_a_picture(house)
    stolen = await asking(house, ref)
    before = len(house.teams.payloads)
    await house.terry.press(stolen)

    assert "This picture is not given out" in house.terry.answer
    assert (house.terry.offered, house.teams.drive) == ([], {})
    said = json.dumps(house.teams.payloads[before:]).casefold()
    assert not [secret for secret in (*SECRETS, HANDLE, LINK) if secret.casefold() in said]
    assert await events_of(house.store, "refused") == 1


async def test_somebody_elses_offer_is_not_taken_by_who_may_not_open_the_case(house: TeamsHouse) -> None:
    ref = await reports_with_a_picture(house)
    await wants_picture(house.sam, ref)
    await house.terry.sends_press(house.terry.taking(house.sam.offered[-1]))

    assert (house.teams.drive, house.terry.saved) == ({}, [])
    assert "This picture is not given out" in "\n".join(house.terry.told)
    assert len(house.sam.offered) == 1


async def test_an_offered_picture_is_worth_nothing_once_its_role_is_gone(house: TeamsHouse) -> None:
    ref = await reports_with_a_picture(house)
    await wants_picture(house.sam, ref)
    before = await events_of(house.store, "case.viewed")
    sam = next(one for one in await house.store.ask(LIBRARY, lambda s: s.registry.people()) if "Sam" in one.name)
    await house.store.act(LIBRARY, lambda shelves: shelves.registry.put_person(replace(sam, grants=())))
    await house.sam.takes_file()

    assert (house.teams.drive, house.sam.saved, house.sam.offered) == ({}, [], [])
    assert "This picture is not given out" in "\n".join(house.sam.told)
    assert "upload" not in house.teams.calls
    assert await events_of(house.store, "case.viewed") == before


async def test_a_picture_goes_to_no_address_but_the_organisations_own_files(house: TeamsHouse) -> None:
    ref = await reports_with_a_picture(house)
    await wants_picture(house.sam, ref)
    await house.sam.takes_file(uploadUrl="https://evil.example/upload/x.png")

    assert (house.teams.drive, house.sam.saved) == ({}, [])
    assert "none of your organisation's files, so nothing was sent there" in "\n".join(house.sam.told)


@pytest.mark.parametrize("name", ["0" * 64, "file.zip", "../../etc/passwd"])
async def test_a_picture_that_is_not_kept_there_is_not_offered(house: TeamsHouse, name: str) -> None:
    ref = await reports_with_a_picture(house)
    made = render.MESSAGE.picture(Image(case=ref, sha256=name, alt="x"))
    assert made is not None
    await house.sam.press(made)

    assert "This picture is not given out" in house.sam.answer
    assert "That picture is not kept there" in "\n".join(house.sam.told)
    assert house.sam.offered == []


async def test_in_a_government_cloud_it_is_said_that_no_picture_can_come(sqlite_url: str, tmp_path: Path) -> None:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as house:
        ref = await reports_with_a_picture(house)
    async with chicopee_in_teams(store, tmp_path, sends_files=False) as house:
        await wants_picture(house.sam, ref)

        assert "Microsoft lets no bot send files in government clouds" in house.sam.answer
        assert house.sam.offered == []
    await store.close()


@pytest.mark.parametrize("surface", [render.MESSAGE, render.DIALOG])
def test_a_card_of_very_many_pictures_is_still_one_that_teams_takes(surface: render.Surface) -> None:
    pictures = tuple(
        Image(case="I-2026-0001", sha256=f"{place:064x}", alt=f"Retained copy: {place} {'long ' * 40}{{{{DATE}}}}.png")
        for place in range(200)
    )
    body = render.gathered((Card(title="Incident I-2026-0001", body="It is kept.", images=pictures),), surface)

    assert wrong_with_card(render.card_of(body), dialog=surface.dialog) == []
    assert render.weight(render.card_of(body)) < 28_000
    assert "Send me the picture: Retained copy: 0" in json.dumps(body)
