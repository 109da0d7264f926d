"""On which shelf each kind of record is kept."""

from collections.abc import Callable
from typing import Any

from bot.cases.absence import Absence
from bot.cases.account import Author, HandleLink, OfficialAccount
from bot.cases.appeal import DecidedAppeal, ReceivedAppeal, Restoration
from bot.cases.block import DecidedBlock, Execution, RequestedBlock
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
from bot.cases.reinstatement import DecidedReinstatement, RequestedReinstatement
from bot.cases.standard_reply import StandardReply
from bot.cases.task import Task
from bot.cases.upkeep import Attestation, Upkeep
from bot.people import Person
from bot.policy.book import Practice
from bot.ports import Shelves
from bot.records.kept import Record


def put(record: Record, shelves: Shelves) -> None:
    """Keep a record on its shelf.

    :raises Stale: it has versions, and somebody else saved the one before meanwhile
    """
    puts: dict[type[Any], Callable[[Any], None]] = {
        Incident: shelves.incidents.put,
        RequestedBlock: shelves.blocks.put,
        DecidedBlock: shelves.blocks.put,
        Execution: shelves.blocks.put_execution,
        ReceivedAppeal: shelves.appeals.put,
        DecidedAppeal: shelves.appeals.put,
        Restoration: shelves.appeals.put_restoration,
        Consultation: shelves.appeals.put_consultation,
        Memo: shelves.appeals.put_memo,
        View: shelves.appeals.put_view,
        Advice: shelves.appeals.put_advice,
        RequestedReinstatement: shelves.reinstatements.put,
        DecidedReinstatement: shelves.reinstatements.put,
        Absence: shelves.registry.put_absence,
        Hold: shelves.docket.put_hold,
        ProposedDisposal: shelves.docket.put,
        Certificate: shelves.docket.put,
        DeclinedDisposal: shelves.docket.put,
        Task: shelves.tasks.put,
        Clock: shelves.clocks.put,
        Notice: shelves.papers.put_notice,
        Correction: shelves.papers.put_correction,
        FollowUp: shelves.papers.put_follow_up,
        StandardReply: shelves.papers.put_reply,
        Author: shelves.authors.put,
        HandleLink: shelves.authors.put_link,
        OfficialAccount: shelves.registry.put_account,
        Person: shelves.registry.put_person,
        Library: shelves.registry.put_library,
        Practice: shelves.registry.put_practice,
        Snooze: shelves.clocks.put_snooze,
        Upkeep: shelves.duties.put_upkeep,
        Attestation: shelves.duties.put_attestation,
        Permission: shelves.duties.put_permission,
        CheckedPost: shelves.duties.put_checked_post,
    }
    puts[type(record)](record)
