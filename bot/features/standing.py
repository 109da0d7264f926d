"""Somebody's account is deactivated, a guest's, or a member's again: the platform says so, and the record is told.

No role ends by it and nothing is decided by it. An account that is no member's can do nothing, so an office may be
left with nobody to fill it; whoever can fill it hears of that at once.
"""

from dataclasses import replace

from bot.people import Identity, Person, Standing
from bot.policy.terms import Role
from bot.work import Work

OFFICES = (
    Role.DIRECTOR,
    Role.BOARD_CHAIR,
    Role.LIBRARIAN_IN_CHARGE,
    Role.DUTY_PERSON,
    Role.RECORDS_OFFICER,
    Role.EDITOR,
    Role.ADMINISTRATOR,
)
"""What a library cannot be without. A designee's or an acting Director's work goes back to the office itself."""

SAID: dict[Standing, str] = {
    Standing.MEMBER: "is a member's again, so the roles on file count again",
    Standing.GUEST: "is a guest's now, so it can do nothing here",
    Standing.STRANGER: "is another organisation's now, so it can do nothing here",
    Standing.BOT: "is a program's now, so it can do nothing here",
    Standing.DEACTIVATED: "is deactivated, so it can do nothing here",
}


def change(account: Identity, standing: Standing, work: Work) -> None:
    """Keep how an account stands, and tell who has to know.

    Somebody with another account in the chat keeps that one and their roles; only this account goes from their file.
    """
    known = work.shelves.registry.by_identity(account)
    if known is None or known.standing is standing:
        return
    person = work.person(known.id)
    accounts = {one for p in work.people if person.id in {p.id, p.same_as} for one in p.identities}
    if standing is not Standing.MEMBER and accounts - {account}:
        work.save(
            replace(known, identities=tuple(i for i in known.identities if i != account)), before=known, actor=False
        )
        said = f"One of {person.name}'s accounts {SAID[standing]}. They have another one, and keep their roles."
        work.tell_of_office(person.name, headline=said)
        return
    offices = {role for role in OFFICES if person.has(role, on=work.today)}
    for one in {known.id: known, person.id: person}.values():
        work.save(replace(one, standing=standing), before=one, actor=False)
    work.forget_people()
    vacant = [role for role in OFFICES if role in offices and not work.holders(role)]
    for role in vacant:
        work.tell_of_office(work.title(role), headline=_vacancy(role, person, standing, work))
    if not vacant:
        on_file = "" if standing is Standing.MEMBER else " Their roles stay on file until “setup” ends them."
        work.tell_of_office(person.name, headline=f"{person.name}'s account {SAID[standing]}.{on_file}")


def _vacancy(role: Role, person: Person, standing: Standing, work: Work) -> str:
    waiting = sum(task.role is role for task in work.shelves.tasks.open())
    number = {0: "Nothing waits", 1: "One task waits"}.get(waiting, f"{waiting} tasks wait")
    way_out = "give the role to somebody in “setup”."
    if role is Role.DIRECTOR:
        way_out = (
            "give the role to somebody in “setup”, or enter whom the Board appointed with “acting director”. From the "
            "next open day on, what waits for a decision is listed each morning."
        )
    return (
        f"Nobody is {work.title(role)} now. {person.name}'s account {SAID[standing]}. {number} for this office "
        f"today. Nothing is approved or denied by waiting: {way_out}"
    )
