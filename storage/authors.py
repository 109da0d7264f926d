"""Authors and the links between handles, to rows and back."""

from uuid import UUID

from sqlalchemy import bindparam

from bot.cases.account import Author, HandleLink
from storage.rows import Shelf, flat
from storage.tables import AuthorRow, HandleLinkRow

AUTHOR = flat(AuthorRow, Author)
LINK = flat(HandleLinkRow, HandleLink)

GET = AUTHOR.select().where(AUTHOR.c.id == bindparam("author"))
NAMED = AUTHOR.select().where(AUTHOR.c.handle == bindparam("handle")).order_by(AUTHOR.c.platform, AUTHOR.c.id)
NAMED_ON = NAMED.where(AUTHOR.c.platform == bindparam("platform"))
LINKS = LINK.select().order_by(LINK.c.linked_at, LINK.c.id)


class AuthorShelf(Shelf):
    """Handles, and the links between them."""

    def get(self, author: UUID) -> Author | None:
        """Fetch an author."""
        return self._one(AUTHOR, GET, author=author)

    def named(self, handle: str, platform: str = "") -> tuple[Author, ...]:
        """Authors with this tidy handle, on one platform or on any, by platform."""
        if platform:
            return self._all(AUTHOR, NAMED_ON, handle=handle, platform=platform)
        return self._all(AUTHOR, NAMED, handle=handle)

    def put(self, author: Author) -> None:
        """Keep an author."""
        self._put(AUTHOR, author)

    def links(self) -> tuple[HandleLink, ...]:
        """Every link, undone ones too, oldest first."""
        return self._all(LINK, LINKS)

    def put_link(self, link: HandleLink) -> None:
        """Keep a link."""
        self._put(LINK, link)
