"""What a policy says about procedure: periods, who decides, notices, appeals, sanctions, coming back, records."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from bot.policy.terms import Action, ClockKind, ClockName, Ends, Event, Modality, Role, Stance, Term, Unit
from bot.policy.values import CODE, Answer, Model, Span

Body = Literal["board", "panel"]
"""Who decides where it is not one person: the Board as a body, or a panel of the roles that are named."""

LEVEL = r"^[a-z0-9_]*$"


class Cutoff(Model):
    """Until when something has to be in, to come before a meeting: a day of a month, or a time before the meeting."""

    day: int | None = Field(default=None, ge=1, le=31)
    """The day of the month that still counts; the month's last day where there is no such day."""
    months_before: int = Field(default=0, ge=0, le=11)
    """Of which month: 0 the meeting's own, 1 the month before."""
    before: Span | None = None
    """Or a time before the meeting, as in ``{ n = 10, unit = "days" }``."""

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.day is None) == (self.before is None):
            raise ValueError("a cutoff is either a day of the month or a time before the meeting")
        if self.before and self.before.unit is Unit.MEETINGS:
            raise ValueError("a cutoff before a meeting is counted in days, business days, weeks or months")
        return self

    @property
    def said(self) -> str:
        """In words, after "has to be in by"."""
        if self.before:
            return f"{self.before.said} before the meeting"
        whose = {0: "of the meeting's own month", 1: "of the month before"}
        return f"day {self.day} {whose.get(self.months_before, f'of the month {self.months_before} months before')}"


class ClockRule(Answer):
    """A period: which clock it is, what starts it, how long it runs and in what it is counted.

    ``n`` and ``unit`` are the policy's own where it states them. Where it follows an outside law that fixes a period,
    the answer stays *delegated*, ``authority`` names the law's provision, and ``assumed`` says whose number it is.
    A period that hangs on a Board meeting is counted in ``meetings``; ``cutoff`` says which meeting still takes it,
    ``after_that`` and ``before_that`` how much later or earlier than the meeting the date is.
    """

    clock: ClockName
    """Which date it is."""
    level: str = Field(default="", pattern=LEVEL)
    """The level of appeal it belongs to; empty for the first. It becomes a suffix, as in ``appeal_by.board``."""
    on: tuple[Event, ...] = Field(min_length=1)
    """What starts it; the local day of that is day 0."""
    kind: ClockKind
    """What the date means."""
    n: int | None = Field(default=None, ge=0)
    """How many; left out where no period is stated."""
    unit: Unit | None = None
    """Of what; ``days`` are calendar days."""
    bound: Literal["exactly", "at_least", "at_most"] = "exactly"
    """Whether the period is the least (a record is kept *at least* so long) or the most; the proof says so."""
    cutoff: Cutoff | None = None
    """Only for meetings: until when it has to be in, to come before a meeting."""
    after_that: Span | None = None
    """So much later than the day counted to, as in ten days after the next meeting."""
    before_that: Span | None = None
    """So much earlier than the day counted to, as in papers a week before the hearing."""
    calendar: Literal["library", "federal"] = "library"
    """Whose closed days do not count: the library's own, or the federal holidays of a statute."""
    verb: Modality = Modality.WILL
    """The policy's own verb: a Director who ``may`` decide in 30 days promises less than one who ``will``."""
    qualifier: str = ""
    """What the policy adds, as in ``as necessary``; printed beside the date."""
    authority: str = ""
    """The provision of the law that fixes the period, where a law does."""

    @property
    def has_length(self) -> bool:
        """Whether there is a period to count: the policy's own, or that of the law it follows."""
        return self.n is not None and self.unit is not None

    @property
    def name(self) -> str:
        """The stable name of the clock, with its level: ``appeal_by`` or ``appeal_by.board``."""
        return f"{self.clock.value}.{self.level}" if self.level else self.clock.value

    @property
    def period(self) -> str:
        """The whole period in words: ``1 meeting, then 10 days later``; empty where there is none."""
        if self.n is None or self.unit is None:
            return ""
        what = self.unit.value.replace("_", " ")
        said = f"{self.n:,} {what.removesuffix('s') if self.n == 1 else what}"
        bound = "" if self.bound == "exactly" else f"{self.bound.replace('_', ' ')} "
        cutoff = f", in by {self.cutoff.said}" if self.cutoff else ""
        later = f", then {self.after_that.said} later" if self.after_that else ""
        sooner = f", then {self.before_that.said} earlier" if self.before_that else ""
        return f"{bound}{said}{cutoff}{later}{sooner}"

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

    @model_validator(mode="after")
    def _what_hangs_on_a_meeting_is_counted_in_meetings(self) -> Self:
        if self.cutoff and (self.unit is not Unit.MEETINGS or not self.n):
            raise ValueError(f"{self.name}: a cutoff goes with a period of 1 meeting or more")
        if self.after_that and self.before_that:
            raise ValueError(f"{self.name}: a date is later or earlier than the day counted to, not both")
        if (self.after_that or self.before_that) and not self.has_length:
            raise ValueError(f"{self.name}: after_that and before_that go with n and unit")
        if any(span and span.unit is Unit.MEETINGS for span in (self.after_that, self.before_that)):
            raise ValueError(f"{self.name}: after_that and before_that are counted in anything but meetings")
        return self


