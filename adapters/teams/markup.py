"""Words out of what Teams writes them in, read once from its beginning to its end.

Anybody may write what this reads, and it is read before anybody knows who they are: so it takes time that grows with
the length of a text and nothing else, and what is no markup after all stays as the words it is.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape

__all__ = ["text_of", "without_mentions"]

LONGEST = 100_000
"""Characters that are read of one text; a message of Teams holds 28 KB."""
MENTION, MENTION_ENDS = re.compile(r"<at\b", re.IGNORECASE), re.compile(r"</at>", re.IGNORECASE)
BLANKS = " \t\xa0"
BEGINS = re.compile(r"<(?=/?[a-zA-Z]|!|\?)")
TAG = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]*)")
ENDS = re.compile("[\"'>]")
LINES = frozenset({"p", "div", "br", "li", "tr", "blockquote", "h1", "h2", "h3"})
"""Elements that stand on lines of their own."""
HIDDEN = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}
"""Elements nobody sees the inside of, with their ends."""
ALT = re.compile(r"""\balt\s*+=\s*+(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def without_mentions(text: str, ours: Iterable[str]) -> str:
    """What somebody typed, without the mentions of the bot; other people's mentions are their names.

    ``ours`` are the tags of the bot's mentions, each as often as it was mentioned.
    """
    text = text[:LONGEST]
    left = Counter(ours)
    parts: list[str] = []
    place = 0
    for begin, name, end in _mentions(text):
        before, tag = text[place:begin], text[begin:end]
        place = end
        if not left[tag]:
            parts += [before, name]
            continue
        left[tag] -= 1
        parts += [before.rstrip(BLANKS), " "]
        while place < len(text) and text[place] in BLANKS:
            place += 1
    plain = unescape("".join([*parts, text[place:]])).replace("\xa0", " ")
    return "\n".join(line.rstrip() for line in plain.splitlines()).strip()


def _mentions(text: str) -> Iterator[tuple[int, str, int]]:
    """Where each mention begins, whom it names, and where it ends; one that does not end is none."""
    place = 0
    while found := MENTION.search(text, place):
        opened = text.find(">", found.end())
        closing = MENTION_ENDS.search(text, opened) if opened >= 0 else None
        if closing is None:
            return
        place = closing.end()
        yield found.start(), text[opened + 1 : closing.start()], place


def text_of(html: str) -> str:
    """The words of a message, a line for each paragraph. From a tag or comment that does not end, all is words."""
    html = html[:LONGEST]
    said: list[str] = []
    place = 0
    while found := BEGINS.search(html, place):
        said.append(unescape(html[place : found.start()]))
        place = _behind(html, found.start(), said)
    said.append(unescape(html[place:]))
    lines = (" ".join(line.split()) for line in "".join(said).replace("\xa0", " ").splitlines())
    return "\n".join(line for line in lines if line)


def _behind(html: str, begin: int, said: list[str]) -> int:
    """Read what begins with ``<``, add what is seen of it, and give where it ends."""
    if html.startswith("<!--", begin):
        end = html.find("-->", begin + 4) + 3
        return end if end > 2 else _words(html, begin, said)  # noqa: PLR2004 - it was found
    if html.startswith(("<!", "<?"), begin):
        end = html.find(">", begin) + 1
        return end or _words(html, begin, said)
    tag = TAG.match(html, begin + 1)
    end = _end_of_tag(html, tag.end()) if tag else 0
    if tag is None or not end:
        return _words(html, begin, said)
    name, opens = tag[1].lower(), html[begin + 1] != "/"
    if name in LINES:
        said.append("\n")
    if name == "img" and opens:
        said.append(f"[{_alt(html[begin:end]) or 'picture'}]")
    if name == "emoji" and opens:
        said.append(_alt(html[begin:end]))
    if name in HIDDEN and opens:
        closing = HIDDEN[name].search(html, end)
        return closing.start() if closing else len(html)
    return end


def _words(html: str, begin: int, said: list[str]) -> int:
    """Take all that is left as words."""
    said.append(unescape(html[begin:]))
    return len(html)


def _end_of_tag(html: str, place: int) -> int:
    """Where a tag ends, which a quoted ``>`` does not; 0 when it does not end."""
    while found := ENDS.search(html, place):
        if found[0] == ">":
            return found.end()
        place = html.find(found[0], found.end()) + 1
        if not place:
            return 0
    return 0


def _alt(tag: str) -> str:
    found = ALT.search(tag)
    return unescape(found[1] or found[2] or "") if found else ""
