"""What every platform does with a card, in one suite.

A pressed button comes back as the intent it was made with; an over-long text is cut with a way to the whole; no card
is ever refused by the platform.
"""

from dataclasses import replace
from types import ModuleType
from typing import Any, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from adapters.practice.inbound import Sender as PracticeSender
from adapters.practice.inbound import pressed as practice_pressed
from adapters.replies import WHOLE
from adapters.slack import forms, render
from adapters.slack.inbound import pressed as slack_pressed
from adapters.teams import forms as teams_forms
from adapters.teams import render as teams_render
from adapters.teams.inbound import pressed as teams_pressed
from bot.cards import (
    Button,
    Card,
    Document,
    Fact,
    Field,
    FieldKind,
    Image,
    Note,
    OpenPage,
    Option,
    Page,
    Quote,
    Reply,
    Row,
    Style,
    Table,
    Tone,
)
from tests.platforms.practice_fakes import LIBRARY, ROBIN, read
from tests.platforms.slack_reading import find_button
from tests.platforms.slack_reading import read as slack_read
from tests.platforms.slack_rules import wrong_with_message, wrong_with_view
from tests.platforms.teams_people import find_button as teams_find
from tests.platforms.teams_people import read as teams_read
from tests.platforms.teams_rules import ADAPTIVE, wrong_with_dialog
from tests.platforms.teams_rules import wrong_with_message as wrong_in_teams
from tests.platforms.test_practice_render import HOSTILE, PAGES, a_full_card, a_full_page, a_line, a_scene


class Platform(Protocol):
    """A platform, as far as a card is concerned."""

    def comes_back(self, button: Button) -> tuple[str, str, int, str]:
        """Draw a button on a card, press it, and say what arrives: intent, subject, version, token."""

    def shows(self, card: Card) -> str:
        """What somebody reads of a card in a conversation."""

    def asks(self, page: OpenPage) -> str:
        """What somebody reads of a page of a form."""

    def leads_on(self, card: Card) -> bool:
        """Test whether something leads from a card to the whole of it."""

    def refuses(self, card: Card, page: OpenPage) -> list[str]:
        """What the platform would refuse of a card and a page."""


class Practice(Platform):
    """The browser page, which refuses nothing."""

    @override
    def comes_back(self, button: Button) -> tuple[str, str, int, str]:
        page = read(PAGES.desk(a_scene(a_line(Card(title="Card", buttons=(button,))))))
        form = next(form for form in page.forms if form.action == "/press")
        sent = practice_pressed(dict(form.sends), PracticeSender(library=LIBRARY, actor=ROBIN.identity))
        return sent.intent, sent.subject, sent.version_seen or 0, sent.token

    @override
    def shows(self, card: Card) -> str:
        return "".join(read(PAGES.desk(a_scene(a_line(card)))).words)

    @override
    def asks(self, page: OpenPage) -> str:
        return "".join(read(PAGES.desk(a_scene(page=page))).words)

    @override
    def leads_on(self, card: Card) -> bool:
        return {"href": "/message/7"} in [given for _, given in read(PAGES.desk(a_scene(a_line(card)))).attributes]

    @override
    def refuses(self, card: Card, page: OpenPage) -> list[str]:
        del card, page
        return []


GROUPS = tuple(Option(value=f"S{number}", label=f"Group {number} <!channel>" * 9) for number in range(12))


class Slack(Platform):
    """Block Kit."""

    again = Button(label="", intent="say", subject="I-2026-0001", opens_form=True)

    @override
    def comes_back(self, button: Button) -> tuple[str, str, int, str]:
        told = render.message((Card(title="Card", buttons=(button,)),))
        drawn = [one for block in told["blocks"] for one in block.get("elements", []) if one.get("type") == "button"]
        sent = slack_pressed(drawn[0]["value"])
        return sent.intent, sent.subject, sent.version, sent.token

    @override
    def shows(self, card: Card) -> str:
        return slack_read(render.message((card,), again=self.again))

    @override
    def asks(self, page: OpenPage) -> str:
        return slack_read(forms.modal(page))

    @override
    def leads_on(self, card: Card) -> bool:
        return find_button(render.message((card,), again=self.again)["blocks"], WHOLE) is not None

    @override
    def refuses(self, card: Card, page: OpenPage) -> list[str]:
        return [
            *wrong_with_message(render.message((card,))),
            *wrong_with_message(render.message((card, card), "headline", again=self.again)),
            *wrong_with_view(forms.modal(page)),
            *wrong_with_view(forms.modal(page, groups=GROUPS)),
            *wrong_with_view(forms.modal(replace(page, number=1))),
            *wrong_with_view(forms.result(Reply(cards=(card,) * 3, headline=card.title))),
            *wrong_with_view(render.home(Reply(cards=(card,) * 3))),
        ]


