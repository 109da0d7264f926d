"""Reports behind a wall: child safety, and the conduct of staff and trustees. No channel hears of them."""

from dataclasses import replace
from uuid import uuid4

from bot.cards import Note, Reply, Submission, Tone
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import Incident, Outcome, fingerprint
from bot.features import child_safety, report_pages, staff_conduct, what_follows
from bot.features.following_up import cited, keep, rules_of
from bot.people import WALLED, Power
from bot.policy.terms import Role, Track
from bot.records.kept import text_hash
from bot.refusal import Mistake
from bot.views import cases
from bot.work import Work


def _walled(
    sent: Submission, work: Work, track: Track, *, about_director: bool = False, copy: bool = False
) -> Incident:
    account = report_pages.listed_account(sent, work)
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
    """Send a confidential report to whom it belongs; what the policy leaves alone is not kept with it."""
    work.require(Power.REPORT)
    alone = report_pages.leaves_alone(sent, track, work)
    if not alone and not (sent.text("links") or sent.text("text")):
        raise Mistake("What is it about?", beside={"text": "Give the link of the one post, or its words."})
    about_director = track is Track.STAFF_CONDUCT and sent.yes("about_director")
    incident = _walled(sent, work, track, about_director=about_director, copy=not alone)
    offered = {rule.id for rule in staff_conduct.rules_on_conduct(track, work)}
    named = tuple(one for one in sent.chosen("conduct_rules") if one in offered)
    keep(
        FollowUpKind.ASKED_FIRST,
        incident.ref,
        work,
        particulars={
            "May break": "; ".join(work.pack.rule(one).label for one in named),
            "Public concern": staff_conduct.UNSURE.get(sent.text("public_concern"), ""),
            "Several trustees": sent.text("several"),
            "Harm to the library's work": "" if alone else sent.text("harm"),
        },
        rules=tuple(dict.fromkeys((*rules_of(*staff_conduct.SPEECH, work=work), *named))),
    )
    to = Role.DIRECTOR if track is Track.STAFF_CONDUCT and not about_director else Role.BOARD_CHAIR
    told = what_follows.report_up(incident, sent.text("supervisor"), work, seen=what_follows.seen_on(incident))
    if not any(person.has(to, on=work.today) for person in told):
        work.tell_role(to, about=incident.ref, headline="A confidential report is waiting for you.")
    staff_conduct.ask_to_review(incident, work)
    [card] = cases.private(incident.ref, work)
    return Reply(
        cards=(replace(card, notes=(*card.notes, *_why_nothing(sent, alone=alone, work=work))),),
        headline=f"Saved as {incident.ref}.",
        about=incident.ref,
    )


def _why_nothing(sent: Submission, *, alone: bool, work: Work) -> tuple[Note, ...]:
    """Why nothing of a personal account was kept, with the clause that leaves it alone."""
    if not alone:
        return ()
    said = "It was on a personal account, so no words, link or picture were kept."
    staff = sent.text("track") == Track.STAFF_CONDUCT
    return (*(cited("personal_accounts", work) if staff else ()), Note(text=said, tone=Tone.WARNING))
