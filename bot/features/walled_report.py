"""Reports behind a wall: child safety, and the conduct of staff and trustees. No channel hears of them."""

from dataclasses import replace
from uuid import uuid4

from bot.cards import Note, Reply, Submission, Tone
from bot.cases.incident import Incident, Outcome, fingerprint
from bot.features import child_safety
from bot.features.report_pages import listed_account
from bot.people import WALLED, Power
from bot.policy.terms import Role, Track
from bot.records.kept import text_hash
from bot.views import cases
from bot.work import Work


def _walled(
    sent: Submission, work: Work, track: Track, *, about_director: bool = False, copy: bool = False
) -> Incident:
    account = listed_account(sent, work)
    text = sent.text("text") if copy else ""
    link = sent.text("links") if copy or track is Track.CHILD_SAFETY else ""
    incident = Incident(
        id=uuid4(),
        library=work.library.id,
        ref=work.next_ref("I"),
        version=0,
        track=track,
        outcome=Outcome.PLEASE_LOOK,
        account=account.id if account else None,
        reported_by=work.actor.id,
        reported_at=work.now,
        reported_on=work.today,
        fingerprint="",
        batch=uuid4(),
        link=link,
        text=text,
        text_sha256=text_hash(text),
        posted_on=sent.day("posted_on"),
        about_director=about_director,
    )
    return work.save(incident)


def report_child_safety(sent: Submission, work: Work) -> Reply:
    """Alert the Director and the duty person at any hour. Nothing is copied and nothing goes to a channel.

    An earlier report of the same link goes behind the wall too, and what was copied with it goes.
    """
    work.require(Power.REPORT)
    child_safety.drop_files(sent, work)
    incident = _walled(sent, work, Track.CHILD_SAFETY)
    earlier = work.shelves.incidents.with_fingerprint(fingerprint(account="", link=incident.link, text="", author=""))
    if earlier is not None and earlier.track not in WALLED:
        child_safety.wall_off(earlier, work)
    return child_safety.alert(incident, work)


def report_conduct(sent: Submission, work: Work, track: Track) -> Reply:
    """Send a confidential report to whom it belongs; of a personal account nothing is kept but that it was reported."""
    work.require(Power.REPORT)
    ours = sent.text("where") == "ours"
    about_director = track is Track.STAFF_CONDUCT and sent.yes("about_director")
    incident = _walled(sent, work, track, about_director=about_director, copy=ours)
    to = Role.DIRECTOR if track is Track.STAFF_CONDUCT and not about_director else Role.BOARD_CHAIR
    work.tell_role(to, about=incident.ref, headline="A confidential report is waiting for you.")
    notes = []
    personal = next((duty for duty in work.pack.duties if duty.code == "personal_accounts"), None)
    if not ours and personal is not None and personal.rule:
        notes.append(Note.of(work.book.cite(personal.rule, on=work.today)))
    if not ours:
        notes.append(
            Note(text="It was on a personal account, so no words, link or picture were kept.", tone=Tone.WARNING)
        )
    [card] = cases.private(incident.ref, work)
    return Reply(
        cards=(replace(card, notes=(*card.notes, *notes)),), headline=f"Saved as {incident.ref}.", about=incident.ref
    )
