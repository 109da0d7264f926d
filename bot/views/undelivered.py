"""Messages that did not arrive, or may have: what each is, and what somebody can do about it."""

from collections.abc import Callable
from uuid import UUID

from bot.ports import Message, MessageKind, MessageState

KINDS = {
    MessageKind.CASE: "the card",
    MessageKind.STEP: "a line",
    MessageKind.UPDATE: "a change to a card",
    MessageKind.DAILY: "what is due",
    MessageKind.DIRECT: "a card",
    MessageKind.HEAD: "the day's record",
    MessageKind.TROUBLE: "word of another message",
    MessageKind.MEMO: "a memo",
    MessageKind.DOCKET: "the disposal list",
}
"""What people call each kind; any other is a word of ours."""


def what(message: Message) -> str:
    """What a message is, and about which case."""
    kind = KINDS.get(message.kind, "a word")
    return f"{kind} about {message.about}" if message.about else kind


def place(message: Message, named: Callable[[UUID | None], str]) -> str:
    """Where it was to go: a channel, or a person by name."""
    return f"#{message.channel.value}" if message.channel else named(message.person)


def remedy(message: Message) -> str:
    """What is wrong, and what to do next."""
    if message.state is MessageState.UNKNOWN:
        return "It may or may not have arrived. Look there, then say which, or send it again."
    return f"{message.trouble.rstrip('.')}. Mend that, then send it again."
