"""Retained pictures, sent to one person who asks to see one, and taken back.

Slack shows a picture only from its own files or from an address everybody can read. So whoever may open the case gets a
copy in their conversation with the bot; the look is on file before it is sent, and the copy is deleted within an hour.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession

from adapters.slack import render
from adapters.slack.inbound import Sender, Shown
from adapters.slack.outbound import Workspace, call
from bot.cards import Card, Identity
from bot.ports import NotPosted, OutcomeUnknown, TryLater
from bot.refusal import Refusal

log = logging.getLogger("duenotice.slack")

LIFE = 3600.0
"""Seconds a copy stays in Slack."""
EACH = 100
"""Files of earlier runs that are looked for at a time."""


class Desk(Protocol):
    """What is asked of the desk."""

    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        """A retained picture and its media type, for somebody who may open its case; the look is logged.

        :raises Refusal: they may not
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A copy that stands in Slack until a moment (``now``'s seconds)."""

    until: float
    workspace: Workspace
    file: str


class Pictures:
    """Sends copies of pictures and takes them back."""

    def __init__(self, desk: Desk, http: ClientSession, hosts: tuple[str, ...], now: Callable[[], float]) -> None:
        """``hosts`` are those files may be sent to; ``now`` counts seconds (a monotonic clock)."""
        self._desk = desk
        self._http = http
        self._hosts = hosts
        self._now = now
        self._copies: list[Copy] = []
        self._looked_through: set[str] = set()

    async def send(self, workspace: Workspace, sender: Sender, shown: Shown) -> Card:
        """Send a picture to whoever asked for it; what they are told."""
        try:
            raw, media = await self._desk.picture(workspace.library, sender.identity, shown.case, shown.sha256)
        except Refusal as no:
            return Card(title=no.why)
        try:
            await self._copied(workspace, sender.user, raw, f"{shown.case}.{media.rpartition('/')[2]}", shown.alt)
        except NotPosted as no:
            return Card(title="Slack did not take the picture", body=str(no))
        except (TryLater, OutcomeUnknown, ClientError, TimeoutError):
            return Card(title="Slack did not take the picture", body="Press again in a moment.")
        return Card(
            title="The picture is in your conversation with this bot",
            body="It is a copy, taken back within an hour. The picture itself stays on file, and so does that you "
            "looked at it.",
        )

    async def _copied(self, workspace: Workspace, user: str, raw: bytes, name: str, alt: str) -> None:
        client = workspace.client
        room = await call(client.conversations_open(users=user))
        said = render.fit(alt, 500)
        place = await call(client.files_getUploadURLExternal(filename=name, length=len(raw), alt_txt=said))
        if urlsplit(str(place["upload_url"])).netloc not in self._hosts:
            raise NotPosted("Slack named an address that is not its own.")
        file = str(place["file_id"])
        self._copies.append(Copy(until=self._now() + LIFE, workspace=workspace, file=file))
        async with self._http.post(str(place["upload_url"]), data=raw, allow_redirects=False) as answer:
            if not answer.ok:
                raise OutcomeUnknown
        await call(
            client.files_completeUploadExternal(
                files=[{"id": file, "title": name}],
                channel_id=str(room["channel"]["id"]),
                initial_comment="A copy of a picture that is kept on file. It is taken back within an hour.",
            )
        )

    @property
    def copies(self) -> tuple[Copy, ...]:
        """Every copy that still stands in Slack, as far as this run knows."""
        return tuple(self._copies)

    async def tidy(self, workspaces: Iterable[Workspace]) -> None:
        """Take back every copy whose time is up, and once for each workspace those an earlier run left behind."""
        await self.take_back(copy for copy in self.copies if copy.until <= self._now())
        for workspace in workspaces:
            if workspace.team not in self._looked_through and workspace.bot_user:
                await self._left_behind(workspace)

    async def take_back(self, copies: Iterable[Copy]) -> None:
        """Delete these copies; one that Slack does not let go of now is tried again later."""
        for copy in copies:
            if await _deleted(copy.workspace, copy.file):
                self._copies.remove(copy)

    async def _left_behind(self, workspace: Workspace) -> None:
        """Delete what an earlier run sent: the bot gives Slack no other files."""
        ours = {copy.file for copy in self._copies}
        try:
            page = await call(workspace.client.files_list(user=workspace.bot_user, count=EACH))
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("the bot's own files could not be listed: %s", str(lost) or "no answer")
            return
        files = [str(file["id"]) for file in page.get("files") or () if file.get("user") == workspace.bot_user]
        gone = [await _deleted(workspace, file) for file in files if file not in ours]
        if all(gone) and len(files) < EACH:
            self._looked_through.add(workspace.team)


async def _deleted(workspace: Workspace, file: str) -> bool:
    """Delete a file; what cannot be deleted for good is given up, with a line in the log."""
    try:
        await call(workspace.client.files_delete(file=file))
    except NotPosted as no:
        log.warning("a copy of a picture was not deleted: %s", no)
    except (TryLater, OutcomeUnknown) as lost:
        log.warning("a copy of a picture is not deleted yet: %s", str(lost) or "no answer")
        return False
    return True
