"""`duenotice doctor` about Slack: each trouble in one line that says what to do."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic, time  # noqa: TID251 - the computer's clock is what is examined

import pytest

from adapters.slack.doctor import examine, examine_installs
from adapters.slack.platform import SlackSettings
from adapters.slack.workspaces import Install
from tests.platforms.fake_slack import APP_TOKEN, TEAM, TOKEN, FakeSlack, running

CHANNELS = {"decisions": "decisions", "records": "records"}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with running(FakeSlack(now=monotonic)) as opened:
        yield opened


async def troubles(slack: FakeSlack, *, token: str = TOKEN, api: str = "") -> list[str]:
    """What is wrong, as a person reads it."""
    settings = SlackSettings(bot_token=token, signing_secret="x", api=api or f"{slack.url}/api/")  # noqa: S106 - no secret
    return [f"{what}: {wrong}" for what, wrong, _ in await examine(settings, CHANNELS, now=time()) if wrong]


async def test_nothing_is_said_when_nothing_is_wrong(slack: FakeSlack) -> None:
    assert await troubles(slack) == []


async def test_a_wrong_token_is_named(slack: FakeSlack) -> None:
    assert await troubles(slack, token="xoxb-wrong") == [  # noqa: S106 - no token
        "Slack, token: Slack says invalid_auth; copy SLACK_BOT_TOKEN again"
    ]


async def test_a_missing_permission_is_named(slack: FakeSlack) -> None:
    known = slack.teams[TOKEN]
    slack.teams[TOKEN] = replace(known, scopes=known.scopes - {"files:read"})
    assert await troubles(slack) == [
        "Slack, permissions: missing files:read; install the app again from manifest/slack.json"
    ]


async def test_a_channel_without_the_bot_and_an_archived_one_are_named(slack: FakeSlack) -> None:
    slack.teams[TOKEN].channels.discard("decisions")
    slack.archived.add("records")
    assert await troubles(slack) == [
        "Slack, #decisions: the bot is not in that channel; invite it there",
        "Slack, #records: that channel is archived; choose another in setup",
    ]


async def test_a_clock_that_breaks_signatures_is_named(slack: FakeSlack) -> None:
    slack.date = datetime.fromtimestamp(time() - 400, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    [said] = await troubles(slack)
    assert said.startswith("Slack, clock: this computer's clock is ")
    assert said.endswith("seconds off; signatures will be refused. Set it")


async def test_an_api_that_cannot_be_reached_is_named(slack: FakeSlack) -> None:
    [said] = await troubles(slack, api="http://127.0.0.1:9/api/")
    assert said.startswith("Slack, connection: http://127.0.0.1:9/api/ cannot be reached")


async def test_a_permission_that_can_be_spared_is_no_trouble_and_said_all_the_same(slack: FakeSlack) -> None:
    known = slack.teams[TOKEN]
    slack.teams[TOKEN] = replace(known, scopes=known.scopes - {"usergroups:read", "files:write"})
    settings = SlackSettings(bot_token=TOKEN, signing_secret="x", api=f"{slack.url}/api/")  # noqa: S106 - no secret
    said = {what: (wrong, fine) for what, wrong, fine in await examine(settings, CHANNELS, now=time())}

    wrong, fine = said["Slack, permissions"]
    assert wrong == ""
    assert "without usergroups:read, no choosing user groups in setup" in fine
    assert "without files:write, no pictures and documents from the record in Slack" in fine


@pytest.mark.parametrize(("token", "wrong"), [(APP_TOKEN, False), ("xapp-wrong", True)])
async def test_a_wrong_token_of_socket_mode_is_named_and_no_socket_is_opened(
    slack: FakeSlack, token: str, *, wrong: bool
) -> None:
    settings = SlackSettings(bot_token=TOKEN, app_token=token, api=f"{slack.url}/api/")
    said = {what: trouble for what, trouble, _ in await examine(settings, CHANNELS, now=time())}

    assert ("SLACK_APP_TOKEN" in said["Slack, socket"]) is wrong
    assert slack.sockets == []


async def test_every_workspace_the_app_is_installed_in_is_examined(slack: FakeSlack) -> None:
    slack.install("T0OAK", "xoxb-oak", {"C1"})
    slack.teams["xoxb-oak"].revoked = True
    found = {
        TEAM: Install(team=TEAM, name="Chicopee", token=TOKEN, bot_user="U0BOT"),
        "T0OAK": Install(team="T0OAK", name="Oak", token="xoxb-oak", bot_user="U0BOT"),  # noqa: S106 - no token
        "T0ELM": None,
        "T0FIR": Install(team="T0FIR", name="Fir", token="x", bot_user="", refresh="r", expires=1.0),  # noqa: S106
    }
    slack.teams[TOKEN].channels.discard("decisions")
    settings = SlackSettings(client_id="1", client_secret="x", api=f"{slack.url}/api/")  # noqa: S106 - no secret
    lines = await examine_installs(settings, found, {TEAM: CHANNELS}, now=time())

    assert [f"{what}: {wrong}" for what, wrong, _ in lines if wrong] == [
        "Slack, #decisions (Chicopee): the bot is not in that channel; invite it there",
        "Slack, token (Oak): Slack says token_revoked; open /slack/install again",
        "Slack, T0ELM: its tokens were sealed with another DUENOTICE_SECRET_KEY",
    ]
    assert ("Slack, Fir", "", "its token has expired and is renewed at its next use") in lines
    assert await examine_installs(settings, {}, {}, now=time()) == [
        ("Slack", "", "installed in no workspace yet; open /slack/install")
    ]
