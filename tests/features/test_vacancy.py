"""A decision with nobody to take it escalates each day and is never taken; the Board's acting Director may take it."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from bot.cards import Card, Submission
from bot.cases.block import DecidedBlock, RequestedBlock
from bot.people import Identity, Person, Standing
from bot.policy.terms import Role
from tests.features.coming_back import DAY, asks_back, blocked, names_decider
from tests.features.test_absences import away
from tests.messenger import Posted
from tests.people import HANDLE, TODAY, WHY, House, facts, shown, title

GONE = date(2026, 6, 30)


async def change(house: House, name: str, into: Person) -> None:
    """Somebody is otherwise than before, without anybody saying so to the program."""
    del name
    await house.store.act(house.library, lambda shelves: shelves.registry.put_person(into))


async def no_director(house: House, how: str) -> None:
    """Nobody is in the Director's office: it is vacant, she is away, or her chat account is gone."""
    dana = await house.person("Dana")
    yesterday = TODAY - timedelta(days=1)
    if how == "away":
        await away(house.dana, TODAY, GONE)
    elif how == "deactivated":
        await change(house, "Dana", replace(dana, standing=Standing.DEACTIVATED))
    else:
        await change(house, "Dana", replace(dana, grants=tuple(replace(one, until=yesterday) for one in dana.grants)))


def lists(house: House, user: str) -> list[Posted]:
    """The day's lists of decisions with nobody to take them that somebody got."""
    return [posted for posted in house.told(user) if posted.key.startswith("vacancy:")]


def rows(card: Card) -> list[tuple[str, ...]]:
    assert card.table is not None
    return [row.cells for row in card.table.rows]


async def appoints(house: House, user: str = "alex", **more: str) -> None:
    """Enter Pat as acting Director."""
    await house.somebody(user).says("acting director")
    await house.somebody(user).fills(
        **{
            "person": "Pat Moreau",
            "since": TODAY.isoformat(),
            "until": (TODAY + timedelta(days=4)).isoformat(),
            "dated": "2026-02-27",
            "signed_by": "Terry Nowak",
            "document": "minutes of February, item 4",
            **more,
        }
    )


# -- it escalates, and never decides ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("vacant", "nobody is Library Director today"),
        ("deactivated", "nobody is Library Director today"),
        ("away", "Dana Whitfield (Library Director) is away until 30 June 2026"),
    ],
)
async def test_each_open_day_once_the_administrator_and_the_chair_hear_which_decision_waits_and_since_when(
    house: House, how: str, why: str
) -> None:
    await no_director(house, how)
    ref = await house.sam.asks_for_block()
    await house.go_to(date(2026, 3, 9))
    await house.deliver()

    for user in ("alex", "terry"):
        told = lists(house, user)
        days = ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-09"]
        assert [posted.key.split(":")[1] for posted in told] == days, user
        card = told[-1].card
        assert card.title == "A decision waits and nobody is here to decide"
        assert rows(card) == [(ref, "Decide a block request", "2 March 2026", "3 March 2026, overdue", why)]
        assert "Nothing is decided by itself." in card.body
    assert isinstance(await house.block(ref), RequestedBlock)


async def test_it_names_the_reference_and_nothing_of_the_patron(house: House) -> None:
    await no_director(house, "vacant")
    await house.sam.asks_for_block()
    await house.pass_days(1)

    said = repr([posted.card for posted in lists(house, "terry")])
    assert "B-2026-0001" in said
    assert HANDLE not in said
    assert WHY not in said


@pytest.mark.parametrize("how", ["vacant", "away", "deactivated"])
async def test_however_long_it_lasts_nothing_is_approved_denied_or_lifted(house: House, how: str) -> None:
    await names_decider(house)
    block = await blocked(house)
    await house.go_to(DAY)
    request = await asks_back(house.robin, block)
    appeal = await house.robin.files_appeal(block)
    unmatched = await asks_back(house.robin)
    other = await house.sam.asks_for_block(handles="Instagram: @somebodyelse", accounts="Instagram")
    await no_director(house, how)
    mark = await house.mark()
    await house.pass_days(30)

    assert isinstance(await house.block(other), RequestedBlock)
    acts = {event.what for event in await house.since(mark)}
    assert not {act for act in acts if act.split(" ")[-1] in {"block", "appeal", "reinstatement", "execution"}}
    assert acts, "days passed, so the program said something"
    waiting = {row[0] for row in rows(lists(house, "alex")[-1].card)}
    assert waiting == {other, appeal, request, unmatched}


async def test_somebody_told_at_once_hears_it_at_once_where_everybody_is_away(house: House) -> None:
    await no_director(house, "away")
    ref = await house.sam.asks_for_block()
    await house.deliver()

    for user in ("alex", "terry"):
        [told] = [posted.card for posted in house.told(user) if ref in posted.card.title]
        assert told.body == "Away today: Dana Whitfield. A block is asked for."
    assert [posted.card.body for posted in house.told("dana") if ref in posted.card.title] == ["A block is asked for."]


