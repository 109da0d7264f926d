"""A pack that is wrong says everything that is wrong with it, at once."""

import holidays
import pytest

from bot.policy.pack import Pack
from bot.policy.shelf import pack_bytes
from bot.policy.terms import STATES
from bot.refusal import Refusal

CHICOPEE = pack_bytes("chicopee")[-1].decode("utf-8")
NO_SUCH_ZONE = "there is no time zone called 'Chicopee/Downtown'; write it like America/New_York."


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
    for words, says in {
        "[about]": "about, executive is missing; add it.",
        "zone = ": f"about, zone: {NO_SUCH_ZONE}",
        "colour": (
            "grounds, number 1 (off_topic), colour is no name that a pack knows; check its spelling, or take it out."
        ),
        "sometimes": "notices, number 1, duty: input should be 'required', 'optional' or 'never'.",
        "C99": "grounds, number 2 names the rule C99, which is not listed; list it under rules or correct the name.",
        '"warn", "deny_access"': "deciders: warn has 2 answers; keep one.",
    }.items():
        assert f"- line {_line(broken, words)}: {says}" in lines
    assert f"- line {_line(broken, 'C01', last=True)}: The rule C01 is listed 2 times; keep one." in lines
    for says in (
        "- clocks: appeal_received has no answer for decide_appeal_by; add one, if only 'silent' with its why.",
        "- deciders: nobody is named for block; add who decides, or 'silent' with its why.",
    ):
        assert says in lines


def test_mistakes_come_in_the_order_of_the_file_and_those_of_no_line_last() -> None:
    broken = CHICOPEE.replace('rule = "C15"', 'rule = "C99"').replace('state = "MA"', 'state = "Mass"')

    lines = _mistakes(broken.replace('on = ["appeal_received"]', 'on = ["appeal_decided"]'))

    numbers = [int(line.split()[2].rstrip(":")) for line in lines[1:-1]]
    assert numbers == sorted(numbers)
    assert len(numbers) == 2
    assert lines[-1].startswith("- clocks: appeal_received has no answer")


def test_a_zone_that_does_not_exist_is_a_mistake() -> None:
    lines = _mistakes(CHICOPEE.replace('zone = "America/New_York"', 'zone = "Chicopee/Downtown"'))

    assert lines == [
        "The policy pack chicopee has 1 mistake:",
        f"- line {_line(CHICOPEE, 'zone = ')}: about, zone: {NO_SUCH_ZONE}",
    ]


@pytest.mark.parametrize("name", ["consult_rule", "final_rule"])
def test_a_rule_of_the_appeal_that_is_not_listed_is_a_mistake(name: str) -> None:
    known = {"consult_rule": "C42", "final_rule": "C44"}[name]

    lines = _mistakes(CHICOPEE.replace(f'{name} = "{known}"', f'{name} = "C99"'))

    said = "appeal names the rule C99, which is not listed; list it under rules or correct the name."
    assert lines[1].endswith(f": {said}")


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

    lines = _mistakes(CHICOPEE.replace("[[clocks]]", f"{again}[[clocks]]", 1))

    assert lines[1].endswith(": clocks: question_received has 2 answers for reply_by; keep one.")


def test_a_code_given_twice_is_a_mistake() -> None:
    lines = _mistakes(CHICOPEE.replace('code = "offensive"', 'code = "off_topic"'))

    line = _line(CHICOPEE, 'code = "offensive"')
    assert lines[1:] == [f"- line {line}: The code off_topic is given 2 times under grounds; each needs its own."]


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


def test_a_second_level_of_appeal_needs_a_name_of_its_own_and_a_clock() -> None:
    level = '[[appeal.further]]\nlevel = "board"\nrule = "C43"\n\n'

    lines = _mistakes(CHICOPEE.replace("[reinstatement]", f"{level}{level}[reinstatement]"))

    assert [line.partition(": ")[2] for line in lines[1:]] == [
        "appeal: the level board has no clock; add one with that level, if only 'silent' with its why.",
        "appeal: two further levels are called board; each needs its own name.",
    ]


def test_a_rule_named_by_a_step_of_a_ladder_has_to_be_there() -> None:
    step = 'code = "warning"\nlabel = "Warning"\nrule = "C98"\naction = "warn"\noccasion = 1\n'
    ladder = f'[sanctions]\nrule = "C31"\nbypass = "C97"\n\n[[sanctions.steps]]\n{step}\n'
    start = CHICOPEE.index("[sanctions]")
    broken = CHICOPEE[:start] + ladder + CHICOPEE[CHICOPEE.index("\n# ---- Who decides") :]

    lines = _mistakes(broken)

    assert [line.partition(": ")[2].partition(", which")[0] for line in lines[1:]] == [
        "sanctions names the rule C97",
        "sanctions, steps, number 1 names the rule C98",
    ]


