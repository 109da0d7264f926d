"""What a batch of due clocks comes to: who is reminded of what, in which message, and when each falls due again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from bot.cases.clock import REACHED, Clock
from bot.cases.library import Library
from bot.clocks.ladder import Ladder, Occurrence, ladder_for, next_occurrence, occurrences
from bot.people import Person, holders
from bot.policy.terms import Channel, ClockKind
from bot.ports import Message, MessageKind, MessageState, Reminder, Shelves, Sweep
from bot.reading import calendar_of

GATHER = timedelta(minutes=1)
"""How long a day's message waits for the reminders of that morning."""


@dataclass(frozen=True, slots=True)
class _Step:
    """Where the ladder of a clock stands: the reminder that is due (with whom it goes to), and the one after it."""

    reached: Occurrence | None
    missed: bool
    following: Occurrence | None
    told: tuple[tuple[Channel | None, UUID | None], ...]


class _Library:
    """One library during a sweep. Clocks that stand alike on their ladders are worked out once."""

    def __init__(self, library: Library, people: tuple[Person, ...], now: datetime) -> None:
        self.calendar = calendar_of(library)
        self.people = people
        self.now = now
        self.today = self.calendar.local_date(now)
        self._known: dict[tuple[Ladder, date, datetime | None], _Step] = {}

    def step(self, clock: Clock) -> _Step:
        ladder = ladder_for(clock.name, clock.kind)
        alike = (ladder, clock.due, clock.next_at)
        if alike not in self._known:
            self._known[alike] = self._worked_out(*alike)
        return self._known[alike]

    def _worked_out(self, ladder: Ladder, due: date, next_at: datetime | None) -> _Step:
        following = next_occurrence(ladder, due, self.calendar, after=self.now)
        since = next_at - timedelta(microseconds=1) if next_at else None
        reached = occurrences(ladder, due, self.calendar, after=since, until=self.now)
        missed = len(reached) > 1
        if not reached:
            reached = occurrences(ladder, due, self.calendar, after=None, until=self.now)
            missed = bool(reached)
        last = reached[-1] if reached else None
        return _Step(last, missed, following, self._told(last) if last else ())

    def _told(self, one: Occurrence) -> tuple[tuple[Channel | None, UUID | None], ...]:
        people = {person.id: person for role in one.step.also for person in holders(self.people, role, on=self.today)}
        return (*((channel, None) for channel in one.step.channels), *((None, person) for person in people))


def plan(due: Sequence[Clock], shelves_of: Callable[[UUID], Shelves], now: datetime) -> Sweep:
    """What a batch of due clocks comes to.

    Steps that were missed collapse into the last of them, marked late. A clock at the end of its ladder has passed,
    opened or run; a duty or a task goes on until somebody acts.
    """
    known: dict[UUID, _Library] = {}
    reminders: list[Reminder] = []
    moved: list[Clock] = []
    queued: dict[tuple[UUID, str], Message] = {}
    for clock in due:
        if clock.library not in known:
            registry = shelves_of(clock.library).registry
            known[clock.library] = _Library(registry.library(), registry.people(), now)
        library = known[clock.library]
        step = library.step(clock)
        moved.append(_moved_on(clock, step.following))
        last = step.reached
        if last is None:
            continue
        for channel, person in step.told:
            to = channel.value if channel else str(person)
            carrier = queued.get((clock.library, to))
            if carrier is None:
                carrier = _carrier(clock.library, channel, person, shelves_of(clock.library), library)
                queued[clock.library, to] = carrier
            reminders.append(
                Reminder(
                    library=clock.library,
                    key=f"{clock.id}:{clock.due.isoformat()}:{last.key}:{to}",
                    clock=clock.id,
                    case=clock.case,
                    name=clock.name,
                    step=last.step.key,
                    message=carrier.key,
                    day=library.today,
                    due=clock.due,
                    late=step.missed or last.day < library.today,
                )
            )
    return Sweep(reminders=tuple(reminders), clocks=tuple(moved), messages=tuple(queued.values()))


def _moved_on(clock: Clock, following: Occurrence | None) -> Clock:
    told = clock.due if clock.kind is not ClockKind.TASK else clock.told_due
    if following is not None:
        return replace(clock, next_at=following.at, last_step=following.step.key, told_due=told)
    return replace(clock, next_at=None, told_due=told, state=REACHED.get(clock.kind, clock.state))


def _carrier(library: UUID, channel: Channel | None, person: UUID | None, shelves: Shelves, of: _Library) -> Message:
    """The day's message to a channel or a person; a further one when that has already gone out."""
    day = of.today
    key = base = f"daily:{channel.value if channel else person}:{day.isoformat()}"
    number = 1
    while (sent := shelves.messages.by_key(key)) and (sent.state is not MessageState.QUEUED or sent.attempts):
        number += 1
        key = f"{base}:{number}"
    return Message(
        id=uuid4(),
        library=library,
        key=key,
        kind=MessageKind.DAILY,
        about=day.isoformat(),
        next_at=of.now + GATHER if number == 1 else of.now,
        channel=channel,
        person=person,
    )
