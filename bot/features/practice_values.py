"""What a library may choose where its policy is silent. Each value is kept with who approved it and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.cards import Field, FieldKind, Option, Page, Reply, Submission
from bot.cases.upkeep import STATEMENT, wanted
from bot.clocks.arithmetic import parse_period
from bot.features import duties
from bot.people import Power
from bot.policy.book import Practice
from bot.policy.pack import Pack
from bot.policy.practices import APPEALS, EVERY, THRESHOLD
from bot.policy.terms import Action, ClockName, Role, Stance
from bot.refusal import Mistake, Refusal
from bot.views import upkeeps
from bot.work import Work


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One thing a library may decide for itself: among answers, or (with none listed) in its own words."""

    label: str
    options: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    clock: ClockName | None = None


TELL = {"told": "The person is told", "not_told": "The person is not told"}
ROLES = (Role.DIRECTOR, Role.LIBRARIAN_IN_CHARGE, Role.BOARD_CHAIR)

DECIDED: Mapping[Action, str] = {
    Action.REMOVE: "Who finds that something comes down",
    Action.BLOCK: "Who decides a block",
    Action.APPEAL: "Who answers an appeal",
    Action.REINSTATE: "Who answers a request to come back",
}

QUESTIONS: Mapping[str, Question] = {
    "notice.removal": Question(label="After something is taken down", options=TELL),
    "notice.block": Question(label="After a block", options=TELL),
    **{
        f"decider.{action.value}": Question(label=label, hint="Only where the policy names nobody.")
        for action, label in DECIDED.items()
    },
    "appeal.hidden": Question(
        label="An appeal of something hidden",
        options={"heard": "heard like one of a removal", "not_heard": "answered with what the policy says"},
        hint="Only where the policy speaks of removed content alone.",
    ),
    "appeal.address": Question(label="Where an appeal is sent", hint="As letters say it: street and e-mail."),
    **{
        f"clock.{clock.value}": Question(label=label, hint="A period, for example 15 days.", clock=clock)
        for clock, label in (
            (ClockName.APPEAL_BY, "Time to appeal, where the policy gives none"),
            (ClockName.DECIDE_APPEAL_BY, "Time to answer an appeal, where the policy gives none"),
            (ClockName.RETAIN_THROUGH, "Time a record is kept, where the policy gives none"),
            (ClockName.REPLY_BY, "Time to reply, where the policy gives none"),
            (ClockName.DECIDE_REINSTATEMENT_BY, "Time to answer somebody who asks to come back"),
        )
    },
    "days.roll_forward": Question(
        label="A last day on which the library is closed",
        options={"yes": "rolls to the next open day", "no": "stays where it is"},
    ),
    "statement.views_not_ours": Question(
        label="A line on each account that what others post is not the library's view",
        options={"posted": "stands on each account", "not_posted": "is not posted"},
        hint="Only where the policy says so and does not ask that it be posted.",
    ),
    **{
        key: Question(label=label, options=options, hint="Shown with every appeal; a person decides.")
        for key, (label, options) in APPEALS.items()
    },
    THRESHOLD: Question(
        label="What “repeatedly” means for a block",
        hint="For example: three removals in a year. Shown to whoever asks for a block; a person decides.",
    ),
    **{
        f"{EVERY}{code}": Question(label=f"How often is confirmed: {what}", hint="A period, for example 6 months.")
        for code, what in (
            ("statement", "a statement stands where it should"),
            ("credentials", "passwords are safe"),
            ("continuity", "two people can get in"),
            ("registry_check", "an account is as it is on file"),
            ("monitor", "what is posted was looked through"),
            ("policy_review", "the policy was reviewed"),
        )
    },
}
"""The questions, by the key the value is kept under."""


def label_of(key: str) -> str:
    """What a practice value is about, in words."""
    return QUESTIONS[key].label


