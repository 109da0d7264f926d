"""The notice of a removal or a block, in words a patron can understand.

It says what was done and why, the rule, how and until when the act can be challenged and from which day that time was
counted, and from which day a blocked person may ask to come back. Where the policy gives no date the letter gives
none. Content is judged by the policy of the day it was posted, an appeal by that of the day the library acted. Patrons
never read "incident", "case" or "subject".
"""

from datetime import date

from bot.cases.block import DecidedBlock, Done, in_force_from, in_force_on, is_lifted_at_its_end
from bot.cases.clock import Clock, ClockState
from bot.cases.incident import ConfirmedRemoval, Incident, Outcome
from bot.clocks.calendar import short_date
from bot.policy.pack import Pack
from bot.policy.terms import Action, ClockName, Event, Role, Stance, Term, Track
from bot.refusal import Refusal
from bot.work import Work

PLACEHOLDER = "[…]"
"""What stands where a person has to fill something in before the text may be sent."""

ADDRESS = "Write to: "
NEVER = "\0"
BEGINS: dict[str, str] = {
    "reason": "Why: ",
    "rule": "The rule: ",
    "appeal": "You may appeal ",
    "reinstatement": "You may ask to come back ",
}
"""How the paragraph begins that says what a policy may want said; of a term of time it proposes none."""

DONE: dict[Outcome, str] = {
    Outcome.REMOVED: "removed",
    Outcome.HIDDEN: "hidden",
    Outcome.REMOVED_IN_PART: "removed in part",
    Outcome.DECLINED: "not published",
}


def text(ref: str, work: Work) -> str:
    """The text to send about a confirmed removal or a block in force.

    :raises Refusal: nothing was done that a person could be told of
    """
    if ref.startswith("I-"):
        return _removal(work.incident(ref), work)
    block = work.block(ref)
    done = work.shelves.blocks.executions(ref)
    since = in_force_from(done)
    if not isinstance(block, DecidedBlock) or since is None or not in_force_on(done):
        raise Refusal(f"{ref} is not in force, so there is nothing to tell.")
    return _block(block, since, work)


def _removal(incident: Incident, work: Work) -> str:
    if not isinstance(incident.removal, ConfirmedRemoval):
        raise Refusal(f"Nothing of {incident.ref} was taken down, so there is nothing to tell.")
    posted = f" of {short_date(incident.posted_on)}" if incident.posted_on else ""
    place = next((account.platform for account in work.accounts if account.id == incident.account), "our page")
    day = incident.judged_on
    pack = work.book.on(day)
    rules = [work.book.cite(pack.ground(code).rule, on=day) for code in incident.clauses]
    done = f"{DONE[incident.outcome]} on {short_date(incident.removal.done_on)}"
    lines = [
        f"Your comment{posted} on the {place} page of {work.library.name} was {done}.",
        *([f"The part: {incident.removal.asked.part}"] if incident.removal.asked.part else []),
        f"Why: {incident.removal.asked.reason.sentence}",
        *(f"The rule: {rule.sentence or rule.label} ({rule.source})" for rule in rules),
        *_challenge(cases_act(incident), work.book.on(incident.removal.done_on), incident.ref, work),
    ]
    return "\n\n".join(lines)


def _block(block: DecidedBlock, since: date, work: Work) -> str:
    grounds = [work.book.block_ground(claim.code, on=block.decided_on) for claim in block.requested.grounds]
    rules = [work.book.cite(ground.rule, on=block.decided_on) for ground in grounds]
    pack = work.book.on(since)
    lines = [
        blocked_from(block, work),
        f"Why: {block.reason}",
        *(f"The rule: {rule.sentence or rule.label} ({rule.source})" for rule in rules),
        *how_long(block, work),
        *_appeal(Action.BLOCK, pack, block.ref, work),
        *may_come_back(block.ref, work),
    ]
    return "\n\n".join(lines)


def how_long(block: DecidedBlock, work: Work) -> list[str]:
    """How long it lasts, by the step of the ladder it stands on; nothing where the policy knows no lengths."""
    step = work.step_of(block)
    if step is None:
        return []
    ends = _clock(block.ref, f"{ClockName.BLOCK_ENDS.value}.{step.code}", work)
    if ends is None or step.length is None:
        condition = f" It ends only when this is met: {step.condition}." if step.condition else ""
        return [f"It has no end.{condition}"] if step.term is Term.PERMANENT else []
    day = short_date(ends.due)
    if is_lifted_at_its_end(step):
        return [f"It lasts {step.length.said}. From {day} on it has run its time, and we lift it."]
    bound = {Term.MINIMUM: "at least ", Term.MAXIMUM: "at most "}.get(step.term, "")
    return [f"It lasts {bound}{step.length.said}, until {day}."]


