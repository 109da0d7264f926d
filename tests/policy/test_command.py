"""``duenotice policy`` as somebody at a terminal meets it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.policy import packs
from bot.policy.shelf import pack_bytes, pack_names, read_pack
from tests.policy.documents import FOLDER, document
from tests.policy.papers import a_pdf, a_word_file, saved
from tests.policy.sixth import JUNIPER_DOCUMENT, JUNIPER_FILE

PACKS = Path(packs.__file__).parent
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
    assert "- line 15: about, state:" in checked.stderr
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
    assert ": P19: several sentences hold “Any complaints should be reported”; make it longer." in checked.stderr


def test_checking_against_the_librarys_own_document_finds_every_sentence(tmp_path: Path) -> None:
    document("chicopee")
    file = tmp_path / "2023-03-06.toml"
    file.write_bytes(pack_bytes("chicopee")[-1])

    checked = run("check", str(file), "--document", str(next(FOLDER.glob("000_*.txt"))))

    assert checked.exit_code == 0
    assert "Every sentence was found in" in checked.stdout


def test_a_pack_in_a_file_is_shown_like_one_that_comes_with_the_program() -> None:
    shown = json.loads(run("show", str(JUNIPER_FILE), "--json").stdout)

    assert [step["code"] for step in shown["sanctions"]["steps"]] == [
        "warning",
        "thirty_days",
        "six_months",
        "for_good",
    ]
    assert shown["appeal"]["further"][0]["level"] == "board"
    assert shown["silences"] == []
    tables = run("show", str(JUNIPER_FILE)).stdout
    for said in (
        "Sanction from breach 3",
        "minimum 6 months",
        "Is there a further level of appeal: board?",
    ):
        assert said in tables


def test_needles_that_are_not_found_are_told_with_their_line(tmp_path: Path) -> None:
    file, text = tmp_path / "2026-01-01.toml", tmp_path / "policy.txt"
    file.write_bytes(JUNIPER_FILE.read_bytes())
    text.write_text(JUNIPER_DOCUMENT.replace("Breaches count for twelve months.", "Breaches count."), "utf-8")

    checked = run("check", str(file), "--document", str(text))

    lines = file.read_text(encoding="utf-8").splitlines()
    line = lines.index('needle = "Breaches count for twelve"') + 1
    assert checked.exit_code == 2
    assert f"- line {line}: J14: no sentence holds “Breaches count for twelve”; correct the needle." in checked.stderr
    assert "has 1 mistake:" in checked.stderr


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
def test_a_pack_is_checked_against_a_document_of_any_kind(tmp_path: Path, kind: str) -> None:
    lines = [line for line in JUNIPER_DOCUMENT.splitlines() if line.strip()]
    made = {
        "html": "".join(f"<p>{line}</p>" for line in lines).encode(),
        "pdf": a_pdf(tuple(lines)),
        "docx": a_word_file(*lines),
    }
    document = saved(tmp_path, f"policy.{kind}", made[kind])

    checked = run("check", str(JUNIPER_FILE), "--document", str(document))

    assert "no sentence holds" not in checked.stderr
    assert checked.exit_code == 0 or kind == "pdf"


def test_lint_lists_what_to_settle_with_its_rules_and_a_remedy() -> None:
    looked = run("lint", "cook_memorial", "--on", "2026-11-21")

    assert looked.exit_code == 0
    for said in (
        "Contradictions (3)",
        "K46 and K47 pull apart: A block after more than one breach, and access denied at any time.",
        "    K46: ",
        "The policy does not say by when an appeal has to be made.",
        "Words that courts distrust (3)",
        "“denigrating”",
        "The policy is of 2021-02-16, more than 5 years ago.",
    ):
        assert said in looked.stdout


def test_lint_gives_the_same_as_data() -> None:
    found = json.loads(run("lint", "worcester", "--on", "2026-11-21", "--json").stdout)

    assert {"code", "kind", "says", "rules", "remedy"} == found[0].keys()
    assert {"stale.platform.Google+", "contradiction.W09-W30"} <= {finding["code"] for finding in found}


def test_a_policy_that_leaves_nothing_open_is_said_to(tmp_path: Path) -> None:
    text = saved(tmp_path, "policy.txt", JUNIPER_DOCUMENT.encode())

    looked = run("lint", str(JUNIPER_FILE), "--on", "2026-11-21", "--document", str(text))

    assert looked.stdout.endswith("Nothing a careful reader would ask about was found.\n")


def test_lint_with_the_document_of_another_policy_says_so_and_finds_nothing_in_it(tmp_path: Path) -> None:
    wrong = tmp_path / "worcester.txt"
    wrong.write_text(document("worcester"), encoding="utf-8")
    looked = run("lint", "chicopee", "--on", "2026-11-21", "--document", str(wrong))

    assert looked.exit_code == 2
    assert "does not seem to be the document of Chicopee Public Library" in " ".join(looked.output.split())
    assert "Google" not in looked.output


def test_lint_from_a_day_that_is_none_is_refused_in_one_sentence() -> None:
    refused = run("lint", "worcester", "--on", "today")

    assert (refused.exit_code, refused.stderr) == (2, "duenotice: 'today' is not a date. Write --on 2026-11-21.\n")


def test_diff_says_what_changes_and_what_did_not_is_not_told(tmp_path: Path) -> None:
    newer = JUNIPER_FILE.read_text(encoding="utf-8").replace("since = 2026-01-01", "since = 2027-01-01")
    file = saved(tmp_path, "2027-01-01.toml", newer.replace("hearing = true", "hearing = false").encode())

    compared = run("diff", str(JUNIPER_FILE), str(file))

    assert compared.exit_code == 0
    assert compared.stdout == (
        "From 2026-01-01 to 2027-01-01: 1 answer differs.\nAppeal, level board: hearing: yes → hearing: no\n"
    )
    assert json.loads(run("diff", str(JUNIPER_FILE), str(file), "--json").stdout) == [
        {
            "what": "Appeal, level board",
            "was": "hearing: yes",
            "is_now": "hearing: no",
            "concerns": "appeals",
            "cases": [],
        }
    ]


def test_diff_of_a_policy_with_itself_says_so() -> None:
    assert run("diff", "ecrl", "ecrl").stdout == ("ecrl 2021-02-08 and ecrl 2021-02-08 answer every question alike.\n")


def test_a_name_that_is_no_pack_and_no_file_is_refused(tmp_path: Path) -> None:
    refused = run("diff", "ecrl", str(tmp_path / "none.toml"))

    assert refused.exit_code == 2
    assert refused.stderr.startswith("duenotice: There is no file ")


def test_a_rule_without_a_needle_that_is_no_recorded_silence_is_a_mistake_against_the_document(tmp_path: Path) -> None:
    file, text = tmp_path / "2026-01-01.toml", tmp_path / "policy.txt"
    whole = JUNIPER_FILE.read_text(encoding="utf-8")
    file.write_text(whole.replace('needle = "Breaches count for twelve"\n', 'needle = ""\n'), "utf-8")
    text.write_text(JUNIPER_DOCUMENT, "utf-8")

    checked = run("check", str(file), "--document", str(text))

    line = file.read_text(encoding="utf-8").splitlines().index('needle = ""') + 1
    assert checked.exit_code == 2
    assert f"- line {line}: J14: it has no needle" in checked.stderr
    assert "Every sentence was found" not in checked.stdout
    assert run("check", str(file)).exit_code == 0


def test_a_recorded_silence_needs_no_needle(tmp_path: Path) -> None:
    checked = run("check", str(PACKS / "worcester" / "2015-05-01.toml"), "--document", _empty(tmp_path))

    assert "W46" not in checked.stderr
    assert "W01: no sentence holds" in checked.stderr


def _empty(folder: Path) -> str:
    return str(saved(folder, "policy.txt", b"Nothing of it."))


def test_a_statement_whose_ends_do_not_stand_in_the_document_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "chicopee" / "2023-03-06.toml"
    file.parent.mkdir()
    whole = (PACKS / "chicopee" / "2023-03-06.toml").read_text(encoding="utf-8")
    file.write_text(whole.replace('ends = "Chicopee, MA."', 'ends = "Worcester, MA."'), "utf-8")
    needle = next(rule.needle for rule in read_pack("chicopee").rules if rule.id == "C06")

    checked = run("check", str(file), "--document", str(saved(tmp_path, "policy.txt", f"{needle}.".encode())))

    line = file.read_text(encoding="utf-8").splitlines().index('begins = "official [social"') + 1
    assert f"- line {line}: statement official_account: its rule's sentence does not begin there" in checked.stderr
