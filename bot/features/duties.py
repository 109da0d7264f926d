"""What the policy asks of the library itself: taken up once, then asked for by itself, with everything on file of it.

Until somebody takes the duties up nobody is asked for any; the list says what is missing all the same.
"""

from datetime import date, timedelta
from uuid import UUID, uuid4

from bot.cards import Button, Card, Note, Reply, Row, Style, Submission, Table, Tone
from bot.cases.permission import ASKED, For
from bot.cases.task import TaskKind, TaskState
from bot.cases.upkeep import ACCOUNT_LIST, CLOSED_PLATFORMS, CONTINUITY, CREDENTIALS, FIRST_DAYS, Upkeep, is_kept_up
from bot.clocks.calendar import short_date
from bot.features import editors
from bot.people import Person, Power
from bot.policy.terms import Channel, Role
from bot.refusal import Mistake
from bot.views import permissions, upkeeps
from bot.views.upkeeps import Line
from bot.work import Work

LIST_CHANGED = "The registry of official accounts has changed; the list is to be renewed."
WORDS_CHANGED = "The words to be posted have changed; they are to be posted again."
COLUMNS = ("Duty", "Where", "State", "Due")
STARTS: dict[For, tuple[str, str]] = {
    For.OPEN_ACCOUNT: ("Ask to open an account", "account.ask"),
    For.SPEAK: ("Ask to speak for the library", "speak.ask"),
    For.LITIGATION: ("Ask the attorney", "attorney.ask"),
    For.INSPECT: ("Begin an inspection", "inspection.begin"),
    For.ASSIGN: ("Ask for somebody to be assigned", "assignment.ask"),
}


def show(sent: Submission, work: Work) -> Reply:
    """List every duty of the policy, where it stands and when it is due."""
    del sent
    work.require(Power.SEE_LISTS)
    return Reply(cards=(card(work),))


def card(work: Work) -> Card:
    """The duties: what is kept up, what was asked to be allowed, and what is done when there is an occasion."""
    found = upkeeps.lines(work)
    rows = [upkeeps.row(line, work) for line in found]
    rows += _asked(work)
    rows += _on_occasion(work)
    lacking = [line for line in found if upkeeps.missing(line, work)]
    waiting = [line for line in found if line.upkeep is None]
    buttons = []
    if waiting and work.may(Power.SET_UP):
        buttons.append(Button(label="Take them up", intent="duty.take_up", style=Style.PRIMARY))
    buttons += [
        Button(label=label, intent=intent, opens_form=True)
        for asks, (label, intent) in STARTS.items()
        if permissions.duty(asks, work) is not None and (asks is not For.INSPECT or _directs(work))
    ]
    if not rows:
        return Card(title="Duties", body="The policy asks nothing of this kind of the library.")
    notes = [Note(text=_summary(found, lacking), tone=Tone.MISSING if lacking else Tone.INFO)]
    if waiting and len(waiting) == len(found):
        said = (
            "Nobody has taken the duties up yet, so nobody is asked for them. “Take them up” asks whoever they are for."
        )
        notes.append(Note(text=said))
    notes += [Note(text=dead, tone=Tone.WARNING) for dead in _dead_platforms(work)]
    notes += editors.without_paper(work)
    return Card(
        title="Duties",
        table=Table(columns=COLUMNS, rows=tuple(rows)),
        notes=tuple(notes),
        buttons=tuple(buttons),
    )


def _directs(work: Work) -> bool:
    return work.actor.has(Role.DIRECTOR, on=work.today)


def _summary(found: tuple[Line, ...], lacking: list[Line]) -> str:
    if not found:
        return "The policy asks for nothing that has to be looked at again."
    if not lacking:
        return "Everything that is kept up is on file."
    return f"{len(lacking)} of {len(found)} {'is' if len(lacking) == 1 else 'are'} not on file as the policy asks."


def _asked(work: Work) -> list[Row]:
    """What somebody asked to be allowed and the actor may know of: what waits, what holds, what is under way."""
    rows = []
    for one in work.shelves.duties.permissions():
        if not permissions.may_see(one, work) or not (one.waits_for or one.holds_on(work.today)):
            continue
        until = short_date(one.until) if one.until else ""
        shown = Button(label="Open", intent="case.show", subject=one.ref)
        cells = (ASKED[one.asks], one.ref, permissions.state(one, work), until)
        rows.append(Row(cells=cells, buttons=(shown,)))
    return rows


def _on_occasion(work: Work) -> list[Row]:
    """The duties that come with an occasion: a report, a reply, an account to be opened."""
    if not work.book.packs:
        return []
    return [
        Row(cells=(duty.label, "", f"with each {duty.on.value.replace('_', ' ')}" if duty.on else "", duty.when))
        for duty in work.pack.duties
        if not is_kept_up(duty)
    ]


