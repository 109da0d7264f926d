"""The whole chain at the desk, on the databases: every date to the day, every reminder once, over restarts and absence.

Chicopee's policy: fifteen days to appeal, fifteen to answer, forty-five until somebody may ask to come back, one year
for what was deleted. What the library chose beside it is said where it is chosen.
"""

from datetime import date
from pathlib import Path

from bot.cases.appeal import Answer, DecidedAppeal, ReceivedAppeal
from bot.cases.block import in_force_on
from bot.cases.clock import ClockState
from bot.cases.disposal import Certificate
from bot.cases.reinstatement import RequestedReinstatement
from bot.records.ledger import verify
from tests.appealing import decided, heard, the_board_meets
from tests.features.test_absences import away
from tests.features.test_docket import chooses, on_the_list
from tests.journeys.test_comment_to_block import Told, on_the_practice_calendar, reminded
from tests.journeys.test_what_is_kept import found_in_rows, restarted
from tests.people import HANDLE, House, facts, shown, title

CANARY = "zyzzyva"
"""Stands in everything somebody wrote of the case, and in nothing of the other library's."""
WORDS, WHY, PLEA, SORRY, ADVICE, REASON, PATRON = (
    f"flibber {CANARY} {what}" for what in ("pills", "insults", "appeals", "is sorry", "stays", "spoke", "of Elm St")
)
SOCIAL, DECISIONS, RECORDS = "social-media", "decisions", "records"
MADE = date(2026, 3, 5)
BACK = date(2026, 4, 19)
"""Forty-five days after the block was made: a Sunday, and the day after it is a holiday."""


async def the_library_chose(house: House) -> None:
    """What the policy leaves silent and the library chose; and the Board's next regular meeting."""
    await chooses(house, "Who answers a request to come back", "Library Director")
    await chooses(house, "Time to answer somebody who asks to come back", "15 days")
    await chooses(house, "Time a record is kept", "1 year")
    await the_board_meets(house, date(2026, 3, 17), date(2026, 4, 21))


async def tells(house: House, user: str, ref: str) -> str:
    """Record that the letter about a case was sent today; returns its text."""
    who = house.somebody(user)
    await who.says(f"notice {ref}")
    text = who.page.values["text"][0]
    await who.fills(how="Letter")
    assert who.reply.page is None, shown(who.reply)
    return text


async def a_block_in_force(house: House) -> tuple[str, str]:
    """Removed and told on 2 March; blocked by the Director's decision of 4 March, made and told on the 5th."""
    report = await house.robin.removes(text=WORDS, item={"host_post": "Summer reading", "posted_on": "2026-03-01"})
    await house.sam.confirms(report)
    await tells(house, "sam", report)
    await house.go_to(date(2026, 3, 4))
    block = await house.sam.asks_for_block(reason=WHY)
    await house.dana.approves(block, reason=WHY)
    await house.go_to(MADE)
    await house.sam.confirms(block)
    await tells(house, "sam", block)
    return report, block


async def an_appeal_at_a_meeting(house: House, block: str) -> str:
    """A letter comes in on the 9th of March; the Board advises on the 17th; answered on the 19th, sent on the 23rd."""
    await house.go_to(date(2026, 3, 9))
    ref = await house.robin.files_appeal(
        block, words=PLEA, sender=PATRON, sent_on="2026-03-06", scans=await _scan(house)
    )
    await house.deliver()
    assert "The regular meeting of Tuesday 17 March 2026 falls inside the time" in heard(house, "dana")
    await house.dana.says("home")
    await house.dana.presses("Ask the Board", case=ref)
    await house.dana.fills(way="At the regular meeting of 17 March 2026")
    assert "posted by Friday 13 March 2026" in house.dana.reply.headline
    await house.go_to(date(2026, 3, 18))
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Record the consultation")
    assert house.dana.page.values["held_on"] == ("2026-03-17",)
    await house.dana.fills(trustees="Terry Nowak", advised=ADVICE)
    await house.go_to(date(2026, 3, 19))
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Answer it")
    await house.dana.fills(answer="The decision stands", reason=REASON, **house.dana.says_which())
    assert (await house.clocks(ref))["decide_appeal_by"].state is ClockState.RUNNING  # deciding alone meets nothing
    await house.go_to(date(2026, 3, 23))
    letter = await tells(house, "dana", ref)
    assert "at a meeting on 17 March 2026" in letter
    return ref


