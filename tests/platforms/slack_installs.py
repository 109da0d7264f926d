"""The app installed in two workspaces at once, Chicopee's and Birch's."""

from typing_extensions import override

from adapters.slack.workspaces import Install, Installs
from tests.platforms.fake_slack import TEAM, TOKEN

OTHER_TEAM = "T0BIRCH"
OTHER_TOKEN = "xoxb-birch"  # noqa: S105 - of no real workspace


class TwoInstalls(Installs):
    """The app installed in both workspaces."""

    def __init__(self) -> None:
        self.kept = {
            team: Install(team=team, name=team, token=token, bot_user="U0BOT")
            for team, token in ((TEAM, TOKEN), (OTHER_TEAM, OTHER_TOKEN))
        }

    @override
    def wall(self) -> float:
        return 0.0

    @override
    async def find(self, team: str) -> Install | None:
        return self.kept.get(team)

    @override
    async def keep(self, install: Install) -> None:
        self.kept[install.team] = install

    @override
    async def drop(self, team: str) -> None:
        self.kept.pop(team, None)

    @override
    async def teams(self) -> tuple[str, ...]:
        return tuple(self.kept)
