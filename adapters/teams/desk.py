"""Each kind of activity, answered: what is asked of the desk, and where its answer is shown.

Teams waits ten seconds for an invoke, and five for a message extension. What the desk has not saved by then is called
"not saved yet", and the result follows the commit in the person's own chat with the bot. Only a dialog is private where
it is opened; whatever else is asked for in a channel or a group chat is answered in that chat.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from adapters.replies import again
from adapters.teams import copies, files, forms, inbound, render
from adapters.teams.chats import Chats
from adapters.teams.connector import Connector
from adapters.teams.copies import Copies
from adapters.teams.files import Files
from adapters.teams.inbound import FilledPage, Press, Sender, Wanted
from adapters.teams.places import CHANNEL, PERSONAL, PLATFORM, KnownPlaces, channels_named
from adapters.teams.settings import TeamsSettings
from adapters.teams.standing import Standings
from bot.cards import Button, Card, FieldKind, Reply, Submission, Turn
from bot.ports import Conversation, NotPosted, OutcomeUnknown, TryLater
from bot.refusal import Refusal

__all__ = ["TeamsDesk"]

log = logging.getLogger("duenotice.teams")

NOT_SAVED = "The record is slow just now. What comes of it follows in your chat with me."
PRIVATELY = "The answer is in your chat with me."
NOT_HERE = (
    "This organisation has no library here yet. Whoever runs this bot begins one with `duenotice init --platform teams "
    "--tenant {tenant}`, naming people by their Entra object id; yours is {user}."
)
SENT_PICTURES = "This page is kept. Send the pictures in your chat with me, then press “Go on” there."
FAILED = (
    "Something went wrong here, and nothing was saved. Try again; if it stays, tell your administrator {reference}."
)
FILES = "files"
TURNS = {"back": Turn.BACK, FILES: Turn.STAY}

Answer = Mapping[str, Any]
Body = Mapping[str, Any]
T = TypeVar("T")


class Desk(files.Desk, copies.Desk, Protocol):
    """What this adapter asks of the desk."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """An activity on its way: who came, to which library, and since when."""

    library: str
    sender: Sender
    since: float


class TeamsDesk:
    """Answers activities. What it gives is the answer to an invoke; everything else answers by a message."""

    def __init__(
        self,
        desk: Desk,
        *,
        chats: Chats,
        connector: Connector,
        places: KnownPlaces,
        settings: TeamsSettings,
        library_of: Callable[[str], Coroutine[Any, Any, str]],
        now: Callable[[], float],
        slow: float,
    ) -> None:
        """``now`` counts seconds (a monotonic clock); ``slow`` is how many of them a person waits."""
        self._desk = desk
        self._chats = chats
        self._connector = connector
        self._places = places
        self._library_of = library_of
        self._now = now
        self._slow = slow
        self._files = Files(desk, connector, places, settings)
        self._standings = Standings(connector, now)
        self._copies = Copies(desk, chats, connector, self._standings, settings)
        self._running: set[asyncio.Future[Any]] = set()

    async def answer(self, body: Body) -> Answer:
        """The answer to an activity. Nothing is raised: a bug is logged under a reference, without the activity."""
        try:
            return await self._attend(body)
        except Refusal as no:
            return self._no(body, no.why)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("an activity of Teams failed, reference %s", reference)
            return self._no(body, FAILED.format(reference=reference))

    def _no(self, body: Body, words: str) -> Answer:
        """Say why nothing came of an activity: to an invoke as its answer, to words in the person's chat."""
        if body["type"] != "message":
            return _said(body, words)
        with contextlib.suppress(Refusal):  # nobody of the directory, so there is no chat to say it in
            self._later(self._chats.tell(inbound.sender(body), Reply(headline=words)))
        return {}

    async def finish(self) -> None:
        """Wait for everything that goes on after its answer."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    async def close(self, within: float) -> None:
        """Wait for that up to so many seconds, then give up what is only said; what was saved is saved."""
        try:
            async with asyncio.timeout(within):
                await self.finish()
        except TimeoutError:
            left = tuple(self._running)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            log.warning("%s answers were given up", len(left))

    # -- kinds of activity -------------------------------------------------------------------------------------------

    async def _attend(self, body: Body) -> Answer:
        since = self._now()
        kind = body["type"]
        if kind in {"conversationUpdate", "installationUpdate"}:
            await self._moved(body)
        elif kind == "invoke" or (kind == "message" and _speaks_to_us(body)):
            sender = inbound.sender(body)
            place = inbound.place_of(body, sender)
            if place is not None:
                await self._places.seen(place)
            visit = Visit(library=await self._library_of(sender.tenant), sender=sender, since=since)
            if not visit.library:
                return await self._nowhere(visit, body)
            if kind == "invoke":
                return await self._invoked(visit, body)
            await self._message(visit, body)
        return {}

    async def _invoked(self, visit: Visit, body: Body) -> Answer:
        match body.get("name"):
            case "adaptiveCard/action":
                return await self._act(visit, inbound.data(body))
            case "fileConsent/invoke":
                taken = self._copies.answered(visit.library, visit.sender, inbound.consented(body))
                await self._done(self._later(taken), visit)
                return {}
            case "task/fetch":
                return await self._open(visit, inbound.pressed(inbound.data(body)))
            case "composeExtension/fetchTask":
                return await self._extension(visit, body)
            case "task/submit" | "composeExtension/submitAction":
                return await self._dialog(visit, inbound.data(body))
            case _:
                return {}

    async def _moved(self, body: Body) -> None:
        """The bot came into a conversation or left it; people coming and going is nothing to it."""
        tenant = inbound.tenant(body)
        bot = str(inbound.part(body, "recipient").get("id") or "")
        try:
            sender: Sender | None = inbound.sender(body)
        except Refusal:
            sender = None
        place = inbound.place_of(body, sender)
        removed = any(inbound.part(one).get("id") == bot for one in body.get("membersRemoved") or ())
        if removed or body.get("action") in {"remove", "remove-upgrade"}:
            if place is not None and (removed or body.get("action") == "remove"):
                await self._places.left(tenant, place.name)
            return
        if place is None:
            return
        await self._places.seen(place)
        if place.kind == CHANNEL and inbound.team(body) and _channels_changed(body, bot):
            self._later(self._channels(tenant, inbound.team(body), str(body["serviceUrl"])))
        if body["type"] == "installationUpdate" and sender is not None and sender.own_chat:
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

    async def _welcome(self, sender: Sender) -> None:
        library = await self._library_of(sender.tenant)
        visit = Visit(library=library, sender=sender, since=self._now())
        if not library:
            await self._chats.tell(sender, Reply(headline=_not_here(sender)))
            return
        await self._chats.tell(sender, await self._ask(visit, sender.says(library, "home")))

    async def _nowhere(self, visit: Visit, body: Body) -> Answer:
        words = _not_here(visit.sender)
        if body["type"] == "message":
            self._later(self._chats.tell(visit.sender, Reply(headline=words)))
            return {}
        return _said(body, words)

    async def _message(self, visit: Visit, body: Body) -> None:
        """Words, pictures, or a button of a client that knows no better."""
        sender = visit.sender
        if render.CARRIED in inbound.part(body, "value"):
            await self._act(visit, inbound.part(body, "value"))
            return
        said = inbound.words(body)
        pictures = inbound.attached(body) if sender.own_chat else ()
        if pictures:
            taken = self._later(self._take(visit, pictures))
            await self._answered(visit, taken, None)
            if not said:
                return
        sent = sender.says(visit.library, said or "home")
        await self._answered(visit, self._asked(visit, sent), sent)

    async def _take(self, visit: Visit, pictures: tuple[inbound.Attached, ...]) -> Reply:
        if why := await self._standings.refusal(visit.sender):
            return _unserved(why)
        try:
            return await self._files.take(visit.library, pictures, visit.sender)
        except Refusal as no:
            return Reply(cards=(Card(title="No picture was added", body=no.why),))

    async def _answered(self, visit: Visit, asked: asyncio.Future[Reply], sent: Submission | None) -> None:
        """Answer words in the person's own chat, after the commit; later, if that takes long."""
        if await self._done(asked, visit):
            self._later(self._chats.tell(visit.sender, asked.result(), sent, suggests=True))
        else:
            self._later(self._late(visit, asked, sent, tell=True))

    async def _act(self, visit: Visit, data: Mapping[str, Any]) -> Answer:
        """A button that acts: a line says what came of it, and the cards follow in the person's chat."""
        if wanted := inbound.wanted(data):
            return _noted(await self._offered_file(visit, wanted))
        press = inbound.pressed(data)
        sent = self._pressed(visit, press)
        asked = self._asked(visit, sent)
        if not await self._done(asked, visit):
            self._later(self._late(visit, asked, sent))
            return _noted(f"Not saved yet. {NOT_SAVED}")
        reply = asked.result()
        if not reply.cards and reply.page is None:
            return _noted(reply.headline)
        self._later(self._follows(visit, reply, sent, whole=press.whole))
        if not visit.sender.own_chat:
            return _noted(PRIVATELY)
        return _noted(reply.headline or (reply.cards[0].title if reply.cards else PRIVATELY))

    async def _open(self, visit: Visit, press: Press) -> Answer:
        """A button that opens a form."""
        return await self._in_dialog(visit, self._pressed(visit, press), whole=press.whole)

    async def _extension(self, visit: Visit, body: Body) -> Answer:
        """The message extension; the id of its command names what is asked for."""
        value = inbound.part(body, "value")
        intent = str(value.get("commandId") or "")
        subject = inbound.reported(body) if value.get("commandContext") == "message" else ""
        return await self._in_dialog(visit, visit.sender.sends(visit.library, intent, subject=subject))

    async def _dialog(self, visit: Visit, sent: Mapping[str, Any]) -> Answer:
        """What an open dialog sends: a page of its form, or one of its buttons."""
        if wanted := inbound.wanted(sent):
            return forms.notice(await self._offered_file(visit, wanted))
        if not inbound.is_page(sent):
            press = inbound.pressed(sent)
            return await self._in_dialog(visit, self._pressed(visit, press), whole=press.whole)
        page = inbound.filled(sent)
        memory = page.memory
        asked = self._later(self._turned(visit, page))
        if not await self._done(asked, visit):
            self._later(self._late(visit, asked, None))
            return forms.waiting(NOT_SAVED, forms.resuming("Look again", memory))
        reply = asked.result()
        if page.turn == FILES and reply.page is not None:
            await self._files.asked_on(visit.sender, reply.page)
            self._later(self._chats.tell(visit.sender, files.sending_here(reply.page)))
            return forms.notice(SENT_PICTURES)
        whole = again(reply, None, opens_form=False) or Button(label="", intent=memory.intent, token=memory.token)
        return await self._shown(visit, reply, whole)

    async def _offered_file(self, visit: Visit, wanted: Wanted) -> str:
        """Offer a document or a picture in the person's own chat; what is said where they pressed."""
        asked = self._later(self._copies.offer(visit.library, visit.sender, wanted))
        return asked.result() if await self._done(asked, visit) else copies.BEING_MADE.format(what=wanted.what)

    # -- asking ------------------------------------------------------------------------------------------------------

    def _asked(self, visit: Visit, sent: Submission) -> asyncio.Future[Reply]:
        """Ask the desk; the work goes on even if the person is answered before it ends."""
        return self._later(self._ask(visit, sent))

    async def _ask(self, visit: Visit, sent: Submission) -> Reply:
        if why := await self._standings.refusal(visit.sender):
            return _unserved(why)
        try:
            return await self._desk(sent)
        except Refusal as no:  # the record could not be reached
            return Reply(cards=(Card(title="Not saved", body=no.why),))

    def _pressed(self, visit: Visit, press: Press) -> Submission:
        if press.intent == "say":
            return visit.sender.says(visit.library, press.subject)
        return visit.sender.sends(
            visit.library,
            press.intent,
            subject=press.subject,
            version_seen=press.version or None,
            token=press.token,
        )

    async def _turned(self, visit: Visit, page: FilledPage) -> Reply:
        """Send a page, once it has everything a dialog could not carry."""
        if why := await self._standings.refusal(visit.sender):
            return _unserved(why)
        try:
            page = await self._files.gather(visit.library, page, visit.sender)
        except Refusal as no:
            return Reply(cards=(Card(title="Not saved", body=no.why),))
        return await self._ask(visit, self._page(visit, page))

    def _page(self, visit: Visit, page: FilledPage) -> Submission:
        return visit.sender.sends(
            visit.library,
            page.memory.intent,
            subject=page.memory.subject,
            values=page.values,
            token=page.memory.token,
            page=page.memory.page,
            turn=TURNS.get(page.turn, Turn.NEXT),
        )

    # -- answering ---------------------------------------------------------------------------------------------------

    async def _in_dialog(self, visit: Visit, sent: Submission, *, whole: bool = False) -> Answer:
        """Answer in a dialog: with a page, or with what came of it."""
        asked = self._asked(visit, sent)
        if not await self._done(asked, visit):
            self._later(self._late(visit, asked, sent))
            return forms.waiting(NOT_SAVED, None)
        reply = asked.result()
        if whole and reply.page is None:
            self._later(self._follows(visit, reply, sent, whole=True))
            return forms.notice(PRIVATELY)
        return await self._shown(visit, reply, again(reply, sent, opens_form=False))

    async def _shown(self, visit: Visit, reply: Reply, again: Button | None) -> Answer:
        await self._files.asked_on(visit.sender, reply.page)
        return forms.of_reply(reply, channels=await self._offered(visit, reply), again=again)

    async def _offered(self, visit: Visit, reply: Reply) -> forms.Channels:
        """The channels to choose from, if the page asks for one."""
        asked = reply.page.page.fields if reply.page else ()
        if not any(field.names == "channel" and field.kind is FieldKind.TEXT for field in asked):
            return ()
        return await self._places.shared(visit.sender.tenant)

    async def _late(
        self, visit: Visit, asked: asyncio.Future[Reply], sent: Submission | None, *, tell: bool = False
    ) -> None:
        if tell:
            await self._chats.tell(visit.sender, Reply(headline=f"Not saved yet. {NOT_SAVED}"))
        await self._chats.tell(visit.sender, await asked, sent)

    async def _follows(self, visit: Visit, reply: Reply, sent: Submission, *, whole: bool) -> None:
        if not whole:
            await self._chats.tell(visit.sender, reply, sent)
            return
        for message in render.whole(reply):
            await self._chats.say(visit.sender, message)

    # -- time --------------------------------------------------------------------------------------------------------

    def _later(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Start something that goes on whatever becomes of the delivery."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (trouble := task.exception()) is not None:
            log.error("an answer to Teams failed", exc_info=trouble)

    async def _done(self, task: asyncio.Future[Any], visit: Visit) -> bool:
        """Wait until it has ended, or until somebody has waited long enough; test whether it has."""
        left = visit.since + self._slow - self._now()
        await asyncio.wait({task}, timeout=max(0.0, left))
        return task.done()


def _speaks_to_us(body: Body) -> bool:
    kind = body["conversation"].get("conversationType")
    return kind == PERSONAL or inbound.is_for_us(body) or render.CARRIED in inbound.part(body, "value")


def _channels_changed(body: Body, bot: str) -> bool:
    """Test whether a team's channels may be called otherwise now: the bot has come, or a channel has."""
    came = any(inbound.part(one).get("id") == bot for one in body.get("membersAdded") or ())
    what = str(inbound.part(body, "channelData").get("eventType") or "")
    return came or body["type"] == "installationUpdate" or what.startswith("channel")


def _noted(words: str) -> Answer:
    """The answer to a button that acts: a line for whoever pressed it."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": render.said(words)[:400]}


def _said(body: Body, words: str) -> Answer:
    """Words as the answer to whatever kind of invoke this was; nothing for what is no invoke."""
    if body.get("type") != "invoke":
        return {}
    return _noted(words) if body.get("name") == "adaptiveCard/action" else forms.notice(words)


def _unserved(why: str) -> Reply:
    return Reply(cards=(Card(title="This bot is for the library's staff", body=why),))


def _not_here(sender: Sender) -> str:
    return NOT_HERE.format(tenant=sender.tenant, user=sender.user)
