"""What the program says by itself: cards in channels, lines in threads, the daily message, the ledger's head."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import UUID

from bot.cards import Button, Card, Fact, Note, Row, Table, Tone
from bot.cases.clock import Clock
from bot.clocks.calendar import long_date, short_date
from bot.clocks.ladder import ladder_for
from bot.ports import Message, MessageKind, PostedCard, Reminder
from bot.refusal import Mistake
from bot.views import cases, consultations, docket, waiting
from bot.views.parts import clock_label, seal_label
from bot.work import Work

DIGEST_DAYS = 14
"""How far the week's first message looks ahead."""


def render(message: Message, work: Work) -> Card:
    """A message as its channel or person gets it. Nothing in it is personal."""
    return DRAWN[message.kind](message, work)


def _case(message: Message, work: Work) -> Card:
    return _headed(cases.pushed(message.about, work), message.headline)


def _step(message: Message, _work: Work) -> Card:
    return Card(title=f"{message.about}: {message.headline}")


def _word(message: Message, _work: Work) -> Card:
    return Card(title=message.headline, buttons=(Button(label="Home", intent="home"),))


def _memo(message: Message, work: Work) -> Card:
    appeal = work.shelves.appeals.by_ref(message.about)
    if appeal is None:
        raise Mistake("That appeal is no longer on file.")
    return consultations.pushed_memo(appeal, work)


def _docket(_message: Message, work: Work) -> Card:
    return docket.monthly(work)


def _vacancy(_message: Message, work: Work) -> Card:
    return waiting.daily(work)


def _headed(card: Card, headline: str) -> Card:
    return Card(title=card.title, body=headline, facts=card.facts, notes=card.notes, buttons=card.buttons)


def _current(message: Message, work: Work) -> Card:
    posted = posted_card(message, work)
    return cases.pushed(posted.about, work)


def posted_card(message: Message, work: Work) -> PostedCard:
    """The copy an update is about.

    :raises Mistake: it is no longer known
    """
    posted = work.shelves.messages.posted_by_id(UUID(message.about))
    if posted is None:
        raise Mistake("That card is no longer known.")
    return posted


def first_open_day_of_week(day: date, work: Work) -> bool:
    """Test whether a day is the first open day of its week, which gets the digest."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    return work.calendar.next_open(monday) == day


def daily(message: Message, work: Work) -> Card:
    """The day's reminders in one message; on the week's first open day also what comes, even if nothing does."""
    day = date.fromisoformat(message.about)
    reminders = work.shelves.clocks.reminders(message.key)
    late = [reminder for reminder in reminders if reminder.late]
    notes = [Note(text="Reminders are library practice; each date shows its own source.", tone=Tone.PRACTICE)]
    if late:
        notes.insert(0, Note(text=f"{len(late)} became late while I was away.", tone=Tone.WARNING))
    rows = [_reminder(reminder, day, work) for reminder in reminders]
    title = f"Due, {long_date(day)}"
    if message.person is None and first_open_day_of_week(day, work):
        title = f"The week of {long_date(day)}"
        reminded = {reminder.clock for reminder in reminders}
        ahead = [
            clock
            for clock in work.shelves.clocks.running(500)
            if clock.id not in reminded
            and clock.due <= day + timedelta(days=DIGEST_DAYS)
            and ladder_for(clock.name, clock.kind)[0].channels
        ]
        rows += [
            Row(cells=(short_date(clock.due), _what(clock.name, clock, work), clock.case), buttons=(_open(clock.case),))
            for clock in ahead
        ]
    if not rows:
        return Card(title=title, body="Nothing is due in the coming two weeks.")
    return Card(title=title, table=Table(columns=("When", "What", "Case"), rows=tuple(rows)), notes=tuple(notes))


def _reminder(reminder: Reminder, day: date, work: Work) -> Row:
    overdue = ", overdue" if reminder.due < day and reminder.step.startswith("overdue") else ""
    what = _what(reminder.name, work.shelves.clocks.get(reminder.clock), work)
    return Row(cells=(f"{short_date(reminder.due)}{overdue}", what, reminder.case), buttons=(_open(reminder.case),))


def _what(name: str, clock: Clock | None, work: Work) -> str:
    """What is due; of a task also on which account."""
    task = work.shelves.tasks.get(clock.task) if clock and clock.task else None
    where = next((account.label for account in work.accounts if task and account.id == task.account), "")
    return f"{clock_label(name)} on {where}" if where else clock_label(name)


def _open(ref: str) -> Button:
    return Button(label="Open", intent="case.show", subject=ref)


def trouble(message: Message, _work: Work) -> Card:
    """What an administrator hears when a message did not arrive, once a day for each place."""
    return Card(
        title="A message did not arrive",
        body=f"{message.headline} What it says is on file and on “home”.",
        buttons=(Button(label="Home", intent="home"), Button(label="Setup", intent="setup")),
    )


def office(message: Message, _work: Work) -> Card:
    """What an administrator hears about an office: its first sentence is the title."""
    first, _, rest = message.headline.partition(". ")
    return Card(
        title=first.rstrip("."),
        body=rest,
        buttons=(Button(label="Who is who", intent="who"), Button(label="Setup", intent="setup")),
    )


def head(_message: Message, work: Work) -> Card:
    """The end of the ledger as it stands, posted each day so that the chat is a witness."""
    end = work.shelves.book.head()
    return Card(
        title=f"Record of {short_date(work.today)}",
        body="Keep this message: as long as nothing before it is altered, “duenotice verify” finds the same seal.",
        facts=(
            Fact(label="Entries so far", value=str(end.seq)),
            Fact(label="Seal of the last", value=seal_label(end.hash)),
        ),
    )


DRAWN: Mapping[MessageKind, Callable[[Message, Work], Card]] = {
    MessageKind.CASE: _case,
    MessageKind.DIRECT: _case,
    MessageKind.STEP: _step,
    MessageKind.UPDATE: _current,
    MessageKind.DAILY: daily,
    MessageKind.HEAD: head,
    MessageKind.TROUBLE: trouble,
    MessageKind.WORD: _word,
    MessageKind.OFFICE: office,
    MessageKind.MEMO: _memo,
    MessageKind.DOCKET: _docket,
    MessageKind.VACANCY: _vacancy,
}
"""How each kind of message is drawn."""
