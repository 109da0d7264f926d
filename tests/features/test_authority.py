"""Authority is checked at the press; what is refused leaves only the refusal."""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.cards import Submission, Turn
from bot.cases.block import RequestedBlock
from bot.people import Person, Standing
from bot.refusal import Refusal
from bot.training import TITLES
from tests.fakes import FakeStore
from tests.people import BIRCH, HANDLE, LINK, TODAY, WHY, WORDS, House, Somebody, facts, shown, title

ONLY_THE_DIRECTOR = "source: Only the Director decides on a block"


def kept(house: House) -> dict[str, Any]:
    """Everything on file but the ledger, the drafts and what was queued before."""
    assert isinstance(house.store, FakeStore)
    memory = house.store.memory
    names = [name for name in vars(memory) if name not in {"ledger", "drafts"}]
    return deepcopy({name: getattr(memory, name) for name in names})


async def refused(house: House, somebody: Somebody, act: Callable[[], Awaitable[object]], *, rule: str = "") -> None:
    """Do something that must be refused: nothing changes, and the refusal is in the ledger with its rule."""
    before, mark = kept(house), await house.mark()
    await act()
    assert kept(house) == before
    [event] = await house.since(mark)
    assert event.header["action"] == "refused"
    assert event.header["rule"] == rule
    person = next(one for one in before["people"].values() if somebody.identity in one.identities)
    assert event.header["actor"] == str(person.id)
    assert set(event.payload) == {"asked"}


async def change(house: House, name: str, to: Callable[[Person], Person]) -> None:
    """Change a person on file, as an administrator would."""
    person = await house.person(name)
    await house.store.act(house.library, lambda shelves: shelves.registry.put_person(to(person)))


async def end_roles_yesterday(house: House, name: str) -> None:
    """End every role somebody holds: yesterday was the last day."""
    yesterday = house.time.at.date() - timedelta(days=1)
    await change(
        house, name, lambda person: replace(person, grants=tuple(replace(g, until=yesterday) for g in person.grants))
    )


# -- blocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", sorted(set(TITLES) - {"dana"}))
@pytest.mark.parametrize("intent", ["block.approve", "block.deny"])
async def test_only_the_director_decides_a_block(house: House, user: str, intent: str) -> None:
    ref = await house.sam.asks_for_block()
    somebody = house.somebody(user)

    await refused(
        house,
        somebody,
        lambda: somebody.sends(Submission(library="", intent=intent, actor=somebody.identity, subject=ref)),
        rule="C31",
    )

    assert title(somebody.reply) == "Only the Library Director can decide this"
    assert ONLY_THE_DIRECTOR in shown(somebody.reply)
    assert WHY not in shown(somebody.reply), "nothing about the case is said before authority is checked"


