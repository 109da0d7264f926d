"""The store: one transaction a call, on SQLite or PostgreSQL, and nothing is answered before it is on disk.

One synchronous code path serves both databases; only this edge is async. SQLite has exactly one writer thread, because
several writers back off from each other for whole seconds, and a few readers that cannot write. PostgreSQL runs the
same functions on a small pool of threads; an act begins by locking its library's row, so that the acts of one library
run one after another exactly as on SQLite, and those of different libraries in parallel.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, bindparam, delete, select
from sqlalchemy.exc import DBAPIError

from bot.cases.clock import Clock
from bot.cases.library import Library
from bot.ports import Conversation, Message, Shelves, Sweep
from bot.refusal import Refusal
from storage import book, clocks, conversations, engines, messages
from storage.appeals import AppealShelf
from storage.asking import Asking
from storage.authors import AuthorShelf
from storage.blocks import BlockShelf
from storage.book import BookShelf
from storage.clocks import ClockShelf
from storage.docket import DocketShelf
from storage.duties import DutyShelf
from storage.incidents import IncidentShelf
from storage.messages import MessageShelf
from storage.migrations import upgrade
from storage.papers import PaperShelf
from storage.registry import LIBRARY, Registers, RegistryShelf, library_to_row
from storage.reinstatements import ReinstatementShelf
from storage.rows import insert_new, upsert
from storage.tables import InstallationRow, SealedTokenRow, table
from storage.tasks import TaskShelf
from storage.trouble import said_plainly

T = TypeVar("T")

INSTALLATION = table(InstallationRow)
SEALED = table(SealedTokenRow)
LOCK = select(LIBRARY.c.id).where(LIBRARY.c.id == bindparam("library")).with_for_update(key_share=True)
LIBRARIES = select(LIBRARY.c.id).order_by(LIBRARY.c.name, LIBRARY.c.id)
INSTALLED = select(INSTALLATION.c.library_id).where(
    INSTALLATION.c.platform == bindparam("platform"), INSTALLATION.c.tenant == bindparam("tenant")
)


class SqlShelves:
    """Everything kept for one library, inside one transaction."""

    def __init__(self, transaction: Connection, library: UUID, registers: Registers) -> None:
        self._conn = conn = Asking(transaction)
        self.incidents = IncidentShelf(conn, library)
        self.blocks = BlockShelf(conn, library)
        self.appeals = AppealShelf(conn, library)
        self.reinstatements = ReinstatementShelf(conn, library)
        self.authors = AuthorShelf(conn, library)
        self.tasks = TaskShelf(conn, library)
        self.clocks = ClockShelf(conn, library)
        self.papers = PaperShelf(conn, library)
        self.registry = RegistryShelf(conn, library, registers)
        self.messages = MessageShelf(conn, library)
        self.book = BookShelf(conn, library)
        self.docket = DocketShelf(conn, library)
        self.duties = DutyShelf(conn, library)

    def finish(self) -> None:
        """Write what still waits; the last thing before a commit."""
        self.book.write()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is done inside when an exception leaves it; the transaction goes on."""
        try:
            self.book.write()
            with self._conn.begin_nested():
                yield
                self.book.write()
        except BaseException:
            self.book.forget()
            self._conn.forget()
            raise


