"""A late appeal is heard, heard for good cause, not heard, or its time is waived, as the pack says; and who appeals."""

from datetime import date
from pathlib import Path

import pytest

from bot.cards import Button
from bot.cases.follow_up import FollowUpKind
from tests.appealing import REASON, decided
from tests.features.juniper import juniper_with, kept, letter, told
from tests.features.test_five_policies import Desk
from tests.features.under import days, opens, sees
from tests.people import PATRON

Given = pytest.MonkeyPatch
CAUSE = "flibber: they were in hospital"


async def late(desk: Desk) -> str:
    """An appeal of it that came in on 30 March, after its last day."""
    ref = await told(desk)
    await desk.house.go_to(date(2026, 3, 30))
    return await desk.somebody("robin").files_appeal(ref, received_on="2026-03-30")


async def choices(desk: Desk) -> list[str]:
    [answer] = [field for field in desk.somebody("dana").page.page.fields if field.name == "answer"]
    return [option.value for option in answer.options]


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
