"""Slack away for hours or days, or answering oddly: nothing is lost, nothing stands twice, reminders come after."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ports import MessageState
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys.test_slack import asks_for_block, asks_for_removal, confirms_from_home
from tests.platforms.slack_people import SlackHouse, chicopee_in_slack
from tests.platforms.slack_reading import find_button, read

EVERYWHERE = ("social-media", "decisions", "records", "UDANA", "UALEX", "USAM", "UTERRY")


@asynccontextmanager
async def library(url: str, folder: Path, *, socket: bool = False) -> AsyncIterator[SlackHouse]:
    store = SqlStore.open(url)
    async with chicopee_in_slack(store, folder, socket=socket, patience=0.3) as opened:
        yield opened
    await store.close()


def keys(house: SlackHouse) -> list[str]:
    """The keys of everything the program told, in every conversation."""
    return [
        one["metadata"]["event_payload"]["key"]
        for messages in house.slack.messages.values()
        for one in messages
        if one.get("metadata")
    ]


async def waits(house: SlackHouse, *, hours: float, every: float = 30) -> None:
    """Let hours pass, with a round every so many minutes."""
    until = house.time() + timedelta(hours=hours)
    while house.time() < until:
        await house.rounds.run()
        house.time.later(minutes=every)


@pytest.mark.parametrize("how", ["500", "reset", "hang", "429", "internal_error"])
async def test_slack_away_for_three_days_loses_nothing_and_tells_nothing_twice(
    sqlite_url: str, tmp_path: Path, how: str
) -> None:
    async with library(sqlite_url, tmp_path) as house:
        report = await asks_for_removal(house.robin)
        await house.deliver()
        await confirms_from_home(house.sam, report)
        block = await asks_for_block(house.sam)
        house.slack.away = how
        await waits(house, hours=2 if how == "hang" else 72, every=60)
        assert [key for key in keys(house) if block in key] == []

        house.slack.away = ""
        await waits(house, hours=1, every=5)

        told = keys(house)
        assert len(told) == len(set(told)), sorted(told)
        assert f"case:{block}:decisions" in told
        trouble = await house.store.ask(LIBRARY, lambda shelves: shelves.messages.in_trouble())
        assert trouble == ()
        cards = [one for one in house.slack.messages["social-media"] if report in read(one) and "thread_ts" not in one]
        assert not any(find_button(one["blocks"], "Done today") for one in cards), "the card is up to date again"
        if how != "hang":
            assert any("Due, " in said or "The week of" in said for said in house.channel("decisions"))


@pytest.mark.parametrize("taken", [False, True])
async def test_a_message_whose_end_nobody_saw_is_looked_for_before_it_is_sent_again(
    sqlite_url: str, tmp_path: Path, *, taken: bool
) -> None:
    async with library(sqlite_url, tmp_path) as house:
        report = await asks_for_removal(house.robin)
        house.slack.fails("reset", "chat.postMessage", after=taken)
        house.slack.fails("500", "conversations.history")
        house.slack.fails("500", "conversations.history")
        await house.rounds.deliver()
        assert house.slack.calls.count("chat.postMessage") == 1

        house.time.later(seconds=50)
        await house.rounds.deliver()
        assert house.slack.calls.count("chat.postMessage") == 1, "it is left alone for a while"
        await waits(house, hours=1, every=5)

        found = await house.store.ask(LIBRARY, lambda shelves: shelves.messages.by_key(f"case:{report}:social-media"))
        assert found is not None
        assert found.state is MessageState.SENT
        assert keys(house).count(f"case:{report}:social-media") == 1


async def test_a_line_in_a_long_thread_of_a_busy_channel_is_found(sqlite_url: str, tmp_path: Path) -> None:
    async with library(sqlite_url, tmp_path) as house:
        report = await asks_for_removal(house.robin)
        await house.deliver()
        root = next(one for one in house.slack.messages["social-media"] if report in read(one))
        for number in range(250):
            filler = {"text": "x", "channel": "social-media", "ts": f"17000{number:05}.5"}
            house.slack.messages["social-media"] += [filler, {**filler, "thread_ts": root["ts"], "ts": f"18{number}.1"}]
        root["reply_count"] = 250
        house.slack.fails("500", "chat.postMessage", after=True)
        await house.sam.writes(f"correct {report}")
        await house.sam.presses_told("Open the form")
        await house.sam.fills({"What was wrong?": "Our post it stands under"})
        await house.sam.fills({"Our post": "Summer reading", "Why was it wrong?": "a slip"})
        await waits(house, hours=1, every=5)

        assert len(keys(house)) == len(set(keys(house)))
        trouble = await house.store.ask(LIBRARY, lambda shelves: shelves.messages.in_trouble())
        assert trouble == ()


async def test_a_channel_that_was_archived_is_told_to_the_administrator_by_message_and_on_home(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with library(sqlite_url, tmp_path) as house:
        await asks_for_removal(house.robin)
        for _ in range(3):
            house.slack.fails("is_archived", "chat.postMessage")
        await house.deliver()
        house.time.later(minutes=2)
        await house.deliver()

        assert any("hat channel is archived" in said for said in house.alex.told)
        assert "hat channel is archived" in await house.alex.opens_home()
        assert "archived" not in await house.robin.opens_home()
        assert "archived" not in "".join(house.robin.told)


async def test_an_answer_slack_asks_to_wait_with_comes_after_the_wait(sqlite_url: str, tmp_path: Path) -> None:
    async with library(sqlite_url, tmp_path) as house:
        house.slack.fails("429", "chat.postMessage", seconds=1)
        house.slack.fails("429", "chat.postMessage", seconds=1)
        await house.robin.writes("due")
        assert len(house.robin.told) == 1
        house.slack.fails("429", "chat.postEphemeral", seconds=1)
        await house.robin.writes("<@U0BOT> due", channel="social-media")
        assert len(house.robin.told) == 2


async def test_an_answer_slack_asks_to_wait_long_with_is_given_when_the_words_come_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with library(sqlite_url, tmp_path) as house:
        house.slack.fails("429", "chat.postMessage", seconds=90)
        await house.robin.writes("due", event="Ev-busy")
        assert house.robin.told == []
        await house.stop()
        await house.start()
        await house.robin.writes("due", event="Ev-busy")
        assert len(house.robin.told) == 1
