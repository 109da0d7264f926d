"""The words a policy pack, a clock and a case share. They appear in packs, exports and on the command line."""

from enum import StrEnum

# fmt: off
STATES = frozenset({
    "AK", "AL", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA", "ID", "IL", "IN", "KS",
    "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MP", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY",
    "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UM", "UT", "VA", "VI", "VT", "WA", "WI", "WV", "WY",
})
# fmt: on
"""The states and territories of the US whose public holidays are known."""


class Stance(StrEnum):
    """How a policy answers a question. Silence is an answer, and the program never fills it by itself."""

    STATED = "stated"
    SILENT = "silent"
    DELEGATED = "delegated"
    NONE = "none"
    UNLIMITED = "unlimited"


class Role(StrEnum):
    """What a person may be to a library. A role is always a dated grant."""

    REPORTER = "reporter"
    EDITOR = "editor"
    LIBRARIAN_IN_CHARGE = "librarian_in_charge"
    DIRECTOR = "director"
    ACTING_DIRECTOR = "acting_director"
    DESIGNEE = "designee"
    TRUSTEE = "trustee"
    BOARD_CHAIR = "board_chair"
    DUTY_PERSON = "duty_person"
    RECORDS_OFFICER = "records_officer"
    COUNSEL = "counsel"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Channel(StrEnum):
    """The three channels a library gives the bot; which real channel each is, setup says."""

    SOCIAL_MEDIA = "social-media"
    DECISIONS = "decisions"
    RECORDS = "records"


class Track(StrEnum):
    """What kind of item was reported."""

    VIOLATION = "violation"
    COMPLAINT = "complaint"
    QUESTION = "question"
    CONCERN = "concern"
    COPYRIGHT_NOTICE = "copyright_notice"
    THREAT = "threat"
    PERSONAL_INFORMATION = "personal_information"
    CHILD_SAFETY = "child_safety"
    STAFF_CONDUCT = "staff_conduct"
    TRUSTEE_CONDUCT = "trustee_conduct"
    IMPOSTOR = "impostor"
    CORRECTION = "correction"


class Action(StrEnum):
    """What a library may do about an item or an author, or is asked to undo."""

    REMOVE = "remove"
    HIDE = "hide"
    REMOVE_IN_PART = "remove_in_part"
    DECLINE = "decline_to_publish"
    WARN = "warn"
    BLOCK = "block"
    DENY_ACCESS = "deny_access"
    TERMINATE = "terminate"
    APPEAL = "appeal"
    REINSTATE = "reinstate"


class Event(StrEnum):
    """What can start a clock. Its local date in the library's zone is day 0."""

    CONTENT_REMOVED = "content_removed"
    CONTENT_HIDDEN = "content_hidden"
    CONTENT_PARTLY_REMOVED = "content_partly_removed"
    PUBLICATION_DECLINED = "publication_declined"
    BLOCK_APPLIED = "block_applied"
    NOTICE_SENT = "notice_sent"
    APPEAL_RECEIVED = "appeal_received"
    CONCERN_RECEIVED = "concern_received"
    QUESTION_RECEIVED = "question_received"
    BOARD_CONSULTED = "board_consulted"
    APPEAL_DECIDED = "appeal_decided"
    REINSTATEMENT_REQUESTED = "reinstatement_requested"
    COPYRIGHT_NOTICE_RECEIVED = "copyright_notice_received"
    COUNTER_NOTICE_RECEIVED = "counter_notice_received"
    APPEAL_HEARD = "appeal_heard"
    RECORDS_REQUESTED = "records_requested"


class ClockName(StrEnum):
    """The clocks a policy can start. A second level adds a suffix, as in ``appeal_by.board``."""

    APPEAL_BY = "appeal_by"
    DECIDE_APPEAL_BY = "decide_appeal_by"
    REINSTATEMENT_FROM = "reinstatement_from"
    RETAIN_THROUGH = "retain_through"
    REPLY_BY = "reply_by"
    DECIDE_REINSTATEMENT_BY = "decide_reinstatement_by"
    RESTORE_CONTENT_FROM = "restore_content_from"
    RESTORE_CONTENT_BY = "restore_content_by"
    NOTIFY_BY = "notify_by"
    PAPERS_BY = "papers_by"
    BLOCK_ENDS = "block_ends"
    ANSWER_RECORDS_BY = "answer_records_by"


class ClockKind(StrEnum):
    """What the date means: a duty of the library, a patron's right, an opening, a floor for keeping, or a task."""

    DUTY = "duty"
    RIGHT = "right"
    OPENS = "opens"
    RETENTION = "retention"
    TASK = "task"


class Unit(StrEnum):
    """What a period is counted in. ``days`` are calendar days."""

    HOURS = "hours"
    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    MEETINGS = "meetings"


class Term(StrEnum):
    """How long a sanction lasts: no term, one that is fixed, at least or at most so long, or for good."""

    NONE = "none"
    FIXED = "fixed"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    PERMANENT = "permanent"


class Ends(StrEnum):
    """How a sanction comes to its end. Whichever it is, people undo it on the accounts; the program never does."""

    BY_ITSELF = "by_itself"
    ON_REQUEST = "on_request"
    ON_CONDITION = "on_condition"


class Kind(StrEnum):
    """How far a program can carry a rule: enforce it, assist a person, remind, or inform."""

    ENFORCE = "E"
    ASSIST = "A"
    REMIND = "R"
    INFORM = "I"


class Carried(StrEnum):
    """What this program does with a rule today."""

    ENFORCES = "enforces"
    REMINDS = "reminds"
    ASSISTS = "assists"
    INFORMS = "informs"
    PLANNED = "planned"


class Modality(StrEnum):
    """How strongly a rule binds whom it binds."""

    MUST = "must"
    WILL = "will"
    SHOULD = "should"
    MAY = "may"
    MUST_NOT = "must_not"
    SHOULD_NOT = "should_not"
    INFORMS = "informs"


QUESTIONS: dict[Event, tuple[ClockName, ...]] = {
    Event.CONTENT_REMOVED: (ClockName.APPEAL_BY, ClockName.RETAIN_THROUGH),
    Event.CONTENT_HIDDEN: (ClockName.APPEAL_BY, ClockName.RETAIN_THROUGH),
    Event.CONTENT_PARTLY_REMOVED: (ClockName.APPEAL_BY, ClockName.RETAIN_THROUGH),
    Event.PUBLICATION_DECLINED: (ClockName.APPEAL_BY, ClockName.RETAIN_THROUGH),
    Event.BLOCK_APPLIED: (ClockName.APPEAL_BY, ClockName.REINSTATEMENT_FROM, ClockName.RETAIN_THROUGH),
    Event.APPEAL_RECEIVED: (ClockName.DECIDE_APPEAL_BY,),
    Event.CONCERN_RECEIVED: (ClockName.REPLY_BY,),
    Event.QUESTION_RECEIVED: (ClockName.REPLY_BY,),
    Event.REINSTATEMENT_REQUESTED: (ClockName.DECIDE_REINSTATEMENT_BY,),
    Event.COUNTER_NOTICE_RECEIVED: (ClockName.RESTORE_CONTENT_FROM, ClockName.RESTORE_CONTENT_BY),
}
"""Which clocks each event could start. Every pack answers every one of these questions, if only with 'silent'."""
