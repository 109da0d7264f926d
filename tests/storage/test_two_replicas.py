"""Two replicas on one database and a messenger that takes its time: every message is posted by one of them."""

from collections import Counter
from dataclasses import dataclass, replace

from typing_extensions import override

from bot.cards import Card
from bot.ports import Address, MessageState
from bot.rounds import LEASE_SECONDS, Rounds
from tests.messenger import FakeMessenger
from tests.people import House

REPORTS = 8
EACH = 10
"""Seconds one post takes: what is claimed together takes longer than the lease."""


@dataclass
class SlowMessenger(FakeMessenger):
    """Takes ten seconds for each post; while the seventh is on its way, another replica makes its round."""

    house: House | None = None
    other: Rounds | None = None

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        assert self.house is not None
        self.house.time.later(seconds=EACH)
        if self.other is not None and len(self.posts) == LEASE_SECONDS // EACH:
            other, self.other = self.other, None
            await other.deliver()
        return await super().post(to, card, key=key, under=under)


async def test_what_a_slow_replica_claimed_is_posted_once(house: House) -> None:
    await house.deliver()
    house.messenger.posts.clear()
    for number in range(REPORTS):
        link = f"https://facebook.com/tatter/{number}"
        await house.robin.reports(links=link, outcome="Please look", text=f"words {number}")
    slow = SlowMessenger(now=house.time, house=house, posts=house.messenger.posts)
    house.open(slow)
    slow.other = Rounds(store=house.store, vault=house.vault, messengers=(house.messenger,), clock=house.time)

    await house.rounds.deliver()
    house.time.later(minutes=5)
    await house.rounds.deliver()

    times = Counter(posted.key for posted in house.messenger.posts)
    assert len(times) >= REPORTS
    assert max(times.values()) == 1, times
    assert slow.other is None, "the other replica had its round"


async def test_a_message_is_held_only_by_whoever_claimed_it_last_and_until_it_ends(house: House) -> None:
    await house.deliver()
    await house.robin.reports(outcome="Please look")
    mine, *_ = await house.store.claim_messages(house.time(), lease_seconds=60, limit=20)
    house.time.later(seconds=50)
    assert await house.store.hold_message(mine, house.time(), lease_seconds=60)
    house.time.later(seconds=50)
    others = await house.store.claim_messages(house.time(), lease_seconds=60, limit=20)
    assert mine.id not in {one.id for one in others}, "its lease began anew"

    house.time.later(seconds=20)
    claimed = await house.store.claim_messages(house.time(), lease_seconds=60, limit=20)
    [theirs] = [one for one in claimed if one.id == mine.id]
    assert not await house.store.hold_message(mine, house.time(), lease_seconds=60)
    assert await house.store.hold_message(theirs, house.time(), lease_seconds=60)

    assert await house.store.finish_message(replace(theirs, state=MessageState.SENT, sent_at=house.time()))
    assert not await house.store.hold_message(theirs, house.time(), lease_seconds=60)
