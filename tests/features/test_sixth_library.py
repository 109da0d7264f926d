"""A library nobody has programmed anything for: its own pack, from the removal to the Board's last word."""

from datetime import date
from pathlib import Path

import pytest

from bot.cases.appeal import ReceivedAppeal, received
from bot.cases.clock import ClockState
from bot.policy import shelf
from tests.features.juniper import with_meetings
from tests.features.test_five_policies import Desk, library_under
from tests.people import HANDLE, LINK, WHY, facts, shown
from tests.policy.sixth import FOLDER

REASON = "flibber: it sold something."


@pytest.fixture
async def juniper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Juniper, with a Board that meets every third Tuesday."""
    monkeypatch.setattr(shelf, "OWN", [FOLDER.parent])
    return await with_meetings(await library_under("juniper", tmp_path))


async def _told(desk: Desk) -> str:
    """A removal of 2 March 2026 that the person was told of on the same day."""
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="advertising", links=LINK, why=WHY)
    await sam.says(f"notice {ref}")
    text = sam.page.values["text"][0].replace("[", "").replace("]", "")
    await sam.fills(text=text, how="Letter")
    return ref


async def _appeal(desk: Desk, ref: str) -> ReceivedAppeal:
    found = await desk.house.look(lambda shelves: shelves.appeals.by_ref(ref))
    assert found is not None
    return received(found)


async def _answered(desk: Desk, ref: str) -> str:
    """An appeal the Director answered with "the decision stands", and its letter was sent."""
    dana = desk.somebody("dana")
    appeal = await desk.somebody("robin").files_appeal(ref)
    await dana.says(f"show {appeal}")
    await dana.presses("Answer it")
    assert "met_on" not in {field.name for field in dana.page.page.fields}
    await dana.fills(answer="The decision stands", reason=REASON)
    await dana.says(f"notice {appeal}")
    text = dana.page.values["text"][0]
    await dana.fills(text=text, how="Letter")
    return appeal


async def test_the_time_to_appeal_runs_from_the_notice_which_meets_its_own_date(juniper: Desk) -> None:
    sam = juniper.somebody("sam")
    ref = await sam.removes(clauses="advertising", links=LINK, why=WHY)
    before = await juniper.house.clocks(ref)
    assert "appeal_by" not in before
    assert before["notify_by"].due == date(2026, 3, 5)
    assert before["retain_through"].due == date(2029, 3, 2)
    assert "at least" in " ".join(before["retain_through"].proof)

    await sam.says(f"notice {ref}")
    await sam.fills(text="Dear reader, we took it down.", how="Letter", otherwise=("The reason", "How to appeal"))

    after = await juniper.house.clocks(ref)
    assert after["notify_by"].state is ClockState.MET
    assert after["appeal_by"].due == date(2026, 3, 16), "ten business days after 2 March"
    await sam.says(f"notice {ref}")
    await sam.fills(text="Dear reader, once more.", how="Letter")
    assert (await juniper.house.clocks(ref))["appeal_by"].due == date(2026, 3, 16), "a second letter moves nothing"


async def test_the_directors_answer_opens_the_way_to_the_board_and_the_letter_says_until_when(juniper: Desk) -> None:
    removal = await _told(juniper)
    first = await _answered(juniper, removal)

    clocks = await juniper.house.clocks(removal)
    assert clocks["appeal_by.board"].due == date(2026, 3, 16)
    [notice] = await juniper.house.look(lambda shelves: shelves.papers.notices(first))
    assert (
        "You may take this answer, as a letter or an e-mail, to the Board of Trustees until 16 March 2026."
        in notice.text
    )
    assert "final" not in notice.text
    assert (await juniper.house.clocks(first))["decide_appeal_by"].state is ClockState.MET


async def test_what_is_written_after_the_directors_answer_goes_to_the_board_at_its_next_meeting_in_time(
    juniper: Desk,
) -> None:
    removal = await _told(juniper)
    await _answered(juniper, removal)

    second = await juniper.somebody("robin").files_appeal(removal)

    kept = await _appeal(juniper, second)
    assert (kept.level, kept.second_of, kept.late_since) == ("board", "", None)
    clocks = await juniper.house.clocks(second)
    assert clocks["decide_appeal_by"].state is ClockState.VOID
    assert clocks["decide_appeal_by.board"].due == date(2026, 4, 28), "April's meeting, and five business days"
    assert clocks["papers_by.board"].due == date(2026, 4, 14)
    assert ("decide_appeal", "open") in await juniper.house.tasks(second)


async def test_the_board_decides_and_the_day_of_its_meeting_is_kept_and_its_answer_is_final(juniper: Desk) -> None:
    removal = await _told(juniper)
    await _answered(juniper, removal)
    second = await juniper.somebody("robin").files_appeal(removal)
    terry, sam, dana = (juniper.somebody(user) for user in ("terry", "sam", "dana"))
    await juniper.house.go_to(date(2026, 4, 22))

    await sam.says(f"show {second}")
    assert not sam.sees("Answer it")
    await terry.says(f"show {removal}")
    assert "removed on 2 March 2026" in shown(terry.reply), "whoever answers reads what is challenged"
    await terry.says(f"show {second}")
    await terry.presses("Answer it")
    await terry.fills(answer="The decision stands", reason=REASON, met_on="2026-03-01")
    assert "It came in on 2 March 2026" in terry.page.errors["met_on"]
    await terry.fills(met_on="2026-04-21")

    assert facts(terry.reply)["Decided at the meeting of"] == "21 April 2026"
    await dana.says(f"notice {second}")
    text = dana.page.values["text"][0]
    assert "This answer is final" in text
    assert "take this answer" not in text
    await dana.fills(text=text, how="Letter")
    assert (await juniper.house.clocks(second))["decide_appeal_by.board"].state is ClockState.MET

    third = await juniper.somebody("robin").files_appeal(removal)
    assert (await _appeal(juniper, third)).second_of == second
    assert "Earlier appeal" in shown(juniper.somebody("robin").reply)


async def test_a_date_that_hangs_on_a_meeting_waits_for_the_boards_calendar_and_then_follows_it(
    juniper: Desk,
) -> None:
    async def board_meets(lines: str) -> str:
        alex = juniper.somebody("alex")
        await alex.says("setup")
        await alex.presses("Name, time zone and closed days")
        await alex.fills(meetings=lines)
        return alex.reply.headline

    removal = await _told(juniper)
    await _answered(juniper, removal)
    await board_meets("")
    second = await juniper.somebody("robin").files_appeal(removal)
    assert "decide_appeal_by.board" not in await juniper.house.clocks(second)

    await board_meets("third Tuesday")
    assert (await juniper.house.clocks(second))["decide_appeal_by.board"].due == date(2026, 4, 28)
    said = await board_meets("third Tuesday\n2026-04-14 instead of 2026-04-21")
    assert f"{second}: 28 April 2026 → 21 April 2026" in said
    assert f"{second}: 14 April 2026 → 7 April 2026" in said, "the papers move with it"


async def test_one_that_comes_too_late_for_the_board_is_kept_and_says_so(juniper: Desk) -> None:
    removal = await _told(juniper)
    await _answered(juniper, removal)
    await juniper.house.go_to(date(2026, 3, 24))

    second = await juniper.somebody("robin").files_appeal(removal, received_on="2026-03-24")

    kept = await _appeal(juniper, second)
    assert (kept.level, kept.late_since) == ("board", date(2026, 3, 16))
    due = (await juniper.house.clocks(second))["decide_appeal_by.board"].due
    assert due > date(2026, 5, 19), "the 20th of March had passed, so May's meeting takes it"


async def test_whoever_asks_for_a_block_is_shown_the_step_of_the_ladder_that_was_reached(juniper: Desk) -> None:
    sam = juniper.somebody("sam")
    await sam.removes(clauses="advertising", links=LINK, why=WHY, done_on="2025-02-20", handles=HANDLE)
    for number, day in enumerate(("2025-06-01", "2026-01-05", "2026-03-02")):
        await sam.removes(clauses="advertising", links=f"{LINK}{number}", why=WHY, done_on=day, handles=HANDLE)
    await sam.says(f"block Facebook: {HANDLE}")
    await sam.fills(accounts="Facebook", grounds="Two breaches or more within a year")

    said = shown(sam.reply)
    assert "On the ladder of sanctions: 3 breaches since 2 March 2025, so “Six months or more, then on asking”" in said
    assert "Third breach: six months or more, then on asking" in said
