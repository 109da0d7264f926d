"""``duenotice clocks``: the dates an event starts under a policy, with their proof, without a database or a chat."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.cli.policy_files import bytes_of, packs_of
from bot.clocks.arithmetic import HAPPENED, DueDate, Silence, due_dates, parse_happening
from bot.clocks.calendar import WEEKDAYS, Calendar, long_date, seeded_closures, short_date
from bot.clocks.closures import read_ics
from bot.clocks.meetings import BoardCalendar, parse_meetings
from bot.policy.book import PolicyBook
from bot.policy.pack import Pack
from bot.policy.terms import ClockKind, Event
from bot.refusal import Mistake, Refusal

YEARS_SEEDED = 12
"""How many years after the last event the state's holidays are known, for the closed days of long periods."""

Made = TypeVar("Made")


def add_to(app: typer.Typer) -> None:
    """Give the command line its ``clocks`` command."""
    app.command("clocks")(clocks)


def clocks(
    pack: Annotated[str, typer.Argument(help="A policy pack by name, or the path of its TOML file.")],
    on: Annotated[list[str], typer.Option(help="EVENT=WHEN, as in content_removed=2026-01-16, or EVENT.LEVEL=WHEN.")],
    *,
    zone: Annotated[str, typer.Option(help="The library's time zone; the pack's own if left out.")] = "",
    closed: Annotated[
        list[str] | None, typer.Option(help="As in 2026-01-19=Snow, or an .ics file. Repeatable.")
    ] = None,
    holidays: Annotated[bool, typer.Option(help="Count the public holidays of the pack's state as closed.")] = True,
    meeting: Annotated[
        list[str] | None, typer.Option(help="As in 2026-02-10, or “third Tuesday, except July”.")
    ] = None,
    roll: Annotated[bool, typer.Option("--roll", help="Practice: a closed last day moves to the next open.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Show which dates an event starts under a policy, with the proof of each, and what the policy leaves open."""
    try:
        where = Where(zone=zone, closed=tuple(closed or ()), meetings=tuple(meeting or ()), holidays=holidays)
        typer.echo(_answer(pack, on, where, roll=roll, as_json=as_json))
    except Refusal as no:
        typer.echo(f"duenotice: {no.why}", err=True)
        raise typer.Exit(2) from no


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """The calendar somebody asks for, as they wrote it."""

    zone: str
    closed: tuple[str, ...]
    meetings: tuple[str, ...]
    holidays: bool


def _answer(name: str, on: list[str], asked: Where, *, roll: bool, as_json: bool) -> str:
    mistakes: list[str] = []
    book = _tried(lambda: PolicyBook(packs=packs_of(name)), mistakes)
    about = book.packs[-1].about if book else None
    levels = {"", *(one.level for pack in (book.packs if book else ()) for one in pack.appeal.further)}
    local = _tried(lambda: Calendar(zone=asked.zone or (about.zone if about else "UTC")), mistakes)
    where = local.zone if local else "UTC"
    happenings = _each(on, lambda text: _happening(text, where, levels), mistakes)
    days = [day for *_, day in happenings] or [date.min]
    years = range(max(1, min(days).year - 1), max(days).year + YEARS_SEEDED)
    closures = _each(asked.closed, lambda text: _closures(text, years), mistakes)
    board = _each(asked.meetings, _meetings, mistakes)
    if book is None or about is None or mistakes:
        raise Mistake("\n- ".join(["several things need another look:", *mistakes]) if mistakes[1:] else mistakes[0])
    seeded = seeded_closures(about.state, years) if asked.holidays else {}
    named = {day: name for found in closures for day, name in found.items()}
    meetings = tuple(sorted({day for one in board for day in one.meetings(years)}))
    calendar = Calendar(zone=where, closures={**seeded, **named}, meetings=meetings)
    dated: list[DueDate] = []
    silent: list[Silence] = []
    for event, level, day in happenings:
        dues, silences = due_dates(event, on=day, pack=book.on(day), calendar=calendar, roll_practice=roll, level=level)
        dated.extend(dues)
        silent.extend(silences)
    if as_json:
        answer = {"clocks": [_due_as_json(due) for due in dated], "silent": [_silence_as_json(one) for one in silent]}
        return json.dumps(answer, ensure_ascii=False, indent=2)
    used = dict.fromkeys(_heading(book.on(day)) for *_, day in happenings)
    lines = [*used, _closed_on(calendar), *(line for due in dated for line in _due_as_text(due))]
    nothing = [] if dated or silent else ["Nothing in this policy runs from that."]
    return "\n".join([*lines, *_silences_as_text(silent), *nothing])


def _tried(make: Callable[[], Made], mistakes: list[str]) -> Made | None:
    try:
        return make()
    except Refusal as wrong:
        mistakes.append(wrong.why)
        return None


def _each(texts: Iterable[str], read: Callable[[str], Made], mistakes: list[str]) -> list[Made]:
    made = []
    for text in texts:
        try:
            made.append(read(text))
        except Refusal as wrong:
            mistakes.append(wrong.why)
    return made


def _happening(text: str, zone: str, levels: set[str]) -> tuple[Event, str, date]:
    """What happened, at which level of appeal (``appeal_received.board``), and the local day of it."""
    asked, _, when = text.partition("=")
    event, _, level = asked.strip().partition(".")
    if event not in set(Event):
        raise Mistake(
            f"{event!r} is no event that starts a clock. Write --on EVENT=WHEN with one of: {', '.join(Event)}."
        )
    if level not in levels:
        named = ", ".join(sorted(levels - {""})) or "none: this policy has one level"
        raise Mistake(f"{level!r} is no further level of appeal of this policy. Its further levels: {named}.")
    return Event(event), level, parse_happening(when, zone)


def _closures(text: str, years: Iterable[int]) -> dict[date, str]:
    """One closed day with its name, or those of a calendar file."""
    if text.casefold().endswith(".ics"):
        return read_ics(bytes_of(Path(text)), years).closures
    day, _, name = text.partition("=")
    return {_day(day, "--closed", "2026-01-19=Snow"): name.strip()}


def _meetings(text: str) -> BoardCalendar:
    try:
        return parse_meetings(text)
    except Mistake as unreadable:
        raise Mistake(
            f"{text!r} is no meeting. Write --meeting 2026-02-10, or --meeting 'third Tuesday'."
        ) from unreadable


def _day(text: str, option: str, example: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as unreadable:
        raise Mistake(f"{text!r} is not a date. Write {option} {example}.") from unreadable


def _due_as_json(due: DueDate) -> dict[str, object]:
    return {
        "clock": due.clock,
        "event": due.event.value,
        "due": due.due.isoformat(),
        "open_until_utc": f"{due.open_until_utc:%Y-%m-%dT%H:%M:%SZ}" if due.open_until_utc else None,
        "kind": due.kind.value,
        "stated": due.stated,
        "assumed": list(due.assumed),
        "rule": due.rule,
        "source": due.source,
        "closed_day": due.closed_day or None,
        "rolled_to": due.rolled_to.isoformat() if due.rolled_to else None,
        "proof": list(due.proof),
    }


def _silence_as_json(silence: Silence) -> dict[str, object]:
    return {"clock": silence.clock, "event": silence.event.value, "why": silence.why}


def _heading(pack: Pack) -> str:
    return f"{pack.about.name}: {pack.about.title}, in force from {short_date(pack.since)}"


def _closed_on(calendar: Calendar) -> str:
    weekly = ", ".join(WEEKDAYS[number - 1] for number in sorted(calendar.closed_weekdays))
    return f"Dates are local to {calendar.zone}. Closed: {weekly} and {len(calendar.closures)} days by name."


def _due_as_text(due: DueDate) -> list[str]:
    opens = due.kind is ClockKind.OPENS
    return [
        "",
        f"{due.clock}: {'from' if opens else 'through'} {long_date(due.due)} ({due.kind.value})",
        f"    {due.label} ({due.source})",
        *(f"    {number}. {step}" for number, step in enumerate(due.proof, start=1)),
        *(f"    Assumed: {assumed}" for assumed in due.assumed),
        *([f"    Qualified: {due.qualifier}"] if due.qualifier else []),
    ]


def _silences_as_text(silent: list[Silence]) -> list[str]:
    if not silent:
        return []
    told = [f"    {one.clock}, after {HAPPENED[one.event]}: {one.stance.value}. {one.why}" for one in silent]
    return ["", "Without a date:", *told]
