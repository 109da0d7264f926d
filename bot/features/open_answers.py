"""Which answers an appeal can still be given, and what there is to say where only one is left.

An act is answered once: while the first appeal of it waits only that one is answered, and where its answer is final
under the policy a later one is told so. What was reversed cannot be said to stand.
"""

from bot.cards import Note, Submission, Tone
from bot.cases.appeal import Answer, DecidedAppeal, ReceivedAppeal, overturned_on
from bot.clocks.calendar import short_date
from bot.features import late_appeals
from bot.letters import acknowledgement
from bot.refusal import Mistake, Refusal
from bot.views import consultations
from bot.work import Work


def open_answers(appeal: ReceivedAppeal, work: Work) -> tuple[Answer, ...]:
    """The answers that can be given.

    :raises Refusal: another appeal of the same act is answered first
    """
    first = work.shelves.appeals.by_ref(appeal.second_of) if appeal.second_of else None
    if isinstance(first, ReceivedAppeal):
        raise Refusal(
            f"{first.ref} about the same act came in first and waits for its answer. Answer that one; of this one the "
            "person is told that both are read together. Nothing was changed."
        )
    if is_final(appeal, work):
        return (Answer.NOT_HEARD,)
    known = set(late_appeals.answers(appeal, work))
    if consultations.left_to_policy(appeal, work):
        known.add(Answer.NOT_HEARD)
    if overturned_on(work.shelves.appeals.against(appeal.against)) is not None:
        known.discard(Answer.AFFIRMED)
    return tuple(answer for answer in Answer if answer in known)


def check(answer: Answer, appeal: ReceivedAppeal, sent: Submission, work: Work) -> None:
    """Refuse an answer that would contradict the one that was given, or that nothing gives room for.

    :raises Mistake: with what can be answered
    :raises Refusal: another appeal of the same act is answered first
    """
    known = open_answers(appeal, work)
    undone = overturned_on(work.shelves.appeals.against(appeal.against))
    if answer not in known and is_final(appeal, work):
        said = "Choose “not heard”; the person is told that the first answer is final."
        why = f"{appeal.second_of} about the same act was answered, and that is final."
        raise Mistake(why, beside={"answer": said})
    if answer not in known and answer is Answer.AFFIRMED and undone is not None:
        said = "It cannot be said to stand any more; choose another answer."
        raise Mistake(f"This was reversed on appeal on {short_date(undone)}.", beside={"answer": said})
    if not (answer is Answer.NOT_HEARD and consultations.left_to_policy(appeal, work)):
        late_appeals.check(appeal, answer, sent, work)


def is_final(appeal: ReceivedAppeal, work: Work) -> bool:
    """Test whether another appeal of the same act was answered for good."""
    first = work.shelves.appeals.by_ref(appeal.second_of) if appeal.second_of else None
    return isinstance(first, DecidedAppeal) and acknowledgement.is_final(first, work)


def suggested(appeal: ReceivedAppeal, work: Work) -> tuple[str, str]:
    """The answer and its reasons as a draft, where the policy or the library's practice gives them; else nothing."""
    first = work.shelves.appeals.by_ref(appeal.second_of) if appeal.second_of else None
    if isinstance(first, DecidedAppeal) and acknowledgement.is_final(first, work):
        return Answer.NOT_HEARD.value, "\n\n".join(acknowledgement.answered(first, work))
    if consultations.left_to_policy(appeal, work):
        day = appeal.writing.received_on
        rule = work.book.cite(work.book.on(day).appeal.rule, on=day)
        reason = (
            f"The policy names what can be appealed: {rule.sentence or rule.label} ({rule.source}). Your comment was "
            "hidden, which is not among it, so it is not heard as an appeal."
        )
        return Answer.NOT_HEARD.value, reason
    return "", ""


def notes(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """What whoever answers has to know about the act: that it was reversed already."""
    undone = overturned_on(work.shelves.appeals.against(appeal.against))
    if undone is None:
        return ()
    return (Note(text=f"This was reversed on appeal on {short_date(undone)}.", tone=Tone.WARNING),)
