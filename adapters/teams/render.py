"""Cards as Adaptive Cards 1.5.

Every text stands in a TextRun, in which Teams reads no markdown, link, mention or HTML; TextBlock and FactSet, in which
it does, are not used. A message of Teams holds 28 KB: what does not fit is left out from the end of the longest card,
and a button leads to the whole, which goes out as several messages. Source: Microsoft Teams platform documentation,
"Format cards in Microsoft Teams" and "Types of cards"; the schema of Adaptive Cards 1.5.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.inert import cut, defanged, harmless
from adapters.replies import WHOLE
from bot.cards import Button, Card, Document, Fact, Image, Note, Quote, Reply, Row, Style, Table, Tone

Element = dict[str, Any]
"""One element, action or card as Teams reads it."""

VERSION = "1.5"
CARRIED = "duenotice"
"""Where an action carries what its button was made with."""
DOCUMENT = "d"
"""The same inside it, of a button that hands over a document."""
PICTURE = "p"
"""The same of a button that hands over a retained picture."""
VERB = "press"
MESSAGE_SIZE = 26_000
"""Bytes of one card as it travels; Teams refuses a message at about 28 KB, with everything around the card."""
MOST_MESSAGES = 20
"""Messages the whole of an answer may take."""
PIECE = 1500
"""Characters of one run; a longer text is several, so that as much of it as fits can be shown."""
LABEL = 400
BUTTON = 80
BUTTONS = 3
ACROSS = 39
EDGES = 4
"""Buttons in a line of a card; characters a phone (390 px) has room for there, and those that a button's edges take.

What is longer would be cut off; one long button has a line to itself.
"""
CARRIES = 4000
"""Bytes one button may carry; what is longer is typed."""
SUMMARY = 200
FILE_CONSENT = "application/vnd.microsoft.teams.card.file.consent"
FILE_INFO = "application/vnd.microsoft.teams.card.file.info"
CONSENT = (
    "You asked for this {what}. If you allow it, Teams saves a copy in your own OneDrive. It is a record of the "
    "library: do not share it, and delete the copy when you are done."
)

STYLES = {Style.PRIMARY: "positive", Style.DANGER: "destructive"}
NOTES = {
    Tone.INFO: "Note",
    Tone.WARNING: "Take care",
    Tone.SOURCE: "Policy",
    Tone.PRACTICE: "Library practice",
    Tone.MISSING: "Not on file",
}
REST = "This is longer than Teams shows in one message. “home” leads to the rest."


def said(text: str) -> str:
    """A text that hides nothing and is nothing but words: Teams reads dates into doubled braces."""
    clean = harmless(text).strip()
    while "{{" in clean:
        clean = clean.replace("{{", "{ {")
    return clean.encode("utf-8", "replace").decode()


def run(text: str, **look: object) -> Element:
    """One run of text, never empty."""
    return {"type": "TextRun", "text": text or "–", **look}


def rich(*runs: Element, **place: object) -> Element:
    """A line made of runs."""
    return {"type": "RichTextBlock", "inlines": list(runs), **place}


def pieces(text: str, most: int = PIECE) -> Iterator[str]:
    """The lines of a text, each in parts of at most so many characters, broken at a word where one is near."""
    for line in said(text).splitlines():
        rest = line.strip()
        while len(rest) > most:
            near = rest.rfind(" ", most * 3 // 4, most)
            end = near if near > 0 else most
            yield rest[:end]
            rest = rest[end:].strip()
        if rest:
            yield rest


def paragraphs(text: str, **look: object) -> list[Element]:
    """A text, a line of the card for each of its lines."""
    return [rich(run(line, **look), spacing="small" if place else "default") for place, line in enumerate(pieces(text))]


def title(text: str) -> Element:
    """What a card is about."""
    return rich(run(cut(said(text), LABEL), weight="bolder", size="large"))


def small(text: str) -> list[Element]:
    """Small print."""
    return paragraphs(text, isSubtle=True, size="small")


Origin = tuple[str, str]
"""What asks for an answer once more: intent and subject; two empty ones ask for nothing."""
NO_ORIGIN: Origin = ("", "")


def carried(button: Button, *, whole: bool = False, origin: Origin = NO_ORIGIN) -> Element:
    """What a button carries: all it was made with, and what asks for its card again; a draft knows its own subject."""
    made: Element = {"i": button.intent, "s": button.subject, "v": button.version, "t": button.token}
    if button.opens_form:
        made["f"] = 1
    if whole:
        made["w"] = 1
    if button.version and origin != NO_ORIGIN and len(origin[1]) <= SUMMARY:
        made["o"] = list(origin)
    if weight(made) > CARRIES and button.token and button.subject:
        return carried(replace(button, subject=""), whole=whole)
    return made


def named(case: str, name: str, kind: str = DOCUMENT) -> Element:
    """What names a document or a picture, on its button and in Teams' question whether somebody wants it."""
    return {kind: {"c": case, "n": name}}


