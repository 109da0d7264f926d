"""The environment, validated; every mistake is reported at once.

What the environment does not say may stand in a file, one `NAME=value` a line, so that it outlives the terminal it was
typed in: `duenotice.env` in the folder the program is started in, or the file `DUENOTICE_SETTINGS` names.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from uuid import UUID

from bot.refusal import Refusal

CHAT = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "MICROSOFT_APP_ID", "MICROSOFT_DEVELOPMENT")
SLACK = (
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_API_URL",
)
MICROSOFT = (
    "MICROSOFT_APP_ID",
    "MICROSOFT_APP_PASSWORD",
    "MICROSOFT_APP_TENANT_ID",
    "MICROSOFT_CLOUD",
    "MICROSOFT_LOGIN_URL",
    "MICROSOFT_OPENID_METADATA_URL",
    "MICROSOFT_DEVELOPMENT",
)
OURS = (
    *("DUENOTICE_DATA", "DUENOTICE_HOST", "DUENOTICE_PORT", "DUENOTICE_DATABASE_URL", "DUENOTICE_SECRET_KEY"),
    *SLACK,
    *MICROSOFT,
)
FILE = "duenotice.env"
LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.*)")
CLOUDS = ("public", "government")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
HERE = re.compile(r"http://127\.0\.0\.1(:\d+)?(/|\Z)")
SHORTEST_KEY = 32
PORTS = range(1, 65536)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What the program was told by its environment."""

    data: Path
    database_url: str
    database_is_set: bool
    host: str
    port: int
    chat: tuple[str, ...]
    slack: Mapping[str, str] = field(default_factory=dict, repr=False)
    microsoft: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_key: str = field(default="", repr=False)

    @property
    def practice(self) -> Path:
        """The folder of the practice desk, apart from the real record."""
        return self.data / "practice"

    @property
    def practice_url(self) -> str:
        """The database of the practice desk."""
        return f"sqlite:///{self.practice / 'record.sqlite'}"


