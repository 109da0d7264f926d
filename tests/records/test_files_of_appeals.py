"""The files of what follows a removal or a block: appeals, requests to come back, and what was disposed of."""

import json

import pytest

from bot.features.export import gather
from bot.records.export import folder
from bot.refusal import Refusal
from tests.appealing import a_block_appealed, a_removal_appealed, answers, asks_the_board, sits_on_the_board
from tests.features.coming_back import asks_back, blocked
from tests.features.test_disposal import a_proposal
from tests.people import PATRON, PLEA, WORDS, House
from tests.records.taken import checked, everything, file_of, of_kind, put, taken

VIEW = "flibber: leave it down, it is an advertisement"


async def test_the_file_of_an_appeal_holds_the_act_it_challenges_what_the_board_advised_and_the_answer(
    house: House, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ref = await a_block_appealed(house)
    await house.sam.removes()
    await answers(house, ref)

    files = await file_of(house.dana, ref)

    block, *more = of_kind(files, "block")
    assert more == []
    cases = [case["case"] for case in json.loads(files["file.json"])["cases"]]
    assert cases[:2] == [ref, block["requested"]["ref"]]
    page = files["index.html"].decode()
    for said in (PLEA, PATRON, "let it stand", "what the appeal challenges", "Terry Nowak", "affirmed"):
        assert said in page, said
    assert checked(put(files, tmp_path_factory.mktemp("taken") / "file"))[0] == 0


async def test_the_file_of_what_was_challenged_names_the_appeal(house: House) -> None:
    ref = await a_removal_appealed(house)
    removal = house.sam.ref

    files = await file_of(house.dana, removal)

    assert json.loads(files["file.json"])["see_also"] == [ref]
    assert PLEA not in everything(files)


async def test_what_a_single_trustee_answered_goes_only_into_the_directors_copy(house: House) -> None:
    await sits_on_the_board(house, "Quinn Adler", user="quinn")
    ref = await a_removal_appealed(house)
    await asks_the_board(house, ref, "By a memo to each trustee")
    await house.deliver()
    await house.terry.press(house.told("terry")[0].card.buttons[0])
    await house.terry.presses("Give my view")
    await house.terry.fills(words=VIEW)

    full, part = await file_of(house.dana, ref), await file_of(house.kim, ref)

    assert VIEW in full["index.html"].decode()
    assert VIEW in full["ledger.json"].decode()
    assert VIEW not in everything(part)
    assert "This copy is not complete." in part["index.html"].decode()


async def test_the_file_of_a_request_to_come_back_holds_the_block_and_is_offered(house: House) -> None:
    block = await blocked(house)
    ref = await asks_back(house.robin, block)

    await house.dana.says(f"show {ref}")
    files = await file_of(house.dana, ref)

    assert "file.zip" in [one.name for card in house.dana.reply.cards for one in card.documents]
    assert [record["requested"]["ref"] for record in of_kind(files, "block")] == [block]
    assert "the block it is about" in files["index.html"].decode()


@pytest.mark.parametrize("user", ["robin", "sam", "pat", "terry", "alex"])
async def test_nobody_else_takes_out_the_file_of_an_appeal(house: House, user: str) -> None:
    ref = await a_removal_appealed(house)

    with pytest.raises(Refusal):
        await taken(house.somebody(user), ref)


async def test_of_what_was_disposed_of_the_tombstone_and_the_seals_are_left_and_verify(
    house: House, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ref, proposal = await a_proposal(house)
    await house.kim.confirms_disposal(proposal)

    files = await house.look(lambda shelves: folder(gather(ref, shelves, house.vault, complete=True)))

    assert WORDS not in everything(files)
    assert of_kind(files, "tombstone")[0]["certificate"] == proposal
    entries = json.loads(files["ledger.json"])["entries"]
    gone = [entry for entry in entries if entry["without_payload_because"] == "disposed of"]
    assert gone
    assert checked(put(files, tmp_path_factory.mktemp("taken") / "file"))[0] == 0


async def test_a_reminder_that_was_told_changes_no_byte_of_the_file(house: House) -> None:
    await house.sam.removes()
    await house.sam.tells_nobody(house.sam.ref)
    appeal = await house.robin.files_appeal(house.sam.ref)
    await house.deliver()
    before, mark = await file_of(house.dana, appeal), await house.mark()

    await house.pass_days(7)

    assert [event.what for event in await house.since(mark, case=appeal)] == []
    assert await file_of(house.dana, appeal) == before
