"""``duenotice policy`` as somebody at a terminal meets it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.policy.shelf import pack_bytes, pack_names
from tests.policy.documents import FOLDER, document

STATES = {"enforced", "reminds", "assists", "informs", "planned"}


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", *words], env={"COLUMNS": "160"})


@pytest.mark.parametrize("name", pack_names())
def test_a_policy_is_shown_as_json_with_every_rule_and_its_state(name: str) -> None:
    shown = run("show", name, "--json")

    policy = json.loads(shown.stdout)
    assert (shown.exit_code, policy["name"]) == (0, name)
    assert {"since", "library", "title", "clocks", "deciders", "grounds", "block_grounds", "silences"} <= policy.keys()
    for rule in policy["rules"]:
        assert rule.keys() >= {"id", "label", "kind", "source", "section", "item", "needle", "audience", "modality"}
        assert rule["state"] in STATES, rule
        assert rule["kind"] in set("EARI"), rule


def test_what_the_program_enforces_is_called_enforced() -> None:
    rules = {rule["id"]: rule for rule in json.loads(run("show", "chicopee", "--json").stdout)["rules"]}

    assert rules["C31"]["state"] == "enforced"
    assert rules["C13"]["state"] == "informs"


@pytest.mark.parametrize("name", pack_names())
def test_every_silence_is_shown_with_its_reason(name: str) -> None:
    policy = json.loads(run("show", name, "--json").stdout)

    assert policy["silences"]
    assert all(silence["question"].endswith("?") and silence["why"] for silence in policy["silences"])


@pytest.mark.parametrize("name", pack_names())
def test_a_policy_is_shown_as_tables_a_person_can_read(name: str) -> None:
    shown = run("show", name)

    assert shown.exit_code == 0
    for title in ("Rules", "Values", "Due dates", "Where the policy is silent"):
        assert title in shown.stdout


def test_cooks_table_says_that_a_block_needs_two_occasions() -> None:
    assert "needs 2 occasions" in run("show", "cook_memorial").stdout


def test_an_unknown_policy_is_refused_in_one_sentence_that_names_the_five() -> None:
    refused = run("show", "springfield")

    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == (
        "duenotice: There is no policy called “springfield”. "
        "Choose one of chicopee, cook_memorial, ecrl, portsmouth or worcester.\n"
    )


def test_a_pack_in_order_is_said_to_be(tmp_path: Path) -> None:
    file = tmp_path / "2000-01-01.toml"
    file.write_bytes(pack_bytes("portsmouth")[-1])

    checked = run("check", str(file))

    assert checked.exit_code == 0
    assert checked.stdout == f"{file}: 27 rules, in force from 2000-01-01. No mistakes.\n"


def test_checking_a_broken_pack_lists_every_mistake_and_ends_with_2(tmp_path: Path) -> None:
    file = tmp_path / "2000-01-01.toml"
    raw = pack_bytes("portsmouth")[-1].decode("utf-8")
    file.write_text(raw.replace('state = "OH"', 'state = "Ohio"').replace('rule = "P16"', 'rule = "P99"'), "utf-8")

    checked = run("check", str(file))

    assert checked.exit_code == 2
    assert "has 2 mistakes" in checked.stderr
    assert "- about, state:" in checked.stderr
    assert "names the rule P99" in checked.stderr


def test_a_file_named_by_another_day_than_it_is_in_force_from_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "2001-01-01.toml"
    file.write_bytes(pack_bytes("portsmouth")[-1])

    checked = run("check", str(file))

    assert checked.exit_code == 2
    assert "The file is named 2001-01-01, and since is 2000-01-01; make them the same day." in checked.stderr


def test_a_file_that_is_not_there_is_refused_in_one_sentence(tmp_path: Path) -> None:
    checked = run("check", str(tmp_path / "none.toml"))

    assert checked.exit_code == 2
    assert checked.stderr.startswith("duenotice: ")
    assert "cannot be read: No such file or directory" in checked.stderr


def test_checking_against_another_document_lists_the_sentences_that_are_not_there(tmp_path: Path) -> None:
    file, text = tmp_path / "2000-01-01.toml", tmp_path / "policy.txt"
    file.write_bytes(pack_bytes("portsmouth")[-1])
    text.write_text("Any complaints should be reported here. Any complaints should be reported there.", "utf-8")

    checked = run("check", str(file), "--document", str(text))

    assert checked.exit_code == 2
    assert "has 26 mistakes" in checked.stderr
    assert "- P19: several sentences hold “Any complaints should be reported”; make it longer." in checked.stderr


def test_checking_against_the_librarys_own_document_finds_every_sentence(tmp_path: Path) -> None:
    document("chicopee")
    file = tmp_path / "2023-03-06.toml"
    file.write_bytes(pack_bytes("chicopee")[-1])

    checked = run("check", str(file), "--document", str(next(FOLDER.glob("000_*.txt"))))

    assert checked.exit_code == 0
    assert "Every sentence was found in" in checked.stdout
