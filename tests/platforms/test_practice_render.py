"""Cards and forms in the browser: every text stays text, and every button comes back as it was made."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inert import defanged, harmless
from adapters.practice.inbound import Sender, pressed
from adapters.practice.outbound import CARDS, Kind, Line
from adapters.practice.render import Pages, Person, Scene, cut
from bot.cards import (
    Button,
    Card,
    Fact,
    Field,
    FieldKind,
    Image,
    Note,
    OpenPage,
    Option,
    Page,
    Quote,
    Row,
    Style,
    Table,
    Tone,
)
from tests.platforms.practice_fakes import LIBRARY, ROBIN, read

PAGES = Pages()
DRAFT = "draft"
NOW = datetime(2026, 3, 9, 14, 30, tzinfo=UTC)

HOSTILE = {
    "a script": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a way out of an attribute": "\"><a href='https://evil.example'>x</a> ' onmouseover='x",
    "a way out of a text area": "</textarea></title></style><script>alert(1)</script>",
    "a chat's own markup": "<!channel> <@U123> <https://evil.example|the library> @everyone",
    "markdown": "[the library](https://evil.example) **bold** ![x](https://evil.example/x.png)",
    "a template": "{{ 7 * 7 }} {% include 'desk.html' %}",
    "text that turns around": "\u202egnp.exe\u202c \u2066x\u2069 \u200b\u00ad\ufeff\u200e",
    "control characters": "a\x00b\x07c\x1b[31m\x85",
}
HIDDEN = "\u202e\u202c\u2066\u2069\u200b\u00ad\ufeff\u200e\x07\x1b\x85"


def a_line(*cards: Card, text: str = "", kind: Kind = Kind.REPLY, conversation: str = "user:robin") -> Line:
    return Line(id=7, conversation=conversation, kind=kind, text=text, cards=cards, origin="", at=NOW)


def a_scene(*lines: Line, page: OpenPage | None = None, channel: str = "") -> Scene:
    return Scene(
        library="Elm Street Library",
        zone=ZoneInfo("America/New_York"),
        now=NOW,
        me=Person(user="robin", name="Robin Okafor", title="circulation clerk", unread=0),
        people=(),
        places=(),
        channel=channel,
        aside=(),
        nonce="nonce",
        stamp="1-0",
        lines=lines,
        page=page,
    )


def a_full_card(text: Callable[[str], str]) -> Card:
    button = Button(label=text("Open"), intent="case.show", subject="I-2026-0001", version=3)
    return Card(
        title=text("Report"),
        body=text("body"),
        facts=(Fact(label=text("Status"), value=text("removed")),),
        quotes=(Quote(label=text("What was posted"), text=text("words")),),
        notes=tuple(Note(text=text("note"), tone=tone) for tone in Tone),
        table=Table(
            columns=(text("Case"), text("Due")), rows=(Row(cells=(text("I-1"), text("today")), buttons=(button,)),)
        ),
        images=(Image(case="I-2026-0001", sha256="a" * 64, alt=text("copy")),),
        buttons=(button,),
    )


def a_full_page(text: Callable[[str], str]) -> OpenPage:
    options = (Option(value="a", label=text("One"), hint=text("hint")), Option(value="b", label=text("Two")))
    return OpenPage(
        token=DRAFT,
        intent="incident.report",
        subject="",
        page=Page(
            title=text("Report an item"),
            intro=text("intro"),
            notes=(Note(text=text("note"), tone=Tone.SOURCE),),
            submit=text("Send"),
            fields=tuple(
                Field(name=kind.value, label=text("Label"), kind=kind, hint=text("hint"), options=options)
                for kind in FieldKind
            ),
        ),
        number=1,
        of=2,
        values={FieldKind.TEXT.value: (text("typed"),), FieldKind.LONG_TEXT.value: (text("typed"),)},
        errors={kind.value: text("Please answer this.") for kind in FieldKind} | {"elsewhere": text("Something else.")},
    )


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_in_any_place_of_a_card_changes_no_element_of_the_page(hostile: str) -> None:
    calm = read(PAGES.desk(a_scene(a_line(a_full_card(lambda words: words), text="said"))))
    harsh = read(PAGES.desk(a_scene(a_line(a_full_card(lambda _: hostile), text=hostile))))

    assert harsh.elements == calm.elements
    assert not [given for tag, given in harsh.attributes if "evil" in given.get("href", "") + given.get("src", "")]
    assert not set("".join(harsh.words)) & set(HIDDEN)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_in_any_place_of_a_form_changes_no_element_of_the_page(hostile: str) -> None:
    calm = read(PAGES.desk(a_scene(page=a_full_page(lambda words: words))))
    harsh = read(PAGES.desk(a_scene(page=a_full_page(lambda _: hostile))))

    assert harsh.elements == calm.elements
    assert not [given for tag, given in harsh.attributes if "evil" in given.get("href", "") + given.get("src", "")]


def test_two_hundred_thousand_characters_are_cut_everywhere_with_a_way_to_the_whole() -> None:
    endless = "x" * 200_000
    line = a_line(a_full_card(lambda _: endless), text="")

    shown = PAGES.desk(a_scene(line))
    whole = PAGES.whole(a_scene(), line)

    assert len(shown) < 60_000
    assert {"href": "/message/7"} in [given for _, given in read(shown).attributes]
    assert whole.count(endless) > 10
    assert "/message/7" not in whole


def test_a_long_text_of_a_form_is_folded_with_the_whole_inside() -> None:
    opened = a_full_page(lambda words: words)
    endless = "word " * 40_000
    long = OpenPage(
        token=DRAFT,
        intent="i",
        subject="",
        page=Page(title="T", fields=opened.page.fields, intro=endless),
        number=1,
        of=1,
        values={},
    )

    page = read(PAGES.desk(a_scene(page=long)))

    assert ("details", ("class",)) in page.elements
    assert endless.strip() in "".join(page.words)


def test_a_card_that_fits_offers_nothing_more() -> None:
    assert "Show all" not in PAGES.desk(a_scene(a_line(a_full_card(lambda words: words))))


def test_a_table_of_a_thousand_rows_shows_the_first_and_a_way_to_the_rest() -> None:
    rows = tuple(Row(cells=(f"I-2026-{number:04}",)) for number in range(1000))
    line = a_line(Card(title="Reports", table=Table(columns=("Case",), rows=rows)))

    assert "I-2026-0999" not in PAGES.desk(a_scene(line))
    assert "Show all" in PAGES.desk(a_scene(line))
    assert "I-2026-0999" in PAGES.whole(a_scene(), line)


LABELS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=80)


@given(
    intent=LABELS,
    subject=LABELS,
    label=LABELS,
    version=st.integers(0, 10**6),
    token=LABELS,
    style=st.sampled_from(Style),
)
def test_a_pressed_button_comes_back_as_the_intent_it_was_made_with(
    intent: str, subject: str, label: str, version: int, token: str, style: Style
) -> None:
    button = Button(label=label, intent=intent, subject=subject, version=version, token=token, style=style)
    page = read(PAGES.desk(a_scene(a_line(Card(title="Card", buttons=(button,))))))
    form = next(form for form in page.forms if form.action == "/press")

    sent = pressed(dict(form.sends), Sender(library=LIBRARY, actor=ROBIN.identity))

    assert (sent.intent, sent.subject, sent.version_seen, sent.token) == (intent, subject, version, token)


def test_every_card_comes_back_from_the_chat_file_as_it_was() -> None:
    card = a_full_card(lambda words: words + " \u202e<b>")

    assert CARDS.validate_json(CARDS.dump_json((card,))) == (card,)
    assert json.loads(CARDS.dump_json((card,)))[0]["title"] == card.title


def test_addresses_in_somebody_elses_words_are_shown_defanged() -> None:
    said = "HTTPS://User@Evil.example.com:80/a.b?c=d and ftp://x.example then www.more.example/x and plain words."

    assert defanged(said) == (
        "hxxps://User@Evil[.]example[.]com:80/a.b?c=d and fxp://x[.]example then www[.]more[.]example/x "
        "and plain words."
    )


def test_a_card_shows_no_live_address_of_a_quote_even_where_it_shows_the_whole() -> None:
    line = a_line(Card(title="Report", quotes=(Quote(label="Link", text="https://evil.example.com/x"),)))

    for page in (PAGES.desk(a_scene(line)), PAGES.whole(a_scene(), line)):
        assert "hxxps://evil[.]example[.]com/x" in page
        assert "https://evil" not in page


def test_joiners_stay_where_a_script_or_an_emoji_needs_them() -> None:
    family = "👩\u200d👩\u200d👧"

    assert harmless(family) == family
    assert harmless("pay\u200dpal") == "pay⟨U+200D⟩pal"
    assert harmless("می\u200cخواهم") == "می\u200cخواهم"


def test_lines_of_a_text_stay_lines() -> None:
    assert harmless("first\nsecond\tthird") == "first\nsecond\tthird"


def test_a_cut_ends_at_a_word_and_says_so() -> None:
    assert cut("one two three four five", 16) == "one two three …"
    assert cut("short", 16) == "short"


def test_a_retained_picture_is_never_part_of_a_channel() -> None:
    card = a_full_card(lambda words: words)

    assert "/picture/" in PAGES.desk(a_scene(a_line(card)))
    assert "/picture/" not in PAGES.desk(a_scene(a_line(card, conversation="channel:decisions"), channel="decisions"))


def test_a_picture_is_covered_until_it_is_opened() -> None:
    page = read(PAGES.desk(a_scene(a_line(a_full_card(lambda words: words)))))

    cover, picture = (
        number for number, (tag, given) in enumerate(page.attributes) if given.get("class") == "picture" or tag == "img"
    )
    assert page.elements[cover] == ("details", ("class",))
    assert page.attributes[picture][1]["loading"] == "lazy"


def test_an_error_stands_beside_its_field_and_the_cursor_goes_to_the_first() -> None:
    fields = (
        Field(name="one", label="One"),
        Field(name="two", label="Two", hint="Both"),
        Field(name="three", label="Three"),
    )
    page = OpenPage(
        token=DRAFT,
        intent="i",
        subject="",
        page=Page(title="T", fields=fields),
        number=1,
        of=1,
        values={},
        errors={"three": "Third is wrong.", "two": "Second is wrong."},
    )

    shown = read(PAGES.desk(a_scene(page=page)))

    inputs = {given["name"]: given for tag, given in shown.attributes if tag == "input" and given.get("type") == "text"}
    assert inputs["f.two"]["aria-describedby"] == "field-two-hint field-two-error"
    assert [name for name, given in inputs.items() if "autofocus" in given] == ["f.two"]
    assert [name for name, given in inputs.items() if given.get("aria-invalid") == "true"] == ["f.two", "f.three"]
    assert {given["id"] for _, given in shown.attributes if given.get("class") == "error"} == {
        "field-two-error",
        "field-three-error",
    }


def test_a_date_field_offers_no_day_after_its_latest() -> None:
    asked = Field(name="day", label="Which day?", kind=FieldKind.DATE, latest=date(2026, 3, 9))
    page = OpenPage(
        token=DRAFT,
        intent="i",
        subject="",
        page=Page(title="T", fields=(asked,)),
        number=1,
        of=1,
        values={"day": ("2026-03-02",)},
    )

    (given,) = [given for tag, given in read(PAGES.desk(a_scene(page=page))).attributes if given.get("type") == "date"]

    assert (given["max"], given["value"]) == ("2026-03-09", "2026-03-02")


def test_what_stands_behind_an_open_form_cannot_be_reached() -> None:
    closed = read(PAGES.desk(a_scene()))
    page = read(PAGES.desk(a_scene(page=a_full_page(lambda words: words))))

    behind = [next(given for _, given in each.attributes if given.get("class") == "app") for each in (closed, page)]
    assert ["inert" in given for given in behind] == [False, True]
