"""A later appeal of an act that was answered for good: telling the person so is all there is left to do about it.

The policy leaves nothing to decide there. So whoever records that the person was told, or why not, leaves it unheard by
that; the page says so first. Until then somebody is asked, and its case stays off the disposal list; after it, nothing
waits any more.
"""

from datetime import date

from bot.cards import Note
from bot.cases.appeal import Answer, Appeal, DecidedAppeal, ReceivedAppeal
from bot.cases.task import TaskKind, TaskState
from bot.clocks.calendar import short_date
from bot.features import appeal_levels, open_answers
from bot.features.rulings import ruling
from bot.policy.terms import Channel, Role
from bot.views import first_decision
from bot.work import Work


def knows(one: ReceivedAppeal, first: Appeal, work: Work) -> bool:
    """Test whether the person was told how it stands; what was told before the first was answered is not that."""
    ruling = first.ruling if isinstance(first, DecidedAppeal) else None
    notices = work.shelves.papers.notices(one.ref)
    return any(ruling is None or (told.at >= ruling.at and told.on >= ruling.on) for told in notices)


def notes(ref: str, work: Work) -> tuple[Note, ...]:
    """What saving that the person was told comes to, for whoever is about to."""
    appeal: Appeal = work.appeal(ref)
    if not isinstance(appeal, ReceivedAppeal) or not open_answers.is_final(appeal, work):
        return ()
    said = f"{appeal.second_of} about the same act was answered, and that is final. Saving this leaves {ref} unheard."
    return (Note(text=said),)


def settled(appeal: ReceivedAppeal, on: date, work: Work, *, told: bool) -> None:
    """The person was told that the first answer is final, or it was decided not to tell them: it is left unheard.

    One that was told before that answer did not say so; whoever tells is asked once more.
    """
    if not open_answers.is_final(appeal, work):
        return
    first = work.shelves.appeals.by_ref(appeal.second_of)
    if not isinstance(first, DecidedAppeal):
        return
    if on < first.ruling.on:
        work.ask_for(TaskKind.SEND_NOTICE, case=appeal.ref, role=Role.DIRECTOR)
        return
    answer, reason = open_answers.suggested(appeal, work)
    law_of = first.received.writing.received_on
    final = work.book.on(law_of).appeal.rule_of("final", level=first.received.level)
    roles, _ = appeal_levels.answered_by(appeal, work)
    unheard = appeal.decide(
        Answer(answer),
        reason=reason,
        ruling=ruling(
            roles | {Role.DIRECTOR},
            work.book.cite(final, on=law_of),
            work,
            received_on=appeal.writing.received_on,
        ),
        own_decision=bool(first_decision.hand_in(appeal, work)),
    )
    work.save(unheard, before=appeal)
    work.end_tasks(appeal.ref, TaskKind.DECIDE_APPEAL, TaskKind.CONSULT, state=TaskState.VOID)
    work.touch(appeal.against)
    said = f"The person was told on {short_date(on)}" if told else "The person is not told"
    headline = f"{said}; the answer to {first.ref} is final, so it is not heard."
    work.tell(Channel.DECISIONS, about=appeal.ref, headline=headline)
