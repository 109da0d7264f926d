"""The Director approves or denies a block, with a reason, at that moment and in person."""

from bot.cards import Field, FieldKind, Note, Page, Reply, Submission
from bot.cases.block import Block, DecidedBlock, Decision, RequestedBlock
from bot.cases.task import TaskKind
from bot.clocks.calendar import short_date
from bot.people import Power, deciders
from bot.policy.terms import Action, Channel, Role
from bot.reading import no_such
from bot.refusal import Refusal
from bot.views import cases
from bot.work import Work


def approve_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """One page: the reason."""
    block = _waiting(sent, work)
    adopt = bool(block.made_early)
    return (_page(block, work, title="Adopt the block" if adopt else "Approve the block", submit="Approve"),)


def deny_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """One page: the reason."""
    block = _waiting(sent, work)
    lift = bool(block.made_early)
    return (_page(block, work, title="Lift the block" if lift else "Deny the block", submit="Deny", mine=False),)


def _page(block: RequestedBlock, work: Work, *, title: str, submit: str, mine: bool = True) -> Page:
    notes = [Note.of(work.book.cite(work.pack.block_ground(claim.code).rule, on=work.today)) for claim in block.grounds]
    same = Field(
        name="mine",
        label="The request's reasons are mine",
        kind=FieldKind.YES_NO,
        hint=f"The request says: {block.reason}",
    )
    return Page(
        title=title,
        intro=f"{block.ref}, asked for by {work.name(block.requested_by)} on {short_date(block.requested_on)}.",
        fields=(
            *((same,) if mine else ()),
            Field(
                name="reason",
                label="Your reason",
                kind=FieldKind.LONG_TEXT,
                hint="One sentence is enough; none is needed if the request’s reasons are yours." if mine else "",
                required=not mine,
                max_length=3000,
            ),
        ),
        notes=tuple(notes),
        submit=submit,
    )


def approve(sent: Submission, work: Work) -> Reply:
    """Approve: each editor of each account is asked to make the block. Until one confirms, it is not in force."""
    decided = _decide(sent, work, Decision.APPROVED)
    early = {made.account for made in decided.requested.made_early}
    for account in decided.requested.accounts:
        work.ask_for(TaskKind.MAKE_BLOCK, case=decided.ref, role=Role.EDITOR, account=account, urgent=account in early)
    work.tell(Channel.SOCIAL_MEDIA, about=decided.ref, headline="Approved: editors are asked to make the block.")
    return _answer(decided, work)


def deny(sent: Submission, work: Work) -> Reply:
    """Deny: nothing is made, and what an editor had already made is to be lifted."""
    decided = _decide(sent, work, Decision.DENIED)
    for made in decided.requested.made_early:
        work.ask_for(TaskKind.LIFT_BLOCK, case=decided.ref, role=Role.EDITOR, account=made.account, urgent=True)
    if decided.requested.made_early:
        work.tell(Channel.SOCIAL_MEDIA, about=decided.ref, headline="Denied: the block already made is to be lifted.")
    return _answer(decided, work)


def _decide(sent: Submission, work: Work, decision: Decision) -> DecidedBlock:
    block = _waiting(sent, work)
    reason = sent.text("reason")
    if sent.yes("mine"):
        reason = "\n\n".join(part for part in (block.reason, reason) if part)
    roles, under = deciders(Action.BLOCK, on=work.today, book=work.book)
    decided = block.decide(
        decision,
        by=work.actor.id,
        role=office(roles, work),
        reason=reason,
        at=work.now,
        on=work.today,
        under=under,
        pack=work.pack.version,
    )
    kept = work.save(decided, before=block)
    work.end_tasks(kept.ref, TaskKind.DECIDE_BLOCK, TaskKind.ADOPT_OR_LIFT)
    headline = f"{decision.value.capitalize()} by {work.actor.name}."
    work.tell(Channel.DECISIONS, about=kept.ref, headline=headline)
    asked_by = work.person(kept.requested.requested_by)
    if asked_by.id != work.actor.id:
        work.tell_people([asked_by], about=kept.ref, headline=headline)
    return kept


def office(roles: frozenset[Role], work: Work) -> str:
    """The office somebody decides in; an acting Director is named as such."""
    held = work.actor.roles_on(work.today)
    if Role.ACTING_DIRECTOR in held:
        return Role.ACTING_DIRECTOR.value
    return ", ".join(sorted(role.value for role in roles & held))


def _waiting(sent: Submission, work: Work) -> RequestedBlock:
    """The request, for whoever may decide it; the winner's answer when it was decided meanwhile.

    :raises Refusal: the actor may not decide, or somebody has
    """
    work.require(Power.DECIDE_BLOCK)  # first, before anything about the case is said
    block: Block | None = work.shelves.blocks.by_ref(sent.subject.upper())
    if block is None:
        raise no_such(sent.subject)
    if isinstance(block, DecidedBlock):
        when = work.local(block.decided_at)
        who = "You" if block.decided_by == work.actor.id else work.name(block.decided_by)
        raise Refusal(f"{who} {block.decision.value} this on {when:%-d %B %Y at %H:%M}. It was decided once.")
    return block


def _answer(block: DecidedBlock, work: Work) -> Reply:
    said = "Approved. It is in force once an editor confirms." if block.decision is Decision.APPROVED else "Denied."
    return Reply(cards=cases.private(block.ref, work), headline=said, about=block.ref)
