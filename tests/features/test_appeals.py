"""A patron's written appeal: put on file, matched, late, second, and what is handed out at the desk."""

from datetime import date, timedelta

from bot.cards import Tone
from bot.cases.appeal import Form, ReceivedAppeal
from bot.cases.clock import ClockState
from tests.people import LINK, PATRON, PLEA, TODAY, House, facts, shown, title


async def a_removal(house: House, *, outcome: str = "Removed", done_on: date = TODAY, links: str = LINK) -> str:
    """An item that an editor took down and confirmed."""
    await house.sam.removes(outcome=outcome, done_on=done_on.isoformat(), links=links)
    return house.sam.ref


async def kept(house: House, ref: str) -> ReceivedAppeal:
    """An appeal as it came in."""
    found = await house.look(lambda shelves: shelves.appeals.by_ref(ref))
    assert isinstance(found, ReceivedAppeal)
    return found


async def test_a_clerk_puts_a_letter_on_file_and_its_time_runs_from_the_day_it_came_in(house: House) -> None:
    removal = await a_removal(house, done_on=TODAY - timedelta(days=4))

    ref = await house.robin.files_appeal(removal, received_on="2026-03-01", sent_on="2026-02-27")

    assert ref == "A-2026-0001"
    [clock] = (await house.clocks(ref)).values()
    assert (clock.name, clock.happened_on, clock.due) == ("decide_appeal_by", date(2026, 3, 1), date(2026, 3, 16))
    appeal = await kept(house, ref)
    assert (appeal.against, appeal.writing.form, appeal.writing.words) == (removal, Form.LETTER, PLEA)
    assert facts(house.robin.reply)["From"] == PATRON
    assert facts(house.robin.reply)["Status"] == "waiting for an answer"


async def test_its_time_runs_before_anybody_has_said_what_it_is_about(house: House) -> None:
    removal = await a_removal(house)

    ref = await house.robin.files_appeal()

    assert (await house.clocks(ref))["decide_appeal_by"].due == TODAY + timedelta(days=15)
    assert ("match_appeal", "open") in await house.tasks(ref)

    await house.dana.says("home")
    await house.dana.presses("Say what it is about", case=ref)
    await house.dana.fills(chosen=f"{removal}: removed on")
    assert (await kept(house, ref)).against == removal
    assert ("match_appeal", "done") in await house.tasks(ref)
    assert (await house.clocks(ref))["decide_appeal_by"].due == TODAY + timedelta(days=15)


async def test_the_director_hears_of_it_at_once_and_no_channel_learns_who_wrote_or_what(house: House) -> None:
    removal = await a_removal(house)
    ref = await house.robin.files_appeal(removal)
    await house.deliver()

    assert f"Appeal {ref}" in house.cards("decisions")
    assert [posted for posted in house.told("dana") if f"Appeal {ref}" in posted.card.title]
    await house.check()  # neither name nor words are in any message or ledger header


async def test_the_ledger_keeps_the_patrons_words_by_their_hash_only(house: House) -> None:
    ref = await house.robin.files_appeal(await a_removal(house))

    for event in await house.since(case=ref):
        assert PLEA not in str(event.payload)


async def test_who_may_open_it(house: House) -> None:
    ref = await house.robin.files_appeal(await a_removal(house))

    for user, reads in {"robin": True, "dana": True, "kim": True, "pat": True, "sam": False, "alex": False}.items():
        await house.somebody(user).says(f"show {ref}")
        assert (PLEA in shown(house.somebody(user).reply)) is reads, user


async def test_one_that_came_in_on_the_last_day_is_in_time_and_a_day_later_it_is_late_and_kept(house: House) -> None:
    removal = await a_removal(house, done_on=TODAY - timedelta(days=16))

    in_time = await house.robin.files_appeal(removal, received_on="2026-03-01")
    assert (await kept(house, in_time)).late_since is None

    other = await a_removal(house, done_on=TODAY - timedelta(days=16), links=f"{LINK}-two")
    late = await house.robin.files_appeal(other, received_on="2026-03-02", sent_on="2026-03-01")
    assert (await kept(house, late)).late_since == date(2026, 3, 1)
    assert facts(house.robin.reply)["After the last day"] == (
        "1 March 2026 was the last day; it was sent while there was time"
    )
    assert (await house.clocks(late))["decide_appeal_by"].state is ClockState.RUNNING
    assert "whether it is heard is a person's decision" in shown(house.robin.reply)


async def test_a_second_letter_about_the_same_act_is_kept_and_answered_with_the_first(house: House) -> None:
    removal = await a_removal(house)
    first = await house.robin.files_appeal(removal)

    second = await house.robin.files_appeal(removal)

    assert (await kept(house, second)).second_of == first
    assert (await house.clocks(second))["decide_appeal_by"].state is ClockState.VOID
    assert (await house.clocks(first))["decide_appeal_by"].state is ClockState.RUNNING
    assert ("send_notice", "open") in await house.tasks(second)
    assert ("decide_appeal", "void") in await house.tasks(second)


