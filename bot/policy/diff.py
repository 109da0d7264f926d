"""What changes from one version of a policy to another, answer by answer, and for which cases it can matter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel

from bot.policy.pack import Pack
from bot.policy.terms import Action, ClockName


class Concerns(StrEnum):
    """Which cases a change can matter for, as soon as the new version governs their day."""

    REPORTS = "reports"
    BLOCKS = "blocks"
    APPEALS = "appeals"
    REINSTATEMENTS = "reinstatements"
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One answer that is different: which, what it was and what it is now; empty where there was or is none."""

    what: str
    was: str
    is_now: str
    concerns: Concerns = Concerns.NOBODY

    @property
    def says(self) -> str:
        """In one line."""
        if not self.was:
            return f"{self.what}: new. {self.is_now}"
        return f"{self.what}: {self.was} → {self.is_now}" if self.is_now else f"{self.what}: gone. It was {self.was}"


Values = Mapping[str, str]
_OF_CLOCK = {
    ClockName.APPEAL_BY: Concerns.APPEALS,
    ClockName.DECIDE_APPEAL_BY: Concerns.APPEALS,
    ClockName.PAPERS_BY: Concerns.APPEALS,
    ClockName.REINSTATEMENT_FROM: Concerns.REINSTATEMENTS,
    ClockName.DECIDE_REINSTATEMENT_BY: Concerns.REINSTATEMENTS,
    ClockName.BLOCK_ENDS: Concerns.BLOCKS,
}
_OF_ACTION = {
    Action.BLOCK: Concerns.BLOCKS,
    Action.DENY_ACCESS: Concerns.BLOCKS,
    Action.TERMINATE: Concerns.BLOCKS,
    Action.WARN: Concerns.BLOCKS,
    Action.APPEAL: Concerns.APPEALS,
    Action.REINSTATE: Concerns.REINSTATEMENTS,
}


def diff(old: Pack, new: Pack) -> tuple[Change, ...]:
    """Every answer that is different in the new version, in the order of the file.

    Where an answer only moved to another rule, that is told as well: the sentence a patron is shown is another.
    """
    before, after = dict(_answers(old)), dict(_answers(new))
    found: list[Change] = []
    for (what, concerns), values in before.items():
        now = after.get((what, concerns))
        if now is None:
            found.append(Change(what=what, was=_said(values), is_now="", concerns=concerns))
        elif now != values:
            changed = [field for field in {**values, **now} if values.get(field) != now.get(field)]
            was, is_now = _said(values, changed), _said(now, changed)
            found.append(Change(what=what, was=was or "not said", is_now=is_now or "not said", concerns=concerns))
    for (what, concerns), values in after.items():
        if (what, concerns) not in before:
            found.append(Change(what=what, was="", is_now=_said(values), concerns=concerns))
    return tuple(found)


Key = tuple[str, Concerns]


def _answers(pack: Pack) -> Iterator[tuple[Key, Values]]:
    """Every answer of a pack by what it is about, each value in words."""
    yield ("Library", Concerns.NOBODY), _values(pack.about)
    for rule in pack.rules:
        yield (f"Rule {rule.id}", Concerns.NOBODY), _values(rule, without={"id", "needle", "carried", "kind", "note"})
    yield from _grounds(pack)
    yield from _by_action(pack)
    for level in pack.appeal.levels or (pack.appeal,):
        name = f"Appeal, level {level.level}" if level.level else "Appeal"
        yield (name, Concerns.APPEALS), _values(level, without={"further", "level"})
    yield ("Reinstatement", Concerns.REINSTATEMENTS), _values(pack.reinstatement)
    for kept in pack.retention:
        yield (f"Kept: {kept.records}", Concerns.NOBODY), _values(kept)
    yield ("Complaints", Concerns.REPORTS), _values(pack.complaints)
    yield ("Days", Concerns.NOBODY), _values(pack.days)
    yield from _by_event(pack)
    for statement in pack.statements:
        yield (f"Statement {statement.code}", Concerns.NOBODY), _values(statement, without={"code"})
    for duty in pack.duties:
        yield (f"Duty {duty.code}", Concerns.NOBODY), _values(duty, without={"code"})
    for tie in pack.ties:
        yield (f"Pull apart: {' and '.join(tie.rules)}", Concerns.NOBODY), {"label": tie.label}


def _grounds(pack: Pack) -> Iterator[tuple[Key, Values]]:
    open_lists = {"open to others": _word(pack.grounds_open), "order": ", ".join(g.code for g in pack.grounds)}
    yield ("Grounds to take content down", Concerns.REPORTS), open_lists
    for ground in pack.grounds:
        yield (f"Ground {ground.code}", Concerns.REPORTS), _values(ground, without={"code"})
    for protection in pack.protections:
        yield (f"Protected: {protection.code}", Concerns.REPORTS), _values(protection, without={"code"})
    scope = {"scope": pack.block_scope, "open to others": _word(pack.block_grounds_open)}
    yield ("Blocks", Concerns.BLOCKS), {**_values(pack.block), **scope}
    for block_ground in pack.block_grounds:
        yield (f"Ground for a block {block_ground.code}", Concerns.BLOCKS), _values(block_ground, without={"code"})
    yield ("Ladder of sanctions", Concerns.BLOCKS), _values(pack.sanctions, without={"steps"})
    for step in pack.sanctions.steps:
        yield (f"Sanction {step.code}", Concerns.BLOCKS), _values(step, without={"code"})


def _by_action(pack: Pack) -> Iterator[tuple[Key, Values]]:
    for decider in pack.deciders:
        for action in decider.actions:
            longest = f", up to {decider.up_to.said}" if decider.up_to else ""
            key = (f"Who decides {_word(action)}{longest}", _OF_ACTION.get(action, Concerns.REPORTS))
            yield key, _values(decider, without={"actions", "up_to"})
    for notice in pack.notices:
        for action in notice.actions:
            key = (f"Whether the person is told: {_word(action)}", _OF_ACTION.get(action, Concerns.REPORTS))
            yield key, _values(notice, without={"actions"})


def _by_event(pack: Pack) -> Iterator[tuple[Key, Values]]:
    for clock in pack.clocks:
        for event in clock.on:
            key = (f"Due date {clock.name} on {_word(event)}", _OF_CLOCK.get(clock.clock, Concerns.REPORTS))
            period = {"period": clock.period} if clock.period else {}
            counted = {"n", "unit", "bound", "cutoff", "after_that", "before_that"}
            yield key, {**period, **_values(clock, without={"clock", "level", "on", *counted})}


def _values(part: BaseModel, *, without: set[str] | None = None) -> Values:
    held = part.model_dump(mode="json", exclude=without, exclude_defaults=True)
    return {field.replace("_", " "): _word(value) for field, value in held.items()}


def _word(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(_word(one) for one in value)
        case dict():
            return ", ".join(f"{_word(key)} {_word(held)}" for key, held in value.items())
        case _:
            return str(value).replace("_", " ")


def _said(values: Values, fields: list[str] | None = None) -> str:
    return "; ".join(f"{field}: {value}" for field, value in values.items() if fields is None or field in fields)
