"""What is done and said about a library that was put back from a backup: nothing is told twice, and that is said once.

Between the backup and now the copy that was lost may have gone on: sent what was waiting, reminded of what fell due,
posted a day's seal. Nobody can look that up here. So whatever a round would tell at this moment is worked out as a
round would, and kept as "may or may not have arrived" instead of being sent. The administrators and the records channel
get one message that says so and lists the dates that were reminded of meanwhile; from then on everything goes on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from bot.cards import Button, Card, Fact, Note, Row, Submission, Table, Tone
from bot.cases.clock import Clock
from bot.clocks.calendar import Calendar, short_date
from bot.people import holders
from bot.policy.terms import Channel, Role
from bot.ports import Message, MessageKind, Reminder, Shelves, Sweep, Vault
from bot.reminding import plan
from bot.rounds import CARD, routine
from bot.views.parts import clock_label, seal_label
from bot.work import PROGRAM, Work

DOUBT = "The record was restored since; whether this had been told by then is not known here."
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Restored:
    """One restoring: when the backup was taken, its seal, the moment of restoring, how many numbers are left out."""

    taken_at: datetime
    seal: str
    now: datetime
    left_out: int
    vault: Vault
    missed: dict[UUID, list[Reminder]] = field(default_factory=dict)

    def plan(self, due: Sequence[Clock], shelves_of: Callable[[UUID], Shelves]) -> Sweep:
        """Move on what fell due, as a round would, and note what a round would have told."""
        swept = plan(due, shelves_of, self.now)
        for reminder in swept.reminders:
            self.missed.setdefault(reminder.library, []).append(reminder)
        return swept

    def catch_up(self, shelves: Shelves) -> None:
        """Queue what the last day's routine since the backup would have told, if the library has opened since."""
        opened = last_opening(self._work(shelves, self.now).calendar, after=self.taken_at, until=self.now)
        if opened is not None:
            routine(self._work(shelves, opened), opened)

    def settle(self, shelves: Shelves, doubtful: int) -> None:
        """Keep that the library was restored, and tell the administrators and the records channel."""
        work = self._work(shelves, self.now)
        work.append(
            action="library.restored",
            payload={
                "taken_at": self.taken_at.isoformat(),
                "seal": self.seal,
                "in_doubt": doubtful,
                "numbers_left_out": self.left_out,
            },
            actor=False,
        )
        card = self._card(work, doubtful)
        told = Message(
            id=uuid4(),
            library=work.library.id,
            key=f"restored:{self.now.isoformat()}",
            kind=MessageKind.WORD,
            about="",
            next_at=self.now,
            headline=card.title,
            rendered=CARD.dump_json(card),
        )
        if Channel.RECORDS in work.library.channels:
            shelves.messages.queue(replace(told, channel=Channel.RECORDS))
        for person in holders(work.people, Role.ADMINISTRATOR, on=work.today):
            shelves.messages.queue(replace(told, id=uuid4(), key=f"{told.key}:{person.id}", person=person.id))

    def _work(self, shelves: Shelves, now: datetime) -> Work:
        library = shelves.registry.library().id
        sent = Submission(library=str(library), intent="restore", actor=PROGRAM, surface="channel")
        return Work(shelves=shelves, sent=sent, now=now, vault=self.vault)

    def _card(self, work: Work, doubtful: int) -> Card:
        taken = work.local(self.taken_at)
        head = work.shelves.book.head()
        said = "1 message" if doubtful == 1 else f"{doubtful} messages"
        missed = {reminder.clock: reminder for reminder in self.missed.get(work.library.id, [])}
        rows = tuple(
            Row(
                cells=(short_date(reminder.due), clock_label(reminder.name), reminder.case),
                buttons=(Button(label="Open", intent="case.show", subject=reminder.case),),
            )
            for reminder in sorted(missed.values(), key=lambda one: (one.due, one.case, one.name))
        )
        return Card(
            title="This record was restored from a backup",
            body=f"It is as it was on {taken:%-d %B %Y at %H:%M}. What was done after that is not in it: "
            "whoever did something since should look whether it is here, and do it again if not.",
            facts=(
                Fact(label="Restored on", value=f"{work.local(self.now):%-d %B %Y at %H:%M}"),
                Fact(label="Entries so far", value=str(head.seq)),
                Fact(label="Seal of the last", value=seal_label(head.hash)),
            ),
            notes=(
                Note(
                    text=f"{said} may or may not have been told by then. None is sent again; “home” lists them for "
                    "administrators.",
                    tone=Tone.WARNING,
                ),
                Note(
                    text=f"New cases leave out {self.left_out} numbers, so that none is given twice. A seal posted "
                    "between the backup and this message belongs to the copy that was lost."
                ),
                *(
                    (Note(text="Reminders of these dates fell due in between. They are not told again one by one."),)
                    if rows
                    else ()
                ),
            ),
            table=Table(columns=("When", "What", "Case"), rows=rows) if rows else None,
            buttons=(Button(label="Home", intent="home"), Button(label="What is due", intent="due.list")),
        )


def last_opening(calendar: Calendar, *, after: datetime, until: datetime) -> datetime | None:
    """The last moment the library opened in a span of time; ``None`` when it did not."""
    day = calendar.local_date(until)
    while (at := calendar.moment(day, calendar.opens_at)) > after:
        if at <= until and not calendar.why_closed(day):
            return at
        day -= ONE_DAY
    return None
