"""Holds: who places and releases them, what they catch, and that nothing they cover is edited or disposed of."""

from datetime import date

import pytest

from bot.cases.appeal import ReceivedAppeal
from tests.features.coming_back import asks_back
from tests.features.test_docket import A_YEAR_LATER, a_block, a_removal, kept_by, on_the_list
from tests.people import BIRCH, HANDLE, WORDS, House, facts, shown, title


async def links(house: House, first: str, second: str, confidence: str) -> None:
    await house.pat.says("link")
    await house.pat.fills(first=first, second=second, confidence=confidence, basis="flibber: same picture")


async def test_a_held_case_is_held_back_with_the_reason_until_the_hold_is_released(house: House) -> None:
    ref = await a_removal(house)
    await house.jump_to(A_YEAR_LATER)
    hold = await house.kim.holds(ref)

    assert await on_the_list(house) == []
    held = house.dana.reply.cards[1]
    assert held.title == "Time up, but kept: 1"
    assert await kept_by(house, ref) == f"no: {hold} holds it since 3 March 2027 for a lawsuit, or one that is expected"

    await house.dana.releases(hold)

    assert await on_the_list(house) == [ref]
    await house.kim.says(f"show {hold}")
    assert facts(house.kim.reply)["Status"] == "from 3 March 2027, released on 3 March 2027 by Dana Whitfield"
    assert facts(house.kim.reply)["Released because"] == "it is settled"


async def test_an_appeal_is_held_with_the_case_it_is_about(house: House) -> None:
    ref = await a_removal(house)
    appeal = await house.robin.files_appeal(ref)
    hold = await house.kim.holds(appeal)
    await house.jump_to(A_YEAR_LATER)

    assert f"{hold} holds it since" in await kept_by(house, ref)


async def test_a_hold_on_an_author_catches_confirmed_handles_and_no_suspected_one(house: House) -> None:
    own = await a_removal(house)
    confirmed = await a_removal(house, handles="@second", links="https://example.org/2", text="tatter 2")
    suspected = await a_removal(house, handles="@third", links="https://example.org/3", text="tatter 3")
    await links(house, f"Facebook: {HANDLE}", "Facebook: @second", "Confirmed")
    await links(house, f"Facebook: {HANDLE}", "Facebook: @third", "Suspected")
    await house.jump_to(A_YEAR_LATER)

    await house.kim.says("hold")
    await house.kim.fills(scope="Everything of one author", cause="A public-records request")
    await house.kim.fills(which=f"{HANDLE} on Facebook")
    assert f"Today it catches 2 on file ({own}, {confirmed})." in house.kim.page.page.intro
    await house.kim.fills(reason="the request came in today")

    assert await on_the_list(house) == [suspected]


async def test_a_link_by_which_a_hold_holds_more_is_not_undone_while_it_stands(house: House) -> None:
    await a_removal(house)
    other = await a_removal(house, handles="@second", links="https://example.org/2", text="tatter 2")
    await links(house, f"Facebook: {HANDLE}", "Facebook: @second", "Confirmed")
    hold = await house.kim.holds(f"{HANDLE} on Facebook", scope="Everything of one author")

    await house.pat.says("history @second")
    await house.pat.presses("Undo the link")
    await house.pat.fills(because="flibber: I was wrong")

    assert title(house.pat.reply).startswith(f"A hold stands on this author ({hold})")
    await house.jump_to(A_YEAR_LATER)
    assert f"{hold} holds it since" in await kept_by(house, other)


async def test_a_hold_on_an_account_catches_what_stands_on_it_and_what_comes_later(house: House) -> None:
    facebook = await a_removal(house)
    instagram = await a_removal(house, account="Instagram", links="https://example.org/2", text="tatter 2")
    await house.dana.holds("Facebook", scope="Everything on one account")
    later = await a_removal(house, links="https://example.org/3", text="tatter 3")
    await house.jump_to(A_YEAR_LATER)

    assert await on_the_list(house) == [instagram]
    for ref in (facebook, later):
        assert "holds it since" in await kept_by(house, ref)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("STORY   hour", id="of our post, in any case and spacing"),
        pytest.param("snollygoster", id="of what was posted"),
        pytest.param("flibbertigibbet", id="of the reason"),
        pytest.param("advertising or spam", id="of the rule"),
        pytest.param("quibbleworth", id="of the handle"),
        pytest.param("posts/tatterdemalion", id="of the link"),
        pytest.param("it was spam", id="of the notice"),
        pytest.param("tatter correction", id="of a correction"),
        pytest.param("quibbling is no crime", id="of an appeal"),
    ],
)
async def test_a_topic_catches_every_case_in_which_its_words_stand(house: House, words: str) -> None:
    ref = await a_removal(house, item={"host_post": "Story hour on Monday"})
    await house.sam.says(f"correct {ref}")
    await house.sam.fills(detail="The day it was posted")
    await house.sam.fills(value="2026-03-01", reason="tatter correction")
    await house.robin.files_appeal(ref)
    other = await house.sam.removes(
        links="https://example.org/2",
        text="rude words",
        handles="@another",
        clauses="Off topic",
        observations="does not speak",
        why="it says nothing of the library",
        item={"host_post": "Chess club"},
    )
    await house.sam.says(f"notice {other}")
    await house.sam.fills(telling="No", why_not="no need")

    await house.kim.says("hold")
    await house.kim.fills(scope="Everything on a topic", cause="A lawsuit")
    await house.kim.fills(which=words)
    assert f"Today it catches 1 on file among the newest 500 reports and blocks ({ref})." in house.kim.page.page.intro
    said = shown(house.kim.reply)
    assert "A topic holds every case in which these words stand as you write them, in upper or lower case" in said
    assert "It does not read pictures." in said
    await house.kim.fills(reason="counsel asked")
    await house.jump_to(A_YEAR_LATER)

    assert "holds it since" in await kept_by(house, ref)
    assert await on_the_list(house) == [other]