class Decider(Answer):
    """Who decides an action. Where the policy names nobody, the library must say who, as practice."""

    actions: tuple[Action, ...] = Field(min_length=1)
    """Which actions."""
    roles: tuple[Role, ...] = ()
    """Any one of these decides; all of them together where ``body`` is a panel."""
    designee: bool = False
    """Whether they may name somebody in their place."""
    body: Body | None = None
    """Where it is not one person: the Board (the roles say who records its decision), or a panel of the roles."""
    needed: int | None = Field(default=None, ge=1)
    """Of a panel, how many of its roles have to agree; all of them if left out."""
    up_to: Span | None = None
    """The longest they may decide; an entry without it, for the same action, decides whatever is longer."""

    @model_validator(mode="after")
    def _a_stated_decider_is_named(self) -> Self:
        if (self.stance is Stance.STATED) != bool(self.roles):
            raise ValueError("a stated decider has roles, and no other has")
        if self.body == "panel" and len(self.roles) == 1:
            raise ValueError("a panel has two roles or more")
        if self.needed and (self.body != "panel" or self.needed > len(self.roles)):
            raise ValueError("needed goes with a panel, and is no more than its roles")
        return self


class NoticeRule(Answer):
    """Whether the person is told of an action: required, optional or never, where stated."""

    actions: tuple[Action, ...] = Field(min_length=1)
    """Of which actions."""
    duty: Literal["required", "optional", "never"] | None = None
    """Whether they are told. In what time is a clock, ``notify_by``."""
    before: bool | None = None
    """Whether they are told before it is done."""
    written: bool | None = None
    """Whether they are told in writing."""
    contains: tuple[Literal["reason", "rule", "appeal", "reinstatement", "term"], ...] = ()
    """What they have to be told."""
    by: Role | None = None
    """Who tells them."""


