"""The file of a case: the same bytes each time, complete, inert, and for those who may have it."""

import csv
import io
import json
from hashlib import sha256
from pathlib import Path

import pytest

from bot.records.export import MANIFEST
from bot.refusal import Refusal
from tests.people import HANDLE, LINK, PICTURE, SECRETS, WHY, WORDS, House
from tests.records.taken import (
    FORMULA,
    MARKUP,
    OFFLINE,
    a_block,
    a_removal,
    checked,
    everything,
    file_of,
    of_kind,
    opened,
    put,
    taken,
)

# -- the same bytes --------------------------------------------------------------------------------------------------


async def test_two_exports_in_a_row_give_the_same_bytes_whoever_looks_between(house: House) -> None:
    block, _ = await a_block(house)
    first = await taken(house.dana, block)

    await house.kim.says(block)
    with pytest.raises(Refusal):
        await taken(house.robin, block)
    house.time.later(days=2, hours=3)
    second = await taken(house.dana, block)

    assert second.raw == first.raw
    assert second.seal == first.seal


async def test_reminders_of_a_task_that_go_out_do_not_alter_the_file_but_an_act_does(house: House) -> None:
    ref = await a_removal(house)  # somebody is asked to tell the person, and reminded of it each day
    await house.pass_days(3)
    first, told = await taken(house.dana, ref), len(house.posted)

    await house.pass_days(1)

    assert ref in repr([posted.card for posted in house.posted[told:]]), "there was a reminder"
    assert (await taken(house.dana, ref)).raw == first.raw
    await house.sam.says(f"notice {ref}")
    await house.sam.fills(telling="No", why_not="no way to reach them")
    assert (await taken(house.dana, ref)).raw != first.raw


async def test_taking_the_file_out_is_on_file_with_the_seal_of_its_list(house: House) -> None:
    ref = await a_removal(house)
    mark = await house.mark()

    made = await taken(house.kim, ref)

    (event,) = await house.since(mark)
    assert (event.what, event.header["case"]) == ("case.exported", ref)
    assert event.payload["seal"] == made.seal == sha256(opened(made.raw)[MANIFEST]).hexdigest()


async def test_nothing_in_the_file_says_when_it_was_taken_out(house: House) -> None:
    ref = await a_removal(house)
    house.time.later(days=500)

    files = await file_of(house.dana, ref)

    said = everything({name: raw for name, raw in files.items() if not name.startswith("policy/")})
    assert "2026" in said
    assert str(house.time.at.date()) not in said
    assert "July 2027" not in said


# -- what is in it ---------------------------------------------------------------------------------------------------


async def test_the_file_of_a_block_holds_the_removal_it_stands_on_with_the_original(house: House) -> None:
    block, removal = await a_block(house)

    files = await file_of(house.dana, block)

    sha = sha256(PICTURE).hexdigest()
    assert files[f"originals/{sha}.png"] == PICTURE
    assert [record["ref"] for record in of_kind(files, "incident")] == [removal]
    assert of_kind(files, "incident")[0]["text"] == WORDS
    assert {record["block"] for record in of_kind(files, "execution")} == {block}
    page = files["index.html"].decode()
    for said in (WHY, WORDS, HANDLE, "Dana Whitfield", "Facebook · Chicopee Public Library", "Advertising or spam"):
        assert said in page, said
    assert "a removal by these handles, on file when it was decided" in page


async def test_the_file_of_a_report_names_the_block_that_came_of_it_and_does_not_hold_it(house: House) -> None:
    block, removal = await a_block(house)

    files = await file_of(house.dana, removal)

    assert json.loads(files["file.json"])["see_also"] == [block]
    assert of_kind(files, "block") == []
    assert OFFLINE not in everything(files)


async def test_a_removal_after_the_decision_was_not_before_whoever_decided_and_is_not_in_the_file(house: House) -> None:
    block, removal = await a_block(house)
    await house.sam.removes(links="https://facebook.com/later", text="a later text")

    files = await file_of(house.dana, block)

    assert [record["ref"] for record in of_kind(files, "incident")] == [removal]


async def test_nobody_else_is_named_in_a_file(house: House) -> None:
    ref = await a_removal(house)
    await house.sam.removes(handles="@someone-else", links="https://facebook.com/other", text="quite another text")

    said = everything(await file_of(house.dana, ref))

    assert "someone-else" not in said
    assert "quite another" not in said
    assert "Terry Nowak" not in said
    assert "birch" not in said.casefold()


async def test_the_policy_it_was_done_under_goes_along_as_it_was_adopted(house: House) -> None:
    ref = await a_removal(house)
    packs = dict(await house.look(lambda shelves: shelves.registry.packs()))

    files = await file_of(house.dana, ref)

    policies = {name: raw for name, raw in files.items() if name.startswith("policy/")}
    assert list(policies.values()) == [packs["chicopee 2023-03-06"]]


