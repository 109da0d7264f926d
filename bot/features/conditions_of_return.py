"""What a policy asks for before somebody may come back, as in a promise to keep to the rules.

Nobody comes back without it; whether it is there a person says, and that is kept with the answer.
"""

from bot.cards import Field, FieldKind, Option, Submission
from bot.cases.follow_up import FollowUpKind
from bot.cases.reinstatement import RequestedReinstatement
from bot.features import following_up
from bot.policy.pack import ReinstatementRule
from bot.refusal import Mistake
from bot.work import Work


def _rule(request: RequestedReinstatement, work: Work) -> ReinstatementRule:
    return work.book.on(request.writing.received_on).reinstatement


def fields(request: RequestedReinstatement, work: Work) -> tuple[Field, ...]:
    """Each thing that is asked for, to be ticked where it is there; nothing where the policy asks for nothing."""
    asked = _rule(request, work).conditions
    if not asked:
        return ()
    return (
        Field(
            name="asked_for",
            label="The policy asks for this; what of it is there?",
            kind=FieldKind.CHOICES,
            options=tuple(Option(value=str(number), label=said[:75]) for number, said in enumerate(asked)),
            hint="Only needed if they may come back.",
        ),
    )


def check(request: RequestedReinstatement, sent: Submission, work: Work) -> None:
    """Refuse a yes while something the policy asks for is not there.

    :raises Mistake: with what is missing, and the clause
    """
    rule = _rule(request, work)
    there = set(sent.chosen("asked_for"))
    missing = [said for number, said in enumerate(rule.conditions) if str(number) not in there]
    if missing:
        under = work.book.cite(rule.rule, on=request.writing.received_on)
        raise Mistake(
            "The policy asks for something before they may come back.",
            beside={"asked_for": f"Not there yet: {'; '.join(missing)}. {under}"},
        )


def keep(request: RequestedReinstatement, work: Work) -> None:
    """Keep that everything the policy asks for was there."""
    rule = _rule(request, work)
    if rule.conditions:
        following_up.keep(
            FollowUpKind.ASKED_FOR_MET,
            request.ref,
            work,
            particulars=dict.fromkeys(rule.conditions, "yes"),
            rules=(rule.rule,),
        )
