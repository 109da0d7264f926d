"""One all-or-nothing piece of work: who is acting, on which day, under which law, and what is kept of it.

Saving a record appends its event to the ledger, so an act can't be kept without its trace. Nothing here talks to a
network: messages are queued in the same transaction and the round delivers them.
"""

import os
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from bot.cards import Submission
from bot.cases.appeal import DecidedAppeal, ReceivedAppeal
from bot.cases.block import LATER_ACCOUNT, DecidedBlock, RequestedBlock
from bot.cases.clock import REACHED, Clock, ClockState
from bot.cases.disposal import Certificate, DeclinedDisposal, ProposedDisposal
from bot.cases.hold import Hold
from bot.cases.incident import Evidence, Incident
from bot.cases.library import Library
from bot.cases.permission import Permission
from bot.cases.reinstatement import DecidedReinstatement, RequestedReinstatement
from bot.cases.task import Task, TaskKind, TaskState
from bot.clocks.arithmetic import DueDate, Silence, due_dates, later_of
from bot.clocks.ladder import ladder_for, next_occurrence
from bot.keeping import put
from bot.people import Identity
from bot.policy.terms import ClockKind, Event, Role
from bot.ports import Shelves, Vault
from bot.records.kept import RECORDS, Record, as_json, case_of
from bot.records.ledger import Told, canonical, entry
from bot.refusal import Citation
from bot.telling import Telling

R = TypeVar("R", bound=Record)

VERSIONED = (
    Incident,
    RequestedBlock,
    DecidedBlock,
    ReceivedAppeal,
    DecidedAppeal,
    RequestedReinstatement,
    DecidedReinstatement,
    Hold,
    ProposedDisposal,
    Certificate,
    DeclinedDisposal,
    Permission,
    Library,
)
"""What is kept version after version, so that two people cannot save over each other."""

PROGRAM = Identity(platform="program", tenant="", user="")
"""Who acts in a round, where no person does."""
TASK_DAYS = 1
"""How many open days a task is given before its reminders begin. Library practice."""


