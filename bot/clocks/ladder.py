"""Who is reminded of a clock, where and when. The ladders are library practice, not in policy, and pure data.

Reminders go out when the library opens, on open days. A step at or before the due day that falls on a closed day moves
to the open day before it, never late; a step after it moves to the next open day. Of two steps on one day only the
later one is sent. A daily step is sent on every open day from its first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

from bot.clocks.calendar import ONE_DAY, Calendar
from bot.policy.terms import Channel, ClockKind, ClockName, Role

LABEL = "library practice, not in policy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One rung: ``days`` from the due day (negative is before it, in calendar days), to a channel if it may hear of it.

    ``also`` are roles who are told beside the channel; ``copy_to`` are channels that get it too. ``daily`` repeats it
    on every open day from then on.
    """

    key: str
    days: int
    to: Channel | None
    also: tuple[Role, ...] = ()
    daily: bool = False
    copy_to: tuple[Channel, ...] = ()

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Every channel that gets this step, the main one first; none for what is confidential."""
        return (*((self.to,) if self.to else ()), *self.copy_to)


Ladder = tuple[Step, ...]

LADDERS: Mapping[ClockKind, Ladder] = {
    ClockKind.DUTY: (
        *(Step(key=f"T-{before}", days=-before, to=Channel.DECISIONS) for before in (10, 5, 2, 1, 0)),
        Step(key="overdue", days=1, to=Channel.DECISIONS, also=(Role.DIRECTOR,), daily=True),
        Step(
            key="overdue-3",
            days=3,
            to=Channel.DECISIONS,
            also=(Role.DIRECTOR, Role.ADMINISTRATOR, Role.BOARD_CHAIR),
            daily=True,
        ),
    ),
    ClockKind.RIGHT: (
        Step(key="T-2", days=-2, to=Channel.RECORDS),
        Step(key="passed", days=1, to=Channel.RECORDS),
    ),
    ClockKind.OPENS: (Step(key="opens", days=0, to=Channel.DECISIONS, also=(Role.DIRECTOR,)),),
    ClockKind.RETENTION: (Step(key="ran", days=1, to=Channel.RECORDS, also=(Role.RECORDS_OFFICER,)),),
    ClockKind.TASK: (
        Step(key="T-0", days=0, to=Channel.SOCIAL_MEDIA),
        Step(key="overdue", days=1, to=Channel.SOCIAL_MEDIA, daily=True),
        Step(
            key="overdue-2",
            days=2,
            to=Channel.SOCIAL_MEDIA,
            also=(Role.DIRECTOR,),
            daily=True,
            copy_to=(Channel.DECISIONS,),
        ),
    ),
}
"""The ladder of every kind of clock. Library practice, not in policy."""

_DECISION: Ladder = (
    Step(key="T-0", days=0, to=Channel.DECISIONS, also=(Role.DIRECTOR,)),
    Step(key="overdue", days=1, to=Channel.DECISIONS, also=(Role.DIRECTOR,), daily=True),
    Step(key="overdue-3", days=3, to=Channel.DECISIONS, also=(Role.DIRECTOR, Role.ADMINISTRATOR), daily=True),
)


def _confidential(role: Role) -> Ladder:
    """The ladder of what no channel hears of: only whoever it was brought to is reminded."""
    return (
        Step(key="T-0", days=0, to=None, also=(role,)),
        Step(key="overdue", days=1, to=None, also=(role,), daily=True),
    )


_KEPT_UP: Ladder = (
    Step(key="T-0", days=0, to=Channel.SOCIAL_MEDIA),
    *(Step(key=f"overdue-{after}", days=after, to=Channel.SOCIAL_MEDIA) for after in (7, 14)),
    Step(key="overdue", days=21, to=Channel.SOCIAL_MEDIA, also=(Role.DIRECTOR,), daily=True),
)
"""What is looked at once a week or a year is not asked for every day; after three weeks the Director hears too."""

OVERRIDES: Mapping[str, Ladder] = {
    "task.attest": _KEPT_UP,
    "task.agree": _DECISION,
    "task.enter_finding": _confidential(Role.DIRECTOR),
    "task.review_conduct": _confidential(Role.DIRECTOR),
    "task.review_conduct_as_chair": _confidential(Role.BOARD_CHAIR),
    "task.decide_block": _DECISION,
    "task.adopt_or_lift": _DECISION,
    "task.match_appeal": _DECISION,
    "task.consult": _DECISION,
    "task.decide_appeal": _DECISION,
    "task.match_reinstatement": _DECISION,
    "task.also_appeal": _DECISION,
    "task.decide_reinstatement": _DECISION,
    ClockName.REPLY_BY: (
        *(Step(key=f"T-{before}", days=-before, to=Channel.SOCIAL_MEDIA) for before in (1, 0)),
        Step(key="overdue", days=1, to=Channel.SOCIAL_MEDIA, daily=True),
        Step(
            key="overdue-2",
            days=2,
            to=Channel.SOCIAL_MEDIA,
            also=(Role.DIRECTOR,),
            daily=True,
            copy_to=(Channel.DECISIONS,),
        ),
    ),
}
"""Ladders of single clocks, by name with or without its level, instead of their kind's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """One reminder of a ladder: the local day it goes out, and the instant (UTC) the library opens that day."""

    step: Step
    day: date
    at: datetime

    @property
    def key(self) -> str:
        """What this reminder is known by, so that it is sent once: the step's key, and the day when it is daily."""
        return f"{self.step.key}:{self.day.isoformat()}" if self.step.daily else self.step.key


