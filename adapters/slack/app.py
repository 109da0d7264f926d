"""Slack's deliveries: one listener for each kind, then the desk, and the answer only after it is on disk.

The same Bolt application serves signed HTTP requests and Socket Mode. Bolt answers when the listener has ended
(``process_before_response``), so whatever may come after the answer runs as a task of its own.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from adapters.slack.deliveries import Deliveries, Quiet
from adapters.slack.desk import SlackDesk

log = logging.getLogger("duenotice.slack")

EVERYTHING = re.compile(".*", re.DOTALL)
EVENTS = ("app_home_opened", "app_mention", "message", "app_uninstalled", "tokens_revoked", "user_change")

Handle = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
AGAIN = 503
"""The answer to a delivery that failed and whose sender could not be told: Slack brings it again, or says so itself."""
QUIET = 60.0
"""Seconds in which the log says once that requests are refused."""
LONGEST_TIME = 20
"""Digits of a timestamp nobody needs to read further."""


def bolt(desk: SlackDesk, *, signing_secret: str) -> AsyncApp:
    """The Bolt application: its listeners.

    Bolt asks who is installed before a listener runs; the listeners look that up themselves, with their own clock
    running, so Bolt is told no more than which workspace a delivery names.
    """
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.WARNING)  # below that, Bolt writes whole deliveries into the log

    async def authorize(team_id: str | None = None, **_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id)

    app = AsyncApp(
        name="duenotice",
        logger=_quiet_logger(),
        signing_secret=signing_secret or "socket mode signs nothing",
        authorize=authorize,
        process_before_response=True,
    )
    deliveries = desk.deliveries
    app.command(EVERYTHING)(_listener(desk.command, deliveries))
    app.shortcut(EVERYTHING)(_listener(desk.shortcut, deliveries))
    app.action(EVERYTHING)(_listener(desk.action, deliveries))
    app.view_submission(EVERYTHING)(_listener(desk.submission, deliveries))
    app.view_closed(EVERYTHING)(_listener(desk.closed, deliveries))
    app.event(re.compile("|".join(EVENTS)))(_listener(desk.event, deliveries))
    return app


def _quiet_logger() -> logging.Logger:
    """A logger of ours for Bolt, which writes the body of a badly signed request at INFO."""
    quiet = logging.getLogger("duenotice.slack.bolt")
    quiet.setLevel(logging.WARNING)
    quiet.addFilter(Quiet())
    return quiet


def _listener(handle: Handle, deliveries: Deliveries) -> Callable[..., Awaitable[BoltResponse | None]]:
    async def listen(body: dict[str, Any], ack: AsyncAck) -> BoltResponse | None:
        answer = await deliveries.once(body, handle)
        if answer is None:
            return BoltResponse(status=AGAIN)
        await ack(**answer)
        return None

    return listen


def routes(app: AsyncApp, *, signing_secret: str, now: Callable[[], float]) -> web.RouteTableDef:
    """The one route Slack sends to. ``now`` counts seconds (a monotonic clock).

    Nothing of a request is read before its signature is known to be Slack's.
    """
    table = web.RouteTableDef()
    refused = Refused(now)
    verifier = SignatureVerifier(signing_secret)

    @table.post("/slack/events")
    async def events(request: web.Request) -> web.Response:
        body = _text(await request.read())
        if body is None or not _signed(request, body, verifier):
            refused.note()
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            asked = AsyncBoltRequest(
                body=body,
                query=request.query_string,
                headers={name.lower(): value for name, value in request.headers.items()},
            )
            return await to_aiohttp_response(await app.async_dispatch(asked))
        except Exception as wrong:  # noqa: BLE001 - Bolt takes for granted what a delivery looks like
            log.warning("a signed request is no delivery of Slack: %s", type(wrong).__name__)
            return web.json_response({"error": "not a delivery"}, status=400)

    return table


class Refused:
    """Says in the log that requests are refused: one line a minute, however many they are, and nothing of them."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._quiet_until = 0.0

    def note(self) -> None:
        """Note one."""
        if self._now() >= self._quiet_until:
            self._quiet_until = self._now() + QUIET
            log.warning(
                "requests that Slack did not sign are refused; if they are Slack's own, look at SLACK_SIGNING_SECRET "
                "and at this computer's clock"
            )


def _text(raw: bytes) -> str | None:
    """The body as text; ``None`` for what is none."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _signed(request: web.Request, body: str, verifier: SignatureVerifier) -> bool:
    """Test whether Slack signed it within the last five minutes.

    The verifier raises on a time that is no number and on a signature beyond ASCII, so those are told apart first.
    """
    time = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    sound = time.isascii() and time.isdecimal() and len(time) < LONGEST_TIME and signature.isascii() and bool(signature)
    return sound and verifier.is_valid(body, time, signature)
