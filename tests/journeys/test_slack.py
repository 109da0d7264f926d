"""The main job in Slack, over the real protocol: signed HTTP requests, and a web socket."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from time import time  # noqa: TID251 - Slack's own clock signs its requests

import pytest
from aiohttp import ClientSession

from adapters.slack.answers import NOT_READY, NOT_SAVED
from bot.records.ledger import verify
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.people import HANDLE, LINK, PICTURE, SECRETS, WHY, WORDS
from tests.platforms.fake_slack import SECRET, TEAM
from tests.platforms.slack_installs import OTHER_TEAM
from tests.platforms.slack_people import SlackHouse, SlackPerson, chicopee_in_slack, encoded, signed
from tests.platforms.slack_reading import find_button, read


@pytest.fixture(params=["http", "socket", "http on postgresql"])
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SlackHouse]:
    """Chicopee in Slack, over each way of reaching it; whatever happens, the chain holds and no channel tells."""
    how, _, database = request.param.partition(" on ")
    store = SqlStore.open(request.getfixturevalue(f"{'postgres' if database else 'sqlite'}_url"))
    async with chicopee_in_slack(store, tmp_path, socket=how == "socket") as opened:
        yield opened
        _, flaw = await store.chain(LIBRARY, verify)
        assert flaw is None
        for channel in ("social-media", "decisions", "records"):
            said = "\n".join(opened.channel(channel)).casefold()
            assert not [secret for secret in SECRETS if secret in said], said
            assert "birch" not in said
    await store.close()


@pytest.fixture
async def http_house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[SlackHouse]:
    """Chicopee in Slack over HTTP."""
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_slack(store, tmp_path) as opened:
        yield opened
    await store.close()


def the_ref(said: str, letter: str) -> str:
    """The reference in a text."""
    found = re.search(rf"\b{letter}-\d{{4}}-\d{{4}}\b", said)
    assert found, said
    return found.group()


async def asks_for_removal(person: SlackPerson) -> str:
    """Report something an editor should take down; returns the reference."""
    await person.types("/incident")
    await person.fills({"What is it?": "May break a rule", "Could this show": "No"})
    await person.fills(
        {"On which": "Facebook", "Link to it": LINK, "What it says": WORDS, "What became of it?": "Removed"}
    )
    await person.fills(
        {"Which rule": "Advertising", "What does this": ["sells or advertises"], "Author's handle": HANDLE}
    )
    return the_ref(person.sees, "I")


async def asks_for_block(person: SlackPerson) -> str:
    """Ask for a block; returns the reference."""
    await person.types("/block")
    await person.fills(
        {"Handles": f"Facebook: {HANDLE}", "Block on which": ["Facebook"], "On which grounds?": ["Repeated breaches"]}
    )
    await person.fills({"Why should this author": WHY})
    return the_ref(person.sees, "B")


async def confirms_from_home(person: SlackPerson, ref: str) -> None:
    """An editor confirms on the Home tab that it was done today."""
    await person.opens_home()
    await person.presses_home("Done today", about=ref)


async def events_of(house: SlackHouse, action: str, *, record: str = "") -> int:
    """How often something was done (to a kind of record), by the ledger."""
    entries = await house.store.ask(LIBRARY, lambda shelves: shelves.book.entries(after=0, limit=10_000))
    headers = [json.loads(entry.header) for entry in entries]
    return sum(header["action"] == action and record in {"", header["record"]} for header in headers)


async def test_from_a_comment_to_a_block_in_force_and_its_reminders(house: SlackHouse) -> None:
    robin, sam, dana = house.robin, house.sam, house.dana
    report = await asks_for_removal(robin)
    await house.deliver()
    assert any(report in said for said in house.channel("social-media"))

    await confirms_from_home(sam, report)
    assert "removed" in sam.sees.casefold()
    block = await asks_for_block(sam)
    await house.deliver()

    dana.taps = 0
    await dana.presses_in("decisions", "Approve", about=block)
    assert dana.sees.startswith("Approve the block")
    await dana.fills({"The request's reasons are mine": "No", "Your reason": WHY})
    assert dana.taps == 3
    assert "not in force" in dana.sees
    await house.deliver()
    cards = [one for one in house.slack.messages["decisions"] if block in read(one) and not one.get("thread_ts")]
    assert cards
    assert not [one for one in cards if find_button(one["blocks"], "Approve")], "the card has moved on"

    await confirms_from_home(sam, block)
    assert "in force from 2 March 2026" in sam.sees
    for day in range(1, 4):
        house.time.later(days=1)
        await house.deliver()
        del day
    assert any("Record of" in said for said in house.channel("records"))
    assert any("Due, " in said or "The week of" in said for said in house.channel("social-media"))
    keys = [
        one["metadata"]["event_payload"]["key"]
        for said in house.slack.messages.values()
        for one in said
        if "metadata" in one
    ]
    assert len(keys) == len(set(keys)), "nothing was posted twice"


async def test_only_the_director_decides_and_the_refusal_is_kept(house: SlackHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()

    await house.robin.presses_in("decisions", "Approve", about=block)

    assert "Director" in house.robin.sees
    assert HANDLE not in house.robin.sees
    assert await events_of(house, "refused") == 1
    assert await events_of(house, "block.approve") == 0


async def test_a_stale_press_is_answered_with_who_decided_and_when(house: SlackHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()
    await house.dana.presses_in("decisions", "Approve", about=block)
    second = house.dana.submission({"The request's reasons are mine": "No", "Your reason": WHY})
    await house.dana.fills({"The request's reasons are mine": "No", "Your reason": WHY})
    before = await events_of(house, "block.approve")

    second["trigger_id"] = house.slack.trigger("UDANA")
    await house.dana.submits(second)
    assert "You did this already, on 2 March 2026" in house.dana.sees

    await house.dana.presses_in("decisions", "Approve", about=block)
    assert block in house.dana.sees
    assert await events_of(house, "block.approve") == before


async def test_the_same_delivery_again_is_answered_the_same_and_done_once(house: SlackHouse) -> None:
    robin = house.robin
    await robin.types("/incident", "look")
    await robin.writes("due", event="Ev-again")
    await robin.writes("due", event="Ev-again")
    assert len(house.slack.messages["DUROBIN"]) == 1

    await robin.types("/incident")
    await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    body = robin.submission({"On which": "Facebook", "Link to it": LINK, "What it says": WORDS})
    first, again = await robin.submits(body), await robin.submits(body)
    assert first == again
    assert await events_of(house, "incident.report", record="incident") == 1
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(10))
    assert len(found) == 1


async def test_a_command_in_a_channel_is_answered_only_to_whoever_typed_it(house: SlackHouse) -> None:
    report = await asks_for_removal(house.robin)
    before = len(house.channel("social-media"))

    await house.sam.types("/incident", f"show {report}", channel="social-media")

    assert WORDS.split(",", maxsplit=1)[0] in house.sam.told[-1]
    assert len(house.channel("social-media")) == before


async def test_a_mention_is_answered_privately_and_words_nobody_knows_get_buttons(house: SlackHouse) -> None:
    await house.robin.writes("<@U0BOT> quux", channel="social-media")
    assert "I don't know those words" in house.robin.told[-1]
    await house.robin.writes("<@U0BOT> report", channel="social-media")
    await house.robin.presses_told("Open the form")
    assert house.robin.sees.startswith("Report an item")
    assert house.channel("social-media") == []


async def test_a_message_is_reported_with_its_words_and_its_file_only_after_the_page_that_allows_it(
    house: SlackHouse,
) -> None:
    house.slack.files["F1"] = PICTURE
    message = {
        "type": "message",
        "text": "<!channel> awful &lt;b&gt;",
        "user": "UJO",
        "ts": "1.2",
        "files": [{"id": "F1"}],
    }
    await house.robin.uses_shortcut(
        "message:incident.report", message=message, channel={"id": "social-media", "name": "social-media"}
    )
    await house.robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    assert house.slack.fetched == []
    assert "1 file of the message will be added" in house.robin.sees
    assert "awful <b>" in house.robin.sees
    await house.robin.fills({"On which": "Facebook", "There is no link": "Yes", "What became of it?": "Please look"})
    assert house.slack.fetched == ["F1"]
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(1))
    assert len(found[0].evidence) == 1


async def test_a_form_that_was_closed_waits_and_goes_on(house: SlackHouse) -> None:
    robin = house.robin
    await robin.types("/incident")
    await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    view = house.slack.views[house.slack.open_view["UROBIN"]]["view"]
    await house.send(
        "interactive",
        {
            "type": "view_closed",
            "user": {"id": "UROBIN", "team_id": TEAM},
            "team": {"id": TEAM},
            "view": {**view, "id": "V1"},
            "api_app_id": "A0",
        },
    )
    await house.settle()
    await robin.presses_told("Go on", about="put aside")
    assert robin.sees.startswith("The item")
    await robin.presses("Back")
    assert robin.sees.startswith("Report an item")


async def test_guests_strangers_and_unknown_people_are_refused_kindly(house: SlackHouse) -> None:
    house.slack.people["UROBIN"] = {"id": "UROBIN", "is_restricted": True}
    await house.robin.types("/due")
    assert "guest" in house.robin.told[-1]
    await house.nobody.types("/incident")
    assert "nobody" not in house.nobody.told[-1]
    stranger = SlackPerson(house, "USAM", team=TEAM)
    await stranger.sends_event(
        {
            "type": "app_mention",
            "user": "USAM",
            "user_team": "TELSE",
            "text": "due",
            "channel": "social-media",
            "ts": "1",
        }
    )
    assert "another organisation" in stranger.told[-1]
    assert await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(1)) == ()


async def test_nothing_of_another_workspace_is_shown(house: SlackHouse) -> None:
    report = await asks_for_removal(house.robin)
    other = SlackPerson(house, "UBIRCH-DIRECTOR", team=OTHER_TEAM)
    answer = await other.types("/incident", f"show {report}")
    assert "library" in answer["text"] or "not" in answer["text"]
    assert report not in read(answer.get("blocks", []))
    assert other.told == [read(answer)] or report not in "".join(other.told)


# -- what Slack and the network do --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reset", "500", "hang"])
@pytest.mark.parametrize("after", [False, True])
async def test_a_post_whose_end_nobody_saw_is_looked_up_and_stands_once(
    sqlite_url: str, tmp_path: Path, kind: str, *, after: bool
) -> None:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_slack(store, tmp_path, patience=0.4) as house:
        await loses_one_answer(house, kind, after=after)
    await store.close()


async def loses_one_answer(http_house: SlackHouse, kind: str, *, after: bool) -> None:
    """Lose the answer to one post, and go on."""
    await asks_for_removal(http_house.robin)
    http_house.slack.fails(kind, "chat.postMessage", after=after, seconds=1.0)

    await http_house.deliver()
    http_house.time.later(minutes=5)
    await http_house.deliver()

    keys = [one["metadata"]["event_payload"]["key"] for one in http_house.slack.messages["social-media"]]
    assert len(keys) == len(set(keys)), "what stands is not posted again"
    assert any(key.startswith("case:") for key in keys), "what does not stand is posted once it was looked for"
    assert await http_house.store.ask(LIBRARY, lambda shelves: shelves.messages.in_trouble()) == ()


async def test_too_many_requests_are_waited_for(http_house: SlackHouse) -> None:
    await asks_for_removal(http_house.robin)
    http_house.slack.fails("429", "chat.postMessage", seconds=30)

    await http_house.deliver()
    http_house.time.later(minutes=2)
    await http_house.deliver()

    assert await http_house.store.ask(LIBRARY, lambda shelves: shelves.messages.in_trouble()) == ()
    assert http_house.slack.messages["social-media"]


async def test_a_channel_without_the_bot_is_reported_to_the_administrator_on_the_home_tab(
    http_house: SlackHouse,
) -> None:
    http_house.slack.teams["xoxb-chicopee"].channels.discard("social-media")
    await asks_for_removal(http_house.robin)
    await http_house.deliver()
    assert "the bot is not in that channel; invite it there" in (await http_house.alex.opens_home()).replace(
        "The", "the"
    )
    await http_house.deliver()
    assert any("bot is not in that channel" in said for said in http_house.alex.told), "and by direct message"


async def test_a_form_opens_in_time_while_the_record_is_slow_and_is_filled_when_it_answers(
    sqlite_url: str, tmp_path: Path
) -> None:
    store = SqlStore.open(sqlite_url)
    slow = SlowDesk()
    async with chicopee_in_slack(store, tmp_path, desk=slow.over) as house:
        slow.seconds = 1.6
        started = asyncio.get_running_loop().time()
        sending = asyncio.create_task(house.robin.types("/incident"))
        await asyncio.sleep(1.4)
        assert NOT_READY in house.robin.sees, "opening a form saves nothing"
        await sending
        assert house.robin.sees.startswith("Report an item")
        assert asyncio.get_running_loop().time() - started < 3.0

        slow.seconds = 3.2
        started = asyncio.get_running_loop().time()
        body = house.robin.submission({"What is it?": "Complaint", "Could this show": "No"})
        answer = await house.send("interactive", body)
        assert asyncio.get_running_loop().time() - started < 3.0, "Slack waits three seconds"
        assert "Not saved yet" in read(answer["view"])
        house.slack.show(answer["view"], "UROBIN")
        await house.settle()
        assert house.robin.sees.startswith("The item")
    await store.close()


class SlowDesk:
    """A desk whose record takes its time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def over(self, desk: object) -> "SlowDesk":
        """Put it in front of a desk."""
        self.desk = desk
        return self

    def __getattr__(self, name: str) -> object:
        return getattr(self.desk, name)

    async def __call__(self, sent: object) -> object:
        await asyncio.sleep(self.seconds)
        return await self.desk(sent)  # type: ignore[operator]  # any desk


