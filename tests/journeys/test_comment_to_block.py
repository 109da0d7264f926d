"""The whole way: a nasty comment, its removal, the block, the notice, and the reminders of 400 days."""

from datetime import date, datetime, timedelta
from pathlib import Path

from typing_extensions import override

from bot.clocks.calendar import Calendar, short_date
from bot.training import CHARTER, PracticeCalendar
from storage.store import SqlStore
from tests.fakes import FakeStore
from tests.people import HANDLE, TODAY, WHY, WORDS, House, Time, chicopee, facts, shown


async def take_the_case(house: House) -> tuple[str, str]:
    """From the comment to a block in force and the person told; returns the report and the block.

    Reported and removed on 2 March; asked for and decided on 4 March; made on Instagram on 5 March and, as the editor
    says on 9 March, on Facebook on 3 March already.
    """
    robin, sam, jo, dana = house.robin, house.sam, house.jo, house.dana
    await house.deliver()
    report = await robin.removes(item={"host_post": "Summer reading", "posted_on": "2026-03-01"})
    await sam.confirms(report)
    await house.go_to(date(2026, 3, 4))
    block = await sam.asks_for_block(
        handles=f"Facebook: {HANDLE}\nInstagram: {HANDLE}", accounts=("Facebook", "Instagram")
    )
    await house.deliver()
    await dana.approves(block)
    await house.go_to(date(2026, 3, 5))
    await jo.confirms(block, account="Instagram")
    await house.go_to(date(2026, 3, 9))
    await sam.confirms(block, on=date(2026, 3, 3), account="Facebook")
    for ref in (report, block):
        await sam.says("home")
        await sam.presses("Tell the person, or not", case=ref)
        await sam.fills(how="Direct message")
    return report, block


async def test_each_act_is_kept_with_who_did_it_and_in_which_role(house: House) -> None:
    mark = await house.mark()
    report, block = await take_the_case(house)

    events = [event for event in await house.since(mark) if event.header["case"] in {report, block, ""}]
    robin, sam, jo, dana = [str((await house.person(name)).id) for name in ("Robin", "Sam", "Jo", "Dana")]
    done = [(event.what, event.header["actor"], event.header["role"]) for event in events if event.header["actor"]]
    editor, director = "editor,reporter", "director,reporter"
    assert done == [
        ("incident.report author", robin, "reporter"),
        ("incident.report incident", robin, "reporter"),
        ("incident.report task", robin, "reporter"),
        ("incident.report clock", robin, "reporter"),
        ("incident.done_today incident", sam, editor),
        ("incident.done_today task", sam, editor),
        ("incident.done_today clock", sam, editor),  # the task's own clock is met
        ("incident.done_today clock", sam, editor),  # appeal_by
        ("incident.done_today clock", sam, editor),  # retain_through
        ("incident.done_today task", sam, editor),  # tell the person
        ("incident.done_today clock", sam, editor),
        ("block.request author", sam, editor),  # the handle on Instagram is new
        ("block.request block", sam, editor),
        ("block.request task", sam, editor),
        ("block.request clock", sam, editor),
        ("case.viewed", dana, director),  # the page she decides on says whom it is about
        ("block.approve block", dana, director),
        ("block.approve task", dana, director),
        ("block.approve clock", dana, director),
        *[("block.approve task", dana, director), ("block.approve clock", dana, director)] * 2,
        ("block.done_today execution", jo, editor),
        ("block.done_today task", jo, editor),
        ("block.done_today clock", jo, editor),
        ("block.done_today clock", jo, editor),  # appeal_by
        ("block.done_today clock", jo, editor),  # reinstatement_from
        ("block.done_today task", jo, editor),  # tell the person
        ("block.done_today clock", jo, editor),
        ("block.done_earlier execution", sam, editor),
        ("block.done_earlier task", sam, editor),
        ("block.done_earlier clock", sam, editor),
        ("block.done_earlier clock", sam, editor),  # appeal_by, proved again
        ("block.done_earlier clock", sam, editor),  # reinstatement_from, proved again
        *[
            ("notice.settle notice", sam, editor),
            ("notice.settle task", sam, editor),
            ("notice.settle clock", sam, editor),
            ("notice.settle clock", sam, editor),
            ("notice.settle clock", sam, editor),
        ]
        * 2,
    ]
    assert {event.header["pack"] for event in events} == {"chicopee 2023-03-06"}
    assert {event.header["surface"] for event in events} <= {"practice/private", "program/channel"}


