"""Say which of two rules goes for the copy of what came down, where the policy has a copy kept and not kept."""

from bot.cards import Page, Reply, Submission
from bot.cases.incident import Incident
from bot.features import two_rules
from bot.people import Power
from bot.policy.pack import Tie
from bot.refusal import Refusal
from bot.views import cases, kept_copies
from bot.work import Work


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Both rules, which one goes for the copy, and why."""
    incident, ties = _copied(sent, work)
    law = kept_copies.law_of(incident, work)
    keeps = kept_copies.keeps(ties[0], law)
    return (
        Page(
            title="Which rule goes for the copy?",
            intro=f"A copy of {incident.ref} is kept. It goes with its record only, by the disposal list.",
            fields=two_rules.fields(ties, law, applied=keeps),
            notes=two_rules.notes(ties, work, on=kept_copies.acted_on(incident, work)),
            submit="Keep it",
        ),
    )


def say(sent: Submission, work: Work) -> Reply:
    """Keep which of the two was applied, and why. The copy stays as it is."""
    incident, ties = _copied(sent, work)
    two_rules.check(sent, ties)
    two_rules.keep(incident.ref, sent, ties, work, on=kept_copies.acted_on(incident, work))
    law = kept_copies.law_of(incident, work)
    applied = {sent.text(f"tie_{number}") for number in range(1, len(ties) + 1)}
    said = "Kept."
    if applied - {kept_copies.keeps(tie, law) for tie in ties}:
        said = "Kept. The copy itself goes with its record only, by the disposal list and two people."
    return Reply(cards=cases.private(incident.ref, work), headline=said, about=incident.ref)


def _copied(sent: Submission, work: Work) -> tuple[Incident, tuple[Tie, ...]]:
    """A report with a copy that two rules pull apart about, for those who work on cases.

    :raises Refusal: no copy is kept, or the policy has no two rules about it
    """
    work.require(Power.FOLLOW_UP)
    incident = work.incident(sent.subject.upper())
    ties = kept_copies.apart(incident, work)
    if not ties:
        raise Refusal(f"No two rules of the policy pull apart about a copy of {incident.ref}. Nothing was changed.")
    return incident, ties
