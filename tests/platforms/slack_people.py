"""Slack as its people use it: they type commands, press what is shown, fill what is asked, on a phone or at a desk.

Requests are signed and sent over HTTP, or sent down a web socket; what Slack would check before sending is checked.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
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
from adapters.slack.workspaces import Installs
from bot.connected import KeptHomes
from bot.desk import Desk
from bot.founding import found
from bot.ports import Store
from bot.rounds import Rounds
from bot.training import CHARTER
from storage.store import SqlStore
from storage.vault import FolderVault
from tests.people import BIRCH_CHARTER, Time
from tests.platforms.fake_slack import APP_TOKEN, SECRET, TEAM, TOKEN, FakeSlack, Thing, running
from tests.platforms.slack_installs import OTHER_TEAM
from tests.platforms.slack_reading import find_button, read

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
    desk: Desk
    http: ClientSession
    settings: SlackSettings
    patience: float = 5.0
    before_desk: Callable[[Desk], Any] | None = None
    installs: Installs | None = None
    url: str = ""
    people: dict[str, "SlackPerson"] = field(default_factory=dict)

    def __getattr__(self, user: str) -> "SlackPerson":
        """Whoever has this account; ``house.sam`` is the editor."""
        if user.startswith("_"):
            raise AttributeError(user)
        return self.people.setdefault(user, SlackPerson(self, f"U{user.upper()}"))

    async def start(self) -> None:
        """Start the program over what is on disk."""

        async def library_of(team: str) -> str:
            found_library = await self.store.library_for("slack", team)
            return str(found_library) if found_library else ""

        self.platform = Slack.build(
            self.before_desk(self.desk) if self.before_desk else self.desk,
            self.settings,
            library_of=library_of,
            now=monotonic,
            wall=lambda: self.time().timestamp(),
            installs=self.installs,
            opened=KeptHomes(self.store, self.time) if isinstance(self.store, SqlStore) else None,
            pace=0.0,
            patience=self.patience,
        )
        self.platform.desk.homes.gather = 0.0
        self.rounds = Rounds(
            store=self.store,
            vault=self.vault,
            messengers=(self.platform.messenger,),
            clock=self.time,
            told=self.platform.told_of,
        )
        app = web.Application()
        self.platform.add_routes(app)
        self.server = TestServer(app)
        await self.server.start_server()
        self.url = f"http://127.0.0.1:{self.server.port}/slack/events"
        if self.settings.app_token:
            await self.platform.listen(self.settings)

    async def stop(self) -> None:
        """End the program; what it knew by heart is gone."""
        await self.platform.close()
        await self.server.close()

    async def send(self, kind: str, payload: Thing) -> Thing:
        """Bring a delivery as Slack does: signed over HTTP, or down a socket."""
        if self.settings.app_token:
            return await self.slack.through_socket(kind, payload)
        raw, content = encoded(kind, payload)
        headers = {"Content-Type": content, **signed(raw)}
        async with self.http.post(self.url, data=raw, headers=headers) as answer:
            assert answer.status == 200, (answer.status, await answer.text())
            text = await answer.text()
            said: Thing = json.loads(text) if text.startswith("{") else {}
            return said

    async def deliver(self) -> None:
        """Make the round, and what waits a minute."""
        await self.rounds.run()
        self.time.later(minutes=2)
        await self.rounds.deliver()
        await self.settle()

    async def settle(self) -> None:
        """Wait for everything that follows an answer."""
        await self.platform.desk.finish()

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
            case "multi_users_select":
                value["selected_users"] = element.get("initial_users", []) if given is None else list(given)
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


@asynccontextmanager
async def chicopee_in_slack(
    store: Store,
    folder: Path,
    *,
    socket: bool = False,
    patience: float = 5.0,
    desk: Callable[[Desk], Any] | None = None,
    installs: Installs | None = None,
) -> AsyncIterator[SlackHouse]:
    """The library at work in Slack, over signed HTTP or over a socket."""
    at = Time()
    vault = FolderVault(folder, now=at)
    for charter in (SLACK_CHARTER, SLACK_BIRCH):
        await found(charter, store=store, vault=vault, now=at())
    async with running(FakeSlack(now=monotonic)) as slack:
        settings = SlackSettings(
            bot_token="" if installs else TOKEN,
            signing_secret=SECRET,
            app_token=APP_TOKEN if socket else "",
            api=f"{slack.url}/api/",
        )
        inner = Desk(store=store, vault=vault, clock=at)
        http = ClientSession()
        house = SlackHouse(
            slack=slack, store=store, vault=vault, time=at, desk=inner, http=http, settings=settings, patience=patience
        )
        house.before_desk, house.installs = desk, installs
        try:
            await house.start()
            yield house
            house.check()
        finally:
            await http.close()
            await house.stop()
            await asyncio.sleep(0)