class SqlStore:
    """Keeps everything in a database."""

    def __init__(
        self, *, writer: Engine, reader: Engine, writing: ThreadPoolExecutor, reading: ThreadPoolExecutor
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._writing = writing
        self._reading = reading
        self._registers = Registers()
        self._turns: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def open(cls, url: str, *, patience: float = 5) -> Self:
        """Open a database, bringing its tables up to date first.

        ``patience`` is how many seconds an act waits for another program that holds the database or its records.

        :raises Refusal: it cannot be opened, or is newer than this program; with what to do about it
        """
        address = engines.parsed(url)
        if address.get_backend_name() == "postgresql":
            engine = engines.postgres_engine(address, patience=patience)
            pool = ThreadPoolExecutor(engines.POOL, thread_name_prefix="store")
            store = cls(writer=engine, reader=engine, writing=pool, reading=pool)
            engines.reached(engine)
        else:
            engines.prepare_file(address, patience=patience)
            store = cls(
                writer=engines.sqlite_engine(address, patience=patience, writes=True),
                reader=engines.sqlite_engine(address, patience=patience, writes=False),
                writing=ThreadPoolExecutor(1, thread_name_prefix="writer"),
                reading=ThreadPoolExecutor(engines.READERS, thread_name_prefix="reader"),
            )
        try:
            with said_plainly("The database was not opened"):
                upgrade(store._writer)
        except BaseException:
            store.let_go()
            raise
        return store

    async def act(self, library: UUID, work: Callable[[Shelves], T]) -> T:
        """Run ``work`` on the writer and commit; anything it raises undoes everything.

        Acts of one library run one after another, in the order they came. Once it runs, cancelling the caller does
        not stop it.

        :raises Refusal: there is no such library
        :raises NotSaved: the database would not keep it
        :raises PerhapsSaved: the connection was lost while it was kept
        """

        def whole(conn: Connection) -> T:
            shelves = _locked(conn, library, self._registers)
            came = work(shelves)
            shelves.finish()
            return came

        async with self._turns[library]:
            return await self._write(whole)

    async def ask(self, library: UUID, look: Callable[[Shelves], T]) -> T:
        """Run ``look`` on a connection of its own that cannot write, and that sees one moment throughout.

        :raises PermissionError: ``look`` tried to write
        """
        return await self._read(lambda conn: look(SqlShelves(conn, library, self._registers)))

    async def libraries(self) -> tuple[UUID, ...]:
        """Every library kept here, by name."""
        return await self._read(lambda conn: tuple(conn.execute(LIBRARIES).scalars()))

    async def library_for(self, platform: str, tenant: str) -> UUID | None:
        """The library installed in this workspace or tenant."""
        asked = {"platform": platform, "tenant": tenant}
        return await self._read(lambda conn: conn.execute(INSTALLED, asked).scalar_one_or_none())

    async def found(self, library: Library, *, platform: str, tenant: str) -> None:
        """Begin a library and note where it is installed. Beginning one that exists changes nothing.

        A library that exists may be installed in a further place; a place that has a library keeps it.
        """

        def begin(conn: Connection) -> None:
            dialect = conn.dialect.name
            conn.execute(insert_new(LIBRARY, dialect), library_to_row(library))
            place = {"platform": platform, "tenant": tenant, "library_id": library.id}
            conn.execute(insert_new(INSTALLATION, dialect), place)

        await self._write(begin)

    async def sealed_token(self, platform: str, tenant: str) -> bytes | None:
        """The sealed tokens of an installation."""
        asked = select(SEALED.c.sealed).where(SEALED.c.platform == platform, SEALED.c.tenant == tenant)
        return await self._read(lambda conn: conn.execute(asked).scalar_one_or_none())

    async def sealed_tenants(self, platform: str) -> tuple[str, ...]:
        """Every tenant of a platform whose tokens are kept."""
        asked = select(SEALED.c.tenant).where(SEALED.c.platform == platform).order_by(SEALED.c.tenant)
        return await self._read(lambda conn: tuple(conn.execute(asked).scalars()))

    async def keep_sealed_token(self, platform: str, tenant: str, sealed: bytes) -> None:
        """Keep the sealed tokens of an installation instead of older ones."""
        row = {"platform": platform, "tenant": tenant, "sealed": sealed}
        await self._write(lambda conn: conn.execute(upsert(SEALED, conn.dialect.name), row))

    async def drop_sealed_token(self, platform: str, tenant: str) -> None:
        """Forget the tokens of an installation; what its library has on file stays."""
        which = delete(SEALED).where(SEALED.c.platform == platform, SEALED.c.tenant == tenant)
        await self._write(lambda conn: conn.execute(which))

    async def conversation(self, platform: str, tenant: str, name: str) -> Conversation | None:
        """A conversation the bot is in."""
        return await self._read(lambda conn: conversations.find(conn, platform, tenant, name))

    async def conversations(self, platform: str, tenant: str) -> tuple[Conversation, ...]:
        """Every conversation of a tenant the bot is in, by name."""
        return await self._read(lambda conn: conversations.of_tenant(conn, platform, tenant))

    async def keep_conversation(self, conversation: Conversation) -> None:
        """Keep a conversation instead of what was known of it."""
        await self._write(lambda conn: conversations.keep(conn, conversation))

    async def drop_conversation(self, platform: str, tenant: str, name: str) -> None:
        """Forget a conversation the bot has left."""
        await self._write(lambda conn: conversations.drop(conn, platform, tenant, name))

    async def sweep(
        self, now: datetime, limit: int, plan: Callable[[Sequence[Clock], Callable[[UUID], Shelves]], Sweep]
    ) -> int:
        """Claim up to ``limit`` due clocks of any library, apply the plan made for them, commit. Returns how many.

        ``plan`` is also given the shelves of a claimed clock's library, within the same transaction. A clock the plan
        does not mention stays due.
        """

        def claim(conn: Connection) -> int:
            begun: dict[UUID, SqlShelves] = {}

            def shelves(library: UUID) -> SqlShelves:
                if library not in begun:
                    begun[library] = SqlShelves(conn, library, self._registers)
                return begun[library]

            claimed = clocks.sweep(conn, now, limit, plan, shelves)
            for one in begun.values():
                one.finish()
            return claimed

        return await self._write(claim)

    async def claim_messages(self, now: datetime, *, lease_seconds: int, limit: int) -> tuple[Message, ...]:
        """Claim queued messages of any library that are due; each comes back with its raised ``attempts``."""
        return await self._write(lambda conn: messages.claim(conn, now, lease_seconds=lease_seconds, limit=limit))

    async def hold_message(self, message: Message, now: datetime, *, lease_seconds: int) -> bool:
        """Begin the lease of a claimed message anew; ``False`` when somebody else has claimed or ended it since."""
        return await self._write(lambda conn: messages.hold(conn, message, now, lease_seconds=lease_seconds))

    async def finish_message(self, message: Message) -> bool:
        """Store how a claimed message ended; ``False`` when somebody else has claimed it since."""
        return await self._write(lambda conn: messages.finish(conn, message))

    async def chain(self, library: UUID, check: Callable[[Iterator[tuple[int, bytes, bytes, bytes]]], T]) -> T:
        """Stream the whole chain of a library, in order, as (seq, header, commitment, hash)."""
        return await self._read(lambda conn: book.chain(conn, library, check))

    async def close(self) -> None:
        """Finish what is running, then let go of the database."""
        await asyncio.to_thread(self.let_go)

    def let_go(self) -> None:
        """Do what :meth:`close` does, for who has no event loop: a command that only brings a database up to date."""
        self._writing.shutdown()
        self._reading.shutdown()
        self._reader.dispose()
        self._writer.dispose()

    async def _write(self, work: Callable[[Connection], T]) -> T:
        def transaction() -> T:
            with said_plainly(committing=True), self._writer.begin() as conn, said_plainly():
                return work(conn)

        return await asyncio.get_running_loop().run_in_executor(self._writing, transaction)

    async def _read(self, look: Callable[[Connection], T]) -> T:
        def transaction() -> T:
            how = READ_ONLY[self._reader.dialect.name]
            with said_plainly("Nothing can be looked up"), self._reader.connect().execution_options(**how) as conn:
                try:
                    return look(conn)
                except DBAPIError as error:
                    if any(sign in str(error.orig) for sign in WRITES):
                        raise PermissionError("an ask cannot write; make it an act") from error
                    raise

        return await asyncio.get_running_loop().run_in_executor(self._reading, transaction)


READ_ONLY = {
    "sqlite": {},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
"""What makes a connection a reader's. SQLite's are made so when they are opened."""

WRITES = ("readonly database", "read-only transaction")
"""What the drivers say to a reader that tries to write."""


def _locked(conn: Connection, library: UUID, registers: Registers) -> SqlShelves:
    if conn.execute(LOCK, {"library": library}).first() is None:
        raise Refusal("There is no such library here. Begin one with “duenotice init”.")
    return SqlShelves(conn, library, registers)
