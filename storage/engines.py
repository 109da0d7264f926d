"""Connections to SQLite and PostgreSQL, set up so that what is committed stays.

SQLite: write-ahead log, ``synchronous=FULL``, ``BEGIN IMMEDIATE`` for whoever writes, foreign keys checked. Readers
have connections of their own that refuse to write. PostgreSQL: psycopg 3, ``synchronous_commit`` never off, the
session in UTC.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.refusal import Refusal

READERS = 4
"""How many readers SQLite has beside its one writer."""

POOL = 8
"""How many connections, and threads, PostgreSQL is given."""

HOW = "Write it as sqlite:///folder/duenotice.db or postgresql://user:password@host/database."


def parsed(url: str) -> URL:
    """The address of a database, with the driver this program uses.

    :raises Refusal: it is not one, or of another kind of database
    """
    try:
        found = make_url(url)
    except ArgumentError as error:
        raise Refusal(f"The database address cannot be read. {HOW}") from error
    match found.get_backend_name():
        case "sqlite":
            if found.database in {None, "", ":memory:"}:
                raise Refusal(f"The database address names no file, and what is in memory is not kept. {HOW}")
            return found.set(drivername="sqlite")
        case "postgresql" | "postgres":
            return found.set(drivername="postgresql+psycopg")
        case other:
            raise Refusal(
                f"There is no support for {other}; this program keeps its records in SQLite or PostgreSQL. {HOW}"
            )


def sqlite_engine(url: URL, *, patience: float, writes: bool, **driver: Any) -> Engine:  # noqa: ANN401 - SQLAlchemy's
    """Connections to an SQLite file: exactly one that writes, or a few that cannot.

    ``patience`` is how many seconds to wait for another program that holds the file. ``driver`` says how to connect
    otherwise than through the standard library's sqlite3.
    """
    size = 1 if writes else READERS
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "isolation_level": None, "timeout": patience},
        **driver,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's pool record
        settings = ["foreign_keys=ON", "synchronous=FULL", "fullfsync=ON", "checkpoint_fullfsync=ON"]
        settings.append("secure_delete=ON")  # what is not kept is overwritten; not every build of SQLite does by itself
        for setting in settings if writes else ["query_only=ON"]:
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def prepare_file(url: URL, *, patience: float) -> None:
    """Make sure that the SQLite file exists, is this program's alone to read, and keeps a write-ahead log.

    :raises Refusal: it cannot be written, is no database, or is on a disk that allows no write-ahead log
    """
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Refusal(
            f"The database {path} cannot be opened ({error.strerror}). "
            "Choose a folder this program may write to, or let it write there."
        ) from error
    connection = sqlite3.connect(path, isolation_level=None, timeout=patience)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    except sqlite3.Error as error:
        raise Refusal(_why_not(path, str(error))) from error
    finally:
        connection.close()
    if mode != "wal":
        raise Refusal(
            f"{path} is on a disk that cannot keep a write-ahead log. Choose a folder on this machine's disk."
        )


def _why_not(path: Path, said: str) -> str:
    if "not a database" in said:
        return f"{path} is not a database. Choose another file, or move this one away."
    if "locked" in said:
        return f"Another program holds {path}. Stop it, then start again."
    return f"{path} cannot be used ({said}). Let this program write to the file and its folder."


def postgres_engine(url: URL, *, patience: float) -> Engine:
    """Connections to PostgreSQL. ``patience`` is how many seconds to wait for records another program holds."""
    engine = create_engine(url, pool_size=POOL, max_overflow=0, pool_pre_ping=True, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: psycopg.Connection[Any], _record: Any) -> None:  # noqa: ANN401 - as above
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('TimeZone', 'UTC', false)")
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", (f"{int(patience * 1000)}ms",))
            cursor.execute(
                "SELECT set_config('synchronous_commit', 'on', false) "
                "WHERE current_setting('synchronous_commit') = 'off'"
            )
        connection.commit()

    return engine


def reached(engine: Engine) -> None:
    """Make sure that a PostgreSQL server answers.

    :raises Refusal: it does not
    """
    try:
        engine.connect().close()
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[-1]
        where = engine.url.render_as_string(hide_password=True)
        raise Refusal(
            f"The database {where} cannot be reached ({said}). Check the address and that the server runs."
        ) from error
