"""The five policies: what they state, and what they leave silent."""

from collections import Counter
from hashlib import sha256

import pytest

from bot.policy.document import bind, plain
from bot.policy.pack import Pack
from bot.policy.shelf import all_packs, pack_bytes, pack_names, read_pack, read_versions
from bot.policy.terms import QUESTIONS, Action, Carried, ClockName, Event, Kind, Role, Stance
from bot.refusal import Refusal
from tests.policy.documents import BEGINS, document

PACKS = tuple(BEGINS)
EXPECTED = {
    "chicopee": ("C", {"E": 18, "A": 34, "R": 6, "I": 6}),
    "worcester": ("W", {"E": 9, "A": 30, "R": 4, "I": 6}),
    "cook_memorial": ("K", {"E": 18, "A": 27, "R": 8, "I": 5}),
    "ecrl": ("E", {"E": 8, "A": 21, "R": 6, "I": 5}),
    "portsmouth": ("P", {"E": 9, "A": 13, "R": 4, "I": 1}),
}
RECORDED_SILENCES = {"W46", "E40", "P26"}
COPIED = 6


def test_the_shelf_holds_the_five_policies_and_no_other() -> None:
    assert pack_names() == ("chicopee", "cook_memorial", "ecrl", "portsmouth", "worcester")
    assert [pack.name for pack in all_packs()] == list(pack_names())


def test_the_five_policies_have_238_rules() -> None:
    assert sum(len(pack.rules) for pack in all_packs()) == 238


@pytest.mark.parametrize("name", PACKS)
def test_every_rule_of_the_policy_is_listed_once_in_its_kind(name: str) -> None:
    letter, kinds = EXPECTED[name]
    rules = read_pack(name).rules

    assert [rule.id for rule in rules] == [f"{letter}{number:02d}" for number in range(1, sum(kinds.values()) + 1)]
    assert Counter(rule.kind.value for rule in rules) == kinds


@pytest.mark.parametrize("name", PACKS)
def test_a_rule_without_words_to_find_it_by_is_a_recorded_silence(name: str) -> None:
    without = {rule.id: rule.note for rule in read_pack(name).rules if not rule.needle}

    assert without.keys() <= RECORDED_SILENCES
    assert all(without.values())


@pytest.mark.parametrize("name", PACKS)
def test_a_rule_that_only_informs_is_never_said_to_do_more(name: str) -> None:
    informing = [rule for rule in read_pack(name).rules if rule.kind is Kind.INFORM]

    assert informing
    assert {rule.carried for rule in informing} == {Carried.INFORMS}


@pytest.mark.parametrize("name", PACKS)
def test_every_needle_finds_exactly_one_sentence_of_the_policy(name: str) -> None:
    pack = read_pack(name)

    bound = bind(pack, document(name))

    assert (bound.missing, bound.several) == ((), ())
    assert set(bound.sentences) == {rule.id for rule in pack.rules if rule.needle}


@pytest.mark.parametrize("name", PACKS)
def test_no_label_repeats_six_words_of_the_policy_in_a_row(name: str) -> None:
    policy = _runs(document(name))
    pack = read_pack(name)
    ours = [entry.label for part in (pack.rules, pack.grounds, pack.block_grounds, pack.ties) for entry in part]
    ours += [entry.label for part in (pack.statements, pack.duties) for entry in part]

    assert [label for label in ours if _runs(label) & policy] == []


@pytest.mark.parametrize("name", PACKS)
def test_every_question_about_a_due_date_is_answered_and_silence_is_answered_with_words(name: str) -> None:
    pack = read_pack(name)

    for event, asked in QUESTIONS.items():
        answers = pack.clocks_on(event)
        assert [answer.clock for answer in answers if answer.clock in asked], event
        assert all(answer.has_length or answer.why for answer in answers), event
    for answer in (*pack.deciders, *pack.notices, pack.appeal, pack.reinstatement, *pack.retention):
        assert answer.stance is Stance.STATED or len(answer.why.split()) > 3, answer


@pytest.mark.parametrize("name", PACKS)
def test_every_action_has_a_decider_or_a_recorded_silence_and_never_a_default_one(name: str) -> None:
    pack = read_pack(name)

    assert {action for decider in pack.deciders for action in decider.actions} == set(Action)
    assert {action for notice in pack.notices for action in notice.actions} == set(Action)


