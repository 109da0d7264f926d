"""Payloads of Slack as somebody reads them."""

from collections.abc import Iterable
from typing import Any

Thing = dict[str, Any]


def texts(part: Any) -> Iterable[str]:  # noqa: ANN401 - any part of a payload
    """Every text of a payload, in order."""
    if isinstance(part, dict):
        if part.get("type") in {"plain_text", "mrkdwn"}:
            yield part["text"]
        else:
            for name, value in part.items():
                if name == "initial_value":
                    yield value
                yield from texts(value)
    elif isinstance(part, list):
        for one in part:
            yield from texts(one)


def read(part: Any) -> str:  # noqa: ANN401 - any part of a payload
    """A payload as somebody reads it."""
    return "\n".join(texts(part))


def find_button(blocks: list[Thing], label: str, *, about: str = "") -> Thing | None:
    """A button by what is written on it, in the part of a view that is about something."""
    seen = not about
    for block in blocks:
        if about and block["type"] in {"section", "header"}:
            seen = about in read({name: value for name, value in block.items() if name != "accessory"})
        if not seen:
            continue
        elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        for one in elements:
            if one.get("type") == "button" and one["text"]["text"].startswith(label):
                return dict(one)
    return None
