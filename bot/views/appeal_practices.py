"""What the library chose of appeals where its policy is silent, for whoever takes one in or answers it."""

from bot.cards import Note, Tone
from bot.policy.practices import APPEALS
from bot.work import Work


def notes(work: Work) -> tuple[Note, ...]:
    """Every choice that is on file, labelled as practice with who approved it and when."""
    found = []
    for key, (what, answers) in APPEALS.items():
        chosen = work.book.practice(key)
        if chosen is not None and getattr(work.pack.appeal, key.removeprefix("appeal.")) is None:
            said = f"{what}: {answers.get(chosen.value, chosen.value)}. {chosen.label.capitalize()}."
            found.append(Note(text=said, tone=Tone.PRACTICE))
    return tuple(found)
