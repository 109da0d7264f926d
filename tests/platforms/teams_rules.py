"""What Teams refuses in a payload or draws wrongly, as its documentation tells; every sentence names where.

The schema of Adaptive Cards 1.5 is asked where it stands beside the project. The rest is what it cannot say: sizes,
versions, who may refresh, and words that are not ours turning into links, mentions or emphasis.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

Part = Mapping[str, Any]

SCHEMA = Path(__file__).parents[3] / "shared/schemas/adaptive-card-1.5.0.json"
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
FILE_CONSENT = "application/vnd.microsoft.teams.card.file.consent"
FILE_INFO = "application/vnd.microsoft.teams.card.file.info"
MESSAGE_SIZE = 28 * 1024
"""Bytes of one message; Teams counts "approximately 28 KB" where it is strictest."""
VERSION = "1.5"
SEEN = 60
"""Users of one card that it may refresh for by itself (Universal Actions: user specific views)."""
ACTIONS = 6
"""Buttons in one row of a card; the rest is cut or hidden, on a phone first."""
ACROSS = 39
EDGES = 4
"""Characters of one row of buttons on a phone, 390 px wide, its edges among them; what is beyond is cut off."""
SUGGESTED = 6
TITLE = 1024
DIALOG_SIZES = {"small", "medium", "large"}
KINDS = {
    *("TextBlock", "RichTextBlock", "FactSet", "Container", "ColumnSet", "ActionSet", "Image", "ImageSet", "Table"),
    *("Input.Text", "Input.ChoiceSet", "Input.Date", "Input.Toggle", "Input.Number", "Input.Time"),
}
ACTION_KINDS = {"Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility"}
WORDS = frozenset(
    {"altText", "errorMessage", "fallbackText", "id", "label", "placeholder", "text", "title", "url", "value"}
)
"""Strings of which the schema asks nothing but to be strings."""
ADDITIONS = {"msteams", "choices.data"}
PEOPLE = {"type": "Data.Query", "dataset": "graph.microsoft.com/users"}
"""Teams' own list of people (People Picker in Adaptive Cards); it answers with Entra object ids."""
ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
MARKDOWN = {
    "a link": re.compile(r"\[[^\]\n]*\]\s*[(\[]"),
    "emphasis": re.compile(r"(?<![\w\\])([*_]{1,3})(?=\S)[^*_\n]+?(?<=\S)\1(?!\w)|\*[^\s*][^*\n]*\*"),
    "a list": re.compile(r"^\s{0,3}(?:[-+*]|\d{1,9}[.)])\s", re.MULTILINE),
    "HTML or a mention": re.compile(r"<[A-Za-z/!?]"),
    "an entity": re.compile(r"&(?:#\w+|\w+);"),
    "an address": re.compile(r"https?://|\bwww\.", re.IGNORECASE),
}


