"""Every name a pack knows, with what goes in it and what it means, taken from the code that reads packs.

The meanings are the sentences that stand under the fields in `values.py`, `content.py`, `procedure.py` and `pack.py`.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from bot.policy.content import BlockGround, Covers, Duty, Ground, Protection, Statement, Tie
from bot.policy.pack import About, Pack
from bot.policy.procedure import (
    AppealRule,
    ClockRule,
    ComplaintRule,
    Cutoff,
    DaysRule,
    Decider,
    FurtherLevel,
    NoticeRule,
    ReinstatementRule,
    RetentionRule,
    Sanction,
    SanctionRule,
)
from bot.policy.terms import Event
from bot.policy.values import Answer, Model, Rule, Span

PARTS: Mapping[str, type[Model]] = {
    "At the top of the file": Pack,
    "[about]": About,
    "[[rules]]": Rule,
    "Every answer": Answer,
    "[[grounds]]": Ground,
    "[[protections]]": Protection,
    "[covers]": Covers,
    "[block]": Answer,
    "[[block_grounds]]": BlockGround,
    "[sanctions]": SanctionRule,
    "[[sanctions.steps]]": Sanction,
    "[[deciders]]": Decider,
    "[[notices]]": NoticeRule,
    "[appeal]": AppealRule,
    "[[appeal.further]]": FurtherLevel,
    "[reinstatement]": ReinstatementRule,
    "[[retention]]": RetentionRule,
    "[complaints]": ComplaintRule,
    "[days]": DaysRule,
    "[[clocks]]": ClockRule,
    "[[statements]]": Statement,
    "[[duties]]": Duty,
    "[[ties]]": Tie,
    "A span": Span,
    "A cutoff": Cutoff,
}
"""The parts of a file as they are written, in the order in which they are best read."""

SHOWN_ELSEWHERE = frozenset({"rules", "about", "name", "sha256"})
"""Fields of the whole pack that are parts of their own, or are not written in the file."""


def as_markdown() -> str:
    """The whole format: a table for every part of a file."""
    return "\n".join(line for name, model in PARTS.items() for line in _part(name, model))


def _part(name: str, model: type[Model]) -> Iterator[str]:
    heading = f"`{name}`" if name.startswith("[") else name
    yield from (f"### {heading}", "", _first_paragraph(model), "")
    fields = dict(_fields(name, model))
    if issubclass(model, Answer) and model is not Answer:
        yield from ("An answer: besides these it has `stance`, `rule`, `why` and `assumed`.", "")
    elif model is Answer and name.startswith("["):
        yield from ("An answer, and nothing more.", "")
        return
    yield from ("| name | what goes in | if left out | meaning |", "|---|---|---|---|")
    meanings = _meanings(model)
    for field, info in fields.items():
        yield f"| `{field}` | {_goes_in(info.annotation)} | {_default(info)} | {meanings[field]} |"
    yield ""


def _fields(name: str, model: type[Model]) -> Iterator[tuple[str, FieldInfo]]:
    inherited = Answer.model_fields if issubclass(model, Answer) and model is not Answer else {}
    for field, info in model.model_fields.items():
        if field in inherited or (model is Pack and (field in SHOWN_ELSEWHERE or _is_a_part(field))):
            continue
        if name == "[appeal]" and field in {"level", "further"}:
            continue
        yield field, info


def _is_a_part(field: str) -> bool:
    return any(name.strip("[]") == field for name in PARTS)


def _first_paragraph(model: type[Model]) -> str:
    said = inspect.cleandoc(model.__doc__ or "").partition("\n\n")[0]
    return " ".join(said.split()).replace("``", "`")


def _meanings(model: type[Model]) -> dict[str, str]:
    """The sentence under every field, of the model and of those it is made from."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if not issubclass(one, BaseModel) or one in {BaseModel, Model}:
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
        if not isinstance(body, ast.ClassDef):
            continue
        for field, below in zip(body.body, body.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(below, ast.Expr):
                said = ast.literal_eval(below.value)
                found[field.target.id] = " ".join(str(said).split()).replace("``", "`").replace("|", r"\|")
    return found


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "**needed**"
    value = info.get_default(call_default_factory=True)
    if value is None:
        return "not said"
    if isinstance(value, bool | int):
        return f"`{str(value).lower()}`"
    if isinstance(value, Enum):
        return f"`{value.value}`"
    if isinstance(value, BaseModel):
        return "silent"
    return f"`{value}`" if value else "none"


def _goes_in(kind: object) -> str:  # noqa: PLR0911 - one answer for each kind of annotation
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return " or ".join(_goes_in(one) for one in inner if one is not NoneType)
    if origin is Literal:
        return ", ".join(f"`{one}`" for one in inner)
    if origin is tuple:
        many = "two" if Ellipsis not in inner else "a list"
        return f"{many} of: {_goes_in(inner[0])}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return '`{ name = "rule" }`' if inner[1] is str else f"`{{ gap = … }}`, each one of: {_goes_in(inner[1])}"
    if kind is Event:
        return "[events](#events)"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(f"`{one.value}`" for one in kind)
    return _plain(kind)


def _plain(kind: object) -> str:
    if kind is Span:
        return "a span"
    if kind is Cutoff:
        return "a cutoff"
    names = {str: "text", bool: "`true` or `false`", int: "a number", date: "a date"}
    return names.get(kind, "a part of its own") if isinstance(kind, type) else "text"


if __name__ == "__main__":
    import sys

    sys.stdout.write(as_markdown())
