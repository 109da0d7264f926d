"""Which rules of which policy a test holds the program to; the table of coverage is made from these marks."""

from collections.abc import Callable
from typing import Any, TypeVar

from bot.policy.shelf import read_pack

Test = TypeVar("Test", bound=Callable[..., Any])


def holds(*rules: str) -> Callable[[Test], Test]:
    """Mark a test with the rules it holds the program to, each as ``pack:ID``, for example ``chicopee:C14``.

    A rule that no pack has is a mistake, and is said when the test is read.
    """
    for rule in rules:
        pack, _, rule_id = rule.partition(":")
        read_pack(pack).rule(rule_id)

    def mark(test: Test) -> Test:
        held = (*getattr(test, "held_rules", ()), *rules)
        test.held_rules = held  # type: ignore[attr-defined]  # a mark on a function, read when the table is made
        return test

    return mark
