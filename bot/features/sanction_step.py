"""Where an author stands on the policy's ladder of sanctions, and the step a person chooses for a block.

The breaches on file lead to a step, which is proposed. A person chooses it or another one: a lower one with a reason, a
higher one only where the policy lets a severe case go past steps.
"""

from collections.abc import Iterable
from datetime import date

from bot.cards import Field, FieldKind, Note, Option, Submission, Tone
from bot.cases.block import ChosenStep, choose_step, steps_of
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import ConfirmedRemoval, Incident, counts
from bot.clocks.arithmetic import parse_period
from bot.clocks.calendar import short_date
from bot.clocks.counting import back
from bot.people import Power, asked_first, deciders
from bot.policy.pack import BlockGround, Sanction, Span
from bot.policy.terms import Action, Ends, Stance, Term
from bot.refusal import Mistake
from bot.views.incidents import act_of
from bot.work import Work

ENDS: dict[Ends, str] = {
    Ends.BY_ITSELF: "then it is lifted",
    Ends.ON_REQUEST: "then on asking",
    Ends.ON_CONDITION: "until {condition}",
}


def occasions(incidents: Iterable[Incident], look_back: Span | None, work: Work) -> tuple[Incident, ...]:
    """The confirmed removals that count, within how far back is looked; all of them where no limit is stated."""
    since = looks_back_to(look_back, work)
    return tuple(
        one
        for one in incidents
        if isinstance(one.removal, ConfirmedRemoval)
        and counts(one, work.book.on(one.judged_on))
        and (since is None or one.removal.done_on >= since)
    )


def looks_back_to(look_back: Span | None, work: Work) -> date | None:
    """The first local day on which a breach still counts today; ``None`` where no limit is stated."""
    return back(look_back, work.today, work.calendar).day if look_back else None


def breaches(incidents: Iterable[Incident], work: Work) -> tuple[Incident, ...]:
    """What counts on the ladder of sanctions: sustained acts of the kinds it counts, within its look-back."""
    ladder = work.pack.sanctions
    counted = occasions(incidents, ladder.look_back, work)
    return tuple(one for one in counted if not ladder.counts or act_of(one) in ladder.counts)


def warnings(incidents: Iterable[Incident], work: Work) -> tuple[str, ...]:
    """The reports for which the person was warned; one whose removal was overturned warns of nothing."""
    warned = {one.case for one in work.shelves.papers.follow_ups_of(FollowUpKind.WARNED)}
    return tuple(one.ref for one in incidents if one.ref in warned and one.sustained)


def on_the_ladder(incidents: Iterable[Incident], work: Work) -> tuple[Note, ...]:
    """The step that the breaches on file have led to, why, and its clause; nothing where the policy has no ladder."""
    ladder = work.pack.sanctions
    if ladder.stance is not Stance.STATED:
        return ()
    found = breaches(incidents, work)
    since = looks_back_to(ladder.look_back, work)
    step = ladder.step_for(len(found))
    many = f"{len(found)} breach{'' if len(found) == 1 else 'es'}"
    after = f" since {short_date(since)}" if since else ""
    if step is None:
        return (Note(text=f"On the ladder of sanctions: {many}{after}, so no step is reached."),)
    refs = ", ".join(one.ref for one in found[-10:])
    cited = Note.of(work.book.cite(step.rule, on=work.today))
    return (
        Note(text=f"On the ladder of sanctions: {many}{after}, so “{step.label}”. A person decides it. ({refs})"),
        cited,
    )


# -- choosing one --------------------------------------------------------------------------------------------------


