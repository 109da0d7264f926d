"""Two rules of one policy that pull apart: both are shown, and somebody says which one was applied, and why.

The program takes no side. Which of the two was applied is kept with the case, beside both clauses, until the Board
settles it.
"""

from collections.abc import Iterable
from datetime import date

from bot.cards import Field, FieldKind, Note, Option, Submission, Tone
from bot.cases.follow_up import FollowUpKind
from bot.features import following_up
from bot.policy.pack import Pack, Tie
from bot.refusal import Mistake
from bot.work import Work


def touched_by(rules: Iterable[str], pack: Pack) -> tuple[Tie, ...]:
    """The pairs of rules that pull apart, one of which is acted under."""
    acted = set(rules)
    return tuple(tie for tie in pack.ties if acted & set(tie.rules))


def fields(ties: Iterable[Tie], pack: Pack, *, applied: str = "") -> tuple[Field, ...]:
    """For each pair: which of the two was applied, and why.

    :param applied: the rule that the act itself follows, which is then chosen beforehand
    """
    asked: list[Field] = []
    for number, tie in enumerate(ties, 1):
        asked += [
            Field(
                name=f"tie_{number}",
                label="Which of these two rules do you apply?",
                kind=FieldKind.CHOICE,
                required=True,
                options=tuple(
                    Option(value=rule, label=pack.rule(rule).label[:75], hint=pack.rule(rule).source)
                    for rule in tie.rules
                ),
                initial=(applied,) if applied in tie.rules else (),
            ),
            Field(
                name=f"tie_why_{number}",
                label="Why that one?",
                kind=FieldKind.LONG_TEXT,
                required=True,
                max_length=1000,
            ),
        ]
    return tuple(asked)


def notes(ties: Iterable[Tie], work: Work, *, on: date | None = None) -> tuple[Note, ...]:
    """Both rules of each pair, with where they stand; those of the pack in force on a day, today if left out."""
    found: list[Note] = []
    for tie in ties:
        found.append(Note(text=f"Two rules pull apart: {tie.label}.", tone=Tone.WARNING))
        found += [Note.of(work.book.cite(rule, on=on or work.today)) for rule in tie.rules]
    return tuple(found)


def check(sent: Submission, ties: Iterable[Tie]) -> None:
    """Refuse to go on while nobody has said which of two rules is applied.

    :raises Mistake: it is not said, or names neither
    """
    for number, tie in enumerate(ties, 1):
        if sent.text(f"tie_{number}") not in tie.rules or not sent.text(f"tie_why_{number}"):
            beside = {f"tie_{number}": "Choose one of the two, and say below why."}
            raise Mistake("Two rules of the policy pull apart here.", beside=beside)


def keep(ref: str, sent: Submission, ties: Iterable[Tie], work: Work, *, on: date | None = None) -> None:
    """Keep which of two rules was applied, and why."""
    for number, tie in enumerate(ties, 1):
        keep_one(ref, tie, sent.text(f"tie_{number}"), sent.text(f"tie_why_{number}"), work, on=on)


def keep_one(ref: str, tie: Tie, applied: str, why: str, work: Work, *, on: date | None = None) -> None:
    """Keep that one rule of a pair was applied, in the words of the policy in force on a day (today if left out)."""
    following_up.keep(
        FollowUpKind.RULE_CHOSEN,
        ref,
        work,
        words=why,
        particulars={
            "Applied": applied,
            "It says": str(work.book.cite(applied, on=on or work.today)),
            "The two": tie.label,
        },
        rules=(applied, *tie.rules),
    )
