"""Decisions that wait while nobody who may take them is here: the office is vacant, or whoever holds it is away.

Nothing is decided by that. Whoever waits is shown it, and the administrators and the Board chair hear of it each day.
"""

from collections.abc import Mapping

from bot.cards import Button, Card, Note, Row, Style, Table, Tone
from bot.cases.appeal import ReceivedAppeal
from bot.cases.block import length_of
from bot.cases.reinstatement import requested
from bot.cases.task import Task, TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.people import Person, deciders
from bot.policy.terms import Action, Role
from bot.views import first_decision
from bot.views.tasks import asked
from bot.work import Work

DECIDED: Mapping[TaskKind, Action | None] = {
    TaskKind.DECIDE_BLOCK: Action.BLOCK,
    TaskKind.ADOPT_OR_LIFT: Action.BLOCK,
    TaskKind.MATCH_APPEAL: None,
    TaskKind.CONSULT: Action.APPEAL,
    TaskKind.DECIDE_APPEAL: Action.APPEAL,
    TaskKind.MATCH_REINSTATEMENT: None,
    TaskKind.ALSO_APPEAL: Action.APPEAL,
    TaskKind.DECIDE_REINSTATEMENT: Action.REINSTATE,
}
"""The tasks that are decisions, with the action whose decider may take them; else the role they are asked of."""


def whose(task: Task, work: Work) -> frozenset[Role]:
    """The roles that may take a decision today; empty while the policy and the library name nobody."""
    action = DECIDED[task.kind]
    appeal = _appeal_of(task, work)
    if appeal is not None:
        return work.answer_roles(appeal)
    if action is None:
        return frozenset({task.role})
    request = work.shelves.reinstatements.by_ref(task.case) if task.kind is TaskKind.DECIDE_REINSTATEMENT else None
    if request is not None:
        return deciders(action, on=requested(request).writing.received_on, book=work.book)[0]
    block = work.shelves.blocks.by_ref(task.case) if action is Action.BLOCK else None
    return deciders(action, on=work.today, book=work.book, length=length_of(block) if block else None)[0]


def unattended(work: Work) -> tuple[Task, ...]:
    """Every decision that waits today with nobody here who may take it, the earliest due first."""
    here: dict[frozenset[Role], tuple[Person, ...]] = {}
    found = []
    for task in work.shelves.tasks.open():
        if task.kind not in DECIDED:
            continue
        roles = whose(task, work)
        if roles not in here:
            here[roles] = work.present(*roles)
        if not _of_them(task, here[roles], work) and _has_begun(task, work):
            found.append(task)
    return tuple(found)


def _appeal_of(task: Task, work: Work) -> ReceivedAppeal | None:
    """The appeal that a task asks somebody to answer."""
    appeal = work.shelves.appeals.by_ref(task.case) if task.kind is TaskKind.DECIDE_APPEAL else None
    return appeal if isinstance(appeal, ReceivedAppeal) else None


def _of_them(task: Task, people: tuple[Person, ...], work: Work) -> tuple[Person, ...]:
    """Those of them who may take a decision: an appeal of their own decision may not be theirs to answer."""
    appeal = _appeal_of(task, work)
    return people if appeal is None else tuple(one for one in people if not first_decision.bars(appeal, one, work))


def _waits(task: Task, work: Work) -> bool:
    """Test whether a task is a decision that waits with nobody here who may take it."""
    if task.state is not TaskState.OPEN or task.kind not in DECIDED:
        return False
    return not _of_them(task, work.present(*whose(task, work)), work) and _has_begun(task, work)


def _has_begun(task: Task, work: Work) -> bool:
    """Test whether a decision waits already: a request that came early does so from its day."""
    if task.kind is not TaskKind.DECIDE_REINSTATEMENT:
        return True
    request = work.shelves.reinstatements.by_ref(task.case)
    opens = requested(request).eligible_on if request else None
    return opens is None or opens <= work.today


def why(task: Task, work: Work) -> str:
    """Why nobody can take a decision today."""
    roles = whose(task, work)
    if not roles:
        return "the policy names nobody, and the library has chosen nobody in “setup”"
    here = work.present(*roles)
    if here:
        return f"{', '.join(person.name for person in here)} took the first decision, and somebody else answers"
    return "; ".join(_missing(role, work) for role in sorted(roles))


def _missing(role: Role, work: Work) -> str:
    held = work.holders(role)
    if not held:
        return f"nobody is {work.title(role)} today"
    return ", ".join(f"{person.name} ({work.title(role)}) is {away_until(person, work)}" for person in held)


def away_until(person: Person, work: Work) -> str:
    """Until when somebody is away, in words; empty when they are here."""
    absence = work.away(person)
    return f"away until {short_date(absence.until)}" if absence else ""


def notes(ref: str, work: Work) -> tuple[Note, ...]:
    """What whoever waits for a decision about a case is shown while nobody is here to take it."""
    found = {why(task, work): None for task in work.shelves.tasks.of_case(ref) if _waits(task, work)}
    told = "The administrators and the Board chair are told each day. Nothing is decided by itself."
    return tuple(Note(text=f"Nobody is here to decide: {reason}. {told}", tone=Tone.WARNING) for reason in found)


def daily(work: Work) -> Card:
    """What the administrators and the Board chair get on every open day on which a decision waits for nobody."""
    tasks = unattended(work)
    if not tasks:
        return Card(title="Somebody is here again to decide", body="No decision waits for want of a person.")
    rows = tuple(
        Row(
            cells=(
                task.case,
                asked(task, work),
                short_date(work.calendar.local_date(task.opened_at)),
                f"{short_date(task.due)}{', overdue' if task.due < work.today else ''}",
                why(task, work),
            )
        )
        for task in tasks
    )
    chairs = [person.name for person in work.holders(Role.BOARD_CHAIR) if not person.identities]
    outside = f"Not in any connected chat, so to be told in person: {', '.join(chairs)}."
    return Card(
        title=f"{_decisions(len(rows))} and nobody is here to decide",
        body="Nothing is decided by itself. The Board can appoint an acting Director by a dated paper; "
        "whoever is away can also decide from where they are.",
        table=Table(columns=("Case", "What", "Since", "Due", "Why"), rows=rows),
        notes=(Note(text=outside, tone=Tone.WARNING),) if chairs else (),
        buttons=(
            Button(label="Enter an acting Director", intent="office.acting", style=Style.PRIMARY, opens_form=True),
            Button(label="Who is away", intent="absence.list"),
        ),
    )


def _decisions(number: int) -> str:
    return "A decision waits" if number == 1 else f"{number} decisions wait"
