"""Somebody at the practice desk's page: who they are, what they write, what they are shown."""

import json

from bot.training import BOARD, MEMBERS, PLAYERS
from tests.journeys.browser import Browser

NEWEST = -1
STAFF = {one.name: f"{one.name}{PLAYERS[one.user]}" for one in (*MEMBERS, *BOARD) if one.user}
"""What the buttons of the menu say, as a screen reader hears it."""


class Visitor:
    """A person in front of one window, who can be each of the staff in turn."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self._url = url

    async def arrives(self) -> None:
        """Open the practice desk."""
        await self.browser.open(self._url)

    async def becomes(self, name: str) -> None:
        """Be somebody else, by the menu that says who one is."""
        await self.browser.tell("document.querySelector('.player').open = true")
        await self.browser.go(STAFF[name], place=NEWEST)

    async def visits(self, channel: str) -> str:
        """Open a channel; returns everything that stands in it."""
        await self.browser.go(f"Channel {channel}")
        return str(await self.browser.tell("document.getElementById('messages').innerText"))

    async def asks(self, words: str) -> str:
        """Write to the bot; returns its answer."""
        await self.browser.type("Write to Due Notice", words)
        await self.browser.go("Send")
        return await self.answer()

    async def goes(self, *labels: str) -> str:
        """Press one thing after another, the newest that says it; returns what is shown then."""
        for label in labels:
            await self.browser.go(label, place=NEWEST)
        return await self.answer()

    async def goes_to_oldest(self, label: str) -> str:
        """Press the oldest thing that says this; returns what is shown then."""
        await self.browser.go(label)
        return await self.answer()

    async def ticks(self, *labels: str) -> None:
        """Choose answers of the open form."""
        for label in labels:
            await self.browser.press(label)

    async def lets_pass(self, days: int) -> None:
        """Move the practice calendar on, which goes through every day between, and takes its time for a year."""
        await self.browser.press("More")
        await self.browser.type("Days to move forward", str(days))
        await self.browser.go("Move", place=NEWEST, patience=120)

    async def answer(self) -> str:
        """The open form's words; without one, the newest message of the conversation, and what is said in passing."""
        return str(
            await self.browser.tell(
                "document.querySelector('dialog')?.innerText ??"
                " ['.toast', '.messages > section > *']"
                ".map((all) => [...document.querySelectorAll(all)].at(-1)?.innerText).join('\\n')"
            )
        )

    async def today(self) -> str:
        """The practice calendar's day, as the page writes it."""
        return str(await self.browser.tell("document.querySelector('.today b').innerText"))

    async def typed(self, label: str) -> str:
        """What stands in a field of the open form."""
        return str(
            await self.browser.tell(
                "[...document.querySelectorAll('dialog label')]"
                f".find((e) => e.innerText.startsWith({json.dumps(label)})).control.value"
            )
        )

    async def chosen(self) -> list[str]:
        """The answers that are ticked in the open form."""
        found = await self.browser.tell(
            "[...document.querySelectorAll('dialog .tick:has(:checked) > span')]"
            ".map((e) => e.firstChild.data.trim()).join('\\n')"
        )
        return str(found).split("\n")