def open_question(key: str, work: Work) -> bool:
    """Test whether the policy leaves this to the library; before a policy is chosen, nothing is."""
    if not work.book.packs:
        return False
    if action := _decides(key):
        return work.pack.decider(action).stance is not Stance.STATED
    if key.startswith(STATEMENT):
        return any(one.code == key and one.practice for one in wanted(work.pack))
    if key == "appeal.hidden":
        return Action.HIDE not in work.pack.appeal.against
    if key in APPEALS or key == THRESHOLD or key.startswith(EVERY):
        return _left_open(key, work.pack)
    clock = QUESTIONS[key].clock
    return clock is None or any(rule.clock is clock and rule.stance is Stance.SILENT for rule in work.pack.clocks)


def _left_open(key: str, pack: Pack) -> bool:
    """Test whether a policy says nothing of a detail of appeals, of a number of breaches, or of how often."""
    if key in APPEALS:
        return pack.appeal.stance is Stance.STATED and getattr(pack.appeal, key.removeprefix("appeal.")) is None
    if key == THRESHOLD:
        return any(ground.counted and not ground.occasions for ground in pack.block_grounds)
    return any(upkeeps.every_key(one) == key and one.stated is None for one in wanted(pack))


def pages(sent: Submission, work: Work) -> tuple[Page, ...]:
    """Which question; then the answer, and who approved it on which day."""
    work.require(Power.SET_UP)
    first = Page(
        title="Library practice",
        intro="Where the policy is silent the library may choose. It is always shown as practice, never as policy.",
        fields=(
            Field(
                name="key",
                label="What is chosen?",
                kind=FieldKind.CHOICE,
                required=True,
                options=tuple(
                    Option(value=key, label=q.label, hint=q.hint)
                    for key, q in QUESTIONS.items()
                    if open_question(key, work)
                ),
            ),
        ),
        submit="Next",
    )
    question = QUESTIONS.get(sent.text("key"))
    if question is None:
        return (first,)
    answers = _answers(sent.text("key"), work)
    return first, Page(
        title=question.label,
        fields=(
            Field(
                name="value",
                label="What is the practice?",
                kind=FieldKind.CHOICE if answers else FieldKind.TEXT,
                required=True,
                options=tuple(Option(value=value, label=label) for value, label in answers.items()),
                hint=question.hint,
                max_length=300,
            ),
            Field(name="approved_by", label="Approved by", required=True, hint="A name or the Board.", max_length=120),
            Field(
                name="approved_on",
                label="Approved on",
                kind=FieldKind.DATE,
                required=True,
                latest=work.today,
                initial=(work.today.isoformat(),),
            ),
        ),
    )


def choose(sent: Submission, work: Work) -> Reply:
    """Keep a practice value. It fills a silence; it never overrules what the policy states.

    :raises Refusal: the policy answers that question itself
    """
    work.require(Power.SET_UP)
    key, approved_on = sent.text("key"), sent.day("approved_on")
    if not open_question(key, work):
        action = _decides(key)
        under = work.book.cite(work.pack.decider(action).rule, on=work.today) if action else None
        raise Refusal("The policy answers that itself, so practice cannot.", under=under)
    if QUESTIONS[key].clock or key.startswith(EVERY):
        _a_period(sent.text("value"))
    if approved_on is None:
        raise Mistake("When was it approved?", beside={"approved_on": "Choose the day."})
    work.save(
        Practice(key=key, value=sent.text("value"), approved_by=sent.text("approved_by"), approved_on=approved_on)
    )
    work.forget_library()
    duties.renew(work)
    return Reply(headline=f"Kept as library practice: {label_of(key).lower()}.")


def _decides(key: str) -> Action | None:
    """The action a question names the decider of; ``None`` for any other question."""
    kind, _, action = key.partition(".")
    return Action(action) if kind == "decider" else None


def answer_of(key: str, value: str, work: Work) -> str:
    """A practice value as people read it."""
    return _answers(key, work).get(value, value)


def _answers(key: str, work: Work) -> Mapping[str, str]:
    """The answers to choose from; who decides is called what this library calls them."""
    if _decides(key):
        return {role.value: work.title(role) for role in ROLES}
    return QUESTIONS[key].options


def _a_period(value: str) -> None:
    try:
        parse_period(value)
    except Mistake as no:
        raise Mistake(no.why, beside={"value": "Write a number and a unit, for example 15 days."}) from no
