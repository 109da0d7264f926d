"""One version of one library's policy as data, validated with every mistake reported at once.

A pack answers questions. Every answer has a *stance* (stated, silent, delegated to outside law, explicitly none,
explicitly unlimited); a stated answer names the rule that states it; any other says why in words. What a policy
states only in part (a period without its start, say) lists in ``assumed`` what was taken for the rest, and that is
printed beside every date.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from bot.policy import lint
from bot.policy.terms import (
    Action,
    Carried,
    ClockKind,
    ClockName,
    Event,
    Kind,
    Modality,
    Role,
    Stance,
    Track,
    Unit,
)
from bot.refusal import Citation, Refusal

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Model):
    """One rule of the policy: our own short label, and where the library's own sentence stands.

    ``needle`` is a few words that find exactly one sentence in the library's document; it is empty only for a
    recorded silence. ``carried`` is what this program does with the rule today.
    """

    id: str = Field(pattern=r"^[A-Z][0-9]{2,3}$")
    label: str = Field(min_length=3, max_length=160)
    kind: Kind
    carried: Carried
    audience: tuple[Literal["public", "patrons", "staff", "trustees", "partners"], ...] = Field(min_length=1)
    modality: Modality
    section: str = Field(min_length=1)
    item: str = ""
    needle: str = Field(default="", max_length=90)
    note: str = ""

    @property
    def source(self) -> str:
        """Where the rule stands, in one line."""
        return f"{self.section}, {self.item}" if self.item else self.section


class Answer(_Model):
    """How the policy answers one question."""

    stance: Stance = Stance.STATED
    rule: str = ""
    why: str = ""
    assumed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _stated_or_explained(self) -> Self:
        if self.stance is Stance.STATED and not self.rule:
            raise ValueError("a stated answer names its rule")
        if self.stance is not Stance.STATED and not self.why:
            raise ValueError(f"an answer that is {self.stance.value} says why, in words")
        return self


class ClockRule(Answer):
    """A period: which clock it is, what starts it, how long it runs and in what it is counted.

    ``n`` and ``unit`` are the policy's own where it states them. Where it follows an outside law that fixes a period,
    the answer stays *delegated*, ``authority`` names the law's provision, and ``assumed`` says whose number it is.
    """

    clock: ClockName
    level: str = Field(default="", pattern=r"^[a-z_]*$")
    on: tuple[Event, ...] = Field(min_length=1)
    kind: ClockKind
    n: int | None = Field(default=None, ge=0)
    unit: Unit | None = None
    calendar: Literal["library", "federal"] = "library"
    verb: Modality = Modality.WILL
    qualifier: str = ""
    authority: str = ""

    @property
    def has_length(self) -> bool:
        """Whether there is a period to count: the policy's own, or that of the law it follows."""
        return self.n is not None and self.unit is not None

    @property
    def name(self) -> str:
        """The stable name of the clock, with its level: ``appeal_by`` or ``appeal_by.board``."""
        return f"{self.clock.value}.{self.level}" if self.level else self.clock.value

    @model_validator(mode="after")
    def _a_stated_period_has_a_length(self) -> Self:
        if (self.n is None) != (self.unit is None):
            raise ValueError(f"{self.name}: a period has both n and unit, or neither")
        if self.has_length and self.stance is Stance.DELEGATED:
            if not (self.rule and self.authority and self.assumed):
                raise ValueError(f"{self.name}: a period of an outside law names rule, authority and what is assumed")
        elif self.has_length != (self.stance is Stance.STATED):
            raise ValueError(f"{self.name}: a stated period has n and unit; a silent, none or unlimited one has not")
        return self


class Decider(Answer):
    """Who decides an action. Where the policy names nobody, the library must say who, as practice."""

    actions: tuple[Action, ...] = Field(min_length=1)
    roles: tuple[Role, ...] = ()
    designee: bool = False

    @model_validator(mode="after")
    def _a_stated_decider_is_named(self) -> Self:
        if (self.stance is Stance.STATED) != bool(self.roles):
            raise ValueError("a stated decider has roles, and no other has")
        return self


class NoticeRule(Answer):
    """Whether the person is told of an action: required, optional or never, where stated."""

    actions: tuple[Action, ...] = Field(min_length=1)
    duty: Literal["required", "optional", "never"] | None = None


