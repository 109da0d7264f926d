"""What lies between a journey and its library when it is made through a platform: the same for every platform.

A journey knows people, words, buttons and pages. A wire is a ``Desk`` that sends what the journey does over a platform
and gives back the desk's own answer, once it has seen that the answer was shown to whoever asked.
"""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from typing_extensions import override

from bot.cards import Card, File, Identity, OpenPage, Reply, Standing, Submission, Turn
from bot.desk import Desk
from bot.ports import Address, Messenger, Store, Vault
from bot.rounds import Rounds
from bot.training import LIBRARY
from tests.messenger import FakeMessenger
from tests.people import House


class Behind:
    """The desk behind a platform: hears what the platform made of a delivery, as the account the journey knows."""

    def __init__(self, desk: Desk, tenant: str = str(LIBRARY)) -> None:
        self.desk = desk
        self.tenant = tenant
        self.heard: dict[str, list[tuple[Submission, Reply]]] = defaultdict(list)
        self.pages: dict[tuple[str, int], OpenPage] = {}

    def user(self, account: Identity) -> str:
        """Who this account is at the practice desk."""
        return account.user

    def _here(self, account: Identity) -> Identity:
        return Identity(platform="practice", tenant=self.tenant, user=self.user(account))

    async def __call__(self, sent: Submission) -> Reply:
        reply = await self.desk(replace(sent, actor=self._here(sent.actor)))
        self.heard[sent.delivery_id].append((sent, reply))
        if reply.page:
            self.pages[reply.page.token, reply.page.number] = reply.page
        return reply

    async def takes_files(self, library: str, token: str) -> bool:
        return await self.desk.takes_files(library, token)

    async def keep_file(self, library: str, token: str, raw: bytes, name: str) -> str:
        return await self.desk.keep_file(library, token, raw, name)

    async def account_is(self, library: str, account: Identity, standing: Standing) -> None:
        await self.desk.account_is(library, self._here(account), standing)

    async def picture(self, library: str, actor: Identity, case: str, sha256: str) -> tuple[bytes, str]:
        return await self.desk.picture(library, self._here(actor), case, sha256)

    async def document(self, library: str, actor: Identity, case: str, name: str) -> File:
        return await self.desk.document(library, self._here(actor), case, name)

    async def was_answered(self, library: str, delivery: str) -> bool:
        return await self.desk.was_answered(library, delivery)

    async def answered(self, library: str, delivery: str) -> None:
        await self.desk.answered(library, delivery)


def said_the_same(sent: Submission, heard: Submission, *, files: Collection[str]) -> None:
    """What the desk heard is what the journey sent; of ``files`` the desk has names of its own."""
    assert (heard.intent, heard.token, heard.page, heard.turn) == (sent.intent, sent.token, sent.page, sent.turn)
    if not sent.page:
        assert (heard.subject, heard.surface) == (sent.subject, sent.surface)
        assert (heard.version_seen or None) == sent.version_seen
        assert heard.text("text") == sent.text("text").strip()
    elif sent.turn is Turn.NEXT:
        for name, given in heard.values.items():
            expected, came = _words(sent.values.get(name, ())), _words(given)
            if any(one in files for one in expected):
                assert len(came) == len(expected), name
            else:
                assert came == expected, name


def _words(given: tuple[str, ...]) -> list[str]:
    return [one.strip() for one in given if one.strip()]


class Wire(Desk):
    """The desk as a journey sees it; between the two lies a platform."""

    def use(self, plain: Desk) -> None:
        """Go on with another desk behind the platform, over what is on disk."""
        raise NotImplementedError

    def messenger(self, memory: FakeMessenger) -> Messenger:
        """What the round tells people with: the platform, and a memory the journey looks at."""
        raise NotImplementedError


class BothMessenger(Messenger):
    """Tells everything twice: in memory for the journey to look at, and on a platform, which checks it."""

    platform = "practice"

    def __init__(self, memory: FakeMessenger, there: Messenger, *, finds: bool, tenant: str = str(LIBRARY)) -> None:
        self._memory = memory
        self._tenant = tenant
        self._platform = there
        self._finds = finds
        self._stands: dict[str, str] = {}

    @abstractmethod
    async def there(self, to: Address) -> Address:
        """The same place on the platform."""

    @override
    async def post(self, to: Address, card: Card, *, key: str, under: str = "") -> str:
        posted = await self._memory.post(to, card, key=key, under=under)
        if to.tenant == self._tenant:
            address = await self.there(to)
            root = self._stands.get(under, "") if under else ""
            made = self._stands[posted] = await self._platform.post(address, card, key=key, under=root)
            assert not self._finds or await self._platform.find(address, key) == made
        return posted

    @override
    async def update(self, to: Address, message: str, card: Card) -> None:
        await self._memory.update(to, message, card)
        if message in self._stands:
            await self._platform.update(await self.there(to), self._stands[message], card)

    @override
    async def find(self, to: Address, key: str) -> str | None:
        return await self._memory.find(to, key)


W = TypeVar("W", bound=Wire)


@dataclass
class HouseOver(House, Generic[W]):
    """A library over a platform, and in the record perhaps another beside it."""

    wire: W | None = field(default=None, repr=False)
    tells: Messenger | None = field(default=None, repr=False)

    @override
    def open(self, messenger: Messenger | None = None) -> None:
        super().open(messenger)
        if self.wire is not None:
            self.through(self.wire)

    def through(self, wire: W) -> None:
        """Send everything over the platform from here on, over what is on disk now."""
        self.wire = wire
        wire.use(Desk(store=self.store, vault=self.vault, clock=self.time))
        self.desk = wire
        self.tells = self.tells or wire.messenger(self.messenger)  # it knows where what it told stands
        self.rounds = Rounds(store=self.store, vault=self.vault, messengers=(self.tells,), clock=self.time)

    @override
    def elsewhere(self, store: Store, vault: Vault) -> "HouseOver[W]":
        made = type(self)(store=store, vault=vault, time=self.time, messenger=self.messenger, tells=self.tells)
        assert self.wire is not None
        made.through(self.wire)
        return made
