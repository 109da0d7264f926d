"""Dull cases to start a test from; what a test is about, it says itself.

Every builder fills in everything and takes any field by its name. Ids and references are counted, so a failing test
fails the same way twice. Unless told otherwise, things belong to ELM and happened at NOON on DAY.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from bot.cases.account import Author, Confidence, HandleLink, OfficialAccount
from bot.cases.block import DecidedBlock, Decision, Done, Execution, GroundClaim, RequestedBlock
from bot.cases.clock import Clock, Snooze
from bot.cases.correction import Correction
from bot.cases.disposal import ProposedDisposal, Removed, Tombstone
from bot.cases.hold import Cause, Hold, Scope
from bot.cases.incident import AskedRemoval, ConfirmedRemoval, Evidence, Incident, Outcome, Reason
from bot.cases.library import Library, Place
from bot.cases.notice import Notice, Telling
from bot.cases.task import Task, TaskKind
from bot.people import Grant, Identity, Person
from bot.policy.book import Practice
from bot.policy.terms import Action, Channel, ClockKind, Event, Role, Track
from bot.ports import Address, Draft, Handled, Message, MessageKind, PostedCard, Reminder
from bot.records.ledger import Entry, Head, Told, entry
from bot.refusal import Citation

DAY = date(2026, 3, 3)
NOON = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
"""Noon of DAY in New York."""

T = TypeVar("T")

_ids = count(1)
_refs = count(1)


def an_id() -> UUID:
    """An id nobody else has in this run."""
    return UUID(int=next(_ids))


def a_ref(letter: str) -> str:
    """A reference nobody else has in this run."""
    return f"{letter}-2026-{next(_refs):04}"


def _made(kind: Callable[..., T], dull: dict[str, Any], said: dict[str, object]) -> T:
    return kind(**{**dull, **said})


def a_library(**said: object) -> Library:
    places = {channel: Place(platform="practice", tenant="elm", channel=channel.value) for channel in Channel}
    dull: dict[str, Any] = {
        "id": an_id(),
        "name": "Elm Public Library",
        "zone": "America/New_York",
        "state": "MA",
        "channels": places,
    }
    return _made(Library, dull, said)


ELM = a_library(id=UUID("00000000-0000-4000-8000-00000000e1a0"))
BIRCH = a_library(id=UUID("00000000-0000-4000-8000-00000000b14c"), name="Birch Public Library")
"""Another library in the same database. Nothing of it may ever show at Elm."""


def a_grant(role: Role = Role.REPORTER, **said: object) -> Grant:
    return _made(Grant, {"role": role, "since": date(2020, 1, 1)}, said)


def a_person(*roles: Role, **said: object) -> Person:
    name = str(said.get("name", "Robin"))
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "name": name,
        "grants": tuple(a_grant(role) for role in roles or (Role.REPORTER,)),
        "identities": (an_identity(user=f"{name.casefold()}-{next(_refs)}"),),
    }
    return _made(Person, dull, said)


def an_identity(**said: object) -> Identity:
    return _made(Identity, {"platform": "practice", "tenant": "elm", "user": "robin"}, said)


def an_account(**said: object) -> OfficialAccount:
    return _made(
        OfficialAccount, {"id": an_id(), "library": ELM.id, "platform": "Facebook", "name": "Elm Library"}, said
    )


def an_author(**said: object) -> Author:
    return _made(Author, {"id": an_id(), "library": ELM.id, "platform": "Facebook", "handle": "reader42"}, said)


def a_link(first: UUID, second: UUID, **said: object) -> HandleLink:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "first": first,
        "second": second,
        "confidence": Confidence.CONFIRMED,
        "basis": "says so in the profile",
        "linked_by": an_id(),
        "linked_at": NOON,
    }
    return _made(HandleLink, dull, said)


def an_evidence(raw: bytes = b"a picture", **said: object) -> Evidence:
    dull: dict[str, Any] = {
        "sha256": sha256(raw).hexdigest(),
        "media_type": "image/png",
        "name": "screen.png",
        "size": len(raw),
    }
    return _made(Evidence, dull | {"kept_at": NOON}, said)


def an_incident(**said: object) -> Incident:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "ref": a_ref("I"),
        "version": 1,
        "track": Track.VIOLATION,
        "outcome": Outcome.LEFT_UP,
        "account": an_id(),
        "reported_by": an_id(),
        "reported_at": NOON,
        "reported_on": DAY,
        "fingerprint": f"{next(_refs):064x}",
        "batch": an_id(),
    }
    return _made(Incident, dull, said)


def an_asked_removal(**said: object) -> AskedRemoval:
    dull: dict[str, Any] = {
        "outcome": Outcome.REMOVED,
        "reason": Reason(clauses=("spam",), observations=("sells",)),
        "asked_by": an_id(),
        "asked_at": NOON,
    }
    return _made(AskedRemoval, dull, said)


def a_confirmed_removal(**said: object) -> ConfirmedRemoval:
    dull: dict[str, Any] = {"asked": an_asked_removal(), "done_on": DAY, "confirmed_by": an_id(), "confirmed_at": NOON}
    return _made(ConfirmedRemoval, dull, said)


def a_removed_incident(**said: object) -> Incident:
    dull: dict[str, Any] = {
        "outcome": Outcome.REMOVED,
        "removal": a_confirmed_removal(),
        "text": "Buy my watches",
        "author": an_id(),
    }
    return _made(an_incident, dull, said)


def a_requested_block(**said: object) -> RequestedBlock:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "ref": a_ref("B"),
        "version": 1,
        "authors": (an_id(),),
        "accounts": (an_id(),),
        "grounds": (GroundClaim(code="repeated"),),
        "reason": "Third time this month.",
        "requested_by": an_id(),
        "requested_at": NOON,
        "requested_on": DAY,
    }
    return _made(RequestedBlock, dull, said)


def a_decided_block(requested: RequestedBlock | None = None, **said: object) -> DecidedBlock:
    dull: dict[str, Any] = {
        "requested": requested or a_requested_block(),
        "version": 1,
        "decision": Decision.APPROVED,
        "reason": "As requested.",
        "decided_by": an_id(),
        "decided_as": "director",
        "decided_at": NOON,
        "decided_on": DAY,
        "under": None,
        "pack": "elm/2023-03-06",
    }
    return _made(DecidedBlock, dull, said)


def an_execution(block: str, **said: object) -> Execution:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "block": block,
        "account": an_id(),
        "done": Done.MADE,
        "done_on": DAY,
        "confirmed_by": an_id(),
        "confirmed_at": NOON,
    }
    return _made(Execution, dull, said)


def a_task(**said: object) -> Task:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "case": "I-2026-0001",
        "kind": TaskKind.LOOK,
        "role": Role.EDITOR,
        "opened_at": NOON,
        "due": DAY,
    }
    return _made(Task, dull, said)


def a_clock(**said: object) -> Clock:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "case": "I-2026-0001",
        "name": "appeal_by",
        "event": Event.CONTENT_REMOVED,
        "happened_on": DAY,
        "kind": ClockKind.RIGHT,
        "due": date(2026, 3, 18),
        "proof": ("Removed on 3 March 2026.", "15 days later is 18 March 2026."),
        "started_at": NOON,
        "next_at": NOON,
    }
    return _made(Clock, dull, said)


def a_reminder(**said: object) -> Reminder:
    dull: dict[str, Any] = {
        "library": ELM.id,
        "key": f"step-{next(_refs)}",
        "clock": an_id(),
        "case": "I-2026-0001",
        "name": "appeal_by",
        "step": "T-2",
        "message": "daily:records:2026-03-03",
        "day": DAY,
        "due": date(2026, 3, 18),
    }
    return _made(Reminder, dull, said)


def a_snooze(**said: object) -> Snooze:
    return _made(Snooze, {"library": ELM.id, "person": an_id(), "clock": an_id(), "until": DAY}, said)


def a_notice(**said: object) -> Notice:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "case": "I-2026-0001",
        "act": Action.REMOVE,
        "telling": Telling.TOLD,
        "by": an_id(),
        "at": NOON,
        "on": DAY,
    }
    return _made(Notice, dull, said)


def a_correction(**said: object) -> Correction:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "case": "I-2026-0001",
        "detail": "done_on",
        "before": "2026-03-03",
        "after": "2026-03-02",
        "reason": "It was late at night.",
        "by": an_id(),
        "at": NOON,
    }
    return _made(Correction, dull, said)


def a_practice(**said: object) -> Practice:
    return _made(Practice, {"key": "appeal_by", "value": "30 days", "approved_by": "Ada", "approved_on": DAY}, said)


def a_message(**said: object) -> Message:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "key": f"case-{next(_refs)}",
        "kind": MessageKind.CASE,
        "about": "I-2026-0001",
        "next_at": NOON,
        "channel": Channel.DECISIONS,
    }
    return _made(Message, dull, said)


def a_posted_card(**said: object) -> PostedCard:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "about": "I-2026-0001",
        "kind": MessageKind.CASE,
        "address": Address(platform="practice", tenant="elm", channel="decisions"),
        "message": "1700000000.000100",
        "key": f"case-{next(_refs)}",
        "channel": Channel.DECISIONS,
    }
    return _made(PostedCard, dull, said)


def a_draft(**said: object) -> Draft:
    dull: dict[str, Any] = {
        "token": f"draft-{next(_refs)}",
        "library": ELM.id,
        "person": an_id(),
        "intent": "incident.report",
        "subject": "",
        "version_seen": None,
        "page": 1,
        "values": {"text": ("Buy my watches",), "clauses": ()},
        "begun_at": NOON,
        "touched_at": NOON,
    }
    return _made(Draft, dull, said)


def a_handled(**said: object) -> Handled:
    return _made(
        Handled, {"library": ELM.id, "key": f"key-{next(_refs)}", "about": "I-2026-0001", "by": None, "at": NOON}, said
    )


def an_entry(
    head: Head | None = None, *, case: str = "", library: UUID = ELM.id, payload: bytes = b'{"after":{}}'
) -> Entry:
    """The entry that follows a head; the first one, if none is given."""
    told = Told(at=NOON, actor=str(UUID(int=7)), role="editor", action="incident.report", case=case)
    return entry(head or Head(), told, payload, library=library, salt=b"salt of this one")


def a_hold(**said: object) -> Hold:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "ref": "H-2026-0001",
        "version": 1,
        "scope": Scope.CASE,
        "subject": "I-2026-0001",
        "cause": Cause.LITIGATION,
        "reason": "a letter from a lawyer",
        "placed_by": an_id(),
        "placed_at": NOON,
        "placed_on": DAY,
    }
    return _made(Hold, dull, said)


ONE_YEAR = Citation(rule="C45", label="Deleted posts are kept for a year", source="Policy, Deletion")


def a_proposal(**said: object) -> ProposedDisposal:
    dull: dict[str, Any] = {
        "id": an_id(),
        "library": ELM.id,
        "ref": "D-2026-0001",
        "version": 1,
        "records": ("I-2025-0001", "B-2025-0001"),
        "authority": "RCB-7",
        "reason": "the year is over",
        "proposed_by": an_id(),
        "proposed_as": "director",
        "proposed_at": NOON,
        "proposed_on": DAY,
        "under": ONE_YEAR,
        "pack": "chicopee 2023-03-06",
    }
    return _made(ProposedDisposal, dull, said)


def a_removed_record(**said: object) -> Removed:
    dull: dict[str, Any] = {
        "ref": "I-2025-0001",
        "of": "I-2025-0001",
        "kind": "report",
        "began_on": date(2025, 1, 15),
        "kept_through": date(2026, 1, 15),
        "under": ONE_YEAR,
        "pack": "chicopee 2023-03-06",
        "entries": 7,
        "digest": "ab" * 32,
        "files": ("cd" * 32, "ef" * 32),
        "kept_files": ("ef" * 32,),
        "rows": {"incident": 1, "clock": 2},
    }
    return _made(Removed, dull, said)


def a_tombstone(**said: object) -> Tombstone:
    dull: dict[str, Any] = {
        "library": ELM.id,
        "ref": "I-2025-0001",
        "of": "I-2025-0001",
        "kind": "report",
        "began_on": date(2025, 1, 15),
        "kept_through": date(2026, 1, 15),
        "under": ONE_YEAR,
        "pack": "chicopee 2023-03-06",
        "certificate": "D-2026-0001",
        "disposed_on": DAY,
        "entries": 7,
    }
    return _made(Tombstone, dull, said)
