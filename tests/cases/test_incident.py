"""An item's own rules: what removing needs, what leaving up forgets, when two reports are one."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cases.incident import (
    OBSERVATIONS,
    ConfirmedRemoval,
    Incident,
    JoinedReport,
    Outcome,
    Reason,
    fingerprint,
)
from bot.policy.terms import Track
from bot.refusal import Mistake, Refusal
from tests.builders import (
    DAY,
    NOON,
    a_confirmed_removal,
    a_removed_incident,
    an_asked_removal,
    an_evidence,
    an_id,
    an_incident,
)

TITLES = {"spam": "Advertising or spam", "off_topic": "Off topic: neither the library nor its services"}


def test_every_removing_outcome_is_an_event_and_an_action() -> None:
    assert {outcome for outcome in Outcome if outcome.removes} == {
        Outcome.REMOVED,
        Outcome.HIDDEN,
        Outcome.REMOVED_IN_PART,
        Outcome.DECLINED,
    }


# -- the reason ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["", "spam", "Advertising or spam", "ADVERTISING  or spam.", "Off topic: neither the library nor its services"],
)
def test_the_title_of_a_clause_alone_is_no_reason(words: str) -> None:
    with pytest.raises(Mistake) as no:
        Reason(clauses=("spam",), words=words).check(TITLES)

    assert "the title of a rule alone is no reason" in no.value.beside["observations"]


@pytest.mark.parametrize("observation", OBSERVATIONS)
def test_one_thing_that_was_seen_is_a_reason(observation: str) -> None:
    reason = Reason(clauses=("spam",), observations=(observation,))
    reason.check(TITLES)

    assert reason.sentence == f"It {OBSERVATIONS[observation]}."


def test_a_reason_names_a_clause_that_exists() -> None:
    with pytest.raises(Mistake, match="Choose the rule"):
        Reason(clauses=(), observations=("sells",)).check(TITLES)
    with pytest.raises(Mistake, match="no such choice: nonsense"):
        Reason(clauses=("nonsense",), observations=("sells",)).check(TITLES)
    with pytest.raises(Mistake, match="no such choice: nonsense"):
        Reason(clauses=("spam",), observations=("nonsense",)).check(TITLES)


# -- taking down -----------------------------------------------------------------------------------------------------


def test_a_removal_needs_a_copy_or_why_there_is_none() -> None:
    with pytest.raises(Mistake, match="needs a copy"):
        an_incident().take_down(an_asked_removal())
    for copy in ({"text": "Buy"}, {"evidence": (an_evidence(),)}, {"copy_impossible": "It was gone"}):
        assert an_incident(**copy).take_down(an_asked_removal()).outcome is Outcome.REMOVED


def test_a_complaint_is_never_taken_down() -> None:
    with pytest.raises(Refusal, match="stays up"):
        an_incident(track=Track.COMPLAINT, text="You are slow").take_down(an_asked_removal())


def test_what_was_confirmed_is_neither_asked_for_again_nor_left_up() -> None:
    removed = a_removed_incident()

    with pytest.raises(Refusal, match="already confirmed"):
        removed.take_down(an_asked_removal())
    with pytest.raises(Refusal, match="correct it instead"):
        removed.leave_up(on=DAY)
    with pytest.raises(Refusal, match="waiting to be confirmed"):
        removed.confirm(done_on=DAY, by=an_id(), at=NOON, today=DAY)


def test_only_what_was_asked_for_can_be_confirmed() -> None:
    with pytest.raises(Refusal, match="waiting to be confirmed"):
        an_incident().confirm(done_on=DAY, by=an_id(), at=NOON, today=DAY)


def test_a_confirmation_cannot_lie_ahead_and_keeps_what_was_asked() -> None:
    asked = an_incident(text="Buy").take_down(an_asked_removal(outcome=Outcome.HIDDEN))

    with pytest.raises(Mistake, match="not come yet"):
        asked.confirm(done_on=DAY + timedelta(days=1), by=an_id(), at=NOON, today=DAY)
    done = asked.confirm(done_on=DAY, by=an_id(), at=NOON, today=DAY)
    assert isinstance(done.removal, ConfirmedRemoval)
    assert done.removal.asked == asked.removal
    assert done.sustained


def test_an_overturned_removal_does_not_count() -> None:
    assert a_removed_incident().sustained
    assert not a_removed_incident(removal=a_confirmed_removal(overturned_on=DAY)).sustained
    assert not an_incident(removal=an_asked_removal()).sustained


# -- leaving up ------------------------------------------------------------------------------------------------------


def test_leaving_up_forgets_words_pictures_and_author_and_keeps_link_and_outcome() -> None:
    left = an_incident(
        text="Buy", evidence=(an_evidence(),), author=an_id(), link="https://x.example/1", removal=an_asked_removal()
    ).leave_up(on=DAY)

    assert (left.text, left.evidence, left.author, left.removal, left.copy_impossible) == ("", (), None, None, "")
    assert (left.link, left.outcome, left.closed_on) == ("https://x.example/1", Outcome.LEFT_UP, DAY)


# -- looking ---------------------------------------------------------------------------------------------------------


def test_a_please_look_is_taken_by_one_editor() -> None:
    first, second = an_id(), an_id()
    waiting = an_incident(outcome=Outcome.PLEASE_LOOK)

    taken = waiting.claim(first)
    assert taken.claim(first) == taken
    with pytest.raises(Refusal, match="already looking"):
        taken.claim(second)
    with pytest.raises(Refusal, match="not waiting"):
        an_incident(outcome=Outcome.LEFT_UP).claim(first)


# -- the same item ---------------------------------------------------------------------------------------------------


SAME_LINK = (
    "https://www.facebook.com/library/posts/1",
    "http://facebook.com/library/posts/1/",
    "facebook.com/library/posts/1#comment",
    "https://m.facebook.com/library/posts/1",
    "HTTPS://FACEBOOK.COM/library/posts/1",
)


@pytest.mark.parametrize(("one", "other"), list(permutations(SAME_LINK, 2)))
def test_a_link_is_the_same_however_it_was_copied(one: str, other: str) -> None:
    assert _print(link=one) == _print(link=other, text="other words", author="somebody", account="another")


@pytest.mark.parametrize(
    "other", ["https://facebook.com/library/posts/2", "https://facebook.com/library/posts/1?c=2", "https://x.com/a/1"]
)
def test_other_links_are_other_items(other: str) -> None:
    assert _print(link=SAME_LINK[0]) != _print(link=other)


def test_without_a_link_the_same_words_of_the_same_author_on_the_same_account_are_one_item() -> None:
    one = _print(text="Buy  my\nWATCHES", author="reader42", account="fb")

    assert one == _print(text="buy my watches", author="reader42", account="fb")
    assert one != _print(text="buy my watches", author="reader43", account="fb")
    assert one != _print(text="buy my watches", author="reader42", account="ig")


def test_with_neither_link_nor_words_nothing_is_the_same() -> None:
    assert _print(author="reader42", account="fb") == ""


@pytest.mark.parametrize(
    "pasted", ["[", "https://[spam", "see the post", "//", "https://exam[ple].org/1", "n/a", "none"]
)
def test_what_was_pasted_as_a_link_and_is_none_goes_by_its_words(pasted: str) -> None:
    assert _print(link=pasted) == ""
    assert _print(link=pasted, text="some words") == _print(text="some words")


@given(text=st.text(min_size=1), link=st.text(max_size=40))
def test_a_fingerprint_never_holds_what_it_stands_for(text: str, link: str) -> None:
    made = _print(text=text, link=link)
    assert len(made) == 64
    assert set(made) <= set("0123456789abcdef")


def test_a_second_report_is_added_and_changes_nothing_else() -> None:
    first = a_removed_incident()
    second = JoinedReport(by=an_id(), at=NOON, words="Me too")

    joined = first.join(second)

    assert joined.joined == (second,)
    assert joined.removal == first.removal


def test_content_is_judged_by_the_day_of_the_post_where_it_is_known() -> None:
    posted: Incident = an_incident(posted_on=date(2020, 5, 1))
    assert posted.judged_on == date(2020, 5, 1)
    assert an_incident().judged_on == DAY


def _print(*, link: str = "", text: str = "", author: str = "", account: str = "") -> str:
    return fingerprint(account=account, link=link, text=text, author=author)
