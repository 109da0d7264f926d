"""Tell a person of a removal or a block, or keep the decision not to."""

from datetime import date
from uuid import UUID, uuid4

from bot.cards import Field, FieldKind, Note, Option, Page, Reply, Submission, Tone
from bot.cases.appeal import DecidedAppeal, overturned_on
from bot.cases.block import DecidedBlock
from bot.cases.clock import ClockState
from bot.cases.incident import ConfirmedRemoval, Incident
from bot.cases.notice import Notice, Telling
from bot.cases.reinstatement import DecidedReinstatement
from bot.cases.task import TaskKind
from bot.clocks.calendar import short_date
from bot.features import appeal_letters, decide_reinstatement, second_appeals
from bot.features.practice_values import answer_of
from bot.letters import notice as letter
from bot.letters import reinstatement
from bot.people import Power
from bot.policy.pack import NoticeRule
from bot.policy.terms import Action, ClockName, Event, Role
from bot.refusal import Citation, Mistake, Refusal
from bot.views import cases, incidents, parts
from bot.work import Work

LONGEST = 20_000
"""Letters of a notice at most: a draft with every reason in it at its own longest, and the rules it quotes, fits."""
HOW: tuple[Option, ...] = (
    Option(value="reply", label="Reply under the post"),
    Option(value="message", label="Direct message on the platform"),
    Option(value="email", label="E-mail the person gave us"),
    Option(value="letter", label="Letter"),
)


CONTAINS: dict[str, str] = {
    "reason": "The reason",
    "rule": "The rule",
    "appeal": "How to appeal",
    "reinstatement": "How to ask to come back",
    "term": "How long it lasts",
}
"""What a policy may want a notice to say."""


def practice_key(act: Action) -> str:
    """The practice value that says whether people are told: of blocks, or of anything taken down.

    Whoever asks the library for something is answered; no practice waives that.
    """
    if act in {Action.APPEAL, Action.REINSTATE}:
        return ""
    return "notice.block" if act is Action.BLOCK else "notice.removal"


