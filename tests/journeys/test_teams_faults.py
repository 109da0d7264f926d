"""What Teams and the network do: lost answers, refusals, waits, repeats, slowness. Nothing is lost or told twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typing_extensions import override

from bot.ports import Conversation, MessageState
from bot.refusal import Refusal
from bot.rounds import Rounds
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys.test_slack import SlowDesk
from tests.journeys.test_teams import (
    APPROVAL,
    asks_for_block,
    asks_for_removal,
    begins,
    confirms_from_home,
    events_of,
    last_post,
    stands_in,
    the_ref,
)
from tests.people import LINK, WORDS
from tests.platforms.fake_entra import TENANT
from tests.platforms.fake_teams import CHANNEL
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams
from tests.platforms.teams_people import read


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as opened:
        yield opened
    await store.close()


async def in_trouble(house: TeamsHouse) -> list[tuple[MessageState, str]]:
    """The messages that did not arrive, or may not have."""
    trouble = await house.store.ask(LIBRARY, lambda shelves: shelves.messages.in_trouble())
    return [(message.state, message.trouble) for message in trouble]


def cards_of(house: TeamsHouse, ref: str) -> list[str]:
    """The cards of a report in the channel."""
    return [said for said in stands_in(house.teams, "social-media") if said.startswith(f"Report {ref}")]


# -- messages that go out -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reset", "500", "502", "504", "hang"])
@pytest.mark.parametrize("after", [False, True])
async def test_a_post_whose_end_nobody_saw_is_parked_and_shown_and_never_sent_again(
    sqlite_url: str, tmp_path: Path, kind: str, *, after: bool
) -> None:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path, patience=0.4) as house:
        report = await asks_for_removal(house.robin)
        house.teams.fails(kind, after=after, seconds=1.0)
        for _ in range(3):
            await house.deliver()
            house.time.later(minutes=5)

        assert len(cards_of(house, report)) == int(after), "it stands there once, or not at all; never twice"
        assert [state for state, _ in await in_trouble(house)] == [MessageState.UNKNOWN]
        assert "may or may not have arrived" in await house.alex.opens_home()
        await house.alex.presses_told("Settle each")
        await house.alex.presses_told("It arrived" if after else "Send it again")
        await house.deliver()
        assert await in_trouble(house) == []
        assert len(cards_of(house, report)) == 1, "once a person has looked, it stands there once"
    await store.close()


@pytest.mark.parametrize("kind", ["429", "429 without a time", "PreconditionFailed"])
async def test_a_wait_that_teams_asks_for_is_waited_and_the_message_stands_once(house: TeamsHouse, kind: str) -> None:
    report = await asks_for_removal(house.robin)
    house.teams.fails(kind, seconds=30)

    await house.deliver()
    house.time.later(minutes=2)
    await house.deliver()

    assert await in_trouble(house) == []
    assert len(cards_of(house, report)) == 1


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("MessageWritesBlocked", "archived"),
        ("BotNotInConversationRoster", "add the app"),
        ("BotDisabledByAdmin", "administrator"),
        ("ConversationNotFound", "removed"),
    ],
)
async def test_a_channel_that_cannot_be_written_to_is_told_to_the_administrator(
    house: TeamsHouse, kind: str, why: str
) -> None:
    report = await asks_for_removal(house.robin)
    house.teams.fails(kind)
    for _ in range(2):
        await house.deliver()
    [(state, trouble)] = await in_trouble(house)
    assert state is MessageState.FAILED
    assert why in trouble
    assert why in await house.alex.opens_home()
    assert any(why in said for said in house.alex.told), "and they were written to"
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.by_ref(report))
    assert found is not None


async def test_an_archived_team_and_a_removed_bot_lose_nothing_of_the_record(house: TeamsHouse) -> None:
    house.teams.channel("social-media").archived = True
    house.teams.channel("decisions").roster = False
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()
    assert stands_in(house.teams, "social-media") == stands_in(house.teams, "decisions") == []
    await house.dana.opens_home()
    await house.dana.presses_told("Approve", about=block)
    await house.dana.fills(APPROVAL)
    assert await events_of(house.store, "block.approve", record="block") == 1


async def test_somebody_who_blocked_the_bot_is_named_to_the_administrator_and_nobody_else_misses_anything(
    house: TeamsHouse,
) -> None:
    house.teams.personal(house.dana.account.object_id)
    house.dana.account.blocked = True
    await house.robin.opens_home()
    await house.robin.presses_told("Complaint, left up")
    await house.robin.fills({"On which": "Facebook"})
    for _ in range(2):
        await house.deliver()
    assert any("blocked the bot" in trouble for _, trouble in await in_trouble(house))
    assert "blocked the bot" in await house.alex.opens_home()
    assert stands_in(house.teams, "social-media")


async def test_a_bot_that_was_removed_and_added_again_goes_on(house: TeamsHouse) -> None:
    channels = [one for one in house.teams.conversations.values() if one.kind == CHANNEL and one.tenant == TENANT]
    await house.alex.installs(house.teams.channel("social-media"), away=True)
    for channel in channels:
        channel.roster = False
    first = await asks_for_removal(house.robin)
    await house.deliver()
    assert cards_of(house, first) == []
    assert await in_trouble(house)

    for channel in channels:
        channel.roster = True
    await house.alex.installs(house.teams.channel("social-media"))
    await house.robin.opens_home()
    await house.robin.presses_told("Please look")
    await house.robin.fills({"On which": "Facebook"})
    await house.deliver()
    assert len(cards_of(house, "I-2026-0002")) == 1


async def test_cards_that_somebody_deletes_take_nothing_with_them(house: TeamsHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()
    for channel in ("social-media", "decisions"):
        house.teams.channel(channel).posts.clear()
    await house.dana.opens_home()
    await house.dana.presses_told("Approve", about=block)
    await house.dana.fills(APPROVAL)
    await house.deliver()
    await confirms_from_home(house.sam, block)
    assert "in force from 2 March 2026" in house.sam.answer
    assert block in await house.dana.writes(f"show {block}")


async def test_whoever_has_not_added_the_app_is_told_so_where_they_asked_and_nothing_else(house: TeamsHouse) -> None:
    report = await asks_for_removal(house.robin)
    house.sam.account.installed = False
    place = house.teams.channel("social-media")
    await house.sam.writes(f"show {report}", place)
    [said] = stands_in(house.teams, "social-media")
    assert "add the app" in said
    assert report not in said
    assert place.posts[0].under, "in the thread where it was asked"


async def test_a_round_between_a_restart_and_its_repeat_tells_nothing_twice(house: TeamsHouse) -> None:
    report = await asks_for_removal(house.robin)
    await house.deliver()
    again = Rounds(store=house.store, vault=house.vault, messengers=(house.platform.messenger,), clock=house.time)
    for rounds in (again, house.rounds, again):
        await asyncio.gather(rounds.run(), rounds.deliver())
    assert len(cards_of(house, report)) == 1


# -- deliveries that come in ---------------------------------------------------------------------------------------


async def test_a_message_delivered_again_is_heard_once(house: TeamsHouse) -> None:
    made = house.robin.message("due")
    for _ in range(3):
        await house.robin.sends(made)
    assert len(house.robin.chat.posts) == 1


async def test_the_same_delivery_twice_at_once_is_heard_once(house: TeamsHouse) -> None:
    made = house.robin.message("due")
    await asyncio.gather(*(house.send(made) for _ in range(8)))
    await house.settle()
    assert len(house.robin.chat.posts) == 1


@pytest.mark.parametrize("new_id", [False, True])
async def test_a_filled_form_delivered_again_is_answered_the_same_and_done_once(
    house: TeamsHouse, *, new_id: bool
) -> None:
    robin = house.robin
    await begins(robin, "report")
    await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    made = robin.sending({"On which": "Facebook", "Link to it": LINK, "What it says": WORDS})
    first = await house.send(made)
    again = await house.send({**made, "id": f"{made['id']}-again"} if new_id else made)
    assert the_ref(read(first["task"]["value"]), "I") == the_ref(read(again["task"]["value"]), "I")
    assert await events_of(house.store, "incident.report", record="incident") == 1
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(10))
    assert len(found) == 1


@pytest.mark.parametrize("new_id", [False, True])
async def test_a_pressed_button_delivered_again_acts_once(house: TeamsHouse, *, new_id: bool) -> None:
    report = await asks_for_removal(house.robin)
    await house.deliver()
    button, post, place = last_post(house, "social-media", report, "Done today")
    made = house.sam.pressing(button, post, place)  # type: ignore[arg-type]  # as last_post gave them
    first = await house.sam.sends_press(made)
    again = await house.sam.sends_press({**made, "id": f"{made['id']}-again"} if new_id else made)
    assert first["statusCode"] == again["statusCode"] == 200
    assert await events_of(house.store, "incident.done_today", record="incident") == 1


async def test_a_form_sent_before_a_restart_and_again_after_it_is_done_once(sqlite_url: str, tmp_path: Path) -> None:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as house:
        await begins(house.robin, "report")
        await house.robin.fills({"What is it?": "Complaint", "Could this show": "No"})
        made = house.robin.sending({"On which": "Facebook", "Link to it": LINK, "What it says": WORDS})
        teams = house.teams
        first = await house.send(made)
    async with chicopee_in_teams(store, tmp_path, teams=teams) as house:
        again = await house.send({**made, "serviceUrl": teams.service_url})
        assert the_ref(read(first["task"]["value"]), "I") == the_ref(read(again["task"]["value"]), "I")
        assert await events_of(house.store, "incident.report", record="incident") == 1
    await store.close()


async def test_words_sent_again_after_a_restart_are_not_answered_again(sqlite_url: str, tmp_path: Path) -> None:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as house:
        said = house.robin.message("due")
        await house.robin.sends(said)
        teams, answers = house.teams, len(house.robin.chat.posts)
    async with chicopee_in_teams(store, tmp_path, teams=teams) as house:
        await house.robin.sends({**said, "serviceUrl": teams.service_url})
        assert len(house.robin.chat.posts) == answers == 1
        await house.robin.writes("due")
        assert len(house.robin.chat.posts) == answers + 1, "the same words, said anew, are answered"
    await store.close()


async def test_a_deleted_channel_is_forgotten_and_a_newer_version_of_the_app_greets_nobody(house: TeamsHouse) -> None:
    place = house.teams.channel("social-media")
    known = {one.name for one in await house.store.conversations("teams", TENANT)}
    deleted = house.alex.activity("conversationUpdate", house.teams.channel("decisions"))
    deleted["conversation"]["id"] = place.team or place.id
    deleted["channelData"] |= {"eventType": "channelDeleted", "channel": {"id": place.id}}
    await house.alex.sends(deleted)
    left = {one.name for one in await house.store.conversations("teams", TENANT)}
    assert known - left == {place.id}

    await house.robin.sends({**house.robin.activity("installationUpdate"), "action": "add-upgrade"})
    assert house.robin.chat.posts == []
    await house.robin.sends({**house.robin.activity("installationUpdate"), "action": "add"})
    assert house.robin.chat.posts


async def test_a_bot_that_is_removed_from_a_team_forgets_its_channels_and_no_other(house: TeamsHouse) -> None:
    ours = [one for one in house.teams.conversations.values() if one.kind == CHANNEL and one.tenant == TENANT]
    group = house.teams.group("staff")
    await house.alex.installs(group)
    for channel in ours:
        await house.alex.writes("due", channel)
    known = {one.name for one in await house.store.conversations("teams", TENANT)}
    assert {one.id for one in (*ours, group)} <= known
    for channel in ours:
        channel.roster = False
    await house.alex.installs(ours[0], away=True)
    await house.settle()
    left = {one.name for one in await house.store.conversations("teams", TENANT)}
    assert known - left == {one.id for one in ours}


async def test_while_the_record_is_slow_an_answer_comes_in_time_and_the_outcome_follows(
    sqlite_url: str, tmp_path: Path
) -> None:
    store = SqlStore.open(sqlite_url)
    slow = SlowDesk()
    async with chicopee_in_teams(store, tmp_path, desk=slow.over, slow=1.5) as house:
        robin = house.robin
        await begins(robin, "report")
        await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
        made = robin.sending({"On which": "Facebook", "Link to it": LINK, "What it says": WORDS})
        slow.seconds = 5.0
        started = asyncio.get_running_loop().time()
        answer = await house.send(made)
        assert asyncio.get_running_loop().time() - started < 4.5
        assert "Not saved yet" in read(answer["task"]["value"]) or "Not saved yet" in str(answer["task"]["value"])
        await house.settle()
        slow.seconds = 0.0
        assert any("I-2026-0001" in said for said in robin.told), robin.told
        assert await events_of(house.store, "incident.report", record="incident") == 1
    await store.close()


async def test_an_answer_comes_in_time_whatever_of_the_record_is_slow(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path, slow=1.5) as house:
        robin = house.robin
        await begins(robin, "report")
        await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
        made = robin.sending({"On which": "Facebook", "Link to it": LINK, "What it says": WORDS})
        kept = store.conversation

        async def slowly(platform: str, tenant: str, name: str) -> Conversation | None:
            await asyncio.sleep(5.0)
            return await kept(platform, tenant, name)

        monkeypatch.setattr(store, "conversation", slowly)
        made["conversation"] |= {"id": "a:a-new-chat"}  # so that where they are answered is kept anew
        started = asyncio.get_running_loop().time()
        answer = await house.send(made)
        assert asyncio.get_running_loop().time() - started < 4.5
        assert "Not saved yet" in str(answer["task"]["value"])
        monkeypatch.setattr(store, "conversation", kept)
        await house.settle()
        assert await events_of(house.store, "incident.report", record="incident") == 1
    await store.close()


async def test_what_is_saved_is_never_called_unsaved_because_something_behind_it_failed(
    house: TeamsHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise Refusal("The record cannot be reached.")

    await begins(house.robin, "report")
    monkeypatch.setattr(house.store, "keep_conversation", fails)
    await house.robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    assert house.robin.sees.startswith("The item"), "the page is saved, and the next one open"
    await house.robin.fills({"What it says": WORDS}, press="Add pictures in our chat")
    assert "kept" in house.robin.sees
    assert "Nothing was saved" not in house.robin.sees


async def test_a_desk_that_fails_gives_a_number_to_tell_and_no_stack(sqlite_url: str, tmp_path: Path) -> None:
    class BrokenDesk(SlowDesk):
        @override
        async def __call__(self, sent: object) -> object:
            if self.seconds:
                raise RuntimeError("the roof fell in")
            return await super().__call__(sent)

    store = SqlStore.open(sqlite_url)
    broken = BrokenDesk()
    async with chicopee_in_teams(store, tmp_path, desk=broken.over) as house:
        await house.robin.opens_home()
        broken.seconds = 1
        await house.robin.presses_told("Please look")
        assert "roof" not in house.robin.sees
        assert house.robin.sees.strip()
    await store.close()


async def test_an_activity_of_a_kind_nobody_expects_is_taken_and_changes_nothing(house: TeamsHouse) -> None:
    head = await house.store.ask(LIBRARY, lambda shelves: shelves.book.head())
    for kind in ("messageReaction", "messageUpdate", "messageDelete", "typing", "event", "endOfConversation", "x"):
        await house.robin.sends(house.robin.activity(kind))
    assert await house.store.ask(LIBRARY, lambda shelves: shelves.book.head()) == head
    assert house.robin.chat.posts == []


@pytest.mark.parametrize(
    "name", ["composeExtension/query", "actionableMessage/executeAction", "signin/verifyState", ""]
)
async def test_an_invoke_nobody_expects_is_answered_so_that_teams_shows_something_kind(
    house: TeamsHouse, name: str
) -> None:
    status, _ = await house.posts(house.robin.activity("invoke", name=name, value={}))
    assert status in {200, 400, 501}
    assert await events_of(house.store, "refused") == 0


MADE_UP: list[object] = [
    {},
    {"data": None},
    {"data": {"duenotice": {}}},
    {"data": {"duenotice": {"i": 7}}},
    {"data": {"duenotice": {"i": "block.approve", "s": ["x"], "v": "x", "t": {}}}},
    {"data": {"duenotice": {"i": "no.such.thing", "s": "", "v": 0, "t": ""}}},
    {"data": {"duenotice": {"page": 1, "turn": "next", "i": "incident.report", "s": "", "t": "made-up", "k": []}}},
    {"data": {"duenotice": {"page": "x", "turn": 3, "i": "incident.report", "s": "", "t": "", "k": 5}}},
    [],
    "x",
]


@pytest.mark.parametrize("name", ["task/fetch", "task/submit", "composeExtension/submitAction", "adaptiveCard/action"])
async def test_a_made_up_press_is_answered_kindly_and_changes_nothing(
    house: TeamsHouse, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    for value in MADE_UP:
        sent = {"action": {"type": "Action.Execute", "verb": "press", **value}} if isinstance(value, dict) else value
        made = house.robin.activity("invoke", name=name, value=sent if name == "adaptiveCard/action" else value)
        status, answer = await house.posts(made)
        await house.settle()
        assert status == 200, (value, answer)
        house.robin.dialog = None
        house.robin.takes(made, answer)
        assert house.robin.sees.strip(), value
    assert await events_of(house.store, "incident.report") == 0
    assert not [record for record in caplog.records if record.exc_info]
