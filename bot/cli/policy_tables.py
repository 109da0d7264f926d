"""A policy pack as tables a person can read, and as plain data."""

from rich.table import Table

from bot.policy.pack import Answer, BlockGround, ClockRule, Ground, Pack, Rule, Sanction
from bot.policy.terms import Carried, Modality, Stance

STATES = {Carried.ENFORCES: "enforced"}
"""How the list of rules names what the program does; the other words are the pack's own."""

COMES_DOWN = {
    Modality.MAY: "may come down",
    Modality.SHOULD: "should come down",
    Modality.WILL: "will come down",
    Modality.MUST: "must come down",
    Modality.MUST_NOT: "not allowed",
    Modality.SHOULD_NOT: "should not be posted",
    Modality.INFORMS: "for information",
}
"""How strongly a ground takes content down, in words."""


def as_object(pack: Pack) -> dict[str, object]:
    """A pack as plain data: its rules with the program's state for each, its values, and its silences."""
    whole = pack.model_dump(mode="json", exclude={"rules"})
    return {
        "name": pack.name,
        "since": pack.since.isoformat(),
        "version": pack.version,
        "library": pack.about.name,
        "title": pack.about.title,
        **{key: value for key, value in whole.items() if key not in {"name", "since"}},
        "silences": [{"question": question, "why": answer.why} for question, answer in _silent(pack)],
        "rules": [_rule(rule) for rule in pack.rules],
    }


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "label": rule.label,
        "kind": rule.kind.value,
        "source": rule.source,
        "state": _state(rule),
        "section": rule.section,
        "item": rule.item,
        "needle": rule.needle,
        "audience": list(rule.audience),
        "modality": rule.modality.value,
        "note": rule.note,
    }


def _state(rule: Rule) -> str:
    return STATES.get(rule.carried, rule.carried.value)


def _answered(pack: Pack) -> list[tuple[str, Answer]]:
    """Every question of a pack with its answer, in words."""
    return [
        ("May a person be blocked?", pack.block),
        ("Is there a ladder of sanctions?", pack.sanctions),
        *((f"Who decides: {_words(decider.actions)}?", decider) for decider in pack.deciders),
        *((f"Is the person told: {_words(notice.actions)}?", notice) for notice in pack.notices),
        ("Is there an appeal?", pack.appeal),
        *((f"Is there a further level of appeal: {level.level}?", level) for level in pack.appeal.further),
        ("May a blocked person come back?", pack.reinstatement),
        *((f"How long is kept: {kept.records}?", kept) for kept in pack.retention),
        ("Are complaints protected?", pack.complaints),
        ("Does a last day that is closed move?", pack.days),
        *((f"Due date: {clock.name} on {_words(clock.on)}?", clock) for clock in pack.clocks),
        *((f"Duty: {duty.label}?", duty) for duty in pack.duties),
    ]


def _silent(pack: Pack) -> list[tuple[str, Answer]]:
    return [(question, answer) for question, answer in _answered(pack) if answer.stance is Stance.SILENT]


def rules(pack: Pack) -> Table:
    """Every rule with what the program does about it."""
    table = _table("Rules", "Rule", "What it says, in our words", "Kind", "State", "Where")
    for rule in pack.rules:
        table.add_row(rule.id, rule.label, rule.kind.value, _state(rule), rule.source)
    return table


def values(pack: Pack) -> Table:
    """Every answer that is no silence and no due date."""
    table = _table("Values", "Question", "Answer", "Rule")
    for ground in pack.grounds:
        table.add_row("Ground for taking content down", _ground(ground), ground.rule)
    for block_ground in pack.block_grounds:
        table.add_row("Ground for a block", _block_ground(block_ground), block_ground.rule)
    for protection in pack.protections:
        keeps = "stays up" if protection.effect == "veto" else "a person says first why it is not this"
        table.add_row("Protected speech", f"{protection.label} ({keeps})", protection.rule)
    for step in pack.sanctions.steps:
        table.add_row(f"Sanction from breach {step.occasion}", _sanction(step), step.rule)
    for question, answer in _answered(pack):
        if answer.stance is not Stance.SILENT and not isinstance(answer, ClockRule):
            table.add_row(question, _answer(answer), answer.rule)
    for statement in pack.statements:
        table.add_row(f"Statement on {_words(statement.where)}", statement.label, statement.rule)
    for tie in pack.ties:
        table.add_row("Two rules that pull apart", tie.label, ", ".join(tie.rules))
    return table


def clocks(pack: Pack) -> Table:
    """Every due date that is no silence."""
    table = _table("Due dates", "Starts with", "Due date", "Period", "Rule")
    for clock in pack.clocks:
        if clock.stance is not Stance.SILENT:
            table.add_row(_words(clock.on), clock.name, _period(clock), clock.rule)
    return table


def silences(pack: Pack) -> Table:
    """Every question the policy leaves open."""
    table = _table("Where the policy is silent", "Question", "What is known")
    for question, answer in _silent(pack):
        table.add_row(question, answer.why)
    return table


def _ground(ground: Ground) -> str:
    return f"{ground.label} ({COMES_DOWN[ground.modality]})"


def _block_ground(ground: BlockGround) -> str:
    conditions = [
        *([f"needs {ground.occasions} occasions"] if ground.occasions else []),
        *([f"within {ground.look_back.said}"] if ground.look_back else []),
        *(["needs an investigation"] if ground.investigation else []),
        *(["needs a warning"] if ground.warned else []),
        *(["for a severe case"] if ground.severe else []),
        *([f"weighs {_words(ground.weighs)}"] if ground.weighs else []),
    ]
    return f"{ground.label} ({'; '.join(conditions)})" if conditions else ground.label


def _sanction(step: Sanction) -> str:
    length = f" {step.length.said}" if step.length else ""
    ends = f", ends {_word(step.ends)}" if step.ends else ""
    return f"{step.label} ({_word(step.action)}: {_word(step.term)}{length}{ends})"


def _answer(answer: Answer) -> str:
    """The values of an answer in one line: what it holds beside its stance, its rule and its reasons."""
    known = set(Answer.model_fields) | {"actions", "code", "label", "records", "further", "steps", "rules", "level"}
    held = answer.model_dump(mode="json", exclude=known, exclude_defaults=True)
    said = [f"{_word(key)}: {_said(value)}" for key, value in held.items()]
    opening = answer.why or "stated in the policy"
    return "; ".join([opening, *said, *_taken(answer)])


def _period(clock: ClockRule) -> str:
    length = clock.period or clock.why
    qualified = f", {clock.qualifier}" if clock.qualifier else ""
    whose = f" ({clock.authority})" if clock.authority else ""
    return "; ".join([f"{length}{qualified}{whose}", *_taken(clock)])


def _taken(answer: Answer) -> list[str]:
    return [f"taken: {one.removesuffix('.')}" for one in answer.assumed]


def _said(value: object) -> str:
    if isinstance(value, list):
        return _words(value)
    if isinstance(value, dict):
        return " ".join(_said(held) for held in value.values())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _word(value)


def _words(values: list[object] | tuple[object, ...]) -> str:
    return ", ".join(_word(value) for value in values)


def _word(value: object) -> str:
    return str(value).replace("_", " ")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", expand=True)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
