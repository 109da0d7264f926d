"""Where a policy has one rule that a copy is kept and another that it is not: both, on the card of what came down.

The copy is kept; it goes with its record only, by the disposal list and two people. Which of the two rules goes for it
is said by whoever works on the case.
"""

from datetime import date

from bot.cards import Button, Note, Tone
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import ConfirmedRemoval, Incident
from bot.people import Power
from bot.policy.pack import Pack, Tie
from bot.work import Work


def law_of(incident: Incident, work: Work) -> Pack:
    """The policy of the day on which it came down."""
    return work.book.on(acted_on(incident, work))


def acted_on(incident: Incident, work: Work) -> date:
    """The local day on which it came down, as far as that is confirmed."""
    removal = incident.removal
    return removal.done_on if isinstance(removal, ConfirmedRemoval) else work.today


def apart(incident: Incident, work: Work) -> tuple[Tie, ...]:
    """The pairs of rules that pull apart about the copy that is kept; none where there is no copy.

    A pair that hangs on a ground is asked about before something comes down under that ground.
    """
    if incident.removal is None or not (incident.text or incident.evidence):
        return ()
    law = law_of(incident, work)
    kept = {rule.rule for rule in law.retention if rule.rule}
    grounds = {ground.rule for ground in law.grounds}
    return tuple(tie for tie in law.ties if kept & set(tie.rules) and not grounds & set(tie.rules))


def keeps(tie: Tie, law: Pack) -> str:
    """The rule of a pair under which the copy is kept."""
    return next(rule for rule in tie.rules if rule in {one.rule for one in law.retention})


def notes(incident: Incident, work: Work) -> tuple[Note, ...]:
    """Both rules, and that nobody has said yet which goes for this copy."""
    found: list[Note] = []
    said = [
        set(one.rules) for one in work.shelves.papers.follow_ups(incident.ref) if one.kind is FollowUpKind.RULE_CHOSEN
    ]
    for tie in apart(incident, work):
        if any(set(tie.rules) <= rules for rules in said):
            continue
        found.append(Note(text=f"Two rules pull apart: {tie.label}. The copy is kept.", tone=Tone.WARNING))
        found += [Note.of(work.book.cite(rule, on=acted_on(incident, work))) for rule in tie.rules]
        found.append(Note(text="Nobody has said which of the two goes for this copy.", tone=Tone.MISSING))
    return tuple(found)


def buttons(incident: Incident, work: Work) -> tuple[Button, ...]:
    """Say which of the two rules goes for the copy, for those who work on cases."""
    if not apart(incident, work) or not work.may(Power.FOLLOW_UP):
        return ()
    label = "Say which rule goes for the copy"
    return (
        Button(
            label=label,
            intent="incident.copy_rule",
            subject=incident.ref,
            version=incident.version,
            opens_form=True,
        ),
    )
