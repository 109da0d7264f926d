"""What a conversation of Teams takes, by a clock of our own: nothing waits in these tests."""

import pytest

from adapters.teams.connector import LIMITS, Pace
from bot.ports import TryLater

HERE, THERE = "19:here@thread.tacv2", "19:there@thread.tacv2"


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


async def sends(pace: Pace, conversation: str = HERE) -> float:
    """Send one message now; how many seconds it would have to wait, 0 when it went."""
    try:
        async with pace.turn(conversation, at_most=0.0):
            return 0.0
    except TryLater as later:
        return later.seconds


async def sends_until_it_waits(pace: Pace, clock: Clock, every: float) -> tuple[int, float]:
    """How many messages go when one is sent each ``every`` seconds, and how long the next one would wait."""
    count = 0
    while (wait := await sends(pace)) == 0.0:
        count += 1
        clock.at += every
        assert count < 5000
    return count, wait


@pytest.mark.parametrize(
    ("every", "count", "seconds"),
    [(0.0, 7, 1.0), (0.2, 8, 0.4), (0.45, 60, 3.0), (1.9, 1800, 180.0)],
    ids=["seven a second", "eight in two seconds", "sixty in thirty", "eighteen hundred an hour"],
)
async def test_a_conversation_takes_so_many_messages_and_the_next_one_waits(
    every: float, count: int, seconds: float
) -> None:
    clock = Clock()
    went, wait = await sends_until_it_waits(Pace(clock), clock, every)
    assert went == count
    assert wait == pytest.approx(seconds, abs=0.001)


async def test_a_message_goes_when_its_turn_has_come_and_never_more_than_teams_takes() -> None:
    clock = Clock()
    pace = Pace(clock)
    went: list[float] = []
    for _ in range(6_000):
        clock.at += 0.1
        if not await sends(pace):
            went.append(clock.at)
    for seconds, most in LIMITS:
        for first, after in zip(went, went[most:], strict=False):
            assert after - first >= seconds - 0.001, f"more than {most} in {seconds} seconds"
    assert len(went) >= 1150, "and no fewer than it may send"


async def test_one_conversation_does_not_wait_for_another_and_what_is_on_its_way_counts() -> None:
    clock = Clock()
    pace = Pace(clock)
    async with pace.turn(HERE, at_most=0.0):
        for _ in range(6):
            assert await sends(pace) == 0.0
        assert await sends(pace) > 0.0, "the first has not arrived, and may any moment"
        assert await sends(pace, THERE) == 0.0
