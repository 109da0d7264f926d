"""An appeal that came in after the last day: what the policy says becomes of it, and what a person says to that.

Heard all the same, heard for good cause, or not heard; where the policy says nothing, whoever answers decides. Whom the
policy names may waive the time. Nothing is turned away by itself.
"""

from bot.cards import Field, FieldKind, Note, Page, Reply, Submission
from bot.cases.appeal import Answer, Appeal, DecidedAppeal, ReceivedAppeal
from bot.cases.follow_up import FollowUpKind
from bot.clocks.calendar import short_date
from bot.features import following_up, who_appeals
from bot.features.appeal_levels import rule_at
from bot.refusal import Citation, Mistake, Refusal
from bot.views import cases
from bot.views.late_appeals import waived
from bot.work import Work


def answers(appeal: ReceivedAppeal, work: Work) -> tuple[Answer, ...]:
    """The answers it can be given: heard, not heard, or either."""
    late = _late(appeal, work)
    heard = (Answer.AFFIRMED, Answer.REVERSED)
    if late == "not_heard" and not appeal.second_of:
        return (Answer.NOT_HEARD,)
    unheard = (
        bool(appeal.second_of)
        or (appeal.late_since is not None and late not in {"heard", "waived"})
        or not who_appeals.may_appeal(appeal, work)
    )
    return (*heard, Answer.NOT_HEARD) if unheard else heard


def _late(appeal: ReceivedAppeal, work: Work) -> str:
    """What becomes of it: ``heard``, ``good_cause``, ``not_heard``, ``waived``; empty in time, and for a silence."""
    if appeal.late_since is None:
        return ""
    return "waived" if waived(appeal, work) else rule_at(appeal, work).late or ""


def clause(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """Where the policy says what becomes of a late one, and who may waive the time."""
    return tuple(Note.of(one) for one in _cited(appeal, work))


def _cited(appeal: ReceivedAppeal, work: Work) -> tuple[Citation, ...]:
    rule, day = rule_at(appeal, work), appeal.writing.received_on
    values = [name for name, said in (("late", rule.late), ("waived_by", rule.waived_by)) if said]
    rules = dict.fromkeys(work.book.on(day).appeal.rule_of(name, level=appeal.level) for name in values)
    return tuple(work.book.cite(one, on=day) for one in rules)


def fields(appeal: ReceivedAppeal, work: Work) -> tuple[Field, ...]:
    """Which cause, where a late one is heard for good cause."""
    if _late(appeal, work) != "good_cause":
        return ()
    counts = _good_cause(appeal, work)
    return (
        Field(
            name="good_cause",
            label="It came in late: for which good cause is it heard?",
            kind=FieldKind.LONG_TEXT,
            hint=f"The policy counts {counts}." if counts else "The policy does not say what counts.",
            max_length=1000,
        ),
    )


def _good_cause(appeal: ReceivedAppeal, work: Work) -> str:
    """What counts as good cause: as the level says, else as the first one does under the same rule."""
    law = work.book.on(appeal.writing.received_on).appeal
    here = law.at(appeal.level)
    same = law.rule_of("late", level=appeal.level) == law.rule_of("late")
    return here.good_cause or (law.good_cause if same else "")


def check(appeal: ReceivedAppeal, answer: Answer, sent: Submission, work: Work) -> None:
    """Refuse what the policy does not allow of a late one.

    :raises Mistake: it is heard and no cause is named, or the policy has it heard, or not heard
    """
    late = _late(appeal, work)
    if answer not in answers(appeal, work):
        said = "does not hear" if late == "not_heard" else "hears"
        raise Mistake(
            f"The policy {said} what comes in late.",
            beside={"answer": str(_cited(appeal, work)[0]) if _cited(appeal, work) else "Choose another answer."},
        )
    if late == "good_cause" and answer is not Answer.NOT_HEARD and not sent.text("good_cause"):
        raise Mistake(
            "It came in late, and the policy hears it for good cause.",
            beside={"good_cause": "Say which cause there is; or answer that it is not heard."},
        )


def keep(appeal: ReceivedAppeal, answer: Answer, sent: Submission, work: Work) -> None:
    """Keep for which cause it was heard, with the clause."""
    if _late(appeal, work) != "good_cause" or answer is Answer.NOT_HEARD:
        return
    rule = work.book.on(appeal.writing.received_on).appeal.rule_of("late", level=appeal.level)
    following_up.keep(FollowUpKind.HEARD_LATE, appeal.ref, work, words=sent.text("good_cause"), rules=(rule,))


# -- waiving the time ----------------------------------------------------------------------------------------------


def waive_page(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Why the time is waived."""
    appeal = _to_waive(sent, work)
    last = short_date(appeal.late_since) if appeal.late_since else ""
    return (
        Page(
            title="Waive the time to appeal",
            intro=f"{appeal.ref} came in on {short_date(appeal.writing.received_on)}; the last day was {last}.",
            fields=(
                Field(name="why", label="Why is it waived?", kind=FieldKind.LONG_TEXT, required=True, max_length=1000),
            ),
            notes=clause(appeal, work),
            submit="Waive it",
        ),
    )


def waive(sent: Submission, work: Work) -> Reply:
    """Keep that the time was waived, and why: it is heard like one that came in time."""
    appeal = _to_waive(sent, work)
    rule = work.book.on(appeal.writing.received_on).appeal.rule_of("waived_by", level=appeal.level)
    following_up.keep(FollowUpKind.TIME_WAIVED, appeal.ref, work, words=sent.text("why"), rules=(rule,))
    work.touch(appeal.ref)
    said = "Kept: the time to appeal was waived. It is heard like one that came in time."
    return Reply(cards=cases.private(appeal.ref, work), headline=said, about=appeal.ref)


def _to_waive(sent: Submission, work: Work) -> ReceivedAppeal:
    """A late appeal that waits, for whom the policy lets waive the time.

    :raises Refusal: the policy names nobody or somebody else; it came in time, is answered, or was waived
    """
    appeal: Appeal = work.appeal(sent.subject.upper())
    if isinstance(appeal, DecidedAppeal):
        raise Refusal(f"{appeal.ref} was answered on {short_date(appeal.ruling.on)}, so its time stays as it was.")
    role = rule_at(appeal, work).waived_by
    if role is None:
        raise Refusal("The policy does not say that anybody may waive the time to appeal. Nothing was changed.")
    if not work.actor.has(role, on=work.today):
        under = _cited(appeal, work)[-1]
        raise Refusal(f"Only the {work.title(role)} can waive the time to appeal. Nothing was changed.", under=under)
    if appeal.late_since is None or waived(appeal, work):
        raise Refusal(f"{appeal.ref} needs no waiver: it is heard as one that came in time.")
    return appeal


def tell_who_may_waive(appeal: ReceivedAppeal, work: Work) -> None:
    """Tell whom the policy lets waive the time that one came in late."""
    role = rule_at(appeal, work).waived_by
    if appeal.late_since is not None and role is not None:
        work.tell_role(role, about=appeal.ref, headline="An appeal came in late; you may waive the time.")