async def _scan(house: House) -> str:
    await house.robin.says("appeal log")
    return await house.robin.attaches()


async def the_way_back(house: House, block: str) -> str:
    """Asked too early on 30 March, back on the Director's list by itself, granted on 21 April, lifted on the 23rd."""
    await house.go_to(date(2026, 3, 30))
    await house.robin.says(f"reinstate {block}")
    await house.robin.fills(words=SORRY, sender=PATRON)
    ref = house.robin.ref
    assert house.robin.reply.headline == f"Kept as {ref}; it comes back on 19 April 2026."
    assert "Sunday 19 April 2026" in await tells(house, "dana", ref)
    await house.go_to(date(2026, 4, 21))
    assert isinstance(await house.look(lambda shelves: shelves.reinstatements.by_ref(ref)), RequestedReinstatement)
    await house.dana.says("home")
    await house.dana.presses("Answer it", case=ref)
    await house.dana.fills(answer="They may come back", reason=REASON, conditions="Speak of posts, not of staff")
    await house.go_to(date(2026, 4, 22))
    assert "Speak of posts, not of staff" in await tells(house, "dana", ref)
    assert await in_force(house, block)  # nothing lifts by itself
    await house.go_to(date(2026, 4, 23))
    await house.sam.confirms(block)
    assert not await in_force(house, block)
    return ref


async def in_force(house: House, block: str) -> bool:
    return bool(in_force_on(await house.look(lambda shelves: shelves.blocks.executions(block))))


async def test_from_the_comment_to_the_certificate_with_every_date_and_every_reminder_once(
    house: House, database_url: str
) -> None:
    await the_library_chose(house)
    report, block = await a_block_in_force(house)
    await restarted(house, database_url)
    appeal = await an_appeal_at_a_meeting(house, block)
    await restarted(house, database_url)
    request = await the_way_back(house, block)
    await restarted(house, database_url)

    dates = {ref: await states(house, ref) for ref in (report, block, appeal, request)}
    assert dates == {
        report: {
            "appeal_by": (date(2026, 3, 17), ClockState.PASSED),
            "retain_through": (date(2027, 3, 2), ClockState.RUNNING),
        },
        block: {
            "appeal_by": (date(2026, 3, 20), ClockState.PASSED),
            "reinstatement_from": (BACK, ClockState.OPENED),
            "retain_through": (date(2027, 3, 5), ClockState.RUNNING),
        },
        appeal: {"decide_appeal_by": (date(2026, 3, 24), ClockState.MET)},
        request: {"decide_reinstatement_by": (date(2026, 5, 4), ClockState.MET)},
    }
    await house.go_to(date(2027, 3, 2))
    assert await on_the_list(house) == []
    await house.go_to(date(2027, 3, 3))
    assert await on_the_list(house) == [report]
    await house.go_to(date(2027, 3, 5))
    assert await on_the_list(house) == [report]
    await house.go_to(date(2027, 4, 1))
    assert await on_the_list(house) == [report, f"{block} with {appeal}, {request}"]
    assert await reminded(house) == sorted(the_reminders(report, block, appeal, request))
    monthly = [
        posted.at.date() for posted in house.channel(RECORDS) if posted.card.title.startswith("Disposal list of")
    ]
    assert monthly == [date(2027, 4, 1)]

    await the_records_go(house, database_url, report, block, appeal, request)


async def states(house: House, ref: str) -> dict[str, tuple[date, ClockState]]:
    return {name: (clock.due, clock.state) for name, clock in (await house.clocks(ref)).items()}


