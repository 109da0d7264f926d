"""Bind a pack to the library's own document: find, for every rule, the one sentence it stands for.

A *needle* is a few words that occur in exactly one sentence of the document. Quotes, dashes and white space may be
typeset differently from the needle; capitals may not. What is shown is always the document's own sentence.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.policy.pack import Pack
from bot.refusal import Refusal

WRAPPED = 60
"""A line of at least so many characters without an ending is taken to run on in the next line."""

LONGEST_PASSAGE = 10
"""Of how many sentences a statement to be posted has at most."""

_LIST_MARK = re.compile(r"^(?:[-*–•▪◦]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?])([”’\"')]*)\s+(?=[“‘\"'(]*[A-Z0-9])")
_NOT_AN_END = re.compile(
    r"(?:^|[\s(])(?:i\.e|e\.g|cf|vs|Mr|Mrs|Ms|Dr|St|Nos?|[Ss]ec|Art|[Cc]h|c|s|pp?|(?:[A-Z]\.)*[A-Z])\.$"
)
_PLAIN = str.maketrans({**dict.fromkeys("‘’‛", "'"), **dict.fromkeys("“”„", '"'), **dict.fromkeys("‐‑–—", "-")})
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")


@dataclass(frozen=True, kw_only=True, slots=True)
class Binding:
    """A pack found again in a document: the exact sentence of each rule, and the rules that were not found once.

    ``document`` is the SHA-256 of the document's text as given (UTF-8). A recorded silence has no sentence and is in
    none of the lists. ``statements`` are the exact words to post, by the statement's code; ``lost`` are the codes of
    those whose first and last words do not stand there.
    """

    version: str
    document: str
    sentences: Mapping[str, str]
    missing: tuple[str, ...]
    several: tuple[str, ...]
    statements: Mapping[str, str]
    lost: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every rule that has a needle was found exactly once, and every statement with its two ends."""
        return not self.missing and not self.several and not self.lost


def plain(text: str) -> str:
    """The text as it is compared: straight quotes, plain dashes, single spaces, nothing invisible."""
    return " ".join(text.translate(_INVISIBLE).translate(_PLAIN).split())


def sentences(text: str) -> tuple[str, ...]:
    """Split a document into sentences, in their order and with their own quotes; white space is made single spaces.

    A heading, a point of a list and a paragraph each stand alone; a line that was only wrapped is joined to the next.
    """
    return tuple(sentence for paragraph in _paragraphs(text) for sentence in _split(paragraph))


def find(needle: str, within: tuple[str, ...]) -> tuple[str, ...]:
    """Every different sentence that holds the needle; a needle in order finds exactly one.

    A sentence that the document repeats word for word (the same duty for staff and for trustees) counts once.
    """
    return _holding(needle, [(sentence, plain(sentence)) for sentence in within])


def _holding(needle: str, compared: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    wanted = plain(needle)
    return tuple(dict.fromkeys(sentence for sentence, as_compared in compared if wanted in as_compared))


def sentence_for(needle: str, text: str) -> str:
    """The one sentence of a document that holds the needle.

    :raises Refusal: no sentence holds it, or several do
    """
    match find(needle, sentences(text)):
        case (one,):
            return one
        case ():
            raise Refusal(f"No sentence of the document holds the words “{needle}”.")
        case several:
            raise Refusal(f"{len(several)} sentences of the document hold the words “{needle}”; one is needed.")


def bind(pack: Pack, text: str) -> Binding:
    """Find the sentence of every rule of a pack in the library's own document."""
    within = sentences(text)
    compared = [(sentence, plain(sentence)) for sentence in within]
    found = {rule.id: _holding(rule.needle, compared) for rule in pack.rules if rule.needle}
    bound = {rule: hits[0] for rule, hits in found.items() if len(hits) == 1}
    posted = {
        one.code: passage(one.begins, one.ends, bound[one.rule], within) if one.begins else bound[one.rule]
        for one in pack.statements
        if one.rule in bound
    }
    return Binding(
        version=pack.version,
        document=sha256(text.encode("utf-8")).hexdigest(),
        sentences=bound,
        missing=tuple(rule for rule, hits in found.items() if not hits),
        several=tuple(rule for rule, hits in found.items() if len(hits) > 1),
        statements={code: words for code, words in posted.items() if words},
        lost=tuple(code for code, words in posted.items() if not words),
    )


def passage(begins: str, ends: str, first: str, within: Sequence[str]) -> str:
    """The document's own words from one place to another: they begin in a sentence, and may end in one that follows.

    :param first: the sentence they begin in
    :param within: every sentence of the document, in order
    :return: empty where they do not begin there, or do not end within a few sentences
    """
    at = within.index(first)
    words = " ".join(within[at : at + LONGEST_PASSAGE])
    compared = plain(words)
    if len(compared) != len(words):
        return ""
    start = compared.find(plain(begins))
    end = compared.find(plain(ends), max(start, 0))
    return words[start : end + len(plain(ends))] if 0 <= start < len(first) and end >= 0 else ""


def _paragraphs(text: str) -> list[str]:
    joined: list[str] = []
    runs_on = False
    for raw in text.translate(_INVISIBLE).splitlines():
        line = " ".join(raw.split())
        mark = _LIST_MARK.match(line)
        if mark:
            line = line[mark.end() :]
        if not line:
            runs_on = False
            continue
        if joined and not mark and (runs_on or (line[0].islower() and joined[-1][-1] not in ".!?:;")):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
        runs_on = not mark and len(line) >= WRAPPED and line[-1] not in '.!?:;”"'
    return joined


def _split(paragraph: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(paragraph):
        piece = paragraph[start : end.end(1)]
        if not _NOT_AN_END.search(piece):
            pieces.append(piece.strip())
            start = end.end()
    pieces.append(paragraph[start:].strip())
    return [piece for piece in pieces if piece]
