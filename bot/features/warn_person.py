"""Warn a person after something of theirs came down, where the policy has warnings; the letter's words are kept.

A warning belongs to the removal it is about. If that is reversed on appeal, nothing was warned of.
"""

from bot.cards import Field, FieldKind, Note, Page, Reply, Submission, Tone
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import ConfirmedRemoval, Incident
from bot.cases.task import TaskKind
from bot.clocks.calendar import short_date
from bot.features.appeal_levels import asked_of
from bot.features.following_up import keep
from bot.features.notices import HOW
from bot.features.sanction_step import breaches, on_the_ladder
from bot.features.silences import no_rule
from bot.letters import warning
from bot.people import Power, deciders
from bot.policy.pack import Sanction
from bot.policy.terms import Action, Role, Stance
from bot.refusal import Mistake, Refusal
from bot.views import cases
from bot.views.incidents import speaks_of_warnings
from bot.work import Work

NOT_WARNED = "no"


def ask_after(incident: Incident, work: Work) -> None:
    """Ask for the warning where that is the step the breaches on file lead to; nobody is warned by itself."""
    reached = _reached(incident, work)
    if reached is None or reached.action is not Action.WARN:
        return
    roles, _ = deciders(Action.WARN, on=work.today, book=work.book)
    role = asked_of(roles) if roles else Role.EDITOR
    account = incident.account if role is Role.EDITOR else None
    work.ask_for(TaskKind.WARN_PERSON, case=incident.ref, role=role, account=account)


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """The text that was sent, how and when; or why the person is not warned, where the policy leaves that open."""
    incident = _taken_down(sent, work)
    must = _required(work)
    decider = work.pack.decider(Action.WARN)
    cited = [work.book.cite(decider.rule, on=work.today)] if decider.stance is Stance.STATED else []
    earlier = [one for one in work.shelves.papers.follow_ups(incident.ref) if one.kind is FollowUpKind.WARNED]
    notes = [
        *(Note(text=f"Warned already, on {short_date(one.on)}.", tone=Tone.WARNING) for one in earlier),
        *on_the_ladder(_of_author(incident, work), work),
        *(Note.of(one) for one in cited),
        *([Note.of(work.book.cite(work.pack.notice(Action.WARN).rule, on=work.today))] if must else []),
    ]
    choices = () if must else (_warned_or_not(),)
    return (
        Page(
            title="Warn the person",
            fields=(
                *choices,
                Field(
                    name="text",
                    label="Text that was sent",
                    kind=FieldKind.LONG_TEXT,
                    initial=(warning.text(incident, _next_step(incident, work), work),),
                    max_length=8000,
                    hint="Copy it, send it, then save. Nothing is sent by this program to a patron.",
                ),
                Field(name="how", label="How was it sent?", kind=FieldKind.CHOICE, options=HOW),
                Field(
                    name="sent_on",
                    label="Sent on",
                    kind=FieldKind.DATE,
                    latest=work.today,
                    initial=(work.today.isoformat(),),
                ),
                *(() if must else (Field(name="why_not", label="Why the person is not warned", max_length=500),)),
            ),
            notes=tuple(dict.fromkeys(notes)),
            submit="Keep it",
        ),
    )


def warn(sent: Submission, work: Work) -> Reply:
    """Keep that the person was warned, with the words they got; or why they were not."""
    incident = _taken_down(sent, work)
    if sent.text("warned") == NOT_WARNED and not _required(work):
        if not sent.text("why_not"):
            raise Mistake("Not warning is a decision.", beside={"why_not": "Write why the person is not warned."})
        keep(FollowUpKind.NOT_WARNED, incident.ref, work, words=sent.text("why_not"), rules=_rules(work))
        return _kept(incident, "Kept: not warned.", work)
    how = {option.value: option.label for option in HOW}.get(sent.text("how"), "")
    if not sent.text("text"):
        raise Mistake("What was sent?", beside={"text": "Paste the words the person got."})
    if not how:
        raise Mistake("How was it sent?", beside={"how": "Choose how the text reached the person."})
    on = sent.day("sent_on") or work.today
    if isinstance(incident.removal, ConfirmedRemoval) and on < incident.removal.done_on:
        done = short_date(incident.removal.done_on)
        raise Mistake(
            "Nobody is warned before it came down.",
            beside={"sent_on": f"It came down on {done}; choose that day or a later one."},
        )
    keep(
        FollowUpKind.WARNED,
        incident.ref,
        work,
        words=sent.text("text"),
        particulars={"How": how},
        rules=_rules(work),
        on=on,
    )
    return _kept(incident, "Kept: the person was warned.", work)


def _kept(incident: Incident, headline: str, work: Work) -> Reply:
    work.end_tasks(incident.ref, TaskKind.WARN_PERSON)
    return Reply(cards=cases.private(incident.ref, work), headline=headline, about=incident.ref)


def _warned_or_not() -> Field:
    return Field(
        name="warned",
        label="Was the person warned?",
        kind=FieldKind.YES_NO,
        required=True,
        initial=("yes",),
    )


def _taken_down(sent: Submission, work: Work) -> Incident:
    """The report, for whoever warns people.

    :raises Refusal: the policy knows no warnings, the actor does not decide on them, or nothing came down
    """
    ref = sent.subject.strip().upper()
    if not speaks_of_warnings(work.pack):
        raise no_rule("warning a person", work.pack.decider(Action.WARN), (), work)
    found = work.shelves.incidents.by_ref(ref)
    if work.pack.decider(Action.WARN).stance is Stance.STATED:
        work.require(Power.WARN)
    else:
        work.require(Power.SEND_NOTICE, account=found.account if found else None)
    incident = work.incident(ref)
    if not incident.sustained:
        raise Refusal(f"Nothing of {incident.ref} was taken down, or it was reversed; there is nothing to warn of.")
    return incident


def _required(work: Work) -> bool:
    return work.pack.notice(Action.WARN).duty == "required"


def _rules(work: Work) -> tuple[str, ...]:
    pack = work.pack
    steps = [step.rule for step in pack.sanctions.steps if step.action is Action.WARN]
    return (*steps, *([pack.notice(Action.WARN).rule] if _required(work) else []))


def _of_author(incident: Incident, work: Work) -> tuple[Incident, ...]:
    if incident.author is None:
        return ()
    return tuple(work.shelves.incidents.of_authors(work.same_person(incident.author)))


def _reached(incident: Incident, work: Work) -> Sanction | None:
    found = breaches(_of_author(incident, work), work)
    return work.pack.sanctions.step_for(len(found)) if incident.ref in {one.ref for one in found} else None


def _next_step(incident: Incident, work: Work) -> Sanction | None:
    """The step that one breach more would lead to."""
    return work.pack.sanctions.step_for(len(breaches(_of_author(incident, work), work)) + 1)
