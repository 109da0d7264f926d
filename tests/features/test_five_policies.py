"""Every library's policy carries the same everyday acts, with its own deciders, dates and silences."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bot.cards import Button
from bot.cases.incident import EVENTS, Outcome
from bot.founding import Charter, found
from bot.policy.shelf import pack_names, read_pack
from bot.policy.terms import Action, Stance
from bot.ports import Store
from bot.training import CHARTER
from storage.vault import FolderVault
from tests.features.ways import WAYS
from tests.messenger import FakeMessenger
from tests.people import HANDLE, LINK, WHY, WORDS, House, Somebody, Time, shown

SILENT_DECIDERS = [name for name in pack_names() if read_pack(name).decider(Action.BLOCK).stance is not Stance.STATED]
BLOCKS = [name for name in pack_names() if read_pack(name).block.stance is Stance.STATED]


class Desk:
    """One library under one policy."""

    def __init__(self, house: House, charter: Charter) -> None:
        self.house = house
        self.charter = charter

    def somebody(self, user: str) -> Somebody:
        return self.house.somebody(user, library=self.charter.id)


async def library_under(name: str, folder: Path, store: Store | None = None) -> Desk:
    way = WAYS[-1]
    time, store = Time(), store or way.store()
    vault = FolderVault(folder, now=time)
    charter = replace(
        CHARTER, id=UUID(int=pack_names().index(name) + 1), tenant=name, pack=name, name=read_pack(name).about.name
    )
    await found(charter, store=store, vault=vault, now=time())
    house = way.kind(store=store, vault=vault, time=time, messenger=FakeMessenger(now=time), library=charter.id)
    await way.reach(house, folder, charter)
    for user in ("robin", "sam", "dana", "alex", "kim", "pat", "terry"):
        person = house.somebody(user, library=charter.id, tenant=name)
        house.people[f"{charter.id} {charter.id} {user}"] = person
    return Desk(house, charter)


@pytest.mark.parametrize("name", pack_names())
@pytest.mark.parametrize("outcome", ["Removed", "Hidden", "Removed in part", "Declined to publish"])
async def test_everything_that_is_taken_down_gets_the_dates_its_policy_gives(
    name: str, outcome: str, tmp_path: Path
) -> None:
    desk = await library_under(name, tmp_path)
    robin, sam = desk.somebody("robin"), desk.somebody("sam")
    ground = read_pack(name).grounds[0]
    part = {"part": "the last line"} if outcome == "Removed in part" else {}
    ref = await robin.removes(clauses=ground.code, outcome=outcome, why=WHY, item={"host_post": "Story hour"}, **part)
    await sam.confirms(ref)
    await desk.house.pass_days(3)

    for words in (f"due show {ref}", f"notice {ref}", f"history {HANDLE}", f"correct {ref}", "policy", f"show {ref}"):
        await sam.says(words)
        assert "Something went wrong" not in shown(sam.reply)
    event = EVENTS[Outcome(outcome.casefold().replace(" ", "_").removesuffix("_to_publish"))]
    stated = {rule.name for rule in read_pack(name).clocks_on(event) if rule.stance is Stance.STATED}
    assert stated <= set(await desk.house.clocks(ref))
    silent = {rule.why for rule in read_pack(name).clocks_on(event) if rule.stance is Stance.SILENT}
    assert all(why in shown(sam.reply) for why in silent)
    await desk.somebody("alex").says("setup")
    assert "Setup of" in shown(desk.somebody("alex").reply)


@pytest.mark.parametrize("name", pack_names())
async def test_a_complaint_and_a_please_look_work_under_every_policy(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    robin = desk.somebody("robin")
    for track in ("Complaint", "Question", "Concern", "Copyright", "Threat", "Personal information"):
        await robin.reports(track=track, links=f"{LINK}/{track}", text=WORDS, outcome="Please look")
    await desk.house.pass_days(8)

    assert len([card for card in desk.house.messenger.posts if card.to.channel == "social-media"]) >= 6


@pytest.mark.parametrize("name", BLOCKS)
async def test_a_block_is_asked_for_and_only_gated_where_the_policy_gates(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    sam = desk.somebody("sam")
    for ground in read_pack(name).block_grounds:
        await sam.says("block")
        await sam.fills(handles=f"Facebook: {HANDLE}-{ground.code}", accounts="Facebook", grounds=ground.code)
        more = {f"investigation_{ground.code}": "flibber: two of us read it"} if ground.investigation else {}
        await sam.fills(**{**sam.says_which(), "reason": WHY, **more})

        gated = ground.occasions > 0
        assert ("Saved as" in sam.reply.headline) is not gated, shown(sam.reply)
        if gated:
            assert f"needs {ground.occasions} confirmed violations on file; there are 0" in shown(sam.reply)
            assert "source:" in shown(sam.reply)


@pytest.mark.parametrize("name", sorted(set(pack_names()) - set(BLOCKS)))
async def test_where_a_policy_has_no_rule_for_blocks_none_is_asked_for(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    await desk.somebody("sam").says("block")

    assert "has no rule for blocking" in shown(desk.somebody("sam").reply)
    assert desk.somebody("sam").reply.page is None


@pytest.mark.parametrize("name", sorted(set(SILENT_DECIDERS) & set(BLOCKS)))
async def test_where_a_policy_names_nobody_nobody_decides_until_the_library_chooses(name: str, tmp_path: Path) -> None:
    desk = await library_under(name, tmp_path)
    sam, dana, alex = (desk.somebody(user) for user in ("sam", "dana", "alex"))
    ground = read_pack(name).block_grounds[0]
    for number in range(ground.occasions):
        clause = read_pack(name).grounds[0].code
        await sam.removes(clauses=clause, links=f"{LINK}/{number}", why=WHY, item={"host_post": "Story hour"})
    investigation: dict[str, Any] = (
        {f"investigation_{ground.code}": "flibber: read by two"} if ground.investigation else {}
    )
    ref = await sam.asks_for_block(grounds=ground.code, **investigation)
    approve = Button(label="Approve", intent="block.approve", subject=ref, opens_form=True)
    await dana.press(approve)
    assert "The policy does not say who decides this" in shown(dana.reply)

    await alex.says("setup")
    await alex.presses("Library practice")
    await alex.fills(key="Who decides a block")
    await alex.fills(value=read_pack(name).about.executive, approved_by="Board of Trustees")
    await dana.press(approve)
    await dana.fills(reason=WHY)

    assert "approved by Dana Whitfield" in shown(dana.reply)
    assert "practice" in shown(dana.reply)
