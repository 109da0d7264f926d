"""A letter, a memo or a half-sheet on paper: plain text as a PDF file, the same bytes for the same text.

The font is in the file and covers Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic; every other character
is printed as a replacement mark, and a last line says how many there are.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.clocks.calendar import long_date

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
MISSING = "\N{REPLACEMENT CHARACTER}"
JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
MARGIN = 72.0
"""An inch, in points."""
SMALL, BODY, LARGE = 9.0, 11.0, 16.0
LEADING = 1.45


def pdf(title: str, paragraphs: Iterable[str], *, library: str, on: date) -> bytes:
    """A document on US Letter paper: the library's name and the day above, the paragraphs, "page n of m" below.

    A line break within a paragraph is kept. ``on`` is the day that is written on it, never today's.
    """
    texts = [library, title, *paragraphs]
    known = _characters()
    printed = [_printable(text, known) for text in texts]
    lost = sum(text.count(MISSING) for text in printed) - sum(text.count(MISSING) for text in texts)
    if lost:
        signs = "One character" if lost == 1 else f"{lost} characters"
        printed.append(f"{signs} of this text cannot be printed here; {MISSING} stands in each place.")
    with _drawn(printed, on, of=0) as counted:
        pages = counted.page
    with _drawn(printed, on, of=pages) as sheet:
        return bytes(sheet.output())


@cache
def _characters() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only who asks for paper waits for it to load

    with TTFont(FONT, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _printable(text: str, known: frozenset[int]) -> str:
    """The text with a replacement mark for what has no glyph and for what would turn or hide other words."""
    tidy = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4))
    return "".join(sign if _shows(sign, known) else MISSING for sign in tidy)


def _shows(sign: str, known: frozenset[int]) -> bool:
    if sign == "\n" or sign in JOINERS:
        return True
    return ord(sign) in known and unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co"}


@contextmanager
def _drawn(printed: Sequence[str], on: date, *, of: int) -> Iterator["FPDF"]:
    from fpdf import FPDF  # noqa: PLC0415 - as above
    from fpdf.enums import Align, XPos, YPos  # noqa: PLC0415 - as above
    from fpdf.fonts import TTFFont  # noqa: PLC0415 - as above

    library, title, *paragraphs = printed

    class Sheet(FPDF):
        """Pages with their number."""

        @override
        def footer(self) -> None:
            """Print the number of the page, and of how many."""
            self.set_y(-MARGIN / 2 - SMALL)
            self.set_font(size=SMALL)
            self.cell(0, SMALL, f"page {self.page_no()} of {of}", align=Align.C)

    sheet = Sheet(format="Letter", unit="pt")
    sheet.set_creation_date(datetime.combine(on, time(), tzinfo=UTC))
    sheet.set_producer("Due Notice")
    sheet.set_title(title)
    sheet.set_lang("en-US")
    sheet.str_alias_nb_pages = ""  # a patron may have written whatever stood for it
    sheet.add_font("DejaVu", fname=FONT)
    sheet.set_margin(MARGIN)
    sheet.set_auto_page_break(auto=True, margin=MARGIN)
    sheet.set_font("DejaVu", size=BODY)
    sheet.set_text_shaping(use_shaping_engine=True)
    sheet.add_page()

    def write(text: str, size: float, *, after: float) -> None:
        sheet.set_font(size=size)
        sheet.multi_cell(0, size * LEADING, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        sheet.ln(after)

    write(library, BODY, after=0)
    write(long_date(on), BODY, after=BODY * 2)
    write(title, LARGE, after=BODY)
    for paragraph in paragraphs:
        write(paragraph, BODY, after=BODY * 0.7)
    yield sheet
    for font in sheet.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.close()
