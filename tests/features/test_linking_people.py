"""One human on two chats is one actor, once an administrator has said so."""

from bot.cards import Submission
from bot.cases.block import DecidedBlock
from tests.people import House, facts, shown


async def opens(house: House) -> None:
    await house.alex.says("setup")
    await house.alex.presses("Link a person's accounts")


async def test_a_further_account_is_the_same_person_with_the_same_roles(house: House) -> None:
    await opens(house)
    await house.alex.fills(person="Dana Whitfield", user="dana-elsewhere")
    assert house.alex.reply.headline == "Dana Whitfield is known by that account too."

    block = await house.sam.asks_for_block()
    await house.somebody("dana-elsewhere").approves(block)
    decided = await house.block(block)
    assert isinstance(decided, DecidedBlock)
    assert decided.decided_by == (await house.person("Dana Whitfield")).id


async def test_somebody_on_file_twice_becomes_one_and_only_the_chosen_persons_roles_count(house: House) -> None:
    await house.alex.says("setup")
    await house.alex.presses("Add a person")
    await house.alex.fills(name="Dana W.", user="dana-elsewhere", role="Records officer")

    await opens(house)
    await house.alex.fills(person="Dana Whitfield", user="dana-elsewhere")

    told = house.alex.reply.headline
    assert told.startswith("Dana W. and Dana Whitfield are one person now, Dana Whitfield.")
    assert "Not carried over: records officer" in told
    elsewhere = house.somebody("dana-elsewhere")
    await elsewhere.says("home")
    assert "Dana Whitfield" in facts(elsewhere.reply)["You are"]
    await house.alex.says("who")
    assert "Dana W.\n" not in shown(house.alex.reply)


async def test_an_account_that_is_theirs_already_changes_nothing(house: House) -> None:
    mark = await house.mark()
    await opens(house)
    await house.alex.fills(person="Sam Okafor", user="sam")
    assert house.alex.page.errors["user"] == "Sam Okafor is known by it."
    assert [event.header["action"] for event in await house.since(mark)] == []


async def test_a_merge_never_leaves_a_library_without_an_administrator(house: House) -> None:
    await opens(house)
    await house.alex.fills(person="Sam Okafor", user="alex")
    assert house.alex.page.errors["person"] == "Give Sam Okafor the administrator's role first."
    people = await house.look(lambda shelves: shelves.registry.people())
    assert [person for person in people if person.same_as is not None] == []


async def test_only_who_sets_the_library_up_links_anybody(house: House) -> None:
    for intent in ("setup.link", "setup"):
        await house.robin.sends(Submission(library="", intent=intent, actor=house.robin.identity))
        assert house.robin.reply.page is None
        assert "Link" not in shown(house.robin.reply)
