"""Documents: made when asked for, handed to whoever may have them, and that they had them is on file."""

from hashlib import sha256

import pytest

from bot.cards import Document, File
from bot.refusal import Mistake, Refusal
from tests.people import HANDLE, House, Somebody


async def takes(somebody: Somebody, case: str, name: str) -> File:
    """What somebody gets who presses a document."""
    return await somebody.house.desk.document(str(somebody.library), somebody.identity, case, name)


def offered(somebody: Somebody) -> list[str]:
    """The documents on the card before somebody."""
    return [one.name for card in somebody.reply.cards for one in card.documents]


async def test_the_letter_of_a_removal_is_offered_to_whoever_sends_it_and_is_a_pdf(house: House) -> None:
    ref = await house.sam.removes()
    await house.sam.says(ref)

    assert Document(case=ref, name="letter.pdf", label="Letter as PDF") in house.sam.reply.cards[0].documents
    made = await takes(house.sam, ref, "letter.pdf")
    assert (made.name, made.media_type, made.raw[:5]) == (f"{ref} letter.pdf", "application/pdf", b"%PDF-")
    assert HANDLE.encode() not in made.raw


async def test_having_a_document_is_on_file_with_its_name(house: House) -> None:
    ref = await house.sam.removes()
    mark = await house.mark()

    made = await takes(house.sam, ref.lower(), "letter.pdf")

    (event,) = await house.since(mark)
    assert (event.what, event.header["case"]) == ("case.viewed", ref)
    assert event.payload == {"how": "case.document", "what": "letter.pdf", "seal": sha256(made.raw).hexdigest()}


async def test_who_sends_no_notices_is_offered_no_letter_and_refused_one(house: House) -> None:
    ref = await house.sam.removes()
    mark = await house.mark()
    await house.kim.says(ref)
    assert "letter.pdf" not in offered(house.kim)

    with pytest.raises(Refusal, match="Notices are sent by an editor of the account or the Director"):
        await takes(house.kim, ref, "letter.pdf")

    assert (await house.acts_since(mark, case=ref))[-1] == "refused"


async def test_a_stranger_is_handed_nothing_and_their_try_is_on_file(house: House) -> None:
    ref = await house.sam.removes()
    stranger = house.somebody("nobody-we-know")

    with pytest.raises(Refusal, match="I don't know you yet"):
        await takes(stranger, ref, "letter.pdf")

    assert (await house.since(case=ref))[-1].header["action"] == "refused"


@pytest.mark.parametrize("name", ["", ".", "letter", "letter.exe", "../letter.pdf", "nothing.pdf"])
async def test_a_document_there_is_not_is_a_kind_sentence_and_no_event(house: House, name: str) -> None:
    ref = await house.sam.removes()
    mark = await house.mark()

    with pytest.raises(Mistake, match="There is no such document"):
        await takes(house.sam, ref, name)

    assert await house.since(mark) == []


async def test_nothing_is_handed_of_a_case_that_is_not_there(house: House) -> None:
    with pytest.raises(Mistake, match="There is no I-2030-0001 here"):
        await takes(house.sam, "I-2030-0001", "letter.pdf")


async def test_another_librarys_case_is_not_there(house: House) -> None:
    await house.sam.removes()
    theirs = house.somebody("birch-editor", library=house.library)

    with pytest.raises(Refusal, match="I don't know you yet"):
        await takes(theirs, "B-2026-0001", "letter.pdf")
