"""What a policy asks about a ground before something comes down under it, as its pack states it.

A condition that is not met, or speech that the policy never takes down, stops the removal. The category that was
attacked is named; of what is protected in general somebody says why it comes down all the same; of a catch-all, why no
listed rule fits. Where the policy follows the federal procedure for copyright complaints, the notice is read first.
"""

from collections.abc import Iterable

from bot.cards import Field, FieldKind, Note, Option, Submission, Tone
from bot.cases.follow_up import FollowUpKind
from bot.cases.incident import Incident
from bot.cases.task import TaskKind
from bot.features.following_up import duty, keep, rules_of
from bot.policy.pack import Ground, Pack, Protection
from bot.policy.terms import Track
from bot.refusal import Mistake, Refusal
from bot.views.copyright_elements import ELEMENTS, PROCEDURE, missing, ticks
from bot.views.incidents import MEASURED_AGAINST
from bot.work import Work

SAME_PERSON = "duplicate"
"""The ground whose one condition is asked in words of its own."""
OTHER = "other"
"""The category that stands for those a policy does not name."""
OVERRIDE = "incident.override"
"""Where it is known to be a complaint, and the Director answers for it with a statement."""


def fields(grounds: tuple[Ground, ...], pack: Pack, sent: Submission, work: Work) -> tuple[Field, ...]:
    """Everything these grounds ask."""
    asked = [_veto(one) for one in vetoes(pack, sent)]
    for ground in grounds:
        asked += [_condition(ground, number, said) for number, said in _conditions(ground)]
        asked += _categories(ground)
        if ground.open_ended:
            asked.append(_unlisted(ground))
    asked += [_flag(one) for one in flags(grounds, pack, work)]
    if _reads_notice(grounds, sent, work):
        asked += [
            Field(
                name="notice_read",
                label="Was the copyright notice read against the six elements?",
                kind=FieldKind.YES_NO,
                required=True,
                hint="The federal procedure begins with a notice. What it lacks is said; nothing is decided by it.",
            ),
            ticks(ELEMENTS),
        ]
    return tuple(asked)


def notes(grounds: tuple[Ground, ...], pack: Pack, sent: Submission, work: Work) -> tuple[Note, ...]:
    """What a post is measured against, and where the protections that are asked about stand."""
    found = [
        Note(text=f"{ground.label}: measured against {MEASURED_AGAINST[ground.relevance]}.")
        for ground in grounds
        if ground.relevance
    ]
    found += [
        Note(text=f"{ground.label}: a catch-all. A listed rule, if one fits, is safer.", tone=Tone.WARNING)
        for ground in grounds
        if ground.open_ended
    ]
    rules = [one.rule for one in (*vetoes(pack, sent), *flags(grounds, pack, work))]
    if _reads_notice(grounds, sent, work):
        rules += rules_of(PROCEDURE, work=work)
    return (*found, *(Note.of(work.book.cite(rule, on=work.today)) for rule in dict.fromkeys(rules)))


def check(grounds: tuple[Ground, ...], pack: Pack, sent: Submission, work: Work) -> None:
    """Refuse what lacks a condition of its ground, and what the policy never takes down.

    :raises Refusal: with the clause
    :raises Mistake: the category that was attacked has no name, or the copyright notice was not read
    """
    for one in vetoes(pack, sent):
        if sent.yes(f"veto_{one.code}"):
            raise Refusal(
                "It stays up: the policy never has this taken down. If it is a complaint, report it as one, and "
                "somebody answers it.",
                under=work.book.cite(one.rule, on=work.today),
            )
    for ground in grounds:
        for number, said in _conditions(ground):
            if not sent.yes(f"condition_{number}_{ground.code}"):
                raise Refusal(
                    f"It stays up under this rule: “{ground.label}” holds only for what is {said}. Choose another "
                    "rule if one fits.",
                    under=work.book.cite(ground.rule, on=work.today),
                )
        if OTHER in sent.chosen(f"class_{ground.code}") and not sent.text(f"basis_{ground.code}"):
            raise Mistake("Which category is it?", beside={f"basis_{ground.code}": "Name the category in a few words."})
    if _reads_notice(grounds, sent, work) and not sent.yes("notice_read"):
        said = "Read it first: “Read the notice” on the report lists the six."
        raise Mistake("The notice was not read.", beside={"notice_read": said})


