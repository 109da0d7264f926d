"""An author's history, and the links between handles."""

from dataclasses import replace
from datetime import date

from bot.cases.incident import ConfirmedRemoval
from tests.people import HANDLE, LINK, WORDS, House, facts, shown, title

OTHER = "@quibbleother"


async def link(house: House, confidence: str = "Confirmed") -> None:
    await house.dana.says(f"link {HANDLE}")
    await house.dana.fills(
        first=f"Facebook: {HANDLE}", second=f"Instagram: {OTHER}", confidence=confidence, basis="flibber"
    )


async def test_the_history_shows_removals_and_blocks_and_who_looked_is_kept(house: House) -> None:
    ref = await house.sam.removes()
    block = await house.sam.asks_for_block()
    mark = await house.mark()

    await house.kim.says(f"history {HANDLE}")

    assert facts(house.kim.reply) == {
        "Confirmed removals that stand": "1",
        "Overturned": "0",
        "Blocks asked for": "1",
    }
    assert [row.cells[0] for card in house.kim.reply.cards if card.table for row in card.table.rows] == [ref, block]
    [look] = await house.since(mark)
    assert look.what == "case.viewed"
    assert look.header["actor"] == str((await house.person("Kim")).id)
    assert HANDLE.strip("@") not in str(look.header)


async def test_what_was_left_up_is_never_in_a_history(house: House) -> None:
    await house.sam.removes()
    for number, outcome in enumerate(("Left up", "Gone", "Please look")):
        await house.robin.reports(links=f"{LINK}/{number}", text=f"{WORDS} by {HANDLE}", outcome=outcome)
    await house.robin.reports(track="Complaint", links=f"{LINK}/complaint", text=f"{WORDS} {HANDLE}")

    await house.dana.says(f"history {HANDLE}")

    assert [row.cells[0] for card in house.dana.reply.cards if card.table for row in card.table.rows] == ["I-2026-0001"]


async def test_a_removal_that_was_asked_for_and_then_left_up_leaves_the_history(house: House) -> None:
    ref = await house.robin.removes()
    await house.sam.says("home")
    await house.sam.presses("Something else", case=ref)
    await house.sam.fills(outcome="Left up", child_abuse="no")

    assert (await house.incident(ref)).author is None
    await house.dana.says(f"history {HANDLE}")
    assert "Nothing is on file" in title(house.dana.reply)
    assert ref not in shown(house.dana.reply)


async def test_an_overturned_removal_is_shown_and_not_counted(house: House) -> None:
    ref = await house.sam.removes()
    await house.sam.removes(links=f"{LINK}/2")
    kept = await house.incident(ref)
    assert isinstance(kept.removal, ConfirmedRemoval)
    overturned = replace(kept, version=kept.version + 1, removal=replace(kept.removal, overturned_on=date(2026, 3, 2)))
    await house.store.act(house.library, lambda shelves: shelves.incidents.put(overturned))

    await house.dana.says(f"history {HANDLE}")

    assert facts(house.dana.reply)["Confirmed removals that stand"] == "1"
    assert facts(house.dana.reply)["Overturned"] == "1"
    assert "removed on 2 March 2026, overturned on 2 March 2026" in shown(house.dana.reply)
    await house.sam.asks_for_block()
    assert "On file: 1 confirmed removal of items by these handles (I-2026-0002)." in shown(house.sam.reply)


async def test_a_confirmed_link_joins_two_histories_and_a_suspected_one_does_not(house: House) -> None:
    await house.sam.removes()
    await house.sam.removes(account="Instagram", links=f"{LINK}/ig", handles=OTHER)
    await link(house, "Suspected")
    assert facts(house.dana.reply)["Confirmed removals that stand"] == "1"
    assert facts(house.dana.reply)["Same person, suspected"] == f"{OTHER} on Instagram"

    await house.dana.presses("Undo the link")
    await house.dana.fills(because="flibber: to say it better")
    await link(house, "Confirmed")

    assert facts(house.dana.reply)["Confirmed removals that stand"] == "2"
    assert facts(house.dana.reply)["Same person, confirmed"] == f"{OTHER} on Instagram"
    assert "confirmed, by Dana Whitfield. flibber" in shown(house.dana.reply)


async def test_a_link_is_undone_with_a_reason_and_stays_on_file(house: House) -> None:
    await house.sam.removes()
    await house.sam.removes(account="Instagram", links=f"{LINK}/ig", handles=OTHER)
    await link(house)
    await house.dana.presses("Undo the link")
    assert "flibber" in house.dana.page.page.intro
    await house.dana.fills(because="flibber: two cousins")

    assert facts(house.dana.reply)["Confirmed removals that stand"] == "1"
    assert f"{OTHER} on Instagram: link undone on 2 March 2026. flibber: two cousins" in shown(house.dana.reply)
    assert [event.what for event in await house.since()][-1] == "author.unlink link"


async def test_a_link_needs_a_basis_and_two_handles(house: House) -> None:
    await house.dana.says(f"link {HANDLE}")
    await house.dana.fills(first=f"Facebook: {HANDLE}", second=f"Facebook: {HANDLE.upper()}", basis="")
    assert house.dana.page.errors == {"basis": "Please answer this."}

    await house.dana.fills(basis="flibber")
    assert house.dana.page.errors["second"] == "Write the other handle."


async def test_the_same_link_is_not_made_twice(house: House) -> None:
    await link(house)
    await link(house)

    assert house.dana.page.errors["second"] == "They are linked already; nothing to add."


async def test_nothing_on_file_says_so(house: House) -> None:
    await house.dana.says("history @quibblenobody")

    assert title(house.dana.reply) == "Nothing is on file about @quibblenobody"


async def test_a_handle_is_one_author_however_it_is_written(house: House) -> None:
    await house.sam.removes(handles="@QuibbleWorth")
    await house.sam.removes(links=f"{LINK}/2", handles=" quibbleworth ")

    for written in ("@quibbleworth", "QUIBBLEWORTH", "Facebook: @quibbleworth", "@quibbleworth on facebook"):
        await house.dana.says(f"history {written}")
        assert facts(house.dana.reply)["Confirmed removals that stand"] == "2"


async def test_a_history_asked_for_in_a_channel_is_answered_privately(house: House) -> None:
    await house.sam.removes()
    await house.deliver()
    before = len(house.messenger.posts)

    await house.dana.says(f"history {HANDLE}", surface="channel")
    await house.deliver()

    assert facts(house.dana.reply)["Confirmed removals that stand"] == "1"
    assert house.messenger.posts[before:] == []
