"""What a pack says of an appeal while it waits: suspension, hearings, a missed day, panels, counsel; and of return."""

from datetime import date
from pathlib import Path

import pytest

from bot.cards import Button
from bot.cases.appeal import ReceivedAppeal
from bot.cases.clock import ClockState
from bot.cases.follow_up import FollowUpKind
from bot.policy.terms import Role
from tests.appealing import REASON
from tests.features.juniper import juniper_with, kept, letter, told
from tests.features.under import opens, sees
from tests.people import HANDLE, LINK, PATRON, WHY, facts

Given = pytest.MonkeyPatch


# -- while it waits, hearing, and a missed day -----------------------------------------------------------------------


async def test_whether_the_decision_stands_meanwhile_is_shown_with_its_clause(
    tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    ref = await desk.somebody("robin").files_appeal(await told(desk))
    await desk.somebody("dana").says(f"show {ref}")

    assert "The decision stands while the appeal is open." in sees(desk.somebody("dana"))
    assert "The restriction goes on while an appeal is open (Public Comment Policy" in sees(desk.somebody("dana"))


@pytest.mark.parametrize("answer", ["The decision stands", "The decision is reversed"])
async def test_where_it_is_suspended_an_editor_undoes_it_meanwhile_and_does_it_again_if_it_stands(
    answer: str, tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, while_pending='"suspended"')
    sam, dana = desk.somebody("sam"), desk.somebody("dana")
    removal = await told(desk)
    ref = await desk.somebody("robin").files_appeal(removal)
    assert ("suspend", "open") in await desk.house.tasks(removal)
    await dana.says(f"show {ref}")
    assert "The decision is suspended while the appeal is open" in sees(dana)

    await sam.says(f"show {removal}")
    await sam.presses("Undone for now")
    assert "Undone on Facebook" in sam.reply.headline
    assert "Undone while an appeal is open on 2 March 2026 by Sam Okafor." in sees(sam)
    assert (await desk.house.incident(removal)).sustained, "it is the same decision all the while"
    await opens(dana, ref, "Answer it")
    await dana.fills(answer=answer, reason=REASON)

    asked = [kind for kind, state in await desk.house.tasks(removal) if state == "open"]
    assert ("resume" in asked) is (answer == "The decision stands")
    assert ("restore" in asked) is (answer == "The decision is reversed")
    if "resume" in asked:
        await sam.says(f"show {removal}")
        await sam.presses("Done again")
        assert [one.rules for one in await kept(desk, removal, FollowUpKind.RESUMED)] == [("J28",)]


async def test_what_no_editor_has_undone_yet_is_not_undone_any_more_once_there_is_an_answer(
    tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, while_pending='"suspended"')
    dana, robin = desk.somebody("dana"), desk.somebody("robin")
    removal = await told(desk)
    ref = await robin.files_appeal()
    assert "suspend" not in dict(await desk.house.tasks(removal))
    await opens(dana, ref, "Say what it is about")
    await dana.fills(against=removal)
    assert ("suspend", "open") in await desk.house.tasks(removal)
    await opens(dana, ref, "Answer it")
    await dana.fills(answer="The decision stands", reason=REASON)

    tasks = await desk.house.tasks(removal)
    assert ("suspend", "void") in tasks
    assert "resume" not in dict(tasks)


async def test_an_appeal_that_is_withdrawn_has_done_again_what_was_undone_for_it(
    tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, while_pending='"suspended"')
    sam, dana = desk.somebody("sam"), desk.somebody("dana")
    removal = await told(desk)
    ref = await desk.somebody("robin").files_appeal(removal)
    await sam.says(f"show {removal}")
    await sam.presses("Undone for now")

    await opens(dana, ref, "End it without an answer")
    await dana.fills(ending="Withdrawn in writing", reason=REASON)

    assert ("resume", "open") in await desk.house.tasks(removal)


async def test_where_the_decision_stands_meanwhile_nobody_is_asked_to_undo_it(
    tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    removal = await told(desk)
    await desk.somebody("robin").files_appeal(removal)

    assert "suspend" not in dict(await desk.house.tasks(removal))


async def test_a_hearing_is_recorded_and_what_counts_from_it_begins_to_run(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(
        tmp_path, monkeypatch, written="true\nhearing = true", clock='["appeal_received", "appeal_heard"]'
    )
    ref = await desk.somebody("robin").files_appeal(await told(desk))
    dana, sam = desk.somebody("dana"), desk.somebody("sam")
    await desk.house.go_to(date(2026, 3, 5))
    await opens(dana, ref, "Answer it")
    assert "The person may be heard; nothing of that is on file." in sees(dana)
    await sam.press(Button(label="Record", intent="appeal.hearing", subject=ref, opens_form=True))
    assert "Only the Library Director can decide this" in sees(sam)

    await opens(dana, ref, "Record the hearing")
    await dana.fills(held_on="2026-03-01", came="They were heard", words="flibber: before me")
    assert dana.page.errors["held_on"] == "It came in on 2 March 2026."
    await dana.fills(held_on="2026-03-04")

    [heard] = await kept(desk, ref, FollowUpKind.HEARING_HELD)
    assert (heard.on, heard.words) == (date(2026, 3, 4), "flibber: before me")
    assert "nothing of that is on file" not in sees(dana)
    clocks = await desk.house.look(lambda shelves: shelves.clocks.of_case(ref))
    assert {(one.event.value, one.due) for one in clocks if one.name == "decide_appeal_by" and one.event} == {
        ("appeal_received", date(2026, 3, 16)),
        ("appeal_heard", date(2026, 3, 18)),
    }


async def test_the_boards_advice_begins_what_the_policy_counts_from_it(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(
        tmp_path, monkeypatch, final='false\nconsult = "board"', clock='["appeal_received", "board_consulted"]'
    )
    ref = await desk.somebody("robin").files_appeal(await told(desk))
    dana = desk.somebody("dana")
    await desk.house.go_to(date(2026, 3, 5))
    await opens(dana, ref, "Record the consultation")
    await dana.fills(
        way="At a regular meeting", held_on="2026-03-04", trustees="Terry Nowak", advised="flibber: let it stand"
    )

    clocks = await desk.house.look(lambda shelves: shelves.clocks.of_case(ref))
    assert {(one.event.value, one.due) for one in clocks if one.name == "decide_appeal_by" and one.event} == {
        ("appeal_received", date(2026, 3, 16)),
        ("board_consulted", date(2026, 3, 18)),
    }


async def test_where_the_policy_gives_no_hearing_none_is_recorded(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    ref = await desk.somebody("robin").files_appeal(await told(desk))
    dana = desk.somebody("dana")
    await dana.says(f"show {ref}")
    assert not dana.sees("Record the hearing")
    await dana.press(Button(label="Record", intent="appeal.hearing", subject=ref, opens_form=True))

    assert "The policy gives no hearing" in sees(dana)


async def test_unanswered_in_time_it_is_taken_to_the_board_by_a_press_and_its_dates_run_from_then(
    tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    robin, terry = desk.somebody("robin"), desk.somebody("terry")
    ref = await robin.files_appeal(await told(desk))
    take = Button(label="Take", intent="appeal.take_further", subject=ref, opens_form=True)
    await robin.press(take)
    assert "Only an appeal that was not answered in time goes further so" in sees(robin)
    await desk.house.go_to(date(2026, 3, 18))
    found = await desk.house.look(lambda shelves: shelves.appeals.by_ref(ref))
    assert isinstance(found, ReceivedAppeal)
    assert found.level == "", "nothing goes there by itself"

    await robin.says(f"show {ref}")
    assert "It was not answered in time: the policy then takes it further." in sees(robin)
    assert "Without an answer it goes up to the Board (Public Comment Policy" in sees(robin)
    await robin.presses("Take it to the Board of Trustees")
    await robin.fills(words="flibber: they called twice")

    found = await desk.house.look(lambda shelves: shelves.appeals.by_ref(ref))
    assert isinstance(found, ReceivedAppeal)
    assert (found.level, found.second_of) == ("board", "")
    clocks = await desk.house.clocks(ref)
    assert clocks["decide_appeal_by"].state is ClockState.VOID
    assert (clocks["decide_appeal_by.board"].happened_on, clocks["decide_appeal_by.board"].due) == (
        date(2026, 3, 18),
        date(2026, 4, 28),
    ), "April's meeting, and five business days"
    [further] = await kept(desk, ref, FollowUpKind.TAKEN_FURTHER)
    assert (further.rules, further.words) == (("J27",), "flibber: they called twice")
    await terry.says(f"show {ref}")
    assert terry.sees("Answer it")
    await robin.press(take)
    assert "not answered in time goes further so" in sees(robin)


async def test_a_slip_in_the_day_it_came_in_does_not_move_the_boards_dates(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    robin, dana = desk.somebody("robin"), desk.somebody("dana")
    removal = await told(desk)
    await desk.house.go_to(date(2026, 3, 4))
    ref = await robin.files_appeal(removal, received_on="2026-03-04")
    await desk.house.go_to(date(2026, 3, 23))
    await opens(robin, ref, "Take it to the Board of Trustees")
    await robin.fills()
    before = (await desk.house.clocks(ref))["decide_appeal_by.board"]
    await dana.says(f"correct {ref}")
    await dana.fills(value="2026-03-03", reason="the stamp says so")

    after = (await desk.house.clocks(ref))["decide_appeal_by.board"]
    assert (after.happened_on, after.due) == (before.happened_on, before.due)
    await dana.says(f"show {ref}")
    await dana.presses("It is about something else")
    await dana.fills(against=removal)
    assert facts(dana.reply)["Level"] == "board", "matched again to the same, it stays where it is"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ('"stands"', "the policy then lets the decision stand; somebody still answers"),
        ('"reversed"', "the policy then reverses the decision; somebody still answers"),
    ],
)
async def test_whatever_follows_a_missed_day_it_is_shown_and_never_done_by_itself(
    value: str, said: str, tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, if_missed=value)
    removal = await told(desk)
    ref = await desk.somebody("robin").files_appeal(removal)
    await desk.house.go_to(date(2026, 3, 25))
    dana = desk.somebody("dana")
    await dana.says(f"show {ref}")
    assert said in sees(dana)
    assert not dana.sees("Take it to")
    assert (await desk.house.incident(removal)).sustained
    await dana.presses("Answer it")
    assert said in sees(dana)


# -- panels, and what is asked for before somebody comes back --------------------------------------------------------

PANEL = 'body = "panel"\npanel = ["librarian_in_charge", "records_officer"]'


async def test_a_panel_answers_only_as_a_whole_and_who_sat_is_kept(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(
        tmp_path, monkeypatch, deadline=f'"ten business days from our notice"\n{PANEL}', same_decider=""
    )
    ref = await desk.somebody("robin").files_appeal(await told(desk))
    dana = desk.somebody("dana")
    await opens(dana, ref, "Answer it")
    assert "A panel decides it together: Librarian in Charge, records officer." in sees(dana)
    await dana.fills(
        answer="The decision stands", reason=REASON, met_on="2026-03-02", panel_librarian_in_charge="Pat Moreau"
    )
    assert dana.page.errors["panel_records_officer"] == "Please answer this."
    await dana.fills(panel_records_officer="Kim Abara")

    [panel] = await kept(desk, ref, FollowUpKind.PANEL_DECIDED)
    assert panel.particulars == {"Librarian in Charge": "Pat Moreau", "records officer": "Kim Abara"}
    assert facts(dana.reply)["Decided at the meeting of"] == "2 March 2026"


async def test_nobody_sits_for_two_offices_of_a_panel(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(
        tmp_path,
        monkeypatch,
        deadline='"ten business days from our notice"\nbody = "panel"\npanel = ["librarian_in_charge", "duty_person"]',
        same_decider="",
    )
    ref = await desk.somebody("robin").files_appeal(await told(desk))
    dana = desk.somebody("dana")
    await opens(dana, ref, "Answer it")
    pat = {f"panel_{role.value}": "Pat Moreau" for role in (Role.LIBRARIAN_IN_CHARGE, Role.DUTY_PERSON)}
    await dana.fills(answer="The decision stands", reason=REASON, met_on="2026-03-02", **pat)

    assert dana.page.errors["panel_duty_person"] == "They sit for another office already."


async def test_counsel_is_asked_first_where_the_policy_says_so_or_it_is_kept_why_not(
    tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, final='false\nconsult = "counsel"')
    ref = await desk.somebody("robin").files_appeal(await told(desk))
    dana = desk.somebody("dana")
    await opens(dana, ref, "Answer it")
    await dana.fills(answer="The decision stands", reason=REASON)
    assert "Say whether counsel was asked" in dana.page.errors["counsel"]
    await dana.fills(counsel="Counsel was asked", counsel_words="flibber: by telephone, no doubts")

    [asked] = await kept(desk, ref, FollowUpKind.COUNSEL_ASKED)
    assert (asked.particulars, asked.words) == ({"Asked": "Counsel was asked"}, "flibber: by telephone, no doubts")
    assert "no doubts" not in await letter(desk, ref)


async def test_the_answer_of_a_level_that_is_in_writing_says_so(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    ref = await desk.somebody("robin").files_appeal(await told(desk))
    await opens(desk.somebody("dana"), ref, "Answer it")

    assert "The answer goes out in writing." in sees(desk.somebody("dana"))


async def test_nobody_comes_back_before_what_the_policy_asks_for_is_there(tmp_path: Path, monkeypatch: Given) -> None:
    promise = "a promise in writing to keep to the rules"
    asked = f'true\nconditions = ["{promise}", "a talk with the Director"]'
    desk = await juniper_with(tmp_path, monkeypatch, repeats=asked, block="director")
    sam, dana, robin = (desk.somebody(user) for user in ("sam", "dana", "robin"))
    for number, day in enumerate(("2026-01-05", "2026-02-02")):
        await sam.removes(clauses="advertising", links=f"{LINK}{number}", why=WHY, done_on=day, handles=HANDLE)
    block = await sam.asks_for_block(grounds="Two breaches or more within a year")
    await dana.press(Button(label="Approve", intent="block.approve", subject=block, opens_form=True))
    await dana.fills(reason=WHY)
    await sam.confirms(block, account="Facebook")
    await desk.house.jump_to(date(2026, 9, 10))
    await robin.says("reinstate")
    await robin.fills(words="please", sender=PATRON, block=block)
    ref = robin.ref
    await opens(dana, ref, "Answer it")
    await dana.fills(answer="They may come back", reason=REASON, asked_for=(promise,))
    assert "Not there yet: a talk with the Director. From six months on" in dana.page.errors["asked_for"]
    await dana.fills(asked_for=(promise, "a talk with the Director"))

    [met] = await kept(desk, ref, FollowUpKind.ASKED_FOR_MET)
    assert (set(met.particulars), met.rules) == ({promise, "a talk with the Director"}, ("J35",))
    assert f"{promise}: yes" in sees(dana)
