"""A program killed at any moment has kept every act it acknowledged, and no act by half.

A kill cannot tell a safe commit from an unsafe one, because the operating system lives on; ``test_power_loss`` does.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.store import SqlStore
from tests.conftest import with_libraries
from tests.storage.whole_acts import Found, examine

ROOT = Path(__file__).parents[2]
FRESH = 25
"""After how many kills a new database is begun, so that looking through it stays quick."""


@contextmanager
def a_writer(url: str, how: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.storage.writer", url, how]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, text=True, bufsize=1, stdin=pipe, stdout=pipe) as writer:  # noqa: S603 - ours
        yield writer


def kill_once(writer: subprocess.Popen[str], chance: random.Random) -> int:
    """Let it acknowledge a few acts, kill it in the middle of another, and return the last acknowledged (0: none)."""
    assert writer.stdin is not None
    assert writer.stdout is not None
    writer.stdin.write("go\n")
    pid, last, to_come = 0, 0, chance.randrange(10)
    begun = killed = False
    for line in writer.stdout:
        match line.split():
            case ["pid", number]:
                pid = int(number)
            case ["begun"]:
                begun = True
            case ["ack", number]:
                last = int(number)
                to_come -= 1
            case ["dead"]:
                break
            case other:
                raise AssertionError(other)
        if begun and pid and to_come <= 0 and not killed:
            time.sleep(chance.uniform(0.0, 0.006))
            os.kill(pid, signal.SIGKILL)
            killed = True
    return last


def begin(url: str) -> None:
    async def begin_libraries() -> None:
        store = await with_libraries(SqlStore.open(url))
        await store.close()

    asyncio.run(begin_libraries())


def kill_and_look(url: str, how: str, rounds: int, chance: random.Random) -> Found:
    """Kill a program again and again; stop at the first thing that is wrong."""
    begin(url)
    acknowledged, found = 0, Found(acts=0)
    with a_writer(url, how) as writer:
        for _ in range(rounds):
            acknowledged = max(acknowledged, kill_once(writer, chance))
            found = examine(url, acknowledged)
            if found.wrong:
                break
        assert writer.stdin is not None
        writer.stdin.close()
    return found


def test_every_acknowledged_act_survives_a_kill_whole(database_url: str, chance: random.Random) -> None:
    found = kill_and_look(database_url, "right", rounds=20, chance=chance)

    assert found.wrong == []
    assert found.acts > 20


@pytest.mark.parametrize(("how", "wrong"), [("early", "lost"), ("twice", "torn")])
def test_a_program_that_keeps_acts_wrongly_is_noticed(
    sqlite_url: str, chance: random.Random, how: str, wrong: str
) -> None:
    found = kill_and_look(sqlite_url, how, rounds=60, chance=chance)

    assert any(one.startswith(wrong) for one in found.wrong)


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_every_acknowledged_act_survives_a_thousand_kills_whole(tmp_path: Path, chance: random.Random) -> None:
    acts = 0
    for n in range(1000 // FRESH):
        found = kill_and_look(f"sqlite:///{tmp_path / f'{n}.db'}", "right", rounds=FRESH, chance=chance)
        assert found.wrong == []
        acts += found.acts

    assert acts > 1000
