"""How a delivery of Slack is handled once, what is said when it fails, and what is never written to a log."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from typing_extensions import override

from adapters import deliveries
from adapters.slack.inbound import Unknown, delivery
from bot.refusal import Refusal

log = logging.getLogger("duenotice.slack")

Answer = Mapping[str, Any]
Handle = Callable[[Mapping[str, Any]], Awaitable[Answer]]
Failed = Callable[[Mapping[str, Any], str], Awaitable[Answer | None]]
"""What a delivery that failed, and why, is answered; ``None`` where nobody can be told, so Slack is not either."""


class Deliveries:
    """Handles each delivery once; whoever brings it again gets the same answer. One that failed is handled again."""

    def __init__(self, now: Callable[[], float], failed: Failed) -> None:
        self._known = deliveries.Deliveries[Answer | None](now)
        self._failed = failed

    async def once(self, body: Mapping[str, Any], handle: Handle) -> Answer | None:
        """The answer to a delivery; ``None`` when it failed and Slack has to bring it again.

        Nothing is raised: a bug is logged under a reference, without the delivery.
        """
        key = delivery(body)
        named = f"{body.get('type', '')} {body.get('command', '')} {key}" if key else ""
        return await self._known.once(named, lambda: self._safely(handle, body))

    def failed(self, key: str) -> None:
        """Note that the delivery of this name came to nothing, though its sender was answered: it may come again."""
        if key:
            self._known.forget(f" {key}")

    async def _safely(self, handle: Handle, body: Mapping[str, Any]) -> Answer | None:
        try:
            return await handle(body)
        except Unknown as no:  # it is no delivery of ours
            log.warning("a delivery of Slack was not understood: %s", no.why)
            return {}
        except Refusal as no:  # the record cannot be reached
            log.warning("a delivery of Slack failed: %s", no.why)
            why = no.why
        except Exception as wrong:  # noqa: BLE001 - it is logged, and told
            why = went_wrong(wrong)
        self.failed(delivery(body))
        try:
            return await self._failed(body, why)
        except Exception:
            log.exception("nobody could be told that a delivery of Slack failed")
            return None


def went_wrong(wrong: Exception) -> str:
    """Log a bug, and give what a person is told of it."""
    reference = secrets.token_hex(4)
    log.error("a delivery of Slack failed, reference %s", reference, exc_info=wrong)
    return f"Something went wrong here. Try again; if it stays, tell your administrator the reference {reference}."


class Quiet(logging.Filter):
    """Lets no line through that could hold a delivery: bodies carry patrons' words and single-use addresses."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        return "body" not in said and "response_url" not in said
