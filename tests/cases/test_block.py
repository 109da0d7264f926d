"""A block's own rules: decided once with a reason, in force where editors made it, gated only where a policy gates."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.block import (
    Decision,
    Done,
    Execution,
    GroundClaim,
    check_gates,
    in_force_from,
    in_force_on,
    request_of,
)
from bot.policy.pack import BlockGround
from bot.refusal import Citation, Mistake, Refusal
from tests.builders import DAY, NOON, a_decided_block, a_requested_block, an_execution, an_id

FACEBOOK, INSTAGRAM = an_id(), an_id()
CITED = Citation(rule="X1", label="A rule", source="Policy, 1")


def decide(reason: str) -> object:
    return a_requested_block().decide(
        Decision.APPROVED, by=an_id(), role="director", reason=reason, at=NOON, on=DAY, under=CITED, pack="elm"
    )


def test_a_decision_keeps_the_request_and_needs_a_reason() -> None:
    request = a_requested_block()
    decided = request.decide(
        Decision.DENIED, by=an_id(), role="director", reason="  Once. ", at=NOON, on=DAY, under=CITED, pack="elm"
    )

    assert request_of(decided) == request
    assert decided.reason == "Once."
    assert (decided.id, decided.ref, decided.library) == (request.id, request.ref, request.library)


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_a_decision_without_a_reason_is_refused(reason: str) -> None:
    with pytest.raises(Mistake, match="needs a reason"):
        decide(reason)


def test_what_was_decided_cannot_be_decided_again() -> None:
    assert not hasattr(a_decided_block(), "decide")


# -- in force --------------------------------------------------------------------------------------------------------


def done(kind: Done, account: UUID, *, day: int = 0, confirmed: int = 0) -> Execution:
    return an_execution(
        "B-1", done=kind, account=account, done_on=DAY + timedelta(days=day), confirmed_at=_at(confirmed)
    )


def _at(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute)


def test_nothing_is_in_force_until_an_editor_confirms() -> None:
    assert in_force_from([]) is None
    assert in_force_on([]) == frozenset()
    assert in_force_from([done(Done.LIFTED, FACEBOOK)]) is None


def test_the_earliest_day_on_any_account_counts_whenever_it_was_confirmed() -> None:
    made = [done(Done.MADE, FACEBOOK, day=2), done(Done.MADE, INSTAGRAM, day=-1, confirmed=9)]

    assert in_force_from(made) == DAY - timedelta(days=1)


def test_the_last_word_on_an_account_counts() -> None:
    said = [
        done(Done.MADE, FACEBOOK),
        done(Done.MADE, INSTAGRAM),
        done(Done.LIFTED, FACEBOOK, confirmed=1),
        done(Done.LIFTED, INSTAGRAM, confirmed=1),
        done(Done.MADE, INSTAGRAM, confirmed=2),
    ]
    assert in_force_on(said) == {INSTAGRAM}
    assert in_force_on(reversed(said)) == {INSTAGRAM}


@given(st.lists(st.tuples(st.sampled_from(list(Done)), st.integers(0, 2), st.integers(-30, 30)), max_size=12))
def test_in_force_is_where_the_last_word_was_made(acts: list[tuple[Done, int, int]]) -> None:
    accounts = [UUID(int=number) for number in range(1, 4)]
    said = [done(kind, accounts[place], day=day, confirmed=n) for n, (kind, place, day) in enumerate(acts)]

    for account in accounts:
        last = [one.done for one in said if one.account == account][-1:]
        assert (account in in_force_on(said)) is (last == [Done.MADE])
    days = [one.done_on for one in said if one.done is Done.MADE]
    assert in_force_from(said) == (min(days) if days else None)


# -- gates -----------------------------------------------------------------------------------------------------------


def ground(**said: object) -> BlockGround:
    return BlockGround.model_validate({"code": "repeated", "label": "Repeated", "rule": "X1", **said})


def gate(claim: GroundClaim, of: BlockGround, *, occasions: int = 0) -> None:
    check_gates([claim], {of.code: of}, occasions={of.code: occasions}, under={of.code: CITED})


def test_what_a_policy_only_weighs_stops_nothing() -> None:
    gate(GroundClaim(code="repeated"), ground(weighs=["good_contributions"]))


def test_a_number_of_occasions_is_asked_for_with_its_clause() -> None:
    asks = ground(counted=True, occasions=3)

    with pytest.raises(Refusal, match="needs 3 confirmed violations on file; there are 2") as no:
        gate(GroundClaim(code="repeated"), asks, occasions=2)
    assert no.value.under == CITED
    gate(GroundClaim(code="repeated"), asks, occasions=3)


def test_an_investigation_is_asked_for_where_the_policy_does() -> None:
    asks = ground(investigation=True)

    with pytest.raises(Refusal, match="needs an investigation on file first"):
        gate(GroundClaim(code="repeated"), asks)
    gate(GroundClaim(code="repeated", investigation="Two people read the thread."), asks)


def test_a_request_stands_on_a_ground_the_policy_lists() -> None:
    with pytest.raises(Mistake, match="Choose the ground"):
        check_gates([], {}, occasions={}, under={})
    with pytest.raises(Mistake, match="no ground called 'other'"):
        gate(GroundClaim(code="other"), ground())
