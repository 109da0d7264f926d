"""Juniper, the sixth library, with a Board that meets every third Tuesday, and with some values said otherwise."""

from pathlib import Path

import pytest

from bot.cases.follow_up import FollowUp, FollowUpKind
from bot.policy import shelf
from tests.features.test_five_policies import Desk, library_under
from tests.people import LINK, WHY
from tests.policy.sixth import JUNIPER_FILE

THE_BOARDS = """[[deciders]]
actions = ["block"]
rule = "J20"
roles = ["board_chair"]
body = "board"

"""
UP_TO = 'up_to = { n = 1, unit = "years" }\n'
ANSWER_BY = 'clock = "decide_appeal_by"\non = ["appeal_received"]\n'


async def juniper_with(folder: Path, monkeypatch: pytest.MonkeyPatch, **values: str) -> Desk:
    """Juniper, with values of its pack said otherwise, the first of each name; an empty one is left out.

    ``clock`` says which events the time of the first level to answer runs from; with ``block`` the Director decides
    every block, however long.
    """
    text = JUNIPER_FILE.read_text(encoding="utf-8")
    if values.pop("block", ""):
        assert THE_BOARDS in text
        text = text.replace(THE_BOARDS, "").replace(UP_TO, "")
    start = text.index("[appeal]\n")
    for name, value in values.items():
        if name == "clock":
            assert ANSWER_BY in text
            text = text.replace(ANSWER_BY, f'clock = "decide_appeal_by"\non = {value}\n', 1)
            continue
        line = next(one for one in text[start:].splitlines() if one.startswith(f"{name} = "))
        said = f"{name} = {value}\n" if value else ""
        text = text[:start] + text[start:].replace(f"{line}\n", said, 1)
    packs = folder / "packs"
    (packs / "juniper").mkdir(parents=True)
    (packs / "juniper" / JUNIPER_FILE.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(shelf, "OWN", [packs])
    return await with_meetings(await library_under("juniper", folder / "vault"))


async def with_meetings(desk: Desk) -> Desk:
    """Enter the meetings of the Board: every third Tuesday."""
    alex = desk.somebody("alex")
    await alex.says("setup")
    await alex.presses("Name, time zone and closed days")
    await alex.fills(meetings="third Tuesday")
    return desk


async def told(desk: Desk) -> str:
    """A removal of 2 March 2026 that the person was told of on the same day; ten business days to appeal."""
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="advertising", links=LINK, why=WHY)
    await sam.says(f"notice {ref}")
    text = sam.page.values["text"][0].replace("[", "").replace("]", "")
    await sam.fills(text=text, how="Letter")
    return ref


async def kept(desk: Desk, ref: str, kind: FollowUpKind) -> list[FollowUp]:
    found = await desk.house.look(lambda shelves: shelves.papers.follow_ups(ref))
    return [one for one in found if one.kind is kind]


async def letter(desk: Desk, ref: str) -> str:
    dana = desk.somebody("dana")
    await dana.says(f"notice {ref}")
    return dana.page.values["text"][0]
