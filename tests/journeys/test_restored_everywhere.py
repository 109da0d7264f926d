"""A library is put back from a backup and goes on in the same chat, on every surface.

The backup is taken on Monday while the program runs. The copy that is lost goes on until Friday: it tells, reminds,
decides, numbers a report. Nobody can look that up in what was put back, so none of it is told again.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from bot.cards import Button
from bot.clocks.calendar import short_date
from tests.journeys.surfaces import PLACES, POSTGRESQL, SQLITE, on
from tests.journeys.test_comment_to_block import Told, reminded
from tests.messenger import Posted
from tests.people import House, shown
from tests.storage.backups import backs_up, goes_on, restores

WAYS = [*on(("desk",), SQLITE, POSTGRESQL), *on(PLACES, SQLITE, rest=(POSTGRESQL,)), *on(("socket",), rest=(SQLITE,))]
pytestmark = pytest.mark.parametrize("way", WAYS)

FRIDAY, LAST = date(2026, 3, 6), date(2026, 3, 16)
SOCIAL, DECISIONS, RECORDS = "social-media", "decisions", "records"
ENOUGH = "flibbertigibbet: enough is enough"


@pytest.fixture
def elsewhere(way: tuple[str, str], request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A second database of the same kind, without a single table."""
    if way[1] == SQLITE:
        return f"sqlite:///{tmp_path / 'restored' / 'duenotice.sqlite'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


@asynccontextmanager
async def put_back(house: House, backup: Path, url: str) -> AsyncIterator[House]:
    """The same people in the same chat, over what is restored now; checked, and closed."""
    folder = backup.parent / "restored"
    restores(backup, url, folder, at=house.time())
    restored = goes_on(house, url, folder)
    try:
        yield restored
        await restored.check()
    finally:
        await restored.store.close()


def the_card(house: House, channel: str, ref: str) -> Posted:
    """The card of a case in a channel; there is one only."""
    [posted] = [one for one in house.channel(channel) if ref in one.card.title and not one.under]
    return posted


async def until_friday(house: House, waiting: str, deny: Button) -> list[Told]:
    """What the copy that is lost still does: it tells what waited, decides and numbers; returns its reminders."""
    await house.deliver()
    assert waiting in the_card(house, SOCIAL, waiting).card.title
    await house.dana.press(deny, surface="channel")
    await house.dana.fills(reason=ENOUGH)
    assert await house.robin.reports(links="https://facebook.com/tatter-lost", text="snolly, lost") == "I-2026-0003"
    await house.go_to(FRIDAY)
    return await reminded(house)


async def test_a_restored_library_goes_on_in_the_same_chat_and_tells_nothing_twice(
    house: House, database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    # Monday 2 March: a removal and its appeal, and a block that waits for the Director, are told; a report waits to be.
    removal = await house.sam.removes(item={"posted_on": "2026-03-01"})
    appeal = await house.robin.files_appeal(removal, sent_on="2026-03-01")
    block = await house.sam.asks_for_block()
    await house.deliver()
    asked = the_card(house, DECISIONS, block)
    approve, deny = (next(one for one in asked.card.buttons if one.label == label) for label in ("Approve", "Deny"))
    waiting = await house.robin.reports(links="https://facebook.com/tatter-new", text="snolly", outcome="Please look")
    backs_up(database_url, tmp_path, tmp_path / "backup.zip", at=house.time())
    before = await until_friday(house, waiting, deny)
    assert (FRIDAY, DECISIONS, appeal, "decide_appeal_by", "T-10") in before
    count = len(house.posted)

    house.time.later(hours=2)
    async with put_back(house, tmp_path / "backup.zip", elsewhere) as restored:
        # Friday 6 March, two hours later: the one message, and nothing else.
        await restored.deliver()
        assert [one.to.channel or one.to.user for one in house.posted[count:]] == [RECORDS, "alex"]
        [record, _] = [one.card for one in house.posted[count:]]
        assert record.title == "This record was restored from a backup"
        assert "It is as it was on 2 March 2026 at 10:0" in record.body
        assert record.table is not None
        assert (short_date(date(2026, 3, 17)), "Answer the appeal by", appeal) in [r.cells for r in record.table.rows]
        await restored.alex.says("home")
        lines = [line for line in shown(restored.alex.reply).splitlines() if waiting in line]
        assert any("whether this had been told by then is not known here" in line for line in lines)

        # The Director presses Monday's card, which the lost copy had answered otherwise; a number is not given again.
        await restored.dana.press(approve, surface="channel")
        await restored.dana.fills(reason=ENOUGH)
        assert await restored.robin.reports(links="https://facebook.com/tatter-lost", text="lost") == "I-2026-0103"
        await restored.deliver()
        assert "approved by Dana Whitfield on 6 March 2026" in facts_of(the_card(house, DECISIONS, block))["Status"]

        # Until the day before the answer is due: every reminder on its day, and none that was told.
        await restored.go_to(LAST)
        after = await reminded(restored, after=house.messenger.posts.index(house.posted[count]))
        assert not set(after) & set(before)
        assert [one for one in after if one[3] in {"decide_appeal_by", "appeal_by"}] == [
            (date(2026, 3, 12), DECISIONS, appeal, "decide_appeal_by", "T-5"),
            (date(2026, 3, 13), DECISIONS, appeal, "decide_appeal_by", "T-2"),  # the 15th is a Sunday
            (date(2026, 3, 13), RECORDS, removal, "appeal_by", "T-2"),
            (LAST, DECISIONS, appeal, "decide_appeal_by", "T-1"),
        ]
        made = [one for one in after if one[2:4] == (block, "task.make_block")]
        assert made[:2] == [
            (date(2026, 3, 9), SOCIAL, block, "task.make_block", "T-0"),
            (date(2026, 3, 10), SOCIAL, block, "task.make_block", "overdue"),
        ]
        seals = [one.card.title for one in house.channel(RECORDS) if one.key.startswith("head:")]
        assert seals == [
            f"Record of {short_date(date(2026, 3, day))}" for day in (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16)
        ]


def facts_of(posted: Posted) -> dict[str, str]:
    return {fact.label: fact.value for fact in posted.card.facts}
