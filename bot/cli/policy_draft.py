"""A policy pack written from what a librarian answers; whatever is not answered becomes a recorded silence.

The answers are plain data (:class:`Told`), so that they can be asked at a terminal or read from a TOML file. Each thing
that is stated comes with where it stands, and becomes a rule.
"""

import json
import re
from collections.abc import Iterable, Mapping

from bot.cli.policy_answers import Stated, Told, ToldPeriod
from bot.clocks.arithmetic import parse_period
from bot.policy.terms import QUESTIONS, Action, ClockKind, ClockName, Event, Role
from bot.policy.values import Span
from bot.refusal import Mistake

SILENT = "The policy does not say"
ACTS = (Event.CONTENT_REMOVED, Event.CONTENT_HIDDEN, Event.CONTENT_PARTLY_REMOVED, Event.PUBLICATION_DECLINED)
KINDS = {
    ClockName.APPEAL_BY: ClockKind.RIGHT,
    ClockName.REINSTATEMENT_FROM: ClockKind.OPENS,
    ClockName.RESTORE_CONTENT_FROM: ClockKind.OPENS,
    ClockName.RETAIN_THROUGH: ClockKind.RETENTION,
}
"""What each clock means; every other is a duty."""

_MEETING = re.compile(
    r"(?:(?P<span>.+?) (?P<way>after|before) )?(?:the )?next (?:regular )?(?:board )?meeting", re.IGNORECASE
)


def written(told: Told) -> str:
    """The pack as the text of a TOML file, with every question answered, if only as silent.

    :raises Mistake: a period is not one
    """
    return _Writer(told).text()


def period_of(text: str) -> dict[str, object]:
    """A period as a pack holds it, from the words a librarian writes.

    :raises Mistake: it is not a period
    """
    meeting = _MEETING.fullmatch(text.strip())
    if not meeting:
        n, unit = parse_period(text)
        return {"n": n, "unit": unit.value}
    found: dict[str, object] = {"n": 1, "unit": "meetings"}
    if meeting["span"]:
        n, unit = parse_period(meeting["span"])
        found[f"{meeting['way'].lower()}_that"] = Span(n=n, unit=unit).model_dump(mode="json")
    return found


