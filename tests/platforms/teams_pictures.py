"""The main cards and dialogs of Teams, as they were sent: ``python -m tests.platforms.teams_pictures FOLDER``.

Makes a small journey against the small Teams and writes each payload as JSON, for ``docs/teams/draw.mjs`` to draw.
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from storage.store import SqlStore
from tests.platforms.drawn import remember
from tests.platforms.fake_entra import Thing
from tests.platforms.fake_teams import Conversation
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams
from tests.platforms.teams_people import TeamsPerson, cards_of, read
from tests.platforms.teams_wire import HouseOverTeams, chicopee_over_teams


class Album:
    """What was shown, by name."""

    def __init__(self) -> None:
        self.pages: dict[str, Thing] = {}

    def dialog(self, name: str, person: TeamsPerson) -> None:
        """Keep the open dialog of somebody."""
        assert person.dialog, person.answer
        self.pages[name] = {"kind": "dialog", "title": person.dialog.title, "card": person.dialog.card}

    def message(self, name: str, place: Conversation, about: str) -> None:
        """Keep the newest message of a conversation that is about something."""
        found = [post for post in place.posts if about in read(post.said) and cards_of(post.said)]
        assert found, (about, [read(post.said) for post in place.posts])
        title = f"#{place.name}" if place.kind == "channel" else "only you see this"
        self.pages[name] = {"kind": "message", "title": title, "card": cards_of(found[-1].said)[0]}


async def work(house: HouseOverTeams, album: Album) -> None:
    """Go from a comment to a block and its appeal, and keep what is seen on the way."""
    assert house.wire is not None
    wire = house.wire
    robin, dana = wire.person("robin"), wire.person("dana")
    await robin.opens_home()
    await robin.presses_told("Report an item")
    await robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    await robin.fills({"What it says": "Diet pills, cheap today!"})
    album.dialog("report", robin)
    block = await house.sam.asks_for_block()
    await house.deliver()
    album.message("block", await wire.channel("decisions"), f"Block request {block}")
    await dana.opens_home()
    album.message("home", dana.chat, "Decisions waiting for you")
    await dana.presses_in("decisions", "Approve", about=block)
    album.dialog("approve", dana)
    await house.dana.approves(block)
    await house.sam.confirms(block)
    appeal = await house.robin.files_appeal(block)
    await house.deliver()
    album.message("appeal", await wire.channel("decisions"), f"Appeal {appeal}")
    house.time.later(days=1)
    await house.deliver()
    album.message("daily", await wire.channel("social-media"), "Due, ")


async def setup(house: TeamsHouse, album: Album) -> None:
    """Open setup, and keep what the administrator sees."""
    await house.alex.writes("setup")
    album.message("setup", house.alex.chat, "Setup of")
    await house.alex.presses_told("Add several people")
    album.dialog("several-people", house.alex)


async def taken(folder: Path) -> dict[str, Thing]:
    """Every picture's payload, by name; records are made in this folder."""
    album = Album()
    async with chicopee_over_teams(f"sqlite:///{folder}/work.sqlite", folder / "work") as working:
        await work(working, album)
    store = SqlStore.open(f"sqlite:///{folder}/setup.sqlite")
    async with chicopee_in_teams(store, folder / "setup") as begun:
        await setup(begun, album)
    await store.close()
    return album.pages


async def main(folder: Path) -> None:
    """Write every page, and remember which words they hold: they are about to be drawn."""
    with tempfile.TemporaryDirectory() as scratch:
        pages = await taken(Path(scratch))
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    for name, page in pages.items():
        await asyncio.to_thread((folder / f"{name}.json").write_text, json.dumps(page, indent=1), encoding="utf-8")
    await asyncio.to_thread(remember, "teams", {name: read(page) for name, page in pages.items()})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    asyncio.run(main(parser.parse_args().folder))
