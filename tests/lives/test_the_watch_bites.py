"""The watch over whole lives is itself watched: every one of these broken programs must be caught.

Only here product code is bent out of shape.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import run_state_machine_as_test

from bot import reading, rounds, work
from bot.cards import Card, Fact
from bot.cases.incident import Incident
from bot.cases.task import Task
from bot.people import Power, require
from bot.ports import Address, Message, OutcomeUnknown
from bot.views import incidents
from tests.lives.test_whole_lives import LivesInMemory

ENOUGH = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
Bend = Callable[[pytest.MonkeyPatch], None]


def anybody_decides(bent: pytest.MonkeyPatch) -> None:
    def lenient(person: Any, power: Power, **about: Any) -> None:  # noqa: ANN401 - whatever it is given
        if power is not Power.DECIDE_BLOCK:
            require(person, power, **about)

    bent.setattr(reading, "require", lenient)


def channels_name_the_author(bent: pytest.MonkeyPatch) -> None:
    neutral = incidents.pushed

    def gossip(incident: Incident, of: work.Work) -> Card:
        card = neutral(incident, of)
        return replace(card, facts=(*card.facts, Fact(label="Link", value=incident.link)))

    bent.setattr(incidents, "pushed", gossip)


def everybody_may_see_everything(bent: pytest.MonkeyPatch) -> None:
    bent.setattr(reading.Reading, "may_see", lambda _, __: True)


def what_stays_up_is_kept(bent: pytest.MonkeyPatch) -> None:
    forgets = Incident.leave_up
    bent.setattr(Incident, "leave_up", lambda self, *, on: replace(forgets(self, on=on), text=self.text))


def tasks_end_without_a_trace(bent: pytest.MonkeyPatch) -> None:
    keeps = work.Work.save

    def silently(self: work.Work, record: Any, **before: Any) -> Any:  # noqa: ANN401 - any record
        if isinstance(record, Task) and before:
            self.shelves.tasks.put(record)
            return record
        return keeps(self, record, **before)

    bent.setattr(work.Work, "save", silently)


def nobody_looks_before_posting_again(bent: pytest.MonkeyPatch) -> None:
    async def blindly(self: Any, message: Message, card: Card, to: Address, under: str) -> str:  # noqa: ANN401 - bent
        messenger = self._messengers[to.platform]
        try:
            posted: str = await messenger.post(to, card, key=message.key, under="" if under == rounds.WAIT else under)
        except OutcomeUnknown:
            posted = await messenger.post(to, card, key=message.key)
        return posted

    bent.setattr(rounds.Rounds, "_post", blindly)


@pytest.mark.parametrize(
    "bend",
    [
        anybody_decides,
        channels_name_the_author,
        everybody_may_see_everything,
        what_stays_up_is_kept,
        tasks_end_without_a_trace,
        nobody_looks_before_posting_again,
    ],
    ids=lambda bend: bend.__name__.replace("_", " "),
)
def test_a_broken_program_is_caught(bend: Bend, monkeypatch: pytest.MonkeyPatch) -> None:
    bend(monkeypatch)

    with pytest.raises((AssertionError, FlakyFailure)):
        run_state_machine_as_test(LivesInMemory, settings=ENOUGH)
