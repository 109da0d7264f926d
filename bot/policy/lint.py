"""What a careful reader would ask about a policy: contradictions, ambiguities, silences, risky words, stale facts.

Nothing here is a mistake of the file, and nothing stops the program: a finding says what to settle, with its rules and
a remedy. Without the library's document only the pack is read; with it the bound sentences are read as well.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.policy.document import bind
from bot.policy.pack import Answer, AppealRule, ClockRule, FurtherLevel, Pack, Rule
from bot.policy.practices import fills
from bot.policy.terms import Action, ClockKind, ClockName, Modality, Stance, Track, Unit
from bot.policy.values import DAYS_IN
from bot.policy.vocabulary import STRUCK, VAGUE, closed_platforms, words_in

REVIEWED_EVERY = 5
"""Years after which a policy is called old. Library practice, not in any policy: an option of the command."""
BOARD_MEETS = 35
"""Days within which a Board that meets once a month may not meet at all."""

CHOOSE = "Ask the Board to decide it; until then choose it in setup as library practice, which is labelled so."
LEFT_TO_PEOPLE = "Ask the Board to decide it; until then a person decides it each time, and nothing is chosen in setup."

_COPY_KEPT = re.compile(r"\b(copy|content|comes down)\b.*\b(kept|retained)\b")
_NOT_KEPT = re.compile(r"\bnot (be )?(kept|retained|stored)\b")


class Sort(StrEnum):
    """What kind of question a finding is."""

    CONTRADICTION = "contradiction"
    AMBIGUITY = "ambiguity"
    SILENCE = "silence"
    COURT_SENSITIVE = "court_sensitive"
    STALE = "stale"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing to settle. ``code`` is stable (``silence.appeal.minors``), so that lists can be compared."""

    code: str
    says: str
    remedy: str
    rules: tuple[str, ...] = ()

    @property
    def sort(self) -> Sort:
        """Its kind, which is the first part of its code."""
        return Sort(self.code.partition(".")[0])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """What each rule says: our labels, and its sentence where the document is at hand."""

    labels: Mapping[str, str]
    sentences: Mapping[str, str]

    @classmethod
    def of(cls, pack: Pack, sentences: Mapping[str, str]) -> "_Said":
        labels = {rule.id: [rule.label] for rule in pack.rules}
        for rule, label in _grounds(pack):
            labels[rule].append(label)
        return cls(labels={rule: "\n".join(held) for rule, held in labels.items()}, sentences=sentences)

    def text(self, rule: str) -> str:
        return f"{self.labels[rule]}\n{self.sentences.get(rule, '')}".casefold()

    def same(self, rule: str) -> str:
        """What rules that stand in one sentence have in common; else the rule itself."""
        return self.sentences.get(rule, rule)

    def words(self, rule: Rule, known: Mapping[str, str], listed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """The words of a list in a rule: those the pack lists; where it lists none, those that are found.

        A word of a sentence for which another rule already lists words is that rule's, and not this one's.
        """
        if listed[rule.id]:
            return listed[rule.id]
        others = {self.same(other) for other, words in listed.items() if words}
        sentence = "" if self.same(rule.id) in others else self.sentences.get(rule.id, "")
        return words_in(f"{self.labels[rule.id]}\n{sentence}", known)


def lint(pack: Pack, *, today: date, text: str = "", years: int = REVIEWED_EVERY) -> tuple[Finding, ...]:
    """Everything in a policy that a careful reader would ask about, kind by kind.

    :param today: the local day, to say how old the policy is
    :param text: the library's own document, so that its sentences are read and not only the pack's labels
    """
    said = _Said.of(pack, bind(pack, text).sentences if text else {})
    found = [
        *_contradictions(pack, said),
        *_ambiguities(pack, said),
        *_silences(pack),
        *_court_sensitive(pack, said),
        *_stale(pack, text, today=today, years=years),
    ]
    order = list(Sort)
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: order.index(finding.sort)))


