"""The conversations the bot is in: kept as they are now, apart by tenant, and gone when it leaves."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.ports import Conversation
from storage.store import SqlStore

HERE = Conversation(
    platform="teams", tenant="here", name="19:decisions", kind="channel", address="19:decisions", service="https://a/"
)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    opened = SqlStore.open(database_url)
    yield opened
    await opened.close()


async def test_a_conversation_comes_back_as_it_was_kept_last(store: SqlStore) -> None:
    await store.keep_conversation(HERE)
    moved = replace(HERE, service="https://b/", title="Decisions", awaits="incident.report token")
    await store.keep_conversation(moved)

    assert await store.conversation("teams", "here", "19:decisions") == moved
    assert await store.conversations("teams", "here") == (moved,)


async def test_a_tenants_conversations_are_its_own(store: SqlStore) -> None:
    elsewhere = replace(HERE, tenant="elsewhere", address="19:theirs")
    await store.keep_conversation(HERE)
    await store.keep_conversation(elsewhere)
    await store.keep_conversation(replace(HERE, platform="other"))

    assert await store.conversations("teams", "here") == (HERE,)
    assert await store.conversation("teams", "elsewhere", "19:decisions") == elsewhere

    await store.drop_conversation("teams", "here", "19:decisions")
    assert await store.conversation("teams", "here", "19:decisions") is None
    assert await store.conversations("teams", "elsewhere") == (elsewhere,)


async def test_a_conversation_nobody_kept_is_none(store: SqlStore) -> None:
    await store.drop_conversation("teams", "here", "19:nowhere")
    assert await store.conversation("teams", "here", "19:nowhere") is None
