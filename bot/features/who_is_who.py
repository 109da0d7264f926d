"""Who is who, and naming a designee where the policy allows one."""

from dataclasses import replace
from uuid import UUID

from bot.cards import Card, Field, FieldKind, Note, Option, Page, Reply, Row, Submission, Table
from bot.clocks.calendar import short_date
from bot.features.offices import together
from bot.people import STAFF, Grant, Person, Power, Standing
from bot.policy.terms import Action, Role, Stance
from bot.refusal import Mistake, Refusal
from bot.views.waiting import away_until
from bot.work import Work


def show(sent: Submission, work: Work) -> Reply:
    """Everybody who holds a role today, and the offices nobody holds."""
    del sent
    work.require(Power.SEE_LISTS)
    rows = tuple(
        Row(cells=(person.name, ", ".join((*_roles(person, work), *_absent(person, work)))))
        for person in sorted(work.people, key=lambda person: person.name)
        if person.same_as is None and person.roles_on(work.today)
    )
    vacant = [
        work.title(role) for role in (Role.DIRECTOR, Role.DUTY_PERSON, Role.RECORDS_OFFICER) if not work.holders(role)
    ]
    notes = [Note(text=f"Nobody is {office} today.") for office in vacant]
    directors = tuple(person.name for person in work.holders(Role.DIRECTOR))
    if len(directors) > 1:
        notes.append(Note(text=together(directors)))
    return Reply(
        cards=(Card(title="Who is who", table=Table(columns=("Name", "Today"), rows=rows), notes=tuple(notes)),)
    )


def _absent(person: Person, work: Work) -> list[str]:
    """What keeps somebody from acting today."""
    gone = ["their chat account is deactivated"] if person.standing is Standing.DEACTIVATED else []
    return [*gone, *([away_until(person, work)] if work.away(person) else [])]


def _roles(person: Person, work: Work) -> list[str]:
    said = []
    for grant in person.grants:
        if not grant.holds_on(work.today):
            continue
        where = [account.label for account in work.accounts if account.id in grant.accounts]
        until = f" until {short_date(grant.until)}" if grant.until else ""
        said.append(f"{work.title(grant.role)}{' of ' + ', '.join(where) if where else ''}{until}")
    return said


def delegable(work: Work) -> tuple[Action, ...]:
    """The actions whose decision the policy lets the Director delegate."""
    return tuple(
        action
        for decider in work.pack.deciders
        if decider.stance is Stance.STATED and decider.designee
        for action in decider.actions
    )


def delegate_pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """To whom, from when to when, under which signed paper.

    :raises Refusal: the policy names no designee, with the clause
    """
    del sent
    work.require(Power.DELEGATE)
    actions = delegable(work)
    if not actions:
        decider = work.pack.decider(Action.BLOCK)
        under = work.book.cite(decider.rule, on=work.today) if decider.rule else None
        raise Refusal(
            f"{work.library.name}'s policy lets nobody decide in the Director's place. "
            "An acting Director appointed by the Board holds the office itself; “setup” takes the appointment.",
            under=under,
        )
    return (
        Page(
            title="Name a designee",
            intro=f"The policy allows it for: {', '.join(action.value.replace('_', ' ') for action in actions)}.",
            fields=(
                Field(
                    name="person",
                    label="Who?",
                    kind=FieldKind.PERSON,
                    required=True,
                    options=tuple(
                        Option(value=str(person.id), label=person.name)
                        for person in work.people
                        if person.id != work.actor.id and person.has(*STAFF, on=work.today)
                    ),
                ),
                Field(
                    name="since", label="From", kind=FieldKind.DATE, required=True, initial=(work.today.isoformat(),)
                ),
                Field(name="until", label="Until", kind=FieldKind.DATE, required=True),
                Field(name="document", label="Signed paper", required=True, hint="Its date and where it is kept."),
            ),
        ),
    )


def delegate(sent: Submission, work: Work) -> Reply:
    """Keep a dated, signed delegation."""
    work.require(Power.DELEGATE)
    since, until = sent.day("since"), sent.day("until")
    if since is None or until is None or until < since:
        raise Mistake("The delegation ends before it begins.", beside={"until": "Choose a day after the first."})
    person = work.person(UUID(sent.text("person")))
    grant = Grant(role=Role.DESIGNEE, since=since, until=until, document=sent.text("document"))
    work.save(replace(person, grants=(*person.grants, grant)), before=person)
    return Reply(headline=f"{person.name} is the Director's designee until {short_date(until)}.")
