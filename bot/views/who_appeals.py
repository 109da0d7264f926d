"""Who appeals, as it was put on file: somebody with a name, an account name only, a minor, or a guardian for one."""

from collections.abc import Mapping

from bot.cases.appeal import ReceivedAppeal
from bot.cases.follow_up import FollowUpKind
from bot.work import Work

BY_NAME = "name"
WHO: Mapping[str, str] = {
    BY_NAME: "Somebody who gave their name",
    "handle": "Somebody of whom only the account name is known",
    "minor": "A minor, by themselves",
    "guardian": "A parent or guardian, for a minor",
}
"""Who it may be, as people read it."""


def rule_behind(who: str) -> str:
    """The value of a level of appeal that speaks of them."""
    return "handle_only" if who == "handle" else "minors"


def appeals_as(appeal: ReceivedAppeal, work: Work) -> str:
    """Who appeals, as far as it was said; else somebody who gave their name."""
    for one in work.shelves.papers.follow_ups(appeal.ref):
        if one.kind is FollowUpKind.APPEALED_AS:
            return next((who for who, label in WHO.items() if label in one.particulars.values()), BY_NAME)
    return BY_NAME
