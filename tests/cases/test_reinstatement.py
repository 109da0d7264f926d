"""A request to come back: early or not, and how it can be answered."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from bot.cases.appeal import Form, Writing
from bot.cases.reinstatement import RequestedReinstatement, requested
from bot.cases.ruling import Ruling
from bot.refusal import Mistake
from tests.builders import ELM, NOON

DAY = date(2026, 4, 16)
FACEBOOK, INSTAGRAM = UUID(int=1), UUID(int=2)
DANA = UUID(int=7)


def a_request(*, came: date = DAY, block: str = "B-2026-0001", eligible: date | None = DAY) -> RequestedReinstatement:
    request = RequestedReinstatement(
        id=UUID(int=9),
        library=ELM.id,
        ref="R-2026-0001",
        version=1,
        writing=Writing(form=Form.LETTER, received_on=came, words="please"),
        logged_by=DANA,
        logged_at=NOON,
    )
    return request.match(block, by=DANA, eligible_on=eligible) if block else request


def on(day: date) -> Ruling:
    return Ruling(by=DANA, role="director", at=NOON, on=day, under=None, pack="elm 2020-01-01")


@pytest.mark.parametrize(("days", "early"), [(-45, True), (-1, True), (0, False), (1, False)])
def test_it_is_early_until_its_day(days: int, early: bool) -> None:  # noqa: FBT001 - a column of the table above
    assert a_request(came=DAY + timedelta(days=days)).early is early


def test_where_no_day_is_named_nothing_is_early() -> None:
    assert not a_request(came=date(2020, 1, 1), eligible=None).early


@pytest.mark.parametrize("accounts", [(), (FACEBOOK,), (FACEBOOK, INSTAGRAM)])
def test_an_answer_keeps_the_accounts_the_reason_and_the_request(accounts: tuple[UUID, ...]) -> None:
    request = a_request()

    decided = request.decide(accounts, reason="  they wrote well ", ruling=on(DAY), conditions=" no adverts ")

    assert (decided.granted_on, decided.reason, decided.conditions) == (accounts, "they wrote well", "no adverts")
    assert requested(decided) == request
    assert (decided.ref, decided.id, decided.library, decided.version) == ("R-2026-0001", request.id, ELM.id, 1)


def test_before_its_day_it_can_be_granted_but_not_declined() -> None:
    request = a_request(came=DAY - timedelta(days=9))

    assert request.decide((FACEBOOK,), reason="yes", ruling=on(DAY - timedelta(days=1))).granted_on == (FACEBOOK,)
    with pytest.raises(Mistake, match="cannot be declined before its day") as no:
        request.decide((), reason="no", ruling=on(DAY - timedelta(days=1)))
    assert no.value.beside == {"answer": "It can be asked for from 16 April 2026 on, and comes back that day."}
    assert request.decide((), reason="no", ruling=on(DAY)).granted_on == ()


def test_it_belongs_to_a_block_before_it_is_granted_or_declined() -> None:
    for accounts in ((), (FACEBOOK,)):
        with pytest.raises(Mistake, match="say which block"):
            a_request(block="").decide(accounts, reason="because", ruling=on(DAY))


def test_that_there_is_nothing_to_lift_is_no_refusal_and_needs_no_block() -> None:
    decided = a_request(block="").nothing_to_lift(reason="they mean another library", ruling=on(DAY))

    assert decided.granted_on is None
    assert decided.granted_on != a_request().decide((), reason="no", ruling=on(DAY)).granted_on


def test_an_answer_without_its_reasons_is_none() -> None:
    request = a_request()

    for accounts in ((FACEBOOK,), ()):
        with pytest.raises(Mistake, match="needs its reasons"):
            request.decide(accounts, reason="  ", ruling=on(DAY))
    with pytest.raises(Mistake, match="needs its reasons"):
        request.nothing_to_lift(reason=" ", ruling=on(DAY))


def test_matched_again_it_is_about_the_other_block_and_its_day() -> None:
    later = DAY + timedelta(days=9)
    request = a_request().match("B-2026-0002", by=DANA, eligible_on=later)

    assert (request.block, request.eligible_on, request.early) == ("B-2026-0002", later, True)
    assert replace(request, eligible_on=None).early is False
