"""Documents in Teams: offered and taken in one person's own chat, checked at the desk both times."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from adapters.teams import render
from bot.cards import Document
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys.test_teams import CHANNELS, asks_for_removal, confirms_from_home, events_of, keeps_faith, stands_in
from tests.people import HANDLE, LINK, SECRETS, WORDS
from tests.platforms.fake_entra import Thing
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams
from tests.platforms.teams_people import TeamsPerson, find_button

EXPORT = "Export the file"


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    """Chicopee in Teams; whatever happens, the chain holds and no channel tells."""
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as opened:
        yield opened
        await keeps_faith(opened)
    await store.close()


async def a_case(house: TeamsHouse) -> str:
    """A removal that an editor confirmed; returns its reference."""
    ref = await asks_for_removal(house.robin)
    await confirms_from_home(house.sam, ref)
    return ref


async def wants_file(person: TeamsPerson, ref: str) -> None:
    """Ask for the whole file of a case, from its card."""
    await person.writes(f"show {ref}")
    await person.presses_told(EXPORT, about=ref)


def asking(ref: str, name: str = "file.zip") -> Thing:
    """The button of a document, as any client could send it."""
    made = render.MESSAGE.document(Document(case=ref, name=name, label=EXPORT))
    assert made is not None
    return made


async def test_the_file_of_a_case_is_offered_taken_and_shown_in_one_chat_and_the_looks_are_kept(
    house: TeamsHouse,
) -> None:
    ref = await a_case(house)
    await wants_file(house.kim, ref)

    [asked] = house.kim.offered
    [card] = asked.said["attachments"]
    assert (card["name"], house.teams.drive) == (f"{ref} file.zip", {})
    assert not [secret for secret in SECRETS if secret in json.dumps(card).casefold()]
    await house.kim.takes_file()

    assert house.kim.saved == [f"{ref} file.zip"]
    with ZipFile(BytesIO(house.teams.drive[f"{ref} file.zip"])) as file:
        everything = b"\n".join(file.read(name) for name in file.namelist()).decode("utf-8", "replace")
    assert WORDS in everything
    assert house.kim.offered == []  # it is answered, so nobody answers it again
    assert "is in your OneDrive now" in "\n".join(house.kim.told)
    assert await events_of(house.store, "case.exported") == 2
    for person in (house.sam, house.dana, house.robin):
        assert (person.offered, person.saved) == ([], [])
    for channel in CHANNELS:
        assert ".zip" not in "\n".join(stands_in(house.teams, channel))
        cards = [one["content"] for post in house.teams.channel(channel).posts for one in post.said["attachments"]]
        assert not [card for card in cards if find_button(card, EXPORT)]


async def test_who_declines_gets_nothing_and_may_ask_again(house: TeamsHouse) -> None:
    ref = await a_case(house)
    await wants_file(house.kim, ref)
    await house.kim.takes_file("decline")

    assert (house.teams.drive, house.kim.offered, house.kim.saved) == ({}, [], [])
    assert "Nothing was sent. Whenever you want the document" in "\n".join(house.kim.told)
    assert await events_of(house.store, "case.exported") == 1
    await wants_file(house.kim, ref)
    await house.kim.takes_file()
    assert list(house.teams.drive) == [f"{ref} file.zip"]


async def test_who_may_not_have_a_document_is_told_so_and_nothing_of_it_is_said(house: TeamsHouse) -> None:
    ref = await a_case(house)
    before = len(house.teams.payloads)
    await house.robin.press(asking(ref))

    assert "This document is not given out" in house.robin.answer
    assert (house.robin.offered, house.teams.drive) == ([], {})
    said = json.dumps(house.teams.payloads[before:]).casefold()
    assert not [secret for secret in (*SECRETS, HANDLE, LINK) if secret.casefold() in said]
    assert await events_of(house.store, "case.exported") == 0
    assert await events_of(house.store, "refused") == 1


async def test_an_offer_is_worth_nothing_once_its_role_is_gone(house: TeamsHouse) -> None:
    ref = await a_case(house)
    await wants_file(house.kim, ref)
    kim = next(one for one in await house.store.ask(LIBRARY, lambda s: s.registry.people()) if "Kim" in one.name)
    gone = replace(kim, grants=())
    await house.store.act(LIBRARY, lambda shelves: shelves.registry.put_person(gone))
    await house.kim.takes_file()

    assert (house.teams.drive, house.kim.saved, house.kim.offered) == ({}, [], [])
    assert "This document is not given out" in "\n".join(house.kim.told)
    assert await events_of(house.store, "case.exported") == 1
    assert "upload" not in house.teams.calls


async def test_somebody_elses_offer_is_not_taken_by_who_may_not_have_it(house: TeamsHouse) -> None:
    ref = await a_case(house)
    await wants_file(house.kim, ref)
    stolen = house.robin.taking(house.kim.offered[-1])
    await house.robin.sends_press(stolen)

    assert (house.teams.drive, house.robin.saved) == ({}, [])
    assert "This document is not given out" in "\n".join(house.robin.told)
    assert len(house.kim.offered) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/upload/x.zip?session=once",
        "https://library.sharepoint.com.evil.example/x",
        "http://library.sharepoint.com/x",
        "https://127.0.0.1@evil.example/x",
        "",
    ],
)
async def test_a_file_goes_to_no_address_but_the_organisations_own_files(house: TeamsHouse, address: str) -> None:
    ref = await a_case(house)
    await wants_file(house.kim, ref)
    await house.kim.takes_file(uploadUrl=address)

    assert (house.teams.drive, house.kim.saved) == ({}, [])
    assert "none of your organisation's files, so nothing was sent there" in "\n".join(house.kim.told)
    assert await events_of(house.store, "case.exported") == 1  # it was offered, and not made again


async def test_an_answer_from_where_others_read_sends_nothing(house: TeamsHouse) -> None:
    ref = await a_case(house)
    await wants_file(house.kim, ref)
    await house.kim.takes_file(place=house.teams.channel("social-media"))

    assert (house.teams.drive, house.kim.saved) == ({}, [])
    assert ".zip" not in "\n".join(stands_in(house.teams, "social-media"))


@pytest.mark.parametrize("context", [{}, {"duenotice": {}}, {"duenotice": {"d": "x"}}, {"duenotice": {"d": {"c": 1}}}])
async def test_an_answer_about_no_document_of_ours_changes_nothing(house: TeamsHouse, context: Thing) -> None:
    ref = await a_case(house)
    await wants_file(house.kim, ref)
    made = house.kim.taking(house.kim.offered[-1])
    made["value"]["context"] = context
    status, _ = await house.posts(made)
    await house.settle()

    assert (status, house.teams.drive, house.kim.saved) == (200, {}, [])
    assert await events_of(house.store, "case.exported") == 1


@pytest.mark.parametrize("fault", ["500", "503", "429"])
async def test_a_document_teams_does_not_take_is_said_so_and_asked_for_again(house: TeamsHouse, fault: str) -> None:
    ref = await a_case(house)
    await wants_file(house.kim, ref)
    house.teams.fails(fault, "upload")
    await house.kim.takes_file()

    assert "Teams did not take the document" in "\n".join(house.kim.told)
    assert house.kim.saved == []
    await wants_file(house.kim, ref)
    await house.kim.takes_file()
    assert house.kim.saved == [f"{ref} file.zip"]


async def test_the_same_answer_delivered_twice_sends_the_file_once(house: TeamsHouse) -> None:
    ref = await a_case(house)
    await wants_file(house.kim, ref)
    made = house.kim.taking(house.kim.offered[-1])
    await house.kim.sends_press(made)
    await house.kim.sends_press(made)

    assert house.kim.saved == [f"{ref} file.zip"]
    assert house.teams.calls.count("upload") == 1


async def test_a_document_pressed_in_a_dialog_is_offered_in_the_chat(house: TeamsHouse) -> None:
    ref = await a_case(house)
    inside = render.DIALOG.document(Document(case=ref, name="file.zip", label=EXPORT))
    assert inside is not None
    value = {"data": dict(inside["data"]), "context": {"theme": "default"}}
    await house.kim.sends_press(house.kim.activity("invoke", name="task/submit", value=value))

    assert "is offered in your chat with me" in house.kim.answer
    assert len(house.kim.offered) == 1


async def test_a_file_larger_than_onedrive_takes_at_once_goes_in_parts(house: TeamsHouse) -> None:
    raw = bytes(range(256)) * 100_000
    room = house.teams.room("large.zip")
    await house.platform.desk._copies.connector.upload(room["uploadUrl"], raw)  # noqa: SLF001 - no case is so large here

    assert house.teams.drive == {"large.zip": raw}
    assert house.teams.calls.count("upload") == 3


async def test_in_a_government_cloud_it_is_said_that_no_file_can_come_and_where_it_is_had(
    sqlite_url: str, tmp_path: Path
) -> None:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path, sends_files=False) as house:
        ref = await a_case(house)
        await wants_file(house.kim, ref)

        assert "Microsoft lets no bot send files in government clouds" in house.kim.answer
        assert "duenotice export" in house.kim.answer
        assert house.kim.offered == []
        assert await events_of(store, "case.exported") == 0
    await store.close()
