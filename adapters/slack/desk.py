"""Each kind of delivery, answered: what is asked of the desk, and where its answer is shown.

Slack waits three seconds. What the desk has not saved by then is called "not saved yet", and the result follows the
commit. A form is opened at the latest in the time its trigger lives, and filled when the desk has answered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from aiohttp import ClientSession

from adapters.replies import again
from adapters.slack import forms, inbound, render
from adapters.slack.answers import NOT_SAVED, OPEN_WITHIN, SLOW, Answer, Answers, Body, Visit, ephemeral
from adapters.slack.copies import Copies
from adapters.slack.deliveries import Deliveries, went_wrong
from adapters.slack.files import Files, WrongFiles
from adapters.slack.groups import Groups, LostPeople
from adapters.slack.homes import Homes, OpenedHomes
from adapters.slack.inbound import FilledPage, Press, Sender, Shown, Wanted
from adapters.slack.names import Names
from adapters.slack.outbound import Workspace, WorkspaceOf
from adapters.slack.standing import Standings
from bot.cards import Card, File, Identity, Reply, Standing, Submission, Turn
from bot.refusal import Refusal

NOT_HERE = (
    "This workspace has no library yet. Whoever runs this bot begins one with `duenotice init --platform slack`, "
    "naming this workspace."
)
SAID = frozenset({"message", "app_mention"})
"""The events that are words to the bot."""
NAMES_WITHIN = 0.5
"""Seconds to wait for the names in a reported message; its form has to open while its trigger lives."""
ERROR = 300
"""Characters beside a field."""
REPORT_MESSAGE = "message:"
"""In front of the intent in the callback id of a shortcut on a message."""


class Desk(Protocol):
    """What this adapter asks of the desk."""

    async def __call__(self, sent: Submission) -> Reply:
        """Answer what was sent."""

    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        """Keep a file apart and return what its field then holds."""

    async def account_is(self, library: str, account: Identity, standing: Standing) -> None:
        """Keep what Slack says of an account from now on."""

    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        """A retained picture and its media type, for somebody who may open its case; the look is logged."""

    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        """A document about a case, made now, for somebody who may have it; that they had it is logged."""

    async def was_answered(self, library: str, delivery: str) -> bool:
        """Test whether a delivery was answered, also before a restart."""

    async def answered(self, library: str, delivery: str) -> None:
        """Keep that a delivery was answered."""


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
        wall: Callable[[], float],
        opened: OpenedHomes | None = None,
    ) -> None:
        """``now`` counts seconds (a monotonic clock), ``wall`` those since 1970."""
        self.now = now
        self._desk = desk
        self._workspace_of = workspace_of
        self._on_uninstalled = on_uninstalled
        self._files = Files(desk, http, file_hosts)
        self.deliveries = Deliveries(now, self.failed)
        self._standings = Standings(now, desk.account_is)
        self._names = Names(now)
        self._groups = Groups(now, self._names)
        self._answers = Answers(http, self._groups, now)
        self.copies = Copies(desk, http, file_hosts, now, wall)
        self.homes = Homes(self._ask_home, now, self._answers.later, opened)

    # -- deliveries --------------------------------------------------------------------------------------------------

    async def command(self, body: Body) -> Answer:
        """A slash command: a form, or an answer only its sender sees."""
        visit = await self._visit(inbound.sender(body), body)
        if visit is None:
            return {"text": NOT_HERE, "response_type": "ephemeral"}
        sent = visit.sender.says(visit.library, inbound.command(body))
        asked = self._asked(visit, sent)
        if await self._answers.done(asked, visit, OPEN_WITHIN) and (reply := asked.result()).page is None:
            return render.of_reply(reply, again=again(reply, sent, opens_form=True)) | {"response_type": "ephemeral"}
        return await self._answers.by_trigger(visit, asked, sent)

    async def shortcut(self, body: Body) -> Answer:
        """A global shortcut, or one on a message; its callback id names what is asked for."""
        visit = await self._visit(inbound.sender(body), body)
        if visit is None:
            return {}
        intent = str(body.get("callback_id", "")).removeprefix(REPORT_MESSAGE)
        sent = visit.sender.sends(visit.library, intent)
        if body.get("type") != "message_action":
            return await self._answers.by_trigger(visit, self._asked(visit, sent), sent)
        visit = replace(visit, sender=replace(visit.sender, private=True))
        asked = self._answers.later(self._report(visit, intent, body))
        return await self._answers.by_trigger(visit, asked, sent, files=inbound.attached(body))

    async def _report(self, visit: Visit, intent: str, body: Body) -> Reply:
        """Begin a report of a message, with the names of whom it names as far as Slack tells them in time."""
        names = await self._names.names(visit.workspace, inbound.mentioned(body), within=NAMES_WITHIN)
        sent = visit.sender.sends(visit.library, intent, subject=inbound.reported(body, names))
        return await self._ask(visit.workspace, visit.sender, sent)

    async def action(self, body: Body) -> Answer:
        """A button: of a message, of a form or of the Home tab."""
        visit = await self._visit(inbound.sender(body), body)
        if visit is None:
            return {}
        view = body.get("view") or {}
        action = body["actions"][0]
        if asked_for := inbound.asked_for_file(action):
            await self._answers.done(self._answers.later(self._handed(visit, asked_for)), visit, SLOW)
            return {}
        try:
            sent, opens = self._pressed(visit, view, action)
        except Refusal as no:
            await self._answers.privately(visit, Reply(cards=(Card(title=no.why),)))
            return {}
        asked = self._asked(visit, sent)
        if view.get("type") == "modal":
            return await self._answers.in_place(visit, view, asked)
        if opens or view or not visit.response_url:
            return await self._answers.by_trigger(visit, asked, sent)
        await self._answers.done(asked, visit, SLOW)
        self._answers.later(self._answers.when_saved(visit, asked, sent))
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
        turned: asyncio.Future[Answer] = self._answers.later(self._turn(visit, view, page))
        if await self._answers.done(turned, visit, SLOW):
            return turned.result()
        self._answers.later(self._answers.late_page(visit, view, turned))
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
            await self._answers.done(self._asked(visit, sent), visit, SLOW)
            return {}
        title = str(((body.get("view") or {}).get("title") or {}).get("text", ""))
        self._answers.later(self._answers.privately(visit, Reply(cards=(forms.put_aside(memory, title),))))
        return {}

    async def event(self, body: Body) -> Answer:
        """Something happened: words in a direct message or a mention, the Home tab, something about the workspace."""
        event: Body = body.get("event") or {}
        if await self._of_the_workspace(event, str(body.get("team_id", ""))):
            return {}
        sender = inbound.event_sender(body)
        visit = await self._visit(sender, body) if sender else None
        if visit is None:
            return {}
        if event.get("type") == "app_home_opened":
            if event.get("tab") == "home":
                opening = self._answers.later(self.homes.opened(visit.workspace, visit.sender))
                await self._answers.done(opening, visit, SLOW)
        elif event.get("type") == "app_mention" or visit.sender.private:
            await self._heard(visit, inbound.words(event.get("text") or "") or "home")
        return {}  # what is said in a channel to somebody else is not heard; a mention comes as an event of its own

    async def _of_the_workspace(self, event: Body, team: str) -> bool:
        """Take what concerns the whole workspace: the app's own end, an account that changed."""
        match event.get("type"):
            case "app_uninstalled":
                await self._on_uninstalled(team)
            case "tokens_revoked":
                if (event.get("tokens") or {}).get("bot"):
                    await self._on_uninstalled(team)
            case "user_change":
                workspace = await self._workspace_of(team)
                if workspace is not None:
                    await self._standings.changed(workspace, event.get("user") or {})
            case _:
                return False
        return True

    async def _heard(self, visit: Visit, words: str) -> None:
        """Answer words, once: Slack brings an event again when it saw no answer, perhaps after a restart."""
        sent = visit.sender.says(visit.library, words)
        asked = self._answers.later(self._unless_answered(visit, sent))
        await self._answers.done(asked, visit, SLOW)
        self._answers.later(self._answered(visit, asked, sent))

    async def _unless_answered(self, visit: Visit, sent: Submission) -> Reply | None:
        return None if await self._was_answered(visit) else await self._ask(visit.workspace, visit.sender, sent)

    async def _was_answered(self, visit: Visit) -> bool:
        try:
            return await self._desk.was_answered(visit.library, visit.sender.delivery)
        except Refusal:  # the record cannot be reached, and the answer will say so
            return False

    async def _answered(self, visit: Visit, asked: asyncio.Future[Reply | None], sent: Submission) -> None:
        if await self._answers.when_saved(visit, asked, sent):
            await self._desk.answered(visit.library, visit.sender.delivery)

    async def failed(self, body: Body, why: str) -> Answer | None:
        """Answer a delivery that failed, where its sender sees it; ``None`` when nobody could be told.

        A page keeps what was typed, a command is answered in its place, a button or words privately.
        """
        if body.get("type") == "view_submission":
            return _update(forms.as_typed(body["view"], not_saved(why)))
        told = render.message((Card(title="Not done", body=why),))
        if "command" in body:
            return ephemeral(told)
        event = str((body.get("event") or {}).get("type", ""))
        if body.get("type") == "view_closed" or event == "app_home_opened":
            return {}  # nobody waits for an answer: a form closed this way stays as it is, a Home tab is opened again
        url = str(body.get("response_url") or "")
        if url and await self._answers.respond(url, told):
            return {}
        sender: Sender | None = None
        if not event or event in SAID:
            sender = inbound.event_sender(body) if event else inbound.sender(body)
        visit = await self._visit(sender, body) if sender else None
        reply = Reply(cards=(Card(title="Not done", body=why),))
        return {} if visit and await self._answers.privately(visit, reply) else None

    async def finish(self) -> None:
        """Wait for everything that goes on after its answer."""
        await self._answers.finish()

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
        return self._answers.later(self._ask(visit.workspace, visit.sender, sent))

    async def _handed(self, visit: Visit, asked_for: Shown | Wanted) -> None:
        """Send somebody a picture or a document they asked for."""
        try:
            refused = await self._refused(visit.workspace, visit.sender)
            card = refused or await self.copies.send(visit.workspace, visit.sender, asked_for)
        except Refusal as no:  # the record could not be reached
            card = Card(title="Not sent", body=no.why)
        except Exception as wrong:  # noqa: BLE001 - it is logged, and told
            card = Card(title="Not sent", body=went_wrong(wrong))
        await self._answers.privately(visit, Reply(cards=(card,)))

    async def _refused(self, workspace: Workspace, sender: Sender) -> Card | None:
        """What somebody is told who is no member of the workspace; ``None`` for those who are."""
        why = await self._standings.refusal(workspace, sender)
        return Card(title="This bot is for the library's staff", body=why) if why else None

    async def _ask(self, workspace: Workspace, sender: Sender, sent: Submission) -> Reply:
        """What comes of it, or that nothing did; nothing is raised, because nobody may be left waiting."""
        try:
            return await self._put(workspace, sender, sent)
        except Refusal as no:  # the record could not be reached
            why = no.why
        except Exception as wrong:  # noqa: BLE001 - it is logged, and told
            why = went_wrong(wrong)
        self.deliveries.failed(sender.delivery)
        return Reply(cards=(Card(title="Not saved", body=why),))

    async def _put(self, workspace: Workspace, sender: Sender, sent: Submission) -> Reply:
        """Put something to the desk.

        :raises Refusal: the record could not be reached
        """
        if refused := await self._refused(workspace, sender):
            return Reply(cards=(refused,))
        reply = await self._desk(sent)
        self.homes.changed(workspace)
        return reply

    async def _ask_home(self, workspace: Workspace, sender: Sender) -> Reply:
        if refused := await self._refused(workspace, sender):
            return Reply(cards=(refused,))
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
        """Send a page, and say what stands in the form's place: if it failed, the page as it was typed."""
        try:
            return await self._turned(visit, view, page)
        except Refusal as no:  # the record could not be reached
            why = no.why
        except Exception as wrong:  # noqa: BLE001 - it is logged, and told
            why = went_wrong(wrong)
        self.deliveries.failed(visit.sender.delivery)
        return _update(forms.as_typed(view, not_saved(why)))

    async def _turned(self, visit: Visit, view: Body, page: FilledPage) -> Answer:
        try:
            page = await self._groups.gather(visit.workspace, page)
            page = await self._files.gather(visit.workspace, page, visit.sender)
        except (LostPeople, WrongFiles) as wrong:
            return {"response_action": "errors", "errors": _beside(page.memory.page, wrong.beside)}
        reply = await self._put(visit.workspace, visit.sender, self._page(visit, page))
        shown = reply.page
        if shown is None:
            return _update(forms.result(reply))
        inputs = {block.get("block_id") for block in view.get("blocks", ()) if block.get("type") == "input"}
        errors = _beside(shown.number, shown.errors)
        if errors and shown.number == page.memory.page and inputs.issuperset(errors):
            return {"response_action": "errors", "errors": errors}
        return _update(await self._answers.drawn(visit, reply, page.memory.files))


def not_saved(why: str) -> str:
    """What is said above a page that was not saved."""
    return f"Not saved. {why} What you typed is still here; files have to be added again."


def _update(view: Mapping[str, Any]) -> Answer:
    return {"response_action": "update", "view": dict(view)}


def _beside(number: int, errors: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by the block it stands beside; what is wrong with the whole page stands before the first."""
    named = {name: said for name, said in errors.items() if name}
    whole = f"{errors['']} " if errors.get("") else ""
    return {
        forms.block_id(number, name): render.fit(f"{'' if place else whole}{said}", ERROR)
        for place, (name, said) in enumerate(named.items())
    }
