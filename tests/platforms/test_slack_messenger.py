"""Posting to Slack: one message a second to a channel, what was posted is found again, and how a failure is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from inspect import signature
from time import monotonic

import pytest

from adapters.slack.outbound import SlackMessenger, Workspace, session, web_client
from bot.cards import Card
from bot.ports import Address, NotPosted, OutcomeUnknown, TryLater
from tests.platforms.fake_slack import TEAM, TOKEN, FakeSlack, running

DECISIONS = Address(platform="slack", tenant=TEAM, channel="decisions")
DANA = Address(platform="slack", tenant=TEAM, user="UDANA")
CARD = Card(title="Block B-2026-0001")


@asynccontextmanager
async def messenger(*, pace: float = 0.0) -> AsyncIterator[tuple[FakeSlack, SlackMessenger]]:
    async with running(FakeSlack(now=monotonic, pace=pace)) as slack, session(0.5) as http:
        client = web_client(TOKEN, api=f"{slack.url}/api/", session=http)
        workspace = Workspace(team=TEAM, library="l", token=TOKEN, client=client)

        async def workspace_of(team: str) -> Workspace | None:
            return workspace if team == TEAM else None

        yield slack, SlackMessenger(workspace_of, monotonic, pace=pace)


async def test_two_messages_to_a_channel_keep_the_pace_and_a_third_waits_its_turn() -> None:
    async with messenger(pace=0.3) as (slack, posting):
        await posting.post(DECISIONS, CARD, key="a")
        await posting.post(DECISIONS, CARD, key="b")
        several = (posting.post(DECISIONS, CARD, key=key) for key in "cdef")
        ended = await asyncio.gather(*several, return_exceptions=True)
        assert slack.complaints == []
        waiting = [one for one in ended if isinstance(one, TryLater)]
        assert waiting
        assert len(slack.messages["decisions"]) == 6 - len(waiting)


def test_a_channel_gets_no_more_than_a_message_a_second_unless_a_test_says_otherwise() -> None:
    assert signature(SlackMessenger).parameters["pace"].default >= 1.0


async def test_a_message_is_found_by_its_key_in_a_channel_a_thread_and_with_a_person() -> None:
    async with messenger() as (slack, posting):
        root = await posting.post(DECISIONS, CARD, key="root")
        reply = await posting.post(DECISIONS, CARD, key="reply", under=root)
        direct = await posting.post(DANA, CARD, key="direct")

        assert [await posting.find(DECISIONS, key) for key in ("root", "reply", "other")] == [root, reply, None]
        assert await posting.find(DANA, "direct") == direct
        assert slack.messages["decisions"][1]["thread_ts"] == root


async def test_an_update_shows_the_new_card_in_the_same_place() -> None:
    async with messenger() as (slack, posting):
        posted = await posting.post(DECISIONS, CARD, key="a")
        await posting.update(DECISIONS, posted, Card(title="Decided"))
        assert [one["text"] for one in slack.messages["decisions"]] == ["Decided"]
        with pytest.raises(NotPosted, match=r"The message was deleted\."):
            await posting.update(DECISIONS, "1.1", CARD)


@pytest.mark.parametrize(
    ("kind", "raised"),
    [
        ("429", TryLater),
        ("500", OutcomeUnknown),
        ("reset", OutcomeUnknown),
        ("hang", OutcomeUnknown),
        ("internal_error", OutcomeUnknown),
        ("is_archived", NotPosted),
        ("not_in_channel", NotPosted),
        ("token_revoked", NotPosted),
        ("account_inactive", NotPosted),
    ],
)
async def test_how_a_failure_is_told(kind: str, raised: type[Exception]) -> None:
    async with messenger() as (slack, posting):
        slack.fails(kind, "chat.postMessage", seconds=7)
        with pytest.raises(raised) as told:
            await posting.post(DECISIONS, CARD, key="a")
        if isinstance(told.value, TryLater):
            assert told.value.seconds == 7
        assert slack.calls.count("chat.postMessage") == 1, "nothing is tried again blindly"


async def test_a_workspace_without_the_app_is_told_so() -> None:
    async with messenger() as (_, posting):
        with pytest.raises(NotPosted, match="not installed"):
            await posting.post(Address(platform="slack", tenant="T0ELSE", channel="decisions"), CARD, key="a")


async def test_a_slack_that_cannot_be_asked_leaves_the_outcome_unknown() -> None:
    async with messenger() as (slack, posting):
        slack.fails("500", "conversations.history")
        with pytest.raises(OutcomeUnknown):
            await posting.find(DECISIONS, "a")
