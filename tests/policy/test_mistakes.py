"""A pack that is wrong says everything that is wrong with it, at once."""

import pytest

from bot.policy.pack import Pack
from bot.policy.shelf import pack_bytes
from bot.refusal import Refusal

CHICOPEE = pack_bytes("chicopee")[-1].decode("utf-8")


def test_a_broken_pack_reports_all_its_mistakes_at_once() -> None:
    broken = (
        CHICOPEE.replace('zone = "America/New_York"', 'zone = "Chicopee/Downtown"')
        .replace('executive = "Library Director"\n', "")
        .replace('code = "off_topic"\n', 'code = "off_topic"\ncolour = "red"\n')
        .replace('rule = "C15"', 'rule = "C99"')
        .replace('id = "C02"\n', 'id = "C01"\n')
        .replace('actions = ["block"]\nrule = "C31"', 'actions = ["warn"]\nrule = "C31"')
        .replace('on = ["appeal_received"]', 'on = ["appeal_decided"]')
        .replace('duty = "optional"', 'duty = "sometimes"')
    )

    lines = _mistakes(broken)

    assert lines[0] == f"The policy pack chicopee has {len(lines) - 1} mistakes:"
    for expected in (
        "- about, executive is missing; add it.",
        "- grounds, number 1 (off_topic), colour is no name that a pack knows; check its spelling, or take it out.",
        "- notices, number 1, duty: Input should be 'required', 'optional' or 'never'.",
        "- grounds, number 2 names the rule C99, which is not listed; list it under rules or correct the name.",
        "- The rule C01 is listed 2 times; keep one.",
        "- clocks: appeal_received has no answer for decide_appeal_by; add one, if only 'silent' with its why.",
        "- deciders: nobody is named for block; add who decides, or 'silent' with its why.",
        "- deciders: warn has 2 answers; keep one.",
    ):
        assert expected in lines


def test_a_zone_that_does_not_exist_is_a_mistake() -> None:
    lines = _mistakes(CHICOPEE.replace('zone = "America/New_York"', 'zone = "Chicopee/Downtown"'))

    assert lines == [
        "The policy pack chicopee has 1 mistake:",
        "- about: zone: there is no time zone called 'Chicopee/Downtown'.",
    ]


@pytest.mark.parametrize("name", ["consult_rule", "final_rule"])
def test_a_rule_of_the_appeal_that_is_not_listed_is_a_mistake(name: str) -> None:
    known = {"consult_rule": "C42", "final_rule": "C44"}[name]

    lines = _mistakes(CHICOPEE.replace(f'{name} = "{known}"', f'{name} = "C99"'))

    assert lines[1] == "- appeal names the rule C99, which is not listed; list it under rules or correct the name."


def test_silence_without_words_is_a_mistake() -> None:
    why = 'why = "The policy sets no time to decide a request to come back"\n'

    lines = _mistakes(CHICOPEE.replace(why, ""))

    assert lines[1].endswith("(decide_reinstatement_by): an answer that is silent says why, in words.")


def test_a_period_without_a_stated_answer_is_a_mistake() -> None:
    lines = _mistakes(CHICOPEE.replace('stance = "none"\n', 'stance = "none"\nn = 2\nunit = "days"\n'))

    assert lines[1].endswith(
        "(reply_by): reply_by: a stated period has n and unit; a silent, none or unlimited one has not."
    )


def test_a_period_taken_from_a_law_without_naming_the_law_is_a_mistake() -> None:
    ecrl = pack_bytes("ecrl")[-1].decode("utf-8").replace('authority = "17 U.S.C. 512(g)(2)(C)"\n', "")

    lines = _mistakes(ecrl, name="ecrl")

    assert len(lines) == 3
    assert lines[1].endswith("a period of an outside law names rule, authority and what is assumed.")


def test_the_same_question_answered_twice_is_a_mistake() -> None:
    again = (
        '[[clocks]]\nclock = "reply_by"\non = ["question_received"]\nkind = "duty"\nstance = "silent"\nwhy = "So"\n\n'
    )

    assert "- clocks: question_received has 2 answers for reply_by; keep one." in _mistakes(
        CHICOPEE.replace("[[clocks]]", f"{again}[[clocks]]", 1)
    )


def test_a_code_given_twice_is_a_mistake() -> None:
    lines = _mistakes(CHICOPEE.replace('code = "offensive"', 'code = "off_topic"'))

    assert lines[1:] == ["- The code off_topic is given 2 times under grounds; each needs its own."]


def test_a_file_that_is_no_toml_is_refused_in_one_sentence() -> None:
    assert _mistakes("since = = 2023")[0].startswith("chicopee is not a readable TOML file:")


def test_an_empty_file_is_refused_with_everything_it_lacks() -> None:
    lines = _mistakes("")

    assert "- since is missing; add it." in lines
    assert "- rules: none is listed; list every rule of the policy." in lines
    assert "- deciders: nobody is named for appeal; add who decides, or 'silent' with its why." in lines


def _mistakes(toml: str, *, name: str = "chicopee") -> list[str]:
    with pytest.raises(Refusal) as refused:
        Pack.parse(toml.encode("utf-8"), name=name)
    return refused.value.why.splitlines()
