"""Cards as Block Kit.

Every text goes out as ``plain_text``, which Slack reads no markup in, with ``& < >`` escaped, emoji codes off and every
address made inert: who typed a text is not known here, and no text of our own needs a live address. Slack refuses a
whole payload for one character too many, so every text is cut here, and what was cut is a press away.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from typing import Any

from adapters.inert import cut, defanged, harmless
from adapters.replies import WHOLE
from bot.cards import Button, Card, Document, Fact, Image, Note, Reply, Row, Style, Table, Tone

Block = dict[str, Any]
"""One block, view or element as Slack reads it."""

HEADER = 150
SECTION = 3000
FIELD = 2000
FIELDS = 10
CONTEXT = 2000
BUTTON = 75
BUTTONS = 25
VALUE = 2000
FALLBACK = 3000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
PICTURE = "picture:"
"""In front of the number in the action id of a button that shows a picture."""
DOCUMENT = "document:"
"""The same of a button that hands over a document."""
MESSAGE_SIZE = 12_000
"""Characters of JSON in the blocks of one message; Slack refuses somewhat above 13,000 (``msg_blocks_too_long``)."""
VIEW_SIZE = 120_000
"""The same for a view, which Slack refuses at 250 kB."""
BLOCK_ID = 40
"""What the id costs that Slack gives each block."""

NOTES = {
    Tone.INFO: "Note",
    Tone.WARNING: "Take care",
    Tone.SOURCE: "Policy",
    Tone.PRACTICE: "Library practice",
    Tone.MISSING: "Not on file",
}
REST = "This is longer than Slack shows here. The Home tab of this app leads to the rest."
REST_OF_HOME = "This is longer than Slack shows here. Write “tasks”, “due” or “reports” to this bot to see all of one."


def escape(text: str) -> str:
    """The text with the three characters Slack's markup is made of written as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def length(text: str) -> int:
    """What a text counts once escaped, in the units Slack counts in (UTF-16)."""
    plain_length = len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
    return plain_length + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def inert(text: str) -> str:
    """A text in which nothing hides and no address leads anywhere."""
    return defanged(harmless(text)).strip()


