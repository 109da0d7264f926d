"""Documents and retained pictures handed to whoever asks for one, once Teams has asked them whether they want it.

Teams takes files of a bot in somebody's 1:1 chat only, and puts them into that person's OneDrive once they agree. The
desk is asked twice, and keeps both: when the file is offered, and when it is taken, so that nothing of it waits here in
between and whoever may no longer have it gets nothing. Source: Microsoft Teams platform documentation, "Send and
receive files using bot"; Microsoft Graph, "Upload large files with an upload session".
"""

import logging
from dataclasses import dataclass
from typing import Protocol

from adapters.teams import render
from adapters.teams.chats import Chats
from adapters.teams.connector import Connector
from adapters.teams.inbound import Consent, Sender, Wanted
from adapters.teams.settings import TeamsSettings
from adapters.teams.standing import Standings
from bot.cards import Card, File, Identity, Reply
from bot.ports import NotPosted, OutcomeUnknown, TryLater
from bot.refusal import Refusal

__all__ = ["Copies"]

log = logging.getLogger("duenotice.teams")

OFFERED = "The {what} is offered in your chat with me. Teams asks there whether you want it."
BEING_MADE = "The {what} is being made ready. It is offered in your chat with me in a moment."
NOT_GIVEN = "This {what} is not given out"
NO_FILES = (
    "Microsoft lets no bot send files in government clouds, so it cannot be sent here. Whoever looks after the "
    "computer this bot runs on can write the whole file of a case with `duenotice export`."
)
NOT_TAKEN = (
    "Teams did not take the {what}. Nothing of it was left behind here; open the case and press its button again."
)
TAKEN = "This {what} is in your OneDrive now, under Microsoft Teams Chat Files. That you were given it is on file."
DECLINED = "Nothing was sent. Whenever you want the {what}, open the case and press its button again."
NOT_OURS = "Teams named an address that is none of your organisation's files, so nothing was sent there."


class Desk(Protocol):
    """What is asked of the desk."""

    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        """A retained picture and its media type, for somebody who may open its case; the look is logged.

        :raises Refusal: they may not
        """

    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        """A document about a case, made now, for somebody who may have it; that they had it is logged.

        :raises Refusal: they may not, or there is none of this name
        """


@dataclass(frozen=True, slots=True)
class Copies:
    """Offers documents and pictures, and sends those that are taken."""

    desk: Desk
    chats: Chats
    connector: Connector
    standings: Standings
    settings: TeamsSettings

    async def offer(self, library: str, sender: Sender, wanted: Wanted) -> str:
        """Ask in the person's own chat whether they want a file; the line for where they pressed."""
        try:
            made = await self._made(library, sender, wanted)
        except Refusal as no:
            not_given = NOT_GIVEN.format(what=wanted.what)
            await self.chats.tell(sender, Reply(cards=(Card(title=not_given, body=no.why),)))
            return not_given
        await self.chats.say(sender, render.consent(made.name, len(made.raw), wanted.carried, wanted.what))
        return OFFERED.format(what=wanted.what)

    async def answered(self, library: str, sender: Sender, consent: Consent) -> None:
        """Send a file that was taken, or say that nothing was sent; the question itself goes away."""
        if not sender.own_chat:
            return
        what = consent.wanted.what
        not_given = NOT_GIVEN.format(what=what)
        if not consent.accepted:
            await self._closes(sender, consent, DECLINED.format(what=what))
            return
        if not self.settings.holds_files(consent.upload_url):
            await self._closes(sender, consent, f"{not_given}. {NOT_OURS}")
            return
        try:
            made = await self._made(library, sender, consent.wanted)
            await self.connector.upload(consent.upload_url, made.raw)
        except Refusal as no:
            await self._closes(sender, consent, f"{not_given}. {no.why}")
        except NotPosted as lost:
            log.warning("a %s was not taken: %s", what, lost)
            await self._closes(sender, consent, NOT_TAKEN.format(what=what))
        else:
            await self._closes(sender, consent, TAKEN.format(what=what))
            await self.chats.say(sender, render.file_info(consent.saved))

    async def _made(self, library: str, sender: Sender, wanted: Wanted) -> File:
        """The document, made now, or the picture as it is kept.

        :raises Refusal: nobody sends files here, or this person may not have it
        """
        if why := await self.standings.refusal(library, sender):
            raise Refusal(why)
        if not self.settings.sends_files:
            raise Refusal(NO_FILES)
        if not wanted.picture:
            return await self.desk.document(library, sender.identity, wanted.case, wanted.name)
        raw, media = await self.desk.picture(library, sender.identity, wanted.case, wanted.name)
        name = f"{wanted.case} picture {wanted.name[:12]}.{media.rpartition('/')[2]}"
        return File(name=name, media_type=media, raw=raw)

    async def _closes(self, sender: Sender, consent: Consent, words: str) -> None:
        """Put words in the place of the question; where it is gone, say them below."""
        try:
            await self.chats.replace(sender, consent.question, words)
        except (NotPosted, TryLater, OutcomeUnknown) as lost:
            log.warning("an offered file's question stays: %s", str(lost) or "no answer")
            await self.chats.tell(sender, Reply(headline=words))
