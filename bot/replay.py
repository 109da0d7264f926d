"""A library's own cases under a proposed policy: what would have gone otherwise, and which open cases it governs.

Nothing is kept and nothing is decided: the same questions are put to the policy that governed each case and to the
proposed one, and the answers that differ are told. Content is judged by the pack of the day of the post, procedure by
that of the day of the act.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bot.cases.account import one_person
from bot.cases.appeal import Appeal, DecidedAppeal, received
from bot.cases.block import DecidedBlock, in_force_from, in_force_on, request_of
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import ACTIONS, EVENTS, ConfirmedRemoval, Incident, counts
from bot.cases.notice import Telling
from bot.cases.reinstatement import Reinstatement, requested
from bot.clocks.arithmetic import due_dates
from bot.clocks.calendar import Calendar, short_date
from bot.clocks.counting import back
from bot.features.what_follows import STARTS as REPLIED_TO
from bot.policy.book import PolicyBook
from bot.policy.diff import Concerns
from bot.policy.pack import Decider, Pack
from bot.policy.terms import Action, ClockName, Event, Stance
from bot.ports import Shelves
from bot.reading import calendar_of, read_pack
from bot.refusal import Refusal

MOST = 100_000
"""How many cases of each kind are read; more than any library has."""

NOTHING = "nothing is asked"
"""What is said of a question that one of the two policies does not put."""

Said = Mapping[str, str]
"""What a policy answers about a case, by what was asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One answer about one past case that the proposed policy gives otherwise."""

    ref: str
    about: str
    was: str
    would_be: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenCase:
    """A case that is not at its end: ``on`` is the local day whose policy governs what is still to come."""

    ref: str
    concerns: Concerns
    on: date


def open_cases(shelves: Shelves) -> tuple[OpenCase, ...]:
    """Every case of a library that is not at its end, with the day that says which version governs it."""
    reports = (
        OpenCase(ref=incident.ref, concerns=Concerns.REPORTS, on=incident.judged_on)
        for incident in shelves.incidents.recent(MOST)
        if incident.closed_on is None and not isinstance(incident.removal, ConfirmedRemoval)
    )
    asked = (
        OpenCase(ref=block.ref, concerns=Concerns.BLOCKS, on=block.requested_on) for block in shelves.blocks.undecided()
    )
    in_force = (
        OpenCase(ref=block.ref, concerns=Concerns.REINSTATEMENTS, on=in_force_from(executions) or block.decided_on)
        for block in shelves.blocks.recent(MOST)
        if isinstance(block, DecidedBlock) and in_force_on(executions := shelves.blocks.executions(block.ref))
    )
    appeals = (
        OpenCase(ref=appeal.ref, concerns=Concerns.APPEALS, on=appeal.writing.received_on)
        for appeal in shelves.appeals.undecided()
    )
    requests = (
        OpenCase(ref=request.ref, concerns=Concerns.REINSTATEMENTS, on=request.writing.received_on)
        for request in shelves.reinstatements.undecided()
    )
    return (*reports, *asked, *in_force, *appeals, *requests)


def replayed(shelves: Shelves, proposed: Pack) -> tuple[int, tuple[Difference, ...]]:
    """How many past cases were looked at, and every answer about them that the proposed policy gives otherwise.

    :raises Refusal: the library has adopted no policy, so there is nothing to compare with
    """
    return _Replay(shelves).under(proposed)


class _Replay:
    """One library's cases, and the questions put about them to a policy."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves
        registry = shelves.registry
        library = registry.library()
        adopted = [read_pack(version.rpartition(" ")[0], raw) for version, raw in registry.packs()]
        names = [version.rpartition(" ")[0] for version in library.packs] or [pack.name for pack in adopted]
        if not adopted:
            raise Refusal(f"{library.name} has not chosen a policy yet, so there is nothing to compare with.")
        self._book = PolicyBook(
            packs=tuple(pack for pack in adopted if pack.name == names[-1]),
            practices={practice.key: practice for practice in registry.practices()},
        )
        self._calendar: Calendar = calendar_of(library)
        rolls = self._book.practice("days.roll_forward")
        self._rolls = rolls is not None and rolls.value == "yes"

    def under(self, proposed: Pack) -> tuple[int, tuple[Difference, ...]]:
        found: list[Difference] = []
        looked_at = 0
        for ref, then, content in self._past():
            looked_at += 1
            law = self._book.on(then)
            was = self._said(ref, content=self._book.on(content), procedure=law, judge=self._book.on)
            would_be = self._said(ref, content=proposed, procedure=proposed, judge=lambda _day: proposed)
            found += [
                Difference(ref=ref, about=about, was=was.get(about, NOTHING), would_be=would_be.get(about, NOTHING))
                for about in {**was, **would_be}
                if was.get(about) != would_be.get(about)
            ]
        return looked_at, tuple(found)

    def _past(self) -> Iterator[tuple[str, date, date]]:
        """Every case on which something was done: its reference, the day of the act, the day that judges content."""
        for incident in self._shelves.incidents.recent(MOST):
            if isinstance(incident.removal, ConfirmedRemoval):
                yield incident.ref, incident.removal.done_on, incident.judged_on
            elif incident.track in REPLIED_TO:
                yield incident.ref, incident.judged_on, incident.judged_on
        for block in self._shelves.blocks.recent(MOST):
            if isinstance(block, DecidedBlock):
                asked = request_of(block).requested_on
                yield block.ref, asked, asked
        for appeal in self._shelves.appeals.recent(MOST):
            came = received(appeal).writing.received_on
            yield appeal.ref, came, came
        for request in self._shelves.reinstatements.recent(MOST):
            came = requested(request).writing.received_on
            yield request.ref, came, came

    def _said(self, ref: str, *, content: Pack, procedure: Pack, judge: Callable[[date], Pack]) -> Said:
        incident = self._shelves.incidents.by_ref(ref)
        if incident:
            return {**dict(self._of_removal(incident, content, procedure)), **dict(self._of_reply(incident, procedure))}
        block = self._shelves.blocks.by_ref(ref)
        if isinstance(block, DecidedBlock):
            return dict(self._of_block(block, procedure, judge))
        appeal = self._shelves.appeals.by_ref(ref)
        if appeal:
            return dict(self._of_appeal(appeal, procedure))
        request = self._shelves.reinstatements.by_ref(ref)
        return dict(self._of_request(request, procedure)) if request else {}

    def _of_removal(self, incident: Incident, content: Pack, law: Pack) -> Iterator[tuple[str, str]]:
        if not isinstance(incident.removal, ConfirmedRemoval):
            return
        listed = {ground.code: ground for ground in content.grounds}
        for code in incident.clauses:
            ground = listed.get(code)
            how = f"{ground.label}: {ground.modality.value.replace('_', ' ')}" if ground else "no such ground"
            yield f"the ground {code}", how
            if ground and ground.asks_host_post and not incident.host_post.title:
                yield f"the host post, for {code}", "has to be named, and is not on file"
        action = ACTIONS[incident.outcome]
        yield "who decides that it comes down", _who(law.decider(action))
        yield from self._telling(incident.ref, action, law)
        yield from self._dates(EVENTS[incident.outcome], incident.removal.done_on, law)

    def _of_reply(self, incident: Incident, law: Pack) -> Iterator[tuple[str, str]]:
        """A question, a complaint or a concern: by when it is answered, and whether it was."""
        event = REPLIED_TO.get(incident.track)
        if event is None:
            return
        yield from self._dates(event, incident.judged_on, law)
        due = self._due(ClockName.REPLY_BY, event, incident.judged_on, law)
        told = [one.on for one in self._shelves.papers.follow_ups(incident.ref) if one.kind is FollowUpKind.ANSWERED]
        if due and told:
            yield "whether it was answered in time", "late" if min(told) > due else "in time"

    def _of_block(self, block: DecidedBlock, law: Pack, judge: Callable[[date], Pack]) -> Iterator[tuple[str, str]]:
        request = request_of(block)
        grounds = {ground.code: ground for ground in law.block_grounds}
        for claim in request.grounds:
            ground = grounds.get(claim.code)
            if ground is None:
                yield f"the ground {claim.code}", "no such ground"
                continue
            window = back(ground.look_back, request.requested_on, self._calendar).day if ground.look_back else date.min
            had = len(self._breaches(request.authors, judge, since=window, before=request.requested_on))
            lacks = [
                *(
                    [f"{ground.occasions} breaches, and {had} are on file"]
                    if had < ground.occasions and not ground.severe
                    else []
                ),
                *(
                    ["an investigation, and none is on file"]
                    if ground.investigation and not claim.investigation
                    else []
                ),
            ]
            yield f"the ground {claim.code}", f"needs {' and '.join(lacks)}" if lacks else ground.label
        ladder = law.sanctions
        length = None
        if ladder.steps:
            window = back(ladder.look_back, request.requested_on, self._calendar).day if ladder.look_back else date.min
            found = self._breaches(request.authors, judge, since=window, before=request.requested_on)
            breach = sum(not ladder.counts or ACTIONS[one.outcome] in ladder.counts for one in found)
            step = ladder.step_for(max(1, breach))
            length = step.length if step else None
            yield "the sanction", f"{step.label}, at breach {max(1, breach)}" if step else "none yet"
        yield "who decides the block", _who(law.decider(Action.BLOCK, length=length))
        yield from self._telling(block.ref, Action.BLOCK, law)
        since = in_force_from(self._shelves.blocks.executions(block.ref))
        if since:
            yield from self._dates(Event.BLOCK_APPLIED, since, law)

    def _of_appeal(self, appeal: Appeal, law: Pack) -> Iterator[tuple[str, str]]:
        here = received(appeal)
        rule = law.appeal
        given = rule.stance is Stance.STATED and (here.act is None or here.act in rule.against)
        yield "whether it can be appealed", "yes" if given else "the policy gives no such appeal"
        if not given:
            return
        yield "who decides the appeal", _who(law.decider(Action.APPEAL))
        advice = self._shelves.appeals.consultations(appeal.ref)
        if rule.consult and not advice:
            yield f"the advice of the {rule.consult}", "asked for first, and none is on file"
        if rule.further:
            yield "whether the answer can be taken further", f"yes: {', '.join(one.level for one in rule.further)}"
        by = self._last_day_to_appeal(here.against, law)
        if by:
            late = here.writing.received_on > by
            yield "whether it came in time", f"{'late' if late else 'in time'}: until {short_date(by)}"
        came = here.writing.received_on
        yield from self._dates(Event.APPEAL_RECEIVED, came, law)
        if isinstance(appeal, DecidedAppeal) and not appeal.ended:
            due = self._due(ClockName.DECIDE_APPEAL_BY, Event.APPEAL_RECEIVED, came, law)
            if due:
                yield "whether it was answered in time", "late" if appeal.ruling.on > due else "in time"

    def _of_request(self, request: Reinstatement, law: Pack) -> Iterator[tuple[str, str]]:
        here = requested(request)
        since = in_force_from(self._shelves.blocks.executions(here.block)) if here.block else None
        if since:
            opens = self._due(ClockName.REINSTATEMENT_FROM, Event.BLOCK_APPLIED, since, law)
            if opens:
                early = here.writing.received_on < opens
                yield "whether it came too early", f"{'too early' if early else 'no'}: from {short_date(opens)}"
        yield "who decides it", _who(law.decider(Action.REINSTATE))
        yield from self._dates(Event.REINSTATEMENT_REQUESTED, here.writing.received_on, law)

    def _telling(self, ref: str, action: Action, law: Pack) -> Iterator[tuple[str, str]]:
        told = any(notice.telling is Telling.TOLD for notice in self._shelves.papers.notices(ref))
        if law.notice(action).duty == "required" and not told:
            yield "the notice", "the person has to be told, and no notice is on file"

    def _dates(self, event: Event, on: date, law: Pack) -> Iterator[tuple[str, str]]:
        dues, silences = due_dates(
            event,
            on=on,
            pack=law,
            calendar=self._calendar,
            roll_practice=self._rolls,
            practices=self._book.practices,
        )
        yield from ((f"the date {due.clock}", short_date(due.due)) for due in dues)
        yield from ((f"the date {silence.clock}", f"none ({silence.stance.value})") for silence in silences)

    def _due(self, clock: ClockName, event: Event, on: date, law: Pack) -> date | None:
        dues, _ = due_dates(event, on=on, pack=law, calendar=self._calendar, roll_practice=self._rolls)
        return next((due.due for due in dues if due.clock == clock.value), None)

    def _last_day_to_appeal(self, ref: str, law: Pack) -> date | None:
        """The last day to appeal an act, from the act itself or from the notice of it, as the policy says."""
        told = [notice.on for notice in self._shelves.papers.notices(ref) if notice.telling is Telling.TOLD]
        from_notice = self._due(ClockName.APPEAL_BY, Event.NOTICE_SENT, max(told), law) if told else None
        incident, block = self._shelves.incidents.by_ref(ref), self._shelves.blocks.by_ref(ref)
        if incident and isinstance(incident.removal, ConfirmedRemoval):
            by = self._due(ClockName.APPEAL_BY, EVENTS[incident.outcome], incident.removal.done_on, law)
            return from_notice or by
        since = in_force_from(self._shelves.blocks.executions(ref)) if block else None
        return from_notice or (self._due(ClockName.APPEAL_BY, Event.BLOCK_APPLIED, since, law) if since else None)

    def _breaches(
        self, authors: tuple[UUID, ...], judge: Callable[[date], Pack], *, since: date, before: date
    ) -> list[Incident]:
        """The person's removals that were confirmed by a day and count, as the desk counts them.

        Handles that are confirmed to be one person's count together; what protected somebody, or was overturned, never.

        :param judge: the pack under which something posted on a day is judged
        """
        links = self._shelves.authors.links()
        same = {one for author in authors for one in one_person(author, links)}
        return [
            incident
            for incident in self._shelves.incidents.of_authors(tuple(same))
            if isinstance(incident.removal, ConfirmedRemoval)
            and counts(incident, judge(incident.judged_on))
            and since <= incident.removal.done_on <= before
        ]


def _who(decider: Decider) -> str:
    if decider.stance is not Stance.STATED:
        return "nobody is named"
    named = [role.value.replace("_", " ") for role in decider.roles]
    who = "the Board" if decider.body == "board" else (" and " if decider.body == "panel" else " or ").join(named)
    return f"{who}, or a designee" if decider.designee else who