def refuse_child_safety(grounds: Iterable[Ground], work: Work) -> None:
    """Refuse to keep a copy, and to take down in the ordinary way, what belongs behind the wall.

    :raises Refusal: with the clause
    """
    for ground in grounds:
        if ground.track is Track.CHILD_SAFETY:
            raise Refusal(
                "Nothing of this is copied. Report it as child safety: answer Yes to “could this show the sexual abuse "
                "of a child”. Nothing was kept.",
                under=work.book.cite(ground.rule, on=work.today),
            )


def keep_notice(ref: str, grounds: tuple[Ground, ...], sent: Submission, work: Work) -> None:
    """Keep what the copyright notice holds and lacks, where it was read with the removal."""
    if not _reads_notice(grounds, sent, work):
        return
    lacking = "; ".join(missing(ELEMENTS, sent)) or "nothing"
    rules = rules_of(PROCEDURE, work=work)
    keep(FollowUpKind.NOTICE_CHECKED, ref, work, particulars={"Missing": lacking}, rules=rules)
    work.end_tasks(ref, TaskKind.CHECK_NOTICE)


def vetoes(pack: Pack, sent: Submission) -> tuple[Protection, ...]:
    """What the policy never has taken down, and is asked about whatever the ground."""
    if sent.intent == OVERRIDE:
        return ()
    return tuple(one for one in pack.protections if one.effect == "veto")


def flags(grounds: tuple[Ground, ...], pack: Pack, work: Work) -> tuple[Protection, ...]:
    """What the policy protects in general, but for what is asked about in words of its own; nothing for spam."""
    if all(ground.spam for ground in grounds):
        return ()
    protected = duty("protected_speech", work)
    elsewhere = {pack.complaints.rule, protected.rule if protected else ""}
    return tuple(one for one in pack.protections if one.effect == "flag" and one.rule not in elsewhere)


def _veto(protection: Protection) -> Field:
    label = f"Is it this: {protection.label}?"
    hint = "Then it stays up, whatever else it does."
    return Field(name=f"veto_{protection.code}", label=label, kind=FieldKind.YES_NO, required=True, hint=hint)


def _flag(protection: Protection) -> Field:
    return Field(
        name=f"flag_{protection.code}",
        label=f"Protected: {protection.label}. Why does it come down all the same?",
        kind=FieldKind.LONG_TEXT,
        required=True,
        hint="Say why no lesser step, such as an answer, is enough.",
        max_length=1000,
    )


def _conditions(ground: Ground) -> tuple[tuple[int, str], ...]:
    return () if ground.code == SAME_PERSON else tuple(enumerate(ground.conditions, 1))


def _condition(ground: Ground, number: int, said: str) -> Field:
    return Field(
        name=f"condition_{number}_{ground.code}",
        label=f"{ground.label}: is it {said}?",
        kind=FieldKind.YES_NO,
        required=True,
        hint="The rule holds only then.",
    )


def _categories(ground: Ground) -> tuple[Field, ...]:
    if not ground.classes:
        return ()
    which = Field(
        name=f"class_{ground.code}",
        label="Which protected category was attacked?",
        kind=FieldKind.CHOICES,
        required=True,
        options=tuple(Option(value=one, label=one.capitalize()) for one in ground.classes),
    )
    basis = Field(name=f"basis_{ground.code}", label="If another, which?", max_length=200)
    return (which, basis) if OTHER in ground.classes else (which,)


def _unlisted(ground: Ground) -> Field:
    return Field(
        name=f"unlisted_{ground.code}",
        label="Why does no listed rule fit?",
        hint="Left empty, it is not on file.",
        max_length=500,
    )


def _reads_notice(grounds: tuple[Ground, ...], sent: Submission, work: Work) -> bool:
    """Test whether the federal procedure is the policy's, it is such a complaint, and no notice was read yet."""
    if not duty(PROCEDURE, work):
        return False
    incident = _about(sent, work)
    track = incident.track if incident else sent.text("track")
    if track != Track.COPYRIGHT_NOTICE and not any(one.track is Track.COPYRIGHT_NOTICE for one in grounds):
        return False
    done = work.shelves.papers.follow_ups(incident.ref) if incident else ()
    return not any(one.kind is FollowUpKind.NOTICE_CHECKED for one in done)


def _about(sent: Submission, work: Work) -> Incident | None:
    ref = sent.subject.strip().upper()
    return work.shelves.incidents.by_ref(ref) if ref.startswith("I-") else None
