"""Disposal: records whose time is up leave with two people's word, an authority, and a certificate that stays.

Time up never deletes. The custodian proposes, naming the authority; somebody else with the power to confirms; what was
removed is known afterwards by a tombstone for each record and by the certificate, which hold no content.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from bot.refusal import Citation, Mistake, Refusal

KINDS: Mapping[str, str] = {
    "I": "report",
    "B": "block",
    "A": "appeal",
    "R": "request to come back",
}
"""What a record is called, by the letter of its reference."""


def kind_of(ref: str) -> str:
    """What people call the record with this reference."""
    return KINDS[ref[:1]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """How long a record is kept at least, and how that was counted.

    ``through`` is the last local day; the record may be thought about on the day after. ``under`` is the rule or the
    practice that gives the period.
    """

    through: date
    under: Citation
    pack: str
    proof: tuple[str, ...]
    assumed: tuple[str, ...] = ()

    def over(self, day: date) -> bool:
        """Test whether the last day is behind."""
        return self.through < day


@dataclass(frozen=True, kw_only=True, slots=True)
class Keeper:
    """One thing that keeps a record although its time may be up. ``hold`` is set for a hold a person placed."""

    why: str
    hold: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a record stands: a case with what goes with it, how long it is kept, and what else keeps it.

    ``silent`` says why there is no period; then nothing lists the record by itself. ``running`` are its retention
    clocks that have not run.
    """

    ref: str
    refs: tuple[str, ...]
    began_on: date
    retention: Retention | None = None
    silent: str = ""
    running: bool = False
    keepers: tuple[Keeper, ...] = ()

    def time_up(self, day: date) -> bool:
        """Test whether its retention time is up: every clock has run, and the day after the last day has come."""
        return self.retention is not None and not self.running and self.retention.over(day)

    def listed(self, day: date) -> bool:
        """Test whether it is on the disposal list: its time is up and nothing else keeps it."""
        return self.time_up(day) and not self.keepers

    @property
    def held(self) -> Keeper | None:
        """The first hold a person placed on it."""
        return next((keeper for keeper in self.keepers if keeper.hold), None)

    def why_not(self, day: date) -> str:
        """Why it cannot be disposed of on a day; empty when it can."""
        reasons = [keeper.why for keeper in self.keepers]
        if self.retention is None:
            reasons.insert(0, f"there is no period for it: {self.silent[:1].lower()}{self.silent[1:]}")
        elif not self.time_up(day):
            reasons.insert(0, f"it is kept at least through {self.retention.through:%-d %B %Y}")
        return "; ".join(reasons)


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """What a certificate says of one record that was removed: never what stood in it.

    ``digest`` is SHA-256 over the commitments of its ledger entries in order; whoever has the ledger can count it
    again, and nobody can guess from it what the entries said. ``files`` are the hashes of its files, ``kept_files``
    those of them that another record still needs. ``rows`` counts what was removed, by table.
    """

    ref: str
    of: str
    kind: str
    began_on: date
    kept_through: date
    under: Citation
    pack: str
    entries: int
    digest: str
    files: tuple[str, ...] = ()
    kept_files: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A record that was proposed and not disposed of, and why."""

    ref: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposedDisposal:
    """Records a custodian proposes to dispose of, waiting for a second person.

    ``authority`` is the number under which the outside authority allows it. ``records`` are the references of cases;
    what goes with each goes with it.
    """

    id: UUID
    library: UUID
    ref: str
    version: int
    records: tuple[str, ...]
    authority: str
    reason: str
    proposed_by: UUID
    proposed_as: str
    proposed_at: datetime
    proposed_on: date
    under: Citation | None
    pack: str

    def check_second(self, person: UUID, *, proposer: UUID) -> None:
        """Refuse the person who proposed it, under whatever account they come.

        :param proposer: who proposed it, merged people resolved
        :raises Refusal: they are the same human
        """
        if person in {self.proposed_by, proposer}:
            raise Refusal("You proposed this disposal, so somebody else has to confirm it. Nothing was removed.")

    def confirm(
        self,
        removed: tuple[Removed, ...],
        left_out: tuple[LeftOut, ...],
        *,
        by: UUID,
        role: str,
        at: datetime,
        on: date,
    ) -> "Certificate":
        """A second person confirms what is removed now.

        :raises Refusal: nothing of it can be removed
        """
        if not removed:
            why = "; ".join(f"{one.ref}: {one.why}" for one in left_out)
            raise Refusal(f"Nothing of {self.ref} can be disposed of now. {why}.")
        return Certificate(
            proposed=self,
            version=self.version,
            removed=removed,
            left_out=left_out,
            confirmed_by=by,
            confirmed_as=role,
            confirmed_at=at,
            confirmed_on=on,
        )

    def decline(self, *, by: UUID, at: datetime, on: date, because: str) -> "DeclinedDisposal":
        """Put it aside: the proposer withdraws it, or the second person says no. Everything stays.

        :raises Mistake: no reason is given
        """
        if not because.strip():
            raise Mistake("Putting it aside needs a reason.", beside={"because": "Write why the records stay."})
        return DeclinedDisposal(
            proposed=self, version=self.version, declined_by=by, declined_at=at, declined_on=on, because=because.strip()
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """A disposal that was carried out. It is kept for good."""

    proposed: ProposedDisposal
    version: int
    removed: tuple[Removed, ...]
    left_out: tuple[LeftOut, ...]
    confirmed_by: UUID
    confirmed_as: str
    confirmed_at: datetime
    confirmed_on: date

    @property
    def id(self) -> UUID:
        """The id it was proposed under."""
        return self.proposed.id

    @property
    def library(self) -> UUID:
        """The library it was proposed in."""
        return self.proposed.library

    @property
    def ref(self) -> str:
        """The reference it was proposed under."""
        return self.proposed.ref


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclinedDisposal:
    """A proposal that was put aside; its records stay."""

    proposed: ProposedDisposal
    version: int
    declined_by: UUID
    declined_at: datetime
    declined_on: date
    because: str

    @property
    def id(self) -> UUID:
        """The id it was proposed under."""
        return self.proposed.id

    @property
    def library(self) -> UUID:
        """The library it was proposed in."""
        return self.proposed.library

    @property
    def ref(self) -> str:
        """The reference it was proposed under."""
        return self.proposed.ref


Disposal = ProposedDisposal | Certificate | DeclinedDisposal


def proposal_of(disposal: Disposal) -> ProposedDisposal:
    """The proposal, whatever became of it."""
    return disposal if isinstance(disposal, ProposedDisposal) else disposal.proposed


@dataclass(frozen=True, kw_only=True, slots=True)
class Tombstone:
    """What stays of a record that was disposed of: that there was one, its days, and on whose word it went.

    ``of`` is the case it went with, its own reference for the case itself.
    """

    library: UUID
    ref: str
    of: str
    kind: str
    began_on: date
    kept_through: date
    under: Citation
    pack: str
    certificate: str
    disposed_on: date
    entries: int


def digest(commitments: Iterable[bytes]) -> str:
    """One hash for what the ledger committed to about a record, in order."""
    return sha256(b"".join(commitments)).hexdigest()


def evidence_life(stated: date, floors: Iterable[tuple[date, str]]) -> tuple[date, tuple[str, ...]]:
    """How long evidence is kept: never less than stated, and no shorter than it can still be asked for.

    :param stated: the last day of the stated period (or of the practice that stands for it)
    :param floors: other last days it has to outlive, with what each is, in words
    :returns: the latest of them, and a line of proof for every floor that is later than what is stated
    """
    later = [(day, why) for day, why in floors if day > stated]
    lines = tuple(f"{why}: {day:%-d %B %Y}, which is later, so it is kept until then." for day, why in later)
    return max([stated, *(day for day, _ in later)]), lines