def the_reminders(report: str, block: str, appeal: str, request: str) -> list[Told]:
    """Every reminder of thirteen months, on the day it was shown."""
    duty, ask, lift = "decide_appeal_by", "task.decide_reinstatement", "task.lift_block"
    return [
        (MADE, SOCIAL, block, "task.make_block", "T-0"),
        (date(2026, 3, 13), RECORDS, report, "appeal_by", "T-2"),  # the 15th is a Sunday
        (date(2026, 3, 18), RECORDS, report, "appeal_by", "passed"),
        (date(2026, 3, 18), RECORDS, block, "appeal_by", "T-2"),
        (date(2026, 3, 23), RECORDS, block, "appeal_by", "passed"),  # the 21st is a Saturday
        (date(2026, 3, 13), DECISIONS, appeal, duty, "T-10"),  # the 14th is a Saturday
        (date(2026, 3, 19), DECISIONS, appeal, duty, "T-5"),
        (date(2026, 3, 20), DECISIONS, appeal, duty, "T-2"),  # the 22nd is a Sunday
        (date(2026, 3, 23), DECISIONS, appeal, duty, "T-1"),
        *[(date(2026, 4, 17), where, block, "reinstatement_from", "opens") for where in (DECISIONS, "dana")],
        *[(date(2026, 4, 17), where, request, ask, "T-0") for where in (DECISIONS, "dana")],
        *[(date(2026, 4, 21), where, request, ask, "overdue") for where in (DECISIONS, "dana")],
        (date(2026, 4, 22), SOCIAL, block, lift, "T-0"),
        (date(2026, 4, 23), SOCIAL, block, lift, "overdue"),
        *[(date(2027, 3, 3), where, report, "retain_through", "ran") for where in (RECORDS, "kim")],
        *[(date(2027, 3, 8), where, block, "retain_through", "ran") for where in (RECORDS, "kim")],
    ]


async def the_records_go(house: House, url: str, *refs: str) -> None:
    """A hold placed between proposal and confirmation stops it; released, both go, and only their tombstones stay."""
    proposal = await house.dana.proposes_disposal()
    await house.kim.says(f"show {proposal}")
    await house.kim.presses("Confirm")
    confirms = house.kim.sending(seen="yes")
    hold = await house.kim.holds(refs[0])
    await house.kim.sends(confirms)
    assert title(house.kim.reply).startswith(f"{refs[0]} is on hold: {hold} holds it since 1 April 2027 for a lawsuit")
    await restarted(house, url)
    await house.kim.releases(hold)
    await house.dana.says(f"show {proposal}")
    await house.dana.presses("Confirm")
    assert "so somebody else has to confirm it" in shown(house.dana.reply)
    await house.kim.confirms_disposal(proposal)
    assert house.kim.reply.headline == f"{proposal} is carried out.", shown(house.kim.reply)
    made = await house.look(lambda shelves: shelves.docket.by_ref(proposal))
    assert isinstance(made, Certificate)
    assert [one.ref for one in made.removed] == list(refs)
    for ref in refs:
        await house.dana.says(f"show {ref}")
        assert title(house.dana.reply) == f"{ref} was disposed of"
    await house.go_to(date(2027, 4, 5))
    assert found_in_rows(url, CANARY) == []
    _, flaw = await house.store.chain(house.library, verify)
    assert flaw is None


