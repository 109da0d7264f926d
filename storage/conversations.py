"""The conversations the bot is in, as rows. They belong to an installation, not to a library's record."""

from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, delete, select

from bot.ports import Conversation
from storage.rows import upsert
from storage.tables import ConversationRow, table

__all__ = ["drop", "find", "keep", "of_tenant"]

CONVERSATION = table(ConversationRow)


def find(conn: Connection, platform: str, tenant: str, name: str) -> Conversation | None:
    """One conversation."""
    row = conn.execute(select(CONVERSATION).where(*_at(platform, tenant, name))).mappings().one_or_none()
    return Conversation(**row) if row else None


def of_tenant(conn: Connection, platform: str, tenant: str) -> tuple[Conversation, ...]:
    """Every conversation of a tenant, by name."""
    asked = select(CONVERSATION).where(CONVERSATION.c.platform == platform, CONVERSATION.c.tenant == tenant)
    rows = conn.execute(asked.order_by(CONVERSATION.c.name)).mappings()
    return tuple(Conversation(**row) for row in rows)


def keep(conn: Connection, conversation: Conversation) -> None:
    """Keep it instead of what was known of it."""
    conn.execute(upsert(CONVERSATION, conn.dialect.name), asdict(conversation))


def drop(conn: Connection, platform: str, tenant: str, name: str) -> None:
    """Forget it."""
    conn.execute(delete(CONVERSATION).where(*_at(platform, tenant, name)))


def _at(platform: str, tenant: str, name: str) -> tuple[ColumnElement[bool], ...]:
    columns = CONVERSATION.c
    return columns.platform == platform, columns.tenant == tenant, columns.name == name
