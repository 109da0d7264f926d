"""Dates with their proof: from a rule, an event and a calendar to the day it comes to, each step in words.

The rules of counting (see ``docs/clocks.md``): the event's local date is day 0; the last day counts and runs to local
midnight; days are calendar days; months and years keep the day number, else the last day of the month; a period of
retention keeps through its last day; nothing rolls off a closed day unless a labelled practice says so. Counting is on
dates, never on blocks of 24 hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

from bot.clocks.calendar import Calendar, available_zones, federal_calendar, long_date, short_date
from bot.clocks.counting import Counted, add, count
from bot.policy.book import Practice
from bot.policy.pack import ClockRule, Pack, Sanction
from bot.policy.terms import ClockKind, ClockName, Ends, Event, Modality, Stance, Term, Unit
from bot.refusal import Citation, Mistake, Refusal

__all__ = [
    "HAPPENED",
    "Counted",
    "DueDate",
    "Silence",
    "add",
    "due_date",
    "due_dates",
    "later_of",
    "parse_happening",
    "parse_period",
    "practice_date",
    "term_end",
]

ROLLED = "Library practice, not in policy: a last day that is closed moves to the next open day"

HAPPENED: dict[Event, str] = {
    Event.CONTENT_REMOVED: "the content was removed",
    Event.CONTENT_HIDDEN: "the content was hidden",
    Event.CONTENT_PARTLY_REMOVED: "part of the content was removed",
    Event.PUBLICATION_DECLINED: "publication was declined",
    Event.BLOCK_APPLIED: "the block was applied",
    Event.NOTICE_SENT: "the notice was sent",
    Event.APPEAL_RECEIVED: "the appeal was received",
    Event.CONCERN_RECEIVED: "the concern was received",
    Event.QUESTION_RECEIVED: "the question or comment was received",
    Event.BOARD_CONSULTED: "the Board was consulted",
    Event.APPEAL_DECIDED: "the appeal was decided",
    Event.REINSTATEMENT_REQUESTED: "reinstatement was asked for",
    Event.COPYRIGHT_NOTICE_RECEIVED: "the copyright notice was received",
    Event.COUNTER_NOTICE_RECEIVED: "the counter-notice was received",
    Event.APPEAL_HEARD: "the appeal was heard",
    Event.RECORDS_REQUESTED: "the public-records request came in",
}
"""Each event in the words of a proof, after "the day"."""

MAY_ROLL = frozenset({ClockKind.DUTY, ClockKind.RIGHT, ClockKind.TASK})
"""The kinds of date that a practice, or the policy, moves off a closed day; an opening and a retention stay."""

_BOUND_SAID: dict[str, tuple[str, ...]] = {
    "exactly": (),
    "at_least": ("The policy says at least so long: it may be longer.",),
    "at_most": ("The policy says at most so long: it may be shorter.",),
}
_BOUNDS: dict[Term, Literal["at_least", "at_most"]] = {Term.MINIMUM: "at_least", Term.MAXIMUM: "at_most"}
_ENDS: dict[Ends, str] = {
    Ends.BY_ITSELF: "it ends by itself, and a person lifts it on the accounts",
    Ends.ON_REQUEST: "it ends when that is asked for and granted",
    Ends.ON_CONDITION: "it ends when this is met: {condition}",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DueDate:
    """The day a clock comes to, with the proof of its arithmetic.

    ``clock`` is the name with its level. ``due`` is the last day that counts (for an opening: the first). It is a
    local date; ``open_until_utc`` is the instant that day ends, and ``None`` for an opening. ``stated`` is true where
    the policy itself states the period, and false where a law it follows does or the library chose it.
    ``closed_day`` says why the day counted to is closed, else empty; ``rolled_to`` is set only where a labelled
    practice moved the date off it, and then equals ``due``.
    """

    clock: str
    event: Event
    happened_on: date
    due: date
    open_until_utc: datetime | None
    kind: ClockKind
    stated: bool
    assumed: tuple[str, ...]
    rule: str
    label: str
    source: str
    verb: Modality
    qualifier: str
    closed_day: str
    rolled_to: date | None
    proof: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Silence:
    """A clock that gets no date, and why: the policy states none, or a stated one cannot be counted yet.

    ``stance`` is the policy's; ``stated`` means the calendar lacks what the rule counts (Board meetings).
    """

    clock: str
    event: Event
    why: str
    stance: Stance


def due_date(
    rule: ClockRule, *, event: Event, on: date, pack: Pack, calendar: Calendar, roll_practice: bool = False
) -> DueDate:
    """Count one period and prove it: the policy's own, or that of an outside law the policy follows.

    :param on: the local date of the event in the library's zone, which is day 0
    :param calendar: the library's own; a rule counted on the federal calendar uses that one, in the library's zone
    :param roll_practice: the library's labelled practice that a last day on a closed day moves to the next open day;
        it never moves an opening or a retention
    :raises Refusal: the rule has no period, the calendar lacks a Board meeting, or the date is beyond the year
        9998
    """
    if rule.n is None or rule.unit is None:
        raise Refusal(f"{pack.about.name}'s policy sets no date for {rule.name}: {rule.why}.")
    cited = pack.cite(rule.rule)
    if rule.stance is Stance.DELEGATED:
        cited = replace(cited, source=f"{cited.source}; {rule.authority}")
    return _prove(rule, cited, event=event, on=on, calendar=calendar, roll=_why_it_rolls(pack, practice=roll_practice))


def term_end(step: Sanction, *, on: date, pack: Pack, calendar: Calendar) -> "DueDate | Silence":
    """The day from which a sanction has run its time, by its step of the ladder; it never ends by a timer alone.

    :param on: the local date on which the block was first applied
    :return: an opening called ``block_ends.`` and the step's code; a silence where it has no term or is for good
    :raises Refusal: the date is beyond the year 9998
    """
    name = f"{ClockName.BLOCK_ENDS.value}.{step.code}"
    if step.length is None:
        permanent = step.term is Term.PERMANENT
        why = f"{step.label} has no end" if permanent else f"{step.label} has no length"
        stance = Stance.UNLIMITED if permanent else Stance.NONE
        return Silence(clock=name, event=Event.BLOCK_APPLIED, why=why, stance=stance)
    rule = ClockRule(
        clock=ClockName.BLOCK_ENDS,
        level=step.code,
        on=(Event.BLOCK_APPLIED,),
        kind=ClockKind.OPENS,
        rule=step.rule,
        n=step.length.n,
        unit=step.length.unit,
        bound=_BOUNDS.get(step.term, "exactly"),
        qualifier=_ENDS[step.ends].format(condition=step.condition) if step.ends else "",
    )
    return due_date(rule, event=Event.BLOCK_APPLIED, on=on, pack=pack, calendar=calendar)


def practice_date(
    rule: ClockRule, practice: Practice, *, event: Event, on: date, calendar: Calendar, roll_practice: bool = False
) -> DueDate:
    """Count the period a library chose where its policy is silent; ``stated`` is false and the proof says whose it is.

    :param rule: the recorded silence, which still says what kind of clock it is
    :param practice: its value is a number and a unit, as in ``30 days`` or ``2 business days``
    :raises Refusal: the policy is not silent here, so there is nothing to choose; or the date cannot be counted
    :raises Mistake: the value is not a period
    """
    if rule.stance is not Stance.SILENT:
        raise Refusal(f"The policy is not silent about {rule.name}, so a practice of the library cannot stand for it.")
    n, unit = parse_period(practice.value)
    cited = Citation(
        rule=practice.key, label=f"The library's period: {practice.value}", source=practice.label, practice=True
    )
    chosen = rule.model_copy(update={"n": n, "unit": unit})
    return _prove(chosen, cited, event=event, on=on, calendar=calendar, roll=ROLLED if roll_practice else "")


def _prove(rule: ClockRule, cited: Citation, *, event: Event, on: date, calendar: Calendar, roll: str) -> DueDate:
    used = federal_calendar(calendar.zone) if rule.calendar == "federal" else calendar
    counted = count(rule, _plain(on), used)
    closed = used.why_closed(counted.day)
    rolls = bool(roll) and bool(closed) and rule.kind in MAY_ROLL
    due = used.next_open(counted.day) if rolls else counted.day
    return DueDate(
        clock=rule.name,
        event=event,
        happened_on=on,
        due=due,
        open_until_utc=None if rule.kind is ClockKind.OPENS else used.end_of(due),
        kind=rule.kind,
        stated=rule.stance is Stance.STATED,
        assumed=(*rule.assumed, *_not_checked(rule, used, counted.day, rolls=bool(roll) and rule.kind in MAY_ROLL)),
        rule=cited.rule,
        label=cited.label,
        source=cited.source,
        verb=rule.verb,
        qualifier=rule.qualifier,
        closed_day=closed,
        rolled_to=due if rolls else None,
        proof=(
            f"Day 0 is {long_date(on)}, the day {HAPPENED[event]}.",
            *_whose_period(rule, cited),
            *([] if rule.calendar == "library" else ["Counted on the federal calendar, which the statute uses."]),
            *counted.steps,
            f"{counted.said} is {long_date(counted.day)}; {_what_it_means(rule, used.zone)}.",
            *_BOUND_SAID[rule.bound],
            *_about_a_closed_day(closed, counted.day, roll=roll, rolled_to=due if rolls else None),
        ),
    )


def due_dates(
    event: Event,
    *,
    on: date,
    pack: Pack,
    calendar: Calendar,
    roll_practice: bool = False,
    practices: Mapping[str, Practice] | None = None,
    level: str = "",
) -> tuple[tuple[DueDate, ...], tuple[Silence, ...]]:
    """Every date an event starts under a pack, and every clock it leaves without one, in the pack's order.

    A stated period that the calendar cannot count yet (no Board meeting entered) is returned as a silence whose
    stance is ``stated``, so that one missing date never hides the others.

    :param on: the local date of the event in the library's zone
    :param practices: what the library chose where its policy is silent; a clock's key is ``clock.`` and its name
    :param level: the level of appeal at which it happened, as in ``board``; the first if left out
    """
    dated: list[DueDate] = []
    silent: list[Silence] = []
    for rule in pack.clocks_on(event, level=level):
        chosen = (practices or {}).get(f"clock.{rule.name}")
        try:
            if rule.has_length:
                found = due_date(rule, event=event, on=on, pack=pack, calendar=calendar, roll_practice=roll_practice)
            elif rule.stance is Stance.SILENT and chosen:
                found = practice_date(rule, chosen, event=event, on=on, calendar=calendar, roll_practice=roll_practice)
            else:
                silent.append(Silence(clock=rule.name, event=event, why=rule.why, stance=rule.stance))
                continue
            dated.append(found)
        except Refusal as cannot:
            silent.append(Silence(clock=rule.name, event=event, why=cannot.why, stance=rule.stance))
    return tuple(dated), tuple(silent)


def later_of(told: DueDate | date, reproved: DueDate, *, calendar: Calendar) -> DueDate:
    """Keep a date that somebody was told: after a correction or a closure, the later of the two counts.

    The proof of what is returned ends with both dates. The same date twice changes nothing.

    :param told: the date somebody was told (local), or the due date it came with
    :param reproved: the date as it is counted now
    :param calendar: the library's own, for the end of the day
    """
    day = _plain(told.due if isinstance(told, DueDate) else told)
    if day == reproved.due:
        return reproved
    both = f"Told before: {long_date(day)}. Counted again: {long_date(reproved.due)}. The later counts: "
    if day < reproved.due:
        return replace(reproved, proof=(*reproved.proof, f"{both}{long_date(reproved.due)}."))
    return replace(
        reproved,
        due=day,
        open_until_utc=None if reproved.kind is ClockKind.OPENS else calendar.end_of(day),
        closed_day=calendar.why_closed(day),
        rolled_to=None,
        proof=(*reproved.proof, f"{both}{long_date(day)}, because a date somebody was told is never shortened."),
    )


def parse_happening(text: str, zone: str) -> date:
    """The library's local date of something that happened, from a date or a date with a time.

    ``2026-01-16`` is that day. ``2026-01-16T23:30-05:00`` and ``2026-01-17T04:30Z`` are turned into the library's
    zone first. A time without an offset is local already.

    :raises Mistake: it is neither, or there is no such zone
    """
    if zone not in available_zones():
        raise Mistake(f"There is no time zone called {zone!r}; write it like America/New_York.")
    written = text.strip()
    try:
        return date.fromisoformat(written)
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(written)
        return (at if at.tzinfo is None else at.astimezone(ZoneInfo(zone))).date()
    except (ValueError, OverflowError) as unreadable:
        raise Mistake(
            f"{text!r} is not a date. Write it as 2026-01-16, or with a time as 2026-01-16T23:30-05:00."
        ) from unreadable


def parse_period(text: str) -> tuple[int, Unit]:
    """A period as a library writes it: a number and a unit, as in ``30 days``, ``1 year`` or ``2 business days``.

    :raises Mistake: it is not one
    """
    number, _, what = text.strip().partition(" ")
    named = "_".join(what.lower().split())
    unit = next((unit for unit in Unit if named in {unit.value, unit.value.removesuffix("s")}), None)
    if unit is None or not (number.isascii() and number.isdecimal()):
        units = ", ".join(unit.value.replace("_", " ") for unit in Unit)
        raise Mistake(f"{text!r} is not a period. Write a number and one of {units}, as in 30 days.")
    return int(number), unit


def _not_checked(rule: ClockRule, used: Calendar, day: date, *, rolls: bool) -> list[str]:
    """What a date stands on that nobody at the library has checked yet: holidays by rule, meetings by rule."""
    spans = [span for span in (rule.after_that, rule.before_that, rule.cutoff and rule.cutoff.before) if span]
    units = {rule.unit, *(span.unit for span in spans)}
    said = []
    if used.goes_by_rule(day) and (rolls or Unit.BUSINESS_DAYS in units):
        said.append(
            f"The library has not checked its closed days of {day.year} yet; the public holidays of {used.state} are "
            "counted."
        )
    if Unit.MEETINGS in units and day > max(used.meetings, default=date.min):
        said.append(
            f"No meeting of the Board near {short_date(day)} is entered yet; the rule of its meetings is counted."
        )
    return said


def _plain(day: date) -> date:
    if isinstance(day, datetime):
        raise TypeError("clocks count on local dates; turn the instant into one with Calendar.local_date first")
    return day


def _what_it_means(rule: ClockRule, zone: str) -> str:
    match rule.kind:
        case ClockKind.OPENS if rule.clock is ClockName.BLOCK_ENDS:
            return "the block has run its time that day, and a person lifts it"
        case ClockKind.OPENS:
            return "it opens that day"
        case ClockKind.RETENTION:
            return f"kept through that day, to midnight in {zone}, and nothing is deleted by itself after it"
        case ClockKind.DUTY | ClockKind.RIGHT | ClockKind.TASK:
            return f"the last day counts and runs to midnight in {zone}"
        case _:
            assert_never(rule.kind)


def _why_it_rolls(pack: Pack, *, practice: bool) -> str:
    """Why a last day that is closed moves: by the policy's rule, by the library's practice, or (empty) not at all."""
    if pack.days.closed_last_day == "next_open":
        source = pack.cite(pack.days.rule).source
        return f"The policy ({source}): a last day that is closed moves to the next open day"
    return ROLLED if practice and pack.days.closed_last_day is None else ""


def _whose_period(rule: ClockRule, cited: Citation) -> tuple[str, ...]:
    if rule.stance is Stance.DELEGATED:
        return (f"The period is not the policy's own: {rule.authority} sets it ({rule.why}).",)
    return (f"The policy is silent ({rule.why}); the period is {cited.source}.",) if cited.practice else ()


def _about_a_closed_day(closed: str, day: date, *, roll: str, rolled_to: date | None) -> tuple[str, ...]:
    if not closed:
        return ()
    if rolled_to is None:
        return (f"{long_date(day)} is a closed day ({closed}); the date stays, as no rule or practice moves it.",)
    return (f"{long_date(day)} is a closed day ({closed}). {roll}, {long_date(rolled_to)}.",)
