"""A pack says nothing that the program ignores: every value of the format is read where people are served."""

import pytest

from tests.policy.readers import values, values_read

SERVES_WHO_WRITES = {
    "About.short": "a short name for whoever handles several packs; cards say the library's own",
    "About.forum": "what the policy calls its pages, for counsel who reads the pack; nothing follows from it here",
    "About.platforms": "the lint finds closed platforms in it; an account is on whatever platform it is on",
    "About.undated": "the lint says that a policy bears no date; nobody at the desk is served by it",
    "FurtherLevel.against": "a further level is always against the answer of the one before",
    "Rule.kind": "how far a program can carry the rule: the table of coverage is made by it",
    "Rule.struck": "the lint's words that courts distrust; what is asked of a ground is its `caution`",
    "Statement.ends": "binding the document finds the last words to post by it; the desk is given the words themselves",
    "Rule.vague": "the lint's words whose meaning the policy leaves open",
}
"""Values that serve whoever writes or reads the pack, and why nothing more comes of them."""


@pytest.fixture(scope="module")
def read() -> frozenset[str]:
    return values_read()


def test_every_value_of_the_format_is_read_somewhere(read: frozenset[str]) -> None:
    assert sorted(values() - read - SERVES_WHO_WRITES.keys()) == [], "a pack can say this, and nothing comes of it"


def test_no_exception_outlives_its_reason(read: frozenset[str]) -> None:
    assert sorted(SERVES_WHO_WRITES.keys() & read) == [], "this is read now; take its line out"
    assert sorted(SERVES_WHO_WRITES.keys() - values()) == [], "the format has no such value any more; take its line out"


def test_reading_a_thing_of_the_same_name_is_no_reading_of_the_pack(read: frozenset[str]) -> None:
    """Half of the program has something called ``on`` or ``by``; only what comes out of a pack counts."""
    assert {"ClockRule.on", "AppealRule.late", "FurtherLevel.body", "Decider.roles", "Ground.caution"} <= read
    assert "Rule.kind" not in read, "clocks, tasks and messages have kinds, which are not those of rules"
