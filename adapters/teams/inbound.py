"""What Teams sends, as submissions. Nothing here talks to anybody.

Source: Microsoft Teams platform documentation, "Conversations with bots", "Universal Actions for Adaptive Cards",
"Use dialogs with bots", "Define action commands".
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from adapters import sender as sender_of
from adapters.teams import forms
from adapters.teams.forms import Memory
from adapters.teams.markup import text_of, without_mentions
from adapters.teams.places import CHANNEL, GROUP, PERSONAL, PLATFORM
from adapters.teams.render import CARRIED, DOCUMENT, NO_ORIGIN, PICTURE, named
from bot.cards import Identity, Submission, Turn, Values
from bot.ports import Conversation
from bot.refusal import Refusal
from bot.reported import message_with_place

Body = Mapping[str, Any]
"""An activity as Teams wrote it, proved."""

UNKNOWN = "Teams sent something this bot does not know. Please open the card again and try once more."
NOBODY = "Teams does not say who you are, and cases are for the library's own staff. Please ask them."
SCHEME = re.compile(r"\b\w+://")
UPLOAD = "application/vnd.microsoft.teams.file.download.info"
EXTENSION = "composeExtension/"
MOST_FILES = 10
FILES = "files"
TURNS = {"back": Turn.BACK, FILES: Turn.STAY}
"""What a button of a page does with it; any other goes on."""


def part(said: object, *names: str) -> Mapping[str, Any]:
    """An object inside another; empty when it is not there or is none."""
    for name in names:
        said = said.get(name) if isinstance(said, Mapping) else None
    return said if isinstance(said, Mapping) else {}


def tenant(body: Body) -> str:
    """The tenant; botbuilder's own place for it is always empty."""
    return str(part(body, "channelData", "tenant").get("id") or "")


def delivery(body: Body) -> str:
    """What is the same when an activity comes again; empty when it has no name of its own."""
    its_id = body.get("id")
    if not isinstance(its_id, str) or not its_id:
        return ""
    who, where = str(body["from"].get("id") or ""), str(body["conversation"]["id"])
    return " ".join((tenant(body), where, who, body["type"], str(body.get("name") or ""), its_id))


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender(sender_of.Sender):
    """Who sends, in which tenant, from where. ``account`` is what the bot calls them, ``user`` their Entra object id.

    ``channel`` is the conversation's id without its thread; ``thread`` is the whole of it. ``elsewhere`` says that a
    message extension was used, which works in conversations the bot is not in, and answers in a dialog.
    """

    tenant: str
    user: str
    account: str
    service_url: str
    kind: str = PERSONAL
    channel: str = ""
    thread: str = ""
    delivery: str = ""
    elsewhere: bool = False

    @property
    @override
    def identity(self) -> Identity:
        """The account in Entra, which is the same in every conversation."""
        return Identity(platform=PLATFORM, tenant=self.tenant, user=self.user)

    @property
    @override
    def alone(self) -> bool:
        """Test whether nobody else sees it: it came from their own chat with the bot, or from a dialog."""
        return self.elsewhere or self.own_chat

    @property
    def own_chat(self) -> bool:
        """Test whether it came from their own chat with the bot."""
        return self.kind == PERSONAL and not self.elsewhere


def sender(body: Body) -> Sender:
    """Who sent an activity.

    :raises Refusal: it names nobody of the directory
    """
    who = body["from"]
    user = str(who.get("aadObjectId") or "")
    if not user:
        raise Refusal(NOBODY)
    conversation = body["conversation"]
    kind = str(conversation.get("conversationType") or "")
    return Sender(
        tenant=tenant(body),
        user=user,
        account=str(who["id"]),
        service_url=str(body["serviceUrl"]),
        kind=kind if kind in {PERSONAL, GROUP, CHANNEL} else GROUP,
        channel=bare(str(conversation["id"])),
        thread=str(conversation["id"]),
        delivery=str(body.get("id") or ""),
        elsewhere=str(body.get("name") or "").startswith(EXTENSION),
    )


def bare(conversation: str) -> str:
    """A conversation without its thread."""
    return conversation.partition(";")[0]