def step_fields(incidents: Iterable[Incident], work: Work) -> tuple[Field, ...]:
    """The steps to choose from, with how long and who decides each; nothing where the policy has no ladder.

    The step that was reached stands there already for those who may know what is on file about the author.
    """
    ladder = work.pack.sanctions
    steps = steps_of(ladder)
    if not steps:
        return ()
    reached = ladder.step_for(len(breaches(incidents, work))) if work.may(Power.SEE_HISTORY) else None
    open_terms = [step for step in steps if step.term in {Term.MINIMUM, Term.MAXIMUM}]
    asked = [
        Field(
            name="step",
            label="Which step of the ladder?",
            kind=FieldKind.CHOICE,
            options=tuple(Option(value=step.code, label=step.label, hint=_about(step, work)) for step in steps),
            initial=tuple(step.code for step in steps if step is reached),
            hint="Left empty, it is the step the breaches on file lead to.",
        )
    ]
    if open_terms:
        said = "; ".join(f"“{step.label}”: {_term(step)}" for step in open_terms)
        asked.append(
            Field(
                name="step_length",
                label="For how long?",
                hint=f"Only where the step leaves it open, for example 8 months. {said}.",
                max_length=40,
            )
        )
    asked.append(
        Field(
            name="step_why",
            label="Why another step than the breaches lead to?",
            kind=FieldKind.LONG_TEXT,
            hint="Only if it is another one.",
            max_length=1000,
        )
    )
    return tuple(asked)


def step_notes(grounds: Iterable[BlockGround], work: Work) -> tuple[Note, ...]:
    """That a severe case may go past steps, where the policy says so and such a ground is chosen."""
    ladder = work.pack.sanctions
    if not ladder.bypass or not any(ground.severe for ground in grounds):
        return ()
    return (
        Note(text="A severe case: it may go past steps. A person decides it.", tone=Tone.WARNING),
        Note.of(work.book.cite(ladder.bypass, on=work.today)),
    )


def chosen_step(
    sent: Submission, grounds: Iterable[BlockGround], incidents: Iterable[Incident], work: Work
) -> ChosenStep | None:
    """The step a person chose; ``None`` where the policy has no ladder.

    :raises Mistake: the step, its length or the reason for another one is missing or wrong
    :raises Refusal: the step is not reached and nothing lets this case go past steps
    """
    ladder = work.pack.sanctions
    if not steps_of(ladder):
        return None
    found = len(breaches(incidents, work))
    reached = ladder.step_for(found)
    code = sent.text("step") or next((one.code for one in steps_of(ladder) if one is reached), "")
    if not code:
        usual = f"“{reached.label}”, which is no block" if reached else "no step yet"
        raise Mistake(
            "Which step of the ladder?",
            beside={"step": f"The breaches on file lead to {usual}. Choose the step that is asked for."},
        )
    return choose_step(
        ladder,
        code,
        breaches=found,
        severe=any(ground.severe for ground in grounds),
        length=_asked_length(sent),
        why=sent.text("step_why"),
        under=work.book.cite(ladder.rule, on=work.today),
    )


def _asked_length(sent: Submission) -> Span | None:
    said = sent.text("step_length")
    if not said:
        return None
    try:
        n, unit = parse_period(said)
        return Span(n=n, unit=unit)
    except (Mistake, ValueError) as no:
        raise Mistake(
            "For how long?", beside={"step_length": "Write a number and a unit, for example 8 months."}
        ) from no


def _about(step: Sanction, work: Work) -> str:
    roles, _ = deciders(Action.BLOCK, on=work.today, book=work.book, length=step.length)
    who = f"decided by the {work.title(asked_first(roles))}" if roles else ""
    said = (_term(step), who)
    return "; ".join(part for part in said if part)


def _term(step: Sanction) -> str:
    how_long = {
        Term.FIXED: "{length}",
        Term.MINIMUM: "at least {length}",
        Term.MAXIMUM: "at most {length}",
        Term.PERMANENT: "no end",
    }.get(step.term, "")
    ends = ENDS[step.ends].format(condition=step.condition) if step.ends else ""
    said = how_long.format(length=step.length.said if step.length else "")
    return ", ".join(part for part in (said, ends) if part)
