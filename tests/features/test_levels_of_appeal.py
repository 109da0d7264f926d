"""What a pack says of a level of appeal is asked for, shown with its clause, and gates where the pack makes it one."""

from datetime import date
from pathlib import Path

import pytest

from bot.cards import Button
from bot.cases.appeal import ReceivedAppeal
from bot.cases.clock import ClockState
from bot.cases.follow_up import FollowUp, FollowUpKind
from bot.policy.terms import Role
from tests.appealing import REASON, decided
from tests.features.juniper import juniper_with
from tests.features.test_five_policies import Desk
from tests.features.under import days, opens, sees
from tests.people import HANDLE, LINK, PATRON, WHY, facts

Given = pytest.MonkeyPatch
CAUSE = "flibber: they were in hospital"


async def told(desk: Desk) -> str:
    """A removal of 2 March 2026 that the person was told of on the same day; ten business days to appeal."""
    sam = desk.somebody("sam")
    ref = await sam.removes(clauses="advertising", links=LINK, why=WHY)
    await sam.says(f"notice {ref}")
    text = sam.page.values["text"][0].replace("[", "").replace("]", "")
    await sam.fills(text=text, how="Letter")
    return ref


async def late(desk: Desk) -> str:
    """An appeal of it that came in on 30 March, after its last day."""
    ref = await told(desk)
    await desk.house.go_to(date(2026, 3, 30))
    return await desk.somebody("robin").files_appeal(ref, received_on="2026-03-30")


async def kept(desk: Desk, ref: str, kind: FollowUpKind) -> list[FollowUp]:
    found = await desk.house.look(lambda shelves: shelves.papers.follow_ups(ref))
    return [one for one in found if one.kind is kind]


async def choices(desk: Desk) -> list[str]:
    [answer] = [field for field in desk.somebody("dana").page.page.fields if field.name == "answer"]
    return [option.value for option in answer.options]


async def letter(desk: Desk, ref: str) -> str:
    dana = desk.somebody("dana")
    await dana.says(f"notice {ref}")
    return dana.page.values["text"][0]


# -- late ones -------------------------------------------------------------------------------------------------------


