"""The library itself to rows and back: its people, accounts, packs and practice values."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Insert, bindparam, delete, func, select

from bot.cases.absence import Absence
from bot.cases.account import OfficialAccount
from bot.cases.library import Library
from bot.people import Identity, Person
from bot.policy.book import Practice
from bot.refusal import Mistake, Refusal
from storage.asking import Asking
from storage.rows import Kept, Shelf, flat, insert, library, names, upsert, whole
from storage.tables import (
    AbsenceRow,
    AccountRow,
    CounterRow,
    IdentityRow,
    LibraryRow,
    PackRow,
    PersonRow,
    PracticeRow,
    SentenceRow,
    table,
)

T = TypeVar("T")

LIBRARY = table(LibraryRow)
ACCOUNT = flat(AccountRow, OfficialAccount)
IDENTITY = table(IdentityRow)
PACK = table(PackRow)
PRACTICE = table(PracticeRow)
SENTENCE = table(SentenceRow)
COUNTER = table(CounterRow)

LIBRARY_FIELDS = names(Library)
PERSON_FIELDS = names(Person, "library", "identities")


def library_to_row(kept: Library) -> dict[str, Any]:
    """Flatten a library; its maps are copied, so that a read-only view can be kept too."""
    row = {name: getattr(kept, name) for name in LIBRARY_FIELDS}
    return row | {"channels": dict(kept.channels), "closures": dict(kept.closures)}


def library_from_row(row: Any) -> Library:  # noqa: ANN401 - a row of LibraryRow
    """Rebuild the library a row stands for."""
    return Library(**{name: getattr(row, name) for name in LIBRARY_FIELDS})


def person_to_row(person: Person) -> dict[str, Any]:
    """Flatten a person; their chat accounts are rows of their own."""
    return {name: getattr(person, name) for name in PERSON_FIELDS} | {"library_id": person.library}


def person_from_row(row: Any) -> Person:  # noqa: ANN401 - a row of PersonRow
    """Rebuild a person, still without their chat accounts."""
    return Person(library=row.library_id, **{name: getattr(row, name) for name in PERSON_FIELDS})


ABSENCE = flat(AbsenceRow, Absence)
PERSON: Kept[Person] = whole(PersonRow, person_to_row, person_from_row)

THE_LIBRARY = select(LIBRARY).where(LIBRARY.c.id == library())
PEOPLE = PERSON.select().order_by(PERSON.c.name, PERSON.c.id)
IDENTITIES = (
    select(IDENTITY.c.person, IDENTITY.c.platform, IDENTITY.c.tenant, IDENTITY.c.user)
    .where(IDENTITY.c.library_id == library())
    .order_by(IDENTITY.c.person, IDENTITY.c.place)
)
DROP_IDENTITIES = delete(IDENTITY).where(IDENTITY.c.library_id == library(), IDENTITY.c.person == bindparam("who"))
ABSENCES = ABSENCE.select().order_by(ABSENCE.c.since, ABSENCE.c.id)
ACCOUNTS = ACCOUNT.select().order_by(ACCOUNT.c.platform, ACCOUNT.c.name, ACCOUNT.c.id)
PRACTICES = (
    select(PRACTICE.c.key, PRACTICE.c.value, PRACTICE.c.approved_by, PRACTICE.c.approved_on)
    .where(PRACTICE.c.library_id == library())
    .order_by(PRACTICE.c.key, PRACTICE.c.number)
)
LAST_PRACTICE = select(func.coalesce(func.max(PRACTICE.c.number), 0)).where(
    PRACTICE.c.library_id == library(), PRACTICE.c.key == bindparam("key")
)
PACKS = select(PACK.c.name, PACK.c.raw).where(PACK.c.library_id == library()).order_by(PACK.c.number)
SENTENCES = select(SENTENCE.c.version, SENTENCE.c.rule, SENTENCE.c.sentence).where(SENTENCE.c.library_id == library())
STAMPED = "registry"
"""Under which name the stamp stands among the counters; its year is 0."""
STAMP = select(COUNTER.c.number).where(
    COUNTER.c.library_id == library(), COUNTER.c.kind == STAMPED, COUNTER.c.year == 0
)
UNBIND = delete(SENTENCE).where(SENTENCE.c.library_id == library(), SENTENCE.c.version == bindparam("version"))


@lru_cache(maxsize=2)
def raised(dialect: str) -> Insert:
    """Begin a counter at 1, or raise it by one."""
    statement = insert(COUNTER, dialect)
    return statement.on_conflict_do_update(
        index_elements=list(COUNTER.primary_key.columns), set_={"number": COUNTER.c.number + 1}
    )


class Registers:
    """What was read of each library's registry, under the stamp it was read at; shared by the transactions of a store.

    Registries change a few times a year and are read several times a press. A stamp is a number in the database that
    rises with every change, within the change's own transaction, so whatever process made it, nobody reads on in what
    was before.
    """

    def __init__(self) -> None:
        self._known: dict[UUID, tuple[int, dict[str, Any]]] = {}

    def at(self, library: UUID, stamp: int) -> dict[str, Any]:
        """What is known of a library at a stamp, to be filled in as it is read."""
        known = self._known.get(library)
        if known is not None and known[0] == stamp:
            return known[1]
        fresh: dict[str, Any] = {}
        if known is None or known[0] < stamp:
            self._known[library] = (stamp, fresh)
        return fresh


class RegistryShelf(Shelf):
    """The library itself: its people, accounts, packs and practice values."""

    def __init__(self, conn: Asking, library: UUID, registers: Registers) -> None:
        super().__init__(conn, library)
        self._registers = registers
        self._known: dict[str, Any] | None = None
        self._changed = False

    def _once(self, what: str, read: Callable[[], T]) -> T:
        """What was read at the registry's stamp, else read now; a transaction that changed it reads its own changes."""
        if self._changed:
            return read()
        if self._known is None:
            stamp = self._conn.execute(STAMP, {"library": self._library}).scalar()
            self._known = self._registers.at(self._library, stamp or 0)
        if what not in self._known:
            self._known[what] = read()
        found: T = self._known[what]
        return found

    def _change(self) -> None:
        """Raise the stamp, once in a transaction; it is taken back with it."""
        self._changed = True
        self._conn.execute(
            raised(self._dialect), {"library_id": self._library, "kind": STAMPED, "year": 0, "number": 1}
        )

    def library(self) -> Library:
        """The library.

        :raises Refusal: there is none with this id
        """
        return self._once("library", self._library_now)

    def _library_now(self) -> Library:
        found = self._conn.execute(THE_LIBRARY, {"library": self._library}).first()
        if found is None:
            raise Refusal("There is no such library here. Begin one with “duenotice init”.")
        return library_from_row(found)

    def put_library(self, library: Library) -> None:
        """Keep the library.

        :raises ValueError: it is another one
        """
        if library.id != self._library:
            raise ValueError("another library cannot be kept here")
        self._change()
        self._conn.execute(upsert(LIBRARY, self._dialect), library_to_row(library))

    def people(self) -> tuple[Person, ...]:
        """Everybody the library knows, by name; merged people too."""
        return self._once("people", self._people_now)

    def _people_now(self) -> tuple[Person, ...]:
        identities: dict[UUID, list[Identity]] = {}
        for row in self._conn.execute(IDENTITIES, {"library": self._library}):
            one = Identity(platform=row.platform, tenant=row.tenant, user=row.user)
            identities.setdefault(row.person, []).append(one)
        found = self._conn.execute(PEOPLE, {"library": self._library})
        return tuple(_with(row, identities.get(row.id, [])) for row in found)

    def person(self, person: UUID) -> Person | None:
        """Somebody the library knows."""
        return self._once("by_id", lambda: {one.id: one for one in self.people()}).get(person)

    def by_identity(self, identity: Identity) -> Person | None:
        """Whose chat account this is; merged people are not resolved here."""
        whose = self._once("by_identity", lambda: {known: one for one in self.people() for known in one.identities})
        return whose.get(identity)

    def put_person(self, person: Person) -> None:
        """Keep a person with their chat accounts.

        :raises Mistake: one of the accounts is somebody else's
        """
        for identity in person.identities:
            holder = self.by_identity(identity)
            if holder is not None and holder.id != person.id:
                raise Mistake(
                    f"That {identity.platform} account already belongs to {holder.name}. "
                    "Say that they are the same person instead."
                )
        self._change()
        self._put(PERSON, person)
        self._run(DROP_IDENTITIES, who=person.id)
        rows = [
            {
                "library_id": self._library,
                "platform": identity.platform,
                "tenant": identity.tenant,
                "user": identity.user,
                "person": person.id,
                "place": place,
            }
            for place, identity in enumerate(person.identities)
        ]
        if rows:
            self._conn.execute(insert(IDENTITY, self._dialect), rows)

    def absences(self) -> tuple[Absence, ...]:
        """Every absence that was entered, cancelled ones included, by their first day."""
        return self._once("absences", lambda: self._all(ABSENCE, ABSENCES))

    def put_absence(self, absence: Absence) -> None:
        """Keep an absence."""
        self._change()
        self._put(ABSENCE, absence)

    def accounts(self) -> tuple[OfficialAccount, ...]:
        """The official accounts, closed ones too, by platform and name."""
        return self._once("accounts", lambda: self._all(ACCOUNT, ACCOUNTS))

    def put_account(self, account: OfficialAccount) -> None:
        """Keep an official account."""
        self._change()
        self._put(ACCOUNT, account)

    def practices(self) -> tuple[Practice, ...]:
        """The value in force for each key: the one that was put last. By key."""
        return self._once("practices", self._practices_now)

    def _practices_now(self) -> tuple[Practice, ...]:
        found = self._conn.execute(PRACTICES, {"library": self._library}).mappings()
        return tuple({row["key"]: Practice(**row) for row in found}.values())

    def put_practice(self, practice: Practice) -> None:
        """Keep a new value; the older ones stay on file."""
        self._change()
        asked = {"library": self._library, "key": practice.key}
        last: int = self._conn.execute(LAST_PRACTICE, asked).scalar_one()
        row = {name: getattr(practice, name) for name in names(Practice)}
        self._conn.execute(insert(PRACTICE, self._dialect), row | {"library_id": self._library, "number": last + 1})

    def packs(self) -> tuple[tuple[str, bytes], ...]:
        """The adopted packs as (name, the file's bytes), in the order they were adopted."""
        return self._once("packs", self._packs_now)

    def _packs_now(self) -> tuple[tuple[str, bytes], ...]:
        return tuple((row.name, row.raw) for row in self._conn.execute(PACKS, {"library": self._library}))

    def adopt(self, name: str, raw: bytes) -> None:
        """Copy a pack into the library's own law. Adopting the same bytes again changes nothing.

        :raises Refusal: other bytes were adopted under this name; an adopted law never changes
        """
        known = dict(self.packs())
        if name in known:
            if known[name] != raw:
                raise Refusal(
                    f"{name} was adopted before with other words. Give the new version a name of its own; "
                    "what was adopted is never changed."
                )
            return
        self._change()
        row = {"name": name, "raw": raw, "sha256": sha256(raw).hexdigest(), "number": len(known) + 1}
        self._conn.execute(insert(PACK, self._dialect), row | {"library_id": self._library})

    def sentences(self) -> Mapping[tuple[str, str], str]:
        """(pack version, rule id) to the exact sentence of the library's own document, where bound."""
        return self._once("sentences", self._sentences_now)

    def _sentences_now(self) -> Mapping[tuple[str, str], str]:
        found = self._conn.execute(SENTENCES, {"library": self._library})
        return {(row.version, row.rule): row.sentence for row in found}

    def put_sentences(self, version: str, sentences: Mapping[str, str], document_sha256: str) -> None:
        """Bind a pack version to the sentences of a document, in place of those of an earlier binding."""
        self._change()
        self._run(UNBIND, version=version)
        rows = [
            {
                "library_id": self._library,
                "version": version,
                "rule": rule,
                "sentence": sentence,
                "document_sha256": document_sha256,
            }
            for rule, sentence in sentences.items()
        ]
        if rows:
            self._conn.execute(insert(SENTENCE, self._dialect), rows)


def _with(row: Any, identities: list[Identity]) -> Person:  # noqa: ANN401 - a row of PersonRow
    return replace(person_from_row(row), identities=tuple(identities))
