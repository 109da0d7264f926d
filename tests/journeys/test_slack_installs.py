"""Several workspaces: installed through Slack's consent page, each a library of its own, rotated and removed."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - Slack's own clock signs its requests
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from adapters.slack.platform import CONNECTIONS
from bot import settings as environment
from bot.connected import SealedInstalls, connected
from bot.refusal import Refusal
from storage.store import SqlStore
from tests.platforms.fake_slack import APP_TOKEN, SECRET, TOKEN, FakeSlack, Thing, running
from tests.platforms.slack_people import encoded, signed

KEY = "a secret key of more than thirty-two characters"
ELM, OAK = "T0ELM", "T0OAK"
_numbers = count(1)


@dataclass
class Program:
    """The whole program, as its users and Slack reach it."""

    url: str
    slack: FakeSlack
    http: ClientSession
    database: str

    async def install(self, team: str, installer: str, *, expires: int = 0, token: str = "") -> str:
        """Install the app as a browser does; returns the last page."""
        token = token or f"xoxb-{team}"
        self.slack.install(team, token, {"C1"})
        answer = {"ok": True, "access_token": token, "bot_user_id": "U0BOT", "authed_user": {"id": installer}}
        answer |= {"team": {"id": team, "name": f"Library of {team}"}}
        if expires:
            answer |= {"refresh_token": f"refresh-{team}", "expires_in": expires}
        self.slack.codes[f"code-{team}"] = answer
        async with self.http.get(f"{self.url}/slack/install", allow_redirects=False) as away:
            state = parse_qs(urlsplit(away.headers["Location"]).query)["state"][0]
            cookie = away.headers["Set-Cookie"].split(";")[0]
        back = f"{self.url}/slack/oauth_redirect"
        async with self.http.get(
            back, params={"code": f"code-{team}", "state": state}, headers={"Cookie": cookie}
        ) as page:
            return await page.text()

    async def command(self, team: str, user: str, command: str, text: str = "") -> Thing:
        """A slash command; what it says."""
        body = {"command": command, "text": text, "user_id": user, "team_id": team, "channel_id": "D1"}
        body |= {"trigger_id": self.slack.trigger(user), "response_url": self.slack.response_url(user)}
        return await self.send("slash_commands", body)

    async def happens(self, team: str, event: Thing) -> None:
        """Something about a workspace that Slack tells."""
        body = {"type": "event_callback", "team_id": team, "event_id": f"Ev{next(_numbers)}", "event": event}
        await self.send("events_api", body)

    async def send(self, kind: str, body: Thing) -> Thing:
        """A signed delivery, or one down a socket."""
        if self.slack.sockets:
            return await self.slack.through_socket(kind, body)
        raw, content = encoded(kind, body)
        async with self.http.post(
            f"{self.url}/slack/events", data=raw, headers={"Content-Type": content, **signed(raw)}
        ) as answer:
            assert answer.status == 200, await answer.text()
            text = await answer.text()
            said: Thing = json.loads(text) if text else {}
            return said


@asynccontextmanager
async def a_program(folder: Path, *, socket: bool = False) -> AsyncIterator[Program]:
    async with running(FakeSlack(now=monotonic)) as slack:
        settings = environment.read(
            ({"SLACK_APP_TOKEN": APP_TOKEN} if socket else {})
            | {
                "DUENOTICE_DATA": str(folder),
                "DUENOTICE_SECRET_KEY": KEY,
                "SLACK_CLIENT_ID": "1.2",
                "SLACK_CLIENT_SECRET": "hush",
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": f"{slack.url}/api/",
            }
        )
        async with connected(settings, clock=now, monotonic=monotonic) as app, ClientSession() as http:
            server = TestServer(app)
            await server.start_server()
            yield Program(url=f"http://127.0.0.1:{server.port}", slack=slack, http=http, database=settings.database_url)
            await server.close()
        assert slack.complaints == []


@pytest.fixture(params=["http", "socket"])
async def program(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Program]:
    async with a_program(tmp_path, socket=request.param == "socket") as opened:
        while request.param == "socket" and len(opened.slack.sockets) < CONNECTIONS:  # noqa: ASYNC110 - on their way
            await asyncio.sleep(0.02)
        yield opened


def now() -> datetime:
    return datetime.fromtimestamp(time(), UTC)


async def test_whoever_installs_the_app_sets_their_own_library_up(program: Program) -> None:
    assert "/duenotice setup" in await program.install(ELM, "UADMIN")

    said = json.dumps(await program.command(ELM, "UADMIN", "/duenotice", "setup"))

    assert "Setup of Library of T0ELM" in said
    assert "missing" in said


async def test_a_workspace_nobody_installed_is_told_so(program: Program) -> None:
    assert "no library yet" in (await program.command("T0NOBODY", "U1", "/due"))["text"]


async def test_nothing_of_one_workspace_shows_in_another_even_to_the_same_account_id(program: Program) -> None:
    await program.install(ELM, "UADMIN")
    await program.install(OAK, "UOTHER")

    said = json.dumps(await program.command(OAK, "UADMIN", "/duenotice", "setup"))
    assert "T0ELM" not in said
    assert "missing" not in said
    assert "Setup of Library of T0OAK" in json.dumps(await program.command(OAK, "UOTHER", "/duenotice", "setup"))


async def test_tokens_are_sealed_and_gone_when_the_app_is_removed_while_the_library_stays(program: Program) -> None:
    await program.install(ELM, "UADMIN")
    store = SqlStore.open(program.database)
    sealed = await store.sealed_token("slack", ELM)
    assert sealed is not None
    assert b"xoxb" not in sealed
    assert await SealedInstalls(store, "another key of more than thirty-two characters", now).find(ELM) is None

    program.slack.teams[f"xoxb-{ELM}"].revoked = True
    await program.happens(ELM, {"type": "app_uninstalled"})

    assert await store.sealed_token("slack", ELM) is None
    assert await store.library_for("slack", ELM) is not None
    await store.close()


GONE: list[Thing] = [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}]


@pytest.mark.parametrize("event", GONE, ids=[str(event["type"]) for event in GONE])
async def test_word_of_a_removal_that_comes_after_the_app_is_back_takes_nothing_away(
    program: Program, event: Thing
) -> None:
    await program.install(ELM, "UADMIN")
    await program.command(ELM, "UADMIN", "/due")
    program.slack.teams[f"xoxb-{ELM}"].revoked = True
    await program.install(ELM, "UADMIN", token="xoxb-again")  # noqa: S106 - of no real workspace

    await program.happens(ELM, event)

    assert "Setup of Library of T0ELM" in json.dumps(await program.command(ELM, "UADMIN", "/duenotice", "setup"))


@pytest.mark.parametrize("event", GONE, ids=[str(event["type"]) for event in GONE])
async def test_an_app_that_was_removed_and_comes_back_goes_on_with_its_new_token(
    program: Program, event: Thing
) -> None:
    await program.install(ELM, "UADMIN")
    program.slack.teams[f"xoxb-{ELM}"].revoked = True
    await program.happens(ELM, event)
    assert "no library yet" in (await program.command(ELM, "UADMIN", "/due"))["text"]

    await program.install(ELM, "UADMIN", token="xoxb-again")  # noqa: S106 - of no real workspace

    assert "Setup of Library of T0ELM" in json.dumps(await program.command(ELM, "UADMIN", "/duenotice", "setup"))


async def test_a_token_about_to_expire_is_exchanged_before_it_is_used(program: Program) -> None:
    program.slack.codes[f"refresh-{ELM}"] = {
        "ok": True,
        "access_token": "xoxb-renewed",
        "refresh_token": "next",
        "expires_in": 43_200,
    }
    await program.install(ELM, "UADMIN", expires=60)
    program.slack.install(ELM, "xoxb-renewed", {"C1"})
    del program.slack.teams[f"xoxb-{ELM}"]

    await program.command(ELM, "UADMIN", "/incident")

    store = SqlStore.open(program.database)
    install = await SealedInstalls(store, KEY, now).find(ELM)
    await store.close()
    assert install is not None
    assert (install.token, install.refresh) == ("xoxb-renewed", "next")


async def test_a_way_back_that_this_browser_did_not_begin_installs_nothing(program: Program) -> None:
    async with program.http.get(f"{program.url}/slack/install", allow_redirects=False) as away:
        state = parse_qs(urlsplit(away.headers["Location"]).query)["state"][0]
    for query, cookie in (
        ({"code": "c", "state": state}, ""),
        ({"code": "c", "state": state}, "duenotice_install=other"),
        ({"code": "c", "state": "e30=.forged"}, "duenotice_install=x"),
        ({"code": "c", "state": "é"}, "duenotice_install=x"),
    ):
        async with program.http.get(
            f"{program.url}/slack/oauth_redirect", params=query, headers={"Cookie": cookie}
        ) as page:
            assert page.status == 400
    assert "oauth.v2.access" not in program.slack.calls


async def test_govslack_is_reached_at_its_own_host(tmp_path: Path) -> None:
    said = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "hush", "SLACK_SIGNING_SECRET": SECRET}
    said |= {"SLACK_API_URL": "https://slack-gov.com/api", "DUENOTICE_SECRET_KEY": KEY, "DUENOTICE_DATA": str(tmp_path)}
    async with connected(environment.read(said), clock=now, monotonic=monotonic) as app, ClientSession() as http:
        server = TestServer(app)
        await server.start_server()
        async with http.get(f"http://127.0.0.1:{server.port}/slack/install", allow_redirects=False) as away:
            assert away.headers["Location"].startswith("https://slack-gov.com/oauth/v2/authorize?")
        await server.close()


async def test_it_is_ready_while_its_database_answers_and_alive_in_any_case(
    program: Program, caplog: pytest.LogCaptureFixture
) -> None:
    async def status(page: str) -> int:
        async with program.http.get(f"{program.url}/{page}") as answer:
            return answer.status

    await program.install(ELM, "UADMIN")
    program.slack.teams[f"xoxb-{ELM}"].revoked = True
    assert await status("readyz") == 200, "one workspace's lost token takes no other down"

    with closing(sqlite3.connect(program.database.removeprefix("sqlite:///"))) as other:
        other.execute("ALTER TABLE library RENAME TO mislaid")
    assert (await status("readyz"), await status("healthz")) == (503, 200)
    assert "not ready" in caplog.text
    with closing(sqlite3.connect(program.database.removeprefix("sqlite:///"))) as other:
        other.execute("ALTER TABLE mislaid RENAME TO library")
    assert await status("readyz") == 200


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"SLACK_BOT_TOKEN": "nonsense", "SLACK_SIGNING_SECRET": "x"}, "begins with xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET is missing"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "needs SLACK_BOT_TOKEN"),
        ({"SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "x", "SLACK_SIGNING_SECRET": "x"}, "DUENOTICE_SECRET_KEY"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x", "SLACK_API_URL": "http://x"}, "https://"),
    ],
)
def test_settings_that_do_not_fit_are_refused_at_the_start(said: dict[str, str], why: str) -> None:
    with pytest.raises(Refusal) as no:
        environment.read(said)
    assert why in no.value.why


async def test_a_wrong_token_of_socket_mode_is_said_in_one_line_and_holds_nothing_else_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(FakeSlack(now=monotonic)) as slack:
        said = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_APP_TOKEN": "xapp-wrong", "SLACK_API_URL": f"{slack.url}/api/"}
        settings = environment.read(said | {"DUENOTICE_DATA": str(tmp_path)})
        async with connected(settings, clock=now, monotonic=monotonic) as app, ClientSession() as http:
            server = TestServer(app)
            await server.start_server()
            async with http.get(f"http://127.0.0.1:{server.port}/healthz") as answer:
                assert answer.status == 200
            while "apps.connections.open" not in slack.calls:  # noqa: ASYNC110 - it is on its way
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.3)
            await server.close()
    ours = [record for record in caplog.records if record.name.startswith("duenotice") and record.levelname == "ERROR"]
    [line] = ours
    assert "SLACK_APP_TOKEN" in line.getMessage()
    assert line.exc_info is None