async def test_a_late_one_is_heard_for_good_cause_and_which_is_asked_and_kept(
    tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    ref = await late(desk)
    dana = desk.somebody("dana")
    await dana.says(f"show {ref}")
    assert "The policy hears it for good cause; whoever answers says which." in sees(dana)
    assert "Late is heard for good cause (Public Comment Policy" in sees(dana)

    await dana.presses("Answer it")
    assert "Late is heard for good cause (Public Comment Policy" in sees(dana)
    assert "The policy counts illness, travel or a mistake of the library." in sees(dana)
    await dana.fills(answer="The decision is reversed", reason=REASON)
    assert "Say which cause there is" in dana.page.errors["good_cause"]
    await dana.fills(good_cause=CAUSE)

    [heard] = await kept(desk, ref, FollowUpKind.HEARD_LATE)
    assert (heard.words, heard.rules) == (CAUSE, ("J25",))
    assert "We heard it all the same, for good cause." in await letter(desk, ref)


async def test_without_a_good_cause_it_is_not_heard_and_none_is_kept(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    ref = await late(desk)
    dana = desk.somebody("dana")
    await opens(dana, ref, "Answer it")
    await dana.fills(answer="Not heard", reason=REASON)

    assert (await decided(desk.house, ref)).answer.value == "not_heard"
    assert await kept(desk, ref, FollowUpKind.HEARD_LATE) == []


async def test_one_in_time_is_asked_for_no_cause(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    ref = await desk.somebody("robin").files_appeal(await told(desk))
    await opens(desk.somebody("dana"), ref, "Answer it")

    assert "good_cause" not in {field.name for field in desk.somebody("dana").page.page.fields}
    assert "Late is heard" not in sees(desk.somebody("dana"))


async def test_where_the_policy_hears_late_ones_it_cannot_stay_unheard(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, late='"heard"', good_cause="")
    await opens(desk.somebody("dana"), await late(desk), "Answer it")

    assert await choices(desk) == ["affirmed", "reversed"]
    assert "good_cause" not in {field.name for field in desk.somebody("dana").page.page.fields}


async def test_where_the_policy_does_not_hear_late_ones_a_person_says_so(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, late='"not_heard"', good_cause="")
    await opens(desk.somebody("dana"), await late(desk), "Answer it")

    assert await choices(desk) == ["not_heard"]


async def test_whom_the_policy_names_waives_the_time_and_it_is_heard_as_if_in_time(
    tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, late='"not_heard"\nwaived_by = "board_chair"', good_cause="")
    ref = await late(desk)
    terry, dana, robin = (desk.somebody(user) for user in ("terry", "dana", "robin"))
    await days(desk, 1)
    assert "you may waive the time" in repr([posted.cards for posted in desk.house.told("terry")])
    waive = Button(label="Waive", intent="appeal.waive", subject=ref, opens_form=True)
    for other in (dana, robin):
        await other.press(waive)
        assert "Only the Board chair can waive the time to appeal" in sees(other)
    await terry.says(f"show {ref}")
    assert "The Board chair may waive the time." in sees(terry)
    await terry.presses("Waive the time to appeal")
    await terry.fills(why=CAUSE)

    assert [one.words for one in await kept(desk, ref, FollowUpKind.TIME_WAIVED)] == [CAUSE]
    await opens(dana, ref, "Answer it")
    assert await choices(desk) == ["affirmed", "reversed"]
    await dana.fills(answer="The decision stands", reason=REASON)
    assert "yours came in after it. The time was waived." in await letter(desk, ref)


async def test_where_nobody_may_waive_the_time_nobody_does(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    ref = await late(desk)
    dana = desk.somebody("dana")
    await dana.press(Button(label="Waive", intent="appeal.waive", subject=ref, opens_form=True))

    assert "The policy does not say that anybody may waive" in sees(dana)
    assert await kept(desk, ref, FollowUpKind.TIME_WAIVED) == []


# -- who appeals -----------------------------------------------------------------------------------------------------


async def test_who_appeals_is_asked_where_the_policy_speaks_of_it_and_kept_with_its_clause(
    tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    robin, dana = desk.somebody("robin"), desk.somebody("dana")
    removal = await told(desk)
    await robin.says("appeal log")
    assert "An account name is enough to appeal" in sees(robin)
    assert "A minor may appeal, or a parent for them" in sees(robin)
    await robin.fills(words="please", sender=PATRON, against=removal, appellant="Somebody of whom only")

    [who] = await kept(desk, robin.ref, FollowUpKind.APPEALED_AS)
    assert who.rules == ("J22",)
    await opens(dana, robin.ref, "Answer it")
    assert await choices(desk) == ["affirmed", "reversed"], "an account name is enough"


@pytest.mark.parametrize(
    ("value", "said", "who"),
    [("handle_only", "false", "Somebody of whom only"), ("minors", '"guardian"', "A minor, by themselves")],
)
async def test_whom_the_policy_gives_no_appeal_is_kept_and_may_stay_unheard(
    value: str, said: str, who: str, tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, **{value: said})
    robin, dana = desk.somebody("robin"), desk.somebody("dana")
    ref = await robin.files_appeal(await told(desk), appellant=who)
    await opens(dana, ref, "Answer it")

    assert "The policy gives no appeal to" in sees(dana)
    assert await choices(desk) == ["affirmed", "reversed", "not_heard"]
    await dana.fills(answer="Not heard", reason=REASON)
    assert (await decided(desk.house, ref)).answer.value == "not_heard"


async def test_where_the_policy_is_silent_nobody_asks_who_appeals(tmp_path: Path, monkeypatch: Given) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, handle_only="", minors="")
    await desk.somebody("robin").says("appeal log")

    assert "appellant" not in {field.name for field in desk.somebody("robin").page.page.fields}


# -- while it waits, hearing, and a missed day -----------------------------------------------------------------------


async def test_whether_the_decision_stands_meanwhile_is_shown_with_its_clause(
    tmp_path: Path, monkeypatch: Given
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch)
    ref = await desk.somebody("robin").files_appeal(await told(desk))
    await desk.somebody("dana").says(f"show {ref}")

    assert "The decision stands while the appeal is open." in sees(desk.somebody("dana"))
    assert "The restriction goes on while an appeal is open (Public Comment Policy" in sees(desk.somebody("dana"))


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
