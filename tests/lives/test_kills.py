"""The program is killed at any moment, started again, and goes on: nothing said is lost, nothing is said twice."""

import asyncio
import json
import multiprocessing
import os
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random

import pytest

from adapters.practice.outbound import CARDS
from bot.cases.clock import Clock, ClockState
from bot.cases.incident import Incident
from bot.policy.terms import ClockKind
from bot.ports import Reminder, Shelves
from bot.reading import calendar_of
from bot.records.ledger import Entry, Flaw, verify
from bot.rounds import Rounds
from bot.training import LIBRARY
from tests.lives.program import Answered, Breakage, Sending, Setting, begin, live

KILLS = 1000 if os.environ.get("DUENOTICE_TORTURE") == "1" else 20
DAYS_AFTER = 8
"""How many days' rounds are made after the last kill, so that what was due meanwhile has been told."""
FRESH = 25
"""After how many kills a new library is begun, so that looking through it stays quick."""
TOO_LONG = 60.0


@pytest.fixture(scope="module")
def nursery() -> ForkServerContext:
    """Starts programs quickly: everything they import is loaded once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.lives.program"])
    return context


@dataclass
class Platform:
    """What the platform knows: what was sent, and what was answered."""

    setting: Setting
    unanswered: dict[str, Sending] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    lives: int = 0

    def one_life(self, nursery: ForkServerContext, whim: Random) -> None:
        """Start the program, let it answer for a moment, and kill it."""
        ours, theirs = nursery.Pipe(duplex=False)
        self.lives += 1
        args = (self.setting, theirs, tuple(self.unanswered.values()), self.lives)
        program = nursery.Process(target=live, args=args, daemon=True)
        program.start()
        theirs.close()
        begun = time.monotonic()
        until = None
        while until is None or time.monotonic() < until:
            if ours.poll(0.001):
                if not self._hear(ours):
                    break
                until = until or time.monotonic() + whim.uniform(0, 0.4)
            assert until or time.monotonic() < begun + TOO_LONG, "the program does not answer"
        program.kill()
        program.join()
        while self._hear(ours):
            pass
        ours.close()

    def _hear(self, ours: Connection) -> bool:
        try:
            heard: Sending | Answered = ours.recv()
        except (EOFError, OSError):
            return False
        if isinstance(heard, Sending):
            self.unanswered[heard.word] = heard
        else:
            self.unanswered.pop(heard.word, None)
            self.answered[heard.word] = heard.about
        return True


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is on file, and in the chat, when the dust has settled."""

    incidents: Sequence[Incident]
    clocks: Sequence[Clock]
    entries: Sequence[Entry]
    doubtful: frozenset[str]
    said: Sequence[tuple[str, str, str]]
    reminders: Sequence[Reminder]
    calm: Sequence[date]
    flaw: Flaw | None


async def settle(setting: Setting) -> Found:
    """Make the rounds of the days after, undisturbed, and read everything."""
    now = setting.now()
    store = setting.open()
    vault = setting.vault(lambda: now)
    rounds = Rounds(store=store, vault=vault, messengers=(setting.messenger(lambda: now),), clock=lambda: now)
    await rounds.run()
    calendar = await store.ask(LIBRARY, lambda shelves: calendar_of(shelves.registry.library()))
    today = calendar.local_date(now)
    calm = [today + timedelta(days=passed) for passed in range(1, DAYS_AFTER)]
    for day in calm:
        now = calendar.moment(day, calendar.opens_at)
        await rounds.run()
        now += timedelta(minutes=5)
        await rounds.run()
    said = tuple(in_the_chat(setting))
    _, flaw = await store.chain(LIBRARY, verify)

    def read(shelves: Shelves) -> Found:
        incidents = shelves.incidents.recent(1_000_000)
        return Found(
            incidents=incidents,
            clocks=[clock for one in incidents for clock in shelves.clocks.of_case(one.ref)],
            entries=shelves.book.entries(after=0, limit=10_000_000),
            doubtful=frozenset(message.key for message in shelves.messages.in_trouble()),
            said=said,
            reminders=[one for _, key, _ in said for one in shelves.clocks.reminders(key)],
            calm=[day for day in calm if not calendar.why_closed(day)],
            flaw=flaw,
        )

    found = await store.ask(LIBRARY, read)
    await store.close()
    return found


