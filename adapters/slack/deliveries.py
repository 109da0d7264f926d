"""Deliveries that come twice, and what is never written to a log."""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from typing_extensions import override

from adapters.slack.inbound import delivery
from bot.refusal import Refusal

log = logging.getLogger("duenotice.slack")

REMEMBERED = 20_000
"""Deliveries this process remembers. The desk remembers every act for good; this spares a person the second answer."""
LIFE = 3600.0
"""Seconds after which a delivery is forgotten; Slack redelivers for a few minutes."""

Answer = Mapping[str, Any]


class Deliveries:
    """Handles each delivery once; whoever brings it again gets the same answer."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._seen: OrderedDict[str, tuple[float, asyncio.Future[Answer]]] = OrderedDict()

    async def once(self, body: Mapping[str, Any], handle: Callable[[Mapping[str, Any]], Awaitable[Answer]]) -> Answer:
        """The answer to a delivery. Nothing is raised: a bug is logged under a reference, without the delivery."""
        key = delivery(body)
        if not key:
            return await _safely(handle, body)
        key = f"{body.get('type', '')} {body.get('command', '')} {key}"
        self._forget()
        if key in self._seen:
            return await asyncio.shield(self._seen[key][1])
        answer = asyncio.ensure_future(_safely(handle, body))
        self._seen[key] = (self._now(), answer)
        return await asyncio.shield(answer)

    def _forget(self) -> None:
        old = self._now() - LIFE
        while self._seen:
            oldest = next(iter(self._seen.values()))
            if oldest[0] > old and len(self._seen) < REMEMBERED:
                return
            self._seen.popitem(last=False)


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
