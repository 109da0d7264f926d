"""What `duenotice doctor` says about Slack, one line each: token, permissions, channels, clock, reachability."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.oauth import SCOPES, SPARED
from adapters.slack.outbound import call, session, web_client
from adapters.slack.platform import SlackSettings
from adapters.slack.workspaces import Install
from bot.ports import NotPosted, OutcomeUnknown, TryLater

SKEW = 120.0
"""Seconds this computer's clock may differ from Slack's; at 300 Slack's signatures are refused."""

Line = tuple[str, str, str]
"""What is looked at, what is wrong with it, and what is said when nothing is."""


async def examine(settings: SlackSettings, channels: dict[str, str], *, now: float) -> list[Line]:
    """Look at Slack with the token of the settings; ``channels`` are our names and Slack's ids.

    ``now`` counts seconds since 1970.
    """
    if not settings.bot_token:
        return [("Slack", "", "one installation for each workspace; open /slack/install")]
    async with session() as http:
        client = web_client(settings.bot_token, api=settings.api, session=http)
        found = await _token(client, settings, channels, now, mend="copy SLACK_BOT_TOKEN again")
        return found + (await _socket(settings, http) if settings.app_token else [])


async def examine_installs(
    settings: SlackSettings,
    installs: Mapping[str, Install | None],
    channels: Mapping[str, dict[str, str]],
    *,
    now: float,
) -> list[Line]:
    """Look at every workspace the app is installed in: its tokens (``None`` cannot be unsealed) and its channels."""
    if not installs:
        return [("Slack", "", "installed in no workspace yet; open /slack/install")]
    found: list[Line] = []
    async with session() as http:
        for team, install in installs.items():
            if install is None:
                found.append((f"Slack, {team}", "its tokens were sealed with another DUENOTICE_SECRET_KEY", ""))
            elif install.expires and install.refresh and install.expires <= now:
                found.append((f"Slack, {install.name}", "", "its token has expired and is renewed at its next use"))
            else:
                client = web_client(install.token, api=settings.api, session=http)
                lines = await _token(client, settings, channels.get(team, {}), now, mend="open /slack/install again")
                found += [(f"{what} ({install.name})", wrong, fine) for what, wrong, fine in lines]
        return found + (await _socket(settings, http) if settings.app_token else [])


async def _token(
    client: AsyncWebClient, settings: SlackSettings, channels: dict[str, str], now: float, *, mend: str
) -> list[Line]:
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error", "no answer") if hasattr(error.response, "get") else "no answer"
        return [("Slack, token", f"Slack says {code}; {mend}", "")]
    except (ClientError, TimeoutError) as lost:
        return [("Slack, connection", f"{settings.api} cannot be reached: {type(lost).__name__}", "")]
    found: list[Line] = [("Slack, token", "", f"accepted in workspace {answer.get('team')} ({answer.get('team_id')})")]
    found += [_scopes(answer.headers), _clock(answer.headers, now)]
    for name, place in channels.items():
        found.append(await _channel(client, name, place))
    return found


async def _socket(settings: SlackSettings, http: ClientSession) -> list[Line]:
    """Whether Slack would open a connection of Socket Mode; none is opened."""
    try:
        await call(web_client(settings.app_token, api=settings.api, session=http).api_call("apps.connections.open"))
    except NotPosted as no:
        return [("Slack, socket", f"{str(no).rstrip('.')}; copy SLACK_APP_TOKEN again, with connections:write", "")]
    except (TryLater, OutcomeUnknown):
        return [("Slack, socket", f"{settings.api} cannot be reached", "")]
    return [("Slack, socket", "", "Slack opens connections with SLACK_APP_TOKEN")]


def _scopes(headers: dict[str, Any]) -> Line:
    said = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes", "")
    missing = sorted(set(SCOPES) - {scope.strip() for scope in said.split(",")}) if said else []
    needed = [scope for scope in missing if scope not in SPARED]
    wrong = f"missing {', '.join(needed)}; install the app again from manifest/slack.json" if needed else ""
    spared = "; ".join(f"without {scope}, no {SPARED[scope]}" for scope in missing if scope in SPARED)
    return "Slack, permissions", wrong, spared or "all that are used"


def _clock(headers: dict[str, Any], now: float) -> Line:
    said = {name.lower(): value for name, value in headers.items()}.get("date", "")
    try:
        off = abs(parsedate_to_datetime(said).timestamp() - now)
    except (TypeError, ValueError):
        return "Slack, clock", "", "Slack did not say what time it is"
    wrong = f"this computer's clock is {off:.0f} seconds off; signatures will be refused. Set it" if off > SKEW else ""
    return "Slack, clock", wrong, "agrees with Slack's"


async def _channel(client: Any, name: str, place: str) -> Line:  # noqa: ANN401 - the SDK's client
    what = f"Slack, #{name}"
    try:
        said = await call(client.conversations_info(channel=place))
    except NotPosted as no:
        return what, str(no).rstrip("."), ""
    except (TryLater, OutcomeUnknown):
        return what, "Slack did not answer; try again", ""
    channel = said.get("channel") or {}
    if channel.get("is_archived"):
        return what, "that channel is archived; choose another in setup", ""
    if not channel.get("is_member"):
        return what, "the bot is not in that channel; invite it there", ""
    return what, "", "the bot is in it"
