"""What the policy says of an appeal while it waits, and what can be done about it beside answering.

Whether the decision stands meanwhile, who does not answer it, whether the person may be heard, who may appeal at all,
and what follows if the day to answer is missed. Whatever the policy says, a person does it.
"""

from bot.cards import Button, Note, Tone
from bot.cases.appeal import Appeal, ReceivedAppeal
from bot.cases.follow_up import FollowUpKind
from bot.people import Power
from bot.policy.pack import AppealRule, FurtherLevel
from bot.policy.terms import Stance
from bot.views import first_decision
from bot.views.parts import version_of
from bot.work import Work

PENDING: dict[str, str] = {
    "stands": "The decision stands while the appeal is open.",
    "suspended": "The decision is suspended while the appeal is open: an editor undoes it until there is an answer.",
}
MISSED: dict[str, str] = {
    "stands": "the policy then lets the decision stand; somebody still answers",
    "reversed": "the policy then reverses the decision; somebody still answers",
    "escalates": "the policy then takes it further",
}


def rule_at(appeal: ReceivedAppeal, work: Work) -> AppealRule | FurtherLevel:
    """What the policy of the day it came in says about the level an appeal is at."""
    return work.book.on(appeal.writing.received_on).appeal.at(appeal.level)


def cited(value: str, appeal: ReceivedAppeal, work: Work) -> Note:
    """The clause behind one value of the level an appeal is at."""
    day = appeal.writing.received_on
    return Note.of(work.book.cite(work.book.on(day).appeal.rule_of(value, level=appeal.level), on=day))


def while_it_waits(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """Everything of that, each with its clause."""
    rule = rule_at(appeal, work)
    found: list[Note] = []
    if rule.while_pending:
        found += [Note(text=PENDING[rule.while_pending]), cited("while_pending", appeal, work)]
    found += first_decision.notes_on_card(appeal, work)
    found += hearing(appeal, work)
    found += if_missed(appeal, work)
    return tuple(found)


def in_writing(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """That the answer goes out in writing, where the policy says so."""
    if not rule_at(appeal, work).written:
        return ()
    return (Note(text="The answer goes out in writing."), cited("written", appeal, work))


def if_missed(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """That it was not answered in time, and what the policy says follows; nothing before, and for a silence."""
    said = missed(appeal, work)
    if not said:
        return ()
    warning = Note(text=f"It was not answered in time: {said}.", tone=Tone.WARNING)
    return (warning, cited("if_missed", appeal, work))


def hearing(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """Whether the person may be heard, and what is on file of that; nothing where the policy does not say."""
    rule = rule_at(appeal, work)
    if rule.hearing is None:
        return ()
    if not rule.hearing:
        return (Note(text="There is no hearing."), cited("hearing", appeal, work))
    held = any(one.kind is FollowUpKind.HEARING_HELD for one in work.shelves.papers.follow_ups(appeal.ref))
    missing = () if held else (Note(text="The person may be heard; nothing of that is on file.", tone=Tone.MISSING),)
    return (*missing, cited("hearing", appeal, work))


def missed(appeal: Appeal, work: Work) -> str:
    """What the policy says follows once the day to answer has passed; empty before, and for a silence."""
    if not isinstance(appeal, ReceivedAppeal) or not work.answer_missed(appeal):
        return ""
    rule = rule_at(appeal, work)
    return MISSED.get(rule.if_missed or "", "")


def goes_to(appeal: ReceivedAppeal, work: Work) -> FurtherLevel | None:
    """The level to which it can be taken because it was not answered in time; ``None`` where the policy has none."""
    law = work.book.on(appeal.writing.received_on).appeal
    following = law.after(appeal.level) if law.stance is Stance.STATED else None
    taken = rule_at(appeal, work).if_missed == "escalates" and work.answer_missed(appeal)
    return following if taken and appeal.against and not appeal.second_of else None


def called(level: FurtherLevel, appeal: ReceivedAppeal, work: Work) -> str:
    """Who decides at a level, as people call it."""
    if level.body == "board":
        return work.book.on(appeal.writing.received_on).about.board
    return work.title(level.decided_by) if level.decided_by else level.level.replace("_", " ")


def may_take_further(appeal: ReceivedAppeal, level: FurtherLevel, work: Work) -> bool:
    """Test whether the actor may: the staff who put papers on file, and whoever answers at that level."""
    roles = work.answer_roles(appeal, level=level.level)
    return work.may(Power.LOG_PAPER) or work.actor.has(*roles, on=work.today)


def may_answer(appeal: ReceivedAppeal, work: Work) -> bool:
    """Test whether the actor answers appeals at the level this one is at."""
    if appeal.level:
        return work.actor.has(*work.answer_roles(appeal), on=work.today)
    return work.may(Power.DECIDE_APPEAL)


def buttons(appeal: ReceivedAppeal, work: Work) -> tuple[Button, ...]:
    """What can be done about it beside answering: record that the person was heard, take it further."""
    version = version_of(appeal.ref, work)
    found: list[Button] = []
    if rule_at(appeal, work).hearing is True and may_answer(appeal, work):
        label = "Record the hearing"
        found.append(Button(label=label, intent="appeal.hearing", subject=appeal.ref, version=version, opens_form=True))
    level = goes_to(appeal, work)
    if level is not None and may_take_further(appeal, level, work):
        label = f"Take it to the {called(level, appeal, work)}"
        found.append(
            Button(label=label, intent="appeal.take_further", subject=appeal.ref, version=version, opens_form=True)
        )
    return tuple(found)
