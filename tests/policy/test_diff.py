"""What changes from one version of a policy to another."""

from bot.policy.diff import Concerns, diff
from bot.policy.pack import Pack
from bot.policy.shelf import pack_bytes, pack_names, read_pack
from tests.policy.sixth import JUNIPER, JUNIPER_FILE

TEXT = JUNIPER_FILE.read_text(encoding="utf-8")


def changed(*replaced: tuple[str, str]) -> dict[str, tuple[str, Concerns]]:
    text = TEXT
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    after = Pack.parse(text.encode("utf-8"), name="juniper")
    return {change.what: (change.says, change.concerns) for change in diff(JUNIPER, after)}


def test_a_policy_does_not_differ_from_itself() -> None:
    for name in pack_names():
        assert diff(read_pack(name), Pack.parse(pack_bytes(name)[-1], name=name)) == ()


def test_a_period_that_changes_is_told_with_what_it_was() -> None:
    changes = changed(
        (
            'clock = "decide_appeal_by"\non = ["appeal_received"]\nkind = "duty"\nrule = "J26"\nn = 10',
            'clock = "decide_appeal_by"\non = ["appeal_received"]\nkind = "duty"\nrule = "J26"\nn = 15',
        )
    )

    assert changes == {
        "Due date decide_appeal_by on appeal received": (
            "Due date decide_appeal_by on appeal received: period: 10 business days → period: 15 business days",
            Concerns.APPEALS,
        )
    }


def test_a_cutoff_is_part_of_a_period() -> None:
    changes = changed(("cutoff = { day = 20, months_before = 1 }\nafter_that", "cutoff = { day = 25 }\nafter_that"))

    ((says, _),) = changes.values()
    assert "in by day 20 of the month before" in says
    assert "in by day 25 of the meeting's own month" in says


def test_a_ground_that_comes_and_one_that_goes_are_told() -> None:
    changes = changed(('code = "copyright"', 'code = "plagiarism"'))

    assert changes["Ground copyright"][0].startswith("Ground copyright: gone. It was label: A protected work")
    assert changes["Ground plagiarism"][0].startswith("Ground plagiarism: new. label: A protected work")
    assert changes["Grounds to take content down"][1] is Concerns.REPORTS


def test_another_decider_concerns_the_cases_they_decide() -> None:
    changes = changed(('rule = "J36"\nroles = ["director"]', 'rule = "J36"\nroles = ["board_chair"]'))

    assert changes == {
        "Who decides reinstate": (
            "Who decides reinstate: roles: director → roles: board chair",
            Concerns.REINSTATEMENTS,
        )
    }


def test_a_level_of_appeal_that_changes_is_named() -> None:
    changes = changed(("hearing = true\n", "hearing = false\n"))

    assert changes == {"Appeal, level board": ("Appeal, level board: hearing: yes → hearing: no", Concerns.APPEALS)}


def test_a_rule_that_says_something_else_is_told_and_a_new_needle_is_not() -> None:
    assert changed(("for everybody who writes", "for everybody")) == {}
    changes = changed(("Breaches count for a year", "Breaches count for two years"))

    assert changes["Rule J14"] == (
        "Rule J14: label: Breaches count for a year → label: Breaches count for two years",
        Concerns.NOBODY,
    )


def test_a_step_of_the_ladder_that_changes_concerns_blocks() -> None:
    changes = changed(('length = { n = 30, unit = "days" }', 'length = { n = 60, unit = "days" }'))

    assert changes == {
        "Sanction thirty_days": (
            "Sanction thirty_days: length: n 30, unit days → length: n 60, unit days",
            Concerns.BLOCKS,
        )
    }
