"""Telling a person, or not."""

import re

import pytest

from bot.cases.notice import Telling
from tests.people import BIRCH, HANDLE, WHY, House, shown, title

NEVER = re.compile(r"\b(incident|case|subject|violation|patron)s?\b", re.IGNORECASE)
"""Words a letter never says."""
GAP = "[…]"


async def choose_practice(house: House, what: str, value: str) -> None:
    await house.alex.says("setup")
    await house.alex.presses("Library practice")
    await house.alex.fills(key=what)
    await house.alex.fills(value=value, approved_by="Board of Trustees", approved_on="2026-03-02")


async def opens_notice(house: House, ref: str) -> str:
    """Open the notice of a case as the editor; returns the text it proposes."""
    await house.sam.says(f"notice {ref}")
    return house.sam.page.values["text"][0]


async def a_block(house: House) -> str:
    ref = await house.sam.asks_for_block()
    await house.dana.approves(ref)
    await house.sam.confirms(ref)
    return ref


async def test_the_letter_of_a_removal_says_what_why_the_rule_and_until_when(house: House) -> None:
    ref = await house.sam.removes(item={"posted_on": "2026-03-01"}, why=WHY)
    text = await opens_notice(house, ref)

    assert "Your comment of 1 March 2026 on the Facebook page of Chicopee Public Library" in text
    assert "was removed on 2 March 2026." in text
    assert f"It sells or advertises something. {WHY}" in text
    assert "Advertising or spam (Social Media Policy" in text
    assert "You may appeal in writing to the Library Director until 17 March 2026." in text
    assert "The time is counted from 2 March 2026." in text
    assert "come back" not in text
    assert not NEVER.search(text), NEVER.search(text)


async def test_the_letter_of_a_block_says_from_when_they_may_ask_to_come_back(house: House) -> None:
    ref = await a_block(house)
    text = await opens_notice(house, ref)

    assert "Since 2 March 2026 your account is blocked from: Facebook · Chicopee Public Library." in text
    assert f"Why: {WHY}" in text
    assert "until 17 March 2026" in text
    assert "You may ask to come back from 16 April 2026 on, in writing to the Library Director." in text
    assert not NEVER.search(text), NEVER.search(text)
    assert HANDLE not in text


@pytest.mark.parametrize(("outcome", "said"), [("Hidden", "hidden"), ("Declined to publish", "not published")])
async def test_the_letter_gives_no_date_where_the_policy_gives_none(house: House, outcome: str, said: str) -> None:
    text = await opens_notice(house, await house.sam.removes(outcome=outcome))

    assert f"was {said} on 2 March 2026." in text
    assert "appeal" not in text
    assert "If you have a concern about this, you may contact the Library Director." in text
    assert not NEVER.search(text), NEVER.search(text)


async def test_a_block_is_told_only_for_the_accounts_it_was_made_on(house: House) -> None:
    ref = await house.sam.asks_for_block(
        accounts=("Facebook", "Instagram"), handles=f"Facebook: {HANDLE}\nInstagram: {HANDLE}"
    )
    await house.dana.approves(ref)
    await house.sam.confirms(ref, account="Facebook")

    text = await opens_notice(house, ref)

    assert "your account is blocked from: Facebook · Chicopee Public Library." in text
    assert "Instagram" not in text


async def test_a_text_whose_day_to_appeal_has_passed_comes_with_a_warning(house: House) -> None:
    ref = await house.sam.removes()
    await house.pass_days(16)

    text = await opens_notice(house, ref)

    assert "until 17 March 2026" in text
    assert "The day to appeal by in this text, 17 March 2026, has passed." in "".join(
        note.text for note in house.sam.page.page.notes
    )


async def test_where_the_library_gave_no_address_the_letter_has_a_gap_and_is_not_kept_as_sent(house: House) -> None:
    editor = house.somebody("birch-editor", library=BIRCH)
    await editor.says("notice I-2026-0001")
    text = editor.page.values["text"][0]
    assert GAP in text

    await editor.fills(how="Letter")
    assert "before it is sent" in editor.page.errors["text"]

    await editor.fills(text=text.replace(GAP, "1 Birch Street"), how="Letter")
    assert editor.reply.headline == "Kept: the person was told."


