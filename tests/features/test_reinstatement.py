"""A blocked patron asks to come back: kept until its day, matched to its block, told that nobody writes twice."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cases.reinstatement import RequestedReinstatement, requested
from bot.policy.shelf import pack_names, read_pack
from bot.policy.terms import Action, Stance
from bot.refusal import Refusal
from tests.features.coming_back import (
    DAY,
    SORRY,
    answers,
    asks_back,
    blocked,
    library_under,
    missing,
    names_decider,
    request,
    sends_letter,
    staff,
)
from tests.people import HANDLE, PATRON, PLEA, WHY, House, facts, shown
from tests.printed import printed

# -- it comes in -----------------------------------------------------------------------------------------------------


async def test_one_that_comes_before_its_day_is_kept_and_says_which_day_that_is(house: House) -> None:
    block = await blocked(house)

    ref = await asks_back(house.robin, block)

    assert ref == "R-2026-0001"
    assert house.robin.reply.headline == f"Kept as {ref}; it comes back on 16 April 2026."
    assert facts(house.robin.reply)["Status"] == "came before its day: kept, and comes back on 16 April 2026"
    assert facts(house.robin.reply)["About"] == f"{block}: block in force from 2 March 2026"
    kept = await request(house, ref)
    assert isinstance(kept, RequestedReinstatement)
    assert (kept.early, kept.eligible_on, kept.writing.words) == (True, DAY, SORRY)
    assert ("decide_reinstatement", "open") in await house.tasks(ref)


async def test_it_is_counted_from_the_day_the_block_was_made_on_any_account(house: House) -> None:
    block = await house.sam.asks_for_block(
        handles=f"Facebook: {HANDLE}\nInstagram: {HANDLE}", accounts=("Facebook", "Instagram")
    )
    await house.dana.approves(block)
    await house.sam.confirms(block, account="Facebook")
    await house.pass_days(10)
    await house.jo.confirms(block, account="Instagram")

    await asks_back(house.robin, block)

    assert facts(house.robin.reply)["May be asked from"] == "16 April 2026"


async def test_an_early_one_comes_back_to_the_director_on_its_day_and_not_before(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    ref = await asks_back(house.robin, block)
    await house.dana.says(f"notice {ref}")
    await house.dana.fills(how="Letter")
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Is it also an appeal?")
    await house.dana.fills(also="No")

    def reminded() -> list[str]:
        cards = [posted.card for posted in house.told("dana") if posted.key.startswith("daily:") and posted.card.table]
        rows = [row for card in cards for row in (card.table.rows if card.table else ())]
        return [row.cells[0] for row in rows if row.cells[1:] == ("Answer a request to come back", ref)]

    await house.go_to(DAY - timedelta(days=1))
    assert reminded() == []
    await house.go_to(DAY)
    assert reminded() == ["16 April 2026"]
    assert isinstance(await request(house, ref), RequestedReinstatement)


async def test_one_on_its_day_is_not_early(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    await house.go_to(DAY)

    ref = await asks_back(house.robin, block)

    assert facts(house.robin.reply)["Status"] == "waiting for an answer"
    assert ("send_notice", "open") not in await house.tasks(ref)
    await house.dana.says(f"notice {ref}")
    assert "has not been answered yet, so there is nothing to tell" in shown(house.dana.reply)


async def test_one_put_on_file_late_counts_from_the_day_it_came_in(house: House) -> None:
    block = await blocked(house)
    await house.go_to(DAY + timedelta(days=3))

    ref = await asks_back(house.robin, block, received_on=(DAY - timedelta(days=1)).isoformat())

    kept = await request(house, ref)
    assert requested(kept).early
    assert facts(house.robin.reply)["Status"] == "waiting for an answer"


async def test_the_director_hears_of_it_at_once_and_no_channel_learns_who_wrote_or_what(house: House) -> None:
    block = await blocked(house)
    ref = await asks_back(house.robin, block)
    await house.deliver()

    assert f"Request to come back {ref}" in house.cards("decisions")
    [told] = [posted.card for posted in house.told("dana") if ref in posted.card.title]
    assert told.body == ("Somebody asks to come back before the day, 16 April 2026. Say whether it is also an appeal.")
    for posted in house.posted:
        assert "sorry" not in repr(posted.card)
        assert "Elm Street" not in repr(posted.card)
    for event in await house.since(case=ref):
        assert SORRY not in str(event.payload)


async def test_who_may_open_it(house: House) -> None:
    ref = await asks_back(house.robin, await blocked(house))

    for user, reads in {"robin": True, "dana": True, "kim": True, "pat": True, "sam": False, "alex": False}.items():
        await house.somebody(user).says(f"show {ref}")
        assert (SORRY in shown(house.somebody(user).reply)) is reads, user


async def test_a_clerk_names_the_block_by_its_reference_and_learns_nothing_of_whom_it_is_about(house: House) -> None:
    block = await blocked(house)

    ref = await asks_back(house.robin, block)

    assert requested(await request(house, ref)).block == block
    said = "\n".join(shown(reply) for reply in house.robin.seen)
    assert HANDLE not in said
    assert WHY not in said


async def test_a_block_is_chosen_from_those_in_force_by_who_may_see_them(house: House) -> None:
    block = await blocked(house)
    denied = await house.sam.asks_for_block(handles="Instagram: @somebodyelse", accounts="Instagram")
    await house.dana.approves(denied, label="Deny")

    await house.pat.says("come back")
    [chosen] = [field for field in house.pat.page.page.fields if field.name == "chosen"]
    assert [option.label for option in chosen.options] == [f"{block}: {HANDLE} on Facebook, since 2 March 2026"]
    await house.pat.fills(words=SORRY, chosen=block)
    assert requested(await request(house, house.pat.ref)).block == block


async def test_it_is_two_taps_from_a_list_of_blocks(house: House) -> None:
    block = await blocked(house)
    await house.pat.says("blocks")
    before = house.pat.taps
    await house.pat.presses("Open", case=block)
    await house.pat.presses("They ask to come back")

    assert house.pat.taps - before == 2
    assert house.pat.page.values["chosen"] == (block,)


async def test_one_that_names_no_block_is_kept_and_the_director_says_which_it_is(house: House) -> None:
    block = await blocked(house)
    ref = await asks_back(house.robin)

    assert facts(house.robin.reply)["Status"] == "waiting: nobody has said yet which block it is about"
    assert await house.tasks(ref) == [("match_reinstatement", "open")]
    await house.dana.says("home")
    await house.dana.presses("Say what it is about", case=ref)
    await house.dana.fills(chosen=block)

    kept = await request(house, ref)
    assert isinstance(kept, RequestedReinstatement)
    assert (kept.block, kept.eligible_on) == (block, DAY)
    assert ("match_reinstatement", "done") in await house.tasks(ref)
    assert ("decide_reinstatement", "open") in await house.tasks(ref)


async def test_matched_to_the_wrong_block_it_is_matched_again(house: House) -> None:
    first = await blocked(house)
    await house.pass_days(4)
    other = await house.sam.asks_for_block(handles="Instagram: @somebodyelse", accounts="Instagram")
    await house.dana.approves(other)
    await house.jo.confirms(other)
    ref = await asks_back(house.robin, first)

    await house.dana.says(f"show {ref}")
    await house.dana.presses("It is about another block")
    await house.dana.fills(chosen=other)

    kept = await request(house, ref)
    assert requested(kept).block == other
    assert requested(kept).eligible_on == DAY + timedelta(days=4)
    assert (await house.tasks(ref)).count(("decide_reinstatement", "open")) == 1


async def test_a_wrong_reference_keeps_nothing_and_loses_nothing_that_was_typed(house: House) -> None:
    await house.robin.says("reinstate B-2026-0009")
    await house.robin.fills(words=SORRY, sender=PATRON)

    assert "There is no block B-2026-0009 here." in shown(house.robin.reply)
    assert house.robin.page.errors["block"] == "Write the reference of a block that was made, or leave it empty."
    assert house.robin.page.values["words"] == (SORRY,)
    assert await house.look(lambda shelves: shelves.reinstatements.recent(9)) == ()


@pytest.mark.parametrize(
    ("label", "says"), [("", "it waits for a decision"), ("Approve", "no editor has confirmed it"), ("Deny", "denied")]
)
async def test_a_block_nobody_has_made_is_nothing_to_come_back_from(house: House, label: str, says: str) -> None:
    block = await house.sam.asks_for_block()
    if label:
        await house.dana.approves(block, label=label)
    await house.robin.says(f"reinstate {block}")
    await house.robin.fills(words=SORRY)

    assert says in house.robin.page.errors[""]
    await house.robin.fills(block="")
    assert house.robin.reply.page is None


async def test_a_scan_alone_is_enough_and_opens_to_who_may_read_the_request(house: House) -> None:
    block = await blocked(house)
    await house.robin.says(f"reinstate {block}")
    scan = await house.robin.attaches()
    await house.robin.fills(scans=(scan,))

    ref = house.robin.ref
    [image] = house.robin.reply.cards[0].images
    raw, kind = await house.desk.picture(str(house.library), house.dana.identity, ref, image.sha256)
    assert (kind, raw[:4]) == ("image/png", b"\x89PNG")
    with pytest.raises(Refusal):
        await house.desk.picture(str(house.library), house.sam.identity, ref, image.sha256)


async def test_somebody_outside_the_staff_puts_nothing_on_file(house: House) -> None:
    await house.terry.says("reinstate")

    assert "What a patron wrote is put on file by the library's staff" in shown(house.terry.reply)


# -- the letter that it came early -----------------------------------------------------------------------------------


async def test_the_early_letter_gives_the_day_and_says_that_nobody_has_to_write_again(house: House) -> None:
    block = await blocked(house)
    await house.pass_days(2)
    ref = await asks_back(house.robin, block)

    text = await sends_letter(house.dana, ref)

    assert "Your letter came in on Wednesday 4 March 2026." in text
    assert "You may ask to come back from Thursday 16 April 2026 on, counted from 2 March 2026" in text
    assert "You do not need to write again." in text
    assert "Until it is answered the block stays." in text
    assert "you may appeal in writing to the Library Director until 17 March 2026" in text
    for word in ("incident", "case", "subject", ref, block):
        assert word not in text
    [notice] = await house.look(lambda shelves: shelves.papers.notices(ref))
    assert (notice.act, notice.text) == (Action.REINSTATE, text)
    assert ("send_notice", "done") in await house.tasks(ref)
    assert ("decide_reinstatement", "open") in await house.tasks(ref)


async def test_the_early_letter_offers_no_appeal_once_that_time_is_over(house: House) -> None:
    block = await blocked(house)
    await house.go_to(date(2026, 3, 18))
    text = await sends_letter(house.dana, await asks_back(house.robin, block))

    assert "You do not need to write again." in text
    assert "appeal" not in text


@pytest.mark.parametrize(
    ("form", "called"), [("E-mail", "Your e-mail came"), ("Message", "Your message came"), ("Written", "Your request")]
)
async def test_a_letter_calls_what_came_in_what_it_was(house: House, form: str, called: str) -> None:
    ref = await asks_back(house.robin, await blocked(house), form=form, confirmed="yes")

    text = await sends_letter(house.dana, ref)
    assert called in text
    assert "letter" not in text


async def test_each_letter_is_there_on_paper_as_it_stands(house: House) -> None:
    await names_decider(house)
    block = await blocked(house)
    ref = await asks_back(house.robin, block)

    async def on_paper() -> str:
        made = await house.desk.document(str(house.library), house.dana.identity, ref, "letter.pdf")
        return " ".join(" ".join(printed(made.raw)).split())

    assert "You do not need to write again." in await on_paper()
    await sends_letter(house.dana, ref)
    await house.go_to(DAY)
    await answers(house.dana, ref, answer="The block stays")
    assert "The block stays." in await on_paper()
    assert "write again" not in await on_paper()
    with pytest.raises(Refusal):
        await house.desk.document(str(house.library), house.robin.identity, ref, "letter.pdf")


async def test_a_letter_is_not_sent_by_whoever_may_not_open_the_request(house: House) -> None:
    ref = await asks_back(house.robin, await blocked(house))

    for user in ("sam", "robin", "kim"):
        await house.somebody(user).says(f"notice {ref}")
        assert house.somebody(user).reply.page is None, user
        assert "You do not need to write again" not in shown(house.somebody(user).reply), user


# -- is it also an appeal? -------------------------------------------------------------------------------------------


async def asked(house: House, ref: str) -> list[str]:
    """How the question whether a request is also an appeal stands."""
    return [state for kind, state in await house.tasks(ref) if kind == "also_appeal"]


async def test_while_the_block_can_be_appealed_the_director_is_asked_and_yes_keeps_an_appeal_of_that_day(
    house: House,
) -> None:
    block = await blocked(house)
    await house.pass_days(4)
    ref = await asks_back(house.robin, block, received_on="2026-03-04", words=PLEA)
    assert await asked(house, ref) == ["open"]

    await house.dana.says("home")
    await house.dana.presses("Is it also an appeal?", case=ref)
    assert "The block can be appealed until 17 March 2026." in shown(house.dana.reply)
    assert PLEA in shown(house.dana.reply)
    await house.dana.fills(also="Yes")

    assert house.dana.reply.headline == "Kept as an appeal too, A-2026-0001."
    assert requested(await request(house, ref)).appeal == "A-2026-0001"
    appeal = await house.look(lambda shelves: shelves.appeals.by_ref("A-2026-0001"))
    assert appeal is not None
    clock = (await house.clocks("A-2026-0001"))["decide_appeal_by"]
    assert (clock.happened_on, clock.due) == (date(2026, 3, 4), date(2026, 3, 19))
    assert await asked(house, ref) == ["done"]
    assert ("decide_reinstatement", "open") in await house.tasks(ref)
    assert "as an appeal of the block as well" in await sends_letter(house.dana, ref)


async def test_no_keeps_that_it_is_none_and_nobody_asks_again(house: House) -> None:
    ref = await asks_back(house.robin, await blocked(house))
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Is it also an appeal?")
    question = house.dana.sending(also="No")
    await house.dana.sends(question)

    assert facts(house.dana.reply)["Also an appeal"] == "no"
    assert await house.look(lambda shelves: shelves.appeals.recent(9)) == ()
    await house.dana.says(f"show {ref}")
    assert not house.dana.sees("Is it also an appeal?")
    await house.dana.sends(replace(question, token=""))
    assert "You said on 2 March 2026 at 10:" in shown(house.dana.reply)


async def test_only_whoever_answers_appeals_says_whether_it_is_one(house: House) -> None:
    ref = await asks_back(house.robin, await blocked(house))
    await house.dana.says(f"show {ref}")
    button = house.dana.button("Is it also an appeal?")

    for user in ("robin", "sam", "pat", "alex"):
        await house.somebody(user).press(button)
        assert "Only the Library Director can decide this" in shown(house.somebody(user).reply), user
    assert await asked(house, ref) == ["open"]


async def test_nobody_is_asked_once_the_time_to_appeal_was_over_when_it_came_in(house: House) -> None:
    block = await blocked(house)
    await house.go_to(date(2026, 3, 18))

    assert await asked(house, await asks_back(house.robin, block)) == []
    assert await asked(house, await asks_back(house.robin, block, received_on="2026-03-17")) == ["open"]


async def test_nobody_is_asked_about_a_block_that_is_appealed_already(house: House) -> None:
    block = await blocked(house)
    await house.robin.files_appeal(block)

    assert await asked(house, await asks_back(house.robin, block)) == []


# -- every policy ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in pack_names() if read_pack(name).block.stance is Stance.STATED])
async def test_every_policy_takes_the_request_and_says_where_it_is_silent(name: str, tmp_path: Path) -> None:
    house = await library_under(name, tmp_path)
    pack = read_pack(name)
    sam, dana, robin = (staff(house, user) for user in ("sam", "dana", "robin"))
    ground = pack.block_grounds[0]
    for number in range(ground.occasions):
        code = pack.grounds[0].code
        await sam.removes(clauses=code, links=f"https://x.test/{number}", why=WHY, item={"host_post": "Story hour"})
    investigation: dict[str, Any] = (
        {f"investigation_{ground.code}": "flibber: read by two"} if ground.investigation else {}
    )
    block = await sam.asks_for_block(grounds=ground.code, **investigation)
    await dana.approves(block)
    await sam.confirms(block)

    ref = await asks_back(robin, block)

    rule = next(rule for rule in pack.clocks if rule.name == "reinstatement_from")
    kept = await request(house, ref)
    assert requested(kept).early is (rule.stance is Stance.STATED)
    if rule.stance is not Stance.STATED:
        assert requested(kept).eligible_on is None
        assert "May be asked from" not in facts(robin.reply)
        assert f"From which day it can be asked: {rule.why}." in missing(robin)
    await dana.says(f"show {ref}")
    if pack.decider(Action.REINSTATE).stance is not Stance.STATED:
        assert any(text.startswith("Who answers it: ") for text in missing(dana))
    appealed = pack.appeal.stance is Stance.STATED
    assert (("also_appeal", "open") in await house.tasks(ref)) is appealed


@pytest.mark.parametrize("name", [name for name in pack_names() if read_pack(name).block.stance is not Stance.STATED])
async def test_where_a_policy_has_no_blocks_the_letter_is_kept_all_the_same(name: str, tmp_path: Path) -> None:
    house = await library_under(name, tmp_path)
    robin = staff(house, "robin")

    ref = await asks_back(robin)

    assert await house.tasks(ref) == [("match_reinstatement", "open")]
    assert any(text.startswith("From which day it can be asked: ") for text in missing(robin))
