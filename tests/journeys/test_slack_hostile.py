"""Hostile words in every field of every form there is, over Slack: nothing mentions, links, unfurls or breaks.

The small Slack looks at every payload: a live address, a mention or one character too many is a complaint, and the
house is checked for complaints when it closes.
"""

import json
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
TRACKS = ("Complaint", "Question", "Copyright notice", "Threat", "Error in our own post", "Account that pretends")
ROUNDS = 3
"""What one form brings about offers the next."""
FEWEST = 40
LAST = frozenset({"block.deny", "appeal.end", "hold.release"})
"""Forms that would take others away."""
REACHED = frozenset(
    {"appeal.log", "notice.settle", "reinstatement.log", "setup.library", "setup.person", "setup.practice"}
    | {"setup.account", "setup.closure", "incident.report", "incident.settle", "block.request", "block.approve"}
    | {"appeal.consult", "appeal.decide", "incident.answer"}
    | {"case.correct", "hold.place", "absence.enter", "office.acting", "reply.keep", "author.link"}
)
"""Forms that this library has at least; what else stands open is filled in too."""


@pytest.fixture
def house(slack_house: SlackHouse) -> SlackHouse:
    return slack_house


def hostile(words: Iterator[str], element: Thing, label: str, case: str) -> Any:  # noqa: ANN401, PLR0911 - words, or several
    """An answer to a question: hostile where words are taken, else one of what is offered."""
    match element["type"]:
        case "plain_text_input":
            if label.startswith(("Date", "On ", "When")) or label in {"From", "Until"}:
                return "2026-03-02"
            if label.startswith("Reference"):
                return case
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


async def fills_in(person: SlackPerson, words: Iterator[str], case: str) -> None:
    """Answer page after page with hostile words, as far as the form goes; ``case`` where a reference is asked for."""
    for _ in range(PAGES):
        view = person.modal
        if view.get("callback_id") != "page":
            return
        given = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                label = block["label"]["text"]
                answer = hostile(words, block["element"], label, case)
                if answer is not None:
                    given[label] = answer
        before = (page_of(person), read(view))
        await person.fills(given)
        if (page_of(person), read(person.modal)) == before:
            return


def offered(house: SlackHouse) -> list[tuple[str, str]]:
    """Every form that a card or a list has offered by now, with what it is about."""
    views = [view["view"] for view in house.slack.views.values()]
    carried = (json.loads(one) for one in buttons([*house.slack.payloads, *views, *house.slack.homes.values()]))
    return sorted({(one["i"], one["s"]) for one in carried if one.get("f")})


def buttons(thing: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a payload
    """What the buttons in it carry."""
    if isinstance(thing, list):
        for part in thing:
            yield from buttons(part)
    elif isinstance(thing, dict):
        if thing.get("type") == "button" and str(thing.get("value", "")).startswith("{"):
            yield thing["value"]
        for part in thing.values():
            yield from buttons(part)


async def reports(person: SlackPerson, track: str, words: Iterator[str]) -> None:
    """Report something of a kind, in hostile words."""
    await person.types("/incident")
    await person.fills({"What is it?": track, "Could this show": "No"})
    await fills_in(person, words, "")


class Filling:
    """Fills in whatever form opens, once each."""

    def __init__(self, house: SlackHouse, report: str, block: str) -> None:
        self.filled: set[str] = set()
        self._words = cycle(WORDS)
        self._house = house
        self._cases = report, block

    async def tries(self, intent: str, *subjects: str) -> None:
        """Open a form about one of these as one of these people, and fill it in."""
        house, (report, block) = self._house, self._cases
        for subject in subjects:
            for person in (house.dana, house.alex, house.sam):
                if intent not in self.filled and await opens(person, intent, subject):
                    await fills_in(person, self._words, block if intent.startswith("reinstatement") else report)
                    self.filled.add(intent)

    async def looks_around(self) -> None:
        """Have everybody shown what they can be shown."""
        house = self._house
        await house.deliver()
        for person in (house.dana, house.sam, house.alex):
            await person.opens_home()
            for asked in ("due", "appeals", "requests", "replies", "docket", *(f"show {ref}" for ref in self._cases)):
                await person.writes(asked)


async def test_hostile_words_in_every_field_of_every_form_break_nothing(house: SlackHouse) -> None:
    report = await asks_for_removal(house.robin)
    await confirms_from_home(house.sam, report)
    block = await asks_for_block(house.sam)
    for track in TRACKS:
        await reports(house.robin, track, cycle(WORDS))
    filling = Filling(house, report, block)

    for intent in sorted(FORMS - LAST):
        await filling.tries(intent, "", report, block)
    for _ in range(ROUNDS):
        await filling.looks_around()
        for intent, subject in offered(house):
            if intent in FORMS - LAST:
                await filling.tries(intent, subject)
    for intent, subject in offered(house):
        if intent in LAST:
            await filling.tries(intent, subject)

    assert filling.filled >= REACHED, sorted(REACHED - filling.filled)
    assert len(filling.filled) > FEWEST
    said = "\n".join(read(shown(one)) for one in house.slack.payloads)
    assert "hxxps://evil[.]example" in said, "addresses are shown, and lead nowhere"
    assert not [char for char in HIDDEN if char in said]


def shown(payload: Thing) -> Any:  # noqa: ANN401 - a payload
    """A payload without what stands in its fields to be written on: that is what somebody typed, as they typed it."""
    return json.loads(json.dumps(payload), object_hook=lambda part: {**part, "initial_value": ""})
