"""A role for several people at once, for instance everybody in a group of the chat."""

from dataclasses import replace
from uuid import uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission
from bot.people import Grant, Person, Power
from bot.policy.terms import Role
from bot.refusal import Mistake
from bot.work import Work

MOST = 300
"""People at a time."""
ALONE = frozenset({Role.DIRECTOR, Role.ACTING_DIRECTOR, Role.DESIGNEE, Role.BOARD_CHAIR})
"""What one person holds, some of it by a dated paper; nobody becomes it by being in a group."""
LONGEST_NAME = 120


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Who, and which role."""
    del sent
    work.require(Power.SET_UP)
    return (
        Page(
            title="Add several people",
            fields=(
                Field(
                    name="people",
                    label="Who?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    names="users",
                    hint="One a line: their id on this platform, a space, their name.",
                    max_length=30_000,
                ),
                Field(
                    name="role",
                    label="Role",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(
                        Option(value=role.value, label=work.title(role)[:1].upper() + work.title(role)[1:])
                        for role in Role
                        if role not in ALONE
                    ),
                    initial=(Role.REPORTER.value,),
                ),
            ),
            notes=(
                Note(
                    text="People are put on file one by one, those of a group too, as it is now. Whoever joins or "
                    "leaves a group later changes nothing here: add them, or end their role."
                ),
            ),
        ),
    )


def add(sent: Submission, work: Work) -> Reply:
    """Put everybody on file who is not yet, and give each the role from today."""
    work.require(Power.SET_UP)
    role = Role(sent.text("role"))
    added, given, held = [], [], []
    for user, name in _listed(sent):
        identity = replace(work.sent.actor, user=user)
        known = work.shelves.registry.by_identity(identity)
        grant = Grant(role=role, since=work.today)
        if known is None:
            person = Person(id=uuid4(), library=work.library.id, name=name, identities=(identity,), grants=(grant,))
            added.append(work.save(person).name)
            continue
        person = work.person(known.id)
        if person.has(role, on=work.today):
            held.append(person.name)
        else:
            given.append(work.save(replace(person, grants=(*person.grants, grant)), before=person).name)
    said = (
        (added, f"Put on file as {work.title(role)}"),
        (given, f"On file already, now also {work.title(role)}"),
        (held, f"Already {work.title(role)}"),
    )
    return Reply(headline=" ".join(f"{what}: {', '.join(names)}." for names, what in said if names))


def _listed(sent: Submission) -> list[tuple[str, str]]:
    """The people of the page as (account, name), each account once.

    :raises Mistake: a line holds no name, or there are too many
    """
    people: dict[str, str] = {}
    for line in sent.lines("people"):
        user, _, name = line.partition(" ")
        if not name.strip():
            raise Mistake("A name is missing.", beside={"people": f"After “{user[:40]}”, add a space and their name."})
        people.setdefault(user, name.strip()[:LONGEST_NAME])
    if len(people) > MOST:
        raise Mistake(
            "These are too many at a time.", beside={"people": f"Give at most {MOST}; there are {len(people)}."}
        )
    return list(people.items())
