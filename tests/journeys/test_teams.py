"""The main job in Teams, over the real protocol: tokens that are proved, HTTP both ways."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from bot.ports import Store
from bot.records.ledger import verify
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.people import HANDLE, LINK, PICTURE, SECRETS, WHY, WORDS
from tests.platforms.fake_entra import Thing
from tests.platforms.fake_teams import FakeTeams
from tests.platforms.teams_house import TeamsHouse, chicopee_in_teams
from tests.platforms.teams_people import TeamsPerson, find_button, object_id, read

OPEN_FORM = "Open the form"
HOSTILE_NAME = "<at>Jo</at> [Lindgren](https://evil.example) {{DATE(2026-03-02T00:00:00Z)}}"
CHANNELS = ("social-media", "decisions", "records")


@pytest.fixture
async def house(sqlite_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    """Chicopee in Teams; whatever happens, the chain holds and no channel tells."""
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_teams(store, tmp_path) as opened:
        yield opened
        await keeps_faith(opened)
    await store.close()


@pytest.fixture
async def house_on_either(database_url: str, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    """The same, on SQLite and on PostgreSQL."""
    store = SqlStore.open(database_url)
    async with chicopee_in_teams(store, tmp_path) as opened:
        yield opened
        await keeps_faith(opened)
    await store.close()


async def keeps_faith(house: TeamsHouse) -> None:
    """The chain holds, and no channel carries anything personal or anything of the other library."""
    _, flaw = await house.store.chain(LIBRARY, verify)
    assert flaw is None
    for channel in CHANNELS:
        said = "\n".join(stands_in(house.teams, channel)).casefold()
        assert not [secret for secret in SECRETS if secret in said], said
        assert "birch" not in said


def stands_in(teams: FakeTeams, channel: str) -> list[str]:
    """What a channel shows, as text."""
    return [read(post.said) for post in teams.channel(channel).posts]


def the_ref(said: str, letter: str) -> str:
    """The reference in a text."""
    found = re.search(rf"\b{letter}-\d{{4}}-\d{{4}}\b", said)
    assert found, said
    return found.group()


async def begins(person: TeamsPerson, words: str) -> None:
    """Write words that ask for a form, and open it."""
    await person.writes(words)
    await person.presses_told(OPEN_FORM)
    assert person.dialog, person.answer


async def asks_for_removal(person: TeamsPerson) -> str:
    """Report something an editor should take down; returns the reference."""
    await begins(person, "report")
    await person.fills({"What is it?": "May break a rule", "Could this show": "No"})
    await person.fills(
        {"On which": "Facebook", "Link to it": LINK, "What it says": WORDS, "What became of it?": "Removed"}
    )
    await person.fills(
        {"Which rule": "Advertising", "What does this": ["sells or advertises"], "Author's handle": HANDLE}
    )
    return the_ref(person.sees, "I")


async def asks_for_block(person: TeamsPerson) -> str:
    """Ask for a block; returns the reference."""
    await begins(person, "block")
    await person.fills(
        {"Handles": f"Facebook: {HANDLE}", "Block on which": ["Facebook"], "On which grounds?": ["Repeated breaches"]}
    )
    await person.fills({"Why should this author": WHY})
    return the_ref(person.sees, "B")


async def confirms_from_home(person: TeamsPerson, ref: str) -> None:
    """An editor confirms from the bot's home card that it was done today."""
    await person.opens_home()
    await person.presses_told("Done today", about=ref)


APPROVAL = {"The request's reasons are mine": "No", "Your reason": WHY}


async def events_of(store: Store, action: str, *, record: str = "", library: UUID = LIBRARY) -> int:
    """How often something was done (to a kind of record), by the ledger."""
    entries = await store.ask(library, lambda shelves: shelves.book.entries(after=0, limit=10_000))
    headers = [json.loads(entry.header) for entry in entries]
    return sum(header["action"] == action and record in {"", header["record"]} for header in headers)


def last_post(house: TeamsHouse, channel: str, about: str, label: str) -> tuple[Thing, object, object]:
    """The newest post of a channel about something, and one of its buttons."""
    place = house.teams.channel(channel)
    for post in reversed(place.posts):
        for attachment in post.said.get("attachments", []):
            if about in read(post.said) and (found := find_button(attachment["content"], label)):
                return found, post, place
    raise AssertionError(f"no {label!r} about {about!r} in {stands_in(house.teams, channel)}")