def sending(image: Image) -> str:
    """What the button of a retained picture says."""
    return f"Send me the picture: {image.alt}"


@dataclass(frozen=True, slots=True)
class Surface:
    """Where a card stands. In a dialog every button sends the dialog; in a message it opens one, or acts.

    ``origin`` asks for the card once more when an act has moved its case.
    """

    dialog: bool = False
    origin: Origin = NO_ORIGIN

    def action(self, button: Button, *, whole: bool = False) -> Element | None:
        """A button; ``None`` when it is about something longer than a button can carry."""
        data: Element = {CARRIED: carried(button, whole=whole, origin=self.origin)}
        if weight(data) > CARRIES:
            return None
        made: Element = {"type": "Action.Submit", "title": cut(said(button.label), BUTTON) or "–"}
        if self.dialog:
            made["associatedInputs"] = "none"
        elif button.opens_form:
            data["msteams"] = {"type": "task/fetch"}
        else:
            made |= {"type": "Action.Execute", "verb": VERB}
        if button.style in STYLES:
            made["style"] = STYLES[button.style]
        return made | {"data": data}

    def document(self, document: Document) -> Element | None:
        """The button that offers a document; ``None`` when its name is longer than a button can carry."""
        return self._file(document.label, named(document.case, document.name))

    def picture(self, image: Image) -> Element | None:
        """The button that offers a retained picture; the desk says whether its presser may have it."""
        return self._file(sending(image), named(image.case, image.sha256, PICTURE))

    def _file(self, label: str, carries: Element) -> Element | None:
        data = {CARRIED: carries}
        if weight(data) > CARRIES:
            return None
        made: Element = {"type": "Action.Submit", "title": cut(said(label), BUTTON) or "–"}
        made |= {"associatedInputs": "none"} if self.dialog else {"type": "Action.Execute", "verb": VERB}
        return made | {"data": data}

    def rows(
        self, buttons: Iterable[Button], documents: Iterable[Document] = (), images: Iterable[Image] = ()
    ) -> list[Element]:
        """Buttons in lines, those of documents and pictures last."""
        made = [(button.label, self.action(button)) for button in buttons]
        made += [(document.label, self.document(document)) for document in documents]
        made += [(sending(image), self.picture(image)) for image in images]
        lines = [{"type": "ActionSet", "actions": line} for line in _lines([action for _, action in made if action])]
        lost = [label for label, action in made if action is None]
        if lost:
            lines += small(f"Too long for a button here: {', '.join(lost)}. Type it to the bot instead.")
        return lines


def _lines(actions: Sequence[Element]) -> list[list[Element]]:
    """Buttons in lines that no edge of a card cuts off."""
    lines: list[list[Element]] = []
    for action in actions:
        across = sum(len(one["title"]) + EDGES for one in [*lines[-1], action]) if lines else ACROSS + 1
        if across > ACROSS or len(lines[-1]) == BUTTONS:
            lines.append([])
        lines[-1].append(action)
    return lines


