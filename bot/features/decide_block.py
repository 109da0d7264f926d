"""Whoever the policy names approves or denies a block, with a reason, at that moment and in person.

Who that is may hang on how long it is to last. Of a panel each member votes, and the vote that settles it decides.
"""

from dataclasses import replace
from datetime import date

from bot.cards import Field, FieldKind, Note, Page, Reply, Submission
from bot.cases.block import Block, DecidedBlock, Decision, RequestedBlock, Vote, length_of
from bot.cases.task import Task, TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features.rulings import office
from bot.people import Power, deciders
from bot.policy.pack import Decider
from bot.policy.terms import Action, Channel, Role
from bot.reading import no_such
from bot.refusal import Citation, Mistake, Refusal
from bot.views import blocks, cases, fields
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
    work.look(block.ref)
    asked = blocks.asked_for(block, work)
    _, under = _who(block, work)
    same = Field(
        name="mine",
        label="The request's reasons are mine",
        kind=FieldKind.YES_NO,
        hint="They stand above, under “Why”.",
    )
    return Page(
        title=title,
        intro=f"{block.ref}. {_what_follows(block, mine=mine)}",
        facts=asked.facts,
        quotes=asked.quotes,
        fields=(
            *_meeting_field(block, work),
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
        notes=(*asked.notes, *((Note.of(under),) if under else ())),
        submit=submit,
    )


def _what_follows(block: RequestedBlock, *, mine: bool) -> str:
    """What a press on this page leads to; nothing is done on any account by the press itself."""
    if block.made_early:
        return (
            "Adopted, it is yours as well; accounts without it yet follow."
            if mine
            else "Not adopted, the editors are asked to lift it."
        )
    if mine:
        return "Approved, the editors are asked to make it. It is in force once one of them confirms."
    return "Denied, nothing is done on any account. The request stays on file."


def _rule(block: RequestedBlock, work: Work) -> Decider:
    """Who decides it under the policy in force today, or the recorded silence."""
    return work.pack.decider(Action.BLOCK, length=length_of(block))


def _who(block: RequestedBlock, work: Work) -> tuple[frozenset[Role], Citation | None]:
    return deciders(Action.BLOCK, on=work.today, book=work.book, length=length_of(block))


def _meeting_field(block: RequestedBlock, work: Work) -> tuple[Field, ...]:
    """At which meeting it was decided, where a body decides and somebody records that."""
    if _rule(block, work).body != "board":
        return ()
    return (fields.met_on(work),)


def _met_on(block: RequestedBlock, sent: Submission, work: Work) -> date | None:
    """The local day of the meeting that decided; ``None`` where no body does.

    :raises Mistake: it lies before the block was asked for, or none is given
    """
    if _rule(block, work).body != "board":
        return None
    day = sent.day("met_on")
    if day is None or day < block.requested_on:
        asked = short_date(block.requested_on)
        raise Mistake(
            "At which meeting?", beside={"met_on": f"It was asked for on {asked}; choose that day or a later one."}
        )
    return day


def approve(sent: Submission, work: Work) -> Reply:
    """Approve: each editor of each account is asked to make the block. Until one confirms, it is not in force."""
    decided = _decide(sent, work, Decision.APPROVED)
    return _carried_out(decided, work)


def _carried_out(decided: RequestedBlock | DecidedBlock, work: Work) -> Reply:
    """What follows a decision; while a panel is still voting, nothing does."""
    if isinstance(decided, RequestedBlock):
        return _voted(decided, work)
    return _approved(decided, work) if decided.decision is Decision.APPROVED else _denied(decided, work)


def _approved(decided: DecidedBlock, work: Work) -> Reply:
    early = {made.account for made in decided.requested.made_early}
    for account in decided.requested.accounts:
        work.ask_for(TaskKind.MAKE_BLOCK, case=decided.ref, role=Role.EDITOR, account=account, urgent=account in early)
    work.tell(Channel.SOCIAL_MEDIA, about=decided.ref, headline="Approved: editors are asked to make the block.")
    return _answer(decided, work)


def deny(sent: Submission, work: Work) -> Reply:
    """Deny: nothing is made, and what an editor had already made is to be lifted."""
    return _carried_out(_decide(sent, work, Decision.DENIED), work)


def _denied(decided: DecidedBlock, work: Work) -> Reply:
    for made in decided.requested.made_early:
        work.ask_for(TaskKind.LIFT_BLOCK, case=decided.ref, role=Role.EDITOR, account=made.account, urgent=True)
    if decided.requested.made_early:
        work.tell(Channel.SOCIAL_MEDIA, about=decided.ref, headline="Denied: the block already made is to be lifted.")
    return _answer(decided, work)


def _decide(sent: Submission, work: Work, decision: Decision) -> RequestedBlock | DecidedBlock:
    block = _waiting(sent, work)
    reason = sent.text("reason")
    if sent.yes("mine"):
        reason = "\n\n".join(part for part in (block.reason, reason) if part)
    if _rule(block, work).body == "panel":
        return _vote(block, decision, reason, work)
    roles, under = _who(block, work)
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
    return _keep(replace(decided, met_on=_met_on(block, sent, work)), block, work)


def _keep(decided: DecidedBlock, block: RequestedBlock, work: Work) -> DecidedBlock:
    kept = work.save(decided, before=block)
    work.end_tasks(kept.ref, TaskKind.DECIDE_BLOCK, TaskKind.ADOPT_OR_LIFT)
    headline = f"{decided.decision.value.capitalize()} by {work.actor.name}."
    work.tell(Channel.DECISIONS, about=kept.ref, headline=headline)
    asked_by = work.person(kept.requested.requested_by)
    if asked_by.id != work.actor.id:
        work.tell_people([asked_by], about=kept.ref, headline=headline)
    return kept


# -- a panel -------------------------------------------------------------------------------------------------------


def _vote(block: RequestedBlock, said: Decision, reason: str, work: Work) -> RequestedBlock | DecidedBlock:
    """Keep one member's vote; when enough have agreed, or no longer can, that is the decision of the panel."""
    rule = _rule(block, work)
    seat = _seat(block, rule, work)
    vote = Vote(by=work.actor.id, seat=seat, said=said, reason=reason, at=work.now, on=work.today)
    voted = block.vote(vote)
    decision = voted.tally(seats=len(rule.roles), needed=rule.needed or len(rule.roles))
    if decision is None:
        kept = work.save(voted, before=block)
        for task in _seat_tasks(kept.ref, seat, work):
            work.end_task(task)
        work.tell(Channel.DECISIONS, about=kept.ref, headline=f"{work.actor.name} voted. {standing(kept, work)}")
        return kept
    _, under = _who(block, work)
    agreeing = [one for one in voted.votes if one.said is decision]
    decided = voted.decide(
        decision,
        by=work.actor.id,
        role=", ".join(one.seat.value for one in voted.votes),
        reason="\n\n".join(dict.fromkeys(one.reason for one in agreeing)),
        at=work.now,
        on=work.today,
        under=under,
        pack=work.pack.version,
    )
    return _keep(decided, block, work)


def _seat(block: RequestedBlock, rule: Decider, work: Work) -> Role:
    """The seat of the panel the actor votes for: one of their own that has not voted, before any other.

    Whoever stands in for the Director takes the Director's seat.
    """
    taken = {vote.seat for vote in block.votes}
    mine = [role for role in rule.roles if work.actor.has(role, on=work.today)]
    if rule.designee and work.actor.has(Role.DESIGNEE, on=work.today):
        mine += [role for role in rule.roles if role is Role.DIRECTOR]
    return next((role for role in mine if role not in taken), mine[0] if mine else rule.roles[0])


def _seat_tasks(ref: str, seat: Role, work: Work) -> list[Task]:
    return [
        task
        for task in work.shelves.tasks.of_case(ref)
        if task.state is TaskState.OPEN
        and task.role is seat
        and task.kind in {TaskKind.DECIDE_BLOCK, TaskKind.ADOPT_OR_LIFT}
    ]


def standing(block: RequestedBlock, work: Work) -> str:
    """How far a panel has come, and who is still to vote."""
    rule = _rule(block, work)
    open_seats = [work.title(role) for role in rule.roles if role not in {vote.seat for vote in block.votes}]
    needed = rule.needed or len(rule.roles)
    return (
        f"{len(block.votes)} of {len(rule.roles)} have voted, {needed} have to agree; still: {', '.join(open_seats)}."
    )


def _voted(block: RequestedBlock, work: Work) -> Reply:
    said = f"Your vote is kept. {standing(block, work)}"
    return Reply(cards=cases.private(block.ref, work), headline=said, about=block.ref)


def _waiting(sent: Submission, work: Work) -> RequestedBlock:
    """The request, for whoever may decide it; the winner's answer when it was decided meanwhile.

    :raises Refusal: the actor may not decide, or somebody has
    """
    block: Block | None = work.shelves.blocks.by_ref(sent.subject.upper())
    length = length_of(block) if block else None
    work.require(Power.DECIDE_BLOCK, length=length)  # first, before anything about the case is said
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
