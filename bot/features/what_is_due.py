"""What is due, and why: every running date with the proof of its arithmetic."""

from datetime import timedelta
from itertools import islice
from uuid import UUID

from bot.cards import Button, Card, Fact, Field, FieldKind, Note, Option, Page, Reply, Row, Submission, Table, Tone
from bot.cases.clock import Clock, ClockState, Snooze
from bot.cases.task import TaskKind
from bot.clocks.calendar import short_date
from bot.people import WALLED, Power
from bot.policy.terms import ClockKind, Role
from bot.refusal import Mistake
from bot.views.parts import clock_label
from bot.work import Work

SHOWN = 50
MOST = 2_000
"""How many running dates are looked through for those to show: tasks and what was snoozed stand between them."""
STATES = {
    ClockState.RUNNING: "running",
    ClockState.MET: "done",
    ClockState.VOID: "no longer counts",
    ClockState.PASSED: "passed",
    ClockState.OPENED: "reached",
    ClockState.RUN: "reached",
    ClockState.ENDED: "ended: there was nothing to answer",
}


def show(sent: Submission, work: Work) -> Reply:
    """List the running dates, the earliest first; nobody's name and no words of a patron are in it."""
    work.require(Power.SEE_LISTS)
    if sent.subject:
        return prove(sent, work)
    return Reply(cards=(card(work),))


def card(work: Work, *, limit: int = SHOWN, tasks: bool = True) -> Card:
    """The running dates somebody on staff may see, without those they asked not to be shown today."""
    hidden = work.shelves.clocks.snoozed(work.actor.id, work.today)
    known = (clock for clock in work.shelves.clocks.running(MOST) if tasks or clock.kind is not ClockKind.TASK)
    clocks = list(islice((clock for clock in known if clock.id not in hidden and _known(clock, work)), limit))
    if not clocks:
        return Card(title="Nothing is due", body="What you snoozed comes back on its day." if hidden else "")
    rows = tuple(
        Row(
            cells=(_when(clock, work), clock_label(clock.name), clock.case),
            buttons=(
                Button(label="Why", intent="due.proof", subject=str(clock.id)),
                Button(label="Snooze", intent="due.snooze", subject=str(clock.id), opens_form=True),
            ),
        )
        for clock in clocks
    )
    notes = (Note(text=f"{len(hidden)} snoozed by you; the dates themselves have not moved."),) if hidden else ()
    return Card(title="What is due", table=Table(columns=("When", "What", "Case"), rows=rows), notes=notes)


def _when(clock: Clock, work: Work) -> str:
    late = clock.kind in {ClockKind.DUTY, ClockKind.TASK} and clock.due < work.today
    return f"{short_date(clock.due)}{', overdue' if late else ''}"


def prove(sent: Submission, work: Work) -> Reply:
    """Show how one date, or every date of a case, was worked out."""
    work.require(Power.SEE_LISTS)
    clocks = _named(sent.subject, work)
    running_first = sorted(clocks, key=lambda clock: (clock.state is not ClockState.RUNNING, clock.due))
    return Reply(cards=tuple(_proof(clock, work) for clock in running_first))


def _named(subject: str, work: Work) -> tuple[Clock, ...]:
    try:
        clock = work.shelves.clocks.get(UUID(subject))
        found: tuple[Clock, ...] = (clock,) if clock else ()
    except ValueError:
        found = work.shelves.clocks.of_case(subject.strip().upper())
    visible = tuple(clock for clock in found if _known(clock, work))
    if not visible:
        raise Mistake("No date is running there. “due” lists what is.")
    return visible


def _known(clock: Clock, work: Work) -> bool:
    incident = work.shelves.incidents.by_ref(clock.case) if clock.case.startswith("I-") else None
    if clock.name == f"task.{TaskKind.ENTER_FINDING.value}":
        return work.actor.has(Role.DIRECTOR, on=work.today)
    return incident is None or work.may_see(incident) or incident.track not in WALLED


def _proof(clock: Clock, work: Work) -> Card:
    notes = []
    if clock.rule.startswith("clock."):
        notes.append(Note(text=clock.source, tone=Tone.PRACTICE))
    elif clock.rule:
        notes.append(Note.of(work.book.cite(clock.rule, on=clock.happened_on)))
    notes += [Note(text=f"Our reading of the policy: {taken}", tone=Tone.WARNING) for taken in clock.assumed]
    if clock.kind is ClockKind.TASK and not clock.stated:
        notes.append(Note(text="The time for a task is library practice, not in policy.", tone=Tone.PRACTICE))
    if clock.told_due:
        notes.append(
            Note(text=f"This date was given out as {short_date(clock.told_due)}; a correction never makes it earlier.")
        )
    return Card(
        title=f"{clock_label(clock.name)}: {short_date(clock.due)}",
        facts=(
            Fact(label="Case", value=clock.case),
            Fact(label="State", value=STATES[clock.state]),
            *(Fact(label=f"Step {number}", value=step) for number, step in enumerate(clock.proof, 1)),
        ),
        notes=tuple(notes),
        buttons=(Button(label="Open", intent="case.show", subject=clock.case),),
    )


def snooze_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """For how long not to show a date to this person."""
    work.require(Power.SEE_LISTS)
    [clock, *_] = _named(sent.subject, work)
    return (
        Page(
            title=f"Snooze: {clock_label(clock.name)}",
            intro="This only quiets it on your own lists. The date does not move, and the channel is still reminded.",
            fields=(
                Field(
                    name="days",
                    label="Do not show it to me for",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=(
                        Option(value="1", label="A day"),
                        Option(value="3", label="Three days"),
                        Option(value="7", label="A week"),
                    ),
                    initial=("1",),
                ),
            ),
            submit="Snooze",
        ),
    )


def snooze(sent: Submission, work: Work) -> Reply:
    """Quiet one date for one person. Only a recorded act stops a clock."""
    work.require(Power.SEE_LISTS)
    [clock, *_] = _named(sent.subject, work)
    until = work.today + timedelta(days=int(sent.text("days")))
    work.save(Snooze(library=work.library.id, person=work.actor.id, clock=clock.id, until=until))
    return Reply(
        headline=f"Not shown to you until {short_date(until)}. It is still due on {short_date(clock.due)}.",
        cards=(card(work),),
        about=clock.case,
    )
