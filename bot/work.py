"""One all-or-nothing piece of work: who is acting, on which day, under which law, and what is kept of it.

Saving a record appends its event to the ledger, so an act can't be kept without its trace. Nothing here talks to a
network: messages are queued in the same transaction and the round delivers them.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.cards import Submission
from bot.cases.account import Author, HandleLink, OfficialAccount
from bot.cases.block import Block, DecidedBlock, Execution, RequestedBlock
from bot.cases.clock import REACHED, Clock, ClockState
from bot.cases.correction import Correction
from bot.cases.incident import Incident
from bot.cases.library import Library
from bot.cases.notice import Notice
from bot.cases.task import Task, TaskKind, TaskState
from bot.clocks.arithmetic import DueDate, Silence, due_dates, later_of
from bot.clocks.calendar import Calendar
from bot.clocks.ladder import ladder_for, next_occurrence
from bot.people import TITLES, WALLED, Identity, Person, Power, Standing, holders, may_see, require
from bot.policy.book import PolicyBook, Practice
from bot.policy.pack import Pack
from bot.policy.terms import Channel, ClockKind, Event, Role
from bot.ports import Message, MessageKind, Shelves, Snooze, Vault
from bot.records.ledger import Told, canonical, entry
from bot.refusal import Citation, Mistake, Refusal

Case = Incident | Block
Record = (
    Incident
    | RequestedBlock
    | DecidedBlock
    | Execution
    | Task
    | Clock
    | Notice
    | Correction
    | Author
    | HandleLink
    | OfficialAccount
    | Person
    | Library
    | Practice
    | Snooze
)
R = TypeVar("R", bound=Record)

RECORDS: dict[type[Any], str] = {
    Incident: "incident",
    RequestedBlock: "block",
    DecidedBlock: "block",
    Execution: "execution",
    Task: "task",
    Clock: "clock",
    Notice: "notice",
    Correction: "correction",
    Author: "author",
    HandleLink: "link",
    OfficialAccount: "account",
    Person: "person",
    Library: "library",
    Practice: "practice",
    Snooze: "snooze",
}
"""What each record is called in the ledger's headers."""

WHO: dict[Standing, str] = {
    Standing.GUEST: "Guests can read along, but reports and decisions are for the library's own staff.",
    Standing.STRANGER: "You are from another organisation; reports and decisions are for this library's staff.",
    Standing.BOT: "I only answer people.",
    Standing.DEACTIVATED: "This account has been deactivated, so nothing can be done with it.",
}

TASK_DAYS = 1
"""How many open days a task is given before its reminders begin. Library practice."""


@lru_cache(maxsize=64)
def read_pack(name: str, raw: bytes) -> Pack:
    """Read an adopted pack; its bytes never change, so it is read once."""
    return Pack.parse(raw, name=name)


ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {kind: TypeAdapter(kind) for kind in RECORDS}


def as_json(record: Record) -> dict[str, Any]:
    """A record as the ledger keeps it: a patron's words by their hash, so that disposing of them leaves no copy."""
    plain: dict[str, Any] = ADAPTERS[type(record)].dump_python(record, mode="json")
    if isinstance(record, Incident):
        plain["text"] = record.text_sha256
    return plain


