"""`duenotice init`: begin a library from the command line."""

import asyncio
import sys
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

import typer

from bot import settings as environment
from bot.founding import Charter, Member, found
from bot.policy.shelf import read_pack
from bot.policy.terms import Channel, Role
from bot.refusal import Refusal

PLATFORMS = ("slack", "teams", "practice")


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("init")(init)
    app.command("install")(install)


def install(
    platform: Annotated[str, typer.Option(help="slack or teams.")],
    tenant: Annotated[str, typer.Option(help="The further workspace's or tenant's id.")],
    of: Annotated[str, typer.Option(help='Where the library is already: "slack=WORKSPACEID" or "teams=TENANTID".')],
    person: Annotated[str, typer.Option(help='"Name=USERID": an administrator on file, and their id there.')],
) -> None:
    """Take a library that exists into a further workspace or tenant; its people are linked in `setup`."""
    from bot.__main__ import clock
    from bot.founding import install as install_in
    from storage.store import SqlStore
    from storage.vault import FolderVault

    settings = environment.read()
    mistakes: list[str] = []
    if platform not in PLATFORMS:
        mistakes.append(f"--platform is one of {', '.join(PLATFORMS)}.")
    there, where = _pair(of, "--of", mistakes)
    name, user = _pair(person, "--person", mistakes)
    if mistakes:
        raise Refusal("\n".join(mistakes))

    async def begin() -> None:
        store = SqlStore.open(settings.database_url)
        try:
            library = await store.library_for(there, where)
            if library is None:
                raise Refusal(f"There is no library in {there} {where}. `duenotice init` begins one.")
            await install_in(
                library,
                platform=platform,
                tenant=tenant,
                member=Member(name=name, user=user, roles=()),
                store=store,
                vault=FolderVault(settings.data, now=clock),
                now=clock(),
            )
        finally:
            await store.close()

    asyncio.run(begin())
    sys.stdout.write(f"The library is in {platform} {tenant} too. {name} can write to the bot there and open setup.\n")


def init(
    pack: Annotated[str, typer.Option(help="The policy pack, for example chicopee.")],
    platform: Annotated[str, typer.Option(help="slack, teams or practice.")],
    tenant: Annotated[str, typer.Option(help="The workspace's or tenant's id.")],
    person: Annotated[
        list[str],
        typer.Option(help='"Name=USERID:role+role", the administrator first; repeat for each person.'),
    ],
    name: Annotated[str, typer.Option(help="The library's name; the policy's own by default.")] = "",
    account: Annotated[list[str] | None, typer.Option(help='"Platform=Name of the account"; repeat.')] = None,
    channel: Annotated[list[str] | None, typer.Option(help='"decisions=CHANNELID"; repeat for each.')] = None,
) -> None:
    """Begin a library: its policy, people, accounts and channels. One that exists is left as it is."""
    from bot.__main__ import clock
    from storage.store import SqlStore
    from storage.vault import FolderVault

    settings = environment.read()
    read = read_pack(pack)
    mistakes: list[str] = []
    if platform not in PLATFORMS:
        mistakes.append(f"--platform is one of {', '.join(PLATFORMS)}.")
    members = tuple(_member(said, mistakes) for said in person)
    accounts = tuple(_pair(said, "--account", mistakes) for said in account or [])
    channels = dict(_pair(said, "--channel", mistakes) for said in channel or [])
    known = {one.value for one in Channel}
    mistakes += [f"--channel {one} is not one of {', '.join(sorted(known))}." for one in channels if one not in known]
    if mistakes:
        raise Refusal("\n".join(mistakes))
    charter = Charter(
        id=uuid5(NAMESPACE_URL, f"duenotice:{platform}:{tenant}"),
        name=name or read.about.name,
        pack=pack,
        platform=platform,
        tenant=tenant,
        members=members,
        accounts=tuple((where, what, "") for where, what in accounts),
        channels={Channel(one): place for one, place in channels.items()},
    )

    async def begin() -> bool:
        settings.data.mkdir(parents=True, exist_ok=True)
        store = SqlStore.open(settings.database_url)
        try:
            return await found(charter, store=store, vault=FolderVault(settings.data, now=clock), now=clock())
        finally:
            await store.close()

    begun = asyncio.run(begin())
    sys.stdout.write(f"{charter.name} {'is set up' if begun else 'was set up before; nothing was changed'}.\n")


def _pair(said: str, option: str, mistakes: list[str]) -> tuple[str, str]:
    before, equals, after = said.partition("=")
    if not (equals and before.strip() and after.strip()):
        mistakes.append(f'{option} is written "one=other", not {said!r}.')
    return before.strip(), after.strip()


def _member(said: str, mistakes: list[str]) -> Member:
    name, rest = _pair(said, "--person", mistakes)
    user, _, roles = rest.partition(":")
    held = []
    for role in roles.split("+"):
        try:
            held.append(Role(role.strip()))
        except ValueError:
            mistakes.append(f"{role.strip()!r} is no role; the roles are {', '.join(one.value for one in Role)}.")
    return Member(name=name, user=user.strip(), roles=tuple(held))