async def test_a_socket_that_is_dropped_costs_nothing(sqlite_url: str, tmp_path: Path) -> None:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_slack(store, tmp_path, socket=True) as house:
        while len(house.slack.sockets) < 2:  # noqa: ASYNC110 - both are on their way
            await asyncio.sleep(0.02)
        await house.robin.types("/incident")
        await house.slack.sockets[-1].close()
        await house.robin.fills({"What is it?": "Complaint", "Could this show": "No"})
        await house.robin.fills({"On which": "Facebook", "Link to it": LINK, "What it says": WORDS})
        assert the_ref(house.robin.sees, "I")
    await store.close()


async def test_with_a_revoked_token_nothing_is_lost_and_the_reason_is_kept(http_house: SlackHouse) -> None:
    report = await asks_for_removal(http_house.robin)
    http_house.slack.teams["xoxb-chicopee"].revoked = True
    await http_house.deliver()
    trouble = await http_house.store.ask(LIBRARY, lambda shelves: shelves.messages.in_trouble())
    assert {message.trouble for message in trouble} == {"The bot's token was revoked."}
    found = await http_house.store.ask(LIBRARY, lambda shelves: shelves.incidents.by_ref(report))
    assert found is not None


async def test_a_trigger_that_was_lost_leaves_a_button_to_the_form(http_house: SlackHouse) -> None:
    http_house.slack.fails("expired_trigger_id", "views.open")
    await http_house.robin.types("/incident")
    await http_house.robin.presses_told("Open the form")
    assert http_house.robin.sees.startswith("Report an item")


