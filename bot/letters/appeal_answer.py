"""The answer to an appeal, as a draft the Director edits: issue, rule, facts, consultation, outcome, what happens now.

It says how and when the Board was asked, never who said what. It is final only where the policy says so, and gives a
day only where one runs. Patrons never read "incident", "case" or "subject".
"""

from bot.cases.appeal import Answer, DecidedAppeal, ReceivedAppeal
from bot.cases.block import DecidedBlock, in_force_on
from bot.cases.consultation import Way
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import ConfirmedRemoval, Incident
from bot.clocks.calendar import short_date
from bot.letters.acknowledgement import FORMS
from bot.letters.notice import DONE, blocked_from, may_come_back
from bot.policy.pack import AppealRule, Pack
from bot.policy.terms import ClockName, Stance
from bot.refusal import Refusal
from bot.work import Work

WAYS_TO_WRITE: dict[str, str] = {"letter": "a letter", "email": "an e-mail", "message": "a message"}
WAYS: dict[Way, str] = {
    Way.MEETING: "at a meeting",
    Way.SPECIAL_MEETING: "at a special meeting",
    Way.MEMOS: "in writing",
}
OUTCOME: dict[Answer, str] = {
    Answer.AFFIRMED: "Our answer: the decision stands.",
    Answer.REVERSED: "Our answer: the decision is reversed.",
    Answer.NOT_HEARD: "Our answer: we do not look at it again.",
}


def text(appeal: DecidedAppeal, work: Work) -> str:
    """The text to send, from what is on file.

    :raises Refusal: what it challenges is no longer on file
    """
    came = appeal.received
    law = work.book.on(came.writing.received_on)
    incident = work.shelves.incidents.by_ref(came.against) if came.against.startswith("I-") else None
    block = work.shelves.blocks.by_ref(came.against) if incident is None else None
    if incident is not None and isinstance(incident.removal, ConfirmedRemoval):
        issue, facts, now = _of_item(incident, incident.removal, appeal, work)
    elif isinstance(block, DecidedBlock):
        issue, facts, now = _of_block(block, appeal, work)
    else:
        raise Refusal(f"{came.against} is no longer on file, so no letter about it can be drafted.")
    lines = [
        f"{_received(came)} You appealed {issue}.",
        *facts,
        *_lateness(came, work),
        *_consulted(appeal, law, work),
        *_by_whom(appeal, law),
        *_applied(appeal, work),
        OUTCOME[appeal.answer],
        f"Why: {appeal.reason}",
        *now,
        *_further(appeal, law.appeal, work),
        *_final(appeal, law.appeal, work),
    ]
    return "\n\n".join(lines)


def _received(came: ReceivedAppeal) -> str:
    paper = came.writing
    sent = f" of {short_date(paper.sent_on)}" if paper.sent_on else ""
    return f"Your {FORMS[paper.form]}{sent} came in on {short_date(paper.received_on)}."


def _of_item(
    incident: Incident, removal: ConfirmedRemoval, appeal: DecidedAppeal, work: Work
) -> tuple[str, list[str], list[str]]:
    """The issue, the facts with the rules, and what happens now."""
    posted = f" of {short_date(incident.posted_on)}" if incident.posted_on else ""
    place = next((account.platform for account in work.accounts if account.id == incident.account), "our page")
    day = incident.judged_on
    pack = work.book.on(day)
    rules = [work.book.cite(pack.ground(code).rule, on=day) for code in incident.clauses]
    facts = [
        f"What was done: your comment was {DONE[incident.outcome]} on {short_date(removal.done_on)}.",
        *([f"The part: {removal.asked.part}"] if removal.asked.part else []),
        *([f"The reason given then: {removal.asked.reason.sentence}"] if removal.asked.reason.sentence else []),
        *(f"The rule: {rule.sentence or rule.label} ({rule.source})" for rule in rules),
    ]
    now = "What happens now: our editors have been asked to put your comment back as far as the platform allows it."
    return (
        f"against what was done to your comment{posted} on the {place} page of {work.library.name}",
        facts,
        [now] if appeal.answer is Answer.REVERSED else [],
    )


