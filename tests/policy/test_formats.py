"""A library's own document is read whatever it was saved as."""

import textwrap

import pytest

from bot.policy.document import bind, sentence_for, sentences
from bot.policy.formats import LARGEST, text_of
from bot.refusal import Mistake
from tests.policy.papers import a_pdf, a_word_file
from tests.policy.sixth import JUNIPER, JUNIPER_DOCUMENT

PAGE = """<!DOCTYPE html>
<html><head><title>Policy</title><style>p { color: red }</style></head>
<body><nav><a href="/">Home</a></nav>
<h1>Social media</h1>
<p>The Director decides a block. Staff may
   ask for one&nbsp;&mdash; in writing.</p>
<ul><li>Spam.</li><li>Threats against a person</li></ul>
<script>var blocked = "The Director never sleeps.";</script>
<p>An appeal has<br>fifteen days.</p></body></html>
"""
LINES = [line for line in JUNIPER_DOCUMENT.splitlines() if line.strip()]


def test_a_page_is_read_as_a_person_sees_it() -> None:
    assert sentences(text_of(PAGE.encode(), "policy.html")) == (
        "Home",
        "Social media",
        "The Director decides a block.",
        "Staff may ask for one — in writing.",
        "Spam.",
        "Threats against a person",
        "An appeal has fifteen days.",
    )


def test_a_page_is_known_by_its_bytes_or_by_its_name() -> None:
    assert "<p>" not in text_of(b"<p>No heading at all.</p>", "policy.HTM")
    assert "<p>" not in text_of(b"<html><p>Saved as a text.</p></html>", "policy.txt")
    assert text_of(b"Blocks of <p> are meant here.", "policy.txt") == "Blocks of <p> are meant here."


def test_every_sentence_of_a_word_file_is_found() -> None:
    bound = bind(JUNIPER, text_of(a_word_file(*LINES), "policy.docx"))

    assert bound.complete


def test_points_and_tables_of_a_word_file_stand_alone() -> None:
    word = a_word_file("What comes down:", points=("Spam", "threats and more"), cells=("An answer", "fifteen days"))

    assert sentences(text_of(word, "policy.docx")) == (
        "What comes down:",
        "Spam",
        "threats and more",
        "An answer",
        "fifteen days",
    )


def test_every_sentence_of_a_pdf_is_found_though_its_lines_are_broken() -> None:
    lines = [part for line in LINES for part in textwrap.wrap(line, 78)]
    half = len(lines) // 2

    bound = bind(JUNIPER, text_of(a_pdf(tuple(lines[:half]), tuple(lines[half:])), "policy.pdf"))

    assert bound.missing == ()
    assert len(bound.sentences) > 35


def test_an_old_windows_text_is_read_with_its_quotes() -> None:
    old = text_of("A patron\x92s comment.".encode("latin-1"), "policy.txt")

    assert sentence_for("patron’s", old) == "A patron’s comment."


def test_a_text_with_a_mark_of_its_encoding_is_read_without_it() -> None:
    assert text_of("Blocks – and more".encode("utf-16"), "policy.txt") == "Blocks – and more"
    assert text_of("Blocks".encode("utf-8-sig"), "policy.txt") == "Blocks"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (a_pdf(("",)), "holds no text. If it is a scan"),
        (b"%PDF-1.4 and then nothing of the kind", "is a PDF that cannot be read"),
        (b"PK\x03\x04 and then nothing of the kind", "is no Word file that can be read"),
        (b"\xd0\xcf\x11\xe0 a Word file of 1997", "is an old Word file"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is no text"),
        (b"  \n ", "holds no text"),
    ],
    ids=["a scan", "a broken PDF", "a broken archive", "an old Word file", "a picture", "nothing"],
)
def test_what_cannot_be_read_says_what_to_do(raw: bytes, says: str) -> None:
    with pytest.raises(Mistake, match=says) as refused:
        text_of(raw, "policy.xyz")

    assert refused.value.why.startswith("policy.xyz")
    assert refused.value.why.endswith(".")


def test_a_file_that_is_far_too_large_is_not_read_at_all() -> None:
    with pytest.raises(Mistake, match="is larger than 50 MB"):
        text_of(b"a" * (LARGEST + 1), "policy.txt")
