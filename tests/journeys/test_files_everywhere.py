"""The file of a case, taken out with its card's own button on every surface, as a person gets it there.

From the practice page it is a download; in Slack a copy in the person's own conversation; in Teams they are asked
whether they want it, and find it in their drive.
"""

from contextlib import redirect_stdout
from hashlib import sha256
from io import StringIO
from pathlib import Path
from runpy import run_path

import pytest

from bot.records.export import MANIFEST
from bot.refusal import Refusal
from tests.appealing import a_removal_appealed, answers, the_letter
from tests.journeys.surfaces import PLACES, POSTGRESQL, SQLITE, on
from tests.people import PATRON, PICTURE, PLEA, SECRETS, House
from tests.records.taken import a_removal, checked, opened, put

WAYS = [*on(("desk",), SQLITE, POSTGRESQL), *on(PLACES, SQLITE, rest=(POSTGRESQL,)), *on(("socket",), rest=(SQLITE,))]
pytestmark = pytest.mark.parametrize("way", WAYS)

EXPORT = "Export the file"
SCAN = PICTURE + b", written by hand"
ANSWER = "Dear reader,\n\nflibbertigibbet: our decision stands."


async def an_answered_appeal(house: House) -> str:
    """A removal with its picture, a scanned letter against it, and the letter that answers; returns the appeal."""
    removal = await a_removal(house)
    await house.robin.says("appeal log")
    scan = await house.robin.attaches(SCAN, "letter.png")
    await house.robin.fills(words=PLEA, sender=PATRON, against=removal, scans=scan)
    ref = house.robin.ref
    await answers(house, ref)
    await the_letter(house, ref)
    await house.dana.fills(text=ANSWER, how="Letter")
    return ref


async def test_the_cards_button_gives_the_same_file_twice_which_finds_every_changed_byte_in_it(
    house: House, tmp_path: Path
) -> None:
    ref = await an_answered_appeal(house)
    await house.deliver()

    await house.dana.says(f"show {ref}")
    first = await house.dana.takes(house.dana.document(EXPORT))
    await house.kim.says(f"show {ref}")
    await house.pass_days(1)
    await house.dana.says(f"show {ref}")
    second = await house.dana.takes(house.dana.document(EXPORT))

    assert (first.name, first.raw) == (f"{ref} file.zip", second.raw)
    files = opened(first.raw)
    originals = {raw for name, raw in files.items() if name.startswith("originals/")}
    assert originals == {PICTURE, SCAN}
    page = files["index.html"].decode()
    assert PLEA in page
    assert "our decision stands." in page
    given = [event.payload["seal"] for event in await house.since() if event.what == "case.exported"]
    assert set(given) == {sha256(files[MANIFEST]).hexdigest()}
    every_byte_counts(files, tmp_path / "taken out")


def every_byte_counts(files: dict[str, bytes], at: Path) -> None:
    """The file's own script finds nothing wrong with it; with one byte of any part flipped, it names that part."""
    folder = put(files, at)
    code, said = checked(folder, folder / "verify.py")
    assert (code, f"OK: {len(files) - 1} files are as listed" in said) == (0, True), said
    check = run_path(str(folder / "verify.py"))["main"]  # a process for each of them would take most of the test
    for name, raw in files.items():
        flipped = bytearray(raw)
        flipped[len(raw) // 2] ^= 1
        (folder / name).write_bytes(flipped)
        with redirect_stdout(StringIO()) as printed:
            code = check(folder)
        assert (code, "OK:" in printed.getvalue()) == (1, False), name
        assert name in printed.getvalue() or name == MANIFEST
        (folder / name).write_bytes(raw)
    assert check(folder) == 0


async def test_who_may_not_have_it_gets_a_kind_word_and_no_file(house: House) -> None:
    ref = await a_removal_appealed(house)
    await house.dana.says(f"show {ref}")
    file = house.dana.document(EXPORT)
    about_director = await house.robin.reports_conduct(about_director="yes")
    await house.terry.says(f"show {about_director}")
    apart = house.terry.document(EXPORT)
    mark = await house.mark()

    for user, asked, why in (
        ("robin", file, "taken out by the Director and record keepers"),
        ("terry", file, "open to whoever logged them, the Director and record keepers"),
        ("dana", apart, "opens only to those who work on it"),
        ("kim", apart, "opens only to those who work on it"),
    ):
        with pytest.raises(Refusal, match=why) as no:
            await house.somebody(user).takes(asked)
        assert [secret for secret in SECRETS if secret in no.value.why.casefold()] == [], user
    assert await house.acts_since(mark) == ["refused"] * 4

    assert opened((await house.terry.takes(apart)).raw)
    assert opened((await house.dana.takes(file)).raw)
