"""What is wrong with a pack as a whole: names that lead nowhere, questions without an answer, answers given twice.

Works on the decoded file, so that these mistakes are found in the same run as those of single values.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.policy.lines import Path
from bot.policy.terms import QUESTIONS, STATES, Action, ClockName, Event

ALWAYS_DECIDED = (Action.REMOVE, Action.BLOCK, Action.APPEAL, Action.REINSTATE)
"""The actions of which every pack says who decides, if only 'silent'."""

CODED = ("grounds", "block_grounds", "protections", "statements", "duties")

RULES = ("rule", "consult_rule", "final_rule", "bypass")
"""The names under which a part gives the id of a rule."""

FROM_NOTICE = frozenset(
    {Event.CONTENT_REMOVED, Event.CONTENT_HIDDEN, Event.CONTENT_PARTLY_REMOVED, Event.PUBLICATION_DECLINED}
    | {Event.BLOCK_APPLIED}
)
"""The events for which a time to appeal may run from the notice instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Flaw:
    """One mistake between the parts of a pack: where it is in the file (empty: nowhere), and what to do about it."""

    at: Path = ()
    says: str


def flaws(content: Mapping[str, object]) -> tuple[Flaw, ...]:
    """Every mistake that shows only between the parts of a pack, each with what to do about it."""
    return (
        *_no_such_state(content),
        *_no_rules(content),
        *_rules_that_lead_nowhere(content),
        *_rules_listed_twice(content),
        *_codes_given_twice(content),
        *_open_questions(content),
        *_answers_given_twice(content),
        *_deciders_that_overlap(content),
        *_actions_without_a_decider(content),
        *_levels_that_lead_nowhere(content),
    )


def _no_such_state(content: Mapping[str, object]) -> Iterator[Flaw]:
    """The public holidays of the state are counted, so it has to be one."""
    state = next(iter(_entries(content, "about")), {}).get("state")
    if isinstance(state, str) and len(state) == len("MA") and state.isupper() and state not in STATES:
        says = f"about: there is no US state or territory called {state}; write its two letters, as in MA."
        yield Flaw(at=("about", "state"), says=says)


def _no_rules(content: Mapping[str, object]) -> Iterator[Flaw]:
    if not _entries(content, "rules"):
        yield Flaw(says="rules: none is listed; list every rule of the policy.")


def _rules_that_lead_nowhere(content: Mapping[str, object]) -> Iterator[Flaw]:
    known = {entry.get("id") for entry in _entries(content, "rules")}
    for rule, where, at in _named_rules(content):
        if rule and rule not in known:
            yield Flaw(
                at=at,
                says=f"{where} names the rule {rule}, which is not listed; list it under rules or correct the name.",
            )


def _named_rules(content: Mapping[str, object]) -> Iterator[tuple[str, str, Path]]:
    for part, held in content.items():
        if part == "rules":
            continue
        for number, entry in enumerate(_entries(content, part)):
            listed = isinstance(held, list | tuple)
            where, at = (f"{part}, number {number + 1}", (part, number)) if listed else (part, (part,))
            yield from ((str(entry.get(name, "")), where, (*at, name)) for name in RULES)
            if part == "ties":
                yield from ((str(rule), where, (*at, "rules")) for rule in _values(entry, "rules"))
            yield from _rules_within(entry, where, at)


def _rules_within(entry: Mapping[str, object], where: str, at: Path) -> Iterator[tuple[str, str, Path]]:
    """The rules that parts of a part name: the steps of a ladder, the levels of appeal and their single values."""
    named = entry.get("rules")
    if isinstance(named, Mapping):
        yield from ((str(rule), where, (*at, "rules")) for rule in named.values())
    for inner in ("steps", "further"):
        for number, step in enumerate(_entries(entry, inner)):
            here, place = f"{where}, {inner}, number {number + 1}", (*at, inner, number)
            yield from ((str(step.get(name, "")), here, (*place, name)) for name in RULES)
            yield from _rules_within(step, here, place)


def _rules_listed_twice(content: Mapping[str, object]) -> Iterator[Flaw]:
    for rule, places in _places(content, "rules", "id"):
        yield Flaw(at=places[-1], says=f"The rule {rule} is listed {len(places)} times; keep one.")


def _codes_given_twice(content: Mapping[str, object]) -> Iterator[Flaw]:
    for part in CODED:
        for code, places in _places(content, part, "code"):
            yield Flaw(
                at=places[-1], says=f"The code {code} is given {len(places)} times under {part}; each needs its own."
            )


def _places(content: Mapping[str, object], part: str, key: str) -> Iterator[tuple[str, list[Path]]]:
    """Every name that is given twice or more, with all its places."""
    places: dict[str, list[Path]] = {}
    for number, entry in enumerate(_entries(content, part)):
        places.setdefault(str(entry.get(key)), []).append((part, number, key))
    yield from ((name, found) for name, found in places.items() if len(found) > 1)


