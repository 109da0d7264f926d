"""Counsel is asked before an appeal is answered, where the policy asks for that: what was advised, or why not asked."""

from bot.cards import Field, FieldKind, Note, Option, Submission
from bot.cases.appeal import Answer, ReceivedAppeal
from bot.cases.follow_up import FollowUpKind
from bot.features import following_up
from bot.features.appeal_levels import rule_at
from bot.refusal import Mistake
from bot.views import appeal_notes
from bot.work import Work

ASKED = {"asked": "Counsel was asked", "not_asked": "Counsel was not asked"}


def _is_asked(appeal: ReceivedAppeal, work: Work) -> bool:
    return rule_at(appeal, work).consult == "counsel"


def notes(appeal: ReceivedAppeal, work: Work) -> tuple[Note, ...]:
    """Where the policy asks for counsel's advice."""
    return (appeal_notes.cited("consult", appeal, work),) if _is_asked(appeal, work) else ()


def fields(appeal: ReceivedAppeal, work: Work) -> tuple[Field, ...]:
    """Whether counsel was asked, and what was advised, or why not."""
    if not _is_asked(appeal, work):
        return ()
    return (
        Field(
            name="counsel",
            label="Was counsel asked before this answer?",
            kind=FieldKind.CHOICE,
            options=tuple(Option(value=value, label=label) for value, label in ASKED.items()),
        ),
        Field(
            name="counsel_words",
            label="What did counsel advise, or why was counsel not asked?",
            kind=FieldKind.LONG_TEXT,
            hint="Kept with the answer; the letter does not say it.",
            max_length=3000,
        ),
    )


def check(appeal: ReceivedAppeal, answer: Answer, sent: Submission, work: Work) -> None:
    """Refuse an answer while nobody has said whether counsel was asked.

    :raises Mistake: with the clause
    """
    if not _is_asked(appeal, work) or answer is Answer.NOT_HEARD:
        return
    if sent.text("counsel") not in ASKED or not sent.text("counsel_words"):
        raise Mistake(
            "The policy asks for counsel's advice before the answer.",
            beside={"counsel": "Say whether counsel was asked, and below what was advised or why not."},
        )


def keep(appeal: ReceivedAppeal, sent: Submission, work: Work) -> None:
    """Keep whether counsel was asked, and what was advised or why not."""
    if not _is_asked(appeal, work) or not sent.text("counsel"):
        return
    rule = work.book.on(appeal.writing.received_on).appeal.rule_of("consult", level=appeal.level)
    following_up.keep(
        FollowUpKind.COUNSEL_ASKED,
        appeal.ref,
        work,
        words=sent.text("counsel_words"),
        particulars={"Asked": ASKED[sent.text("counsel")]},
        rules=(rule,),
    )
