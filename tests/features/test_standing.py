"""An account that is deactivated: nobody acts with it, an empty office is no decision, and somebody hears of it."""

from dataclasses import replace

import pytest

from bot.cards import Identity, Standing
from bot.ports import AccountGone, Shelves
from bot.training import LIBRARY
from tests.people import House, shown


async def turns(house: House, user: str, standing: Standing) -> None:
    """Have the platform say how an account stands."""
    await house.desk.account_is(str(LIBRARY), getattr(house, user).identity, standing)


def heard(house: House, user: str) -> list[str]:
    """What somebody was told in person, as they read it."""
    return [f"{posted.card.title}. {posted.card.body}" for posted in house.told(user)]


async def test_a_director_who_left_is_an_alarm_and_decides_nothing(house: House) -> None:
    await house.sam.removes()
    ref = await house.sam.asks_for_block()
    mark = await house.mark()

    await turns(house, "dana", Standing.DEACTIVATED)
    await house.deliver()

    for user in ("alex", "terry"):
        [said] = [one for one in heard(house, user) if "Library Director" in one]
        assert said.startswith("Nobody is Library Director now. Dana Whitfield's account is deactivated")
        assert "One task waits for this office today. Nothing is approved or denied by waiting" in said
        assert ref not in said
    [kept] = [event for event in await house.since(mark) if event.header["action"] == "account.standing"]
    assert (kept.header["actor"], kept.header["record"]) == ("", "person")
    await house.dana.says(f"show {ref}")
    assert "This account has been deactivated" in shown(house.dana.reply)
    assert (await house.block(ref)).version == 1
    await house.robin.says("who")
    assert "Nobody is Library Director today." in shown(house.robin.reply)


async def test_the_office_is_filled_again_by_whoever_setup_names(house: House) -> None:
    await house.sam.removes()
    ref = await house.sam.asks_for_block()
    await turns(house, "dana", Standing.DEACTIVATED)
    await house.alex.says("setup")
    await house.alex.presses("Give or end a role")
    await house.alex.fills(person="Pat Moreau", role="Acting", what="Give it", until="2026-03-31")
    await house.alex.fills(dated="2026-03-01", signed_by="Terry Nowak", document="Minutes of 1 March 2026")

    await house.pat.approves(ref)

    assert "approved by Pat Moreau" in shown(house.pat.reply)


async def test_somebody_whose_office_others_hold_too_leaves_no_vacancy(house: House) -> None:
    await turns(house, "jo", Standing.DEACTIVATED)
    await house.deliver()

    [said] = heard(house, "alex")
    assert said.startswith("Jo Lindgren's account is deactivated, so it can do nothing here. Their roles stay on file")


async def test_an_account_that_works_again_has_the_roles_on_file_again(house: House) -> None:
    await turns(house, "sam", Standing.GUEST)
    await house.sam.says("home")
    assert "Guests can read along" in shown(house.sam.reply)

    await turns(house, "sam", Standing.MEMBER)
    await house.sam.says("home")

    assert "editor" in shown(house.sam.reply)


async def test_to_say_the_same_again_or_something_about_a_stranger_changes_nothing(house: House) -> None:
    await turns(house, "jo", Standing.DEACTIVATED)
    mark = await house.mark()
    await turns(house, "jo", Standing.DEACTIVATED)
    await turns(house, "sam", Standing.MEMBER)
    await house.desk.account_is(str(LIBRARY), replace(house.sam.identity, user="nobody"), Standing.DEACTIVATED)
    await house.desk.account_is(str(LIBRARY), replace(house.sam.identity, tenant="birch"), Standing.DEACTIVATED)

    assert await house.since(mark) == []


async def test_somebody_with_another_account_keeps_it_and_the_office(house: House) -> None:
    other = Identity(platform="teams", tenant="t", user="dana-object")

    def with_another(shelves: Shelves) -> None:
        dana = shelves.registry.by_identity(house.dana.identity)
        assert dana is not None
        shelves.registry.put_person(replace(dana, identities=(*dana.identities, other)))

    await house.store.act(LIBRARY, with_another)
    await turns(house, "dana", Standing.DEACTIVATED)

    dana = await house.person("Dana")
    assert (dana.standing, dana.identities) == (Standing.MEMBER, (other,))
    await house.robin.says("who")
    assert "Nobody is Library Director" not in shown(house.robin.reply)


async def test_a_message_to_a_deactivated_account_tells_the_record(house: House) -> None:
    await house.deliver()
    await house.robin.reports(track="Complaint", outcome="Left up")
    direct = list(house.told("dana"))
    house.messenger.refuse_user("dana", AccountGone("That account is deactivated."))
    await house.deliver()

    assert house.told("dana") == direct
    assert (await house.person("Dana")).standing is Standing.DEACTIVATED
    await house.deliver()
    assert any(said.startswith("Nobody is Library Director now") for said in heard(house, "alex"))


@pytest.mark.parametrize("standing", [Standing.DEACTIVATED, Standing.GUEST])
async def test_when_the_administrator_is_gone_the_board_chair_hears(house: House, standing: Standing) -> None:
    await turns(house, "alex", standing)
    await house.deliver()

    assert any(said.startswith("Nobody is administrator now") for said in heard(house, "terry"))
    assert heard(house, "alex") == []


async def test_nothing_of_it_reaches_another_library(house: House) -> None:
    await turns(house, "dana", Standing.DEACTIVATED)
    await house.deliver()

    elsewhere = [posted.card for posted in house.messenger.posts if posted.to.tenant != str(LIBRARY)]
    assert not [card for card in elsewhere if "Nobody is" in card.title or "Dana" in card.body]
