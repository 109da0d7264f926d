"""What a database says when it cannot, in one sentence a person can act on."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import InternalError, OperationalError

from bot.refusal import Refusal


class NotSaved(Refusal):
    """The disk or the database would not keep it: everything was undone, and trying again does no harm."""


class PerhapsSaved(Refusal):
    """The database went away while it was being kept: it is all there or not at all, and nobody can say which."""


SIGNS = {
    "database or disk is full": "the disk is full. Make room where the database is",
    "no space left": "the disk is full. Make room where the database is",
    "could not extend file": "the disk is full. Make room where the database is",
    "database is locked": "another program holds the database. Wait for it, or stop it",
    "lock timeout": "another program holds these records. Wait for it, or stop it",
    "readonly database": "the database cannot be written to. Let this program write to its folder",
    "read-only transaction": "the database takes no changes just now. Point the program at the primary server",
    "disk i/o error": "the disk has a fault. Check it, and where the database is",
    "connection": "the database cannot be reached. Check that its server runs",
    "terminating": "the database is being shut down. Start it",
}
"""What a driver's message contains, and what it means to a person, with what to do."""


@contextmanager
def said_plainly(outcome: str = "Nothing was saved", *, committing: bool = False) -> Iterator[None]:
    """Turn a database's trouble into a sentence; mistakes of the program itself pass through as they are.

    ``outcome`` begins the sentence. A connection that is lost while ``committing`` leaves open whether it was kept.

    :raises NotSaved: the database would not keep it, and has undone everything
    :raises PerhapsSaved: the connection was lost while it was kept
    """
    try:
        yield
    except (OperationalError, InternalError) as error:
        if error.connection_invalidated and committing:
            raise PerhapsSaved(
                "The database went away in the middle of this. Look whether it is there before you do it again."
            ) from error
        said = f"{'connection ' * error.connection_invalidated}{error.orig}".casefold()
        for sign, meaning in SIGNS.items():
            if sign in said:
                raise NotSaved(f"{outcome}: {meaning}, then try again.") from error
        raise
