"""The leave calendar: who enters days away, who sees them, and that they take and give no office."""

from datetime import date, timedelta

import pytest

from bot.cases.absence import Absence
from bot.cases.block import DecidedBlock
from tests.people import BIRCH, TODAY, House, Somebody, shown, title


async def away(who: Somebody, since: date, until: date, *, person: str = "") -> None:
    """Enter days away, one's own or somebody else's."""
    await who.says("away")
    more = {"person": person} if person else {}
    await who.fills(since=since.isoformat(), until=until.isoformat(), **more)


async def kept(house: House) -> list[tuple[str, date, date, bool]]:
    """The days away on file: whose, from when to when, and whether they were cancelled."""
    absences: tuple[Absence, ...] = await house.look(lambda shelves: shelves.registry.absences())
    names = {person.id: person.name for person in await house.look(lambda shelves: shelves.registry.people())}
    return [(names[one.person], one.since, one.until, one.cancelled_at is not None) for one in absences]


def who_is_who(who: Somebody) -> dict[str, str]:
    [card] = who.reply.cards
    assert card.table is not None
    return {row.cells[0]: row.cells[1] for row in card.table.rows}


async def test_somebody_enters_their_own_days_and_everybody_on_staff_sees_them(house: House) -> None:
    await away(house.robin, TODAY, TODAY + timedelta(days=4))

    assert house.robin.reply.headline == "Robin Hale is away from 2 March 2026 to 6 March 2026."
    assert await kept(house) == [("Robin Hale", TODAY, TODAY + timedelta(days=4), False)]
    await house.sam.says("who")
    assert who_is_who(house.sam)["Robin Hale"] == "member of staff, away until 6 March 2026"
    await house.sam.says("who is away")
    assert "Robin Hale | 2 March 2026 | 6 March 2026" in shown(house.sam.reply)


async def test_they_begin_and_end_on_their_days(house: House) -> None:
    await away(house.robin, TODAY + timedelta(days=1), TODAY + timedelta(days=2))

    for days, gone in ((0, False), (1, True), (2, True), (3, False)):
        house.time.local(TODAY + timedelta(days=days), 11)
        await house.sam.says("who")
        assert ("away until 4 March 2026" in who_is_who(house.sam)["Robin Hale"]) is gone, days


async def test_nobody_is_asked_why(house: House) -> None:
    await house.robin.says("leave")

    assert [field.name for field in house.robin.page.page.fields] == ["since", "until"]


@pytest.mark.parametrize("user", ["alex", "dana"])
async def test_whoever_sets_the_library_up_enters_somebody_elses(house: House, user: str) -> None:
    await away(house.somebody(user), TODAY, TODAY, person="Pat Moreau")

    assert [name for name, *_ in await kept(house)] == ["Pat Moreau"]


async def test_a_colleague_does_not(house: House) -> None:
    await house.robin.says("away")
    sent = house.robin.sending(since="2026-03-02", until="2026-03-03")
    pat = await house.person("Pat")
    forged = {**sent.values, "person": (str(pat.id),)}
    await house.robin.sends(sent.with_values(forged))

    assert [name for name, *_ in await kept(house)] == ["Robin Hale"]


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        ("2026-03-05", "2026-03-04", "Choose the first day away, or a later one."),
        ("2026-02-20", "2026-02-27", "Choose today or a later day."),
    ],
)
async def test_days_that_cannot_be_are_not_kept(house: House, since: str, until: str, says: str) -> None:
    await house.robin.says("away")
    await house.robin.fills(since=since, until=until)

    assert house.robin.page.errors["until"] == says
    assert await kept(house) == []


async def test_the_same_days_are_not_kept_twice(house: House) -> None:
    await away(house.robin, TODAY, TODAY + timedelta(days=4))
    await away(house.robin, TODAY + timedelta(days=1), TODAY + timedelta(days=2))

    assert house.robin.page.errors["since"] == "Away from 2 March 2026 to 6 March 2026."
    assert len(await kept(house)) == 1


async def test_cancelled_they_count_no_more_and_stay_on_file(house: House) -> None:
    await away(house.robin, TODAY, TODAY + timedelta(days=4))
    await house.robin.says("absences")
    await house.robin.presses("Cancel")

    assert house.robin.reply.headline == "Cancelled: Robin Hale is not away then."
    assert await kept(house) == [("Robin Hale", TODAY, TODAY + timedelta(days=4), True)]
    await house.sam.says("who")
    assert who_is_who(house.sam)["Robin Hale"] == "member of staff"
    assert (await house.acts_since(0))[-1] == "absence.cancel absence"


async def test_only_they_themselves_or_whoever_sets_the_library_up_cancels_them(house: House) -> None:
    await away(house.pat, TODAY, TODAY + timedelta(days=4))
    await house.pat.says("absences")
    button = house.pat.button("Cancel")

    await house.sam.says("absences")
    assert not house.sam.sees("Cancel")
    await house.sam.press(button)
    assert "Setup is for the administrator and the Director" in shown(house.sam.reply)
    await house.alex.press(button)
    assert await kept(house) == [("Pat Moreau", TODAY, TODAY + timedelta(days=4), True)]
    await house.pat.press(button)
    assert "That was cancelled on 2 March 2026" in shown(house.pat.reply)


async def test_trustees_do_not_read_who_is_away_but_the_chair_who_is_told_of_vacancies_does(house: House) -> None:
    await away(house.pat, TODAY, TODAY)
    await house.terry.says("absences")
    assert "Pat Moreau" in shown(house.terry.reply)

    await house.alex.says("setup")
    await house.alex.presses("Add a person")
    await house.alex.fills(name="Uma Trustee", user="uma", role="Trustee")
    await house.somebody("uma").says("absences")
    assert title(house.somebody("uma").reply) == "These lists are for the library's staff"


async def test_being_away_takes_no_office_from_the_director(house: House) -> None:
    ref = await house.sam.asks_for_block()
    await away(house.dana, TODAY, TODAY + timedelta(days=14))

    await house.dana.approves(ref)

    assert isinstance(await house.block(ref), DecidedBlock)


async def test_a_director_who_leaves_nobody_behind_is_told_what_the_board_can_do(house: House) -> None:
    await away(house.dana, TODAY + timedelta(days=7), TODAY + timedelta(days=14))
    assert "Nobody else holds the Director's office then, so what has to be decided waits." in shown(house.dana.reply)

    await away(house.robin, TODAY, TODAY)
    assert "Director's office" not in shown(house.robin.reply)


async def test_whoever_waits_sees_until_when_nobody_is_here_to_decide(house: House) -> None:
    await away(house.dana, TODAY, TODAY + timedelta(days=14))

    ref = await house.sam.asks_for_block()

    assert "Nobody is here to decide: Dana Whitfield (Library Director) is away until 16 March 2026." in shown(
        house.sam.reply
    )
    await house.dana.says("absences")
    await house.dana.presses("Cancel")
    await house.sam.says(f"show {ref}")
    assert "Nobody is here to decide" not in shown(house.sam.reply)


async def test_nothing_of_it_reaches_another_library(house: House) -> None:
    await away(house.robin, TODAY, TODAY)

    director = house.somebody("birch-director", library=BIRCH)
    await director.says("absences")
    assert title(director.reply) == "Nobody is away"
