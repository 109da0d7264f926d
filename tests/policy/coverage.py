"""The table of coverage, made from the packs and from the marks on tests; it stands in `docs/policy-coverage.md`.

After a change of a rule or of a mark, ``python -m tests.policy.coverage`` writes the page anew.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.policy.pack import Pack
from bot.policy.shelf import pack_names, read_pack
from bot.policy.terms import Carried, Kind

if TYPE_CHECKING:
    from bot.policy.values import Rule

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "policy-coverage.md"
HELD = (Kind.ENFORCE, Kind.REMIND)
"""The kinds of rules that a test has to hold the program to."""

CARRIED: Mapping[Carried, str] = {
    Carried.ENFORCES: "Enforced: the program works this way and refuses otherwise",
    Carried.REMINDS: "Somebody is reminded, and it is kept",
    Carried.ASSISTS: "A person does it; the program has the place and keeps it",
    Carried.INFORMS: "Shown with its source",
    Carried.PLANNED: "Shown with its source; nothing more yet",
}

BEFORE = """# What is done about every rule

Every rule of the five policies, what the program does about it, and the tests that hold the program to it. *Enforce*
and *remind* are the kinds of rules that a program can carry by itself, and each of them has a test; *assist* leaves
the act to a person; *inform* says something about the library. After the file of a test stands what the test says.
A rule that no test holds yet says "planned".

Every one of these tests is made twice: with the desk itself over a record in memory, and through the practice desk's
own page, with its forms over HTTP and the record in SQLite. `make test` makes the second for every rule to enforce and
to remind of at least once, and `make torture` for every test.

This page is made from the packs and from the marks on the tests: `python -m tests.policy.coverage` writes it anew.
"""
KINDS: Mapping[Kind, str] = {
    Kind.ENFORCE: "enforce",
    Kind.REMIND: "remind",
    Kind.ASSIST: "assist",
    Kind.INFORM: "inform",
}


def as_page() -> str:
    """The whole page."""
    tests = marked()
    return "\n".join([BEFORE, *(line for name in pack_names() for line in _policy(read_pack(name), tests))])


def untested() -> list[str]:
    """Every rule of the kinds that need a test and has none, as ``pack:ID``."""
    tests = marked()
    packs = [read_pack(name) for name in pack_names()]
    rules = [f"{pack.name}:{rule.id}" for pack in packs for rule in pack.rules]
    return [named for named in rules if needs_test(named) and named not in tests]


def needs_test(named: str) -> bool:
    """Test whether a rule, as ``pack:ID``, is of the kinds that need a test."""
    pack, _, rule_id = named.partition(":")
    return read_pack(pack).rule(rule_id).kind in HELD


def marked() -> dict[str, list[tuple[str, str]]]:
    """The tests that are marked with a rule, each as its module and its name, by ``pack:ID``."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        module = path.relative_to(ROOT / "tests").with_suffix("").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for rule in _marks(node):
                    found[rule].append((module, node.name))
    return found


def _marks(test: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "holds":
            yield from (ast.literal_eval(rule) for rule in mark.args)


def _policy(pack: Pack, tests: Mapping[str, list[tuple[str, str]]]) -> Iterator[str]:
    yield from (f"## {pack.about.name}", "", f"{pack.about.title}, version {pack.version}.", "")
    yield from ("| rule | what it says | kind | what the program does | held by |", "|---|---|---|---|---|")
    uses = _uses(pack)
    for rule in pack.rules:
        does = "; ".join([CARRIED[rule.carried], *dict.fromkeys(uses[rule.id])])
        held = _held(rule, tests.get(f"{pack.name}:{rule.id}", []))
        yield f"| {rule.id} | {rule.label} | {KINDS[rule.kind]} | {does} | {held} |"
    yield ""


def _held(rule: "Rule", tests: list[tuple[str, str]]) -> str:
    if not tests:
        return "planned" if rule.kind in HELD else ""
    by_module: dict[str, list[str]] = defaultdict(list)
    for module, name in tests:
        by_module[module].append(name.removeprefix("test_").replace("_", " "))
    return "<br>".join(f"`{module}`: {'; '.join(names)}" for module, names in by_module.items())


def _uses(pack: Pack) -> Mapping[str, list[str]]:
    """What is made of every rule: the parts of the pack that stand on it, in words."""
    found: dict[str, list[str]] = defaultdict(list)
    for rule, use in (*_of_content(pack), *_of_procedure(pack), *_of_appeals(pack)):
        if rule:
            found[rule].append(use)
    return found


def _of_content(pack: Pack) -> Iterator[tuple[str, str]]:
    for ground in pack.grounds:
        yield ground.rule, f"a ground: {ground.label}"
    for protection in pack.protections:
        yield protection.rule, f"protected: {protection.label}"
    for reason in pack.block_grounds:
        yield reason.rule, f"a ground for a block: {reason.label}"
    for statement in pack.statements:
        yield statement.rule, f"a statement to be posted: {statement.label}"
    for duty in pack.duties:
        yield duty.rule, f"a duty: {duty.label}"
    for tie in pack.ties:
        for one, other in (tie.rules, tie.rules[::-1]):
            yield one, f"shown together with {other}"


def _of_procedure(pack: Pack) -> Iterator[tuple[str, str]]:
    yield pack.block.rule, "a block can be asked for"
    for decider in pack.deciders:
        yield decider.rule, f"who decides: {_acts(decider.actions)}"
    for notice in pack.notices:
        yield notice.rule, f"whether the person is told: {_acts(notice.actions)}"
    for record in pack.retention:
        yield record.rule, f"how long is kept: {record.records}"
    yield pack.reinstatement.rule, "a request to come back is put on file"
    yield pack.complaints.rule, "complaints stay up" if pack.complaints.protected else "complaints are reported"
    for clock in pack.clocks:
        yield clock.rule, f"the date `{clock.name}`" if clock.has_length else f"why there is no `{clock.name}`"


def _of_appeals(pack: Pack) -> Iterator[tuple[str, str]]:
    for level in pack.appeal.levels:
        yield level.rule, "an appeal is put on file"
        yield level.consult_rule, "whose advice is asked before an appeal is answered"
        yield level.final_rule, "whether the answer is the last word"
        for value, rule in level.rules.items():
            yield rule, f"appeals: {value.replace('_', ' ')}"


def _acts(actions: tuple[str, ...]) -> str:
    return ", ".join(str(action).replace("_", " ") for action in actions)


if __name__ == "__main__":
    PAGE.write_text(as_page(), encoding="utf-8")
