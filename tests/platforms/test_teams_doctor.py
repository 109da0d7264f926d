"""`duenotice doctor` about Teams: each trouble in one line that says what to do."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - the computer's clock is what is examined

import pytest

from adapters.teams.doctor import examine
from adapters.teams.settings import TeamsSettings
from storage.store import SqlStore
from tests.platforms.fake_entra import TENANT, FakeEntra
from tests.platforms.fake_teams import FakeTeams
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams, teams_settings

CHANNELS = {name: (TENANT, f"19:{name}@thread.tacv2") for name in ("decisions", "records")}


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path, teams=FakeTeams(now=monotonic, entra=FakeEntra(wall=time))) as opened:
        yield opened
    await store.close()


async def troubles(house: TeamsHouse, settings: TeamsSettings | None = None, *, off: float = 0.0) -> list[str]:
    """What is wrong, as a person reads it."""
    told = settings or teams_settings(house.teams)
    lines = await examine(told, CHANNELS, house.store, now=time() + off)
    return [f"{what}: {wrong}" for what, wrong, _ in lines if wrong]


async def test_nothing_is_said_when_nothing_is_wrong(house: TeamsHouse) -> None:
    assert await troubles(house) == []


async def test_a_wrong_secret_is_named_with_what_to_do_and_is_not_shown(house: TeamsHouse) -> None:
    wrong = replace(teams_settings(house.teams), password="another-one")  # noqa: S106 - no secret
    said = await troubles(house, wrong)
    assert said[0].startswith("Teams, secret: Microsoft does not take MICROSOFT_APP_ID with MICROSOFT_APP_PASSWORD: ")
    assert said[0].endswith("; a new secret is made in Entra under Certificates & secrets")
    assert "another-one" not in "".join(said)


async def test_microsoft_that_cannot_be_reached_is_named(house: TeamsHouse) -> None:
    nowhere = "http://127.0.0.1:9"
    settings = replace(teams_settings(house.teams), login=nowhere, openid=f"{nowhere}/openid")
    said = await troubles(house, settings)
    assert said[0] == f"Teams, secret: {nowhere} cannot be reached; is there a network?"
    assert said[1].startswith(f"Teams, keys: {nowhere}/openid cannot be read: ")


async def test_a_clock_that_breaks_every_proof_is_named(house: TeamsHouse) -> None:
    [said] = await troubles(house, off=400)
    assert said.startswith("Teams, clock: this computer's clock is ")
    assert said.endswith("seconds off; Teams will not be believed. Set it")


async def test_a_channel_the_bot_was_removed_from_is_named(house: TeamsHouse) -> None:
    house.teams.channel("decisions").roster = False
    assert await troubles(house) == [
        "Teams, #decisions: The bot is not in that conversation; add the app to that team or chat"
    ]


async def test_an_app_that_nobody_has_added_is_named(house: TeamsHouse) -> None:
    for known in await house.store.conversations("teams", TENANT):
        await house.store.drop_conversation("teams", TENANT, known.name)
    said = await troubles(house)
    assert said[0].startswith("Teams, app: nobody has added the app yet")


async def test_without_credentials_it_says_what_that_is_for() -> None:
    [(what, wrong, fine)] = await examine(TeamsSettings(development=True), {}, None, now=time())  # type: ignore[arg-type]  # nothing is looked at
    assert (what, wrong) == ("Teams", "")
    assert "test client on this computer only" in fine