class _Writer:
    """Writes one pack; hands out a rule for every place that is named."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._letter = next((letter for letter in told.short.upper() if letter.isascii() and letter.isalpha()), "R")
        self._rules: dict[tuple[str, str], tuple[str, Stated, str]] = {}
        self._parts: list[str] = []
        self._answered: set[tuple[Event, ClockName]] = set()

    def text(self) -> str:
        told = self._told
        self._rule(Stated(label=f"The version in force from {told.since.isoformat()}", section="Title"), "informs")
        self._grounds()
        self._who()
        self._appeals()
        self._clocks()
        self._besides()
        about = {
            key: getattr(told, key)
            for key in ("name", "short", "zone", "state", "executive", "board", "title", "adopted")
        }
        head = f"# {told.name}: {told.title}.\n#\n# Labels are our own words. A rule's needle finds its one sentence.\n"
        top = "\n".join([head, f"since = {told.since.isoformat()}", "grounds_open = false", ""])
        if not told.grounds:
            top += "grounds = []\n"
        rules = [
            _table(
                "[rules]",
                {
                    "id": rule,
                    "label": stated.label,
                    "kind": "A",
                    "audience": ["public"],
                    "modality": modality,
                    "section": stated.section,
                    "needle": stated.needle,
                },
            )
            for rule, stated, modality in self._rules.values()
        ]
        return "\n".join([top, _table("about", about), *self._parts, *rules]).rstrip() + "\n"

    def _rule(self, stated: Stated, modality: str = "will") -> str:
        place = (stated.section, stated.needle or stated.label)
        if place not in self._rules:
            self._rules[place] = (f"{self._letter}{len(self._rules) + 1:02d}", stated, modality)
        return self._rules[place][0]

    def _add(self, name: str, values: Mapping[str, object]) -> None:
        self._parts.append(_table(name, values))

    def _silent(self, name: str, why: str, **more: object) -> None:
        self._add(name, {**more, "stance": "silent", "why": why})

    def _grounds(self) -> None:
        codes = _Codes()
        for ground in self._told.grounds:
            rule = self._rule(ground, ground.modality)
            values = {"code": codes.of(ground.label), "label": ground.label, "rule": rule, "modality": ground.modality}
            self._add("[grounds]", values)
        if self._told.block:
            self._add("block", {"rule": self._rule(self._told.block, "may")})
        else:
            self._silent("block", f"{SILENT} that a person may be blocked")
        codes = _Codes()
        for block_ground in self._told.block_grounds:
            values = {"code": codes.of(block_ground.label), "label": block_ground.label}
            gate: dict[str, object] = (
                {"occasions": block_ground.occasions, "counted": True} if block_ground.occasions else {}
            )
            gate |= {"look_back": period_of(block_ground.look_back)} if block_ground.look_back else {}
            gate |= {"investigation": True} if block_ground.investigation else {}
            self._add("[block_grounds]", {**values, "rule": self._rule(block_ground, "may"), **gate})

    def _who(self) -> None:
        for action, decider in self._told.deciders.items():
            named = {"actions": [action], "rule": self._rule(decider), "roles": list(decider.roles)}
            body = {"body": "panel"} if decider.panel else {}
            limit = {"up_to": period_of(decider.up_to)} if decider.up_to and decider.longer else {}
            self._add("[deciders]", {**named, "designee": decider.designee, **body, **limit})
            if limit:
                self._add("[deciders]", {**named, "roles": list(decider.longer)})
        rest = [action for action in Action if action not in self._told.deciders]
        if rest:
            self._silent("[deciders]", f"{SILENT} who decides this", actions=rest)
        for action, notice in self._told.notices.items():
            self._add("[notices]", {"actions": [action], "rule": self._rule(notice), "duty": notice.duty})
        rest = [action for action in Action if action not in self._told.notices]
        if rest:
            self._silent("[notices]", f"{SILENT} whether the person is told", actions=rest)

    def _appeals(self) -> None:
        told = self._told
        if told.appeal:
            values: dict[str, object] = {
                "rule": self._rule(told.appeal, "may"),
                "against": list(told.appeal.against),
                "filed_with": told.appeal.filed_with,
                "decided_by": told.appeal.decided_by,
                "forms": list(told.appeal.forms),
                "deadline": told.appeal.window.period if told.appeal.window else "none is stated",
            }
            values |= {"late": told.appeal.late} if told.appeal.late else {}
            self._add("appeal", values | ({} if told.appeal.final is None else {"final": told.appeal.final}))
        else:
            self._silent("appeal", f"{SILENT} that anything can be appealed")
        if told.appeal and told.appeal_board:
            board: dict[str, object] = {"level": "board", "rule": self._rule(told.appeal_board, "may")}
            board["decided_by"] = Role.BOARD_CHAIR
            final = {} if told.appeal_board.final is None else {"final": told.appeal_board.final}
            self._add("[appeal.further]", board | {"filed_with": Role.BOARD_CHAIR, "body": "board"} | final)
        if told.reinstatement:
            asked = {"asked_of": told.reinstatement.asked_of} if told.reinstatement.asked_of else {}
            self._add("reinstatement", {"rule": self._rule(told.reinstatement, "may"), **asked})
        else:
            self._silent("reinstatement", f"{SILENT} that a blocked person may come back")
        if told.retention:
            self._add("[retention]", {"records": "What came down", "rule": self._rule(told.retention)})
        elif told.retention_by_law:
            law, why = told.retention_by_law, "The policy leaves it to an outside law or schedule"
            delegated = {"stance": "delegated", "rule": self._rule(law), "why": why, "authority": law.authority}
            self._add("[retention]", {"records": "What came down", **delegated})
        else:
            self._silent("[retention]", f"{SILENT} how long this is kept", records="What came down")
        if told.complaints:
            reports = {"report_to": list(told.complaints.report_to)}
            self._add("complaints", {"rule": self._rule(told.complaints, "must_not"), "protected": True, **reports})
        else:
            self._silent("complaints", f"{SILENT} that complaints are protected")

    def _besides(self) -> None:
        """What most policies do not say: a ladder, protected speech, statements, duties, closed days, rules apart."""
        told = self._told
        if told.ladder:
            look_back = {"look_back": period_of(told.ladder_look_back)} if told.ladder_look_back else {}
            self._add("sanctions", {"rule": self._rule(told.ladder[0]), **look_back})
        codes = _Codes()
        for step in told.ladder:
            term: dict[str, object] = {"term": "permanent" if step.for_good else "none"}
            if step.length:
                term = {"term": "fixed", "length": period_of(step.length), "ends": "by_itself"}
            act = Action.BLOCK if step.length or step.for_good else Action.WARN
            named = {"code": codes.of(step.label), "label": step.label, "occasion": step.occasion, "action": act}
            self._add("[sanctions.steps]", {**named, "rule": self._rule(step), **term})
        codes = _Codes()
        for protection in told.protections:
            values = {"code": codes.of(protection.label), "label": protection.label, "rule": self._rule(protection)}
            self._add("[protections]", {**values, "effect": "veto" if protection.stays_up else "flag"})
        codes = _Codes()
        for one in told.statements:
            values = {"code": codes.of(one.label), "label": one.label, "rule": self._rule(one)}
            self._add("[statements]", {**values, "where": list(one.where), "begins": one.begins, "ends": one.ends})
        codes = _Codes()
        for duty in told.duties:
            values = {"code": codes.of(duty.label), "label": duty.label, "rule": self._rule(duty)}
            times = {"every": duty.every, "within": duty.within}
            spans = {name: period_of(period) for name, period in times.items() if period}
            self._add("[duties]", {**values, "to": list(duty.to), **spans})
        if told.days:
            self._add("days", {"rule": self._rule(told.days), "closed_last_day": told.days.closed_last_day})
        for tie in told.ties:
            self._add("[ties]", {"rules": [self._rule(tie.first), self._rule(tie.second)], "label": tie.label})

    def _clocks(self) -> None:
        told, appeal, board = self._told, self._told.appeal, self._told.appeal_board
        if appeal and appeal.window:
            starts = [Event.NOTICE_SENT] if appeal.window_from == "notice" else _started_by(appeal.against)
            self._clock(ClockName.APPEAL_BY, starts, appeal.window, verb="may")
        if appeal and appeal.decision:
            self._clock(ClockName.DECIDE_APPEAL_BY, [Event.APPEAL_RECEIVED], appeal.decision)
        if appeal and board:
            levels = {
                ClockName.APPEAL_BY: (Event.APPEAL_DECIDED, board.window),
                ClockName.DECIDE_APPEAL_BY: (Event.APPEAL_RECEIVED, board.decision),
                ClockName.PAPERS_BY: (Event.APPEAL_RECEIVED, board.papers),
            }
            for clock, (event, period) in levels.items():
                if period:
                    self._clock(clock, [event], period, level="board")
                elif clock is not ClockName.PAPERS_BY:
                    kind = KINDS.get(clock, ClockKind.DUTY)
                    more = {"clock": clock, "level": "board", "on": [event], "kind": kind}
                    self._silent("[clocks]", f"{SILENT} in what time", **more)
        if told.reinstatement:
            self._clock(ClockName.REINSTATEMENT_FROM, [Event.BLOCK_APPLIED], told.reinstatement, verb="may")
        if told.retention:
            self._clock(ClockName.RETAIN_THROUGH, ACTS, told.retention)
        if told.reply:
            self._clock(ClockName.REPLY_BY, [Event.QUESTION_RECEIVED], told.reply)
        self._silences(from_notice=bool(appeal and appeal.window and appeal.window_from == "notice"))

    def _clock(
        self, clock: ClockName, on: Iterable[Event], told: ToldPeriod, *, level: str = "", verb: str = "will"
    ) -> None:
        events = list(on)
        self._answered |= {(event, clock) for event in events if not level}
        named = {"clock": clock, **({"level": level} if level else {}), "on": events}
        bound = {"bound": "at_least"} if told.at_least else {}
        values = {"kind": KINDS.get(clock, ClockKind.DUTY), "rule": self._rule(told, verb), **period_of(told.period)}
        self._add("[clocks]", {**named, **values, **bound, "verb": verb})

    def _silences(self, *, from_notice: bool) -> None:
        """A recorded silence for every question about a due date that nobody answered."""
        unanswered: dict[ClockName, list[Event]] = {}
        for event, clocks in QUESTIONS.items():
            for clock in clocks:
                by_notice = from_notice and clock is ClockName.APPEAL_BY
                if (event, clock) not in self._answered and not by_notice:
                    unanswered.setdefault(clock, []).append(event)
        for clock, events in unanswered.items():
            kind = KINDS.get(clock, ClockKind.DUTY)
            self._silent("[clocks]", f"{SILENT} in what time", clock=clock, on=events, kind=kind)


class _Codes:
    """Short names for labels, each given once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def of(self, label: str) -> str:
        words = re.findall(r"[a-z]+", label.casefold())
        code = "_".join(words[:4]) or "ground"
        number = 2
        while code in self._given:
            code, number = f"{'_'.join(words[:4]) or 'ground'}_{number}", number + 1
        self._given.add(code)
        return code


def _started_by(against: Iterable[Action]) -> list[Event]:
    events = {
        Action.REMOVE: Event.CONTENT_REMOVED,
        Action.HIDE: Event.CONTENT_HIDDEN,
        Action.REMOVE_IN_PART: Event.CONTENT_PARTLY_REMOVED,
        Action.DECLINE: Event.PUBLICATION_DECLINED,
        Action.BLOCK: Event.BLOCK_APPLIED,
    }
    found = [events[action] for action in against if action in events]
    if not found:
        raise Mistake("An appeal is against something: name remove, hide, remove_in_part, decline_to_publish or block.")
    return found


def _table(name: str, values: Mapping[str, object]) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in values.items() if value not in ("", [], None)]
    return "\n".join([f"[{name}]", *lines, ""])


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(_value(one) for one in value)}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {_value(held)}' for key, held in value.items())} }}"
        case _:
            return json.dumps(str(value), ensure_ascii=False)
