"""How long each record is kept, and what keeps it: worked out anew each time, from the record as it stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from uuid import UUID

from bot.cases.account import HandleLink, one_person
from bot.cases.appeal import Appeal, DecidedAppeal, ReceivedAppeal, Writing, received
from bot.cases.block import Block, DecidedBlock, RequestedBlock, in_force_from, in_force_on, request_of
from bot.cases.clock import Clock, ClockState
from bot.cases.disposal import Keeper, ProposedDisposal, Retention, Standing, evidence_life
from bot.cases.hold import CAUSES, Covered, Hold, Scope, written
from bot.cases.incident import EVENTS, AskedRemoval, ConfirmedRemoval, Incident
from bot.cases.reinstatement import DecidedReinstatement, Reinstatement, RequestedReinstatement, requested
from bot.cases.task import ASKED, TaskState
from bot.clocks.arithmetic import DueDate, Silence, add, due_dates, parse_period
from bot.clocks.calendar import long_date, short_date
from bot.people import WALLED
from bot.policy.terms import ClockKind, ClockName, Event, Stance
from bot.refusal import Citation, Refusal
from bot.views.parts import clock_label
from bot.work import Work

Case = Incident | Block | Appeal | Reinstatement
KEPT = f"clock.{ClockName.RETAIN_THROUGH.value}"
"""The practice value that gives a period where the policy gives none."""
MOST = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Docket:
    """Where the records stand today whose time is up, or that nothing gives a time.

    ``proposed`` says of each record in which waiting proposal it stands. ``silent`` are settled records without a
    period, as (reference, the day they were settled), oldest first.
    """

    listed: tuple[Standing, ...]
    held: tuple[Standing, ...]
    silent: tuple[tuple[str, date], ...]
    waiting: tuple[ProposedDisposal, ...]

    @property
    def proposed(self) -> dict[str, str]:
        """The proposal each record waits in."""
        return {record: proposal.ref for proposal in self.waiting for record in proposal.records}


def confidential(ref: str, work: Work) -> bool:
    """Test whether a record is a report that no channel hears of."""
    incident = work.shelves.incidents.by_ref(ref) if ref.startswith("I-") else None
    return incident is not None and (incident.track in WALLED or incident.about_director)


def named(ref: str, work: Work) -> str:
    """A record by its reference; a confidential one only for somebody to whom it opens."""
    return ref if opens(ref, work) else "a confidential report"


def opens(ref: str, work: Work) -> bool:
    """Test whether a record may be named to the actor: whatever is not confidential, and what opens to them."""
    incident = work.shelves.incidents.by_ref(ref) if ref.startswith("I-") else None
    return incident is None or not confidential(ref, work) or work.may_see(incident)


class Keeping:
    """Works out where records stand. What it has read is not read again, so it is made anew for every question."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._shelves = work.shelves
        self._against = cache(work.shelves.appeals.against)
        self._back_to = cache(work.shelves.reinstatements.of_block)
        self._clocks = cache(work.shelves.clocks.of_case)

    # -- the list ------------------------------------------------------------------------------------------------

    def docket(self) -> Docket:
        """The disposal list as it stands today."""
        today = self._work.today
        up = [found for ref in self._shelves.docket.ran() if (found := self.standing(ref)) and found.time_up(today)]
        silent: list[tuple[str, date]] = []
        for ref, settled in self._shelves.docket.without_clock(MOST):
            period = self._chosen_period(settled)
            if period is None:
                silent.append((ref, settled))
                continue
            if period >= today:
                break  # whatever was settled later is kept longer still
            found = self.standing(ref)
            if found and found.time_up(today):
                up.append(found)
            elif found and found.retention is None:
                silent.append((ref, settled))
        return Docket(
            listed=tuple(one for one in up if not one.keepers),
            held=tuple(one for one in up if one.keepers),
            silent=tuple(silent),
            waiting=self._shelves.docket.waiting(),
        )

    def standing(self, ref: str) -> Standing | None:
        """Where a record stands; ``None`` if it is none by itself, or not on file.

        A report or a block is one, with the appeals and requests that go with it; so is a patron's paper that ended
        without anybody finding what it is about.
        """
        match self._work.on_file(ref):
            case Incident() as incident:
                return self._incident(incident)
            case RequestedBlock() | DecidedBlock() as block:
                return self._block(block)
            case DecidedAppeal(received=ReceivedAppeal(against="", writing=writing)) as paper:
                return self._stray(paper, writing)
            case DecidedReinstatement(requested=RequestedReinstatement(block="", writing=writing)) as paper:
                return self._stray(paper, writing)
            case _:
                return None

    # -- holds ---------------------------------------------------------------------------------------------------

    @cached_property
    def holds(self) -> tuple[Hold, ...]:
        """The holds people placed that stand."""
        return tuple(hold for hold in self._shelves.docket.holds() if hold.stands)

    def holds_on(self, case: Case) -> tuple[Hold, ...]:
        """The holds people placed that cover a case; of a patron's paper, those on what it is about as well."""
        if not self.holds:
            return ()
        covered = self.covered(case)
        return tuple(hold for hold in self.holds if hold.covers(covered))

    def root(self, case: Case) -> Case:
        """The report or the block a patron's paper is about; the paper itself while nobody has said."""
        match case:
            case ReceivedAppeal() | DecidedAppeal():
                about = received(case).against
            case RequestedReinstatement() | DecidedReinstatement():
                about = requested(case).block
            case _:
                return case
        return self._shelves.incidents.by_ref(about) or self._shelves.blocks.by_ref(about) or case

    def covered(self, case: Case) -> Covered:
        """What a hold is held against; the words are gathered only while a topic is held."""
        case = self.root(case)
        if not isinstance(case, Incident | RequestedBlock | DecidedBlock):
            return Covered(refs=frozenset({case.ref}), words=written([case]))
        of_topics = any(hold.scope is Scope.TOPIC for hold in self.holds)
        return Covered(
            refs=frozenset(self._refs(case)),
            authors=self._authors(case),
            accounts=_accounts(case),
            words=self.words(case) if of_topics else "",
        )

    def words(self, case: Case) -> str:
        """Everything that is written on file about a case and what goes with it, as a topic is looked for in it."""
        case = self.root(case)
        if not isinstance(case, Incident | RequestedBlock | DecidedBlock):
            return written([case])
        shelves = self._shelves
        records: list[object] = [case]
        for ref in self._refs(case):
            records += shelves.papers.notices(ref)
            records += shelves.papers.corrections(ref)
            records += shelves.papers.follow_ups(ref)
            for beside in (
                shelves.appeals.restorations,
                shelves.appeals.consultations,
                shelves.appeals.views,
                shelves.appeals.advice,
            ):
                records += beside(ref)
        records += self._appeals(case)
        records += self._requests(case)
        records += [shelves.authors.get(author) for author in self._authors(case)]
        return written([*records, *self._labels(case)])

    def _labels(self, case: Incident | Block) -> list[str]:
        book = self._work.book
        if isinstance(case, Incident):
            known = {ground.code: ground.label for ground in book.on(case.judged_on).grounds}
            return [known.get(code, code) for code in case.clauses]
        request = request_of(case)
        named = {ground.code: ground.label for ground in book.block_grounds(on=request.requested_on)}
        return [named.get(claim.code, claim.code) for claim in request.grounds]

    # -- one record ----------------------------------------------------------------------------------------------

    def _incident(self, incident: Incident) -> Standing:
        keepers = list(self._beside(incident))
        if isinstance(incident.removal, AskedRemoval):
            keepers.append(Keeper(why="an editor has yet to confirm what was done"))
        elif incident.removal is None and incident.closed_on is None:
            keepers.append(Keeper(why="it is still open"))
        keepers += self._blocks_keep(incident)
        removal = incident.removal if isinstance(incident.removal, ConfirmedRemoval) else None
        event = EVENTS.get(incident.outcome) if removal else None
        settled = removal.done_on if removal else incident.closed_on
        what = "The policy gives no period for a report of which nothing was taken down"
        standing = Standing(
            ref=incident.ref, refs=self._refs(incident), began_on=incident.reported_on, keepers=tuple(keepers)
        )
        return self._kept(standing, event=event, settled=settled, silent=what)

    def _block(self, block: Block) -> Standing:
        keepers = list(self._beside(block))
        executions = self._shelves.blocks.executions(block.ref)
        since = in_force_from(executions)
        keepers += _block_keeps(block, in_force=bool(self._still_to_lift(block.ref)))
        standing = Standing(
            ref=block.ref, refs=self._refs(block), began_on=request_of(block).requested_on, keepers=tuple(keepers)
        )
        settled = since or (block.decided_on if isinstance(block, DecidedBlock) else None)
        event = Event.BLOCK_APPLIED if since else None
        what = "The policy gives no period for the record of a block that was not made"
        return self._kept(standing, event=event, settled=settled, silent=what)

    def _stray(self, paper: DecidedAppeal | DecidedReinstatement, writing: Writing) -> Standing:
        keepers = (*self._held(paper), *self._unfinished([paper.ref]))
        standing = Standing(ref=paper.ref, refs=(paper.ref,), began_on=writing.received_on, keepers=keepers)
        what = "The policy gives no period for a letter about nothing on file"
        return self._kept(standing, event=None, settled=paper.ruling.on, silent=what)

    def _beside(self, case: Incident | Block) -> Iterator[Keeper]:
        """What keeps a case because of what goes with it: holds, open appeals and requests, tasks, running dates."""
        yield from self._held(case)
        yield from self._waits(case)
        yield from self._unmatched(case)
        yield from self._unfinished(self._refs(case))

    def _held(self, case: Case) -> Iterator[Keeper]:
        for hold in self.holds_on(case):
            why = f"{hold.ref} holds it since {short_date(hold.placed_on)} for {CAUSES[hold.cause]}"
            yield Keeper(why=why, hold=hold.ref)

    def _unfinished(self, refs: Iterable[str]) -> Iterator[Keeper]:
        for ref in refs:
            for task in self._shelves.tasks.of_case(ref):
                if task.state is TaskState.OPEN:
                    yield Keeper(why=f"somebody is still asked: {ASKED[task.kind].lower()} ({ref})")
            for clock in self._clocks(ref):
                if clock.state is ClockState.RUNNING and clock.kind not in {ClockKind.TASK, ClockKind.RETENTION}:
                    yield Keeper(why=f"a date of {ref} still runs: {clock_label(clock.name)} {short_date(clock.due)}")

    def _waits(self, case: Incident | Block) -> Iterator[Keeper]:
        for appeal in self._appeals(case):
            if isinstance(appeal, ReceivedAppeal):
                yield Keeper(why=f"the appeal {appeal.ref} waits for its answer")
        for request in self._requests(case):
            if isinstance(request, RequestedReinstatement):
                yield Keeper(why=f"the request to come back {request.ref} waits for its answer")

    def _unmatched(self, case: Incident | Block) -> Iterator[Keeper]:
        """What nobody has matched to a case yet could be about this one."""
        for ref in self._unmatched_appeals:
            yield Keeper(why=f"the appeal {ref} has yet to be matched, and could be about it")
        for ref in () if isinstance(case, Incident) else self._unmatched_requests:
            yield Keeper(why=f"the request to come back {ref} has yet to be matched, and could be about it")

    @cached_property
    def _unmatched_appeals(self) -> tuple[str, ...]:
        return tuple(appeal.ref for appeal in self._shelves.appeals.undecided() if not appeal.against)

    @cached_property
    def _unmatched_requests(self) -> tuple[str, ...]:
        return tuple(request.ref for request in self._shelves.reinstatements.undecided() if not request.block)

    def _blocks_keep(self, incident: Incident) -> Iterator[Keeper]:
        """What keeps a report because of a block: one that relies on it, or that is asked for or in force."""
        for block in self._all_blocks:
            request = request_of(block)
            if incident.ref in request.incidents:
                yield Keeper(why=f"the block {block.ref} relies on it and is still on file")
            elif not self._authors(incident).isdisjoint(request.authors):
                in_force = bool(self._still_to_lift(block.ref))
                yield from _block_keeps(block, in_force=in_force, named=f"the block {block.ref}")
                yield from self._waits(block)

    def _still_to_lift(self, block: str) -> frozenset[UUID]:
        """The accounts a block is in force on, but for those where a reversal was carried out as far as it can be.

        Where an editor kept that it cannot be undone, that line is closed, and the block keeps nothing any more.
        """
        closed = {
            line.account
            for appeal in self._against(block)
            for line in self._shelves.appeals.restorations(appeal.ref)
            if line.cannot
        }
        return in_force_on(self._shelves.blocks.executions(block)) - closed

    @cached_property
    def _all_blocks(self) -> tuple[Block, ...]:
        return self._shelves.blocks.recent(MOST)

    # -- how long ------------------------------------------------------------------------------------------------

    def _kept(self, standing: Standing, *, event: Event | None, settled: date | None, silent: str) -> Standing:
        """The standing with its period: from its clocks, else counted now, else silent with the reason."""
        clocks = self._clocks(standing.ref)
        kept = [
            clock
            for clock in clocks
            if clock.kind is ClockKind.RETENTION and clock.state in {ClockState.RUN, ClockState.RUNNING}
        ]
        if kept:
            running = any(clock.state is ClockState.RUNNING for clock in kept)
            last = max(kept, key=lambda clock: clock.due)
            return replace(standing, retention=self._outlived(self._from_clock(last), clocks), running=running)
        if settled is None:
            return replace(standing, silent="it is not settled yet")
        counted = self._counted(event, settled)
        if isinstance(counted, str):
            return replace(standing, silent=counted or silent)
        return replace(standing, retention=self._outlived(counted, clocks))

    def _from_clock(self, clock: Clock) -> Retention:
        pack = self._work.book.on(clock.happened_on)
        practice = clock.rule.startswith("clock.")
        if practice:
            under = Citation(rule=clock.rule, label="The library's own period", source=clock.source, practice=True)
        else:
            under = replace(self._work.book.cite(clock.rule, on=clock.happened_on), source=clock.source)
        return Retention(
            through=clock.due,
            under=under,
            pack=clock.pack or pack.version,
            proof=(*clock.proof, *(line for kept in pack.retention if kept.rule == clock.rule for line in kept.said)),
            assumed=clock.assumed,
        )

    def _counted(self, event: Event | None, settled: date) -> Retention | str:
        """A period for a record without a clock, or why there is none (empty where the policy does not speak of it)."""
        why = ""
        if event is not None:
            _, silences = self._due(event, settled)
            of_records = [one for one in silences if one.clock.partition(".")[0] == ClockName.RETAIN_THROUGH.value]
            why = of_records[0].why if of_records else ""
            if of_records and of_records[0].stance not in {Stance.SILENT, Stance.DELEGATED}:
                return why
        through = self._chosen_period(settled)
        chosen = self._work.book.practice(KEPT)
        if through is None or chosen is None:
            return why
        silence = why or "the policy gives no period for such a record"
        return Retention(
            through=through,
            under=Citation(
                rule=KEPT, label=f"The library's own period: {chosen.value}", source=chosen.label, practice=True
            ),
            pack=self._work.book.on(settled).version,
            proof=(
                f"Day 0 is {long_date(settled)}, the day it was settled.",
                f"No period of the policy applies ({silence}); the period is {chosen.label}.",
                f"{chosen.value} later is {long_date(through)}; kept through that day.",
            ),
        )

    def _chosen_period(self, settled: date) -> date | None:
        """The last day by the library's own period; ``None`` while it has chosen none that can be counted."""
        chosen = self._work.book.practice(KEPT)
        if chosen is None:
            return None
        try:
            return add(*parse_period(chosen.value), settled, self._work.calendar).day
        except Refusal:
            return None

    def _outlived(self, retention: Retention, clocks: Iterable[Clock]) -> Retention:
        """The period, no shorter than an appeal or a request can still come in and be answered."""
        through, proof = evidence_life(retention.through, list(self._floors(clocks)))
        return replace(retention, through=through, proof=(*retention.proof, *proof))

    def _floors(self, clocks: Iterable[Clock]) -> Iterator[tuple[date, str]]:
        ways = {
            ClockName.APPEAL_BY.value: (Event.APPEAL_RECEIVED, "An appeal of the last day is answered by then"),
            ClockName.REINSTATEMENT_FROM.value: (
                Event.REINSTATEMENT_REQUESTED,
                "A request to come back of the first day is answered by then",
            ),
        }
        for clock in clocks:
            way = ways.get(clock.name.partition(".")[0])
            if way is None or clock.state is ClockState.VOID:
                continue
            event, why = way
            dues, _ = self._due(event, clock.due)
            yield max([clock.due, *(due.due for due in dues)]), why

    def _due(self, event: Event, on: date) -> tuple[tuple[DueDate, ...], tuple[Silence, ...]]:
        work = self._work
        return due_dates(
            event,
            on=on,
            pack=work.book.on(on),
            calendar=work.calendar,
            roll_practice=work.rolls_forward,
            practices=work.book.practices,
        )

    # -- what goes with it ---------------------------------------------------------------------------------------

    def _refs(self, case: Incident | Block) -> tuple[str, ...]:
        beside = (*self._appeals(case), *self._requests(case))
        return (case.ref, *(one.ref for one in beside))

    def _appeals(self, case: Incident | Block) -> tuple[Appeal, ...]:
        return self._against(case.ref)

    def _requests(self, case: Incident | Block) -> tuple[Reinstatement, ...]:
        return () if isinstance(case, Incident) else self._back_to(case.ref)

    def _authors(self, case: Incident | Block) -> frozenset[UUID]:
        """The authors of a case, and every handle confirmed to be theirs."""
        own = {case.author} if isinstance(case, Incident) else set(request_of(case).authors)
        return frozenset().union(*(one_person(author, self._links) for author in own if author))

    @cached_property
    def _links(self) -> tuple[HandleLink, ...]:
        return self._shelves.authors.links()


def _accounts(case: Incident | Block) -> frozenset[UUID]:
    if isinstance(case, Incident):
        return frozenset({case.account} if case.account else ())
    return frozenset(request_of(case).accounts)


def _block_keeps(block: Block, *, in_force: bool, named: str = "it") -> Iterator[Keeper]:
    if isinstance(block, RequestedBlock):
        yield Keeper(why=f"{named} waits for its decision")
    if in_force:
        yield Keeper(why=f"{named} is in force")
