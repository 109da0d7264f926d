"""Incidents to rows and back."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, or_, select

from bot.cases.incident import AskedRemoval, ConfirmedRemoval, HostPost, Incident, Reason, Removal
from bot.policy.terms import Track
from bot.ports import Stale
from storage.rows import Shelf, insert, library, names, whole
from storage.tables import AuthorRow, IncidentRow, RetainedFileRow, table

SAME = names(Incident, "library", "host_post", "removal")
"""Fields that are columns of the same name."""


def to_row(incident: Incident) -> dict[str, Any]:
    """Flatten a report and its removal."""
    row = {name: getattr(incident, name) for name in SAME}
    row |= {
        "library_id": incident.library,
        "host_title": incident.host_post.title,
        "host_link": incident.host_post.link,
        "searched": searched(incident),
    }
    removal = incident.removal
    asked = removal.asked if isinstance(removal, ConfirmedRemoval) else removal
    row |= {
        "asked_outcome": asked and asked.outcome,
        "asked_clauses": asked and asked.reason.clauses,
        "asked_observations": asked and asked.reason.observations,
        "asked_words": asked and asked.reason.words,
        "asked_by": asked and asked.asked_by,
        "asked_at": asked and asked.asked_at,
        "asked_done_on": asked and asked.said_done_on,
        "asked_part": asked and asked.part,
    }
    confirmed = removal if isinstance(removal, ConfirmedRemoval) else None
    row |= {
        "confirmed_done_on": confirmed and confirmed.done_on,
        "confirmed_by": confirmed and confirmed.confirmed_by,
        "confirmed_at": confirmed and confirmed.confirmed_at,
        "confirmed_overturned_on": confirmed and confirmed.overturned_on,
    }
    return row


def from_row(row: Any) -> Incident:  # noqa: ANN401 - a row of IncidentRow
    """Rebuild the report a row stands for."""
    return Incident(
        library=row.library_id,
        host_post=HostPost(title=row.host_title, link=row.host_link),
        removal=_removal(row),
        **{name: getattr(row, name) for name in SAME},
    )


def _removal(row: Any) -> Removal | None:  # noqa: ANN401 - as above
    if row.asked_outcome is None:
        return None
    asked = AskedRemoval(
        outcome=row.asked_outcome,
        reason=Reason(clauses=row.asked_clauses, observations=row.asked_observations, words=row.asked_words),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        said_done_on=row.asked_done_on,
        part=row.asked_part,
    )
    if row.confirmed_at is None:
        return asked
    return ConfirmedRemoval(
        asked=asked,
        done_on=row.confirmed_done_on,
        confirmed_by=row.confirmed_by,
        confirmed_at=row.confirmed_at,
        overturned_on=row.confirmed_overturned_on,
    )


def searched(incident: Incident) -> str:
    """What a search looks through, case folded: reference, link (never one of child safety), host post, kept words."""
    host = incident.host_post
    link = "" if incident.track is Track.CHILD_SAFETY else incident.link
    parts = (incident.ref, link, host.title, host.link, incident.text, incident.words)
    return "\n".join(parts).casefold()


def containing(words: str) -> str:
    """The LIKE pattern (escaped with a backslash) of texts that contain these very words, case folded."""
    plain = words.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


INCIDENT = whole(IncidentRow, to_row, from_row)
AUTHOR = table(AuthorRow)
FILE = table(RetainedFileRow)

c = INCIDENT.c
BY_REF = INCIDENT.select().where(c.ref == bindparam("ref"))
OLDEST = INCIDENT.select().order_by(c.reported_at, c.ref)
NEWEST = INCIDENT.select().order_by(c.reported_at.desc(), c.ref.desc()).limit(bindparam("most"))
WITH_FINGERPRINT = OLDEST.where(c.fingerprint == bindparam("fingerprint")).limit(1)
ON_TRACK = OLDEST.where(c.track == bindparam("track"))
OF_AUTHORS = OLDEST.where(c.author.in_(bindparam("authors", expanding=True)))
SEARCH = NEWEST.where(
    or_(
        c.searched.like(bindparam("pattern"), escape="\\"),
        c.author.in_(
            select(AUTHOR.c.id).where(
                AUTHOR.c.library_id == library(), AUTHOR.c.handle.like(bindparam("pattern"), escape="\\")
            )
        ),
    )
)
USES = select(FILE.c.incident).where(FILE.c.library_id == library(), FILE.c.sha256 == bindparam("sha256")).limit(1)
FORGET = delete(FILE).where(FILE.c.library_id == library(), FILE.c.incident == bindparam("incident"))


class IncidentShelf(Shelf):
    """The reports of one library."""

    def by_ref(self, ref: str) -> Incident | None:
        """Fetch a report by its reference."""
        return self._one(INCIDENT, BY_REF, ref=ref)

    def put(self, incident: Incident) -> None:
        """Keep a report; its version must follow the one kept by one, and the first is 1.

        :raises Stale: it does not
        """
        if not self._follow(INCIDENT, incident, version=incident.version):
            raise Stale(f"{incident.ref} has been saved by somebody else meanwhile")
        if incident.version > 1:
            self._run(FORGET, incident=incident.id)
        files = {evidence.sha256 for evidence in incident.evidence}
        if files:
            rows = [{"library_id": self._library, "sha256": file, "incident": incident.id} for file in sorted(files)]
            self._conn.execute(insert(FILE, self._dialect), rows)

    def with_fingerprint(self, fingerprint: str) -> Incident | None:
        """The oldest report with this fingerprint; an empty one is nobody's."""
        return self._one(INCIDENT, WITH_FINGERPRINT, fingerprint=fingerprint) if fingerprint else None

    def of_authors(self, authors: Collection[UUID]) -> tuple[Incident, ...]:
        """Every report of what these authors posted, oldest first."""
        return self._all(INCIDENT, OF_AUTHORS, authors=list(authors))

    def on_track(self, track: Track) -> tuple[Incident, ...]:
        """Every report on this track, oldest first."""
        return self._all(INCIDENT, ON_TRACK, track=track)

    def recent(self, limit: int) -> tuple[Incident, ...]:
        """Newest first."""
        return self._all(INCIDENT, NEWEST, most=limit)

    def search(self, words: str, limit: int) -> tuple[Incident, ...]:
        """Reports whose reference, link, host post, kept words or author's handle contain the words; newest first.

        Upper and lower case are the same, in every script; ``%`` and ``_`` mean themselves.
        """
        return self._all(INCIDENT, SEARCH, pattern=containing(words), most=limit)

    def uses_file(self, sha256: str) -> bool:
        """Test whether any report still retains this file."""
        found = self._conn.execute(USES, {"library": self._library, "sha256": sha256})
        return found.first() is not None
