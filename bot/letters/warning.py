"""The warning after something came down: what it was, the rule, and what follows if it happens again."""

from bot.cases.incident import ConfirmedRemoval, Incident
from bot.clocks.calendar import short_date
from bot.letters.notice import DONE
from bot.policy.pack import Sanction
from bot.refusal import Refusal
from bot.work import Work


def text(incident: Incident, following: Sanction | None, work: Work) -> str:
    """The text to send about a confirmed removal.

    :param following: the step of the ladder that the next breach leads to; ``None`` where the policy has none
    :raises Refusal: nothing was taken down
    """
    if not isinstance(incident.removal, ConfirmedRemoval):
        raise Refusal(f"Nothing of {incident.ref} was taken down, so there is nothing to warn of.")
    place = next((account.platform for account in work.accounts if account.id == incident.account), "our page")
    day = incident.judged_on
    rules = [work.book.cite(work.book.on(day).ground(code).rule, on=day) for code in incident.clauses]
    posted = f" of {short_date(incident.posted_on)}" if incident.posted_on else ""
    done = f"{DONE[incident.outcome]} on {short_date(incident.removal.done_on)}"
    lines = [
        f"Your comment{posted} on the {place} page of {work.library.name} was {done}. This is a warning.",
        f"Why: {incident.removal.asked.reason.sentence}",
        *(f"The rule: {rule.sentence or rule.label} ({rule.source})" for rule in rules),
        *([f"If it happens again, the policy provides: {following.label}."] if following else []),
    ]
    return "\n\n".join(lines)