class AppealLevel(Model):
    """One level of appeal: against what, with whom, decided by whom, and what is said of lateness and of the answer.

    ``None`` always means that the policy does not say.
    """

    level: str = Field(default="", pattern=LEVEL)
    """Its name, which is the suffix of its clocks; empty for the first level, as in ``board`` for a second."""
    against: tuple[Action, ...] = ()
    """What can be appealed. A second level is against the answer of the one before."""
    filed_with: Role | None = None
    """To whom it is sent."""
    decided_by: Role | None = None
    """Who decides, or who records the decision of a body."""
    body: Body | None = None
    """Where it is not one person who decides: the Board, or a panel."""
    panel: tuple[Role, ...] = ()
    """The roles of the panel."""
    forms: tuple[Literal["letter", "email", "message"], ...] = ()
    """How it may be sent."""
    consult: Literal["board", "counsel"] | None = None
    """Whose advice is asked before the decision."""
    consult_rule: str = ""
    """The rule that asks for that advice, where it is not the level's own."""
    hearing: bool | None = None
    """Whether the person may be heard."""
    final: bool | None = None
    """Whether the answer is the last word."""
    final_rule: str = ""
    """The rule that makes it so, where it is not the level's own."""
    written: bool | None = None
    """Whether the answer is in writing."""
    deadline: str = ""
    """The time to appeal in words, for letters; the period itself is a clock."""
    late: Literal["heard", "good_cause", "not_heard"] | None = None
    """What becomes of one that comes late: heard all the same, heard for good cause, or not heard."""
    good_cause: str = ""
    """What counts as good cause, in your own words."""
    waived_by: Role | None = None
    """Who may waive a time limit."""
    while_pending: Literal["stands", "suspended"] | None = None
    """Whether the decision stands while the appeal is open, or is suspended."""
    same_decider: Literal["disclosed", "excluded", "allowed"] | None = None
    """Whether somebody may decide an appeal of their own decision: yes if it is disclosed, no, or yes."""
    handle_only: bool | None = None
    """Whether somebody of whom only a handle is known may appeal."""
    minors: Literal["themselves", "guardian", "either"] | None = None
    """Who may appeal for a minor."""
    if_missed: Literal["escalates", "stands", "reversed"] | None = None
    """What follows if the day to decide is missed. The program reminds and escalates; it never decides by itself."""
    rules: Mapping[str, str] = Field(default_factory=dict)
    """The rule behind any other single value, by its name, as in ``decided_by = "C43"``."""

    @model_validator(mode="after")
    def _panels_and_sources_are_whole(self) -> Self:
        if (self.body == "panel") != bool(self.panel):
            raise ValueError("a level that a panel decides lists its roles under panel, and no other does")
        unknown = sorted(set(self.rules) - set(AppealLevel.model_fields))
        if unknown:
            raise ValueError(f"rules: {', '.join(unknown)} is no value of a level of appeal")
        return self


class FurtherLevel(AppealLevel, Answer):
    """A second level of appeal, or a later one. It always has a name, and what it is against is the earlier answer."""

    level: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    """Its name, which is the suffix of its clocks, as in ``board``."""


class AppealRule(AppealLevel, Answer):
    """Whether an action can be appealed, and every level of it in order; its own values are the first level's."""

    further: tuple[FurtherLevel, ...] = ()
    """The levels after the first, in order."""

    @property
    def levels(self) -> tuple["AppealRule | FurtherLevel", ...]:
        """Every level in order, the first one being the rule itself; none where the policy gives no appeal."""
        return (self, *self.further) if self.stance is Stance.STATED else ()

    def at(self, level: str) -> "AppealRule | FurtherLevel":
        """The level of this name; an unknown one is the first."""
        return next((one for one in self.further if one.level == level), self)

    def after(self, level: str) -> "FurtherLevel | None":
        """The level to which the answer of this one can be taken, or ``None`` when it is the last."""
        names = [one.level for one in self.levels]
        place = names.index(level) + 1 if level in names else len(names)
        return self.further[place - 1] if 0 < place <= len(self.further) else None

    def rule_of(self, value: str, *, level: str = "") -> str:
        """The rule behind one value of a level: its own where the pack names one, else the level's."""
        here = self.at(level)
        named = {"consult": here.consult_rule, "final": here.final_rule, **here.rules}
        return named.get(value) or here.rule


class ReinstatementRule(Answer):
    """Whether a blocked person may ask to come back, and of whom. The day is a clock."""

    asked_of: Role | None = None
    """Of whom."""
    written: bool | None = None
    """Whether it is asked in writing."""
    decided_by: Role | None = None
    """Who decides it, where that is said."""
    repeats: bool | None = None
    """Whether it may be asked again after a refusal."""
    wait: Span | None = None
    """How long after a refusal."""
    conditions: tuple[str, ...] = ()
    """What the policy asks for, in your own words, as in a promise to keep to the rules."""


