"""What a patron wrote to the library, put on file by whoever opened the letter."""

from bot.cards import Field, FieldKind, Option, Submission
from bot.cases.appeal import FORMS, Form, Writing
from bot.refusal import Mistake
from bot.work import Work


def paper_fields(work: Work) -> tuple[Field, ...]:
    """How and when it came in, from whom, and its words or a scan of it."""
    return (
        Field(
            name="form",
            label="How did it come in?",
            kind=FieldKind.CHOICE,
            required=True,
            options=tuple(Option(value=form.value, label=label.capitalize()) for form, label in FORMS.items()),
            initial=(Form.LETTER.value,),
        ),
        Field(
            name="received_on",
            label="On which day did it reach the library?",
            kind=FieldKind.DATE,
            required=True,
            latest=work.today,
            initial=(work.today.isoformat(),),
            hint="The day it came in, even if it was opened later.",
        ),
        Field(
            name="sent_on",
            label="Postmark, or the day it was sent",
            kind=FieldKind.DATE,
            latest=work.today,
            hint="If you can tell.",
        ),
        Field(
            name="sender",
            label="From whom, and where to answer",
            kind=FieldKind.LONG_TEXT,
            max_length=500,
            hint="Name and address as the patron gave them. They open privately only.",
        ),
        Field(name="words", label="Its words", kind=FieldKind.LONG_TEXT, max_length=20_000),
        Field(name="scans", label="Scan or picture of it", kind=FieldKind.FILE, hint="Words or a scan: one is needed."),
        Field(
            name="confirmed",
            label="Written down for the patron: did they confirm it?",
            kind=FieldKind.YES_NO,
            hint="Only needed if you wrote it down for them.",
        ),
    )


def writing(sent: Submission, work: Work) -> Writing:
    """What was filled in, with its scans moved into the vault.

    :raises Mistake: it says nothing, its days cannot be, or nobody confirmed what was written down for them
    """
    form = Form(sent.text("form"))
    if form is Form.DICTATED and not sent.yes("confirmed"):
        raise Mistake(
            "What you wrote down is theirs only once they confirmed it.",
            beside={"confirmed": "Read it to them, or let them read it, and tick yes."},
        )
    kept = Writing(
        form=form,
        received_on=sent.day("received_on") or work.today,
        sent_on=sent.day("sent_on"),
        words=sent.text("words"),
        scans=tuple(work.keep_file(token) for token in sent.chosen("scans")),
        sender=sent.text("sender"),
    )
    kept.check(today=work.today)
    return kept
