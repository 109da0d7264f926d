"""Begin a library: its policy, its people, its accounts and channels, kept with their events like any other act."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from bot.cards import Submission
from bot.cases.account import OfficialAccount
from bot.cases.library import Library, Place
from bot.clocks.calendar import SEEDED_YEARS, seeded_closures
from bot.clocks.meetings import parse_meetings
from bot.people import Grant, Identity, Person
from bot.policy import shelf
from bot.policy.book import Practice
from bot.policy.terms import Channel, Role
from bot.ports import Shelves, Store, Vault
from bot.refusal import Refusal
from bot.work import Work

BARE_ZONE = "America/New_York"
"""The zone of a library nobody has set up yet; the first line of its checklist."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Somebody to put on file: name, id on the platform, roles, and for an editor the platforms edited."""

    name: str
    user: str
    roles: tuple[Role, ...]
    edits: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Charter:
    """What a library begins with. The first member sets the others up, so it should be an administrator."""

    id: UUID
    name: str
    pack: str
    platform: str
    tenant: str
    members: tuple[Member, ...]
    accounts: tuple[tuple[str, str, str], ...] = ()
    channels: Mapping[Channel, str] = field(default_factory=dict)
    practices: Mapping[str, str] = field(default_factory=dict)
    approved_by: str = ""
    meetings: str = ""
    """The Board's regular meetings as setup takes them, as in ``third Tuesday``."""


async def found(charter: Charter, *, store: Store, vault: Vault, now: datetime) -> bool:
    """Begin a library; one that exists is left as it is. Returns whether it was begun."""
    pack = shelf.read_pack(charter.pack)
    if await _is_there(charter, store):
        return False
    library = Library(id=charter.id, name=charter.name, zone=pack.about.zone, state=pack.about.state, version=0)
    await store.found(library, platform=charter.platform, tenant=charter.tenant)
    await store.act(charter.id, lambda shelves: _fill(charter, shelves, vault, now))
    return True


async def _is_there(charter: Charter, store: Store) -> bool:
    """Test whether a library was begun to the end; one that was only half begun has nobody in it yet."""
    if charter.id not in await store.libraries():
        return False
    return bool(await store.ask(charter.id, lambda shelves: shelves.registry.people()))


async def found_bare(charter: Charter, *, store: Store, vault: Vault, now: datetime) -> bool:
    """Begin a library that has only its members; `setup` chooses everything else. Returns whether it was begun."""
    if await _is_there(charter, store):
        return False
    library = Library(id=charter.id, name=charter.name, zone=BARE_ZONE, version=0)
    await store.found(library, platform=charter.platform, tenant=charter.tenant)
    await store.act(charter.id, lambda shelves: _fill_bare(charter, shelves, vault, now))
    return True


async def install(
    library: UUID, *, platform: str, tenant: str, member: Member, store: Store, vault: Vault, now: datetime
) -> None:
    """Take a library that exists into a further workspace or tenant.

    ``member`` is one of its administrators by name, with their account there; they link everybody else's in `setup`.

    :raises Refusal: that place has another library, or no administrator of that name is on file
    """
    there = await store.library_for(platform, tenant)
    if there not in {None, library}:
        raise Refusal(f"Another library is installed in {platform} {tenant}; nothing was changed.")

    def begin(shelves: Shelves) -> Library:
        identity = Identity(platform=platform, tenant=tenant, user=member.user)
        sent = Submission(library=str(library), intent="library.installed", actor=identity)
        work = Work(shelves=shelves, sent=sent, now=now, vault=vault)
        named = [p for p in work.holders(Role.ADMINISTRATOR) if p.name == member.name]
        if len(named) != 1:
            names = ", ".join(p.name for p in work.holders(Role.ADMINISTRATOR))
            raise Refusal(f"{member.name} is no administrator on file. The administrators are: {names or 'nobody'}.")
        holder = shelves.registry.by_identity(identity)
        if holder is None:
            known = replace(named[0], identities=(*named[0].identities, identity))
            shelves.registry.put_person(known)  # so that the event below has somebody who did it
            work.save(known, before=named[0])
        return work.library

    kept = await store.act(library, begin)
    await store.found(kept, platform=platform, tenant=tenant)


def _fill_bare(charter: Charter, shelves: Shelves, vault: Vault, now: datetime) -> None:
    first, *others = charter.members
    identity = Identity(platform=charter.platform, tenant=charter.tenant, user=first.user)
    sent = Submission(library=str(charter.id), intent="library.founded", actor=identity)
    work = Work(shelves=shelves, sent=sent, now=now, vault=vault)
    shelves.registry.put_person(_person(charter, replace(first, roles=()), work.today, {}))
    known = shelves.registry.by_identity(identity)
    if known is not None:
        work.save(replace(known, grants=_grants(first, work.today, {})))
    for member in others:
        work.save(_person(charter, member, work.today, {}))
    work.save(work.library, before=work.library)


def _fill(charter: Charter, shelves: Shelves, vault: Vault, now: datetime) -> None:
    begun_by, *others = charter.members
    pack = shelf.read_pack(charter.pack)
    for version, raw in shelf.versions(charter.pack):
        shelves.registry.adopt(version, raw)
    identity = Identity(platform=charter.platform, tenant=charter.tenant, user=begun_by.user)
    sent = Submission(library=str(charter.id), intent="library.founded", actor=identity)
    work = Work(shelves=shelves, sent=sent, now=now, vault=vault)
    first = _person(charter, begun_by, work.today, {})
    shelves.registry.put_person(first)
    accounts = {
        platform: work.save(OfficialAccount(id=uuid4(), library=charter.id, platform=platform, name=name, url=url)).id
        for platform, name, url in charter.accounts
    }
    work.save(replace(first, grants=_grants(begun_by, work.today, accounts)))
    for member in others:
        work.save(_person(charter, member, work.today, accounts))
    for key, value in charter.practices.items():
        work.save(Practice(key=key, value=value, approved_by=charter.approved_by, approved_on=work.today))
    years = _years(work.today)
    channels = {
        channel: Place(platform=charter.platform, tenant=charter.tenant, channel=name)
        for channel, name in charter.channels.items()
    }
    work.save(
        replace(
            work.library,
            packs=(pack.version,),
            closures=seeded_closures(pack.about.state, years),
            closures_through=years[-1],
            channels=channels,
            meetings=parse_meetings(charter.meetings).meetings(years),
            meeting_lines=charter.meetings,
        ),
        before=work.library,
    )


def _years(today: date) -> range:
    return range(today.year, today.year + SEEDED_YEARS)


def _person(charter: Charter, member: Member, today: date, accounts: Mapping[str, UUID]) -> Person:
    identities = (Identity(platform=charter.platform, tenant=charter.tenant, user=member.user),) if member.user else ()
    return Person(
        id=uuid4(),
        library=charter.id,
        name=member.name,
        identities=identities,
        grants=_grants(member, today, accounts),
    )


def _grants(member: Member, today: date, accounts: Mapping[str, UUID]) -> tuple[Grant, ...]:
    edited = tuple(accounts[platform] for platform in member.edits if platform in accounts)
    return tuple(Grant(role=role, since=today, accounts=edited if role is Role.EDITOR else ()) for role in member.roles)
