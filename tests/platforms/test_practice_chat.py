"""The chat file and posting to it: once, in its place, and still there tomorrow."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.practice.outbound import Chat, Kind, OpenForm, PracticeMessenger
from bot.cards import Card, Fact
from bot.ports import Address, Messenger, NotPosted, TryLater

NOW = datetime(2026, 3, 9, 14, 30, tzinfo=UTC)
DECISIONS = Address(platform="practice", tenant="library", channel="decisions")
TO_DANA = Address(platform="practice", tenant="library", user="dana")
CARD = Card(title="Block B-2026-0001", facts=(Fact(label="Status", value="waiting"),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat.sqlite3"


@pytest.fixture
def messenger(path: Path) -> Messenger:
    return PracticeMessenger(path, lambda: NOW)


def titles(path: Path, conversation: str = "channel:decisions") -> list[str]:
    lines, _ = Chat(path).lines(conversation, most=50)
    return [card.title for line in lines for card in line.cards]


async def test_a_card_posted_twice_with_one_key_stands_there_once_as_it_was_posted_last(
    path: Path, messenger: Messenger
) -> None:
    first = await messenger.post(DECISIONS, CARD, key="k1")
    again = await PracticeMessenger(path, lambda: NOW).post(DECISIONS, Card(title="another"), key="k1")

    assert first == again == await messenger.find(DECISIONS, "k1")
    assert titles(path) == ["another"]


async def test_two_processes_posting_at_once_post_once(path: Path, messenger: Messenger) -> None:
    others = [PracticeMessenger(path, lambda: NOW) for _ in range(8)]

    ids = await asyncio.gather(
        *(asyncio.to_thread(asyncio.run, other.post(DECISIONS, CARD, key="k1")) for other in others)
    )

    assert set(ids) == {await messenger.find(DECISIONS, "k1")}
    assert len(titles(path)) == 1


async def test_the_same_key_in_another_conversation_is_another_message(path: Path, messenger: Messenger) -> None:
    await messenger.post(DECISIONS, CARD, key="k1")
    await messenger.post(TO_DANA, CARD, key="k1")

    assert (titles(path), titles(path, "user:dana")) == ([CARD.title], [CARD.title])


async def test_what_was_not_posted_is_not_found(messenger: Messenger) -> None:
    await messenger.post(DECISIONS, CARD, key="k1")

    assert await messenger.find(DECISIONS, "k2") is None
    assert await messenger.find(TO_DANA, "k1") is None


async def test_an_updated_card_shows_its_new_content_in_its_old_place(path: Path, messenger: Messenger) -> None:
    first = await messenger.post(DECISIONS, CARD, key="k1")
    await messenger.post(DECISIONS, Card(title="later"), key="k2")
    stamp = Chat(path).stamp()

    await messenger.update(DECISIONS, first, Card(title="Block B-2026-0001, approved"))

    assert titles(path) == ["Block B-2026-0001, approved", "later"]
    assert Chat(path).stamp() != stamp


@pytest.mark.parametrize("message", ["999", "", "x"])
async def test_a_message_that_is_not_there_cannot_be_updated(messenger: Messenger, message: str) -> None:
    with pytest.raises(NotPosted):
        await messenger.update(DECISIONS, message, CARD)


async def test_a_message_is_updated_only_in_the_conversation_it_stands_in(path: Path, messenger: Messenger) -> None:
    first = await messenger.post(DECISIONS, CARD, key="k1")

    with pytest.raises(NotPosted):
        await messenger.update(TO_DANA, first, Card(title="elsewhere"))

    assert titles(path) == [CARD.title]


@pytest.mark.parametrize(
    "nowhere",
    [
        Address(platform="slack", tenant="library", channel="decisions"),
        Address(platform="practice", tenant="library"),
        Address(platform="practice", tenant="library", channel="decisions", user="dana"),
    ],
)
async def test_nothing_is_posted_to_an_address_that_is_none_of_ours(
    path: Path, messenger: Messenger, nowhere: Address
) -> None:
    with pytest.raises(NotPosted):
        await messenger.post(nowhere, CARD, key="k1")

    assert titles(path) == []


async def test_a_reply_stands_in_the_thread_of_its_card_and_a_reply_to_it_too(path: Path, messenger: Messenger) -> None:
    root = await messenger.post(DECISIONS, CARD, key="k1")
    reply = await messenger.post(DECISIONS, Card(title="asked"), key="k2", under=root)
    await messenger.post(DECISIONS, Card(title="decided"), key="k3", under=reply)

    (line,), _ = Chat(path).lines("channel:decisions", most=5)
    assert [card.title for each in line.replies for card in each.cards] == ["asked", "decided"]


@pytest.mark.parametrize("under", ["999", "not a number"])
async def test_a_reply_to_what_is_gone_stands_by_itself(path: Path, messenger: Messenger, under: str) -> None:
    await messenger.post(DECISIONS, CARD, key="k1", under=under)

    assert titles(path) == [CARD.title]


async def test_a_thread_cannot_reach_into_another_conversation(path: Path, messenger: Messenger) -> None:
    told = await messenger.post(TO_DANA, CARD, key="k1")

    await messenger.post(DECISIONS, Card(title="in the channel"), key="k2", under=told)

    assert titles(path) == ["in the channel"]


async def test_a_busy_file_asks_to_try_later_and_nothing_is_posted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.practice.outbound.BUSY", 0.01)
    messenger = PracticeMessenger(path, lambda: NOW)
    holder = sqlite3.connect(path)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(TryLater):
        await messenger.post(DECISIONS, CARD, key="k1")
    holder.close()

    assert titles(path) == []


async def test_the_conversation_is_there_after_a_restart(path: Path, messenger: Messenger) -> None:
    await messenger.post(DECISIONS, CARD, key="k1")

    (line,), _ = Chat(path).lines("channel:decisions", most=5)
    assert (line.cards, line.at, line.kind) == ((CARD,), NOW, Kind.POSTED)


def test_a_card_with_a_new_reply_moves_to_the_end(path: Path) -> None:
    chat = Chat(path)
    first = chat.add("channel:decisions", Kind.POSTED, at=NOW, cards=(Card(title="first"),))
    chat.add("channel:decisions", Kind.POSTED, at=NOW, cards=(Card(title="second"),))
    chat.add("channel:decisions", Kind.POSTED, at=NOW, cards=(Card(title="reply"),), under=first)

    assert titles(path) == ["second", "first"]


def test_only_what_the_bot_posts_unasked_is_unread(path: Path) -> None:
    chat = Chat(path)
    for kind in Kind:
        chat.add("user:dana", kind, at=NOW, text="x")
    assert chat.unread("dana") == {"user:dana": 1}

    chat.mark_read("dana", "user:dana")

    assert (chat.unread("dana"), chat.unread("robin")) == ({}, {"user:dana": 1})


def test_opening_a_form_puts_the_others_of_the_same_player_aside(path: Path) -> None:
    chat = Chat(path)
    for player, token in [("robin", "one"), ("dana", "hers"), ("robin", "two")]:
        chat.keep_form(
            player, OpenForm(token=token, intent="incident.report", subject="", title="Report", number=1, pages=2)
        )

    assert [(form.token, form.aside) for form in chat.forms("robin")] == [("one", True), ("two", False)]
    assert [(form.token, form.aside) for form in chat.forms("dana")] == [("hers", False)]
