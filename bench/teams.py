"""A committed decision and a committed act in Teams, beside a bare botbuilder turn: ``python -m bench.teams``.

All are served by the same kind of server in the same process and pressed by the same clients over loopback, with tokens
that are proved. The bare turn is the kit as it is shipped, with what would hide everything else mended: the list it
rebuilds for each client, the token it fetches for each, and keys it would read with a call that blocks. The desk alone
makes the same decisions without Teams. Beside them stands how long the event loop was held up.
"""

import argparse
import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import jwt
from aiohttp import ClientSession, TCPConnector, web
from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import Activity, ActivityTypes
from botframework.connector.auth import (
    AppCredentials,
    BotFrameworkAuthenticationFactory,
    JwtTokenExtractor,
    ServiceClientCredentialsFactory,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from msrest.universal_http.requests import ClientRetryPolicy
from typing_extensions import override

from adapters.teams import forms, render
from adapters.teams.platform import Limits, Teams, TeamsSettings
from bench.slack import decisions, press, said, served
from bot.cards import Button, Identity, OpenPage, Submission
from bot.desk import Desk
from bot.founding import found
from bot.training import CHARTER, LIBRARY
from storage.store import SqlStore
from storage.vault import FolderVault

APP = "d0e00071-ce00-4000-8000-000000000001"
TENANT = "c41c0bee-7e4a-4000-8000-0000000000aa"
METADATA = "/v1/.well-known/openidconfiguration"
ISSUER = "https://api.botframework.com"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CONNECTIONS = (1, 8)
BEAT = 0.002
"""Seconds between two looks at whether the event loop is held up."""
OK = 200
Thing = dict[str, Any]
IN_TEAMS = replace(CHARTER, platform="teams", tenant=TENANT)


def who(user: str) -> Identity:
    """Somebody of the library."""
    return Identity(platform="teams", tenant=TENANT, user=user)


@dataclass
class Microsoft:
    """Microsoft's part on this computer: it signs activities, gives tokens and takes messages."""

    key: RSAPrivateKey
    url: str = ""

    def app(self) -> web.Application:
        """Its routes."""
        served_app = web.Application()
        served_app.router.add_get(METADATA, self._metadata)
        served_app.router.add_get("/keys", self._keys)
        served_app.router.add_post("/login/{tenant}/oauth2/v2.0/token", self._token)
        served_app.router.add_route("*", "/amer/v3/{rest:.*}", self._taken)
        return served_app

    async def _metadata(self, _: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [self.published()]})

    async def _token(self, _: web.Request) -> web.Response:
        return web.json_response({"access_token": "token", "expires_in": 3600, "token_type": "Bearer"})

    async def _taken(self, request: web.Request) -> web.Response:
        user = request.path.rpartition("/")[2].removeprefix("29:")
        return web.json_response({"id": "1", "aadObjectId": user, "tenantId": TENANT, "userRole": "user"})

    def published(self) -> Thing:
        """The key as it stands in the key set."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**public, "kid": "bench", "use": "sig", "endorsements": ["msteams"]}

    def header(self) -> dict[str, str]:
        """The headers of a delivery."""
        now = int(time.time())  # noqa: TID251 - tokens bear the real time
        claims = {"iss": ISSUER, "aud": APP, "nbf": now - 60, "exp": now + 3600, "serviceurl": f"{self.url}/amer/"}
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "bench"})
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def invoke(self, user: str, number: int, name: str, value: Thing) -> bytes:
        """A press, as Teams sends it."""
        said_so: Thing = {
            "type": "invoke",
            "name": name,
            "id": f"f:{number}",
            "channelId": "msteams",
            "serviceUrl": f"{self.url}/amer/",
            "from": {"id": f"29:{user}", "aadObjectId": user},
            "recipient": {"id": f"28:{APP}"},
            "conversation": {"id": f"a:{user}", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "value": value,
        }
        return json.dumps(said_so).encode()


class Known(AppCredentials):  # type: ignore[misc]  # the kit is untyped
    """A token that is known already."""

    @override
    def get_access_token(self, force_refresh: bool = False) -> str:
        return "token"


class KnownOnly(ServiceClientCredentialsFactory):  # type: ignore[misc]  # as above
    """One token for everything."""

    def __init__(self) -> None:
        self._known = Known(APP, TENANT)

    @override
    async def is_valid_app_id(self, app_id: str) -> bool:
        return app_id == APP

    @override
    async def is_authentication_disabled(self) -> bool:
        return False

    @override
    async def create_credentials(self, *_: object, **__: object) -> AppCredentials:
        return self._known


def bare_turn(microsoft: Microsoft) -> web.Application:
    """The kit's own turn, which answers everything and does nothing."""
    ClientRetryPolicy.safe_codes = frozenset(ClientRetryPolicy.safe_codes)  # type: ignore[assignment]  # the mending
    metadata_url = f"{microsoft.url}{METADATA}"
    metadata = JwtTokenExtractor.get_open_id_metadata(metadata_url)
    metadata.keys, metadata.last_updated = [microsoft.published()], NOW.replace(tzinfo=None, year=9000)
    adapter = CloudAdapterBase(
        BotFrameworkAuthenticationFactory.create(
            to_channel_from_bot_login_url=f"{microsoft.url}/login/{TENANT}",
            to_channel_from_bot_oauth_scope=ISSUER,
            to_bot_from_channel_token_issuer=ISSUER,
            oauth_url=ISSUER,
            to_bot_from_channel_open_id_metadata_url=metadata_url,
            to_bot_from_emulator_open_id_metadata_url=metadata_url,
            credential_factory=KnownOnly(),
        )
    )

    async def turn(context: TurnContext) -> None:
        response = InvokeResponse(status=OK, body={"task": {"type": "message", "value": "Done."}})
        await context.send_activity(Activity(type=ActivityTypes.invoke_response, value=response))

    async def messages(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        response = await adapter.process_activity(request.headers["Authorization"], activity, turn)
        return web.json_response(response.body)

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    return app


@asynccontextmanager
async def held_up() -> AsyncIterator[SimpleNamespace]:
    """How long the event loop kept others waiting, the longest time in seconds."""
    found_so = SimpleNamespace(longest=0.0)

    async def look() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(BEAT)
            found_so.longest = max(found_so.longest, time.perf_counter() - began - BEAT)

    looking = asyncio.create_task(look())
    yield found_so
    looking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking


async def reports(desk: Desk, count: int) -> list[str]:
    """Reports that wait for somebody to look."""
    made = []
    for number in range(count):
        begun = await desk(Submission(library=str(LIBRARY), intent="incident.look", actor=who("robin")))
        page = begun.page
        assert page
        account = page.page.fields[0].options[0].value
        values = {**page.values, "account": (account,), "links": (f"https://fb.example/{number}",)}
        sent = Submission(
            library=str(LIBRARY),
            intent="incident.look",
            actor=who("robin"),
            token=page.token,
            page=1,
            values=values,
        )
        made.append((await desk(sent)).about)
    return made


async def measure(folder: Path, size: int) -> None:
    """Press, side by side."""
    store = SqlStore.open(f"sqlite:///{folder / 'bench.sqlite'}")
    vault = FolderVault(folder, now=lambda: NOW)
    await found(IN_TEAMS, store=store, vault=vault, now=NOW)
    desk = Desk(store=store, vault=vault, clock=lambda: NOW)
    microsoft = Microsoft(generate_private_key(public_exponent=65537, key_size=2048))

    async def library_of(tenant: str) -> str:
        return str(LIBRARY) if tenant == TENANT else ""

    async with served(microsoft.app()) as microsoft.url, served(bare_turn(microsoft)) as bare_url:
        settings = TeamsSettings(
            app_id=APP,
            password="hush",  # noqa: S106 - of no real application
            tenant=TENANT,
            login=f"{microsoft.url}/login",
            openid=f"{microsoft.url}{METADATA}",
        )
        teams = Teams.build(
            desk,
            settings,
            library_of=library_of,
            places=store,
            now=time.monotonic,
            wall=time.time,  # noqa: TID251 - as Microsoft's
            limits=Limits(pace=()),  # one editor presses what a staff presses in a month
        )
        app = web.Application()
        teams.add_routes(app)
        header = microsoft.header()
        async with served(app) as url, ClientSession(connector=TCPConnector(limit=0)) as http:

            def sending(to: str, raw: bytes, expect: str) -> Callable[[], Awaitable[None]]:
                async def send() -> None:
                    async with http.post(f"{to}/api/messages", data=raw, headers=header) as answer:
                        assert answer.status == OK, (answer.status, await answer.text())
                        assert expect in (told := await answer.text()), told

                return send

            number = 0
            for connections in CONNECTIONS:
                pages = await decisions(desk, size * 2 + connections, who)
                refs = await reports(desk, size * 2 + connections)
                alone, over = pages[:size], pages[size:]
                submits = [
                    microsoft.invoke("dana", number + place, "task/submit", {"data": _answers(page)})
                    for place, page in enumerate(over)
                ]
                acts = [
                    microsoft.invoke("sam", number + place, "adaptiveCard/action", {"action": _claim(ref)})
                    for place, ref in enumerate(refs[size:], len(over))
                ]
                number += len(over) + len(acts)
                await press([sending(url, raw, "approved by") for raw in submits[:connections]], connections)
                await press([sending(url, raw, "200") for raw in acts[:connections]], connections)
                await teams.desk.finish()
                bare = [sending(bare_url, raw, "Done") for raw in submits[connections:]]
                await press(bare[:connections], connections)
                p50 = said("bare botbuilder turn", connections, *await press(bare, connections), 0.0)
                by_desk = [partial(_decide, desk, page.token) for page in alone]
                said("a decision by the desk", connections, *await press(by_desk, connections), p50)
                by_desk = [partial(_take, desk, ref) for ref in refs[:size]]
                said("an act by the desk", connections, *await press(by_desk, connections), p50)
                for name, raws, expect in (
                    ("a decision (task/submit)", submits, "approved by"),
                    ("an act (Action.Execute)", acts, "200"),
                ):
                    work = [sending(url, raw, expect) for raw in raws[connections:]]
                    async with held_up() as loop:
                        said(name, connections, *await press(work, connections), p50)
                    print(f"    {'':22} the event loop was held up {loop.longest * 1000:.1f} ms at most")
                    await teams.desk.finish()
        await teams.close()
    await store.close()


def _answers(page: OpenPage) -> Thing:
    """What the dialog of a page sends, with the request's reasons taken over."""
    carried: Thing = forms.page(page)["task"]["value"]["card"]["content"]["actions"][0]["data"]
    return {**carried, f"{forms.FIELD}mine": "yes"}


def _claim(ref: str) -> Thing:
    """The button under a report."""
    made = render.MESSAGE.action(Button(label="I'll look", intent="incident.claim", subject=ref, version=1))
    assert made
    return made


async def _decide(desk: Desk, token: str) -> None:
    values = {"mine": ("yes",), "reason": ()}
    sent = Submission(
        library=str(LIBRARY), intent="block.approve", actor=who("dana"), token=token, page=1, values=values
    )
    assert (await desk(sent)).about


async def _take(desk: Desk, ref: str) -> None:
    sent = Submission(library=str(LIBRARY), intent="incident.claim", actor=who("sam"), subject=ref, version_seen=1)
    assert (await desk(sent)).about


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=150, help="presses of each kind, for each number of connections")
    size = parser.parse_args().size
    print(f"A committed decision and a committed act over proved activities on SQLite, {size} of each:")
    with TemporaryDirectory(prefix="duenotice-bench-") as folder:
        asyncio.run(measure(Path(folder), size))


if __name__ == "__main__":
    main()
