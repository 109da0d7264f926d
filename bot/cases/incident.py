"""Incident: one item that was reported, what became of it, and the removal that belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

from bot.policy.pack import Pack
from bot.policy.terms import Action, Event, Track
from bot.refusal import Mistake, Refusal


class Outcome(StrEnum):
    """What became of an item. ``left_up`` is the default: removing has to answer for itself."""

    LEFT_UP = "left_up"
    PLEASE_LOOK = "please_look"
    REMOVED = "removed"
    HIDDEN = "hidden"
    REMOVED_IN_PART = "removed_in_part"
    DECLINED = "declined"
    GONE = "gone"

    @property
    def removes(self) -> bool:
        """Test whether the library took something down; then a copy, a reason and a date are kept."""
        return self in EVENTS


EVENTS: Mapping[Outcome, Event] = {
    Outcome.REMOVED: Event.CONTENT_REMOVED,
    Outcome.HIDDEN: Event.CONTENT_HIDDEN,
    Outcome.REMOVED_IN_PART: Event.CONTENT_PARTLY_REMOVED,
    Outcome.DECLINED: Event.PUBLICATION_DECLINED,
}
"""Which event each kind of removal is."""

ACTIONS: Mapping[Outcome, Action] = {
    Outcome.REMOVED: Action.REMOVE,
    Outcome.HIDDEN: Action.HIDE,
    Outcome.REMOVED_IN_PART: Action.REMOVE_IN_PART,
    Outcome.DECLINED: Action.DECLINE,
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.LEFT_UP: "left up",
    Outcome.PLEASE_LOOK: "please look",
    Outcome.REMOVED: "removed",
    Outcome.HIDDEN: "hidden",
    Outcome.REMOVED_IN_PART: "removed in part",
    Outcome.DECLINED: "declined to publish",
    Outcome.GONE: "gone (author or platform)",
}

OBSERVATIONS: Mapping[str, str] = {
    "sells": "sells or advertises something",
    "repeats": "repeats what was already posted",
    "links_elsewhere": "links to something else",
    "insults_person": "insults a person",
    "threatens": "threatens somebody",
    "private_data": "names somebody's private details",
    "copies": "copies somebody's work",
    "off_post": "does not speak of what the post is about",
    "false_statement": "states something false as fact",
    "sexual": "is sexual or obscene",
    "attacks_group": "attacks people for who they are",
    "campaigns": "campaigns for an organisation or a candidate",
    "unlawful": "promotes something unlawful",
}
"""What can be observed about this very content; ticked, they make the sentence of the reason."""

SHORTEST_REASON = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One retained file, by its hash in the vault."""

    sha256: str
    media_type: str
    name: str
    size: int
    kept_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why this very content came down: the clauses, and what was observed about it."""

    clauses: tuple[str, ...]
    observations: tuple[str, ...] = ()
    words: str = ""

    @property
    def sentence(self) -> str:
        """The reason as one text a patron could read."""
        seen = [OBSERVATIONS[code] for code in self.observations]
        joined = " and ".join([", ".join(seen[:-1]), seen[-1]] if len(seen) > 1 else seen)
        said = f"It {joined}." if seen else ""
        return " ".join(part for part in (said, self.words) if part)

    def check(self, titles: Mapping[str, str]) -> None:
        """Refuse a reason that says nothing about this content.

        ``titles`` maps the codes of the clauses that exist to their labels.

        :raises Mistake: no clause, an unknown one, or only a clause's title where the reason should stand
        """
        if not self.clauses:
            raise Mistake("Choose the rule it breaks.", beside={"clauses": "Choose at least one rule."})
        unknown = [code for code in (*self.clauses,) if code not in titles]
        unknown += [code for code in self.observations if code not in OBSERVATIONS]
        if unknown:
            raise Mistake(f"There is no such choice: {', '.join(unknown)}. Choose from the list.")
        bare = {" ".join(title.casefold().split()).rstrip(".") for title in titles.values()}
        words = " ".join(self.words.casefold().split()).rstrip(".")
        if not self.observations and (len(words) < SHORTEST_REASON or words in bare):
            raise Mistake(
                "The reason must be about this very content.",
                beside={
                    "observations": "Tick what you saw, or say in your own words what this content does; "
                    "the title of a rule alone is no reason."
                },
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedRemoval:
    """A removal somebody says was made or asks for; an editor of the account has yet to confirm it."""

    outcome: Outcome
    reason: Reason
    asked_by: UUID
    asked_at: datetime
    said_done_on: date | None = None
    part: str = ""

    def confirm(self, *, done_on: date, by: UUID, at: datetime, today: date) -> "ConfirmedRemoval":
        """An editor says it was done, and on which local day.

        :raises Mistake: the day lies ahead
        """
        if done_on > today:
            raise Mistake("That day has not come yet.", beside={"done_on": "Choose today or an earlier day."})
        return ConfirmedRemoval(asked=self, done_on=done_on, confirmed_by=by, confirmed_at=at)


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmedRemoval:
    """A removal an editor of the account confirmed. Its day starts the clocks."""

    asked: AskedRemoval
    done_on: date
    confirmed_by: UUID
    confirmed_at: datetime
    overturned_on: date | None = None

    @property
    def counts(self) -> bool:
        """Test whether it counts in an author's history: overturned ones never do."""
        return self.overturned_on is None


