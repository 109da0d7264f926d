"""`duenotice closures import`: the closed days of a calendar file, of any size, into a library's calendar."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from bot.cards import Submission
from bot.cli.policy_files import bytes_of, refused
from bot.cli.records import Practice, with_store
from bot.people import Person, holders
from bot.policy.terms import Role
from bot.ports import Shelves
from bot.refusal import Refusal

if TYPE_CHECKING:
    from storage.store import SqlStore


def add_to(app: typer.Typer) -> None:
    """Give the command line its ``closures`` commands."""
    closures = typer.Typer(help="The library's closed days.", no_args_is_help=True, rich_markup_mode=None)
    closures.callback()(_closures)
    closures.command("import")(import_file)
    app.add_typer(closures, name="closures")


def _closures() -> None:
    """The library's closed days."""


def import_file(
    file: Annotated[Path, typer.Argument(help="A calendar file (.ics) with the days the library is closed.")],
    *,
    by: Annotated[str, typer.Option(help="The administrator who enters them; needed where there are several.")] = "",
    library: Annotated[str, typer.Option(help="The library, where several are here.")] = "",
    practice: Practice = False,
) -> None:
    """Add the closed days of a calendar file; running dates are counted again, and whoever they moved for is told."""
    try:
        raw = bytes_of(file)
        said = with_store(lambda store: _import(store, raw, by=by, named=library), practice=practice)
    except Refusal as no:
        raise refused(no) from no
    sys.stdout.write(f"{said}\n")


async def _import(store: "SqlStore", raw: bytes, *, by: str, named: str) -> str:
    from bot import settings as environment
    from bot.__main__ import clock
    from bot.features.closed_days import import_closures
    from bot.work import Work
    from storage.vault import FolderVault

    library = await _library(store, named)

    def act(shelves: Shelves) -> str:
        vault = FolderVault(environment.read().data, now=clock)
        sent = Submission(library=str(library), intent="setup.closure", actor=_by(by, shelves).identities[0])
        work = Work(shelves=shelves, sent=sent, now=clock(), vault=vault)
        try:
            said = import_closures(raw, work).headline
        except Refusal as no:
            raise Refusal(" ".join([no.why, *no.beside.values()])) from no
        work.close()
        return said

    return await store.act(library, act)


async def _library(store: "SqlStore", named: str) -> UUID:
    names = {
        library: await store.ask(library, lambda shelves: shelves.registry.library().name)
        for library in await store.libraries()
    }
    found = [library for library, name in names.items() if named in {"", name, str(library)}]
    if len(found) != 1:
        raise Refusal(f"Name one library with --library: {', '.join(sorted(names.values())) or 'there is none here'}.")
    return found[0]


def _by(name: str, shelves: Shelves) -> Person:
    """The administrator in whose name the days are entered, as the record keeps it."""
    from bot.__main__ import clock
    from bot.reading import calendar_of

    today = calendar_of(shelves.registry.library()).local_date(clock())
    known = [one for one in holders(shelves.registry.people(), Role.ADMINISTRATOR, on=today) if one.identities]
    found = [one for one in known if name in {"", one.name}]
    if len(found) != 1:
        raise Refusal(f"Say with --by who enters them: {', '.join(one.name for one in known) or 'nobody may today'}.")
    return found[0]
