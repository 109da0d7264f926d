"""Nothing is acknowledged before it is kept, over HTTP and a socket, for every kind of delivery; forms open in time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck
from typing_extensions import override

from adapters.slack import answers, workspaces
from adapters.slack import app as bolt_app
from adapters.slack.deliveries import Deliveries
from adapters.slack.workspaces import Install
from bot.cards import Submission
from bot.desk import Desk
from storage.store import SqlStore
from tests.journeys.test_slack import asks_for_removal, events_of
from tests.people import LINK, WORDS
from tests.platforms.fake_slack import TEAM, Thing
from tests.platforms.slack_installs import TwoInstalls
from tests.platforms.slack_people import SlackHouse, chicopee_in_slack
from tests.platforms.slack_reading import find_button, read

WATCHED = 0.4
"""Seconds for which an answer is watched for while the record is held up; a form is opened empty after 1.2."""

Does = Callable[[], Awaitable[Any]]


class HeldUp:
    """A desk in front of another one, which lets nothing through until it is told to."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.free.set()

    def over(self, desk: Desk) -> "HeldUp":
        """Put it in front of a desk."""
        self.desk = desk
        return self

    def __getattr__(self, name: str) -> object:
        async def asked(*given: object) -> object:
            await self.free.wait()
            return await getattr(self.desk, name)(*given)

        return asked

    async def __call__(self, sent: Submission) -> object:
        await self.free.wait()
        return await self.desk(sent)


async def a_page(house: SlackHouse) -> Does:
    await house.robin.types("/incident")
    await house.robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    body = house.robin.submission({"On which": "Facebook", "Link to it": LINK, "What it says": WORDS})
    return lambda: house.robin.submits(body)


async def a_button_that_acts(house: SlackHouse) -> Does:
    report = await asks_for_removal(house.robin)
    await house.deliver()
    return lambda: house.sam.presses_in("social-media", "Done today", about=report)


async def a_button_in_a_form(house: SlackHouse) -> Does:
    await house.robin.types("/incident")
    await house.robin.fills({"What is it?": "Complaint", "Could this show": "No"})
    return lambda: house.robin.presses("Back")


async def a_button_of_home(house: SlackHouse) -> Does:
    await house.robin.opens_home()
    return lambda: house.robin.presses_home("Report")


async def a_button_that_hands_a_document_over(house: SlackHouse) -> Does:
    report = await asks_for_removal(house.robin)
    await house.dana.types("/incident", f"show {report}")
    button = next(found for one in house.slack.ephemeral["UDANA"] if (found := find_button(one["blocks"], "Export")))
    return lambda: house.dana.press(button, channel="DUDANA")


async def a_command(house: SlackHouse) -> Does:
    return lambda: house.robin.types("/due")


async def a_command_that_opens_a_form(house: SlackHouse) -> Does:
    return lambda: house.robin.types("/incident")


async def a_shortcut(house: SlackHouse) -> Does:
    return lambda: house.robin.uses_shortcut("incident.report")


async def a_shortcut_on_a_message(house: SlackHouse) -> Does:
    message = {"type": "message", "text": "see this", "user": "UJO", "ts": "1.2"}
    where = {"id": "social-media", "name": "social-media"}
    return lambda: house.robin.uses_shortcut("message:incident.report", message=message, channel=where)


async def words(house: SlackHouse) -> Does:
    return lambda: house.robin.writes("due")


async def a_mention(house: SlackHouse) -> Does:
    return lambda: house.robin.writes("<@U0BOT> due", channel="social-media")


async def home_opened(house: SlackHouse) -> Does:
    return house.robin.opens_home


async def a_form_closed(house: SlackHouse) -> Does:
    await house.robin.types("/incident")
    body = {"type": "view_closed", "user": {"id": "UROBIN", "team_id": TEAM}, "team": {"id": TEAM}, "api_app_id": "A0"}
    return lambda: house.send("interactive", body | {"view": {**house.robin.modal, "id": "V1"}})


async def an_account_changed(house: SlackHouse) -> Does:
    return lambda: house.robin.sends_event({"type": "user_change", "user": {"id": "UROBIN"}})


KINDS = (
    *(a_page, a_button_that_acts, a_button_in_a_form, a_button_of_home, a_button_that_hands_a_document_over),
    *(a_command, a_command_that_opens_a_form, a_shortcut, a_shortcut_on_a_message),
    *(words, a_mention, home_opened, a_form_closed, an_account_changed),
)


async def acknowledged_too_early(house: SlackHouse, held: HeldUp) -> list[str]:
    """The kinds of delivery that are acknowledged while the record is held up; every one is in the end."""
    acknowledged: list[Thing] = []
    sends = house.send

    async def send(kind: str, payload: Thing) -> Thing:
        answer = await sends(kind, payload)
        acknowledged.append(answer)
        return answer

    house.send = send  # type: ignore[method-assign]  # the same, noted
    early = []
    for kind in KINDS:
        does = await kind(house)
        held.free.clear()
        acknowledged.clear()
        doing = asyncio.ensure_future(does())
        await asyncio.sleep(WATCHED)
        early += [kind.__name__] if acknowledged else []
        held.free.set()
        await doing
        await house.settle()
        assert acknowledged, f"{kind.__name__} was never acknowledged"
    return early


