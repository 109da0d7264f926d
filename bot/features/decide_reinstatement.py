"""Answer somebody who asks to come back: on which accounts, on what conditions, and why; or not, and why.

Nothing is lifted by the answer itself: editors are asked to lift the block on each account, and confirm it.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission, Tone
from bot.cases.block import DecidedBlock, in_force_on
from bot.cases.clock import Clock, ClockState
from bot.cases.reinstatement import DecidedReinstatement, Reinstatement, RequestedReinstatement, requested
from bot.cases.ruling import Ruling
from bot.cases.task import TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features import conditions_of_return
from bot.features.rulings import ruling
from bot.people import Power, deciders
from bot.policy.terms import Action, Channel, Event, Role
from bot.reading import no_such
from bot.refusal import Mistake, Refusal
from bot.views import cases, reinstatements
from bot.views.parts import account_label
from bot.work import Work

GRANTED = "granted"
DECLINED = "declined"


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """One page: the answer, the accounts, the conditions and the reasons."""
    request = _waiting(sent, work)
    where = _blocked(request, work)
    reason = Field(
        name="reason",
        label="Your reasons",
        kind=FieldKind.LONG_TEXT,
        required=True,
        hint="The letter to the patron says them as you write them.",
        max_length=3000,
    )
    if not where:
        why = reinstatements.not_in_force(request.block, work) if request.block else "It is about no block of ours."
        intro = f"{request.ref}. {why}"
        return (Page(title="No block to lift", intro=intro, fields=(reason,), submit="Answer so"),)
    early = reinstatements.waits_for_its_day(request, work)
    answers = (
        Option(value=GRANTED, label="They may come back"),
        *(() if early else (Option(value=DECLINED, label="The block stays"),)),
    )
    return (
        Page(
            title="Answer the request",
            intro=f"{request.ref} about {request.block}, which came in on {short_date(request.writing.received_on)}.",
            fields=(
                Field(
                    name="answer",
                    label="Your answer",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=answers,
                    initial=(GRANTED,) if early else (),
                ),
                Field(
                    name="accounts",
                    label="If they may come back: on which accounts?",
                    kind=FieldKind.CHOICES,
                    options=tuple(Option(value=str(one), label=account_label(one, work)) for one in where),
                    initial=tuple(str(one) for one in where),
                ),
                *conditions_of_return.fields(request, work),
                Field(
                    name="conditions",
                    label="Conditions",
                    kind=FieldKind.LONG_TEXT,
                    hint="Only if there are any; the letter says them.",
                    max_length=1500,
                ),
                reason,
            ),
            notes=_notes(request, work),
            submit="Answer",
        ),
    )


def _notes(request: RequestedReinstatement, work: Work) -> tuple[Note, ...]:
    """What to know before answering: its day, whose decision the block was, where the power stands."""
    notes = []
    if early := reinstatements.waits_for_its_day(request, work):
        notes.append(
            Note(
                text=f"It can be asked for from {short_date(early)} on; it came in on "
                f"{short_date(request.writing.received_on)}. You may say yes today. It is not declined before its day; "
                "it comes back to you then.",
                tone=Tone.WARNING,
            )
        )
    block = work.shelves.blocks.by_ref(request.block)
    if isinstance(block, DecidedBlock) and block.decided_by == work.actor.id:
        notes.append(Note(text=f"You made the original decision, on {short_date(block.decided_on)}."))
    if others := reinstatements.together_with(request, work):
        notes.append(Note(text=f"Your answer is given to {', '.join(others)} as well, about the same block."))
    day = request.writing.received_on
    rule = work.book.on(day).reinstatement
    if rule.rule:
        notes.append(Note.of(work.book.cite(rule.rule, on=day)))
    _, under = deciders(Action.REINSTATE, on=day, book=work.book)
    return (*notes, *((Note.of(under),) if under else ()))


def decide(sent: Submission, work: Work) -> Reply:
    """Keep the answer, ask editors to lift what is granted, and ask for the letter.

    Every request about the same block that waits is answered with it. The procedure is that of the policy in force on
    the day it came in.
    """
    request = _waiting(sent, work)
    roles, under = deciders(Action.REINSTATE, on=request.writing.received_on, book=work.book)
    by = ruling(roles, under, work, received_on=request.writing.received_on)
    waiting = [work.shelves.reinstatements.by_ref(ref) for ref in reinstatements.together_with(request, work)]
    where = _blocked(request, work)
    if where and sent.text("answer") == GRANTED:
        conditions_of_return.check(request, sent, work)
    kept = _keep(request, where, by, sent, work)
    if kept.granted_on:
        conditions_of_return.keep(request, work)
    for one in waiting:
        if isinstance(one, RequestedReinstatement):
            _keep(one, where, by, sent, work)
    if kept.granted_on:
        _ask_to_lift(kept.requested.block, kept.granted_on, work)
    if kept.requested.block:
        work.touch(kept.requested.block)
    return _told(kept, work)


def _keep(
    request: RequestedReinstatement, where: tuple[UUID, ...], by: Ruling, sent: Submission, work: Work
) -> DecidedReinstatement:
    """Answer one request, in the light of its day as it is counted now; nobody is asked about it any more."""
    known = replace(request, eligible_on=reinstatements.eligible_on(request, work))
    if not where:
        answered = known.nothing_to_lift(reason=sent.text("reason"), ruling=by)
    else:
        answered = known.decide(
            _granted(sent, where), reason=sent.text("reason"), ruling=by, conditions=sent.text("conditions")
        )
    kept = work.save(answered, before=request)
    work.end_tasks(kept.ref, TaskKind.DECIDE_REINSTATEMENT, TaskKind.MATCH_REINSTATEMENT)
    work.end_tasks(kept.ref, TaskKind.ALSO_APPEAL, TaskKind.SEND_NOTICE, state=TaskState.VOID)
    return kept


def _granted(sent: Submission, where: tuple[UUID, ...]) -> tuple[UUID, ...]:
    """The accounts they may come back to; none when it is declined.

    :raises Mistake: granted on no account, or declined on conditions
    """
    if sent.text("answer") == DECLINED:
        if sent.text("conditions"):
            raise Mistake("Conditions belong to a yes.", beside={"conditions": "Take them out, or let them come back."})
        return ()
    chosen = {UUID(account) for account in sent.chosen("accounts")}
    if not chosen:
        raise Mistake("Where may they come back?", beside={"accounts": "Choose an account, or answer no."})
    return tuple(account for account in where if account in chosen)


def _ask_to_lift(block: str, accounts: tuple[UUID, ...], work: Work) -> None:
    """Ask the editors of each account to lift the block there; where nobody has made it yet, nobody makes it."""
    in_force = in_force_on(work.shelves.blocks.executions(block))
    for account in accounts:
        work.end_tasks(block, TaskKind.MAKE_BLOCK, account=account, state=TaskState.VOID)
        if account in in_force:
            work.end_tasks(block, TaskKind.LIFT_BLOCK, account=account, state=TaskState.VOID)
            work.ask_for(TaskKind.LIFT_BLOCK, case=block, role=Role.EDITOR, account=account)
    work.tell(Channel.SOCIAL_MEDIA, about=block, headline="They may come back: editors are asked to lift the block.")


def _told(kept: DecidedReinstatement, work: Work) -> Reply:
    """Ask for the letter, and tell whoever put the request on file."""
    reminded = any(clock.state is ClockState.RUNNING for clock in _duties(kept.ref, work))
    work.ask_for(TaskKind.SEND_NOTICE, case=kept.ref, role=Role.DIRECTOR, reminds=not reminded)
    outcome = reinstatements.outcome(kept, work)
    headline = f"Answered by {work.actor.name}: {outcome}."
    work.tell(Channel.DECISIONS, about=kept.ref, headline=headline)
    logged_by = work.person(kept.requested.logged_by)
    if logged_by.id != work.actor.id:
        work.tell_people([logged_by], about=kept.ref, headline=headline)
    return Reply(cards=cases.private(kept.ref, work), headline=f"Kept: {outcome}. The letter is next.", about=kept.ref)


def check_day(ref: str, on: date, work: Work) -> None:
    """Refuse a day of sending that lies before what the letter is about.

    :raises Mistake: it does
    """
    request = work.reinstatement(ref)
    answered = isinstance(request, DecidedReinstatement)
    first = request.ruling.on if isinstance(request, DecidedReinstatement) else request.writing.received_on
    if on < first:
        what = "It was answered" if answered else "The request came in"
        raise Mistake(
            "It cannot have been sent before that.",
            beside={"sent_on": f"{what} on {short_date(first)}; choose that day or a later one."},
        )


def settled(ref: str, work: Work, *, told: bool) -> None:
    """The letter with the answer was sent: that, and not the answer itself, meets the time to answer.

    A letter that only says that a request came early meets nothing, but what it says of the block's dates was told.
    Where it was decided to tell nobody, that time no longer counts; it is not met.
    """
    request = work.shelves.reinstatements.by_ref(ref)
    if not isinstance(request, DecidedReinstatement):
        if request is not None and told:
            work.tell_dates(request.block)
        return
    for one in (ref, *reinstatements.together_with(request, work)):
        for clock in _duties(one, work):
            if clock.state is ClockState.RUNNING:
                work.save(clock.stop(ClockState.MET if told else ClockState.VOID), before=clock)


def _duties(ref: str, work: Work) -> list[Clock]:
    return [clock for clock in work.shelves.clocks.of_case(ref) if clock.event is Event.REINSTATEMENT_REQUESTED]


def _blocked(request: RequestedReinstatement, work: Work) -> tuple[UUID, ...]:
    """The accounts that could be lifted; none where no block keeps them out."""
    if not request.block or reinstatements.not_in_force(request.block, work):
        return ()
    return reinstatements.blocked_on(request.block, work)


def _waiting(sent: Submission, work: Work) -> RequestedReinstatement:
    """The request, for whoever may answer it; the winner's answer when it was answered meanwhile.

    :raises Refusal: the actor may not answer it, or somebody has
    """
    request: Reinstatement | None = work.shelves.reinstatements.by_ref(sent.subject.upper())
    law = requested(request).writing.received_on if request else None
    work.require(Power.DECIDE_REINSTATEMENT, law=law)  # before anything about the case is said
    if request is None:
        raise no_such(sent.subject)
    if isinstance(request, DecidedReinstatement):
        when = work.local(request.ruling.at)
        who = "You" if request.ruling.by == work.actor.id else work.name(request.ruling.by)
        said = reinstatements.outcome(request, work)
        raise Refusal(f"{who} answered this on {when:%-d %B %Y at %H:%M}: {said}. It is answered once.")
    return request
