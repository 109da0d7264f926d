"""After a disposal, on both databases: nothing of what a patron wrote stands in any row or any file on disk."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.records.ledger import verify
from storage.store import SqlStore
from tests.features.test_docket import chooses
from tests.journeys.test_what_is_kept import found_in_files, found_in_rows, restarted
from tests.people import PICTURE, TODAY, House, shown, title

CANARY = "zyzzyva"
"""Stands in everything a patron said or was told, in the handle, the link, the file's name and bytes, the reasons."""


async def a_life(house: House) -> tuple[str, str]:
    """A removal with a picture, a slip put right, a second report, a notice, a block, an appeal, a request; all over.

    Returns the references of the report and the block.
    """
    await chooses(house, "Time a record is kept", "1 year")
    await chooses(house, "Who answers a request to come back", "Library Director")
    await house.sam.begins_report()
    picture = await house.sam.attaches(PICTURE + CANARY.encode(), name=f"{CANARY}.png")
    link = f"https://facebook.com/{CANARY}"
    await house.sam.fills(
        account="Facebook", links=link, text=f"{CANARY} for sale", outcome="Removed", pictures=picture
    )
    await house.sam.fills(
        clauses="Advertising", observations="sells", handles=f"@{CANARY}_first", why=f"{CANARY} sells"
    )
    report = house.sam.ref
    await house.sam.says(f"correct {report}")
    await house.sam.fills(detail="The author's handle")
    await house.sam.fills(value=f"@{CANARY}", reason=f"{CANARY} is the right one")
    await house.robin.reports(links=link, text=f"{CANARY} again")
    await house.sam.says(f"notice {report}")
    await house.sam.fills(text=f"Your comment, {CANARY}, was removed.", how="Letter", otherwise="The reason")
    await house.pat.says("link")
    await house.pat.fills(
        first=f"Facebook: @{CANARY}", second=f"Facebook: @{CANARY}2", confidence="Confirmed", basis=f"{CANARY} says so"
    )
    hold = await house.kim.holds(report)
    await house.kim.releases(hold)
    appeal = await house.robin.files_appeal(report, words=f"{CANARY} was right", sender=f"{CANARY} Jones")
    await house.dana.says(f"show {appeal}")
    await house.dana.presses("Answer it")
    await house.dana.fills(
        answer="The decision stands", reason=f"{CANARY} sold", not_consulted="yes", why_not_consulted=f"{CANARY}"
    )
    await house.dana.says(f"notice {appeal}")
    await house.dana.fills(how="Letter")
    block = await house.sam.asks_for_block(handles=f"Facebook: @{CANARY}", reason=f"{CANARY} again and again")
    await house.dana.approves(block, reason=f"{CANARY} was warned")
    await house.sam.confirms(block)
    await house.sam.says(f"notice {block}")
    await house.sam.fills(text=f"You are blocked, {CANARY}.", how="Letter")
    await house.deliver()
    await house.jump_to(TODAY + timedelta(days=50))
    await house.robin.says(f"reinstate {block}")
    await house.robin.fills(words=f"{CANARY} is sorry", sender=f"{CANARY} Jones")
    request = house.robin.ref
    await house.dana.says(f"show {request}")
    await house.dana.presses("Answer it")
    await house.dana.fills(answer="They may come back", reason=f"{CANARY} understood", conditions=f"{CANARY}")
    await house.dana.says(f"notice {request}")
    await house.dana.fills(how="Letter")
    await house.sam.confirms(block)
    await house.dana.says(f"history @{CANARY}")
    await house.dana.says(f"search {CANARY}")
    await house.pass_days(3)
    return report, block


async def test_nothing_a_patron_wrote_stands_anywhere_after_the_disposal(
    house: House, database_url: str, tmp_path: Path
) -> None:
    report, block = await a_life(house)
    assert len(found_in_rows(database_url, CANARY)) > 15
    assert found_in_files(tmp_path / "vault", CANARY)
    await house.jump_to(date(2028, 3, 3))

    for ref in (block, report):  # the report goes once no block is about its author any more
        proposal = await house.dana.proposes_disposal(ref)
        await house.kim.confirms_disposal(proposal)
        assert house.kim.reply.headline == f"{proposal} is carried out.", shown(house.kim.reply)
    assert found_in_rows(database_url, CANARY) == []
    await house.go_to(date(2028, 3, 6))  # the next open day: the round removes the files nobody needs

    assert found_in_rows(database_url, CANARY) == []
    for ref in (report, block):
        await house.dana.says(f"show {ref}")
        assert title(house.dana.reply) == f"{ref} was disposed of"
    await restarted(house, database_url)
    if database_url.startswith("sqlite"):
        assert found_in_files(tmp_path, CANARY) == []
    assert found_in_files(tmp_path / "vault", CANARY) == []
    assert found_in_files(tmp_path / "quarantine", CANARY) == []
    head, flaw = await house.store.chain(house.library, verify)
    assert flaw is None
    assert head.seq == await house.mark()


async def test_the_disposal_of_one_record_leaves_the_others_of_the_day_whole(house: House, database_url: str) -> None:
    gone = await house.sam.removes(text="zyzzyva one", handles="@first", links="https://example.org/1")
    kept = await house.sam.removes(text="xylography two", handles="@second", links="https://example.org/2")
    for ref in (gone, kept):
        await house.sam.tells_nobody(ref)
    await house.jump_to(date(2027, 3, 3))
    places = found_in_rows(database_url, "xylography")
    entries = await house.since(case=kept)

    await house.kim.confirms_disposal(await house.dana.proposes_disposal(gone))

    assert found_in_rows(database_url, "xylography") == places
    assert await house.since(case=kept) == entries
    assert found_in_rows(database_url, "zyzzyva") == []


async def test_a_certificate_and_a_tombstone_survive_a_restart(house: House, database_url: str) -> None:
    ref = await house.sam.removes()
    await house.sam.tells_nobody(ref)
    await house.jump_to(date(2027, 3, 3))
    proposal = await house.dana.proposes_disposal()
    await house.kim.confirms_disposal(proposal)
    before = {}
    for words in (f"show {ref}", f"show {proposal}", "docket", "holds"):
        await house.dana.says(words)
        before[words] = shown(house.dana.reply)

    await restarted(house, database_url)

    for words, answer in before.items():
        await house.dana.says(words)
        assert shown(house.dana.reply) == answer


async def test_a_disposal_that_is_sent_twice_is_carried_out_once(house: House) -> None:
    ref = await house.sam.removes()
    await house.sam.tells_nobody(ref)
    await house.jump_to(date(2027, 3, 3))
    proposal = await house.dana.proposes_disposal()
    await house.kim.says(f"show {proposal}")
    await house.kim.presses("Confirm")
    sent = house.kim.sending(seen="yes")

    await house.kim.sends(sent)
    await house.kim.sends(sent)

    assert house.kim.reply.headline.startswith("You did this already, on 3 March 2027")
    acts = await house.acts_since(0, case=ref)
    assert acts.count("case.disposed tombstone") == 1


@pytest.mark.parametrize("user", ["kim", "terry"])
async def test_a_disposal_survives_the_program_ending_right_after_it(
    house: House, database_url: str, user: str
) -> None:
    ref = await house.sam.removes()
    await house.sam.tells_nobody(ref)
    await house.jump_to(date(2027, 3, 3))
    await house.somebody(user).confirms_disposal(await house.dana.proposes_disposal())
    await house.store.close()

    house.store = SqlStore.open(database_url)
    house.open()

    await house.dana.says(f"show {ref}")
    assert title(house.dana.reply) == f"{ref} was disposed of"
