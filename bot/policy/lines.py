"""On which line of a pack's file a value stands, so that a mistake can be found with a text editor."""

import re
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]
"""Where a value is: names of parts and places in lists, as in ``("clocks", 3, "unit")``."""

_HEADER = re.compile(r"(\[\[?)([^\[\]]+)\]\]?")
_KEY = re.compile(r"""((?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*)\s*=\s*""")
_NAME = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)


def lines_of(text: str) -> Mapping[Path, int]:
    """The line, counted from 1, of every table, entry and key of a TOML text that can be read.

    Values inside ``{ … }`` are not listed: they stand on the line of what holds them.
    """
    found: dict[Path, int] = {}
    entries: dict[Path, int] = {}
    table: Path = ()
    place, line = 0, 1
    while place < len(text):
        header, key = _HEADER.match(text, place), _KEY.match(text, place)
        if header:
            table = _opened(_names(header[2]), entries, is_list=header[1] == "[[")
            found.setdefault(table[:-1] if header[1] == "[[" else table, line)
            found[table] = line
            end = header.end()
        elif key:
            path = (*table, *_names(key[1]))
            found[path] = line
            end = key.end()
            for number, at in enumerate(_elements(text, end)):
                found[*path, number] = line + text.count("\n", end, at)
            end = _value_end(text, end)
        else:
            end = _line_end(text, place) if text[place] == "#" else place + 1
        line += text.count("\n", place, end)
        place = end
    return found


def line_at(path: Path, known: Mapping[Path, int]) -> int | None:
    """The line of a value, or of the nearest thing that holds it; ``None`` for what is nowhere in the file."""
    for length in range(len(path), 0, -1):
        if path[:length] in known:
            return known[path[:length]]
    return None


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in _NAME.findall(dotted))


def _opened(names: tuple[str, ...], entries: dict[Path, int], *, is_list: bool) -> Path:
    path: Path = ()
    for depth, name in enumerate(names, start=1):
        path = (*path, name)
        if is_list and depth == len(names):
            entries[path] = entries.get(path, 0) + 1
        if path in entries:
            path = (*path, entries[path] - 1)
    return path


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _marks(text: str, place: int) -> Iterator[tuple[int, str]]:
    """What matters of a value, with its place: brackets, commas, ends of lines, and the begin of everything else."""
    while place < len(text):
        string = _STRING.match(text, place)
        if string:
            yield place, "value"
            place = string.end()
        elif text[place] == "#":
            place = _line_end(text, place)
        else:
            yield place, text[place] if text[place] in "[]{},\n \t\r" else "value"
            place += 1


def _value_end(text: str, place: int) -> int:
    depth = 0
    for at, mark in _marks(text, place):
        depth += (mark in "[{") - (mark in "]}")
        if depth == 0 and mark == "\n":
            return at
    return len(text)


def _elements(text: str, place: int) -> Iterator[int]:
    """The places at which the elements of a list begin; nothing for a value that is no list."""
    if text[place : place + 1] != "[":
        return
    depth, waiting = 0, False
    for at, mark in _marks(text, place):
        if mark in "]}":
            depth -= 1
        elif mark == ",":
            waiting = depth == 1
        elif waiting and (mark in "[{" or mark == "value"):
            yield at
            waiting = False
        if mark in "[{":
            depth += 1
            waiting = waiting or at == place
        if not depth:
            return
