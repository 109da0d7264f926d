"""The leave calendar: the days somebody is away. It takes no office from anybody and gives none; it only shows."""

from dataclasses import replace
from uuid import UUID, uuid4

from bot.cards import Button, Card, Field, FieldKind, Note, Option, Page, Reply, Row, Submission, Table, Tone
from bot.cases.absence import Absence
from bot.clocks.calendar import short_date
from bot.people import STAFF, Person, Power, holders
from bot.policy.terms import Role
from bot.refusal import Mistake, Refusal
from bot.work import Work

ENTER = Button(label="Enter days away", intent="absence.enter", opens_form=True)


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """From when to when; for those who set the library up, also who."""
    del sent
    me = work.actor
    others = work.may(Power.SET_UP)
    known = sorted((p for p in work.people if p.same_as is None and p.roles_on(work.today)), key=lambda p: p.name)
    who = Field(
        name="person",
        label="Who?",
        kind=FieldKind.PERSON,
        required=True,
        options=tuple(Option(value=str(person.id), label=person.name) for person in known),
        initial=(str(me.id),) if me in known else (),
    )
    return (
        Page(
            title="Days away",
            intro="Why is nobody's business here; only the days are kept. Whoever waits for a decision sees them.",
            fields=(
                *((who,) if others else ()),
                Field(
                    name="since",
                    label="First day away",
                    kind=FieldKind.DATE,
                    required=True,
                    initial=(work.today.isoformat(),),
                ),
                Field(name="until", label="Last day away", kind=FieldKind.DATE, required=True),
            ),
        ),
    )


def enter(sent: Submission, work: Work) -> Reply:
    """Keep the days somebody is away.

    :raises Refusal: they are somebody else's, and the actor sets nobody up
    """
    person = work.person(UUID(sent.text("person"))) if sent.text("person") else work.actor
    if person.id != work.actor.id:
        work.require(Power.SET_UP)
    since, until = sent.day("since"), sent.day("until")
    if since is None or until is None or until < since:
        raise Mistake("It ends before it begins.", beside={"until": "Choose the first day away, or a later one."})
    if until < work.today:
        raise Mistake("Those days are over.", beside={"until": "Choose today or a later day."})
    for known in _coming(work):
        if work.person(known.person).id == person.id and known.since <= since and until <= known.until:
            raise Mistake(
                "Those days are on file already.",
                beside={"since": f"Away from {short_date(known.since)} to {short_date(known.until)}."},
            )
    absence = work.save(
        Absence(
            id=uuid4(),
            library=work.library.id,
            person=person.id,
            since=since,
            until=until,
            entered_by=work.actor.id,
            entered_at=work.now,
        )
    )
    headline = f"{person.name} is away from {short_date(since)} to {short_date(until)}."
    return Reply(cards=(_calendar(work, notes=_nobody_left(absence, person, work)),), headline=headline)


def _nobody_left(absence: Absence, person: Person, work: Work) -> tuple[Note, ...]:
    """Say so where those days leave nobody in the Director's office: only the Board can fill it."""
    held = holders(work.people, Role.DIRECTOR, on=absence.since)
    others = {
        one.id
        for one in held
        if not any(work.person(known.person).id == one.id and known.covers(absence.since) for known in _coming(work))
    }
    if person.id not in {one.id for one in held} or others:
        return ()
    alone = "Nobody else holds the Director's office then, so what has to be decided waits."
    board = "The Board can appoint an acting Director by a dated paper; “acting director” enters it."
    return (Note(text=f"{alone} {board}", tone=Tone.WARNING),)


def _coming(work: Work) -> tuple[Absence, ...]:
    """The days away that are not over and not cancelled, by their first day."""
    return tuple(
        one for one in work.shelves.registry.absences() if one.cancelled_at is None and one.until >= work.today
    )


def show(sent: Submission, work: Work) -> Reply:
    """Who is away, now and later."""
    del sent
    if not work.actor.has(Role.BOARD_CHAIR, on=work.today):
        work.require(Power.SEE_LISTS)
    return Reply(cards=(_calendar(work),))


def _calendar(work: Work, *, notes: tuple[Note, ...] = ()) -> Card:
    coming = _coming(work)
    staff = work.actor.has(*STAFF, on=work.today)
    buttons = (ENTER,) if staff else ()
    if not coming:
        return Card(title="Nobody is away", body="No days away are on file.", notes=notes, buttons=buttons)
    rows = tuple(
        Row(
            cells=(work.name(one.person), short_date(one.since), short_date(one.until)),
            buttons=(Button(label="Cancel", intent="absence.cancel", subject=str(one.id)),) if _mine(one, work) else (),
        )
        for one in coming
    )
    table = Table(columns=("Who", "From", "To"), rows=rows)
    return Card(title="Who is away", table=table, notes=notes, buttons=buttons)


def _mine(absence: Absence, work: Work) -> bool:
    return work.person(absence.person).id == work.actor.id or work.may(Power.SET_UP)


def cancel(sent: Submission, work: Work) -> Reply:
    """Somebody is back early, or does not go. What was entered stays on file.

    :raises Refusal: the days are somebody else's, or cancelled already
    """
    found = next((one for one in work.shelves.registry.absences() if str(one.id) == sent.subject), None)
    if found is None:
        raise Mistake("Those days are not on file. “absences” lists what is.")
    if work.person(found.person).id != work.actor.id:
        work.require(Power.SET_UP)
    if found.cancelled_at is not None:
        raise Refusal(f"That was cancelled on {work.local(found.cancelled_at):%-d %B %Y at %H:%M}.")
    work.save(replace(found, cancelled_at=work.now), before=found)
    name = work.name(found.person)
    return Reply(cards=(_calendar(work),), headline=f"Cancelled: {name} is not away then.")