def _contradictions(pack: Pack, said: _Said) -> Iterator[Finding]:
    declared = {frozenset(said.same(rule) for rule in tie.rules) for tie in pack.ties}
    declared |= {frozenset(tie.rules) for tie in pack.ties}
    within_a_sentence = set(_advice_of_a_board_that_may_not_meet(pack))
    for tie in pack.ties:
        yield _apart(tie.rules, tie.label, settled=True)
    derived = (
        *_copies_that_are_not_to_be_kept(pack, said),
        *_advice_of_a_board_that_may_not_meet(pack),
        *_the_same_office_twice(pack),
        *_a_condition_and_none(pack),
        *_copies_of_what_may_not_be_copied(pack, said),
        *_opinions_and_a_catch_all(pack),
    )
    for rules, label in derived:
        pair = frozenset(said.same(rule) for rule in rules)
        if (rules, label) in within_a_sentence:
            pair = frozenset(rules)
        if len(pair) > 1 and pair not in declared:
            declared.add(pair)
            yield _apart(rules, label, settled=False)


def _apart(rules: tuple[str, str], label: str, *, settled: bool) -> Finding:
    shown = "The program shows both and asks which was applied, and why, until the Board settles it."
    add = "Say under ties that they pull apart, so that both are shown; or have the Board settle it."
    return Finding(
        code=f"contradiction.{'-'.join(sorted(rules))}",
        says=f"{rules[0]} and {rules[1]} pull apart: {label}.",
        remedy=shown if settled else add,
        rules=rules,
    )


Pair = tuple[tuple[str, str], str]


def _copies_that_are_not_to_be_kept(pack: Pack, said: _Said) -> Iterator[Pair]:
    kept = [rule.id for rule in pack.rules if _COPY_KEPT.search(said.text(rule.id))]
    not_kept = [rule.id for rule in pack.rules if _NOT_KEPT.search(said.text(rule.id))]
    for one in kept:
        for other in not_kept:
            if one != other:
                yield (one, other), "one says that a copy is kept, the other that what people share is not"


def _advice_of_a_board_that_may_not_meet(pack: Pack) -> Iterator[Pair]:
    for level in pack.appeal.levels:
        decided = [
            rule for rule in pack.clocks if rule.clock is ClockName.DECIDE_APPEAL_BY and rule.level == level.level
        ]
        asked = pack.appeal.rule_of("consult", level=level.level)
        for rule in decided:
            if (
                level.consult == "board"
                and _about_days(rule)
                and _about_days(rule) < BOARD_MEETS
                and rule.rule != asked
            ):
                yield (
                    (asked, rule.rule),
                    f"an answer within {rule.period}, and advice of a Board that may meet once a month",
                )


def _about_days(rule: ClockRule) -> float:
    if rule.n is None or rule.unit is None or rule.unit is Unit.MEETINGS:
        return 0
    return float(rule.n * DAYS_IN[rule.unit])


def _the_same_office_twice(pack: Pack) -> Iterator[Pair]:
    level = pack.appeal
    if level.stance is not Stance.STATED or level.same_decider is not None or level.body or level.decided_by is None:
        return
    for action in (Action.BLOCK, Action.REMOVE):
        first = pack.decider(action)
        decided = level.rule_of("decided_by")
        if action in level.against and level.decided_by in first.roles and first.rule != decided:
            yield (
                (first.rule, decided),
                "the office that decides first also decides the appeal, and nothing is said of it",
            )


def _a_condition_and_none(pack: Pack) -> Iterator[Pair]:
    gated = [ground for ground in pack.block_grounds if ground.occasions > 1 or ground.investigation or ground.warned]
    free = [ground for ground in pack.block_grounds if ground not in gated and ground.listed and not ground.severe]
    for one in gated:
        for other in free:
            if one.rule != other.rule:
                label = f"“{one.label}” sets a condition for a block, “{other.label}” none"
                yield (one.rule, other.rule), label


def _copies_of_what_may_not_be_copied(pack: Pack, said: _Said) -> Iterator[Pair]:
    for ground in pack.grounds:
        if ground.track is Track.CHILD_SAFETY:
            for rule in sorted(pack.rules, key=lambda rule: not _COPY_KEPT.search(said.labels[rule.id].casefold())):
                if _COPY_KEPT.search(said.text(rule.id)) and rule.id != ground.rule:
                    yield (rule.id, ground.rule), "what is prohibited is kept, and this must never be copied"


