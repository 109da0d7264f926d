"""A library's own past cases under a proposed policy, and the open cases a new version governs."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bot.cases.appeal import Answer, DecidedAppeal, Form, ReceivedAppeal, Writing
from bot.cases.reinstatement import RequestedReinstatement
from bot.cases.ruling import Ruling
from bot.policy.diff import Concerns
from bot.policy.pack import Pack
from bot.policy.shelf import pack_bytes, read_pack
from bot.policy.terms import Action
from bot.ports import Shelves
from bot.replay import Difference, open_cases, replayed
from bot.training import LIBRARY
from tests.fakes import FakeStore
from tests.features.test_handles import OTHER, link
from tests.people import START, TODAY, House, chicopee
from tests.policy.sixth import JUNIPER

FIFTEEN = 'n = 15\nunit = "days"\nverb = "may"'


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Chicopee's library, in memory, with Birch's beside it; checked when the test ends."""
    async with chicopee(FakeStore(), tmp_path) as ready:
        yield ready


async def differences(house: House, proposed: Pack) -> dict[tuple[str, str], Difference]:
    _, found = await house.look(lambda shelves: replayed(shelves, proposed))
    return {(one.ref, one.about): one for one in found}


def chicopee_with(*replaced: tuple[str, str]) -> Pack:
    text = pack_bytes("chicopee")[-1].decode("utf-8")
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    return Pack.parse(text.encode("utf-8"), name="chicopee")


def with_a_time_to_reply(days: str) -> Pack:
    """Chicopee's policy with a time in which questions are answered."""
    text = pack_bytes("chicopee")[-1].decode("utf-8")
    at = text.index('on = ["question_received"')
    begins, ends = text.rindex("[[clocks]]", 0, at), text.find("\n\n", at)
    what = '[[clocks]]\nclock = "reply_by"\non = ["question_received"]\nkind = "duty"\nrule = "C12"\n'
    stated = f'{what}n = {days}\nunit = "days"\n'
    return Pack.parse((text[:begins] + stated + text[ends:]).encode("utf-8"), name="chicopee")


async def a_life(house: House) -> str:
    """A removal, a block that was decided and carried out; returns the block's reference."""
    await house.sam.removes()
    ref = await house.sam.asks_for_block(grounds="Repeated breaches")
    await house.dana.approves(ref)
    await house.sam.confirms(ref)
    return ref


async def test_under_the_same_policy_nothing_would_have_gone_otherwise(house: House) -> None:
    await a_life(house)

    looked_at, found = await house.look(lambda shelves: replayed(shelves, read_pack("chicopee")))

    assert (looked_at, found) == (2, ())


async def test_a_longer_time_to_appeal_is_told_with_both_dates(house: House) -> None:
    ref = await a_life(house)

    found = await differences(house, chicopee_with((FIFTEEN, FIFTEEN.replace("15", "20"))))

    assert {about for _, about in found} == {"the date appeal_by"}
    assert (found[ref, "the date appeal_by"].was, found[ref, "the date appeal_by"].would_be) == (
        "17 March 2026",
        "22 March 2026",
    )


async def test_another_librarys_policy_shows_what_it_would_have_asked_for(house: House) -> None:
    ref = await a_life(house)

    found = await differences(house, JUNIPER)

    assert found[ref, "the ground repeated_breaches"].would_be == "no such ground"
    assert found[ref, "who decides the block"].would_be == "the Board"
    assert found[ref, "the sanction"].would_be == "Written warning, at breach 1"
    assert found[ref, "the notice"].would_be == "the person has to be told, and no notice is on file"
    assert found["I-2026-0001", "the ground spam"].would_be == "no such ground"


async def test_what_a_ground_needs_and_is_not_on_file_is_told(house: House) -> None:
    ref = await a_life(house)
    stricter = chicopee_with(('code = "repeated_breaches"\n', 'code = "repeated_breaches"\noccasions = 3\n'))

    found = await differences(house, stricter)

    assert found[ref, "the ground repeated_breaches"].would_be == "needs 3 breaches, and 1 are on file"