class Work:
    """What a feature is given. It reads, checks, saves and tells through this, and nothing else."""

    def __init__(self, *, shelves: Shelves, sent: Submission, now: datetime, vault: Vault) -> None:
        self.shelves = shelves
        self.sent = sent
        self.now = now
        self.vault = vault
        self.looked: list[str] = []
        self._touched: dict[str, None] = {}

    # -- who, when, which law ------------------------------------------------------------------------------------

    @cached_property
    def library(self) -> Library:
        """The library this is about."""
        return self.shelves.registry.library()

    @cached_property
    def calendar(self) -> Calendar:
        """The library's own calendar."""
        return calendar_of(self.library)

    @cached_property
    def today(self) -> date:
        """The local day in the library's zone."""
        return self.calendar.local_date(self.now)

    def forget_library(self) -> None:
        """Read library and calendar again: setup has just changed them."""
        for name in ("library", "calendar", "today"):
            self.__dict__.pop(name, None)

    def local(self, at: datetime) -> datetime:
        """An instant as the library's own clocks show it."""
        return at.astimezone(ZoneInfo(self.library.zone))

    @cached_property
    def book(self) -> PolicyBook:
        """The library's packs, sentences and practice values."""
        registry = self.shelves.registry
        return PolicyBook(
            packs=tuple(read_pack(name, raw) for name, raw in registry.packs()),
            practices={practice.key: practice for practice in registry.practices()},
            sentences=registry.sentences(),
        )

    @property
    def pack(self) -> Pack:
        """The pack in force today."""
        return self.book.on(self.today)

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody the library knows."""
        return self.shelves.registry.people()

    @cached_property
    def accounts(self) -> tuple[OfficialAccount, ...]:
        """The library's official accounts."""
        return self.shelves.registry.accounts()

    @cached_property
    def actor(self) -> Person:
        """The person who sent this, whichever platform they used.

        :raises Refusal: the account is nobody's, or not a member's
        """
        known = self.shelves.registry.by_identity(self.sent.actor)
        if known is None:
            raise Refusal(
                "I don't know you yet. Ask your library's administrator to add you in `setup`; "
                "then everything you are allowed to do opens."
            )
        if known.standing is not Standing.MEMBER:
            raise Refusal(WHO[known.standing])
        if known.same_as is not None:
            merged = self.shelves.registry.person(known.same_as)
            return merged or known
        return known

    @property
    def roles(self) -> str:
        """The actor's roles today, as the ledger keeps them."""
        return ",".join(sorted(self.actor.roles_on(self.today)))

    def person(self, person: UUID) -> Person:
        """Somebody the library knows, merged people resolved."""
        found = next((p for p in self.people if p.id == person), None)
        if found is None:
            return Person(id=person, library=self.library.id, name="somebody no longer on file")
        return self.person(found.same_as) if found.same_as else found

    def name(self, person: UUID | None) -> str:
        """What somebody is called."""
        return self.person(person).name if person else "the program"

    def account(self, account: UUID) -> OfficialAccount:
        """An official account.

        :raises Mistake: there is no such account
        """
        for known in self.accounts:
            if known.id == account:
                return known
        raise Mistake("That account is not in the registry. Choose one from the list, or add it in `setup`.")

    def holders(self, role: Role) -> tuple[Person, ...]:
        """Everybody who holds a role today."""
        return holders(self.people, role, on=self.today)

    # -- authority -----------------------------------------------------------------------------------------------

    def require(self, power: Power, *, account: UUID | None = None) -> None:
        """Refuse unless the actor may do this today. Called first, before anything about a case is said.

        :raises Refusal: with who may, and the clause where the policy says so
        """
        require(self.actor, power, on=self.today, book=self.book, account=account)

    def may(self, power: Power, *, account: UUID | None = None) -> bool:
        """Test whether the actor may do this today; for choosing what to show, never instead of ``require``."""
        try:
            self.require(power, account=account)
        except Refusal:
            return False
        return True

    def may_see(self, incident: Incident) -> bool:
        """Test whether the actor may open a report."""
        return may_see(
            self.actor,
            track=incident.track,
            reported_by=incident.reported_by,
            about_director=incident.about_director,
            on=self.today,
        )

    # -- reading -------------------------------------------------------------------------------------------------

    def incident(self, ref: str) -> Incident:
        """A report the actor may open.

        :raises Mistake: there is none with this reference
        :raises Refusal: the actor may not open it
        """
        found = self.shelves.incidents.by_ref(ref)
        if found is None:
            raise no_such(ref)
        if not self.may_see(found):
            raise Refusal(
                f"{ref} opens only to those who work on it. If you need it, ask the Library Director. "
                "That you asked is on file."
            )
        return found

    def block(self, ref: str) -> Block:
        """A block the actor may open: whoever asked for it may, and those who may see an author's history.

        :raises Mistake: there is none with this reference
        :raises Refusal: the actor may not open it
        """
        found = self.shelves.blocks.by_ref(ref)
        if found is None:
            raise no_such(ref)
        asked_by = found.requested.requested_by if isinstance(found, DecidedBlock) else found.requested_by
        if self.actor.id != asked_by:
            self.require(Power.SEE_HISTORY)
        return found

    def look(self, ref: str) -> None:
        """Note that the actor opened something; the ledger has it before the answer leaves."""
        self.looked.append(ref)

    # -- keeping -------------------------------------------------------------------------------------------------

    def next_ref(self, letter: str) -> str:
        """The next reference of this year: ``I-2026-0042``."""
        number = self.shelves.book.next_number(letter, self.today.year)
        return f"{letter}-{self.today.year}-{number:04}"

    def save(self, record: R, *, before: Record | None = None) -> R:
        """Keep a record and its event. A case comes back with its next version.

        ``before`` is what it replaces; the event then holds what changed.

        :raises Stale: somebody else saved the case meanwhile
        """
        if isinstance(record, Incident | RequestedBlock | DecidedBlock | Library):
            record = replace(record, version=record.version + 1)
        self._put(record)
        was, now = (as_json(before) if before else {}), as_json(record)
        changed = {name for name in {*was, *now} if was.get(name) != now.get(name)}
        case = _case_of(record)
        self.append(
            action=self.sent.intent,
            case=case,
            record=RECORDS[type(record)],
            payload={
                "before": {name: was[name] for name in changed if name in was},
                "after": {name: now[name] for name in changed if name in now},
            },
        )
        if case:
            self._touched[case] = None
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
        """Append an event that saves nothing: a refusal, a view, a reminder."""
        packs = self.book.packs
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

    def _put(self, record: Record) -> None:
        shelves = self.shelves
        puts: dict[type[Any], Callable[[Any], None]] = {
            Incident: shelves.incidents.put,
            RequestedBlock: shelves.blocks.put,
            DecidedBlock: shelves.blocks.put,
            Execution: shelves.blocks.put_execution,
            Task: shelves.tasks.put,
            Clock: shelves.clocks.put,
            Notice: shelves.papers.put_notice,
            Correction: shelves.papers.put_correction,
            Author: shelves.authors.put,
            HandleLink: shelves.authors.put_link,
            OfficialAccount: shelves.registry.put_account,
            Person: shelves.registry.put_person,
            Library: shelves.registry.put_library,
            Practice: shelves.registry.put_practice,
            Snooze: shelves.clocks.put_snooze,
        }
        puts[type(record)](record)

    # -- tasks and clocks ----------------------------------------------------------------------------------------

    def ask_for(
        self, kind: TaskKind, *, case: str, role: Role, account: UUID | None = None, urgent: bool = False
    ) -> Task:
        """Ask whoever holds a role to do something, with its own clock. An urgent task is due today."""
        due = self.today
        if not urgent:
            due = self.calendar.next_open(due + timedelta(days=TASK_DAYS))
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
                    f"Asked for on {self.today:%-d %B %Y}; due on the {'same day' if urgent else 'next open day'}.",
                    "The time for a task is library practice, not in policy.",
                ),
                started_at=self.now,
                stated=False,
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

    def start_clocks(self, event: Event, *, case: str, on: date) -> tuple[tuple[DueDate, ...], tuple[Silence, ...]]:
        """Start, or prove again, every clock this event starts on a case; the law is that of the event's day.

        A date somebody was told is never shortened: where the new proof comes out earlier, both are kept and the
        later counts.
        """
        dues, silences = due_dates(
            event,
            on=on,
            pack=self.book.on(on),
            calendar=self.calendar,
            roll_practice=self.rolls_forward,
            practices=self.book.practices,
        )
        running = {clock.name: clock for clock in self.shelves.clocks.of_case(case) if clock.event is event}
        for due in dues:
            known = running.get(due.clock)
            if known is None:
                self._start(self._clock(due, case))
            elif known.state not in {ClockState.MET, ClockState.VOID}:
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
                    state=ClockState.RUNNING,
                    attempts=known.attempts + 1,
                )
                self.save(self._scheduled(moved), before=known)
        return dues, silences

    @property
    def rolls_forward(self) -> bool:
        """Test whether the library chose, as practice, that a last day on a closed day rolls to the next open one."""
        chosen = self.book.practice("days.roll_forward")
        return chosen is not None and chosen.value == "yes"

    def void_clocks(self, case: str, event: Event) -> None:
        """Stop the clocks an event had started, because it turned out not to have happened."""
        for clock in self.shelves.clocks.of_case(case):
            if clock.event is event and clock.state is ClockState.RUNNING:
                self.save(clock.stop(ClockState.VOID), before=clock)

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

    # -- telling -------------------------------------------------------------------------------------------------

    def tell(self, channel: Channel, *, about: str, headline: str = "") -> None:
        """Show a case in a channel; the first time as a card, then as a line in its thread.

        ``headline`` is our own neutral words: no handle, no content, no reason. A walled report reaches no channel.
        """
        incident = self.shelves.incidents.by_ref(about) if about.startswith("I-") else None
        if incident is not None and (incident.track in WALLED or incident.about_director):
            return
        root = f"case:{about}:{channel.value}"
        if self._queue(MessageKind.CASE, key=root, about=about, channel=channel, headline=headline):
            return
        if headline:
            key = f"step:{about}:{channel.value}:{self.shelves.book.head().seq}"
            self._queue(MessageKind.STEP, key=key, about=about, channel=channel, headline=headline)

    def tell_people(self, people: Iterable[Person], *, about: str, headline: str) -> None:
        """Send somebody a neutral card about a case, at any hour."""
        for person in people:
            key = f"direct:{about}:{person.id}:{self.shelves.book.head().seq}"
            self._queue(MessageKind.DIRECT, key=key, about=about, person=person.id, headline=headline)

    def tell_role(self, role: Role, *, about: str, headline: str) -> None:
        """Send everybody who holds a role a card; when nobody does, the administrators hear of the vacancy."""
        people = self.holders(role)
        if people:
            self.tell_people(people, about=about, headline=headline)
            return
        vacancy = f"Nobody holds the office “{TITLES[role]}” today. {headline}"
        self.tell_people(
            (*self.holders(Role.ADMINISTRATOR), *self.holders(Role.BOARD_CHAIR)), about=about, headline=vacancy
        )

    def _queue(
        self,
        kind: MessageKind,
        *,
        key: str,
        about: str,
        channel: Channel | None = None,
        person: UUID | None = None,
        headline: str = "",
    ) -> bool:
        return self.shelves.messages.queue(
            Message(
                id=uuid4(),
                library=self.library.id,
                key=key,
                kind=kind,
                about=about,
                next_at=self.now,
                channel=channel,
                person=person,
                headline=headline,
            )
        )

    def touch(self, case: str) -> None:
        """Have every posted copy of a case brought up to date."""
        self._touched[case] = None

    def close(self) -> None:
        """Bring every posted copy of what was touched up to date. The desk calls it last, inside the transaction."""
        for case in self._touched:
            for posted in self.shelves.messages.posted(case):
                key = f"update:{posted.id}:{self.shelves.book.head().seq}"
                self._queue(MessageKind.UPDATE, key=key, about=str(posted.id))


def calendar_of(library: Library) -> Calendar:
    """The calendar of a library, from what setup keeps."""
    return Calendar(
        zone=library.zone,
        closed_weekdays=library.closed_weekdays,
        closures=library.closures,
        meetings=library.meetings,
        opens_at=library.opens_at,
        closes_at=library.closes_at,
    )


def no_such(ref: str) -> Mistake:
    """Say that nothing carries this reference."""
    return Mistake(f"There is no {ref or 'such case'} here. `reports` and `blocks` list what there is.")


def text_hash(text: str) -> str:
    """The hash by which the ledger knows a patron's words; empty for no words."""
    return sha256(text.encode()).hexdigest() if text else ""


def _case_of(record: Record) -> str:
    match record:
        case Incident() | RequestedBlock() | DecidedBlock():
            return record.ref
        case Execution():
            return record.block
        case Task() | Clock() | Notice() | Correction():
            return record.case
        case _:
            return ""


__all__ = ["Case", "Citation", "Identity", "Work", "calendar_of", "no_such", "read_pack", "text_hash"]
