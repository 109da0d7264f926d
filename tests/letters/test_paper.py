"""Letters on paper: the same bytes for the same text, and no text that cannot be printed."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.letters.paper import MISSING, pdf
from tests.printed import printed

ON = date(2026, 3, 2)


def made(*paragraphs: str, title: str = "About your comment", on: date = ON) -> bytes:
    return pdf(title, paragraphs, library="Chicopee Public Library", on=on)


def test_the_same_text_gives_the_same_bytes_on_any_day() -> None:
    assert made("Your comment was removed.") == made("Your comment was removed.")


def test_another_word_or_another_day_gives_another_file() -> None:
    assert len({made("one"), made("two"), made("one", on=date(2026, 3, 3)), made("one", title="Other")}) == 4


def test_the_library_the_day_and_the_title_stand_above_the_words() -> None:
    (page,) = printed(made("Your comment was removed.", "Line one\nline two"))

    assert page.splitlines() == [
        "Chicopee Public Library",
        "Monday 2 March 2026",
        "About your comment",
        "Your comment was removed.",
        "Line one",
        "line two",
        "page 1 of 1",
    ]


def test_every_page_says_which_it_is_and_of_how_many() -> None:
    pages = printed(made(*["A paragraph of some length. " * 20] * 20))

    assert len(pages) > 2
    assert [page.splitlines()[-1] for page in pages] == [
        f"page {number} of {len(pages)}" for number in range(1, len(pages) + 1)
    ]


def test_words_that_stand_for_the_number_of_pages_elsewhere_are_only_words_here() -> None:
    assert "you wrote {nb} twice" in printed(made("you wrote {nb} twice"))[0]


def test_the_reader_is_told_how_many_characters_are_missing() -> None:
    (page,) = printed(made("You wrote 漢字."))

    assert f"You wrote {MISSING}{MISSING}." in page
    assert f"2 characters of this text cannot be printed here; {MISSING} stands in each place." in page


def test_a_mark_somebody_wrote_is_not_counted_as_missing() -> None:
    assert "cannot be printed" not in printed(made(f"You wrote {MISSING}."))[0]


@pytest.mark.parametrize("text", ["Привет", "שלום", "مرحبا", "Ünïcödé ẹ̀", "ΑΩ", "“quoted” – dashed … 𝔸"])
def test_the_letters_of_many_languages_are_printed_as_they_are(text: str) -> None:
    (page,) = printed(made(text))

    assert MISSING not in page
    assert len(page.splitlines()) == 5


@pytest.mark.parametrize("text", ["漢字", "\ud83d", "\x07", "\u202eabc", "\U000e0041", "\ufffe", "\ue000"])
def test_what_has_no_glyph_or_would_turn_other_words_becomes_a_mark(text: str) -> None:
    assert MISSING in printed(made(text))[0]


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=4))
@settings(max_examples=25, deadline=None)
def test_no_text_at_all_fails(title: str, paragraphs: list[str]) -> None:
    assert made(*paragraphs, title=title).startswith(b"%PDF-")
