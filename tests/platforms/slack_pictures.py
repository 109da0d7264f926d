"""The main cards and forms of Slack, as they were sent: ``python -m tests.platforms.slack_pictures FOLDER``.

Makes a small journey against the small Slack and writes each payload as JSON, for ``docs/slack/draw.mjs`` to draw.
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from storage.store import SqlStore
from tests.platforms.drawn import remember
from tests.platforms.fake_slack import Thing
from tests.platforms.slack_people import SlackHouse, chicopee_in_slack
from tests.platforms.slack_reading import read

PICTURE = b"\x89PNG\r\n\x1a\n" + b"a picture"
LINK = "https://facebook.com/chicopeelibraryma/posts/1"
WORDS = "Diet pills, cheap today! www.pills.example"
PLEA = "My comment was about the opening hours. Please put it back."
PATRON = "A reader, by letter"
REASON = "The account advertises pills under every post of our story hour."


class Album:
    """What was shown, by name, in the order it was seen."""

    def __init__(self, house: SlackHouse) -> None:
        self._house = house
        self.pages: dict[str, Thing] = {}

    def modal(self, name: str, user: str) -> None:
        """Keep the open modal of somebody."""
        self.pages[name] = self._house.slack.views[self._house.slack.open_view[user]]["view"]

    def home(self, name: str, user: str) -> None:
        """Keep somebody's Home tab."""
        self.pages[name] = self._house.slack.homes[user]

    def message(self, name: str, channel: str, about: str) -> None:
        """Keep the newest message of a conversation that is about something."""
        there = [*self._house.slack.messages[channel], *self._house.slack.ephemeral[channel.removeprefix("D")]]
        found = [one for one in there if about in read(one)]
        self.pages[name] = {"type": "message", "blocks": found[-1]["blocks"], "channel": channel}


async def taken(house: SlackHouse) -> dict[str, Thing]:
    """Go from a comment to a block, and keep what is seen on the way."""
    album = Album(house)
    robin, sam, dana, alex = house.robin, house.sam, house.dana, house.alex
    house.slack.files["F1"] = PICTURE
    await robin.types("/incident")
    album.modal("report-1", "UROBIN")
    await robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    album.modal("report-2", "UROBIN")
    page = {"On which": "Facebook", "Link to it": LINK, "What it says": WORDS, "Picture of it": ["F1"]}
    await robin.fills({**page, "What became of it?": "Removed"})
    album.modal("report-3", "UROBIN")
    await robin.fills(
        {"Which rule": "Advertising", "What does this": ["sells or advertises"], "Author's handle": "@pills4u"}
    )
    album.modal("report-saved", "UROBIN")
    await house.deliver()
    album.message("channel-report", "social-media", "Report I-2026-0001")
    await sam.opens_home()
    album.home("home-editor", "USAM")
    await sam.presses_home("Done today", about="I-2026-0001")
    await sam.types("/block")
    await sam.fills(
        {"Handles": "Facebook: @pills4u", "Block on which": ["Facebook"], "On which grounds?": ["Repeated breaches"]}
    )
    await sam.fills({"Why should this author": REASON})
    await house.deliver()
    album.message("channel-decision", "decisions", "Block request B-2026-0001")
    await dana.opens_home()
    album.home("home-director", "UDANA")
    await dana.presses_home("Open", about="B-2026-0001")
    album.modal("block-open", "UDANA")
    await dana.presses_in("decisions", "Approve", about="B-2026-0001")
    album.modal("approve", "UDANA")
    await dana.fills({"The request's reasons are mine": "No", "Your reason": REASON})
    album.modal("approved", "UDANA")
    await sam.types("/incident", "show I-2026-0001")
    album.message("report-open", "DUSAM", "I-2026-0001")
    await sam.types("/appeal", "log")
    await sam.fills({"Its words": PLEA, "From whom": PATRON, "Reference of what": "I-2026-0001"})
    await dana.types("/appeal", "show A-2026-0001")
    album.message("appeal-open", "DUDANA", "A-2026-0001")
    await dana.presses_told("Answer it", about="A-2026-0001")
    album.modal("appeal-answer", "UDANA")
    await robin.types("/due")
    album.message("due", "DUROBIN", "due")
    house.time.later(days=1)
    await house.deliver()
    album.message("daily", "decisions", "A-2026-0001")
    house.slack.groups["S1"] = {"name": "Circulation", "handle": "circ", "users": ["ULEE"]}
    await alex.types("/duenotice", "setup")
    album.message("setup", "DUALEX", "Setup of")
    await alex.presses_told("Add several people")
    album.modal("several-people", "UALEX")
    return album.pages


async def main(folder: Path) -> None:
    """Write every page, and remember which words they hold: they are about to be drawn."""
    with tempfile.TemporaryDirectory() as scratch:
        store = SqlStore.open(f"sqlite:///{scratch}/pictures.sqlite")
        async with chicopee_in_slack(store, Path(scratch)) as house:
            pages = await taken(house)
        await store.close()
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    for name, page in pages.items():
        await asyncio.to_thread((folder / f"{name}.json").write_text, json.dumps(page, indent=1), encoding="utf-8")
    await asyncio.to_thread(remember, "slack", {name: read(page) for name, page in pages.items()})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    asyncio.run(main(parser.parse_args().folder))
