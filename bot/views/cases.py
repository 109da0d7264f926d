"""A case as people see it: privately in full, in a channel without anything personal."""

from collections.abc import Iterable
from uuid import UUID

from bot.cards import Button, Card, Fact, Image, Note, Quote, Style, Tone
from bot.cases.account import Author
from bot.cases.block import Block, DecidedBlock, Decision, Done, Execution, in_force_from, in_force_on, request_of
from bot.cases.clock import Clock, ClockState
from bot.cases.incident import ACTIONS, EVENTS, OUTCOMES, AskedRemoval, ConfirmedRemoval, Incident, Outcome
from bot.cases.notice import Notice, Telling
from bot.cases.task import ASKED, Task, TaskKind, TaskState
from bot.clocks.arithmetic import due_dates
from bot.clocks.calendar import short_date
from bot.people import Power, deciders
from bot.policy.terms import Action, ClockKind, Track
from bot.refusal import Refusal
from bot.views.fields import TRACKS
from bot.work import Work, no_such

CLOCKS: dict[str, str] = {
    "appeal_by": "Appeal possible until",
    "decide_appeal_by": "Answer the appeal by",
    "reinstatement_from": "May ask to come back from",
    "retain_through": "Record kept at least through",
    "reply_by": "Reply by",
    "decide_reinstatement_by": "Answer the request by",
    "restore_content_from": "Restore the content from",
    "restore_content_by": "Restore the content by",
}
"""What people read for each clock."""


def clock_label(name: str) -> str:
    """What people read for a clock, with its level; a task by what it asks."""
    if name.startswith("task."):
        return ASKED[TaskKind(name.removeprefix("task."))]
    base, _, level = name.partition(".")
    return f"{CLOCKS[base]} ({level})" if level else CLOCKS[base]


def version_of(ref: str, work: Work) -> int:
    """The version a case stands at; 0 for what is no case."""
    if ref.startswith("I-"):
        incident = work.shelves.incidents.by_ref(ref)
        return incident.version if incident else 0
    if ref.startswith("B-"):
        block = work.shelves.blocks.by_ref(ref)
        return block.version if block else 0
    return 0


def private(ref: str, work: Work) -> tuple[Card, ...]:
    """Everything on file about a case, for somebody who may open it.

    :raises Refusal: they may not
    :raises Mistake: there is no such case
    """
    if ref.startswith("I-"):
        return (_incident(work.incident(ref), work),)
    if ref.startswith("B-"):
        return (_block(work.block(ref), work),)
    raise no_such(ref)


def pushed(ref: str, work: Work) -> Card:
    """A case as a channel or a direct message shows it: nothing of the author, the content or the reason.

    :raises Mistake: there is no such case
    """
    if ref.startswith("I-") and (incident := work.shelves.incidents.by_ref(ref)):
        return _incident_pushed(incident, work)
    if ref.startswith("B-") and (block := work.shelves.blocks.by_ref(ref)):
        return _block_pushed(block, work)
    raise no_such(ref)


# -- reports ---------------------------------------------------------------------------------------------------------


def status(incident: Incident) -> str:
    """Where a report stands, in a few words."""
    match incident.removal:
        case ConfirmedRemoval(overturned_on=day) if day is not None:
            return f"{OUTCOMES[incident.outcome]}, overturned on {short_date(day)}"
        case ConfirmedRemoval(done_on=day):
            return f"{OUTCOMES[incident.outcome]} on {short_date(day)}"
        case AskedRemoval(said_done_on=None):
            return f"asked: {OUTCOMES[incident.outcome]}; an editor has yet to do it"
        case AskedRemoval():
            return f"said to be {OUTCOMES[incident.outcome]}; an editor has yet to confirm"
        case None if incident.outcome is Outcome.PLEASE_LOOK and incident.claimed_by:
            return "somebody is looking at it"
        case None:
            return OUTCOMES[incident.outcome]


