"""The same case in the practice desk, in Slack and in Teams: what was kept and what a person reads are the same."""

import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.ports import Store
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys import test_slack as slack
from tests.journeys import test_teams as teams
from tests.people import LINK, WHY, WORDS
from tests.platforms.practice_wire import chicopee_over_practice
from tests.platforms.slack_people import chicopee_in_slack
from tests.platforms.teams_house import chicopee_in_teams

Kept = list[tuple[str, ...]]
Told = tuple[Kept, str]
"""What was kept, act by act, and what the Director reads of the block at the end."""

LOOKS = {"case.viewed", "author.viewed", "home", "library.founded"}


async def kept(store: Store) -> Kept:
    """Every act of the library: what, on which kind of record, by whom in which role, about which case."""
    entries = await store.ask(LIBRARY, lambda shelves: shelves.book.entries(after=0, limit=10_000))
    headers = [json.loads(entry.header) for entry in entries]
    named = ("action", "record", "role", "case")
    return [
        tuple(str(header[name]) for name in named)
        for header in headers
        if header["action"] not in LOOKS and not header["surface"].startswith("program")
    ]


async def in_practice(folder: Path, url: str) -> Told:
    """The case on the practice desk's own page."""
    async with chicopee_over_practice(url, folder) as house:
        begun = len(await kept(house.store))
        report = await house.robin.removes(links=LINK, text=WORDS)
        await house.sam.confirms(report)
        block = await house.sam.asks_for_block()
        await house.dana.says("home")
        await house.dana.presses("Approve", case=block)
        await house.dana.fills(mine="no", reason=WHY)
        await house.sam.confirms(block)
        reply = await house.dana.says(f"show {block}")
        words = "\n".join(f"{fact.label}\n{fact.value}" for card in reply.cards for fact in card.facts)
        return (await kept(house.store))[begun:], words


async def in_slack(folder: Path, url: str) -> Told:
    """The case in Slack."""
    store = SqlStore.open(url)
    async with chicopee_in_slack(store, folder) as house:
        begun = len(await kept(store))
        await slack.confirms_from_home(house.sam, await slack.asks_for_removal(house.robin))
        block = await slack.asks_for_block(house.sam)
        await house.dana.opens_home()
        await house.dana.presses_home("Approve", about=block)
        await house.dana.fills({"The request's reasons are mine": "No", "Your reason": WHY})
        await slack.confirms_from_home(house.sam, block)
        await house.dana.types("/block", f"show {block}")
        told = (await kept(store))[begun:], house.dana.told[-1]
    await store.close()
    return told


async def in_teams(folder: Path, url: str) -> Told:
    """The case in Teams."""
    store = SqlStore.open(url)
    async with chicopee_in_teams(store, folder) as house:
        begun = len(await kept(store))
        await teams.confirms_from_home(house.sam, await teams.asks_for_removal(house.robin))
        block = await teams.asks_for_block(house.sam)
        await house.dana.opens_home()
        await house.dana.presses_told("Approve", about=block)
        await house.dana.fills(teams.APPROVAL)
        await teams.confirms_from_home(house.sam, block)
        told = (await kept(store))[begun:], await house.dana.writes(f"show {block}")
    await store.close()
    return told


PLATFORMS: dict[str, Callable[[Path, str], Awaitable[Told]]] = {"slack": in_slack, "teams": in_teams}


async def test_a_case_is_kept_and_read_the_same_on_every_platform(tmp_path: Path, sqlite_template: Path) -> None:
    (tmp_path / "practice").mkdir()
    shutil.copyfile(sqlite_template, tmp_path / "practice" / "record.db")
    acts, words = await in_practice(tmp_path / "practice", f"sqlite:///{tmp_path / 'practice' / 'record.db'}")
    assert ("block.approve", "block", "director,reporter", "B-2026-0001") in acts
    assert "in force from 2 March 2026" in words
    for name, take in PLATFORMS.items():
        folder = tmp_path / name
        folder.mkdir()
        shutil.copyfile(sqlite_template, folder / "record.db")
        kept_there, read_there = await take(folder, f"sqlite:///{folder / 'record.db'}")
        assert kept_there == acts, name
        missing = [line for line in words.splitlines() if " ".join(line.split()) not in " ".join(read_there.split())]
        assert missing == [], name
