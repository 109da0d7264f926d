"""The history of the tables. Every database is brought up to date when it is opened.

A step, once released, is never edited. There are no steps back: whoever wants the older version restores the backup
made before the upgrade.
"""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from bot.refusal import Refusal

HEAD = "0010"
"""The newest step, repeated here so that a database which is up to date opens without loading alembic."""

LOCK = 0x0D0E_0071CE
"""The number under which one process upgrades a PostgreSQL database while others wait."""


def upgrade(engine: Engine) -> None:
    """Bring a database up to date, in one transaction; one that is already so is only looked at.

    :raises Refusal: a newer version of the program has been here
    """
    with engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if step(conn) != HEAD:
            bring_to(conn, "head")


def step(conn: Connection) -> str | None:
    """The newest step a database has taken; ``None`` for one without tables."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def bring_to(conn: Connection, newest: str) -> None:
    """Take the steps up to one of them, or to "head", inside the caller's transaction.

    :raises Refusal: a newer version of the program has been here
    """
    from alembic import command  # noqa: PLC0415 - a database that is up to date opens 0.1 s sooner without it
    from alembic.config import Config  # noqa: PLC0415 - as above
    from alembic.util.exc import CommandError  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = conn
    try:
        command.upgrade(config, newest)
    except CommandError as error:
        if "Can't locate revision" not in str(error):
            raise
        raise Refusal(
            "This database was written by a newer version of the program. Install that version, or a newer one; "
            "nothing was changed."
        ) from error
