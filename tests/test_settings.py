"""The environment as the program takes it: every mistake is said at once, and none is taken for a wish."""

from pathlib import Path

import pytest

from adapters.teams.settings import TeamsSettings, government
from bot import settings as environment
from bot.connected import teams_settings
from bot.refusal import Refusal

APP = "d0e00071-ce00-4000-8000-000000000001"
TENANT = "c41c0bee-7e4a-4000-8000-0000000000aa"
TEAMS = {"MICROSOFT_APP_ID": APP, "MICROSOFT_APP_PASSWORD": "secret", "MICROSOFT_APP_TENANT_ID": TENANT}


def mistakes(**said: str) -> list[str]:
    """What a person reads about their settings."""
    with pytest.raises(Refusal) as no:
        environment.read(said)
    return no.value.why.splitlines()


def test_without_credentials_no_chat_is_connected() -> None:
    assert environment.read({}).chat == ()


def test_the_three_ids_of_the_registration_connect_teams_and_nothing_else_is_needed() -> None:
    settings = environment.read(TEAMS)
    assert settings.chat == ("MICROSOFT_APP_ID",)
    assert teams_settings(settings) == TeamsSettings(app_id=APP, password="secret", tenant=TENANT)  # noqa: S106 - no secret
    assert "secret" not in repr(settings)
    assert "secret" not in repr(teams_settings(settings))


@pytest.mark.parametrize("missing", TEAMS)
def test_each_missing_credential_of_teams_is_named_and_none_is_taken_as_off(missing: str) -> None:
    [said] = mistakes(**{name: value for name, value in TEAMS.items() if name != missing})
    assert said.startswith(f"{missing} is missing; ")


def test_every_mistake_is_said_at_once() -> None:
    said = mistakes(
        MICROSOFT_APP_ID="the app",
        MICROSOFT_APP_TENANT_ID="contoso.onmicrosoft.com",
        MICROSOFT_CLOUD="moon",
        MICROSOFT_LOGIN_URL="http://login.example",
        MICROSOFT_OPENID_METADATA_URL="ftp://x",
        DUENOTICE_PORT="0",
        SLACK_BOT_TOKEN="x",  # noqa: S106 - no token
    )
    named = [line.split()[0] for line in said]
    assert named == [
        "DUENOTICE_PORT",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "MICROSOFT_APP_PASSWORD",
        "MICROSOFT_APP_ID",
        "MICROSOFT_APP_TENANT_ID",
        "MICROSOFT_CLOUD",
        "MICROSOFT_LOGIN_URL",
        "MICROSOFT_OPENID_METADATA_URL",
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_trying_without_credentials_has_to_be_said_and_is_for_this_computer_only(host: str) -> None:
    settings = environment.read({"MICROSOFT_DEVELOPMENT": "yes", "DUENOTICE_HOST": host})
    assert teams_settings(settings).development
    assert not teams_settings(settings).trusts("https://smba.trafficmanager.net/amer/")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "bot.library.example"])  # noqa: S104 - refused
def test_trying_without_credentials_is_refused_where_others_could_call(host: str) -> None:
    [said] = mistakes(MICROSOFT_DEVELOPMENT="yes", DUENOTICE_HOST=host)
    assert host in said


@pytest.mark.parametrize("more", [{"MICROSOFT_DEVELOPMENT": "1"}, TEAMS | {"MICROSOFT_DEVELOPMENT": "yes"}])
def test_a_development_flag_that_is_half_meant_is_refused(more: dict[str, str]) -> None:
    assert mistakes(**more)


def test_a_government_cloud_is_one_setting_and_each_address_may_still_be_set() -> None:
    told = teams_settings(environment.read(TEAMS | {"MICROSOFT_CLOUD": "government"}))
    assert told == government(app_id=APP, password="secret", tenant=TENANT)  # noqa: S106 - no secret
    assert told.issuer == "https://api.botframework.us"
    elsewhere = TEAMS | {"MICROSOFT_OPENID_METADATA_URL": "https://keys.example/openid"}
    assert teams_settings(environment.read(elsewhere)).openid == "https://keys.example/openid"


def test_ids_are_read_however_they_are_written_and_blank_ones_are_not_there() -> None:
    said = environment.read({name: value.upper() if "ID" in name else value for name, value in TEAMS.items()})
    assert (said.microsoft["MICROSOFT_APP_ID"], said.microsoft["MICROSOFT_APP_TENANT_ID"]) == (APP, TENANT)
    assert environment.read({"MICROSOFT_APP_ID": "  "}).chat == (), "nothing is served without credentials"
    assert "MICROSOFT_APP_ID" in mistakes(**TEAMS | {"MICROSOFT_APP_ID": " "})[0]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1.evil.example/", "http://127.0.0.1@evil.example/", "http://127.0.0.10/", "http://x"]
)
def test_an_address_that_only_looks_like_this_computer_is_not_taken(address: str) -> None:
    assert "MICROSOFT_LOGIN_URL" in mistakes(**TEAMS | {"MICROSOFT_LOGIN_URL": address})[0]
    assert environment.read(TEAMS | {"MICROSOFT_LOGIN_URL": "http://127.0.0.1:8080/x"}).microsoft


def test_what_stands_in_the_settings_file_is_taken_and_the_environment_wins(tmp_path: Path) -> None:
    lines = ["# of Slack", "", "SLACK_BOT_TOKEN = 'xoxb-1'", 'export SLACK_APP_TOKEN="xapp-1"', "DUENOTICE_PORT=1"]
    (tmp_path / "duenotice.env").write_text("\n".join(lines), encoding="utf-8")
    settings = environment.read(environment.from_file({"DUENOTICE_PORT": "8081"}, tmp_path))

    assert settings.slack["SLACK_BOT_TOKEN"] == "xoxb-1"  # noqa: S105 - no token
    assert settings.slack["SLACK_APP_TOKEN"] == "xapp-1"  # noqa: S105 - as above
    assert settings.port == 8081


def test_a_folder_without_a_settings_file_changes_nothing(tmp_path: Path) -> None:
    assert environment.from_file({"A": "b"}, tmp_path) == {"A": "b"}


def test_every_mistake_in_the_settings_file_is_said_with_its_line_and_no_value(tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("SLACK_BOT_TOKN=xoxb-secret\nxapp-secret\n", encoding="utf-8")
    with pytest.raises(Refusal) as no:
        environment.from_file({"DUENOTICE_SETTINGS": str(file)}, tmp_path)

    assert no.value.why.splitlines() == [
        f"{file}, line 1: SLACK_BOT_TOKN is no setting of this program. Is it SLACK_BOT_TOKEN?",
        f"{file}, line 2: write NAME=value.",
    ]


def test_a_settings_file_that_was_named_and_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        environment.from_file({"DUENOTICE_SETTINGS": str(tmp_path / "gone")}, tmp_path)
