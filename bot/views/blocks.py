"""A block as people see it: privately in full, in a channel without handles or reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from bot.cards import Button, Card, Fact, Note, Quote, Tone
from bot.cases.appeal import overturned_on
from bot.cases.block import (
    Block,
    DecidedBlock,
    Decision,
    Done,
    Execution,
    GroundClaim,
    RequestedBlock,
    in_force_from,
    in_force_on,
    length_of,
    request_of,
)
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import ConfirmedRemoval, Incident, counts
from bot.clocks.calendar import short_date
from bot.people import Power, deciders
from bot.policy.book import BLOCKS_BY_PRACTICE
from bot.policy.pack import BlockGround
from bot.policy.terms import Action, Role
from bot.views import follow_ups
from bot.views.appeals import outcome_of, ways_to_appeal
from bot.views.documents import of_block
from bot.views.holds import notes_on
from bot.views.parts import (
    account_label,
    author_label,
    corrections,
    dates,
    next_date,
    notices,
    open_case,
    policy_label,
)
from bot.views.reinstatements import of_block as asked_back
from bot.views.tasks import all_task_buttons, my_task_buttons
from bot.views.waiting import notes as waiting_notes
from bot.work import Work


def status(block: Block, executions: Iterable[Execution], work: Work) -> str:
    """Where a block stands: asked, decided, in force from a day, lifted, reversed on appeal."""
    if not isinstance(block, DecidedBlock):
        return "waiting for the decision"
    said = _decided(block, tuple(executions), work)
    undone = overturned_on(work.shelves.appeals.against(block.ref))
    return f"{said}; reversed on appeal on {short_date(undone)}" if undone else said


def _decided(block: DecidedBlock, done: tuple[Execution, ...], work: Work) -> str:
    who = "the panel" if block.requested.votes else work.name(block.decided_by)
    by = f"{block.decision.value} by {who} on {short_date(block.decided_on)}"
    since = in_force_from(done)
    if block.decision is Decision.DENIED:
        return by
    if since is None:
        return f"{by}; not in force: no editor has confirmed it yet"
    if not in_force_on(done):
        return f"{by}; in force from {short_date(since)}, since lifted"
    return f"{by}; in force from {short_date(since)}"


def pushed(block: Block, work: Work) -> Card:
    """A block as a channel or a direct message shows it: no handle, no reason."""
    request = request_of(block)
    executions = work.shelves.blocks.executions(block.ref)
    grounds = [work.book.block_ground(claim.code, on=request.requested_on).label for claim in request.grounds]
    waiting = not isinstance(block, DecidedBlock)
    facts = [
        Fact(label="Status", value=status(block, executions, work)),
        Fact(label="Accounts", value=", ".join(account_label(account, work) for account in request.accounts)),
        Fact(
            label="Grounds",
            value="; ".join(grounds),
        ),
        *_step_facts(block, work),
        Fact(label="Handles", value=f"{len(request.authors)} (open to see)"),
        Fact(label="Asked by", value=_asked_by(block, work)),
        *next_date(work.shelves.clocks.of_case(block.ref)),
    ]
    notes = (*practice_notes(block, work), *(_decider_notes(block, work) if waiting else ()))
    title = f"Block {block.ref}"
    if waiting:
        title = f"Block to adopt or lift, {block.ref}" if request.made_early else f"Block request {block.ref}"
    return Card(
        title=title,
        facts=tuple(facts),
        notes=tuple(notes),
        buttons=(*all_task_buttons(block.ref, work), open_case(block.ref)),
    )


def asked_for_by(block: Block) -> UUID:
    """Who asked for a block."""
    return request_of(block).requested_by


def _asked_by(block: Block, work: Work) -> str:
    request = request_of(block)
    who = f"{work.name(request.requested_by)}, {short_date(request.requested_on)}"
    return f"{who}, on own motion" if request.own_motion else who


def _step_facts(block: Block, work: Work) -> tuple[Fact, ...]:
    """The step of the ladder that was chosen, and for how long."""
    step = work.step_of(block)
    if step is None:
        return ()
    length = length_of(block)
    return (
        Fact(label="Step of the ladder", value=step.label),
        *((Fact(label="For", value=length.said),) if length else (Fact(label="For", value="no end"),)),
    )


def practice_notes(block: Block, work: Work) -> tuple[Note, ...]:
    """That the policy has no rule for blocks, and whose practice it is, where that is so."""
    request = request_of(block)
    grounds = [work.book.block_ground(claim.code, on=request.requested_on) for claim in request.grounds]
    if all(ground.rule != BLOCKS_BY_PRACTICE for ground in grounds):
        return ()
    return (Note.of(work.book.cite(BLOCKS_BY_PRACTICE, on=request.requested_on)),)


def _decider_notes(block: Block, work: Work) -> tuple[Note, ...]:
    roles, under = deciders(Action.BLOCK, on=work.today, book=work.book, length=length_of(block))
    if under is None or not roles:
        return (Note(text="The policy names nobody who decides a block; “setup” can, as practice.", tone=Tone.MISSING),)
    return (Note.of(under),)


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What is asked for: whom it is about and where, on which grounds, what supports each and what is not on file."""

    facts: tuple[Fact, ...]
    quotes: tuple[Quote, ...]
    notes: tuple[Note, ...]


