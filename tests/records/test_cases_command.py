"""``duenotice cases``: what is on file, at the command line."""

import asyncio
import json
from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from storage.store import SqlStore
from tests.features.coming_back import asks_back, blocked
from tests.people import chicopee


def test_the_commands_know_appeals_and_requests_to_come_back(sqlite_url: str, tmp_path: Path) -> None:
    async def live() -> tuple[str, str]:
        async with chicopee(SqlStore.open(sqlite_url), tmp_path / "vault") as house:
            block = await blocked(house)
            return await house.robin.files_appeal(block), await asks_back(house.robin, block)

    appeal, request = asyncio.run(live())
    env = {"DUENOTICE_DATABASE_URL": sqlite_url, "DUENOTICE_DATA": str(tmp_path), "COLUMNS": "160"}

    listed = CliRunner().invoke(app, ["cases", "list", "--json"], env=env)
    kinds = {case["ref"]: case["kind"] for case in json.loads(listed.stdout)}
    assert (kinds[appeal], kinds[request]) == ("appeal", "request to come back")
    for ref in (appeal, request):
        shown = CliRunner().invoke(app, ["cases", "show", ref, "--json"], env=env)
        assert shown.exit_code == 0, shown.output
        said = json.loads(shown.stdout)
        assert said["case"]["ref"] == ref
        assert said["ledger"]
