"""Finds the same words on file, to tell a duplicate from the same words by different people.

Only what is kept can be found: of what was left up and closed neither words nor handle are on file.
"""

from dataclasses import dataclass

from bot.cards import Note, Submission, Tone
from bot.cases.account import one_person
from bot.cases.hold import tidy
from bot.cases.incident import Incident
from bot.clocks.calendar import short_date
from bot.features.author_history import author_called
from bot.people import Power
from bot.records.kept import text_hash
from bot.work import Work

LOOKED_THROUGH = 200
SHORTEST = 8
"""Fewer letters stand in almost everything."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Reports with the same words: by the author or a handle linked to them, and by others or nobody known."""

    same: tuple[Incident, ...]
    others: tuple[Incident, ...]


def of_the_form(sent: Submission, work: Work) -> Found:
    """What is on file with the words of the item in the form, oldest first, that the actor may see."""
    ref = sent.subject.strip().upper()
    about = work.shelves.incidents.by_ref(ref) if ref.startswith("I-") else None
    text = (about.text if about else "") or sent.text("text")
    if len(tidy(text)) < SHORTEST:
        return Found(same=(), others=())
    known = work.shelves.incidents.search(text.splitlines()[0].strip(), LOOKED_THROUGH)
    alike = [
        one
        for one in reversed(known)
        if (about is None or one.ref != about.ref)
        and work.may_see(one)
        and (tidy(one.text) == tidy(text) or one.text_sha256 == text_hash(text))
    ]
    authors = [author_called(line, work) for line in sent.lines("handles")]
    links = work.shelves.authors.links()
    same = {one for author in authors if author for one in one_person(author.id, links, suspected=True)}
    return Found(
        same=tuple(one for one in alike if one.author in same),
        others=tuple(one for one in alike if one.author not in same),
    )


def notes(found: Found, work: Work) -> tuple[Note, ...]:
    """What was found, for whoever may see what is on file about a handle."""
    if not work.may(Power.SEE_HISTORY):
        return ()
    said = (
        f"The same words, by this handle or one linked to it: {_named(found.same)}."
        if found.same
        else "No earlier post with these words is on file by this handle or one linked to it."
    )
    more = f"By another handle, or one that is not known: {_named(found.others)}. That is no duplicate."
    first = Note(text=said, tone=Tone.INFO if found.same else Tone.MISSING)
    return (first, *((Note(text=more, tone=Tone.WARNING),) if found.others else ()))


def _named(found: tuple[Incident, ...]) -> str:
    return ", ".join(f"{one.ref} of {short_date(one.judged_on)}" for one in found[:5])