async def test_replaying_keeps_nothing_and_decides_nothing(house: House) -> None:
    await a_life(house)
    mark = await house.mark()

    await differences(house, JUNIPER)

    assert await house.since(mark) == []


async def test_a_report_still_open_is_governed_by_the_day_of_the_post_and_a_block_by_the_day_it_was_asked(
    house: House,
) -> None:
    asked = await house.robin.reports(outcome="Please look", links="https://facebook.com/another")
    removed = await house.sam.removes()
    ref = await house.sam.asks_for_block(grounds="Repeated breaches")

    cases = {case.ref: case for case in await house.look(open_cases)}

    assert removed not in cases
    assert (cases[ref].concerns, cases[ref].on) == (Concerns.BLOCKS, TODAY)
    assert (cases[asked].concerns, cases[asked].on) == (Concerns.REPORTS, TODAY)


async def test_a_block_in_force_is_open_for_a_request_to_come_back(house: House) -> None:
    ref = await a_life(house)

    cases = {case.ref: case for case in await house.look(open_cases)}

    assert (cases[ref].concerns, cases[ref].on) == (Concerns.REINSTATEMENTS, TODAY)


def an_appeal(block: str, came: date) -> ReceivedAppeal:
    return ReceivedAppeal(
        id=uuid4(),
        library=LIBRARY,
        ref="A-2026-0001",
        version=1,
        writing=Writing(form=Form.LETTER, received_on=came, words="flibber: I meant no harm"),
        logged_by=uuid4(),
        logged_at=START,
        against=block,
        act=Action.BLOCK,
    )


def answered(appeal: ReceivedAppeal, on: date) -> DecidedAppeal:
    ruling = Ruling(by=uuid4(), role="director", at=START, on=on, under=None, pack="chicopee 2023-03-06")
    return replace(appeal.decide(Answer.AFFIRMED, reason="flibber", ruling=ruling), version=2)


async def keeps(house: House, *cases: ReceivedAppeal | DecidedAppeal | RequestedReinstatement) -> None:
    def keep(shelves: Shelves) -> None:
        for case in cases:
            if isinstance(case, RequestedReinstatement):
                shelves.reinstatements.put(case)
            else:
                shelves.appeals.put(case)

    await house.store.act(LIBRARY, keep)


async def test_an_appeal_that_came_in_time_would_have_been_late_under_a_shorter_window(house: House) -> None:
    ref = await a_life(house)
    appeal = an_appeal(ref, TODAY + timedelta(days=12))
    await keeps(house, appeal, answered(appeal, TODAY + timedelta(days=20)))

    found = await differences(house, chicopee_with((FIFTEEN, FIFTEEN.replace("15", "10"))))

    told = found["A-2026-0001", "whether it came in time"]
    assert (told.was, told.would_be) == ("in time: until 17 March 2026", "late: until 12 March 2026")


async def test_an_answer_in_time_would_have_been_late_under_a_shorter_one(house: House) -> None:
    ref = await a_life(house)
    appeal = an_appeal(ref, TODAY + timedelta(days=1))
    await keeps(house, appeal, answered(appeal, TODAY + timedelta(days=11)))
    asked = 'on = ["appeal_received"]\nkind = "duty"\nrule = "C43"\nn = '

    found = await differences(house, chicopee_with((f"{asked}15", f"{asked}7")))

    told = found["A-2026-0001", "whether it was answered in time"]
    assert (told.was, told.would_be) == ("in time", "late")


async def test_a_policy_that_gives_no_appeal_or_a_second_level_says_so_of_an_appeal_on_file(house: House) -> None:
    ref = await a_life(house)
    await keeps(house, an_appeal(ref, TODAY + timedelta(days=1)))

    ecrl = await differences(house, read_pack("ecrl"))
    juniper = await differences(house, JUNIPER)

    assert ecrl["A-2026-0001", "whether it can be appealed"].would_be == "the policy gives no such appeal"
    assert juniper["A-2026-0001", "whether the answer can be taken further"].would_be == "yes: board"
    advice = juniper["A-2026-0001", "the advice of the board"]
    assert (advice.was, advice.would_be) == ("asked for first, and none is on file", "nothing is asked")


