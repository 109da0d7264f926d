"""What every store promises of follow-ups and of agreed replies."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from bot.cases.follow_up import FollowUp, FollowUpKind
from bot.cases.standard_reply import StandardReply
from bot.ports import Store
from tests.builders import BIRCH, DAY, ELM, NOON, an_id


def a_follow_up(**given: object) -> FollowUp:
    """A police officer was told of a threat."""
    base = FollowUp(
        id=an_id(),
        library=ELM.id,
        case="I-2026-0001",
        kind=FollowUpKind.AUTHORITY_TOLD,
        on=DAY,
        by=an_id(),
        at=NOON,
        words="They will call back. “Ünïcode” 'quotes'",
        particulars={"Which": "Police", "Their number": "26-118"},
        rules=("E18",),
        to=an_id(),
    )
    return replace(base, **given)  # type: ignore[arg-type]  # the builder's own fields


def a_reply(**given: object) -> StandardReply:
    """When the library opens."""
    base = StandardReply(
        id=an_id(),
        library=ELM.id,
        title="Opening hours",
        text="We open at nine.",
        owner=an_id(),
        review_on=DAY,
        kept_by=an_id(),
        kept_at=NOON,
    )
    return replace(base, **given)  # type: ignore[arg-type]  # as above


async def keeps(store: Store, one: FollowUp) -> None:
    await store.act(ELM.id, lambda shelves: shelves.papers.put_follow_up(one))


async def agrees(store: Store, one: StandardReply) -> None:
    await store.act(ELM.id, lambda shelves: shelves.papers.put_reply(one))


@pytest.mark.parametrize("kind", FollowUpKind)
async def test_a_follow_up_comes_back_exactly_as_it_was_saved(store: Store, kind: FollowUpKind) -> None:
    kept = a_follow_up(kind=kind)
    await store.act(ELM.id, lambda shelves: shelves.papers.put_follow_up(kept))

    assert await store.ask(ELM.id, lambda shelves: shelves.papers.follow_ups("I-2026-0001")) == (kept,)


async def test_a_follow_up_may_say_nothing_but_that_it_was_done(store: Store) -> None:
    kept = a_follow_up(words="", particulars={}, rules=(), to=None)
    await store.act(ELM.id, lambda shelves: shelves.papers.put_follow_up(kept))

    assert await store.ask(ELM.id, lambda shelves: shelves.papers.follow_ups("I-2026-0001")) == (kept,)


async def test_follow_ups_are_found_by_case_and_by_kind_oldest_first_and_only_of_the_library(store: Store) -> None:
    first = a_follow_up(at=NOON)
    later = a_follow_up(at=NOON + timedelta(hours=1), kind=FollowUpKind.ANSWERED)
    other = a_follow_up(at=NOON + timedelta(hours=2), case="I-2026-0002")
    foreign = a_follow_up(library=BIRCH.id)
    for one in (later, other, first):
        await keeps(store, one)
    await store.act(BIRCH.id, lambda shelves: shelves.papers.put_follow_up(foreign))

    assert await store.ask(ELM.id, lambda shelves: shelves.papers.follow_ups("I-2026-0001")) == (first, later)
    told = await store.ask(ELM.id, lambda shelves: shelves.papers.follow_ups_of(FollowUpKind.AUTHORITY_TOLD))
    assert told == (first, other)


async def test_what_was_done_about_a_case_goes_with_it_and_about_no_other(store: Store) -> None:
    gone, stays = a_follow_up(), a_follow_up(case="I-2026-0002")
    for one in (gone, stays):
        await keeps(store, one)
    rows = await store.act(ELM.id, lambda shelves: shelves.docket.erase(["I-2026-0001"]))

    assert rows == {"follow_up": 1}
    assert await store.ask(ELM.id, lambda shelves: shelves.papers.follow_ups("I-2026-0001")) == ()
    assert await store.ask(ELM.id, lambda shelves: shelves.papers.follow_ups("I-2026-0002")) == (stays,)


async def test_agreed_replies_come_back_by_title_and_a_newer_wording_takes_the_place_of_the_older(store: Store) -> None:
    hours, card = a_reply(), a_reply(title="A card")
    newer = replace(hours, text="We open at ten.", retired_on=date(2026, 5, 1))
    for one in (hours, card, newer):
        await agrees(store, one)
    await store.act(BIRCH.id, lambda shelves: shelves.papers.put_reply(a_reply(library=BIRCH.id)))

    assert await store.ask(ELM.id, lambda shelves: shelves.papers.replies()) == (card, newer)


@pytest.mark.parametrize(("review_on", "retired_on", "due"), [(DAY, None, True), (DAY, DAY, False)])
def test_a_reply_is_due_from_its_day_unless_it_was_retired(
    review_on: date, retired_on: date | None, *, due: bool
) -> None:
    reply = a_reply(review_on=review_on, retired_on=retired_on, owner=UUID(int=1))
    assert reply.overdue(DAY) is due
    assert not reply.overdue(DAY - timedelta(days=1))