def _incident_pushed(incident: Incident, work: Work) -> Card:
    walled = incident.track in {Track.CHILD_SAFETY, Track.STAFF_CONDUCT, Track.TRUSTEE_CONDUCT}
    facts = [Fact(label="What", value=TRACKS[incident.track][0])]
    if not walled:
        facts += [
            Fact(label="Account", value=_account(incident.account, work)),
            *_fact("Under our post", incident.host_post.title),
            Fact(label="Status", value=status(incident)),
            *_fact("Rule", _clause_labels(incident, work)),
            *_next_date(work.shelves.clocks.of_case(incident.ref)),
        ]
    return Card(
        title=f"Report {incident.ref}",
        facts=tuple(facts),
        buttons=(_open(incident.ref), *(() if walled else _task_buttons(incident.ref, work))),
    )


def _incident(incident: Incident, work: Work) -> Card:
    facts = [
        Fact(label="What", value=TRACKS[incident.track][0]),
        Fact(label="Status", value=status(incident)),
        Fact(label="Account", value=_account(incident.account, work)),
        *_fact("Under our post", incident.host_post.title),
        *_fact("Posted on", short_date(incident.posted_on) if incident.posted_on else ""),
        *_fact("Author", _author_label(incident.author, work)),
        Fact(label="Reported by", value=f"{_reporter(incident, work)}, {short_date(incident.reported_on)}"),
        *_fact("Looking at it", work.name(incident.claimed_by) if incident.claimed_by else ""),
    ]
    quotes = []
    if incident.link:
        quotes.append(Quote(label="Link", text=incident.link))
    if incident.host_post.link:
        quotes.append(Quote(label="Link of our post", text=incident.host_post.link))
    if incident.text:
        quotes.append(Quote(label="What was posted", text=incident.text))
    notes: list[Note] = []
    if incident.words:
        quotes.append(Quote(label="What the reporter added", text=incident.words))
    quotes += [
        Quote(label=f"Reported again by {work.name(again.by)}", text=again.words or "no words added")
        for again in incident.joined
    ]
    if incident.removal:
        asked = incident.removal.asked if isinstance(incident.removal, ConfirmedRemoval) else incident.removal
        facts += [
            Fact(label="Reason", value=asked.reason.sentence),
            *_fact("Which part", asked.part),
            *_fact("No copy because", incident.copy_impossible),
        ]
        if isinstance(incident.removal, ConfirmedRemoval):
            facts.append(Fact(label="Confirmed by", value=work.name(incident.removal.confirmed_by)))
        notes += _clause_notes(incident, work)
    facts += _dates(incident.ref, work)
    notes += _silences(incident, work)
    notes += _notices(incident.ref, work)
    notes += _corrections(incident.ref, work)
    return Card(
        title=f"Report {incident.ref}",
        facts=tuple(facts),
        quotes=tuple(quotes),
        notes=tuple(notes),
        images=tuple(
            Image(case=incident.ref, sha256=kept.sha256, alt=f"Retained copy: {kept.name}")
            for kept in incident.evidence
        ),
        buttons=_incident_buttons(incident, work),
    )


def _incident_buttons(incident: Incident, work: Work) -> tuple[Button, ...]:
    buttons = list(_task_buttons(incident.ref, work))
    if incident.author:
        buttons.append(Button(label="Author's history", intent="author.history", subject=str(incident.author)))
        if incident.sustained and work.may(Power.REQUEST_BLOCK):
            buttons.append(
                Button(label="Ask for a block", intent="block.request", subject=incident.ref, opens_form=True)
            )
    if incident.closed_on is None and not incident.outcome.removes and work.may(Power.CORRECT):
        buttons.append(
            Button(label="Close: it stays up", intent="incident.close", subject=incident.ref, version=incident.version)
        )
    if work.may(Power.CORRECT):
        buttons.append(Button(label="Correct a slip", intent="case.correct", subject=incident.ref, opens_form=True))
    return tuple(buttons)


def _task_buttons(ref: str, work: Work) -> tuple[Button, ...]:
    return tuple(
        button
        for task in work.shelves.tasks.of_case(ref)
        if task.state is TaskState.OPEN
        for button in task_buttons(task, work)
    )


