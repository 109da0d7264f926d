"""What the policy says about appeals, and the ways on: file one, hand out the half-sheet, see those there are."""

from bot.cards import Button, Card, Fact, Note, Reply, Style, Submission, Tone
from bot.features.silences import unsaid
from bot.people import Power
from bot.policy.pack import AppealRule
from bot.policy.terms import ClockName, Stance
from bot.views import appeal_practices
from bot.views.parts import clock_label
from bot.work import Work


def show(sent: Submission, work: Work) -> Reply:
    """How an act can be appealed, with whom, in what time; or that the policy gives no appeal."""
    _ = work.actor
    pack, rule = work.pack, work.pack.appeal
    periods = [one for one in pack.clocks if one.clock in {ClockName.APPEAL_BY, ClockName.DECIDE_APPEAL_BY}]
    stated = {
        clock_label(one.name): f"{one.n} {one.unit.value.replace('_', ' ')}" for one in periods if one.n and one.unit
    }
    cited = (Note.of(work.book.cite(rule.rule, on=work.today)),) if rule.rule else ()
    return Reply(
        cards=(
            Card(
                title="Appeals" if rule.stance is Stance.STATED else f"{pack.about.name}'s policy gives no appeal",
                facts=(*_said(rule, work), *(Fact(label=label, value=length) for label, length in stated.items())),
                notes=(*cited, *_unsaid(rule, work)),
                buttons=_ways_on(sent.subject.strip().upper(), work),
            ),
        )
    )


def _unsaid(rule: AppealRule, work: Work) -> tuple[Note, ...]:
    """Where the policy gives no appeal: that it does not, what the library may choose, and who signs that."""
    if rule.stance is Stance.STATED:
        why = (Note(text=rule.why, tone=Tone.MISSING),) if rule.why else ()
        return *why, *appeal_practices.notes(work)
    said = unsaid("appeals", rule, ("decider.appeal", "clock.appeal_by"), work)
    return (Note(text=said, tone=Tone.MISSING),)


def _said(rule: AppealRule, work: Work) -> tuple[Fact, ...]:
    against = ", ".join(action.value.replace("_", " ") for action in rule.against)
    lines = (
        ("Against", against),
        ("To", work.title(rule.filed_with) if rule.filed_with else ""),
        ("How", " or ".join(rule.forms)),
        ("Decided by", work.title(rule.decided_by) if rule.decided_by else ""),
    )
    return tuple(Fact(label=label, value=value) for label, value in lines if value)


def _ways_on(ref: str, work: Work) -> tuple[Button, ...]:
    if not work.may(Power.LOG_PAPER):
        return (Button(label="Appeals", intent="appeal.list"),)
    return (
        Button(label="Put an appeal on file", intent="appeal.log", subject=ref, style=Style.PRIMARY, opens_form=True),
        Button(label="Somebody objects at the desk", intent="appeal.half_sheet", subject=ref),
        Button(label="Appeals", intent="appeal.list"),
    )
