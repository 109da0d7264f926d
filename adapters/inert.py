"""Somebody else's words made inert, for every platform: it hides nothing and leads nowhere."""

import re
import unicodedata

__all__ = ["cut", "defanged", "harmless"]

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""What hides in ASCII."""
JOINERS = "\u200c\u200d"
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by category, blanks to the eye."""
CALM = {ord("\n"): None, ord("\t"): None}
"""What no text has to be looked at for, beside what can be printed."""
URL = re.compile(r"\b(?P<scheme>https?|ftp)(?P<sep>://)(?P<host>[^\s/?#<>\"']+)", re.IGNORECASE)
BARE = re.compile(r"(?<![\w@/.\]])(?P<host>www\.[^\s/?#<>\"']+)", re.IGNORECASE)


def harmless(text: str) -> str:
    """The text with every character that hides or turns others written out, for example ``⟨U+202E⟩``.

    Joiners stay between two characters beyond ASCII, where emoji and several scripts need them.
    """
    if text.isascii():
        return CONTROLS.sub(lambda found: _written_out(found[0]), text)
    if text.translate(CALM).isprintable() and FILLERS.isdisjoint(text):
        return text
    return "".join(
        _written_out(char) if _hides(char, text[max(0, place - 1) : place], text[place + 1 : place + 2]) else char
        for place, char in enumerate(text)
    )


def _written_out(char: str) -> str:
    return f"⟨U+{ord(char):04X}⟩"


def _hides(char: str, before: str, after: str) -> bool:
    if char in "\n\t":
        return False
    if char in JOINERS:
        return before.isascii() or after.isascii()
    return char in FILLERS or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def defanged(text: str) -> str:
    """Somebody else's words with every address made inert: ``hxxps://example[.]org``."""
    inert = URL.sub(
        lambda found: (
            found["scheme"].lower().replace("tt", "xx").replace("ftp", "fxp") + found["sep"] + _dots(found["host"])
        ),
        text,
    )
    return BARE.sub(lambda found: _dots(found["host"]), inert)


def _dots(host: str) -> str:
    return host.replace(".", "[.]")


def cut(text: str, most: int) -> str:
    """The beginning of a text, at a word's end where one is near."""
    if len(text) <= most:
        return text
    start = text[:most]
    space = max(start.rfind(" "), start.rfind("\n"))
    return start[: space if space > most * 3 // 4 else most].rstrip() + " …"