async def test_a_retained_file_that_is_gone_is_said_to_be_gone(house: House) -> None:
    ref = await a_removal(house)
    sha = sha256(PICTURE).hexdigest()
    house.vault.remove(house.library, sha)

    files = await file_of(house.dana, ref)

    assert json.loads(files["file.json"])["not_kept"] == [sha]
    assert "no longer kept" in files["index.html"].decode()
    assert checked(put(files, house_folder(house)))[0] == 0


def house_folder(house: House) -> Path:
    """A folder of this test's own."""
    folder = Path(str(house.vault._kept)).parent / "taken"  # type: ignore[attr-defined]  # noqa: SLF001 - the test's own folder
    folder.mkdir()
    return folder


# -- what must not do anything ---------------------------------------------------------------------------------------


async def test_a_patrons_words_do_nothing_in_the_page_and_the_tables(house: House) -> None:
    ref = await house.sam.removes(text=f"{FORMULA} {MARKUP}", item={"host_post": FORMULA})

    files = await file_of(house.dana, ref)

    page = files["index.html"].decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="http' not in page
    assert 'href="javascript' not in page
    assert "default-src 'none'" in page
    assert of_kind(files, "incident")[0]["text"] == f"{FORMULA} {MARKUP}"
    for name, raw in files.items():
        if name.startswith("tables/"):
            cells = [cell for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"))) for cell in row]
            assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert f"'{FORMULA}" in files["tables/incident.csv"].decode().replace('""', '"')


# -- who may have what -----------------------------------------------------------------------------------------------


async def test_only_the_director_and_record_keepers_are_offered_the_file_and_given_it(house: House) -> None:
    ref = await a_removal(house)
    for user, may in {"dana": True, "kim": True, "sam": False, "pat": False, "robin": False, "terry": False}.items():
        somebody = house.somebody(user)
        await somebody.says(ref)
        offered = [one.name for card in somebody.reply.cards for one in card.documents]
        assert ("file.zip" in offered) == may, user
        if may:
            assert (await taken(somebody, ref)).media_type == "application/zip"
        else:
            with pytest.raises(Refusal):
                await taken(somebody, ref)


async def test_what_only_the_director_reads_is_left_out_of_a_record_keepers_copy_which_says_so(house: House) -> None:
    block, _ = await a_block(house)

    full, part = await file_of(house.dana, block), await file_of(house.kim, block)

    assert OFFLINE in full["index.html"].decode()
    assert OFFLINE in full["ledger.json"].decode()
    assert "not complete" not in full["index.html"].decode()
    assert OFFLINE not in everything(part)
    assert "This copy is not complete." in part["index.html"].decode()
    assert "left out of this copy" in part["tables/block.csv"].decode()
    assert checked(put(part, house_folder(house)))[0] == 0, "the ledger verifies without what is left out"


async def test_of_child_safety_nothing_that_leads_to_the_material_is_taken_out_and_by_nobody_else(house: House) -> None:
    ref = await house.robin.reports(outcome="Please look", words=WHY)
    await house.deliver()
    await house.sam.says("home")
    await house.sam.presses("Say what was done", case=ref)
    await house.sam.fills(outcome="Removed", child_abuse="yes")

    files = await file_of(house.dana, ref)

    said = everything(files).casefold()
    assert [secret for secret in SECRETS if secret in said] == []
    assert "This copy is not complete." in files["index.html"].decode()
    assert [name for name in files if name.startswith("originals/")] == []
    assert checked(put(files, house_folder(house)))[0] == 0
    for user in ("kim", "sam", "robin", "terry", "alex"):
        with pytest.raises(Refusal):
            await taken(house.somebody(user), ref)


async def test_a_walled_removal_is_named_in_the_file_of_a_block_and_does_not_go_along(house: House) -> None:
    await house.robin.reports(outcome="Please look", words=WHY)
    walled = house.robin.ref
    await house.sam.says("home")
    old = house.sam.button("Say what was done", case=walled)
    await house.sam.press(old)
    await house.sam.fills(outcome="Removed", child_abuse="no")
    await house.sam.fills(clauses="Advertising", observations="sells", handles=HANDLE)
    block = await house.sam.asks_for_block()
    await house.dana.approves(block)
    await house.sam.press(old)
    await house.sam.fills(child_abuse="yes")

    files = await file_of(house.dana, block)

    assert of_kind(files, "incident") == []
    assert json.loads(files["file.json"])["see_also"] == [walled]
    assert LINK not in everything(files)
    assert {entry["case"] for entry in json.loads(files["ledger.json"])["entries"]} == {block}


async def test_who_reported_the_director_is_not_named_in_the_chairs_file(house: House) -> None:
    ref = await house.robin.reports_conduct(about_director="yes")

    files = await file_of(house.terry, ref)

    assert "Robin" not in everything(files)
    for user in ("dana", "kim", "robin"):
        with pytest.raises(Refusal):
            await taken(house.somebody(user), ref)
