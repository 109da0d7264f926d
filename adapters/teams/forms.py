"""Pages of forms as dialogs, and what a dialog remembers of its draft.

The draft is the desk's. A dialog carries its token, and the names of fields whose answers it cannot show (pictures, a
text too long for a dialog): those are kept as they are unless the person gives new ones. Nothing is marked as required
to Teams, because Teams would then say what is wrong in its own words, and lose the way back.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from adapters.inert import cut, defanged
from adapters.teams.render import (
    CARRIED,
    DIALOG,
    LABEL,
    MESSAGE_SIZE,
    Element,
    card_of,
    facts,
    gathered,
    headed,
    noted,
    paragraphs,
    quoted,
    rich,
    run,
    said,
    small,
    title,
    weight,
)
from bot.cards import Button, Card, Field, FieldKind, OpenPage, Option, Reply, Style

FIELD = "f."
"""In front of the name of every field, so that none is taken for what a button carries."""
TITLE = 60
FEW = 14
"""Up to this many options are shown at once; more are a list to open."""
SUBMIT = 24
"""Characters on a button of a page, which stands in one line with “Back”."""
HINT = 200
SHORTEST = 25
"""Characters a label or an option keeps however large its page is."""
SUBJECT = 300
LONG = 300
"""Characters from which an answer may be kept aside when a page is too large."""
OPTION_VALUE = 100
NAME = "Due Notice"
ADD = "Add pictures in our chat"
PEOPLE = {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}
"""Teams' own list of people; it answers with Entra object ids. Source: "People Picker in Adaptive Cards"."""

Channels = Sequence[tuple[str, str]]
"""The channels and group chats the bot is known to be in: id and title."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What a dialog remembers. ``kept`` fields keep their answer, ``several`` may have more, ``people`` are picked."""

    token: str
    intent: str
    subject: str = ""
    page: int
    kept: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def carried(self, turn: str) -> Element:
        """As its buttons carry it."""
        picked: Element = {"p": list(self.people)} if self.people else {}
        return picked | {
            "page": self.page,
            "turn": turn,
            "i": self.intent,
            "s": self.subject if len(self.subject) <= SUBJECT else "",
            "t": self.token,
            "k": list(self.kept),
            "m": list(self.several),
        }

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self | None:
        """From what a button carried; ``None`` for what is not ours."""
        page, token, intent = told.get("page"), told.get("t"), told.get("i")
        kept, several, people = told.get("k"), told.get("m"), told.get("p", [])
        if not (isinstance(page, int) and page >= 1 and isinstance(kept, list) and isinstance(several, list)):
            return None
        if not isinstance(people, list):
            return None
        if not (isinstance(token, str) and token and isinstance(intent, str) and intent):
            return None
        return cls(
            token=token,
            intent=intent,
            subject=str(told.get("s") or ""),
            page=page,
            kept=tuple(str(name) for name in kept),
            several=tuple(str(name) for name in several),
            people=tuple(str(name) for name in people),
        )


@dataclass(slots=True)
class _Fields:
    """The fields of a page as elements.

    ``aside`` are those whose answer is kept and not shown; ``most`` is how many characters a label or an option takes.
    """

    aside: frozenset[str]
    channels: Channels
    most: int
    elements: list[Element] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)


def dialog(card: Element, called: str) -> Element:
    """A dialog around a card."""
    value = {
        "title": cut(said(called), TITLE) or NAME,
        "width": "medium",
        "height": "large",
        "card": {"contentType": "application/vnd.microsoft.card.adaptive", "content": card},
    }
    return {"task": {"type": "continue", "value": value}}


def notice(words: str) -> Element:
    """Words in the place of a dialog, which closes with them."""
    return {"task": {"type": "message", "value": said(words) or "Done."}}


def page(shown: OpenPage, *, channels: Channels = ()) -> Element:
    """A page of a form as a dialog.

    Of a page that is too large the answers are kept aside, the longest first; then what is only read goes, and at last
    labels and options are cut.
    """
    aside: frozenset[str] = frozenset()
    most = LABEL
    while True:
        card = _page(shown, aside, channels, most)
        longest = _longest(shown, aside) if weight(card) > MESSAGE_SIZE else ""
        if longest:
            aside |= {longest}
            continue
        card = _fitting(card)
        if weight(card) <= MESSAGE_SIZE or most <= SHORTEST:
            return dialog(card, shown.page.title)
        most //= 2


def _longest(shown: OpenPage, aside: frozenset[str]) -> str:
    texts = {
        each.name: sum(map(len, shown.values.get(each.name, ())))
        for each in shown.page.fields
        if each.kind in {FieldKind.TEXT, FieldKind.LONG_TEXT} and each.name not in aside
    }
    name = max(texts, key=texts.__getitem__, default="")
    return name if texts.get(name, 0) > LONG else ""


