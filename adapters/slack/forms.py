"""Pages of forms as modals, and what a modal remembers of its draft.

The draft is the desk's. A modal carries its token, and the names of fields whose answers it cannot show in full (a long
text, files added before): those are kept as they are unless the person gives new ones.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from adapters.slack.render import (
    VIEW_BLOCKS,
    VIEW_SIZE,
    Block,
    compact,
    context,
    gathered,
    header,
    is_cut,
    length,
    paragraphs,
    plain,
    remarks,
    section,
    size,
    small_print,
)
from bot.cards import Button, Card, Field, FieldKind, OpenPage, Option, Reply

TITLE = 24
LABEL = 2000
OPTION = 75
OPTION_VALUE = 150
INPUT = 3000
METADATA = 3000
FEW = 10
"""Up to this many options are radio buttons or boxes to tick; more are a list to open."""
LISTED = 100
MOST_FILES = 10
SUBJECT = 300
FILETYPES = ["png", "jpg", "jpeg", "gif", "webp", "pdf"]
ACCOUNT = re.compile(r"[UW][A-Z0-9]{1,30}")
"""What Slack calls an account; it refuses a form that shows anything else as one."""
BACK = "back"
ANSWER = "answer"
GROUPS = "@groups"
"""Behind the name of a field that takes people: the same field, as user groups. No field's own name holds an @."""
PAGE = "page"
RESULT = "result"


@dataclass(frozen=True, kw_only=True, slots=True)
class Memory:
    """What a modal remembers. ``kept`` fields keep their answer; ``files`` came with a reported message."""

    token: str = ""
    intent: str = ""
    subject: str = ""
    page: int = 0
    kept: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def dumped(self) -> str:
        """As private metadata, without the subject where that makes it too long: the draft knows it as well."""
        said = {
            "t": self.token,
            "i": self.intent,
            "s": self.subject if len(self.subject) <= SUBJECT else "",
            "n": self.page,
            "k": list(self.kept),
            "f": list(self.files),
        }
        dumped = compact(said)
        return dumped if length(dumped) <= METADATA else compact(said | {"s": ""})

    @classmethod
    def read(cls, metadata: str) -> Self:
        """From private metadata; what is not ours is nothing."""
        try:
            said: dict[str, Any] = json.loads(metadata or "{}")
        except ValueError:
            return cls()
        return cls(
            token=str(said.get("t", "")),
            intent=str(said.get("i", "")),
            subject=str(said.get("s", "")),
            page=int(said.get("n", 0)),
            kept=tuple(said.get("k", ())),
            files=tuple(said.get("f", ())),
        )


