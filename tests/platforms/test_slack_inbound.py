"""What Slack sends, read: words as they were seen, senders as they are, files only from Slack's own hosts."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack import forms, inbound, render
from adapters.slack.forms import Memory
from adapters.slack.inbound import Wanted
from adapters.slack.outbound import FILE_HOSTS, Workspace, fetch_file, session, web_client
from bot.cards import Button, Card, Document, Reply, Row, Table
from bot.catalogue import understand
from bot.ports import NotPosted
from bot.refusal import Refusal
from tests.platforms.slack_reading import read
from tests.platforms.slack_rules import wrong_with_view


@pytest.mark.parametrize("case", ["I-2026-0001", "", "<!channel>"])
def test_the_button_of_a_document_comes_back_as_the_document_it_was_made_with(case: str) -> None:
    button = render.Elements().document(Document(case=case, name="memo.2.pdf", label="Memo as PDF"))
    assert button is not None
    assert button["text"]["text"] == "Memo as PDF"
    assert inbound.asked_for_file(button) == Wanted(case=case, name="memo.2.pdf")


def test_a_document_whose_name_no_button_carries_is_said_to_be_too_long_and_the_others_stay() -> None:
    long = Document(case="I-2026-0001", name="x" * 3000, label="Endless")
    [line, said] = render.Elements().rows((), (Document(case="", name="a.pdf", label="Short"), long))
    assert [one["text"]["text"] for one in line["elements"]] == ["Short"]
    assert "Endless" in said["elements"][0]["text"]


@pytest.mark.parametrize("action", ["press:0", "open:1", "", "document:0", "picture:0"])
def test_a_button_that_hands_over_nothing_is_no_file(action: str) -> None:
    assert inbound.asked_for_file({"action_id": action, "value": '{"i":"home","s":"","v":0,"t":""}'}) is None


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("<@U0BOT> due", "due"),
        ("  <@U0BOT|duenotice>, report", "report"),
        ("see <https://x.example/a?b&amp;c|this>", "see https://x.example/a?b&c"),
        ("ask <@U1|robin> in <#C1|records>", "ask @robin in #records"),
        ("<!channel> a &lt; b &amp;amp;", "!channel a < b &amp;"),
        ("show I-2026-0001", "show I-2026-0001"),
        ("", ""),
    ],
)
def test_words_are_what_the_person_saw(sent: str, seen: str) -> None:
    assert inbound.words(sent) == seen


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "bot_id": "B1", "user": "U1", "channel": "D1"},
        {"type": "message", "subtype": "message_changed", "user": "U1", "channel": "D1"},
        {"type": "message", "subtype": "channel_join", "user": "U1", "channel": "D1"},
        {"type": "message", "channel": "D1"},
    ],
)
def test_what_no_person_said_is_not_heard(event: dict[str, Any]) -> None:
    assert inbound.event_sender({"team_id": "T1", "event": event}) is None


def test_somebody_of_another_workspace_is_nobodys_account_here() -> None:
    sent = inbound.sender({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T2"}, "trigger_id": "t"})
    assert (sent.team, sent.identity.tenant) == ("T1", "T2")


@pytest.mark.parametrize("value", ["", "{}", "[]", '{"i": 1}', '{"i":"a","s":"b","v":"x","t":""}', "null"])
def test_a_button_that_is_not_ours_is_refused(value: str) -> None:
    with pytest.raises(Refusal):
        inbound.pressed(value)


@pytest.mark.parametrize("metadata", ["", "{}", "x", '{"t":"a"}', '{"t":"a","i":"b","n":0}'])
def test_a_modal_that_is_no_form_of_ours_is_refused(metadata: str) -> None:
    with pytest.raises(Refusal):
        inbound.filled({"private_metadata": metadata, "state": {"values": {}}})


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/files.slack.com/x.png",
        "https://files.slack.com.evil.example/x.png",
        "https://user@files.slack.com/x.png",
        "https://files.slack.com:8443/x.png",
        "http://files.slack.com/x.png",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "",
    ],
)
async def test_a_file_is_fetched_from_slacks_own_hosts_only(url: str) -> None:
    workspace = Workspace(team="T1", library="l", token="xoxb", client=web_client("xoxb"))  # noqa: S106 - no token
    async with session() as http:
        with pytest.raises(NotPosted):
            await fetch_file(http, workspace, url, FILE_HOSTS)


def test_what_a_form_remembers_of_three_hundred_emoji_fits_and_comes_back() -> None:
    subject = "\U0001f621" * 300
    dumped = Memory(token="t" * 24, intent="incident.report", subject=subject, page=1).dumped()
    assert render.length(dumped) <= forms.METADATA
    assert Memory.read(dumped).subject == subject


def test_what_would_not_fit_is_left_to_the_draft() -> None:
    memory = Memory(token="t" * 24, intent="incident.report", subject="&" * 300, page=1, kept=("x" * 100,) * 20)
    dumped = memory.dumped()
    assert render.length(dumped) <= forms.METADATA
    assert Memory.read(dumped) == replace(memory, subject="")


def test_half_a_character_is_carried_written_out() -> None:
    half = Memory(token="t", intent="i", subject="\ud83d", page=1)  # noqa: S106 - no secret
    half.dumped().encode()
    assert Memory.read(half.dumped()) == half


def test_a_home_tab_that_is_too_long_says_what_to_write_and_does_not_point_to_itself() -> None:
    rows = tuple(
        Row(cells=("3 March", f"I-2026-{n:04}"), buttons=(Button(label="Open", intent="x"),) * 2) for n in range(80)
    )
    view = render.home(Reply(cards=(Card(title="My tasks", table=Table(columns=("Due", "Case"), rows=rows)),)))
    said = read(view)
    assert wrong_with_view(view) == []
    assert "Write “tasks”, “due” or “reports” to this bot" in said
    assert "Home tab" not in said
    assert all(understand(word)[0] for word in ("tasks", "due", "reports"))