def asked_for(block: Block, work: Work, executions: tuple[Execution, ...] = ()) -> Asked:
    """What whoever decides a block has before them, on its card and on the page they decide on."""
    request = request_of(block)
    facts = [
        Fact(label="Handles", value=", ".join(author_label(author, work) for author in request.authors)),
        Fact(label="Accounts", value=", ".join(account_label(account, work) for account in request.accounts)),
        Fact(label="Asked by", value=_asked_by(block, work)),
        *(
            Fact(label="Already made by an editor", value=f"{account_label(made.account, work)}, {short_date(made.on)}")
            for made in request.made_early
        ),
        *_step_facts(block, work),
    ]
    quotes = [Quote(label="Why", text=request.reason)]
    notes = [*_about_the_step(block, work)]
    for claim in request.grounds:
        ground = work.book.block_ground(claim.code, on=request.requested_on)
        facts.append(Fact(label="Ground", value=ground.label))
        said, missing = _support(claim, ground, request, work)
        quotes += said
        notes += [Note.of(work.book.cite(ground.rule, on=request.requested_on)), *missing]
    notes += [*_on_file(block, work), *_reversed(block, executions, work), *_left_out(block, work)]
    return Asked(facts=tuple(facts), quotes=tuple(quotes), notes=tuple(notes))


def private(block: Block, work: Work) -> Card:
    """Everything on file about a block: each ground with what supports it and what is not on file."""
    request = request_of(block)
    executions = work.shelves.blocks.executions(block.ref)
    asked = asked_for(block, work, executions)
    facts = [Fact(label="Status", value=status(block, executions, work)), *asked.facts]
    notes = [*practice_notes(block, work), *asked.notes]
    quotes = [*asked.quotes]
    quotes += [
        Quote(
            label=f"{'For' if vote.said is Decision.APPROVED else 'Against'}: {work.title(vote.seat)}", text=vote.reason
        )
        for vote in request.votes
    ]
    facts += [
        Fact(
            label=f"Vote of the {work.title(vote.seat)}",
            value=f"{'for' if vote.said is Decision.APPROVED else 'against'}, {work.name(vote.by)}, "
            f"{short_date(vote.on)}",
        )
        for vote in request.votes
    ]
    if isinstance(block, DecidedBlock):
        facts += [
            Fact(label="Decided as", value=_titles(block.decided_as, work)),
            *(
                (Fact(label="Decided at the meeting of", value=short_date(block.met_on)),)
                if block.met_on is not None
                else ()
            ),
            Fact(label="Policy", value=policy_label(block.pack)),
        ]
        quotes.append(Quote(label="Reason of the decision", text=block.reason))
        notes += [Note.of(block.under)] if block.under else []
    else:
        notes += [*_decider_notes(block, work), *waiting_notes(block.ref, work)]
    facts += [
        Fact(
            label=f"{'Made' if done.done is Done.MADE else 'Lifted'} on {account_label(done.account, work)}",
            value=f"{short_date(done.done_on)}, confirmed by {work.name(done.confirmed_by)}",
        )
        for done in executions
    ]
    return Card(
        title=f"Block {block.ref}",
        facts=(*facts, *dates(block.ref, work)),
        quotes=(*quotes, *follow_ups.quotes(block.ref, work)),
        notes=(
            *notes,
            *follow_ups.notes(block.ref, work),
            *notices(block.ref, work),
            *corrections(block.ref, work),
            *outcome_of(block.ref, work),
            *asked_back(block.ref, work),
            *notes_on(block, work),
        ),
        documents=of_block(block, work),
        buttons=_buttons(block, executions, work),
    )