async def test_32_presses_at_once_from_the_directors_sessions_make_one_decision(http_house: SlackHouse) -> None:
    await confirms_from_home(http_house.sam, await asks_for_removal(http_house.robin))
    block = await asks_for_block(http_house.sam)
    bodies = []
    for _ in range(32):
        await http_house.dana.opens_home()
        await http_house.dana.presses_home("Approve", about=block)
        bodies.append(http_house.dana.submission({"The request's reasons are mine": "No", "Your reason": WHY}))

    given = await asyncio.gather(*(http_house.send("interactive", body) for body in bodies))
    await http_house.settle()
    answers = [read(answer["view"]) for answer in given]
    for place, body in enumerate(bodies):
        if NOT_SAVED in answers[place]:  # on a busy machine: then what came of it stands there afterwards
            answers[place] = read(http_house.slack.views[body["view"]["id"]]["view"])

    assert sum("Approved. It is in force once an editor confirms." in said for said in answers) == 1
    assert sum("You approved this on 2 March 2026" in said for said in answers) == 31
    assert await events_of(http_house, "block.approve", record="block") == 1


# -- who may send at all ---------------------------------------------------------------------------------------------

FORGED = {
    "no signature": {"X-Slack-Signature": ""},
    "another secret": {},
    "a time that is no number": {"X-Slack-Request-Timestamp": "soon"},
    "a time of other digits": {"X-Slack-Request-Timestamp": "١٢٣"},
    "an old request": {},
    "a signature beyond ASCII": {"X-Slack-Signature": "v0=é"},
    "an empty time": {"X-Slack-Request-Timestamp": ""},
    "a negative time": {"X-Slack-Request-Timestamp": "-5"},
}


