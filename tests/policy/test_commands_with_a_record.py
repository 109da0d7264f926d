"""``duenotice policy`` over a library's own record: binding, what a new version governs, past cases under another."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.policy.shelf import pack_bytes, read_pack
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.people import chicopee
from tests.policy.documents import FOLDER, document
from tests.policy.papers import a_pdf, saved
from tests.policy.sixth import JUNIPER_FILE

Run = Callable[..., Result]


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path) -> Run:
    """The command line over a record in which Chicopee's library has a removal and a block that was asked for."""

    async def live() -> None:
        async with chicopee(SqlStore.open(sqlite_url), tmp_path / "vault") as house:
            await house.sam.removes()
            await house.sam.asks_for_block(grounds="Repeated breaches")

    asyncio.run(live())
    env = {"DUENOTICE_DATABASE_URL": sqlite_url, "DUENOTICE_DATA": str(tmp_path), "COLUMNS": "160"}
    return lambda *words: CliRunner().invoke(app, ["policy", *words], env=env)


def newer(folder: Path, since: str) -> str:
    """Chicopee's policy from another day, with a ground fewer for a block and another time to answer an appeal."""
    text = pack_bytes("chicopee")[-1].decode("utf-8").replace("since = 2023-03-06", f"since = {since}")
    asked = 'on = ["appeal_received"]\nkind = "duty"\nrule = "C43"\nn = '
    text = text.replace(f"{asked}15", f"{asked}20").replace(
        'label = "Repeated breaches of the policy"', 'label = "Breaches"'
    )
    return str(saved(folder, f"{since}.toml", text.encode()))


def test_diff_names_the_open_cases_a_change_governs(run: Run, tmp_path: Path) -> None:
    told = run("diff", "chicopee", newer(tmp_path, "2026-03-01"), "--cases")

    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    ground = lines.index(
        "Ground for a block repeated_breaches: label: Repeated breaches of the policy → label: Breaches"
    )
    assert lines[ground + 1].endswith("governs B-2026-0001")
    assert not any("A-2026" in line for line in lines)


def test_diff_leaves_a_case_that_began_earlier_as_it_began(run: Run, tmp_path: Path) -> None:
    told = json.loads(run("diff", "chicopee", newer(tmp_path, "2026-04-01"), "--cases", "--json").stdout)

    [ground] = [change for change in told if change["what"] == "Ground for a block repeated_breaches"]
    assert any(line.endswith("leaves B-2026-0001 as begun") for line in ground["cases"])


def test_replay_tells_what_would_have_gone_otherwise_and_where_nothing_would(run: Run) -> None:
    same = run("replay", "chicopee")
    other = run("replay", str(JUNIPER_FILE))

    assert "of 1 past cases 0 would have gone otherwise under chicopee 2023-03-06." in same.stdout
    assert "of 1 past cases 1 would have gone otherwise under juniper 2026-01-01." in other.stdout
    assert "  I-2026-0001, the ground spam: Advertising or spam: may. " in other.stdout
    assert "Under the proposed policy: no such ground." in other.stdout


def test_replay_shows_no_handle_and_no_words_of_a_patron(run: Run) -> None:
    said = run("replay", str(JUNIPER_FILE)).stdout

    assert not any(secret in said for secret in ("quibble", "snolly", "flibber", "tatter"))


def test_binding_a_pdf_keeps_its_sentences_and_lists_the_rest(run: Run, sqlite_url: str, tmp_path: Path) -> None:
    document("chicopee")
    text = next(FOLDER.glob("000_*.txt")).read_text(encoding="utf-8")
    straight = text.translate({ord("“"): '"', ord("”"): '"', ord("’"): "'"})
    plain = straight.encode("latin-1", "replace").decode("latin-1")
    pdf = saved(tmp_path, "policy.pdf", a_pdf(tuple(plain.splitlines())))

    bound = run("bind", "chicopee", str(pdf))

    async def kept() -> dict[tuple[str, str], str]:
        store = SqlStore.open(sqlite_url)
        try:
            return await store.ask(LIBRARY, lambda shelves: dict(shelves.registry.sentences()))
        finally:
            await store.close()

    sentences = asyncio.run(kept())
    version = read_pack("chicopee").version
    assert bound.exit_code == 0, bound.output
    assert "of 64 rules are bound for" in bound.stdout
    assert sentences[version, "C31"] == "A decision to block a user shall be made by the Library Director."


def test_binding_lists_every_rule_that_was_not_found_with_its_words_and_place(run: Run, tmp_path: Path) -> None:
    text = saved(tmp_path, "policy.txt", b"A decision to block a user shall be made by the Library Director.")

    bound = run("bind", "chicopee", str(text))

    assert "1 of 64 rules are bound for" in bound.stdout
    assert "  C45: “A record of deleted posts” (User Responsibility and Use Restrictions" in bound.stdout


def test_binding_a_picture_is_refused_and_nothing_is_bound(run: Run, tmp_path: Path) -> None:
    refused = run("bind", "chicopee", str(saved(tmp_path, "policy.png", b"\x89PNG\r\n\x1a\n\0\0\0\r")))

    assert refused.exit_code != 0
    assert "bound" not in refused.stdout


def test_a_document_in_which_fewer_rules_are_found_is_refused_and_says_which_would_be_lost(
    run: Run, sqlite_url: str, tmp_path: Path
) -> None:
    two = b"A decision to block a user shall be made by the Library Director. A record of deleted posts is kept."
    run("bind", "chicopee", str(saved(tmp_path, "policy.txt", two)))
    one = str(saved(tmp_path, "other.txt", b"A record of deleted posts is kept."))

    refused = run("bind", "chicopee", one)

    assert refused.exit_code == 2
    assert "2 rules are bound now, and in this document 1 are found" in refused.stderr
    assert "C31" in refused.stderr
    assert "--anyway" in refused.stderr
    assert (read_pack("chicopee").version, "C31") in kept_sentences(sqlite_url)

    bound = run("bind", "chicopee", one, "--anyway")

    assert bound.exit_code == 0, bound.output
    assert (read_pack("chicopee").version, "C31") not in kept_sentences(sqlite_url)


def kept_sentences(url: str) -> dict[tuple[str, str], str]:
    async def kept() -> dict[tuple[str, str], str]:
        store = SqlStore.open(url)
        try:
            return await store.ask(LIBRARY, lambda shelves: dict(shelves.registry.sentences()))
        finally:
            await store.close()

    return asyncio.run(kept())