def notice_after(ref: str, act: Action, *, account: UUID | None, work: Work) -> None:
    """Apply the library's standing practice to an act: ask somebody to tell, or keep that nobody is told.

    Where the policy requires a notice no practice can waive it; while no practice was chosen, a person decides.
    """
    rule = work.pack.notice(act)
    required = rule.duty == "required"
    chosen = work.book.practice(practice_key(act))
    if chosen is not None and chosen.value == Telling.NOT_TOLD.value and not required:
        work.save(
            Notice(
                id=uuid4(),
                library=work.library.id,
                case=ref,
                act=act,
                telling=Telling.NOT_TOLD,
                by=work.actor.id,
                at=work.now,
                on=work.today,
                by_practice=True,
                reason=chosen.label,
            )
        )
        return
    work.ask_for(TaskKind.SEND_NOTICE, case=ref, role=rule.by or Role.EDITOR, account=None if rule.by else account)


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The text to send, and how it was sent; or why nobody is told."""
    ref = sent.subject.upper()
    act, account = act_told_of(ref, work)
    require_telling(ref, act, account, work)
    chosen = work.book.practice(practice_key(act))
    practice = (
        (Note(text=f"{answer_of(chosen.key, chosen.value, work)}: {chosen.label}.", tone=Tone.PRACTICE),)
        if chosen
        else ()
    )
    told = tuple(
        Note(text=f"{parts.notice_line(notice, work)} Saving keeps another.", tone=Tone.WARNING)
        for notice in work.shelves.papers.notices(ref)
    )
    text = draft(ref, work)
    until = letter.appeal_until(ref, work)
    late = (
        (
            Note(
                text=f"The day to appeal by in this text, {short_date(until)}, has passed. "
                "Ask the Director what to write before it is sent.",
                tone=Tone.WARNING,
            ),
        )
        if until and until < work.today
        else ()
    )
    must = _required(ref, act, work)
    duty = (Note.of(must),) if must else ()
    ends = second_appeals.notes(ref, work) if act is Action.APPEAL else ()
    undone = overturned_on(work.shelves.appeals.against(ref))
    reversed_since = (
        (
            Note(
                text=f"This was reversed on appeal on {short_date(undone)}. The answer says what was done; "
                "this text does not know of it.",
                tone=Tone.WARNING,
            ),
        )
        if undone
        else ()
    )
    return (
        Page(
            title="Tell the person" if must else "Tell the person, or not",
            notes=(*late, *reversed_since, *told, *ends, *practice, *duty, *_how_the_policy_wants_it(ref, act, work)),
            fields=(
                Field(
                    name="telling",
                    label="Was the person told?",
                    kind=FieldKind.CHOICE,
                    required=True,
                    options=(
                        Option(value=Telling.TOLD.value, label="Yes, with this text"),
                        *(() if must else (Option(value=Telling.NOT_TOLD.value, label="No, and here is why"),)),
                    ),
                    initial=(Telling.TOLD.value,),
                ),
                Field(
                    name="text",
                    label="Text that was sent",
                    kind=FieldKind.LONG_TEXT,
                    initial=(text,),
                    max_length=LONGEST,
                    hint="Copy it, send it, then save. Nothing is sent by this program to a patron.",
                ),
                *_otherwise(ref, act, work),
                Field(name="how", label="How was it sent?", kind=FieldKind.CHOICE, options=HOW),
                Field(
                    name="sent_on",
                    label="Sent on",
                    kind=FieldKind.DATE,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
                *(() if must else (Field(name="why_not", label="Why the person is not told", max_length=500),)),
            ),
        ),
    )


def settle(sent: Submission, work: Work) -> Reply:
    """Keep how and when the person was told, or that it was decided not to."""
    ref = sent.subject.upper()
    act, account = act_told_of(ref, work)
    require_telling(ref, act, account, work)
    told = Telling(sent.text("telling")) is Telling.TOLD
    if told:
        _check_told(ref, act, sent, work)
    elif not sent.text("why_not"):
        raise Mistake("Not telling is a decision.", beside={"why_not": "Write why the person is not told."})
    must = _required(ref, act, work)
    if not told and must is not None:
        raise Refusal("The policy requires that the person be told.", under=must)
    on = sent.day("sent_on") or work.today
    if told:
        _check_day(ref, act, on, work)
    how = {option.value: option.label for option in HOW}.get(sent.text("how"), "")
    work.save(
        Notice(
            id=uuid4(),
            library=work.library.id,
            case=ref,
            act=act,
            telling=Telling.TOLD if told else Telling.NOT_TOLD,
            by=work.actor.id,
            at=work.now,
            on=on,
            text=sent.text("text") if told else "",
            how=how,
            reason="" if told else sent.text("why_not"),
        )
    )
    work.end_tasks(ref, TaskKind.SEND_NOTICE)
    if told:
        _starts(ref, act, on, work)
        work.tell_dates(ref)
    if act is Action.REINSTATE:
        decide_reinstatement.settled(ref, work, told=told)
    elif act is Action.APPEAL:
        appeal_letters.settled(ref, on, work, told=told)
    return Reply(
        cards=cases.private(ref, work), headline="Kept: the person was told." if told else "Kept: not told.", about=ref
    )


def _check_told(ref: str, act: Action, sent: Submission, work: Work) -> None:
    """Refuse a telling of which it is not kept how it was sent and in which words, all that the policy asks for.

    :raises Mistake: beside what is missing
    """
    if not sent.text("how"):
        raise Mistake("How was it sent?", beside={"how": "Choose how the text reached the person."})
    if letter.PLACEHOLDER in sent.text("text"):
        raise Mistake(
            "The text still has a gap.", beside={"text": f"Replace every {letter.PLACEHOLDER} before it is sent."}
        )
    if not sent.text("text"):
        raise Mistake("What was sent?", beside={"text": "Paste the words the person got."})
    _check_it_says_all(ref, act, sent, work)


def _starts(ref: str, act: Action, on: date, work: Work) -> None:
    """The first telling of an act meets the time to tell of it, and starts whatever the policy counts from it."""
    clocks = work.shelves.clocks.of_case(ref)
    for clock in clocks:
        if clock.name.partition(".")[0] == ClockName.NOTIFY_BY and clock.state is ClockState.RUNNING:
            work.save(clock.stop(ClockState.MET), before=clock)
    if act not in {Action.APPEAL, Action.REINSTATE} and all(one.event is not Event.NOTICE_SENT for one in clocks):
        work.start_clocks(Event.NOTICE_SENT, case=ref, on=on)


def _check_day(ref: str, act: Action, on: date, work: Work) -> None:
    """Refuse a day of sending that lies before the answer it is about.

    :raises Mistake: it does
    """
    if act is Action.APPEAL:
        appeal_letters.check_day(ref, on, work)
    elif act is Action.REINSTATE:
        decide_reinstatement.check_day(ref, on, work)


def _law(ref: str, act: Action, work: Work) -> tuple[NoticeRule, date]:
    """What the policy says of telling of an act, and on which day it is asked."""
    day = appeal_letters.law_day(ref, work) if act is Action.APPEAL else work.today
    return work.book.on(day).notice(act), day


def _wanted(ref: str, act: Action, work: Work) -> tuple[str, ...]:
    """What the policy wants a notice of a removal or a block to say; other letters have a page of their own."""
    return _law(ref, act, work)[0].contains if act not in {Action.APPEAL, Action.REINSTATE} else ()


def _otherwise(ref: str, act: Action, work: Work) -> tuple[Field, ...]:
    """What the policy wants said, to tick where the text says it in other words than those proposed."""
    wanted = _wanted(ref, act, work)
    if not wanted:
        return ()
    return (
        Field(
            name="otherwise",
            label="What the text says in words of its own",
            kind=FieldKind.CHOICES,
            options=tuple(Option(value=one, label=CONTAINS[one]) for one in wanted),
            hint="The policy asks for these. Tick one only if you changed its words above and it is still said.",
        ),
    )


def _check_it_says_all(ref: str, act: Action, sent: Submission, work: Work) -> None:
    """Refuse a text that leaves out what the policy wants said.

    :raises Mistake: with what is missing, beside the text
    """
    said = sent.chosen("otherwise")
    missing = [
        CONTAINS[one].lower()
        for one in _wanted(ref, act, work)
        if one not in said and not letter.holds(one, ref, sent.text("text"), work)
    ]
    if missing:
        lacks = " and ".join(missing)
        raise Mistake(
            "The policy asks for more than this text says.",
            beside={"text": f"Missing: {lacks}. Add it, or tick it below if the text says it in words of its own."},
        )


def _how_the_policy_wants_it(ref: str, act: Action, work: Work) -> tuple[Note, ...]:
    """By whom, when and how the person is told, where the policy says so, with its source."""
    rule, day = _law(ref, act, work)
    said = [
        *([f"by the {work.title(rule.by)}"] if rule.by else []),
        *(["before it is done"] if rule.before else []),
        *(["in writing"] if rule.written else []),
    ]
    if not said or not rule.rule:
        return ()
    return (Note(text=f"The person is told {', '.join(said)}: {work.book.cite(rule.rule, on=day).source}."),)


def require_telling(ref: str, act: Action, account: UUID | None, work: Work) -> None:
    """Refuse unless the actor tells people of such an act: whoever the policy names, or who else enters what was told.

    :raises Refusal: with who does
    """
    named = work.pack.notice(act).by if act is not Action.APPEAL else None
    if named is not None and work.actor.has(named, on=work.today):
        return
    if act is Action.APPEAL:
        appeal_letters.require(ref, work)
    else:
        work.require(Power.SEND_NOTICE, account=account)


def _required(ref: str, act: Action, work: Work) -> Citation | None:
    """Where the policy requires that the person be told; ``None`` where it does not."""
    rule, day = _law(ref, act, work)
    return work.book.cite(rule.rule, on=day) if rule.duty == "required" else None


def told_so_far(ref: str, work: Work) -> tuple[Notice, ...]:
    """What the person was told of a case as it stands; what was told before its answer is no answer."""
    notices = work.shelves.papers.notices(ref)
    answered = work.shelves.reinstatements.by_ref(ref) if ref.startswith("R-") else work.shelves.appeals.by_ref(ref)
    since = answered.ruling.at if isinstance(answered, DecidedReinstatement | DecidedAppeal) else None
    return tuple(one for one in notices if one.telling is Telling.TOLD and (since is None or one.at >= since))


def draft(ref: str, work: Work) -> str:
    """The text to send about a case as it stands.

    :raises Refusal: there is nothing to tell
    """
    if ref.startswith("R-"):
        return reinstatement.text(work.reinstatement(ref), work)
    if ref.startswith("A-"):
        return appeal_letters.text(ref, work)
    return letter.text(ref, work)


def act_told_of(ref: str, work: Work) -> tuple[Action, UUID | None]:
    """The act a notice of a case would be about, and the account it was done on.

    :raises Refusal: nothing was done that a person could be told of
    """
    if ref.startswith("I-"):
        incident: Incident = work.incident(ref)
        if not isinstance(incident.removal, ConfirmedRemoval):
            raise Refusal(f"Nothing of {ref} has been confirmed as taken down, so there is nothing to tell.")
        return incidents.act_of(incident), incident.account
    if ref.startswith("R-"):
        reinstatement.text(work.reinstatement(ref), work)  # refuses while there is nothing to tell
        return Action.REINSTATE, None
    if ref.startswith("A-"):
        appeal_letters.text(ref, work)  # as above
        return Action.APPEAL, None
    block = work.block(ref)
    if not isinstance(block, DecidedBlock) or not work.shelves.blocks.executions(ref):
        raise Refusal(f"{ref} is not in force, so there is nothing to tell.")
    mine = [account for account in block.requested.accounts if work.actor.edits(account, on=work.today)]
    return Action.BLOCK, (*mine, *block.requested.accounts)[0]
