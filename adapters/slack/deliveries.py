"""How a delivery of Slack is handled once, and what is never written to a log."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from typing_extensions import override

from adapters import deliveries
from adapters.slack.inbound import delivery
from bot.refusal import Refusal

log = logging.getLogger("duenotice.slack")

Answer = Mapping[str, Any]


class Deliveries:
    """Handles each delivery once; whoever brings it again gets the same answer."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._known = deliveries.Deliveries[Answer](now)

    async def once(self, body: Mapping[str, Any], handle: Callable[[Mapping[str, Any]], Awaitable[Answer]]) -> Answer:
        """The answer to a delivery. Nothing is raised: a bug is logged under a reference, without the delivery."""
        key = delivery(body)
        named = f"{body.get('type', '')} {body.get('command', '')} {key}" if key else ""
        return await self._known.once(named, lambda: _safely(handle, body))


async def _safely(handle: Callable[[Mapping[str, Any]], Awaitable[Answer]], body: Mapping[str, Any]) -> Answer:
    try:
        return await handle(body)
    except Refusal as no:  # it is no delivery of ours
        log.warning("a delivery of Slack was not understood: %s", no.why)
        return {}
    except Exception:
        log.exception("a delivery of Slack failed, reference %s", secrets.token_hex(4))
        return {}


class Quiet(logging.Filter):
    """Lets no line through that could hold a delivery: bodies carry patrons' words and single-use addresses."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        return "body" not in said and "response_url" not in said
