"""What must be true of appeals, requests to come back, what the Board advises, holds and disposals.

Like the rest of the watch it counts and reads for itself, and asks the program nothing.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from itertools import chain

from bot.cases.appeal import Answer, Appeal, DecidedAppeal, ReceivedAppeal, Restoration, received
from bot.cases.block import DecidedBlock, Done, RequestedBlock
from bot.cases.clock import Clock, ClockState
from bot.cases.consultation import Advice, Consultation, Memo
from bot.cases.correction import Correction
from bot.cases.disposal import Certificate, ProposedDisposal
from bot.cases.follow_up import FollowUp
from bot.cases.hold import Hold, Scope
from bot.cases.incident import ConfirmedRemoval, Outcome
from bot.cases.notice import Notice, Telling
from bot.cases.reinstatement import DecidedReinstatement, RequestedReinstatement, requested
from bot.cases.task import TaskKind, TaskState
from bot.people import Person
from bot.policy.terms import Role
from tests.lives.kept import Kept, request_of
from tests.lives.world import SECRET

KEEPERS = {Role.RECORDS_OFFICER, Role.COUNSEL, Role.AUDITOR}
READS = {Role.DIRECTOR, Role.LIBRARIAN_IN_CHARGE} | KEEPERS
SEATED = {Role.TRUSTEE, Role.BOARD_CHAIR}
HOLDS = {Role.RECORDS_OFFICER, Role.DIRECTOR, Role.COUNSEL}
SECOND = {Role.RECORDS_OFFICER, Role.DIRECTOR, Role.BOARD_CHAIR}
A_YEAR = timedelta(days=364)
"""The shortest period anybody has: a year, which both libraries' policy and practice say, a leap day aside."""


ENDED = (Answer.NOT_OURS, Answer.WITHDRAWN, Answer.MISTAKE)


def case_of(record: object) -> str:
    """The reference of the case a record belongs to."""
    names = ("ref", "case", "appeal", "block")
    return next((str(getattr(record, name)) for name in names if hasattr(record, name)), "")


def with_it(root: str, kept: Kept) -> set[str]:
    """A report or a block, with the appeals and requests about it."""
    appeals = {ref for ref, one in kept.appeals.items() if received(one).against == root}
    return {root} | appeals | {ref for ref, one in kept.requests.items() if requested(one).block == root}


def in_force(block: str, kept: Kept) -> bool:
    """Test whether a block is in force anywhere: made last on some account, and not lifted after."""
    last: dict[object, Done] = {}
    for done in sorted(
        (one for one in kept.executions.values() if one.block == block), key=lambda one: one.confirmed_at
    ):
        last[done.account] = done.done
    closed = {
        one.account
        for one in kept.beside.values()
        if isinstance(one, Restoration) and one.target == block and one.cannot
    }
    return any(done is Done.MADE and account not in closed for account, done in last.items())


# -- who reads what --------------------------------------------------------------------------------------------------


def readable(person: Person, held: set[Role], kept: Kept) -> Iterator[str]:
    """What patrons and trustees wrote, and what was answered, as far as somebody may read it."""
    papers: list[Notice | Correction | FollowUp] = [*kept.notices.values(), *kept.corrections.values()]
    papers += kept.follow_ups.values()
    answers = Role.DIRECTOR in held
    advised = answers or (bool(held & KEEPERS) and not held & SEATED)
    for ref, appeal in kept.appeals.items():
        beside = [one for one in kept.beside.values() if one.appeal == ref]
        if received(appeal).logged_by == person.id or held & READS:
            restored = [one for one in beside if isinstance(one, Restoration)]
            yield repr((appeal, restored, [one for one in papers if one.case == ref]))
        if advised:
            yield repr([one for one in beside if isinstance(one, Advice)])
        for memo in beside:
            mine = isinstance(memo, Memo) and memo.trustee == person.id and bool(held & SEATED)
            if isinstance(memo, Memo) and (mine or held & READS):
                yield memo.text
        yield repr([one for one in kept.views.values() if one.appeal == ref and (answers or one.trustee == person.id)])
    for ref, request in kept.requests.items():
        if requested(request).logged_by == person.id or held & READS or decides_requests(held, kept):
            yield repr((request, [one for one in papers if one.case == ref]))