def _dead_platforms(work: Work) -> list[str]:
    """The accounts in the registry whose platform closed for everybody; nothing is asked for them."""
    return [
        f"{account.label}: {account.platform} closed for everybody on "
        f"{short_date(CLOSED_PLATFORMS[account.platform.strip().casefold()])}. Nothing is asked for this account; "
        "“setup” takes it off the list of open accounts."
        for account in work.accounts
        if account.closed_on is None and account.platform.strip().casefold() in CLOSED_PLATFORMS
    ]


def take_up(sent: Submission, work: Work) -> Reply:
    """Ask, from now on, for everything the policy asks to be kept up.

    :raises Mistake: nothing is left to take up
    """
    del sent
    work.require(Power.SET_UP)
    begun = _begin(work)
    if not begun:
        raise Mistake("Everything the policy asks to be kept up has been taken up already.")
    said = f"{begun} {'is' if begun == 1 else 'are'} asked for now, and again by itself in time."
    return Reply(cards=(card(work),), headline=said)


def renew(work: Work) -> None:
    """After a change of policy, practice or registry: take up what is new, end what is gone, renew the public list.

    Does nothing in a library that has not taken its duties up.
    """
    standing = [upkeep for upkeep in work.shelves.duties.upkeeps() if upkeep.ended_on is None]
    if not standing:
        return
    _begin(work)
    asked = {line.key for line in upkeeps.lines(work)}
    for upkeep in standing:
        if upkeep.key not in asked:
            work.end_tasks(upkeep.ref, TaskKind.ATTEST, state=TaskState.VOID)
            work.save(upkeep.end(work.today), before=upkeep)
    for line in upkeeps.lines(work):
        if upkeeps.changed(line, work):
            listed = line.wanted.code == ACCOUNT_LIST
            bring_forward(line, work, said=LIST_CHANGED if listed else WORDS_CHANGED)


def _begin(work: Work) -> int:
    """Take up whatever is asked for and is not taken up yet; returns how many."""
    waiting = [line for line in upkeeps.lines(work) if line.upkeep is None]
    for line in waiting:
        upkeep = work.save(
            Upkeep(
                id=uuid4(),
                library=work.library.id,
                ref=work.next_ref("U"),
                code=line.wanted.code,
                place=line.wanted.kept.place,
                account=line.account,
                begun_by=work.actor.id,
                begun_at=work.now,
                begun_on=work.today,
            )
        )
        ask(upkeep, line, work, on=min(upkeeps.again_on(line, work.today, work), work.today + timedelta(FIRST_DAYS)))
    return len(waiting)


def ask(upkeep: Upkeep, line: Line, work: Work, *, on: date) -> None:
    """Ask whoever it is for to confirm something by a day.

    A day of practice that the library is closed on moves to the next open one; a day the policy states stays.
    """
    kept = line.wanted.kept
    soon = max(on, work.today + timedelta(days=1))
    stated = work.book.cite(line.wanted.rule, on=work.today) if line.wanted.stated else None
    work.ask_for(
        TaskKind.ATTEST,
        case=upkeep.ref,
        role=asked_of(kept.role, work),
        account=line.account,
        due=soon if stated else work.calendar.next_open(soon),
        under=stated,
    )


def asked_of(role: Role, work: Work) -> Role:
    """Whom to ask: the Director, where it is for an administrator and there is none."""
    return Role.DIRECTOR if role is Role.ADMINISTRATOR and not work.holders(role) else role


def bring_forward(line: Line, work: Work, *, said: str, on: date | None = None) -> None:
    """Ask for something sooner than it would be asked again: by the next open day, or by a named one."""
    if line.upkeep is None:
        return
    due = work.calendar.next_open(max(on or work.today, work.today) + timedelta(days=1))
    if line.task is not None and line.task.due <= due:
        return
    work.end_tasks(line.upkeep.ref, TaskKind.ATTEST, state=TaskState.VOID)
    ask(line.upkeep, line, work, on=due)
    if on is None or on <= work.today:
        work.tell(Channel.SOCIAL_MEDIA, about=line.upkeep.ref, headline=said)


def somebody_left(person: Person, accounts: tuple[UUID, ...], work: Work, *, last_day: date) -> None:
    """An editor's last day on some accounts (none named: on all): have passwords changed and administrators named.

    Only where the policy speaks of it and the library has taken its duties up.
    """
    for line in upkeeps.lines(work):
        if line.account is None or (accounts and line.account not in accounts):
            continue
        named = line.last is not None and person.id in line.last.names
        if line.wanted.code == CREDENTIALS:
            said = "Somebody who ran this account leaves it: its passwords are to be changed, and that confirmed."
            bring_forward(line, work, said=said, on=last_day)
        elif line.wanted.code == CONTINUITY and named:
            said = "Somebody who administers this account leaves it: two administrators are to be named again."
            bring_forward(line, work, said=said, on=last_day)
