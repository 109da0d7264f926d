"""The ten steps of docs/slack.md, done in order by somebody who types what stands there, in a folder of their own."""

import asyncio
import contextlib
import os
import re
import shlex
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from tests.journeys.test_slack_begins import of_the_program
from tests.platforms.fake_slack import APP_TOKEN, TEAM, TOKEN, FakeSlack, running
from tests.platforms.slack_people import SlackPerson

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/slack.md").read_text(encoding="utf-8")
STEPS = PAGE.split("## From nothing", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
PROGRAM = ".venv/bin/duenotice"


def typed() -> list[str]:
    """What is typed or written down, in order, without the page's indentation."""
    blocks = re.findall(r"```\n(.*?)```", STEPS, flags=re.DOTALL)
    return ["\n".join(line.strip() for line in block.strip().splitlines()).replace("\\\n", "") for block in blocks]


def environment() -> dict[str, str]:
    """A new terminal: it knows nothing of Slack or of this program."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUENOTICE", "SLACK", "MICRO"))}
    return kept | {"PYTHONPATH": str(ROOT)}


def as_program(command: str) -> list[str]:
    """A command of the page, with the ids of the small Slack, run from this checkout."""
    words = shlex.split(command.replace("T0123", TEAM).replace("U0123", "UALEX"))
    assert words[0] == PROGRAM, command
    return [sys.executable, "-m", "bot", *words[1:]]


async def says(folder: Path, command: str) -> tuple[int, str]:
    """Type a command in a terminal of its own; how it ended and what it said."""
    process = await asyncio.create_subprocess_exec(
        *as_program(command),
        cwd=folder,
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 120)
    return process.returncode or 0, said.decode()


@asynccontextmanager
async def going(folder: Path) -> AsyncIterator[str]:
    """The bot at work, as `make run` starts it; gives its first line."""
    process = await asyncio.create_subprocess_exec(
        *as_program(f"{PROGRAM} run"), cwd=folder, env=environment(), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    try:
        yield (await asyncio.wait_for(process.stdout.readline(), 120)).decode()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 60)


def test_what_make_is_asked_for_is_something_make_knows() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    asked = [line.split()[1] for line in typed() if line.startswith("make ")]
    assert asked == ["install", "run"], "the program is installed before anything of it is used"
    assert all(re.search(rf"^{name}:", makefile, flags=re.MULTILINE) for name in asked)


async def test_somebody_who_types_what_the_page_says_has_a_working_bot(tmp_path: Path) -> None:
    installs, settings, begins, runs, asks = typed()
    assert (installs, runs) == ("make install", "make run")
    async with running(FakeSlack(now=monotonic)) as slack:
        slack.people["UALEX"] = {"id": "UALEX", "team_id": TEAM, "real_name": "Alex Rivera"}
        written = settings.replace("xapp-…", APP_TOKEN).replace("xoxb-…", TOKEN)
        assert "…" not in written
        file = tmp_path / "duenotice.env"
        ours = f"SLACK_API_URL={slack.url}/api/\nDUENOTICE_PORT={_free_port()}\n"
        file.write_text(f"{written}\n{ours}", encoding="utf-8")
        assert f"`{file.name}`" in STEPS

        ended, said = await says(tmp_path, begins)
        assert ended == 0, said

        async with going(tmp_path) as first_line:
            assert "connected to Slack by Socket Mode" in first_line
            async with of_the_program(slack) as house:
                alex = SlackPerson(house, "UALEX")
                await alex.types("/duenotice", "setup")
                assert any("Setup of" in said and "missing" in said for said in alex.told)

            _, said = await says(tmp_path, asks)
            assert "✓ Slack, token: accepted" in said
            assert "✓ Slack, socket" in said
            assert "✓ Slack, permissions" in said
        assert slack.complaints == []


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def test_in_a_terminal_without_the_file_the_doctor_says_that_there_is_no_token(tmp_path: Path) -> None:
    _, _, begins, _, asks = typed()
    assert (await says(tmp_path, begins))[0] == 0
    _, said = await says(tmp_path, asks)
    assert "Slack: no token in this terminal" in said
