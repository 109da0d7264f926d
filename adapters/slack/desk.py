"""Each kind of delivery, answered: what is asked of the desk, and where its answer is shown.

Slack waits three seconds. What the desk has not saved by then is called "not saved yet", and the result follows the
commit. A form is opened at the latest in the time its trigger lives, and filled when the desk has answered.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout

from adapters.slack import forms, inbound, render
from adapters.slack.files import Files, WrongFiles
from adapters.slack.homes import Homes
from adapters.slack.inbound import FilledPage, Press, Sender
from adapters.slack.outbound import PATIENCE, Workspace, WorkspaceOf, call
from adapters.slack.standing import Standings
from bot.cards import Button, Card, Reply, Style, Submission, Turn
from bot.ports import NotPosted, OutcomeUnknown, TryLater
from bot.refusal import Refusal

log = logging.getLogger("duenotice.slack")

OPEN_WITHIN = 1.2
"""Seconds the desk has before a form is opened empty; a trigger lives three, and opening takes part of one."""
SLOW = 2.5
"""Seconds after which a person is told that nothing is saved yet; Slack waits three."""
AFTER_ACK = 0.5
"""Seconds a late result waits, so that it cannot overtake the answer it replaces."""
NOT_SAVED = "Not saved yet. The record is slow just now; what comes of it will stand here."
NOT_HERE = (
    "This workspace has no library yet. Whoever runs this bot begins one with `duenotice init --platform slack`, "
    "naming this workspace."
)
ANSWER_PATIENCE = ClientTimeout(total=PATIENCE)
REPORT_MESSAGE = "message:"
"""In front of the intent in the callback id of a shortcut on a message."""

Answer = Mapping[str, Any]
Body = Mapping[str, Any]
T = TypeVar("T")


class Desk(Protocol):
    """What this adapter asks of the desk."""

    async def __call__(self, sent: Submission) -> Reply:
        """Answer what was sent."""

    async def takes_files(self, library: str, token: str) -> bool:
        """Test whether the page a draft stands on takes a file."""

    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        """Keep a file apart and return what its field then holds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """A delivery on its way: who came, into which workspace, with what to answer by, and since when."""

    workspace: Workspace
    sender: Sender
    since: float
    trigger: str = ""
    response_url: str = ""

    @property
    def library(self) -> str:
        """The library of the workspace."""
        return self.workspace.library


