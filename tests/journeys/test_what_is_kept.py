"""What stays up is forgotten; what was begun survives a restart. Searched for in everything there is on disk."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from bot.cases.incident import Outcome
from storage import engines
from storage.store import SqlStore
from tests.people import HANDLE, LINK, PICTURE, TODAY, WHY, WORDS, House, facts, shown


def found_in_rows(url: str, canary: str) -> list[str]:
    """Every table and column in which something stands, however it is stored."""
    engine = create_engine(engines.parsed(url))
    places = []
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():  # noqa: S608 - the tables' names
                places += [f"{table}.{name}" for name, value in row.items() if canary in _plain(value).casefold()]
    engine.dispose()
    return sorted(set(places))


def _plain(value: Any) -> str:  # noqa: ANN401 - any column
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", errors="replace")
    return json.dumps(value, default=str) if isinstance(value, dict | list) else str(value)


def found_in_files(folder: Path, canary: str) -> list[str]:
    """Every file whose bytes or name hold something."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if canary.encode() in path.read_bytes() or canary in path.name]


async def restarted(house: House, url: str) -> None:
    """Stop the program and start it again over the same disk."""
    await house.store.close()
    house.store = SqlStore.open(url)
    house.open()


@pytest.mark.parametrize("ending", ["at once", "closed later", "settled by an editor"])
async def test_words_and_pictures_of_what_stays_up_are_gone_from_everywhere(
    house: House, database_url: str, tmp_path: Path, ending: str
) -> None:
    canary = f"zyzzyva {ending}"
    picture_bytes = PICTURE + canary.encode()
    outcome = "Please look" if ending == "settled by an editor" else "Left up"
    await house.robin.begins_report("Complaint" if ending == "closed later" else "May break a rule")
    picture = await house.robin.attaches(picture_bytes, name="screen.png")
    await house.robin.fills(account="Facebook", links=LINK, text=f"{canary} text", pictures=picture, outcome=outcome)
    ref = house.robin.ref
    await house.deliver()
    if ending == "closed later":
        assert found_in_rows(database_url, canary) == ["incident.searched", "incident.text"]
        await house.dana.says(f"show {ref}")
        await house.dana.presses("Close: it stays up")
    if ending == "settled by an editor":
        assert found_in_files(tmp_path / "vault", canary)
        await house.sam.says("home")
        await house.sam.presses("Say what was done", case=ref)
        await house.sam.fills(child_abuse="no")
    await house.pass_days(1)

    kept = await house.incident(ref)
    assert (kept.link, kept.outcome, kept.text, kept.evidence) == (LINK, Outcome.LEFT_UP, "", ())
    assert found_in_rows(database_url, canary) == []
    await restarted(house, database_url)
    assert found_in_files(tmp_path, canary) == []
    await house.kim.says(f"search {canary}")
    assert "Nothing found" in shown(house.kim.reply)


async def test_a_removed_items_words_are_kept_once_and_the_ledger_knows_only_their_hash(
    house: House, database_url: str
) -> None:
    await house.sam.removes(text="zyzzyva removed", why=WHY)
    await house.deliver()

    assert found_in_rows(database_url, "zyzzyva removed") == ["incident.searched", "incident.text"]


async def test_a_child_safety_link_is_kept_with_the_report_and_nowhere_else(house: House, database_url: str) -> None:
    await house.robin.says("report")
    await house.robin.fills(child_abuse="yes")
    await house.robin.fills(account="Facebook", links="https://zyzzyva.example/item")
    await house.pass_days(2)

    assert found_in_rows(database_url, "zyzzyva.example") == ["incident.link", "ledger_payload.payload"]
    for user in ("robin", "dana", "pat"):
        await house.somebody(user).says("search zyzzyva.example")
        assert "Nothing found" in shown(house.somebody(user).reply)


async def test_handles_stand_only_with_the_author_and_in_payloads(house: House, database_url: str) -> None:
    report = await house.sam.removes(handles="@zyzzyva", why="flibber")
    block = await house.sam.asks_for_block(handles="Facebook: @zyzzyva")
    await house.dana.approves(block)
    await house.sam.confirms(block)
    await house.pass_days(3)

    assert set(found_in_rows(database_url, "zyzzyva")) <= {"author.handle", "ledger_payload.payload", "draft.values"}
    assert "author.handle" in found_in_rows(database_url, "zyzzyva")
    assert report


async def test_a_form_begun_before_a_restart_is_finished_after_it(house: House, database_url: str) -> None:
    await house.robin.begins_report()
    picture = await house.robin.attaches()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed", pictures=picture)
    await restarted(house, database_url)
    house.time.later(days=3)

    await house.robin.fills(clauses="Advertising", observations="sells", handles=HANDLE)

    assert facts(house.robin.reply)["Reason"] == "It sells or advertises something."
    kept = await house.incident(house.robin.ref)
    assert kept.text == WORDS
    assert house.vault.read(house.library, kept.evidence[0].sha256)[0] == PICTURE


async def test_a_decision_sent_before_a_restart_is_answered_from_the_record_after_it(
    house: House, database_url: str
) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.says("home")
    await house.dana.presses("Approve", case=ref)
    sent = house.dana.sending(reason=WHY)
    await house.dana.sends(sent)
    await restarted(house, database_url)

    await house.dana.sends(sent)

    assert house.dana.reply.headline.startswith("You did this already, on 2 March 2026 at 10:0")
    assert [act for act in await house.acts_since(0, case=ref) if act.startswith("block.approve block")] == [
        "block.approve block"
    ]


async def test_everything_comes_back_after_a_restart_as_it_was(house: House, database_url: str) -> None:
    ref = await house.sam.removes()
    block = await house.sam.asks_for_block()
    await house.dana.approves(block)
    await house.sam.confirms(block)
    before = {}
    for words in (f"show {ref}", f"show {block}", "due", f"history {HANDLE}", "who", "reports"):
        await house.dana.says(words)
        before[words] = shown(house.dana.reply)
    mark = await house.mark()

    await restarted(house, database_url)

    assert await house.mark() == mark
    for words, answer in before.items():
        await house.dana.says(words)
        assert shown(house.dana.reply) == answer


async def test_any_card_can_be_rebuilt_from_the_database(house: House, database_url: str) -> None:
    ref = await house.robin.removes()
    await house.deliver()
    await restarted(house, database_url)
    await house.sam.confirms(ref)
    await house.deliver()

    [card] = [posted.card for posted in house.channel("social-media") if posted.card.title == f"Report {ref}"]
    assert ("Status", "removed on 2 March 2026") in [(fact.label, fact.value) for fact in card.facts]


async def test_another_library_in_the_same_database_sees_and_joins_nothing(house: House) -> None:
    ref = await house.sam.removes()

    assert ref == "I-2026-0001", "Birch has an I-2026-0001 of its own, about the same link"
    assert (await house.incident(ref)).joined == ()
    await house.dana.says(f"history {HANDLE}")
    assert facts(house.dana.reply)["Confirmed removals that stand"] == "1"
    assert facts(house.dana.reply)["Blocks asked for"] == "0"
    await house.sam.asks_for_block()
    assert "On file: 1 confirmed removal" in shown(house.sam.reply)
    await house.dana.says("search birch")
    assert "Nothing found" in shown(house.dana.reply)
    await house.go_to(TODAY + timedelta(days=3))