@dataclass(slots=True)
class _Fields:
    """The fields of a page as blocks."""

    number: int
    groups: tuple[Option, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def block_id(number: int, name: str) -> str:
    """Where a field stands; with the page in it, so that Slack never carries an answer to another page."""
    return f"{number}.{name}"


def field_name(block: str) -> str:
    """The field a block asks for."""
    return block.partition(".")[2]


def modal(shown: OpenPage, *, files: Sequence[str] = (), groups: Sequence[Option] = ()) -> Block:
    """A page of a form. ``groups`` are the workspace's user groups, where a field takes several people."""
    page = shown.page
    asked = {each.name for each in page.fields}
    top: list[Block] = [header(page.title)] if is_cut(page.title, TITLE) else []
    top += [section(f"⚠ {said}") for name, said in shown.errors.items() if name not in asked]
    top += paragraphs(page.intro)
    if shown.of > 1:
        top.append(context(f"Page {shown.number} of {shown.of}"))
    fields = _Fields(number=shown.number, groups=tuple(groups))
    for each in page.fields:
        wrong = shown.errors.get(each.name)
        if wrong:
            fields.blocks.append(section(f"⚠ {each.label}: {wrong}"))
        _ask(each, tuple(shown.values.get(each.name, ())), fields)
    if files and page.takes_files:
        fields.blocks.append(context(_added(len(files), next(f.most for f in page.fields if f.kind is FieldKind.FILE))))
    fields.blocks += remarks(page.notes)
    memory = Memory(
        token=shown.token,
        intent=shown.intent,
        subject=shown.subject,
        page=shown.number,
        kept=tuple(fields.kept),
        files=tuple(files),
    )
    if shown.number > 1:
        fields.blocks.append(
            {
                "type": "actions",
                "elements": [{"type": "button", "action_id": BACK, "text": plain("Back", 75), "value": BACK}],
            }
        )
    return {
        "type": "modal",
        "callback_id": PAGE,
        "title": plain(page.title, TITLE),
        "submit": plain(page.submit, TITLE),
        "close": plain("Close", TITLE),
        "notify_on_close": True,
        "private_metadata": memory.dumped(),
        "blocks": _fitting([*top, *fields.blocks]),
    }


def _fitting(blocks: list[Block]) -> list[Block]:
    """Leave out the end of what is only read, never a question."""
    most, room = VIEW_BLOCKS, VIEW_SIZE - size(blocks)
    kept = list(blocks)
    for place in range(len(blocks) - 1, 0, -1):
        if len(kept) <= most and room >= 0:
            break
        if blocks[place]["type"] not in {"input", "actions"}:
            room += size([kept.pop(place)])
    return kept


def result(reply: Reply, *, title: str = "Due Notice") -> Block:
    """What came of it, in the place of the form."""
    said = [section(reply.headline)] if reply.headline else []
    blocks = said + gathered(reply.cards, most=VIEW_BLOCKS - len(said), weight=VIEW_SIZE - size(said))
    return {
        "type": "modal",
        "callback_id": RESULT,
        "title": plain(title, TITLE),
        "close": plain("Close", TITLE),
        "blocks": blocks or [section("Done.")],
    }


INITIAL = {
    "value": "initial_value",
    "selected_date": "initial_date",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_channel": "initial_channel",
    "selected_conversation": "initial_conversation",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
}
"""What Slack calls an answer, and what it calls the same answer given beforehand."""
REMARK = "not saved"
"""The id of the block that says why a page was not saved."""
OF_A_VIEW = ("type", "callback_id", "title", "submit", "close", "notify_on_close", "private_metadata")


def as_typed(view: Mapping[str, Any], saying: str) -> Block:
    """A page as somebody sent it, everything typed still in it, with a word on top; files have to be added again."""
    given = (view.get("state") or {}).get("values") or {}
    blocks = [{**section(f"⚠ {saying}"), "block_id": REMARK}]
    for block in view.get("blocks") or ():
        if block.get("block_id") == REMARK:
            continue
        if block.get("type") == "input":
            element = block["element"]
            said = (given.get(block.get("block_id")) or {}).get(element.get("action_id")) or {}
            kept = {name: value for name, value in element.items() if not said or name not in INITIAL.values()}
            kept |= {INITIAL[name]: value for name, value in said.items() if name in INITIAL and value}
            if "\n" in str(kept.get("initial_value", "")):
                kept["multiline"] = True
            blocks.append({**block, "element": kept})
        else:
            blocks.append(block)
    return {name: view[name] for name in OF_A_VIEW if name in view} | {"blocks": _fitting(blocks)}


def waiting(saying: str) -> Block:
    """A modal that holds the place of what is not ready."""
    return result(Reply(headline=saying))


def resuming(label: str, memory: Memory) -> Button:
    """A button that opens a begun form again."""
    return Button(label=label, intent=memory.intent, subject=memory.subject, token=memory.token, opens_form=True)


def put_aside(memory: Memory, title: str) -> Card:
    """What is said when somebody closes a form: it is still there."""
    return Card(
        title="Your form is put aside",
        body=f"What you sent of “{title}” is kept for two weeks.",
        buttons=(resuming("Go on", memory),),
    )


def _ask(asked: Field, given: tuple[str, ...], into: _Fields) -> None:
    match asked.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT if asked.names:
            _named(asked, given, into)
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            _text(asked, given, into)
        case FieldKind.DATE:
            element: Block = {"type": "datepicker"}
            if given and given[0]:
                element["initial_date"] = given[0]
            _input(asked, element, into)
        case FieldKind.FILE:
            _file(asked, given, into)
        case FieldKind.YES_NO:
            yes_no = (Option(value="yes", label="Yes"), Option(value="no", label="No"))
            _choice(replace(asked, options=yes_no), given, into, several=False)
        case FieldKind.CHOICE | FieldKind.PERSON:
            _choice(asked, given, into, several=False)
        case FieldKind.CHOICES:
            _choice(asked, given, into, several=True)


def _input(asked: Field, element: Block, into: _Fields, *, optional: bool | None = None, hint: str = "") -> None:
    block: Block = {
        "type": "input",
        "block_id": block_id(into.number, asked.name),
        "label": plain(asked.label, LABEL),
        "element": element | {"action_id": ANSWER},
        "optional": not asked.required if optional is None else optional,
    }
    said = " ".join(part for part in (asked.hint, hint) if part)
    if said:
        block["hint"] = plain(said, LABEL)
    into.blocks.append(block)


def _text(asked: Field, given: tuple[str, ...], into: _Fields) -> None:
    text = given[0] if given else ""
    element: Block = {"type": "plain_text_input", "max_length": max(1, min(INPUT, asked.max_length))}
    if asked.kind is FieldKind.LONG_TEXT or "\n" in text:
        element["multiline"] = True
    if len(text.encode("utf-16-le")) // 2 > element["max_length"]:
        into.kept.append(asked.name)
        into.blocks += [section(f"{asked.label}: {text}")]
        hint = f"Kept: {len(text):,} characters, more than Slack lets you edit. Type here only to replace them."
        _input(asked, element, into, optional=True, hint=hint)
        return
    if text:
        element["initial_value"] = text
    _input(asked, element, into)


def _named(asked: Field, given: tuple[str, ...], into: _Fields) -> None:
    """A user, several or a channel, from Slack's own lists; several also by a user group of the workspace."""
    first = given[0] if given else ""
    match asked.names:
        case "user":
            _input(asked, {"type": "users_select"} | ({"initial_user": first} if first else {}), into)
        case "users":
            known = (line.split()[0] for line in first.splitlines() if line.strip())
            chosen = list(dict.fromkeys(user for user in known if ACCOUNT.fullmatch(user)))
            several: Block = {"type": "multi_users_select"} | ({"initial_users": chosen} if chosen else {})
            _input(replace(asked, hint=""), several, into, optional=bool(into.groups) or not asked.required)
            if into.groups:
                label = "Or everybody who is in these user groups today"
                group = replace(asked, name=f"{asked.name}{GROUPS}", label=label, hint="", options=into.groups)
                _choice(replace(group, required=False), (), into, several=True)
        case _:
            element: Block = {"type": "conversations_select", "filter": {"include": ["public", "private"]}}
            _input(asked, element | ({"initial_conversation": first} if first else {}), into)


def _file(asked: Field, given: tuple[str, ...], into: _Fields) -> None:
    added = [value for value in given if value]
    room = min(MOST_FILES, asked.most - len(added))
    if added:
        into.kept.append(asked.name)
    if room < 1:
        into.blocks.append(context(f"{asked.label}: {counted(len(added))} added; it takes no more."))
        return
    said = f"{len(added)} already added." if added else ""
    element = {"type": "file_input", "filetypes": FILETYPES, "max_files": room}
    _input(asked, element, into, optional=bool(added) or not asked.required, hint=said)


def _added(files: int, most: int) -> str:
    """How many files of a reported message come along, and how many do not."""
    if files <= most:
        return f"{counted(files)} of the message will be added."
    left = files - most
    return f"{counted(most)} of the message will be added. {left} more {'is' if left == 1 else 'are'} left out."


def counted(files: int) -> str:
    """How many files, in words."""
    return "1 file" if files == 1 else f"{files} files"


def option_value(asked: Field, place: int) -> str:
    """What stands for an option in Slack, which takes 150 characters: its own value, or its place in the list."""
    value = asked.options[place].value
    return value if 0 < len(value) <= OPTION_VALUE and not value.startswith("#") else f"#{place}"


def chosen_values(asked: Field, sent: Sequence[str]) -> tuple[str, ...]:
    """The options' own values for what Slack sent."""
    known = {option_value(asked, place): option.value for place, option in enumerate(asked.options)}
    return tuple(known.get(value, value) for value in sent)


def _option(asked: Field, place: int, *, described: bool) -> Block:
    option = asked.options[place]
    made: Block = {"text": plain(option.label, OPTION), "value": option_value(asked, place)}
    if option.hint and described:
        made["description"] = plain(option.hint, OPTION)
    return made


def _choice(asked: Field, given: tuple[str, ...], into: _Fields, *, several: bool) -> None:
    if not asked.options:
        into.blocks.append(context(f"{asked.label}: there is nothing to choose from."))
        return
    options = [_option(asked, place, described=True) for place in range(len(asked.options))]
    picked = [options[place] for place, option in enumerate(asked.options) if option.value in given]
    if len(options) <= FEW:
        element: Block = {"type": "checkboxes" if several else "radio_buttons", "options": options}
    else:
        element = {"type": "multi_static_select" if several else "static_select"}
        if len(options) <= LISTED:
            element["options"] = options
        else:
            element["option_groups"] = [
                {"label": plain(f"{start + 1} to {min(start + LISTED, len(options))}", OPTION)}
                | {"options": options[start : start + LISTED]}
                for start in range(0, min(len(options), LISTED * LISTED), LISTED)
            ]
    if picked and several:
        element["initial_options"] = picked
    elif picked:
        element["initial_option"] = picked[0]
    _input(asked, element, into)
    into.blocks += _in_full(asked)


def _in_full(asked: Field) -> list[Block]:
    """The whole wording of options that had to be cut, under the question."""
    whole = [
        f"• {option.label}" + (f" ({option.hint})" if option.hint else "")
        for option in asked.options
        if is_cut(option.label, OPTION) or is_cut(option.hint, OPTION)
    ]
    return small_print("In full:\n" + "\n".join(whole)) if whole else []
