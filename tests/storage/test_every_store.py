"""What every store promises, held against all of them, with another library's records always beside."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta, timezone
from typing import TypeVar
from uuid import UUID

import pytest

from bot.cases.block import Block, ChosenStep, Decision, Done, GroundClaim, MadeEarly, RequestedBlock, Vote
from bot.cases.clock import Clock, ClockState
from bot.cases.incident import HostPost, Incident, JoinedReport, Outcome, Reason
from bot.cases.library import Place
from bot.cases.task import TaskState
from bot.people import Standing
from bot.policy.terms import Channel, Role, Unit
from bot.ports import Message, MessageState, Shelves, Stale, Store, Sweep
from bot.records.ledger import Entry, Head, verify
from bot.refusal import Citation, Mistake, Refusal
from tests.builders import (
    BIRCH,
    DAY,
    ELM,
    NOON,
    a_clock,
    a_confirmed_removal,
    a_correction,
    a_decided_block,
    a_draft,
    a_grant,
    a_handled,
    a_library,
    a_link,
    a_message,
    a_notice,
    a_person,
    a_posted_card,
    a_practice,
    a_reminder,
    a_removed_incident,
    a_requested_block,
    a_snooze,
    a_task,
    an_account,
    an_asked_removal,
    an_author,
    an_entry,
    an_evidence,
    an_execution,
    an_id,
    an_identity,
    an_incident,
)

ONE_DAY = timedelta(days=1)
LATER = NOON + timedelta(hours=1)
R = TypeVar("R")
Full = TypeVar("Full", Incident, Clock, Message)
Due = Sequence[Clock]
ShelvesOf = Callable[[UUID], Shelves]
WEST = timezone(timedelta(hours=-8))


def everything(record: Full) -> Full:
    """The record, once it is sure that no field of it is left at what it would be by itself."""
    dull = [one.name for one in fields(record) if getattr(record, one.name) == one.default]
    assert not dull, f"say something of {', '.join(dull)}"
    return record


async def put(store: Store, what: Callable[[Shelves], object], *, library: UUID = ELM.id) -> None:
    await store.act(library, what)


async def keep(
    store: Store, where: Callable[[Shelves], Callable[[R], object]], *records: R, library: UUID = ELM.id
) -> None:
    """Put every one of these, in one act."""

    def put_them(kept: Shelves) -> None:
        for record in records:
            where(kept)(record)

    await store.act(library, put_them)


# -- a record comes back exactly as it was saved ---------------------------------------------------------------------


def a_full_incident() -> Incident:
    at = datetime(2026, 3, 8, 1, 59, 59, 999_999, tzinfo=WEST)
    asked = an_asked_removal(
        outcome=Outcome.HIDDEN,
        reason=Reason(clauses=("spam", "off_topic"), observations=("sells", "repeats"), words="Again — “watches” 🕰"),
        asked_at=at,
        said_done_on=DAY,
        part="the second line",
    )
    return everything(
        an_incident(
            outcome=Outcome.HIDDEN,
            reported_at=at,
            link="https://example.org/p/1",
            text="Ärger! 50% off_line \\ 'quoted'\n\twith \u2028 all sorts",
            text_sha256="ab" * 32,
            evidence=(an_evidence(b"one"), an_evidence(b"two", name="zwei.png", kept_at=at)),
            copy_impossible="it was a live stream",
            host_post=HostPost(title="Summer reading", link="https://example.org/p"),
            posted_on=DAY - ONE_DAY,
            author=an_id(),
            words="seen at the desk",
            removal=a_confirmed_removal(asked=asked, confirmed_at=at, overturned_on=DAY),
            claimed_by=an_id(),
            about_director=True,
            joined=(JoinedReport(by=an_id(), at=at, words="me too"), JoinedReport(by=an_id(), at=NOON)),
            closed_on=DAY,
        ),
    )


@pytest.mark.parametrize(
    "incident",
    [
        pytest.param(an_incident(), id="just reported"),
        pytest.param(an_incident(removal=an_asked_removal()), id="asked to be removed"),
        pytest.param(a_removed_incident(), id="removed"),
        pytest.param(a_full_incident(), id="with every field filled in"),
    ],
)
async def test_an_incident_comes_back_exactly_as_it_was_saved(store: Store, incident: Incident) -> None:
    await keep(store, lambda kept: kept.incidents.put, incident)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.by_ref(incident.ref)) == incident


def a_full_request() -> RequestedBlock:
    claim = GroundClaim(
        code="repeated",
        support="three removals",
        instruction="asked twice to stop",
        offline_incident="12 January",
        good_contributions="none known",
        investigation="memo of 2 March",
    )
    return a_requested_block(
        version=1,
        authors=(an_id(), an_id()),
        accounts=(an_id(), an_id()),
        grounds=(claim, GroundClaim(code="threats")),
        own_motion=True,
        made_early=(MadeEarly(account=an_id(), on=DAY - ONE_DAY),),
        incidents=("I-2026-0001", "I-2026-0002"),
        step=ChosenStep(code="six_months", n=8, unit=Unit.MONTHS, why="he said when", bypass="R19"),
        votes=(
            Vote(by=an_id(), seat=Role.DIRECTOR, said=Decision.APPROVED, reason="agreed", at=LATER, on=DAY),
            Vote(by=an_id(), seat=Role.COUNSEL, said=Decision.DENIED, reason="too long", at=LATER, on=DAY),
        ),
    )


CITED = Citation(rule="R21", label="The Director decides", source="Section 4", sentence="The Director …", practice=True)


async def test_the_blocks_that_stand_on_a_step_of_a_ladder_are_found_oldest_first(store: Store) -> None:
    plain, stepped = a_requested_block(), a_full_request()
    await keep(store, lambda kept: kept.blocks.put, plain)
    await keep(store, lambda kept: kept.blocks.put, stepped)

    assert await store.ask(ELM.id, lambda kept: kept.blocks.with_a_step()) == (stepped,)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(a_requested_block(), id="requested"),
        pytest.param(a_full_request(), id="requested, with every field filled in"),
        pytest.param(a_decided_block(), id="decided"),
        pytest.param(
            a_decided_block(replace(a_full_request(), version=0), decision=Decision.DENIED, under=CITED, met_on=DAY),
            id="decided, with every field filled in",
        ),
    ],
)
async def test_a_block_comes_back_exactly_as_it_was_saved(store: Store, block: Block) -> None:
    await keep(store, lambda kept: kept.blocks.put, block)

    assert await store.ask(ELM.id, lambda kept: kept.blocks.by_ref(block.ref)) == block


async def test_what_stands_beside_a_case_comes_back_exactly_as_it_was_saved(store: Store) -> None:
    at = datetime(2026, 3, 8, 1, 59, 59, 1, tzinfo=WEST)
    notice = a_notice(by_practice=True, text="Your comment …", how="message", reason="asked for", at=at)
    correction = a_correction(at=at)
    execution = an_execution("B-2026-0001", done=Done.LIFTED, confirmed_at=at)

    def fill(kept: Shelves) -> None:
        kept.papers.put_notice(notice)
        kept.papers.put_correction(correction)
        kept.blocks.put_execution(execution)

    await put(store, fill)

    assert await store.ask(ELM.id, lambda kept: kept.papers.notices(notice.case)) == (notice,)
    assert await store.ask(ELM.id, lambda kept: kept.papers.corrections(correction.case)) == (correction,)
    assert await store.ask(ELM.id, lambda kept: kept.blocks.executions("B-2026-0001")) == (execution,)


async def test_authors_and_links_come_back_exactly_as_they_were_saved(store: Store) -> None:
    author = an_author()
    link = a_link(author.id, an_id())
    undone = a_link(author.id, an_id(), undone_by=an_id(), undone_at=LATER, undone_because="two people")

    def fill(kept: Shelves) -> None:
        kept.authors.put(author)
        kept.authors.put_link(link)
        kept.authors.put_link(undone)

    await put(store, fill)

    assert await store.ask(ELM.id, lambda kept: kept.authors.get(author.id)) == author
    assert set(await store.ask(ELM.id, lambda kept: kept.authors.links())) == {link, undone}


async def test_tasks_and_clocks_come_back_exactly_as_they_were_saved(store: Store) -> None:
    task = a_task(account=an_id(), urgent=True, version=3, state=TaskState.DONE, ended_by=an_id(), ended_at=LATER)
    clock = everything(
        a_clock(
            pack="elm/2023-03-06",
            rule="R11",
            source="Section 2",
            stated=False,
            assumed=("from the day it was removed",),
            state=ClockState.PASSED,
            task=an_id(),
            told_due=DAY,
            last_step="T-2",
            attempts=4,
        ),
    )

    def fill(kept: Shelves) -> None:
        kept.tasks.put(a_task())
        kept.tasks.put(task)
        kept.clocks.put(clock)

    await put(store, fill)

    assert await store.ask(ELM.id, lambda kept: kept.tasks.get(task.id)) == task
    assert await store.ask(ELM.id, lambda kept: kept.clocks.get(clock.id)) == clock


async def test_a_task_clock_without_an_event_comes_back_exactly_as_it_was_saved(store: Store) -> None:
    clock = a_clock(event=None, next_at=None, proof=())
    await keep(store, lambda kept: kept.clocks.put, clock)

    assert await store.ask(ELM.id, lambda kept: kept.clocks.get(clock.id)) == clock


async def test_the_library_comes_back_exactly_as_it_was_saved(store: Store) -> None:
    library = a_library(
        id=ELM.id,
        name="Élm",
        zone="America/Chicago",
        state="IL",
        packs=("elm/2020-01-01", "elm/2023-03-06"),
        channels={Channel.RECORDS: Place(platform="slack", tenant="T1", channel="C1")},
        closed_weekdays=frozenset({7}),
        closures={date(2026, 7, 3): "the Fourth, observed", date(2026, 1, 1): "New Year"},
        closures_through=2028,
        meetings=(date(2026, 3, 17), date(2026, 2, 17)),
        meeting_lines="third Tuesday",
        opens_at=time(9, 30),
        closes_at=time(20, 15),
        version=2,
    )
    await keep(store, lambda kept: kept.registry.put_library, library)

    assert await store.ask(ELM.id, lambda kept: kept.registry.library()) == library


async def test_people_and_accounts_come_back_exactly_as_they_were_saved(store: Store) -> None:
    grant = a_grant(Role.EDITOR, until=DAY, accounts=(an_id(),), document="Minutes of 3 March")
    ada = a_person(
        name="Ada",
        grants=(grant, a_grant(Role.DIRECTOR)),
        identities=(an_identity(platform="teams", user="z"), an_identity(platform="slack", user="a")),
        standing=Standing.GUEST,
        same_as=an_id(),
    )
    account = an_account(url="https://example.org", closed_on=DAY)

    def fill(kept: Shelves) -> None:
        kept.registry.put_person(ada)
        kept.registry.put_account(account)

    await put(store, fill)

    assert await store.ask(ELM.id, lambda kept: kept.registry.people()) == (ada,)
    assert await store.ask(ELM.id, lambda kept: kept.registry.person(ada.id)) == ada
    assert await store.ask(ELM.id, lambda kept: kept.registry.accounts()) == (account,)


async def test_messages_and_posted_cards_come_back_exactly_as_they_were_saved(store: Store) -> None:
    message = everything(
        a_message(
            person=an_id(),
            headline="A report came in",
            attempts=2,
            state=MessageState.UNKNOWN,
            rendered=b'{"title":"\x00"}',
            sent_at=LATER,
            trouble="It may have arrived.",
        ),
    )
    posted = a_posted_card(person=an_id())

    def fill(kept: Shelves) -> None:
        kept.messages.put(message)
        kept.messages.put_posted(posted)

    await put(store, fill)

    assert await store.ask(ELM.id, lambda kept: kept.messages.by_key(message.key)) == message
    assert await store.ask(ELM.id, lambda kept: kept.messages.posted_by_id(posted.id)) == posted


async def test_drafts_and_handled_keys_come_back_exactly_as_they_were_saved(store: Store) -> None:
    draft = a_draft(version_seen=4, subject="I-2026-0001")
    handled = a_handled(by=an_id())

    def fill(kept: Shelves) -> None:
        kept.book.put_draft(draft)
        kept.book.put_handled(handled)

    await put(store, fill)

    assert await store.ask(ELM.id, lambda kept: kept.book.draft(draft.token)) == draft
    assert await store.ask(ELM.id, lambda kept: kept.book.handled(handled.key)) == handled


# -- one transaction a call ------------------------------------------------------------------------------------------


async def test_an_act_that_fails_leaves_nothing(store: Store) -> None:
    def fail(kept: Shelves) -> None:
        kept.incidents.put(an_incident(ref="I-2026-9001"))
        kept.book.append(an_entry(case="I-2026-9001"))
        kept.messages.queue(a_message(key="doomed"))
        kept.book.next_number("I", 2026)
        raise Refusal("Not today")

    with pytest.raises(Refusal, match="Not today"):
        await store.act(ELM.id, fail)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.by_ref("I-2026-9001")) is None
    assert await store.ask(ELM.id, lambda kept: kept.book.head().seq) == 0
    assert await store.ask(ELM.id, lambda kept: kept.messages.by_key("doomed")) is None
    assert await store.act(ELM.id, lambda kept: kept.book.next_number("I", 2026)) == 1


async def test_a_savepoint_undoes_what_failed_inside_it_and_nothing_else(store: Store) -> None:
    def refuse(kept: Shelves) -> None:
        first = an_entry()
        kept.book.append(first)
        with suppress(Refusal), kept.savepoint():
            kept.incidents.put(an_incident(ref="I-2026-9001"))
            kept.book.append(an_entry(kept.book.head(), case="I-2026-9001"))
            raise Refusal("Not today")
        kept.book.append(an_entry(kept.book.head(), case="refused"))

    await store.act(ELM.id, refuse)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.by_ref("I-2026-9001")) is None
    assert await store.chain(ELM.id, lambda chain: verify(chain)[0].seq) == 2
    assert await store.ask(ELM.id, lambda kept: len(kept.book.of_case("refused"))) == 1


async def test_what_is_done_in_a_savepoint_that_succeeds_is_kept(store: Store) -> None:
    def work(kept: Shelves) -> None:
        with kept.savepoint():
            kept.book.append(an_entry())
        kept.book.append(an_entry(kept.book.head()))

    await store.act(ELM.id, work)

    assert await store.ask(ELM.id, lambda kept: kept.book.head().seq) == 2


async def test_an_ask_cannot_write(store: Store) -> None:
    with pytest.raises(PermissionError):
        await store.ask(ELM.id, lambda kept: kept.papers.put_notice(a_notice()))

    assert await store.ask(ELM.id, lambda kept: kept.papers.notices("I-2026-0001")) == ()


async def test_an_ask_cannot_even_take_a_number(store: Store) -> None:
    with pytest.raises(PermissionError):
        await store.ask(ELM.id, lambda kept: kept.book.next_number("I", 2026))

    assert await store.act(ELM.id, lambda kept: kept.book.next_number("I", 2026)) == 1


async def test_the_store_works_on_after_an_ask_that_tried_to_write(store: Store) -> None:
    with suppress(PermissionError):
        await store.ask(ELM.id, lambda kept: kept.papers.put_notice(a_notice()))

    await keep(store, lambda kept: kept.papers.put_notice, a_notice(case="I-2026-0009"))

    assert len(await store.ask(ELM.id, lambda kept: kept.papers.notices("I-2026-0009"))) == 1


async def test_acting_for_a_library_nobody_began_is_refused(store: Store) -> None:
    with pytest.raises(Refusal, match="no such library"):
        await store.act(an_id(), lambda kept: kept.registry.library())


async def test_nothing_of_another_library_can_be_kept(store: Store) -> None:
    with pytest.raises(ValueError, match="another library"):
        await store.act(ELM.id, lambda kept: kept.papers.put_notice(a_notice(library=BIRCH.id)))
    with pytest.raises(ValueError, match="another library"):
        await store.act(ELM.id, lambda kept: kept.book.append(an_entry(library=BIRCH.id)))

    assert await store.ask(BIRCH.id, lambda kept: kept.papers.notices("I-2026-0001")) == ()


async def test_of_many_acts_on_one_version_exactly_one_wins(store: Store) -> None:
    asked = a_requested_block()
    await keep(store, lambda kept: kept.blocks.put, asked)
    pressed = [a_decided_block(asked, version=2, reason=f"Press {n}.") for n in range(32)]

    came = await asyncio.gather(
        *(keep(store, lambda kept: kept.blocks.put, block) for block in pressed),
        return_exceptions=True,
    )

    assert [type(one) for one in came if one is not None] == [Stale] * 31
    winner = pressed[came.index(None)]
    assert await store.ask(ELM.id, lambda kept: kept.blocks.by_ref(asked.ref)) == winner


async def test_many_acts_at_once_make_one_unbroken_chain(store: Store) -> None:
    def append(kept: Shelves) -> None:
        kept.book.append(an_entry(kept.book.head(), case="I-2026-0001"))

    await asyncio.gather(*(store.act(ELM.id, append) for _ in range(40)))

    head, flaw = await store.chain(ELM.id, verify)
    assert (head.seq, flaw) == (40, None)


# -- versions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_a_report_is_kept_only_by_who_saw_its_last_version(store: Store, version: int) -> None:
    incident = an_incident()
    await keep(store, lambda kept: kept.incidents.put, incident)

    with pytest.raises(Stale):
        await keep(store, lambda kept: kept.incidents.put, replace(incident, version=version, text="other"))

    assert await store.ask(ELM.id, lambda kept: kept.incidents.by_ref(incident.ref)) == incident


@pytest.mark.parametrize("version", [0, 2])
async def test_the_first_version_of_a_case_is_one(store: Store, version: int) -> None:
    with pytest.raises(Stale):
        await keep(store, lambda kept: kept.incidents.put, an_incident(version=version))
    with pytest.raises(Stale):
        await keep(store, lambda kept: kept.blocks.put, a_requested_block(version=version))


async def test_a_reference_is_never_given_to_two_cases(store: Store) -> None:
    first = an_incident()
    await keep(store, lambda kept: kept.incidents.put, first)

    with pytest.raises(Stale):
        await keep(store, lambda kept: kept.incidents.put, an_incident(ref=first.ref))


async def test_two_libraries_may_have_the_same_reference(store: Store) -> None:
    ours, theirs = an_incident(ref="I-2026-0001"), an_incident(ref="I-2026-0001", library=BIRCH.id)
    await keep(store, lambda kept: kept.incidents.put, ours)
    await keep(store, lambda kept: kept.incidents.put, theirs, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.by_ref("I-2026-0001")) == ours
    assert await store.ask(BIRCH.id, lambda kept: kept.incidents.by_ref("I-2026-0001")) == theirs


async def test_a_next_version_replaces_the_last_one_whole(store: Store) -> None:
    first = a_removed_incident(evidence=(an_evidence(),), text="Buy my watches")
    second = replace(first, version=2, removal=None, evidence=(), text="", author=None)
    await keep(store, lambda kept: kept.incidents.put, first)
    await keep(store, lambda kept: kept.incidents.put, second)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.by_ref(first.ref)) == second
    assert await store.ask(ELM.id, lambda kept: kept.incidents.search("watches", 9)) == ()


# -- finders, with another library's records that could leak ---------------------------------------------------------


async def test_a_fingerprint_finds_the_oldest_report_of_this_library(store: Store) -> None:
    newer = an_incident(fingerprint="f" * 64, reported_at=LATER)
    older = an_incident(fingerprint="f" * 64)
    theirs = an_incident(fingerprint="f" * 64, library=BIRCH.id, reported_at=NOON - ONE_DAY)
    await keep(store, lambda kept: kept.incidents.put, newer, older)
    await keep(store, lambda kept: kept.incidents.put, theirs, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.with_fingerprint("f" * 64)) == older


async def test_an_empty_fingerprint_is_nobodys(store: Store) -> None:
    await keep(store, lambda kept: kept.incidents.put, an_incident(fingerprint=""))

    assert await store.ask(ELM.id, lambda kept: kept.incidents.with_fingerprint("")) is None


async def test_an_authors_reports_and_blocks_are_found_oldest_first(store: Store) -> None:
    one, two, three = an_id(), an_id(), an_id()
    late = an_incident(author=one, reported_at=LATER)
    early = an_incident(author=two)
    late_block = a_requested_block(authors=(three, one), requested_at=LATER)
    early_block = a_decided_block(a_requested_block(authors=(two, one), version=0))

    def fill(kept: Shelves) -> None:
        for incident in (late, early, an_incident(author=three), an_incident(author=None)):
            kept.incidents.put(incident)
        for block in (late_block, early_block, a_requested_block(authors=(three,))):
            kept.blocks.put(block)

    await put(store, fill)
    await keep(store, lambda kept: kept.incidents.put, an_incident(author=one, library=BIRCH.id), library=BIRCH.id)
    theirs = a_requested_block(authors=(one,), library=BIRCH.id)
    await keep(store, lambda kept: kept.blocks.put, theirs, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.of_authors([one, two])) == (early, late)
    assert await store.ask(ELM.id, lambda kept: kept.blocks.of_authors([one, two])) == (early_block, late_block)
    assert await store.ask(ELM.id, lambda kept: kept.incidents.of_authors([])) == ()


async def test_the_newest_cases_come_first(store: Store) -> None:
    reports = [an_incident(reported_at=NOON + n * ONE_DAY) for n in (1, 3, 2)]
    blocks = [a_requested_block(requested_at=NOON + n * ONE_DAY) for n in (1, 3, 2)]

    def fill(kept: Shelves) -> None:
        for incident, block in zip(reports, blocks, strict=True):
            kept.incidents.put(incident)
            kept.blocks.put(block)

    await put(store, fill)
    theirs = an_incident(library=BIRCH.id, reported_at=NOON + 9 * ONE_DAY)
    await keep(store, lambda kept: kept.incidents.put, theirs, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.recent(2)) == (reports[1], reports[2])
    assert await store.ask(ELM.id, lambda kept: kept.blocks.recent(2)) == (blocks[1], blocks[2])


async def test_undecided_blocks_are_found_oldest_first(store: Store) -> None:
    late, early = a_requested_block(requested_at=LATER), a_requested_block()

    def fill(kept: Shelves) -> None:
        for block in (late, early, a_decided_block()):
            kept.blocks.put(block)

    await put(store, fill)
    await keep(store, lambda kept: kept.blocks.put, a_requested_block(library=BIRCH.id), library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.blocks.undecided()) == (early, late)


@pytest.mark.parametrize(
    "words",
    ["i-2026-7", "EXAMPLE.ORG/p/7", "summer READING", "buy MY watches", "at the desk", "READER42", "straße", "ÄRGER"],
)
async def test_a_search_finds_words_wherever_they_stand_in_any_case(store: Store, words: str) -> None:
    author = an_author()
    fields = {
        "ref": "I-2026-7777",
        "link": "https://example.org/p/7",
        "host_post": HostPost(title="Summer Reading"),
        "text": "Buy my Watches, STRASSE, ärger",
        "words": "Seen at the desk",
    }
    wanted = an_incident(author=author.id, **fields)

    def fill(kept: Shelves) -> None:
        kept.authors.put(author)
        kept.incidents.put(wanted)
        kept.incidents.put(an_incident())

    await put(store, fill)
    theirs = an_author(library=BIRCH.id)
    await keep(store, lambda kept: kept.authors.put, theirs, library=BIRCH.id)
    leak = an_incident(library=BIRCH.id, author=theirs.id, **fields)
    await keep(store, lambda kept: kept.incidents.put, leak, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.incidents.search(words, 9)) == (wanted,)


@pytest.mark.parametrize("words", ["%", "_", "50%", "a_c", "\\", "x\\%"])
async def test_a_search_takes_every_character_for_itself(store: Store, words: str) -> None:
    wanted = an_incident(text=f"before {words} after")
    await keep(store, lambda kept: kept.incidents.put, wanted, an_incident(text="50 abc x"))

    assert await store.ask(ELM.id, lambda kept: kept.incidents.search(words, 9)) == (wanted,)


async def test_a_file_is_in_use_while_any_report_retains_it(store: Store) -> None:
    shared = an_evidence(b"shared")
    first, second = an_incident(evidence=(shared,)), an_incident(evidence=(shared, an_evidence(b"own")))
    await keep(store, lambda kept: kept.incidents.put, first, second)
    theirs = an_incident(library=BIRCH.id, evidence=(an_evidence(b"theirs"),))
    await keep(store, lambda kept: kept.incidents.put, theirs, library=BIRCH.id)

    await keep(store, lambda kept: kept.incidents.put, replace(first, version=2, evidence=()))
    assert await store.ask(ELM.id, lambda kept: kept.incidents.uses_file(shared.sha256))
    await put(store, lambda kept: kept.incidents.put(replace(second, version=2, evidence=(an_evidence(b"own"),))))

    assert not await store.ask(ELM.id, lambda kept: kept.incidents.uses_file(shared.sha256))
    assert await store.ask(ELM.id, lambda kept: kept.incidents.uses_file(an_evidence(b"own").sha256))
    assert not await store.ask(ELM.id, lambda kept: kept.incidents.uses_file(theirs.evidence[0].sha256))


async def test_what_was_done_on_accounts_is_told_in_the_order_it_was_confirmed(store: Store) -> None:
    lifted = an_execution("B-2026-0001", done=Done.LIFTED, confirmed_at=LATER)
    made = an_execution("B-2026-0001")
    await keep(store, lambda kept: kept.blocks.put_execution, lifted, made, an_execution("B-2026-0002"))
    theirs = an_execution("B-2026-0001", library=BIRCH.id)
    await keep(store, lambda kept: kept.blocks.put_execution, theirs, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.blocks.executions("B-2026-0001")) == (made, lifted)


async def test_authors_are_found_by_handle_on_one_platform_or_any(store: Store) -> None:
    facebook, other = an_author(), an_author(handle="reader43")
    instagram = an_author(platform="Instagram")
    await keep(store, lambda kept: kept.authors.put, instagram, facebook, other)
    await keep(store, lambda kept: kept.authors.put, an_author(library=BIRCH.id), library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.authors.named("reader42")) == (facebook, instagram)
    assert await store.ask(ELM.id, lambda kept: kept.authors.named("reader42", "Instagram")) == (instagram,)


async def test_open_tasks_come_earliest_due_first(store: Store) -> None:
    late, early = a_task(due=DAY + ONE_DAY), a_task(case="B-2026-0001")
    done = a_task(state=TaskState.DONE)
    await keep(store, lambda kept: kept.tasks.put, late, early, done)
    await keep(store, lambda kept: kept.tasks.put, a_task(library=BIRCH.id), library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.tasks.open()) == (early, late)
    assert set(await store.ask(ELM.id, lambda kept: kept.tasks.of_case("I-2026-0001"))) == {late, done}


async def test_running_clocks_come_earliest_due_first(store: Store) -> None:
    late, early = a_clock(due=DAY + 2 * ONE_DAY), a_clock(due=DAY, case="B-2026-0001", next_at=None)
    met = a_clock(due=DAY, state=ClockState.MET)
    await keep(store, lambda kept: kept.clocks.put, late, early, met)
    await keep(store, lambda kept: kept.clocks.put, a_clock(library=BIRCH.id, due=DAY), library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.clocks.running(9)) == (early, late)
    assert await store.ask(ELM.id, lambda kept: kept.clocks.running(1)) == (early,)
    assert await store.ask(ELM.id, lambda kept: kept.clocks.of_case("I-2026-0001")) == (met, late)


async def test_a_snooze_quiets_a_clock_for_one_person_through_its_last_day(store: Store) -> None:
    snooze = a_snooze(until=DAY)
    longer = replace(snooze, until=DAY + ONE_DAY)
    other = a_snooze(clock=snooze.clock, until=DAY + 9 * ONE_DAY)
    await keep(store, lambda kept: kept.clocks.put_snooze, snooze, longer, other)
    theirs = a_snooze(person=snooze.person, library=BIRCH.id, until=DAY + 9 * ONE_DAY)
    await keep(store, lambda kept: kept.clocks.put_snooze, theirs, library=BIRCH.id)

    def quiet(day: date) -> Callable[[Shelves], frozenset[UUID]]:
        return lambda kept: kept.clocks.snoozed(snooze.person, day)

    assert await store.ask(ELM.id, quiet(DAY + ONE_DAY)) == {snooze.clock}
    assert await store.ask(ELM.id, quiet(DAY + 2 * ONE_DAY)) == frozenset()


async def test_a_step_is_reminded_of_once(store: Store) -> None:
    reminder = a_reminder(late=True)
    again = replace(reminder, message="another")

    assert await store.act(ELM.id, lambda kept: kept.clocks.put_reminder(reminder))
    assert not await store.act(ELM.id, lambda kept: kept.clocks.put_reminder(again))
    assert await store.act(BIRCH.id, lambda kept: kept.clocks.put_reminder(replace(reminder, library=BIRCH.id)))

    assert await store.ask(ELM.id, lambda kept: kept.clocks.reminders(reminder.message)) == (reminder,)
    assert await store.ask(ELM.id, lambda kept: kept.clocks.reminders("another")) == ()


async def test_papers_come_oldest_first(store: Store) -> None:
    late, early = a_notice(at=LATER), a_notice()
    late_slip, early_slip = a_correction(at=LATER), a_correction()

    def fill(kept: Shelves) -> None:
        for notice in (late, early, a_notice(case="I-2026-0002")):
            kept.papers.put_notice(notice)
        for slip in (late_slip, early_slip, a_correction(case="I-2026-0002")):
            kept.papers.put_correction(slip)

    def theirs(kept: Shelves) -> None:
        kept.papers.put_notice(a_notice(library=BIRCH.id))
        kept.papers.put_correction(a_correction(library=BIRCH.id))

    await put(store, fill)
    await put(store, theirs, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.papers.notices("I-2026-0001")) == (early, late)
    assert await store.ask(ELM.id, lambda kept: kept.papers.corrections("I-2026-0001")) == (early_slip, late_slip)


# -- the registry ----------------------------------------------------------------------------------------------------


async def test_a_library_is_found_by_where_it_is_installed(store: Store) -> None:
    assert await store.library_for("practice", "elm") == ELM.id
    assert await store.library_for("practice", "birch") == BIRCH.id
    assert await store.library_for("slack", "elm") is None
    assert await store.libraries() == (BIRCH.id, ELM.id)


async def test_beginning_a_library_that_exists_changes_nothing(store: Store) -> None:
    await store.found(replace(ELM, name="Renamed"), platform="practice", tenant="elm")
    await store.found(BIRCH, platform="practice", tenant="elm")

    assert await store.ask(ELM.id, lambda kept: kept.registry.library()) == ELM
    assert await store.library_for("practice", "elm") == ELM.id


async def test_a_library_may_be_installed_in_a_second_place(store: Store) -> None:
    await store.found(ELM, platform="slack", tenant="T1")

    assert await store.library_for("slack", "T1") == ELM.id
    assert await store.library_for("practice", "elm") == ELM.id


async def test_a_person_is_found_by_any_of_their_chat_accounts(store: Store) -> None:
    slack, teams = an_identity(platform="slack"), an_identity(platform="teams")
    ada, robin = a_person(name="Ada", identities=(slack, teams)), a_person(name="Robin", identities=())
    theirs = a_person(library=BIRCH.id, identities=(slack, an_identity(platform="birch")))
    await keep(store, lambda kept: kept.registry.put_person, robin, ada)
    await keep(store, lambda kept: kept.registry.put_person, theirs, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.registry.by_identity(teams)) == ada
    assert await store.ask(ELM.id, lambda kept: kept.registry.by_identity(slack)) == ada
    assert await store.ask(ELM.id, lambda kept: kept.registry.by_identity(an_identity(platform="birch"))) is None
    assert await store.ask(ELM.id, lambda kept: kept.registry.person(theirs.id)) is None
    assert await store.ask(ELM.id, lambda kept: kept.registry.people()) == (ada, robin)


async def test_a_chat_account_taken_from_a_person_no_longer_finds_them(store: Store) -> None:
    ada = a_person(identities=(an_identity(user="old"),))
    await keep(store, lambda kept: kept.registry.put_person, ada)
    await put(store, lambda kept: kept.registry.put_person(replace(ada, identities=(an_identity(user="new"),))))

    assert await store.ask(ELM.id, lambda kept: kept.registry.by_identity(an_identity(user="old"))) is None


async def test_a_chat_account_is_never_two_peoples(store: Store) -> None:
    ada = a_person(name="Ada", identities=(an_identity(),))
    await keep(store, lambda kept: kept.registry.put_person, ada)

    with pytest.raises(Mistake, match="already belongs to Ada"):
        await put(store, lambda kept: kept.registry.put_person(a_person(identities=(an_identity(),))))

    assert await store.ask(ELM.id, lambda kept: kept.registry.people()) == (ada,)


async def test_accounts_come_by_platform_and_name(store: Store) -> None:
    second, first = an_account(name="Zines"), an_account(name="Archive")
    await keep(store, lambda kept: kept.registry.put_account, second, first)
    await keep(store, lambda kept: kept.registry.put_account, an_account(library=BIRCH.id), library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.registry.accounts()) == (first, second)


async def test_the_practice_in_force_is_the_one_put_last(store: Store) -> None:
    first, other = a_practice(value="30 days"), a_practice(key="notice", value="yes")
    second = a_practice(value="14 days", approved_by="Grace")
    await keep(store, lambda kept: kept.registry.put_practice, first, other, second)
    await keep(store, lambda kept: kept.registry.put_practice, a_practice(key="theirs"), library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.registry.practices()) == (second, other)


async def test_an_adopted_pack_stays_byte_for_byte(store: Store) -> None:
    def adopt(kept: Shelves) -> None:
        kept.registry.adopt("elm/2023-03-06", b"since = 2023\n\x00\xff")
        kept.registry.adopt("elm/2020-01-01", b"since = 2020")
        kept.registry.adopt("elm/2023-03-06", b"since = 2023\n\x00\xff")

    await put(store, adopt)
    await put(store, lambda kept: kept.registry.adopt("birch", b"theirs"), library=BIRCH.id)

    with pytest.raises(Refusal, match="other words"):
        await put(store, lambda kept: kept.registry.adopt("elm/2020-01-01", b"since = 1999"))
    assert await store.ask(ELM.id, lambda kept: kept.registry.packs()) == (
        ("elm/2023-03-06", b"since = 2023\n\x00\xff"),
        ("elm/2020-01-01", b"since = 2020"),
    )


async def test_binding_a_document_replaces_the_sentences_of_that_version_only(store: Store) -> None:
    def bind(kept: Shelves) -> None:
        kept.registry.put_sentences("elm/2020", {"R01": "Old."}, "0" * 64)
        kept.registry.put_sentences("elm/2023", {"R01": "First.", "R02": "Gone."}, "1" * 64)
        kept.registry.put_sentences("elm/2023", {"R01": "Second."}, "2" * 64)

    await put(store, bind)
    await put(
        store, lambda kept: kept.registry.put_sentences("elm/2023", {"R09": "Theirs."}, "3" * 64), library=BIRCH.id
    )

    assert dict(await store.ask(ELM.id, lambda kept: kept.registry.sentences())) == {
        ("elm/2020", "R01"): "Old.",
        ("elm/2023", "R01"): "Second.",
    }


# -- the outbox ------------------------------------------------------------------------------------------------------


async def test_a_message_is_queued_once(store: Store) -> None:
    message = a_message(key="daily")

    assert await store.act(ELM.id, lambda kept: kept.messages.queue(message))
    assert not await store.act(ELM.id, lambda kept: kept.messages.queue(a_message(key="daily")))
    assert await store.act(BIRCH.id, lambda kept: kept.messages.queue(a_message(key="daily", library=BIRCH.id)))

    assert await store.ask(ELM.id, lambda kept: kept.messages.by_key("daily")) == message


async def test_messages_are_claimed_when_due_in_the_order_they_fell_due_and_were_queued(store: Store) -> None:
    later, first, second = a_message(next_at=LATER), a_message(), a_message()
    ahead = a_message(next_at=LATER + timedelta(microseconds=1))
    await keep(store, lambda kept: kept.messages.queue, later, first, second, ahead)

    claimed = await store.claim_messages(LATER, lease_seconds=60, limit=9)

    assert claimed == tuple(replace(one, attempts=1) for one in (first, second, later))


async def test_a_claimed_message_is_nobody_elses_until_its_lease_ends(store: Store) -> None:
    ours, theirs = a_message(), a_message(library=BIRCH.id, next_at=NOON + ONE_DAY)
    await keep(store, lambda kept: kept.messages.queue, ours)
    await keep(store, lambda kept: kept.messages.queue, theirs, library=BIRCH.id)

    assert [one.id for one in await store.claim_messages(NOON, lease_seconds=60, limit=1)] == [ours.id]
    assert await store.claim_messages(NOON + timedelta(seconds=59), lease_seconds=60, limit=1) == ()
    (again,) = await store.claim_messages(NOON + timedelta(seconds=60), lease_seconds=60, limit=1)

    assert (again.id, again.attempts) == (ours.id, 2)


async def test_who_lost_the_claim_cannot_finish_the_message(store: Store) -> None:
    await keep(store, lambda kept: kept.messages.queue, a_message(key="daily"))
    (slow,) = await store.claim_messages(NOON, lease_seconds=60, limit=1)
    (quick,) = await store.claim_messages(LATER, lease_seconds=60, limit=1)

    assert await store.finish_message(replace(quick, state=MessageState.SENT, sent_at=LATER))
    assert not await store.finish_message(replace(slow, state=MessageState.FAILED, trouble="too late"))
    assert not await store.finish_message(replace(quick, state=MessageState.FAILED))

    kept = await store.ask(ELM.id, lambda kept: kept.messages.by_key("daily"))
    assert kept == replace(quick, state=MessageState.SENT, sent_at=LATER)


async def test_a_lease_begins_anew_for_whoever_still_has_the_claim(store: Store) -> None:
    await keep(store, lambda kept: kept.messages.queue, a_message(key="daily"))
    (slow,) = await store.claim_messages(NOON, lease_seconds=60, limit=1)
    assert await store.hold_message(slow, NOON + timedelta(seconds=50), lease_seconds=60)
    assert await store.claim_messages(NOON + timedelta(seconds=109), lease_seconds=60, limit=1) == ()

    (quick,) = await store.claim_messages(NOON + timedelta(seconds=110), lease_seconds=60, limit=1)
    assert not await store.hold_message(slow, LATER, lease_seconds=60)
    assert await store.finish_message(replace(quick, state=MessageState.SENT, sent_at=LATER))
    assert not await store.hold_message(quick, LATER, lease_seconds=60)


async def test_a_message_put_off_is_due_again_then(store: Store) -> None:
    await keep(store, lambda kept: kept.messages.queue, a_message())
    (claimed,) = await store.claim_messages(NOON, lease_seconds=60, limit=1)
    await store.finish_message(replace(claimed, next_at=NOON + timedelta(seconds=5), rendered=b"{}"))

    (again,) = await store.claim_messages(NOON + timedelta(seconds=5), lease_seconds=60, limit=1)

    assert (again.attempts, again.rendered) == (2, b"{}")


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.FAILED, MessageState.UNKNOWN])
async def test_a_message_that_ended_is_never_claimed(store: Store, state: MessageState) -> None:
    await keep(store, lambda kept: kept.messages.queue, a_message(state=state))

    assert await store.claim_messages(LATER, lease_seconds=60, limit=9) == ()


async def test_a_claim_is_made_by_one_of_many(store: Store) -> None:
    await keep(store, lambda kept: kept.messages.queue, *(a_message() for _ in range(30)))

    batches = await asyncio.gather(*(store.claim_messages(NOON, lease_seconds=60, limit=10) for _ in range(8)))
    rest = await store.claim_messages(NOON, lease_seconds=60, limit=30)

    claimed = [one.id for batch in (*batches, rest) for one in batch]
    assert len(claimed) == len(set(claimed)) == 30


async def test_messages_in_trouble_are_found(store: Store) -> None:
    failed, unknown = a_message(state=MessageState.FAILED), a_message(state=MessageState.UNKNOWN)
    await keep(store, lambda kept: kept.messages.queue, unknown, a_message(), failed)
    theirs = a_message(state=MessageState.FAILED, library=BIRCH.id)
    await keep(store, lambda kept: kept.messages.queue, theirs, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.messages.in_trouble()) == (unknown, failed)


async def test_every_copy_of_a_card_is_found(store: Store) -> None:
    first = a_posted_card()
    moved = replace(first, message="1700000000.000200")
    await keep(store, lambda kept: kept.messages.put_posted, first, moved, a_posted_card(about="B-1"))
    theirs = a_posted_card(library=BIRCH.id)
    await keep(store, lambda kept: kept.messages.put_posted, theirs, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.messages.posted("I-2026-0001")) == (moved,)
    assert await store.ask(ELM.id, lambda kept: kept.messages.posted_by_id(theirs.id)) is None


# -- the sweep -------------------------------------------------------------------------------------------------------


def move_all(due: Due, _shelves: ShelvesOf) -> Sweep:
    return Sweep(clocks=tuple(replace(one, next_at=NOON + ONE_DAY, last_step="T-2") for one in due))


async def test_a_sweep_claims_due_clocks_of_every_library_and_moves_them_on(store: Store) -> None:
    ours, theirs = a_clock(), a_clock(library=BIRCH.id, next_at=NOON - ONE_DAY)
    ahead, stopped = a_clock(next_at=LATER), a_clock(state=ClockState.MET)
    await keep(store, lambda kept: kept.clocks.put, ours, ahead, stopped, a_clock(next_at=None))
    await keep(store, lambda kept: kept.clocks.put, theirs, library=BIRCH.id)
    seen: list[Clock] = []

    def plan(due: Due, shelves: ShelvesOf) -> Sweep:
        seen.extend(due)
        return move_all(due, shelves)

    assert await store.sweep(NOON, 9, plan) == 2
    assert seen == [replace(theirs, attempts=1), replace(ours, attempts=1)]
    moved = replace(ours, attempts=1, next_at=NOON + ONE_DAY, last_step="T-2")
    assert await store.ask(ELM.id, lambda kept: kept.clocks.get(ours.id)) == moved
    assert await store.ask(ELM.id, lambda kept: kept.clocks.get(ahead.id)) == ahead
    assert await store.ask(ELM.id, lambda kept: kept.clocks.get(stopped.id)) == stopped


async def test_a_sweep_takes_no_more_than_it_may(store: Store) -> None:
    await keep(store, lambda kept: kept.clocks.put, *(a_clock() for _ in range(5)))

    assert [await store.sweep(NOON, 2, move_all) for _ in range(4)] == [2, 2, 1, 0]


async def test_a_sweep_reminds_once_and_queues_once(store: Store) -> None:
    clock, reminder, message = a_clock(), a_reminder(), a_message(key="daily")
    await keep(store, lambda kept: kept.clocks.put, clock)
    await keep(store, lambda kept: kept.clocks.put_reminder, reminder)
    await keep(store, lambda kept: kept.messages.queue, message)
    fresh, fresh_message = a_reminder(), a_message(key="other", rendered=b"{}")
    theirs = a_message(library=BIRCH.id, key="daily")

    def plan(due: Due, shelves: ShelvesOf) -> Sweep:
        return replace(
            move_all(due, shelves),
            reminders=(replace(reminder, late=True), fresh),
            messages=(a_message(key="daily", next_at=LATER), fresh_message, theirs),
        )

    await store.sweep(NOON, 9, plan)

    found = await store.ask(ELM.id, lambda kept: kept.clocks.reminders(reminder.message))
    assert set(found) == {reminder, fresh}
    claimed = await store.claim_messages(NOON, lease_seconds=60, limit=9)
    assert {one.id for one in claimed} == {message.id, fresh_message.id, theirs.id}


async def test_a_sweep_that_fails_leaves_every_clock_due(store: Store) -> None:
    clock = a_clock()
    await keep(store, lambda kept: kept.clocks.put, clock)

    def fail(_due: Due, shelves: ShelvesOf) -> Sweep:
        shelves(ELM.id).papers.put_notice(a_notice())
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        await store.sweep(NOON, 9, fail)

    assert await store.ask(ELM.id, lambda kept: kept.clocks.get(clock.id)) == clock
    assert await store.ask(ELM.id, lambda kept: kept.papers.notices("I-2026-0001")) == ()


async def test_a_sweep_reads_and_writes_its_libraries_within_its_transaction(store: Store) -> None:
    await keep(store, lambda kept: kept.clocks.put, a_clock())

    def plan(due: Due, shelves: ShelvesOf) -> Sweep:
        for _ in range(2):
            kept = shelves(ELM.id)
            kept.book.append(an_entry(kept.book.head()))
        assert shelves(BIRCH.id).registry.library() == BIRCH
        return move_all(due, shelves)

    await store.sweep(NOON, 9, plan)

    assert await store.chain(ELM.id, lambda chain: verify(chain)[0].seq) == 2


async def test_a_clock_the_plan_does_not_mention_stays_due_with_its_attempt_counted(store: Store) -> None:
    clock = a_clock()
    await keep(store, lambda kept: kept.clocks.put, clock)

    await store.sweep(NOON, 9, lambda _due, _shelves: Sweep())

    assert await store.ask(ELM.id, lambda kept: kept.clocks.get(clock.id)) == replace(clock, attempts=1)


async def test_a_sweep_may_change_anything_about_a_clock_and_start_another(store: Store) -> None:
    clock, another = a_clock(), a_clock(name="retain_through", next_at=None)
    changed = replace(clock, proof=("Proved again.",), due=DAY, attempts=1, state=ClockState.PASSED, next_at=None)
    await keep(store, lambda kept: kept.clocks.put, clock)

    await store.sweep(NOON, 9, lambda _due, _shelves: Sweep(clocks=(changed, another)))

    assert await store.ask(ELM.id, lambda kept: kept.clocks.get(clock.id)) == changed
    assert await store.ask(ELM.id, lambda kept: kept.clocks.get(another.id)) == another


async def test_many_sweeps_at_once_remind_of_each_clock_once(store: Store) -> None:
    await keep(store, lambda kept: kept.clocks.put, *(a_clock() for _ in range(60)))
    seen: list[UUID] = []

    def plan(due: Due, shelves: ShelvesOf) -> Sweep:
        seen.extend(one.id for one in due)
        return move_all(due, shelves)

    await asyncio.gather(*(store.sweep(NOON, 20, plan) for _ in range(8)))
    while await store.sweep(NOON, 20, plan):
        pass

    assert len(seen) == len(set(seen)) == 60


# -- the ledger, and what makes repeats harmless ---------------------------------------------------------------------


async def test_each_library_has_a_chain_of_its_own(store: Store) -> None:
    first = an_entry(case="I-2026-0001")
    second = an_entry(head_after(first), case="B-2026-0001")
    theirs = an_entry(library=BIRCH.id, case="I-2026-0001")
    await keep(store, lambda kept: kept.book.append, first, second)
    await keep(store, lambda kept: kept.book.append, theirs, library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.book.head()) == head_after(second)
    assert await store.ask(ELM.id, lambda kept: kept.book.of_case("I-2026-0001")) == (first,)
    assert await store.chain(ELM.id, list) == [
        (one.seq, one.header, one.commitment, one.hash) for one in (first, second)
    ]
    assert await store.chain(BIRCH.id, verify) == (head_after(theirs), None)


async def test_entries_are_read_on_from_a_place_in_the_chain(store: Store) -> None:
    first = an_entry(case="I-2026-0001")
    second = an_entry(head_after(first))
    third = an_entry(head_after(second), case="I-2026-0001")
    await keep(store, lambda kept: kept.book.append, first, second, third)
    await keep(store, lambda kept: kept.book.append, an_entry(library=BIRCH.id), library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.book.entries(after=0, limit=2)) == (first, second)
    assert await store.ask(ELM.id, lambda kept: kept.book.entries(after=2, limit=2)) == (third,)
    assert await store.ask(ELM.id, lambda kept: kept.book.entries(after=3, limit=2)) == ()


async def test_an_entry_that_does_not_follow_the_head_is_not_kept(store: Store) -> None:
    first = an_entry()
    await keep(store, lambda kept: kept.book.append, first)

    for wrong in (first, an_entry(), an_entry(replace(head_after(first), seq=2))):
        with pytest.raises(Stale):
            await keep(store, lambda kept: kept.book.append, wrong)

    assert await store.chain(ELM.id, verify) == (head_after(first), None)


async def test_an_entry_is_never_appended_without_what_it_says(store: Store) -> None:
    with pytest.raises(ValueError, match="payload"):
        await keep(store, lambda kept: kept.book.append, replace(an_entry(), payload=None, salt=None))


async def test_a_draft_is_replaced_dropped_and_expires(store: Store) -> None:
    old, new = a_draft(touched_at=NOON - ONE_DAY), a_draft()
    filled = replace(new, page=2, values={"text": ("more",)})
    theirs = a_draft(library=BIRCH.id, touched_at=NOON - ONE_DAY)
    await keep(store, lambda kept: kept.book.put_draft, old, new, filled)
    await keep(store, lambda kept: kept.book.put_draft, theirs, library=BIRCH.id)

    assert await store.act(ELM.id, lambda kept: kept.book.expire_drafts(NOON)) == 1
    assert await store.ask(ELM.id, lambda kept: kept.book.draft(old.token)) is None
    assert await store.ask(ELM.id, lambda kept: kept.book.draft(new.token)) == filled
    assert await store.ask(BIRCH.id, lambda kept: kept.book.draft(theirs.token)) == theirs
    assert await store.ask(ELM.id, lambda kept: kept.book.draft(theirs.token)) is None

    await keep(store, lambda kept: kept.book.drop_draft, new.token)
    assert await store.ask(ELM.id, lambda kept: kept.book.draft(new.token)) is None


async def test_what_was_handled_long_ago_is_forgotten(store: Store) -> None:
    old, new = a_handled(key="press:1", at=NOON - ONE_DAY), a_handled(key="press:2")
    theirs = replace(old, library=BIRCH.id)
    await keep(store, lambda kept: kept.book.put_handled, old, new)
    await keep(store, lambda kept: kept.book.put_handled, theirs, library=BIRCH.id)

    assert await store.act(ELM.id, lambda kept: kept.book.expire_handled(NOON)) == 1
    assert await store.ask(ELM.id, lambda kept: kept.book.handled("press:1")) is None
    assert await store.ask(ELM.id, lambda kept: kept.book.handled("press:2")) == new
    assert await store.ask(BIRCH.id, lambda kept: kept.book.handled("press:1")) == theirs


async def test_a_key_is_handled_once(store: Store) -> None:
    handled = a_handled(key="press:1")
    await keep(store, lambda kept: kept.book.put_handled, handled)
    await keep(store, lambda kept: kept.book.put_handled, replace(handled, library=BIRCH.id), library=BIRCH.id)

    with pytest.raises(Stale):
        await keep(store, lambda kept: kept.book.put_handled, replace(handled, about="I-2026-0002"))

    assert await store.ask(ELM.id, lambda kept: kept.book.handled("press:1")) == handled
    assert await store.ask(ELM.id, lambda kept: kept.book.handled("press:2")) is None


async def test_numbers_are_counted_per_library_kind_and_year(store: Store) -> None:
    async def number(library: UUID, kind: str, year: int) -> int:
        return await store.act(library, lambda kept: kept.book.next_number(kind, year))

    given = [await number(ELM.id, "I", 2026) for _ in range(3)]
    others = [await number(BIRCH.id, "I", 2026), await number(ELM.id, "B", 2026), await number(ELM.id, "I", 2027)]

    assert (given, others) == ([1, 2, 3], [1, 1, 1])


async def test_many_numbers_asked_for_at_once_are_all_different(store: Store) -> None:
    given = await asyncio.gather(*(store.act(ELM.id, lambda kept: kept.book.next_number("I", 2026)) for _ in range(30)))

    assert sorted(given) == list(range(1, 31))


async def test_released_files_are_named_until_they_are_dealt_with(store: Store) -> None:
    def release(kept: Shelves) -> None:
        kept.book.release_file("b" * 64, LATER)
        kept.book.release_file("a" * 64, NOON)
        kept.book.release_file("a" * 64, LATER + ONE_DAY)

    await put(store, release)
    await put(store, lambda kept: kept.book.release_file("c" * 64, NOON), library=BIRCH.id)

    assert await store.ask(ELM.id, lambda kept: kept.book.released_files()) == ("a" * 64, "b" * 64)
    await keep(store, lambda kept: kept.book.forget_released, "a" * 64)
    assert await store.ask(ELM.id, lambda kept: kept.book.released_files()) == ("b" * 64,)


def head_after(entry: Entry) -> Head:
    return Head(seq=entry.seq, hash=entry.hash)
