"""Who is calling: the token of an activity, proved before anything of it is believed.

Source: Azure Bot Service, "Authenticate requests from the Bot Connector service to your bot".
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

import jwt
from aiohttp import ClientError, ClientSession

from adapters.teams.settings import TeamsSettings, host_of

__all__ = ["Claims", "Keys", "NotProved", "Proof", "Unreachable"]

log = logging.getLogger("duenotice.teams")

SKEW = 300.0
"""Seconds our clock may differ from Microsoft's."""
LIFE = 3600.0
"""Seconds after which keys are read again, so that one that was withdrawn is not believed for long."""
EARLY = 2700.0
"""Seconds after which they are read again beside the work, so that nobody waits for it while these are valid."""
READING = 3.0
"""Seconds one reading may take; whoever waits for it has ten, or five."""
REFETCH = 4
"""Readings for a key nobody knows, within ``REFETCH_WITHIN`` seconds; more are made-up names."""
REFETCH_WITHIN = 60.0
LONGEST = 16_000
ALGORITHM = "RS256"


class NotProved(Exception):  # noqa: N818 - an answer to a caller
    """The caller is not who it says, and what is wrong; never anything of the token itself."""


class Unreachable(Exception):  # noqa: N818 - as above
    """The keys cannot be read, so nobody can be proved just now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """What a proved token says: the address that may be answered, and the channels its key speaks for."""

    service_url: str
    channels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key and the channels it speaks for."""

    key: Any
    endorsements: frozenset[str]


class Keys:
    """The channel's signing keys. One that nobody knows is looked for at once, so a new key works when it is used."""

    def __init__(self, url: str, http: ClientSession, now: Callable[[], float]) -> None:
        """``now`` counts seconds (a monotonic clock)."""
        self._url = url
        self._http = http
        self._now = now
        self._keys: Mapping[str, Key] = {}
        self._read_at: float | None = None
        self._looked: deque[float] = deque(maxlen=REFETCH)
        self._one = asyncio.Lock()
        self._beside: asyncio.Task[None] | None = None

    async def named(self, kid: str) -> Key | None:
        """The key of this name; ``None`` when the channel has no such key.

        :raises Unreachable: no key was ever read
        """
        if self._older(LIFE):
            async with self._one:
                if self._older(LIFE):
                    await self._read()
        elif self._older(EARLY) and self._beside is None:
            self._beside = asyncio.create_task(self._renew())
        if kid not in self._keys:
            seen = self._read_at
            async with self._one:
                if self._read_at == seen and self._may_look():
                    await self._read()
        return self._keys.get(kid)

    def _older(self, seconds: float) -> bool:
        return self._read_at is None or self._now() - self._read_at > seconds

    async def _renew(self) -> None:
        async with self._one:
            if self._older(EARLY):
                await self._read()
        self._beside = None

    def _may_look(self) -> bool:
        now = self._now()
        if len(self._looked) == REFETCH and now - self._looked[0] < REFETCH_WITHIN:
            return False
        self._looked.append(now)
        return True

    async def _read(self) -> None:
        try:
            async with asyncio.timeout(READING):
                metadata = await self._get(self._url)
                keys = (await self._get(str(metadata.get("jwks_uri", ""))))["keys"]
            self._keys = dict(found for key in keys if (found := _key(key)))
        except (ClientError, TimeoutError, ValueError, KeyError, TypeError, AttributeError) as lost:
            log.warning("the keys of Teams could not be read: %s", type(lost).__name__)
            if self._read_at is None:
                raise Unreachable from lost
        self._read_at = self._now()

    async def _get(self, url: str) -> dict[str, Any]:
        if not host_of(url):
            raise ValueError("the address of the keys is not secure")
        async with self._http.get(url, allow_redirects=False) as answer:
            answer.raise_for_status()
            said: dict[str, Any] = await answer.json(content_type=None)
            return said


def _key(said: Mapping[str, Any]) -> tuple[str, Key] | None:
    """One key of a key set; ``None`` for one that is not for signatures of this kind, or cannot be read."""
    if said.get("kty") != "RSA" or said.get("use", "sig") != "sig" or not said.get("kid"):
        return None
    try:
        key = jwt.PyJWK(dict(said), algorithm=ALGORITHM).key
    except jwt.PyJWTError:
        return None
    return str(said["kid"]), Key(key, frozenset(map(str, said.get("endorsements") or ())))


class Proof:
    """Proves tokens for one app."""

    def __init__(self, settings: TeamsSettings, keys: Keys, wall: Callable[[], float]) -> None:
        """``wall`` counts seconds since 1970."""
        self._settings = settings
        self._keys = keys
        self._wall = wall

    async def of(self, header: str) -> Claims:
        """Prove what a request carries as ``Authorization``.

        :raises NotProved: it proves nothing, and what is wrong with it
        :raises Unreachable: the keys cannot be read
        """
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST or not token.isascii():
            raise NotProved("no token")
        try:
            head = jwt.get_unverified_header(token)
        except jwt.PyJWTError as wrong:
            raise NotProved("a token that cannot be read") from wrong
        kid = head.get("kid")
        if head.get("alg") != ALGORITHM or not isinstance(kid, str) or "crit" in head:
            raise NotProved("a token signed in another way")
        key = await self._keys.named(kid)
        if key is None:
            raise NotProved("a token signed with an unknown key")
        try:
            claims = jwt.decode(token, key.key, algorithms=[ALGORITHM], options=SIGNATURE_ONLY)
        except (jwt.PyJWTError, ValueError) as wrong:
            raise NotProved("a token that is not signed by Teams") from wrong
        self._check(claims)
        return Claims(service_url=claims["serviceurl"], channels=key.endorsements)

    def _check(self, claims: Mapping[str, Any]) -> None:
        now = self._wall()
        if claims.get("iss") != self._settings.issuer:
            raise NotProved("a token of another issuer")
        if claims.get("aud") != self._settings.app_id:
            raise NotProved("a token for another app")
        if _time(claims, "exp") + SKEW <= now:
            raise NotProved("a token that has expired")
        if "nbf" in claims and _time(claims, "nbf") - SKEW > now:
            raise NotProved("a token of the future; look at this computer's clock")
        if not isinstance(claims.get("serviceurl"), str):
            raise NotProved("a token without a serviceurl")


SIGNATURE_ONLY: Any = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
}
"""The library proves the signature; what is claimed is checked here, against our own clock."""


def _time(claims: Mapping[str, Any], name: str) -> float:
    said = claims.get(name)
    if not isinstance(said, int | float) or isinstance(said, bool) or not isfinite(said):
        raise NotProved(f"a token without {name}")
    return said