def blocked_from(block: DecidedBlock, work: Work) -> str:
    """Since when, and from which accounts: only those an editor has confirmed."""
    done = work.shelves.blocks.executions(block.ref)
    days = {execution.account: execution.done_on for execution in done if execution.done is Done.MADE}
    made = {account.label: days[account.id] for account in work.accounts if account.id in in_force_on(done)}
    if len(set(made.values())) == 1:
        return f"Since {short_date(*set(made.values()))} your account is blocked from: {', '.join(sorted(made))}."
    places = [f"{label} since {short_date(day)}" for label, day in sorted(made.items())]
    return f"Your account is blocked from: {', '.join(places)}."


def _clock(ref: str, name: str, work: Work) -> Clock | None:
    return next(
        (c for c in work.shelves.clocks.of_case(ref) if c.name == name and c.state is not ClockState.VOID), None
    )


def _challenge(act: Action, pack: Pack, ref: str, work: Work) -> list[str]:
    """How to appeal; where the policy gives no appeal but hears concerns, where to take one."""
    appeal = _appeal(act, pack, ref, work)
    heard = next((duty for duty in pack.duties if duty.on is Track.CONCERN), None)
    if appeal or heard is None:
        return appeal
    to = f"contact the {work.executive}" if Role.DIRECTOR in heard.to else "tell us"
    return [f"If you have a concern about this, you may {to}."]


def _appeal(act: Action, pack: Pack, ref: str, work: Work) -> list[str]:
    appeal = pack.appeal
    until = _clock(ref, "appeal_by", work)
    if until is None and (appeal.stance is not Stance.STATED or act not in appeal.against):
        return []
    to = work.title(appeal.filed_with) if appeal.filed_with else "library"
    when = f" until {short_date(until.due)}" if until else ""
    counted = f" The time is counted from {short_date(until.happened_on)}." if until else _until_in_words(act, pack)
    if until and not until.stated:
        counted += " The policy names no last day; this one is the library's practice."
    where = work.book.practice("appeal.address")
    return [f"You may appeal in writing to the {to}{when}.{counted} {ADDRESS}{where.value if where else PLACEHOLDER}"]


def _until_in_words(act: Action, pack: Pack) -> str:
    """Until when, in the policy's own measure, where the time has yet to begin: it runs from this very notice."""
    runs = any(rule.clock is ClockName.APPEAL_BY and rule.has_length for rule in pack.clocks_on(Event.NOTICE_SENT))
    if (
        pack.appeal.stance is not Stance.STATED
        or act not in pack.appeal.against
        or not pack.appeal.deadline
        or not runs
    ):
        return ""
    return f" The time to do so is {pack.appeal.deadline}."


def holds(contains: str, ref: str, text: str, work: Work) -> bool:
    """Test whether a text says what the policy wants said, in the words this program proposed.

    :param contains: one of the things a notice can have to contain, as ``reason``
    """
    said = " ".join(text.split())
    lines = [line for line in text_of_lines(ref, work) if line.startswith(BEGINS.get(contains, NEVER))]
    return bool(lines) and all(" ".join(line.partition(ADDRESS)[0].split()) in said for line in lines)


def text_of_lines(ref: str, work: Work) -> list[str]:
    """The proposed text, paragraph by paragraph."""
    return text(ref, work).split("\n\n")


def appeal_until(ref: str, work: Work) -> date | None:
    """The last day to appeal that the text names; ``None`` where it names none."""
    until = _clock(ref, "appeal_by", work)
    return until.due if until else None


def may_come_back(ref: str, work: Work) -> list[str]:
    """From when a blocked person may ask to come back; nothing where no day is known."""
    opens = _clock(ref, "reinstatement_from", work)
    if opens is None:
        return []
    asked_of = work.book.on(opens.happened_on).reinstatement.asked_of
    to = f" to the {work.title(asked_of)}" if asked_of else ""
    return [f"You may ask to come back from {short_date(opens.due)} on, in writing{to}."]


def cases_act(incident: Incident) -> Action:
    """Which act of the library a removal is, as policies name it."""
    return {
        Outcome.HIDDEN: Action.HIDE,
        Outcome.REMOVED_IN_PART: Action.REMOVE_IN_PART,
        Outcome.DECLINED: Action.DECLINE,
    }.get(incident.outcome, Action.REMOVE)
