"""The page a librarian writes a pack by says what the code reads, and its examples can be read."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.clocks.meetings import parse_meetings
from bot.policy.pack import ClockRule, Decider, Pack, Rule
from bot.policy.procedure import AppealRule, SanctionRule
from bot.policy.schema import as_markdown
from bot.policy.terms import QUESTIONS, ClockName, Event
from bot.policy.values import Model
from bot.refusal import Refusal

PAGE = (Path(__file__).parents[2] / "docs" / "policy-packs.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_format_on_the_page_is_the_one_in_the_code() -> None:
    shown = PAGE.partition("<!-- the format begins -->\n")[2].partition("<!-- the format ends -->")[0]

    assert shown == as_markdown(), "print it anew with `python -m bot.policy.schema`"


def test_every_name_a_pack_knows_has_a_meaning() -> None:
    rows = [line for line in as_markdown().splitlines() if line.startswith("| `")]

    assert len(rows) > 100
    assert [row for row in rows if row.rstrip("| ").endswith("|") or len(row.split(" | ")) != 4] == []


def test_every_event_and_every_due_date_is_on_the_page() -> None:
    tables = PAGE.partition("## Events")[2].partition("## Every name")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", tables, re.MULTILINE))

    assert rows.keys() == {event.value for event in Event} | {clock.value for clock in ClockName}
    for event, clocks in QUESTIONS.items():
        assert all(f"`{clock.value}`" in rows[event.value] for clock in clocks), event


@pytest.mark.parametrize("example", EXAMPLES, ids=range(1, len(EXAMPLES) + 1))
def test_an_example_of_the_page_can_be_read(example: str) -> None:
    read = tomllib.loads(example)
    known: dict[str, type[Model]] = {"clocks": ClockRule, "deciders": Decider, "rules": Rule}

    for part, entries in read.items():
        if part in known:
            assert [known[part].model_validate(entry) for entry in entries]
        else:
            one: type[Model] = AppealRule if part == "appeal" else SanctionRule
            assert one.model_validate(entries).model_fields_set


def test_the_boards_calendar_on_the_page_can_be_read() -> None:
    written = PAGE.partition("third Tuesday, except July")[1:]

    assert parse_meetings("".join(written).partition("```")[0]).meetings([2026])


def test_what_the_page_calls_needed_is_missed_and_nothing_else_is() -> None:
    needed = PAGE.partition("Needed in every file:")[2].partition(" A name in double")[0]

    named = set(re.findall(r"`\[*(\w+)\]*`", needed))
    with pytest.raises(Refusal) as refused:
        Pack.parse(b"", name="empty")
    missing = set(re.findall(r"^- (\w+) is missing", refused.value.why, re.MULTILINE))
    assert named == missing
