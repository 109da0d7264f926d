"""The library's calendar: its name and zone, its closed days and its Board's meetings; a change tells whom it moved."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.cases.clock import Clock, ClockState
from bot.cases.library import Library
from bot.cases.notice import Telling
from bot.cases.task import Task, TaskState
from bot.clocks.calendar import SEEDED_YEARS, seeded_closures, short_date
from bot.clocks.closures import read_ics
from bot.clocks.meetings import parse_meetings
from bot.features import appeal_levels
from bot.people import Person, Power
from bot.policy.terms import Channel, ClockKind, Role
from bot.reading import calendar_of
from bot.refusal import Mistake
from bot.work import Work

SHOWN = 10
"""How many lines of one kind an answer names."""


def library_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Name, zone, state, weekly closed days and the Board's regular meetings."""
    del sent
    work.require(Power.SET_UP)
    library = work.library
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return (
        Page(
            title="The library",
            fields=(
                Field(name="name", label="Name", required=True, initial=(library.name,), max_length=120),
                Field(
                    name="zone",
                    label="Time zone",
                    required=True,
                    initial=(library.zone,),
                    hint="For example America/New_York",
                ),
                Field(
                    name="state",
                    label="State",
                    initial=(library.state,) if library.state else (),
                    hint="Two letters. Its public holidays are entered as closed days for you to edit.",
                    max_length=2,
                ),
                Field(
                    name="closed",
                    label="Closed every",
                    kind=FieldKind.CHOICES,
                    options=tuple(Option(value=str(n), label=day) for n, day in enumerate(days, 1)),
                    initial=tuple(str(day) for day in sorted(library.closed_weekdays)),
                ),
                Field(
                    name="meetings",
                    label="Regular meetings of the Board",
                    kind=FieldKind.LONG_TEXT,
                    hint="Rules or dates, one a line: third Tuesday, except July; 2026-03-17; not 2026-07-21. "
                    "A rule goes on until you change it.",
                    initial=(_written(library),) if library.meetings else (),
                ),
            ),
        ),
    )


def set_library(sent: Submission, work: Work) -> Reply:
    """Keep name, zone and calendar; running clocks are proved again and whoever they moved for is told."""
    work.require(Power.SET_UP)
    library = work.library
    try:
        board = parse_meetings(sent.text("meetings"))
    except Mistake as unread:
        raise Mistake("One of the lines cannot be read.", beside={"meetings": unread.why}) from unread
    state = sent.text("state").upper()
    calendar = _moved_to(state, library, work.today) if state != library.state else library
    changed = replace(
        calendar,
        name=sent.text("name"),
        zone=sent.text("zone"),
        state=state,
        closed_weekdays=frozenset(int(day) for day in sent.chosen("closed")),
        meetings=board.meetings(_years(work.today)),
        meeting_lines=board.said if board.rules else "",
    )
    moved = change(changed, work)
    return Reply(headline=f"Kept. {moved}")


def _written(library: Library) -> str:
    """The Board's calendar as it was written; what was entered before that was kept, as its dates."""
    return library.meeting_lines or "\n".join(day.isoformat() for day in library.meetings)


def _moved_to(state: str, library: Library, today: date) -> Library:
    """The library with the public holidays of another state instead; what it closed or reopened itself stays.

    :raises Mistake: there is no such state, beside its field
    """
    through = max(library.closures_through, _years(today)[-1])
    before = seeded_closures(library.state, range(today.year, library.closures_through + 1)) if library.state else {}
    try:
        seeded = seeded_closures(state, range(today.year, through + 1)) if state else {}
    except Mistake as unknown:
        raise Mistake("This state is not known.", beside={"state": unknown.why}) from unknown
    own = {day: name for day, name in library.closures.items() if before.get(day) != name}
    reopened = before.keys() - library.closures.keys()
    kept = {day: name for day, name in seeded.items() if day not in reopened} | own
    return replace(library, closures=dict(sorted(kept.items())), closures_through=through)


def _checked_through(year: int, library: Library, today: date) -> Library:
    """The library with its closed days on file through a year: those that went by rule so far are entered."""
    if year <= library.closures_through:
        return library
    years = range(max(today.year, library.closures_through + 1), year + 1)
    seeded = seeded_closures(library.state, years) if library.state else {}
    return replace(library, closures={**seeded, **library.closures}, closures_through=year)


def _years(today: date) -> range:
    return range(today.year, today.year + SEEDED_YEARS)


def change(changed: Library, work: Work) -> str:
    """Keep the library as changed and prove every running clock again; say what moved."""
    calendar_of(changed)  # refuses a calendar that cannot be
    work.save(changed, before=work.library)
    work.forget_library()
    moved = []
    cases: dict[str, list[str]] = {}
    for clock in work.shelves.clocks.running(100_000):
        if clock.kind is ClockKind.TASK or clock.event is None or clock.state is not ClockState.RUNNING:
            continue
        work.prove_again(clock)
        after = work.shelves.clocks.get(clock.id)
        if after is not None and after.due != clock.due:
            dates = f"{short_date(clock.due)} → {short_date(after.due)}"
            moved.append(f"{clock.case}: {dates}")
            cases.setdefault(clock.case, []).append(_moved(clock, dates))
    for case, dates_of_it in cases.items():
        work.tell(Channel.RECORDS, about=case, headline="A closed day moved a date of this case.")
        work.tell_people(_concerned(case, work), about=case, headline=f"A closed day moved {'; '.join(dates_of_it)}.")
    appeal_levels.count_from_meetings(work)
    if not moved:
        return "No running date moved."
    return f"{len(moved)} date{'' if len(moved) == 1 else 's'} moved: {'; '.join(moved[:10])}."