class Work(Telling):
    """What a feature is given: it reads, checks, saves and tells through this, and nothing else."""

    def __init__(self, *, shelves: Shelves, sent: Submission, now: datetime, vault: Vault) -> None:
        super().__init__(shelves=shelves, sent=sent, now=now, vault=vault)
        self.promoted: list[str] = []

    # -- keeping -------------------------------------------------------------------------------------------------

    @property
    def by_itself(self) -> bool:
        """Test whether this is the program's own round, in which no person acts."""
        return self.sent.actor == PROGRAM

    def next_ref(self, letter: str) -> str:
        """The next reference of this year: ``I-2026-0042``."""
        number = self.shelves.book.next_number(letter, self.today.year)
        return f"{letter}-{self.today.year}-{number:04}"

    def save(self, record: R, *, before: Record | None = None, actor: bool = True) -> R:
        """Keep a record and its event. A case comes back with its next version.

        ``before`` is what it replaces; the event then holds what changed. Without ``actor`` the event is the
        program's own: nobody did it.

        :raises Stale: somebody else saved the case meanwhile
        """
        if isinstance(record, VERSIONED):
            record = replace(record, version=record.version + 1)
        put(record, self.shelves)
        was, now = (as_json(before) if before else {}), as_json(record)
        changed = {name for name in {*was, *now} if was.get(name) != now.get(name)}
        case = case_of(record)
        self.append(
            action=self.sent.intent,
            case=case,
            record=RECORDS[type(record)],
            actor=actor,
            payload={
                "before": {name: was[name] for name in changed if name in was},
                "after": {name: now[name] for name in changed if name in now},
            },
        )
        if case:
            self.touch(case)
        return record

    def append(
        self,
        *,
        action: str,
        payload: dict[str, Any],
        case: str = "",
        record: str = "",
        rule: str = "",
        actor: bool = True,
    ) -> None:
        """Append an event that saves nothing: a refusal, a view, a reminder. What a round does, nobody did."""
        packs = self.book.packs
        actor = actor and not self.by_itself
        self.shelves.book.append(
            entry(
                self.shelves.book.head(),
                Told(
                    at=self.now,
                    actor=str(self.actor.id) if actor else "",
                    role=self.roles if actor else "",
                    action=action,
                    record=record,
                    case=case,
                    pack=self.pack.version if packs else "",
                    surface=f"{self.sent.actor.platform}/{self.sent.surface}",
                    rule=rule,
                ),
                canonical(payload),
                library=self.library.id,
                salt=os.urandom(16),
            )
        )

    def keep_file(self, token: str) -> Evidence:
        """Move a quarantined file of a draft into the vault.

        :raises Mistake: the file has expired; it must be added again
        """
        kept = self.vault.promote(self.library.id, token, self.now)
        self.promoted.append(kept.sha256)
        return kept

    # -- tasks and clocks ----------------------------------------------------------------------------------------

    def ask_for(
        self,
        kind: TaskKind,
        *,
        case: str,
        role: Role,
        account: UUID | None = None,
        urgent: bool = False,
        due: date | None = None,
        reminds: bool = True,
        under: Citation | None = None,
    ) -> Task:
        """Ask whoever holds a role to do something. An urgent task is due today, another on the next open day.

        ``due`` names another local day. A task has a clock of its own, unless a clock of the policy ``reminds`` of
        the same thing already. ``under`` is the rule that states the day; else the time is library practice.
        """
        named = due is not None
        if due is None:
            due = self.today if urgent else self.calendar.next_open(self.today + timedelta(days=TASK_DAYS))
        task = self.save(
            Task(
                id=uuid4(),
                library=self.library.id,
                case=case,
                kind=kind,
                role=role,
                account=account,
                urgent=urgent,
                opened_at=self.now,
                due=due,
            )
        )
        if not reminds:
            return task
        when = f"on {due:%-d %B %Y}" if named else f"on the {'same day' if urgent else 'next open day'}"
        self._start(
            Clock(
                id=uuid4(),
                library=self.library.id,
                case=case,
                name=f"task.{kind.value}",
                event=None,
                happened_on=self.today,
                kind=ClockKind.TASK,
                due=due,
                proof=(
                    f"Asked for on {self.today:%-d %B %Y}; due {when}.",
                    f"The policy states it: {under}"
                    if under
                    else "The time for a task is library practice, not in policy.",
                ),
                started_at=self.now,
                rule=under.rule if under else "",
                source=under.source if under else "",
                stated=under is not None,
                task=task.id,
            )
        )
        return task

    def end_task(self, task: Task, state: TaskState = TaskState.DONE) -> Task:
        """Close a task and stop its clock.

        :raises Refusal: it was closed before
        """
        ended = self.save(task.end(state, by=self.actor.id, at=self.now), before=task)
        for clock in self.shelves.clocks.of_case(task.case):
            if clock.task == task.id and clock.state is ClockState.RUNNING:
                self.save(clock.stop(ClockState.MET if state is TaskState.DONE else ClockState.VOID), before=clock)
        return ended

    def end_tasks(
        self, case: str, *kinds: TaskKind, account: UUID | None = None, state: TaskState = TaskState.DONE
    ) -> None:
        """Close every open task of these kinds about a case (on one account, if named)."""
        for task in self.shelves.tasks.of_case(case):
            if task.state is TaskState.OPEN and task.kind in kinds and account in {None, task.account}:
                self.end_task(task, state)

    def start_clocks(
        self,
        event: Event,
        *,
        case: str,
        on: date,
        level: str = "",
        without: Collection[str] = (),
        reading: str = "",
    ) -> tuple[tuple[DueDate, ...], tuple[Silence, ...]]:
        """Start, or prove again, every clock this event starts on a case; the law is that of the event's day.

        ``level`` is the level of appeal at which it happened; the first if left out. ``without`` names clocks that
        run from another day; ``reading``, shown beside the date, is how the policy was read to come to this day.

        A date somebody was told is never shortened: where the new proof comes out earlier, both are kept and the
        later counts. A clock that has run out stays so unless its date moves.
        """
        dues, silences = due_dates(
            event,
            on=on,
            pack=self.book.on(on),
            calendar=self.calendar,
            roll_practice=self.rolls_forward,
            practices=self.book.practices,
            level=level,
        )
        if event is Event.BLOCK_APPLIED and (ends := self.term_end(case, on)):
            if isinstance(ends, DueDate):
                dues = (*dues, ends)
            else:
                silences = (*silences, ends)
        running = {clock.name: clock for clock in self.shelves.clocks.of_case(case) if clock.event is event}
        said = (reading,) if reading else ()
        for due in (replace(one, assumed=(*one.assumed, *said)) for one in dues if one.clock not in without):
            known = running.get(due.clock)
            if known is None:
                self._start(self._clock(due, case))
            elif known.state not in {ClockState.MET, ClockState.VOID, ClockState.ENDED}:
                told = later_of(known.told_due, due, calendar=self.calendar) if known.told_due else due
                fresh = self._clock(told, case)
                moved = replace(
                    known,
                    happened_on=on,
                    due=told.due,
                    proof=told.proof,
                    pack=fresh.pack,
                    rule=fresh.rule,
                    source=fresh.source,
                    assumed=fresh.assumed,
                    attempts=known.attempts + 1,
                )
                waiting = known.next_at is not None and known.next_at <= self.now  # its reminder is yet to go out
                if moved.due != known.due or (known.state is ClockState.RUNNING and not waiting):
                    moved = self._scheduled(replace(moved, state=ClockState.RUNNING))
                self.save(moved, before=known)
        return dues, silences

    def prove_again(self, clock: Clock) -> None:
        """Count a clock anew from the event it was started by, at the level of appeal at which that happened."""
        if clock.event is None:
            return
        law = self.book.on(clock.happened_on)
        levels = ["", *(one.level for one in law.appeal.further)]
        at = (one for one in levels if clock.name in {rule.name for rule in law.clocks_on(clock.event, level=one)})
        beside = [one for one in self.shelves.clocks.of_case(clock.case) if one.event is clock.event]
        self.start_clocks(
            clock.event,
            case=clock.case,
            on=clock.happened_on,
            level=next(at, ""),
            without={one.name for one in beside if one.happened_on != clock.happened_on},
            reading=LATER_ACCOUNT if LATER_ACCOUNT in clock.assumed else "",
        )

    @property
    def rolls_forward(self) -> bool:
        """Test whether the library chose, as practice, that a last day on a closed day rolls to the next open one."""
        chosen = self.book.practice("days.roll_forward")
        return chosen is not None and chosen.value == "yes"

    def run_again(self, clock: Clock) -> None:
        """Let a clock that was void count again; its date is the one it had."""
        again = replace(clock, state=ClockState.RUNNING, attempts=clock.attempts + 1)
        self.save(self._scheduled(again), before=clock)

    def tell_dates(self, case: str) -> None:
        """Note that somebody was told the dates of a case, so that nothing shortens them any more."""
        for clock in self.shelves.clocks.of_case(case):
            if clock.kind is not ClockKind.TASK and clock.told_due != clock.due:
                self.save(replace(clock, told_due=clock.due), before=clock)

    def _clock(self, due: DueDate, case: str) -> Clock:
        return Clock(
            id=uuid4(),
            library=self.library.id,
            case=case,
            name=due.clock,
            event=due.event,
            happened_on=due.happened_on,
            kind=due.kind,
            due=due.due,
            proof=due.proof,
            started_at=self.now,
            pack=self.book.on(due.happened_on).version,
            rule=due.rule,
            source=due.source,
            stated=due.stated,
            assumed=due.assumed,
        )

    def _start(self, clock: Clock) -> None:
        self.save(self._scheduled(clock))

    def _scheduled(self, clock: Clock) -> Clock:
        """The clock with the moment of its next reminder; one whose whole ladder lies behind it is told at once."""
        ladder = ladder_for(clock.name, clock.kind)
        following = next_occurrence(ladder, clock.due, self.calendar, after=self.now)
        if following is not None:
            return replace(clock, next_at=following.at)
        if clock.kind in REACHED:
            return replace(clock, next_at=self.calendar.next_opening(self.now))
        return clock
