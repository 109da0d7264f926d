"""The conversations the bot is in, kept from its installation on: a reminder goes out when nobody has just written."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.cards import Card, Reply
from bot.ports import Conversation
from bot.refusal import Refusal

__all__ = ["CHANNEL", "GROUP", "PERSONAL", "PLATFORM", "KnownPlaces", "Places", "channels_named"]

PLATFORM = "teams"
PERSONAL, GROUP, CHANNEL = "personal", "groupChat", "channel"
"""Kinds of conversation, as Teams calls them. A personal one is named by the person's Entra object id."""
ID = re.compile(r"19:[^\s@]+@thread\.(?:tacv2|skype|v2)")
"""How Teams names a channel or a group chat."""


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

    async def in_names(self, tenant: str, reply: Reply) -> Reply:
        """A reply with the names of channels where it gives their ids; what somebody wrote stays as it was."""
        if not any(ID.search(text) for text in _texts(reply)):
            return reply
        try:
            titles = dict(await self.shared(tenant))
        except Refusal:  # the record cannot be reached; an id is better than no answer
            return reply

        def spoken(text: str) -> str:
            return ID.sub(lambda found: titles.get(found[0], found[0]), text)

        return replace(
            reply, headline=spoken(reply.headline), cards=tuple(_spoken(card, spoken) for card in reply.cards)
        )

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


def _texts(reply: Reply) -> Iterator[str]:
    """Where our own words may name a channel. A list that is made as it is drawn is none of setup's."""
    yield reply.headline
    for card in reply.cards:
        yield from (fact.value for fact in card.facts)
        if card.table and isinstance(card.table.rows, tuple):
            yield from (cell for row in card.table.rows for cell in row.cells)


def _spoken(card: Card, spoken: Callable[[str], str]) -> Card:
    facts = tuple(replace(fact, value=spoken(fact.value)) for fact in card.facts)
    if card.table is None or not isinstance(card.table.rows, tuple):
        return replace(card, facts=facts)
    rows = tuple(replace(row, cells=tuple(spoken(cell) for cell in row.cells)) for row in card.table.rows)
    return replace(card, facts=facts, table=replace(card.table, rows=rows))


def channels_named(told: Mapping[str, Any]) -> dict[str, str]:
    """The channels of a team by their id; the first of a team has no name of its own, and is called General."""
    return {
        str(channel["id"]): str(channel.get("name") or "General")
        for channel in told.get("conversations") or ()
        if channel.get("id")
    }
