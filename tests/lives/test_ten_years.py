"""Ten years of a library, with disposals and holds: what is listed is what should be, and what went is gone.

Beside the program stands a model of twenty lines that knows of each case only its last day and what keeps it, counted
here once more. Every month the disposal list has to be what the model says; at the end so has what is on disk.
"""

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from bot.cases.disposal import Certificate
from bot.clocks.calendar import Calendar
from bot.records.ledger import verify
from bot.views.docket import SHOWN
from storage import engines
from storage.store import SqlStore
from tests.features.test_docket import chooses
from tests.people import House, chicopee, shown, title

TOPICS = ("larkspur", "marigold", "nigella", "oleander", "primrose")
"""Our posts and our reasons are about these, so that a hold on a topic catches some of them."""
CANARY = re.compile(r"(?:snolly|quibble)\d{4}x")
ACCOUNTS = ("Facebook", "Instagram")
STRAY = 0.05
"""How often an appeal about nothing on file comes in beside a removal."""
YEARS = {"removed": 1, "hidden": 2, "left_up": 2, "block": 2, "denied": 2}
"""How long each kind is kept: deleted posts by the policy, the rest by the practice the library chose."""


@dataclass
class Case:
    """What the model knows of a case. ``said`` stands in its words, ``handle`` is its author's (none if left up)."""

    ref: str
    kind: str
    through: date
    said: str
    handle: str
    account: str
    topic: str
    relied_on: str = ""
    in_force: bool = False
    appeal: str = ""
    waits: bool = False
    disposed: bool = False


@dataclass
class Held:
    """What the model knows of a hold."""

    ref: str
    scope: str
    subject: str

    def covers(self, case: Case) -> bool:
        return (
            self.subject
            in {
                "One case": (case.ref, case.appeal),
                "Everything of one author": (case.handle,),
                "Everything on one account": (case.account,),
                "Everything on a topic": (case.topic,),
            }[self.scope]
        )


