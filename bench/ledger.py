"""Verify a long ledger, beside the bare hashing of it: ``python -m bench.ledger [--size ENTRIES]``."""

import asyncio
from hashlib import sha256

from bench.ground import MORNING, Ground, arguments, chosen, grounds, progress, report, timed
from bot.cases.library import Library
from bot.records.ledger import START, Head, Told, canonical, entry, verify
from bot.training import LIBRARY, PLATFORM
from storage.book import LEDGER
from storage.store import SqlStore

AIM = 3.5
TURNS = 3
BATCH = 20_000
Links = list[tuple[bytes, bytes, bytes]]


def write(ground: Ground, size: int) -> Links:
    """Write a chain of entries like those of a day's work, without their payloads."""
    engine = ground.engine("ledger")
    head, links = Head(), []
    rows = []
    told = Told(at=MORNING, actor=str(LIBRARY), role="editor,reporter", action="incident.report", record="incident")
    payload = canonical({"after": {"outcome": "removed"}})
    for number in range(1, size + 1):
        one = entry(head, told, payload, library=LIBRARY, salt=number.to_bytes(16, "big"))
        head = Head(seq=one.seq, hash=one.hash)
        links.append((one.header, one.commitment, one.hash))
        rows.append(
            {
                "library_id": LIBRARY,
                "seq": one.seq,
                "case": one.case,
                "header": one.header,
                "commitment": one.commitment,
                "hash": one.hash,
            }
        )
        if len(rows) == BATCH or number == size:
            with engine.begin() as connection:
                connection.execute(LEDGER.insert(), rows)
            rows.clear()
            progress(f"  {ground.name}: {number:,} entries written")
    engine.dispose()
    return links


def bare(links: Links) -> bytes:
    """The hashing alone."""
    previous = START
    for header, commitment, kept in links:
        if sha256(previous + header + commitment).digest() != kept:
            raise AssertionError(kept)
        previous = kept
    return previous


async def measure(ground: Ground, size: int) -> None:
    """Verify and hash in turn."""
    store = SqlStore.open(ground.url("ledger"))
    await store.found(Library(id=LIBRARY, name="Bench", zone="America/New_York"), platform=PLATFORM, tenant="bench")
    links = write(ground, size)
    ours: list[float] = []
    floor: list[float] = []
    for turn in range(TURNS):
        progress(f"  {ground.name}: turn {turn + 1} of {TURNS}")
        with timed(floor):
            last = bare(links)
        with timed(ours):
            head, flaw = await store.chain(LIBRARY, verify)
        assert (head.hash, flaw) == (last, None)
    await store.close()
    report(f"verify {size:,} events, {ground.name}", ours, floor, aim=AIM, floor_is="bare hashing")


def main() -> None:
    """Measure on every database asked for."""
    asked = arguments(__doc__ or "", size=1_000_000, of="entries of the ledger")
    with grounds(chosen(asked)) as found:
        for ground in found:
            asyncio.run(measure(ground, asked.size))


if __name__ == "__main__":
    main()
