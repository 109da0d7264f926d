"""The text of a library's own policy document, whether it is plain text, a web page, a PDF or a Word file."""

from html.parser import HTMLParser
from io import BytesIO
from zipfile import BadZipFile

from typing_extensions import override

from bot.refusal import Mistake

LARGEST = 50_000_000
"""Bytes of a document that is read; a policy has some ten thousand."""

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "dd", "div", "dl", "dt", "fieldset", "figure", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"}
    | {"table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_UNSEEN = frozenset({"head", "noscript", "script", "style", "svg", "template"})
_OLD_WORD = b"\xd0\xcf\x11\xe0"


def text_of(raw: bytes, name: str) -> str:
    """The text of a document, one paragraph or point of a list to a line; what it is, its bytes say.

    :param name: the file's name, for a sentence about it
    :raises Mistake: it is too large, empty, a picture of a page, protected by a password, or of another kind
    """
    if len(raw) > LARGEST:
        raise Mistake(f"{name} is larger than {LARGEST // 1_000_000} MB. Give the policy alone, as a text or a PDF.")
    if raw.startswith(b"%PDF"):
        text = _of_pdf(raw, name)
    elif raw.startswith(b"PK"):
        text = _of_docx(raw, name)
    elif raw.startswith(_OLD_WORD):
        raise Mistake(f"{name} is an old Word file. Save it as .docx or as a PDF, and try again.")
    elif b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Mistake(f"{name} is no text. Give the policy as a text, a web page, a PDF or a Word file (.docx).")
    else:
        text = _decoded(raw)
        if _is_a_page(text, name):
            text = _of_html(text)
    if not text.strip():
        raise Mistake(f"{name} holds no text. If it is a scan, have its text recognized first, or copy it by hand.")
    return text


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _is_a_page(text: str, name: str) -> bool:
    begins = text[:1000].lstrip().casefold()
    return name.casefold().endswith((".html", ".htm", ".xhtml")) or begins.startswith(("<!doctype html", "<html"))


class _Reader(HTMLParser):
    """Reads what a person sees of a page: blocks stand alone, points of a list are marked, scripts are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._unseen = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS or tag == "br":
            self.lines.append("- " if tag == "li" else "")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))
        if tag in _BLOCKS:
            self.lines.append("")

    @override
    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.lines[-1] += data.replace("\n", " ").replace("\r", " ")


def _of_html(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    lines = (" ".join(line.split()) for line in reader.lines)
    return "\n\n".join(line for line in lines if line.strip("- "))


def _of_pdf(raw: bytes, name: str) -> str:
    from pypdf import PdfReader  # noqa: PLC0415 - loaded only when a PDF is read
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = PdfReader(BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Mistake(f"{name} is protected by a password. Save it without one, and try again.")
        return "\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, ValueError, KeyError, RecursionError) as broken:
        raise Mistake(
            f"{name} is a PDF that cannot be read. Save it again, or copy its text into a .txt file."
        ) from broken


def _of_docx(raw: bytes, name: str) -> str:
    from docx import Document  # noqa: PLC0415 - loaded only when a Word file is read
    from docx.table import Table  # noqa: PLC0415

    try:
        document = Document(BytesIO(raw))
    except (BadZipFile, ValueError, KeyError, OSError, SyntaxError) as broken:
        raise Mistake(f"{name} is no Word file that can be read. Save it again as .docx, or as a PDF.") from broken
    lines: list[str] = []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            lines += [f"- {cell.text}" for row in part.rows for cell in row.cells]
        else:
            listed = part.style is not None and (part.style.name or "").startswith("List")
            lines.append(f"- {part.text}" if listed else part.text)
    return "\n\n".join(lines)