def place_of(body: Body, sent_by: Sender | None) -> Conversation | None:
    """The conversation an activity came from, as it is kept; ``None`` when nobody could be answered there."""
    conversation = body["conversation"]
    where = bare(str(conversation["id"]))
    kind = str(conversation.get("conversationType") or "")
    if kind not in {PERSONAL, GROUP, CHANNEL} or (kind == PERSONAL and sent_by is None):
        return None
    if sent_by is not None and sent_by.elsewhere:
        return None
    titles = {GROUP: str(conversation.get("name") or ""), CHANNEL: str(_channel_of(body).get("name") or "")}
    return Conversation(
        platform=PLATFORM,
        tenant=tenant(body),
        name=sent_by.user if sent_by is not None and kind == PERSONAL else where,
        kind=kind,
        address=where,
        service=str(body["serviceUrl"]),
        title=titles.get(kind, ""),
    )


def _channel_of(body: Body) -> Mapping[str, Any]:
    return part(body, "channelData", "channel")


def team(body: Body) -> str:
    """The team an activity is about; empty outside one."""
    return str(part(body, "channelData", "team").get("id") or "")


def words(body: Body) -> str:
    """What somebody typed, without the mention of the bot; other people's mentions are their names."""
    bot = str(part(body, "recipient").get("id") or "")
    mentions = (part(entity) for entity in body.get("entities") or ())
    ours = (str(one.get("text") or "") for one in mentions if part(one, "mentioned").get("id") == bot)
    return without_mentions(str(body.get("text") or ""), ours)