def ladder_for(clock: str, kind: ClockKind) -> Ladder:
    """The ladder of a clock: its own by its full name, else by its name without the level, else its kind's."""
    return OVERRIDES.get(clock) or OVERRIDES.get(clock.partition(".")[0]) or LADDERS[kind]


def occurrences(
    ladder: Ladder, due: date, calendar: Calendar, *, after: datetime | None, until: datetime
) -> list[Occurrence]:
    """Every reminder later than ``after`` (``None``: from the first) up to and including ``until``, in order."""
    return list(takewhile(lambda one: one.at <= until, _walk(ladder, due, calendar, after=after)))


def next_occurrence(ladder: Ladder, due: date, calendar: Calendar, *, after: datetime) -> Occurrence | None:
    """The first reminder later than an instant; ``None`` when the ladder is at its end."""
    return next(_walk(ladder, due, calendar, after=after), None)


def _walk(ladder: Ladder, due: date, calendar: Calendar, *, after: datetime | None) -> Iterator[Occurrence]:
    """Go up the ladder from an instant; it never ends where a step is daily."""
    once: dict[date, Step] = {}
    for step in sorted((step for step in ladder if not step.daily), key=lambda step: step.days):
        day = due + step.days * ONE_DAY
        once[calendar.previous_open(day) if step.days <= 0 else calendar.next_open(day)] = step
    daily = sorted((step for step in ladder if step.daily), key=lambda step: step.days)
    first = date.min if after is None else calendar.local_date(after)
    for day, step in _days(once, [(due + step.days * ONE_DAY, step) for step in daily], calendar, first=first):
        at = calendar.moment(day, calendar.opens_at)
        if after is None or at > after:
            yield Occurrence(step=step, day=day, at=at)


def _days(
    once: Mapping[date, Step], daily: list[tuple[date, Step]], calendar: Calendar, *, first: date
) -> Iterator[tuple[date, Step]]:
    since = daily[0][0] if daily else date.max
    for day in sorted(day for day in once if first <= day < since):
        yield day, once[day]
    if not daily:
        return
    day = calendar.next_open(max(first, since))
    while True:
        landed = [once[day]] if day in once else []
        running = [step for begins, step in daily if begins <= day]
        yield day, max([*landed, *running], key=lambda step: step.days)
        day = calendar.next_open(day + ONE_DAY)
