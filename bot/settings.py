"""The environment, validated; every mistake is reported at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.refusal import Refusal

CHAT = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "MICROSOFT_APP_ID")
SLACK = (
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_API_URL",
)
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
    secret_key: str = field(default="", repr=False)

    @property
    def practice(self) -> Path:
        """The folder of the practice desk, apart from the real record."""
        return self.data / "practice"

    @property
    def practice_url(self) -> str:
        """The database of the practice desk."""
        return f"sqlite:///{self.practice / 'record.sqlite'}"


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    :raises Refusal: with every mistake at once
    """
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
    if mistakes:
        raise Refusal("\n".join(mistakes))
    return Settings(
        data=data,
        database_url=url or f"sqlite:///{data / 'duenotice.sqlite'}",
        database_is_set=bool(url),
        host=environment.get("DUENOTICE_HOST") or "127.0.0.1",
        port=port,
        chat=tuple(name for name in CHAT if environment.get(name)),
        slack=slack,
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
    if api and not api.startswith(("https://", "http://127.0.0.1")):
        wrong.append("SLACK_API_URL begins with https://, for example https://slack-gov.com/api/.")
    return wrong
