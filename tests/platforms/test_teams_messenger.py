"""Posting to Teams: the limits of a thread are kept, a post is counted only with its id, and how a failure is told."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import pytest

from bot.cards import Card
from bot.ports import AccountGone, Address, Messenger, NotPosted, OutcomeUnknown, TryLater
from storage.store import SqlStore
from tests.platforms.fake_entra import OTHER_TENANT, TENANT
from tests.platforms.fake_teams import THREAD_LIMITS, FakeTeams
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams
from tests.platforms.teams_people import object_id, read

DECISIONS = Address(platform="teams", tenant=TENANT, channel="19:decisions@thread.tacv2")
DANA = Address(platform="teams", tenant=TENANT, user=object_id("dana"))
CARD = Card(title="Block B-2026-0001")


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    store = SqlStore.open(sqlite_url)
    teams = FakeTeams(now=monotonic, limits=THREAD_LIMITS)
    async with chicopee_in_teams(store, tmp_path, teams=teams, patience=0.4) as opened:
        yield opened
    await store.close()


@pytest.fixture
def posting(house: TeamsHouse) -> Messenger:
    return house.platform.messenger


@pytest.fixture
async def unhurried(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    """The same, where a busy computer makes no call of ours too late."""
    store = SqlStore.open(sqlite_url)
    teams = FakeTeams(now=monotonic, limits=THREAD_LIMITS)
    async with chicopee_in_teams(store, tmp_path, teams=teams, patience=60.0) as opened:
        yield opened
    await store.close()


async def test_a_burst_keeps_to_what_a_thread_takes_and_the_rest_waits_its_turn(unhurried: TeamsHouse) -> None:
    house, posting = unhurried, unhurried.platform.messenger
    several = (posting.post(DECISIONS, CARD, key=str(number)) for number in range(12))
    ended = await asyncio.gather(*several, return_exceptions=True)
    assert house.teams.throttled == 0, "Teams never had to say so"
    waiting = [one for one in ended if isinstance(one, TryLater)]
    assert len(waiting) + len(house.teams.channel("decisions").posts) == 12
    assert len(house.teams.channel("decisions").posts) >= 7
    assert all(isinstance(one, str | TryLater) for one in ended), ended


async def test_one_thread_does_not_hold_another_up(house: TeamsHouse, posting: Messenger) -> None:
    several = [posting.post(DECISIONS, CARD, key=f"d{number}") for number in range(9)]
    ended = await asyncio.gather(*several, posting.post(DANA, CARD, key="dana"), return_exceptions=True)
    assert isinstance(ended[-1], str)
    assert len(house.dana.chat.posts) == 1


async def test_a_reply_stands_in_its_thread_and_an_update_in_the_place_of_its_post(
    house: TeamsHouse, posting: Messenger
) -> None:
    root = await posting.post(DECISIONS, CARD, key="root")
    reply = await posting.post(DECISIONS, Card(title="Approved"), key="reply", under=root)
    await posting.update(DECISIONS, root, Card(title="Decided"))

    first, second = house.teams.channel("decisions").posts
    assert (first.id, second.id, second.under) == (root, reply, root)
    assert (read(first.said), len(first.versions)) == ("Decided", 2)


async def test_in_a_group_chat_there_are_no_threads_and_a_reply_stands_by_itself(
    house: TeamsHouse, posting: Messenger
) -> None:
    chat = house.teams.group("staff")
    await house.alex.installs(chat)
    to = Address(platform="teams", tenant=TENANT, channel=chat.id)
    root = await posting.post(to, CARD, key="root")
    await posting.post(to, Card(title="Approved"), key="reply", under=root)
    assert [read(post.said) for post in chat.posts][-1] == "Approved"


async def test_a_person_who_never_wrote_is_reached_in_a_chat_that_is_opened_once(
    house: TeamsHouse, posting: Messenger
) -> None:
    await posting.post(DANA, CARD, key="a")
    await posting.post(DANA, CARD, key="b")
    assert house.teams.calls.count("create") == 1
    assert len(house.dana.chat.posts) == 2


async def test_a_message_that_was_deleted_is_not_updated(posting: Messenger, house: TeamsHouse) -> None:
    del house
    with pytest.raises(NotPosted, match="deleted"):
        await posting.update(DECISIONS, "1700000000001", CARD)


async def test_a_card_carries_a_line_for_notifications_and_no_more_than_its_title(
    house: TeamsHouse, posting: Messenger
) -> None:
    await posting.post(DECISIONS, CARD, key="a")
    said = house.teams.channel("decisions").posts[0].said
    assert said["summary"] == "Block B-2026-0001"
    assert not said.get("text")


@pytest.mark.parametrize(
    ("kind", "raised", "why"),
    [
        ("429", TryLater, ""),
        ("429 without a time", TryLater, ""),
        ("PreconditionFailed", TryLater, ""),
        ("500", OutcomeUnknown, ""),
        ("502", OutcomeUnknown, ""),
        ("503", OutcomeUnknown, ""),
        ("504", OutcomeUnknown, ""),
        ("reset", OutcomeUnknown, ""),
        ("hang", OutcomeUnknown, ""),
        ("no id", OutcomeUnknown, ""),
        ("MessageWritesBlocked", NotPosted, "archived"),
        ("ConversationBlockedByUser", NotPosted, "blocked"),
        ("BotNotInConversationRoster", NotPosted, "add the app"),
        ("BotDisabledByAdmin", NotPosted, "administrator"),
        ("ForbiddenOperationException", NotPosted, "install"),
        ("ConversationNotFound", NotPosted, "removed"),
        ("MessageSizeTooBig", NotPosted, "large"),
        ("BadSyntax", NotPosted, "BadSyntax"),
    ],
)
async def test_how_a_failure_is_told(
    kind: str, raised: type[Exception], why: str, house: TeamsHouse, posting: Messenger
) -> None:
    house.teams.fails(kind, seconds=7 if kind == "429" else 0.8)
    with pytest.raises(raised) as told:
        await posting.post(DECISIONS, CARD, key="a")
    assert why in str(told.value)
    if kind == "429":
        assert isinstance(told.value, TryLater)
        assert told.value.seconds == 7
    assert house.teams.calls.count("post") == 1, "nothing is tried again blindly"


async def test_what_happened_to_a_message_cannot_be_looked_up(posting: Messenger, house: TeamsHouse) -> None:
    del house
    with pytest.raises(OutcomeUnknown):
        await posting.find(DECISIONS, "a")


@pytest.mark.parametrize(
    "to",
    [
        Address(platform="teams", tenant="00000000-7e4a-4000-8000-0000000000cc", channel="19:decisions@thread.tacv2"),
        Address(platform="teams", tenant=TENANT, channel="19:nowhere@thread.tacv2"),
        Address(platform="teams", tenant=OTHER_TENANT, user=object_id("dana")),
        Address(platform="teams", tenant=TENANT, user=object_id("nobody-at-all")),
    ],
)
async def test_nothing_is_posted_where_the_bot_is_not(to: Address, posting: Messenger, house: TeamsHouse) -> None:
    with pytest.raises(NotPosted):
        await posting.post(to, CARD, key="a")
    assert not [post for one in house.teams.conversations.values() for post in one.posts]


async def test_the_token_goes_to_no_other_host_whatever_an_activity_claims(house: TeamsHouse) -> None:
    said = house.robin.message("due") | {"serviceUrl": "https://evil.example/amer/"}
    token = house.teams.entra.token("https://evil.example/amer/")
    calls = len(house.teams.calls)
    status, _ = await house.posts(said, token=token)
    await house.settle()
    assert status == 403
    assert len(house.teams.calls) == calls, "there was nobody to answer"


async def test_an_account_teams_knows_no_more_is_gone_and_a_channel_never_is(
    house: TeamsHouse, posting: Messenger
) -> None:
    house.teams.personal(object_id("dana"))
    house.teams.fails("MemberNotFoundInConversation")
    with pytest.raises(AccountGone):
        await posting.post(DANA, CARD, key="dana")
    house.teams.fails("MemberNotFoundInConversation")
    with pytest.raises(NotPosted) as no:
        await posting.post(DECISIONS, CARD, key="decisions")
    assert not isinstance(no.value, AccountGone)