async def test_telling_keeps_the_text_how_and_when_and_closes_the_task(house: House) -> None:
    ref = await house.sam.removes()
    text = await opens_notice(house, ref)
    await house.sam.fills(text=text, how="Direct message", sent_on="2026-03-01")

    [notice] = await house.look(lambda shelves: shelves.papers.notices(ref))
    assert (notice.telling, notice.text, notice.how) == (Telling.TOLD, text, "Direct message on the platform")
    assert (notice.on.isoformat(), notice.by_practice) == ("2026-03-01", False)
    assert await house.tasks(ref) == [("send_notice", "done")]
    assert "The person was told on 1 March 2026 (Direct message on the platform), recorded by Sam" in shown(
        house.sam.reply
    )
    assert {clock.told_due for clock in (await house.clocks(ref)).values()} == {
        clock.due for clock in (await house.clocks(ref)).values()
    }


async def test_a_telling_says_how_and_not_telling_says_why(house: House) -> None:
    ref = await house.sam.removes()
    text = await opens_notice(house, ref)
    await house.sam.fills(text=text)
    assert house.sam.page.errors["how"] == "Choose how the text reached the person."

    await house.sam.fills(telling="No, and here is why")
    assert house.sam.page.errors["why_not"] == "Write why the person is not told."

    await house.sam.fills(why_not="flibber: the account no longer exists")
    [notice] = await house.look(lambda shelves: shelves.papers.notices(ref))
    assert (notice.telling, notice.text) == (Telling.NOT_TOLD, "")
    assert "The person was not told, decided by Sam Okafor on 2 March 2026. flibber" in shown(house.sam.reply)
    assert {clock.told_due for clock in (await house.clocks(ref)).values()} == {None}


async def test_the_practice_not_to_tell_is_kept_as_the_practices_decision(house: House) -> None:
    await choose_practice(house, "After something is taken down", "The person is not told")

    ref = await house.sam.removes()

    [notice] = await house.look(lambda shelves: shelves.papers.notices(ref))
    assert (notice.telling, notice.by_practice) == (Telling.NOT_TOLD, True)
    assert notice.reason == "library practice, not in policy (approved by Board of Trustees, 2 March 2026)"
    assert await house.tasks(ref) == []
    assert "not told, decided by library practice" in shown(house.sam.reply)
    assert "approved by Board of Trustees" in shown(house.sam.reply)


async def test_the_practice_of_removals_says_nothing_about_blocks(house: House) -> None:
    await choose_practice(house, "After something is taken down", "The person is not told")

    ref = await a_block(house)

    assert ("send_notice", "open") in await house.tasks(ref)


async def test_the_practice_to_tell_asks_an_editor_and_is_labelled(house: House) -> None:
    ref = await house.sam.removes()
    await opens_notice(house, ref)

    assert await house.tasks(ref) == [("send_notice", "open")]
    assert "practice: " in "".join(f"{note.tone.value}: {note.text}" for note in house.sam.page.page.notes)
    assert "approved by the practice desk, for training" in shown(house.sam.reply)


async def test_there_is_nothing_to_tell_before_something_was_done(house: House) -> None:
    removal = await house.robin.removes()
    await house.sam.says(f"notice {removal}")
    assert "nothing to tell" in title(house.sam.reply)

    block = await house.sam.asks_for_block()
    await house.dana.approves(block)
    await house.sam.says(f"notice {block}")
    assert "nothing to tell" in title(house.sam.reply)


async def test_the_director_may_tell_for_any_account(house: House) -> None:
    ref = await house.sam.removes()
    await house.dana.says(f"notice {ref}")

    assert title(house.dana.reply) == "Tell the person, or not"
    await house.jo.says(f"notice {ref}")
    assert house.jo.reply.page is None, "Jo edits another account"


async def test_a_second_letter_is_kept_beside_the_first(house: House) -> None:
    ref = await house.sam.removes()
    for how in ("Reply under", "Letter"):
        text = await opens_notice(house, ref)
        await house.sam.fills(text=text, how=how)

    assert len(await house.look(lambda shelves: shelves.papers.notices(ref))) == 2
