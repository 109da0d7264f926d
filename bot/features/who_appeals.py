"""Who appeals, where the policy says whether somebody known by an account name only may, or who may for a minor.

It is asked when the appeal is put on file, and kept with it. Whoever the policy does not let appeal is not turned away
at the desk: the appeal is kept, and whoever answers may leave it unheard, with the clause.
"""

from bot.cards import Field, FieldKind, Note, Option, Submission, Tone
from bot.cases.appeal import ReceivedAppeal
from bot.cases.follow_up import FollowUpKind
from bot.features import following_up
from bot.policy.pack import AppealRule
from bot.views.who_appeals import BY_NAME, WHO, appeals_as, rule_behind
from bot.work import Work


def fields(work: Work) -> tuple[Field, ...]:
    """Who it is, as far as the policy of today makes a difference; nothing where it makes none."""
    offered = _offered(work.pack.appeal)
    if len(offered) == 1:
        return ()
    return (
        Field(
            name="appellant",
            label="Who appeals?",
            kind=FieldKind.CHOICE,
            options=tuple(Option(value=one, label=WHO[one]) for one in offered),
            initial=(BY_NAME,),
        ),
    )


def _offered(rule: AppealRule) -> tuple[str, ...]:
    by_handle = ("handle",) if rule.handle_only is not None else ()
    minors = ("minor", "guardian") if rule.minors is not None else ()
    return (BY_NAME, *by_handle, *minors)


def clauses(work: Work) -> tuple[Note, ...]:
    """Where the policy says who may appeal."""
    law = work.pack.appeal
    values = [name for name in ("handle_only", "minors") if getattr(law, name) is not None]
    return tuple(
        Note.of(work.book.cite(rule, on=work.today)) for rule in dict.fromkeys(law.rule_of(name) for name in values)
    )


def keep(appeal: ReceivedAppeal, sent: Submission, work: Work) -> None:
    """Keep who appeals, with the clause, where that is said."""
    who = sent.text("appellant")
    if not who or who == BY_NAME:
        return
    law = work.book.on(appeal.writing.received_on).appeal
    following_up.keep(
        FollowUpKind.APPEALED_AS,
        appeal.ref,
        work,
        particulars={"Who": WHO[who]},
        rules=(law.rule_of(rule_behind(who)),),
    )


def notes(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """For whoever answers: that the policy does not let this person appeal, with the clause."""
    who = appeals_as(appeal, work)
    if may_appeal(appeal, work):
        return ()
    day = appeal.writing.received_on
    law = work.book.on(day).appeal
    said = f"The policy gives no appeal to {WHO[who][:1].lower()}{WHO[who][1:]}. Whether it is heard is yours to say."
    rule = law.rule_of(rule_behind(who), level=appeal.level)
    return (Note(text=said, tone=Tone.WARNING), Note.of(work.book.cite(rule, on=day)))


def may_appeal(appeal: ReceivedAppeal, work: Work) -> bool:
    """Test whether the policy lets whoever appeals do so; what it does not speak of it does not forbid."""
    rule = work.book.on(appeal.writing.received_on).appeal.at(appeal.level)
    barred = {
        "handle": rule.handle_only is False,
        "minor": rule.minors == "guardian",
        "guardian": rule.minors == "themselves",
    }
    return not barred.get(appeals_as(appeal, work), False)
