"""Slack as its people use it: they type commands, press what is shown, fill what is asked, on a phone or at a desk.

Requests are signed and sent over HTTP, or sent down a web socket; what Slack would check before sending is checked.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from time import monotonic, time  # noqa: TID251 - Slack's own clock signs its requests
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.slack.platform import Slack, SlackSettings
from bot.desk import Desk
from bot.founding import found
from bot.ports import Store
from bot.rounds import Rounds
from bot.training import CHARTER
from storage.vault import FolderVault
from tests.people import BIRCH_CHARTER, Time
from tests.platforms.fake_slack import APP_TOKEN, SECRET, TEAM, TOKEN, FakeSlack, Thing, running

OTHER_TEAM = "T0BIRCH"
_numbers = count(1)

SLACK_CHARTER = replace(
    CHARTER,
    platform="slack",
    tenant=TEAM,
    members=tuple(replace(member, user=f"U{member.user.upper()}") for member in CHARTER.members),
)
SLACK_BIRCH = replace(
    BIRCH_CHARTER,
    platform="slack",
    tenant=OTHER_TEAM,
    members=tuple(replace(member, user=f"U{member.user.upper()}") for member in BIRCH_CHARTER.members),
)

Send = Callable[[str, Thing], Awaitable[Thing]]


def signed(raw: bytes, *, at: int | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers Slack signs a request with."""
    stamp = str(int(time()) if at is None else at)
    base = b"v0:" + stamp.encode() + b":" + raw
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest(),
    }


