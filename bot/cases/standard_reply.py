"""Standard reply: words the library has agreed on for what comes up often, with an owner and a day to look again."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class StandardReply:
    """One agreed reply, in the library's own words.

    ``review_on`` is the local day on which its owner looks at it again; until a day is set there is none. A reply
    that was retired on a day stays on file and is offered no more. Saving it again keeps the newer words; the
    ledger has the older.
    """

    id: UUID
    library: UUID
    title: str
    text: str
    owner: UUID
    review_on: date
    kept_by: UUID
    kept_at: datetime
    retired_on: date | None = None

    def overdue(self, today: date) -> bool:
        """Test whether its day to be looked at again has come."""
        return self.retired_on is None and self.review_on <= today