def is_for_us(body: Body) -> bool:
    """Test whether words in a channel or group chat are said to the bot."""
    bot = str(part(body, "recipient").get("id") or "")
    return any(
        part(entity).get("type") == "mention" and part(entity, "mentioned").get("id") == bot
        for entity in body.get("entities") or ()
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """A button that was pressed, as it was drawn. ``whole`` asks for everything that did not fit.

    ``origin`` asks for its card once more, as (intent, subject); it is empty where nothing does.
    """

    intent: str
    subject: str
    version: int
    token: str
    opens_form: bool
    whole: bool = False
    origin: tuple[str, str] = NO_ORIGIN

    def sent(self, sender: Sender, library: str) -> Submission:
        """What it asks the desk for."""
        if self.intent == "say":
            return sender.says(library, self.subject)
        return sender.sends(
            library, self.intent, subject=self.subject, version_seen=self.version or None, token=self.token
        )


def data(body: Body) -> Mapping[str, Any]:
    """What a button or a dialog sent."""
    if body.get("name") == "adaptiveCard/action":
        return part(body, "value", "action", "data")
    found = part(body, "value", "data")
    return found or part(body, "value")


def pressed(sent: Mapping[str, Any]) -> Press:
    """Read a button.

    :raises Refusal: no button of ours carries this
    """
    said = part(sent, CARRIED)
    version = said.get("v", 0)
    if not isinstance(said.get("i"), str) or not said["i"] or not isinstance(version, int):
        raise Refusal(UNKNOWN)
    return Press(
        intent=said["i"],
        subject=str(said.get("s") or ""),
        version=version,
        token=str(said.get("t") or ""),
        opens_form=bool(said.get("f")),
        whole=bool(said.get("w")),
        origin=_origin(said.get("o")),
    )


def _origin(told: object) -> tuple[str, str]:
    match told:
        case [str(intent), str(subject)]:
            return intent, subject
        case _:
            return NO_ORIGIN


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A document or a retained picture somebody asks for, as its button was drawn; one about no case has an empty one.

    ``name`` is what the desk knows it by: of a picture, its hash in the vault.
    """

    case: str
    name: str
    picture: bool = False

    @property
    def what(self) -> str:
        """What people call it."""
        return "picture" if self.picture else "document"

    @property
    def carried(self) -> Mapping[str, Any]:
        """What names it on a button, and in Teams' question whether somebody wants it."""
        return named(self.case, self.name, PICTURE if self.picture else DOCUMENT)


def wanted(sent: Mapping[str, Any]) -> Wanted | None:
    """Read the button of a document or a picture; ``None`` when it is another one, or none of ours."""
    said = part(sent, CARRIED, DOCUMENT) or part(sent, CARRIED, PICTURE)
    case, name = said.get("c"), said.get("n")
    if not (isinstance(case, str) and isinstance(name, str) and name):
        return None
    return Wanted(case=case, name=name, picture=not part(sent, CARRIED, DOCUMENT))


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """Somebody's answer to a file that was offered: which it was, where it goes, and the question's own message.

    ``saved`` is how Teams names the file it makes room for: its name, address, id and type.
    """

    wanted: Wanted
    accepted: bool
    upload_url: str
    saved: Mapping[str, str]
    question: str


def consented(body: Body) -> Consent:
    """Read an answer to an offered file.

    :raises Refusal: it is about no file of ours
    """
    value = part(body, "value")
    asked_for = wanted(part(value, "context"))
    if asked_for is None or value.get("action") not in {"accept", "decline"}:
        raise Refusal(UNKNOWN)
    told = part(value, "uploadInfo")
    return Consent(
        wanted=asked_for,
        accepted=value["action"] == "accept",
        upload_url=str(told.get("uploadUrl") or ""),
        saved={name: str(told.get(name) or "") for name in ("name", "contentUrl", "uniqueId", "fileType")},
        question=str(body.get("replyToId") or ""),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class FilledPage:
    """One page of a form as it was sent: answers by field, as Teams gives them."""

    memory: Memory
    values: Values
    turn: str

    def sent(self, sender: Sender, library: str) -> Submission:
        """What it asks the desk for."""
        return sender.sends(
            library,
            self.memory.intent,
            subject=self.memory.subject,
            values=self.values,
            token=self.memory.token,
            page=self.memory.page,
            turn=TURNS.get(self.turn, Turn.NEXT),
        )


def is_page(sent: Mapping[str, Any]) -> bool:
    """Test whether a dialog sent a page of a form, and not one of its buttons."""
    return "page" in part(sent, CARRIED)


def filled(sent: Mapping[str, Any]) -> FilledPage:
    """Read a page of a form. What Teams leaves out was left empty.

    :raises Refusal: it is no form of ours
    """
    memory = Memory.read(part(sent, CARRIED))
    if memory is None:
        raise Refusal(UNKNOWN)
    values = {}
    for name, value in sent.items():
        if name.startswith(forms.FIELD):
            asked = name.removeprefix(forms.FIELD)
            values[asked] = _answers(value, several=asked in memory.several)
    return FilledPage(memory=memory, values=values, turn=str(part(sent, CARRIED).get("turn") or ""))


def _answers(value: object, *, several: bool) -> tuple[str, ...]:
    """One answer, or several, which Teams writes into one text with commas between."""
    text = "" if value is None else str(value)
    ones = text.split(",") if several else [text]
    return tuple(one for one in ones if one)


def reported(body: Body) -> str:
    """A message somebody reports: what it says and where it stands.

    Its address is written without a scheme, so that it is not taken for the address of what is reported.
    """
    message = part(body, "value", "messagePayload")
    said = part(message, "body")
    content = str(said.get("content") or "")
    text = text_of(content) if said.get("contentType") == "html" else content.strip()
    where = SCHEME.sub("", str(message.get("linkToMessage") or ""))
    return message_with_place(text, f"Teams: {where}" if where else "Teams")


@dataclass(frozen=True, kw_only=True, slots=True)
class Attached:
    """A picture somebody sent: its name, where it stands, and whether reading it takes the bot's token."""

    name: str
    url: str
    signed: bool


def attached(body: Body) -> tuple[Attached, ...]:
    """The uploads and pasted pictures of a message; none is fetched before a page allows it."""
    found = []
    for one in body.get("attachments") or ():
        said = part(one)
        kind = str(said.get("contentType") or "")
        if kind == UPLOAD:
            url = str(part(said, "content").get("downloadUrl") or "")
            found.append(Attached(name=str(said.get("name") or "file"), url=url, signed=False))
        elif kind.startswith("image/"):
            name = str(said.get("name") or "picture")
            found.append(Attached(name=name, url=str(said.get("contentUrl") or ""), signed=True))
    return tuple(found)[:MOST_FILES]
