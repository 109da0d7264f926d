"""Who somebody is on a day, and what that opens."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.cases.account import Confidence, one_person, tidy_handle
from bot.cases.clock import ClockState
from bot.cases.task import TaskState
from bot.people import DECIDES, HOLDERS, REFUSED, WALLED, Power, Standing, deciders, holders, may_see, require
from bot.policy.book import PolicyBook, Practice
from bot.policy.shelf import pack_names, read_pack
from bot.policy.terms import Action, Role, Stance, Track
from bot.refusal import Mistake, Refusal
from tests.builders import DAY, NOON, a_clock, a_grant, a_link, a_person, a_task, an_id

CHICOPEE = PolicyBook(packs=(read_pack("chicopee"),))


def test_a_role_is_held_on_its_first_and_last_day_and_not_a_day_longer() -> None:
    grant = a_grant(Role.DIRECTOR, since=DAY, until=DAY + timedelta(days=2))

    assert [grant.holds_on(DAY + timedelta(days=n)) for n in range(-1, 4)] == [False, True, True, True, False]


def test_an_acting_director_holds_the_office() -> None:
    acting = a_person(Role.ACTING_DIRECTOR)

    assert acting.has(Role.DIRECTOR, on=DAY)
    require(acting, Power.DECIDE_BLOCK, on=DAY, book=CHICOPEE)


def test_a_designee_decides_no_block_where_the_policy_has_none() -> None:
    with pytest.raises(Refusal, match="Only the Library Director") as no:
        require(a_person(Role.DESIGNEE), Power.DECIDE_BLOCK, on=DAY, book=CHICOPEE)
    assert no.value.under is not None
    assert no.value.under.rule == "C31"


@pytest.mark.parametrize("name", pack_names())
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ACTING_DIRECTOR])
def test_a_block_is_decided_by_whom_the_policy_names_and_nobody_else(name: str, role: Role) -> None:
    book = PolicyBook(packs=(read_pack(name),))
    roles, cited = deciders(Action.BLOCK, on=DAY, book=book)

    allowed = True
    try:
        require(a_person(role), Power.DECIDE_BLOCK, on=DAY, book=book)
    except Refusal:
        allowed = False

    assert allowed is (role in roles)
    assert bool(roles) is (book.on(DAY).decider(Action.BLOCK).stance is Stance.STATED)
    assert bool(roles) is (cited is not None)


def test_where_a_policy_names_nobody_the_library_may_as_practice_and_it_is_labelled() -> None:
    silent = next(
        read_pack(name) for name in pack_names() if read_pack(name).decider(Action.BLOCK).stance is not Stance.STATED
    )
    chosen = Practice(key="decider.block", value="director", approved_by="Board", approved_on=DAY)
    book = PolicyBook(packs=(silent,), practices={chosen.key: chosen})

    roles, cited = deciders(Action.BLOCK, on=DAY, book=book)

    assert roles == {Role.DIRECTOR}
    assert cited is not None
    assert cited.practice
    with pytest.raises(Refusal, match="does not say who decides this"):
        require(a_person(Role.DIRECTOR), Power.DECIDE_BLOCK, on=DAY, book=PolicyBook(packs=(silent,)))


def test_every_power_says_who_holds_it() -> None:
    by_policy = {*DECIDES, Power.PROPOSE_DISPOSAL}
    assert set(HOLDERS) == set(Power) - by_policy
    assert set(REFUSED) == set(HOLDERS)


def test_an_editor_edits_the_accounts_of_the_grant_and_all_where_it_names_none() -> None:
    facebook, instagram = an_id(), an_id()
    one = a_person(grants=(a_grant(Role.EDITOR, accounts=(facebook,)),))

    assert one.edits(facebook, on=DAY)
    assert not one.edits(instagram, on=DAY)
    assert a_person(Role.EDITOR).edits(instagram, on=DAY)
    assert not a_person(Role.DIRECTOR).edits(facebook, on=DAY)
    assert not a_person(grants=(a_grant(Role.EDITOR, until=DAY - timedelta(days=1)),)).edits(facebook, on=DAY)


@pytest.mark.parametrize("track", list(Track))
@pytest.mark.parametrize("role", list(Role))
def test_a_walled_report_opens_to_its_own_roles_only(track: Track, role: Role) -> None:
    opens = may_see(a_person(role), track=track, reported_by=an_id(), about_director=False, on=DAY)
    held = a_person(role).roles_on(DAY)

    if track in WALLED:
        assert opens is bool(held & set(WALLED[track]))
    else:
        assert not (opens and role in {Role.TRUSTEE, Role.BOARD_CHAIR, Role.ADMINISTRATOR, Role.REPORTER})


def test_what_is_about_the_director_opens_to_the_chair_and_never_to_her() -> None:
    about = {"track": Track.STAFF_CONDUCT, "reported_by": an_id(), "about_director": True, "on": DAY}

    assert may_see(a_person(Role.BOARD_CHAIR), **about)  # type: ignore[arg-type]  # the same four each time
    for role in set(Role) - {Role.BOARD_CHAIR}:
        assert not may_see(a_person(role), **about)  # type: ignore[arg-type]  # as above


def test_holders_are_members_who_hold_the_role_today_and_are_not_merged_away() -> None:
    today = a_person(Role.EDITOR, name="Ann")
    people = [
        a_person(Role.EDITOR, name="Zoe"),
        today,
        a_person(Role.EDITOR, name="Gone", standing=Standing.DEACTIVATED),
        a_person(Role.EDITOR, name="Twin", same_as=today.id),
        replace(a_person(name="Past"), grants=(a_grant(Role.EDITOR, until=DAY - timedelta(days=1)),)),
    ]
    assert [person.name for person in holders(people, Role.EDITOR, on=DAY)] == ["Ann", "Zoe"]


# -- handles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["@Reader42", " reader42 ", "@@READER42", "@ reader42"])
def test_a_handle_is_kept_in_one_way(written: str) -> None:
    assert tidy_handle(written) == "reader42"


@pytest.mark.parametrize("written", ["", "@", "  ", "x" * 101])
def test_what_is_no_handle_is_refused(written: str) -> None:
    with pytest.raises(Mistake):
        tidy_handle(written)


def test_links_are_followed_and_undone_or_suspected_ones_are_not() -> None:
    one, two, three, four = (an_id() for _ in range(4))
    links = [
        a_link(one, two),
        a_link(three, two),
        a_link(three, four, confidence=Confidence.SUSPECTED),
        a_link(one, four, undone_at=NOON),
    ]
    assert one_person(one, links) == {one, two, three}
    assert one_person(one, links, suspected=True) == {one, two, three, four}
    assert one_person(four, links) == {four}


# -- tasks and clocks ------------------------------------------------------------------------------------------------


def test_a_task_ends_once() -> None:
    done = a_task().end(TaskState.DONE, by=an_id(), at=NOON)

    with pytest.raises(Refusal, match="already done"):
        done.end(TaskState.VOID, by=None, at=NOON)


def test_a_stopped_clock_reminds_nobody_and_whoever_had_claimed_it_finishes_in_vain() -> None:
    clock = a_clock(attempts=3)

    stopped = clock.stop(ClockState.MET)

    assert (stopped.state, stopped.next_at, stopped.attempts) == (ClockState.MET, None, 4)
    assert stopped.due == clock.due == date(2026, 3, 18)
