"""What every part of a pack is made of: an answer with its stance, a span of time, a rule with its source."""

from fractions import Fraction
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.policy.terms import Carried, Kind, Modality, Stance, Unit

CODE = r"^[a-z][a-z0-9_]*$"
RULE_ID = r"^[A-Z][0-9]{2,3}$"

DAYS_IN: dict[Unit, Fraction] = {
    Unit.HOURS: Fraction(1, 24),
    Unit.DAYS: Fraction(1),
    Unit.BUSINESS_DAYS: Fraction(7, 5),
    Unit.WEEKS: Fraction(7),
    Unit.MONTHS: Fraction("365.25") / 12,
    Unit.YEARS: Fraction("365.25"),
    Unit.MEETINGS: Fraction("365.25") / 12,
}
"""About how many days a unit has: only to say which of two lengths is the longer, never to count a date."""


class Model(BaseModel):
    """A part of a pack: it never changes once read, and a name it does not know is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Model):
    """A length of time, as in ``{ n = 10, unit = "business_days" }``."""

    n: int = Field(ge=1)
    """How many."""
    unit: Unit
    """Of what; ``days`` are calendar days."""

    @property
    def said(self) -> str:
        """In words: ``10 business days``, ``1 month``."""
        what = self.unit.value.replace("_", " ")
        return f"{self.n:,} {what.removesuffix('s') if self.n == 1 else what}"

    @property
    def about_days(self) -> Fraction:
        """About how many days, to compare two lengths; never for a date."""
        return self.n * DAYS_IN[self.unit]


class Rule(Model):
    """One rule of the policy: our own short label, and where the library's own sentence stands.

    ``carried`` is what this program does with the rule today.
    """

    id: str = Field(pattern=RULE_ID)
    """A capital letter and two or three digits, as in ``C01``. Every other part names rules by it."""
    label: str = Field(min_length=3, max_length=160)
    """What the rule says, in your own few words."""
    kind: Kind
    """How far a program can carry it: ``E`` enforce, ``A`` assist a person, ``R`` remind, ``I`` inform."""
    carried: Carried = Carried.INFORMS
    """What this program does with it today. Leave it out: then the rule is shown, and nothing more is claimed."""
    audience: tuple[Literal["public", "patrons", "staff", "trustees", "partners"], ...] = Field(min_length=1)
    """Whom it binds."""
    modality: Modality
    """How strongly."""
    section: str = Field(min_length=1)
    """The heading it stands under in the policy."""
    item: str = ""
    """The paragraph or point under that heading."""
    needle: str = Field(default="", max_length=90)
    """A few words, letter for letter, that stand in exactly one sentence of the policy; empty for a silence."""
    conduct: bool = False
    """Whether a report on the conduct of staff or of a trustee can name it, for whom it binds of the two."""
    note: str = ""
    """Anything a reader should know; a recorded silence says so here."""
    struck: tuple[str, ...] = ()
    """Words in it that courts have struck down or distrust, as in ``offensive``."""
    vague: tuple[str, ...] = ()
    """Words in it whose meaning the policy leaves open, as in ``timely``."""

    @property
    def is_silence(self) -> bool:
        """Whether it records that the policy has no rule, so that there is no sentence to find."""
        return not self.needle and "silence" in self.note.casefold()

    @property
    def source(self) -> str:
        """Where the rule stands, in one line."""
        return f"{self.section}, {self.item}" if self.item else self.section


class Answer(Model):
    """How the policy answers one question."""

    stance: Stance = Stance.STATED
    """Stated, silent, delegated to an outside law, expressly none, or expressly unlimited."""
    rule: str = ""
    """The rule that states it; a stated answer always names one."""
    why: str = ""
    """In words, why there is no stated answer; needed unless it is stated."""
    assumed: tuple[str, ...] = ()
    """What was taken where the policy states it only in part; printed beside every date and decision."""

    @model_validator(mode="after")
    def _stated_or_explained(self) -> Self:
        if self.stance is Stance.STATED and not self.rule:
            raise ValueError("a stated answer names its rule")
        if self.stance is not Stance.STATED and not self.why:
            raise ValueError(f"an answer that is {self.stance.value} says why, in words")
        return self