@pytest.mark.parametrize("how", FORGED)
async def test_a_forged_request_is_refused_and_its_body_is_in_no_log(
    http_house: SlackHouse, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    raw, content = encoded("slash_commands", {"command": "/due", "user_id": "UDANA", "team_id": TEAM, "text": "snolly"})
    at = int(time()) - 600 if how == "an old request" else None
    headers = signed(raw, at=at, secret="x" if how == "another secret" else SECRET) | FORGED[how]
    async with (
        ClientSession() as http,
        http.post(http_house.url, data=raw, headers={"Content-Type": content, **headers}) as answer,
    ):
        assert answer.status == 401
    assert "snolly" not in caplog.text


async def test_no_body_stands_in_any_log(http_house: SlackHouse, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="duenotice")
    caplog.set_level("DEBUG", logger="slack_bolt")
    await asks_for_removal(http_house.robin)
    assert WORDS.split(",", maxsplit=1)[0] not in caplog.text
    assert "response" not in caplog.text


async def test_setup_chooses_people_and_channels_from_slacks_own_lists(house: SlackHouse) -> None:
    alex = house.alex
    await alex.types("/duenotice", "setup")
    await alex.presses_told("Add a person")
    kinds = {block["element"]["type"] for block in alex.modal["blocks"] if block["type"] == "input"}
    assert "users_select" in kinds
    await alex.fills({"Name": "Lee Park", "Their id": "ULEE", "Role": "Member of staff"})
    await house.lee.types("/incident")
    assert house.lee.sees.startswith("Report an item")

    await alex.types("/duenotice", "setup")
    await alex.presses_told("Channel")
    await alex.fills({"Which one?": "#records", "Its id": "C0NEW"})
    library = await house.store.ask(LIBRARY, lambda shelves: shelves.registry.library())
    assert "C0NEW" in {place.channel for place in library.channels.values()}