def decides_requests(held: set[Role], kept: Kept) -> bool:
    """Test whether one of these roles answers requests to come back, which this policy leaves to the library."""
    chosen = kept.practices.get("decider.reinstate")
    return chosen is not None and Role(getattr(chosen, "value", "")) in held


# -- who did what ----------------------------------------------------------------------------------------------------


def had_authority(person: Person | None, held: set[Role], day: date, was: Kept, now: Kept) -> None:
    """Whoever acted held the power that day, and is the one the record names."""
    for ref, appeal in now.appeals.items():
        if isinstance(appeal, DecidedAppeal) and was.appeals.get(ref) != appeal:
            assert Role.DIRECTOR in held, f"{ref} was answered by somebody who is not the Director: {person}"
            assert person is not None
            assert (appeal.ruling.by, appeal.ruling.on) == (person.id, day)
            assert appeal.received == was.appeals[ref], f"what came in as {ref} was lost, or it was answered again"
    for ref, request in now.requests.items():
        if isinstance(request, DecidedReinstatement) and was.requests.get(ref) != request:
            assert decides_requests(held, was), f"{ref} was answered by somebody the library did not name: {person}"
            assert person is not None
            assert (request.ruling.by, request.ruling.on) == (person.id, day)
            opens = request.requested.eligible_on
            assert request.granted_on != () or opens is None or day >= opens, f"{ref} was declined before its day"
    _beside(person, held, day, was, now)
    _keeps(person, held, was, now)


def _keeps(person: Person | None, held: set[Role], was: Kept, now: Kept) -> None:
    """Who places holds, disposes of records and enters absences."""
    for ref, hold in now.holds.items():
        if was.holds.get(ref) != hold:
            assert held & HOLDS, f"{ref} was placed or released by {person}"
    for ref, disposal in now.disposals.items():
        if was.disposals.get(ref) == disposal:
            continue
        assert person is not None
        if isinstance(disposal, ProposedDisposal):
            assert Role.DIRECTOR in held or Role.BOARD_CHAIR in held, f"{ref} was proposed by {person}"
        if isinstance(disposal, Certificate):
            assert held & SECOND, f"{ref} was confirmed by {person}"
            assert disposal.confirmed_by == person.id != disposal.proposed.proposed_by, f"{ref} was confirmed by one"
    for absence in now.absences.values():
        if was.absences.get(absence.id) != absence:
            assert person is not None
            assert absence.person == person.id or held & {Role.ADMINISTRATOR, Role.DIRECTOR}, f"{person} entered it"


def _beside(person: Person | None, held: set[Role], day: date, was: Kept, now: Kept) -> None:
    for one in now.beside.values():
        if was.beside.get(one.id) == one:
            continue
        assert person is not None
        if isinstance(one, Restoration):
            edited = any(
                g.role is Role.EDITOR and g.holds_on(day) and (not g.accounts or one.account in g.accounts)
                for g in person.grants
            )
            assert edited, f"{person.name} said what was undone on an account of others"
        if isinstance(one, Consultation | Memo | Advice):
            assert Role.DIRECTOR in held, f"the Board was asked by {person.name}"
    for view in now.views.values():
        if was.views.get(view.id) != view:
            assert person is not None
            addressed = {m.trustee for m in now.beside.values() if isinstance(m, Memo) and m.appeal == view.appeal}
            assert view.trustee in addressed, f"somebody who was sent no memo about {view.appeal} answered it"
            mine = view.trustee == person.id and bool(held & SEATED)
            assert mine or held & {Role.DIRECTOR, Role.LIBRARIAN_IN_CHARGE}, f"{person.name} answered for another"
            assert view.entered_by == person.id


# -- always ----------------------------------------------------------------------------------------------------------


