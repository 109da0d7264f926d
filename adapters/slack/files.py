"""Files of a form: fetched from Slack only after the page that allows them was answered, into quarantine."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from aiohttp import ClientSession

from adapters.slack import forms
from adapters.slack.inbound import FilledPage, Sender
from adapters.slack.outbound import Workspace, call, fetch_file
from bot.cards import Field, FieldKind, OpenPage, Reply, Submission
from bot.ports import NotPosted, OutcomeUnknown, TryLater
from bot.refusal import Mistake

CHOOSES = frozenset({FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.PERSON})


class Desk(Protocol):
    """What is asked of the desk."""

    async def __call__(self, sent: Submission) -> Reply:
        """Answer what was sent."""

    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        """Keep a file apart and return what its field then holds.

        :raises Mistake: the page takes no file, or not this one
        """


class WrongFiles(Exception):  # noqa: N818 - an answer beside a field
    """Files that could not be kept, by field."""

    def __init__(self, beside: Mapping[str, str]) -> None:
        super().__init__()
        self.beside = beside


class Files:
    """Completes a page with what a modal could not carry."""

    def __init__(self, desk: Desk, http: ClientSession, hosts: tuple[str, ...]) -> None:
        self._desk = desk
        self._http = http
        self._hosts = hosts

    async def gather(self, workspace: Workspace, page: FilledPage, sender: Sender) -> FilledPage:
        """The page with its long options, its kept answers and its files.

        :raises WrongFiles: a file could not be kept; nothing was sent
        """
        stood_for = any(value.startswith("#") for values in page.values.values() for value in values)
        if not (page.memory.kept or page.memory.files or stood_for or any(page.files.values())):
            return replace(page, values={**dict.fromkeys(page.files, ()), **page.values})
        shown = await self._shown(workspace, page, sender)
        if shown is None:
            return page
        asked = {field.name: field for field in shown.page.fields}
        values = {name: _meant(asked.get(name), given) for name, given in page.values.items()}
        for name in page.memory.kept:
            if not values.get(name):
                values[name] = tuple(shown.values.get(name, ()))
        taken = dict(page.files)
        first = next((name for name, field in asked.items() if field.kind is FieldKind.FILE), "")
        memory = page.memory
        if memory.files and first:
            held = len(shown.values.get(first, ())) if first in page.memory.kept else 0
            room = max(0, asked[first].most - held - len(taken.get(first, ())))
            taken[first] = (*taken.get(first, ()), *({"id": file} for file in memory.files[:room]))
            memory = replace(memory, files=())
        for name, files in taken.items():
            kept = tuple(shown.values.get(name, ())) if name in page.memory.kept else ()
            values[name] = (*kept, *[await self._kept(workspace, page, name, file) for file in files])
        return replace(page, values=values, memory=memory)

    async def _shown(self, workspace: Workspace, page: FilledPage, sender: Sender) -> OpenPage | None:
        reply = await self._desk(
            sender.sends(workspace.library, page.memory.intent, subject=page.memory.subject, token=page.memory.token)
        )
        return reply.page

    async def _kept(self, workspace: Workspace, page: FilledPage, name: str, file: Mapping[str, Any]) -> str:
        try:
            whole = file if file.get("url_private") else await self._looked_up(workspace, file)
            raw = await fetch_file(self._http, workspace, str(whole.get("url_private", "")), self._hosts)
            return await self._desk.keep_file(
                workspace.library, page.memory.token, raw, str(whole.get("name") or "file")
            )
        except Mistake as no:
            raise WrongFiles({name: no.why}) from no
        except NotPosted as no:
            raise WrongFiles({name: str(no)}) from no
        except (TryLater, OutcomeUnknown) as lost:
            raise WrongFiles({name: "Slack did not give that file. Send the page again."}) from lost

    async def _looked_up(self, workspace: Workspace, file: Mapping[str, Any]) -> Mapping[str, Any]:
        answer = await call(workspace.client.files_info(file=str(file["id"])))
        found: Mapping[str, Any] = answer.get("file") or {}
        return found


def _meant(asked: Field | None, given: tuple[str, ...]) -> tuple[str, ...]:
    return forms.chosen_values(asked, given) if asked is not None and asked.kind in CHOOSES else given
