"""A request to come back as people see it: privately in full, in a channel without the patron's name or words."""

from datetime import date
from uuid import UUID

from bot.cards import Button, Card, Document, Fact, Image, Note, Option, Quote, Row, Table, Tone
from bot.cases.appeal import FORMS, Answer, DecidedAppeal
from bot.cases.block import DecidedBlock, Decision, in_force_from, in_force_on, request_of
from bot.cases.clock import ClockState
from bot.cases.notice import Telling
from bot.cases.reinstatement import DecidedReinstatement, Reinstatement, RequestedReinstatement, requested
from bot.cases.task import TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.clocks.counting import add
from bot.people import Power, deciders
from bot.policy.terms import Action, ClockName, Role, Stance
from bot.views import follow_ups, waiting
from bot.views.documents import of_any
from bot.views.parts import (
    account_label,
    author_label,
    corrections,
    dates,
    fact,
    next_date,
    notices,
    open_case,
    policy_label,
    version_of,
)
from bot.views.tasks import all_task_buttons, my_task_buttons
from bot.work import Work

LISTED = 50
OFFERED = 90
"""How many blocks are offered to choose from; any other is named by its reference."""


# -- what is known of the block ------------------------------------------------------------------------------------


def opens_on(block: str, work: Work, *, asked_on: date | None = None) -> date | None:
    """The local day from which the person may ask to come back; ``None`` where the policy names none.

    After a refusal it is as much later as the policy has them wait before they ask again.

    :param asked_on: the day of the request it is asked for; a refusal after it does not make it wait
    """
    first = None
    for clock in work.shelves.clocks.of_case(block):
        if clock.name.partition(".")[0] == ClockName.REINSTATEMENT_FROM and clock.state is not ClockState.VOID:
            first = clock.due
            break
    again = asks_again_from(block, work, asked_on=asked_on)
    return max((day for day in (first, again) if day is not None), default=None)


def asks_again_from(block: str, work: Work, *, asked_on: date | None = None) -> date | None:
    """The day from which somebody who was refused may ask again; ``None`` where nobody was, or no wait is stated."""
    days = []
    for one in work.shelves.reinstatements.of_block(block):
        if not isinstance(one, DecidedReinstatement) or one.granted_on != ():
            continue
        wait = work.book.on(one.requested.writing.received_on).reinstatement.wait
        if wait and (asked_on is None or one.ruling.on <= asked_on):
            days.append(add(wait.n, wait.unit, one.ruling.on, work.calendar).day)
    return max(days, default=None)


def blocked_on(block: str, work: Work) -> tuple[UUID, ...]:
    """The accounts a block is in force on, or still to be made on, in the order they were asked for."""
    found = work.shelves.blocks.by_ref(block)
    if found is None or overturned_by(block, work):
        return ()
    in_force = in_force_on(work.shelves.blocks.executions(block))
    to_make = {
        task.account
        for task in work.shelves.tasks.of_case(block)
        if task.kind is TaskKind.MAKE_BLOCK and task.state is TaskState.OPEN
    }
    return tuple(account for account in request_of(found).accounts if account in in_force or account in to_make)


def overturned_by(block: str, work: Work) -> DecidedAppeal | None:
    """The appeal that overturned a block."""
    for appeal in work.shelves.appeals.against(block):
        if isinstance(appeal, DecidedAppeal) and appeal.answer is Answer.REVERSED:
            return appeal
    return None


def not_in_force(block: str, work: Work) -> str:
    """Why there is nothing to lift of a block, in a sentence; empty while it is in force somewhere."""
    found = work.shelves.blocks.by_ref(block)
    done = work.shelves.blocks.executions(block)
    why = ""
    if found is None:
        why = f"There is no block {block} here."
    elif appeal := overturned_by(block, work):
        why = f"{block} was overturned on {short_date(appeal.ruling.on)} ({appeal.ref}); nobody has to ask."
    elif not isinstance(found, DecidedBlock):
        why = f"{block} is not in force: it waits for a decision."
    elif not done and found.decision is Decision.DENIED:
        why = f"{block} was denied on {short_date(found.decided_on)}; it is not in force."
    elif not done:
        why = f"{block} is approved, but no editor has confirmed it; it is not in force."
    elif not in_force_on(done):
        why = f"{block} was lifted on {short_date(max(one.done_on for one in done))}; it is not in force any more."
    return why


