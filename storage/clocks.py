"""Clocks, their reminders and snoozes, to rows and back; and the claim of the round."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy import Connection, bindparam, literal_column, select, update

from bot.cases.clock import Clock, Snooze
from bot.ports import Reminder, Shelves, Sweep
from storage.messages import queue_all
from storage.rows import Shelf, as_json, flat, given, names, put_many_new, upsert
from storage.tables import ClockRow, LibraryRow, ReminderRow, SnoozeRow, table

CLOCK = flat(ClockRow, Clock)
REMINDER = flat(ReminderRow, Reminder)
SNOOZE = flat(SnoozeRow, Snooze)
LIBRARY = table(LibraryRow)

c = CLOCK.c
RUNS = c.state == literal_column("'running'")
ORDERED = CLOCK.select().order_by(c.due, c.name, c.id)
GET = CLOCK.select().where(c.id == bindparam("clock"))
OF_CASE = ORDERED.where(c.case == bindparam("ref"))
RUNNING = ORDERED.where(RUNS).limit(bindparam("most"))
SNOOZED = SNOOZE.select().where(SNOOZE.c.person == bindparam("who"), SNOOZE.c.until >= bindparam("day"))
REMINDERS = (
    REMINDER.select()
    .where(REMINDER.c.message == bindparam("carrier"))
    .order_by(REMINDER.c.due, REMINDER.c.case, REMINDER.c.key)
)

DUE = (
    select(*((c.attempts + 1) if column is c.attempts else column for column in CLOCK.columns))
    .join(LIBRARY, LIBRARY.c.id == c.library_id)
    .where(RUNS, c.next_at.is_not(None), c.next_at <= bindparam("now"))
    .order_by(c.next_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
MOVED = ("state", "last_step", "next_at", "attempts", "told_due")
"""What a sweep moves on a clock; anything else it changes is written the long way."""
UNSWEPT = attrgetter(*names(Clock, *MOVED))
SWEPT = attrgetter("library", "id", *MOVED)
MOVES = ("of_library", "of_clock", *MOVED)
MOVE = update(CLOCK.table).where(c.library_id == bindparam("of_library"), c.id == bindparam("of_clock"))
GIVEN = given({"of_library": c.library_id, "of_clock": c.id} | {name: c[name] for name in MOVED})
MOVE_MANY = (
    update(CLOCK.table)
    .values({name: GIVEN.c[name] for name in MOVED})
    .where(c.library_id == GIVEN.c.of_library, c.id == GIVEN.c.of_clock)
)


class ClockShelf(Shelf):
    """The clock table of one library."""

    def get(self, clock: UUID) -> Clock | None:
        """Fetch a clock."""
        return self._one(CLOCK, GET, clock=clock)

    def put(self, clock: Clock) -> None:
        """Keep a clock."""
        self._put(CLOCK, clock)

    def of_case(self, ref: str) -> tuple[Clock, ...]:
        """Every clock of a case, stopped ones too, earliest due first."""
        return self._all(CLOCK, OF_CASE, ref=ref)

    def running(self, limit: int) -> tuple[Clock, ...]:
        """Running clocks, earliest due first."""
        return self._all(CLOCK, RUNNING, most=limit)

    def put_snooze(self, snooze: Snooze) -> None:
        """Keep a snooze; a later one of the same person and clock replaces it."""
        self._put(SNOOZE, snooze)

    def snoozed(self, person: UUID, day: date) -> frozenset[UUID]:
        """The clocks this person asked not to be shown on that day; the last day of a snooze is still quiet."""
        return frozenset(snooze.clock for snooze in self._all(SNOOZE, SNOOZED, who=person, day=day))

    def reminders(self, message: str) -> tuple[Reminder, ...]:
        """What a message reminds of, earliest due first."""
        return self._all(REMINDER, REMINDERS, carrier=message)

    def put_reminder(self, reminder: Reminder) -> bool:
        """Keep it; ``False`` when the same step was reminded of already."""
        return self._put_new(REMINDER, reminder)


def sweep(
    conn: Connection,
    now: datetime,
    limit: int,
    plan: Callable[[Sequence[Clock], Callable[[UUID], Shelves]], Sweep],
    shelves: Callable[[UUID], Shelves],
) -> int:
    """Claim due clocks of any library and apply the plan made for them, inside the caller's transaction.

    The transaction is the claim: on SQLite there is one writer, on PostgreSQL the clocks and their libraries are
    locked and whatever somebody else holds is skipped. Nothing talks to a network in here, so no lease is needed; a
    crash leaves every clock as it was, and due. ``attempts`` of every claimed clock rises, also when the plan does
    not mention it; such a clock stays due.
    """
    claimed = tuple(map(CLOCK.from_row, conn.execute(DUE, {"now": now, "most": limit})))
    if not claimed:
        return 0
    planned = plan(claimed, shelves)
    put_many_new(conn, REMINDER.table, [REMINDER.to_row(reminder) for reminder in planned.reminders])
    queue_all(conn, planned.messages)
    _move(conn, {clock.id: clock for clock in claimed}, planned.clocks)
    return len(claimed)


def _move(conn: Connection, claimed: dict[UUID, Clock], planned: Sequence[Clock]) -> None:
    """Write claimed clocks back: as planned, and those not planned with their raised attempts only."""
    moved, rewritten = [], []
    for clock in (*planned, *(claimed[left] for left in claimed.keys() - {clock.id for clock in planned})):
        known = claimed.get(clock.id)
        if known is None or UNSWEPT(known) != UNSWEPT(clock):
            rewritten.append(CLOCK.to_row(clock))
        else:
            moved.append(dict(zip(MOVES, SWEPT(clock), strict=True)))
    if rewritten:
        conn.execute(upsert(CLOCK.table, conn.dialect.name), rewritten)
    if moved:
        if conn.dialect.name == "postgresql":
            conn.execute(MOVE_MANY, {"rows": as_json(moved)})
        else:
            conn.execute(MOVE, moved)