def _of_block(block: DecidedBlock, appeal: DecidedAppeal, work: Work) -> tuple[str, list[str], list[str]]:
    day = block.decided_on
    rules = [
        work.book.cite(work.book.block_ground(claim.code, on=day).rule, on=day) for claim in block.requested.grounds
    ]
    facts = [
        *([blocked_from(block, work)] if in_force_on(work.shelves.blocks.executions(block.ref)) else []),
        f"The reason given then: {block.reason}",
        *(f"The rule: {rule.sentence or rule.label} ({rule.source})" for rule in rules),
    ]
    lifted = (
        "What happens now: our editors have been asked to lift the block on every page it is on."
        if in_force_on(work.shelves.blocks.executions(block.ref))
        else "What happens now: the block is lifted on every page it was on."
    )
    now = [lifted] if appeal.answer is Answer.REVERSED else may_come_back(block.ref, work)
    return "against the block of your account", facts, now


def _lateness(came: ReceivedAppeal, work: Work) -> list[str]:
    if came.late_since is None:
        return []
    sent = f" It was sent on {short_date(came.writing.sent_on)}." if came.writing.sent_on else ""
    kinds = {one.kind for one in work.shelves.papers.follow_ups(came.ref)}
    heard = " The time was waived." if FollowUpKind.TIME_WAIVED in kinds else ""
    if FollowUpKind.HEARD_LATE in kinds:
        heard = " We heard it all the same, for good cause."
    return [f"The last day to appeal was {short_date(came.late_since)}; yours came in after it.{sent}{heard}"]


def _consulted(appeal: DecidedAppeal, law: Pack, work: Work) -> list[str]:
    """How and when the Board was asked, or that it was not; nothing where the policy asks for no consultation."""
    board = law.about.board
    advice = work.shelves.appeals.advice(appeal.ref)
    if advice:
        asked = " and ".join(f"{WAYS[one.way]} on {short_date(one.held_on)}" for one in advice)
        return [f"Before this answer the {board} was asked for its advice, {asked}."]
    if appeal.not_consulted:
        return [f"The {board} was not consulted before this answer: {appeal.not_consulted}"]
    return []


def _by_whom(appeal: DecidedAppeal, law: Pack) -> list[str]:
    """That whoever answers took the first decision as well, where the policy allows it if it is disclosed."""
    if not appeal.own_decision or law.appeal.at(appeal.received.level).same_decider != "disclosed":
        return []
    return ["Whoever answers you had a part in the first decision too. Our policy allows that, and has us tell you."]


def _applied(appeal: DecidedAppeal, work: Work) -> list[str]:
    """Of two rules that pull apart, both and the one that was applied."""
    day = appeal.received.writing.received_on
    lines = []
    for one in work.shelves.papers.follow_ups(appeal.ref):
        if one.kind is FollowUpKind.RULE_CHOSEN and len(one.rules) > 1:
            applied, other = (work.book.cite(rule, on=day) for rule in one.rules[:2])
            lines.append(
                f"Two of our rules bear on this answer. We applied: {applied.sentence or applied.label} "
                f"({applied.source}). The other: {other.sentence or other.label} ({other.source})."
            )
    return lines


def _further(appeal: DecidedAppeal, rule: AppealRule, work: Work) -> list[str]:
    """To whom the answer can be taken, and until when; nothing where it is the last one."""
    following = rule.after(appeal.received.level)
    if following is None or appeal.answer is Answer.REVERSED:
        return []
    name = f"{ClockName.APPEAL_BY.value}.{following.level}"
    days = [one.due for one in work.shelves.clocks.of_case(appeal.received.against) if one.name == name]
    until = f" until {short_date(max(days))}" if days else ""
    to = work.book.on(appeal.received.writing.received_on).about.board if following.body == "board" else ""
    where = to or (work.title(following.filed_with) if following.filed_with else "library")
    within = f" The policy gives you {following.deadline}." if following.deadline and not until else ""
    how = f", as {' or '.join(WAYS_TO_WRITE[form] for form in following.forms)}," if following.forms else " in writing"
    return [f"You may take this answer{how} to the {where}{until}.{within}"]


def _final(appeal: DecidedAppeal, rule: AppealRule, work: Work) -> list[str]:
    level = appeal.received.level
    told_already = appeal.answer is Answer.NOT_HEARD and appeal.received.second_of
    if rule.stance is not Stance.STATED or not rule.at(level).final or told_already:
        return []
    cited = work.book.cite(rule.rule_of("final", level=level), on=appeal.received.writing.received_on)
    return [f"This answer is final: {cited.sentence or cited.label} ({cited.source})."]