def _open_questions(content: Mapping[str, object]) -> Iterator[Flaw]:
    answered = {(event, clock) for event, clock, _, _ in _answered_clocks(content)}
    from_notice = (Event.NOTICE_SENT.value, ClockName.APPEAL_BY.value) in answered
    for event, clocks in QUESTIONS.items():
        for clock in clocks:
            by_notice = from_notice and clock is ClockName.APPEAL_BY and event in FROM_NOTICE
            if (event.value, clock.value) not in answered and not by_notice:
                what = f"clocks: {event.value} has no answer for {clock.value}"
                yield Flaw(says=f"{what}; add one, if only 'silent' with its why.")


def _answers_given_twice(content: Mapping[str, object]) -> Iterator[Flaw]:
    places: dict[tuple[str, str, str], list[Path]] = {}
    for event, clock, level, at in _answered_clocks(content):
        places.setdefault((event, clock, level), []).append(at)
    for (event, clock, level), found in places.items():
        if len(found) > 1:
            name = f"{clock}.{level}" if level else clock
            yield Flaw(at=found[-1], says=f"clocks: {event} has {len(found)} answers for {name}; keep one.")
    named = Counter(str(action) for entry in _entries(content, "notices") for action in _values(entry, "actions"))
    for action, times in named.items():
        if times > 1:
            at = _last_with(content, "notices", action)
            yield Flaw(at=at, says=f"notices: {action} has {times} answers; keep one.")


def _deciders_that_overlap(content: Mapping[str, object]) -> Iterator[Flaw]:
    """Two deciders of one action are told apart by the longest each may decide; only one may have no limit."""
    limits: dict[str, list[object]] = {}
    for entry in _entries(content, "deciders"):
        for action in _values(entry, "actions"):
            limits.setdefault(str(action), []).append(entry.get("up_to"))
    for action, longest in limits.items():
        at = _last_with(content, "deciders", action)
        unlimited = [limit for limit in longest if not limit]
        if len(unlimited) > 1:
            yield Flaw(at=at, says=f"deciders: {action} has {len(unlimited)} answers; keep one.")
        elif len(longest) != len({repr(limit) for limit in longest}):
            yield Flaw(at=at, says=f"deciders: {action} has the same up_to twice; keep one.")
        elif not unlimited:
            says = f"deciders: {action} has a longest time for everybody; add who decides what is longer."
            yield Flaw(at=at, says=says)


def _last_with(content: Mapping[str, object], part: str, action: str) -> Path:
    having = [
        number
        for number, entry in enumerate(_entries(content, part))
        if action in {str(one) for one in _values(entry, "actions")}
    ]
    return (part, having[-1], "actions")


def _answered_clocks(content: Mapping[str, object]) -> Iterator[tuple[str, str, str, Path]]:
    for number, entry in enumerate(_entries(content, "clocks")):
        for event in _values(entry, "on"):
            yield str(event), str(entry.get("clock")), str(entry.get("level", "")), ("clocks", number)


def _actions_without_a_decider(content: Mapping[str, object]) -> Iterator[Flaw]:
    decided = {str(action) for entry in _entries(content, "deciders") for action in _values(entry, "actions")}
    for action in ALWAYS_DECIDED:
        if action.value not in decided:
            yield Flaw(says=f"deciders: nobody is named for {action.value}; add who decides, or 'silent' with its why.")


def _levels_that_lead_nowhere(content: Mapping[str, object]) -> Iterator[Flaw]:
    """Every further level of appeal is named once and has a clock; the first has no name."""
    appeal = next(iter(_entries(content, "appeal")), {})
    levels = [str(entry.get("level", "")) for entry in _entries(appeal, "further")]
    if appeal.get("level"):
        yield Flaw(at=("appeal", "level"), says="appeal: the first level has no name; take level out.")
    clocks = {level for _, _, level, _ in _answered_clocks(content)}
    for number, level in enumerate(levels):
        at: Path = ("appeal", "further", number, "level")
        if levels.index(level) != number:
            yield Flaw(at=at, says=f"appeal: two further levels are called {level}; each needs its own name.")
        elif level and level not in clocks:
            says = f"appeal: the level {level} has no clock; add one with that level, if only 'silent' with its why."
            yield Flaw(at=at, says=says)


def _entries(content: Mapping[str, object], part: str) -> tuple[Mapping[str, object], ...]:
    found = content.get(part)
    if isinstance(found, Mapping):
        return (found,)
    return tuple(entry for entry in _values(content, part) if isinstance(entry, Mapping))


def _values(entry: Mapping[str, object], key: str) -> Iterable[object]:
    found = entry.get(key)
    return found if isinstance(found, list | tuple) else ()