def from_file(environment: Mapping[str, str], folder: Path) -> Mapping[str, str]:
    """The environment, and below it what the settings' file in a folder says.

    :raises Refusal: the file cannot be read, or names what is no setting; with every mistake at once
    """
    named = environment.get("DUENOTICE_SETTINGS", "")
    file = Path(named) if named else folder / FILE
    if not named and not file.exists():
        return environment
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as wrong:
        raise Refusal(f"The settings in {file} cannot be read: {wrong}.") from wrong
    said: dict[str, str] = {}
    mistakes = []
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        found = LINE.fullmatch(line)
        if found is None:
            mistakes.append(f"{file}, line {number}: write NAME=value.")
        elif found["name"] not in OURS:
            near = get_close_matches(found["name"], OURS, n=1)
            meant = f" Is it {near[0]}?" if near else ""
            mistakes.append(f"{file}, line {number}: {found['name']} is no setting of this program.{meant}")
        else:
            value = found["value"].strip()
            said[found["name"]] = value[1:-1] if value[:1] in {'"', "'"} and value[-1:] == value[:1] else value
    if mistakes:
        raise Refusal("\n".join(mistakes))
    return {**said, **environment}


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; those of the real environment and its file, if none are given.

    :raises Refusal: with every mistake at once
    """
    environment = from_file(os.environ, Path.cwd()) if environment is None else environment
    mistakes = []
    data = Path(environment.get("DUENOTICE_DATA") or "data").absolute()
    if data.exists() and not data.is_dir():
        mistakes.append(f"DUENOTICE_DATA is {data}, which is a file; name a folder.")
    said = environment.get("DUENOTICE_PORT") or "8080"
    port = int(said) if said.isascii() and said.isdigit() else 0
    if port not in PORTS:
        mistakes.append(f"DUENOTICE_PORT is {said!r}; give a number from 1 to 65535.")
    url = environment.get("DUENOTICE_DATABASE_URL", "")
    if url and not url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:", "postgres:")):
        mistakes.append("DUENOTICE_DATABASE_URL must begin with sqlite: or postgresql:.")
    slack = {name: environment.get(name, "").strip() for name in SLACK}
    secret_key = environment.get("DUENOTICE_SECRET_KEY", "")
    mistakes += _slack_mistakes(slack, secret_key)
    microsoft = {name: environment.get(name, "").strip() for name in MICROSOFT}
    microsoft |= {name: microsoft[name].lower() for name in ("MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID")}
    host = environment.get("DUENOTICE_HOST") or "127.0.0.1"
    mistakes += _microsoft_mistakes(microsoft, host)
    if mistakes:
        raise Refusal("\n".join(mistakes))
    return Settings(
        data=data,
        database_url=url or f"sqlite:///{data / 'duenotice.sqlite'}",
        database_is_set=bool(url),
        host=host,
        port=port,
        chat=tuple(name for name in CHAT if environment.get(name, "").strip()),
        slack=slack,
        microsoft=microsoft,
        secret_key=secret_key,
    )


def _slack_mistakes(slack: Mapping[str, str], secret_key: str) -> list[str]:
    """What does not fit together in the settings of Slack."""
    if not any(slack[name] for name in CHAT if name in slack):
        return []
    bot, app, client = slack["SLACK_BOT_TOKEN"], slack["SLACK_APP_TOKEN"], slack["SLACK_CLIENT_ID"]
    wrong = []
    if bot and not bot.startswith("xoxb-"):
        wrong.append("SLACK_BOT_TOKEN begins with xoxb-; Slack shows it under OAuth & Permissions.")
    if app and not app.startswith("xapp-"):
        wrong.append("SLACK_APP_TOKEN begins with xapp-; Slack shows it under Basic Information, App-Level Tokens.")
    if app and not (bot or client):
        wrong.append("SLACK_APP_TOKEN needs SLACK_BOT_TOKEN beside it.")
    if not app and not slack["SLACK_SIGNING_SECRET"]:
        wrong.append("SLACK_SIGNING_SECRET is missing; Slack shows it under Basic Information.")
    if client and not slack["SLACK_CLIENT_SECRET"]:
        wrong.append("SLACK_CLIENT_ID needs SLACK_CLIENT_SECRET beside it.")
    if client and not bot and len(secret_key) < SHORTEST_KEY:
        wrong.append(
            f"DUENOTICE_SECRET_KEY seals the tokens of every workspace; give at least {SHORTEST_KEY} random characters."
        )
    api = slack["SLACK_API_URL"]
    if api and not _secure(api):
        wrong.append("SLACK_API_URL begins with https://, for example https://slack-gov.com/api/.")
    return wrong


def _microsoft_mistakes(microsoft: Mapping[str, str], host: str) -> list[str]:
    """What does not fit together in the settings of Teams.

    Without an app id nobody's calls could be proved, so it is never taken as left out on purpose: the development flag
    says so instead, and only where no other computer can call.
    """
    if not any(microsoft.values()):
        return []
    wrong = []
    app_id, development = microsoft["MICROSOFT_APP_ID"], microsoft["MICROSOFT_DEVELOPMENT"]
    if development:
        if development != "yes":
            wrong.append("MICROSOFT_DEVELOPMENT is yes, or not set at all.")
        if app_id or microsoft["MICROSOFT_APP_PASSWORD"]:
            wrong.append("MICROSOFT_DEVELOPMENT is for trying without credentials; unset it, or the credentials.")
        if host not in LOOPBACK:
            wrong.append(f"MICROSOFT_DEVELOPMENT lets anybody in, so DUENOTICE_HOST is 127.0.0.1 and not {host}.")
    else:
        wrong += [
            f"{name} is missing; {where}."
            for name, where in (
                ("MICROSOFT_APP_ID", "Entra shows it as the app registration's Application (client) ID"),
                ("MICROSOFT_APP_PASSWORD", "it is the Value of a client secret of the app registration"),
                ("MICROSOFT_APP_TENANT_ID", "Entra shows it as the app registration's Directory (tenant) ID"),
            )
            if not microsoft[name]
        ]
    wrong += [
        f"{name} is an id such as 12345678-1234-1234-1234-123456789012; this is something else."
        for name in ("MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID")
        if microsoft[name] and not _is_uuid(microsoft[name])
    ]
    if microsoft["MICROSOFT_CLOUD"] not in {"", *CLOUDS}:
        wrong.append(f"MICROSOFT_CLOUD is {' or '.join(CLOUDS)}, not {microsoft['MICROSOFT_CLOUD']!r}.")
    wrong += [
        f"{name} begins with https://."
        for name in ("MICROSOFT_LOGIN_URL", "MICROSOFT_OPENID_METADATA_URL")
        if microsoft[name] and not _secure(microsoft[name])
    ]
    return wrong


def _secure(address: str) -> bool:
    """Test whether an address is secure, or stands on this computer."""
    return address.startswith("https://") or HERE.match(address) is not None


def _is_uuid(said: str) -> bool:
    try:
        return str(UUID(said)) == said.lower()
    except ValueError:
        return False
