"""Every surface a library is reached through, so that a journey is written once and made on each of them.

A module of journeys parametrises ``way`` with ``on(…)`` and has the ``house`` of ``tests/journeys/conftest.py``.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage.store import SqlStore
from tests.people import House, chicopee
from tests.platforms.practice_wire import chicopee_over_practice
from tests.platforms.slack_wire import chicopee_over_slack
from tests.platforms.teams_wire import chicopee_over_teams

Opens = Callable[[str, Path], AbstractAsyncContextManager[House]]

SQLITE, POSTGRESQL = "sqlite", "postgresql"


def _desk(url: str, folder: Path) -> AbstractAsyncContextManager[House]:
    return chicopee(SqlStore.open(url), folder)


SURFACES: dict[str, Opens] = {
    "desk": _desk,
    "practice": chicopee_over_practice,
    "slack": chicopee_over_slack,
    "socket": partial(chicopee_over_slack, socket=True),
    "teams": chicopee_over_teams,
}
"""The desk itself; the practice page's own forms; Slack over signed HTTP, and down a socket; Teams with its tokens."""
CHATS = ("slack", "teams")
PLACES = ("practice", *CHATS)


def on(surfaces: Iterable[str], *databases: str, rest: Iterable[str] = ()) -> list[Any]:
    """Each of the surfaces with each of the databases; those with a database of ``rest`` in the long run only."""
    quick = [(surface, database, ()) for surface in surfaces for database in databases]
    long = [(surface, database, (pytest.mark.torture,)) for surface in surfaces for database in rest]
    return [
        pytest.param((surface, database), id=f"{surface}-{database}", marks=marks)
        for surface, database, marks in (*quick, *long)
    ]
