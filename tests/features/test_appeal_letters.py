"""The letter that answers an appeal: what it says and never says, and who gets it to send."""

import re

import pytest

from bot.cases.clock import ClockState
from tests.appealing import REASON, a_block_appealed, a_removal_appealed, answers, the_letter
from tests.people import HANDLE, PATRON, PLEA, WHY, House, shown
from tests.printed import printed

NEVER = re.compile(r"\b(incident|case|subject|violation|patron)s?\b", re.IGNORECASE)
"""Words a letter never says."""


async def test_the_letter_about_a_removal_says_issue_rule_facts_consultation_outcome_and_finality(house: House) -> None:
    ref = await a_removal_appealed(house)
    await answers(house, ref)
    text = await the_letter(house, ref)

    assert text.startswith("Your letter of 1 March 2026 came in on 2 March 2026. You appealed against what was done")
    assert "your comment of 1 March 2026 on the Facebook page of Chicopee Public Library" in text
    assert "your comment was removed on 2 March 2026." in text
    assert f"The reason given then: It sells or advertises something. {WHY}" not in text, "no words were given then"
    assert "The reason given then: It sells or advertises something." in text
    assert "The rule: Advertising or spam (Social Media Policy" in text
    assert "the Board of Trustees was asked for its advice, at a meeting on 2 March 2026." in text
    assert "Our answer: the decision stands." in text
    assert f"Why: {REASON}" in text
    assert "This answer is final: The answer to an appeal is the last word (Social Media Policy" in text
    assert "put your comment back" not in text
    assert not NEVER.search(text), NEVER.search(text)
    for secret in (HANDLE, PATRON, PLEA, "Terry", "let it stand", "Dana", ref, house.sam.ref):
        assert secret not in text, secret


async def test_the_letter_about_a_block_that_stands_says_from_when_they_may_ask_to_come_back(house: House) -> None:
    ref = await a_block_appealed(house)
    await answers(house, ref)
    text = await the_letter(house, ref)

    assert "You appealed against the block of your account." in text
    assert "Since 2 March 2026 your account is blocked from: Facebook · Chicopee Public Library." in text
    assert "You may ask to come back from 16 April 2026 on, in writing to the Library Director." in text
    assert not NEVER.search(text), NEVER.search(text)


async def test_the_letter_about_a_reversal_says_what_happens_now_and_waits_for_nobody(house: House) -> None:
    ref = await a_block_appealed(house)
    await answers(house, ref, "The decision is reversed")
    text = await the_letter(house, ref)

    assert "Our answer: the decision is reversed." in text
    assert "our editors have been asked to lift the block" in text
    assert "come back" not in text
    assert ("restore", "open") in await house.tasks("B-2026-0001")
    await house.dana.fills(text=text, how="Letter")
    assert (await house.clocks(ref))["decide_appeal_by"].state is ClockState.MET


async def test_the_letter_is_a_pdf_for_the_director_and_nobody_else(house: House) -> None:
    ref = await a_removal_appealed(house)
    await answers(house, ref)
    offered = [one.name for card in house.dana.reply.cards for one in card.documents]
    assert "letter.pdf" in offered
    made = await house.desk.document(str(house.library), house.dana.identity, ref, "letter.pdf")
    assert made.raw.startswith(b"%PDF")

    for user in ("robin", "sam", "pat", "kim"):
        await house.somebody(user).says(f"notice {ref}")
        assert house.somebody(user).reply.page is None, user
        assert REASON not in shown(house.somebody(user).reply)


@pytest.mark.parametrize(
    ("outcome", "done"),
    [("Hidden", "hidden"), ("Removed in part", "removed in part"), ("Declined to publish", "not published")],
)
@pytest.mark.parametrize("answer", ["The decision stands", "The decision is reversed"])
async def test_every_kind_of_removal_is_answered_in_words_a_patron_can_read(
    house: House, outcome: str, done: str, answer: str
) -> None:
    part = {"part": "the last line"} if outcome == "Removed in part" else {}
    ref = await a_removal_appealed(house, outcome=outcome, **part)
    await answers(house, ref, answer)
    text = await the_letter(house, ref)

    assert f"your comment was {done} on 2 March 2026." in text
    assert ("The part: the last line" in text) is (outcome == "Removed in part")
    assert ("asked to put your comment back" in text) is (answer == "The decision is reversed")
    assert not NEVER.search(text), NEVER.search(text)


async def test_the_letter_gives_the_exact_sentences_once_the_librarys_document_is_bound(house: House) -> None:
    sentences = {"C44": "Answers are the last word, it says.", "C15": "No spam, it says."}
    await house.store.act(
        house.library,
        lambda shelves: shelves.registry.put_sentences("chicopee 2023-03-06", sentences, "0" * 64),
    )
    ref = await a_removal_appealed(house)
    await answers(house, ref)
    text = await the_letter(house, ref)

    assert "This answer is final: Answers are the last word, it says. (Social Media Policy" in text


async def test_what_was_sent_is_what_is_printed_again(house: House) -> None:
    ref = await a_removal_appealed(house)
    await answers(house, ref)
    await the_letter(house, ref)
    await house.dana.fills(text="Dear reader,\n\nour decision stands.", how="Letter")
    made = await house.desk.document(str(house.library), house.dana.identity, ref, "letter.pdf")

    [page] = printed(made.raw)
    assert "About your appeal" in page
    assert "our decision stands." in page
    assert "flibber" not in page