class AppealRule(Answer):
    """Whether an action can be appealed, with whom, in what form, and whether the answer is final.

    ``consult_rule`` and ``final_rule`` name the rules that ask for a consultation and make the answer final, where
    those are not the rule of the appeal itself.
    """

    against: tuple[Action, ...] = ()
    filed_with: Role | None = None
    decided_by: Role | None = None
    forms: tuple[Literal["letter", "email", "message"], ...] = ()
    consult: Literal["board"] | None = None
    consult_rule: str = ""
    final: bool | None = None
    final_rule: str = ""
    deadline: str = ""


class ReinstatementRule(Answer):
    """Whether a blocked person may ask to come back, and of whom. The day is a clock."""

    asked_of: Role | None = None
    written: bool | None = None
    repeats: bool | None = None


class RetentionRule(Answer):
    """How long a class of records is kept. ``floor`` means at least so long: time up never deletes."""

    records: str
    custodian: Role | None = None
    authority: str = ""
    floor: bool = True


class ComplaintRule(Answer):
    """Whether complaints are protected, and to whom they are reported."""

    protected: bool = False
    report_to: tuple[Role, ...] = ()


class Ground(_Model):
    """One ground on which content may (or must) come down."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=3, max_length=75)
    rule: str
    modality: Modality = Modality.MAY
    caution: str = ""
    asks_host_post: bool = False
    no_strike: bool = False
    spam: bool = False
    track: Track | None = None


class BlockGround(_Model):
    """One ground on which an author may be blocked.

    ``action`` is the policy's word for the step where that is not a block (Cook and Portsmouth deny access).
    ``occasions`` and ``investigation`` are conditions the policy sets: the program gates on them. ``weighs`` names
    what the policy asks to be considered without making it a condition: the card shows it, or "not on file".
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str = Field(min_length=3, max_length=75)
    rule: str
    occasions: int = Field(default=0, ge=0)
    investigation: bool = False
    counted: bool = False
    weighs: tuple[Literal["instruction", "offline_incident", "good_contributions", "linked_handles"], ...] = ()
    listed: bool = True
    action: Action = Action.BLOCK
    caution: str = ""


class Statement(_Model):
    """Words the policy wants posted on each account or on the website; the sentence comes from the document."""

    code: str
    label: str
    rule: str
    where: tuple[Literal["account", "website"], ...]


