"""The practice desk in the browser: its routes, who is asking, and what they are shown.

Everything a person sends is answered with a redirect, so a reload never sends it twice and no script is needed.
"""

import asyncio
import hashlib
import logging
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.practice import files, inbound, outbound, render
from adapters.practice.guard import COOKIE, PAGES, Problem, alive, guarded
from adapters.practice.inbound import Desk, FilledPage, Sender
from adapters.practice.outbound import Chat, Kind, OpenForm
from bot.cards import Card, Identity, OpenPage, Reply, Submission, Turn
from bot.refusal import Refusal

log = logging.getLogger("duenotice.practice")

MOST_SHOWN = 60
"""Messages on one page; earlier ones are a press away."""
FURTHEST_MOVE = 400
"""Days the calendar moves at once, at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Player:
    """Somebody the page can be: an identity the desk knows, the name, and what they are at the library."""

    identity: Identity
    name: str
    title: str


class Calendar(Protocol):
    """The practice calendar."""

    zone: str

    def now(self) -> datetime:
        """The practice time, aware."""

    async def move(self, days: int, *, away: bool) -> str:
        """Let days pass, each with its rounds, or at once as if the program had been away; says what happened."""


async def _nothing_queued() -> None:
    """Deliver nothing: for a desk that queues no messages."""


def build(
    desk: Desk,
    *,
    library: str,
    library_name: str,
    players: Sequence[Player],
    channels: Sequence[str],
    calendar: Calendar,
    chat: Path,
    deliver: Callable[[], Awaitable[object]] = _nothing_queued,
) -> web.Application:
    """The practice desk of one library.

    ``channels`` are names without ``#``; ``deliver`` runs after everything sent, so that what a press tells the
    channels stands there when the page comes back.
    """
    desk_page = _DeskPage(
        desk=desk,
        library=library,
        library_name=library_name,
        players={player.identity.user: player for player in players},
        channels=tuple(channels),
        calendar=calendar,
        chat=Chat(chat),
        deliver=deliver,
    )
    app = web.Application(middlewares=[guarded], client_max_size=1024 * 1024)
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", alive)
    app.router.add_get("/", desk_page.show)
    app.router.add_get("/channel/{channel}", desk_page.show)
    app.router.add_get("/message/{line:\\d{1,18}}", desk_page.whole)
    app.router.add_get("/picture/{case}/{sha256}", desk_page.picture)
    app.router.add_get("/document/{case}/{name}", desk_page.document)
    app.router.add_get("/stamp", desk_page.stamp)
    app.router.add_post("/say", desk_page.say)
    app.router.add_post("/press", desk_page.press)
    app.router.add_post("/page", desk_page.page)
    app.router.add_post("/player", desk_page.player)
    app.router.add_post("/calendar", desk_page.move)
    app.router.add_static("/static", Path(__file__).parent / "static")
    return app


class _DeskPage:
    """The page of one library."""

    def __init__(
        self,
        *,
        desk: Desk,
        library: str,
        library_name: str,
        players: Mapping[str, Player],
        channels: tuple[str, ...],
        calendar: Calendar,
        chat: Chat,
        deliver: Callable[[], Awaitable[object]],
    ) -> None:
        self._desk = desk
        self._library = library
        self._library_name = library_name
        self._players = players
        self._channels = channels
        self._calendar = calendar
        self._chat = chat
        self._deliver = deliver
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._moving = asyncio.Lock()

    # -- what is shown -----------------------------------------------------------------------------------------------

    async def show(self, request: web.Request) -> web.Response:
        """A conversation, and the form the player has open over it."""
        player = self._player(request)
        channel = self._channel(request.match_info.get("channel", ""))
        conversation = self._conversation(player, channel)
        page = await self._open_page(player, channel)
        before = inbound.number(request.query.get("before", ""))
        if before is None:
            self._chat.mark_read(player.identity.user, conversation)
        lines, earlier = self._chat.lines(conversation, most=MOST_SHOWN, before=before)
        scene = self._scene(player, channel)
        scene = replace(
            scene,
            lines=lines,
            earlier=earlier,
            latest_shown=before is None,
            page=page,
            files=self._file_names(page),
            toast=self._chat.take_toast(player.identity.user),
        )
        return web.Response(text=PAGES.desk(scene), content_type="text/html")

    async def whole(self, request: web.Request) -> web.Response:
        """One message without anything cut, for whoever may read its conversation."""
        player = self._player(request)
        line = self._chat.line(int(request.match_info["line"]))
        channel = next((name for name in self._channels if line and line.conversation == outbound.channel(name)), "")
        if line is None or line.conversation != self._conversation(player, channel):
            raise Problem(404, "There is no such message here", "It may be in somebody else's conversation.")
        return web.Response(text=PAGES.whole(self._scene(player, channel), line), content_type="text/html")

    async def picture(self, request: web.Request) -> web.Response:
        """A retained picture."""
        return await files.picture(request, self._desk, self._library, self._player(request).identity)

    async def document(self, request: web.Request) -> web.Response:
        """A document about a case."""
        return await files.document(request, self._desk, self._library, self._player(request).identity)

    async def stamp(self, request: web.Request) -> web.Response:
        """A word the page's script compares, to know when there is something new."""
        self._player(request)
        return web.Response(text=self._chat.stamp())

    def _scene(self, player: Player, channel: str) -> render.Scene:
        """Everything around a conversation; no line of it yet."""
        user = player.identity.user
        unread = self._chat.unread(user)
        people = {one.identity.user: self._person(one) for one in self._players.values()}
        return render.Scene(
            library=self._library_name,
            zone=ZoneInfo(self._calendar.zone),
            now=self._calendar.now(),
            me=people[user],
            people=tuple(people.values()),
            places=tuple(
                render.Place(channel=name, unread=unread.get(self._conversation(player, name), 0), here=name == channel)
                for name in ("", *self._channels)
            ),
            channel=channel,
            aside=[form for form in self._chat.forms(user) if form.aside],
            nonce=secrets.token_urlsafe(12),
            stamp=self._chat.stamp(),
        )

    def _person(self, player: Player) -> render.Person:
        user = player.identity.user
        unread = self._chat.unread(user).get(outbound.with_bot(user), 0)
        return render.Person(user=user, name=player.name, title=player.title, unread=unread)

    def _file_names(self, page: OpenPage | None) -> dict[str, str]:
        if page is None:
            return {}
        fields = [field.name for field in page.page.fields if field.kind.value == "file"]
        return {value: self._chat.file_name(value) for name in fields for value in page.values.get(name, ()) if value}

    async def _open_page(self, player: Player, channel: str) -> OpenPage | None:
        """The page of the form the player has open, asked of the desk anew, with what was typed and not yet sent."""
        user = player.identity.user
        form = next((form for form in self._chat.forms(user) if not form.aside), None)
        if form is None:
            return None
        sender = Sender(library=self._library, actor=player.identity, channel=channel)
        reply = await self._asked(sender.sends(self._library, form.intent, subject=form.subject, token=form.token))
        if reply.page is None:
            self._chat.keep_form(user, replace(form, aside=True))
            self._chat.toast(user, reply.headline or next((card.title for card in reply.cards), ""))
            return None
        page = reply.page
        if page.number != form.number:
            return page
        asked = {field.name for field in page.page.fields}
        unsent = {name: answers for name, answers in form.unsent.items() if name in asked}
        return replace(page, errors={**page.errors, **form.errors}, values={**page.values, **unsent})

    # -- what is sent ------------------------------------------------------------------------------------------------

    async def say(self, request: web.Request) -> web.Response:
        """Words typed to the bot; typed in a channel, they are answered privately and not posted."""
        player, sent = await self._sent(request)
        words = sent.get("text", "").strip()
        if not words:
            return web.Response(status=303, headers={"Location": self._path(sent)})
        sender = self._sender(player, sent, "say", words)
        return await self._send(
            player, inbound.said(words, sender), sender, echo=(Kind.SAID, sent.get("label") or words)
        )

    async def press(self, request: web.Request) -> web.Response:
        """A button of a card."""
        player, sent = await self._sent(request)
        named = [sent.get(name, "") for name in ("intent", "subject", "version", "token")]
        sender = self._sender(player, sent, "press", *named)
        label = sent.get("label", "")
        return await self._send(
            player, inbound.pressed(sent, sender), sender, echo=(Kind.PRESSED, label) if label else None
        )

    async def page(self, request: web.Request) -> web.Response:
        """A page of a form: sent, turned back, cancelled or put aside."""
        player = self._player(request)
        if not request.content_type.startswith("multipart/"):
            raise Problem(400, "That could not be read", "Please reload the page and try again.")
        if (request.content_length or 0) > inbound.MOST_IN_ALL:
            raise Problem(413, "That is too much at once", "Files may weigh 25 MB together. Nothing was sent.")
        filled = await inbound.read_page(await request.multipart(), self._desk, self._library)
        self._check_player(player, filled.control)
        for value, name in filled.files.items():
            self._chat.name_file(value, name)
        form = next(
            (form for form in self._chat.forms(player.identity.user) if form.token == filled.control.get("token")), None
        )
        if form is not None and (filled.aside or (filled.wrong and filled.control.get("turn") == Turn.NEXT)):
            return self._hold(player, form, filled)
        named = [filled.control.get(name, "") for name in ("token", "page", "turn")]
        sender = self._sender(player, filled.control, "page", *named)
        sent = filled.submission(sender)
        title = form.title if form else ""
        return await self._send(
            player, sent, sender, echo=(Kind.PRESSED, title) if title and sent.turn is Turn.NEXT else None
        )

    async def player(self, request: web.Request) -> web.Response:
        """Be somebody else."""
        chosen = (await self._form(request)).get("player", "")
        if chosen not in self._players:
            raise Problem(400, "Nobody here goes by that name", "Choose one of the people in the list.")
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(COOKIE, chosen, httponly=True, samesite="Strict", path="/")
        return response

    async def move(self, request: web.Request) -> web.Response:
        """Let days pass."""
        player, sent = await self._sent(request)
        wanted = sent.get("days", "")
        wanted = sent.get("number", "") if wanted == "number" else wanted
        days = inbound.number(wanted) or 0
        key = f"{sent.get('nonce', '')}:move" if sent.get("nonce") else ""
        async with self._moving:
            if not 1 <= days <= FURTHEST_MOVE:
                said = f"The calendar moves forward by 1 to {FURTHEST_MOVE} days."
            elif key and self._chat.delivered(key):
                said = ""
            else:
                said = await self._calendar.move(days, away=sent.get("away") == "yes")
                if key:
                    self._chat.note_delivery(key, self._path(sent))
        if said:
            self._chat.toast(player.identity.user, said)
        return web.Response(status=303, headers={"Location": self._path(sent)})

    # -- how it is answered ------------------------------------------------------------------------------------------

    async def _send(
        self, player: Player, sent: Submission, sender: Sender, *, echo: tuple[Kind, str] | None
    ) -> web.Response:
        """Ask the desk once per delivery, keep what it answers, and lead the browser there."""
        async with self._turns[player.identity.user]:
            where = self._chat.delivered(sender.delivery) if sender.delivery else ""
            if not where:
                reply = await self._asked(sent)
                where = await self._keep(player, sent, reply, echo)
                if sender.delivery:
                    self._chat.note_delivery(sender.delivery, where)
        try:
            await self._deliver()
        except Exception:
            log.exception("what was queued could not be delivered now; it stays queued")
        return web.Response(status=303, headers={"Location": where})

    async def _asked(self, sent: Submission) -> Reply:
        try:
            return await self._desk(sent)
        except Refusal as no:
            return Reply(cards=(Card(title=no.why),))
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("%s failed, reference %s", sent.intent, reference)
            return Reply(
                cards=(
                    Card(
                        title="Something went wrong here",
                        body=f"Try again; if it stays, tell your administrator the reference {reference}.",
                    ),
                )
            )

    async def _keep(self, player: Player, sent: Submission, reply: Reply, echo: tuple[Kind, str] | None) -> str:
        user = player.identity.user
        back = render.place_path(sent.place)
        if reply.page is not None:
            self._keep_page(user, sent, reply.page)
            if reply.headline:
                self._chat.toast(user, reply.headline)
            return back
        if sent.token:
            await self._settle_form(user, sent, reply)
        if not reply.cards:
            if reply.headline:
                self._chat.toast(user, reply.headline)
            return back
        own, now = outbound.with_bot(user), self._calendar.now()
        first = self._chat.add(own, echo[0], at=now, text=echo[1], origin=sent.place) if echo else None
        answer = self._chat.add(own, Kind.REPLY, at=now, text=reply.headline, cards=reply.cards, origin=sent.place)
        return f"/#m{first or answer}"

    def _keep_page(self, user: str, sent: Submission, page: OpenPage) -> None:
        known = next((form for form in self._chat.forms(user) if form.token == page.token), None)
        if known is not None and sent.page == 0 and known.number == page.number:
            form = replace(known, aside=False)
        else:
            form = OpenForm(
                token=page.token,
                intent=page.intent,
                subject=page.subject,
                title=page.page.title,
                number=page.number,
                pages=page.of,
                errors=page.errors,
            )
        self._chat.keep_form(user, form)

    async def _settle_form(self, user: str, sent: Submission, reply: Reply) -> None:
        """Forget a form that is finished; keep one whose draft the desk still holds."""
        form = next((form for form in self._chat.forms(user) if form.token == sent.token), None)
        if form is None:
            return
        if sent.turn is Turn.CANCEL or reply.about:
            self._chat.drop_form(user, form.token)
            return
        resumable = any(button.token == form.token for card in reply.cards for button in card.buttons)
        if resumable or sent.page == 0 or (await self._asked(replace(sent, page=0, values={}))).page is not None:
            held = replace(form, number=sent.page, unsent=sent.values) if sent.page else form
            self._chat.keep_form(user, replace(held, aside=True))
        else:
            self._chat.drop_form(user, form.token)

    def _hold(self, player: Player, form: OpenForm, filled: FilledPage) -> web.Response:
        """Keep what was typed without sending it: the form is put aside, or one of its files cannot be used."""
        held = replace(form, number=filled.page, aside=filled.aside, unsent=filled.values, errors=dict(filled.wrong))
        self._chat.keep_form(player.identity.user, held)
        return web.Response(status=303, headers={"Location": self._path(filled.control)})

    # -- who and where -----------------------------------------------------------------------------------------------

    def _player(self, request: web.Request) -> Player:
        chosen = request.cookies.get(COOKIE)
        if chosen is None:
            return next(iter(self._players.values()))
        if chosen not in self._players:
            raise Problem(
                403, "Nobody here goes by that name", "Go back and choose who you are again.", forget_player=True
            )
        return self._players[chosen]

    async def _form(self, request: web.Request) -> dict[str, str]:
        return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}

    async def _sent(self, request: web.Request) -> tuple[Player, dict[str, str]]:
        player = self._player(request)
        sent = await self._form(request)
        self._check_player(player, sent)
        return player, sent

    def _check_player(self, player: Player, sent: Mapping[str, str]) -> None:
        if sent.get("as", player.identity.user) != player.identity.user:
            raise Problem(
                409,
                f"You are {player.name} now",
                "Another window of yours has become somebody else since this page was drawn, so nothing was sent.",
            )

    def _sender(self, player: Player, sent: Mapping[str, str], *named: str) -> Sender:
        nonce = sent.get("nonce", "")
        return Sender(
            library=self._library,
            actor=player.identity,
            channel=self._channel(sent.get("place", "")),
            delivery=hashlib.sha256("\0".join((nonce, *named)).encode()).hexdigest() if nonce else "",
        )

    def _channel(self, name: str) -> str:
        if name and name not in self._channels:
            raise Problem(404, "There is no such channel", "Choose one from the list.")
        return name

    def _path(self, sent: Mapping[str, str]) -> str:
        return render.place_path(self._channel(sent.get("place", "")))

    def _conversation(self, player: Player, channel: str) -> str:
        return outbound.channel(channel) if channel else outbound.with_bot(player.identity.user)
