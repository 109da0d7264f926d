"""``duenotice policy replay`` and ``diff --cases``: what a proposed policy would mean for the library's own cases."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from bot.cli.policy_files import pack_of, refused
from bot.cli.records import Practice, with_store
from bot.policy.diff import Change
from bot.policy.pack import Pack
from bot.refusal import Refusal
from bot.replay import Difference, OpenCase, open_cases, replayed

if TYPE_CHECKING:
    from storage.store import SqlStore


def replay(
    pack: Annotated[str, typer.Argument(help="The proposed policy: a pack by name, or the path of its TOML file.")],
    *,
    practice: Practice = False,
) -> None:
    """Run the library's own past cases under a proposed policy and say what would have gone otherwise."""
    try:
        proposed = pack_of(pack)
        found = with_store(lambda store: _replayed(store, proposed), practice=practice)
    except Refusal as no:
        raise refused(no) from no
    for library, looked_at, differences in found:
        otherwise = len({one.ref for one in differences})
        typer.echo(
            f"{library}: of {looked_at} past cases {otherwise} would have gone otherwise under {proposed.version}."
        )
        for one in differences:
            typer.echo(f"  {one.ref}, {one.about}: {one.was}. Under the proposed policy: {one.would_be}.")


def touched_by(changes: Sequence[Change], since: date, *, practice: bool) -> Mapping[Change, tuple[str, ...]]:
    """For each change, a line per library: the open cases the new version governs, and those it leaves as they are.

    :param since: the day from which the new version is in force; a case that began before it keeps the old one
    :raises Refusal: there is no record here
    """
    libraries = with_store(_open_cases, practice=practice)
    return {
        change: tuple(
            line
            for name, cases in libraries
            if (line := _line(name, [case for case in cases if case.concerns is change.concerns], since))
        )
        for change in changes
    }


def _line(library: str, cases: Sequence[OpenCase], since: date) -> str:
    governed = ", ".join(case.ref for case in cases if case.on >= since)
    kept = ", ".join(case.ref for case in cases if case.on < since)
    said = [*([f"governs {governed}"] if governed else []), *([f"leaves {kept} as begun"] if kept else [])]
    return f"{library}: {'; '.join(said)}" if said else ""


async def _open_cases(store: "SqlStore") -> list[tuple[str, tuple[OpenCase, ...]]]:
    async def one(library: UUID) -> tuple[str, tuple[OpenCase, ...]]:
        return await store.ask(library, lambda shelves: (shelves.registry.library().name, open_cases(shelves)))

    return [await one(library) for library in await store.libraries()]


async def _replayed(store: "SqlStore", proposed: Pack) -> list[tuple[str, int, tuple[Difference, ...]]]:
    async def one(library: UUID) -> tuple[str, int, tuple[Difference, ...]]:
        return await store.ask(library, lambda shelves: (shelves.registry.library().name, *replayed(shelves, proposed)))

    return [await one(library) for library in await store.libraries()]
