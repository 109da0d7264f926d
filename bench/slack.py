"""A committed decision over signed HTTP, beside a bare Bolt ack: ``python -m bench.slack [--size DECISIONS]``.

Both are served by the same kind of server in the same process, and pressed by the same clients over loopback. The
desk alone makes the same decisions without Slack; the storage alone commits one row.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from aiohttp import ClientSession, TCPConnector, web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from adapters.slack.app import EVERYTHING, routes
from adapters.slack.forms import modal
from adapters.slack.platform import Slack, SlackSettings
from bot.cards import Identity, OpenPage, Submission
from bot.desk import Desk
from bot.founding import Charter, found
from bot.ports import Handled, Shelves
from bot.training import CHARTER, LIBRARY
from storage.store import SqlStore
from storage.vault import FolderVault

SECRET = "a signing secret"  # noqa: S105 - of no real workspace
TEAM = "T0BENCH"
NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CONNECTIONS = (1, 8, 32)
SLACK = Charter(**{name: getattr(CHARTER, name) for name in CHARTER.__slots__} | {"platform": "slack", "tenant": TEAM})


def who(user: str) -> Identity:
    """Somebody of the library."""
    return Identity(platform="slack", tenant=TEAM, user=user)


async def decisions(desk: Desk, count: int, who: Callable[[str], Identity] = who) -> list[OpenPage]:
    """Pages of approval, each of a block of its own."""

    def sends(user: str, intent: str, **said: Any) -> Submission:  # noqa: ANN401 - the fields of a submission
        return Submission(library=str(LIBRARY), intent=intent, actor=who(user), **said)

    made = []
    for _ in range(count):
        page = (await desk(sends("sam", "block.request"))).page
        assert page
        by_name = {field.name: field for field in page.page.fields}
        first = {
            **page.values,
            "handles": (f"Facebook: @reader{uuid4().hex}",),
            "accounts": (by_name["accounts"].options[0].value,),
            "grounds": (by_name["grounds"].options[0].value,),
        }
        page = (await desk(sends("sam", "block.request", token=page.token, page=1, values=first))).page
        assert page
        second = {field.name: ("It repeats.",) for field in page.page.fields}
        ref = (await desk(sends("sam", "block.request", token=page.token, page=2, values=second))).about
        assert ref
        opened = (await desk(sends("dana", "block.approve", subject=ref))).page
        assert opened
        made.append(opened)
    return made


def request(view: dict[str, Any], number: int) -> tuple[bytes, dict[str, str]]:
    """A signed submission of a modal."""
    state = {}
    for block in view["blocks"]:
        if block["type"] == "input" and block["element"]["type"] == "radio_buttons":
            state[block["block_id"]] = {
                "answer": {"type": "radio_buttons", "selected_option": block["element"]["options"][0]}
            }
    body = {
        "type": "view_submission",
        "user": {"id": "dana", "team_id": TEAM},
        "team": {"id": TEAM},
        "trigger_id": f"t{number}",
        "view": {**view, "id": "V1", "state": {"values": state}},
        "api_app_id": "A0",
    }
    raw = urlencode({"payload": json.dumps(body)}).encode()
    stamp = str(int(time.time()))  # noqa: TID251 - Slack signs the real time
    seal = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    return raw, {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={seal}",
    }


async def press(work: Sequence[Callable[[], Awaitable[None]]], connections: int) -> tuple[float, list[float]]:
    """Do all of it with so many at once; the seconds it took, and those of each."""
    took: list[float] = []
    left = list(reversed(work))

    async def one() -> None:
        while left:
            begun = time.perf_counter()
            await left.pop()()
            took.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return time.perf_counter() - begun, sorted(took)


def said(name: str, connections: int, whole: float, took: list[float], bare: float) -> float:
    """Print one line; returns the median in seconds."""
    p50, p99 = took[len(took) // 2], took[min(len(took) - 1, len(took) * 99 // 100)]
    ratio = f"{p50 / bare:5.1f}x" if bare else "  1.0x"
    print(
        f"  {name:24} {connections:3} at once {len(took) / whole:8.0f}/s  p50 {p50 * 1000:7.2f} ms"
        f"  p99 {p99 * 1000:7.2f} ms (p99/p50 {p99 / p50:4.1f})  {ratio}"
    )
    return p50


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """The application on a port of this computer."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def bare_bolt() -> web.Application:
    """Bolt that acknowledges everything and does nothing."""

    async def authorize(team_id: str | None = None, **_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token="xoxb", bot_user_id="U", bot_id="B")  # noqa: S106 - no token

    app = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=True)

    @app.view_submission(EVERYTHING)
    async def listen(ack: AsyncAck) -> None:
        await ack()

    served_app = web.Application()
    served_app.router.add_routes(routes(app, signing_secret=SECRET, now=time.monotonic))
    return served_app


