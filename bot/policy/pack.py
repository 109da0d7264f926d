"""One version of one library's policy as data, validated with every mistake reported at once.

A pack answers questions. Every answer has a *stance* (stated, silent, delegated to outside law, explicitly none,
explicitly unlimited); a stated answer names the rule that states it; any other says why in words. What a policy
states only in part (a period without its start, say) lists in ``assumed`` what was taken for the rest, and that is
printed beside every date.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator

from bot.policy.content import BlockGround, Covers, Duty, Ground, Protection, Statement, Tie
from bot.policy.lines import line_at, lines_of
from bot.policy.mistakes import Flaw, flaws
from bot.policy.procedure import (
    AppealLevel,
    AppealRule,
    ClockRule,
    ComplaintRule,
    Cutoff,
    DaysRule,
    Decider,
    FurtherLevel,
    NoticeRule,
    ReinstatementRule,
    RetentionRule,
    Sanction,
    SanctionRule,
)
from bot.policy.terms import Action, ClockName, Event, Stance
from bot.policy.values import Answer, Model, Rule, Span
from bot.refusal import Citation, Refusal

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = [
    "About",
    "Answer",
    "AppealLevel",
    "AppealRule",
    "BlockGround",
    "ClockRule",
    "ComplaintRule",
    "Covers",
    "Cutoff",
    "DaysRule",
    "Decider",
    "Duty",
    "FurtherLevel",
    "Ground",
    "NoticeRule",
    "Pack",
    "Protection",
    "ReinstatementRule",
    "RetentionRule",
    "Rule",
    "Sanction",
    "SanctionRule",
    "Span",
    "Statement",
    "Tie",
]

OF_A_LEVEL = frozenset({ClockName.APPEAL_BY, ClockName.DECIDE_APPEAL_BY, ClockName.PAPERS_BY})
"""The clocks that belong to one level of appeal; every other runs whatever the level."""


class About(Model):
    """Whose policy this is, and where dates are local."""

    name: str
    """The library's full name."""
    short: str
    """Its short name, for headings."""
    zone: str
    """Its time zone, as in ``America/New_York``."""
    state: str = Field(pattern=r"^[A-Z]{2}$")
    """Its state, in two letters; public holidays are seeded by it."""
    executive: str
    """What its Director is called."""
    board: str
    """What its Board is called."""
    title: str
    """What the policy is called."""
    adopted: str
    """When it was approved, in words."""
    undated: bool = False
    """Whether the document bears no date, so that ``since`` was taken."""
    forum: str = ""
    """What the policy says its pages are, where it says so, as in ``limited public forum``."""
    platforms: tuple[str, ...] = ()
    """The platforms it names."""

    @field_validator("zone")
    @classmethod
    def _the_zone_exists(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, LookupError) as unknown:
            raise ValueError(f"there is no time zone called {zone!r}; write it like America/New_York") from unknown
        return zone


