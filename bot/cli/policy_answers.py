"""What a librarian answers about a policy, as plain data: asked at a terminal, or read from a TOML or JSON file.

Each thing that is stated comes with where it stands, and becomes a rule. What is left out, the policy does not say.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from bot.policy.terms import Action, Role
from bot.policy.values import Model


class Stated(Model):
    """Something the policy states: our words for it, and where it stands."""

    label: str = Field(min_length=3, max_length=75)
    section: str = Field(min_length=1)
    needle: str = Field(default="", max_length=90)


class ToldGround(Stated):
    """A ground for taking content down."""

    modality: Literal["may", "will", "must", "must_not"] = "may"


class ToldBlockGround(Stated):
    """A ground for a block."""

    occasions: int = Field(default=0, ge=0)
    look_back: str = ""
    investigation: bool = False


class ToldStep(Stated):
    """One step of a ladder of sanctions; without a length a warning, or a block for good where it says so."""

    occasion: int = Field(ge=1)
    length: str = ""
    for_good: bool = False


class ToldDecider(Stated):
    """Who decides; ``up_to`` is the longest block it goes for, and ``longer`` who decides a longer one."""

    roles: tuple[Role, ...] = Field(min_length=1)
    designee: bool = False
    panel: bool = False
    up_to: str = ""
    longer: tuple[Role, ...] = ()


class ToldPeriod(Stated):
    """A period: ``15 days``, ``10 business days``, ``next meeting``, ``5 days after the next meeting``."""

    period: str
    at_least: bool = False


class ToldNotice(Stated):
    """Whether the person is told."""

    duty: Literal["required", "optional", "never"]


class ToldAppeal(Stated):
    """The first level of appeal."""

    against: tuple[Action, ...] = (Action.REMOVE, Action.BLOCK)
    filed_with: Role
    decided_by: Role
    forms: tuple[Literal["letter", "email", "message"], ...] = ()
    final: bool | None = None
    late: Literal["heard", "good_cause", "not_heard"] | None = None
    window: ToldPeriod | None = None
    window_from: Literal["act", "notice"] = "act"
    decision: ToldPeriod | None = None


class ToldLevel(Stated):
    """A second level of appeal, to the Board."""

    window: ToldPeriod | None = None
    decision: ToldPeriod | None = None
    papers: ToldPeriod | None = None
    final: bool | None = None


class ToldReturn(ToldPeriod):
    """From when a blocked person may ask to come back, and of whom."""

    asked_of: Role | None = None


class ToldComplaints(Stated):
    """That complaints stay up, and who is told of one."""

    report_to: tuple[Role, ...] = ()


class ToldProtection(Stated):
    """Speech that is protected: it stays up, or is thought of first."""

    stays_up: bool = False


class ToldStatement(Stated):
    """Words to be posted."""

    where: tuple[Literal["account", "website"], ...] = ("account",)
    begins: str = Field(default="", max_length=90)
    ends: str = Field(default="", max_length=90)


class ToldDuty(Stated):
    """Something the library has to do, by whom, and how often or within what time."""

    to: tuple[Role, ...] = ()
    every: str = ""
    within: str = ""


class ToldRecords(Stated):
    """That records are kept as an outside law or schedule says."""

    authority: str = Field(min_length=3)


class ToldDays(Stated):
    """What becomes of a last day on which the library is closed."""

    closed_last_day: Literal["next_open", "stays"]


class ToldTie(Model):
    """Two rules that pull apart."""

    first: Stated
    second: Stated
    label: str = Field(min_length=3)


class Told(Model):
    """Everything a librarian was asked. What is left out, the policy does not say."""

    name: str = Field(min_length=3)
    short: str = Field(min_length=2)
    zone: str
    state: str = Field(pattern=r"^[A-Z]{2}$")
    executive: str = "Library Director"
    board: str = "Board of Trustees"
    title: str = "Social Media Policy"
    adopted: str
    since: date
    grounds: tuple[ToldGround, ...] = ()
    block: Stated | None = None
    block_grounds: tuple[ToldBlockGround, ...] = ()
    deciders: Mapping[Action, ToldDecider] = Field(default_factory=dict)
    notices: Mapping[Action, ToldNotice] = Field(default_factory=dict)
    appeal: ToldAppeal | None = None
    appeal_board: ToldLevel | None = None
    reinstatement: ToldReturn | None = None
    retention: ToldPeriod | None = None
    reply: ToldPeriod | None = None
    complaints: ToldComplaints | None = None
    ladder: tuple[ToldStep, ...] = ()
    ladder_look_back: str = ""
    protections: tuple[ToldProtection, ...] = ()
    statements: tuple[ToldStatement, ...] = ()
    duties: tuple[ToldDuty, ...] = ()
    ties: tuple[ToldTie, ...] = ()
    retention_by_law: ToldRecords | None = None
    days: ToldDays | None = None