async def test_the_dates_are_those_of_the_policy_and_each_is_proved(house: House) -> None:
    report, block = await take_the_case(house)

    assert {name: clock.due for name, clock in (await house.clocks(report)).items()} == {
        "appeal_by": date(2026, 3, 17),
        "retain_through": date(2027, 3, 2),
    }
    assert {name: clock.due for name, clock in (await house.clocks(block)).items()} == {
        "appeal_by": date(2026, 3, 20),  # from the last account it was made on
        "reinstatement_from": date(2026, 4, 17),
    }
    await house.sam.says(f"due show {block}")
    said = shown(house.sam.reply)
    assert "Day 0 is Tuesday 3 March 2026, the day the block was applied." in said
    assert "45 calendar days later is Friday 17 April 2026; it opens that day." in said
    assert "the day the block was first made on any account" in said
    await house.sam.says(f"show {block}")
    assert "in force from 3 March 2026" in facts(house.sam.reply)["Status"]


async def test_approved_is_not_in_force_until_an_editor_confirms(house: House) -> None:
    await house.sam.confirms(await house.robin.removes())
    block = await house.sam.asks_for_block()
    await house.dana.approves(block)

    assert "not in force" in facts(house.dana.reply)["Status"]
    assert await house.clocks(block) == {}
    await house.pass_days(3)
    assert await house.clocks(block) == {}
    await house.sam.confirms(block)
    assert (await house.clocks(block))["appeal_by"].happened_on == TODAY + timedelta(days=3)


async def test_each_person_sees_what_their_role_opens_and_every_look_is_kept(house: House) -> None:
    report, block = await take_the_case(house)
    opens = {"robin": True, "sam": True, "jo": True, "pat": True, "dana": True, "kim": True}
    opens |= {"terry": False, "alex": False}
    for user, allowed in opens.items():
        somebody = house.somebody(user)
        mark = await house.mark()
        await somebody.says(f"show {report}")
        assert (WORDS in shown(somebody.reply)) is allowed, user
        assert (HANDLE in shown(somebody.reply)) is allowed, user
        [look] = await house.since(mark)
        assert look.what == ("case.viewed" if allowed else "refused")
        assert look.header["case"] == report
    for user in ("robin", "terry", "alex"):
        await house.somebody(user).says(f"show {block}")
        assert WHY not in shown(house.somebody(user).reply)
        await house.somebody(user).says(f"history {HANDLE}")
        assert HANDLE not in shown(house.somebody(user).reply)
    await house.dana.says(f"history {HANDLE} on Facebook")
    assert facts(house.dana.reply)["Confirmed removals that stand"] == "1"
    assert facts(house.dana.reply)["Blocks asked for"] == "1"


async def test_channels_show_where_the_case_stands_and_nothing_of_the_person(house: House) -> None:
    report, block = await take_the_case(house)
    await house.deliver()

    social, decisions = house.channel("social-media"), house.channel("decisions")
    [about_report] = [posted for posted in social if posted.card.title == f"Report {report}"]
    assert [(fact.label, fact.value) for fact in about_report.card.facts] == [
        ("What", "May break a rule"),
        ("Account", "Facebook · Chicopee Public Library"),
        ("Under our post", "Summer reading"),
        ("Status", "removed on 2 March 2026"),
        ("Rule", "Advertising or spam"),
        ("Appeal possible until", "17 March 2026"),
    ]
    [about_block] = [posted for posted in decisions if posted.card.title == f"Block {block}"]
    assert ("Handles", "2 (open to see)") in [(fact.label, fact.value) for fact in about_block.card.facts]
    thread = [posted.card.title for posted in decisions if posted.under == about_block.id]
    assert thread == [
        f"{block}: Approved by Dana Whitfield.",
        f"{block}: Made on Instagram · chicopeelibrary, 5 March 2026.",
        f"{block}: Made on Facebook · Chicopee Public Library, 3 March 2026.",
    ]


