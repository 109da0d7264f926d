"""What a library may choose of appeals where its policy is silent, and which silence each practice value fills.

Only those are here that the program shows or follows somewhere; every other silence is a person's to deal with.
"""

from collections.abc import Mapping

APPEALS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "appeal.late": (
        "An appeal that comes after the last day",
        {"heard": "is heard all the same", "good_cause": "is heard for good cause", "not_heard": "is not heard"},
    ),
    "appeal.handle_only": (
        "An appeal by somebody known only by a handle",
        {"yes": "is heard", "no": "is heard once they say who they are"},
    ),
    "appeal.minors": (
        "An appeal by a minor",
        {"themselves": "is made by themselves", "guardian": "is made by a guardian", "either": "is made by either"},
    ),
    "appeal.same_decider": (
        "An appeal of one's own decision",
        {"disclosed": "is answered by the same person, who says so", "excluded": "is answered by somebody else"},
    ),
    "appeal.if_missed": (
        "When the day to answer an appeal is missed",
        {"board": "the Board is told", "chair": "the Board chair is told"},
    ),
}
"""By key: what is chosen, and the answers, which go on from it as a sentence."""

THRESHOLD = "block.occasions"
EVERY = "every."
"""How often something is confirmed again; the duty's code follows."""

FILLS: Mapping[str, str] = {
    "decider.remove": "decider.remove",
    "decider.block": "decider.block",
    "decider.reinstate": "decider.reinstate",
    "notice.remove": "notice.removal",
    "notice.block": "notice.block",
    "appeal.window": "clock.appeal_by",
    "appeal.decision": "clock.decide_appeal_by",
    "retention": "clock.retain_through",
    **{key: key for key in APPEALS},
}
"""The silences that ``policy lint`` finds, and the practice value that can be chosen for each, in setup."""


def fills(silence: str) -> str:
    """The practice value that can be chosen for a silence, or empty; of a further level of appeal none can."""
    return FILLS.get(silence, "")