def reversed_since(block: Block, work: Work) -> tuple[Incident, ...]:
    """The removals a block rests on that were reversed on appeal: those it names, and its authors' when it was decided.

    Nothing follows by itself: whether the block stays is for whoever decides blocks.
    """
    request = request_of(block)
    found = []
    for one in work.shelves.incidents.of_authors(request.authors):
        removal = one.removal
        if not isinstance(removal, ConfirmedRemoval) or removal.overturned_on is None:
            continue
        had = isinstance(block, DecidedBlock) and removal.confirmed_at <= block.decided_at
        known = not isinstance(block, DecidedBlock) or removal.overturned_on >= block.decided_on
        if known and (had or one.ref in request.incidents):
            found.append(one)
    return tuple(found)


def _reversed(block: Block, executions: tuple[Execution, ...], work: Work) -> tuple[Note, ...]:
    if isinstance(block, DecidedBlock) and not in_force_on(executions):
        return ()
    return tuple(
        Note(
            text=f"{one.ref}, on which it rests, was reversed on appeal on {short_date(one.removal.overturned_on)}. "
            "Whether the block stays is for whoever decides blocks.",
            tone=Tone.WARNING,
        )
        for one in reversed_since(block, work)
        if isinstance(one.removal, ConfirmedRemoval) and one.removal.overturned_on
    )


def _titles(roles: str, work: Work) -> str:
    return ", ".join(work.title(Role(role)) for role in roles.split(", ") if role)


def _buttons(block: Block, executions: tuple[Execution, ...], work: Work) -> tuple[Button, ...]:
    buttons = list(my_task_buttons(block.ref, work))
    if work.may(Power.SEE_HISTORY):
        buttons += [
            Button(label=f"History of {author_label(author, work)}", intent="author.history", subject=str(author))
            for author in request_of(block).authors[:3]
        ]
    if executions:
        buttons += ways_to_appeal(block.ref, work)
    if in_force_on(executions) and work.may(Power.LOG_PAPER):
        back = "They ask to come back"
        buttons.append(Button(label=back, intent="reinstatement.log", subject=block.ref, opens_form=True))
    if executions and work.may(Power.CORRECT):
        buttons.append(Button(label="Correct a slip", intent="case.correct", subject=block.ref, opens_form=True))
    return tuple(buttons)


