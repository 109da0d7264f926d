"""One human, several chat accounts: an administrator says that they are the same person."""

from dataclasses import replace
from uuid import UUID

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.people import Person, Power, Standing
from bot.policy.terms import Role
from bot.refusal import Mistake
from bot.work import Work


def page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Who it is, and the account they have here as well."""
    del sent
    work.require(Power.SET_UP)
    return (
        Page(
            title="Link a person's accounts",
            intro="One person is one actor, on however many chats: one decision, one record, one set of roles.",
            fields=(
                Field(
                    name="person",
                    label="Who is on file already?",
                    kind=FieldKind.PERSON,
                    required=True,
                    options=tuple(Option(value=str(p.id), label=p.name) for p in work.people if p.same_as is None),
                ),
                Field(
                    name="user",
                    label="Their id on this platform",
                    required=True,
                    hint="The account they write with here.",
                    max_length=120,
                    names="user",
                ),
            ),
            notes=(
                Note(
                    text="If that account is on file as somebody else, both become the person chosen here, with that "
                    "person's roles only. What was done before stays as it is kept."
                ),
            ),
            submit="Link",
        ),
    )


def link(sent: Submission, work: Work) -> Reply:
    """Give a person a further account, or merge the one it was on file as into them."""
    work.require(Power.SET_UP)
    person = work.person(UUID(sent.text("person")))
    account = replace(sent.actor, user=sent.text("user"))
    holder = work.shelves.registry.by_identity(account)
    if holder is None:
        work.save(replace(person, identities=(*person.identities, account)), before=person)
        return Reply(headline=f"{person.name} is known by that account too.")
    if person.id in {holder.id, holder.same_as}:
        raise Mistake("That account is theirs already.", beside={"user": f"{person.name} is known by it."})
    return _merge(work.person(holder.id), person, work)


def _merge(other: Person, person: Person, work: Work) -> Reply:
    """Make one person of two; whoever was merged into the other before comes along.

    :raises Mistake: nobody would be left to set the library up
    """
    rest = [p for p in work.people if p.same_as is None and p.id != other.id and p.standing is Standing.MEMBER]
    if not any(p.has(Role.ADMINISTRATOR, on=work.today) for p in rest):
        raise Mistake(
            "Nobody would be left to set the library up.",
            beside={"person": f"Give {person.name} the administrator's role first."},
        )
    for merged in work.people:
        if other.id in {merged.id, merged.same_as}:
            work.save(replace(merged, same_as=person.id), before=merged)
    lost = sorted(work.title(role) for role in other.roles_on(work.today) - person.roles_on(work.today))
    more = f" Not carried over: {', '.join(lost)}; give the role if it is meant." if lost else ""
    return Reply(headline=f"{other.name} and {person.name} are one person now, {person.name}.{more}")
