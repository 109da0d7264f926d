"""What `duenotice doctor` says about Teams, one line each: secret, keys, clock, installation, channels."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from time import monotonic

from aiohttp import ClientError, ClientSession, ClientTimeout

from adapters.teams.connector import Connector, Pace
from adapters.teams.credentials import Credentials, NoToken
from adapters.teams.places import KnownPlaces, Places
from adapters.teams.settings import TeamsSettings
from bot.ports import NotPosted, OutcomeUnknown, TryLater

__all__ = ["examine"]

PATIENCE = 10.0
SKEW = 120.0
"""Seconds this computer's clock may differ from Microsoft's; at 300 no activity is believed."""

Line = tuple[str, str, str]
"""What is looked at, what is wrong with it, and what is said when nothing is."""


async def examine(
    settings: TeamsSettings, channels: Mapping[str, tuple[str, str]], places: Places, *, now: float
) -> list[Line]:
    """Look at Teams.

    ``channels`` are our names with the tenant and id of each; ``now`` counts seconds since 1970.
    """
    if settings.development:
        return [("Teams", "", "without credentials, for the test client on this computer only")]
    async with ClientSession(timeout=ClientTimeout(total=PATIENCE)) as http:
        credentials = Credentials(settings, http, monotonic)
        connector = Connector(settings, http, credentials, Pace(monotonic))
        found = [await _secret(credentials), *await _keys(settings, http, now)]
        known = KnownPlaces(places, settings.service)
        found.append(await _installed(settings, places))
        for name, (tenant, channel) in channels.items():
            found.append(await _channel(connector, known, name, tenant, channel))
        return found


async def _secret(credentials: Credentials) -> Line:
    try:
        await credentials.token()
    except NoToken as no:
        what = "a new secret is made in Entra under Certificates & secrets" if no.refused else "is there a network?"
        return "Teams, secret", f"{no}; {what}", ""
    return "Teams, secret", "", "Microsoft gives the bot a token"


async def _keys(settings: TeamsSettings, http: ClientSession, now: float) -> list[Line]:
    try:
        async with http.get(settings.openid, allow_redirects=False) as answer:
            answer.raise_for_status()
            said = answer.headers.get("Date", "")
    except (ClientError, TimeoutError) as lost:
        return [("Teams, keys", f"{settings.openid} cannot be read: {type(lost).__name__}", "")]
    return [("Teams, keys", "", "can be read"), _clock(said, now)]


def _clock(said: str, now: float) -> Line:
    try:
        off = abs(parsedate_to_datetime(said).timestamp() - now)
    except (TypeError, ValueError):
        return "Teams, clock", "", "Microsoft did not say what time it is"
    wrong = f"this computer's clock is {off:.0f} seconds off; Teams will not be believed. Set it" if off > SKEW else ""
    return "Teams, clock", wrong, "agrees with Microsoft's"


async def _installed(settings: TeamsSettings, places: Places) -> Line:
    known = await places.conversations("teams", settings.tenant)
    wrong = "" if known else "nobody has added the app yet; upload the package of `duenotice manifest teams`"
    return "Teams, app", wrong, f"in {len(known)} conversations"


async def _channel(connector: Connector, known: KnownPlaces, name: str, tenant: str, channel: str) -> Line:
    what = f"Teams, #{name}"
    place = await known.find(tenant, channel)
    service = place.service if place else await known.service(tenant)
    try:
        await connector.members(service, channel)
    except NotPosted as no:
        return what, str(no).rstrip("."), ""
    except (TryLater, OutcomeUnknown):
        return what, "Teams did not answer; try again", ""
    return what, "", "the bot is in it"
