"""What is printed on the pages of a PDF file that this program made, as a person reads it."""

import re
import zlib

PAGE = re.compile(rb"/Contents (\d+) 0 R")
SIGN = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
SHOWN = re.compile(rb"(ET)|\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def printed(raw: bytes) -> list[str]:
    """The words of each page, a line for a line."""
    signs = {
        bytes.fromhex(code.decode()): bytes.fromhex(sign.decode()).decode("utf-16-be")
        for stream in _streams(raw).values()
        if b"begincmap" in stream
        for code, sign in SIGN.findall(stream)
    }
    streams = _streams(raw)
    return [_words(streams[int(number)], signs) for number in PAGE.findall(raw)]


def _streams(raw: bytes) -> dict[int, bytes]:
    found = {}
    for begins in re.finditer(rb"\n(\d+) 0 obj\n(<<(?:(?!endobj).)*?>>)\nstream\n", raw, re.DOTALL):
        length = re.search(rb"/Length (\d+)", begins[2])
        assert length is not None
        packed = raw[begins.end() : begins.end() + int(length[1])]
        found[int(begins[1])] = zlib.decompress(packed) if b"/FlateDecode" in begins[2] else packed
    return found


def _words(stream: bytes, signs: dict[bytes, str]) -> str:
    words = ""
    for ends, shown in SHOWN.findall(stream):
        code = re.sub(rb"\\(.)", lambda escaped: ESCAPED.get(escaped[1], escaped[1]), shown, flags=re.DOTALL)
        words += "\n" if ends else "".join(signs[code[at : at + 2]] for at in range(0, len(code), 2))
    return re.sub("\n+", "\n", words).strip()
