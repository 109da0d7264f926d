"""Each kind of activity, answered: what is asked of the desk, and where its answer is shown.

Teams waits ten seconds for an invoke, and five for a message extension. What the desk has not saved by then is called
"not saved yet", and the result follows the commit in the person's own chat with the bot. Only a dialog is private where
it is opened; whatever else is asked for in a channel or a group chat is answered in that chat.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from adapters.replies import again
from adapters.teams import answers, copies, files, forms, inbound, render
from adapters.teams.chats import Chats
from adapters.teams.comings import Comings
from adapters.teams.connector import Connector
from adapters.teams.copies import Copies
from adapters.teams.files import Files
from adapters.teams.inbound import FilledPage, Press, Sender, Wanted
from adapters.teams.picked import Picked, told_of
from adapters.teams.places import PERSONAL, KnownPlaces
from adapters.teams.renewing import Renewing
from adapters.teams.settings import TeamsSettings
from adapters.teams.standing import Standings
from bot.cards import Button, Card, FieldKind, Identity, OpenPage, Reply, Standing, Submission
from bot.refusal import Refusal

__all__ = ["TeamsDesk"]

log = logging.getLogger("duenotice.teams")

NOT_SAVED = "The record is slow just now. What comes of it follows in your chat with me."
PRIVATELY = "The answer is in your chat with me."
SENT_PICTURES = "This page is kept. Send the pictures in your chat with me, then press “Go on” there."
STAFF_ONLY = "I answer the library's own staff only. If something concerns you, please ask one of them."
NOT_IN_A_CHANNEL = "What you attached where others read was not fetched. Send pictures here, when a page asks for them."
PICTURES_LATER = (
    "This page is kept, but the record is slow just now. Open it again, and press “Add pictures in our chat” once more."
)
GRACE = 0.5
"""Seconds that work which counts on its own time is given beyond it."""
FAILED = (
    "Something went wrong here, and nothing was saved. Try again; if it stays, tell your administrator {reference}."
)
MOST_OPENED = 10_000
"""Forms of which it is remembered on which message they were opened; one that is forgotten leaves that as it is."""

Answer = Mapping[str, Any]
Body = Mapping[str, Any]
T = TypeVar("T")


class Desk(files.Desk, copies.Desk, Protocol):
    """What this adapter asks of the desk."""

    async def account_is(self, library: str, account: Identity, standing: Standing) -> None:
        """Keep what Teams says of an account from now on."""

    async def was_answered(self, library: str, delivery: str) -> bool:
        """Test whether a delivery was answered, also before a restart."""

    async def answered(self, library: str, delivery: str) -> None:
        """Keep that a delivery was answered."""


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
        self._picked = Picked(connector, places)
        self._standings = Standings(connector, places, now, desk.account_is)
        self._copies = Copies(desk, chats, connector, self._standings, settings)
        self._comings = Comings(connector, places, later=self._later, welcome=self._welcome)
        self._renewing = Renewing(desk, chats, places)
        self._opened: dict[str, tuple[str, render.Origin]] = {}
        self._running: set[asyncio.Future[Any]] = set()

    async def answer(self, body: Body, since: float | None = None) -> Answer:
        """The answer to an activity that arrived at ``since``. Nothing is raised, and no invoke waits for too long.

        A bug is logged under a reference, without the activity.
        """
        began = self._now() if since is None else since
        answered = self._later(self._answer(body, began))
        if body["type"] != "invoke":
            return await answered
        await asyncio.wait({answered}, timeout=max(0.0, began + self._slow + GRACE - self._now()))
        return answered.result() if answered.done() else answers.said(body, f"Not saved yet. {NOT_SAVED}")

    async def _answer(self, body: Body, since: float) -> Answer:
        try:
            return await self._attend(body, since)
        except Refusal as no:
            return self._no(body, no.why, since)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("an activity of Teams failed, reference %s", reference)
            return self._no(body, FAILED.format(reference=reference), since)

    def _no(self, body: Body, words: str, since: float) -> Answer:
        """Say why nothing came of an activity: to an invoke as its answer, to words in the person's chat.

        An invoke that was answered meanwhile is told there too. To nobody of the directory it is said where they wrote,
        and tells no more than that.
        """
        late = body["type"] == "invoke" and self._now() > since + self._slow + GRACE
        if body["type"] != "message" and not late:
            return answers.said(body, words)
        try:
            self._later(self._chats.tell(inbound.sender(body), Reply(headline=words)))
        except Refusal:
            where = str(body["conversation"]["id"])
            self._later(self._chats.says_there(str(body["serviceUrl"]), where, STAFF_ONLY))
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

    async def _attend(self, body: Body, since: float) -> Answer:
        kind = body["type"]
        if kind in {"conversationUpdate", "installationUpdate"}:
            await self._comings.moved(body)
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
                return await self._act(visit, inbound.data(body), str(body.get("replyToId") or ""))
            case "fileConsent/invoke":
                taken = self._copies.answered(visit.library, visit.sender, inbound.consented(body))
                await self._done(self._later(taken), visit)
                return {}
            case "task/fetch":
                return await self._open(visit, inbound.pressed(inbound.data(body)), str(body.get("replyToId") or ""))
            case "composeExtension/fetchTask":
                return await self._extension(visit, body)
            case "task/submit" | "composeExtension/submitAction":
                return await self._dialog(visit, inbound.data(body))
            case _:
                return {}

    async def _welcome(self, sender: Sender) -> None:
        library = await self._library_of(sender.tenant)
        visit = Visit(library=library, sender=sender, since=self._now())
        if not library:
            await self._chats.tell(sender, Reply(headline=answers.not_here(sender)))
            return
        await self._chats.tell(sender, await self._ask(visit, sender.says(library, "home")))

    async def _nowhere(self, visit: Visit, body: Body) -> Answer:
        words = answers.not_here(visit.sender)
        if body["type"] == "message":
            self._later(self._chats.tell(visit.sender, Reply(headline=words)))
            return {}
        return answers.said(body, words)

    async def _message(self, visit: Visit, body: Body) -> None:
        """Words, pictures, or a button of a client that knows no better."""
        sender = visit.sender
        if render.CARRIED in inbound.part(body, "value"):
            await self._act(visit, inbound.part(body, "value"))
            return
        name = inbound.delivery(body)
        if await self._was_answered(visit, name):
            return
        if not sender.own_chat and await self._standings.refusal(visit.library, sender):
            self._later(self._chats.says_there(sender.service_url, sender.thread, STAFF_ONLY))
            return
        said = inbound.words(body)
        sent_files = inbound.attached(body)
        pictures = sent_files if sender.own_chat else ()
        if sent_files and not pictures:
            self._later(self._chats.tell(sender, Reply(headline=NOT_IN_A_CHANNEL)))
        if pictures:
            taken = self._later(self._take(visit, pictures))
            await self._answered(visit, taken, None, "" if said else name)
            if not said:
                return
        sent = sender.says(visit.library, said or "home")
        await self._answered(visit, self._asked(visit, sent), sent, name)

    async def _was_answered(self, visit: Visit, name: str) -> bool:
        """Test whether these words were answered: Teams brings them again when it saw no answer, or after a restart."""
        try:
            return await self._desk.was_answered(visit.library, name)
        except Refusal:  # the record cannot be reached, and the answer will say so
            return False

    async def _take(self, visit: Visit, pictures: tuple[inbound.Attached, ...]) -> Reply:
        if why := await self._standings.refusal(visit.library, visit.sender):
            return answers.unserved(why)
        try:
            return await self._files.take(visit.library, pictures, visit.sender)
        except Refusal as no:
            return Reply(cards=(Card(title="No picture was added", body=no.why),))

    async def _answered(self, visit: Visit, asked: asyncio.Future[Reply], sent: Submission | None, name: str) -> None:
        """Answer words in the person's own chat, after the commit; later, if that takes long."""
        if await self._done(asked, visit):
            told = self._chats.tell(visit.sender, asked.result(), sent, suggests=True)
        else:
            told = self._late(visit, asked, sent, tell=True)
        self._later(self._once(visit, told, name))

    async def _once(self, visit: Visit, told: Coroutine[Any, Any, None], name: str) -> None:
        """Answer, and keep that it was answered, so that nobody is answered twice."""
        await told
        if name:
            await self._desk.answered(visit.library, name)

    async def _act(self, visit: Visit, data: Mapping[str, Any], posted: str = "") -> Answer:
        """A button that acts: a line says what came of it, and the cards follow in the person's chat.

        ``posted`` is the message it stands in; an answer of ours is brought up to date there.
        """
        if wanted := inbound.wanted(data):
            return answers.noted(await self._offered_file(visit, wanted))
        if why := await self._standings.refusal(visit.library, visit.sender):
            return answers.noted(why)
        press = inbound.pressed(data)
        sent = press.sent(visit.sender, visit.library)
        asked = self._asked(visit, sent)
        if not await self._done(asked, visit):
            self._later(self._late(visit, asked, sent))
            return answers.noted(f"Not saved yet. {NOT_SAVED}")
        reply = asked.result()
        if not reply.cards and reply.page is None:
            return answers.noted(reply.headline)
        if posted and visit.sender.own_chat and reply.about and press.origin != render.NO_ORIGIN:
            self._later(self._renewing.renewed(visit, posted, press.origin, reply, sent))
        else:
            self._later(self._follows(visit, reply, sent, whole=press.whole))
        if not visit.sender.own_chat:
            return answers.noted(PRIVATELY)
        return answers.noted(reply.headline or (reply.cards[0].title if reply.cards else PRIVATELY))

    async def _open(self, visit: Visit, press: Press, posted: str) -> Answer:
        """A button that opens a form; ``posted`` is the message it stands in."""
        stands = posted if visit.sender.own_chat and press.origin != render.NO_ORIGIN else ""
        opened = (stands, press.origin) if stands else None
        return await self._in_dialog(visit, press.sent(visit.sender, visit.library), whole=press.whole, opened=opened)

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
            return await self._in_dialog(visit, press.sent(visit.sender, visit.library), whole=press.whole)
        page = inbound.filled(sent)
        memory = page.memory
        asked = self._later(self._turned(visit, page))
        if not await self._done(asked, visit):
            self._later(self._late(visit, asked, None))
            return forms.waiting(NOT_SAVED, forms.resuming("Look again", memory))
        reply = asked.result()
        if reply.page is None and reply.about and (opened := self._opened.pop(memory.token, None)):
            self._later(self._renewing.renewed(visit, *opened, reply, None))
        if page.turn == inbound.FILES and reply.page is not None:
            if not await self._asks_for_pictures(visit, reply.page):
                return forms.notice(PICTURES_LATER)
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
        if why := await self._standings.refusal(visit.library, visit.sender):
            return answers.unserved(why)
        try:
            return await self._places.in_names(visit.sender.tenant, await self._desk(sent))
        except Refusal as no:  # the record could not be reached
            return Reply(cards=(Card(title="Not saved", body=no.why),))

    async def _turned(self, visit: Visit, page: FilledPage) -> Reply:
        """Send a page, once it has everything a dialog could not carry."""
        if why := await self._standings.refusal(visit.library, visit.sender):
            return answers.unserved(why)
        try:
            named = await self._picked.gather(page, visit.sender)
            full = await self._files.gather(visit.library, named, visit.sender)
        except Refusal as no:
            return Reply(cards=(Card(title="Not saved", body=no.why),))
        return told_of(page, full, await self._ask(visit, full.sent(visit.sender, visit.library)))

    # -- answering ---------------------------------------------------------------------------------------------------

    async def _in_dialog(
        self,
        visit: Visit,
        sent: Submission,
        *,
        whole: bool = False,
        opened: tuple[str, render.Origin] | None = None,
    ) -> Answer:
        """Answer in a dialog: with a page, or with what came of it."""
        asked = self._asked(visit, sent)
        if not await self._done(asked, visit):
            self._later(self._late(visit, asked, sent))
            return forms.waiting(NOT_SAVED, None)
        reply = asked.result()
        if whole and reply.page is None:
            self._later(self._follows(visit, reply, sent, whole=True))
            return forms.notice(PRIVATELY)
        if reply.page and opened:
            if len(self._opened) >= MOST_OPENED:
                self._opened.clear()
            self._opened[reply.page.token] = opened
        return await self._shown(visit, reply, again(reply, sent, opens_form=False))

    async def _shown(self, visit: Visit, reply: Reply, again: Button | None) -> Answer:
        await self._asks_for_pictures(visit, reply.page)
        return forms.of_reply(reply, channels=await self._offered(visit, reply), again=again)

    async def _offered(self, visit: Visit, reply: Reply) -> forms.Channels:
        """The channels to choose from, if the page asks for one."""
        asked = reply.page.page.fields if reply.page else ()
        if not any(field.names == "channel" and field.kind is FieldKind.TEXT for field in asked):
            return ()
        known = self._later(self._places.shared(visit.sender.tenant))
        return known.result() if await self._done(known, visit) and known.exception() is None else ()

    async def _asks_for_pictures(self, visit: Visit, shown: OpenPage | None) -> bool:
        """Note that a page which takes pictures stands before somebody; what is saved stays saved if that fails."""
        noted = self._later(self._files.asked_on(visit.sender, shown))
        return await self._done(noted, visit) and noted.exception() is None

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