def _moved(clock: Clock, dates: str) -> str:
    """A date that moved; where somebody outside was told the old one, that they were, and that the later counts."""
    told = ", of which the person was told the earlier day; the later one counts" if clock.told_due else ""
    return f"a date ({dates}){told}"


def _concerned(case: str, work: Work) -> Iterable[Person]:
    """Who is to know that a date of a case moved: who is asked for something, and who told the person the dates.

    Where that is nobody, the Director. Whoever moved it is told on the spot.
    """
    found: dict[object, Person] = {}
    for task in work.shelves.tasks.of_case(case):
        if task.state is TaskState.OPEN:
            found |= {person.id: person for person in _asked(task, work)}
    told_by = {notice.by for notice in work.shelves.papers.notices(case) if notice.telling is Telling.TOLD}
    found |= {person.id: person for person in work.people if person.id in told_by}
    found = found or {person.id: person for person in work.holders(Role.DIRECTOR)}
    return [person for person in found.values() if person.id != work.actor.id]


def _asked(task: Task, work: Work) -> Iterable[Person]:
    if task.role is Role.EDITOR and task.account is not None:
        return [person for person in work.people if person.edits(task.account, on=work.today)]
    return work.holders(task.role)


def closure_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """A day the library is closed, or open after all."""
    del sent
    work.require(Power.SET_UP)
    coming = sorted(day for day in work.library.closures if day >= work.today)[:20]
    listed = "; ".join(f"{short_date(day)} {work.library.closures[day]}" for day in coming)
    through = work.library.closures_through
    by_rule = f" Later years have the public holidays of {work.library.state}." if work.library.state else ""
    return (
        Page(
            title="Closed day",
            fields=(
                Field(name="day", label="Day", kind=FieldKind.DATE),
                Field(
                    name="name", label="Why", hint="For example snow day. Leave empty to reopen a day.", max_length=80
                ),
                Field(
                    name="file",
                    label="Or a calendar file (.ics)",
                    kind=FieldKind.FILE,
                    takes="calendar",
                    most=1,
                    hint="Its whole days that say they are closed are taken. It is read and not kept.",
                ),
                Field(
                    name="calendar",
                    label="Or the words of a short one",
                    kind=FieldKind.LONG_TEXT,
                    hint="Paste the whole file as text.",
                ),
                Field(
                    name="checked",
                    label="Or enter the public holidays through the end of",
                    kind=FieldKind.CHOICE,
                    options=tuple(
                        Option(value=str(year), label=str(year))
                        for year in range(max(through, work.today.year) + 1, max(through, work.today.year) + 5)
                    ),
                    hint="So that you can check them, add to them and reopen some.",
                ),
            ),
            notes=(
                Note(text=f"Closed days to come: {listed or 'none entered'}"),
                *((Note(text=f"Closed days are entered through {through}.{by_rule}"),) if through else ()),
            ),
        ),
    )


def set_closure(sent: Submission, work: Work) -> Reply:
    """Add or take back a closed day, or take those of a calendar file; running clocks are proved again."""
    work.require(Power.SET_UP)
    files = [token for token in sent.chosen("file") if token]
    if files:
        return import_closures(work.vault.opened(work.library.id, files[0]), work, beside="file")
    if sent.text("calendar"):
        return import_closures(sent.text("calendar").encode(), work)
    day = sent.day("day")
    if day is None and sent.text("checked"):
        longer = _checked_through(int(sent.text("checked")), work.library, work.today)
        return Reply(headline=f"Entered through {longer.closures_through}. {change(longer, work)}")
    if day is None:
        raise Mistake("Which day?", beside={"day": "Choose the day, or add a calendar file below."})
    library = work.library if sent.text("name") else _checked_through(day.year, work.library, work.today)
    closures = dict(library.closures)
    if sent.text("name"):
        closures[day] = sent.text("name")
    else:
        closures.pop(day, None)
    return Reply(headline=f"Kept. {change(replace(library, closures=closures), work)}")


def import_closures(raw: bytes, work: Work, *, beside: str = "calendar") -> Reply:
    """Add the closed days of a calendar file; what it does not call closed is named and left to a person."""
    try:
        found = read_ics(raw, _years(work.today))
    except Mistake as unread:
        raise Mistake("No closed day was taken.", beside={beside: unread.why}) from unread
    if not found.closures and not found.others:
        why = " ".join(("No whole day of this year or the two after it is in it.", *found.left_out[:SHOWN]))
        raise Mistake("No closed day was taken.", beside={beside: why})
    moved = change(replace(work.library, closures={**found.closures, **work.library.closures}), work)
    others = "; ".join(f"{short_date(day)} {name}" for day, name in [*found.others.items()][:SHOWN])
    asks = f" Not called closed, so not taken: {others}. Add those that are." if others else ""
    left = f" Left out: {' '.join(found.left_out[:SHOWN])}" if found.left_out else ""
    count = len(found.closures)
    return Reply(headline=f"{count} closed day{'' if count == 1 else 's'} taken. {moved}{asks}{left}")
