"""What every store promises of holds, disposals and tombstones, and of removing everything about a record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlmodel import SQLModel

from bot.cases.appeal import Answer, Form, ReceivedAppeal, Writing
from bot.cases.clock import Clock, ClockState
from bot.cases.consultation import Advice, Way
from bot.cases.disposal import Certificate, DeclinedDisposal, Disposal, LeftOut, ProposedDisposal
from bot.cases.hold import Cause, Hold, Scope
from bot.cases.incident import Outcome
from bot.cases.ruling import Ruling
from bot.policy.terms import ClockKind
from bot.ports import MessageKind, MessageState, Shelves, Stale, Store
from bot.records.ledger import Told, entry, verify
from storage import docket
from tests.builders import (
    BIRCH,
    DAY,
    ELM,
    NOON,
    a_clock,
    a_correction,
    a_decided_block,
    a_draft,
    a_handled,
    a_hold,
    a_link,
    a_message,
    a_notice,
    a_posted_card,
    a_proposal,
    a_reminder,
    a_removed_incident,
    a_removed_record,
    a_requested_block,
    a_snooze,
    a_task,
    a_tombstone,
    an_author,
    an_evidence,
    an_execution,
    an_id,
    an_incident,
)

LONG_AGO = date(2025, 1, 15)


def a_certificate(proposal: ProposedDisposal) -> Certificate:
    left_out = (LeftOut(ref="B-2026-0001", why="it is in force"),)
    who = an_id()
    made = proposal.confirm((a_removed_record(),), left_out, by=who, role="records_officer", at=NOON, on=DAY)
    return replace(made, version=2)


def a_declined(proposal: ProposedDisposal) -> DeclinedDisposal:
    return replace(proposal.decline(by=an_id(), at=NOON, on=DAY, because="not yet"), version=2)


@pytest.mark.parametrize(
    "hold",
    [
        pytest.param(a_hold(), id="standing"),
        pytest.param(
            a_hold(released_by=an_id(), released_at=NOON, released_on=DAY, released_because="settled"), id="released"
        ),
        pytest.param(a_hold(scope=Scope.TOPIC, subject="“story hour”", cause=Cause.POLICE), id="of a topic"),
    ],
)
async def test_a_hold_comes_back_exactly_as_it_was_saved(store: Store, hold: Hold) -> None:
    await store.act(ELM.id, lambda kept: kept.docket.put_hold(hold))
    await store.act(BIRCH.id, lambda kept: kept.docket.put_hold(a_hold(library=BIRCH.id)))

    assert await store.ask(ELM.id, lambda kept: kept.docket.holds()) == (hold,)


async def test_a_hold_somebody_else_has_saved_is_not_saved_over(store: Store) -> None:
    hold = a_hold()
    await store.act(ELM.id, lambda kept: kept.docket.put_hold(hold))
    released = replace(hold, version=2, released_at=NOON, released_by=an_id(), released_on=DAY, released_because="done")
    await store.act(ELM.id, lambda kept: kept.docket.put_hold(released))

    with pytest.raises(Stale):
        await store.act(ELM.id, lambda kept: kept.docket.put_hold(replace(hold, version=2, released_because="mine")))

    assert await store.ask(ELM.id, lambda kept: kept.docket.holds()) == (released,)


@pytest.mark.parametrize("becomes", [a_certificate, a_declined])
async def test_a_disposal_comes_back_exactly_as_it_was_saved(
    store: Store, becomes: Callable[[ProposedDisposal], Disposal]
) -> None:
    proposal = a_proposal()
    theirs = a_proposal(library=BIRCH.id)
    await store.act(ELM.id, lambda kept: kept.docket.put(proposal))
    await store.act(BIRCH.id, lambda kept: kept.docket.put(theirs))
    assert await store.ask(ELM.id, lambda kept: kept.docket.by_ref(proposal.ref)) == proposal
    assert await store.ask(ELM.id, lambda kept: kept.docket.waiting()) == (proposal,)

    answered = becomes(proposal)
    await store.act(ELM.id, lambda kept: kept.docket.put(answered))

    assert await store.ask(ELM.id, lambda kept: kept.docket.by_ref(proposal.ref)) == answered
    assert await store.ask(ELM.id, lambda kept: kept.docket.waiting()) == ()
    assert await store.ask(ELM.id, lambda kept: kept.docket.recent(5)) == (answered,)
    with pytest.raises(Stale):
        await store.act(ELM.id, lambda kept: kept.docket.put(answered))


async def test_a_tombstone_comes_back_exactly_as_it_was_saved(store: Store) -> None:
    tombstone = a_tombstone()
    await store.act(ELM.id, lambda kept: kept.docket.put_tombstone(tombstone))

    assert await store.ask(ELM.id, lambda kept: kept.docket.tombstone(tombstone.ref)) == tombstone
    assert await store.ask(ELM.id, lambda kept: kept.docket.tombstone("I-2026-0002")) is None
    assert await store.ask(BIRCH.id, lambda kept: kept.docket.tombstone(tombstone.ref)) is None


async def test_cases_whose_retention_has_run_are_named_longest_ago_first(store: Store) -> None:
    def retention(case: str, due: date, state: ClockState, **said: object) -> Clock:
        return a_clock(case=case, name="retain_through", kind=ClockKind.RETENTION, due=due, state=state, **said)

    clocks = [
        retention("I-2026-0003", DAY, ClockState.RUN),
        retention("I-2026-0002", LONG_AGO, ClockState.RUN),
        retention("I-2026-0002", DAY, ClockState.RUN),
        retention("I-2026-0001", LONG_AGO, ClockState.RUNNING),
        retention("I-2026-0004", LONG_AGO, ClockState.VOID),
        a_clock(case="I-2026-0005", name="appeal_by", kind=ClockKind.RIGHT, due=LONG_AGO, state=ClockState.PASSED),
    ]

    def put(kept: Shelves) -> None:
        for clock in clocks:
            kept.clocks.put(clock)

    await store.act(ELM.id, put)
    theirs = retention("I-2026-0009", LONG_AGO, ClockState.RUN, library=BIRCH.id)
    await store.act(BIRCH.id, lambda kept: kept.clocks.put(theirs))

    assert await store.ask(ELM.id, lambda kept: kept.docket.ran()) == ("I-2026-0002", "I-2026-0003")


async def test_settled_cases_without_a_retention_clock_are_named_oldest_first(store: Store) -> None:
    left_up = an_incident(ref="I-2026-0001", closed_on=DAY, outcome=Outcome.LEFT_UP)
    still_open = an_incident(ref="I-2026-0002")
    hidden = a_removed_incident(ref="I-2026-0003")
    kept_on = a_removed_incident(ref="I-2026-0004")
    denied = a_decided_block(a_requested_block(ref="B-2026-0001"), decided_on=LONG_AGO)
    asked = a_requested_block(ref="B-2026-0002")
    ruling = Ruling(by=an_id(), role="director", at=NOON, on=DAY, under=None, pack="elm 2020-01-01")
    stray, matched = (
        replace(an_appeal(ELM.id), id=an_id(), ref=ref, against=against).end(
            Answer.WITHDRAWN, reason="x", ruling=ruling
        )
        for ref, against in (("A-2026-0001", ""), ("A-2026-0002", denied.ref))
    )
    running = a_clock(case=kept_on.ref, name="retain_through", kind=ClockKind.RETENTION)
    void = a_clock(case=hidden.ref, name="retain_through", kind=ClockKind.RETENTION, state=ClockState.VOID)

    def put(kept: Shelves) -> None:
        for incident in (left_up, still_open, hidden, kept_on):
            kept.incidents.put(incident)
        for block in (denied, asked):
            kept.blocks.put(block)
        for appeal in (stray, matched):
            kept.appeals.put(appeal.received)
            kept.appeals.put(replace(appeal, version=2))
        kept.clocks.put(running)
        kept.clocks.put(void)

    await store.act(ELM.id, put)
    theirs = an_incident(library=BIRCH.id, closed_on=LONG_AGO)
    await store.act(BIRCH.id, lambda kept: kept.incidents.put(theirs))

    found = await store.ask(ELM.id, lambda kept: kept.docket.without_clock(10))

    assert found[0] == (denied.ref, LONG_AGO)
    assert {ref for ref, _ in found} == {denied.ref, left_up.ref, hidden.ref, stray.ref}
    assert await store.ask(ELM.id, lambda kept: kept.docket.without_clock(1)) == found[:1]


def an_appeal(library: UUID) -> ReceivedAppeal:
    return ReceivedAppeal(
        id=an_id(),
        library=library,
        ref="A-2026-0001",
        version=1,
        writing=Writing(
            form=Form.LETTER, received_on=DAY, words="snollygoster", sender="Q. Uibble", scans=(an_evidence(b"scan"),)
        ),
        logged_by=an_id(),
        logged_at=NOON,
        against="I-2026-0001",
    )


def advice_on(library: UUID) -> Advice:
    return Advice(
        id=an_id(),
        library=library,
        appeal="A-2026-0001",
        way=Way.MEETING,
        held_on=DAY,
        trustees=(an_id(),),
        advised="snollygoster",
        recorded_by=an_id(),
        recorded_at=NOON,
    )


def the_case(library: UUID) -> Callable[[Shelves], None]:
    """A report, a block that relies on it and an appeal, with everything that can stand beside them."""

    def put(kept: Shelves) -> None:
        author = an_author(library=library, id=UUID(int=5), handle="quibbleworth")
        kept.authors.put(author)
        incident = a_removed_incident(
            library=library,
            ref="I-2026-0001",
            author=author.id,
            text="snollygoster",
            words="snollygoster",
            evidence=(an_evidence(),),
        )
        kept.incidents.put(incident)
        block = a_decided_block(a_requested_block(library=library, ref="B-2026-0001", authors=(author.id,)))
        kept.blocks.put(block)
        kept.blocks.put_execution(an_execution(library=library, block=block.ref))
        kept.appeals.put(an_appeal(library))
        kept.appeals.put_advice(advice_on(library))
        for ref in (incident.ref, block.ref, "A-2026-0001"):
            clock = a_clock(library=library, case=ref)
            task = a_task(library=library, case=ref)
            kept.clocks.put(clock)
            kept.clocks.put_snooze(a_snooze(library=library, clock=clock.id))
            kept.clocks.put_reminder(a_reminder(library=library, clock=clock.id, case=ref, key=f"r-{ref}"))
            kept.tasks.put(task)
            kept.papers.put_notice(a_notice(library=library, case=ref, text="snollygoster"))
            kept.papers.put_correction(a_correction(library=library, case=ref, before="snollygoster"))
            posted = a_posted_card(library=library, about=ref, id=UUID(bytes=ref.encode().ljust(16)))
            kept.messages.put_posted(posted)
            said = b"snollygoster"
            kept.messages.queue(
                a_message(library=library, about=ref, key=f"m-{ref}", rendered=said, state=MessageState.SENT)
            )
            kept.messages.queue(
                a_message(library=library, about=str(posted.id), key=f"u-{ref}", kind=MessageKind.UPDATE, rendered=said)
            )
            kept.book.put_draft(
                a_draft(library=library, token=f"d-{ref}", subject=ref.lower(), values={"text": ("snollygoster",)})
            )
            kept.book.put_draft(a_draft(library=library, token=f"t-{ref}", subject=str(task.id)))
            kept.book.put_handled(a_handled(library=library, key=f"h-{ref}", about=ref))
            append(kept, library, case=ref, payload=b'{"words":"snollygoster"}')
        append(kept, library, case="", payload=f'{{"id":"{author.id}","handle":"quibbleworth"}}'.encode())
        append(kept, library, case="", payload=b'{"id":"somebody else"}')

    return put


def append(kept: Shelves, library: UUID, *, case: str, payload: bytes) -> None:
    told = Told(at=NOON, actor="", role="", action="x", case=case)
    kept.book.append(entry(kept.book.head(), told, payload, library=library, salt=b"salt"))


REFS = ("I-2026-0001", "A-2026-0001")


async def test_removing_a_record_removes_everything_about_it_and_nothing_else(store: Store) -> None:
    for library in (ELM.id, BIRCH.id):
        await store.act(library, the_case(library))

    rows = await store.act(ELM.id, lambda kept: kept.docket.erase(REFS))

    assert rows["incident"] == rows["appeal"] == rows["advice"] == 1
    for name in ("clock", "task", "snooze", "reminder", "notice", "correction", "handled", "ledger_payload"):
        assert rows[name] == 2, name
    assert (rows["message"], rows["draft"]) == (4, 4)
    assert "block" not in rows
    assert "posted_card" not in rows

    def left(kept: Shelves) -> dict[str, tuple[object, ...]]:
        book = kept.book
        return {
            ref: (
                kept.incidents.by_ref(ref) or kept.blocks.by_ref(ref) or kept.appeals.by_ref(ref),
                kept.clocks.of_case(ref),
                kept.tasks.of_case(ref),
                kept.papers.notices(ref),
                kept.papers.corrections(ref),
                kept.messages.by_key(f"m-{ref}"),
                kept.messages.by_key(f"u-{ref}"),
                book.draft(f"d-{ref}"),
                book.draft(f"t-{ref}"),
                book.handled(f"h-{ref}"),
                [one.payload for one in book.of_case(ref) if one.payload],
            )
            for ref in (*REFS, "B-2026-0001")
        }

    ours, theirs = await store.ask(ELM.id, left), await store.ask(BIRCH.id, left)
    for ref in REFS:
        assert not any(ours[ref]), ours[ref]
    assert all(ours["B-2026-0001"])
    assert all(all(found) for found in theirs.values())
    assert len(await store.ask(ELM.id, lambda kept: kept.messages.posted("I-2026-0001"))) == 1
    assert await store.ask(ELM.id, lambda kept: kept.incidents.search("snollygoster", 5)) == ()
    assert not await store.ask(ELM.id, lambda kept: kept.incidents.uses_file(an_evidence().sha256))
    for library in (ELM.id, BIRCH.id):
        head, flaw = await store.chain(library, verify)
        assert (head.seq, flaw) == (5, None)


async def test_what_was_read_before_is_not_given_again_after_it_was_removed(store: Store) -> None:
    await store.act(ELM.id, the_case(ELM.id))

    def erase(kept: Shelves) -> object:
        assert kept.incidents.by_ref("I-2026-0001") is not None
        kept.docket.erase(REFS)
        return kept.incidents.by_ref("I-2026-0001")

    assert await store.act(ELM.id, erase) is None


async def test_a_removal_that_is_undone_removes_nothing(store: Store) -> None:
    await store.act(ELM.id, the_case(ELM.id))

    def fail(kept: Shelves) -> None:
        kept.docket.erase(REFS)
        kept.docket.erase_authors([UUID(int=5)], [])
        raise KeyError

    with pytest.raises(KeyError):
        await store.act(ELM.id, fail)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.by_ref("I-2026-0001")) is not None
    assert await store.ask(ELM.id, lambda kept: kept.authors.get(UUID(int=5))) is not None
    entries = await store.ask(ELM.id, lambda kept: kept.book.entries(after=0, limit=10))
    assert all(one.payload for one in entries)


async def test_a_removed_author_leaves_no_handle_no_link_and_nothing_in_what_the_ledger_says(store: Store) -> None:
    for library in (ELM.id, BIRCH.id):
        await store.act(library, the_case(library))
    link = a_link(UUID(int=5), an_id())
    other = a_link(an_id(), an_id())

    def put(kept: Shelves) -> None:
        for one in (link, other):
            kept.authors.put_link(one)
        append(kept, ELM.id, case="", payload=f'{{"id":"{link.id}","basis":"quibbleworth"}}'.encode())

    await store.act(ELM.id, put)

    rows = await store.act(ELM.id, lambda kept: kept.docket.erase_authors([UUID(int=5)], [link.id]))

    assert rows == {"author": 1, "handle_link": 1, "ledger_payload": 2}
    assert await store.ask(ELM.id, lambda kept: kept.authors.named("quibbleworth")) == ()
    assert await store.ask(ELM.id, lambda kept: kept.authors.links()) == (other,)
    assert len(await store.ask(BIRCH.id, lambda kept: kept.authors.named("quibbleworth"))) == 1
    said = [one.payload for one in await store.ask(ELM.id, lambda kept: kept.book.entries(after=0, limit=10))]
    assert not [payload for payload in said if payload and b"quibble" in payload]
    assert b'{"id":"somebody else"}' in said
    assert (await store.chain(ELM.id, verify))[1] is None


async def test_released_holds_on_what_is_removed_go_with_it_and_no_other(store: Store) -> None:
    gone = a_hold(released_by=an_id(), released_at=NOON, released_on=DAY, released_because="settled")
    topic = replace(gone, id=an_id(), ref="H-2026-0002", scope=Scope.TOPIC, subject="I-2026-0001")
    other = replace(gone, id=an_id(), ref="H-2026-0003", subject="I-2026-0002")

    def put(kept: Shelves) -> None:
        for hold in (gone, topic, other):
            kept.docket.put_hold(hold)
            append(kept, ELM.id, case=hold.ref, payload=b'{"reason":"snollygoster"}')

    await store.act(ELM.id, put)

    rows = await store.act(ELM.id, lambda kept: kept.docket.erase(REFS))

    assert rows == {"hold": 1, "ledger_payload": 1}
    assert await store.ask(ELM.id, lambda kept: kept.docket.holds()) == (topic, other)
    emptied = [
        one.case for one in await store.ask(ELM.id, lambda kept: kept.book.entries(after=0, limit=9)) if not one.payload
    ]
    assert emptied == [gone.ref]


async def test_nothing_is_removed_by_asking(store: Store) -> None:
    await store.act(ELM.id, the_case(ELM.id))

    with pytest.raises(PermissionError):
        await store.ask(ELM.id, lambda kept: kept.docket.erase(REFS))

    assert await store.ask(ELM.id, lambda kept: kept.incidents.by_ref("I-2026-0001")) is not None


OF_THE_LIBRARY = {
    *("library", "installation", "sealed_token", "person", "identity", "absence", "account", "pack", "practice"),
    *("upkeep", "attestation", "permission", "standard_reply", "conversation", "checked_post"),
    *("sentence", "counter", "released_file", "alembic_version", "disposal", "tombstone", "ledger", "posted_card"),
}
"""Tables that keep nothing of a patron, or (where cards were posted) only whom of the staff they were shown to."""


def test_every_table_that_can_hold_something_of_a_case_is_emptied_of_it() -> None:
    emptied = {str(statement.table) for statement in (*docket.ERASE, docket.DRAFTS, docket.UPDATES, docket.RELEASED)}

    assert set(SQLModel.metadata.tables) - OF_THE_LIBRARY == {*emptied, "author", "handle_link"}