@pytest.mark.parametrize("name", PACKS)
def test_the_file_is_named_by_the_day_it_came_into_force_and_known_by_the_hash_of_its_bytes(name: str) -> None:
    newest = read_pack(name)

    assert newest.sha256 == sha256(pack_bytes(name)[-1]).hexdigest()
    assert [pack.since for pack in read_versions(name)] == sorted(pack.since for pack in read_versions(name))


def test_only_the_director_decides_a_block_in_chicopee_and_no_condition_is_set() -> None:
    chicopee = read_pack("chicopee")

    decider = chicopee.decider(Action.BLOCK)

    assert (decider.roles, decider.designee, decider.rule) == ((Role.DIRECTOR,), False, "C31")
    assert {(ground.occasions, ground.investigation) for ground in chicopee.block_grounds} == {(0, False)}


def test_a_condition_for_a_block_stands_only_where_a_policy_states_one() -> None:
    conditions = {
        f"{pack.name} {ground.code}": (ground.occasions, ground.investigation)
        for pack in all_packs()
        for ground in pack.block_grounds
        if ground.occasions or ground.investigation
    }

    assert conditions == {
        "cook_memorial more_than_once": (2, False),
        "ecrl found_in_breach": (0, True),
        "ecrl repeat_offender": (0, True),
        "ecrl continuous_disregard": (0, True),
    }


def test_only_portsmouth_protects_complaints() -> None:
    assert {pack.name for pack in all_packs() if pack.complaints.protected} == {"portsmouth"}


def test_only_cook_lets_a_designee_decide_and_only_a_removal() -> None:
    delegable = {(pack.name, decider.actions) for pack in all_packs() for decider in pack.deciders if decider.designee}

    assert delegable == {("cook_memorial", (Action.REMOVE, Action.REMOVE_IN_PART))}


def test_no_pack_invents_a_day_to_appeal_by() -> None:
    stated = {
        (pack.name, event.value): (rule.n, rule.rule)
        for pack in all_packs()
        for rule in pack.clocks
        if rule.clock is ClockName.APPEAL_BY and rule.has_length
        for event in rule.on
    }

    assert stated == {
        ("chicopee", "content_removed"): (15, "C41"),
        ("chicopee", "content_partly_removed"): (15, "C41"),
        ("chicopee", "block_applied"): (15, "C41"),
    }


def test_a_period_of_the_copyright_law_is_never_shown_as_the_policys_own() -> None:
    clocks = read_pack("ecrl").clocks_on(Event.COUNTER_NOTICE_RECEIVED)

    assert [(clock.n, clock.calendar, clock.stance.value, clock.authority) for clock in clocks] == [
        (10, "federal", "delegated", "17 U.S.C. 512(g)(2)(C)"),
        (14, "federal", "delegated", "17 U.S.C. 512(g)(2)(C)"),
    ]
    assert all("512(g)(2)(C)" in " ".join(clock.assumed) for clock in clocks)


def test_a_policy_nobody_has_given_us_is_refused_with_the_names_of_those_we_have() -> None:
    with pytest.raises(Refusal) as refused:
        read_pack("springfield")

    assert refused.value.why == (
        "There is no policy called “springfield”. Choose one of chicopee, cook_memorial, ecrl, portsmouth or worcester."
    )


def test_a_pack_is_the_same_whatever_folder_it_is_read_from() -> None:
    raw = pack_bytes("ecrl")[-1]

    assert Pack.parse(raw, name="ecrl") == read_pack("ecrl")


def test_every_pair_of_rules_that_was_found_to_pull_apart_by_hand_is_declared() -> None:
    declared = {pack.name: {frozenset(tie.rules) for tie in pack.ties} for pack in all_packs()}

    assert declared == {
        "chicopee": {frozenset({"C27", "C51"}), frozenset({"C42", "C43"}), frozenset({"C31", "C43"})},
        "worcester": {frozenset({"W30", "W09"})},
        "cook_memorial": {frozenset({"K46", "K47"}), frozenset({"K27", "K28"}), frozenset({"K44", "K52"})},
        "ecrl": {frozenset({"E20", "E25"}), frozenset({"E20", "E14"})},
        "portsmouth": set(),
    }


