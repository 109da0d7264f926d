"""The letter about an appeal: the answer, or the acknowledgement of a second appeal of the same act.

Only the recorded sending of the answer meets the date by which an appeal is answered; deciding alone does not.
"""

from datetime import date

from bot.cases.appeal import Appeal, DecidedAppeal, received
from bot.cases.clock import ClockState
from bot.clocks.calendar import short_date
from bot.features import appeal_levels, second_appeals
from bot.letters import acknowledgement, appeal_answer, appeal_ended
from bot.policy.terms import Channel, ClockName, Role
from bot.refusal import Mistake, Refusal
from bot.work import Work


def require(ref: str, work: Work) -> None:
    """Refuse unless the actor answers this appeal, or is the Director.

    :raises Refusal: with who may
    """
    if not work.actor.has(Role.DIRECTOR, on=work.today):
        appeal_levels.require_answerer(work.shelves.appeals.by_ref(ref), work)


def text(ref: str, work: Work) -> str:
    """The text to send about an appeal as it stands.

    :raises Refusal: it is not answered yet, and is no second one
    """
    appeal: Appeal = work.appeal(ref)
    if isinstance(appeal, DecidedAppeal):
        return appeal_ended.text(appeal, work) if appeal.ended else appeal_answer.text(appeal, work)
    if appeal.second_of:
        return acknowledgement.text(appeal, work)
    raise Refusal(f"{ref} has not been answered yet, so there is nothing to send.")


def law_day(ref: str, work: Work) -> date:
    """The day whose policy says whether the person has to be told: the day the appeal came in."""
    return received(work.appeal(ref)).writing.received_on


def check_day(ref: str, on: date, work: Work) -> None:
    """Refuse a day of sending that lies before the answer.

    :raises Mistake: it does
    """
    appeal: Appeal = work.appeal(ref)
    first = appeal.ruling.on if isinstance(appeal, DecidedAppeal) else received(appeal).writing.received_on
    if on < first:
        ended = isinstance(appeal, DecidedAppeal) and appeal.ended
        answered = "It ended" if ended else "It was answered"
        what = answered if isinstance(appeal, DecidedAppeal) else "The appeal came in"
        raise Mistake(
            "It cannot have been sent before that.",
            beside={"sent_on": f"{what} on {short_date(first)}; choose that day or a later one."},
        )


def settled(ref: str, on: date, work: Work, *, told: bool) -> None:
    """The answer was sent, which meets its date; or, where the policy leaves that open, it was decided not to send it.

    A date that nobody will meet any more because nobody is told no longer counts; it is not met. Of a second appeal the
    acknowledgement is settled, which is the end of it where the first answer is final.
    """
    appeal: Appeal = work.appeal(ref)
    if not isinstance(appeal, DecidedAppeal):
        second_appeals.settled(appeal, on, work, told=told)
        return
    for clock in work.shelves.clocks.of_case(ref):
        if clock.name.startswith(ClockName.DECIDE_APPEAL_BY) and clock.state is ClockState.RUNNING:
            work.save(clock.stop(ClockState.MET if told else ClockState.VOID), before=clock)
    if told:
        work.tell(Channel.DECISIONS, about=ref, headline=f"The answer was sent on {short_date(on)}.")
