"""No life of a case, whoever does whatever in whichever order, reaches what must not be."""

import asyncio
import os
import shutil
from collections.abc import Callable
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from typing_extensions import override

from bot.ports import Store
from storage.store import SqlStore
from tests.fakes import FakeStore, Memory
from tests.lives.lives import Lives
from tests.lives.world import begin

TORTURE = os.environ.get("DUENOTICE_TORTURE") == "1"
LONG = settings(
    max_examples=3000 if TORTURE else 35,
    stateful_step_count=60 if TORTURE else 40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


@lru_cache(maxsize=1)
def founded() -> Memory:
    """Both libraries in memory, begun once."""
    store = FakeStore()
    with asyncio.Runner() as runner:
        runner.run(begin(store))
    return store.memory


class LivesInMemory(Lives):
    @classmethod
    @override
    def make_store(cls) -> Store:
        store = FakeStore()
        store.memory = founded().copy()
        return store


def test_no_life_reaches_what_must_not_be() -> None:
    run_state_machine_as_test(LivesInMemory, settings=LONG)


def test_no_life_on_a_real_database_reaches_what_must_not_be(tmp_path: Path) -> None:
    template = tmp_path / "begun.db"
    with asyncio.Runner() as runner:
        store = SqlStore.open(f"sqlite:///{template}")
        runner.run(begin(store))
        runner.run(store.close())

    class LivesOnDisk(Lives):
        number: ClassVar = iter(range(1_000_000))

        @classmethod
        @override
        def make_store(cls) -> Store:
            path = tmp_path / f"life-{next(cls.number)}.db"
            shutil.copyfile(template, path)
            return SqlStore.open(f"sqlite:///{path}")

    fewer = settings(LONG, max_examples=max(3, LONG.max_examples // 10), phases=set(Phase) - {Phase.shrink})
    run_state_machine_as_test(LivesOnDisk, settings=fewer)


@pytest.mark.torture
@pytest.mark.timeout(7200)
def test_no_life_on_postgresql_reaches_what_must_not_be(
    postgres_server: Callable[[str], str], postgres_template: str
) -> None:
    numbers = count()  # luck is the same in every life, so it names no database
    run = uuid4().hex

    def copied(template: str) -> str:
        name = f"life_{run}_{next(numbers)}"
        with psycopg.connect(postgres_server("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return name

    begun = copied(postgres_template)
    with asyncio.Runner() as runner:
        store = SqlStore.open(postgres_server(begun))
        runner.run(begin(store))
        runner.run(store.close())

    class LivesOnPostgresql(Lives):
        @classmethod
        @override
        def make_store(cls) -> Store:
            return SqlStore.open(postgres_server(copied(begun)))

    fewer = settings(LONG, max_examples=max(3, LONG.max_examples // 30), phases=set(Phase) - {Phase.shrink})
    run_state_machine_as_test(LivesOnPostgresql, settings=fewer)
