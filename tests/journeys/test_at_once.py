"""Many presses at one moment, on real databases: one thing happens, and everybody else is told."""

import asyncio

from bot.cases.block import DecidedBlock
from tests.people import LINK, WORDS, House, title


async def test_thirty_two_of_the_directors_sessions_decide_once_and_thirty_one_are_told_who_and_when(
    house: House,
) -> None:
    ref = await house.sam.asks_for_block()
    sessions = []
    for number in range(32):
        await house.dana.says("home")
        await house.dana.presses("Approve" if number % 2 else "Deny", case=ref)
        sessions.append(house.dana.sending(reason=f"flibber {number}"))
    mark = await house.mark()

    replies = await asyncio.gather(*(house.dana.sends(sent) for sent in sessions))

    [winner] = [reply for reply in replies if reply.headline]
    losers = [title(reply) for reply in replies if reply is not winner]
    decided = await house.block(ref)
    assert isinstance(decided, DecidedBlock)
    assert len(losers) == 31
    assert set(losers) == {f"You {decided.decision.value} this on 2 March 2026 at {_clock(decided)}"}
    acts = await house.acts_since(mark, case=ref)
    assert len([act for act in acts if act.endswith(" block")]) == 1
    assert acts.count("refused") == 31
    assert (await house.tasks(ref))[0] == ("decide_block", "done")
    await house.deliver()
    said = [posted.card.title for posted in house.channel("decisions") if posted.card.title.startswith(f"{ref}: ")]
    assert said == [f"{ref}: {decided.decision.value.capitalize()} by Dana Whitfield."]


async def test_the_same_draft_sent_thirty_two_times_at_once_acts_once(house: House) -> None:
    await house.robin.begins_report()
    sent = house.robin.sending(account="Facebook", links=LINK, text=WORDS, outcome="Please look")

    replies = await asyncio.gather(*(house.robin.sends(sent) for _ in range(32)))

    assert {reply.about for reply in replies} == {"I-2026-0001"}
    assert len([reply for reply in replies if reply.headline.startswith("You did this already")]) == 31
    assert (await house.incident("I-2026-0001")).joined == ()
    assert await house.tasks("I-2026-0001") == [("look", "open")]


async def test_two_editors_confirming_at_once_start_each_clock_once(house: House) -> None:
    ref = await house.robin.removes(account="Instagram")
    presses = []
    for editor in (house.sam, house.jo) * 8:
        await editor.says("home")
        presses.append((editor, editor.button("Done today", case=ref)))
    mark = await house.mark()

    await asyncio.gather(*(editor.press(button) for editor, button in presses))

    clocks = await house.look(lambda shelves: shelves.clocks.of_case(ref))
    assert sorted(clock.name for clock in clocks) == [
        "appeal_by",
        "retain_through",
        "task.confirm_removal",
        "task.send_notice",
    ]
    acts = await house.acts_since(mark, case=ref)
    assert acts.count("incident.done_today incident") == 1


async def test_thirty_two_reports_of_one_item_at_once_become_one_record(house: House) -> None:
    sent = []
    for number in range(32):
        somebody = (house.robin, house.kim, house.pat, house.sam)[number % 4]
        await somebody.begins_report()
        sent.append((somebody, somebody.sending(account="Facebook", links=LINK, text=WORDS, outcome="Please look")))

    replies = await asyncio.gather(*(somebody.sends(one) for somebody, one in sent))

    assert {reply.about for reply in replies} == {"I-2026-0001"}
    assert len((await house.incident("I-2026-0001")).joined) == 31
    assert await house.look(lambda shelves: shelves.incidents.by_ref("I-2026-0002")) is None


async def test_reports_at_once_get_each_a_reference_of_its_own(house: House) -> None:
    sent = []
    for number in range(16):
        await house.robin.begins_report()
        sent.append(house.robin.sending(account="Facebook", links=f"{LINK}/{number}", text=WORDS))

    replies = await asyncio.gather(*(house.robin.sends(one) for one in sent))

    assert sorted(reply.about for reply in replies) == [f"I-2026-{number:04}" for number in range(1, 17)]


def _clock(decided: DecidedBlock) -> str:
    return f"{decided.decided_at.hour - 5:02}:{decided.decided_at.minute:02}"
