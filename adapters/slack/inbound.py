"""What Slack sends, as submissions. Nothing here talks to anybody."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from typing_extensions import override

from adapters import sender as sender_of
from adapters.slack import forms
from adapters.slack.forms import Memory
from adapters.slack.render import DOCUMENT, PICTURE
from bot.cards import Identity, Values
from bot.refusal import Refusal
from bot.reported import message_with_place

PLATFORM = "slack"
NOBODY: Mapping[str, str] = {}
MOST_FILES = 20
"""Files of a message that are looked at; a form takes fewer, and says how many it leaves."""
Body = Mapping[str, Any]
"""A delivery as Bolt has parsed it."""

UNKNOWN = "Slack sent something this bot does not know. Please open the card again and try once more."
MENTION = re.compile(r"^\s*(?:<@[A-Z0-9]+(?:\|[^>]*)?>[\s,:]*)+")
MARKED = re.compile(r"<(?P<kind>[@#!]?)(?P<inside>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


class Unknown(Refusal):
    """Slack sent what is none of ours."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender(sender_of.Sender):
    """Who sends, in which workspace, from where. ``team`` is where the app is installed; ``own_team`` the person's."""

    team: str
    user: str
    own_team: str = ""
    channel: str = ""
    thread: str = ""
    private: bool = True
    delivery: str = ""

    @property
    @override
    def identity(self) -> Identity:
        """The account; somebody of another workspace is nobody's account here."""
        return Identity(platform=PLATFORM, tenant=self.own_team or self.team, user=self.user)

    @property
    @override
    def alone(self) -> bool:
        """Test whether this is their own conversation with the bot, or only they will see the answer."""
        return self.private


def sender(body: Body) -> Sender:
    """Who sent an interaction or a command.

    :raises Unknown: it names nobody
    """
    user = body.get("user") or {}
    if isinstance(user, str) or "command" in body:
        user = {"id": body.get("user_id", user)}
    team = (body.get("team") or {}).get("id") or body.get("team_id") or user.get("team_id") or ""
    place = (body.get("channel") or {}).get("id") or body.get("channel_id") or ""
    if not team or not user.get("id"):
        raise Unknown(UNKNOWN)
    return Sender(
        team=team,
        user=user["id"],
        own_team=user.get("team_id", ""),
        channel=place,
        private=not place or place.startswith("D"),
        delivery=delivery(body),
    )


def delivery(body: Body) -> str:
    """Slack's own name of a delivery: the event's id, or the trigger's, which is new for every press."""
    return str(body.get("event_id") or body.get("trigger_id") or "")


def event_sender(body: Body) -> Sender | None:
    """Who an event is from; ``None`` when it is from no person: a bot, a change of a message, a file that joined."""
    event: Body = body.get("event") or {}
    if event.get("bot_id") or event.get("subtype") not in {None, "file_share", "thread_broadcast"}:
        return None
    if not event.get("user"):
        return None
    channel = event.get("channel", "")
    return Sender(
        team=body.get("team_id", ""),
        user=event["user"],
        own_team=event.get("user_team") or event.get("team") or "",
        channel=channel,
        thread=event.get("thread_ts") or "",
        private=event.get("channel_type") == "im" or channel.startswith("D"),
        delivery=delivery(body),
    )


def words(text: str) -> str:
    """What somebody typed to the bot, as they saw it: without the mention in front and without Slack's markup."""
    return unmarked(MENTION.sub("", text))


def unmarked(text: str, names: Mapping[str, str] = NOBODY) -> str:
    """A text of Slack as people see it: a link is its address, a mention the name (or the id where none is known)."""

    def shown(found: re.Match[str]) -> str:
        kind, inside, label = found["kind"], found["inside"], found["label"]
        if kind:
            return kind + (label or (names.get(inside, inside) if kind == "@" else inside))
        return inside.removeprefix("mailto:").removeprefix("tel:")

    clean = MARKED.sub(shown, text)
    return clean.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def command(body: Body) -> str:
    """A slash command as the words it stands for."""
    return f"{body.get('command', '')} {words(body.get('text') or '')}".strip()


@dataclass(frozen=True, kw_only=True, slots=True)
class Press:
    """A button that was pressed, as it was drawn."""

    intent: str
    subject: str
    version: int
    token: str
    opens_form: bool


def pressed(value: str) -> Press:
    """Read a button.

    :raises Unknown: no button of ours carries this
    """
    try:
        said = json.loads(value)
        return Press(
            intent=str(said["i"]),
            subject=str(said["s"]),
            version=int(said["v"]),
            token=str(said["t"]),
            opens_form=bool(said.get("f")),
        )
    except (ValueError, KeyError, TypeError) as wrong:
        raise Unknown(UNKNOWN) from wrong


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A picture somebody asks to see, as its button was drawn."""

    case: str
    sha256: str
    alt: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A document somebody asks for, as its button was drawn; one about no case has an empty one."""

    case: str
    name: str