def encoded(kind: str, payload: Thing) -> tuple[bytes, str]:
    """A delivery as Slack writes it."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


@dataclass
class SlackHouse:
    """Chicopee's library in Slack, with Birch's in another workspace on the same record."""

    slack: FakeSlack
    store: Store
    vault: FolderVault
    time: Time
    platform: Slack
    rounds: Rounds
    desk: Desk
    send: Send
    url: str = ""
    people: dict[str, "SlackPerson"] = field(default_factory=dict)
    quiet: Callable[[], Awaitable[None]] | None = None

    def __getattr__(self, user: str) -> "SlackPerson":
        """Whoever has this account; ``house.sam`` is the editor."""
        if user.startswith("_"):
            raise AttributeError(user)
        return self.people.setdefault(user, SlackPerson(self, f"U{user.upper()}"))

    async def deliver(self) -> None:
        """Make the round, and what waits a minute."""
        await self.rounds.run()
        self.time.later(minutes=2)
        await self.rounds.deliver()

    async def settle(self) -> None:
        """Wait for everything that follows an answer."""
        await (self.quiet or self.platform.desk.finish)()

    def channel(self, name: str) -> list[str]:
        """What a channel shows, as text."""
        return [read(one) for one in self.slack.messages[name]]

    def check(self) -> None:
        """Nothing was sent that Slack would have refused."""
        assert self.slack.complaints == []


@dataclass
class SlackPerson:
    """One account: what it has before it, and what it can do with it. ``taps`` counts what a thumb does."""

    house: SlackHouse
    user: str
    taps: int = 0
    team: str = TEAM

    # -- what is before them -----------------------------------------------------------------------------------------

    @property
    def modal(self) -> Thing:
        """The open modal."""
        view: Thing = self.house.slack.views[self.house.slack.open_view[self.user]]["view"]
        return view

    @property
    def told(self) -> list[str]:
        """Everything only they were shown, in messages."""
        direct = self.house.slack.messages[f"D{self.user}"]
        return [read(one) for one in [*self.house.slack.ephemeral[self.user], *direct]]

    @property
    def sees(self) -> str:
        """The text of the open modal."""
        return read(self.modal)

    # -- what they do ------------------------------------------------------------------------------------------------

    async def types(self, command: str, text: str = "", *, channel: str = "D0") -> Thing:
        """A slash command."""
        self.house.time.later(seconds=10)
        body = {
            "command": command,
            "text": text,
            "user_id": self.user,
            "team_id": self.team,
            "channel_id": channel,
            "trigger_id": self.house.slack.trigger(self.user),
            "response_url": self.house.slack.response_url(self.user),
            "api_app_id": "A0",
        }
        answer = await self.house.send("slash_commands", body)
        self.house.slack.answered(self.user, answer)
        await self.house.settle()
        return answer

    async def writes(self, words: str, *, event: str = "", channel: str = "") -> None:
        """A direct message to the bot; in a channel, a mention."""
        self.house.time.later(seconds=10)
        said = {"type": "message", "channel_type": "im"} if not channel else {"type": "app_mention"}
        await self.sends_event(
            {**said, "user": self.user, "text": words, "channel": channel or f"D{self.user}", "ts": "1.0"}, event=event
        )

    async def sends_event(self, said: Thing, *, event: str = "") -> None:
        """An event of theirs."""
        body = {
            "type": "event_callback",
            "team_id": self.team,
            "event_id": event or f"Ev{next(_numbers)}",
            "event": said,
            "api_app_id": "A0",
            "authorizations": [{"team_id": self.team, "user_id": "U0BOT", "is_bot": True}],
        }
        await self.house.send("events_api", body)
        await self.house.settle()

    async def opens_home(self) -> str:
        """The Home tab."""
        await self.sends_event({"type": "app_home_opened", "user": self.user, "tab": "home", "channel": "D0"})
        return read(self.house.slack.homes[self.user])

    async def presses_in(self, channel: str, label: str, *, about: str = "") -> Thing:
        """A button of a channel's card."""
        for message in reversed(self.house.slack.messages[channel]):
            if about in read(message) and (found := find_button(message["blocks"], label)):
                return await self.press(found, channel=channel)
        raise AssertionError(f"no {label!r} in {self.house.channel(channel)}")

    async def presses_told(self, label: str, *, about: str = "") -> Thing:
        """A button of something only they were shown."""
        direct = self.house.slack.messages[f"D{self.user}"]
        for message in reversed([*direct, *self.house.slack.ephemeral[self.user]]):
            if about in read(message) and (found := find_button(message.get("blocks", []), label)):
                return await self.press(found, channel=f"D{self.user}")
        raise AssertionError(f"no {label!r} in {self.told}")

    async def presses_home(self, label: str, *, about: str = "") -> Thing:
        """A button of their Home tab."""
        view = self.house.slack.homes[self.user]
        found = find_button(view["blocks"], label, about=about)
        assert found, f"no {label!r} about {about!r} in {read(view)}"
        return await self.press(found, view={**view, "id": "VHOME"})

    async def presses(self, label: str, *, about: str = "") -> Thing:
        """A button of the open modal."""
        found = find_button(self.modal["blocks"], label, about=about)
        assert found, f"no {label!r} in {self.sees}"
        view_id = self.house.slack.open_view[self.user]
        return await self.press(found, view={**self.modal, "id": view_id, "state": {"values": {}}})

    async def press(self, button: Thing, *, channel: str = "", view: Thing | None = None, trigger: str = "") -> Thing:
        """A button that was kept."""
        self.taps += 1
        self.house.time.later(seconds=10)
        body: Thing = {
            "type": "block_actions",
            "user": {"id": self.user, "team_id": self.team},
            "team": {"id": self.team, "domain": "chicopee"},
            "trigger_id": trigger or self.house.slack.trigger(self.user),
            "actions": [{**button, "block_id": "b", "action_ts": "1"}],
            "container": {"type": "view" if view else "message"},
            "api_app_id": "A0",
        }
        if view:
            body["view"] = view
        else:
            body |= {"channel": {"id": channel}, "response_url": self.house.slack.response_url(self.user)}
        answer = await self.house.send("interactive", body)
        await self.house.settle()
        return answer

    async def uses_shortcut(self, callback: str, **more: Any) -> None:  # noqa: ANN401 - Slack's own fields
        """A shortcut."""
        body = {
            "type": "message_action" if "message" in more else "shortcut",
            "callback_id": callback,
            "user": {"id": self.user, "team_id": self.team},
            "team": {"id": self.team, "domain": "chicopee"},
            "trigger_id": self.house.slack.trigger(self.user),
            "api_app_id": "A0",
            **more,
        }
        if "message" in more:
            body["response_url"] = self.house.slack.response_url(self.user)
        await self.house.send("interactive", body)
        await self.house.settle()

    def filled(self, answers: dict[str, Any]) -> Thing:
        """The open modal with these answers, by label; what Slack asks for before it sends is asked here."""
        state: Thing = {}
        labels = []
        for block in self.modal["blocks"]:
            if block["type"] != "input":
                continue
            label = block["label"]["text"]
            labels.append(label)
            element = block["element"]
            given = next((answer for name, answer in answers.items() if label.startswith(name)), None)
            value = self._answer(element, given)
            empty = not any(value.get(name) for name in value if name != "type")
            assert block.get("optional") or not empty, f"Slack asks for {label!r} first"
            state.setdefault(block["block_id"], {})[element["action_id"]] = value
        missing = [name for name in answers if not any(label.startswith(name) for label in labels)]
        assert not missing, f"{missing} is not asked; only {labels}"
        return state

    def _answer(self, element: Thing, given: Any) -> Thing:  # noqa: ANN401 - words, or several
        kind = element["type"]
        value: Thing = {"type": kind}
        match kind:
            case "plain_text_input":
                said = element.get("initial_value") if given is None else given
                assert len(said or "") <= element["max_length"], "Slack takes no more"
                value["value"] = said
            case "datepicker":
                value["selected_date"] = element.get("initial_date") if given is None else given
            case "radio_buttons" | "static_select":
                option = element.get("initial_option") if given is None else _option(element, given)
                value["selected_option"] = option
                self.taps += given is not None
            case "checkboxes" | "multi_static_select":
                many = [given] if isinstance(given, str) else given
                chosen = (
                    element.get("initial_options", []) if given is None else [_option(element, one) for one in many]
                )
                value["selected_options"] = chosen
                self.taps += len(chosen) if given is not None else 0
            case "users_select":
                value["selected_user"] = element.get("initial_user") if given is None else given
            case "conversations_select":
                value["selected_conversation"] = element.get("initial_conversation") if given is None else given
            case "file_input":
                value["files"] = [self.house.slack.file(name) for name in given or ()]
            case _:
                raise AssertionError(kind)
        return value

    def submission(self, answers: dict[str, Any]) -> Thing:
        """The delivery of the filled modal."""
        view_id = self.house.slack.open_view[self.user]
        return {
            "type": "view_submission",
            "user": {"id": self.user, "team_id": self.team},
            "team": {"id": self.team, "domain": "chicopee"},
            "trigger_id": self.house.slack.trigger(self.user),
            "view": {**self.modal, "id": view_id, "state": {"values": self.filled(answers)}},
            "api_app_id": "A0",
        }

    async def fills(self, answers: dict[str, Any]) -> Thing:
        """Fill in the open modal and send it."""
        self.taps += 1
        self.house.time.later(seconds=10)
        return await self.submits(self.submission(answers))

    async def submits(self, body: Thing) -> Thing:
        """Send a filled modal, and see what comes of it."""
        answer = await self.house.send("interactive", body)
        if answer.get("response_action") == "update":
            self.house.slack.show(answer["view"], self.user)
        await self.house.settle()
        return answer


