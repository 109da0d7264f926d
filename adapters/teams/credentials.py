"""The bot's own token: fetched once in its life, by whoever needs it first, without holding anybody else up.

Source: Microsoft identity platform, OAuth 2.0 client credentials flow.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession

from adapters.teams.settings import TeamsSettings

__all__ = ["Credentials", "NoToken"]

log = logging.getLogger("duenotice.teams")

EARLY = 300.0
"""Seconds before its end at which a token is fetched anew; a call may be long on its way."""
SHORTEST = 60.0
WRONG = frozenset({400, 401, 403})


class NoToken(Exception):  # noqa: N818 - an answer of the login
    """There is no token, and why; ``refused`` says that asking again changes nothing until a setting does."""

    def __init__(self, why: str, *, refused: bool = False) -> None:
        super().__init__(why)
        self.refused = refused


class Credentials:
    """Gives the bot's token, kept for as long as it lives."""

    def __init__(self, settings: TeamsSettings, http: ClientSession, now: Callable[[], float]) -> None:
        """``now`` counts seconds (a monotonic clock)."""
        self._settings = settings
        self._http = http
        self._now = now
        self._token = ""
        self._until = 0.0
        self._one = asyncio.Lock()

    async def token(self) -> str:
        """The token to send along; empty without credentials.

        :raises NoToken: Microsoft gives none, and why
        """
        if not self._settings.app_id:
            return ""
        if self._now() >= self._until:
            async with self._one:
                if self._now() >= self._until:
                    await self._fetch()
        return self._token

    def refused(self, token: str) -> None:
        """Forget a token that is not taken any more."""
        if token == self._token:
            self._until = 0.0

    async def _fetch(self) -> None:
        settings = self._settings
        said = {
            "grant_type": "client_credentials",
            "client_id": settings.app_id,
            "client_secret": settings.password,
            "scope": settings.scope,
        }
        url = f"{settings.login.rstrip('/')}/{settings.tenant}/oauth2/v2.0/token"
        try:
            async with self._http.post(url, data=said, allow_redirects=False) as answer:
                body: Any = await answer.json(content_type=None)
                status = answer.status
        except ClientConnectorError as lost:
            raise NoToken(f"{settings.login} cannot be reached") from lost
        except (ClientError, TimeoutError, ValueError) as lost:
            raise NoToken(f"{settings.login} did not answer as it should ({type(lost).__name__})") from lost
        if status in WRONG:
            raise NoToken(_why(body), refused=True)
        token = body.get("access_token") if isinstance(body, dict) else None
        if not isinstance(token, str) or not token:
            raise NoToken(f"{settings.login} gave no token (it answered {status})")
        self._token = token
        self._until = self._now() + max(SHORTEST, _seconds(body.get("expires_in")) - EARLY)


def _seconds(said: object) -> float:
    try:
        return float(str(said))
    except ValueError:
        return 0.0


def _why(body: object) -> str:
    """What Microsoft says is wrong, in one line, without its trace."""
    said = body.get("error_description") or body.get("error") if isinstance(body, dict) else ""
    first = str(said).splitlines()[0] if said else "without a reason"
    return f"Microsoft does not take MICROSOFT_APP_ID with MICROSOFT_APP_PASSWORD: {first[:200]}"
