"""The acting Director: appointed by the Board for named days, by a dated paper that somebody signed.

An acting Director holds the office itself and is no delegate. It begins and ends by itself on its days.
"""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from bot.cards import Button, Card, Fact, Field, FieldKind, Note, Option, Page, Reply, Submission, Tone
from bot.clocks.calendar import short_date
from bot.people import Grant, Person, Power, Standing, holders
from bot.policy.terms import Role
from bot.refusal import Mistake
from bot.work import Work


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Who holds the office from when to when, and the Board's paper."""
    del sent
    work.require(Power.APPOINT)
    known = sorted((p for p in work.people if p.same_as is None and p.standing is Standing.MEMBER), key=_by_name)
    return (
        Page(
            title="Acting Director",
            intro="The Board appoints; this only enters it. It ends by itself after its last day.",
            fields=(
                Field(
                    name="person",
                    label="Who?",
                    kind=FieldKind.PERSON,
                    required=True,
                    options=tuple(Option(value=str(person.id), label=person.name) for person in known),
                ),
                Field(
                    name="since",
                    label="First day",
                    kind=FieldKind.DATE,
                    required=True,
                    initial=(work.today.isoformat(),),
                ),
                Field(name="until", label="Last day", kind=FieldKind.DATE, required=True),
                *paper_fields(work),
            ),
            submit="Enter it",
        ),
    )


def _by_name(person: Person) -> str:
    return person.name


def paper_fields(work: Work) -> tuple[Field, ...]:
    """The Board's paper: its date, who signed it, and where it is kept."""
    return (
        Field(name="dated", label="Date of the Board's paper", kind=FieldKind.DATE, required=True, latest=work.today),
        Field(
            name="signed_by",
            label="Signed by",
            required=True,
            hint="Who signed it for the Board.",
            max_length=120,
        ),
        Field(
            name="document",
            label="What it is, and where it is kept",
            required=True,
            hint="For example: minutes of 27 February 2026, item 4, in the Board's binder.",
            max_length=300,
        ),
    )


def appoint(sent: Submission, work: Work) -> Reply:
    """Keep the appointment, and tell the Board chair, the Director and the administrators of it."""
    work.require(Power.APPOINT)
    person = work.person(UUID(sent.text("person")))
    since, until, dated = sent.day("since"), sent.day("until"), sent.day("dated")
    if since is None or until is None:
        raise Mistake("It has a first and a last day.", beside={"until": "Choose its last day."})
    if until < since:
        raise Mistake("It ends before it begins.", beside={"until": "Choose its first day, or a later one."})
    if until < work.today:
        raise Mistake("Those days are over.", beside={"until": "Choose today or a later day."})
    if dated is None or not sent.text("signed_by") or not sent.text("document"):
        raise Mistake("Who appointed them?", beside={"document": "Name the Board's dated paper and where it is kept."})
    if person.standing is not Standing.MEMBER:
        raise Mistake("They could not act: their chat account is no member's.", beside={"person": "Choose a member."})
    grant = Grant(
        role=Role.ACTING_DIRECTOR,
        since=since,
        until=until,
        document=f"{sent.text('document')} (dated {short_date(dated)}, signed by {sent.text('signed_by')})",
    )
    work.save(replace(person, grants=(*person.grants, grant)), before=person)
    title = work.title(Role.ACTING_DIRECTOR)
    said = f"{person.name} is {title} from {short_date(since)} to {short_date(until)}."
    by = "themself" if person.id == work.actor.id else work.actor.name
    entered = f"{said} The paper: {grant.document}. Entered by {by}."
    key = f"acting:{person.id}:{since.isoformat()}:{work.moment()}"
    for role in (Role.BOARD_CHAIR, Role.DIRECTOR, Role.ADMINISTRATOR):
        work.tell_word(role, entered, key=key)
    return Reply(
        cards=(
            Card(
                title=f"{person.name}, {title}",
                facts=(
                    Fact(label="From", value=short_date(since)),
                    Fact(label="To", value=f"{short_date(until)}; it ends by itself after that day"),
                    Fact(label="The Board's paper", value=grant.document),
                ),
                notes=(*both_hold(work, person, since=since, until=until), *_own(person, work)),
                buttons=(Button(label="Who is who", intent="who"),),
            ),
        ),
        headline=said,
    )


def _own(person: Person, work: Work) -> tuple[Note, ...]:
    """Say so where somebody enters their own appointment; it hinders nobody, and whoever is told of it hears it too."""
    if person.id != work.actor.id:
        return ()
    text = "You entered your own appointment. The Board chair, the Director and the administrators are told so."
    return (Note(text=text, tone=Tone.WARNING),)


def both_hold(work: Work, person: Person, *, since: date, until: date) -> tuple[Note, ...]:
    """Say so where somebody else holds the Director's office on a day of an appointment."""
    days = (since + timedelta(days=n) for n in range((until - since).days + 1))
    others = {one.name: None for day in days for one in holders(work.people, Role.DIRECTOR, on=day)}
    others.pop(person.name, None)
    if not others:
        return ()
    return (Note(text=together((*others, person.name))),)


def together(names: tuple[str, ...]) -> str:
    """What holds while more than one person is in the Director's office."""
    *first, last = names
    return f"{', '.join(first)} and {last} both hold the Director's office; whoever decides first has decided."
