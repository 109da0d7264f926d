"""Every example a librarian can read beside a pack is found here and tried."""

import tomllib
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, model_validator

from bot.clocks.arithmetic import due_dates
from bot.clocks.calendar import Calendar
from bot.policy.pack import Pack
from bot.policy.shelf import pack_names, read_pack
from bot.policy.terms import Action, ClockName, Event, Role, Stance
from bot.refusal import Refusal

QUESTIONS = ("clock", "who_decides", "who_is_told", "ground", "block_ground", "complaints_protected")


class Example(BaseModel):
    """One question to a policy and the answer a librarian expects."""

    model_config = ConfigDict(extra="forbid")

    name: str
    clock: ClockName | None = None
    on_event: Event | None = None
    on: date | None = None
    due: date | None = None
    no_date: Stance | None = None
    who_decides: Action | None = None
    roles: tuple[Role, ...] = ()
    designee: bool = False
    who_is_told: Action | None = None
    duty: Literal["required", "optional", "never"] | None = None
    ground: str | None = None
    block_ground: str | None = None
    listed: bool = True
    occasions: int = 0
    investigation: bool = False
    complaints_protected: bool | None = None
    report_to: tuple[Role, ...] = ()

    @model_validator(mode="after")
    def _asks_one_question(self) -> Self:
        if sum(getattr(self, question) is not None for question in QUESTIONS) != 1:
            raise ValueError(f"{self.name}: an example asks exactly one question")
        return self


def _examples() -> list[tuple[str, Example]]:
    return [
        (name, Example.model_validate(example))
        for name in pack_names()
        for file in sorted(files("bot.policy").joinpath("packs", name).iterdir(), key=lambda file: file.name)
        if file.name.endswith(".examples.toml")
        for example in tomllib.loads(file.read_text(encoding="utf-8"))["examples"]
    ]


EXAMPLES = _examples()


def test_every_pack_comes_with_examples() -> None:
    assert {name for name, _ in EXAMPLES} == set(pack_names())


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{name}: {example.name}" for name, example in EXAMPLES])
def test_an_example_is_answered_as_the_librarian_reads_it(name: str, example: Example) -> None:
    pack = read_pack(name)

    assert _answer(pack, example) == _expected(example)


def _expected(example: Example) -> tuple[object, ...]:
    if example.clock:
        return (example.due, example.no_date)
    if example.who_decides:
        return (example.roles, example.designee)
    if example.who_is_told:
        return (example.duty,)
    if example.ground:
        return (example.listed,)
    if example.block_ground:
        return (example.listed, example.occasions, example.investigation)
    return (example.complaints_protected, example.report_to)


def _answer(pack: Pack, example: Example) -> tuple[object, ...]:
    if example.clock:
        return _date(pack, example)
    if example.who_decides:
        decider = pack.decider(example.who_decides)
        return (decider.roles, decider.designee)
    if example.who_is_told:
        return (pack.notice(example.who_is_told).duty,)
    if example.ground:
        return (_lists(lambda: pack.ground(example.ground or "")),)
    if example.block_ground:
        return _block_ground(pack, example.block_ground)
    return (pack.complaints.protected, pack.complaints.report_to)


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


def _date(pack: Pack, example: Example) -> tuple[object, ...]:
    assert example.on_event is not None
    assert example.on is not None
    dated, silent = due_dates(example.on_event, on=example.on, pack=pack, calendar=Calendar(zone=pack.about.zone))
    due = [found.due for found in dated if found.clock == example.clock]
    without = [found.stance for found in silent if found.clock == example.clock]
    return (due[0] if due else None, without[0] if without else None)