def _page(shown: OpenPage, aside: frozenset[str], channels: Channels, most: int) -> Element:
    asked = shown.page
    names = {each.name for each in asked.fields}
    body: list[Element] = [title(asked.title)] if len(said(asked.title)) > TITLE else []
    for name, wrong in shown.errors.items():
        if name not in names:
            body += _wrong(wrong)
    body += [*paragraphs(asked.intro), *facts(asked.facts), *quoted(asked.quotes)]
    if shown.of > 1:
        body += small(f"Page {shown.number} of {shown.of}")
    fields = _Fields(aside=aside, channels=channels, most=most)
    for each in asked.fields:
        _ask(each, tuple(shown.values.get(each.name, ())), shown.errors.get(each.name, ""), fields)
    for note in asked.notes:
        fields.elements += noted(note)
    memory = Memory(
        token=shown.token,
        intent=shown.intent,
        subject=shown.subject,
        page=shown.number,
        kept=tuple(fields.kept),
        several=tuple(each.name for each in asked.fields if each.kind is FieldKind.CHOICES),
        people=tuple(fields.people),
    )
    actions = [_turn(asked.submit, "next", memory, style="positive")]
    if shown.number > 1:
        actions.append(_turn("Back", "back", memory))
    if asked.takes_files:
        fields.elements.append({"type": "ActionSet", "actions": [_turn(ADD, "files", memory)]})
    return card_of([*body, *fields.elements]) | {"actions": actions}


def _turn(label: str, turn: str, memory: Memory, **look: object) -> Element:
    return {
        "type": "Action.Submit",
        "title": cut(said(label), SUBMIT) or "–",
        "data": {CARRIED: memory.carried(turn)},
        **look,
    }


def _fitting(card: Element) -> Element:
    """Leave out the end of what is only read, never a question."""
    body: list[Element] = list(card["body"])
    too_much = weight(card) - MESSAGE_SIZE
    for place in range(len(body) - 1, -1, -1):
        if too_much <= 0:
            break
        if body[place]["type"] == "RichTextBlock":
            too_much -= weight(body.pop(place))
    return card | {"body": body}


def result(reply: Reply, *, again: Button | None = None) -> Element:
    """What came of it, in the place of the form."""
    if not reply.cards:
        return notice(reply.headline)
    top = headed(reply.headline)
    body = top + gathered(reply.cards, DIALOG, room=MESSAGE_SIZE - weight(top), again=again)
    return dialog(card_of(body), NAME)


def waiting(words: str, look: Button | None) -> Element:
    """A dialog that holds the place of what is not ready, with a button that looks again."""
    return result(Reply(cards=(Card(title="Not saved yet", body=words, buttons=(look,) if look else ()),)))


def of_reply(reply: Reply, *, channels: Channels = (), again: Button | None = None) -> Element:
    """A reply as a dialog: its page, or what came of it."""
    return page(reply.page, channels=channels) if reply.page else result(reply, again=again)


def resuming(label: str, memory: Memory) -> Button:
    """A button that opens a begun form again."""
    return Button(
        label=label,
        intent=memory.intent,
        subject=memory.subject,
        token=memory.token,
        opens_form=True,
        style=Style.PRIMARY,
    )


def _wrong(words: str) -> list[Element]:
    return paragraphs(f"⚠ {words}", color="attention", weight="bolder") if words else []


def _ask(asked: Field, given: tuple[str, ...], wrong: str, into: _Fields) -> None:
    given = tuple(value for value in given if value)
    match asked.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT if asked.names:
            _named(asked, given, wrong, into)
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            _text(asked, given, wrong, into)
        case FieldKind.DATE:
            element = {"type": "Input.Date"}
            if asked.latest:
                element["max"] = asked.latest.isoformat()
            _input(asked, element, given[:1], wrong, into)
        case FieldKind.FILE:
            _file(asked, given, wrong, into)
        case FieldKind.YES_NO:
            yes_no = (Option(value="yes", label="Yes"), Option(value="no", label="No"))
            _choice(replace(asked, options=yes_no), given, wrong, into)
        case FieldKind.CHOICE | FieldKind.PERSON | FieldKind.CHOICES:
            _choice(asked, given, wrong, into)


def _named(asked: Field, given: tuple[str, ...], wrong: str, into: _Fields) -> None:
    """A user or several from Teams' own list, or a channel from those the bot is in."""
    people: Element = {"type": "Input.ChoiceSet", "choices": [], "choices.data": PEOPLE}
    match asked.names:
        case "user":
            _input(asked, people, given[:1], wrong, into)
        case "users" if _all_named(given):
            into.people.append(asked.name)
            chosen = tuple(line.split()[0] for text in given for line in text.splitlines() if line.strip())
            _input(replace(asked, hint=""), people | {"isMultiSelect": True}, chosen, wrong, into)
        case "channel" if into.channels:
            known = tuple(Option(value=name, label=called) for name, called in into.channels)
            _choice(replace(asked, options=known), given, wrong, into)
        case "channel":
            hint = "Mention me once in that channel and open this again; then it can be chosen here."
            _text(replace(asked, hint=hint), given, wrong, into)
        case _:
            _text(asked, given, wrong, into)


