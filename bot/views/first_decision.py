"""Who took the decision that an appeal challenges, and what the policy says of their answering it themselves.

Whoever gave the reasons for a removal took it, and whoever is said to have found that it breaks the policy; an editor
who only carried it out did not. A block is its decider's. At a further level it is the answer of the level before.
"""

from uuid import UUID

from bot.cards import Note, Tone
from bot.cases.appeal import Appeal, DecidedAppeal, ReceivedAppeal, received
from bot.cases.block import DecidedBlock
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import ConfirmedRemoval
from bot.people import Person
from bot.work import Work


def hand_in(appeal: ReceivedAppeal, work: Work) -> tuple[str, ...]:
    """What the actor did in the act that is challenged, in words; empty for whoever had no hand in it."""
    done: list[tuple[str, UUID]] = []
    if appeal.against.startswith("I-"):
        incident = work.shelves.incidents.by_ref(appeal.against)
        if incident is not None and isinstance(incident.removal, ConfirmedRemoval):
            removal = incident.removal
            done = [("asked for it", removal.asked.asked_by), ("confirmed it", removal.confirmed_by)]
            done += [("found that it breaks the policy", one) for one in _found_by(appeal.against, work)]
    else:
        block = work.shelves.blocks.by_ref(appeal.against)
        if isinstance(block, DecidedBlock):
            done = [("asked for it", block.requested.requested_by), ("decided it", block.decided_by)]
            done += [("made it", one.confirmed_by) for one in work.shelves.blocks.executions(block.ref)]
    if appeal.level:
        done += [("answered the appeal before", one) for one in _answered_before(appeal, work)]
    return tuple(dict.fromkeys(what for what, by in done if work.person(by).id == work.actor.id))


def took_it(appeal: ReceivedAppeal, work: Work) -> frozenset[UUID]:
    """The people whose decision it is; at a further level those who answered before."""
    if appeal.level:
        people = _answered_before(appeal, work)
    elif appeal.against.startswith("I-"):
        incident = work.shelves.incidents.by_ref(appeal.against)
        removal = incident.removal if incident else None
        asked = [removal.asked.asked_by] if isinstance(removal, ConfirmedRemoval) else []
        people = [*asked, *_found_by(appeal.against, work)]
    else:
        block = work.shelves.blocks.by_ref(appeal.against)
        people = [block.decided_by] if isinstance(block, DecidedBlock) else []
    return frozenset(work.person(one).id for one in people)


def _found_by(ref: str, work: Work) -> list[UUID]:
    """Who is said to have found that something breaks the policy, where its decider and not the reporter does."""
    law = work.book.on(work.today)
    named = {decider.rule for decider in law.deciders}
    return [
        one.to
        for one in work.shelves.papers.follow_ups(ref)
        if one.kind is FollowUpKind.REPORTED_UP and one.to is not None and named & set(one.rules)
    ]


def _answered_before(appeal: ReceivedAppeal, work: Work) -> list[UUID]:
    return [
        one.ruling.by
        for one in work.shelves.appeals.against(appeal.against)
        if isinstance(one, DecidedAppeal) and one.id != appeal.id
    ]


def bars(appeal: Appeal, person: Person, work: Work) -> bool:
    """Test whether the policy has somebody else than this person answer, because the first decision was theirs."""
    came = received(appeal)
    rule = work.book.on(came.writing.received_on).appeal.at(came.level)
    return rule.same_decider == "excluded" and person.id in took_it(came, work)


def notes(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """For whoever may answer: that the first decision was theirs, with what the policy says of that, if anything."""
    did = hand_in(appeal, work)
    if not did:
        return ()
    day = appeal.writing.received_on
    law = work.book.on(day).appeal
    theirs = work.actor.id in took_it(appeal, work)
    said = f"You made the original decision: you {' and '.join(did)}." if theirs else f"You {' and '.join(did)}."
    stated = law.at(appeal.level).same_decider
    after = {
        "disclosed": "The policy lets you answer if that is disclosed; the file and the letter say so.",
        "allowed": "The policy lets you answer; the file says so.",
    }.get(stated or "", "The policy does not say that somebody else answers; the file will say so.")
    cited = (Note.of(work.book.cite(law.rule_of("same_decider", level=appeal.level), on=day)),) if stated else ()
    return (Note(text=f"{said} {after}", tone=Tone.WARNING), *cited)


def notes_on_card(appeal: Appeal, work: Work) -> tuple[Note, ...]:
    """On the card of an appeal that waits: who does not answer it, where the policy says so."""
    if not isinstance(appeal, ReceivedAppeal):
        return ()
    day = appeal.writing.received_on
    if work.book.on(day).appeal.at(appeal.level).same_decider != "excluded":
        return ()
    barred = sorted(work.name(one) for one in took_it(appeal, work))
    if not barred:
        return ()
    rule = work.book.on(day).appeal.rule_of("same_decider", level=appeal.level)
    said = f"{' and '.join(barred)} took the first decision, so somebody else answers."
    return (Note(text=said, tone=Tone.WARNING), Note.of(work.book.cite(rule, on=day)))
