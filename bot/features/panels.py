"""An appeal that a panel answers: everybody the policy puts on it decided, and who that was is kept with the answer."""

from uuid import UUID

from bot.cards import Field, FieldKind, Note, Option, Submission
from bot.cases.appeal import ReceivedAppeal
from bot.cases.follow_up import FollowUpKind
from bot.features import following_up
from bot.features.appeal_levels import rule_at
from bot.people import Person
from bot.policy.terms import Role
from bot.refusal import Mistake
from bot.views import appeal_notes, first_decision
from bot.work import Work


def notes(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """Who decides it together, with the clause."""
    panel = rule_at(appeal, work).panel
    if not panel:
        return ()
    together = ", ".join(work.title(role) for role in panel)
    return (Note(text=f"A panel decides it together: {together}."), appeal_notes.cited("panel", appeal, work))


def fields(appeal: ReceivedAppeal, work: Work) -> tuple[Field, ...]:
    """Who sat for each office; nobody does who took the first decision, where the policy excludes them."""
    return tuple(
        Field(
            name=f"panel_{role.value}",
            label=f"Who decided it as {work.title(role)}?",
            kind=FieldKind.CHOICE,
            required=True,
            options=tuple(Option(value=str(one.id), label=one.name) for one in _seated(role, appeal, work)),
        )
        for role in rule_at(appeal, work).panel
    )


def _seated(role: Role, appeal: ReceivedAppeal, work: Work) -> tuple[Person, ...]:
    return tuple(one for one in work.holders(role) if not first_decision.bars(appeal, one, work))


def check(appeal: ReceivedAppeal, sent: Submission, work: Work) -> None:
    """Refuse an answer of less than the whole panel.

    :raises Mistake: an office is not named, nobody may sit for it, or one person is named for two
    """
    named: set[str] = set()
    for role in rule_at(appeal, work).panel:
        field = f"panel_{role.value}"
        chosen = sent.text(field)
        if chosen not in {str(one.id) for one in _seated(role, appeal, work)}:
            who = "Choose who it was; an administrator can enter who holds the office."
            raise Mistake(f"The panel needs its {work.title(role)}.", beside={field: who})
        if chosen in named:
            raise Mistake("Each of the panel is somebody else.", beside={field: "They sit for another office already."})
        named.add(chosen)


def keep(appeal: ReceivedAppeal, sent: Submission, work: Work) -> None:
    """Keep who the panel was."""
    panel = rule_at(appeal, work).panel
    if not panel:
        return
    law = work.book.on(appeal.writing.received_on).appeal
    following_up.keep(
        FollowUpKind.PANEL_DECIDED,
        appeal.ref,
        work,
        particulars={work.title(role): work.name(UUID(sent.text(f"panel_{role.value}"))) for role in panel},
        rules=(law.rule_of("panel", level=appeal.level),),
    )
