"""In which office somebody decides, and what is kept of every decision beside the decision itself."""

from datetime import date

from bot.cases.ruling import Ruling
from bot.policy.terms import Role
from bot.refusal import Citation
from bot.work import Work


def ruling(roles: frozenset[Role], under: Citation | None, work: Work, *, received_on: date) -> Ruling:
    """Who answers a writing, in which of the offices that may, and under the policy of the day it came in."""
    return Ruling(
        by=work.actor.id,
        role=office(roles, work),
        at=work.now,
        on=work.today,
        under=under,
        pack=work.book.on(received_on).version,
    )


def office(roles: frozenset[Role], work: Work) -> str:
    """The office somebody decides in; an acting Director is named as such."""
    held = work.actor.roles_on(work.today)
    if Role.ACTING_DIRECTOR in held:
        return Role.ACTING_DIRECTOR.value
    return ", ".join(sorted(role.value for role in roles & held))
