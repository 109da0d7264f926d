"""What the ``policy`` commands are given: a pack by name or by file, and a policy's own document."""

from pathlib import Path

import typer

from bot.policy.formats import text_of
from bot.policy.pack import Pack
from bot.policy.shelf import read_versions
from bot.refusal import Mistake, Refusal


def packs_of(name: str) -> tuple[Pack, ...]:
    """Every version of a policy that comes with the program, oldest first; or the one in a file.

    :raises Refusal: no policy has that name, the file cannot be read, or it has mistakes, which are listed
    """
    if not _is_a_file(name):
        return read_versions(name)
    return (pack_in(Path(name)),)


def pack_of(name: str) -> Pack:
    """The newest version of a policy, by its name, or the one in a file.

    :raises Refusal: as above
    """
    return packs_of(name)[-1]


def pack_in(file: Path) -> Pack:
    """The pack in a file; it is called by the file's folder.

    :raises Refusal: it cannot be read, or has mistakes, which are listed
    """
    return Pack.parse(bytes_of(file), name=file.resolve().parent.name)


def bytes_of(file: Path) -> bytes:
    """The bytes of a file somebody named.

    :raises Refusal: it cannot be read
    """
    try:
        return file.read_bytes()
    except OSError as unreadable:
        raise Refusal(f"{file} cannot be read: {unreadable.strerror}. Give the path of a file.") from unreadable


def document_text(file: Path) -> str:
    """The text of a policy's own document: plain text, a web page, a PDF or a Word file.

    :raises Refusal: it cannot be read, or holds no text
    """
    return text_of(bytes_of(file), str(file))


def refused(no: Refusal) -> typer.Exit:
    """One sentence, or the list of mistakes, on standard error and exit code 2."""
    typer.echo(f"duenotice: {no.why}", err=True)
    return typer.Exit(2)


def _is_a_file(name: str) -> bool:
    if not name.endswith(".toml") and "/" not in name:
        return False
    if not Path(name).is_file():
        raise Mistake(f"There is no file {name}. Give a pack's name, as in chicopee, or the path of its TOML file.")
    return True