def what_was_answered_stays(was: Kept, now: Kept) -> None:
    """An answer is given once; what a patron wrote stays as it came in, but for a day that is put right."""
    for ref, appeal in was.appeals.items():
        if isinstance(appeal, DecidedAppeal) and ref not in now.stones:
            assert now.appeals[ref] == appeal, f"{ref} was answered and changed afterwards"
    for ref, request in was.requests.items():
        if isinstance(request, DecidedReinstatement) and ref not in now.stones:
            assert now.requests[ref] == request, f"{ref} was answered and changed afterwards"
    for key, one in chain(was.beside.items(), was.views.items()):
        if one.appeal not in now.stones:
            later = now.beside.get(key) or now.views.get(key)
            assert later == one, f"something beside {one.appeal} changed afterwards"
    for clock in now.clocks.values():
        earlier = was.clocks.get(clock.id)
        if clock.name.startswith("decide_appeal_by") and earlier and earlier.state is not clock.state:
            _a_letter_met_it(clock, was, now)


def _a_letter_met_it(clock: Clock, was: Kept, now: Kept) -> None:
    """Only the recorded sending of the answer meets the date of an appeal; deciding alone does not."""
    if clock.state is not ClockState.MET:
        return
    sent = [notice for key, notice in now.notices.items() if key not in was.notices and notice.telling is Telling.TOLD]
    answered = {ref for ref, one in now.appeals.items() if isinstance(one, DecidedAppeal)}
    assert clock.case in answered, f"the date of {clock.case} was met and nobody has answered it"
    assert any(notice.case in answered for notice in sent), f"the date of {clock.case} was met and no letter was sent"


def nothing_was_answered(was: Kept, now: Kept) -> None:
    """A round answers nothing, meets nothing and lifts nothing, however long it waits."""
    for clock in now.clocks.values():
        earlier = was.clocks.get(clock.id)
        ended = clock.state in {ClockState.MET, ClockState.VOID, ClockState.ENDED}
        assert not (earlier and ended and earlier.state is not clock.state), (
            f"a round ended {clock.name} of {clock.case}"
        )
    assert was.stones == now.stones, "a round disposed of something"


def legal(kept: Kept) -> None:
    """What was answered is on file in full, what was reversed counts no more, and the flags are those of the dates."""
    for ref, appeal in kept.appeals.items():
        came = received(appeal)
        assert came.writing.words or came.writing.scans, f"{ref} says nothing"
        if isinstance(appeal, DecidedAppeal):
            assert appeal.reason, f"{ref} was answered without reasons"
            _ended(appeal, kept)
        if isinstance(appeal, DecidedAppeal) and appeal.answer not in ENDED:
            assert came.against, f"{ref} was answered and challenges nothing"
            advice = [one for one in kept.beside.values() if isinstance(one, Advice) and one.appeal == ref]
            heard = appeal.answer is not Answer.NOT_HEARD
            assert not heard or advice or appeal.not_consulted, (
                f"{ref} was answered and nobody says why without the Board"
            )
            incident = kept.incidents.get(came.against)
            overturned = appeal.answer is Answer.REVERSED and incident is not None
            assert not (overturned and incident and incident.sustained), f"{came.against} was reversed and still counts"
        if isinstance(appeal, ReceivedAppeal):
            _flags(appeal, kept)
    restored = [one for one in kept.beside.values() if isinstance(one, Restoration)]
    for one in restored:
        answer = kept.appeals[one.appeal]
        assert isinstance(answer, DecidedAppeal), f"{one.target} was put back before anybody answered {one.appeal}"
        assert answer.answer is Answer.REVERSED, f"{one.target} was put back although it stands"
    lines = [(one.appeal, one.target, one.account) for one in restored]
    assert len(lines) == len(set(lines)), f"something was undone twice: {lines}"


