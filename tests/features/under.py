"""A library under one of the five policies, and its days."""

from pathlib import Path

from tests.features.test_five_policies import Desk, library_under
from tests.people import Somebody, shown


async def under(name: str, folder: Path) -> Desk:
    """One library under one policy."""
    return await library_under(name, folder)


async def days(desk: Desk, number: int) -> None:
    """Let days pass, each with its rounds once the library, wherever it is, has opened."""
    for _ in range(number):
        await desk.house.pass_days(1)
        desk.house.time.later(hours=3)
        await desk.house.deliver()


async def opens(person: Somebody, ref: str, button: str) -> None:
    """Open a case and press a button on it."""
    await person.says(f"show {ref}")
    await person.presses(button)


def sees(person: Somebody) -> str:
    """Everything before somebody, line by line."""
    return shown(person.reply)