def _opinions_and_a_catch_all(pack: Pack) -> Iterator[Pair]:
    for protection in pack.protections:
        for ground in pack.grounds:
            if ground.open_ended and ground.rule != protection.rule:
                yield (
                    (protection.rule, ground.rule),
                    f"“{protection.label}” is protected, and “{ground.label}” may come down",
                )


def _ambiguities(pack: Pack, said: _Said) -> Iterator[Finding]:
    taken: dict[str, list[str]] = {}
    numbers: Counter[str] = Counter()
    for answer in _answers(pack):
        if answer.stance is Stance.STATED:
            for assumed in answer.assumed:
                taken.setdefault(assumed, []).append(answer.rule)
    for assumed, rules in taken.items():
        numbers[rules[0]] += 1
        yield Finding(
            code=f"ambiguity.taken.{rules[0]}.{numbers[rules[0]]}",
            says=f"Left open, and read so: {assumed}",
            remedy="Have the Board say it. Until then the program prints this reading beside every date.",
            rules=tuple(dict.fromkeys(rules)),
        )
    for clock in pack.clocks:
        if clock.has_length and clock.verb is Modality.MAY and clock.kind is ClockKind.DUTY:
            yield Finding(
                code=f"ambiguity.may.{clock.name}",
                says=f"{clock.rule} says that it may be done in {clock.period}, not that it has to be.",
                remedy="Write “will” if it is a duty; if it is none, say what follows when the time has passed.",
                rules=(clock.rule,),
            )
        if clock.qualifier and clock.stance is Stance.STATED:
            yield Finding(
                code=f"ambiguity.qualifier.{clock.name}",
                says=f"“{clock.qualifier}” leaves open when {clock.period} hold.",
                remedy="Say in which cases the time does not run, and who decides that.",
                rules=(clock.rule,),
            )
    yield from _vague_words(pack, said)


def _vague_words(pack: Pack, said: _Said) -> Iterator[Finding]:
    duties = {duty.rule: duty.when for duty in pack.duties}
    listed = {rule.id: rule.vague for rule in pack.rules}
    looked_at = {rule for rule, _ in _grounds(pack)} | duties.keys()
    looked_at |= {clock.rule for clock in pack.clocks if clock.kind is ClockKind.DUTY and clock.has_length}
    for rule in pack.rules:
        found = said.words(rule, VAGUE, listed) if rule.id in looked_at else rule.vague
        words = found or words_in(duties.get(rule.id, ""), VAGUE)
        if words:
            yield Finding(
                code=f"ambiguity.word.{rule.id}",
                says=f"{_quoted(words)} in {rule.id}: the policy does not say what that means.",
                remedy="Give a number, a list or an example, or say who decides.",
                rules=(rule.id,),
            )


def _silences(pack: Pack) -> Iterator[Finding]:
    yield from _nobody_named(pack)
    yield from _no_duty_to_tell(pack)
    appeal = pack.appeal
    if appeal.stance is not Stance.STATED:
        yield _silent("appeal", "whether a removal or a block can be appealed", appeal)
    else:
        yield from _no_period(pack, ClockName.APPEAL_BY, "appeal.window", "by when an appeal has to be made")
        yield from _no_period(pack, ClockName.DECIDE_APPEAL_BY, "appeal.decision", "by when an appeal is answered")
        if any(rule.clock is ClockName.APPEAL_BY and rule.has_length for rule in pack.clocks) and appeal.late is None:
            yield _silent("appeal.late", "what becomes of an appeal that comes late", appeal)
    for level in appeal.levels or (appeal,):
        yield from _unsaid_of_a_level(level)
    if pack.reinstatement.stance is not Stance.STATED:
        yield _silent("reinstatement", "whether a blocked person may come back", pack.reinstatement)
    if not any(rule.clock is ClockName.RETAIN_THROUGH and rule.has_length for rule in pack.clocks):
        kept = next((rule for rule in pack.clocks if rule.clock is ClockName.RETAIN_THROUGH), None)
        yield _silent("retention", "for how long what comes down is kept, in a number", kept)


def _nobody_named(pack: Pack) -> Iterator[Finding]:
    whose = {
        Action.REMOVE: "who decides that content comes down",
        Action.BLOCK: "who decides a block",
        Action.REINSTATE: "who decides whether a blocked person comes back",
    }
    for action, question in whose.items():
        decider = pack.decider(action)
        if decider.stance is not Stance.STATED:
            yield _silent(f"decider.{action.value}", question, decider)


