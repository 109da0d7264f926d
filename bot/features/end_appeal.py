"""An appeal ends without an answer: it is about nothing of ours, was taken back in writing, or is no appeal.

Whoever answers appeals ends it, with the reason; nothing ends by itself. Its date stops as ended, which is neither met
nor void, and it keeps no record from the disposal list any more. The person is told, unless nobody had appealed.
"""

from bot.cards import Field, FieldKind, Option, Page, Reply, Submission
from bot.cases.appeal import ANSWERS, ENDINGS, Answer, ReceivedAppeal
from bot.cases.clock import ClockState
from bot.cases.task import TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features import appeal_levels, appeal_order, while_open
from bot.features.rulings import ruling
from bot.policy.terms import Channel, Event
from bot.views import cases
from bot.views.appeals import act_label
from bot.work import Work

HINTS: dict[Answer, str] = {
    Answer.NOT_OURS: "Nothing that was taken down or blocked is what they write about; they are told so",
    Answer.WITHDRAWN: "Keep in the reason what they wrote, and when",
    Answer.MISTAKE: "It is no appeal, or is on file twice; nobody is written to",
}


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """How it ends, and why."""
    appeal = appeal_levels.waiting(sent, work)
    about = f" It is about {act_label(appeal.against, work)}." if appeal.against else ""
    return (
        Page(
            title="End it without an answer",
            intro=f"It came in on {short_date(appeal.writing.received_on)}.{about} What came in stays on file.",
            fields=(
                Field(
                    name="ending",
                    label="Why is there nothing to answer?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=tuple(
                        Option(
                            value=one.value, label=ANSWERS[one].removeprefix("ended: ").capitalize(), hint=HINTS[one]
                        )
                        for one in _open_to(appeal)
                    ),
                ),
                Field(
                    name="reason",
                    label="The reason",
                    kind=FieldKind.LONG_TEXT,
                    required=True,
                    hint="It stays on file. Where nothing of ours is meant, the person reads it.",
                    max_length=2000,
                ),
            ),
            submit="End it",
        ),
    )


def _label(ending: Answer) -> str:
    return ANSWERS[ending].removeprefix("ended: ").capitalize()


def _open_to(appeal: ReceivedAppeal) -> tuple[Answer, ...]:
    return tuple(one for one in ENDINGS if not (appeal.against and one is Answer.NOT_OURS))


def end(sent: Submission, work: Work) -> Reply:
    """End it; its date stops, nobody is asked for an answer any more, and the letter is asked for."""
    appeal = appeal_levels.waiting(sent, work)
    ending = Answer(sent.text("ending"))
    roles, under = appeal_levels.answered_by(appeal, work)
    ended = appeal.end(
        ending,
        reason=sent.text("reason"),
        ruling=ruling(roles, under, work, received_on=appeal.writing.received_on),
    )
    kept = work.save(ended, before=appeal)
    for clock in work.shelves.clocks.of_case(kept.ref):
        if clock.event is Event.APPEAL_RECEIVED and clock.state is ClockState.RUNNING:
            work.save(clock.stop(ClockState.ENDED), before=clock)
    asked = (TaskKind.DECIDE_APPEAL, TaskKind.CONSULT, TaskKind.MATCH_APPEAL, TaskKind.SEND_NOTICE)
    work.end_tasks(kept.ref, *asked, state=TaskState.VOID)
    if ending is not Answer.MISTAKE:
        work.ask_for(TaskKind.SEND_NOTICE, case=kept.ref, role=appeal_levels.asked_of(roles))
    if appeal.against:
        appeal_order.look_again(appeal.against, work)
        while_open.about_something_else(appeal.against, work)
        work.touch(appeal.against)
    headline = f"Ended by {work.actor.name}: {ANSWERS[ending]}."
    work.tell(Channel.DECISIONS, about=kept.ref, headline=headline)
    letter = "" if ending is Answer.MISTAKE else " The letter is next."
    return Reply(cards=cases.private(kept.ref, work), headline=f"Kept: {ANSWERS[ending]}.{letter}", about=kept.ref)