async def test_while_somebody_is_here_nobody_is_troubled(house: House) -> None:
    await house.sam.asks_for_block()
    await house.pass_days(7)

    assert lists(house, "alex") == lists(house, "terry") == []


async def test_it_stops_once_somebody_is_back_and_begins_on_a_later_absence(house: House) -> None:
    await away(house.dana, TODAY, TODAY + timedelta(days=1))
    await away(house.dana, TODAY + timedelta(days=7), TODAY + timedelta(days=7))
    await house.sam.asks_for_block()
    await house.go_to(TODAY + timedelta(days=9))

    assert [posted.key.split(":")[1] for posted in lists(house, "alex")] == ["2026-03-03", "2026-03-09"]


async def test_a_restart_repeats_nothing(house: House) -> None:
    await no_director(house, "vacant")
    await house.sam.asks_for_block()
    await house.pass_days(1)
    house.open()
    await house.deliver()
    house.open()
    await house.deliver()

    assert len(lists(house, "alex")) == 1


async def test_a_request_kept_for_its_day_is_missed_by_nobody_before_that_day(house: House) -> None:
    await names_decider(house)
    ref = await asks_back(house.robin, await blocked(house), received_on="2026-03-02")
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Is it also an appeal?")
    await house.dana.fills(also="No")
    await away(house.dana, TODAY, GONE)

    await house.go_to(DAY - timedelta(days=1))
    assert lists(house, "alex") == []
    await house.go_to(DAY)
    assert [row[:2] for row in rows(lists(house, "alex")[0].card)] == [(ref, "Answer a request to come back")]


async def test_where_neither_policy_nor_library_names_anybody_the_list_says_that(house: House) -> None:
    block = await blocked(house)
    await house.go_to(DAY)
    ref = await asks_back(house.robin, block)
    await house.pass_days(1)

    [row] = rows(lists(house, "alex")[0].card)
    assert (row[0], row[4]) == (ref, "the policy names nobody, and the library has chosen nobody in “setup”")


async def test_a_chair_who_is_in_no_chat_is_told_by_the_administrator(house: House) -> None:
    terry = await house.person("Terry")
    await change(house, "Terry", replace(terry, identities=()))
    await no_director(house, "vacant")
    await house.sam.asks_for_block()
    await house.pass_days(1)

    [told] = lists(house, "alex")
    assert [note.text for note in told.card.notes] == [
        "Not in any connected chat, so to be told in person: Terry Nowak."
    ]


async def test_with_nobody_to_tell_the_channel_is_told(house: House) -> None:
    for name in ("Alex", "Terry"):
        person = await house.person(name)
        await change(house, name, replace(person, standing=Standing.DEACTIVATED))
    await no_director(house, "vacant")
    await house.sam.asks_for_block()
    await house.pass_days(1)

    assert "A decision waits and nobody is here to decide" in house.cards("decisions")


# -- the acting Director ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["alex", "terry"])
async def test_the_administrator_or_the_chair_enters_whom_the_board_appointed(house: House, user: str) -> None:
    await no_director(house, "vacant")
    ref = await house.sam.asks_for_block()
    await appoints(house, user)

    assert house.somebody(user).reply.headline == (
        "Pat Moreau is acting Library Director from 2 March 2026 to 6 March 2026."
    )
    [grant] = [one for one in (await house.person("Pat")).grants if one.role is Role.ACTING_DIRECTOR]
    assert grant.document == "minutes of February, item 4 (dated 27 February 2026, signed by Terry Nowak)"
    await house.pat.says("home")
    [welcome] = [card for card in house.pat.reply.cards if card.title == "Chicopee Public Library"]
    assert [fact.value for fact in welcome.facts] == [
        "Pat Moreau, Librarian in Charge, acting Library Director, duty person, member of staff"
    ]
    await house.pat.approves(ref)
    decided = await house.block(ref)
    assert isinstance(decided, DecidedBlock)
    assert decided.decided_as == "acting_director"
    assert facts(house.pat.reply)["Decided as"] == "acting Library Director"


@pytest.mark.parametrize("user", ["dana", "pat", "sam", "robin", "kim"])
async def test_nobody_else_enters_one(house: House, user: str) -> None:
    await house.somebody(user).says("acting director")

    assert "The Board appoints an acting Director" in shown(house.somebody(user).reply)
    assert house.somebody(user).reply.page is None


async def test_the_director_does_not_appoint_through_setup_either(house: House) -> None:
    await house.dana.says("setup")
    await house.dana.presses("Give or end a role")
    await house.dana.fills(person="Robin Hale", role="Acting", what="Give it", until="2026-03-31")
    await house.dana.fills(dated="2026-02-27", signed_by="Dana Whitfield", document="my word")

    assert "The Board appoints an acting Director" in shown(house.dana.reply)
    assert not [one for one in (await house.person("Robin")).grants if one.role is Role.ACTING_DIRECTOR]