def _no_duty_to_tell(pack: Pack) -> Iterator[Finding]:
    for action, what in ((Action.REMOVE, "their post came down"), (Action.BLOCK, "they are blocked")):
        notice = pack.notice(action)
        if notice.duty != "required":
            yield _silent(f"notice.{action.value}", f"that a person has to be told that {what}", notice)


def _no_period(pack: Pack, clock: ClockName, code: str, question: str) -> Iterator[Finding]:
    """Silent where no act the level is against starts a period for it, and neither does the notice of one."""
    for level in pack.appeal.levels:
        rules = [rule for rule in pack.clocks if rule.clock is clock and rule.level == level.level]
        if not any(rule.has_length or rule.stance in {Stance.UNLIMITED, Stance.NONE} for rule in rules):
            suffix = f".{level.level}" if level.level else ""
            yield _silent(f"{code}{suffix}", question, rules[0] if rules else level)


def _unsaid_of_a_level(level: AppealRule | FurtherLevel) -> Iterator[Finding]:
    asked = {
        "handle_only": (level.handle_only, "whether somebody known only by a handle may appeal"),
        "minors": (level.minors, "who may appeal for a minor"),
        "if_missed": (level.if_missed, "what follows when the day to answer is missed"),
        "same_decider": (
            level.same_decider or level.body,
            "whether whoever decided first may decide the appeal as well",
        ),
    }
    suffix = f".{level.level}" if level.level else ""
    for name, (value, question) in asked.items():
        if value is None:
            yield _silent(f"appeal.{name}{suffix}", question, level)


def _silent(what: str, question: str, answer: Answer | None) -> Finding:
    return Finding(
        code=f"silence.{what}",
        says=f"The policy does not say {question}.",
        remedy=CHOOSE if fills(what) else LEFT_TO_PEOPLE,
        rules=(answer.rule,) if answer and answer.rule else (),
    )


def _court_sensitive(pack: Pack, said: _Said) -> Iterator[Finding]:
    listed = {rule.id: rule.struck for rule in pack.rules}
    looked_at = {rule for rule, _ in _grounds(pack)}
    protecting = {said.same(protection.rule) for protection in pack.protections}
    for rule in pack.rules:
        words = said.words(rule, STRUCK, listed) if rule.id in looked_at else rule.struck
        if not words and said.same(rule.id) in protecting:  # a protection that ends where such a word begins
            words = words_in(said.labels[rule.id], STRUCK)
        if words:
            yield Finding(
                code=f"court_sensitive.{rule.id}",
                says=f"{_quoted(words)} in {rule.id}: courts have struck down, or distrust, rules on such words.",
                remedy="Name the conduct and not the feeling it causes, apply it to every view alike, and ask counsel.",
                rules=(rule.id,),
            )


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def _stale(pack: Pack, text: str, *, today: date, years: int) -> Iterator[Finding]:
    if pack.about.undated:
        yield Finding(
            code="stale.undated",
            says="The policy bears no date, so nobody can say which version governs which day.",
            remedy="Have the Board date it.",
        )
    elif today - pack.since > timedelta(days=365.25 * years):
        yield Finding(
            code="stale.adopted",
            says=f"The policy is of {pack.since.isoformat()}, more than {years} years ago.",
            remedy="Put its review on the Board's agenda.",
        )
    for platform, closed in closed_platforms("\n".join([*pack.about.platforms, text])):
        yield Finding(
            code=f"stale.platform.{platform}",
            says=f"{platform} is named and closed on {closed.isoformat()}.",
            remedy="Take it out of the policy, and out of the list of accounts.",
        )


def _grounds(pack: Pack) -> Iterator[tuple[str, str]]:
    """The rule and the label of every ground, for content and for a block."""
    yield from ((ground.rule, ground.label) for ground in pack.grounds)
    yield from ((ground.rule, ground.label) for ground in pack.block_grounds)


def _answers(pack: Pack) -> Iterator[Answer]:
    yield from pack.clocks
    yield from (pack.block, pack.appeal, *pack.appeal.further, pack.reinstatement, pack.sanctions, pack.days)
    yield from pack.deciders
    yield from pack.notices
    yield from pack.retention
    yield from pack.duties
