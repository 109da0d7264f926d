"""The letters to a blocked person who asks to come back: that it came too early and is kept, and the answer.

The early one gives the day and says that nobody has to write again. The answer says where they may come back and on
what conditions, or that the block stays, and why; of asking again it says only what the policy says. Patrons never
read "incident", "case" or "subject".
"""

from bot.cases.appeal import Form
from bot.cases.block import Done, in_force_on
from bot.cases.clock import Clock, ClockState
from bot.cases.reinstatement import DecidedReinstatement, Reinstatement, RequestedReinstatement, requested
from bot.clocks.calendar import long_date, short_date
from bot.clocks.counting import add
from bot.policy.terms import ClockName
from bot.refusal import Refusal
from bot.work import Work

CAME: dict[Form, str] = {
    Form.LETTER: "letter",
    Form.EMAIL: "e-mail",
    Form.MESSAGE: "message",
    Form.DICTATED: "request",
}
"""What came in, as the patron calls it."""


def text(request: Reinstatement, work: Work) -> str:
    """The text to send: the answer; before that, of one that came early, that it is kept.

    :raises Refusal: it waits for its answer, so there is nothing to tell yet
    """
    if isinstance(request, RequestedReinstatement) and not request.early:
        raise Refusal(f"{request.ref} has not been answered yet, so there is nothing to tell.")
    paper = requested(request).writing
    came = f"Your {CAME[paper.form]} came in on {long_date(paper.received_on)}. You ask to come back to our pages."
    said = _answer(request, work) if isinstance(request, DecidedReinstatement) else _early(request, work)
    return "\n\n".join([came, *said])


def _early(request: RequestedReinstatement, work: Work) -> list[str]:
    """The day from which it can be asked, and from which day that is counted; what became of it as an appeal."""
    opens = _clock(request.block, ClockName.REINSTATEMENT_FROM, work)
    day = opens.due if opens else request.eligible_on
    said = (
        f"You may ask to come back from {long_date(day)} on" if day else "It came before the day from which you may ask"
    )
    counted = f", counted from {short_date(opens.happened_on)}, when the block began" if opens else ""
    rule = work.book.on(request.writing.received_on).reinstatement
    cited = work.book.cite(rule.rule, on=request.writing.received_on) if rule.rule else None
    again = "You do not need to write again. What you wrote is kept, and from that day on it is read as your request."
    return [
        f"{said}{counted}.",
        *([f"The rule: {cited.sentence or cited.label} ({cited.source})"] if cited else []),
        f"{again} Until it is answered the block stays.",
        *_appeal(request, work),
    ]


def _appeal(request: RequestedReinstatement, work: Work) -> list[str]:
    if request.appeal.startswith("A-"):
        return ["We have taken what you wrote as an appeal of the block as well; that gets an answer of its own."]
    until = _clock(request.block, ClockName.APPEAL_BY, work)
    if until is None or until.due < work.today or work.shelves.appeals.against(request.block):
        return []
    filed_with = work.pack.appeal.filed_with
    to = f" to the {work.title(filed_with)}" if filed_with else ""
    return [
        f"If you also want to challenge the block itself, you may appeal in writing{to} until {short_date(until.due)}."
    ]


def _answer(request: DecidedReinstatement, work: Work) -> list[str]:
    why = f"Why: {request.reason}"
    if request.granted_on is None:
        return ["You are not blocked from our pages.", why]
    if not request.granted_on:
        return ["The block stays.", why, *_again(request, work)]
    block = request.requested.block
    done = work.shelves.blocks.executions(block)
    blocked = in_force_on(done)
    lifted = {one.account: one.done_on for one in done if one.done is Done.LIFTED and one.account not in blocked}
    where = [
        f"{account.label} (the block was lifted on {short_date(lifted[account.id])})"
        if account.id in lifted
        else account.label
        for account in work.accounts
        if account.id in request.granted_on
    ]
    stays = [account.label for account in work.accounts if account.id in blocked - set(request.granted_on)]
    return [
        f"You may come back to: {', '.join(where)}.",
        *(["A member of staff lifts the block by hand."] if not lifted.keys() >= set(request.granted_on) else []),
        *([f"The conditions: {request.conditions}"] if request.conditions else []),
        *([f"You stay blocked from: {', '.join(stays)}."] if stays else []),
        why,
    ]


def _again(request: DecidedReinstatement, work: Work) -> list[str]:
    """Whether they may ask again, where the policy says it."""
    came = request.requested.writing.received_on
    rule = work.book.on(came).reinstatement
    if rule.repeats is None:
        return []
    cited = work.book.cite(rule.rule, on=came)
    declined = request.granted_on == ()
    day = add(rule.wait.n, rule.wait.unit, request.ruling.on, work.calendar).day if rule.wait and declined else None
    again = f"You may ask again from {short_date(day)} on." if day else "You may ask again."
    said = again if rule.repeats else "The policy lets nobody ask twice about the same block."
    return [f"{said} ({cited.source})"]


def _clock(ref: str, name: ClockName, work: Work) -> Clock | None:
    return next(
        (
            clock
            for clock in work.shelves.clocks.of_case(ref)
            if clock.name.partition(".")[0] == name and clock.state is not ClockState.VOID
        ),
        None,
    )
