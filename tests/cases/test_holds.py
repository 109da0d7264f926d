"""What a hold covers, who may be the second person, and how long evidence lives."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from bot.cases.disposal import (
    Certificate,
    Keeper,
    LeftOut,
    Retention,
    Standing,
    digest,
    evidence_life,
)
from bot.cases.hold import Covered, Hold, Scope, check_topic, written
from bot.cases.incident import HostPost, Reason
from bot.refusal import Mistake, Refusal
from tests.builders import (
    DAY,
    NOON,
    ONE_YEAR,
    a_hold,
    a_proposal,
    a_removed_incident,
    a_removed_record,
    an_asked_removal,
    an_author,
    an_id,
)

CASE = Covered(
    refs=frozenset({"I-2026-0001", "A-2026-0004"}),
    authors=frozenset({UUID(int=1), UUID(int=2)}),
    accounts=frozenset({UUID(int=3)}),
    words=written(["Story  Hour", "second text"]),
)


@pytest.mark.parametrize(
    ("scope", "subject", "covers"),
    [
        (Scope.CASE, "I-2026-0001", True),
        (Scope.CASE, "A-2026-0004", True),
        (Scope.CASE, "I-2026-000", False),
        (Scope.AUTHOR, str(UUID(int=2)), True),
        (Scope.AUTHOR, str(UUID(int=3)), False),
        (Scope.ACCOUNT, str(UUID(int=3)), True),
        (Scope.ACCOUNT, str(UUID(int=1)), False),
        (Scope.TOPIC, "STORY hour", True),
        (Scope.TOPIC, "hour second", False),
        (Scope.TOPIC, "storyhour", False),
    ],
)
def test_a_hold_covers_what_it_names_and_nothing_else(scope: Scope, subject: str, *, covers: bool) -> None:
    assert a_hold(scope=scope, subject=subject).covers(CASE) is covers


@pytest.mark.parametrize("scope", list(Scope))
def test_a_released_hold_covers_nothing(scope: Scope) -> None:
    subjects = {Scope.CASE: "I-2026-0001", Scope.AUTHOR: str(UUID(int=1)), Scope.ACCOUNT: str(UUID(int=3))}
    standing = a_hold(scope=scope, subject=subjects.get(scope, "story hour"))
    assert standing.covers(CASE)

    assert not released(standing).covers(CASE)


def released(hold: Hold) -> Hold:
    return hold.release(by=an_id(), at=NOON, on=DAY, because="settled")


def test_a_release_needs_a_reason_and_comes_once() -> None:
    with pytest.raises(Mistake, match="needs a reason"):
        a_hold().release(by=an_id(), at=NOON, on=DAY, because="  ")
    with pytest.raises(Refusal, match="released before"):
        released(released(a_hold()))


def test_a_topic_of_almost_nothing_is_refused() -> None:
    for words in ("", "  ", "ab", "a    b"):
        if len(" ".join(words.split())) < 3:
            with pytest.raises(Mistake):
                check_topic(words)
    assert check_topic("  story   hour ") == "story hour"


def test_a_topic_is_looked_for_in_everything_that_is_written_and_in_no_id_or_choice() -> None:
    incident = a_removed_incident(
        host_post=HostPost(title="Summer reading", link="https://example.org/p"),
        words="Seen at\nthe desk",
        removal=an_asked_removal(reason=Reason(clauses=("spam",), words="It sells watches")),
        author=an_id(),
    )

    said = written([incident, an_author(handle="reader42"), None, "A label"])

    for words in ("summer reading", "seen at the desk", "it sells watches", "buy my watches", "reader42", "a label"):
        assert words in said
    assert str(incident.id) not in said
    assert incident.track.value not in said


def a_standing(**said: object) -> Standing:
    retention = Retention(through=DAY, under=ONE_YEAR, pack="chicopee 2023-03-06", proof=())
    dull = Standing(ref="I-2026-0001", refs=("I-2026-0001",), began_on=DAY, retention=retention)
    return replace(dull, **said)  # type: ignore[arg-type]  # what a test says is checked by the record


NEXT = DAY + timedelta(days=1)


def test_a_record_is_listed_on_the_day_after_its_last_one() -> None:
    assert not a_standing().listed(DAY)
    assert a_standing().listed(NEXT)
    assert a_standing().why_not(NEXT) == ""


def test_a_record_with_a_clock_that_has_not_run_is_not_listed_however_late_it_is() -> None:
    standing = a_standing(running=True)

    assert not standing.listed(NEXT + timedelta(days=5000))
    assert "kept at least through 3 March 2026" in standing.why_not(NEXT)


def test_a_record_without_a_period_is_never_listed() -> None:
    standing = a_standing(retention=None, silent="The policy says nothing of it")

    assert not standing.listed(date(2999, 1, 1))
    assert standing.why_not(NEXT) == "there is no period for it: the policy says nothing of it"


def test_whatever_keeps_a_record_is_named() -> None:
    standing = a_standing(keepers=(Keeper(why="an appeal waits"), Keeper(why="H-1 holds it", hold="H-1")))

    assert not standing.listed(NEXT)
    assert standing.why_not(NEXT) == "an appeal waits; H-1 holds it"
    assert standing.held == Keeper(why="H-1 holds it", hold="H-1")
    assert a_standing().held is None


def test_the_same_human_is_never_the_second_person() -> None:
    proposal = a_proposal()
    into = an_id()

    for person, proposer in ((proposal.proposed_by, proposal.proposed_by), (into, into)):
        with pytest.raises(Refusal, match="somebody else has to confirm"):
            proposal.check_second(person, proposer=proposer)
    proposal.check_second(an_id(), proposer=proposal.proposed_by)


def test_a_disposal_of_nothing_is_no_disposal() -> None:
    left_out = (LeftOut(ref="I-2025-0001", why="it is on hold"),)

    with pytest.raises(Refusal, match="I-2025-0001: it is on hold"):
        a_proposal().confirm((), left_out, by=an_id(), role="records_officer", at=NOON, on=DAY)


def test_a_certificate_holds_the_proposal_and_cannot_be_answered_again() -> None:
    proposal = a_proposal()
    certificate = proposal.confirm((a_removed_record(),), (), by=an_id(), role="records_officer", at=NOON, on=DAY)

    assert (certificate.proposed, certificate.ref, certificate.id) == (proposal, proposal.ref, proposal.id)
    assert not hasattr(Certificate, "confirm")


def test_putting_a_proposal_aside_needs_a_reason() -> None:
    with pytest.raises(Mistake, match="needs a reason"):
        a_proposal().decline(by=an_id(), at=NOON, on=DAY, because=" ")


def test_evidence_lives_no_shorter_than_stated_and_than_it_can_be_asked_for() -> None:
    later, earlier = DAY + timedelta(days=30), DAY - timedelta(days=30)

    assert evidence_life(DAY, []) == (DAY, ())
    assert evidence_life(DAY, [(earlier, "An appeal")]) == (DAY, ())
    assert evidence_life(DAY, [(earlier, "One"), (later, "An appeal of the last day is answered by then")]) == (
        later,
        ("An appeal of the last day is answered by then: 2 April 2026, which is later, so it is kept until then.",),
    )


def test_the_seal_of_a_record_depends_on_every_entry_and_on_their_order() -> None:
    assert digest([b"a", b"b"]) != digest([b"b", b"a"])
    assert digest([b"a"]) != digest([b"a", b"b"])
    assert len(digest([])) == 64
