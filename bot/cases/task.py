"""Task: something a person is asked to do. Its ladder is library practice, labelled so."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from bot.policy.terms import Role
from bot.refusal import Refusal


class TaskKind(StrEnum):
    """What is asked."""

    LOOK = "look"
    CONFIRM_REMOVAL = "confirm_removal"
    MAKE_BLOCK = "make_block"
    LIFT_BLOCK = "lift_block"
    ADOPT_OR_LIFT = "adopt_or_lift"
    DECIDE_BLOCK = "decide_block"
    SEND_NOTICE = "send_notice"
    MATCH_APPEAL = "match_appeal"
    CONSULT = "consult"
    DECIDE_APPEAL = "decide_appeal"
    RESTORE = "restore"
    SUSPEND = "suspend"
    RESUME = "resume"
    MATCH_REINSTATEMENT = "match_reinstatement"
    ALSO_APPEAL = "also_appeal"
    DECIDE_REINSTATEMENT = "decide_reinstatement"
    ANSWER = "answer"
    ACKNOWLEDGE = "acknowledge"
    CHECK_NOTICE = "check_notice"
    PUT_BACK = "put_back"
    DEAL_WITH = "deal_with"
    TELL_PLATFORM = "tell_platform"
    CORRECT_POST = "correct_post"
    REVIEW_CONDUCT = "review_conduct"
    REVIEW_CONDUCT_AS_CHAIR = "review_conduct_as_chair"
    ATTEST = "attest"
    AGREE = "agree"
    REGISTER_ACCOUNT = "register_account"
    ENTER_FINDING = "enter_finding"
    WARN_PERSON = "warn_person"


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    VOID = "void"


ASKED: dict[TaskKind, str] = {
    TaskKind.LOOK: "Look at a reported item",
    TaskKind.CONFIRM_REMOVAL: "Confirm what was done to an item",
    TaskKind.MAKE_BLOCK: "Make an approved block",
    TaskKind.LIFT_BLOCK: "Lift a block",
    TaskKind.ADOPT_OR_LIFT: "Adopt or lift a block already made",
    TaskKind.DECIDE_BLOCK: "Decide a block request",
    TaskKind.SEND_NOTICE: "Tell the person, or decide not to",
    TaskKind.MATCH_APPEAL: "Say which removal or block an appeal is about",
    TaskKind.CONSULT: "Choose how the Board is asked",
    TaskKind.DECIDE_APPEAL: "Answer an appeal",
    TaskKind.RESTORE: "Undo what was reversed",
    TaskKind.SUSPEND: "Undo something while its appeal is open",
    TaskKind.RESUME: "Do again what was undone while an appeal was open",
    TaskKind.MATCH_REINSTATEMENT: "Say which block a request to come back is about",
    TaskKind.ALSO_APPEAL: "Say whether a request to come back is also an appeal",
    TaskKind.DECIDE_REINSTATEMENT: "Answer a request to come back",
    TaskKind.ANSWER: "Answer somebody, or say why no answer is needed",
    TaskKind.ACKNOWLEDGE: "Take note of what was reported to you",
    TaskKind.CHECK_NOTICE: "Read a copyright notice",
    TaskKind.PUT_BACK: "Put content back after a counter-notice, or say why not",
    TaskKind.DEAL_WITH: "Deal with a report and close it",
    TaskKind.TELL_PLATFORM: "Tell the platform of an account that pretends to be ours",
    TaskKind.CORRECT_POST: "Put our own post right",
    TaskKind.REVIEW_CONDUCT: "Look at a confidential report",
    TaskKind.REVIEW_CONDUCT_AS_CHAIR: "Look at a confidential report as the Board chair",
    TaskKind.ATTEST: "Confirm what the policy asks to be kept up",
    TaskKind.AGREE: "Agree to something, or refuse it",
    TaskKind.REGISTER_ACCOUNT: "Register an account that was agreed to",
    TaskKind.ENTER_FINDING: "Enter what an inspection found",
    TaskKind.WARN_PERSON: "Warn the person",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Something asked of whoever holds a role (an editor of ``account``), by a local day."""

    id: UUID
    library: UUID
    case: str
    kind: TaskKind
    role: Role
    opened_at: datetime
    due: date
    account: UUID | None = None
    urgent: bool = False
    version: int = 1
    state: TaskState = TaskState.OPEN
    ended_by: UUID | None = None
    ended_at: datetime | None = None

    def end(self, state: TaskState, *, by: UUID | None, at: datetime) -> Self:
        """Close the task.

        :raises Refusal: it is closed already
        """
        if self.state is not TaskState.OPEN:
            raise Refusal("This was already done.")
        return replace(self, state=state, ended_by=by, ended_at=at)