class Teams(Platform):
    """Adaptive Cards."""

    again = Slack.again

    @override
    def comes_back(self, button: Button) -> tuple[str, str, int, str]:
        card = Card(title="Card", buttons=(button,))
        in_chat = teams_find(teams_render.message((card,))["card"], "")
        in_dialog = teams_find(teams_forms.result(Reply(cards=(card,)))["task"]["value"]["card"]["content"], "")
        assert in_chat
        assert in_dialog
        sent = teams_pressed(in_chat["data"])
        assert sent == teams_pressed(in_dialog["data"])
        return sent.intent, sent.subject, sent.version, sent.token

    @override
    def shows(self, card: Card) -> str:
        return teams_read(teams_render.message((card,), again=self.again))

    @override
    def asks(self, page: OpenPage) -> str:
        return teams_read(teams_forms.page(page)["task"]["value"]["card"]["content"])

    @override
    def leads_on(self, card: Card) -> bool:
        return teams_find(teams_render.message((card,), again=self.again)["card"], WHOLE) is not None

    @override
    def refuses(self, card: Card, page: OpenPage) -> list[str]:
        three = Reply(cards=(card,) * 3, headline=card.title)
        messages = [
            teams_render.message((card,)),
            teams_render.message((card, card), "headline", again=self.again),
            *teams_render.whole(three),
        ]
        dialogs = [
            teams_forms.page(page),
            teams_forms.page(replace(page, number=1), channels=(("19:a@thread.tacv2", card.title),)),
            teams_forms.result(three, again=self.again),
            teams_forms.waiting(card.title, self.again),
            teams_forms.notice(card.title),
        ]
        return [
            *(wrong for one in messages for wrong in wrong_in_teams(as_sent(one))),
            *(wrong for one in dialogs for wrong in wrong_with_dialog(one["task"])),
        ]


def as_sent(message: dict[str, Any]) -> dict[str, Any]:
    """A message as it goes to Teams."""
    if "card" not in message:
        return {"type": "message", "text": message["text"], "textFormat": "plain"}
    attached = [{"contentType": ADAPTIVE, "content": message["card"]}]
    return {"type": "message", "summary": message["summary"], "attachments": attached}


PLATFORMS: dict[str, Platform] = {"practice": Practice(), "slack": Slack(), "teams": Teams()}


@pytest.fixture(params=list(PLATFORMS.values()), ids=list(PLATFORMS))
def platform(request: pytest.FixtureRequest) -> Platform:
    """Each platform."""
    found: Platform = request.param
    return found


LABELS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=80)


@pytest.mark.parametrize("name", PLATFORMS)
@given(
    intent=LABELS,
    subject=LABELS,
    label=LABELS,
    version=st.integers(0, 10**6),
    token=LABELS,
    style=st.sampled_from(Style),
    opens=st.booleans(),
)
def test_a_pressed_button_comes_back_as_the_intent_it_was_made_with(
    name: str, intent: str, subject: str, label: str, version: int, token: str, style: Style, *, opens: bool
) -> None:
    button = Button(
        label=label,
        intent=intent,
        subject=subject,
        version=version,
        token=token,
        style=style,
        opens_form=opens and name != "practice",
    )
    assert PLATFORMS[name].comes_back(button) == (intent, subject, version, token)


def test_a_card_that_fits_leads_nowhere(platform: Platform) -> None:
    assert not platform.leads_on(a_full_card(lambda words: words))


@pytest.mark.parametrize(
    ("tone", "kind"),
    [
        (Tone.INFO, "Note"),
        (Tone.WARNING, "Take care"),
        (Tone.SOURCE, "Policy"),
        (Tone.PRACTICE, "Library practice"),
        (Tone.MISSING, "Not on file"),
    ],
)
def test_every_note_of_a_page_and_of_a_card_says_what_kind_of_note_it_is(
    platform: Platform, tone: Tone, kind: str
) -> None:
    note = Note(text="seven days", tone=tone)
    page = OpenPage(
        token="t" * 24,
        intent="incident.report",
        subject="",
        page=Page(title="Ask", fields=(Field(name="why", label="Why"),), notes=(note,)),
        number=1,
        of=1,
        values={},
        errors={},
    )
    for read_by_somebody in (platform.asks(page), platform.shows(Card(title="Card", notes=(note,)))):
        before, _, _ = read_by_somebody.partition("seven days")
        assert kind in before[-40:]


def test_an_over_long_text_is_cut_with_a_way_to_the_whole(platform: Platform) -> None:
    card = Card(title="Report", quotes=(Quote(label="What was posted", text="word " * 40_000),))
    assert len(platform.shows(card)) < 60_000
    assert platform.leads_on(card)