def _option(element: Thing, label: str) -> Thing:
    groups = element.get("option_groups") or [{"options": element["options"]}]
    options: list[Thing] = [option for group in groups for option in group["options"]]
    found = [option for option in options if option["text"]["text"].startswith(label)]
    assert found, f"{label!r} is not offered: {[option['text']['text'] for option in options]}"
    return found[0]


def texts(part: Any) -> Iterable[str]:  # noqa: ANN401 - any part of a payload
    """Every text of a payload, in order."""
    if isinstance(part, dict):
        if part.get("type") in {"plain_text", "mrkdwn"}:
            yield part["text"]
        else:
            for name, value in part.items():
                if name == "initial_value":
                    yield value
                yield from texts(value)
    elif isinstance(part, list):
        for one in part:
            yield from texts(one)


def read(part: Any) -> str:  # noqa: ANN401 - any part of a payload
    """A payload as somebody reads it."""
    return "\n".join(texts(part))


def find_button(blocks: list[Thing], label: str, *, about: str = "") -> Thing | None:
    """A button by what is written on it, in the part of a view that is about something."""
    seen = not about
    for block in blocks:
        if about and block["type"] in {"section", "header"}:
            seen = about in read({name: value for name, value in block.items() if name != "accessory"})
        if not seen:
            continue
        elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        for one in elements:
            if one.get("type") == "button" and one["text"]["text"].startswith(label):
                return dict(one)
    return None


@asynccontextmanager
async def chicopee_in_slack(
    store: Store,
    folder: Path,
    *,
    socket: bool = False,
    patience: float = 5.0,
    desk: Callable[[Desk], Any] | None = None,
) -> AsyncIterator[SlackHouse]:
    """The library at work in Slack, over signed HTTP or over a socket."""
    at = Time()
    vault = FolderVault(folder, now=at)
    for charter in (SLACK_CHARTER, SLACK_BIRCH):
        await found(charter, store=store, vault=vault, now=at())
    async with running(FakeSlack(now=monotonic)) as slack:
        settings = SlackSettings(
            bot_token=TOKEN, signing_secret=SECRET, app_token=APP_TOKEN if socket else "", api=f"{slack.url}/api/"
        )
        inner = Desk(store=store, vault=vault, clock=at)

        async def library_of(team: str) -> str:
            found_library = await store.library_for("slack", team)
            return str(found_library) if found_library else ""

        platform = Slack.build(
            desk(inner) if desk else inner,
            settings,
            library_of=library_of,
            now=monotonic,
            pace=0.0,
            patience=patience,
        )
        platform.desk.homes.gather = 0.0
        rounds = Rounds(store=store, vault=vault, messengers=(platform.messenger,), clock=at)
        app = web.Application()
        platform.add_routes(app)
        server = TestServer(app)
        await server.start_server()
        http = ClientSession()
        url = f"http://127.0.0.1:{server.port}/slack/events"

        async def over_http(kind: str, payload: Thing) -> Thing:
            raw, content = encoded(kind, payload)
            headers = {"Content-Type": content, **signed(raw)}
            async with http.post(url, data=raw, headers=headers) as answer:
                assert answer.status == 200, (answer.status, await answer.text())
                text = await answer.text()
                found_answer: Thing = json.loads(text) if text.startswith("{") else {}
                return found_answer

        if socket:
            await platform.listen(settings)
        house = SlackHouse(
            slack=slack,
            store=store,
            vault=vault,
            time=at,
            platform=platform,
            rounds=rounds,
            desk=inner,
            send=slack.through_socket if socket else over_http,
            url=url,
        )
        try:
            yield house
            house.check()
        finally:
            await http.close()
            await platform.close()
            await server.close()
            await asyncio.sleep(0)