async def test_a_new_person_is_not_put_on_file_as_acting_director_without_the_paper(house: House) -> None:
    await house.alex.says("setup")
    await house.alex.presses("Add a person")

    [role] = [field for field in house.alex.page.page.fields if field.name == "role"]
    assert "acting_director" not in {option.value for option in role.options}
    assert "director" in {option.value for option in role.options}


@pytest.mark.parametrize("missing", ["dated", "signed_by", "document", "until"])
async def test_without_the_dated_and_signed_paper_and_a_last_day_there_is_none(house: House, missing: str) -> None:
    await appoints(house, **{missing: ""})

    assert house.alex.page.errors[missing] == "Please answer this."
    assert not [one for one in (await house.person("Pat")).grants if one.role is Role.ACTING_DIRECTOR]


async def test_a_paper_that_is_not_signed_yet_appoints_nobody(house: House) -> None:
    await appoints(house, dated=(TODAY + timedelta(days=1)).isoformat())

    assert house.alex.page.errors["dated"] == "Choose 2 March 2026 or an earlier day."


async def test_it_ends_by_itself_after_its_last_day_and_then_the_decision_waits_again(house: House) -> None:
    await no_director(house, "vacant")
    await appoints(house)
    ref = await house.sam.asks_for_block()
    await house.go_to(TODAY + timedelta(days=4))
    assert lists(house, "alex") == []
    await house.pat.says("home")
    assert house.pat.sees("Approve", case=ref)
    approve = house.pat.button("Approve", case=ref)

    await house.go_to(TODAY + timedelta(days=7))
    await house.pat.press(approve)
    assert title(house.pat.reply) == "Only the Library Director can decide this"
    assert len(lists(house, "alex")) == 1
    assert isinstance(await house.block(ref), RequestedBlock)


async def test_while_the_director_is_there_too_both_hold_the_office_and_it_says_so(house: House) -> None:
    await appoints(house)
    both = "Dana Whitfield and Pat Moreau both hold the Director's office; whoever decides first has decided."
    assert both in shown(house.alex.reply)
    await house.robin.says("who")
    assert both in shown(house.robin.reply)
    assert "acting Library Director until 6 March 2026" in shown(house.robin.reply)

    first = await house.sam.asks_for_block()
    await house.pat.approves(first)
    second = await house.sam.asks_for_block(handles="Instagram: @somebodyelse", accounts="Instagram")
    await house.dana.approves(second)
    for ref, office in ((first, "acting_director"), (second, "director")):
        decided = await house.block(ref)
        assert isinstance(decided, DecidedBlock)
        assert decided.decided_as == office


async def test_the_chair_and_the_director_are_told_of_an_appointment_and_who_entered_it(house: House) -> None:
    await appoints(house)
    await house.deliver()

    for user in ("terry", "dana"):
        [told] = [posted.card.title for posted in house.told(user) if "acting" in posted.card.title]
        assert told.startswith("Pat Moreau is acting Library Director from 2 March 2026 to 6 March 2026.")
        assert told.endswith("signed by Terry Nowak). Entered by Alex Rivera.")


async def test_the_list_leads_the_chair_to_entering_one(house: House) -> None:
    await no_director(house, "away")
    ref = await house.sam.asks_for_block()
    await house.pass_days(1)
    [told] = lists(house, "terry")
    [enter] = [button for button in told.card.buttons if button.label == "Enter an acting Director"]
    await house.terry.press(enter)
    await house.terry.fills(
        person="Pat Moreau",
        until="2026-03-31",
        dated="2026-03-03",
        signed_by="Terry Nowak",
        document="letter of the chair",
    )

    await house.pat.approves(ref)
    assert isinstance(await house.block(ref), DecidedBlock)
    await house.pass_days(3)
    assert len(lists(house, "terry")) == 1


async def test_an_appointment_of_another_library_counts_for_nothing_here(house: House) -> None:
    outsider = Identity(platform="practice", tenant=str(UUID(int=5)), user="pat")
    ref = await house.sam.asks_for_block()
    await appoints(house)
    reply = await house.desk(
        Submission(library=str(house.library), intent="block.approve", actor=outsider, subject=ref)
    )

    assert "I don't know you yet" in shown(reply)


async def test_whoever_enters_their_own_appointment_is_told_that_others_hear_of_it(house: House) -> None:
    await appoints(house, person="Alex")
    await house.deliver()

    assert "You entered your own appointment." in shown(house.alex.reply)
    assert "Entered by themself." in str(house.told("dana"))

    await appoints(house)
    assert "your own appointment" not in shown(house.alex.reply)
