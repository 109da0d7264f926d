"""A message of the chat that is reported: its words, and where it stands, apart from each other.

Who wrote it is a colleague, as a rule, and no business of the record: a report that is left up keeps no author's name.
"""

import re

__all__ = ["message_and_place", "message_with_place"]

PLACE = re.compile(r"(?:\A|\n)\(reported from ([^\n]+)\)\Z")


def message_with_place(message: str, place: str) -> str:
    """A message as an adapter hands it over: its words, and on a line of its own where it stands."""
    return "\n".join(part for part in (message, f"(reported from {place})") if part)


def message_and_place(said: str) -> tuple[str, str]:
    """The words of a message and where it stands, if an adapter said so; of what somebody typed, the place is empty."""
    found = PLACE.search(said)
    return (said[: found.start()], found[1]) if found else (said, "")