class Duty(Answer):
    """A duty with no case of its own: a reply, a report, an attestation, a check."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    on: Track | None = None
    to: tuple[Role, ...] = ()
    when: str = ""


class Tie(_Model):
    """Two rules of one policy that pull apart; both are shown, and a person says which was applied and why."""

    rules: tuple[str, str]
    label: str


class About(_Model):
    """Whose policy this is, and where dates are local."""

    name: str
    short: str
    zone: str
    state: str = Field(pattern=r"^[A-Z]{2}$")
    executive: str
    board: str
    title: str
    adopted: str
    forum: str = ""

    @model_validator(mode="after")
    def _the_zone_exists(self) -> Self:
        if self.zone not in available_timezones():
            raise ValueError(f"zone: there is no time zone called {self.zone!r}")
        return self


class Pack(_Model):
    """One immutable version of one library's policy."""

    name: str = ""
    since: date
    about: About
    rules: tuple[Rule, ...] = Field(min_length=1)
    grounds: tuple[Ground, ...]
    grounds_open: bool = False
    block: Answer
    block_scope: Literal["account", "all"] = "account"
    block_grounds: tuple[BlockGround, ...] = ()
    block_grounds_open: bool = False
    deciders: tuple[Decider, ...]
    notices: tuple[NoticeRule, ...]
    appeal: AppealRule
    reinstatement: ReinstatementRule
    retention: tuple[RetentionRule, ...]
    complaints: ComplaintRule
    clocks: tuple[ClockRule, ...]
    statements: tuple[Statement, ...] = ()
    duties: tuple[Duty, ...] = ()
    ties: tuple[Tie, ...] = ()
    sha256: str = ""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a pack from its file; its name is the folder's and its hash that of the file's bytes.

        :raises Refusal: the file is not TOML, or breaks the format; every mistake is in the sentence
        """
        return cls.parse(path.read_bytes(), name=path.parent.name)

    @classmethod
    def parse(cls, raw: bytes, *, name: str, adopted: bool = False) -> Self:
        """Read a pack from its bytes.

        ``adopted`` says a library works under these very bytes: what a newer program asks and they do not answer is
        then silent instead of a mistake, because nobody may change them.

        :raises Refusal: with every mistake at once
        """
        try:
            content = tomllib.loads(raw.decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
            raise Refusal(f"{name} is not a readable TOML file: {broken}.") from broken
        try:
            return cls.model_validate(
                {**content, "name": name, "sha256": sha256(raw).hexdigest()}, context={"adopted": adopted}
            )
        except ValidationError as wrong:
            # An empty location is a mistake between the parts, and a list "too short" only lacks its broken entries.
            single = (error for error in wrong.errors() if error["loc"] and error["type"] != "too_short")
            found = [_in_words(error, content) for error in single]
            found += lint.mistakes(content)
            listed = "\n".join(f"- {mistake}" for mistake in found)
            many = "1 mistake" if len(found) == 1 else f"{len(found)} mistakes"
            raise Refusal(f"The policy pack {name} has {many}:\n{listed}") from wrong

    @model_validator(mode="after")
    def _the_parts_fit_together(self, info: ValidationInfo) -> Self:
        adopted = bool(info.context and info.context["adopted"])
        found = () if adopted else lint.mistakes(self.model_dump(mode="json"))
        if found:
            raise ValueError(" ".join(found))
        return self

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id.

        :raises Refusal: the pack has no such rule
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise Refusal(f"{self.about.name}'s policy has no rule {rule_id}.")

    def decider(self, action: Action) -> Decider:
        """Who decides this action under the policy, or the recorded silence."""
        for decider in self.deciders:
            if action in decider.actions:
                return decider
        return Decider(stance=Stance.SILENT, why=f"{self.about.name}'s policy does not speak of it", actions=(action,))

    def notice(self, action: Action) -> NoticeRule:
        """Whether the policy asks that the person be told of this action."""
        for notice in self.notices:
            if action in notice.actions:
                return notice
        return NoticeRule(
            stance=Stance.SILENT, why=f"{self.about.name}'s policy does not speak of it", actions=(action,)
        )

    def clocks_on(self, event: Event) -> tuple[ClockRule, ...]:
        """Every period, stated or not, that asks what this event starts."""
        return tuple(rule for rule in self.clocks if event in rule.on)

    def ground(self, code: str) -> Ground:
        """The content ground with this code.

        :raises Refusal: the policy lists no such ground
        """
        for ground in self.grounds:
            if ground.code == code:
                return ground
        raise Refusal(f"{self.about.name}'s policy lists no ground called {code!r}.")

    def block_ground(self, code: str) -> BlockGround:
        """The block ground with this code.

        :raises Refusal: the policy lists no such ground
        """
        for ground in self.block_grounds:
            if ground.code == code:
                return ground
        raise Refusal(f"{self.about.name}'s policy lists no ground for a block called {code!r}.")

    @property
    def version(self) -> str:
        """Name and day, as kept with every decision: ``chicopee 2023-03-06``."""
        return f"{self.name} {self.since.isoformat()}"

    def cite(self, rule_id: str, *, sentence: str = "") -> Citation:
        """Where a rule stands, with its sentence if the library's document is bound."""
        rule = self.rule(rule_id)
        return Citation(rule=rule.id, label=rule.label, source=f"{self.about.title}, {rule.source}", sentence=sentence)


_REMEDIES = {
    "missing": "is missing; add it",
    "extra_forbidden": "is no name that a pack knows; check its spelling, or take it out",
}


def _in_words(error: "ErrorDetails", content: Mapping[str, object]) -> str:
    """One mistake of the format as a line a person can act on: where it is, what is wrong, what is allowed."""
    where: list[str] = []
    here: object = content
    for step in error["loc"]:
        here = _inside(here, step)
        where.append(f"number {step + 1}{_called(here)}" if isinstance(step, int) else step)
    place = ", ".join(where)
    remedy = _REMEDIES.get(error["type"])
    return f"{place} {remedy}." if remedy else f"{place}: {error['msg'].removeprefix('Value error, ')}."


def _inside(here: object, step: int | str) -> object:
    try:
        return here[step]  # type: ignore[index]  # whatever the file held; a step that leads nowhere is caught
    except (LookupError, TypeError):
        return None


def _called(entry: object) -> str:
    """The name an entry of a list goes by, so that nobody has to count: its id, its code or its clock."""
    names = (entry.get(key) for key in ("id", "code", "clock")) if isinstance(entry, dict) else ()
    return next((f" ({name})" for name in names if name), "")
