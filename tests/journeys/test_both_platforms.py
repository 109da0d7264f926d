"""One program, one record, two chats: a library in Slack that is taken into Teams as well, and its people with it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - the platforms' own clocks sign what they send

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot import settings as environment
from bot.cards import Identity, Submission
from bot.connected import connected
from bot.desk import Desk
from bot.founding import Member, found, install
from bot.refusal import Refusal
from bot.training import LIBRARY
from storage.store import SqlStore
from storage.vault import FolderVault
from tests.platforms.fake_entra import APP_ID, APP_SECRET, OTHER_TENANT, TENANT, FakeEntra, Thing
from tests.platforms.fake_slack import SECRET, TEAM, TOKEN, FakeSlack
from tests.platforms.fake_slack import running as slack_running
from tests.platforms.fake_teams import FakeTeams
from tests.platforms.fake_teams import running as teams_running
from tests.platforms.slack_people import SLACK_CHARTER, encoded, signed
from tests.platforms.teams_people import TeamsPerson, object_id

ALEX = Member(name="Alex Rivera", user=object_id("alex"), roles=())


@dataclass
class Program:
    """The whole program, as both platforms reach it."""

    url: str
    slack: FakeSlack
    teams: FakeTeams
    http: ClientSession
    store: SqlStore

    def in_teams(self, user: str) -> TeamsPerson:
        """Somebody in Teams."""
        account = self.teams.account(object_id(user), user.title(), tenant=TENANT)
        return TeamsPerson(self.teams, account, self.sends, self.settles, lambda **_: None)

    async def sends(self, activity: Thing) -> Thing:
        """An activity with a true token."""
        headers = {"Authorization": f"Bearer {self.teams.entra.token(activity['serviceUrl'])}"}
        async with self.http.post(f"{self.url}/api/messages", json=activity, headers=headers) as answer:
            assert answer.status == 200
            text = await answer.text()
            said: Thing = json.loads(text) if text else {}
            return said

    async def settles(self) -> None:
        """Wait for what follows an answer."""
        await asyncio.sleep(0.1)

    async def in_slack(self, user: str, command: str, text: str) -> str:
        """A slash command; what it says."""
        raw, content = encoded(
            "slash_commands",
            {
                "command": command,
                "text": text,
                "user_id": user,
                "team_id": TEAM,
                "channel_id": "D1",
                "trigger_id": self.slack.trigger(user),
                "response_url": self.slack.response_url(user),
            },
        )
        headers = {"Content-Type": content, **signed(raw)}
        async with self.http.post(f"{self.url}/slack/events", data=raw, headers=headers) as answer:
            assert answer.status == 200
            return await answer.text()


def now() -> datetime:
    return datetime.fromtimestamp(time(), UTC)


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Program]:
    async with (
        slack_running(FakeSlack(now=monotonic)) as slack,
        teams_running(FakeTeams(now=monotonic, entra=FakeEntra(wall=time))) as teams,
    ):
        settings = environment.read(
            {
                "DUENOTICE_DATA": str(tmp_path),
                "SLACK_BOT_TOKEN": TOKEN,
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": f"{slack.url}/api/",
                "MICROSOFT_APP_ID": APP_ID,
                "MICROSOFT_APP_PASSWORD": APP_SECRET,
                "MICROSOFT_APP_TENANT_ID": TENANT,
                "MICROSOFT_LOGIN_URL": teams.entra.login_url,
                "MICROSOFT_OPENID_METADATA_URL": teams.entra.metadata_url,
            }
        )
        store = SqlStore.open(settings.database_url)
        await found(SLACK_CHARTER, store=store, vault=FolderVault(tmp_path, now=now), now=now())
        async with connected(settings, clock=now, monotonic=monotonic) as app, ClientSession() as http:
            server = TestServer(app)
            await server.start_server()
            url = f"http://127.0.0.1:{server.port}"
            yield Program(url=url, slack=slack, teams=teams, http=http, store=store)
            await server.close()
        await store.close()
        assert teams.complaints == []


async def taken_into_teams(program: Program, tmp_path: Path, *, tenant: str = TENANT, member: Member = ALEX) -> None:
    vault = FolderVault(tmp_path, now=now)
    await install(LIBRARY, platform="teams", tenant=tenant, member=member, store=program.store, vault=vault, now=now())


async def test_before_there_is_a_library_whoever_asks_is_told_how_one_begins(program: Program) -> None:
    robin = program.in_teams("robin")
    answer = await robin.writes("home")
    assert f"--tenant {TENANT}" in answer
    assert robin.account.object_id in answer


async def test_a_person_who_was_linked_decides_in_teams_what_was_asked_for_in_slack(
    program: Program, tmp_path: Path
) -> None:
    await taken_into_teams(program, tmp_path)
    alex, dana = program.in_teams("alex"), program.in_teams("dana")
    assert "I don't know you yet" in await dana.writes("home")

    await alex.writes("setup")
    await alex.presses_told("Link a person")
    await alex.fills({"Who is on file": "Dana Whitfield", "Their id": dana.account.object_id})

    assert "Dana Whitfield, Library Director" in await dana.writes("home")
    assert "Dana Whitfield, Library Director" in await program.in_slack("UDANA", "/duenotice", "home")
    people = await program.store.ask(LIBRARY, lambda shelves: shelves.registry.people())
    [director] = [person for person in people if person.name == "Dana Whitfield"]
    assert sorted(identity.platform for identity in director.identities) == ["slack", "teams"]

    block = await asked_for_in_slack(program, tmp_path)
    await dana.writes("home")
    await dana.presses_told("Approve", about=block)
    await dana.fills({"The request's reasons are mine": "Yes"})

    assert "approved by Dana Whitfield" in await program.in_slack("UDANA", "/block", f"show {block}")
    entries = await program.store.ask(LIBRARY, lambda shelves: shelves.book.of_case(block))
    headers = [json.loads(one.header) for one in entries]
    assert [one["action"] for one in headers if one["record"] == "block"].count("block.approve") == 1


async def asked_for_in_slack(program: Program, tmp_path: Path) -> str:
    """An editor asks for a block from an account in Slack; returns the reference."""
    desk = Desk(store=program.store, vault=FolderVault(tmp_path, now=now), clock=now)
    sam = Identity(platform="slack", tenant=TEAM, user="USAM")
    asks = Submission(library=str(LIBRARY), intent="block.request", actor=sam)
    page = (await desk(asks)).page
    assert page
    offered = {field.name: field.options[0].value for field in page.page.fields if field.options}
    first = {"handles": ("Facebook: @quibble",), "accounts": (offered["accounts"],), "grounds": (offered["grounds"],)}
    page = (await desk(replace(asks, token=page.token, page=1, values=first))).page
    assert page
    second = {field.name: ("It repeats.",) for field in page.page.fields}
    return (await desk(replace(asks, token=page.token, page=2, values=second))).about


async def test_what_was_begun_in_one_chat_is_there_in_the_other(program: Program, tmp_path: Path) -> None:
    await taken_into_teams(program, tmp_path)
    alex = program.in_teams("alex")
    await alex.writes("please look")
    await alex.presses_told("Open the form")
    await alex.fills({"On which": "Facebook"})

    kept = await program.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(5))
    assert len(kept) == 1
    assert kept[0].ref in await program.in_slack("UALEX", "/incident", f"show {kept[0].ref}")


async def test_a_library_is_taken_only_where_there_is_none_and_by_an_administrator(
    program: Program, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match="no administrator on file"):
        await taken_into_teams(program, tmp_path, member=Member(name="Robin Hale", user="x", roles=()))
    assert await program.store.library_for("teams", TENANT) is None

    await taken_into_teams(program, tmp_path)
    await taken_into_teams(program, tmp_path)
    assert await program.store.library_for("teams", TENANT) == LIBRARY
    assert await program.store.library_for("teams", OTHER_TENANT) is None
    robin = program.in_teams("robin")
    assert "I don't know you yet" in await robin.writes("home")
