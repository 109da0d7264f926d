"""What only Teams could spoil of what follows a removal or a block: words in channels, and cards too large."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from tests.appealing import asks_the_board, sits_on_the_board, the_board_meets
from tests.platforms.fake_teams import Conversation
from tests.platforms.teams_people import read
from tests.platforms.teams_wire import HouseOverTeams, chicopee_over_teams, in_channels


def read_all(chat: Conversation) -> str:
    """Everything a chat shows."""
    return "\n".join(read(post.said) for post in chat.posts)


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[HouseOverTeams]:
    """Chicopee's library, reached through Teams only; its channels were told of whatever happened."""
    async with chicopee_over_teams(sqlite_url, tmp_path) as ready:
        yield ready
        assert ready.wire is not None
        assert "-2026-0001" in in_channels(ready.wire.teams)  # the channels were told of the cases


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