async def test_a_topic_of_a_letter_or_two_is_no_topic(house: House) -> None:
    await house.kim.says("hold")
    await house.kim.fills(scope="Everything on a topic", cause="A lawsuit")
    await house.kim.fills(which=" a ")

    assert "at least 3 letters" in shown(house.kim.reply)
    assert await house.look(lambda shelves: shelves.docket.holds()) == ()


async def test_a_hold_on_what_is_not_on_file_is_said_beside_its_field(house: House) -> None:
    for scope, which, says in (
        ("One case", "I-2026-0099", "There is no I-2026-0099 here"),
        ("Everything of one author", "@nobody", "No handle on file is called that"),
    ):
        await house.kim.says("hold")
        await house.kim.fills(scope=scope, cause="An audit")
        await house.kim.fills(which=which)
        assert says in shown(house.kim.reply)
        assert house.kim.page.values["which"] == (which,)
    assert await house.look(lambda shelves: shelves.docket.holds()) == ()


async def test_a_held_item_is_not_closed_as_left_up_so_its_text_and_pictures_stay(house: House) -> None:
    ref = await house.robin.reports(outcome="Please look")
    hold = await house.kim.holds(ref)
    mark = await house.mark()

    await house.dana.says(f"show {ref}")
    assert "On hold since 2 March 2026" in shown(house.dana.reply)
    await house.dana.presses("Close: it stays up")
    assert title(house.dana.reply).startswith(f"{ref} is on hold ({hold})")
    await house.sam.says("home")
    await house.sam.presses("Say what was done", case=ref)
    await house.sam.fills(outcome="Left up", child_abuse="no")
    assert "is on hold" in shown(house.sam.reply)

    kept = await house.incident(ref)
    assert (kept.text, kept.closed_on) == (WORDS, None)
    assert [act for act in await house.acts_since(mark) if act == "refused"] == ["refused"] * 2
    await house.kim.releases(hold)
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Close: it stays up")
    assert (await house.incident(ref)).text == ""


async def test_a_held_case_is_not_corrected_and_what_was_typed_waits(house: House) -> None:
    ref = await a_removal(house)
    block = await a_block(house)
    hold = await house.kim.holds(f"{HANDLE} on Facebook", scope="Everything of one author")

    await house.sam.says(f"correct {ref}")
    await house.sam.fills(detail="Our post")
    await house.sam.fills(value="Another post", reason="flibber")
    assert "is on hold" in title(house.sam.reply)
    assert house.sam.sees("Back to what I typed")
    await house.sam.says(f"correct {block}")
    await house.sam.fills(detail="The day it was made")
    await house.sam.fills(value="2026-02-27", reason="flibber")
    assert "is on hold" in title(house.sam.reply)

    assert (await house.incident(ref)).host_post.title == ""
    await house.kim.releases(hold)
    await house.sam.says(f"correct {ref}")
    await house.sam.fills(detail="Our post")
    await house.sam.fills(value="Another post", reason="flibber")
    assert (await house.incident(ref)).host_post.title == "Another post"


@pytest.mark.parametrize("user", ["robin", "sam", "pat", "terry", "alex"])
async def test_only_the_records_officer_the_director_and_counsel_place_and_release_holds(
    house: House, user: str
) -> None:
    ref = await a_removal(house)
    hold = await house.kim.holds(ref)
    mark = await house.mark()

    await house.somebody(user).says(f"hold {ref}")
    assert "Holds are placed and released by the records officer" in title(house.somebody(user).reply)
    await house.somebody(user).says(f"hold release {hold}")
    assert "Holds are placed and released by the records officer" in title(house.somebody(user).reply)

    assert await house.acts_since(mark) == ["refused", "refused"]
    [kept] = await house.look(lambda shelves: shelves.docket.holds())
    assert kept.stands


