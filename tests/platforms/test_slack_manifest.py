"""The manifest, the code and the documentation of Slack say the same."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import EVENTS
from adapters.slack.desk import REPORT_MESSAGE
from adapters.slack.oauth import SCOPES
from bot.catalogue import FEATURES, PASTED, understand
from bot.features.help_page import COMMANDS
from tests.platforms.fake_slack import SCOPES as NEEDED

ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = json.loads((ROOT / "manifest/slack.json").read_text(encoding="utf-8"))
DOCS = (ROOT / "docs/slack.md").read_text(encoding="utf-8")
SCHEMA = ROOT.parent / "shared/schemas/slack-manifest.2.0.0.json"
TYPE_OF = {"message.im": "message"}
OF_EVENTS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "message.im": "im:history",
    "tokens_revoked": "",
    "user_change": "users:read",
}
"""The scope Slack wants for an event."""
OF_PRIVATE_CHANNELS = {"channels:history": "groups:history", "channels:read": "groups:read"}
WITHOUT_SCOPE = {"auth.test", "views.open", "views.update", "views.publish"}
"""Methods any app may call."""


def table_rows(heading: str) -> set[str]:
    """The first cells of a table under a heading of the documentation."""
    part = DOCS.split(heading, maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    return set(re.findall(r"^\| `([^`]+)` \| \S", part, flags=re.MULTILINE))


def test_the_scopes_of_manifest_code_and_documentation_are_the_same_and_each_is_explained() -> None:
    asked = MANIFEST["oauth_config"]["scopes"]["bot"]
    assert asked == sorted(SCOPES)
    assert table_rows("## Why the app asks") == set(asked)
    needed = set(NEEDED.values()) | {"commands"}
    needed |= {twin for scope, twin in OF_PRIVATE_CHANNELS.items() if scope in needed}
    needed |= {OF_EVENTS[sent] for sent in MANIFEST["settings"]["event_subscriptions"]["bot_events"] if OF_EVENTS[sent]}
    needed |= {"assistant:write"} if "agent_view" in MANIFEST["features"] else set()
    assert set(asked) == needed, "no scope too few, and none too many"


def test_every_method_of_slack_that_is_called_is_known_with_its_scope_and_no_other_is() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "adapters/slack").glob("*.py"))
    found = {name for name in re.findall(r"\.([a-z]+_\w+)", code) if callable(getattr(AsyncWebClient, name, None))}
    called = {name.replace("_", ".") for name in found - {"api_call"}}
    assert called == set(NEEDED) | WITHOUT_SCOPE


def test_every_event_that_is_sent_is_heard_and_explained() -> None:
    sent = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert {TYPE_OF.get(event, event) for event in sent} == set(EVENTS)
    explained = DOCS.split("\nEvents: ", maxsplit=1)[1].split("\n\n", maxsplit=1)[0]
    assert set(re.findall(r"`([\w.]+)`", explained)) == set(sent)


def test_every_command_is_understood_and_documented() -> None:
    commands = {one["command"] for one in MANIFEST["features"]["slash_commands"]}
    assert commands == {"/incident", "/block", "/appeal", "/due", "/policy", "/duenotice"}
    assert commands == {row.split()[0] for row in table_rows("## What staff can do") if row.startswith("/")}
    assert all(understand(command)[0] for command in commands)


@pytest.mark.parametrize("command", MANIFEST["features"]["slash_commands"], ids=lambda command: str(command["command"]))
def test_every_hint_beside_a_command_is_a_subcommand_that_is_understood(command: dict[str, str]) -> None:
    hinted = command["usage_hint"].strip("[]").split(" | ")
    bare, _ = understand(command["command"])
    for words in hinted:
        intent, subject = understand(f"{command['command']} {words}")
        reference = re.search(r"[IBA]-2026-0001", words)
        assert intent in FEATURES, words
        assert subject == (reference.group() if reference else words if command["command"] == "/policy" else "")
        assert intent != bare or command["command"] == "/policy", f"{words} only opens {bare}"


@pytest.mark.parametrize("words", [word for words, _ in COMMANDS for word in words.split(" · ")])
def test_every_word_of_help_works_after_the_one_command(words: str) -> None:
    assert understand(f"/duenotice {words}") == understand(words)
    assert understand("/duenotice words nobody knows") == ("home", "words nobody knows")
    assert understand("/duenotice") == ("home", "")


def test_what_is_pasted_after_the_one_command_keeps_its_lines() -> None:
    assert understand("/duenotice “one\ntwo”") == (PASTED, "“one\ntwo”")


def test_every_suggested_prompt_is_understood_and_there_are_as_few_as_slack_takes() -> None:
    prompts = MANIFEST["features"]["agent_view"]["suggested_prompts"]
    assert 1 <= len(prompts) <= 4
    for prompt in prompts:
        intent, subject = understand(prompt["message"])
        assert (intent in FEATURES, subject) == (True, "")
        assert not FEATURES[intent].acts or FEATURES[intent].form, "a prompt asks or opens; it never acts"


def test_every_shortcut_asks_for_something_the_desk_knows() -> None:
    for one in MANIFEST["features"]["shortcuts"]:
        assert one["callback_id"].startswith(REPORT_MESSAGE) is (one["type"] == "message")
        assert one["callback_id"].removeprefix(REPORT_MESSAGE) in FEATURES
        assert f"**{one['name']}**" in DOCS


def test_the_documentation_leads_there_in_ten_steps() -> None:
    part = DOCS.split("## From nothing", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    assert re.findall(r"^(\d+)\. ", part, flags=re.MULTILINE) == [str(number) for number in range(1, 11)]


def test_the_manifest_is_one_slack_takes() -> None:
    if not SCHEMA.exists():
        pytest.skip("the schema of Slack's manifest is not beside the project")
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert not [error.message for error in jsonschema.validators.validator_for(schema)(schema).iter_errors(MANIFEST)]
