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
        tenant = inbound.tenant(body)
        bot = str(inbound.part(body, "recipient").get("id") or "")
        try:
            sender: Sender | None = inbound.sender(body)
        except Refusal:
            sender = None
        place = inbound.place_of(body, sender)
        what, action = str(inbound.part(body, "channelData").get("eventType") or ""), body.get("action")
        if what == "channelDeleted":
            gone = str(inbound.part(body, "channelData", "channel").get("id") or "")
            if gone:
                await self._places.left(tenant, gone)
            return
        removed = any(inbound.part(one).get("id") == bot for one in body.get("membersRemoved") or ())
        if removed or action in {"remove", "remove-upgrade"}:
            if place is not None and (removed or action == "remove"):
                await self._places.left(tenant, place.name)
            return
        if place is None:
            return
        await self._places.seen(place)
        if place.kind == CHANNEL and inbound.team(body) and _channels_changed(body, bot):
            self._later(self._channels(tenant, inbound.team(body), str(body["serviceUrl"])))
        upgraded = action == "add-upgrade"  # the same app in a newer version: nobody has just come
        if body["type"] == "installationUpdate" and sender is not None and sender.own_chat and not upgraded:
            self._later(self._welcome(sender))

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


def _channels_changed(body: Body, bot: str) -> bool:
    """Test whether a team's channels may be called otherwise now: the bot has come, or a channel has."""
    came = any(inbound.part(one).get("id") == bot for one in body.get("membersAdded") or ())
    what = str(inbound.part(body, "channelData").get("eventType") or "")
    return came or body["type"] == "installationUpdate" or what.startswith("channel")
