"""What every removal needs and sets going: its reason; its clocks, its notice, its card."""

from datetime import date

from bot.cards import Submission
from bot.cases.incident import ACTIONS, EVENTS, OUTCOMES, Incident, Reason
from bot.cases.task import TaskKind
from bot.features import warn_person
from bot.features.notices import notice_after
from bot.people import Power
from bot.policy.pack import Pack
from bot.policy.terms import Channel, Role
from bot.refusal import Mistake, Refusal
from bot.work import Work


def reason_given(sent: Submission, clauses: tuple[str, ...], *, host_post: str, pack: Pack) -> Reason:
    """The reason as it was filled in, once it says something about this content.

    :raises Mistake: it does not, or the rule is judged against our own post and that, or a word on it, is missing
    """
    reason = Reason(clauses=clauses, observations=sent.chosen("observations"), words=sent.text("why"))
    reason.check({ground.code: ground.label for ground in pack.grounds})
    needs_post = [ground.label for ground in pack.grounds if ground.code in clauses and ground.asks_host_post]
    if needs_post and not host_post:
        raise Mistake(
            f"“{needs_post[0]}” needs our own post beside it.",
            beside={"host_post": "Say which post of ours it stands under, and in the reason what it misses."},
        )
    if needs_post and not reason.words:
        raise Mistake(
            f"“{needs_post[0]}” needs a word on what it misses.",
            beside={"why": "Say what it speaks of instead, and why that is not what this rule measures it against."},
        )
    return reason


def ask_to_confirm(incident: Incident, work: Work) -> None:
    """Ask the editors of the account to do, and confirm, what somebody asked for."""
    work.ask_for(TaskKind.CONFIRM_REMOVAL, case=incident.ref, role=Role.EDITOR, account=incident.account)
    before = work.pack.notice(ACTIONS[incident.outcome]).before
    first = " The policy asks that the person be told first." if before else ""
    work.tell(Channel.SOCIAL_MEDIA, about=incident.ref, headline=f"An editor is asked to confirm.{first}")


def confirm_removal(incident: Incident, *, done_on: date, work: Work) -> Incident:
    """An editor of the account confirms; the clocks start on the day it was done.

    :raises Refusal: the actor is no editor of that account
    """
    if incident.account is None:
        raise Refusal("Nothing can be taken down on an account that is not ours.")
    work.require(Power.CONFIRM, account=incident.account)
    confirmed = work.save(
        incident.confirm(done_on=done_on, by=work.actor.id, at=work.now, today=work.today), before=incident
    )
    work.end_tasks(incident.ref, TaskKind.CONFIRM_REMOVAL, TaskKind.LOOK)
    work.start_clocks(EVENTS[confirmed.outcome], case=confirmed.ref, on=done_on)
    notice_after(confirmed.ref, ACTIONS[confirmed.outcome], account=incident.account, work=work)
    warn_person.ask_after(confirmed, work)
    work.tell(
        Channel.SOCIAL_MEDIA, about=confirmed.ref, headline=f"An editor confirmed: {OUTCOMES[confirmed.outcome]}."
    )
    return confirmed
