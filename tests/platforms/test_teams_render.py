"""What stands in Teams' cards and dialogs: words that are only words, the whole in reach, and nothing typed is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from typing_extensions import override

from adapters.replies import WHOLE
from adapters.teams import forms, render
from adapters.teams.inbound import Wanted, filled, is_page, pressed, wanted
from bot.cards import (
    Button,
    Card,
    Document,
    Fact,
    Field,
    FieldKind,
    Note,
    OpenPage,
    Option,
    Page,
    Quote,
    Reply,
    Row,
    Style,
    Table,
)
from tests.platforms.teams_people import find_button, read
from tests.platforms.teams_rules import MESSAGE_SIZE, parts, size, wrong_with_card

Thing = dict[str, Any]

HOSTILE = (
    "[free](https://evil.example) **now** <at>everyone</at> <b>x</b> {{DATE(2026-01-01T00:00:00Z)}} www.evil.example"
)


def a_page(*fields: Field, **said: Any) -> OpenPage:  # noqa: ANN401 - whatever a page has
    """A page of a report that stands before somebody."""
    values = {field.name: field.initial for field in fields} | said.pop("values", {})
    page = Page(title="Report", fields=fields, **{name: said.pop(name) for name in ("intro", "notes") if name in said})
    shown = OpenPage(
        token="t" * 24, intent="incident.report", subject="", page=page, number=2, of=3, values=values, errors={}
    )
    return replace(shown, **said)


def drawn(shown: OpenPage, **more: Any) -> Thing:  # noqa: ANN401 - whatever else drawing takes
    """The card of a page as a dialog."""
    card: Thing = forms.page(shown, **more)["task"]["value"]["card"]["content"]
    return card


def question(card: Thing, name: str) -> Thing:
    """The input of a field."""
    return next(dict(part) for part in parts(card) if part.get("id") == f"f.{name}")


def place_of(card: Thing, name: str) -> list[Thing]:
    """What stands together with the input of a field, in order."""
    return next(
        list(part["items"])
        for part in parts(card)
        if part["type"] == "Container" and any(item.get("id") == f"f.{name}" for item in part["items"])
    )


def carries(card: Thing, label: str) -> Thing:
    """What the button of this label sends."""
    found = find_button(card, label)
    assert found, read(card)
    data: Thing = found["data"]
    return data


# -- cards


def test_words_that_are_not_ours_are_nothing_but_words() -> None:
    card = Card(
        title=HOSTILE,
        body=HOSTILE,
        facts=(Fact(label=HOSTILE, value=HOSTILE),),
        quotes=(Quote(label="What was posted", text=HOSTILE),),
        notes=(Note(text=HOSTILE),),
        table=Table(columns=("Case",), rows=(Row(cells=(HOSTILE,)),)),
    )
    told = render.message((card,))
    kinds = {part["type"] for part in parts(told["card"])}
    assert kinds <= {"AdaptiveCard", "RichTextBlock", "TextRun", "Container"}, "none that reads markdown"
    said = read(told["card"])
    assert "{{" not in said
    assert "“[free](hxxps://evil[.]example) **now** <at>everyone</at>" in said
    assert "www[.]evil[.]example”" in said
    assert wrong_with_card(told["card"]) == []


def test_a_text_that_hides_is_written_out() -> None:
    said = read(render.message((Card(title="a\u202eb"),))["card"])
    assert "a⟨U+202E⟩b" in said


def test_lines_of_a_text_stay_lines() -> None:
    body = render.message((Card(title="Card", body="one\n\ntwo\n three "),))["card"]["body"]
    assert [element["inlines"][0]["text"] for element in body] == ["Card", "one", "two", "three"]


def test_no_line_of_buttons_is_wider_than_a_phone_and_a_long_button_stands_alone() -> None:
    labels = ("Done today", "Spam", "Author's history", "Somebody objects at the desk", "Open", "Back", "Home")
    card = Card(title="Card", buttons=tuple(Button(label=label, intent="home") for label in labels))
    told = render.message((card,))["card"]
    lines = [[one["title"] for one in part["actions"]] for part in parts(told) if part["type"] == "ActionSet"]
    assert lines == [
        ["Done today", "Spam"],
        ["Author's history"],
        ["Somebody objects at the desk"],
        ["Open", "Back", "Home"],
    ]
    assert wrong_with_card(told) == []


def test_in_a_message_an_act_is_executed_and_a_form_is_opened_and_in_a_dialog_both_are_sent() -> None:
    act = Button(label="Claim", intent="incident.claim", subject="I-2026-0001", version=3)
    form = Button(label="Approve", intent="block.approve", opens_form=True, style=Style.PRIMARY)
    card = Card(title="Card", buttons=(act, form))
    in_chat = render.message((card,))["card"]
    assert find_button(in_chat, "Claim") == {
        "type": "Action.Execute",
        "verb": "press",
        "title": "Claim",
        "data": {"duenotice": {"i": "incident.claim", "s": "I-2026-0001", "v": 3, "t": ""}},
    }
    approve = find_button(in_chat, "Approve")
    assert approve
    assert (approve["type"], approve["style"]) == ("Action.Submit", "positive")
    assert approve["data"]["msteams"] == {"type": "task/fetch"}
    in_dialog = forms.result(Reply(cards=(card,)))["task"]["value"]["card"]["content"]
    for label in ("Claim", "Approve"):
        found = find_button(in_dialog, label)
        assert found
        assert (found["type"], found["associatedInputs"]) == ("Action.Submit", "none")
        assert "msteams" not in found["data"]
        assert not is_page(found["data"])


def test_a_button_that_cannot_carry_what_it_is_about_is_told_and_not_drawn() -> None:
    card = Card(title="Card", buttons=(Button(label="Search", intent="find", subject="x" * 10_000),))
    told = render.message((card,))["card"]
    assert find_button(told, "Search") is None
    assert "Too long for a button here: Search." in read(told)


def test_a_document_is_a_button_of_its_own_that_names_it_and_nothing_else() -> None:
    letter = Document(case="A-2026-0001", name="letter.pdf", label="Letter as PDF [x](https://evil.example)")
    card = Card(title="Appeal A-2026-0001", documents=(letter, replace(letter, name="x" * 5000, label="Too long")))
    for surface in (render.MESSAGE, render.DIALOG):
        body = render.card_of(render.gathered((card,), surface))
        assert wrong_with_card(body, dialog=surface.dialog) == []
        button = find_button(body, "Letter as PDF")
        assert button is not None
        assert wanted(button["data"]) == Wanted(case="A-2026-0001", name="letter.pdf")
        assert find_button(body, "Too long") is None
        assert "Too long for a button here: Too long." in read(body)
    other = render.MESSAGE.action(Button(label="Open", intent="case.show", subject="A-2026-0001"))
    assert other is not None
    assert wanted(other["data"]) is None


def test_a_draft_that_is_about_much_is_resumed_by_its_token() -> None:
    button = Button(label="Go on", intent="incident.report", subject="x" * 10_000, token="t" * 24, opens_form=True)
    sent = pressed(carries(render.message((Card(title="Card", buttons=(button,)),))["card"], "Go on"))
    assert (sent.token, sent.subject) == ("t" * 24, "")


def test_everything_of_an_answer_goes_out_in_messages_that_each_fit() -> None:
    words = [f"word{number}" for number in range(9_000)]
    card = Card(title="Report", quotes=(Quote(label="What was posted", text=" ".join(words)),))
    cut = render.message((card,), again=Button(label="", intent="say", subject="I-2026-0001"))
    assert "word8999" not in read(cut["card"])
    asked = pressed(carries(cut["card"], WHOLE))
    assert (asked.intent, asked.subject, asked.whole) == ("say", "I-2026-0001", True)

    messages = render.whole(Reply(cards=(card,)))
    said = " ".join(read(message["card"]) for message in messages).replace("“", "").replace("”", "").split()
    assert [word for word in words if word not in set(said)] == []
    assert len(messages) > 1
    assert all(size(message["card"]) < MESSAGE_SIZE for message in messages)
    assert messages[0]["summary"] == f"Report (1 of {len(messages)})"


class Counted(tuple[Row, ...]):  # noqa: SLOT001 - it counts
    """Rows of a table that count how many of them were drawn."""

    drawn = 0

    @override
    def __iter__(self) -> Iterator[Row]:
        for row in super().__iter__():
            self.drawn += 1
            yield row


def test_of_a_list_of_thousands_no_more_is_drawn_than_is_shown() -> None:
    rows = Counted(
        Row(cells=(f"I-2026-{n:04}", "word " * 20), buttons=(Button(label="Open", intent="case.show"),))
        for n in range(5_000)
    )
    card = Card(title="Reports", table=Table(columns=("Case", "What"), rows=rows))
    seen = read(render.message((card,))["card"])
    shown = sum(f"I-2026-{n:04}" in seen for n in range(5_000))
    assert 0 < shown <= rows.drawn <= shown + 5
    rows.drawn = 0
    assert len(render.whole(Reply(cards=(card,)))) == render.MOST_MESSAGES
    assert 0 < rows.drawn < 5_000


def test_a_line_for_notifications_says_no_more_than_the_titles() -> None:
    card = Card(title="Report I-2026-0001", body="a secret", quotes=(Quote(label="x", text="a secret"),))
    assert render.message((card,))["summary"] == "Report I-2026-0001"
    assert render.message((card,), "Saved.")["summary"] == "Saved."


# -- pages


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept() -> None:
    reason = Field(name="reason", label="Your reason", required=True, kind=FieldKind.LONG_TEXT)
    day = Field(name="day", label="Day", kind=FieldKind.DATE, latest=date(2026, 3, 9))
    card = drawn(
        a_page(
            reason, day, values={"reason": ("typed",), "day": ("2026-03-10",)}, errors={"day": "Choose an earlier day."}
        )
    )
    first, asked, *_ = place_of(card, "day")
    assert first["inlines"][0] | {} == {
        "type": "TextRun",
        "text": "⚠ Choose an earlier day.",
        "color": "attention",
        "weight": "bolder",
    }
    assert (asked["value"], asked["max"]) == ("2026-03-10", "2026-03-09")
    assert question(card, "reason")["value"] == "typed"
    assert "⚠" not in read(place_of(card, "reason"))


def test_what_is_wrong_with_no_field_of_the_page_stands_above_it() -> None:
    card = drawn(a_page(Field(name="a", label="A"), errors={"": "This form has moved on."}))
    assert card["body"][0]["inlines"][0]["text"] == "⚠ This form has moved on."


def test_nothing_is_left_to_teams_to_refuse() -> None:
    asked = [Field(name=kind.value, label=kind.value, kind=kind, required=True) for kind in FieldKind]
    card = drawn(a_page(*asked))
    assert not [part for part in parts(card) if "isRequired" in part or "regex" in part]
    assert question(card, "text")["label"] == "text *"


def test_an_answer_too_long_for_a_dialog_is_kept_and_asked_for_only_to_be_replaced() -> None:
    long = Field(name="text", label="What it says", kind=FieldKind.LONG_TEXT, max_length=20_000)
    short = Field(name="reason", label="Your reason")
    card = drawn(a_page(long, short, values={"text": ("wörd " * 6_000,), "reason": ("short",)}))
    assert size(card) < MESSAGE_SIZE
    assert "value" not in question(card, "text")
    assert "Kept: 30,000 characters" in read(place_of(card, "text"))
    assert question(card, "reason")["value"] == "short"
    assert filled(carries(card, "Save")).memory.kept == ("text",)


def test_pictures_come_through_the_chat_and_what_came_meanwhile_is_kept() -> None:
    pictures = Field(name="files", label="Pictures", kind=FieldKind.FILE, most=5)
    card = drawn(a_page(pictures, values={"files": ("q1", "q2")}))
    assert "Pictures: \n2 added." in read(card)
    assert not [part for part in parts(card) if part.get("id") == "f.files"]
    sent = carries(card, forms.ADD)
    assert (filled(sent).turn, filled(sent).memory.kept) == ("files", ("files",))
    assert "takes no more than 5" in read(drawn(a_page(pictures, values={"files": tuple("abcde")})))
    assert find_button(drawn(a_page(Field(name="a", label="A"))), forms.ADD) is None


def test_a_later_page_leads_back_with_what_is_filled_in_and_the_first_does_not() -> None:
    asked = a_page(Field(name="a", label="A"))
    back = find_button(drawn(asked), "Back")
    assert back
    assert filled(back["data"]).turn == "back"
    assert back.get("associatedInputs", "auto") == "auto"
    assert find_button(drawn(replace(asked, number=1)), "Back") is None


def test_several_answers_come_back_as_several_and_one_with_a_comma_as_itself() -> None:
    options = (Option(value="a", label="A"), Option(value="b,c", label="B"), Option(value="d", label="D"))
    asked = Field(name="many", label="Many", kind=FieldKind.CHOICES, options=options)
    card = drawn(a_page(asked, values={"many": ("b,c", "d")}))
    drawn_question = question(card, "many")
    assert drawn_question["isMultiSelect"]
    assert drawn_question["value"] == "#1,d"
    page = filled({**carries(card, "Save"), "f.many": drawn_question["value"]})
    assert forms.chosen_values(asked, page.values["many"]) == ("b,c", "d")


def test_options_that_are_read_as_markdown_are_nothing_but_words() -> None:
    label = "*bold* [x](https://evil.example) 1. <at>all</at> `c` & {{DATE(x)}}"
    asked = Field(name="one", label="One", kind=FieldKind.CHOICE, options=(Option(value="a", label=label),))
    card = drawn(a_page(asked))
    assert wrong_with_card(card, dialog=True) == []
    [choice] = question(card, "one")["choices"]
    assert choice["title"].startswith("\\*bold\\* \\[x\\](hxxps")


@pytest.mark.parametrize(("count", "style"), [(14, "expanded"), (15, "compact")])
def test_a_few_options_are_seen_at_once_and_many_are_a_list_to_open(count: int, style: str) -> None:
    options = tuple(Option(value=str(number), label=str(number)) for number in range(count))
    card = drawn(a_page(Field(name="one", label="One", kind=FieldKind.CHOICE, options=options)))
    assert question(card, "one")["style"] == style


def test_people_are_chosen_from_the_directory_and_channels_from_those_the_bot_is_in() -> None:
    user = Field(name="user", label="Who", names="user")
    channel = Field(name="channel", label="Where", names="channel")
    shown = a_page(user, channel, values={"user": ("entra-id",), "channel": ("19:b",)})
    card = drawn(shown, channels=(("19:a", "Decisions"), ("19:b", "Records")))
    assert question(card, "user")["choices.data"]["dataset"] == "graph.microsoft.com/users"
    assert question(card, "user")["value"] == "entra-id"
    assert [one["title"] for one in question(card, "channel")["choices"]] == ["Decisions", "Records"]
    assert question(card, "channel")["value"] == "19:b"
    assert "Mention me once in that channel" in read(place_of(drawn(shown), "channel"))


def test_nothing_of_a_page_is_remembered_but_its_draft() -> None:
    card = drawn(a_page(Field(name="secret", label="Secret"), values={"secret": ("what was typed",)}))
    assert json.dumps(carries(card, "Save")).count("typed") == 0
    assert carries(card, "Save") == {
        "duenotice": {"page": 2, "turn": "next", "i": "incident.report", "s": "", "t": "t" * 24, "k": [], "m": []}
    }


def test_a_line_without_a_card_closes_the_dialog() -> None:
    assert forms.result(Reply(headline="Cancelled. Nothing was saved.")) == {
        "task": {"type": "message", "value": "Cancelled. Nothing was saved."}
    }
