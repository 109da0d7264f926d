"""Installing the app into a workspace: the way to Slack's page of consent and back."""

import base64
import hashlib
import hmac
import html
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aiohttp import web

from adapters.slack.outbound import exchange, session
from adapters.slack.workspaces import Install, Installs
from bot.ports import NotPosted, OutcomeUnknown, TryLater

if TYPE_CHECKING:
    from adapters.slack.platform import SlackSettings

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "usergroups:read",
    "users:read",
)
"""What the bot asks for; the manifest and docs/slack.md name the same, each with its reason."""
SPARED = {
    "assistant:write": "suggested prompts",
    "files:write": "pictures and documents from the record in Slack",
    "usergroups:read": "choosing user groups in setup",
}
"""Permissions a workspace may refuse, and what it then has to do without. Nothing else depends on them."""
COOKIE = "duenotice_install"
LIFE = 600
"""Seconds within which the way back must be taken."""


class Installer:
    """Sends an administrator to Slack and takes the tokens it returns with."""

    def __init__(
        self,
        settings: "SlackSettings",
        installs: Installs,
        secret_key: str,
        *,
        installed: Callable[[Install], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._installs = installs
        self._key = hashlib.sha256(b"duenotice install\0" + secret_key.encode()).digest()
        self._installed = installed

    def add_routes(self, app: web.Application) -> None:
        """Serve the two pages."""
        app.router.add_get("/slack/install", self.leave)
        app.router.add_get("/slack/oauth_redirect", self.come_back)

    async def leave(self, _: web.Request) -> web.Response:
        """Send the browser to Slack, with a state only this browser can come back with."""
        nonce = secrets.token_urlsafe(24)
        state = self._state(nonce)
        asked = urlencode({"client_id": self._settings.client_id, "scope": ",".join(SCOPES), "state": state})
        page = self._settings.api.removesuffix("api/") + "oauth/v2/authorize"
        response = web.Response(status=302, headers={"Location": f"{page}?{asked}"})
        response.set_cookie(COOKIE, nonce, max_age=LIFE, httponly=True, secure=True, samesite="Lax", path="/slack")
        return response

    async def come_back(self, request: web.Request) -> web.Response:
        """Take the code, keep the tokens, begin the library."""
        if not self._ours(request.query.get("state", ""), request.cookies.get(COOKIE, "")):
            return _page(400, "This link is too old or not yours", "Begin again at /slack/install.")
        code = request.query.get("code", "")
        if not code:
            return _page(200, "Nothing was installed", "Slack was told not to. Begin again whenever you like.")
        async with session() as http:
            try:
                said = await exchange(
                    self._settings.api,
                    http,
                    client_id=self._settings.client_id,
                    client_secret=self._settings.client_secret,
                    code=code,
                )
            except (TryLater, NotPosted, OutcomeUnknown) as lost:
                return _page(502, "Slack did not confirm it", str(lost) or "Begin again at /slack/install.")
        team = said.get("team") or {}
        expires = float(said.get("expires_in") or 0)
        install = Install(
            team=str(team.get("id", "")),
            name=str(team.get("name", "")),
            token=str(said.get("access_token", "")),
            bot_user=str(said.get("bot_user_id", "")),
            refresh=str(said.get("refresh_token") or ""),
            expires=self._installs.wall() + expires if expires else 0.0,
            installer=str((said.get("authed_user") or {}).get("id", "")),
            enterprise=bool(said.get("enterprise")),
        )
        if not (install.team and install.token and install.installer):
            return _page(502, "Slack did not confirm it", "Install it into one workspace, not a whole organisation.")
        await self._installs.keep(install)
        await self._installed(install)
        return _page(200, "Installed", "Go to Slack and type /duenotice setup.")

    def _state(self, nonce: str) -> str:
        said = json.dumps({"n": hashlib.sha256(nonce.encode()).hexdigest(), "t": int(self._installs.wall())}).encode()
        body = base64.urlsafe_b64encode(said).decode()
        return f"{body}.{hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest()}"

    def _ours(self, state: str, nonce: str) -> bool:
        body, _, seal = state.partition(".")
        if not nonce or not hmac.compare_digest(
            seal.encode(), hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest().encode()
        ):
            return False
        said = json.loads(base64.urlsafe_b64decode(body))
        fresh = 0 <= self._installs.wall() - said["t"] <= LIFE
        return fresh and hmac.compare_digest(said["n"], hashlib.sha256(nonce.encode()).hexdigest())


def _page(status: int, title: str, words: str) -> web.Response:
    body = f"<!doctype html><title>{html.escape(title)}</title><h1>{html.escape(title)}</h1><p>{html.escape(words)}</p>"
    headers = {"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer"}
    return web.Response(status=status, text=body, content_type="text/html", headers=headers)