class Pack(Model):
    """One immutable version of one library's policy."""

    name: str = ""
    """Given by the folder the file is in; not written in the file."""
    since: date
    """The day from which this version is in force."""
    about: About
    """Whose policy this is."""
    rules: tuple[Rule, ...] = Field(min_length=1)
    """Every rule of the policy, one by one."""
    grounds: tuple[Ground, ...]
    """The grounds for taking content down, in the policy's order."""
    grounds_open: bool = False
    """Whether the policy's list of grounds leaves room for others."""
    protections: tuple[Protection, ...] = ()
    """Speech the policy protects."""
    covers: Covers = Covers(stance=Stance.SILENT, why="The policy does not tell apart who posts")
    """Whom the policy tells apart among those who post."""
    block: Answer
    """Whether a person may be blocked."""
    block_scope: Literal["account", "all"] = "account"
    """Whether a block is for one account or for all of them."""
    block_grounds: tuple[BlockGround, ...] = ()
    """The grounds for a block."""
    block_grounds_open: bool = False
    """Whether that list leaves room for others."""
    sanctions: SanctionRule = SanctionRule(stance=Stance.SILENT, why="The policy states no ladder of sanctions")
    """The ladder of sanctions, where there is one."""
    deciders: tuple[Decider, ...]
    """Who decides what."""
    notices: tuple[NoticeRule, ...]
    """Who is told of what."""
    appeal: AppealRule
    """Appeals, level by level."""
    reinstatement: ReinstatementRule
    """Coming back after a block."""
    retention: tuple[RetentionRule, ...]
    """Which records are kept."""
    complaints: ComplaintRule
    """What becomes of complaints."""
    days: DaysRule = DaysRule(stance=Stance.SILENT, why="The policy says nothing of a last day that is closed")
    """How days are counted, where the policy says so."""
    clocks: tuple[ClockRule, ...]
    """Every period, and every silence about one."""
    statements: tuple[Statement, ...] = ()
    """What has to be posted."""
    duties: tuple[Duty, ...] = ()
    """Duties that belong to no case."""
    ties: tuple[Tie, ...] = ()
    """Rules that pull apart."""
    sha256: str = ""
    """Taken from the file's bytes; not written in the file."""

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

        :raises Refusal: with every mistake at once, each with its line
        """
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as broken:
            raise Refusal(f"{name} is not a readable TOML file: save it as UTF-8 text and try again.") from broken
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as broken:
            raise _unreadable(name, text, str(broken)) from broken
        found = [] if adopted else list(flaws(content))
        try:
            pack = cls.model_validate({**content, "name": name, "sha256": sha256(raw).hexdigest()})
        except ValidationError as wrong:
            # A list that is "too short" only lacks its broken entries.
            single = [Flaw(at=e["loc"], says=_in_words(e, content)) for e in wrong.errors() if e["type"] != "too_short"]
            raise _refused(name, text, [*single, *(list(flaws(content)) if adopted else found)]) from wrong
        if found:
            raise _refused(name, text, found)
        return pack

    def rule(self, rule_id: str) -> Rule:
        """The rule with this id.

        :raises Refusal: the pack has no such rule
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise Refusal(f"{self.about.name}'s policy has no rule {rule_id}.")

    def decider(self, action: Action, *, length: Span | None = None) -> Decider:
        """Who decides this action under the policy, or the recorded silence.

        :param length: how long it is to last; without it the one who may decide the longest is meant, as for a block
            that has no end
        """
        named = [decider for decider in self.deciders if action in decider.actions]
        limited = sorted((d for d in named if d.up_to), key=lambda d: d.up_to.about_days if d.up_to else 0)
        for decider in limited:
            if length and decider.up_to and length.about_days <= decider.up_to.about_days:
                return decider
        for decider in (*(one for one in named if not one.up_to), *reversed(limited)):
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

    def clocks_on(self, event: Event, *, level: str = "") -> tuple[ClockRule, ...]:
        """Every period, stated or not, that asks what this event starts.

        :param level: the level of appeal at which it happened; the first if left out. The clocks of another level
            are left out, and an answer at one level starts the time to appeal to the next.
        """
        further = {one.level for one in self.appeal.further}
        following = self.appeal.after(level)

        def runs(rule: ClockRule) -> bool:
            if rule.clock not in OF_A_LEVEL:
                return True
            if event is Event.APPEAL_DECIDED and rule.clock is ClockName.APPEAL_BY and further:
                return following is not None and rule.level == following.level
            return rule.level == level if level else rule.level not in further

        return tuple(rule for rule in self.clocks if event in rule.on and runs(rule))

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


def _unreadable(name: str, text: str, broken: str) -> Refusal:
    """One sentence about a file that is no TOML: the line as it stands, and what people most often meant to write."""
    said, _, place = broken.removesuffix(")").partition(" (at ")
    number = re.match(r"line (\d+)", place)
    line = text.splitlines()[int(number[1]) - 1].strip() if number else ""
    value = line.partition("=")[2].strip()
    if re.search("[“”„]", value[:1]) or "“" in line[:1]:
        hint = ' Write straight quotes (") and no curly ones.'
    elif value and re.match(r"[A-Za-z]", value) and value not in {"true", "false"}:
        hint = f' Put text between quotes: {line.partition("=")[0].strip()} = "{value}".'
    elif "overwrite" in said or "twice" in said:
        hint = " The same name is given twice; keep one."
    else:
        hint = " Every line is name = value, or a heading in brackets."
    where = f"line {number[1]}, “{line}”: " if number else ""
    return Refusal(f"{name} is not a readable TOML file: {where}{said}.{hint}")


def _refused(name: str, text: str, found: list[Flaw]) -> Refusal:
    """One sentence with every mistake, in the order of the file; what stands nowhere comes last."""
    known = lines_of(text)
    placed = [(line_at(flaw.at, known), flaw.says) for flaw in found]
    placed.sort(key=lambda one: (one[0] is None, one[0] or 0))
    listed = "\n".join(f"- line {line}: {says}" if line else f"- {says}" for line, says in placed)
    many = "1 mistake" if len(found) == 1 else f"{len(found)} mistakes"
    return Refusal(f"The policy pack {name} has {many}:\n{listed}")


def _in_words(error: "ErrorDetails", content: Mapping[str, object]) -> str:
    """One mistake of the format as a line a person can act on: where it is, what is wrong, what is allowed."""
    where: list[str] = []
    here: object = content
    for step in error["loc"]:
        here = _inside(here, step)
        where.append(f"number {step + 1}{_called(here)}" if isinstance(step, int) else step)
    place = ", ".join(where)
    remedy = _REMEDIES.get(error["type"])
    if remedy:
        return f"{place} {remedy}."
    said = error["msg"].removeprefix("Value error, ")
    return f"{place}: {said if error['type'] == 'value_error' else said[:1].lower() + said[1:]}."


def _inside(here: object, step: int | str) -> object:
    try:
        return here[step]  # type: ignore[index]  # whatever the file held; a step that leads nowhere is caught
    except (LookupError, TypeError):
        return None


def _called(entry: object) -> str:
    """The name an entry of a list goes by, so that nobody has to count: its id, its code or its clock."""
    names = (entry.get(key) for key in ("id", "code", "clock")) if isinstance(entry, dict) else ()
    return next((f" ({name})" for name in names if name), "")