@asynccontextmanager
async def held_up(url: str, folder: Path, held: HeldUp, *, socket: bool = False) -> AsyncIterator[SlackHouse]:
    store = SqlStore.open(url)
    async with chicopee_in_slack(store, folder, socket=socket, desk=held.over) as house:
        try:
            yield house
        finally:
            held.free.set()
    await store.close()


@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
async def test_no_kind_of_delivery_is_acknowledged_before_it_is_kept(
    sqlite_url: str, tmp_path: Path, *, socket: bool
) -> None:
    held = HeldUp()
    async with held_up(sqlite_url, tmp_path, held, socket=socket) as house:
        assert await acknowledged_too_early(house, held) == []


def hasty_listeners(held: HeldUp) -> Callable[..., Callable[..., Awaitable[None]]]:
    """Listeners that acknowledge first and work after, as soon as the record is held up."""
    going = set()

    def listener(
        handle: Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]], deliveries: Deliveries
    ) -> Callable[..., Awaitable[None]]:
        async def listen(body: dict[str, Any], ack: AsyncAck) -> None:
            task = asyncio.ensure_future(deliveries.once(body, handle))
            going.add(task)
            if held.free.is_set():
                await ack(**(await task or {}))
            else:
                await ack()

        return listen

    return listener


async def test_a_program_that_acknowledges_first_is_caught(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = HeldUp()
    monkeypatch.setattr(bolt_app, "_listener", hasty_listeners(held))
    async with held_up(sqlite_url, tmp_path, held) as house:
        assert set(await acknowledged_too_early(house, held)) == {kind.__name__ for kind in KINDS}


async def test_a_program_that_does_not_wait_for_the_record_is_caught(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, waits = HeldUp(), answers.Answers.done

    async def done(here: answers.Answers, task: asyncio.Future[Any], visit: answers.Visit, within: float) -> bool:
        return await waits(here, task, visit, within if held.free.is_set() else 0.0)

    monkeypatch.setattr(answers.Answers, "done", done)
    async with held_up(sqlite_url, tmp_path, held, socket=True) as house:
        early = set(await acknowledged_too_early(house, held))
        assert {"a_page", "a_button_that_acts", "words", "a_mention", "a_form_closed"} <= early


async def test_a_press_whose_socket_drops_before_its_answer_is_done_once_when_slack_brings_it_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    held = HeldUp()
    async with held_up(sqlite_url, tmp_path, held, socket=True) as house:
        while len(house.slack.sockets) < 2:  # noqa: ASYNC110 - both are on their way
            await asyncio.sleep(0.02)
        report = await asks_for_removal(house.robin)
        await house.deliver()
        card = next(one for one in house.slack.messages["social-media"] if report in read(one))
        button = find_button(card["blocks"], "Done today")
        assert button
        body = {
            "type": "block_actions",
            "user": {"id": "USAM", "team_id": TEAM},
            "team": {"id": TEAM},
            "trigger_id": house.slack.trigger("USAM"),
            "actions": [{**button, "block_id": "b", "action_ts": "1"}],
            "container": {"type": "message"},
            "api_app_id": "A0",
            "channel": {"id": "social-media"},
            "response_url": house.slack.response_url("USAM"),
        }
        held.free.clear()
        first = asyncio.ensure_future(house.slack.through_socket("interactive", body))
        await asyncio.sleep(0.2)
        await house.slack.sockets[-1].close()
        held.free.set()
        with contextlib.suppress(TimeoutError):  # its answer is lost, unless another socket carries it
            await first

        await house.slack.through_socket("interactive", body)
        await house.settle()

        assert await events_of(house, "incident.done_today", record="incident") == 1
        assert sum("removed" in said for said in house.sam.told) == 1


class SlowInstalls(TwoInstalls):
    """Installations in a database that may take its time."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0
        self.reads = 0

    @override
    async def find(self, team: str) -> Install | None:
        self.reads += 1
        await asyncio.sleep(self.seconds)
        return await super().find(team)


@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
async def test_a_form_opens_in_time_however_long_the_database_takes(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, socket: bool
) -> None:
    monkeypatch.setattr(workspaces, "FRESH", 0.0)  # every delivery reads the installation again, beside it
    store, held, installs = SqlStore.open(sqlite_url), HeldUp(), SlowInstalls()
    async with chicopee_in_slack(store, tmp_path, desk=held.over, installs=installs, socket=socket) as house:
        await house.robin.types("/due")
        installs.seconds = 4.0
        held.free.clear()
        read_before, began = installs.reads, monotonic()
        typing = asyncio.ensure_future(house.robin.types("/incident"))
        while "UROBIN" not in house.slack.open_view and monotonic() - began < 5:  # noqa: ASYNC110 - as a person waits
            await asyncio.sleep(0.05)
        took = monotonic() - began
        held.free.set()
        assert took < 3.0, "a trigger lives three seconds"
        assert installs.reads > read_before, "it was read again, and nobody waited for that"
        await typing
        assert house.robin.sees.startswith("Report an item")
    await store.close()


async def test_a_workspace_is_read_once_however_many_deliveries_come(sqlite_url: str, tmp_path: Path) -> None:
    store, installs = SqlStore.open(sqlite_url), SlowInstalls()
    async with chicopee_in_slack(store, tmp_path, installs=installs) as house:
        installs.seconds = 0.2
        await asyncio.gather(*(getattr(house, name).types("/due") for name in ("robin", "sam", "dana", "alex")))
        await house.robin.types("/due")
        assert installs.reads == 1
    await store.close()