MESSAGE = Surface()
DIALOG = Surface(dialog=True)


@dataclass(slots=True)
class Drawn:
    """One card: what is read, and what is pressed and never left out."""

    content: list[Element]
    buttons: list[Element] = field(default_factory=list)


def draw(card: Card, surface: Surface, *, most: int) -> Drawn:
    """Draw a card. What is read ends with the part that passes so many bytes: nothing behind it would be shown."""
    content = list(_within(_read(card, surface), most))
    return Drawn(content=content, buttons=surface.rows(card.buttons, card.documents, card.images))


def _read(card: Card, surface: Surface) -> Iterator[Element]:
    """What is read of a card."""
    yield title(card.title)
    if len(said(card.title)) > LABEL:
        yield from paragraphs(card.title)
    yield from paragraphs(card.body)
    yield from facts(card.facts)
    yield from quoted(card.quotes)
    for image in card.images:
        yield from small(f"Picture, kept on file: {image.alt} ({image.sha256[:12]})")
    if card.table:
        yield from _table(card.table, surface)
    for note in card.notes:
        yield from noted(note)


def _within(elements: Iterable[Element], most: int) -> Iterator[Element]:
    for element in elements:
        yield element
        most -= weight(element)
        if most < 0:
            return


def facts(known: Iterable[Fact]) -> Iterator[Element]:
    """What is known, a line each."""
    for fact in known:
        yield from _fact(fact)


def quoted(quotes: Iterable[Quote]) -> Iterator[Element]:
    """What somebody wrote, under what it is, with no link to follow."""
    for quote in quotes:
        yield from small(quote.label)
        yield from paragraphs(f"“{defanged(harmless(quote.text).strip())}”", italic=True)


def _fact(fact: Fact) -> list[Element]:
    first, *others = list(pieces(fact.value)) or ["–"]
    label = run(f"{cut(said(fact.label), LABEL)}: ", weight="bolder")
    return [rich(label, run(first), spacing="small"), *(rich(run(line), spacing="none") for line in others)]


def noted(note: Note) -> list[Element]:
    """A note, with what kind of note it is in front: a rule, library practice, something that is not on file."""
    look: Element = {"size": "small"} | ({"color": "attention"} if note.tone is Tone.WARNING else {"isSubtle": True})
    return paragraphs(f"{NOTES[note.tone]}: {note.text}", **look)


def _table(table: Table, surface: Surface) -> Iterator[Element]:
    yield from small(" · ".join(column for column in table.columns if column.strip()))
    for row in table.rows:
        yield _row(row, surface)


def _row(row: Row, surface: Surface) -> Element:
    """One line of a table: its words, and its buttons beneath."""
    cells = [cut(said(cell).replace("\n", " "), LABEL) for cell in row.cells if cell.strip()]
    lines = paragraphs(" · ".join(cells)) or [rich(run("–"))]
    return {"type": "Container", "separator": True, "items": [*lines, *surface.rows(row.buttons)]}


def weight(part: object) -> int:
    """The bytes of a part as it travels."""
    return len(json.dumps(part, ensure_ascii=False).encode("utf-8", "replace")) + 2


def card_of(body: Sequence[Element]) -> Element:
    """An Adaptive Card around its elements."""
    return {"type": "AdaptiveCard", "version": VERSION, "msteams": {"width": "Full"}, "body": list(body)}


def gathered(
    cards: Sequence[Card], surface: Surface, *, room: int = MESSAGE_SIZE, again: Button | None = None
) -> list[Element]:
    """Cards one under the other, within so many bytes.

    Buttons stay; what is read is left out from the end of the longest card, and ``again`` (or a sentence) leads to it.
    """
    drawn = [draw(card, surface, most=room) for card in cards]
    body = _together(drawn)
    if weight(body) <= room:
        return body
    more = small(REST)
    action = surface.action(replace(again, label=WHOLE), whole=True) if again else None
    if action:
        more = [{"type": "ActionSet", "actions": [action]}]
    _fit(drawn, weight(body) + weight(more) - room)
    return [*_together(drawn), *more]