async def test_four_hundred_days_with_a_restart_in_the_middle_lose_and_double_no_reminder(
    house: House, database_url: str
) -> None:
    report, block = await take_the_case(house)
    for day in (date(2026, 3, 18), date(2026, 4, 19), date(2026, 12, 31)):
        await house.go_to(day)
        await house.store.close()
        house.store = SqlStore.open(database_url)
        house.open()
        await house.rounds.run()
    await house.go_to(TODAY + timedelta(days=400))

    await expect_the_reminders(house, report, block)


async def test_the_practice_calendar_brings_every_reminder_on_its_own_day(tmp_path: Path) -> None:
    async with chicopee(FakeStore(), tmp_path) as house:
        report, block = await take_the_case(house)
        calendar = on_the_practice_calendar(house, tmp_path, await house.calendar())

        await calendar.move(393, away=False)

        await expect_the_reminders(house, report, block)


async def test_the_practice_calendar_moved_at_night_makes_the_same_rounds(tmp_path: Path) -> None:
    async with chicopee(FakeStore(), tmp_path) as house:
        await house.robin.reports(outcome="Please look")
        house.time.local(TODAY + timedelta(days=1), 3)
        calendar = on_the_practice_calendar(house, tmp_path, await house.calendar())

        await calendar.move(2, away=False)

        report, due = house.robin.ref, date(2026, 3, 3)
        assert await reminded(house) == [
            (due, "social-media", report, "task.look", "T-0"),
            (due + timedelta(days=1), "social-media", report, "task.look", "overdue"),
        ]


async def test_after_sixty_days_away_what_was_missed_comes_once_and_says_so(house: House, tmp_path: Path) -> None:
    report, block = await take_the_case(house)
    calendar = on_the_practice_calendar(house, tmp_path, await house.calendar())
    before = len(house.messenger.posts)

    await calendar.move(60, away=True)
    calendar.later(minutes=2)
    await house.rounds.run()

    new = [posted for posted in house.messenger.posts[before:] if posted.to.tenant == CHARTER.tenant]
    told = [posted for posted in new if posted.key.startswith("daily:")]
    assert sorted((posted.to.channel or posted.to.user) for posted in told) == ["dana", "decisions", "records"]
    assert {posted.card.title for posted in told} == {"Due, Friday 8 May 2026"}
    assert await reminded(house, after=before) == sorted(
        [
            (date(2026, 5, 8), "records", report, "appeal_by", "passed"),
            (date(2026, 5, 8), "records", block, "appeal_by", "passed"),
            (date(2026, 5, 8), "decisions", block, "reinstatement_from", "opens"),
            (date(2026, 5, 8), "dana", block, "reinstatement_from", "opens"),
        ]
    )
    [records] = [posted.card for posted in told if posted.to.channel == "records"]
    assert records.notes[0].text == "2 became late while I was away."
    heads = [posted.card.title for posted in new if posted.key.startswith("head:")]
    assert heads == ["Record of 8 May 2026"]


def on_the_practice_calendar(house: House, folder: Path, library: Calendar) -> "TryingCalendar":
    """Let the practice page's own calendar be the only clock from here on."""
    calendar = TryingCalendar(house.time, folder, library)
    house.time = calendar
    house.messenger.now = calendar
    house.open()
    calendar.run_round = house.rounds.run
    return calendar


