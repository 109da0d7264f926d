"""Trying without credentials: on this computer, for a program of this computer, and only when it was asked for."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - nothing here is dated
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.teams.platform import Teams, TeamsSettings
from bot.desk import Desk
from storage.store import SqlStore
from storage.trouble import NotSaved
from storage.vault import FolderVault
from tests.platforms.fake_entra import FakeEntra, Thing
from tests.platforms.fake_teams import FakeTeams, running
from tests.platforms.teams_house import teams_settings

PRESS = {
    "type": "invoke",
    "name": "task/fetch",
    "id": "f:1",
    "channelId": "emulator",
    "serviceUrl": "http://localhost:56150/_connector",
    "from": {"id": "29:me", "aadObjectId": "me"},
    "recipient": {"id": "28:bot"},
    "conversation": {"id": "a:1", "conversationType": "personal"},
    "channelData": {"tenant": {"id": "00000000-0000-0000-0000-000000000001"}},
    "value": {"data": {"duenotice": {"i": "incident.report", "s": "", "v": 0, "t": ""}}},
}


def now() -> datetime:
    return datetime.fromtimestamp(time(), UTC)


AWAY = "Nothing can be looked up: the database is locked, then try again."


async def nowhere(tenant: str) -> str:
    """No tenant has a library."""
    del tenant
    return ""


async def away(tenant: str) -> str:
    """The record cannot be asked."""
    del tenant
    raise NotSaved(AWAY)


@asynccontextmanager
async def a_bot(
    settings: TeamsSettings,
    url: str,
    folder: Path,
    library_of: Callable[[str], Coroutine[Any, Any, str]] = nowhere,
) -> AsyncIterator[str]:
    """The bot with these settings and no library; gives where it listens."""
    store = SqlStore.open(url)
    desk = Desk(store=store, vault=FolderVault(folder, now=now), clock=now)
    teams = Teams.build(desk, settings, library_of=library_of, places=store, now=monotonic, wall=time)
    app = web.Application()
    teams.add_routes(app)
    server = TestServer(app)
    await server.start_server()
    yield f"http://127.0.0.1:{server.port}/api/messages"
    await teams.close()
    await server.close()
    await store.close()


async def posts(to: str, body: Thing, **headers: str) -> tuple[int, str]:
    async with ClientSession() as http, http.post(to, json=body, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_the_test_client_is_answered_with_how_a_library_begins(sqlite_url: str, tmp_path: Path) -> None:
    async with a_bot(TeamsSettings(development=True), sqlite_url, tmp_path) as bot:
        status, said = await posts(bot, PRESS)
    assert status == 200
    assert "duenotice init --platform teams --tenant 00000000-0000-0000-0000-000000000001" in said


async def test_without_an_app_id_nobody_is_believed_unless_it_was_asked_for(sqlite_url: str, tmp_path: Path) -> None:
    async with a_bot(TeamsSettings(), sqlite_url, tmp_path) as bot:
        assert await posts(bot, PRESS) == (401, "")
        assert await posts(bot, PRESS, Authorization="Bearer e30.e30.") == (401, "")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "x-forwarded-for", "Forwarded", "Origin"])
async def test_what_another_computer_or_a_page_sends_is_refused(header: str, sqlite_url: str, tmp_path: Path) -> None:
    async with a_bot(TeamsSettings(development=True), sqlite_url, tmp_path) as bot:
        assert await posts(bot, PRESS, **{header: "192.0.2.7"}) == (401, "")


async def test_nothing_is_ever_sent_beyond_this_computer(sqlite_url: str, tmp_path: Path) -> None:
    async with a_bot(TeamsSettings(development=True), sqlite_url, tmp_path) as bot:
        status, _ = await posts(bot, PRESS | {"serviceUrl": "https://smba.trafficmanager.net/amer/"})
    assert status == 403


async def test_while_the_record_cannot_be_reached_it_is_said_and_what_is_proved_comes_again(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_bot(TeamsSettings(development=True), sqlite_url, tmp_path, library_of=away) as bot:
        status, said = await posts(bot, PRESS)
    assert (status, AWAY in said) == (200, True)

    async with running(FakeTeams(now=monotonic, entra=FakeEntra(wall=time))) as teams:
        settings = teams_settings(teams)
        async with a_bot(settings, sqlite_url, tmp_path, library_of=away) as bot:
            pressed = PRESS | {"channelId": "msteams", "serviceUrl": teams.service_url}
            bearer = f"Bearer {teams.entra.token(teams.service_url)}"
            assert await posts(bot, pressed, Authorization=bearer) == (503, "")
    assert not [record for record in caplog.records if record.exc_info], "one line each, and no stack"
