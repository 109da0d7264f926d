"""Who may be answered in Teams: each tenant its own library, staff and no guests, and hostile words that stay words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.teams.desk import STAFF_ONLY
from bot.cards import Identity, Standing, Submission
from bot.founding import Member, found, install
from bot.training import LIBRARY
from storage.store import SqlStore
from storage.vault import FolderVault
from tests.journeys.test_teams import (
    APPROVAL,
    asks_for_block,
    asks_for_removal,
    begins,
    confirms_from_home,
    events_of,
    stands_in,
)
from tests.people import BIRCH, HANDLE, LINK, SECRETS, Time
from tests.platforms.fake_entra import OTHER_TENANT, TENANT
from tests.platforms.fake_slack import TEAM
from tests.platforms.slack_people import SLACK_CHARTER
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams
from tests.platforms.teams_people import object_id, read
from tests.platforms.teams_rules import wrong_with_message
from tests.platforms.test_practice_render import HOSTILE


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as opened:
        yield opened
    await store.close()


async def test_nothing_of_one_tenant_is_seen_in_another(house: TeamsHouse) -> None:
    report = await asks_for_removal(house.robin)
    await confirms_from_home(house.sam, report)
    block = await asks_for_block(house.sam)
    await house.deliver()
    theirs = house.somebody("birch-director", tenant=OTHER_TENANT)

    for words in (f"show {report}", f"show {block}", f"history {HANDLE}", "search snolly", "reports", "blocks", "due"):
        said = (await theirs.writes(words)).casefold()
        assert said, words
        assert not [secret for secret in SECRETS if secret in said and secret not in words], (words, said)
        assert "chicopee" not in said
        assert report not in words or "there is no" in said, said
        assert report in words or report.casefold() not in said, (words, said)
    birch = [one for one in house.teams.conversations.values() if one.tenant == OTHER_TENANT]
    assert not [post for one in birch for post in one.posts if "Chicopee" in read(post.said)]


async def test_a_button_of_one_tenant_pressed_in_another_does_nothing(house: TeamsHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()
    await house.dana.presses_in("decisions", "Approve", about=block)
    stolen = house.dana.sending(APPROVAL)
    theirs = house.somebody("birch-director", tenant=OTHER_TENANT)
    frame = theirs.activity("invoke", name="task/submit", value=stolen["value"])

    await theirs.submits(frame)

    assert await events_of(house.store, "block.approve") == 0
    assert await events_of(house.store, "block.approve", library=BIRCH) == 0
    assert "flibber" not in theirs.sees.casefold()
    await house.dana.fills(APPROVAL)
    assert await events_of(house.store, "block.approve", record="block") == 1


async def test_the_same_person_in_slack_and_in_teams_is_one_actor_once_an_administrator_says_so(
    sqlite_url: str, tmp_path: Path
) -> None:
    store = SqlStore.open(sqlite_url)
    at = Time()()
    vault = FolderVault(tmp_path, now=lambda: at)
    await found(SLACK_CHARTER, store=store, vault=vault, now=at)
    alex = Member(name="Alex Rivera", user=object_id("alex"), roles=())
    await install(LIBRARY, platform="teams", tenant=TENANT, member=alex, store=store, vault=vault, now=at)
    async with chicopee_in_teams(store, tmp_path) as house:
        before = await house.dana.writes("complaint")
        assert "administrator" in before.casefold(), "nobody knows yet who that is"

        await house.alex.writes("setup")
        await house.alex.presses_told("Link a person's accounts")
        await house.alex.fills({"Who is on file": "Dana Whitfield", "Their id": object_id("dana")})
        await begins(house.dana, "complaint")
        await house.dana.fills({"On which": "Facebook"})

        in_slack = Identity(platform="slack", tenant=TEAM, user="UDANA")
        sent = Submission(library=str(LIBRARY), intent="incident.look", actor=in_slack)
        page = (await house.desk(sent)).page
        assert page
        account = page.page.fields[0].options[0].value
        values = {**page.values, "account": (account,)}
        assert (await house.desk(replace(sent, token=page.token, page=1, values=values))).about
        both = await store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(2))
        assert len({report.reported_by for report in both}) == 1
        assert len({report.ref for report in both}) == 2
    await store.close()


@pytest.mark.parametrize("role", ["guest", "anonymous"])
async def test_guests_and_anonymous_users_are_told_so_where_they_wrote_and_learn_nothing(
    role: str, house: TeamsHouse
) -> None:
    visitor = house.somebody("sam")
    visitor.account.role, visitor.account.installed = role, False
    report = await asks_for_removal(house.robin)
    for words in ("home", f"show {report}", "report"):
        await visitor.writes(words, house.teams.channel("social-media"))
    await house.settle()
    assert [read(post.said) for post in house.teams.channel("social-media").posts] == [STAFF_ONLY] * 3
    assert visitor.chat.posts == []


async def test_a_guest_on_the_list_of_people_gets_no_form_wherever_they_ask(house: TeamsHouse) -> None:
    elsewhere = house.teams.group("between people")
    elsewhere.roster = False
    guest = house.somebody("sam")
    guest.account.role = "guest"
    await guest.opens("incident.report", payload={"body": {"contentType": "text", "content": "x"}}, place=elsewhere)
    assert "You are a guest" in guest.sees
    assert "Report an item" not in guest.sees
    account = Identity(platform="teams", tenant=TENANT, user=guest.account.object_id)
    kept = await house.store.ask(LIBRARY, lambda shelves: shelves.registry.by_identity(account))
    assert kept is not None
    assert kept.standing is Standing.GUEST


async def test_somebody_of_another_organisation_is_refused_kindly(house: TeamsHouse) -> None:
    visitor = house.somebody("sam")
    visitor.account.tenant = "00000000-7e4a-4000-8000-0000000000dd"
    made = visitor.message("home", house.teams.channel("social-media"))
    made["channelData"]["tenant"]["id"] = TENANT
    await visitor.sends(made)
    assert await events_of(house.store, "home") == 0
    assert not [said for said in visitor.told if "Sam Okafor" in said]
    assert [read(post.said) for post in house.teams.channel("social-media").posts] == [STAFF_ONLY]


async def test_whoever_is_not_in_the_library_learns_nothing_and_what_to_do(house: TeamsHouse) -> None:
    report = await asks_for_removal(house.robin)
    stranger = house.somebody("nobody")
    said = await stranger.writes(f"show {report}")
    assert "administrator" in said.casefold() or "setup" in said.casefold()
    assert "snolly" not in said.casefold()


async def test_a_bot_and_an_activity_without_a_person_are_not_heard(house: TeamsHouse) -> None:
    nameless = house.robin.message("home")
    del nameless["from"]["aadObjectId"]
    await house.robin.sends(nameless)
    assert [read(post.said) for post in house.robin.chat.posts] == [STAFF_ONLY]


MARKUP = (
    "**bold** _slanted_ [click](https://evil.example) ![x](https://evil.example/x.png) <at>Dana</at> <b>b</b>"
    " {{DATE(2026-03-02T00:00:00Z,SHORT)}} &lt;at&gt; `code` # head\n- one\n1. two\n> said"
)


@pytest.mark.parametrize("hostile", [*HOSTILE.values(), MARKUP], ids=[*HOSTILE, "markup"])
async def test_hostile_words_stay_words(house: TeamsHouse, hostile: str) -> None:
    words = hostile[:2000]
    await begins(house.robin, "report")
    await house.robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    await house.robin.fills(
        {"On which": "Facebook", "Link to it": LINK, "What it says": words, "What became of it?": "Please look"}
    )
    await house.deliver()
    await house.sam.writes("reports")
    await house.sam.presses_told("Open", about="I-2026-0001")
    payloads = house.teams.payloads
    assert payloads
    for payload in payloads:
        if payload.get("type") == "message":
            assert wrong_with_message(payload) == []
            assert "mention" not in str(payload.get("entities"))
    assert not [
        said for channel in ("social-media", "decisions") for said in stands_in(house.teams, channel) if words in said
    ]