Removal = AskedRemoval | ConfirmedRemoval


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinedReport:
    """A second report of the same item: who made it, when, and what they added."""

    by: UUID
    at: datetime
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HostPost:
    """The library's own post that the item stood under."""

    title: str = ""
    link: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """One item that was reported. People see "report"."""

    id: UUID
    library: UUID
    ref: str
    version: int
    track: Track
    outcome: Outcome
    account: UUID | None
    reported_by: UUID
    reported_at: datetime
    reported_on: date
    fingerprint: str
    batch: UUID
    link: str = ""
    text: str = ""
    text_sha256: str = ""
    evidence: tuple[Evidence, ...] = ()
    copy_impossible: str = ""
    host_post: HostPost = HostPost()
    posted_on: date | None = None
    author: UUID | None = None
    words: str = ""
    removal: Removal | None = None
    claimed_by: UUID | None = None
    about_director: bool = False
    joined: tuple[JoinedReport, ...] = ()
    closed_on: date | None = None

    @property
    def has_copy(self) -> bool:
        """Test whether the item's text or a picture of it is kept."""
        return bool(self.text or self.evidence)

    @property
    def reason(self) -> Reason | None:
        """Why it came down, or is asked to; ``None`` while nobody asked."""
        if self.removal is None:
            return None
        return self.removal.asked.reason if isinstance(self.removal, ConfirmedRemoval) else self.removal.reason

    @property
    def clauses(self) -> tuple[str, ...]:
        """The codes of the rules it was taken down under."""
        return self.reason.clauses if self.reason else ()

    @property
    def judged_on(self) -> date:
        """The day whose policy judges the content: when it was posted, else when it was reported."""
        return self.posted_on or self.reported_on

    @property
    def sustained(self) -> bool:
        """Test whether this is a confirmed removal that was not overturned."""
        return isinstance(self.removal, ConfirmedRemoval) and self.removal.counts

    def take_down(self, asked: AskedRemoval) -> Self:
        """Record that a removal was asked for or is said to have been made.

        :raises Mistake: no retained copy and no word why one is impossible
        :raises Refusal: it is already confirmed, or the item may not be copied or removed on this track
        """
        if isinstance(self.removal, ConfirmedRemoval):
            raise Refusal(f"{self.ref} was already confirmed as {OUTCOMES[self.outcome]}.")
        if self.track is Track.COMPLAINT:
            raise Refusal(
                "A complaint stays up. If the item breaks a rule for another reason, report it as a violation."
            )
        if not self.has_copy and not self.copy_impossible and self.track is not Track.CHILD_SAFETY:
            raise Mistake(
                "A removal needs a copy of what was removed.",
                beside={"text": "Paste the text or add a picture, or say below why no copy is possible."},
            )
        return replace(self, outcome=asked.outcome, removal=asked, closed_on=None)

    def confirm(self, *, done_on: date, by: UUID, at: datetime, today: date) -> Self:
        """An editor of the account confirms the removal.

        :raises Refusal: nothing is waiting to be confirmed
        :raises Mistake: the day lies ahead
        """
        if not isinstance(self.removal, AskedRemoval):
            raise Refusal(f"Nothing about {self.ref} is waiting to be confirmed.")
        return replace(self, removal=self.removal.confirm(done_on=done_on, by=by, at=at, today=today))

    def overturn(self, *, on: date) -> Self:
        """Record that the removal was reversed on appeal: from then on it counts no more.

        What was done to the item stays on file; undoing it is confirmed by an editor of the account.

        :raises Refusal: nothing was confirmed as taken down, or it was overturned before
        """
        if not isinstance(self.removal, ConfirmedRemoval):
            raise Refusal(f"Nothing of {self.ref} was taken down, so nothing can be reversed.")
        if self.removal.overturned_on is not None:
            raise Refusal(f"{self.ref} was reversed before, on {self.removal.overturned_on:%-d %B %Y}.")
        return replace(self, removal=replace(self.removal, overturned_on=on))

    def leave_up(self, *, on: date) -> Self:
        """Decide that the item stays; its retained text and pictures are not kept, its link and outcome are.

        The author's handle goes too: what is left up never enters an author's history.

        :raises Refusal: the removal was already confirmed
        """
        if isinstance(self.removal, ConfirmedRemoval):
            raise Refusal(f"{self.ref} was already confirmed as {OUTCOMES[self.outcome]}; correct it instead.")
        return replace(
            self,
            outcome=Outcome.LEFT_UP,
            removal=None,
            author=None,
            closed_on=on,
            text="",
            evidence=(),
            copy_impossible="",
        )

    def claim(self, by: UUID) -> Self:
        """An editor takes a "please look".

        :raises Refusal: it is not waiting for anybody, or somebody else took it
        """
        if self.outcome is not Outcome.PLEASE_LOOK:
            raise Refusal(f"{self.ref} is not waiting for somebody to look at it.")
        if self.claimed_by not in {None, by}:
            raise Refusal(f"Somebody else is already looking at {self.ref}.")
        return replace(self, claimed_by=by)

    def join(self, second: JoinedReport) -> Self:
        """Add a second report of the same item to this record."""
        return replace(self, joined=(*self.joined, second))


