"""A blocked patron asks to come back: put on file the day it comes in, matched to the block, kept until its day.

One that comes before its day is kept and comes back on that day, so nobody has to write again; the person is told
which day that is. While the block can still be appealed, whoever answers appeals says whether it is an appeal as well.
"""

from dataclasses import replace
from datetime import date
from uuid import uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission, Tone
from bot.cases.appeal import Writing
from bot.cases.clock import ClockState
from bot.cases.notice import Telling
from bot.cases.reinstatement import DecidedReinstatement, Reinstatement, RequestedReinstatement
from bot.cases.task import TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features import appeals, silences
from bot.features.holds import check_not_held
from bot.features.papers import paper_fields, writing
from bot.people import Power, deciders
from bot.policy.book import BLOCKS_BY_PRACTICE
from bot.policy.terms import Action, Channel, ClockName, Event, Role, Stance
from bot.refusal import Mistake, Refusal
from bot.views import cases, fields, reinstatements
from bot.work import Work

NO = "no"
"""What is kept once somebody said that a request is no appeal."""


# -- it comes in ---------------------------------------------------------------------------------------------------


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """What the patron wrote, when it came in, and which block it is about if that is known."""
    work.require(Power.LOG_PAPER)
    _there_is_coming_back(work)
    return (
        Page(
            title="A request to come back",
            intro="Keep it even if it comes too early: nobody has to write twice. "
            "If you don't know which block it is about, leave that empty; the Director says it.",
            fields=(*paper_fields(work), *_which_block(sent.subject, work)),
            notes=_what_the_policy_says(work),
            submit="Put it on file",
        ),
    )


def _there_is_coming_back(work: Work) -> None:
    """Refuse where nobody can have been blocked: neither the policy nor a practice of the library knows blocks.

    :raises Refusal: in the words of the recorded silence
    """
    rule = work.pack.reinstatement
    if rule.stance is Stance.STATED or work.book.speaks_of_blocks(on=work.today):
        return
    if deciders(Action.REINSTATE, on=work.today, book=work.book)[0]:
        return
    raise silences.no_rule("coming back after a block", rule, KEYS, work)


KEYS = (BLOCKS_BY_PRACTICE, "decider.reinstate", "clock.decide_reinstatement_by")


def _which_block(subject: str, work: Work) -> tuple[Field, ...]:
    """A block in force to choose, for those who may see whom they are about; and its reference, for everybody."""
    known = subject.strip()
    offered = reinstatements.blocks_in_force(work)
    named = [option for option in offered if known and known.casefold() in option.label.casefold()]
    choose = Field(
        name="chosen",
        label="Which block?",
        kind=FieldKind.CHOICE,
        options=offered,
        initial=(named[0].value,) if len(named) == 1 else (),
    )
    typed = known.upper() if known.upper().startswith("B-") and not named else ""
    reference = replace(fields.reference("block", typed), hint="As the letter names it, for example B-2026-0001.")
    return (*((choose,) if offered else ()), reference)


def _what_the_policy_says(work: Work) -> tuple[Note, ...]:
    rule = work.pack.reinstatement
    cited = (Note.of(work.book.cite(rule.rule, on=work.today)),) if rule.stance is Stance.STATED else ()
    if rule.written:
        cited = (Note(text="The policy has it asked in writing."), *cited)
    unsaid = reinstatements.silence(work)
    silent: tuple[Note, ...] = ()
    if rule.stance is not Stance.STATED:
        keys = ("decider.reinstate", "clock.decide_reinstatement_by")
        said = silences.unsaid("coming back after a block", rule, keys, work)
        silent = (Note(text=said, tone=Tone.MISSING),)
    since = (Note(text=f"From which day it can be asked: {unsaid}.", tone=Tone.MISSING),) if unsaid else ()
    return (*cited, *silent, *since)


def log(sent: Submission, work: Work) -> Reply:
    """Keep what the patron wrote, and put it before whoever answers it."""
    work.require(Power.LOG_PAPER)
    _there_is_coming_back(work)
    block = _named(sent)
    if block:
        _was_made(block, work)  # a wrong reference is said before anything is kept
    request = keep(writing(sent, work), block, work)
    return Reply(cards=cases.private(request.ref, work), headline=_kept(request, work), about=request.ref)


