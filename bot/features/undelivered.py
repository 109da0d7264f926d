"""Messages that did not arrive, or may have: an administrator says what became of each, or sends it once more."""

from dataclasses import replace

from bot.cards import Button, Card, Reply, Row, Submission, Table
from bot.people import Power
from bot.ports import Message, MessageState
from bot.refusal import Mistake
from bot.views import parts
from bot.views.undelivered import place, remedy, what
from bot.work import Work

SHOWN = 10
"""Messages named on Home; the number of the others is told."""
LISTED = 50
"""Messages in the list; those behind them follow when these are settled."""


def card(work: Work) -> Card | None:
    """Messages that could not be delivered, for those who set the library up."""
    if not work.may(Power.SET_UP):
        return None
    messages = work.shelves.messages.in_trouble()
    if not messages:
        return None
    lines = [f"{place(one, work.name)}, {what(one)}: {one.trouble}" for one in messages[:SHOWN]]
    if len(messages) > SHOWN:
        lines.append(f"And {len(messages) - SHOWN} more.")
    refused = any(message.state is MessageState.FAILED for message in messages)
    again = (Button(label="Send again", intent="undelivered.again"),) if refused else ()
    settle = Button(label="Settle each", intent="undelivered.list")
    return Card(title="Messages that did not arrive", body="\n".join(lines), buttons=(*again, settle))


def show(sent: Submission, work: Work) -> Reply:
    """Each message that did not arrive or may have, with what can be done about it."""
    del sent
    work.require(Power.SET_UP)
    return Reply(cards=(_list(work),))


def _list(work: Work) -> Card:
    messages = work.shelves.messages.in_trouble()
    title = "Messages that did not arrive"
    home = Button(label="Home", intent="home")
    if not messages:
        return Card(title=title, body="Every message has arrived, is on its way, or is settled.", buttons=(home,))
    left = len(messages) - LISTED
    return Card(
        title=title,
        body=f"And {left} more; they follow when these are settled." if left > 0 else "",
        table=Table(
            columns=("For", "What", "What to do"),
            rows=tuple(
                Row(
                    cells=(place(one, work.name), what(one), remedy(one)),
                    buttons=(
                        _button("It arrived", "undelivered.arrived", one),
                        _button("Send it again", "undelivered.repeat", one),
                        _button("Leave it", "undelivered.leave", one),
                    ),
                )
                for one in messages[:LISTED]
            ),
        ),
        buttons=(home,),
    )


def _button(label: str, intent: str, message: Message) -> Button:
    """A button about a message as it stands: after another attempt it is another one."""
    return Button(label=label, intent=intent, subject=f"{message.id} {message.attempts}")


def _settled(sent: Submission, work: Work) -> Message:
    """The message a button is about.

    :raises Mistake: somebody has settled it, or it was sent again, since the button was drawn
    """
    work.require(Power.SET_UP)
    found = next(
        (one for one in work.shelves.messages.in_trouble() if f"{one.id} {one.attempts}" == sent.subject), None
    )
    if found is None:
        raise Mistake("That message is settled already, or on its way once more. Open the list again to see the rest.")
    return found


def _keep(message: Message, before: Message, action: str, work: Work) -> None:
    work.shelves.messages.put(message)
    case = before.about if parts.version_of(before.about, work) else ""
    work.append(action=action, case=case, payload={"key": before.key, "was": before.state.value})


def arrived(sent: Submission, work: Work) -> Reply:
    """Keep that somebody saw a message where it was to go."""
    found = _settled(sent, work)
    _keep(
        replace(found, state=MessageState.SENT, sent_at=work.now, trouble="Somebody saw it there."),
        found,
        "undelivered.arrived",
        work,
    )
    return Reply(headline="It arrived; that you saw it is on file.", cards=(_list(work),))


def repeat(sent: Submission, work: Work) -> Reply:
    """Send one message once more, also one that may have arrived: somebody has looked, and decides."""
    found = _settled(sent, work)
    _keep(found.again(work.now), found, "undelivered.repeated", work)
    return Reply(headline="It is on the way once more.", cards=(_list(work),))


def leave(sent: Submission, work: Work) -> Reply:
    """Leave a message unsent: it is old by now, or everybody knows."""
    found = _settled(sent, work)
    _keep(replace(found, state=MessageState.LEFT), found, "undelivered.left", work)
    return Reply(headline="It is left as it is, and no longer asked about.", cards=(_list(work),))


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
