"""Look into a page for a cause: the Director alone, with the cause on file before anything is looked at."""

from datetime import timedelta

from bot.cards import Field, FieldKind, Page, Reply, Submission
from bot.cases.permission import For, Permission
from bot.cases.task import TaskKind
from bot.features import permissions
from bot.policy.terms import Role
from bot.refusal import Mistake, Refusal
from bot.views import permissions as views
from bot.work import Work

FINDING_DAYS = 14
"""How many days there are to enter what was found. Library practice."""


def begin_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The cause, and what is looked at.

    :raises Refusal: the policy in force has no inspections, or the actor is not the Director
    """
    del sent
    _check_director(work)
    return (
        Page(
            title="Begin an inspection",
            intro="Write the cause down first. Without one, nothing is looked at.",
            fields=(
                Field(name="about", label="The cause", kind=FieldKind.LONG_TEXT, required=True, max_length=1000),
                Field(
                    name="scope",
                    label="What is looked at, and what is not",
                    required=True,
                    hint="The page, and the days or posts that the cause is about.",
                    max_length=300,
                ),
            ),
            notes=views.sources(For.INSPECT, work),
            submit="Begin",
        ),
    )


def begin(sent: Submission, work: Work) -> Reply:
    """Keep the cause and the scope; what was found is entered when it is over.

    :raises Refusal: the policy in force has no inspections, or the actor is not the Director
    :raises Mistake: no cause, or nothing is named that is looked at
    """
    _check_director(work)
    if not sent.text("about"):
        raise Mistake("Without a cause nothing is looked at.", beside={"about": "What gives cause to look?"})
    if not sent.text("scope"):
        raise Mistake("What is looked at?", beside={"scope": "Name the page, and which part of it."})
    begun = permissions.ask(
        For.INSPECT, work, about=sent.text("about"), needs=(), particulars={"Looked at": sent.text("scope")}
    )
    due = work.calendar.next_open(work.today + timedelta(days=FINDING_DAYS))
    work.ask_for(TaskKind.ENTER_FINDING, case=begun.ref, role=Role.DIRECTOR, due=due)
    return Reply(cards=(views.private(begun, work),), headline=f"{begun.ref}: the cause is on file.", about=begun.ref)


def end_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What was found."""
    begun = _under_way(sent.subject, work)
    return (
        Page(
            title="What was found",
            intro=f"{begun.ref}. A possible breach is then looked at on its own, as a report of its own.",
            fields=(
                Field(name="because", label="What was found", kind=FieldKind.LONG_TEXT, required=True, max_length=1000),
            ),
            submit="Enter it",
        ),
    )


def end(sent: Submission, work: Work) -> Reply:
    """Enter what was found; the inspection is over.

    :raises Refusal: the actor is not the Director, or it is over
    """
    begun = _under_way(sent.subject, work)
    if not sent.text("because"):
        raise Mistake("What was found?", beside={"because": "“Nothing” is an answer too."})
    over = work.save(begun.end(by=work.actor.id, on=work.today, because=sent.text("because")), before=begun)
    work.end_tasks(begun.ref, TaskKind.ENTER_FINDING)
    return Reply(cards=(views.private(over, work),), headline=f"{begun.ref} is over.", about=begun.ref)


def _under_way(ref: str, work: Work) -> Permission:
    _check_director(work)
    begun = views.called(ref, work)
    if begun.asks is not For.INSPECT or begun.ended_on is not None:
        raise Refusal(f"{begun.ref} is no inspection that is under way. Nothing was changed.")
    return begun


def _check_director(work: Work) -> None:
    asked = permissions.asked_by_policy(For.INSPECT, work)
    if not work.actor.has(Role.DIRECTOR, on=work.today):
        under = work.book.cite(asked.rule, on=work.today)
        raise Refusal(f"Only the {work.executive} inspects, and for a cause. Nothing was changed.", under=under)