async def test_from_a_comment_to_a_block_in_force_and_its_reminders(house_on_either: TeamsHouse) -> None:
    house = house_on_either
    robin, sam, dana = house.robin, house.sam, house.dana
    report = await asks_for_removal(robin)
    await house.deliver()
    assert any(report in said for said in stands_in(house.teams, "social-media"))

    await confirms_from_home(sam, report)
    assert "removed" in sam.answer.casefold()
    block = await asks_for_block(sam)
    await house.deliver()

    dana.taps = 0
    await dana.presses_in("decisions", "Approve", about=block)
    assert dana.sees.startswith("Approve the block")
    await dana.fills(APPROVAL)
    assert dana.taps == 3
    assert "not in force" in dana.sees
    await house.deliver()
    roots = [post for post in house.teams.channel("decisions").posts if block in read(post.said) and not post.under]
    assert roots
    assert not [post for post in roots if find_button(post.said["attachments"][0]["content"], "Approve")], "it moved on"
    assert any(len(post.versions) > 1 for post in roots), "the copy was brought up to date in its place"
    told = [post for post in dana.chat.posts if block in read(post.said) and len(post.versions) > 1]
    assert told, "so was her own"
    assert not [post for post in told for card in dana.cards(post) if find_button(card, "Approve", about=block)]

    await confirms_from_home(sam, block)
    assert "in force from 2 March 2026" in sam.answer
    for _ in range(3):
        house.time.later(days=1)
        await house.deliver()
    witness = next(said for said in stands_in(house.teams, "records") if "Record of" in said)
    assert re.search(r"Seal of the last: \n(?:[0-9a-f]{8} ){7}[0-9a-f]{8}$", witness, re.MULTILINE), "a phone is narrow"
    assert any("Due, " in said or "The week of" in said for said in stands_in(house.teams, "social-media"))
    trouble = await house.store.ask(LIBRARY, lambda shelves: shelves.messages.in_trouble())
    assert trouble == ()
    for channel in CHANNELS:
        said = [read(post.said) for post in house.teams.channel(channel).posts]
        assert len(said) == len(set(said)), "nothing was posted twice"


async def test_what_happens_in_a_case_stands_in_its_own_thread(house: TeamsHouse) -> None:
    report = await asks_for_removal(house.robin)
    await house.deliver()
    await confirms_from_home(house.sam, report)
    await house.deliver()

    posts = house.teams.channel("social-media").posts
    root = next(post for post in posts if report in read(post.said) and not post.under)
    assert [post for post in posts if post.under == root.id], "the act stands under its card"