class RetentionRule(Answer):
    """How long a class of records is kept. ``floor`` means at least so long: time up never deletes."""

    records: str
    """Which records, in your own words."""
    custodian: Role | None = None
    """Who keeps them."""
    authority: str = ""
    """The law or schedule that sets the time, or that allows disposal."""
    schedule: str = ""
    """The item of the schedule, as its officer numbers it."""
    floor: bool = True
    """Whether the time is the least; never left out for a record that law protects."""

    @property
    def said(self) -> tuple[str, ...]:
        """What it adds to a period, in sentences: the law or schedule, and whether the time is the least."""
        if self.stance is not Stance.STATED:
            return ()
        schedule = ", ".join(part for part in (self.authority, self.schedule) if part)
        least = "The policy's time is the least: at least so long." if self.floor else "The policy's time is fixed."
        return (
            *([f"The schedule for “{self.records}”: {schedule}."] if schedule else []),
            *([least] if "floor" in self.model_fields_set else []),
        )


class ComplaintRule(Answer):
    """Whether complaints are protected, and to whom they are reported."""

    protected: bool = False
    """Whether a complaint must not be taken down."""
    report_to: tuple[Role, ...] = ()
    """Who is told of one."""


class DaysRule(Answer):
    """What the policy says about counting, and about a last day on which the library is closed."""

    closed_last_day: Literal["next_open", "stays"] | None = None
    """Whether a last day that is closed moves to the next open day. Never for an opening or a retention."""


class Sanction(Model):
    """One step of a ladder of sanctions."""

    code: str = Field(pattern=CODE)
    """A short name of your own in small letters; the suffix of the clock on which it ends."""
    label: str = Field(min_length=3, max_length=75)
    """What it is, in your own words."""
    rule: str
    """The rule that states it."""
    action: Action
    """What is done: ``warn``, ``block``, ``deny_access``, ``terminate``."""
    occasion: int = Field(ge=1)
    """At which breach within the look-back; the last step goes for every later one as well."""
    term: Term = Term.NONE
    """How long it lasts: ``none`` (a warning), ``fixed``, ``minimum``, ``maximum`` or ``permanent``."""
    length: Span | None = None
    """The length of a fixed, least or longest term."""
    ends: Ends | None = None
    """How it ends: ``by_itself``, ``on_request`` or ``on_condition``."""
    condition: str = ""
    """On what condition, in your own words."""

    @model_validator(mode="after")
    def _a_term_has_what_it_needs(self) -> Self:
        if (self.term in {Term.FIXED, Term.MINIMUM, Term.MAXIMUM}) != (self.length is not None):
            raise ValueError(f"{self.code}: a fixed, minimum or maximum term has a length, and no other has")
        if self.term is Term.PERMANENT and self.ends is Ends.BY_ITSELF:
            raise ValueError(f"{self.code}: what is permanent does not end by itself")
        if (self.ends is Ends.ON_CONDITION) != bool(self.condition):
            raise ValueError(f"{self.code}: what ends on a condition says which, and nothing else does")
        return self


class SanctionRule(Answer):
    """A ladder of sanctions: which breach within which time leads to which step."""

    look_back: Span | None = None
    """How far back breaches count; left out where the policy sets no limit."""
    counts: tuple[Action, ...] = ()
    """What counts as a breach: sustained acts of these kinds. What was overturned never counts."""
    bypass: str = ""
    """The rule by which a severe case may go past steps; empty where there is none."""
    steps: tuple[Sanction, ...] = ()
    """The steps, in order."""

    @model_validator(mode="after")
    def _a_ladder_goes_up(self) -> Self:
        if (self.stance is Stance.STATED) != bool(self.steps):
            raise ValueError("a stated ladder has steps, and no other has")
        occasions = [step.occasion for step in self.steps]
        if occasions != sorted(set(occasions)):
            raise ValueError("the steps of a ladder go up: each has a later occasion than the one before")
        return self

    def step_for(self, occasion: int) -> Sanction | None:
        """The step at the n-th breach within the look-back (this one counted); ``None`` below the first step."""
        reached = [step for step in self.steps if step.occasion <= occasion]
        return reached[-1] if reached else None
