"""The government clouds: tokens of their own issuer and for their own scope, and no files of bots."""

from pathlib import Path
from time import monotonic, time  # noqa: TID251 - Microsoft's own clock dates its tokens

import pytest

from adapters.teams.settings import GOVERNMENT_SERVICE, TeamsSettings, government
from storage.store import SqlStore
from tests.journeys.test_teams import asks_for_removal, confirms_from_home, events_of, stands_in
from tests.platforms.fake_entra import APP_ID, APP_SECRET, ISSUER, TENANT, FakeEntra
from tests.platforms.fake_teams import FakeTeams
from tests.platforms.teams_house import chicopee_in_teams

ISSUER_THERE, SCOPE_THERE = "https://api.botframework.us", "https://api.botframework.us/.default"


def settings(teams: FakeTeams) -> TeamsSettings:
    """What `MICROSOFT_CLOUD=government` gives, with Microsoft's part played here."""
    entra = teams.entra
    return government(
        app_id=APP_ID, password=APP_SECRET, tenant=TENANT, login=entra.login_url, openid=entra.metadata_url
    )


async def test_a_case_goes_its_way_in_a_government_cloud_and_the_public_clouds_tokens_are_no_good_there(
    sqlite_url: str, tmp_path: Path
) -> None:
    store = SqlStore.open(sqlite_url)
    entra = FakeEntra(wall=time, issuer=ISSUER_THERE, scope=SCOPE_THERE)
    teams = FakeTeams(now=monotonic, entra=entra)
    async with chicopee_in_teams(store, tmp_path, teams=teams, settings=settings) as house:
        report = await asks_for_removal(house.robin)
        await confirms_from_home(house.sam, report)
        await house.deliver()
        assert any(report in said for said in stands_in(house.teams, "social-media"))

        before = await events_of(house.store, "incident.report")
        made = house.robin.message("home")
        key = entra.keys[0]
        public = key.signs({"alg": "RS256", "kid": key.kid}, entra.claims(made["serviceUrl"], iss=ISSUER))
        status, _ = await house.posts(made, token=public)
        assert status == 401
        assert await events_of(house.store, "incident.report") == before
    await store.close()


@pytest.mark.parametrize(
    "service",
    [
        GOVERNMENT_SERVICE,
        "https://smba.infra.gcch.teams.microsoft.us/teams/",
        "https://smba.infra.dod.teams.microsoft.us/teams/",
    ],
)
def test_the_services_of_gcc_high_and_dod_are_answered(service: str) -> None:
    told = government(app_id=APP_ID, password=APP_SECRET, tenant=TENANT)
    assert told.trusts(service)
    assert (told.issuer, told.scope, told.sends_files) == (ISSUER_THERE, SCOPE_THERE, False)
    assert "botframework.azure.us" in told.openid
    assert not told.trusts(service.replace("microsoft.us", "microsoft.us.evil.example"))