def _named(sent: Submission) -> str:
    return (sent.text("block") or sent.text("chosen")).upper()


def _was_made(block: str, work: Work) -> None:
    """Refuse a block nobody has made yet: there is nothing to come back from.

    :raises Mistake: there is no such block, or no editor has confirmed it anywhere
    """
    if work.shelves.blocks.executions(block):
        return
    raise Mistake(
        reinstatements.not_in_force(block, work),
        beside={"block": "Write the reference of a block that was made, or leave it empty."},
    )


def _kept(request: RequestedReinstatement, work: Work) -> str:
    """What came of it, in one line for whoever put it on file."""
    if request.block and (why := reinstatements.not_in_force(request.block, work)):
        return f"Kept as {request.ref}. {why}"
    if request.early and request.eligible_on:
        return f"Kept as {request.ref}; it comes back on {short_date(request.eligible_on)}."
    if others := reinstatements.together_with(request, work):
        return f"Kept as {request.ref}. {others[0]} about the same block waits already; one answer is given to both."
    return f"Kept as {request.ref}."


def keep(paper: Writing, block: str, work: Work) -> RequestedReinstatement:
    """Keep a request with its clock and its tasks; ``block`` may be empty. Whoever answers it is told at once."""
    request = work.save(
        RequestedReinstatement(
            id=uuid4(),
            library=work.library.id,
            ref=work.next_ref("R"),
            version=0,
            writing=paper,
            logged_by=work.actor.id,
            logged_at=work.now,
        )
    )
    work.start_clocks(Event.REINSTATEMENT_REQUESTED, case=request.ref, on=paper.received_on)
    if block:
        request = _matched(request, block, work)
    else:
        work.ask_for(TaskKind.MATCH_REINSTATEMENT, case=request.ref, role=_answers(work))
    headline = _headline(request, work)
    work.tell(Channel.DECISIONS, about=request.ref, headline=headline)
    roles, _ = deciders(Action.REINSTATE, on=work.today, book=work.book)
    for role in sorted(roles or {_answers(work)}):
        work.tell_role(role, about=request.ref, headline=headline)
    return request


def _headline(request: RequestedReinstatement, work: Work) -> str:
    if request.block and reinstatements.not_in_force(request.block, work):
        return "Somebody asks to come back who is not blocked."
    if request.early and request.eligible_on:
        asked = " Say whether it is also an appeal." if _asked_whether_appeal(request.ref, work) else ""
        return f"Somebody asks to come back before the day, {short_date(request.eligible_on)}.{asked}"
    return "Somebody asks to come back."


def _answers(work: Work) -> Role:
    """The role that requests are put before: who decides, else of whom the policy says that it is asked."""
    roles, _ = deciders(Action.REINSTATE, on=work.today, book=work.book)
    return min(roles, default=work.pack.reinstatement.asked_of or Role.DIRECTOR)


# -- which block ---------------------------------------------------------------------------------------------------