def task_buttons(task: Task, work: Work) -> tuple[Button, ...]:
    """What can be pressed to do a task. Who may is checked at the press."""
    subject = str(task.id)
    several = task.account is not None and task.kind in {TaskKind.MAKE_BLOCK, TaskKind.LIFT_BLOCK}
    where = f" on {_account(task.account, work)}" if several else ""
    match task.kind:
        case TaskKind.LOOK:
            return (
                Button(
                    label="I'll look", intent="incident.claim", subject=task.case, version=version_of(task.case, work)
                ),
                Button(label="Say what was done", intent="incident.settle", subject=task.case, opens_form=True),
            )
        case TaskKind.CONFIRM_REMOVAL:
            return (
                Button(
                    label="Done today", intent="incident.done_today", subject=subject, version=1, style=Style.PRIMARY
                ),
                Button(label="Done earlier", intent="incident.done_earlier", subject=subject, opens_form=True),
                Button(label="Something else", intent="incident.settle", subject=task.case, opens_form=True),
            )
        case TaskKind.MAKE_BLOCK | TaskKind.LIFT_BLOCK:
            return (
                Button(
                    label=f"Done today{where}",
                    intent="block.done_today",
                    subject=subject,
                    version=1,
                    style=Style.PRIMARY,
                ),
                Button(label=f"Done earlier{where}", intent="block.done_earlier", subject=subject, opens_form=True),
            )
        case TaskKind.DECIDE_BLOCK | TaskKind.ADOPT_OR_LIFT:
            return decision_buttons(task.case, work, adopt=task.kind is TaskKind.ADOPT_OR_LIFT)
        case TaskKind.SEND_NOTICE:
            return (
                Button(label="Tell the person, or not", intent="notice.settle", subject=task.case, opens_form=True),
            )
        case TaskKind.ANSWER:
            return (
                Button(
                    label="Answered: close it",
                    intent="incident.close",
                    subject=task.case,
                    version=version_of(task.case, work),
                ),
            )


def decision_buttons(ref: str, work: Work, *, adopt: bool) -> tuple[Button, ...]:
    """Approve and deny; for a block an editor had already made, adopt and lift."""
    version = version_of(ref, work)
    yes, no = ("Adopt the block", "Lift the block") if adopt else ("Approve", "Deny")
    return (
        Button(label=yes, intent="block.approve", subject=ref, version=version, style=Style.DANGER, opens_form=True),
        Button(label=no, intent="block.deny", subject=ref, version=version, opens_form=True),
    )


# -- blocks ----------------------------------------------------------------------------------------------------------


def block_status(block: Block, executions: Iterable[Execution], work: Work) -> str:
    """Where a block stands: asked, decided, in force from a day, lifted."""
    if not isinstance(block, DecidedBlock):
        return "waiting for the decision"
    done = tuple(executions)
    by = f"{block.decision.value} by {work.name(block.decided_by)} on {short_date(block.decided_on)}"
    since = in_force_from(done)
    if block.decision is Decision.DENIED:
        return by
    if since is None:
        return f"{by}; not in force: no editor has confirmed it yet"
    if not in_force_on(done):
        return f"{by}; in force from {short_date(since)}, since lifted"
    return f"{by}; in force from {short_date(since)}"


def _block_pushed(block: Block, work: Work) -> Card:
    request = request_of(block)
    executions = work.shelves.blocks.executions(block.ref)
    pack = work.book.on(request.requested_on)
    waiting = not isinstance(block, DecidedBlock)
    facts = [
        Fact(label="Status", value=block_status(block, executions, work)),
        Fact(label="Accounts", value=", ".join(_account(account, work) for account in request.accounts)),
        Fact(label="Grounds", value="; ".join(pack.block_ground(claim.code).label for claim in request.grounds)),
        Fact(label="Handles", value=f"{len(request.authors)} (open to see)"),
        Fact(label="Asked by", value=_asked_by(block, work)),
        *_next_date(work.shelves.clocks.of_case(block.ref)),
    ]
    notes = _decider_notes(work) if waiting else ()
    title = f"Block {block.ref}"
    if waiting:
        title = f"Block to adopt or lift, {block.ref}" if request.made_early else f"Block request {block.ref}"
    return Card(
        title=title, facts=tuple(facts), notes=tuple(notes), buttons=(*_task_buttons(block.ref, work), _open(block.ref))
    )


def asked_for_by(block: Block) -> UUID:
    """Who asked for a block."""
    return request_of(block).requested_by


def _asked_by(block: Block, work: Work) -> str:
    request = request_of(block)
    who = f"{work.name(request.requested_by)}, {short_date(request.requested_on)}"
    return f"{who}, on own motion" if request.own_motion else who


