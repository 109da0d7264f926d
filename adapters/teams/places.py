"""The conversations the bot is in, kept from its installation on: a reminder goes out when nobody has just written."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.ports import Conversation

__all__ = ["CHANNEL", "GROUP", "PERSONAL", "PLATFORM", "KnownPlaces", "Places", "channels_named"]

PLATFORM = "teams"
PERSONAL, GROUP, CHANNEL = "personal", "groupChat", "channel"
"""Kinds of conversation, as Teams calls them. A personal one is named by the person's Entra object id."""


class Places(Protocol):
    """Where conversations are kept."""

    async def conversation(self, platform: str, tenant: str, name: str) -> Conversation | None:
        """One conversation."""

    async def conversations(self, platform: str, tenant: str) -> tuple[Conversation, ...]:
        """Every conversation of a tenant."""

    async def keep_conversation(self, conversation: Conversation) -> None:
        """Keep it, instead of what was known of it."""

    async def drop_conversation(self, platform: str, tenant: str, name: str) -> None:
        """Forget it: the bot was removed from it."""


class KnownPlaces:
    """Remembers what is kept, so that an activity that says nothing new writes nothing."""

    def __init__(self, places: Places, default_service: str) -> None:
        """``default_service`` answers for a tenant nobody has written from yet."""
        self._places = places
        self._default = default_service
        self._known: dict[tuple[str, str], Conversation] = {}
        self._services: dict[str, str] = {}

    async def find(self, tenant: str, name: str) -> Conversation | None:
        """One conversation, as it was known last."""
        return self._known.get((tenant, name)) or await self.now(tenant, name)

    async def now(self, tenant: str, name: str) -> Conversation | None:
        """One conversation as it is kept, which another process may have changed."""
        known = await self._places.conversation(PLATFORM, tenant, name)
        if known is not None:
            self._known[tenant, name] = known
        return known

    async def seen(self, place: Conversation) -> None:
        """Keep where a conversation is answered now; its title and what it awaits stay when they are not given."""
        self._services[place.tenant] = place.service
        if _with(place, await self.find(place.tenant, place.name)) == self._known.get((place.tenant, place.name)):
            return
        known = await self.now(place.tenant, place.name)
        if (merged := _with(place, known)) != known:
            await self._keep(merged)

    async def awaits(self, tenant: str, name: str, draft: str) -> None:
        """Note the draft that a person's next pictures belong to."""
        known = await self.now(tenant, name)
        if known is not None and known.awaits != draft:
            await self._keep(replace(known, awaits=draft))

    async def _keep(self, place: Conversation) -> None:
        self._known[place.tenant, place.name] = place
        await self._places.keep_conversation(place)

    async def left(self, tenant: str, name: str) -> None:
        """The bot was removed from a conversation."""
        self._known.pop((tenant, name), None)
        await self._places.drop_conversation(PLATFORM, tenant, name)

    async def shared(self, tenant: str) -> tuple[tuple[str, str], ...]:
        """The channels and group chats of a tenant the bot is known to be in: id and title, by title."""
        found = [place for place in await self._places.conversations(PLATFORM, tenant) if place.kind != PERSONAL]
        return tuple(sorted(((place.name, place.title or place.name) for place in found), key=lambda one: one[1]))

    async def service(self, tenant: str) -> str:
        """The address that answers for a tenant: the last one it wrote from."""
        if tenant not in self._services:
            found = await self._places.conversations(PLATFORM, tenant)
            self._services[tenant] = found[-1].service if found else self._default
        return self._services[tenant]


def _with(place: Conversation, known: Conversation | None) -> Conversation:
    """What is known of a conversation, with what an activity says of it now."""
    if known is None:
        return place
    return replace(place, title=place.title or known.title, awaits=place.awaits or known.awaits)


def channels_named(told: Mapping[str, Any]) -> dict[str, str]:
    """The channels of a team by their id; the first of a team has no name of its own, and is called General."""
    return {
        str(channel["id"]): str(channel.get("name") or "General")
        for channel in told.get("conversations") or ()
        if channel.get("id")
    }
