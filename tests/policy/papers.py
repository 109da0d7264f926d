"""Makes the documents that libraries have their policies in: a PDF by hand, a Word file with python-docx."""

from io import BytesIO
from pathlib import Path

from docx import Document


def a_pdf(*pages: tuple[str, ...]) -> bytes:
    """A PDF with lines of text, a page after the other."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", font]
    kids = []
    for lines in pages:
        shown = " T* ".join(f"({line.translate(_ESCAPED)}) Tj" for line in lines)
        stream = f"BT /F1 10 Tf 14 TL 50 780 Td {shown} ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        page = (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 842] "
            "/Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append((page % len(objects)).encode())
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    out, places = b"%PDF-1.4\n", []
    for number, held in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, trailer)


_ESCAPED = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})


def a_word_file(*paragraphs: str, points: tuple[str, ...] = (), cells: tuple[str, ...] = ()) -> bytes:
    """A Word file with paragraphs, the points of a list, and a table of one row."""
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    for point in points:
        document.add_paragraph(point, style="List Bullet")
    if cells:
        row = document.add_table(rows=1, cols=len(cells)).rows[0]
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def saved(folder: Path, name: str, raw: bytes) -> Path:
    """A file with these bytes."""
    file = folder / name
    file.write_bytes(raw)
    return file
