"""Acts that touch many tables, and the check that each is there whole or not at all.

Act number n leaves a report, a task, a message, a handled key, a file let go and a ledger entry that all carry n. So
after any crash the tables must name exactly the same numbers, from one up without a gap, and every acknowledged one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Engine, create_engine, text

from bot.ports import Shelves
from bot.records.ledger import verify
from storage import engines
from tests.builders import ELM, NOON, a_handled, a_message, a_task, an_entry, an_evidence, an_incident

Ack = Callable[[int], None]


def act(kept: Shelves) -> int:
    """Everything a press leaves, under the next number."""
    first_half(kept)
    return second_half(kept)


def first_half(kept: Shelves) -> None:
    number = kept.book.next_number("I", 2026)
    ref = f"I-2026-{number:04}"
    kept.incidents.put(
        an_incident(id=UUID(int=number), ref=ref, text="x" * (number % 5 * 700), evidence=(an_evidence(ref.encode()),))
    )
    kept.tasks.put(a_task(id=UUID(int=number), case=ref))


def second_half(kept: Shelves) -> int:
    head = kept.book.head()
    number = head.seq + 1
    ref = f"I-2026-{number:04}"
    kept.messages.queue(a_message(id=UUID(int=number), key=f"m{number}", about=ref))
    kept.book.append(an_entry(head, case=ref))
    kept.book.put_handled(a_handled(key=f"h{number}", about=ref))
    kept.book.release_file(f"{number:064}", NOON)
    return number


NUMBERS = {
    "incident": "SELECT CAST(SUBSTR(ref, 8) AS INTEGER) FROM incident",
    "retained file": "SELECT i.number FROM (SELECT id, CAST(SUBSTR(ref, 8) AS INTEGER) AS number FROM incident) AS i "
    "JOIN retained_file ON retained_file.incident = i.id",
    "task": 'SELECT CAST(SUBSTR("case", 8) AS INTEGER) FROM task',
    "message": "SELECT CAST(SUBSTR(key, 2) AS INTEGER) FROM message",
    "handled": "SELECT CAST(SUBSTR(key, 2) AS INTEGER) FROM handled",
    "released file": "SELECT CAST(sha256 AS INTEGER) FROM released_file",
    "ledger": 'SELECT CAST(SUBSTR("case", 8) AS INTEGER) FROM ledger',
    "ledger payload": "SELECT seq FROM ledger_payload",
}
"""Where the numbers of the acts are read back from, table by table."""

CHAIN = text("SELECT seq, header, commitment, hash FROM ledger ORDER BY seq")


@dataclass
class Found:
    """What a crash left: how many acts, and everything that is wrong."""

    acts: int
    wrong: list[str] = field(default_factory=list)


def examine(url: str, acknowledged: int) -> Found:
    """Look at a database after a crash. ``acknowledged`` is the last act somebody was told is kept."""
    engine = create_engine(engines.parsed(url))
    try:
        return _examine(engine, acknowledged)
    finally:
        engine.dispose()


def _examine(engine: Engine, acknowledged: int) -> Found:
    with engine.connect() as conn:
        sound = conn.execute(text("PRAGMA integrity_check")).scalar() if engine.dialect.name == "sqlite" else "ok"
        if sound != "ok":  # what a broken file answers to anything else means nothing
            return Found(acts=acknowledged, wrong=[f"corrupt: {sound}"])
        numbers = {name: sorted(conn.execute(text(sql)).scalars()) for name, sql in NUMBERS.items()}
        counter = conn.execute(text("SELECT COALESCE(MAX(number), 0) FROM counter")).scalar_one()
        head, flaw = verify(tuple(row) for row in conn.execute(CHAIN))
    found = Found(acts=counter)
    whole = list(range(1, counter + 1))
    found.wrong += [f"torn: {name} holds {held[-3:]} of {counter}" for name, held in numbers.items() if held != whole]
    if counter < acknowledged:
        found.wrong.append(f"lost: {acknowledged} was acknowledged, {counter} is the last one there")
    if flaw is not None or head.seq != counter:
        found.wrong.append(f"chain: {flaw} after {head.seq}")
    return found


__all__ = ["ELM", "Found", "act", "examine", "first_half", "second_half"]