class TryingCalendar(PracticeCalendar, Time):
    """The practice calendar over the test's time."""

    def __init__(self, real: Time, folder: Path, library: Calendar) -> None:
        PracticeCalendar.__init__(self, path=folder / "days", real=real, library=library)
        self._under = real

    @override
    def __call__(self) -> datetime:
        return self.now()

    @override
    def later(self, **much: float) -> None:
        self._under.later(**much)


Told = tuple[date, str, str, str, str]


async def reminded(house: House, *, after: int = 0) -> list[Told]:
    """Every reminder that was shown: (the day it was shown, where, case, clock, step)."""
    calendar = await house.calendar()
    told: list[Told] = []
    for posted in house.messenger.posts[after:]:
        if not posted.key.startswith("daily:") or posted.to.tenant != CHARTER.tenant:
            continue
        day = calendar.local_date(posted.at)
        assert posted.key.split(":")[2] == day.isoformat(), f"{posted.key} was shown on {day}"
        # mypy infers no type for a lambda with a default
        carried = await house.look(lambda shelves, key=posted.key: shelves.clocks.reminders(key))  # type: ignore[misc]
        lines = [row.cells[2] for row in posted.card.table.rows] if posted.card.table else []
        for reminder in carried:
            assert reminder.case in lines
            told.append((day, posted.to.channel or posted.to.user, reminder.case, reminder.name, reminder.step))
    return sorted(told)


async def expect_the_reminders(house: House, report: str, block: str) -> None:
    """Every reminder was shown once, on its own day and where it belongs; so were every week's and day's messages."""
    march = [date(2026, 2, 28) + timedelta(days=day) for day in range(32)]
    notice = "task.send_notice"
    social, made = "social-media", "task.make_block"
    everywhere = (social, "decisions", "dana")
    expected: list[Told] = [
        # the person is to be told of the removal from the 3rd, and is told on the 9th
        (march[3], social, report, notice, "T-0"),
        (march[4], social, report, notice, "overdue"),
        *[(march[day], where, report, notice, "overdue-2") for day in (5, 6, 9) for where in everywhere],
        # the block: Instagram confirms on its day, Facebook on the 9th
        (march[5], social, block, made, "T-0"),
        (march[5], social, block, made, "T-0"),
        (march[6], social, block, made, "overdue"),
        *[(march[9], where, block, made, "overdue-2") for where in everywhere],
        (march[6], social, block, notice, "T-0"),
        *[(march[9], where, block, notice, "overdue-2") for where in everywhere],
        # the dates of the policy; the 15th of March is a Sunday, so its reminder comes on the Friday before
        (march[13], "records", report, "appeal_by", "T-2"),
        (march[18], "records", block, "appeal_by", "T-2"),
        (march[18], "records", report, "appeal_by", "passed"),
        (march[23], "records", block, "appeal_by", "passed"),
        (date(2026, 4, 17), "decisions", block, "reinstatement_from", "opens"),
        (date(2026, 4, 17), "dana", block, "reinstatement_from", "opens"),
        (date(2027, 3, 3), "records", report, "retain_through", "ran"),
        (date(2027, 3, 3), "kim", report, "retain_through", "ran"),
    ]
    assert await reminded(house) == sorted(expected)

    calendar = await house.calendar()
    days = [TODAY + timedelta(days=passed) for passed in range(401)]
    open_days = [day for day in days if not calendar.why_closed(day)]
    heads = [posted for posted in house.channel("records") if posted.key.startswith("head:")]
    assert [calendar.local_date(posted.at) for posted in heads] == open_days
    assert [posted.card.title for posted in heads] == [f"Record of {short_date(day)}" for day in open_days]
    first_of_week = list({day.isocalendar()[:2]: day for day in reversed(open_days)}.values())[::-1]
    for channel in (social, "decisions"):
        weeks = [posted for posted in house.channel(channel) if posted.card.title.startswith("The week of")]
        assert [calendar.local_date(posted.at) for posted in weeks] == first_of_week
    quiet = [posted.card.body for posted in house.channel(social) if posted.key == "daily:social-media:2026-08-03"]
    assert quiet == ["Nothing is due in the coming two weeks."]
