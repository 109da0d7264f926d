"""Where a policy is silent: what is said instead, what the library may choose as its practice, and who signs that."""

from bot.features.practice_values import QUESTIONS, label_of, open_question
from bot.policy.pack import Answer
from bot.refusal import Refusal
from bot.work import Work


def no_rule(what: str, answer: Answer, keys: tuple[str, ...], work: Work, *, instead: str = "") -> Refusal:
    """The refusal of what the policy has no rule for, in the words of :func:`unsaid`, with where it is silent."""
    under = work.book.cite(answer.rule, on=work.today) if answer.rule else None
    return Refusal(unsaid(what, answer, keys, work, instead=instead), under=under)


def unsaid(what: str, answer: Answer, keys: tuple[str, ...], work: Work, *, instead: str = "") -> str:
    """Say that the policy has no rule for something, and what can be done about that.

    ``keys`` are the practice values that bear on it; those the library has chosen, or may not choose, are left out.
    """
    free = [key for key in keys if key in QUESTIONS and open_question(key, work) and work.book.practice(key) is None]
    chosen = "; ".join(label_of(key)[:1].lower() + label_of(key)[1:] for key in free)
    practice = f"As its practice the library may choose: {chosen}." if chosen else ""
    signed = (
        "The Board, or whom it names, signs what is chosen; an administrator or the Director enters it in “setup”, "
        "with who approved it and when."
        if chosen
        else ""
    )
    said = (
        f"{work.library.name}'s policy has no rule for {what}.",
        f"{answer.why.rstrip('.')}." if answer.why else "",
        instead,
        practice,
        signed,
    )
    return " ".join(part for part in said if part)
