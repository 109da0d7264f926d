"""What a page could not carry: long options, kept answers, and the pictures people send in their chat with the bot.

A picture is fetched from Microsoft only after the page that allows it was answered, into quarantine, and joins the form
that asked for it last. The bot's token goes along only where the connector itself keeps a pasted picture.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from adapters.teams import forms
from adapters.teams.connector import Connector
from adapters.teams.inbound import Attached, FilledPage, Sender
from adapters.teams.places import KnownPlaces
from adapters.teams.settings import TeamsSettings
from bot.cards import Card, Field, FieldKind, Note, OpenPage, Reply, Submission, Tone, Turn, Values
from bot.ports import NotPosted
from bot.refusal import Mistake, Refusal

__all__ = ["Files"]

CHOOSES = frozenset({FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.PERSON})
MOST_BYTES = 10 * 1024 * 1024
"""What one picture may weigh, in bytes."""

NOT_ASKED = (
    "No form of yours asks for pictures just now, so nothing of this was fetched. Begin a report or open yours again; "
    "when its page asks for pictures, send them here."
)
NOT_OURS = "That picture does not stand in Teams or in your organisation's files, so it was not fetched."


class Desk(Protocol):
    """What is asked of the desk."""

    async def __call__(self, sent: Submission) -> Reply:
        """Answer what was sent."""

    async def takes_files(self, library: str, token: str) -> bool:
        """Test whether the page a draft stands on takes a file."""

    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        """Keep a file apart and return what its field then holds.

        :raises Mistake: the page takes no file, or not this one
        """


class Files:
    """Completes pages, and takes pictures for the page that asked last."""

    def __init__(self, desk: Desk, connector: Connector, places: KnownPlaces, settings: TeamsSettings) -> None:
        self._desk = desk
        self._connector = connector
        self._places = places
        self._settings = settings
        self._turns: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def gather(self, library: str, page: FilledPage, sender: Sender) -> FilledPage:
        """The page as the desk reads it: options' own values, and the answers a dialog did not show."""
        shown = await self._shown(library, page, sender) if _needs(page) else None
        if shown is None:
            return page
        asked = {field.name: field for field in shown.page.fields}
        values: dict[str, tuple[str, ...]] = {
            name: _meant(asked.get(name), given) for name, given in page.values.items()
        }
        for name in page.memory.kept:
            if not values.get(name):
                values[name] = tuple(shown.values.get(name, ()))
        return replace(page, values=values)

    async def _shown(self, library: str, page: FilledPage, sender: Sender) -> OpenPage | None:
        memory = page.memory
        reply = await self._desk(sender.sends(library, memory.intent, subject=memory.subject, token=memory.token))
        shown = reply.page
        return shown if shown is not None and shown.number == memory.page else None

    async def asked_on(self, sender: Sender, shown: OpenPage | None) -> None:
        """Note that a page which takes pictures stands before somebody."""
        if shown is not None and shown.page.takes_files:
            await self._places.awaits(sender.tenant, sender.user, _draft(shown))

    async def take(self, library: str, pictures: Sequence[Attached], sender: Sender) -> Reply:
        """Fetch pictures for the form that asked last, and say what was kept.

        :raises Refusal: no form asks for any
        """
        async with self._turns[sender.tenant, sender.user]:
            return await self._take(library, pictures, sender)

    async def _take(self, library: str, pictures: Sequence[Attached], sender: Sender) -> Reply:
        place = await self._places.now(sender.tenant, sender.user)
        intent, _, token = (place.awaits if place else "").partition(" ")
        if not token or not await self._desk.takes_files(library, token):
            raise Refusal(NOT_ASKED)
        begun = sender.sends(library, intent, token=token)
        shown = (await self._desk(begun)).page
        asked = next((one for one in shown.page.fields if one.kind is FieldKind.FILE), None) if shown else None
        if shown is None or asked is None:
            raise Refusal(NOT_ASKED)
        there = tuple(value for value in shown.values.get(asked.name, ()) if value)
        kept: list[str] = []
        wrong: list[str] = []
        for picture in pictures:
            if len(there) + len(kept) >= asked.most:
                wrong.append(f"{picture.name}: this takes at most {asked.most} files.")
                continue
            try:
                kept.append(await self._kept(library, token, picture, sender))
            except (Refusal, NotPosted) as no:
                wrong.append(f"{picture.name}: {no.why if isinstance(no, Refusal) else no}")
        values: Values = {**shown.values, asked.name: (*there, *kept)}
        if kept:
            await self._desk(replace(begun, values=values, page=shown.number, turn=Turn.STAY))
        return _told(shown, len(kept), len(there) + len(kept), wrong)

    async def _kept(self, library: str, token: str, picture: Attached, sender: Sender) -> str:
        url = picture.url
        if picture.signed:
            mine = self._settings.keeps_picture(url, sender.service_url)
        else:
            mine = self._settings.holds_files(url)
        if not mine:
            raise Mistake(NOT_OURS)
        raw = await self._connector.fetch(url, most=MOST_BYTES, signed=picture.signed)
        return await self._desk.keep_file(library, token, raw, picture.name)


def _needs(page: FilledPage) -> bool:
    """Test whether a page holds what only the questions themselves make sense of."""
    return bool(page.memory.kept) or any(one.startswith("#") for given in page.values.values() for one in given)


def _meant(asked: Field | None, given: tuple[str, ...]) -> tuple[str, ...]:
    return forms.chosen_values(asked, given) if asked is not None and asked.kind in CHOOSES else given


def _draft(shown: OpenPage) -> str:
    return f"{shown.intent} {shown.token}"


def _told(shown: OpenPage, kept: int, there: int, wrong: Sequence[str]) -> Reply:
    pictures = "picture" if kept == 1 else "pictures"
    memory = forms.Memory(token=shown.token, intent=shown.intent, subject=shown.subject, page=shown.number)
    return Reply(
        cards=(
            Card(
                title=f"{kept} {pictures} added to “{shown.page.title}”" if kept else "No picture was added",
                body=f"There {'is' if there == 1 else 'are'} {there} now. Send more, or go on.",
                notes=tuple(Note(text=words, tone=Tone.WARNING) for words in wrong),
                buttons=(forms.resuming("Go on", memory),),
            ),
        )
    )


def sending_here(shown: OpenPage) -> Reply:
    """What is said in the chat to somebody who wants to add pictures to a page."""
    memory = forms.Memory(token=shown.token, intent=shown.intent, subject=shown.subject, page=shown.number)
    return Reply(
        cards=(
            Card(
                title="Send the calendar file here" if shown.page.takes_calendars else "Send the pictures here",
                body="Paste them or attach them as files in this chat, then press the button. "
                f"What you filled in on “{shown.page.title}” is kept.",
                buttons=(forms.resuming("Go on", memory),),
            ),
        )
    )
