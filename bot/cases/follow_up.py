"""Follow-up: something that was done about a case beside its outcome, such as an answer or a call to the police.

It says what the library did and why. It is the library's own words; what a patron posted does not belong in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class FollowUpKind(StrEnum):
    """What was done."""

    ANSWERED = "answered"
    NO_ANSWER_NEEDED = "no_answer_needed"
    REPORTED_UP = "reported_up"
    ACKNOWLEDGED = "acknowledged"
    OVERRIDDEN = "overridden"
    ASKED_FIRST = "asked_first"
    RULE_CHOSEN = "rule_chosen"
    NOTICE_CHECKED = "notice_checked"
    COUNTER_NOTICE = "counter_notice"
    PUT_BACK = "put_back"
    NOT_PUT_BACK = "not_put_back"
    AUTHORITY_TOLD = "authority_told"
    CONDUCT_REVIEWED = "conduct_reviewed"
    PLATFORM_TOLD = "platform_told"
    POST_CORRECTED = "post_corrected"
    POST_NOT_CORRECTED = "post_not_corrected"
    APPEALED_AS = "appealed_as"
    TIME_WAIVED = "time_waived"
    HEARD_LATE = "heard_late"
    HEARING_HELD = "hearing_held"
    PANEL_DECIDED = "panel_decided"
    COUNSEL_ASKED = "counsel_asked"
    TAKEN_FURTHER = "taken_further"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ASKED_FOR_MET = "asked_for_met"
    WARNED = "warned"
    NOT_WARNED = "not_warned"
    REMOVAL_SUSPENDED = "removal_suspended"


FOLLOWED: Mapping[FollowUpKind, str] = {
    FollowUpKind.ANSWERED: "Answered",
    FollowUpKind.NO_ANSWER_NEEDED: "No answer needed",
    FollowUpKind.REPORTED_UP: "Reported",
    FollowUpKind.ACKNOWLEDGED: "Acknowledged",
    FollowUpKind.OVERRIDDEN: "The protection of a complaint was overridden",
    FollowUpKind.ASKED_FIRST: "Asked first",
    FollowUpKind.RULE_CHOSEN: "Of two rules that pull apart, one was applied",
    FollowUpKind.NOTICE_CHECKED: "Copyright notice read",
    FollowUpKind.COUNTER_NOTICE: "Counter-notice received",
    FollowUpKind.PUT_BACK: "Put back",
    FollowUpKind.NOT_PUT_BACK: "Not put back",
    FollowUpKind.AUTHORITY_TOLD: "Authority told",
    FollowUpKind.CONDUCT_REVIEWED: "Conduct reviewed",
    FollowUpKind.PLATFORM_TOLD: "The platform was told",
    FollowUpKind.POST_CORRECTED: "Our post was put right",
    FollowUpKind.POST_NOT_CORRECTED: "Our post was left as it is",
    FollowUpKind.APPEALED_AS: "Who appeals",
    FollowUpKind.TIME_WAIVED: "The time to appeal was waived",
    FollowUpKind.HEARD_LATE: "Heard although it came in late",
    FollowUpKind.HEARING_HELD: "The person could be heard",
    FollowUpKind.PANEL_DECIDED: "Decided by the panel",
    FollowUpKind.COUNSEL_ASKED: "Counsel's advice before the answer",
    FollowUpKind.SUSPENDED: "Undone while an appeal is open",
    FollowUpKind.RESUMED: "Done again after the appeal",
    FollowUpKind.TAKEN_FURTHER: "Taken to the next level, unanswered",
    FollowUpKind.ASKED_FOR_MET: "What the policy asks for was there",
    FollowUpKind.WARNED: "The person was warned",
    FollowUpKind.NOT_WARNED: "The person was not warned",
    FollowUpKind.REMOVAL_SUSPENDED: "The removal that was asked for is suspended, as this is a complaint",
}
"""What people read for each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUp:
    """One thing that was done about a case, on a local day, and by whom it was entered.

    ``words`` are the library's own; ``particulars`` are the answers to what was asked, by what was asked, as people
    read them. ``rules`` are the rules of the policy it rests on; ``to`` is the member of staff it was brought to.
    """

    id: UUID
    library: UUID
    case: str
    kind: FollowUpKind
    on: date
    by: UUID
    at: datetime
    words: str = ""
    particulars: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    to: UUID | None = None
