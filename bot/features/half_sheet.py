"""Somebody objects at the desk: one tap gives what to hand them, and the Director hears of it."""

from bot.cards import Button, Card, Document, File, Note, Reply, Submission
from bot.features.appeals import challenged, speaks_of_appeals
from bot.features.letters_on_paper import on_paper
from bot.letters import half_sheet as letter
from bot.people import Power
from bot.policy.terms import Role
from bot.work import Work

TOLD = "Somebody objected at the desk; they were told how to appeal."


def hand_out(sent: Submission, work: Work) -> Reply:
    """What to read out or to print; about a removal or a block it names the last day."""
    work.require(Power.LOG_PAPER)
    speaks_of_appeals(work)
    ref = sent.subject.strip().upper()
    if ref:
        challenged(ref, work)
        work.tell_role(Role.DIRECTOR, about=ref, headline=TOLD)
    else:
        work.tell_word(Role.DIRECTOR, TOLD)
    work.append(action=sent.intent, case=ref, payload={"about": ref})
    card = Card(
        title="Hand this over",
        body="\n\n".join(letter.paragraphs(ref, work)),
        notes=() if ref else (Note(text="Opened from a report or a block, it names the last day."),),
        documents=(Document(case=ref, name="half-sheet.pdf", label="Print the half-sheet"),),
        buttons=(Button(label="Put an appeal on file", intent="appeal.log", subject=ref, opens_form=True),),
    )
    return Reply(cards=(card,), headline="The Director has been told.", about=ref)


def sheet(case: str, _which: str, work: Work) -> File:
    """The half-sheet as a PDF file; ``case`` may be empty.

    :raises Refusal: whoever asks is not of the staff
    """
    work.require(Power.LOG_PAPER)
    text = "\n\n".join(letter.paragraphs(case, work))
    return on_paper("how to appeal.pdf", "How to ask the library to look again", text, work=work, on=work.today)