NO_FAULT = frozenset({Track.PERSONAL_INFORMATION, Track.COPYRIGHT_NOTICE})
"""Tracks on which a removal protects somebody and says nothing against the author."""


def counts(incident: Incident, pack: Pack) -> bool:
    """Test whether a removal counts against its author under the pack that judges it.

    One that was overturned never does, nor one that only protected somebody: on a track of that kind, on grounds that
    belong on one, or on grounds that the policy does not count.
    """
    if not incident.sustained or incident.track in NO_FAULT:
        return False
    grounds = [ground for ground in pack.grounds if ground.code in incident.clauses]
    return not grounds or not all(ground.no_strike or ground.track in NO_FAULT for ground in grounds)


def fingerprint(*, account: str, link: str, text: str, author: str) -> str:
    """What makes two reports the same item: the same link; without one, the same words by the same author.

    A link counts without scheme, "www.", trailing slash and fragment; what names no site ("n/a") is no link. Words
    count without case and spacing. The result is a hash, so it may be kept when the words themselves no longer are.
    An item with neither has none (an empty string), and nothing is ever joined to it.
    """
    if tidy := tidy_link(link):
        same = f"link {tidy}"
    elif text:
        same = f"text {account} {author} {' '.join(text.casefold().split())}"
    else:
        return ""
    return sha256(same.encode()).hexdigest()


def is_link(said: str) -> bool:
    """Test whether something leads to a site, with or without a scheme in front."""
    return bool(tidy_link(said.strip()))


def tidy_link(link: str) -> str:
    """A link without what may differ between two pastes of it; empty for what names no site ("n/a", "none")."""
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if "." not in host or " " in host:
        return ""
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"