@dataclass
class TenYears:
    """A library's life: what happens in it is luck, what should come of it is the model's."""

    house: House
    luck: random.Random
    calendar: Calendar
    many: int
    every_day: bool
    cases: list[Case] = field(default_factory=list)
    strays: list[Case] = field(default_factory=list)
    holds: list[Held] = field(default_factory=list)
    handles: dict[str, str] = field(default_factory=dict)
    carried_out: int = 0
    stopped: int = 0
    put_aside: int = 0
    reversals: int = 0

    # -- the model -----------------------------------------------------------------------------------------------

    @property
    def on_file(self) -> list[Case]:
        return [case for case in (*self.cases, *self.strays) if not case.disposed]

    def kept(self, case: Case) -> bool:
        """Test whether anything but time keeps a case."""
        same = [other for other in self.on_file if other.handle and other.handle == case.handle and other is not case]
        return (
            case.waits
            or case.in_force
            or any(hold.covers(case) for hold in self.holds)
            or any(case.kind in {"removed", "hidden"} and other.in_force for other in same)
            or any(other.relied_on == case.ref for other in self.on_file)
        )

    def up(self, today: date) -> list[Case]:
        return [case for case in self.on_file if case.through < today]

    def listed(self, today: date) -> list[Case]:
        return [case for case in self.up(today) if not self.kept(case)]

    # -- what happens --------------------------------------------------------------------------------------------

    async def live(self, first: date, years: int) -> None:
        """Go through the months: the first open day's list and disposal, then the month's cases."""
        await chooses(self.house, "Time a record is kept", "2 years")
        await chooses(self.house, "Who answers a request to come back", "Library Director")
        months = years * 12
        for number in range(months):
            month = date(first.year + (first.month - 1 + number) // 12, (first.month - 1 + number) % 12 + 1, 1)
            begins = max(first, self.calendar.next_open(month))
            await self.until(begins)
            await self.house.jump_to(begins)
            await self.month_begins(begins)
            new = self.many * (number + 1) // months - self.many * number // months
            days = sorted(self.luck.randrange(1, 26) for _ in range(new + 2))
            for place, day in enumerate(days):
                await self.until(begins + timedelta(days=day))
                await (self.something_new() if place < new else self.something_else())

    async def until(self, day: date) -> None:
        """Let the days pass, each open day with its round or (``every_day`` is off) without any."""
        today = self.house.time.at.date()
        while self.every_day and today + timedelta(days=1) < day:
            today += timedelta(days=1)
            if not self.calendar.why_closed(today):
                await self.house.jump_to(today)
        self.house.time.local(day, 9, 2)

    async def something_new(self) -> None:
        """A report, a removal, or a block."""
        number = len(self.cases) + 1
        today = self.house.time.at.date()
        said = f"snolly{number:04}x"
        new_author = not self.handles or self.luck.random() < 0.6
        handle = f"quibble{number:04}x" if new_author else self.luck.choice(list(self.handles)[-12:])
        account = self.handles.setdefault(handle, self.luck.choice(ACCOUNTS))
        kind = self.luck.choices(list(YEARS), (50, 12, 14, 16, 8))[0]
        if kind in {"block", "denied"} and any(case.in_force and case.handle == handle for case in self.on_file):
            kind = "removed"  # a block is not asked for twice
        case = Case(
            ref="",
            kind=kind,
            through=years_later(today, YEARS[kind]),
            said=said,
            handle="" if kind == "left_up" else handle,
            account=account,
            topic=self.luck.choice(TOPICS),
        )
        if kind in {"block", "denied"}:
            await self.asks_for_block(case)
        else:
            await self.reports(case)
        self.cases.append(case)

    async def reports(self, case: Case) -> None:
        sam, link = self.house.sam, f"https://example.org/{case.said}"
        post = {"host_post": f"A post about {case.topic}"}
        if case.kind == "left_up":
            case.ref = await self.house.robin.reports(account=case.account, links=link, text=case.said, **post)
            return
        if self.luck.random() < STRAY:
            await self.a_stray_letter()
        case.ref = await sam.removes(
            account=case.account,
            links=link,
            text=f"{case.said} for sale",
            outcome=case.kind.capitalize(),
            handles=f"@{case.handle}",
            why=f"it sells {case.said}",
            item=post,
        )
        await sam.tells_nobody(case.ref)
        if case.kind == "removed":
            await self.may_appeal(case)

    async def may_appeal(self, case: Case) -> None:
        """Some of them are challenged, and most of those answered at once."""
        if self.luck.random() < 0.2:
            case.appeal = await self.house.robin.files_appeal(case.ref, words=f"{case.said} was fine", sender=case.said)
            case.waits = True
            if self.luck.random() < 0.6:
                await self.answers(case)

    async def a_stray_letter(self) -> None:
        """An appeal about nothing on file; the Director ends it, or it would keep everything from the list.

        It is a record of its own, kept for the library's own period.
        """
        said = f"snolly{9000 + len(self.strays)}x"
        stray = await self.house.robin.files_appeal("", words=f"put my {said} back", sender="somebody unknown")
        await self.house.dana.says(f"show {stray}")
        await self.house.dana.presses("End it without an answer")
        await self.house.dana.fills(ending="It is about nothing", reason="nothing is found")
        await self.writes(stray)
        through = years_later(self.house.time.at.date(), 2)
        self.strays.append(Case(ref=stray, kind="stray", through=through, said=said, handle="", account="", topic=""))

    async def answers(self, case: Case) -> None:
        dana = self.house.dana
        await dana.says(f"show {case.appeal}")
        await dana.presses("Answer it")
        why, reverses = f"because of {case.said}", self.luck.random() < 0.4
        answer = "The decision is reversed" if reverses else "The decision stands"
        own = {"tie_why_1": "nobody else is named"} if case.kind == "block" else {}  # what she decided herself
        await dana.fills(answer=answer, reason=why, not_consulted="yes", why_not_consulted="no meeting", **own)
        assert dana.reply.page is None, shown(dana.reply)
        await self.writes(case.appeal)
        case.waits = False
        if reverses:
            await self.undoes(case)

    async def undoes(self, case: Case) -> None:
        """Put back what was reversed; what was undone is kept as long as before."""
        await self.house.sam.says("home")
        await self.house.sam.presses("Undone today", case=case.ref)
        case.in_force = False
        self.reversals += 1

    async def writes(self, ref: str) -> None:
        dana = self.house.dana
        await dana.says(f"notice {ref}")
        letter = dana.page.values["text"][0].replace("[…]", "as agreed")
        await dana.fills(how="Letter", text=letter)

    async def asks_for_block(self, case: Case) -> None:
        sam, dana = self.house.sam, self.house.dana
        relied_on = [other for other in self.on_file if other.kind == "removed" and other.handle == case.handle]
        first: dict[str, str] = {"accounts": case.account, "grounds": "Repeated breaches"}
        if relied_on and self.luck.random() < 0.5:
            case.relied_on = relied_on[-1].ref
            await sam.says(f"block {case.relied_on}")
        else:
            await sam.says("block")
            first["handles"] = f"{case.account}: @{case.handle}"
        await sam.fills(**first)
        await sam.fills(reason=f"{case.said} and {case.topic}, again and again")
        assert sam.reply.page is None, shown(sam.reply)
        case.ref = sam.ref
        await dana.approves(
            case.ref, label="Approve" if case.kind == "block" else "Deny", reason=f"{case.said}: decided"
        )
        if case.kind == "block":
            await sam.confirms(case.ref)
            await sam.tells_nobody(case.ref)
            case.in_force = True
            await self.may_appeal(case)

    async def something_else(self) -> None:
        """An appeal is answered, a block is lifted, a hold is placed or released."""
        waiting = [case for case in self.on_file if case.waits]
        today = self.house.time.at.date()
        old = [
            case
            for case in self.on_file
            if case.in_force and not case.waits and years_later(today, -2) < case.through - EARLIEST
        ]
        what = self.luck.random()
        if waiting and what < 0.35:
            await self.answers(self.luck.choice(waiting))
        elif old and what < 0.65:
            await self.comes_back(old[0])
        elif what < 0.85:
            await self.holds_something()
        elif self.holds:
            hold = self.holds.pop(self.luck.randrange(len(self.holds)))
            await self.house.dana.releases(hold.ref)

    async def comes_back(self, case: Case) -> None:
        house = self.house
        await house.robin.says(f"reinstate {case.ref}")
        await house.robin.fills(words=f"{case.said}: may I come back?", sender=case.said)
        request = house.robin.ref
        await house.dana.says(f"show {request}")
        await house.dana.presses("Answer it")
        await house.dana.fills(answer="They may come back", reason=f"{case.said} understood")
        await self.writes(request)
        await house.sam.confirms(case.ref)
        case.in_force = False

    async def holds_something(self, *likely: Case) -> Held | None:
        """Place a hold on something; half of the time on one of those that are ``likely``."""
        if len(self.holds) > 4 or not self.on_file:
            return None
        case = self.luck.choice(likely if likely and self.luck.random() < 0.5 else self.on_file)
        scope = self.luck.choices(
            ["One case", "Everything of one author", "Everything on one account", "Everything on a topic"], (6, 3, 1, 2)
        )[0]
        subject = {
            "One case": case.ref,
            "Everything of one author": case.handle,
            "Everything on one account": case.account,
            "Everything on a topic": case.topic,
        }[scope]
        if not subject:
            return None
        which = f"@{subject}" if scope == "Everything of one author" else subject
        hold = Held(await self.house.kim.holds(which, scope=scope), scope, subject)
        self.holds.append(hold)
        return hold

    # -- the list and the disposal -------------------------------------------------------------------------------

    async def month_begins(self, today: date) -> None:
        """The list is what the model says; most months it is proposed, and mostly confirmed."""
        listed = self.listed(today)
        await self.shows(listed, today)
        told = [posted for posted in self.house.channel("records") if posted.card.title.startswith("Disposal list of")]
        of_today = [posted for posted in told if posted.at.date() == today]
        assert len(of_today) == bool(self.up(today)), f"{today}: {len(of_today)} messages"
        if not listed or self.luck.random() < 0.3:
            return
        chosen = self.luck.sample(listed, self.luck.randrange(1, len(listed) + 1))
        proposal = await self.house.dana.proposes_disposal(
            *(case.ref for case in chosen), authority=f"RCB-{today.year}-{today.month}"
        )
        if self.luck.random() < 0.1:
            await self.puts_aside(proposal)
            return
        await self.confirms(proposal, chosen, today)
        await self.shows(self.listed(today), today)

    async def confirms(self, proposal: str, chosen: list[Case], today: date) -> None:
        second = self.luck.choice((self.house.kim, self.house.terry))
        await second.says(f"show {proposal}")
        await second.presses("Confirm")
        sent = second.sending(seen="yes")
        between = await self.holds_something(*chosen) if self.luck.random() < 0.15 else None
        await second.sends(sent)
        if between and any(between.covers(case) for case in chosen):
            assert "is on hold" in title(second.reply), shown(second.reply)
            self.stopped += 1
            if not any(case in self.listed(today) for case in chosen):
                await self.puts_aside(proposal)
                return
            await second.confirms_disposal(proposal)
        going = [case for case in chosen if case in self.listed(today)]
        made = await self.house.look(lambda shelves: shelves.docket.by_ref(proposal))
        assert isinstance(made, Certificate), shown(second.reply)
        assert {one.of for one in made.removed} == {case.ref for case in going}
        for case in going:
            case.disposed = True
        self.carried_out += 1

    async def puts_aside(self, proposal: str) -> None:
        await self.house.dana.says(f"show {proposal}")
        await self.house.dana.presses("Put aside")
        await self.house.dana.fills(because="the auditor comes")
        self.put_aside += 1

    async def shows(self, listed: list[Case], today: date) -> None:
        await self.house.dana.says("disposal list")
        table = self.house.dana.reply.cards[0].table
        rows = {row.cells[0].partition(" ")[0] for row in table.rows} if table else set()
        expected = {case.ref for case in listed}
        if len(expected) > SHOWN:
            assert len(rows) == SHOWN
            assert rows <= expected
        else:
            assert rows == expected, f"{today}: {[c for c in self.cases if c.ref in rows ^ expected]}"


EARLIEST = timedelta(days=46)
"""A block is asked to be lifted from the 45th day on."""


def years_later(day: date, years: int) -> date:
    """The anniversary; of a 29 February the last day of the month."""
    year = day.year + years
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) and not leap else date(year, day.month, day.day)


