"""The lint of the tests bites: what Teams refuses or draws otherwise is found, and a good card is left alone."""

from typing import Any

import pytest

from tests.platforms.teams_rules import knows_schema, wrong_with_card, wrong_with_dialog, wrong_with_message

GOOD: dict[str, Any] = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "body": [
        {"type": "TextBlock", "text": "Block B\\-2026\\-0001", "wrap": True, "weight": "Bolder"},
        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "**not bold** [x](https://x) <at>x</at>"}]},
        {"type": "FactSet", "facts": [{"title": "Status", "value": "waiting"}]},
    ],
    "actions": [
        {"type": "Action.Execute", "title": "Done today", "verb": "press", "data": {"x": 1}},
        {"type": "Action.Submit", "title": "Approve", "data": {"msteams": {"type": "task/fetch"}}},
    ],
}


def card(**other: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of a card
    return {**GOOD, **other}


def text(said: str) -> dict[str, Any]:
    return card(body=[{"type": "TextBlock", "text": said, "wrap": True}])


BAD: dict[str, dict[str, Any]] = {
    "another version": card(version="1.6"),
    "no card": card(type="Card"),
    "a link": text("see [this](https://x.example)"),
    "an address": text("see https://x.example"),
    "bold": text("it is **important**"),
    "slanted": text("it is _important_"),
    "a list": text("- one\n- two"),
    "a mention": text("<at>Dana</at>"),
    "an entity": text("a &lt;b&gt;"),
    "a date": text("{{DATE(2026-03-02T00:00:00Z)}}"),
    "an empty text": text(" "),
    "a text that is cut off": card(body=[{"type": "TextBlock", "text": "x"}]),
    "markdown in a fact": card(body=[{"type": "FactSet", "facts": [{"title": "T", "value": "**x**"}]}]),
    "a date in a quotation": card(
        body=[{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "{{TIME(x)}}"}]}]
    ),
    "an act without a verb": card(actions=[{"type": "Action.Execute", "title": "x"}]),
    "a button that writes in the person's name": card(actions=[{"type": "Action.Submit", "title": "x", "data": {}}]),
    "seven buttons in a row": card(actions=[{"type": "Action.Execute", "title": "x", "verb": "v"}] * 7),
    "buttons beyond the edge": card(actions=[{"type": "Action.Execute", "title": "x" * 31, "verb": "v"}] * 2),
    "an unsafe page": card(actions=[{"type": "Action.OpenUrl", "title": "x", "url": "http://x.example"}]),
    "a refresh for too many": card(
        refresh={"action": {"type": "Action.Execute", "verb": "v"}, "userIds": [f"29:{n}" for n in range(61)]}
    ),
    "a refresh without a verb": card(refresh={"action": {"type": "Action.Execute"}, "userIds": ["29:1"]}),
    "a refresh for nobody": card(refresh={"action": {"type": "Action.Execute", "verb": "v"}}),
    "a question in a channel": card(body=[{"type": "Input.Text", "id": "a", "label": "A"}]),
    "a mention beside the card": card(msteams={"entities": []}),
    "a picture without words": card(body=[{"type": "Image", "url": "https://x.example/x.png"}]),
    "a picture from an unsafe place": card(body=[{"type": "Image", "url": "http://x.example/x.png", "altText": "x"}]),
}

QUESTION: dict[str, Any] = {"type": "Input.Text", "id": "a", "label": "A"}
CHOICE: dict[str, Any] = {
    "type": "Input.ChoiceSet",
    "id": "a",
    "label": "A",
    "choices": [{"title": "One", "value": "1"}, {"title": "Two", "value": "2"}],
}
BAD_QUESTIONS: dict[str, list[dict[str, Any]]] = {
    "the same id twice": [QUESTION, QUESTION],
    "no label": [{"type": "Input.Text", "id": "a"}],
    "lines in a line": [{**QUESTION, "value": "a\nb"}],
    "more than it takes": [{**QUESTION, "value": "abc", "maxLength": 2}],
    "nothing to choose from": [{**CHOICE, "choices": []}],
    "the same value twice": [{**CHOICE, "choices": [{"title": "One", "value": "1"}] * 2}],
    "a comma among several": [{**CHOICE, "isMultiSelect": True, "choices": [{"title": "One", "value": "1,2"}]}],
    "a choice that is not offered": [{**CHOICE, "value": "3"}],
    "a link in a choice": [{**CHOICE, "style": "expanded", "choices": [{"title": "[x](y)", "value": "1"}]}],
    "nothing said when it is left out": [{**QUESTION, "isRequired": True}],
    "an act": [{"type": "ActionSet", "actions": [{"type": "Action.Execute", "title": "x", "verb": "v"}]}],
}


def message(**other: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of a message
    attached = [{"contentType": "application/vnd.microsoft.card.adaptive", "content": GOOD}]
    return {"type": "message", "summary": "Block", "attachments": attached, **other}


BAD_MESSAGES: dict[str, dict[str, Any]] = {
    "nothing in it": {"type": "message"},
    "text beside a card": message(text="Block"),
    "no line for notifications": message(summary=""),
    "markdown": {"type": "message", "text": "**x**"},
    "a mention": message(entities=[{"type": "mention"}]),
    "too large": message(summary="x" * 29_000),
    "a card of another kind": message(attachments=[{"contentType": "application/vnd.microsoft.card.hero"}]),
}


def dialog(**other: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of a dialog
    content = {**GOOD, "body": [QUESTION], "actions": [{"type": "Action.Submit", "title": "Next", "data": {}}]}
    shown = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "continue", "value": {"title": "Report", "card": shown, **other}}


def test_a_good_card_message_and_dialog_are_left_alone() -> None:
    assert wrong_with_card(GOOD) == []
    assert wrong_with_message(message()) == []
    assert wrong_with_dialog(dialog()) == []
    assert wrong_with_dialog({"type": "message", "value": "Done."}) == []


@pytest.mark.parametrize("what", BAD)
def test_a_card_is_refused_with(what: str) -> None:
    assert wrong_with_card(BAD[what])


@pytest.mark.parametrize("what", BAD_QUESTIONS)
def test_a_dialog_is_refused_with(what: str) -> None:
    content = {**GOOD, "body": BAD_QUESTIONS[what], "actions": []}
    assert wrong_with_card(content, dialog=True)


@pytest.mark.parametrize("what", BAD_MESSAGES)
def test_a_message_is_refused_with(what: str) -> None:
    assert wrong_with_message(BAD_MESSAGES[what])


@pytest.mark.parametrize(
    "task",
    [
        {"type": "message", "value": " "},
        {"type": "continue"},
        {"type": "cancel"},
        dialog(title=""),
        dialog(height="huge"),
        dialog(url="https://x.example"),
        {"type": "continue", "value": {"title": "x", "url": "http://x.example"}},
    ],
)
def test_an_answer_teams_could_not_show_is_refused(task: dict[str, Any]) -> None:
    assert wrong_with_dialog(task)


def test_the_schema_of_cards_is_asked_too() -> None:
    if not knows_schema():
        pytest.skip("the schema of Adaptive Cards is not beside the project")
    assert wrong_with_card(card(body=[{"type": "FactSet"}]))
    assert wrong_with_card(card(weight="Bolder"))
