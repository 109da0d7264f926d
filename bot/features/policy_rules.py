"""What the policy says about something: its rules by words, and its silences."""

from collections.abc import Iterable

from bot.cards import Card, Fact, Note, Reply, Submission, Tone
from bot.clocks.calendar import short_date
from bot.features.practice_values import answer_of, label_of
from bot.policy.pack import Pack, Rule
from bot.policy.terms import Action, Carried, Stance
from bot.views import upkeeps
from bot.views.parts import clock_label, policy_label
from bot.work import Work

SHOWN = 8


CARRIED = {
    Carried.ENFORCES: "I hold to it",
    Carried.REMINDS: "I remind of it",
    Carried.ASSISTS: "I help with it; a person decides",
    Carried.INFORMS: "I show it",
    Carried.PLANNED: "nothing yet",
}


def show(sent: Submission, work: Work) -> Reply:
    """Search the rules; with no words, what the policy is and what it leaves silent."""
    _ = work.actor
    pack = work.pack
    words = sent.subject.casefold().split()
    if not words:
        return Reply(cards=(_overview(pack, work),))
    found = [rule for rule in pack.rules if _speaks_of(rule, words)]
    if not found:
        return Reply(
            cards=(
                Card(
                    title="The policy has no rule with those words",
                    body=f"{pack.about.name} · {pack.about.title}. Try one word, or “policy” alone for an overview.",
                ),
            )
        )
    return Reply(
        cards=tuple(
            Card(
                title=rule.label,
                facts=(
                    Fact(label="Rule", value=rule.id),
                    Fact(label="For", value=", ".join(rule.audience)),
                    Fact(label="What I do", value=CARRIED[rule.carried]),
                ),
                notes=(Note.of(work.book.cite(rule.id, on=work.today)),),
            )
            for rule in found[:SHOWN]
        ),
        headline=f"{len(found)} rules; the first {SHOWN} are shown." if len(found) > SHOWN else "",
    )


def _speaks_of(rule: Rule, words: list[str]) -> bool:
    text = f"{rule.id} {rule.label} {rule.section} {rule.item} {rule.note} {rule.needle}".casefold()
    return all(word in text for word in words)


def _or(actions: Iterable[Action]) -> str:
    return " or ".join(action.value.replace("_", " ") for action in actions)


def _looked_at(work: Work) -> tuple[Fact, ...]:
    """When the Director last confirmed which version is in force, where the policy's own date asks for that."""
    for line in upkeeps.lines(work):
        if line.wanted.code == "policy_review" and line.last is not None:
            said = f"{line.last.words}, confirmed by {work.name(line.last.by)} for {short_date(line.last.on)}"
            return (Fact(label="Looked at", value=said),)
    return ()


def _overview(pack: Pack, work: Work) -> Card:
    silences = [clock for clock in pack.clocks if clock.stance is not Stance.STATED]
    unnamed = [decider for decider in pack.deciders if decider.stance is not Stance.STATED]
    return Card(
        title=f"{pack.about.title}, {pack.about.name}",
        facts=(
            Fact(label="Adopted", value=pack.about.adopted),
            Fact(label="Version in force", value=policy_label(pack.version)),
            *_looked_at(work),
            Fact(label="Rules", value=str(len(pack.rules))),
            Fact(label="Grounds to take content down", value="; ".join(ground.label for ground in pack.grounds)),
            Fact(label="Grounds for a block", value="; ".join(g.label for g in pack.block_grounds) or "none stated"),
        ),
        notes=(
            *(Note(text=f"{clock_label(silence.name)}: {silence.why}", tone=Tone.MISSING) for silence in silences),
            *(
                Note(text=f"Who decides to {_or(decider.actions)}: {decider.why}", tone=Tone.MISSING)
                for decider in unnamed
            ),
            *(
                Note(
                    text=f"{label_of(practice.key)}: {answer_of(practice.key, practice.value, work)}, {practice.label}",
                    tone=Tone.PRACTICE,
                )
                for practice in work.book.practices.values()
            ),
        ),
    )