class SlackDesk:
    """Answers deliveries. Every method gives what Bolt acknowledges with."""

    def __init__(
        self,
        desk: Desk,
        workspace_of: WorkspaceOf,
        *,
        now: Callable[[], float],
        http: ClientSession,
        file_hosts: tuple[str, ...],
        on_uninstalled: Callable[[str], Awaitable[None]],
    ) -> None:
        """``now`` counts seconds (a monotonic clock)."""
        self.now = now
        self._desk = desk
        self._workspace_of = workspace_of
        self._http = http
        self._on_uninstalled = on_uninstalled
        self._files = Files(desk, http, file_hosts)
        self._standings = Standings(now)
        self._running: set[asyncio.Future[Any]] = set()
        self.homes = Homes(self._ask_home, now, self._later)

    # -- deliveries --------------------------------------------------------------------------------------------------

    async def command(self, body: Body) -> Answer:
        """A slash command: a form, or an answer only its sender sees."""
        visit = await self._visit(inbound.sender(body), body)
        if visit is None:
            return {"text": NOT_HERE, "response_type": "ephemeral"}
        sent = visit.sender.says(visit.library, inbound.command(body))
        asked = self._asked(visit, sent)
        if await self._done(asked, visit, OPEN_WITHIN) and (reply := asked.result()).page is None:
            return render.of_reply(reply, again=_again(reply, asked_for=sent)) | {"response_type": "ephemeral"}
        return await self._by_trigger(visit, asked)

    async def shortcut(self, body: Body) -> Answer:
        """A global shortcut, or one on a message; its callback id names what is asked for."""
        visit = await self._visit(inbound.sender(body), body)
        if visit is None:
            return {}
        intent = str(body.get("callback_id", "")).removeprefix(REPORT_MESSAGE)
        subject = ""
        files: tuple[str, ...] = ()
        if body.get("type") == "message_action":
            visit = replace(visit, sender=replace(visit.sender, private=True))
            subject, files = inbound.reported(body), inbound.attached(body)
        sent = visit.sender.sends(visit.library, intent, subject=subject)
        return await self._by_trigger(visit, self._asked(visit, sent), files=files)

    async def action(self, body: Body) -> Answer:
        """A button: of a message, of a form or of the Home tab."""
        visit = await self._visit(inbound.sender(body), body)
        if visit is None:
            return {}
        view = body.get("view") or {}
        action = body["actions"][0]
        try:
            sent, opens = self._pressed(visit, view, action)
        except Refusal as no:
            await self._privately(visit, Reply(cards=(Card(title=no.why),)))
            return {}
        asked = self._asked(visit, sent)
        if view.get("type") == "modal":
            return await self._in_place(visit, view, asked)
        if opens or view or not visit.response_url:
            return await self._by_trigger(visit, asked)
        if not await self._done(asked, visit, SLOW):
            self._later(self._late_answer(visit, asked, sent))
            return {}
        self._later(self._privately(visit, asked.result(), sent))
        return {}

    async def submission(self, body: Body) -> Answer:
        """A page of a form."""
        visit = await self._visit(inbound.sender(body), body)
        if visit is None:
            return {"response_action": "clear"}
        view = body["view"]
        try:
            page = inbound.filled(view)
        except Refusal as no:
            return _update(forms.waiting(no.why))
        turned: asyncio.Future[Answer] = self._later(self._turn(visit, view, page))
        if await self._done(turned, visit, SLOW):
            return turned.result()
        self._later(self._late_page(visit, view, turned))
        return _update(forms.waiting(NOT_SAVED))

    async def closed(self, body: Body) -> Answer:
        """A form was closed: an untouched one is dropped, a begun one waits."""
        visit = await self._visit(inbound.sender(body), body)
        memory = forms.Memory.read((body.get("view") or {}).get("private_metadata", ""))
        if visit is None or not memory.token:
            return {}
        if memory.page <= 1:
            sent = visit.sender.sends(
                visit.library, memory.intent, subject=memory.subject, token=memory.token, turn=Turn.CANCEL
            )
            self._asked(visit, sent)
            return {}
        title = str(((body.get("view") or {}).get("title") or {}).get("text", ""))
        self._later(self._privately(visit, Reply(cards=(forms.put_aside(memory, title),))))
        return {}

    async def event(self, body: Body) -> Answer:
        """Something happened: words in a direct message or a mention, the Home tab, the app's own end."""
        event: Body = body.get("event") or {}
        if event.get("type") in {"app_uninstalled", "tokens_revoked"}:
            if event.get("type") == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
                await self._on_uninstalled(str(body.get("team_id", "")))
            return {}
        sender = inbound.event_sender(body)
        visit = await self._visit(sender, body) if sender else None
        if sender is None or visit is None:
            return {}
        if event.get("type") == "app_home_opened":
            if event.get("tab") == "home":
                self._later(self.homes.opened(visit.workspace, sender))
            return {}
        if event.get("type") == "message" and not sender.private:
            return {}  # said in a channel to somebody else; a mention comes as an event of its own
        sent = sender.says(visit.library, inbound.words(event.get("text") or "") or "home")
        asked = self._asked(visit, sent)
        if not await self._done(asked, visit, SLOW):
            self._later(self._late_answer(visit, asked, sent))
            return {}
        self._later(self._privately(visit, asked.result(), sent))
        return {}

    async def finish(self) -> None:
        """Wait for everything that goes on after its answer."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    # -- asking ------------------------------------------------------------------------------------------------------

    async def _visit(self, sender: Sender, body: Body) -> Visit | None:
        since = self.now()
        workspace = await self._workspace_of(sender.team)
        if workspace is None:
            return None
        urls = body.get("response_urls") or [{}]
        return Visit(
            workspace=workspace,
            sender=sender,
            since=since,
            trigger=str(body.get("trigger_id") or ""),
            response_url=str(body.get("response_url") or urls[0].get("response_url") or ""),
        )

    def _asked(self, visit: Visit, sent: Submission) -> asyncio.Future[Reply]:
        """Ask the desk; the work goes on even if the person is answered before it ends."""
        return self._later(self._ask(visit.workspace, visit.sender, sent))

    async def _ask(self, workspace: Workspace, sender: Sender, sent: Submission) -> Reply:
        if why := await self._standings.refusal(workspace, sender):
            return Reply(cards=(Card(title="This bot is for the library's staff", body=why),))
        try:
            reply = await self._desk(sent)
        except Refusal as no:  # the record could not be reached
            return Reply(cards=(Card(title="Not saved", body=no.why),))
        self.homes.changed(workspace)
        return reply

    async def _ask_home(self, workspace: Workspace, sender: Sender) -> Reply:
        if why := await self._standings.refusal(workspace, sender):
            return Reply(cards=(Card(title="This bot is for the library's staff", body=why),))
        return await self._desk(replace(sender, private=True).says(workspace.library, "home"))

    def _pressed(self, visit: Visit, view: Body, action: Body) -> tuple[Submission, bool]:
        if action.get("action_id") == forms.BACK:
            page = inbound.filled(view)
            return self._page(visit, page, turn=Turn.BACK), True
        press: Press = inbound.pressed(str(action.get("value", "")))
        if press.intent == "say":
            return visit.sender.says(visit.library, press.subject), press.opens_form
        sent = visit.sender.sends(
            visit.library,
            press.intent,
            subject=press.subject,
            version_seen=press.version or None,
            token=press.token,
        )
        return sent, press.opens_form

    def _page(self, visit: Visit, page: FilledPage, *, turn: Turn = Turn.NEXT) -> Submission:
        return visit.sender.sends(
            visit.library,
            page.memory.intent,
            subject=page.memory.subject,
            values=page.values,
            token=page.memory.token,
            page=page.memory.page,
            turn=turn,
        )

    async def _turn(self, visit: Visit, view: Body, page: FilledPage) -> Answer:
        """Send a page, and say what stands in the form's place."""
        try:
            page = await self._files.gather(visit.workspace, page, visit.sender)
        except WrongFiles as wrong:
            return {"response_action": "errors", "errors": _beside(page.memory.page, wrong.beside)}
        reply = await self._ask(visit.workspace, visit.sender, self._page(visit, page))
        shown = reply.page
        if shown is None:
            return _update(forms.result(reply))
        inputs = {block.get("block_id") for block in view.get("blocks", ()) if block.get("type") == "input"}
        errors = _beside(shown.number, shown.errors)
        if errors and shown.number == page.memory.page and inputs.issuperset(errors):
            return {"response_action": "errors", "errors": errors}
        return _update(forms.modal(shown, files=page.memory.files))

    # -- answering ---------------------------------------------------------------------------------------------------

    async def _by_trigger(self, visit: Visit, asked: asyncio.Future[Reply], *, files: tuple[str, ...] = ()) -> Answer:
        """Open a form, or the answer as one; empty if the desk takes longer than a trigger may wait."""
        if await self._done(asked, visit, OPEN_WITHIN):
            opening = self._later(self._open(visit, asked.result(), files))
        else:
            opening = self._later(self._open_and_fill(visit, asked, files))
        await self._done(opening, visit, SLOW)
        return {}

    async def _open(self, visit: Visit, reply: Reply, files: tuple[str, ...]) -> None:
        if not await self._opened(visit, forms.of_reply(reply, files=files)):
            await self._privately(visit, reply)

    async def _open_and_fill(self, visit: Visit, asked: asyncio.Future[Reply], files: tuple[str, ...]) -> None:
        view = await self._opened(visit, forms.waiting(NOT_SAVED))
        reply = await asked
        if not view or not await self._updated(visit, view, forms.of_reply(reply, files=files)):
            await self._privately(visit, reply)

    async def _opened(self, visit: Visit, view: Mapping[str, Any]) -> str:
        """Open a view and return its id; empty when the trigger was lost."""
        if not visit.trigger:
            return ""
        try:
            answer = await call(visit.workspace.client.views_open(trigger_id=visit.trigger, view=dict(view)))
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("a form did not open: %s", str(lost) or "no answer")
            return ""
        return str((answer.get("view") or {}).get("id", ""))

    async def _updated(self, visit: Visit, view_id: str, view: Mapping[str, Any]) -> bool:
        try:
            await call(visit.workspace.client.views_update(view_id=view_id, view=dict(view)))
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("a form was not filled: %s", str(lost) or "no answer")
            return False
        return True

    async def _in_place(self, visit: Visit, view: Body, asked: asyncio.Future[Reply]) -> Answer:
        """Show the answer where the button was pressed: in the open modal."""

        async def show() -> None:
            reply = await asked
            files = forms.Memory.read(view.get("private_metadata", "")).files
            if not await self._updated(visit, str(view.get("id", "")), forms.of_reply(reply, files=files)):
                await self._privately(visit, reply)

        await self._done(self._later(show()), visit, SLOW)
        return {}

    async def _late_page(self, visit: Visit, view: Body, turned: asyncio.Future[Answer]) -> None:
        """Replace "not saved yet" once it is saved."""
        answer = await turned
        await asyncio.sleep(AFTER_ACK)
        shown = answer.get("view")
        if shown is None:  # answers beside their fields cannot be given any more; the draft holds the page
            memory = forms.Memory.read(view.get("private_metadata", ""))
            said = " ".join((answer.get("errors") or {}).values())
            back = forms.resuming("Back to the form", memory)
            shown = forms.result(
                Reply(cards=(Card(title="Please look at the form again", body=said, buttons=(back,)),))
            )
        await self._updated(visit, str(view.get("id", "")), shown)

    async def _late_answer(self, visit: Visit, asked: asyncio.Future[Reply], sent: Submission) -> None:
        await self._privately(visit, Reply(headline=NOT_SAVED))
        await self._privately(visit, await asked, sent)

    async def _privately(self, visit: Visit, reply: Reply, sent: Submission | None = None) -> None:
        """Answer so that only the person sees it: here if Slack lets us, else in their conversation with the bot."""
        told = render.of_reply(_without_page(reply), again=_again(reply, asked_for=sent))
        try:
            if visit.response_url and await self._respond(visit, told):
                return
            client, sender = visit.workspace.client, visit.sender
            if sender.channel and not sender.private:
                await call(client.chat_postEphemeral(channel=sender.channel, user=sender.user, **_said(told)))
                return
            await call(client.chat_postMessage(channel=sender.channel or sender.user, **told))
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("an answer did not arrive: %s", str(lost) or "no answer")

    async def _respond(self, visit: Visit, told: Mapping[str, Any]) -> bool:
        said = {**_said(told), "response_type": "ephemeral", "replace_original": False}
        try:
            async with self._http.post(visit.response_url, json=said, timeout=ANSWER_PATIENCE) as answer:
                return answer.ok
        except (ClientError, TimeoutError):
            return False

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
            log.error("an answer to Slack failed", exc_info=trouble)

    async def _done(self, task: asyncio.Future[Any], visit: Visit, within: float) -> bool:
        """Wait until it has ended, or until so many seconds after the delivery; test whether it has."""
        left = visit.since + within - self.now()
        await asyncio.wait({task}, timeout=max(0.0, left))
        return task.done()


