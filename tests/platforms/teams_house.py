"""Chicopee's library in Teams, with Birch's in another tenant on the same record: the whole program over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - Microsoft's own clock dates its tokens
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.teams.connector import LIMITS
from adapters.teams.platform import Limits, Teams, TeamsSettings
from bot.desk import Desk
from bot.founding import Charter, found
from bot.policy.terms import Channel
from bot.rounds import Rounds
from bot.training import CHARTER
from storage.store import SqlStore
from storage.vault import FolderVault
from tests.people import BIRCH_CHARTER, Time
from tests.platforms.fake_entra import APP_ID, APP_SECRET, OTHER_TENANT, TENANT, FakeEntra, Thing
from tests.platforms.fake_teams import Account, FakeTeams, running
from tests.platforms.teams_people import PATIENCE, Send, TeamsPerson, object_id


def in_teams(charter: Charter, tenant: str) -> Charter:
    """A library as it is begun in Teams."""
    return replace(
        charter,
        platform="teams",
        tenant=tenant,
        members=tuple(replace(member, user=object_id(member.user)) for member in charter.members),
        channels={one: f"19:{place}@thread.tacv2" for one, place in charter.channels.items()},
    )


TEAMS_CHARTER = in_teams(CHARTER, TENANT)
TEAMS_BIRCH = in_teams(BIRCH_CHARTER, OTHER_TENANT)


def settled(teams: FakeTeams) -> None:
    """Everybody of both libraries, and their channels."""
    for charter, original, tenant in ((TEAMS_CHARTER, CHARTER, TENANT), (TEAMS_BIRCH, BIRCH_CHARTER, OTHER_TENANT)):
        for member in charter.members:
            teams.account(member.user, member.name, tenant=tenant)
        for channel in Channel:
            teams.channel(original.channels[channel], tenant=tenant)


def teams_settings(teams: FakeTeams) -> TeamsSettings:
    """The bot's settings, pointed at the fake."""
    return TeamsSettings(
        app_id=APP_ID, password=APP_SECRET, tenant=TENANT, login=teams.entra.login_url, openid=teams.entra.metadata_url
    )


@dataclass
class TeamsHouse:
    """Chicopee's library in Teams. ``house.sam`` is the editor."""

    teams: FakeTeams
    store: SqlStore
    vault: FolderVault
    time: Time
    platform: Teams
    rounds: Rounds
    desk: Desk
    url: str
    http: ClientSession
    people: dict[str, TeamsPerson] = field(default_factory=dict)
    quiet: Callable[[], Awaitable[None]] | None = None

    def __getattr__(self, user: str) -> TeamsPerson:
        """Whoever has this account."""
        if user.startswith("_"):
            raise AttributeError(user)
        return self.somebody(user)

    def somebody(self, user: str, *, tenant: str = TENANT, role: str = "user") -> TeamsPerson:
        """Whoever has this account, of another tenant or as a guest too."""
        account = self.teams.account(object_id(user), user.title(), tenant=tenant, role=role)
        return self.people.setdefault(user, self.person(account))

    def person(self, account: Account, send: Send | None = None) -> TeamsPerson:
        """Somebody at a device of their own."""
        return TeamsPerson(self.teams, account, send or self.send, self.settle, self.time.later)

    async def send(self, activity: Thing) -> Thing:
        """Send an activity as Azure Bot Service does, and give what was answered."""
        status, answer = await self.posts(activity)
        assert status == 200, (status, activity.get("name"), answer)
        assert activity["type"] == "invoke" or not answer, answer
        return answer

    async def posts(
        self, activity: object, *, token: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Thing]:
        """Post anything to the bot; the status and the answer."""
        service = activity.get("serviceUrl", "") if isinstance(activity, dict) else ""
        bearer = self.teams.entra.token(service) if token is None else token
        raw = BytesIO(activity if isinstance(activity, bytes) else json.dumps(activity).encode())
        sent = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {bearer}"}
        started = asyncio.get_running_loop().time()
        async with self.http.post(
            f"{self.url}/api/messages", data=raw, headers=headers if headers is not None else sent
        ) as answered:
            text = await answered.text()
            assert asyncio.get_running_loop().time() - started < PATIENCE, "Teams waits ten seconds"
            return answered.status, json.loads(text) if text.startswith("{") else {"": text} if text else {}

    async def deliver(self) -> None:
        """Make the round, and what waits a minute."""
        await self.rounds.run()
        self.time.later(minutes=2)
        await self.rounds.deliver()

    async def settle(self) -> None:
        """Wait for everything that follows an answer."""
        await (self.quiet or self.platform.desk.finish)()

    def check(self) -> None:
        """Nothing was sent that Teams would have refused or shown otherwise."""
        assert self.teams.complaints == [], "\n".join(self.teams.complaints)
        assert self.teams.entra.complaints == []


@asynccontextmanager
async def chicopee_in_teams(
    store: SqlStore,
    folder: Path,
    *,
    patience: float = 5.0,
    slow: float = Limits().slow,
    desk: Callable[[Desk], Any] | None = None,
    teams: FakeTeams | None = None,
    sends_files: bool = True,
    settings: Callable[[FakeTeams], TeamsSettings] = teams_settings,
) -> AsyncIterator[TeamsHouse]:
    """The library at work in Teams."""
    at = Time()
    vault = FolderVault(folder, now=at)
    for charter in (TEAMS_CHARTER, TEAMS_BIRCH):
        await found(charter, store=store, vault=vault, now=at())
    async with running(teams or FakeTeams(now=monotonic, entra=FakeEntra(wall=time))) as fake:
        settled(fake)
        inner = Desk(store=store, vault=vault, clock=at)

        async def library_of(tenant: str) -> str:
            known = await store.library_for("teams", tenant)
            return str(known) if known else ""

        told = settings(fake)
        platform = Teams.build(
            desk(inner) if desk else inner,
            replace(told, sends_files=told.sends_files and sends_files),
            library_of=library_of,
            places=store,
            now=fake.now,
            wall=fake.entra.wall,
            limits=Limits(patience=patience, slow=slow, pace=LIMITS if fake.limits else ()),
        )
        rounds = Rounds(store=store, vault=vault, messengers=(platform.messenger,), clock=at)
        app = web.Application(client_max_size=1024 * 1024)
        platform.add_routes(app)
        server = TestServer(app)
        await server.start_server()
        async with ClientSession() as http:
            house = TeamsHouse(
                teams=fake,
                store=store,
                vault=vault,
                time=at,
                platform=platform,
                rounds=rounds,
                desk=inner,
                url=f"http://127.0.0.1:{server.port}",
                http=http,
            )
            try:
                await house.alex.installs(fake.channel("social-media"))
                await house.somebody("birch-admin", tenant=OTHER_TENANT).installs(
                    fake.channel("birch", tenant=OTHER_TENANT)
                )
                yield house
                await house.settle()
                house.check()
            finally:
                await platform.close()
                await server.close()
                await asyncio.sleep(0)
