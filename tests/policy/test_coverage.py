"""The page that says what is done about every rule is the one the packs and the tests make, and it leaves no gap."""

import re

from bot.policy.shelf import pack_names, read_pack
from bot.policy.terms import Carried
from tests.policy.coverage import PAGE, as_page, marked, needs_test, untested


def test_the_page_is_the_one_the_packs_and_the_marks_make() -> None:
    assert PAGE.read_text(encoding="utf-8") == as_page(), "write it anew with `python -m tests.policy.coverage`"


def test_every_rule_has_one_row_and_no_row_that_needs_a_test_has_an_empty_cell() -> None:
    rows = [line.strip("|").split(" | ") for line in as_page().splitlines() if re.match(r"\| [A-Z]\d", line)]

    assert len(rows) == sum(len(read_pack(name).rules) for name in pack_names())
    assert {len(row) for row in rows} == {5}
    held = [row for row in rows if row[2] in {"enforce", "remind"}]
    assert [row for row in held if not all(cell.strip() for cell in row)] == []


def test_every_rule_to_enforce_or_to_remind_of_is_held_by_a_test() -> None:
    assert untested() == []


def test_every_rule_to_enforce_or_to_remind_of_is_also_gone_through_on_the_practice_page() -> None:
    through = {rule for rule, tests in marked().items() if any(module.startswith("features/") for module, _ in tests)}

    assert [rule for rule in marked() if needs_test(rule) and rule not in through] == []


def test_no_rule_is_only_planned() -> None:
    rules = [(name, rule) for name in pack_names() for rule in read_pack(name).rules]

    assert [(name, rule.id) for name, rule in rules if rule.carried is Carried.PLANNED] == []
