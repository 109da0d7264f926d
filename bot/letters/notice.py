"""The notice of a removal or a block, in words a patron can understand.

It says what was done and why, the rule, how and until when the act can be challenged, and from which day a blocked
person may ask to come back. Where the policy gives no date the letter gives none. Patrons never read "incident",
"case" or "subject".
"""

from datetime import date

from bot.cases.block import DecidedBlock, in_force_from
from bot.cases.clock import Clock, ClockState
from bot.cases.incident import ConfirmedRemoval, Incident, Outcome
from bot.clocks.calendar import short_date
from bot.people import TITLES
from bot.policy.pack import Pack
from bot.policy.terms import Action, Stance
from bot.refusal import Refusal
from bot.work import Work

PLACEHOLDER = "[…]"
"""What stands where a person has to fill something in before the text may be sent."""

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
    since = in_force_from(work.shelves.blocks.executions(ref))
    if not isinstance(block, DecidedBlock) or since is None:
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
        f"Why: {incident.removal.asked.reason.sentence}",
        *(f"The rule: {rule.sentence or rule.label} ({rule.source})" for rule in rules),
        *_appeal(
            Action.REMOVE if incident.outcome is Outcome.REMOVED else cases_act(incident), pack, incident.ref, work
        ),
    ]
    return "\n\n".join(lines)


def _block(block: DecidedBlock, since: date, work: Work) -> str:
    pack = work.book.on(block.decided_on)
    grounds = [pack.block_ground(claim.code) for claim in block.requested.grounds]
    rules = [work.book.cite(ground.rule, on=block.decided_on) for ground in grounds]
    places = sorted({account.label for account in work.accounts if account.id in block.requested.accounts})
    lines = [
        f"Since {short_date(since)} your account is blocked from: {', '.join(places)}.",
        f"Why: {block.reason}",
        *(f"The rule: {rule.sentence or rule.label} ({rule.source})" for rule in rules),
        *_appeal(Action.BLOCK, pack, block.ref, work),
        *_reinstatement(pack, block.ref, work),
    ]
    return "\n\n".join(lines)


def _clock(ref: str, name: str, work: Work) -> Clock | None:
    return next(
        (c for c in work.shelves.clocks.of_case(ref) if c.name == name and c.state is not ClockState.VOID), None
    )


def _appeal(act: Action, pack: Pack, ref: str, work: Work) -> list[str]:
    appeal = pack.appeal
    if appeal.stance is not Stance.STATED or act not in appeal.against:
        return []
    to = TITLES[appeal.filed_with] if appeal.filed_with else "library"
    until = _clock(ref, "appeal_by", work)
    when = f" until {short_date(until.due)}" if until else ""
    where = work.book.practice("appeal.address")
    return [f"You may appeal in writing to the {to}{when}. Write to: {where.value if where else PLACEHOLDER}"]


def _reinstatement(pack: Pack, ref: str, work: Work) -> list[str]:
    opens = _clock(ref, "reinstatement_from", work)
    if opens is None:
        return []
    asked_of = pack.reinstatement.asked_of
    to = f" to the {TITLES[asked_of]}" if asked_of else ""
    return [f"You may ask to come back from {short_date(opens.due)} on, in writing{to}."]


def cases_act(incident: Incident) -> Action:
    """Which act of the library a removal is, as policies name it."""
    return {
        Outcome.HIDDEN: Action.HIDE,
        Outcome.REMOVED_IN_PART: Action.REMOVE_IN_PART,
        Outcome.DECLINED: Action.DECLINE,
    }.get(incident.outcome, Action.REMOVE)