def size(part: object) -> int:
    """The bytes of a payload as it travels."""
    return len(json.dumps(part, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def wrong_with_message(said: Part) -> list[str]:
    """Everything Teams refuses in a message of a bot, or shows otherwise than it was meant."""
    found = []
    if said.get("type") != "message":
        found.append(f"type {said.get('type')!r}")
    cards = said.get("attachments") or []
    if size(said) > MESSAGE_SIZE:
        found.append(f"MessageSizeTooBig: {size(said)} bytes")
    if cards and said.get("text"):
        found.append("text beside a card: Teams makes two messages of it and gives no id")
    if not cards and not str(said.get("text") or "").strip():
        found.append("neither text nor card")
    if said.get("text") and said.get("textFormat") != "plain":
        found.append("text that Teams reads markdown in")
    if any(one.get("contentType") == ADAPTIVE for one in cards) and not str(said.get("summary") or "").strip():
        found.append("summary: a card needs a line for notifications")
    if any(one.get("type") == "mention" for one in said.get("entities") or []):
        found.append("a mention nobody asked for")
    found += _suggested((said.get("suggestedActions") or {}).get("actions", []))
    for number, one in enumerate(cards):
        found += [f"attachments[{number}] {wrong}" for wrong in _attached(one)]
    return found


def _attached(one: Part) -> Iterator[str]:
    if one.get("contentType") in {FILE_CONSENT, FILE_INFO}:
        yield from _file(one)
    elif one.get("contentType") != ADAPTIVE:
        yield f"{one.get('contentType')}"
    else:
        yield from wrong_with_card(one["content"])


def _file(one: Part) -> Iterator[str]:
    """What Teams refuses in its two cards about a file ("Send and receive files using bot")."""
    content = one.get("content") or {}
    if not str(one.get("name") or "").strip() or "/" in str(one.get("name")):
        yield f"a file called {one.get('name')!r}"
    if one["contentType"] == FILE_CONSENT:
        if set(one) != {"contentType", "name", "content"}:
            yield f"a question about a file with {sorted(one)}"
        if set(content) != {"description", "sizeInBytes", "acceptContext", "declineContext"}:
            yield f"a question about a file that says {sorted(content)}"
        if not isinstance(content.get("sizeInBytes"), int) or content["sizeInBytes"] <= 0:
            yield f"a file of {content.get('sizeInBytes')!r} bytes"
        if not all(isinstance(content.get(name), Mapping) for name in ("acceptContext", "declineContext")):
            yield "a context that is no object"
        return
    if not str(one.get("contentUrl") or "").startswith(("https://", "http://127.0.0.1")):
        yield f"a file at {one.get('contentUrl')!r}"
    if set(content) != {"uniqueId", "fileType"} or not all(content.values()):
        yield f"a file that is said to be {content}"


def _suggested(actions: list[Part]) -> list[str]:
    if len(actions) > SUGGESTED or any(one.get("type") != "imBack" for one in actions):
        return ["suggestedActions: at most six, and only words to send"]
    return []


def wrong_with_dialog(task: Part) -> list[str]:
    """Everything Teams refuses in the answer that opens a dialog or goes on in it."""
    value = task.get("value")
    match task.get("type"):
        case "message":
            return [] if isinstance(value, str) and value.strip() else ["task: a message without words"]
        case "continue" if isinstance(value, Mapping):
            return list(_dialog(value))
        case _:
            return [f"task: type {task.get('type')!r}"]


def _dialog(value: Part) -> Iterator[str]:
    if not str(value.get("title") or "").strip():
        yield "task: no title"
    if len(str(value.get("title", ""))) > TITLE:
        yield "task: title over 1,024"
    for side in ("height", "width"):
        if side in value and not (isinstance(value[side], int) or value[side] in DIALOG_SIZES):
            yield f"task: {side} {value[side]!r}"
    if ("card" in value) == ("url" in value):
        yield "task: either a card or a page"
    if "url" in value and not str(value["url"]).startswith("https://"):
        yield "task: a page without TLS"
    if "card" in value:
        if value["card"].get("contentType") != ADAPTIVE:
            yield f"task: card {value['card'].get('contentType')}"
        yield from (f"task: {wrong}" for wrong in wrong_with_card(value["card"].get("content", {}), dialog=True))
        if size(value) > MESSAGE_SIZE:
            yield f"task: {size(value)} bytes"


def wrong_with_card(card: Part, *, dialog: bool = False) -> list[str]:
    """Everything wrong with one Adaptive Card."""
    found = list(_by_schema(card))
    if card.get("type") != "AdaptiveCard":
        return [*found, f"type {card.get('type')!r}"]
    if card.get("version") != VERSION:
        found.append(f"version {card.get('version')!r}")
    if set(card.get("msteams", {})) - {"width"}:
        found.append(f"msteams: {sorted(card['msteams'])}")
    found += _refresh(card["refresh"]) if "refresh" in card else []
    inputs = [part["id"] for part in parts(card) if str(part.get("type", "")).startswith("Input.")]
    if len(inputs) != len(set(inputs)):
        found.append("an input id twice")
    if inputs and not dialog:
        found.append("a question outside a dialog")
    ids = [part["id"] for part in parts(card) if "id" in part]
    if len(ids) != len(set(ids)):
        found.append("an id twice")
    for part in parts(card):
        found += _part(part, dialog=dialog)
    return found


@cache
def _validator() -> Any:  # noqa: ANN401 - whatever reads the schema
    if not SCHEMA.exists():
        return None
    import jsonschema  # noqa: PLC0415 - only where there is a schema to ask

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    return kind({**schema, "anyOf": [{"$ref": "#/definitions/AdaptiveCard"}]})


def knows_schema() -> bool:
    """Test whether the schema of Adaptive Cards is beside the project."""
    return _validator() is not None


def _by_schema(card: Part) -> Iterator[str]:
    """What the schema says. What Teams itself adds to it (``msteams``, and its list of people) is no part of it."""
    yield from _of_shape(json.dumps(_shape(card), sort_keys=True))


@lru_cache(maxsize=4096)
def _of_shape(card: str) -> tuple[str, ...]:
    """What the schema says of every card of this shape; asking it takes longer than all else a journey does."""
    checker = _validator()
    errors = checker.iter_errors(json.loads(card)) if checker is not None else ()
    return tuple(f"schema: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors)


def _shape(part: Any) -> Any:  # noqa: ANN401 - any part of a card
    """A card without what the schema says nothing about: the words themselves, and one of several alike in a row."""
    if isinstance(part, Mapping):
        return {
            name: "" if name in WORDS and isinstance(one, str) else {} if name == "data" else _shape(one)
            for name, one in part.items()
            if name not in ADDITIONS
        }
    if not isinstance(part, list):
        return part
    shapes = [_shape(one) for one in part]
    return [one for place, one in enumerate(shapes) if not place or one != shapes[place - 1]]


def _refresh(refresh: Part) -> Iterator[str]:
    action = refresh.get("action", {})
    if action.get("type") != "Action.Execute" or not action.get("verb"):
        yield "refresh: no Action.Execute with a verb"
    users = refresh.get("userIds", [])
    if not 1 <= len(users) <= SEEN:
        yield f"refresh: {len(users)} users"


def parts(part: Any) -> Iterator[Part]:  # noqa: ANN401 - any part of a card
    """Every element and action of a card, in the order they are read; what a button carries is no part of it."""
    if isinstance(part, Mapping):
        if "type" in part:
            yield part
        for name, value in part.items():
            if name not in {"data", "refresh", "msteams", "choices.data"}:
                yield from parts(value)
    elif isinstance(part, list):
        for one in part:
            yield from parts(one)


def _part(part: Part, *, dialog: bool) -> Iterator[str]:  # noqa: C901, PLR0912 - one case a kind of element
    kind = str(part["type"])
    where = f"{kind} {part.get('id', '')}".strip()
    actions = part.get("actions", [])
    shown = [one for one in actions if one.get("mode", "primary") == "primary"]
    if len(shown) > ACTIONS:
        yield f"{where}: {len(shown)} buttons in a row"
    if len(shown) > 1 and sum(len(one.get("title", "")) + EDGES for one in shown) > ACROSS:
        yield f"{where}: buttons cut off at the edge: {[one.get('title') for one in shown]}"
    if kind.startswith("Action."):
        yield from _action(part, dialog=dialog)
    elif kind.startswith("Input."):
        yield from _input(part, where)
    elif kind == "TextBlock":
        yield from _marked(part.get("text", ""), where)
        if not part.get("wrap"):
            yield f"{where}: cut off on a phone: {str(part.get('text'))[:40]!r}"
    elif kind == "FactSet":
        for fact in part.get("facts", []):
            yield from _marked(f"{fact['title']}", f"{where} title")
            yield from _marked(f"{fact['value']}", f"{where} value")
    elif kind == "TextRun":
        yield from _dated(part.get("text", ""), where)
        if not part.get("text"):
            yield f"{where}: empty"
    elif kind == "Image":
        if not str(part.get("altText", "")).strip():
            yield f"{where}: no words for whoever cannot see it"
        if not str(part.get("url", "")).startswith(("https://", "data:image/")):
            yield f"{where}: {str(part.get('url'))[:40]}"
    elif kind not in KINDS | {"AdaptiveCard", "Column", "TableRow", "TableCell"}:
        yield f"{where}: not used here"


def _action(action: Part, *, dialog: bool) -> Iterator[str]:
    kind = action["type"]
    where = f"{kind} {action.get('title', '')!r}"
    if kind not in ACTION_KINDS:
        yield f"{where}: not an action"
    if not str(action.get("title", "")).strip() and "verb" not in action:
        yield f"{where}: no title"
    if kind == "Action.Execute":
        if dialog:
            yield f"{where}: a dialog sends Action.Submit"
        if not action.get("verb"):
            yield f"{where}: no verb"
    if kind == "Action.Submit" and not dialog:
        carried = action.get("data", {}).get("msteams", {})
        if carried.get("type") != "task/fetch":
            yield f"{where}: outside a dialog it writes a message in the person's name"
    if kind == "Action.OpenUrl" and not str(action.get("url", "")).startswith("https://"):
        yield f"{where}: {action.get('url')}"
    if not isinstance(action.get("data", {}), Mapping):
        yield f"{where}: data is no object"


def _input(part: Part, where: str) -> Iterator[str]:  # noqa: C901, PLR0912 - as above
    if not part.get("id"):
        yield f"{where}: no id"
    if not str(part.get("label", "")).strip():
        yield f"{where}: no label"
    if part.get("isRequired") and not str(part.get("errorMessage", "")).strip():
        yield f"{where}: required, and nothing is said when it is left out"
    value = str(part.get("value", ""))
    if part["type"] == "Input.Text":
        if len(value) > part.get("maxLength", 10**9):
            yield f"{where}: a value over maxLength"
        if "\n" in value and not part.get("isMultiline"):
            yield f"{where}: lines in a line"
    if part["type"] == "Input.ChoiceSet":
        values = [one["value"] for one in part.get("choices", [])]
        listed = part.get("choices.data")
        if listed is not None and listed != PEOPLE:
            yield f"{where}: a list of Teams' that is none"
        if not (values or listed) or len(values) != len(set(values)):
            yield f"{where}: {len(values)} choices, or a value twice"
        if any("," in one for one in values) and part.get("isMultiSelect"):
            yield f"{where}: a comma in a value of several"
        chosen = [one for one in value.split(",") if one] if part.get("isMultiSelect") else [value] if value else []
        if set(chosen) - set(values) and not listed:
            yield f"{where}: a choice that is not offered"
        for one in part.get("choices", []):
            if part.get("style") == "expanded":
                yield from _marked(one["title"], f"{where} choice")
            if not one["title"].strip():
                yield f"{where}: a choice without words"


def _marked(text: str, where: str) -> Iterator[str]:
    if not text.strip():
        yield f"{where}: empty"
    plain = ESCAPED.sub("", text)
    yield from (f"{where}: {what} in {text[:60]!r}" for what, mark in MARKDOWN.items() if mark.search(plain))
    yield from _dated(text, where)


def _dated(text: str, where: str) -> Iterator[str]:
    if "{{" in text:
        yield f"{where}: {{{{ would be read as a date"