def match_pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which block a request is about."""
    request = _open(sent, work)
    return (
        Page(
            title="Which block is it about?",
            intro=f"Matched to {request.block} so far." if request.block else "",
            fields=_which_block("", work),
            submit="Match",
        ),
    )


def match(sent: Submission, work: Work) -> Reply:
    """Say which block a request is about; whether it came early is known from then on."""
    request = _open(sent, work)
    block = _named(sent)
    if not block:
        raise Mistake("Which one?", beside={"block": "Choose a block, or write its reference."})
    _was_made(block, work)
    if request.block:
        check_not_held(request, work)  # to say which block it is about for the first time moves no hold off it
    kept = _matched(request, block, work)
    work.tell(Channel.DECISIONS, about=kept.ref, headline=_headline(kept, work))
    return Reply(cards=cases.private(kept.ref, work), headline=f"Matched to {block}.", about=kept.ref)


def show_list(sent: Submission, work: Work) -> Reply:
    """The requests somebody may open, newest first."""
    del sent
    work.require(Power.SEE_LISTS)
    return Reply(cards=(reinstatements.listed(work),))


def _open(sent: Submission, work: Work) -> RequestedReinstatement:
    """A request that still waits for its answer, for somebody on staff who may open it."""
    work.require(Power.LOG_PAPER)
    request: Reinstatement = work.reinstatement(sent.subject.upper())
    if isinstance(request, DecidedReinstatement):
        raise Refusal(f"{request.ref} was answered on {short_date(request.ruling.on)}, so it stays as it is.")
    return request


def _matched(request: RequestedReinstatement, block: str, work: Work) -> RequestedReinstatement:
    """Tie a request to a block: its day, and what is asked of whom, follow from that."""
    blocked = not reinstatements.not_in_force(block, work)
    day = reinstatements.opens_on(block, work, asked_on=request.writing.received_on) if blocked else None
    kept = work.save(
        request.match(block, by=work.actor.id, eligible_on=day),
        before=work.shelves.reinstatements.by_ref(request.ref),
    )
    _count(kept, work)
    work.end_tasks(kept.ref, TaskKind.MATCH_REINSTATEMENT)
    work.end_tasks(
        kept.ref,
        TaskKind.DECIDE_REINSTATEMENT,
        TaskKind.SEND_NOTICE,
        TaskKind.ALSO_APPEAL,
        state=TaskState.VOID,
    )
    if not reinstatements.together_with(kept, work):
        _ask_for_answer(kept, work)
    if kept.early:
        work.ask_for(TaskKind.SEND_NOTICE, case=kept.ref, role=Role.DIRECTOR)
    if blocked and not kept.appeal and _can_be_appealed(block, kept.writing.received_on, work):
        roles, _ = deciders(Action.APPEAL, on=work.today, book=work.book)
        work.ask_for(TaskKind.ALSO_APPEAL, case=kept.ref, role=min(roles, default=Role.DIRECTOR))
    work.touch(block)
    return kept


def _count(request: RequestedReinstatement, work: Work) -> None:
    """Count the time to answer from the day it came in; of an early request, from the day it can be asked."""
    came = request.writing.received_on
    day = max(came, request.eligible_on or came)
    work.start_clocks(Event.REINSTATEMENT_REQUESTED, case=request.ref, on=day)


def judge_again(block: str, work: Work) -> None:
    """A day was put right, or the block was made earlier elsewhere: whether requests came early is looked at again."""
    for one in work.shelves.reinstatements.of_block(block):
        if isinstance(one, RequestedReinstatement):
            _judge(one, work)


def _judge(request: RequestedReinstatement, work: Work) -> None:
    known = request.eligible_on
    came = request.writing.received_on
    opens = reinstatements.opens_on(request.block, work, asked_on=came)
    day = None if reinstatements.not_in_force(request.block, work) else opens
    kept = work.save(replace(request, eligible_on=day), before=request) if day != known else request
    _count(kept, work)
    asked = [
        task
        for task in work.shelves.tasks.of_case(kept.ref)
        if task.state is TaskState.OPEN and task.kind in {TaskKind.DECIDE_REINSTATEMENT, TaskKind.SEND_NOTICE}
    ]
    answer = next((task for task in asked if task.kind is TaskKind.DECIDE_REINSTATEMENT), None)
    if answer is not None and (answer.due != day if kept.early else answer.due == known):
        work.end_task(answer, TaskState.VOID)
        _ask_for_answer(kept, work)
    tells = any(task.kind is TaskKind.SEND_NOTICE for task in asked)
    told = any(notice.telling is Telling.TOLD for notice in work.shelves.papers.notices(kept.ref))
    if kept.early and not (tells or told):
        work.ask_for(TaskKind.SEND_NOTICE, case=kept.ref, role=Role.DIRECTOR)
    if not kept.early:
        work.end_tasks(kept.ref, TaskKind.SEND_NOTICE, state=TaskState.VOID)


def _ask_for_answer(request: RequestedReinstatement, work: Work) -> None:
    """Ask for the answer: on its day if it came early, by the policy's own day if there is one, else soon."""
    duty = next(
        (
            clock.due
            for clock in work.shelves.clocks.of_case(request.ref)
            if clock.event is Event.REINSTATEMENT_REQUESTED and clock.state is ClockState.RUNNING
        ),
        None,
    )
    early = request.eligible_on if request.early else None
    work.ask_for(
        TaskKind.DECIDE_REINSTATEMENT,
        case=request.ref,
        role=_answers(work),
        due=early or duty,
        reminds=early is not None or duty is None,
    )


