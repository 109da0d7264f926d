"""What was done about a case beside its outcome, as those who may open it read it; and what can be entered next."""

from bot.cards import Button, Note, Quote, Style, Tone
from bot.cases.follow_up import FOLLOWED, FollowUp, FollowUpKind
from bot.cases.incident import Incident
from bot.clocks.calendar import short_date
from bot.people import WALLED, Power
from bot.policy.terms import ClockName, Role, Stance, Track
from bot.refusal import Refusal
from bot.work import Work

SPOKEN_TO_AUTHORITIES = frozenset({Track.THREAT, Track.PERSONAL_INFORMATION, Track.CHILD_SAFETY, Track.VIOLATION})


def notes(ref: str, work: Work, *, hide: bool = False) -> list[Note]:
    """What was done, with the rules it rests on; ``hide`` leaves out who entered it, where that is nobody's to know."""
    found: list[Note] = []
    for one in work.shelves.papers.follow_ups(ref):
        found.append(Note(text=_line(one, work, hide=hide), tone=_tone(one)))
        found += _sources(one, work)
    return found


def quotes(ref: str, work: Work) -> list[Quote]:
    """The library's own words about it: an answer, a statement, why of two rules one was applied."""
    return [
        Quote(label=f"{FOLLOWED[one.kind]}, {short_date(one.on)}", text=one.words)
        for one in work.shelves.papers.follow_ups(ref)
        if one.words
    ]


def _line(one: FollowUp, work: Work, *, hide: bool) -> str:
    who = "" if hide and one.by != work.actor.id else f" by {work.name(one.by)}"
    said = "; ".join(f"{asked}: {answer}" for asked, answer in one.particulars.items())
    return f"{FOLLOWED[one.kind]} on {short_date(one.on)}{who}.{f' {said}.' if said else ''}"


def _tone(one: FollowUp) -> Tone:
    return Tone.WARNING if one.kind in {FollowUpKind.OVERRIDDEN, FollowUpKind.RULE_CHOSEN} else Tone.INFO


def _sources(one: FollowUp, work: Work) -> list[Note]:
    """Where the rules stand; those of a pack the library no longer works under are named in the ledger alone."""
    sources = []
    for rule in one.rules:
        try:
            sources.append(Note.of(work.book.cite(rule, on=one.on)))
        except Refusal:
            continue
    return sources


def buttons(incident: Incident, work: Work) -> list[Button]:
    """What can be entered about a report on its track, by whoever may."""
    ref, version = incident.ref, incident.version
    found: list[Button] = []

    def opens(label: str, intent: str, *, style: Style = Style.PLAIN) -> None:
        found.append(Button(label=label, intent=intent, subject=ref, version=version, style=style, opens_form=True))

    may = work.may(Power.FOLLOW_UP)
    if incident.track in SPOKEN_TO_AUTHORITIES and (may or incident.track in WALLED):
        opens("The authorities were told", "authority.told")
    protected = incident.track is Track.COMPLAINT and work.pack.complaints.protected
    if protected and incident.closed_on is None and work.actor.has(Role.DIRECTOR, on=work.today):
        opens("It breaks another rule", "incident.override", style=Style.DANGER)
    if incident.track is Track.CONCERN and work.pack.appeal.stance is Stance.STATED and work.may(Power.LOG_PAPER):
        found.append(Button(label="Put it on file as an appeal", intent="appeal.log", opens_form=True))
    if incident.track is Track.COPYRIGHT_NOTICE and may:
        opens("Read the notice", "copyright.check")
        if incident.sustained:
            opens("A counter-notice came in", "copyright.counter")
    if incident.track is Track.IMPOSTOR and may:
        opens("The platform was told", "impostor.told")
    if incident.track is Track.CORRECTION and may and incident.closed_on is None:
        opens("It was put right, or not", "own_post.corrected")
    return found


def waits_for_answer(incident: Incident, work: Work) -> bool:
    """Test whether a report takes an answer to be closed: a time to reply runs, or the policy has it taken up."""
    return waits_as_complaint(incident, work) or any(
        clock.name == ClockName.REPLY_BY and clock.next_at is not None
        for clock in work.shelves.clocks.of_case(incident.ref)
    )


def waits_as_complaint(incident: Incident, work: Work) -> bool:
    """Test whether a report is a complaint that the policy protects and nobody has taken up yet."""
    if incident.track is not Track.COMPLAINT or not work.pack.complaints.protected:
        return False
    taken_up = {FollowUpKind.ANSWERED, FollowUpKind.NO_ANSWER_NEEDED}
    return not any(one.kind in taken_up for one in work.shelves.papers.follow_ups(incident.ref))
