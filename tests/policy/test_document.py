"""A pack bound to the library's own document."""

import pytest

from bot.policy.document import bind, passage, sentence_for, sentences
from bot.policy.shelf import read_pack
from bot.refusal import Refusal

POLICY = """Blocks
A decision to block somebody on our pages is the Director's. The
Library’s staff may ask for one; they may also ask a
second time.
The list:
- Spam.
- Threats against a person
  1. Numbered, e.g. like this (i.e. Here) and so on

Closing line without an end
Approved 03/06/23
"""


def test_a_document_is_split_into_headings_sentences_and_points() -> None:
    assert sentences(POLICY) == (
        "Blocks",
        "A decision to block somebody on our pages is the Director's.",
        "The Library’s staff may ask for one; they may also ask a second time.",
        "The list:",
        "Spam.",
        "Threats against a person",
        "Numbered, e.g. like this (i.e. Here) and so on",
        "Closing line without an end",
        "Approved 03/06/23",
    )


def test_an_initial_and_an_abbreviation_end_no_sentence() -> None:
    assert sentences("See M.G.L. c. 66 and Sec. 8. Ask Dr. J. Smith (e.g. Monday). Then the U.S. Act applies.") == (
        "See M.G.L. c. 66 and Sec. 8.",
        "Ask Dr. J. Smith (e.g. Monday).",
        "Then the U.S. Act applies.",
    )


def test_a_quotation_that_ends_a_sentence_stays_with_it() -> None:
    assert sentences("It says “no.” Then it says yes.") == ("It says “no.”", "Then it says yes.")


def test_the_sentence_is_found_however_its_quotes_and_spaces_are_typeset() -> None:
    assert sentence_for("Library's  staff", POLICY).startswith("The Library’s staff may ask")
    assert sentence_for("is the Director’s", POLICY) == "A decision to block somebody on our pages is the Director's."


def test_words_that_no_sentence_holds_are_refused() -> None:
    with pytest.raises(Refusal, match="No sentence of the document holds the words “a tribunal”"):
        sentence_for("a tribunal", POLICY)


def test_words_that_two_different_sentences_hold_are_refused() -> None:
    with pytest.raises(Refusal, match="2 sentences of the document hold the words “on”"):
        sentence_for("on", "Ask on Monday. Answer on Tuesday.")


def test_a_sentence_that_the_document_repeats_word_for_word_counts_once() -> None:
    assert sentence_for("not mock", "Staff\nDo not mock.\nTrustees\nDo not mock.") == "Do not mock."


def test_words_on_both_sides_of_a_full_stop_are_not_found() -> None:
    with pytest.raises(Refusal):
        sentence_for("Monday. Answer", "Ask on Monday. Answer on Tuesday.")


def test_binding_names_what_is_missing_and_what_is_found_twice() -> None:
    pack = read_pack("portsmouth")

    bound = bind(
        pack, "Any complaints should be reported to us. Any complaints should be reported at once. It contains spam."
    )

    assert bound.several == ("P19",)
    assert bound.sentences == {}
    assert "P18" in bound.missing
    assert "P26" not in bound.missing
    assert not bound.complete


def test_a_binding_keeps_the_hash_of_the_text_as_it_was_given() -> None:
    pack = read_pack("portsmouth")

    one, other = bind(pack, "Complaints or negative comments stay."), bind(pack, "Complaints or negative comments go.")

    assert one.sentences == {"P18": "Complaints or negative comments stay."}
    assert one.document != other.document
    assert one.version == "portsmouth 2000-01-01"


def test_a_passage_begins_in_its_sentence_and_may_end_in_a_later_one() -> None:
    within = sentences("Ask first. Say “We are open. Come in.” Then wait. Come in.")

    assert passage("We are", "Come in.", within[1], within) == "We are open. Come in."
    assert passage("We are", "open", within[1], within) == "We are open"


def test_a_passage_that_begins_elsewhere_or_never_ends_is_no_passage() -> None:
    within = sentences("Ask first. Say “We are open. Come in.” Then wait.")

    assert passage("Then wait", "wait.", within[1], within) == ""
    assert passage("We are", "closed", within[1], within) == ""