def test_a_list_of_a_thousand_is_cut_with_a_way_to_the_rest_and_keeps_its_buttons(platform: Platform) -> None:
    rows = tuple(
        Row(cells=(f"I-2026-{number:04}",), buttons=(Button(label="Open", intent="o"),)) for number in range(1000)
    )
    card = Card(
        title="Reports", table=Table(columns=("Case",), rows=rows), buttons=(Button(label="Home", intent="home"),)
    )
    assert "I-2026-0001" in platform.shows(card)
    assert "I-2026-0999" not in platform.shows(card)
    assert "Home" in platform.shows(card)
    assert platform.leads_on(card)


@pytest.mark.parametrize(
    "hostile", [*HOSTILE.values(), "x" * 200_000, " ", "&<>" * 5_000, "\U0001f600" * 5_000, "`*_~"]
)
def test_no_card_and_no_page_is_refused_whatever_stands_in_it(platform: Platform, hostile: str) -> None:
    assert platform.refuses(a_full_card(lambda _: hostile), a_full_page(lambda _: hostile)) == []


TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", " ", "<!channel>", "&<>" * 1100, "\u202e" * 700, "word " * 800, "\U0001f4da" * 1600, "a\nb"]),
)
BUTTON = st.builds(
    Button,
    label=TEXT,
    intent=TEXT,
    subject=TEXT,
    version=st.integers(0, 9),
    style=st.sampled_from(Style),
    opens_form=st.booleans(),
    token=st.sampled_from(["", "t" * 24]),
)
CARD = st.builds(
    Card,
    title=TEXT,
    body=TEXT,
    facts=st.lists(st.builds(Fact, label=TEXT, value=TEXT), max_size=14).map(tuple),
    quotes=st.lists(st.builds(Quote, label=TEXT, text=TEXT), max_size=4).map(tuple),
    notes=st.lists(st.builds(Note, text=TEXT, tone=st.sampled_from(Tone)), max_size=12).map(tuple),
    table=st.none()
    | st.builds(
        Table,
        columns=st.lists(TEXT, min_size=1, max_size=4).map(tuple),
        rows=st.lists(
            st.builds(
                Row,
                cells=st.lists(TEXT, min_size=1, max_size=4).map(tuple),
                buttons=st.lists(BUTTON, max_size=3).map(tuple),
            ),
            max_size=30,
        ).map(tuple),
    ),
    images=st.lists(st.builds(Image, case=TEXT, sha256=st.just("a" * 64), alt=TEXT), max_size=2).map(tuple),
    documents=st.lists(st.builds(Document, case=TEXT, name=TEXT, label=TEXT), max_size=4).map(tuple),
    buttons=st.lists(BUTTON, max_size=30).map(tuple),
)
OPTIONS = st.lists(
    st.builds(Option, value=st.text(max_size=200), label=TEXT, hint=TEXT), max_size=130, unique_by=lambda one: one.value
).map(tuple)
FIELD = st.builds(
    Field,
    name=st.uuids().map(str),
    label=TEXT,
    kind=st.sampled_from([kind for kind in FieldKind if kind is not FieldKind.DATE]),
    required=st.booleans(),
    hint=TEXT,
    options=OPTIONS,
    max_length=st.integers(1, 20_000),
    most=st.integers(1, 12),
    names=st.sampled_from(["", "user", "users", "channel"]),
)


@pytest.mark.parametrize("name", ["slack", "teams"])
@settings(deadline=None, max_examples=40)
@given(card=CARD, fields=st.lists(FIELD, max_size=6), shown=TEXT, number=st.integers(1, 3))
def test_no_card_anybody_could_make_is_refused(
    name: str, card: Card, fields: list[Field], shown: str, number: int
) -> None:
    page = OpenPage(
        token="t" * 24,
        intent="incident.report",
        subject=shown,
        page=Page(title=shown, fields=tuple(fields), intro=shown, facts=card.facts, quotes=card.quotes, submit=shown),
        number=number,
        of=3,
        values={field.name: (shown,) for field in fields},
        errors={"": shown},
    )
    assert PLATFORMS[name].refuses(card, page) == []


@pytest.mark.parametrize("drawn", [forms, teams_forms], ids=["slack", "teams"])
@pytest.mark.parametrize("value", ["a", "x" * 151, "#3", "", "one, or two"])
def test_an_option_comes_back_as_its_own_value_however_long(value: str, drawn: ModuleType) -> None:
    asked = Field(
        name="f",
        label="F",
        kind=FieldKind.CHOICE,
        options=(Option(value="first", label="1"), Option(value=value, label="2")),
    )
    assert drawn.chosen_values(asked, (drawn.option_value(asked, 1),)) == (value,)