@pytest.mark.parametrize(
    ("period", "says"),
    [
        ('n = 1\nunit = "days"\ncutoff = { day = 20 }', "a cutoff goes with a period of 1 meeting or more."),
        (
            'n = 1\nunit = "meetings"\ncutoff = { }',
            "a cutoff is either a day of the month or a time before the meeting.",
        ),
        (
            'n = 1\nunit = "meetings"\nafter_that = { n = 1, unit = "days" }\nbefore_that = { n = 1, unit = "days" }',
            "a date is later or earlier than the day counted to, not both.",
        ),
        (
            'n = 1\nunit = "meetings"\nafter_that = { n = 1, unit = "meetings" }',
            "after_that and before_that are counted in anything but meetings.",
        ),
    ],
)
def test_a_period_that_cannot_be_counted_is_a_mistake(period: str, says: str) -> None:
    lines = _mistakes(CHICOPEE.replace('n = 45\nunit = "days"', period))

    assert len(lines) == 2
    assert lines[1].endswith(says)


def test_two_deciders_of_one_action_are_told_apart_by_the_longest_they_may_decide() -> None:
    limited = (
        'actions = ["block"]\nrule = "C31"\nroles = ["director"]\nup_to = { n = 1, unit = "years" }\n\n[[deciders]]\n'
    )
    block = 'actions = ["block"]\nrule = "C31"\nroles = ["director"]\n'
    both = CHICOPEE.replace(block, f"{limited}{block}")

    assert Pack.parse(both.encode("utf-8"), name="chicopee").deciders[1].up_to is not None
    assert _mistakes(CHICOPEE.replace(block, limited.removesuffix("\n[[deciders]]\n")))[1].endswith(
        "deciders: block has a longest time for everybody; add who decides what is longer."
    )
    assert _mistakes(CHICOPEE.replace(block, f"{limited}{limited}{block}"))[1].endswith(
        "deciders: block has the same up_to twice; keep one."
    )


def test_an_adopted_pack_that_lacks_what_is_asked_today_is_read_all_the_same() -> None:
    start = CHICOPEE.index('[[clocks]]\nclock = "restore_content_by"')
    older = CHICOPEE[:start] + CHICOPEE[CHICOPEE.index("\n# ---- Statements") :]

    assert Pack.parse(older.encode("utf-8"), name="chicopee", adopted=True).version == "chicopee 2023-03-06"
    assert "restore_content_by" in _mistakes(older)[1]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("label = “Spam”", 'line 2, “label = “Spam””: Invalid value. Write straight quotes (") and no curly ones.'),
        ("label = Spam", 'line 2, “label = Spam”: Invalid value. Put text between quotes: label = "Spam".'),
        ("label = 'a'\nlabel = 'b'", "line 3, “label = 'b'”: Cannot overwrite a value. The same name is given twice"),
        ("this is no TOML", "Every line is name = value, or a heading in brackets."),
    ],
)
def test_a_line_that_is_no_toml_is_shown_with_what_was_probably_meant(written: str, says: str) -> None:
    [line] = _mistakes(f"# a comment\n{written}\n")

    assert line.startswith("chicopee is not a readable TOML file: ")
    assert says in line


def test_a_pack_saved_by_an_editor_on_windows_is_read_like_any_other() -> None:
    windows = b"\xef\xbb\xbf" + CHICOPEE.replace("\n", "\r\n").encode("utf-8")

    assert Pack.parse(windows, name="chicopee").rules == Pack.parse(CHICOPEE.encode("utf-8"), name="chicopee").rules


def test_the_lines_of_a_pack_saved_on_windows_are_the_same() -> None:
    broken = CHICOPEE.replace('rule = "C15"', 'rule = "C99"')

    assert _mistakes(broken.replace("\n", "\r\n")) == _mistakes(broken)


def test_a_pack_in_another_encoding_is_refused_with_what_to_do() -> None:
    with pytest.raises(Refusal, match="save it as UTF-8 text and try again"):
        Pack.parse(CHICOPEE.encode("cp1252", "replace"), name="chicopee")


def _line(text: str, words: str, *, last: bool = False) -> int:
    """The line of a file on which words stand."""
    found = [number for number, line in enumerate(text.splitlines(), start=1) if words in line]
    return found[-1] if last else found[0]


def test_a_state_that_is_none_is_a_mistake_with_its_line() -> None:
    text = CHICOPEE.replace('state = "MA"', 'state = "ZZ"')
    assert 'state = "ZZ"' in text
    line = text.splitlines().index('state = "ZZ"') + 1

    with pytest.raises(Refusal) as no:
        Pack.parse(text.encode(), name="chicopee")

    assert f"- line {line}: about: there is no US state or territory called ZZ; write its two letters" in no.value.why


def test_every_state_whose_holidays_are_known_is_a_state() -> None:
    assert frozenset(holidays.country_holidays("US").subdivisions) == STATES
