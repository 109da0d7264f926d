"""How an answer reaches a person: in a form, in the place of one, or where only they see it.

Slack waits three seconds for what Bolt acknowledges with. Whatever takes longer goes on beside it, and a form that is
opened empty in time is filled when the desk has answered.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import ClientError, ClientSession, ClientTimeout

from adapters.replies import again, without_page
from adapters.slack import forms, render
from adapters.slack.deliveries import went_wrong
from adapters.slack.groups import Groups
from adapters.slack.inbound import Sender
from adapters.slack.outbound import PATIENCE, Workspace, call, patiently
from bot.cards import Card, Reply, Submission
from bot.desk import saves
from bot.ports import NotPosted, OutcomeUnknown, TryLater

log = logging.getLogger("duenotice.slack")

OPEN_WITHIN = 1.2
"""Seconds the desk has before a form is opened empty; a trigger lives three, and opening takes part of one."""
SLOW = 2.5
"""Seconds after which a person is told that nothing is saved yet; Slack waits three."""
AFTER_ACK = 0.5
"""Seconds a late result waits, so that it cannot overtake the answer it replaces."""
NOT_SAVED = "Not saved yet. The record is slow just now; what comes of it will stand here."
NOT_READY = "Not ready yet. The record is slow just now; what you asked for will stand here."
ANSWER_PATIENCE = ClientTimeout(total=PATIENCE)

Answer = Mapping[str, Any]
Body = Mapping[str, Any]
T = TypeVar("T")


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


class Answers:
    """Shows replies, in time."""

    def __init__(self, http: ClientSession, groups: Groups, now: Callable[[], float]) -> None:
        """``now`` counts seconds (a monotonic clock)."""
        self._http = http
        self._groups = groups
        self._now = now
        self._running: set[asyncio.Future[Any]] = set()

    # -- in forms ----------------------------------------------------------------------------------------------------

    async def by_trigger(
        self, visit: Visit, asked: asyncio.Future[Reply], sent: Submission, *, files: tuple[str, ...] = ()
    ) -> Answer:
        """Open a form, or the answer as one; empty if the desk takes longer than a trigger may wait."""
        if await self.done(asked, visit, OPEN_WITHIN):
            opening = self.later(self._open(visit, asked.result(), files))
        else:
            opening = self.later(self._open_and_fill(visit, asked, sent, files))
        await self.done(opening, visit, SLOW)
        return {}

    async def in_place(self, visit: Visit, view: Body, asked: asyncio.Future[Reply]) -> Answer:
        """Show the answer where the button was pressed: in the open modal."""

        async def show() -> None:
            reply = await asked
            files = forms.Memory.read(view.get("private_metadata", "")).files
            if not await self._updated(visit, str(view.get("id", "")), await self.drawn(visit, reply, files)):
                await self.privately(visit, reply)

        await self.done(self.later(show()), visit, SLOW)
        return {}

    async def late_page(self, visit: Visit, view: Body, turned: asyncio.Future[Answer]) -> None:
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

    async def drawn(self, visit: Visit, reply: Reply, files: tuple[str, ...] = ()) -> dict[str, Any]:
        """A reply as a modal: its page, or what came of it."""
        try:
            if reply.page is None:
                return forms.result(reply)
            groups = await self._groups.offered(visit.workspace, reply.page.page)
            return forms.modal(reply.page, files=files, groups=groups)
        except Exception as wrong:  # noqa: BLE001 - it is logged; a form that stayed empty would say nothing
            return forms.result(Reply(cards=(Card(title="This cannot be shown", body=went_wrong(wrong)),)))

    async def _open(self, visit: Visit, reply: Reply, files: tuple[str, ...]) -> None:
        if not await self._opened(visit, await self.drawn(visit, reply, files)):
            await self.privately(visit, reply)

    async def _open_and_fill(
        self, visit: Visit, asked: asyncio.Future[Reply], sent: Submission, files: tuple[str, ...]
    ) -> None:
        view = await self._opened(visit, forms.waiting(not_yet(sent)))
        reply = await asked
        if not view or not await self._updated(visit, view, await self.drawn(visit, reply, files)):
            await self.privately(visit, reply)

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
            await patiently(lambda: visit.workspace.client.views_update(view_id=view_id, view=dict(view)))
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("a form was not filled: %s", str(lost) or "no answer")
            return False
        return True

    # -- in messages -------------------------------------------------------------------------------------------------

    async def when_saved(self, visit: Visit, asked: asyncio.Future[Any], sent: Submission) -> bool:
        """Answer privately; what takes too long is called "not yet" first. Test whether the answer arrived.

        There may be nothing to say: the answer was given before.
        """
        if not await self.done(asked, visit, SLOW):
            await self.privately(visit, Reply(headline=not_yet(sent)))
        reply: Reply | None = await asked
        return reply is not None and await self.privately(visit, reply, sent)

    async def privately(self, visit: Visit, reply: Reply, sent: Submission | None = None) -> bool:
        """Answer so that only the person sees it: here if Slack lets us, else in their conversation with the bot."""
        told = render.of_reply(without_page(reply), again=again(reply, sent, opens_form=True))
        try:
            if visit.response_url and await self.respond(visit.response_url, told):
                return True
            client, sender = visit.workspace.client, visit.sender
            under: dict[str, Any] = {"thread_ts": sender.thread} if sender.thread else {}
            if sender.channel and not sender.private:
                told = {**_said(told), **under, "channel": sender.channel, "user": sender.user}
                await patiently(lambda: client.chat_postEphemeral(**told))
            else:
                told = {**told, **under, "channel": sender.channel or sender.user}
                await patiently(lambda: client.chat_postMessage(**told))
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("an answer did not arrive: %s", str(lost) or "no answer")
            return False
        return True

    async def respond(self, url: str, told: Mapping[str, Any]) -> bool:
        """Answer at the address Slack gave with a delivery; test whether it was taken."""
        try:
            async with self._http.post(url, json=ephemeral(told), timeout=ANSWER_PATIENCE) as answer:
                return answer.ok
        except (ClientError, TimeoutError):
            return False

    # -- time --------------------------------------------------------------------------------------------------------

    def later(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Start something that goes on whatever becomes of the delivery."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Future[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (trouble := task.exception()) is not None:
            log.error("an answer to Slack failed", exc_info=trouble)

    async def done(self, task: asyncio.Future[Any], visit: Visit, within: float) -> bool:
        """Wait until it has ended, or until so many seconds after the delivery; test whether it has."""
        left = visit.since + within - self._now()
        await asyncio.wait({task}, timeout=max(0.0, left))
        return task.done()

    async def finish(self) -> None:
        """Wait for everything that goes on after its answer."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)


def not_yet(sent: Submission) -> str:
    """What is said of something that takes too long."""
    return NOT_SAVED if saves(sent) else NOT_READY


def ephemeral(told: Mapping[str, Any]) -> dict[str, Any]:
    """A message only its reader sees."""
    return {**_said(told), "response_type": "ephemeral", "replace_original": False}


def _said(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in ("text", "blocks") if name in told}
