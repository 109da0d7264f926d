"""Deliveries that come twice, on any platform."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

__all__ = ["Deliveries"]

REMEMBERED = 20_000
"""Deliveries this process remembers. The desk remembers every act for good; this spares a person the second answer."""
LIFE = 3600.0
"""Seconds after which a delivery is forgotten; platforms redeliver for a few minutes."""

Answer = TypeVar("Answer")


class Deliveries(Generic[Answer]):
    """Handles each delivery once; whoever brings it again gets the same answer."""

    def __init__(self, now: Callable[[], float]) -> None:
        """``now`` counts seconds (a monotonic clock)."""
        self._now = now
        self._seen: OrderedDict[str, tuple[float, asyncio.Future[Answer]]] = OrderedDict()

    async def once(self, key: str, handle: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer to the delivery of this name; one without a name is handled each time.

        ``handle`` goes on when whoever brought the delivery has gone, and is trusted to raise nothing.
        """
        if not key:
            return await handle()
        self._forget()
        if key in self._seen:
            return await asyncio.shield(self._seen[key][1])
        answer = asyncio.ensure_future(handle())
        self._seen[key] = (self._now(), answer)
        return await asyncio.shield(answer)

    def forget(self, ending: str) -> None:
        """Handle deliveries whose names end like this when they come again: their handling failed."""
        for key in [key for key in self._seen if key.endswith(ending)]:
            del self._seen[key]

    def _forget(self) -> None:
        old = self._now() - LIFE
        while self._seen:
            oldest = next(iter(self._seen.values()))
            if oldest[0] > old and len(self._seen) < REMEMBERED:
                return
            self._seen.popitem(last=False)
