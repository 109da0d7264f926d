"""What the card of an appeal says of its coming late: what the policy says becomes of it, and whether it was waived."""

from bot.cards import Button, Note, Tone
from bot.cases.appeal import ReceivedAppeal
from bot.cases.follow_up import FollowUpKind
from bot.views.parts import version_of
from bot.work import Work

BECOMES: dict[str, str] = {
    "heard": "The policy hears it all the same.",
    "good_cause": "The policy hears it for good cause; whoever answers says which.",
    "not_heard": "The policy does not hear it.",
}


def waived(appeal: ReceivedAppeal, work: Work) -> bool:
    """Test whether the time to appeal was waived by whom the policy lets do so."""
    return any(one.kind is FollowUpKind.TIME_WAIVED for one in work.shelves.papers.follow_ups(appeal.ref))


def notes(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """What becomes of one that came in late under the policy, with the clauses; who may waive the time."""
    day = appeal.writing.received_on
    law = work.book.on(day).appeal
    rule = law.at(appeal.level)
    becomes = BECOMES.get(rule.late or "", "It is kept; whether it is heard is a person's decision.")
    if waived(appeal, work):
        becomes = "The time was waived, so it is heard like one that came in time."
    elif rule.waived_by:
        becomes += f" The {work.title(rule.waived_by)} may waive the time."
    values = [name for name, said in (("late", rule.late), ("waived_by", rule.waived_by)) if said]
    rules = dict.fromkeys(law.rule_of(name, level=appeal.level) for name in values)
    return (
        Note(text=f"It came in after the last day. {becomes}", tone=Tone.WARNING),
        *(Note.of(work.book.cite(one, on=day)) for one in rules),
    )


def buttons(appeal: ReceivedAppeal, work: Work) -> tuple[Button, ...]:
    """Waive the time, for whom the policy lets do so."""
    role = work.book.on(appeal.writing.received_on).appeal.at(appeal.level).waived_by
    if appeal.late_since is None or role is None or not work.actor.has(role, on=work.today) or waived(appeal, work):
        return ()
    version = version_of(appeal.ref, work)
    label = "Waive the time to appeal"
    return (Button(label=label, intent="appeal.waive", subject=appeal.ref, version=version, opens_form=True),)
