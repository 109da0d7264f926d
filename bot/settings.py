"""The environment, validated; every mistake is reported at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.refusal import Refusal

CHAT = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "MICROSOFT_APP_ID")
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
    if mistakes:
        raise Refusal("\n".join(mistakes))
    return Settings(
        data=data,
        database_url=url or f"sqlite:///{data / 'duenotice.sqlite'}",
        database_is_set=bool(url),
        host=environment.get("DUENOTICE_HOST") or "127.0.0.1",
        port=port,
        chat=tuple(name for name in CHAT if environment.get(name)),
    )
