"""Who may send at all: true tokens are heard, forged ones are refused with the right status and change nothing.

The rules are those of Azure Bot Service's "Authenticate requests with the Bot Connector API", and a few of our own.
"""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - Microsoft's own clock dates its tokens

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256, SHA512

from bot.training import LIBRARY
from storage.store import SqlStore
from tests.platforms.fake_entra import TENANT, FakeEntra, Key, Thing, encoded, private_key, written
from tests.platforms.fake_teams import FakeTeams
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams


class Clock:
    """A clock that a test may move."""

    def __init__(self, real: Callable[[], float]) -> None:
        self.later = 0.0
        self._real = real

    def __call__(self) -> float:
        return self._real() + self.later


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    store = SqlStore.open(sqlite_url)
    teams = FakeTeams(now=Clock(monotonic), entra=FakeEntra(wall=Clock(time)))
    async with chicopee_in_teams(store, tmp_path, teams=teams) as opened:
        yield opened
    await store.close()


def header(entra: FakeEntra, **other: object) -> Thing:
    """The header of a true token, changed."""
    made = {"alg": "RS256", "kid": entra.keys[0].kid, "typ": "JWT"} | other
    return {name: value for name, value in made.items() if value is not None}


def claiming(**claims: object) -> Callable[[FakeEntra, str], str]:
    """A token signed with the true key that says something else; ``None`` leaves a claim out."""
    return lambda entra, url: entra.keys[0].signs(header(entra), entra.claims(url, **claims))


def dated(**claims: float) -> Callable[[FakeEntra, str], str]:
    """A token whose dates lie so many seconds from now."""
    return lambda entra, url: claiming(**{name: int(entra.wall() + by) for name, by in claims.items()})(entra, url)


def headed(**said: object) -> Callable[[FakeEntra, str], str]:
    """A token signed with the true key under another header."""
    return lambda entra, url: entra.keys[0].signs(header(entra, **said), entra.claims(url))


def by_hand(alg: str, sign: Callable[[FakeEntra, bytes], bytes]) -> Callable[[FakeEntra, str], str]:
    """A token with a signature of another kind."""

    def made(entra: FakeEntra, url: str) -> str:
        said = f"{written(header(entra, alg=alg))}.{written(entra.claims(url))}"
        return f"{said}.{encoded(sign(entra, said.encode()))}"

    return made


