"""How the library of a test is reached: the desk itself over a record in memory, or the practice page over SQLite."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from typing_extensions import override

from bot.founding import Charter
from bot.ports import Store
from storage.store import SqlStore
from tests.fakes import FakeStore
from tests.people import House
from tests.platforms.practice_wire import HouseOverPractice, through_practice


class Way:
    """The desk itself, over a record in memory."""

    kind: type[House] = House

    def store(self) -> Store:
        """A record of the test's own, with nothing in it."""
        return FakeStore()

    async def reach(self, house: House, folder: Path, charter: Charter) -> None:
        """Send what the people of a library do this way from here on."""


class Practice(Way):
    """The practice page, over SQLite."""

    kind = HouseOverPractice

    def __init__(self, url: str, stack: AsyncExitStack) -> None:
        self._url = url
        self._stack = stack
        self.houses: list[HouseOverPractice] = []

    @override
    def store(self) -> Store:
        store = SqlStore.open(self._url)
        self._stack.push_async_callback(store.close)
        return store

    @override
    async def reach(self, house: House, folder: Path, charter: Charter) -> None:
        assert isinstance(house, HouseOverPractice)
        self.houses.append(house)
        await self._stack.enter_async_context(through_practice(house, folder, charter))


WAYS = [Way()]
"""The last of them is the way of the test that runs."""


@asynccontextmanager
async def by_practice(url: str) -> AsyncIterator[None]:
    """Reach every library of this test through the practice page, with its record in one database."""
    async with AsyncExitStack() as stack:
        way = Practice(url, stack)
        WAYS.append(way)
        stack.callback(WAYS.pop)
        yield
        assert way.houses
        assert all(house.wire and house.wire.inner.answers for house in way.houses), "nothing went through the page"