def asked_for_file(action: Body) -> Shown | Wanted | None:
    """Read the button of a picture or of a document; ``None`` when it is another one, or none of ours."""
    pressed_on = str(action.get("action_id", ""))
    if not pressed_on.startswith((PICTURE, DOCUMENT)):
        return None
    try:
        said = json.loads(str(action.get("value", "")))
        if pressed_on.startswith(PICTURE):
            return Shown(case=str(said["c"]), sha256=str(said["h"]), alt=str(said["a"]))
        return Wanted(case=str(said["c"]), name=str(said["n"]))
    except (ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class FilledPage:
    """One page of a form as it was sent: by field, the answers, and what Slack only names.

    ``files`` are Slack's file objects, ``users`` and ``groups`` ids of accounts and of user groups.
    """

    memory: Memory
    values: Values
    files: Mapping[str, tuple[Mapping[str, Any], ...]]
    users: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]


def filled(view: Body) -> FilledPage:
    """Read a modal.

    :raises Unknown: it is no form of ours
    """
    memory = Memory.read(view.get("private_metadata", ""))
    if not memory.token or not memory.intent or memory.page < 1:
        raise Unknown(UNKNOWN)
    values: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[Mapping[str, Any], ...]] = {}
    users: dict[str, tuple[str, ...]] = {}
    groups: dict[str, tuple[str, ...]] = {}
    for block, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            name = forms.field_name(block)
            if element.get("type") == "file_input":
                files[name] = tuple(element.get("files") or ())
            elif element.get("type") == "multi_users_select":
                users[name] = tuple(element.get("selected_users") or ())
                values[name] = ("\n".join(users[name]),)
            elif name.endswith(forms.GROUPS):
                groups[name.removesuffix(forms.GROUPS)] = _answer(element)
            else:
                values[name] = _answer(element)
    return FilledPage(memory=memory, values=values, files=files, users=users, groups=groups)


def _answer(element: Mapping[str, Any]) -> tuple[str, ...]:
    match element.get("type"):
        case "plain_text_input":
            one = element.get("value")
        case "datepicker":
            one = element.get("selected_date")
        case "users_select":
            one = element.get("selected_user")
        case "channels_select":
            one = element.get("selected_channel")
        case "conversations_select":
            one = element.get("selected_conversation")
        case "radio_buttons" | "static_select":
            one = (element.get("selected_option") or {}).get("value")
        case "checkboxes" | "multi_static_select":
            return tuple(str(option["value"]) for option in element.get("selected_options") or ())
        case _:
            one = None
    return (str(one),) if one else ()


def mentioned(body: Body) -> tuple[str, ...]:
    """The accounts a reported message mentions."""
    message: Body = body.get("message") or {}
    texts = (message.get("text"), *(one.get("text") for one in _attachments(message)))
    found = [mark["inside"] for text in texts for mark in MARKED.finditer(text or "") if mark["kind"] == "@"]
    return tuple(dict.fromkeys(str(user) for user in found if user))


def reported(body: Body, names: Mapping[str, str] = NOBODY) -> str:
    """A message somebody reports: what it says and what is attached, and where it stands.

    Its own address is written without a scheme, so that it is not taken for the address of what is reported; those of
    what is attached are.
    """
    message: Body = body.get("message") or {}
    parts = [unmarked(message.get("text") or "", names)]
    for one in _attachments(message):
        attached_words = unmarked(str(one.get("text") or one.get("fallback") or ""), names)
        by = unmarked(str(one.get("author_name") or ""))
        address = str(one.get("from_url") or one.get("title_link") or "")
        said = f"{by}: {attached_words}" if by and attached_words else attached_words
        parts += [part for part in (said, address) if part and not any(part in before for before in parts)]
    return message_with_place("\n".join(part for part in parts if part), f"Slack: {_address(body, message)}")


def _attachments(message: Body) -> list[Body]:
    return [one for one in message.get("attachments") or () if isinstance(one, Mapping)]


def _address(body: Body, message: Body) -> str:
    """Where a message stands; one in a thread is named with it, as Slack's own links are."""
    channel = (body.get("channel") or {}).get("id", "")
    domain = (body.get("team") or {}).get("domain", "")
    stamp, thread = str(message.get("ts", "")), str(message.get("thread_ts") or "")
    where = f"{domain}.slack.com/archives/{channel}/p{stamp.replace('.', '')}"
    return f"{where}?thread_ts={thread}&cid={channel}" if thread and thread != stamp else where


def attached(body: Body) -> tuple[str, ...]:
    """The ids of a message's files; none is fetched before a page allows it."""
    files = (body.get("message") or {}).get("files") or ()
    return tuple(str(file["id"]) for file in files if file.get("id"))[:MOST_FILES]
