"""``duenotice policy``: what a policy pack says, and what is wrong with one; without a database or a chat."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.binding import bind_document
from bot.policy.document import bind
from bot.policy.pack import Answer, BlockGround, ClockRule, Ground, Pack, Rule
from bot.policy.shelf import read_pack
from bot.policy.terms import Carried, Modality, Stance
from bot.refusal import Refusal

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

NARROWEST = 100
"""The fewest columns in which the tables can still be read."""


def add_to(app: typer.Typer) -> None:
    """Give the command line its ``policy`` commands."""
    policy = typer.Typer(help="Read and check policy packs.", no_args_is_help=True, rich_markup_mode=None)
    policy.command("show")(show)
    policy.command("check")(check)
    policy.command("bind")(bind_document)
    app.add_typer(policy, name="policy")


def show(
    pack: Annotated[str, typer.Argument(help="A policy pack by name, as in chicopee.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show every rule of a policy with what the program does about it, its values, and where it is silent."""
    try:
        found = read_pack(pack)
    except Refusal as no:
        raise _refused(no) from no
    if as_json:
        typer.echo(json.dumps(as_object(found), ensure_ascii=False, indent=2))
        return
    console = Console()
    console.width = max(console.width, NARROWEST)
    console.print(f"{found.about.name}: {found.about.title}", style="bold", highlight=False)
    console.print(f"In force from {found.since.isoformat()}. {found.about.adopted}.", highlight=False)
    for table in (_rules(found), _values(found), _clocks(found), _silences(found)):
        console.print(table)


def check(
    file: Annotated[Path, typer.Argument(help="The TOML file of a policy pack.")],
    *,
    document: Annotated[Path | None, typer.Option(help="The policy's own text: is every sentence found?")] = None,
) -> None:
    """Check a policy pack and list every mistake at once; nothing is changed."""
    try:
        typer.echo(_checked(file, document))
    except Refusal as no:
        raise _refused(no) from no


def _checked(file: Path, document: Path | None) -> str:
    found = Pack.parse(_read(file), name=file.parent.resolve().name)
    mistakes = [*_misnamed(file, found), *(_unbound(found, _read(document)) if document else [])]
    if mistakes:
        many = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise Refusal("\n- ".join([f"The policy pack {file} has {many}:", *mistakes]))
    also = f" Every sentence was found in {document}." if document else ""
    return f"{file}: {len(found.rules)} rules, in force from {found.since.isoformat()}. No mistakes.{also}"


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
        *((f"Who decides: {_words(decider.actions)}?", decider) for decider in pack.deciders),
        *((f"Is the person told: {_words(notice.actions)}?", notice) for notice in pack.notices),
        ("Is there an appeal?", pack.appeal),
        ("May a blocked person come back?", pack.reinstatement),
        *((f"How long is kept: {kept.records}?", kept) for kept in pack.retention),
        ("Are complaints protected?", pack.complaints),
        *((f"Due date: {clock.name} on {_words(clock.on)}?", clock) for clock in pack.clocks),
        *((f"Duty: {duty.label}?", duty) for duty in pack.duties),
    ]


def _silent(pack: Pack) -> list[tuple[str, Answer]]:
    return [(question, answer) for question, answer in _answered(pack) if answer.stance is Stance.SILENT]


def _rules(pack: Pack) -> Table:
    table = _table("Rules", "Rule", "What it says, in our words", "Kind", "State", "Where")
    for rule in pack.rules:
        table.add_row(rule.id, rule.label, rule.kind.value, _state(rule), rule.source)
    return table


def _values(pack: Pack) -> Table:
    table = _table("Values", "Question", "Answer", "Rule")
    for ground in pack.grounds:
        table.add_row("Ground for taking content down", _ground(ground), ground.rule)
    for block_ground in pack.block_grounds:
        table.add_row("Ground for a block", _block_ground(block_ground), block_ground.rule)
    for question, answer in _answered(pack):
        if answer.stance is not Stance.SILENT and not isinstance(answer, ClockRule):
            table.add_row(question, _answer(answer), answer.rule)
    for statement in pack.statements:
        table.add_row(f"Statement on {_words(statement.where)}", statement.label, statement.rule)
    for tie in pack.ties:
        table.add_row("Two rules that pull apart", tie.label, ", ".join(tie.rules))
    return table


def _clocks(pack: Pack) -> Table:
    table = _table("Due dates", "Starts with", "Due date", "Period", "Rule")
    for clock in pack.clocks:
        if clock.stance is not Stance.SILENT:
            table.add_row(_words(clock.on), clock.name, _period(clock), clock.rule)
    return table


def _silences(pack: Pack) -> Table:
    table = _table("Where the policy is silent", "Question", "What is known")
    for question, answer in _silent(pack):
        table.add_row(question, answer.why)
    return table


def _ground(ground: Ground) -> str:
    return f"{ground.label} ({COMES_DOWN[ground.modality]})"


def _block_ground(ground: BlockGround) -> str:
    conditions = [
        *([f"needs {ground.occasions} occasions"] if ground.occasions else []),
        *(["needs an investigation"] if ground.investigation else []),
        *([f"weighs {_words(ground.weighs)}"] if ground.weighs else []),
    ]
    return f"{ground.label} ({'; '.join(conditions)})" if conditions else ground.label


def _answer(answer: Answer) -> str:
    """The values of an answer in one line: what it holds beside its stance, its rule and its reasons."""
    known = set(Answer.model_fields) | {"actions", "code", "label", "records"}
    held = answer.model_dump(mode="json", exclude=known, exclude_defaults=True)
    said = [f"{_word(key)}: {_said(value)}" for key, value in held.items()]
    opening = answer.why or "stated in the policy"
    return "; ".join([opening, *said, *_taken(answer)])


def _period(clock: ClockRule) -> str:
    length = f"{clock.n} {_word(clock.unit)}" if clock.unit else clock.why
    qualified = f", {clock.qualifier}" if clock.qualifier else ""
    whose = f" ({clock.authority})" if clock.authority else ""
    return "; ".join([f"{length}{qualified}{whose}", *_taken(clock)])


def _taken(answer: Answer) -> list[str]:
    return [f"taken: {one.removesuffix('.')}" for one in answer.assumed]


def _said(value: object) -> str:
    if isinstance(value, list):
        return _words(value)
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


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as unreadable:
        raise Refusal(f"{file} cannot be read: {unreadable.strerror}. Give the path of a file.") from unreadable


def _misnamed(file: Path, pack: Pack) -> list[str]:
    """A file named by a day says in it that it is in force from that day, so that versions sort."""
    try:
        named = date.fromisoformat(file.stem)
    except ValueError:
        return []
    if named == pack.since:
        return []
    return [f"The file is named {file.stem}, and since is {pack.since.isoformat()}; make them the same day."]


def _unbound(pack: Pack, raw: bytes) -> list[str]:
    binding = bind(pack, raw.decode("utf-8", errors="replace"))
    none = (f"{rule}: no sentence holds “{pack.rule(rule).needle}”; correct the needle." for rule in binding.missing)
    more = (f"{rule}: several sentences hold “{pack.rule(rule).needle}”; make it longer." for rule in binding.several)
    return [*none, *more]


def _refused(no: Refusal) -> typer.Exit:
    """One sentence, or the list of mistakes, on standard error and exit code 2."""
    typer.echo(f"duenotice: {no.why}", err=True)
    return typer.Exit(2)
