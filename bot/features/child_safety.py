"""Child safety: nothing is copied, nothing goes to a channel, the Director and the duty person hear of it at once.

What is on the card about whom to call: 911, and the CyberTipline of the National Center for Missing & Exploited
Children (18 U.S.C. 2258A names it), both open day and night.
"""

from dataclasses import replace

from bot.cards import Card, Reply, Submission
from bot.cases.incident import ConfirmedRemoval, Incident, Outcome
from bot.cases.task import TaskKind
from bot.features.what_follows import drop_tasks
from bot.policy.terms import Role, Track
from bot.views import cases
from bot.work import Work

NOT_COPIED = "what could show sexual abuse of a child is not copied"
WHAT_TO_DO = (
    "Do not copy, download, forward or describe it. Call the police (911, day or night) and report it to the "
    "NCMEC CyberTipline: 1-800-843-5678, day or night, or report.cybertip.org. Then tell the platform."
)


def alert(incident: Incident, work: Work) -> Reply:
    """Tell the Director and the duty person at any hour, and show whom to call, to whoever it was that noticed."""
    for role in (Role.DIRECTOR, Role.DUTY_PERSON):
        work.tell_role(role, about=incident.ref, headline="Child safety: please act now. Nothing was copied.")
    behind = Card(title=f"{incident.ref} is child safety now", body="The Director and the duty person were told.")
    cards = cases.private(incident.ref, work) if work.may_see(incident) else (behind,)
    return Reply(cards=cards, headline=f"Saved as {incident.ref}. {WHAT_TO_DO}", about=incident.ref)


def drop_files(sent: Submission, work: Work) -> None:
    """Have the round remove files that were added to the form before somebody saw what they could show."""
    for token in sent.chosen("pictures"):
        work.shelves.book.release_file(token.partition(".")[2], work.now)


def to_child_safety(incident: Incident, work: Work) -> Reply:
    """Put a report behind the wall and tell whom it concerns."""
    return alert(wall_off(incident, work), work)


def wall_off(incident: Incident, work: Work) -> Incident:
    """Put a report behind the wall: its words and pictures go, and its open tasks with them.

    That something was taken down, when, by whom and why stays on file; only what was merely asked for goes.
    """
    done = incident.removal if isinstance(incident.removal, ConfirmedRemoval) else None
    for kept in incident.evidence:
        work.shelves.book.release_file(kept.sha256, work.now)
    walled = replace(
        incident,
        track=Track.CHILD_SAFETY,
        outcome=incident.outcome if done else Outcome.PLEASE_LOOK,
        removal=done,
        author=incident.author if done else None,
        text="",
        evidence=(),
        copy_impossible=NOT_COPIED if done else "",
        fingerprint="",
        closed_on=None,
    )
    saved = work.save(walled, before=incident)
    asked = (TaskKind.LOOK, TaskKind.CONFIRM_REMOVAL, TaskKind.SEND_NOTICE)
    drop_tasks(saved, work, *asked)
    return saved