def public_pem(entra: FakeEntra) -> bytes:
    """The public key, as anybody may have it."""
    return (
        entra.keys[0]
        .private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def pss(entra: FakeEntra, said: bytes) -> bytes:
    """A signature with another padding."""
    return entra.keys[0].private.sign(said, padding.PSS(padding.MGF1(SHA256()), 32), SHA256())


def true(entra: FakeEntra, url: str) -> str:
    return entra.token(url)


def with_claims_of_another(entra: FakeEntra, url: str) -> str:
    head, _, seal = true(entra, url).split(".")
    return f"{head}.{written(entra.claims(url, aud='anything'))}.{seal}"


def flipped(entra: FakeEntra, url: str) -> str:
    head, said, seal = true(entra, url).split(".")
    return f"{head}.{said}.{'B' if seal[0] != 'B' else 'C'}{seal[1:]}"


TOKENS: dict[str, tuple[Callable[[FakeEntra, str], str], int]] = {
    "signed with another key": (
        lambda entra, url: Key(entra.keys[0].kid, private_key(99)).signs(header(entra), entra.claims(url)),
        401,
    ),
    "unsigned": (by_hand("none", lambda *_: b""), 401),
    "unsigned, in capitals": (by_hand("NONE", lambda *_: b""), 401),
    "sealed with the public key": (
        by_hand("HS256", lambda entra, said: hmac.digest(public_pem(entra), said, hashlib.sha256)),
        401,
    ),
    "sealed with nothing": (by_hand("HS256", lambda _, said: hmac.digest(b"", said, hashlib.sha256)), 401),
    "another hash": (by_hand("RS512", lambda e, said: e.keys[0].private.sign(said, padding.PKCS1v15(), SHA512())), 401),
    "another padding": (by_hand("PS256", pss), 401),
    "an algorithm that is no word": (headed(alg=["RS256"]), 401),
    "another issuer": (claiming(iss="https://evil.example"), 401),
    "the issuer of Microsoft's test client": (
        claiming(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"),
        401,
    ),
    "the issuer of another cloud": (claiming(iss="https://api.botframework.us"), 401),
    "no issuer": (claiming(iss=None), 401),
    "for another app": (claiming(aud="d0e00071-ce00-4000-8000-00000000ffff"), 401),
    "for no app": (claiming(aud=None), 401),
    "for an app that begins like ours": (claiming(aud="d0e00071-ce00"), 401),
    "long expired": (dated(exp=-3600), 401),
    "expired a little more than is forgiven": (dated(exp=-320), 401),
    "without an end": (claiming(exp=None), 401),
    "with an end that is no number": (claiming(exp="tomorrow"), 401),
    "not valid yet": (dated(nbf=3600, exp=7200), 401),
    "without a key": (headed(kid=None), 401),
    "with an unknown key": (headed(kid="key-of-nobody"), 401),
    "with a key that is no word": (headed(kid=7), 401),
    "without the address of the service": (claiming(serviceurl=None), 401),
    "for another service": (claiming(serviceurl="https://smba.trafficmanager.net/amer/"), 403),
    "with claims of another": (with_claims_of_another, 401),
    "with a changed signature": (flipped, 401),
    "cut before the signature": (lambda entra, url: true(entra, url).rpartition(".")[0], 401),
    "cut in the signature": (lambda entra, url: true(entra, url)[:-40], 401),
    "with a part too many": (lambda entra, url: f"{true(entra, url)}.x", 401),
    "a word": (lambda *_: "open-sesame", 401),
    "empty": (lambda *_: "", 401),
    "no base64": (lambda *_: "*.*.*", 401),
    "parts that hold no objects": (lambda *_: f"{encoded(b'[]')}.{encoded(b'7')}.x", 401),
}


async def state(house: TeamsHouse) -> tuple[object, int, int]:
    """What must not change: the record, what the bot asked of Teams, and what stands there."""
    head = await house.store.ask(LIBRARY, lambda shelves: shelves.book.head())
    posts = sum(len(one.posts) for one in house.teams.conversations.values())
    return head, len(house.teams.calls), posts


async def refused(
    house: TeamsHouse,
    caplog: pytest.LogCaptureFixture,
    how: str,
    activity: object,
    status: int,
    *,
    token: str | None = None,
    headers: dict[str, str] | None = None,
) -> None:
    """Post it, and see that it is refused so, in one line, and that nothing came of it."""
    before = await state(house)
    caplog.clear()
    caplog.set_level("INFO")
    answer = await house.posts(activity, token=token, headers=headers)
    await house.settle()
    assert answer[0] == status, (how, answer)
    assert len(json.dumps(answer[1])) < 80, f"{how}: the answer says nothing of why"
    assert await state(house) == before, how
    said = [record for record in caplog.records if record.name.startswith(("duenotice", "aiohttp", "bot"))]
    assert [(one.name, one.levelno) for one in said] == [("duenotice.teams", logging.WARNING)], (how, said)
    assert said[0].exc_info is None, how
    assert "\n" not in said[0].getMessage(), how
    assert "snolly" not in caplog.text, how
    assert "eyJ" not in caplog.text, f"{how}: a part of a token is logged"


async def test_a_true_token_is_heard(house: TeamsHouse) -> None:
    assert "due" in (await house.robin.writes("due")).casefold()


async def test_every_forged_token_is_refused_and_changes_nothing(
    house: TeamsHouse, caplog: pytest.LogCaptureFixture
) -> None:
    assert len(TOKENS) > 30
    for how, (make, status) in TOKENS.items():
        token = make(house.teams.entra, house.teams.service_url)
        await refused(house, caplog, how, house.robin.message("search snolly"), status, token=token)


HEADERS: dict[str, dict[str, str]] = {
    "no header": {},
    "an empty one": {"Authorization": ""},
    "a name and a password": {"Authorization": "Basic ZGFuYTpodXNo"},
    "a scheme alone": {"Authorization": "Bearer"},
    "two tokens": {"Authorization": "Bearer a b"},
    "a scheme of its own": {"Authorization": "Token a.b.c"},
}


async def test_a_request_without_a_token_is_refused_and_changes_nothing(
    house: TeamsHouse, caplog: pytest.LogCaptureFixture
) -> None:
    for how, sent in HEADERS.items():
        headers = {"Content-Type": "application/json", **sent}
        await refused(house, caplog, how, house.robin.message("search snolly"), 401, headers=headers)


async def test_a_key_that_may_not_sign_for_teams_signs_nothing_here(
    house: TeamsHouse, caplog: pytest.LogCaptureFixture
) -> None:
    for endorsements in ((), ("webchat",), ("msteams2", "directline")):
        house.teams.entra.keys = [Key(f"key-of-{len(endorsements)}", private_key(5), endorsements)]
        await refused(house, caplog, str(endorsements), house.robin.message("search snolly"), 403)


BODIES: dict[str, tuple[Callable[[Thing], object], int]] = {
    "another channel": (lambda said: {**said, "channelId": "webchat"}, 403),
    "the channel of Microsoft's test client": (lambda said: {**said, "channelId": "emulator"}, 403),
    "no channel": (lambda said: {**said, "channelId": None}, 400),
    "no address of the service": (lambda said: {k: v for k, v in said.items() if k != "serviceUrl"}, 400),
    "an address of nobody we know": (lambda said: {**said, "serviceUrl": "https://evil.example/amer/"}, 403),
    "an address that only looks like Microsoft's": (
        lambda said: {**said, "serviceUrl": "https://smba.trafficmanager.net.evil.example/amer/"},
        403,
    ),
    "an address with somebody in it": (
        lambda said: {**said, "serviceUrl": "https://smba.trafficmanager.net@evil.example/amer/"},
        403,
    ),
    "a tenant without a library": (
        lambda said: {**said, "channelData": {"tenant": {"id": "00000000-7e4a-4000-8000-0000000000cc"}}},
        403,
    ),
    "no tenant": (lambda said: {**said, "channelData": {}, "conversation": {"id": said["conversation"]["id"]}}, 403),
    "no kind": (lambda said: {k: v for k, v in said.items() if k != "type"}, 400),
    "no conversation": (lambda said: {**said, "conversation": {}}, 400),
    "a conversation that is a word": (lambda said: {**said, "conversation": "a:1"}, 400),
    "nobody who sent it": (lambda said: {**said, "from": None}, 400),
    "channel data that is a word": (lambda said: {**said, "channelData": "x"}, 403),
}


async def test_an_activity_that_is_not_what_its_token_says_is_refused_and_changes_nothing(
    house: TeamsHouse, caplog: pytest.LogCaptureFixture
) -> None:
    for how, (change, status) in BODIES.items():
        await refused(house, caplog, how, change(house.robin.message("search snolly")), status)


RAW: dict[str, tuple[bytes, int]] = {
    "no JSON": (b"text=search+snolly", 400),
    "nothing": (b"", 400),
    "a list": (b'[{"type":"message"}]', 400),
    "a number": (b"7", 400),
    "half of it": (b'{"type":"message","text":"snolly', 400),
    "no UTF-8": (b'{"type":"\xff\xfe"}', 400),
    "brackets without end": (b"[" * 200_000, 400),
    "more than anybody types": (b'{"type":"message","text":"' + b"x" * 1_200_000 + b'"}', 413),
}


async def test_a_body_that_is_no_activity_is_refused_and_changes_nothing(
    house: TeamsHouse, caplog: pytest.LogCaptureFixture
) -> None:
    token = house.teams.entra.token(house.teams.service_url)
    for how, (raw, status) in RAW.items():
        await refused(house, caplog, how, raw, status, token=token)


# -- keys and tokens change -------------------------------------------------------------------------------------------


async def test_a_new_signing_key_is_accepted_at_once(house: TeamsHouse) -> None:
    await house.robin.writes("due")
    for _ in range(2):
        house.teams.entra.roll()
        assert await house.robin.writes("due")


async def test_keys_are_fetched_once_however_much_is_sent(house: TeamsHouse) -> None:
    await house.robin.writes("due")
    before = house.teams.entra.asked["keys"]
    for _ in range(5):
        await house.robin.writes("due")
    assert house.teams.entra.asked["keys"] == before


async def test_a_flood_of_unknown_keys_does_not_become_a_flood_of_requests_to_microsoft(house: TeamsHouse) -> None:
    before = house.teams.entra.asked["keys"]
    url = house.teams.service_url
    entra = house.teams.entra
    tokens = [headed(kid=f"key-of-nobody-{number}")(entra, url) for number in range(30)]
    said = house.robin.message("due")
    statuses = [status for status, _ in await asyncio.gather(*(house.posts(said, token=token) for token in tokens))]
    assert set(statuses) == {401}
    assert entra.asked["keys"] <= before + 2


async def test_while_the_keys_cannot_be_had_nothing_is_believed(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as house:
        house.teams.entra.roll()
        house.teams.entra.down = True
        token = house.teams.entra.token(house.teams.service_url)
        before = await state(house)
        status, _ = await house.posts(house.robin.message("search snolly"), token=token)
        assert status in {401, 503}
        assert await state(house) == before
        assert not [record for record in caplog.records if record.exc_info]
        house.teams.entra.down = False
    await store.close()


async def test_the_bot_asks_for_one_token_in_a_tokens_life(house: TeamsHouse) -> None:
    await asyncio.gather(*(person.writes("due") for person in (house.robin, house.sam, house.dana, house.pat)))
    for _ in range(3):
        await house.robin.writes("home")
    assert house.teams.entra.asked["token"] == 1

    for clock in (house.teams.entra.wall, house.teams.now):
        assert isinstance(clock, Clock)
        clock.later = 3600
    await asyncio.gather(*(person.writes("due") for person in (house.robin, house.sam, house.dana)))
    assert house.teams.entra.asked["token"] == 2


async def test_a_token_that_was_revoked_is_replaced_and_the_message_stands_once(house: TeamsHouse) -> None:
    await house.robin.writes("due")
    house.teams.entra.revoke()
    assert await house.robin.writes("due")
    assert house.teams.entra.asked["token"] == 2
    assert len(house.robin.chat.posts) == 2


async def test_a_secret_microsoft_does_not_know_loses_nothing_and_is_named_to_the_log_only(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.platforms.fake_entra.APP_SECRET", "another")
    monkeypatch.setattr("adapters.teams.connector.NO_TOKEN", 100.0)  # longer than an answer waits
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as house:
        assert await house.robin.writes("due") == ""
        assert "secret" in caplog.text.casefold()
        assert "a secret of no real application" not in caplog.text
    await store.close()


async def test_the_tenant_in_the_token_endpoint_is_the_bots_own(house: TeamsHouse) -> None:
    await house.somebody("birch-director", tenant="b14c4000-7e4a-4000-8000-0000000000bb").writes("due")
    assert house.teams.entra.complaints == [], f"tokens are asked for in {TENANT}"


async def test_no_body_stands_in_any_log(house: TeamsHouse, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await house.robin.writes("search snollygoster")
    assert "snolly" not in caplog.text
    assert "eyJ" not in caplog.text
    assert "bot-token" not in caplog.text