async def test_sixty_days_away_decide_nothing_and_tell_once_what_became_late(house: House, tmp_path: Path) -> None:
    await the_library_chose(house)
    _, block = await a_block_in_force(house)
    await house.go_to(date(2026, 3, 9))
    appeal = await house.robin.files_appeal(block)
    request = await asks_early(house, block)
    await house.deliver()
    calendar = on_the_practice_calendar(house, tmp_path, await house.calendar())
    before = len(house.messenger.posts)

    await calendar.move(60, away=True)
    calendar.later(minutes=2)
    await house.rounds.run()

    today, duty = date(2026, 5, 8), "decide_appeal_by"
    late = [told for told in await reminded(house, after=before) if told[2] in {appeal, request}]
    assert late == sorted(
        [
            *[(today, where, appeal, duty, "overdue-3") for where in (DECISIONS, "dana", "alex", "terry")],
            *[(today, where, appeal, "task.consult", "overdue-3") for where in (DECISIONS, "dana", "alex")],
            *[
                (today, where, request, "task.decide_reinstatement", "overdue-3")
                for where in (DECISIONS, "dana", "alex")
            ],
            (today, SOCIAL, request, "task.send_notice", "overdue-2"),
            *[(today, where, request, "task.send_notice", "overdue-2") for where in (DECISIONS, "dana")],
            *[
                (today, where, request, "decide_reinstatement_by", "overdue-3")
                for where in (DECISIONS, "dana", "alex", "terry")
            ],
        ]
    )
    assert await states(house, appeal) == {duty: (date(2026, 3, 24), ClockState.RUNNING)}
    await waits(house, appeal)
    assert isinstance(await house.look(lambda shelves: shelves.reinstatements.by_ref(request)), RequestedReinstatement)
    assert await in_force(house, block)


async def asks_early(house: House, block: str) -> str:
    await house.robin.says(f"reinstate {block}")
    await house.robin.fills(words=SORRY, sender=PATRON)
    return house.robin.ref


async def test_a_reversed_removal_is_put_back_counts_no_more_and_is_disposed_of_in_its_time(
    house: House, database_url: str
) -> None:
    await the_library_chose(house)
    report = await house.sam.removes(text=WORDS, why=WHY)
    await tells(house, "sam", report)
    appeal = await house.robin.files_appeal(report, words=PLEA, sender=PATRON)
    await house.go_to(date(2026, 3, 4))
    await house.dana.says(f"show {appeal}")
    await house.dana.presses("Answer it")
    await house.dana.fills(
        answer="The decision is reversed", reason=REASON, not_consulted="yes", why_not_consulted="no quorum before it"
    )
    await tells(house, "dana", appeal)  # the letter waits for nobody
    assert await states(house, appeal) == {"decide_appeal_by": (date(2026, 3, 17), ClockState.MET)}
    assert not (await house.incident(report)).sustained
    await restarted(house, database_url)
    await house.go_to(date(2026, 3, 9))
    await house.sam.says("home")
    await house.sam.presses("Undone today", case=report)

    assert [told for told in await reminded(house) if "restore" in told[3]] == [
        (date(2026, 3, 5), SOCIAL, report, "task.restore", "T-0"),
        (date(2026, 3, 6), SOCIAL, report, "task.restore", "overdue"),
        (date(2026, 3, 9), "dana", report, "task.restore", "overdue-2"),
        (date(2026, 3, 9), DECISIONS, report, "task.restore", "overdue-2"),
        (date(2026, 3, 9), SOCIAL, report, "task.restore", "overdue-2"),
    ]
    await house.sam.says(f"history {HANDLE}")
    assert facts(house.sam.reply)["Confirmed removals that stand"] == "0"
    await house.jump_to(date(2027, 3, 3))
    assert await on_the_list(house) == [f"{report} with {appeal}"]
    await house.kim.confirms_disposal(await house.dana.proposes_disposal())
    await house.go_to(date(2027, 3, 5))
    assert found_in_rows(database_url, CANARY) == []


