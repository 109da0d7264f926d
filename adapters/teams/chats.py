"""Each person's own chat with the bot, where everything is answered that must not be read by others."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, Protocol

from adapters.replies import again, origin, without_page
from adapters.teams import render
from adapters.teams.connector import Connector
from adapters.teams.inbound import Sender
from adapters.teams.places import PERSONAL, PLATFORM, KnownPlaces
from bot.cards import Reply, Submission
from bot.ports import Conversation, NotPosted, OutcomeUnknown, TryLater

__all__ = ["Chats"]

log = logging.getLogger("duenotice.teams")

NO_CHAT = "I answer in private only. Open a chat with me first (add the app for yourself), then ask again."
WORDS = ("home", "report", "due", "help")
"""What is suggested under an answer."""
MOST_WAITS = 30.0
"""Seconds an answer waits for Teams to take it; what it says is on file in any case."""


class Posts(Protocol):
    """What posts messages."""

    async def post(self, service_url: str, conversation: str, message: Mapping[str, Any]) -> str:
        """Post a message and return its id."""

    async def update(self, service_url: str, conversation: str, posted: str, message: Mapping[str, Any]) -> None:
        """Replace a message."""


class Chats:
    """Answers people where nobody else reads it."""

    def __init__(self, posts: Posts, connector: Connector, places: KnownPlaces) -> None:
        self._posts = posts
        self._connector = connector
        self._places = places

    async def tell(
        self, sender: Sender, reply: Reply, sent: Submission | None = None, *, suggests: bool = False
    ) -> None:
        """Answer in the person's own chat with the bot; nobody else ever reads an answer."""
        message = _answer(reply, sent)
        if suggests:
            message["suggested"] = {
                "to": [sender.account],
                "actions": [{"type": "imBack", "title": word.capitalize(), "value": word} for word in WORDS],
            }
        await self.say(sender, message)

    async def say(self, sender: Sender, message: Mapping[str, Any]) -> None:
        """Post a message in the person's own chat; where there is none, say so where they asked."""
        try:
            conversation = await self._own_chat(sender)
        except (TryLater, NotPosted) as no:
            log.warning("somebody's chat could not be opened: %s", str(no))
            await self._post(sender.service_url, sender.thread, {"text": NO_CHAT})
            return
        await self._post(sender.service_url, conversation, message)

    async def says_there(self, service_url: str, conversation: str, words: str) -> None:
        """Say a line where somebody wrote whom nothing may be told, and who may have no chat with the bot."""
        await self._post(service_url, conversation, {"text": words})

    async def replace(self, sender: Sender, posted: str, words: str) -> None:
        """Put words in the place of a message in the person's own chat.

        :raises TryLater, NotPosted, OutcomeUnknown: as the connector says
        """
        message = render.message((), words)
        await self._posts.update(sender.service_url, await self._own_chat(sender), posted, message)

    async def renews(self, sender: Sender, posted: str, reply: Reply, sent: Submission | None) -> bool:
        """Put an answer in the place of one in the person's own chat; test whether Teams took it."""
        message = _answer(reply, sent)
        try:
            await self._posts.update(sender.service_url, await self._own_chat(sender), posted, message)
        except (NotPosted, TryLater, OutcomeUnknown) as lost:
            log.warning("an answer stays as it was: %s", str(lost) or "no answer")
            return False
        return True

    async def _own_chat(self, sender: Sender) -> str:
        """The person's own chat with the bot, opened when it is not known yet."""
        if sender.own_chat:
            return sender.channel
        known = await self._places.find(sender.tenant, sender.user)
        if known is not None:
            return known.address
        conversation = await self._connector.begin(sender.service_url, sender.tenant, sender.account)
        place = Conversation(
            platform=PLATFORM,
            tenant=sender.tenant,
            name=sender.user,
            kind=PERSONAL,
            address=conversation,
            service=sender.service_url,
        )
        await self._places.seen(place)
        return conversation

    async def _post(self, service_url: str, conversation: str, message: Mapping[str, Any]) -> None:
        """Post an answer; while Teams asks to wait it waits, for a while."""
        waited = 0.0
        while True:
            try:
                await self._posts.post(service_url, conversation, message)
            except TryLater as later:
                waited += later.seconds
                if waited <= MOST_WAITS:
                    await asyncio.sleep(later.seconds)
                    continue
                log.warning("an answer did not arrive: Teams asks to wait")
            except (NotPosted, OutcomeUnknown) as lost:
                log.warning("an answer did not arrive: %s", str(lost) or "no answer")
            return


def _answer(reply: Reply, sent: Submission | None) -> dict[str, Any]:
    return render.of_reply(without_page(reply), again=again(reply, sent, opens_form=False), origin=origin(reply, sent))
