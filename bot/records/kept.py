"""The records that are kept with an event: what the ledger calls each, and how it writes one down."""

from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter

from bot.cases.absence import Absence
from bot.cases.account import Author, HandleLink, OfficialAccount
from bot.cases.appeal import Appeal, DecidedAppeal, ReceivedAppeal, Restoration
from bot.cases.block import Block, DecidedBlock, Execution, RequestedBlock
from bot.cases.checked_post import CheckedPost
from bot.cases.clock import Clock, Snooze
from bot.cases.consultation import Advice, Consultation, Memo, View
from bot.cases.correction import Correction
from bot.cases.disposal import Certificate, DeclinedDisposal, ProposedDisposal
from bot.cases.follow_up import FollowUp
from bot.cases.hold import Hold
from bot.cases.incident import Incident
from bot.cases.library import Library
from bot.cases.notice import Notice
from bot.cases.permission import Permission
from bot.cases.reinstatement import DecidedReinstatement, Reinstatement, RequestedReinstatement
from bot.cases.standard_reply import StandardReply
from bot.cases.task import Task
from bot.cases.upkeep import Attestation, Upkeep
from bot.people import Person
from bot.policy.book import Practice

Case = Incident | Block | Appeal | Reinstatement
Record = (
    Incident
    | RequestedBlock
    | DecidedBlock
    | Execution
    | ReceivedAppeal
    | DecidedAppeal
    | Restoration
    | Consultation
    | Memo
    | View
    | Advice
    | RequestedReinstatement
    | DecidedReinstatement
    | Absence
    | Hold
    | ProposedDisposal
    | Certificate
    | DeclinedDisposal
    | Task
    | Clock
    | Notice
    | Correction
    | FollowUp
    | StandardReply
    | Upkeep
    | Attestation
    | Permission
    | CheckedPost
    | Author
    | HandleLink
    | OfficialAccount
    | Person
    | Library
    | Practice
    | Snooze
)

RECORDS: dict[type[Any], str] = {
    Incident: "incident",
    RequestedBlock: "block",
    DecidedBlock: "block",
    Execution: "execution",
    ReceivedAppeal: "appeal",
    DecidedAppeal: "appeal",
    Restoration: "restoration",
    Consultation: "consultation",
    Memo: "memo",
    View: "view",
    Advice: "advice",
    RequestedReinstatement: "reinstatement",
    DecidedReinstatement: "reinstatement",
    Absence: "absence",
    Hold: "hold",
    ProposedDisposal: "disposal",
    Certificate: "disposal",
    DeclinedDisposal: "disposal",
    Task: "task",
    Clock: "clock",
    Notice: "notice",
    Correction: "correction",
    FollowUp: "follow_up",
    StandardReply: "standard_reply",
    Upkeep: "upkeep",
    Attestation: "attestation",
    Permission: "permission",
    CheckedPost: "checked_post",
    Author: "author",
    HandleLink: "link",
    OfficialAccount: "account",
    Person: "person",
    Library: "library",
    Practice: "practice",
    Snooze: "snooze",
}
"""What each record is called in the ledger's headers."""


_KNOWN: dict[type[Any], TypeAdapter[Any]] = {}
"""Made as they are needed: to make all of them takes longer than most commands."""


def dumped(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any record
    """Every field of a record, as JSON."""
    kind = type(record)
    if kind not in _KNOWN:
        _KNOWN[kind] = TypeAdapter(kind)
    plain: dict[str, Any] = _KNOWN[kind].dump_python(record, mode="json")
    return plain


def as_json(record: Record) -> dict[str, Any]:
    """A record as the ledger keeps it: a patron's words by their hash, so that disposing of them leaves no copy."""
    plain = dumped(record)
    match record:
        case Incident():
            plain["text"] = record.text_sha256
        case ReceivedAppeal() | RequestedReinstatement():
            plain["writing"] |= {"words": text_hash(record.writing.words)}
        case DecidedAppeal():
            plain["received"]["writing"] |= {"words": text_hash(record.received.writing.words)}
        case DecidedReinstatement():
            plain["requested"]["writing"] |= {"words": text_hash(record.requested.writing.words)}
        case Memo():
            plain["text"] = text_hash(record.text)
        case _:
            pass
    return plain


def text_hash(text: str) -> str:
    """The hash by which the ledger knows a patron's words; empty for no words."""
    return sha256(text.encode()).hexdigest() if text else ""


def case_of(record: Record) -> str:
    """The reference of the case a record belongs to; empty for what belongs to the library."""
    match record:
        case (
            Incident()
            | RequestedBlock()
            | DecidedBlock()
            | ReceivedAppeal()
            | DecidedAppeal()
            | RequestedReinstatement()
            | DecidedReinstatement()
            | Hold()
            | ProposedDisposal()
            | Certificate()
            | DeclinedDisposal()
            | Upkeep()
            | Permission()
        ):
            return record.ref
        case Restoration() | Consultation() | Memo() | View() | Advice():
            return record.appeal
        case Execution():
            return record.block
        case Attestation():
            return record.upkeep
        case Task() | Clock() | Notice() | Correction() | FollowUp():
            return record.case
        case _:
            return ""
