"""Files sent to one person who asks for one, and taken back: retained pictures, and documents made for them.

Slack shows a file only from its own store or from an address everybody can read. So whoever may have it gets a copy in
their conversation with the bot; that they had it is on file before it is sent, and the copy is deleted within an hour.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from adapters.slack import render
from adapters.slack.inbound import Sender, Shown, Wanted
from adapters.slack.outbound import Workspace, call
from bot.cards import Card, File, Identity
from bot.ports import NotPosted, OutcomeUnknown, TryLater
from bot.refusal import Refusal

log = logging.getLogger("duenotice.slack")

LIFE = 3600.0
"""Seconds a copy stays in Slack."""
UPLOAD = ClientTimeout(total=300.0, sock_connect=5.0)
"""Seconds for the bytes of one copy: the whole file of a case, with its pictures, takes longer than a call."""
EACH = 100
"""Files of earlier runs that are looked for at a time."""


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A copy that stands in Slack until a moment (``now``'s seconds)."""

    until: float
    workspace: Workspace
    file: str


class Copies:
    """Sends copies of files and takes them back."""

    def __init__(
        self,
        desk: Desk,
        http: ClientSession,
        hosts: tuple[str, ...],
        now: Callable[[], float],
        wall: Callable[[], float],
    ) -> None:
        """``hosts`` are those files may be sent to.

        ``now`` counts seconds (a monotonic clock), ``wall`` those since 1970, as Slack does.
        """
        self._desk = desk
        self._http = http
        self._hosts = hosts
        self._now = now
        self._wall = wall
        self._copies: list[Copy] = []
        self._looked_through: set[str] = set()

    async def send(self, workspace: Workspace, sender: Sender, asked_for: Shown | Wanted) -> Card:
        """Send a picture or a document to whoever asked for it; what they are told."""
        what = "picture" if isinstance(asked_for, Shown) else "document"
        try:
            file, alt = await self._from_desk(workspace, sender, asked_for)
        except Refusal as no:
            return Card(title=f"This {what} is not given out", body=no.why)
        try:
            await self._copied(workspace, sender.user, file, alt, what)
        except NotPosted as no:
            return Card(title=f"Slack did not take the {what}", body=str(no))
        except (TryLater, OutcomeUnknown, ClientError, TimeoutError):
            return Card(title=f"Slack did not take the {what}", body="Press again in a moment.")
        stays = (
            "The picture itself stays on file, and so does that you looked at it."
            if isinstance(asked_for, Shown)
            else "Save or print it before that, or press again later. That you were given it is on file."
        )
        return Card(
            title=f"The {what} is in your conversation with this bot",
            body=f"It is a copy, taken back within an hour. {stays}",
        )

    async def _from_desk(self, workspace: Workspace, sender: Sender, asked_for: Shown | Wanted) -> tuple[File, str]:
        """The file, and what is read aloud of it.

        :raises Refusal: the desk does not give it to them
        """
        if isinstance(asked_for, Wanted):
            made = await self._desk.document(workspace.library, sender.identity, asked_for.case, asked_for.name)
            return made, ""
        raw, media = await self._desk.picture(workspace.library, sender.identity, asked_for.case, asked_for.sha256)
        name = f"{asked_for.case}.{media.rpartition('/')[2]}"
        return File(name=name, media_type=media, raw=raw), render.fit(asked_for.alt, 500)

    async def _copied(self, workspace: Workspace, user: str, made: File, alt: str, what: str) -> None:
        client = workspace.client
        room = await call(client.conversations_open(users=user))
        said = {"alt_txt": alt} if alt else {}
        length = len(made.raw)
        place = await call(client.files_getUploadURLExternal(filename=made.name, length=length, **said))
        if urlsplit(str(place["upload_url"])).netloc not in self._hosts:
            raise NotPosted("Slack named an address that is not its own.")
        file = str(place["file_id"])
        self._copies.append(Copy(until=self._now() + LIFE, workspace=workspace, file=file))
        address = str(place["upload_url"])
        async with self._http.post(address, data=made.raw, allow_redirects=False, timeout=UPLOAD) as answer:
            if not answer.ok:
                raise OutcomeUnknown
        await call(
            client.files_completeUploadExternal(
                files=[{"id": file, "title": made.name}],
                channel_id=str(room["channel"]["id"]),
                initial_comment=f"A copy of a {what} that you asked for. It is taken back within an hour.",
            )
        )

    @property
    def standing(self) -> tuple[Copy, ...]:
        """Every copy that still stands in Slack, as far as this run knows."""
        return tuple(self._copies)

    async def tidy(self, workspaces: Iterable[Workspace]) -> None:
        """Take back every copy whose time is up, and once for each workspace those an earlier run left behind."""
        await self.take_back(copy for copy in self.standing if copy.until <= self._now())
        for workspace in workspaces:
            if workspace.team not in self._looked_through and workspace.bot_user:
                await self._left_behind(workspace)

    async def take_back(self, copies: Iterable[Copy]) -> None:
        """Delete these copies; one that Slack does not let go of now is tried again later."""
        for copy in copies:
            if await _deleted(copy.workspace, copy.file):
                self._copies.remove(copy)

    async def _left_behind(self, workspace: Workspace) -> None:
        """Delete what an earlier run sent: the bot gives Slack no other files.

        One whose hour is not over may be another process's, which takes it back itself.
        """
        ours = {copy.file for copy in self._copies}
        try:
            page = await call(workspace.client.files_list(user=workspace.bot_user, count=EACH))
        except (TryLater, NotPosted, OutcomeUnknown) as lost:
            log.warning("the bot's own files could not be listed: %s", str(lost) or "no answer")
            return
        files = [file for file in page.get("files") or () if file.get("user") == workspace.bot_user]
        others = [file for file in files if file["id"] not in ours]
        old = [file for file in others if float(file.get("created") or 0) <= self._wall() - LIFE]
        gone = [await _deleted(workspace, str(file["id"])) for file in old]
        if all(gone) and len(old) == len(others) and len(files) < EACH:
            self._looked_through.add(workspace.team)


async def _deleted(workspace: Workspace, file: str) -> bool:
    """Delete a file; what cannot be deleted for good is given up, with a line in the log."""
    try:
        await call(workspace.client.files_delete(file=file))
    except NotPosted as no:
        log.warning("a copy of a file was not deleted: %s", no)
    except (TryLater, OutcomeUnknown) as lost:
        log.warning("a copy of a file is not deleted yet: %s", str(lost) or "no answer")
        return False
    return True