def _all_named(given: tuple[str, ...]) -> bool:
    """Test whether each line has a name after its id; where Teams could not say one, the lines are to be completed."""
    return all(line.strip().count(" ") for text in given for line in text.splitlines() if line.strip())


def _input(asked: Field, element: Element, given: Sequence[str], wrong: str, into: _Fields, *, hint: str = "") -> None:
    """A question: what is wrong with its answer, its label, the answer, and what helps."""
    label = cut(said(asked.label), into.most) or "–"
    element |= {"id": f"{FIELD}{asked.name}", "label": f"{label} *" if asked.required else label}
    if given:
        element["value"] = ",".join(given)
    helps = " ".join(part for part in (asked.hint, hint) if part)
    items = [*_wrong(cut(wrong, into.most)), element, *small(cut(helps, into.most))]
    into.elements.append({"type": "Container", "spacing": "medium", "items": items})


def _text(asked: Field, given: tuple[str, ...], wrong: str, into: _Fields) -> None:
    text = given[0] if given else ""
    element: Element = {"type": "Input.Text"}
    if asked.kind is FieldKind.LONG_TEXT or "\n" in text:
        element["isMultiline"] = True
    if asked.name in into.aside:
        into.kept.append(asked.name)
        hint = f"Kept: {len(text):,} characters, more than fit here. Type only to replace them."
        _input(asked, element, (), wrong, into, hint=hint)
        return
    element["maxLength"] = max(1, asked.max_length, len(text))
    _input(asked, element, (text,) if text else (), wrong, into)


def _file(asked: Field, given: tuple[str, ...], wrong: str, into: _Fields) -> None:
    """Pictures come through the chat, so this is only told. Whatever came meanwhile is kept."""
    into.kept.append(asked.name)
    there = f"{len(given)} added." if given else "None added yet."
    how = (
        f"It takes no more than {asked.most}."
        if len(given) >= asked.most
        else f"“{ADD}” keeps this page and takes them there."
    )
    line = rich(run(f"{cut(said(asked.label), into.most)}: ", weight="bolder"), run(there))
    helps = " ".join(part for part in (cut(asked.hint, into.most), how) if part)
    items = [*_wrong(cut(wrong, into.most)), line, *small(helps)]
    into.elements.append({"type": "Container", "spacing": "medium", "items": items})


def option_value(asked: Field, place: int) -> str:
    """What stands for an option in Teams, which lists several with commas: its own value, or its place in the list."""
    value = asked.options[place].value
    plain = 0 < len(value) <= OPTION_VALUE and "," not in value and not value.startswith("#")
    return value if plain else f"#{place}"


def chosen_values(asked: Field, sent: Sequence[str]) -> tuple[str, ...]:
    """The options' own values for what Teams sent."""
    known = {option_value(asked, place): option.value for place, option in enumerate(asked.options)}
    return tuple(known.get(one, one) for one in sent)


def _choice(asked: Field, given: tuple[str, ...], wrong: str, into: _Fields) -> None:
    if not asked.options:
        into.elements += small(f"{asked.label}: there is nothing to choose from.")
        return
    several = asked.kind is FieldKind.CHOICES
    expanded = several or len(asked.options) <= FEW
    choices = [
        {"title": _option(option, into.most, expanded=expanded), "value": option_value(asked, place)}
        for place, option in enumerate(asked.options)
    ]
    element: Element = {"type": "Input.ChoiceSet", "style": "expanded" if expanded else "compact", "wrap": True}
    if several:
        element["isMultiSelect"] = True
    picked = [option_value(asked, place) for place, option in enumerate(asked.options) if option.value in given]
    _input(asked, element | {"choices": choices}, picked if several else picked[:1], wrong, into)


def _option(option: Option, most: int, *, expanded: bool) -> str:
    """The words of an option. Those shown at once are read as markdown, so every mark of it is made plain."""
    words = f"{option.label} ({cut(option.hint, HINT)})" if option.hint else option.label
    clean = cut(defanged(said(words).replace("\n", " ")), most) or "–"
    if not expanded:
        return clean
    plain = clean.translate(MARKS)
    return LISTED.sub(lambda found: f"{found[1]}\\{found[2]}", plain)


MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|~&"})
"""What markdown is made of, written so that it is none."""
LISTED = re.compile(r"^(\d*)([-+.)])")
"""What would make a line an entry of a list."""
