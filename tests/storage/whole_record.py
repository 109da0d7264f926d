"""A record with something of every kind in it, for whoever has to bring back everything."""

from datetime import date

from bot.ports import Conversation
from bot.training import LIBRARY
from storage.store import SqlStore
from tests.appealing import a_removal_appealed, answers, asks_the_board
from tests.features.test_absences import away
from tests.journeys.test_disposal import a_life
from tests.people import House
from tests.storage.test_duty_store import asked, attested, kept_up, putting
from tests.storage.test_follow_up_store import a_follow_up, a_reply

VIEW = "flibber: put it back"
A_YEAR_LATER = date(2027, 3, 3)
PASSES = frozenset({"released_file"})
"""Tables with nothing in them once the round is through."""


async def a_whole_record(house: House) -> tuple[str, ...]:
    """A year of a library, with something of every kind on file; returns the cases whose file can be taken out.

    A removal reversed on the Board's advice; one that was disposed of; one under a hold with its letters; a block, an
    appeal of it and the way back; somebody away; a list ticked before a post; a form that was begun; and, put beside
    them as no single policy asks for all of it, what is kept up, its attestations, a permission, a follow-up and an
    agreed reply.
    """
    gone = await house.sam.removes(handles="@gone", links="https://example.org/gone")
    await house.sam.tells_nobody(gone)
    appeal = await a_removal_appealed(house)
    reversed_one = house.sam.ref
    await asks_the_board(house, appeal, "By a memo to each trustee")
    await house.deliver()
    [memo] = house.told("terry")
    await house.terry.press(memo.card.buttons[1])
    await house.terry.fills(words=VIEW)
    await answers(house, appeal, "The decision is reversed")
    await house.sam.says("home")
    await house.sam.presses("Undone today", case=reversed_one)
    await away(house.pat, date(2026, 3, 10), date(2026, 3, 12))
    report, block = await a_life(house)
    await house.kim.holds(report)
    await house.jump_to(A_YEAR_LATER)
    await house.kim.says("due")
    await house.kim.presses("Snooze")
    await house.kim.fills(days="A week")
    proposal = await house.dana.proposes_disposal(gone)
    await house.kim.confirms_disposal(proposal)
    assert house.kim.reply.headline == f"{proposal} is carried out."
    await house.robin.says("appeal log")
    scanned = await house.robin.attaches()
    await house.robin.fills(scans=(scanned,))
    unplaced = house.robin.ref
    await house.sam.says("before we post")
    await house.sam.fills(keep="yes", title="Story hour", account="Facebook")
    await beside_them(house)
    await house.pass_days(1)
    await house.robin.says("report")
    return reversed_one, appeal, unplaced, report, block


async def beside_them(house: House) -> None:
    """What other policies ask for, and what only platforms keep."""
    facebook, ref = await house.account("Facebook"), "U-2026-0001"
    duties = (
        kept_up(ref, library=LIBRARY, account=facebook),
        attested(ref, library=LIBRARY),
        asked("P-2026-0001", library=LIBRARY),
    )
    for one in duties:
        await house.store.act(LIBRARY, putting(one))
    follow_up, reply = a_follow_up(library=LIBRARY), a_reply(library=LIBRARY)
    await house.store.act(LIBRARY, lambda shelves: shelves.papers.put_follow_up(follow_up))
    await house.store.act(LIBRARY, lambda shelves: shelves.papers.put_reply(reply))
    [(version, _)] = await house.look(lambda shelves: shelves.registry.packs())
    await house.store.act(
        LIBRARY, lambda shelves: shelves.registry.put_sentences(version, {"C01": "A rule."}, "0" * 64)
    )
    assert isinstance(house.store, SqlStore)
    await house.store.keep_sealed_token("slack", "T1", b"sealed")
    await house.store.keep_conversation(
        Conversation(platform="teams", tenant="t", name="19:a", kind="channel", address="19:a", service="https://x")
    )