def silence(work: Work) -> str:
    """What the policy leaves unsaid about coming back; empty where it names the day from which it can be asked."""
    rules = [rule for rule in work.pack.clocks if rule.clock is ClockName.REINSTATEMENT_FROM]
    if any(rule.stance is Stance.STATED for rule in rules):
        return ""
    return next((rule.why for rule in rules), work.pack.reinstatement.why)


def blocks_in_force(work: Work) -> tuple[Option, ...]:
    """The blocks in force to choose from, newest first, for somebody who may see whom they are about."""
    if not work.may(Power.SEE_HISTORY):
        return ()
    found = []
    for block in work.shelves.blocks.recent(OFFERED * 10):
        if not_in_force(block.ref, work):
            continue
        since = in_force_from(work.shelves.blocks.executions(block.ref))
        who = ", ".join(author_label(author, work) for author in request_of(block).authors)
        found.append(Option(value=block.ref, label=f"{block.ref}: {who}, since {short_date(since) if since else ''}"))
    return tuple(found[:OFFERED])


# -- where a request stands ----------------------------------------------------------------------------------------


def eligible_on(request: Reinstatement, work: Work) -> date | None:
    """The day from which it may be asked, as it is counted now; of an answered request, as it was counted then."""
    asked = requested(request)
    if isinstance(request, DecidedReinstatement) or not asked.block or not_in_force(asked.block, work):
        return asked.eligible_on
    return opens_on(asked.block, work, asked_on=asked.writing.received_on)


def waits_for_its_day(request: Reinstatement, work: Work) -> date | None:
    """The day a request comes back on, while that day lies ahead and there is a block to come back from."""
    if isinstance(request, DecidedReinstatement) or not request.block or not_in_force(request.block, work):
        return None
    day = opens_on(request.block, work, asked_on=request.writing.received_on)
    return day if day is not None and day > work.today else None


def status(request: Reinstatement, work: Work) -> str:
    """Where a request stands: waiting, kept for its day, or answered, and whether the answer was sent."""
    if isinstance(request, DecidedReinstatement):
        said = f"{outcome(request, work)}, by {work.name(request.ruling.by)} on {short_date(request.ruling.on)}"
        sent = answer_sent_on(request, work)
        return f"{said}; answer sent on {short_date(sent)}" if sent else f"{said}; the answer has not been sent yet"
    if not request.block:
        return "waiting: nobody has said yet which block it is about"
    if day := waits_for_its_day(request, work):
        return f"came before its day: kept, and comes back on {short_date(day)}"
    return "waiting for an answer"


def outcome(request: DecidedReinstatement, work: Work) -> str:
    """How a request was answered."""
    if request.granted_on is None:
        return "there is no block to lift"
    if not request.granted_on:
        return "declined"
    return f"granted on {', '.join(account_label(account, work) for account in request.granted_on)}"


def answer_sent_on(request: DecidedReinstatement, work: Work) -> date | None:
    """The local day the answer was sent, with this request or with another one it was answered together with."""
    block = request.requested.block
    together = work.shelves.reinstatements.of_block(block) if block else (request,)
    sent = [
        notice.on
        for one in together
        if isinstance(one, DecidedReinstatement) and one.ruling == request.ruling
        for notice in work.shelves.papers.notices(one.ref)
        if notice.telling is Telling.TOLD and notice.at >= request.ruling.at
    ]
    return min(sent, default=None)


def together_with(request: Reinstatement, work: Work) -> tuple[str, ...]:
    """Other requests about the same block that are, or were, answered with this one."""
    block = requested(request).block
    same = [one for one in work.shelves.reinstatements.of_block(block) if one.id != request.id] if block else []
    if isinstance(request, RequestedReinstatement):
        return tuple(one.ref for one in same if isinstance(one, RequestedReinstatement))
    return tuple(one.ref for one in same if isinstance(one, DecidedReinstatement) and one.ruling == request.ruling)


# -- cards ---------------------------------------------------------------------------------------------------------


