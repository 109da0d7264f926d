"""When the power goes, what was acknowledged is on the disk, and no act by half.

What exactly is covered, and the two settings in which the writer differs from the program's, ``failing_disk`` says.
"""

import asyncio
import random
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from bot.refusal import Refusal
from storage import engines
from storage.store import SqlStore
from tests.builders import ELM
from tests.conftest import with_libraries
from tests.storage.failing_disk import Connected, Disk, DiskVfs, File, driver
from tests.storage.whole_acts import Found, act, examine, first_half, second_half

NAME = "duenotice.db"


@dataclass
class Powered:
    """A store on a disk whose power will go, and the last act it acknowledged."""

    store: SqlStore
    acknowledged: int = 0

    async def act(self, how: str) -> None:
        match how:
            case "early":
                await self.store.act(ELM.id, lambda kept: self.acknowledge(act(kept)))
            case "twice":
                await self.store.act(ELM.id, first_half)
                self.acknowledge(await self.store.act(ELM.id, second_half))
            case _:
                self.acknowledge(await self.store.act(ELM.id, act))

    def acknowledge(self, number: int) -> None:
        self.acknowledged = number


def a_store_on(vfs: str, synchronous: str, checkpoint_pages: int) -> SqlStore:
    """The program's store on a disk of our own. ``synchronous`` other than FULL is how it must not be set."""
    url = engines.parsed(f"sqlite:////{NAME}")
    module = driver(lambda *_said, **_how: Connected(f"/{NAME}", vfs, checkpoint_pages=checkpoint_pages))
    writer = engines.sqlite_engine(url, patience=1, writes=True, module=module)

    @event.listens_for(writer, "connect")
    def set_it(connection: Connected, _record: object) -> None:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,), "the program's own setting is FULL"
        connection.execute(f"PRAGMA synchronous={synchronous}")

    reader = engines.sqlite_engine(url, patience=1, writes=False, module=module)
    return SqlStore(writer=writer, reader=reader, writing=ThreadPoolExecutor(1), reading=ThreadPoolExecutor(1))


def lose_power_once(begun: bytes, folder: Path, chance: random.Random, *, how: str, synchronous: str) -> Found:
    """Act until the power goes, then open what is left with the program and look."""
    disk = Disk(chance, holds=chance.randrange(1, 400))
    disk.files[f"/{NAME}"] = File(content=bytearray(begun), flushed=begun)
    name = f"disk-{chance.random()}"
    vfs = DiskVfs(name, disk)
    powered = Powered(a_store_on(name, synchronous, chance.choice([8, 1000])))

    async def act_until_it_goes() -> None:
        try:
            for _ in range(chance.randrange(1, 12)):
                await powered.act(how)
        except (DBAPIError, Refusal):
            if not disk.dark:
                raise

    asyncio.run(act_until_it_goes())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    disk.leave_in(folder)
    powered.store.let_go()
    vfs.unregister()
    url = f"sqlite:///{folder / NAME}"
    try:
        SqlStore.open(url).let_go()
        return examine(url, powered.acknowledged)
    except (DBAPIError, Refusal) as broken:
        return Found(acts=powered.acknowledged, wrong=[f"corrupt: {broken}"])


Rounds = Callable[..., Found]


@pytest.fixture
def lose_power(sqlite_url: str, tmp_path: Path, chance: random.Random) -> Rounds:
    """Lose power again and again, each time on a fresh copy; stop at the first thing that is wrong."""

    async def begin() -> None:
        store = await with_libraries(SqlStore.open(sqlite_url))
        await store.close()

    asyncio.run(begin())
    begun = Path(sqlite_url.removeprefix("sqlite:///")).read_bytes()

    def rounds(times: int, **said: Any) -> Found:  # noqa: ANN401 - how to be wrong
        acts = 0
        for _ in range(times):
            found = lose_power_once(
                begun, tmp_path / "left", chance, **({"how": "right", "synchronous": "FULL"} | said)
            )
            if found.wrong:
                return found
            acts += found.acts
        return Found(acts=acts)

    return rounds


def test_what_was_acknowledged_survives_a_power_loss_whole(lose_power: Rounds) -> None:
    found = lose_power(60)

    assert found.wrong == []
    assert found.acts > 60


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"synchronous": "OFF"}, id="nothing is ever flushed"),
        pytest.param({"synchronous": "NORMAL"}, id="the log is flushed only now and then"),
        pytest.param({"how": "early"}, id="acknowledged before the commit"),
        pytest.param({"how": "twice"}, id="one act in two transactions"),
    ],
)
def test_a_program_that_is_wrong_about_the_disk_is_noticed(lose_power: Rounds, wrong: dict[str, str]) -> None:
    assert lose_power(200, **wrong).wrong


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_what_was_acknowledged_survives_thousands_of_power_losses_whole(lose_power: Rounds) -> None:
    found = lose_power(5_000)

    assert found.wrong == []
    assert found.acts > 5_000