async def test_a_hold_is_released_once(house: House) -> None:
    hold = await house.kim.holds(await a_removal(house))
    await house.dana.says(f"show {hold}")
    old = house.dana.button("Release")
    await house.kim.releases(hold)

    await house.dana.press(old)

    assert house.dana.reply.headline.startswith("This has changed since that card was drawn")
    await house.dana.says(f"hold release {hold}")
    await house.dana.fills(because="again")
    assert title(house.dana.reply) == f"{hold} was released before"


async def test_the_records_channel_learns_of_a_hold_and_neither_of_its_author_nor_of_its_words(house: House) -> None:
    await a_removal(house)
    author = await house.kim.holds(f"{HANDLE} on Facebook", scope="Everything of one author")
    topic = await house.kim.holds("snollygoster", scope="Everything on a topic")
    await house.deliver()

    cards = {posted.card.title: posted.card for posted in house.channel("records")}
    assert {f"Hold {author}", f"Hold {topic}"} <= cards.keys()
    assert "everything on a topic" in repr(cards[f"Hold {topic}"])
    await house.kim.says("holds")
    said = shown(house.kim.reply)
    assert "everything on a topic: “snollygoster”" in said
    assert "@quibbleworth on Facebook" in said
    await house.terry.says("holds")
    assert "everything of one author: an author" in shown(house.terry.reply)


async def test_a_hold_and_its_release_are_in_the_ledger_with_their_reasons(house: House) -> None:
    mark = await house.mark()
    hold = await house.kim.holds(await a_removal(house))
    await house.kim.releases(hold)

    placed, released = [event for event in await house.since(mark, case=hold) if event.header["record"] == "hold"]
    assert (placed.header["action"], placed.payload["after"]["reason"]) == ("hold.place", "counsel asked for it")
    assert (released.header["action"], released.payload["after"]["released_because"]) == (
        "hold.release",
        "it is settled",
    )


async def test_nothing_is_held_by_another_librarys_hold(house: House) -> None:
    ref = await a_removal(house)
    await house.jump_to(date(2027, 3, 3))
    birch = house.somebody("birch-director", library=BIRCH)
    await birch.holds("snollygoster", scope="Everything on a topic")

    assert await on_the_list(house) == [ref]
    await house.kim.says("holds")
    assert title(house.kim.reply) == "Holds: 0"


async def test_a_held_appeal_is_neither_corrected_nor_matched_to_something_else(house: House) -> None:
    ref = await a_removal(house)
    other = await a_removal(house, links="https://example.org/2", text="tatter 2")
    appeal = await house.robin.files_appeal(ref)
    hold = await house.kim.holds(ref)

    await house.robin.says(f"correct {appeal}")
    await house.robin.fills(value="2026-03-01", reason="flibber: a typo")
    assert f"{appeal} is on hold ({hold})" in shown(house.robin.reply)
    await house.dana.says(f"show {appeal}")
    await house.dana.presses("It is about something else")
    await house.dana.fills(against=other)
    assert f"{appeal} is on hold ({hold})" in shown(house.dana.reply)

    found = await house.look(lambda shelves: shelves.appeals.by_ref(appeal))
    assert isinstance(found, ReceivedAppeal)
    assert (found.against, found.writing.received_on) == (ref, date(2026, 3, 2))


async def test_a_held_request_is_not_corrected_while_its_block_is_held(house: House) -> None:
    block = await a_block(house)
    request = await asks_back(house.robin, block)
    hold = await house.kim.holds(block)

    await house.robin.says(f"correct {request}")
    await house.robin.fills(value="2026-03-01", reason="flibber: a typo")

    assert f"{request} is on hold ({hold})" in shown(house.robin.reply)


async def test_a_hold_says_what_it_catches_of_a_patrons_paper(house: House) -> None:
    ref = await a_removal(house)
    matched, unmatched = await house.robin.files_appeal(ref), await house.robin.files_appeal()

    for appeal, caught in ((matched, ref), (unmatched, unmatched)):
        await house.kim.says("hold")
        await house.kim.fills(scope="One case", cause="A lawsuit")
        await house.kim.fills(which=appeal)
        assert f"Today it catches 1 on file ({caught})." in house.kim.page.page.intro


async def test_an_appeal_that_is_held_before_it_is_matched_can_be_matched_once_and_is_held_after(house: House) -> None:
    ref = await a_removal(house)
    appeal = await house.robin.files_appeal()
    hold = await house.kim.holds(appeal)

    await house.dana.says(f"show {appeal}")
    await house.dana.presses("Say what it is about")
    await house.dana.fills(against=ref)

    assert house.dana.reply.headline == f"Matched to {ref}."
    assert f"{hold} holds it since" in await kept_by(house, ref)