def _decider_notes(work: Work) -> tuple[Note, ...]:
    roles, under = deciders(Action.BLOCK, on=work.today, book=work.book)
    if under is None or not roles:
        return (Note(text="The policy names nobody who decides a block; `setup` can, as practice.", tone=Tone.MISSING),)
    return (Note.of(under),)


def _block(block: Block, work: Work) -> Card:
    request = request_of(block)
    executions = work.shelves.blocks.executions(block.ref)
    pack = work.book.on(request.requested_on)
    facts = [
        Fact(label="Status", value=block_status(block, executions, work)),
        Fact(label="Handles", value=", ".join(_author_label(author, work) for author in request.authors)),
        Fact(label="Accounts", value=", ".join(_account(account, work) for account in request.accounts)),
        Fact(label="Asked by", value=_asked_by(block, work)),
    ]
    facts += [
        Fact(label="Already made by an editor", value=f"{_account(made.account, work)}, {short_date(made.on)}")
        for made in request.made_early
    ]
    quotes = [Quote(label="Why", text=request.reason)]
    notes: list[Note] = []
    for claim in request.grounds:
        ground = pack.block_ground(claim.code)
        supported = claim.support or "nothing was written"
        quotes.append(Quote(label=f"Ground: {ground.label}", text=supported))
        notes.append(Note.of(work.book.cite(ground.rule, on=request.requested_on)))
        for weighed, (label, answer) in _weighed(claim).items():
            if weighed in ground.weighs or answer:
                if answer:
                    quotes.append(Quote(label=label, text=answer))
                else:
                    notes.append(Note(text=f"Not on file for “{ground.label}”: {label.lower()}.", tone=Tone.MISSING))
        if not ground.listed:
            notes.append(Note(text=f"“{ground.label}” is not listed in the policy.", tone=Tone.WARNING))
    notes += _on_file(request.authors, work)
    if isinstance(block, DecidedBlock):
        facts.append(Fact(label="Decided as", value=block.decided_as))
        facts.append(Fact(label="Policy", value=block.pack))
        quotes.append(Quote(label="Reason of the decision", text=block.reason))
        if block.under:
            notes.append(Note.of(block.under))
    else:
        notes += _decider_notes(work)
    facts += [
        Fact(
            label=f"{'Made' if done.done is Done.MADE else 'Lifted'} on {_account(done.account, work)}",
            value=f"{short_date(done.done_on)}, confirmed by {work.name(done.confirmed_by)}",
        )
        for done in executions
    ]
    facts += _dates(block.ref, work)
    notes += _notices(block.ref, work)
    notes += _corrections(block.ref, work)
    buttons = list(_task_buttons(block.ref, work))
    buttons += [
        Button(label=f"History of {_author_label(author, work)}", intent="author.history", subject=str(author))
        for author in request.authors[:3]
    ]
    if executions and work.may(Power.CORRECT):
        buttons.append(Button(label="Correct a slip", intent="case.correct", subject=block.ref, opens_form=True))
    return Card(
        title=f"Block {block.ref}", facts=tuple(facts), quotes=tuple(quotes), notes=tuple(notes), buttons=tuple(buttons)
    )


def _weighed(claim: object) -> dict[str, tuple[str, str]]:
    names = {
        "instruction": "The instruction that was refused (who, when, how)",
        "offline_incident": "The offline incident, and who had asked to stop",
        "good_contributions": "Other, appropriate contributions by the author",
        "investigation": "The investigation: who looked at what, and found what",
    }
    return {name: (label, getattr(claim, name)) for name, label in names.items()}


def _on_file(authors: Iterable[UUID], work: Work) -> tuple[Note, ...]:
    removals = [incident for incident in work.shelves.incidents.of_authors(tuple(authors)) if incident.sustained]
    if not removals:
        return (Note(text="Not on file: any confirmed removal of an item by these handles.", tone=Tone.MISSING),)
    refs = ", ".join(incident.ref for incident in removals[:10])
    return (Note(text=f"On file: {len(removals)} confirmed removals of items by these handles ({refs})."),)


# -- what reports and blocks share -----------------------------------------------------------------------------------


def _open(ref: str) -> Button:
    return Button(label="Open", intent="case.show", subject=ref)


def _fact(label: str, value: str) -> tuple[Fact, ...]:
    return (Fact(label=label, value=value),) if value else ()


