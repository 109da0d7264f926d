"""Two workspaces, two libraries, one program: nothing of one is seen in the other, over HTTP and over sockets."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.slack.platform import CONNECTIONS
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys.test_slack import asks_for_block, asks_for_removal
from tests.people import BIRCH, LINK, WORDS
from tests.platforms.fake_slack import TEAM, TOKEN
from tests.platforms.slack_installs import OTHER_TEAM, OTHER_TOKEN, TwoInstalls
from tests.platforms.slack_people import SlackHouse, SlackPerson, chicopee_in_slack
from tests.platforms.slack_reading import find_button, read

BIRCH_CHANNELS = {"birch-social-media", "birch-decisions", "birch-records"}


@pytest.fixture(params=["http", "socket"])
async def house(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> AsyncIterator[SlackHouse]:
    store = SqlStore.open(sqlite_url)
    socket = request.param == "socket"
    async with chicopee_in_slack(store, tmp_path, socket=socket, installs=TwoInstalls()) as opened:
        opened.slack.install(OTHER_TEAM, OTHER_TOKEN, BIRCH_CHANNELS)
        while socket and len(opened.slack.sockets) < CONNECTIONS:  # noqa: ASYNC110 - they are on their way
            await asyncio.sleep(0.02)
        yield opened
    await store.close()


def of_birch(house: SlackHouse, user: str) -> SlackPerson:
    """Somebody of Birch, or an account of its workspace with the same id as one of Chicopee's."""
    return SlackPerson(house, user, team=OTHER_TEAM)


async def everything_shown(house: SlackHouse, person: SlackPerson) -> str:
    """All that an account was ever shown, in any way."""
    slack = house.slack
    views = [shown["view"] for shown in slack.views.values() if shown["user"] == person.user]
    home = slack.homes.get(person.user, {})
    return "\n".join([*person.told, *map(read, views), read(home), json.dumps(views)])


async def test_whatever_is_asked_in_one_workspace_shows_nothing_of_the_other(house: SlackHouse) -> None:
    report = await asks_for_removal(house.robin)
    block = await asks_for_block(house.sam)
    await house.deliver()
    director = of_birch(house, "UBIRCH-DIRECTOR")

    for words in (report, block, "snollygoster", LINK, WORDS, "@quibbleworth"):
        for command, text in (("/incident", f"show {words}"), ("/block", f"show {words}"), ("/due", f"show {words}")):
            await director.types(command, text)
        await director.writes(f"search {words}")
        await director.writes(f"history {words}")
    for text in ("who", "setup", "home"):
        await director.types("/duenotice", text)
    await director.opens_home()
    await director.types("/due")

    said = (await everything_shown(house, director)).casefold()
    assert "birch" in said
    for theirs in ("chicopee public library", "dana whitfield", "robin hale", "sam okafor", "flibbertigibbet", "pills"):
        assert theirs not in said.replace(WORDS, ""), theirs


async def test_the_same_account_id_in_the_other_workspace_is_nobody(house: SlackHouse) -> None:
    report = await asks_for_removal(house.robin)
    await house.deliver()
    dana = of_birch(house, "UDANA")

    await dana.types("/incident", f"show {report}")
    await dana.types("/duenotice", "setup")

    assert "I don't know you yet" in dana.told[0]
    assert report not in "".join(dana.told)


async def test_a_button_and_a_page_of_one_library_do_nothing_in_the_other(house: SlackHouse) -> None:
    block = await asks_for_block(house.sam)
    await house.deliver()
    card = next(one for one in house.slack.messages["decisions"] if block in read(one))
    approve = find_button(card["blocks"], "Approve")
    assert approve
    director = of_birch(house, "UBIRCH-DIRECTOR")
    await director.press(approve, channel="birch-decisions")
    assert f"There is no {block} here" in director.sees

    await house.dana.presses_in("decisions", "Approve", about=block)
    page = house.dana.submission({"The request's reasons are mine": "Yes"})
    page |= {"user": {"id": director.user, "team_id": OTHER_TEAM}, "team": {"id": OTHER_TEAM}}
    page["trigger_id"] = house.slack.trigger(director.user)
    await director.submits(page)

    undecided = await house.store.ask(LIBRARY, lambda shelves: shelves.blocks.undecided())
    assert [one.ref for one in undecided] == [block]
    assert await house.store.ask(BIRCH, lambda shelves: shelves.blocks.recent(1)) == ()


async def test_reminders_go_to_each_librarys_own_channels_with_its_own_token(house: SlackHouse) -> None:
    await asks_for_removal(house.robin)
    for _ in range(3):
        await house.deliver()
        house.time.later(days=1)

    for channel, messages in house.slack.messages.items():
        if not messages:
            continue
        teams = {one["team"] for one in messages}
        assert teams == {OTHER_TEAM if channel in BIRCH_CHANNELS else TEAM}, channel
    assert house.slack.messages["birch-records"]


async def test_a_workspace_that_removed_the_app_takes_nothing_of_the_other_with_it(house: SlackHouse) -> None:
    director = of_birch(house, "UBIRCH-DIRECTOR")
    house.slack.teams[OTHER_TOKEN].revoked = True
    await director.sends_event({"type": "app_uninstalled"})
    answer = await director.types("/due")
    assert "This workspace has no library yet" in answer["text"]

    await house.dana.types("/due")
    assert "due" in house.dana.told[-1].casefold()
    kept = await house.store.ask(BIRCH, lambda shelves: shelves.registry.library())
    assert kept.name == "Birch Public Library"


@pytest.mark.parametrize("house", ["socket"], indirect=True)
async def test_deliveries_come_down_whichever_socket_there_is(house: SlackHouse) -> None:
    for _ in range(6):
        house.slack.sockets.append(house.slack.sockets.pop(0))  # the next delivery takes another connection
        before = len(house.robin.told)
        await house.robin.types("/due")
        assert len(house.robin.told) == before + 1
    first, second = house.slack.sockets[:CONNECTIONS]
    await first.close()
    await house.robin.types("/incident")
    assert house.robin.sees.startswith("Report an item")
    await second.close()
    for _ in range(500):
        if len(house.slack.sockets) >= CONNECTIONS:
            break
        await asyncio.sleep(0.02)
    await house.robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    assert house.robin.sees.startswith("The item")


async def test_a_reminder_renews_a_token_that_is_about_to_expire_before_it_is_sent(house: SlackHouse) -> None:
    await asks_for_removal(house.robin)
    installs = house.installs
    assert isinstance(installs, TwoInstalls)
    installs.kept[TEAM] = replace(installs.kept[TEAM], refresh="next please", expires=60.0)
    house.slack.codes["next please"] = {"ok": True, "access_token": "xoxb-renewed", "expires_in": 43_200}
    house.slack.install(TEAM, "xoxb-renewed", {"social-media", "decisions", "records"})
    before = house.slack.calls.count("oauth.v2.access")
    house.platform.workspaces.forget(TEAM)  # it is read again within a minute
    workspaces = await asyncio.gather(*(house.platform.workspaces.of(TEAM) for _ in range(10)))
    assert {workspace.token for workspace in workspaces if workspace} == {"xoxb-renewed"}
    del house.slack.teams[TOKEN]
    await house.deliver()

    assert house.slack.messages["social-media"]
    assert house.slack.calls.count("oauth.v2.access") == before + 1
    assert installs.kept[TEAM].token == "xoxb-renewed"  # noqa: S105 - of no real workspace
    trouble = await house.store.ask(LIBRARY, lambda shelves: shelves.messages.in_trouble())
    assert trouble == ()