async def test_a_request_that_came_in_time_would_have_been_too_early_under_a_longer_wait(house: House) -> None:
    ref = await a_life(house)
    writing = Writing(form=Form.LETTER, received_on=TODAY + timedelta(days=50), words="flibber: may I come back")
    request = RequestedReinstatement(
        id=uuid4(),
        library=LIBRARY,
        ref="R-2026-0001",
        version=1,
        writing=writing,
        logged_by=uuid4(),
        logged_at=START,
        block=ref,
    )
    await keeps(house, request)

    found = await differences(house, chicopee_with(("n = 45\n", "n = 90\n")))

    told = found["R-2026-0001", "whether it came too early"]
    assert (told.was, told.would_be) == ("no: from 16 April 2026", "too early: from 31 May 2026")


async def test_an_appeal_and_a_request_that_wait_for_an_answer_are_open(house: House) -> None:
    ref = await a_life(house)
    await keeps(house, an_appeal(ref, TODAY))

    cases = {case.ref: case.concerns for case in await house.look(open_cases)}

    assert cases["A-2026-0001"] is Concerns.APPEALS


async def test_a_question_that_was_answered_in_time_would_have_been_late_under_a_shorter_time(house: House) -> None:
    asked = await house.robin.reports(track="Question")
    await house.pass_days(10)
    await house.sam.says(f"show {asked}")
    await house.sam.presses("Answered, or none needed")
    kind = next(field for field in house.sam.page.page.fields if field.name == "kind").options[0].label
    await house.sam.fills(kind=kind)
    await house.sam.fills(words="flibber", answered_on="2026-03-12")

    found = await differences(house, with_a_time_to_reply("2"))

    assert found[asked, "the date reply_by"].was == "none (none)"
    assert found[asked, "the date reply_by"].would_be == "4 March 2026"
    assert found[asked, "whether it was answered in time"].would_be == "late"


async def test_a_question_without_a_time_to_reply_is_looked_at_and_nothing_differs(house: House) -> None:
    await house.robin.reports(track="Question")

    looked_at, found = await house.look(lambda shelves: replayed(shelves, read_pack("chicopee")))

    assert (looked_at, found) == (1, ())


async def test_a_removal_that_only_protected_somebody_is_no_breach_of_a_past_block(house: House) -> None:
    await house.sam.removes(track="Personal information", links="https://facebook.com/protects")
    ref = await house.sam.asks_for_block(grounds="Repeated breaches")
    await house.dana.approves(ref)
    stricter = chicopee_with(('code = "repeated_breaches"\n', 'code = "repeated_breaches"\noccasions = 1\n'))

    found = await differences(house, stricter)

    assert found[ref, "the ground repeated_breaches"].would_be == "needs 1 breaches, and 0 are on file"


async def test_breaches_on_a_handle_linked_to_the_same_person_count_in_a_replay_as_at_the_desk(house: House) -> None:
    await house.sam.removes(account="Instagram", handles=OTHER, links="https://instagram.com/first")
    ref = await a_life(house)
    stricter = chicopee_with(('code = "repeated_breaches"\n', 'code = "repeated_breaches"\noccasions = 3\n'))
    apart = await differences(house, stricter)
    await link(house)

    linked = await differences(house, stricter)

    assert apart[ref, "the ground repeated_breaches"].would_be == "needs 3 breaches, and 1 are on file"
    assert linked[ref, "the ground repeated_breaches"].would_be == "needs 3 breaches, and 2 are on file"


async def test_who_decides_a_step_of_the_ladder_is_whoever_decides_one_so_long(house: House) -> None:
    for number in range(2):
        await house.sam.removes(links=f"https://facebook.com/{number}")
    ref = await house.sam.asks_for_block(grounds="Repeated breaches")
    await house.dana.approves(ref)

    found = await differences(house, JUNIPER)

    assert "at breach 2" in found[ref, "the sanction"].would_be
    assert JUNIPER.decider(Action.BLOCK).body == "board"
    assert (ref, "who decides the block") not in found, "thirty days are the Director's under either policy"
