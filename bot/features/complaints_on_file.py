"""Complaints that are on file, where the policy protects them: the same item is not taken down under another name.

Two reports are of the same item when they have the same words, or links that differ only in how they were shared. A
removal that was asked for before somebody reported the item as a complaint is suspended; only the Director may say that
another rule is broken, on the report itself.
"""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from bot.cases.follow_up import FollowUpKind
from bot.cases.hold import tidy
from bot.cases.incident import NO_FAULT, AskedRemoval, ConfirmedRemoval, Incident, Outcome, tidy_link
from bot.cases.task import TaskKind, TaskState
from bot.features.following_up import keep
from bot.features.link_handles import unlink_reported_together
from bot.features.what_follows import begin, report_up, seen_on
from bot.policy.terms import Channel, Role, Track
from bot.records.kept import text_hash
from bot.refusal import Refusal
from bot.work import Work

PROTECTS = frozenset({*NO_FAULT, Track.THREAT, Track.CHILD_SAFETY})
"""Tracks on which something comes down to protect somebody; that an item also complains does not put it up again."""
SHARED = ("utm_", "ref", "share", "fbclid", "igsh", "gclid", "si", "mibextid")
"""How the names begin of what only says by which way a link came round."""


def check_no_complaint(link: str, text: str, work: Work, *, but: str = "") -> None:
    """Refuse to take down what is on file as a complaint, where the policy protects complaints.

    ``but`` is the report the removal itself is about.

    :raises Refusal: with the complaint, and the clause
    """
    if not work.pack.complaints.protected:
        return
    known = work.shelves.incidents.on_track(Track.COMPLAINT)
    found = next((one for one in known if one.ref != but and same_item(one, link, text)), None)
    if found is None:
        return
    raise Refusal(
        f"{found.ref} has the same words or the same link. It is a complaint, and the policy says complaints stay up. "
        "If this is another comment, give its own link and its own words; if it breaks another rule, the Director "
        "says so there. Nothing was changed.",
        under=work.book.cite(work.pack.complaints.rule, on=work.today),
    )


def asked_to_come_down(link: str, text: str, work: Work) -> Incident | None:
    """The report of the same item whose removal is asked for and not confirmed, where complaints are protected."""
    if not work.pack.complaints.protected:
        return None
    asked = (task.case for task in work.shelves.tasks.open() if task.kind is TaskKind.CONFIRM_REMOVAL)
    known = (work.shelves.incidents.by_ref(ref) for ref in dict.fromkeys(asked))
    return next((one for one in known if one and may_be_complaint(one) and same_item(one, link, text)), None)


def may_be_complaint(incident: Incident) -> bool:
    """Test whether an item on file may be taken for a complaint once somebody reports it as one."""
    return incident.track not in PROTECTS and (incident.removal is not None or incident.track is Track.VIOLATION)


def same_item(one: Incident, link: str, text: str) -> bool:
    """Test whether a report is of this item: the same words, or a link that differs only in how it was shared.

    Of a report that is closed only the hash of its words is left, so there they count as they were written.
    """
    if text and (text_hash(text) == one.text_sha256 or (one.text and tidy(text) == tidy(one.text))):
        return True
    return bool(link and one.link) and _same_link(one.link, link)


def _same_link(one: str, other: str) -> bool:
    first, second = tidy_link(one), tidy_link(other)
    if not first or first.partition("?")[0] != second.partition("?")[0]:
        return False
    asks, other_asks = _asks(first), _asks(second)
    return all(asks[name] == other_asks[name] for name in asks.keys() & other_asks.keys())


def _asks(link: str) -> dict[str, str]:
    """What stands after the question mark, without what only says how the link was shared."""
    return {
        name: value for name, value in parse_qsl(urlsplit(f"//{link}").query) if not name.casefold().startswith(SHARED)
    }


def is_now_a_complaint(incident: Incident, before: Incident, work: Work) -> Incident:
    """A complaint is made of an item that was to come down: suspend the removal and have the complaint taken up.

    What an editor confirmed already stays on file as done, and the Director is told.
    """
    if isinstance(incident.removal, ConfirmedRemoval):
        saved = work.save(incident, before=before)
        work.tell_role(Role.DIRECTOR, about=saved.ref, headline="What came down was then reported as a complaint.")
        if not any(one.kind is FollowUpKind.REPORTED_UP for one in work.shelves.papers.follow_ups(saved.ref)):
            report_up(replace(saved, track=Track.COMPLAINT), "", work, seen=seen_on(saved))
        return saved
    asked = incident.removal
    complaint = replace(
        incident, track=Track.COMPLAINT, outcome=Outcome.LEFT_UP, removal=None, author=None, closed_on=None
    )
    saved = work.save(complaint, before=before)
    unlink_reported_together(saved.ref, work)
    work.end_tasks(saved.ref, TaskKind.CONFIRM_REMOVAL, TaskKind.LOOK, state=TaskState.VOID)
    if isinstance(asked, AskedRemoval):
        _suspend(saved, asked, work)
    work.tell(Channel.SOCIAL_MEDIA, about=saved.ref, headline="It stays up: it is a complaint.")
    begin(saved, work)
    report_up(saved, "", work, seen=seen_on(saved))
    return saved


def _suspend(incident: Incident, asked: AskedRemoval, work: Work) -> None:
    pack = work.book.on(incident.judged_on)
    keep(
        FollowUpKind.REMOVAL_SUSPENDED,
        incident.ref,
        work,
        particulars={
            "Asked for by": work.name(asked.asked_by),
            "Under": "; ".join(pack.ground(code).label for code in asked.reason.clauses),
        },
        rules=(work.pack.complaints.rule,),
    )
    said = "The removal you asked for is suspended: it was reported as a complaint."
    work.tell_people([work.person(asked.asked_by)], about=incident.ref, headline=said)
    if asked.said_done_on is not None:
        work.tell_role(
            Role.DIRECTOR, about=incident.ref, headline="A complaint is said to have been taken down already."
        )
