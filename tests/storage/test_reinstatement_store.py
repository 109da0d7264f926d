"""Requests to come back and days away return from every store exactly as they were saved."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from bot.cases.absence import Absence
from bot.cases.appeal import Form, Writing
from bot.cases.reinstatement import DecidedReinstatement, Reinstatement, RequestedReinstatement
from bot.cases.ruling import Ruling
from bot.ports import Shelves, Stale, Store
from bot.refusal import Citation
from tests.builders import BIRCH, DAY, ELM, NOON, an_evidence, an_id

PAPER = Writing(
    form=Form.DICTATED,
    received_on=DAY,
    sent_on=DAY - timedelta(days=2),
    words="ich möchte zurückkommen 🙂",
    scans=(an_evidence(), an_evidence()),
    sender="Somebody, 3 Elm Street",
)
UNDER = Citation(rule="decider.reinstate", label="Who decides: Library Director", source="the Board", practice=True)
RULING = Ruling(by=an_id(), role="acting_director", at=NOON, on=DAY, under=UNDER, pack="elm 2020-01-01")


def asked(ref: str = "R-2026-0001", *, library: UUID = ELM.id, block: str = "B-2026-0001") -> RequestedReinstatement:
    return RequestedReinstatement(
        id=an_id(),
        library=library,
        ref=ref,
        version=1,
        writing=PAPER,
        logged_by=an_id(),
        logged_at=NOON,
        block=block,
        matched_by=an_id() if block else None,
        eligible_on=date(2026, 4, 17) if block else None,
        appeal="A-2026-0001" if block else "",
    )


def answered(accounts: tuple[UUID, ...] | None) -> DecidedReinstatement:
    return DecidedReinstatement(
        requested=asked(), version=2, granted_on=accounts, conditions="no adverts", reason="they wrote", ruling=RULING
    )


async def put(store: Store, *requests: Reinstatement, library: UUID = ELM.id) -> None:
    def keep(shelves: Shelves) -> None:
        for request in requests:
            shelves.reinstatements.put(request)

    await store.act(library, keep)


@pytest.mark.parametrize(
    "request_",
    [asked(), asked(block=""), answered(None), answered(()), answered((an_id(), an_id()))],
    ids=["asked", "unmatched", "nothing to lift", "declined", "granted"],
)
async def test_a_request_comes_back_as_it_was_saved(store: Store, request_: Reinstatement) -> None:
    before = replace(request_.requested, version=1) if isinstance(request_, DecidedReinstatement) else None
    await put(store, *([before] if before else []), request_)

    kept = await store.ask(ELM.id, lambda shelves: shelves.reinstatements.by_ref("R-2026-0001"))
    assert kept == request_
    assert await store.ask(BIRCH.id, lambda shelves: shelves.reinstatements.by_ref("R-2026-0001")) is None


async def test_what_waits_and_what_a_block_has_is_found_oldest_first(store: Store) -> None:
    first = asked("R-2026-0001")
    second = replace(asked("R-2026-0002"), logged_at=NOON + timedelta(hours=1))
    elsewhere = replace(asked("R-2026-0003", block="B-2026-0009"), logged_at=NOON + timedelta(hours=2))
    await put(store, first, second, elsewhere)
    await put(store, asked("R-2026-0001", library=BIRCH.id), library=BIRCH.id)
    answer = DecidedReinstatement(
        requested=first, version=2, granted_on=(), conditions="", reason="not yet", ruling=RULING
    )
    await put(store, answer)

    found = await store.ask(
        ELM.id,
        lambda shelves: (
            shelves.reinstatements.undecided(),
            shelves.reinstatements.of_block("B-2026-0001"),
            shelves.reinstatements.recent(2),
        ),
    )
    assert found == ((second, elsewhere), (answer, second), (elsewhere, second))


async def test_two_cannot_answer_over_each_other(store: Store) -> None:
    request = asked()
    await put(store, request)
    answer = DecidedReinstatement(
        requested=request, version=2, granted_on=None, conditions="", reason="lifted", ruling=RULING
    )
    await put(store, answer)

    with pytest.raises(Stale):
        await put(store, replace(answer, granted_on=()))
    assert await store.ask(ELM.id, lambda shelves: shelves.reinstatements.by_ref(request.ref)) == answer


def days_away(since: date, *, library: UUID = ELM.id, why: str = "") -> Absence:
    return Absence(
        id=an_id(),
        library=library,
        person=an_id(),
        since=since,
        until=since + timedelta(days=2),
        entered_by=an_id(),
        entered_at=NOON,
        why=why,
    )


async def test_days_away_come_back_by_their_first_day_cancelled_ones_too(store: Store) -> None:
    later, sooner = days_away(DAY + timedelta(days=9)), days_away(DAY, why="leave")
    cancelled = replace(later, cancelled_at=NOON + timedelta(days=1))

    def keep(shelves: Shelves) -> None:
        for one in (later, sooner, cancelled):
            shelves.registry.put_absence(one)

    await store.act(ELM.id, keep)
    await store.act(BIRCH.id, lambda shelves: shelves.registry.put_absence(days_away(DAY, library=BIRCH.id)))

    assert await store.ask(ELM.id, lambda shelves: shelves.registry.absences()) == (sooner, cancelled)
