"""Who is staff, in Slack: user groups in setup, accounts that are deactivated, and nobody acting who must not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.slack import groups
from bot.people import Person
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.journeys.test_slack import asks_for_block, asks_for_removal, confirms_from_home, events_of
from tests.people import SECRETS
from tests.platforms.fake_slack import TEAM, Thing
from tests.platforms.slack_installs import OTHER_TEAM
from tests.platforms.slack_people import SlackHouse, SlackPerson, chicopee_in_slack
from tests.platforms.slack_reading import read


@pytest.fixture(autouse=True)
def _slack_has_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "PATIENCE", 30.0)  # a form goes without groups where Slack is slow to name them


@pytest.fixture(params=["http", "socket"])
async def house(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> AsyncIterator[SlackHouse]:
    store = SqlStore.open(sqlite_url)
    async with chicopee_in_slack(store, tmp_path, socket=request.param == "socket") as opened:
        yield opened
    await store.close()


def described(user: str, name: str, **more: object) -> Thing:
    """An account as Slack describes it."""
    return {"id": user, "team_id": TEAM, "real_name": name, **more}


async def people_of(house: SlackHouse) -> dict[str, Person]:
    """Everybody on file, by name."""
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.registry.people())
    return {person.name: person for person in found}


async def opens_several(house: SlackHouse) -> None:
    """Open the form that adds several people."""
    await house.alex.types("/duenotice", "setup")
    await house.alex.presses_told("Add several people")


async def changes(house: SlackHouse, user: Thing, *, team: str = TEAM) -> None:
    """Slack tells that an account changed."""
    await SlackPerson(house, user["id"], team=team).sends_event({"type": "user_change", "user": user})


# -- groups ----------------------------------------------------------------------------------------------------------


async def test_everybody_in_a_user_group_is_put_on_file_with_their_names_and_can_act(house: SlackHouse) -> None:
    house.slack.groups["S1"] = {"name": "Circulation", "handle": "circ", "users": ["ULEE", "UMO", "UROBIN", "UBOTTY"]}
    house.slack.people |= {
        "ULEE": described("ULEE", "Lee Park"),
        "UMO": described("UMO", "Mo  Diaz"),
        "UBOTTY": described("UBOTTY", "Botty", is_bot=True),
        "UGUEST": described("UGUEST", "A Guest", is_restricted=True),
        "UANN": described("UANN", "Ann Bell"),
    }
    await opens_several(house)
    await house.alex.fills({"Who?": ["UANN", "UGUEST"], "Or everybody": ["Circulation (@circ)"]})

    assert "Put on file as member of staff: Ann Bell, Lee Park, Mo Diaz." in house.alex.sees
    assert "Already member of staff: Robin Hale." in house.alex.sees
    assert {"Botty", "A Guest"}.isdisjoint(await people_of(house))
    await house.lee.types("/incident")
    assert house.lee.sees.startswith("Report an item")


async def test_whoever_joins_the_group_later_is_nobody_until_somebody_says_so(house: SlackHouse) -> None:
    house.slack.groups["S1"] = {"name": "Circulation", "handle": "circ", "users": ["ULEE"]}
    house.slack.people["ULEE"] = described("ULEE", "Lee Park")
    await opens_several(house)
    await house.alex.fills({"Or everybody": ["Circulation"]})
    house.slack.groups["S1"]["users"].append("UNEW")

    await house.new.types("/due")

    assert "I don't know you yet" in house.new.told[-1]


@pytest.mark.parametrize("why", ["plan_upgrade_required", "missing_scope", "500"])
async def test_without_user_groups_people_are_chosen_one_by_one(house: SlackHouse, why: str) -> None:
    house.slack.people["ULEE"] = described("ULEE", "Lee Park")
    house.slack.fails(why, "usergroups.list")
    await opens_several(house)
    assert "user groups today" not in house.alex.sees

    await house.alex.fills({"Who?": ["ULEE"], "Role": "Records officer"})

    assert "Lee Park" in await people_of(house)


async def test_a_group_slack_does_not_open_is_said_beside_its_field_and_nothing_is_kept(house: SlackHouse) -> None:
    house.slack.groups["S1"] = {"name": "Circulation", "handle": "circ", "users": ["ULEE"]}
    await opens_several(house)
    house.slack.fails("500", "usergroups.users.list")
    answer = await house.alex.fills({"Or everybody": ["Circulation"]})
    assert list(answer["errors"].values()) == ["Slack did not say who these people are. Send the page again."]

    house.slack.people["ULEE"] = described("ULEE", "Lee", is_bot=True)
    answer = await house.alex.fills({"Or everybody": ["Circulation"]})
    assert "guests and bots cannot act" in next(iter(answer["errors"].values()))

    answer = await house.alex.fills({"Role": "Records officer"})
    assert list(answer["errors"].values()) == ["Please answer this."]
    assert await events_of(house, "setup.people") == 0


# -- leaving ---------------------------------------------------------------------------------------------------------


async def test_a_director_whose_account_is_deactivated_is_an_alarm_and_not_a_crash(house: SlackHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()

    await changes(house, described("UDANA", "Dana Whitfield", deleted=True))
    house.slack.people["UDANA"] = described("UDANA", "Dana Whitfield", deleted=True)
    await house.deliver()

    for person in (house.alex, house.terry):
        assert any("Nobody is Library Director now" in said for said in person.told)
    assert "Nobody is Library Director now" not in "".join(house.robin.told)
    await house.dana.presses_in("decisions", "Approve", about=block)
    assert "This account is deactivated" in house.dana.sees
    assert await events_of(house, "block.approve") == 0
    for day in range(3):
        house.time.later(days=1)
        await house.deliver()
        del day
    found = await house.store.ask(LIBRARY, lambda shelves: shelves.blocks.undecided())
    assert [one.ref for one in found] == [block], "an empty office decides nothing"


async def test_a_director_who_left_is_told_of_once_and_what_waits_is_one_list_each_open_day(house: SlackHouse) -> None:
    await confirms_from_home(house.sam, await asks_for_removal(house.robin))
    block = await asks_for_block(house.sam)
    await house.deliver()
    gone = described("UDANA", "Dana Whitfield", deleted=True)
    house.slack.people["UDANA"] = gone
    for _ in range(2):  # Slack says it again, and once more when she tries
        await changes(house, gone)
    await house.dana.types("/due")
    await house.deliver()
    alarm, listed = "Nobody is Library Director now", "A decision waits and nobody is here to decide"
    assert [said_to(person, alarm, listed) for person in (house.alex, house.terry)] == [(1, 0), (1, 0)]
    assert all("From the next open day on" in "".join(person.told) for person in (house.alex, house.terry))

    for days in (1, 2):
        house.time.later(days=1)
        await house.deliver()
        await house.deliver()
        assert [said_to(person, alarm, listed) for person in (house.alex, house.terry)] == [(1, days), (1, days)]
    assert said_to(house.robin, alarm, listed) == (0, 0)
    assert block in house.terry.told[-1]
    assert "nobody is Library Director today" in house.terry.told[-1]
    await house.terry.presses_told("Enter an acting Director")
    assert house.terry.sees.startswith("Acting Director")
    assert not any(one in "".join(house.terry.told).casefold() for one in SECRETS)


def said_to(person: SlackPerson, *what: str) -> tuple[int, ...]:
    """How often somebody was told each of these."""
    return tuple(sum(one in said for said in person.told) for one in what)


async def test_an_account_that_was_deactivated_unheard_is_noticed_by_the_next_message_to_it(house: SlackHouse) -> None:
    house.slack.people["UDANA"] = described("UDANA", "Dana Whitfield", deleted=True)
    await house.robin.types("/incident", "complaint")
    await house.robin.fills({"On which": "Facebook"})
    await house.deliver()

    assert house.slack.messages["DUDANA"] == []
    house.time.later(minutes=2)
    await house.deliver()
    assert any("Nobody is Library Director now" in said for said in house.alex.told)
    assert any("A message did not arrive" in said for said in house.alex.told)


async def test_an_account_that_works_again_acts_again(house: SlackHouse) -> None:
    await changes(house, described("USAM", "Sam", deleted=True))
    await house.sam.types("/due")
    assert "deactivated" in house.sam.told[-1]

    await changes(house, described("USAM", "Sam"))
    await house.sam.types("/block")

    assert house.sam.sees.startswith("Ask for a block")


async def test_a_change_of_an_account_elsewhere_changes_nothing_here(house: SlackHouse) -> None:
    before = await events_of(house, "account.standing")
    await changes(house, described("UDANA", "Dana", deleted=True), team=OTHER_TEAM)
    await changes(house, described("UNOBODY", "Nobody", deleted=True))
    await changes(house, described("UROBIN", "Robin, on holiday"))
    await changes(house, {"id": ""})

    assert await events_of(house, "account.standing") == before
    await house.dana.types("/due")
    assert "deactivated" not in house.dana.told[-1]


async def test_bots_and_deactivated_accounts_are_refused_kindly(house: SlackHouse) -> None:
    for user, more, said in (
        ("UROBIN", {"is_bot": True}, "Only people act on cases."),
        ("USAM", {"deleted": True}, "This account is deactivated."),
        ("UKIM", {"is_ultra_restricted": True}, "You are a guest of this workspace"),
        ("UJO", {"is_stranger": True}, "You are from another organisation"),
    ):
        house.slack.people[user] = described(user, "Somebody", **more)
        person = SlackPerson(house, user)
        await person.types("/incident")
        assert said in person.told[-1] if person.told else said in person.sees
        assert user not in house.slack.open_view or "Report an item" not in person.sees


async def test_a_guest_learns_nothing_of_a_case(house: SlackHouse) -> None:
    report = await asks_for_removal(house.robin)
    house.slack.people["USAM"] = described("USAM", "Sam", is_restricted=True)

    answer = await house.sam.types("/incident", f"show {report}")

    assert report not in read(answer.get("blocks", []))
    assert "snolly" not in "".join(house.sam.told).casefold()