def _ended(appeal: DecidedAppeal, kept: Kept) -> None:
    """What ended without an answer asks nobody for one, and its date is ended: neither met nor running."""
    ended = appeal.answer in ENDED
    states = {clock.state for clock in _answer_dates(appeal.ref, kept)}
    assert (ClockState.ENDED in states) <= ended, f"the date of {appeal.ref} is ended and it was answered"
    if ended:
        assert not states & {ClockState.RUNNING, ClockState.MET}, f"{appeal.ref} ended and its date is {states}"
        assert not (appeal.answer is Answer.NOT_OURS and appeal.received.against), f"{appeal.ref} is about ours"
        asked = [one for one in kept.tasks.values() if one.case == appeal.ref and one.state is TaskState.OPEN]
        assert {one.kind for one in asked} <= {TaskKind.SEND_NOTICE}, f"{appeal.ref} ended and is asked for: {asked}"


def _flags(appeal: ReceivedAppeal, kept: Kept) -> None:
    """Late is after the last day that is named; second is after another appeal of the same act."""
    if not appeal.against:
        assert (appeal.late_since, appeal.second_of) == (None, ""), f"{appeal.ref} is flagged and is about nothing yet"
        _the_earliest_runs(appeal, (), kept)
        return
    last = max(
        (
            clock.due
            for clock in kept.clocks.values()
            if clock.case == appeal.against
            and clock.name.startswith("appeal_by")
            and clock.state is not ClockState.VOID
        ),
        default=None,
    )
    late = last if last is not None and appeal.writing.received_on > last else None
    assert appeal.late_since == late, f"{appeal.ref} came in on {appeal.writing.received_on}; the last day was {last}"
    same = [one for ref, one in kept.appeals.items() if ref != appeal.ref and received(one).against == appeal.against]
    same = [one for one in same if not _left_unheard(one)]
    if appeal.second_of:
        first = next((one for one in same if one.ref == appeal.second_of), None)
        assert first is not None, f"{appeal.ref} follows one that is about something else"
        came_before = _came(first) < _came(appeal)
        assert came_before or isinstance(first, DecidedAppeal), f"{appeal.ref} came before {first.ref} and follows it"
    else:
        assert all(received(one).second_of for one in same), f"{appeal.ref} and another are both the first"
    _the_earliest_runs(appeal, same, kept)


def _left_unheard(appeal: Appeal) -> bool:
    return isinstance(appeal, DecidedAppeal) and appeal.answer in {Answer.NOT_HEARD, *ENDED}


def _came(appeal: Appeal) -> tuple[date, datetime, str]:
    return received(appeal).writing.received_on, received(appeal).logged_at, appeal.ref


def _the_earliest_runs(waits: ReceivedAppeal, same: Collection[Appeal], kept: Kept) -> None:
    """While one waits, its fifteen days run, or those of another about the same act that end no later."""
    own = [clock for clock in _answer_dates(waits.ref, kept) if clock.state is ClockState.RUNNING]
    if own:
        return
    told = [clock.due for clock in _answer_dates(waits.ref, kept)]
    latest = max([waits.writing.received_on + timedelta(days=15), *told])
    instead = [
        clock
        for one in same
        for clock in _answer_dates(one.ref, kept)
        if clock.state is ClockState.RUNNING or isinstance(one, DecidedAppeal)
    ]
    assert any(clock.due <= latest for clock in instead), f"{waits.ref} waits, and no date runs that ends by {latest}"


def _answer_dates(ref: str, kept: Kept) -> list[Clock]:
    return [one for one in kept.clocks.values() if one.case == ref and one.name.startswith("decide_appeal_by")]


# -- what goes -------------------------------------------------------------------------------------------------------


def said(kept: Kept, refs: Collection[str]) -> set[str]:
    """Every word that was typed about these cases, their authors' handles among them."""
    words: set[str] = set()
    for records in kept.records().values():
        words |= {word for one in records.values() if case_of(one) in refs for word in SECRET.findall(repr(one))}
    for ref in refs:
        authors = set(request_of(kept.blocks[ref]).authors) if ref in kept.blocks else set()
        if ref in kept.incidents:
            authors.add(kept.incidents[ref].author)  # type: ignore[arg-type]  # nobody's handle is looked up as nobody's
        words |= {word for one in authors if one in kept.authors for word in SECRET.findall(repr(kept.authors[one]))}
    return words


