"""The letter to a patron as a PDF file, to print, sign and post."""

from datetime import date

from bot.cards import File
from bot.features.notices import act_told_of, draft, require_telling, told_so_far
from bot.letters.paper import pdf
from bot.policy.terms import Action
from bot.work import Work

PDF = "application/pdf"
TITLES = {
    Action.BLOCK: "About your account",
    Action.APPEAL: "About your appeal",
    Action.REINSTATE: "About your request to come back",
}


def letter(case: str, _which: str, work: Work) -> File:
    """The last notice the person was sent, dated that day; until one was sent, its draft with today's date.

    :raises Refusal: whoever asks sends no notices on that account, or there is nothing to tell
    """
    act, account = act_told_of(case, work)
    require_telling(case, act, account, work)
    sent = told_so_far(case, work)
    text, day = (sent[-1].text, sent[-1].on) if sent else (draft(case, work), work.today)
    title = TITLES.get(act, "About your comment")
    return on_paper(f"{case} letter.pdf", title, text, work=work, on=day)


def on_paper(name: str, title: str, text: str, *, work: Work, on: date) -> File:
    """A text of the library's as a PDF file; an empty line begins a new paragraph."""
    return File(name=name, media_type=PDF, raw=pdf(title, text.split("\n\n"), library=work.library.name, on=on))
