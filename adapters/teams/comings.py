"""The bot comes into a conversation or leaves it, and channels come and go: where it can write is kept up to date.

People coming and going is nothing to it. Source: Microsoft Teams platform documentation, "Conversation update events"
and "Installation update event".
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from adapters.teams import inbound
from adapters.teams.connector import Connector
from adapters.teams.inbound import Sender
from adapters.teams.places import CHANNEL, PLATFORM, KnownPlaces, channels_named
from bot.ports import Conversation, NotPosted, OutcomeUnknown, TryLater
from bot.refusal import Refusal

__all__ = ["Comings"]

log = logging.getLogger("duenotice.teams")

Body = Mapping[str, Any]
Later = Callable[[Coroutine[Any, Any, None]], asyncio.Future[None]]
"""Starts something that goes on whatever becomes of the delivery."""


class Comings:
    """Keeps where the bot is, from what Teams tells of it."""

    def __init__(
        self,
        connector: Connector,
        places: KnownPlaces,
        *,
        later: Later,
        welcome: Callable[[Sender], Coroutine[Any, Any, None]],
    ) -> None:
        """``welcome`` greets whoever has added the bot to their own chats."""
        self._connector = connector
        self._places = places
        self._later = later
        self._welcome = welcome

    async def moved(self, body: Body) -> None:
        """Take what Teams tells of the bot, its teams and their channels."""
        tenant, bot = inbound.tenant(body), str(inbound.part(body, "recipient").get("id") or "")
        try:
            sender: Sender | None = inbound.sender(body)
        except Refusal:
            sender = None
        place = inbound.place_of(body, sender)
        if _event(body) == "channelDeleted":
            await self._places.left(tenant, str(inbound.part(body, "channelData", "channel").get("id") or ""))
        elif _leaves(body, bot):
            await self._left(body, place)
        elif place is not None and body.get("action") != "remove-upgrade":
            await self._came(body, bot, place, sender)

    async def _left(self, body: Body, place: Conversation | None) -> None:
        if place is not None:
            await self._places.left(place.tenant, place.name)
        if inbound.team(body):
            self._later(self._left_team(inbound.tenant(body), str(body["serviceUrl"])))

    async def _came(self, body: Body, bot: str, place: Conversation, sender: Sender | None) -> None:
        await self._places.seen(place)
        if place.kind == CHANNEL and inbound.team(body) and _channels_changed(body, bot):
            self._later(self._channels(place.tenant, inbound.team(body), str(body["serviceUrl"])))
        upgraded = body.get("action") == "add-upgrade"  # the same app in a newer version: nobody has just come
        if body["type"] == "installationUpdate" and sender is not None and sender.own_chat and not upgraded:
            self._later(self._welcome(sender))

    async def _left_team(self, tenant: str, service_url: str) -> None:
        """Forget every channel the bot is in no longer: Teams names only one of those of a team it was removed from."""
        for name, _ in await self._places.shared(tenant):
            try:
                await self._connector.members(service_url, name)
            except NotPosted:
                await self._places.left(tenant, name)
            except (TryLater, OutcomeUnknown) as lost:
                log.warning("whether the bot is in a channel was not told: %s", str(lost) or "no answer")
                return

    async def _channels(self, tenant: str, team: str, service_url: str) -> None:
        """Learn what the channels of a team are called, so that setup can offer them."""
        try:
            told = await self._connector.channels(service_url, team)
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("the channels of a team were not told: %s", str(lost) or "no answer")
            return
        for name, title in channels_named(told).items():
            await self._places.seen(
                Conversation(
                    platform=PLATFORM,
                    tenant=tenant,
                    name=name,
                    kind=CHANNEL,
                    address=name,
                    service=service_url,
                    title=title,
                )
            )


def _event(body: Body) -> str:
    return str(inbound.part(body, "channelData").get("eventType") or "")


def _leaves(body: Body, bot: str) -> bool:
    """Test whether the bot was removed from a conversation, or from the whole of a team."""
    removed = any(inbound.part(one).get("id") == bot for one in body.get("membersRemoved") or ())
    return removed or body.get("action") == "remove" or _event(body) == "teamDeleted"


def _channels_changed(body: Body, bot: str) -> bool:
    """Test whether a team's channels may be called otherwise now: the bot has come, or a channel has."""
    came = any(inbound.part(one).get("id") == bot for one in body.get("membersAdded") or ())
    return came or body["type"] == "installationUpdate" or _event(body).startswith("channel")
