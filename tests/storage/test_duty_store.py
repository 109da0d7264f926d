"""What is kept up, its attestations and permissions come back as they were put, from every store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from bot.cases.checked_post import CheckedPost
from bot.cases.permission import Consent, For, Permission
from bot.cases.upkeep import Attestation, Upkeep, Where
from bot.policy.terms import Role
from bot.ports import Shelves, Stale, Store
from tests.builders import BIRCH, ELM

AT = datetime(2026, 3, 2, 15, 0, 0, 123456, tzinfo=UTC)
DAY = date(2026, 3, 2)


def kept_up(ref: str, *, library: UUID = ELM.id, account: UUID | None = None) -> Upkeep:
    return Upkeep(
        id=uuid4(),
        library=library,
        ref=ref,
        code="credentials",
        place=Where.ACCOUNT if account else Where.WEBSITE,
        account=account,
        begun_by=uuid4(),
        begun_at=AT,
        begun_on=DAY,
    )


def attested(ref: str, *, at: datetime = AT, library: UUID = ELM.id) -> Attestation:
    return Attestation(
        id=uuid4(),
        library=library,
        upkeep=ref,
        on=DAY,
        by=uuid4(),
        at=at,
        words="It is in use",
        link="https://library.example/list",
        seen="Official accounts\nFacebook · Elm",
        names=(uuid4(), uuid4()),
    )


def asked(ref: str, *, library: UUID = ELM.id) -> Permission:
    return Permission(
        id=uuid4(),
        library=library,
        ref=ref,
        asks=For.OPEN_ACCOUNT,
        asked_by=uuid4(),
        asked_at=AT,
        asked_on=DAY,
        about="Teen programs",
        version=1,
        needs=(Role.DIRECTOR, Role.EDITOR),
        person=uuid4(),
        account=uuid4(),
        case="I-2026-0001",
        particulars={"Platform": "TikTok", "Run by": "Robin"},
        since=DAY,
        until=DAY + timedelta(days=3),
    )


def putting(record: Upkeep | Attestation | Permission) -> Callable[[Shelves], None]:
    """Put a record where its kind is kept."""

    def put(kept: Shelves) -> None:
        match record:
            case Upkeep():
                kept.duties.put_upkeep(record)
            case Attestation():
                kept.duties.put_attestation(record)
            case Permission():
                kept.duties.put_permission(record)

    return put


async def test_what_is_kept_up_comes_back_by_reference_and_ends(store: Store) -> None:
    second, first = kept_up("U-2026-0002"), kept_up("U-2026-0001", account=uuid4())
    for upkeep in (second, first):
        await store.act(ELM.id, putting(upkeep))
    await store.act(BIRCH.id, lambda kept: kept.duties.put_upkeep(kept_up("U-2026-0001", library=BIRCH.id)))

    assert await store.ask(ELM.id, lambda kept: kept.duties.upkeeps()) == (first, second)

    over = first.end(DAY)
    await store.act(ELM.id, lambda kept: kept.duties.put_upkeep(over))
    assert await store.ask(ELM.id, lambda kept: kept.duties.upkeeps()) == (over, second)


async def test_attestations_come_back_whole_and_oldest_first(store: Store) -> None:
    newer, older = attested("U-2026-0001", at=AT + timedelta(days=1)), attested("U-2026-0001")
    for attestation in (newer, older):
        await store.act(ELM.id, putting(attestation))
    await store.act(BIRCH.id, lambda kept: kept.duties.put_attestation(attested("U-2026-0001", library=BIRCH.id)))

    assert await store.ask(ELM.id, lambda kept: kept.duties.attestations()) == (older, newer)


async def test_a_permission_comes_back_with_its_answers_and_how_it_ended(store: Store) -> None:
    first = asked("P-2026-0001")
    consent = Consent(
        role=Role.DIRECTOR,
        agreed=True,
        by=uuid4(),
        at=AT,
        on=DAY,
        words="Until summer",
        signed_by="Lee Duarte",
        document="letter of 2 March 2026",
    )
    answered = replace(
        first, version=2, answers=(consent,), ended_by=uuid4(), ended_on=DAY, ended_because="It was registered."
    )
    for version in (first, answered):
        await store.act(ELM.id, putting(version))

    assert await store.ask(ELM.id, lambda kept: kept.duties.permissions()) == (answered,)
    assert await store.ask(BIRCH.id, lambda kept: kept.duties.permissions()) == ()


async def test_two_answers_at_once_are_not_saved_over_each_other(store: Store) -> None:
    first = asked("P-2026-0001")
    await store.act(ELM.id, lambda kept: kept.duties.put_permission(first))
    await store.act(ELM.id, lambda kept: kept.duties.put_permission(replace(first, version=2, about="one")))

    with pytest.raises(Stale):
        await store.act(ELM.id, lambda kept: kept.duties.put_permission(replace(first, version=2, about="other")))

    [kept] = await store.ask(ELM.id, lambda kept: kept.duties.permissions())
    assert kept.about == "one"


async def test_nothing_of_another_library_is_put(store: Store) -> None:
    for record in (
        kept_up("U-2026-0009", library=BIRCH.id),
        attested("U-2026-0009", library=BIRCH.id),
        asked("P-2026-0009", library=BIRCH.id),
    ):
        with pytest.raises(ValueError, match="another library"):
            await store.act(ELM.id, putting(record))


async def test_checked_posts_come_back_whole_and_newest_first(store: Store) -> None:
    older, newer = (checked(at=AT + timedelta(hours=hour)) for hour in (0, 1))
    for post in (newer, older):
        await store.act(ELM.id, partial(_puts, post))
    await store.act(BIRCH.id, lambda kept: kept.duties.put_checked_post(checked(library=BIRCH.id)))

    assert await store.ask(ELM.id, lambda kept: kept.duties.checked_posts(9)) == (newer, older)
    assert await store.ask(ELM.id, lambda kept: kept.duties.checked_posts(1)) == (newer,)


def _puts(post: CheckedPost, kept: Shelves) -> None:
    kept.duties.put_checked_post(post)


def checked(*, at: datetime = AT, library: UUID = ELM.id) -> CheckedPost:
    return CheckedPost(
        id=uuid4(),
        library=library,
        account=uuid4(),
        title="Story hour",
        done=("W10", "W14"),
        not_done=("W11",),
        by=uuid4(),
        at=at,
        on=DAY,
        words="from the city's page",
    )