def canaries(url: str) -> set[str]:
    """Every canary that stands in any row of the database."""
    engine = create_engine(engines.parsed(url))
    found: set[str] = set()
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608 - the tables' own names
                for value in row:
                    plain = value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
                    found |= set(CANARY.findall(plain))
    engine.dispose()
    return found


async def has_tombstone(house: House, ref: str) -> bool:
    return await house.look(lambda shelves: shelves.docket.tombstone(ref)) is not None


async def ten_years(url: str, folder: Path, luck: random.Random, *, many: int, every_day: bool) -> TenYears:
    """Live ten years, then hold what is on disk against the model."""
    async with chicopee(SqlStore.open(url), folder) as house:
        first = house.time.at.date()
        life = TenYears(house, luck, await house.calendar(), many, every_day)
        await life.live(first, 10)

        assert len(life.cases) == many
        assert len({case.ref for case in life.cases}) == many, "a number was given twice"
        alive = life.on_file
        found = canaries(url)
        gone = [case for case in (*life.cases, *life.strays) if case.disposed]
        assert not {case.said for case in gone} & found
        assert {case.said for case in alive} <= found
        assert {case.handle for case in alive if case.handle} == {one for one in found if one.startswith("quibble")}
        for case in (*life.cases, *life.strays):
            assert await has_tombstone(house, case.ref) is case.disposed, case
        head, flaw = await house.store.chain(house.library, verify)
        assert flaw is None
        assert head.seq == await house.mark()
        return life


async def test_ten_years_of_a_small_library(sqlite_url: str, tmp_path: Path, chance: random.Random) -> None:
    life = await ten_years(sqlite_url, tmp_path, chance, many=48, every_day=False)

    assert life.carried_out > 3
    assert sum(case.disposed for case in life.cases) > 8


@pytest.mark.torture
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("every_day", [False, True])
async def test_ten_years_of_five_hundred_cases(
    database_url: str, tmp_path: Path, chance: random.Random, *, every_day: bool
) -> None:
    life = await ten_years(database_url, tmp_path, chance, many=500, every_day=every_day)

    assert life.carried_out > 40
    assert sum(case.disposed for case in life.cases) > 200
    assert life.stopped > 0
    assert life.put_aside > 0
    assert life.reversals > 5