async def test_only_the_director_decides_and_the_refusal_is_kept(house: TeamsHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()

    await house.robin.presses_in("decisions", "Approve", about=block)

    assert "Director" in house.robin.sees
    assert HANDLE not in house.robin.sees
    assert await events_of(house.store, "refused") == 1
    assert await events_of(house.store, "block.approve") == 0


async def test_a_stale_press_is_answered_with_who_decided_and_when(house: TeamsHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()
    button, post, place = last_post(house, "decisions", block, "Approve")
    await house.dana.presses_in("decisions", "Approve", about=block)
    second = house.dana.sending(APPROVAL)
    await house.dana.fills(APPROVAL)
    before = await events_of(house.store, "block.approve")

    await house.dana.submits(second)
    assert "You did this already, on 2 March 2026" in house.dana.sees

    await house.dana.press(button, post, place)  # type: ignore[arg-type]  # as last_post gave them
    assert block in house.dana.sees
    assert await events_of(house.store, "block.approve") == before


async def test_a_command_in_a_channel_is_answered_only_to_whoever_typed_it(house: TeamsHouse) -> None:
    report = await asks_for_removal(house.robin)
    await house.deliver()
    before = stands_in(house.teams, "social-media")

    answer = await house.sam.writes(f"show {report}", house.teams.channel("social-media"))

    assert WORDS.split(",", maxsplit=1)[0] in answer
    assert stands_in(house.teams, "social-media") == before


async def test_a_mention_in_a_channel_and_in_a_group_chat_is_heard_and_unknown_words_get_buttons(
    house: TeamsHouse,
) -> None:
    group = house.teams.group("desk-chat")
    assert "I don't know those words" in await house.robin.writes("quux", house.teams.channel("social-media"))
    await house.robin.writes("report", group)
    await house.robin.presses_told(OPEN_FORM)
    assert house.robin.sees.startswith("Report an item")
    assert stands_in(house.teams, "social-media") == []
    assert group.posts == []


async def test_a_message_is_reported_with_its_words_and_its_link_and_without_who_wrote_it(house: TeamsHouse) -> None:
    place = house.teams.group("desk-chat")
    place.roster = False  # the app is in the person's own list; the chat has never seen the bot
    payload = {
        "linkToMessage": "https://teams.microsoft.com/l/message/19:x/1611060744833",
        "id": "1611060744833",
        "createdDateTime": "2026-03-02T14:52:24.833Z",
        "body": {
            "contentType": "html",
            "content": "<div>awful &lt;b&gt; <at id='0'>everyone</at><script>alert(1)</script></div>",
        },
        "from": {"user": {"userIdentityType": "aadUser", "id": object_id("jo"), "displayName": HOSTILE_NAME}},
        "attachments": [],
        "mentions": [],
    }
    await house.robin.opens("incident.report", payload=payload, place=place)
    assert house.robin.sees.startswith("Report an item")
    await house.robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    assert "awful <b>" in house.robin.sees
    assert "script" not in house.robin.sees
    assert "Reported from Teams: teams.microsoft.com/l/message/19:x/1611060744833" in house.robin.sees
    assert "evil" not in house.robin.sees, "who wrote it is not told"
    await house.robin.fills({"On which": "Facebook", "What became of it?": "Please look", "Link to it": LINK})
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(1))
    assert found[0].text == "awful <b> everyone", "the words that were posted, and nothing else"
    assert place.posts == [], "nothing is said where the message stands"


async def test_back_keeps_what_was_filled_in_and_a_form_that_was_closed_goes_on(house: TeamsHouse) -> None:
    robin = house.robin
    await begins(robin, "report")
    await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    await robin.fills({"What it says": WORDS}, press="Back")
    assert robin.sees.startswith("Report an item")
    await robin.fills({})
    assert WORDS in robin.sees, "what was typed before going back is still there"

    robin.dialog = None  # closed; Teams does not say so
    await robin.presses_told(OPEN_FORM)
    assert WORDS in robin.sees, "the button that opened it leads to the page it was left on"
    await robin.fills({"On which": "Facebook", "Link to it": LINK})
    assert the_ref(robin.sees, "I")


async def test_a_field_that_was_emptied_is_empty(house: TeamsHouse) -> None:
    robin = house.robin
    await begins(robin, "report")
    await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    await robin.fills({"What it says": WORDS}, press="Back")
    await robin.fills({})
    await robin.fills({"What it says": "", "On which": "Facebook", "Link to it": LINK})
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(1))
    assert not found[0].text


async def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(house: TeamsHouse) -> None:
    robin = house.robin
    await begins(robin, "report")
    await robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    assert "⚠" not in robin.sees, "nothing is wrong yet"
    await robin.fills({"What it says": WORDS, "Link to it": "not a link"})
    assert robin.sees.count("⚠") == 1
    assert WORDS in robin.sees
    assert "not a link" in robin.sees
    assert robin.dialog
    assert await events_of(house.store, "incident.report") == 0
    await robin.fills({"On which": "Facebook", "Link to it": LINK})
    assert the_ref(robin.sees, "I")


async def test_a_picture_sent_in_the_chat_joins_the_open_form(house: TeamsHouse) -> None:
    robin = house.robin
    await begins(robin, "report")
    await robin.fills({"What is it?": "May break a rule", "Could this show": "No"})
    file = house.teams.upload("screen.png", PICTURE)
    pasted = house.teams.picture("pasted", PICTURE + b" again")
    await robin.sends(robin.message("", attachments=[file]))
    await robin.sends(robin.message("", attachments=[pasted]))
    assert house.teams.fetched == [("screen.png", False), ("pasted", True)]
    await robin.presses_told("Go on")
    await robin.fills({"On which": "Facebook", "Link to it": LINK, "What became of it?": "Please look"})
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.incidents.recent(1))
    assert len(found[0].evidence) == 2


