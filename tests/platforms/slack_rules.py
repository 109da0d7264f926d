"""What Slack refuses in a payload, as its documentation and its answers tell; every sentence names where."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Part = Mapping[str, Any]

OFF = (False, "0", "false", "False")
"""How a call says no: in JSON, or as a field of a form."""
BLOCKS = {"message": 50, "modal": 100, "home": 100}
KINDS = {
    "message": {"header", "section", "context", "actions", "divider"},
    "modal": {"header", "section", "context", "actions", "divider", "input"},
    "home": {"header", "section", "context", "actions", "divider", "input"},
}
MESSAGE_SIZE = 13_000
VIEW_SIZE = 250_000
MARKUP = ("<!", "<@", "<#", "<http", "<mailto")
ADDRESS = re.compile(r"\b(?:https?|ftp)://|\bwww\.", re.IGNORECASE)
"""What Slack makes a link of; no text of the bot needs one, and it cannot tell whose text one stands in."""


def size(part: object) -> int:
    """The length of a payload as compact JSON."""
    import json  # noqa: PLC0415 - only what is checked is weighed

    return len(json.dumps(part, ensure_ascii=False))


def units(text: str) -> int:
    """Characters as Slack counts them."""
    return len(text.encode("utf-16-le")) // 2


def wrong_with_message(said: Part) -> list[str]:
    """Everything Slack refuses in a message."""
    blocks = said.get("blocks", [])
    found = [*_blocks(blocks, "message"), *_by_the_sdk(blocks)]
    if not str(said.get("text", "")).strip():
        found.append("text: a message needs a fallback for notifications")
    if units(str(said.get("text", ""))) > 4000:
        found.append("text: over 4,000")
    found += _markup(str(said.get("text", "")), "text")
    if size(blocks) > MESSAGE_SIZE:
        found.append(f"msg_blocks_too_long: {size(blocks)}")
    if said.get("unfurl_links") or said.get("unfurl_media"):
        found.append("unfurling is on")
    return found


def wrong_with_post(said: Part) -> list[str]:
    """Everything Slack refuses in a message that is posted, and unfurling, which is on unless it is turned off."""
    found = wrong_with_message(said)
    if said.get("unfurl_links") not in OFF or said.get("unfurl_media") not in OFF:
        found.append("unfurling is not turned off")
    return found


def wrong_with_view(view: Part) -> list[str]:
    """Everything Slack refuses in a modal or a Home tab."""
    kind = view.get("type", "")
    if kind not in {"modal", "home"}:
        return [f"type {kind!r}"]
    found = [*_blocks(view.get("blocks", []), kind), *_by_the_sdk(view.get("blocks", [])), *_view_by_the_sdk(view)]
    if not view.get("blocks"):
        found.append("a view needs a block")
    if units(view.get("private_metadata", "")) > 3000:
        found.append("private_metadata over 3,000")
    if units(view.get("callback_id", "")) > 255:
        found.append("callback_id over 255")
    if size(view) > VIEW_SIZE:
        found.append(f"view_too_large: {size(view)}")
    if kind == "modal":
        for name in ("title", "submit", "close"):
            if name in view or name == "title":
                found += _text(view.get(name, {}), 24, name, plain=True)
        if any(block["type"] == "input" for block in view.get("blocks", [])) and "submit" not in view:
            found.append("input without submit")
    return found


def _view_by_the_sdk(view: Part) -> Iterator[str]:
    """What Slack's own model of a view refuses."""
    try:
        View(**view).validate_json()
    except SlackObjectFormationError as wrong:
        yield f"the SDK's view: {wrong}"


def _by_the_sdk(blocks: list[Part]) -> Iterator[str]:
    """What Slack's own models refuse, and what of a block they do not know."""
    for number, block in enumerate(blocks):
        try:
            known = Block.parse(dict(block))
            if known is None:
                yield f"blocks[{number}]: the SDK knows no {block.get('type')}"
                continue
            known.validate_json()
        except (SlackObjectFormationError, TypeError) as wrong:
            yield f"blocks[{number}] by the SDK: {wrong}"


def _blocks(blocks: list[Part], surface: str) -> Iterator[str]:
    if len(blocks) > BLOCKS[surface]:
        yield f"{len(blocks)} blocks in a {surface}"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "a block_id twice"
    for number, block in enumerate(blocks):
        where = f"blocks[{number}] {block.get('type')}"
        if block.get("type") not in KINDS[surface]:
            yield f"{where}: not in a {surface}"
            continue
        if units(block.get("block_id", "")) > 255:
            yield f"{where}: block_id over 255"
        yield from _block(block, where)


