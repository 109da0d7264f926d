"""The practice desk as a browser without scripts meets it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import FormData

from adapters.practice import inbound
from adapters.practice.guard import loopback
from adapters.practice.outbound import PracticeMessenger
from bot.cards import Button, Card, Document, File, Identity, Image, Reply, Submission, Turn
from bot.ports import Address
from bot.refusal import Refusal
from tests.platforms.practice_fakes import (
    DIRECTOR,
    LIBRARY,
    ROBIN,
    SOME_PICTURE,
    PaperCalendar,
    SmallDesk,
    Visitor,
    a_practice_desk,
    visiting,
)

DECISIONS = Address(platform="practice", tenant=LIBRARY, channel="decisions")
TO_THE_DIRECTOR = Address(platform="practice", tenant=LIBRARY, user="dana")
OPEN_CASE = Button(label="Open", intent="case.show", subject="B-2026-0001", version=4)
THE_BLOCK = Card(title="Block B-2026-0001", buttons=(OPEN_CASE,))


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    return tmp_path / "chat" / "chat.sqlite3"


@pytest.fixture
def desk() -> SmallDesk:
    return SmallDesk()


@pytest.fixture
def calendar() -> PaperCalendar:
    return PaperCalendar()


@pytest.fixture
async def visitor(chat: Path, desk: SmallDesk, calendar: PaperCalendar) -> AsyncIterator[Visitor]:
    async with visiting(a_practice_desk(chat, desk, calendar)) as visitor:
        yield visitor


@pytest.fixture
def messenger(chat: Path, calendar: PaperCalendar) -> PracticeMessenger:
    return PracticeMessenger(chat, calendar.now)


# -- talking ---------------------------------------------------------------------------------------------------------


async def test_words_typed_to_the_bot_are_answered_in_the_conversation(visitor: Visitor, desk: SmallDesk) -> None:
    seen = await visitor.say("  what is due?\r\nand why ")

    assert desk.heard[-1].values == {"text": ("what is due?\nand why",)}
    assert (desk.heard[-1].actor, desk.heard[-1].surface) == (ROBIN.identity, "private")
    assert "You asked for what is due?" in seen.text


async def test_a_press_in_a_channel_is_answered_privately_and_never_there(
    visitor: Visitor, desk: SmallDesk, messenger: PracticeMessenger
) -> None:
    await messenger.post(DECISIONS, THE_BLOCK, key="block")
    channel = await visitor.get("/channel/decisions")
    desk.says = lambda _: Reply(cards=(Card(title="Block B-2026-0001", body="About @corner.reader"),))

    answered = await visitor.press(channel, "Open")

    sent = desk.heard[-1]
    assert (sent.intent, sent.subject, sent.version_seen) == ("case.show", "B-2026-0001", 4)
    assert (sent.surface, sent.place) == ("channel", "decisions")
    assert answered.url == "/"
    assert "only you see this; asked in #decisions" in answered.text
    assert "@corner.reader" in answered.text
    assert "@corner.reader" not in (await visitor.get("/channel/decisions")).text


async def test_words_typed_in_a_channel_are_not_posted_to_it(visitor: Visitor) -> None:
    answered = await visitor.say("history @corner.reader", place="decisions")

    assert "typed in #decisions, not posted there" in answered.text
    assert "corner.reader" not in (await visitor.get("/channel/decisions")).text


async def test_nobody_reads_what_the_bot_told_somebody_else(visitor: Visitor, messenger: PracticeMessenger) -> None:
    line = await messenger.post(TO_THE_DIRECTOR, Card(title="A complaint about the Director"), key="told")

    mine, whole = await visitor.get(), await visitor.get(f"/message/{line}")
    assert "complaint about" not in mine.text
    assert (whole.status, "complaint about" in whole.text) == (404, False)
    await visitor.be(DIRECTOR)
    assert "A complaint about the Director" in (await visitor.get()).text
    assert (await visitor.get(f"/message/{line}")).status == 200


async def test_unread_messages_are_counted_until_they_are_seen(visitor: Visitor, messenger: PracticeMessenger) -> None:
    await messenger.post(DECISIONS, THE_BLOCK, key="one")
    await messenger.post(DECISIONS, THE_BLOCK, key="two")
    await messenger.post(TO_THE_DIRECTOR, THE_BLOCK, key="three")

    assert "decisions2 new" in (await visitor.get()).text
    assert "Library Director1 new" in (await visitor.get()).text
    await visitor.get("/channel/decisions")
    assert "decisions2 new" not in (await visitor.get()).text


async def test_earlier_messages_are_a_press_away(visitor: Visitor, messenger: PracticeMessenger) -> None:
    for number in range(100):
        await messenger.post(DECISIONS, Card(title=f"Card {number:03}"), key=str(number))

    newest = await visitor.get("/channel/decisions")
    (earlier,) = [given["href"] for _, given in newest.read().attributes if "before=" in given.get("href", "")]
    before = await visitor.get(earlier)

    assert ("Card 099" in newest.text, "Card 039" in newest.text) == (True, False)
    assert ("Card 039" in before.text, "Card 000" in before.text, "Card 040" in before.text) == (True, True, False)


async def test_what_a_press_tells_the_channels_stands_there_when_the_page_comes_back(
    chat: Path, desk: SmallDesk, messenger: PracticeMessenger
) -> None:
    queued: list[Card] = []

    def tells(_: Submission) -> Reply:
        queued.append(THE_BLOCK)
        return Reply(cards=(Card(title="Done"),))

    async def deliver() -> None:
        await messenger.post(DECISIONS, queued.pop(), key="told")

    desk.says = tells
    async with visiting(a_practice_desk(chat, desk, deliver=deliver)) as visitor:
        assert "decisions1 new" in (await visitor.say("do it")).text


# -- forms -----------------------------------------------------------------------------------------------------------


async def test_a_form_is_filled_page_by_page_and_sent_once_at_its_end(visitor: Visitor, desk: SmallDesk) -> None:
    first = await visitor.say("report")
    second = await visitor.send(first, track="complaint", words="They closed\r\nearly.")
    back = await visitor.send(second, "back", note="a thought")
    again = await visitor.send(back)
    done = await visitor.send(again, note="all")

    assert "Page 1 of 2" in first.text
    assert "Page 2 of 2" in second.text
    assert back.sheet().value("f.words") == "They closed\nearly."
    assert again.sheet().value("f.note") == "a thought"
    assert desk.done == [
        {"track": ("complaint",), "words": ("They closed\nearly.",), "copies": (), "note": ("all",)},
    ]
    assert "Report I-2026-0001" in done.text
    assert not [tag for tag, _ in done.read().elements if tag == "dialog"]


async def test_errors_stand_beside_their_fields_with_what_was_typed(visitor: Visitor) -> None:
    seen = await visitor.send(await visitor.say("report"), words="Word for word")

    assert "One answer needs another look." in seen.text
    assert "▲ Please answer this." in seen.text
    assert seen.sheet().value("f.words") == "Word for word"


async def test_a_form_set_aside_keeps_what_was_typed_and_comes_back_where_it_was(
    visitor: Visitor, desk: SmallDesk
) -> None:
    second = await visitor.send(await visitor.say("report"), track="complaint", words="One")

    aside = await visitor.send(second, "aside", note="half a thou")
    back = await visitor.press(aside, "Continue")

    assert "Unfinished: Report an item, page 2 of 2" in aside.text
    assert back.sheet().value("f.note") == "half a thou"
    assert desk.done == []
    await visitor.send(back)
    assert desk.done[0]["note"] == ("half a thou",)


async def test_two_forms_can_be_begun_and_neither_is_lost(visitor: Visitor, desk: SmallDesk) -> None:
    await visitor.send(await visitor.say("report"), "aside", words="first one")
    aside = await visitor.send(await visitor.say("report"), "aside", words="second one")

    continued = [form for form in aside.read().forms if form.label == "Continue"]
    seen = [(await visitor.post("/press", dict(form.sends))).sheet().value("f.words") for form in continued]

    assert seen == ["first one", "second one"]
    assert len(desk.drafts) == 2


async def test_a_discarded_form_is_gone(visitor: Visitor, desk: SmallDesk) -> None:
    aside = await visitor.send(await visitor.say("report"), "aside", words="never mind")

    discard = next(form for form in aside.read().forms if form.label == "Discard")
    data = FormData(default_to_multipart=True)
    for name, value in [*discard.sends, ("turn", "cancel")]:
        data.add_field(name, value)
    seen = await visitor.post("/page", data)

    assert "Cancelled. Nothing was saved." in seen.text
    assert "Unfinished" not in seen.text
    assert desk.drafts == {}


async def test_a_begun_form_survives_a_reload_and_a_restart(chat: Path, desk: SmallDesk) -> None:
    async with visiting(a_practice_desk(chat, desk)) as visitor:
        await visitor.send(await visitor.say("report"), words="Word for word")

    async with visiting(a_practice_desk(chat, desk)) as visitor:
        seen = await visitor.get()

    assert seen.sheet().value("f.words") == "Word for word"
    assert "▲ Please answer this." in seen.text
    resumed = desk.heard[-1]
    assert (resumed.intent, resumed.page, resumed.turn, resumed.values) == ("incident.report", 0, Turn.NEXT, {})


async def test_a_form_is_seen_by_nobody_but_who_began_it(visitor: Visitor) -> None:
    await visitor.send(await visitor.say("report"), words="Word for word")

    await visitor.be(DIRECTOR)

    assert "Word for word" not in (await visitor.get()).html


async def test_a_form_the_desk_failed_on_waits_until_it_can_be_sent(visitor: Visitor, desk: SmallDesk) -> None:
    second = await visitor.send(await visitor.say("report"), track="complaint", words="One")

    desk.fails = True
    failed = await visitor.send(second, note="all of it")
    desk.fails = False
    back = await visitor.press(failed, "Continue")

    assert "Something went wrong here" in failed.text
    assert back.sheet().value("f.note") == "all of it"


# -- files -----------------------------------------------------------------------------------------------------------


async def test_files_are_kept_and_listed_by_name_and_the_kept_ones_stay(visitor: Visitor, desk: SmallDesk) -> None:
    second = await visitor.send(await visitor.say("report"), track="violation", words="x")
    aside = await visitor.send(second, "aside", copies=(SOME_PICTURE, "C:\\shots\\screen one.png"))
    listed = await visitor.press(aside, "Continue")
    await visitor.send(listed, copies=(SOME_PICTURE, "two.png"))

    assert "screen one.png" in listed.text
    assert [name for name, _ in desk.kept] == ["screen one.png", "two.png"]
    assert desk.done[0]["copies"] == ("quarantine-1", "quarantine-2")


async def test_no_byte_of_a_file_is_read_on_a_page_that_takes_none(visitor: Visitor, desk: SmallDesk) -> None:
    first = await visitor.say("report")

    seen = await visitor.send(first, words="x", copies=(SOME_PICTURE, "early.png"))

    assert seen.status == 400
    assert inbound.NO_FILE_HERE in seen.text
    assert (desk.kept, desk.done) == ([], [])


async def test_a_file_sent_before_its_form_says_which_it_is_is_not_read(visitor: Visitor, desk: SmallDesk) -> None:
    await visitor.send(await visitor.say("report"), track="violation", words="x")
    data = FormData(default_to_multipart=True)
    data.add_field("f.copies", SOME_PICTURE, filename="x.png")
    data.add_field("token", next(iter(desk.drafts)))

    seen = await visitor.post("/page", data)

    assert (seen.status, desk.kept) == (400, [])


async def test_the_desk_is_asked_while_nearly_all_of_a_file_is_still_with_its_sender(chat: Path) -> None:
    desk = SmallDesk()
    before: list[bytes] = []

    async with visiting(a_practice_desk(chat, desk)) as visitor:
        second = await visitor.send(await visitor.say("report"), track="violation", words="x")
        head = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in [*second.sheet().sends, ("turn", "next")]
        )
        head += '--b\r\nContent-Disposition: form-data; name="f.copies"; filename="x.png"\r\n\r\n'

        async def body() -> AsyncIterator[bytes]:
            yield head.encode() + SOME_PICTURE
            while not desk.asked_for_files.is_set() and len(before) < 100:
                before.append(b"a piece of the file")
                yield before[-1]
                await asyncio.sleep(0.005)
            yield bytes(1_000_000) + b"\r\n--b--\r\n"

        await visitor.post(
            "/page", body(), {"Origin": visitor.origin, "Content-Type": "multipart/form-data; boundary=b"}
        )

    assert desk.done[0]["copies"] == ("quarantine-1",)
    assert len(before) < 100


async def test_a_file_that_cannot_be_used_is_named_beside_its_field_and_nothing_is_lost(
    visitor: Visitor, desk: SmallDesk
) -> None:
    second = await visitor.send(await visitor.say("report"), track="violation", words="x")

    seen = await visitor.send(second, copies=(b"MZ not a picture", "virus.exe"), note="see the picture")

    assert "▲ virus.exe: This is no picture. Add a screenshot instead." in seen.text
    assert seen.sheet().value("f.note") == "see the picture"
    assert desk.done == []


async def test_too_many_bytes_are_not_kept_and_the_words_are(
    visitor: Visitor, desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbound, "MOST_BYTES", 100_000)
    second = await visitor.send(await visitor.say("report"), track="violation", words="x")

    seen = await visitor.send(second, copies=(SOME_PICTURE + bytes(200_000), "big.png"), note="typed after it")

    assert "big.png: The files of a page may weigh 25 MB together." in seen.text
    assert seen.sheet().value("f.note") == "typed after it"
    assert (desk.kept, desk.done) == ([], [])


async def test_an_empty_file_field_is_no_file(visitor: Visitor, desk: SmallDesk) -> None:
    first = await visitor.say("report")

    await visitor.send(first, track="violation", words="x", copies=(b"", ""))

    assert (desk.kept, len(desk.drafts)) == ([], 1)
    assert next(iter(desk.drafts.values()))[1] == 2


async def test_far_too_much_is_refused_unread(visitor: Visitor, desk: SmallDesk) -> None:
    heard = len(desk.heard)

    kind = {"Origin": visitor.origin, "Content-Type": "application/x-www-form-urlencoded"}
    words = await visitor.post("/say", BytesIO(b"text=" + b"x" * 2_000_000), kind)
    page = await visitor.post("/page", {"turn": "next"})

    assert (words.status, page.status) == (413, 400)
    assert len(desk.heard) == heard


# -- once ------------------------------------------------------------------------------------------------------------


async def test_a_double_click_reaches_the_desk_once_and_leads_to_the_same_answer(
    visitor: Visitor, desk: SmallDesk, messenger: PracticeMessenger
) -> None:
    await messenger.post(DECISIONS, THE_BLOCK, key="block")
    form = (await visitor.get("/channel/decisions")).form("Open")

    first, second = await asyncio.gather(*(visitor.post("/press", dict(form.sends)) for _ in range(2)))

    assert [sent.intent for sent in desk.heard] == ["case.show"]
    assert first.text.count("You asked for case.show") == second.text.count("You asked for case.show") == 1


async def test_a_form_sent_twice_creates_one_thing(visitor: Visitor, desk: SmallDesk) -> None:
    second = await visitor.send(await visitor.say("report"), track="violation", words="x")

    await asyncio.gather(visitor.send(second, note="a"), visitor.send(second, note="a"))

    assert len(desk.done) == 1


async def test_the_same_words_can_be_said_again(visitor: Visitor, desk: SmallDesk) -> None:
    page = await visitor.get()
    page = await visitor.press(page, "Home")
    await visitor.press(page, "Home")

    assert [sent.text("text") for sent in desk.heard] == ["home", "home"]
    assert desk.heard[0].delivery_id != desk.heard[1].delivery_id


# -- who and what may ------------------------------------------------------------------------------------------------


async def test_the_chosen_player_is_who_asks(visitor: Visitor, desk: SmallDesk) -> None:
    await visitor.be(DIRECTOR)
    seen = await visitor.say("home")

    assert desk.heard[-1].actor == Identity(platform="practice", tenant=LIBRARY, user="dana")
    assert "Dana Whitfield" in seen.text


async def test_nobody_can_be_somebody_who_is_not_there(visitor: Visitor, desk: SmallDesk) -> None:
    chosen = await visitor.post("/player", {"player": "mallory"})
    forged = await visitor.get(headers={"Cookie": "practice_player=mallory"})

    assert (chosen.status, forged.status) == (400, 403)
    assert desk.heard == []


async def test_a_window_that_shows_somebody_else_sends_nothing(visitor: Visitor, desk: SmallDesk) -> None:
    page = await visitor.get()
    await visitor.be(DIRECTOR)

    seen = await visitor.press(page, "Home")

    assert (seen.status, desk.heard) == (409, [])


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5:8080", "", "evil@127.0.0.2", "[::1"]
)
async def test_another_host_name_is_refused(visitor: Visitor, host: str) -> None:
    seen = await visitor.get("/", headers={"Host": host})

    assert seen.status == 421
    assert "Robin" not in seen.text


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080"])
async def test_this_computers_own_names_are_answered(visitor: Visitor, host: str) -> None:
    assert (await visitor.get("/", headers={"Host": host})).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_another_page_cannot_send_to_the_desk(
    visitor: Visitor, desk: SmallDesk, calendar: PaperCalendar, headers: dict[str, str]
) -> None:
    for path, data in [("/say", {"text": "home"}), ("/press", {"intent": "x"}), ("/calendar", {"days": "1"})]:
        assert (await visitor.post(path, data, headers)).status == 403

    assert (desk.heard, calendar.moves) == ([], [])


async def test_every_page_forbids_what_it_does_not_need(visitor: Visitor) -> None:
    for path in ("/", "/channel/decisions", "/nowhere", "/message/1", "/channel/elsewhere", "/stamp"):
        headers = (await visitor.get(path)).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert (headers["X-Content-Type-Options"], headers["Cache-Control"]) == ("nosniff", "no-store")


async def test_a_page_asks_nothing_of_any_other_place(visitor: Visitor) -> None:
    page = (await visitor.get()).read()
    style, script = await visitor.get("/static/desk.css"), await visitor.get("/static/desk.js")

    assert not [given for _, given in page.attributes if "://" in given.get("href", "") + given.get("src", "")]
    assert not [
        given for _, given in page.attributes if "style" in given or any(name.startswith("on") for name in given)
    ]
    assert (style.status, script.status) == (200, 200)
    assert "://" not in style.html + script.html


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_this_computer_may_be_bound_to(host: str) -> None:
    assert loopback(host) == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "library.example", ""])  # noqa: S104 - refused
def test_no_other_address_may_be_bound_to(host: str) -> None:
    with pytest.raises(Refusal, match="on this computer only"):
        loopback(host)


async def test_a_picture_is_shown_to_whom_the_desk_shows_it_and_kept_nowhere(visitor: Visitor, desk: SmallDesk) -> None:
    desk.pictures["a" * 64] = (SOME_PICTURE, "image/png")
    desk.says = lambda _: Reply(
        cards=(Card(title="Report", images=(Image(case="I-2026-0001", sha256="a" * 64, alt="copy"),)),)
    )
    address = f"/picture/I-2026-0001/{'a' * 64}"

    refused = await visitor.get(address)
    await visitor.be(DIRECTOR)
    shown = await visitor.get(address)

    assert (refused.status, "Only the Library Director may open I-2026-0001." in refused.text) == (403, True)
    assert (shown.status, shown.headers["Content-Type"], shown.headers["Cache-Control"]) == (
        200,
        "image/png",
        "no-store",
    )


async def test_nothing_but_a_picture_is_shown_as_one(visitor: Visitor, desk: SmallDesk) -> None:
    desk.pictures["b" * 64] = (b"<svg onload=alert(1)>", "image/svg+xml")
    await visitor.be(DIRECTOR)

    seen = await visitor.get(f"/picture/I-2026-0001/{'b' * 64}")

    assert (seen.status, "onload" in seen.html) == (404, False)


async def test_a_document_is_handed_as_a_download_to_whom_the_desk_gives_it(visitor: Visitor, desk: SmallDesk) -> None:
    desk.documents["I-2026-0001/file.zip"] = File(
        name="I-2026-0001 “file”.zip", media_type="application/zip", raw=b"PK"
    )
    offered = Document(case="I-2026-0001", name="file.zip", label="Export the file")
    desk.says = lambda _: Reply(cards=(Card(title="Report", documents=(offered,)),))

    refused = await visitor.get("/document/I-2026-0001/file.zip")
    await visitor.be(DIRECTOR)
    page = await visitor.say("show")
    handed = await visitor.get("/document/I-2026-0001/file.zip")

    assert (refused.status, "Only the Library Director may take file.zip" in refused.text) == (403, True)
    assert 'href="/document/I-2026-0001/file.zip"' in page.html
    assert (handed.status, handed.html, handed.headers["Cache-Control"]) == (200, "PK", "no-store")
    assert handed.headers["Content-Type"] == "application/zip"
    assert handed.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''I-2026-0001%20%E2%80%9Cfile")


# -- trouble ---------------------------------------------------------------------------------------------------------


async def test_a_bug_behind_the_page_becomes_a_kind_card_with_a_reference(
    visitor: Visitor, desk: SmallDesk, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_: Submission) -> Reply:
        raise ZeroDivisionError("secret detail")

    desk.says = breaks
    with caplog.at_level(logging.ERROR):
        seen = await visitor.say("home")

    reference = caplog.messages[0].rpartition(" ")[2]
    assert "Something went wrong here" in seen.text
    assert reference in seen.text
    assert "secret detail" not in seen.html


async def test_messages_that_cannot_be_delivered_now_do_not_undo_the_answer(
    chat: Path, desk: SmallDesk, caplog: pytest.LogCaptureFixture
) -> None:
    async def deliver() -> None:
        raise OSError("the disk is full")

    async with visiting(a_practice_desk(chat, desk, deliver=deliver)) as visitor:
        with caplog.at_level(logging.CRITICAL):
            seen = await visitor.say("home")

    assert "You asked for home" in seen.text


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/press", {}),
        ("/press", {"intent": "case.show", "version": "-1"}),
        ("/press", {"intent": "case.show", "version": "x"}),
    ],
)
async def test_what_no_page_of_ours_sends_is_refused(
    visitor: Visitor, desk: SmallDesk, path: str, data: dict[str, str]
) -> None:
    assert (await visitor.post(path, data)).status == 400
    assert desk.heard == []


@pytest.mark.parametrize("page", ["", "0", "x", "-1"])
async def test_a_page_without_a_number_is_refused(visitor: Visitor, desk: SmallDesk, page: str) -> None:
    await visitor.say("report")
    heard = len(desk.heard)
    data = FormData(default_to_multipart=True)
    for name, value in [("token", "t"), ("intent", "incident.report"), ("turn", "next"), ("page", page)]:
        data.add_field(name, value)

    assert (await visitor.post("/page", data)).status == 400
    assert len(desk.heard) == heard


async def test_it_says_when_it_is_alive(visitor: Visitor) -> None:
    assert [(await visitor.get(path)).html for path in ("/healthz", "/readyz")] == ["ok", "ok"]


# -- the calendar ----------------------------------------------------------------------------------------------------


async def test_the_calendar_shows_the_librarys_day_and_moves_by_what_is_asked(
    visitor: Visitor, calendar: PaperCalendar
) -> None:
    before = await visitor.get()
    await visitor.post("/calendar", {"days": "7"})
    after = await visitor.post("/calendar", {"days": "number", "number": "45", "away": "yes", "place": "records"})

    assert "Mon 9 Mar 2026 10:30" in before.text
    assert "45 days have passed." in after.text
    assert after.url == "/channel/records"
    assert calendar.moves == [(7, False), (45, True)]


@pytest.mark.parametrize("days", ["0", "401", "-3", "1.5", "", "²", "999999999999999999999"])
async def test_the_calendar_moves_forward_only_and_not_too_far(
    visitor: Visitor, calendar: PaperCalendar, days: str
) -> None:
    seen = await visitor.post("/calendar", {"days": "number", "number": days})

    assert "The calendar moves forward by 1 to 400 days." in seen.text
    assert calendar.moves == []


async def test_a_double_click_moves_the_calendar_once(visitor: Visitor, calendar: PaperCalendar) -> None:
    sent = {"days": "1", "nonce": "once"}

    await asyncio.gather(visitor.post("/calendar", sent), visitor.post("/calendar", sent))

    assert calendar.moves == [(1, False)]


async def test_a_sentence_about_what_happened_is_shown_once(visitor: Visitor) -> None:
    await visitor.post("/calendar", {"days": "1"})

    assert "have passed" not in (await visitor.get()).text


async def test_messages_stand_under_the_practice_day_they_were_sent_on(
    visitor: Visitor, messenger: PracticeMessenger, calendar: PaperCalendar
) -> None:
    root = await messenger.post(DECISIONS, THE_BLOCK, key="one")
    await calendar.move(3, away=False)
    await messenger.post(DECISIONS, Card(title="Reminder"), key="two", under=root)

    seen = (await visitor.get("/channel/decisions")).text

    assert "Thursday 12 March 2026" in seen
    assert "Mon 9 Mar, 10:30" in seen
    assert seen.index("Block B-2026-0001") < seen.rindex("Reminder")


async def test_a_button_of_a_resumed_draft_opens_it_where_it_was(visitor: Visitor, desk: SmallDesk) -> None:
    await visitor.send(await visitor.say("report"), "aside", words="typed")
    token = next(iter(desk.drafts))
    way_back = replace(OPEN_CASE, label="Back to what I typed", intent="incident.report", subject="", token=token)
    desk.says = lambda _: Reply(cards=(Card(title="No", buttons=(way_back,)),))

    seen = await visitor.press(await visitor.say("home"), "Back to what I typed")

    assert seen.sheet().value("token") == token
    assert seen.sheet().value("f.words") == "typed"
