"""A refusal as people see it."""

from bot.cards import Button, Card, Note, Tone
from bot.ports import Draft
from bot.refusal import Refusal


def refused(no: Refusal, *, back_to: Draft | None = None) -> Card:
    """Say no: the sentence as the title if it is short, the clause it rests on, and the way back to a form."""
    first, _, rest = no.why.partition(". ")
    notes = tuple(Note(text=text, tone=Tone.MISSING) for text in no.beside.values())
    cited = (Note.of(no.under),) if no.under else ()
    back: tuple[Button, ...] = ()
    if back_to is not None:
        back = (
            Button(
                label="Back to what I typed",
                intent=back_to.intent,
                subject=back_to.subject,
                token=back_to.token,
                opens_form=True,
            ),
        )
    return Card(
        title=first.rstrip(".") if rest else no.why.rstrip("."), body=rest, notes=(*notes, *cited), buttons=back
    )
