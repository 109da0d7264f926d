"""The memo to a trustee: what happened, the rules, the item, and that the answer goes to the Director alone.

It goes one way. It says nothing of what any other trustee thinks, and nothing of who the patron is or wrote in the
appeal. What is kept apart (staff, trustees, children, the Director) is not in it.
"""

from bot.cases.appeal import ReceivedAppeal
from bot.cases.block import in_force_from, request_of
from bot.cases.clock import ClockState
from bot.cases.incident import OUTCOMES, ConfirmedRemoval, Incident
from bot.clocks.calendar import short_date
from bot.people import WALLED
from bot.policy.terms import ClockName
from bot.work import Work

MOST_ITEMS = 5
ALONE = "Do not write or speak of it with other members of the Board outside a posted meeting."
TO_WRITE_ON = (
    "Write below, sign, date, and hand it back.",
    f"What I advise:{chr(10)}{chr(10).join(['_' * 70] * 8)}{chr(10)}{chr(10)}Date and signature:",
)
"""What a memo on paper ends with: room to answer by hand."""


def happened(appeal: ReceivedAppeal, work: Work) -> str:
    """What the library did and when, and when the patron appealed."""
    came = f"A patron appealed in writing; it came in on {short_date(appeal.writing.received_on)}."
    incident = _item(appeal.against, work)
    if incident is not None and isinstance(incident.removal, ConfirmedRemoval):
        place = next((one.label for one in work.accounts if one.id == incident.account), "an account of ours")
        day = short_date(incident.removal.done_on)
        return f"A comment on {place} was {OUTCOMES[incident.outcome]} on {day}. {came}"
    block = work.shelves.blocks.by_ref(appeal.against)
    since = in_force_from(work.shelves.blocks.executions(appeal.against))
    if block is None or since is None:
        return came
    places = ", ".join(one.label for one in work.accounts if one.id in request_of(block).accounts)
    return f"A person was blocked from {places}, in force from {short_date(since)}. {came}"


def rules(appeal: ReceivedAppeal, work: Work) -> tuple[str, ...]:
    """The rules it was done under, with their sentence where the library's document is bound."""
    incident = _item(appeal.against, work)
    if incident is not None:
        day = incident.judged_on
        pack = work.book.on(day)
        return tuple(str(work.book.cite(pack.ground(code).rule, on=day)) for code in incident.clauses)
    block = work.shelves.blocks.by_ref(appeal.against)
    if block is None:
        return ()
    asked = request_of(block)
    day = asked.requested_on
    rules = (work.book.block_ground(claim.code, on=day).rule for claim in asked.grounds)
    return tuple(str(work.book.cite(rule, on=day)) for rule in rules)


def items(appeal: ReceivedAppeal, work: Work) -> tuple[tuple[str, str], ...]:
    """What was taken down, and the reason given for the act: (what it is, its words)."""
    incident = _item(appeal.against, work)
    if incident is not None:
        return _of_item(incident)
    block = work.shelves.blocks.by_ref(appeal.against)
    if block is None:
        return ()
    known = [one for ref in request_of(block).incidents[:MOST_ITEMS] if (one := _item(ref, work)) is not None]
    return (("The reason given for the block", block.reason), *(said for one in known for said in _of_item(one)))


def _of_item(incident: Incident) -> tuple[tuple[str, str], ...]:
    if incident.track in WALLED or incident.about_director:
        return (("The item", "It is kept apart; ask the Director what you need to know of it."),)
    kept = incident.text or ("It is kept as a picture." if incident.evidence else "No copy of it could be kept.")
    why = incident.reason.sentence if incident.reason else ""
    return (("The item", kept), *((("The reason given", why),) if why else ()))


def _item(ref: str, work: Work) -> Incident | None:
    return work.shelves.incidents.by_ref(ref) if ref.startswith("I-") else None


def paragraphs(appeal: ReceivedAppeal, trustee: str, work: Work) -> tuple[str, ...]:
    """The memo to one trustee, as it is sent and kept."""
    about = work.book.on(appeal.writing.received_on).about
    due = [
        one.due
        for one in work.shelves.clocks.of_case(appeal.ref)
        if one.name.startswith(ClockName.DECIDE_APPEAL_BY) and one.state is not ClockState.VOID
    ]
    when = f"The patron is answered by {short_date(min(due))}; please answer before that day. " if due else ""
    return (
        f"To {trustee}, {about.board}",
        f"The {about.executive} asks for your advice before a patron's appeal is answered.",
        happened(appeal, work),
        *(f"The rule: {line}" for line in rules(appeal, work)),
        *(f"{label}:\n{text}" for label, text in items(appeal, work)),
        f"{when}Answer the {about.executive} only. {ALONE}",
        "This memo and your answer may be public records.",
    )