def _fit(drawn: list[Drawn], too_much: int) -> None:
    """Leave out what is read from the end of the longest card, then lines of buttons, until so many bytes are gone."""
    weights = [[weight(element) for element in one.content] for one in drawn]
    while drawn and too_much > 0:
        longest = max(range(len(drawn)), key=lambda place: sum(weights[place]))
        if len(weights[longest]) > 1:
            drawn[longest].content.pop()
            too_much -= weights[longest].pop()
        elif any(one.buttons for one in drawn):
            too_much -= weight(next(one for one in reversed(drawn) if one.buttons).buttons.pop())
        else:
            drawn.pop()
            too_much -= sum(weights.pop())


def _together(drawn: Sequence[Drawn]) -> list[Element]:
    elements: list[Element] = []
    for place, one in enumerate(drawn):
        first, *rest = [*one.content, *one.buttons]
        elements += [first | ({"separator": True, "spacing": "large"} if place else {}), *rest]
    return elements


def summary(cards: Sequence[Card], headline: str = "") -> str:
    """The line Teams shows in notifications; it says no more than the titles."""
    return cut(said(headline or " · ".join(card.title for card in cards)), SUMMARY) or "Done."


def headed(headline: str) -> list[Element]:
    """The line above an answer."""
    return paragraphs(cut(said(headline), PIECE), weight="bolder")


def message(
    cards: Sequence[Card], headline: str = "", *, again: Button | None = None, origin: Origin = NO_ORIGIN
) -> Element:
    """One message: a line of words, or a card with all of it."""
    if not cards:
        return {"text": said(headline) or "Done."}
    top = headed(headline)
    body = top + gathered(cards, Surface(origin=origin), room=MESSAGE_SIZE - weight(top), again=again)
    return {"summary": summary(cards, headline), "card": card_of(body)}


def of_reply(reply: Reply, *, again: Button | None = None, origin: Origin = NO_ORIGIN) -> Element:
    """A private answer as one message."""
    return message(reply.cards, reply.headline, again=again, origin=origin)


def whole(reply: Reply) -> list[Element]:
    """A private answer with nothing left out, in as many messages as it takes up to a score."""
    if not reply.cards:
        return [of_reply(reply)]
    elements = [
        *headed(reply.headline),
        *_together([draw(card, MESSAGE, most=MOST_MESSAGES * MESSAGE_SIZE) for card in reply.cards]),
    ]
    bodies: list[list[Element]] = [[]]
    room = MESSAGE_SIZE
    for element in elements:
        size = weight(element)
        if size > room and bodies[-1]:
            bodies.append([])
            room = MESSAGE_SIZE
        bodies[-1].append(element)
        room -= size
    if len(bodies) > MOST_MESSAGES:
        bodies = [*bodies[: MOST_MESSAGES - 1], small(REST)]
    told = summary(reply.cards, reply.headline)
    count = len(bodies)
    return [
        {"summary": told if count == 1 else f"{told} ({place} of {count})", "card": card_of(body)}
        for place, body in enumerate(bodies, 1)
    ]


def consent(file_name: str, size: int, carries: Mapping[str, Any], what: str) -> Element:
    """Teams' own question whether somebody wants a file; ``size`` is in bytes, as it was when it was offered."""
    context = {CARRIED: carries}
    content = {
        "description": said(CONSENT.format(what=what)),
        "sizeInBytes": size,
        "acceptContext": context,
        "declineContext": context,
    }
    return {"file": {"contentType": FILE_CONSENT, "name": said(file_name), "content": content}}


def file_info(saved: Mapping[str, str]) -> Element:
    """A file that somebody took, where Teams put it."""
    content = {"uniqueId": saved["uniqueId"], "fileType": saved["fileType"]}
    return {
        "file": {
            "contentType": FILE_INFO,
            "contentUrl": saved["contentUrl"],
            "name": saved["name"],
            "content": content,
        }
    }
