"""Messages that did not arrive: what an administrator sees of them, and sending them once more."""

from bot.cards import Button, Card, Reply, Submission
from bot.people import Power
from bot.ports import MessageState
from bot.refusal import Mistake
from bot.work import Work

SHOWN = 10
"""Messages named on Home; the number of the others is told."""


def card(work: Work) -> Card | None:
    """Messages that could not be delivered, for those who set the library up."""
    if not work.may(Power.SET_UP):
        return None
    messages = work.shelves.messages.in_trouble()
    if not messages:
        return None
    lines = [f"{message.kind.value} about {message.about}: {message.trouble}" for message in messages[:SHOWN]]
    if len(messages) > SHOWN:
        lines.append(f"And {len(messages) - SHOWN} more.")
    refused = any(message.state is MessageState.FAILED for message in messages)
    again = Button(label="Send again", intent="undelivered.again")
    return Card(title="Messages that did not arrive", body="\n".join(lines), buttons=(again,) if refused else ())


def send_again(sent: Submission, work: Work) -> Reply:
    """Queue every refused message once more, after what kept it from arriving was mended."""
    del sent
    work.require(Power.SET_UP)
    missed = work.send_again()
    if not missed:
        raise Mistake("Nothing waits to be sent again.")
    work.append(action="undelivered.again", payload={"keys": [message.key for message in missed]})
    count = "1 message is" if len(missed) == 1 else f"{len(missed)} messages are"
    return Reply(
        headline=f"{count} on the way once more. What does not arrive this time either stands on “home” again.",
    )