def test_none_of_the_five_states_a_ladder_a_second_level_or_what_becomes_of_a_closed_last_day() -> None:
    for pack in all_packs():
        assert pack.sanctions.stance is Stance.SILENT
        assert pack.sanctions.why
        assert pack.days.stance is Stance.SILENT
        assert pack.appeal.further == ()
        assert pack.appeal.at("board") is pack.appeal
        assert pack.appeal.after("") is None


def test_none_of_the_five_says_who_may_appeal_for_a_minor_or_what_a_missed_day_means() -> None:
    for pack in all_packs():
        appeal = pack.appeal
        assert (appeal.minors, appeal.handle_only, appeal.if_missed, appeal.late, appeal.same_decider) == (None,) * 5


def test_a_single_value_of_an_appeal_is_cited_by_its_own_rule() -> None:
    chicopee, cook = read_pack("chicopee").appeal, read_pack("cook_memorial").appeal

    assert [chicopee.rule_of(value) for value in ("consult", "final", "decided_by", "against")] == [
        "C42",
        "C44",
        "C43",
        "C40",
    ]
    assert (cook.rule_of("decided_by"), cook.rule_of("filed_with"), cook.rule_of("against")) == ("K52", "K51", "K50")


def test_what_is_measured_against_the_host_post_or_the_library_is_told_apart() -> None:
    measured = {
        f"{pack.name} {ground.code}": ground.relevance
        for pack in all_packs()
        for ground in pack.grounds
        if ground.relevance
    }

    assert measured == {
        "chicopee off_topic": "library",
        "chicopee unrelated_link": "discussion",
        "cook_memorial off_topic_here": "host_post",
        "cook_memorial off_topic": "library",
        "ecrl off_topic": "library",
        "worcester off_topic": "library",
    }


def test_only_portsmouth_keeps_speech_up_whatever_else_is_said_of_it() -> None:
    vetoes = {
        (pack.name, protection.rule)
        for pack in all_packs()
        for protection in pack.protections
        if protection.effect == "veto"
    }

    assert vetoes == {("portsmouth", "P18")}
    assert {protection.rule for protection in read_pack("portsmouth").protections} == {"P18", "P25"}


def test_only_portsmouth_bears_no_date_and_says_so() -> None:
    assert [pack.name for pack in all_packs() if pack.about.undated] == ["portsmouth"]


@pytest.mark.parametrize("name", PACKS)
def test_a_word_that_is_called_struck_or_vague_stands_in_the_policy(name: str) -> None:
    text = plain(document(name)).casefold()
    named = {"off-topic": ("on topic", "related to"), "religious purposes": ("religious or commercial purposes",)}
    """What names a kind of rule, and how the rule says it."""

    for rule in read_pack(name).rules:
        for word in (*rule.struck, *rule.vague):
            assert any(part in text for part in named.get(word, (word,))), (rule.id, word)


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_adopted_before_there_were_ladders_and_levels_is_read_and_is_silent_about_them(name: str) -> None:
    parts = ("[sanctions]", "[days]", "[[protections]]")
    fields = ("struck", "vague", "platforms", "undated", "relevance", "conditions", "severe", "open_ended", "contains")
    blocks = pack_bytes(name)[-1].decode("utf-8").split("\n\n")
    kept = (block for block in blocks if not block.lstrip().startswith(parts))
    lines = "\n\n".join(kept).splitlines()
    older = "\n".join(line for line in lines if not line.startswith(tuple(f"{field} = " for field in fields)))

    pack = Pack.parse(older.encode("utf-8"), name=name, adopted=True)

    assert pack.sanctions.stance is Stance.SILENT
    assert pack.days.closed_last_day is None
    assert pack.protections == ()
    assert pack.clocks == read_pack(name).clocks


def _runs(text: str) -> set[tuple[str, ...]]:
    cleaned = "".join(letter if letter.isalnum() or letter == "'" else " " for letter in plain(text).casefold())
    words = cleaned.split()
    return {tuple(words[start : start + COPIED]) for start in range(len(words) - COPIED + 1)}
