"""Ten thousand requests Slack never signed, over real HTTP: every one is refused, and leaves one line in the log."""

import logging
import random
import string
from collections.abc import AsyncIterator
from pathlib import Path
from time import time  # noqa: TID251 - Slack's own clock signs its requests

import pytest
from aiohttp import ClientSession, TCPConnector

from bot.training import LIBRARY
from storage.store import SqlStore
from tests.platforms.fake_slack import SECRET, TEAM
from tests.platforms.slack_people import SlackHouse, chicopee_in_slack, encoded, signed

FORGERIES = 10_000
DECISION = {
    "type": "block_actions",
    "user": {"id": "UDANA", "team_id": TEAM},
    "team": {"id": TEAM},
    "trigger_id": "t",
    "actions": [{"action_id": "open:0", "value": '{"i":"block.approve","s":"B-2026-0001","v":1,"t":""}'}],
}


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[SlackHouse]:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_slack(store, tmp_path) as opened:
        yield opened
    await store.close()


def forged(chance: random.Random) -> tuple[bytes, dict[str, str]]:
    """A request that carries a decision, or a command, and a signature that is not Slack's for it."""
    payload = {"command": "/due", "user_id": "UDANA", "team_id": TEAM, "text": "snollygoster"}
    raw, content = chance.choice([encoded("slash_commands", payload), encoded("interactive", DECISION)])
    now = int(time())
    good = signed(raw, at=now)
    stamp, seal = good["X-Slack-Request-Timestamp"], good["X-Slack-Signature"]
    match chance.randrange(8):
        case 0:  # another secret
            good = signed(raw, at=now, secret=SECRET[:-1] + chance.choice("abcdef"[::-1]))
        case 1:  # too old, or from the future
            good = signed(raw, at=now + chance.choice([-1, 1]) * chance.randrange(400, 10**9))
        case 2:  # the body was changed on the way
            place = chance.randrange(len(raw))
            raw = raw[:place] + bytes([raw[place] ^ chance.randrange(1, 256)]) + raw[place + 1 :]
        case 3:  # the time was changed on the way
            good["X-Slack-Request-Timestamp"] = str(int(stamp) + chance.choice([-2, -1, 1, 2]))
        case 4:  # one character of the signature was changed, or it was cut
            place = chance.randrange(len(seal))
            other = chance.choice([one for one in string.hexdigits.lower() + "=v " if one != seal[place]])
            good["X-Slack-Signature"] = chance.choice([seal[:place], seal[:place] + other + seal[place + 1 :]])
        case 5:  # a header is missing
            del good[chance.choice(list(good))]
        case 6:  # a time that is none
            bad = ["", "soon", "-5", "1e9", "٣", "9" * 5000, " ", "NaN", "0x10", "1700000000.5"]
            good["X-Slack-Request-Timestamp"] = chance.choice(bad)
        case _:  # a signature that is none
            bad = ["", "v0=", "v1=" + seal[3:], seal.upper(), "v0=é", "v0=" + "0" * 64, seal + seal]
            good["X-Slack-Signature"] = chance.choice(bad)
    kinds = [content, "application/json", "text/plain", "application/x-www-form-urlencoded; charset=utf-16"]
    return raw, {"Content-Type": chance.choice(kinds), **good}


async def test_ten_thousand_forged_requests_are_refused_and_change_nothing(
    house: SlackHouse, chance: random.Random, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = await house.store.ask(LIBRARY, lambda shelves: shelves.book.head())
    calls = len(house.slack.calls)
    async with ClientSession(connector=TCPConnector(limit=4)) as http:
        for _ in range(FORGERIES):
            raw, headers = forged(chance)
            async with http.post(house.url, data=raw, headers=headers) as answer:
                assert (answer.status, await answer.json()) == (401, {"error": "invalid request"}), headers

    assert await house.store.ask(LIBRARY, lambda shelves: shelves.book.head()) == before
    assert len(house.slack.calls) == calls
    ours = [record for record in caplog.records if record.name.startswith(("duenotice", "slack", "aiohttp.server"))]
    assert [record.getMessage().partition(";")[0] for record in ours] == [
        "requests that Slack did not sign are refused"
    ]
    assert [record for record in caplog.records if record.exc_info] == []
    assert "snollygoster" not in caplog.text


NONSENSE = [
    b"",
    b"payload=",
    b"payload=%7B",
    b"payload=null",
    b"payload=[]",
    b"payload=%7B%22type%22%3A%22block_actions%22%7D",
    b"command=/due",
    b"command=/due&team_id=&user_id=",
    b"{",
    b"[]",
    b"null",
    b'{"type":"event_callback","team_id":"T0CHICOPEE","event":{"type":"message","user":5}}',
    b'{"type":"event_callback","team_id":"T0CHICOPEE","event":{"type":"user_change","user":[]}}',
    b"\xff\xfe",
    b"x" * 1_000_000,
]


@pytest.mark.parametrize("content", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("raw", NONSENSE, ids=[str(number) for number in range(len(NONSENSE))])
async def test_signed_nonsense_is_answered_and_breaks_nothing(house: SlackHouse, raw: bytes, content: str) -> None:
    before = await house.store.ask(LIBRARY, lambda shelves: shelves.book.head())
    async with (
        ClientSession() as http,
        http.post(house.url, data=raw, headers={"Content-Type": content, **signed(raw)}) as answer,
    ):
        assert answer.status < 500
    await house.robin.types("/due")
    assert await house.store.ask(LIBRARY, lambda shelves: shelves.book.head()) == before
