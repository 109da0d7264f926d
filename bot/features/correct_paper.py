"""Put right the day on which a patron's paper came in; what ran from it is proved again."""

from dataclasses import replace
from uuid import uuid4

from bot.cards import Field, FieldKind, Page, Reply, Submission
from bot.cases.appeal import DecidedAppeal, ReceivedAppeal
from bot.cases.correction import Correction
from bot.cases.reinstatement import DecidedReinstatement, RequestedReinstatement
from bot.features import appeal_order, reinstatement
from bot.policy.terms import Event
from bot.refusal import Mistake, Refusal
from bot.views import cases
from bot.work import Work

LABEL = "The day it came in"


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The right day, and why the other was wrong."""
    paper = _waiting(sent.subject.strip().upper(), work)
    return (
        Page(
            title=f"Correct {paper.ref}",
            intro="What was kept stays on file; the correction is added with its reason.",
            fields=(
                Field(
                    name="value",
                    label="It came in on",
                    kind=FieldKind.DATE,
                    required=True,
                    latest=work.today,
                    initial=(paper.writing.received_on.isoformat(),),
                ),
                Field(
                    name="reason", label="Why was it wrong?", kind=FieldKind.LONG_TEXT, required=True, max_length=1000
                ),
            ),
            submit="Correct",
        ),
    )


def correct(sent: Submission, work: Work) -> Reply:
    """Keep the right day. A date somebody was told is never shortened by it."""
    ref = sent.subject.strip().upper()
    paper = _waiting(ref, work)
    day = sent.day("value") or paper.writing.received_on
    if day == paper.writing.received_on:
        raise Mistake("That is what it says already.", beside={"value": "Nothing would change."})
    fixed = replace(paper, writing=replace(paper.writing, received_on=day))
    fixed.writing.check(today=work.today)
    saved = work.save(fixed, before=paper)
    work.save(
        Correction(
            id=uuid4(),
            library=work.library.id,
            case=ref,
            detail=LABEL,
            before=paper.writing.received_on.isoformat(),
            after=day.isoformat(),
            reason=sent.text("reason"),
            by=work.actor.id,
            at=work.now,
        )
    )
    if isinstance(saved, ReceivedAppeal):
        work.start_clocks(Event.APPEAL_RECEIVED, case=ref, on=day, level=saved.level)
        if saved.against:
            appeal_order.look_again(saved.against, work)
    elif saved.block:
        reinstatement.judge_again(saved.block, work)
    else:
        work.start_clocks(Event.REINSTATEMENT_REQUESTED, case=ref, on=day)
    return Reply(cards=cases.private(ref, work), headline="Corrected. What it said before stays on file.", about=ref)


def _waiting(ref: str, work: Work) -> ReceivedAppeal | RequestedReinstatement:
    """A paper that still waits for its answer, for somebody who may open it."""
    found = work.appeal(ref) if ref.startswith("A-") else work.reinstatement(ref)
    if isinstance(found, DecidedAppeal | DecidedReinstatement):
        raise Refusal(f"{ref} has been answered, so the day it came in stays as the answer had it.")
    return found
