"""What follows a removal or a block, made again through Teams: tokens and activities in, checked payloads out.

The stories are the desk's own. What is added is what only Teams could spoil: words in channels, and cards too large.
"""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.appealing import asks_the_board, sits_on_the_board, the_board_meets
from tests.journeys.test_appeal_to_restoration import (
    test_an_appeal_goes_through_the_board_to_a_reversal_and_is_undone_on_each_account,
)
from tests.journeys.test_coming_back import (
    test_a_block_of_2_march_an_early_request_and_the_way_back_from_16_april,
    test_three_weeks_without_a_director_and_the_boards_acting_director_decides,
)
from tests.journeys.test_disposal import (
    test_a_certificate_and_a_tombstone_survive_a_restart,
    test_a_disposal_that_is_sent_twice_is_carried_out_once,
    test_nothing_a_patron_wrote_stands_anywhere_after_the_disposal,
    test_the_disposal_of_one_record_leaves_the_others_of_the_day_whole,
)
from tests.journeys.test_whole_chain import (
    test_from_the_comment_to_the_certificate_with_every_date_and_every_reminder_once,
)
from tests.people import SECRETS
from tests.platforms.fake_teams import Conversation
from tests.platforms.teams_people import read
from tests.platforms.teams_rules import MESSAGE_SIZE, size
from tests.platforms.teams_wire import HouseOverTeams, chicopee_over_teams, in_channels

__all__ = [
    "test_a_block_of_2_march_an_early_request_and_the_way_back_from_16_april",
    "test_a_certificate_and_a_tombstone_survive_a_restart",
    "test_a_disposal_that_is_sent_twice_is_carried_out_once",
    "test_an_appeal_goes_through_the_board_to_a_reversal_and_is_undone_on_each_account",
    "test_from_the_comment_to_the_certificate_with_every_date_and_every_reminder_once",
    "test_nothing_a_patron_wrote_stands_anywhere_after_the_disposal",
    "test_the_disposal_of_one_record_leaves_the_others_of_the_day_whole",
    "test_three_weeks_without_a_director_and_the_boards_acting_director_decides",
]

WRITTEN = (*SECRETS, "zyzzyva")
"""Everything a patron, a trustee or a decider wrote in these stories begins with one of these."""


def read_all(chat: Conversation) -> str:
    """Everything a chat shows."""
    return "\n".join(read(post.said) for post in chat.posts)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite: the same journeys are made on both databases without Teams."""
    return sqlite_url


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[HouseOverTeams]:
    """Chicopee's library, reached through Teams only; nobody's words reached a channel in whatever happened."""
    async with chicopee_over_teams(database_url, tmp_path) as ready:
        yield ready
        assert ready.wire is not None
        teams = ready.wire.teams
        shown = in_channels(teams)
        assert [word for word in WRITTEN if word in shown] == []
        assert "-2026-0001" in shown  # the channels were told of the cases
        assert max(map(size, teams.payloads)) < MESSAGE_SIZE


async def test_what_one_trustee_advises_reaches_the_director_and_no_other_trustee(house: HouseOverTeams) -> None:
    assert house.wire is not None
    await the_board_meets(house, date(2026, 4, 14))
    await sits_on_the_board(house, "Quinn Adler", user="quinn")
    block = await house.sam.asks_for_block()
    await house.dana.approves(block)
    await house.sam.confirms(block)
    ref = await house.robin.files_appeal(block)
    await house.deliver()
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.deliver()
    [memo] = house.told("terry")
    await house.terry.press(memo.card.buttons[1])
    await house.terry.fills(words="zyzzyva: too long a block")
    await house.deliver()

    chats = {user: read_all(house.wire.person(user).chat) for user in ("terry", "quinn", "dana", "robin", "sam")}
    assert chats["quinn"]  # a memo of their own came
    await house.dana.says(f"show {ref}")
    assert "zyzzyva" in read_all(house.wire.person("dana").chat)
    assert [user for user in ("quinn", "robin", "sam") if "zyzzyva" in chats[user]] == []


async def test_the_half_sheet_for_the_desk_is_offered_as_a_paper_in_the_chat(house: HouseOverTeams) -> None:
    assert house.wire is not None
    block = await house.sam.asks_for_block()
    await house.dana.approves(block)
    await house.sam.confirms(block)
    await house.robin.says("half-sheet")
    robin = house.wire.person("robin")
    await robin.presses_told("Print the half-sheet")
    await robin.takes_file()
    await house.deliver()

    [paper] = house.wire.teams.drive.values()
    assert paper.startswith(b"%PDF")


async def test_an_appeal_as_long_as_it_may_be_fits_every_message_and_is_read_whole(house: HouseOverTeams) -> None:
    assert house.wire is not None
    block = await house.sam.asks_for_block(reason="flibber " + "ü" * 2_900)
    await house.dana.approves(block, reason="flibber " + "é" * 2_900)
    await house.sam.confirms(block)
    await house.robin.says("appeal log")
    asked = next(one for one in house.robin.page.page.fields if one.name == "words")
    plea = " ".join(f"quibble{number:05}ééééééééé" for number in range(100_000))[: asked.max_length - 6] + " last."
    ref = await house.robin.files_appeal(block, words=plea)
    await house.deliver()
    dana = house.wire.person("dana")
    await house.dana.says(f"show {ref}")
    before = len(dana.chat.posts)
    assert "last." not in read(dana.chat.posts[-1].said)  # more than one message holds
    await dana.presses_told("Show everything")

    told = "\n".join(read(post.said) for post in dana.chat.posts[before:])
    assert "quibble00000" in told
    assert "last." in told