def may_go(new: Collection[str], day: date, was: Kept, now: Kept) -> None:
    """Each record that went was due, and nothing kept it the moment before."""
    for root in {now.stones[ref].of for ref in new}:
        refs = with_it(root, was)
        assert refs <= set(new), f"{refs - set(new)} were left behind by {root}"
        _was_due(root, day, was)
        _nothing_waited(root, refs, was)
        for hold in was.holds.values():
            assert not (hold.stands and _covers(hold, root, refs, was)), f"{root} went although {hold.ref} held it"


def _was_due(root: str, day: date, was: Kept) -> None:
    kept = [
        clock
        for clock in was.clocks.values()
        if clock.case == root and clock.name.startswith("retain_through") and clock.state is not ClockState.VOID
    ]
    for clock in kept:
        assert clock.due < day, f"{root} is kept through {clock.due} and went on {day}"
    chosen = was.practices.get("clock.retain_through")
    assert kept or chosen, f"{root} went and nothing gives it a period"
    deleted = root in was.incidents and was.incidents[root].outcome in {Outcome.REMOVED, Outcome.REMOVED_IN_PART}
    if deleted or getattr(chosen, "value", "") == "1 year":
        assert _settled(root, was) + A_YEAR < day, f"{root} went before its year was over"


def _settled(root: str, was: Kept) -> date:
    if root in was.incidents:
        incident = was.incidents[root]
        removed = incident.removal.done_on if isinstance(incident.removal, ConfirmedRemoval) else incident.closed_on
        assert removed is not None, f"{root} went and was not settled"
        return removed
    if paper := was.appeals.get(root) or was.requests.get(root):
        assert isinstance(paper, DecidedAppeal | DecidedReinstatement), f"{root} went unanswered"
        about = paper.received.against if isinstance(paper, DecidedAppeal) else paper.requested.block
        assert not about, f"{root} went without {about}"
        return paper.ruling.on
    block = was.blocks[root]
    assert isinstance(block, DecidedBlock), f"{root} went undecided"
    made = [one.done_on for one in was.executions.values() if one.block == root and one.done is Done.MADE]
    return min(made, default=block.decided_on)


def _nothing_waited(root: str, refs: set[str], was: Kept) -> None:
    could_be_about = {root} if root in was.appeals or root in was.requests else {"", root}
    for appeal in was.appeals.values():
        waits = isinstance(appeal, ReceivedAppeal) and appeal.against in could_be_about
        assert not waits, f"{root} went while {appeal.ref} waited"
    for request in was.requests.values():
        waits = isinstance(request, RequestedReinstatement) and request.block == root
        assert not waits, f"{root} went while {request.ref} waited"
    asked = [task for task in was.tasks.values() if task.case in refs and task.state is TaskState.OPEN]
    assert not asked, f"{root} went while somebody was asked: {asked}"
    author = was.incidents[root].author if root in was.incidents else None
    for ref, block in was.blocks.items():
        asked_for = request_of(block)
        about = ref == root or (author is not None and author in asked_for.authors)
        assert not (about and in_force(ref, was)), f"{root} went while {ref} was in force"
        assert not (about and isinstance(block, RequestedBlock)), f"{root} went while {ref} was being decided"
        assert root not in asked_for.incidents, f"{root} went and {ref} relies on it"


def _covers(hold: Hold, root: str, refs: set[str], was: Kept) -> bool:
    """Test whether a hold holds a record, as far as can be told without asking who is linked to whom."""
    incident, block = was.incidents.get(root), was.blocks.get(root)
    authors = {incident.author} if incident else set(request_of(block).authors) if block else set()
    accounts = {incident.account} if incident else set(request_of(block).accounts) if block else set()
    match hold.scope:
        case Scope.CASE:
            return hold.subject in refs
        case Scope.AUTHOR:
            return hold.subject in {str(one) for one in authors}
        case Scope.ACCOUNT:
            return hold.subject in {str(one) for one in accounts}
        case Scope.TOPIC:
            words: list[str] = [incident.text, incident.link, incident.host_post.title] if incident else []
            return any(hold.subject.casefold() in word.casefold() for word in words)
