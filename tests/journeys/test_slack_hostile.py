"""Hostile words in every field of every form there is, over Slack: nothing mentions, links, unfurls or breaks.

The small Slack looks at every payload: a live address, a mention or one character too many is a complaint, and the
house is checked for complaints when it closes.
"""

import json
import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest

from bot.catalogue import FEATURES
from tests.journeys.test_slack import asks_for_block, asks_for_removal, confirms_from_home
from tests.platforms.fake_slack import Thing
from tests.platforms.slack_people import SlackHouse, SlackPerson
from tests.platforms.slack_reading import read
from tests.platforms.test_practice_render import HIDDEN, HOSTILE

WORDS = (
    *HOSTILE.values(),
    "<!channel> <@UDANA> <https://evil.example/a|the library> `code` *bold* _x_ ~y~",
    "Summer https://evil.example/p and HTTP://EVIL.example www.evil.example/q ftp://evil.example",
    "\U0001f621" * 40,
    "&<>" * 30,
    "@channel @here :tada: #records mailto:a@evil.example",
)
PAGES = 6
"""Pages of one form that are filled in before it is left."""
FORMS = frozenset(intent for intent, feature in FEATURES.items() if feature.form is not None)
REACHED = frozenset(
    {"appeal.log", "notice.settle", "reinstatement.log", "setup.library", "setup.person", "setup.practice"}
    | {"setup.account", "setup.closure", "incident.report", "incident.settle", "block.request", "block.approve"}
    | {"case.correct", "hold.place", "absence.enter", "office.acting", "reply.keep", "author.link"}
)
"""Forms that this library has at least; what else stands open is filled in too."""


@pytest.fixture
def house(slack_house: SlackHouse) -> SlackHouse:
    return slack_house


def hostile(words: Iterator[str], element: Thing, label: str) -> Any:  # noqa: ANN401, PLR0911 - words, or several
    """An answer to a question: hostile where words are taken, else one of what is offered."""
    match element["type"]:
        case "plain_text_input":
            if label.startswith(("Date", "From", "Until", "On ", "When")):
                return "2026-03-02"
            return next(words)[: element["max_length"]] if "initial_value" not in element else None
        case "datepicker":
            return element.get("initial_date") or "2026-03-02"
        case "radio_buttons" | "static_select" | "checkboxes" | "multi_static_select":
            groups = element.get("option_groups") or [{"options": element["options"]}]
            return groups[0]["options"][0]["text"]["text"]
        case "users_select":
            return "UROBIN"
        case "multi_users_select":
            return ["UROBIN"]
        case "conversations_select":
            return "C0NEW"
        case _:
            return None


def page_of(person: SlackPerson) -> tuple[str, int]:
    """Which form stands open, and at which page."""
    said = json.loads(person.modal.get("private_metadata") or "{}")
    return str(said.get("i", "")), int(said.get("n", 0))


async def opens(person: SlackPerson, intent: str, subject: str) -> bool:
    """Press a button that asks for a form about something; test whether it opened."""
    value = json.dumps({"i": intent, "s": subject, "v": 0, "t": "", "f": 1})
    text = {"type": "plain_text", "text": "x", "emoji": False}
    await person.press({"type": "button", "action_id": "open:0", "text": text, "value": value}, channel="D0")
    return page_of(person)[0] == intent


async def fills_in(person: SlackPerson, words: Iterator[str]) -> None:
    """Answer page after page with hostile words, as far as the form goes."""
    for _ in range(PAGES):
        view = person.modal
        if view.get("callback_id") != "page":
            return
        given = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                label = block["label"]["text"]
                answer = hostile(words, block["element"], label)
                if answer is not None:
                    given[label] = answer
        before = (page_of(person), read(view))
        await person.fills(given)
        if (page_of(person), read(person.modal)) == before:
            return


def refs(house: SlackHouse) -> list[str]:
    """Every case there is by now."""
    seen = json.dumps([*house.slack.payloads, *(view["view"] for view in house.slack.views.values())])
    return sorted(set(re.findall(r"\b[IBARH]-2026-\d{4}\b", seen)))


async def test_hostile_words_in_every_field_of_every_form_break_nothing(house: SlackHouse) -> None:
    words = cycle(WORDS)
    report = await asks_for_removal(house.robin)
    await confirms_from_home(house.sam, report)
    block = await asks_for_block(house.sam)
    filled: set[str] = set()

    async def opens_what_opens(*tried: tuple[str, SlackPerson]) -> None:
        for intent in sorted(FORMS - filled):
            for subject, person in tried:
                if intent not in filled and await opens(person, intent, subject):
                    await fills_in(person, words)
                    filled.add(intent)

    dana, alex, sam = house.dana, house.alex, house.sam
    await opens_what_opens(("", dana), ("", alex), (report, sam), (report, dana), (block, dana))
    brought_about = [ref for ref in refs(house) if ref[:1] in {"A", "R"}]
    await opens_what_opens(*((ref, dana) for ref in brought_about))  # what the first pass brought about has its own
    await house.deliver()
    for asked in ("home", "due", "setup", "who", f"show {report}", f"show {block}", "appeals", "requests", "replies"):
        await house.dana.writes(asked)
    await house.alex.opens_home()

    assert filled >= REACHED, sorted(REACHED - filled)
    said = "\n".join(read(one) for one in house.slack.payloads)
    assert "hxxps://evil[.]example" in said, "addresses are shown, and lead nowhere"
    assert not [char for char in HIDDEN if char in said]