def _update(view: Mapping[str, Any]) -> Answer:
    return {"response_action": "update", "view": dict(view)}


def _beside(number: int, errors: Mapping[str, str]) -> dict[str, str]:
    return {forms.block_id(number, name): render.fit(said, 300) for name, said in errors.items()}


def _said(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("text", "blocks") if name in told}


def _without_page(reply: Reply) -> Reply:
    """A page as a card with a button that opens it, where no form can be opened."""
    if reply.page is None:
        return reply
    begun = reply.page
    opening = Button(
        label="Open the form",
        intent=begun.intent,
        subject=begun.subject,
        token=begun.token,
        opens_form=True,
        style=Style.PRIMARY,
    )
    return Reply(cards=(Card(title=begun.page.title, body=begun.page.intro, buttons=(opening,)),))


def _again(reply: Reply, *, asked_for: Submission | None) -> Button | None:
    """What shows everything where a message is too short: the case the answer is about, or the same question."""
    if reply.about:
        return Button(label=render.WHOLE, intent="say", subject=reply.about, opens_form=True)
    if asked_for is None:
        return None
    if asked_for.intent == "say":
        return Button(label=render.WHOLE, intent="say", subject=asked_for.text("text"), opens_form=True)
    return Button(
        label=render.WHOLE,
        intent=asked_for.intent,
        subject=asked_for.subject,
        version=asked_for.version_seen or 0,
        token=asked_for.token,
        opens_form=True,
    )
