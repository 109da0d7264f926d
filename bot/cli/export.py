"""`duenotice export`: the whole file of a case as a folder of plain files."""

import os
import secrets
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from bot import settings as environment
from bot.cli.records import Practice, which, with_store
from bot.refusal import Refusal

if TYPE_CHECKING:
    from storage.store import SqlStore


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("export")(export)


def export(
    case: Annotated[str, typer.Argument(help="The case, for example B-2026-0007.")],
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet, or an empty one.")],
    *,
    library: Annotated[str, typer.Option(help="The library's name, where several have a case of this number.")] = "",
    practice: Practice = False,
) -> None:
    """Take out the whole file of a case: readable pages, tables, originals, the proof, and a script to check it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refusal(f"{folder} is not empty. Name a folder that does not exist yet; nothing was written.")
    ref = case.strip().upper()
    files, seal, owner = with_store(lambda store: _made(store, ref, library, practice=practice), practice=practice)
    _write(folder, files)
    sys.stdout.write(f"The file of {ref} of {owner} is in {folder}: {len(files)} files.\n")
    sys.stdout.write(f"Read index.html; check with: python3 {folder / 'verify.py'}\n")
    sys.stdout.write(f"Seal, also in the ledger: {seal}\n")


async def _made(store: "SqlStore", ref: str, library: str, *, practice: bool) -> tuple[Mapping[str, bytes], str, str]:
    """The files, their seal and whose they are; that they were taken out is on file before they are written."""
    from bot.__main__ import clock
    from bot.cards import Submission
    from bot.features.export import gather
    from bot.ports import Shelves
    from bot.records.export import folder, seal
    from bot.work import PROGRAM, Work
    from storage.vault import FolderVault

    settings = environment.read()
    at_practice = which(settings, practice=practice) == settings.practice_url
    vault = FolderVault(settings.practice if at_practice else settings.data, now=clock)
    owner, name = await _owner(store, ref, library)
    files = await store.ask(owner, lambda shelves: folder(gather(ref, shelves, vault, complete=True)))

    def note(shelves: Shelves) -> None:
        sent = Submission(library=str(owner), intent="export", actor=PROGRAM)
        work = Work(shelves=shelves, sent=sent, now=clock(), vault=vault)
        work.append(action="case.exported", case=ref, payload={"how": "export", "seal": seal(files)}, actor=False)

    await store.act(owner, note)
    return files, seal(files), name


async def _owner(store: "SqlStore", ref: str, library: str) -> tuple[UUID, str]:
    """The one library that has this case.

    :raises Refusal: none has, or several have and none was named
    """
    from bot.features.export import is_case

    names = {}
    for one in await store.libraries():
        name, has = await store.ask(one, lambda shelves: (shelves.registry.library().name, is_case(ref, shelves)))
        if has and library in {"", name, str(one)}:
            names[one] = name
    if not names:
        where = f" in {library}" if library else ""
        raise Refusal(f"There is no case {ref}{where} here. `duenotice cases list` shows what there is.")
    if len(names) > 1:
        raise Refusal(f"Several libraries have a {ref}: {', '.join(sorted(names.values()))}. Name one with --library.")
    return next(iter(names.items()))


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the folder whole or not at all, for nobody but this user to read.

    :raises Refusal: it cannot be written
    """
    unfinished = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.part")
    try:
        for name, raw in files.items():
            path = unfinished / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                file.write(raw)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except OSError as wrong:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise Refusal(f"{folder} cannot be written: {wrong.strerror}. Nothing of it was kept there.") from wrong
