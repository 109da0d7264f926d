"""Record that the person was heard before an appeal is answered, or that they could have been and did not come.

Only where the policy gives a hearing. What the policy counts from it runs from that day.
"""

from bot.cards import Field, FieldKind, Option, Page, Reply, Submission
from bot.cases.appeal import ReceivedAppeal
from bot.cases.follow_up import FollowUpKind
from bot.clocks.calendar import short_date
from bot.features import appeal_levels, following_up
from bot.policy.terms import Event
from bot.refusal import Mistake, Refusal
from bot.views import appeal_notes, cases
from bot.work import Work

CAME = {"came": "They were heard", "absent": "They did not come", "declined": "They did not want to be heard"}


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """On which day, whether they came, and what they said."""
    appeal = _to_hear(sent, work)
    return (
        Page(
            title="Record the hearing",
            intro=f"{appeal.ref} came in on {short_date(appeal.writing.received_on)}.",
            fields=(
                Field(
                    name="held_on",
                    label="On which day could they be heard?",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
                Field(
                    name="came",
                    label="Were they heard?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(Option(value=value, label=label) for value, label in CAME.items()),
                ),
                Field(
                    name="words",
                    label="Before whom, and what did they say?",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint="Or how they were invited, if they did not come.",
                    max_length=5000,
                ),
            ),
            notes=(appeal_notes.cited("hearing", appeal, work),),
            submit="Keep it",
        ),
    )


def record(sent: Submission, work: Work) -> Reply:
    """Keep the hearing; what the policy counts from it begins to run if the person was heard."""
    appeal = _to_hear(sent, work)
    held = sent.day("held_on") or work.today
    if held < appeal.writing.received_on:
        came = short_date(appeal.writing.received_on)
        raise Mistake("The appeal had not come in yet.", beside={"held_on": f"It came in on {came}."})
    law = work.book.on(appeal.writing.received_on).appeal
    following_up.keep(
        FollowUpKind.HEARING_HELD,
        appeal.ref,
        work,
        words=sent.text("words"),
        particulars={"Were they heard?": CAME[sent.text("came")]},
        rules=(law.rule_of("hearing", level=appeal.level),),
        on=held,
    )
    if sent.text("came") == "came":
        work.start_clocks(Event.APPEAL_HEARD, case=appeal.ref, on=held, level=appeal.level)
    work.touch(appeal.ref)
    return Reply(cards=cases.private(appeal.ref, work), headline="Kept.", about=appeal.ref)


def _to_hear(sent: Submission, work: Work) -> ReceivedAppeal:
    """An appeal that waits, for whoever answers it, where the policy gives a hearing.

    :raises Refusal: it gives none
    """
    appeal = appeal_levels.waiting(sent, work)
    if not appeal_notes.rule_at(appeal, work).hearing:
        raise Refusal("The policy gives no hearing at this level of appeal. Nothing was changed.")
    return appeal
