"""Posting cards in Teams for the round.

Teams cannot be asked for a message by its key, so one whose end nobody saw is never sent again: it is parked, and a
person decides. What Teams refused for certain is not in doubt, and waits for its next attempt.
"""

import contextlib
from collections.abc import Mapping
from typing import Any, Protocol

from typing_extensions import override

from adapters.teams import render
from adapters.teams.connector import Connector, NoMember
from adapters.teams.places import CHANNEL, PERSONAL, PLATFORM, KnownPlaces
from bot.cards import Card
from bot.ports import AccountGone, Address, Conversation, Messenger, NotPosted, OutcomeUnknown

__all__ = ["TeamsMessenger"]


MOST_TEAMS = 5
"""Channels and chats in which somebody is looked for before they are written to for the first time."""


class Posts(Protocol):
    """What posts and replaces messages."""

    async def post(self, service_url: str, conversation: str, message: Mapping[str, Any]) -> str:
        """Post a message and return its id."""

    async def update(self, service_url: str, conversation: str, posted: str, message: Mapping[str, Any]) -> None:
        """Replace a message."""


class TeamsMessenger(Messenger):
    """Posts cards in the tenants the app is installed in."""

    platform = PLATFORM

    def __init__(self, posts: Posts, connector: Connector, places: KnownPlaces) -> None:
        self._posts = posts
        self._connector = connector
        self._places = places

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        """Post a card and return the id Teams gave it; in a channel's thread, its first message is ``under``.

        Only channels have threads. In a group chat it stands by itself.
        """
        del key  # Teams keeps nothing of ours with a message
        try:
            return await self._posted(to, card, under)
        except NoMember as no:
            if to.channel:
                raise
            raise AccountGone(str(no)) from no

    async def _posted(self, to: Address, card: Card, under: str) -> str:
        place = await self._where(to)
        thread = f"{place.address};messageid={under}" if under and place.kind == CHANNEL else place.address
        return await self._posts.post(place.service, thread, render.message((card,)))

    @override
    async def update(self, to: Address, message: str, card: Card) -> None:
        """Show another card in its place."""
        place = await self._where(to)
        await self._posts.update(place.service, place.address, message, render.message((card,)))

    @override
    async def find(self, to: Address, key: str) -> str | None:
        """Nobody can look.

        :raises OutcomeUnknown: always
        """
        raise OutcomeUnknown

    async def _where(self, to: Address) -> Conversation:
        """The conversation: a channel or group chat, or the person's own chat, opened if need be."""
        known = await self._places.find(to.tenant, to.channel or to.user)
        if known is not None:
            return known
        if not (to.channel or to.user):
            raise NotPosted("The message names neither a channel nor a person.")
        service = await self._places.service(to.tenant)
        address = to.channel or await self._connector.begin(service, to.tenant, await self._account(service, to))
        place = Conversation(
            platform=PLATFORM,
            tenant=to.tenant,
            name=to.channel or to.user,
            kind=CHANNEL if to.channel else PERSONAL,
            address=address,
            service=service,
        )
        if not to.channel:
            await self._places.seen(place)
        return place

    async def _account(self, service_url: str, to: Address) -> str:
        """What the bot calls a person who never wrote to it, from a team both are in; else their Entra object id."""
        for channel, _ in (await self._places.shared(to.tenant))[:MOST_TEAMS]:
            with contextlib.suppress(NotPosted, OutcomeUnknown):
                member = await self._connector.member(service_url, channel, to.user)
                if member.get("id"):
                    return str(member["id"])
        return to.user
