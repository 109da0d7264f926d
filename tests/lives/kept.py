"""Everything a library has on file at a moment, as its shelves give it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.cases.absence import Absence
from bot.cases.account import Author, HandleLink
from bot.cases.appeal import Appeal, Restoration
from bot.cases.block import Block, DecidedBlock, Execution, RequestedBlock
from bot.cases.clock import Clock
from bot.cases.consultation import Advice, Consultation, Memo, View
from bot.cases.correction import Correction
from bot.cases.disposal import Certificate, Disposal, Tombstone
from bot.cases.follow_up import FollowUp
from bot.cases.hold import Hold
from bot.cases.incident import Incident
from bot.cases.library import Library
from bot.cases.notice import Notice
from bot.cases.reinstatement import Reinstatement
from bot.cases.task import Task
from bot.people import Person
from bot.ports import Message, Shelves
from bot.records.ledger import Entry

MANY = 100_000


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Everything one library has on file at a moment, as its shelves give it."""

    library: Library
    people: Mapping[Any, Person]
    accounts: Mapping[Any, object]
    incidents: Mapping[Any, Incident]
    blocks: Mapping[Any, Block]
    executions: Mapping[Any, Execution]
    appeals: Mapping[Any, Appeal]
    requests: Mapping[Any, Reinstatement]
    beside: Mapping[Any, Restoration | Consultation | Memo | Advice]
    views: Mapping[Any, View]
    tasks: Mapping[Any, Task]
    clocks: Mapping[Any, Clock]
    notices: Mapping[Any, Notice]
    corrections: Mapping[Any, Correction]
    follow_ups: Mapping[Any, FollowUp]
    authors: Mapping[Any, Author]
    links: Mapping[Any, HandleLink]
    practices: Mapping[Any, object]
    holds: Mapping[Any, Hold]
    disposals: Mapping[Any, Disposal]
    stones: Mapping[Any, Tombstone]
    absences: Mapping[Any, Absence]
    entries: tuple[Entry, ...]
    trouble: tuple[Message, ...]

    def records(self) -> dict[str, Mapping[Any, object]]:
        """The records by the name the ledger has for them."""
        return {
            "person": self.people,
            "account": self.accounts,
            "incident": self.incidents,
            "block": self.blocks,
            "execution": self.executions,
            "appeal": self.appeals,
            "reinstatement": self.requests,
            "view": self.views,
            "restoration": self._beside(Restoration),
            "consultation": self._beside(Consultation),
            "memo": self._beside(Memo),
            "advice": self._beside(Advice),
            "absence": self.absences,
            "tombstone": self.stones,
            "task": self.tasks,
            "clock": self.clocks,
            "notice": self.notices,
            "correction": self.corrections,
            "follow_up": self.follow_ups,
            "link": self.links,
            "practice": self.practices,
            "hold": self.holds,
            "disposal": self.disposals,
            "library": {0: self.library},
        }

    def _beside(self, kind: type) -> dict[Any, object]:
        return {key: one for key, one in self.beside.items() if isinstance(one, kind)}

    def cases(self) -> set[str]:
        """The reference of every case on file."""
        return {*self.incidents, *self.blocks, *self.appeals, *self.requests}


def read(shelves: Shelves, *, known: tuple[Entry, ...]) -> Kept:
    """Read everything a library has on file."""
    incidents = {one.ref: one for one in shelves.incidents.recent(MANY)}
    blocks = {one.ref: one for one in shelves.blocks.recent(MANY)}
    appeals = {one.ref: one for one in shelves.appeals.recent(MANY)}
    requests = {one.ref: one for one in shelves.reinstatements.recent(MANY)}
    cases = (*incidents, *blocks, *appeals, *requests)
    of_appeals = shelves.appeals
    disposals = {one.ref: one for one in shelves.docket.recent(MANY)}
    gone = [removed.ref for one in disposals.values() if isinstance(one, Certificate) for removed in one.removed]
    beside = (of_appeals.restorations, of_appeals.consultations, of_appeals.memos, of_appeals.advice)
    links = {one.id: one for one in shelves.authors.links()}
    handles = {one.author for one in incidents.values() if one.author}
    handles |= {author for block in blocks.values() for author in request_of(block).authors}
    handles |= {author for link in links.values() for author in (link.first, link.second)}
    found = [shelves.authors.get(author) for author in handles]
    return Kept(
        library=shelves.registry.library(),
        people={one.id: one for one in shelves.registry.people()},
        accounts={one.id: one for one in shelves.registry.accounts()},
        incidents=incidents,
        blocks=blocks,
        executions={done.id: done for ref in blocks for done in shelves.blocks.executions(ref)},
        appeals=appeals,
        requests=requests,
        beside={one.id: one for ref in appeals for read_on in beside for one in read_on(ref)},
        views={one.id: one for ref in appeals for one in of_appeals.views(ref)},
        tasks={task.id: task for ref in cases for task in shelves.tasks.of_case(ref)},
        clocks={clock.id: clock for ref in cases for clock in shelves.clocks.of_case(ref)},
        notices={one.id: one for ref in cases for one in shelves.papers.notices(ref)},
        corrections={one.id: one for ref in cases for one in shelves.papers.corrections(ref)},
        follow_ups={one.id: one for ref in cases for one in shelves.papers.follow_ups(ref)},
        authors={one.id: one for one in found if one},
        links=links,
        practices={one.key: one for one in shelves.registry.practices()},
        holds={one.ref: one for one in shelves.docket.holds()},
        disposals=disposals,
        stones={ref: stone for ref in gone if (stone := shelves.docket.tombstone(ref))},
        absences={one.id: one for one in shelves.registry.absences()},
        entries=(*known, *shelves.book.entries(after=len(known), limit=MANY)),
        trouble=shelves.messages.in_trouble(),
    )


def request_of(block: Block) -> RequestedBlock:
    return block.requested if isinstance(block, DecidedBlock) else block