async def measure(folder: Path, size: int) -> None:
    """Press, side by side."""
    store = SqlStore.open(f"sqlite:///{folder / 'bench.sqlite'}")
    vault = FolderVault(folder, now=lambda: NOW)
    await found(SLACK, store=store, vault=vault, now=NOW)
    desk = Desk(store=store, vault=vault, clock=lambda: NOW)

    async def anything(_: web.Request) -> web.Response:
        return web.json_response({"ok": True, "team_id": TEAM, "user_id": "U0", "bot_id": "B0", "user": {}})

    api = web.Application()
    api.router.add_route("*", "/api/{method}", anything)

    async def library_of(team: str) -> str:
        return str(LIBRARY) if team == TEAM else ""

    async with served(api) as api_url, served(bare_bolt()) as bare_url:
        settings = SlackSettings(bot_token="xoxb-bench", signing_secret=SECRET, api=f"{api_url}/api/")  # noqa: S106 - no token
        slack = Slack.build(desk, settings, library_of=library_of, now=time.monotonic, wall=time.monotonic)
        app = web.Application()
        slack.add_routes(app)
        async with served(app) as url, ClientSession(connector=TCPConnector(limit=0)) as http:

            def sending(to: str, one: tuple[bytes, dict[str, str]], expect: str) -> Callable[[], Awaitable[None]]:
                async def send() -> None:
                    async with http.post(f"{to}/slack/events", data=one[0], headers=one[1]) as answer:
                        assert answer.status == 200  # noqa: PLR2004 - the only good answer
                        assert expect in await answer.text()

                return send

            number = 0
            for connections in CONNECTIONS:
                pages = await decisions(desk, size * 2 + connections)
                alone, over = pages[:size], pages[size:]
                requests = [request(modal(opened), number + place) for place, opened in enumerate(over)]
                number += len(over)
                warm, requests = requests[:connections], requests[connections:]
                await press([sending(url, one, "approved by") for one in warm], connections)
                bare = [sending(bare_url, one, "") for one in requests]
                p50 = said("bare Bolt ack", connections, *await press(bare, connections), 0.0)
                storage = [partial(store.act, LIBRARY, _one_row) for _ in range(size)]
                said("one row committed", connections, *await press(storage, connections), p50)
                by_desk = [partial(_decide, desk, page) for page in alone]
                said("the desk alone", connections, *await press(by_desk, connections), p50)
                work = [sending(url, one, "approved by") for one in requests]
                said("a decision over Slack", connections, *await press(work, connections), p50)
        await slack.close()
    await store.close()


async def _decide(desk: Desk, page: OpenPage) -> None:
    values = {"mine": ("yes",), "reason": ()}
    reply = await desk(
        Submission(library=str(LIBRARY), intent=page.intent, actor=who("dana"), token=page.token, page=1, values=values)
    )
    assert reply.about


def _one_row(shelves: Shelves) -> None:
    shelves.book.put_handled(Handled(library=LIBRARY, key=uuid4().hex, about="", by=None, at=NOW))


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=150, help="decisions for each number of connections")
    size = parser.parse_args().size
    print(f"A committed decision over signed HTTP on SQLite, {size} of each:")
    with TemporaryDirectory(prefix="duenotice-bench-") as folder:
        asyncio.run(measure(Path(folder), size))


if __name__ == "__main__":
    main()
