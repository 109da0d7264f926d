"""The social media team asks a supervisor to assign somebody to an account; the supervisor answers."""

from uuid import UUID

from bot.cards import Field, FieldKind, Option, Page, Reply, Submission
from bot.cases.permission import For
from bot.features import permissions
from bot.people import STAFF, Power
from bot.policy.terms import Role
from bot.refusal import Refusal
from bot.views import fields
from bot.views import permissions as views
from bot.work import Work

NEEDS = (Role.REPORTER,)
"""A supervisor is a member of staff; which one, the request names."""


def ask_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """For which account, which supervisor, and what the work is.

    :raises Refusal: the policy in force does not speak of this, or the actor is not of the team
    """
    del sent
    _check_team(work)
    supervisors = tuple(
        Option(value=str(person.id), label=person.name)
        for person in work.people
        if person.same_as is None and person.id != work.actor.id and person.has(*STAFF, on=work.today)
    )
    return (
        Page(
            title="Ask for somebody to be assigned",
            fields=(
                fields.account(work),
                Field(
                    name="supervisor",
                    label="Which supervisor?",
                    kind=FieldKind.PERSON,
                    required=True,
                    options=supervisors,
                ),
                Field(name="about", label="What is the work?", required=True, max_length=300),
            ),
            notes=views.sources(For.ASSIGN, work),
            submit="Ask",
        ),
    )


def ask(sent: Submission, work: Work) -> Reply:
    """Keep the request and bring it to the supervisor."""
    _check_team(work)
    supervisor = work.person(UUID(sent.text("supervisor")))
    account = work.account(UUID(sent.text("account")))
    asked = permissions.ask(
        For.ASSIGN, work, about=sent.text("about"), needs=NEEDS, person=supervisor.id, account=account.id
    )
    work.tell_people([supervisor], about=asked.ref, headline="You are asked to assign somebody, or to decline.")
    return Reply(cards=(views.private(asked, work),), headline=f"{supervisor.name} is asked.", about=asked.ref)


def _check_team(work: Work) -> None:
    asked = permissions.asked_by_policy(For.ASSIGN, work)
    if not (work.actor.has(Role.EDITOR, on=work.today) or work.may(Power.SET_UP)):
        under = work.book.cite(asked.rule, on=work.today)
        raise Refusal("The social media team asks supervisors for this. Nothing was changed.", under=under)
