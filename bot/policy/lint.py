"""What is wrong with a pack as a whole: names that lead nowhere, questions without an answer, answers given twice.

Works on the decoded file, so that these mistakes are found in the same run as those of single values.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from bot.policy.terms import QUESTIONS, Action

ALWAYS_DECIDED = (Action.REMOVE, Action.BLOCK, Action.APPEAL, Action.REINSTATE)
"""The actions of which every pack says who decides, if only 'silent'."""

CODED = ("grounds", "block_grounds", "statements", "duties")


def mistakes(content: Mapping[str, object]) -> tuple[str, ...]:
    """Every mistake that shows only between the parts of a pack, each with what to do about it."""
    return (
        *_no_rules(content),
        *_rules_that_lead_nowhere(content),
        *_rules_listed_twice(content),
        *_codes_given_twice(content),
        *_open_questions(content),
        *_answers_given_twice(content),
        *_actions_without_a_decider(content),
    )


def _no_rules(content: Mapping[str, object]) -> Iterator[str]:
    if not _entries(content, "rules"):
        yield "rules: none is listed; list every rule of the policy."


def _rules_that_lead_nowhere(content: Mapping[str, object]) -> Iterator[str]:
    known = {entry.get("id") for entry in _entries(content, "rules")}
    for rule, where in _named_rules(content):
        if rule and rule not in known:
            yield f"{where} names the rule {rule}, which is not listed; list it under rules or correct the name."


def _named_rules(content: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for part in content:
        for number, entry in enumerate(_entries(content, part), start=1):
            where = f"{part}, number {number}" if isinstance(content[part], list | tuple) else part
            yield from ((str(entry.get(name, "")), where) for name in ("rule", "consult_rule", "final_rule"))
            if part == "ties":
                yield from ((str(rule), where) for rule in _values(entry, "rules"))


def _rules_listed_twice(content: Mapping[str, object]) -> Iterator[str]:
    for rule, times in Counter(str(entry.get("id")) for entry in _entries(content, "rules")).items():
        if times > 1:
            yield f"The rule {rule} is listed {times} times; keep one."


def _codes_given_twice(content: Mapping[str, object]) -> Iterator[str]:
    for part in CODED:
        for code, times in Counter(str(entry.get("code")) for entry in _entries(content, part)).items():
            if times > 1:
                yield f"The code {code} is given {times} times under {part}; each needs its own."


def _open_questions(content: Mapping[str, object]) -> Iterator[str]:
    answered = set(_answered_clocks(content))
    for event, clocks in QUESTIONS.items():
        for clock in clocks:
            if not any((event.value, clock.value) == (asked, name) for asked, name, _ in answered):
                yield f"clocks: {event.value} has no answer for {clock.value}; add one, if only 'silent' with its why."


def _answers_given_twice(content: Mapping[str, object]) -> Iterator[str]:
    for (event, clock, level), times in Counter(_answered_clocks(content)).items():
        if times > 1:
            name = f"{clock}.{level}" if level else clock
            yield f"clocks: {event} has {times} answers for {name}; keep one."
    for part in ("deciders", "notices"):
        named = Counter(str(action) for entry in _entries(content, part) for action in _values(entry, "actions"))
        for action, times in named.items():
            if times > 1:
                yield f"{part}: {action} has {times} answers; keep one."


def _answered_clocks(content: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    for entry in _entries(content, "clocks"):
        for event in _values(entry, "on"):
            yield str(event), str(entry.get("clock")), str(entry.get("level", ""))


def _actions_without_a_decider(content: Mapping[str, object]) -> Iterator[str]:
    decided = {str(action) for entry in _entries(content, "deciders") for action in _values(entry, "actions")}
    for action in ALWAYS_DECIDED:
        if action.value not in decided:
            yield f"deciders: nobody is named for {action.value}; add who decides, or 'silent' with its why."


def _entries(content: Mapping[str, object], part: str) -> tuple[Mapping[str, object], ...]:
    found = content.get(part)
    if isinstance(found, Mapping):
        return (found,)
    return tuple(entry for entry in _values(content, part) if isinstance(entry, Mapping))


def _values(entry: Mapping[str, object], key: str) -> Iterable[object]:
    found = entry.get(key)
    return found if isinstance(found, list | tuple) else ()
