"""Somebody who took the first decision and would answer its appeal: as the policy says, no, if disclosed, or yes."""

from pathlib import Path

import pytest

from bot.cards import Button
from tests.appealing import REASON, decided
from tests.features.juniper import juniper_with
from tests.features.test_five_policies import Desk
from tests.features.under import days, opens, sees
from tests.people import WHY, facts


@pytest.fixture
async def juniper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return await juniper_with(tmp_path, monkeypatch)


async def of_danas_own(desk: Desk) -> str:
    """An appeal of a removal that the Director asked for and an editor confirmed."""
    dana, sam, robin = (desk.somebody(user) for user in ("dana", "sam", "robin"))
    removal = await dana.removes(clauses="advertising", why=WHY)
    await sam.confirms(removal)
    return await robin.files_appeal(removal)


async def test_where_it_is_excluded_somebody_else_answers_and_who_tries_learns_why(juniper: Desk) -> None:
    ref = await of_danas_own(juniper)
    dana = juniper.somebody("dana")
    await dana.says(f"show {ref}")
    mark = await juniper.house.mark()
    await dana.press(Button(label="Answer it", intent="appeal.decide", subject=ref, opens_form=True))

    assert dana.reply.page is None
    assert "You took the first decision, so somebody else answers this appeal" in sees(dana)
    assert "Nobody decides the appeal of their own decision" in sees(dana)
    assert await juniper.house.acts_since(mark, case=ref) == ["refused"]
    await dana.says(f"show {ref}")
    assert "Dana Whitfield and Pat Moreau took the first decision, so somebody else answers." in sees(dana)


async def test_while_only_they_could_answer_the_administrators_hear_of_it_each_day(juniper: Desk) -> None:
    ref = await of_danas_own(juniper)
    await days(juniper, 2)

    told = repr([posted.cards for posted in juniper.house.told("alex")])
    assert ref in told
    assert "Dana Whitfield took the first decision, and somebody else answers" in told


async def test_an_acting_director_who_had_no_part_in_it_answers(juniper: Desk) -> None:
    ref = await of_danas_own(juniper)
    await acts_as_director(juniper, "Robin")
    robin = juniper.somebody("robin")
    await opens(robin, ref, "Answer it")
    await robin.fills(answer="The decision stands", reason=REASON)

    kept = await decided(juniper.house, ref)
    assert (kept.own_decision, kept.ruling.role) == (False, "acting_director")


async def acts_as_director(desk: Desk, name: str) -> None:
    """The Board appoints somebody for the month."""
    alex = desk.somebody("alex")
    await alex.says("acting director")
    await alex.fills(
        person=name,
        since="2026-03-02",
        until="2026-03-30",
        dated="2026-03-02",
        signed_by="the Board",
        document="the Board's binder",
    )


async def test_who_found_that_it_breaks_the_policy_took_the_decision_as_well(juniper: Desk) -> None:
    ref = await of_danas_own(juniper)
    await acts_as_director(juniper, "Pat")
    pat = juniper.somebody("pat")
    await pat.press(Button(label="Answer it", intent="appeal.decide", subject=ref, opens_form=True))

    assert "You took the first decision" in sees(pat)


async def test_an_editor_who_only_carried_it_out_did_not_take_the_decision(juniper: Desk) -> None:
    ref = await of_danas_own(juniper)
    await acts_as_director(juniper, "Sam")
    sam = juniper.somebody("sam")
    await opens(sam, ref, "Answer it")

    assert "You confirmed it." in sees(sam)
    await sam.fills(answer="The decision stands", reason=REASON)
    assert (await decided(juniper.house, ref)).own_decision, "that hand in it is on file all the same"


async def test_where_it_is_allowed_if_disclosed_the_card_and_the_letter_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, same_decider='"disclosed"')
    ref = await of_danas_own(desk)
    dana = desk.somebody("dana")
    await opens(dana, ref, "Answer it")
    assert "The policy lets you answer if that is disclosed; the file and the letter say so." in sees(dana)
    await dana.fills(answer="The decision stands", reason=REASON)
    assert facts(dana.reply)["Of the decider's own decision"] == "yes"

    await dana.says(f"notice {ref}")
    assert "had a part in the first decision too" in dana.page.values["text"][0]


async def test_where_the_policy_is_silent_it_is_shown_and_hinders_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await juniper_with(tmp_path, monkeypatch, same_decider="")
    ref = await of_danas_own(desk)
    dana = desk.somebody("dana")
    await opens(dana, ref, "Answer it")
    assert "The policy does not say that somebody else answers; the file will say so." in sees(dana)
    await dana.fills(answer="The decision stands", reason=REASON)
    assert (await decided(desk.house, ref)).own_decision

    await dana.says(f"notice {ref}")
    assert "first decision too" not in dana.page.values["text"][0]