def _account(account: UUID | None, work: Work) -> str:
    if account is None:
        return "not one of ours"
    return next((known.label for known in work.accounts if known.id == account), "an account no longer on file")


def author_of(author: UUID | None, work: Work) -> Author | None:
    """An author on file."""
    return work.shelves.authors.get(author) if author else None


def _author_label(author: UUID | None, work: Work) -> str:
    known = author_of(author, work)
    return known.label if known else ""


def _reporter(incident: Incident, work: Work) -> str:
    """Who reported it; hidden on reports about the Director, from everybody but the reporter."""
    if incident.about_director and work.actor.id != incident.reported_by:
        return "hidden"
    return work.name(incident.reported_by)


def _clauses(incident: Incident) -> tuple[str, ...]:
    match incident.removal:
        case ConfirmedRemoval(asked=asked):
            return asked.reason.clauses
        case AskedRemoval(reason=reason):
            return reason.clauses
        case None:
            return ()


def _clause_labels(incident: Incident, work: Work) -> str:
    pack = work.book.on(incident.posted_on or incident.reported_on)
    return "; ".join(pack.ground(code).label for code in _clauses(incident))


def _clause_notes(incident: Incident, work: Work) -> list[Note]:
    day = incident.posted_on or incident.reported_on
    pack = work.book.on(day)
    notes = []
    for code in _clauses(incident):
        ground = pack.ground(code)
        notes.append(Note.of(work.book.cite(ground.rule, on=day)))
        if ground.caution:
            notes.append(Note(text=ground.caution, tone=Tone.WARNING))
    return notes


def _dates(ref: str, work: Work) -> list[Fact]:
    facts = []
    for clock in sorted(work.shelves.clocks.of_case(ref), key=lambda clock: clock.due):
        if clock.kind is ClockKind.TASK or clock.state is ClockState.VOID:
            continue
        assumed = f" ({'; '.join(clock.assumed)})" if clock.assumed else ""
        said = {ClockState.PASSED: ", passed", ClockState.OPENED: ", reached", ClockState.RUN: ", reached"}
        facts.append(
            Fact(label=clock_label(clock.name), value=f"{short_date(clock.due)}{said.get(clock.state, '')}{assumed}")
        )
    return facts


def _next_date(clocks: Iterable[Clock]) -> tuple[Fact, ...]:
    running = sorted((clock for clock in clocks if clock.state is ClockState.RUNNING), key=lambda clock: clock.due)
    if not running:
        return ()
    return (Fact(label=clock_label(running[0].name), value=short_date(running[0].due)),)


def _silences(incident: Incident, work: Work) -> list[Note]:
    """What the policy leaves silent about this removal, in words."""
    if not isinstance(incident.removal, ConfirmedRemoval):
        return []
    done_on = incident.removal.done_on
    _, silences = due_dates(EVENTS[incident.outcome], on=done_on, pack=work.book.on(done_on), calendar=work.calendar)
    return [
        Note(text=f"{clock_label(silence.clock)}: the policy gives no date. {silence.why}", tone=Tone.MISSING)
        for silence in silences
    ]


def _notices(ref: str, work: Work) -> list[Note]:
    return [Note(text=notice_line(notice, work)) for notice in work.shelves.papers.notices(ref)]


def notice_line(notice: Notice, work: Work) -> str:
    """One notice, or the decision not to tell, in one line."""
    who = "library practice" if notice.by_practice else work.name(notice.by)
    if notice.telling is Telling.NOT_TOLD:
        return f"The person was not told, decided by {who} on {short_date(notice.on)}. {notice.reason}".strip()
    return f"The person was told on {short_date(notice.on)} ({notice.how}), recorded by {work.name(notice.by)}."


def _corrections(ref: str, work: Work) -> list[Note]:
    return [
        Note(
            text=f"Corrected by {work.name(done.by)}: {done.detail} was {done.before or 'empty'}, "
            f"is {done.after or 'empty'}. {done.reason}"
        )
        for done in work.shelves.papers.corrections(ref)
    ]


def act_of(incident: Incident) -> Action:
    """Which act of the library a removal is.

    :raises Refusal: nothing was taken down
    """
    if incident.outcome not in ACTIONS:
        raise Refusal(f"Nothing of {incident.ref} was taken down.")
    return ACTIONS[incident.outcome]
