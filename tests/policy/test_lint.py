"""What a careful reader asks of the five policies is found; a policy that leaves nothing open is asked nothing."""

from datetime import date

import pytest

from bot.policy.lint import Finding, Sort, lint
from bot.policy.pack import BlockGround, Pack
from bot.policy.shelf import pack_names, read_pack
from bot.policy.vocabulary import GONE, STRUCK, VAGUE, closed_platforms, words_in
from tests.policy.documents import document
from tests.policy.sixth import JUNIPER, JUNIPER_DOCUMENT

TODAY = date(2026, 11, 21)

NOBODY_SAYS = (
    "silence.notice.remove",
    "silence.notice.block",
    "silence.appeal.handle_only",
    "silence.appeal.minors",
    "silence.appeal.if_missed",
    "silence.appeal.same_decider",
)
"""What all five policies leave open."""
NO_PROCEDURE = (
    "silence.appeal",
    "silence.decider.remove",
    "silence.decider.block",
    "silence.reinstatement",
    "silence.retention",
)
"""What the three policies without a procedure leave open besides."""

EXPECTED: dict[str, tuple[str, ...]] = {
    "chicopee": (
        "contradiction.C27-C51",
        "contradiction.C42-C43",
        "contradiction.C31-C43",
        "silence.decider.remove",
        "court_sensitive.C14",
        "court_sensitive.C15",
        "court_sensitive.C16",
        "court_sensitive.C17",
        *NOBODY_SAYS,
    ),
    "worcester": (
        "contradiction.W09-W30",
        "court_sensitive.W09",
        "stale.platform.Google+",
        "stale.adopted",
        *NO_PROCEDURE,
        *NOBODY_SAYS,
    ),
    "cook_memorial": (
        "contradiction.K46-K47",
        "contradiction.K27-K28",
        "contradiction.K44-K52",
        "ambiguity.may.decide_appeal_by",
        "ambiguity.qualifier.reply_by",
        "ambiguity.word.K05",
        "ambiguity.word.K52",
        "silence.decider.block",
        "silence.appeal.window",
        "silence.retention",
        "silence.reinstatement",
        "court_sensitive.K11",
        *NOBODY_SAYS,
    ),
    "ecrl": (
        "contradiction.E20-E25",
        "contradiction.E14-E20",
        "contradiction.E04-E05",
        "ambiguity.word.E13",
        "ambiguity.word.E25",
        "ambiguity.word.E28",
        "court_sensitive.E12",
        "court_sensitive.E17",
        *NO_PROCEDURE,
        *NOBODY_SAYS,
    ),
    "portsmouth": (
        "ambiguity.word.P16",
        "ambiguity.word.P17",
        "court_sensitive.P15",
        "court_sensitive.P17",
        "stale.undated",
        *NO_PROCEDURE,
        *NOBODY_SAYS,
    ),
}
"""Every contradiction, ambiguity, silence, risky word and stale fact that was found by reading the five by hand."""

TAKEN = {
    "C41": ("what starts the 15 days", "Calendar days"),
    "C46": ("day the block was first made", "made longer"),
    "C45": ("while the author is blocked",),
}
"""What Chicopee's periods leave open: a few words of the reading that stands beside the date."""

WORDS = {
    "C14": "off-topic",
    "C15": "offensive, hate speech",
    "C16": "insults",
    "C17": "misleading",
    "W09": "otherwise inappropriate",
    "K11": "denigrating",
    "E12": "religious purposes",
    "E17": "abusive",
    "P15": "disparagement",
    "P17": "objectionable",
}


def found(name: str, text: str = "") -> dict[str, Finding]:
    return {finding.code: finding for finding in lint(read_pack(name), today=TODAY, text=text)}


@pytest.mark.parametrize("name", pack_names())
def test_everything_a_reader_found_by_hand_is_found_from_the_pack_alone(name: str) -> None:
    assert set(EXPECTED[name]) - found(name).keys() == set()


@pytest.mark.parametrize("name", pack_names())
def test_with_the_document_nothing_that_the_pack_shows_is_lost(name: str) -> None:
    assert found(name).keys() - found(name, document(name)).keys() == set()


def by_themselves(pack: Pack) -> tuple[BlockGround, ...]:
    """The grounds of a block as their own rules state them, without a condition that another rule of the pack lends."""
    return tuple(
        ground.model_copy(update={"investigation": ground.investigation and ground.rule == pack.block.rule})
        for ground in pack.block_grounds
    )


@pytest.mark.parametrize("name", ["chicopee", "worcester", "cook_memorial", "ecrl"])
def test_rules_that_pull_apart_are_found_even_if_the_pack_does_not_say_so(name: str) -> None:
    pack = read_pack(name)
    unsaid = pack.model_copy(update={"ties": (), "block_grounds": by_themselves(pack)})
    expected = {code for code in EXPECTED[name] if code.startswith("contradiction.")}

    pulling = {finding.code for finding in lint(unsaid, today=TODAY) if finding.sort is Sort.CONTRADICTION}

    assert expected <= pulling


def test_two_rules_of_one_sentence_are_told_apart_from_a_third_only_once() -> None:
    pack = read_pack("chicopee").model_copy(update={"ties": ()})
    text = document("chicopee")

    told = [finding.rules for finding in lint(pack, today=TODAY, text=text) if "C51" in finding.rules]

    assert told == [("C27", "C51")]


