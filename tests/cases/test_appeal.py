"""An appeal's own rules: what it needs to be kept, matched and answered, and what a reversal makes of the act."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.cases.appeal import (
    Answer,
    DecidedAppeal,
    Form,
    ReceivedAppeal,
    Writing,
    overturned_on,
    received,
)
from bot.cases.ruling import Ruling
from bot.policy.terms import Action
from bot.refusal import Mistake, Refusal
from tests.builders import DAY, ELM, NOON, a_confirmed_removal, a_removed_incident, an_evidence, an_id, an_incident

RULING = Ruling(by=an_id(), role="director", at=NOON, on=DAY, under=None, pack="elm 2023-03-06")


def a_writing(**said: Any) -> Writing:  # noqa: ANN401 - any field of it
    return Writing(**{"form": Form.LETTER, "received_on": DAY, "words": "Please put it back.", **said})


def an_appeal(**said: Any) -> ReceivedAppeal:  # noqa: ANN401 - any field of it
    dull = {
        "id": an_id(),
        "library": ELM.id,
        "ref": "A-2026-0001",
        "version": 1,
        "writing": a_writing(),
        "logged_by": an_id(),
        "logged_at": NOON,
        "against": "I-2026-0001",
        "act": Action.REMOVE,
    }
    return ReceivedAppeal(**{**dull, **said})


def answered(answer: Answer = Answer.AFFIRMED, **said: Any) -> DecidedAppeal:  # noqa: ANN401 - as above
    return an_appeal(**said).decide(answer, reason="It stands.", ruling=RULING)


def test_an_answer_keeps_what_the_patron_wrote_and_cannot_be_given_again() -> None:
    appeal = an_appeal()
    decided = appeal.decide(
        Answer.REVERSED, reason="  We were wrong. ", ruling=RULING, not_consulted=" No quorum. ", own_decision=True
    )

    assert received(decided) == appeal
    assert (decided.id, decided.ref, decided.library, decided.version) == (
        appeal.id,
        appeal.ref,
        appeal.library,
        appeal.version,
    )
    assert (decided.reason, decided.not_consulted, decided.own_decision) == ("We were wrong.", "No quorum.", True)
    assert not hasattr(decided, "decide")


@pytest.mark.parametrize("reason", ["", " ", "\n"])
def test_an_answer_needs_its_reasons(reason: str) -> None:
    with pytest.raises(Mistake) as no:
        an_appeal().decide(Answer.AFFIRMED, reason=reason, ruling=RULING)
    assert "reason" in no.value.beside


def test_nothing_is_answered_before_it_is_known_what_it_is_about() -> None:
    with pytest.raises(Mistake, match="matched first"):
        an_appeal(against="").decide(Answer.AFFIRMED, reason="It stands.", ruling=RULING)


@pytest.mark.parametrize(("late_since", "second_of"), [(DAY, ""), (None, "A-2026-0002")])
def test_only_a_late_one_or_a_second_one_may_stay_unheard(late_since: date | None, second_of: str) -> None:
    with pytest.raises(Mistake, match="came in time"):
        an_appeal().decide(Answer.NOT_HEARD, reason="Too late.", ruling=RULING)

    kept = an_appeal(late_since=late_since, second_of=second_of).decide(
        Answer.NOT_HEARD, reason="Too late.", ruling=RULING
    )
    assert kept.answer is Answer.NOT_HEARD


@pytest.mark.parametrize(
    ("sent_on", "late_since", "in_time"),
    [
        (DAY - timedelta(days=1), DAY, True),
        (DAY, DAY, True),
        (DAY + timedelta(days=1), DAY, False),
        (None, DAY, False),
        (DAY, None, False),
    ],
)
def test_a_late_one_that_was_sent_while_there_was_time_is_known(
    sent_on: date | None, late_since: date | None, *, in_time: bool
) -> None:
    appeal = an_appeal(writing=a_writing(sent_on=sent_on, received_on=DAY + timedelta(days=3)), late_since=late_since)
    assert appeal.posted_in_time is in_time


def test_a_paper_says_something_on_days_that_can_be() -> None:
    today = DAY + timedelta(days=5)
    a_writing().check(today=today)
    a_writing(words="", scans=(an_evidence(),)).check(today=today)
    for wrong, beside in (
        (a_writing(words=" "), "words"),
        (a_writing(received_on=today + timedelta(days=1)), "received_on"),
        (a_writing(sent_on=DAY + timedelta(days=1)), "sent_on"),
    ):
        with pytest.raises(Mistake) as no:
            wrong.check(today=today)
        assert beside in no.value.beside


def test_an_act_is_overturned_by_a_reversal_only_and_from_its_day() -> None:
    assert overturned_on(()) is None
    assert overturned_on((an_appeal(), answered(Answer.AFFIRMED), answered(Answer.NOT_HEARD, late_since=DAY))) is None
    assert overturned_on((answered(Answer.AFFIRMED), answered(Answer.REVERSED))) == DAY


# -- a removal that is overturned ------------------------------------------------------------------------------------


def test_an_overturned_removal_stays_on_file_and_counts_no_more() -> None:
    incident = a_removed_incident()
    overturned = incident.overturn(on=DAY)

    assert incident.sustained
    assert not overturned.sustained
    assert overturned.removal == a_confirmed_removal(
        asked=incident.removal.asked,  # type: ignore[union-attr]  # it was confirmed above
        confirmed_by=incident.removal.confirmed_by,  # type: ignore[union-attr]  # as above
        overturned_on=DAY,
    )
    assert (overturned.text, overturned.outcome, overturned.author) == (
        incident.text,
        incident.outcome,
        incident.author,
    )


def test_only_what_was_taken_down_is_overturned_and_only_once() -> None:
    with pytest.raises(Refusal, match="nothing can be reversed"):
        an_incident().overturn(on=DAY)
    with pytest.raises(Refusal, match="reversed before, on 3 March 2026"):
        a_removed_incident().overturn(on=DAY).overturn(on=DAY)
