"""The duty rota: who is Librarian in Charge, and who is the duty person, from which day to which.

An entry of the rota is a dated role like any other. On a day that the rota covers, whoever it names is on duty; on any
other day, whoever holds the office without an end.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from bot.cards import Button, Card, Field, FieldKind, Note, Option, Page, Reply, Row, Style, Submission, Table, Tone
from bot.clocks.calendar import short_date
from bot.people import STAFF, Grant, Person, Power
from bot.policy.terms import Role
from bot.refusal import Mistake
from bot.work import Work

ROTA = (Role.LIBRARIAN_IN_CHARGE, Role.DUTY_PERSON)
AHEAD = timedelta(days=31)


def on_duty(role: Role, work: Work) -> tuple[Person, ...]:
    """Who has a duty today and is here: whom the rota names for the day, else whoever holds the office."""
    here = work.present(role)
    dated = tuple(
        person
        for person in here
        if any(grant.role is role and grant.until and grant.holds_on(work.today) for grant in person.grants)
    )
    return dated or here


def show(sent: Submission, work: Work) -> Reply:
    """Who is on duty today, and what the rota says of the coming month."""
    del sent
    work.require(Power.SEE_LISTS)
    rows = sorted(
        (grant.since, grant.until, work.title(grant.role), person.name)
        for person in work.people
        if person.same_as is None
        for grant in person.grants
        if grant.role in ROTA and grant.until and grant.until >= work.today and grant.since <= work.today + AHEAD
    )
    today = [Note(text=f"Today, {work.title(role)}: {_names(role, work)}.") for role in ROTA]
    vacant = [
        Note(text=f"Nobody is {work.title(role)} today.", tone=Tone.MISSING) for role in ROTA if not on_duty(role, work)
    ]
    table = Table(
        columns=("From", "To", "What", "Who"),
        rows=tuple(Row(cells=(short_date(since), short_date(until), what, who)) for since, until, what, who in rows),
    )
    enter = Button(label="Enter a duty", intent="rota.enter", style=Style.PRIMARY, opens_form=True)
    return Reply(
        cards=(
            Card(
                title="Duty rota",
                body="" if rows else "No dated duty in the coming month; whoever holds the office is on duty.",
                notes=(*today, *vacant),
                table=table if rows else None,
                buttons=(enter,) if work.may(Power.SET_UP) else (),
            ),
        )
    )


def _names(role: Role, work: Work) -> str:
    return ", ".join(person.name for person in on_duty(role, work)) or "nobody"


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Who, which duty, from which day to which."""
    del sent
    work.require(Power.SET_UP)
    staff = [person for person in work.people if person.same_as is None and person.has(*STAFF, on=work.today)]
    return (
        Page(
            title="Enter a duty",
            fields=(
                Field(
                    name="person",
                    label="Who?",
                    kind=FieldKind.PERSON,
                    required=True,
                    options=tuple(Option(value=str(person.id), label=person.name) for person in staff),
                ),
                Field(
                    name="role",
                    label="Which duty?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(
                        Option(value=r.value, label=work.title(r)[:1].upper() + work.title(r)[1:]) for r in ROTA
                    ),
                ),
                Field(
                    name="since", label="From", kind=FieldKind.DATE, required=True, initial=(work.today.isoformat(),)
                ),
                Field(name="until", label="To", kind=FieldKind.DATE, required=True, hint="The last day of it."),
            ),
        ),
    )


def enter(sent: Submission, work: Work) -> Reply:
    """Put somebody on the rota; what stood there before stays on file."""
    work.require(Power.SET_UP)
    since, until = sent.day("since"), sent.day("until")
    if since is None or until is None or until < since:
        raise Mistake("It ends before it begins.", beside={"until": "Choose a day that is not before the first."})
    role = Role(sent.text("role"))
    person = work.person(UUID(sent.text("person")))
    work.save(
        replace(person, grants=(*person.grants, Grant(role=role, since=since, until=until))),
        before=person,
    )
    work.forget_library()
    said = f"{person.name} is {work.title(role)} from {short_date(since)} to {short_date(until)}."
    return Reply(cards=show(sent, work).cards, headline=said)
