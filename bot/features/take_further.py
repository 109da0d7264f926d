"""Take an appeal that was not answered in time to the next level, where the policy says that it goes there.

Nothing goes there by itself: whoever sees that the day has passed presses it, and the dates of that level run from the
day of the press.
"""

from dataclasses import replace

from bot.cards import Field, FieldKind, Page, Reply, Submission
from bot.cases.appeal import Appeal, DecidedAppeal, ReceivedAppeal
from bot.cases.follow_up import FollowUpKind
from bot.cases.task import TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features import appeal_levels, following_up
from bot.policy.pack import FurtherLevel
from bot.policy.terms import Channel
from bot.refusal import Refusal
from bot.views import appeal_notes, cases
from bot.work import Work


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Where it goes, under which clause, and anything to know with it."""
    appeal, level = _unanswered(sent, work)
    to = appeal_notes.called(level, appeal, work)
    return (
        Page(
            title="Take it to the next level",
            intro=f"{appeal.ref} was not answered in time. It goes to the {to}, and its dates there run from today.",
            fields=(
                Field(name="words", label="Anything they should know?", kind=FieldKind.LONG_TEXT, max_length=1000),
            ),
            notes=(appeal_notes.cited("if_missed", appeal, work),),
            submit="Take it there",
        ),
    )


def take(sent: Submission, work: Work) -> Reply:
    """Move it to the next level: its dates run from today, and whoever answers there is asked."""
    appeal, level = _unanswered(sent, work)
    law = work.book.on(appeal.writing.received_on).appeal
    rule = law.rule_of("if_missed", level=appeal.level)
    to = appeal_notes.called(level, appeal, work)
    following_up.keep(
        FollowUpKind.TAKEN_FURTHER,
        appeal.ref,
        work,
        words=sent.text("words"),
        particulars={"To": to},
        rules=(rule,),
    )
    kept = work.save(replace(appeal, level=level.level), before=appeal)
    work.end_tasks(kept.ref, TaskKind.CONSULT, state=TaskState.VOID)
    appeal_levels.heard_at(kept, appeal.level, work)
    headline = f"Not answered in time: taken to the {to}."
    work.tell(Channel.DECISIONS, about=kept.ref, headline=headline)
    work.touch(kept.against)
    return Reply(cards=cases.private(kept.ref, work), headline=headline, about=kept.ref)


def _unanswered(sent: Submission, work: Work) -> tuple[ReceivedAppeal, FurtherLevel]:
    """An appeal that goes further unanswered, and to which level, for whoever may take it there.

    :raises Refusal: it was answered, its day has not passed, or the policy does not take it further
    """
    appeal: Appeal = work.appeal(sent.subject.upper())
    if isinstance(appeal, DecidedAppeal):
        raise Refusal(f"{appeal.ref} was answered on {short_date(appeal.ruling.on)}; it goes no further by itself.")
    level = appeal_notes.goes_to(appeal, work)
    if level is None:
        raise Refusal(
            "Only an appeal that was not answered in time goes further so, where the policy says it does and it is "
            "known what it is about. Nothing was changed."
        )
    if not appeal_notes.may_take_further(appeal, level, work):
        raise Refusal("The library's staff, or whoever answers at the next level, take it there. Nothing was changed.")
    return appeal, level
