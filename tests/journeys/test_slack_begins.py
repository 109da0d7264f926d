"""From the page of consent to the first report: somebody installs the app and does everything else in Slack."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typing_extensions import override

from storage.store import SqlStore
from tests.journeys.test_slack_installs import ELM, a_program
from tests.people import LINK, WORDS, Time
from tests.platforms.fake_slack import FakeSlack, Thing
from tests.platforms.slack_people import SlackHouse, SlackPerson
from tests.platforms.slack_reading import read

Sends = Callable[[str, Thing], Awaitable[Thing]]


@dataclass
class HouseOfProgram(SlackHouse):
    """The people of a workspace whose program is known only by what it says in Slack."""

    sends: Sends = field(kw_only=True)

    @override
    async def send(self, kind: str, payload: Thing) -> Thing:
        return await self.sends(kind, payload)

    @override
    async def settle(self) -> None:
        calls = -1
        while calls != len(self.slack.calls):  # until the program asks nothing of Slack any more
            calls = len(self.slack.calls)
            await asyncio.sleep(0.4)


@asynccontextmanager
async def of_the_program(slack: FakeSlack, sends: Sends | None = None) -> AsyncIterator[HouseOfProgram]:
    """People in the small Slack; what they do goes down a socket, unless it is said how else."""
    nothing: dict[str, Any] = dict.fromkeys(("store", "vault", "desk", "http", "settings"))
    yield HouseOfProgram(slack=slack, time=Time(), sends=sends or slack.through_socket, **nothing)


async def test_from_install_over_setup_and_the_policy_to_the_first_report(tmp_path: Path) -> None:
    async with a_program(tmp_path) as program:
        program.slack.people["UADA"] = {"id": "UADA", "team_id": ELM, "real_name": "Ada  Admin"}
        await program.install(ELM, "UADA")
        async with of_the_program(program.slack, program.send) as house:
            ada = SlackPerson(house, "UADA", team=ELM)
            await ada.types("/duenotice", "who")
            assert "Ada Admin" in ada.told[-1], "whoever installed it is on file by their name"

            async def sets_up(label: str, answers: dict[str, Any]) -> None:
                await ada.types("/duenotice", "setup")
                await ada.presses_told(label)
                await ada.fills(answers)

            await sets_up("Policy", {"Which policy?": "Chicopee"})
            await sets_up(
                "Official account",
                {"Platform": "Facebook", "Name": "Elm Street Library", "Address": "https://fb.example"},
            )
            await sets_up("Channel", {"Which one?": "#social-media", "Its id": "C1"})

            await ada.types("/incident", "look")
            await ada.fills({"On which": "Facebook", "Link to it": LINK, "What it says": WORDS})
            assert "I-20" in ada.sees
            for _ in range(60):
                if any("I-20" in read(one) for one in program.slack.messages["C1"]):
                    break
                await asyncio.sleep(0.5)
            assert any("I-20" in read(one) for one in program.slack.messages["C1"]), "the card stands in the channel"
            assert WORDS not in json.dumps(program.slack.messages["C1"])


async def test_an_installer_slack_does_not_name_is_called_by_their_office(tmp_path: Path) -> None:
    async with a_program(tmp_path) as program:
        program.slack.fails("missing_scope", "users.info")
        await program.install(ELM, "UADA")
        said = json.dumps(await program.command(ELM, "UADA", "/duenotice", "who"))
        assert "Administrator" in said
        store = SqlStore.open(program.database)
        assert await store.library_for("slack", ELM) is not None
        await store.close()
