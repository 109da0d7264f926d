"""Teams put together: proof, connections, the desk behind one route, and the messenger for the round."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import ClientSession, ClientTimeout, web

from adapters.teams.app import Receiving, TeamsAdapter, routes
from adapters.teams.chats import Chats
from adapters.teams.connector import LIMITS, Connector, Pace
from adapters.teams.credentials import Credentials
from adapters.teams.desk import Desk, TeamsDesk
from adapters.teams.outbound import TeamsMessenger
from adapters.teams.places import KnownPlaces, Places
from adapters.teams.proof import Keys, Proof
from adapters.teams.settings import TeamsSettings

__all__ = ["Limits", "Teams", "TeamsSettings"]

CLOSING = 5.0
"""Seconds answers that are on their way still have when the program ends."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How long anything may take, in seconds, and how much a conversation takes.

    ``patience`` is for one call to Microsoft. ``slow`` is when a person is told that nothing is saved yet: Teams waits
    five seconds for a message extension and ten for anything else. ``turn`` is how long a message waits for its turn in
    a conversation; the round tries a longer wait again by itself. ``pace`` is messages to one conversation within so
    many seconds.
    """

    patience: float = 10.0
    slow: float = 4.0
    turn: float = 2.0
    pace: tuple[tuple[float, int], ...] = LIMITS


class Teams:
    """The adapter, connected."""

    def __init__(
        self,
        *,
        http: ClientSession,
        adapter: TeamsAdapter,
        receiving: Receiving,
        desk: TeamsDesk,
        messenger: TeamsMessenger,
    ) -> None:
        self._http = http
        self._adapter = adapter
        self._receiving = receiving
        self.desk = desk
        self.messenger = messenger

    @classmethod
    def build(
        cls,
        desk: Desk,
        settings: TeamsSettings,
        *,
        library_of: Callable[[str], Coroutine[Any, Any, str]],
        places: Places,
        now: Callable[[], float],
        wall: Callable[[], float],
        limits: Limits = Limits(),
    ) -> Self:
        """Put it together; nothing is asked of Microsoft yet.

        ``library_of`` names the library of a tenant, or is empty; ``now`` counts seconds (a monotonic clock), ``wall``
        seconds since 1970.
        """
        http = ClientSession(timeout=ClientTimeout(total=limits.patience))
        connector = Connector(settings, http, Credentials(settings, http, now), Pace(now, limits.pace))
        known_places = KnownPlaces(places, settings.service)
        adapter = TeamsAdapter(settings, connector, at_most=limits.turn)
        libraries: dict[str, str] = {}

        async def library(tenant: str) -> str:
            if tenant not in libraries and (found := await library_of(tenant)):
                libraries[tenant] = found
            return libraries.get(tenant, "")

        async def knows(tenant: str) -> bool:
            return tenant == settings.tenant or settings.development or bool(await library(tenant))

        teams_desk = TeamsDesk(
            desk,
            chats=Chats(adapter, connector, known_places),
            connector=connector,
            places=known_places,
            settings=settings,
            library_of=library,
            now=now,
            slow=limits.slow,
        )
        receiving = Receiving(
            settings=settings,
            proof=Proof(settings, Keys(settings.openid, http, now), wall),
            knows_tenant=knows,
            handle=teams_desk.answer,
            now=now,
        )
        return cls(
            http=http,
            adapter=adapter,
            receiving=receiving,
            desk=teams_desk,
            messenger=TeamsMessenger(adapter, connector, known_places),
        )

    def add_routes(self, app: web.Application) -> None:
        """Serve Teams' requests."""
        app.router.add_routes(routes(self._adapter, self._receiving))

    async def close(self) -> None:
        """Finish what was begun, then let go."""
        await self.desk.close(CLOSING)
        await self._http.close()
