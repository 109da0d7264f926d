"""The outbox and the copies of cards, to rows and back; and the claim of a delivery."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Insert, bindparam, func, literal_column, select, tuple_, update

from bot.ports import Address, Message, PostedCard
from storage.rows import Kept, Shelf, flat, insert, library, names, put_many_new, whole
from storage.tables import LibraryRow, MessageRow, PostedCardRow, table

MESSAGE = flat(MessageRow, Message)
LIBRARY = table(LibraryRow)
COPY = names(PostedCard, "library", "address")


def posted_to_row(posted: PostedCard) -> dict[str, Any]:
    """Flatten a posted card and its address."""
    at = posted.address
    where = {"platform": at.platform, "tenant": at.tenant, "place": at.channel, "user": at.user}
    return {name: getattr(posted, name) for name in COPY} | where | {"library_id": posted.library}


def posted_from_row(row: Any) -> PostedCard:  # noqa: ANN401 - a row of PostedCardRow
    """Rebuild the posted card a row stands for."""
    at = Address(platform=row.platform, tenant=row.tenant, channel=row.place, user=row.user)
    return PostedCard(library=row.library_id, address=at, **{name: getattr(row, name) for name in COPY})


POSTED: Kept[PostedCard] = whole(PostedCardRow, posted_to_row, posted_from_row)

c = MESSAGE.c
NEXT_NUMBER = select(func.coalesce(func.max(c.number), 0) + 1).where(c.library_id == library()).scalar_subquery()
LAST_NUMBERS = (
    select(c.library_id, func.max(c.number).label("number"))
    .where(c.library_id.in_(bindparam("libraries", expanding=True)))
    .group_by(c.library_id)
)
BY_KEY = MESSAGE.select().where(c.key == bindparam("key"))
IN_TROUBLE = MESSAGE.select().where(c.state.in_((literal_column("'failed'"), literal_column("'unknown'"))))
REPLACE = update(MESSAGE.table).where(c.library_id == library(), c.id == bindparam("known"))
OF_CARD = (
    POSTED.select()
    .where(POSTED.c.about == bindparam("about"))
    .order_by(POSTED.c.platform, POSTED.c.tenant, POSTED.c.place, POSTED.c.user, POSTED.c.id)
)
POSTED_BY_ID = POSTED.select().where(POSTED.c.id == bindparam("posted"))

QUEUED = c.state == literal_column("'queued'")
DUE = (
    select(*((c.attempts + 1) if column is c.attempts else column for column in MESSAGE.columns))
    .join(LIBRARY, LIBRARY.c.id == c.library_id)
    .where(QUEUED, c.next_at <= bindparam("now"))
    .order_by(c.next_at, c.number)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, key_share=True)
)
LEASE = (
    update(MESSAGE.table)
    .where(tuple_(c.library_id, c.id).in_(bindparam("claimed", expanding=True)))
    .values(next_at=bindparam("lease"), attempts=c.attempts + 1)
)
HOLD = (
    update(MESSAGE.table)
    .where(c.library_id == library(), c.id == bindparam("known"), QUEUED, c.attempts == bindparam("held"))
    .values(next_at=bindparam("lease"))
    .execution_options(preserve_rowcount=True)
)
FINISH = REPLACE.where(QUEUED, c.attempts == bindparam("held")).execution_options(preserve_rowcount=True)


@lru_cache(maxsize=2)
def insert_last(dialect: str) -> Insert:
    """Insert a message behind the others of its library; the row count says whether its key was new."""
    columns = {column.name: bindparam(column.name, type_=column.type) for column in c if column.name != "number"}
    statement = insert(MESSAGE.table, dialect).values(**columns, number=NEXT_NUMBER)
    return statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)


class MessageShelf(Shelf):
    """The outbox of one library, and where the copies of cards stand."""

    def queue(self, message: Message) -> bool:
        """Queue it behind the others; ``False`` when one with the same key was queued before."""
        row = self._row(MESSAGE, message) | {"library": self._library}
        return self._conn.execute(insert_last(self._dialect), row).rowcount == 1

    def by_key(self, key: str) -> Message | None:
        """Fetch a message by its key."""
        return self._one(MESSAGE, BY_KEY, key=key)

    def put(self, message: Message) -> None:
        """Keep what became of a message; it stays where it was in the order."""
        row = self._row(MESSAGE, message)
        del row["library_id"], row["id"]
        if not self._run(REPLACE, known=message.id, **row):
            self.queue(message)

    def in_trouble(self) -> tuple[Message, ...]:
        """Failed and unknown messages, in the order they were queued."""
        return self._all(MESSAGE, IN_TROUBLE.order_by(c.number))

    def posted(self, about: str) -> tuple[PostedCard, ...]:
        """Every copy of a card."""
        return self._all(POSTED, OF_CARD, about=about)

    def posted_by_id(self, posted: UUID) -> PostedCard | None:
        """One copy of a card."""
        return self._one(POSTED, POSTED_BY_ID, posted=posted)

    def put_posted(self, posted: PostedCard) -> None:
        """Note where a copy stands."""
        self._put(POSTED, posted)


def queue_all(conn: Connection, messages: Sequence[Message]) -> None:
    """Queue messages of any library in their order; those whose key exists are left as they are."""
    if not messages:
        return
    libraries = list({message.library for message in messages})
    found = conn.execute(LAST_NUMBERS, {"libraries": libraries})
    last: dict[UUID, int] = {row.library_id: row.number for row in found}
    rows = []
    for message in messages:
        number = last[message.library] = last.get(message.library, 0) + 1
        rows.append(MESSAGE.to_row(message) | {"number": number})
    put_many_new(conn, MESSAGE.table, rows)


def claim(conn: Connection, now: datetime, *, lease_seconds: int, limit: int) -> tuple[Message, ...]:
    """Claim queued messages that are due, inside the caller's transaction, in the order they fell due.

    Each comes back as it was queued, with its raised ``attempts``; in the table it is due again when the lease ends,
    so a crash of whoever claimed it needs no recovery. What belongs to a library in which somebody is acting just now
    is left for the next claim: a sweep that adds to a message either finds it unclaimed until it commits, or claimed.
    """
    lease = now + timedelta(seconds=lease_seconds)
    found = conn.execute(DUE, {"now": now, "most": limit})
    claimed = tuple(map(MESSAGE.from_row, found))
    if claimed:
        conn.execute(LEASE, {"claimed": [(message.library, message.id) for message in claimed], "lease": lease})
    return claimed


def hold(conn: Connection, message: Message, now: datetime, *, lease_seconds: int) -> bool:
    """Begin the lease of a claimed message anew; ``False`` when somebody else has claimed or ended it since."""
    lease = now + timedelta(seconds=lease_seconds)
    held = {"library": message.library, "known": message.id, "held": message.attempts, "lease": lease}
    return conn.execute(HOLD, held).rowcount == 1


def finish(conn: Connection, message: Message) -> bool:
    """Store how a claimed message ended; ``False`` when somebody else has claimed or ended it since."""
    row = MESSAGE.to_row(message)
    known = {"library": row.pop("library_id"), "known": row.pop("id"), "held": row["attempts"]}
    return conn.execute(FINISH, row | known).rowcount == 1