def pushed(request: Reinstatement, work: Work) -> Card:
    """A request as a channel or a direct message shows it: nothing of the patron, no words, no reason."""
    asked = requested(request)
    return Card(
        title=f"Request to come back {request.ref}",
        facts=(
            *_standing(request, work),
            Fact(label="Came in", value=short_date(asked.writing.received_on)),
            *next_date(work.shelves.clocks.of_case(request.ref)),
        ),
        notes=_nobody_decides(request, work),
        buttons=(*all_task_buttons(request.ref, work), open_case(request.ref)),
    )


def private(request: Reinstatement, work: Work) -> Card:
    """Everything on file about a request, for somebody who may open it."""
    asked = requested(request)
    paper = asked.writing
    quotes = [Quote(label="What the patron wrote", text=paper.words)] if paper.words else []
    if isinstance(request, DecidedReinstatement):
        quotes += [Quote(label="Conditions", text=request.conditions)] if request.conditions else []
        quotes.append(Quote(label="Reasons of the answer", text=request.reason))
    return Card(
        title=f"Request to come back {request.ref}",
        facts=(
            *_standing(request, work),
            Fact(label="Came in", value=f"{short_date(paper.received_on)} ({FORMS[paper.form]})"),
            *fact("Sent on", short_date(paper.sent_on) if paper.sent_on else ""),
            *fact("From", paper.sender),
            Fact(label="Put on file by", value=work.name(asked.logged_by)),
            *fact("Matched by", work.name(asked.matched_by) if asked.matched_by else ""),
            *_decision(request, work),
            *dates(request.ref, work),
        ),
        quotes=tuple(quotes),
        notes=(
            *_what_to_know(request, work),
            *follow_ups.notes(request.ref, work),
            *notices(request.ref, work),
            *corrections(request.ref, work),
        ),
        images=tuple(
            Image(case=request.ref, sha256=scan.sha256, alt=f"What the patron wrote: {scan.name}")
            for scan in paper.scans
        ),
        documents=(*_letter(request, work), *of_any(request.ref, work)),
        buttons=_buttons(request, work),
    )


def _standing(request: Reinstatement, work: Work) -> tuple[Fact, ...]:
    """Where it stands, which block it is about, and from which day it may be asked."""
    asked = requested(request)
    since = in_force_from(work.shelves.blocks.executions(asked.block)) if asked.block else None
    about = f"{asked.block}: block in force from {short_date(since)}" if since else asked.block
    day = eligible_on(request, work)
    return (
        Fact(label="Status", value=status(request, work)),
        *fact("About", about),
        *fact("May be asked from", short_date(day) if day else ""),
        *fact("Also an appeal", asked.appeal),
        *fact("Together with", ", ".join(together_with(request, work))),
    )


def _decision(request: Reinstatement, work: Work) -> list[Fact]:
    if not isinstance(request, DecidedReinstatement):
        return []
    titles = ", ".join(work.title(Role(role)) for role in request.ruling.role.split(", ") if role)
    return [Fact(label="Decided as", value=titles), Fact(label="Policy", value=policy_label(request.ruling.pack))]


def _what_to_know(request: Reinstatement, work: Work) -> list[Note]:
    """Where the policy stands on coming back and what it leaves silent; what the block's own file says."""
    asked = requested(request)
    day = asked.writing.received_on
    rule = work.book.on(day).reinstatement
    notes = [Note.of(work.book.cite(rule.rule, on=day))] if rule.stance is Stance.STATED else []
    if unsaid := silence(work):
        notes.append(Note(text=f"From which day it can be asked: {unsaid}.", tone=Tone.MISSING))
    if isinstance(request, DecidedReinstatement):
        return [*notes, *([Note.of(request.ruling.under)] if request.ruling.under else [])]
    if asked.block and (why := not_in_force(asked.block, work)):
        notes.append(Note(text=f"{why} There is nothing to lift; the answer tells them so.", tone=Tone.WARNING))
    elif request.early or waits_for_its_day(request, work):
        early = "It came before its day. It is kept: nobody has to write again, and nothing is lifted by itself."
        notes.append(Note(text=early, tone=Tone.WARNING))
    notes += _asked_before(request, work)
    return [*notes, *_nobody_decides(request, work), *waiting.notes(request.ref, work)]