# -- is it also an appeal? -----------------------------------------------------------------------------------------


def _can_be_appealed(block: str, on: date, work: Work) -> bool:
    """Test whether the block could be appealed on a local day, and has not been."""
    rule = work.book.on(on).appeal
    stated = rule.stance is Stance.STATED and Action.BLOCK in rule.against
    roles, _ = deciders(Action.APPEAL, on=on, book=work.book)
    if not (stated or roles) or work.shelves.appeals.against(block):
        return False
    until = appeal_until(block, work)
    return until is None or on <= until


def appeal_until(block: str, work: Work) -> date | None:
    """The last day to appeal a block; ``None`` where none is named."""
    days = [
        clock.due
        for clock in work.shelves.clocks.of_case(block)
        if clock.name == ClockName.APPEAL_BY and clock.state is not ClockState.VOID
    ]
    return max(days, default=None)


def _asked_whether_appeal(ref: str, work: Work) -> bool:
    return any(
        task.kind is TaskKind.ALSO_APPEAL and task.state is TaskState.OPEN for task in work.shelves.tasks.of_case(ref)
    )


def appeal_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Whether a request is an appeal as well."""
    request = _questioned(sent, work)
    until = appeal_until(request.block, work)
    window = f"The block can be appealed until {short_date(until)}." if until else "No last day to appeal is named."
    words = request.writing.words
    rule = work.book.on(request.writing.received_on).appeal
    return (
        Page(
            title="Is it also an appeal?",
            intro=f"{request.ref} came in on {short_date(request.writing.received_on)}. {window}",
            fields=(
                Field(
                    name="also",
                    label="Does it challenge the block itself?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=(
                        Option(value="yes", label="Yes: keep it as an appeal too, received that same day"),
                        Option(value=NO, label="No: it only asks to come back"),
                    ),
                    hint=f"They wrote: {words[:1000]}" if words else "Open the request to read what they wrote.",
                ),
            ),
            notes=(Note.of(work.book.cite(rule.rule, on=work.today)),) if rule.rule else (),
        ),
    )


def also_appeal(sent: Submission, work: Work) -> Reply:
    """Keep a request as an appeal too, received on the same day; or keep that it is none."""
    request = _questioned(sent, work)
    taken_for = NO
    if sent.yes("also"):
        taken_for = appeals.keep(request.writing, request.block, work).ref
    kept = work.save(replace(request, appeal=taken_for), before=request)
    work.end_tasks(kept.ref, TaskKind.ALSO_APPEAL)
    said = "Kept: it is no appeal." if taken_for == NO else f"Kept as an appeal too, {taken_for}."
    return Reply(cards=cases.private(kept.ref, work), headline=said, about=kept.ref)


def _questioned(sent: Submission, work: Work) -> RequestedReinstatement:
    """A request of which nobody has said yet whether it is an appeal, for whoever answers appeals.

    :raises Refusal: the actor does not answer appeals, or somebody has said it
    """
    work.require(Power.DECIDE_APPEAL)  # first, before anything about the case is said
    request = _open(sent, work)
    if request.appeal:
        said = "it is no appeal" if request.appeal == NO else f"it is an appeal too, {request.appeal}"
        raise Refusal(f"{_who_said(request.ref, work)} that {said}.")
    if not request.block:
        raise Mistake("Say first which block it is about.")
    return request


def _who_said(ref: str, work: Work) -> str:
    done = [task for task in work.shelves.tasks.of_case(ref) if task.kind is TaskKind.ALSO_APPEAL and task.ended_at]
    if not done or done[-1].ended_at is None:
        return "It was said before"
    who = "You" if done[-1].ended_by == work.actor.id else work.name(done[-1].ended_by)
    return f"{who} said on {work.local(done[-1].ended_at):%-d %B %Y at %H:%M}"