async def test_a_refused_press_in_the_channel_shows_the_clause_to_whoever_pressed(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.deliver()

    await house.robin.presses_in("decisions", "Approve", about=ref)

    assert ONLY_THE_DIRECTOR in shown(house.robin.reply)
    assert isinstance(await house.block(ref), RequestedBlock)


async def test_a_directors_form_opened_before_the_role_ended_decides_nothing_after(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.says("home")
    await house.dana.presses("Approve", case=ref)
    await end_roles_yesterday(house, "Dana")

    await refused(house, house.dana, lambda: house.dana.fills(reason=WHY), rule="C31")

    assert title(house.dana.reply) == "Only the Library Director can decide this"
    assert house.dana.sees("Back to what I typed")


async def test_what_was_typed_is_there_after_a_refusal(house: House) -> None:
    waiting = await house.sam.asks_for_block()
    await house.pat.says("block")
    await house.pat.fills(handles=f"Facebook: {HANDLE}", accounts="Facebook", grounds="One serious")
    await house.pat.fills(reason=WHY)
    assert f"{waiting} about one of these handles already waits for a decision" in shown(house.pat.reply)

    await house.pat.presses("Back to what I typed")

    assert house.pat.page.values["reason"] == (WHY,)


async def test_a_role_that_ended_yesterday_is_no_role_and_one_that_ends_today_is(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.pass_days(1)
    await change(
        house, "Dana", lambda p: replace(p, grants=tuple(replace(g, until=TODAY + timedelta(days=1)) for g in p.grants))
    )

    await house.dana.says("home")
    assert house.dana.sees("Approve", case=ref)
    await house.pass_days(1)
    await refused(
        house,
        house.dana,
        lambda: house.dana.sends(Submission(library="", intent="block.deny", actor=house.dana.identity, subject=ref)),
        rule="C31",
    )


async def test_an_acting_director_appointed_by_the_board_holds_the_office(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.alex.says("setup")
    await house.alex.presses("Give or end a role")
    await house.alex.fills(person="Pat Moreau", role="Acting", what="Give it", until="2026-03-31")
    assert house.alex.page.page.title == "Acting Director"
    await house.alex.fills(dated="2026-02-27", signed_by="Terry Nowak", document="minutes of February, item 4")

    await house.pat.approves(ref)

    assert "approved by Pat Moreau on 2 March 2026" in facts(house.pat.reply)["Status"]
    assert "Director" in facts(house.pat.reply)["Decided as"]


async def test_with_no_director_at_all_nothing_is_decided_and_the_vacancy_is_told(house: House) -> None:
    await end_roles_yesterday(house, "Dana")

    ref = await house.sam.asks_for_block()
    await house.pass_days(10)

    assert isinstance(await house.block(ref), RequestedBlock)
    assert any("Nobody holds the office" in posted.card.body for posted in house.told("alex"))


# -- content and the rest --------------------------------------------------------------------------------------------


async def test_an_editor_of_another_account_cannot_confirm_a_removal(house: House) -> None:
    await house.robin.removes()
    await house.deliver()

    await refused(house, house.jo, lambda: house.jo.presses_in("social-media", "Done today", about="I-2026-0001"))

    assert title(house.jo.reply) == "Only an editor of this account confirms what was done on it"


@pytest.mark.parametrize("user", ["robin", "dana", "pat", "kim", "terry", "alex"])
async def test_whoever_is_no_editor_cannot_confirm_a_block(house: House, user: str) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.approves(ref)
    await house.deliver()
    somebody = house.somebody(user)

    await refused(house, somebody, lambda: somebody.presses_in("decisions", "Done today", about=ref))


async def test_an_editor_whose_role_ended_yesterday_confirms_nothing(house: House) -> None:
    ref = await house.robin.removes()
    await house.sam.says("home")
    await end_roles_yesterday(house, "Sam")

    await refused(house, house.sam, lambda: house.sam.presses("Done today", case=ref))


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ("terry", "report"),
        ("terry", "block"),
        ("terry", "spam"),
        ("terry", "complaint"),
        ("terry", "please look"),
        ("terry", "reports"),
        ("terry", "search snolly"),
        ("terry", "who"),
        ("terry", "due"),
        ("robin", f"history {HANDLE}"),
        ("robin", f"link {HANDLE}"),
        ("robin", "setup"),
        ("kim", "setup"),
        ("robin", "delegate"),
        ("sam", "delegate"),
        ("kim", f"link {HANDLE}"),
        ("alex", f"history {HANDLE}"),
    ],
)
async def test_what_a_role_may_not_do_is_refused_and_kept(house: House, user: str, words: str) -> None:
    await house.robin.removes()
    somebody = house.somebody(user)

    await refused(house, somebody, lambda: somebody.says(words))

    assert somebody.reply.page is None
    assert HANDLE not in shown(somebody.reply)


@pytest.mark.parametrize("user", ["robin", "terry", "alex", "kim"])
async def test_a_notice_is_for_the_accounts_editors_and_the_director(house: House, user: str) -> None:
    ref = await house.sam.removes()
    somebody = house.somebody(user)

    await refused(house, somebody, lambda: somebody.says(f"notice {ref}"))


async def test_a_correction_of_the_day_is_for_the_accounts_editors(house: House) -> None:
    ref = await house.sam.removes()
    await house.kim.says(f"correct {ref}")
    await house.kim.fills(detail="The day it was done")

    await refused(house, house.kim, lambda: house.kim.fills(value="2026-03-01", reason="flibber"))


async def test_a_report_opens_to_those_who_work_on_cases_and_a_refused_look_is_kept(house: House) -> None:
    ref = await house.sam.removes()

    for user in ("terry", "alex", "robin"):
        somebody = house.somebody(user)
        # mypy infers no type for a lambda with a default
        await refused(house, somebody, lambda somebody=somebody: somebody.says(f"show {ref}"))  # type: ignore[misc]
        assert WORDS not in shown(somebody.reply)
        assert LINK not in shown(somebody.reply)


async def test_a_picture_opens_only_to_those_who_may_open_its_case(house: House) -> None:
    await house.robin.begins_report()
    picture = await house.robin.attaches()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, outcome="Please look", pictures=picture)
    [file] = (await house.incident(house.robin.ref)).evidence
    with pytest.raises(Refusal):
        await house.desk.picture(str(house.library), house.terry.identity, house.robin.ref, file.sha256)


# -- who is not staff ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standing", [Standing.GUEST, Standing.STRANGER, Standing.BOT, Standing.DEACTIVATED])
@pytest.mark.parametrize("words", ["report", "home", "show I-2026-0001", "help", "gibberish", "block"])
async def test_guests_strangers_bots_and_deactivated_people_are_refused_kindly(
    house: House, standing: Standing, words: str
) -> None:
    ref = await house.robin.removes()
    await change(house, "Robin", lambda person: replace(person, standing=standing))
    before = kept(house)

    await house.robin.says(words)

    assert house.robin.reply.page is None
    assert WORDS not in shown(house.robin.reply)
    assert ref not in shown(house.robin.reply)
    assert any(said in shown(house.robin.reply) for said in ("Guests", "another organisation", "people", "deactivated"))
    assert kept(house) == before


@pytest.mark.parametrize("words", ["report", "home", "show I-2026-0001", "gibberish"])
async def test_somebody_nobody_knows_is_told_whom_to_ask(house: House, words: str) -> None:
    await house.robin.removes()
    nobody = house.somebody("mallory")

    await nobody.says(words)

    assert "Ask your library's administrator to add you" in shown(nobody.reply)
    assert WORDS not in shown(nobody.reply)


async def test_staff_of_another_library_are_nobody_here(house: House) -> None:
    ref = await house.robin.removes()
    outsider = house.somebody("birch-director", tenant=str(BIRCH))
    await outsider.says(f"show {ref}")

    assert "I don't know you yet" in shown(outsider.reply)


# -- other people's forms --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", list(Turn))
async def test_somebody_elses_draft_is_refused(house: House, turn: Turn) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.says("home")
    await house.dana.presses("Approve", case=ref)
    stolen = house.dana.sending(reason=WHY)
    assert isinstance(house.store, FakeStore)
    drafts = dict(house.store.memory.drafts)

    await refused(house, house.robin, lambda: house.robin.sends(replace(stolen, turn=turn)))

    assert house.store.memory.drafts == drafts


async def test_another_persons_report_form_is_neither_read_nor_changed(house: House) -> None:
    await house.robin.begins_report()
    await house.robin.fills(account="Facebook", links=LINK, text=WORDS, outcome="Removed")
    stolen = replace(house.robin.sending(), page=0)
    assert isinstance(house.store, FakeStore)
    drafts = dict(house.store.memory.drafts)

    for page in (0, 1, 2, 3):
        await refused(house, house.kim, lambda page=page: house.kim.sends(replace(stolen, page=page)))  # type: ignore[misc]
        assert WORDS not in shown(house.kim.reply)

    assert house.store.memory.drafts == drafts


# -- every refusal is kept --------------------------------------------------------------------------------------------


async def test_a_press_on_what_is_done_is_refused_and_kept_for_who_may_not_see_it(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await house.dana.approves(ref)
    await house.sam.says("home")
    button = house.sam.button("Done today", case=ref)
    await house.sam.press(button)
    mark = await house.mark()

    await house.robin.press(button)

    assert await house.acts_since(mark) == ["refused"]


async def test_a_refused_look_at_a_picture_is_kept(house: House) -> None:
    ref = await house.robin.reports(outcome="Please look")
    mark = await house.mark()

    with pytest.raises(Refusal):
        await house.desk.picture(str(house.library), house.terry.identity, ref, "0" * 64)

    assert await house.acts_since(mark, case=ref) == ["refused"]


async def test_a_refusal_belongs_to_its_case_however_the_reference_was_typed(house: House) -> None:
    ref = await house.robin.reports(outcome="Please look")
    mark = await house.mark()

    await house.terry.says(f"show {ref.lower()}")

    assert await house.acts_since(mark, case=ref) == ["refused"]


@pytest.mark.parametrize("words", ["report", "home"])
async def test_a_refused_guest_is_kept_by_name(house: House, words: str) -> None:
    await change(house, "Robin", lambda person: replace(person, standing=Standing.GUEST))
    mark = await house.mark()

    await house.robin.says(words)

    [event] = await house.since(mark)
    assert event.what == "refused"
    assert event.payload["by"] == str((await house.person("Robin")).id)
