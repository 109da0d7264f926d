"""A closed day that moves a date: from a form, a calendar file or the command line, and who is told of it."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import clock
from bot.cli import app
from bot.training import CHARTER
from storage.store import SqlStore
from tests.features.test_setting_up import CALENDAR_FILE, opens
from tests.people import HANDLE, PICTURE, House, chicopee


@pytest.fixture
async def rolling(house: House) -> House:
    """A library whose practice moves a last day that is closed."""
    await opens(house, "Library practice")
    await house.alex.fills(key="A last day on which")
    await house.alex.fills(value="rolls", approved_by="Board of Trustees")
    return house


async def test_whoever_is_asked_for_something_about_a_case_is_told_that_its_date_moved(rolling: House) -> None:
    ref = await rolling.sam.removes()
    await rolling.deliver()
    await opens(rolling, "Closed day")
    await rolling.alex.fills(day="2026-03-17", name="Water main")
    await rolling.deliver()

    [told] = moved(rolling, "sam")
    assert ref in told
    assert "17 March 2026 → 18 March 2026" in told
    assert HANDLE not in told
    assert "Water main" not in told
    assert moved(rolling, "alex") == [], "whoever moved it was told on the spot"
    assert moved(rolling, "robin") == []


async def test_whoever_told_the_person_the_old_date_is_told_that_the_later_one_counts(rolling: House) -> None:
    ref = await rolling.sam.removes()
    await rolling.sam.says(f"notice {ref}")
    await rolling.sam.fills(how="Letter")
    await opens(rolling, "Closed day")
    await rolling.alex.fills(day="2026-03-17", name="Water main")
    await rolling.deliver()

    [told] = moved(rolling, "sam")
    assert "of which the person was told the earlier day; the later one counts" in told


async def test_a_channel_hears_only_that_a_date_moved(rolling: House) -> None:
    await rolling.sam.removes()
    await rolling.deliver()
    await opens(rolling, "Closed day")
    await rolling.alex.fills(day="2026-03-17", name="Water main")
    await rolling.deliver()

    said = " ".join(repr(posted.card) for posted in rolling.channel("records"))
    assert "A closed day moved a date of this case." in said
    assert HANDLE not in said
    assert "Water main" not in said


async def test_nobody_is_told_where_no_date_moved(house: House) -> None:
    await house.sam.removes()
    await house.deliver()
    await opens(house, "Closed day")
    await house.alex.fills(day="2026-03-17", name="Water main")
    await house.deliver()

    assert moved(house, "sam") == []


async def test_a_calendar_file_longer_than_any_field_is_read_from_a_file(rolling: House) -> None:
    ref = await rolling.sam.removes()
    others = "".join(
        f"BEGIN:VEVENT\nUID:x{number}@elm\nDTSTART;VALUE=DATE:2026{number % 12 + 1:02}20\n"
        "SUMMARY:Story time\nEND:VEVENT\n"
        for number in range(200)
    )
    whole = CALENDAR_FILE.replace("END:VCALENDAR", f"{others}END:VCALENDAR").encode()
    assert len(whole) > 10_000
    await opens(rolling, "Closed day")
    file = await rolling.alex.attaches(whole, "closed.ics")
    await rolling.alex.fills(file=file)

    assert rolling.alex.reply.headline.startswith("1 closed day taken.")
    assert f"{ref}: 17 March 2026 → 18 March 2026" in rolling.alex.reply.headline


async def test_a_picture_is_no_calendar_file_and_a_calendar_file_is_no_picture(house: House) -> None:
    await opens(house, "Closed day")
    with pytest.raises(Exception, match="That is no calendar file"):
        await house.alex.attaches(PICTURE, "closed.png")

    await house.sam.begins_report()
    with pytest.raises(Exception, match="That is no picture or PDF file"):
        await house.sam.attaches(CALENDAR_FILE.encode(), "closed.ics")


def test_closed_days_are_imported_from_the_command_line_in_the_name_of_an_administrator(
    sqlite_url: str, tmp_path: Path
) -> None:
    async def live() -> None:
        async with chicopee(SqlStore.open(sqlite_url), tmp_path / "vault"):
            pass

    asyncio.run(live())
    day = clock().date() + timedelta(days=3)
    file = tmp_path / "closed.ics"
    file.write_text(CALENDAR_FILE.replace("20260317", f"{day:%Y%m%d}"), "utf-8")
    env = {"DUENOTICE_DATABASE_URL": sqlite_url, "DUENOTICE_DATA": str(tmp_path)}

    which = ["--library", "Chicopee Public Library"]

    several = CliRunner().invoke(app, ["closures", "import", str(file)], env=env)
    assert several.exit_code == 2
    assert "Name one library with --library: Birch Public Library, Chicopee Public Library" in several.stderr
    nobody = CliRunner().invoke(app, ["closures", "import", str(file), *which, "--by", "Nobody"], env=env)
    assert nobody.exit_code == 2
    assert "Say with --by who enters them: Alex" in nobody.stderr
    done = CliRunner().invoke(app, ["closures", "import", str(file), *which], env=env)

    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("1 closed day taken.")

    async def kept() -> tuple[str | None, str]:
        store = SqlStore.open(sqlite_url)
        try:
            library = CHARTER.id
            closures = (await store.ask(library, lambda shelves: shelves.registry.library())).closures
            tail = await store.ask(library, lambda shelves: list(shelves.book.entries(after=0, limit=10_000)))
            return closures.get(day), repr(tail[-1])
        finally:
            await store.close()

    named, last = asyncio.run(kept())
    assert named == "Closed: water main"
    assert "setup.closure" in last


def moved(house: House, user: str) -> list[str]:
    """What one person was told in person of a closed day."""
    return [
        f"{posted.card.title} {shown_card}"
        for posted in house.told(user)
        if "A closed day moved" in (shown_card := repr(posted.card))
    ]
