"""Ledger: the append-only, hash-chained list of every act, refusal, reminder, view and export of one library.

Each entry's hash is SHA-256 over the previous hash, the header and a commitment to the payload; the commitment is
SHA-256 over a random salt and the payload. Headers hold no free text and no handles. A payload can therefore be
disposed of, together with its salt, and the chain still verifies. The exact bytes that were hashed are what is kept.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

START = bytes(32)
"""What the first entry of a chain follows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry as kept. ``payload`` and ``salt`` are ``None`` once disposed of."""

    library: UUID
    seq: int
    case: str
    header: bytes
    commitment: bytes
    hash: bytes
    payload: bytes | None
    salt: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The end of a chain: how many entries there are, and the hash of the last."""

    seq: int = 0
    hash: bytes = START


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a header says in words: when, who, as what, did what, to which case, under which pack, from where."""

    at: datetime
    actor: str
    role: str
    action: str
    record: str = ""
    case: str = ""
    pack: str = ""
    surface: str = ""
    rule: str = ""


def canonical(value: Any) -> bytes:  # noqa: ANN401 - anything JSON can say
    """The one way a value is written down: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def entry(head: Head, told: Told, payload: bytes, *, library: UUID, salt: bytes) -> Entry:
    """The entry that follows ``head``."""
    seq = head.seq + 1
    header = canonical(
        {
            "seq": seq,
            "library": str(library),
            "at": told.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": told.actor,
            "role": told.role,
            "action": told.action,
            "record": told.record,
            "case": told.case,
            "pack": told.pack,
            "surface": told.surface,
            "rule": told.rule,
        }
    )
    commitment = sha256(salt + payload).digest()
    return Entry(
        library=library,
        seq=seq,
        case=told.case,
        header=header,
        commitment=commitment,
        hash=sha256(head.hash + header + commitment).digest(),
        payload=payload,
        salt=salt,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Flaw:
    """What is wrong with an entry, at its place in the chain."""

    seq: int
    what: str


def verify(chain: Iterable[tuple[int, bytes, bytes, bytes]]) -> tuple[Head, Flaw | None]:
    """Walk a chain of (seq, header, commitment, hash) in order; stop at the first flaw.

    :returns: the last good place, and what is wrong after it, if anything
    """
    seq, previous = 0, START
    for number, header, commitment, kept in chain:
        if number != seq + 1:
            return Head(seq=seq, hash=previous), Flaw(seq=seq + 1, what=f"entry {seq + 1} is missing")
        if sha256(previous + header + commitment).digest() != kept:
            return Head(seq=seq, hash=previous), Flaw(seq=number, what=f"entry {number} was altered")
        seq, previous = number, kept
    return Head(seq=seq, hash=previous), None


def payload_holds(*, commitment: bytes, payload: bytes, salt: bytes) -> bool:
    """Test whether a payload is the one that was committed to."""
    return sha256(salt + payload).digest() == commitment
