"""``duenotice policy check``, ``lint`` and ``diff``: what is wrong with a pack, what to ask of it, what changes."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.policy_cases import touched_by
from bot.cli.policy_files import bytes_of, document_text, pack_in, pack_of, refused
from bot.cli.records import Practice
from bot.policy.diff import Change, diff
from bot.policy.document import bind
from bot.policy.lines import line_at, lines_of
from bot.policy.lint import REVIEWED_EVERY, Finding, Sort, lint
from bot.policy.pack import Pack
from bot.refusal import Mistake, Refusal

SORTS = {
    Sort.CONTRADICTION: "Contradictions",
    Sort.AMBIGUITY: "Ambiguities",
    Sort.SILENCE: "Silences",
    Sort.COURT_SENSITIVE: "Words that courts distrust",
    Sort.STALE: "Out of date",
}

NO_NEEDLE = "it has no needle; give a few words of its sentence, or note that it is a recorded silence."


def check(
    file: Annotated[Path, typer.Argument(help="The TOML file of a policy pack.")],
    *,
    document: Annotated[Path | None, typer.Option(help="The policy's own document: is every sentence found?")] = None,
) -> None:
    """Check a policy pack and list every mistake at once, each with its line; nothing is changed."""
    try:
        typer.echo(_checked(file, document))
    except Refusal as no:
        raise refused(no) from no


def look_over(
    pack: Annotated[str, typer.Argument(help="A policy pack by name, or the path of its TOML file.")],
    *,
    document: Annotated[Path | None, typer.Option(help="The policy's own document, to read its sentences too.")] = None,
    years: Annotated[int, typer.Option(help="After how many years a policy is called old.", min=1)] = REVIEWED_EVERY,
    on: Annotated[str, typer.Option(help="The day to look from, as in 2026-11-21; today if left out.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """List what a careful reader would ask about a policy: contradictions, ambiguities, silences, risky words."""
    try:
        found = pack_of(pack)
        text = _its_own(found, document) if document else ""
        findings = lint(found, today=_day(on), text=text, years=years)
    except Refusal as no:
        raise refused(no) from no
    if as_json:
        typer.echo(json.dumps([_finding(one) for one in findings], ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_report(found, findings)))


def _its_own(pack: Pack, document: Path) -> str:
    """The text of a policy's own document.

    :raises Refusal: fewer than half of the rules have their sentence in it
    """
    text = document_text(document)
    needles = [rule for rule in pack.rules if rule.needle]
    bound = bind(pack, text).sentences
    if len(bound) * 2 < len(needles):
        raise Refusal(
            f"{document} holds the sentences of {len(bound)} of {len(needles)} rules, so it does not seem to be the "
            f"document of {pack.about.name}. Give that one, or see “duenotice policy check” for what is missing."
        )
    return text


def compare(
    old: Annotated[str, typer.Argument(help="The policy as it was: a pack by name, or the path of its TOML file.")],
    new: Annotated[str, typer.Argument(help="The policy as it is to be: likewise.")],
    *,
    cases: Annotated[
        bool, typer.Option("--cases", help="Say for which open cases of this library it matters.")
    ] = False,
    practice: Practice = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Say what changes from one version of a policy to another; with --cases, for which open cases."""
    try:
        before, after = pack_of(old), pack_of(new)
        changes = diff(before, after)
        touched = touched_by(changes, after.since, practice=practice) if cases else {}
    except Refusal as no:
        raise refused(no) from no
    if as_json:
        answer = [_change(change, touched.get(change, ())) for change in changes]
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    if not changes:
        typer.echo(f"{before.version} and {after.version} answer every question alike.")
        return
    many = "1 answer differs" if len(changes) == 1 else f"{len(changes)} answers differ"
    typer.echo(f"From {before.since.isoformat()} to {after.since.isoformat()}: {many}.")
    for change in changes:
        typer.echo(change.says)
        for line in touched.get(change, ()):
            typer.echo(f"    {line}")


def _checked(file: Path, document: Path | None) -> str:
    found = pack_in(file)
    mistakes = [*_misnamed(file, found), *(_unbound(found, file, document) if document else [])]
    if mistakes:
        many = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise Refusal("\n- ".join([f"The policy pack {file} has {many}:", *mistakes]))
    also = f" Every sentence was found in {document}." if document else ""
    return f"{file}: {len(found.rules)} rules, in force from {found.since.isoformat()}. No mistakes.{also}"


def _misnamed(file: Path, pack: Pack) -> list[str]:
    """A file named by a day says in it that it is in force from that day, so that versions sort."""
    try:
        named = date.fromisoformat(file.stem)
    except ValueError:
        return []
    if named == pack.since:
        return []
    return [f"The file is named {file.stem}, and since is {pack.since.isoformat()}; make them the same day."]


def _unbound(pack: Pack, file: Path, document: Path) -> list[str]:
    binding = bind(pack, document_text(document))
    known = lines_of(bytes_of(file).decode("utf-8-sig"))
    places = {rule.id: line_at(("rules", number, "needle"), known) for number, rule in enumerate(pack.rules)}
    remedies = {
        **dict.fromkeys(binding.missing, "no sentence holds “{needle}”; correct the needle."),
        **dict.fromkeys(binding.several, "several sentences hold “{needle}”; make it longer."),
        **dict.fromkeys((rule.id for rule in pack.rules if not rule.needle and not rule.is_silence), NO_NEEDLE),
    }
    found = [
        f"line {places[rule.id]}: {rule.id}: {remedies[rule.id].format(needle=rule.needle)}"
        for rule in pack.rules
        if rule.id in remedies
    ]
    at = {one.code: line_at(("statements", number, "begins"), known) for number, one in enumerate(pack.statements)}
    lost = "its rule's sentence does not begin there, or it does not end there; correct begins and ends."
    return found + [f"line {at[code]}: statement {code}: {lost}" for code in binding.lost]


def _day(text: str) -> date:
    if not text:
        from bot.__main__ import clock

        return clock().date()
    try:
        return date.fromisoformat(text)
    except ValueError as unreadable:
        raise Mistake(f"{text!r} is not a date. Write --on 2026-11-21.") from unreadable


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "kind": finding.sort.value,
        "says": finding.says,
        "rules": list(finding.rules),
        "remedy": finding.remedy,
    }


def _report(pack: Pack, findings: tuple[Finding, ...]) -> list[str]:
    heading = f"{pack.about.name}: {pack.about.title}, in force from {pack.since.isoformat()}"
    if not findings:
        return [heading, "Nothing a careful reader would ask about was found."]
    lines = [heading]
    for sort, title in SORTS.items():
        of_this = [finding for finding in findings if finding.sort is sort]
        if of_this:
            lines += ["", f"{title} ({len(of_this)})"]
        for finding in of_this:
            where = [f"    {rule}: {pack.rule(rule).label} ({pack.rule(rule).source})" for rule in finding.rules]
            lines += [f"  {finding.says}", *where, f"    {finding.remedy}"]
    return lines


def _change(change: Change, touched: tuple[str, ...]) -> dict[str, object]:
    return {
        "what": change.what,
        "was": change.was,
        "is_now": change.is_now,
        "concerns": change.concerns.value,
        "cases": list(touched),
    }
