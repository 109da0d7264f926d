"""What the library keeps up under its policy: what is asked, where it stands, and the words it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from bot.cards import Button, Card, Document, Fact, Note, Row, Tone
from bot.cases.task import Task, TaskKind, TaskState
from bot.cases.upkeep import ACCOUNT_LIST, CREDENTIALS, STATEMENT, Attestation, Upkeep, Wanted, Where, is_alive
from bot.cases.upkeep import wanted as wanted_by
from bot.clocks import counting
from bot.clocks.arithmetic import parse_period
from bot.clocks.calendar import short_date
from bot.people import Power
from bot.policy.practices import EVERY
from bot.policy.terms import Role
from bot.reading import no_such
from bot.refusal import Refusal
from bot.views.parts import account_label, readings
from bot.work import Work

AHEAD_DAYS = 14
"""How long before its day something is shown among a person's tasks."""
YEARLY = "How often it is looked at again is library practice, not in policy."
UNBOUND = (
    "The library's own document is not bound, so its exact words cannot be shown here. “duenotice policy bind” does "
    "that; until then post the words of the document itself."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing the policy asks to be kept up at one place, with what is on file of it."""

    wanted: Wanted
    account: UUID | None = None
    upkeep: Upkeep | None = None
    last: Attestation | None = None
    task: Task | None = None

    @property
    def key(self) -> tuple[str, Where, UUID | None]:
        """What is kept up where."""
        return self.wanted.code, self.wanted.kept.place, self.account


def chosen(wanted: Wanted, work: Work) -> bool:
    """Test whether something is asked for: by the policy, or by what the library chose as practice."""
    if not wanted.practice:
        return True
    practice = work.book.practice(wanted.code)
    return practice is not None and practice.value == "posted"


def lines(work: Work) -> tuple[Line, ...]:
    """Everything the policy in force asks to be kept up, on each account that is alive, with what is on file."""
    if not work.book.packs:
        return ()
    known = {upkeep.key: upkeep for upkeep in work.shelves.duties.upkeeps() if upkeep.ended_on is None}
    last = {attestation.upkeep: attestation for attestation in work.shelves.duties.attestations()}
    found = []
    for wanted in wanted_by(work.pack):
        if not chosen(wanted, work):
            continue
        on_accounts = wanted.kept.place is Where.ACCOUNT
        places = [account.id for account in work.accounts if is_alive(account)] if on_accounts else [None]
        for account in places:
            upkeep = known.get((wanted.code, wanted.kept.place, account))
            found.append(
                Line(
                    wanted=wanted,
                    account=account,
                    upkeep=upkeep,
                    last=last.get(upkeep.ref) if upkeep else None,
                    task=_task(upkeep, work) if upkeep else None,
                )
            )
    return tuple(found)


def _task(upkeep: Upkeep, work: Work) -> Task | None:
    """The open task of what is kept up; it has never more than one."""
    open_ones = [task for task in work.shelves.tasks.of_case(upkeep.ref) if task.state is TaskState.OPEN]
    return open_ones[0] if open_ones else None


def called(ref: str, work: Work) -> Upkeep:
    """What is kept up, by its reference.

    :raises Mistake: there is no such reference
    """
    for upkeep in work.shelves.duties.upkeeps():
        if upkeep.ref == ref:
            return upkeep
    raise no_such(ref)


def line_of(upkeep: Upkeep, work: Work) -> Line:
    """What is kept up, with what is on file of it.

    :raises Refusal: the policy in force asks for it no more
    """
    for line in lines(work):
        if line.upkeep is not None and line.upkeep.ref == upkeep.ref:
            return line
    raise Refusal("This is not asked for any more: the account is closed, or the policy in force does not ask for it.")


def may_confirm(line: Line, work: Work) -> bool:
    """Test whether the actor may confirm it: whoever runs the account, or sets the library up; the Director a review.

    Of passwords only those who run the account can speak.
    """
    if line.account is not None:
        edits = work.actor.edits(line.account, on=work.today)
        return edits or (line.wanted.code != CREDENTIALS and work.may(Power.SET_UP))
    if line.wanted.kept.role is Role.ADMINISTRATOR:
        return work.may(Power.SET_UP)
    return work.actor.has(line.wanted.kept.role, on=work.today)


def who_confirms(line: Line, work: Work) -> str:
    """Who confirms something, in words."""
    if line.wanted.kept.place is Where.WEBSITE:
        return "an administrator or the Director"
    return "an editor of the account" if line.account else f"the {work.title(line.wanted.kept.role)}"


def text_of(line: Line, work: Work) -> str:
    """The very words something is about; empty where there are none, or the document is not bound.

    A gap that the document leaves for the account's own name is filled from the registry.
    """
    code = line.wanted.code
    if code == ACCOUNT_LIST:
        return public_list(work)
    for statement in work.pack.statements:
        if code == f"{STATEMENT}{statement.code}":
            bound = work.book.sentences.get((work.pack.version, statement.key), "")
            if not bound and not statement.begins:
                bound = work.book.cite(statement.rule, on=work.today).sentence
            return _filled(bound, statement.fills, line, work)
    return ""


def _filled(text: str, fills: Mapping[str, str], line: Line, work: Work) -> str:
    account = next((one for one in work.accounts if one.id == line.account), None)
    if account is None:
        return text
    known = {"platform": account.platform, "name": account.name, "url": account.url}
    for gap, by in fills.items():
        text = text.replace(gap, known[by])
    return text


def public_list(work: Work) -> str:
    """The list of the official accounts, made from the registry, for the library's website."""
    named = [
        f"{account.label}{': ' + account.url if account.url else ''}" for account in work.accounts if is_alive(account)
    ]
    return "\n".join([f"Official accounts of {work.library.name}", *named])


def again_on(line: Line, on: date, work: Work) -> date:
    """The local day on which it is asked again: after the policy's own time, else after that of practice."""
    chosen = None if line.wanted.stated else work.book.practice(every_key(line.wanted))
    if chosen is not None:
        return counting.add(*parse_period(chosen.value), on, work.calendar).day
    often = line.wanted.stated
    return counting.add(often.n, often.unit, on, work.calendar).day if often else on + timedelta(line.wanted.kept.every)


def every_key(wanted: Wanted) -> str:
    """Under which key the library's own time is kept, after which something is asked again."""
    return f"{EVERY}{'statement' if wanted.code.startswith(STATEMENT) else wanted.code}"


def _yearly(line: Line, work: Work) -> Note:
    chosen = work.book.practice(every_key(line.wanted))
    said = f"It is asked for again after {chosen.value}: {chosen.label}." if chosen else YEARLY
    return Note(text=said, tone=Tone.PRACTICE)


def place_label(line: Line, work: Work) -> str:
    """Where something is kept up, in words."""
    if line.account is not None:
        return account_label(line.account, work)
    return "the website" if line.wanted.kept.place is Where.WEBSITE else "the library"


def changed(line: Line, work: Work) -> bool:
    """Test whether the words are no longer those that were confirmed; where none were at hand then, nobody can say."""
    return line.last is not None and line.last.seen not in {"", text_of(line, work)}


def missing(line: Line, work: Work) -> bool:
    """Test whether something is not on file as the policy asks: never confirmed, overdue, or its words changed."""
    late = line.task is not None and line.task.due < work.today
    return line.last is None or late or changed(line, work)


def said(line: Line, work: Work) -> str:
    """Where it stands, in words."""
    if line.upkeep is None:
        return "not taken up"
    if line.last is None:
        return "not confirmed yet"
    who = f"confirmed by {work.name(line.last.by)} for {short_date(line.last.on)}"
    return f"{who}; the words have changed since" if changed(line, work) else who


def due(line: Line, today: date) -> str:
    """When it is asked for, in words."""
    if line.task is None:
        return ""
    return f"{short_date(line.task.due)}{', overdue' if line.task.due < today else ''}"


def row(line: Line, work: Work) -> Row:
    """One line of the list of duties, with what the actor can press."""
    buttons: tuple[Button, ...] = ()
    if line.upkeep is not None:
        confirm = Button(label="Confirm", intent="duty.confirm", subject=line.upkeep.ref, opens_form=True)
        shown = Button(label="Open", intent="case.show", subject=line.upkeep.ref)
        buttons = (confirm, shown) if may_confirm(line, work) else (shown,)
    label = f"{line.wanted.label} (library practice)" if line.wanted.practice else line.wanted.label
    return Row(cells=(label, place_label(line, work), said(line, work), due(line, work.today)), buttons=buttons)


def source(line: Line, work: Work) -> tuple[Note, ...]:
    """Where the policy asks for it, and what of it is practice."""
    asked = Note.of(work.book.cite(line.wanted.rule, on=work.today))
    if not line.wanted.practice:
        often = line.wanted.stated
        again = Note(text=f"The policy asks for it every {often.said}.") if often else _yearly(line, work)
        wants = (Note.of(work.book.cite(line.wanted.asked_by, on=work.today)),) if line.wanted.asked_by else ()
        return *wants, asked, *readings(line.wanted.assumed), again
    posts = Note(
        text="The policy says this and does not ask that it be posted; to post it is library practice, not in policy.",
        tone=Tone.PRACTICE,
    )
    return asked, posts, _yearly(line, work)


def words(line: Line, work: Work) -> tuple[tuple[Fact, ...], tuple[Note, ...]]:
    """The words to post, or that they are not at hand."""
    if not line.wanted.code.startswith(STATEMENT):
        return (), ()
    text = text_of(line, work)
    return ((Fact(label="To post", value=text),), ()) if text else ((), (Note(text=UNBOUND, tone=Tone.MISSING),))


def private(upkeep: Upkeep, work: Work) -> Card:
    """Everything on file about what is kept up, for the library's staff.

    :raises Refusal: the actor is nobody of the staff
    """
    work.require(Power.SEE_LISTS)
    history = [one for one in work.shelves.duties.attestations() if one.upkeep == upkeep.ref]
    told = tuple(Note(text=attested(one, work)) for one in reversed(history))
    if upkeep.ended_on is not None:
        ended = Note(text=f"Not asked for any more since {short_date(upkeep.ended_on)}.")
        return Card(title=f"{upkeep.ref}: no longer kept up", notes=(ended, *told))
    line = line_of(upkeep, work)
    posted, unbound = words(line, work)
    return Card(
        title=f"{upkeep.ref}: {line.wanted.label}",
        facts=(
            Fact(label="Where", value=place_label(line, work)),
            Fact(label="State", value=said(line, work)),
            Fact(label="Asked for", value=due(line, work.today)),
            *posted,
        ),
        notes=(*source(line, work), *unbound, *told),
        documents=_list_file(line),
        buttons=row(line, work).buttons[:-1],
    )


def _list_file(line: Line) -> tuple[Document, ...]:
    if line.wanted.code != ACCOUNT_LIST or line.upkeep is None:
        return ()
    return (Document(case=line.upkeep.ref, name="accounts.txt", label="The list, as a file"),)


def attested(one: Attestation, work: Work) -> str:
    """One attestation, in one line."""
    parts = [f"{work.name(one.by)} confirmed it on {short_date(work.calendar.local_date(one.at))}"]
    parts.append(f"for {short_date(one.on)}")
    if one.names:
        parts.append(f"naming {' and '.join(work.name(name) for name in one.names)}")
    tail = " ".join(part for part in (one.link, one.words) if part)
    return f"{', '.join(parts)}. {tail}".strip()


def pushed(upkeep: Upkeep, work: Work) -> Card:
    """What is kept up, as a channel shows it."""
    label = next((line.wanted.label for line in lines(work) if line.upkeep and line.upkeep.ref == upkeep.ref), "")
    where = account_label(upkeep.account, work) if upkeep.account else ""
    return Card(
        title=f"{upkeep.ref}: {label or 'no longer asked for'}",
        facts=(Fact(label="Where", value=where),) if where else (),
        buttons=(Button(label="Open", intent="case.show", subject=upkeep.ref),),
    )


def begun(task: Task, today: date) -> bool:
    """Test whether a task is near enough to be shown; what is asked again in a year is not, yet."""
    return task.kind is not TaskKind.ATTEST or (task.due - today).days <= AHEAD_DAYS