def in_the_chat(setting: Setting) -> Iterator[tuple[str, str, str]]:
    """Every message the bot posted: conversation, key and text."""
    with closing(sqlite3.connect(setting.folder / "chat.sqlite")) as chat:
        rows = chat.execute("SELECT conversation, key, thread, cards FROM line WHERE kind = 'posted' ORDER BY id")
        for conversation, key, thread, cards in rows:
            yield conversation, key.partition("#")[0], f"{thread} {CARDS.validate_json(cards)}"


def wrong_with(platform: Platform, found: Found) -> list[str]:
    """Everything that was lost or said twice, in sentences."""
    wrong = [str(found.flaw)] if found.flaw else []
    kept = {incident.ref: incident for incident in found.incidents}
    for word, ref in platform.answered.items():
        if ref not in kept or word not in kept[ref].text:
            wrong.append(f"{word} was answered with {ref!r} and is lost")
    words = Counter(word for incident in found.incidents for word in re.findall(r"w\d+x\d+w", incident.text))
    wrong += [f"{word} was kept {times} times" for word, times in words.items() if times > 1]
    in_ledger = {entry.case for entry in found.entries}
    wrong += [f"{ref} is not in the ledger" for ref in kept.keys() - in_ledger]
    by_key = Counter((where, key) for where, key, _ in found.said if key not in found.doubtful)
    wrong += [f"{key} was told {times} times in {where}" for (where, key), times in by_key.items() if times > 1]
    by_text = Counter((where, text) for where, key, text in found.said if key not in found.doubtful)
    wrong += [f"told {times} times in {where}: {text[:200]}" for (where, text), times in by_text.items() if times > 1]
    told = [json.loads(e.payload or b"{}")["key"] for e in found.entries if b'"action":"told.' in e.header]
    said = [key for _, key, _ in found.said if key not in found.doubtful]
    wrong += [f"{key} was told and the ledger has it {told.count(key)} times" for key in said if told.count(key) != 1]
    return wrong + reminders_lost(found)


def reminders_lost(found: Found) -> list[str]:
    """An open task that is due is in the channel's message of every open day; a clock that ended was told."""
    where = "social-media"
    reminded = Counter((one.clock, one.day) for one in found.reminders if one.key.endswith(f":{where}"))
    wrong = []
    for clock in found.clocks:
        if clock.state is ClockState.RUNNING and clock.kind is ClockKind.TASK:
            for day in found.calm:
                times = reminded[clock.id, day]
                if times != (day >= clock.due):
                    wrong.append(f"{clock.case} {clock.name}, due {clock.due}, was told {times} times on {day}")
        elif clock.state is ClockState.PASSED and all(one.clock != clock.id for one in found.reminders):
            wrong.append(f"{clock.case} {clock.name} passed and nobody was told")
    return wrong


def after_kills(setting: Setting, nursery: ForkServerContext, kills: int) -> tuple[Platform, list[str]]:
    """Kill the program so many times, and look what came of it."""
    setting.folder.mkdir()
    begin(setting)
    platform = Platform(setting)
    for kill in range(kills):
        platform.one_life(nursery, Random(kill))
    found = asyncio.run(settle(setting))
    return platform, wrong_with(platform, found)


def test_a_killed_program_loses_nothing_it_answered_and_says_nothing_twice(
    nursery: ForkServerContext, tmp_path: Path
) -> None:
    for number in range(0, KILLS, FRESH):
        setting = Setting(folder=tmp_path / f"desk-{number}", began=time.monotonic())

        platform, wrong = after_kills(setting, nursery, min(FRESH, KILLS - number))

        assert wrong == []
        assert len(platform.answered) >= min(FRESH, KILLS - number)


@pytest.mark.parametrize("breakage", [Breakage.HASTY, Breakage.BLIND], ids=lambda broken: broken.name.lower())
def test_a_program_that_answers_too_soon_or_posts_blindly_is_caught(
    breakage: Breakage, nursery: ForkServerContext, tmp_path: Path
) -> None:
    for attempt in range(10):
        setting = Setting(folder=tmp_path / f"desk-{attempt}", began=time.monotonic(), breakage=breakage)
        _, wrong = after_kills(setting, nursery, 3)
        if wrong:
            break
    else:
        pytest.fail(f"30 kills did not show that {breakage.value}")

    sign = "is lost" if breakage is Breakage.HASTY else "times in"
    assert any(sign in one for one in wrong)