def _block(block: Part, where: str) -> Iterator[str]:  # noqa: C901, PLR0912 - one case a kind of block
    match block["type"]:
        case "header":
            yield from _text(block.get("text", {}), 150, where, plain=True)
        case "section":
            if "text" not in block and not block.get("fields"):
                yield f"{where}: neither text nor fields"
            if "text" in block:
                yield from _text(block["text"], 3000, where)
            if len(block.get("fields", [])) > 10:
                yield f"{where}: more than 10 fields"
            for one in block.get("fields", []):
                yield from _text(one, 2000, f"{where} field")
            if "accessory" in block:
                yield from _element(block["accessory"], f"{where} accessory")
        case "context":
            if not 1 <= len(block.get("elements", [])) <= 10:
                yield f"{where}: 1 to 10 elements"
            for one in block.get("elements", []):
                yield from _text(one, 2000, where)
        case "actions":
            elements = block.get("elements", [])
            if not 1 <= len(elements) <= 25:
                yield f"{where}: 1 to 25 elements"
            ids = [one.get("action_id") for one in elements]
            if len(ids) != len(set(ids)):
                yield f"{where}: an action_id twice"
            for one in elements:
                yield from _element(one, where)
        case "input":
            yield from _text(block.get("label", {}), 2000, f"{where} label", plain=True)
            if "hint" in block:
                yield from _text(block["hint"], 2000, f"{where} hint", plain=True)
            yield from _element(block.get("element", {}), f"{where} element")
        case _:
            pass


def _element(one: Part, where: str) -> Iterator[str]:  # noqa: C901, PLR0912 - one case a kind of element
    kind = one.get("type")
    if not one.get("action_id") or units(one["action_id"]) > 255:
        yield f"{where}: action_id"
    match kind:
        case "button":
            yield from _text(one.get("text", {}), 75, f"{where} button", plain=True)
            if units(one.get("value", "")) > 2000:
                yield f"{where}: button value over 2,000"
            if one.get("style", "primary") not in {"primary", "danger"}:
                yield f"{where}: style"
        case "plain_text_input":
            most = one.get("max_length", 3000)
            if not 1 <= most <= 3000:
                yield f"{where}: max_length"
            initial = one.get("initial_value", "")
            if units(initial) > most:
                yield f"{where}: initial_value over max_length"
            if "\n" in initial and not one.get("multiline"):
                yield f"{where}: lines in a line"
        case "radio_buttons" | "checkboxes":
            yield from _options(one, where, most=10)
        case "static_select" | "multi_static_select":
            if "option_groups" in one:
                groups = one["option_groups"]
                if not 1 <= len(groups) <= 100:
                    yield f"{where}: groups"
                for group in groups:
                    yield from _text(group["label"], 75, where, plain=True)
                    yield from _options({"type": kind, "options": group["options"]}, where, most=100)
            else:
                yield from _options(one, where, most=100)
        case "datepicker":
            from datetime import date  # noqa: PLC0415 - only where there is one

            if "initial_date" in one:
                try:
                    date.fromisoformat(one["initial_date"])
                except ValueError:
                    yield f"{where}: initial_date"
        case "file_input":
            if not 1 <= one.get("max_files", 10) <= 10:
                yield f"{where}: max_files"
        case "multi_users_select":
            if len(one.get("initial_users", [])) != len(set(one.get("initial_users", []))):
                yield f"{where}: an initial user twice"
        case "users_select" | "conversations_select" | "channels_select":
            pass
        case _:
            yield f"{where}: {kind}"


def _options(one: Part, where: str, *, most: int) -> Iterator[str]:
    options = one.get("options", [])
    if not 1 <= len(options) <= most:
        yield f"{where}: {len(options)} options"
    values = [option.get("value") for option in options]
    if len(values) != len(set(values)):
        yield f"{where}: an option value twice"
    for option in options:
        yield from _text(option.get("text", {}), 75, f"{where} option")
        if not 1 <= units(option.get("value", "")) <= 150:
            yield f"{where}: option value {option.get('value')!r}"
        if "description" in option:
            yield from _text(option["description"], 75, f"{where} description")
    for initial in [*one.get("initial_options", []), *([one["initial_option"]] if "initial_option" in one else [])]:
        if initial not in options:
            yield f"{where}: an initial option that is not offered"


def _text(text: Part, most: int, where: str, *, plain: bool = False) -> Iterator[str]:
    said = text.get("text", "")
    if text.get("type") not in {"plain_text", "mrkdwn"} or (plain and text.get("type") != "plain_text"):
        yield f"{where}: text type {text.get('type')}"
    if not said.strip():
        yield f"{where}: empty"
    if units(said) > most:
        yield f"{where}: {units(said)} characters, over {most}"
    if text.get("type") == "mrkdwn" and not text.get("verbatim"):
        yield f"{where}: markup that Slack turns into links by itself"
    if text.get("type") == "plain_text" and text.get("emoji") is not False:
        yield f"{where}: emoji codes would be drawn"
    yield from _markup(said, where)


def _markup(said: str, where: str) -> list[str]:
    found = [f"{where}: {mark} is markup" for mark in MARKUP if mark in said]
    return [*found, *(f"{where}: {live.group()} is live" for live in ADDRESS.finditer(said))]