@pytest.mark.parametrize(("rule", "words"), TAKEN.items())
def test_what_chicopees_periods_leave_open_is_told_with_how_it_was_read(rule: str, words: tuple[str, ...]) -> None:
    taken = " ".join(one.says for one in found("chicopee").values() if one.sort is Sort.AMBIGUITY and rule in one.rules)

    assert all(word in taken for word in words), taken


@pytest.mark.parametrize(("rule", "words"), WORDS.items())
def test_words_that_courts_distrust_are_named(rule: str, words: str) -> None:
    name = {"C": "chicopee", "W": "worcester", "K": "cook_memorial", "E": "ecrl", "P": "portsmouth"}[rule[0]]

    says = found(name)[f"court_sensitive.{rule}"].says

    assert all(f"“{word}”" in says for word in words.split(", "))


def test_only_cook_says_who_removes_and_only_chicopee_who_blocks() -> None:
    silent = {
        name: {code for code in found(name) if code in {"silence.decider.remove", "silence.decider.block"}}
        for name in pack_names()
    }

    assert silent.pop("cook_memorial") == {"silence.decider.block"}
    assert silent.pop("chicopee") == {"silence.decider.remove"}
    assert all(len(both) == 2 for both in silent.values())


def test_nothing_is_asked_of_a_policy_that_leaves_nothing_open() -> None:
    assert lint(JUNIPER, today=date(2026, 11, 21)) == ()
    assert lint(JUNIPER, today=date(2026, 11, 21), text=JUNIPER_DOCUMENT) == ()


def test_every_finding_says_what_to_do_and_names_only_rules_there_are() -> None:
    for name in pack_names():
        pack = read_pack(name)
        codes = [finding.code for finding in lint(pack, today=TODAY)]
        assert len(codes) == len(set(codes))
        for finding in lint(pack, today=TODAY):
            assert finding.remedy.endswith(".")
            assert all(pack.rule(rule) for rule in finding.rules)


def test_a_policy_grows_old_on_the_day_after_the_years_are_over() -> None:
    def old(today: date, years: int) -> bool:
        return any(finding.code == "stale.adopted" for finding in lint(JUNIPER, today=today, years=years))

    assert not old(date(2028, 12, 31), 3)
    assert old(date(2029, 1, 2), 3)
    assert not old(date(2029, 1, 2), 5)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"same_decider": None}, "silence.appeal.same_decider"),
        ({"minors": None}, "silence.appeal.minors"),
        ({"handle_only": None}, "silence.appeal.handle_only"),
        ({"if_missed": None}, "silence.appeal.if_missed"),
        ({"late": None}, "silence.appeal.late"),
        ({"further": (), "consult": "board"}, "contradiction.J21-J26"),
    ],
)
def test_what_is_taken_out_of_a_clean_policy_is_missed(change: dict[str, object], code: str) -> None:
    without = JUNIPER.model_copy(update={"appeal": JUNIPER.appeal.model_copy(update=change)})

    assert code in {finding.code for finding in lint(without, today=TODAY)}


def test_a_second_level_of_appeal_is_asked_the_same() -> None:
    (board,) = JUNIPER.appeal.further
    open_board = board.model_copy(update={"if_missed": None})
    pack = JUNIPER.model_copy(update={"appeal": JUNIPER.appeal.model_copy(update={"further": (open_board,)})})

    assert [finding.code for finding in lint(pack, today=TODAY)] == ["silence.appeal.if_missed.board"]


@pytest.mark.parametrize("known", [STRUCK, VAGUE], ids=["struck", "vague"])
def test_every_pattern_finds_the_word_it_stands_for(known: dict[str, str]) -> None:
    assert [word for word in known.values() if word not in words_in(word, known)] == []


@pytest.mark.parametrize(
    "kind",
    [
        "Comments must be on the library's services.",
        "We welcome criticism and answer it.",
        "A threat of violence comes down.",
        "The library relates the news of the town.",
    ],
)
def test_plain_words_are_not_distrusted(kind: str) -> None:
    assert words_in(kind, STRUCK) == ()
    assert words_in(kind, VAGUE) == ()


def test_a_platform_that_closed_is_known_by_its_name_and_a_plant_is_none() -> None:
    assert [name for name, _ in closed_platforms("Facebook, Google+ and Vine")] == ["Google+", "Vine"]
    assert closed_platforms("The wall is covered with wild vine. Facebook, Instagram, X.") == ()
    assert len(GONE) > 5


def test_the_sixth_policy_is_not_clean_by_being_empty() -> None:
    assert isinstance(JUNIPER, Pack)
    assert len(JUNIPER.clocks) > 10
    assert JUNIPER.protections
    assert JUNIPER.block_grounds


@pytest.mark.parametrize("name", EXPECTED)
def test_with_its_document_a_policy_says_all_of_it_even_where_nobody_entered_ties_or_words_by_hand(name: str) -> None:
    pack, text = read_pack(name), document(name)
    bare = pack.model_copy(
        update={
            "ties": (),
            "block_grounds": by_themselves(pack),
            "rules": tuple(rule.model_copy(update={"struck": (), "vague": ()}) for rule in pack.rules),
        }
    )

    found = {finding.code for finding in lint(bare, today=TODAY, text=text)}

    assert set(EXPECTED[name]) - found == set()


def test_a_clean_policy_has_nothing_false_with_its_document_either() -> None:
    without = {finding.code for finding in lint(JUNIPER, today=JUNIPER.since)}

    assert {finding.code for finding in lint(JUNIPER, today=JUNIPER.since, text=JUNIPER_DOCUMENT)} == without
