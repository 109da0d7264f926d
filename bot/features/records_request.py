"""A public-records request that a hold was placed for: the day it came in, its date, and that it was answered.

Where the policy points to the public-records law, the days of that law run from when the request came in; they are
shown as the law's, not the policy's. Only a recorded answer stops them.
"""

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission, Tone
from bot.cases.clock import ClockState
from bot.cases.hold import Cause, Hold
from bot.features.following_up import stop
from bot.people import Power
from bot.policy.terms import Channel, ClockName, Event
from bot.refusal import Mistake, Refusal
from bot.views import holds as views
from bot.work import Work

ENDS = {"answered": ClockState.MET, "withdrawn": ClockState.VOID}


def came_in(cause: str, work: Work) -> tuple[Field, ...]:
    """The day the request came in, where a date follows from it."""
    if cause != Cause.RECORDS_REQUEST or not work.pack.clocks_on(Event.RECORDS_REQUESTED):
        return ()
    return (
        Field(
            name="came_in",
            label="The request came in on",
            kind=FieldKind.DATE,
            required=True,
            latest=work.today,
            initial=(work.today.isoformat(),),
        ),
    )


def whose_days(cause: str, work: Work) -> tuple[Note, ...]:
    """Which law sets the days, and where the policy points to it."""
    if cause != Cause.RECORDS_REQUEST:
        return ()
    rules = work.pack.clocks_on(Event.RECORDS_REQUESTED)
    if not rules:
        return (
            Note(text="The policy says nothing of public-records requests; no date is counted.", tone=Tone.MISSING),
        )
    return tuple(
        note
        for rule in rules
        for note in (
            Note(text=f"{rule.period} from outside the policy: {rule.authority}.", tone=Tone.WARNING),
            Note.of(work.book.cite(rule.rule, on=work.today)),
        )
    )


def begin(hold: Hold, sent: Submission, work: Work) -> None:
    """Start the days of the law on the hold."""
    day = sent.day("came_in")
    if hold.cause is Cause.RECORDS_REQUEST and day is not None:
        work.start_clocks(Event.RECORDS_REQUESTED, case=hold.ref, on=day)


def answered_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Answered, or withdrawn by whoever asked."""
    hold = _waiting(sent.subject, work)
    return (
        Page(
            title=f"The request behind {hold.ref}",
            intro="The hold stands until somebody releases it.",
            fields=(
                Field(
                    name="what",
                    label="What became of it?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=(
                        Option(value="answered", label="It was answered"),
                        Option(value="withdrawn", label="Whoever asked withdrew it"),
                    ),
                ),
            ),
            notes=whose_days(hold.cause, work),
        ),
    )


def answered(sent: Submission, work: Work) -> Reply:
    """End the days of the law."""
    hold = _waiting(sent.subject, work)
    what = sent.text("what")
    stop(hold.ref, work, ClockName.ANSWER_RECORDS_BY, state=ENDS[what])
    work.tell(Channel.RECORDS, about=hold.ref, headline=f"The public-records request was {what}.")
    return Reply(cards=(views.private(hold, work),), headline=f"Kept: {what}. {hold.ref} stands.", about=hold.ref)


def _waiting(subject: str, work: Work) -> Hold:
    work.require(Power.HOLD)
    hold = views.called(subject.strip().upper(), work)
    if hold is None:
        raise Mistake("There is no such hold. “holds” lists them.")
    if not views.request_runs(hold, work):
        raise Refusal(f"No public-records request waits behind {hold.ref}.")
    return hold
