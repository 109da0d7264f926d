"""Who answers is said by the policy of the day on which what is answered came in, whatever was adopted since."""

from dataclasses import replace
from datetime import date

from bot.policy.shelf import pack_bytes
from bot.ports import Shelves
from tests.appealing import REASON, a_removal_appealed, opens_answer
from tests.features.test_absences import away
from tests.people import House, shown

NOBODY = {"not_consulted": "yes", "why_not_consulted": "flibber: no time"}


async def the_chair_answers_from(house: House, since: date) -> None:
    """A newer version of the policy gives appeals to the Board chair."""
    newer = pack_bytes("chicopee")[-1].decode()
    for old, new in (
        ("since = 2023-03-06", f"since = {since}"),
        ('actions = ["appeal"]\nrule = "C43"\nroles = ["director"]', None),
        ('decided_by = "director"', 'decided_by = "board_chair"'),
    ):
        assert old in newer
        newer = newer.replace(old, new or old.replace("director", "board_chair"))
    name = f"chicopee {since}"

    def adopt(shelves: Shelves) -> None:
        shelves.registry.adopt(name, newer.encode())
        library = shelves.registry.library()
        shelves.registry.put_library(replace(library, packs=(*library.packs, name), version=library.version + 1))

    await house.store.act(house.library, adopt)


async def test_an_appeal_is_answered_by_whom_the_policy_of_its_day_names(house: House) -> None:
    await the_chair_answers_from(house, date(2026, 3, 4))
    before = await a_removal_appealed(house)
    await house.go_to(date(2026, 3, 5))
    after = await house.robin.files_appeal()

    await opens_answer(house, before)
    await house.dana.fills(
        answer="The decision stands", reason=REASON, not_consulted="yes", why_not_consulted="flibber"
    )
    assert house.dana.reply.headline.startswith("Kept: the decision stands"), shown(house.dana.reply)

    await house.dana.says(f"show {after}")
    assert not house.dana.sees("Answer it")
    await house.terry.says(f"show {after}")
    assert house.terry.sees("Answer it")


async def test_what_waits_is_said_to_wait_for_whom_the_policy_of_its_day_names(house: House) -> None:
    await the_chair_answers_from(house, date(2026, 3, 4))
    appeal = await a_removal_appealed(house)
    await house.go_to(date(2026, 3, 5))
    await away(house.dana, date(2026, 3, 5), date(2026, 3, 20))

    await house.robin.says(f"show {appeal}")

    assert "Nobody is here to decide: Dana Whitfield (Library Director) is away" in shown(house.robin.reply)