async def test_letters_nobody_can_place_late_ones_and_second_ones_are_each_kept_with_their_dates(house: House) -> None:
    first = await house.sam.removes()
    other = await house.sam.removes(links="https://facebook.com/tatterdemalion-two")
    await house.go_to(date(2026, 3, 9))
    unplaced = await house.robin.files_appeal(received_on="2026-03-06")
    await house.go_to(date(2026, 3, 18))
    late = await house.robin.files_appeal(other, sent_on="2026-03-16")
    await house.dana.says("home")
    await house.dana.presses("Say what it is about", case=unplaced)
    await house.dana.fills(against=first)
    second = await house.robin.files_appeal(first)

    kept = {ref: await waits(house, ref) for ref in (unplaced, late, second)}
    assert {ref: (one.late_since, one.posted_in_time, one.second_of) for ref, one in kept.items()} == {
        unplaced: (None, False, ""),
        late: (date(2026, 3, 17), True, ""),
        second: (date(2026, 3, 17), False, unplaced),
    }
    duty = "decide_appeal_by"
    assert await states(house, unplaced) == {
        duty: (date(2026, 3, 21), ClockState.RUNNING)
    }  # since before it was placed
    assert await states(house, late) == {duty: (date(2026, 4, 2), ClockState.RUNNING)}
    assert (await states(house, second))[duty][1] is ClockState.VOID
    assert "reads both together and answers them at once" in await tells(house, "dana", second)
    await answered_alone(house, unplaced)
    third = await house.robin.files_appeal(first)
    for ref in (second, third):
        await waits(house, ref)
        assert ("send_notice", "open") in await house.tasks(ref)
        assert "The answer to an appeal is the last word" in await tells(house, "dana", ref)
        ended = await decided(house, ref)
        assert (ended.answer, ended.received.second_of) == (Answer.NOT_HEARD, unplaced)
    assert [ref for ref in (unplaced, late, second, third) if await is_open(house, ref)] == [late]


async def is_open(house: House, ref: str) -> bool:
    """Test whether an appeal waits, or anything about it is still asked."""
    found = await house.look(lambda shelves: shelves.appeals.by_ref(ref))
    return isinstance(found, ReceivedAppeal) or any(state == "open" for _, state in await house.tasks(ref))


async def waits(house: House, ref: str) -> ReceivedAppeal:
    """An appeal that waits for its answer."""
    found = await house.look(lambda shelves: shelves.appeals.by_ref(ref))
    assert isinstance(found, ReceivedAppeal)
    return found


async def answered_alone(house: House, ref: str) -> None:
    """The Director answers that the decision stands, without the Board, and the letter is sent."""
    await house.dana.says(f"show {ref}")
    await house.dana.presses("Answer it")
    await house.dana.fills(
        answer="The decision stands",
        reason=REASON,
        not_consulted="yes",
        why_not_consulted="no quorum before it",
        **house.dana.says_which(),
    )
    await tells(house, "dana", ref)


async def test_an_appeal_that_nobody_is_here_to_answer_escalates_daily_until_the_acting_director_answers(
    house: House, database_url: str
) -> None:
    block = await house.sam.asks_for_block()
    await house.dana.approves(block)
    await house.sam.confirms(block)
    await away(house.dana, date(2026, 3, 5), date(2026, 4, 30))
    await house.go_to(date(2026, 3, 5))
    appeal = await house.robin.files_appeal(block)
    await house.go_to(date(2026, 3, 9))
    await restarted(house, database_url)
    await house.go_to(date(2026, 3, 10))
    for user in ("alex", "terry"):
        lists = [posted.key.split(":")[1] for posted in house.told(user) if posted.key.startswith("vacancy:")]
        assert lists == ["2026-03-06", "2026-03-09", "2026-03-10"], user
    await waits(house, appeal)

    await house.terry.says("acting director")
    await house.terry.fills(
        person="Pat Moreau",
        until="2026-04-30",
        dated="2026-03-09",
        signed_by="Terry Nowak",
        document="the Board's binder",
    )
    await house.pat.says(f"show {appeal}")
    await house.pat.presses("Answer it")
    assert "You made the original decision" not in shown(house.pat.reply)
    await house.pat.fills(
        answer="The decision stands", reason=REASON, not_consulted="yes", why_not_consulted="no meeting before the day"
    )
    kept = await house.look(lambda shelves: shelves.appeals.by_ref(appeal))
    assert isinstance(kept, DecidedAppeal)
    assert (kept.answer, kept.ruling.role, kept.ruling.on) == (Answer.AFFIRMED, "acting_director", date(2026, 3, 10))
    assert (kept.own_decision, kept.not_consulted) == (False, "no meeting before the day")
    await house.go_to(date(2026, 3, 12))
    assert [posted for posted in house.told("alex") if posted.key == "vacancy:2026-03-12"] == []
