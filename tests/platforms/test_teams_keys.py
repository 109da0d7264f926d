"""The keys of Teams: read again beside the work while the old ones are valid, so that nobody waits for Microsoft."""

import asyncio
from collections.abc import AsyncIterator
from time import time  # noqa: TID251 - Microsoft's own clock dates its keys

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from typing_extensions import override

from adapters.teams.proof import EARLY, LIFE, Keys
from tests.platforms.fake_entra import FakeEntra


class Stuck(FakeEntra):
    """A Microsoft that answers when it is let."""

    stuck = False

    @override
    async def metadata(self, request: web.Request) -> web.Response:
        while self.stuck:  # noqa: ASYNC110 - until a test lets go
            await asyncio.sleep(0.01)
        return await super().metadata(request)


class Clock:
    """Seconds that pass when they are told to."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
async def entra() -> AsyncIterator[Stuck]:
    microsoft = Stuck(wall=time)
    app = web.Application()
    microsoft.add_routes(app)
    server = TestServer(app)
    await server.start_server()
    microsoft.url = f"http://127.0.0.1:{server.port}"
    yield microsoft
    microsoft.stuck = False
    await server.close()


async def test_while_keys_are_valid_nobody_waits_for_newer_ones_and_they_come_beside(entra: Stuck) -> None:
    clock = Clock()
    async with ClientSession() as http:
        keys = Keys(entra.metadata_url, http, clock)
        assert await keys.named("key-1")
        clock.at = EARLY + 1
        entra.stuck = True
        async with asyncio.timeout(5):
            assert await keys.named("key-1"), "at once, although Microsoft does not answer"
            assert await keys.named("key-1")
        entra.stuck = False
        async with asyncio.timeout(10):
            while entra.asked["keys"] < 2:  # noqa: ASYNC110 - read beside us
                await asyncio.sleep(0.01)
        assert entra.asked["keys"] == 2, "read once, by whoever needed it first"


async def test_keys_that_are_too_old_are_believed_by_nobody_once_they_are_withdrawn(entra: Stuck) -> None:
    clock = Clock()
    async with ClientSession() as http:
        keys = Keys(entra.metadata_url, http, clock)
        assert await keys.named("key-1")
        rolled = entra.roll()
        clock.at = LIFE + 1
        assert await keys.named("key-1") is None
        assert await keys.named(rolled.kid)


async def test_a_microsoft_that_does_not_answer_holds_a_delivery_up_for_seconds_only(
    entra: Stuck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.teams.proof.READING", 0.2)
    clock = Clock()
    async with ClientSession() as http:
        keys = Keys(entra.metadata_url, http, clock)
        assert await keys.named("key-1")
        clock.at = LIFE + 1
        entra.stuck = True
        async with asyncio.timeout(5):
            assert await keys.named("key-1"), "what was read last is believed until Microsoft can be asked"