def _support(
    claim: GroundClaim, ground: BlockGround, request: RequestedBlock, work: Work
) -> tuple[list[Quote], list[Note]]:
    """What supports a ground, as it was written, and what is not on file.

    An offline incident is read by the Director and by whoever asked for the block; others see that it is on file.
    """
    answers = [
        ("support", "What supports it", claim.support),
        ("instruction", "The instruction that was refused", claim.instruction),
        ("offline_incident", "The offline incident", claim.offline_incident),
        ("good_contributions", "Other, appropriate contributions", claim.good_contributions),
        ("investigation", "The investigation", claim.investigation),
    ]
    quotes, notes = [], []
    for name, label, answer in answers:
        private_to = name == "offline_incident" and work.actor.id != request.requested_by
        if answer and private_to and not work.actor.has(Role.DIRECTOR, on=work.today):
            notes.append(Note(text=f"{label} is on file; the Director can read it."))
        elif answer:
            quotes.append(Quote(label=f"{ground.label}: {label.lower()}", text=answer))
        elif name == "support" or name in ground.weighs or (name == "investigation" and ground.investigation):
            notes.append(Note(text=f"“{ground.label}”: {label.lower()}.", tone=Tone.MISSING))
    if ground.action is not Action.BLOCK:
        notes.append(
            Note(text=f"“{ground.label}”: the policy's word for the step is “{ground.action.value.replace('_', ' ')}”.")
        )
    if ground.severe:
        notes.append(Note(text=f"“{ground.label}” is a ground for a severe case."))
    if not ground.listed and ground.rule != BLOCKS_BY_PRACTICE:
        notes.append(Note(text=f"“{ground.label}” is not listed in the policy.", tone=Tone.WARNING))
    if ground.caution:
        notes.append(Note(text=ground.caution, tone=Tone.WARNING))
    return quotes, notes


def _about_the_step(block: Block, work: Work) -> tuple[Note, ...]:
    """Why it is another step than the breaches lead to, and the rules of the step and of going past others."""
    chosen, step = request_of(block).step, work.step_of(block)
    if chosen is None or step is None:
        return ()
    day = request_of(block).requested_on
    notes = [Note.of(work.book.cite(step.rule, on=day))]
    if chosen.why:
        notes.append(Note(text=f"Another step than the breaches on file lead to: {chosen.why}", tone=Tone.WARNING))
    if chosen.bypass:
        notes.append(Note.of(work.book.cite(chosen.bypass, on=day)))
    return tuple(notes)


def _left_out(block: Block, work: Work) -> tuple[Note, ...]:
    """The accounts a block leaves out although the policy has it cover all of them."""
    request = request_of(block)
    pack = work.book.on(request.requested_on)
    known = (work.shelves.authors.get(author) for author in request.authors)
    platforms = {author.platform for author in known if author}
    left = [
        account.label
        for account in work.accounts
        if account.closed_on is None and account.platform in platforms and account.id not in request.accounts
    ]
    if pack.block_scope != "all" or not left:
        return ()
    said = f"The policy has a block cover all of the library's accounts; left out: {', '.join(left)}."
    return (Note(text=said, tone=Tone.WARNING),)


def _warned(refs: Iterable[str], work: Work) -> list[str]:
    warned = {one.case for one in work.shelves.papers.follow_ups_of(FollowUpKind.WARNED)}
    return [ref for ref in refs if ref in warned]


def _on_file(block: Block, work: Work) -> tuple[Note, ...]:
    """What is on file about the handles, for those who may see an author's history and whoever decides it."""
    if not (work.may(Power.SEE_HISTORY) or work.may(Power.DECIDE_BLOCK, length=length_of(block))):
        return ()
    request = request_of(block)
    grounds = [work.book.block_ground(claim.code, on=request.requested_on) for claim in request.grounds]
    items = work.shelves.incidents.of_authors(request.authors)
    removals = [incident for incident in items if counts(incident, work.book.on(incident.judged_on))]
    warned = _warned((one.ref for one in items if one.sustained), work)
    said: tuple[Note, ...] = ()
    if warned:
        said = (Note(text=f"The person was warned: {', '.join(warned)}."),)
    elif any(ground.warned for ground in grounds):
        said = (Note(text="A warning of the person.", tone=Tone.MISSING),)
    if not removals:
        return (Note(text="Any confirmed removal of an item by these handles.", tone=Tone.MISSING), *said)
    refs = ", ".join(incident.ref for incident in removals[:10])
    return (Note(text=f"On file: {removals_on_file(len(removals))} ({refs})."), *said)


def removals_on_file(number: int) -> str:
    """How many confirmed removals of an author's items stand, in words."""
    return f"{number} confirmed removal{'' if number == 1 else 's'} of items by these handles"
