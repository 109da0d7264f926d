"""Close an item that stays up: its text and pictures go, its link and outcome stay."""

from dataclasses import replace

from bot.cards import Reply, Submission
from bot.cases.incident import Outcome
from bot.features.look_into import stays_up
from bot.features.what_follows import check_answered, drop_tasks
from bot.people import WALLED, Power, keeps_walled
from bot.refusal import Refusal
from bot.views import cases
from bot.work import Work


def close(sent: Submission, work: Work) -> Reply:
    """Close a report whose item was left up or is gone.

    :raises Refusal: something was taken down, it is closed already, or it is walled and was not brought to the actor
    """
    incident = work.incident(sent.subject.upper())
    walled = incident.track in WALLED
    if not walled:
        work.require(Power.CORRECT)
    elif not keeps_walled(work.actor, track=incident.track, about_director=incident.about_director, on=work.today):
        raise Refusal("This report is closed by those it was brought to. Nothing was changed.")
    if incident.closed_on is not None:
        raise Refusal(f"{incident.ref} is closed already.")
    if walled:
        closed = work.save(replace(incident, closed_on=work.today), before=incident)
        drop_tasks(closed, work)
        return Reply(cards=cases.private(closed.ref, work), headline="Closed.", about=closed.ref)
    if incident.removal is not None:
        raise Refusal(f"Something of {incident.ref} was taken down or is asked to be; it can't be closed as left up.")
    check_answered(incident, work)
    outcome = incident.outcome if incident.outcome is Outcome.GONE else Outcome.LEFT_UP
    return stays_up(incident, outcome, work)
