"""The small library of the practice desk: Chicopee's policy, invented people, and a calendar that can be moved."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from bot.clocks.calendar import Calendar, long_date
from bot.founding import Charter, Member
from bot.policy.terms import Channel, Role

LIBRARY = UUID("c41c0bee-0000-4000-8000-000000000001")
PLATFORM = "practice"
FURTHEST = 400
ROUNDS_AFTER_OPENING = (2, 4)
"""Minutes after opening at which a practice day makes its rounds; a day's message waits one to be gathered."""

MEMBERS: tuple[Member, ...] = (
    Member(name="Alex Rivera", user="alex", roles=(Role.ADMINISTRATOR, Role.REPORTER)),
    Member(name="Robin Hale", user="robin", roles=(Role.REPORTER,)),
    Member(name="Sam Okafor", user="sam", roles=(Role.EDITOR, Role.REPORTER), edits=("Facebook", "Instagram")),
    Member(name="Jo Lindgren", user="jo", roles=(Role.EDITOR, Role.REPORTER), edits=("Instagram",)),
    Member(name="Pat Moreau", user="pat", roles=(Role.LIBRARIAN_IN_CHARGE, Role.DUTY_PERSON, Role.REPORTER)),
    Member(name="Dana Whitfield", user="dana", roles=(Role.DIRECTOR, Role.REPORTER)),
    Member(name="Terry Nowak", user="terry", roles=(Role.TRUSTEE, Role.BOARD_CHAIR)),
    Member(name="Kim Abara", user="kim", roles=(Role.RECORDS_OFFICER, Role.REPORTER)),
)

TITLES: dict[str, str] = {
    "robin": "Circulation clerk",
    "sam": "Editor, Facebook and Instagram",
    "jo": "Editor, Instagram",
    "pat": "Librarian in Charge",
    "dana": "Library Director",
    "terry": "Trustee, Board chair",
    "kim": "Records officer",
    "alex": "Administrator",
}

CHARTER = Charter(
    id=LIBRARY,
    name="Chicopee Public Library",
    pack="chicopee",
    platform=PLATFORM,
    tenant=str(LIBRARY),
    members=MEMBERS,
    accounts=(
        ("Facebook", "Chicopee Public Library", "https://www.facebook.com/chicopeelibraryma"),
        ("Instagram", "chicopeelibrary", "https://www.instagram.com/chicopeelibrary/"),
    ),
    channels={channel: channel.value for channel in Channel},
    practices={
        "notice.removal": "told",
        "notice.block": "told",
        "appeal.address": "the Library Director at the library's street address, or director@library.example",
    },
    approved_by="the practice desk, for training",
)
"""The library as its policy leaves it: what that is silent on, nobody has chosen yet."""

BOARD: tuple[Member, ...] = (
    Member(name="Lou Castellan", user="lou", roles=(Role.TRUSTEE,)),
    Member(name="Quinn Adler", user="", roles=(Role.TRUSTEE,)),
)
"""The other trustees; one of them is in no chat and answers on paper."""

PLAYERS: dict[str, str] = {**TITLES, "lou": "Trustee"}
"""Everybody one can be at the practice desk, with their title."""

CHOSEN = {
    "decider.reinstate": Role.DIRECTOR.value,
    "clock.decide_reinstatement_by": "15 days",
    "clock.retain_through": "1 year",
}
"""What the practice desk's library chose where its policy is silent, so that nobody has to set it up to go on."""


def practised() -> Charter:
    """The library as the practice desk begins it: a whole case can be followed to its end without setting up first."""
    return replace(
        CHARTER,
        members=(*MEMBERS, *BOARD),
        practices={**CHARTER.practices, **CHOSEN},
        meetings="third Tuesday",
    )


class PracticeCalendar:
    """The practice time: real time plus the days that were let pass, kept in a file so that a restart keeps them."""

    def __init__(self, *, path: Path, real: Callable[[], datetime], library: Calendar) -> None:
        self.zone = library.zone
        self._path = path
        self._real = real
        self._library = library
        self._frozen: datetime | None = None
        self._offset = timedelta(days=int(path.read_text(encoding="utf-8"))) if path.exists() else timedelta()
        self._moving = asyncio.Lock()
        self.run_round: Callable[[], Awaitable[object]] | None = None

    def now(self) -> datetime:
        """The practice time, aware."""
        return self._frozen or self._real() + self._offset

    async def move(self, days: int, *, away: bool) -> str:
        """Let days pass: the round of each day as the library opens, or only the last one's after being away."""
        async with self._moving:
            start = self.now()
            if not away:
                for passed in range(days + 1):
                    await self._morning_of(start, passed, until=start + timedelta(days=days))
            self._offset += timedelta(days=days)
            self._path.write_text(str(self._offset.days), encoding="utf-8")
            if self.run_round is not None:
                await self.run_round()
            today = long_date(self._library.local_date(self.now()))
            how = "The program was away meanwhile" if away else "Every day's reminders were given"
            return f"{days} day{'s' if days != 1 else ''} passed. It is {today}. {how}."

    async def _morning_of(self, start: datetime, passed: int, *, until: datetime) -> None:
        """Make the rounds of a day's morning, if it lies ahead: one that gathers what is due, one that delivers it."""
        day: date = self._library.local_date(start) + timedelta(days=passed)
        opening = self._library.moment(day, self._library.opens_at)
        for minutes in ROUNDS_AFTER_OPENING:
            morning = opening + timedelta(minutes=minutes)
            if not start < morning <= until or self.run_round is None:
                continue
            self._frozen = morning
            try:
                await self.run_round()
            finally:
                self._frozen = None