def pieces(text: str, most: int) -> Iterator[str]:
    """A text in parts that each fit ``most`` once escaped, broken at a line or a word where one is near."""
    clean = inert(text)
    start = 0
    while start < len(clean):
        end = min(len(clean), start + most)
        while length(clean[start:end]) > most:
            end -= max(1, (length(clean[start:end]) - most) // 5)
        if end < len(clean):
            near = max(clean.rfind(" ", start, end), clean.rfind("\n", start, end))
            end = near + 1 if near > start + (end - start) * 3 // 4 else end
        part = clean[start:end].strip()
        if part:
            yield part
        start = end


def fit(text: str, most: int) -> str:
    """One text that Slack takes: harmless, escaped, never empty, at most ``most`` long."""
    clean = inert(text)
    if length(clean) <= most:
        return escape(clean or "–")
    return escape(next(pieces(clean, most - 2))) + " …"


def is_cut(text: str, most: int) -> bool:
    """Test whether ``fit`` leaves something out."""
    return length(inert(text)) > most


def plain(text: str, most: int) -> Block:
    """A text object without markup."""
    return {"type": "plain_text", "text": fit(text, most), "emoji": False}


def strong(text: str, most: int) -> Block:
    """A label of our own in bold; whatever in it could end the bold is taken out."""
    calm = "".join(" " if char in "*_~`\n" else char for char in text)
    return {"type": "mrkdwn", "text": f"*{fit(calm, most - 2)}*", "verbatim": True}


def section(text: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": plain(text, SECTION)}


def context(text: str) -> Block:
    """A line of small print."""
    return {"type": "context", "elements": [plain(text, CONTEXT)]}


def header(text: str) -> Block:
    """A title."""
    return {"type": "header", "text": plain(text, HEADER)}


def compact(said: Mapping[str, Any]) -> str:
    """What an element carries, as short as it can be written; half a character is written out, as nobody sends it."""
    value = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    whole = not any("\ud800" <= char <= "\udfff" for char in value)
    return value if whole else json.dumps(said, separators=(",", ":"))


def carried(button: Button) -> str:
    """What a button carries: everything it was made with; a draft knows its own subject."""
    said: dict[str, Any] = {"i": button.intent, "s": button.subject, "v": button.version, "t": button.token}
    if button.opens_form:
        said["f"] = 1
    value = compact(said)
    if length(value) > VALUE and button.token and button.subject:
        return carried(replace(button, subject=""))
    return value


class Elements:
    """Buttons of one payload, each with an ``action_id`` of its own."""

    def __init__(self) -> None:
        self._numbers = count()

    def button(self, button: Button) -> Block | None:
        """A button; ``None`` when it is about something longer than a button of Slack can carry."""
        value = carried(button)
        if length(value) > VALUE:
            return None
        made: Block = {
            "type": "button",
            "action_id": f"{'open' if button.opens_form else 'press'}:{next(self._numbers)}",
            "text": plain(button.label, BUTTON),
            "value": value,
        }
        if is_cut(button.label, BUTTON):
            made["accessibility_label"] = fit(button.label, BUTTON)
        if button.style is not Style.PLAIN:
            made["style"] = button.style.value
        return made

    def picture(self, image: Image) -> Block:
        """A picture that is kept, with the button that shows it; the desk says whether its presser may see it."""
        told = section(f"{image.alt}\nSHA-256 begins with {image.sha256[:12]}")
        value = compact({"c": image.case, "h": image.sha256, "a": cut(image.alt, 100)})
        if length(value) <= VALUE:
            button = {"type": "button", "action_id": f"{PICTURE}{next(self._numbers)}", "value": value}
            told["accessory"] = button | {"text": plain("Show the picture", BUTTON)}
        return told

    def document(self, document: Document) -> Block | None:
        """The button that hands over a document; ``None`` when its name is longer than a button can carry."""
        value = compact({"c": document.case, "n": document.name})
        if length(value) > VALUE:
            return None
        button: Block = {"type": "button", "action_id": f"{DOCUMENT}{next(self._numbers)}", "value": value}
        return button | {"text": plain(document.label, BUTTON)}

    def rows(self, buttons: Iterable[Button], documents: Iterable[Document] = ()) -> list[Block]:
        """Buttons in lines, those of documents last."""
        made = [(button.label, self.button(button)) for button in buttons]
        made += [(document.label, self.document(document)) for document in documents]
        drawn = [block for _, block in made if block]
        lines: list[Block] = [
            {"type": "actions", "elements": drawn[start : start + BUTTONS]} for start in range(0, len(drawn), BUTTONS)
        ]
        lost = [label for label, block in made if block is None]
        if lost:
            lines.append(context(f"Too long for a button here: {', '.join(lost)}. Type it to the bot instead."))
        return lines


@dataclass(frozen=True, slots=True)
class Drawn:
    """One card: what is read, and what is pressed and never left out."""

    content: list[Block]
    buttons: list[Block]


def draw(card: Card, elements: Elements) -> Drawn:
    """Draw a card."""
    content = [header(card.title)]
    if is_cut(card.title, HEADER):
        content += paragraphs(card.title)
    content += paragraphs(card.body)
    content += _facts(card.facts)
    for quote in card.quotes:
        content.append(context(quote.label))
        content += paragraphs(f"“{quote.text}”")
    content += [elements.picture(image) for image in card.images]
    if card.table:
        content += _table(card.table, elements)
    content += remarks(card.notes)
    return Drawn(content=content, buttons=elements.rows(card.buttons, card.documents))


def paragraphs(text: str) -> list[Block]:
    """A text in as many sections as it takes, up to what any view holds."""
    parts = islice(pieces(text, SECTION), VIEW_BLOCKS)
    return [{"type": "section", "text": plain(part, SECTION)} for part in parts]


def _facts(facts: Sequence[Fact]) -> list[Block]:
    blocks: list[Block] = []
    short: list[Fact] = []
    for fact in facts:
        if is_cut(fact.value, FIELD):
            blocks += [*_fields(short), context(fact.label), *paragraphs(fact.value)]
            short = []
        else:
            short.append(fact)
    return [*blocks, *_fields(short)]


def _fields(facts: Sequence[Fact]) -> list[Block]:
    """Facts two by two: the label in bold, the value beside it (below it on a phone)."""
    most = FIELDS // 2
    return [
        {
            "type": "section",
            "fields": [
                element
                for fact in facts[start : start + most]
                for element in (strong(fact.label, FIELD), plain(fact.value, FIELD))
            ],
        }
        for start in range(0, len(facts), most)
    ]


def remarks(notes: Sequence[Note]) -> list[Block]:
    """Remarks, each with the word for what kind it is."""
    return [block for note in notes for block in small_print(f"{NOTES[note.tone]}: {note.text}")]


def small_print(text: str) -> list[Block]:
    """A text in small print, in as many blocks as it takes, up to what any view holds."""
    return [context(part) for part in islice(pieces(text, CONTEXT), VIEW_BLOCKS)]


def _table(table: Table, elements: Elements) -> list[Block]:
    blocks = [context(" · ".join(column for column in table.columns if column.strip()))]
    lines: list[str] = []
    for row in table.rows:
        line = " · ".join(cell for cell in row.cells if cell.strip())
        if not row.buttons:
            lines.append(f"• {line}")
            continue
        blocks += [*paragraphs("\n".join(lines)), *_row(line, row, elements)]
        lines = []
    return [*blocks, *paragraphs("\n".join(lines))]


def _row(line: str, row: Row, elements: Elements) -> list[Block]:
    told = paragraphs(line) or [section(line)]
    if len(row.buttons) == 1 and (button := elements.button(row.buttons[0])):
        told[-1]["accessory"] = button
        return told
    return [*told, *elements.rows(row.buttons)]


def size(blocks: Iterable[Block]) -> int:
    """What blocks weigh, about as Slack weighs them."""
    return sum(len(json.dumps(block, ensure_ascii=False)) + BLOCK_ID for block in blocks)


def gathered(
    cards: Sequence[Card], *, most: int, weight: int, again: Button | None = None, rest: str = REST
) -> list[Block]:
    """Cards one under the other within a limit of blocks and weight.

    Buttons stay; what is read is left out from the end of the longest card, and ``again`` and ``rest`` lead to it.
    """
    elements = Elements()
    drawn = [draw(card, elements) for card in cards]
    blocks = _together(drawn)
    if len(blocks) <= most and size(blocks) <= weight:
        return blocks
    more = [context(rest)]
    if again and (button := elements.button(replace(again, label=WHOLE))):
        more.append({"type": "actions", "elements": [button]})
    too_many = len(blocks) + len(more) - most
    too_heavy = size(blocks) + size(more) - weight
    weights = [[size([block]) for block in one.content] for one in drawn]
    while drawn and (too_many > 0 or too_heavy > 0):
        longest = max(range(len(drawn)), key=lambda place: sum(weights[place]) + 1000 * len(weights[place]))
        if len(weights[longest]) > 1:
            drawn[longest].content.pop()
            gone = weights[longest].pop()
        elif any(one.buttons for one in drawn):
            gone = size([next(one for one in reversed(drawn) if one.buttons).buttons.pop()])
        else:
            gone = size(drawn.pop().content)
            weights.pop()
        too_many, too_heavy = too_many - 1, too_heavy - gone
    return [*_together(drawn), *more]


def _together(drawn: Sequence[Drawn]) -> list[Block]:
    blocks: list[Block] = []
    for place, one in enumerate(drawn):
        if place:
            blocks.append({"type": "divider"})
        blocks += [*one.content, *one.buttons]
    return blocks


def fallback(cards: Sequence[Card], headline: str = "") -> str:
    """The line Slack shows in notifications and reads aloud; it says no more than the titles."""
    return fit(headline or " · ".join(card.title for card in cards) or "Done.", FALLBACK)


def message(cards: Sequence[Card], headline: str = "", *, again: Button | None = None) -> Block:
    """Text and blocks of one message; unfurling is off."""
    said = [section(headline)] if headline else []
    room = MESSAGE_BLOCKS - len(said)
    blocks = said + gathered(cards, most=room, weight=MESSAGE_SIZE - size(said), again=again)
    told: Block = {"text": fallback(cards, headline), "unfurl_links": False, "unfurl_media": False}
    return told | {"blocks": blocks} if blocks else told


def of_reply(reply: Reply, *, again: Button | None = None) -> Block:
    """A private answer as one message."""
    return message(reply.cards, reply.headline, again=again)


def home(reply: Reply) -> Block:
    """The App Home tab."""
    blocks = gathered(reply.cards, most=VIEW_BLOCKS, weight=VIEW_SIZE, rest=REST_OF_HOME)
    return {"type": "home", "blocks": blocks or [section("Nothing is asked of you.")]}