def _asked_before(request: Reinstatement, work: Work) -> list[Note]:
    """That the same person was answered before, and what the policy says of asking again, if it does."""
    asked = requested(request)
    before = [
        one
        for one in (work.shelves.reinstatements.of_block(asked.block) if asked.block else ())
        if isinstance(one, DecidedReinstatement) and one.granted_on is not None
    ]
    if not before:
        return []
    last = before[-1]
    said = f"{last.ref} about the same block was answered on {short_date(last.ruling.on)}: {outcome(last, work)}."
    rule = work.book.on(asked.writing.received_on).reinstatement
    once = rule.repeats is False
    again = " The policy lets nobody ask twice; it is kept, and a person decides." if once else ""
    return [Note(text=f"{said}{again}", tone=Tone.WARNING if once else Tone.INFO)]


def _nobody_decides(request: Reinstatement, work: Work) -> tuple[Note, ...]:
    if isinstance(request, DecidedReinstatement):
        return ()
    roles, under = deciders(Action.REINSTATE, on=work.today, book=work.book)
    if roles and under:
        return (Note.of(under),)
    why = work.pack.decider(Action.REINSTATE).why
    return (Note(text=f"Who answers it: {why}. “setup” can name somebody, as practice.", tone=Tone.MISSING),)


def _letter(request: Reinstatement, work: Work) -> tuple[Document, ...]:
    something_to_tell = isinstance(request, DecidedReinstatement) or request.early
    if not (something_to_tell and work.may(Power.SEND_NOTICE)):
        return ()
    return (Document(case=request.ref, name="letter.pdf", label="Letter as PDF"),)


def _buttons(request: Reinstatement, work: Work) -> tuple[Button, ...]:
    buttons = list(my_task_buttons(request.ref, work))
    asked = requested(request)
    if asked.block:
        buttons.append(Button(label=f"Open {asked.block}", intent="case.show", subject=asked.block))
    if asked.appeal.startswith("A-"):
        buttons.append(Button(label=f"Open {asked.appeal}", intent="case.show", subject=asked.appeal))
    if isinstance(request, RequestedReinstatement):
        offered = {button.intent for button in buttons}
        if "reinstatement.match" not in offered and work.may(Power.LOG_PAPER):
            label = "It is about another block" if asked.block else "Say what it is about"
            buttons.append(_opens(label, "reinstatement.match", request, work))
        law = asked.writing.received_on
        if "reinstatement.decide" not in offered and work.may(Power.DECIDE_REINSTATEMENT, law=law):
            label = "Answer it" if asked.block else "There is no block to lift"
            buttons.append(_opens(label, "reinstatement.decide", request, work))
    return tuple(buttons)


def _opens(label: str, intent: str, request: RequestedReinstatement, work: Work) -> Button:
    version = version_of(request.ref, work)
    return Button(label=label, intent=intent, subject=request.ref, version=version, opens_form=True)


def listed(work: Work) -> Card:
    """The requests somebody may open, newest first."""
    may_read = work.may(Power.SEE_APPEALS) or work.may(Power.DECIDE_REINSTATEMENT)
    known = [
        one
        for one in work.shelves.reinstatements.recent(LISTED)
        if may_read or requested(one).logged_by == work.actor.id
    ]
    put = Button(label="Put a request on file", intent="reinstatement.log", opens_form=True)
    if not known:
        return Card(title="No requests to come back", body="None that you may open is on file.", buttons=(put,))
    rows = tuple(
        Row(
            cells=(one.ref, short_date(requested(one).writing.received_on), status(one, work)),
            buttons=(open_case(one.ref),),
        )
        for one in known
    )
    table = Table(columns=("Request", "Came in", "Status"), rows=rows)
    return Card(title="Requests to come back", table=table, buttons=(put,))


def of_block(block: str, work: Work) -> tuple[Note, ...]:
    """What the card of a block says about the requests to come back from it."""
    return tuple(
        Note(text=f"{one.ref} asks to come back: {status(one, work)}.", tone=_tone(one))
        for one in work.shelves.reinstatements.of_block(block)
    )


def _tone(request: Reinstatement) -> Tone:
    return Tone.WARNING if isinstance(request, RequestedReinstatement) else Tone.INFO
