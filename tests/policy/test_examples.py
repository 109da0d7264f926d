"""Every example a librarian can read beside a pack is found here and tried."""

import tomllib
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, model_validator

from bot.clocks.arithmetic import DueDate, due_dates, parse_period, term_end
from bot.clocks.calendar import Calendar
from bot.policy.pack import Pack, Span
from bot.policy.shelf import pack_names, read_pack
from bot.policy.terms import Action, ClockName, Event, Role, Stance
from bot.refusal import Refusal
from tests.policy.sixth import FOLDER, JUNIPER

QUESTIONS = ("clock", "who_decides", "who_is_told", "ground", "block_ground", "complaints_protected", "sanction_at")


class Example(BaseModel):
    """One question to a policy and the answer a librarian expects."""

    model_config = ConfigDict(extra="forbid")

    name: str
    clock: ClockName | None = None
    on_event: Event | None = None
    level: str = ""
    happened_at: str | None = None
    meetings: tuple[date, ...] = ()
    closed: tuple[date, ...] = ()
    on: date | None = None
    due: date | None = None
    no_date: Stance | None = None
    who_decides: Action | None = None
    roles: tuple[Role, ...] = ()
    designee: bool = False
    length: str = ""
    who_is_told: Action | None = None
    duty: Literal["required", "optional", "never"] | None = None
    ground: str | None = None
    block_ground: str | None = None
    listed: bool = True
    occasions: int = 0
    investigation: bool = False
    complaints_protected: bool | None = None
    report_to: tuple[Role, ...] = ()
    sanction_at: int | None = None
    step: str = ""

    @model_validator(mode="after")
    def _asks_one_question(self) -> Self:
        if sum(getattr(self, question) is not None for question in QUESTIONS) != 1:
            raise ValueError(f"{self.name}: an example asks exactly one question")
        return self

    @property
    def asks(self) -> str:
        """Which question it asks."""
        return next(question for question in QUESTIONS if getattr(self, question) is not None)


def _beside(folder: Traversable) -> list[Example]:
    return [
        Example.model_validate(example)
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".examples.toml")
        for example in tomllib.loads(file.read_text(encoding="utf-8"))["examples"]
    ]


PACKS = {name: read_pack(name) for name in pack_names()} | {"juniper": JUNIPER}
FOLDERS = {name: files("bot.policy").joinpath("packs", name) for name in pack_names()} | {"juniper": FOLDER}
EXAMPLES = [(name, example) for name, folder in FOLDERS.items() for example in _beside(folder)]


def test_every_pack_comes_with_examples() -> None:
    assert {name for name, _ in EXAMPLES} == set(PACKS)


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{name}: {example.name}" for name, example in EXAMPLES])
def test_an_example_is_answered_as_the_librarian_reads_it(name: str, example: Example) -> None:
    pack = PACKS[name]

    assert _answer(pack, example) == _expected(example)


def _expected(example: Example) -> tuple[object, ...]:
    expected: dict[str, tuple[object, ...]] = {
        "clock": (example.due, example.no_date),
        "sanction_at": (example.step, example.due, example.no_date),
        "who_decides": (example.roles, example.designee),
        "who_is_told": (example.duty,),
        "ground": (example.listed,),
        "block_ground": (example.listed, example.occasions, example.investigation),
        "complaints_protected": (example.complaints_protected, example.report_to),
    }
    return expected[example.asks]


def _answer(pack: Pack, example: Example) -> tuple[object, ...]:
    answers: dict[str, Callable[[], tuple[object, ...]]] = {
        "clock": lambda: _date(pack, example),
        "sanction_at": lambda: _sanction(pack, example),
        "who_decides": lambda: _decider(pack, example),
        "who_is_told": lambda: (pack.notice(example.who_is_told or Action.REMOVE).duty,),
        "ground": lambda: (_lists(lambda: pack.ground(example.ground or "")),),
        "block_ground": lambda: _block_ground(pack, example.block_ground or ""),
        "complaints_protected": lambda: (pack.complaints.protected, pack.complaints.report_to),
    }
    return answers[example.asks]()


def _decider(pack: Pack, example: Example) -> tuple[object, ...]:
    decider = pack.decider(example.who_decides or Action.REMOVE, length=_length(example.length))
    return (decider.roles, decider.designee)


def _lists(look: Callable[[], object]) -> bool:
    try:
        look()
    except Refusal:
        return False
    return True


def _block_ground(pack: Pack, code: str) -> tuple[object, ...]:
    if not _lists(lambda: pack.block_ground(code)):
        return (False, 0, False)
    ground = pack.block_ground(code)
    return (True, ground.occasions, ground.investigation)


def _length(text: str) -> Span | None:
    if not text:
        return None
    n, unit = parse_period(text)
    return Span(n=n, unit=unit)


def _sanction(pack: Pack, example: Example) -> tuple[object, ...]:
    step = pack.sanctions.step_for(example.sanction_at or 0)
    assert step is not None
    if example.on is None:
        return (step.code, None, None)
    ends = term_end(step, on=example.on, pack=pack, calendar=Calendar(zone=pack.about.zone))
    return (step.code, ends.due, None) if isinstance(ends, DueDate) else (step.code, None, ends.stance)


def _date(pack: Pack, example: Example) -> tuple[object, ...]:
    assert example.on_event is not None
    assert example.on is not None
    name = f"{example.clock}.{example.level}" if example.level else str(example.clock)
    calendar = Calendar(
        zone=pack.about.zone, closures=dict.fromkeys(example.closed, "Closed"), meetings=example.meetings
    )
    at = example.level if example.happened_at is None else example.happened_at
    dated, silent = due_dates(example.on_event, on=example.on, pack=pack, calendar=calendar, level=at)
    due = [found.due for found in dated if found.clock == name]
    without = [found.stance for found in silent if found.clock == name]
    return (due[0] if due else None, without[0] if without else None)