async def asked_for_pictures(house: TeamsHouse) -> None:
    await begins(house.robin, "report")
    await house.robin.fills({"What is it?": "May break a rule", "Could this show": "No"})


async def test_no_file_is_fetched_from_an_address_that_is_not_microsofts_nor_where_it_leads(house: TeamsHouse) -> None:
    await asked_for_pictures(house)
    upload, pasted = house.teams.upload("a.png", PICTURE), house.teams.picture("b", PICTURE)
    evil = [
        upload | {"content": {"downloadUrl": "https://evil.example/a.png"}},
        upload | {"content": {"downloadUrl": "http://169.254.169.254/latest/meta-data"}},
        upload | {"content": {"downloadUrl": "file:///etc/passwd"}},
        pasted | {"contentUrl": f"{house.teams.url}/download/a.png?tempauth=once"},
        pasted | {"contentUrl": "https://evil.example/amer/v3/attachments/b/views/original"},
        upload | {"content": {"downloadUrl": f"{house.teams.url}/elsewhere?to=/download/a.png"}},
    ]
    for one in evil:
        said = await house.robin.sends(house.robin.message("", attachments=[one]))
        assert "No picture was added" in said, one
    assert house.teams.fetched == []


async def test_a_picture_sent_where_others_read_is_not_fetched_and_its_sender_is_told_where_it_may_go(
    house: TeamsHouse,
) -> None:
    await asked_for_pictures(house)
    place = house.teams.channel("social-media")
    said = await house.robin.writes("due", place, attachments=[house.teams.picture("pasted", PICTURE)])
    assert house.teams.fetched == []
    assert any("where others read was not fetched" in told for told in house.robin.told), said
    assert place.posts == []


async def test_no_picture_is_fetched_before_a_page_allows_it_nor_once_it_could_show_abuse_of_a_child(
    house: TeamsHouse,
) -> None:
    file, pasted = house.teams.upload("screen.png", PICTURE), house.teams.picture("pasted", PICTURE)
    for before in ("", "report"):
        if before:
            await begins(house.robin, before)
        assert "nothing of this was fetched" in await house.robin.sends(house.robin.message("", attachments=[file]))
    await house.robin.fills({"What is it?": "May break a rule", "Could this show": "Yes"})
    for one in (file, pasted):
        assert "nothing of this was fetched" in await house.robin.sends(house.robin.message("", attachments=[one]))
    assert house.teams.fetched == []


async def test_32_presses_at_once_from_the_directors_devices_make_one_decision(house: TeamsHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.dana.opens_home()
    bodies = []
    for _ in range(32):
        await house.dana.presses_told("Approve", about=block)
        bodies.append(house.dana.sending(APPROVAL))

    answers = [read(answer["task"]["value"]) for answer in await asyncio.gather(*map(house.send, bodies))]

    await house.settle()
    assert sum("Approved. It is in force once an editor confirms." in said for said in answers) == 1
    assert sum("You approved this on 2 March 2026" in said for said in answers) == 31
    assert await events_of(house.store, "block.approve", record="block") == 1


async def test_setup_chooses_people_and_channels_in_teams_itself(house: TeamsHouse) -> None:
    alex = house.alex
    await alex.writes("setup")
    await alex.presses_told("Add a person")
    await alex.fills({"Name": "Lee Park", "Their id": object_id("lee"), "Role": "Member of staff"})
    await begins(house.lee, "report")
    assert house.lee.sees.startswith("Report an item")

    created = alex.activity("conversationUpdate", house.teams.channel("new-records"))
    created["channelData"]["eventType"] = "channelCreated"
    await alex.sends(created)
    await alex.writes("setup")
    await alex.presses_told("Channel")
    await alex.fills({"Which one?": "#records", "Its id": "new-records"})
    library = await house.store.ask(LIBRARY, lambda shelves: shelves.registry.library())
    assert "19:new-records@thread.tacv2" in {place.channel for place in library.channels.values()}
    assert "#records is new-records." in alex.sees
    shown = await alex.writes("setup")
    assert "teams new-records" in shown
    assert "teams social-media" in shown
    assert "@thread" not in shown, "nobody knows a channel by its id"
