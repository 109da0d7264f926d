"""A report as people see it: privately in full, in a channel without anything personal."""

from collections.abc import Mapping

from bot.cards import Button, Card, Fact, Image, Note, Quote, Tone
from bot.cases.incident import ACTIONS, EVENTS, OUTCOMES, AskedRemoval, ConfirmedRemoval, Incident, Outcome, counts
from bot.clocks.arithmetic import due_dates
from bot.clocks.calendar import short_date
from bot.people import WALLED, Power, keeps_walled
from bot.policy.pack import Pack
from bot.policy.terms import Action, Stance
from bot.refusal import Refusal
from bot.views import follow_ups, kept_copies
from bot.views.appeals import outcome_of, ways_to_appeal
from bot.views.documents import of_incident
from bot.views.fields import TRACKS
from bot.views.holds import notes_on
from bot.views.parts import (
    account_label,
    author_label,
    clock_label,
    corrections,
    dates,
    fact,
    next_date,
    notices,
    open_case,
)
from bot.views.tasks import all_task_buttons, my_task_buttons
from bot.work import Work

NOT_COUNTED = "It does not count against the author: it was overturned, or came down to protect somebody."
"""What is said of a removal that is left out where an author's breaches are counted."""


MEASURED_AGAINST: Mapping[str, str] = {
    "library": "the library and what it offers",
    "host_post": "our post it stands under",
    "discussion": "the discussion it is part of",
    "topics": "the topics of the account",
}
"""What a post is measured against where the ground is relevance, in words."""


def status(incident: Incident) -> str:
    """Where a report stands, in a few words."""
    if incident.track not in WALLED:
        return _outcome(incident)
    return f"closed on {short_date(incident.closed_on)}" if incident.closed_on else "open"


def _outcome(incident: Incident) -> str:
    said = OUTCOMES[incident.outcome]
    match incident.removal:
        case ConfirmedRemoval() as removal:
            overturned = f", overturned on {short_date(removal.overturned_on)}" if removal.overturned_on else ""
            return f"{said} on {short_date(removal.done_on)}{overturned}"
        case AskedRemoval(said_done_on=None):
            return f"asked: {said}; an editor has yet to do it"
        case AskedRemoval():
            return f"said to be {said}; an editor has yet to confirm"
        case None:
            return _standing(incident)


def _standing(incident: Incident) -> str:
    """Where a report stands of which nothing was taken down."""
    if incident.outcome is Outcome.PLEASE_LOOK and incident.claimed_by:
        return "somebody is looking at it"
    if incident.outcome is Outcome.LEFT_UP and incident.closed_on is None:
        return "left up so far; still open"
    return OUTCOMES[incident.outcome]


def pushed(incident: Incident, work: Work) -> Card:
    """A report as a channel or a direct message shows it; of a walled one, only that it exists."""
    walled = incident.track in WALLED
    facts = [Fact(label="What", value="Confidential" if walled else TRACKS[incident.track][0])]
    if not walled:
        facts += [
            Fact(label="Account", value=account_label(incident.account, work)),
            *fact("Under our post", incident.host_post.title),
            Fact(label="Status", value=status(incident)),
            *fact("Rule", _clause_labels(incident, work)),
            *next_date(work.shelves.clocks.of_case(incident.ref)),
        ]
    return Card(
        title=f"Report {incident.ref}",
        facts=tuple(facts),
        buttons=(open_case(incident.ref), *(() if walled else all_task_buttons(incident.ref, work))),
    )


def private(incident: Incident, work: Work) -> Card:
    """Everything on file about a report."""
    facts = [
        Fact(label="What", value=TRACKS[incident.track][0]),
        Fact(label="Status", value=status(incident)),
        Fact(label="Account", value=account_label(incident.account, work)),
        *fact("Under our post", incident.host_post.title),
        *fact("Posted on", short_date(incident.posted_on) if incident.posted_on else ""),
        *fact("Author", author_label(incident.author, work)),
        Fact(label="Reported by", value=f"{_reporter(incident, work)}, {short_date(incident.reported_on)}"),
        *fact("Looking at it", work.name(incident.claimed_by) if incident.claimed_by else ""),
    ]
    quotes = []
    if incident.link:
        quotes.append(Quote(label="Link", text=incident.link))
    if incident.host_post.link:
        quotes.append(Quote(label="Link of our post", text=incident.host_post.link))
    if incident.text:
        quotes.append(Quote(label="What was posted", text=incident.text))
    notes: list[Note] = []
    if incident.words:
        quotes.append(Quote(label="What the reporter added", text=incident.words))
    quotes += [
        Quote(label=f"Reported again by {work.name(again.by)}", text=again.words or "no words added")
        for again in incident.joined
    ]
    if incident.removal:
        asked = incident.removal.asked if isinstance(incident.removal, ConfirmedRemoval) else incident.removal
        facts += [
            Fact(label="Reason", value=asked.reason.sentence),
            *fact("Which part", asked.part),
            *fact("No copy because", incident.copy_impossible),
        ]
        if isinstance(incident.removal, ConfirmedRemoval):
            facts.append(Fact(label="Confirmed by", value=work.name(incident.removal.confirmed_by)))
        notes += _clause_notes(incident, work)
        notes += kept_copies.notes(incident, work)
    facts += dates(incident.ref, work)
    notes += _silences(incident, work)
    notes += notices(incident.ref, work)
    notes += corrections(incident.ref, work)
    notes += notes_on(incident, work)
    notes += outcome_of(incident.ref, work)
    if incident.sustained and not counts(incident, work.book.on(incident.judged_on)):
        notes.append(Note(text=NOT_COUNTED))
    notes += follow_ups.notes(incident.ref, work, hide=incident.about_director)
    quotes += follow_ups.quotes(incident.ref, work)
    return Card(
        title=f"Report {incident.ref}",
        facts=tuple(facts),
        quotes=tuple(quotes),
        notes=tuple(notes),
        documents=of_incident(incident, work),
        images=tuple(
            Image(case=incident.ref, sha256=kept.sha256, alt=f"Retained copy: {kept.name}")
            for kept in incident.evidence
        ),
        buttons=_buttons(incident, work),
    )