async def test_hidden_items_go_to_the_director_until_the_library_has_chosen(house: House) -> None:
    ref = await house.robin.files_appeal(await a_removal(house, outcome="Hidden"))

    notes = [note.text for note in house.robin.reply.cards[0].notes if note.tone is Tone.MISSING]
    assert notes[0] == "The policy does not say that this can be appealed; it is put before whoever answers appeals."
    assert ("decide_appeal", "open") in await house.tasks(ref)

    await house.alex.says("setup")
    await house.alex.presses("Library practice")
    await house.alex.fills(key="An appeal of something hidden")
    await house.alex.fills(value="heard like one", approved_by="the Board")
    await house.robin.says(f"show {ref}")
    assert "practice: " in shown(house.robin.reply)
    assert "heard like one of a removal" in shown(house.robin.reply)


async def test_words_or_a_scan_are_needed_and_nothing_typed_is_lost(house: House) -> None:
    await house.robin.says("appeal log")
    await house.robin.fills(sender=PATRON)

    assert house.robin.page.errors == {
        "": "Keep what the patron wrote.",
        "words": "Paste the words, or add a scan or a picture of them.",
    }
    assert house.robin.page.values["sender"] == (PATRON,)


async def test_a_scan_alone_is_enough_and_opens_to_who_may_read_the_appeal(house: House) -> None:
    await house.robin.says("appeal log")
    scan = await house.robin.attaches()
    await house.robin.fills(scans=(scan,))

    [image] = house.robin.reply.cards[0].images
    raw, kind = await house.desk.picture(str(house.library), house.dana.identity, house.robin.ref, image.sha256)
    assert (kind, raw[:4]) == ("image/png", b"\x89PNG")


async def test_what_was_written_down_for_a_patron_counts_only_once_they_confirmed_it(house: House) -> None:
    await house.robin.says("appeal log")
    await house.robin.fills(form="Written down for the patron", words=PLEA)
    assert "confirmed" in house.robin.page.errors

    await house.robin.fills(confirmed="yes")
    assert (await kept(house, house.robin.ref)).writing.form is Form.DICTATED


async def test_a_reference_that_nothing_was_done_under_is_said_beside_its_field(house: House) -> None:
    left_up = await house.sam.reports()

    await house.robin.says("appeal log")
    await house.robin.fills(words=PLEA, against=left_up)

    assert "Write the reference of a removal" in house.robin.page.errors["against"]
    assert await house.look(lambda shelves: shelves.appeals.recent(9)) == ()


async def test_one_tap_gives_the_half_sheet_with_the_day_and_tells_the_director(house: House) -> None:
    removal = await a_removal(house)
    await house.robin.says(f"appeal {removal}")
    before = house.robin.taps

    await house.robin.presses("Somebody objects at the desk")

    assert house.robin.taps == before + 1
    sheet = house.robin.reply.cards[0].body
    assert "Write to the Library Director" in sheet
    assert "Until when: Tuesday 17 March 2026, counted from Monday 2 March 2026." in sheet
    await house.deliver()
    assert [one for one in house.told("dana") if "objected at the desk" in one.card.body]


async def test_the_half_sheet_without_a_case_names_the_policys_own_period(house: House) -> None:
    await house.robin.says("half-sheet")

    assert "the policy says 15 days" in house.robin.reply.cards[0].body
    await house.deliver()
    assert [one for one in house.told("dana") if "objected at the desk" in one.card.title]


async def test_the_list_shows_somebody_only_what_they_may_open(house: House) -> None:
    ref = await house.robin.files_appeal(await a_removal(house))

    await house.robin.says("appeals")
    assert ref in shown(house.robin.reply)
    await house.sam.says("appeals")
    assert title(house.sam.reply) == "No appeals"


async def test_the_card_of_the_act_says_that_it_is_challenged(house: House) -> None:
    removal = await a_removal(house)
    ref = await house.robin.files_appeal(removal)

    await house.dana.says(f"show {removal}")
    assert f"{ref} challenges this: waiting for an answer." in shown(house.dana.reply)


async def test_the_day_it_came_in_is_put_right_and_its_time_is_counted_anew(house: House) -> None:
    removal = await a_removal(house, done_on=TODAY - timedelta(days=16))
    ref = await house.robin.files_appeal(removal)
    assert (await kept(house, ref)).late_since == date(2026, 3, 1)

    await house.robin.says(f"correct {ref}")
    await house.robin.fills(value="2026-02-27", reason="flibber: the stamp says Friday")

    assert (await kept(house, ref)).late_since is None
    clock = (await house.clocks(ref))["decide_appeal_by"]
    assert (clock.happened_on, clock.due) == (date(2026, 2, 27), date(2026, 3, 14))
    assert "Corrected by Robin Hale: The day it came in was 2026-03-02, is 2026-02-27." in shown(house.robin.reply)


async def test_a_corrected_day_of_the_removal_changes_whether_the_appeal_came_in_time(house: House) -> None:
    removal = await a_removal(house, done_on=TODAY - timedelta(days=16))
    ref = await house.robin.files_appeal(removal)

    await house.sam.says(f"correct {removal}")
    await house.sam.fills(detail="The day it was done")
    await house.sam.fills(value="2026-02-20", reason="flibber: it was Friday")

    assert (await kept(house, ref)).late_since is None
