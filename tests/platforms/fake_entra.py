"""Microsoft's side of trust, small and strict: it gives the bot tokens for its secret, and signs what it sends the bot.

The bot reads the OpenID metadata and the key set over HTTP, as documented for Azure Bot Service (Bot Connector
authentication). Keys can be rolled at any moment, and anything about a token can be forged.
"""

import base64
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

Thing = dict[str, Any]

APP_ID = "d0e00071-ce00-4000-8000-000000000001"
APP_SECRET = "a secret of no real application"  # noqa: S105 - as it says
TENANT = "c41c0bee-7e4a-4000-8000-0000000000aa"
OTHER_TENANT = "b14c4000-7e4a-4000-8000-0000000000bb"
ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
ENDORSEMENTS = ("msteams", "webchat", "directline")
LIFE = 3599


@cache
def private_key(number: int) -> rsa.RSAPrivateKey:
    """A key pair; making one takes a moment, so each is made once a run."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def encoded(raw: bytes) -> str:
    """Base64 as tokens write it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def written(part: Thing) -> str:
    """One part of a token."""
    return encoded(json.dumps(part, separators=(",", ":")).encode())


@dataclass(frozen=True)
class Key:
    """One key of the set, and what it may sign for."""

    kid: str
    private: rsa.RSAPrivateKey
    endorsements: tuple[str, ...] = ENDORSEMENTS

    def published(self) -> Thing:
        """As it stands in the key set."""
        numbers = self.private.public_key().public_numbers()
        size = (numbers.n.bit_length() + 7) // 8
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": encoded(numbers.n.to_bytes(size)),
            "e": encoded(numbers.e.to_bytes(3)),
            "endorsements": list(self.endorsements),
        }

    def signs(self, header: Thing, claims: Thing) -> str:
        """A signed token."""
        said = f"{written(header)}.{written(claims)}"
        return f"{said}.{encoded(self.private.sign(said.encode(), padding.PKCS1v15(), SHA256()))}"


@dataclass
class FakeEntra:
    """The login page, the metadata and the keys. ``asked`` counts what the bot fetched."""

    wall: Callable[[], float]
    url: str = ""
    keys: list[Key] = field(default_factory=lambda: [Key("key-1", private_key(1))])
    asked: Counter[str] = field(default_factory=Counter)
    tokens: dict[str, float] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    life: int = LIFE
    issuer: str = ISSUER
    scope: str = SCOPE
    down: bool = False
    _numbers: Any = field(default_factory=lambda: count(2))

    # -- what the bot receives ---------------------------------------------------------------------------------------

    def roll(self) -> Key:
        """Replace the signing key, as Microsoft does without a word; the next token is signed with the new one."""
        number = next(self._numbers)
        self.keys = [Key(f"key-{number}", private_key(number))]
        return self.keys[0]

    def claims(self, service_url: str, **other: object) -> Thing:
        """What a token of the channel says."""
        now = int(self.wall())
        true: Thing = {
            "serviceurl": service_url,
            "nbf": now - 60,
            "exp": now + LIFE,
            "iss": self.issuer,
            "aud": APP_ID,
        }
        return {name: value for name, value in (true | other).items() if value is not None}

    def token(self, service_url: str) -> str:
        """A true token, with which an activity from Teams is sent."""
        key = self.keys[0]
        return key.signs({"alg": "RS256", "kid": key.kid, "x5t": key.kid, "typ": "JWT"}, self.claims(service_url))

    # -- what the bot asks for ---------------------------------------------------------------------------------------

    def accepts(self, token: str) -> bool:
        """Test whether a token was given to the bot and still lives."""
        return self.tokens.get(token, 0.0) > self.wall()

    def revoke(self) -> None:
        """Let no token live any longer."""
        self.tokens.clear()

    async def login(self, request: web.Request) -> web.Response:
        """The token endpoint: client credentials of this one app, in its own tenant."""
        self.asked["token"] += 1
        if self.down:
            return web.Response(status=503)
        said = await request.post()
        tenant = request.match_info["tenant"]
        wrong = [
            f"{name} is {said.get(name)!r}"
            for name, right in {
                "grant_type": "client_credentials",
                "client_id": APP_ID,
                "client_secret": APP_SECRET,
                "scope": self.scope,
            }.items()
            if said.get(name) != right
        ]
        if tenant != TENANT:
            wrong.append(f"tenant {tenant}")
        if wrong:
            if "client_secret" not in wrong[0]:
                self.complaints += [f"login: {one}" for one in wrong]
            return web.json_response(
                {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."},
                status=401,
            )
        token = f"bot-token-{UUID(int=next(self._numbers))}"
        self.tokens[token] = self.wall() + self.life
        return web.json_response({"token_type": "Bearer", "expires_in": self.life, "access_token": token})

    async def metadata(self, _: web.Request) -> web.Response:
        """The OpenID metadata."""
        self.asked["metadata"] += 1
        if self.down:
            return web.Response(status=503)
        return web.json_response(
            {
                "issuer": self.issuer,
                "authorization_endpoint": "https://invalid.botframework.com",
                "jwks_uri": f"{self.url}/v1/.well-known/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            }
        )

    async def key_set(self, _: web.Request) -> web.Response:
        """The keys."""
        self.asked["keys"] += 1
        if self.down:
            return web.Response(status=503)
        return web.json_response({"keys": [key.published() for key in self.keys]})

    def add_routes(self, app: web.Application) -> None:
        """Where the bot finds all this."""
        app.router.add_post("/login/{tenant}/oauth2/v2.0/token", self.login)
        app.router.add_get("/v1/.well-known/openidconfiguration", self.metadata)
        app.router.add_get("/v1/.well-known/keys", self.key_set)

    @property
    def login_url(self) -> str:
        """Where tokens are given out."""
        return f"{self.url}/login"

    @property
    def metadata_url(self) -> str:
        """What ``MICROSOFT_OPENID_METADATA_URL`` is set to."""
        return f"{self.url}/v1/.well-known/openidconfiguration"
