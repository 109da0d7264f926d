"""`duenotice backup` and `restore`: everything in one file, and back into an empty database of either kind."""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import settings as environment
from bot.cli.records import Practice, which
from bot.refusal import Refusal

if TYPE_CHECKING:
    from storage.backup_format import Manifest
    from storage.restore import Settling


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="A file that does not exist yet.")], *, practice: Practice = False
) -> None:
    """Write everything that is kept into one file, while the program runs. Keep it as safe as the record itself."""
    from bot.__main__ import clock
    from storage.backup import back_up
    from storage.backup_format import seal
    from storage.vault import FolderVault

    settings = environment.read()
    url = which(settings, practice=practice)
    folder = settings.practice if url == settings.practice_url else settings.data
    taken = back_up(url, FolderVault(folder, now=clock), file, at=clock(), program=version("duenotice"))
    _say(taken.manifest)
    sys.stdout.write(f"Backed up to {file} and read again from end to end. Seal: {seal(file)}\n")
    released = len(taken.manifest.missing) - len(taken.altered) - len(taken.lost)
    if released:
        files = "1 file was" if released == 1 else f"{released} files were"
        sys.stdout.write(f"{files} released while the backup was made, and no case needs them any more.\n")
    wrong = [f"The file {kept.sha256} was altered on disk and is not in the backup." for kept in taken.altered]
    wrong += [f"The file {kept.sha256} is named in the record and is not in the vault." for kept in taken.lost]
    if wrong:
        raise Refusal("\n".join([*wrong, "Everything else is backed up. Put these files back from an older backup."]))


def restore(
    file: Annotated[Path, typer.Argument(help="What `duenotice backup` wrote.")], *, practice: Practice = False
) -> None:
    """Put a backup back into an empty database: the one DUENOTICE_DATABASE_URL names, or the data folder's own."""
    from bot.__main__ import clock
    from bot.restored import DOUBT, Restored
    from storage.restore import AHEAD, Settling, restore
    from storage.vault import FolderVault

    settings = environment.read()
    url, folder = (settings.practice_url, settings.practice) if practice else (settings.database_url, settings.data)
    now = clock()
    vault = FolderVault(folder, now=clock)

    def settling(manifest: "Manifest", seal: str) -> "Settling":
        once = Restored(taken_at=manifest.taken_at, seal=seal, now=now, left_out=AHEAD, vault=vault)
        return Settling(doubt=DOUBT, plan=once.plan, catch_up=once.catch_up, settle=once.settle)

    manifest = restore(file, url, vault, now=now, settling=settling)
    _say(manifest)
    sys.stdout.write(
        f"Restored as it was on {manifest.taken_at:%-d %B %Y at %H:%M} UTC, and compared with the backup. When the "
        "program starts it tells the administrators and the records channel, once, and repeats nothing.\n"
        "If it runs for Slack with workspaces installed, it needs the DUENOTICE_SECRET_KEY it had before.\n"
    )


def _say(manifest: "Manifest") -> None:
    for chain in manifest.libraries:
        sys.stdout.write(f"{chain.name}: {chain.entries} entries verify. Head {chain.head}\n")
    files = "1 retained file" if len(manifest.files) == 1 else f"{len(manifest.files)} retained files"
    sys.stdout.write(f"{manifest.rows} rows in {len(manifest.tables)} tables, {files}.\n")
