"""What the cards of every case share: accounts, authors, dates, notices, corrections."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from uuid import UUID

from bot.cards import Button, Fact, Note, Tone
from bot.cases.account import Author
from bot.cases.clock import Clock, ClockState
from bot.cases.disposal import Disposal
from bot.cases.hold import Hold
from bot.cases.notice import Notice, Telling
from bot.cases.permission import Permission
from bot.cases.task import ASKED, TaskKind
from bot.clocks.calendar import short_date
from bot.policy.terms import ClockKind
from bot.records.kept import Case
from bot.work import Work

CLOCKS: dict[str, str] = {
    "appeal_by": "Appeal possible until",
    "decide_appeal_by": "Answer the appeal by",
    "reinstatement_from": "May ask to come back from",
    "retain_through": "Record kept at least through",
    "reply_by": "Reply by",
    "decide_reinstatement_by": "Answer the request by",
    "restore_content_from": "Restore the content from",
    "restore_content_by": "Restore the content by",
    "notify_by": "Tell the person by",
    "papers_by": "Papers to the Board by",
    "block_ends": "Block ends on",
    "answer_records_by": "Answer the records request by",
}
"""What people read for each clock."""


def clock_label(name: str) -> str:
    """What people read for a clock, with its level; a task by what it asks."""
    if name.startswith("task."):
        return ASKED[TaskKind(name.removeprefix("task."))]
    base, _, level = name.partition(".")
    return f"{CLOCKS[base]} ({level})" if level else CLOCKS[base]


def seal_label(raw: bytes) -> str:
    """A SHA-256 as people read and compare it, on a phone too: sixty-four digits, in groups of eight."""
    return raw.hex(" ", 4)


def policy_label(version: str) -> str:
    """A pack's version as people read it: ``policy of 6 March 2023``."""
    return f"policy of {short_date(date.fromisoformat(version.rpartition(' ')[2]))}"


def version_of(ref: str, work: Work) -> int:
    """The version a case stands at; 0 for what is no case."""
    shelves = work.shelves
    readers: Mapping[str, Callable[[str], Case | Disposal | Hold | Permission | None]] = {
        "I-": shelves.incidents.by_ref,
        "B-": shelves.blocks.by_ref,
        "A-": shelves.appeals.by_ref,
        "R-": shelves.reinstatements.by_ref,
        "D-": shelves.docket.by_ref,
        "H-": lambda ref: next((hold for hold in shelves.docket.holds() if hold.ref == ref), None),
        "P-": lambda ref: next((one for one in shelves.duties.permissions() if one.ref == ref), None),
    }
    reader = readers.get(ref[:2])
    found = reader(ref) if reader else None
    return found.version if found else 0


def readings(assumed: Iterable[str]) -> tuple[Note, ...]:
    """What a pack took for what its policy leaves open."""
    return tuple(Note(text=f"Our reading of the policy: {taken}", tone=Tone.WARNING) for taken in assumed)


def open_case(ref: str) -> Button:
    """The button that opens a case privately."""
    return Button(label="Open", intent="case.show", subject=ref)


def fact(label: str, value: str) -> tuple[Fact, ...]:
    """A fact, or none when there is nothing to say."""
    return (Fact(label=label, value=value),) if value else ()


def account_label(account: UUID | None, work: Work) -> str:
    """What people read for an account."""
    if account is None:
        return "not one of ours"
    return next((known.label for known in work.accounts if known.id == account), "an account no longer on file")


def author_of(author: UUID | None, work: Work) -> Author | None:
    """An author on file."""
    return work.shelves.authors.get(author) if author else None


def author_label(author: UUID | None, work: Work) -> str:
    """What people with authority read for an author."""
    known = author_of(author, work)
    return known.label if known else ""


def dates(ref: str, work: Work) -> list[Fact]:
    """The dates of a case with what was assumed for them."""
    facts = []
    for clock in sorted(work.shelves.clocks.of_case(ref), key=lambda clock: clock.due):
        if clock.kind is ClockKind.TASK or clock.state is ClockState.VOID:
            continue
        assumed = f". {' '.join(clock.assumed)}" if clock.assumed else ""
        said = {
            ClockState.PASSED: ", passed",
            ClockState.OPENED: ", reached",
            ClockState.RUN: ", reached",
            ClockState.ENDED: ", ended",
        }
        facts.append(
            Fact(label=clock_label(clock.name), value=f"{short_date(clock.due)}{said.get(clock.state, '')}{assumed}")
        )
    return facts


def next_date(clocks: Iterable[Clock]) -> tuple[Fact, ...]:
    """The earliest running date of a case."""
    running = sorted((clock for clock in clocks if clock.state is ClockState.RUNNING), key=lambda clock: clock.due)
    if not running:
        return ()
    by = " by" if running[0].kind is ClockKind.TASK else ""
    return (Fact(label=f"{clock_label(running[0].name)}{by}", value=short_date(running[0].due)),)


def notices(ref: str, work: Work) -> list[Note]:
    """What the person was told of a case, or that they were not."""
    return [Note(text=notice_line(notice, work)) for notice in work.shelves.papers.notices(ref)]


def notice_line(notice: Notice, work: Work) -> str:
    """One notice, or the decision not to tell, in one line."""
    who = "library practice" if notice.by_practice else work.name(notice.by)
    if notice.telling is Telling.NOT_TOLD:
        return f"The person was not told, decided by {who} on {short_date(notice.on)}. {notice.reason}".strip()
    return f"The person was told on {short_date(notice.on)} ({notice.how}), recorded by {work.name(notice.by)}."


def corrections(ref: str, work: Work) -> list[Note]:
    """The slips that were put right."""
    return [
        Note(
            text=f"Corrected by {work.name(done.by)}: {done.detail} was {done.before or 'empty'}, "
            f"is {done.after or 'empty'}. {done.reason}"
        )
        for done in work.shelves.papers.corrections(ref)
    ]
