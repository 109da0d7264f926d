"""Several people given a role at once: each is on file with a name, and none is by being in a group."""

import pytest

from bot.policy.terms import Role
from tests.people import TODAY, House, shown


async def adds(house: House, people: str, role: str = "Member of staff") -> str:
    """Have the administrator add them; what is answered."""
    await house.alex.says("setup")
    await house.alex.presses("Add several people")
    await house.alex.fills(people=people, role=role)
    return shown(house.alex.reply)


async def test_everybody_is_put_on_file_one_by_one_and_can_act_at_once(house: House) -> None:
    mark = await house.mark()
    said = await adds(house, "lee Lee Park\nmo  Mo Diaz \nlee Lee Again")

    assert said == "Put on file as member of staff: Lee Park, Mo Diaz."
    assert await house.acts_since(mark) == ["setup.people person", "setup.people person"]
    await house.somebody("mo").reports(outcome="Please look")


async def test_whoever_is_on_file_gets_the_role_beside_what_they_hold(house: House) -> None:
    said = await adds(house, "robin Somebody Else\nsam Sam", role="Editor")

    assert said == "On file already, now also editor: Robin Hale. Already editor: Sam Okafor."
    robin = await house.person("Robin")
    assert {(grant.role, grant.since) for grant in robin.grants} >= {(Role.EDITOR, TODAY)}
    assert len({grant.role for grant in robin.grants}) == 2


@pytest.mark.parametrize("people", ["lee", "lee Lee Park\nmo"])
async def test_nobody_is_on_file_without_a_name(house: House, people: str) -> None:
    mark = await house.mark()
    await adds(house, people)

    assert "add a space and their name" in house.alex.page.errors["people"]
    assert house.alex.page.values["people"] == (people,)
    assert await house.acts_since(mark) == []


async def test_no_office_of_one_person_is_given_to_a_group(house: House) -> None:
    await house.alex.says("setup")
    await house.alex.presses("Add several people")

    offered = {option.value for field in house.alex.page.page.fields for option in field.options}
    assert offered.isdisjoint({"director", "acting_director", "designee", "board_chair"})
    assert "changes nothing here" in shown(house.alex.reply)


async def test_too_many_at_a_time_are_not_kept(house: House) -> None:
    await adds(house, "\n".join(f"u{number} Person {number}" for number in range(301)))

    assert "at most 300" in house.alex.page.errors["people"]


async def test_only_those_who_set_up_may(house: House) -> None:
    await house.alex.says("setup")
    button = house.alex.button("Add several people")
    await house.robin.press(button)

    assert "Setup is for the administrator" in shown(house.robin.reply)
