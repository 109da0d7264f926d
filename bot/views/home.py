"""Home: what is asked of a person, what waits for their decision, what is due, and the quick ways in."""

from bot.cards import Button, Card, Fact, Quote, Reply, Row, Style, Table
from bot.cases.task import Task, TaskKind
from bot.clocks.calendar import long_date, short_date
from bot.people import STAFF, Power
from bot.policy.terms import Role
from bot.refusal import Refusal
from bot.views import upkeeps
from bot.views.tasks import asked, asked_of_me, task_buttons
from bot.work import Work

DECISIONS = frozenset(
    {
        TaskKind.DECIDE_BLOCK,
        TaskKind.ADOPT_OR_LIFT,
        TaskKind.MATCH_APPEAL,
        TaskKind.CONSULT,
        TaskKind.DECIDE_APPEAL,
        TaskKind.MATCH_REINSTATEMENT,
        TaskKind.ALSO_APPEAL,
        TaskKind.DECIDE_REINSTATEMENT,
    }
)
"""What is asked of whoever decides, apart from what is asked of everybody else."""

NEAREST: tuple[tuple[str, str, bool], ...] = (
    ("Home", "home", False),
    ("Report an item", "incident.report", True),
    ("What is due", "due.list", False),
    ("Help", "help", False),
)


def welcome(work: Work) -> Card:
    """Who you are today, and the quick ways in for obvious cases."""
    staff = work.actor.has(*STAFF, on=work.today)
    quick = (
        Button(label="Report an item", intent="incident.report", style=Style.PRIMARY, opens_form=True),
        Button(label="Please look", intent="incident.look", opens_form=True),
        Button(label="Spam, already removed", intent="incident.spam", opens_form=True),
        Button(label="Complaint, left up", intent="incident.complaint", opens_form=True),
        *(
            (Button(label="Ask for a block", intent="block.request", opens_form=True),)
            if work.book.packs and work.book.speaks_of_blocks(on=work.today)
            else ()
        ),
        Button(label="What is due", intent="due.list"),
        Button(label="Help", intent="help"),
    )
    roles = sorted({work.title(grant.role) for grant in work.actor.grants if grant.holds_on(work.today)})
    return Card(
        title=work.library.name,
        body=f"{long_date(work.today)}.",
        facts=(Fact(label="You are", value=f"{work.actor.name}, {', '.join(roles) or 'without a role today'}"),),
        buttons=quick if staff else (Button(label="Help", intent="help"),),
    )


def everything_else(work: Work) -> Card | None:
    """What else this person can ask for, so that nobody has to know a word; ``None`` when there is nothing."""
    lists = (
        Button(label="Reports", intent="incident.list"),
        Button(label="Blocks", intent="block.list"),
        Button(label="Who is who", intent="who"),
        Button(label="Policy", intent="policy"),
        Button(label="Appeals", intent="appeal"),
    )
    buttons: tuple[Button, ...] = lists if work.may(Power.SEE_LISTS) else ()
    if work.may(Power.DELEGATE):
        buttons += (Button(label="Name a designee", intent="delegate", opens_form=True),)
    if work.may(Power.SET_UP):
        buttons += (Button(label="Setup", intent="setup"),)
    return Card(title="Everything else", buttons=buttons) if buttons else None


def my_tasks(work: Work) -> tuple[Task, ...]:
    """The open tasks this person may do: those of their role, an editor's on the accounts they edit."""
    begun = (task for task in work.shelves.tasks.open() if upkeeps.begun(task, work.today))
    return tuple(task for task in begun if asked_of_me(task, work) and _may_know(task, work))


def _may_know(task: Task, work: Work) -> bool:
    incident = work.shelves.incidents.by_ref(task.case) if task.case.startswith("I-") else None
    return incident is None or work.may_see(incident)


def tasks_card(work: Work) -> Card | None:
    """My tasks, without decisions; ``None`` when nothing is asked."""
    tasks = [task for task in my_tasks(work) if task.kind not in DECISIONS]
    if not tasks:
        return None
    rows = tuple(
        Row(
            cells=(_due(task, work), asked(task, work), _where(task, work), task.case),
            buttons=(*task_buttons(task, work), Button(label="Open", intent="case.show", subject=task.case)),
        )
        for task in tasks
    )
    return Card(title="My tasks", table=Table(columns=("Due", "What", "Where", "Case"), rows=rows))


def decisions_card(work: Work) -> Card | None:
    """What waits for this person's decision; ``None`` when nothing does."""
    tasks = [task for task in my_tasks(work) if task.kind in DECISIONS]
    if not tasks:
        return None
    rows = tuple(
        Row(
            cells=(_due(task, work), asked(task, work), task.case),
            buttons=(*task_buttons(task, work), Button(label="Open", intent="case.show", subject=task.case)),
        )
        for task in tasks
    )
    return Card(title="Decisions waiting for you", table=Table(columns=("Due", "What", "Case"), rows=rows))


def overdue_card(work: Work) -> Card | None:
    """For the Director: what others were asked and is overdue; ``None`` when nothing is."""
    if not work.actor.has(Role.DIRECTOR, on=work.today):
        return None
    tasks = [
        task
        for task in work.shelves.tasks.open()
        if task.due < work.today and not asked_of_me(task, work) and _may_know(task, work)
    ]
    if not tasks:
        return None
    rows = tuple(
        Row(
            cells=(_due(task, work), asked(task, work), _asked_of(task, work), task.case),
            buttons=(Button(label="Open", intent="case.show", subject=task.case),),
        )
        for task in tasks
    )
    return Card(title="Overdue with others", table=Table(columns=("Due", "What", "Asked of", "Case"), rows=rows))


def _asked_of(task: Task, work: Work) -> str:
    if task.role is Role.EDITOR and task.account is not None:
        editors = [person.name for person in work.people if person.edits(task.account, on=work.today)]
        return f"{', '.join(sorted(editors)) or 'nobody: no editor'} ({_where(task, work)})"
    return ", ".join(person.name for person in work.holders(task.role)) or f"nobody is {work.title(task.role)}"


def _due(task: Task, work: Work) -> str:
    if task.urgent:
        return f"{short_date(task.due)}, urgent"
    return f"{short_date(task.due)}, overdue" if task.due < work.today else short_date(task.due)


def _where(task: Task, work: Work) -> str:
    return next((account.label for account in work.accounts if account.id == task.account), "")


def nearest(said: str, work: Work, near: tuple[Button, ...]) -> Reply:
    """Answer words nobody understood with the nearest things that can be asked for, and the usual ones."""
    try:
        _ = work.actor
    except Refusal as no:
        return Reply(cards=(Card(title="I can't help you here yet", body=no.why),))
    usual = {intent: Button(label=label, intent=intent, opens_form=form) for label, intent, form in NEAREST}
    buttons = {button.intent: usual.get(button.intent, button) for button in near} | usual
    return Reply(
        cards=(
            Card(
                title="I don't know those words",
                quotes=(Quote(label="I read", text=said[:200]),) if said else (),
                facts=(
                    Fact(label="Try", value="report · please look · due · search · policy spam · help"),
                    Fact(label="Or", value="a reference such as I-2026-0001, or the link of what you saw"),
                ),
                buttons=tuple(buttons.values()),
            ),
        )
    )