def _buttons(incident: Incident, work: Work) -> tuple[Button, ...]:
    buttons = list(my_task_buttons(incident.ref, work))
    if incident.author and work.may(Power.SEE_HISTORY):
        buttons.append(Button(label="Author's history", intent="author.history", subject=str(incident.author)))
        if incident.sustained and work.may(Power.REQUEST_BLOCK) and work.book.speaks_of_blocks(on=work.today):
            buttons.append(
                Button(label="Ask for a block", intent="block.request", subject=incident.ref, opens_form=True)
            )
    if incident.sustained:
        buttons += ways_to_appeal(incident.ref, work)
    known = {button.intent for button in buttons}
    if "incident.warn" not in known and _may_warn(incident, work):
        buttons.append(Button(label="Warn the person", intent="incident.warn", subject=incident.ref, opens_form=True))
    buttons += [button for button in follow_ups.buttons(incident, work) if button.intent not in known]
    buttons += kept_copies.buttons(incident, work)
    walled = incident.track in WALLED
    may_close = (
        keeps_walled(work.actor, track=incident.track, about_director=incident.about_director, on=work.today)
        if walled
        else work.may(Power.CORRECT)
    )
    if (
        incident.closed_on is None
        and not incident.outcome.removes
        and may_close
        and not follow_ups.waits_for_answer(incident, work)
    ):
        label = "Close this report" if walled else "Close: it stays up"
        buttons.append(Button(label=label, intent="incident.close", subject=incident.ref, version=incident.version))
    if work.may(Power.CORRECT):
        buttons.append(Button(label="Correct a slip", intent="case.correct", subject=incident.ref, opens_form=True))
    return tuple(buttons)


def speaks_of_warnings(pack: Pack) -> bool:
    """Test whether the policy knows a warning: as a step of its ladder, by whoever gives it, or as what is told."""
    return (
        any(step.action is Action.WARN for step in pack.sanctions.steps)
        or pack.decider(Action.WARN).stance is Stance.STATED
        or pack.notice(Action.WARN).stance is Stance.STATED
    )


def _may_warn(incident: Incident, work: Work) -> bool:
    if not incident.sustained or not speaks_of_warnings(work.pack):
        return False
    if work.pack.decider(Action.WARN).stance is Stance.STATED:
        return work.may(Power.WARN)
    return work.may(Power.SEND_NOTICE, account=incident.account)


def _reporter(incident: Incident, work: Work) -> str:
    """Who reported it; hidden on reports about the Director, from everybody but the reporter."""
    if incident.about_director and work.actor.id != incident.reported_by:
        return "hidden"
    return work.name(incident.reported_by)


def _clause_labels(incident: Incident, work: Work) -> str:
    pack = work.book.on(incident.judged_on)
    return "; ".join(pack.ground(code).label for code in incident.clauses)


def _clause_notes(incident: Incident, work: Work) -> list[Note]:
    day = incident.judged_on
    pack = work.book.on(day)
    notes = []
    for code in incident.clauses:
        ground = pack.ground(code)
        notes.append(Note.of(work.book.cite(ground.rule, on=day)))
        if ground.caution:
            notes.append(Note(text=ground.caution, tone=Tone.WARNING))
        if ground.relevance:
            notes.append(Note(text=f"Measured against {MEASURED_AGAINST[ground.relevance]}."))
    return notes


def _silences(incident: Incident, work: Work) -> list[Note]:
    """What the policy leaves silent about this removal, in words."""
    if not isinstance(incident.removal, ConfirmedRemoval):
        return []
    done_on = incident.removal.done_on
    _, silences = due_dates(EVENTS[incident.outcome], on=done_on, pack=work.book.on(done_on), calendar=work.calendar)
    return [
        Note(text=f"{clock_label(silence.clock)}: the policy gives no date. {silence.why}", tone=Tone.MISSING)
        for silence in silences
    ]


def act_of(incident: Incident) -> Action:
    """Which act of the library a removal is.

    :raises Refusal: nothing was taken down
    """
    if incident.outcome not in ACTIONS:
        raise Refusal(f"Nothing of {incident.ref} was taken down.")
    return ACTIONS[incident.outcome]
